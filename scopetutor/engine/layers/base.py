"""`tf.layers.Layer`: a layer whose variables come from `get_variable`.

After scopes and ``keras/layer.py``. TF 1.15:

* a name is a variable scope as it is; without a name the scope is the class's name,
  made unique among the scopes opened here (`dense`, `dense_1`, …);
* the scope is opened once and remembered, so a layer object called again reuses its
  variables, and its operations stay in its first name scope;
* `_reuse` decides for the first call only.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, deprecation, dtypes, nest
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.keras import names
from scopetutor.engine.keras.calls import signature_of
from scopetutor.engine.keras.layer import Layer as KerasLayer
from scopetutor.engine.keras.layer_weights import trainable_or_default
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.operation import Tensor
from scopetutor.engine.partitions import PartitionedVariable
from scopetutor.engine.scopes import VariableScope, get_variable
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.variables import VariableAggregation, VariableSynchronization

if TYPE_CHECKING:
    from collections.abc import Callable


class _KerasStyle:
    """Whether new layers name their variables as keras does."""

    on = False


class keras_style_scope:  # noqa: N801 - TensorFlow's name
    """Context manager: new layers take no part in variable scopes."""

    def __enter__(self) -> None:
        self._was = _KerasStyle.on
        _KerasStyle.on = True

    def __exit__(self, *_exc: object) -> None:
        _KerasStyle.on = self._was


def set_keras_style() -> None:
    """Makes all new layers take no part in variable scopes."""
    _KerasStyle.on = True


class Layer(KerasLayer):
    """A layer whose variables come from `get_variable`.

    Args:
        trainable: whether its variables are entered in TRAINABLE_VARIABLES.
        name: of its scope; None: the class's name, made unique.
        dtype: of its variables; None: that of its first input.
        kwargs: `_scope`, a variable scope or name that is opened at once, and `_reuse`.
    """

    def __init__(
        self,
        trainable: bool = True,
        name: Any = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        self._use_resource_variables = False
        scope = kwargs.pop("_scope", None)
        self._reuse = kwargs.pop("_reuse", None)
        kwargs.setdefault("autocast", False)
        super().__init__(trainable=trainable, name=name, dtype=dtype, **kwargs)
        self._keras_style = _KerasStyle.on
        if self._keras_style:
            self._refuse_scope_argument(scope)
            if self._reuse is not None:
                raise ValueError(
                    "reuse argument not allowed when keras style layers are enabled, "
                    f"but saw: {self._reuse}"
                )
        self._scope: VariableScope | None = None
        if scope:
            with variable_scope(scope) as captured:
                self._scope = captured
        self._current_scope: VariableScope | None = None
        self._reusing_scope: Any = None

    def _refuse_scope_argument(self, scope: Any) -> None:
        if scope is not None:
            raise ValueError(
                "scope argument not allowed when keras style layers are enabled, but "
                f"saw: {scope}"
            )

    def _init_set_name(self, name: Any) -> None:
        if isinstance(name, VariableScope):
            self._base_name = name.name
            self._name, _ = self._make_unique_name()
        elif name:
            self._base_name = self._name = name
        else:
            self._name, self._base_name = self._make_unique_name()

    def _make_unique_name(self) -> tuple[str, str]:
        base = names.to_snake_case(type(self).__name__)
        return names.unique_object_name(base), base

    def _nested_layers(self) -> list[Any]:
        """None: layers inside one of these are named and counted on their own."""
        return []

    def _own_variables(self, trainable: bool) -> list[Any]:
        made = self._trainable_weights if trainable else self._non_trainable_weights
        return list(made)

    @property
    @deprecation.deprecated(
        "Layer.graph",
        "tensorflow.python.layers.base",
        "Stop using this property because tf.layers layers no longer track their "
        "graph.",
    )
    def graph(self) -> None:
        """Nothing, since 1.14."""
        if defaults.state.eager:
            raise RuntimeError("Layer.graph not supported when executing eagerly.")

    @property
    def scope_name(self) -> str:
        """The name of its variable scope.

        Raises:
            ValueError: it has none before its first call.
        """
        if not self._scope:
            raise ValueError(
                f'No name available for layer scope because the layer "{self._name}" '
                "has not been used yet. The scope name  is determined the first time "
                "the layer instance is called. You must therefore call the layer "
                "before querying `scope_name`."
            )
        return self._scope.name

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Adds losses, and enters them in REGULARIZATION_LOSSES."""
        known, makers = len(self._losses), len(self._callable_losses)
        super().add_loss(losses, inputs=inputs)
        if defaults.state.eager:
            return
        new = [loss for loss, _ in self._losses[known:]]
        made = [make() for make, _ in self._callable_losses[makers:]]
        new.extend(loss for loss in made if loss is not None)
        _collect(new, GraphKeys.REGULARIZATION_LOSSES)

    def _name_scope(self) -> Any:
        if self._keras_style:
            return super()._name_scope()
        assert self._current_scope is not None
        return self._current_scope.original_name_scope

    def _set_scope(self, scope: Any = None) -> None:
        """Opens the layer's scope for the first time."""
        if self._scope is not None:
            return
        if self._reuse:
            opened = variable_scope(self._base_name if scope is None else scope)
        else:
            opened = variable_scope(scope, default_name=self._base_name)
        with opened as captured:
            self._scope = captured

    # -- weights -------------------------------------------------------------------

    def add_weight(  # type: ignore[override]  # a name and a shape must be given
        self,
        name: Any,
        shape: Any,
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        trainable: bool | None = None,
        constraint: Any = None,
        use_resource: Any = None,
        synchronization: Any = VariableSynchronization.AUTO,
        aggregation: Any = VariableAggregation.NONE,
        partitioner: Any = None,
        **kwargs: Any,
    ) -> Any:
        """The variable of a name in the layer's scope: new or reused.

        Args:
            name: in the layer's scope.
            shape: as for `get_variable`, like all that is not said here.
            dtype: None: the layer's.
            initializer: None: the scope's, or glorot_uniform.
            regularizer: its value is entered in REGULARIZATION_LOSSES, for a new
                variable only.
            trainable: whether optimizers change it, if the layer is trainable.
            constraint: what optimizers apply to it afterwards.
            use_resource: whether it is a resource variable.
            synchronization: when its copies are made equal.
            aggregation: how its copies are made one.
            partitioner: decides into how many parts it is divided.
            kwargs: `experimental_autocast`, which changes nothing here.
        """
        for key in kwargs:
            if key != "experimental_autocast":
                raise TypeError("Unknown keyword argument:", key)
        if self._keras_style:
            return super().add_weight(
                name,
                shape,
                dtype,
                initializer,
                regularizer,
                trainable and self.trainable,
                constraint,
                partitioner,
                use_resource,
            )
        trainable = trainable_or_default(trainable, synchronization) and self.trainable
        is_new = _remember_variables() if regularizer else None
        self._set_scope()
        with variable_scope(
            self._scope, reuse=self.built or self._reuse, auxiliary_name_scope=False
        ) as scope:
            self._current_scope = scope
            with name_scope(self._name_scope()):
                variable = super().add_weight(
                    name,
                    shape,
                    dtypes.as_dtype(dtype or self.dtype or dtypes.float32),
                    scope.initializer if initializer is None else initializer,
                    None,
                    trainable,
                    constraint,
                    partitioner,
                    use_resource or self._use_resource_variables or scope.use_resource,
                    synchronization,
                    aggregation,
                    getter=get_variable,
                )
                if is_new is not None and is_new(variable):
                    self._regularize_weight(name, variable, regularizer)
                if trainable:
                    self._check_trainable(variable)
        return variable

    def _check_trainable(self, variable: Any) -> None:
        """Counts a variable as its maker did, if it is reused and was not trainable."""
        if defaults.state.eager:
            return
        graph = defaults.get_default_graph()
        trainable = graph.get_collection_ref(GraphKeys.TRAINABLE_VARIABLES)
        # The last one is nearly always it.
        if not any(one is variable for one in reversed(trainable)):
            self._trainable_weights.pop()
            self._non_trainable_weights.append(variable)

    # -- being called --------------------------------------------------------------

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Makes the variables at the first call, and adds the operations.

        Args:
            inputs: one tensor or several.
            args: what `call` takes.
            kwargs: as well; and `scope`, the scope to open first.
        """
        scope = kwargs.pop("scope", None)
        if self._keras_style:
            self._refuse_scope_argument(scope)
            return super().__call__(inputs, *args, **kwargs)
        self._set_scope(scope)
        if not self.built:
            manager = variable_scope(
                self._scope, reuse=self._reuse, auxiliary_name_scope=False
            )
        else:
            if self._reusing_scope is None:
                self._reusing_scope = variable_scope(
                    self._scope, reuse=True, auxiliary_name_scope=False
                )
            manager = self._reusing_scope
        with manager as current:
            self._current_scope = current
            if "scope" in signature_of(self.call).names:
                kwargs["scope"] = current
            outputs = super().__call__(inputs, *args, **kwargs)
        if not defaults.state.eager:
            _collect(self.updates, GraphKeys.UPDATE_OPS)
        return outputs

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        """TF 1.15: a copy keeps the scope, so that its variables can be shared."""
        result = type(self).__new__(type(self))
        memo[id(self)] = result
        for key, value in vars(self).items():
            if key in ("_scope", "_reusing_scope"):
                copied = copy.copy(value)
            elif any(isinstance(item, Tensor) for item in nest.flatten(value)):
                copied = value
            else:
                copied = copy.deepcopy(value, memo)
            setattr(result, key, copied)
        return result


def _remember_variables() -> Callable[[Any], bool]:
    """Whether a variable, or no part of it, was there before now."""
    if defaults.state.eager:
        return lambda _: True
    graph = defaults.get_default_graph()
    before = set(map(id, graph.get_collection_ref(GraphKeys.GLOBAL_VARIABLES)))

    def is_new(variable: Any) -> bool:
        parts = variable if isinstance(variable, PartitionedVariable) else [variable]
        return all(id(part) not in before for part in parts)

    return is_new


def _collect(elements: list[Any], name: str) -> None:
    """Adds to a collection what is not in it yet; makes the collection."""
    collection = defaults.get_default_graph().get_collection_ref(name)
    if elements:
        known = set(map(id, collection))
        collection.extend(element for element in elements if id(element) not in known)
