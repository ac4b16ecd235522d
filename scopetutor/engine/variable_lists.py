"""Lists of variables: which there are, and how all of them are initialized.

After variables; a graph's collections are where they are found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import constants, defaults, deprecation, dtypes
from .apply import apply
from .convert import convert_to_tensor
from .keys import GraphKeys
from .naming import name_functions
from .ops import control_flow, joining, math, slicing, state
from .should_use import should_use_result
from .surroundings import colocate_with, device, name_scope

if TYPE_CHECKING:
    from collections.abc import Callable


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
    own = lambda *args, **kwargs: function(*args, **kwargs)  # noqa: PLW0108, E731
    return decorate(should_use_result(own))


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


@should_use_result
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


@should_use_result
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


@should_use_result
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


name_functions(globals())
