"""`:why` explains each of the forty confusions: the line, and the rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from scopetutor.evaluator import cards
from scopetutor.workspace.client import Options, Workspace

from .confusions import CONFUSIONS, Confusion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scopetutor.evaluator.outcome import Explanation


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One for all programs; each begins at the moment after the import."""
    folder: Path = tmp_path_factory.mktemp("folder")
    with Workspace(Options(folder=folder)) as made:
        made.run("import tensorflow as tf")
        yield made


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
def test_why(workspace: Workspace, confusion: Confusion):
    """The answer names the line that matters and the rule that was met."""
    first = workspace.go_to(1)
    assert first.moment == 1
    ran = None
    began = None
    for text in confusion.entries:
        ran = workspace.run(text)
        began = began or ran.entry
    assert ran is not None
    assert began is not None
    failed = ran.error is not None
    assert failed == (not confusion.asked), ran.error

    found = workspace.why(confusion.asked)
    assert found.card == confusion.card, found
    entry, line = confusion.line
    assert (began + entry - 1, line) in sites(found), found
    card = cards.card(found.card)
    assert card is not None
    if failed:
        assert ran.error is not None
        assert ran.error.card == confusion.card
        assert card.rule in [reason.says for reason in found.reasons]
        assert found.tries == card.tries
