"""`for` over a dataset in rewritten code.

After loops. TF 1.15: the dataset is reduced; where the loop may end early, it is first
scanned and cut off where that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.constants import constant
from scopetutor.engine.data.experimental import scan, take_while
from scopetutor.engine.ops.branches import cond as tf_cond

from .kept_kinds import check_iteration

if TYPE_CHECKING:
    from collections.abc import Callable

    from .loops import State, Values


def over_dataset(
    dataset: Any,
    extra_test: Callable[..., Any] | None,
    body: Callable[..., Values],
    state: State,
    init_vars: Values,
    names: Values | None,
) -> Values:
    """The variables of a loop over a dataset after it; see `for_stmt`."""
    if extra_test is None:
        return _reduced(dataset, body, state, init_vars, names)
    assert init_vars, "Lowering should always add state."
    before = init_vars, state.get()

    def scan_body(given: Any, item: Any) -> Any:
        values, kept = given

        def go_on() -> Any:
            state.set(kept)
            after = body(item, *values)
            _check(values + kept, after + kept, names)
            return after, state.get()

        goes_on = extra_test(*values)
        after, kept_after = tf_cond(goes_on, go_on, lambda: (values, kept))
        return (after, kept_after), (after, kept_after, goes_on)

    # Their names are part of those of the functions, as in TF 1.15.
    def take_while_predicate(_values: Any, _kept: Any, goes_on: Any) -> Any:
        return goes_on

    def reduce_body(_before: Any, scanned: Any) -> Any:
        return scanned[:2]

    cut = dataset.apply(scan(before, scan_body))
    cut = cut.apply(take_while(take_while_predicate))
    values, kept = cut.reduce(before, reduce_body)
    state.set(kept)
    return tuple(values)


def _reduced(
    dataset: Any,
    body: Callable[..., Values],
    state: State,
    init_vars: Values,
    names: Values | None,
) -> Values:
    """A loop that goes over all of a dataset; a number stands for no variables."""
    has_vars, has_state = bool(init_vars), bool(state.get())
    start = init_vars if has_vars else (constant(0),)
    if not has_vars and names is not None:
        names = (None, *names)
    if not has_state:
        constant(0)  # TF 1.15 makes it, and does not use it

    def reduce_body(given: Any, item: Any) -> Any:
        values, kept = given
        if has_state:
            state.set(kept)
        after = body(item, *values) if has_vars else (body(item), values)[1]
        kept_after = state.get() if has_state else kept
        _check(values + kept, after + kept_after, names)
        return after, kept_after

    values, kept = dataset.reduce((start, state.get()), reduce_body)
    state.set(kept)
    return tuple(values) if has_vars else ()


def _check(before: Values, after: Values, names: Values | None) -> None:
    if names is not None:
        check_iteration(before, after, names, shapes=False)
