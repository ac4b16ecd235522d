"""Whatever a lesson file holds, reading it gives a lesson or complaints, at once.

SCOPETUTOR_LESSON_FUZZ sets how many mutated files are read; SCOPETUTOR_LESSON_FUZZ_SEED
where their random numbers begin.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from scopetutor.course.load import Reading, read_lesson
from scopetutor.course.shelf import own_course
from scopetutor.course.translate import translated
from scopetutor.errors import LessonError

from .conftest import TINY

COUNT = int(os.environ.get("SCOPETUTOR_LESSON_FUZZ", "400"))
SEED = int(os.environ.get("SCOPETUTOR_LESSON_FUZZ_SEED", "1"))
SLOWEST = 5.0  # seconds for one file, on a machine that is busy with something else
HEAD = "+++\nformat = 1\nid = 'x'\ntitle = 'x'\n+++\n"
MARKS = (
    *("```", "~~~", "+++", "## ", "# ", "> ", "{#x kind=code}", "{#", "}", "kind="),
    *("```python show", "```toml check", "```toml wrong", "```hint", "[[", "]]", '"""'),
    *("\n", "\n\n", "\t", "    ", "\0", "\r", "\ufeff", "\u2028", "\ud800", "“", "é"),
    *("<div>", "<!--", "-->", "* ", "1. ", "| a |", "____", "assert ", "(" * 300, "'"),
)


def _texts() -> list[str]:
    files = [*TINY.glob("*.md"), *Path(str(own_course().root)).glob("*.md")]
    lessons = (file for file in sorted(files) if file.name != "README.md")
    return [file.read_text(encoding="utf-8") for file in lessons]


def mutated(text: str, others: list[str], dice: random.Random) -> str:
    """A text with some damage: of characters, of lines, of blocks, of marks."""
    for _ in range(dice.choice((1, 1, 2, 5, 20))):
        at = dice.randrange(len(text) + 1)
        end = min(len(text), at + dice.choice((1, 3, 30, 300)))
        lines = text.split("\n")
        row = dice.randrange(len(lines))
        match dice.randrange(8):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:at] + dice.choice(MARKS) + text[at:]
            case 2:
                text = text[:at] + chr(dice.randrange(1, 0x3000)) + text[at + 1 :]
            case 3:
                del lines[row : row + dice.choice((1, 1, 5))]
                text = "\n".join(lines)
            case 4:
                lines.insert(row, lines[dice.randrange(len(lines))])
                text = "\n".join(lines)
            case 5:
                dice.shuffle(lines[row : row + 10])
                lines[row : row + 10] = reversed(lines[row : row + 10])
                text = "\n".join(lines)
            case 6:
                other = dice.choice(others)
                start = dice.randrange(len(other))
                text = text[:at] + other[start : start + 400] + text[end:]
            case _:
                text = text[:at] + text[at:end] * dice.choice((2, 10)) + text[end:]
    return text


def test_a_damaged_file_is_a_lesson_or_complaints():
    """Nothing else comes out, nothing hangs, every complaint has its place."""
    dice = random.Random(SEED)
    texts = _texts()
    lessons = 0
    for number in range(COUNT):
        text = mutated(dice.choice(texts), texts, dice)
        began = time.monotonic()
        reading = read_lesson(text, "x.md")
        took = time.monotonic() - began

        assert took < SLOWEST, (SEED, number)
        assert isinstance(reading, Reading)
        assert (reading.lesson is None) == bool(reading.faults), (SEED, number)
        for fault in reading.faults:
            assert isinstance(fault, LessonError)
            assert fault.place.startswith("x.md"), (SEED, number)
            assert "\n" not in str(fault), (SEED, number)
        lessons += reading.lesson is not None
    assert 0 < lessons < COUNT  # the damage is neither too little nor too much


def test_a_damaged_translation_is_prose_or_complaints():
    """The same for translations; the original's code is never changed by one."""
    dice = random.Random(SEED)
    texts = _texts()
    original = read_lesson((TINY / "sample.md").read_text(), "sample.md").lesson
    assert original is not None
    solutions = [[code.text for code in step.solutions] for step in original.steps]
    for number in range(COUNT // 4):
        text = mutated(dice.choice(texts), texts, dice)
        lesson, faults = translated(original, text, "zh/x.md")

        assert all(isinstance(fault, LessonError) for fault in faults), (SEED, number)
        now = [[code.text for code in step.solutions] for step in lesson.steps]
        assert now == solutions, (SEED, number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+++",
        "+++\n+++",
        "+++\n+++\n## x {#x kind=read}",
        "\ufeff+++\r\nformat = 1\r\n+++\r\n",
        "+++\n" + "[" * 100_000 + "\n+++\n",
        HEAD + "> " * 5000 + "x",
        HEAD + "* " * 5000 + "x",
        HEAD + "## a {#a kind=read}\n```python show\n" + "(" * 50_000 + "\n```",
        "x" * (2 << 20),
    ],
    ids=range(10),
)
def test_extreme_files(text: str):
    """Empty, huge and deeply nested files end in complaints, quickly."""
    began = time.monotonic()
    reading = read_lesson(text, "x.md")

    assert reading.faults or reading.lesson
    assert time.monotonic() - began < SLOWEST
