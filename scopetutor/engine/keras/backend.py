"""`tf.keras.backend`: sessions, and values of keras.

After assignments.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults

from . import assignments, names


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
