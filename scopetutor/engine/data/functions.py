"""The functions that datasets map.

After structure and ``function_graphs.py``; datasets call `traced`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.autograph import calls
from scopetutor.engine.autograph.options import Status, decided, status
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.function_graphs import (
    ByValueGraph,
    Function,
    FunctionGraph,
    graph_around,
    numbered,
    registered,
)

from . import structure

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation


def traced(
    function: Callable[..., Any], transformation: str, spec: Any, *, told: bool = True
) -> Function:
    """Builds the graph of a function of a dataset's elements.

    Args:
        function: takes the element, or its parts if it is a tuple.
        transformation: what it is for, such as "Dataset.map()".
        spec: the structure of what it takes.
        told: whether errors in it name it.

    Raises:
        TypeError: it gives something that is no tensor.
    """
    called = getattr(function, "__name__", type(function).__name__)
    short = transformation.replace(".", "_")[:-2]
    name = numbered(f"__inference_{short}_{called}")
    graph = FunctionGraph(graph_around(), name)
    graph.has_branches = True
    if not told:
        graph.preface = ""
    with graph.as_default():
        for leaf in structure.flatten(spec):
            graph.add_argument(leaf.dtype, leaf.shape)
        nested = structure.element_of(spec, graph.inputs)
        elements = nested if type(nested) is tuple else (nested,)
        around = status()
        with decided(Status.DISABLED):  # TF 1.15: but for what is rewritten
            given = calls.call(function, elements, {}, around=around)
        if isinstance(given, list):
            given = tuple(given)
        try:
            output_spec = structure.spec_of(given)
        except (TypeError, ValueError):
            raise TypeError(
                f"Unsupported return value from function passed to {transformation}: "
                f"{given}."
            ) from None
        graph.outputs = [
            graph.capture(convert_to_tensor(value))
            for value in structure.tensors_of(given)
        ]
    return registered(Function(graph, output_spec))


def by_value(make: Callable[[], Any], allowed: set[Operation]) -> Function:
    """The function that makes a dataset from copies of the operations around it."""
    graph = ByValueGraph(graph_around(), numbered("_make_dataset"), allowed)
    with graph.as_default():
        graph.outputs = [graph.capture(make())]
    return registered(Function(graph, None))
