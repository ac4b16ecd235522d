"""The graph of one branch of an operation If or Case.

After function_graphs; ``branch_functions.py`` makes the operations. TF 1.15 puts the
operations of the chosen branch in the place of such an operation before it runs, so
that errors name those, and only what the results need of a branch is done.
"""

from __future__ import annotations

import functools
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from . import defaults, dtypes, nest
from .apply import apply
from .automatic_control import InOrder
from .convert import convert_to_tensor
from .function_graphs import (
    Function,
    FunctionGraph,
    acting,
    named,
    registered,
    runner,
)
from .op_errors import InaccessibleTensorError
from .operation import Operation, Tensor
from .ops.array import identity
from .ops.branches import flow_of
from .scopes import get_variable_scope, scopes_of, store_of
from .surroundings import control_dependencies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .graph_scopes import ControlDependencies
    from .registry import Definition


class BranchGraph(FunctionGraph):
    """The operations of one branch.

    Attributes:
        given: what the branch gives, in its own structure.
        waited_for: operations outside that something in it is to run after.
    """

    has_branches = True

    def __init__(self, outer: Any, name: str) -> None:
        super().__init__(outer, name)
        self.preface = ""
        self.given: Any = None
        self.waited_for: dict[Operation, None] = {}
        self._thread.creators = outer._thread.creators

    def _share_collections(self, outer: Any) -> None:
        store_of(outer), scopes_of(outer)  # known inside and outside
        self._collections = outer._collections

    def add(
        self, definition: Any, inputs: tuple[Tensor, ...], *rest: Any, **more: Any
    ) -> Operation:
        """Adds an operation.

        Raises:
            TypeError: it changes a variable of outside through a reference.
        """
        here = tuple(self.capture(tensor) for tensor in inputs)
        for before, after in zip(inputs, here, strict=True):
            if before.dtype._is_ref_dtype and not after.dtype._is_ref_dtype:
                _check_references(definition, inputs, here)
        return super().add(definition, here, *rest, **more)

    def capture(self, tensor: Tensor) -> Tensor:
        """The tensor itself, or what stands for it here.

        Raises:
            InaccessibleTensorError: it is of a function inside of this one.
        """
        around: Any = None if hasattr(tensor, "_value") else tensor.graph
        while isinstance(around, FunctionGraph) and tensor.graph is not self:
            if around is self:
                raise InaccessibleTensorError(
                    f"The tensor '{tensor}' cannot be accessed here: it is defined in "
                    "another function or code block. Use return values, explicit "
                    "Python locals or TensorFlow collections to access it. Defined "
                    f"in: {tensor.graph}; accessed from: {self}.\n"
                )
            around = around.outer
        return super().capture(tensor)

    def _stand_in(self, tensor: Tensor) -> Tensor:
        """TF 1.15: it is named in the scope that is open when it is needed."""
        with self.as_default(), self.control_dependencies(None):
            made: Tensor = apply(
                "Placeholder",
                dtype=tensor.dtype.base_dtype,
                shape=tensor.shape,
                name="captured" if hasattr(tensor, "_value") else tensor.op.name,
            )
        return made

    def control_dependencies(self, control_inputs: Any) -> ControlDependencies:
        """As in any graph; the operation itself waits for those of outside."""
        inside = control_inputs
        if control_inputs is not None:
            ops = [_op_of(item) for item in control_inputs]
            self.waited_for.update(dict.fromkeys(o for o in ops if o.graph is not self))
            inside = [op for op in ops if op.graph is self]
        return super().control_dependencies(inside)

    def take_inputs(self, wanted: Iterable[Tensor]) -> None:
        """Makes exactly these tensors what it takes of outside, in their order."""
        with self.as_default():
            self.captured = {
                tensor: self.captured[tensor]
                if tensor in self.captured
                else apply("Placeholder", dtype=tensor.dtype, shape=tensor.shape)
                for tensor in wanted
            }

    def forget_variables(self) -> None:
        """TF 1.15: a gradient knows of a branch what graph files say.

        Of a variable's handle they do not say which shape the variable has.
        """
        if not self.knows_variables or not any(
            tensor.dtype is dtypes.resource for tensor in self.captured
        ):
            return
        self.knows_variables = False
        for op in self._operations.values():
            if op.type != "Placeholder" and op._definition.shape is not None:
                shapes = op._definition.shape(op)
                for tensor, dims in zip(op._outputs, shapes, strict=True):
                    tensor._dims, tensor._shape = dims, None

    def shown_name(self, op: Operation) -> str:
        """What errors call an operation: its name in graph files."""
        function: Any = named(op, self.name)
        name: str = function.shown_name(op)
        return name

    def __str__(self) -> str:
        return f"FuncGraph(name={self.name}, id={id(self)})"


def _check_references(
    definition: Definition, inputs: Sequence[Tensor], here: Sequence[Tensor]
) -> None:
    """TypeError if an operation needs a reference that stays outside."""
    wanted = [
        before.dtype if argument.is_ref else after.dtype
        for argument, before, after in zip(
            definition.inputs, inputs, here, strict=False
        )
    ]
    if definition.ref_places:
        raise TypeError(
            f"In op '{definition.name}', input types "
            f"({[tensor.dtype for tensor in here]}) are not compatible with expected "
            f"types ({wanted})"
        )


def _op_of(item: Any) -> Operation:
    graph = getattr(item, "graph", None) or defaults.get_default_graph()
    found: Operation = graph._control_op(item)
    return found


class BranchFunction(Function):
    """A branch as operations know it, and as graph files hold it."""

    graph: BranchGraph
    grad_func_name = None

    def caller(self) -> Callable[[Any], list[Any]]:
        """Computes what the branch gives from what it takes of outside."""
        graph = self.graph
        ops = list(graph._operations.values())
        return runner(
            [*graph.inputs, *graph.captured.values()],
            graph.outputs,
            acting(ops) if _acts(graph) else (),
        )

    @functools.cached_property
    def _description(self) -> Any:
        from .testing.function_defs import Description, result_names  # noqa: PLC0415

        graph = self.graph
        return Description(
            self.name,
            [*graph.inputs, *graph.captured.values()],
            graph.outputs,
            result_names(graph.outputs, None),
            list(graph._operations.values()),
        )

    def shown_name(self, op: Operation) -> str:
        """What errors call an operation of it."""
        name: str = self._description.node_name(op)
        return name

    @functools.cached_property
    def definition(self) -> Any:
        """Its description as in TensorFlow's graph files."""
        return self._description.function_def()


def _acts(graph: FunctionGraph) -> bool:
    """Whether it is part of a function all of whose effects take place."""
    while isinstance(graph, BranchGraph):
        graph = graph.outer
    return isinstance(graph, FunctionGraph)


def register(graph: BranchGraph, kind: type[BranchFunction] = BranchFunction) -> None:
    """Makes a finished branch known to the graphs around it, and to their files.

    Args:
        graph: the branch.
        kind: as what operations know it.
    """
    function = kind(graph, graph.given)
    registered(function)
    outer: Any = graph.outer
    while outer is not None:
        outer.__dict__.setdefault("_library", {})[graph.name] = function
        outer = getattr(outer, "outer", None)


def traced(graph: BranchGraph, function: Callable[[], Any], chooser: Any) -> None:
    """Fills a branch with the operations of a function.

    Args:
        graph: the branch.
        function: takes nothing.
        chooser: the tensor that says which branch runs; given where the function gives
            an operation.

    Raises:
        TypeError: it gives something that is no tensor.
    """

    def converted(value: Any) -> Any:
        if value is None or hasattr(value, "flow"):
            return value
        if chooser is not None and isinstance(value, Operation):
            with control_dependencies([value]):
                return identity(chooser)
        try:
            return convert_to_tensor(value)
        except (ValueError, TypeError):
            raise TypeError(
                "To be compatible with tf.contrib.eager.defun, Python functions must "
                f"return zero or more Tensors; in compilation of {function}, found "
                f"return value of type {type(value)}, which is not a Tensor."
            ) from None

    with graph.as_default():
        scope = get_variable_scope()
        before = scope.use_resource
        scope.set_use_resource(True)
        try:
            with InOrder() if _acts(graph) else nullcontext() as order:
                given = nest.map_structure(
                    converted, function(), expand_composites=True
                )
                if order is not None:  # TF 1.15: as in the function around
                    given = nest.map_structure(
                        lambda value: (
                            None if value is None else order.mark_as_return(value)
                        ),
                        given,
                        expand_composites=True,
                    )
        finally:
            scope.set_use_resource(before)
        set_outputs(graph, given)


def set_outputs(graph: BranchGraph, given: Any) -> None:
    """Makes the tensors of a structure what a branch gives."""
    graph.given = given
    graph.outputs = [
        graph.capture(flow_of(value))
        for value in nest.flatten(given, expand_composites=True)
        if value is not None
    ]
