"""`tf.keras.layers.ZeroPadding2D`, `Cropping2D`: edges added or cut off.

After ``spaces.py``, which counts the sizes. In old ResNets a padding stands before the
first convolution.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.ops.padding import pad
from scopetutor.engine.shapes import TensorShape

from .input_spec import InputSpec
from .layer import Layer
from .spaces import changed_sizes, normalize_data_format, normalize_tuple

_HOW_MANY = {2: "two", 3: "3"}
_HINTS = {
    ("padding", 2): (
        "a tuple of 2 ints (symmetric_height_pad, symmetric_width_pad), or a tuple of 2"
        " tuples of 2 ints ((top_pad, bottom_pad), (left_pad, right_pad))"
    ),
    ("cropping", 2): (
        "a tuple of 2 ints (symmetric_height_crop, symmetric_width_crop), or a tuple of"
        " 2 tuples of 2 ints ((top_crop, bottom_crop), (left_crop, right_crop))"
    ),
    ("padding", 3): (
        "a tuple of 3 ints (symmetric_dim1_pad, symmetric_dim2_pad, "
        "symmetric_dim3_pad), or a tuple of 3 tuples of 2 ints ((left_dim1_pad, "
        "right_dim1_pad), (left_dim2_pad, right_dim2_pad), (left_dim3_pad, "
        "right_dim2_pad))"
    ),
    ("cropping", 3): (
        "a tuple of 3 ints (symmetric_dim1_crop, symmetric_dim2_crop, "
        "symmetric_dim3_crop), or a tuple of 3 tuples of 2 ints ((left_dim1_crop, "
        "right_dim1_crop), (left_dim2_crop, right_dim2_crop), (left_dim3_crop, "
        "right_dim2_crop))"
    ),
}


def _sides(given: Any, rank: int, name: str) -> tuple[tuple[Any, ...], ...]:
    """Before and after on each axis of space, from one number, or one for each.

    Raises:
        ValueError: it is something else.
    """
    if isinstance(given, int):
        return ((given, given),) * rank
    if not hasattr(given, "__len__"):
        raise ValueError(
            f"`{name}` should be either an int, {_HINTS[name, rank]}. Found: {given}"
        )
    if len(given) != rank:
        raise ValueError(
            f"`{name}` should have {_HOW_MANY[rank]} elements. Found: {given}"
        )
    ordinals = ("1st", "2nd", "3rd")
    return tuple(
        normalize_tuple(one, 2, f"{ordinal} entry of {name}")
        for one, ordinal in zip(given, ordinals, strict=False)
    )


class _Edges(Layer):
    """What is done to the edges of space.

    Attributes:
        sides: before and after, for each axis.
        data_format: "channels_last" or "channels_first".
    """

    _rank: int
    _name_of_sides: str
    data_format = "channels_last"
    sides: tuple[tuple[Any, ...], ...]

    def _set(self, given: Any, data_format: Any) -> None:
        self.data_format = normalize_data_format(data_format)
        self.sides = _sides(given, self._rank, self._name_of_sides)
        setattr(self, self._name_of_sides, self.sides)
        self.input_spec = InputSpec(ndim=self._rank + 2)

    def _in_place(self, sides: list[Any], other: Any) -> list[Any]:
        """Something for each axis of space, and something else for all others."""
        if self.data_format == "channels_first":
            return [other, other, *sides]
        return [other, *sides, other]

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        config = {**super().get_config(), self._name_of_sides: self.sides}
        if self._rank > 1:
            return {**config, "data_format": self.data_format}
        return {**config, self._name_of_sides: self.sides[0]}


class _ZeroPadding(_Edges):
    """Zeros around the inputs."""

    _name_of_sides = "padding"

    def call(self, inputs: Any) -> Any:
        """The larger inputs."""
        return pad(inputs, self._in_place([list(one) for one in self.sides], [0, 0]))

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The inputs' shape with larger axes of space."""
        more = tuple(sum(one) for one in self.sides)
        return changed_sizes(input_shape, self.data_format, plus=more)


class ZeroPadding1D(_ZeroPadding):
    """Moments of zeros around sequences: a number, or (before, after)."""

    _rank = 1

    def __init__(self, padding: Any = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._set((normalize_tuple(padding, 2, "padding"),), "channels_last")
        self.padding = self.sides[0]


class ZeroPadding2D(_ZeroPadding):
    """Rows and columns of zeros around images.

    Args:
        padding: a number, (rows, columns), or ((top, bottom), (left, right)).
        data_format: "channels_last" or "channels_first".
        kwargs: as for every layer.
    """

    _rank = 2

    def __init__(
        self, padding: Any = (1, 1), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._set(padding, data_format)


class ZeroPadding3D(_ZeroPadding):
    """Zeros around volumes.

    Args:
        padding: a number, one for each axis, or (before, after) for each.
        data_format: "channels_last" or "channels_first".
        kwargs: as for every layer.
    """

    _rank = 3

    def __init__(
        self, padding: Any = (1, 1, 1), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._set(padding, data_format)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The inputs' shape with larger axes of space.

        TF 1.15 takes one side twice: the first, or with channels last the second.
        """
        side = 0 if self.data_format == "channels_first" else 1
        more = tuple(2 * one[side] for one in self.sides)
        return changed_sizes(input_shape, self.data_format, plus=more)


class _Cropping(_Edges):
    """The inputs without their edges."""

    _name_of_sides = "cropping"

    def call(self, inputs: Any) -> Any:
        """The smaller inputs."""
        kept = [
            slice(before, -after if after else None) for before, after in self.sides
        ]
        return inputs[tuple(self._in_place(kept, slice(None)))]

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """The inputs' shape with smaller axes of space."""
        less = tuple(-sum(one) for one in self.sides)
        return changed_sizes(input_shape, self.data_format, plus=less)


class Cropping1D(_Cropping):
    """Sequences without their first and last moments: a number, or (before, after)."""

    _rank = 1

    def __init__(self, cropping: Any = (1, 1), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._set((normalize_tuple(cropping, 2, "cropping"),), "channels_last")
        self.cropping = self.sides[0]


class Cropping2D(_Cropping):
    """Images without their outer rows and columns.

    Args:
        cropping: a number, (rows, columns), or ((top, bottom), (left, right)).
        data_format: "channels_last" or "channels_first".
        kwargs: as for every layer.
    """

    _rank = 2

    def __init__(
        self,
        cropping: Any = ((0, 0), (0, 0)),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._set(cropping, data_format)


class Cropping3D(_Cropping):
    """Volumes without their outer points.

    Args:
        cropping: a number, one for each axis, or (before, after) for each.
        data_format: "channels_last" or "channels_first".
        kwargs: as for every layer.
    """

    _rank = 3

    def __init__(
        self,
        cropping: Any = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._set(cropping, data_format)
