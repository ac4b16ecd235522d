"""A script as it lies on disk: found, read, and known to be Python 3 or not.

The first step of `run` and `tree`; `python2` says what keeps an old script from being
read, and mends it if it is asked to.
"""

from __future__ import annotations

import ast
import codecs
import contextlib
import io
import tokenize
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from scopetutor.errors import ScriptError, UsageError

from . import python2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

    from scopetutor.snapshot import Site

LARGEST = 64 << 20  # bytes of a file; a device may have no end


@dataclass(frozen=True)
class Script:
    """A Python program in a file.

    Attributes:
        path: as the user typed it.
        text: what is in it, rewritten for Python 3 if that was asked for.
        code: to run it.
    """

    path: str
    text: str
    code: CodeType

    def place(self, site: Site | None) -> str:
        """A line in a word, such as "model.py:12"; "" if there is none.

        The script and what lies in its folder are named as seen from there.
        """
        if site is None:
            return ""
        file = Path(self.path).name if site.file == self.path else site.file
        return f"{file}:{site.line}"

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax; making it takes longer than reading the script."""
        with _without_remarks():
            return ast.parse(self.text, self.path)

    @property
    def folder(self) -> str:
        """Where it lies; modules beside it can be imported."""
        return str(Path(self.path).resolve().parent)


def read(path: str, *, py2: bool = False) -> Script:
    """The script in a file.

    Args:
        path: of the file.
        py2: whether it is to be rewritten from Python 2.

    Raises:
        UsageError: there is no such file, or it cannot be read.
        ScriptError: it is not Python 3.
    """
    text = text_of(path)
    if py2:
        text = python2.rewritten(text, path)
    try:
        with _without_remarks():
            return Script(path, text, compile(text, path, "exec", dont_inherit=True))
    except SyntaxError as error:
        raise python2.refusal(error, text, path) from None
    except (ValueError, RecursionError) as error:  # NUL bytes; a thousand brackets
        raise ScriptError(f"this is not Python: {error}", place=path) from None


@contextlib.contextmanager
def _without_remarks() -> Iterator[None]:
    """Keeps Python from remarking on what was fine in a script's time.

    Such as an unknown escape in a plain string, or `is` with a number.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def text_of(path: str) -> str:
    """What is in a Python file, in the encoding that its first lines name.

    Raises:
        UsageError: it cannot be read.
        ScriptError: it is no text.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise UsageError("there is no such file", place=path) from None
    except IsADirectoryError:
        raise UsageError(
            "this is a folder", place=path, hint="name the script in it"
        ) from None
    except OSError as error:
        raise UsageError(
            f"it cannot be read: {error.strerror or error}", place=path
        ) from None
    if len(data) > LARGEST:
        raise ScriptError(f"this is larger than {LARGEST >> 20} MB", place=path)
    return _decoded(data, path).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, path: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        raise ScriptError(
            "this is not text in UTF-8, but binary or in UTF-16",
            place=path,
            hint="if it is a program, save it as UTF-8",
        )
    encoding = "UTF-8"
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        unknown = "unknown encoding" in str(error)
        raise ScriptError(
            str(error) if unknown else f"this is not text in {encoding.upper()}",
            place=path,
            hint="a first line such as  # -*- coding: latin-1 -*-",
        ) from None
