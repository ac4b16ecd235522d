"""Things that may be given by name: activations, initializers, regularizers.

`kernel_initializer="zeros"`, `activation="relu"`, or what `get_config` gave. Each
module that has such things calls `find` in its own `get`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .arguments import takes

if TYPE_CHECKING:
    from collections.abc import Mapping


custom: dict[str, Any] = {}


class CustomObjectScope:
    """In this block, classes and functions of one's own have names, too.

    Args:
        args: dictionaries of them, by name.
    """

    def __init__(self, *args: Any) -> None:
        self._given = args
        self._before: dict[str, Any] = {}

    def __enter__(self) -> CustomObjectScope:
        self._before = dict(custom)
        for one in self._given:
            custom.update(one)
        return self

    def __exit__(self, *_: object) -> None:
        custom.clear()
        custom.update(self._before)


def custom_object_scope(*args: Any) -> CustomObjectScope:
    """A block in which classes and functions of one's own have names, too."""
    return CustomObjectScope(*args)


def get_custom_objects() -> dict[str, Any]:
    """The classes and functions of one's own that have names everywhere."""
    return custom


def find(
    identifier: Any, known: Mapping[str, Any], kind: str, custom_objects: Any = None
) -> Any:
    """What an identifier names.

    Args:
        identifier: a name, or {"class_name": ..., "config": ...}.
        known: the things that have names.
        kind: what they are, for the error message.
        custom_objects: further ones, by name.

    Raises:
        ValueError: there is none of this name.
    """
    own = custom_objects or {}
    name, config = identifier, None
    if isinstance(identifier, dict):
        if "class_name" not in identifier or "config" not in identifier:
            raise ValueError(f"Improper config format: {identifier}")
        name, config = identifier["class_name"], identifier["config"]
    found = own.get(name) or custom.get(name) or known.get(name)
    if found is None:
        between = "" if config is None else " "
        raise ValueError(f"Unknown {kind}:{between}{name}")
    if config is None:
        return found() if isinstance(found, type) else found
    if hasattr(found, "from_config"):
        if takes(found.from_config, "custom_objects"):
            return found.from_config(config, custom_objects={**custom, **own})
        with CustomObjectScope(own):
            return found.from_config(config)
    with CustomObjectScope(own):
        return found(**config)


def serialize(thing: Any) -> Any:
    """What `find` makes the thing of again; None for None."""
    if thing is None:
        return None
    if hasattr(thing, "get_config"):
        return {"class_name": type(thing).__name__, "config": thing.get_config()}
    if hasattr(thing, "__name__"):
        return thing.__name__
    raise ValueError("Cannot serialize", thing)


def serialized(layer: Any, names: str) -> dict[str, Any]:
    """What `find` makes a layer's attributes of again, by name."""
    return {name: serialize(getattr(layer, name)) for name in names.split()}
