"""From what is wanted to what is done: the flat list of kernels that a run follows.

Before the session. A plan is made once for each combination of fetches and feeds: the
operations that are needed, in an order in which each comes after what it takes. TF 1.15
runs them on several threads; where the order is free, `running_order` follows them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from . import rewiring
from .contexts import CONTROL_FLOW, MERGES, NEXTS
from .dtypes import resource, runtime_name
from .folding import folded, idle, passes_on
from .op_errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    UnimplementedError,
)
from .random import Draw
from .running_order import in_running_order
from .shortcuts import shortcut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .operation import Operation, Tensor
    from .state import Cell, State

_HOLDERS = frozenset({"Variable", "VariableV2", "VarHandleOp"})
# Beyond this, drawing for each operation by itself costs no more.
_FEW_NUMBERS = 4096
# Of more operations, the order is that of the executor only if it matters.
_MANY = 6000


class Step(NamedTuple):
    """One kernel with where its inputs come from and its outputs go to.

    Attributes:
        kernel: what is called.
        inputs: the slots of its arguments.
        output: the slot of its result, or of the first of several; -1 for none.
        count: how many outputs it has.
        op: the operation, or the reading of a fetched reference; for errors.
    """

    kernel: Callable[..., Any]
    inputs: tuple[int, ...]
    output: int
    count: int  # type: ignore[assignment]
    op: Operation | Retval


class Plan(NamedTuple):
    """What a run does.

    Attributes:
        steps: in order.
        slots: how many values there are.
        feeds: the slots of the fed tensors.
        fetches: the slots of the fetched tensors.
        constants: values that are the same in every run, by slot.
        items: for graphs with branches or loops, what is done instead of the steps.
        draws: random operations that will be asked for a known count of numbers.
    """

    steps: tuple[Step, ...]
    slots: int
    feeds: tuple[int, ...]
    fetches: tuple[int, ...]
    constants: tuple[tuple[int, Any], ...]
    items: tuple[Callable[[list[Any]], None], ...] | None = None
    draws: tuple[tuple[Draw, int], ...] = ()


class Retval:
    """Stands for the operation that TF 1.15 adds to read a fetched reference.

    Attributes:
        tensor: the reference.
        name: as errors call it.
    """

    type = "_Retval"
    _inputs: tuple[Tensor, ...] = ()
    _device = ""

    def __init__(self, tensor: Tensor, index: int) -> None:
        self.tensor = tensor
        self.name = f"_retval_{tensor._op._name}_{tensor._index}_{index}"


class _Unused:
    """Holds the slot of a value that nothing takes."""


def uninitialized(name: str) -> FailedPreconditionError:
    """What TF 1.15 says when a ref variable has no value."""
    return FailedPreconditionError(
        None, None, f"Attempting to use uninitialized value {name}"
    )


def reader(name: str) -> Callable[[Cell], Any]:
    """Reads a ref variable's value; `name` is what the operation calls its input."""

    def read(cell: Cell) -> Any:
        value = cell.value
        if value is None:
            raise uninitialized(name)
        return value

    return read


def needed(targets: Iterable[Operation], fed: set[Tensor]) -> list[Operation]:
    """The operations that targets depend on, each after what it takes.

    What is fed is not computed, unless another output of its operation is needed.
    """
    order: list[Operation] = []
    done: set[Operation] = set()
    stack: list[Operation | None] = [*targets]
    stack.reverse()
    pending: list[Operation] = []  # those on the stack below a None, innermost last
    while stack:
        op = stack.pop()
        if op is None:
            order.append(pending.pop())
            continue
        if op in done:
            continue
        done.add(op)
        before = [taken._op for taken in op._inputs if taken not in fed]
        if op._definition.name in MERGES:
            before = [other for other in before if other.type not in NEXTS]
        # TF 1.15: feeding a placeholder cuts its control edges too, not only its value.
        before.extend(
            other
            for other in op._control_inputs
            if other.type != "Placeholder" or other._outputs[0] not in fed
        )
        if before:
            stack.append(None)
            pending.append(op)
            stack.extend([other for other in reversed(before) if other not in done])
        else:
            order.append(op)
    return order


def _writes(op: Operation) -> bool:
    """Whether an operation changes a variable through a reference."""
    return any(argument.is_ref for argument in op._definition.inputs)


def _uses_resource(op: Operation) -> bool:
    return bool(op._inputs) and op._inputs[0]._dtype is resource


def _is_simple(ops: list[Operation]) -> bool:
    """Whether every variable has one use, and so any order will do."""
    used = [op._inputs[0]._op for op in ops if _writes(op) or _uses_resource(op)]
    holders = set(used)
    return len(holders) == len(used) and all(
        op._inputs[0]._op in holders or holders.isdisjoint([t._op for t in op._inputs])
        for op in ops
        if op._inputs
    )


class Planner:
    """Makes the plans of one session."""

    def __init__(self, state: State) -> None:
        self._state = state

    def make(
        self,
        fetches: Sequence[Tensor],
        targets: Sequence[Operation],
        feeds: Sequence[Tensor],
    ) -> Plan:
        """The plan to compute some tensors and run some operations."""
        fed = set(feeds)
        self._state.feeds = feeds
        wanted = [t._op for t in fetches if t not in fed]
        ops = needed([*wanted, *targets], fed)
        rewiring.check_types(ops)
        if fed:
            _check_fed_references(ops, feeds)
        if any(op._definition.name in CONTROL_FLOW for op in ops):
            from . import flow  # noqa: PLC0415 - most graphs have none

            return flow.make(self, fetches, targets, ops, feeds)
        return self._flat(fetches, targets, ops, feeds)

    def _flat(
        self,
        fetches: Sequence[Tensor],
        targets: Sequence[Operation],
        ops: list[Operation],
        feeds: Sequence[Tensor],
    ) -> Plan:
        """The plan for a graph without branches and loops: kernels one by one."""
        fed, unused = set(feeds), idle(ops, fetches, targets)
        slots: dict[Any, int] = {tensor: i for i, tensor in enumerate(feeds)}
        constants: list[tuple[int, Any]] = []
        known: dict[int, Any] = {}  # by slot, the values among the constants
        steps: list[Step] = []
        draws: list[tuple[Draw, int]] = []
        retvals = retvals_of(fetches, fed)
        order: Sequence[Any] = [*ops, *retvals.values()]
        if len(ops) < _MANY or not _is_simple(ops):
            order = in_running_order(ops, retvals.values())
            if len(order) < len(ops):
                rewiring.refuse_cycle(ops, order)
        for op in order:
            output = len(slots)
            if isinstance(op, Retval):
                slots[op] = output
                read = reader(input_name(op.tensor))
                steps.append(Step(read, (slots[op.tensor],), output, 1, op))
                continue
            # What was fed is given back as it was fed; what passes it on, as an array.
            if passes_on(op) and slots[op._inputs[0]] >= len(feeds):
                slots.setdefault(op._outputs[0], slots[op._inputs[0]])
                continue
            for tensor in op._outputs:
                # What is computed of a fed tensor, beside another output, is not used.
                slots[_Unused() if tensor in slots else tensor] = len(slots)
            kind = op._definition.name
            if kind == "Const":
                known[output] = op._attrs["value"].array
                continue
            if kind in _HOLDERS:
                constants.append((output, self._state.cell(op)))
                continue
            if kind == "NoOp" or op in unused:
                continue
            inputs = tuple([slots[taken] for taken in op._inputs])
            same = folded(op, [known.get(slot) for slot in inputs])
            if same is not None:
                known.update(enumerate(same, output))
                continue
            kernel = shortcut(op, [known.get(slot) for slot in inputs], self.kernel(op))
            steps.append(Step(kernel, inputs, output, len(op._outputs), op))
            if isinstance(kernel, Draw):
                draws.extend(_known_draw(kernel, op, fed))
        constants.extend(known.items())
        return Plan(
            tuple(steps),
            len(slots),
            tuple(range(len(feeds))),
            tuple([slots[retvals.get(tensor, tensor)] for tensor in fetches]),
            tuple(constants),
            draws=tuple(draws) if len(draws) > 1 else (),
        )

    def kernel(self, op: Operation) -> Callable[..., Any]:
        """What computes an operation; reads the references it takes as values."""
        definition = op._definition
        if definition.kernel is not None:
            kernel = definition.kernel
        elif definition.build is not None:
            kernel = definition.build(op)
        elif definition.bind is not None:
            kernel = definition.bind(op, self._state)
        else:
            kernel = _absent(op)
        return _reading(op, kernel)


def _check_fed_references(ops: list[Operation], feeds: Sequence[Tensor]) -> None:
    """InvalidArgumentError if what changes a variable would get a fed value."""
    for index, tensor in enumerate(sorted(feeds, key=lambda feed: feed.name)):
        if not tensor._dtype._is_ref_dtype:
            continue
        for op in sorted(ops, key=lambda op: op._id):
            for i, taken in enumerate(op._inputs):
                if taken is tensor and i in _ref_places(op):
                    kind = runtime_name(tensor._dtype)
                    raise InvalidArgumentError(
                        None,
                        None,
                        f"Input {i} of node {op._name} was passed "
                        f"{kind.removesuffix('_ref')} from _arg_{tensor._op._name}_"
                        f"{tensor.value_index}_{index}:0 incompatible with expected "
                        f"{kind}.",
                    )


def retvals_of(fetches: Sequence[Tensor], fed: set[Tensor]) -> dict[Tensor, Retval]:
    """How the fetched references are read."""
    return {
        tensor: Retval(tensor, index)
        for index, tensor in enumerate(fetches)
        if tensor._dtype._is_ref_dtype and tensor not in fed
    }


def _known_draw(
    draw: Draw, op: Operation, fed: set[Tensor]
) -> Iterator[tuple[Draw, int]]:
    """A random operation with how many numbers it will draw, if they are few."""
    (shape,) = op._inputs
    if shape._op._definition.name == "Const" and shape not in fed:
        numbers = math.prod(shape._op._attrs["value"].array.tolist())
        if 0 < numbers <= _FEW_NUMBERS:
            yield draw, numbers


def input_name(tensor: Tensor) -> str:
    """What an operation calls the tensor it takes: without ``:0``."""
    return tensor._as_node_def_input()


def _absent(op: Operation) -> Callable[..., Any]:
    def kernel(*_inputs: Any) -> Any:
        raise UnimplementedError(
            None,
            op,
            f"scopetutor cannot run operations of type {op.type} (see `scopetutor "
            "coverage`)",
        )

    return kernel


def _reading(op: Operation, kernel: Callable[..., Any]) -> Callable[..., Any]:
    """The kernel, with values where a reference comes in but no reference is wanted."""
    inputs = op._inputs
    refs = [i for i, taken in enumerate(inputs) if taken._dtype._is_ref_dtype]
    if not refs:
        return kernel
    definition = op._definition
    wanted = _ref_places(op)
    plain = [i for i in refs if i not in wanted]
    if not plain and definition.takes_uninitialized:
        return kernel
    if definition.name in ("Identity", "Snapshot") and plain:
        return reader(input_name(inputs[0]))
    read = plain if definition.takes_uninitialized else refs
    readers = {i: reader(input_name(inputs[i])) for i in read}

    def read_first(*given: Any) -> Any:
        values = list(given)
        for i, value_of in readers.items():
            value = value_of(values[i])
            if i not in wanted:
                values[i] = value
        return kernel(*values)

    return read_first


def _ref_places(op: Operation) -> set[int]:
    """The inputs for which an operation wants the reference itself."""
    if op._definition.name == "RefMerge":
        return set(range(len(op._inputs)))
    return {i for i, argument in enumerate(op._definition.inputs) if argument.is_ref}
