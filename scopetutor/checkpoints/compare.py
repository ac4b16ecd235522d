"""A file's tensors beside those that are wanted: what is missing, and what to do.

What is wanted are the variables of a script, or another checkpoint's tensors.
``contents.py`` and ``renames.py`` come before; ``name_maps.py`` mends what is found.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from .contents import Contents, Entry
from .renames import Rename, propose


class Mismatch(msgspec.Struct, frozen=True):
    """A name on both sides with tensors that do not fit.

    Attributes:
        held: the file's tensor.
        wanted: the other side's.
    """

    held: Entry
    wanted: Entry


class ValueChange(msgspec.Struct, frozen=True):
    """A tensor of both checkpoints whose values differ.

    Attributes:
        name: its name.
        differing: how many elements differ.
        elements: of how many.
        largest: the largest difference; None for strings.
    """

    name: str
    differing: int
    elements: int
    largest: float | None


class Comparison(msgspec.Struct, frozen=True):
    """Two sides compared; what ``ckpt diff --json`` prints.

    Attributes:
        held: the file's path.
        wanted: the path of the script or checkpoint it is compared with.
        kind: what `wanted` is: "script" or "checkpoint".
        same: names that agree in shape and type.
        missing: wanted, and not in the file.
        extra: in the file, and not wanted.
        shapes: names with another shape.
        dtypes: names with the same shape and another type.
        renames: which missing tensor is likely which extra one.
        partitioned: wanted variables that are cut in parts.
        values: what differs of tensors that agree otherwise, if that was looked at.
    """

    held: str
    wanted: str
    kind: str
    same: tuple[str, ...]
    missing: tuple[Entry, ...]
    extra: tuple[Entry, ...]
    shapes: tuple[Mismatch, ...]
    dtypes: tuple[Mismatch, ...]
    renames: tuple[Rename, ...]
    partitioned: tuple[str, ...] = ()
    values: tuple[ValueChange, ...] = ()

    @property
    def restores(self) -> bool:
        """Whether a plain Saver of the wanted side would restore the file."""
        return not (self.missing or self.shapes or self.dtypes)

    @property
    def equal(self) -> bool:
        """Whether nothing at all differs."""
        return self.restores and not (self.extra or self.values)

    @property
    def mends(self) -> bool:
        """Whether the proposed renames alone would make the file restore."""
        return len(self.renames) == len(self.missing) and not (
            self.shapes or self.dtypes
        )


def compare(
    held: Contents, wanted: Iterable[Entry], *, path: str, kind: str
) -> Comparison:
    """Compare a file with what is wanted.

    Args:
        held: the file.
        wanted: the tensors that are wanted.
        path: where these come from.
        kind: "script" or "checkpoint".
    """
    there, asked = held.by_name, {entry.name: entry for entry in wanted}
    both = [
        Mismatch(there[name], entry) for name, entry in asked.items() if name in there
    ]
    missing = tuple(entry for name, entry in asked.items() if name not in there)
    extra = tuple(entry for name, entry in there.items() if name not in asked)
    return Comparison(
        held=held.path,
        wanted=path,
        kind=kind,
        same=tuple(pair.held.name for pair in both if _fit(pair)),
        missing=missing,
        extra=extra,
        shapes=tuple(p for p in both if p.held.shape != p.wanted.shape),
        dtypes=tuple(
            p
            for p in both
            if p.held.shape == p.wanted.shape and p.held.dtype != p.wanted.dtype
        ),
        renames=tuple(propose(missing, extra)),
        partitioned=tuple(name for name, entry in asked.items() if entry.parts),
    )


def _fit(pair: Mismatch) -> bool:
    return (pair.held.shape, pair.held.dtype) == (pair.wanted.shape, pair.wanted.dtype)
