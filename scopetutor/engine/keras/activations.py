"""`tf.keras.activations`: what a layer does with its outputs, by name.

Before every layer with an `activation`: by name in old programs, by function in new
ones. `tf.keras.backend` has some of them too, and the cells of `tf.nn.rnn_cell` ask
here.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.ops import math, nn
from scopetutor.engine.ops.softmax import softmax as nn_softmax

from . import lookup

# Constants of the paper on self-normalizing networks.
SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


def softmax(x: Any, axis: int = -1) -> Any:
    """Numbers above 0 that add up to 1 along an axis."""
    rank = x.get_shape().ndims
    if rank == 2:
        return nn_softmax(x)
    if rank > 2:
        exponents = math.exp(x - math.reduce_max(x, axis=axis, keepdims=True))
        total = math.reduce_sum(exponents, axis=axis, keepdims=True)
        return exponents / total
    raise ValueError(
        f"Cannot apply softmax to a tensor that is 1D. Received input: {x}"
    )


def elu(x: Any, alpha: float = 1.0) -> Any:
    """Itself above 0; below, it goes to -alpha."""
    from scopetutor.engine.ops.gathering import where  # noqa: PLC0415 - used here only

    result = nn.elu(x)
    return result if alpha == 1 else where(x > 0, result, alpha * result)


def selu(x: Any) -> Any:
    """The scaled `elu` of self-normalizing networks."""
    return SELU_SCALE * elu(x, SELU_ALPHA)


def softplus(x: Any) -> Any:
    """A smooth `relu`."""
    return nn.softplus(x)


def softsign(x: Any) -> Any:
    """Itself over 1 plus its size."""
    return nn.softsign(x)


def relu(
    x: Any, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0
) -> Any:
    """Itself above the threshold, up to a maximum; alpha times itself below."""
    from scopetutor.engine import constants  # noqa: PLC0415 - for the rare forms

    negative = None
    if alpha != 0.0:
        if max_value is None and threshold == 0:
            return nn.leaky_relu(x, alpha=alpha)
        negative = nn.relu(-x + threshold) if threshold != 0 else nn.relu(-x)
    clip = max_value is not None
    if threshold != 0:
        x = x * math.cast(math.greater(x, threshold), "float32")
    elif max_value == 6:
        x = nn.relu6(x)
        clip = False
    else:
        x = nn.relu(x)
    if clip:
        from scopetutor.engine.ops.clip import clip_by_value  # noqa: PLC0415 - used here only

        dtype = x.dtype.base_dtype
        top = constants.constant(max_value, dtype)
        x = clip_by_value(x, constants.constant(0.0, dtype), top)
    if negative is not None:
        x -= constants.constant(alpha, x.dtype.base_dtype) * negative
    return x


def tanh(x: Any) -> Any:
    """The hyperbolic tangent."""
    return math.tanh(x)


def sigmoid(x: Any) -> Any:
    """A smooth step from 0 to 1."""
    return math.sigmoid(x)


def exponential(x: Any) -> Any:
    """The exponential function."""
    return math.exp(x)


def hard_sigmoid(x: Any) -> Any:
    """A straight ramp from 0 to 1 that looks like `sigmoid`."""
    from scopetutor.engine import constants  # noqa: PLC0415 - used here only
    from scopetutor.engine.ops.clip import clip_by_value  # noqa: PLC0415 - as above

    dtype = x.dtype.base_dtype
    slope, middle = constants.constant(0.2, dtype), constants.constant(0.5, dtype)
    x = math.add(math.multiply(x, slope), middle)
    return clip_by_value(x, 0.0, 1.0)


def linear(x: Any) -> Any:
    """Itself."""
    return x


_KNOWN = {
    function.__name__: function
    for function in (
        softmax,
        elu,
        selu,
        softplus,
        softsign,
        relu,
        tanh,
        sigmoid,
        exponential,
        hard_sigmoid,
        linear,
    )
}


def deserialize(name: Any, custom_objects: Any = None) -> Any:
    """The activation of a name."""
    known = {**_KNOWN, **(custom_objects or {})}
    return lookup.find(name, known, "activation function")


def serialize(activation: Any) -> Any:
    """The name of an activation."""
    name = lookup.serialize(activation)
    return "softmax" if name == "softmax_v2" else name


def get(identifier: Any) -> Any:
    """The activation that is meant: None for `linear`, a name, or itself.

    Raises:
        TypeError: it is none of these.
    """
    if identifier is None:
        return linear
    if isinstance(identifier, (str, dict)):
        return deserialize(identifier)
    if callable(identifier):
        return identifier
    raise TypeError(
        f"Could not interpret activation function identifier: {identifier!r}"
    )
