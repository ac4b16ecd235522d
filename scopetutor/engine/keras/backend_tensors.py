"""`tf.keras.backend`: variables, placeholders and constants, and what they are like.

Before the other parts of the backend. TF 1.15: `variable` makes a resource variable,
and keras's own session initializes it (``assignments.py``).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import constants, dtypes, initializers
from scopetutor.engine.ops import array, linalg, random
from scopetutor.engine.ops.array import placeholder as tf_placeholder
from scopetutor.engine.ops.array import sparse_placeholder
from scopetutor.engine.ops.gathering import where
from scopetutor.engine.ops.sparse import sparse_tensor_to_dense
from scopetutor.engine.ops.state import assign, assign_add, assign_sub
from scopetutor.engine.sparse import SparseTensor
from scopetutor.engine.surroundings import init_scope
from scopetutor.engine.training.moving_averages import assign_moving_average
from scopetutor.engine.variables import Variable

from . import assignments
from .learning_phase import drawn_seed
from .nodes import int_shape as static_shape
from .settings import floatx

# -- variables -------------------------------------------------------------------------


def variable(
    value: Any, dtype: Any = None, name: Any = None, constraint: Any = None
) -> Any:
    """A resource variable that keras's session initializes.

    Args:
        value: its first value; a sparse matrix of SciPy becomes a SparseTensor.
        dtype: None: that of `floatx`.
        name: of the variable.
        constraint: what optimizers apply to it afterwards.
    """
    if hasattr(value, "tocoo"):
        found = value.tocoo()
        indices = np.stack([found.row, found.col], axis=1)
        return SparseTensor(indices=indices, values=found.data, dense_shape=found.shape)
    made = Variable(
        value,
        dtype=dtypes.as_dtype(dtype or floatx()),
        name=name,
        constraint=constraint,
        use_resource=True,
    )
    assignments.track(made)
    return made


def _filled(make: Any, shape: Any, dtype: Any, name: Any) -> Any:
    """A variable of one number; a tensor if the shape is not known."""
    with init_scope():
        kind = dtype or floatx()
        value = make(shape=shape, dtype=dtypes.as_dtype(kind), name=name)
        if all(value.shape.as_list()):
            return variable(value, dtype=kind, name=name)
        return value


def zeros(shape: Any, dtype: Any = None, name: Any = None) -> Any:
    """A variable of zeros; a tensor if the shape is not known."""
    return _filled(array.zeros, shape, dtype, name)


def ones(shape: Any, dtype: Any = None, name: Any = None) -> Any:
    """A variable of ones; a tensor if the shape is not known."""
    return _filled(array.ones, shape, dtype, name)


def eye(size: Any, dtype: Any = None, name: Any = None) -> Any:
    """A variable that is a unit matrix."""
    kind = dtype or floatx()
    return variable(linalg.eye(size, dtype=dtypes.as_dtype(kind)), kind, name)


def _random_variable(
    kind: Any, first: Any, second: Any, shape: Any, dtype: Any, name: Any, seed: Any
) -> Any:
    dtype = dtype or floatx()
    if seed is None:
        seed = int(np.random.randint(int(10e8)))
    initializer = kind(first, second, dtype=dtypes.as_dtype(dtype), seed=seed)
    return variable(initializer(shape), dtype=dtype, name=name)


def random_uniform_variable(
    shape: Any,
    low: Any,
    high: Any,
    dtype: Any = None,
    name: Any = None,
    seed: Any = None,
) -> Any:
    """A variable of uniform numbers from low to high."""
    kind = initializers.RandomUniform
    return _random_variable(kind, low, high, shape, dtype, name, seed)


def random_normal_variable(
    shape: Any,
    mean: Any,
    scale: Any,
    dtype: Any = None,
    name: Any = None,
    seed: Any = None,
) -> Any:
    """A variable of normal numbers."""
    kind = initializers.RandomNormal
    return _random_variable(kind, mean, scale, shape, dtype, name, seed)


def update(x: Any, new_x: Any) -> Any:
    """What gives a variable a value."""
    return assign(x, new_x)


def update_add(x: Any, increment: Any) -> Any:
    """What adds to a variable."""
    return assign_add(x, increment)


def update_sub(x: Any, decrement: Any) -> Any:
    """What takes away from a variable."""
    return assign_sub(x, decrement)


def moving_average_update(x: Any, value: Any, momentum: Any) -> Any:
    """What moves a variable's average towards a value."""
    return assign_moving_average(x, value, momentum, zero_debias=True)


# -- tensors ---------------------------------------------------------------------------


def placeholder(
    shape: Any = None,
    ndim: Any = None,
    dtype: Any = None,
    sparse: bool = False,
    name: Any = None,
    ragged: bool = False,
) -> Any:
    """A placeholder.

    Args:
        shape: None: any of `ndim` axes, or any.
        ndim: how many axes it has, if no shape is given.
        dtype: None: that of `floatx`.
        sparse: whether it is one for sparse tensors.
        name: of the operation.
        ragged: ragged tensors are not in scopetutor.

    Raises:
        ValueError: it is to be sparse and ragged.
        NotImplementedError: it is to be ragged.
    """
    if sparse and ragged:
        raise ValueError(
            "Cannot set both sparse and ragged to True when creating a placeholder."
        )
    if ragged:
        raise NotImplementedError("There are no ragged tensors in scopetutor.")
    if not shape and ndim:
        shape = (None,) * ndim
    make = sparse_placeholder if sparse else tf_placeholder
    return make(dtype or floatx(), shape=shape, name=name)


def constant(value: Any, dtype: Any = None, shape: Any = None, name: Any = None) -> Any:
    """A constant; without a type, one of `floatx`."""
    return constants.constant(value, dtype=dtype or floatx(), shape=shape, name=name)


def random_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = None,
    seed: Any = None,
) -> Any:
    """Normal numbers."""
    seed = drawn_seed() if seed is None else seed
    return random.random_normal(
        shape, mean=mean, stddev=stddev, dtype=dtype or floatx(), seed=seed
    )


def random_uniform(
    shape: Any,
    minval: Any = 0.0,
    maxval: Any = 1.0,
    dtype: Any = None,
    seed: Any = None,
) -> Any:
    """Uniform numbers."""
    seed = drawn_seed() if seed is None else seed
    return random.random_uniform(
        shape, minval=minval, maxval=maxval, dtype=dtype or floatx(), seed=seed
    )


def random_binomial(
    shape: Any, p: Any = 0.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Ones with a probability, else zeros."""
    seed = drawn_seed() if seed is None else seed
    dtype = dtype or floatx()
    chosen = random.random_uniform(shape, dtype=dtype, seed=seed) <= p
    return where(
        chosen, array.ones(shape, dtype=dtype), array.zeros(shape, dtype=dtype)
    )


def truncated_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = None,
    seed: Any = None,
) -> Any:
    """Normal numbers cut off at two standard deviations."""
    seed = drawn_seed() if seed is None else seed
    return random.truncated_normal(
        shape, mean, stddev, dtype=dtype or floatx(), seed=seed
    )


# -- what they are like ----------------------------------------------------------------


def shape(x: Any) -> Any:
    """The shape as a tensor."""
    return array.shape(x)


def int_shape(x: Any) -> Any:
    """The static shape as a tuple; None if nothing is known of it."""
    return x.shape if isinstance(x.shape, tuple) else static_shape(x)


def ndim(x: Any) -> Any:
    """The number of axes; None if it is not known."""
    return x.shape.ndims


def dtype(x: Any) -> Any:
    """The type's name."""
    return x.dtype.base_dtype.name


def count_params(x: Any) -> Any:
    """How many numbers there are."""
    return np.prod(x.shape.as_list())


def is_sparse(tensor: Any) -> bool:
    """Whether it is a SparseTensor."""
    return isinstance(tensor, SparseTensor)


def to_dense(tensor: Any) -> Any:
    """The tensor; of a sparse one, the same numbers as a dense one."""
    return sparse_tensor_to_dense(tensor) if is_sparse(tensor) else tensor
