"""Running graphs with branches and loops.

Beside plan, used only when a run needs it. What a branch not taken would compute is
DEAD: operations with a dead input do not run and give dead outputs, until a Merge picks
what is alive. A loop's operations form a *frame*; its items are run in order once for
each iteration, nested loops being single items of the frame around them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .contexts import ENTERS, EXITS, MERGES, NEXTS, SWITCHES
from .failures import KERNEL_ERRORS, defined_at, located, translated
from .folding import idle
from .late_draws import Block, LateDraw, counting, late_draws
from .loop_bodies import Call, together
from .op_errors import InvalidArgumentError, OpError
from .operation import dims_text
from .plan import (
    _HOLDERS,
    Plan,
    Retval,
    Step,
    input_name,
    needed,
    reader,
    retvals_of,
)
from .shortcuts import shortcut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .operation import Operation, Tensor
    from .plan import Planner

    Item = Callable[[list[Any]], None]


class _Dead:
    """What there is where nothing was computed."""

    def __repr__(self) -> str:
        return "DEAD"


DEAD = _Dead()


class _Frame:
    """The operations of one loop, or of the graph outside of all loops.

    Attributes:
        name: of the loop; "" outside.
        parent: the frame around it, or None.
        members: its operations, each after what it takes in the same iteration.
        children: the loops directly inside it.
    """

    def __init__(self, name: str, parent: _Frame | None) -> None:
        self.name = name
        self.parent = parent
        self.members: list[Operation] = []
        self.children: dict[str, _Frame] = {}

    def child(self, name: str) -> _Frame:
        """The frame of a loop inside this one."""
        found = self.children.get(name)
        if found is None:
            found = self.children[name] = _Frame(name, self)
        return found


def _with_back_edges(ops: list[Operation], fed: set[Tensor]) -> list[Operation]:
    """The operations, and those that compute the loop variables' next values."""
    all_ops = dict.fromkeys(ops)
    waiting = list(ops)
    while waiting:
        op = waiting.pop()
        if op._definition.name not in MERGES:
            continue
        for taken in op._inputs:
            if taken._op.type in NEXTS and taken._op not in all_ops:
                more = [o for o in needed([taken._op], fed) if o not in all_ops]
                all_ops.update(dict.fromkeys(more))
                waiting.extend(more)
    return list(all_ops)


class _Loop(NamedTuple):
    """What running a loop does.

    Attributes:
        enters: where values from outside go, and come from.
        waits: what must have been done before.
        starts: where the loop variables' first values go, and come from.
        nexts: the same for their next ones.
        indices: where it goes which of both came: 0 at first, 1 from then on.
        exits: where results go, and where it is kept that they were computed.
        once: what is there in the first iteration only, besides the loop variables.
        items: what is done in each iteration.
        block: of iterations that draw in reverse, if some do.
    """

    enters: list[tuple[int, int]]
    waits: list[int]
    starts: list[tuple[int, int]]
    nexts: list[tuple[int, int]]
    indices: list[int]
    exits: list[tuple[int, int]]
    once: list[int]
    items: Sequence[Item]
    block: Block | None

    def run(self, values: list[Any]) -> None:
        """All iterations; in a branch that is not taken, none."""
        for out, given in self.enters:
            values[out] = values[given]
        for out, trace in self.exits:
            values[out] = values[trace] = DEAD
        if any(values[given] is DEAD for _, given in self.starts) or any(
            values[wait] is DEAD for wait in self.waits
        ):
            return
        current, index = self.starts, 0
        nexts, indices, items = self.nexts, self.indices, self.items
        block, begun = self.block, 0
        while True:
            fresh = [values[source] for _, source in current]
            for (target, _), value in zip(current, fresh, strict=True):
                values[target] = value
            for place in indices:
                values[place] = np.int32(index)
            if block is not None:
                if begun % block.size == 0:
                    block.begin(values)
                begun += 1
            for item in items:
                item(values)
            if all(values[source] is DEAD for _, source in nexts):
                return
            current, index = nexts, 1
            for place in self.once:
                values[place] = DEAD


class _Frames:
    """Which frame each operation is in."""

    def __init__(self, ops: list[Operation]) -> None:
        self.root = _Frame("", None)
        self._of: dict[Operation, _Frame] = {}
        self._included = set(ops)
        for op in ops:
            self._place(op)
        for op in ops:
            self._of[op].members.append(op)

    def of(self, op: Operation) -> _Frame:
        """The frame an operation runs in."""
        return self._of[op]

    def _outside(self, op: Operation) -> _Frame:
        """The frame where an operation's outputs are used."""
        frame = self._of[op]
        if op.type in EXITS:
            assert frame.parent is not None
            return frame.parent
        return frame

    def _place(self, op: Operation) -> None:
        stack = [op]
        while stack:
            current = stack[-1]
            if current in self._of:
                stack.pop()
                continue
            sources = [
                source for source in _sources(current) if source in self._included
            ]
            missing = [source for source in sources if source not in self._of]
            if missing:
                stack.extend(missing)
                continue
            frame = self._deepest(sources)
            self._check(current, sources)
            if current.type in ENTERS:
                frame = frame.child(current._attrs["frame_name"])
            self._of[current] = frame
            stack.pop()

    def _check(self, op: Operation, sources: list[Operation]) -> None:
        """InvalidArgumentError if what an operation takes is of several frames.

        Only operations that a program puts into frames by hand are.
        """
        if len({self._outside(source) for source in sources}) < 2:
            return
        # TF 1.15 comes to what is in no frame first.
        first, *others = sorted(
            sources, key=lambda s: self._outside(s) is not self.root
        )
        other = next(s for s in others if self._outside(s) is not self._outside(first))
        wheres = [
            f"The input node {source.name}{defined_at(source)}  is in frame "
            f"'{self._outside(source).name}'."
            for source in (other, first)
        ]
        raise InvalidArgumentError(
            None,
            op,
            f"node {op.name}{defined_at(op)}  has inputs from different frames. "
            f"{' '.join(wheres)}",
        )

    def _deepest(self, sources: list[Operation]) -> _Frame:
        best, depth = self.root, 0
        for source in sources:
            frame: _Frame | None = self._outside(source)
            level, around = 0, frame
            while around is not None:
                level, around = level + 1, around.parent
            if level > depth:
                best, depth = frame or best, level
        return best


def _sources(op: Operation) -> list[Operation]:
    """What an operation waits for within one iteration."""
    taken = [
        t._op
        for t in op._inputs
        if not (op._definition.name in MERGES and t._op.type in NEXTS)
    ]
    return [*taken, *op._control_inputs]


class _Builder:
    """Makes the items of all frames."""

    def __init__(
        self,
        planner: Planner,
        frames: _Frames,
        feeds: Sequence[Tensor],
        unused: set[Operation],
    ) -> None:
        self._planner = planner
        self._frames = frames
        self._fed = set(feeds)
        self._idle = unused
        self.slots: dict[Any, int] = {tensor: i for i, tensor in enumerate(feeds)}
        self.steps: list[Step] = []
        self.constants: list[tuple[int, Any]] = []
        self._items: dict[Any, Item] = {}
        self._calls: dict[Item, Call] = {}
        self._late: dict[Operation, LateDraw | None] = {}

    def slot(self, key: Any) -> int:
        """Where the value of a tensor is, or the trace of an operation that ran."""
        place = self.slots.get(key)
        if place is None:
            place = self.slots[key] = len(self.slots)
        return place

    def _output(self, tensor: Tensor) -> int:
        """Where a computed value goes: what is fed is not overwritten."""
        return self.slot(("unused", tensor) if tensor in self._fed else tensor)

    def items(self, frame: _Frame) -> list[Item]:
        """What one iteration of a frame does, in order."""
        items: list[Item] = []
        for node in self._order(frame):
            item = self._loop(node) if isinstance(node, _Frame) else self._item(node)
            if item is not None:
                items.append(item)
                self._items[node] = item
        return items

    def lose(self, item: Item, values: list[Any]) -> None:
        """Notes that an item has failed: what depends on it is dead."""
        for node, known in self._items.items():
            if known is item and not isinstance(node, _Frame):
                for key in (node, *node._outputs):
                    values[self.slot(key)] = DEAD

    def _order(self, frame: _Frame) -> list[Any]:
        """The operations and loops of a frame, each after what it waits for."""
        order: list[Any] = []
        done: set[Any] = set()
        nodes: list[Any] = [op for op in frame.members if op.type not in ENTERS]
        nodes += list(frame.children.values())
        stack = [(node, False) for node in reversed(nodes)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
                continue
            if node in done:
                continue
            done.add(node)
            stack.append((node, True))
            stack.extend(
                (before, False)
                for before in reversed(self._before(node, frame))
                if before not in done
            )
        return order

    def _before(self, node: Any, frame: _Frame) -> list[Any]:
        """What must be done in a frame before a node of it."""
        if isinstance(node, _Frame):
            sources = [source for op in _enters_of(node) for source in _sources(op)]
        else:
            sources = _sources(node)
        before: list[Any] = []
        for source in sources:
            if source not in self._frames._of:
                continue
            where = self._frames.of(source)
            if where is frame:
                if source.type not in ENTERS and not (
                    source.type in EXITS and where is not frame
                ):
                    before.append(source)
            else:
                inner: _Frame | None = where
                while inner is not None and inner.parent is not frame:
                    inner = inner.parent
                if inner is not None and inner is not node:
                    before.append(inner)
        return before

    def _loop(self, frame: _Frame) -> Item:
        """What running a loop does."""
        enters = _enters_of(frame)
        merges = [
            op
            for op in frame.members
            if op._definition.name in MERGES
            and any(t._op.type in NEXTS for t in op._inputs)
        ]
        used = {t for op in frame.members if op not in merges for t in op._inputs}
        items, block = self._items_and_block(frame)
        loop = _Loop(
            enters=[self._pair(op._outputs[0], op._inputs[0]) for op in enters],
            waits=[
                self.slot(control)
                for op in enters
                for control in op._control_inputs
                if control in self._frames._of and self._frames.of(control) is not frame
            ],
            starts=[self._pair(op._outputs[0], op._inputs[0]) for op in merges],
            nexts=[self._pair(op._outputs[0], op._inputs[1]) for op in merges],
            indices=[self.slot(op._outputs[1]) for op in merges],
            exits=[
                self._pair(op._outputs[0], op)
                for op in frame.members
                if op.type in EXITS
            ],
            once=[
                self.slot(op._outputs[0])
                for op in enters
                if op._outputs[0] in used and not op._attrs["is_constant"]
            ],
            items=items,
            block=block,
        )
        return loop.run

    def _items_and_block(self, frame: _Frame) -> tuple[list[Item], Block | None]:
        """What an iteration does, and which iterations draw in reverse."""
        known = counting(frame.members)
        late = late_draws(frame.members, known) if known else []
        if known is None or not late:
            return together(self.items(frame), self._calls, DEAD), None
        self._late.update(dict.fromkeys(late))
        items = self.items(frame)
        draws = [draw for draw in map(self._late.get, late) if draw is not None]
        ahead = {id(self._items[op]) for op in known.ops if op in self._items}
        enters = _enters_of(frame)
        return items, Block(
            size=max(op._attrs["parallel_iterations"] for op in enters),
            ahead=[item for item in items if id(item) in ahead],
            goes_on=self.slot(known.condition._outputs[0]),
            counters=[self._pair(op._outputs[0], op._inputs[1]) for op in known.merges],
            draws=draws,
        )

    def _pair(self, target: Any, source: Any) -> tuple[int, int]:
        return self.slot(target), self.slot(source)

    def _item(self, op: Operation) -> Item | None:
        """What running an operation does; None if nothing is to be done each time."""
        kind = op._definition.name
        if kind in _HOLDERS:
            cell = self._planner.holder(op)
            self.constants.append((self.slot(op._outputs[0]), cell))
            return None
        controls = tuple(
            self.slot(c) for c in op._control_inputs if c in self._frames._of
        )
        trace = self.slot(op)
        outs = [self._output(tensor) for tensor in op._outputs]
        ins = tuple(self.slot(tensor) for tensor in op._inputs)
        if kind in SWITCHES:
            return _switch(op, ins, outs, controls, trace)
        if kind in MERGES:
            if any(t._op.type in NEXTS for t in op._inputs):
                return None
            return _merge(op, ins, outs, trace)
        if kind in EXITS or kind in NEXTS or kind == "LoopCond":
            return _pass_on(op, ins, outs, controls, trace)
        if kind == "Const" and not controls:
            self.constants.append((outs[0], op._attrs["value"].array))
            return None
        if kind == "ControlTrigger":  # runs whether what it waits for is dead or not
            return _guarded(_nothing, (), outs, (), trace, op)
        if kind == "NoOp":
            return _guarded(_nothing, ins, outs, controls, trace, op)
        if op in self._idle:
            return self._called(_idling(len(outs)), op, (), (*ins, *controls))
        constants = [self._constant(tensor) for tensor in op._inputs]
        kernel = shortcut(op, constants, self._planner.kernel(op))
        if op in self._late:
            kernel = self._late[op] = LateDraw(kernel)
        self.steps.append(Step(kernel, ins, outs[0] if outs else -1, len(outs), op))
        return self._called(kernel, op, ins, controls)

    def _called(
        self,
        kernel: Callable[..., Any],
        op: Operation,
        ins: tuple[int, ...],
        controls: tuple[int, ...],
    ) -> Item:
        """Calls the kernel of an operation, in a loop perhaps together with others."""
        outs, trace = [self._output(tensor) for tensor in op._outputs], self.slot(op)
        item = _guarded(kernel, ins, outs, controls, trace, op)
        first, count = outs[0] if outs else -1, len(outs)
        if outs == [*range(first, first + count)]:
            step = Step(kernel, ins, first, count, op)
            self._calls[item] = Call(item, step, (*ins, *controls), trace)
        return item

    def _constant(self, tensor: Tensor) -> Any:
        """The value of a constant that is not fed, else None."""
        is_constant = tensor._op.type == "Const" and tensor not in self._fed
        return tensor._op._attrs["value"].array if is_constant else None

    def read(self, retval: Retval) -> Item:
        """Reads a fetched reference."""
        kernel = reader(input_name(retval.tensor))
        ins = (self.slot(retval.tensor),)
        outs = [self.slot(retval)]
        self.steps.append(Step(kernel, ins, outs[0], 1, retval))
        return _guarded(kernel, ins, outs, (), self.slot(("done", retval)), retval)


def _checked(slots: dict[str, int]) -> Item:
    """Refuses to give what was not computed; TF 1.15 counts by the tensors' names."""
    in_order = [slot for _, slot in sorted(slots.items())]

    def run(values: list[Any]) -> None:
        for index, slot in enumerate(in_order):
            if values[slot] is DEAD:
                raise InvalidArgumentError(
                    None, None, f"Retval[{index}] does not have value"
                )

    return run


def _nothing() -> None:
    """What a NoOp does."""


def _idling(count: int) -> Callable[[], Any]:
    """What is done instead of an operation whose outputs nobody takes."""
    return _nothing if count < 2 else lambda: (None,) * count


def _enters_of(frame: _Frame) -> list[Operation]:
    return [op for op in frame.members if op.type in ENTERS]


def _switch(
    op: Operation, ins: tuple[int, ...], outs: list[int], controls: Sequence[int],
    trace: int,
) -> Item:  # fmt: skip
    data, pred = ins
    on_false, on_true = outs
    # Only a RefSwitch passes the variable on; a Switch passes its value.
    read = _reader_of(op, 0)
    taken = op._inputs[1]
    read_pred = reader(input_name(taken)) if taken._dtype._is_ref_dtype else None
    is_scalar = taken._dims == ()

    def run(values: list[Any]) -> None:
        value, choice = values[data], values[pred]
        if value is DEAD or choice is DEAD or any(values[c] is DEAD for c in controls):
            values[on_false] = values[on_true] = values[trace] = DEAD
            return
        if read is not None:
            value = read(value)
        if read_pred is not None:
            choice = read_pred(choice)
        if not is_scalar and np.ndim(choice):
            raise InvalidArgumentError(
                None,
                op,
                "The second input must be a scalar, but it has shape "
                f"{dims_text(np.shape(choice))}",
            )
        values[trace] = None
        taken, other = (on_true, on_false) if choice else (on_false, on_true)
        values[taken], values[other] = value, DEAD

    return run


def _merge(op: Operation, ins: tuple[int, ...], outs: list[int], trace: int) -> Item:
    out, which = outs
    readers = [_reader_of(op, index) for index in range(len(ins))]
    choices = [(i, place, readers[i]) for i, place in enumerate(ins)]

    def run(values: list[Any]) -> None:
        for index, place, read in choices:
            value = values[place]
            if value is not DEAD:
                values[out] = value if read is None else read(value)
                values[which], values[trace] = np.int32(index), None
                return
        values[out] = values[which] = values[trace] = DEAD

    return run


def _reader_of(op: Operation, index: int) -> Callable[[Any], Any] | None:
    """How an input is read: by its value where the operation wants no reference."""
    taken = op._inputs[index]
    if not taken._dtype._is_ref_dtype or op.type.startswith("Ref"):
        return None
    return reader(input_name(taken))


def _pass_on(
    op: Operation, ins: tuple[int, ...], outs: list[int], controls: Sequence[int],
    trace: int,
) -> Item:  # fmt: skip
    (source,), (target,) = ins, outs
    read = _reader_of(op, 0)
    leaves = op.type in EXITS

    def run(values: list[Any]) -> None:
        value = values[source]
        if value is DEAD or any(values[c] is DEAD for c in controls):
            if not leaves:  # a result stays, whatever the iterations after it do
                values[target] = values[trace] = DEAD
            return
        values[target] = value if read is None else read(value)
        values[trace] = None

    return run


def _guarded(
    kernel: Callable[..., Any],
    ins: tuple[int, ...],
    outs: list[int],
    controls: Sequence[int],
    trace: int,
    op: Operation | Retval,
) -> Item:
    """A step that does not run when something it waits for is dead."""
    waits = (*ins, *controls)
    count = len(outs)

    def run(values: list[Any]) -> None:
        for place in waits:
            if values[place] is DEAD:
                for out in outs:
                    values[out] = DEAD
                values[trace] = DEAD
                return
        try:
            result = kernel(*[values[i] for i in ins])
        except OpError as error:
            raise located(error, op) from None
        except KERNEL_ERRORS as error:
            taken = [values[i] for i in ins]
            raise located(translated(error, op, taken), op) from error
        values[trace] = None
        if count == 1:
            values[outs[0]] = result
        elif count:
            for out, value in zip(outs, result, strict=True):
                values[out] = value

    return run


def make(
    planner: Planner,
    fetches: Sequence[Tensor],
    targets: Sequence[Operation],
    ops: list[Operation],
    feeds: Sequence[Tensor],
) -> Plan:
    """The plan for a graph with branches or loops."""
    fed = set(feeds)
    ops = _with_back_edges(ops, fed)
    frames = _Frames(ops)
    builder = _Builder(planner, frames, feeds, idle(ops, fetches, targets))
    items = builder.items(frames.root)
    retvals = retvals_of(fetches, fed)
    items.extend(builder.read(retval) for retval in retvals.values())
    if fetches:
        items.append(_checked({t.name: builder.slot(t) for t in fetches}))
    return Plan(
        tuple(builder.steps),
        len(builder.slots),
        tuple(range(len(feeds))),
        tuple([builder.slot(retvals.get(tensor, tensor)) for tensor in fetches]),
        tuple(builder.constants),
        tuple(items),
        lose=builder.lose,
    )
