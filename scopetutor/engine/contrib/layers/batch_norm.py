"""`tf.contrib.layers.batch_norm`: outputs of mean 0 and variance 1 over a batch.

TF 1.15 has three ways. The usual one is the layer of `tf.layers`. The fused one of its
own is for what that layer cannot do (updates made at once or elsewhere, inputs of rank
2, averages without bias); the plain one is for weighted examples.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import constants, defaults, dtypes
from scopetutor.engine.contrib import collecting
from scopetutor.engine.contrib.arg_scope import add_arg_scope
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import Ones, Zeros
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.layers.normalization import BatchNormalization
from scopetutor.engine.ops import array, normalize
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.scopes import get_variable_scope
from scopetutor.engine.surroundings import control_dependencies

from .making import finish, layer_scope, weight

_FORMATS = ("NCHW", "NHWC")
_FIRST_VALUES = {
    "beta": Zeros,
    "gamma": Ones,
    "moving_mean": Zeros,
    "moving_variance": Ones,
}


@add_arg_scope
def batch_norm(
    inputs: Any,
    decay: Any = 0.999,
    center: bool = True,
    scale: bool = False,
    epsilon: float = 0.001,
    activation_fn: Any = None,
    param_initializers: Any = None,
    param_regularizers: Any = None,
    updates_collections: Any = GraphKeys.UPDATE_OPS,
    is_training: Any = True,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: Any = True,
    batch_weights: Any = None,
    fused: Any = None,
    data_format: str = "NHWC",
    zero_debias_moving_mean: bool = False,
    scope: Any = None,
    renorm: bool = False,
    renorm_clipping: Any = None,
    renorm_decay: Any = 0.99,
    adjustment: Any = None,
) -> Any:
    """The inputs normalized: by the batch if `is_training`, else by moving averages.

    Args:
        inputs: a tensor; its last axis, or second for "NCHW", are the channels.
        decay: how slowly the averages move.
        center: whether `beta` is added.
        scale: whether it is multiplied by `gamma`.
        epsilon: added to the variance.
        activation_fn: None: none.
        param_initializers: by "beta", "gamma", "moving_mean" and "moving_variance".
        param_regularizers: by "beta" and "gamma".
        updates_collections: where what moves the averages is entered; None: it runs
            with the result.
        is_training: a flag or a tensor.
        reuse: whether the scope's variables are reused.
        variables_collections: for all variables, or by their names.
        outputs_collections: where the result is entered.
        trainable: whether `beta` and `gamma` are entered in TRAINABLE_VARIABLES.
        batch_weights: what each example counts; None: 1.
        fused: whether one operation does it all; None: where possible.
        data_format: "NHWC" or "NCHW".
        zero_debias_moving_mean: whether the average makes up for having begun at 0.
        scope: of the variables; None: `BatchNorm`, made unique.
        renorm: as for `tf.layers.batch_normalization`.
        renorm_clipping: likewise.
        renorm_decay: likewise.
        adjustment: likewise.
    """
    given = dict(locals())
    inputs = given["inputs"] = convert_to_tensor(inputs)
    rank = inputs.get_shape().ndims
    # TF 1.15 asks whether it is this very string.
    elsewhere = updates_collections is not GraphKeys.UPDATE_OPS
    can_fuse = (
        batch_weights is None and not renorm and rank in (2, 4) and adjustment is None
    )
    if fused is None or fused:
        given["fused"] = True
        if can_fuse and (zero_debias_moving_mean or rank == 2 or elsewhere):
            return _fused(given)
    if data_format not in _FORMATS:
        raise ValueError("data_format has to be either NCHW or NHWC.")
    with layer_scope(scope, "BatchNorm", inputs, reuse) as sc:
        if batch_weights is None and not elsewhere and not zero_debias_moving_mean:
            return _by_layer(given, sc)
        if renorm:
            raise ValueError(
                "renorm is not supported with batch_weights, updates_collections or "
                "zero_debias_moving_mean"
            )
        return _plain(given, sc)


# -- the layer ---------------------------------------------------------------------


def _by_layer(given: dict[str, Any], sc: Any) -> Any:
    initializers = given["param_initializers"] or {}
    regularizers = given["param_regularizers"] or {}
    layer = BatchNormalization(
        axis=1 if given["data_format"] == "NCHW" else -1,
        momentum=given["decay"],
        epsilon=given["epsilon"],
        center=given["center"],
        scale=given["scale"],
        beta_regularizer=regularizers.get("beta"),
        gamma_regularizer=regularizers.get("gamma"),
        trainable=given["trainable"],
        renorm=given["renorm"],
        renorm_clipping=given["renorm_clipping"],
        renorm_momentum=given["renorm_decay"],
        adjustment=given["adjustment"],
        name=sc.name,
        _scope=sc,
        _reuse=given["reuse"],
        fused=given["fused"],
        **{
            f"{name}_initializer": initializers.get(name, first())
            for name, first in _FIRST_VALUES.items()
        },
    )
    outputs = layer.apply(given["inputs"], training=given["is_training"])
    for name in ("moving_mean", "moving_variance", "beta", "gamma"):
        variable = getattr(layer, name)
        if variable is not None:
            collecting.add_variable_to_collections(
                variable, given["variables_collections"], name
            )
    return finish(
        outputs, given["activation_fn"], given["outputs_collections"], sc.name
    )


# -- variables and averages --------------------------------------------------------


def _variable(given: dict[str, Any], name: str, shape: Any, dtype: Any) -> Any:
    initializers = given["param_initializers"] or {}
    trained = name in ("beta", "gamma")
    return weight(
        name,
        shape,
        dtype,
        initializers.get(name, _FIRST_VALUES[name]()),
        given["variables_collections"],
        given["trainable"] if trained else False,
        given.get("regularizers", {}).get(name),
    )


def _moving(given: dict[str, Any], shape: Any, dtype: Any) -> tuple[Any, Any]:
    """The averages, which are never kept in parts."""
    with variable_scope(get_variable_scope()) as local_scope:
        local_scope.set_partitioner(None)
        return (
            _variable(given, "moving_mean", shape, dtype),
            _variable(given, "moving_variance", shape, dtype),
        )


class _Averages:
    """Moves the averages of mean and variance towards those of a batch."""

    def __init__(self, given: dict[str, Any], moving: tuple[Any, Any]) -> None:
        self.mean, self.variance = moving
        self._decay = given["decay"]
        self._zero_debias = given["zero_debias_moving_mean"]

    def move(self, mean: Any, variance: Any) -> tuple[Any, Any]:
        """The two operations that do it."""
        from scopetutor.engine.training.moving_averages import (  # noqa: PLC0415 - rarely wanted
            assign_moving_average,
        )

        return (
            assign_moving_average(
                self.mean, mean, self._decay, zero_debias=self._zero_debias
            ),
            assign_moving_average(
                self.variance, variance, self._decay, zero_debias=False
            ),
        )

    def move_later(self, given: dict[str, Any], mean: Any, variance: Any) -> None:
        """Enters the two operations in the collections for updates."""
        updates = collecting.smart_cond(
            given["is_training"],
            lambda: self.move(mean, variance),
            lambda: (self.mean, self.variance),
        )
        for update in updates:
            defaults.get_default_graph().add_to_collections(
                given["updates_collections"], update
            )


# -- fused -------------------------------------------------------------------------


def _fused(given: dict[str, Any]) -> Any:
    data_format = given["data_format"]
    if data_format not in _FORMATS:
        raise ValueError("data_format has to be either NCHW or NHWC.")
    inputs = given["inputs"]
    with variable_scope(
        given["scope"], "BatchNorm", [inputs], reuse=given["reuse"]
    ) as sc:
        images, params = _as_images(inputs, data_format)
        given["regularizers"] = given["param_regularizers"] or {}
        dtype = dtypes.float32
        beta = (
            _variable(given, "beta", params, dtype)
            if given["center"]
            else constants.constant(0.0, dtype, params)
        )
        gamma = (
            _variable(given, "gamma", params, dtype)
            if given["scale"]
            else constants.constant(1.0, dtype, params)
        )
        given["regularizers"] = {}
        averages = _Averages(given, _moving(given, params, dtype))
        outputs = _normalized_images(given, images, beta, gamma, averages)
        outputs.set_shape(images.get_shape())
        if inputs.get_shape().ndims == 2:
            outputs = reshape(outputs, array.shape(inputs))
        collections = given["outputs_collections"]
        return finish(outputs, given["activation_fn"], collections, sc.name)


def _as_images(inputs: Any, data_format: str) -> tuple[Any, Any]:
    """The inputs with rank 4, and the shape of the parameters."""
    rank = inputs.get_shape().ndims
    if rank is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank")
    if rank not in (2, 4):
        raise ValueError(
            f"Inputs {inputs.name} has unsupported rank. Expected 2 or 4 but got {rank}"
        )
    if rank == 2:
        channels = inputs.get_shape()[-1].value
        if channels is None:
            raise ValueError("`C` dimension must be known but is None")
        sizes = [-1, channels, 1, 1] if data_format == "NCHW" else [-1, 1, 1, channels]
        inputs = reshape(inputs, sizes)
    shape = inputs.get_shape()
    params = shape[-1:] if data_format == "NHWC" else shape[1:2]
    if not params.is_fully_defined():
        raise ValueError(f"Inputs {inputs.name} has undefined `C` dimension {params}.")
    return inputs, params


def _normalized_images(
    given: dict[str, Any], images: Any, beta: Any, gamma: Any, averages: _Averages
) -> Any:
    is_training = given["is_training"]
    settings = {"epsilon": given["epsilon"], "data_format": given["data_format"]}
    outputs, mean, variance = collecting.smart_cond(
        is_training,
        lambda: normalize.fused_batch_norm(images, gamma, beta, **settings),
        lambda: normalize.fused_batch_norm(
            images,
            gamma,
            beta,
            mean=averages.mean,
            variance=averages.variance,
            is_training=False,
            **settings,
        ),
    )
    known = collecting.constant_value(is_training)
    if known is not None and not known:
        return outputs
    if given["updates_collections"] is not None:
        averages.move_later(given, mean, variance)
        return outputs

    def after_updates() -> Any:
        with control_dependencies(averages.move(mean, variance)):
            return array.identity(outputs)

    return collecting.smart_cond(is_training, after_updates, lambda: outputs)


# -- plain -------------------------------------------------------------------------


def _plain(given: dict[str, Any], sc: Any) -> Any:
    inputs, data_format = given["inputs"], given["data_format"]
    shape = inputs.get_shape()
    if shape.ndims is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank.")
    dtype = inputs.dtype.base_dtype
    weights = given["batch_weights"]
    if weights is not None:
        weights = convert_to_tensor(weights)
        shape[0:1].assert_is_compatible_with(weights.get_shape())
        weights = reshape(weights, [-1] + [1] * (shape.ndims - 1))
    first = data_format == "NCHW"
    params = shape[1:2] if first else shape[-1:]
    if not params.is_fully_defined():
        raise ValueError(
            f"Inputs {inputs.name} has undefined channels dimension {params}."
        )
    beta = _variable(given, "beta", params, dtype) if given["center"] else None
    gamma = _variable(given, "gamma", params, dtype) if given["scale"] else None
    averages = _Averages(given, _moving(given, params, dtype))
    known = collecting.constant_value(given["is_training"])
    if known is None or known:
        batch = _moments(inputs, weights, first)
        mean, variance = _updated(given, averages, *batch)
    else:
        mean, variance = averages.mean, averages.variance
    if first:
        spread = [1, shape[1].value] + [1] * (shape.ndims - 2)
        mean, variance = reshape(mean, spread), reshape(variance, spread)
        beta = None if beta is None else reshape(beta, spread)
        gamma = None if gamma is None else reshape(gamma, spread)
    outputs = normalize.batch_normalization(
        inputs, mean, variance, beta, gamma, given["epsilon"]
    )
    outputs.set_shape(shape)
    return finish(
        outputs, given["activation_fn"], given["outputs_collections"], sc.name
    )


def _moments(inputs: Any, weights: Any, first: bool) -> tuple[Any, Any]:
    """Mean and variance of each channel of a batch."""
    rank = inputs.get_shape().ndims
    axes = [0, *range(2, rank)] if first else list(range(rank - 1))
    if weights is None:
        mean, variance = normalize.moments(inputs, axes, keep_dims=first)
    else:
        mean, variance = normalize.weighted_moments(
            inputs, axes, weights, keepdims=first
        )
    if first:
        mean, variance = reshape(mean, [-1]), reshape(variance, [-1])
    return mean, variance


def _updated(
    given: dict[str, Any], averages: _Averages, mean: Any, variance: Any
) -> Any:
    """Mean and variance to normalize by, once the averages have moved or will."""
    is_training = given["is_training"]

    def moving() -> Any:
        return averages.mean, averages.variance

    def after_updates() -> Any:
        with control_dependencies(averages.move(mean, variance)):
            return array.identity(mean), array.identity(variance)

    if given["updates_collections"] is None:
        return collecting.smart_cond(is_training, after_updates, moving)
    averages.move_later(given, mean, variance)
    return collecting.smart_cond(is_training, lambda: (mean, variance), moving)
