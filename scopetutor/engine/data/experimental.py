"""`tf.data.experimental` and `tf.contrib.data`: transformations for `Dataset.apply`.

After dataset. Each gives a function of a dataset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import constants, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.deprecation import deprecated
from scopetutor.engine.ops import dataset_choices  # noqa: F401 - runs some of it

from . import functions, structure
from .arguments import int64, known, seeds
from .dataset import Dataset, _giving_datasets

if TYPE_CHECKING:
    from collections.abc import Callable

    Transformation = Callable[[Dataset], Dataset]

_HERE = "tensorflow.python.data.experimental.ops"
_CONTRIB = "tensorflow.contrib.data.python.ops"
_FUSED = (
    " Static tf.data optimizations will take care of using the fused implementation."
)


@deprecated(
    "map_and_batch",
    f"{_HERE}.batching",
    "Use `tf.data.Dataset.map(map_func, num_parallel_calls)` followed by "
    f"`tf.data.Dataset.batch(batch_size, drop_remainder)`.{_FUSED}",
)
def map_and_batch(
    map_func: Any,
    batch_size: Any,
    num_parallel_batches: Any = None,
    drop_remainder: Any = False,
    num_parallel_calls: Any = None,
) -> Transformation:
    """`map` and `batch` in one.

    Raises:
        ValueError: both numbers of parallel calls are given.
    """
    if num_parallel_calls is None:
        batches = 1 if num_parallel_batches is None else num_parallel_batches
        num_parallel_calls = batch_size * batches
    elif num_parallel_batches is not None:
        raise ValueError(
            "The `num_parallel_batches` and `num_parallel_calls` arguments are "
            "mutually exclusive."
        )

    def transform(dataset: Dataset) -> Dataset:
        function = functions.traced(
            map_func, "tf.data.experimental.map_and_batch()", dataset.element_spec
        )
        size = int64(batch_size, "batch_size")
        calls = int64(num_parallel_calls, "num_parallel_calls")
        drop = convert_to_tensor(
            drop_remainder, dtype=dtypes.bool_, name="drop_remainder"
        )
        rows = known(size) if known(drop) else None
        spec = structure.map_structure(
            lambda leaf: leaf.batched(rows), function.output_spec
        )
        made: Dataset = dataset._calling(
            "MapAndBatchDataset",
            function,
            size,
            calls,
            drop,
            spec=spec,
            f=function,
            preserve_cardinality=True,
        )
        made._called = [function]
        return made

    return transform


@deprecated(
    "shuffle_and_repeat",
    f"{_HERE}.shuffle_ops",
    "Use `tf.data.Dataset.shuffle(buffer_size, seed)` followed by "
    f"`tf.data.Dataset.repeat(count)`.{_FUSED}",
)
def shuffle_and_repeat(
    buffer_size: Any, count: Any = None, seed: Any = None
) -> Transformation:
    """`shuffle` and `repeat` in one."""

    def transform(dataset: Dataset) -> Dataset:
        size = int64(buffer_size, "buffer_size")
        times = (
            constants.constant(-1, dtype=dtypes.int64, name="count")
            if count is None
            else int64(count, "count")
        )
        made: Dataset = dataset._next(
            "ShuffleAndRepeatDataset", size, *seeds(seed), times
        )
        return made

    return transform


def parallel_interleave_of(
    dataset: Dataset,
    map_func: Any,
    cycle_length: Any,
    block_length: Any = 1,
    sloppy: Any = False,
    buffer_output_elements: Any = None,
    prefetch_input_elements: Any = None,
) -> Dataset:
    """The elements of the datasets that a function gives, several at a time."""
    function = _giving_datasets(
        map_func, "tf.data.experimental.parallel_interleave()", dataset
    )
    cycle = int64(cycle_length, "cycle_length")
    block = int64(block_length, "block_length")
    is_sloppy = convert_to_tensor(sloppy, dtype=dtypes.bool_, name="sloppy")
    ahead = [
        constants.constant(2 * default, dtype=dtypes.int64, name=name)
        if value is None
        else int64(value, name)
        for name, value, default in (
            ("buffer_output_elements", buffer_output_elements, block_length),
            ("prefetch_input_elements", prefetch_input_elements, cycle_length),
        )
    ]
    made: Dataset = dataset._calling(
        "ParallelInterleaveDataset",
        function,
        cycle,
        block,
        is_sloppy,
        *ahead,
        spec=function.output_spec.element_spec,
        f=function,
    )
    return made


@deprecated(
    "parallel_interleave",
    f"{_HERE}.interleave_ops",
    "Use `tf.data.Dataset.interleave(map_func, cycle_length, block_length, "
    "num_parallel_calls=tf.data.experimental.AUTOTUNE)` instead. If sloppy execution "
    "is desired, use `tf.data.Options.experimental_determinstic`.",
)
def parallel_interleave(
    map_func: Any,
    cycle_length: Any,
    block_length: Any = 1,
    sloppy: Any = False,
    buffer_output_elements: Any = None,
    prefetch_input_elements: Any = None,
) -> Transformation:
    """As `interleave`, with several datasets read at a time."""
    return lambda dataset: parallel_interleave_of(
        dataset,
        map_func,
        cycle_length,
        block_length,
        sloppy,
        buffer_output_elements,
        prefetch_input_elements,
    )


@deprecated("unbatch", f"{_HERE}.batching", "Use `tf.data.Dataset.unbatch()`.")
def unbatch() -> Transformation:
    """The rows of elements, one by one."""
    return lambda dataset: dataset.unbatch()


@deprecated(
    "enumerate_dataset",
    f"{_HERE}.enumerate_ops",
    "Use `tf.data.Dataset.enumerate()",
)
def enumerate_dataset(start: int = 0) -> Transformation:
    """Pairs of a number and an element."""
    return lambda dataset: dataset.enumerate(start)


def ignore_errors() -> Transformation:
    """The elements that can be made; those that fail are left out."""
    return lambda dataset: dataset._next("IgnoreErrorsDataset")


def take_while(predicate: Any) -> Transformation:
    """The elements before the first for which a function gives False."""

    def transform(dataset: Dataset) -> Dataset:
        function = functions.traced(
            predicate, "tf.data.experimental.take_while()", dataset.element_spec
        )
        made: Dataset = dataset._calling(
            "TakeWhileDataset", function, predicate=function
        )
        return made

    return transform


def scan(initial_state: Any, scan_func: Any) -> Transformation:
    """What a function gives that carries something from element to element.

    Args:
        initial_state: what the function gets with the first element.
        scan_func: of that and an element, what it gets next and what is given.
    """

    def transform(dataset: Dataset) -> Dataset:
        state = structure.normalized(initial_state)
        spec = structure.spec_of(state)
        function = functions.traced(
            scan_func, "tf.data.experimental.scan()", (spec, dataset.element_spec)
        )
        given = function.output_spec
        if type(given) is not tuple or len(given) != 2:
            raise TypeError(
                "The scan function must return a pair comprising the new state and the "
                "output value."
            )
        wanted, kept = (structure.legacy_types(part) for part in (spec, given[0]))
        if wanted != kept:
            raise TypeError(
                "The element types for the new state must match the initial state. "
                f"Expected {wanted}; got {kept}."
            )
        made: Dataset = dataset._next(
            "ScanDataset",
            structure.tensors_of(state),
            function.captured,
            spec=given[1],
            f=function,
            preserve_cardinality=True,
        )
        made._called = [function]
        return made

    return transform


def unique() -> Transformation:
    """The elements that were not there before; the first of each stays.

    Raises:
        TypeError: the elements are no int32, int64 or string.
    """

    def transform(dataset: Dataset) -> Dataset:
        kinds = dtypes.int32, dtypes.int64, dtypes.string
        if structure.legacy_types(dataset.element_spec) not in kinds:
            raise TypeError(
                "`tf.data.experimental.unique()` only supports inputs with a single "
                "`tf.int32`, `tf.int64`, or `tf.string` component."
            )
        made: Dataset = dataset._next("UniqueDataset")
        return made

    return transform


def get_single_element(dataset: Dataset) -> Any:
    """The only element of a dataset.

    Raises:
        TypeError: it is no dataset.
    """
    if not isinstance(dataset, Dataset):
        raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
    spec = dataset.element_spec
    results = apply(
        "DatasetToSingleElement", dataset._variant_tensor, **structure.attributes(spec)
    )
    return structure.element_of(spec, results)


# -- tf.contrib.data -------------------------------------------------------------------


@deprecated(
    "batch_and_drop_remainder",
    f"{_CONTRIB}.batching",
    "Use `tf.data.Dataset.batch(..., drop_remainder=True)`.",
)
def batch_and_drop_remainder(batch_size: Any) -> Transformation:
    """Batches, all of one size."""
    return lambda dataset: dataset.batch(batch_size, drop_remainder=True)


@deprecated(
    "padded_batch_and_drop_remainder",
    f"{_CONTRIB}.batching",
    "Use `tf.data.Dataset.padded_batch(..., drop_remainder=True)`.",
)
def padded_batch_and_drop_remainder(
    batch_size: Any, padded_shapes: Any, padding_values: Any = None
) -> Transformation:
    """Padded batches, all of one size."""
    return lambda dataset: dataset.padded_batch(
        batch_size, padded_shapes, padding_values, drop_remainder=True
    )
