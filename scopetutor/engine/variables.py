"""Variables: what `tf.Variable` makes, and which operations that is.

After ops/state. `tf.Variable(...)` always makes a new variable; `get_variable` looks
into the store first. A ref variable is four operations: the initial value, VariableV2
that holds it, Assign that initializes it, and Identity (`v/read`) that reads it.
Resource variables are in ``resource_variables.py``.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from . import (
    constants,
    defaults,
    deprecation,
    dtypes,
    registry,
    shapes,
    stencils,
    tf_logging,
    trace,
)
from .apply import apply, check_references, output_types
from .convert import (
    convert_to_tensor,
    register_dense_tensor_like_type,
    register_tensor_conversion_function,
)
from .keys import GraphKeys
from .naming import name_functions, rename
from .operation import Operation, Reference, Tensor
from .ops import control_flow, joining, math, operators, slicing, state
from .ops.branches import cond
from .read_only import read_only
from .scope_names import prepend_name_scope
from .sparse import IndexedSlices
from .surroundings import colocate_with, device, init_scope, name_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .dtypes import DType
    from .graph import Graph
    from .shapes import TensorShape


class VariableSynchronization(enum.Enum):
    """When a variable that is copied to several devices is made equal again."""

    AUTO = 0
    NONE = 1
    ON_WRITE = 2
    ON_READ = 3


class VariableAggregation(enum.Enum):
    """How the copies of a variable are made one."""

    NONE = 0
    SUM = 1
    MEAN = 2
    ONLY_FIRST_REPLICA = 3
    ONLY_FIRST_TOWER = 3  # noqa: PIE796 - the old name

    def __hash__(self) -> int:
        return hash(self.value)


class VariableAggregationV2(enum.Enum):
    """The same modes in TensorFlow 2, which has no old name for one of them."""

    NONE = 0
    SUM = 1
    MEAN = 2
    ONLY_FIRST_REPLICA = 3

    def __hash__(self) -> int:
        return hash(self.value)

    def __eq__(self, other: object) -> bool:
        """TF 1.15: also equal to the mode of TensorFlow 1."""
        if isinstance(other, VariableAggregation):
            return bool(self.value == other.value)
        return self is other


def validate_synchronization_aggregation_trainable(
    synchronization: Any, aggregation: Any, trainable: Any, name: Any
) -> tuple[VariableSynchronization, VariableAggregation, bool]:
    """The three settings with their defaults filled in.

    TF 1.15: a variable is trainable unless it is synchronized ON_READ.

    Raises:
        ValueError: a mode does not exist.
    """
    if (
        trainable is not None
        and type(synchronization) is VariableSynchronization
        and type(aggregation) is VariableAggregation
    ):
        return synchronization, aggregation, trainable
    if aggregation is None:
        aggregation = VariableAggregation.NONE
    elif not isinstance(aggregation, (VariableAggregation, VariableAggregationV2)):
        try:
            aggregation = VariableAggregationV2(aggregation)
        except ValueError:
            raise ValueError(
                f"Invalid variable aggregation mode: {aggregation} for variable: {name}"
            ) from None
    if synchronization is None:
        synchronization = VariableSynchronization.AUTO
    elif not isinstance(synchronization, VariableSynchronization):
        try:
            synchronization = VariableSynchronization(synchronization)
        except ValueError:
            raise ValueError(
                f"Invalid variable synchronization mode: {synchronization} for "
                f"variable: {name}"
            ) from None
    if trainable is None:
        trainable = synchronization is not VariableSynchronization.ON_READ
    return synchronization, aggregation, trainable


class SaveSliceInfo:
    """Which part of a partitioned variable a variable is.

    Attributes:
        full_name, full_shape: of the whole variable.
        var_offset, var_shape: where this part begins, and its size.
    """

    def __init__(
        self,
        full_name: Any = None,
        full_shape: Any = None,
        var_offset: Any = None,
        var_shape: Any = None,
        save_slice_info_def: Any = None,
        import_scope: str | None = None,
    ) -> None:
        if save_slice_info_def is not None:
            full_name = prepend_name_scope(save_slice_info_def.full_name, import_scope)
            full_shape = list(save_slice_info_def.full_shape)
            var_offset = list(save_slice_info_def.var_offset)
            var_shape = list(save_slice_info_def.var_shape)
        self.full_name = full_name
        self.full_shape = full_shape
        self.var_offset = var_offset
        self.var_shape = var_shape

    @property
    def spec(self) -> str:
        """The part as a checkpoint names it: ``10 4 0,5:0,4``."""
        sizes = " ".join(str(size) for size in self.full_shape)
        parts = zip(self.var_offset, self.var_shape, strict=True)
        return f"{sizes} " + ":".join(f"{offset},{size}" for offset, size in parts)

    def to_proto(self, export_scope: str | None = None) -> Any:
        """The part as in TensorFlow's graph files; None if outside `export_scope`."""
        from . import graph_def  # noqa: PLC0415 - rarely wanted, slow to import

        if export_scope and not self.full_name.startswith(export_scope):
            return None
        return graph_def.save_slice_info_def(self, export_scope)


class _VariableMeta(type):
    """Makes `tf.Variable(...)` ask the creators which variable to make."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is Variable:
            return _create(cls, *args, **kwargs)
        return super().__call__(*args, **kwargs)


@read_only
class Variable(metaclass=_VariableMeta):
    """A value that lives in a session and can be assigned to.

    Attributes:
        name: of the tensor that holds it, such as ``w:0``.
        op: the operation that holds it.
        dtype, shape: of the value; a ref variable's type is a reference type.
        initializer: the operation that gives it its initial value.
        initial_value: the tensor that is.
        trainable: whether optimizers change it by default.
    """

    SaveSliceInfo = SaveSliceInfo
    __array_priority__ = 100

    _trainable: bool
    _synchronization: VariableSynchronization
    _aggregation: VariableAggregation
    _constraint: Any
    _initial_value: Any
    _initializer_op: Any
    _save_slice_info: Any = None
    _caching_device: Any = None
    _distribute_strategy: Any = None

    if TYPE_CHECKING:
        # What it takes is said by `_create`, which the metaclass calls.
        def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    def __repr__(self) -> str:
        return (
            f"<tf.Variable '{self.name}' shape={self.get_shape()} "
            f"dtype={self.dtype.name}>"
        )

    def value(self) -> Any:
        """The value as a tensor."""
        raise NotImplementedError

    def read_value(self) -> Any:
        """The value as a tensor, read by a new operation."""
        raise NotImplementedError

    @property
    def name(self) -> str:
        """The name of the tensor that holds it."""
        raise NotImplementedError

    @property
    def op(self) -> Operation:
        """The operation that holds it."""
        raise NotImplementedError

    @property
    def dtype(self) -> DType:
        """The type of the tensor that holds it."""
        raise NotImplementedError

    @property
    def shape(self) -> TensorShape:
        """The shape of the value."""
        raise NotImplementedError

    def get_shape(self) -> TensorShape:
        """The shape of the value."""
        return self.shape

    @property
    def graph(self) -> Graph:
        """The graph it belongs to."""
        return self.op.graph

    @property
    def device(self) -> str:
        """The device it asks for, or ""."""
        return self.op.device

    @property
    def trainable(self) -> bool:
        """Whether optimizers change it by default."""
        return self._trainable

    @property
    def synchronization(self) -> VariableSynchronization:
        """When its copies are made equal."""
        return self._synchronization

    @property
    def aggregation(self) -> VariableAggregation:
        """How its copies are made one."""
        return self._aggregation

    @property
    def constraint(self) -> Any:
        """What optimizers apply to it after they changed it, or None."""
        return self._constraint

    @property
    def initializer(self) -> Any:
        """The operation that gives it its initial value."""
        return self._initializer_op

    @property
    def initial_value(self) -> Any:
        """The tensor that it is initialized with."""
        return self._initial_value

    @property
    def _unique_id(self) -> str:
        return self._shared_name

    @property
    def _shared_name(self) -> str:
        return self.name[: self.name.index(":")]

    @deprecation.deprecated(
        "Variable.initialized_value",
        "variables",
        "Use Variable.read_value. Variables in 2.X are initialized automatically both "
        "in eager and graph (inside tf.defun) contexts.",
    )
    def initialized_value(self) -> Any:
        """The value, or the initial value while there is none."""
        return guarded_value(self)

    @deprecation.deprecated(
        "Variable.load",
        "variables",
        "Prefer Variable.assign which has equivalent behavior in 2.X.",
    )
    def load(self, value: Any, session: Any = None) -> None:
        """Gives it a value in a session, at once."""
        if defaults.state.eager:
            self.assign(value)
            return
        session = session or defaults.get_default_session()
        if session is None:
            raise ValueError(
                "Either session argument should be provided or default session should "
                "be established"
            )
        session.run(self.initializer, {self.initializer.inputs[1]: value})

    def assign(
        self,
        value: Any,
        use_locking: Any = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Gives it a value when it is run."""
        raise NotImplementedError

    def _set_save_slice_info(self, save_slice_info: Any) -> None:
        self._save_slice_info = save_slice_info

    def _get_save_slice_info(self) -> Any:
        return self._save_slice_info

    def experimental_ref(self) -> Reference:
        """A hashable reference to it."""
        return Reference(self)

    def to_proto(self, export_scope: str | None = None) -> Any:
        """The variable as in TensorFlow's graph files; None if outside the scope."""
        from . import graph_def  # noqa: PLC0415 - rarely wanted, slow to import

        if export_scope is not None and not self.name.startswith(export_scope):
            return None
        return graph_def.variable_def(self, export_scope)

    @staticmethod
    def from_proto(variable_def: Any, import_scope: str | None = None) -> Any:
        """The variable that a graph file describes, in the default graph."""
        return RefVariable(variable_def=variable_def, import_scope=import_scope)

    def sparse_read(self, indices: Any, name: str | None = None) -> Any:
        """TF 1.15: only resource variables can; AttributeError without a word."""
        raise AttributeError

    def gather_nd(self, indices: Any, name: str | None = None) -> Any:
        """TF 1.15: only resource variables can; AttributeError without a word."""
        raise AttributeError

    def __iter__(self) -> Iterator[Any]:
        """TF 1.15: a variable cannot be iterated over."""
        raise TypeError("'Variable' object is not iterable.")

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        """TF 1.15: whether it is the same variable."""
        return self is other


operators.overload(Variable)


def _slice_of_variable(self: Any, slice_spec: Any) -> Any:
    return slicing.slice_helper(self.value(), slice_spec, self)


Variable.__getitem__ = _slice_of_variable  # type: ignore[misc]


# -- who makes a variable --------------------------------------------------------------


class UseResource:
    """Whether variables are resource variables when nobody says."""

    default = False


_SETTINGS = (
    "initial_value",
    "trainable",
    "collections",
    "validate_shape",
    "caching_device",
    "name",
    "variable_def",
    "dtype",
    "expected_shape",
    "import_scope",
    "constraint",
    "synchronization",
    "aggregation",
    "shape",
)


def default_variable_creator(next_creator: Any = None, **kwargs: Any) -> Any:
    """What `tf.variable_creator_scope`'s innermost `next_creator` is.

    TF 1.15: what a creator adds to the arguments is not looked at.
    """
    assert next_creator is None
    use_resource = kwargs.get("use_resource")
    if use_resource is None:
        from .scopes import get_variable_scope  # noqa: PLC0415 - built on this module

        use_resource = get_variable_scope().use_resource
    if use_resource is None:
        use_resource = UseResource.default
    settings = {key: kwargs[key] for key in _SETTINGS if key in kwargs}
    if use_resource or defaults.state.eager:
        from .resource_variables import ResourceVariable  # noqa: PLC0415 - built on this

        settings.pop("expected_shape", None)
        return ResourceVariable(**settings)
    return RefVariable(**settings)


def _asking(creators: list[tuple[int, Any]]) -> Callable[..., Any]:
    """The last creator's answer, given what makes the variable without it."""

    def before(creator: Any, following: Any) -> Callable[..., Any]:
        ask = lambda **kwargs: creator(following, **kwargs)  # noqa: E731 - named so
        ask.__qualname__ = "<lambda>"  # TF 1.15: what Python's errors call it
        return ask

    create = before(default_variable_creator, None)
    for _, creator in creators:
        create = before(creator, create)
    return create


def _create(
    cls: Any,  # Python counts it in its errors
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
    use_resource: bool | None = None,
    synchronization: Any = VariableSynchronization.AUTO,
    aggregation: Any = VariableAggregation.NONE,
    shape: Any = None,
) -> Any:
    """`tf.Variable(...)`: hands its arguments to the creators around it."""
    create: Callable[..., Any] = default_variable_creator
    creators = defaults.get_default_graph()._thread.creators
    if creators:
        create = _asking(creators)
    variable = create(
        initial_value=initial_value,
        trainable=trainable,
        collections=collections,
        validate_shape=validate_shape,
        caching_device=caching_device,
        name=name,
        variable_def=variable_def,
        dtype=dtype,
        expected_shape=expected_shape,
        import_scope=import_scope,
        constraint=constraint,
        use_resource=use_resource,
        synchronization=synchronization,
        aggregation=VariableAggregation.NONE if aggregation is None else aggregation,
        shape=shape,
    )
    if trace.watcher is not None:
        trace.watcher.variable_made(variable, "Variable", initial_value)
    return variable


def checked_collections(collections: Any, trainable: bool) -> Any:
    """The collections a new variable goes into.

    Raises:
        ValueError: they are no list, tuple or set.
    """
    if collections is None:
        collections = [GraphKeys.GLOBAL_VARIABLES]
    if not isinstance(collections, (list, tuple, set)):
        raise ValueError(
            "collections argument to Variable constructor must be a list, tuple, or "
            f"set. Got {collections} of type {type(collections)}"
        )
    if trainable and GraphKeys.TRAINABLE_VARIABLES not in collections:
        collections = [*collections, GraphKeys.TRAINABLE_VARIABLES]
    return collections


def check_not_in_control_flow(initial_value: Tensor, name: str) -> None:
    """ValueError if an initial value is computed inside a branch or loop."""
    if initial_value.op._context is not None:
        raise ValueError(
            f"Initializer for variable {name} is from inside a control-flow construct, "
            "such as a loop or conditional. When creating a variable inside a loop or "
            "conditional, use a lambda as the initializer."
        )


@read_only
class RefVariable(Variable):
    """A variable of the classic kind: operations take a reference to it.

    TF 1.15: reading it gives one and the same operation, `v/read`.
    """

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
                    value = _call_initializer(initial_value, dtype)
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
        return state.batch_scatter_update_now(
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


# -- what a variable's operations need -------------------------------------------------


class self_colocation:  # noqa: N801 - read as a statement
    """Context manager: new operations are placed with the variable being made."""

    def __init__(self, scope: str) -> None:
        self._groups = (f"loc:@{scope.removesuffix('/')}",)

    def __enter__(self) -> None:
        graph = defaults.get_default_graph()
        self._graph, self._old = graph, graph._own_colocation
        graph._own_colocation = self._groups

    def __exit__(self, *_exc: object) -> None:
        self._graph._own_colocation = self._old


def _call_initializer(initial_value: Callable[[], Any], dtype: Any) -> Tensor:
    with name_scope("Initializer"), device(None):
        tensor: Tensor = convert_to_tensor(initial_value(), dtype, name="initial_value")
        return tensor


def check_is_variable_def(message: Any) -> None:
    """AssertionError unless it is a VariableDef. TF 1.15: without a word."""
    schema = getattr(message, "schema", None)
    if getattr(schema, "name", None) != "VariableDef":
        raise AssertionError


def message_finder(import_scope: str | None) -> Callable[[str], Any]:
    """Finds what a graph file names, in the scope it was imported into."""
    graph = defaults.get_default_graph()
    return lambda name: graph.as_graph_element(prepend_name_scope(name, import_scope))


def take_settings_of_message(
    variable: Any, message: Any, import_scope: str | None
) -> None:
    """Sets what a graph file says of a variable besides its operations."""
    settings = validate_synchronization_aggregation_trainable(
        message.synchronization,
        message.aggregation,
        message.trainable,
        message.variable_name,
    )
    variable._synchronization, variable._aggregation, variable._trainable = settings
    if message.HasField("save_slice_info_def"):
        variable._save_slice_info = SaveSliceInfo(
            save_slice_info_def=message.save_slice_info_def, import_scope=import_scope
        )
    variable._constraint = None


def guarded_value(variable: Any) -> Any:
    """The value, or the initial value while there is none, decided when it runs."""
    with init_scope():
        has_value = is_variable_initialized(variable)
        if not defaults.state.eager:
            _refuse_other_graph(has_value)
        return cond(has_value, variable.read_value, lambda: variable.initial_value)


def _refuse_other_graph(has_value: Tensor) -> None:
    """TF 1.15: beside a variable of another graph, half a condition is made here.

    Raises:
        KeyError: the variable is of another graph; its text is an operation's name.
    """
    graph = defaults.get_default_graph()
    if has_value.graph is graph:
        return
    both = (has_value.dtype, has_value.dtype)
    with name_scope("cond"):
        switch = registry.lookup("Switch")
        graph.add(switch, (has_value,) * 2, {"T": has_value.dtype}, both, "Switch")
    raise KeyError(has_value.op.name)


_READS = frozenset(
    {"IsVariableInitialized", "VarIsInitializedOp", "ReadVariableOp", "If"}
)
_HOLDERS = frozenset({"Variable", "VariableV2", "VarHandleOp"})


def guard_against_uninitialized(scope: str, initial_value: Tensor) -> Tensor:
    """The initial value, with every variable in it replaced by its guarded value.

    TF 1.15: so `tf.Variable(w * 2)` can be initialized together with `w`.
    """
    if not isinstance(initial_value, Tensor):
        raise TypeError(f"initial_value needs to be a Tensor: {initial_value}")
    if not _depends_on_variable(initial_value.op):
        return initial_value
    return _Guard(scope).tensor(initial_value)


def _depends_on_variable(op: Operation) -> bool:
    """Whether a value depends on a variable; False if it depends on itself."""
    seen: set[Operation] = set()
    path: set[Operation] = set()
    found = False
    stack = [(op, False)]
    while stack:
        current, leaving = stack.pop()
        if leaving:
            path.discard(current)
            continue
        if current in seen:
            if current in path:
                return False  # a loop: TF 1.15 leaves it as it is
            continue
        seen.add(current)
        path.add(current)
        stack.append((current, True))
        found = found or current.type in _HOLDERS
        stack.extend((taken._op, False) for taken in current._inputs)
        stack.extend((control, False) for control in current._control_inputs)
    return found


class _Guard:
    """Copies the operations between an initial value and the variables it uses."""

    def __init__(self, scope: str) -> None:
        self._scope = scope
        self._copies: dict[Operation, Operation] = {}

    def tensor(self, tensor: Tensor) -> Tensor:
        """The tensor to use instead of another one."""
        op = tensor.op
        if op not in self._copies:
            self._copies[op] = self._copy(op)
        return self._copies[op].outputs[tensor.value_index]

    def _copy(self, op: Operation) -> Operation:
        if op.type in _READS:
            return op
        if op.type in _HOLDERS:
            variable = _variable_of(op)
            return op if variable is None else variable.initialized_value().op
        inputs = [self.tensor(taken) for taken in op._inputs]
        if all(new is old for new, old in zip(inputs, op._inputs, strict=True)):
            return op
        definition = op._definition
        if definition.name == "RefSwitch":
            definition = registry.lookup("Switch")
        name = f"{op.name}_{self._scope}".replace(":", "_")
        try:
            check_references(definition, inputs, name)
        except ValueError:
            op.graph._next_id()  # TF 1.15: it has its number before it is refused
            raise
        types = output_types(definition, op._attrs)
        copy = op.graph.add(definition, tuple(inputs), op._attrs, types, name)
        copy._colocation = copy._colocation or op._colocation
        return copy


def _variable_of(op: Operation) -> Any:
    """The variable that an operation holds, as far as the collections know."""
    names = (op.name, f"{op.name}:0")
    for key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES):
        for variable in op.graph.get_collection(key):
            if getattr(variable, "name", None) in names:
                return variable
    return None


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


# -- lists of variables ----------------------------------------------------------------


def _collection(key: str, what: str) -> Callable[..., Any]:
    def variables(scope: str | None = None) -> list[Any]:
        return defaults.get_default_graph().get_collection(key, scope)

    variables.__doc__ = (
        f"The {what} variables of the default graph, or those whose name starts with "
        "what the regular expression `scope` matches."
    )
    return variables


global_variables = _collection(GraphKeys.GLOBAL_VARIABLES, "global")
local_variables = _collection(GraphKeys.LOCAL_VARIABLES, "local")
model_variables = _collection(GraphKeys.MODEL_VARIABLES, "model")
trainable_variables = _collection(GraphKeys.TRAINABLE_VARIABLES, "trainable")
moving_average_variables = _collection(GraphKeys.MOVING_AVERAGE_VARIABLES, "averaged")


def all_saveable_objects(scope: str | None = None) -> list[Any]:
    """What a Saver saves unless it is told: global variables and saveable objects."""
    graph = defaults.get_default_graph()
    variables = graph.get_collection(GraphKeys.GLOBAL_VARIABLES, scope)
    return variables + graph.get_collection(GraphKeys.SAVEABLE_OBJECTS, scope)


@deprecation.deprecated(
    "all_variables",
    "variables",
    "Please use tf.global_variables instead.",
    date="2017-03-02",
)
def all_variables() -> list[Any]:
    """The global variables, under their name of TensorFlow 0.x."""
    variables: list[Any] = global_variables()
    return variables


def variables_initializer(var_list: Any, name: str = "init") -> Any:
    """One operation that initializes all variables of a list."""
    if var_list and not defaults.state.eager:
        return control_flow.group(*[v.initializer for v in var_list], name=name)
    return control_flow.no_op(name=name)


def global_variables_initializer() -> Any:
    """One operation that initializes the global variables there are by now."""
    if defaults.state.eager:
        return control_flow.no_op(name="global_variables_initializer")
    return variables_initializer(global_variables())


def local_variables_initializer() -> Any:
    """One operation that initializes the local variables there are by now."""
    if defaults.state.eager:
        return control_flow.no_op(name="local_variables_initializer")
    return variables_initializer(local_variables())


def _renamed(old: str, new: str, function: Callable[..., Any]) -> Callable[..., Any]:
    decorate = deprecation.deprecated(
        old, "variables", f"Use `tf.{new}` instead.", date="2017-03-02"
    )
    # A function of its own: the old name is decorated, the new one is not.
    return decorate(lambda *args, **kwargs: function(*args, **kwargs))  # noqa: PLW0108


initialize_variables = _renamed(
    "initialize_variables", "variables_initializer", variables_initializer
)
initialize_all_variables = _renamed(
    "initialize_all_variables",
    "global_variables_initializer",
    global_variables_initializer,
)
initialize_local_variables = _renamed(
    "initialize_local_variables",
    "local_variables_initializer",
    local_variables_initializer,
)


def is_variable_initialized(variable: Any) -> Any:
    """Whether a variable has a value, as a tensor."""
    return state.is_variable_initialized(variable)


def _all_or_holders(var_list: Any) -> list[Any]:
    """The list; if none is given, all variables, or what holds variables at all."""
    if var_list is None:
        var_list = global_variables() + local_variables()
    if not var_list:
        var_list = [
            op.outputs[0]
            for op in defaults.get_default_graph().get_operations()
            if op.type in ("Variable", "VariableV2", "AutoReloadVariable")
        ]
    return list(var_list)


def assert_variables_initialized(var_list: Any = None) -> Any:
    """A tensor that can only be computed if all variables have values."""
    ranks = []
    for variable in _all_or_holders(var_list):
        with colocate_with(variable.op):
            ranks.append(_rank_when_run(variable))
    if not ranks:
        return None
    return ranks[0] if len(ranks) == 1 else joining.stack(ranks)


def _rank_when_run(variable: Any) -> Any:
    with name_scope(None, "Rank", [variable]) as scope:
        convert_to_tensor(
            variable
        )  # TF 1.15 converts it twice: a resource is read twice
        return apply("Rank", variable, name=scope)


def report_uninitialized_variables(
    var_list: Any = None, name: str = "report_uninitialized_variables"
) -> Any:
    """The names of the variables without a value, as a tensor of strings."""
    if var_list is None:
        var_list = _all_or_holders(None)
    with name_scope(name):
        tests = [state.is_variable_initialized(v) for v in var_list or ()]
        with device("/cpu:0"):
            if not var_list:
                return constants.constant([], dtype=dtypes.string)
            mask = math.logical_not(joining.stack(tests))
            names = constants.constant([v.op.name for v in var_list])
            return slicing.boolean_mask(names, mask)


name_functions(
    globals(), _create="_variable_v1_call", _slice_of_variable="_SliceHelperVar"
)
