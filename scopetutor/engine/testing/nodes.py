"""What of `tensorflow.python.framework.ops` only TensorFlow's own tests ask for.

Operations made from a description of a node, functions registered by type, and
TensorFlow 2's name scope.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from scopetutor.engine import apply, defaults, gradients, nest, operation, registry
from scopetutor.engine.graph_names import is_op_name
from scopetutor.engine.surroundings import name_scope
from scopetutor.formats import protos

if TYPE_CHECKING:
    from collections.abc import Callable


def node_def(
    op_type: str, name: str, device: Any = None, attrs: dict[str, Any] | None = None
) -> Any:
    """The description of a node."""
    made = protos.NodeDef(op=op_type, name=name)
    for key, value in (attrs or {}).items():
        made.attr[key].CopyFrom(value)
    if device is not None:
        text = device.to_string() if hasattr(device, "to_string") else device
        made.device = text
    return made


class _Kind(type):
    """What the class below does when it is called or asked for its instances."""

    def __call__(
        cls,
        node_def: Any,
        g: Any,
        inputs: Any = None,
        output_types: Any = None,
        control_inputs: Any = None,
        input_types: Any = None,
        original_op: Any = None,
        op_def: Any = None,
    ) -> Any:
        if not is_op_name(node_def.name):
            raise ValueError(f"'{node_def.name}' is not a valid node name")
        return _add(g, node_def, inputs or (), output_types or (), control_inputs or ())

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, operation.Operation)

    def __getattr__(cls, name: str) -> Any:
        return getattr(operation.Operation, name)


class Operation(metaclass=_Kind):
    """A node of a graph; a new one is made from its description."""


def _add(
    graph: Any, described: Any, inputs: Any, types: Any, control_inputs: Any
) -> operation.Operation:
    definition = registry.lookup(described.op)
    attrs = apply.attributes_from_messages(definition, dict(described.attr), inputs)
    given = apply.output_types(definition, attrs) or tuple(types)
    made: operation.Operation = graph.add(
        definition, tuple(inputs), attrs, given, f"{described.name}/"
    )
    made._add_control_inputs(control_inputs)
    if described.device:
        made._set_device(described.device)
    return made


class Described(NamedTuple):
    """An operation that TensorFlow's runtime has, and Python not yet."""

    node_def: Any
    inputs: tuple[Any, ...]
    control_inputs: tuple[Any, ...]


def _create_c_op(
    graph: Any, node_def: Any, inputs: Any, control_inputs: Any
) -> Described:
    """Describes an operation; the graph's new methods make it.

    TF 1.15: the runtime has it at once, and Python when the graph is asked to look.
    """
    made = Described(node_def, tuple(nest.flatten(inputs)), tuple(control_inputs))
    waiting = graph.__dict__.setdefault("_described", [])
    waiting.append(made)

    def create(described: Described, compute_device: bool = True) -> Any:
        del compute_device
        waiting.remove(described)
        node_def, inputs, control_inputs = described
        graph.unique_name(node_def.name)
        return _add(graph, node_def, inputs, (), control_inputs)

    graph._create_op_from_tf_operation = create
    graph._add_new_tf_operations = lambda compute_devices=True: [
        create(described) for described in list(waiting)
    ]
    return made


def name_scope_v2(name: Any) -> ReenteredScope:
    """TensorFlow 2's name scope, which may be entered again while it is open."""
    if not isinstance(name, str):
        raise ValueError("name for name_scope must be a string.")
    return ReenteredScope(name)


class ReenteredScope:
    """A name scope that may be entered several times at once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._entered: list[name_scope] = []

    def __enter__(self) -> str:
        scope = name_scope(self.name)
        self._entered.append(scope)
        return scope.__enter__()

    def __exit__(self, *exc: object) -> Literal[False]:
        return self._entered.pop().__exit__(*exc)


# -- what is registered by type --------------------------------------------------------


def get_gradient_function(op: Any) -> Any:
    """The function that gives the gradients of an operation's inputs.

    Raises:
        LookupError: nobody said what it is.
    """
    return gradients._gradient_function(op) if op.inputs else None


class RegisterShape:
    """A decorator that TF 1.15 keeps for old programs: it does nothing."""

    def __init__(self, op_type: str) -> None:
        self._op_type = op_type

    def __call__(self, f: Any) -> Any:
        """The function itself."""
        return f


class OpStats:
    """A figure about an operation, such as its "flops".

    Attributes:
        statistic_type: what it counts.
        value: how many; None: not known.
    """

    def __init__(self, statistic_type: str, value: Any = None) -> None:
        self.statistic_type = statistic_type
        self.value = value

    def __iadd__(self, other: OpStats) -> OpStats:
        if other.statistic_type != self.statistic_type:
            raise ValueError(
                f"Can't add an OpStat of type {self.statistic_type} to one of "
                f"{other.statistic_type}."
            )
        if self.value is None:
            self.value = other.value
        elif other.value is not None:
            self.value += other.value
        return self


_counters: dict[tuple[str, str], Callable[..., Any]] = {}


class RegisterStatistics:
    """A decorator: a function counts something of operations of a type."""

    def __init__(self, op_type: str, statistic_type: str) -> None:
        for what, text in (("op_type", op_type), ("statistic_type", statistic_type)):
            if not isinstance(text, str):
                raise TypeError(f"{what} must be a string.")
            if "," in text:
                raise TypeError(f"{what} must not contain a comma.")
        self._key = op_type, statistic_type

    def __call__(self, f: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself, which counts from now on."""
        _counters[self._key] = f
        return f


def get_stats_for_node_def(graph: Any, node: Any, statistic_type: str) -> Any:
    """What is counted of a node; without a value if nobody counts it."""
    count = _counters.get((node.op, statistic_type))
    return OpStats(statistic_type) if count is None else count(graph, node)


def executing_eagerly_outside_functions() -> bool:
    """Whether operations run at once outside of all functions."""
    return defaults.eager_outside_functions()


def inside_function() -> bool:
    """Whether the default graph is that of a function."""
    return bool(defaults.get_default_graph().building_function)


def nothing(*_: Any) -> None:
    """TF 1.15: these have done nothing for long."""


_set_call_cpp_shape_fn = set_shape_and_handle_data_for_outputs = nothing
