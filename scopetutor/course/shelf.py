"""Where courses lie, and how one is opened: a folder, a zip, or inside the package.

After `load`. A course is a folder with a course.toml, the lessons it lists as
`<id>.md`, and a folder of prose for each language it is translated to. Nothing here
needs a real folder: `importlib.resources` and `zipfile.Path` serve as well.
"""

from __future__ import annotations

import functools
import zipfile
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from scopetutor.errors import LessonError

from .faults import Faults, meant
from .load import ID, Reading, front_matter, read_lesson
from .model import FORMAT, Head, Lesson, Outline
from .tables import read_table
from .translate import translated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

OUTLINE_FILE = "course.toml"


class Course:
    """A course that has been found; its lessons are read when they are asked for.

    Args:
        root: the folder with its course.toml.
        language: of its prose, such as "zh"; "" for the language it is written in.

    Raises:
        LessonError: there is no course.toml there, or it is wrong.
    """

    def __init__(self, root: Traversable, language: str = "") -> None:
        self.root = root
        self.language = language
        faults = Faults(OUTLINE_FILE)
        outline = _read_outline(root, faults)
        if outline is None or faults.errors:
            raise faults.errors[0]
        self.outline: Outline = outline

    @property
    def id(self) -> str:
        """Of the course."""
        return self.outline.id

    @property
    def lessons(self) -> tuple[str, ...]:
        """The ids of its lessons, in order."""
        return self.outline.lessons

    @functools.cached_property
    def heads(self) -> Mapping[str, Head]:
        """The front matter of each lesson, by id, in order; wrong ones are left out."""
        found = {}
        for lesson in self.lessons:
            head = self._head(lesson)
            if head is not None:
                found[lesson] = head
        return found

    def _head(self, lesson: str) -> Head | None:
        file = f"{lesson}.md"
        try:
            head = _front(self.root / file, file)
            if head is not None and self.language:
                other = _front(self.root / self.language / file, file)
                if other is not None:
                    return msgspec.structs.replace(
                        head, title=other.title, after=other.after or head.after
                    )
        except LessonError:
            return None
        return head

    def lesson(self, lesson_id: str) -> Lesson:
        """A lesson, in the course's language as far as it is translated.

        Raises:
            LessonError: there is no such lesson, or its file is wrong.
        """
        if lesson_id not in self.lessons:
            raise LessonError(
                f"there is no lesson {lesson_id!r}",
                place=self.id,
                hint=meant(lesson_id, self.lessons),
            )
        if lesson_id not in self._read:
            self._read[lesson_id] = self._load(lesson_id)
        return self._read[lesson_id]

    @functools.cached_property
    def _read(self) -> dict[str, Lesson]:
        return {}

    def _load(self, lesson_id: str) -> Lesson:
        reading = self.reading(lesson_id)
        if reading.lesson is not None and self.language:
            translation = self.translation(lesson_id, self.language)
            if translation.lesson is not None or translation.faults:
                reading = translation
        if reading.faults or reading.lesson is None:
            raise reading.faults[0]
        return reading.lesson

    def reading(self, lesson_id: str) -> Reading:
        """A lesson as it is written, or everything that is wrong with its file.

        Raises:
            LessonError: the file cannot be read.
        """
        file = f"{lesson_id}.md"
        return read_lesson(_text(self.root / file, file), file)

    def translation(self, lesson_id: str, language: str) -> Reading:
        """A lesson in another language, with what is wrong; nothing if there is none.

        Raises:
            LessonError: a file cannot be read.
        """
        file = f"{language}/{lesson_id}.md"
        original = self.reading(lesson_id).lesson
        prose = self.root / language / f"{lesson_id}.md"
        if original is None or not prose.is_file():
            return Reading(None)
        return Reading(*translated(original, _text(prose, file), file))

    def languages(self) -> tuple[str, ...]:
        """The languages it is translated to, at least in part."""
        folders = (entry for entry in self.root.iterdir() if entry.is_dir())
        return tuple(sorted(f.name for f in folders if any(_lesson_files(f))))


def open_course(where: str | Path, language: str = "") -> Course:
    """The course in a folder or a zip file.

    Raises:
        LessonError: there is no course.
    """
    path = Path(where)
    if path.is_dir():
        return Course(path, language)
    if not path.is_file():
        raise LessonError("there is no such folder or file", place=str(where))
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        hint = "a folder or a zip with a course.toml"
        raise LessonError(f"no course: {error}", place=str(where), hint=hint) from None
    return Course(_root_in(zipfile.Path(archive)), language)


def _root_in(archive: zipfile.Path) -> Traversable:
    """The folder of a zip that holds course.toml: the top one, or the only one."""
    folders = [entry for entry in archive.iterdir() if entry.is_dir()]
    if not (archive / OUTLINE_FILE).is_file() and len(folders) == 1:
        return folders[0]
    return archive


def own_course(language: str = "") -> Course:
    """The course that comes with scopetutor: in a wheel, a zipapp or a checkout."""
    package = resources.files("scopetutor")
    shipped = package / "_lessons"
    if (shipped / OUTLINE_FILE).is_file():
        return Course(shipped, language)
    beside = Path(str(package)).parent / "lessons"
    if (beside / OUTLINE_FILE).is_file():
        return Course(beside, language)
    raise LessonError(
        "the lessons of scopetutor are missing",
        place=str(beside),
        hint="install scopetutor again",
    )


def check_outline(root: Traversable) -> tuple[LessonError, ...]:
    """Everything that is wrong with a course as a whole, without its lessons' texts."""
    faults = Faults(OUTLINE_FILE)
    outline = _read_outline(root, faults)
    if outline is not None and not faults.errors:
        _check_files(root, outline, faults)
        _check_needs(root, outline, faults)
    return tuple(faults.errors)


# -- course.toml --------------------------------------------------------------------


def _read_outline(root: Traversable, faults: Faults) -> Outline | None:
    if not (root / OUTLINE_FILE).is_file():
        faults.add(0, f"there is no {OUTLINE_FILE} in {root}", "is it a course?")
        return None
    try:
        text = _text(root / OUTLINE_FILE, OUTLINE_FILE)
    except LessonError as error:
        faults.errors.append(error)
        return None
    outline = read_table(text, Outline, faults, first_line=1, what="course")
    if outline is None:
        return None

    def line(word: str) -> int:
        at = text.find(f'"{word}"')
        return text.count("\n", 0, at) + 1 if at >= 0 else 1

    if outline.format > FORMAT:
        problem = f"format {outline.format} is not known here"
        faults.add(line("format"), problem, "update scopetutor")
    if not ID.fullmatch(outline.id):
        problem = f"bad id {outline.id!r}"
        faults.add(line(outline.id), problem, "small letters, digits, hyphens")
    seen: set[str] = set()
    for lesson in outline.lessons:
        if not ID.fullmatch(lesson):
            problem = f"bad lesson id {lesson!r}"
            faults.add(line(lesson), problem, "small letters, digits, hyphens")
        if lesson in seen:
            faults.add(line(lesson), f"lesson {lesson!r} twice")
        seen.add(lesson)
    if not seen:
        faults.add(1, "a course without lessons")
    return outline


def _check_files(root: Traversable, outline: Outline, faults: Faults) -> None:
    listed = set(outline.lessons)
    there = set(_lesson_files(root))
    for lesson in outline.lessons:
        if lesson not in there:
            hint = meant(lesson, there - listed)
            faults.add(0, f"lesson {lesson!r} has no file {lesson}.md", hint)
    for lesson in sorted(there - listed):
        faults.add(0, f"{lesson}.md is in no part of the course", "list it, or move it")


def _check_needs(root: Traversable, outline: Outline, faults: Faults) -> None:
    """Lessons are needed by later ones only, so nobody waits for himself."""
    before: set[str] = set()
    for lesson in outline.lessons:
        file = f"{lesson}.md"
        head = _front_if_readable(root / file, file)
        if head is not None and head.id != lesson:
            place = Faults(file)
            place.add(2, f"id {head.id!r} in the file of {lesson!r}")
            faults.errors.extend(place.errors)
        for need in head.needs if head else ():
            if need not in before:
                place = Faults(file)
                known = need in outline.lessons
                problem = f"needs {need!r}, " + (
                    "which comes later" if known else "which is not in the course"
                )
                place.add(2, problem, "" if known else meant(need, before))
                faults.errors.extend(place.errors)
        before.add(lesson)


def _lesson_files(folder: Traversable) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.name.endswith(".md") and entry.name != "README.md":
            yield entry.name.removesuffix(".md")


def _front(entry: Traversable, file: str) -> Head | None:
    if not entry.is_file():
        return None
    return front_matter(_text(entry, file), Faults(file))[0]


def _front_if_readable(entry: Traversable, file: str) -> Head | None:
    """None for a file that cannot be read; who reads its lesson says why."""
    try:
        return _front(entry, file)
    except LessonError:
        return None


def _text(entry: Traversable, file: str) -> str:
    """A file's text; LessonError if it cannot be read."""
    try:
        data = entry.read_bytes()
    except (OSError, KeyError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LessonError(f"cannot be read: {reason}", place=file) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LessonError(
            "not UTF-8", place=f"{file}:{line}", hint="save the file as UTF-8"
        ) from None
