"""The user's own editor: which one it is, and what comes back from it."""

from __future__ import annotations

import shlex
import sys

import pytest

from scopetutor.errors import UsageError
from scopetutor.repl.editor import edited, prefer

DOUBLE = "import sys; f = open(sys.argv[1], 'r+'); t = f.read(); f.write(t)"


def test_a_text_goes_through_the_editor(monkeypatch):
    """What the editor leaves in the file comes back."""
    monkeypatch.setenv("VISUAL", shlex.join([sys.executable, "-c", DOUBLE]))

    assert edited("w = 1") == "w = 1\nw = 1"


@pytest.mark.parametrize("command", ["no-such-editor", "false", "'"])
def test_an_editor_that_fails(monkeypatch, command):
    """One sentence says which, and where another can be set."""
    monkeypatch.setenv("VISUAL", command)

    with pytest.raises(UsageError, match="did not work") as raised:
        edited("w = 1")
    assert raised.value.hint == ":config editor NAME"


def test_the_editor_of_the_settings():
    """It comes before the environment's; without one that is left alone."""
    environ = {"VISUAL": "vi"}
    prefer("", environ)
    assert environ == {"VISUAL": "vi"}
    prefer("nano", environ)
    assert environ == {"VISUAL": "nano"}
