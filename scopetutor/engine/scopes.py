"""Variable scopes: how `get_variable` comes by a full name, a reuse flag and defaults.

After the store. A scope is a plain object; `variable_scope` makes a new one from the
current one and opens a name scope beside it. TF 1.15:

* a string is appended to the current scope's name, a scope object replaces it;
* `reuse` is inherited: False means "as outside", only True and AUTO_REUSE replace it;
  a scope object brings its own;
* the name scope is made unique each time, the variable scope never is.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from . import defaults, deprecation, dtypes, trace
from .convert import convert_to_tensor
from .keys import GraphKeys
from .read_only import read_only
from .store import AUTO_REUSE, VariableStore
from .surroundings import name_scope
from .variables import UseResource, VariableAggregation, VariableSynchronization

if TYPE_CHECKING:
    from .graph import Graph

_STORE_KEY: Final = ("__variable_store",)
_SCOPES_KEY: Final = ("__varscope",)


def enable_resource_variables() -> None:
    """Makes new variables resource variables unless they say otherwise."""
    UseResource.default = True


@deprecation.deprecated(
    "disable_resource_variables",
    "variable_scope",
    "non-resource variables are not supported in the long term",
)
def disable_resource_variables() -> None:
    """Makes new variables ref variables unless they say otherwise."""
    UseResource.default = False


def resource_variables_enabled() -> bool:
    """Whether `tf.Variable` makes resource variables where nothing else is said."""
    return UseResource.default


def disable_v2_behavior() -> None:
    """Turns off what TensorFlow 2 does: here, eager mode and resource variables."""
    defaults.disable_eager_execution()
    disable_resource_variables()


class Settings(NamedTuple):
    """What a scope says about variables; None: nothing."""

    initializer: Any = None
    regularizer: Any = None
    caching_device: Any = None
    partitioner: Any = None
    custom_getter: Any = None
    dtype: Any = None
    use_resource: Any = None
    constraint: Any = None

    def inside(self, outer: Settings) -> Settings:
        """These, and what the scope around says where they say nothing."""
        merged = [
            theirs if own is None else own
            for own, theirs in zip(self, outer, strict=True)
        ]
        settings = Settings(*merged)
        if self.custom_getter is None or outer.custom_getter is None:
            return settings
        both = _wrapped_getter(self.custom_getter, outer.custom_getter)
        return settings._replace(custom_getter=both)


def _wrapped_getter(custom_getter: Any, old_getter: Any) -> Any:
    """A getter that calls an inner one, which calls the outer one."""
    from functools import partial  # noqa: PLC0415 - custom getters are rare

    def wrapped_custom_getter(getter: Any, *args: Any, **kwargs: Any) -> Any:
        return custom_getter(partial(old_getter, getter), *args, **kwargs)

    return wrapped_custom_getter


@read_only
class VariableScope:
    """What `get_variable` takes from where it is called: a name and defaults.

    Attributes:
        name: the prefix of variables' names, without the last "/".
        original_name_scope: the name scope that was opened with it.
        reuse: False, True or AUTO_REUSE.
        initializer, regularizer, caching_device, partitioner, custom_getter, dtype,
        use_resource, constraint: used when `get_variable` is given none.
    """

    __slots__ = ("__dict__", "_name", "_name_scope", "_reuse", "_settings")

    def __init__(
        self,
        reuse: Any,
        name: str = "",
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Any = None,
        name_scope: Any = "",
        dtype: Any = dtypes.float32,
        use_resource: Any = None,
        constraint: Any = None,
    ) -> None:
        if defaults.state.eager:
            if caching_device is not None:
                raise NotImplementedError(
                    "Caching devices is not yet supported when eager execution is "
                    "enabled."
                )
            reuse = AUTO_REUSE
            use_resource = True
        self._name = name
        self._name_scope = name_scope
        self._reuse = reuse
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

    @property
    def name(self) -> str:
        """The prefix of variables' names, without the last "/"."""
        return self._name

    @property
    def original_name_scope(self) -> Any:
        """The name scope that was opened with it, with the last "/"."""
        return self._name_scope

    @property
    def reuse(self) -> Any:
        """False, True or AUTO_REUSE."""
        return self._reuse

    @property
    def initializer(self) -> Any:
        """The initializer for variables that are given none."""
        return self._settings.initializer

    @property
    def dtype(self) -> Any:
        """The type of variables that are given none."""
        return self._settings.dtype

    @property
    def use_resource(self) -> Any:
        """Whether variables are resource variables; None: as everywhere."""
        return self._settings.use_resource

    @property
    def regularizer(self) -> Any:
        """The regularizer for variables that are given none."""
        return self._settings.regularizer

    @property
    def caching_device(self) -> Any:
        """Where variables are cached for reading."""
        return self._settings.caching_device

    @property
    def partitioner(self) -> Any:
        """What decides into how many parts variables are divided."""
        return self._settings.partitioner

    @property
    def custom_getter(self) -> Any:
        """What is asked for variables instead of the store."""
        return self._settings.custom_getter

    @property
    def constraint(self) -> Any:
        """The constraint for variables that are given none."""
        return self._settings.constraint

    def reuse_variables(self) -> None:
        """Makes this scope a reusing one, for as long as it lives."""
        self._reuse = True
        if trace.watcher is not None:
            trace.watcher.flag_set(self)

    def set_initializer(self, initializer: Any) -> None:
        """Sets the initializer for variables that are given none."""
        self._settings = self._settings._replace(initializer=initializer)

    def set_dtype(self, dtype: Any) -> None:
        """Sets the type of variables that are given none."""
        self._settings = self._settings._replace(dtype=dtype)

    def set_use_resource(self, use_resource: Any) -> None:
        """Says whether variables are resource variables."""
        if defaults.state.eager and not use_resource:
            raise ValueError(
                "When eager execution is enabled, use_resource cannot be set to false."
            )
        self._settings = self._settings._replace(use_resource=use_resource)

    def set_regularizer(self, regularizer: Any) -> None:
        """Sets the regularizer for variables that are given none."""
        self._settings = self._settings._replace(regularizer=regularizer)

    def set_caching_device(self, caching_device: Any) -> None:
        """Sets where variables are cached for reading."""
        if defaults.state.eager:
            raise NotImplementedError(
                "Caching devices are not yet supported when eager execution is enabled."
            )
        self._settings = self._settings._replace(caching_device=caching_device)

    def set_partitioner(self, partitioner: Any) -> None:
        """Sets what decides into how many parts variables are divided."""
        self._settings = self._settings._replace(partitioner=partitioner)

    def set_custom_getter(self, custom_getter: Any) -> None:
        """Sets what is asked for variables instead of the store."""
        self._settings = self._settings._replace(custom_getter=custom_getter)

    def get_collection(self, name: Any) -> list[Any]:
        """What of a collection is in this scope."""
        scope = f"{self._name}/" if self._name else ""
        return defaults.get_default_graph().get_collection(name, scope)

    def trainable_variables(self) -> list[Any]:
        """The trainable variables in this scope."""
        return self.get_collection(GraphKeys.TRAINABLE_VARIABLES)

    def global_variables(self) -> list[Any]:
        """The global variables in this scope."""
        return self.get_collection(GraphKeys.GLOBAL_VARIABLES)

    def local_variables(self) -> list[Any]:
        """The local variables in this scope."""
        return self.get_collection(GraphKeys.LOCAL_VARIABLES)

    def get_variable(
        self,
        var_store: VariableStore,
        name: Any,
        shape: Any = None,
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
        trainable: Any = None,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        validate_shape: bool = True,
        use_resource: Any = None,
        custom_getter: Any = None,
        constraint: Any = None,
        synchronization: Any = VariableSynchronization.AUTO,
        aggregation: Any = VariableAggregation.NONE,
    ) -> Any:
        """Asks the store for a variable of this scope, with this scope's defaults."""
        if defaults.state.eager:
            reuse, use_resource = False, True
        elif reuse is None:
            reuse = self._reuse
        full_name = f"{self._name}/{_text(name)}" if self._name else name
        own = self._settings
        recipe = own.initializer if initializer is None else initializer
        if (
            reuse
            and (recipe is None or callable(recipe))
            and custom_getter is own.custom_getter is partitioner is own.partitioner
            and synchronization is VariableSynchronization.AUTO
            and aggregation is VariableAggregation.NONE
        ):
            # Nothing to ask anybody or to make: most look-ups end here, and soon.
            found = var_store.find(
                full_name, shape, own.dtype if dtype is None else dtype
            )
            if found is not None:
                return found
        # As `with name_scope(None)`, in a third of the time.
        thread, state = defaults.get_default_graph()._thread, defaults.state
        before = thread.name_stack, state.eager_scope
        thread.name_stack, state.eager_scope = None, ""
        try:
            if trace.watcher is not None:
                trace.watcher.name_scope_entered(None, None, before[0])
            if dtype is not None and initializer is not None:
                _check_initializer_type(initializer, dtype)
            return var_store.get_variable(
                full_name,
                shape,
                own.dtype if dtype is None else dtype,
                recipe,
                own.regularizer if regularizer is None else regularizer,
                reuse,
                trainable,
                collections,
                own.caching_device if caching_device is None else caching_device,
                own.partitioner if partitioner is None else partitioner,
                validate_shape,
                own.use_resource if use_resource is None else use_resource,
                own.custom_getter if custom_getter is None else custom_getter,
                own.constraint if constraint is None else constraint,
                synchronization,
                aggregation,
            )
        finally:
            thread.name_stack, state.eager_scope = before

    def _get_partitioned_variable(
        self, var_store: Any, name: Any, shape: Any = None, **given: Any
    ) -> Any:
        """What `tf.create_partitioned_variables` uses."""
        if self.custom_getter is not None:
            raise ValueError(_PRIVATE_ACCESS.format(self.custom_getter))
        for setting in (
            "initializer",
            "regularizer",
            "constraint",
            "caching_device",
            "partitioner",
            "dtype",
            "use_resource",
        ):
            if given.get(setting) is None:
                given[setting] = getattr(self, setting)
        if given["partitioner"] is None:
            raise ValueError("No partitioner was specified")
        full_name = "/".join(part for part in (self._name, name) if part)
        with name_scope(None):
            return var_store._get_partitioned_variable(
                full_name, shape=shape, reuse=self._reuse, **given
            )


def _private(setting: str) -> property:
    """A setting by its private name in TF 1.15 ("_initializer"), for old code."""

    def find(scope: VariableScope) -> Any:
        return getattr(scope._settings, setting)

    def change(scope: VariableScope, value: Any) -> None:
        scope._settings = scope._settings._replace(**{setting: value})

    return property(find, change)


for _setting in Settings._fields:
    setattr(VariableScope, f"_{_setting}", _private(_setting))


_PRIVATE_ACCESS = (
    "Private access to _get_partitioned_variable is not allowed when a custom getter "
    "is set.  Current custom getter: {}.  It is likely that you're using "
    "create_partitioned_variables.  If so, consider instead using get_variable with a "
    "non-empty partitioner parameter instead."
)


def _text(name: Any) -> str:
    """The name, which must be text; Python's own message if it is not."""
    if not isinstance(name, str):
        return "" + name  # type: ignore[no-any-return]
    return name


def _check_initializer_type(initializer: Any, dtype: Any) -> None:
    """ValueError if a first value is not of the type that is asked for."""
    if callable(initializer):
        return
    found = convert_to_tensor(initializer).dtype.base_dtype
    if found != dtype:
        raise ValueError(
            f"Initializer type '{found}' and explicit dtype '{dtype}' don't match."
        )


# -- what is current -------------------------------------------------------------------


class _Opened:
    """How often a scope was opened since the one around it was last left.

    Attributes:
        times: how often.
        inside: the same of the scopes inside it, by the next part of the name.
    """

    __slots__ = ("inside", "times")

    def __init__(self) -> None:
        self.times = 0
        self.inside: dict[str, _Opened] = {}

    def at(self, name: str) -> _Opened:
        """The same of a scope inside this one."""
        place = self
        for part in name.split("/"):
            inside = place.inside
            if part in inside:
                place = inside[part]
            else:
                place = inside[part] = _Opened()
        return place


class _Here:
    """The variable scopes of one graph in one thread.

    Attributes:
        current: the scope that `get_variable` uses.
        all: where the scopes are counted that are opened outside of all others.
        place: where those are counted that are opened inside the current one.
        remembering: how many marks there are to go back to.
    """

    __slots__ = ("_undo", "all", "current", "place", "remembering")

    def __init__(self) -> None:
        self.all = _Opened()
        # While a scope is entered by its object: how to undo what is counted.
        self._undo: list[tuple[_Opened, int, dict[str, _Opened]]] = []
        self.remembering = 0
        self.go_to(VariableScope(False))

    def go_to(self, scope: VariableScope) -> None:
        """Makes a scope the current one, wherever it is."""
        self.current = scope
        self.place = self.all.at(scope._name) if scope._name else self.all

    def forget_inside(self) -> None:
        """Forgets how often the scopes inside the current one were opened."""
        if self.remembering:
            self.note(self.place)
        self.place.inside = {}

    def note(self, place: _Opened) -> None:
        """Remembers what was counted at a place."""
        self._undo.append((place, place.times, place.inside))

    def remember(self) -> int:
        """Where to go back to with `restore`."""
        self.remembering += 1
        return len(self._undo)

    def restore(self, mark: int) -> None:
        """Makes the counts what they were at a `remember`."""
        self.remembering -= 1
        while len(self._undo) > mark:
            place, times, inside = self._undo.pop()
            place.times, place.inside = times, inside


class Scopes(threading.local):
    """The variable scopes of one graph.

    Attributes:
        here: those of this thread.
    """

    def __init__(self) -> None:
        self.here = _Here()

    @property
    def current_scope(self) -> VariableScope:
        """The scope that `get_variable` uses, under TensorFlow's own name for it."""
        return self.here.current

    @current_scope.setter
    def current_scope(self, scope: VariableScope) -> None:
        self.here.go_to(scope)

    def unique(self, prefix: str) -> str:
        """The name, or with `_1`, `_2`, … the first that was not opened here."""
        place, name, index = self.here.place, prefix, 0
        while place.at(name).times:
            index += 1
            name = f"{prefix}_{index}"
        return name


def scopes_of(graph: Graph) -> Scopes:
    """The variable scopes of a graph."""
    found = graph._collections.get(_SCOPES_KEY)
    if not found:
        graph._check_not_finalized()
        found = [Scopes()]
        graph.get_collection_ref(_SCOPES_KEY)[:] = found
    scopes: Scopes = found[0]
    return scopes


def get_variable_scope_store() -> Scopes:
    """The variable scopes of the default graph."""
    return scopes_of(defaults.get_default_graph())


def get_variable_scope() -> VariableScope:
    """The current variable scope."""
    return scopes_of(defaults.get_default_graph()).here.current


def store_of(graph: Graph) -> VariableStore:
    """The variables that `get_variable` made in a graph."""
    found = graph._collections.get(_STORE_KEY)
    if not found:
        graph._check_not_finalized()
        found = [VariableStore()]
        graph.get_collection_ref(_STORE_KEY)[:] = found
    store: VariableStore = found[0]
    return store


def default_variable_store() -> VariableStore:
    """The variables that `get_variable` made in the default graph."""
    return store_of(defaults.get_default_graph())


class with_variable_store:  # noqa: N801 - TensorFlow's name
    """Context manager: `get_variable` uses another store."""

    def __init__(self, store: VariableStore) -> None:
        self._store = store

    def __enter__(self) -> None:
        self._stores = defaults.get_default_graph().get_collection_ref(_STORE_KEY)
        self._old = list(self._stores)
        self._stores[:] = [self._store]

    def __exit__(self, *_exc: object) -> None:
        self._stores[:] = self._old


def get_variable(
    name: Any,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: Any = None,
    collections: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    validate_shape: bool = True,
    use_resource: Any = None,
    custom_getter: Any = None,
    constraint: Any = None,
    synchronization: Any = VariableSynchronization.AUTO,
    aggregation: Any = VariableAggregation.NONE,
) -> Any:
    """The variable of a name in the current variable scope: new, or the one there is.

    Args:
        name: in the current scope; the full name is the scope's, "/", and this.
        shape: of a new variable; a reused one must be compatible with it.
        dtype: of a new variable; None: the scope's, which is float32.
        initializer: a recipe that makes a first value of the shape, or a value.
        regularizer: a function whose result goes into REGULARIZATION_LOSSES.
        trainable: whether optimizers change it; None: unless it is read on sync.
        collections: where it is entered; None: GLOBAL_VARIABLES.
        caching_device: where it is cached for reading.
        partitioner: decides into how many parts it is divided.
        validate_shape: whether the first value's shape must be known.
        use_resource: whether it is a resource variable.
        custom_getter: is asked instead of the store.
        constraint: what optimizers apply to it after they changed it.
        synchronization: how copies on several devices are kept equal.
        aggregation: how they are made one.

    Raises:
        ValueError: the scope is reusing and there is none, or is not and there is one;
            or shape, type or initializer do not go together.
    """
    graph = defaults.get_default_graph()
    return scopes_of(graph).here.current.get_variable(
        store_of(graph),
        name,
        shape,
        dtype,
        initializer,
        regularizer,
        None,
        trainable,
        collections,
        caching_device,
        partitioner,
        validate_shape,
        use_resource,
        custom_getter,
        constraint,
        synchronization,
        aggregation,
    )


def get_local_variable(
    name: Any,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: Any = False,
    collections: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    validate_shape: bool = True,
    use_resource: Any = None,
    custom_getter: Any = None,
    constraint: Any = None,
    synchronization: Any = VariableSynchronization.AUTO,
    aggregation: Any = VariableAggregation.NONE,
) -> Any:
    """As `get_variable`, but local: not trained, not saved, initialized apart."""
    if collections:
        collections += [GraphKeys.LOCAL_VARIABLES]  # TF 1.15 changes the caller's list
    else:
        collections = [GraphKeys.LOCAL_VARIABLES]
    return get_variable(
        name,
        shape,
        dtype,
        initializer,
        regularizer,
        False,
        collections,
        caching_device,
        partitioner,
        validate_shape,
        use_resource,
        custom_getter,
        constraint,
        synchronization,
        aggregation,
    )


def no_regularizer(_: Any) -> None:
    """A regularizer that adds nothing; keeps the scope's from being used."""


def get_partitioned_variable(name: Any, shape: Any = None, **settings: Any) -> Any:
    """A partitioned variable in the current scope, whatever its custom getter."""
    return get_variable_scope()._get_partitioned_variable(
        default_variable_store(), name, shape, **settings
    )
