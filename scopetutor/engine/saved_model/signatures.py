"""Signatures: which tensors of a graph are inputs and outputs, under which names.

Between a graph and ``builder.py``, which writes them; `predict` of whatever loads the
model asks by these names. TF 1.15: a signature for classes or regression takes strings,
serialized Examples, and no others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scopetutor.engine import defaults, deprecation, dtypes
from scopetutor.engine.graph_def import shape_proto
from scopetutor.engine.op_errors import NotFoundError
from scopetutor.engine.operation import Tensor
from scopetutor.engine.scope_names import prepend_name_scope
from scopetutor.engine.sparse import SparseTensor
from scopetutor.formats import protos

from . import names

_MODULE = "tensorflow.python.saved_model.utils_impl"
_STRING, _FLOAT = dtypes.string.as_datatype_enum, dtypes.float32.as_datatype_enum


def _v1_only(
    function: str, *public: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    places = " or ".join(f"tf.compat.v1.saved_model.{name}" for name in public)
    return deprecation.deprecated(
        function,
        _MODULE,
        "This function will only be available through the v1 compatibility library as "
        f"{places}.",
    )


@_v1_only("build_tensor_info", "utils.build_tensor_info", "build_tensor_info")
def build_tensor_info(tensor: Any) -> Any:
    """The TensorInfo of a tensor: its name, type and shape."""
    if defaults.state.eager:
        raise RuntimeError("build_tensor_info is not supported in Eager mode.")
    return tensor_info(tensor)


def tensor_info(tensor: Any) -> Any:
    """As `build_tensor_info`, without its warning."""
    shape = tensor.get_shape()
    message = protos.TensorInfo(
        dtype=dtypes.as_dtype(tensor.dtype).as_datatype_enum,
        tensor_shape=shape_proto(
            None if shape.ndims is None else tuple(shape.as_list())
        ),
    )
    if isinstance(tensor, SparseTensor):
        message.coo_sparse.values_tensor_name = tensor.values.name
        message.coo_sparse.indices_tensor_name = tensor.indices.name
        message.coo_sparse.dense_shape_tensor_name = tensor.dense_shape.name
    else:
        message.name = tensor.name
    return message


@_v1_only(
    "get_tensor_from_tensor_info",
    "utils.get_tensor_from_tensor_info",
    "get_tensor_from_tensor_info",
)
def get_tensor_from_tensor_info(
    tensor_info: Any, graph: Any = None, import_scope: str | None = None
) -> Any:
    """The tensor that a TensorInfo names.

    Raises:
        KeyError: the graph has none of that name.
        ValueError: it names none.
    """
    found = graph or defaults.get_default_graph()

    def tensor(name: str) -> Any:
        return found.get_tensor_by_name(prepend_name_scope(name, import_scope))

    encoding = tensor_info.WhichOneof("encoding")
    if encoding == "name":
        return tensor(tensor_info.name)
    if encoding == "coo_sparse":
        parts = tensor_info.coo_sparse
        return SparseTensor(
            tensor(parts.indices_tensor_name),
            tensor(parts.values_tensor_name),
            tensor(parts.dense_shape_tensor_name),
        )
    raise ValueError(f"Invalid TensorInfo.encoding: {encoding}")


def build_signature_def(
    inputs: Any = None, outputs: Any = None, method_name: str | None = None
) -> Any:
    """The SignatureDef of some TensorInfos by name."""
    message = protos.SignatureDef()
    for key in inputs or ():
        message.inputs[key].CopyFrom(inputs[key])
    for key in outputs or ():
        message.outputs[key].CopyFrom(outputs[key])
    if method_name is not None:
        message.method_name = method_name
    return message


def _checked(kind: str, part: str, tensor: Any, dtype: int, word: str) -> Any:
    info = build_tensor_info(tensor)
    if info.dtype != dtype:
        raise ValueError(f"{kind} {part} must be a {word} Tensor.")
    return info


def _checked_examples(kind: str, examples: Any) -> Any:
    if examples is None:
        raise ValueError(f"{kind} examples cannot be None.")
    if not isinstance(examples, Tensor):
        raise ValueError(f"{kind} examples must be a string Tensor.")
    return _checked(kind, "examples", examples, _STRING, "string")


def regression_signature_def(examples: Any, predictions: Any) -> Any:
    """The signature of a model that gives a number for each serialized Example."""
    if examples is not None and isinstance(examples, Tensor) and predictions is None:
        raise ValueError("Regression predictions cannot be None.")
    inputs = _checked_examples("Regression", examples)
    outputs = _checked("Regression", "output", predictions, _FLOAT, "float")
    return build_signature_def(
        {names.REGRESS_INPUTS: inputs},
        {names.REGRESS_OUTPUTS: outputs},
        names.REGRESS_METHOD_NAME,
    )


def classification_signature_def(examples: Any, classes: Any, scores: Any) -> Any:
    """The signature of a model that gives classes, scores or both."""
    if isinstance(examples, Tensor) and classes is None and scores is None:
        raise ValueError("Classification classes and scores cannot both be None.")
    inputs = _checked_examples("Classification", examples)
    outputs = {}
    if classes is not None:
        outputs[names.CLASSIFY_OUTPUT_CLASSES] = _checked(
            "Classification", "classes", classes, _STRING, "string"
        )
    if scores is not None:
        outputs[names.CLASSIFY_OUTPUT_SCORES] = _checked(
            "Classification", "scores", scores, _FLOAT, "float"
        )
    return build_signature_def(
        {names.CLASSIFY_INPUTS: inputs}, outputs, names.CLASSIFY_METHOD_NAME
    )


def predict_signature_def(inputs: Any, outputs: Any) -> Any:
    """The signature of a model with any inputs and outputs."""
    if not inputs:
        raise ValueError("Prediction inputs cannot be None or empty.")
    if not outputs:
        raise ValueError("Prediction outputs cannot be None or empty.")
    return build_signature_def(
        {key: build_tensor_info(tensor) for key, tensor in inputs.items()},
        {key: build_tensor_info(tensor) for key, tensor in outputs.items()},
        names.PREDICT_METHOD_NAME,
    )


def is_valid_signature(signature_def: Any) -> bool:
    """Whether a signature has what its method needs."""
    inputs = {key: info.dtype for key, info in signature_def.inputs.items()}
    outputs = {key: info.dtype for key, info in signature_def.outputs.items()}
    method = signature_def.method_name
    if method == names.PREDICT_METHOD_NAME:
        return bool(inputs and outputs)
    if method == names.REGRESS_METHOD_NAME:
        return inputs == {names.REGRESS_INPUTS: _STRING} and outputs == {
            names.REGRESS_OUTPUTS: _FLOAT
        }
    allowed = {
        names.CLASSIFY_OUTPUT_CLASSES: _STRING,
        names.CLASSIFY_OUTPUT_SCORES: _FLOAT,
    }
    return (
        method == names.CLASSIFY_METHOD_NAME
        and inputs == {names.CLASSIFY_INPUTS: _STRING}
        and bool(outputs)
        and all(allowed.get(key) == dtype for key, dtype in outputs.items())
    )


def op_signature_def(op: Any, key: str) -> Any:
    """A signature that only names an operation."""
    info = protos.TensorInfo(name=op.name, tensor_shape=shape_proto(None))
    return build_signature_def(outputs={key: info})


def load_op_from_signature_def(
    signature_def: Any, key: str, import_scope: str | None = None
) -> Any:
    """The operation that `op_signature_def` named.

    Raises:
        NotFoundError: the graph does not have it.
    """
    name = prepend_name_scope(signature_def.outputs[key].name, import_scope)
    try:
        return defaults.get_default_graph().as_graph_element(name)
    except KeyError:
        raise NotFoundError(
            None,
            None,
            f"The {key} could not be found in the graph. Please make sure the "
            "SavedModel was created by the internal _SavedModelBuilder. If you are "
            "using the public API, please make sure the SignatureDef in the SavedModel "
            "does not contain "
            f'the key "{key}".',
        ) from None
