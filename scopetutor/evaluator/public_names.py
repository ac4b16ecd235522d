"""What the learner calls the engine's functions: `get_variable` is tf.get_variable.

The names come from the modules of the language that are loaded; whatever the learner
has called is in one of them.

`provenance` and `describe` call functions by these names.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import CodeType, FrameType

_LANGUAGE = "scopetutor.tf"
# Calls of these are calls of what they stand before.
_WRAPPERS = frozenset({"deprecation.py", "later.py"})
_known: dict[CodeType, str] = {}
_known_classes: dict[type, str] = {}


def called_by(frames: list[FrameType]) -> str:
    """What the learner's line called, as they would write it.

    Args:
        frames: that were called from it, outermost first; it may be none.
    """
    for frame in frames:
        code = frame.f_code
        if code.co_filename.rpartition("/")[2] in _WRAPPERS:
            continue
        if code.co_name == "<module>":  # text that was given to `exec`
            continue
        if "." not in code.co_qualname:
            return _function(code)
        return _method(frame)
    return ""


def _function(code: CodeType) -> str:
    found = _known.get(code)
    if found is None:
        found = _known[code] = _search(code) or code.co_name
    return found


def _method(frame: FrameType) -> str:
    """The class as the learner knows it, and the method unless it makes an object."""
    name = frame.f_code.co_name
    values = frame.f_locals
    owner = values.get("cls") or type(values.get("self"))
    if not isinstance(owner, type):
        return name
    public = public_class(owner)
    if name in ("__call__", "__init__", "__new__", "__enter__"):
        return public
    return f"{public}.{name}"


def public_class(kind: type) -> str:
    """A class's name in the language, or its own if it is not there."""
    found = _known_classes.get(kind, "")
    if not found:
        for module, names in _modules():
            for name, value in names.items():
                if value is kind:
                    found = _known_classes[kind] = f"{module}.{name}"
                    return found
    return found or kind.__name__


def _search(code: CodeType) -> str:
    """The shortest public name of the function that has this code, or ""."""
    found = [
        f"{module}.{name}"
        for module, names in _modules()
        for name, value in names.items()
        if _has_code(value, code)
    ]
    return min(found, key=len, default="")


def _modules() -> list[tuple[str, dict[str, Any]]]:
    """The loaded modules of the language by public name, with what is in them."""
    return [
        ("tf" + name.removeprefix(_LANGUAGE), dict(vars(module)))
        for name, module in list(sys.modules.items())
        if name == _LANGUAGE or name.startswith(f"{_LANGUAGE}.")
    ]


def _has_code(value: Any, code: CodeType) -> bool:
    while value is not None:
        if getattr(value, "__code__", None) is code:
            return True
        value = getattr(value, "__wrapped__", None) if callable(value) else None
    return False
