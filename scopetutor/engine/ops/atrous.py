"""Convolution and pooling with holes: `tf.nn.convolution`, `tf.nn.pool`.

After conv, pool and space_to_batch. TF 1.15: a dilated convolution is a plain one on
images whose pixels were dealt out over the batch (`SpaceToBatchND`), and put back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, dtypes, shapes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.surroundings import name_scope

from . import array, joining, reshaping
from .conv import channel_index, conv1d, conv2d, conv2d_transpose, spatial_sequence
from .pool import avg_pool, avg_pool3d, max_pool, max_pool3d
from .space_to_batch import (
    batch_to_space,
    batch_to_space_nd,
    required_space_to_batch_paddings,
    space_to_batch,
    space_to_batch_nd,
)
from .static import static_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


Array = np.ndarray[Any, Any]

# -- an operation with holes ---------------------------------------------------------


def with_space_to_batch(
    input: Any,
    dilation_rate: Any,
    padding: Any,
    op: Any,
    filter_shape: Any = None,
    spatial_dims: Any = None,
    data_format: str | None = None,
) -> Any:
    """Applies an operation to every n-th pixel, for each place to begin at.

    Args:
        input: images.
        dilation_rate: n, for each axis of space.
        padding: "SAME" or "VALID".
        op: (images, number of axes of space, padding) -> images.
        filter_shape: needed for SAME.
        spatial_dims: the axes of space.
        data_format: where the channels are.
    """
    input = convert_to_tensor(input, name="input")
    return _Holes(
        input.shape, dilation_rate, padding, filter_shape, spatial_dims, data_format
    ).apply(input, op)


class _Holes:
    """The plan of an operation with holes, checked before anything is built."""

    def __init__(
        self,
        input_shape: Any,
        dilation_rate: Any,
        padding: Any,
        filter_shape: Any,
        spatial_dims: Any,
        data_format: str | None,
    ) -> None:
        rate = convert_to_tensor(dilation_rate, dtypes.int32, name="dilation_rate")
        try:
            rate_shape = rate.shape.with_rank(1)
        except ValueError:
            raise ValueError("rate must be rank 1") from None
        if not rate.shape.is_fully_defined():
            raise ValueError("rate must have known shape")
        self.count = rate_shape[0].value
        self.axes = _checked_axes(spatial_dims, self.count, input_shape, data_format)
        self.input_shape, self.padding, self.rate = input_shape, padding, rate
        known = static_value(rate)
        if known is not None and np.any(known < 1):
            raise ValueError("dilation_rate must be positive")
        self.trivial = known is not None and bool(np.all(known == 1))
        if not self.trivial:
            self.base = self._base(filter_shape, rate if known is None else known)

    def _base(self, filter_shape: Any, rate: Any) -> Any:
        """What SAME adds around the images for the filter with its holes."""
        if self.padding == "VALID":
            return np.zeros([self.count, 2], np.int32)
        if self.padding != "SAME":
            raise ValueError(f"Invalid padding method {self.padding!r}")
        if filter_shape is None:
            raise ValueError("filter_shape must be specified for SAME padding")
        sizes = convert_to_tensor(filter_shape, name="filter_shape")
        known = static_value(sizes)
        sizes = (sizes if known is None else known)[: self.count]
        extra = sizes + (sizes - 1) * (rate - 1) - 1
        start = extra // 2
        end = extra - start
        return joining.stack([[start[i], end[i]] for i in range(self.count)])

    def apply(self, images: Any, op: Callable[..., Any]) -> Any:
        """Builds the operation between SpaceToBatchND and BatchToSpaceND."""
        if self.trivial:
            return op(images, self.count, self.padding)
        sizes: Any = None
        if self.input_shape.ndims is not None:
            known = self.input_shape.as_list()
            sizes = [known[axis] for axis in self.axes]
        if sizes is None or None in sizes:
            found = array.shape(images)
            sizes = joining.stack([found[axis] for axis in self.axes])
        paddings, crops = required_space_to_batch_paddings(
            input_shape=sizes, base_paddings=self.base, block_shape=self.rate
        )
        rate = _adjusted(self.rate, 1, self.axes)
        paddings = _adjusted(paddings, 0, self.axes)
        crops = _adjusted(crops, 0, self.axes)
        dealt = space_to_batch_nd(images, rate, paddings)
        return batch_to_space_nd(op(dealt, self.count, "VALID"), rate, crops)


def _checked_axes(
    spatial_dims: Any, count: int, input_shape: Any, data_format: str | None
) -> list[int]:
    first = data_format is not None and data_format.startswith("NC")
    start = 2 if first else 1
    given = list(range(start, count + start) if spatial_dims is None else spatial_dims)
    axes = sorted({int(axis) for axis in given})
    if axes != given or any(axis < 1 for axis in axes):
        raise ValueError(
            "spatial_dims must be a montonically increasing sequence of positive "
            "integers"
        )
    rank = axes[-1] if first else axes[-1] + 1
    try:
        input_shape.with_rank_at_least(rank)
    except ValueError:
        raise ValueError(f"input tensor must have rank {rank} at least") from None
    return axes


def _adjusted(given: Any, fill: int, axes: Sequence[int]) -> Any:
    """Values for some axes of space, with what does nothing for those between."""
    inner = given.shape.as_list()[1:]
    kind = given.dtype.as_numpy_dtype
    known = static_value(given)
    values = given if known is None else known
    parts: list[Any] = []
    before, i = 0, 0
    while i < len(axes):
        start = i
        if axes[i] > 1:
            parts.append(np.full([axes[i] - 1 - before, *inner], fill, dtype=kind))
        while i + 1 < len(axes) and axes[i + 1] == axes[i] + 1:
            i += 1
        parts.append(values[start : i + 1])
        before = axes[i]
        i += 1
    return np.concatenate(parts) if known is not None else joining.concat(parts, 0)


def _checked_steps(count: int, strides: Any, rate: Any) -> tuple[Array, Array]:
    """Strides and dilations as arrays; ValueError if they do not go together."""
    if rate is None:
        rate = [1] * count
    elif len(rate) != count:
        raise ValueError(f"len(dilation_rate)={len(rate)} but should be {count}")
    rate = np.array(rate, dtype=np.int32)
    if np.any(rate < 1):
        raise ValueError("all values of dilation_rate must be positive")
    if strides is None:
        strides = [1] * count
    elif len(strides) != count:
        raise ValueError(f"len(strides)={len(strides)} but should be {count}")
    strides = np.array(strides, dtype=np.int32)
    if np.any(strides < 1):
        raise ValueError("all values of strides must be positive")
    if np.any(strides > 1) and np.any(rate > 1):
        raise ValueError(
            "strides > 1 not supported in conjunction with dilation_rate > 1"
        )
    return strides, rate


# -- convolution -------------------------------------------------------------------


def convolution(
    input: Any,
    filter: Any,
    padding: Any,
    strides: Any = None,
    dilation_rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    filters: Any = None,
    dilations: Any = None,
) -> Any:
    """Convolution in one, two or three dimensions, with strides or with holes.

    Args:
        input: [batch, *space, channels].
        filter: [*window, in channels, out channels].
        padding: "SAME" or "VALID".
        strides: a number for each axis of space.
        dilation_rate: as strides.
        name: of the name scope.
        data_format: where the channels are: it starts with "NC", or they are last.
        filters: another name for filter.
        dilations: another name for dilation_rate.

    Raises:
        ValueError: the ranks do not fit, or both strides and dilations exceed 1.
    """
    weights = deprecation.either("filters", filters, "filter", filter)
    rate = deprecation.either("dilations", dilations, "dilation_rate", dilation_rate)
    count = _space_count(input, weights)
    channel = channel_index(data_format or "", count)
    strides = spatial_sequence(strides, count, channel, "strides")
    rate = spatial_sequence(rate, count, channel, "dilations")
    with name_scope(name, "convolution", [input, weights]) as scope:
        if all(step == 1 for step in rate):
            return _plain(
                input, weights, strides, padding, data_format, rate, count, scope
            )
        inner = slice(2, None) if channel == 1 else slice(1, -1)
        return Convolution(
            shapes.as_shape(input.shape),
            shapes.as_shape(weights.shape),
            padding,
            strides=strides[inner],
            dilation_rate=rate[inner],
            name=scope,
            data_format=data_format,
        )(input, weights)


def _space_count(images: Any, weights: Any) -> int:
    for value in (images, weights):
        shape = shapes.as_shape(value.shape)
        if shape.ndims is not None:
            count: int = shape.ndims - 2
            if not 1 <= count <= 3:
                raise ValueError(
                    f"Input tensor must be of rank 3, 4 or 5 but was {count + 2}."
                )
            return count
    raise ValueError("rank of input or filter must be known")


def _plain(
    images: Any,
    weights: Any,
    strides: Any,
    padding: Any,
    data_format: str | None,
    rate: Any,
    count: int,
    name: str,
) -> Any:
    if count == 1:
        return conv1d(
            images,
            weights,
            strides,
            padding=padding,
            data_format=data_format,
            dilations=rate,
            name=name,
        )
    return apply(
        f"Conv{count}D",
        images,
        weights,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=rate,
        name=name,
    )


class Convolution:
    """A convolution with its shapes checked, to be applied to images and filters."""

    def __init__(
        self,
        input_shape: Any,
        filter_shape: Any,
        padding: Any,
        strides: Any = None,
        dilation_rate: Any = None,
        name: str | None = None,
        data_format: str | None = None,
    ) -> None:
        rank = filter_shape.ndims
        rank = input_shape.ndims if rank is None else rank
        if rank is None:
            raise ValueError("rank of input or filter must be known")
        count = rank - 2
        for shape, what in ((input_shape, "input"), (filter_shape, "filter")):
            try:
                shape.with_rank(rank)
            except ValueError:
                raise ValueError(f"{what} tensor must have rank {rank}") from None
        first = data_format is not None and data_format.startswith("NC")
        channels = shapes.dimension_at_index(input_shape, 1 if first else count + 1)
        start = 2 if first else 1
        if not channels.is_compatible_with(filter_shape[count]):
            raise ValueError(
                "number of input channels does not match corresponding dimension of "
                f"filter, {channels} != {filter_shape[count]}"
            )
        self._strides, rate = _checked_steps(count, strides, dilation_rate)
        self._count, self._name, self._format = count, name, data_format
        self._holes = _Holes(
            input_shape,
            rate,
            padding,
            filter_shape,
            range(start, count + start),
            data_format,
        )

    def __call__(self, inp: Any, filter: Any) -> Any:
        """Convolves images with filters."""
        return self._holes.apply(
            inp, lambda images, _, padding: self._convolve(images, filter, padding)
        )

    def _convolve(self, images: Any, weights: Any, padding: Any) -> Any:
        strides: Any = list(self._strides)
        first = self._format is not None and self._format.startswith("NC")
        named = {"padding": padding, "name": self._name}
        if self._count == 1:
            form = self._format or "NWC"
            return conv1d(images, weights, strides[0], data_format=form, **named)
        strides = [1, 1, *strides] if first else [1, *strides, 1]
        if self._count == 2:
            form = self._format or "NHWC"
            return conv2d(images, weights, strides, data_format=form, **named)
        return apply(
            "Conv3D",
            images,
            weights,
            strides=strides,
            data_format=self._format,
            **named,
        )


def atrous_conv2d(
    value: Any, filters: Any, rate: Any, padding: Any, name: str | None = None
) -> Any:
    """Images convolved with filters that have holes."""
    return convolution(
        input=value,
        filter=filters,
        padding=padding,
        dilation_rate=np.broadcast_to(rate, (2,)),
        name=name,
    )


def atrous_conv2d_transpose(
    value: Any,
    filters: Any,
    output_shape: Any,
    rate: int,
    padding: Any,
    name: str | None = None,
) -> Any:
    """The transpose of atrous_conv2d."""
    with name_scope(name, "atrous_conv2d_transpose", [value, filters, output_shape]):
        value = convert_to_tensor(value, name="value")
        filters = convert_to_tensor(filters, name="filters")
        if not value.shape[3].is_compatible_with(filters.shape[3]):
            raise ValueError(
                "value's input channels does not match filters' input channels, "
                f"{value.shape[3]} != {filters.shape[3]}"
            )
        if rate < 1:
            raise ValueError(f"rate {rate} cannot be less than one")
        if rate == 1:
            return conv2d_transpose(
                value,
                filters,
                output_shape,
                strides=[1, 1, 1, 1],
                padding=padding,
                data_format="NHWC",
            )
        _check_transposed(output_shape, filters)
        pads = _transposed_pads(filters, rate, padding)
        (top, bottom), (left, right) = pads
        height = output_shape[1] + top + bottom
        width = output_shape[2] + left + right
        extra_h = (rate - height % rate) % rate
        extra_w = (rate - width % rate) % rate
        value = space_to_batch(
            input=value, paddings=[[0, extra_h], [0, extra_w]], block_size=rate
        )
        sizes = [
            rate * rate * output_shape[0],
            (height + extra_h) // rate,
            (width + extra_w) // rate,
            output_shape[3],
        ]
        value = apply(
            "Conv2DBackpropInput",
            sizes,
            filters,
            value,
            strides=[1, 1, 1, 1],
            padding="VALID",
            data_format="NHWC",
        )
        crops = [[top, bottom + extra_h], [left, right + extra_w]]
        return batch_to_space(input=value, crops=crops, block_size=rate)


def _check_transposed(output_shape: Any, filters: Any) -> None:
    sizes = convert_to_tensor(output_shape, name="output_shape")
    if not sizes.shape.is_compatible_with([4]):
        raise ValueError(f"output_shape must have shape (4,), got {sizes.shape}")
    if not isinstance(output_shape, (list, tuple, np.ndarray)):
        return
    if not filters.shape[2].is_compatible_with(output_shape[3]):
        raise ValueError(
            "output_shape does not match filter's output channels, "
            f"{output_shape[3]} != {filters.shape[2]}"
        )


def _transposed_pads(filters: Any, rate: int, padding: Any) -> list[tuple[Any, Any]]:
    if padding == "VALID":
        return [(0, 0), (0, 0)]
    if padding != "SAME":
        raise ValueError(f"padding must be either VALID or SAME: {padding}")
    known = filters.shape.is_fully_defined()
    sizes = filters.shape.as_list() if known else array.shape(filters)
    reach = [size + (size - 1) * (rate - 1) for size in (sizes[0], sizes[1])]
    totals = [size - 1 for size in reach]
    before = [total // 2 for total in totals]
    return [(b, total - b) for b, total in zip(before, totals, strict=True)]


# -- pooling -----------------------------------------------------------------------


def _check_pooling(window_shape: Any, padding: Any, steps: Any, rate: Any) -> None:
    if padding == "SAME" and np.any(rate > 1):
        raise ValueError(
            "pooling with SAME padding is not implemented for dilation_rate > 1"
        )
    if np.any(steps > window_shape):
        raise ValueError(
            "strides > window_shape not supported due to inconsistency between CPU "
            "and GPU implementations"
        )


def _flat_format(data_format: str | None) -> str:
    """The format of pictures of one row, for that of a row."""
    forms = {None: "NHWC", "NWC": "NHWC", "NCW": "NCHW"}
    if data_format not in forms:
        raise ValueError('data_format must be either "NWC" or "NCW".')
    return forms[data_format]


def pool(
    input: Any,
    window_shape: Any,
    pooling_type: str,
    padding: Any,
    dilation_rate: Any = None,
    strides: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Any:
    """Pooling in one, two or three dimensions, with strides or with holes.

    Args:
        input: [batch, *space, channels].
        window_shape: a number for each axis of space.
        pooling_type: "MAX" or "AVG".
        padding: "SAME" or "VALID".
        dilation_rate: a number for each axis of space.
        strides: a number for each axis of space.
        name: of the operation.
        data_format: where the channels are.
        dilations: another name for dilation_rate.

    Raises:
        ValueError: the arguments do not go together.
    """
    rate = deprecation.either("dilations", dilations, "dilation_rate", dilation_rate)
    with name_scope(name, f"{pooling_type.lower()}_pool", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        count = len(window_shape)
        if not 1 <= count <= 3:
            raise ValueError("It is required that 1 <= num_spatial_dims <= 3.")
        input.shape.with_rank(count + 2)
        steps, rate = _checked_steps(count, strides, rate)
        _check_pooling(window_shape, padding, steps, rate)
        function = {
            "MAX": (max_pool, max_pool, max_pool3d),
            "AVG": (avg_pool, avg_pool, avg_pool3d),
        }.get(pooling_type)
        if function is None:
            raise ValueError(f"{count}-D {pooling_type} pooling is not supported.")
        first = data_format is not None and data_format.startswith("NC")
        axes = range(2, count + 2) if first else range(1, count + 1)
        ends: tuple[list[int], list[int]] = ([1, 1], []) if first else ([1], [1])
        window = [*ends[0], *window_shape, *ends[1]]
        steps_all = [*ends[0], *steps, *ends[1]]
        form = data_format
        if count == 1:
            form = _flat_format(data_format)
            window, steps_all = [1, *window], [1, *steps_all]

        def pooled(images: Any, _: Any, padding: Any) -> Any:
            if count == 1:
                images = reshaping.expand_dims(images, axes[0])
            result = function[count - 1](
                images, window, steps_all, padding, name=scope, data_format=form
            )
            return reshaping.squeeze(result, [axes[0]]) if count == 1 else result

        return with_space_to_batch(
            input=input,
            dilation_rate=rate,
            padding=padding,
            op=pooled,
            spatial_dims=axes,
            filter_shape=window_shape,
        )
