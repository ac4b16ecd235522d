"""What the learner's program has made, as plain values that both processes share.

The evaluator makes a `Delta` after every entry: the views that are new or different,
and what the entry did. The terminal process keeps a `Snapshot` and lets it take each
delta; `compare` tells two snapshots apart. Nothing here knows the engine or NumPy, so a
snapshot can be compared, stored, drawn and sent through a pipe.

The names *Graph*, *Session*, *Variable*, *Scope*, *Collection*, *Operation* mean what
TensorFlow 1.15 means by them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

K = TypeVar("K")
V = TypeVar("V")

Reuse: TypeAlias = Literal["no", "yes", "auto"]
"""A scope's flag: False, True, or tf.AUTO_REUSE."""

Shape: TypeAlias = tuple[int | None, ...] | None
"""Sizes; None in a place: not known; None altogether: not even the rank."""


class _View(msgspec.Struct, frozen=True, array_like=True):
    """A value that travels as an array of its fields, in their order."""


class Site(_View, frozen=True):
    """A place in the learner's code.

    Attributes:
        entry: the number of the entry, from 1; 0 for a file.
        line: in the entry or file, from 1.
        text: of that line.
        file: its name; "" for an entry.
    """

    entry: int
    line: int
    text: str
    file: str = ""

    @property
    def filename(self) -> str:
        """What the code was compiled under."""
        return self.file or f"<entry {self.entry}>"

    def __str__(self) -> str:
        """As TF 1.15 writes where an operation was defined."""
        return f"{self.filename}:{self.line}"


class ScopeFlag(_View, frozen=True):
    """A variable scope as it stood on the stack when something was made.

    Attributes:
        scope: its full name; "" for the root.
        reuse: its flag.
        flag_from: the scope where the flag was set: itself, or one around it.
        site: where it was opened; None for the root.
    """

    scope: str
    reuse: Reuse
    flag_from: str
    site: Site | None = None


class Origin(_View, frozen=True):
    """How something came about.

    Attributes:
        call: the public function, such as "tf.get_variable" or "tf.layers.dense".
        site: the learner's line that called it.
        scopes: the variable scopes around it, outermost (the root) first.
        name_scope: the name scope around it, without its last "/".
    """

    call: str
    site: Site | None = None
    scopes: tuple[ScopeFlag, ...] = ()
    name_scope: str = ""


class ValueView(_View, frozen=True):
    """What a variable holds in one session.

    Attributes:
        session: the session's uid.
        text: the value as NumPy prints it, shortened; "" if not initialized.
        initialized: whether it has a value.
        low, high, mean: of its finite elements; None where that makes no sense.
        bins: how many elements lie in each of some equal steps from low to high.
    """

    session: int
    text: str
    initialized: bool
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    bins: tuple[int, ...] = ()


class VariableView(_View, frozen=True):
    """A variable.

    Attributes:
        uid: stays with the variable as long as it lives.
        graph: the uid of its graph; 0 in eager mode.
        key: in the variable store; "" if `get_variable` does not know it.
        op_name, tensor_name: such as "enc/w" and "enc/w:0".
        shape: static.
        dtype: such as "float32_ref"; of a resource variable "float32".
        kind: "ref", "resource" or "eager".
        trainable: whether it is meant to be trained.
        collections: those it is in, in the order of the graph.
        initializer: what gave its first value, such as "glorot_uniform (default)".
        device: what it asks for, or "".
        made: how it came about.
        reused: how `get_variable` found it again, oldest first; the newest 50.
        times_reused: how often.
        part_of: the key of the partitioned variable it is a part of, or "".
        values: one for each session of its graph that is open.
    """

    uid: int
    graph: int
    key: str
    op_name: str
    tensor_name: str
    shape: Shape
    dtype: str
    kind: Literal["ref", "resource", "eager"]
    trainable: bool
    collections: tuple[str, ...]
    initializer: str
    device: str
    made: Origin
    reused: tuple[Origin, ...] = ()
    times_reused: int = 0
    part_of: str = ""
    values: tuple[ValueView, ...] = ()


class OpView(_View, frozen=True):
    """An operation.

    Attributes:
        graph: the uid of its graph.
        name, type: such as "add_1" and "AddV2".
        inputs: the names of the tensors it takes.
        control_inputs: the names of the operations it waits for.
        outputs: (dtype, shape) of each tensor it gives.
        device: what it asks for, or "".
        site: the learner's line that made it.
    """

    graph: int
    name: str
    type: str
    inputs: tuple[str, ...] = ()
    control_inputs: tuple[str, ...] = ()
    outputs: tuple[tuple[str, Shape], ...] = ()
    device: str = ""
    site: Site | None = None


class ScopeView(_View, frozen=True):
    """A variable scope that has been opened, as it was left the last time.

    Attributes:
        graph: the uid of its graph.
        name: in full; "" for the root.
        reuse: its flag the last time it was open.
        flag_from: the scope where that flag was set.
        times: how often a `with` of the learner's opened it.
        opened: where it was opened first.
        open: whether it is open now.
        initializer, regularizer, dtype, partitioner, custom_getter, caching_device:
            what it hands on, as text; "" for nothing.
        use_resource: what it hands on, or None.
    """

    graph: int
    name: str
    reuse: Reuse
    flag_from: str
    times: int = 0
    opened: Site | None = None
    open: bool = False
    initializer: str = ""
    regularizer: str = ""
    dtype: str = ""
    partitioner: str = ""
    custom_getter: str = ""
    caching_device: str = ""
    use_resource: bool | None = None


class SessionView(_View, frozen=True):
    """A session.

    Attributes:
        uid: counts sessions.
        graph: the uid of its graph.
        is_default: whether `eval` and `run` use it.
        closed: whether it has ended.
        names: the learner's names for it.
    """

    uid: int
    graph: int
    is_default: bool = False
    closed: bool = False
    names: tuple[str, ...] = ()


class GraphView(_View, frozen=True):
    """A graph.

    Attributes:
        uid: counts graphs.
        operations: how many it has.
        finalized: whether it can no longer be changed.
        seed: the graph's random seed, or None.
        collections: (name, items by name), without the collections of variables.
        names: the learner's names for it.
    """

    uid: int
    operations: int = 0
    finalized: bool = False
    seed: int | None = None
    collections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    names: tuple[str, ...] = ()


class NameView(_View, frozen=True):
    """What one of the learner's names stands for.

    Attributes:
        name: as typed.
        type: the type's name, such as "RefVariable" or "int".
        text: its repr, shortened.
        uid: of the variable it is, or 0.
        op: "name:index" of the tensor or the name of the operation it is, or "".
    """

    name: str
    type: str
    text: str = ""
    uid: int = 0
    op: str = ""


class Here(_View, frozen=True):
    """Where new things would be made.

    Attributes:
        graph: the uid of the default graph; 0 in eager mode.
        scopes: the open variable scopes, the root first.
        name_scope: the open name scope, without its last "/".
        device: the device asked for, or "".
        session: the uid of the default session, or 0.
        eager: whether operations run at once.
    """

    graph: int = 0
    scopes: tuple[ScopeFlag, ...] = (ScopeFlag("", "no", ""),)
    name_scope: str = ""
    device: str = ""
    session: int = 0
    eager: bool = False


class Deed(_View, frozen=True):
    """Something an entry did, in the order it did it.

    Attributes:
        kind: what.
        uid: the variable it was done to, or 0.
        subject: a name for people: store key, operation, scope, collection or name.
        session: where it was done, or 0.
        site: the learner's line.
        scopes: that were open, for a line that is followed.
    """

    kind: Literal[
        "created",
        "reused",
        "initialized",
        "assigned",
        "scope opened",
        "flag set",
        "graph made",
        "graph reset",
        "session opened",
        "session closed",
        # Of a program that is followed line by line:
        "line",
        "name set",
        "operations made",
    ]
    uid: int = 0
    subject: str = ""
    session: int = 0
    site: Site | None = None
    scopes: tuple[ScopeFlag, ...] = ()


class Delta(msgspec.Struct, frozen=True):
    """What is new or different after an entry; what is gone is named.

    Attributes:
        variables, ops, scopes, sessions, graphs, names: views, new or different.
        gone_variables, gone_graphs, gone_sessions: uids of what no longer exists. What
            belongs to a graph goes with it.
        gone_names: the learner's names that are gone.
        here: where new things would be made now.
        deeds: what the entry did; the first 1,000.
        more_deeds: how many further ones are not listed.
        hidden_variables, hidden_ops: how many exist that are not sent, being too many.
    """

    variables: tuple[VariableView, ...] = ()
    ops: tuple[OpView, ...] = ()
    scopes: tuple[ScopeView, ...] = ()
    sessions: tuple[SessionView, ...] = ()
    graphs: tuple[GraphView, ...] = ()
    names: tuple[NameView, ...] = ()
    gone_variables: tuple[int, ...] = ()
    gone_graphs: tuple[int, ...] = ()
    gone_sessions: tuple[int, ...] = ()
    gone_names: tuple[str, ...] = ()
    here: Here = Here()
    deeds: tuple[Deed, ...] = ()
    more_deeds: int = 0
    hidden_variables: int = 0
    hidden_ops: int = 0


class Change(msgspec.Struct, frozen=True):
    """The difference between two snapshots, for people.

    Attributes:
        created: variables that are in the later one only.
        removed: variables that are in the earlier one only.
        reused: variables that were found again in between.
        initialized: variables that got a value in a session where they had none.
        assigned: variables whose value in a session is another.
        scopes: scopes that are new or whose flag is another.
        ops: operations that are in the later one only.
        names: the learner's names that stand for something else now.
    """

    created: tuple[VariableView, ...] = ()
    removed: tuple[VariableView, ...] = ()
    reused: tuple[VariableView, ...] = ()
    initialized: tuple[VariableView, ...] = ()
    assigned: tuple[VariableView, ...] = ()
    scopes: tuple[ScopeView, ...] = ()
    ops: tuple[OpView, ...] = ()
    names: tuple[NameView, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, field) for field in self.__struct_fields__)


class Snapshot(msgspec.Struct, frozen=True):
    """Everything the learner's program has made up to a moment.

    Attributes:
        graphs, sessions, variables: by uid.
        scopes, ops: by (graph's uid, name), in the order they were made.
        names: the learner's names.
        here: where new things would be made.
        hidden_variables, hidden_ops: how many exist that are not listed.
    """

    graphs: Mapping[int, GraphView] = {}
    sessions: Mapping[int, SessionView] = {}
    variables: Mapping[int, VariableView] = {}
    scopes: Mapping[tuple[int, str], ScopeView] = {}
    ops: Mapping[tuple[int, str], OpView] = {}
    names: Mapping[str, NameView] = {}
    here: Here = Here()
    hidden_variables: int = 0
    hidden_ops: int = 0

    def after(self, delta: Delta) -> Snapshot:
        """The snapshot once the delta is taken in."""
        gone = set(delta.gone_graphs)
        kept = self.without_graphs(gone) if gone else self
        return kept._with(delta)

    def without_graphs(self, gone: set[int]) -> Snapshot:
        """The snapshot without some graphs and what belongs to them."""
        return msgspec.structs.replace(
            self,
            graphs={u: g for u, g in self.graphs.items() if u not in gone},
            sessions={u: s for u, s in self.sessions.items() if s.graph not in gone},
            variables={u: v for u, v in self.variables.items() if v.graph not in gone},
            scopes={key: s for key, s in self.scopes.items() if key[0] not in gone},
            ops={key: o for key, o in self.ops.items() if key[0] not in gone},
        )

    def _with(self, delta: Delta) -> Snapshot:
        return Snapshot(
            graphs=_updated(self.graphs, {g.uid: g for g in delta.graphs}),
            sessions=_updated(
                self.sessions, {s.uid: s for s in delta.sessions}, delta.gone_sessions
            ),
            variables=_updated(
                self.variables,
                {v.uid: v for v in delta.variables},
                delta.gone_variables,
            ),
            scopes=_updated(self.scopes, {(s.graph, s.name): s for s in delta.scopes}),
            ops=_updated(self.ops, {(o.graph, o.name): o for o in delta.ops}),
            names=_updated(
                self.names, {n.name: n for n in delta.names}, delta.gone_names
            ),
            here=delta.here,
            hidden_variables=delta.hidden_variables,
            hidden_ops=delta.hidden_ops,
        )

    def variable(self, name: str) -> VariableView | None:
        """The newest variable of the default graph with this store key or name."""
        found = None
        for view in self.variables.values():
            if view.graph == self.here.graph and name in (
                view.key,
                view.op_name,
                view.tensor_name,
            ):
                found = view
        return found


def _updated(
    old: Mapping[K, V], new: Mapping[K, V], gone: Iterable[K] = ()
) -> Mapping[K, V]:
    """The mapping with what is new and without what is gone; itself if nothing is."""
    if not new and not gone:
        return old
    made = {**old, **new}
    for key in gone:
        made.pop(key, None)
    return made


def compare(before: Snapshot, after: Snapshot) -> Change:
    """What happened between two snapshots of one workspace."""
    created, reused, initialized, assigned = [], [], [], []
    for uid, view in after.variables.items():
        old = before.variables.get(uid)
        if old is view:
            continue
        if old is None:
            created.append(view)
        if view.times_reused > (0 if old is None else old.times_reused):
            reused.append(view)
        got, set_again = _value_deeds(() if old is None else old.values, view.values)
        if got:
            initialized.append(view)
        if set_again:
            assigned.append(view)
    return Change(
        created=tuple(created),
        removed=tuple(
            v for u, v in before.variables.items() if u not in after.variables
        ),
        reused=tuple(reused),
        initialized=tuple(initialized),
        assigned=tuple(assigned),
        scopes=tuple(
            view
            for key, view in after.scopes.items()
            if key not in before.scopes or before.scopes[key].reuse != view.reuse
        ),
        ops=_new(before.ops, after.ops),
        names=tuple(
            view for name, view in after.names.items() if before.names.get(name) != view
        ),
    )


def _new(before: Mapping[K, V], after: Mapping[K, V]) -> tuple[V, ...]:
    """What was not there before.

    A snapshot keeps the keys of the one before it, in their order, and equal lists of
    the same objects are told quickly: looking each key up would take 10 ms of a graph
    of 40,000 operations.
    """
    keys = list(after)
    if keys[: len(before)] == list(before):
        del keys[: len(before)]
    return tuple(after[key] for key in keys if key not in before)


def _value_deeds(
    before: tuple[ValueView, ...], after: tuple[ValueView, ...]
) -> tuple[bool, bool]:
    """Whether a variable got a first value in a session, and another value in one."""
    old = {value.session: value for value in before}
    got = changed = False
    for value in after:
        known = old.get(value.session)
        if value.initialized and (known is None or not known.initialized):
            got = True
        elif value.initialized and known != value:
            changed = True
    return got, changed
