"""`tf.keras.layers.Layer`: something with weights that is called on tensors.

Its weights are made by `build` when it is first called, named after the layer's name
scope; every call adds the operations of `call`. The layers of `tf.layers` are the same
things with variables from `get_variable` (see ``engine/layers/base.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import defaults, deprecation, dtypes, nest
from scopetutor.engine.autograph import calls as autograph_calls
from scopetutor.engine.convert import convert_to_tensor, is_tensor
from scopetutor.engine.op_errors import OperatorNotAllowedInGraphError
from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.variables import Variable

from . import nodes
from .calls import CallSignature, calls, signature_of
from .input_spec import InputSpec, assert_input_compatibility
from .layer_weights import Weighted
from .names import to_snake_case, unique_object_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MODULE = "tensorflow.python.keras.engine.base_layer"
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


class Layer(Weighted, nodes.Connected):
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
            self._updates.append((made, calls.inputs))

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
        signature = signature_of(self.call)
        said = tuple(kwargs)
        training = self._training_argument(signature, args, kwargs)
        mask = self._mask_argument(signature, inputs, args, kwargs)
        symbolic = not defaults.state.eager
        if symbolic and nodes.in_use() and not calls.stack:
            _complete_history(inputs)
        calls.stack.append((self, inputs, training))
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
            calls.stack.pop()
        return outputs

    def _training_argument(
        self, signature: CallSignature, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """What this call is told of training: by its caller, or the layer around."""
        given = dict(zip(signature.names[1:], args, strict=False))
        if "training" in kwargs or "training" in given:
            value = kwargs.get("training", given.get("training"))
            if not signature.training:
                kwargs.pop("training", None)
            return value
        value = calls.training
        if value is not None and signature.training:
            value = math.cast(value, "bool") if is_tensor(value) else bool(value)
            kwargs["training"] = value
        return value

    def _mask_argument(
        self,
        signature: CallSignature,
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
                outputs = autograph_calls.call(self.call, (inputs, *args), kwargs)
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
    """The operations and tensors that depend on some tensors.

    TF 1.15: waiting for an operation is depending on it, too. What changes a variable
    that is a resource, as the averages of batch normalization do, has no output.
    """
    found: set[Any] = set()
    todo = [value for value in nest.flatten(inputs) if is_tensor(value)]
    wanted = set(targets)
    waiting: dict[Any, list[Any]] = {}  # what waits for an operation
    for op in todo[0].graph.get_operations() if todo else []:
        for before in op.control_inputs:
            waiting.setdefault(before, []).append(op)
    while todo and not wanted <= found:
        node = todo.pop()
        if isinstance(node, Operation):
            following = [*node.outputs, *waiting.get(node, ())]
        else:
            following = node.consumers() if hasattr(node, "consumers") else []
        todo.extend(after for after in following if after not in found)
        found.update(following)
    return found
