"""`tf.contrib.framework`: small functions of tensors, and of the graph they are in.

After ``ops/checks.py``.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import confusion, defaults, deprecation
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.graph import Graph, graph_from_inputs
from scopetutor.engine.ops.checks import assert_scalar
from scopetutor.engine.ops.reductions import reduce_sum
from scopetutor.engine.ops.sums import add_n
from scopetutor.engine.surroundings import name_scope


def reduce_sum_n(tensors: Any, name: str | None = None) -> Any:
    """The sum of all elements of all tensors.

    Raises:
        ValueError: there are no tensors.
    """
    if not tensors:
        raise ValueError("No tensors provided.")
    with name_scope(name, "reduce_sum_n", tensors) as scope:
        sums = [reduce_sum(each, name=f"{each.op.name}/sum") for each in tensors]
        return sums[0] if len(sums) == 1 else add_n(sums, name=scope)


def assert_scalar_int(tensor: Any, name: str | None = None) -> Any:
    """The tensor; ValueError unless it is a scalar of whole numbers."""
    with name_scope(name, "assert_scalar_int", [tensor]) as scope:
        tensor = convert_to_tensor(tensor)
        kind = tensor.dtype
        if not kind.base_dtype.is_integer:
            raise ValueError(
                f"Expected integer type for {tensor.name}, received type: {kind}."
            )
        return assert_scalar(tensor, name=scope)


@deprecation.deprecated(
    "remove_squeezable_dimensions",
    "tensorflow.contrib.framework.python.framework.tensor_util",
    "Please switch to remove_squeezable_dimensions from tf.confusion_matrix. Note that "
    "the order of the inputs and outputs of labels and predictions have also been "
    "switched.",
)
def remove_squeezable_dimensions(
    predictions: Any, labels: Any, name: str | None = None
) -> tuple[Any, Any]:
    """Both, without a last size of 1 that only one of them has."""
    labels, predictions = confusion.remove_squeezable_dimensions(
        labels, predictions, name=name
    )
    return predictions, labels


def get_name_scope() -> str | None:
    """The current name scope of the default graph, without the last "/"."""
    return defaults.get_default_graph().get_name_scope()


def get_placeholders(graph: Any) -> list[Any]:
    """The placeholders of a graph.

    Raises:
        TypeError: it is no graph.
    """
    if not isinstance(graph, Graph):
        raise TypeError(f"Input graph needs to be a Graph: {graph}")
    return [op.outputs[0] for op in graph.get_operations() if op.type == "Placeholder"]


def get_graph_from_inputs(op_input_list: Any, graph: Any = None) -> Any:
    """The graph that all tensors among some values belong to; else the default.

    Raises:
        ValueError: they are of several graphs, or not of the one that is given.
    """
    return graph_from_inputs(op_input_list, graph)
