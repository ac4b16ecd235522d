"""`if` of rewritten code: `tf.cond` where a tensor decides, else Python's own.

After kept_kinds; rewritten code calls `if_stmt` as it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.convert import is_tensor
from scopetutor.engine.ops.branches import cond as tf_cond
from scopetutor.engine.sparse import SparseTensor

from .kept_kinds import check_branches
from .undefined import has_no_return, symbols_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def is_dense(value: Any) -> bool:
    """Whether a tensor decides."""
    return is_tensor(value) and not isinstance(value, SparseTensor)


def if_stmt(
    cond: Any,
    body: Callable[[], Any],
    orelse: Callable[[], Any],
    get_state: Callable[[], tuple[Any, ...]],
    set_state: Callable[[Any], None],
    basic_symbol_names: Sequence[str] | None = None,
    composite_symbol_names: Sequence[str] | None = None,
) -> Any:
    """What one of two branches gives.

    Args:
        cond: decides.
        body: the branch for True.
        orelse: the branch for False.
        get_state: gives what the branches change of other values.
        set_state: puts that back.
        basic_symbol_names: the symbols of what the branches give; None: not checked.
        composite_symbol_names: the symbols of the state.

    Raises:
        ValueError: a branch does not define a symbol, or returns nothing.
        TypeError: the branches give other kinds of values.
    """
    if not is_dense(cond):
        return body() if cond else orelse()
    symbols = None
    if basic_symbol_names is not None:
        symbols = [*basic_symbol_names, *(composite_symbol_names or ())]
    # TF 1.15: what both gave is compared when the second is built.
    given: dict[str, Any] = {}

    def branch(function: Callable[[], Any], word: str) -> Callable[[], Any]:
        def build() -> Any:
            before = get_state()
            values = _checked(function(), word)
            after = get_state()
            set_state(before)
            given[word] = values, after
            if len(given) > 1 and symbols is not None:
                check_branches(_flat(given["if"]), _flat(given["else"]), symbols)
            return values, after

        return build

    values, state = tf_cond(cond, branch(body, "if"), branch(orelse, "else"))
    set_state(state)
    return values


def _checked(given: Any, word: str) -> Any:
    """What a branch gives.

    Raises:
        ValueError: it does not give all.
    """
    values = given if isinstance(given, tuple) else (given,)
    undefined = symbols_in(values)
    if undefined:
        raise ValueError(
            f"The following symbols must also be initialized in the {word} branch: "
            f"{undefined}. Alternatively, you may initialize them before the if "
            "statement."
        )
    if has_no_return(values):
        raise ValueError(
            f"A value must also be returned from the {word} branch. If a value is "
            "returned from one branch of a conditional a value must be returned from "
            "all branches."
        )
    return given


def _flat(given: tuple[Any, tuple[Any, ...]]) -> tuple[Any, ...]:
    values, state = given
    return (values if isinstance(values, tuple) else (values,)) + state
