"""What an expression names, found without running any code of the learner's.

Only names, attributes and constant subscripts are followed. An attribute of the
learner's own objects is looked up where it is stored; of modules, the engine's objects
and NumPy's it is asked for, because their code does no harm.

`completion`, `inspection` and the hints of `raised` begin with it.
"""

from __future__ import annotations

import ast
import inspect
from functools import partial
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import TYPE_CHECKING, Any

from .class_names import OURS

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPEN_PACKAGES = ("scopetutor", "tensorflow", "numpy", "builtins")
_DOCUMENTED = (FunctionType, BuiltinFunctionType, MethodType)
_SUBSCRIPTABLE = (list, tuple, dict, str)
# What `inspect` asks a thing for, and what may stand there without any code of its own.
_ASKED_FOR = (
    "__getattribute__", "__getattr__", "__class__", "__signature__", "__wrapped__",
)  # fmt: skip
_PLAIN = (WrapperDescriptorType, GetSetDescriptorType, inspect.Signature)


class UnknownError(Exception):
    """The expression names nothing, or finding out would run code.

    Attributes:
        problem: what is wrong, a sentence without its full stop.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def find(expression: str, names: Mapping[str, Any]) -> Any:
    """What an expression names.

    Raises:
        UnknownError: it names nothing that can be looked up.
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        raise UnknownError("that is not a name") from None
    return _find(tree, names)


def _find(node: ast.expr, names: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return _name(node.id, names)
    if isinstance(node, ast.Attribute):
        return attribute(_find(node.value, names), node.attr)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return _item(_find(node.value, names), node.slice.value)
    raise UnknownError("only names, attributes and constant indices are looked up")


def _name(name: str, names: Mapping[str, Any]) -> Any:
    if name in names:
        return names[name]
    builtins = names.get("__builtins__")
    held = vars(builtins) if isinstance(builtins, ModuleType) else {}
    if name in held:
        return held[name]
    raise UnknownError(f"there is no name '{name}'")


def attribute(thing: Any, name: str) -> Any:
    """An attribute of a thing.

    Raises:
        UnknownError: it has none of this name, or finding out would run code.
    """
    try:
        if is_open(thing):
            return getattr(thing, name)
        found = inspect.getattr_static(thing, name)
    except AttributeError as error:
        raise UnknownError(str(error) or f"there is no attribute '{name}'") from None
    except Exception as error:
        raise UnknownError(f"'{name}' cannot be looked up: {error}") from None
    if isinstance(found, (property, classmethod, staticmethod)):
        raise UnknownError(f"'{name}' is computed by code of yours")
    return found


def is_open(thing: Any) -> bool:
    """Whether asking a thing for an attribute runs no code of the learner's."""
    if type(thing) is ModuleType or issubclass(type(thing), ModuleType):
        return True
    owner = thing if issubclass(type(thing), type) else type(thing)
    module = type.__getattribute__(owner, "__module__")
    return isinstance(module, str) and module.partition(".")[0] in _OPEN_PACKAGES


def _item(thing: Any, index: Any) -> Any:
    if type(thing) not in _SUBSCRIPTABLE:
        raise UnknownError("only lists, tuples and dictionaries are looked into")
    try:
        return thing[index]
    except (LookupError, TypeError):
        raise UnknownError(f"there is nothing at [{index!r}]") from None


def attributes(thing: Any) -> list[str]:
    """The names of a thing's attributes."""
    if is_open(thing):
        return [name for name in dir(thing) if type(name) is str]
    known = {name for kind in type(thing).__mro__ for name in vars(kind)}
    if issubclass(type(thing), type):
        for kind in type.__getattribute__(thing, "__mro__"):
            known.update(vars(kind))
    try:
        held = object.__getattribute__(thing, "__dict__")
    except (AttributeError, TypeError):
        held = {}
    known.update(name for name in held if type(name) is str)
    return sorted(known)


def name_of(thing: Any) -> str:
    """The name that a function, class or module has itself, or ""."""
    name = getattr(thing, "__name__", "") if is_open(thing) else ""
    return name if type(name) is str else ""


def parameters(thing: Any) -> inspect.Signature | None:
    """What a function or class takes; None if that is not known."""
    if not callable(thing) or not (is_open(thing) or _is_plain(thing)):
        return None
    try:
        return inspect.signature(thing)
    except (TypeError, ValueError):
        return None


def signature(thing: Any) -> str:
    """How a function or class is called, or ""."""
    known = parameters(thing)
    if known is None:
        return ""
    # TensorFlow 1.15 has no annotations; those of the learner's own code are kept.
    if is_open(thing) or getattr(thing, "__module__", "").startswith(OURS):
        bare = inspect.Parameter.empty
        plain = [p.replace(annotation=bare) for p in known.parameters.values()]
        known = known.replace(parameters=plain, return_annotation=bare)
    return str(known)


def _is_plain(thing: Any) -> bool:
    """Whether no code in a thing's class answers when `inspect` asks for something."""
    while type(thing) is partial:
        thing = thing.func
    for kind in type.__getattribute__(type(thing), "__mro__"):
        held = type.__getattribute__(kind, "__dict__")
        if any(type(held[name]) not in _PLAIN for name in _ASKED_FOR if name in held):
            return False
    return True


def documentation(thing: Any) -> str:
    """The documentation of a module, class or function; of other things none."""
    kind = type(thing)
    if not (callable(thing) or issubclass(kind, ModuleType)):
        return ""
    if issubclass(kind, type):
        doc = type.__getattribute__(thing, "__doc__")
    elif kind in _DOCUMENTED or issubclass(kind, ModuleType):
        doc = thing.__doc__
    else:
        doc = inspect.getattr_static(thing, "__doc__", None)
    return inspect.cleandoc(doc) if isinstance(doc, str) else ""
