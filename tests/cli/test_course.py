"""`course`, `submit`, `grade`: courses of others, and a class."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

TINY = Path(__file__).parents[1] / "course" / "tiny"


def test_a_course_is_added_used_and_removed(say, tmp_path):
    """By its id, after it was tried; what it may do is said."""
    said = say("course", "add", str(TINY))
    assert said.code == 0
    assert "2 lessons, 9 steps" in said.out
    assert "no files of yours, no network" in said.out
    assert "tiny\tA tiny course\t2 lessons" in say("course", "list").out
    said = say("learn", "--course", "tiny", "--plain", typed="quit\n")
    assert "A sample" in said.out
    assert say("course", "remove", "tiny").out == "Removed tiny.\n"
    assert say("course", "remove", "tiny").code == 2


def test_a_course_with_faults_is_not_added(say, tmp_path):
    """Unless that is wished for."""
    folder = Path(shutil.copytree(TINY, tmp_path / "course"))
    (folder / "sample.md").write_text("no lesson")
    said = say("course", "add", str(folder))
    assert said.code == 1
    assert "sample.md:1: no front matter" in said.err
    assert "was not added" in said.err
    assert "tiny" not in say("course", "list").out
    assert say("course", "add", str(folder), "--yes").code == 0
    assert "tiny" in say("course", "list").out


@pytest.fixture
def handed_in(say, tmp_path) -> Path:
    """A folder with the answers of one learner."""
    folder = tmp_path / "handed-in"
    folder.mkdir()
    answers = "next\na/w:0\nquit\n"
    say("learn", "--course", str(TINY), "--plain", typed=answers)
    file = str(folder / "ada.answers.json")
    said = say("submit", "--course", str(TINY), "--name", "=Ada", "-o", file)
    assert said.out == f"Wrote 1 answer to {file}.\n"
    return folder


def test_grades(say, handed_in):
    """As a table, as CSV that no spreadsheet runs, as JSON."""
    course = ("--course", str(TINY))
    said = say("grade", str(handed_in), *course)
    assert said.out.splitlines()[0].startswith("=Ada    1 of 8   12.5 %")
    assert said.code == 0
    rows = list(
        csv.reader(io.StringIO(say("grade", str(handed_in), *course, "--csv").out))
    )
    assert rows[1] == ["ada.answers.json", "'=Ada", "1", "8", "12.5", ""]
    [one] = json.loads(say("grade", str(handed_in), *course, "--json").out)
    assert (one["passed"], one["percent"]) == (["sample/predict-this"], 12.5)


def test_a_file_that_is_none_has_its_line(say, handed_in):
    """And the exit code says that one could not be graded."""
    (handed_in / "bad.json").write_text("{")
    said = say("grade", str(handed_in), "--course", str(TINY))

    assert said.code == 1
    assert "bad.json: no file of answers" in said.out
    assert said.out.endswith("2 files, 1 with problems\n")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("grade", "nowhere"), "there is no such folder"),
        (("grade", "."), "there is no file of answers"),
        (("grade", ".", "--csv", "--json"), "--csv or --json, not both"),
        (("submit",), "there is no answer to hand in yet"),
        (("course", "add", "nowhere"), "there is no such folder or file"),
        (("course", "remove", "../x"), "there is no added course"),
    ],
)
def test_wrong_words(say, tmp_path, monkeypatch, words, complaint: str):
    """One sentence, no traceback."""
    monkeypatch.chdir(tmp_path)
    said = say(*words)

    assert said.code in (1, 2)
    assert complaint in said.err
    assert "Traceback" not in said.err


def test_submit_to_a_place_that_cannot_be(say):
    """Is told with the reason."""
    say("learn", "--course", str(TINY), "--plain", typed="next\na/w:0\nquit\n")
    said = say("submit", "--course", str(TINY), "-o", "no/such/folder/x")

    assert said.code == 2
    assert "cannot be written" in said.err
