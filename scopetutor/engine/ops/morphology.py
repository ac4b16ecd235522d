"""Dilation and erosion of grey images: `tf.nn.dilation2d` and `tf.nn.erosion2d`.

After windows. A dilation is a convolution that adds where that multiplies, and takes
the largest where that adds. TF 1.15: the first of several largest gets the gradient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError, UnimplementedError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import math, padding, rules, windows
from .windows import Geometry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def dilation2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    rates: Any = None,
    padding: Any = None,
    name: str | None = None,
    filters: Any = None,
    dilations: Any = None,
) -> Any:
    """The largest sum of each window of images and a filter.

    Args:
        input: [batch, height, width, channels].
        filter: [height, width, channels].
        strides: four numbers, the first and the last are 1.
        rates: how far the elements of a window are apart, as strides.
        padding: "SAME" or "VALID".
        name: of the operation.
        filters: another name of filter.
        dilations: another name of rates.
    """
    filter = deprecation.either("filters", filters, "filter", filter)
    rates = deprecation.either("dilations", dilations, "rates", rates)
    return _dilated(input, filter, strides, rates, padding, name)


def erosion2d(
    value: Any,
    kernel: Any,
    strides: Any,
    rates: Any,
    padding: Any,
    name: str | None = None,
) -> Any:
    """The smallest difference of each window of images and a kernel; see dilation2d."""
    with name_scope(name, "erosion2d", [value, kernel]) as scope:
        turned = math.negative(value), _turned(kernel)
        return math.negative(_dilated(*turned, strides, rates, padding, scope))


def _turned(kernel: Any) -> Any:
    return padding.reverse(kernel, [0, 1])


def _dilated(
    images: Any, kernel: Any, strides: Any, rates: Any, padding: Any, name: str | None
) -> Any:
    return apply(
        "Dilation2D",
        images,
        kernel,
        strides=strides,
        rates=rates,
        padding=padding,
        name=name,
    )


# -- the operations --------------------------------------------------------------------


def _shape(op: Operation) -> list[Dims]:
    images = rules.with_rank(op._inputs[0]._dims, 4)
    kernel = rules.with_rank(op._inputs[1]._dims, 3)
    for what in ("strides", "rates"):
        if len(op._attrs[what]) != 4:
            raise ShapeError(
                f"Dilation2D requires the {what} attribute to contain 4 values, but "
                f"got: {len(op._attrs[what])}"
            )
    channels = rules.merge_dim(images[3], kernel[2])
    if None in kernel[:2]:
        return [(images[0], None, None, None)]
    if None in images[1:3]:
        return [(images[0], None, None, channels)]
    _check_fits(op, images[1:3], kernel[:2])
    space = _geometry(op).output_space(images[1:3], kernel[:2])
    return [(images[0], *space, channels)]


def _check_fits(op: Operation, sizes: Any, window: Any) -> None:
    if op._attrs["padding"] != "VALID":
        return
    geometry = _geometry(op)
    for size, width, stride, rate in zip(
        sizes, window, geometry.strides, geometry.dilations, strict=True
    ):
        reach = (width - 1) * rate + 1
        count = (size - reach + stride) // stride
        if count < 0:
            raise ShapeError(
                f"Computed output size would be negative: {count} [input_size: {size}, "
                f"effective_filter_size: {reach}, stride: {stride}]"
            )


def _geometry(op: Operation) -> Geometry:
    attrs = op._attrs
    return Geometry(
        {
            "strides": attrs["strides"],
            "dilations": attrs["rates"],
            "padding": attrs["padding"],
        }
    )


class _Sums:
    """The sums of each place of a kernel and the elements it lies on."""

    def __init__(self, op: Operation) -> None:
        attrs = op._attrs
        for name, what in (("strides", "Stride"), ("rates", "Rate")):
            if (attrs[name][0], attrs[name][3]) != (1, 1):
                raise UnimplementedError(
                    None, None, f"{what} is only supported across spatial dimensions."
                )
        self._geometry = _geometry(op)

    def pads(self, images: Array, kernel: Array) -> list[tuple[int, int]]:
        """What is added around the images."""
        return self._geometry.pads(images.shape[1:3], kernel.shape[:2])

    def space(self, images: Array, kernel: Array) -> list[int]:
        """How many windows there are."""
        return self._geometry.output_space(images.shape[1:3], kernel.shape[:2])

    def places(
        self, images: Array, kernel: Array
    ) -> Iterator[tuple[tuple[int, ...], tuple[slice, ...]]]:
        """Each place of the kernel, and the padded elements it lies on."""
        space, geometry = self.space(images, kernel), self._geometry
        for place in np.ndindex(*kernel.shape[:2]):
            yield (
                place,
                windows.touched(place, space, geometry.strides, geometry.dilations),
            )

    def best(
        self, images: Array, kernel: Array
    ) -> tuple[Array, list[tuple[Any, Any, Array]]]:
        """The largest sums, and for each place of the kernel which ones are of it."""
        lowest = -np.inf if images.dtype.kind == "f" else np.iinfo(images.dtype).min
        pads = self.pads(images, kernel)
        bordered = windows.padded(images, pads)
        inside = windows.padded(np.ones((1, *images.shape[1:3], 1), bool), pads)
        shape = len(images), *self.space(images, kernel), images.shape[3]
        sums = np.full(shape, lowest, images.dtype)
        numbers = np.full(shape, -1)
        found = []
        for number, (place, there) in enumerate(self.places(images, kernel)):
            here = bordered[there] + kernel[place]
            better = (here > sums) & inside[there]
            np.copyto(sums, here, where=better)
            numbers[better] = number
            found.append((place, there))
        return sums, [(*each, numbers == i) for i, each in enumerate(found)]


def _check(images: Array, kernel: Array) -> None:
    said = None
    if images.ndim != 4:
        said = f"input must be 4-dimensional{dims_text(images.shape)}"
    elif kernel.ndim != 3:
        said = f"filter must be 3-dimensional: {dims_text(kernel.shape)}"
    elif images.shape[3] != kernel.shape[2]:
        said = (
            "input and filter must have the same depth: "
            f"{images.shape[3]} vs {kernel.shape[2]}"
        )
    if said:
        raise InvalidArgumentError(None, None, said)


def _dilation(op: Operation) -> Callable[[Array, Array], Array]:
    sums = _Sums(op)

    def kernel(images: Array, filters: Array) -> Array:
        _check(images, filters)
        return sums.best(images, filters)[0]

    return kernel


def _input_gradient(op: Operation) -> Callable[[Array, Array, Array], Array]:
    sums = _Sums(op)

    def kernel(images: Array, filters: Array, grad: Array) -> Array:
        pads = sums.pads(images, filters)
        result = np.zeros_like(windows.padded(images, pads))
        for _, there, chosen in sums.best(images, filters)[1]:
            result[there] += grad * chosen
        return windows.without_pads(result, pads)

    return kernel


def _filter_gradient(op: Operation) -> Callable[[Array, Array, Array], Array]:
    sums = _Sums(op)

    def kernel(images: Array, filters: Array, grad: Array) -> Array:
        result = np.zeros_like(filters)
        for place, _, chosen in sums.best(images, filters)[1]:
            result[place] = (grad * chosen).sum((0, 1, 2))
        return result

    return kernel


def _gradient(op: Operation, grad: Any) -> list[Any]:
    attrs = {name: op._attrs[name] for name in ("strides", "rates", "padding")}
    return [
        apply(f"Dilation2DBackprop{of}", *op._inputs, grad, **attrs)
        for of in ("Input", "Filter")
    ]


define("Dilation2D", shape=_shape, build=_dilation, gradient=_gradient)
define("Dilation2DBackpropInput", shape=rules.same_as(0), build=_input_gradient)
define("Dilation2DBackpropFilter", shape=rules.same_as(1), build=_filter_gradient)
