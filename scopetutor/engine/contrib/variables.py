"""`tf.contrib.framework`: making, finding and filling variables.

`model_variable` is `get_variable` that enters MODEL_VARIABLES too; the layers of
`tf.contrib.layers` make all their variables with it.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from scopetutor.engine import defaults, deprecation, dtypes, tf_logging
from scopetutor.engine.devices import DeviceSpec
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops.array import placeholder
from scopetutor.engine.ops.control_flow import group
from scopetutor.engine.scopes import VariableScope, get_variable, get_variable_scope
from scopetutor.engine.surroundings import device as enter_device
from scopetutor.engine.training import global_step as steps
from scopetutor.engine.variables import (
    Variable,
    VariableAggregation,
    VariableSynchronization,
)

from .arg_scope import add_arg_scope

_MODULE = "tensorflow.contrib.framework.python.ops.variables"

# -- devices -----------------------------------------------------------------------


class VariableDeviceChooser:
    """Gives variables to servers in turn; a device function for `variable`.

    Args:
        num_tasks: of servers; 0: the variables stay here.
        job_name: of the servers.
        device_type: such as "GPU".
        device_index: which of the devices; None: any.
        replica: which replica; None: any.
    """

    def __init__(
        self,
        num_tasks: int = 0,
        job_name: str = "ps",
        device_type: str = "CPU",
        device_index: int | None = 0,
        replica: int | None = None,
    ) -> None:
        self._spec = DeviceSpec(
            replica=replica, device_type=device_type, device_index=device_index
        )
        self._job_name = job_name
        self._num_tasks = num_tasks
        self._next_task_id = 0

    def __call__(self, op: Any) -> str:
        """The device of the next variable."""
        del op
        if self._num_tasks <= 0:
            return self._spec.to_string()
        task = self._next_task_id
        self._next_task_id = (task + 1) % self._num_tasks
        return self._spec.replace(job=self._job_name, task=task).to_string()


# -- making ------------------------------------------------------------------------


def local_variable(
    initial_value: Any,
    validate_shape: bool = True,
    name: str | None = None,
    use_resource: Any = None,
) -> Any:
    """A variable that is not trained and not saved."""
    return Variable(
        initial_value,
        trainable=False,
        collections=[GraphKeys.LOCAL_VARIABLES],
        validate_shape=validate_shape,
        use_resource=use_resource,
        name=name,
    )


def global_variable(
    initial_value: Any,
    validate_shape: bool = True,
    name: str | None = None,
    use_resource: Any = None,
) -> Any:
    """A variable that is not trained."""
    return Variable(
        initial_value,
        trainable=False,
        collections=[GraphKeys.GLOBAL_VARIABLES],
        validate_shape=validate_shape,
        use_resource=use_resource,
        name=name,
    )


@add_arg_scope
def variable(
    name: Any,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: Any = True,
    collections: Any = None,
    caching_device: Any = None,
    device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    use_resource: Any = None,
    synchronization: Any = VariableSynchronization.AUTO,
    aggregation: Any = VariableAggregation.NONE,
) -> Any:
    """The variable of a name in the current scope, on a device."""
    if collections is None:
        collections = [GraphKeys.GLOBAL_VARIABLES]
    getter: Any = get_variable
    if custom_getter is not None:
        getter = functools.partial(custom_getter, reuse=get_variable_scope().reuse)
    with enter_device(device or ""):
        return getter(
            name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
            collections=list(dict.fromkeys(collections)),
            caching_device=caching_device,
            partitioner=partitioner,
            use_resource=use_resource,
            synchronization=synchronization,
            aggregation=aggregation,
        )


@add_arg_scope
def model_variable(
    name: Any,
    shape: Any = None,
    dtype: Any = dtypes.float32,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: Any = True,
    collections: Any = None,
    caching_device: Any = None,
    device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    use_resource: Any = None,
    synchronization: Any = VariableSynchronization.AUTO,
    aggregation: Any = VariableAggregation.NONE,
) -> Any:
    """As `variable`, and entered in MODEL_VARIABLES."""
    return variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=[
            *(collections or []),
            GraphKeys.GLOBAL_VARIABLES,
            GraphKeys.MODEL_VARIABLES,
        ],
        caching_device=caching_device,
        device=device,
        partitioner=partitioner,
        custom_getter=custom_getter,
        use_resource=use_resource,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def add_model_variable(var: Any) -> None:
    """Enters a variable in MODEL_VARIABLES, if it is not there."""
    graph = defaults.get_default_graph()
    known = graph.get_collection_ref(GraphKeys.MODEL_VARIABLES)
    if not any(one is var for one in known):
        known.append(var)


# -- finding -----------------------------------------------------------------------


def get_variables(
    scope: Any = None,
    suffix: str | None = None,
    collection: Any = GraphKeys.GLOBAL_VARIABLES,
) -> list[Any]:
    """The variables whose names begin and end so; both are regular expressions."""
    if isinstance(scope, VariableScope):
        scope = scope.name
    if suffix is not None:
        if ":" not in suffix:
            suffix += ":"
        scope = (scope or "") + ".*" + suffix
    return defaults.get_default_graph().get_collection(collection, scope)


def get_model_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    """Those of MODEL_VARIABLES."""
    return get_variables(scope, suffix, GraphKeys.MODEL_VARIABLES)


def get_local_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    """Those of LOCAL_VARIABLES."""
    return get_variables(scope, suffix, GraphKeys.LOCAL_VARIABLES)


def get_trainable_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    """Those of TRAINABLE_VARIABLES."""
    return get_variables(scope, suffix, GraphKeys.TRAINABLE_VARIABLES)


def _in_scopes(scopes: Any, argument: str) -> list[Any]:
    if not isinstance(scopes, (list, tuple)):
        raise TypeError(f"{argument} is provided but is not a list or a tuple.")
    return [found for scope in scopes for found in get_variables(scope)]


def get_variables_to_restore(include: Any = None, exclude: Any = None) -> list[Any]:
    """The global variables in some scopes, without those in others.

    Raises:
        TypeError: the scopes are not a list.
    """
    included = get_variables() if include is None else _in_scopes(include, "include")
    left_out = set() if exclude is None else set(_in_scopes(exclude, "exclude"))
    return [var for var in included if var not in left_out]


def get_variables_by_suffix(suffix: str, scope: Any = None) -> list[Any]:
    """The global variables whose names end so."""
    return get_variables(scope=scope, suffix=suffix)


def get_variables_by_name(given_name: str, scope: Any = None) -> list[Any]:
    """The global variables whose last name is this."""
    return get_variables(scope=scope, suffix=f"/{given_name}:|^{given_name}:")


def get_unique_variable(var_op_name: str) -> Any:
    """The global variable of exactly this name.

    Raises:
        ValueError: there is none.
    """
    candidates = get_variables(scope=var_op_name)
    if not candidates:
        raise ValueError(f"Couldn't find variable {var_op_name}")
    for candidate in candidates:
        if candidate.op.name == var_op_name:
            return candidate
    raise ValueError(f"Variable {var_op_name} does not uniquely identify a variable")


def get_variable_full_name(var: Any) -> str:
    """The name of a variable, or of the whole of which it is a part."""
    name: str = var._save_slice_info.full_name if var._save_slice_info else var.op.name
    return name


def filter_variables(
    var_list: Any,
    include_patterns: Any = None,
    exclude_patterns: Any = None,
    reg_search: bool = True,
) -> list[Any]:
    """The variables whose names match one pattern and none of others."""
    matches = re.search if reg_search else re.match
    included = list(var_list)
    if include_patterns is not None:
        included = [
            var
            for var in var_list
            if any(matches(p, var.name) for p in include_patterns)
        ]
    if exclude_patterns is None:
        return included
    return [
        var
        for var in included
        if not any(matches(p, var.name) for p in exclude_patterns)
    ]


# -- filling -----------------------------------------------------------------------


def _assign_placeholder(var: Any) -> tuple[Any, Any]:
    """A placeholder for a variable's value, and the operation that assigns it."""
    value = placeholder(
        dtype=var.dtype.base_dtype,
        shape=var.get_shape(),
        name=f"placeholder/{var.op.name}",
    )
    return value, var.assign(value)


def _global_variable_named(name: str) -> Any:
    graph = defaults.get_default_graph()
    found = graph.get_collection(GraphKeys.GLOBAL_VARIABLES, name)
    if not found:
        raise ValueError(f"Variable {name} wasn't found")
    if len(found) == 1:
        return found[0]
    for var in found:
        if var.op.name == name:
            return var
    raise ValueError(f"Variable {name} doesn't uniquely identify a variable")


def assign_from_values(var_names_to_values: Any) -> tuple[Any, dict[Any, Any]]:
    """An operation that gives variables these values, and what to feed to it."""
    feed_dict, assign_ops = {}, []
    for name, array in var_names_to_values.items():
        var = _global_variable_named(name)
        value, assign_op = _assign_placeholder(var)
        assign_ops.append(assign_op)
        feed_dict[value] = array.reshape(var.get_shape().as_list())
    return group(*assign_ops), feed_dict


def assign_from_values_fn(var_names_to_values: Any) -> Any:
    """A function that gives variables these values in a session."""
    assign_op, feed_dict = assign_from_values(var_names_to_values)
    return lambda session: session.run(assign_op, feed_dict)


def _by_checkpoint_name(var_list: Any) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    if isinstance(var_list, (tuple, list)):
        for var in var_list:
            grouped.setdefault(get_variable_full_name(var), []).append(var)
        return grouped
    return {
        name: list(value) if isinstance(value, (tuple, list)) else [value]
        for name, value in var_list.items()
    }


def assign_from_checkpoint(
    model_path: str, var_list: Any, ignore_missing_vars: bool = False
) -> tuple[Any, dict[Any, Any]]:
    """An operation that gives variables a checkpoint's values, and what to feed to it.

    Args:
        model_path: of the checkpoint.
        var_list: variables, or a dictionary from names in the checkpoint.
        ignore_missing_vars: whether what the checkpoint lacks is only warned of.

    Raises:
        ValueError: the checkpoint lacks a variable, or has another shape for it.
    """
    from scopetutor.engine import checkpoint_reader  # noqa: PLC0415 - used here only

    reader = checkpoint_reader.NewCheckpointReader(model_path)
    feed_dict, assign_ops = {}, []
    for name, variables in _by_checkpoint_name(var_list).items():
        if not reader.has_tensor(name):
            missing = f"Checkpoint is missing variable [{name}]"
            if not ignore_missing_vars:
                raise ValueError(missing)
            tf_logging.warning(missing)
            continue
        array = reader.get_tensor(name)
        for var in variables:
            value, assign_op = _assign_placeholder(var)
            assign_ops.append(assign_op)
            feed_dict[value] = _part_for(var, name, array)
    return group(*assign_ops), feed_dict


def _part_for(var: Any, name: str, array: Any) -> Any:
    """What of a checkpoint's array belongs into a variable."""
    info = var._save_slice_info
    if not info:
        if var.get_shape() != array.shape:
            raise ValueError(
                f"Total size of new array must be unchanged for {name} lh_shape: "
                f"[{array.shape}], rh_shape: [{var.get_shape()}]"
            )
        return array
    part = tuple(
        slice(start, start + size)
        for start, size in zip(info.var_offset, info.var_shape, strict=True)
    )
    return array[part].reshape(info.var_shape)


def assign_from_checkpoint_fn(
    model_path: str,
    var_list: Any,
    ignore_missing_vars: bool = False,
    reshape_variables: bool = False,
) -> Any:
    """A function that gives variables a checkpoint's values in a session.

    Returns:
        The function; None if all variables are missing and that is ignored.

    Raises:
        ValueError: there are no variables.
    """
    from scopetutor.engine import checkpoint_reader  # noqa: PLC0415 - used here only
    from scopetutor.engine.training.saver import Saver  # noqa: PLC0415 - as above

    if not var_list:
        raise ValueError("var_list cannot be empty")
    if ignore_missing_vars:
        reader = checkpoint_reader.NewCheckpointReader(model_path)
        named = (
            var_list
            if isinstance(var_list, dict)
            else {var.op.name: var for var in var_list}
        )
        var_list = {}
        for name, var in named.items():
            if reader.has_tensor(name):
                var_list[name] = var
            else:
                tf_logging.warning(
                    "Variable %s missing in checkpoint %s", name, model_path
                )
    if not var_list:
        tf_logging.warning("No Variables to restore")
        return None
    saver = Saver(var_list, reshape=reshape_variables, write_version=1)
    return lambda session: saver.restore(session, model_path)


# -- the global step ---------------------------------------------------------------


def _moved(name: str) -> Any:
    """A function that moved to tf.train, under its old name."""
    function = getattr(steps, name)

    def old(graph: Any = None) -> Any:
        return function(graph)

    old.__name__ = old.__qualname__ = name
    old.__doc__ = function.__doc__
    instead = f"Please switch to tf.train.{name}"
    return deprecation.deprecated(name, _MODULE, instead)(old)


get_global_step = _moved("get_global_step")
create_global_step = _moved("create_global_step")
get_or_create_global_step = _moved("get_or_create_global_step")


@deprecation.deprecated(
    "assert_global_step", _MODULE, "Please switch to tf.train.assert_global_step"
)
def assert_global_step(global_step_tensor: Any) -> None:
    """TypeError unless it is a scalar of whole numbers."""
    steps.assert_global_step(global_step_tensor)


def assert_or_get_global_step(graph: Any = None, global_step_tensor: Any = None) -> Any:
    """The global step that was given, checked; or the graph's."""
    if global_step_tensor is None:
        return get_global_step(graph)
    assert_global_step(global_step_tensor)
    return global_step_tensor
