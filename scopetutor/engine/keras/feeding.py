"""Arrays for a model's inputs and targets: their number, their shapes, their weights.

Before training: what `fit` is given goes through here before fitting cuts it into
batches.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def standardized(
    data: Any, names: list[str], shapes: list[Any], what: str
) -> list[Any]:
    """Arrays in the order of names, with a batch and a further dimension.

    Args:
        data: an array, a list of them, or a dictionary.
        names: of what they are for.
        shapes: with the batch; None: any.
        what: "input" or "target", for the errors.

    Raises:
        ValueError: there are more or fewer, or of other shapes.
    """
    if data is None:
        return [None for _ in names]
    arrays = _listed(data, names)
    arrays = [
        _with_columns(x, s) for x, s in zip(arrays, shapes, strict=False)
    ] or arrays
    if len(arrays) != len(names):
        raise ValueError(
            f"Error when checking model {what}: the list of Numpy arrays that you are "
            "passing to your model is not the size the model expected. Expected to see "
            f"{len(names)} array(s), but instead got the following list of "
            f"{len(arrays)} arrays: {str(arrays)[:200]}..."
        )
    for array, name, shape in zip(arrays, names, shapes, strict=True):
        if shape is not None:
            _check_shape(array, name, shape, what)
    return arrays


def _listed(data: Any, names: list[str]) -> list[Any]:
    if isinstance(data, dict):
        missing = [name for name in names if name not in data]
        if missing:
            raise ValueError(
                f'No data provided for "{missing[0]}". Need data for each key in: '
                f"{names}"
            )
        return [np.asarray(data[name]) for name in names]
    if not isinstance(data, (list, tuple)):
        return [np.asarray(data)]
    if len(names) == 1 and len(data) and isinstance(data[0], (float, int)):
        return [np.asarray(data)]
    return [np.asarray(one) for one in data]


def _with_columns(array: Any, shape: Any) -> Any:
    if array.ndim == 1 and (shape is None or len(shape) != 1):
        return np.expand_dims(array, 1)
    return array


def _check_shape(array: Any, name: str, shape: Any, what: str) -> None:
    if array.ndim != len(shape):
        raise ValueError(
            f"Error when checking {what}: expected {name} to have {len(shape)} "
            f"dimensions, but got array with shape {array.shape}"
        )
    sizes = shape[1:]
    for found, wanted in zip(array.shape[1:], sizes, strict=True):
        if wanted is not None and wanted != found:
            raise ValueError(
                f"Error when checking {what}: expected {name} to have shape {sizes} "
                f"but got array with shape {array.shape[1:]}"
            )


def check_lengths(inputs: list[Any], targets: list[Any]) -> None:
    """ValueError unless all arrays have as many examples."""
    for arrays, kind in ((inputs, "input arrays (x)"), (targets, "target arrays (y)")):
        if len({len(one) for one in arrays}) > 1:
            raise ValueError(
                f"All {kind} should have the same number of samples. Got array shapes: "
                f"{[one.shape for one in arrays]}"
            )
    if inputs and targets and len(inputs[0]) != len(targets[0]):
        raise ValueError(
            "Input arrays should have the same number of samples as target arrays. "
            f"Found {len(inputs[0])} input samples and {len(targets[0])} target "
            "samples."
        )


def check_targets(targets: list[Any], outputs: list[Any]) -> None:
    """ValueError unless the truth fits to the loss."""
    from . import losses  # noqa: PLC0415 - the tables of losses are long

    strict = (
        losses.mean_squared_error,
        losses.binary_crossentropy,
        losses.categorical_crossentropy,
    )
    for target, output in zip(targets, outputs, strict=True):
        function = getattr(output.loss, "fn", None)
        if function is losses.categorical_crossentropy and target.shape[-1] == 1:
            raise ValueError(_NOT_ONE_HOT.format(target.shape))
        shape = tuple(output.tensor.shape.as_list())
        wrong = function in strict and any(
            wanted is not None and found != wanted
            for found, wanted in zip(target.shape[1:], shape[1:], strict=False)
        )
        if wrong:
            raise ValueError(
                f"A target array with shape {target.shape} was passed for an output of "
                f"shape {shape} while using as loss `{output.loss.name}`. This loss "
                "expects targets to have the same shape as the output."
            )


_NOT_ONE_HOT = """\
You are passing a target array of shape {} while using as loss \
`categorical_crossentropy`. `categorical_crossentropy` expects targets to be binary \
matrices (1s and 0s) of shape (samples, classes). If your targets are integer classes, \
you can convert them to the expected format via:
```
from keras.utils import to_categorical
y_binary = to_categorical(y_int)
```

Alternatively, you can use the loss function `sparse_categorical_crossentropy` \
instead, which does expect integer targets."""


def weights(
    targets: list[Any], sample_weight: Any, class_weight: Any
) -> list[Any] | None:
    """How much each example counts, for each target; None: all the same.

    Raises:
        ValueError: weights are of another shape, or a class has none.
    """
    if sample_weight is None and class_weight is None:
        return None
    given = sample_weight if isinstance(sample_weight, list) else None
    found = []
    for number, target in enumerate(targets):
        own = given[number] if given else sample_weight
        amount = np.ones(len(target), np.float32)
        if own is not None:
            amount = amount * _checked_weight(np.asarray(own), target)
        if class_weight is not None:
            amount = amount * _of_classes(target, class_weight)
        found.append(amount)
    return found


def _checked_weight(weight: Any, target: Any) -> Any:
    if weight.ndim != 1:
        raise ValueError(
            f"Found a sample_weight array with shape {weight.shape}. In order to use "
            "timestep-wise sample weights, you should specify "
            'sample_weight_mode="temporal" in compile(). If you just mean to use '
            "sample-wise weights, make sure your sample_weight array is 1D."
        )
    if len(weight) != len(target):
        raise ValueError(
            f"Found a sample_weight array with shape {weight.shape} for an input with "
            f"shape {target.shape}. sample_weight cannot be broadcast."
        )
    return weight


def _of_classes(target: Any, class_weight: dict[Any, float]) -> Any:
    if target.ndim > 2:
        raise ValueError("`class_weight` not supported for 3+ dimensional targets.")
    classes = target
    if target.ndim == 2:
        classes = target.argmax(1) if target.shape[1] > 1 else target[:, 0]
    missing = set(classes.tolist()) - set(class_weight)
    if missing:
        raise ValueError(
            "`class_weight` must contain all classes in the data. The classes "
            f"{missing} exist in the data but not in `class_weight`."
        )
    return np.asarray([class_weight[one] for one in classes.tolist()])
