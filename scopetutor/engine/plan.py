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
from .fed_shapes import shapes_known
from .folding import folded, idle, keeps_value, passes_on
from .op_errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    UnimplementedError,
)
from .random import Draw
from .running_order import in_running_order
from .shortcuts import shortcut

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence, Set

    from .fed_shapes import Shapes
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
        lose: (item, values) -> None; notes that an item has failed.
    """

    steps: tuple[Step, ...]
    slots: int
    feeds: tuple[int, ...]
    fetches: tuple[int, ...]
    constants: tuple[tuple[int, Any], ...]
    items: tuple[Callable[[list[Any]], None], ...] | None = None
    draws: tuple[tuple[Draw, int], ...] = ()
    lose: Callable[[Any, list[Any]], None] | None = None


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
        if op._control_inputs:
            before.extend(_waited_for(op, fed))
        if before:
            stack.append(None)
            pending.append(op)
            stack.extend([other for other in reversed(before) if other not in done])
        else:
            order.append(op)
    return order


def _waited_for(op: Operation, fed: set[Tensor]) -> list[Operation]:
    """The control inputs of an operation.

    TF 1.15: feeding a placeholder cuts its control edges too, not only its value.
    """
    return [
        other
        for other in op._control_inputs
        if other.type != "Placeholder" or other._outputs[0] not in fed
    ]


def _is_simple(ops: list[Operation]) -> bool:
    """Whether every variable has one use, and so any order will do."""
    users = [op for op in ops if op._inputs]
    holders = {
        op._inputs[0]._op
        for op in users
        if op._definition.ref_places or op._inputs[0]._dtype is resource
    }
    taken = [tensor._op for op in users for tensor in op._inputs]
    return sum(map(holders.__contains__, taken)) == len(holders)


class Planner:
    """Makes the plans of one session."""

    def __init__(self, state: State) -> None:
        self._state = state

    def make(
        self,
        fetches: Sequence[Tensor],
        targets: Sequence[Operation],
        feeds: Sequence[Tensor],
        shapes: Shapes | None = None,
    ) -> Plan:
        """The plan to compute some tensors and run some operations.

        Args:
            fetches: the tensors.
            targets: the operations.
            feeds: the tensors whose values are given.
            shapes: the only ones for which the plan need be right, or None.

        Raises:
            ValueError: the shapes do not go together.
        """
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
        if shapes is None:
            return self._flat(fetches, targets, ops, feeds)
        with shapes_known(ops, dict(zip(feeds, shapes, strict=True))):
            return self._flat(fetches, targets, ops, feeds)

    def _flat(
        self,
        fetches: Sequence[Tensor],
        targets: Sequence[Operation],
        ops: list[Operation],
        feeds: Sequence[Tensor],
    ) -> Plan:
        """The plan for a graph without branches and loops."""
        retvals = retvals_of(fetches, set(feeds))
        order: Sequence[Any] = [*ops, *retvals.values()]
        if len(ops) < _MANY or not _is_simple(ops):
            order = in_running_order(ops, retvals.values())
            if len(order) < len(ops):
                rewiring.refuse_cycle(ops, order)
        flat = _Flat(self, feeds, idle(ops, fetches, targets))
        for op in order:
            if isinstance(op, Retval):
                flat.read(op)
            else:
                flat.take(op)
        return flat.plan([retvals.get(tensor, tensor) for tensor in fetches])

    def holder(self, op: Operation) -> Cell:
        """Where the session keeps the value of a variable."""
        return self._state.cell(op)

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


class _Flat:
    """Makes a plan of kernels that are called one by one.

    Args:
        planner: knows the kernels.
        feeds: the fed tensors.
        unused: operations that nothing needs.
    """

    def __init__(
        self, planner: Planner, feeds: Sequence[Tensor], unused: Container[Operation]
    ) -> None:
        self._planner = planner
        self._feeds = feeds
        self._fed = frozenset(feeds)
        self._unused = unused
        self._slots: dict[Any, int] = {tensor: i for i, tensor in enumerate(feeds)}
        self._cells: list[tuple[int, Any]] = []
        self._known: dict[int, Any] = {}  # by slot, what is the same in every run
        self._steps: list[Step] = []
        self._draws: list[tuple[Draw, int]] = []

    def read(self, retval: Retval) -> None:
        """Reads a fetched reference."""
        output = self._slots[retval] = len(self._slots)
        value_of = reader(input_name(retval.tensor))
        inputs = (self._slots[retval.tensor],)
        self._steps.append(Step(value_of, inputs, output, 1, retval))

    def take(self, op: Operation) -> None:
        """Gives slots to what an operation makes, and calls its kernel if need be."""
        slots = self._slots
        # What was fed is given back as it was fed; what passes it on, as an array.
        if passes_on(op) and slots[op._inputs[0]] >= len(self._feeds):
            slots.setdefault(op._outputs[0], slots[op._inputs[0]])
            return
        output = len(slots)
        for tensor in op._outputs:
            # What is computed of a fed tensor, beside another output, is not used.
            slots[_Unused() if tensor in slots else tensor] = len(slots)
        kind = op._definition.name
        if kind == "Const":
            self._known[output] = op._attrs["value"].array
        elif kind in _HOLDERS:
            self._cells.append((output, self._planner.holder(op)))
        elif kind != "NoOp" and op not in self._unused:
            self._compute(op, output)

    def _compute(self, op: Operation, output: int) -> None:
        """A step, unless its result is the same in every run."""
        slots, known = self._slots, self._known
        inputs = tuple([slots[taken] for taken in op._inputs])
        constants = [*map(known.get, inputs)]
        same = folded(op, constants)
        if same is not None:
            known.update(enumerate(same, output))
            return
        if keeps_value(op, constants) and inputs[0] >= len(self._feeds):
            slots[op._outputs[0]] = inputs[0]
            return
        kernel = shortcut(op, constants, self._planner.kernel(op))
        self._steps.append(Step(kernel, inputs, output, len(op._outputs), op))
        if isinstance(kernel, Draw):
            self._draws.extend(_known_draw(kernel, op, self._fed))

    def plan(self, fetches: Sequence[Tensor | Retval]) -> Plan:
        """The plan for all that was taken."""
        return Plan(
            tuple(self._steps),
            len(self._slots),
            tuple(range(len(self._feeds))),
            tuple([self._slots[fetch] for fetch in fetches]),
            (*self._cells, *self._known.items()),
            draws=tuple(self._draws) if len(self._draws) > 1 else (),
        )


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
    draw: Draw, op: Operation, fed: Container[Tensor]
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


def _ref_places(op: Operation) -> Set[int]:
    """The inputs for which an operation wants the reference itself."""
    if op._definition.name == "RefMerge":
        return set(range(len(op._inputs)))
    return op._definition.ref_places
