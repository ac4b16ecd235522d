"""What options make of a dataset before an iterator walks through it.

After dataset and options; iterators call `applied_options`. TF 1.15: each is an
operation around the dataset's variant.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.convert import convert_to_tensor

from .arguments import int64

if TYPE_CHECKING:
    from .dataset import Dataset


def applied_options(dataset: Dataset) -> Dataset:
    """What iterators walk through: the dataset with TF 1.15's wrappings."""
    options = dataset.options()
    made = _with_threads(dataset, options.experimental_threading)
    wanted = options.experimental_optimization
    names = wanted.rewriting_names()
    if names and _captures_references(dataset):
        warnings.warn(
            "tf.data static optimizations are not compatible with tf.Variable. The "
            f"following optimizations will be disabled: {', '.join(names)}. To "
            "enable optimizations, use resource variables instead by calling "
            "`tf.enable_resource_variables()` at the start of the program.",
            stacklevel=3,
        )
    elif names:
        listed = convert_to_tensor(names, dtype=dtypes.string, name="optimizations")
        made = made._next(
            "OptimizeDataset",
            listed,
            optimization_configs=["map_vectorization:use_choose_fastest:false"],
        )
    if wanted.autotune is not False:
        budget = wanted.autotune_cpu_budget or 0
        made = made._next("ModelDataset", cpu_budget=budget)
    return made


def _captures_references(dataset: Dataset) -> bool:
    if defaults.state.eager:
        return False
    return any(
        _depends_on_reference(tensor)
        for function in dataset._called
        for tensor in function.captured
    ) or any(_captures_references(taken) for taken in dataset._inputs)


def _with_threads(dataset: Dataset, options: Any) -> Dataset:
    for name, op_type, argument in (
        (
            "max_intra_op_parallelism",
            "MaxIntraOpParallelismDataset",
            "max_intra_op_parallelism",
        ),
        ("private_threadpool_size", "PrivateThreadPoolDataset", "num_threads"),
    ):
        value = getattr(options, name)
        if value is not None:
            dataset = dataset._next(op_type, int64(value, argument))
    return dataset


def _depends_on_reference(tensor: Any) -> bool:
    if tensor.dtype._is_ref_dtype:
        return True
    return any(map(_depends_on_reference, tensor.op.inputs))
