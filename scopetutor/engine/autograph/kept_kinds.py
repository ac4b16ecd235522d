"""What a block of TensorFlow must leave as it is: structures, types and shapes.

After undefined; conditions and loops ask. The sentences are TF 1.15's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import nest
from scopetutor.engine.convert import convert_to_tensor, is_tensor

if TYPE_CHECKING:
    from collections.abc import Sequence


def check_branches(
    first: tuple[Any, ...], other: tuple[Any, ...], symbols: Sequence[str]
) -> None:
    """TypeError unless two branches give the same kinds of values.

    Args:
        first: what the branch for True gives.
        other: what the branch for False gives.
        symbols: whose values those are.
    """
    for one, two, symbol in zip(first, other, symbols, strict=False):
        _check_structure(symbol, one, two, "in the TRUE and FALSE branches")
        for pair in _tensors(one, two):
            if pair[0].dtype != pair[1].dtype:
                raise TypeError(
                    f'"{symbol}" has dtype {pair[0].dtype.name} in the TRUE branch, '
                    f"but dtype={pair[1].dtype.name} in the FALSE branch. TensorFlow "
                    "control flow requires that they are the same."
                )


def check_iteration(
    before: Sequence[Any],
    after: Sequence[Any],
    symbols: Sequence[Any],
    *,
    shapes: bool = True,
) -> None:
    """Raises unless an iteration leaves the kinds of a loop's variables.

    Args:
        before: their values before it.
        after: their values after it.
        symbols: what they are called.
        shapes: whether shapes count.

    Raises:
        TypeError: a structure or a type has changed.
        ValueError: a shape has changed.
    """
    assert len(before) == len(after) == len(symbols)
    for one, two, symbol in zip(before, after, symbols, strict=True):
        _check_structure(symbol, one, two, "after one iteration")
        for old, new in _tensors(one, two):
            _check_loop_variable(symbol, old, new, shapes=shapes)


def _check_structure(symbol: str, one: Any, two: Any, where: str) -> None:
    try:
        nest.assert_same_structure(one, two, expand_composites=True)
    except (ValueError, TypeError) as error:
        raise TypeError(
            f'"{symbol}" does not have the same nested structure {where}.\n\n{error}'
        ) from None


def _check_loop_variable(symbol: str, old: Any, new: Any, *, shapes: bool) -> None:
    if old.dtype != new.dtype:
        raise TypeError(
            f'"{symbol}" has dtype {old.dtype.name} before the loop, but dtype '
            f"{new.dtype.name} after one iteration. TensorFlow control flow requires "
            "it stays the same."
        )
    if shapes and not _holds(old.shape, new.shape):
        raise ValueError(
            f'"{symbol}" has shape {old.shape} before the loop, but shape {new.shape} '
            "after one iteration. TensorFlow control flow requires it stays the same "
            "or be more specific."
        )


def _tensors(one: Any, two: Any) -> list[tuple[Any, Any]]:
    """The pairs of tensors in two structures; Python's numbers count as tensors."""
    pairs = zip(nest.flatten(one), nest.flatten(two), strict=False)
    found = [(_as_tensor(old), _as_tensor(new)) for old, new in pairs]
    return [
        pair
        for pair in found
        if all(is_tensor(v) and hasattr(v, "dtype") for v in pair)
        and all(hasattr(v, "shape") for v in pair)
    ]


def _as_tensor(value: Any) -> Any:
    if isinstance(value, (bool, int, float, str)):
        return convert_to_tensor(value)
    return value


def _holds(shape: Any, other: Any) -> bool:
    """Whether a shape is one that the other is an instance of."""
    if shape.dims is None:
        return True
    if shape.ndims != other.ndims:
        return False
    return all(
        one.value is None or one.value == two.value
        for one, two in zip(shape.dims, other.dims, strict=True)
    )
