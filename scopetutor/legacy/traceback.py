"""Python's traceback of a script that failed, without the lines that are ours.

`host` prints it. What is left is what TensorFlow's users would call their own lines.
"""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING

import scopetutor
from scopetutor.evaluator import raised

if TYPE_CHECKING:
    from scopetutor.evaluator.sources import Sources

_OURS = os.path.join(os.path.dirname(os.path.abspath(scopetutor.__file__)), "")
_IMPORTING = "<frozen "


def lines(error: BaseException, sources: Sources) -> str:
    """The traceback as text, with its last newline.

    Args:
        error: what was raised.
        sources: tells the script's own files.
    """
    whole = traceback.TracebackException.from_exception(error, compact=True)
    _keep_own(whole, error, sources)
    text = "".join(whole.format())
    kind = type(error)
    own = f"{kind.__module__}.{kind.__qualname__}"
    if own.startswith("scopetutor."):
        text = text.replace(f"\n{own}", f"\n{raised.type_name(kind)}")
    return text


def _keep_own(
    told: traceback.TracebackException, error: BaseException, sources: Sources
) -> None:
    """Takes our levels out of a traceback and out of those it came from."""
    kept: list[traceback.FrameSummary] = []
    below_ours = False
    for frame in told.stack:
        ours = frame.filename.startswith((_OURS, _IMPORTING))
        below_ours = ours or (below_ours and not sources.is_learners(frame.filename))
        if not below_ours:
            kept.append(frame)
    told.stack = traceback.StackSummary.from_list(kept)
    if type(error).__module__.startswith("scopetutor."):
        # The engine raises from errors of NumPy; those are nobody's business.
        told.__cause__ = told.__context__ = None
    for part, cause in (
        (told.__cause__, error.__cause__),
        (told.__context__, error.__context__),
    ):
        if part is not None and cause is not None:
            _keep_own(part, cause, sources)
