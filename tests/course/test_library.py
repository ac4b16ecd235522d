"""Courses of others: only their texts are taken, whole or not at all."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from scopetutor.course import library
from scopetutor.errors import LessonError, UsageError

from .conftest import TINY


@pytest.fixture(autouse=True)
def shelf(monkeypatch, tmp_path) -> Path:
    """An empty library."""
    monkeypatch.setenv("SCOPETUTOR_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "courses"


def add(source: object) -> Path:
    """Adds a course without verifying it."""
    with library.fetched(str(source)) as course:
        return library.keep(course)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the tiny course, to be spoilt."""
    return Path(shutil.copytree(TINY, tmp_path / "source"))


def test_from_a_folder(shelf, folder):
    """With its translations; other files stay where they are."""
    (folder / "setup.py").write_text("import os; os.abort()")
    (folder / "zh").mkdir(exist_ok=True)
    (folder / "zh" / "second.md").write_text("+++\n+++\n")
    place = add(folder)

    assert place == shelf / "tiny" == library.added("tiny")
    names = {str(f.relative_to(place)) for f in place.rglob("*") if f.is_file()}
    assert names == {"course.toml", "sample.md", "second.md", str(Path("zh/second.md"))}
    assert [one.name for one in shelf.iterdir()] == ["tiny"]


def test_from_a_zip(tmp_path, folder):
    """Whether the course is at the top or in the only folder."""
    for number, base in enumerate((folder, folder.parent)):
        inside = "." if number == 0 else "source"
        name = shutil.make_archive(str(tmp_path / f"{number}"), "zip", base, inside)
        assert (add(name) / "sample.md").is_file()


def test_from_git(tmp_path, folder):
    """The newest state of a repository; its hooks and history are not kept."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=folder, check=True)
    place = add(folder.as_uri())

    assert (place / "sample.md").is_file()
    assert not (place / ".git").exists()


def test_a_repository_that_is_not_there(tmp_path):
    """Is told in git's own words, without a question for a password."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    with pytest.raises(UsageError, match="git: "):
        add((tmp_path / "nothing").as_uri())


def test_without_git(monkeypatch):
    """Says what to do instead."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(UsageError, match="git is not installed"):
        add("https://example.org/course.git")


def test_added_again(shelf, folder):
    """The newer one takes the place of the older one."""
    add(folder)
    (folder / "course.toml").write_text(
        (folder / "course.toml").read_text().replace("A tiny course", "Newer")
    )

    assert "Newer" in (add(folder) / "course.toml").read_text()
    assert [one.name for one in library.all_added()] == ["tiny"]


def test_removed(folder):
    """And then there is none."""
    add(folder)
    library.remove("tiny")

    assert library.added("tiny") is None
    with pytest.raises(UsageError, match="no added course"):
        library.remove("tiny")


@pytest.mark.parametrize("name", ["..", "../x", "/etc", "", ".", "a b", "C:\\x"])
def test_names_that_lead_elsewhere(name: str):
    """Are no courses."""
    assert library.added(name) is None
    with pytest.raises(UsageError):
        library.remove(name)


def test_links_are_not_followed(folder, tmp_path):
    """Neither to files nor to folders outside of the course."""
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.md").write_text("secret")
    try:
        (folder / "linked.md").symlink_to(secret / "key.md")
        (folder / "de").symlink_to(secret, target_is_directory=True)
    except OSError:
        pytest.skip("no links on this system")
    place = add(folder)

    assert not any("secret" in file.read_text() for file in place.rglob("*.md"))


def test_a_zip_that_climbs_out(tmp_path, folder):
    """Its entries stay inside, or are not taken at all."""
    name = tmp_path / "evil.zip"
    with zipfile.ZipFile(name, "w") as archive:
        archive.write(folder / "course.toml", "course.toml")
        for lesson in ("sample.md", "second.md"):
            archive.write(folder / lesson, lesson)
        archive.writestr("../../climbed.md", "x")
        archive.writestr("/climbed.md", "x")
        archive.writestr("zh/../../climbed.md", "x")
    place = add(name)

    assert not list(tmp_path.rglob("climbed.md"))
    assert (place / "sample.md").is_file()


def test_a_zip_that_explodes(tmp_path, folder):
    """A file that is far too large is refused before it is read."""
    name = tmp_path / "bomb.zip"
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "course.toml", "course.toml")
        archive.writestr("sample.md", b"\0" * (64 << 20))
    with pytest.raises(LessonError, match="larger than 1 MB"):
        add(name)


def test_too_many_files(folder, monkeypatch):
    """Are refused, and nothing is left behind."""
    monkeypatch.setattr(library, "MOST_FILES", 2)
    with pytest.raises(LessonError, match="more than 2 files"):
        add(folder)
    assert library.all_added() == []
    assert list(library.library().iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04garbage", b"\xff" * 100])
def test_files_that_are_no_zip(tmp_path, content: bytes):
    """Are refused in one sentence."""
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    with pytest.raises(LessonError, match="no course"):
        add(file)


def test_a_folder_without_a_course(tmp_path):
    """Says what is missing."""
    with pytest.raises(LessonError, match=r"course\.toml"):
        add(tmp_path)
    with pytest.raises(LessonError, match="no such folder"):
        add(tmp_path / "nothing")
