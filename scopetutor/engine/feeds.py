"""What is fed to a session: which tensors a feed stands for, and their arrays.

Before fetches, which takes its table of conversions, and session. TF 1.15: a feed may
be a tensor, its name, or what stands for several tensors, such as a SparseTensor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .op_errors import InternalError
from .operation import Tensor
from .shapes import are_compatible
from .sparse import IndexedSlices, SparseTensor
from .state import Cell, Container

if TYPE_CHECKING:
    from collections.abc import Callable


# (type, fetch, feed and partial feed function); who came last is asked first.
conversions: list[tuple[type, Any, Any, Any]] = []


def register_session_run_conversion_functions(
    tensor_type: type,
    fetch_function: Callable[[Any], Any],
    feed_function: Callable[[Any, Any], Any] | None = None,
    feed_function_for_partial_run: Callable[[Any], Any] | None = None,
) -> None:
    """Says what stands for objects of a type when they are fetched or fed.

    Args:
        tensor_type: the type.
        fetch_function: (object) -> (fetches, what makes the result of their values).
        feed_function: (object, value) -> pairs of what is fed and its value.
        feed_function_for_partial_run: (object) -> what may be fed.

    Raises:
        ValueError: a type was registered that is one of these.
    """
    if any(issubclass(known, tensor_type) for known, *_ in conversions):
        raise ValueError(f"{tensor_type} has already been registered so ignore it.")
    functions = fetch_function, feed_function, feed_function_for_partial_run
    conversions.insert(0, (tensor_type, *functions))


def feed_parts(feed: Any) -> list[Any]:
    """What may be fed for a feed of a partial run."""
    for kind, _, _, parts in conversions:
        if isinstance(feed, kind) and parts is not None:
            return list(parts(feed))
    return [part for part, _ in feed_items(feed, (None,) * 3)]


def feed_items(feed: Any, value: Any) -> list[tuple[Any, Any]]:
    """What is fed for a feed and its value: tensors or their names, with values."""
    for kind, _, convert, _ in conversions:
        if isinstance(feed, kind) and convert is not None:
            return list(convert(feed, value))
    if isinstance(feed, SparseTensor):
        return list(
            zip((feed.indices, feed.values, feed.dense_shape), value, strict=False)
        )
    if isinstance(feed, IndexedSlices):
        parts = (feed.values, feed.indices, feed.dense_shape)
        return list(zip((p for p in parts if p is not None), value, strict=False))
    return [(feed, value)]


def fed_array(tensor: Tensor, value: Any, feed: Any, whole: Any) -> Any:
    """The value for a fed tensor, checked.

    Raises:
        TypeError: it is a tensor itself, or no number of the tensor's type.
        ValueError: its shape does not fit, or the tensor may not be fed.
    """
    if isinstance(value, Tensor):
        raise TypeError(
            "The value of a feed cannot be a tf.Tensor object. Acceptable feed values "
            "include Python scalars, strings, lists, numpy ndarrays, or TensorHandles. "
            f"For reference, the tensor object was {whole} which was passed to the "
            f"feed with key {feed}."
        )
    kind = tensor.dtype.as_numpy_dtype
    if type(value) in (int, bool):
        _check_number(value, kind)
    array = _as_array(value, kind)
    dims = tensor._dims
    if dims is not None and not are_compatible(dims, array.shape):
        raise ValueError(
            f"Cannot feed value of shape {array.shape!r} for Tensor {tensor.name!r}, "
            f"which has shape {str(tensor.shape)!r}"
        )
    if not tensor.graph.is_feedable(tensor):
        raise ValueError(f"Tensor {tensor} may not be fed.")
    return array


def _check_number(value: Any, kind: Any) -> None:
    try:
        same = kind is not object and kind(value) == value
    except OverflowError:
        same = False
    if not same:
        raise TypeError(
            f"Type of feed value {value} with type {type(value)} is not compatible "
            f"with Tensor type {kind}. Try explicitly setting the type of the feed "
            "tensor to a larger type (e.g. int64)."
        )


def _as_array(value: Any, kind: Any) -> Any:
    try:
        array = np.asarray(value, dtype=kind)
    except ValueError as error:
        if "inhomogeneous" in str(error):
            raise ValueError("setting an array element with a sequence.") from None
        raise
    if kind is object:
        return array.reshape(np.shape(value))
    return array


def for_kernels(tensor: Tensor, array: Any) -> Any:
    """A fed value as operations take it."""
    if array.dtype.kind == "O":
        texts = np.empty(array.shape, dtype=object)
        for place in np.ndindex(array.shape):
            texts[place] = _as_bytes(array[place])
        array = texts
    if not tensor._dtype._is_ref_dtype:
        return array
    # In the place of a variable, it is read like one; nothing can write to it.
    cell = Cell(tensor._op._name, array.shape, Container())
    cell.value = array
    return cell


def _as_bytes(item: Any) -> bytes:
    if isinstance(item, str):
        return item.encode("utf-8")
    if not isinstance(item, bytes):
        plain = item.item() if isinstance(item, np.generic) else item
        kind = type(plain).__name__
        raise InternalError(None, None, f"Unsupported object type {kind}")
    return item
