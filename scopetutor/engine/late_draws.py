"""Random numbers of loops, in the order in which TF 1.15's executor draws them.

Beside flow. The executor runs a loop's counters ahead, up to `parallel_iterations`, and
does first what the next iteration waits for. What nobody waits for it puts on a heap:
then the last iteration draws first, and the first one last. So it is with dropout in
`dynamic_rnn` when the size of the batch is not known before the run; where it is known,
the shape is a constant, and the iterations draw in their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .contexts import ENTERS, MERGES, NEXTS, SWITCHES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .operation import Operation

    Item = Callable[[list[Any]], None]

_DRAWS = frozenset(["RandomStandardNormal", "RandomUniform", "TruncatedNormal"])
_COUNTING = frozenset(
    [
        *("Add", "AddV2", "All", "Const", "Equal", "Greater", "GreaterEqual"),
        *("Identity", "Less", "LessEqual", "LogicalAnd", "LogicalNot", "LogicalOr"),
        *("LoopCond", "Maximum", "Minimum", "Reshape", "Sub"),
        *(ENTERS | MERGES | NEXTS | SWITCHES),
    ]
)
"""What may be run ahead to know how many iterations there will be."""


class LateDraw:
    """A random operation whose iterations draw in reverse.

    Args:
        draw: gives the next numbers, in a shape.
    """

    __slots__ = ("_draw", "_kept", "_left")

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self._draw = draw
        self._kept: list[Any] = []
        self._left = 1

    def begin(self, count: int) -> None:
        """So many iterations come now."""
        self._kept, self._left = [], count

    def __call__(self, shape: Any) -> Any:
        """The numbers of this iteration."""
        if self._left:
            self._kept = [self._draw(shape) for _ in range(self._left)]
            self._left = 0
        return self._kept.pop() if self._kept else self._draw(shape)


class Block(NamedTuple):
    """The iterations that the executor begins before the first of them has ended.

    Attributes:
        size: how many they are at most.
        ahead: what computes the counters and whether there is one more iteration.
        goes_on: where it is kept whether there is.
        counters: where counters go in the next iteration, and come from.
        draws: what draws in reverse.
    """

    size: int
    ahead: Sequence[Item]
    goes_on: int
    counters: Sequence[tuple[int, int]]
    draws: Sequence[LateDraw]

    def begin(self, values: list[Any]) -> None:
        """Counts the iterations of the block, which begins with these values."""
        ahead, count = list(values), 0
        while count < self.size:
            for item in self.ahead:
                item(ahead)
            if not ahead[self.goes_on]:
                break
            count += 1
            fresh = [ahead[source] for _, source in self.counters]
            for (target, _), value in zip(self.counters, fresh, strict=True):
                ahead[target] = value
        for draw in self.draws:
            draw.begin(count)


class Counting(NamedTuple):
    """What a loop's end depends on.

    Attributes:
        condition: the LoopCond.
        ops: all operations that it needs.
        merges: the loop variables among them.
    """

    condition: Operation
    ops: frozenset[Operation]
    merges: tuple[Operation, ...]


def counting(members: Sequence[Operation]) -> Counting | None:
    """What must be run to count the iterations; None if it is the whole loop's work."""
    inside = frozenset(members)
    condition = next((op for op in members if op.type == "LoopCond"), None)
    if condition is None:
        return None
    found: set[Operation] = set()
    waiting = [condition]
    while waiting:
        found |= _needed(waiting, inside)
        nexts = [_next(op) for op in found if op.type in MERGES]
        waiting = [op for op in nexts if op is not None and op not in found]
    if any(op.type not in _COUNTING for op in found):
        return None
    merges = tuple(op for op in members if op in found and op.type in MERGES)
    return Counting(condition, frozenset(found), merges)


def late_draws(members: Sequence[Operation], known: Counting) -> list[Operation]:
    """The random operations of a loop that draw in reverse."""
    inside = frozenset(members)
    return [op for op in members if op.type in _DRAWS and _is_late(op, inside, known)]


def _is_late(op: Operation, inside: frozenset[Operation], known: Counting) -> bool:
    """Whether an operation is put off until the executor has begun all iterations."""
    shape = op._inputs[0]._op
    if shape.type == "Const":
        return False
    needed = _needed([op], inside)
    if any(o.type in SWITCHES and o._inputs[1]._op.type != "LoopCond" for o in needed):
        return False  # in a branch: not every iteration may draw
    history = _history(op, inside)
    if op in history:
        return False
    states = [o for o in needed | history if o.type in MERGES and o not in known.merges]
    if not any(o in _history(o, inside) for o in states):
        return True  # the counters alone say when it may begin
    # Else it is put off if the next iteration can begin at once: it is with the
    # outputs of a cell, if no sequence lengths are to be looked at first.
    measured = [t._op for t in shape._inputs]
    return any(o.type in NEXTS and o._inputs[0]._op in measured for o in inside)


def _history(op: Operation, inside: frozenset[Operation]) -> set[Operation]:
    """What an operation needs of the iterations before."""
    found: set[Operation] = set()
    waiting = _needed([op], inside)
    while waiting:
        nexts = [_next(o) for o in waiting if o.type in MERGES]
        earlier = _needed([o for o in nexts if o is not None], inside)
        waiting = earlier - found
        found |= earlier
    return found


def _needed(ops: Iterable[Operation], inside: frozenset[Operation]) -> set[Operation]:
    """The operations of a loop that some need within one iteration, and these."""
    found: set[Operation] = set()
    waiting = list(ops)
    while waiting:
        op = waiting.pop()
        if op in found or op not in inside:
            continue
        found.add(op)
        waiting.extend(op._control_inputs)
        waiting.extend(t._op for t in op._inputs if t._op.type not in NEXTS)
    return found


def _next(merge: Operation) -> Operation | None:
    """What gives a loop variable its next value; None for the end of a branch."""
    return next((t._op for t in merge._inputs if t._op.type in NEXTS), None)
