"""Gradients of operations that were just made, in the order of TF 1.15's tapes.

Beside gradients. A tape knows which operations were made since it began; the gradient
functions are the same, but operations wait in a queue, no name scopes are opened, and
a function is told which inputs nobody asks a gradient of. TF 1.15 itself uses tapes
inside a graph for a few second derivatives, such as that of batch normalization.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

from . import indexed_slices, registry
from .apply import apply
from .gradients import is_trainable
from .ops import array
from .sparse import IndexedSlices

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .operation import Operation, Tensor
    from .registry import Definition


class Record:
    """An operation as a gradient function of a tape sees it.

    Attributes:
        type, inputs, outputs: as an Operation's.
        skip_input_indices: the inputs whose gradients nobody asks for.
    """

    def __init__(
        self,
        definition: Definition,
        attrs: dict[str, Any],
        inputs: Sequence[Tensor],
        outputs: Sequence[Tensor],
    ) -> None:
        self._definition, self._attrs = definition, attrs
        self.type = definition.name
        self.inputs = self._inputs = inputs
        self.outputs = self._outputs = outputs
        self.skip_input_indices: frozenset[int] = frozenset()

    def get_attr(self, name: str) -> Any:
        """An attribute of the operation."""
        return self._attrs[name]


def records_of(ops: Sequence[Operation]) -> list[Record]:
    """Operations of a graph as a tape has them."""
    return [Record(op._definition, op._attrs, op._inputs, op._outputs) for op in ops]


def gradients_of(
    records: Sequence[Record],
    targets: Sequence[Tensor],
    sources: Sequence[Tensor],
    output_gradients: Sequence[Any],
    watched: Iterable[Tensor] | None = None,
) -> list[Any]:
    """The gradients of targets with respect to sources, through some operations.

    Args:
        records: what lies between them, in the order it was made.
        targets: what is differentiated, in the order in which that begins.
        sources: with respect to what.
        output_gradients: what the derivatives of each target are multiplied with.
        watched: what the tape follows; None: the sources.

    Returns:
        A tensor for each source, or None where no target depends on it.
    """
    makers, followed = _makers(records, sources if watched is None else watched)
    uses = _uses(makers, targets)
    grads: defaultdict[Tensor, list[Any]] = defaultdict(list)
    for target, grad in zip(targets, output_gradients, strict=True):
        grads[target].append(grad)
    starts = dict.fromkeys(makers[t] for t in targets if t in makers)
    queue = deque(record for record in starts if not _waits(record, uses))
    done: set[Record] = set()
    wanted = set(sources)
    while queue:
        record = queue.popleft()
        if record in done:
            continue
        done.add(record)
        for index, grad in enumerate(_input_gradients(record, grads, wanted)):
            taken = record.inputs[index]
            if index in record.skip_input_indices:
                continue
            if grad is not None:
                grads[taken].append(grad)
            uses[taken] -= 1
            if taken in makers and not _waits(makers[taken], uses):
                queue.append(makers[taken])
    return [
        _total(grads.get(source)) if source in followed else None for source in sources
    ]


def _makers(
    records: Sequence[Record], sources: Iterable[Tensor]
) -> tuple[dict[Tensor, Record], set[Tensor]]:
    """What made each tensor that depends on the sources, and all of these tensors."""
    watched = set(sources)
    makers = {}
    for record in records:
        if record._definition.gradient is None or watched.isdisjoint(record.inputs):
            continue
        record.skip_input_indices = frozenset(
            i for i, taken in enumerate(record.inputs) if taken not in watched
        )
        for tensor in record.outputs:
            if is_trainable(tensor):
                watched.add(tensor)
                makers[tensor] = record
    return makers, watched


def _uses(
    makers: dict[Tensor, Record], targets: Sequence[Tensor]
) -> defaultdict[Tensor, int]:
    """How many gradients each tensor will be given on the way from the targets."""
    uses: defaultdict[Tensor, int] = defaultdict(int)
    seen: set[Record] = set()
    stack = [makers[target] for target in targets if target in makers]
    while stack:
        record = stack.pop()
        if record in seen:
            continue
        seen.add(record)
        for index, taken in enumerate(record.inputs):
            if index not in record.skip_input_indices:
                uses[taken] += 1
                if taken in makers:
                    stack.append(makers[taken])
    return uses


def _waits(record: Record, uses: dict[Tensor, int]) -> bool:
    return any(uses.get(tensor, 0) > 0 for tensor in record.outputs)


def _input_gradients(
    record: Record, grads: defaultdict[Tensor, list[Any]], wanted: set[Tensor]
) -> Sequence[Any]:
    found = [
        _total(grads.get(t) if t in wanted else grads.pop(t, None))
        for t in record.outputs
    ]
    if all(grad is None for grad in found):
        return [None] * len(record.inputs)
    for index, grad in enumerate(found):
        if grad is None and is_trainable(record.outputs[index]):
            found[index] = array.zeros_like(record.outputs[index])
    try:
        function = registry.gradient_of(record._definition)
    except LookupError:
        raise LookupError(
            f"gradient registry has no entry for: {record.type}"
        ) from None
    if function is None:
        return [None] * len(record.inputs)
    result = function(record, *found)
    return result if isinstance(result, (list, tuple)) else [result]


def _total(parts: list[Any] | None) -> Any:
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]
    if any(isinstance(part, IndexedSlices) for part in parts):
        return indexed_slices.summed(parts)
    return apply("AddN", parts)
