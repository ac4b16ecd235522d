"""Making a variable like one before: its operations, remembered.

Between the initializers and variables. Most variables of a program differ in nothing
but their names: same initializer, shape and type. The first is made step by step, and
what came of it is kept as a Stencil; the others are stamped from it, with names, ids
and seeds of their own. What comes out is the same, about four times as fast.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from . import defaults, initializers, random, trace
from .graph_names import is_op_name
from .operation import Operation

if TYPE_CHECKING:
    from .dtypes import DType
    from .graph import Graph
    from .registry import Definition
    from .shapes import Dims

# What these make depends on nothing but their attributes; a subclass may do anything.
_PREDICTABLE = frozenset(
    {
        initializers.Constant,
        initializers.GlorotNormal,
        initializers.GlorotUniform,
        initializers.Ones,
        initializers.RandomNormal,
        initializers.RandomUniform,
        initializers.TruncatedNormal,
        initializers.VarianceScaling,
        initializers.Zeros,
    }
)
_MANY = 1000


class FirstValue:
    """The first value of a variable, not made yet; calling it makes it."""

    __slots__ = ("dtype", "initializer", "partition_info", "sizes")

    def __init__(
        self, initializer: Any, sizes: list[int], dtype: DType, partition_info: Any
    ) -> None:
        self.initializer = initializer
        self.sizes = sizes
        self.dtype = dtype
        self.partition_info = partition_info

    def __call__(self) -> Any:
        """The value, as operations of the current graph."""
        return self.initializer(
            self.sizes, dtype=self.dtype, partition_info=self.partition_info
        )

    def key(self) -> Any:
        """What two first values with the same operations have in common, or None."""
        initializer = self.initializer
        if type(initializer) not in _PREDICTABLE or self.partition_info is not None:
            return None
        parts: list[Any] = [type(initializer), self.dtype, *self.sizes]
        for name, value in vars(initializer).items():
            # 1, 1.0 and True are equal, and so are 0.0 and -0.0, yet not the same.
            kind = type(value)
            parts += (name, kind, value.hex() if kind is float else value)
        return tuple(parts)


class _Own(NamedTuple):
    """Attributes that each stamped operation has for itself.

    Attributes:
        has_seeds: whether it is random.
        op_seed: the initializer's seed, or None.
        is_named: whether an attribute is the variable's name.
    """

    has_seeds: bool
    op_seed: Any
    is_named: bool

    def attributes(self, attrs: dict[str, Any], name: str) -> dict[str, Any]:
        """The attributes of the operation at this place."""
        if self.is_named:
            return {**attrs, "shared_name": name}
        seed, seed2 = random.get_seed(self.op_seed)
        if attrs["seed"] == seed and attrs["seed2"] == seed2:
            return attrs
        return {**attrs, "seed": seed, "seed2": seed2}


class _Step(NamedTuple):
    """One operation of a stencil.

    Attributes:
        definition: of its type.
        suffix: what its name adds to the variable's.
        mark: the place of its name among the names in use; None: it has capitals.
        inputs: (which step, which output) of each input.
        attrs: its attributes, shared by all that are stamped.
        types, dims: of its outputs.
        is_placed: whether it must be placed with the variable.
        own: the attributes it does not share, or None.
    """

    definition: Definition
    suffix: str
    mark: int | None
    inputs: tuple[tuple[int, int], ...]
    attrs: dict[str, Any]
    types: tuple[DType, ...]
    dims: tuple[Dims, ...]
    is_placed: bool
    own: _Own | None


class Stencil:
    """The operations of a variable, to be made again under other names."""

    def __init__(self, steps: tuple[_Step, ...], marks: dict[str, int]) -> None:
        self._steps = steps
        self._marks = marks  # names that are in use then, without the variable's

    def stamp(self, graph: Graph, name: str) -> list[Operation] | None:
        """Makes the operations; None if one of their names is taken."""
        lower = name.lower()
        in_use = graph._names_in_use
        keys = [lower + suffix for suffix in self._marks]
        if not in_use.keys().isdisjoint(keys):
            return None
        in_use.update(zip(keys, self._marks.values(), strict=True))
        placed = (f"loc:@{name}",)
        made: list[Operation] = []
        operations, watcher = graph._operations, trace.watcher
        for (
            definition,
            suffix,
            mark,
            sources,
            attrs,
            types,
            dims,
            is_placed,
            seed,
        ) in self._steps:
            # One string serves as the operation's name and as its key where it can.
            is_key = lower == name
            full_name = name + suffix if mark is None or not is_key else keys[mark]
            op = Operation(
                graph,
                full_name,
                definition,
                tuple([made[which]._outputs[index] for which, index in sources]),
                attrs if seed is None else seed.attributes(attrs, name),
                types,
                dims,
                placed if is_placed else (),
            )
            operations[full_name] = op
            made.append(op)
            if watcher is not None:
                graph._version = op._id
                watcher.operation_made(op)
        graph._version = graph._last_id
        return made


_stencils: dict[Any, Stencil] = {}


def _is_plain(graph: Graph) -> bool:
    """Whether nothing around a new operation would change it."""
    return not (
        graph._device_stack
        or graph._colocation_stack
        or graph._attr_scopes
        or graph._gradient_overrides
        or graph._container
        or graph._own_colocation
        or graph._finalized
        or graph._control_flow_context is not None
        or graph._default_original_op is not None
        or graph._thread.name_stack
        or any(around.control_inputs for around in graph._control_stack)
    )


class Making:
    """A variable that is about to be made, and may be like one before."""

    __slots__ = ("_graph", "_key", "_names", "_op_seed", "_operations")

    def __init__(self, graph: Graph, key: Any, op_seed: Any) -> None:
        self._graph = graph
        self._key = key
        self._op_seed = op_seed
        self._operations = len(graph._operations)
        self._names = len(graph._names_in_use)

    def stamped(self, name: str) -> list[Operation] | None:
        """Its operations, if one like it was made before."""
        stencil = _stencils.get(self._key)
        return None if stencil is None else stencil.stamp(self._graph, name)

    def remember(self, name: str) -> None:
        """Keeps what was made step by step, if it can be made again under any name."""
        graph = self._graph
        ops = _newest(graph._operations.values(), self._operations)
        names = _newest(graph._names_in_use.items(), self._names)
        lower = name.lower()
        if len(_stencils) >= _MANY or not all(
            key.startswith(lower) for key, _ in names
        ):
            return
        if any(op in graph._unplaceable for op in ops):
            return
        marks = {key[len(lower) :]: used for key, used in names}
        steps = _steps(ops, name, list(marks), self._op_seed)
        if steps is not None:
            _stencils[self._key] = Stencil(steps, marks)


def _newest(items: Any, old: int) -> list[Any]:
    """What was added to a dictionary since it had `old` items, in order."""
    return list(islice(reversed(items), len(items) - old))[::-1]


def making(value: Any, name: Any, kind: str) -> Making | None:
    """Begins a variable in the default graph; None if it is one of its kind.

    Args:
        value: its first value.
        name: in full.
        kind: "ref" or "resource".
    """
    if type(value) is not FirstValue:
        return None
    graph = defaults.get_default_graph()
    key = value.key()
    if key is None or not _is_plain(graph) or not is_op_name(name):
        return None
    if name[-1] == "/":  # a slot: the scope's own name, without the "/"
        return None
    try:
        hash(key)
    except TypeError:  # a value that is no key, such as an array
        return None
    return Making(graph, (kind, *key), getattr(value.initializer, "seed", None))


def _steps(
    ops: list[Operation], name: str, marks: list[str], op_seed: Any
) -> tuple[_Step, ...] | None:
    """The operations as steps; None if one depends on something else."""
    place = {op: index for index, op in enumerate(ops)}
    steps = []
    for op in ops:
        if op._control_inputs or op._device or op._context is not None:
            return None
        if any(taken._op not in place for taken in op._inputs):
            return None
        if op._colocation not in ((), (f"loc:@{name}",)):
            return None
        suffix = op._name[len(name) :]
        if not op._name.startswith(name) or suffix.lower() not in marks:
            return None
        own = _Own("seed2" in op._attrs, op_seed, op._attrs.get("shared_name") == name)
        steps.append(
            _Step(
                op._definition,
                suffix,
                marks.index(suffix) if suffix in marks else None,
                tuple((place[taken._op], taken._index) for taken in op._inputs),
                op._attrs,
                tuple(tensor._dtype for tensor in op._outputs),
                tuple(tensor._dims for tensor in op._outputs),
                bool(op._colocation),
                own if own.has_seeds or own.is_named else None,
            )
        )
    return tuple(steps)
