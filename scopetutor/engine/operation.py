"""Operations and the tensors they give.

After registry, before the graph that keeps them. Both are made by `Graph.add` only.
The operators of tensors (`a + b`, `a[0]`) are attached by ``ops/operators.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from . import defaults, shapes, trace
from .devices import device_text
from .op_errors import OperatorNotAllowedInGraphError
from .read_only import read_only

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .dtypes import DType
    from .graph import Graph
    from .registry import Definition
    from .shapes import Dims, TensorShape

BY_HAND = object()
"""Instead of the shape of a tensor that a program makes itself."""


@read_only
class Tensor:
    """A symbolic handle to one output of an operation; it has no value itself.

    Attributes:
        op: the Operation that gives it.
        value_index: which of its outputs.
        dtype: the type of its values; a reference type for a ref variable's tensor.
        shape: its static shape.
    """

    # One tensor per output of every operation: slots keep large graphs small.
    # __dict__ costs nothing until someone hangs an attribute of their own on one.
    __slots__ = (
        "__dict__",
        "__weakref__",
        "_dims",
        "_dtype",
        "_index",
        "_op",
        "_shape",
    )

    __array_priority__ = 100  # NumPy arrays leave binary operators to us

    OVERLOADABLE_OPERATORS: ClassVar[set[str]] = set()
    """The operators variables have, too: ``ops/operators.py`` fills it."""

    def __init__(
        self, op: Operation, value_index: int, dtype: DType, dims: Any = BY_HAND
    ) -> None:
        if dims is BY_HAND:
            from .doubles import made_by_hand  # noqa: PLC0415 - rarely wanted

            made_by_hand(self, op, value_index, dtype)
            return
        self._op = op
        self._index = value_index
        self._dtype = dtype
        self._dims: Dims = dims
        self._shape: TensorShape | None = None

    @property
    def op(self) -> Operation:
        """The operation that gives this tensor."""
        return self._op

    @property
    def value_index(self) -> int:
        """Which output of its operation it is."""
        return self._index

    @property
    def dtype(self) -> DType:
        """The type of its values."""
        return self._dtype

    @property
    def graph(self) -> Graph:
        """The graph it belongs to."""
        return self._op._graph

    @property
    def name(self) -> str:
        """``operation:index``, such as ``w:0``."""
        return f"{self._op._name}:{self._index}"

    @property
    def device(self) -> str:
        """The device its operation asks for, or ""."""
        return self._op._device

    @property
    def shape(self) -> TensorShape:
        """What is known of its shape."""
        shape = self._shape
        if shape is None:
            shape = self._shape = shapes.from_dims(self._dims)
        return shape

    def get_shape(self) -> TensorShape:
        """What is known of its shape."""
        return self.shape

    def set_shape(self, shape: Any) -> None:
        """Adds to what is known of the shape.

        Raises:
            ValueError: it contradicts what is known.
        """
        self._shape = None
        wanted = shapes.as_dims(shape)
        if wanted is None:
            return
        known = self._dims
        if known is None:
            self._dims = wanted
            return
        if len(known) != len(wanted):
            raise ValueError(
                f"Shapes must be equal rank, but are {len(known)} and {len(wanted)}"
            )
        for index, (old, new) in enumerate(zip(known, wanted, strict=True)):
            if None not in (old, new) and old != new:
                raise ValueError(
                    f"Dimension {index} in both shapes must be equal, but are {old} "
                    f"and {new}. Shapes are {dims_text(known)} and {dims_text(wanted)}."
                )
        self._dims = tuple(
            new if old is None else old for old, new in zip(known, wanted, strict=True)
        )

    def consumers(self) -> list[Operation]:
        """The operations that take it as an input."""
        return self._op._graph.consumers(self)

    @property
    def _value_index(self) -> int:
        return self._index

    def _as_node_def_input(self) -> str:
        return self._op._name if self._index == 0 else self.name

    def __str__(self) -> str:
        shape = "" if self._dims is None else f", shape={self.shape}"
        device = f", device={self.device}" if self.device else ""
        return f'Tensor("{self.name}"{shape}, dtype={self._dtype.name}{device})'

    def __repr__(self) -> str:
        return f"<tf.Tensor '{self.name}' shape={self.shape} dtype={self._dtype.name}>"

    def __eq__(self, other: object) -> bool:
        """TF 1.15: whether it is the same tensor; values are compared by tf.equal."""
        return self is other

    __hash__ = object.__hash__

    def __iter__(self) -> Iterator[Any]:
        """TF 1.15: not in a graph; said when the first element is asked for."""
        if not defaults.state.eager:
            _disallow("iterating over `tf.Tensor`")
        yield from self._rows()

    def _rows(self) -> Iterator[Any]:
        dims = self._dims
        if dims is None:
            raise TypeError("Cannot iterate over a tensor with unknown shape.")
        if not dims:
            raise TypeError("Cannot iterate over a scalar tensor.")
        if dims[0] is None:
            raise TypeError(
                "Cannot iterate over a tensor with unknown first dimension."
            )
        for i in range(dims[0]):
            yield self[i]  # type: ignore[index]

    def __bool__(self) -> bool:
        _disallow("using a `tf.Tensor` as a Python `bool`")
        raise AssertionError

    def __nonzero__(self) -> bool:
        return self.__bool__()  # TF 1.15: Python 2 called it so

    def __len__(self) -> int:
        raise TypeError(
            f"len is not well defined for symbolic Tensors. ({self.name}) Please call "
            "`x.shape` rather than `len(x)` for shape information."
        )

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        """TF 1.15: a tensor has no value to make an array of."""
        raise NotImplementedError(
            f"Cannot convert a symbolic Tensor ({self.name}) to a numpy array."
        )

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        """Its value in the default session, or in `session`."""
        session = _session_for(session, self.graph, "evaluate tensor", "eval", "tensor")
        return session.run(self, feed_dict)

    def experimental_ref(self) -> Reference:
        """A hashable reference to it."""
        return Reference(self)

    def _shape_as_list(self) -> list[int | None] | None:
        return None if self._dims is None else list(self._dims)

    def _shape_tuple(self) -> Dims:
        return self._dims

    def _rank(self) -> int | None:
        return None if self._dims is None else len(self._dims)


class Reference:
    """A reference to an object that compares by identity."""

    def __init__(self, wrapped: Any) -> None:
        self._wrapped = wrapped

    def deref(self) -> Any:
        """The object itself."""
        return self._wrapped

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and self._wrapped is other._wrapped

    def __repr__(self) -> str:
        return f"<Reference wrapping {self._wrapped!r}>"

    def __hash__(self) -> int:
        return id(self._wrapped)


def _disallow(task: str) -> None:
    from .autograph.options import status  # noqa: PLC0415 - only for errors

    raise OperatorNotAllowedInGraphError(
        f"{task} is not allowed{_REASONS[status().name]} with @tf.function."
    )


# TF 1.15: by what AutoGraph does with the code that runs.
_REASONS = {
    "UNSPECIFIED": " in Graph execution. Use Eager execution or decorate this function",
    "ENABLED": ": AutoGraph did not convert this function. Try decorating it directly",
    "DISABLED": ": AutoGraph is disabled in this function. Try decorating it directly",
}


def dims_text(dims: Dims) -> str:
    """A shape as TensorFlow's runtime writes it: ``[2,?]``, or ``?``."""
    if dims is None:
        return "?"
    return "[" + ",".join("?" if d is None else str(d) for d in dims) + "]"


class _InputList:
    """The inputs of an operation; TF 1.15: a sequence that cannot be changed."""

    __slots__ = ("_inputs",)

    def __init__(self, inputs: list[Tensor]) -> None:
        self._inputs = inputs

    def __iter__(self) -> Iterator[Tensor]:
        return iter(self._inputs)

    def __len__(self) -> int:
        return len(self._inputs)

    def __bool__(self) -> bool:
        return bool(self._inputs)

    def __getitem__(self, key: Any) -> Any:
        return self._inputs[key]


@read_only
class Traced:
    """A thing of the program, and the place where it was said.

    Attributes:
        obj: the thing.
        filename: of the place; None if it is not known.
        lineno: of the place; None if it is not known.
    """

    __slots__ = ("filename", "lineno", "obj")

    def __init__(self, obj: Any, site: Any) -> None:
        self.obj = obj
        self.filename: str | None = getattr(site, "filename", None)
        self.lineno: int | None = getattr(site, "line", None)


class Operation:
    """A node of a graph: what is computed from which tensors.

    Attributes:
        name: unique in its graph.
        type: such as "MatMul".
        inputs, outputs: its tensors.
        control_inputs: the operations that must run before it.
        device: what device it asks for, or "".
        graph: where it belongs.
    """

    # The inputs that were exchanged later: TF 1.15 writes them out with their ":0".
    _rewired: frozenset[int] = frozenset()

    # Most operations have none of these: they cost memory only where they are set.
    _control_inputs: tuple[Operation, ...] = ()
    _context: Any = None
    _device = ""
    _original_op: Operation | None = None
    _asked_devices: tuple[Any, ...] = ()
    _colocated_with: tuple[Operation, ...] = ()

    __slots__ = (
        "__dict__",
        "__weakref__",
        "_attrs",
        "_colocation",
        "_definition",
        "_graph",
        "_id",
        "_inputs",
        "_name",
        "_outputs",
        "_site",
    )

    def __init__(
        self,
        graph: Graph,
        name: str,
        definition: Definition,
        inputs: tuple[Tensor, ...],
        attrs: dict[str, Any],
        dtypes: Sequence[DType],
        dims: Sequence[Dims] | None = None,
        colocation: tuple[str, ...] = (),
    ) -> None:
        self._graph = graph
        self._name = name
        self._definition = definition
        self._inputs = inputs
        # Shared between operations of the same attributes: copied before a change.
        self._attrs = attrs
        if len(dtypes) == 1:
            self._outputs: tuple[Tensor, ...] = (
                Tensor(self, 0, dtypes[0], dims[0] if dims else None),
            )
        else:
            self._outputs = tuple(
                [
                    Tensor(self, i, dtype, dims[i] if dims else None)
                    for i, dtype in enumerate(dtypes)
                ]
            )
        self._colocation = colocation
        self._site: Any = None if trace.locate is None else trace.locate()
        self._id = graph._last_id = graph._last_id + 1

    @property
    def name(self) -> str:
        """Its name, unique in its graph."""
        return self._name

    @property
    def type(self) -> str:
        """What it computes, such as "MatMul"."""
        return self._definition.name

    @property
    def graph(self) -> Graph:
        """The graph it belongs to."""
        return self._graph

    @property
    def inputs(self) -> _InputList:
        """The tensors it takes; KeyError if one is of another graph, and not here."""
        graph, taken = self._graph, self._inputs
        if self in graph._misplaced:
            taken = tuple(t if t.graph is graph else graph.namesake(t) for t in taken)
        return _InputList(list(taken))

    @property
    def outputs(self) -> list[Tensor]:
        """The tensors it gives."""
        return list(self._outputs)

    @property
    def control_inputs(self) -> list[Operation]:
        """The operations that must have run before it."""
        return list(self._control_inputs)

    @property
    def device(self) -> str:
        """The device it asks for, or ""."""
        return self._device

    @property
    def _is_stateful(self) -> bool:
        return self._definition.is_stateful

    @property
    def _input_types(self) -> list[DType]:
        return [tensor.dtype for tensor in self._inputs]

    @property
    def _output_types(self) -> list[int]:
        return [tensor.dtype.as_datatype_enum for tensor in self._outputs]

    @property
    def node_def(self) -> Any:
        """Its description as in TensorFlow's graph files."""
        from . import graph_def  # noqa: PLC0415 - rarely wanted, slow to import

        return graph_def.node_def(self)

    @property
    def op_def(self) -> Any:
        """The description of its type as in TensorFlow's graph files."""
        from . import graph_def  # noqa: PLC0415 - rarely wanted, slow to import

        return graph_def.op_def(self._definition)

    @property
    def traceback(self) -> tuple[tuple[str, int, str, str], ...]:
        """Where the program made it: file, line, function, text, outermost first.

        Empty if nobody watched.
        """
        site = self._site
        if site is None:
            return ()
        return ((site.filename, site.line, "<module>", site.text),)

    @property
    def traceback_with_start_lines(self) -> tuple[tuple[str, int, str, str, int], ...]:
        """The same with the line that each function begins in."""
        return tuple((*frame, 1) for frame in self.traceback)

    @property
    def _device_assignments(self) -> list[Traced]:
        """The device scopes it was made in, the innermost first."""
        return [
            Traced(device.display_name, device.site)
            for device in reversed(self._asked_devices)
        ]

    @property
    def _colocation_dict(self) -> dict[str, Traced]:
        """The scopes of `colocate_with` it was made in, by the operation's name."""
        if not self._colocated_with:  # as what belongs to a variable is placed with it
            names = [group.removeprefix("loc:@") for group in self._colocation]
            return {name: Traced(None, self._site) for name in names}
        sites = self._graph._colocation_sites
        return {
            op.name: Traced(None, sites.get(op, self._site))
            for op in reversed(self._colocated_with)
        }

    def values(self) -> tuple[Tensor, ...]:
        """The tensors it gives."""
        return self._outputs

    def get_attr(self, name: str | None) -> Any:
        """The value of an attribute, as TF 1.15 gives it (text as bytes).

        Raises:
            ValueError: it has no such attribute.
        """
        if name is None:
            name = ""  # TF 1.15: to its runtime, both are no name
        elif not isinstance(name, str):
            raise TypeError(
                "in method 'TF_OperationGetAttrValueProto', argument 2 of type "
                "'char const *'"
            )
        if name == "_class" and self._colocation:
            return [group.encode() for group in self._colocation]
        if name not in self._attrs:
            raise ValueError(f"Operation '{self._name}' has no attr named '{name}'.")
        from . import graph_def  # noqa: PLC0415 - rarely wanted, slow to import

        return graph_def.attribute_value(self, name)

    def colocation_groups(self) -> list[bytes]:
        """What it must be placed with; by itself, its own group."""
        return [group.encode() for group in self._groups()]

    def _groups(self) -> list[str]:
        groups = [group for group in self._colocation if group.startswith("loc:@")]
        return groups or [f"loc:@{self._name}"]

    def run(self, feed_dict: Any = None, session: Any = None) -> None:
        """Runs it in the default session, or in `session`."""
        session = _session_for(
            session, self._graph, "execute operation", "run", "operation"
        )
        session.run(self, feed_dict)

    @property
    def _control_outputs(self) -> list[Operation]:
        made = self._graph._operations.values()
        return [op for op in made if self in op._control_inputs]

    def _set_attr(self, name: str, value: Any) -> None:
        from . import graph_def  # noqa: PLC0415 - rarely wanted, slow to import

        value.SerializeToString()  # AttributeError for what is no AttrValue
        plain = graph_def.plain_value(value, self._definition.attributes.get(name))
        self._attrs = {**self._attrs, name: plain}
        self._graph._touch()

    def _set_device(self, device: Any) -> None:
        self._device = device_text(device)
        self._graph._placements += 1
        self._graph._touch()

    def _add_control_input(self, op: Operation) -> None:
        self._add_control_inputs([op])

    def _add_control_inputs(self, ops: Sequence[Operation]) -> None:
        for op in ops:
            if not isinstance(op, Operation):
                raise TypeError(f"op must be an Operation: {op}")
            if op not in self._control_inputs:
                self._control_inputs += (op,)
        self._rewire()

    def _remove_all_control_inputs(self) -> None:
        self._control_inputs = ()
        self._graph._touch()

    def _update_input(self, index: int, tensor: Tensor) -> None:
        if not isinstance(tensor, Tensor):
            raise TypeError(f"tensor must be a Tensor: {tensor}")
        if tensor.graph is not self._graph:
            raise ValueError(f"{tensor} must be from the same graph as {self}.")
        from . import rewiring  # noqa: PLC0415 - rarely wanted

        rewiring.check_exchange(self, index, tensor)
        inputs = list(self._inputs)
        inputs[index] = tensor
        self._inputs = tuple(inputs)
        self._rewired = self._rewired | {index}
        self._rewire()

    def _rewire(self) -> None:
        self._graph._touch()
        if self._context is None:  # else it is a branch or a loop that is being built
            self._graph.keep_rewired(self)

    def _get_control_flow_context(self) -> Any:
        return self._context

    def _set_control_flow_context(self, context: Any) -> None:
        self._context = context

    def __str__(self) -> str:
        return str(self.node_def)

    def __repr__(self) -> str:
        return f"<tf.Operation '{self._name}' type={self.type}>"


def _session_for(session: Any, graph: Graph, task: str, method: str, thing: str) -> Any:
    """The session to use for `tensor.eval()` or `operation.run()`.

    Raises:
        ValueError: there is none, or it belongs to another graph.
    """
    if session is not None:
        if session.graph is not graph:
            raise ValueError(
                f"Cannot use the given session to {task}: the {thing}'s graph is "
                "different from the session's graph."
            )
        return session
    session = defaults.get_default_session()
    if session is None:
        colon = ":" if method == "run" else ""
        raise ValueError(
            f"Cannot {task} using `{method}()`: No default session is registered. Use "
            f"`with sess.as_default(){colon}` or pass an explicit session to "
            f"`{method}(session=sess)`"
        )
    if session.graph is not graph:
        quote = "`" if method == "eval" else ""
        raise ValueError(
            f"Cannot use the default session to {task}: the {thing}'s graph is "
            "different from the session's graph. Pass an explicit session to "
            f"{quote}{method}(session=sess){quote}."
        )
    return session
