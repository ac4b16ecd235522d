"""Variables that a function makes when it is traced first.

After defun; ``tf_function.py`` uses them. They belong to what is around the function:
TF 1.15 copies what their initial values are computed from into the graph around, and in
eager mode computes it at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, eager, shapes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.function_graphs import runner
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.resource_variables import ResourceVariable
from scopetutor.engine.surroundings import (
    colocate_with,
    device,
    init_scope,
    name_scope,
)
from scopetutor.engine.variables import (
    validate_synchronization_aggregation_trainable,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scopetutor.engine.graph import Graph
    from scopetutor.engine.operation import Operation, Tensor


class LiftedVariable(ResourceVariable):
    """A variable that a function makes.

    Attributes:
        unlifted: the tensor of the function that is its initial value; None if it was
            not made in one after all.
    """

    unlifted: Tensor | None

    def __init__(
        self,
        initial_value: Any = None,
        trainable: Any = None,
        collections: Any = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: Any = None,
        dtype: Any = None,
        constraint: Any = None,
        synchronization: Any = None,
        aggregation: Any = None,
        shape: Any = None,
        **_settings: Any,
    ) -> None:
        self.unlifted = None
        if not inside_function():
            super().__init__(
                initial_value,
                trainable,
                collections,
                validate_shape,
                caching_device,
                name,
                dtype,
                constraint=constraint,
                synchronization=synchronization,
                aggregation=aggregation,
                shape=shape,
            )
            return
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        if constraint is not None and not callable(constraint):
            raise ValueError("The `constraint` argument must be a callable.")
        found = validate_synchronization_aggregation_trainable(
            synchronization, aggregation, trainable, name
        )
        self._synchronization, self._aggregation, self._trainable = found
        self._constraint, self._caching_device = constraint, caching_device
        from_function = callable(initial_value)
        around = [] if from_function else [initial_value]
        with (
            name_scope(name, "Variable", around) as scope,
            name_scope("Initializer"),
            device(None),
        ):
            value = convert_to_tensor(
                initial_value() if from_function else initial_value,
                dtype,
                name="initial_value",
            )
        self._dtype = value.dtype.base_dtype
        self._shape = shapes.as_shape(value.shape if shape is None else shape)
        self.unlifted = value
        with init_scope():
            self._in_graph_mode = not defaults.state.eager
            self._make_handle(name)
            if self._in_graph_mode:
                # TF 1.15: whatever collections were asked for.
                self._handle.graph.add_to_collection(GraphKeys.GLOBAL_VARIABLES, self)
        if self._in_graph_mode:
            with name_scope(scope), init_scope():
                self._make_initializer(value)

    def _make_handle(self, name: Any) -> None:
        """Makes the variable itself, around the function."""
        with name_scope(name, "Variable") as scope:
            handle_name = scope.removesuffix("/")
            shared = handle_name
            if not self._in_graph_mode:
                shared = f"{handle_name}_{next(eager._uids)}"
            self._handle = apply(
                "VarHandleOp",
                shape=self._shape,
                dtype=self._dtype,
                shared_name=shared,
                name=scope,
            )
            self._handle_name = f"{handle_name}:0"
            self._initial_value = self._initializer_op = None
            self._is_initialized_op = self._graph_element = None
            if self._in_graph_mode:
                with name_scope("Read"), device(self._handle.device):
                    self._graph_element = apply(
                        "ReadVariableOp", self._handle, dtype=self._dtype
                    )

    def _make_initializer(self, value: Tensor) -> None:
        self._initial_value = lifted(value, self._handle.graph)
        with name_scope("IsInitialized"):
            self._is_initialized_op = apply("VarIsInitializedOp", self._handle)
        with name_scope("Assign") as assign, colocate_with(self._handle):
            self._initializer_op = apply(
                "AssignVariableOp", self._handle, self._initial_value, name=assign
            )


def inside_function() -> bool:
    """Whether a function is being traced."""
    return not defaults.state.eager and bool(
        defaults.get_default_graph().building_function
    )


class UnliftableError(Exception):
    """An initial value depends on the arguments of a function."""

    __module__ = "tensorflow.python.ops.op_selector"


def lifted(tensor: Tensor, graph: Graph) -> Tensor:
    """A copy, in a graph around, of a tensor of a function.

    Raises:
        UnliftableError: it depends on the arguments of the function.
    """
    inside: Any = tensor.graph
    outside = {here: there for there, here in inside.captured.items()}
    copies: dict[Operation, Operation] = {}

    def copied(item: Tensor) -> Any:
        if item in outside:
            return outside[item]
        op = item.op
        if op not in copies:
            _check_liftable(op)
            inputs = tuple(copied(taken) for taken in op._inputs)
            types = [made.dtype for made in op._outputs]
            with graph.as_default(), name_scope(None):
                copies[op] = graph.add(
                    op._definition, inputs, op._attrs, types, op.name
                )
        return copies[op].outputs[item._index]

    found: Tensor = copied(tensor)
    return found


def _check_liftable(op: Operation) -> None:
    if op.type == "Placeholder":
        raise UnliftableError(
            f"Unable to lift tensor {op.outputs[0]!r} because it depends transitively "
            f"on placeholder {op!r} via at least one path, e.g.: {op.name} "
            "(Placeholder)"
        )


def initialize(variables: Sequence[LiftedVariable], args: Sequence[Any]) -> None:
    """Gives the variables of a function their initial values, in eager mode.

    Args:
        variables: made when it was traced.
        args: the tensors it was called with.
    """
    made = {v: v.unlifted for v in variables if v.unlifted is not None}
    if not made:
        return
    graph: Any = next(iter(made.values())).graph
    fed = [*graph.inputs[: len(args)], *graph.captured.values()]
    taken = [tensor._value for tensor in (*args, *graph.captured)]
    call = runner(fed, list(made.values()), ())
    for variable, value in zip(made, call(taken), strict=True):
        tensor = eager.EagerTensor(value, variable.dtype)
        apply("AssignVariableOp", variable._handle, tensor)
