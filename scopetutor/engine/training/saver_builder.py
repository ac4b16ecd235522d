"""The operations of a Saver: everything under ``save/`` in a graph.

After ``saveable.py``, before ``saver.py``. A file name comes in by ``save/Const``;
``save/control_dependency`` saves, ``save/restore_all`` restores. A SaverDef says
where they are.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, devices
from scopetutor.engine.apply import apply
from scopetutor.engine.constants import constant
from scopetutor.engine.ops import array, control_flow, io, strings
from scopetutor.engine.partitions import PartitionedVariable
from scopetutor.engine.surroundings import control_dependencies, device, name_scope
from scopetutor.formats import protos

from .saveable import (
    ReferenceVariableSaveable,
    ResourceVariableSaveable,
    SaveableObject,
    SaveSpec,
    cpu_of,
    validate_and_slice_inputs,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    PerDevice = list[tuple[str, list[SaveableObject]]]
    Saveables = list[SaveableObject]

V1, V2 = 1, 2  # tf.train.SaverDef.V1 and .V2


class BaseSaverBuilder:
    """Builds one RestoreV2 for each tensor."""

    SaveSpec = SaveSpec
    SaveableObject = SaveableObject
    VariableSaveable = ReferenceVariableSaveable
    ResourceVariableSaveable = ResourceVariableSaveable

    def __init__(self, write_version: int = V2) -> None:
        self._write_version = write_version

    # What a subclass may replace, under TensorFlow's names.

    def save_op(self, filename_tensor: Any, saveables: Sequence[Any]) -> Any:
        """The operation that writes the file.

        Raises:
            RuntimeError: there is no such version of checkpoints.
        """
        specs = [spec for saveable in saveables for spec in saveable.specs]
        names = [spec.name for spec in specs]
        tensors = [spec.tensor for spec in specs]
        slices = [spec.slice_spec for spec in specs]
        if self._write_version == V1:
            return apply(
                "SaveSlices", filename_tensor, names, slices, tensors, name="save"
            )
        if self._write_version == V2:
            return apply("SaveV2", filename_tensor, names, slices, tensors)
        # TF 1.15: a number that is no version cannot be appended either: TypeError.
        version: Any = self._write_version
        raise RuntimeError("Unexpected write_version: " + version)

    def bulk_restore(
        self,
        filename_tensor: Any,
        saveables: Sequence[Any],
        preferred_shard: int,
        restore_sequentially: bool,
    ) -> list[Any]:
        """The tensors of all saveables, as the file has them."""
        tensors: list[Any] = []
        for saveable in saveables:
            place = cpu_of(saveable.device) if saveable.device else None
            with device(place):
                tensors += self.restore_op(filename_tensor, saveable, preferred_shard)
        return tensors

    def restore_op(
        self, filename_tensor: Any, saveable: Any, preferred_shard: int
    ) -> list[Any]:
        """The tensors of one saveable, as the file has them."""
        return [
            io.restore_v2(
                filename_tensor, [spec.name], [spec.slice_spec], [spec.dtype]
            )[0]
            for spec in saveable.specs
        ]

    def sharded_filename(
        self, filename_tensor: Any, shard: Any, num_shards: Any
    ) -> Any:
        """The name of one file of several."""
        return apply("ShardedFilename", filename_tensor, shard, num_shards)

    def build(
        self,
        names_to_saveables: Any,
        reshape: bool = False,
        sharded: bool = False,
        max_to_keep: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000.0,
        name: str | None = None,
        restore_sequentially: bool = False,
        filename: str | None = "model",
    ) -> Any:
        """Adds the operations to the default graph; the SaverDef that names them."""
        return self._build_internal(
            names_to_saveables,
            reshape,
            sharded,
            max_to_keep,
            keep_checkpoint_every_n_hours,
            name,
            restore_sequentially,
            filename,
        )

    # How it is done ----------------------------------------------------------------

    def _build_internal(
        self,
        names_to_saveables: Any,
        reshape: bool = False,
        sharded: bool = False,
        max_to_keep: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000.0,
        name: str | None = None,
        restore_sequentially: bool = False,
        filename: str | None = "model",
        build_save: bool = True,
        build_restore: bool = True,
    ) -> Any:
        eager = defaults.state.eager
        if not eager and not (build_save and build_restore):
            raise ValueError(
                "save and restore operations need to be built together  when eager "
                "execution is not enabled."
            )
        saveables = validate_and_slice_inputs(names_to_saveables)
        save, restore = None, None
        with name_scope(name, "save", [saveable.op for saveable in saveables]):
            path = array.placeholder_with_default(
                filename or "model", shape=(), name="filename"
            )
            path = array.placeholder_with_default(path, shape=(), name="Const")
            groups = _by_device(saveables) if sharded else []
            if build_save:
                save = self._add_save(path, saveables, groups, sharded=sharded)
            if build_restore:
                restore = self._add_restore(
                    path, saveables, groups, restore_sequentially, reshape,
                    sharded=sharded,
                )  # fmt: skip
        if not eager:
            _join_partitioned_variables()
        return protos.SaverDef(
            filename_tensor_name=path.numpy() if eager else path.name,
            save_tensor_name=_name(save),
            restore_op_name="" if eager else _name(restore),
            max_to_keep=max_to_keep or 0,
            sharded=sharded,
            keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours,
            version=self._write_version,
        )

    def _add_save(
        self,
        path: Any,
        saveables: Saveables,
        groups: PerDevice,
        *,
        sharded: bool,
    ) -> Any:
        if not sharded:
            return self._save_then_name(path, saveables)
        if self._write_version == V2:
            return self._add_sharded_v2(path, groups)
        return self._add_sharded_v1(path, groups)

    def _save_then_name(self, path: Any, saveables: Sequence[Any]) -> Any:
        return control_flow.with_dependencies([self.save_op(path, saveables)], path)

    def _add_sharded_v2(self, prefix: Any, groups: PerDevice) -> Any:
        """Each device writes a checkpoint; they are merged into one."""
        suffix = f"_temp_{uuid.uuid4().hex}/part"
        temporary = strings.string_join([prefix, suffix])
        count = constant(len(groups), name="num_shards")
        saves, parts, last = [], [], ""
        for shard, (place, saveables) in enumerate(groups):
            last = place
            with device(cpu_of(place)):
                parts.append(self.sharded_filename(temporary, shard, count))
                saves.append(self._save_then_name(parts[-1], saveables))
        with control_dependencies([saved.op for saved in saves]), device(cpu_of(last)):
            merge = apply("MergeV2Checkpoints", parts, prefix, delete_old_dirs=True)
            with control_dependencies([merge]):
                return array.identity(prefix)

    def _add_sharded_v1(self, path: Any, groups: PerDevice) -> Any:
        """Each device writes a file of its own."""
        count = constant(len(groups), name="num_shards")
        saves = []
        for shard, (place, saveables) in enumerate(groups):
            with device(place):
                filename = self.sharded_filename(path, shard, count)
                saves.append(self._save_then_name(filename, saveables))
        with control_dependencies([saved.op for saved in saves]):
            return apply("ShardedFilespec", path, count)

    def _add_restore(
        self,
        path: Any,
        saveables: Saveables,
        groups: PerDevice,
        restore_sequentially: bool,
        reshape: bool,
        *,
        sharded: bool,
    ) -> Any:
        if not sharded:
            return self._restore_all(path, saveables, restore_sequentially, reshape)
        restores = []
        for shard, (place, group) in enumerate(groups):
            with device(place):
                restores.append(
                    self._restore_all(
                        path,
                        group,
                        restore_sequentially,
                        reshape,
                        shard,
                        "restore_shard",
                    )
                )
        return control_flow.group(*restores, name="restore_all")

    def _restore_all(
        self,
        path: Any,
        saveables: Sequence[Any],
        restore_sequentially: bool,
        reshape: bool,
        preferred_shard: int = -1,
        name: str = "restore_all",
    ) -> Any:
        tensors = self.bulk_restore(
            path, saveables, preferred_shard, restore_sequentially
        )
        assigned, at = [], 0
        for saveable in saveables:
            shapes = None
            if reshape:
                shapes = [_shape_of(spec.tensor) for spec in saveable.specs]
            count = len(saveable.specs)
            assigned.append(saveable.restore(tensors[at : at + count], shapes))
            at += count
        return control_flow.group(*assigned, name=name)


class BulkSaverBuilder(BaseSaverBuilder):
    """Builds one RestoreV2 for all tensors; what `tf.train.Saver` uses."""

    def bulk_restore(
        self,
        filename_tensor: Any,
        saveables: Sequence[Any],
        preferred_shard: int,
        restore_sequentially: bool,
    ) -> list[Any]:
        """The tensors of all saveables, as the file has them."""
        specs = [spec for saveable in saveables for spec in saveable.specs]
        with device("cpu:0"):
            restored: list[Any] = io.restore_v2(
                filename_tensor,
                [spec.name for spec in specs],
                [spec.slice_spec for spec in specs],
                [spec.dtype for spec in specs],
            )
        return restored


def _name(element: Any) -> str:
    if element is None:
        return ""
    if defaults.state.eager:
        text: str = element.numpy()
        return text
    name: str = element.name
    return name


def _shape_of(tensor: Any) -> Any:
    """The shape to give a restored tensor; an operation where it is not known."""
    shape = tensor.get_shape()
    return shape if shape.is_fully_defined() else array.shape(tensor)


def _by_device(saveables: list[SaveableObject]) -> PerDevice:
    """The saveables of each device, sorted by its name."""
    groups: dict[str, list[SaveableObject]] = {}
    for saveable in saveables:
        places = {devices.canonical_name(spec.tensor.device) for spec in saveable.specs}
        if len(places) != 1:
            raise ValueError(
                "All tensors of a saveable object must be on the same device: "
                f"{saveable.name}"
            )
        groups.setdefault(places.pop(), []).append(saveable)
    return sorted(groups.items(), key=lambda item: item[0])


def _join_partitioned_variables() -> None:
    """TF 1.15: a Saver makes the tensor of each partitioned variable that has none.

    So a graph that is imported again can find it by name.
    """
    graph = defaults.get_default_graph()
    for key in graph.get_all_collection_keys():
        for element in graph.get_collection(key):
            if isinstance(element, PartitionedVariable):
                try:
                    graph.get_operation_by_name(element.name)
                except KeyError:
                    element.as_tensor()
