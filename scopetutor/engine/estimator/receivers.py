"""What an exported model is fed: `tf.estimator.export.ServingInputReceiver`.

Programs give a function that makes one to `export_saved_model` (exporting.py); the
placeholders that others will feed are made in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scopetutor.engine import dtypes
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops.array import placeholder
from scopetutor.engine.parsing import parse_example
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.sparse import SparseTensor

if TYPE_CHECKING:
    from collections.abc import Callable

_ALONE = {"feature": "feature", "receiver_tensor": "input"}
_ALONE["receiver_tensors_alternative"] = _ALONE["receiver_tensor"]


class _Received(NamedTuple):
    features: Any
    receiver_tensors: Any
    receiver_tensors_alternatives: Any


class ServingInputReceiver(_Received):
    """The features of a model, and the tensors that are fed for them.

    Args:
        features: tensors by name, or one.
        receiver_tensors: what is fed, by name, or one.
        receiver_tensors_alternatives: what may be fed instead, by name.

    Raises:
        ValueError: something is missing or no tensor.
    """

    __slots__ = ()

    def __new__(
        cls,
        features: Any,
        receiver_tensors: Any,
        receiver_tensors_alternatives: Any = None,
    ) -> ServingInputReceiver:
        """Checks what is given."""
        features = _checked(features, "feature", (str, int))
        receiver_tensors = _checked(receiver_tensors, "receiver_tensor")
        others = receiver_tensors_alternatives
        if others is not None:
            if not isinstance(others, dict):
                raise ValueError(
                    f"receiver_tensors_alternatives must be a dict: {others}."
                )
            for name, tensors in others.items():
                others[name] = _checked(tensors, "receiver_tensors_alternative")
        return super().__new__(cls, features, receiver_tensors, others)


class TensorServingInputReceiver(_Received):
    """As `ServingInputReceiver`, for a model whose features are one tensor."""

    __slots__ = ()

    def __new__(
        cls,
        features: Any,
        receiver_tensors: Any,
        receiver_tensors_alternatives: Any = None,
    ) -> TensorServingInputReceiver:
        """Checks what is given."""
        if features is None:
            raise ValueError("features must be defined.")
        _check_tensor(features, None, "feature")
        whole = ServingInputReceiver(
            features, receiver_tensors, receiver_tensors_alternatives
        )
        return super().__new__(cls, features, *whole[1:])


def _checked(tensors: Any, field: str, keys: Any = str) -> dict[Any, Any]:
    if tensors is None:
        raise ValueError(f"{field}s must be defined.")
    if not isinstance(tensors, dict):
        tensors = {_ALONE[field]: tensors}
    for name, tensor in tensors.items():
        if not isinstance(name, keys):
            kinds = "strings" if keys is str else "strings or ints"
            raise ValueError(f"{field} keys must be {kinds}: {name}.")
        _check_tensor(tensor, name, field)
    return dict(tensors)


def _check_tensor(tensor: Any, name: Any, field: str) -> None:
    if not isinstance(tensor, (Tensor, SparseTensor)):
        said = f" {name}" if name else ""
        raise ValueError(f"{field}{said} must be a Tensor or SparseTensor.")


def build_parsing_serving_input_receiver_fn(
    feature_spec: Any, default_batch_size: Any = None
) -> Callable[[], ServingInputReceiver]:
    """A function that receives examples as texts.

    Args:
        feature_spec: what `tf.parse_example` is told of them.
        default_batch_size: None: any.
    """

    def serving_input_receiver_fn() -> ServingInputReceiver:
        examples = placeholder(
            dtype=dtypes.string, shape=[default_batch_size], name="input_example_tensor"
        )
        features = parse_example(examples, feature_spec)
        return ServingInputReceiver(features, {"examples": examples})

    return serving_input_receiver_fn


def build_raw_serving_input_receiver_fn(
    features: Any, default_batch_size: Any = None
) -> Callable[[], ServingInputReceiver]:
    """A function that receives the features themselves.

    Args:
        features: tensors by name, whose types, shapes and names are taken.
        default_batch_size: None: any.
    """

    def serving_input_receiver_fn() -> ServingInputReceiver:
        received = {
            name: _like(tensor, default_batch_size) for name, tensor in features.items()
        }
        return ServingInputReceiver(received, received)

    return serving_input_receiver_fn


def _like(tensor: Any, batch_size: Any) -> Any:
    shape = TensorShape([batch_size]).concatenate(tensor.get_shape()[1:])
    return placeholder(dtype=tensor.dtype, shape=shape, name=tensor.op.name)
