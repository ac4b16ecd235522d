"""Pooling: the largest or the mean element of each window.

After windows. All windows are looked at together, one place of the window after the
other. TF 1.15: of several largest elements the first one gets the gradient; a mean does
not count what was added around the images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import UnimplementedError
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope

from . import array, reshaping, rules, windows
from .conv import channel_index, spatial_sequence
from .windows import Geometry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


# -- shapes and places -------------------------------------------------------------


def _pool_shape(op: Operation) -> list[Dims]:
    geometry = Geometry(op._attrs)
    dims = rules.with_rank(op._inputs[0]._dims, len(geometry.strides) + 2)
    window = geometry.space(op._attrs["ksize"])
    space = geometry.output_space(geometry.space(dims), window)
    shape = geometry.shape(dims[0], space, geometry.channels(dims))
    return [shape] * len(op._outputs)


class _Windows:
    """Images with a border, and the elements at each place of their windows."""

    def __init__(self, op: Operation) -> None:
        self.geometry = Geometry(op._attrs)
        self.window = self.geometry.space(op._attrs["ksize"])
        apart = op._attrs["ksize"][0], self.geometry.channels(op._attrs["ksize"])
        if apart != (1, 1):
            raise UnimplementedError(
                None,
                op,
                "scopetutor pools along the axes of space only, not over batches or "
                "channels",
            )

    def pads(self, sizes: Any) -> list[tuple[int, int]]:
        """What is added around images."""
        return self.geometry.pads(sizes, self.window)

    def space(self, sizes: Any) -> list[int]:
        """How many windows there are in images."""
        return self.geometry.output_space(sizes, self.window)

    def places(self, space: Any) -> Iterator[tuple[slice, ...]]:
        """For each place of the window, which elements of the padded images it is."""
        for place in np.ndindex(*self.window):
            yield windows.touched(
                place, space, self.geometry.strides, (1,) * len(self.window)
            )

    def counts(self, sizes: Any) -> Array:
        """How many elements of the images are in each window: [*space, 1]."""
        inside = windows.padded(np.ones((1, *sizes, 1), np.float32), self.pads(sizes))
        space = self.space(sizes)
        total = np.zeros((*space, 1), np.float32)
        for place in self.places(space):
            total += inside[place][0]
        return total


def _lowest(dtype: Any) -> Any:
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


# -- the largest -------------------------------------------------------------------


def _max_kernel(op: Operation) -> Callable[[Array], Array]:
    over = _Windows(op)

    def kernel(x: Array) -> Array:
        x = over.geometry.to_last(x)
        return over.geometry.from_last(_largest(over, x))

    return kernel


def _largest(over: _Windows, x: Array) -> Array:
    sizes = x.shape[1:-1]
    bordered = windows.padded(x, over.pads(sizes), _lowest(x.dtype))
    places = over.places(over.space(sizes))
    result = bordered[next(places)]
    first = next(places, None)
    if first is None:
        return result.copy()
    result = np.maximum(result, bordered[first])
    for place in places:
        np.maximum(result, bordered[place], out=result)
    return result


def _max_grad_kernel(op: Operation) -> Callable[[Array, Array, Array], Array]:
    over = _Windows(op)

    def kernel(x: Array, y: Array, grad: Array) -> Array:
        x, y, grad = (over.geometry.to_last(each) for each in (x, y, grad))
        sizes = x.shape[1:-1]
        pads = over.pads(sizes)
        bordered = windows.padded(x, pads, _lowest(x.dtype))
        result = np.zeros(bordered.shape, x.dtype)
        open_ = np.ones(y.shape, bool)  # windows whose largest was not met yet
        for place in over.places(y.shape[1:-1]):
            here = bordered[place] == y
            here &= open_
            open_ ^= here
            result[place] += here * grad
        return over.geometry.from_last(windows.without_pads(result, pads))

    return kernel


def _max_grad_grad_kernel(op: Operation) -> Callable[[Array, Array, Array], Array]:
    over = _Windows(op)

    def kernel(x: Array, y: Array, grad: Array) -> Array:
        x, y, grad = (over.geometry.to_last(each) for each in (x, y, grad))
        pads = over.pads(x.shape[1:-1])
        bordered = windows.padded(x, pads, _lowest(x.dtype))
        grad = windows.padded(grad, pads)
        result = np.zeros(y.shape, x.dtype)
        open_ = np.ones(y.shape, bool)
        for place in over.places(y.shape[1:-1]):
            here = (bordered[place] == y) & open_
            open_ &= ~here
            result += here * grad[place]
        return over.geometry.from_last(result)

    return kernel


def _attributes(op: Operation) -> dict[str, Any]:
    names = ("ksize", "strides", "padding", "data_format")
    return {name: op._attrs[name] for name in names}


def _max_gradient(op: Operation, grad: Any) -> Any:
    return apply(
        f"{op.type}Grad", op._inputs[0], op._outputs[0], grad, **_attributes(op)
    )


def _max_grad_gradient(op: Operation, grad: Any) -> tuple[Any, Any, Any]:
    """The gradient of MaxPoolGrad, and of the gradient of that."""
    x, y = op._inputs[:2]
    kind = op.type.partition("Grad")[0]
    other = f"{kind}Grad" if op.type.endswith("GradGrad") else f"{kind}GradGrad"
    return (
        array.zeros(array.shape(x), dtype=x.dtype),
        array.zeros(array.shape(y), dtype=y.dtype),
        apply(other, x, y, grad, **_attributes(op)),
    )


# -- the mean ----------------------------------------------------------------------


def _avg_kernel(op: Operation) -> Callable[[Array], Array]:
    over = _Windows(op)

    def kernel(x: Array) -> Array:
        x = over.geometry.to_last(x)
        sizes = x.shape[1:-1]
        bordered = windows.padded(x, over.pads(sizes))
        places = over.places(over.space(sizes))
        total = bordered[next(places)].copy()
        for place in places:
            total += bordered[place]
        total /= over.counts(sizes).astype(x.dtype)
        return over.geometry.from_last(total)

    return kernel


def _avg_grad_kernel(op: Operation) -> Callable[[Array, Array], Array]:
    over = _Windows(op)

    def kernel(shape: Array, grad: Array) -> Array:
        sizes = over.geometry.space(shape.tolist())
        grad = over.geometry.to_last(grad)
        grad = grad / over.counts(sizes).astype(grad.dtype)
        pads = over.pads(sizes)
        whole = [size + sum(pad) for size, pad in zip(sizes, pads, strict=True)]
        result = np.zeros((len(grad), *whole, grad.shape[-1]), grad.dtype)
        for place in over.places(grad.shape[1:-1]):
            result[place] += grad
        return over.geometry.from_last(windows.without_pads(result, pads))

    return kernel


def _avg_gradient(op: Operation, grad: Any) -> Any:
    sizes = array.shape(op._inputs[0])
    return apply(f"{op.type}Grad", sizes, grad, **_attributes(op))


def _avg_grad_gradient(op: Operation, grad: Any) -> tuple[Any, Any]:
    sizes = array.stop_gradient(op._inputs[0])
    return sizes, apply(op.type.removesuffix("Grad"), grad, **_attributes(op))


def _sizes_shape(op: Operation) -> list[Dims]:
    rank = len(op._attrs["data_format"])
    return [rules.with_rank(shape_inference.sizes(op, 0), rank)]


for _suffix in ("", "3D"):
    define(
        f"MaxPool{_suffix}",
        shape=_pool_shape,
        build=_max_kernel,
        gradient=_max_gradient,
    )
    define(
        f"MaxPool{_suffix}Grad",
        shape=rules.unchanged,
        build=_max_grad_kernel,
        gradient=_max_grad_gradient,
    )
    define(
        f"MaxPool{_suffix}GradGrad",
        shape=rules.same_as(1),
        build=_max_grad_grad_kernel,
        gradient=_max_grad_gradient,
    )
    define(
        f"AvgPool{_suffix}",
        shape=_pool_shape,
        build=_avg_kernel,
        gradient=_avg_gradient,
    )
    define(
        f"AvgPool{_suffix}Grad",
        shape=_sizes_shape,
        build=_avg_grad_kernel,
        gradient=_avg_grad_gradient,
    )


# -- the largest and where it is -------------------------------------------------------


def _argmax_kernel(op: Operation) -> Callable[[Array], tuple[Array, Array]]:
    over, kind = _Windows(op), op._attrs["Targmax"].as_numpy_dtype
    with_batch = op._attrs["include_batch_in_index"]

    def kernel(x: Array) -> tuple[Array, Array]:
        sizes = x.shape[1:-1]
        places_of = np.arange(x.size, dtype=kind).reshape(x.shape)
        if not with_batch:
            places_of %= max(x[0].size, 1) if len(x) else 1
        pads = over.pads(sizes)
        bordered = windows.padded(x, pads, _lowest(x.dtype))
        numbers = windows.padded(places_of, pads)
        first, *others = over.places(over.space(sizes))
        best, where = bordered[first].copy(), numbers[first].copy()
        for place in others:
            better = bordered[place] > best
            np.copyto(best, bordered[place], where=better)
            np.copyto(where, numbers[place], where=better)
        return best, where

    return kernel


def _argmax_grad_kernel(op: Operation) -> Callable[[Array, Array, Array], Array]:
    with_batch = op._attrs["include_batch_in_index"]

    def kernel(x: Array, grad: Array, argmax: Array) -> Array:
        result = np.zeros(x.size, x.dtype)
        places = argmax.reshape(-1)
        if not with_batch and len(x):
            each = np.repeat(np.arange(len(x)), argmax[0].size)
            places = places + each * x[0].size
        np.add.at(result, places, grad.reshape(-1))
        return result.reshape(x.shape)

    return kernel


def _argmax_gradient(op: Operation, grad: Any, _argmax: Any) -> Any:
    names = ("ksize", "strides", "padding", "include_batch_in_index")
    return apply(
        "MaxPoolGradWithArgmax",
        op._inputs[0],
        grad,
        op._outputs[1],
        **{name: op._attrs[name] for name in names},
    )


define(
    "MaxPoolWithArgmax",
    shape=_pool_shape,
    build=_argmax_kernel,
    gradient=_argmax_gradient,
)
define("MaxPoolGradWithArgmax", shape=rules.unchanged, build=_argmax_grad_kernel)


# -- the functions of tf -----------------------------------------------------------


def _pool2d(
    op_type: str,
    value: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None,
    name: str,
) -> Any:
    data_format = data_format or "NHWC"
    channel = channel_index(data_format, 2)
    ksize = spatial_sequence(ksize, 2, channel, "ksize")
    strides = spatial_sequence(strides, 2, channel, "strides")
    if op_type == "MaxPool" and any(size == 0 for size in ksize):
        raise ValueError("ksize cannot be zero.")
    return apply(
        op_type,
        value,
        ksize=ksize,
        strides=strides,
        padding=padding,
        data_format=data_format,
        name=name,
    )


def max_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Any:
    """The largest element of each window of images.

    Args:
        value: [batch, height, width, channels].
        ksize: the size of a window: one number, two, or four.
        strides: as ksize.
        padding: "SAME" or "VALID".
        data_format: "NHWC" or "NCHW".
        name: of the operation.
        input: another name for value.
    """
    value = deprecation.either("input", input, "value", value)
    with name_scope(name, "MaxPool", [value]) as scope:
        return _pool2d("MaxPool", value, ksize, strides, padding, data_format, scope)


def avg_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Any:
    """The mean of each window of images; see max_pool."""
    with name_scope(name, "AvgPool", [value]) as scope:
        value = deprecation.either("input", input, "value", value)
        return _pool2d("AvgPool", value, ksize, strides, padding, data_format, scope)


def max_pool2d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    name: str | None = None,
) -> Any:
    """The largest element of each window of images; see max_pool."""
    with name_scope(name, "MaxPool2d", [input]) as scope:
        return _pool2d("MaxPool", input, ksize, strides, padding, data_format, scope)


def _pool1d(op_type: str, default: str, does: str) -> Any:
    def pool(
        input: Any,
        ksize: Any,
        strides: Any,
        padding: Any,
        data_format: str | None = "NWC",
        name: str | None = None,
    ) -> Any:
        with name_scope(name, default, [input]) as scope:
            data_format = data_format or "NWC"
            channel = channel_index(data_format, 1)
            place, wide = (1, "NHWC") if data_format == "NWC" else (2, "NCHW")
            result = apply(
                op_type,
                reshaping.expand_dims(input, place),
                ksize=[1, *spatial_sequence(ksize, 1, channel, "ksize")],
                strides=[1, *spatial_sequence(strides, 1, channel, "strides")],
                padding=padding,
                data_format=wide,
                name=scope,
            )
            return reshaping.squeeze(result, place)

    pool.__doc__ = does
    return pool


max_pool1d = _pool1d(
    "MaxPool", "MaxPool1d", "The largest element of each window of sequences."
)
avg_pool1d = _pool1d("AvgPool", "AvgPool1D", "The mean of each window of sequences.")


def _pool3d(op_type: str, default: str, channel_last: int, does: str) -> Any:
    def pool(
        input: Any,
        ksize: Any,
        strides: Any,
        padding: Any,
        data_format: str | None = "NDHWC",
        name: str | None = None,
    ) -> Any:
        with name_scope(name, default, [input]) as scope:
            data_format = data_format or "NDHWC"
            channel = 1 if data_format.startswith("NC") else channel_last
            return apply(
                op_type,
                input,
                ksize=spatial_sequence(ksize, 3, channel, "ksize"),
                strides=spatial_sequence(strides, 3, channel, "strides"),
                padding=padding,
                data_format=data_format,
                name=scope,
            )

    pool.__doc__ = does
    return pool


max_pool3d = _pool3d(
    "MaxPool3D", "MaxPool3D", 4, "The largest element of each window of volumes."
)
avg_pool3d = _pool3d("AvgPool3D", "AvgPool3D", 3, "The mean of each window of volumes.")


def _pool_of_any_rank(op_type: str, one: Any, does: str) -> Any:
    def pool(
        input: Any,
        ksize: Any,
        strides: Any,
        padding: Any,
        data_format: str | None = None,
        name: str | None = None,
    ) -> Any:
        if input.shape is not None:
            count = len(input.shape) - 2
        elif data_format is not None:
            count = len(data_format) - 2
        else:
            raise ValueError(
                "The input must have a rank or a data format must be given."
            )
        if not 1 <= count <= 3:
            raise ValueError(
                f"Input tensor must be of rank 3, 4 or 5 but was {count + 2}."
            )
        channel = channel_index(data_format or "NHWC", count)
        ksize = spatial_sequence(ksize, count, channel, "ksize")
        strides = spatial_sequence(strides, count, channel, "strides")
        if count == 1:
            return one(input, ksize, strides, padding, data_format, name)
        return apply(
            op_type if count == 2 else f"{op_type}3D",
            input,
            ksize=ksize,
            strides=strides,
            padding=padding,
            data_format=data_format,
            name=name,
        )

    pool.__doc__ = does
    return pool


max_pool_v2 = _pool_of_any_rank(
    "MaxPool", max_pool1d, "The largest element of each window, in any rank."
)
avg_pool_v2 = _pool_of_any_rank(
    "AvgPool", avg_pool1d, "The mean of each window, in any rank."
)


def max_pool_with_argmax(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str = "NHWC",
    Targmax: Any = None,
    name: str | None = None,
    output_dtype: Any = None,
    include_batch_in_index: bool = False,
) -> Any:
    """The largest element of each window, and its index in the flattened image."""
    if data_format != "NHWC":
        raise ValueError("Data formats other than 'NHWC' are not yet supported")
    kind = deprecation.either("output_dtype", output_dtype, "Targmax", Targmax)
    return apply(
        "MaxPoolWithArgmax",
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        Targmax=dtypes.int64 if kind is None else kind,
        include_batch_in_index=include_batch_in_index,
        name=name,
    )


name_functions(globals(), max_pool_with_argmax="max_pool_with_argmax_v1")
