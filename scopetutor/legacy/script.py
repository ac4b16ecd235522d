"""A script as it lies on disk: found, read, and known to be Python 3 or not.

The first step of `run` and `tree`; `python2` says what keeps an old script from being
read, and mends it if it is asked to.
"""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from dataclasses import dataclass
from pathlib import Path

from scopetutor.errors import ScriptError, UsageError

from . import python2


@dataclass(frozen=True, slots=True)
class Script:
    """A Python program in a file.

    Attributes:
        path: as the user typed it.
        text: what is in it, rewritten for Python 3 if that was asked for.
        tree: its syntax.
    """

    path: str
    text: str
    tree: ast.Module

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
    text = _text(path)
    if py2:
        text = python2.rewritten(text, path)
    try:
        return Script(path, text, parsed(text, path))
    except SyntaxError as error:
        raise python2.refusal(error, text, path) from None
    except (ValueError, RecursionError) as error:  # NUL bytes; a thousand brackets
        raise ScriptError(f"this is not Python: {error}", place=path) from None


def parsed(text: str, path: str) -> ast.Module:
    """The syntax of a program, without Python's remarks on its age.

    Raises:
        SyntaxError: it is not Python 3.
    """
    with warnings.catch_warnings():
        # "\d" in a plain string, and `is` with a number, were fine in their time.
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        tree = compile(text, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree


def _text(path: str) -> str:
    """What is in a file, in the encoding that its first lines name.

    Raises:
        UsageError: it cannot be read.
        ScriptError: it is no text.
    """
    try:
        data = Path(path).read_bytes()
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
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise ScriptError(
            f"this is not text in its encoding: {error}",
            place=path,
            hint="a first line such as  # -*- coding: latin-1 -*-",
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
