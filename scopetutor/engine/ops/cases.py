"""`tf.case`: the first of several functions whose condition holds.

After branches: a `tf.cond` in a `tf.cond`, and checks of how many conditions hold.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any

from scopetutor.engine import constants, defaults, dtypes, tf_logging
from scopetutor.engine.operation import Tensor
from scopetutor.engine.surroundings import control_dependencies, name_scope

from . import checks, joining, math
from .branches import cond

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def case(
    pred_fn_pairs: Any,
    default: Any = None,
    exclusive: bool = False,
    strict: bool = False,
    name: str = "case",
) -> Any:
    """The result of the first function whose condition holds.

    Args:
        pred_fn_pairs: pairs of a condition (a bool tensor) and a function; or a dict.
        default: what runs if none holds; None: then the run fails.
        exclusive: whether the run fails if several hold.
        strict: whether a list of one result stays a list.
        name: of the scope of its operations.

    Raises:
        TypeError: a condition is no tensor, or a function no function.
        ValueError: there are no pairs.
    """
    pairs = _checked_pairs(pred_fn_pairs, exclusive, name)
    return _chosen(partial(cond, strict=strict), pairs, default, exclusive, name)


def smart_case(
    pred_fn_pairs: Any,
    default: Any = None,
    exclusive: bool = False,
    name: str = "smart_case",
) -> Any:
    """As `tf.case`; conditions that are known, as Python's bools are, cost nothing.

    Args:
        pred_fn_pairs: as of `tf.case`; conditions may be bools, too.
        default: what is given if none holds.
        exclusive: whether the run fails if several hold.
        name: of the scope of its operations.
    """
    from scopetutor.engine.smart_cond import smart_cond  # noqa: PLC0415 - built on ops

    pairs = _checked_pairs(pred_fn_pairs, exclusive, name, bools=True)
    return _chosen(smart_cond, pairs, default, exclusive, name)


def _chosen(
    conditional: Callable[..., Any],
    pairs: Sequence[Any],
    default: Any,
    exclusive: bool,
    name: str,
) -> Any:
    """What the first function gives whose condition holds.

    Args:
        conditional: makes a condition, as `tf.cond` does.
        pairs: of a condition and a function.
        default: see `case`.
        exclusive: see `case`.
        name: see `case`.
    """
    predicates, actions = zip(*pairs, strict=True)
    with name_scope(name, "case", [predicates]):
        chosen = default
        if default is None:
            chosen = partial(_last, predicates, actions[-1])
            predicates, actions = predicates[:-1], actions[:-1]
        for pred, action in reversed(list(zip(predicates, actions, strict=True))):
            chosen = partial(conditional, pred, true_fn=action, false_fn=chosen)
        if not exclusive:
            return chosen()
        with control_dependencies(
            [_at_most(1, predicates, "Input error: exclusive=True")]
        ):
            return chosen()


def _checked_pairs(
    given: Any, exclusive: bool, name: str, *, bools: bool = False
) -> list[Any]:
    if not isinstance(given, (list, tuple, dict)):
        raise TypeError("fns must be a list, tuple, or dict")
    pairs = list(
        _sorted_pairs(given, exclusive, name) if isinstance(given, dict) else given
    )
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in pred_fn_pairs must be a 2-tuple")
        pred, function = pair
        if isinstance(pred, Tensor):
            if pred.dtype != dtypes.bool_:
                raise TypeError(f"pred must be Tensor of type bool: {pred.name}")
        elif not bools:
            raise TypeError(f"pred must be a Tensor, got: {pred}")
        elif not isinstance(pred, bool):
            raise TypeError(f"pred must be a Tensor or bool, got: {pred}")
        if not callable(function):
            raise TypeError(f"fn for pred {pred.name} must be callable.")
    return pairs


def _sorted_pairs(given: dict[Any, Any], exclusive: bool, name: str) -> Sequence[Any]:
    """The pairs of a dict; TF 1.15: of a plain one, by the conditions' names."""
    if isinstance(given, OrderedDict):
        return list(given.items())
    if defaults.state.eager:
        if not exclusive:
            raise ValueError(
                "Unordered dictionaries are not supported for the `pred_fn_pairs` "
                "argument when `exclusive=False` and eager mode is enabled."
            )
        return list(given.items())
    pairs = sorted(given.items(), key=lambda pair: str(pair[0].name))
    if not exclusive:
        tf_logging.warning(
            "%s: An unordered dictionary of predicate/fn pairs was provided, but "
            "exclusive=False. The order of conditional tests is deterministic but not "
            "guaranteed.",
            name,
        )
    return pairs


def _last(predicates: Sequence[Tensor], action: Callable[[], Any]) -> Any:
    """What runs where no condition before the last one holds: the last one must."""
    k = len(predicates) - 1
    nothing = "Input error: None of conditions evaluated as True:"
    data = [nothing, joining.stack(predicates, name="preds_c")]
    others = (
        f"Implementation error: selected default action #{k} was called, but some of "
        "other predicates are True: "
    )
    needed = [
        _at_most(0, predicates[:k], others),
        checks.Assert(predicates[k], data=data),
    ]
    with control_dependencies(needed):
        return action()


def _at_most(count: int, predicates: Sequence[Tensor], problem: str) -> Any:
    """An operation that fails if more conditions hold."""
    listed = joining.stack(predicates, name="preds_c")
    holding = math.reduce_sum(math.cast(listed, dtypes.int32), name="num_true_conds")
    few = math.less_equal(holding, constants.constant(count, name="n_true_conds"))
    names = ", ".join(getattr(pred, "name", "?") for pred in predicates)
    message = f"{problem}: more than {count} conditions ({names}) evaluated as True:"
    return checks.Assert(few, data=[message, listed], summarize=len(predicates))
