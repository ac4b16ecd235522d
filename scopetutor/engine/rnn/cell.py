"""`tf.nn.rnn_cell.RNNCell`: one step of a recurrent network.

A cell is a layer that is called on inputs and a state, and gives outputs and the next
state. The cells of TensorFlow itself make their variables as layers do; a cell that
somebody writes with `get_variable` in its `call` gets the variables of the scope where
it is called.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import constants, defaults, dtypes, nest, shapes
from scopetutor.engine.convert import convert_to_tensor, is_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.layers.base import Layer
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops import array
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.reshaping import expand_dims
from scopetutor.engine.ops.static import static_value
from scopetutor.engine.partitions import PartitionedVariable
from scopetutor.engine.scopes import get_variable_scope
from scopetutor.engine.surroundings import name_scope


def assert_like_rnncell(cell_name: str, cell: Any) -> None:
    """TypeError unless something can be used as a cell."""
    problems = {
        "'output_size' property is missing": hasattr(cell, "output_size"),
        "'state_size' property is missing": hasattr(cell, "state_size"),
        "either 'zero_state' or 'get_initial_state' method is required": hasattr(
            cell, "get_initial_state"
        )
        or hasattr(cell, "zero_state"),
        "is not callable": callable(cell),
    }
    found = [problem for problem, fine in problems.items() if not fine]
    if found:
        raise TypeError(
            f"The argument {cell_name!r} ({cell}) is not an RNNCell: "
            f"{', '.join(found)}."
        )


# -- sizes -------------------------------------------------------------------------


def _as_vector(sizes: Any, what: str) -> Any:
    """Sizes as a tensor of rank 1; None if they are not all known."""
    if isinstance(sizes, Tensor):
        if sizes.shape.ndims == 0:
            return expand_dims(sizes, 0)
        if sizes.shape.ndims != 1:
            raise ValueError(
                f"{what} tensor must be either a scalar or vector, but saw tensor: "
                f"{sizes}"
            )
        return sizes
    shape = shapes.as_shape(sizes)
    if not shape.is_fully_defined():
        return None
    return constants.constant(shape.as_list(), dtype=dtypes.int32)


def _known(sizes: Any) -> shapes.TensorShape:
    if isinstance(sizes, Tensor):
        return shapes.as_shape(static_value(sizes))
    return shapes.as_shape(sizes)


def joined_shape(prefix: Any, suffix: Any) -> Any:
    """A shape as a tensor, of its first sizes and the rest.

    Raises:
        ValueError: a size is neither known nor a tensor.
    """
    first = _as_vector(prefix, "prefix")
    rest = _as_vector(suffix, "suffix")
    if first is None or rest is None:
        raise ValueError(f"Provided a prefix or suffix of None: {prefix} and {suffix}")
    return concat((first, rest), 0)


def joined_static_shape(prefix: Any, suffix: Any) -> list[int | None] | None:
    """What is known of such a shape before the graph runs.

    TF 1.15 makes the same tensors here as it does for the shape itself.
    """
    _as_vector(prefix, "prefix")
    _as_vector(suffix, "suffix")
    shape = _known(prefix).concatenate(_known(suffix))
    return None if shape.ndims is None else shape.as_list()


def zero_state_tensors(state_size: Any, batch_size: Any, dtype: Any) -> Any:
    """Zeros of the sizes of a state, for a batch."""

    def zeros(size: Any) -> Any:
        tensor = array.zeros(joined_shape(batch_size, size), dtype=dtype)
        if not defaults.state.eager:
            tensor.set_shape(joined_static_shape(batch_size, size))
        return tensor

    return nest.map_structure(zeros, state_size)


# -- the cell ----------------------------------------------------------------------


class RNNCell(Layer):
    """One step of a recurrent network.

    Attributes:
        state_size: the sizes of the state, in its structure.
        output_size: the size of the outputs.
    """

    def __init__(
        self,
        trainable: bool = True,
        name: Any = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable=trainable, name=name, dtype=dtype, **kwargs)
        self._caller_scope: Any = None

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Runs the cell one step.

        Args:
            inputs: [batch, size].
            state: as `zero_state` gives it.
            scope: of the variables; None: the current one.

        Returns:
            The outputs and the next state.
        """
        if scope is not None:
            with variable_scope(scope, custom_getter=self._rnn_get_variable) as opened:
                return super().__call__(inputs, state, scope=opened)
        if self._caller_scope is None:
            self._caller_scope = variable_scope(
                get_variable_scope(), custom_getter=self._rnn_get_variable
            )
        with self._caller_scope:
            return super().__call__(inputs, state)

    def _rnn_get_variable(self, getter: Any, *args: Any, **kwargs: Any) -> Any:
        """A custom getter: remembers the variables that `call` gets."""
        variable = getter(*args, **kwargs)
        kept = (
            self._trainable_weights
            if _is_trainable(variable)
            else self._non_trainable_weights
        )
        if all(variable is not weight for weight in kept):
            kept.append(variable)
        return variable

    @property
    def state_size(self) -> Any:
        """The sizes of the state, in its structure."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self) -> Any:
        """The size of the outputs."""
        raise NotImplementedError("Abstract method")

    def build(self, _: Any) -> None:
        """Nothing: a cell of one's own gets its variables in `call`."""

    def get_initial_state(
        self, inputs: Any = None, batch_size: Any = None, dtype: Any = None
    ) -> Any:
        """Zeros for the first state, for a batch of inputs or of a size.

        Raises:
            ValueError: size or type are unknown, or not those of the inputs.
        """
        if inputs is not None:
            inputs = convert_to_tensor(inputs, name="inputs")
            _check_batch(inputs, batch_size, dtype)
            batch_size = inputs.shape[0].value or array.shape(inputs)[0]
            dtype = inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError(
                "batch_size and dtype cannot be None while constructing initial state: "
                f"batch_size={batch_size}, dtype={dtype}"
            )
        return self.zero_state(batch_size, dtype)

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Zeros for the first state."""
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]):
            return zero_state_tensors(self.state_size, batch_size, dtype)


def _is_trainable(variable: Any) -> bool:
    if defaults.state.eager:
        return bool(variable._trainable)
    first = variable
    if isinstance(variable, PartitionedVariable):
        first = next(iter(variable))
    graph = defaults.get_default_graph()
    trainable = graph.get_collection_ref(GraphKeys.TRAINABLE_VARIABLES)
    return any(one is first for one in reversed(trainable))


def _check_batch(inputs: Any, batch_size: Any, dtype: Any) -> None:
    if batch_size is not None:
        known = static_value(batch_size, True) if is_tensor(batch_size) else batch_size
        if inputs.shape[0].value != known:
            raise ValueError(
                "batch size from input tensor is different from the input param. Input "
                f"tensor batch: {inputs.shape[0].value}, batch_size: {batch_size}"
            )
    if dtype is not None and inputs.dtype != dtype:
        raise ValueError(
            "dtype from input tensor is different from the input param. Input tensor "
            f"dtype: {inputs.dtype}, dtype: {dtype}"
        )


class LayerRNNCell(RNNCell):
    """A cell whose variables are a layer's: made once, by `build`."""

    def __call__(
        self, inputs: Any, state: Any, scope: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        """Runs the cell one step."""
        return Layer.__call__(self, inputs, state, *args, scope=scope, **kwargs)


def check_dtype(dtype: Any) -> None:
    """ValueError unless a type is floating, complex or unknown."""
    if dtype is None:
        return
    dtype = dtypes.as_dtype(dtype)
    if not (dtype.is_floating or dtype.is_complex):
        raise ValueError(
            f"RNN cell only supports floating point inputs, but saw dtype: {dtype}"
        )


def check_dtypes(values: Any) -> None:
    """ValueError unless all tensors are floating or complex."""
    for value in nest.flatten(values):
        check_dtype(value.dtype)


def input_depth(inputs_shape: Any) -> int:
    """The last size of a cell's inputs.

    Raises:
        ValueError: it is not known.
    """
    depth: int | None = inputs_shape[-1].value
    if depth is None:
        raise ValueError(
            "Expected inputs.shape[-1] to be known, saw shape: "
            f"{tuple(inputs_shape.as_list())}"
        )
    return depth
