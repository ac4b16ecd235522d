"""Datasets of CSV files: `CsvDataset` and `make_csv_dataset` of `tf.data.experimental`.

After readers; ``ops/dataset_csv.py`` reads the lines. `make_csv_dataset` looks into the
files itself to find the columns' names and types.
"""

from __future__ import annotations

import csv
import gzip
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.constants import value_of as static_value
from scopetutor.engine.convert import convert_n_to_tensor, convert_to_tensor
from scopetutor.engine.gfile import Glob
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops import dataset_csv  # noqa: F401 - runs it

from . import structure
from .choosing import mapped
from .dataset import AUTOTUNE, Dataset, DatasetV1Adapter
from .experimental import ignore_errors as without_errors
from .experimental import parallel_interleave_of, shuffle_and_repeat
from .options import Options
from .readers import given_or

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BUFFER = 4 * 1024 * 1024
_TYPES = (dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64, dtypes.string)


def _as_default(value: Any) -> Any:
    """A column's default; a type alone: there is none."""
    if isinstance(value, Tensor):
        return value
    try:
        is_type = value in _TYPES
    except (TypeError, ValueError):
        is_type = False
    return constants.constant([], dtype=value) if is_type else value


class CsvDatasetV1(DatasetV1Adapter):
    """The lines of CSV files, each a tuple of its fields.

    Args:
        filenames: a name or several.
        record_defaults: for each column its type, or a tensor of its default.
        compression_type: "", "ZLIB" or "GZIP".
        buffer_size: how many bytes TensorFlow reads at a time.
        header: whether each file begins with a line that is no data.
        field_delim: between the fields.
        use_quote_delim: whether fields may stand in quotes.
        na_value: what stands for a missing value, beside nothing.
        select_cols: which columns, in order; None: all.
    """

    def __init__(
        self,
        filenames: Any,
        record_defaults: Any,
        compression_type: Any = None,
        buffer_size: Any = None,
        header: Any = False,
        field_delim: Any = ",",
        use_quote_delim: Any = True,
        na_value: Any = "",
        select_cols: Any = None,
    ) -> None:
        text, truth = dtypes.string, dtypes.bool_
        names = convert_to_tensor(filenames, dtype=text, name="filenames")
        packed = given_or("compression_type", compression_type, "", text)
        defaults = convert_n_to_tensor(
            [_as_default(value) for value in record_defaults], name="record_defaults"
        )
        buffer = given_or("buffer_size", buffer_size, _BUFFER)
        head = convert_to_tensor(header, dtype=truth, name="header")
        delimiter = convert_to_tensor(field_delim, dtype=text, name="field_delim")
        quotes = convert_to_tensor(use_quote_delim, dtype=truth, name="use_quote_delim")
        missing = convert_to_tensor(na_value, dtype=text, name="na_value")
        columns = given_or("select_cols", select_cols, [])
        spec = tuple(structure.TensorSpec([], default.dtype) for default in defaults)
        variant = apply(
            "CSVDataset",
            names,
            packed,
            buffer,
            head,
            delimiter,
            quotes,
            missing,
            columns,
            defaults,
            output_shapes=structure.attributes(spec)["output_shapes"],
        )
        super().__init__(variant, spec)


# -- what is in the files --------------------------------------------------------------


class _Files:
    """CSV files, looked into before the graph is made."""

    def __init__(
        self, names: list[str], delimiter: str, quotes: bool, packed: Any
    ) -> None:
        self._names = names
        self._form: dict[str, Any] = {
            "delimiter": delimiter,
            "quoting": csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE,
        }
        self._open = _opener(packed)

    def column_names(self) -> list[str]:
        """What the first lines say.

        Raises:
            ValueError: a file is empty, or the lines are not all the same.
        """
        found = None
        for name in self._names:
            with self._open(name) as file:
                first = next(csv.reader(file, **self._form), None)
            if first is None:
                raise ValueError(
                    "Received StopIteration when reading the header line of "
                    f"{self._names[0] if found is None else name}.  Empty file?"
                )
            if found is not None and first != found:
                raise ValueError("Files have different column names in the header row.")
            found = first
        assert found is not None
        return found

    def rows(self, count: int, header: bool) -> Iterator[list[str]]:
        """The lines.

        Raises:
            ValueError: one has more or fewer fields.
        """
        for name in self._names:
            with self._open(name) as file:
                reader = csv.reader(file, **self._form)
                if header:
                    next(reader)
                for row in reader:
                    if len(row) != count:
                        raise ValueError(
                            "Problem inferring types: CSV row has different number of "
                            "fields than expected."
                        )
                    yield row


def _plain(name: str) -> Any:
    return open(name, encoding="utf-8", newline="")


def _opener(packed: Any) -> Callable[[str], Any]:
    if packed is None:
        return _plain
    kind = static_value(packed) if isinstance(packed, Tensor) else packed
    if kind is None:
        raise ValueError("Received unkown compression_type")
    if kind == "GZIP":
        return lambda name: gzip.open(name, "rt", encoding="utf-8")
    if kind == "ZLIB":
        raise ValueError(
            f"compression_type ({packed}) is not supported for probing columns"
        )
    if kind != "":
        raise ValueError(f"compression_type ({packed}) is not supported")
    return _plain


def _is_whole(text: str, kind: Any) -> bool:
    try:
        number = int(text)
    except ValueError:
        return False
    limits = np.iinfo(kind)
    return limits.min <= number <= limits.max


def _is_number(text: str, kind: Any) -> bool:
    try:
        with np.errstate(over="ignore"):
            return bool(kind(text) < np.inf)
    except ValueError:
        return False


_KINDS: list[tuple[Any, Callable[[str], bool]]] = [
    (dtypes.int32, lambda text: _is_whole(text, np.int32)),
    (dtypes.int64, lambda text: _is_whole(text, np.int64)),
    (dtypes.float32, lambda text: _is_number(text, np.float32)),
    (dtypes.float64, lambda text: _is_number(text, np.float64)),
    (dtypes.string, lambda _: True),
]


def _type_with(text: str, missing: str, before: Any) -> Any:
    """The narrowest type of a column that a field fits in, too."""
    if text in ("", missing):
        return before
    types = [kind for kind, _ in _KINDS]
    for place, (kind, fits) in enumerate(_KINDS):
        if fits(text) and (before is None or before in types[: place + 1]):
            return kind
    return None


def _inferred_defaults(
    rows: Iterator[list[str]], columns: list[int], missing: str, most: int | None
) -> list[Any]:
    types: list[Any] = [None] * len(columns)
    for number, row in enumerate(rows):
        if most is not None and number >= most:
            break
        for place, column in enumerate(columns):
            types[place] = _type_with(row[column], missing, types[place])
    return [
        constants.constant(
            [0 if kind not in (None, dtypes.string) else ""],
            dtype=kind or dtypes.string,
        )
        for kind in types
    ]


def _indices(chosen: list[Any], names: list[str]) -> list[int]:
    """The places of columns that are given by names or places, in order.

    Raises:
        ValueError: there is no such column, or one is given twice.
    """
    places = []
    for column in chosen:
        if isinstance(column, int):
            if not 0 <= column < len(names):
                raise ValueError(
                    f"Column index {column} specified in select_columns out of valid "
                    "range."
                )
            places.append(column)
        elif column in names:
            places.append(names.index(column))
        else:
            raise ValueError(
                f"Value '{column}' specified in select_columns not a valid column "
                "index or name."
            )
    found = sorted(set(places))
    if len(found) != len(places):
        raise ValueError("select_columns contains duplicate columns")
    return found


def file_names(pattern: Any) -> list[str]:
    """The files that match, in order.

    Raises:
        ValueError: there are none.
    """
    if isinstance(pattern, list) and not pattern:
        raise ValueError("File pattern is empty.")
    patterns = pattern if isinstance(pattern, list) else [pattern]
    found = [name for one in patterns for name in Glob(one)]
    if not found:
        raise ValueError(f"No files match {pattern}.")
    return sorted(found)


# -- batches ---------------------------------------------------------------------------


class _Columns:
    """The columns of some files: their names, defaults and places.

    Raises:
        ValueError: what is given of them does not go together.
    """

    def __init__(
        self, files: _Files, names: Any, defaults: Any, chosen: Any, header: bool
    ) -> None:
        if names is None:
            if not header:
                raise ValueError("Cannot infer column names without a header line.")
            names = files.column_names()
        if len(names) != len(set(names)):
            raise ValueError("Cannot have duplicate column names.")
        self._files, self._header, self._all = files, header, list(names)
        self.chosen = None if chosen is None else _indices(chosen, self._all)
        self.names = self._all
        if self.chosen is not None:
            self.names = [self._all[place] for place in self.chosen]
        self.defaults = defaults
        if defaults is not None:
            self.defaults = [_as_default(value) for value in defaults]

    def infer(self, missing: str, rows: int | None) -> None:
        """Finds the types, unless they are given."""
        if self.defaults is None:
            self.defaults = _inferred_defaults(
                self._files.rows(len(self._all), self._header),
                list(range(len(self._all))) if self.chosen is None else self.chosen,
                missing,
                rows,
            )
        if self.chosen is not None and len(self.defaults) != len(self.chosen):
            raise ValueError(
                "If specified, column_defaults and select_columns must have same "
                "length."
            )


def make_csv_dataset(
    file_pattern: Any,
    batch_size: Any,
    column_names: Any = None,
    column_defaults: Any = None,
    label_name: str | None = None,
    select_columns: Any = None,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    na_value: str = "",
    header: bool = True,
    num_epochs: int | None = None,
    shuffle: bool = True,
    shuffle_buffer_size: int = 10000,
    shuffle_seed: int | None = None,
    prefetch_buffer_size: Any = None,
    num_parallel_reads: Any = None,
    sloppy: bool = False,
    num_rows_for_inference: int | None = 100,
    compression_type: Any = None,
    ignore_errors: bool = False,
) -> Dataset:
    """Batches of the lines of CSV files, as dictionaries of columns.

    Args:
        file_pattern: which files, or several patterns.
        batch_size: how many lines.
        column_names: None: the first line says them.
        column_defaults: as `CsvDataset` takes them; None: found in the files.
        label_name: the column that comes apart.
        select_columns: names or places of columns; None: all.
        field_delim: as `CsvDataset` takes it.
        use_quote_delim: see field_delim.
        na_value: see field_delim.
        header: see field_delim.
        num_epochs: how often the files are read; None: without end.
        shuffle: whether lines come in random order.
        shuffle_buffer_size: among how many lines each one is chosen.
        shuffle_seed: of the order.
        prefetch_buffer_size: how many batches TensorFlow makes ahead.
        num_parallel_reads: how many files are read at a time.
        sloppy: whether their lines may come in any order.
        num_rows_for_inference: how many lines say the types; None: all.
        compression_type: of the files.
        ignore_errors: whether lines that cannot be read are left out.

    Raises:
        ValueError: there are no files, or what is given does not go with them.
    """
    reads = 1 if num_parallel_reads is None else num_parallel_reads
    names = file_names(file_pattern)
    dataset = Dataset.from_tensor_slices(names)
    if shuffle:
        dataset = dataset.shuffle(len(names), shuffle_seed)
    packed = None
    if column_names is None or column_defaults is None:
        packed = compression_type
    files = _Files(names, field_delim, use_quote_delim, packed)
    columns = _Columns(files, column_names, column_defaults, select_columns, header)
    columns.infer(na_value, num_rows_for_inference)
    if label_name is not None and label_name not in columns.names:
        raise ValueError("`label_name` provided must be one of the columns.")

    def filename_to_dataset(filename: Any) -> Dataset:
        lines: Dataset = CsvDatasetV1(
            filename,
            record_defaults=columns.defaults,
            field_delim=field_delim,
            use_quote_delim=use_quote_delim,
            na_value=na_value,
            select_cols=columns.chosen,
            header=header,
            compression_type=compression_type,
        )
        return lines.apply(without_errors()) if ignore_errors else lines

    def map_fn(*values: Any) -> Any:
        features = OrderedDict(zip(columns.names, values, strict=True))
        if label_name is None:
            return features
        label = features.pop(label_name)
        return features, label

    dataset = interleaved(dataset, filename_to_dataset, reads, sloppy)
    dataset = in_epochs(dataset, num_epochs, shuffle, shuffle_buffer_size, shuffle_seed)
    dataset = dataset.batch(batch_size=batch_size, drop_remainder=num_epochs is None)
    ahead = AUTOTUNE if prefetch_buffer_size is None else prefetch_buffer_size
    return mapped(dataset, map_fn).prefetch(ahead)


def interleaved(
    names: Dataset, read: Callable[[Any], Dataset], at_a_time: Any, sloppy: bool
) -> Dataset:
    """What is in files, several of which may be read at a time."""
    if at_a_time != AUTOTUNE:
        return parallel_interleave_of(
            names, read, cycle_length=at_a_time, sloppy=sloppy
        )
    options = Options()
    options.experimental_deterministic = not sloppy
    return names.interleave(read, num_parallel_calls=at_a_time).with_options(options)


def in_epochs(
    dataset: Dataset, epochs: Any, shuffles: bool, buffer_size: Any, seed: Any
) -> Dataset:
    """Elements as often as is wanted, and in random order if it is."""
    if epochs != 1 and shuffles:
        return dataset.apply(shuffle_and_repeat(buffer_size, epochs, seed))
    if shuffles:
        return dataset.shuffle(buffer_size, seed)
    return dataset if epochs == 1 else dataset.repeat(epochs)
