"""Ref variables, the classic kind: operations take a reference to them.

After variables, beside resource_variables. One is four operations: the initial value,
VariableV2 that holds it, Assign that initializes it, and Identity (`v/read`) that reads
it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import defaults, deprecation, dtypes, shapes, stencils, tf_logging
from .apply import apply
from .convert import (
    convert_to_tensor,
    register_dense_tensor_like_type,
    register_tensor_conversion_function,
)
from .initial_values import (
    call_initializer,
    guard_against_uninitialized,
    self_colocation,
)
from .naming import rename
from .ops import state, variable_parts
from .read_only import read_only
from .sparse import IndexedSlices
from .surroundings import colocate_with, device, init_scope, name_scope
from .variables import (
    Variable,
    check_is_variable_def,
    check_not_in_control_flow,
    checked_collections,
    message_finder,
    take_settings_of_message,
    validate_synchronization_aggregation_trainable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from .dtypes import DType
    from .operation import Operation, Tensor
    from .shapes import TensorShape


@read_only
class RefVariable(Variable):
    """A variable of the classic kind: operations take a reference to it.

    TF 1.15: reading it gives one and the same operation, `v/read`.
    """

    _in_graph_mode = True

    def __init__(
        self,
        initial_value: Any = None,
        trainable: Any = None,
        collections: Any = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: Any = None,
        variable_def: Any = None,
        dtype: Any = None,
        expected_shape: Any = None,
        import_scope: str | None = None,
        constraint: Any = None,
        synchronization: Any = None,
        aggregation: Any = None,
        shape: Any = None,
    ) -> None:
        if variable_def is not None:
            if initial_value:
                raise ValueError(
                    "variable_def and initial_value are mutually exclusive."
                )
            self._init_from_message(variable_def, import_scope)
            return
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        if collections is not None:
            checked_collections(collections, trainable=False)
        if constraint is not None and not callable(constraint):
            raise ValueError("The `constraint` argument must be a callable.")
        self._synchronization, self._aggregation, self._trainable = (
            validate_synchronization_aggregation_trainable(
                synchronization, aggregation, trainable, name
            )
        )
        collections = checked_collections(collections, self._trainable)
        self._caching_device = caching_device
        self._constraint = constraint
        if defaults.state.eager:
            raise RuntimeError(
                "RefVariable not supported when eager execution is enabled. "
            )
        if defaults.get_default_graph()._building_function:
            with init_scope():  # TF 1.15: a function's variables are not its own
                self._build(initial_value, name, dtype, shape, validate_shape)
                defaults.get_default_graph().add_to_collections(collections, self)
            return
        self._build(initial_value, name, dtype, shape, validate_shape)
        defaults.get_default_graph().add_to_collections(collections, self)

    def _build(
        self,
        initial_value: Any,
        name: Any,
        dtype: Any,
        shape: Any,
        validate_shape: bool,
    ) -> None:
        """Makes the variable's operations, in the order of TF 1.15."""
        making = None
        if validate_shape is True and shape is None and self._caching_device is None:
            making = stencils.making(initial_value, name, "ref")
        made = None if making is None else making.stamped(name)
        if made is not None:
            self._initial_value = made[-4]._outputs[0]
            self._variable = made[-3]._outputs[0]
            self._initializer_op = made[-2]
            self._snapshot = made[-1]._outputs[0]
            return
        with init_scope():
            self._build_step_by_step(initial_value, name, dtype, shape, validate_shape)
        if making is not None:
            making.remember(name)

    def _build_step_by_step(
        self,
        initial_value: Any,
        name: Any,
        dtype: Any,
        shape: Any,
        validate_shape: bool,
    ) -> None:
        from_function = callable(initial_value)
        around = [] if from_function else [initial_value]
        with name_scope(name, "Variable", around) as scope:
            if from_function:
                with self_colocation(scope):
                    value = call_initializer(initial_value, dtype)
                    self._hold(value, shape, validate_shape, scope)
            else:
                value = convert_to_tensor(initial_value, dtype, name="initial_value")
                check_not_in_control_flow(value, scope)
                self._hold(value, shape, validate_shape, scope)
            if validate_shape and (value._dims is None or None in value._dims):
                raise ValueError(f"initial_value must have a shape specified: {value}")
            self._initial_value = value
            self._initializer_op = state.assign(
                self._variable,
                guard_against_uninitialized(scope, value),
                validate_shape=validate_shape,
            ).op
            if value._dtype in dtypes.UNASSIGNED:
                self.graph.keep_unplaceable(self._initializer_op)
            if self._caching_device is not None:
                with device(self._caching_device):
                    self._snapshot = apply("Identity", self._variable, name="read")
            else:
                with colocate_with(self._variable.op):
                    self._snapshot = apply("Identity", self._variable, name="read")

    def _hold(
        self, value: Tensor, shape: Any, validate_shape: bool, scope: str
    ) -> None:
        if shape is None:
            shape = value.get_shape() if validate_shape else shapes.unknown_shape()
        self._variable = apply(
            "VariableV2", shape=shape, dtype=value.dtype.base_dtype, name=scope
        )

    def _init_from_message(self, message: Any, import_scope: str | None) -> None:
        check_is_variable_def(message)
        find = message_finder(import_scope)
        self._variable = find(message.variable_name)
        self._initializer_op = find(message.initializer_name)
        initial = message.initial_value_name
        self._initial_value = find(initial) if initial else None
        self._snapshot = find(message.snapshot_name)
        take_settings_of_message(self, message, import_scope)

    def _as_graph_element(self) -> Tensor:
        return self._variable

    def _in_files(self) -> tuple[Tensor, Tensor]:
        """What graph files call the variable, and its snapshot."""
        return self._variable, self._snapshot

    def value(self) -> Tensor:
        """The value as the one tensor that everybody reads."""
        return self._snapshot

    def read_value(self) -> Any:
        """The value as a tensor, read by a new operation."""
        return apply("Identity", self._variable, name="read")

    def _ref(self) -> Tensor:
        return self._variable

    def set_shape(self, shape: Any) -> None:
        """Adds to what is known of the shape."""
        self._ref().set_shape(shape)
        self.value().set_shape(shape)

    def eval(self, session: Any = None) -> Any:
        """The value in the default session, or in `session`."""
        return self._variable.eval(session=session)

    @property
    def name(self) -> str:
        """The name of the tensor that holds it."""
        return self._variable.name

    @property
    def op(self) -> Operation:
        """The operation that holds it."""
        return self._variable.op

    @property
    def dtype(self) -> DType:
        """The type of the tensor that holds it: a reference type."""
        return self._variable.dtype

    @property
    def shape(self) -> TensorShape:
        """The shape of the value."""
        return self._variable.get_shape()

    def assign(
        self,
        value: Any,
        use_locking: Any = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Gives it a value when it is run; the result is the reference after that."""
        result = state.assign(self._variable, value, use_locking=use_locking, name=name)
        return result if read_value else result.op

    def assign_add(
        self,
        delta: Any,
        use_locking: Any = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Adds to it when it is run."""
        result = state.assign_add(self._variable, delta, use_locking, name)
        return result if read_value else result.op

    def assign_sub(
        self,
        delta: Any,
        use_locking: Any = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Subtracts from it when it is run."""
        result = state.assign_sub(self._variable, delta, use_locking, name)
        return result if read_value else result.op

    def _scatter(
        self, op_type: str, sparse_delta: Any, use_locking: Any, name: str | None
    ) -> Any:
        if not isinstance(sparse_delta, IndexedSlices):
            raise TypeError("sparse_delta is not IndexedSlices: %s" % sparse_delta)  # noqa: UP031 - TF 1.15: a tuple is taken apart
        return apply(
            op_type,
            self._variable,
            sparse_delta.indices,
            sparse_delta.values,
            use_locking=use_locking,
            name=name,
        )

    def batch_scatter_update(
        self, sparse_delta: Any, use_locking: Any = False, name: str | None = None
    ) -> Any:
        """Assigns rows of each matrix of a batch when it is run."""
        return variable_parts.batch_scatter_update_now(
            self, sparse_delta.indices, sparse_delta.values, use_locking, name
        )

    def _scatter_nd(
        self, op_type: str, indices: Any, updates: Any, name: str | None
    ) -> Any:
        return apply(
            op_type, self._variable, indices, updates, use_locking=True, name=name
        )

    def _strided_slice_assign(
        self, begin: Any, end: Any, strides: Any, value: Any, name: Any, **masks: int
    ) -> Any:
        return apply(
            "StridedSliceAssign",
            self._ref(),
            begin,
            end,
            strides,
            value,
            name=name,
            **masks,
        )

    @deprecation.deprecated(
        "RefVariable.count_up_to", "variables", "Prefer Dataset.range instead."
    )
    def count_up_to(self, limit: int) -> Any:
        """The value before adding one; running it fails at the limit."""
        return apply("CountUpTo", self._variable, limit=limit)


def _scatter_method(op_type: str) -> Callable[..., Any]:
    def scatter(
        self: Any,
        sparse_delta: Any,
        use_locking: Any = False,
        name: str | None = None,
    ) -> Any:
        return self._scatter(op_type, sparse_delta, use_locking, name)

    scatter.__doc__ = f"{op_type} with IndexedSlices when it is run."
    rename(scatter, f"scatter_{op_type.removeprefix('Scatter').lower()}")
    return scatter


def _scatter_nd_method(op_type: str) -> Callable[..., Any]:
    def scatter(self: Any, indices: Any, updates: Any, name: str | None = None) -> Any:
        return self._scatter_nd(op_type, indices, updates, name)

    scatter.__doc__ = f"{op_type} at places that are vectors when it is run."
    rename(scatter, f"scatter_nd_{op_type.removeprefix('ScatterNd').lower()}")
    return scatter


def _in_place_method(symbol: str, instead: str, plain: str, sign: str) -> Any:
    operate: Callable[[Any, Any], Any] = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
        "**": lambda a, b: a**b,
    }[sign]

    def in_place(self: Any, other: Any) -> Any:
        if symbol not in _warned_in_place:
            _warned_in_place.add(symbol)
            tf_logging.warn(
                f"Variable {symbol} will be deprecated. Use {instead} if you want "
                f"assignment to the variable value or {plain} if you want a new python "
                "Tensor object."
            )
        return operate(self, other)

    in_place.__doc__ = f"TF 1.15: rebinds the Python name to a tensor ({symbol})."
    return in_place


_warned_in_place: set[str] = set()
for _name in ("Sub", "Add", "Max", "Min", "Mul", "Div", "Update"):
    setattr(RefVariable, f"scatter_{_name.lower()}", _scatter_method(f"Scatter{_name}"))
for _name in ("Sub", "Add", "Update"):
    setattr(
        RefVariable,
        f"scatter_nd_{_name.lower()}",
        _scatter_nd_method(f"ScatterNd{_name}"),
    )
for _method, _arguments in {
    "__iadd__": ("+=", "variable.assign_add", "'x = x + y'", "+"),
    "__isub__": ("-=", "variable.assign_sub", "'x = x - y'", "-"),
    "__imul__": ("*=", "`var.assign(var * other)`", "`x = x * y`", "*"),
    "__itruediv__": ("/=", "`var.assign(var / other)`", "`x = x / y`", "/"),
    "__ipow__": ("**=", "`var.assign(var ** other)`", "`x = x ** y`", "**"),
}.items():
    _changes = _in_place_method(*_arguments)
    rename(_changes, _method)
    setattr(RefVariable, _method, _changes)


def _convert_variable(
    variable: Any, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> Any:
    if dtype and not dtype.is_compatible_with(variable.dtype):
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for "
            f"variable of type '{variable.dtype.name}'"
        )
    return variable._ref() if as_ref else variable.value()


register_tensor_conversion_function(RefVariable, _convert_variable)
register_dense_tensor_like_type(RefVariable)
