"""Kernels of a loop's body that follow each other, done as one function.

Beside flow, which asks of each operation whether what it takes was computed at all. If
everything is there that comes from outside of some operations, so is all that they give
each other: it is asked once for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .failures import KERNEL_ERRORS, located, translated
from .op_errors import OpError
from .straight import Straight

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .plan import Step

    Item = Callable[[list[Any]], None]

_OFTEN = 100  # after so many iterations, compiling has paid
_FEW = 3  # so many operations are not worth it


class Call(NamedTuple):
    """One operation of a body.

    Attributes:
        item: what is done if it is called by itself.
        step: its kernel.
        waits: the slots of what it takes and waits for.
        trace: where it is kept that it was run.
    """

    item: Item
    step: Step
    waits: tuple[int, ...]
    trace: int


class _Together:
    """Operations that follow each other; they are called like one item."""

    def __init__(self, calls: Sequence[Call], dead: Any) -> None:
        self._calls = calls
        self._dead = dead
        self._times = 0
        self._straight: Straight | None = None
        self._traces = [call.trace for call in calls]
        given = set(self._traces)
        given.update(slot for call in calls for slot in _outputs(call.step))
        taken = dict.fromkeys(place for call in calls for place in call.waits)
        self._waits = [place for place in taken if place not in given]

    def __call__(self, values: list[Any]) -> None:
        straight, dead = self._straight, self._dead
        if straight is None or any(values[wait] is dead for wait in self._waits):
            self._one_by_one(values)
            return
        try:
            straight.run(values)
        except (OpError, *KERNEL_ERRORS) as error:
            step = straight.steps[straight.failed(error.__traceback__, values)]
            if isinstance(error, OpError):
                raise located(error, step.op) from None
            taken = [values[place] for place in step.inputs]
            raise located(translated(error, step.op, taken), step.op) from error
        for trace in self._traces:
            values[trace] = None

    def _one_by_one(self, values: list[Any]) -> None:
        for call in self._calls:
            call.item(values)
        self._times += 1
        if self._times == _OFTEN:
            steps = [call.step for call in self._calls]
            kept = [slot for step in steps for slot in _outputs(step)]
            self._straight = Straight(steps, {}, kept)


def _outputs(step: Step) -> range:
    return range(step.output, step.output + step.count)


def together(
    items: Sequence[Item], calls: Mapping[Item, Call], dead: Any
) -> list[Item]:
    """The items of a body, with those that follow each other as one.

    Args:
        items: in order.
        calls: those that are plain calls of kernels.
        dead: what stands where nothing was computed.
    """
    found: list[Item] = []
    group: list[Call] = []
    for item in (*items, None):
        call = None if item is None else calls.get(item)
        if call is not None:
            group.append(call)
            continue
        if len(group) > _FEW:
            found.append(_Together(group, dead))
        else:
            found.extend(member.item for member in group)
        group = []
        if item is not None:
            found.append(item)
    return found
