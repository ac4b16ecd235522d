"""A lesson file read into a `Lesson`, or the list of everything that is wrong with it.

After `pieces`; before `lint`, which runs what this file only reads. The format: front
matter in TOML between lines of +++, then Markdown; each heading of the second level
begins a step and carries {#id kind=...}; fenced blocks have a role from a closed set
(`roles`). A block quote right below a block speaks for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from .faults import Faults, meant
from .model import FORMAT, Head, Lesson
from .pieces import Fence, Heading, Html, as_prose, cut
from .roles import PLAIN_FENCES
from .steps import Section, StepReader, attributes_of
from .tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scopetutor.errors import LessonError

    from .model import Step
    from .pieces import Piece

MAX_SIZE = 1 << 20  # characters; a lesson of a megabyte is an attack or a mistake

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")  # surrogates cannot be written to a file
_HEADING = re.compile(r"(?P<title>.*?)\s*\{(?P<attributes>[^{}]*)\}")


class Reading(msgspec.Struct, frozen=True):
    """What became of a file: a lesson, or the reasons why there is none."""

    lesson: Lesson | None
    faults: tuple[LessonError, ...] = ()


def read_lesson(text: str, file: str) -> Reading:
    """A lesson file's text as a `Lesson`, with every fault there is.

    Args:
        text: the whole file.
        file: its name, for the messages.
    """
    faults = Faults(file)
    text = as_lines(text, faults)
    if faults.errors:
        return Reading(None, tuple(faults.errors))
    head, body, body_line = front_matter(text, faults)
    if not body and faults.errors:  # the front matter has no end: all is front matter
        return Reading(None, tuple(faults.errors))
    pieces = cut(body, body_line)
    intro, found = sections(pieces, faults)
    steps = _steps(found, head, faults)
    if not faults.errors and head is not None:
        lesson = Lesson(head=head, steps=steps, intro=intro, file=file)
        return Reading(lesson)
    return Reading(None, tuple(sorted(faults.errors, key=_line_number)))


def as_lines(text: str, faults: Faults) -> str:
    """A file's text with one kind of line end; notes what no text file has."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_SIZE:
        faults.add(0, f"too long: {len(text):,} characters", f"at most {MAX_SIZE:,}")
    strange = _NO_TEXT.search(text)
    if strange:
        problem = "a NUL character" if strange[0] == "\0" else "half a character"
        faults.add(text.count("\n", 0, strange.start()) + 1, problem)
    return text


def _line_number(error: LessonError) -> int:
    line = error.place.rpartition(":")[2]
    return int(line) if line.isdecimal() else MAX_SIZE  # of the file as a whole: last


# -- the front matter ---------------------------------------------------------------


def front_matter(text: str, faults: Faults) -> tuple[Head | None, str, int]:
    """The head, the rest of the text, and the line where the rest begins."""
    lines = text.split("\n")
    if lines[0].rstrip() != "+++":
        faults.add(1, "no front matter", "the first line is +++, then TOML, then +++")
        return None, text, 1
    ends = [n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "+++"]
    if not ends:
        faults.add(1, "the front matter has no end", "close it with a line of +++")
        return None, "", len(lines)
    end = ends[0]
    front = "\n".join(lines[1:end])
    head = read_table(front, Head, faults, first_line=2, what="front matter")
    if head is not None:
        _check_head(head, front, faults)
    return head, "\n".join(lines[end + 1 :]), end + 2


def _check_head(head: Head, front: str, faults: Faults) -> None:
    def line(key: str) -> int:
        rows = front.split("\n")
        return 2 + next((n for n, r in enumerate(rows) if r.startswith(key)), 0)

    if head.format != FORMAT:
        hint = "update scopetutor" if head.format > FORMAT else f"write {FORMAT}"
        faults.add(line("format"), f"format {head.format} is not known here", hint)
    if not ID.fullmatch(head.id):
        faults.add(line("id"), f"bad id {head.id!r}", "small letters, digits, hyphens")
    if not head.title.strip():
        faults.add(line("title"), "'title' is empty")
    if not 1 <= head.minutes <= 120:
        faults.add(line("minutes"), f"{head.minutes} minutes", "from 1 to 120")


# -- sections -----------------------------------------------------------------------


def sections(pieces: Iterable[Piece], faults: Faults) -> tuple[str, list[Section]]:
    """What stands before the first step, and the steps."""
    intro: list[str] = []
    sections: list[Section] = []
    for piece in pieces:
        if isinstance(piece, Html):
            faults.add(piece.line, "HTML cannot be shown in a terminal", "use Markdown")
        elif isinstance(piece, Heading) and piece.level == 2:
            sections.append(_section(piece, faults))
        elif isinstance(piece, Heading):
            faults.add(
                piece.line,
                "a heading of the first level",
                "the title stands in the front matter; steps begin with ##",
            )
        elif sections:
            sections[-1].pieces.append(piece)
        elif isinstance(piece, Fence) and piece.info not in PLAIN_FENCES:
            faults.add(piece.line, "a block before the first step", "give it a step")
        else:
            intro.append(as_prose(piece))
    if not sections:
        faults.add(0, "no steps", "a step begins with: ## Title {#id kind=read}")
    return "\n\n".join(intro), sections


def _section(heading: Heading, faults: Faults) -> Section:
    found = _HEADING.fullmatch(heading.text)
    if not found:
        faults.add(
            heading.line, "a step without an id", "write: ## Title {#id kind=read}"
        )
        return Section(heading, heading.text, "", {}, [])
    attributes, words = attributes_of(found["attributes"], heading.line, faults)
    ids = [word[1:] for word in words if word.startswith("#")]
    for word in words:
        if not word.startswith("#"):
            faults.add(heading.line, f"{word!r} in a heading", "write key=value")
    if len(ids) != 1 or not ID.fullmatch(ids[0]):
        faults.add(
            heading.line,
            f"bad step id {ids[0]!r}" if len(ids) == 1 else "a step has one id",
            "small letters, digits, hyphens, as in {#share-w kind=code}",
        )
    if not found["title"]:
        faults.add(heading.line, "a step without a title")
    return Section(heading, found["title"], ids[0] if ids else "", attributes, [])


def _steps(
    sections: list[Section], head: Head | None, faults: Faults
) -> tuple[Step, ...]:
    steps: list[Step] = []
    seen: dict[str, int] = {}
    for section in sections:
        line = section.heading.line
        if section.id in seen:
            problem = (
                f"step id {section.id!r} stands already in line {seen[section.id]}"
            )
            faults.add(line, problem, "ids are unique and stay for ever")
        elif section.id:
            seen[section.id] = line
        step = StepReader(section, head, faults).read()
        if step is None:
            continue
        if step.continues and step.continues not in {one.id for one in steps}:
            hint = meant(step.continues, [one.id for one in steps])
            problem = f"continues={step.continues}: no such step before this one"
            faults.add(line, problem, hint)
        steps.append(step)
    return tuple(steps)
