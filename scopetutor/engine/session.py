"""Sessions: running a graph, and keeping the values of its variables.

After plan. `Session.run` turns what is fetched and fed into a plan, runs it, and gives
the values back in the structure that was asked for.
"""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from . import constants, defaults, nest, tf_logging, trace
from .failures import KERNEL_ERRORS, located, translated
from .graph import Graph
from .op_errors import (
    InaccessibleTensorError,
    InternalError,
    NotFoundError,
    OpError,
)
from .operation import Operation, Tensor
from .partial_runs import PartialRuns
from .plan import Plan, Planner, Step
from .random import draw_ahead
from .read_only import read_only
from .sparse import IndexedSlices, IndexedSlicesValue, SparseTensor, SparseTensorValue
from .state import Cell, Container, State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .served import Served
    from .straight import Straight

    Build = Callable[[list[Any]], Any]


live: weakref.WeakSet[BaseSession] = weakref.WeakSet()
"""The sessions that are not closed."""


# -- what is fetched -------------------------------------------------------------------


class _Fetches:
    """A structure of fetches as a list of graph elements, and the way back.

    Attributes:
        elements: tensors and operations, each once.
    """

    def __init__(self, fetches: Any) -> None:
        self.elements: list[Any] = []
        self._places: dict[Any, int] = {}
        self.build = self._builder(fetches)

    def _place(self, element: Any) -> int:
        place = self._places.get(element)
        if place is None:
            place = self._places[element] = len(self.elements)
            self.elements.append(element)
        return place

    def _builder(self, fetch: Any) -> Build:
        """Makes the result of a fetch from the values of all elements."""
        if fetch is None:
            raise TypeError(
                f"Fetch argument {fetch!r} has invalid type {type(fetch)!r}"
            )
        if isinstance(fetch, (list, tuple)):
            builders = [self._builder(item) for item in fetch]
            kind = type(fetch)
            if issubclass(kind, list):
                return lambda values: [build(values) for build in builders]
            if kind is tuple:
                return lambda values: tuple(build(values) for build in builders)
            return lambda values: kind(*[build(values) for build in builders])
        if isinstance(fetch, Mapping):
            return self._mapping_builder(fetch)
        if hasattr(type(fetch), "__attrs_attrs__"):
            names = [field.name for field in type(fetch).__attrs_attrs__]
            builders = [self._builder(getattr(fetch, name)) for name in names]
            return lambda values: type(fetch)(*[build(values) for build in builders])
        if isinstance(fetch, SparseTensor):
            return self._parts_builder(
                (fetch.indices, fetch.values, fetch.dense_shape), SparseTensorValue
            )
        if isinstance(fetch, IndexedSlices):
            parts = (fetch.values, fetch.indices, fetch.dense_shape)
            given = [part for part in parts if part is not None]
            return self._parts_builder(given, _indexed_slices_value)
        for kind, convert, *_ in _registered:
            if isinstance(fetch, kind):
                return self._converted_builder(*convert(fetch))
        place = self._place(_element(fetch))
        return lambda values: values[place]

    def _converted_builder(self, parts: Any, contract: Callable[[Any], Any]) -> Build:
        builders = [self._builder(part) for part in parts]
        return lambda values: contract([build(values) for build in builders])

    def _mapping_builder(self, fetch: Mapping[Any, Any]) -> Build:
        builders = {key: self._builder(value) for key, value in fetch.items()}

        def build(values: list[Any]) -> Any:
            result = type(fetch)()
            for key, inner in builders.items():
                result[key] = inner(values)  # type: ignore[index]
            return result

        return build

    def _parts_builder(self, parts: Sequence[Any], make: Callable[..., Any]) -> Build:
        places = [self._place(_element(part)) for part in parts]
        return lambda values: make(*[values[place] for place in places])


def _indexed_slices_value(values: Any, indices: Any, dense_shape: Any = None) -> Any:
    return IndexedSlicesValue(values, indices, dense_shape)


def _element(fetch: Any) -> Any:
    """The tensor or operation that a fetch stands for, with TF 1.15's messages."""
    try:
        return defaults.get_default_graph().as_graph_element(fetch)
    except TypeError as error:
        raise TypeError(
            f"Fetch argument {fetch!r} has invalid type {type(fetch)!r}, must be a "
            f"string or Tensor. ({error})"
        ) from None
    except (ValueError, KeyError) as error:
        raise ValueError(
            f"Fetch argument {fetch!r} cannot be interpreted as a Tensor. ({error})"
        ) from None


# -- what is fed -----------------------------------------------------------------------


_registered: list[tuple[type, Any, Any, Any]] = []


def register_session_run_conversion_functions(
    tensor_type: type,
    fetch_function: Callable[[Any], Any],
    feed_function: Callable[[Any, Any], Any] | None = None,
    feed_function_for_partial_run: Callable[[Any], Any] | None = None,
) -> None:
    """Says what stands for objects of a type when they are fetched or fed.

    Args:
        tensor_type: the type.
        fetch_function: (object) -> (fetches, what makes the result of their values).
        feed_function: (object, value) -> pairs of what is fed and its value.
        feed_function_for_partial_run: (object) -> what may be fed.

    Raises:
        ValueError: a type was registered that is one of these.
    """
    if any(issubclass(known, tensor_type) for known, *_ in _registered):
        raise ValueError(f"{tensor_type} has already been registered so ignore it.")
    functions = fetch_function, feed_function, feed_function_for_partial_run
    _registered.insert(0, (tensor_type, *functions))


def _feed_parts(feed: Any) -> list[Any]:
    """What may be fed for a feed of a partial run."""
    for kind, _, _, parts in _registered:
        if isinstance(feed, kind) and parts is not None:
            return list(parts(feed))
    return [part for part, _ in _feed_items(feed, (None,) * 3)]


def _feed_items(feed: Any, value: Any) -> list[tuple[Any, Any]]:
    for kind, _, convert, _ in _registered:
        if isinstance(feed, kind) and convert is not None:
            return list(convert(feed, value))
    if isinstance(feed, SparseTensor):
        return list(
            zip((feed.indices, feed.values, feed.dense_shape), value, strict=False)
        )
    if isinstance(feed, IndexedSlices):
        parts = (feed.values, feed.indices, feed.dense_shape)
        return list(zip((p for p in parts if p is not None), value, strict=False))
    return [(feed, value)]


def _fed_array(tensor: Tensor, value: Any, feed: Any, whole: Any) -> Any:
    """The value for a fed tensor, checked.

    Raises:
        TypeError: it is a tensor itself, or no number of the tensor's type.
        ValueError: its shape does not fit, or the tensor may not be fed.
    """
    if isinstance(value, Tensor):
        raise TypeError(
            "The value of a feed cannot be a tf.Tensor object. Acceptable feed values "
            "include Python scalars, strings, lists, numpy ndarrays, or TensorHandles. "
            f"For reference, the tensor object was {whole} which was passed to the "
            f"feed with key {feed}."
        )
    kind = tensor.dtype.as_numpy_dtype
    if type(value) in (int, bool):
        _check_number(value, kind)
    array = _as_array(value, kind)
    dims = tensor._dims
    if dims is not None and not _fits(dims, array.shape):
        raise ValueError(
            f"Cannot feed value of shape {array.shape!r} for Tensor {tensor.name!r}, "
            f"which has shape {str(tensor.shape)!r}"
        )
    if not tensor.graph.is_feedable(tensor):
        raise ValueError(f"Tensor {tensor} may not be fed.")
    return array


def _check_number(value: Any, kind: Any) -> None:
    try:
        same = kind is not object and kind(value) == value
    except OverflowError:
        same = False
    if not same:
        raise TypeError(
            f"Type of feed value {value} with type {type(value)} is not compatible "
            f"with Tensor type {kind}. Try explicitly setting the type of the feed "
            "tensor to a larger type (e.g. int64)."
        )


def _as_array(value: Any, kind: Any) -> Any:
    try:
        array = np.asarray(value, dtype=kind)
    except ValueError as error:
        if "inhomogeneous" in str(error):
            raise ValueError("setting an array element with a sequence.") from None
        raise
    if kind is object:
        return array.reshape(np.shape(value))
    return array


def _for_kernels(tensor: Tensor, array: Any) -> Any:
    """A fed value as operations take it."""
    if array.dtype.kind == "O":
        texts = np.empty(array.shape, dtype=object)
        for place in np.ndindex(array.shape):
            texts[place] = _as_bytes(array[place])
        array = texts
    if not tensor._dtype._is_ref_dtype:
        return array
    # In the place of a variable, it is read like one; nothing can write to it.
    cell = Cell(tensor._op._name, array.shape, Container())
    cell.value = array
    return cell


def _as_bytes(item: Any) -> bytes:
    if isinstance(item, str):
        return item.encode("utf-8")
    if not isinstance(item, bytes):
        plain = item.item() if isinstance(item, np.generic) else item
        kind = type(plain).__name__
        raise InternalError(None, None, f"Unsupported object type {kind}")
    return item


def _fits(dims: tuple[int | None, ...], shape: tuple[int, ...]) -> bool:
    return len(dims) == len(shape) and all(
        d is None or d == s for d, s in zip(dims, shape, strict=True)
    )


# -- running ---------------------------------------------------------------------------


# After so many runs, a plan is compiled; that costs about as much as thirty runs do.
_OFTEN = 12


class Compiled:
    """A plan with the way from its values to the result."""

    __slots__ = ("build", "changes", "places", "plan", "runs", "straight")

    def __init__(
        self, plan: Plan, build: Build | None, places: list[int | None], changes: int
    ) -> None:
        self.plan = plan
        self.build = build  # None: the only element's value is the result
        self.places = places  # of each element: its fetch in the plan, None for ops
        self.changes = changes
        self.runs = 0
        self.straight: Straight | None = None

    def compute(self, values: list[Any]) -> None:
        """Everything after the feeds, which are in `values` already."""
        plan = self.plan
        for slot, value in plan.constants:
            values[slot] = value
        if plan.draws:
            draw_ahead(plan.draws)
        if plan.items is not None:
            with np.errstate(all="ignore"):
                for item in plan.items:
                    item(values)
        elif (straight := self.straight or self._straightened()) is not None:
            _execute_straight(straight, values)
        else:
            _execute(plan.steps, values)

    def _straightened(self) -> Straight | None:
        """Counts a run; from some number on, the steps are one function."""
        self.runs += 1
        if self.runs >= _OFTEN:
            from .straight import Straight  # noqa: PLC0415 - few plans run often

            plan = self.plan
            self.straight = Straight(plan.steps, dict(plan.constants), plan.fetches)
        return self.straight


def _out(value: Any) -> Any:
    """A value as the program gets it: its own array, or a scalar of NumPy's."""
    if isinstance(value, np.ndarray):
        if value.ndim:
            return value.copy()
        return value[()]
    if isinstance(value, Cell) and value.op is not None:
        from . import handles  # noqa: PLC0415 - rarely wanted

        return handles.shown(value.op)
    return value


@read_only
class BaseSession:
    """Runs one graph and keeps the values of its variables."""

    def __init__(self, target: Any = "", graph: Any = None, config: Any = None) -> None:
        if graph is None:
            graph = defaults.get_default_graph()
        elif not isinstance(graph, Graph):
            raise TypeError(f"graph must be a tf.Graph, but got {type(graph)}")
        if target is not None and not isinstance(target, (str, bytes)):
            hint = ""
            if type(target).__name__ == "ConfigProto":
                hint = (
                    '. Did you do "Session(config)" instead of '
                    '"Session(config=config)"?'
                )
            raise TypeError(f"target must be a string, but got {type(target)}{hint}")
        if config is not None and type(config).__name__ != "ConfigProto":
            raise TypeError(f"config must be a tf.ConfigProto, but got {type(config)}")
        self._served = _served_by(target, config) if target else None
        self._graph: Graph = graph
        self._target = target.encode() if isinstance(target, str) else target
        self._config = config
        self._closed = False
        self._state = self._served.state if self._served else State()
        self._planner = Planner(self._state)
        self._partial_runs = PartialRuns()
        self._plans: dict[Any, Compiled] = {}
        self._placed = 0  # how much of the graph's placements was checked
        live.add(self)
        if trace.watcher is not None:
            trace.watcher.session_made(self)

    @property
    def graph(self) -> Graph:
        """The graph it runs."""
        return self._graph

    @property
    def graph_def(self) -> Any:
        """The graph it runs, as in TensorFlow's graph files."""
        return self._graph.as_graph_def()

    @property
    def sess_str(self) -> Any:
        """The runtime it is connected to: none, here."""
        return self._target

    def close(self) -> None:
        """Ends it; its variables' values are gone."""
        if trace.watcher is not None and not self._closed:
            trace.watcher.session_closed(self)
        self._closed = True
        if self._served is None:
            self._state.end()
        live.discard(self)

    def as_default(self) -> defaults.Entered:
        """Context manager: `eval` and `run` use it."""
        return defaults.Entered(defaults.state.sessions, self)

    @property
    def _tasks(self) -> Any:
        """What has devices."""
        from . import placement  # noqa: PLC0415 - rarely wanted

        return self._served.tasks if self._served else placement.ALONE

    def list_devices(self) -> list[Any]:
        """The devices there are: one CPU, under two names."""
        from . import placement  # noqa: PLC0415 - rarely wanted

        return placement.devices(self._config, self._tasks)

    def run(
        self,
        fetches: Any,
        feed_dict: Any = None,
        options: Any = None,
        run_metadata: Any = None,
    ) -> Any:
        """Computes tensors and runs operations.

        Args:
            fetches: a tensor, operation, variable or name, or any nesting of them.
            feed_dict: values to take instead of what would be computed.
            options: accepted; nothing is measured.
            run_metadata: accepted; nothing is measured.

        Returns:
            The values in the structure of the fetches; None for operations.

        Raises:
            RuntimeError: the session is closed or the graph is empty.
            tf.errors.OpError: an operation failed.
        """
        if options:
            options.SerializeToString()
        if self._closed:
            raise RuntimeError("Attempted to use a closed Session.")
        if self._graph._version == 0:
            raise RuntimeError(
                "The Session graph is empty.  Add operations to the graph before "
                "calling run()."
            )
        if self._graph._placements != self._placed:
            self._place()
        feeds: dict[Tensor, Any] = self._feeds(feed_dict) if feed_dict else {}
        compiled = self._compiled(fetches, feeds)
        plan = compiled.plan
        if trace.watcher is not None:
            trace.watcher.session_runs(self, plan)
        values: list[Any] = [None] * plan.slots
        if plan.steps:
            for slot, (tensor, value) in zip(plan.feeds, feeds.items(), strict=True):
                values[slot] = _for_kernels(tensor, value)
        compiled.compute(values)
        if run_metadata:
            run_metadata.ParseFromString(b"")
        return self._result(compiled, values, list(feeds.values()))

    def _place(self) -> None:
        """Checks the devices that operations ask for."""
        from . import placement, rewiring  # noqa: PLC0415 - most graphs name no device

        placements = self._graph._placements
        if self._graph._misplaced:
            rewiring.refuse_misplaced(self._graph)
        placement.check(self._graph, self._config, self._tasks)
        self._placed = placements

    def _result(self, compiled: Compiled, values: list[Any], given: list[Any]) -> Any:
        plan = compiled.plan
        fed = len(given)
        # TF 1.15: what was fed comes back as it was fed.
        found = [
            given[slot] if slot < fed else _out(values[slot]) for slot in plan.fetches
        ]
        elements = [None if p is None else found[p] for p in compiled.places]
        return elements[0] if compiled.build is None else compiled.build(elements)

    # -- plans -------------------------------------------------------------------------

    def _compiled(self, fetches: Any, feeds: dict[Tensor, Any]) -> Compiled:
        key = _key_of(fetches, feeds)
        compiled = None if key is None else self._plans.get(key)
        if compiled is not None and compiled.changes == self._graph._changes:
            return compiled
        made = self._compile(fetches, feeds)
        if key is not None:
            self._plans[key] = made
        return made

    def _wanted(self, fetches: Any) -> _Fetches:
        """The fetches, looked up in the graph of the session."""
        with self._graph.as_default():
            return _Fetches(fetches)

    def _compile(self, fetches: Any, feeds: dict[Tensor, Any]) -> Compiled:
        wanted = self._wanted(fetches)
        tensors: list[Tensor] = []
        targets: list[Operation] = []
        places: list[int | None] = []
        for element in wanted.elements:
            self._check_fetchable(element)
            if isinstance(element, Operation):
                targets.append(element)
                places.append(None)
            else:
                places.append(len(tensors))
                tensors.append(element)
        plan = self._planner.make(tensors, targets, list(feeds))
        single = isinstance(fetches, (Tensor, Operation))
        return Compiled(
            plan, None if single else wanted.build, places, self._graph._changes
        )

    def _check_fetchable(self, element: Any) -> None:
        op = element if isinstance(element, Operation) else element.op
        if not self._graph.is_fetchable(op):
            raise InaccessibleTensorError(
                f"Operation {op.name!r} has been marked as not fetchable. Typically "
                "this happens when it is defined in another function or code block. "
                "Use return values,explicit Python locals or TensorFlow collections to "
                "access it."
            )

    def _feeds(self, feed_dict: Any) -> dict[Tensor, Any]:
        feeds: dict[Tensor, Any] = {}
        for feed, whole in nest.flatten_dict_items(feed_dict).items():
            for key, value in _feed_items(feed, whole):
                try:
                    tensor = self._graph.as_graph_element(key, allow_operation=False)
                except Exception as error:
                    raise TypeError(
                        f"Cannot interpret feed_dict key as Tensor: {error.args[0]}"
                    ) from None
                feeds[tensor] = _fed_array(tensor, value, feed, whole)
        return feeds

    def make_callable(
        self, fetches: Any, feed_list: Any = None, accept_options: bool = False
    ) -> Callable[..., Any]:
        """A function that runs the fetches with the feeds as its arguments."""
        if not (feed_list is None or isinstance(feed_list, (list, tuple))):
            raise TypeError("`feed_list` must be a list or tuple.")
        self._wanted(fetches)  # refused now, if it is
        if feed_list is not None:
            feeds = list(feed_list)
            return lambda *args, **kwargs: self.run(
                fetches, feed_dict=dict(zip(feeds, args, strict=False)), **kwargs
            )
        return lambda **kwargs: self.run(fetches, **kwargs)

    def partial_run_setup(self, fetches: Any, feeds: Any = None) -> Any:
        """Prepares several runs that share their values."""
        if self._closed:
            raise RuntimeError("Attempted to use a closed Session.")
        expanded = [part for feed in feeds or () for part in _feed_parts(feed)]
        return self._partial_runs.set_up(
            self._wanted(fetches).elements,
            [self._graph.as_graph_element(feed) for feed in expanded],
        )

    def partial_run(self, handle: Any, fetches: Any, feed_dict: Any = None) -> Any:
        """Runs a part of what was prepared, with what was fed so far."""
        elements = self._wanted(fetches).elements
        if not all(isinstance(element, Tensor) for element in elements):
            raise RuntimeError("partial_run() requires empty target_list.")
        given = {
            self._graph.as_graph_element(part): item
            for feed, value in (feed_dict or {}).items()
            for part, item in _feed_items(feed, value)
        }
        fed = self._partial_runs.part(handle, elements, given)
        return self.run(fetches, feed_dict=dict(fed)) if elements else []


# TF 1.15: the machine that a session sees if no other is described.
_OWN_MACHINE = (
    'device_count { key: "CPU" value: 1 } device_count { key: "GPU" value: 0 } '
    "gpu_options { experimental { } }"
)


def _served_by(target: str | bytes, config: Any) -> Served:
    """The server of a target.

    Raises:
        tf.errors.NotFoundError: there is none in this process.
    """
    from . import served  # noqa: PLC0415 - few programs have servers

    name = target.decode() if isinstance(target, bytes) else target
    found = served.by_target.get(name)
    if found is None:
        raise _no_factory(name, config)
    return found


def _no_factory(name: str, config: Any) -> NotFoundError:
    """Sessions run here, in this process, and nowhere else."""
    machine = _OWN_MACHINE if config is None else " ".join(str(config).split())
    return NotFoundError(
        None,
        None,
        "No session factory registered for the given session options: "
        f'{{target: "{name}" config: {machine}}} Registered factories are '
        "{DIRECT_SESSION, GRPC_SESSION}.",
    )


def _key_of(fetches: Any, feeds: dict[Tensor, Any]) -> Any:
    """What two runs with the same plan have in common, or None."""
    if isinstance(fetches, (list, tuple)):
        if any(isinstance(item, (list, tuple, dict)) for item in fetches):
            return None
        fetches = (type(fetches), *fetches)
    elif isinstance(fetches, Mapping):
        return None
    try:
        hash(fetches)
    except TypeError:
        return None
    return (fetches, *feeds) if feeds else fetches


def _execute(steps: tuple[Step, ...], values: list[Any]) -> None:
    """Runs the steps of a plan, putting their results into `values`."""
    step = None
    try:
        with np.errstate(all="ignore"):
            for step in steps:
                kernel, inputs, output, count, _ = step
                result = kernel(*[values[i] for i in inputs])
                if count == 1:
                    values[output] = result
                elif count:
                    values[output : output + count] = result
    except (OpError, *KERNEL_ERRORS) as error:
        assert step is not None
        _fail(error, steps, steps.index(step), values)


def _execute_straight(straight: Straight, values: list[Any]) -> None:
    try:
        with np.errstate(all="ignore"):
            straight.run(values)
    except (OpError, *KERNEL_ERRORS) as error:
        failed = straight.failed(error.__traceback__, values)
        _fail(error, straight.steps, failed, values)


def _fail(
    error: Exception, steps: Sequence[Step], failed: int, values: list[Any]
) -> NoReturn:
    """Says an error of a step, after what else there is to do is done."""
    from .unaffected import run_unaffected  # noqa: PLC0415 - few runs fail

    step = steps[failed]
    taken = [values[i] for i in step.inputs]
    run_unaffected(steps, failed, values)
    if isinstance(error, OpError):
        raise located(error, step.op) from None
    raise located(translated(error, step.op, taken), step.op) from error


class Session(BaseSession):
    """A session; as a context manager, the default one, closed at the end."""

    def __init__(self, target: Any = "", graph: Any = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        self._entered_graph: Any = None
        self._entered: Any = None

    def __enter__(self) -> Session:
        if self._entered_graph is not None:
            raise RuntimeError(
                "Session context managers are not re-entrant. Use "
                "`Session.as_default()` if you want to enter a session multiple times."
            )
        self._entered_graph = self._graph.as_default()
        self._entered = self.as_default()
        self._entered_graph.__enter__()
        self._entered.__enter__()
        return self

    def __exit__(self, *exc: Any) -> None:
        if exc and exc[0] is OpError:
            tf_logging.error("Session closing due to OpError: %s", (exc[1],))
        self._entered.__exit__(*exc)
        self._entered_graph.__exit__(*exc)
        self._entered = self._entered_graph = None
        self.close()

    @staticmethod
    def reset(target: Any, containers: Any = None, config: Any = None) -> None:
        """Forgets the variables of containers; there are none to share here.

        Raises:
            TypeError: the target is no text.
        """
        if target is not None:
            constants.as_bytes(target)


class InteractiveSession(BaseSession):
    """A session that is the default one from its making to its end."""

    _active = 0

    def __init__(self, target: Any = "", graph: Any = None, config: Any = None) -> None:
        super().__init__(target, graph, config)
        if InteractiveSession._active > 0:
            warnings.warn(
                "An interactive session is already active. This can cause "
                "out-of-memory errors in some cases. You must explicitly call "
                "`InteractiveSession.close()` to release resources held by the other "
                "session(s).",
                stacklevel=2,
            )
        InteractiveSession._active += 1
        self._entered = self.as_default()
        self._entered.enforce_nesting = False
        self._entered.__enter__()
        self._entered_graph: Any = None
        if graph is not None:
            self._entered_graph = graph.as_default()
            self._entered_graph.enforce_nesting = False
            self._entered_graph.__enter__()

    def close(self) -> None:
        """Ends it and makes it no longer the default."""
        if self._closed:
            return
        super().close()
        InteractiveSession._active -= 1
        if self._entered_graph is not None:
            self._entered_graph.__exit__(None, None, None)
        self._entered.__exit__(None, None, None)
