"""Temporary variables: what lives within one run, such as `accumulate_n` of old.

Beside state. TF 1.15: `gen_state_ops.temporary_variable` gives a reference that may be
assigned to, and is given back by `destroy_temporary_variable` of the same name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.op_errors import InvalidArgumentError, NotFoundError
from scopetutor.engine.registry import define
from scopetutor.engine.state import Cell, Container

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.state import State

_KEY = "temporary variables"
_KIND = "N10tensorflow19TemporaryVariableOp6TmpVarE"  # as TensorFlow's runtime says it


def _temporary(op: Operation, state: State) -> Callable[[], Cell]:
    attrs = op._attrs
    name = attrs["var_name"] or op._name
    alive = state.resources.setdefault(_KEY, set())

    def kernel() -> Cell:
        alive.add(name)
        cell = Cell(name, attrs["shape"], Container())
        cell.value = np.zeros(attrs["shape"], attrs["dtype"].as_numpy_dtype)
        return cell

    return kernel


def _destroy(op: Operation, state: State) -> Callable[[Cell], Any]:
    name = op._attrs["var_name"]
    alive = state.resources.setdefault(_KEY, set())

    def kernel(cell: Cell) -> Any:
        if not name:
            raise InvalidArgumentError(None, None, "Missing var_name attribute")
        if name not in alive:
            raise NotFoundError(
                None,
                None,
                f"Resource __per_step_1/{name}/{_KIND} does not exist.",
            )
        return cell.value

    return kernel


define("TemporaryVariable", shape=rules.attribute("shape"), bind=_temporary)
define("DestroyTemporaryVariable", shape=rules.unchanged, bind=_destroy)
