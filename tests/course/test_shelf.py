"""Courses are found in folders, zips and the package, in the language one wishes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scopetutor.course.load import read_lesson
from scopetutor.course.model import Code
from scopetutor.course.shelf import Course, check_outline, open_course, own_course
from scopetutor.course.translate import translated
from scopetutor.errors import LessonError

from .conftest import TINY

ZH = """+++
format = 1
id = "second"
title = "第二课"
after = "数变量"
+++

## 二是什么？ {#two}

```show
```
> 没有会话。

```wrong
```
> 已经算好了。

```hint
数一数。
```

```hint
一加一。
```
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the tiny course with a lesson in Chinese."""
    copy = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    (copy / "zh").mkdir(exist_ok=True)
    (copy / "zh" / "second.md").write_text(ZH, encoding="utf-8")
    return copy


def test_own_course():
    """It comes with scopetutor, and its outline is right."""
    course = own_course()

    assert len(course.lessons) >= 20
    assert len(course.outline.parts) >= 4
    assert check_outline(course.root) == ()
    assert "zh" in course.languages()
    assert set(course.heads) <= set(course.lessons)


def test_a_zip_reads_as_a_folder(folder, tmp_path):
    """Lessons, heads and languages."""
    name = shutil.make_archive(str(tmp_path / "t"), "zip", folder.parent, folder.name)
    course = open_course(name)

    assert course.lessons == ("sample", "second")
    assert course.heads["second"].needs == ("sample",)
    assert course.languages() == ("zh",)
    assert course.lesson("sample") == open_course(folder).lesson("sample")


def test_a_lesson_in_another_language(folder):
    """What is translated is; the code is the original's; the rest falls back."""
    course = Course(folder, "zh")
    lesson = course.lesson("second")
    original = Course(folder).lesson("second")

    assert lesson.title == course.heads["second"].title == "第二课"
    assert lesson.step("two").title == "二是什么？"
    assert lesson.step("two").shows[0].text == original.step("two").shows[0].text
    assert lesson.step("two").shows[0].note == "没有会话。"
    assert lesson.step("two").wrongs[0].say == "已经算好了。"
    assert [hint.text for hint in lesson.step("two").hints] == ["数一数。", "一加一。"]
    assert lesson.untranslated == ("double",)
    assert lesson.step("double") == original.step("double")
    assert lesson.step("two").digest == original.step("two").digest
    assert course.lesson("sample").title == "A sample"
    assert Course(folder, "xx").lesson("second") == original


def test_a_translation_that_does_not_fit(folder):
    """Is told when the lesson is opened, as any other fault."""
    file = folder / "zh" / "second.md"
    file.write_text(ZH.replace("{#two}", "{#three}"), encoding="utf-8")

    with pytest.raises(LessonError, match=r"zh/second\.md:8: step 'three' is not in"):
        Course(folder, "zh").lesson("second")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("```show\n```", "```show\nx = 1\n```", "a show block with text: code is not"),
        ("```show\n```\n", "", "show: a block is missing"),
        ("```show\n```\n", "```setup\n```\n", "setup: the original has show here"),
        ("```show\n```\n", "```shwo\n```\n", "unknown block 'shwo' (did you mean 's"),
        ("```hint\n一加一。\n```\n", "", "1 hint blocks, the original 2"),
        ("```wrong\n```\n", "```wrong\n```\n```wrong\n```\n", "2 wrong blocks, the or"),
        ("{#two}\n", "{#two}\n\n## 又一次 {#two}\n", "step 'two' twice"),
        ("+++\nformat", "format", "no front matter"),
    ],
)
def test_mistakes_of_translators(old: str, new: str, complaint: str):
    """Each is told with its place."""
    original = read_lesson((TINY / "second.md").read_text(), "second.md").lesson
    assert old in ZH
    _, faults = translated(original, ZH.replace(old, new, 1), "zh/second.md")

    assert any(complaint in fault.problem + f" ({fault.hint})" for fault in faults)
    assert all(fault.place.startswith("zh/second.md") for fault in faults)


def test_options_are_translated():
    """With the same letters; other letters are a fault."""
    original = read_lesson((TINY / "sample.md").read_text(), "sample.md").lesson
    text = (
        "+++\nformat = 1\nid = 'sample'\ntitle = '例'\n+++\n## 选 {#choose}\n"
        "```toml answer\noptions.a = '甲'\noptions.b = '乙'\n```\n> 它有一个列表。\n"
    )
    lesson, faults = translated(original, text, "zh/sample.md")
    step = lesson.step("choose")

    assert faults == ()
    assert step.answer.options == (("a", "甲"), ("b", "乙"))
    assert step.answer.note == "它有一个列表。"
    assert step.answer.right == ("b",)
    _, faults = translated(original, text.replace("options.b", "options.c"), "x.md")
    assert "options a, c; the original has a, b" in faults[0].problem


def test_starters_and_solutions_keep_their_places():
    """Prose stands around the code as the translation has it."""
    original = read_lesson((TINY / "sample.md").read_text(), "sample.md").lesson
    text = (
        "+++\nformat = 1\nid = 'sample'\ntitle = '例'\n+++\n## 改 {#mend-it}\n"
        "```starter\n```\n\n在后面的话。\n\n```solution\n```\n> 好了。\n"
    )
    step = translated(original, text, "x.md")[0].step("mend-it")

    assert [isinstance(part, Code) for part in step.parts] == [True, False]
    assert step.solutions[0].note == "好了。"
    assert step.starter == original.step("mend-it").starter


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({}, "there is no course.toml in"),
        ({"course.toml": b"\xff"}, "course.toml:1: not UTF-8"),
        ({"course.toml": b"x ="}, "bad TOML"),
    ],
)
def test_folders_that_are_no_course(tmp_path, files, complaint: str):
    """Say what is missing or wrong."""
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)

    with pytest.raises(LessonError, match=r"course\.toml") as refusal:
        open_course(tmp_path)
    assert complaint in str(refusal.value)
    assert complaint in str(check_outline(tmp_path)[0])


def test_lessons_that_are_not_there(tiny):
    """Are missed with what was meant."""
    with pytest.raises(LessonError, match="did you mean 'sample'"):
        tiny.lesson("sampel")
