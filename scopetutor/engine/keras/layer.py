"""`tf.keras.layers.Layer`: something with weights that is called on tensors.

Its weights are made by `build` when it is first called, named after the layer's name
scope; every call adds the operations of `call`. The layers of `tf.layers` are the same
things with variables from `get_variable` (see ``engine/layers/base.py``).
"""

from __future__ import annotations

import inspect
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from scopetutor.engine import converted, defaults, deprecation, dtypes, nest
from scopetutor.engine.convert import convert_to_tensor, is_tensor
from scopetutor.engine.initializers import GlorotUniform, Zeros
from scopetutor.engine.op_errors import OperatorNotAllowedInGraphError
from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.partitions import PartitionedVariable
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.training.trackable import attribute_was_set, attributes_of
from scopetutor.engine.variables import (
    Variable,
    VariableAggregation,
    VariableSynchronization,
)

from . import assignments, constraints, initializers, nodes, regularizers
from .input_spec import InputSpec, assert_input_compatibility
from .names import to_snake_case, unique_object_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MODULE = "tensorflow.python.keras.engine.base_layer"


class _CallSignature(NamedTuple):
    """What a layer's `call` can be told.

    Attributes:
        names: of its arguments, without self.
        training, mask: whether it takes this argument.
    """

    names: tuple[str, ...]
    training: bool
    mask: bool


_signatures: dict[Any, _CallSignature] = {}


def _signature_of(call: Any) -> _CallSignature:
    function = getattr(call, "__func__", call)
    found = _signatures.get(function)
    if found is None:
        spec = inspect.getfullargspec(function)
        names = tuple(spec.args)
        if names[:1] == ("self",):
            names = names[1:]
        any_name = spec.varkw is not None
        found = _signatures[function] = _CallSignature(
            names, any_name or "training" in names, any_name or "mask" in names
        )
    return found


class _Calls(threading.local):
    """The layers that are being called in this thread, innermost last."""

    def __init__(self) -> None:
        self.stack: list[tuple[Any, Any, Any]] = []

    @property
    def inputs(self) -> Any:
        """The inputs of the innermost call, or None."""
        return self.stack[-1][1] if self.stack else None

    @property
    def training(self) -> Any:
        """What the innermost call was told of training, or None."""
        return self.stack[-1][2] if self.stack else None


_calls = _Calls()


def is_in_call() -> bool:
    """Whether a layer is being called."""
    return bool(_calls.stack)


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
_ALLOWED = frozenset(
    {
        "input_shape",
        "batch_input_shape",
        "batch_size",
        "weights",
        "activity_regularizer",
        "autocast",
    }
)


def _is_keras_own(kind: type) -> bool:
    """Whether a class is one of keras; TF 1.15 rewrites `call` of all others."""
    return any(
        part in kind.__module__
        for part in ("keras.engine", "keras.layers", "scopetutor.engine.keras.")
    )


class Layer(nodes.Connected):
    """Something with weights that is called on tensors.

    Attributes:
        name: of the layer and of its name scope.
        built: whether its weights are there.
        dtype: the type of its weights by name; None until the first input decides.
        trainable: whether optimizers change its weights.
        input_spec: what it asks of its inputs, or None.
    """

    _compute_output_and_mask_jointly = False

    def __init__(
        self,
        trainable: bool = True,
        name: Any = None,
        dtype: Any = None,
        dynamic: bool = False,
        **kwargs: Any,
    ) -> None:
        for key in kwargs:
            if key not in _ALLOWED:
                raise TypeError("Keyword argument not understood:", key)
        self._trainable = trainable
        self.stateful = False
        self.built = False
        self._input_spec: Any = None
        self.supports_masking = False
        self._init_set_name(name)
        self._activity_regularizer: Any = kwargs.get("activity_regularizer")
        self._weight_names: list[tuple[str, Any]] = []
        self._trainable_weights: list[Any] = []
        self._non_trainable_weights: list[Any] = []
        self._updates: list[tuple[Any, Any]] = []
        self._losses: list[tuple[Any, bool]] = []
        self._callable_losses: list[tuple[Callable[[], Any], bool]] = []
        self._set_dtype(dtype)
        self._dynamic = dynamic
        self._initial_weights = kwargs.get("weights")
        shape = kwargs.get("batch_input_shape")
        if shape is None and "input_shape" in kwargs:
            shape = (kwargs.get("batch_size"), *kwargs["input_shape"])
        if shape is not None:
            self._batch_input_shape = tuple(shape)

    def _set_dtype(self, dtype: Any) -> None:
        # TF 1.15: a layer that is given no type takes that of its first input.
        self._dtype = dtypes.as_dtype(dtype).name if dtype else None

    def _init_set_name(self, name: Any) -> None:
        if not name:
            own = to_snake_case(type(self).__name__)
            name = unique_object_name(own, zero_based=True)
        self._name: str = name

    # -- what a subclass says ------------------------------------------------------

    def build(self, input_shape: Any) -> None:
        """Makes the weights; a subclass calls `add_weight` here."""
        self.built = True

    if TYPE_CHECKING:
        call: Callable[..., Any]  # so that a subclass may take what it likes
    else:

        def call(self, inputs, **_kwargs):
            """Adds the operations; a subclass says which."""
            return inputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the outputs for a shape of inputs."""
        raise NotImplementedError

    # -- what it knows of itself ---------------------------------------------------

    @property
    def name(self) -> str:
        """The layer's name."""
        return self._name

    @property
    def dtype(self) -> str | None:
        """The type of its weights, by name."""
        return self._dtype

    @property
    def dynamic(self) -> bool:
        """Whether it may only run eagerly."""
        return self._dynamic

    @property
    def trainable(self) -> bool:
        """Whether optimizers change its weights."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = value
        for layer in self._nested_layers():
            layer.trainable = value

    @property
    def activity_regularizer(self) -> Any:
        """What is added to the loss for its outputs, or None."""
        return self._activity_regularizer

    @activity_regularizer.setter
    def activity_regularizer(self, regularizer: Any) -> None:
        self._activity_regularizer = regularizer

    @property
    def input_spec(self) -> Any:
        """What it asks of its inputs, or None."""
        return self._input_spec

    @input_spec.setter
    def input_spec(self, value: Any) -> None:
        for spec in nest.flatten(value):
            if spec is not None and not isinstance(spec, InputSpec):
                raise TypeError(
                    f"Layer input_spec must be an instance of InputSpec. Got: {spec}"
                )
        self._input_spec = value

    # -- weights -------------------------------------------------------------------

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

    # -- losses and updates --------------------------------------------------------

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Adds tensors, or functions that make them, to the layer's losses.

        Args:
            losses: one or several.
            inputs: what they depend on; None: on the weights only.
        """
        always = inputs is None
        for loss in nest.flatten(losses):
            if callable(loss) and not is_tensor(loss):
                self._callable_losses.append((loss, always))
            elif loss is not None:
                tensor = loss if is_tensor(loss) else _to_float(loss)
                self._losses.append((tensor, always))

    def _all_losses(self) -> Iterator[tuple[Any, bool]]:
        """Its losses and those of the layers in it: whether they need no input."""
        yield from self._losses
        for make, always in self._callable_losses:
            loss = make()
            if loss is not None:
                yield (loss if is_tensor(loss) else _to_float(loss)), always
        for layer in self._nested_layers():
            yield from layer._all_losses()

    @property
    def losses(self) -> list[Any]:
        """The losses; TF 1.15: those of regularizers are made anew each time."""
        return [loss for loss, _ in self._all_losses()]

    def add_update(self, updates: Any, inputs: Any = None) -> None:
        """Adds operations, or functions that make them, that training must run."""
        if inputs is not None:
            deprecation.warn_argument(
                "Layer.add_update",
                _MODULE,
                "inputs",
                "`inputs` is now automatically inferred",
            )
        given = list(updates) if isinstance(updates, (list, tuple)) else [updates]
        for update in given:
            made = update
            if callable(update) and not isinstance(update, (Tensor, Variable)):
                made = update()
            if defaults.state.eager:
                continue
            if not isinstance(made, Operation):
                made = made.op if hasattr(made, "op") else convert_to_tensor(made)
            self._updates.append((made, _calls.inputs))

    @property
    def updates(self) -> list[Any]:
        """The operations that training must run; none if it is not trainable."""
        if not self.trainable and not self.stateful:
            return []
        return [update for update, _ in self._updates] + self._of_nested("updates")

    def get_updates_for(self, inputs: Any) -> list[Any]:
        """The updates that depend on some inputs; None: on no input."""
        if inputs is None:
            return [
                update
                for update, given in self._updates
                if update not in _reachable(given, self.updates)
            ]
        reachable = _reachable(inputs, self.updates)
        return [update for update in self.updates if update in reachable]

    def get_losses_for(self, inputs: Any) -> list[Any]:
        """The losses that depend on some inputs; None: on the weights only."""
        found = list(self._all_losses())
        if inputs is None:
            return [loss for loss, always in found if always]
        depending = [loss for loss, always in found if not always]
        reachable = _reachable(inputs, depending)
        return [loss for loss in depending if loss in reachable]

    # -- being called --------------------------------------------------------------

    def _name_scope(self) -> Any:
        return self.name

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Makes the weights if they are not there yet, and adds the operations.

        Raises:
            ValueError: the inputs are not what the layer asks for.
            TypeError: `call` decides something by a tensor's value.
        """
        inputs = nest.map_structure(_as_tensor, inputs)
        signature = _signature_of(self.call)
        said = tuple(kwargs)
        training = self._training_argument(signature, args, kwargs)
        mask = self._mask_argument(signature, inputs, args, kwargs)
        symbolic = not defaults.state.eager
        if symbolic and nodes.in_use() and not _calls.stack:
            _complete_history(inputs)
        _calls.stack.append((self, inputs, training))
        try:
            if symbolic:
                assert_input_compatibility(self._input_spec, inputs, self.name)
            with name_scope(self._name_scope()):
                self._maybe_build(inputs)
                outputs = self._checked_call(inputs, args, kwargs)
                if symbolic and nodes.in_use() and nodes.complete(inputs):
                    given = dict(zip(signature.names[1:], args, strict=False))
                    given.update({k: kwargs[k] for k in said if k in kwargs})
                    outputs = self._remember_call(inputs, outputs, given)
                if self._activity_regularizer:
                    self._regularize_activity(inputs, outputs)
                if mask is not None or type(self).compute_mask is not _no_mask:
                    self._set_masks(inputs, outputs, mask)
        finally:
            _calls.stack.pop()
        return outputs

    def _training_argument(
        self, signature: _CallSignature, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """What this call is told of training: by its caller, or the layer around."""
        given = dict(zip(signature.names[1:], args, strict=False))
        if "training" in kwargs or "training" in given:
            value = kwargs.get("training", given.get("training"))
            if not signature.training:
                kwargs.pop("training", None)
            return value
        value = _calls.training
        if value is not None and signature.training:
            value = math.cast(value, "bool") if is_tensor(value) else bool(value)
            kwargs["training"] = value
        return value

    def _mask_argument(
        self,
        signature: _CallSignature,
        inputs: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        given = dict(zip(signature.names[1:], args, strict=False))
        if "mask" in kwargs or "mask" in given:
            return kwargs.get("mask", given.get("mask"))
        masks = [getattr(x, "_keras_mask", None) for x in nest.flatten(inputs)]
        if all(mask is None for mask in masks):
            return None
        found = nest.pack_sequence_as(inputs, masks)
        if signature.mask:
            kwargs["mask"] = found
        return found

    def _checked_call(
        self, inputs: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        try:
            if defaults.state.eager or _is_keras_own(type(self)):
                outputs = self.call(inputs, *args, **kwargs)
            else:
                outputs = converted.called(self.call, (inputs, *args), kwargs)
        except OperatorNotAllowedInGraphError as error:
            raise TypeError(
                "You are attempting to use Python control flow in a layer that was not "
                "declared to be dynamic. Pass `dynamic=True` to the class constructor."
                f'\nEncountered error:\n"""\n{error}\n"""'
            ) from None
        if outputs is None and not defaults.state.eager:
            raise ValueError(
                "A layer's `call` method should return a Tensor or a list of Tensors, "
                f"not None (layer: {self.name})."
            )
        return outputs

    def _maybe_build(self, inputs: Any) -> None:
        if not self.built:
            assert_input_compatibility(self._input_spec, inputs, self.name)
            flat = nest.flatten(inputs)
            if flat and self._dtype is None and hasattr(flat[0], "dtype"):
                self._dtype = dtypes.as_dtype(flat[0].dtype).base_dtype.name
            shapes = None
            if all(hasattr(value, "shape") for value in flat):
                shapes = nest.map_structure(lambda value: value.shape, inputs)
            self.build(shapes)
            self.built = True
        if self._initial_weights is not None:
            self.set_weights(self._initial_weights)
            self._initial_weights = None

    def _remember_call(
        self, inputs: Any, outputs: Any, arguments: dict[str, Any]
    ) -> Any:
        """Keeps a node; TF 1.15: an output that is an input is copied first."""
        known = {id(tensor) for tensor in nest.flatten(inputs)}

        def own(tensor: Any) -> Any:
            if id(tensor) not in known:
                return tensor
            with name_scope(self.name):
                return array.identity(tensor)

        outputs = nest.map_structure(own, outputs)
        nodes.record(self, inputs, outputs, arguments)
        return outputs

    def _regularize_activity(self, inputs: Any, outputs: Any) -> None:
        with name_scope("ActivityRegularizer"):
            for output in nest.flatten(outputs):
                loss = self._activity_regularizer(output)
                batch_size = math.cast(array.shape(output)[0], loss.dtype)
                self.add_loss(loss / batch_size, inputs=inputs)

    def _set_masks(self, inputs: Any, outputs: Any, mask: Any) -> None:
        """Hands the inputs' masks on to the outputs, if the layer knows masks."""
        flat = nest.flatten(outputs)
        if self._compute_output_and_mask_jointly or all(
            getattr(one, "_keras_mask", None) is not None for one in flat
        ):
            return
        if not self.supports_masking and type(self).compute_mask is _no_mask:
            return
        masks = self.compute_mask(inputs, mask)
        if masks is not None:
            for output, one in zip(flat, nest.flatten(masks), strict=False):
                output._keras_mask = one

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """The mask of the outputs.

        Raises:
            TypeError: the inputs have masks and the layer does not know them.
        """
        if self.supports_masking:
            return mask
        if any(one is not None for one in nest.flatten(mask)):
            raise TypeError(
                f"Layer {self.name} does not support masking, but was passed an "
                f"input_mask: {mask}"
            )
        return None

    @deprecation.deprecated(
        "Layer.apply", _MODULE, "Please use `layer.__call__` method instead."
    )
    def apply(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Calls the layer."""
        return self(inputs, *args, **kwargs)

    @deprecation.deprecated(
        "Layer.add_variable", _MODULE, "Please use `layer.add_weight` method instead."
    )
    def add_variable(self, *args: Any, **kwargs: Any) -> Any:
        """Makes a weight."""
        return self.add_weight(*args, **kwargs)

    # -- making another one like it ------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        config: dict[str, Any] = {"name": self.name, "trainable": self.trainable}
        if hasattr(self, "_batch_input_shape"):
            config["batch_input_shape"] = self._batch_input_shape
        config["dtype"] = self.dtype
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """A layer of what `get_config` gave."""
        return cls(**config)


_no_mask = Layer.compute_mask


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
    if isinstance(value, Layer):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _layers_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _layers_in(item)


def _complete_history(inputs: Any) -> None:
    """Makes layers of operations that are none, between inputs of models and this."""
    if nodes.complete(inputs):
        return
    from . import op_layers  # noqa: PLC0415 - a cycle

    tensors = [one for one in nest.flatten(inputs) if isinstance(one, Tensor)]
    if any(op_layers.comes_from_input(one) for one in tensors):
        op_layers.complete_history(tensors)


def _as_tensor(value: Any) -> Any:
    """TF 1.15: arrays and numbers become tensors; everything else stays."""
    return (
        convert_to_tensor(value)
        if isinstance(value, (np.ndarray, float, int))
        else value
    )


def _to_float(value: Any) -> Any:
    return convert_to_tensor(value, dtype=dtypes.float32)


def _reachable(inputs: Any, targets: list[Any]) -> set[Any]:
    """The operations and tensors that depend on some tensors."""
    found: set[Any] = set()
    todo = [value for value in nest.flatten(inputs) if is_tensor(value)]
    wanted = set(targets)
    while todo and not wanted <= found:
        for op in getattr(todo.pop(), "consumers", list)():
            if op not in found:
                found.add(op)
                found.update(op.outputs)
                todo.extend(op.outputs)
    return found
