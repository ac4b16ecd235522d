"""Resource variables: operations take a handle, and every read is an operation.

After variables. Made with `use_resource=True`, `tf.enable_resource_variables()`, and
always in eager mode. TF 1.15: their type is no reference type, each use reads anew
(`ReadVariableOp_1`), and an assignment of another shape is not refused when run.
"""

from __future__ import annotations

import functools
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from . import defaults, deprecation, dtypes, shapes
from .apply import apply
from .convert import (
    convert_to_tensor,
    register_dense_tensor_like_type,
    register_tensor_conversion_function,
)
from .initial_values import guard_against_uninitialized, self_colocation
from .keys import GraphKeys
from .naming import rename
from .ops import array, variable_parts
from .read_only import read_only
from .sparse import IndexedSlices
from .surroundings import (
    colocate_with,
    control_dependencies,
    device,
    init_scope,
    name_scope,
)
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
    from collections.abc import Iterator

    from .dtypes import DType
    from .operation import Operation, Tensor
    from .shapes import TensorShape


@read_only
class BaseResourceVariable(Variable):
    """What a variable behind a handle can do."""

    _handle: Tensor
    _handle_name: str
    _shape: TensorShape
    _dtype: DType
    _graph_element: Any
    _cached_value: Any = None
    _in_graph_mode = True

    def __repr__(self) -> str:
        text = super().__repr__()
        if self._in_graph_mode or not defaults.state.eager:
            return text
        from .eager import value_text  # noqa: PLC0415 - eager mode is rare

        return f"{text[:-1]}, numpy={value_text(self.read_value(), is_repr=True)}>"

    @property
    def handle(self) -> Tensor:
        """The handle that operations take."""
        return self._handle

    @property
    def name(self) -> str:
        """The name of its handle."""
        return self._handle_name

    @property
    def op(self) -> Operation:
        """The operation that gives its handle."""
        return self._handle.op

    @property
    def dtype(self) -> DType:
        """The type of the value."""
        return self._dtype

    @property
    def shape(self) -> TensorShape:
        """The shape of the value."""
        return self._shape

    @property
    def graph(self) -> Any:
        """The graph it belongs to."""
        return self._handle.graph

    @property
    def device(self) -> str:
        """The device it asks for, or ""."""
        return self._handle.device

    @property
    def create(self) -> Any:
        """The operation that gives it its initial value."""
        if not self._in_graph_mode:
            raise RuntimeError(
                "Calling create is not supported when eager execution is enabled."
            )
        return self._initializer_op

    @property
    def initial_value(self) -> Any:
        """The tensor of its initial value."""
        if defaults.state.eager:
            raise RuntimeError("initial_value not supported in EAGER mode.")
        return self._initial_value

    def _shape_as_list(self) -> list[int | None] | None:
        return None if self._shape.dims is None else self._shape.as_list()

    def _shape_tuple(self) -> Any:
        sizes = self._shape_as_list()
        return None if sizes is None else tuple(sizes)

    def _as_graph_element(self) -> Any:
        return self._graph_element

    def _in_files(self) -> tuple[Tensor, Tensor]:
        """What graph files call the variable, and its snapshot."""
        cached = self._cached_value
        return self._handle, self._graph_element if cached is None else cached

    def value(self) -> Any:
        """The value as a tensor, read by a new operation."""
        if self._cached_value is not None:
            return self._cached_value
        with colocate_with(None, ignore_existing=True), device(self._handle.device):
            return self._read_variable_op()

    def _read_variable_op(self) -> Any:
        self._tell_tapes()
        return apply("ReadVariableOp", self._handle, dtype=self._dtype)

    def _tell_tapes(self) -> None:
        """In eager mode, tapes watch the trainable variables that are read."""
        if not self._trainable:
            return
        if not defaults.state.eager:
            graph: Any = defaults.get_default_graph()
            while graph is not None and graph.building_function:
                graph.__dict__.setdefault("_variables_read", {})[self._handle] = self
                graph = graph.outer
            return
        from .eager import recorders  # noqa: PLC0415 - eager mode is rare

        for recorder in recorders:
            recorder.variable_accessed(self)

    def read_value(self) -> Any:
        """The value as a tensor of its own, read by a new operation."""
        with name_scope("Read"), device(self._handle.device):
            value = self._read_variable_op()
        return array.identity(value)

    def eval(self, session: Any = None) -> Any:
        """The value in the default session, or in `session`."""
        if defaults.state.eager:
            raise RuntimeError("Trying to eval in EAGER mode")
        return self._graph_element.eval(session=session)

    def numpy(self) -> Any:
        """The value, in eager mode."""
        if defaults.state.eager:
            return self.read_value().numpy()
        raise NotImplementedError(
            "numpy() is only available when eager execution is enabled."
        )

    def set_shape(self, shape: Any) -> None:
        """TF 1.15: not for resource variables."""
        raise NotImplementedError("ResourceVariable does not implement set_shape()")

    def is_initialized(self, name: str | None = None) -> Any:
        """Whether it has a value, as a tensor."""
        return apply("VarIsInitializedOp", self._handle, name=name)

    def sparse_read(self, indices: Any, name: str | None = None) -> Any:
        """Some rows of the value."""
        self._tell_tapes()
        with name_scope("Gather" if name is None else name) as scope:
            value = apply(
                "ResourceGather", self._handle, indices, dtype=self._dtype, name=scope
            )
        return array.identity(value)

    def gather_nd(self, indices: Any, name: str | None = None) -> Any:
        """Parts of the value at places that are vectors."""
        with name_scope("GatherNd" if name is None else name) as scope:
            value = apply(
                "ResourceGatherNd", self._handle, indices, dtype=self._dtype, name=scope
            )
        return array.identity(value)

    @contextmanager
    def _handle_graph(self) -> Iterator[None]:
        """TF 1.15: where no graph was entered, a change is made in the variable's."""
        if defaults.state.eager or defaults.state.graphs:
            yield
        else:
            with self._handle.graph.as_default():
                yield

    @contextmanager
    def _assign_dependencies(self) -> Iterator[None]:
        """A cached value is read before the variable is changed."""
        if self._cached_value is None:
            yield
        else:
            with control_dependencies([self._cached_value]):
                yield

    def _lazy_read(self, op: Any) -> Any:
        return _UnreadVariable(self, op)

    def assign(
        self,
        value: Any,
        use_locking: Any = None,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Gives it a value when it is run; the result is the variable after that."""
        with self._handle_graph():
            tensor = convert_to_tensor(value, self._dtype)
            self._shape.assert_is_compatible_with(tensor.shape)
            done = apply("AssignVariableOp", self._handle, tensor, name=name)
            return self._lazy_read(done) if read_value else done

    def _update(
        self, op_type: str, delta: Any, name: str | None, read_value: bool
    ) -> Any:
        with self._handle_graph(), self._assign_dependencies():
            done = apply(
                op_type,
                self._handle,
                convert_to_tensor(delta, self._dtype),
                name=name,
            )
        return self._lazy_read(done) if read_value else done

    def assign_add(
        self,
        delta: Any,
        use_locking: Any = None,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Adds to it when it is run."""
        return self._update("AssignAddVariableOp", delta, name, read_value)

    def assign_sub(
        self,
        delta: Any,
        use_locking: Any = None,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Subtracts from it when it is run."""
        return self._update("AssignSubVariableOp", delta, name, read_value)

    def _scatter(
        self, op_type: str, sparse_delta: Any, use_locking: Any, name: str | None
    ) -> Any:
        if not isinstance(sparse_delta, IndexedSlices):
            raise TypeError("sparse_delta is not IndexedSlices: %s" % sparse_delta)  # noqa: UP031 - TF 1.15: a tuple is taken apart
        values = convert_to_tensor(sparse_delta.values, self._dtype)
        done = apply(
            f"Resource{op_type}", self._handle, sparse_delta.indices, values, name=name
        )
        return self._lazy_read(done)

    def _scatter_nd(
        self, op_type: str, indices: Any, updates: Any, name: str | None
    ) -> Any:
        values = convert_to_tensor(updates, self._dtype)
        done = apply(f"Resource{op_type}", self._handle, indices, values, name=name)
        return self._lazy_read(done)

    def batch_scatter_update(
        self, sparse_delta: Any, use_locking: Any = False, name: str | None = None
    ) -> Any:
        """Assigns rows of each matrix of a batch when it is run."""
        if not isinstance(sparse_delta, IndexedSlices):
            raise TypeError("sparse_delta is not IndexedSlices: %s" % sparse_delta)  # noqa: UP031 - TF 1.15: a tuple is taken apart
        return self._lazy_read(
            variable_parts.batch_scatter_update_now(
                self, sparse_delta.indices, sparse_delta.values, use_locking, name
            )
        )

    def _strided_slice_assign(
        self, begin: Any, end: Any, strides: Any, value: Any, name: Any, **masks: int
    ) -> Any:
        with self._handle_graph(), self._assign_dependencies():
            done = apply(
                "ResourceStridedSliceAssign",
                self._handle,
                begin,
                end,
                strides,
                convert_to_tensor(value, self._dtype),
                name=name,
                **masks,
            )
            return self._lazy_read(done)

    @deprecation.deprecated(
        "BaseResourceVariable.count_up_to",
        "resource_variable_ops",
        "Prefer Dataset.range instead.",
    )
    def count_up_to(self, limit: int) -> Any:
        """The value before adding one; running it fails at the limit."""
        return apply("ResourceCountUpTo", self._handle, limit=limit, T=self._dtype)

    def to_proto(self, export_scope: str | None = None) -> Any:
        """The variable as in TensorFlow's graph files; None if outside the scope."""
        if defaults.state.eager:
            raise RuntimeError("to_proto not supported in EAGER mode.")
        return super().to_proto(export_scope)

    @staticmethod
    def from_proto(variable_def: Any, import_scope: str | None = None) -> Any:
        """The variable that a graph file describes, in the default graph."""
        if defaults.state.eager:
            raise RuntimeError("from_proto not supported in EAGER mode.")
        return ResourceVariable(variable_def=variable_def, import_scope=import_scope)

    def __bool__(self) -> bool:
        return bool(self.read_value())

    __nonzero__ = __bool__

    def __int__(self) -> int:
        if self._dtype not in (dtypes.int32, dtypes.int64):
            raise TypeError("Non-integer variable can't be converted to integer.")
        return int(self.value().numpy())

    def __copy__(self) -> Any:
        return self

    def __reduce__(self) -> Any:
        """TF 1.15: a new variable with the same value, in eager mode."""
        make = functools.partial(
            ResourceVariable,
            initial_value=self.numpy(),
            trainable=self._trainable,
            name=self._shared_name,
            dtype=self._dtype,
            constraint=self._constraint,
            distribute_strategy=self._distribute_strategy,
        )
        return make, ()

    def __deepcopy__(self, memo: Any) -> Any:
        """TF 1.15: a new variable with the same value, in eager mode."""
        if not defaults.state.eager:
            raise NotImplementedError(
                "__deepcopy__() is only available when eager execution is enabled."
            )
        copied = ResourceVariable(
            initial_value=self.read_value(),
            trainable=self._trainable,
            constraint=self._constraint,
            dtype=self._dtype,
            name=f"{self._handle_name.removesuffix(':0')}_copy",
        )
        memo[id(self)] = copied
        return copied


def _refusing(symbol: str, verb: str, sign: str) -> Any:
    if verb:
        instead = (
            f"variable.{verb}(value) to modify the variable value and variable = "
            f"variable {sign} value to get a new Tensor object."
        )
    else:
        instead = (
            f"`var.assign(var {sign} value)` to modify the variable or `var = var "
            f"{sign} value` to get a new Tensor object."
        )

    def refuse(self: Any, _other: Any) -> Any:
        raise RuntimeError(f"Variable {symbol} value not supported. Use {instead}")

    refuse.__doc__ = f"TF 1.15: a resource variable refuses {symbol}."
    return refuse


for _method, _arguments in {
    "__iadd__": ("+=", "assign_add", "+"),
    "__isub__": ("-=", "assign_sub", "-"),
    "__imul__": ("*=", "", "*"),
    "__itruediv__": ("/=", "", "/"),
    "__ipow__": ("**=", "", "**"),
}.items():
    _refuses = _refusing(*_arguments)
    rename(_refuses, _method)
    setattr(BaseResourceVariable, _method, _refuses)


def _copy_scatter_methods() -> None:
    from .ref_variables import RefVariable  # noqa: PLC0415 - used once

    for name in vars(RefVariable):
        if name.startswith("scatter_"):
            setattr(BaseResourceVariable, name, getattr(RefVariable, name))


_copy_scatter_methods()


class ResourceVariable(BaseResourceVariable):
    """A variable behind a handle."""

    def __init__(
        self,
        initial_value: Any = None,
        trainable: Any = None,
        collections: Any = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: Any = None,
        dtype: Any = None,
        variable_def: Any = None,
        import_scope: str | None = None,
        constraint: Any = None,
        distribute_strategy: Any = None,
        synchronization: Any = None,
        aggregation: Any = None,
        shape: Any = None,
    ) -> None:
        if variable_def is not None:
            if initial_value is not None:
                raise ValueError(
                    "variable_def and initial_value are mutually exclusive."
                )
            self._init_from_message(variable_def, import_scope)
            return
        settings = validate_synchronization_aggregation_trainable(
            synchronization, aggregation, trainable, name
        )
        self._synchronization, self._aggregation, self._trainable = settings
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        # TF 1.15 warns here of itself: it always passes a constraint on.
        deprecation.warn_argument(
            "BaseResourceVariable.__init__",
            "resource_variable_ops",
            "constraint",
            "If using Keras pass *_constraint arguments to layers.",
        )
        collections = checked_collections(collections, self._trainable)
        if constraint is not None and not callable(constraint):
            raise ValueError("The `constraint` argument must be a callable.")
        self._constraint = constraint
        self._caching_device = caching_device
        with init_scope():
            if defaults.state.eager:
                from . import eager  # noqa: PLC0415 - eager mode is rare

                self._in_graph_mode = False
                eager.init_variable(self, initial_value, name, dtype, shape)
                if GraphKeys.GLOBAL_STEP in collections:
                    graph = defaults.get_default_graph()
                    graph.add_to_collection(GraphKeys.GLOBAL_STEP, self)
                return
            self._build(initial_value, name, dtype, shape)
            self._handle.graph.add_to_collections(collections, self)

    def _build(self, initial_value: Any, name: Any, dtype: Any, shape: Any) -> None:
        """Makes the variable's operations, in the order of TF 1.15."""
        from_function = callable(initial_value)
        around = [] if from_function else [initial_value]
        with name_scope(name, "Variable", around) as scope:
            handle_name = scope.removesuffix("/")
            with self_colocation(scope):
                with name_scope("Initializer"), device(None):
                    value = convert_to_tensor(
                        initial_value() if from_function else initial_value,
                        dtype,
                        name="initial_value",
                    )
                shape = shapes.said_or_found(shape, value.shape)
                self._handle = apply(
                    "VarHandleOp",
                    shape=shape,
                    dtype=value.dtype.base_dtype,
                    shared_name=handle_name,
                    name=scope,
                    container=defaults.get_default_graph()._container,
                )
            check_not_in_control_flow(value, scope)
            self._handle_name = f"{handle_name}:0"
            self._shape = shapes.as_shape(shape)
            self._dtype = value.dtype.base_dtype
            self._initial_value = value
            self._add_reads_and_writes(scope)
            if from_function and self._dtype in dtypes.UNASSIGNED:
                self.graph.keep_unplaceable(self._handle.op)

    def _add_reads_and_writes(self, scope: str) -> None:
        handle = self._handle
        with name_scope("IsInitialized"):
            self._is_initialized_op = apply("VarIsInitializedOp", handle)
        with (
            name_scope("Assign") as assign,
            colocate_with(None, ignore_existing=True),
            device(handle.device),
        ):
            self._initializer_op = apply(
                "AssignVariableOp",
                handle,
                guard_against_uninitialized(scope, self._initial_value),
                name=assign,
            )
        with name_scope("Read"):
            with device(handle.device):
                value = apply("ReadVariableOp", handle, dtype=self._dtype)
            self._graph_element = value
            if self._caching_device is not None:
                with (
                    colocate_with(None, ignore_existing=True),
                    device(self._caching_device),
                ):
                    self._cached_value = array.identity(value)

    def _init_from_message(self, message: Any, import_scope: str | None) -> None:
        check_is_variable_def(message)
        if not message.is_resource:
            raise ValueError("Trying to restore Variable as ResourceVariable.")
        find = message_finder(import_scope)
        self._handle = find(message.variable_name)
        self._handle_name = self._handle.name
        self._shape = shapes.from_dims(self._handle.op._attrs["shape"])
        self._dtype = self._handle.op._attrs["dtype"]
        self._initializer_op = find(message.initializer_name)
        initial = message.initial_value_name
        self._initial_value = find(initial) if initial else None
        if message.snapshot_name:
            snapshot = find(message.snapshot_name)
            if snapshot.op.type != "ReadVariableOp":
                self._cached_value = snapshot
            while snapshot.op.type != "ReadVariableOp":
                snapshot = snapshot.op._inputs[0]
            self._graph_element = snapshot
        else:
            self._graph_element = self._handle.graph.get_tensor_by_name(
                f"{self._handle.op.name}/Read/ReadVariableOp:0"
            )
        take_settings_of_message(self, message, import_scope)


@read_only
class _UnreadVariable(BaseResourceVariable):
    """A variable as it is after an assignment: reading it runs that first.

    TF 1.15: this is what `v.assign(...)` gives; its name is the assignment's.
    """

    def __init__(self, variable: BaseResourceVariable, parent_op: Any) -> None:
        self._handle = variable._handle
        self._handle_name = variable._handle_name if variable._in_graph_mode else ""
        self._shape, self._dtype = variable._shape, variable._dtype
        self._parent_op = parent_op
        self._trainable = True
        self._synchronization, self._aggregation, _ = (
            validate_synchronization_aggregation_trainable(None, None, None, None)
        )
        self._constraint = None
        self._initial_value = self._initializer_op = None
        self._in_graph_mode = variable._in_graph_mode
        if defaults.state.eager or defaults.get_default_graph().building_function:
            self._graph_element = None
            return
        with control_dependencies([parent_op]):
            self._graph_element = super()._read_variable_op()

    @property
    def name(self) -> str:
        """The name of the assignment."""
        if not self._in_graph_mode:
            return "UnreadVariable"
        name: str = self._parent_op.name
        return name

    @property
    def op(self) -> Any:
        """The assignment."""
        return self._parent_op

    def value(self) -> Any:
        """The value after the assignment."""
        return self._read_variable_op()

    read_value = value

    def _read_variable_op(self) -> Any:
        with control_dependencies([self._parent_op]):
            return super()._read_variable_op()


def _convert(
    variable: Any, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> Any:
    if dtype is not None and not dtype.is_compatible_with(variable.dtype):
        raise ValueError(
            f"Incompatible type conversion requested to type {dtype.name!r} for "
            f"variable of type {variable.dtype.name!r}"
        )
    if as_ref:
        return variable.read_value().op._inputs[0]
    return variable.value()


register_tensor_conversion_function(BaseResourceVariable, _convert)
register_dense_tensor_like_type(BaseResourceVariable)


def is_resource_variable(variable: Any) -> bool:
    """Whether it is a resource variable."""
    return isinstance(variable, BaseResourceVariable)


def was_eager(variable: Any) -> bool:
    """Whether a variable is of eager mode; functions use such variables, too."""
    return defaults.state.eager or (
        is_resource_variable(variable) and not variable._in_graph_mode
    )
