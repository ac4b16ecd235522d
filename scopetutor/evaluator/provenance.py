"""Who made what, on which line, inside which scopes: the one that the engine tells.

`Witness` is the engine's watcher while an entry runs. It writes down the least that
lets `observe`, `story` and `why` say later how a thing came about: building a graph
must not become slow because somebody looks on. What belongs to a graph is kept on the
graph, so it goes when the graph goes.
"""

from __future__ import annotations

import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from scopetutor.engine import defaults
from scopetutor.engine.scopes import VariableScope, scopes_of
from scopetutor.engine.store import AUTO_REUSE
from scopetutor.snapshot import Deed, Origin, Reuse, ScopeFlag, Site, ValueView

from . import public_names
from .line_numbers import line_of

if TYPE_CHECKING:
    from types import FrameType

    from scopetutor.snapshot import GraphView

    from .sources import Sources

MOST_DEEDS = 1_000
MOST_REUSES = 50
MOST_WRITES = 10
UIDS_PER_MOMENT = 1 << 20
"""Uids are those of the moment's number times this: so they differ between lines."""

# Stateful in TensorFlow's sense; what they do to variables is seen in these.
_HOLDERS = frozenset(
    [
        *("Variable", "VariableV2", "VarHandleOp", "ReadVariableOp"),
        *("AssignVariableOp", "VarIsInitializedOp", "IsVariableInitialized"),
        *("Placeholder", "Save", "SaveV2", "RestoreV2"),
    ]
)

DeedKind = Literal[
    "created",
    "reused",
    "scope opened",
    "flag set",
    "graph made",
    "session opened",
    "session closed",
]


class Write(NamedTuple):
    """What gave a variable a value.

    Attributes:
        session: the uid of the session in which it happened.
        how: "initializer", "restore" or "assign".
        site: the learner's line that ran it.
    """

    session: int
    how: Literal["initializer", "restore", "assign"]
    site: Site | None


class VariableRecord:
    """What is known of a variable beyond what it knows itself.

    Attributes:
        uid: of the variable.
        key: in the store; "" if `get_variable` does not know it.
        recipe: what was given for its first value; None for the default.
        handed_on: the scope that handed the recipe on, and where it was opened; None if
            the call itself gave it.
        made: how it came about.
        reused: how it was found again, the newest.
        times_reused: how often.
        collections: those it is in.
        values: by session's uid, the array that was last seen and what was said of it.
        writes: what gave it those values, the newest.
    """

    __slots__ = (
        "_held",
        "collections",
        "handed_on",
        "key",
        "made",
        "recipe",
        "reused",
        "times_reused",
        "uid",
        "values",
        "writes",
    )

    def __init__(
        self, uid: int, variable: Any, recipe: Any, made: Origin, *, eager: bool
    ) -> None:
        self.uid = uid
        # A graph keeps its variables. In eager mode they go when nobody has them.
        self._held = weakref.ref(variable) if eager else lambda: variable
        self.key = ""
        self.recipe = recipe
        self.handed_on: tuple[str, Site | None] | None = None
        self.made = made
        self.reused: tuple[Origin, ...] = ()
        self.times_reused = 0
        self.collections: list[str] = []
        self.values: dict[int, tuple[Any, ValueView, int]] = {}
        self.writes: tuple[Write, ...] = ()

    @property
    def variable(self) -> Any:
        """The variable; None if it is gone."""
        return self._held()


class ScopeRecord:
    """A variable scope of some name, as it was left the last time.

    Attributes:
        scope: itself.
        times: how often the learner's own `with` opened it; a layer opens its scope
            several times in one call.
        opened: where it was opened the first time.
        default_name: that it was made from, or "".
        by_object: where it was last entered by its object, if it was.
    """

    __slots__ = ("by_object", "default_name", "opened", "scope", "times")

    def __init__(self, scope: VariableScope) -> None:
        self.scope = scope
        self.times = 0
        self.opened: Site | None = None
        self.default_name = ""
        self.by_object: Site | None = None


class NameScopeRecord(NamedTuple):
    """How a name scope came to its name.

    Attributes:
        asked: the name that was asked for.
        by: "tf.name_scope" or "tf.variable_scope".
        site: the learner's line.
    """

    asked: str
    by: str
    site: Site | None


class GraphRecord:
    """What is known of a graph beyond what it knows itself.

    Attributes:
        uid: of the graph; 0 stands for eager mode.
        variables: by `id` of the variable, in the order they were made.
        by_op: the same, by the name of the operation that holds the variable.
        scopes: by name.
        name_scopes: those the learner opened, by name.
        new_operations, changed_variables, changed_scopes: since it was last looked at.
        seen_changes, seen_collections: what was looked at already.
        view: what was last said of it.
    """

    def __init__(self, uid: int) -> None:
        self.uid = uid
        self.variables: dict[int, VariableRecord] = {}
        self.by_op: dict[str, VariableRecord] = {}
        self.scopes: dict[str, ScopeRecord] = {}
        self.name_scopes: dict[str, NameScopeRecord] = {}
        self.new_operations: list[Any] = []
        self.changed_variables: dict[int, VariableRecord] = {}
        self.changed_scopes: dict[str, ScopeRecord] = {}
        self.seen_changes = 0
        self.seen_collections: dict[str, int] = {}
        self.view: GraphView | None = None

    def add_variable(self, record: VariableRecord) -> None:
        """Enters a variable."""
        variable = record.variable
        self.variables[id(variable)] = record
        self.changed_variables[record.uid] = record
        if self.uid:
            self.by_op[variable.op.name] = record

    def scope(self, scope: VariableScope) -> ScopeRecord:
        """The record of a scope of this name, which is taken for changed."""
        found = self.scopes.get(scope.name)
        if found is None:
            found = self.scopes[scope.name] = ScopeRecord(scope)
        found.scope = scope
        self.changed_scopes[scope.name] = found
        return found


class OpenScope(NamedTuple):
    """A variable scope that is open."""

    graph: Any
    scope: VariableScope
    site: Site | None


class _Stack(threading.local):
    """The variable scopes that are open in one thread, innermost last."""

    def __init__(self) -> None:
        self.open: list[OpenScope] = []
        self.before_get_variable: str | None = ""


class Witness:
    """Writes down what happens while the learner's code runs.

    Args:
        sources: tells the learner's code from others.

    Attributes:
        graphs: those that were seen, by uid. Their records are on them: held here,
            a record would keep its graph alive.
        eager: what stands for the graph in eager mode.
        sessions: uid by session.
        deeds: what the entry did so far; `more_deeds` counts what was left out.
        runs: (session, plan) that ran in this entry, with the first line that ran it.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._stack = _Stack()
        self._next_uid = 1
        self.graphs: dict[int, weakref.ref[Any]] = {}
        self.eager = GraphRecord(0)
        self.sessions: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        self.deeds: list[Deed] = []
        self.more_deeds = 0
        self.runs: dict[tuple[int, int], tuple[Any, Any, Site | None]] = {}
        self._scopes_at_error: tuple[ScopeFlag, ...] = ()
        self._error: BaseException | None = None

    def begin(self, moment: int) -> None:
        """Makes ready for the entry that leads to a moment."""
        self._next_uid = moment * UIDS_PER_MOMENT + 1
        self.deeds = []
        self.more_deeds = 0
        self.runs = {}
        self._scopes_at_error = ()
        self._error = None

    @property
    def drew_numbers(self) -> bool:
        """Whether a session has run operations that go on with a row of numbers."""
        return any(
            step.op._definition.is_stateful and step.op.type not in _HOLDERS
            for _, plan, _ in self.runs.values()
            for step in plan.steps
            if hasattr(step.op, "_definition")
        )

    def uid(self) -> int:
        """A new uid."""
        self._next_uid += 1
        return self._next_uid - 1

    # -- where we are ----------------------------------------------------------

    def _site(self) -> Site | None:
        """The learner's line that is being run."""
        frame: FrameType | None = sys._getframe(2)
        is_learners = self._sources.is_learners
        while frame is not None:
            filename = frame.f_code.co_filename
            if is_learners(filename):
                return self._sources.site(filename, line_of(frame))
            frame = frame.f_back
        return None

    def _origin(self, graph: Any, name_scope: str | None) -> Origin:
        """The learner's line, what it calls, and the scopes around it."""
        called: list[FrameType] = []
        frame: FrameType | None = sys._getframe(2)
        site = None
        while frame is not None:
            filename = frame.f_code.co_filename
            if self._sources.is_learners(filename):
                site = self._sources.site(filename, line_of(frame))
                break
            called = [frame, *called[:2]]
            frame = frame.f_back
        call = public_names.called_by(called) if site is not None else ""
        return Origin(call, site, self.flags(graph), name_scope or "")

    def flags(self, graph: Any) -> tuple[ScopeFlag, ...]:
        """The variable scopes of a graph that are open, the root first."""
        root = None if graph is None else root_scope(graph)
        found = [_flag("", root, None)]
        found.extend(
            _flag(opened.scope.name, opened.scope, opened.site)
            for opened in self._stack.open
            if opened.graph is graph
        )
        return tuple(found)

    def record(self, graph: Any) -> GraphRecord:
        """What is known of a graph."""
        if graph is None:
            return self.eager
        found: GraphRecord | None = graph.__dict__.get("_record")
        if found is None:
            found = graph._record = GraphRecord(self.uid())
            self.graphs[found.uid] = weakref.ref(graph)
        return found

    def _deed(
        self,
        kind: DeedKind,
        uid: int = 0,
        subject: str = "",
        site: Site | None = None,
        session: int = 0,
    ) -> None:
        if len(self.deeds) < MOST_DEEDS:
            self.deeds.append(Deed(kind, uid, subject, session, site))
        else:
            self.more_deeds += 1

    # -- what the engine tells -------------------------------------------------

    def graph_made(self, graph: Any) -> None:
        """A graph was made, by the learner or as the default one."""
        self._deed("graph made", self.record(graph).uid, site=self._site())

    def operation_made(self, operation: Any) -> None:
        """Notes the line. This is the one that is called most."""
        self.record(operation._graph).new_operations.append(operation)
        frame: FrameType | None = sys._getframe(1)
        is_learners = self._sources.is_learners
        while frame is not None:
            filename = frame.f_code.co_filename
            if is_learners(filename):
                operation._site = self._sources.site(filename, line_of(frame))
                return
            frame = frame.f_back

    def variable_made(
        self, variable: Any, how: str, recipe: Any, key: str = ""
    ) -> None:
        """Starts a record; `get_variable` comes second and knows the key."""
        eager = defaults.state.eager
        graph = None if eager else variable.graph
        record = self.record(graph)
        found = record.variables.get(id(variable))
        if found is None or found.variable is not variable:
            names = "" if graph is None else graph.get_name_scope()
            made = self._origin(graph, names)
            found = VariableRecord(self.uid(), variable, recipe, made, eager=eager)
            record.add_variable(found)
            self._deed("created", found.uid, variable.name, made.site)
        if how == "get_variable":
            self._made_by_get_variable(found, recipe, key)

    def _made_by_get_variable(
        self, record: VariableRecord, recipe: Any, key: str
    ) -> None:
        record.key, record.recipe = key, recipe
        record.handed_on = self._handed_on(record, recipe)
        made = record.made
        before = self._stack.before_get_variable or ""
        record.made = Origin(made.call, made.site, made.scopes, before)
        last = self.deeds[-1] if self.deeds else None
        if last is not None and last.uid == record.uid:
            self.deeds[-1] = Deed("created", record.uid, key, 0, made.site)

    def _handed_on(
        self, record: VariableRecord, recipe: Any
    ) -> tuple[str, Site | None] | None:
        """The outermost of the open scopes that have this initializer to hand on."""
        if recipe is None:
            return None
        graph = None if defaults.state.eager else record.variable.graph
        scopes = [one for one in self._stack.open if one.graph is graph]
        root = None if graph is None else root_scope(graph)
        if root is not None and root.initializer is recipe:
            return "", None
        for opened in scopes:
            if opened.scope.initializer is recipe:
                return opened.scope.name, opened.site
        return None

    def variable_reused(self, variable: Any, key: str) -> None:
        """Adds to the record how it was found again."""
        graph = None if defaults.state.eager else variable.graph
        record = self.record(graph)
        found = record.variables.get(id(variable))
        if found is None:
            return
        origin = self._origin(graph, self._stack.before_get_variable)
        found.reused = (*found.reused[-MOST_REUSES + 1 :], origin)
        found.times_reused += 1
        record.changed_variables[found.uid] = found
        self._deed("reused", found.uid, key, origin.site)

    def scope_entered(self, scope: Any, manager: Any) -> None:
        """Keeps the stack of open scopes, and where a scope's flag comes from."""
        site = self._site()
        graph = manager._graph
        outer = self._outer(graph, manager)
        scope._flag_from, scope._flag_site = _flag_origin(scope, manager, outer, site)
        self._stack.open.append(OpenScope(graph, scope, site))
        record = self.record(graph)
        found = record.scope(scope)
        found.times += self._sources.is_learners(sys._getframe(2).f_code.co_filename)
        found.opened = found.opened or site
        if manager._given is None:
            found.default_name = str(manager._default_name)
        elif isinstance(manager._given, VariableScope):
            found.by_object = site
        opened = "" if graph is None else graph.get_name_scope()
        if opened and manager._asked is not None:
            record.name_scopes[opened] = NameScopeRecord(
                manager._asked, "tf.variable_scope", site
            )
        self._deed("scope opened", subject=scope.name, site=site)

    def _outer(self, graph: Any, manager: Any) -> Any:
        """The scope around the one that was just entered."""
        for opened in reversed(self._stack.open):
            if opened.graph is graph:
                return opened.scope
        if graph is not None:  # the first one entered: outside is the root
            graph.__dict__.setdefault("_root_scope", manager.outside)
        return manager.outside

    def scope_left(self, scope: Any) -> None:
        """Keeps the stack of open scopes, and remembers it if an error unwinds it."""
        stack = self._stack.open
        error = sys.exception()
        if error is not None and error is not self._error:
            self._error = error
            graph = stack[-1].graph if stack else None
            self._scopes_at_error = self.flags(graph)
        for index in range(len(stack) - 1, -1, -1):
            if stack[index].scope is scope:
                self.record(stack[index].graph).scope(scope)
                del stack[index:]
                return

    def scopes_of_error(self, error: BaseException) -> tuple[ScopeFlag, ...]:
        """The scopes that were open when an exception of this entry was raised."""
        if error is self._error:
            return self._scopes_at_error
        if defaults.state.eager:
            return self.flags(None)
        graph = current_graph()
        return (ScopeFlag("", "no", ""),) if graph is None else self.flags(graph)

    def flag_set(self, scope: Any) -> None:
        """Notes who made a scope a reusing one."""
        site = self._site()
        scope._flag_from, scope._flag_site = scope.name, site
        graphs = [opened.graph for opened in self._stack.open if opened.scope is scope]
        graph = current_graph()
        if graph is not None and root_scope(graph) is scope:
            graphs.append(graph)
        for graph in graphs:
            self.record(graph).scope(scope)
        self._deed("flag set", subject=scope.name, site=site)

    def name_scope_entered(
        self, asked: Any, opened: str | None, before: str | None
    ) -> None:
        """Notes the name scopes that the learner's own lines open."""
        if asked is None:
            self._stack.before_get_variable = before
            return
        frame = sys._getframe(3)
        filename = frame.f_code.co_filename
        if opened and self._sources.is_learners(filename):
            site = self._sources.site(filename, line_of(frame))
            graph = current_graph()
            if graph is not None:
                self.record(graph).name_scopes[opened] = NameScopeRecord(
                    str(asked), "tf.name_scope", site
                )

    def session_made(self, session: Any) -> None:
        """Gives it a uid."""
        uid = self.sessions[session] = self.uid()
        self._deed("session opened", site=self._site(), session=uid)

    def session_runs(self, session: Any, plan: Any) -> None:
        """Notes that a plan runs, the first time it does in an entry."""
        key = id(session), id(plan)
        if key not in self.runs:
            self.runs[key] = session, plan, self._site()

    def wrote(self, variable: VariableRecord, write: Write) -> None:
        """Notes what gave a variable its value."""
        variable.writes = (*variable.writes[-MOST_WRITES + 1 :], write)

    def session_closed(self, session: Any) -> None:
        """Notes it."""
        uid = self.sessions.get(session, 0)
        self._deed("session closed", site=self._site(), session=uid)


def current_graph() -> Any:
    """The default graph, if there is one: looking must not make one."""
    state = defaults.state
    return state.graphs[-1] if state.graphs else state.global_graph


def root_scope(graph: Any) -> VariableScope | None:
    """A graph's outermost variable scope, if it is the current one or was kept."""
    found: VariableScope | None = graph.__dict__.get("_root_scope")
    if found is None:
        scopes = graph._collections.get(("__varscope",))
        if not scopes:
            return None
        current = scopes_of(graph).current_scope
        if current.name == "":
            found = graph._root_scope = current
    return found


def reuse_of(scope: Any) -> Reuse:
    """A scope's flag as a word."""
    flag = scope.reuse
    if flag is AUTO_REUSE:
        return "auto"
    return "yes" if flag else "no"


def _flag(name: str, scope: VariableScope | None, site: Site | None) -> ScopeFlag:
    if scope is None:
        return ScopeFlag(name, "no", name, site)
    return ScopeFlag(
        name, reuse_of(scope), getattr(scope, "_flag_from", scope.name), site
    )


def _flag_origin(
    scope: Any, manager: Any, outer: Any, site: Site | None
) -> tuple[str, Site | None]:
    """The scope that a newly opened scope has its flag from, and the line."""
    given = manager._given
    if manager._reuse:  # said in this very `with`
        return scope.name, site
    if isinstance(given, VariableScope):  # a scope object brings its own
        return (
            getattr(given, "_flag_from", given.name),
            getattr(given, "_flag_site", None),
        )
    if scope.reuse:
        return (
            getattr(outer, "_flag_from", outer.name),
            getattr(outer, "_flag_site", None),
        )
    return scope.name, None
