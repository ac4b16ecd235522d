"""What a run still does after one of its operations has failed.

Beside the session. TF 1.15: a failed operation takes with it what depends on it, and
nothing else. `sess.run([w, step.assign_add(1)])` raises an error for `w` without a
value, yet `step` has been counted up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .failures import KERNEL_ERRORS
from .op_errors import OpError
from .plan import Retval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .operation import Operation
    from .plan import Step


def run_unaffected(steps: Sequence[Step], failed: int, values: list[Any]) -> None:
    """Runs the steps after a failed one that do not depend on it.

    Args:
        steps: of the whole plan, in order.
        failed: which of them raised an error.
        values: by slot; results are put into it.
    """
    lost = _Lost(steps, failed)
    with np.errstate(all="ignore"):
        for step in steps[failed + 1 :]:
            if lost.takes_along(step.op):
                continue
            kernel, inputs, output, count, _ = step
            try:
                result = kernel(*[values[i] for i in inputs])
            except (OpError, *KERNEL_ERRORS):  # the first error is the one to be said
                lost.add(step.op)
                continue
            if count == 1:
                values[output] = result
            elif count:
                values[output : output + count] = result


class _Lost:
    """The operations that failed, and what depends on them."""

    def __init__(self, steps: Sequence[Step], failed: int) -> None:
        self._first = float("inf")
        done = (step.op for step in steps[:failed])
        self._known: dict[Operation, bool] = {
            op: False for op in done if not isinstance(op, Retval)
        }
        self.add(steps[failed].op)

    def add(self, op: Operation | Retval) -> None:
        """One more has failed."""
        if not isinstance(op, Retval):
            self._known[op] = True
            self._first = min(self._first, op._id)

    def takes_along(self, op: Operation | Retval) -> bool:
        """Whether an operation depends on one that failed."""
        wanted = op.tensor._op if isinstance(op, Retval) else op
        known, pending = self._known, [wanted]
        while pending:
            top = pending[-1]
            if top not in known:
                before = [taken._op for taken in top._inputs]
                before += top._control_inputs
                unknown = [
                    earlier
                    for earlier in before
                    if earlier not in known and earlier._id > self._first
                ]
                if unknown:
                    pending += unknown
                    continue
                known[top] = any(known.get(earlier, False) for earlier in before)
            pending.pop()
        return known[wanted]
