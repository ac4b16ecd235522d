"""In which order TF 1.15's executor comes to operations that may run in any order.

Before plan. It matters where a variable is read by one and changed by another: which
comes first is not said by the graph, and yet nearly always the same. One thread's way
is followed here; TensorFlow's other threads help it, and so it may come out otherwise
there, now and then.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .operation import Operation
    from .plan import Retval

_CHEAP = frozenset(
    [
        *("AssignVariableOp", "BroadcastGradientArgs", "Const", "ControlTrigger"),
        *("ExpandDims", "Identity", "IdentityN", "NoOp", "PreventGradient", "Rank"),
        *("ReadVariableOp", "Reshape", "Shape", "ShapeN", "Size", "Snapshot"),
        *("Squeeze", "StopGradient", "VarHandleOp", "Variable", "VariableV2"),
        "_Retval",
    ]
)
"""What costs so little that the executor does not hand it to another thread.

An AssignVariableOp costs more; but those that read the variable come after it there.
"""

_LARGE = 4096  # bytes: a constant that is not compared with others


def in_running_order(ops: list[Operation], retvals: Iterable[Retval]) -> list[Any]:
    """The order in which the executor comes to operations.

    Args:
        ops: each after what it takes.
        retvals: the readings of fetched references, which are put between them.

    Returns:
        Operations and readings; fewer than there are if some wait for each other.
    """
    waiting = _Waiting(ops, retvals)
    order: list[Any] = []
    # What this thread does next, and what it handed over: the newest is taken first.
    mine: deque[Any] = deque()
    handed: list[Any] = []
    _share_out(waiting.first(), mine, handed)
    while mine or handed:
        item = mine.popleft() if mine else handed.pop()
        order.extend(waiting.same_as(item))
        _share_out(waiting.ready_after(item), mine, handed)
    return order


def _share_out(ready: list[Any], mine: deque[Any], handed: list[Any]) -> None:
    """What became ready: what is cheap is done by this thread, and at most one more."""
    costly: list[Any] = []
    for item in ready:
        (mine if item.type in _CHEAP else costly).append(item)
    last = costly.pop() if costly and not mine else None
    handed.extend(costly)
    if last is not None:
        mine.append(last)


class _Waiting:
    """Which operations wait for which; those that compute the same count as one."""

    def __init__(self, ops: list[Operation], retvals: Iterable[Retval]) -> None:
        self._reads: dict[Operation, list[Retval]] = {}
        for retval in retvals:
            self._reads.setdefault(retval.tensor._op, []).append(retval)
        self._takers: dict[Operation, list[Operation]] = {op: [] for op in ops}
        self._missing: dict[Operation, int] = {}
        self._same: dict[Operation, list[Operation]] = {}
        self._seen: dict[Any, list[Operation]] = {}
        firsts: dict[Operation, Operation] = {}
        for op in sorted(ops, key=lambda op: op._id):
            taken = tuple([(firsts.get(t._op, t._op), t._index) for t in op._inputs])
            first = self._first_alike(op, taken)
            if first is not None:
                firsts[op] = first
                self._same.setdefault(first, [first]).append(op)
                continue
            before = {other for other, _ in taken if other in self._takers}
            for other in op._control_inputs:
                if other in self._takers:
                    before.add(firsts.get(other, other))
            self._missing[op] = len(before)
            for other in before:
                self._takers[other].append(op)

    def _first_alike(self, op: Operation, taken: Any) -> Operation | None:
        """One that computes the same; TF 1.15 does once what several do alike.

        What draws, holds or changes something does what no other does.
        """
        if op.type == "Const":
            key: Any = _literal(op)
        elif taken and op._definition.is_pure:
            key = op.type, taken
        else:
            key = None
        if key is None:
            return None
        alike = self._seen.setdefault(key, [])
        for other in alike:
            if _same_apart_from_inputs(other, op):
                return other
        alike.append(op)
        return None

    def first(self) -> list[Any]:
        """Those that wait for nothing."""
        return [op for op, missing in self._missing.items() if not missing]

    def same_as(self, item: Any) -> list[Any]:
        """An operation and those that compute the same, or a reading."""
        return self._same.get(item, [item])

    def ready_after(self, item: Any) -> list[Any]:
        """Those that wait no more, once one is done."""
        ready: list[Any] = list(self._reads.get(item, ()))
        for taker in self._takers.get(item, ()):
            self._missing[taker] -= 1
            if not self._missing[taker]:
                ready.append(taker)
        return ready


def _literal(op: Operation) -> Any:
    """What a constant is compared by; None if it is text, or large."""
    value = op._attrs["value"].array
    if value.dtype.hasobject or value.nbytes > _LARGE:
        return None
    return value.dtype.str, value.shape, value.tobytes()


def _same_apart_from_inputs(one: Operation, other: Operation) -> bool:
    if one._device != other._device:
        return False
    if set(one._control_inputs) != set(other._control_inputs):
        return False
    return one.type == "Const" or str(one._attrs) == str(other._attrs)
