"""Variables filled with zeros without an initial value: `zero_initializer`.

After state. Of `tf.contrib.framework`: for large variables, whose initial values would
be a second array of the same size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import define
from scopetutor.engine.resource_variables import is_resource_variable

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.state import Cell


def _fill(op: Operation) -> Callable[[Cell], Cell]:
    kind = op._attrs["dtype" if op.type == "ZeroVarInitializer" else "T"]

    def kernel(cell: Cell) -> Cell:
        if cell.value is not None:
            raise InvalidArgumentError(None, op, "input is already initialized")
        cell.value = np.zeros(cell.shape, kind.as_numpy_dtype)
        return cell

    return kernel


define("ZeroInitializer", shape=rules.unchanged, build=_fill, gradient=None)
define("ZeroVarInitializer", shape=rules.scalar, build=_fill)


def zero_initializer(
    ref: Any, use_locking: bool = True, name: str = "zero_initializer"
) -> Any:
    """Fills a variable with zeros when it is run.

    Args:
        ref: the variable; running it fails if it is initialized already.
        use_locking: without effect, as in TF 1.15.
        name: of the operation.

    Returns:
        a reference to the variable, or its handle.
    """
    if is_resource_variable(ref):
        shape, kind = ref.shape, ref.dtype
        return apply(
            "ZeroVarInitializer", ref.handle, shape=shape, dtype=kind, name=name
        )
    return apply("ZeroInitializer", ref, name=name)
