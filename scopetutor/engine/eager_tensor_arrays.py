"""`tf.TensorArray` in eager mode: a list of tensors that is changed in place.

After eager. TF 1.15: writes give the array itself; there is neither handle nor flow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from . import constants, dtypes, shapes
from .convert import convert_to_tensor
from .op_errors import InvalidArgumentError, OpError, OutOfRangeError

if TYPE_CHECKING:
    from .operation import Tensor


class EagerTensorArray:
    """What `tf.TensorArray` does in eager mode."""

    def __init__(
        self,
        dtype: Any,
        size: Any = None,
        dynamic_size: Any = None,
        clear_after_read: Any = None,
        handle: Any = None,
        infer_shape: bool = True,
        element_shape: Any = None,
    ) -> None:
        if handle is not None:
            raise ValueError(
                "TensorArray handles are not supported when eager execution is enabled."
            )
        if size is None:
            raise ValueError(
                "Size must be declared for TensorArrays when eager execution is "
                "enabled."
            )
        self._flow = constants.constant(0, dtype=dtypes.int32)
        self._infer_shape = infer_shape
        self._element_shape = shapes.as_shape(element_shape)
        self._dtype = dtypes.as_dtype(dtype).base_dtype
        self._dynamic_size = dynamic_size or False
        self._clear_after_read = clear_after_read is None or clear_after_read
        self._read: set[int] = set()
        self._tensors: list[Tensor | None] = [None] * _number(size)

    flow = property(lambda self: self._flow, doc="TF 1.15: a constant 0.")
    dtype = property(lambda self: self._dtype, doc="Of the elements.")
    handle = property(lambda _: None, doc="TF 1.15: there is none.")
    element_shape = property(
        lambda self: self._element_shape, doc="What is known of the elements' shape."
    )
    dynamic_size = property(
        lambda self: self._dynamic_size, doc="Whether writing makes it longer."
    )

    def identity(self) -> EagerTensorArray:
        """The array itself."""
        return self

    def grad(self, source: str, flow: Any = None, name: str | None = None) -> NoReturn:
        """TF 1.15: not in eager mode."""
        raise NotImplementedError(
            "TensorArray.grad is not supported when executing eagerly; eager's "
            "gradient implementation does not use/need this function to compute "
            "gradients of operations that use TensorArrays."
        )

    def read(self, index: Any, name: str | None = None) -> Any:
        """One element; it is gone then, unless `clear_after_read` is False."""
        place, size = _number(index), len(self._tensors)
        if place < 0:
            problem = f"Reading from negative indices (index {place}) is not allowed."
            raise OutOfRangeError(None, None, problem)
        if place >= size:
            problem = f"Tried to read from index {place} but array size is: {size}"
            raise OutOfRangeError(None, None, problem)
        if self._tensors[place] is None and place in self._read:
            raise InvalidArgumentError(
                None,
                None,
                f"Could not read index {place} twice because it was cleared after a "
                "previous read (perhaps try setting clear_after_read = false?)",
            )
        found = self._element(place)
        if self._clear_after_read:
            self._tensors[place] = None
            self._read.add(place)
        return found

    def write(self, index: Any, value: Any, name: str | None = None) -> Any:
        """Puts an element at a place."""
        place, size = _number(index), len(self._tensors)
        if place < 0:
            problem = f"Writing to negative indices (index {place}) is not allowed."
            raise OutOfRangeError(None, None, problem)
        if place >= size:
            if not self._dynamic_size:
                raise OutOfRangeError(
                    None,
                    None,
                    f"Tried to write to index {place} but array is not resizeable and "
                    f"size is: {size}",
                )
            self._tensors.extend([None] * (place - size + 1))
        self._tensors[place] = self._checked(value)
        return self

    def _checked(self, value: Any) -> Any:
        tensor = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
        if tensor.dtype != self._dtype:
            raise InvalidArgumentError(
                None,
                None,
                f"TensorArray dtype is {self._dtype.name} but Op is trying to write "
                f"dtype {tensor.dtype.name}",
            )
        if not self._element_shape.is_compatible_with(tensor.shape):
            raise ValueError(
                f"Incompatible shape for value ({tensor.shape}), expected "
                f"({self._element_shape})"
            )
        if self._infer_shape:
            self._element_shape = self._element_shape.merge_with(tensor.shape)
        return tensor

    def _element(self, place: int) -> Any:
        """An element; what was never written is zeros."""
        if self._tensors[place] is None:
            from .ops import array  # noqa: PLC0415 - rare

            zeros = array.zeros(self._element_shape, self._dtype)
            self._tensors[place] = zeros
        return self._tensors[place]

    def _elements(self) -> list[Any]:
        return [self._element(place) for place in range(len(self._tensors))]

    def stack(self, name: str | None = None) -> Any:
        """All elements as one tensor."""
        return convert_to_tensor(self._elements(), self._dtype, name=name)

    def gather(self, indices: Any, name: str | None = None) -> Any:
        """Some elements as one tensor."""
        from .ops import joining  # noqa: PLC0415 - rare

        return joining.stack([self._element(int(place)) for place in _listed(indices)])

    def concat(self, name: str | None = None) -> Any:
        """All elements one after the other."""
        from .ops import joining  # noqa: PLC0415 - rare

        elements = self._elements()
        try:
            return joining.concat(elements, 0, name=name)
        except OpError:
            flat = [i for i, tensor in enumerate(elements) if not tensor.shape.ndims]
            if not flat:
                raise
            raise InvalidArgumentError(
                None,
                None,
                f"Concat saw a scalar shape at index {flat[0]} but requires at least "
                "vectors.",
            ) from None

    def unstack(self, value: Any, name: str | None = None) -> Any:
        """Puts in the rows of a tensor."""
        from .ops import joining  # noqa: PLC0415 - rare

        tensors = joining.unstack(value, name=name)
        if len(tensors) > len(self._tensors) and not self._dynamic_size:
            raise ValueError(
                f"Cannot unstack {len(tensors)} tensors into a TensorArray of static "
                f"size {len(self._tensors)}"
            )
        self._tensors = list(tensors)
        return self

    def scatter(self, indices: Any, value: Any, name: str | None = None) -> Any:
        """Puts the rows of a tensor at places."""
        from .ops import joining  # noqa: PLC0415 - rare

        rows = joining.unstack(value)
        for place, row in zip(_listed(indices), rows, strict=False):
            self.write(int(place), row)
        return self

    def split(self, value: Any, lengths: Any, name: str | None = None) -> Any:
        """Puts in parts of a tensor."""
        from .ops import joining  # noqa: PLC0415 - rare

        value = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
        lengths = convert_to_tensor(lengths)
        problem = self._problem_of_split(value, lengths)
        if problem:
            raise InvalidArgumentError(None, None, problem)
        self._tensors = list(joining.split(value, lengths, name=name))
        return self

    def _problem_of_split(self, value: Any, lengths: Any) -> str:
        known, sizes = value.shape.as_list(), lengths.shape.as_list()
        if len(sizes) != 1:
            return f"Expected lengths to be a vector, received shape: {sizes}"
        if not known:
            return "Expected value to be at least a vector, but received shape: []"
        total = int(lengths.numpy().sum())
        if total != known[0]:
            return (
                "Expected sum of lengths to be equal to values.shape[0], but sum of "
                f"lengths is {total} and value's shape is: {known} "
            )
        if not self._dynamic_size and sizes[0] != len(self._tensors):
            return (
                "TensorArray's size is not equal to the size of lengths "
                f"({len(self._tensors)} vs. {sizes[0]}), and the TensorArray is not "
                "marked as dynamically resizeable"
            )
        return ""

    def size(self, name: str | None = None) -> Any:
        """How many elements it has."""
        return constants.constant(len(self._tensors))

    def close(self, name: str | None = None) -> None:
        """Forgets all elements."""
        self._tensors.clear()


def _number(value: Any) -> int:
    return int(value.numpy()) if hasattr(value, "numpy") else value


def _listed(indices: Any) -> Any:
    return indices.numpy() if hasattr(indices, "numpy") else indices
