"""`tf.keras.backend`: sessions, values and settings of keras.

After assignments.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults

from . import assignments, losses, names


def epsilon() -> float:
    """The small number that keeps logarithms and divisions finite."""
    return losses.EPSILON


def floatx() -> str:
    """The type of numbers that nobody gives a type."""
    return "float32"


def image_data_format() -> str:
    """Where the channels of pictures are."""
    return "channels_last"


def clear_session() -> None:
    """A new default graph, a new session, and names from the beginning."""
    defaults.reset_default_graph()
    names.reset_uids()
    assignments.forget()


def get_value(x: Any) -> Any:
    """The value of a variable, in keras's session."""
    if defaults.state.eager:
        return x.numpy()
    return assignments.values_of([x])[0]


def evaluated(x: Any) -> Any:
    """The value of a tensor, in keras's session."""
    return get_value(x)


def set_value(x: Any, value: Any) -> None:
    """Gives a variable a value, in keras's session."""
    if defaults.state.eager:
        x.assign(value)
    else:
        assignments.assign([(x, value)])
