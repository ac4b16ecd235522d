"""`absl.testing.parameterized`: a test method that is run once for each set of values.

`companions` gives it to scripts where absl is not installed; TensorFlow's own tests use
it. The class makes a method of every set when it is defined.
"""

from __future__ import annotations

import unittest
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class _Cases:
    """A test method with the sets of values it is run with."""

    def __init__(self, method: Callable[..., Any], sets: list[Any], named: bool):
        self.method, self.sets, self.named = method, sets, named

    def methods(self, name: str) -> Iterator[tuple[str, Callable[..., Any]]]:
        """A name and a method for each set."""
        for number, values in enumerate(self.sets):
            ending, rest = _without_name(values) if self.named else (number, values)
            made = _bound(self.method, rest)
            made.__name__ = f"{name}{ending}"
            made.__doc__ = self.method.__doc__
            yield made.__name__, made


def _without_name(values: Any) -> tuple[Any, Any]:
    """The name that a set begins with, and the rest of it."""
    if isinstance(values, Mapping):
        rest = {key: value for key, value in values.items() if key != "testcase_name"}
        return values["testcase_name"], rest
    return values[0], tuple(values[1:])


def _bound(method: Callable[..., Any], values: Any) -> Callable[..., Any]:
    """A test method that passes one set of values on."""

    # A copy of the names, not of `__wrapped__`: pytest would ask for the arguments.
    def test(self: Any) -> Any:
        if isinstance(values, Mapping):
            return method(self, **values)
        if isinstance(values, Iterable) and not isinstance(values, (str, bytes)):
            return method(self, *values)
        return method(self, values)

    test.__dict__.update({k: v for k, v in vars(method).items() if k != "__wrapped__"})
    return test


def _decorator(sets: tuple[Any, ...], *, named: bool) -> Callable[[Any], Any]:
    together = len(sets) == 1 and not isinstance(sets[0], (tuple, Mapping, str))
    if together and isinstance(sets[0], Iterable):
        sets = tuple(sets[0])  # all in one list or generator

    def decorate(tested: Any) -> Any:
        if not isinstance(tested, type):
            return _Cases(tested, list(sets), named)
        for name, value in list(vars(tested).items()):
            if name.startswith("test") and callable(value):
                _replace(tested, name, _Cases(value, list(sets), named))
        return tested

    return decorate


def parameters(*testcases: Any) -> Callable[[Any], Any]:
    """Runs a test once with each of some sets of arguments."""
    return _decorator(testcases, named=False)


def named_parameters(*testcases: Any) -> Callable[[Any], Any]:
    """As `parameters`; every set begins with a name for its test."""
    return _decorator(testcases, named=True)


def _replace(cls: type, name: str, cases: _Cases) -> None:
    """Puts the methods of all sets where one method was."""
    if name in vars(cls):
        delattr(cls, name)
    for made, method in cases.methods(name):
        setattr(cls, made, method)


class TestGeneratorMetaclass(type):
    """Makes a method of every set of values."""

    def __new__(
        mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]
    ) -> Any:
        """The class with a method for each set."""
        made = super().__new__(mcs, name, bases, namespace)
        for key, value in namespace.items():
            if isinstance(value, _Cases):
                _replace(made, key, value)
        return made


class TestCase(unittest.TestCase, metaclass=TestGeneratorMetaclass):
    """A test case whose methods may have sets of values."""

    __test__ = False  # the class itself is no test; its subclasses are

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.__test__ = True


def CoopTestCase(other_base_class: type) -> type:  # noqa: N802 - absl's name
    """A base class: a test case of another kind whose methods may have sets."""
    meta = type(other_base_class)
    both = meta
    if not issubclass(meta, TestGeneratorMetaclass):
        both = type("Metaclass", (TestGeneratorMetaclass, meta), {})
    return both("CoopTestCase", (other_base_class, TestCase), {})
