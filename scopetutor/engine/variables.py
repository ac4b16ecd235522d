"""Variables: what all of them are, and who makes one when `tf.Variable` is called.

After ops/state and ``initial_values.py``. `tf.Variable(...)` always makes a new
variable; `get_variable` looks into the store first. The two kinds that there are come
next, in ``ref_variables.py`` and ``resource_variables.py``.
"""

from __future__ import annotations

import enum
import functools
from typing import TYPE_CHECKING, Any, NamedTuple

from . import defaults, deprecation, trace
from .initial_values import guarded_value
from .keys import GraphKeys
from .naming import name_functions
from .operation import Operation, Reference, Tensor
from .ops import operators, slicing
from .read_only import read_only
from .scope_names import prepend_name_scope

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


class VariableMetaclass(type):
    """Makes `tf.Variable(...)` ask the creators which variable to make."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """A variable; of `Variable` itself, the one that the creators make."""
        if cls is Variable:
            return _create(cls, *args, **kwargs)
        return super().__call__(*args, **kwargs)


@read_only
class Variable(metaclass=VariableMetaclass):
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
        return _built_on_this().RefVariable(
            variable_def=variable_def, import_scope=import_scope
        )

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
        use_resource = _built_on_this().get_variable_scope().use_resource
    if use_resource is None:
        use_resource = UseResource.default
    settings = {key: kwargs[key] for key in _SETTINGS if key in kwargs}
    if use_resource or defaults.state.eager:
        settings.pop("expected_shape", None)
        return _built_on_this().ResourceVariable(**settings)
    return _built_on_this().RefVariable(**settings)


@functools.cache
def _built_on_this() -> _Later:
    """What is built on this module; importing it anew for each variable takes time."""
    from .ref_variables import RefVariable  # noqa: PLC0415 - as it says
    from .resource_variables import ResourceVariable  # noqa: PLC0415 - as it says
    from .scopes import get_variable_scope  # noqa: PLC0415 - as it says

    return _Later(RefVariable, ResourceVariable, get_variable_scope)


class _Later(NamedTuple):
    RefVariable: Any
    ResourceVariable: Any
    get_variable_scope: Any


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


# -- what graph files say of variables -------------------------------------------------


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


name_functions(
    globals(), _create="_variable_v1_call", _slice_of_variable="_SliceHelperVar"
)
