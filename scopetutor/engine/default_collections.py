"""Collections of the default graph: `tf.get_collection` and its kin.

Before the default graph (graph.py), which keeps the lists; which names TensorFlow's own
functions use is in keys.py. `tf` has all four at its top.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.defaults import get_default_graph


def add_to_collection(name: Any, value: Any) -> None:
    """Appends to a collection of the default graph."""
    get_default_graph().add_to_collection(name, value)


def add_to_collections(names: Any, value: Any) -> None:
    """Appends to several collections of the default graph."""
    get_default_graph().add_to_collections(names, value)


def get_collection(key: Any, scope: Any = None) -> list[Any]:
    """A copy of a collection, or of what in it has a name that matches `scope`."""
    return get_default_graph().get_collection(key, scope)


def get_collection_ref(key: Any) -> list[Any]:
    """The list that is the collection."""
    return get_default_graph().get_collection_ref(key)
