"""Static shapes: ``TensorShape`` and the ``Dimension`` objects it is made of.

After dtypes, before the graph. Inside the engine a static shape is `Dims`, a plain
tuple; people see it as a TensorShape. TF 1.15: indexing a shape gives a Dimension,
not a number, and comparing anything unknown gives None.
"""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

from .dtypes import DType
from .read_only import read_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Dims = tuple[int | None, ...] | None
"""A static shape inside the engine: None for unknown rank, None for an unknown size."""


@read_only
class Dimension:
    """One size of a static shape; its value is None where it is not known."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value: int | None
        if value is None:
            self._value = None
        elif type(value) is int and value >= 0:
            self._value = value
        elif isinstance(value, Dimension):
            self._value = value._value
        else:
            self._value = _checked_size(value)

    @property
    def value(self) -> int | None:
        """The size, or None."""
        return self._value

    def __repr__(self) -> str:
        return f"Dimension({self._value!r})"

    def __str__(self) -> str:
        return "?" if self._value is None else str(self._value)

    def __eq__(self, other: object) -> Any:
        """Whether equal; None if either is unknown."""
        return self._compare(other, operator.eq)

    def __ne__(self, other: object) -> Any:
        return self._compare(other, operator.ne)

    __hash__ = None  # type: ignore[assignment]

    def _compare(self, other: object, test: Callable[[Any, Any], bool]) -> Any:
        try:
            size = as_dimension(other)._value
        except (TypeError, ValueError):
            return NotImplemented
        if self._value is None or size is None:
            return None
        return test(self._value, size)

    def __int__(self) -> int:
        return self._value  # type: ignore[return-value]

    def __index__(self) -> int:
        return self._value  # type: ignore[return-value]

    __long__ = __int__

    def __float__(self) -> float:
        """TF 1.15: Python 3.7 does not take an index for a float."""
        raise TypeError(
            "float() argument must be a string or a number, not 'Dimension'"
        )

    def is_compatible_with(self, other: Any) -> Any:
        """Whether both could be the same size; NotImplemented if it is no size."""
        try:
            size = as_dimension(other)._value
        except (TypeError, ValueError):
            return NotImplemented
        return self._value is None or size is None or self._value == size

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raises ValueError unless both could be the same size."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Dimensions {self} and {other} are not compatible")

    def merge_with(self, other: Any) -> Any:
        """The size that is known of the two; ValueError if they differ."""
        try:
            other = as_dimension(other)
        except (TypeError, ValueError):
            return NotImplemented
        self.assert_is_compatible_with(other)
        return Dimension(other._value if self._value is None else self._value)

    def _combine(
        self, other: Any, function: Callable[[int, int], int], *, swapped: bool = False
    ) -> Any:
        size = as_dimension(other)._value
        if self._value is None or size is None:
            return Dimension(None)
        if swapped:
            return Dimension(function(size, self._value))
        return Dimension(function(self._value, size))

    def _try_combine(self, other: Any, function: Callable[[int, int], int]) -> Any:
        try:
            other = as_dimension(other)
        except (TypeError, ValueError):
            return NotImplemented
        return self._combine(other, function)

    def __add__(self, other: Any) -> Any:
        return self._try_combine(other, operator.add)

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __sub__(self, other: Any) -> Any:
        return self._try_combine(other, operator.sub)

    def __rsub__(self, other: Any) -> Any:
        return self._combine(other, operator.sub, swapped=True)

    def __mul__(self, other: Any) -> Any:
        return self._try_combine(other, operator.mul)

    def __rmul__(self, other: Any) -> Any:
        return self * other

    def __floordiv__(self, other: Any) -> Any:
        return self._try_combine(other, operator.floordiv)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._combine(other, operator.floordiv, swapped=True)

    def __truediv__(self, other: Any) -> Any:
        """TypeError; TF 1.15: sizes are divided with `//`."""
        raise TypeError(
            "unsupported operand type(s) for /: 'Dimension' and "
            f"'{type(other).__name__}', please use // instead"
        )

    def __rtruediv__(self, other: Any) -> Any:
        raise TypeError(
            f"unsupported operand type(s) for /: '{type(other).__name__}' and "
            "'Dimension', please use // instead"
        )

    def __div__(self, other: Any) -> Any:
        """Python 2's `/`, which was a division of integers."""
        return self // other

    __rdiv__ = __rtruediv__

    def __mod__(self, other: Any) -> Any:
        return self._combine(other, operator.mod)

    def __rmod__(self, other: Any) -> Any:
        return as_dimension(other) % self

    def __lt__(self, other: Any) -> Any:
        return _order(self, other, operator.lt)

    def __le__(self, other: Any) -> Any:
        return _order(self, other, operator.le)

    def __gt__(self, other: Any) -> Any:
        return _order(self, other, operator.gt)

    def __ge__(self, other: Any) -> Any:
        return _order(self, other, operator.ge)

    def __reduce__(self) -> tuple[Any, ...]:
        return Dimension, (self._value,)


def _in_old_words(error: str, value: Any) -> str:
    """What `int(value)` says, in the words of Python 3.7 and NumPy 1.18."""
    if isinstance(value, complex):
        return "can't convert complex to int"
    if "can be converted to Python scalars" in error:
        return "only size-1 arrays can be converted to Python scalars"
    return error.replace("a real number", "a number")


def _checked_size(value: Any) -> int:
    """The size that something not an int stands for."""
    if isinstance(value, DType):
        raise TypeError(f"Cannot convert {value} to Dimension")
    try:
        size = int(value)
    except TypeError as error:
        raise TypeError(_in_old_words(str(error), value)) from None
    if not isinstance(value, (str, bytes)) and size != value:
        raise ValueError(f"Ambiguous dimension: {value}")
    if size < 0:
        raise ValueError(f"Dimension {size} must be >= 0")
    return size


def _order(left: Dimension, right: Any, test: Callable[[int, int], bool]) -> Any:
    size = as_dimension(right).value
    if left.value is None or size is None:
        return None
    return test(left.value, size)


def as_dimension(value: Any) -> Dimension:
    """`value` as a Dimension; ValueError or TypeError if it is no size."""
    return value if isinstance(value, Dimension) else Dimension(value)


def dimension_value(dimension: Any) -> Any:
    """The number in a Dimension; anything else as it is."""
    return dimension.value if isinstance(dimension, Dimension) else dimension


def dimension_at_index(shape: TensorShape, index: int) -> Dimension:
    """The Dimension at a place of a shape, unknown if the rank is unknown."""
    assert isinstance(shape, TensorShape)
    return Dimension(None) if shape.rank is None else shape.dims[index]


@read_only
class TensorShape:
    """The static shape of a tensor: its sizes as far as they are known."""

    __slots__ = ("_dims",)

    def __init__(self, dims: Any) -> None:
        """A shape of sizes, of another shape, or (for None) of unknown rank."""
        self._dims: list[Dimension] | None
        if dims is None:
            self._dims = None
        elif isinstance(dims, (str, bytes)):
            raise TypeError(
                "A string has ambiguous TensorShape, please wrap in a list or convert "
                f"to an int: {dims!s}"
            )
        elif isinstance(dims, TensorShape):
            self._dims = dims._dims
        elif hasattr(dims, "unknown_rank"):  # the message of a graph file
            self._dims = None if dims.unknown_rank else _sizes_of_message(dims)
        else:
            self._dims = _sizes(dims)

    def __repr__(self) -> str:
        return f"TensorShape({self._dims!r})"

    def __str__(self) -> str:
        if self._dims is None:
            return "<unknown>"
        inside = ", ".join(map(str, self._dims))
        return f"({inside},)" if len(self._dims) == 1 else f"({inside})"

    @property
    def rank(self) -> int | None:
        """How many sizes, or None."""
        return None if self._dims is None else len(self._dims)

    ndims = rank

    @property
    def dims(self) -> Any:
        """The Dimension objects, or None for unknown rank."""
        return self._dims

    def __len__(self) -> int:
        if self._dims is None:
            raise ValueError("Cannot take the length of shape with unknown rank.")
        return len(self._dims)

    def __bool__(self) -> bool:
        """Whether the rank is known."""
        return self._dims is not None

    __nonzero__ = __bool__

    def __iter__(self) -> Iterator[Dimension]:
        if self._dims is None:
            raise ValueError("Cannot iterate over a shape with unknown rank.")
        return iter(self._dims)

    def __getitem__(self, key: Any) -> Any:
        """A Dimension, or for a slice a TensorShape."""
        if self._dims is not None:
            if isinstance(key, slice):
                return TensorShape(self._dims[key])
            return self._dims[key]
        if not isinstance(key, slice):
            return Dimension(None)
        start = 0 if key.start is None else key.start
        if key.step is not None:
            raise ValueError("Steps are not yet handled")
        if key.stop is None or start < 0 or key.stop < 0:
            return unknown_shape()
        return unknown_shape(rank=key.stop - start)

    def num_elements(self) -> int | None:
        """How many values, or None if a size is unknown."""
        return math.prod(self.as_list()) if self.is_fully_defined() else None

    def merge_with(self, other: Any) -> TensorShape:
        """What is known of either; ValueError if they cannot be the same."""
        shape: TensorShape = as_shape(other)
        if self._dims is None:
            return shape
        if shape._dims is None:
            # TF 1.15: a rank is merged size by size with an unknown shape's None's.
            return TensorShape([d.merge_with(None) for d in self._dims])
        try:
            self.assert_same_rank(shape)
            merged = [
                a.merge_with(b) for a, b in zip(self._dims, shape._dims, strict=True)
            ]
        except ValueError:
            raise ValueError(f"Shapes {self} and {shape} are not compatible") from None
        return TensorShape(merged)

    def __add__(self, other: Any) -> TensorShape:
        return self.concatenate(other)

    def __radd__(self, other: Any) -> TensorShape:
        return as_shape(other).concatenate(self)

    def concatenate(self, other: Any) -> TensorShape:
        """This shape followed by another."""
        other = as_shape(other)
        if self._dims is None or other._dims is None:
            return unknown_shape()
        return TensorShape(self._dims + other._dims)

    __concat__ = concatenate

    def assert_same_rank(self, other: Any) -> None:
        """Raises ValueError unless both could have the same rank."""
        other = as_shape(other)
        if None not in (self.rank, other.rank) and self.rank != other.rank:
            raise ValueError(f"Shapes {self} and {other} must have the same rank")

    def assert_has_rank(self, rank: int) -> None:
        """Raises ValueError unless the rank could be `rank`."""
        if self.rank not in (None, rank):
            raise ValueError("Shape %s must have rank %d" % (self, rank))  # noqa: UP031 - `rank` need not be a whole number

    def with_rank(self, rank: int) -> TensorShape:
        """This shape, known to have a rank; ValueError if it has another."""
        try:
            return self.merge_with(unknown_shape(rank=rank))
        except ValueError:
            raise ValueError("Shape %s must have rank %d" % (self, rank)) from None  # noqa: UP031 - as above

    def with_rank_at_least(self, rank: int) -> TensorShape:
        """This shape; ValueError if its rank is lower."""
        if self.rank is not None and self.rank < rank:
            raise ValueError("Shape %s must have rank at least %d" % (self, rank))  # noqa: UP031 - as above
        return self

    def with_rank_at_most(self, rank: int) -> TensorShape:
        """This shape; ValueError if its rank is higher."""
        if self.rank is not None and self.rank > rank:
            raise ValueError("Shape %s must have rank at most %d" % (self, rank))  # noqa: UP031 - as above
        return self

    def is_compatible_with(self, other: Any) -> bool:
        """Whether both could be the shape of one tensor."""
        other = as_shape(other)
        if self._dims is None or other._dims is None:
            return True
        return len(self._dims) == len(other._dims) and all(
            a.is_compatible_with(b)
            for a, b in zip(self._dims, other._dims, strict=True)
        )

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raises ValueError unless both could be the shape of one tensor."""
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {other} are incompatible")

    def most_specific_compatible_shape(self, other: Any) -> TensorShape:
        """What both shapes agree on; the rest unknown."""
        other = as_shape(other)
        if self._dims is None or other._dims is None or self.rank != other.rank:
            return unknown_shape()
        return TensorShape(
            [
                a if a == b else Dimension(None)
                for a, b in zip(self._dims, other._dims, strict=True)
            ]
        )

    def is_fully_defined(self) -> bool:
        """Whether every size is known."""
        return self._dims is not None and all(d.value is not None for d in self._dims)

    def assert_is_fully_defined(self) -> None:
        """Raises ValueError unless every size is known."""
        if not self.is_fully_defined():
            raise ValueError(f"Shape {self} is not fully defined")

    def as_proto(self) -> Any:
        """The shape as in TensorFlow's graph files."""
        from .graph_def import shape_proto  # noqa: PLC0415 - rarely wanted

        return shape_proto(as_dims(self))

    def as_list(self) -> list[Any]:
        """The sizes as numbers and None; ValueError for unknown rank."""
        if self._dims is None:
            raise ValueError("as_list() is not defined on an unknown TensorShape.")
        return [d.value for d in self._dims]

    def __eq__(self, other: object) -> Any:
        """TF 1.15: an unknown size equals nothing, itself excepted."""
        try:
            other = as_shape(other)
        except TypeError:
            return NotImplemented
        return self._dims == other._dims

    def __ne__(self, other: object) -> Any:
        try:
            other = as_shape(other)
        except TypeError:
            return NotImplemented
        if self._dims is None or other._dims is None:
            raise ValueError("The inequality of unknown TensorShapes is undefined.")
        return self.rank != other.rank or self._dims != other._dims

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return TensorShape, (self._dims,)


def _sizes(dims: Any) -> list[Dimension]:
    try:
        items = iter(dims)
    except TypeError:
        return [as_dimension(dims)]
    return [as_dimension(d) for d in items]


def _sizes_of_message(message: Any) -> list[Dimension]:
    return [Dimension(None if d.size == -1 else d.size) for d in message.dim]


def as_shape(shape: Any) -> TensorShape:
    """`shape` as a TensorShape."""
    return shape if isinstance(shape, TensorShape) else TensorShape(shape)


def unknown_shape(rank: int | None = None, **kwargs: Any) -> TensorShape:
    """A shape of which at most the rank is known; once it was called `ndims`."""
    if rank is None:
        rank = kwargs.pop("ndims", None)
    if kwargs:
        raise TypeError(f"Unknown argument: {kwargs}")
    return TensorShape(None if rank is None else [Dimension(None)] * rank)


def said_or_found(said: Any, found: TensorShape) -> Any:
    """The shape that a variable is said to have; None: that of its initial value.

    Raises:
        ValueError: the initial value is of another shape.
    """
    if said is None:
        return found
    if not found.is_compatible_with(said):
        raise ValueError(
            f"The initial value's shape ({found}) is not compatible with the "
            f"explicitly supplied `shape` argument ({said})."
        )
    return said


def as_dims(shape: Any) -> Dims:
    """`shape` as the engine's own tuple."""
    if type(shape) in (tuple, list) and all(
        [type(d) is int and d >= 0 for d in shape]  # noqa: C419 - twice as fast
    ):
        return tuple(shape)
    dims = as_shape(shape)._dims
    return None if dims is None else tuple([d._value for d in dims])


def are_compatible(one: Dims, other: Dims) -> bool:
    """Whether two shapes could be the same."""
    if one is None or other is None:
        return True
    return len(one) == len(other) and all(
        a is None or b is None or a == b for a, b in zip(one, other, strict=True)
    )


def from_dims(dims: Dims) -> TensorShape:
    """The TensorShape for the engine's own tuple."""
    return TensorShape(dims)
