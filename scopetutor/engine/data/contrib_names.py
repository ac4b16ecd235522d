"""`tf.contrib.data`: what went to `tf.data.experimental`, under its older names.

After all of ``data``. TF 1.15: the same functions and classes; the first use warns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.deprecation import deprecated

from . import choosing, csv_files, examples, experimental, reducing, writers

if TYPE_CHECKING:
    from collections.abc import Callable

_MODULE = "tensorflow.contrib.data.python.ops"


def _function(module: str, name: str, function: Callable[..., Any]) -> Any:
    arguments = "" if name == "unique" else "..."
    instead = f"Use `tf.data.experimental.{name}({arguments})`."
    warns = deprecated(name, f"{_MODULE}.{module}", instead)(function)
    warns.__name__ = name
    return warns


def _class(module: str, name: str, base: type[Any]) -> Any:
    instead = f"Use `tf.data.experimental.{name}(...)`."
    warns = deprecated(f"{name}.__init__", f"{_MODULE}.{module}", instead)
    members = {"__init__": warns(base.__init__), "__doc__": base.__doc__}
    return type(name, (base,), members)


Counter = _function("counter", "Counter", choosing.CounterV1)
choose_from_datasets = _function(
    "interleave_ops", "choose_from_datasets", choosing.choose_from_datasets
)
sample_from_datasets = _function(
    "interleave_ops", "sample_from_datasets", choosing.sample_from_datasets
)
rejection_resample = _function(
    "resampling", "rejection_resample", choosing.rejection_resample
)
make_csv_dataset = _function("readers", "make_csv_dataset", csv_files.make_csv_dataset)
make_batched_features_dataset = _function(
    "readers", "make_batched_features_dataset", examples.make_batched_features_dataset
)
group_by_reducer = _function("grouping", "group_by_reducer", reducing.group_by_reducer)
parse_example_dataset = _function(
    "parsing_ops", "parse_example_dataset", examples.parse_example_dataset
)
scan = _function("scan_ops", "scan", experimental.scan)
unique = _function("unique", "unique", experimental.unique)

RandomDataset = _class("random_ops", "RandomDataset", choosing.RandomDatasetV1)
CsvDataset = _class("readers", "CsvDataset", csv_files.CsvDatasetV1)
Reducer = _class("grouping", "Reducer", reducing.Reducer)
TFRecordWriter = _class("writers", "TFRecordWriter", writers.TFRecordWriter)
