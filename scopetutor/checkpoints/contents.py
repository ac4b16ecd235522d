"""What is in a checkpoint, as plain values: read from its index alone.

``read_contents`` is where every command of `scopetutor ckpt` begins. ``roles.py`` comes
before, ``compare.py``, ``rewrite.py`` and the drawings after.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from math import prod
from typing import TYPE_CHECKING

import msgspec

from scopetutor.errors import UsageError
from scopetutor.formats.datatypes import BY_NAME
from scopetutor.formats.open_checkpoint import find_checkpoint, open_checkpoint

from .roles import ROLES, Role, meanings

if TYPE_CHECKING:
    from scopetutor.formats.checkpoint import Checkpoint


class Entry(msgspec.Struct, frozen=True):
    """One tensor of a checkpoint, without its values.

    Attributes:
        name: its key.
        dtype: as ``tf.float32.name``.
        shape: its sizes; of a partitioned variable those of the whole.
        bytes: of its values; None for strings, which the index does not say.
        role: what it is, one of ``roles.ROLES``.
        of: the tensor it belongs to, such as a slot's variable; empty if none.
        detail: what more is known of its role.
        parts: how many parts it was saved in; 0 if it is whole.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    bytes: int | None
    role: Role = "weight"
    of: str = ""
    detail: str = ""
    parts: int = 0

    @property
    def elements(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


class Contents(msgspec.Struct, frozen=True):
    """A checkpoint without its values; what ``ckpt ls --json`` prints.

    Attributes:
        path: its prefix, as TensorFlow wants it.
        version: "V2", or "V1" for TensorFlow before 1.0.
        how: why it is this one, if the path given did not name it.
        step: the training step in its name, or None.
        meta: its `.meta` file; empty if there is none.
        files: how many bytes its files have.
        tensors: sorted by name.
        hidden: how many a filter left out.
    """

    path: str
    version: str
    how: str
    step: int | None
    meta: str
    files: int
    tensors: tuple[Entry, ...]
    hidden: int = 0

    @property
    def by_name(self) -> dict[str, Entry]:
        """Name -> tensor."""
        return {entry.name: entry for entry in self.tensors}

    @property
    def totals(self) -> list[tuple[Role, int, int, int]]:
        """(role, tensors, elements, bytes) for every role that is there."""
        found = []
        for role in ROLES:
            of_it = [entry for entry in self.tensors if entry.role == role]
            if of_it:
                elements = sum(entry.elements for entry in of_it)
                size = sum(entry.bytes or 0 for entry in of_it)
                found.append((role, len(of_it), elements, size))
        return found

    def only(self, keep: Callable[[Entry], bool]) -> Contents:
        """The same with only some of the tensors."""
        kept = tuple(entry for entry in self.tensors if keep(entry))
        hidden = self.hidden + len(self.tensors) - len(kept)
        return msgspec.structs.replace(self, tensors=kept, hidden=hidden)


def read_contents(path: str) -> Contents:
    """What the checkpoint that `path` means holds.

    Raises:
        FileMissingError: there is none; says what is near.
        FileFormatError: its index is damaged.
    """
    found = find_checkpoint(path)
    return Contents(
        path=found.prefix,
        version=found.version,
        how=found.how,
        step=found.step,
        meta=found.meta,
        files=_bytes_of_files(found.prefix),
        tensors=entries_of(open_checkpoint(found.prefix)),
    )


def entries_of(checkpoint: Checkpoint) -> tuple[Entry, ...]:
    """Every tensor of an open checkpoint with its role, sorted by name."""
    infos = checkpoint.tensors
    shapes = {name: info.shape for name, info in infos.items()}
    told = meanings(shapes, lambda name: "int" in infos[name].datatype.name)
    return tuple(
        Entry(
            name=name,
            dtype=info.datatype.name,
            shape=info.shape,
            bytes=info.size,
            role=told[name].role,
            of=told[name].of,
            detail=told[name].detail,
            parts=len(info.parts),
        )
        for name, info in infos.items()
    )


def described(
    found: Mapping[str, tuple[str, tuple[int, ...]]], parts: Mapping[str, int] = {}
) -> tuple[Entry, ...]:
    """Tensors that are in no checkpoint, as entries.

    Args:
        found: name -> (dtype, shape).
        parts: how many parts those have that are cut in parts.
    """
    told = meanings(
        {name: shape for name, (_, shape) in found.items()},
        lambda name: "int" in found[name][0],
    )
    return tuple(
        Entry(name, dtype, shape, _bytes(dtype, shape), *told[name], parts.get(name, 0))
        for name, (dtype, shape) in sorted(found.items())
    )


def _bytes(dtype: str, shape: tuple[int, ...]) -> int | None:
    datatype = BY_NAME.get(dtype)
    return prod(shape) * datatype.size if datatype and datatype.size else None


def matching(pattern: str) -> Callable[[Entry], bool]:
    """A test for names in which a regular expression is found; "" takes all.

    Raises:
        UsageError: it is no regular expression.
    """
    compiled = regex(pattern)
    return lambda entry: compiled.search(entry.name) is not None


def regex(pattern: str) -> re.Pattern[str]:
    """The regular expression somebody typed.

    Raises:
        UsageError: it is none.
    """
    try:
        return re.compile(pattern)
    except re.error as error:
        raise UsageError(
            f"{pattern!r} is no regular expression: {error.msg}",
            hint="Python's rules: . is any character, .* anything, \\. a dot",
        ) from error


def _bytes_of_files(prefix: str) -> int:
    folder, name = os.path.split(prefix)
    own = re.compile(re.escape(name) + r"(\.index|\.data-\d+-of-\d+|-\d{5}-of-\d{5})?")
    with os.scandir(folder or ".") as found:
        files: Iterable[os.DirEntry[str]] = [
            each for each in found if own.fullmatch(each.name) and each.is_file()
        ]
        return sum(each.stat().st_size for each in files)
