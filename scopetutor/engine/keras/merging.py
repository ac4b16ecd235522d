"""`tf.keras.layers.Add`, `Concatenate` and their kin: one tensor of several.

After ``layer.py`` and ``backend_math.py``. Each class has a function of the same name
in small letters, which makes the layer and calls it.
"""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, Any

from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.normalize import l2_normalize
from scopetutor.engine.ops.reshaping import expand_dims
from scopetutor.engine.shapes import TensorShape

from .backend_math import batch_dot
from .layer import Layer

if TYPE_CHECKING:
    from collections.abc import Callable

_Sizes = tuple[Any, ...]


class Merge(Layer):
    """Combines inputs of one shape, or of shapes that are broadcast."""

    _combine: Callable[..., Any]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Checks that the shapes fit.

        Raises:
            ValueError: they do not, or there are fewer than two.
        """
        if not isinstance(input_shape, list):
            raise ValueError("A merge layer should be called on a list of inputs.")
        if len(input_shape) < 2:
            raise ValueError(
                "A merge layer should be called on a list of at least 2 inputs. Got "
                f"{len(input_shape)} inputs."
            )
        shapes = [_sizes(shape) for shape in input_shape]
        if len({shape[0] for shape in shapes} - {None}) > 1:
            raise ValueError(
                "Can not merge tensors with different batch sizes. Got tensors with "
                f"shapes : {shapes}"
            )
        functools.reduce(_broadcast, [shape[1:] for shape in shapes])
        self.built = True

    def call(self, inputs: Any) -> Any:
        """One tensor of all the inputs."""
        if not isinstance(inputs, list):
            raise ValueError("A merge layer should be called on a list of inputs.")
        rank = max(x.shape.ndims for x in inputs)
        return self._merge([_with_rank(x, rank) for x in inputs])

    def _merge(self, inputs: list[Any]) -> Any:
        return functools.reduce(type(self)._combine, inputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the inputs after broadcasting."""
        shapes = [_sizes(shape) for shape in input_shape]
        batches = {shape[0] for shape in shapes} - {None}
        batch = batches.pop() if len(batches) == 1 else None
        return (batch, *functools.reduce(_broadcast, [shape[1:] for shape in shapes]))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Where no input is masked."""
        given = [one for one in mask or [] if one is not None]
        if not given:
            return None
        masks = concat([expand_dims(one, axis=0) for one in given], axis=0)
        return math.reduce_all(masks, axis=0)


def _sizes(shape: Any) -> _Sizes:
    return tuple(TensorShape(shape).as_list())


def _with_rank(x: Any, rank: int) -> Any:
    for _ in range(rank - x.shape.ndims):
        x = expand_dims(x, axis=1)
    return x


def _broadcast(one: _Sizes, other: _Sizes) -> _Sizes:
    """The sizes of an operation on tensors of two shapes, without their batch."""
    if len(one) < len(other):
        one, other = other, one
    if not other:
        return one
    found = list(one[: -len(other)])
    for i, j in zip(one[-len(other) :], other, strict=True):
        if i is None or j is None:
            found.append(None)
        elif i != j and 1 not in (i, j):
            raise ValueError(
                f"Operands could not be broadcast together with shapes {one} {other}"
            )
        else:
            found.append(j if i == 1 else i)
    return tuple(found)


class Add(Merge):
    """The sum of its inputs."""

    _combine = staticmethod(operator.add)


class Subtract(Merge):
    """The difference of two inputs."""

    _combine = staticmethod(operator.sub)

    def build(self, input_shape: Any) -> None:
        """Checks that there are two inputs whose shapes fit."""
        super().build(input_shape)
        if len(input_shape) != 2:
            raise ValueError("A `Subtract` layer should be called on exactly 2 inputs")


class Multiply(Merge):
    """The product of its inputs."""

    _combine = staticmethod(operator.mul)


class Average(Merge):
    """The mean of its inputs."""

    _combine = staticmethod(operator.add)

    def _merge(self, inputs: list[Any]) -> Any:
        return super()._merge(inputs) / len(inputs)


class Maximum(Merge):
    """The largest of its inputs, number by number."""

    _combine = staticmethod(math.maximum)


class Minimum(Merge):
    """The smallest of its inputs, number by number."""

    _combine = staticmethod(math.minimum)


class Concatenate(Merge):
    """Its inputs side by side along an axis."""

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def build(self, input_shape: Any) -> None:
        """Checks that the shapes are the same but for the axis."""
        if not isinstance(input_shape, list) or len(input_shape) < 2:
            raise ValueError(
                "A `Concatenate` layer should be called on a list of at least 2 inputs"
            )
        shapes = [_sizes(shape) for shape in input_shape]
        others = [list(shape) for shape in shapes]
        for one in others:
            del one[self.axis]
        if any(one != others[0] for one in others):
            raise ValueError(
                "A `Concatenate` layer requires inputs with matching shapes except for "
                f"the concat axis. Got inputs shapes: {shapes}"
            )
        self.built = True

    def _merge(self, inputs: list[Any]) -> Any:
        rank = inputs[0].shape.ndims
        return concat(inputs, self.axis % rank if self.axis < 0 else self.axis)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The inputs' shape, with the sum of their sizes along the axis."""
        shapes = [_sizes(shape) for shape in input_shape]
        sizes = [shape[self.axis] for shape in shapes]
        found = list(shapes[0])
        found[self.axis] = None if None in sizes else sum(sizes)
        return tuple(found)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The inputs' masks side by side; where one has none, nothing is masked.

        Raises:
            ValueError: there are more or fewer masks than inputs.
        """
        if mask is None:
            return None
        for name, given in (("mask", mask), ("inputs", inputs)):
            if not isinstance(given, list):
                raise ValueError(f"`{name}` should be a list.")
        if len(mask) != len(inputs):
            raise ValueError(
                "The lists `inputs` and `mask` should have the same length."
            )
        if all(one is None for one in mask):
            return None
        masks = [_mask_like(x, one) for x, one in zip(inputs, mask, strict=True)]
        joined = math.cast(self._merge(masks), "bool")
        return math.reduce_all(joined, axis=-1, keepdims=False)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {**super().get_config(), "axis": self.axis}


def _mask_like(x: Any, mask: Any) -> Any:
    """A mask with as many axes as what it masks; of ones if there is none."""
    if mask is None:
        return array.ones_like(x, dtype="bool")
    if mask.shape.ndims < x.shape.ndims:
        return expand_dims(mask, axis=-1)
    return mask


class Dot(Merge):
    """The sums of products of two inputs along an axis of each.

    Args:
        axes: one for both, or one for each.
        normalize: whether the inputs are made vectors of length 1: then these are
            cosines.
        kwargs: as for every layer.

    Raises:
        TypeError: the axes are no numbers.
        ValueError: there are not two.
    """

    def __init__(self, axes: Any, normalize: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(axes, int):
            if not isinstance(axes, (list, tuple)):
                raise TypeError("Invalid type for `axes` - should be a list or an int.")
            if len(axes) != 2:
                raise ValueError(
                    "Invalid format for `axes` - should contain two elements."
                )
            if not all(isinstance(axis, int) for axis in axes):
                raise ValueError(
                    'Invalid format for `axes` - list elements should be "int".'
                )
        self.axes = axes
        self.normalize = normalize

    def _axes_of(self, ranks: list[int]) -> list[int]:
        both = [self.axes] * 2 if isinstance(self.axes, int) else self.axes
        return [
            axis % rank if axis < 0 else axis
            for axis, rank in zip(both, ranks, strict=True)
        ]

    def build(self, input_shape: Any) -> None:
        """Checks that there are two inputs, and that the sizes of the axes fit."""
        shapes = self._two(input_shape)
        one, other = self._axes_of([len(shape) for shape in shapes])
        if shapes[0][one] != shapes[1][other]:
            raise ValueError(
                f"Dimension incompatibility {shapes[0][one]} != {shapes[1][other]}. "
                f"Layer shapes: {shapes[0]}, {shapes[1]}"
            )
        self.built = True

    def _two(self, input_shape: Any) -> list[_Sizes]:
        if not isinstance(input_shape, list) or len(input_shape) != 2:
            raise ValueError("A `Dot` layer should be called on a list of 2 inputs.")
        return [_sizes(shape) for shape in input_shape]

    def call(self, inputs: Any) -> Any:
        """The products, summed up."""
        if len(inputs) != 2:
            raise ValueError("A `Dot` layer should be called on exactly 2 inputs")
        axes = self._axes_of([x.shape.ndims for x in inputs])
        if self.normalize:
            inputs = [
                l2_normalize(x, axis=axis) for x, axis in zip(inputs, axes, strict=True)
            ]
        return batch_dot(inputs[0], inputs[1], axes)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The inputs' sizes without those of the axes; at least two."""
        first, second = [list(shape) for shape in self._two(input_shape)]
        one, other = self._axes_of([len(first), len(second)])
        del first[one], second[other], second[0]
        found = first + second
        return tuple(found if len(found) > 1 else [*found, 1])

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """None."""

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        own = {"axes": self.axes, "normalize": self.normalize}
        return {**super().get_config(), **own}


def _function(kind: type[Merge], name: str) -> Callable[..., Any]:
    def merge(inputs: Any, **kwargs: Any) -> Any:
        return kind(**kwargs)(inputs)

    merge.__name__ = merge.__qualname__ = name
    merge.__doc__ = f"What a `{kind.__name__}` layer makes of some inputs."
    return merge


add = _function(Add, "add")
subtract = _function(Subtract, "subtract")
multiply = _function(Multiply, "multiply")
average = _function(Average, "average")
maximum = _function(Maximum, "maximum")
minimum = _function(Minimum, "minimum")


def concatenate(inputs: Any, axis: int = -1, **kwargs: Any) -> Any:
    """What a `Concatenate` layer makes of some inputs."""
    return Concatenate(axis=axis, **kwargs)(inputs)


def dot(inputs: Any, axes: Any, normalize: bool = False, **kwargs: Any) -> Any:
    """What a `Dot` layer makes of some inputs."""
    return Dot(axes=axes, normalize=normalize, **kwargs)(inputs)
