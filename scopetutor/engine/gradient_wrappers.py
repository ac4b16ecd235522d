"""`tf.grad_pass_through` and `tf.recompute_grad`: other gradients for functions.

After custom_gradient and gradient_tape.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from .custom_gradient import custom_gradient
from .gradient_tape import GradientTape
from .surroundings import control_dependencies

if TYPE_CHECKING:
    from collections.abc import Callable


def grad_pass_through(f: Callable[..., Any]) -> Callable[..., Any]:
    """The same function; gradients pass it as if it did nothing."""

    @custom_gradient
    def _grad_pass_through_op(*args: Any, **kwargs: Any) -> Any:
        def grad(*args: Any, **kwargs: Any) -> Any:
            variables = kwargs.get("variables")
            if variables is not None:
                return args, [None] * len(variables)
            return args

        return f(*args, **kwargs), grad

    return functools.wraps(f)(_grad_pass_through_op)


def recompute_grad(f: Callable[..., Any]) -> Callable[..., Any]:
    """The same function; what it computes is computed once more for its gradient."""

    @custom_gradient
    def inner(*args: Any, **kwargs: Any) -> Any:
        def grad(dresult: Any, variables: Any = None) -> Any:
            used = [] if variables is None else list(variables)
            with GradientTape() as tape:
                tape.watch(args)
                if variables is not None:
                    tape.watch(variables)
                with control_dependencies([dresult]):
                    result = f(*args, **kwargs)
            grads = tape.gradient(result, [*args, *used], output_gradients=[dresult])
            return grads[: len(args)], grads[len(args) :]

        return f(*args, **kwargs), grad

    return inner
