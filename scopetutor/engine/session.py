"""Sessions: running a graph, and keeping the values of its variables.

After plan. `Session.run` turns what is fetched and fed into a plan, runs it, and gives
the values back in the structure that was asked for.
"""

from __future__ import annotations

import functools
import re
import warnings
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from . import constants, defaults, nest, tf_logging, trace
from .collecting import CollectedLater
from .doubles import itself
from .failures import KERNEL_ERRORS, located, translated, unlocated
from .fed_shapes import OFTEN, PlansByShapes, are_open
from .feeds import fed_array, feed_items, feed_parts, for_kernels
from .fetches import Fetches
from .graph import Graph
from .op_errors import (
    CancelledError,
    InaccessibleTensorError,
    InvalidArgumentError,
    NotFoundError,
    OpError,
)
from .operation import Operation, Tensor
from .partial_runs import PartialRuns
from .plan import Plan, Planner, Step, needed
from .random import draw_ahead
from .read_only import read_only
from .state import Cell, State
from .straight import Straight

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .fed_shapes import Shapes
    from .served import Served

    Build = Callable[[list[Any]], Any]


live: weakref.WeakSet[BaseSession] = weakref.WeakSet()
"""The sessions that are not closed."""


class Compiled:
    """A plan with the way from its values to the result."""

    __slots__ = ("build", "by_shapes", "changes", "places", "plan", "runs", "straight")

    def __init__(
        self,
        plan: Plan,
        build: Build | None,
        places: list[int | None],
        changes: int,
        by_shapes: PlansByShapes | None = None,
    ) -> None:
        self.plan = plan
        self.build = build  # None: the only element's value is the result
        self.places = places  # of each element: its fetch in the plan, None for ops
        self.changes = changes
        self.runs = 0
        self.straight: Straight | None = None
        self.by_shapes = by_shapes  # None: there is nothing to gain

    def compute(self, values: list[Any]) -> None:
        """Everything after the feeds, which are in `values` already."""
        plan = self.plan
        self.runs += 1
        if self.runs == OFTEN:
            self._prepare_for_many()
        if self.by_shapes and self.by_shapes.run(values, _execute_straight):
            return
        if self.straight is not None:
            _execute_straight(self.straight, values)
            return
        for slot, value in plan.constants:
            values[slot] = value
        if plan.draws:  # later, generators look ahead
            draw_ahead(plan.draws)
        if plan.items is None:
            _execute(plan.steps, values)
            return
        with np.errstate(all="ignore"):
            _run_items(plan, values)

    def _prepare_for_many(self) -> None:
        """It will run again and again: the steps become one function."""
        from .allocation import keep_freed_memory  # noqa: PLC0415 - few plans run often

        keep_freed_memory()
        plan = self.plan
        if plan.items is None:
            self.straight = Straight(plan.steps, dict(plan.constants), plan.fetches)


def _run_items(plan: Plan, values: list[Any]) -> None:
    """Runs what branches and loops are made of.

    TF 1.15: after an error, too, what does not depend on the failed operation is done.
    """
    assert plan.items is not None
    remaining = iter(plan.items)
    try:
        for item in remaining:
            item(values)
    except OpError:
        assert plan.lose is not None
        plan.lose(item, values)
        for item in remaining:
            try:
                item(values)
            except OpError:  # the first error is the one to be said
                plan.lose(item, values)
        raise


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
        if config is not None and config.device_count.get("CPU", 1) < 1:
            raise NotFoundError(
                None, None, "No CPU devices are available in this process"
            )
        self._served = _served_by(target, config) if target else None
        self._graph: Graph = graph
        self._target = target.encode() if isinstance(target, str) else target
        self._config = config
        self._closed = False
        self._was_reset = False
        self._state = self._served.state if self._served else State()
        self._planner = Planner(self._state)
        self._partial_runs = PartialRuns()
        self._plans: dict[Any, Compiled] = {}
        self._placed = 0  # how much of the graph's placements was checked
        self._checked = 0  # how many of its rewired operations were
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
        """The devices there are: one CPU, under two names.

        Raises:
            tf.errors.CancelledError: the session is closed.
        """
        from . import placement  # noqa: PLC0415 - rarely wanted

        if self._closed:
            raise CancelledError(None, None, "Session has been closed.")
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
        feeds: dict[Tensor, Any] = self._feeds(feed_dict) if feed_dict else {}
        if (
            self._graph._placements != self._placed
            and not self._places_what_it_runs
            and self._wanted(fetches).elements  # TF 1.15: else nothing is run at all
        ):
            self._place()
        compiled = self._compiled(fetches, feeds)
        if self._was_reset and compiled.places:
            raise CancelledError(None, None, "Session has been closed.")
        plan = compiled.plan
        if trace.watcher is not None:
            trace.watcher.session_runs(self, plan)
        values: list[Any] = [None] * plan.slots
        if plan.steps:
            for slot, (tensor, value) in zip(plan.feeds, feeds.items(), strict=True):
                values[slot] = for_kernels(tensor, value)
        compiled.compute(values)
        if run_metadata:
            run_metadata.ParseFromString(b"")
        return self._result(compiled, values, list(feeds.values()))

    @property
    def _places_what_it_runs(self) -> bool:
        """Whether the rest of the graph may ask for devices that are not there."""
        config = self._config
        return config is not None and config.graph_options.place_pruned_graph

    def _place(self, run: Sequence[Operation] | None = None) -> None:
        """Checks the devices that operations ask for: those that are run, or all."""
        from . import placement, rewiring  # noqa: PLC0415 - most graphs name no device

        placements = self._graph._placements
        if self._graph._misplaced:
            rewiring.refuse_misplaced(self._graph)
        if len(self._graph._rewired) > self._checked:
            # TF 1.15: what a session has run already stays in it as it was.
            if not self._plans:
                rewiring.check_whole(self._graph)
            self._checked = len(self._graph._rewired)
        placement.check(self._graph, self._config, self._tasks, run)
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

    def _wanted(self, fetches: Any) -> Fetches:
        """The fetches, looked up in the graph of the session."""
        with self._graph.as_default():
            return Fetches(fetches)

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
        if self._graph._placements and self._places_what_it_runs:
            computed = [t._op for t in tensors if t not in feeds]
            self._place(needed([*computed, *targets], set(feeds)))
        make = functools.partial(self._plan, tensors, targets, list(feeds))
        plan = make(None)
        by_shapes = None
        if plan.steps and plan.items is None and are_open(feeds):
            by_shapes = PlansByShapes(list(feeds), plan, make)
        single = isinstance(fetches, (Tensor, Operation))
        build = None if single else wanted.build
        return Compiled(plan, build, places, self._graph._changes, by_shapes)

    def _plan(
        self,
        tensors: Sequence[Tensor],
        targets: Sequence[Operation],
        feeds: Sequence[Tensor],
        shapes: Shapes | None,
    ) -> Plan:
        with CollectedLater():
            return self._planner.make(tensors, targets, feeds, shapes)

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
            for key, value in feed_items(feed, whole):
                try:
                    tensor = itself(
                        self._graph.as_graph_element(key, allow_operation=False)
                    )
                except Exception as error:
                    raise TypeError(
                        f"Cannot interpret feed_dict key as Tensor: {error.args[0]}"
                    ) from None
                feeds[tensor] = fed_array(tensor, value, feed, whole)
        return feeds

    def make_callable(
        self, fetches: Any, feed_list: Any = None, accept_options: bool = False
    ) -> Callable[..., Any]:
        """A function that runs the fetches with the feeds as its arguments.

        Args:
            fetches: as of `run`; looked at now, unless there is a list of feeds.
            feed_list: what its arguments are fed to, or None.
            accept_options: whether it takes `options` and `run_metadata`, too.

        Raises:
            TypeError: `feed_list` is no list, or a fetch is refused.
        """
        if not (feed_list is None or isinstance(feed_list, (list, tuple))):
            raise TypeError("`feed_list` must be a list or tuple.")
        if feed_list is None:
            self._wanted(fetches)
            if accept_options:
                return functools.partial(self.run, fetches, None)
            return lambda: self._called(fetches)

        def generic_run(*args: Any, **kwargs: Any) -> Any:
            fed = dict(zip(feed_list, args, strict=False))
            return self.run(fetches, feed_dict=fed, **kwargs)

        return generic_run

    def _called(self, fetches: Any) -> Any:
        """What a callable without feeds gives.

        TF 1.15: the runtime runs it, and says errors without the place of the node.
        """
        if self._closed:
            raise CancelledError(None, None, "Session has been closed.")
        try:
            return self.run(fetches)
        except OpError as error:
            raise unlocated(error) from None

    def partial_run_setup(self, fetches: Any, feeds: Any = None) -> Any:
        """Prepares several runs that share their values."""
        if self._closed:
            raise RuntimeError("Attempted to use a closed Session.")
        if feeds is None:
            feeds = ()
        elif not isinstance(feeds, (list, tuple)):
            feeds = (feeds,)
        expanded = [part for feed in feeds for part in feed_parts(feed)]
        if self._was_reset:
            raise CancelledError(None, None, "Session has been closed.")
        return self._partial_runs.set_up(
            self._wanted(fetches).elements,
            [self._fed_later(feed) for feed in expanded],
        )

    def _fed_later(self, feed: Any) -> Tensor:
        try:
            tensor: Tensor = itself(self._graph.as_graph_element(feed, True, False))
            return tensor
        except Exception as error:
            # TF 1.15 asks the error for what errors had in Python 2.
            kind = type(error).__name__
            message = f"'{kind}' object has no attribute 'message'"
            raise AttributeError(message) from None

    def partial_run(self, handle: Any, fetches: Any, feed_dict: Any = None) -> Any:
        """Runs a part of what was prepared, with what was fed so far."""
        if handle is None:
            return self.run(fetches, feed_dict)
        given = self._feeds(feed_dict) if feed_dict else {}
        elements = self._wanted(fetches).elements
        if not all(isinstance(element, Tensor) for element in elements):
            raise RuntimeError("partial_run() requires empty target_list.")
        fed = self._partial_runs.part(handle, elements, given)
        return self.run(fetches, feed_dict=dict(fed)) if elements else []


# TF 1.15: the machine that a session sees if no other is described.
_OWN_MACHINE = (
    'device_count { key: "CPU" value: 1 } device_count { key: "GPU" value: 0 } '
    "gpu_options { experimental { } }"
)


def _served_by(target: str | bytes, config: Any, machine: str | None = None) -> Served:
    """The server of a target.

    Args:
        target: its name.
        config: the session's, or None.
        machine: what an error tells of the machine; None: what `config` says.

    Raises:
        tf.errors.NotFoundError: there is none in this process.
    """
    from . import served  # noqa: PLC0415 - few programs have servers

    name = target.decode() if isinstance(target, bytes) else target
    found = served.by_target.get(name)
    if found is None and name.startswith("grpc://"):
        for place in name.removeprefix("grpc://").split(","):
            if not re.fullmatch(r".+:\d+", place):
                raise InvalidArgumentError(
                    None, None, f'Could not interpret "{place}" as a host-port pair.'
                )
    if found is None:
        raise _no_factory(name, config, machine)
    return found


def _no_factory(name: str, config: Any, machine: str | None) -> NotFoundError:
    """Sessions run here, in this process, and nowhere else."""
    if machine is None:
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
    key = _frozen(fetches)
    try:
        hash(key)
    except TypeError:
        return None
    return (key, *feeds) if feeds else key


def _frozen(fetches: Any) -> Any:
    """Fetches as nested tuples that begin with their types."""
    if isinstance(fetches, Mapping):
        return (type(fetches), *fetches, *map(_frozen, fetches.values()))
    if not isinstance(fetches, (list, tuple)):
        return fetches
    if any(isinstance(item, (list, tuple, dict)) for item in fetches):
        return (type(fetches), *map(_frozen, fetches))
    return (type(fetches), *fetches)


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
        """Ends all sessions of a target, whatever containers they use.

        Raises:
            TypeError: the target is no text.
            NotFoundError: there is no such target.
        """
        name = "" if target is None else constants.as_bytes(target).decode()
        machine = "" if config is None else None
        served = _served_by(name, config, machine) if name else None
        for session in list(live):
            if session._served is served:
                session._was_reset = True


class InteractiveSession(BaseSession):
    """A session that is the default one from its making to its end."""

    _active = 0

    def __init__(self, target: Any = "", graph: Any = None, config: Any = None) -> None:
        if not config:
            from scopetutor.formats import protos  # noqa: PLC0415 - slow to import

            config = protos.ConfigProto()
            config.gpu_options.allow_growth = True
        config.graph_options.place_pruned_graph = True  # TF 1.15: in the program's own
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
        self._entered.__enter__()
        self._entered_graph: Any = None
        if graph is not None:
            self._entered_graph = graph.as_default()
            self._entered_graph.__enter__()

    def close(self) -> None:
        """Ends it and makes it no longer the default.

        Raises:
            AssertionError: a later one is still the default.
        """
        if self._closed:
            return
        super().close()
        InteractiveSession._active -= 1
        if self._entered_graph is not None:
            self._entered_graph.__exit__(None, None, None)
        self._entered.__exit__(None, None, None)
