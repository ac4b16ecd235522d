"""`arg_scope`: defaults for the arguments of some functions inside a `with`.

    with arg_scope([conv2d, fully_connected], activation_fn=tf.nn.elu):
        ...

Functions that take part are decorated with `add_arg_scope`. An argument that the call
gives itself wins; inner scopes win over outer ones.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Scope = dict[str, dict[str, Any]]

_stack: list[Scope] = [{}]
_decorated: dict[str, tuple[str, ...]] = {}


def current_arg_scope() -> Scope:
    """The defaults in force: by function's key, its arguments."""
    return _stack[-1]


def arg_scope_func_key(op: Any) -> str:
    """The key under which a function's defaults are kept."""
    key: str = getattr(op, "_key_op", str(op))
    return key


def has_arg_scope(func: Any) -> bool:
    """Whether a function takes part in arg scopes."""
    return arg_scope_func_key(func) in _decorated


def arg_scoped_arguments(func: Any) -> tuple[str, ...]:
    """The arguments of a function that may have defaults in an arg scope."""
    assert has_arg_scope(func)
    return _decorated[arg_scope_func_key(func)]


class arg_scope:  # noqa: N801 - TensorFlow's name
    """Context manager: defaults for the arguments of some functions.

    Args:
        list_ops_or_scope: decorated functions; or a scope that another `with` gave.
        kwargs: the defaults.

    Raises:
        TypeError: it is neither a list nor a scope.
        ValueError: a function is not decorated, or a scope was given with defaults.
    """

    def __init__(self, list_ops_or_scope: Any, **kwargs: Any) -> None:
        self._given = list_ops_or_scope
        self._defaults = kwargs

    def __enter__(self) -> Scope:
        scope = self._scope()
        _stack.append(scope)
        return scope

    def _scope(self) -> Scope:
        given = self._given
        if isinstance(given, dict):
            if self._defaults:
                raise ValueError(
                    "When attempting to re-use a scope by suppling adictionary, kwargs "
                    "must be empty."
                )
            return given.copy()
        if not isinstance(given, (list, tuple)):
            raise TypeError(
                "list_ops_or_scope must either be a list/tuple or reused scope (i.e. "
                "dict)"
            )
        scope = current_arg_scope().copy()
        for op in given:
            if not has_arg_scope(op):
                raise ValueError(
                    "%s is not decorated with @add_arg_scope",
                    (op.__module__, op.__name__),
                )
            key = arg_scope_func_key(op)
            scope[key] = {**scope.get(key, {}), **self._defaults}
        return scope

    def __exit__(self, *_exc: object) -> None:
        _stack.pop()


def add_arg_scope(func: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: the function takes part in arg scopes."""
    key = arg_scope_func_key(func)

    @functools.wraps(func)
    def func_with_args(*args: Any, **kwargs: Any) -> Any:
        found = current_arg_scope().get(key)
        if found:
            kwargs = {**found, **kwargs}
        return func(*args, **kwargs)

    code, defaults = func.__code__, func.__defaults__ or ()
    names = code.co_varnames[: code.co_argcount]
    _decorated[key] = names[len(names) - len(defaults) :]
    func_with_args._key_op = key  # type: ignore[attr-defined]
    return func_with_args
