"""The operations of convolutions: their shapes, kernels and gradients.

After windows, where the numbers are; before conv, whose functions call them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define

from . import array, rules, windows
from .windows import Geometry

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _conv_shape(op: Operation) -> list[Dims]:
    geometry = Geometry(op._attrs)
    rank = len(geometry.strides) + 2
    image = rules.with_rank(op._inputs[0]._dims, rank)
    filters = rules.with_rank(op._inputs[1]._dims, rank)
    depth, wanted = geometry.channels(image), filters[-2]
    if rank == 5:
        rules.merge_dim(depth, wanted)
    elif depth is not None and wanted is not None and (not wanted or depth % wanted):
        raise ShapeError(
            f"Depth of input ({depth}) is not a multiple of input depth of filter "
            f"({wanted})"
        )
    space = geometry.output_space(geometry.space(image), filters[:-2])
    return [geometry.shape(image[0], space, filters[-1])]


def _check_depth(op: Operation, depth: int, wanted: int) -> None:
    if depth != wanted:
        raise InvalidArgumentError(
            None,
            op,
            "input depth must be evenly divisible by filter depth: "
            f"{depth} vs {wanted}",
        )


def _conv_kernel(op: Operation) -> Callable[[Array, Array], Array]:
    geometry = Geometry(op._attrs)

    rank = 5 if op.type == "Conv3D" else 4

    def kernel(images: Array, filters: Array) -> Array:
        if images.ndim != rank:
            problem = f"input must be {rank}-dimensional{dims_text(images.shape)}"
            raise InvalidArgumentError(None, op, problem)
        if filters.ndim != rank:
            problem = f"filter must be {rank}-dimensional: {dims_text(filters.shape)}"
            raise InvalidArgumentError(None, op, problem)
        x, window = geometry.to_last(images), filters.shape[:-2]
        _check_depth(op, x.shape[-1], filters.shape[-2])
        pads = geometry.pads(x.shape[1:-1], window)
        x = windows.padded(x, pads)
        space = _space_of(x.shape[1:-1], window, geometry)
        result = windows.correlate(
            x, filters, space, geometry.strides, geometry.dilations
        )
        return geometry.from_last(result)

    return kernel


def _space_of(sizes: Any, window: Any, geometry: Geometry) -> list[int]:
    """How many windows there are in padded images."""
    return [
        (size - ((width - 1) * dilation + 1)) // stride + 1
        for size, width, stride, dilation in zip(
            sizes, window, geometry.strides, geometry.dilations, strict=True
        )
    ]


def _input_kernel(op: Operation) -> Callable[[Array, Array, Array], Array]:
    geometry = Geometry(op._attrs)

    def kernel(sizes: Array, filters: Array, grad: Array) -> Array:
        shape = sizes.tolist()
        space = geometry.space(shape)
        grad = geometry.to_last(grad)
        _check_sizes(op, geometry, space, filters, grad)
        pads = geometry.pads(space, filters.shape[:-2])
        result = windows.correlate_input_gradient(
            space, pads, filters, grad, geometry.strides, geometry.dilations
        )
        return geometry.from_last(result)

    return kernel


def _check_sizes(
    op: Operation, geometry: Geometry, space: Any, filters: Array, grad: Array
) -> None:
    wanted = geometry.output_space(space, filters.shape[:-2])
    for i, (expected, found) in enumerate(zip(wanted, grad.shape[1:-1], strict=True)):
        if expected != found:
            raise InvalidArgumentError(
                None,
                op,
                f"{_kernel_name(op)}: Size of out_backprop doesn't match computed: "
                f"actual = {found}, computed = {expected}, spatial_dim: {i + 1} input: "
                f"{space[i]} filter: {filters.shape[i]} output: {found} stride: "
                f"{geometry.strides[i]} dilation: {geometry.dilations[i]}",
            )
    if grad.shape[-1] != filters.shape[-1]:
        raise InvalidArgumentError(
            None,
            op,
            f"{_kernel_name(op)}: filter and out_backprop must have the same out_depth",
        )


def _kernel_name(op: Operation) -> str:
    return "Conv2DCustomBackpropInput" if op.type.startswith("Conv2D") else op.type


def _filter_kernel(op: Operation) -> Callable[[Array, Array, Array], Array]:
    geometry = Geometry(op._attrs)

    def kernel(images: Array, sizes: Array, grad: Array) -> Array:
        x, window = geometry.to_last(images), sizes.tolist()[:-2]
        x = windows.padded(x, geometry.pads(x.shape[1:-1], window))
        return windows.correlate_filter_gradient(
            x, geometry.to_last(grad), window, geometry.strides, geometry.dilations
        )

    return kernel


def _input_sizes_shape(op: Operation) -> list[Dims]:
    """The shape that the first input says."""
    rank = len(op._attrs["data_format"])
    dims = shape_inference.sizes(op, 0)
    return [rules.with_rank(dims, rank)]


def _filter_sizes_shape(op: Operation) -> list[Dims]:
    """The shape that the second input says."""
    rank = len(op._attrs["data_format"])
    dims = shape_inference.sizes(op, 1)
    return [rules.with_rank(dims, rank)]


_KEPT = {
    "Conv2D": (
        "strides", "padding", "explicit_paddings", "use_cudnn_on_gpu", "data_format",
        "dilations",
    ),
    "Conv3D": ("strides", "padding", "data_format", "dilations"),
}  # fmt: skip


def _kept(op: Operation) -> dict[str, Any]:
    """The attributes that an operation's gradients share with it."""
    return {name: op._attrs[name] for name in _KEPT[op.type[:6]]}


def _conv2d_gradient(op: Operation, grad: Any) -> list[Any]:
    x, filters = op._inputs
    x_shape, filters_shape = array.shape_n([x, filters])
    attrs = _kept(op)
    return [
        apply("Conv2DBackpropInput", x_shape, filters, grad, **attrs),
        apply("Conv2DBackpropFilter", x, filters_shape, grad, **attrs),
    ]


def _conv3d_gradient(op: Operation, grad: Any) -> list[Any]:
    x, filters = op._inputs
    attrs = _kept(op)
    first = apply("Conv3DBackpropInputV2", array.shape(x), filters, grad, **attrs)
    second = apply("Conv3DBackpropFilterV2", x, array.shape(filters), grad, **attrs)
    return [first, second]


def _input_gradient_gradient(op: Operation, grad: Any) -> list[Any]:
    kind, attrs = op.type[:6], _kept(op)
    suffix = "V2" if kind == "Conv3D" else ""
    _, filters, backprop = op._inputs
    sizes = array.shape(filters)
    return [
        None,
        apply(f"{kind}BackpropFilter{suffix}", grad, sizes, backprop, **attrs),
        apply(kind, grad, filters, **attrs),
    ]


def _filter_gradient_gradient(op: Operation, grad: Any) -> list[Any]:
    kind, attrs = op.type[:6], _kept(op)
    suffix = "V2" if kind == "Conv3D" else ""
    x, _, backprop = op._inputs
    sizes = array.shape(x)
    return [
        apply(f"{kind}BackpropInput{suffix}", sizes, grad, backprop, **attrs),
        None,
        apply(kind, x, grad, **attrs),
    ]


for _kind, _suffix, _gradient in (
    ("Conv2D", "", _conv2d_gradient),
    ("Conv3D", "V2", _conv3d_gradient),
):
    define(_kind, shape=_conv_shape, build=_conv_kernel, gradient=_gradient)
    define(
        f"{_kind}BackpropInput{_suffix}",
        shape=_input_sizes_shape,
        build=_input_kernel,
        gradient=_input_gradient_gradient,
    )
    define(
        f"{_kind}BackpropFilter{_suffix}",
        shape=_filter_sizes_shape,
        build=_filter_kernel,
        gradient=_filter_gradient_gradient,
    )
