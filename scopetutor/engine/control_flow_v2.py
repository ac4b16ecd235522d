"""Whether `tf.cond` makes one operation whose branches are functions.

Before branches, which ask. TF 1.15: by default a condition is made of Switch and Merge;
`tf.enable_control_flow_v2` has it made of an operation If from then on.
"""

from __future__ import annotations

from typing import Any

from . import defaults

_enabled = False


def enable_control_flow_v2() -> None:
    """Conditions are operations of their own from now on."""
    global _enabled  # noqa: PLW0603 - a setting of the process, as in TensorFlow
    _enabled = True


def disable_control_flow_v2() -> None:
    """Conditions are made of Switch and Merge from now on."""
    global _enabled  # noqa: PLW0603
    _enabled = False


def control_flow_v2_enabled() -> bool:
    """Whether conditions made now are operations."""
    return enabled_in(defaults.get_default_graph())


def enabled_in(graph: Any) -> bool:
    """Whether conditions of a graph are operations; TF 1.15: in branches they are."""
    return _enabled or getattr(graph, "has_branches", False)
