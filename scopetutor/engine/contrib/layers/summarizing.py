"""Summaries of layers: `tf.contrib.layers.summarize_activation` and its kin.

After layers: what they entered in ACTIVATIONS, and any other collection, gets summaries
for TensorBoard (``ops/summaries.py``).
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops import math, summaries

if TYPE_CHECKING:
    from collections.abc import Callable

_KNOWS_ZEROS = ("Relu", "Softplus", "Relu6")


def _scalar(tensor: Any, tag: str | None = None) -> Any:
    tensor.get_shape().assert_has_rank(0)
    return summaries.scalar(tag or f"{tensor.op.name}_summary", tensor)


def _share(beyond: Any, tag: str) -> None:
    """A summary of how many elements a condition holds for."""
    _scalar(math.reduce_mean(math.to_float(beyond)), tag)


def summarize_activation(op: Any) -> Any:
    """A histogram of an activation, and how much of it is cut off.

    Args:
        op: the activation, a tensor.

    Returns:
        The summary of the histogram.
    """
    kind, name = op.op.type, op.op.name
    if kind in _KNOWS_ZEROS:
        before = op.op.inputs[0]
        _share(math.less(before, math.cast(0.0, before.dtype)), f"{name}/zeros")
    if kind == "Relu6":
        before = op.op.inputs[0]
        _share(math.greater(before, math.cast(6.0, before.dtype)), f"{name}/sixes")
    return summaries.histogram(f"{name}/activation", op)


def summarize_tensor(tensor: Any, tag: str | None = None) -> Any:
    """A scalar or a histogram of a tensor; None for strings and flags."""
    if tensor.dtype.is_compatible_with(dtypes.string):
        return None
    if tensor.dtype.base_dtype == dtypes.bool_:
        return None
    if tensor.get_shape().ndims == 0:
        return _scalar(tensor, tag)
    return summaries.histogram(tag or f"{tensor.op.name}_summary", tensor)


def summarize_tensors(
    tensors: Any, summarizer: Callable[[Any], Any] = summarize_tensor
) -> list[Any]:
    """A summary of each tensor."""
    return [summarizer(tensor) for tensor in tensors]


def summarize_collection(
    collection: str,
    name_filter: str | None = None,
    summarizer: Callable[[Any], Any] = summarize_tensor,
) -> list[Any]:
    """A summary of each tensor of a collection.

    Args:
        collection: its name.
        name_filter: a regular expression that names begin with; None: all.
        summarizer: makes one summary.
    """
    tensors = [
        tensor
        for tensor in defaults.get_default_graph().get_collection(collection)
        if name_filter is None or re.match(name_filter, tensor.op.name)
    ]
    return summarize_tensors(tensors, summarizer)


summarize_variables = functools.partial(
    summarize_collection, GraphKeys.GLOBAL_VARIABLES
)
summarize_weights = functools.partial(summarize_collection, GraphKeys.WEIGHTS)
summarize_biases = functools.partial(summarize_collection, GraphKeys.BIASES)


def summarize_activations(
    name_filter: str | None = None,
    summarizer: Callable[[Any], Any] = summarize_activation,
) -> list[Any]:
    """A summary of each tensor of the collection ACTIVATIONS."""
    return summarize_collection(GraphKeys.ACTIVATIONS, name_filter, summarizer)
