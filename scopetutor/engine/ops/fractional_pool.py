"""`tf.nn.fractional_max_pool` and `fractional_avg_pool`: windows of random sizes.

After random. The windows along an axis are as many as a fraction says, and as large as
is drawn: of a few sizes in random order, or spread evenly from a random beginning.
"""

from __future__ import annotations

from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, random, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError, UnimplementedError
from scopetutor.engine.registry import ShapeError, define

from . import rules
from .random import generator_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims
    from scopetutor.engine.state import State

Array = np.ndarray[Any, Any]
_OLD = "`seed2` and `deterministic` args are deprecated.  Use {}_v2."


def _function(name_: str, op_type: str, does: str) -> Callable[..., Any]:
    def pool(
        value: Any,
        pooling_ratio: Any,
        pseudo_random: bool = False,
        overlapping: bool = False,
        deterministic: bool = False,
        seed: int = 0,
        seed2: int = 0,
        name: str | None = None,
    ) -> Any:
        return apply(
            op_type,
            value,
            pooling_ratio=pooling_ratio,
            pseudo_random=pseudo_random,
            overlapping=overlapping,
            deterministic=deterministic,
            seed=seed,
            seed2=seed2,
            name=name,
        )

    pool.__name__ = pool.__qualname__ = name_
    pool.__doc__ = f"""{does} of each window of images; the windows' sizes are random.

    Args:
        value: [batch, height, width, channels].
        pooling_ratio: by how much each axis becomes smaller: four numbers, of which the
            first and the last are 1.
        pseudo_random: whether the windows are spread evenly.
        overlapping: whether neighbours share a row and a column.
        deterministic: whether each run has the same windows.
        seed: of the random numbers.
        seed2: another one.
        name: of the operation.

    Returns:
        The pooled images, and where the windows begin in height and width.
    """
    return deprecation.deprecated(name_, "nn_ops", _OLD.format(name_))(pool)


fractional_max_pool = _function(
    "fractional_max_pool", "FractionalMaxPool", "The largest element"
)
fractional_avg_pool = _function("fractional_avg_pool", "FractionalAvgPool", "The mean")


# -- where the windows are -------------------------------------------------------------


def _evenly(size: int, count: int, generator: random.Generator) -> list[int]:
    """The sizes of windows that are spread from a random beginning."""
    share, least = size / count, size // count
    most = min((least + 2) / share - 1, (size + 1 - least) / share - (count - 1))
    words, _ = random.blocks([generator.reserve(4, 1)], 4)
    drawn = random.uniform_of(words, np.dtype(np.float64))[0] * most
    ends = [1, *(ceil(share * (i + drawn)) for i in range(1, count)), size + 1]
    found: list[int] = np.diff(ends).tolist()
    return found


def _shuffled(size: int, count: int, generator: random.Generator) -> list[int]:
    """The sizes of windows, of two kinds, in random order."""
    least, more = divmod(size, count)
    sizes = [least + 1] * more + [least] * (count - more)
    for i, word in enumerate(generator.words(count)[:-1]):
        other = i + word % (count - i)
        sizes[i], sizes[other] = sizes[other], sizes[i]
    return sizes


class _Places:
    """Where the windows of one operation are, in one session."""

    def __init__(self, op: Operation, state: State) -> None:
        attrs = op._attrs
        self._ratio = attrs["pooling_ratio"]
        if len(self._ratio) != 4:
            raise InvalidArgumentError(
                None, None, "pooling_ratio field must specify 4 dimensions"
            )
        if self._ratio[0] != 1 and self._ratio[3] != 1:
            kind = "max" if op.type == "FractionalMaxPool" else "average"
            raise UnimplementedError(
                None,
                None,
                f"Fractional {kind} pooling is not yet supported on the batch nor "
                "channel dimension.",
            )
        self._keeps = attrs["deterministic"]
        if not self._keeps and (attrs["seed"] or attrs["seed2"]):
            raise InvalidArgumentError(
                None,
                None,
                "Both seed and seed2 should be 0 if deterministic is false.",
            )
        self._sizes = _evenly if attrs["pseudo_random"] else _shuffled
        self._generator = generator_of(op, state)
        self._always: tuple[Array, Array] | None = None

    def __call__(self, images: Array) -> tuple[Array, Array]:
        """Where windows begin in height and width, and where the last ones end."""
        if self._always is not None:
            return self._always
        found = []
        for axis in (1, 2):
            size = images.shape[axis]
            sizes = self._sizes(size, floor(size / self._ratio[axis]), self._generator)
            found.append(np.cumsum([0, *sizes], dtype=np.int64))
        if self._keeps:
            self._always = found[0], found[1]
        return found[0], found[1]


def _windows(
    rows: Array, columns: Array, overlapping: bool
) -> Iterator[tuple[int, int, tuple[slice, slice, slice]]]:
    """Each window's place among the windows, and in the images."""
    for i, (top, bottom) in enumerate(pairwise(rows.tolist())):
        for j, (left, right) in enumerate(pairwise(columns.tolist())):
            space = slice(top, bottom + overlapping), slice(left, right + overlapping)
            yield i, j, (slice(None), *space)


# -- the operations --------------------------------------------------------------------


def _shape(op: Operation) -> list[Dims]:
    dims = rules.with_rank(op._inputs[0]._dims, 4)
    ratio = op._attrs["pooling_ratio"]
    if len(ratio) != 4:
        raise ShapeError("pooling_ratio field must specify 4 dimensions")
    sizes = [
        None if size is None else floor(size / share)
        for size, share in zip(dims, ratio, strict=True)
    ]
    # TF 1.15: the rows and columns that are given are in truth one more.
    return [tuple(sizes), (sizes[1],), (sizes[2],)]


def _largest(part: Array) -> Array:
    found: Array = part.max((1, 2))
    return found


def _mean(part: Array) -> Array:
    count = part.shape[1] * part.shape[2]
    total: Array = part.sum((1, 2), dtype=part.dtype)
    if part.dtype.kind == "i":
        return total // count  # type: ignore[no-any-return]
    return total / part.dtype.type(count)  # type: ignore[no-any-return]


def _pooling(of_window: Callable[[Array], Array]) -> Any:
    def bind(op: Operation, state: State) -> Callable[[Array], Any]:
        places, overlapping = _Places(op, state), op._attrs["overlapping"]

        def kernel(images: Array) -> tuple[Array, Array, Array]:
            rows, columns = places(images)
            shape = len(images), len(rows) - 1, len(columns) - 1, images.shape[3]
            result = np.empty(shape, images.dtype)
            for i, j, window in _windows(rows, columns, overlapping):
                result[:, i, j] = of_window(images[window])
            return result, rows, columns

        return kernel

    return bind


def _max_gradient_kernel(op: Operation) -> Callable[..., Array]:
    overlapping = op._attrs["overlapping"]

    def kernel(
        images: Array, pooled: Array, grad: Array, rows: Array, columns: Array
    ) -> Array:
        result = np.zeros_like(images)
        for i, j, window in _windows(rows, columns, overlapping):
            part = images[window]
            flat = part.reshape(len(part), -1, part.shape[3])
            first = np.arange(flat.shape[1])[:, None] == flat.argmax(1)[:, None]
            result[window] += first.reshape(part.shape) * grad[:, i : i + 1, j : j + 1]
        return result

    return kernel


def _avg_gradient_kernel(op: Operation) -> Callable[..., Array]:
    overlapping = op._attrs["overlapping"]

    def kernel(shape: Array, grad: Array, rows: Array, columns: Array) -> Array:
        result = np.zeros(shape, grad.dtype)
        for i, j, window in _windows(rows, columns, overlapping):
            part = result[window]
            count = grad.dtype.type(part.shape[1] * part.shape[2])
            part += grad[:, i : i + 1, j : j + 1] / count
        return result

    return kernel


def _max_gradient(op: Operation, grad: Any, *_: Any) -> Any:
    pooled, rows, columns = op._outputs
    return apply(
        "FractionalMaxPoolGrad",
        op._inputs[0],
        pooled,
        grad,
        rows,
        columns,
        overlapping=op._attrs["overlapping"],
    )


def _avg_gradient(op: Operation, grad: Any, *_: Any) -> Any:
    return apply(
        "FractionalAvgPoolGrad",
        op._inputs[0].shape,
        grad,
        op._outputs[1],
        op._outputs[2],
        overlapping=op._attrs["overlapping"],
    )


def _of_sizes(op: Operation) -> list[Dims]:
    return [rules.with_rank(shape_inference.sizes(op, 0), 4)]


define(
    "FractionalMaxPool", shape=_shape, bind=_pooling(_largest), gradient=_max_gradient
)
define("FractionalAvgPool", shape=_shape, bind=_pooling(_mean), gradient=_avg_gradient)
define("FractionalMaxPoolGrad", shape=rules.unchanged, build=_max_gradient_kernel)
define("FractionalAvgPoolGrad", shape=_of_sizes, build=_avg_gradient_kernel)
