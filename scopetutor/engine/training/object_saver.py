"""Saving the objects below a root, and giving them their values back.

After object_graph.py and object_restoring.py, before checkpoint.py and keras's
`save_weights`. Variables of each device go to a file of their own, and the graph of
objects to one more key.
"""

from __future__ import annotations

import os
import uuid
from typing import Any

from scopetutor.engine import defaults
from scopetutor.engine.apply import apply
from scopetutor.engine.checkpoint_reader import NewCheckpointReader
from scopetutor.engine.constants import constant
from scopetutor.engine.op_errors import NotFoundError
from scopetutor.engine.ops import array, strings
from scopetutor.engine.surroundings import control_dependencies, device
from scopetutor.formats import protos

from .object_graph import OBJECT_GRAPH_KEY, ObjectGraph, saveables_of
from .object_restoring import (
    CheckpointLoadStatus,
    InitializationOnlyStatus,
    Restoration,
)
from .saveable import SaveableObject, SaveSpec, cpu_of

_CPU = "/cpu:0"


def session_for(session: Any) -> Any:
    """A session, the default one, or that of keras."""
    if session is None:
        session = defaults.get_default_session()
    if session is None:
        from scopetutor.engine.keras import assignments  # noqa: PLC0415 - above this

        session = assignments.session()
    return session


class ObjectSaver:
    """Saves what can be reached from a root.

    Args:
        root: gives the root.
    """

    def __init__(self, root: Any) -> None:
        self._root = root
        self._described = b""
        self._feeds: Any = None
        self._operation: Any = None
        self._saveables: dict[int, tuple[str, list[SaveableObject]]] = {}
        self._restore_path: Any = None
        self._restore_ops: dict[str, Any] = {}

    # -- saving ------------------------------------------------------------------------

    def save(self, prefix: str, session: Any = None) -> Any:
        """Writes a checkpoint.

        Args:
            prefix: of its files.
            session: None: the default one, or keras's; in eager mode none is needed.

        Returns:
            The prefix.
        """
        graph = ObjectGraph(self._root())
        described = graph.described().encode()
        os.makedirs(os.path.dirname(prefix) or ".", exist_ok=True)
        if defaults.state.eager:
            with device(_CPU):
                path = constant(prefix)
                text = constant(described)
            self._save_op(path, self._saveables_of(graph), text)
            return prefix
        if self._feeds is None:
            with device(_CPU):
                self._feeds = constant(""), constant("")
        text, path = self._feeds
        saveables = self._saveables_of(graph)
        if described != self._described:
            done = self._save_op(path, saveables, text)
            with device(_CPU), control_dependencies([done]):
                self._operation = array.identity(path)
            self._described = described
        fed = {text: described, path: prefix}
        return session_for(session).run(self._operation, feed_dict=fed)

    def _saveables_of(self, graph: ObjectGraph) -> list[SaveableObject]:
        """What is saved of each variable; made once in a graph."""
        found = []
        for key, variable in graph.keys.items():
            kept = self._saveables.get(id(variable))
            if kept is None or kept[0] != key or defaults.state.eager:
                kept = key, saveables_of(variable, key)
                self._saveables[id(variable)] = kept
            found += kept[1]
        return found

    def _save_op(self, prefix: Any, saveables: list[SaveableObject], text: Any) -> Any:
        """The operation that writes all files and makes one checkpoint of them."""
        spec = SaveSpec(text, "", OBJECT_GRAPH_KEY)
        by_device: dict[str, list[SaveableObject]] = {}
        for one in [*saveables, SaveableObject(text, [spec], OBJECT_GRAPH_KEY)]:
            by_device.setdefault(one.device or "", []).append(one)
        with device(_CPU):
            suffix = f"_temp_{uuid.uuid4().hex}/part"
            temporary = strings.string_join([prefix, suffix])
        count = constant(len(by_device), name="num_shards")
        parts, saves, place = [], [], ""
        for shard, place in enumerate(sorted(by_device)):
            with device(cpu_of(place)):
                part = apply("ShardedFilename", temporary, shard, count)
            parts.append(part)
            with device(place):
                saves.append(_save_part(part, by_device[place]))
        with control_dependencies(saves), device(cpu_of(place)):
            return apply("MergeV2Checkpoints", parts, prefix, delete_old_dirs=True)

    # -- restoring ---------------------------------------------------------------------

    def restore(self, prefix: Any) -> Any:
        """Gives the objects the values that a checkpoint has of them.

        Args:
            prefix: of its files; None: nothing is restored.

        Returns:
            What tells how much was found; in graphs it also runs the operations.

        Raises:
            NotFoundError: there are no such files.
            ValueError: it is a checkpoint of a `tf.train.Saver`, without objects.
        """
        if prefix is None:
            return InitializationOnlyStatus(self._root)
        reader = NewCheckpointReader(prefix)
        try:
            text = reader.get_tensor(OBJECT_GRAPH_KEY)
        except NotFoundError:
            raise ValueError(
                f'The specified checkpoint "{prefix}" does not appear to be '
                f'object-based (it is missing the key "{OBJECT_GRAPH_KEY}"). Likely it '
                "was created with a name-based saver and does not contain an object "
                "dependency graph."
            ) from None
        if defaults.state.eager:
            path, feeds = constant(prefix), {}
        else:
            if self._restore_path is None:
                with device(_CPU):
                    self._restore_path = constant("model")
            path, feeds = self._restore_path, {self._restore_path: prefix}
        described = protos.TrackableObjectGraph.decode(text, path=str(prefix))
        restoration = Restoration(described, reader, path, self._restore_ops)
        restoration.start(self._root())
        return CheckpointLoadStatus(restoration, self._root, feeds)


def _save_part(part: Any, saveables: list[SaveableObject]) -> Any:
    specs = [spec for one in saveables for spec in one.specs]
    names = [spec.name for spec in specs]
    tensors = [spec.tensor for spec in specs]
    with device(_CPU):
        slices = [spec.slice_spec for spec in specs]
        return apply("SaveV2", part, names, slices, tensors)
