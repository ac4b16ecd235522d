"""Tensors that are mostly zero: `IndexedSlices` and `SparseTensor`.

After apply. Both are bundles of ordinary tensors; a session fetches them as named
tuples.
"""

from __future__ import annotations

import math
import warnings
from typing import Any, NamedTuple

from . import constants, dtypes
from .apply import apply
from .convert import convert_to_tensor, register_tensor_conversion_function
from .operation import Operation, Tensor
from .shapes import TensorShape

_LARGE = 100_000_000  # elements; TF 1.15 warns of a dense copy from here on


def _shape_in(sizes: Tensor) -> TensorShape:
    """What Python code knows of the shape that a tensor of sizes describes."""
    from .ops.static import static_shape  # noqa: PLC0415 - built on this module

    return static_shape(sizes)


def _consumers(*parts: Any) -> list[Operation]:
    """The operations that take some of several tensors, each once."""
    found = [op for part in parts if part is not None for op in part.consumers()]
    return list(dict.fromkeys(found))


class IndexedSlicesValue(NamedTuple):
    """The value of an IndexedSlices."""

    values: Any
    indices: Any
    dense_shape: Any


class SparseTensorValue(NamedTuple):
    """The value of a SparseTensor."""

    indices: Any
    values: Any
    dense_shape: Any


class IndexedSlices:
    """Some rows of a tensor: what the gradient of a look-up is.

    Attributes:
        values: the rows, shape [n, ...].
        indices: which rows they are, shape [n].
        dense_shape: the shape of the whole tensor, or None.
    """

    is_tensor_like = True  # TF 1.15: `tf.is_tensor` holds for it

    def __init__(self, values: Any, indices: Any, dense_shape: Any = None) -> None:
        self._values = values
        self._indices = indices
        self._dense_shape = dense_shape

    @property
    def values(self) -> Any:
        """The rows."""
        return self._values

    @property
    def indices(self) -> Any:
        """Which rows they are."""
        return self._indices

    @property
    def dense_shape(self) -> Any:
        """The shape of the whole tensor, or None."""
        return self._dense_shape

    @property
    def name(self) -> str:
        """The name of the rows."""
        return str(self._values.name)

    @property
    def device(self) -> str:
        """The device of the rows."""
        return str(self._values.device)

    @property
    def op(self) -> Operation:
        """The operation that gives the rows."""
        op: Operation = self._values.op
        return op

    @property
    def dtype(self) -> dtypes.DType:
        """The type of the rows."""
        dtype: dtypes.DType = self._values.dtype
        return dtype

    @property
    def graph(self) -> Any:
        """The graph of the rows."""
        return self._values.graph

    def consumers(self) -> list[Operation]:
        """The operations that take one of its tensors."""
        return _consumers(self._values, self._indices, self._dense_shape)

    def __str__(self) -> str:
        shape = ""
        if self._dense_shape is not None:
            shape = f", dense_shape={self._dense_shape}"
        return f"IndexedSlices(indices={self._indices}, values={self._values}{shape})"

    def __neg__(self) -> IndexedSlices:
        return IndexedSlices(-self._values, self._indices, self._dense_shape)


class SparseTensor:
    """Some elements of a tensor; the rest are zero.

    Attributes:
        indices: where they are, int64, shape [n, rank].
        values: the elements, shape [n].
        dense_shape: the shape of the whole tensor, int64, shape [rank].
    """

    counts_as_tensor = True  # for `tf.is_tensor`

    def __init__(self, indices: Any, values: Any, dense_shape: Any) -> None:
        from .surroundings import name_scope  # noqa: PLC0415 - built on this module

        with name_scope(None, "SparseTensor", [indices, values, dense_shape]):
            indices = convert_to_tensor(indices, name="indices", dtype=dtypes.int64)
            values = convert_to_tensor(values, name="values", as_ref=True)
            dense_shape = convert_to_tensor(
                dense_shape, name="dense_shape", dtype=dtypes.int64
            )
        self._indices, self._values, self._dense_shape = indices, values, dense_shape
        places = indices.shape.with_rank(2)
        count = values.shape.with_rank(1)
        rank = dense_shape.shape.with_rank(1)
        places.dims[0].merge_with(count[0])
        places.dims[1].merge_with(rank[0])

    @classmethod
    def from_value(cls, value: Any) -> SparseTensor:
        """A SparseTensor of a SparseTensorValue, or of another one."""
        if not isinstance(value, (SparseTensor, SparseTensorValue)):
            raise TypeError(f"Neither a SparseTensor nor SparseTensorValue: {value}.")
        return cls(value.indices, value.values, value.dense_shape)

    @property
    def indices(self) -> Any:
        """Where the elements are."""
        return self._indices

    @property
    def values(self) -> Any:
        """The elements."""
        return self._values

    @property
    def dense_shape(self) -> Any:
        """The shape of the whole tensor, as a tensor."""
        return self._dense_shape

    @property
    def shape(self) -> TensorShape:
        """What is known of the whole tensor's shape."""
        return _shape_in(self._dense_shape)

    def get_shape(self) -> TensorShape:
        """What is known of the whole tensor's shape."""
        return self.shape

    @property
    def op(self) -> Operation:
        """The operation that gives the elements."""
        op: Operation = self._values.op
        return op

    @property
    def dtype(self) -> dtypes.DType:
        """The type of the elements."""
        dtype: dtypes.DType = self._values.dtype
        return dtype

    @property
    def graph(self) -> Any:
        """The graph it belongs to."""
        return self._indices.graph

    def consumers(self) -> list[Operation]:
        """The operations that take one of its tensors."""
        return _consumers(self._indices, self._values, self._dense_shape)

    def __str__(self) -> str:
        return (
            f"SparseTensor(indices={self._indices}, values={self._values}, "
            f"dense_shape={self._dense_shape})"
        )

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        """Its value in the default session, or in `session`."""
        from .operation import _session_for  # noqa: PLC0415 - used here only

        found = _session_for(session, self.graph, "evaluate tensor", "eval", "tensor")
        return found.run(self, feed_dict)


def to_tensor_or_indexed_slices(
    value: Any, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> Any:
    """A tensor for anything but IndexedSlices and SparseTensors, which stay."""
    if isinstance(value, (Tensor, IndexedSlices, SparseTensor)):
        if dtype and not dtypes.as_dtype(dtype).is_compatible_with(value.dtype):
            raise ValueError(
                f"Tensor conversion requested dtype {dtypes.as_dtype(dtype).name} for "
                f"Tensor with dtype {value.dtype.name}: {str(value)!r}"
            )
        return value
    return convert_to_tensor(value, dtype, name, as_ref=as_ref)


def convert_to_tensor_or_sparse_tensor(
    value: Any, dtype: Any = None, name: str | None = None
) -> Any:
    """A tensor for anything but SparseTensors, which stay.

    Raises:
        RuntimeError: a SparseTensor is of another type.
    """
    if isinstance(value, SparseTensorValue):
        value = SparseTensor.from_value(value)
    if not isinstance(value, SparseTensor):
        return convert_to_tensor(value, dtype, name)
    if dtype and not dtypes.as_dtype(dtype).is_compatible_with(value.dtype):
        wanted = dtypes.as_dtype(dtype).name
        raise RuntimeError(
            f"Sparse dtype: requested = {wanted}, actual = {value.dtype.name}"
        )
    return value


def _to_dense(
    value: IndexedSlices, dtype: Any = None, name: str | None = None, as_ref: Any = None
) -> Any:
    """IndexedSlices as one tensor: rows of one index are added up."""
    if dtype and not dtype.is_compatible_with(value.dtype):
        raise ValueError(
            f"Tensor conversion requested dtype {dtype.name} for IndexedSlices with "
            f"dtype {value.dtype.name}"
        )
    if value.dense_shape is None:
        raise ValueError(
            "Tensor conversion requested for IndexedSlices without dense_shape: "
            f"{value}"
        )
    shape = value.dense_shape
    sizes = constants.value_of(shape) if isinstance(shape, Tensor) else shape
    size = None if sizes is None else math.prod(map(int, sizes))
    if size is None or size >= _LARGE:
        kind = "unknown shape" if size is None else f"{size} elements"
        link = "with" if size else "of"
        warnings.warn(
            f"Converting sparse IndexedSlices to a dense Tensor {link} {kind}. This "
            "may consume a large amount of memory.",
            stacklevel=2,
        )
    return apply(
        "UnsortedSegmentSum",
        value.values,
        value.indices,
        shape[0],
        name=name,
    )


register_tensor_conversion_function(IndexedSlices, _to_dense)
