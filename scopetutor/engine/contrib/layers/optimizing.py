"""`optimize_loss`: an optimizer by its name, gradients changed and noted, one tensor.

After the optimizers. Its variables are under "OptimizeLoss" or the name it is given.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import Constant
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops import math, random, summaries
from scopetutor.engine.ops.checks import assert_scalar
from scopetutor.engine.ops.clip import clip_by_global_norm, global_norm
from scopetutor.engine.ops.control_flow import with_dependencies
from scopetutor.engine.scopes import get_variable
from scopetutor.engine.sparse import IndexedSlices
from scopetutor.engine.training.adagrad import AdagradOptimizer
from scopetutor.engine.training.adam import AdamOptimizer
from scopetutor.engine.training.ftrl import FtrlOptimizer
from scopetutor.engine.training.global_step import assert_global_step, get_global_step
from scopetutor.engine.training.gradient_descent import GradientDescentOptimizer
from scopetutor.engine.training.momentum import MomentumOptimizer
from scopetutor.engine.training.optimizer import Optimizer
from scopetutor.engine.training.rmsprop import RMSPropOptimizer
from scopetutor.engine.variable_lists import trainable_variables

OPTIMIZER_CLS_NAMES: dict[str, Any] = {
    "Adagrad": AdagradOptimizer,
    "Adam": AdamOptimizer,
    "Ftrl": FtrlOptimizer,
    "Momentum": lambda learning_rate: MomentumOptimizer(learning_rate, momentum=0.9),
    "RMSProp": RMSPropOptimizer,
    "SGD": GradientDescentOptimizer,
}
OPTIMIZER_SUMMARIES = [
    "learning_rate", "loss", "gradients", "gradient_norm", "global_gradient_norm",
]  # fmt: skip
_NORMS = {"global_gradient_norm", "gradient_norm"}


def optimize_loss(
    loss: Any,
    global_step: Any,
    learning_rate: Any,
    optimizer: Any,
    gradient_noise_scale: Any = None,
    gradient_multipliers: Any = None,
    clip_gradients: Any = None,
    learning_rate_decay_fn: Any = None,
    update_ops: Any = None,
    variables: Any = None,
    name: str | None = None,
    summaries: Any = None,
    colocate_gradients_with_ops: bool = False,
    increment_global_step: bool = True,
) -> Any:
    """The loss; running it trains, too.

    Args:
        loss: a scalar.
        global_step: counts the runs; None: the graph's, if there is one.
        learning_rate: a float, which becomes a variable, or a scalar; None: the
            optimizer has its own.
        optimizer: a name of OPTIMIZER_CLS_NAMES, a class, an optimizer, or a function
            that makes one of the learning rate.
        gradient_noise_scale: of noise that is added to gradients.
        gradient_multipliers: by variable or by its name.
        clip_gradients: the largest global norm, or a function of pairs.
        learning_rate_decay_fn: of the learning rate and the global step.
        update_ops: run before; None: the collection UPDATE_OPS.
        variables: to be trained; None: all that are trainable.
        name: of the scope.
        summaries: of OPTIMIZER_SUMMARIES; None: loss, learning rate and global norm.
        colocate_gradients_with_ops: whether gradients are put beside operations.
        increment_global_step: whether a run counts.

    Raises:
        ValueError: something is not of these.
    """
    loss = convert_to_tensor(loss)
    assert_scalar(loss)
    if global_step is None:
        global_step = get_global_step()
    else:
        assert_global_step(global_step)
    with variable_scope(name, "OptimizeLoss", [loss, global_step]):
        if update_ops is None:
            graph = defaults.get_default_graph()
            update_ops = set(graph.get_collection(GraphKeys.UPDATE_OPS))
        if update_ops:
            loss = with_dependencies(list(update_ops), loss)
        rate = _rate(learning_rate)
        wanted = _wanted(summaries)
        if learning_rate is not None and learning_rate_decay_fn is not None:
            rate = _decayed(rate, learning_rate_decay_fn, global_step, wanted)
        chosen = _optimizer(optimizer, rate, learning_rate is not None)
        pairs = chosen.compute_gradients(
            loss,
            trainable_variables() if variables is None else variables,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        pairs = _noisy(pairs, gradient_noise_scale)
        pairs = _multiplied(pairs, gradient_multipliers)
        pairs = _clipped_and_noted(pairs, clip_gradients, loss, wanted)
        updates = chosen.apply_gradients(
            pairs,
            global_step=global_step if increment_global_step else None,
            name="train",
        )
        return with_dependencies([updates], loss)


def _rate(learning_rate: Any) -> Any:
    """The learning rate as a tensor or variable, or None."""
    if learning_rate is None:
        return None
    if isinstance(learning_rate, Tensor) and learning_rate.get_shape().ndims == 0:
        return learning_rate
    if not isinstance(learning_rate, float):
        raise ValueError(
            "Learning rate should be 0d Tensor or float. Got "
            f"{learning_rate} of type {type(learning_rate)}"
        )
    if learning_rate < 0.0:
        raise ValueError("Invalid learning_rate %s.", learning_rate)
    return get_variable(
        "learning_rate", [], trainable=False, initializer=Constant(learning_rate)
    )


def _wanted(names: Any) -> Any:
    """Which summaries are made."""
    if names is None:
        return ["loss", "learning_rate", "global_gradient_norm"]
    for name in names:
        if name not in OPTIMIZER_SUMMARIES:
            raise ValueError(
                f"Summaries should be one of [{', '.join(OPTIMIZER_SUMMARIES)}], you "
                f"provided {name}."
            )
    return names


def _decayed(rate: Any, decay: Any, global_step: Any, wanted: Any) -> Any:
    if global_step is None:
        raise ValueError("global_step is required for learning_rate_decay_fn.")
    rate = decay(rate, global_step)
    if "learning_rate" in wanted:
        summaries.scalar("learning_rate", rate)
    return rate


def _optimizer(wanted: Any, rate: Any, has_rate: bool) -> Any:
    """An optimizer from any of the ways to say which."""
    is_class = isinstance(wanted, type) and issubclass(wanted, Optimizer)
    if rate is None and (isinstance(wanted, str) or is_class):
        kind = "string" if isinstance(wanted, str) else "class"
        raise ValueError(
            "Learning rate is None, but should be specified if optimizer is "
            f"{kind} ({wanted})."
        )
    if isinstance(wanted, str):
        if wanted not in OPTIMIZER_CLS_NAMES:
            raise ValueError(
                f"Optimizer name should be one of [{', '.join(OPTIMIZER_CLS_NAMES)}], "
                f"you provided {wanted}."
            )
        return OPTIMIZER_CLS_NAMES[wanted](learning_rate=rate)
    if is_class:
        return wanted(learning_rate=rate)
    if isinstance(wanted, Optimizer):
        return wanted
    if not callable(wanted):
        raise ValueError(
            "Unrecognized optimizer: should be string, subclass of Optimizer, instance "
            "of subclass of Optimizer or function with one argument. Got "
            f"{wanted}."
        )
    made = wanted(rate) if has_rate else wanted()
    if not isinstance(made, Optimizer):
        raise ValueError(
            "Unrecognized optimizer: function should return subclass of Optimizer. Got "
            f"{made}."
        )
    return made


def _noisy(pairs: Any, scale: Any) -> Any:
    """Pairs with noise added to the gradients."""
    if scale is None:
        return pairs
    noisy = []
    for grad, var in pairs:
        changed = grad
        if grad is not None:
            sparse = isinstance(grad, IndexedSlices)
            shape = grad.dense_shape if sparse else grad.get_shape()
            changed = grad + random.truncated_normal(shape) * scale
        noisy.append((changed, var))
    return noisy


def _multiplied(pairs: Any, multipliers: Any) -> Any:
    """Pairs with some gradients multiplied."""
    if multipliers is None:
        return pairs
    found = []
    for grad, var in pairs:
        key = var if var in multipliers else var.name
        changed = grad
        if grad is not None and key in multipliers:
            factor = multipliers[key]
            if isinstance(grad, IndexedSlices):
                values = grad.values * factor
                changed = IndexedSlices(values, grad.indices, grad.dense_shape)
            else:
                changed = grad * math.cast(factor, grad.dtype)
        found.append((changed, var))
    if not found:
        raise ValueError(
            "Empty list of (gradient, var) pairs encountered. This is most likely to "
            "be caused by an improper value of gradient_multipliers."
        )
    return found


def _clipped_and_noted(pairs: Any, clip: Any, loss: Any, wanted: Any) -> Any:
    """Pairs with clipped gradients; their norms before and after go to summaries."""
    norms = not _NORMS.isdisjoint(wanted)
    if norms:
        _note_norm("gradient_norm", pairs)
    if isinstance(clip, float):
        gradients, variables = zip(*pairs, strict=True)
        clipped, _ = clip_by_global_norm(gradients, clip)
        pairs = list(zip(clipped, variables, strict=True))
    elif callable(clip):
        pairs = clip(pairs)
    elif clip is not None:
        raise ValueError(f"Unknown type {type(clip)} for clip_gradients")
    if "loss" in wanted:
        summaries.scalar("loss", loss)
    for grad, var in pairs:
        values = grad.values if isinstance(grad, IndexedSlices) else grad
        if values is None:
            continue
        name = var.name.replace(":", "_")
        if "gradients" in wanted:
            summaries.histogram(f"gradients/{name}", values)
        if "gradient_norm" in wanted:
            summaries.scalar(f"gradient_norm/{name}", global_norm([values]))
    if clip is not None and norms:
        _note_norm("clipped_gradient_norm", pairs)
    return pairs


def _note_norm(name: str, pairs: Any) -> None:
    summaries.scalar(f"global_norm/{name}", global_norm([grad for grad, _ in pairs]))
