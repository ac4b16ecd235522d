"""What an error says that comes out of converted code.

After ``op_errors.py``; layers and datasets call `called`. TF 1.15 lets AutoGraph
rewrite `call` of a layer, the functions that datasets map, and what these call. An
error in them is raised anew, of its own class where that can be made from a text, and
says

    in converted code:

        net.py:7 call  *
            return self.inner(x)

        ValueError: what the error said

A star marks a function that was rewritten. Here a function is only rewritten where that
changes something, and TensorFlow's own levels, which it lists between the program's,
are left out.
"""

from __future__ import annotations

import linecache
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from .op_errors import OperatorNotAllowedInGraphError, OpError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import CodeType, TracebackType

_PACKAGE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "")
_COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
# TF 1.15: the classes of Python that are made again; any other becomes a StagingError.
_MADE_AGAIN = (
    AssertionError,
    AttributeError,
    NameError,
    NotImplementedError,
    RuntimeError,
    StopIteration,
    TypeError,
    ValueError,
    OperatorNotAllowedInGraphError,
)


callers: set[CodeType] = set()
"""The code that calls what is rewritten, or could be."""

made_codes: dict[CodeType, CodeType] = {}
"""By the code of each function that was made, the code of the outermost one in it."""


class StagingError(Exception):
    """An error in converted code whose class cannot be made from a text."""

    __module__ = "tensorflow.python.autograph.impl.api"


class _MultilineKeyError(KeyError):
    """A KeyError that says its text as it is."""

    __module__ = "tensorflow.python.autograph.pyct.errors"

    def __init__(self, text: str, cause: str) -> None:
        super().__init__(cause)
        self._text = text

    def __str__(self) -> str:
        return self._text


_MultilineKeyError.__name__ = _MultilineKeyError.__qualname__ = "KeyError"


class _Level(NamedTuple):
    """A call of the program's: where it stood when the error came."""

    file: str
    line: int
    function: str
    rewritten: bool
    by_converted: bool  # called by what was rewritten, not through TensorFlow


def called(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    """Calls what TensorFlow would rewrite.

    Raises:
        Exception: what the function raised, saying where in converted code it was.
    """
    try:
        return function(*args, **kwargs)
    except Exception as error:
        cause = getattr(error, "_cause_in_converted_code", None)
        if cause is None:
            cause = f"{type(error).__name__}: {error}"
        told = _made_again(error, _text(error.__traceback__, cause), cause)
        vars(told).update({**vars(error), **vars(told)})  # what is noted on it stays
        told._cause_in_converted_code = cause  # type: ignore[attr-defined]
        told.__suppress_context__ = True
        raise told.with_traceback(error.__traceback__)  # noqa: B904 - as there


def _made_again(error: Exception, text: str, cause: str) -> Exception:
    kind = type(error)
    if isinstance(error, OpError) and kind is not OpError:
        return kind(error.node_def, error.op, text)
    if kind.__init__ is Exception.__init__ or kind in _MADE_AGAIN:
        return kind(text)
    if kind in (KeyError, _MultilineKeyError):
        return _MultilineKeyError(text, cause)
    return StagingError(text)


def _text(trace: TracebackType | None, cause: str) -> str:
    levels, ends_inside = _levels(trace)
    lines = ["in converted code:"]
    files = [level.file for level in levels]
    folder = ""
    if len(files) > 1 and not ends_inside:
        common = os.path.commonprefix(files)  # noqa: RUF071 - of letters, as in TF 1.15
        folder = os.path.dirname(common)
    folder = "" if folder == os.path.sep else folder
    if folder:
        lines.append(f"    relative to {folder}:")
    lines.append("")
    for level in levels:
        name = level.file[len(folder) + 1 if folder else 0 :]
        star = "  *" if level.rewritten else ""
        lines.append(f"    {name}:{level.line} {level.function}{star}")
        source = linecache.getline(level.file, level.line).strip()
        lines.append(f"        {source or '<source unavailable>'}")
    lines.append("")
    lines.extend(f"    {line}" for line in cause.split("\n"))
    return "\n".join([*lines, ""])


def _levels(trace: TracebackType | None) -> tuple[list[_Level], bool]:
    """The program's levels, outermost first; whether TensorFlow's own follow.

    TF 1.15 lists what was rewritten, and below the innermost of that all levels. Of a
    function that was rewritten, only the innermost of its parts is listed.
    """
    found: list[_Level] = []
    rewritten: set[CodeType] = set()
    places: dict[CodeType, int] = {}  # of functions that were rewritten, in `found`
    before: CodeType = called.__code__
    while trace is not None:
        code = trace.tb_frame.f_code
        if not code.co_filename.startswith(_PACKAGE):
            whole = made_codes.get(code)
            if whole in places and before not in callers:
                del found[places[whole] + 1 :]
                found[-1] = found[-1]._replace(line=trace.tb_lineno)
            elif code.co_name in _COMPREHENSIONS and found and before in rewritten:
                found[-1] = found[-1]._replace(line=trace.tb_lineno)
                rewritten.add(code)
            else:
                if whole is not None:
                    places[whole] = len(found)
                found.append(_level(trace, code, before, rewritten))
        before = code
        trace = trace.tb_next
    last = max((at for at, level in enumerate(found) if level.rewritten), default=0)
    outer = [one for one in found[:last] if one.rewritten and one.by_converted]
    return outer + found[last:], before.co_filename.startswith(_PACKAGE)


def _level(
    trace: TracebackType, code: CodeType, before: CodeType, rewritten: set[CodeType]
) -> _Level:
    """The level of a traceback; `rewritten` gets its code if TensorFlow rewrites it."""
    by_converted = before in callers or before in rewritten
    is_rewritten = code.co_name != "__init__" and (
        by_converted or any(code in outer.co_consts for outer in rewritten)
    )
    if is_rewritten:
        rewritten.add(code)
    function = code.co_name
    if is_rewritten and function == "<lambda>":
        function = "None"
    return _Level(
        code.co_filename, trace.tb_lineno, function, is_rewritten, by_converted
    )
