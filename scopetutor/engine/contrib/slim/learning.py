"""`slim.learning`: training operations; gradients multiplied and clipped by name.

After ``contrib/training/train_op.py``, which does the work; before ``training.py``, the
loop. slim clips by numbers and names, `tf.contrib.training` takes a function.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.contrib.training import train_op
from scopetutor.engine.contrib.training.train_op import (
    clip_gradient_norms,
    multiply_gradients,
)
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.training.optimizer import Optimizer

_OWN_STEP = train_op._OWN_STEP


def add_gradients_summaries(grads_and_vars: Any) -> list[Any]:
    """A histogram and a norm of each gradient, below the variable's name."""
    return train_op.add_gradients_summaries(grads_and_vars, joint="/")


def create_train_op(
    total_loss: Any,
    optimizer: Any,
    global_step: Any = _OWN_STEP,
    update_ops: Any = None,
    variables_to_train: Any = None,
    clip_gradient_norm: Any = 0,
    summarize_gradients: bool = False,
    gate_gradients: int = Optimizer.GATE_OP,
    aggregation_method: Any = None,
    colocate_gradients_with_ops: bool = False,
    gradient_multipliers: Any = None,
    check_numerics: bool = True,
) -> Any:
    """A tensor that trains when it is run, and gives the loss.

    Args:
        total_loss: a scalar.
        optimizer: computes and applies the gradients.
        global_step: is counted; None: none is.
        update_ops: run before; None: the collection UPDATE_OPS.
        variables_to_train: None: all trainable ones.
        clip_gradient_norm: the greatest norm of a gradient; 0: any.
        summarize_gradients: whether summaries are made of them.
        gate_gradients: how much waits for how much.
        aggregation_method: how gradients are summed.
        colocate_gradients_with_ops: whether they are placed with their operations.
        gradient_multipliers: by variable or by its operation's name.
        check_numerics: whether a loss that is not finite is an error.
    """

    def transform(grads: Any) -> Any:
        if gradient_multipliers:
            with name_scope("multiply_grads"):
                grads = multiply_gradients(grads, gradient_multipliers)
        if clip_gradient_norm > 0:
            with name_scope("clip_grads"):
                grads = clip_gradient_norms(grads, clip_gradient_norm)
        return grads

    return train_op.create_train_op(
        total_loss=total_loss,
        optimizer=optimizer,
        global_step=global_step,
        update_ops=update_ops,
        variables_to_train=variables_to_train,
        transform_grads_fn=transform,
        summarize_gradients=summarize_gradients,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
        check_numerics=check_numerics,
    )
