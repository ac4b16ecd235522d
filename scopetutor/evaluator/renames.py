"""What TF 1.15 says of names that have another one in TensorFlow 2.

Beside imports, for who ports a program (`scopetutor run --warn-renames`). The modules
that `import tensorflow` gives are then behind others, which hand on every name, and
warn where one is asked for that is called otherwise:

    WARNING:tensorflow:From train.py:7: The name tf.Session is deprecated. Please use
    tf.compat.v1.Session instead.

TF 1.15: each name once, and nothing of what is found through `tensorflow.compat.v1`.
"""

from __future__ import annotations

import pkgutil
import sys
from functools import cache
from types import ModuleType
from typing import Any

from scopetutor.engine import tf_logging

_NO_CONTRIB = """
The TensorFlow contrib module will not be included in TensorFlow 2.0.
For more information, please see:
  * https://github.com/tensorflow/community/blob/master/rfcs/20180907-contrib-sunset.md
  * https://github.com/tensorflow/addons
  * https://github.com/tensorflow/io (for I/O related ops)
If you depend on functionality not listed there, please file an issue.
"""


@cache
def _new_names() -> dict[str, str]:
    """What to use instead of each name: ``tf.Session`` and so on, in full."""
    text = (pkgutil.get_data("scopetutor.tf", "renames.txt") or b"").decode()
    names = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            old, _, new = line.partition(" ")
            names[old] = new or old.replace("tf.", "tf.compat.v1.", 1)
    return names


@cache
def _has_old_names(path: str) -> bool:
    return any(old.startswith(f"{path}.") for old in _new_names())


class _Warning(ModuleType):
    """A module that warns where an old name of another one is used.

    Args:
        module: what has the names.
        path: the module as programs know it, such as "tf.train".
    """

    def __init__(self, module: ModuleType, path: str) -> None:
        super().__init__(module.__name__)
        own = object.__getattribute__(self, "__dict__")
        own.update(module=module, path=path, used=set())

    def __getattribute__(self, name: str) -> Any:
        own = object.__getattribute__(self, "__dict__")
        found = getattr(own["module"], name)
        if name.startswith("_"):
            return found
        full = f"{own['path']}.{name}"
        if full not in own["used"]:
            own["used"].add(full)
            _warn(full, sys._getframe(1))
        return warning_module(found, full)

    def __setattr__(self, name: str, value: Any) -> None:
        own = object.__getattribute__(self, "__dict__")
        if not isinstance(value, _Warning):  # Python notes a module it imported
            setattr(own["module"], name, value)

    def __delattr__(self, name: str) -> None:
        delattr(object.__getattribute__(self, "__dict__")["module"], name)

    def __dir__(self) -> list[str]:
        return dir(object.__getattribute__(self, "__dict__")["module"])

    def __repr__(self) -> str:
        return repr(object.__getattribute__(self, "__dict__")["module"])


_made: dict[str, _Warning] = {}


def warning_module(found: Any, path: str) -> Any:
    """What warns of a module's old names; anything else, as it is.

    Args:
        found: what a name stands for.
        path: the name, such as "tf.train".
    """
    if path == "tf.contrib":
        _warn_of_contrib()
    if not isinstance(found, ModuleType) or not _has_old_names(path):
        return found
    if path not in _made:
        _made[path] = _Warning(found, path)
    return _made[path]


@cache
def _warn_of_contrib() -> None:
    tf_logging.warn(_NO_CONTRIB)


def _warn(name: str, frame: Any) -> None:
    new = _new_names().get(name)
    file = frame.f_code.co_filename
    if new is None or file.startswith("<"):  # TF 1.15: not of what was typed in
        return
    tf_logging.warn(
        "From %s: The name %s is deprecated. Please use %s instead.\n",
        f"{file}:{frame.f_lineno}",
        name,
        new,
    )
