"""`tf.keras.backend`: sessions, and values of keras.

After assignments, which knows keras's session; programs come for `K.clear_session()`
and `K.get_session()`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import defaults
from scopetutor.engine.convert import is_tensor
from scopetutor.engine.variables import Variable

from . import assignments, names
from .backend_tensors import to_dense
from .learning_phase import forget_phases, learning_phase


def clear_session() -> None:
    """A new default graph, a new session, and names from the beginning."""
    defaults.reset_default_graph()
    names.reset_uids()
    assignments.forget()
    forget_phases()
    if not defaults.state.eager:
        learning_phase()


def backend() -> str:
    """The name of what keras computes with."""
    return "tensorflow"


def get_session(op_input_list: Any = ()) -> Any:
    """The default session, or keras's own; its variables are initialized."""
    return assignments.session()


def get_value(x: Any) -> Any:
    """The value of a tensor or a variable, in keras's session; others as they are."""
    if not is_tensor(x) and not isinstance(x, Variable):
        return x
    if defaults.state.eager:
        return x.numpy()
    return assignments.session().run(x)


def batch_get_value(tensors: Any) -> Any:
    """The values of several variables, in keras's session."""
    if defaults.state.eager:
        return [x.numpy() for x in tensors]
    return assignments.values_of(tensors) if tensors else []


def evaluated(x: Any) -> Any:
    """The value of a tensor, in keras's session; a sparse one as a dense array."""
    return get_value(to_dense(x))


def set_value(x: Any, value: Any) -> None:
    """Gives a variable a value, in keras's session."""
    batch_set_value([(x, value)])


def batch_set_value(tuples: Any) -> None:
    """Gives variables values, in keras's session."""
    if defaults.state.eager:
        for x, value in tuples:
            x.assign(np.asarray(value, dtype=x.dtype.base_dtype.as_numpy_dtype))
    elif tuples:
        assignments.assign(tuples)
