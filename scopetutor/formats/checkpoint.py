"""What every checkpoint offers: the tensors it holds, and each one's values.

Listing needs only the index and no NumPy; ``read`` reads one tensor's range of
the file. ``checkpoint_v2.py`` and ``checkpoint_v1.py`` know the two layouts;
``open_checkpoint.py`` finds out which one a path means.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

from scopetutor.errors import FileFormatError, FileMissingError

from .datatypes import STRING, DataType
from .slices import Slice
from .wire import MalformedError

if TYPE_CHECKING:
    from .arrays import Array

WRONG = (MalformedError, IndexError, struct.error, UnicodeDecodeError)


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor of a checkpoint, without its values.

    Attributes:
        name: the key, such as ``enc/w/Adam``.
        datatype: its type.
        shape: its sizes; of a partitioned variable, those of the whole.
        parts: where its parts lie in it, if it is saved in parts; else empty.
    """

    name: str
    datatype: DataType
    shape: tuple[int, ...]
    parts: tuple[Slice, ...] = ()

    @property
    def elements(self) -> int:
        """How many elements it has."""
        return prod(self.shape)

    @property
    def size(self) -> int | None:
        """Bytes of its values; None for strings, which the index does not say."""
        return None if self.datatype is STRING else self.elements * self.datatype.size


class Checkpoint(ABC):
    """A saved set of named tensors; the base of both layouts.

    Attributes:
        prefix: its path as TensorFlow wants it, without ``.index``.
        version: ``"V2"`` or ``"V1"``.
    """

    version = ""

    def __init__(self, prefix: str, index_path: str) -> None:
        self.prefix = prefix
        self._index_path = index_path

    # What a layout adds ------------------------------------------------------

    @abstractmethod
    def _names(self) -> list[str]:
        """The names of all tensors, in the index's order."""

    @abstractmethod
    def _describe(self, name: str) -> TensorInfo:
        """What the index says of one tensor; KeyError if nothing."""

    @abstractmethod
    def _read_stored(self, info: TensorInfo, part: Slice | None) -> Array:
        """The values of a whole tensor, or of one of its saved parts."""

    @abstractmethod
    def _stored_bytes(self) -> int:
        """Bytes of all files that hold values."""

    # What people use -----------------------------------------------------------

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all tensors, sorted by their bytes.

        Raises:
            FileFormatError: the index is damaged.
        """
        try:
            return tuple(self._names())
        except WRONG as error:
            raise self._damaged(error) from error

    @cached_property
    def tensors(self) -> Mapping[str, TensorInfo]:
        """Name -> what the index says, for every tensor.

        Raises:
            FileFormatError: the index is damaged.
        """
        return {name: self.info(name) for name in self.names}

    def info(self, name: str) -> TensorInfo:
        """What the index says of one tensor.

        Raises:
            FileMissingError: it has no tensor of that name.
            FileFormatError: the index is damaged.
        """
        try:
            return self._describe(name)
        except KeyError:
            raise self._missing(name) from None
        except WRONG as error:
            raise self._damaged(error) from error

    def read(self, name: str, part: Slice | None = None) -> Array:
        """The values of one tensor; strings are ``bytes`` in an object array.

        Args:
            name: one of ``names``.
            part: only this part of it, whatever parts it was saved in.

        Raises:
            FileMissingError: it has no tensor of that name, or a file is gone.
            FileFormatError: a file is damaged, or the part not inside.
        """
        from .assemble import assemble, box, check_parts  # noqa: PLC0415 - it loads NumPy

        info = self.info(name)
        try:
            if part is None and not info.parts:
                return self._read_stored(info, None)
            whole = Slice((0,) * len(info.shape), info.shape)
            region = whole if part is None else part.within(info.shape)
            if not info.parts:
                return self._read_stored(info, None)[box(region)].copy()
            check_parts(info, region)
            # Before any memory is taken: the files must have this much.
            if (info.size or info.elements) > self._stored_bytes():
                raise MalformedError("its parts are larger than their files")
            return assemble(info, region, lambda each: self._read_stored(info, each))
        except WRONG as error:
            raise self._damaged(error, name) from error

    def __contains__(self, name: object) -> bool:
        return name in self._name_set

    @cached_property
    def _name_set(self) -> frozenset[str]:
        return frozenset(self.names)

    def _missing(self, name: str) -> FileMissingError:
        short = [each for each in self.names[:5000] if len(each) < 300]
        near = get_close_matches(name, short, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else ""
        return FileMissingError(
            f"the checkpoint has no tensor {name}",
            path=self.prefix,
            hint=hint or f"scopetutor ckpt ls {self.prefix}",
        )

    def _damaged(self, error: Exception, name: str = "") -> FileFormatError:
        reason = str(error)
        if isinstance(error, IndexError | struct.error):
            reason = "the data ends too early"
        return FileFormatError(
            f"tensor {name} cannot be read: {reason}" if name else reason,
            path=self._index_path,
            hint="copy the checkpoint again, or take an older one",
        )


def shape_of(proto: Any) -> tuple[int, ...]:
    """The sizes in a ``TensorShapeProto``.

    Raises:
        MalformedError: one of them is negative.
    """
    shape = tuple(dim.size for dim in proto.dim)
    if min(shape, default=0) < 0:
        raise MalformedError(f"a tensor in a file cannot have the shape {list(shape)}")
    return shape
