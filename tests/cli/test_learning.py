"""`progress`, `notes`, `review`, `drill`: a learner's commands around the lessons."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

TINY = str(Path(__file__).parents[1] / "course" / "tiny")
ANSWERS = "next\nw:0\na/w:0\n\n1 / 0\nquit\n"


@pytest.fixture
def learned(say):
    """A learner who has passed one prediction after a wrong try."""
    said = say("learn", "--course", TINY, "--plain", typed=ANSWERS)
    assert said.code == 0, said
    return say


def test_nothing_done_yet(say):
    """Every command says what to do first."""
    assert "scopetutor learn" in say("notes").out
    assert "Nothing to review" in say("review").out
    assert "Nothing to review" in say("review", "--list").out
    assert say("progress").code == 0


def test_progress(learned):
    """The map with marks, and the same as JSON."""
    said = learned("progress", "--course", TINY)
    assert "2/7" in said.out
    told = json.loads(learned("progress", "--course", TINY, "--json").out)
    assert told["here"] == "sample/share-w"
    assert told["steps"]["sample/predict-this"]["passed"] is True
    assert [one["done"] for one in told["lessons"]] == [2, 0]


def test_progress_goes_to_another_machine(learned, tmp_path, monkeypatch):
    """Exported here, imported there; twice does no harm."""
    file = str(tmp_path / "export.json")
    assert learned("progress", "export", file).out == f"Wrote {file}.\n"
    assert json.loads(learned("progress", "export").out)["events"]
    assert learned("progress", "forget", "--yes").out == "Forgot 4 events.\n"
    assert learned("progress", "import", file).out == "4 of 4 events were new.\n"
    assert learned("progress", "import", file).out == "0 of 4 events were new.\n"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("progress", "import", "nowhere.json"), "cannot be read"),
        (("progress", "import", __file__), "not an export of progress"),
        (("progress", "export", "no/such/folder/x"), "cannot be written"),
        (("progress", "forget"), "this cannot be undone"),
        (("progress", "forget", "nope"), "there is no lesson 'nope'"),
        (("progress", "forget", "reuse/nope", "-y"), "has no step 'nope'"),
        (("notes", "nope"), "there is no lesson 'nope'"),
        (("drill", "--topic", "nope"), "there is no topic 'nope'"),
        (("learn", "--course", "nope"), "there is no such folder or file"),
        (("learn", "nope"), "there is no lesson or step 'nope'"),
        (("learn", "nope"), "try  scopetutor list"),
    ],
)
def test_wrong_words(say, words, complaint: str):
    """One sentence, no traceback, nothing changed."""
    said = say(*words)

    assert said.code in (1, 2, 3)
    assert complaint in said.err
    assert "Traceback" not in said.err


def test_a_record_that_cannot_be_used(say, tmp_path):
    """Learning goes on without it, and says so; what only reads it ends."""
    (tmp_path / "data").write_text("no folder")
    learnt = say("learn", "--course", TINY, typed="quit\n")
    assert "Read this" in learnt.out
    assert learnt.code == 0
    assert "record of your progress cannot be used" in learnt.err
    assert "what you do now is not kept" in learnt.err

    read = say("progress")
    assert read.code == 3
    assert "try  SCOPETUTOR_DATA=FOLDER" in read.err
    assert "not kept" not in read.err


def test_notes(learned, tmp_path):
    """One's own answers with what there is to say to them, as Markdown."""
    said = learned("notes", "--course", TINY)
    assert "### Predict this" in said.out
    assert "```\na/w:0\n```" in said.out
    assert "The scope comes first." in said.out
    assert "Not passed yet." in said.out
    file = tmp_path / "notes.md"
    learned("notes", "sample", "--course", TINY, "-o", str(file))
    assert file.read_text(encoding="utf-8").startswith("# A tiny course")


def test_what_was_missed_is_reviewed(learned):
    """A belief that showed comes back, and then it is not due for days."""
    shared = 'with tf.variable_scope("s", reuse=True): v1 = tf.get_variable("w", [3])'
    typed = f"goto share-w\n{shared}\n\nquit\n"
    learned("learn", "--course", TINY, "--plain", typed=typed)
    assert "now\treuse-true-makes\t" in learned("review", "--list").out
    [row] = json.loads(learned("review", "--list", "--json").out)
    assert (row["idea"], row["due"]) == ("reuse-true-makes", 0)
    said = learned("review", "--course", TINY, "--plain", typed="2 1\nquit\n")
    assert "In order" in said.out or "Share it" in said.out
    learned("review", "--course", TINY, "--plain", typed="solution\nquit\n")
    said = learned("review", "--course", TINY)
    assert "Nothing is due; the next idea comes back in" in said.out
    assert "in " in learned("review", "--list").out
    assert "Ideas you met by being wrong:" in learned("progress", "--course", TINY).out


def test_drill_through_a_pipe(say):
    """Asked, answered wrongly, told the truth and why; skipped; counted."""
    words = ("drill", "--topic", "names", "--seed", "3", "--count", "2", "--plain")
    said = say(*words, typed="zzz\n\nskip\nquit\n")

    assert "It is `" in said.out
    assert "made it" in said.out
    assert "0 of 1 right." in said.out
    assert say("drill", "--topics").out.startswith("names\t")
    told = json.loads(say("progress", "--json").out)
    assert told["drills"] == {"answered": 1, "right": 0}
