"""Which objects a checkpoint can follow, and by which names.

Before object_graph.py; layers and optimizers are built on it, so it loads nothing more.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.variables import Variable

# Where an object keeps what a checkpoint has of attributes that are not there yet.
WAITING = "_deferred_restorations"
WAITING_SLOTS = "_deferred_slot_restorations"


def is_trackable(value: Any) -> bool:
    """Whether a checkpoint can follow something: it holds variables, or is one."""
    return isinstance(value, Variable) or hasattr(
        type(value), "_checkpoint_dependencies"
    )


def dependencies(thing: Any) -> list[tuple[str, Any]]:
    """The objects that something holds, by the names of its attributes."""
    if isinstance(thing, Variable):
        return []
    if isinstance(thing, list):
        return [(str(i), one) for i, one in enumerate(thing) if _is_followed(one)]
    if isinstance(thing, dict):
        return [(str(key), one) for key, one in thing.items() if _is_followed(one)]
    found: list[tuple[str, Any]] = thing._checkpoint_dependencies()
    return found


def _is_followed(value: Any) -> bool:
    """Whether something is an object, or a list or dictionary with one in it."""
    if isinstance(value, (list, dict)):
        parts = value.values() if isinstance(value, dict) else value
        return any(_is_followed(one) for one in parts)
    return is_trackable(value)


def attributes_of(thing: Any, hidden: frozenset[str]) -> list[tuple[str, Any]]:
    """The attributes of an object that are objects, in the order they were set."""
    return [
        (name, value)
        for name, value in vars(thing).items()
        if name not in hidden and _is_followed(value)
    ]


class AutoTrackable:
    """An object whose attributes a checkpoint follows."""

    def _checkpoint_dependencies(self) -> list[tuple[str, Any]]:
        return attributes_of(self, frozenset())

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        attribute_was_set(self, name, value)


def attribute_was_set(thing: Any, name: str, value: Any) -> None:
    """Restores what waited for an attribute, or for a weight of a name."""
    waiting = thing.__dict__.get(WAITING)
    if waiting and name in waiting and is_trackable(value):
        for restoration, number in waiting.pop(name):
            restoration.start(value, number)


def slot_was_made(optimizer: Any) -> None:
    """Restores slots that waited for an optimizer to make them."""
    for restoration in optimizer.__dict__.get(WAITING_SLOTS, ()):
        restoration.slots_changed()
