"""Normalization: moments, batch normalization, response and length normalization.

After math. TF 1.15: `batch_normalization` is composed of arithmetic, `fused_batch_norm`
is one operation; the variance it gives out for moving averages is of n - 1, the one it
divides by is of n.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, deprecation, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope

from . import array, gathering, math, ranks, reshaping, rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

# -- moments -----------------------------------------------------------------------


def moments(
    x: Any,
    axes: Any,
    shift: Any = None,
    name: str | None = None,
    keep_dims: Any = None,
    keepdims: Any = None,
) -> Any:
    """The mean and the variance along axes.

    Args:
        x: floats.
        axes: a list of axes.
        shift: not used.
        name: of the name scope.
        keep_dims: the old name of keepdims.
        keepdims: whether the axes stay, with size 1.
    """
    keep = deprecation.either("keepdims", keepdims, "keep_dims", keep_dims)
    with name_scope(name, "moments", [x, axes]):
        coarse = x.dtype == dtypes.float16
        y = math.cast(x, dtypes.float32) if coarse else x
        mean = math.reduce_mean(y, axes, keepdims=True, name="mean")
        deviation = math.squared_difference(y, array.stop_gradient(mean))
        variance = math.reduce_mean(deviation, axes, keepdims=True, name="variance")
        if not keep:
            mean = reshaping.squeeze(mean, axes)
            variance = reshaping.squeeze(variance, axes)
        if coarse:
            return math.cast(mean, x.dtype), math.cast(variance, x.dtype)
        return mean, variance


def weighted_moments(
    x: Any,
    axes: Any,
    frequency_weights: Any,
    name: str | None = None,
    keep_dims: Any = None,
    keepdims: Any = None,
) -> Any:
    """The mean and the variance along axes of elements that count differently."""
    keep = deprecation.either("keepdims", keepdims, "keep_dims", keep_dims)
    with name_scope(name, "weighted_moments", [x, frequency_weights, axes]):
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(frequency_weights, name="frequency_weights")
        coarse = x.dtype == dtypes.float16
        if coarse:
            x = math.cast(x, dtypes.float32)
        if weights.dtype != x.dtype:
            weights = math.cast(weights, x.dtype)
        total = math.reduce_sum(
            weights * x, axes, name="weighted_input_sum", keepdims=True
        )
        everywhere = weights + array.zeros_like(x)
        count = math.reduce_sum(everywhere, axes, name="sum_of_weights", keepdims=True)
        divisor = math.reciprocal(count, name="inv_weight_sum")
        mean = math.multiply(total, divisor)
        squares = math.reduce_sum(
            weights * math.squared_difference(x, mean),
            axes,
            name="weighted_distsq",
            keepdims=True,
        )
        variance = math.multiply(squares, divisor)
        if not keep:
            mean = reshaping.squeeze(mean, axis=axes)
            variance = reshaping.squeeze(variance, axis=axes)
        if coarse:
            mean = math.cast(mean, dtypes.float16)
            variance = math.cast(variance, dtypes.float16)
        return mean, variance


def sufficient_statistics(
    x: Any,
    axes: Any,
    shift: Any = None,
    keep_dims: Any = None,
    name: str | None = None,
    keepdims: Any = None,
) -> Any:
    """The count, sum and sum of squares along axes, and the shift."""
    axes = list(set(axes))
    keep = deprecation.either("keepdims", keepdims, "keep_dims", keep_dims)
    keep = False if keep is None else keep
    with name_scope(name, "sufficient_statistics", [x, shift]):
        x = convert_to_tensor(x, name="x")
        dims = x._dims
        if dims is not None and all(dims[axis] is not None for axis in axes):
            known = int(np.prod([dims[axis] for axis in axes]))
            counts = constants.constant(known, dtype=x.dtype)
        else:
            sizes = math.cast(array.shape(x), x.dtype)
            counts = math.reduce_prod(gathering.gather(sizes, axes), name="count")
        if shift is not None:
            shift = convert_to_tensor(shift, name="shift")
            values = math.subtract(x, shift)
            squares = math.squared_difference(x, shift)
        else:
            values, squares = x, math.square(x)
        mean = math.reduce_sum(values, axes, keepdims=keep, name="mean_ss")
        variance = math.reduce_sum(squares, axes, keepdims=keep, name="var_ss")
    return counts, mean, variance, shift


def normalize_moments(
    counts: Any, mean_ss: Any, variance_ss: Any, shift: Any, name: str | None = None
) -> Any:
    """The mean and variance of what sufficient_statistics gave."""
    with name_scope(name, "normalize", [counts, mean_ss, variance_ss, shift]):
        divisor = math.reciprocal(counts, name="divisor")
        if shift is not None:
            shifted = math.multiply(mean_ss, divisor, name="shifted_mean")
            mean = math.add(shifted, shift, name="mean")
        else:
            shifted = mean = math.multiply(mean_ss, divisor, name="mean")
        variance = math.subtract(
            math.multiply(variance_ss, divisor), math.square(shifted), name="variance"
        )
    return mean, variance


# -- batch normalization -----------------------------------------------------------


def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    offset: Any,
    scale: Any,
    variance_epsilon: Any,
    name: str | None = None,
) -> Any:
    """Scale * (x - mean) / sqrt(variance + epsilon) + offset.

    Args:
        x: floats.
        mean: of x.
        variance: of x.
        offset: added at the end; None for nothing.
        scale: multiplied with; None for nothing.
        variance_epsilon: a small number that keeps from dividing by zero.
        name: of the name scope.
    """
    with name_scope(name, "batchnorm", [x, mean, variance, scale, offset]):
        factor = math.rsqrt(variance + variance_epsilon)
        if scale is not None:
            factor = factor * scale
        scaled = x * math.cast(factor, x.dtype)
        moved = offset - mean * factor if offset is not None else -mean * factor
        return scaled + math.cast(moved, x.dtype)


def batch_norm_with_global_normalization(
    t: Any = None,
    m: Any = None,
    v: Any = None,
    beta: Any = None,
    gamma: Any = None,
    variance_epsilon: Any = None,
    scale_after_normalization: Any = None,
    name: str | None = None,
    input: Any = None,
    mean: Any = None,
    variance: Any = None,
) -> Any:
    """Batch normalization with the arguments of TensorFlow 0.x."""
    t = deprecation.either("input", input, "t", t)
    m = deprecation.either("mean", mean, "m", m)
    v = deprecation.either("variance", variance, "v", v)
    scale = gamma if scale_after_normalization else None
    return batch_normalization(t, m, v, beta, scale, variance_epsilon, name)


def _fused_shape(op: Operation) -> list[Dims]:
    dims = rules.with_rank(op._inputs[0]._dims, 4)
    place = 1 if op._attrs["data_format"] == "NCHW" else 3
    given = op._inputs[1:3] if op._attrs["is_training"] else op._inputs[1:5]
    channels = dims[place]
    for taken in given:
        channels = rules.merge_dim(channels, rules.with_rank(taken._dims, 1)[0])
    y = (*dims[:place], channels, *dims[place + 1 :])
    shapes: list[Dims] = [y, (channels,), (channels,), (channels,), (channels,)]
    return shapes + [None] * (len(op._outputs) - 5)


def _to_rows(op: Operation) -> tuple[Callable[[Array], Array], Callable[..., Array]]:
    """Images as a matrix [all the rest, channels], and back."""
    first = op._attrs["data_format"] == "NCHW"

    def rows(x: Array) -> Array:
        x = np.moveaxis(x, 1, -1) if first else x
        return x.reshape(-1, x.shape[-1])

    def images(matrix: Array, like: Array) -> Array:
        if first:
            wide = np.moveaxis(like, 1, -1).shape
            return np.moveaxis(matrix.reshape(wide), -1, 1)
        return matrix.reshape(like.shape)

    return rows, images


_NOTHING = np.zeros(0, np.float32)


def _fused_kernel(op: Operation) -> Callable[..., Any]:
    epsilon, training = op._attrs["epsilon"], op._attrs["is_training"]
    rows, images = _to_rows(op)
    extra = (_NOTHING,) * (len(op._outputs) - 5)

    def kernel(x: Array, scale: Array, offset: Array, mean: Array, var: Array) -> Any:
        if x.ndim != 4:
            problem = f"input must be 4-dimensional{dims_text(x.shape)}"
            raise InvalidArgumentError(None, op, problem)
        for word, each in (("scale", scale), ("offset", offset)):
            if each.ndim != 1:
                shape = dims_text(each.shape)
                raise ranks.refusal(f"{word} must be 1-dimensional{shape}")
        matrix = rows(x).astype(np.float32, copy=False)
        given = var
        if training:
            mean = matrix.mean(0, dtype=np.float32)
            centred = matrix - mean
            var = np.square(centred).mean(0, dtype=np.float32)
            count = len(matrix)
            given = var * np.float32(count / max(count - 1, 1))
        else:
            centred = matrix - mean
        factor = scale / np.sqrt(var + np.float32(epsilon))
        y = centred
        y *= factor
        y += offset
        y = images(y.astype(x.dtype, copy=False), x)
        return (y, mean, given, mean, var, *extra)

    return kernel


def _fused_grad_shape(op: Operation) -> list[Dims]:
    dy = rules.with_rank(op._inputs[0]._dims, 4)
    x = rules.with_rank(op._inputs[1]._dims, 4)
    place = 1 if op._attrs["data_format"] == "NCHW" else 3
    channels = rules.merge_dim(dy[place], x[place])
    for taken in op._inputs[2:5]:
        channels = rules.merge_dim(channels, rules.with_rank(taken._dims, 1)[0])
    like_x = (*dy[:place], channels, *dy[place + 1 :])
    rest = (0,) if op._attrs["is_training"] else (channels,)
    return [like_x, (channels,), (channels,), rest, rest]


def _fused_grad_kernel(op: Operation) -> Callable[..., Any]:
    epsilon, training = np.float32(op._attrs["epsilon"]), op._attrs["is_training"]
    rows, images = _to_rows(op)

    def kernel(
        dy: Array, x: Array, scale: Array, mean: Array, var: Array, *_: Array
    ) -> Any:
        grad = rows(dy).astype(np.float32, copy=False)
        centred = rows(x).astype(np.float32, copy=False) - mean
        inverse = 1 / np.sqrt(var + epsilon)
        offset_grad = grad.sum(0, dtype=np.float32)
        product = (grad * centred).sum(0, dtype=np.float32)
        scale_grad = product * inverse
        if training:
            count = np.float32(len(grad))
            centred *= product / count * np.square(inverse)
            dx = grad - offset_grad / count
            dx -= centred
            dx *= scale * inverse
        else:
            dx = grad * (scale * inverse)
        dx = images(dx.astype(x.dtype, copy=False), x)
        return dx, scale_grad, offset_grad, _NOTHING, _NOTHING

    return kernel


def _fused_gradient(op: Operation, *grads: Any) -> Any:
    x, scale, _, given_mean, given_variance = op._inputs
    version = op.type.removeprefix("FusedBatchNorm")
    training, first = op._attrs["is_training"], op._attrs["data_format"] == "NCHW"
    grad, form = grads[0], op._attrs["data_format"]
    if training:
        mean, variance = op._outputs[3], op._outputs[4]
    else:
        mean, variance, form = given_mean, given_variance, "NHWC"
        if first:
            x = reshaping.transpose(x, [0, 2, 3, 1])
            grad = reshaping.transpose(grad, [0, 2, 3, 1])
    third = [op._outputs[5]] if version == "V3" else []
    result = apply(
        f"FusedBatchNormGrad{version}",
        grad,
        x,
        scale,
        mean,
        variance,
        *third,
        epsilon=op._attrs["epsilon"],
        data_format=form,
        is_training=training,
    )
    if training:
        return result
    dx, dscale, doffset = result[:3]
    if first:
        dx = reshaping.transpose(dx, [0, 3, 1, 2])
    return dx, dscale, doffset, None, None


for _version in ("", "V2", "V3"):
    define(
        f"FusedBatchNorm{_version}",
        shape=_fused_shape,
        build=_fused_kernel,
        gradient=_fused_gradient,
    )
    define(
        f"FusedBatchNormGrad{_version}",
        shape=_fused_grad_shape,
        build=_fused_grad_kernel,
        gradient="normalize_gradients.fused_batch_norm_grad",
    )


def fused_batch_norm(
    x: Any,
    scale: Any,
    offset: Any,
    mean: Any = None,
    variance: Any = None,
    epsilon: float = 0.001,
    data_format: str = "NHWC",
    is_training: bool = True,
    name: str | None = None,
) -> Any:
    """Batch normalization of images as one operation.

    Args:
        x: [batch, height, width, channels], or as data_format says.
        scale: one number per channel.
        offset: one number per channel.
        mean: None in training, else the mean to use.
        variance: None in training, else the variance to use.
        epsilon: a small number that keeps from dividing by zero.
        data_format: "NHWC" or "NCHW".
        is_training: whether to compute mean and variance of this batch.
        name: of the operation.

    Returns:
        (result, mean of the batch, variance of the batch).

    Raises:
        ValueError: a mean or variance is given in training.
    """
    x = convert_to_tensor(x, name="input")
    scale = convert_to_tensor(scale, name="scale")
    offset = convert_to_tensor(offset, name="offset")
    if is_training and (mean is not None or variance is not None):
        raise ValueError(
            "Both 'mean' and 'variance' must be None if is_training is True."
        )
    if mean is None:
        mean = constants.constant([])
    if variance is None:
        variance = constants.constant([])
    result = apply(
        "FusedBatchNormV3",
        x,
        scale,
        offset,
        mean,
        variance,
        epsilon=max(epsilon, 1.001e-5),
        data_format=data_format,
        is_training=is_training,
        name=name,
    )
    return result[0], result[1], result[2]


# -- response normalization --------------------------------------------------------


def _nearby_sums(x: Array, radius: int) -> Array:
    """Sums over the channels up to `radius` away."""
    sums = np.cumsum(x, axis=-1, dtype=np.float64)
    sums = np.concatenate([np.zeros((*x.shape[:-1], 1)), sums], axis=-1)
    count = x.shape[-1]
    last = np.minimum(np.arange(count) + radius + 1, count)
    first = np.maximum(np.arange(count) - radius, 0)
    return (sums[..., last] - sums[..., first]).astype(x.dtype)


def _response_kernel(op: Operation) -> Callable[[Array], Array]:
    radius, bias, alpha, beta = (
        op._attrs[name] for name in ("depth_radius", "bias", "alpha", "beta")
    )

    def kernel(x: Array) -> Array:
        if x.ndim != 4:
            raise ranks.refusal("in must be 4-dimensional")
        norm = bias + alpha * _nearby_sums(np.square(x), radius)
        result: Array = (x * np.power(norm, -beta)).astype(x.dtype)
        return result

    return kernel


def _response_grad_kernel(op: Operation) -> Callable[[Array, Array, Array], Array]:
    radius, bias, alpha, beta = (
        op._attrs[name] for name in ("depth_radius", "bias", "alpha", "beta")
    )

    def kernel(grad: Array, x: Array, y: Array) -> Array:
        norm = bias + alpha * _nearby_sums(np.square(x), radius)
        others = _nearby_sums(grad * y / norm, radius)
        result = grad * np.power(norm, -beta) - 2 * alpha * beta * x * others
        return result.astype(x.dtype)  # type: ignore[no-any-return]

    return kernel


def _response_gradient(op: Operation, grad: Any) -> Any:
    names = ("depth_radius", "bias", "alpha", "beta")
    attrs = {name: op._attrs[name] for name in names}
    return apply("LRNGrad", grad, op._inputs[0], op._outputs[0], **attrs)


define(
    "LRN",
    shape=lambda op: [rules.with_rank(op._inputs[0]._dims, 4)],
    build=_response_kernel,
    gradient=_response_gradient,
)
define("LRNGrad", shape=rules.unchanged, build=_response_grad_kernel)


def local_response_normalization(
    input: Any,
    depth_radius: int = 5,
    bias: float = 1,
    alpha: float = 1,
    beta: float = 0.5,
    name: str | None = None,
) -> Any:
    """Each element divided by a power of the squares of the channels near it."""
    return apply(
        "LRN",
        input,
        depth_radius=depth_radius,
        bias=bias,
        alpha=alpha,
        beta=beta,
        name=name,
    )


# -- lengths -----------------------------------------------------------------------


def l2_normalize(
    x: Any,
    axis: Any = None,
    epsilon: float = 1e-12,
    name: str | None = None,
    dim: Any = None,
) -> Any:
    """A tensor divided by its length along axes."""
    if dim is not None:
        deprecation.warn_argument(
            "l2_normalize", "nn_impl", "dim", "dim is deprecated, use axis instead"
        )
    axis = deprecation.either("axis", axis, "dim", dim)
    with name_scope(name, "l2_normalize", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        squares = math.reduce_sum(math.square(x), axis, keepdims=True)
        inverse = math.rsqrt(math.maximum(squares, epsilon))
        return math.multiply(x, inverse, name=scope)


name_functions(globals(), local_response_normalization="lrn")
