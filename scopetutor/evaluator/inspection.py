"""Signature, documentation and state of what an expression names.

`workspace.server` asks it for `name?`; `lookup` finds the object without running
anything of the learner's, `describe` says what state it is in.
"""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.operation import Tensor
from scopetutor.engine.variables import Variable

from . import describe, lookup
from .outcome import Inspection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scopetutor.snapshot import Shape

    from .sources import Sources

LONGEST_DOC = 20_000
LONGEST_SOURCE = 20_000


def inspect_name(
    expression: str, names: Mapping[str, Any], sources: Sources
) -> Inspection:
    """What is known of what an expression names; nothing of the learner's is run."""
    try:
        thing = lookup.find(expression, names)
    except lookup.UnknownError as error:
        return Inspection(found=False, doc=error.problem)
    kind = type(thing)
    return Inspection(
        found=True,
        type=kind.__name__,
        signature=lookup.signature(thing),
        doc=lookup.documentation(thing)[:LONGEST_DOC],
        text=describe.short(thing),
        shape=_shape(thing),
        source=_source(thing, sources),
    )


def _shape(thing: Any) -> Shape:
    kind = type(thing)
    if issubclass(kind, (Tensor, Variable)):
        shape = thing.get_shape()
        return None if shape.rank is None else tuple(shape.as_list())
    if kind is np.ndarray:
        return tuple(thing.shape)
    return None


def _source(thing: Any, sources: Sources) -> str:
    """The text of a function or class, if it is the learner's."""
    if not issubclass(type(thing), (FunctionType, type)):
        return ""
    try:
        filename = inspect.getsourcefile(thing)
        if filename is None or not sources.is_learners(filename):
            return ""
        return inspect.getsource(thing)[:LONGEST_SOURCE]
    except (OSError, TypeError):
        return ""
