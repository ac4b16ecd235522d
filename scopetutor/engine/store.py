"""The rule of `get_variable`: create, reuse, or refuse.

A store is a dictionary from full names to variables; each graph has one. With

    reuse=False        a name must be new:        "already exists, disallowed"
    reuse=True         a name must be there:      "does not exist"
    reuse=AUTO_REUSE   either is fine

Only `get_variable` writes into the store, and only it reads it: a `tf.Variable` of the
same name is never found. What is there must fit in shape and type; everything else that
a second call asks for is ignored. Scopes, which make the full name, come next.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, cast

from . import defaults, deprecation, dtypes, partitions, shapes, trace
from .initializers import GlorotUniform, Zeros
from .keys import GraphKeys
from .operation import Tensor
from .ref_variables import RefVariable
from .resource_variables import ResourceVariable
from .stencils import FirstValue
from .surroundings import colocate_with, init_scope, name_scope
from .variables import (
    UseResource,
    Variable,
    VariableAggregation,
    VariableSynchronization,
    validate_synchronization_aggregation_trainable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from .dtypes import DType
    from .shapes import Dims, TensorShape


class _ReuseMode(enum.Enum):
    """The value of `tf.AUTO_REUSE`."""

    AUTO_REUSE = 1


AUTO_REUSE = _ReuseMode.AUTO_REUSE
_ALREADY_EXISTS = (
    "Variable {} already exists, disallowed. Did you mean to set reuse=True or "
    "reuse=tf.AUTO_REUSE in VarScope?"
)
_DOES_NOT_EXIST = (
    "Variable {} does not exist, or was not created with tf.get_variable(). Did you "
    "mean to set reuse=tf.AUTO_REUSE in VarScope?"
)
# TF 1.15 shows five frames of its own here, and never the program's line, which is
# where the variable's operation knows to have been made.
_ORIGINALLY = " Originally defined at:\n\n{}"
_FRAME = '  File "{}", line {}, in {}\n    {}\n'


class VariableStore:
    """The variables that `get_variable` made in one graph."""

    def __init__(self) -> None:
        self._vars: dict[str, Any] = {}
        self._partitioned_vars: dict[str, partitions.PartitionedVariable] = {}
        self._has_parts = False
        self._store_eager_variables = False

    def get_variable(
        self,
        name: Any,
        shape: Any = None,
        dtype: Any = dtypes.float32,
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
        trainable: Any = None,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        validate_shape: bool = True,
        use_resource: Any = None,
        custom_getter: Any = None,
        constraint: Any = None,
        synchronization: Any = VariableSynchronization.AUTO,
        aggregation: Any = VariableAggregation.NONE,
    ) -> Any:
        """The variable of a full name; through `custom_getter`, if there is one."""
        if custom_getter is not None and not callable(custom_getter):
            raise ValueError(
                f"Passed a custom_getter which is not callable: {custom_getter}"
            )
        if defaults.state.eager:
            use_resource = True
            reuse = self._reuse_in_eager_mode(reuse)
        dtype = getattr(dtype, "base_dtype", dtype)
        synchronization, aggregation, trainable = (
            validate_synchronization_aggregation_trainable(
                synchronization, aggregation, trainable, name
            )
        )
        if custom_getter is None:
            return self._true_getter(
                name,
                shape,
                dtype,
                initializer,
                regularizer,
                reuse,
                trainable,
                collections,
                caching_device,
                partitioner,
                validate_shape,
                use_resource,
                constraint,
                synchronization,
                aggregation,
            )
        arguments = {
            "getter": self._true_getter,
            "name": name,
            "shape": shape,
            "dtype": dtype,
            "initializer": initializer,
            "regularizer": regularizer,
            "reuse": reuse,
            "trainable": trainable,
            "collections": collections,
            "caching_device": caching_device,
            "partitioner": partitioner,
            "validate_shape": validate_shape,
            "use_resource": use_resource,
            "synchronization": synchronization,
            "aggregation": aggregation,
        }
        if _takes(custom_getter, "constraint"):
            arguments["constraint"] = constraint
        return custom_getter(**arguments)

    def find(self, name: Any, shape: Any, dtype: Any) -> Any:
        """The variable to be reused, if it has a name here and is in one piece.

        None: there is none, or it is not as simple, and `get_variable` must say.
        """
        if self._has_parts or trace.watcher is not None or type(name) is not str:
            return None
        found = self._vars.get(name)
        if found is not None:
            dtype = dtypes.as_dtype(getattr(dtype, "base_dtype", dtype))
            _check_fits(name, found, shapes.as_dims(shape), dtype)
        return found

    def _reuse_in_eager_mode(self, reuse: Any) -> Any:
        if self._store_eager_variables:
            return AUTO_REUSE
        if reuse:
            raise RuntimeError(
                "When eager execution is enabled variable reuse is only supported when "
                "an EagerVariableStore is active. See the documentation on "
                "EagerVariableStore for example usage."
            )
        return reuse

    def _true_getter(
        self,
        name: Any,
        shape: Any = None,
        dtype: Any = dtypes.float32,
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
        trainable: Any = None,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        validate_shape: bool = True,
        use_resource: Any = None,
        constraint: Any = None,
        synchronization: Any = VariableSynchronization.AUTO,
        aggregation: Any = VariableAggregation.NONE,
    ) -> Any:
        """What a custom getter calls to get a variable after all."""
        settings = {
            "regularizer": regularizer,
            "trainable": trainable,
            "collections": collections,
            "caching_device": caching_device,
            "validate_shape": validate_shape,
            "use_resource": use_resource,
            "constraint": constraint,
            "synchronization": synchronization,
            "aggregation": aggregation,
        }
        is_scalar = isinstance(shape, (list, tuple)) and not shape
        if partitioner is not None and not is_scalar:
            if not callable(partitioner):
                raise ValueError(
                    f"Partitioner must be callable, but received: {partitioner}"
                )
            with name_scope(None):
                return self._get_partitioned_variable(
                    name, partitioner, shape, dtype, initializer, reuse, **settings
                )
        if reuse is True and partitioner is None and name in self._partitioned_vars:
            return self._get_partitioned_variable(
                name, None, shape, dtype, initializer, reuse, **settings
            )
        if self._has_parts and f"{name}/part_0" in self._vars:
            raise ValueError(
                "No partitioner was provided, but a partitioned version of the "
                f"variable was found: {name}/part_0. Perhaps a variable of the same "
                "name was already created with partitioning?"
            )
        return self._get_single_variable(
            name, shape, dtype, initializer, reuse, None, **settings
        )

    # -- one variable --------------------------------------------------------------

    def _get_single_variable(
        self,
        name: Any,
        shape: Any,
        dtype: Any,
        initializer: Any,
        reuse: Any,
        partition_info: Any,
        **settings: Any,
    ) -> Any:
        """Creates, reuses or refuses: the rule itself."""
        from_value = initializer is not None and not callable(initializer)
        if shape is not None and from_value:
            raise ValueError("If initializer is a constant, do not specify shape.")
        dtype = dtypes.as_dtype(dtype)
        dims = shapes.as_dims(shape)
        found = self._vars.get(name)
        if found is not None:
            if reuse is False:
                _refuse_existing(name, found)
            _check_fits(name, found, dims, dtype)
            if trace.watcher is not None:
                trace.watcher.variable_reused(found, name)
            return found
        if reuse is True:
            raise ValueError(_DOES_NOT_EXIST.format(name))
        return self._create(
            name, dims, dtype, initializer, from_value, partition_info, **settings
        )

    def _create(
        self,
        name: Any,
        dims: Dims,
        dtype: DType,
        initializer: Any,
        from_value: bool,
        partition_info: Any,
        regularizer: Any,
        use_resource: Any,
        **settings: Any,
    ) -> Any:
        recipe, variable_dtype = initializer, None
        if initializer is None:
            initializer = default_initializer(name, dtype)
        if not from_value:
            initializer, variable_dtype = _with_shape(
                initializer, dims, dtype, partition_info
            )
        if use_resource is None:
            use_resource = UseResource.default
        if use_resource or trace.watcher is not None or _has_creators():
            settings["use_resource"] = use_resource
            make: Any = Variable
        else:  # nobody asks to be asked
            make = RefVariable
        variable = make(
            initial_value=initializer, name=name, dtype=variable_dtype, **settings
        )
        if not defaults.state.eager or self._store_eager_variables:
            self._vars[name] = variable
        if make is not RefVariable:
            _ = variable.name  # TF 1.15 needs one of whatever a creator gives
        if defaults.state.eager and self._store_eager_variables:
            _collect_eager(variable, settings["collections"], settings["trainable"])
        if trace.watcher is not None:
            trace.watcher.variable_made(variable, "get_variable", recipe, name)
        if regularizer:
            _regularize(variable, name, regularizer)
        return variable

    # -- a partitioned variable ----------------------------------------------------

    def _get_partitioned_variable(
        self,
        name: Any,
        partitioner: Any,
        shape: Any = None,
        dtype: Any = dtypes.float32,
        initializer: Any = None,
        reuse: Any = None,
        **settings: Any,
    ) -> partitions.PartitionedVariable:
        """The same rule for a variable that is kept in parts."""
        if name in self._vars:
            raise ValueError(
                "A partitioner was provided, but an unpartitioned version of the "
                f"variable was found: {name}.  Perhaps a variable of the same name was "
                "already created without partitioning?"
            )
        shape = shapes.as_shape(shape)
        if isinstance(initializer, Tensor):
            shape = shape.merge_with(initializer.get_shape())
        wanted = None
        if not reuse or partitioner:
            wanted = partitions.call_partitioner(partitioner, shape, dtype)
        existing = self._partitioned_vars.get(name)
        if existing is not None:
            if reuse is False:
                raise ValueError(
                    f"Partitioned variable with name {name} already exists. Did you "
                    "mean to set reuse=True or reuse=tf.AUTO_REUSE in VarScope?"
                )
            existing._check_fits(shape, dtype, wanted)
            return existing
        if reuse is True:
            raise ValueError(
                f"PartitionedVariable {name} does not exist, or was not created with "
                "tf.get_variable(). Did you mean to set reuse=False or "
                "reuse=tf.AUTO_REUSE in VarScope?"
            )
        axis, count = partitions.axis_and_count(wanted)
        self._check_parts(name, count)
        parts = [
            self._get_part(
                name, index, offset, size, shape, dtype, initializer, reuse, settings
            )
            for index, (offset, size) in enumerate(
                partitions.parts(shape.as_list(), count, axis)
            )
        ]
        made = partitions.PartitionedVariable(name, shape, dtype, parts, wanted)
        if not defaults.state.eager or self._store_eager_variables:
            self._partitioned_vars[name] = made
        return made

    def _check_parts(self, name: str, count: int) -> None:
        """ValueError if parts of the name are there from another partitioning."""
        if f"{name}/part_0" not in self._vars:
            return
        problem = (
            "Partitioner returned a different partitioning than what was already "
            f"found.  Partitioner returned {count} shards, and shard {name}/part_0 was "
            "found, "
        )
        if f"{name}/part_{count - 1}" not in self._vars:
            raise ValueError(f"{problem}but {name}/part_{count - 1} was not.")
        if f"{name}/part_{count}" in self._vars:
            raise ValueError(
                f"{problem}but so was the extra shard {name}/part_{count}."
            )

    def _get_part(
        self,
        name: str,
        index: int,
        offset: list[int],
        size: list[int],
        shape: TensorShape,
        dtype: Any,
        initializer: Any,
        reuse: Any,
        settings: dict[str, Any],
    ) -> Any:
        self._has_parts = True
        full_name = f"{name}/part_{index}"
        whole = partitions.PartitionInfo(shape.as_list(), offset)
        with name_scope(f"{full_name}/PartitionedInitializer"):
            part_initializer, part_shape, part_dtype = partitions.part_initializer(
                initializer,
                offset,
                size,
                dtype,
                lambda: default_initializer(name, dtype),
            )
        with name_scope(None):
            part = self._get_single_variable(
                full_name,
                part_shape,
                part_dtype,
                part_initializer,
                reuse,
                whole,
                **settings,
            )
        part._set_save_slice_info(
            Variable.SaveSliceInfo(name, shape.as_list(), offset, size)
        )
        return part


def _takes(function: Callable[..., Any], argument: str) -> bool:
    """Whether a function can be called with an argument of this name."""
    import inspect  # noqa: PLC0415 - slow to load, and custom getters are rare

    spec = inspect.getfullargspec(function)
    return argument in spec.args or spec.varkw is not None


def _has_creators() -> bool:
    """Whether a `tf.variable_creator_scope` is open."""
    return bool(defaults.get_default_graph()._thread.creators)


def _refuse_existing(name: str, variable: Any) -> None:
    message = _ALREADY_EXISTS.format(name)
    if not isinstance(variable, ResourceVariable):
        frames = [_FRAME.format(*frame) for frame in variable.op.traceback]
        message += _ORIGINALLY.format("".join(frames))
    raise ValueError(message)


def _check_fits(name: str, found: Any, dims: Dims, dtype: DType) -> None:
    """ValueError unless a variable has the shape and type that are asked for."""
    if type(found) is RefVariable:
        found_dims = found._variable._dims
    else:
        found_dims = shapes.as_dims(found.get_shape())
    if dims != found_dims and not shapes.are_compatible(dims, found_dims):
        raise ValueError(
            f"Trying to share variable {name}, but specified shape "
            f"{shapes.from_dims(dims)} and found shape {found.get_shape()}."
        )
    if not dtype.is_compatible_with(found.dtype):
        raise ValueError(
            f"Trying to share variable {name}, but specified dtype {dtype.name} and "
            f"found dtype {found.dtype.name}."
        )


def default_initializer(name: Any, dtype: DType) -> Any:
    """How variables without an initializer begin.

    TF 1.15: floats as glorot_uniform whatever their rank, numbers and flags as zero.

    Raises:
        ValueError: there is no default for the type.
    """
    if dtype.is_floating:
        return GlorotUniform()
    if dtype.is_integer or dtype.is_bool or dtype is dtypes.string:
        return Zeros()
    raise ValueError(
        f"An initializer for variable {name} of {dtype.base_dtype} is required"
    )


def _with_shape(
    initializer: Any, dims: Dims, dtype: DType, partition_info: Any
) -> tuple[Any, DType | None]:
    """The initializer as a function without arguments, and the type it gives."""
    if isinstance(initializer, type):
        with init_scope():
            initializer = initializer()
    if dims is not None and None not in dims:
        sizes = cast("list[int]", list(dims))
        value = FirstValue(initializer, sizes, dtype, partition_info)
        return value, dtype.base_dtype
    import inspect  # noqa: PLC0415 - slow to load, and this case is rare

    target = deprecation.undecorated(initializer)
    try:
        spec = inspect.getfullargspec(target)
    except TypeError:  # such as what `float()` gives
        spec = inspect.getfullargspec(type(target).__call__)
    if len(spec.args) == len(spec.defaults or ()):
        return initializer, None
    raise ValueError(
        "The initializer passed is not valid. It should be a callable with no "
        "arguments and the shape should not be provided or an instance of "
        "`tf.keras.initializers.*' and `shape` should be fully defined."
    )


def _collect_eager(variable: Any, collections: Any, trainable: Any) -> None:
    graph = defaults.get_default_graph()
    graph.add_to_collections(collections or [GraphKeys.GLOBAL_VARIABLES], variable)
    if trainable:
        graph.add_to_collection(GraphKeys.TRAINABLE_VARIABLES, variable)


def _regularize(variable: Any, name: str, regularizer: Callable[[Any], Any]) -> None:
    """Adds the regularizer's tensor to REGULARIZATION_LOSSES, unless it is None."""
    place = None if defaults.state.eager else variable.op
    with colocate_with(place), name_scope(f"{name}/Regularizer/"), init_scope():
        loss = regularizer(variable)
    if loss is not None:
        if place is not None:
            _ = loss.name  # TF 1.15 speaks of it in its log: a number has none
        graph = defaults.get_default_graph()
        graph.add_to_collection(GraphKeys.REGULARIZATION_LOSSES, loss)
