"""When an idea comes back: at growing intervals as long as it is known.

Used by `review`. The intervals are those of FSRS, the open scheduler that flash-card
programs use; it models how fast one forgets from the answers so far. Its state is kept
as text in `progress.Card`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

Recall: TypeAlias = Literal["known", "with help", "missed"]
"""How an answer came: at the first try, after a hint, or wrong first."""

_RATINGS: dict[Recall, int] = {"missed": 1, "with help": 2, "known": 3}  # FSRS's own


def reviewed(state: str, recall: Recall, now: float) -> tuple[str, float]:
    """The state after a review, and when the idea is due again, in seconds since 1970.

    Args:
        state: after the review before; "" for an idea that was never reviewed.
        recall: how the answer came.
        now: seconds since 1970.
    """
    from fsrs import Rating  # noqa: PLC0415 - 25 ms that only reviews need

    moment = datetime.fromtimestamp(now, UTC)
    rating = Rating(_RATINGS[recall])
    card, _log = _scheduler().review_card(_card(state), rating, moment)
    return card.to_json(), card.due.timestamp()


@cache
def _scheduler() -> Scheduler:
    from fsrs import Scheduler  # noqa: PLC0415 - only reviews need it

    # No steps of minutes: nobody sits here for ten minutes to see one idea again. No
    # random days either: equal answers give equal intervals.
    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def _card(state: str) -> Card:
    from fsrs import Card  # noqa: PLC0415 - only reviews need it

    if state:
        try:
            return Card.from_json(state)
        except (ValueError, KeyError, TypeError):  # of another version: begin again
            pass
    return Card()
