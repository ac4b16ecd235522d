"""`tf.Module`: an object that finds the variables it holds, and has a name scope.

After variables, which are made by its methods; `tf.train.Checkpoint` follows it as any
object with attributes. Nothing is kept in lists: each look walks through the attributes
in the order of their names, and then through those of the modules among them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

from scopetutor.engine import nest
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.training.trackable import AutoTrackable
from scopetutor.engine.variables import Variable

_IDENTIFIER = re.compile(r"^[a-zA-Z_]([a-zA-Z0-9_])*$")
_HUMP = re.compile(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))")


class Module(AutoTrackable):
    """What holds variables and other modules, under a name scope of its own.

    Args:
        name: an identifier; None: the name of the class, in snake case.

    Raises:
        ValueError: the name is no identifier.
    """

    _TF_MODULE_IGNORED_PROPERTIES = frozenset(
        f"_self_unconditional_{kept}"
        for kept in ("checkpoint_dependencies", "dependency_names")
    )

    def __init__(self, name: str | None = None) -> None:
        if name is None:
            name = _HUMP.sub(r"_\1", type(self).__name__).lower()
        elif not _IDENTIFIER.match(name):
            raise ValueError(
                f"{name!r} is not a valid module name. Module names must be valid "
                "Python identifiers (e.g. a valid class name)."
            )
        self._name = name
        with name_scope(name) as scope:
            self._scope_name = scope

    @property
    def name(self) -> str:
        """What it was called; without the scopes it was made in."""
        return self._name

    @property
    def name_scope(self) -> Any:
        """What to enter so that operations get its name before theirs."""
        return name_scope(self._scope_name)

    @property
    def variables(self) -> tuple[Any, ...]:
        """Its variables by the names of its attributes, then those of its modules."""
        return tuple(self._flatten(predicate=_is_variable))

    @property
    def trainable_variables(self) -> tuple[Any, ...]:
        """Those of its variables that are trained."""
        return tuple(self._flatten(predicate=_is_trained))

    @property
    def submodules(self) -> tuple[Module, ...]:
        """The modules it holds, and those that they hold."""
        return tuple(self._flatten(predicate=_is_module))

    def _flatten(
        self,
        recursive: bool = True,
        predicate: Callable[[Any], bool] | None = None,
        attribute_traversal_key: Callable[[str], Any] | None = None,
        with_path: bool = False,
    ) -> Iterator[Any]:
        """What it holds, leaf by leaf.

        Args:
            recursive: whether to look into the modules it holds.
            predicate: which leaves are wanted; None: all.
            attribute_traversal_key: orders the attributes; None: by name.
            with_path: whether each comes with the way to it; then one that is held
                twice comes twice.
        """
        walk = _Walk(
            recursive=recursive,
            predicate=predicate or (lambda _: True),
            key=attribute_traversal_key,
            with_path=with_path,
        )
        return walk.through(self)

    @classmethod
    def with_name_scope(cls, method: Callable[..., Any]) -> Callable[..., Any]:
        """A method that enters the module's name scope by itself."""

        @functools.wraps(method)
        def method_with_name_scope(self: Module, *args: Any, **kwargs: Any) -> Any:
            with self.name_scope:
                return method(self, *args, **kwargs)

        return method_with_name_scope


def _is_variable(value: Any) -> bool:
    return isinstance(value, Variable)


def _is_trained(value: Any) -> bool:
    return _is_variable(value) and bool(getattr(value, "trainable", False))


def _is_module(value: Any) -> bool:
    return isinstance(value, Module)


class _Walk:
    """One look through a module: its own leaves first, then those of its modules."""

    def __init__(
        self,
        *,
        recursive: bool,
        predicate: Callable[[Any], bool],
        key: Callable[[str], Any] | None,
        with_path: bool,
    ) -> None:
        self._recursive = recursive
        self._predicate = predicate
        self._key = key
        self._with_path = with_path
        self._seen: set[int] = set()

    def through(self, module: Module, way: tuple[Any, ...] = ()) -> Iterator[Any]:
        """The leaves that are wanted."""
        if not way:
            self._seen.add(id(module))
        below = []
        for path, leaf in self._leaves(module, way):
            if self._predicate(leaf):
                yield (path, leaf) if self._with_path else leaf
            if self._recursive and _is_module(leaf):
                below.append((path, leaf))
        for path, leaf in below:
            yield from self.through(leaf, path)

    def _leaves(
        self, module: Module, way: tuple[Any, ...]
    ) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """The leaves of a module's attributes that were not seen yet."""
        attributes = vars(module)
        for name in sorted(attributes, key=self._key):
            if name in module._TF_MODULE_IGNORED_PROPERTIES:
                continue
            for path, leaf in nest.flatten_with_tuple_paths(attributes[name]):
                if not self._with_path and id(leaf) in self._seen:
                    continue
                self._seen.add(id(leaf))
                yield (*way, name, *path), leaf
