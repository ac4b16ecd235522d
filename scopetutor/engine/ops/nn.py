"""Neural networks: activations and biases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope

from . import rules
from .conv import conv2d

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _relu(x: Array) -> Any:
    return np.maximum(x, np.asarray(0, x.dtype))


define("Relu", shape=rules.unchanged, kernel=_relu)


def relu(features: Any, name: str | None = None) -> Any:
    """Each element, but 0 where it is negative."""
    return apply("Relu", features, name=name)


def _bias_shape(op: Operation) -> list[Dims]:
    dims = rules.at_least_rank(op._inputs[0]._dims, 2)
    bias = rules.with_rank(op._inputs[1]._dims, 1)
    if dims is None:
        return [None]
    axis = len(dims) - 1
    if op._attrs["data_format"] == "NCHW":
        axis = 1
    merged = rules.merge_dim(dims[axis], bias[0])
    return [(*dims[:axis], merged, *dims[axis + 1 :])]


def _bias_kernel(op: Operation) -> Callable[[Array, Array], Any]:
    if op._attrs["data_format"] == "NCHW":
        return lambda x, b: x + b.reshape((1, -1) + (1,) * (x.ndim - 2))
    return np.add


define("BiasAdd", shape=_bias_shape, build=_bias_kernel)


def bias_add(
    value: Any, bias: Any, data_format: str | None = None, name: str | None = None
) -> Any:
    """A value with a bias for each channel added."""
    if data_format is not None:
        if data_format.startswith("NC"):
            data_format = "NCHW"
        elif data_format.startswith("N") and data_format.endswith("C"):
            data_format = "NHWC"
        else:
            raise ValueError("data_format must be of the form `N...C` or `NC...`")
    with name_scope(name, "BiasAdd", [value, bias]) as scope:
        value = convert_to_tensor(value, name="input")
        bias = convert_to_tensor(bias, dtype=value.dtype, name="bias")
        return apply("BiasAdd", value, bias, data_format=data_format, name=scope)


__all__ = ["bias_add", "conv2d", "relu"]
