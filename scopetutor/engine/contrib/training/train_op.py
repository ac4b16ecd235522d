"""`create_train_op`: loss, gradients and updates as one tensor to run.

After optimizers and the global step; `slim.learning` and training loops run what it
gives. TF 1.15: operations in UPDATE_OPS run first, without the program's having to ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, tf_logging
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops import summaries
from scopetutor.engine.ops.array import check_numerics as checked
from scopetutor.engine.ops.clip import clip_by_norm, global_norm
from scopetutor.engine.ops.control_flow import no_op, with_dependencies
from scopetutor.engine.sparse import IndexedSlices
from scopetutor.engine.surroundings import control_dependencies, name_scope
from scopetutor.engine.training.global_step import get_or_create_global_step
from scopetutor.engine.training.optimizer import Optimizer
from scopetutor.engine.variable_lists import trainable_variables

if TYPE_CHECKING:
    from collections.abc import Callable

    Pairs = list[tuple[Any, Any]]

_OWN_STEP = 0  # the graph's global step, made if there is none


def _changed(grad: Any, change: Callable[[Any], Any]) -> Any:
    """A gradient with its values changed; None stays None."""
    if isinstance(grad, IndexedSlices):
        return IndexedSlices(change(grad.values), grad.indices, grad.dense_shape)
    return None if grad is None else change(grad)


def add_gradients_summaries(grads_and_vars: Any, joint: str = "_") -> list[Any]:
    """A histogram and a norm of each gradient.

    Args:
        grads_and_vars: pairs; variables without a gradient are passed over.
        joint: stands between the variable's name and "gradient".
    """
    made = []
    for grad, var in grads_and_vars:
        if grad is None:
            tf_logging.info("Var %s has no gradient", var.op.name)
            continue
        values = grad.values if isinstance(grad, IndexedSlices) else grad
        made.append(summaries.histogram(f"{var.op.name}{joint}gradient", values))
        norm = global_norm([values])
        made.append(summaries.scalar(f"{var.op.name}{joint}gradient_norm", norm))
    return made


def clip_gradient_norms(gradients_to_variables: Any, max_norm: Any) -> Pairs:
    """Pairs, with each gradient's norm at most `max_norm`."""
    return [
        (_changed(grad, lambda values: clip_by_norm(values, max_norm)), var)
        for grad, var in gradients_to_variables
    ]


def clip_gradient_norms_fn(max_norm: Any) -> Callable[[Any], Pairs]:
    """`clip_gradient_norms` as a function of the pairs alone."""
    return lambda pairs: clip_gradient_norms(pairs, max_norm)


def multiply_gradients(grads_and_vars: Any, gradient_multipliers: Any) -> Pairs:
    """Pairs, with some gradients multiplied.

    Args:
        grads_and_vars: a list of pairs.
        gradient_multipliers: by variable or by its operation's name.

    Raises:
        ValueError: not a list, no multipliers, or no gradient to multiply.
    """
    if not isinstance(grads_and_vars, list):
        raise ValueError("`grads_and_vars` must be a list.")
    if not gradient_multipliers:
        raise ValueError("`gradient_multipliers` is empty.")
    if not isinstance(gradient_multipliers, dict):
        raise ValueError("`gradient_multipliers` must be a dict.")
    pairs = []
    for grad, var in grads_and_vars:
        key = var if var in gradient_multipliers else var.op.name
        changed = grad
        if key in gradient_multipliers:
            if grad is None:
                raise ValueError("Requested multiple of `None` gradient.")
            changed = _changed(grad, _times(gradient_multipliers[key]))
        pairs.append((changed, var))
    return pairs


def _times(factor: Any) -> Callable[[Any], Any]:
    return lambda values: values * convert_to_tensor(factor, dtype=values.dtype)


def create_train_op(
    total_loss: Any,
    optimizer: Any,
    global_step: Any = _OWN_STEP,
    update_ops: Any = None,
    variables_to_train: Any = None,
    transform_grads_fn: Any = None,
    summarize_gradients: bool = False,
    gate_gradients: int = Optimizer.GATE_OP,
    aggregation_method: Any = None,
    colocate_gradients_with_ops: bool = False,
    check_numerics: bool = True,
) -> Any:
    """A tensor that trains when it is run, and gives the loss.

    Args:
        total_loss: a scalar.
        optimizer: computes and applies the gradients.
        global_step: is counted; None: none is.
        update_ops: run before; None: the collection UPDATE_OPS.
        variables_to_train: None: all trainable ones.
        transform_grads_fn: pairs -> pairs, between computing and applying.
        summarize_gradients: whether summaries are made of them.
        gate_gradients: how much waits for how much.
        aggregation_method: how gradients are summed.
        colocate_gradients_with_ops: whether they are placed with their operations.
        check_numerics: whether a loss that is not finite is an error.
    """
    if global_step is _OWN_STEP:
        global_step = get_or_create_global_step()
    total_loss = _after_updates(total_loss, update_ops)
    if variables_to_train is None:
        variables_to_train = trainable_variables()
    assert variables_to_train
    grads = optimizer.compute_gradients(
        total_loss,
        variables_to_train,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
    )
    if transform_grads_fn:
        grads = transform_grads_fn(grads)
    if summarize_gradients:
        with name_scope("summarize_grads"):
            add_gradients_summaries(grads)
    updates = optimizer.apply_gradients(grads, global_step=global_step)
    with name_scope("train_op"):
        if check_numerics:
            total_loss = checked(total_loss, "LossTensor is inf or nan")
        train_op = with_dependencies([updates], total_loss)
    collected = defaults.get_default_graph().get_collection_ref(GraphKeys.TRAIN_OP)
    collected.append(train_op)
    return train_op


def _after_updates(total_loss: Any, update_ops: Any) -> Any:
    """The loss, read after the updates ran."""
    collected = defaults.get_default_graph().get_collection(GraphKeys.UPDATE_OPS)
    wanted = collected if update_ops is None else list(update_ops)
    if not set(map(id, collected)) <= set(map(id, wanted)):
        tf_logging.warning(
            "update_ops in create_train_op does not contain all the update_ops in "
            "GraphKeys.UPDATE_OPS"
        )
    if not wanted:
        return total_loss
    with control_dependencies(wanted):
        barrier = no_op(name="update_barrier")
    return with_dependencies([barrier], total_loss)
