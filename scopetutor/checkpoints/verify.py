"""Whether every byte of a checkpoint is what was written: all checksums, all files.

Reads values, so it loads NumPy. `scopetutor ckpt verify` shows what is found.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import msgspec

from scopetutor.errors import FileFormatError
from scopetutor.formats.arrays import Array, as_strings
from scopetutor.formats.crash_safe import interrupted
from scopetutor.formats.open_checkpoint import open_checkpoint

from .contents import Contents, Entry


class Fault(msgspec.Struct, frozen=True):
    """Something that cannot be read.

    Attributes:
        name: the tensor.
        problem: what is wrong with it.
        path: in which file.
    """

    name: str
    problem: str
    path: str


class Verification(msgspec.Struct, frozen=True):
    """What reading everything has shown; what ``ckpt verify --json`` prints.

    Attributes:
        path: the checkpoint.
        tensors: how many were read.
        bytes: of their values.
        seconds: how long that took.
        faults: what could not be read.
        notes: what is odd and does no harm.
    """

    path: str
    tensors: int
    bytes: int
    seconds: float
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether everything could be read."""
        return not self.faults


def verify(
    contents: Contents, tick: Callable[[Entry], None] = lambda _: None
) -> Verification:
    """Read every tensor of a checkpoint; checksums are compared on the way."""
    checkpoint = open_checkpoint(contents.path)
    faults, size, begin = [], 0, time.perf_counter()
    for entry in contents.tensors:
        tick(entry)
        try:
            values = checkpoint.read(entry.name)
        except FileFormatError as error:
            problem = error.problem.removeprefix(f"tensor {entry.name} ")
            faults.append(Fault(entry.name, problem, error.path))
        else:
            size += _size(entry, values)
    return Verification(
        path=contents.path,
        tensors=len(contents.tensors),
        bytes=size,
        seconds=round(time.perf_counter() - begin, 3),
        faults=tuple(faults),
        notes=tuple(_notes(contents)),
    )


def _size(entry: Entry, values: Array) -> int:
    return sum(map(len, as_strings(values))) if entry.bytes is None else entry.bytes


def _notes(contents: Contents) -> list[str]:
    folder, name = os.path.split(contents.path)
    notes = []
    if interrupted(contents.path):
        notes.append("a save was interrupted while its files took their names")
    left = [
        each
        for each in os.listdir(folder or ".")
        if each.startswith(name) and (".saving-" in each or "_temp_" in each)
    ]
    if left:
        notes.append(f"leftovers of an interrupted save can be deleted: {left[0]}")
    if contents.version == "V2" and not contents.meta:
        notes.append("there is no .meta file: the graph is not saved with it")
    return notes
