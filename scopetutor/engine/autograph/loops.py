"""`while` and `for` of rewritten code: `tf.while_loop` where there are tensors.

After conditions; ``dataset_loops.py`` goes over datasets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scopetutor.engine import constants, tf_logging
from scopetutor.engine.convert import is_tensor
from scopetutor.engine.defaults import get_default_graph
from scopetutor.engine.function_graphs import FunctionGraph, graph_around
from scopetutor.engine.ops import elementwise
from scopetutor.engine.ops.branches import cond as tf_cond
from scopetutor.engine.ops.branches import while_loop

from .builtins import len_
from .conditions import is_dense
from .kept_kinds import check_iteration
from .undefined import has_no_return, symbols_in

if TYPE_CHECKING:
    from collections.abc import Callable

    Values = tuple[Any, ...]

_MANY = 3000
"""TF 1.15: after so many iterations of Python it warns of operations that they make."""


class State(NamedTuple):
    """What a loop changes of other values.

    Attributes:
        get: gives it.
        set: puts it back.
    """

    get: Callable[[], Values]
    set: Callable[[Values], None]


def check_defined(values: Values) -> None:
    """ValueError if something that goes into a loop has no value."""
    undefined = symbols_in(values)
    if undefined:
        raise ValueError(
            "TensorFlow requires that the following symbols must be defined before "
            f"the loop: {undefined}"
        )
    if has_no_return(values):
        raise ValueError(
            "return statements are not supported within a TensorFlow loop."
        )


# -- while -----------------------------------------------------------------------------


def while_stmt(
    test: Callable[..., Any],
    body: Callable[..., Values],
    get_state: Callable[[], Values],
    set_state: Callable[[Values], None],
    init_vars: Values,
    basic_symbol_names: Any = None,
    composite_symbol_names: Any = None,
) -> Values:
    """The variables of a loop after it.

    Args:
        test: whether it goes on, from the variables.
        body: the variables after an iteration.
        get_state: gives what the loop changes of other values.
        set_state: puts that back.
        init_vars: the variables before the loop.
        basic_symbol_names: what they are called.
        composite_symbol_names: the symbols of the state.
    """
    with FunctionGraph(graph_around(), "tmp").as_default():
        goes_on = test(*init_vars)
    if is_dense(goes_on):
        names = _names(basic_symbol_names, composite_symbol_names)
        return _tf_while(test, body, State(get_state, set_state), init_vars, names)
    if not goes_on:
        return init_vars
    return _python_while(test, body, body(*init_vars))


def _names(basic: Any, composite: Any) -> Values | None:
    return None if basic is None else tuple(basic) + tuple(composite)


def _tf_while(
    test: Callable[..., Any],
    body: Callable[..., Values],
    state: State,
    init_vars: Values,
    names: Values | None,
) -> Values:
    check_defined(init_vars)
    count = len(init_vars)

    def tested(*values: Any) -> Any:
        state.set(values[count:])
        return test(*values[:count])

    def iterated(*values: Any) -> Values:
        state.set(values[count:])
        after = tuple(body(*values[:count])) + tuple(state.get())
        if names is not None:
            check_iteration(values, after, names)
        return after

    start = tuple(init_vars) + tuple(state.get())
    final = while_loop(tested, iterated, start, return_same_structure=True)
    state.set(final[count:])
    return tuple(final[:count])


def _python_while(
    test: Callable[..., Any], body: Callable[..., Values], values: Values
) -> Values:
    watch = _Unrolling()
    while test(*values):
        watch.begin()
        values = body(*values)
        watch.end()
    return values


class _Unrolling:
    """Warns of a loop of Python that makes operations again and again."""

    def __init__(self) -> None:
        self._iterations = 0
        self._before = -1

    def begin(self) -> None:
        """An iteration begins."""
        if self._iterations == _MANY + 1:
            self._before = len(get_default_graph()._operations)

    def end(self) -> None:
        """An iteration ends."""
        self._iterations += 1
        if self._before < 0:
            return
        made = tuple(get_default_graph()._operations.values())[self._before :]
        self._before = -1
        if made:
            tf_logging.warn(
                "TensorFlow ops are being created in a Python loop with large number "
                "of iterations. This can lead to slow startup. Did you mean to use a "
                "TensorFlow loop? For example, `while True:` is a Python loop, and "
                "`while tf.constant(True):` is a TensorFlow loop. The following ops "
                "were created after iteration %s: %s",
                self._iterations,
                made,
            )


# -- for -------------------------------------------------------------------------------


def for_stmt(
    iter_: Any,
    extra_test: Callable[..., Any] | None,
    body: Callable[..., Values],
    get_state: Callable[[], Values],
    set_state: Callable[[Values], None],
    init_vars: Values,
    basic_symbol_names: Any = None,
    composite_symbol_names: Any = None,
) -> Values:
    """The variables of a loop over something after it.

    Args:
        iter_: a tensor, a dataset, or what Python goes over.
        extra_test: whether it goes on, from the variables; None: always.
        body: the variables after an iteration, from an item and them.
        get_state: gives what the loop changes of other values.
        set_state: puts that back.
        init_vars: the variables before the loop.
        basic_symbol_names: what they are called.
        composite_symbol_names: the symbols of the state.
    """
    state = State(get_state, set_state)
    names = _names(basic_symbol_names, composite_symbol_names)
    if is_tensor(iter_):
        check_defined(init_vars)
        is_range = hasattr(iter_, "graph") and iter_.op.type == "Range"
        over = _over_range if is_range else _over_rows
        found = over(iter_, extra_test, body, state, init_vars, names)
        return found[1:]
    if hasattr(iter_, "element_spec"):
        check_defined(init_vars)
        from .dataset_loops import over_dataset  # noqa: PLC0415 - datasets are large

        return over_dataset(iter_, extra_test, body, state, init_vars, names)
    return _python_for(iter_, extra_test, body, init_vars)


def _python_for(
    iter_: Any,
    extra_test: Callable[..., Any] | None,
    body: Callable[..., Values],
    values: Values,
) -> Values:
    for target in iter_:
        if extra_test is not None and not extra_test(*values):
            break
        values = body(target, *values)
    return values


def _over_rows(
    rows: Any,
    extra_test: Callable[..., Any] | None,
    body: Callable[..., Values],
    state: State,
    init_vars: Values,
    names: Values | None,
) -> Values:
    from scopetutor.engine.tensor_arrays import (  # noqa: PLC0415 - as in `for_stmt`
        TensorArray,
    )

    count = len_(rows)
    array = TensorArray(rows.dtype, size=count).unstack(rows)

    def iterated(place: Any, *values: Any) -> Values:
        row = array.read(place)
        after = tuple(body(row, *values))
        if names is not None:
            check_iteration(values, after, names)
        return (place + 1, *after)

    def tested(place: Any, *values: Any) -> Any:
        return _and_extra(lambda: place < count, extra_test, values)

    return _tf_while(tested, iterated, state, (0, *init_vars), None)


def _over_range(
    numbers: Any,
    extra_test: Callable[..., Any] | None,
    body: Callable[..., Values],
    state: State,
    init_vars: Values,
    names: Values | None,
) -> Values:
    start, limit, delta = numbers.op.inputs

    def iterated(place: Any, *values: Any) -> Values:
        after = tuple(body(place, *values))
        return (place + delta, *after)

    def tested(place: Any, *values: Any) -> Any:
        return _and_extra(lambda: _is_before(place, limit, delta), extra_test, values)

    all_names = None if names is None else (None, *names)
    return _tf_while(tested, iterated, state, (start, *init_vars), all_names)


def _is_before(place: Any, limit: Any, delta: Any) -> Any:
    known = constants.value_of(delta)
    if known is not None:
        return place < limit if np.asarray(known).item() >= 0 else place > limit
    return elementwise.logical_or(
        elementwise.logical_and(delta >= 0, place < limit),
        elementwise.logical_and(delta < 0, place > limit),
    )


def _and_extra(
    test: Callable[[], Any], extra_test: Callable[..., Any] | None, values: Values
) -> Any:
    found = test()
    if extra_test is None:
        return found
    return tf_cond(found, lambda: extra_test(*values), lambda: False)
