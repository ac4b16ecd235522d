"""`scopetutor lesson`: what authors type, and what they read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

TINY = Path(__file__).parents[1] / "course" / "tiny"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the tiny course."""
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def test_check_a_lesson_by_its_file(say, folder):
    """A right one is counted; the exit code is 0."""
    said = say("lesson", "check", str(folder / "second.md"))

    assert (said.code, said.out) == (0, "1 lesson, 2 steps: no faults\n")
    assert said.err == ""


def test_check_tells_faults_with_places_to_click_on(say, folder, monkeypatch):
    """From the present folder; the exit code is 1."""
    file = folder / "second.md"
    file.write_text(file.read_text().replace("y = 2 * x", "y = 3 * z"))
    monkeypatch.chdir(folder.parent)
    said = say("lesson", "check", "second", "--course", "tiny")

    assert said.code == 1
    place = str(Path("tiny/second.md"))
    assert said.out.startswith(
        f"{place}:43: the solution ends with NameError: name 'z'"
    )


def test_check_as_json(say, folder):
    """The same for programs."""
    file = folder / "second.md"
    file.write_text(file.read_text().replace('after = "count variables"\n', ""))
    said = say("lesson", "check", str(file), "--json")
    [proof] = json.loads(said.out)

    assert (proof["lesson"], proof["steps"]) == ("second", 2)
    assert [one["kind"] for one in proof["findings"]] == ["advice"]
    assert said.code == 0
    assert say("lesson", "check", str(file), "--strict", "-q").code == 1


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("check", "sampel"), "there is no lesson 'sampel' in the course"),
        (("check", "nowhere/x.md"), "there is no course.toml beside the file"),
        (("check", "a/x.md", "b/y.md"), "the files are in several folders"),
        (("check", "--course", "nowhere"), "there is no such folder or file"),
        (("new", "No Id"), "cannot be a lesson's id"),
        (("preview", "reuse", "nope"), "there is no step 'nope'"),
        (
            ("test", "--junit", "no/such/folder.xml", str(TINY / "second.md")),
            "cannot be written",
        ),
    ],
)
def test_wrong_words(say, words, complaint: str):
    """One sentence, no traceback."""
    said = say("lesson", *words)

    assert said.code in (1, 2)
    assert complaint in said.err
    assert "Traceback" not in said.err


def test_new_lessons_are_right_as_they_stand(say, tmp_path):
    """Two of them make a course that passes."""
    course = str(tmp_path / "mine")
    assert say("lesson", "new", "one", "--course", course).code == 0
    said = say("lesson", "new", "two", "--course", course, "--title", "Another")
    assert "Made" in said.out
    assert say("lesson", "new", "two", "--course", course).code == 2
    said = say("lesson", "check", "--course", course, "--strict")

    assert said.out.endswith("2 lessons, 6 steps: no faults\n")


def test_new_keeps_an_outline_it_does_not_understand(say, tmp_path):
    """And says what to add."""
    (tmp_path / "course.toml").write_text("# by hand\n")
    said = say("lesson", "new", "one", "--course", str(tmp_path))

    assert "Add 'one' to a part in" in said.out
    assert (tmp_path / "course.toml").read_text() == "# by hand\n"


def test_test_lists_every_answer(say, folder):
    """With what became of it."""
    said = say("lesson", "test", str(folder / "second.md"))
    rows = said.out.splitlines()

    assert rows[0].endswith("second.md:12: two, truth: accepted")
    assert rows[-1] == "8 answers: none judged wrongly"
    assert said.code == 0


def test_test_for_programs_and_services(say, folder):
    """JSON on stdout, JUnit in a file; an answer judged wrongly is a failure."""
    file = folder / "second.md"
    file.write_text(file.read_text().replace("y = x * x", "y = x + x"))
    report = folder / "report.xml"
    said = say("lesson", "test", str(file), "--json", "--junit", str(report))
    found = json.loads(said.out)["second"]
    cases = ET.parse(report).getroot().findall(".//testcase")
    failed = [one for one in cases if one.find("failure") is not None]

    assert said.code == 1
    assert len(cases) == len(found) == 8
    assert [one.get("name") for one in failed] == ["wrong 2, line 55"]
    assert [one["problem"] for one in found if one["problem"]] == ["it is accepted"]


def test_mutate_lists_survivors(say, folder):
    """And fails when too many survive."""
    file = folder / "sample.md"
    text = file.read_text().replace('["names", "shapes"]', '["names"]')
    file.write_text(text.replace("assert b.shape == [2]", "assert b.name == 'b:0'"))
    said = say("lesson", "mutate", str(file), "--least", "99")

    assert said.code == 1
    assert "mend-it: survives: another shape" in said.out
    assert "caught (" in said.out.splitlines()[-1]
    found = json.loads(say("lesson", "mutate", str(folder / "second.md"), "--json").out)
    assert found == {"second": []}  # y = 2 * x has nothing of TensorFlow's to break


def test_preview_shows_what_a_learner_sees(say, folder):
    """All steps, or one with its answers."""
    said = say("lesson", "preview", str(folder / "sample.md"))
    assert "7/7" in said.out
    assert "= v:0" in said.out
    assert "Made once" not in said.out
    assert "a/w:0" not in said.out
    said = say(
        "lesson",
        "preview",
        str(folder / "sample.md"),
        "share-w",
        "--answers",
        "--plain",
    )
    assert "Hint 1 of 2" in said.out
    assert "Made once, found once." in said.out
    said = say("lesson", "preview", str(folder / "sample.md"), "choose", "--answers")
    assert "It keeps a list." in said.out


def test_release(say, folder):
    """Writes the ids down; what goes later is a fault."""
    said = say("lesson", "release", "--course", str(folder))
    assert said.out.startswith("9 steps in ")
    assert (folder / "released.txt").read_text().count("/") == 9
