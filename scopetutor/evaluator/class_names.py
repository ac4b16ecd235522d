"""In a workspace, classes say to be where TensorFlow 1.15 has them.

`type(w)` reads `<class 'tensorflow.python.ops.variables.RefVariable'>` there, and a
session `<tensorflow.python.client.session.Session object at 0x…>`, as in the logs and
documents that learners have. `program` installs it once in the workspace process;
engine modules that are loaded later are named when they are.
"""

from __future__ import annotations

import functools
import importlib.machinery
import importlib.util
import pkgutil
import sys
from types import FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

_ENGINE = "scopetutor.engine."
OURS = ("scopetutor.", "tensorflow.")
"""How the modules of our own classes begin, whether they are named so or not."""


@functools.cache
def _table() -> dict[str, tuple[str, str]]:
    """By engine class: TensorFlow's module and class."""
    data = pkgutil.get_data(__package__, "class_names.txt")
    assert data is not None
    rows = [line.split(" ") for line in data.decode().splitlines() if line[0] != "#"]
    return {ours: (module, theirs) for ours, module, theirs in rows}


def install() -> None:
    """Names the classes of the engine's modules, now and when more are loaded."""
    for name, module in list(sys.modules.items()):
        if name.startswith(_ENGINE):
            rename(module)
    sys.meta_path.insert(0, _Finder())


def rename(module: ModuleType) -> None:
    """Names the classes that a module of the engine defines, and plain signatures."""
    inside = module.__name__[len(_ENGINE) :]
    for value in list(vars(module).values()):
        if getattr(value, "__module__", None) != module.__name__:
            continue
        _without_annotations(value)
        if isinstance(value, type):
            for method in list(vars(value).values()):
                _without_annotations(method)
            found = _table().get(f"{inside}.{value.__qualname__}")
            if found is not None:
                value.__module__, value.__qualname__ = found
                value.__name__ = value.__qualname__.rpartition(".")[2]


def _without_annotations(value: Any) -> None:
    """Makes `inspect.signature` read as TensorFlow's, which has no annotations."""
    while isinstance(value, FunctionType):
        value.__annotations__ = {}
        value = getattr(value, "__wrapped__", None)


class _Finder:
    """Finds the engine's modules, to name their classes once they are loaded."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The usual spec with another loader; None for what is not the engine's."""
        if not name.startswith(_ENGINE):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if (
            spec is None
            or type(spec.loader) is not importlib.machinery.SourceFileLoader
        ):
            return None  # from a zip, for one: those keep the names they have
        spec.loader = _Loader(name, spec.loader.path)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module of the engine and names its classes."""

    def exec_module(self, module: ModuleType) -> None:
        """Runs the module's code."""
        super().exec_module(module)
        rename(module)
