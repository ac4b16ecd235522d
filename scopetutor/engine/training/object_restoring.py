"""Values of an object-based checkpoint go to the objects of the same attributes.

After object_graph.py, before object_saver.py. What the checkpoint has of attributes
that are not there yet waits for them: a variable that is made later gets its value when
it is made.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from scopetutor.engine import defaults
from scopetutor.engine.ops import io
from scopetutor.engine.surroundings import device, init_scope
from scopetutor.engine.variables import Variable

from .object_graph import ObjectGraph, slot_of
from .trackable import WAITING, WAITING_SLOTS, dependencies


class Restoration:
    """A checkpoint whose values are given to objects.

    Args:
        described: its graph of objects.
        reader: of the checkpoint.
        path: the tensor that names it in operations.
        known_ops: operations that restore a key, made before; it is added to.

    Attributes:
        operations: what has to be run in a graph.
        matched: the objects by the numbers of their nodes.
        waiting_slots: (optimizer's number, slot's name, variable's number, slot's
            number) of slots that were not found yet.
        on_new: is told of operations that are made later.
    """

    def __init__(
        self, described: Any, reader: Any, path: Any, known_ops: dict[str, Any]
    ) -> None:
        self.described = described
        self.operations: list[Any] = []
        self.matched: dict[int, Any] = {}
        self.on_new: Any = None
        self._reader = reader
        self._path = path
        self._known_ops = known_ops
        self.waiting_slots = [
            (number, slot.slot_name, slot.original_variable_node_id,
             slot.slot_variable_node_id)
            for number, node in enumerate(described.nodes)
            for slot in node.slot_variables
        ]  # fmt: skip

    def start(self, thing: Any, number: int = 0) -> None:
        """Restores an object, and what can be reached from it."""
        with init_scope():
            if number in self.matched:
                return
            self.matched[number] = thing
            todo, found = deque([number]), {}
            made = self._restore_slots()
            while todo:
                current = todo.popleft()
                one = self.matched[current]
                found.update(self._keys_of(current, one))
                for child_number, child in self._children_of(current, one):
                    if child_number not in self.matched:
                        self.matched[child_number] = child
                        todo.append(child_number)
                        made += self._restore_slots()
            made += self._restore(found)
        self._run(made)

    def slots_changed(self) -> None:
        """Restores slots that an optimizer has made by now."""
        with init_scope():
            self._run(self._restore_slots())

    def _run(self, made: list[Any]) -> None:
        """Keeps operations, to be run; or tells of them."""
        self.operations += made
        if made and self.on_new:
            self.on_new(made)

    def _keys_of(self, number: int, thing: Any) -> dict[str, Any]:
        """The keys of an object that is a variable."""
        attributes = self.described.nodes[number].attributes
        if not isinstance(thing, Variable):
            return {}
        return {one.checkpoint_key: thing for one in attributes}

    def _children_of(self, number: int, thing: Any) -> list[tuple[int, Any]]:
        """The objects that an object holds; others wait for their attributes."""
        own = dict(dependencies(thing))
        if self.described.nodes[number].slot_variables:
            thing.__dict__.setdefault(WAITING_SLOTS, []).append(self)
        found = []
        for child in self.described.nodes[number].children:
            if child.local_name in own:
                found.append((child.node_id, own[child.local_name]))
            elif hasattr(thing, "__dict__"):
                waiting = thing.__dict__.setdefault(WAITING, {})
                waiting.setdefault(child.local_name, []).append((self, child.node_id))
        return found

    def _restore_slots(self) -> list[Any]:
        """Restores slots whose optimizer and variable are known by now."""
        made, left = [], []
        # TF 1.15: in the order in which the variables were found.
        order = {number: i for i, number in enumerate(self.matched)}
        last = len(order)
        for one in sorted(self.waiting_slots, key=lambda one: order.get(one[2], last)):
            optimizer, name, variable, number = one
            value = None
            if optimizer in self.matched and variable in self.matched:
                value = slot_of(self.matched[optimizer], self.matched[variable], name)
            if value is None:
                left.append(one)
            else:
                self.matched[number] = value
                made += self._restore(self._keys_of(number, value))
        self.waiting_slots = left
        return made

    def _restore(self, keyed: dict[str, Any]) -> list[Any]:
        """Gives variables their values; in a graph, the operations for it."""
        from .saveable import saveable_objects_for_op  # noqa: PLC0415 - for graphs

        if defaults.state.eager:
            for key, variable in keyed.items():
                variable.assign(self._reader.get_tensor(key))
            return []
        ready = [self._known_ops[key] for key in keyed if key in self._known_ops]
        by_device: dict[str, list[Any]] = {}
        for key in sorted(keyed.keys() - self._known_ops.keys()):
            for saveable in saveable_objects_for_op(keyed[key], key):
                by_device.setdefault(saveable.device or "", []).append(saveable)
        made = {}
        for place in sorted(by_device):
            with device(place):
                made.update(self._restore_part(by_device[place]))
        self._known_ops.update(made)
        return ready + [made[key] for key in sorted(made)]

    def _restore_part(self, saveables: list[Any]) -> dict[str, Any]:
        specs = [spec for one in saveables for spec in one.specs]
        with device("/cpu:0"):
            tensors = iter(
                io.restore_v2(
                    self._path,
                    [spec.name for spec in specs],
                    [spec.slice_spec for spec in specs],
                    [spec.dtype for spec in specs],
                )
            )
        return {
            one.name: one.restore([next(tensors) for _ in one.specs], None)
            for one in saveables
        }


# -- what came of it -------------------------------------------------------------------


class CheckpointLoadStatus:
    """How much of a checkpoint was given to objects.

    Args:
        restoration: of the checkpoint.
        root: gives the root of the objects.
        feeds: what its operations need to be fed.
    """

    def __init__(self, restoration: Restoration, root: Any, feeds: Any) -> None:
        self._restoration = restoration
        self._root = root
        self._feeds = feeds

    def assert_consumed(self) -> CheckpointLoadStatus:
        """AssertionError unless all of the checkpoint and all objects were matched."""
        self.assert_existing_objects_matched()
        restoration = self._restoration
        for number, node in enumerate(restoration.described.nodes):
            if number not in restoration.matched:
                raise AssertionError(
                    f"Unresolved object in checkpoint {_name_of(restoration, number)}: "
                    f"{node}"
                )
        return self

    def assert_existing_objects_matched(self) -> CheckpointLoadStatus:
        """AssertionError unless all objects got values."""
        missing = self._unmatched()
        if missing:
            raise AssertionError(
                "Some Python objects were not bound to checkpointed values, likely due "
                f"to changes in the Python program: {missing}"
            )
        return self

    def assert_nontrivial_match(self) -> CheckpointLoadStatus:
        """AssertionError unless something besides the root was matched."""
        if len(self._restoration.matched) > 1:
            return self
        missing = self._unmatched()
        if missing:
            raise AssertionError(
                "Nothing except the root object matched a checkpointed value. Typically"
                " this means that the checkpoint does not match the Python program. The"
                f" following objects have no matching checkpointed value: {missing}"
            )
        raise AssertionError(
            f"Nothing to load. No dependencies have been added to {self._root()} yet."
        )

    def _unmatched(self) -> list[Any]:
        matched = {id(one) for one in self._restoration.matched.values()}
        objects = ObjectGraph(self._root()).objects
        return [one for one in objects if id(one) not in matched]

    def expect_partial(self) -> CheckpointLoadStatus:
        """Says that parts of the checkpoint are not wanted."""
        return self

    def run_restore_ops(self, session: Any = None) -> None:
        """Gives the variables of a graph their values."""
        if defaults.state.eager:
            return
        from .object_saver import session_for  # noqa: PLC0415 - a cycle

        operations = self._restoration.operations
        session_for(session).run(operations, feed_dict=self._feeds)

    def initialize_or_restore(self, session: Any = None) -> None:
        """Gives variables their values, and initializes those that have none."""
        if defaults.state.eager:
            return
        from .object_saver import session_for  # noqa: PLC0415 - a cycle

        session = session_for(session)
        fresh = [one.initializer for one in self._unmatched() if _is_variable(one)]
        self.run_restore_ops(session)
        session.run(fresh)

    def run_as_they_come(self, session: Any) -> None:
        """Runs all operations at once, and later ones when they are made."""

        def run(operations: list[Any]) -> None:
            session.run(operations, feed_dict=self._feeds)

        run(self._restoration.operations)
        self._restoration.on_new = run


def _is_variable(thing: Any) -> bool:
    return isinstance(thing, Variable)


def _name_of(restoration: Restoration, number: int) -> str:
    """The way to a node from the root, such as "(root).model.kernel"."""
    for parent, node in enumerate(restoration.described.nodes):
        for child in node.children:
            if child.node_id == number:
                return f"{_name_of(restoration, parent)}.{child.local_name}"
    return "(root)"


class InitializationOnlyStatus:
    """The status of no checkpoint: it can only initialize.

    Args:
        root: gives the root of the objects.
    """

    def __init__(self, root: Any) -> None:
        self._root = root

    def _refuse(self) -> Any:
        raise AssertionError(
            "No checkpoint specified (save_path=None); nothing is being restored."
        )

    assert_consumed = assert_existing_objects_matched = _refuse
    assert_nontrivial_match = _refuse

    def expect_partial(self) -> InitializationOnlyStatus:
        """Says that parts of the checkpoint are not wanted."""
        return self

    def run_restore_ops(self, session: Any = None) -> None:
        """Refuses: there is nothing to restore."""
        raise AssertionError(
            "No checkpoint specified, so no restore ops are available (save_path=None "
            "to Saver.restore)."
        )

    def initialize_or_restore(self, session: Any = None) -> None:
        """Initializes the variables of a graph."""
        if defaults.state.eager:
            return
        from .object_saver import session_for  # noqa: PLC0415 - a cycle

        objects = ObjectGraph(self._root()).objects
        fresh = [one.initializer for one in objects if _is_variable(one)]
        session_for(session).run(fresh)
