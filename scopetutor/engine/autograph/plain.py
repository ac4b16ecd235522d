"""Whether a function is left as it is: nothing in it asks to be rewritten.

Before calls. Most functions of programs only call TensorFlow. To rewrite them would
change nothing and cost as much as all they do.
"""

from __future__ import annotations

import builtins
import dis
import functools
import inspect
import types
from typing import TYPE_CHECKING, Any

from scopetutor.engine import tf_logging

if TYPE_CHECKING:
    from types import CodeType

    from .options import Options

_PACKAGE = __name__.partition(".")[0]
_WHITELISTED = frozenset(
    {
        *("collections", "copy", "cProfile", "inspect", "ipdb", "linecache", "mock"),
        *("pathlib", "pdb", "posixpath", "pstats", "re", "threading", "numpy"),
        *("tensorflow", "tensorflow_probability", _PACKAGE),
    }
)
_JUMPS = frozenset({*dis.hasjrel, *dis.hasjabs, dis.opmap["UNARY_NOT"]})
_OVERLOADED = frozenset({"abs", "float", "int", "len", "range", "enumerate", "zip"})
_VALUES = (type(None), bool, int, float, complex, str, bytes)


def is_whitelisted(f: Any) -> bool:
    """Whether something is called as it is, by whose it is."""
    if _is_of_others(f):
        return True
    if inspect.isgeneratorfunction(f):
        tf_logging.warn(
            "Entity %s appears to be a generator function. It will not be converted "
            "by AutoGraph.",
            f,
        )
        return True
    call = getattr(f, "__call__", None)  # noqa: B004 - its module is looked at
    return (
        not inspect.isroutine(f)
        and not isinstance(f, type)
        and inspect.ismethod(call)
        and is_whitelisted(call)
    )


def _is_of_others(f: Any) -> bool:
    if isinstance(f, functools.partial):
        return False
    module = f.__name__ if inspect.ismodule(f) else getattr(f, "__module__", None)
    return isinstance(module, str) and module.partition(".")[0] in _WHITELISTED


def is_plain(function: Any, args: tuple[Any, ...], options: Options) -> bool:
    """Whether a function can be called as it is."""
    if options.features:
        return False
    code = function.__code__
    if _has_choices(code):
        return False
    names = _names_of(code)
    if names & _OVERLOADED - function.__globals__.keys():
        return False
    owner = getattr(function, "__self__", None)
    known = [function.__globals__[name] for name in names & function.__globals__.keys()]
    known += [cell.cell_contents for cell in function.__closure__ or () if _full(cell)]
    known += args
    if owner is not None:
        known += [getattr(owner, name, None) for name in names]
    return not any(map(_may_be_rewritten, known))


def _may_be_rewritten(value: Any) -> bool:
    """Whether a call of a value, or of something of it, may be rewritten."""
    if isinstance(value, _VALUES) or _is_of_others(value):
        return False
    if isinstance(value, types.BuiltinFunctionType | type):
        return False
    if inspect.ismodule(value) or callable(value):
        return True
    return type(value).__module__ not in ("builtins", builtins.__name__)


def _full(cell: Any) -> bool:
    """Whether a cell has a value yet."""
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


@functools.cache
def _has_choices(code: CodeType) -> bool:
    """Whether a function, or one in it, does something or something else."""
    return any(op in _JUMPS for op in code.co_code[::2]) or any(
        _has_choices(inner) for inner in _inner(code)
    )


@functools.cache
def _names_of(code: CodeType) -> frozenset[str]:
    """The names that a function, or one in it, reads from outside."""
    return frozenset(code.co_names).union(*map(_names_of, _inner(code)))


def _inner(code: CodeType) -> list[CodeType]:
    return [item for item in code.co_consts if isinstance(item, types.CodeType)]
