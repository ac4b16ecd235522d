"""The weights of a layer: how they are made, listed, read and given values.

Before layer.py. The layers among a layer's attributes have theirs, which are listed
after its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.initializers import GlorotUniform, Zeros
from scopetutor.engine.partitions import PartitionedVariable
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.training.trackable import attribute_was_set, attributes_of
from scopetutor.engine.variables import (
    Variable,
    VariableAggregation,
    VariableSynchronization,
)

from . import assignments, constraints, initializers, regularizers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Attributes of scopetutor's own, which TF 1.15 does not have or does not follow.
_HIDDEN = frozenset(
    {
        "_trainable_weights",
        "_non_trainable_weights",
        "_weight_names",
        "_layers",
        "_levels",
        "_made",
        "_dropout_masks",
        "_compiled",
        "_compile_arguments",
    }
)


class Weighted:
    """Something with weights, and with layers among its attributes.

    Attributes:
        name: of the layer.
        built: whether its weights are there.
        trainable: whether optimizers change its weights.
    """

    name: Any
    built: bool
    trainable: Any
    _dtype: str | None
    _weight_names: list[tuple[str, Any]]
    _trainable_weights: list[Any]
    _non_trainable_weights: list[Any]

    if TYPE_CHECKING:

        def add_loss(self, losses: Any, inputs: Any = None) -> None:
            """Adds to the layer's losses."""

    def add_weight(
        self,
        name: Any = None,
        shape: Any = None,
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        trainable: bool | None = None,
        constraint: Any = None,
        partitioner: Any = None,
        use_resource: Any = None,
        synchronization: Any = VariableSynchronization.AUTO,
        aggregation: Any = VariableAggregation.NONE,
        **kwargs: Any,
    ) -> Any:
        """Makes a weight.

        Args:
            name: of the variable, inside the layer's name scope.
            shape: of the variable; None: a scalar.
            dtype: of the variable; None: the layer's.
            initializer: an initializer or its name.
            regularizer: its value is added to the layer's losses.
            trainable: whether optimizers change it.
            constraint: what optimizers apply to it afterwards.
            partitioner: decides into how many parts it is divided.
            use_resource: whether it is a resource variable.
            synchronization: when its copies are made equal.
            aggregation: how its copies are made one.
            kwargs: `getter` makes the variable; `collections` has its collections.

        Raises:
            ValueError: there is no default initializer for the type.
        """
        for key in kwargs:
            if key not in ("getter", "collections", "experimental_autocast"):
                raise TypeError("Unknown keyword argument:", key)
        dtype = dtypes.as_dtype(dtype or self._dtype or "float32")
        if self._dtype is None:
            self._dtype = dtype.base_dtype.name
        trainable = trainable_or_default(trainable, synchronization)
        getter = kwargs.get("getter") or _make_variable
        initializer = initializers.get(initializer)
        variable = getter(
            name=name,
            shape=() if shape is None else shape,
            dtype=dtype,
            initializer=self._default_initializer(name, dtype)
            if initializer is None
            else initializer,
            trainable=trainable,
            constraint=constraints.get(constraint),
            partitioner=partitioner,
            use_resource=use_resource,
            collections=kwargs.get("collections"),
            synchronization=synchronization,
            aggregation=aggregation,
        )
        regularizer = regularizers.get(regularizer)
        if regularizer is not None:
            inside = variable.name.partition(":")[0]
            self._regularize_weight(inside, variable, regularizer)
        assignments.track(variable)
        if name is not None:
            self._weight_names.append((name, variable))
            attribute_was_set(self, name, variable)
        kept = self._trainable_weights if trainable else self._non_trainable_weights
        kept.append(variable)
        return variable

    def __setattr__(self, name: str, value: Any) -> None:
        """TF 1.15: keras's session initializes variables that are attributes, too."""
        if isinstance(value, Variable):
            assignments.track(value)
        super().__setattr__(name, value)
        if "_deferred_restorations" in self.__dict__:
            attribute_was_set(self, name, value)

    def _checkpoint_dependencies(self) -> list[tuple[str, Any]]:
        """What a checkpoint follows: weights, and attributes that hold some."""
        names = {id(variable): name for name, variable in self._weight_names}
        found: dict[str, Any] = {}
        for name, value in attributes_of(self, _HIDDEN):
            found.setdefault(names.pop(id(value), name), value)
            found.setdefault(name, value)
        for name, variable in self._weight_names:
            found.setdefault(name, variable)
        return list(found.items())

    def _default_initializer(self, name: Any, dtype: dtypes.DType) -> Any:
        if dtype.is_floating:
            return GlorotUniform()
        if dtype.is_integer or dtype.is_bool:
            return Zeros()
        raise ValueError(
            f"An initializer for variable {name} of type {dtype.base_dtype} is "
            f"required for layer {self.name}"
        )

    def _regularize_weight(self, name: str, variable: Any, regularizer: Any) -> None:
        def loss_of(part: Any) -> Callable[[], Any]:
            def loss() -> Any:
                with name_scope(f"{name}/Regularizer"):
                    return regularizer(part)

            return loss

        parts = variable if isinstance(variable, PartitionedVariable) else [variable]
        for part in parts:
            self.add_loss(loss_of(part))

    def _nested_layers(self) -> list[Any]:
        """The layers among its attributes, in lists and dictionaries too."""
        found: dict[int, Any] = {}
        for value in list(vars(self).values()):
            for layer in _layers_in(value):
                found.setdefault(id(layer), layer)
        return list(found.values())

    def _own_variables(self, trainable: bool) -> list[Any]:
        """Its weights, then the variables among its attributes."""
        made = self._trainable_weights if trainable else self._non_trainable_weights
        known = {id(v) for v in self._trainable_weights + self._non_trainable_weights}
        others = []
        for value in vars(self).values():
            if isinstance(value, Variable) and id(value) not in known:
                known.add(id(value))
                if value.trainable is trainable:
                    others.append(value)
        return made + others

    def _of_nested(self, attribute: str) -> list[Any]:
        nested = self._nested_layers()
        return [item for layer in nested for item in getattr(layer, attribute)]

    @property
    def trainable_weights(self) -> list[Any]:
        """The weights that optimizers change; none if it is not trainable."""
        if not self.trainable:
            return []
        return self._own_variables(True) + self._of_nested("trainable_weights")

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The weights that optimizers leave alone."""
        if self.trainable:
            return self._own_variables(False) + self._of_nested("non_trainable_weights")
        own = self._own_variables(True) + self._own_variables(False)
        return own + self._of_nested("weights")

    @property
    def weights(self) -> list[Any]:
        """All its weights, the trainable ones first."""
        return self.trainable_weights + self.non_trainable_weights

    @property
    def variables(self) -> list[Any]:
        """All its weights."""
        return self.weights

    @property
    def trainable_variables(self) -> list[Any]:
        """The weights that optimizers change."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Any]:
        """The weights that optimizers leave alone."""
        return self.non_trainable_weights

    def count_params(self) -> int:
        """How many numbers its weights have.

        Raises:
            ValueError: it has no weights yet.
        """
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on {self.name}, but the layer isn't "
                f"built. You can build it manually via: `{self.name}"
                ".build(batch_input_shape)`."
            )
        return sum(w.shape.num_elements() for w in self.weights)

    def get_weights(self) -> list[Any]:
        """The weights' values, in the default session."""
        if defaults.state.eager:
            return [weight.numpy() for weight in self.weights]
        return assignments.values_of(self.weights) if self.weights else []

    def set_weights(self, weights: Any) -> None:
        """Gives the weights values, in the default session."""
        if len(self.weights) != len(weights):
            raise ValueError(
                f'You called `set_weights(weights)` on layer "{self.name}" with a  '
                f"weight list of length {len(weights)}, but the layer was expecting "
                f"{len(self.weights)} weights. Provided weights: {str(weights)[:50]}..."
            )
        for weight, value in zip(self.weights, weights, strict=True):
            if not weight.shape.is_compatible_with(value.shape):
                raise ValueError(
                    f"Layer weight shape {weight.shape} not compatible with provided "
                    f"weight shape {value.shape}"
                )
        for weight, value in zip(self.weights, weights, strict=True):
            if defaults.state.eager:
                weight.assign(value)
        if not defaults.state.eager and self.weights:
            assignments.assign(zip(self.weights, weights, strict=True))


def trainable_or_default(trainable: bool | None, synchronization: Any) -> bool:
    """Whether a weight is trainable if nobody says.

    Raises:
        ValueError: it should be trained and be synchronized when it is read.
    """
    if synchronization is VariableSynchronization.ON_READ:
        if trainable:
            raise ValueError(
                "Synchronization value can be set to VariableSynchronization.ON_READ "
                "only for non-trainable variables. You have specified trainable=True "
                "and synchronization=VariableSynchronization.ON_READ."
            )
        return False
    return True if trainable is None else trainable


def _make_variable(
    name: Any,
    shape: Any,
    dtype: Any,
    initializer: Any,
    use_resource: Any = None,
    partitioner: Any = None,
    **settings: Any,
) -> Any:
    """A variable as keras makes it: a resource variable, named by name scopes."""
    if isinstance(initializer, type):
        initializer = initializer()
    return Variable(
        initial_value=lambda: initializer(shape, dtype=dtype),
        name=name,
        dtype=dtype.base_dtype,
        use_resource=True if use_resource is None else use_resource,
        **settings,
    )


def _layers_in(value: Any) -> Iterator[Any]:
    if isinstance(value, Weighted):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _layers_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _layers_in(item)
