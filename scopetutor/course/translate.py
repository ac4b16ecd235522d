"""A lesson in another language: the same steps, with other prose.

After `load`. A translation is a file of the same name in a folder named after the
language. It has front matter with a title, and for each step a heading with the step's
id and the prose; code is never repeated. Where the original has a block, the
translation has an empty one that only names its role, so that prose and code stay in
order:

    ```show
    ```
    > The note that belongs to that program.

Hints are blocks with text, as in the original. Options of a choice are TOML, as there.
A step that is not translated stays as it is and is listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .faults import Faults, meant
from .load import as_lines, front_matter, sections
from .model import Code, Head, Lesson, Prose, Step, Wrong
from .pieces import Fence, Quote, as_prose, cut
from .roles import PLAIN_FENCES
from .steps import attributes_of
from .tables import read_table

if TYPE_CHECKING:
    from scopetutor.errors import LessonError

    from .steps import Section

_PARTS = ("show", "setup", "starter")


class _Options(msgspec.Struct):
    options: dict[str, str] = {}


def translated(
    lesson: Lesson, text: str, file: str
) -> tuple[Lesson, tuple[LessonError, ...]]:
    """The lesson with the prose of a translation, and what is wrong with that.

    Args:
        lesson: the original.
        text: of the translation's file.
        file: its name, for the messages.
    """
    faults = Faults(file)
    text = as_lines(text, faults)
    if faults.errors:
        return lesson, tuple(faults.errors)
    head, body, line = front_matter(text, faults)
    intro, found = sections(cut(body, line), faults)
    by_id: dict[str, Section] = {}
    for section in found:
        if lesson.step(section.id) is None:
            hint = meant(section.id, [step.id for step in lesson.steps])
            problem = f"step {section.id!r} is not in the original"
            faults.add(section.heading.line, problem, hint)
        elif section.id in by_id:
            faults.add(section.heading.line, f"step {section.id!r} twice")
        by_id[section.id] = section
    steps, missing = [], []
    for step in lesson.steps:
        if step.id in by_id:
            steps.append(_Translation(step, by_id[step.id], faults).step())
        else:
            steps.append(step)
            missing.append(step.id)
    return (
        msgspec.structs.replace(
            lesson,
            head=_head(lesson.head, head),
            intro=intro or lesson.intro,
            steps=tuple(steps),
            untranslated=tuple(missing),
        ),
        tuple(faults.errors),
    )


def _head(original: Head, head: Head | None) -> Head:
    if head is None:
        return original
    return msgspec.structs.replace(
        original, title=head.title, after=head.after or original.after
    )


class _Translation:
    """One step's prose, put in the place of the original's."""

    def __init__(self, step: Step, section: Section, faults: Faults) -> None:
        self.original = step
        self.section = section
        self.faults = faults
        self.parts: list[Prose | Code] = []
        self.codes = [part for part in step.parts if isinstance(part, Code)]
        self.solutions = list(step.solutions)
        self.wrongs = list(step.wrongs)
        self.answer = step.answer
        self.hints: list[Prose] = []
        self.counts = dict.fromkeys((*_PARTS, "solution", "wrong", "answer"), 0)

    def step(self) -> Step:
        """The translated step."""
        before = ""
        for piece in self.section.pieces:
            role = ""
            if isinstance(piece, Fence) and piece.info not in PLAIN_FENCES:
                role = self._block(piece)
            elif isinstance(piece, Quote) and before:
                self._note(before, piece.text)
            else:
                self.parts.append(Prose(text=as_prose(piece), line=piece.line))
            before = role
        self._compare_counts()
        return msgspec.structs.replace(
            self.original,
            title=self.section.title,
            parts=tuple(self.parts),
            solutions=tuple(self.solutions),
            wrongs=tuple(self.wrongs),
            answer=self.answer,
            hints=tuple(self.hints) or self.original.hints,
        )

    def _block(self, fence: Fence) -> str:
        """Takes an anchor, a hint or options; gives the role if a note may follow."""
        _, words = attributes_of(fence.info, fence.line, self.faults)
        role = words[-1] if words else ""
        if role == "hint":
            self.hints.append(Prose(text=fence.text.strip(), line=fence.line))
            return ""
        if role not in self.counts:
            problem = f"unknown block {fence.info!r}"
            self.faults.add(fence.line, problem, meant(role, [*self.counts, "hint"]))
            return ""
        self.counts[role] += 1
        if role == "answer" and fence.text.strip():
            self._options(fence)
        elif fence.text.strip():
            problem = f"a {role} block with text: code is not translated"
            self.faults.add(fence.line, problem, "leave it empty")
        elif role in _PARTS:
            self._code(fence, role)
        return role

    def _code(self, fence: Fence, role: str) -> None:
        if not self.codes or self.codes[0].role != role:
            there = self.codes[0].role if self.codes else "no further block"
            self.faults.add(fence.line, f"{role}: the original has {there} here")
            return
        self.parts.append(msgspec.structs.replace(self.codes.pop(0), note=""))

    def _options(self, fence: Fence) -> None:
        table = read_table(
            fence.text, _Options, self.faults, first_line=fence.line + 1, what="answer"
        )
        if table is None:
            return
        letters = [letter for letter, _text in self.original.answer.options]
        if list(table.options) != letters:
            problem = f"options {', '.join(table.options)}; the original has "
            self.faults.add(fence.line, problem + ", ".join(letters))
            return
        self._answer(options=tuple(table.options.items()))

    def _answer(self, **changes: object) -> None:
        self.answer = msgspec.structs.replace(self.answer, **changes)

    def _note(self, role: str, text: str) -> None:
        index = self.counts[role] - 1
        if role in _PARTS and self.parts and isinstance(self.parts[-1], Code):
            self.parts[-1] = msgspec.structs.replace(self.parts[-1], note=text)
        elif role == "answer":
            self._answer(note=text)
        elif role == "solution" and index < len(self.solutions):
            code = self.solutions[index]
            self.solutions[index] = msgspec.structs.replace(code, note=text)
        elif role == "wrong" and index < len(self.wrongs):
            wrong: Wrong = self.wrongs[index]
            self.wrongs[index] = msgspec.structs.replace(wrong, say=text)

    def _compare_counts(self) -> None:
        """The translation has the original's blocks, no more and no fewer."""
        line, step = self.section.heading.line, self.original
        if self.codes:
            self.faults.add(line, f"{self.codes[0].role}: a block is missing")
        pairs = (
            ("hint", len(self.hints), len(step.hints)),
            ("solution", self.counts["solution"], len(step.solutions)),
            ("wrong", self.counts["wrong"], len(step.wrongs)),
        )
        for role, mine, original in pairs:
            if mine and mine != original:
                self.faults.add(line, f"{mine} {role} blocks, the original {original}")
