"""Properties that cannot be set, refused in the words of Python 3.7.

Before operation, variables and scopes. TF 1.15 knows no later Python, so this is what
every text about it quotes: `scope.reuse = False` gives "can't set attribute".
"""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

Class = TypeVar("Class", bound=type)


def _refuse_to_set(_item: Any, _value: Any) -> NoReturn:
    raise AttributeError("can't set attribute")


def _refuse_to_delete(_item: Any) -> NoReturn:
    raise AttributeError("can't delete attribute")


def read_only(cls: Class) -> Class:
    """Decorates a class whose properties without a setter refuse so."""
    for name, found in list(vars(cls).items()):
        if isinstance(found, property) and found.fset is None:
            refusing = found.setter(_refuse_to_set).deleter(_refuse_to_delete)
            setattr(cls, name, refusing)
    return cls
