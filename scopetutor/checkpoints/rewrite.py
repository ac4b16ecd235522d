"""Another checkpoint from the tensors of one: renamed, or with some left out.

One tensor is in memory at a time. The new files appear together when all is written, so
that a full disk or Ctrl-C spoils nothing. ``name_maps.py`` comes before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from scopetutor.errors import FileFormatError, UsageError
from scopetutor.formats.near_misses import ENDINGS
from scopetutor.formats.open_checkpoint import open_checkpoint

from .contents import Contents, Entry

if TYPE_CHECKING:
    from pathlib import Path

    from scopetutor.formats.checkpoint import Checkpoint
    from scopetutor.formats.checkpoint_writer import TensorToSave


class Written(msgspec.Struct, frozen=True):
    """A checkpoint that was written; what ``ckpt rename --json`` prints.

    Attributes:
        path: its prefix.
        tensors: how many it has.
        renamed: old name -> new name, of those that changed.
        left_out: names of the old checkpoint that it does not have.
        bytes: of all its files.
        before: bytes of the old checkpoint's files.
    """

    path: str
    tensors: int
    renamed: dict[str, str]
    left_out: tuple[str, ...]
    bytes: int
    before: int


def target(out: Path | None, source: Contents, *, in_place: bool) -> str:
    """The prefix to write to.

    Raises:
        UsageError: none was given, or it is the source's own and that was not asked
            for.
    """
    if in_place:
        if out is not None:
            raise UsageError(
                "both a new checkpoint and --in-place are asked for",
                hint="one of the two",
            )
        return source.path
    if out is None:
        raise UsageError(
            "there is no word of where to write",
            hint="name the new checkpoint, or --in-place to replace this one",
        )
    prefix = ENDINGS.sub("", os.fspath(out))
    if os.path.realpath(prefix) == os.path.realpath(source.path):
        raise UsageError(
            "this would replace the checkpoint itself",
            place=prefix,
            hint="another name, or --in-place",
        )
    return new_prefix(out, os.path.basename(source.path))


def new_prefix(out: Path, name: str) -> str:
    """A prefix where no checkpoint is; in a folder it is called `name`.

    Raises:
        UsageError: there is one.
    """
    prefix = ENDINGS.sub("", os.fspath(out))
    if os.path.isdir(prefix):
        prefix = os.path.join(prefix, name)
    if os.path.exists(f"{prefix}.index"):
        raise UsageError(
            "there is a checkpoint of that name",
            place=prefix,
            hint="another name; nothing is overwritten",
        )
    return prefix


def rewrite(
    source: Contents,
    prefix: str,
    names: Mapping[str, str],
    tick: Callable[[Entry], None] = lambda _: None,
) -> Written:
    """Write a checkpoint with the tensors in `names`, under their new names.

    Args:
        source: where the values come from.
        prefix: where to; may be the source's own.
        names: name in the source -> new name.
        tick: called before each tensor is read.

    Raises:
        FileFormatError: the source is damaged, or the new files cannot be written.
    """
    from scopetutor.formats.checkpoint_writer import write_checkpoint  # noqa: PLC0415 - loads NumPy

    checkpoint, by_name = open_checkpoint(source.path), source.by_name
    old_names = sorted(names, key=lambda old: names[old].encode())

    def tensors() -> Iterator[TensorToSave]:
        for old in old_names:
            tick(by_name[old])
            yield from stored(checkpoint, old, names[old])

    stale = _other_shards(prefix) if prefix == source.path else []
    try:
        write_checkpoint(prefix, tensors())
        for path in stale:
            os.unlink(path)
    except OSError as error:
        raise FileFormatError(
            f"the checkpoint cannot be written: {error.strerror}",
            path=prefix,
            hint="look at the folder, its permissions, and the room on the disk",
        ) from error
    size = sum(map(os.path.getsize, (f"{prefix}.index", _data(prefix))))
    return Written(
        path=prefix,
        tensors=len(names),
        renamed={old: new for old, new in names.items() if old != new},
        left_out=tuple(e.name for e in source.tensors if e.name not in names),
        bytes=size,
        before=source.files,
    )


def stored(checkpoint: Checkpoint, name: str, new: str) -> Iterator[TensorToSave]:
    """A tensor of a checkpoint under a new name, in the parts it was saved in."""
    from scopetutor.formats.checkpoint_writer import Part, TensorToSave  # noqa: PLC0415 - loads NumPy

    info = checkpoint.info(name)
    if not info.parts:
        yield TensorToSave(new, checkpoint.read(name))
    for box in info.parts:
        values = checkpoint.read(name, box)
        yield TensorToSave(new, values, Part(info.shape, replace(box)))


def _data(prefix: str) -> str:
    return f"{prefix}.data-00000-of-00001"


def _other_shards(prefix: str) -> list[str]:
    """The data files that a checkpoint written anew in one file does not need."""
    folder, name = os.path.split(prefix)
    return [
        os.path.join(folder, each)
        for each in os.listdir(folder or ".")
        if each.startswith(f"{name}.data-")
        and each.count(".saving-") == 0
        and os.path.join(folder, each) != _data(prefix)
    ]
