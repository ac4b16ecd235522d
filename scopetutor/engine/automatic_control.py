"""What acts in a function runs, and in the order of the program.

After apply; functions that are traced (``functions/traces.py``) and rewritten ones that
ask for it collect their operations in it. TF 1.15: automatic control dependencies; two
operations that use the same resource are put in order, and so are those that act in
another way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import defaults, dtypes
from .contexts import WhileContext
from .ops.array import identity
from .ops.branches import merge
from .sparse import IndexedSlices, SparseTensor

if TYPE_CHECKING:
    from .operation import Operation, Tensor

# TF 1.15: what draws, and what waits for other machines, need not run.
_FREE = frozenset(
    {
        *("CollectiveGather", "CollectiveReduce", "CollectiveBcastSend"),
        *("CollectiveBcastRecv", "NcclAllReduce", "RandomUniform", "RandomUniformInt"),
        *("RandomStandardNormal", "ParameterizedTruncatedNormal", "TruncatedNormal"),
        *("RandomShuffle", "Multinomial", "RandomGamma", "RandomGammaGrad"),
        *("RandomPoisson", "RandomPoissonV2"),
    }
)


def acts(op: Operation) -> bool:
    """Whether an operation is run though nobody asks for what it gives."""
    return op._is_stateful and op.type not in _FREE


class InOrder:
    """Context manager: what acts in it runs in the order it is made.

    Attributes:
        must_run: what must run, once it was left.
    """

    def __init__(self) -> None:
        self.must_run: dict[Operation, None] = {}
        self._returned: list[Tensor] = []
        self._last: dict[Tensor | None, Operation] = {}
        self._merges: dict[Tensor, Operation] = {}

    def __enter__(self) -> InOrder:
        if not defaults.state.eager:
            self._graph = defaults.get_default_graph()
            self._start = len(self._graph._operations)
        return self

    def mark_as_return(self, value: Any) -> Any:
        """What a function gives: it will wait for all that must run."""
        if isinstance(value, (IndexedSlices, SparseTensor)):
            values, indices = identity(value.values), identity(value.indices)
            self._returned += [indices, values]
            if isinstance(value, IndexedSlices):
                return IndexedSlices(values, indices, value.dense_shape)
            return SparseTensor(indices, values, value.dense_shape)
        if hasattr(value, "with_flow"):
            made = value.with_flow(identity(value.flow))
            self._returned.append(made.flow)
            return made
        tensor = identity(value)
        self._returned.append(tensor)
        return tensor

    def __exit__(self, *_exc: object) -> None:
        if defaults.state.eager:
            return
        for op in list(self._graph._operations.values())[self._start :]:
            if not _in_loop(op):
                self._look_at(op)
        for tensor in dict.fromkeys(self._returned):
            op = tensor.op
            waits = [o for o in self.must_run if o._context is op._context]
            if waits:
                op._add_control_inputs(waits)

    def _look_at(self, op: Operation) -> None:
        if acts(op):
            self.must_run[op] = None
        if op.type == "Switch" and op._inputs[0].dtype is dtypes.resource:
            return
        if op.type == "Merge":
            self._after_branches(op)
            return
        waits = self._users_before(op)
        taken = any(tensor.dtype is dtypes.resource for tensor in op._inputs)
        if acts(op) and not taken and op._context is None:
            before = self._last.get(None)
            if before is not None:
                waits.append(before)
            self._last[None] = op
        if waits:
            op._add_control_inputs(waits)

    def _users_before(self, op: Operation) -> list[Operation]:
        """What used the resources of an operation before it."""
        waits = []
        for tensor in dict.fromkeys(op._inputs):
            if tensor.dtype is not dtypes.resource:
                continue
            if tensor.op.type == "Switch":
                self._close_switch(tensor.op)
            before = self._last.get(tensor)
            if before is not None and before._context is op._context:
                waits.append(before)
            if tensor in self._merges:
                self._merges[tensor]._add_control_input(op)
            self._last[tensor] = op
        return waits

    def _after_branches(self, op: Operation) -> None:
        """The end of a condition waits for all that acts in it."""
        for before in self.must_run:
            op._add_control_input(before)
            for tensor in before._inputs:
                if tensor in self._last:
                    self._last[tensor] = op
        self.must_run = {op: None}

    def _close_switch(self, switch: Operation) -> None:
        """Merges what a resource became in a condition, to wait for its users."""
        given = switch._inputs[0]
        if given.dtype is dtypes.resource and given.op.type == "Switch":
            self._close_switch(given.op)
        if switch._outputs[0] in self._merges:
            return
        merged = merge(switch._outputs, name="artificial_merge")[0].op
        merged._context = switch._context.outer_context
        self.must_run[merged] = None
        if given in self._last:
            switch._add_control_input(self._last[given])
        self._last[given] = merged
        if given in self._merges:
            self._merges[given]._add_control_input(merged)
        self._merges.update(dict.fromkeys(switch._outputs, merged))


def _in_loop(op: Operation) -> bool:
    context: Any = op._context
    while context is not None:
        if isinstance(context, WhileContext):
            return True
        context = context.outer_context
    return False
