"""`--json` prints the fields that `scopetutor help json` names, and no others."""

from __future__ import annotations

import json
import re

import pytest

from scopetutor.cli.help import FOLDER
from scopetutor.workspace import journals
from scopetutor.workspace.client import Options, Workspace

TOPIC = (FOLDER / "json.md").read_text(encoding="utf-8")


def documented(beginning: str) -> list[str]:
    """The fields in the list below the paragraph with this beginning."""
    below = TOPIC.split(f"\n\n{beginning}", 1)[1].split("\n\n")[1]
    return re.findall(r"`(\w+)`: ", below)


def keep_a_session() -> None:
    """Leaves a session that can be resumed."""
    with Workspace(Options(journal=journals.new_path())) as workspace:
        workspace.run("x = 1")
        workspace.run("x + 1")


@pytest.mark.parametrize(
    ("beginning", "argv"),
    [
        ("`scopetutor repl --list --json`", ["repl", "--list", "--json"]),
        ("`scopetutor explain --json` without", ["explain", "--json"]),
        ("`scopetutor doctor --json`", ["doctor", "--json"]),
        ("`scopetutor course list --json`", ["course", "list", "--json"]),
    ],
)
def test_lists(say, beginning, argv):
    """Every row has them, in this order."""
    keep_a_session()
    rows = json.loads(say(*argv).out)

    assert rows
    assert {tuple(row) for row in rows} == {tuple(documented(beginning))}


def test_lines_as_they_run(say, tmp_path):
    """`trace --json` tells of each line where it is, what is open, what it does."""
    file = tmp_path / "model.py"
    file.write_text("import tensorflow as tf\nw = tf.Variable(1)\n1 / 0\n")
    said = say("trace", str(file), "--json")
    rows = json.loads(said.out)

    assert said.code == 1
    assert [row["line"] for row in rows] == [1, 2, 3]
    assert {tuple(row) for row in rows} == {("file", "line", "text", "open", "says")}
    assert rows[1]["text"] == "w = tf.Variable(1)"
    assert rows[1]["open"] == [{"scope": "", "reuse": "no"}]
    assert any("ZeroDivisionError" in one for one in rows[2]["says"])


@pytest.mark.parametrize("text", ["already-exists", "what is this", "No variables to"])
def test_explanation(say, text):
    """They are there whether a card fits or not."""
    said = say("explain", "--json", text)
    found = json.loads(said.out)

    assert list(found) == documented("`scopetutor explain --json` with a")
    assert said.code == (0 if found["card"] else 1)
    assert all(isinstance(one, str) for one in found["reasons"] + found["tries"])
    assert found["reasons"]
    assert found["tries"]


def test_sessions(say):
    """A session is listed with what it takes to find and to resume it."""
    keep_a_session()
    [one] = json.loads(say("repl", "--list", "--json").out)

    assert (one["entries"], one["last"]) == (2, "x + 1")
    assert one["path"].endswith(f"{one['name']}.journal")
    resumed = say("repl", "--resume", one["name"], "-c", "x + 41")
    assert resumed.out.splitlines()[-1] == "42"
