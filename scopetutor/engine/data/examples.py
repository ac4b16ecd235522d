"""Datasets of Examples: `parse_example_dataset`, `make_batched_features_dataset`.

After csv_files and parsing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import dtypes
from scopetutor.engine.ops import dataset_examples  # noqa: F401 - runs it
from scopetutor.engine.parsing import Features
from scopetutor.engine.readers import ReaderBase

from . import structure
from .choosing import mapped
from .csv_files import in_epochs, interleaved
from .dataset import AUTOTUNE, Dataset
from .readers import TFRecordDataset

if TYPE_CHECKING:
    from collections.abc import Callable

_TEXTS = structure.TensorSpec([None], dtypes.string)


def parse_example_dataset(
    features: Any, num_parallel_calls: Any = 1
) -> Callable[[Dataset], Dataset]:
    """Batches of serialized Examples, parsed as `tf.parse_example` does.

    Args:
        features: by key, a FixedLenFeature or FixedLenSequenceFeature.
        num_parallel_calls: how many batches TensorFlow parses at a time.

    Raises:
        ValueError: there are no features.
    """
    if features is None:
        raise ValueError(f"Missing: features was {features}.")

    def transform(dataset: Dataset) -> Dataset:
        given = dataset.element_spec
        if not isinstance(given, structure.TensorSpec) or not given.is_compatible_with(
            _TEXTS
        ):
            raise TypeError("Input dataset should be a dataset of vectors of strings")
        wanted = Features(features)
        if wanted.sparse_keys:
            raise NotImplementedError(
                "scopetutor's datasets hold no sparse tensors (see `scopetutor "
                "coverage tf.data.experimental.parse_example_dataset`)"
            )
        columns = zip(
            wanted.dense_keys, wanted.dense_types, wanted.dense_shapes, strict=True
        )
        spec = {
            key: structure.TensorSpec(given.shape.concatenate(shape), dtype)
            for key, dtype, shape in columns
        }
        made: Dataset = dataset._next(
            "ParseExampleDataset",
            num_parallel_calls,
            wanted.defaults(),
            spec=spec,
            sparse_keys=[],
            dense_keys=wanted.dense_keys,
            sparse_types=[],
            dense_shapes=wanted.dense_shapes,
        )
        return made

    return transform


def make_batched_features_dataset(
    file_pattern: Any,
    batch_size: Any,
    features: Any,
    reader: Any = TFRecordDataset,
    label_key: str | None = None,
    reader_args: Any = None,
    num_epochs: int | None = None,
    shuffle: bool = True,
    shuffle_buffer_size: int = 10000,
    shuffle_seed: int | None = None,
    prefetch_buffer_size: Any = None,
    reader_num_threads: Any = None,
    parser_num_threads: Any = None,
    sloppy_ordering: bool = False,
    drop_final_batch: bool = False,
) -> Dataset:
    """Batches of the Examples in files, as dictionaries of features.

    Args:
        file_pattern: which files, or several patterns.
        batch_size: how many Examples.
        features: as `parse_example_dataset` takes them.
        reader: makes a dataset of a file's name.
        label_key: the feature that comes apart.
        reader_args: what else `reader` is given.
        num_epochs: how often the files are read; None: without end.
        shuffle: whether Examples come in random order.
        shuffle_buffer_size: among how many each one is chosen.
        shuffle_seed: of the order.
        prefetch_buffer_size: how many batches TensorFlow makes ahead.
        reader_num_threads: how many files are read at a time.
        parser_num_threads: how many batches are parsed at a time.
        sloppy_ordering: whether the files' Examples may come in any order.
        drop_final_batch: whether fewer at the end are left out.

    Raises:
        TypeError: the reader is one of queues.
        ValueError: the label is no feature.
    """
    dataset = Dataset.list_files(file_pattern, shuffle=shuffle, seed=shuffle_seed)
    if isinstance(reader, type) and issubclass(reader, ReaderBase):
        raise TypeError(
            "The `reader` argument must return a `Dataset` object. `tf.ReaderBase` "
            "subclasses are not supported. For example, pass `tf.data.TFRecordDataset` "
            "instead of `tf.TFRecordReader`."
        )
    args = [] if reader_args is None else reader_args
    threads = 1 if reader_num_threads is None else reader_num_threads
    dataset = interleaved(
        dataset, lambda filename: reader(filename, *args), threads, sloppy_ordering
    )
    if structure.legacy_types(dataset.element_spec) == (dtypes.string, dtypes.string):
        dataset = mapped(dataset, lambda _, v: v)
    dataset = in_epochs(dataset, num_epochs, shuffle, shuffle_buffer_size, shuffle_seed)
    dataset = dataset.batch(
        batch_size, drop_remainder=drop_final_batch or num_epochs is None
    )
    calls = 2 if parser_num_threads is None else parser_num_threads
    dataset = dataset.apply(parse_example_dataset(features, calls))
    if label_key:
        if label_key not in features:
            raise ValueError(
                f"The `label_key` provided ({label_key!r}) must be one of the "
                "`features` keys."
            )
        dataset = dataset.map(lambda x: (x, x.pop(label_key)))
    ahead = AUTOTUNE if prefetch_buffer_size is None else prefetch_buffer_size
    return dataset.prefetch(ahead)
