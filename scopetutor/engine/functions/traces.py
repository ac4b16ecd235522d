"""The graph of a function for one kind of arguments.

After signatures; ``concrete.py`` runs such graphs. Conditions in it are operations of
their own, what acts runs in the order of the program, and AutoGraph rewrites the
function unless that was declined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, nest
from scopetutor.engine.apply import apply
from scopetutor.engine.autograph import calls
from scopetutor.engine.autograph.options import Options, Status, decided
from scopetutor.engine.automatic_control import InOrder
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.data.structure import TensorSpec
from scopetutor.engine.function_graphs import FunctionGraph, numbered
from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.ops.branches import flow_of
from scopetutor.engine.random import eager_seed
from scopetutor.engine.resource_variables import is_resource_variable
from scopetutor.engine.scopes import get_variable_scope, scopes_of, store_of
from scopetutor.engine.sparse import IndexedSlices, SparseTensor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class TracedGraph(FunctionGraph):
    """What a function made when it was traced.

    Attributes:
        given: what it gave, in its own structure.
        signature: the arguments: TensorSpecs, and Python's values.
        must_run: what runs though nobody asks for what it gives.
    """

    has_branches = True

    def __init__(self, outer: Any, name: str) -> None:
        super().__init__(outer, name)
        self.preface = ""
        self.given: Any = None
        self.signature: Any = None
        self.must_run: list[Operation] = []
        self._thread.creators = list(outer._thread.creators)

    def placeholder(self, kind: Any, name: str | None, shape: Any = None) -> Tensor:
        """The placeholder of one more argument."""
        made: Tensor = apply(
            "Placeholder",
            dtype=kind.dtype.base_dtype,
            shape=kind.shape if shape is None else shape,
            name=name,
        )
        self.inputs.append(made)
        return made

    def _stand_in(self, tensor: Tensor) -> Tensor:
        """TF 1.15: it is named in the scope that is open when it is needed."""
        name = "captured" if hasattr(tensor, "_value") else tensor.op.name
        with self.as_default(), self.control_dependencies(None):
            made: Tensor = apply(
                "Placeholder",
                dtype=tensor.dtype.base_dtype,
                shape=tensor.shape,
                name=name,
            )
        return made


def traced(
    function: Callable[..., Any],
    name: str,
    arguments: tuple[tuple[Any, ...], dict[str, Any]],
    names: Sequence[str],
    *,
    options: Options | None,
    shapes: Sequence[Any] | None = None,
    around: Callable[[TracedGraph], Any] | None = None,
) -> TracedGraph:
    """Traces a function.

    Args:
        function: the function.
        name: what it is called.
        arguments: by place and by keyword: tensors or their specs, variables, and
            Python's values.
        names: what the arguments by place are called.
        options: how AutoGraph rewrites it; None: not at all.
        shapes: of the tensors, instead of their own.
        around: makes a context manager that the function is called in.

    Raises:
        TypeError: it gives something that is no tensor.
        ValueError: it changes the structure of its arguments.
    """
    outer = defaults.get_default_graph()
    store_of(outer), scopes_of(outer)  # known inside and outside
    graph = TracedGraph(outer, numbered(f"__inference_{name}"))
    if defaults.state.eager:
        graph.seed = eager_seed.graph_seed
    with graph.as_default(), InOrder() as order:
        inside = _inside(graph, arguments, names, shapes)
        graph.signature = _described(inside)
        given = _called(function, graph, inside, options, around)
        graph.given = nest.map_structure(
            lambda value: _result(value, order, function),
            given,
            expand_composites=True,
        )
        _check_kept(arguments, inside)
    graph.outputs = [
        graph.capture(flow_of(value))
        for value in nest.flatten(graph.given, expand_composites=True)
        if value is not None
    ]
    graph.must_run = list(order.must_run)
    return graph


def _inside(
    graph: TracedGraph,
    arguments: tuple[tuple[Any, ...], dict[str, Any]],
    names: Sequence[str],
    shapes: Sequence[Any] | None,
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments as the function gets them: placeholders where tensors were."""
    args, kwargs = arguments
    known = iter(shapes or ())

    def stand_in(value: Any, name: str) -> Any:
        shape = next(known, None)
        if isinstance(value, TensorSpec):
            return graph.placeholder(value, value.name or name, shape)
        if isinstance(value, Tensor):
            return graph.placeholder(value, name, shape)
        if is_resource_variable(value):
            graph.capture(value.handle)
        return value

    placed = [
        nest.map_structure(
            lambda value, name=name: stand_in(value, name), arg, expand_composites=True
        )
        for arg, name in zip(args, names, strict=True)
    ]
    named = {
        name: nest.map_structure(
            lambda value, name=name: stand_in(value, name),
            kwargs[name],
            expand_composites=True,
        )
        for name in sorted(kwargs)
    }
    return tuple(placed), named


def _described(inside: tuple[Any, ...]) -> Any:
    """The arguments with a spec for each tensor."""

    def described(value: Any) -> Any:
        if isinstance(value, Tensor):
            return TensorSpec(value.shape, value.dtype, value.op.name)
        return value

    return nest.map_structure(described, inside)


def _called(
    function: Callable[..., Any],
    graph: TracedGraph,
    inside: tuple[tuple[Any, ...], dict[str, Any]],
    options: Options | None,
    around: Callable[[TracedGraph], Any] | None,
) -> Any:
    """Calls it where variables are resource variables, as TF 1.15 traces."""
    scope = get_variable_scope()
    before = scope.use_resource
    scope.set_use_resource(True)
    args, kwargs = inside
    try:
        if around is not None:
            with around(graph):
                return _called(function, graph, inside, options, None)
        if options is None:
            with decided(Status.DISABLED):
                return function(*args, **kwargs)
        with decided(Status.ENABLED):
            return calls.call(function, args, kwargs, options)
    finally:
        scope.set_use_resource(before)


def _result(value: Any, order: InOrder, function: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, (SparseTensor, IndexedSlices)) and not hasattr(
        value, "with_flow"
    ):
        try:
            value = convert_to_tensor(value)
        except (ValueError, TypeError):
            raise TypeError(
                "To be compatible with tf.contrib.eager.defun, Python functions must "
                f"return zero or more Tensors; in compilation of {function}, found "
                f"return value of type {type(value)}, which is not a Tensor."
            ) from None
    return order.mark_as_return(value)


def _check_kept(arguments: Any, inside: Any) -> None:
    """ValueError if the function has changed the lists it was given."""
    try:
        nest.assert_same_structure(arguments, inside)
    except ValueError:
        raise ValueError(
            "Function to be traced should not modify structure of input arguments. "
            "Check if your function has list and dictionary operations that alter "
            "input arguments, such as `list.pop`, `list.append`"
        ) from None
