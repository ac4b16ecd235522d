"""Steps as straight-line Python: what a plan becomes when it runs again and again.

After plan. Going through a list of steps costs as much as the kernels of a small net.
A plan that has run a few times is therefore written as one function, with a line for
each step and local variables for its values, and compiled:

    a = k0(values[0], c3)
    b = k1(a, c4)
    values[9] = a = k2(b)

A variable is used again as soon as its value is not needed any more, so that memory of
large values is free for the next ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from types import TracebackType

    from .plan import Step

_NAME = "<steps of a plan>"
_FIRST_LINE = 2  # the first is "def run(values):"


class Straight:
    """A function for some steps.

    Attributes:
        run: (values) -> None; computes the steps, and keeps in `values` what is wanted.
        steps: in order.
    """

    def __init__(
        self, steps: Sequence[Step], constants: Mapping[int, Any], wanted: Iterable[int]
    ) -> None:
        """Writes the function.

        Args:
            steps: in order.
            constants: values that are the same in each run, by slot.
            wanted: the slots that are looked at afterwards.
        """
        self.steps = steps
        self._constants = constants
        self._names: dict[int, str] = {}  # of the slots that have a local variable
        self._free: list[str] = []
        self._count = 0
        self._last_use = {
            slot: index for index, step in enumerate(steps) for slot in step.inputs
        }
        self._wanted = frozenset(wanted)
        lines = [self._line(index, step) for index, step in enumerate(steps)]
        lines += [f"values[{s}] = c{s}" for s in self._wanted if s in constants]
        source = "def run(values):\n " + "\n ".join(lines or ["pass"])
        known = {f"k{index}": step.kernel for index, step in enumerate(steps)}
        known.update((f"c{slot}", value) for slot, value in constants.items())
        exec(compile(source, _NAME, "exec"), known)
        self.run: Callable[[list[Any]], None] = known["run"]

    def _line(self, index: int, step: Step) -> str:
        call = f"k{index}({', '.join(self._read(slot) for slot in step.inputs)})"
        for slot in set(step.inputs):
            if self._last_use[slot] == index and slot in self._names:
                self._free.append(self._names.pop(slot))
        if not step.count:
            return call
        slots = range(step.output, step.output + step.count)
        targets = [self._local(slot) for slot in slots]
        kept = [
            f"values[{slot}] = {name}"
            for slot, name in zip(slots, targets, strict=True)
            if slot in self._wanted
        ]
        for slot in slots:
            if slot not in self._last_use:
                self._free.append(self._names.pop(slot))
        return "; ".join([f"{', '.join(targets)} = {call}", *kept])

    def _read(self, slot: int) -> str:
        if slot in self._names:
            return self._names[slot]
        return f"c{slot}" if slot in self._constants else f"values[{slot}]"

    def _local(self, slot: int) -> str:
        if not self._free:
            self._free.append(f"v{self._count}")
            self._count += 1
        name = self._names[slot] = self._free.pop()
        return name

    def failed(self, trace: TracebackType | None, values: list[Any]) -> int:
        """The index of the step that raised an error; `values` gets what there is."""
        while trace is not None and trace.tb_frame.f_code.co_filename != _NAME:
            trace = trace.tb_next
        assert trace is not None
        index = trace.tb_lineno - _FIRST_LINE
        local = trace.tb_frame.f_locals
        self._names, self._free, self._count = {}, [], 0
        for done, step in enumerate(self.steps[:index]):  # who had which variable
            self._line(done, step)
        for slot, name in self._names.items():
            values[slot] = local[name]
        for slot, value in self._constants.items():
            values[slot] = value
        return index
