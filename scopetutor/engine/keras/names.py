"""Names for layers that were given none: the class's name, numbered by graph.

Before ``layer.py`` and models; `tf.layers` names its layers with it, too. TF 1.15: the
counts are kept for each graph, until `clear_session`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from scopetutor.engine import defaults

if TYPE_CHECKING:
    from scopetutor.engine.graph import Graph

_counts: WeakKeyDictionary[Graph, defaultdict[str, int]] = WeakKeyDictionary()
_uids: WeakKeyDictionary[Graph, defaultdict[str, int]] = WeakKeyDictionary()


def to_snake_case(name: str) -> str:
    """A class's name as a layer's: "BatchNormalization" -> "batch_normalization"."""
    spaced = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    lower = re.sub("([a-z])([A-Z])", r"\1_\2", spaced).lower()
    # TF 1.15: a name scope may not begin with an underscore.
    return f"private{lower}" if lower.startswith("_") else lower


def unique_object_name(name: str, *, zero_based: bool = False) -> str:
    """A name with the number of times the default graph was asked for it.

    Args:
        name: such as "dense".
        zero_based: whether the first one has no number.
    """
    counts = _counts.setdefault(defaults.get_default_graph(), defaultdict(int))
    count = counts[name]
    counts[name] = count + 1
    if zero_based:
        return f"{name}_{count}" if count else name
    return f"{name}_{count + 1}"


def get_uid(prefix: str = "") -> int:
    """How often the default graph was asked for a number of this prefix."""
    counts = _uids.setdefault(defaults.get_default_graph(), defaultdict(int))
    counts[prefix] += 1
    return counts[prefix]


def reset_uids() -> None:
    """Begins again to number names, in every graph."""
    _counts.clear()
    _uids.clear()
