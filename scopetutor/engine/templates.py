"""`tf.make_template`: a function that shares its variables between its calls.

After scopes. The first call makes the variables, later calls reuse them; the scope is
remembered as an object, so it does not matter from where it is called.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from . import defaults, deprecation, dtypes, tf_logging
from .entering import _VariableScopeOnly, variable_scope
from .keys import GraphKeys
from .program_lines import program_lines, told
from .read_only import read_only
from .resource_variables import ResourceVariable
from .scopes import (
    Settings,
    VariableScope,
    default_variable_store,
    get_variable_scope_store,
    store_of,
    with_variable_store,
)
from .store import AUTO_REUSE, VariableStore

if TYPE_CHECKING:
    from collections.abc import Callable


def make_template(
    name_: Any,
    func_: Callable[..., Any],
    create_scope_now_: bool = False,
    unique_name_: str | None = None,
    custom_getter_: Any = None,
    **kwargs: Any,
) -> Template:
    """A function whose variables are made once.

    Args:
        name_: of the scope; made unique when the scope is made.
        func_: makes its variables with `get_variable`.
        create_scope_now_: whether the scope is made here, not at the first call.
        unique_name_: of the scope, instead of `name_`; taken as it is.
        custom_getter_: of the scope.
        kwargs: given to each call of `func_`.
    """
    if kwargs:
        func_ = functools.partial(func_, **kwargs)
    if defaults.state.eager:
        if unique_name_ is not None:
            raise ValueError(
                "unique_name_ cannot be used when eager exeuction is enabled."
            )
        return EagerTemplate(name_, func_, create_scope_now_, None, custom_getter_)
    return Template(name_, func_, create_scope_now_, unique_name_, custom_getter_)


@read_only
class Template:
    """What `make_template` gives: call it as the function.

    Attributes:
        name: what it was named.
        func: the function.
        variable_scope: its scope, or None before there is one.
    """

    def __init__(
        self,
        name: Any,
        func: Callable[..., Any],
        create_scope_now: bool = False,
        unique_name: str | None = None,
        custom_getter: Any = None,
    ) -> None:
        self._func = func
        self._name = name
        self._unique_name = unique_name
        self._custom_getter = custom_getter
        if name is None:
            raise ValueError("name cannot be None.")
        self._made_at = program_lines(sys._getframe(1))
        self._variable_scope: VariableScope | None = None
        if create_scope_now:
            self._variable_scope = self._made_scope()
        self._variables_created = False
        self._first_call = True
        self._inside: list[Template] = []  # first called while this one was

    def _made_scope(self) -> VariableScope:
        scopes = get_variable_scope_store()
        # TF 1.15: its type is not the one of the scope around it.
        settings = Settings(custom_getter=self._custom_getter, dtype=dtypes.float32)
        name: Any = self._unique_name or scopes.unique(self._name)
        if not isinstance(name, str):
            # TF 1.15: what it meets where it looks for scopes below the one it leaves.
            kind = type(name).__name__
            raise AttributeError(f"'{kind}' object has no attribute 'startswith'")
        store_of(defaults.get_default_graph())  # TF 1.15 makes it here, if not before
        with _VariableScopeOnly(scopes, name, None, None, settings) as scope:
            return scope

    @property
    def name(self) -> Any:
        """What it was named."""
        return self._name

    @property
    def func(self) -> Callable[..., Any]:
        """The function."""
        return self._func

    @property
    def variable_scope(self) -> VariableScope | None:
        """Its scope, or None before there is one."""
        return self._variable_scope

    @property
    @deprecation.deprecated(
        "Template.var_scope",
        "template",
        "The .var_scope property is deprecated. Please change your code to use the "
        ".variable_scope property",
        date="2017-02-21",
    )
    def var_scope(self) -> VariableScope | None:
        """Its scope, under an old name."""
        return self._variable_scope

    @property
    def variable_scope_name(self) -> str | None:
        """The prefix of its variables, with the last "/"."""
        if self._variable_scope is None:
            return None
        name = self._variable_scope.name
        return name if not name or name.endswith("/") else f"{name}/"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Calls the function in the template's scope."""
        if self._variable_scope is not None:
            with variable_scope(self._variable_scope, reuse=not self._first_call):
                return self._call(args, kwargs)
        with variable_scope(
            self._unique_name, self._name, custom_getter=self._custom_getter
        ) as scope:
            self._variable_scope = scope
            return self._call(args, kwargs)

    def _call_function(self, args: Any, kwargs: Any) -> Any:
        """Calls the function; templates that it calls first are this one's parts."""
        running = _Running.templates
        if running and not running[-1]._variables_created:
            parts = running[-1]._inside
            if self not in parts:
                parts.append(self)
        running.append(self)
        try:
            return self._func(*args, **kwargs)
        finally:
            running.pop()

    def _call(self, args: Any, kwargs: Any) -> Any:
        try:
            if self._variables_created:
                return self._call_again(args, kwargs)
            if not self._first_call:
                return self._call_function(args, kwargs)
            self._first_call = False
            try:
                result = self._call_function(args, kwargs)
            except BaseException:
                self._first_call = True
                raise
            self._variables_created = True
            return result
        except Exception as error:
            self._add_origin(error)
            raise

    def _add_origin(self, error: Exception) -> None:
        """TF 1.15 appends where the template was made, without what leads there now."""
        now = program_lines(sys._getframe(1))
        same = 0
        for made, current in zip(self._made_at, now, strict=False):
            if made != current:
                break
            same += 1
        lines = "".join(f"{told(line)}\n" for line in self._made_at[same:])
        first = error.args[0] if error.args else ""
        text = f"{first}\n\noriginally defined at:\n{lines}"
        error.args = (text, *error.args[1:])

    def _call_again(self, args: Any, kwargs: Any) -> Any:
        graph = defaults.get_default_graph()
        trainable = graph.get_collection_ref(GraphKeys.TRAINABLE_VARIABLES)
        global_ = graph.get_collection_ref(GraphKeys.GLOBAL_VARIABLES)
        before = len(trainable), len(global_)
        result = self._call_function(args, kwargs)
        if len(trainable) != before[0]:
            raise ValueError(
                "Trainable variable created when calling a template after the first "
                "time, perhaps you used tf.Variable when you meant tf.get_variable: "
                f"{trainable[before[0] :]}"
            )
        if len(global_) != before[1]:
            tf_logging.info(
                "New variables created when calling a template after the first time, "
                "perhaps you used tf.Variable when you meant tf.get_variable: %s",
                global_[before[1] :],
            )
        return result

    def _collected(self, key: str) -> list[Any]:
        if not self._variables_created:
            return []
        graph = defaults.get_default_graph()
        return graph.get_collection(key, self.variable_scope_name)

    @property
    def global_variables(self) -> list[Any]:
        """Its global variables, once it was called."""
        return self._collected(GraphKeys.GLOBAL_VARIABLES)

    @property
    def local_variables(self) -> list[Any]:
        """Its local variables, once it was called."""
        return self._collected(GraphKeys.LOCAL_VARIABLES)

    @property
    def trainable_variables(self) -> list[Any]:
        """Its trainable variables, once it was called."""
        return self._collected(GraphKeys.TRAINABLE_VARIABLES)

    @property
    def variables(self) -> list[Any]:
        """Its global and local variables, once it was called."""
        return self.global_variables + self.local_variables

    @property
    def non_trainable_variables(self) -> list[Any]:
        """Its global variables that are not trainable, once it was called."""
        trainable = set(self.trainable_variables)
        return [v for v in self.global_variables if v not in trainable]

    @property
    def _checkpoint_dependencies(self) -> list[Dependency]:
        """TF 1.15: what a checkpoint of objects would find below it, by name."""
        nested = {v for template in self._inside for v in template.variables}
        found: list[Any] = [v for v in self.variables if v not in nested]
        prefix = self.variable_scope_name or ""
        names = [v.name.removeprefix(prefix).partition(":")[0] for v in found]
        for template in self._inside:
            scope = template._variable_scope
            names.append("" if scope is None else scope.name.removeprefix(prefix))
        return [
            Dependency(name, item)
            for name, item in zip(names, [*found, *self._inside], strict=True)
        ]

    weights = variables
    trainable_weights = trainable_variables
    non_trainable_weights = non_trainable_variables


class Dependency(NamedTuple):
    """A part of a template.

    Attributes:
        name: within the template's scope.
        ref: the variable or template.
    """

    name: str
    ref: Any


class _Running:
    """The templates whose functions run, the innermost last."""

    templates: ClassVar[list[Template]] = []


class EagerVariableStore:
    """Keeps the variables of `get_variable` in eager mode, so that they are shared."""

    def __init__(self, store: VariableStore | None = None) -> None:
        if store is not None and not store._store_eager_variables:
            raise ValueError(
                "Cannot construct EagerVariableStore from a VariableStore object that "
                "does not hold eager variables."
            )
        self._store = VariableStore() if store is None else store
        self._store._store_eager_variables = True

    def as_default(self) -> with_variable_store:
        """Context manager: `get_variable` uses it."""
        return with_variable_store(self._store)

    def _sorted(self) -> list[Any]:
        return sorted(self._store._vars.values(), key=lambda v: v.name)

    def variables(self) -> list[Any]:
        """All variables, by name."""
        return self._sorted()

    def copy(self) -> EagerVariableStore:
        """Another store, with variables of the same names, values and settings."""
        other = EagerVariableStore()
        for key, variable in self._store._vars.items():
            other._store._vars[key] = ResourceVariable(
                variable.read_value(),
                name=variable.name.partition(":")[0],
                trainable=variable.trainable,
            )
        return other

    def trainable_variables(self) -> list[Any]:
        """The trainable variables, by name."""
        return [v for v in self._sorted() if v.trainable]

    def non_trainable_variables(self) -> list[Any]:
        """The other variables, by name."""
        return [v for v in self._sorted() if not v.trainable]


class EagerTemplate(Template):
    """A template in eager mode: it keeps its variables itself."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # TF 1.15: inside another template's function it keeps them where that does.
        around = default_variable_store()
        self._variable_store = EagerVariableStore(
            around if around._store_eager_variables else None
        )
        self._manager: Any = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Calls the function in the template's scope, with its own variables."""
        if self._variable_scope is None:
            with variable_scope(
                self._unique_name, self._name, custom_getter=self._custom_getter
            ) as scope:
                self._variable_scope = scope
                return self._call_with_store(args, kwargs)
        if self._manager is None:
            self._manager = variable_scope(self._variable_scope, reuse=AUTO_REUSE)
        with self._manager:
            return self._call_with_store(args, kwargs)

    def _call_with_store(self, args: Any, kwargs: Any) -> Any:
        before = self._variable_store.trainable_variables()
        try:
            with self._variable_store.as_default():
                result = self._call_function(args, kwargs)
            after = self._variable_store.trainable_variables()
            if self._variables_created and len(after) != len(before):
                raise ValueError(
                    "Trainable variable created when calling a template after the "
                    "first time, perhaps you used tf.Variable when you meant "
                    f"tf.get_variable: {[v for v in after if v not in before]}"
                )
        except Exception as error:
            self._add_origin(error)
            raise
        self._variables_created = True
        return result

    def _own(self, kept: list[Any]) -> list[Any]:
        if not self._variables_created:
            return []
        prefix = self.variable_scope_name or ""
        return [variable for variable in kept if variable.name.startswith(prefix)]

    @property
    def variables(self) -> list[Any]:
        """Its variables, once it was called."""
        return self._own(self._variable_store.variables())

    @property
    def trainable_variables(self) -> list[Any]:
        """Its trainable variables, once it was called."""
        return self._own(self._variable_store.trainable_variables())

    @property
    def non_trainable_variables(self) -> list[Any]:
        """Its other variables, once it was called."""
        return self._own(self._variable_store.non_trainable_variables())
