"""Gradients of operations that were just made, in the order of TF 1.15's tapes.

Beside gradients. A tape knows which operations were made since it began; the gradient
functions are the same, but operations wait in a queue, no name scopes are opened, and
a function is told which inputs nobody asks a gradient of. TF 1.15 itself uses tapes
inside a graph for a few second derivatives, such as that of batch normalization.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

from . import registry
from .apply import apply
from .gradients import is_trainable
from .ops import array

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .operation import Operation, Tensor


class _Recorded:
    """An operation as a gradient function of a tape sees it.

    Attributes:
        skip_input_indices: the inputs whose gradients nobody asks for.
    """

    def __init__(self, op: Operation, watched: set[Tensor]) -> None:
        self.op = op
        self.type = op.type
        self.inputs = self._inputs = op._inputs
        self.outputs = self._outputs = op._outputs
        self._attrs, self._definition = op._attrs, op._definition
        self.skip_input_indices = frozenset(
            i for i, taken in enumerate(op._inputs) if taken not in watched
        )

    def get_attr(self, name: str) -> Any:
        """An attribute of the operation."""
        return self.op.get_attr(name)


def gradients_of(
    ops: Sequence[Operation],
    targets: Sequence[Tensor],
    sources: Sequence[Tensor],
    output_gradients: Sequence[Any],
) -> list[Any]:
    """The gradients of targets with respect to sources, through some operations.

    Args:
        ops: what lies between them, in the order it was made.
        targets: what is differentiated, in the order in which that begins.
        sources: with respect to what.
        output_gradients: what the derivatives of each target are multiplied with.

    Returns:
        A tensor for each source, or None where no target depends on it.
    """
    recorded = _recorded(ops, sources)
    uses = _uses(recorded, targets)
    grads: defaultdict[Tensor, list[Any]] = defaultdict(list)
    for target, grad in zip(targets, output_gradients, strict=True):
        grads[target].append(grad)
    starts = dict.fromkeys(target._op for target in targets)
    queue = deque(op for op in starts if op in recorded and not _waits(op, uses))
    done: set[Operation] = set()
    while queue:
        op = queue.popleft()
        if op in done:
            continue
        done.add(op)
        seen = recorded[op]
        for index, grad in enumerate(_input_gradients(seen, grads)):
            taken = op._inputs[index]
            if index in seen.skip_input_indices:
                continue
            if grad is not None:
                grads[taken].append(grad)
            uses[taken] -= 1
            if taken._op in recorded and not _waits(taken._op, uses):
                queue.append(taken._op)
    return [_total(grads.get(source)) for source in sources]


def _recorded(
    ops: Sequence[Operation], sources: Sequence[Tensor]
) -> dict[Operation, _Recorded]:
    """The operations that depend on the sources."""
    watched = set(sources)
    recorded = {}
    for op in ops:
        if op._definition.gradient is None or watched.isdisjoint(op._inputs):
            continue
        recorded[op] = _Recorded(op, watched)
        watched.update(tensor for tensor in op._outputs if is_trainable(tensor))
    return recorded


def _uses(
    recorded: dict[Operation, _Recorded], targets: Sequence[Tensor]
) -> defaultdict[Tensor, int]:
    """How many gradients each tensor will be given on the way from the targets."""
    uses: defaultdict[Tensor, int] = defaultdict(int)
    seen: set[Operation] = set()
    stack = [target._op for target in targets]
    while stack:
        op = stack.pop()
        if op in seen or op not in recorded:
            continue
        seen.add(op)
        for index, taken in enumerate(op._inputs):
            if index not in recorded[op].skip_input_indices:
                uses[taken] += 1
                stack.append(taken._op)
    return uses


def _waits(op: Operation, uses: dict[Tensor, int]) -> bool:
    return any(uses.get(tensor, 0) > 0 for tensor in op._outputs)


def _input_gradients(
    seen: _Recorded, grads: defaultdict[Tensor, list[Any]]
) -> Sequence[Any]:
    found = [_total(grads.pop(tensor, None)) for tensor in seen._outputs]
    for index, grad in enumerate(found):
        if grad is None and is_trainable(seen._outputs[index]):
            found[index] = array.zeros_like(seen._outputs[index])
    function = registry.gradient_of(seen._definition)
    assert function is not None
    result = function(seen, *found)
    return result if isinstance(result, (list, tuple)) else [result]


def _total(parts: list[Any] | None) -> Any:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else apply("AddN", parts)
