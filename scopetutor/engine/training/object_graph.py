"""What an object-based checkpoint follows: objects, the attributes that lead to them.

Before checkpoint.py. TF 1.15: the objects are visited breadth first from the root; a
variable's key is the names of the attributes on the shortest way to it, such as
"model/dense/kernel/.ATTRIBUTES/VARIABLE_VALUE".
"""

from __future__ import annotations

from collections import deque
from typing import Any

from scopetutor.engine.variables import Variable
from scopetutor.formats import protos

from .saveable import saveable_objects_for_op
from .trackable import dependencies

OBJECT_GRAPH_KEY = "_CHECKPOINTABLE_OBJECT_GRAPH"
_VALUE = "VARIABLE_VALUE"


def _escaped(name: str) -> str:
    return name.replace(".", "..").replace("/", ".S")


class ObjectGraph:
    """The objects that can be reached from a root.

    Attributes:
        objects: all of them, the nearest first; then the slots of optimizers.
        keys: of the objects that are variables, in that order.
    """

    def __init__(self, root: Any) -> None:
        self.objects: list[Any] = []
        self._children: list[list[tuple[str, Any]]] = []
        self._paths: dict[int, str] = {id(root): ""}
        self._slots: dict[int, list[tuple[str, Any, Any]]] = {}
        todo = deque([root])
        while todo:
            one = todo.popleft()
            self.objects.append(one)
            children = dependencies(one)
            self._children.append(children)
            path = self._paths[id(one)]
            for name, child in children:
                if id(child) not in self._paths:
                    prefix = f"{path}/" if path else ""
                    self._paths[id(child)] = prefix + _escaped(name)
                    todo.append(child)
        for one in list(self.objects):
            if hasattr(type(one), "get_slot_names"):
                self._follow_slots(one)

    def _follow_slots(self, optimizer: Any) -> None:
        found = self._slots[id(optimizer)] = []
        variables = [one for one in self.objects if isinstance(one, Variable)]
        for slot in optimizer.get_slot_names():
            for variable in variables:
                value = slot_of(optimizer, variable, slot)
                if value is None:
                    continue
                path, own = self._paths[id(variable)], self._paths[id(optimizer)]
                self._paths[id(value)] = (
                    f"{path}/.OPTIMIZER_SLOT/{own}/{_escaped(slot)}"
                )
                self.objects.append(value)
                self._children.append([])
                found.append((slot, variable, value))

    @property
    def keys(self) -> dict[str, Any]:
        """The variables by their keys."""
        return {
            self._key(one): one for one in self.objects if isinstance(one, Variable)
        }

    def _key(self, variable: Any) -> str:
        return f"{self._paths[id(variable)]}/.ATTRIBUTES/{_VALUE}"

    def described(self) -> Any:
        """The graph as a checkpoint keeps it, a TrackableObjectGraph."""
        numbers = {id(one): i for i, one in enumerate(self.objects)}
        graph = protos.TrackableObjectGraph()
        for one, children in zip(self.objects, self._children, strict=True):
            node = graph.nodes.add()
            for name, child in children:
                node.children.add(node_id=numbers[id(child)], local_name=name)
            if isinstance(one, Variable):
                node.attributes.add(
                    name=_VALUE,
                    full_name=one.op.name if hasattr(one, "op") else one.name,
                    checkpoint_key=self._key(one),
                )
            for slot, variable, value in self._slots.get(id(one), ()):
                node.slot_variables.add(
                    original_variable_node_id=numbers[id(variable)],
                    slot_name=slot,
                    slot_variable_node_id=numbers[id(value)],
                )
        return graph


def slot_of(optimizer: Any, variable: Any, name: str) -> Any:
    """The slot of a variable, or None."""
    try:
        return optimizer.get_slot(variable, name)
    except (AttributeError, KeyError):
        return None


def saveables_of(variable: Any, key: str) -> list[Any]:
    """What a Saver would save of a variable, under a key."""
    return list(saveable_objects_for_op(variable, key))
