"""Whether `tf.cond` and `tf.while_loop` make one operation that names functions.

Before branches, which ask. TF 1.15: by default they are made of Switch and Merge;
`tf.enable_control_flow_v2` has them made of operations If and While from then on, and
in functions they always are.
"""

from __future__ import annotations

from typing import Any

from . import defaults

_enabled = False


def enable_control_flow_v2() -> None:
    """Conditions and loops are operations of their own from now on."""
    global _enabled  # noqa: PLW0603 - a setting of the process, as in TensorFlow
    _enabled = True


def disable_control_flow_v2() -> None:
    """Conditions and loops are made of Switch and Merge from now on."""
    global _enabled  # noqa: PLW0603
    _enabled = False


def control_flow_v2_enabled() -> bool:
    """Whether conditions and loops made now are operations."""
    return enabled_in(defaults.get_default_graph())


def enabled_in(graph: Any) -> bool:
    """Whether those of a graph are operations; TF 1.15: in functions they are."""
    return _enabled or getattr(graph, "has_branches", False)
