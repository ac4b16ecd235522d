"""A matrix and a bias by `get_variable`: what the wrappers of `tf.contrib.rnn` use.

Before the cells and wrappers of this folder. Programs of the time import it from
`core_rnn_cell` as `_linear`, though it was never public (``evaluator/old_paths.py``).
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import constants, dtypes, nest
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import Constant
from scopetutor.engine.ops import math, nn
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.scopes import get_variable, get_variable_scope


class Linear:
    """The variables `kernel` and `bias` of the current scope, and their use.

    Args:
        args: tensors of rank 2 with known last sizes: what they are made for.
        output_size: how many columns the result has.
        build_bias: whether there is a bias.
        bias_initializer: None: zeros.
        kernel_initializer: None: the scope's.

    Raises:
        ValueError: a tensor is not of rank 2, or its last size is unknown.
    """

    def __init__(
        self,
        args: Any,
        output_size: int,
        build_bias: bool,
        bias_initializer: Any = None,
        kernel_initializer: Any = None,
    ) -> None:
        self._is_sequence = nest.is_sequence(args)
        args = args if self._is_sequence else [args]
        size = _total_size(args)
        dtype = args[0].dtype
        self._biases: Any = None
        with variable_scope(get_variable_scope()) as outer:
            self._weights = get_variable(
                "kernel",
                [size, output_size],
                dtype=dtype,
                initializer=kernel_initializer,
            )
            if build_bias:
                self._biases = _bias(outer, output_size, dtype, bias_initializer)

    def __call__(self, args: Any) -> Any:
        """The tensors side by side, times the matrix, plus the bias."""
        args = args if self._is_sequence else [args]
        if len(args) == 1:
            result = math.matmul(args[0], self._weights)
        else:
            axis = constants.constant(1, dtype=dtypes.int32)
            result = math.matmul(concat(args, axis), self._weights)
        if self._biases is None:
            return result
        return nn.bias_add(result, self._biases)


def linear(
    args: Any,
    output_size: int,
    bias: bool,
    bias_initializer: Any = None,
    kernel_initializer: Any = None,
) -> Any:
    """Tensors side by side, times a new matrix, plus a new bias.

    What cells of one's own called `_linear`; where its operations stand in the graph is
    the one thing that `Linear` does otherwise.

    Args:
        args: tensors of rank 2 with known last sizes, or one.
        output_size: how many columns the result has.
        bias: whether there is a bias.
        bias_initializer: None: zeros.
        kernel_initializer: None: the scope's.

    Raises:
        ValueError: a tensor is not of rank 2, or its last size is unknown.
    """
    args = args if nest.is_sequence(args) else [args]
    size = _total_size(args)
    dtype = args[0].dtype
    with variable_scope(get_variable_scope()) as outer:
        weights = get_variable(
            "kernel", [size, output_size], dtype=dtype, initializer=kernel_initializer
        )
        joined = args[0] if len(args) == 1 else concat(args, 1)
        result = math.matmul(joined, weights)
        if not bias:
            return result
        biases = _bias(outer, output_size, dtype, bias_initializer)
    return nn.bias_add(result, biases)


def _bias(outer: Any, output_size: int, dtype: Any, initializer: Any) -> Any:
    """A bias, in one piece even where the scope divides variables."""
    with variable_scope(outer) as inner:
        inner.set_partitioner(None)
        if initializer is None:
            initializer = Constant(0.0, dtype=dtype)
        return get_variable("bias", [output_size], dtype=dtype, initializer=initializer)


def _total_size(args: Any) -> int:
    """The sum of the last sizes of tensors of rank 2."""
    if not args:
        raise ValueError("`args` must be specified")
    shapes = [tensor.get_shape() for tensor in args]
    total = 0
    for shape in shapes:
        if shape.ndims != 2:
            raise ValueError(f"linear is expecting 2D arguments: {shapes}")
        size = shape[1].value
        if size is None:
            raise ValueError(
                f"linear expects shape[1] to be provided for shape {shape}, but saw "
                f"{shape[1]}"
            )
        total += size
    return total
