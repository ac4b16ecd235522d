"""`:why` explains each of the forty confusions: the line, and the rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from scopetutor.evaluator import cards

from .confusions import CONFUSIONS, Confusion

if TYPE_CHECKING:
    from scopetutor.evaluator.outcome import Explanation


def sites(found: Explanation) -> set[tuple[int, int]]:
    """The lines that an explanation names."""
    reasons = [*found.reasons, *(reason for _, reason in found.parts)]
    named = [reason.site for reason in reasons]
    if found.origin is not None:
        named.append(found.origin.site)
    return {(site.entry, site.line) for site in named if site is not None}


def test_all_forty_are_there():
    """Each of the forty has at least one program."""
    numbers = {int(re.sub(r"\D", "", one.number)) for one in CONFUSIONS}

    assert numbers == set(range(1, 41))


@pytest.mark.parametrize("confusion", CONFUSIONS, ids=lambda one: one.number)
def test_why(typed, confusion: Confusion):
    """The answer names the line that matters and the rule that was met."""
    typed("import tensorflow as tf")
    for text in confusion.entries:
        outcome = typed(text)
    failed = outcome.error is not None
    assert failed == (not confusion.asked), outcome.error

    found = typed.program.why(confusion.asked)
    assert found.card == confusion.card, found
    entry, line = confusion.line
    assert (entry + 1, line) in sites(found), found
    card = cards.card(found.card)
    assert card is not None
    if failed:
        assert outcome.error.card == confusion.card
        assert card.rule in [reason.says for reason in found.reasons]
        assert found.tries == card.tries
