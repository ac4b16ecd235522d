"""Things that may be given by name: activations, initializers, regularizers.

`kernel_initializer="zeros"`, `activation="relu"`, or what `get_config` gave. Each
module that has such things calls `find` in its own `get`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def find(identifier: Any, known: Mapping[str, Any], kind: str) -> Any:
    """What an identifier names.

    Args:
        identifier: a name, or {"class_name": ..., "config": ...}.
        known: the things that have names.
        kind: what they are, for the error message.

    Raises:
        ValueError: there is none of this name.
    """
    name, config = identifier, None
    if isinstance(identifier, dict):
        if "class_name" not in identifier or "config" not in identifier:
            raise ValueError(f"Improper config format: {identifier}")
        name, config = identifier["class_name"], identifier["config"]
    found = known.get(name)
    if found is None:
        raise ValueError(f"Unknown {kind}: {name}" if config is not None else
                         f"Unknown {kind}:{name}")  # fmt: skip
    if isinstance(found, type):
        return found(**(config or {}))
    return found if config is None else found(**config)


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
