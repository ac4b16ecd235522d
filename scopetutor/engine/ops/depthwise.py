"""Convolution of each channel by itself: depthwise and separable.

After conv and atrous. One place of the filter after the other, for all channels at
once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope

from . import array, ranks, rules, windows
from .atrous import with_space_to_batch
from .conv import conv2d
from .windows import Geometry

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _shape(op: Operation) -> list[Dims]:
    geometry = Geometry(op._attrs)
    image = rules.with_rank(op._inputs[0]._dims, 4)
    filters = rules.with_rank(op._inputs[1]._dims, 4)
    depth = rules.merge_dim(geometry.channels(image), filters[2])
    out = None if depth is None or filters[3] is None else depth * filters[3]
    space = geometry.output_space(geometry.space(image), filters[:2])
    return [geometry.shape(image[0], space, out)]


def _places(space: Any, window: Any, geometry: Geometry) -> Any:
    for place in np.ndindex(*window):
        touched = windows.touched(place, space, geometry.strides, geometry.dilations)
        yield place, touched


def _kernel(op: Operation) -> Callable[[Array, Array], Array]:
    geometry = Geometry(op._attrs)

    def kernel(images: Array, filters: Array) -> Array:
        for problem, each in (
            ("input must be 4-dimensional", images),
            ("filter must be 4-dimensional: ", filters),
        ):
            if each.ndim != 4:
                raise ranks.refusal(f"{problem}{dims_text(each.shape)}")
        x, window = geometry.to_last(images), filters.shape[:2]
        if x.shape[-1] != filters.shape[2]:
            raise InvalidArgumentError(
                None,
                op,
                "input and filter must have the same depth: "
                f"{x.shape[-1]} vs {filters.shape[2]}",
            )
        space = geometry.output_space(x.shape[1:-1], window)
        x = windows.padded(x, geometry.pads(x.shape[1:-1], window))
        result = np.zeros((len(x), *space, *filters.shape[2:]), x.dtype)
        for place, touched in _places(space, window, geometry):
            result += x[touched][..., None] * filters[place]
        return geometry.from_last(result.reshape(*result.shape[:3], -1))

    return kernel


def _input_kernel(op: Operation) -> Callable[[Array, Array, Array], Array]:
    geometry = Geometry(op._attrs)

    def kernel(sizes: Array, filters: Array, grad: Array) -> Array:
        space, window = geometry.space(sizes.tolist()), filters.shape[:2]
        grad = geometry.to_last(grad)
        grad = grad.reshape(*grad.shape[:3], *filters.shape[2:])
        pads = geometry.pads(space, window)
        whole = [size + sum(pad) for size, pad in zip(space, pads, strict=True)]
        result = np.zeros((len(grad), *whole, filters.shape[2]), grad.dtype)
        for place, touched in _places(grad.shape[1:3], window, geometry):
            result[touched] += (grad * filters[place]).sum(-1)
        return geometry.from_last(windows.without_pads(result, pads))

    return kernel


def _filter_kernel(op: Operation) -> Callable[[Array, Array, Array], Array]:
    geometry = Geometry(op._attrs)

    def kernel(images: Array, sizes: Array, grad: Array) -> Array:
        x, shape = geometry.to_last(images), sizes.tolist()
        x = windows.padded(x, geometry.pads(x.shape[1:-1], shape[:2]))
        grad = geometry.to_last(grad)
        grad = grad.reshape(*grad.shape[:3], *shape[2:])
        result = np.zeros(shape, x.dtype)
        for place, touched in _places(grad.shape[1:3], shape[:2], geometry):
            result[place] = (x[touched][..., None] * grad).sum((0, 1, 2))
        return result

    return kernel


def _sizes_shape(index: int) -> Any:
    return lambda op: [rules.with_rank(shape_inference.sizes(op, index), 4)]


def _kept(op: Operation) -> dict[str, Any]:
    names = ("dilations", "strides", "padding", "data_format")
    return {name: op._attrs[name] for name in names}


_NAME = "DepthwiseConv2dNative"


def _gradient(op: Operation, grad: Any) -> list[Any]:
    x, filters = op._inputs
    sizes = array.shape(x)
    first = apply(f"{_NAME}BackpropInput", sizes, filters, grad, **_kept(op))
    sizes = array.shape(filters)
    return [first, apply(f"{_NAME}BackpropFilter", x, sizes, grad, **_kept(op))]


def _input_gradient(op: Operation, grad: Any) -> list[Any]:
    _, filters, backprop = op._inputs
    sizes = array.shape(filters)
    return [
        None,
        apply(f"{_NAME}BackpropFilter", grad, sizes, backprop, **_kept(op)),
        apply(_NAME, grad, filters, **_kept(op)),
    ]


def _filter_gradient(op: Operation, grad: Any) -> list[Any]:
    x, _, backprop = op._inputs
    sizes = array.shape(x)
    return [
        apply(f"{_NAME}BackpropInput", sizes, grad, backprop, **_kept(op)),
        None,
        apply(_NAME, x, grad, **_kept(op)),
    ]


define(_NAME, shape=_shape, build=_kernel, gradient=_gradient)
define(
    f"{_NAME}BackpropInput",
    shape=_sizes_shape(0),
    build=_input_kernel,
    gradient=_input_gradient,
)
define(
    f"{_NAME}BackpropFilter",
    shape=_sizes_shape(1),
    build=_filter_kernel,
    gradient=_filter_gradient,
)


def depthwise_conv2d_native(
    input: Any,
    filter: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006 - TensorFlow's signature
    name: str | None = None,
) -> Any:
    """Each channel of images convolved with filters of its own."""
    return apply(
        _NAME,
        input,
        filter,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


def depthwise_conv2d_native_backprop_input(
    input_sizes: Any,
    filter: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006 - TensorFlow's signature
    name: str | None = None,
) -> Any:
    """The gradient of depthwise_conv2d_native with respect to its images."""
    return apply(
        f"{_NAME}BackpropInput",
        input_sizes,
        filter,
        out_backprop,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


def depthwise_conv2d_native_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    dilations: Any = [1, 1, 1, 1],  # noqa: B006 - TensorFlow's signature
    name: str | None = None,
) -> Any:
    """The gradient of depthwise_conv2d_native with respect to its filters."""
    return apply(
        f"{_NAME}BackpropFilter",
        input,
        filter_sizes,
        out_backprop,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


def depthwise_conv2d(
    input: Any,
    filter: Any,
    strides: Any,
    padding: Any,
    rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Any:
    """Each channel of images convolved with filters of its own.

    Args:
        input: [batch, height, width, channels].
        filter: [height, width, channels, filters per channel].
        strides: four numbers.
        padding: "SAME" or "VALID".
        rate: two dilations.
        name: of the name scope.
        data_format: "NHWC" or "NCHW".
        dilations: another name for rate.
    """
    rate = deprecation.either("dilations", dilations, "rate", rate)
    with name_scope(name, "depthwise", [input, filter]) as scope:
        input = convert_to_tensor(input, name="tensor_in")
        weights = convert_to_tensor(filter, name="filter_in")

        def convolve(images: Any, _: Any, padding: Any) -> Any:
            return depthwise_conv2d_native(
                images, weights, strides, padding, data_format=data_format, name=scope
            )

        return with_space_to_batch(
            input=input,
            filter_shape=array.shape(weights),
            dilation_rate=[1, 1] if rate is None else rate,
            padding=padding,
            data_format=data_format,
            op=convolve,
        )


def separable_conv2d(
    input: Any,
    depthwise_filter: Any,
    pointwise_filter: Any,
    strides: Any,
    padding: Any,
    rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Any:
    """A depthwise convolution, then one of 1 x 1 that mixes the channels."""
    rate = deprecation.either("dilations", dilations, "rate", rate)
    with name_scope(
        name, "separable_conv2d", [input, depthwise_filter, pointwise_filter]
    ) as scope:
        input = convert_to_tensor(input, name="tensor_in")
        first = convert_to_tensor(depthwise_filter, name="depthwise_filter")
        second = convert_to_tensor(pointwise_filter, name="pointwise_filter")
        sizes = second.shape.with_rank(4)
        sizes[0].assert_is_compatible_with(1)
        sizes[1].assert_is_compatible_with(1)

        def convolve(images: Any, _: Any, padding: Any) -> Any:
            return depthwise_conv2d_native(
                images,
                first,
                strides,
                padding,
                data_format=data_format,
                name="depthwise",
            )

        channels = with_space_to_batch(
            input=input,
            filter_shape=array.shape(first),
            dilation_rate=[1, 1] if rate is None else rate,
            padding=padding,
            data_format=data_format,
            op=convolve,
        )
        return conv2d(
            channels,
            second,
            [1, 1, 1, 1],
            padding="VALID",
            data_format=data_format,
            name=scope,
        )
