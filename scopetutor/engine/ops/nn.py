"""Neural networks: activations, biases, dropout.

After math and random. Convolutions, pooling, softmax and normalization have files of
their own.
"""

from __future__ import annotations

import math as scalar_math
import numbers
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import defaults, deprecation, dtypes, shapes, tf_logging
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import control_dependencies, name_scope

from . import (
    array,
    gathering,
    joining,
    math,
    operators,  # noqa: F401 - `*` of tensors
    reshaping,
    rules,
)
from .branches import cond
from .elementwise import one_of
from .random import random_uniform
from .static import static_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation, Tensor
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

# -- activations -------------------------------------------------------------------

# The constants for which normal inputs give normal outputs.
_SELU_SCALE = 1.0507009873554804934193349852946
_SELU_SLOPE = 1.7580993408473768599402175208123  # scale times alpha


def _relu(x: Array) -> Any:
    return np.maximum(x, np.asarray(0, x.dtype))


def _relu6(x: Array) -> Any:
    return np.minimum(_relu(x), np.asarray(6, x.dtype))


def _relu6_grad(grad: Array, x: Array) -> Any:
    return grad * ((x > 0) & (x < 6))


def _elu(x: Array) -> Any:
    return np.where(x < 0, np.exp(np.minimum(x, 0)) - one_of(x.dtype), x)


def _elu_grad(grad: Array, y: Array) -> Any:
    return np.where(y < 0, (y + one_of(y.dtype)) * grad, grad)


def _selu(x: Array) -> Any:
    one, scale, slope = np.asarray([1, _SELU_SCALE, _SELU_SLOPE], x.dtype)
    return np.where(x < 0, slope * (np.exp(np.minimum(x, 0)) - one), scale * x)


def _selu_grad(grad: Array, y: Array) -> Any:
    scale, slope = np.asarray([_SELU_SCALE, _SELU_SLOPE], y.dtype)
    return np.where(y < 0, grad * (y + slope), grad * scale)


def _softplus(x: Array) -> Any:
    """log(1 + e^x); TF 1.15: x itself or e^x where the rest rounds away."""
    x = np.asarray(x)
    limit = scalar_math.log(float(np.finfo(x.dtype).eps)) + 2
    power = np.exp(x)
    return np.where(x > -limit, x, np.where(x < limit, power, np.log1p(power)))


def _softplus_grad(grad: Array, x: Array) -> Any:
    return grad / (np.exp(-x) + one_of(x.dtype))


def _softsign(x: Array) -> Any:
    return x / (one_of(x.dtype) + np.abs(x))


def _softsign_grad(grad: Array, x: Array) -> Any:
    return grad / np.square(one_of(x.dtype) + np.abs(x))


def _of_output(op_type: str) -> Callable[..., Any]:
    """The gradient that an operation computes from the activation's result."""
    return lambda op, grad: apply(op_type, grad, op._outputs[0])


def _no_slope(op_type: str) -> Callable[..., Any]:
    """The gradient of such an operation itself, whose second derivative is zero."""

    def gradient(op: Operation, grad: Any) -> tuple[Any, Any]:
        x = op._inputs[1]
        return apply(op_type, grad, x), array.zeros(array.shape(x), dtype=x.dtype)

    return gradient


def _elu_grad_gradient(op_type: str) -> Callable[..., Any]:
    def gradient(op: Operation, grad: Any) -> tuple[Any, Any]:
        dy, y = op._inputs
        first = apply(op_type, grad, y)
        below = math.less(y, 0 if op_type == "EluGrad" else 0.0)
        return first, gathering.where_no_warning(below, grad * dy, array.zeros_like(y))

    return gradient


def _softplus_gradient(op: Operation, grad: Any) -> Any:
    return grad * math.sigmoid(op._inputs[0])


def _softplus_grad_gradient(op: Operation, grad: Any) -> tuple[Any, Any]:
    dy: Any = op._inputs[0]
    x: Any = op._inputs[1]
    with control_dependencies([grad]):
        first = apply("SoftplusGrad", grad, x)
        return first, grad * dy / (math.exp(-x) + 2.0 + math.exp(x))


def _softsign_gradient(op: Operation, grad: Any) -> Any:
    return apply("SoftsignGrad", grad, op._inputs[0])


for _type, _kernel, _gradient in (
    ("Relu", _relu, _of_output("ReluGrad")),
    ("Relu6", _relu6, _of_output("Relu6Grad")),
    ("Elu", _elu, _of_output("EluGrad")),
    ("Selu", _selu, _of_output("SeluGrad")),
    ("Softplus", _softplus, _softplus_gradient),
    ("Softsign", _softsign, _softsign_gradient),
):
    define(_type, shape=rules.unchanged, kernel=_kernel, gradient=_gradient)
for _type, _grad_kernel, _grad_gradient in (
    ("ReluGrad", lambda grad, x: grad * (x > 0), _no_slope("ReluGrad")),
    ("Relu6Grad", _relu6_grad, _no_slope("Relu6Grad")),
    ("EluGrad", _elu_grad, _elu_grad_gradient("EluGrad")),
    ("SeluGrad", _selu_grad, _elu_grad_gradient("SeluGrad")),
    ("SoftplusGrad", _softplus_grad, _softplus_grad_gradient),
    ("SoftsignGrad", _softsign_grad, ""),
):
    define(
        _type, shape=rules.merged_inputs, kernel=_grad_kernel, gradient=_grad_gradient
    )


def _leaky_kernel(op: Operation) -> Callable[[Array], Any]:
    alpha = op._attrs["alpha"]
    return lambda x: np.maximum(x, x * np.asarray(alpha, x.dtype))


def _leaky_grad_kernel(op: Operation) -> Callable[[Array, Array], Any]:
    alpha = op._attrs["alpha"]
    return lambda grad, x: np.where(x > 0, grad, grad * np.asarray(alpha, x.dtype))


def _leaky_gradient(op: Operation, grad: Any) -> Any:
    return apply("LeakyReluGrad", grad, op._inputs[0], alpha=op._attrs["alpha"])


def _leaky_grad_gradient(op: Operation, grad: Any) -> tuple[Any, Any]:
    x = op._inputs[1]
    return (
        apply("LeakyReluGrad", grad, x, alpha=op._attrs["alpha"]),
        array.zeros(array.shape(x), dtype=x.dtype),
    )


define(
    "LeakyRelu",
    shape=rules.unchanged,
    build=_leaky_kernel,
    gradient=_leaky_gradient,
)
define(
    "LeakyReluGrad",
    shape=rules.merged_inputs,
    build=_leaky_grad_kernel,
    gradient=_leaky_grad_gradient,
)


def _activation(op_type: str, does: str) -> Callable[..., Any]:
    def activation(features: Any, name: str | None = None) -> Any:
        return apply(op_type, features, name=name)

    activation.__doc__ = does
    return activation


relu = _activation("Relu", "Each element, but 0 where it is negative.")
elu = _activation("Elu", "Each element, but e^x - 1 where it is negative.")
selu = _activation("Selu", "A scaled elu that keeps the mean 0 and the variance 1.")
softplus = _activation("Softplus", "log(1 + e^x) of each element.")
softsign = _activation("Softsign", "x / (1 + |x|) of each element.")


def relu6(features: Any, name: str | None = None) -> Any:
    """Each element, but 0 where it is negative and 6 where it is more."""
    with name_scope(name, "Relu6", [features]) as scope:
        features = convert_to_tensor(features, name="features")
        return apply("Relu6", features, name=scope)


def leaky_relu(features: Any, alpha: Any = 0.2, name: str | None = None) -> Any:
    """Each element, but `alpha` times it where it is negative."""
    with name_scope(name, "LeakyRelu", [features, alpha]) as scope:
        features = convert_to_tensor(features, name="features")
        if features.dtype.is_integer:
            features = math.cast(features, dtypes.float32)
        if isinstance(alpha, np.ndarray):
            alpha = alpha.item()
        return apply("LeakyRelu", features, alpha=alpha, name=scope)


def crelu(features: Any, name: str | None = None, axis: int = -1) -> Any:
    """relu(x) and relu(-x) side by side: twice as many channels."""
    with name_scope(name, "CRelu", [features]) as scope:
        features = convert_to_tensor(features, name="features")
        return apply("Relu", joining.concat([features, -features], axis, name=scope))


# -- biases ------------------------------------------------------------------------


def _channel_axis(op: Operation, rank: int) -> int:
    return 1 if op._attrs["data_format"] == "NCHW" else rank - 1


def _bias_shape(op: Operation) -> list[Dims]:
    dims = rules.at_least_rank(op._inputs[0]._dims, 2)
    bias = rules.with_rank(op._inputs[1]._dims, 1)
    if dims is None:
        return [None]
    axis = _channel_axis(op, len(dims))
    merged = rules.merge_dim(dims[axis], bias[0])
    return [(*dims[:axis], merged, *dims[axis + 1 :])]


def _bias_kernel(op: Operation) -> Callable[[Array, Array], Any]:
    channels_first = op._attrs["data_format"] == "NCHW"

    def kernel(x: Array, bias: Array) -> Any:
        if x.ndim < 2:
            problem = f"Input tensor must be at least 2D: {dims_text(x.shape)}"
        elif bias.ndim != 1:
            problem = f"Biases must be 1D: {dims_text(bias.shape)}"
        elif len(bias) == x.shape[1 if channels_first else -1]:
            if channels_first:
                bias = bias.reshape((1, -1) + (1,) * (x.ndim - 2))
            return x + bias
        else:
            problem = (
                "Must provide as many biases as the last dimension of the input "
                f"tensor: {dims_text(bias.shape)} vs. {dims_text(x.shape)}"
            )
        raise InvalidArgumentError(None, op, problem)

    return kernel


def _bias_gradient(op: Operation, grad: Any) -> tuple[Any, Any]:
    return grad, apply("BiasAddGrad", grad, data_format=op._attrs["data_format"])


define("BiasAdd", shape=_bias_shape, build=_bias_kernel, gradient=_bias_gradient)


def _bias_grad_shape(op: Operation) -> list[Dims]:
    dims = rules.at_least_rank(op._inputs[0]._dims, 2)
    return [(None,) if dims is None else (dims[_channel_axis(op, len(dims))],)]


def _bias_grad_kernel(op: Operation) -> Callable[[Array], Any]:
    def kernel(grad: Array) -> Any:
        axis = _channel_axis(op, grad.ndim)
        if axis == 1 and grad.ndim == 2:
            return np.add.reduce(grad, 0, grad.dtype)
        if axis == grad.ndim - 1:
            return grad.reshape(-1, grad.shape[-1]).sum(0, dtype=grad.dtype)
        rest = tuple(i for i in range(grad.ndim) if i != axis)
        return grad.sum(rest, dtype=grad.dtype)

    return kernel


def _bias_grad_gradient(op: Operation, grad: Any) -> Any:
    sizes, bias = array.shape(op._inputs[0]), array.shape(grad)
    if op._attrs["data_format"] == "NCHW":
        ones = array.ones_like(sizes[:1]), array.ones_like(sizes[2:])
        wide = joining.concat([ones[0], bias, ones[1]], 0)
        times = joining.concat([sizes[:1], [1], sizes[2:]], 0)
    else:
        wide = joining.concat([array.ones_like(sizes[:-1]), bias], 0)
        times = joining.concat([sizes[:-1], [1]], 0)
    return joining.tile(reshaping.reshape(grad, wide), times)


define(
    "BiasAddGrad",
    shape=_bias_grad_shape,
    build=_bias_grad_kernel,
    gradient=_bias_grad_gradient,
)


def bias_add(
    value: Any, bias: Any, data_format: str | None = None, name: str | None = None
) -> Any:
    """A value with a bias for each channel added."""
    if data_format is not None:
        if data_format.startswith("NC"):
            data_format = "NCHW"
        elif data_format.startswith("N") and data_format.endswith("C"):
            data_format = "NHWC"
        else:
            raise ValueError("data_format must be of the form `N...C` or `NC...`")
    with name_scope(name, "BiasAdd", [value, bias]) as scope:
        value = convert_to_tensor(value, name="input")
        bias = convert_to_tensor(bias, dtype=value.dtype, name="bias")
        return apply("BiasAdd", value, bias, data_format=data_format, name=scope)


def xw_plus_b(x: Any, weights: Any, biases: Any, name: str | None = None) -> Any:
    """X times a matrix of weights, plus biases."""
    with name_scope(name, "xw_plus_b", [x, weights, biases]) as scope:
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(weights, name="weights")
        biases = convert_to_tensor(biases, name="biases")
        return bias_add(math.matmul(x, weights), biases, name=scope)


def relu_layer(x: Any, weights: Any, biases: Any, name: str | None = None) -> Any:
    """relu(x times weights plus biases)."""
    with name_scope(name, "relu_layer", [x, weights, biases]) as scope:
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(weights, name="weights")
        biases = convert_to_tensor(biases, name="biases")
        return relu(bias_add(math.matmul(x, weights), biases), name=scope)


# -- dropout -----------------------------------------------------------------------


def _noise_shape(x: Tensor, noise_shape: Any) -> Any:
    """Which elements are kept together, with what is known of x filled in."""
    if noise_shape is None:
        return array.shape(x)
    try:
        wanted = shapes.as_shape(noise_shape)
    except (TypeError, ValueError):
        return noise_shape
    if x._dims is None or len(x._dims) != len(wanted.dims):
        return noise_shape
    both = zip(x._dims, wanted.as_list(), strict=True)
    return shapes.TensorShape([k if size is None else size for k, size in both])


def dropout(
    x: Any,
    keep_prob: Any = None,
    noise_shape: Any = None,
    seed: int | None = None,
    name: str | None = None,
    rate: Any = None,
) -> Any:
    """A tensor of whose elements some become 0, the others so much larger.

    Args:
        x: floats.
        keep_prob: how likely an element is to stay; deprecated.
        noise_shape: of the random numbers; where it is 1, elements share their fate.
        seed: of the random numbers.
        name: of the name scope.
        rate: how likely an element is to become 0.

    Raises:
        ValueError: x is no float, or the rate is not in [0, 1).
    """
    if keep_prob is not None:
        deprecation.warn_argument(
            "dropout",
            "nn_ops",
            "keep_prob",
            "Please use `rate` instead of `keep_prob`. Rate should be set to `rate = 1 "
            "- keep_prob`.",
        )
    try:
        gone = 1.0 - keep_prob if keep_prob is not None else None
    except TypeError:
        raise ValueError(
            f"keep_prob must be a floating point number or Tensor (got {keep_prob!r})"
        ) from None
    rate = deprecation.either("rate", rate, "keep_prob", gone)
    if rate is None:
        raise ValueError("You must provide a rate to dropout.")
    return dropout_at(x, rate, noise_shape, seed, name)


def dropout_at(
    x: Any, rate: Any, noise_shape: Any = None, seed: Any = None, name: Any = None
) -> Any:
    """Dropout by its rate, as TF 1.15 composes it."""
    with name_scope(name, "dropout", [x]):
        x = convert_to_tensor(x, name="x")
        if not x.dtype.is_floating:
            raise ValueError(
                "x has to be a floating point tensor since it's going to be scaled. "
                f"Got a {x.dtype} tensor instead."
            )
        if isinstance(rate, numbers.Real):
            _check_rate(rate)
            if rate == 0:
                return x
        if not defaults.state.eager:
            rate = convert_to_tensor(rate, dtype=x.dtype, name="rate")
            rate.shape.assert_has_rank(0)
        if static_value(rate) == 0:
            return x
        drawn = random_uniform(_noise_shape(x, noise_shape), seed=seed, dtype=x.dtype)
        scale = 1 / (1 - rate)
        kept = drawn >= rate
        result = x * scale * math.cast(kept, x.dtype)
        if not defaults.state.eager:
            result.set_shape(x.shape)
        return result


def _check_rate(rate: Any) -> None:
    if not 0 <= rate < 1:
        raise ValueError(
            f"rate must be a scalar tensor or a float in the range [0, 1), got {rate:g}"
        )
    if rate > 0.5:
        tf_logging.log_first_n(
            tf_logging.WARN,
            "Large dropout rate: %g (>0.5). In TensorFlow 2.x, dropout() uses dropout "
            "rate instead of keep_prob. Please ensure that this is intended.",
            5,
            rate,
        )


def zero_fraction(value: Any, name: str | None = None) -> Any:
    """Which part of the elements is zero."""
    with name_scope(name, "zero_fraction", [value]):
        value = convert_to_tensor(value, name="value")
        size = array.size(value, out_type=dtypes.int64)
        others = cond(
            size <= dtypes.int32.max,
            true_fn=lambda: math.cast(_others(value, dtypes.int32), dtypes.int64),
            false_fn=lambda: _others(value, dtypes.int64),
        )
        with name_scope("counts_to_fraction"):
            zeros = math.cast(size - others, dtypes.float32)
            fraction = zeros / math.cast(size, dtypes.float32)
        return array.identity(fraction, "fraction")


def _others(value: Any, dtype: Any) -> Any:
    """How many elements are not zero."""
    with name_scope("count_nonzero", values=[value]):
        zero = array.zeros([], dtype=value.dtype)
        other = math.cast(math.not_equal(value, zero), dtype=dtype)
        return math.reduce_sum(other, name="nonzero_count")


name_functions(globals())
