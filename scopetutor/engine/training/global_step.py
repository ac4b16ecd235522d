"""The global step: a variable that counts how often a model was trained.

After `get_variable`; `minimize` adds to it, and savers, hooks and summaries put it into
names and lines. TF 1.15 finds it in its collection, or else by the name "global_step".
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults, dtypes, tf_logging
from scopetutor.engine.initializers import Zeros
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops import state
from scopetutor.engine.scopes import get_variable
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.variables import Variable, VariableAggregation


def global_step(sess: Any, global_step_tensor: Any) -> int:
    """The value of the global step in a session."""
    if defaults.state.eager:
        return int(global_step_tensor.numpy())
    return int(sess.run(global_step_tensor))


def get_global_step(graph: Any = None) -> Any:
    """The global step of a graph, or None if it has none."""
    graph = graph or defaults.get_default_graph()
    found = graph.get_collection(GraphKeys.GLOBAL_STEP)
    if len(found) > 1:
        tf_logging.error("Multiple tensors in global_step collection.")
        return None
    if found:
        step = found[0]
    else:
        try:
            step = graph.get_tensor_by_name("global_step:0")
        except KeyError:
            return None
    assert_global_step(step)
    return step


def create_global_step(graph: Any = None) -> Any:
    """A new global step; ValueError if the graph has one."""
    graph = graph or defaults.get_default_graph()
    if get_global_step(graph) is not None:
        raise ValueError('"global_step" already exists.')
    if defaults.state.eager:
        return _make()
    with graph.as_default(), name_scope(None):
        return _make()


def _make() -> Any:
    return get_variable(
        GraphKeys.GLOBAL_STEP,
        shape=[],
        dtype=dtypes.int64,
        initializer=Zeros(),
        trainable=False,
        aggregation=VariableAggregation.ONLY_FIRST_REPLICA,
        collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
    )


def get_or_create_global_step(graph: Any = None) -> Any:
    """The global step of a graph, made if it has none."""
    graph = graph or defaults.get_default_graph()
    step = get_global_step(graph)
    return create_global_step(graph) if step is None else step


def assert_global_step(global_step_tensor: Any) -> None:
    """TypeError unless something can be a global step."""
    if not isinstance(global_step_tensor, (Variable, Tensor)):
        raise TypeError(
            'Existing "global_step" must be a Variable or Tensor: '
            f"{global_step_tensor}."
        )
    if not global_step_tensor.dtype.base_dtype.is_integer:
        raise TypeError(
            'Existing "global_step" does not have integer type: '
            f"{global_step_tensor.dtype}"
        )
    shape = global_step_tensor.get_shape()
    if shape.ndims != 0 and shape.is_fully_defined():
        raise TypeError(f'Existing "global_step" is not scalar: {shape}')


GLOBAL_STEP_READ_KEY = "global_step_read_op_cache"


def _get_global_step_read(graph: Any = None) -> Any:
    """The tensor of the step before it is increased, or None if none was made."""
    graph = graph or defaults.get_default_graph()
    found = graph.get_collection(GLOBAL_STEP_READ_KEY)
    if len(found) > 1:
        raise RuntimeError(
            f"There are multiple items in collection {GLOBAL_STEP_READ_KEY}. There "
            "should be only one."
        )
    return found[0] if found else None


def _get_or_create_global_step_read(graph: Any = None) -> Any:
    """The tensor of the step before it is increased; None without a step."""
    graph = graph or defaults.get_default_graph()
    found, step = _get_global_step_read(graph), get_global_step(graph)
    if found is not None or step is None:
        return found
    with (
        graph.as_default(),
        graph.name_scope(None),
        graph.name_scope(f"{step.op.name}/"),
    ):
        value = step.initialized_value() if isinstance(step, Variable) else step
        graph.add_to_collection(GLOBAL_STEP_READ_KEY, value + 0)
    return _get_global_step_read(graph)


def _increment_global_step(increment: Any, graph: Any = None) -> Any:
    """The step after it is increased, once it was read.

    Raises:
        ValueError: there is no step.
    """
    graph = graph or defaults.get_default_graph()
    step = get_global_step(graph)
    if step is None:
        raise ValueError(
            "Global step tensor should be created by "
            "tf.train.get_or_create_global_step before calling increment."
        )
    read = _get_or_create_global_step_read(graph)
    with (
        graph.as_default(),
        graph.name_scope(None),
        graph.name_scope(f"{step.op.name}/"),
        graph.control_dependencies([read]),
    ):
        return state.assign_add(step, increment)
