"""Pieces of files: never more than is there, and every refusal is one error."""

from __future__ import annotations

import builtins

import pytest

from scopetutor.errors import FileFormatError, FileMissingError
from scopetutor.formats.file_ranges import FileRanges
from scopetutor.formats.open_checkpoint import find_checkpoint
from scopetutor.formats.records import read_records


@pytest.fixture
def file(tmp_path):
    """A file of ten bytes."""
    path = tmp_path / "ten"
    path.write_bytes(b"0123456789")
    return str(path)


@pytest.fixture
def locked(file, monkeypatch):
    """The same file, which may be looked at but not opened."""
    original = builtins.open

    def refuse(path, *arguments, **options):
        if path == file:
            raise PermissionError(13, "Permission denied")
        return original(path, *arguments, **options)

    monkeypatch.setattr(builtins, "open", refuse)
    return file


def test_a_piece_is_those_bytes(file):
    """Any piece inside the file is read, an empty one too."""
    ranges = FileRanges(file)

    assert (ranges.size, ranges.read(2, 3), ranges.read(10, 0)) == (10, b"234", b"")


@pytest.mark.parametrize(("offset", "size"), [(9, 2), (-1, 1), (0, -1), (1 << 70, 1)])
def test_a_piece_outside_is_refused(file, offset, size):
    """A piece that is not wholly inside names the file's real size."""
    with pytest.raises(FileFormatError, match=r"are announced, the file has 10"):
        FileRanges(file).read(offset, size)


def test_a_file_that_shrinks_is_noticed(file):
    """A file cut after it was looked at is said to have become shorter."""
    ranges = FileRanges(file)
    with builtins.open(file, "wb") as cut:
        cut.write(b"012")

    with pytest.raises(FileFormatError, match="became shorter while it was read"):
        ranges.read(0, 10)


def test_a_missing_file_and_a_folder_are_told_apart(file, tmp_path):
    """Nothing there, a folder, and a path through a file each say so."""
    with pytest.raises(FileMissingError, match="look at its name and folder"):
        FileRanges(str(tmp_path / "no"))
    with pytest.raises(FileMissingError):
        FileRanges(f"{file}/inside")
    with pytest.raises(FileFormatError, match="this is a folder"):
        FileRanges(str(tmp_path))


def test_a_file_we_may_not_read_is_said_so(locked):
    """The system's refusal becomes the one error, with the system's reason."""
    for read in (
        lambda: FileRanges(locked).read(0, 1),
        lambda: list(read_records(locked)),
        lambda: find_checkpoint(locked),
    ):
        with pytest.raises(FileFormatError, match="cannot be read: Permission denied"):
            read()
