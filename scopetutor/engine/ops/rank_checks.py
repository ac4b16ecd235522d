"""Assertions about ranks: `tf.assert_rank` and its kin.

After checks, which has the other assertions. A rank that is known is checked while the
graph is built, and nothing is left to run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.surroundings import name_scope

from . import array, math
from .checks import Assert, assert_type, rank_name
from .control_flow import no_op, with_dependencies
from .static import static_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Tensor


def _check_rank(
    x: Tensor,
    ranks: tuple[Any, ...],
    word: str,
    fits: Callable[[int, Any], bool],
    holds: Callable[[Any, tuple[Any, ...]], Any],
    data: Any,
    summarize: int | None,
    message: str,
) -> Any:
    for rank in ranks:
        assert_type(rank, dtypes.int32)
    known = tuple(static_value(rank) for rank in ranks)
    if all(rank is not None for rank in known):
        if any(rank.ndim for rank in known):
            raise ValueError("Rank must be a scalar.")
        if x.shape.ndims is not None:
            if not fits(x.shape.ndims, known):
                wanted = known if word == "in" else known[0]
                words = f"rank {word} {wanted}" if word else f"rank {wanted}"
                raise ValueError(
                    f"{message}.  Tensor {rank_name(x)} must have {words}.  Received "
                    f"rank {x.shape.ndims}, shape {x.shape}"
                )
            return no_op(name="static_checks_determined_all_ok")
    condition = holds(array.rank(x), ranks)
    for rank, value in zip(ranks, known, strict=True):
        if value is None:
            said = ["Rank must be a scalar. Received rank: ", rank]
            scalar = assert_rank(rank, 0, data=said)
            condition = with_dependencies([scalar], condition)
    return Assert(condition, data, summarize=summarize)


def assert_rank(
    x: Any,
    rank: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Any:
    """An operation that fails unless a tensor has a rank; ValueError if known."""
    with name_scope(name, "assert_rank", (x, rank, *(data or []))):
        x = convert_to_tensor(x, name="x")
        rank = convert_to_tensor(rank, name="rank")
        if data is None:
            data = [
                message or "",
                f"Tensor {rank_name(x)} must have rank",
                rank,
                "Received shape: ",
                array.shape(x),
            ]
        return _check_rank(
            x,
            (rank,),
            "",
            lambda has, wanted: has == wanted[0],
            lambda has, wanted: math.equal(has, wanted[0]),
            data,
            summarize,
            message or "",
        )


def assert_rank_at_least(
    x: Any,
    rank: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Any:
    """An operation that fails unless a tensor has at least a rank."""
    with name_scope(name, "assert_rank_at_least", (x, rank, *(data or []))):
        x = convert_to_tensor(x, name="x")
        rank = convert_to_tensor(rank, name="rank")
        if data is None:
            data = [
                message or "",
                f"Tensor {rank_name(x)} must have rank at least",
                rank,
                "Received shape: ",
                array.shape(x),
            ]
        return _check_rank(
            x,
            (rank,),
            "at least",
            lambda has, wanted: has >= wanted[0],
            lambda has, wanted: math.greater_equal(has, wanted[0]),
            data,
            summarize,
            message or "",
        )


def _is_one_of(rank: Any, ranks: tuple[Any, ...]) -> Any:
    if not ranks:
        return convert_to_tensor(False)
    result = math.equal(ranks[0], rank)
    for other in ranks[1:]:
        result = math.logical_or(result, math.equal(other, rank))
    return result


def assert_rank_in(
    x: Any,
    ranks: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Any:
    """An operation that fails unless a tensor has one of several ranks."""
    with name_scope(name, "assert_rank_in", (x, *ranks, *(data or []))):
        x = convert_to_tensor(x, name="x")
        ranks = tuple([convert_to_tensor(rank, name="rank") for rank in ranks])
        if data is None:
            data = [
                message or "",
                f"Tensor {rank_name(x)} must have rank in",
                *ranks,
                "Received shape: ",
                array.shape(x),
            ]
        return _check_rank(
            x,
            ranks,
            "in",
            lambda has, wanted: has in wanted,
            _is_one_of,
            data,
            summarize,
            message or "",
        )
