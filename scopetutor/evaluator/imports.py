"""`import tensorflow` inside a workspace: every spelling leads to scopetutor's modules.

    import tensorflow as tf                          scopetutor.tf
    import tensorflow.compat.v1 as tf                scopetutor.tf
    from tensorflow.contrib import layers            scopetutor.tf.contrib.layers
    from tensorflow.python.framework import ops      a module put together by the table

An installed TensorFlow is never loaded, and nothing outside the workspace is changed.
What is not here says why: absent from scopetutor, new in TensorFlow 2, or unknown.

`program` installs it in a workspace, `legacy.disguise` for old scripts; `old_paths` has
the modules that are put together.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import re
import sys
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from scopetutor.tf import missing

from .old_paths import CONTRIB, OF_EFFECT, PATHS

if TYPE_CHECKING:
    from collections.abc import Sequence

_LANGUAGE = "scopetutor.tf"
_SAME = ("tensorflow.compat.v1", "tensorflow_core", "tensorflow")
"""What stands for the whole language; the longest spelling first."""
_INSIDE = ("scopetutor.tf.python.", "scopetutor.tf.core.")
"""The private modules may also be asked for where the language is."""
_PRIVATE_CONTRIB = re.compile(r"contrib\.\w+\.python\b")
"""Private parts of a package of `contrib` have what the package has."""
_NAMES_OF_BOTH = frozenset({"initializers", "layers", "losses", "metrics"})
"""Modules below a package of `contrib` that are called as others below `tensorflow`."""


class Language:
    """Finds the modules that a workspace imports as TensorFlow.

    `install` puts it before all other finders of Python's import.

    Args:
        warns_of_renames: whether names that are others in TensorFlow 2 are warned of.
    """

    def __init__(self, *, warns_of_renames: bool = False) -> None:
        self._warns_of_renames = warns_of_renames

    def install(self) -> None:
        """Makes `import tensorflow` mean scopetutor from now on."""
        sys.meta_path.insert(0, self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of a module of TensorFlow; None for everything else.

        Raises:
            ModuleNotFoundError: TensorFlow or scopetutor has no such module.
        """
        del path, target
        theirs = name.partition(".")[0] in ("tensorflow", "tensorflow_core")
        if not theirs and not name.startswith(_INSIDE):
            return None
        loader: Any = self  # it is one by what it does
        return importlib.machinery.ModuleSpec(name, loader, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Lets Python make an empty module, which `exec_module` replaces."""

    def exec_module(self, module: ModuleType) -> None:
        """Puts scopetutor's module where Python will look for the imported one."""
        name = module.__name__
        hand_over(name)
        if self._warns_of_renames:
            from .renames import warning_module  # noqa: PLC0415 - few ask for it

            path = f"tf{name.removeprefix('tensorflow')}"
            sys.modules[name] = warning_module(sys.modules[name], path)


def hand_over(name: str) -> None:
    """Puts scopetutor's module where Python will look for the imported one."""
    if name.startswith(_LANGUAGE):
        same = f"tensorflow{name.removeprefix(_LANGUAGE)}"
        sys.modules[name] = importlib.import_module(same)
    else:
        sys.modules[name] = _found(name)


def _found(name: str) -> ModuleType:
    """Scopetutor's module for one of TensorFlow's.

    Raises:
        ModuleNotFoundError: there is none.
    """
    inside = _below_language(name)
    if inside == "python" or inside.startswith("python."):
        return _private(name, inside.removeprefix("python").lstrip("."))
    if inside == "core" or inside.startswith("core."):
        return _Namespace(name, ("formats.protos", "tf.errors"))
    if _PRIVATE_CONTRIB.match(inside):
        places = CONTRIB.get(inside, (f"tf.{inside.partition('.python')[0]}",))
        return _Namespace(name, places)
    module = _language_module(inside)
    if module is not None:
        if not hasattr(module, "__path__"):
            module.__path__ = []  # there may be private modules below it
        return module
    if any(key.startswith(f"{inside}.") for key in CONTRIB):
        return _Namespace(name, ())
    raise ModuleNotFoundError(_why_missing(inside), name=name)


def _below_language(name: str) -> str:
    """The module's name below `tensorflow`, such as "contrib.layers"."""
    for same in _SAME:
        if name == same:
            return ""
        if name.startswith(f"{same}."):
            return name[len(same) + 1 :]
    raise AssertionError(name)


def _language_module(inside: str) -> ModuleType | None:
    """`scopetutor.tf` itself, a module below it, or what plays a module there."""
    module: Any = importlib.import_module(_LANGUAGE)
    for part in filter(None, inside.split(".")):
        try:
            module = getattr(module, part)
        except AttributeError:
            return None
    return module if isinstance(module, ModuleType) else None


def _private(name: str, inside: str) -> ModuleType:
    """A module below `tensorflow.python`, put together by the table.

    Raises:
        ModuleNotFoundError: the table does not have it.
    """
    if inside in PATHS:
        if inside in OF_EFFECT:
            importlib.import_module(f"scopetutor.{PATHS[inside][0]}")
        return _Namespace(name, PATHS[inside])
    if any(key.startswith(f"{inside}.") for key in PATHS):
        return _Namespace(name, ())
    raise ModuleNotFoundError(
        f"No module named '{name}': it is private to TensorFlow, and scopetutor does "
        "not have it. Import from `tensorflow` itself",
        name=name,
    )


class _Namespace(ModuleType):
    """A module whose names come from some of ours, when they are asked for.

    Args:
        name: of the module.
        places: where its names are, as `old_paths` writes it.
    """

    def __init__(self, name: str, places: tuple[str, ...]) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self._before: dict[str, Any] = {}  # what was there before it was set
        self._places = places

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._has_module(name):
            return importlib.import_module(f"{self.__name__}.{name}")
        place = self._place(name)
        if place is None:
            raise AttributeError(
                f"module '{self.__name__}' has no attribute '{name}' in scopetutor"
            )
        found = getattr(*place)
        if isinstance(found, (type, FunctionType, ModuleType)):
            self.__dict__[name] = found  # a setting may change, these do not
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        """Sets a name, also where we have it: programs change settings, and mock."""
        if getattr(value, "__name__", "") == f"{self.__name__}.{name}":
            # Python notes a module it imported: `ops.variable_scope` is one, and no
            # new value for `tf.variable_scope`.
            super().__setattr__(name, value)
            return
        if not name.startswith("__") and "_places" in self.__dict__:
            place = self._place(name)
            if place is not None:
                self._before.setdefault(name, getattr(*place))
                setattr(*place, value)
                self.__dict__.pop(name, None)
                return
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        """Undoes what was set, as mocks end."""
        place = self._place(name)
        if place is None or name not in self._before:
            super().__delattr__(name)
        else:
            setattr(*place, self._before.pop(name))

    def _place(self, name: str) -> tuple[Any, str] | None:
        """What has a name, and how it is called there; None if nothing has it."""
        for place in (*self._places, "tf"):
            found = _looked_up(place, name)
            if found is not None:
                return found
        return None

    def _has_module(self, name: str) -> bool:
        """Whether there is a module of this name below this one."""
        inside = _below_language(f"{self.__name__}.{name}")
        if inside.startswith("core."):
            return name.islower()  # modules are; what is in them is not
        if _PRIVATE_CONTRIB.match(inside) and name in _NAMES_OF_BOTH:
            return True
        inside = inside.removeprefix("python.")
        return inside in PATHS or any(key.startswith(f"{inside}.") for key in PATHS)


def _looked_up(place: str, name: str) -> tuple[Any, str] | None:
    """What has a name, if it is in one of the places of `old_paths`, and its name."""
    module, _, listed = place.partition(": ")
    if listed:
        name = next(
            (
                item.partition("=")[2] or name
                for item in listed.split()
                if item.partition("=")[0] == name
            ),
            "",
        )
        if not name:
            return None
    if module == "raw":
        module = "engine.raw_operations"
    standard = module.removeprefix("stdlib.")
    full = standard if standard != module else f"{_LANGUAGE.partition('.')[0]}.{module}"
    inside, _, last = name.rpartition(".")
    try:
        holder: Any = importlib.import_module(full)
        for part in filter(None, inside.split(".")):
            holder = getattr(holder, part)
        getattr(holder, last)
    except (ImportError, AttributeError):
        return None
    return holder, last


def _why_missing(inside: str) -> str:
    """Which of three reasons there is for a module to be missing."""
    module, _, name = inside.rpartition(".")
    why = missing.reason(f"tf.{module}" if module else "tf", name)
    return why.replace("module 'tensorflow' has no attribute", "No module")
