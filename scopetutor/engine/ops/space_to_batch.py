"""Between space and batch, and between space and depth.

After windows. Pixels are dealt out over the batch or the channels, and put back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import array, joining, ranks, rules
from .static import static_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


# -- space and batch ---------------------------------------------------------------


def _block_shape(op: Operation, *, to_batch: bool) -> list[Dims]:
    dims, count = op._inputs[0]._dims, rules.elements(op._inputs[1]._dims)
    if count is None:
        return [None]
    rules.at_least_rank(dims, count + 1)
    block = shape_inference.value(op, 1)
    borders = shape_inference.value(op, 2)
    if dims is None:
        return [None]
    space = dims[1 : count + 1]
    sizes: list[int | None] = [None] * count
    batch: int | None = None
    if block is not None:
        times = int(np.prod(block))
        if dims[0] is not None:
            batch = dims[0] * times if to_batch else _divided(dims[0], times)
        if borders is not None:
            for i, (size, step) in enumerate(zip(space, block.tolist(), strict=True)):
                if size is not None:
                    sizes[i] = _moved(size, step, borders[i].tolist(), to_batch)
    return [(batch, *sizes, *dims[count + 1 :])]


def _moved(size: int, step: int, border: Sequence[int], to_batch: bool) -> int:
    if to_batch:
        return _divided(size + sum(border), step)
    result = size * step - sum(border)
    if result < 0:
        raise ShapeError(
            "Negative dimension size caused by subtracting "
            f"{border[1]} from {size * step - border[0]}"
        )
    return result


def _divided(size: int, by: int) -> int:
    if size % by:
        raise ShapeError(
            f"Dimension size must be evenly divisible by {by} but is {size}"
        )
    return size // by


def _to_batch(x: Array, block: Array, paddings: Array) -> Array:
    steps = block.tolist()
    count = len(steps)
    pads = [(0, 0), *map(tuple, paddings.tolist()), *[(0, 0)] * (x.ndim - count - 1)]
    x = np.pad(x, pads)
    split: list[int] = [x.shape[0]]
    for size, step in zip(x.shape[1 : count + 1], steps, strict=True):
        if size % step:
            raise InvalidArgumentError(
                None,
                None,
                f"padded_shape[{(len(split) - 1) // 2}]={size} is not divisible by "
                f"block_shape[{(len(split) - 1) // 2}]={step}",
            )
        split += [size // step, step]
    rest = x.shape[count + 1 :]
    x = x.reshape(*split, *rest)
    inner = [2 * i + 2 for i in range(count)]
    outer = [2 * i + 1 for i in range(count)]
    last = range(2 * count + 1, x.ndim)
    x = x.transpose(*inner, 0, *outer, *last)
    return x.reshape(-1, *x.shape[count + 1 : 2 * count + 1], *rest)


def _to_space(x: Array, block: Array, crops: Array) -> Array:
    steps = block.tolist()
    count = len(steps)
    times = int(np.prod(steps))
    if x.shape[0] % times:
        raise InvalidArgumentError(
            None,
            None,
            f"Input batch dimension ({x.shape[0]}) is not divisible by product of "
            f"block sizes ({times})",
        )
    space, rest = x.shape[1 : count + 1], x.shape[count + 1 :]
    x = x.reshape(*steps, -1, *space, *rest)
    order = [count]
    for i in range(count):
        order += [count + 1 + i, i]
    x = x.transpose(*order, *range(2 * count + 1, x.ndim))
    whole = [size * step for size, step in zip(space, steps, strict=True)]
    x = x.reshape(x.shape[0], *whole, *rest)
    inside = tuple(
        slice(before, size - after)
        for size, (before, after) in zip(whole, crops.tolist(), strict=True)
    )
    return x[(slice(None), *inside)]


define(
    "SpaceToBatchND",
    shape=lambda op: _block_shape(op, to_batch=True),
    kernel=_to_batch,
    gradient=lambda op, grad: [
        apply("BatchToSpaceND", grad, op._inputs[1], op._inputs[2]), None, None,
    ],
)  # fmt: skip
define(
    "BatchToSpaceND",
    shape=lambda op: _block_shape(op, to_batch=False),
    kernel=_to_space,
    gradient=lambda op, grad: [
        apply("SpaceToBatchND", grad, op._inputs[1], op._inputs[2]), None, None,
    ],
)  # fmt: skip


def space_to_batch_nd(
    input: Any, block_shape: Any, paddings: Any, name: str | None = None
) -> Any:
    """Images dealt out over the batch, pixel by pixel of a block."""
    return apply("SpaceToBatchND", input, block_shape, paddings, name=name)


def batch_to_space_nd(
    input: Any, block_shape: Any, crops: Any, name: str | None = None
) -> Any:
    """Images that were dealt out over the batch put together again."""
    return apply("BatchToSpaceND", input, block_shape, crops, name=name)


def space_to_batch(
    input: Any,
    paddings: Any,
    block_size: Any = None,
    name: str | None = None,
    block_shape: Any = None,
) -> Any:
    """Images dealt out over the batch by square blocks."""
    size = deprecation.either("block_shape", block_shape, "block_size", block_size)
    block = np.array([size, size], dtype=np.int64)
    result = space_to_batch_nd(input, block, paddings, name=name)
    result.set_shape(result.shape.with_rank(4))
    return result


def batch_to_space(
    input: Any,
    crops: Any,
    block_size: Any,
    name: str | None = None,
    block_shape: Any = None,
) -> Any:
    """Images that were dealt out by square blocks put together again."""
    size = deprecation.either("block_shape", block_shape, "block_size", block_size)
    block = np.array([size, size], dtype=np.int64)
    result = batch_to_space_nd(input, block, crops, name=name)
    result.set_shape(result.shape.with_rank(4))
    return result


def required_space_to_batch_paddings(
    input_shape: Any,
    block_shape: Any,
    base_paddings: Any = None,
    name: str | None = None,
) -> tuple[Any, Any]:
    """What must be added so that sizes are multiples of a block, and cut afterwards."""
    with name_scope(
        name, "required_space_to_batch_paddings", [input_shape, block_shape]
    ):
        sizes = convert_to_tensor(input_shape, dtype=dtypes.int32, name="input_shape")
        block = convert_to_tensor(block_shape, dtype=dtypes.int32, name="block_shape")
        block.shape.assert_is_fully_defined()
        block.shape.assert_has_rank(1)
        count = block.shape[0].value
        if count == 0:
            nothing = array.zeros([0, 2], dtypes.int32)
            return nothing, array.zeros([0, 2], dtypes.int32)
        sizes.shape.assert_is_compatible_with([count])
        if base_paddings is not None:
            base = convert_to_tensor(
                base_paddings, dtype=dtypes.int32, name="base_paddings"
            )
            base.shape.assert_is_compatible_with([count, 2])
        else:
            base = array.zeros([count, 2], dtypes.int32)
        known = static_value(block), static_value(sizes), static_value(base)
        if all(value is not None for value in known):
            block, sizes, base = known
        start, end = base[:, 0], base[:, 1]
        whole = sizes + start + end
        extra = (block - whole % block) % block
        end = end + extra
        paddings = joining.stack(
            [[start[i], end[i]] for i in range(count)], name="paddings"
        )
        crops = joining.stack([[0, extra[i]] for i in range(count)], name="crops")
        return paddings, crops


# -- space and depth ---------------------------------------------------------------


def _depth_shape(op: Operation, *, to_depth: bool) -> list[Dims]:
    dims = rules.with_rank(op._inputs[0]._dims, 4)
    step, first = op._attrs["block_size"], op._attrs["data_format"] == "NCHW"
    batch, *rest = dims
    channels = rest[0] if first else rest[2]
    space = rest[1:] if first else rest[:2]
    if to_depth:
        sizes = [None if size is None else _divided(size, step) for size in space]
        depth = None if channels is None else channels * step * step
    else:
        sizes = [None if size is None else size * step for size in space]
        depth = None if channels is None else _divided(channels, step * step)
    return [(batch, depth, *sizes) if first else (batch, *sizes, depth)]


def _depth_kernel(op: Operation) -> Callable[[Array], Array]:
    step, first = op._attrs["block_size"], op._attrs["data_format"] == "NCHW"
    to_depth = op.type == "SpaceToDepth"

    def kernel(x: Array) -> Array:
        if x.ndim != 4:
            what = "be 4 instead of" if to_depth else "be: 4 instead of:"
            raise ranks.refusal(f"Input rank should {what} {x.ndim}")
        x = np.moveaxis(x, 1, -1) if first else x
        n, h, w, c = x.shape
        if to_depth:
            if h % step or w % step:
                raise ranks.refusal(
                    f"Image width {w} and height {h} should be divisible by "
                    f"block_size: {step}"
                )
            x = x.reshape(n, h // step, step, w // step, step, c)
            x = x.transpose(0, 1, 3, 2, 4, 5).reshape(n, h // step, w // step, -1)
        else:
            if c % (step * step):
                raise ranks.refusal(
                    f"Input depth dimension {c} should be divisible by: {step * step}"
                )
            x = x.reshape(n, h, w, step, step, c // (step * step))
            x = x.transpose(0, 1, 3, 2, 4, 5).reshape(n, h * step, w * step, -1)
        return np.moveaxis(x, -1, 1) if first else x

    return kernel


def _depth_gradient(op: Operation, grad: Any) -> Any:
    other = "DepthToSpace" if op.type == "SpaceToDepth" else "SpaceToDepth"
    names = ("block_size", "data_format")
    return apply(other, grad, **{name: op._attrs[name] for name in names})


for _type in ("SpaceToDepth", "DepthToSpace"):
    define(
        _type,
        shape=lambda op: _depth_shape(op, to_depth=op.type == "SpaceToDepth"),
        build=_depth_kernel,
        gradient=_depth_gradient,
    )


def space_to_depth(
    input: Any, block_size: int, name: str | None = None, data_format: str = "NHWC"
) -> Any:
    """Images whose square blocks of pixels became channels."""
    return apply(
        "SpaceToDepth", input, block_size=block_size, data_format=data_format, name=name
    )


def depth_to_space(
    input: Any, block_size: int, name: str | None = None, data_format: str = "NHWC"
) -> Any:
    """Images whose channels became square blocks of pixels."""
    return apply(
        "DepthToSpace", input, block_size=block_size, data_format=data_format, name=name
    )
