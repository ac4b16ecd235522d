"""`tf.test.compute_gradient`: a gradient beside what small steps say it is.

TF 1.15: both are matrices with a row for each number of `x` and a column for each of
`y`; a complex number counts as two.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.constants import constant
from scopetutor.engine.deprecation import warn_function
from scopetutor.engine.gradients import gradients
from scopetutor.engine.ops.array import identity
from scopetutor.engine.sparse import IndexedSlices

_MODULE = "tensorflow.python.ops.gradient_checker"
_INSTEAD = (
    "Use tf.test.compute_gradient in 2.0, which has better support for functions. "
    "Note that the two versions have different usage, so code change is needed."
)
_ALLOWED = frozenset({
    dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64, dtypes.complex64,
    dtypes.complex128,
})  # fmt: skip


def compute_gradient(
    x: Any,
    x_shape: Any,
    y: Any,
    y_shape: Any,
    x_init_value: Any = None,
    delta: float = 1e-3,
    init_targets: Any = None,
    extra_feed_dict: Any = None,
) -> Any:
    """The gradient of `y` by `x` as the graph has it, and as small steps have it.

    Args:
        x: a tensor, or a list of tensors; then all that is said of it are lists too.
        x_shape: its shape, without unknown sizes.
        y: a tensor.
        y_shape: its shape, likewise.
        x_init_value: where the gradient is taken; at random without.
        delta: the length of the steps.
        init_targets: operations to run before.
        extra_feed_dict: what else to feed.

    Returns:
        The two matrices; a list of such pairs for a list of tensors.
    """
    warn_function("compute_gradient", _MODULE, _INSTEAD)
    return _gradients(
        x, x_shape, y, y_shape, x_init_value, delta, init_targets, extra_feed_dict
    )


def compute_gradient_error(
    x: Any,
    x_shape: Any,
    y: Any,
    y_shape: Any,
    x_init_value: Any = None,
    delta: float = 1e-3,
    init_targets: Any = None,
    extra_feed_dict: Any = None,
) -> Any:
    """The greatest difference between the two matrices of `compute_gradient`."""
    warn_function("compute_gradient_error", _MODULE, _INSTEAD)
    found = compute_gradient(
        x, x_shape, y, y_shape, x_init_value, delta, init_targets, extra_feed_dict
    )
    pairs = [found] if isinstance(found, tuple) else found
    errors = [np.fabs(a - b).max() for a, b in pairs if a.size or b.size]
    return max(errors, default=0)


def _gradients(
    x: Any, x_shape: Any, y: Any, y_shape: Any, start: Any, delta: float,
    init_targets: Any, extra: Any,
) -> Any:  # fmt: skip
    several = isinstance(x, list)
    tensors = x if several else [x]
    shapes = x_shape if several else [x_shape]
    starts = [None] * len(tensors) if start is None else start if several else [start]
    slopes = []
    if several:  # TF 1.15: their gradients are made before anything is initialized
        slopes = [_slope(one, y, y_shape) for one in tensors]
    for target in init_targets or ():
        target.run()
    slopes = slopes or [_slope(x, y, y_shape)]
    pairs = []
    for one, shape, slope, at in zip(tensors, shapes, slopes, starts, strict=True):
        where = _starting_point(one, shape, y, at)
        pairs.append((
            _by_graph(one, where, slope, y_shape, extra or {}),
            _by_steps(one, where, y, y_shape, delta, extra or {}),
        ))  # fmt: skip
    return pairs if several else pairs[0]


def _slope(x: Any, y: Any, y_shape: Any) -> tuple[Any, Any]:
    """The gradient's tensor, and the tensor that says of which number of `y` it is."""
    with x.graph.as_default():
        weights = constant(1.0, shape=y_shape, dtype=y.dtype)
        again = identity(weights)
    return gradients(y, x, again)[0], weights


def _starting_point(x: Any, x_shape: Any, y: Any, start: Any) -> Any:
    for what, tensor in (("x", x), ("y", y)):
        kind = dtypes.as_dtype(tensor.dtype)
        assert kind.base_dtype in _ALLOWED, f"Don't support type {kind.name} for {what}"
    if start is not None:
        assert list(x_shape) == list(start.shape), (
            f"x_shape = {x_shape}, init_data shape = {list(start.shape)}"
        )
        return start
    found = np.random.random_sample(x_shape).astype(x.dtype.as_numpy_dtype)
    if x.dtype.is_complex:
        found.imag = np.random.random_sample(x_shape)
    return found


def _numbers(dtype: Any, shape: Any) -> int:
    """How many real numbers a tensor has."""
    return prod(map(int, shape)) * (2 if dtype.is_complex else 1)


def _by_graph(
    x: Any, where: Any, slope: tuple[Any, Any], y_shape: Any, extra: Any
) -> Any:
    gradient, weights = slope
    run = defaults.get_default_session().run
    real = weights.dtype.real_dtype.as_numpy_dtype
    fed = np.zeros(y_shape, weights.dtype.as_numpy_dtype)
    flat = fed.reshape(-1).view(real)
    found = np.zeros(
        (_numbers(x.dtype, where.shape), flat.size), x.dtype.real_dtype.as_numpy_dtype
    )
    for column in range(flat.size):
        flat[column] = 1
        value = run(gradient, feed_dict={**extra, x: where, weights: fed})
        found[:, column] = _dense(gradient, value, where).ravel().view(found.dtype)
        flat[column] = 0
    if not flat.size:
        value = run(gradient, feed_dict={**extra, x: where, weights: fed})
        if value.shape != where.shape:
            raise ValueError(
                f"Empty gradient has wrong shape: expected {where.shape}, got "
                f"{value.shape}"
            )
        if np.any(value):
            raise ValueError("Empty tensor with nonzero gradients")
    return found


def _dense(gradient: Any, value: Any, where: Any) -> Any:
    """The gradient's value as one array; slices at one index add up."""
    if not isinstance(gradient, IndexedSlices):
        return value
    found = np.zeros(where.shape, value.values.dtype)
    np.add.at(found, value.indices, value.values)
    return found


def _by_steps(
    x: Any, where: Any, y: Any, y_shape: Any, delta: float, extra: Any
) -> Any:
    real = x.dtype.real_dtype.as_numpy_dtype
    y_real = y.dtype.real_dtype.as_numpy_dtype
    where = np.asarray(where, x.dtype.as_numpy_dtype)
    found = np.zeros((_numbers(x.dtype, where.shape), _numbers(y.dtype, y_shape)), real)
    both = np.asarray(2 * delta, y_real)[()]
    for row in range(len(found)):
        values = []
        for step in (delta, -delta):
            moved = where.copy()
            moved.reshape(-1).view(real)[row] += step
            values.append(y.eval(feed_dict={**extra, x: moved}))
        found[row] = ((values[0] - values[1]) / both).ravel().view(y_real)
    return found
