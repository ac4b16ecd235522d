"""Gradients: `tf.gradients`, built of operations going backwards through the graph.

After the operations, whose definitions say what their gradients are. `gradients` walks
from ys back to xs: an operation is reached when the gradients of everything that takes
its outputs are there; they are added up, and handed to its gradient function. Loops are
in ``loop_gradients.py``. Before the optimizers.
"""

from __future__ import annotations

import enum
from collections import defaultdict, deque
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from . import defaults, dtypes, indexed_slices, registry, shapes
from .contexts import EXITS, SWITCHES
from .loop_gradients import (
    Loops,
    held_dtype,
    is_loop_switch,
    zeros_like_outside_loop,
)
from .operation import Tensor
from .ops import array, control_flow, joining, math, reshaping
from .ops.array_gradients import variable_shape
from .sparse import IndexedSlices, to_tensor_or_indexed_slices
from .surroundings import colocate_with, device, name_scope
from .tensor_arrays import TensorArray

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .operation import Operation

    Function = Callable[..., Any]


class AggregationMethod:
    """How the gradients of one tensor that is used in several places are added up."""

    ADD_N = 0
    DEFAULT = ADD_N
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


class UnconnectedGradients(enum.Enum):
    """What the gradient is of something that ys do not depend on."""

    NONE = "none"
    ZERO = "zero"


def as_unconnected(value: Any) -> UnconnectedGradients:
    """What is meant by "none" or "zero".

    Raises:
        ValueError: it is neither.
    """
    try:
        return UnconnectedGradients(value)
    except ValueError:
        raise ValueError(
            f"Unknown value for unconnected_gradients: {value!r}"
        ) from None


# -- gradient functions of the user ----------------------------------------------------

_registered: dict[str, Function | None] = {}


def _register(op_type: str, function: Function | None) -> None:
    try:
        known = registry.lookup(op_type).gradient != ""
    except KeyError:
        known = False  # a name for gradient_override_map
    if known or op_type in _registered:
        raise KeyError(f"Registering two gradient with name '{op_type}'!")
    _registered[op_type] = function


class RegisterGradient:
    """Decorator: a function becomes the gradient of a type of operation.

    TF 1.15: any name will do, for `Graph.gradient_override_map`.
    """

    def __init__(self, op_type: Any) -> None:
        if not isinstance(op_type, str):
            raise TypeError("op_type must be a string")
        self._op_type = op_type

    def __call__(self, f: Function) -> Function:
        """Registers a function (operation, *gradients) -> gradients of the inputs."""
        _register(self._op_type, f)
        return f


def no_gradient(op_type: Any) -> None:
    """Says that no gradient flows through a type of operation."""
    if not isinstance(op_type, str):
        raise TypeError("op_type must be a string")
    _register(op_type, None)


def _gradient_function(op: Operation) -> Function | None:
    """The gradient function of an operation; None if none flows through it.

    Raises:
        LookupError: it has none.
    """
    if not op._inputs:
        return None
    name = op._attrs.get("_gradient_op_type")
    if name is None:
        if op.type in _registered:
            return _registered[op.type]
        return registry.gradient_of(op._definition)
    if name in _registered:
        return _registered[name]
    return registry.gradient_of(registry.lookup(name))


def is_differentiable(op: Operation) -> bool:
    """Whether a gradient flows through an operation."""
    if op.type in _registered:
        return _registered[op.type] is not None
    return op._definition.gradient not in ("", None)


# -- what is given ---------------------------------------------------------------------


def is_trainable(tensor: Any) -> bool:
    """Whether a gradient of the tensor makes sense: floats, or what stands for some."""
    return tensor.dtype.base_dtype in _TRAINABLE


_TRAINABLE = frozenset(
    {
        dtypes.float16,
        dtypes.float32,
        dtypes.float64,
        dtypes.complex64,
        dtypes.complex128,
        dtypes.resource,
        dtypes.variant,
    }
)
_BACKPROPAGATABLE = _TRAINABLE | {dtypes.bfloat16}


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _differentiable(value: Any, name: str, *, as_ref: bool = False) -> Any:
    """A tensor; None stays, and is refused where its operation is asked for."""
    if value is None:
        return None
    return to_tensor_or_indexed_slices(value, name=name, as_ref=as_ref)


def _grad_ys(grad_ys: list[Any], ys: list[Any], colocate: bool) -> list[Any]:
    """The gradients to begin with: ones, unless others are given."""
    if len(grad_ys) != len(ys):
        raise ValueError(f"Passed {len(grad_ys)} grad_ys for {len(ys)} ys")
    given = [
        None if grad is None else to_tensor_or_indexed_slices(grad, name=f"grad_y_{i}")
        for i, grad in enumerate(grad_ys)
    ]
    results = []
    for i, (y, grad) in enumerate(zip(ys, given, strict=True)):
        with _colocated(y.op, colocate):
            if grad is None:
                results.append(_ones_for(y, i))
            else:
                _check_grad_y(grad, y)
                results.append(_named(grad, i))
    return results


def _ones_for(y: Any, index: int) -> Any:
    from .constants import constant  # noqa: PLC0415 - used here only

    if y.dtype.is_complex:
        raise TypeError(
            f"Gradients of complex tensors must set grad_ys (y.dtype = {y.dtype!r})"
        )
    sizes = array.shape(y)
    one = constant(1, dtype=y.dtype, name=f"grad_ys_{index}")
    return array.fill(sizes, one)


def _named(grad: Any, index: int) -> Any:
    name = f"grad_ys_{index}"
    if not isinstance(grad, IndexedSlices):
        return array.identity(grad, name=name)

    def same(part: Any, word: str) -> Any:
        if not isinstance(part, Tensor):
            return part
        return array.identity(part, name=f"{name}_{word}")

    indices = same(grad.indices, "indices")
    values = same(grad.values, "values")
    return IndexedSlices(values, indices, same(grad.dense_shape, "shape"))


def _check_grad_y(grad: Any, y: Any) -> None:
    """TypeError if a gradient is not of a type that fits its tensor."""
    kind, given = y.dtype, grad.dtype
    names = f"{y} with type {kind.name}"
    if kind.is_floating or kind.is_integer:
        if not (given.is_floating or given.is_integer):
            raise TypeError(
                f"Gradient type {given.name} generated for real or integer-valued "
                f"tensor {names} must be real or integer"
            )
    elif kind.is_complex:
        if not given.is_complex:
            raise TypeError(
                f"Gradient type {given.name} generated for complex-valued tensor "
                f"{names} must be real"
            )
    elif kind == dtypes.variant:
        if given != dtypes.variant:
            raise TypeError(
                f"Gradient type {given.name} generated for variant tensor {names} must "
                "be variant"
            )
    elif kind == dtypes.resource:
        if given == dtypes.resource:
            raise TypeError(
                f"Input gradient {grad} for resource tensor {y} should not be a "
                "resource"
            )
    else:
        raise TypeError(f"Tensor {names} must be numeric to obtain a default gradient")


def _colocated(op: Any, colocate: bool) -> Any:
    return colocate_with(op) if colocate else nullcontext()


# -- the way back ----------------------------------------------------------------------


def _reached(ops: Iterable[Operation]) -> set[Operation]:
    """Everything that depends on some operations through floats."""
    reached: set[Operation] = set()
    queue = deque(ops)
    while queue:
        op = queue.popleft()
        if op in reached:
            continue
        reached.add(op)
        for tensor in op._outputs:
            if tensor._dtype.base_dtype in _BACKPROPAGATABLE:
                queue.extend(tensor.consumers())
    return reached


def _between(targets: list[Operation], reached: set[Operation]) -> list[Operation]:
    """What the targets depend on, as far as it was reached; nearest first."""
    left = set(reached)
    found: list[Operation] = []
    queue = deque(targets)
    while queue:
        op = queue.popleft()
        if op in left:
            left.remove(op)
            found.append(op)
            queue.extend([taken._op for taken in op._inputs])
    return found


class _Backward:
    """One walk from ys back to xs.

    Attributes:
        pending: for each operation, how many operations that take its outputs have not
            been differentiated yet.
        grads: for each operation, what is known of the gradients of its outputs: lists
            that are still to be added up, or their sums.
        loops: the loops on the way, or None.
    """

    def __init__(
        self,
        ys: list[Any],
        xs: list[Any],
        stops: list[Any],
        *,
        colocate: bool,
        gate: bool,
        aggregation: Any,
    ) -> None:
        self._colocate, self._gate, self._aggregation = colocate, gate, aggregation
        self._to = [y.op for y in ys]
        self._from = [x.op for x in xs]
        self.grads: dict[Operation, list[Any]] = {}
        reached = _reached(self._from)
        self._reachable = {op for op in self._to if op in reached}
        between = _between(self._to, reached)
        self.loops = self._find_loops(between)
        inside = set(between)
        self.pending: defaultdict[Operation, int] = defaultdict(int)
        for op in between:
            for taken in op._inputs:
                if taken._op in inside:
                    self.pending[taken._op] += 1
        self._stops = {op for op in self._from if not self._has_pending_inputs(op)}
        self._stops.update(tensor.op for tensor in stops)

    def _find_loops(self, between: list[Operation]) -> Loops | None:
        """The loops on the way; their other results become part of it."""
        loops = None
        inside = set(between)
        for op in between:  # grows while it is walked
            if op.type in EXITS:
                loops = loops or Loops()
                with _colocated(op, self._colocate):
                    loops.add(op, between, inside)
        return loops

    def _has_pending_inputs(self, op: Operation) -> bool:
        return any(self.pending[taken._op] > 0 for taken in op._inputs)

    def run(self, ys: list[Any], grad_ys: list[Any]) -> None:
        """Builds all gradients."""
        for y, grad in zip(ys, grad_ys, strict=True):
            self._add(y, grad)
        queue: deque[Operation] = deque()
        ready: set[Operation] = set()
        for op in self._to:
            if self.pending[op] == 0 and op not in ready and op in self._reachable:
                ready.add(op)
                queue.append(op)
        if self.loops:
            for exit_ in self.loops.process_unused_exits(self.pending, ready):
                if is_trainable(exit_):
                    self._add(exit_, self.loops.zeros_for_exit(exit_))
                    queue.append(exit_.op)
        while queue:
            op = queue.popleft()
            with _colocated(op, self._colocate):
                self._differentiate(op)
            self._release_inputs(op, queue)

    def _differentiate(self, op: Operation) -> None:
        """Gives the inputs of an operation their part of its gradients."""
        loops = self.loops
        if loops:
            loops.enter(op, before=True)
        out_grads = self._summed(op)
        if loops:
            loops.leave(op, before=True)
        function = None
        some = any(isinstance(g, Tensor) or g for g in out_grads)
        if some and op not in self._stops:
            try:
                function = _gradient_function(op)
            except LookupError:
                raise LookupError(
                    f"No gradient defined for operation '{op.name}' (op type: "
                    f"{op.type})"
                ) from None
        if loops:
            loops.enter(op, before=False)
        self._refuse_initial_value(op)
        if function is not None and some:
            self._fill_zeros(op, out_grads)
            in_grads = self._called(op, function, out_grads)
        else:
            in_grads = [None] * len(op._inputs)
        for index, (taken, grad) in enumerate(zip(op._inputs, in_grads, strict=True)):
            if grad is not None:
                self._check_shape(op, index, taken, grad)
                self._add(taken, grad)
        if loops:
            loops.leave(op, before=False)

    def _called(self, op: Operation, function: Function, grads: list[Any]) -> list[Any]:
        graph = defaults.get_default_graph()
        with name_scope(f"{op.name}_grad"):
            with graph._original_op_scope(op):
                found = _as_list(function(op, *grads))
            if len(found) != len(op._inputs):
                raise ValueError(
                    f"Num gradients {len(found)} generated for op {op.node_def} do not "
                    f"match num inputs {len(op._inputs)}"
                )
            if self._gate and sum(grad is not None for grad in found) > 1:
                with device(None), colocate_with(None, ignore_existing=True):
                    found = control_flow.tuple_(found)
        return found

    def _fill_zeros(self, op: Operation, grads: list[Any]) -> None:
        """Zeros for the outputs that nothing came back for."""
        for i, grad in enumerate(grads):
            if isinstance(grad, Tensor) or grad or not is_trainable(op._outputs[i]):
                continue
            if self.loops:
                grads[i] = self.loops.zeros_like(op, i)
            else:
                grads[i] = zeros_like_outside_loop(op, i)

    def _check_shape(self, op: Operation, index: int, taken: Tensor, grad: Any) -> None:
        if not isinstance(grad, Tensor) or taken._dtype is dtypes.resource:
            return
        try:
            grad.set_shape(taken.shape)
        except ValueError:
            raise ValueError(
                "Incompatible shapes between op input and calculated input gradient.  "
                f"Forward operation: {op.name}.  Input index: {index}. Original input "
                f"shape: {taken.shape}.  Calculated input gradient shape: {grad.shape}"
            ) from None

    def _refuse_initial_value(self, op: Operation) -> None:
        """ValueError for a gradient inside a loop through what the loop starts with."""
        context = op._context
        current = defaults.get_default_graph()._get_control_flow_context()
        if (
            op.type not in SWITCHES
            or context is None
            or not context.is_while()
            or context is not current
        ):
            return
        queue, visited = deque([op]), set()
        while queue:
            found = queue.popleft()
            if found in visited:
                continue
            visited.add(found)
            if found in self._from:
                raise ValueError(
                    "Cannot compute gradient inside while loop with respect to op "
                    f"'{found.name}'. We do not support taking the gradient wrt or "
                    "through the initial value of a loop variable. Gradients can be "
                    "computed through loop invariants or wrt the input parameters to "
                    "the loop body."
                )
            queue.extend(taken._op for taken in found._inputs)

    # -- which operation is next -------------------------------------------------------

    def _release_inputs(self, op: Operation, queue: deque[Operation]) -> None:
        for taken in op._inputs:
            source = taken._op
            self.pending[source] -= 1
            ready = self.pending[source] == 0
            if self.loops and not ready:
                ready = self.pending[source] > 0 and is_loop_switch(source)
            if not ready:
                continue
            if source.type in EXITS and self.loops:
                self._release_exit(taken, queue)
            else:
                queue.append(source)

    def _release_exit(self, exit_: Tensor, queue: deque[Operation]) -> None:
        """The results of a loop are differentiated together, when all are ready."""
        assert self.loops is not None
        state = self.loops.state_of(exit_._op, before=False)
        assert state is not None
        state.deferred_exits.append(exit_)
        state.pending_exits -= 1
        if state.pending_exits:
            return
        some = False
        for other in state.deferred_exits:
            if self._has_gradient(other._op):
                some = True
                queue.append(other._op)
            else:
                state.unused_exits.append(other)
        for other in state.unused_exits:
            if some and is_trainable(other):
                self._add(other, self.loops.zeros_for_exit(other))
            queue.append(other._op)

    def _has_gradient(self, op: Operation) -> bool:
        for grad in self.grads.get(op, ()):
            if isinstance(grad, (Tensor, IndexedSlices)):
                return True
            if grad and any(g is not None for g in grad):
                return True
        return False

    # -- adding up ---------------------------------------------------------------------

    def _add(self, tensor: Tensor, grad: Any) -> None:
        op = tensor.op
        grads = self.grads.get(op)
        if grads is None:
            grads = self.grads[op] = [[] for _ in op._outputs]
        known = grads[tensor.value_index]
        if isinstance(known, list):
            known.append(grad)
        else:
            assert is_loop_switch(op)
            grads[tensor.value_index] = grad

    def _summed(self, op: Operation) -> list[Any]:
        """The gradients of an operation's outputs, each as one, or None."""
        method = self._aggregation
        grads = self.grads.get(op)
        if grads is None:
            grads = [[] for _ in op._outputs]
        for i, parts in enumerate(grads):
            if isinstance(parts, (Tensor, IndexedSlices)):
                continue  # of a loop's Switch, which is visited twice
            if parts and not all(
                isinstance(g, (Tensor, IndexedSlices)) for g in parts if g is not None
            ):
                raise TypeError(
                    "gradients have to be either all Tensors or all IndexedSlices"
                )
            grads[i] = self._sum(op, parts, method) if parts else None
        return grads

    def _sum(self, op: Operation, parts: list[Any], method: Any) -> Any:
        if len(parts) < 2:
            return parts[0]
        if not all(isinstance(g, Tensor) for g in parts if g is not None):
            return indexed_slices.summed(parts)
        if method == AggregationMethod.EXPERIMENTAL_ACCUMULATE_N and len(parts) > 2:
            shape = shapes.unknown_shape()
            for grad in parts:
                shape = shape.merge_with(grad.shape)
            if shape.is_fully_defined():
                return math.accumulate_n(parts)
        if method in (
            AggregationMethod.EXPERIMENTAL_TREE,
            AggregationMethod.EXPERIMENTAL_ACCUMULATE_N,
        ):
            with name_scope(f"{op.name}_gradient_sum"):
                total = parts[0]
                for grad in parts[1:]:
                    total = math.add_n([total, grad])
                return total
        return _sum_by_device(parts)

    def result(self, x: Tensor, unconnected: UnconnectedGradients) -> Any:
        """The gradient of one of xs."""
        grads = self.grads.get(x.op)
        if grads is not None:
            found = grads[x.value_index]
            assert not isinstance(found, list)
            return found
        if unconnected is UnconnectedGradients.NONE:
            return None
        if x.dtype == dtypes.resource:
            return array.zeros(variable_shape(x), dtype=held_dtype(x))
        return array.zeros_like(x, dtype=x.dtype)


def _sum_by_device(parts: list[Any]) -> Any:
    """TF 1.15: first on each device, then all together."""
    by_device: dict[str, list[Any]] = {}
    for grad in parts:
        by_device.setdefault(grad.device, []).append(grad)
    sums = []
    for place in sorted(by_device):
        group = by_device[place]
        with colocate_with(group[0].op, ignore_existing=True):
            sums.append(math.add_n(group))
    return math.add_n(sums)


# -- the functions of tf ---------------------------------------------------------------


def gradients(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
    stop_gradients: Any = None,
    unconnected_gradients: Any = UnconnectedGradients.NONE,
) -> list[Any]:
    """The sum of the derivatives of ys with respect to each of xs.

    Args:
        ys: a tensor or a list of tensors.
        xs: tensors or variables.
        grad_ys: what the derivatives are multiplied with: of the ys' shapes; ones, if
            None.
        name: of the name scope that holds the new operations.
        colocate_gradients_with_ops: whether they are placed with what they belong to.
        gate_gradients: whether the gradients of one operation wait for each other.
        aggregation_method: of `AggregationMethod`.
        stop_gradients: tensors that count as constants.
        unconnected_gradients: what is given for xs that ys do not depend on: None, or
            zeros.

    Returns:
        For each x a tensor, IndexedSlices (of a look-up), or None.

    Raises:
        LookupError: an operation between them has no gradient.
        ValueError: an argument does not fit.
    """
    if defaults.state.eager:
        raise RuntimeError(
            "tf.gradients is not supported when eager execution is enabled. Use "
            "tf.GradientTape instead."
        )
    unconnected = as_unconnected(unconnected_gradients)
    ys, xs = _as_list(ys), _as_list(xs)
    stops = [] if stop_gradients is None else _as_list(stop_gradients)
    given = [None] * len(ys) if grad_ys is None else _as_list(grad_ys)
    with name_scope(name, "gradients", [*ys, *xs, *stops, *given]):
        # TF 1.15 takes a name here that groups gradients for its compiler.
        defaults.get_default_graph().unique_name("uid")
        ys = [_differentiable(y, f"y_{i}") for i, y in enumerate(ys)]
        held = [x.handle if hasattr(x, "_handle") else x for x in xs]
        xs = [_differentiable(x, f"x_{i}", as_ref=True) for i, x in enumerate(held)]
        first = _grad_ys(given, ys, colocate_gradients_with_ops)
        if aggregation_method is None:
            aggregation_method = AggregationMethod.DEFAULT
        if aggregation_method not in (0, 1, 2):
            raise ValueError(
                f"Invalid aggregation_method specified {aggregation_method}."
            )
        walk = _Backward(
            ys,
            xs,
            stops,
            colocate=colocate_gradients_with_ops,
            gate=gate_gradients,
            aggregation=aggregation_method,
        )
        walk.run(ys, first)
    if walk.loops:
        walk.loops.finish()  # TF 1.15: under no name of the gradients
    return [walk.result(x, unconnected) for x in xs]


def hessians(
    ys: Any,
    xs: Any,
    name: str = "hessians",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
) -> list[Any]:
    """The second derivatives of the sum of ys, for each x by itself: [*x, *x]."""
    from .constants import constant  # noqa: PLC0415 - used here only
    from .ops.branches import while_loop  # noqa: PLC0415 - used here only

    xs = _as_list(xs)
    firsts = gradients(
        ys,
        xs,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
    )
    results = []
    for grad, x in zip(firsts, xs, strict=True):
        flat = reshaping.reshape(grad, [-1])
        count = array.size(x)
        start = [constant(0, dtypes.int32), TensorArray(x.dtype, count)]

        def row(j: Any, rows: Any, flat: Any = flat, x: Any = x) -> Any:
            return j + 1, rows.write(j, gradients(flat[j], x)[0])

        _, rows = while_loop(lambda j, _, count=count: j < count, row, start)
        sizes = array.shape(x)
        matrix = rows.stack()
        results.append(reshaping.reshape(matrix, joining.concat((sizes, sizes), 0)))
    return results
