"""Entering a variable scope: `tf.variable_scope` and what is like it.

After scopes. What is entered is a new scope with the name, flag and defaults that the
one around it and the arguments give; a name scope is opened beside it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from . import defaults, dtypes, tf_logging, trace
from .graph import graph_from_inputs
from .naming import name_functions
from .scopes import Scopes, Settings, VariableScope, scopes_of, store_of
from .store import AUTO_REUSE
from .surroundings import close_names, get_name_scope, open_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .graph import Graph


class _VariableScopeOnly:
    """Opens a variable scope without a name scope; without settings, if it has none."""

    _graph: Graph | None = None  # what is entered with it, if anything

    def __init__(
        self,
        scopes: Scopes,
        name_or_scope: Any,
        reuse: Any,
        name_scope: Any,
        settings: Settings | None,
    ) -> None:
        self._scopes: Scopes | None = scopes
        self._added = name_or_scope
        self._flag = reuse
        self._opened = name_scope
        self._settings = settings
        self._cached: VariableScope | None = None

    def _derived(
        self, base: VariableScope, name: str, reuse: Any, name_scope: Any
    ) -> VariableScope:
        """A scope with another one's settings where it has none itself.

        TF 1.15: all are handed on but the constraint.
        """
        settings = base._settings
        if settings.constraint is not None:
            settings = settings._replace(constraint=None)
        if self._settings is not None:
            settings = self._settings.inside(settings)
        if self._graph is None and defaults.state.eager:
            others = settings._asdict()
            return VariableScope(reuse, name, name_scope=name_scope, **others)
        scope = VariableScope.__new__(VariableScope)  # as above, in a third of the time
        scope._name = name
        scope._name_scope = name_scope
        scope._reuse = reuse
        scope._settings = settings
        return scope

    def _enter(self) -> VariableScope:
        here = self._here = self._scopes.here  # type: ignore[union-attr]
        old, outside = self._old = here.current, here.place
        added = self._added
        if isinstance(added, str):
            name = f"{old._name}/{added}" if old._name else added
            # TF 1.15: once entered with True, entering again keeps it.
            self._flag = self._flag or old._reuse
            name_scope = added if self._opened is None else self._opened
            entered = self._derived(old, name, self._flag, name_scope)
            place = outside.inside.get(added) or outside.at(added)
        else:
            entered = self._again(added)
            place = here.all.at(entered._name)
        if here.remembering:
            here.note(place)
        place.times += 1
        here.current = self._entered = entered
        # A scope without a name is no part of the names of those inside it.
        here.place = place if entered._name else here.all
        self._mark = here.remember() if entered is self._cached else None
        return entered

    def _again(self, scope: VariableScope) -> VariableScope:
        """The scope that is entered for one that was made before: always the same."""
        if self._cached is None:
            flag = self._flag or scope._reuse
            self._cached = self._derived(scope, scope._name, flag, scope._name_scope)
        return self._cached

    def _leave(self) -> None:
        here = self._here
        if here.current is not self._entered:
            raise RuntimeError("Improper nesting of variable_scope.")
        if self._mark is not None:
            here.restore(self._mark)
        elif here.place.inside and self._entered._name:
            here.forget_inside()
        here.current, here.place = self._old

    def __enter__(self) -> VariableScope:
        return self._enter()

    def __exit__(self, _kind: Any, _error: Any, _traceback: Any) -> None:
        self._leave()


def _pure_variable_scope(
    name_or_scope: Any,
    reuse: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    old_name_scope: str | None = None,
    dtype: Any = dtypes.float32,
    use_resource: Any = None,
    constraint: Any = None,
) -> _VariableScopeOnly:
    """Context manager: a variable scope without a name scope, as old code asks for."""
    settings = Settings(
        initializer,
        regularizer,
        caching_device,
        partitioner,
        custom_getter,
        dtype,
        use_resource,
        constraint,
    )
    graph = defaults.get_default_graph()
    store_of(graph)  # TF 1.15 makes it here, if not before
    return _VariableScopeOnly(
        scopes_of(graph), name_or_scope, reuse, old_name_scope, settings
    )


class variable_scope(_VariableScopeOnly):  # noqa: N801 - TensorFlow's name
    """Context manager: `get_variable` uses this scope; operations get its name too.

    Args:
        name_or_scope: a name, appended to the current one, or a scope to go back to.
        default_name: used, made unique, if name_or_scope is None.
        values: tensors whose graph is entered.
        initializer, regularizer, caching_device, partitioner, custom_getter, dtype,
        use_resource, constraint: what `get_variable` uses when given none.
        reuse: True, AUTO_REUSE, or None and False for what is outside.
        auxiliary_name_scope: whether operations get the scope's name.

    Raises:
        TypeError: there is no name, or it is of the wrong type.
        ValueError: `reuse` is something else, or True without a name.
    """

    _depth = 0  # how often it was entered and not left
    _names: tuple[Any, Any] | None = None  # the name scope that it opened

    def __init__(
        self,
        name_or_scope: Any,
        default_name: Any = None,
        values: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Any = None,
        reuse: Any = None,
        dtype: Any = None,
        use_resource: Any = None,
        constraint: Any = None,
        auxiliary_name_scope: bool = True,
    ) -> None:
        if name_or_scope is None and default_name is None:
            raise TypeError("If default_name is None then name_or_scope is required")
        if reuse is False:
            reuse = None
        if not (reuse is None or reuse is True or reuse is AUTO_REUSE):
            raise ValueError("The reuse parameter must be True or False or None.")
        if type(auxiliary_name_scope) is not bool:
            raise TypeError(
                "The auxiliary_name_scope must be `True` or `False`, while get "
                f"{auxiliary_name_scope}"
            )
        self._given = name_or_scope
        self._default_name = default_name
        self._reuse = reuse
        self._settings: Settings | None = None
        if not (
            initializer is None
            and regularizer is None
            and caching_device is None
            and partitioner is None
            and custom_getter is None
            and dtype is None
            and use_resource is None
            and constraint is None
        ):
            self._settings = Settings(
                initializer,
                regularizer,
                caching_device,
                partitioner,
                custom_getter,
                dtype,
                use_resource,
                constraint,
            )
        self._auxiliary_name_scope = auxiliary_name_scope
        self._scopes = None  # until it is entered for the first time
        self._cached = None
        self._asked: str | None = None  # the name scope beside it, if any
        self._depth = 0
        self._graph = defaults.get_building_graph()
        if values and self._graph is not None:
            self._graph = graph_from_inputs(values)

    def __enter__(self) -> VariableScope:
        graph = self._graph
        if graph is not None:
            self._outside_graph = defaults.enter_graph(graph)
            if self._depth:  # TF 1.15: inside itself its name scope is left first
                self._leave_names()
        self._names = None
        try:
            if self._scopes is None:
                self._enter_first_time()
            elif self._asked is not None:  # entered before: the same scopes again
                _, self._names = open_names(graph, self._asked)
            entered = self._enter()
        except BaseException:
            if graph is not None:
                defaults.leave_graph(graph, self._outside_graph)
            raise
        self._depth += 1
        if trace.watcher is not None:
            trace.watcher.scope_entered(entered, self)
        return entered

    def _enter_first_time(self) -> None:
        """Opens the name scope, and finds out which scope is to be entered."""
        graph, given, reuse = self._graph, self._given, self._reuse
        if type(given) is str and self._auxiliary_name_scope:
            asked = given or None
        else:
            asked = self._name_scope_asked_for()
        opened = None
        if asked is not None:
            self._asked = asked
            opened, self._names = open_names(graph, asked)
        if graph is None:
            graph = defaults.get_default_graph()
        store_of(graph)  # TF 1.15 makes the store here, if not before
        scopes = scopes_of(graph)
        if given is None:
            given = scopes.unique(self._default_name)
        self._scopes, self._added = scopes, given
        self._flag, self._opened = reuse, opened

    @property
    def outside(self) -> VariableScope:
        """The scope that was current when it was entered."""
        return self._old[0]

    def _name_scope_asked_for(self) -> str | None:
        """The name of the name scope; None: none is opened."""
        given = self._given
        if given is None:
            if self._reuse:
                raise ValueError("reuse=True cannot be used without a name_or_scope")
        elif not isinstance(given, (str, VariableScope)):
            raise TypeError(
                "VariableScope: name_or_scope must be a string or VariableScope."
            )
        if not self._auxiliary_name_scope:
            current = get_name_scope()
            return f"{current}/" if current else ""
        if given is None:
            name: str = self._default_name
            return name
        return (given if isinstance(given, str) else given.name.split("/")[-1]) or None

    def __exit__(self, _kind: Any, _error: Any, _traceback: Any) -> None:
        self._depth -= 1
        try:
            self._leave()
        finally:
            self._leave_names()
            if self._graph is not None:
                defaults.leave_graph(self._graph, self._outside_graph)
        if trace.watcher is not None:
            trace.watcher.scope_left(self._entered)

    def _leave_names(self) -> None:
        """Closes the name scope, if one is open; that of a graph only once."""
        if self._names is not None:
            close_names(self._names)
            if self._graph is not None:
                self._names = None

    def __del__(self) -> None:
        """TF 1.15: one that was entered by hand and forgotten lets go of the graph.

        One that could not be entered leaves its name scope open while it lives.
        """
        if not self._depth:
            if self._names is not None and self._scopes is None:
                close_names(self._names)
            return
        graphs = defaults.state.graphs
        if graphs and graphs[-1] is self._graph:
            graphs.pop()
            self._leave_names()


@contextmanager
def variable_op_scope(
    values: Any,
    name_or_scope: Any,
    default_name: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    reuse: Any = None,
    dtype: Any = None,
    use_resource: Any = None,
    constraint: Any = None,
) -> Iterator[VariableScope]:
    """`tf.variable_scope` with its arguments in the order of TensorFlow 0.x."""
    tf_logging.warn(
        "tf.variable_op_scope(values, name, default_name) is deprecated, use "
        "tf.variable_scope(name, default_name, values)"
    )
    with variable_scope(
        name_or_scope,
        default_name,
        values,
        initializer,
        regularizer,
        caching_device,
        partitioner,
        custom_getter,
        reuse,
        dtype,
        use_resource,
        constraint,
    ) as scope:
        yield scope


def variable_creator_scope(variable_creator: Callable[..., Any]) -> Any:
    """Context manager: a function is asked to make new variables."""
    return defaults.get_default_graph()._variable_creator_scope(variable_creator)


name_functions(globals(), variable_creator_scope="variable_creator_scope_v1")
