"""What surrounds a new operation: name scopes, devices, control dependencies.

After the graph, before every operation. These are the functions `tf.name_scope`,
`tf.device` and so on, which act on the default graph.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Literal

from . import defaults, deprecation, tf_logging, trace
from .entered_once import EnteredOnce
from .graph import Graph, graph_from_inputs
from .graph_scopes import NameScope

if TYPE_CHECKING:
    from collections.abc import Iterator


class name_scope:  # noqa: N801 - TensorFlow's name
    """Context manager: prefixes the names of new operations.

    TF 1.15: a name that was used before gets `_1`, `_2`, …; a name that ends in "/" is
    taken as it is; None or "" is the root. It yields the scope with a final "/".
    """

    _was: tuple[Any, Any] | None = None  # what to go back to, while it is entered

    def __init__(self, name: Any, default_name: Any = None, values: Any = None) -> None:
        if default_name is not None and not isinstance(default_name, str):
            raise TypeError(
                f"`default_name` type ({type(default_name)}) is not a string type. You "
                "likely meant to pass this into the `values` kwarg."
            )
        self._name = default_name if name is None else name
        self._default_name = default_name
        self._values = values
        self._entered: defaults.EnteredGraph | None = None

    @property
    def name(self) -> Any:
        """The name that was asked for."""
        return self._name

    def __enter__(self) -> str:
        if defaults.state.eager:
            scope, self._was = open_names(None, self._name)
            return scope
        if self._name is None and self._values is not None:
            raise ValueError(
                f"At least one of name ({self._name}) and default_name "
                f"({self._default_name}) must be provided."
            )
        if self._was is not None:  # TF 1.15: inside itself it is left first
            close_names(self._was)
        graph = defaults.get_default_graph()
        if self._values:
            found = graph_from_inputs(self._values)
            if found is not graph:
                graph = found
                self._entered = graph.as_default()
                self._entered.__enter__()
        try:
            opened, self._was = open_names(graph, self._name)
        except BaseException as error:
            if self._entered is not None:
                self._entered.__exit__(type(error), error, None)
            raise
        return opened

    def __exit__(self, *exc: object) -> Literal[False]:
        if self._was is not None:
            close_names(self._was)
            if self._was[0] is not None:  # a graph's: it is left once
                self._was = None
        if self._entered is not None:
            self._entered.__exit__(*exc)
        return False

    def __del__(self) -> None:
        """TF 1.15: one that is forgotten while it is entered is left."""
        was = self._was
        if was is not None and was[0] is not None:
            close_names(was)


def open_names(graph: Graph | None, name: Any) -> tuple[str, tuple[Any, Any]]:
    """Enters a name scope of a graph, or with None that of eager mode.

    Returns:
        The scope with its final "/", and what `close_names` needs.
    """
    if graph is None:
        return _open_eager_names(name)
    here = graph._thread.__dict__  # this thread's, found once
    before = here["name_stack"]
    opened = here["name_stack"] = graph.open_name(before, name)
    if trace.watcher is not None:
        trace.watcher.name_scope_entered(name, opened, before)
    return ("" if opened is None else f"{opened}/"), (here, before)


def _open_eager_names(name: Any) -> tuple[str, tuple[Any, Any]]:
    before = defaults.state.eager_scope
    if not name:
        scope = ""
    elif name.endswith("/"):
        scope = name
    else:
        scope = f"{before}{name}/"
    defaults.state.eager_scope = scope
    return scope, (None, before)


def close_names(before: tuple[Any, Any]) -> None:
    """Leaves a name scope."""
    here, names = before
    if here is None:
        defaults.state.eager_scope = names
    else:
        here["name_stack"] = names


@contextmanager
def op_scope(values: Any, name: Any, default_name: Any = None) -> Iterator[str]:
    """`tf.name_scope` with its arguments in the order of TensorFlow 0.x."""
    tf_logging.warn(
        "tf.op_scope(values, name, default_name) is deprecated, use "
        "tf.name_scope(name, default_name, values)"
    )
    with name_scope(name, default_name, values) as scope:
        yield scope


def get_name_scope() -> str | None:
    """The current name scope without its last "/"."""
    if defaults.state.eager:
        return defaults.state.eager_scope.rstrip("/")
    return defaults.get_default_graph().get_name_scope()


class _EagerDevice:
    """`tf.device` in eager mode: there is one device; only the nesting is checked."""

    def __enter__(self) -> None:
        defaults.state.eager_devices.append(self)

    def __exit__(self, *_exc: object) -> None:
        devices = defaults.state.eager_devices
        if not devices or devices[-1] is not self:
            raise RuntimeError("Exiting device scope without proper scope nesting")
        devices.pop()


def device(device_name_or_function: Any) -> Any:
    """Context manager: new operations ask for a device."""
    if defaults.state.eager:
        if callable(device_name_or_function):
            raise RuntimeError(
                "tf.device does not support functions when eager execution is enabled."
            )
        return _EagerDevice()
    return defaults.get_default_graph().device(device_name_or_function)


def container(container_name: str) -> Any:
    """Context manager: new stateful operations live in a container."""
    return defaults.get_default_graph().container(container_name)


def colocate_with(op: Any, ignore_existing: bool = False) -> Any:
    """Context manager: new operations must be placed with another one."""
    if defaults.state.eager:
        return nullcontext()
    return defaults.get_default_graph().colocate_with(op, ignore_existing)


@deprecation.deprecated(
    "_colocate_with",
    "tensorflow.python.framework.ops",
    "Colocations handled automatically by placer.",
)
def _colocate_with(op: Any, ignore_existing: bool = False) -> Any:
    """`tf.colocate_with`."""
    return colocate_with(op, ignore_existing)


def control_dependencies(control_inputs: Any) -> Any:
    """Context manager: new operations run after these."""
    if defaults.state.eager:
        for control in control_inputs or ():
            if callable(control):
                control()
        return nullcontext()
    return defaults.get_default_graph().control_dependencies(control_inputs)


class init_scope(EnteredOnce):  # noqa: N801 - TensorFlow's name
    """Context manager: out of all control flow, control dependencies and functions.

    TF 1.15: the name scope stays what it was, and the graph becomes the outermost one
    that is not a function's; or operations run at once, if they do outside of it.
    """

    def _open(self) -> None:
        self._left: ExitStack | None = None
        if defaults.state.eager:
            return
        self._left = around = ExitStack()
        inner: Graph = defaults.get_default_graph()
        scope = inner.get_name_scope()
        if scope and not scope.endswith("/"):
            scope += "/"
        outer = defaults.outside_functions()
        if outer is None:
            around.enter_context(defaults.EnteredEagerly())
            around.enter_context(name_scope(scope))
            return
        devices = inner._devices_for_variables()
        before = defaults.enter_graph(outer)
        around.callback(defaults.leave_graph, outer, before)
        around.enter_context(NameScope(outer, scope))
        around.enter_context(outer.control_dependencies(None))
        if devices and devices is not outer._device_stack:
            around.enter_context(outer.on_devices(devices))

    def _close(self) -> None:
        if self._left is not None:
            self._left.close()
