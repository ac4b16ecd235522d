"""Courses that were added: copied to a folder of ours, found by their id.

For `scopetutor course`. Of a folder, a zip or a git repository only the texts of a
course are taken, nothing else, and nothing is followed out of it. A copy is made beside
the others and renamed into place, so that half a course is never seen.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scopetutor.errors import LessonError, UsageError

from .load import ID
from .shelf import OUTLINE_FILE, open_course

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    from .shelf import Course

MOST_FILES = 2000
MOST_BYTES = 1 << 20  # of one file
CLONE_TIME = 120.0  # seconds
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z]{2,4})?")
_GIT = re.compile(r"(https?|ssh|git|file)://|[\w.-]+@[\w.-]+:|.*\.git/?$")


def library(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder they are in: in $SCOPETUTOR_DATA or the platform's folder for data."""
    if chosen := environ.get("SCOPETUTOR_DATA"):
        return Path(chosen) / "courses"
    import platformdirs  # noqa: PLC0415 - not needed where the folder is given

    return platformdirs.user_data_path("scopetutor", appauthor=False) / "courses"


def added(name: str) -> Path | None:
    """The folder of an added course; None if there is none of this id."""
    if not ID.fullmatch(name):
        return None
    folder = library() / name
    return folder if (folder / OUTLINE_FILE).is_file() else None


def all_added() -> list[Path]:
    """The folders of all added courses, by id."""
    if not library().is_dir():
        return []
    names = sorted(entry.name for entry in library().iterdir())
    return [folder for folder in map(added, names) if folder is not None]


def remove(name: str) -> None:
    """Removes an added course; what was learned of it stays.

    Raises:
        UsageError: there is none of this id, or it cannot be removed.
    """
    folder = added(name)
    if folder is None:
        known = ", ".join(one.name for one in all_added()) or "none"
        raise UsageError(f"there is no added course {name!r}; there are: {known}")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        problem = f"cannot be removed: {error.strerror}"
        raise UsageError(problem, place=str(folder)) from None


@contextlib.contextmanager
def fetched(source: str) -> Iterator[Course]:
    """A copy of a course in a folder of ours, to be verified; gone afterwards.

    Args:
        source: a folder, a zip, or the URL of a git repository.

    Raises:
        LessonError: there is no course there, or it is too large.
        UsageError: it cannot be fetched or copied.
    """
    try:
        library().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=library()) as scratch:
            copy = Path(scratch) / "course"
            if _GIT.match(source) and not Path(source).exists():
                clone = Path(scratch) / "clone"
                _clone(source, clone)
                _copy(open_course(clone).root, copy)
            else:
                _copy(open_course(source).root, copy)
            yield open_course(copy)
    except OSError as error:
        problem = f"cannot be copied: {error.strerror or error}"
        raise UsageError(problem, place=str(error.filename or source)) from None


def keep(course: Course) -> Path:
    """Puts a fetched course into the library; an older one of its id goes."""
    if not isinstance(course.root, Path):
        raise UsageError("only a fetched course can be kept")
    place = library() / course.id
    if place.exists():
        old = course.root.with_name("old")
        place.rename(old)
    course.root.rename(place)
    return place


def _clone(url: str, folder: Path) -> None:
    """Gets a repository: its newest state only, no hooks, no questions."""
    git = shutil.which("git")
    if git is None:
        raise UsageError("git is not installed", hint="download the course as a zip")
    command = [git, "-c", "core.hooksPath=/dev/null", "-c", "core.symlinks=false"]
    command += ["clone", "--quiet", "--depth", "1", "--no-recurse-submodules"]
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1"}
    try:
        subprocess.run(
            [*command, "--", url, str(folder)],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
            timeout=CLONE_TIME,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.CalledProcessError as error:
        told = error.stderr.strip().splitlines() or ["it gave no reason"]
        raise UsageError(f"git: {told[-1]}", place=url) from None
    except subprocess.TimeoutExpired:
        problem = f"git has not finished after {CLONE_TIME:g} s"
        raise UsageError(problem, place=url) from None


def _copy(root: Traversable, folder: Path) -> None:
    """Copies the texts of a course, and nothing that is not a plain file."""
    for count, (entry, name) in enumerate(_texts(root)):
        if count == MOST_FILES:
            raise LessonError(f"more than {MOST_FILES} files", place=str(root))
        with entry.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            problem = f"larger than {MOST_BYTES >> 20} MB"
            raise LessonError(problem, place=name)
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _texts(root: Traversable) -> Iterator[tuple[Traversable, str]]:
    for entry in _plain(root):
        if entry.name == OUTLINE_FILE or _is_text(entry):
            yield entry, entry.name
        elif entry.is_dir() and _LANGUAGE.fullmatch(entry.name):
            for inner in _plain(entry):
                if _is_text(inner):
                    yield inner, f"{entry.name}/{inner.name}"


def _plain(folder: Traversable) -> Iterator[Traversable]:
    """What is in a folder, without links to somewhere else."""
    for entry in folder.iterdir():
        if not (isinstance(entry, Path) and entry.is_symlink()):
            yield entry


def _is_text(entry: Traversable) -> bool:
    stem, _, kind = entry.name.rpartition(".")
    return kind == "md" and bool(ID.fullmatch(stem)) and entry.is_file()
