"""What runs a TensorArray: arrays of tensors that live for one run.

After array; ``tensor_arrays.py`` has the class of `tf`. TF 1.15: beside an array's
handle goes a *flow*, a scalar that every write passes on, so that what reads waits for
what wrote. The gradient of an array is another array, found by where it was asked for
(`source`).
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.dtypes import runtime_name
from scopetutor.engine.op_errors import InvalidArgumentError, UnimplementedError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.shapes import are_compatible

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scopetutor.engine.operation import Operation, Tensor
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]
_FLOW = np.float32(0)
_numbers = itertools.count()


# -- what a handle stands for while the graph runs ------------------------------------


class _Element:
    """One place of an array: unwritten, written, or read and cleared."""

    __slots__ = ("cleared", "shape", "value")

    def __init__(self) -> None:
        self.value: Array | None = None
        self.shape: tuple[int, ...] | None = None  # of what was or will be here
        self.cleared = False


class _Store:
    """The elements of one array during one run.

    Attributes:
        element_shape: what every element must fit; learnt from the first write.
        adds_up: whether a second write adds to the first: in gradients.
        gradients: the arrays of gradients, by source.
    """

    def __init__(self, attrs: dict[str, Any], size: int, name: str) -> None:
        self.name = f"{attrs.get('tensor_array_name') or name}_{next(_numbers)}"
        self.dtype = attrs["dtype"]
        self.element_shape: Dims = attrs["element_shape"]
        self.identical = attrs["identical_element_shapes"]
        self.dynamic = attrs["dynamic_size"]
        self.clears = attrs["clear_after_read"]
        self.adds_up = False
        self.closed = False
        self.gradients: dict[str, _Store] = {}
        self.elements = [_Element() for _ in range(size)]

    def gradient(self, source: str) -> _Store:
        """The array of gradients for a source; made when first asked for."""
        found = self.gradients.get(source)
        if found is None:
            attrs = {
                "dtype": self.dtype,
                "element_shape": self.element_shape,
                "identical_element_shapes": self.identical,
                "dynamic_size": False,
                "clear_after_read": False,
            }
            found = _Store(attrs, len(self.elements), f"{self.name}@{source}")
            found.adds_up = True
            for mine, theirs in zip(self.elements, found.elements, strict=True):
                theirs.shape = mine.shape
            self.gradients[source] = found
        return found

    def _fail(self, problem: str) -> InvalidArgumentError:
        return InvalidArgumentError(None, None, f"TensorArray {self.name}{problem}")

    def open(self) -> _Store:
        """Itself; InvalidArgumentError if it was closed."""
        if self.closed:
            raise self._fail(" has already been closed.")
        return self

    def write(self, index: int, value: Array) -> None:
        """Puts a value at a place."""
        if index < 0 or (index >= len(self.elements) and not self.dynamic):
            raise self._fail(
                f": Tried to write to index {index} but array is not resizeable and "
                f"size is: {len(self.elements)}"
            )
        while index >= len(self.elements):
            self.elements.append(_Element())
        value = np.asarray(value, object if self.dtype is dtypes.string else None)
        if value.dtype != self.dtype.as_numpy_dtype:
            raise InvalidArgumentError(
                None,
                None,
                f"TensorArray dtype is {runtime_name(self.dtype)} but Op is trying to "
                f"write dtype {runtime_name(dtypes.as_dtype(value.dtype))}.",
            )
        if not are_compatible(self.element_shape, value.shape):
            raise self._fail(
                f": Could not write to TensorArray index {index} because the value "
                f"shape is {dims_text(value.shape)} which is incompatible with the "
                f"TensorArray's inferred element shape: {dims_text(self.element_shape)}"
                " (consider setting infer_shape=False)."
            )
        if self.identical:
            self.element_shape = value.shape
        self._put(index, value)

    def _put(self, index: int, value: Array) -> None:
        element = self.elements[index]
        if element.value is None:
            element.value, element.shape = value, value.shape
        elif self.adds_up:
            element.value = element.value + value
        else:
            raise self._fail(
                f": Could not write to TensorArray index {index} because it has "
                "already been written to."
            )

    def read(self, index: int) -> Array:
        """The value at a place; zeros if none was written and the shape is known."""
        if not 0 <= index < len(self.elements):
            raise InvalidArgumentError(
                None,
                None,
                f"Tried to read from index {index} but array size is: "
                f"{len(self.elements)}",
            )
        element = self.elements[index]
        if element.cleared:
            raise self._fail(
                f": Could not read index {index} twice because it was cleared after a "
                "previous read (perhaps try setting clear_after_read = false?)."
            )
        value = element.value
        if value is None:
            value = element.value = self._zeros(index, element)
        if self.clears:
            element.value, element.cleared = None, True
        return value

    def _zeros(self, index: int, element: _Element) -> Array:
        shape = self.element_shape if element.shape is None else element.shape
        if shape is None or None in shape:
            known = "<unknown>" if shape is None else dims_text(shape)
            raise self._fail(
                f": Could not read from TensorArray index {index}.  Furthermore, the "
                f"element shape is not fully defined: {known}.  It is possible you are "
                "working with a resizeable TensorArray and stop_gradients is not "
                "allowing the gradients to be written.  If you set the full "
                "element_shape property on the forward TensorArray, the proper "
                "all-zeros tensor will be returned instead of incurring this error."
            )
        return np.zeros(shape, self.dtype.as_numpy_dtype)

    def gather(self, indices: Iterable[int]) -> list[Array]:
        """The values at several places, all of one shape."""
        found = [self.read(index) for index in indices]
        for index, value in enumerate(found):
            if value.shape != found[0].shape:
                raise InvalidArgumentError(
                    None,
                    None,
                    "TensorArray has inconsistent shapes.  Index 0 has shape: "
                    f"{dims_text(found[0].shape)} but index {index} has shape: "
                    f"{dims_text(value.shape)}",
                )
        return found

    def empty(self, dims: Dims, name: str, what: str) -> Array:
        """What joining no elements gives.

        Args:
            dims: of an element, as far as they are known.
            name: what the message calls them.
            what: is done with the elements.

        Raises:
            UnimplementedError: the dimensions are not known.
        """
        if dims is None or None in dims:
            known = "<unknown>" if dims is None else dims_text(dims)
            raise UnimplementedError(
                None,
                None,
                f"TensorArray has size zero, but {name} {known} is not fully "
                f"defined. Currently only static shapes are supported when {what} "
                "zero-size TensorArrays.",
            )
        return np.zeros((0, *dims), self.dtype.as_numpy_dtype)


# -- the operations -------------------------------------------------------------------


def _create_shape(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[0]._dims, 0)
    return [(2,), ()]


def _create_kernel(op: Operation) -> Callable[[Array], tuple[_Store, Any]]:
    attrs, name = op._attrs, op._name

    def kernel(size: Array) -> tuple[_Store, Any]:
        if size < 0:
            raise InvalidArgumentError(None, op, "Size should be >= 0.")
        return _Store(attrs, int(size), name), _FLOW

    return kernel


define("TensorArrayV3", shape=_create_shape, build=_create_kernel, gradient=None)


def _gradient_kernel(op: Operation) -> Callable[..., tuple[_Store, Any]]:
    source = op._attrs["source"]
    return lambda store, _flow: (store.open().gradient(source), _FLOW)


define(
    "TensorArrayGradV3",
    shape=lambda _: [(2,), ()],
    build=_gradient_kernel,
    gradient=None,
)


def _write_kernel(store: _Store, index: Array, value: Array, _flow: Any) -> Any:
    store.open().write(int(index), value)
    return _FLOW


define(
    "TensorArrayWriteV3",
    shape=rules.scalar,
    kernel=_write_kernel,
    gradient="tensor_array_gradients.write",
)


def element_dims(handle: Tensor) -> Dims:
    """What is known of the elements of the array that a handle stands for."""
    op = handle._op
    if op.type == "TensorArrayV3" and op._attrs["identical_element_shapes"]:
        dims: Dims = op._attrs["element_shape"]
        return dims
    if op.type in ("Enter", "Switch", "Identity", "Exit", "TensorArrayGradV3"):
        return element_dims(op._inputs[0])
    return None


def _read_kernel(store: _Store, index: Array, _flow: Any) -> Array:
    return store.open().read(int(index))


define(
    "TensorArrayReadV3",
    shape=lambda op: [element_dims(op._inputs[0])],
    kernel=_read_kernel,
    gradient="tensor_array_gradients.read",
)


def _gather_kernel(op: Operation) -> Callable[..., Array]:
    said = op._attrs["element_shape"]  # by what was written in the program's text

    def kernel(store: _Store, indices: Array, _flow: Any) -> Array:
        found = store.open().gather(indices.tolist())
        if found:
            return np.stack(found)
        dims = rules.merge(said, store.element_shape)
        return store.empty(dims, "element shape", "packing")

    return kernel


def _gather_shape(op: Operation) -> list[Dims]:
    indices = rules.with_rank(op._inputs[1]._dims, 1)
    element = element_dims(op._inputs[0])
    return [None if element is None else (*indices, *element)]


define(
    "TensorArrayGatherV3",
    shape=_gather_shape,
    build=_gather_kernel,
    gradient="tensor_array_gradients.gather",
)


def _scatter_shape(op: Operation) -> list[Dims]:
    indices = rules.with_rank(op._inputs[1]._dims, 1)
    value = rules.at_least_rank(op._inputs[2]._dims, 1)
    if value is not None:
        rules.merge_dim(value[0], indices[0])
    return [()]


def _scatter_kernel(store: _Store, indices: Array, value: Array, _flow: Any) -> Any:
    store.open()
    if not store.dynamic and indices.size and indices.max() >= len(store.elements):
        raise InvalidArgumentError(
            None,
            None,
            f"Max scatter index must be < array size ({indices.max()} vs. "
            f"{len(store.elements)})",
        )
    for index, row in zip(indices.tolist(), value, strict=True):
        store.write(index, row)
    return _FLOW


define(
    "TensorArrayScatterV3",
    shape=_scatter_shape,
    kernel=_scatter_kernel,
    gradient="tensor_array_gradients.scatter",
)


def _concat_kernel(op: Operation) -> Callable[..., tuple[Array, Array]]:
    rest = op._attrs["element_shape_except0"]

    def kernel(store: _Store, _flow: Any) -> tuple[Array, Array]:
        found = [store.open().read(index) for index in range(len(store.elements))]
        if not found:
            return (
                store.empty(rest, "element_shape_except0", "concatenating"),
                np.zeros(0, np.int64),
            )
        for index, value in enumerate(found):
            if not value.ndim:
                raise InvalidArgumentError(
                    None,
                    None,
                    f"Concat saw a scalar shape at index {index} but requires at least "
                    "vectors.  Did you mean to call pack?",
                )
            if value.shape[1:] != found[0].shape[1:]:
                raise InvalidArgumentError(
                    None,
                    None,
                    "TensorArray has inconsistent shapes.  Index 0 has (excepting "
                    f"dimension 0) shape: {dims_text(found[0].shape[1:])} but index "
                    f"{index} has (excepting dimension 0) shape: "
                    f"{dims_text(value.shape[1:])}",
                )
        lengths = np.array([value.shape[0] for value in found], np.int64)
        return np.concatenate(found), lengths

    return kernel


define(
    "TensorArrayConcatV3",
    shape=lambda _: [None, (None,)],
    build=_concat_kernel,
    gradient="tensor_array_gradients.concat",
)


def _split_shape(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[2]._dims, 1)
    return [()]


def _split_kernel(store: _Store, value: Array, lengths: Array, _flow: Any) -> Any:
    store.open()
    total = int(lengths.sum())
    if not value.ndim:
        raise InvalidArgumentError(
            None, None, "Expected value to be at least a vector, but received shape: []"
        )
    if total != value.shape[0]:
        raise InvalidArgumentError(
            None,
            None,
            "Expected sum of lengths to be equal to values.shape[0], but sum of "
            f"lengths is {total} and value's shape is: {dims_text(value.shape)}",
        )
    if not store.dynamic and len(lengths) != len(store.elements):
        raise InvalidArgumentError(
            None,
            None,
            "TensorArray's size is not equal to the size of lengths "
            f"({len(store.elements)} vs. {len(lengths)}), and the TensorArray is not "
            "marked as dynamically resizeable",
        )
    parts = np.split(value, np.cumsum(lengths)[:-1])
    for index, part in enumerate(parts):
        store.write(index, part)
    return _FLOW


define(
    "TensorArraySplitV3",
    shape=_split_shape,
    kernel=_split_kernel,
    gradient="tensor_array_gradients.split",
)


def _close_kernel(store: _Store) -> None:
    store.closed = True
    store.elements = []


define(
    "TensorArraySizeV3",
    shape=rules.scalar,
    kernel=lambda store, _flow: np.int32(len(store.open().elements)),
    gradient=None,
)
define(
    "TensorArrayCloseV3", shape=rules.no_outputs, kernel=_close_kernel, gradient=None
)
