"""Writing a checkpoint of the old kind: one file that is a sorted table.

What ``Saver(write_version=V1)`` makes; TensorFlow reads both kinds. The layout is
told in ``checkpoint_v1.py``. TensorFlow packs the blocks with snappy; ours are plain,
which every version reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike, fspath

from . import protos, tensors
from .arrays import datatype_of
from .checkpoint_writer import TensorToSave
from .crash_safe import FilesTogether
from .slices import WHOLE, Slice, slice_key
from .sstable import write_table


def write_checkpoint_v1(
    path: str | PathLike[str], to_save: Iterable[TensorToSave]
) -> None:
    """Save tensors as one V1 file.

    Raises:
        ValueError: two tensors have one name, or two parts one place, or the parts of
            a tensor do not agree on its shape.
        TypeError: files of TensorFlow have no such type.
        OSError: the folder is not there, or the disk is full. What was at
            ``path`` before is then still there.
    """
    listed = protos.SavedTensorSlices()
    listed.meta.versions.SetInParent()
    metas: dict[str, object] = {}
    entries: dict[bytes, bytes] = {}
    for tensor in to_save:
        box, shape = _box(tensor)
        key = slice_key(tensor.name, box)
        if key in entries:
            raise ValueError(f"{tensor.name} is saved twice")
        meta = metas.get(tensor.name)
        if meta is None:
            meta = metas[tensor.name] = listed.meta.tensor.add(
                name=tensor.name,
                shape={"dim": [{"size": size} for size in shape]},
                type=datatype_of(tensor.values).number,
            )
        elif [dim.size for dim in meta.shape.dim] != list(shape):  # type: ignore[attr-defined]
            raise ValueError(f"parts of {tensor.name} disagree on its shape")
        meta.slice.append(box.to_proto())  # type: ignore[attr-defined]
        saved = protos.SavedTensorSlices()
        saved.data.name = tensor.name
        saved.data.slice.MergeFrom(box.to_proto())
        saved.data.data.MergeFrom(tensors.only_values(tensor.values))
        entries[key] = saved.encode()
    with FilesTogether() as files:
        rows = [(b"", listed.encode()), *sorted(entries.items())]
        write_table(files.create(fspath(path)), rows)


def _box(tensor: TensorToSave) -> tuple[Slice, tuple[int, ...]]:
    """Where the values belong, and the shape of the whole."""
    shape = tensor.values.shape
    if tensor.part is None:
        return Slice((0,) * len(shape), (WHOLE,) * len(shape)), shape
    if tensor.part.box.within(tensor.part.shape).lengths != shape:
        raise ValueError(
            f"a part of {tensor.name} does not have the shape of {tensor.part.box}"
        )
    return tensor.part.box, tensor.part.shape
