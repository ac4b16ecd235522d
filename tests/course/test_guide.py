"""The authoring guide is true: its examples pass, its tables are the program's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scopetutor.cli.app import build
from scopetutor.course.lint import Linter
from scopetutor.course.load import read_lesson
from scopetutor.course.model import AXES, Head
from scopetutor.course.roles import KINDS, ROLES
from scopetutor.course.shelf import Course, own_course
from scopetutor.course.steps import SHORT_AXES
from scopetutor.course.translate import translated

GUIDE = Path(str(own_course().root)) / "README.md"
TEXT = GUIDE.read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """The examples of a kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", blocks("lesson"))
def test_every_lesson_in_it_is_right(example: str, workspace):
    """They pass the check that the guide tells of, without a word of advice."""
    reading = read_lesson(example, "guide.md")

    assert reading.faults == ()
    assert Linter(reading.lesson, workspace).check() == ()


def test_the_translation_in_it_fits():
    """It translates all of the lesson above it."""
    lesson = read_lesson(blocks("lesson")[1], "guide.md").lesson
    [example] = blocks("translation")
    other, faults = translated(lesson, example, "zh/guide.md")

    assert faults == ()
    assert other.untranslated == ()
    assert other.step("share-it").solutions[0].note == "创建一次，找到一次。"


def test_the_course_in_it_can_be_opened(tmp_path):
    """With the lesson that it lists."""
    [outline] = blocks("toml")
    (tmp_path / "course.toml").write_text(outline)
    (tmp_path / "share-weights.md").write_text(blocks("lesson")[1])

    assert Course(tmp_path).lesson("share-weights").title == "Share weights"


def test_every_kind_role_axis_and_key_is_in_it():
    """Nothing of the format is left out."""
    for name in (*KINDS, *ROLES, *SHORT_AXES, *AXES):
        assert re.search(rf"`(python |toml )?{name}`", TEXT), name
    for key in set(Head.__struct_fields__) - {"format"}:
        assert f"| `{key}` |" in TEXT, key


def test_its_commands_exist():
    """Each console line is a command of the program with its options."""
    lines = [line for block in blocks("console") for line in block.splitlines()]
    assert lines
    for line in lines:
        words = line.removeprefix("$ scopetutor ").split()
        command = build(words[:1])
        for word in words:
            command = getattr(command, "commands", {}).get(word, command)
        options = {option for one in command.params for option in one.opts}
        assert {word for word in words if word.startswith("--")} <= options, line
