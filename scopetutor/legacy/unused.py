"""What a script imports and scopetutor does not have: an error where it is used.

After `absent`, which notes the name. Scripts import much that they never come to, and
under TensorFlow the import succeeds: one that failed here would end the script before
its first variable, or have it take what it keeps for older versions.
"""

from __future__ import annotations

import sys
from opcode import opmap
from typing import Any, NoReturn

from scopetutor.tf import missing

_IMPORTS = frozenset({opmap["IMPORT_NAME"], opmap["IMPORT_FROM"]})
_BETWEEN = ("importlib", "scopetutor.")


class Unused:
    """Stands for a name of TensorFlow's until somebody uses it.

    Args:
        name: such as "tf.keras.models.load_model".
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        module, _dot, name = self._name.rpartition(".")
        raise AttributeError(missing.reason(module, name), name=name)

    __call__ = __getattr__ = __getitem__ = __iter__ = __mro_entries__ = _refuse

    def __repr__(self) -> str:
        return f"<{self._name}, not in scopetutor>"


def imported(name: str) -> Unused | None:
    """What an import statement gets for a name; None if no such statement asks."""
    frame: Any = sys._getframe(1)
    while frame is not None and _is_between(frame.f_globals.get("__name__", "")):
        frame = frame.f_back
    if frame is None or frame.f_code.co_code[frame.f_lasti] not in _IMPORTS:
        return None
    return Unused(name)


def _is_between(module: str) -> bool:
    return module.startswith(_BETWEEN)
