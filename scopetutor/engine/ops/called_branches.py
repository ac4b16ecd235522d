"""Operations whose branches are functions: If and Case.

``branch_functions.py`` makes them. What their gradients need of the branch that ran
leaves it as an *optional value*, which the other branches do not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.operation import Operation
from scopetutor.engine.registry import define

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.shapes import Dims
    from scopetutor.engine.state import State


def _promised(op: Operation) -> Sequence[Dims]:
    """TF 1.15: the shapes are an attribute; without any, nothing is known."""
    shapes: list[Dims] = op._attrs["output_shapes"]
    return shapes or [None] * len(op._outputs)


def _caller(
    attributes: Sequence[str], choose: Callable[[Any, int], int]
) -> Callable[[Operation, State], Callable[..., Any]]:
    """Calls one of the functions that an operation names.

    Args:
        attributes: that name them.
        choose: (value of the first input, number of functions) -> which one.
    """

    def bind(op: Operation, state: State) -> Callable[..., Any]:
        from scopetutor.engine.branch_functions import (  # noqa: PLC0415 - built on ops
            functions_of,
        )

        outputs = len(op._outputs)
        # A gradient made later lets the operation give more.
        calls = state.resources.setdefault(
            (op._name, "branches", outputs),
            [function.caller() for function in functions_of(op, attributes)],
        )

        def kernel(chooser: Any, *inputs: Any) -> Any:
            results = calls[choose(chooser, len(calls))](inputs)
            return results[0] if outputs == 1 else tuple(results)

        return kernel

    return bind


def _numbered(index: Any, count: int) -> int:
    """TF 1.15: the last branch is chosen where there is none of a number."""
    return int(index) if 0 <= index < count else count - 1


for _type in ("If", "StatelessIf"):
    define(
        _type,
        shape=_promised,
        bind=_caller(
            ("then_branch", "else_branch"), lambda pred, _count: 0 if pred else 1
        ),
        gradient="called_branches.branches_gradient",
    )
define(
    "Case",
    shape=_promised,
    bind=_caller(("branches",), _numbered),
    gradient="called_branches.branches_gradient",
)


def branches_gradient(op: Operation, *grads: Any) -> list[Any]:
    """The gradients of what the branches take."""
    from scopetutor.engine import branch_functions  # noqa: PLC0415 - built on ops

    return branch_functions.gradients_of(op, grads)


# -- optional values -------------------------------------------------------------------


class Optional(NamedTuple):
    """Values that are there."""

    values: tuple[Any, ...]

    def zeros_like(self) -> Optional:
        """Zeros of the same kinds."""
        return Optional(tuple(np.zeros_like(value) for value in self.values))


def _value_of(optional: Optional) -> Any:
    return optional.values[0] if len(optional.values) == 1 else optional.values


def _value_gradient(op: Operation, *grads: Any) -> Any:
    del op
    return apply("OptionalFromValue", list(grads))


def _optional_gradient(op: Operation, grad: Any) -> Any:
    return apply(
        "OptionalGetValue",
        grad,
        output_types=[tensor.dtype for tensor in op._inputs],
        output_shapes=[tensor.shape for tensor in op._inputs],
    )


define(
    "OptionalFromValue",
    shape=lambda _op: [()],
    kernel=lambda *values: Optional(values),
    gradient=_optional_gradient,
)
define("OptionalNone", shape=lambda _op: [()], kernel=lambda: None)
define(
    "OptionalGetValue",
    shape=_promised,
    kernel=_value_of,
    gradient=_value_gradient,
)
