"""`tf.create_partitioned_variables`, from before partitioners.

After scopes. TF 1.15: it asks the scope for a variable without a name, in a variable
scope of its own.
"""

from __future__ import annotations

from typing import Any

from . import deprecation, dtypes
from .entering import variable_scope
from .scopes import get_partitioned_variable


@deprecation.deprecated(
    "create_partitioned_variables",
    "partitioned_variables",
    "Use `tf.get_variable` with a partitioner set.",
)
@deprecation.deprecated(
    "create_partitioned_variables",
    "partitioned_variables",
    "Use `tf.get_variable` with a partitioner set.",
)
def create_partitioned_variables(
    shape: Any,
    slicing: Any,
    initializer: Any,
    dtype: Any = dtypes.float32,
    trainable: bool = True,
    collections: Any = None,
    name: Any = None,
    reuse: Any = None,
) -> list[Any]:
    """The parts of a new variable.

    Args:
        shape: of the whole variable.
        slicing: into how many parts each dimension is divided; all but one into one.
        initializer: as of `tf.get_variable`.
        dtype: of its values.
        trainable: whether optimizers change it by default.
        collections: it goes into; None: the global variables.
        name: of its variable scope.
        reuse: as of `tf.variable_scope`.

    Raises:
        ValueError: the slicing does not fit the shape.
    """
    if len(shape) != len(slicing):
        raise ValueError(
            "The 'shape' and 'slicing' of a partitioned Variable must have the "
            f"length: shape: {shape}, slicing: {slicing}"
        )
    if len(shape) < 1:
        raise ValueError(
            f"A partitioned Variable must have rank at least 1: shape: {shape}"
        )
    with variable_scope(name, "PartitionedVariable", reuse=reuse):
        whole = get_partitioned_variable(
            name=None,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            trainable=trainable,
            partitioner=lambda **_: slicing,
            collections=collections,
        )
    return list(whole)
