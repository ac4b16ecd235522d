"""`tf.keras.Input`: where a model begins.

After ``layer.py`` and ``nodes.py``: the placeholder it makes is where
``network_map.py`` stops when it walks back from a model's outputs.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.ops.array import placeholder, sparse_placeholder
from scopetutor.engine.shapes import TensorShape

from . import nodes
from .layer import Layer
from .names import unique_object_name


class InputLayer(Layer):
    """The layer that an input of a model is the output of.

    Args:
        input_shape: without the batch.
        batch_size: None: any.
        dtype: None: float32, or the tensor's.
        input_tensor: None: a placeholder is made.
        sparse: whether the placeholder is of sparse tensors.
        name: None: "input_1" and so on.
        ragged: ragged tensors are not in scopetutor.
        kwargs: `batch_input_shape` instead of shape and batch size.

    Raises:
        ValueError: the arguments do not fit together.
        NotImplementedError: in eager mode, or for ragged tensors.
    """

    def __init__(
        self,
        input_shape: Any = None,
        batch_size: Any = None,
        dtype: Any = None,
        input_tensor: Any = None,
        sparse: bool = False,
        name: Any = None,
        ragged: bool = False,
        **kwargs: Any,
    ) -> None:
        _refuse_what_is_not_here(ragged)
        if "batch_input_shape" in kwargs:
            batch_input_shape = kwargs.pop("batch_input_shape")
            if input_shape and batch_input_shape:
                raise ValueError(
                    "Only provide the input_shape OR batch_input_shape argument to "
                    "InputLayer, not both at the same time."
                )
            batch_size, *input_shape = batch_input_shape
        if kwargs:
            raise ValueError("Unrecognized keyword arguments:", kwargs.keys())
        dtype = _type_of(dtype, input_tensor)
        super().__init__(dtype=dtype, name=name or unique_object_name("input"))
        self.built = True
        self.sparse = sparse
        self.ragged = ragged
        self.batch_size = batch_size
        self.supports_masking = True
        self.is_placeholder = input_tensor is None
        if input_tensor is None:
            shape = _with_batch(batch_size, input_shape)
            self._batch_input_shape: Any = shape
            make = sparse_placeholder if sparse else placeholder
            input_tensor = make(dtype, shape=shape, name=self.name)
        else:
            self._batch_input_shape = tuple(input_tensor.shape.as_list())
        nodes.start()
        input_tensor._keras_history = nodes.KerasHistory(self, 0, 0)
        input_tensor._keras_mask = None
        nodes.Node(self, [input_tensor], [input_tensor], source=True)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            "batch_input_shape": self._batch_input_shape,
            "dtype": self.dtype,
            "sparse": self.sparse,
            "ragged": self.ragged,
            "name": self.name,
        }


def _refuse_what_is_not_here(ragged: bool) -> None:
    if ragged:
        raise NotImplementedError("There are no ragged tensors in scopetutor.")
    if defaults.state.eager:
        raise NotImplementedError(
            "scopetutor has `tf.keras.Input` in graphs only; in eager mode, call the "
            "layers or the model on tensors."
        )


def _type_of(dtype: Any, tensor: Any) -> Any:
    if not dtype:
        return "float32" if tensor is None else tensor.dtype.base_dtype.name
    if tensor is not None and tensor.dtype != dtypes.as_dtype(dtype):
        raise ValueError(
            f"`input_tensor.dtype` differs from `dtype`: {tensor.dtype} vs. {dtype}"
        )
    return dtype


def _with_batch(batch_size: Any, shape: Any) -> tuple[Any, ...] | None:
    if shape is None:
        return None
    if isinstance(shape, TensorShape):
        shape = shape.as_list()
    return (batch_size, *((shape,) if isinstance(shape, int) else shape))


def Input(  # noqa: N802 - TensorFlow's name
    shape: Any = None,
    batch_size: Any = None,
    name: Any = None,
    dtype: Any = None,
    sparse: bool = False,
    tensor: Any = None,
    ragged: bool = False,
    **kwargs: Any,
) -> Any:
    """A placeholder that models can begin with.

    Args:
        shape: without the batch.
        batch_size: None: any.
        name: of the placeholder and its layer; None: "input_1" and so on.
        dtype: None: float32.
        sparse: whether it is of sparse tensors.
        tensor: is made an input, and no placeholder is.
        ragged: ragged tensors are not in scopetutor.
        kwargs: `batch_shape` instead of shape and batch size.

    Raises:
        ValueError: the arguments do not fit together.
    """
    if sparse and ragged:
        raise ValueError("Cannot set both sparse and ragged to True in a Keras input.")
    other = kwargs.pop("batch_shape", None)
    batch_shape = kwargs.pop("batch_input_shape", other)
    if shape and batch_shape:
        raise ValueError(
            "Only provide the `shape` OR `batch_input_shape` argument to Input, not "
            "both at the same time."
        )
    if kwargs:
        raise ValueError("Unrecognized keyword arguments:", kwargs.keys())
    if shape is None and tensor is None and not batch_shape:
        raise ValueError(
            "Please provide to Input either a `shape` or a `tensor` argument. Note that"
            " `shape` does not include the batch dimension."
        )
    sizes: dict[str, Any] = {"batch_size": batch_size, "input_shape": shape}
    if batch_shape:
        sizes = {"batch_input_shape": batch_shape}
    layer = InputLayer(
        name=name,
        dtype=dtype,
        sparse=sparse,
        ragged=ragged,
        input_tensor=tensor,
        **sizes,
    )
    return layer.output
