"""`tf.distributions.kl_divergence`: formulas by the classes of two distributions.

Before the distributions, each of which says its own formula; others may be registered
with `RegisterKL`. TF 1.15: the nearest pair of parent classes wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.checks import Assert
from scopetutor.engine.surroundings import control_dependencies, name_scope

from .moved import moved

if TYPE_CHECKING:
    from collections.abc import Callable

    Formula = Callable[..., Any]

_formulas: dict[tuple[type, type], Formula] = {}


def _formula_for(kind_a: type, kind_b: type) -> Formula | None:
    """The formula of the nearest pair of parent classes."""
    near = [
        (i + j, formula)
        for i, parent_a in enumerate(kind_a.__mro__)
        for j, parent_b in enumerate(kind_b.__mro__)
        if (formula := _formulas.get((parent_a, parent_b)))
    ]
    return min(near, key=lambda found: found[0])[1] if near else None


@moved("kl_divergence", "kullback_leibler")
def kl_divergence(
    distribution_a: Any,
    distribution_b: Any,
    allow_nan_stats: bool = True,
    name: str | None = None,
) -> Any:
    """The Kullback-Leibler divergence of a distribution from another, in nats.

    Args:
        distribution_a: the first.
        distribution_b: the second.
        allow_nan_stats: whether NaN is allowed; False: it is an error when run.
        name: of the operations.

    Raises:
        NotImplementedError: no formula is known for the two classes.
    """
    kind_a, kind_b = type(distribution_a), type(distribution_b)
    formula = _formula_for(kind_a, kind_b)
    if formula is None:
        raise NotImplementedError(
            "No KL(distribution_a || distribution_b) registered for distribution_a "
            f"type {kind_a.__name__} and distribution_b type {kind_b.__name__}"
        )
    with name_scope("KullbackLeibler"):
        value = formula(distribution_a, distribution_b, name=name)
        if allow_nan_stats:
            return value
        value = array.identity(value, name="kl")
        fine = math.logical_not(math.reduce_any(math.is_nan(value)))
        message = (
            f"KL calculation between {distribution_a.name} and {distribution_b.name} "
            "returned NaN values (and was called with allow_nan_stats=False). Values:"
        )
        with control_dependencies([Assert(fine, [message, value])]):
            return array.identity(value, name="checked_kl")


@moved("cross_entropy", "kullback_leibler")
def cross_entropy(
    ref: Any, other: Any, allow_nan_stats: bool = True, name: str | None = None
) -> Any:
    """The entropy of a distribution, plus its divergence from another."""
    with name_scope(name, "cross_entropy"):
        return ref.entropy() + kl_divergence(
            ref, other, allow_nan_stats=allow_nan_stats
        )


class RegisterKL:
    """Decorator: a function is the formula for two classes."""

    @moved("RegisterKL.__init__", "kullback_leibler")
    def __init__(self, dist_cls_a: type, dist_cls_b: type) -> None:
        self._key = (dist_cls_a, dist_cls_b)

    def __call__(self, kl_fn: Formula) -> Formula:
        """Enters the formula.

        Raises:
            TypeError: it is no function.
            ValueError: there is one already.
        """
        if not callable(kl_fn):
            raise TypeError(f"kl_fn must be callable, received: {kl_fn}")
        if self._key in _formulas:
            first, second = self._key
            raise ValueError(
                f"KL({first.__name__} || {second.__name__}) has already been "
                f"registered to: {_formulas[self._key]}"
            )
        _formulas[self._key] = kl_fn
        return kl_fn


def formula(kind: type) -> Callable[[Formula], Formula]:
    """Decorator: a function is the formula for two distributions of a class."""

    def enter(function: Formula) -> Formula:
        _formulas[kind, kind] = function
        return function

    return enter
