"""What every function of `tf.contrib.layers` does around its layer.

It opens a variable scope whose getter renames the layer's variables and makes model
variables of them; afterwards come normalizer, activation and collections.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.contrib import collecting
from scopetutor.engine.contrib.variables import model_variable
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import Zeros
from scopetutor.engine.variables import VariableAggregation, VariableSynchronization

ZEROS = Zeros()
WEIGHTS = {"bias": "biases", "kernel": "weights"}
SEPARABLE_WEIGHTS = {
    "bias": "biases",
    "depthwise_kernel": "depthwise_weights",
    "pointwise_kernel": "pointwise_weights",
}


def model_variable_getter(
    getter: Any,
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: Any = True,
    collections: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    rename: Any = None,
    use_resource: Any = None,
    synchronization: Any = VariableSynchronization.AUTO,
    aggregation: Any = VariableAggregation.NONE,
    **_: Any,
) -> Any:
    """A custom getter: makes model variables, some under another last name."""
    scope, slash, last = name.rpartition("/")
    if rename and last in rename:
        name = f"{scope}{slash}{rename[last]}"
    return model_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        collections=collections,
        trainable=trainable,
        caching_device=caching_device,
        partitioner=partitioner,
        custom_getter=getter,
        use_resource=use_resource,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def layer_scope(
    scope: Any, default_name: str, inputs: Any, reuse: Any, rename: Any = None
) -> variable_scope:
    """The variable scope of a layer whose variables are renamed."""

    def layer_variable_getter(getter: Any, *args: Any, **kwargs: Any) -> Any:
        return model_variable_getter(getter, *args, **{**kwargs, "rename": rename})

    return variable_scope(
        scope,
        default_name,
        [inputs],
        reuse=reuse,
        custom_getter=layer_variable_getter,
    )


def is_channels_first(data_format: Any, allowed: tuple[str, ...]) -> str:
    """The format as layers call it.

    Raises:
        ValueError: it is none of those allowed.
    """
    if data_format not in allowed:
        raise ValueError(f"data_format has to be either {allowed[0]} or {allowed[1]}.")
    return "channels_first" if data_format.startswith("NC") else "channels_last"


def weight(
    name: str,
    shape: Any,
    dtype: Any,
    initializer: Any,
    variables_collections: Any,
    trainable: Any,
    regularizer: Any = None,
    collected_as: str = "",
) -> Any:
    """A model variable in the collections that are meant for it."""
    collections = collecting.get_variable_collections(
        variables_collections, collected_as or name
    )
    return model_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        collections=collections,
        trainable=trainable,
    )


def normalized(outputs: Any, normalizer_fn: Any, normalizer_params: Any) -> Any:
    """The outputs through a normalizer, if there is one."""
    if normalizer_fn is None:
        return outputs
    return normalizer_fn(outputs, **(normalizer_params or {}))


def finish(outputs: Any, activation_fn: Any, collections: Any, name: str) -> Any:
    """The outputs through an activation, if there is one, and collected."""
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    return collecting.collect_named_outputs(collections, name, outputs)
