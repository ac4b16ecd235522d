"""`tf.contrib.layers.fully_connected`, and its older form.

After ``making.py`` and `tf.layers.Dense`. TF 1.15: the scope is `fully_connected`, the
next one `fully_connected_1`; the activation is ReLU, which the last layer of a model
must switch off.
"""

from __future__ import annotations

import functools
from typing import Any

from scopetutor.engine import defaults
from scopetutor.engine.contrib import collecting
from scopetutor.engine.contrib.arg_scope import add_arg_scope
from scopetutor.engine.contrib.initializers import xavier_initializer
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.layers.dense import Dense
from scopetutor.engine.ops import array, math, nn
from scopetutor.engine.ops.joining import stack, unstack
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.scopes import get_variable

from .making import WEIGHTS, ZEROS, finish, layer_scope, normalized

_XAVIER = xavier_initializer()


@add_arg_scope
def fully_connected(
    inputs: Any,
    num_outputs: Any,
    activation_fn: Any = nn.relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = _XAVIER,
    weights_regularizer: Any = None,
    biases_initializer: Any = ZEROS,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: Any = True,
    scope: Any = None,
) -> Any:
    """Inputs times `weights`, plus `biases` or normalized, through an activation.

    Args:
        inputs: of rank 2 or higher.
        num_outputs: the last size of the result.
        activation_fn: None: none.
        normalizer_fn: used instead of biases.
        normalizer_params: its arguments.
        weights_initializer: how the weights begin.
        weights_regularizer: its value is a regularization loss.
        biases_initializer: how the biases begin; None: there are none.
        biases_regularizer: its value is a regularization loss.
        reuse: whether the scope's variables are reused.
        variables_collections: for all variables, or by "weights" and "biases".
        outputs_collections: where the result is entered.
        trainable: whether the variables are entered in TRAINABLE_VARIABLES.
        scope: of the variables; None: `fully_connected`, made unique.

    Raises:
        ValueError: num_outputs is not a whole number.
    """
    if not isinstance(num_outputs, int):
        raise ValueError(
            f"num_outputs type should be one of {[int]}, got {type(num_outputs)}."
        )
    with layer_scope(scope, "fully_connected", inputs, reuse, WEIGHTS) as sc:
        inputs = convert_to_tensor(inputs)
        layer = Dense(
            units=num_outputs,
            activation=None,
            use_bias=not normalizer_fn and biases_initializer,
            kernel_initializer=weights_initializer,
            bias_initializer=biases_initializer,
            kernel_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            activity_regularizer=None,
            trainable=trainable,
            name=sc.name,
            dtype=inputs.dtype.base_dtype,
            _scope=sc,
            _reuse=reuse,
        )
        outputs = layer.apply(inputs)
        collecting.add_variable_to_collections(
            layer.kernel, variables_collections, "weights"
        )
        if layer.bias is not None:
            collecting.add_variable_to_collections(
                layer.bias, variables_collections, "biases"
            )
        outputs = normalized(outputs, normalizer_fn, normalizer_params)
        return finish(outputs, activation_fn, outputs_collections, sc.name)


relu = functools.partial(fully_connected, activation_fn=nn.relu)
relu6 = functools.partial(fully_connected, activation_fn=nn.relu6)
elu = functools.partial(fully_connected, activation_fn=nn.elu)
linear = functools.partial(fully_connected, activation_fn=None)


def legacy_fully_connected(
    x: Any,
    num_output_units: Any,
    activation_fn: Any = None,
    weight_init: Any = _XAVIER,
    bias_init: Any = ZEROS,
    name: str | None = None,
    weight_collections: Any = (GraphKeys.WEIGHTS,),
    bias_collections: Any = (GraphKeys.BIASES,),
    output_collections: Any = (GraphKeys.ACTIVATIONS,),
    trainable: Any = True,
    weight_regularizer: Any = None,
    bias_regularizer: Any = None,
) -> Any:
    """As it was before `fully_connected`: `weights` and `bias` by `get_variable`."""
    with variable_scope(name, "fully_connected", [x]):
        x = convert_to_tensor(x)
        depth = _depth(x)
        dtype = x.dtype.base_dtype
        w = get_variable(
            "weights",
            shape=[depth, num_output_units],
            dtype=dtype,
            initializer=weight_init,
            collections=_and_global(weight_collections),
            regularizer=weight_regularizer,
            trainable=trainable,
        )
        rank = x.get_shape().ndims
        y = math.matmul(x if rank <= 2 else reshape(x, [-1, depth]), w)
        if bias_init is not None:
            b = get_variable(
                "bias",
                shape=[num_output_units],
                dtype=dtype,
                initializer=bias_init,
                collections=_and_global(bias_collections),
                regularizer=bias_regularizer,
                trainable=trainable,
            )
            y = nn.bias_add(y, b)
        if rank > 2:
            sizes = unstack(array.shape(x))
            sizes[-1] = num_output_units
            y = reshape(y, stack(sizes))
            y.set_shape([*x.get_shape().as_list()[:-1], num_output_units])
        if activation_fn is not None:
            y = activation_fn(y)
        names = [*(output_collections or []), GraphKeys.ACTIVATIONS]
        defaults.get_default_graph().add_to_collections(names, y)
        return y


def _depth(x: Any) -> int:
    shape = x.get_shape()
    if shape.ndims is None:
        raise ValueError("dims of x must be known but is None")
    if shape.ndims < 2:
        raise ValueError(f"rank of x must be at least 2 not: {shape.ndims}")
    depth: int | None = shape[-1].value
    if depth is None:
        raise ValueError("last dimension of x must be known but is None")
    return depth


def _and_global(collections: Any) -> list[Any]:
    return list(dict.fromkeys([*(collections or []), GraphKeys.GLOBAL_VARIABLES]))


legacy_linear = functools.partial(legacy_fully_connected, activation_fn=None)
legacy_relu = functools.partial(legacy_fully_connected, activation_fn=nn.relu)
