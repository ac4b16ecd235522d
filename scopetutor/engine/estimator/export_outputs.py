"""What an exported model gives: `tf.estimator.export.PredictOutput` and its kin.

A head or a model function puts them into its spec; exporting makes signatures of them.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.operation import Tensor
from scopetutor.engine.saved_model import names
from scopetutor.engine.saved_model.signatures import (
    classification_signature_def,
    predict_signature_def,
    regression_signature_def,
)


class ExportOutput:
    """What an exported model gives."""

    def as_signature_def(self, receiver_tensors: Any) -> Any:
        """The signature, of the tensors that are fed."""
        raise NotImplementedError


class ClassificationOutput(ExportOutput):
    """Classes and their scores, for examples as texts.

    Raises:
        ValueError: both are missing, or of another type.
    """

    def __init__(self, scores: Any = None, classes: Any = None) -> None:
        if scores is not None and not _is(scores, lambda kind: kind.is_floating):
            raise ValueError(
                f"Classification scores must be a float32 Tensor; got {scores}"
            )
        if classes is not None and not _is(classes, lambda kind: kind == dtypes.string):
            raise ValueError(
                f"Classification classes must be a string Tensor; got {classes}"
            )
        if scores is None and classes is None:
            raise ValueError("At least one of scores and classes must be set.")
        self._scores, self._classes = scores, classes

    @property
    def scores(self) -> Any:
        """The scores, or None."""
        return self._scores

    @property
    def classes(self) -> Any:
        """The classes' names, or None."""
        return self._classes

    def as_signature_def(self, receiver_tensors: Any) -> Any:
        """The signature.

        Raises:
            ValueError: what is fed is not one tensor of texts.
        """
        examples = _examples(receiver_tensors, "Classification")
        return classification_signature_def(examples, self.classes, self.scores)


class RegressionOutput(ExportOutput):
    """A value, for examples as texts.

    Raises:
        ValueError: it is of another type.
    """

    def __init__(self, value: Any) -> None:
        if not _is(value, lambda kind: kind.is_floating):
            raise ValueError(
                f"Regression output value must be a float32 Tensor; got {value}"
            )
        self._value = value

    @property
    def value(self) -> Any:
        """The value."""
        return self._value

    def as_signature_def(self, receiver_tensors: Any) -> Any:
        """The signature.

        Raises:
            ValueError: what is fed is not one tensor of texts.
        """
        examples = _examples(receiver_tensors, "Regression")
        return regression_signature_def(examples, self.value)


class PredictOutput(ExportOutput):
    """Any tensors by name.

    Raises:
        ValueError: a name is no text, or something is no tensor.
    """

    def __init__(self, outputs: Any) -> None:
        if not isinstance(outputs, dict):
            outputs = {"output": outputs}
        for key, value in outputs.items():
            if not isinstance(key, str):
                raise ValueError(f"Prediction output key must be a string; got {key}.")
            if not isinstance(value, Tensor):
                raise ValueError(
                    f"Prediction output value must be a Tensor; got {value}."
                )
        self._outputs = dict(outputs)

    @property
    def outputs(self) -> dict[str, Any]:
        """The tensors by name."""
        return self._outputs

    def as_signature_def(self, receiver_tensors: Any) -> Any:
        """The signature."""
        return predict_signature_def(receiver_tensors, self.outputs)


def _is(value: Any, fits: Any) -> bool:
    return isinstance(value, Tensor) and bool(fits(value.dtype))


def _examples(receiver_tensors: Any, kind: str) -> Any:
    found = list(receiver_tensors.values())
    if len(found) != 1 or found[0].dtype != dtypes.string:
        raise ValueError(
            f"{kind} input must be a single string Tensor; got {receiver_tensors}"
        )
    return found[0]


def with_default(export_outputs: Any, predictions: Any) -> dict[str, Any]:
    """The outputs by name, one of them the default.

    Raises:
        TypeError: they are no dictionary of ExportOutputs.
        ValueError: there are several, and none is the default.
    """
    key = names.DEFAULT_SERVING_SIGNATURE_DEF_KEY
    if export_outputs is None:
        export_outputs = {key: PredictOutput(predictions)}
    if not isinstance(export_outputs, dict):
        raise TypeError(f"export_outputs must be dict, given: {export_outputs}")
    if not all(isinstance(one, ExportOutput) for one in export_outputs.values()):
        raise TypeError(
            "Values in export_outputs must be ExportOutput objects. Given: "
            f"{export_outputs}"
        )
    if len(export_outputs) == 1:
        export_outputs.setdefault(key, next(iter(export_outputs.values())))
    if len(export_outputs) > 1 and key not in export_outputs:
        raise ValueError(
            "Multiple export_outputs were provided, but none of them is specified as "
            "the default.  Do this by naming one of them with "
            "signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY."
        )
    return export_outputs
