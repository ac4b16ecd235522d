"""Calls of functions that AutoGraph may rewrite.

After rewriting and the operators. Datasets, layers and `tf.function` use `call`;
rewritten code calls `converted_call` for each call of the program. TF 1.15:
what belongs to TensorFlow, NumPy and some of Python's modules is called as it is.
"""

from __future__ import annotations

import builtins
import functools
import inspect
import types
from typing import TYPE_CHECKING, Any

from scopetutor.engine import converted, tf_logging

from .options import Options, Status, decided, status
from .plain import is_plain, is_whitelisted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BUILTINS = frozenset(value for value in vars(builtins).values() if callable(value))
_BY_DEFAULT = Options(recursive=True)
REQUESTED = Options(recursive=True, user_requested=True)


def call(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    options: Options = _BY_DEFAULT,
    around: Status | None = None,
) -> Any:
    """Calls a function of the program where TF 1.15 has it rewritten.

    Args:
        function: the function.
        args: its arguments by place.
        kwargs: its arguments by name.
        options: how it is rewritten.
        around: what was decided about the code around it; None: what holds now.

    Raises:
        Exception: what the function raised, saying where in converted code it was.
    """
    if hasattr(function, "__ag_compiled"):
        return function(*args, **kwargs)
    if (around or status()) is Status.DISABLED and not options.user_requested:
        return function(*args, **kwargs)
    return converted.called(converted_call, (function, options, args, kwargs), {})


def converted_call(
    f: Any,
    options: Options,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any] | None,
    caller_scope: Any = None,
) -> Any:
    """What a function gives, rewritten if it is the program's."""
    del caller_scope
    named = kwargs or {}
    if _is_builtin(f):
        return _overload(f)(*args, **named)
    if not _is_converted(f, options):
        return _as_it_is(f, args, named)
    while isinstance(f, functools.partial):
        args, named, f = (*f.args, *args), {**f.keywords, **named}, f.func
    target = f if inspect.isroutine(f) else f.__call__
    if not hasattr(target, "__code__") or target.__code__.co_filename == "<string>":
        return _as_it_is(f, args, named)
    if is_plain(target, args, options):
        return f(*args, **named)
    made = _rewritten(target, options)
    if made is None:
        return _as_it_is(f, args, named)
    owner = getattr(target, "__self__", None)
    if owner is not None:
        args = (owner, *args)
    return made(*args, **named)


converted.callers.add(converted_call.__code__)


def _as_it_is(f: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    return f(*args, **kwargs)


def _is_builtin(f: Any) -> bool:
    if isinstance(f, types.BuiltinFunctionType):
        return True
    return isinstance(f, type) and f in _BUILTINS


def _overload(f: Any) -> Any:
    from .builtins import OVERLOADS  # noqa: PLC0415 - built on the operations

    return OVERLOADS.get(f, f)


def _is_converted(f: Any, options: Options) -> bool:
    """Whether a function is rewritten."""
    if hasattr(f, "autograph_info__") or hasattr(f, "__ag_compiled"):
        return False
    if isinstance(f, type) or type(f).__name__ == "_lru_cache_wrapper":
        return False
    if not options.user_requested and is_whitelisted(f):
        return False
    return options.converts_user_code


def _rewritten(target: Any, options: Options) -> Any:
    """The function that is called instead; None, with a warning, if there is none."""
    from .operators import operators  # noqa: PLC0415 - built on the operations
    from .rewriting import rewritten  # noqa: PLC0415 - few programs need it

    try:
        return rewritten(target, options, operators())
    except Exception as error:
        tf_logging.warn(
            "Entity %s could not be transformed and will be executed as-is. Please "
            "report this to the AutoGraph team. When filing the bug, set the verbosity "
            "to 10 (on Linux, `export AUTOGRAPH_VERBOSITY=10`) and attach the full "
            "output. Cause: %s",
            target,
            error,
        )
        return None


def do_not_convert(func: Any = None) -> Any:
    """Has a function, and what it calls, left as it is; also a decorator."""
    if func is None:
        return do_not_convert

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with decided(Status.DISABLED):
            return func(*args, **kwargs)

    if inspect.isfunction(func) or inspect.ismethod(func):
        wrapper = functools.update_wrapper(wrapper, func)
    setattr(wrapper, "__ag_compiled", True)
    return wrapper


def do_not_convert_internal(function: Any) -> Any:
    """Marks a function in a rewritten one: it was rewritten with that."""
    setattr(function, "__ag_compiled", True)
    return function
