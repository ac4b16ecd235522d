"""From the engine's state to a Delta: what is new or different after an entry.

The witness has written down what was touched, so looking costs what an entry did, not
what there is. Looking changes nothing: it makes no graph, runs nothing of the
learner's, and keeps nothing alive.

`provenance` is the witness, `program` asks after each entry, and the deltas make up
the `snapshot` on the other side.
"""

from __future__ import annotations

import gc
import weakref
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from scopetutor.engine import defaults
from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.partitions import PartitionedVariable
from scopetutor.engine.ref_variables import RefVariable
from scopetutor.engine.state import Cell
from scopetutor.engine.variables import Variable
from scopetutor.snapshot import (
    Deed,
    Delta,
    GraphView,
    Here,
    NameView,
    OpView,
    Origin,
    ScopeView,
    SessionView,
    Shape,
    ValueView,
    VariableView,
)

from . import describe
from .provenance import (
    GraphRecord,
    ScopeRecord,
    VariableRecord,
    Witness,
    Write,
    current_graph,
    reuse_of,
    root_scope,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_VARIABLES = 20_000
"""Variables that are sent; of further ones only the number is."""
MOST_OPERATIONS = 50_000
MOST_NAMES = 2_000
MOST_VALUES = 500
"""Values that are summarized after one entry; of others only that there is one."""
MOST_ITEMS = 100
"""Items of a collection that are listed."""
_HIDDEN_NAMES = frozenset({"__name__", "__doc__", "__package__", "__loader__",
                           "__spec__", "__builtins__", "__annotations__"})  # fmt: skip


class Observer:
    """Says what is different since it last looked.

    Args:
        witness: has written down what happened.
        names: the learner's.
    """

    def __init__(self, witness: Witness, names: dict[str, Any]) -> None:
        self._witness = witness
        self._names = names
        self._named: dict[str, tuple[Any, NameView]] = {}
        self._sessions: dict[int, tuple[weakref.ref[Any], SessionView]] = {}
        self._values_left = MOST_VALUES
        self._sent_graphs: set[int] = set()
        self._sent_variables: set[int] = set()
        self._sent_operations = 0
        self._hidden_variables = 0
        self._hidden_operations = 0
        self._graph = 0

    def delta(self) -> Delta:
        """What is new or different, and what the entry did."""
        self._values_left = MOST_VALUES
        names, gone_names = self._look_at_names()
        self._let_go_of_old_graphs()
        graphs, gone_graphs = self._living_graphs()
        for graph, record in graphs:
            self._look_at_collections(graph, record)
        sessions, gone_sessions = self._look_at_sessions()
        deeds = self._look_at_values()
        variables, gone_variables = self._look_at_variables(graphs)
        operations = [view for g, r in graphs for view in self._new_operations(g, r)]
        return Delta(
            variables=tuple(variables),
            ops=tuple(operations),
            scopes=tuple(self._look_at_scopes(graphs)),
            sessions=tuple(sessions),
            graphs=tuple(self._look_at_graphs(graphs)),
            names=tuple(names),
            gone_variables=gone_variables,
            gone_graphs=gone_graphs,
            gone_sessions=gone_sessions,
            gone_names=tuple(gone_names),
            here=self._here(),
            deeds=(*self._witness.deeds, *deeds),
            more_deeds=self._witness.more_deeds,
            hidden_variables=self._hidden_variables,
            hidden_ops=self._hidden_operations,
        )

    def everything(self) -> Delta:
        """All there is, as a delta from nothing; what the entry did is left out."""
        self._named.clear()
        self._sessions.clear()
        self._sent_variables.clear()
        self._sent_operations = self._hidden_variables = self._hidden_operations = 0
        self._witness.begin(0)
        records = [self._witness.eager]
        for graph, record in self._living_graphs()[0]:
            records.append(record)
            record.new_operations = list(graph._operations.values())
        for record in records:
            record.view = None
            record.changed_scopes = dict(record.scopes)
            record.changed_variables = {v.uid: v for v in record.variables.values()}
        return self.delta()

    # -- names -----------------------------------------------------------------

    def _look_at_names(self) -> tuple[list[NameView], list[str]]:
        views = []
        for name, value in islice(self._names.items(), MOST_NAMES):
            if name in _HIDDEN_NAMES or type(name) is not str:
                continue
            known = self._named.get(name)
            if known is not None and known[0] is value and not _can_change(value):
                continue
            view = _name_view(name, value)
            if known is None or known[1] != view:
                views.append(view)
            self._named[name] = value, view
        gone = []
        if len(self._named) + len(_HIDDEN_NAMES) > len(self._names):
            gone = [name for name in self._named if name not in self._names]
            for name in gone:
                del self._named[name]
        return views, gone

    def _names_of(self, wanted: type) -> dict[int, tuple[str, ...]]:
        """The learner's names for the objects of a type, by `id`."""
        found: dict[int, tuple[str, ...]] = {}
        for name, (value, _) in self._named.items():
            if issubclass(type(value), wanted):
                found[id(value)] = (*found.get(id(value), ()), name)
        return found

    # -- graphs ----------------------------------------------------------------

    def _let_go_of_old_graphs(self) -> None:
        """Collects garbage if a graph may have become garbage in this entry.

        Graphs are full of cycles, so without this it would be chance when they go.
        """
        graph = current_graph()
        uid = 0 if graph is None else self._witness.record(graph).uid
        made = any(deed.kind == "graph made" for deed in self._witness.deeds)
        if (self._graph and uid != self._graph) or (made and self._sent_graphs):
            gc.collect()
        self._graph = uid

    def _living_graphs(self) -> tuple[list[tuple[Any, GraphRecord]], tuple[int, ...]]:
        """The graphs that exist with their records, and the uids of those gone."""
        living = []
        for uid, ref in list(self._witness.graphs.items()):
            graph = ref()
            if graph is None:
                del self._witness.graphs[uid]
            else:
                living.append((graph, self._witness.record(graph)))
        gone = tuple(self._sent_graphs.difference(self._witness.graphs))
        self._sent_graphs.difference_update(gone)
        return living, gone

    def _look_at_graphs(
        self, graphs: list[tuple[Any, GraphRecord]]
    ) -> Iterable[GraphView]:
        names = self._names_of(type(graphs[0][0])) if graphs else {}
        for graph, record in graphs:
            view = GraphView(
                record.uid,
                len(graph._operations),
                graph.finalized,
                graph.seed,
                tuple(_other_collections(graph)),
                names.get(id(graph), ()),
            )
            if view != record.view:
                record.view = view
                self._sent_graphs.add(record.uid)
                yield view

    def _look_at_collections(self, graph: Any, record: GraphRecord) -> None:
        """Notes which variables have come into which collections."""
        for name, items in graph._collections.items():
            if not isinstance(name, str):
                continue
            seen = record.seen_collections.get(name, 0)
            if len(items) == seen:
                continue
            if len(items) < seen:
                _forget_collection(record, name)
                seen = 0
            for item in items[seen:]:
                if isinstance(item, Variable):
                    self._enter(graph, record, name, item)
            record.seen_collections[name] = len(items)

    def _enter(self, graph: Any, record: GraphRecord, name: str, variable: Any) -> None:
        found = record.variables.get(id(variable))
        if found is None:  # from a graph file: nobody told of it
            made = Origin(
                "tf.train.import_meta_graph",
                variable.op._site,
                self._witness.flags(graph),
            )
            found = VariableRecord(
                self._witness.uid(), variable, None, made, eager=False
            )
            record.add_variable(found)
        if name not in found.collections:
            found.collections.append(name)
            record.changed_variables[found.uid] = found

    # -- sessions and values ---------------------------------------------------

    def _look_at_sessions(self) -> tuple[list[SessionView], tuple[int, ...]]:
        """The sessions that are new or different; the uids of those gone."""
        views = []
        living = sorted(self._witness.sessions.items(), key=lambda item: item[1])
        names = self._names_of(type(living[0][0]).__mro__[-2]) if living else {}
        default = defaults.get_default_session()
        for session, uid in living:
            view = SessionView(
                uid,
                self._witness.record(session.graph).uid,
                session is default,
                session._closed,
                names.get(id(session), ()),
            )
            known = self._sessions.get(uid)
            if known is None or known[1] != view:
                views.append(view)
                if view.closed:
                    self._forget_values(self._witness.record(session.graph), uid)
                self._sessions[uid] = weakref.ref(session), view
        present = {uid for _, uid in living}
        gone = tuple(uid for uid in self._sessions if uid not in present)
        for uid in gone:
            view = self._sessions.pop(uid)[1]
            graph = self._witness.graphs.get(view.graph, _nothing)()
            if graph is not None:
                self._forget_values(self._witness.record(graph), uid)
        return views, gone

    def _forget_values(self, record: GraphRecord, session: int) -> None:
        for variable in record.variables.values():
            if variable.values.pop(session, None) is not None:
                record.changed_variables[variable.uid] = variable

    def _look_at_values(self) -> list[Deed]:
        """Notes which variables have got another value, and says so."""
        deeds = []
        for session, plan, site in self._witness.runs.values():
            uid = self._witness.sessions.get(session, 0)
            record = self._witness.record(session.graph)
            ran: dict[str, Any] = {}
            for _, cell in plan.constants:
                if type(cell) is not Cell:
                    continue
                variable = record.by_op.get(cell.name)
                if variable is None or session._closed:
                    continue
                kind = self._look_at_cell(record, variable, uid, cell)
                if kind is not None:
                    ran = ran or {step.op.name: step.op for step in plan.steps}
                    how = _how_written(variable.variable, ran)
                    self._witness.wrote(variable, Write(uid, how, site))
                    subject = variable.key or cell.name
                    deeds.append(Deed(kind, variable.uid, subject, uid, site))
        for variable in list(self._witness.eager.variables.values()):
            handle = getattr(variable.variable, "_handle", None)
            cell = getattr(handle, "_value", None)
            if type(cell) is Cell:
                self._look_at_cell(self._witness.eager, variable, 0, cell)
        return deeds

    def _look_at_cell(
        self, record: GraphRecord, variable: VariableRecord, session: int, cell: Cell
    ) -> Any:
        """Notes a value if it is another one; "initialized", "assigned" or None."""
        known = variable.values.get(session)
        if known is not None and known[0] is cell.value and known[2] == cell.changes:
            return None
        if known is None and cell.value is None:
            return None
        view = ValueView(session, "", initialized=cell.value is not None)
        if self._values_left > 0:
            self._values_left -= 1
            view = describe.value_view(session, cell.value)
        variable.values[session] = cell.value, view, cell.changes
        record.changed_variables[variable.uid] = variable
        had_one = known is not None and known[1].initialized
        return "assigned" if had_one else "initialized"

    # -- variables, operations, scopes -----------------------------------------

    def _look_at_variables(
        self, graphs: list[tuple[Any, GraphRecord]]
    ) -> tuple[list[VariableView], tuple[int, ...]]:
        views = []
        gone = []
        for _, record in [*graphs, (None, self._witness.eager)]:
            for uid, variable in record.changed_variables.items():
                if uid not in self._sent_variables:
                    if len(self._sent_variables) >= MOST_VARIABLES:
                        self._hidden_variables += 1
                        continue
                    self._sent_variables.add(uid)
                if variable.variable is not None:
                    views.append(_variable_view(record, variable))
            record.changed_variables = {}
        eager = self._witness.eager.variables
        for key, variable in list(eager.items()):
            if variable.variable is None:
                del eager[key]
                gone.append(variable.uid)
        return views, tuple(gone)

    def _new_operations(self, graph: Any, record: GraphRecord) -> list[OpView]:
        """The operations that are new; all, if something was done to older ones."""
        new = record.new_operations
        if graph._changes != record.seen_changes:
            record.seen_changes = graph._changes
            if len(graph._operations) <= MOST_OPERATIONS:
                new = list(graph._operations.values())
                self._sent_operations = 0
        record.new_operations = []
        room = max(0, MOST_OPERATIONS - self._sent_operations)
        self._sent_operations += min(room, len(new))
        self._hidden_operations += max(0, len(new) - room)
        return [_operation_view(record.uid, op) for op in new[:room]]

    def _look_at_scopes(
        self, graphs: list[tuple[Any, GraphRecord]]
    ) -> Iterable[ScopeView]:
        for graph, record in [*graphs, (None, self._witness.eager)]:
            root = None if graph is None else root_scope(graph)
            if root is not None and "" not in record.scopes:
                record.scope(root)
            for name, scope in record.changed_scopes.items():
                yield _scope_view(record.uid, name, scope, self._is_open(graph, scope))
            record.changed_scopes = {}

    def _is_open(self, graph: Any, record: ScopeRecord) -> bool:
        if record.scope.name == "":
            return True
        flags = self._witness.flags(graph)
        return any(flag.scope == record.scope.name for flag in flags)

    def _here(self) -> Here:
        if defaults.state.eager:
            return Here(
                0,
                self._witness.flags(None),
                defaults.state.eager_scope.rstrip("/"),
                eager=True,
            )
        default = defaults.get_default_session()
        session = 0 if default is None else self._witness.sessions.get(default, 0)
        graph = current_graph()
        if graph is None:
            return Here(session=session)
        devices = [device._spec.to_string() for device in graph._device_stack]
        return Here(
            self._witness.record(graph).uid,
            self._witness.flags(graph),
            graph.get_name_scope() or "",
            next(filter(None, reversed(devices)), ""),
            session,
        )


def _nothing() -> None:
    """What a weak reference gives for what is gone."""


def _how_written(
    variable: Any, ran: dict[str, Any]
) -> Literal["initializer", "restore", "assign"]:
    """What gave a variable its value, among the operations that ran, by name."""
    if variable.initializer is not None and variable.initializer.name in ran:
        return "initializer"
    restores = any(getattr(op, "type", "") == "RestoreV2" for op in ran.values())
    return "restore" if restores else "assign"


def _can_change(value: Any) -> bool:
    """Whether a value may say something else the next time though it is the same."""
    return type(value) in (list, dict, set, tuple) or type(value).__module__ == "numpy"


def _name_view(name: str, value: Any) -> NameView:
    kind = type(value)
    uid, op = 0, ""
    if issubclass(kind, Variable):
        graph = None if defaults.state.eager else getattr(value, "graph", None)
        records = None if graph is None else graph.__dict__.get("_record")
        found = None if records is None else records.variables.get(id(value))
        uid = 0 if found is None else found.uid
    elif issubclass(kind, (Tensor, Operation)) and kind.__name__ != "EagerTensor":
        op = value.name
    return NameView(name, kind.__name__, describe.short(value), uid, op)


def _forget_collection(record: GraphRecord, name: str) -> None:
    for variable in record.variables.values():
        if name in variable.collections:
            variable.collections.remove(name)
            record.changed_variables[variable.uid] = variable


def _other_collections(graph: Any) -> Iterable[tuple[str, tuple[str, ...]]]:
    """The collections with something else in them than variables."""
    for name, items in graph._collections.items():
        if not isinstance(name, str) or not items:
            continue
        listed = items[:MOST_ITEMS]
        if not all(isinstance(item, Variable) for item in listed):
            yield name, tuple(_item_name(item) for item in listed)


def _item_name(item: Any) -> str:
    if isinstance(item, (Tensor, Operation, Variable, PartitionedVariable)):
        return str(item.name)
    return describe.short(item)


def _variable_view(record: GraphRecord, known: VariableRecord) -> VariableView:
    variable = known.variable
    eager = record.uid == 0
    name = variable.name
    slice_info = variable._get_save_slice_info()
    kind = "ref" if isinstance(variable, RefVariable) else "resource"
    return VariableView(
        uid=known.uid,
        graph=record.uid,
        key=known.key,
        op_name=name.rpartition(":")[0] if eager else variable.op.name,
        tensor_name=name,
        shape=_dims(variable.get_shape()),
        dtype=variable.dtype.name,
        kind="eager" if eager else kind,  # type: ignore[arg-type]
        trainable=bool(variable.trainable),
        collections=tuple(known.collections),
        initializer=_initializer(known),
        device=str(variable.device),
        made=known.made,
        reused=known.reused,
        times_reused=known.times_reused,
        part_of="" if slice_info is None else slice_info.full_name,
        values=tuple(seen[1] for seen in known.values.values()),
    )


def _initializer(known: VariableRecord) -> str:
    """What gave the first value, and where that came from if not from the call."""
    if known.recipe is None:
        if not known.key:
            return ""
        dtype = known.variable.dtype
        return "glorot_uniform (default)" if dtype.is_floating else "zeros (default)"
    if not isinstance(known.recipe, str):
        known.recipe = describe.initializer(known.recipe)
    return str(known.recipe)


def _dims(shape: Any) -> Shape:
    return None if shape.rank is None else tuple(shape.as_list())


def _operation_view(graph: int, op: Any) -> OpView:
    return OpView(
        graph,
        op._name,
        op._definition.name,
        tuple([tensor.name for tensor in op._inputs]),
        tuple([control._name for control in op._control_inputs]),
        tuple([(tensor._dtype.name, tensor._dims) for tensor in op._outputs]),
        op._device,
        op._site,
    )


def _scope_view(graph: int, name: str, record: ScopeRecord, is_open: bool) -> ScopeView:
    scope = record.scope
    return ScopeView(
        graph=graph,
        name=name,
        reuse=reuse_of(scope),
        flag_from=getattr(scope, "_flag_from", name),
        times=record.times,
        opened=record.opened,
        open=is_open,
        initializer=_carried(scope.initializer),
        regularizer=_carried(scope.regularizer),
        dtype=getattr(scope.dtype, "name", ""),
        partitioner=_carried(scope.partitioner),
        custom_getter=_carried(scope.custom_getter),
        caching_device=_carried(scope.caching_device),
        use_resource=None if scope.use_resource is None else bool(scope.use_resource),
    )


def _carried(value: Any) -> str:
    return "" if value is None else describe.initializer(value)
