"""Whether a graph trains: the placeholder that layers ask if nobody says.

After it, what is done in one phase and not in the other: `in_train_phase`, `switch`.

TF 1.15: `keras_learning_phase` is False unless it is fed; there is one in a graph.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.convert import is_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.array import placeholder_with_default
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.gathering import where
from scopetutor.engine.ops.joining import concat, tile
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.surroundings import init_scope, name_scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scopetutor.engine.graph import Graph

_phases: WeakKeyDictionary[Graph, Any] = WeakKeyDictionary()
_eager_phase: list[int] = [0]


def learning_phase() -> Any:
    """The placeholder of the default graph; in eager mode a number."""
    if defaults.state.eager:
        return _eager_phase[0]
    graph = defaults.get_default_graph()
    found = _phases.get(graph)
    if found is None:
        with init_scope(), name_scope(""):
            found = placeholder_with_default(
                False, shape=(), name="keras_learning_phase"
            )
        _phases[graph] = found
    return found


def set_learning_phase(value: int) -> None:
    """Makes the default graph train (1) or not (0) wherever nobody says.

    Raises:
        ValueError: the value is neither 0 nor 1.
    """
    if value not in (0, 1):
        raise ValueError("Expected learning phase to be 0 or 1.")
    if defaults.state.eager:
        _eager_phase[0] = value
    else:
        _phases[defaults.get_default_graph()] = value


def forget_phases() -> None:
    """No graph has a phase of its own any more."""
    _phases.clear()
    _eager_phase[0] = 0


@contextmanager
def learning_phase_scope(value: int) -> Iterator[None]:
    """In this block, the default graph trains (1) or does not (0).

    Raises:
        ValueError: the value is neither 0 nor 1.
    """
    eager, graph = list(_eager_phase), defaults.get_default_graph()
    before = _phases.get(graph)
    try:
        set_learning_phase(value)
        yield
    finally:
        _eager_phase[:] = eager
        if before is not None:
            _phases[graph] = before
        else:
            _phases.pop(graph, None)


def in_train_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """`x` while training, else `alt`; of functions, what they give.

    Args:
        x: a tensor, or a function without arguments.
        alt: the same.
        training: None: as the learning phase says.
    """
    if training is None:
        training = learning_phase()
    if is_tensor(training) or training not in (0, 1):
        return switch(training, x, alt)
    chosen = x if training else alt
    return chosen() if callable(chosen) else chosen


def in_test_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """`alt` while training, else `x`."""
    return in_train_phase(alt, x, training=training)


def switch(condition: Any, then_expression: Any, else_expression: Any) -> Any:
    """One of two tensors, or for a condition with axes, numbers of either.

    Args:
        condition: a tensor; of rank 0, only one of the expressions is run.
        then_expression: a tensor, or a function that makes it.
        else_expression: the same.

    Raises:
        ValueError: the condition has more axes than the tensors.
    """
    if condition.dtype != dtypes.bool_:
        condition = math.cast(condition, "bool")
    if not condition.shape.ndims:
        branches: list[Any] = [
            one if callable(one) else (lambda one=one: one)
            for one in (then_expression, else_expression)
        ]
        return cond(condition, branches[0], branches[1])
    chosen, other = [
        one() if callable(one) else one for one in (then_expression, else_expression)
    ]
    rank, expected = condition.shape.ndims, chosen.shape.ndims
    if rank > expected:
        raise ValueError(
            "Rank of `condition` should be less than or equal to rank of "
            "`then_expression` and `else_expression`. ndim(condition)="
            f"{rank}, ndim(then_expression)={expected}"
        )
    if rank > 1:
        condition = _as_large(condition, chosen)
    return where(condition, chosen, other)


def _as_large(condition: Any, tensor: Any) -> Any:
    """A condition in the shape of what it chooses."""
    missing = tensor.shape.ndims - condition.shape.ndims
    shape = concat([array.shape(condition), [1] * missing], axis=0)
    condition = reshape(condition, shape)
    wanted = array.shape(tensor)
    times = where(wanted - shape > 0, wanted, array.ones_like(wanted))
    return tile(condition, times)


def drawn_seed() -> int:
    """The seed of an operation that nobody gave one: NumPy draws it."""
    return int(np.random.randint(int(10e6)))
