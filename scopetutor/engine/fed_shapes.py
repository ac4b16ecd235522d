"""Plans for the shapes that are fed: what follows from these is computed once.

Between plan and session. A placeholder of [None, 784] leaves open how large all is that
is computed of it, and a third of the operations of its gradients are there to find that
out, in each step anew. Steps that are trained are mostly fed the same shapes. For those
that come often a plan is made while the graph's tensors have the shapes that follow
from them: then most of these operations have results that are the same in every run.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

from .ops import rules
from .straight import Straight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from .operation import Operation, Tensor
    from .plan import Plan
    from .shapes import Dims

    Shapes = tuple[tuple[int, ...], ...]

OFTEN = 12
"""After so many runs a plan is compiled, which costs about as much as thirty runs."""

_MOST_PLANS = 4  # of one step: batches and their last, for training and for testing
_MOST_COUNTED = 100  # sequences may have another length in every step


@contextlib.contextmanager
def shapes_known(
    ops: Iterable[Operation], known: Mapping[Tensor, tuple[int, ...]]
) -> Iterator[None]:
    """Inside, tensors have the shapes that follow from some that are known.

    They are the graph's own tensors: rules for shapes, and what folds constants, ask
    them. It is for the moment in which a plan is made, and for one thread: another that
    made a plan or operations in that moment would take these shapes for the graph's.

    Args:
        ops: each after what it takes.
        known: the shapes of some tensors.

    Raises:
        ValueError: the shapes do not go together.
    """
    before: list[tuple[Tensor, Dims]] = []

    def learn(tensor: Tensor, dims: Dims) -> None:
        before.append((tensor, tensor._dims))
        tensor._dims = rules.merge(tensor._dims, dims)

    try:
        for tensor, shape in known.items():
            learn(tensor, shape)
        for op in ops:
            if op._definition.shape is None:
                continue
            for tensor, dims in zip(op._outputs, op._definition.shape(op), strict=True):
                if tensor not in known:
                    learn(tensor, dims)
        yield
    finally:
        for tensor, dims in reversed(before):
            tensor._dims = dims


class _Special:
    """A plan for feeds of certain shapes.

    Args:
        plan: the plan.
        places: where the values of its fetches are wanted.
    """

    def __init__(self, plan: Plan, places: Sequence[int]) -> None:
        self.straight = Straight(plan.steps, dict(plan.constants), plan.fetches)
        self.slots = plan.slots
        self.fetches = list(zip(places, plan.fetches, strict=True))


class PlansByShapes:
    """The plans of one step for the shapes that it is often fed.

    Args:
        feeds: the tensors that are fed.
        plan: the plan for any shapes.
        make: (shapes) -> the plan for these.
    """

    def __init__(
        self, feeds: Sequence[Tensor], plan: Plan, make: Callable[[Shapes], Plan]
    ) -> None:
        self._count = len(feeds)
        self._general = plan
        self._make = make
        self._times: dict[Shapes, int] = {}
        self._plans: dict[Shapes, _Special | None] = {}

    def run(
        self, values: list[Any], execute: Callable[[Straight, list[Any]], None]
    ) -> bool:
        """Runs the plan for the shapes of what is fed, if there is one.

        Args:
            values: begin with what is fed; what is fetched is put where the plan for
                any shapes has it.
            execute: runs the steps of a plan.
        """
        special = self._find(tuple([value.shape for value in values[: self._count]]))
        if special is None:
            return False
        own = values[: self._count] + [None] * (special.slots - self._count)
        execute(special.straight, own)
        for place, slot in special.fetches:
            values[place] = own[slot]
        return True

    def _find(self, shapes: Shapes) -> _Special | None:
        if shapes in self._plans:
            return self._plans[shapes]
        if len(self._times) == _MOST_COUNTED:
            self._times.clear()
        times = self._times[shapes] = self._times.get(shapes, 0) + 1
        if times < OFTEN or len(self._plans) == _MOST_PLANS:
            return None
        if threading.active_count() > 1:  # see `shapes_known`
            return None
        made = self._plans[shapes] = self._made(shapes)
        return made

    def _made(self, shapes: Shapes) -> _Special | None:
        try:
            return _Special(self._make(shapes), self._general.fetches)
        except Exception:  # the run itself will say what is wrong
            return None


def are_open(feeds: Iterable[Tensor]) -> bool:
    """Whether feeds may differ in shape, and are values that can be looked at."""
    return any(feed._dims is None or None in feed._dims for feed in feeds) and not any(
        feed._dtype._is_ref_dtype for feed in feeds
    )
