"""Tensors as messages: parts of `tensorflow.python.framework.tensor_util`.

After ``graph_def.py``, which has the messages of constants. `tf.make_tensor_proto` and
`tf.make_ndarray` are here too, which clients of TensorFlow Serving need.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import constants, graph_def
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.dtypes import int32
from scopetutor.engine.shapes import TensorShape
from scopetutor.formats import protos


def make_tensor_proto(
    values: Any,
    dtype: Any = None,
    shape: Any = None,
    verify_shape: bool = False,
    allow_broadcast: bool = False,
) -> Any:
    """The message of a value, as a constant's.

    Args:
        values: a number, text, nested lists of them, an array or a message.
        dtype: of the tensor; None: what the values say.
        shape: of the tensor; the last value fills what is missing.
        verify_shape: whether the values must have exactly this shape.
        allow_broadcast: whether a single value may stand for all.
    """
    if allow_broadcast and verify_shape:
        raise ValueError("allow_broadcast and verify_shape are not both allowed.")
    if isinstance(values, protos.TensorProto):
        return values
    found, _ = constants.literal(values, dtype, shape, verify_shape, allow_broadcast)
    return graph_def.literal_proto(found)


def make_ndarray(tensor: Any) -> Any:
    """The value of a message, as an array of its own."""
    return graph_def.array_of(tensor)[0].copy()


def ShapeEquals(tensor_proto: Any, shape: Any) -> bool:
    """Whether a message has a shape: another message, or a list of sizes."""
    if not isinstance(tensor_proto, protos.TensorProto):
        raise TypeError("tensor_proto is not a tensor_pb2.TensorProto object")
    if isinstance(shape, protos.TensorShapeProto):
        shape = [dim.size for dim in shape.dim]
    elif not isinstance(shape, (list, tuple)):
        raise TypeError("shape is not a list or tuple")
    return [dim.size for dim in tensor_proto.tensor_shape.dim] == list(shape)


def TensorShapeProtoToList(shape: Any) -> list[int]:
    """The sizes of a shape's message."""
    return [dim.size for dim in shape.dim]


def shape_tensor(shape: Any) -> Any:
    """A shape as a tensor; an empty one is of int32."""
    if isinstance(shape, (tuple, list)) and not shape:
        return convert_to_tensor(shape, dtype=int32, name="shape")
    return convert_to_tensor(shape, name="shape")


def maybe_set_static_shape(tensor: Any, shape: Any) -> None:
    """Says of a tensor what is known of its shape from a tensor."""
    in_graph = not hasattr(tensor, "_value") and hasattr(shape, "op")
    if in_graph and not tensor.shape.is_fully_defined():
        tensor.set_shape(constants.shape_of_value(shape))


def constant_value_as_shape(tensor: Any) -> TensorShape:
    """What is known, before the graph runs, of the shape that a tensor describes."""
    tensor = convert_to_tensor(tensor)
    if hasattr(tensor, "_value"):
        return TensorShape([None if size == -1 else size for size in tensor.numpy()])
    return TensorShape(constants.shape_of_value(tensor))
