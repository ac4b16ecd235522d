"""A Python function for each operation, as TensorFlow's generated modules have them.

`tensorflow.python.ops.gen_math_ops.mat_mul(a, b)` adds a MatMul and nothing else. The
arguments are the operation's inputs, its attributes without a default, those with one,
and `name`; what the inputs determine is not asked for.
"""

from __future__ import annotations

import inspect
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from . import registry, signatures
from .apply import apply

if TYPE_CHECKING:
    from collections.abc import Callable

    from .registry import Definition


@cache
def _by_python_name() -> dict[str, str]:
    """The types of operations by the names of their functions."""
    return {_spelt(name).lower(): name for name in signatures.op_types()}


def _spelt(name: str) -> str:
    return name.replace("_", "")


def function(name: str) -> Callable[..., Any]:
    """The function called `name`, such as `assign_add` or `AssignAdd`.

    Raises:
        AttributeError: there is no such operation.
    """
    op_type = _by_python_name().get(_spelt(name).lower())
    if op_type is None:
        raise AttributeError(f"there is no operation for {name!r}")
    return _function(op_type, name)


def names() -> frozenset[str]:
    """The types of operations that a program may make by themselves."""
    return frozenset(name for name in signatures.op_types() if name[0] != "_")


def by_keyword(op_type: str) -> Callable[..., Any]:
    """The function of `tf.raw_ops` for a type: its arguments have to be named."""
    positional = _function(op_type, op_type)

    @wraps(positional)
    def call(*args: Any, **kwargs: Any) -> Any:
        if args:
            keys = list(inspect.signature(positional).parameters)
            raise TypeError(
                f"{op_type} only takes keyword args (possible keys: {keys}). Please "
                "pass these args as kwargs instead."
            )
        return positional(**kwargs)

    return call


def _function(op_type: str, name: str) -> Callable[..., Any]:
    definition = registry.lookup(op_type)
    signature = _signature(definition)
    inputs = [argument.name for argument in definition.inputs]

    def call(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = dict(bound.arguments)
        label = given.pop("name")
        values = [given.pop(argument) for argument in inputs]
        return apply(op_type, *values, name=label, **given)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"Adds an operation of the type {op_type}."
    call.__signature__ = signature  # type: ignore[attr-defined]
    return call


def _signature(definition: Definition) -> inspect.Signature:
    def parameter(name: str, default: Any = inspect.Parameter.empty) -> Any:
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return inspect.Parameter(name, kind, default=default)

    asked = [
        attribute
        for attribute in definition.attributes.values()
        if attribute.name not in definition.inferred
    ]
    return inspect.Signature(
        [
            *(parameter(argument.name) for argument in definition.inputs),
            *(parameter(a.name) for a in asked if not a.has_default),
            *(parameter(a.name, a.default) for a in asked if a.has_default),
            parameter("name", None),
        ]
    )


def __getattr__(name: str) -> Any:
    return function(name)
