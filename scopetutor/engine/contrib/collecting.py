"""What layers of contrib ask again and again: collections, known conditions, sizes.

Before `layers`, and `tf.contrib.slim.utils` as it stands. TF 1.15: its `smart_cond`
takes any value for a flag; the layers of `tf.layers` have a stricter one
(``smart_cond.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.static import static_value
from scopetutor.engine.partitions import PartitionedVariable
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.variables import Variable

if TYPE_CHECKING:
    from collections.abc import Callable

# -- outputs -----------------------------------------------------------------------


def collect_named_outputs(collections: Any, alias: str, outputs: Any) -> Any:
    """The outputs, known by the layer's name in some collections, if there are any."""
    if collections:
        append_tensor_alias(outputs, alias)
        defaults.get_default_graph().add_to_collections(collections, outputs)
    return outputs


def append_tensor_alias(tensor: Any, alias: str) -> Any:
    """Gives a tensor one more name."""
    alias = alias.removesuffix("/")
    if hasattr(tensor, "aliases"):
        tensor.aliases.append(alias)
    else:
        tensor.aliases = [alias]
    return tensor


def get_tensor_aliases(tensor: Any) -> list[str]:
    """The names a tensor was given; if none, its own."""
    if hasattr(tensor, "aliases"):
        aliases: list[str] = tensor.aliases
        return aliases
    return [tensor.op.name if tensor.name.endswith(":0") else tensor.name]


def gather_tensors_aliases(tensors: Any) -> list[str]:
    """The names of several tensors."""
    return [alias for tensor in tensors for alias in get_tensor_aliases(tensor)]


def convert_collection_to_dict(
    collection: Any, clear_collection: bool = False
) -> dict[str, Any]:
    """The tensors of a collection by their names."""
    graph = defaults.get_default_graph()
    found = {
        alias: tensor
        for tensor in graph.get_collection(collection)
        for alias in get_tensor_aliases(tensor)
    }
    if clear_collection:
        graph.clear_collection(collection)
    return found


# -- variables ---------------------------------------------------------------------


def get_variable_collections(variables_collections: Any, name: str) -> Any:
    """The collections for one variable of a layer."""
    if isinstance(variables_collections, dict):
        return variables_collections.get(name)
    return variables_collections


def add_variable_to_collections(
    variable: Any, variables_collections: Any, name: str
) -> None:
    """Enters a variable, or its parts, in the collections it is not in yet."""
    graph = defaults.get_default_graph()
    parts = list(variable) if isinstance(variable, PartitionedVariable) else [variable]
    for collection in get_variable_collections(variables_collections, name) or []:
        for part in parts:
            if not any(one is part for one in graph.get_collection(collection)):
                graph.add_to_collection(collection, part)


# -- conditions --------------------------------------------------------------------


def constant_value(value_or_tensor_or_var: Any, dtype: Any = None) -> Any:
    """The value, if it is known before the graph runs; else None."""
    value = value_or_tensor_or_var
    if value is None:
        raise ValueError("value_or_tensor_or_var cannot be None")
    if not isinstance(value, (Tensor, Variable)):
        return value
    if dtype and value.dtype != dtype:
        raise ValueError(f"It has the wrong type {value.dtype} instead of {dtype}")
    return None if isinstance(value, Variable) else static_value(value)


def static_cond(pred: Any, fn1: Callable[[], Any], fn2: Callable[[], Any]) -> Any:
    """What one of two functions gives, now."""
    for name, function in (("fn1", fn1), ("fn2", fn2)):
        if not callable(function):
            raise TypeError(f"{name} must be callable.")
    return fn1() if pred else fn2()


def smart_cond(
    pred: Any,
    fn1: Callable[[], Any],
    fn2: Callable[[], Any],
    name: str | None = None,
) -> Any:
    """What one of two functions gives: at once if `pred` is known, else a cond."""
    known = constant_value(pred)
    if known is not None:
        return static_cond(known, fn1, fn2)
    return cond(pred, fn1, fn2)


# -- sizes -------------------------------------------------------------------------


def _dimension(shape: TensorShape, axis: int, min_rank: int) -> int:
    if shape.ndims is None:
        raise ValueError("dims of shape must be known but is None")
    if shape.ndims < min_rank:
        raise ValueError(
            f"rank of shape must be at least {min_rank} not: {shape.ndims}"
        )
    value: int | None = shape[axis].value
    if value is None:
        raise ValueError(
            f"dimension {axis} of shape must be known but is None: {shape}"
        )
    return value


def channel_dimension(shape: TensorShape, data_format: str, min_rank: int = 1) -> int:
    """How many channels there are."""
    return _dimension(shape, 1 if data_format == "channels_first" else -1, min_rank)


def last_dimension(shape: TensorShape, min_rank: int = 1) -> int:
    """The last size."""
    return _dimension(shape, -1, min_rank)


def n_positive_integers(n: Any, value: Any) -> tuple[int, ...]:
    """As many positive integers, from one number or a sequence of them.

    Raises:
        ValueError: n or a number is not a positive integer, or there are not n.
    """
    count = int(n)
    if count < 1 or count != n:
        raise ValueError("n must be a positive integer")
    try:
        value = int(value)
    except (TypeError, ValueError):
        pass
    else:
        value = (value,) * count
    refusal = f"Expected sequence of {count} positive integers, but received {value!r}"
    if len(value) != count:
        raise ValueError(refusal)
    try:
        values = tuple(int(x) for x in value)
    except (TypeError, ValueError):
        raise ValueError(refusal) from None
    for x in values:
        if x < 1:
            raise ValueError(f"expected positive integer, but received {x}")
    return values


def two_element_tuple(int_or_tuple: Any) -> tuple[Any, Any]:
    """Height and width, from one number or two."""
    if isinstance(int_or_tuple, (list, tuple)):
        if len(int_or_tuple) != 2:
            raise ValueError(f"Must be a list with 2 elements: {int_or_tuple}")
        return int(int_or_tuple[0]), int(int_or_tuple[1])
    if isinstance(int_or_tuple, int):
        return int_or_tuple, int_or_tuple
    if isinstance(int_or_tuple, TensorShape) and len(int_or_tuple) == 2:
        return int_or_tuple[0], int_or_tuple[1]
    raise ValueError(
        "Must be an int, a list with 2 elements or a TensorShape of length 2"
    )
