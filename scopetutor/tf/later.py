"""Names that are loaded when they are first used.

`import tensorflow as tf` should cost little more than NumPy, and most programs use few
of TensorFlow's names. A module of the language lists where its further names are; the
first use of one imports its module and keeps what it found.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from .missing import answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


# What a module of the language imports for itself: no name of TensorFlow's.
_OUR_OWN = ("annotations", "later", "missing")


def later(
    module: str, names: Mapping[str, str], submodules: str = ""
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The `__getattr__` and `__dir__` of a module of the language.

    Args:
        module: the module's own `__name__`.
        names: by module of scopetutor, such as "engine.ops.array", the names it has,
            separated by spaces; "name=other" if the module calls it `other`.
        submodules: of the language, below this module.
    """
    places: dict[str, tuple[str, str]] = {
        name: (f"{module}.{name}", "") for name in submodules.split()
    }
    for where, listed in names.items():
        for item in listed.split():
            name, _, inside = item.partition("=")
            places[name] = (f"scopetutor.{where}", inside or name)
    for name in _OUR_OWN:
        vars(sys.modules[module]).pop(name, None)
    public = "tf" + module.removeprefix("scopetutor.tf")

    def get(name: str) -> Any:
        if name not in places:
            return answer(public, name)
        where, inside = places[name]
        found: Any = importlib.import_module(where)
        if inside:
            found = getattr(found, inside)
        setattr(sys.modules[module], name, found)
        return found

    def listing() -> list[str]:
        return sorted({*vars(sys.modules[module]), *places})

    return get, listing
