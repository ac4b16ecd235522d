"""`tf.gfile`: files as TF 1.15 opens, lists, copies and removes them.

On `files`, which knows the errors. Only the computer's own files can be had: there are
no buckets and no HDFS here.
"""

from __future__ import annotations

import errno
import os
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

from . import compat, files
from .deprecation import warn_argument, warn_function
from .op_errors import (
    AlreadyExistsError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

_MODES = ("r", "w", "a", "r+", "w+", "a+")


class GFile:
    """A file; text unless the mode has a "b".

    Nothing is opened before the first reading or writing, as in TF 1.15.
    """

    def __init__(self, name: Any, mode: str = "r") -> None:
        self._name, self._mode = name, mode
        if mode.replace("b", "") not in _MODES:
            raise InvalidArgumentError(
                None, None, "mode is not 'r' or 'w' or 'a' or 'r+' or 'w+' or 'a+'"
            )
        self._file: Any = None

    @property
    def name(self) -> Any:
        """Its path, as it was given."""
        return self._name

    @property
    def mode(self) -> str:
        """As it was given."""
        return self._mode

    def _opened(self, *, reads: bool) -> Any:
        """The file.

        Raises:
            PermissionDeniedError: the mode does not allow it.
        """
        plain = self._mode.replace("b", "")
        allowed = "r" in plain or "+" in plain if reads else plain != "r"
        if not allowed:
            what = "reading" if reads else "writing"
            raise PermissionDeniedError(None, None, f"File isn't open for {what}")
        if self._file is None:
            path = files.text_path(self._name)
            try:
                self._file = open(path, plain + "b")  # noqa: SIM115 - closed by close
            except OSError as error:
                raise files.refusal(error, path) from None
        return self._file

    def _given(self, data: bytes) -> Any:
        return data if "b" in self._mode else data.decode("utf-8")

    def read(self, n: int = -1) -> Any:
        """What is left of the file, or the next `n` characters."""
        file = self._opened(reads=True)
        if n < 0 or "b" in self._mode:
            return self._given(file.read(n))
        text = b""
        while n > 0 and (data := file.read(n)):
            text += data
            # A byte that goes on with a character is no character of its own.
            n -= sum(1 for byte in data if byte & 0xC0 != 0x80)
        return text.decode("utf-8")

    def readline(self) -> Any:
        """The next line with its newline; nothing at the end."""
        return self._given(self._opened(reads=True).readline())

    def readlines(self) -> list[Any]:
        """The lines that are left."""
        return list(iter(self.readline, self._given(b"")))

    def write(self, file_content: Any) -> None:
        """Writes text or bytes."""
        self._opened(reads=False).write(compat.as_bytes(file_content))

    def size(self) -> int:
        """Bytes of the file."""
        return Stat(self._name).length

    def tell(self) -> int:
        """Where in the file it is, in bytes."""
        return 0 if self._file is None else int(self._file.tell())

    def seek(
        self, offset: int | None = None, whence: int = 0, position: int | None = None
    ) -> None:
        """Goes to a place, in bytes.

        Raises:
            TypeError: no place is given.
        """
        if position is not None:
            warn_argument(
                "FileIO.seek",
                "tensorflow.python.lib.io.file_io",
                "position",
                "position is deprecated in favor of the offset argument.",
                depth=2,
            )
            offset = position
        if offset is None:
            raise TypeError("seek(): offset argument required")
        if whence not in (0, 1, 2):
            said = f"Invalid whence argument: {whence}. Valid values are 0, 1, or 2."
            raise InvalidArgumentError(None, None, said)
        self._opened(reads=True).seek(offset, whence)

    def seekable(self) -> bool:
        """Whether one can go to a place in it."""
        return True

    def flush(self) -> None:
        """Writes what waits to be written."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Closes it; TF 1.15: a file that was never written to is made here."""
        if self._file is None and "w" in self._mode:
            self._opened(reads=False)
        if self._file is not None:
            self._file.close()
        self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    next = __next__


Open = GFile


class FastGFile(GFile):
    """The same, under the name it had before; TF 1.15: deprecated."""

    def __init__(self, name: Any, mode: str = "r") -> None:
        warn_function(
            "FastGFile.__init__",
            "tensorflow.python.platform.gfile",
            "Use tf.gfile.GFile.",
        )
        super().__init__(name, mode)


class Statistics(NamedTuple):
    """What is known of a file.

    Attributes:
        length: in bytes.
        mtime_nsec: when it was changed, in nanoseconds.
        is_directory: whether it is a folder.
    """

    length: int
    mtime_nsec: int
    is_directory: bool


def Exists(filename: Any) -> bool:
    """Whether there is a file or folder."""
    return os.path.exists(files.text_path(filename))


def IsDirectory(dirname: Any) -> bool:
    """Whether there is a folder."""
    return os.path.isdir(files.text_path(dirname))


def Stat(filename: Any) -> Statistics:
    """What is known of a file."""
    path = files.text_path(filename)
    try:
        found = os.stat(path)
    except OSError as error:
        raise files.refusal(error, path) from None
    return Statistics(found.st_size, found.st_mtime_ns, os.path.isdir(path))


def ListDirectory(dirname: Any) -> list[str]:
    """The names in a folder.

    Raises:
        NotFoundError: there is no such folder.
    """
    path = files.text_path(dirname)
    if not os.path.isdir(path):
        raise NotFoundError(None, None, f"Could not find directory {path}")
    return os.listdir(path)


def Glob(filename: Any) -> list[str]:
    """The paths that match a pattern, or one of some."""
    patterns = filename if isinstance(filename, (list, tuple)) else [filename]
    return [path for pattern in patterns for path in _matching(pattern)]


def _matching(pattern: Any) -> list[str]:
    try:
        return files.matching(pattern)
    except NotFoundError:
        return []


def MkDir(dirname: Any) -> None:
    """Makes a folder, whose own folder is there; fine if it is there itself."""
    path = files.text_path(dirname)
    try:
        os.mkdir(path)
    except FileExistsError:
        return
    except OSError as error:
        raise files.refusal(error, path) from None


def MakeDirs(dirname: Any) -> None:
    """Makes a folder and those around it; fine if it is there."""
    path = files.text_path(dirname)
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise files.refusal(error, path) from None


def Remove(filename: Any) -> None:
    """Removes a file."""
    path = files.text_path(filename)
    if os.path.isdir(path) and not os.path.islink(path):
        raise files.refusal(IsADirectoryError(errno.EISDIR, "Is a directory"), path)
    try:
        os.unlink(path)
    except OSError as error:
        raise files.refusal(error, path) from None


def DeleteRecursively(dirname: Any) -> None:
    """Removes a folder and all that is in it.

    Raises:
        NotFoundError: there is none.
    """
    path = files.text_path(dirname)
    if not os.path.isdir(path):
        raise NotFoundError(None, None, f"{path} not found")
    shutil.rmtree(path)


def Copy(oldpath: Any, newpath: Any, overwrite: bool = False) -> None:
    """Copies a file.

    Raises:
        AlreadyExistsError: there is one, and it is not to be overwritten.
    """
    source, target = files.text_path(oldpath), files.text_path(newpath)
    _refuse_existing(target, overwrite)
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise files.refusal(error, str(error.filename)) from None


def Rename(oldname: Any, newname: Any, overwrite: bool = False) -> None:
    """Gives a file another name.

    Raises:
        AlreadyExistsError: there is one of that name, and it is not to be overwritten.
    """
    source, target = files.text_path(oldname), files.text_path(newname)
    _refuse_existing(target, overwrite)
    try:
        os.replace(source, target)
    except OSError as error:
        raise files.refusal(error, source) from None


def _refuse_existing(path: str, overwrite: bool) -> None:
    if not overwrite and os.path.exists(path):
        raise AlreadyExistsError(None, None, "file already exists")


def Walk(top: Any, in_order: bool = True) -> Iterator[tuple[str, list[str], list[str]]]:
    """The folders from one downwards, with the folders and files in each.

    Args:
        top: the first folder; if there is none, there is nothing.
        in_order: a folder before those in it, or after them.
    """
    path = files.text_path(top)
    if not os.path.isdir(path):
        return
    names = sorted(os.listdir(path))
    folders = [name for name in names if os.path.isdir(os.path.join(path, name))]
    others = [name for name in names if name not in folders]
    if in_order:
        yield path, folders, others
    for name in folders:
        yield from Walk(os.path.join(path, name), in_order)
    if not in_order:
        yield path, folders, others
