"""From an exception of the learner's program to what the learner is told of it.

Only the learner's own lines are kept. Nothing an exception does when it is looked at
(a `__str__` that raises, a chain without an end) may harm the evaluator.

`run` hands it the exception; `last_error` adds the rule that was hit, `render.error`
draws the whole.
"""

from __future__ import annotations

import builtins
import contextlib
import difflib
import inspect
import re
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from . import lookup
from .class_names import OURS
from .outcome import ErrorView, FrameView

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scopetutor.snapshot import Site

    from .sources import Sources

LONGEST_MESSAGE = 20_000
MOST_FRAMES = 40
MOST_CAUSES = 5
# Where TF 1.15 defines the errors of operations; its users know them by this name.
_TF_ERRORS = "tensorflow.python.framework.errors_impl"
_UNEXPECTED = re.compile(r"got an unexpected keyword argument '(\w+)'")
_CALLED = re.compile(r"([A-Za-z_][\w.]*)\(")
# Names that nearly every program has, and the line that makes them.
_USUAL = {"tf": "import tensorflow as tf", "np": "import numpy as np"}


def view(
    error: BaseException, sources: Sources, names: Mapping[str, Any], depth: int = 0
) -> ErrorView:
    """An exception as the learner sees it.

    Args:
        error: what was raised.
        sources: tells the learner's lines from others.
        names: the learner's, for suggestions.
        depth: how many exceptions led here.
    """
    try:
        return _view(error, sources, names, depth)
    except Exception:
        unknown = "(it cannot be looked at: its attributes fail)"
        return ErrorView(type=type_name(type(error)), message=unknown)


def _view(
    error: BaseException, sources: Sources, names: Mapping[str, Any], depth: int
) -> ErrorView:
    cause, direct = _cause(error)
    frames = _frames(sources.sites(error.__traceback__))
    source = None
    if isinstance(error, SyntaxError):
        place, source = _syntax_place(error, sources)
        frames += place
    return ErrorView(
        type=type_name(type(error)),
        message=message(error)[:LONGEST_MESSAGE],
        frames=frames,
        source=source,
        hint=suggestion(error, names, frames[-1].site.text if frames else ""),
        notes=_notes(error),
        cause=view(cause, sources, {}, depth + 1)
        if cause is not None and depth < MOST_CAUSES
        else None,
        direct=direct,
    )


def type_name(kind: type[BaseException]) -> str:
    """The exception's class as Python prints it; TensorFlow's under their old name."""
    module = kind.__module__
    if module in ("builtins", "__main__") or not isinstance(module, str):
        return kind.__qualname__
    if module.startswith("scopetutor.engine."):
        module = _TF_ERRORS
    return f"{module}.{kind.__qualname__}"


def message(error: BaseException) -> str:
    """The exception's text; for a SyntaxError without the place."""
    try:
        return str(error.msg) if isinstance(error, SyntaxError) else str(error)
    except Exception:
        return "(its text cannot be had: its __str__ fails)"


def _cause(error: BaseException) -> tuple[BaseException | None, bool]:
    """What an exception was raised from or while, and whether it says so itself.

    The engine raises from errors of NumPy; those are nobody's business.
    """
    if error.__cause__ is not None:
        own = type(error).__module__.startswith(OURS)
        return (None, False) if own else (error.__cause__, True)
    if error.__suppress_context__:
        return None, False
    return error.__context__, False


def _notes(error: BaseException) -> tuple[str, ...]:
    notes = getattr(error, "__notes__", ())
    if not isinstance(notes, list):
        return ()
    return tuple(note for note in notes[:20] if isinstance(note, str))


def _frames(sites: Iterable[tuple[Site, str]]) -> tuple[FrameView, ...]:
    """The levels of a traceback; a level that repeats itself once, the middle cut."""
    frames: list[FrameView] = []
    for site, function in sites:
        if frames and frames[-1].site is site:
            last = frames.pop()
            frames.append(FrameView(site, function, last.repeated + 1))
        else:
            frames.append(FrameView(site, function))
    if len(frames) > MOST_FRAMES:
        half = MOST_FRAMES // 2
        frames = frames[:half] + frames[-half:]
    return tuple(frames)


def _syntax_place(
    error: SyntaxError, sources: Sources
) -> tuple[tuple[FrameView, ...], tuple[int, int] | None]:
    """Where the code is wrong: as a level of the traceback, and in columns."""
    filename, line = error.filename, error.lineno
    if not isinstance(filename, str) or not isinstance(line, int):
        return (), None
    if not sources.is_learners(filename):
        return (), None
    column = error.offset if isinstance(error.offset, int) else 0
    end = error.end_offset if isinstance(error.end_offset, int) else column
    # The place is in the line as typed; what is shown begins at its first character.
    typed = error.text if isinstance(error.text, str) else ""
    indent = len(typed) - len(typed.lstrip())
    if error.end_lineno not in (None, line):
        end = len(typed.rstrip()) + 1
    column, end = max(column - indent, 1), max(end - indent, 1)
    place = FrameView(sources.site(filename, line))
    return (place,), (column, max(end, column))


def suggestion(error: BaseException, names: Mapping[str, Any], line: str = "") -> str:
    """What a misspelt name may have meant, or ""; also if the error says so itself.

    Args:
        error: what was raised.
        names: the learner's.
        line: of the learner's that raised it.
    """
    if isinstance(error, TypeError) and (found := _UNEXPECTED.search(message(error))):
        return _near(found[1], _parameters(line, names))
    wanted = getattr(error, "name", None)
    # The notes of `tf` say what may be meant.
    if not isinstance(wanted, str) or _notes(error):
        return ""
    if isinstance(error, NameError):
        return _missing_name(wanted, names)
    if isinstance(error, AttributeError):
        return _near(wanted, _attributes(getattr(error, "obj", None)))
    if isinstance(error, ModuleNotFoundError):
        return _missing_module(wanted)
    return ""


def _missing_module(wanted: str) -> str:
    """What to do about a module that is not there."""
    if wanted == "keras":
        return "Keras is in TensorFlow: from tensorflow import keras"
    if wanted.startswith("tensorflow"):  # the language says itself what it has
        return ""
    return "It is not installed for the Python that runs scopetutor."


def _parameters(line: str, names: Mapping[str, Any]) -> set[str]:
    """The names of the arguments of what a line calls."""
    known: set[str] = set()
    for called in _CALLED.findall(line):
        with contextlib.suppress(lookup.UnknownError, TypeError, ValueError):
            thing = lookup.find(called, names)
            if type(thing) in (FunctionType, MethodType, type):  # no code of its own
                known.update(inspect.signature(thing).parameters)
    return known


def _missing_name(wanted: str, names: Mapping[str, Any]) -> str:
    """What to do about a name that is not there."""
    if wanted in _USUAL:
        return f"Type this first: {_USUAL[wanted]}"
    if wanted in _attributes(names.get("tf")):
        return f"Did you mean tf.{wanted}?"
    return _near(wanted, [*names, *dir(builtins)])


def _near(wanted: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(wanted, [k for k in known if k != wanted], n=1)
    return f"Did you mean {close[0]}?" if close else ""


def _attributes(thing: Any) -> list[str]:
    """The names of a thing's attributes, without running code of the learner's."""
    known = {name for kind in type(thing).__mro__ for name in vars(kind)}
    with contextlib.suppress(AttributeError, TypeError):  # it may have none
        held = object.__getattribute__(thing, "__dict__")
        known.update(name for name in held if type(name) is str)
    return sorted(name for name in known if not name.startswith("__"))
