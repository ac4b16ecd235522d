"""What fills a table of keys and values: tensors, or the lines of a file.

After ``ops/tables.py``, before lookup.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import constants, defaults, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.surroundings import device, init_scope, name_scope


class TextFileIndex:
    """What stands for no column of a file: its line, or its line's number."""

    WHOLE_LINE = -2
    LINE_NUMBER = -1


class Typed:
    """What has keys and values of some types."""

    def __init__(self, key_dtype: Any, value_dtype: Any) -> None:
        self._key_dtype = dtypes.as_dtype(key_dtype)
        self._value_dtype = dtypes.as_dtype(value_dtype)

    @property
    def key_dtype(self) -> Any:
        """The type of the keys."""
        return self._key_dtype

    @property
    def value_dtype(self) -> Any:
        """The type of the values."""
        return self._value_dtype


class TableInitializerBase(Typed):
    """What gives a table its keys and values."""

    @property
    def _shared_name(self) -> str:
        return ""

    def initialize(self, table: Any) -> Any:
        """The operation that fills a table."""
        raise NotImplementedError

    def _check(self, table: Any) -> None:
        for word, mine, its in (
            ("key", self.key_dtype, table.key_dtype),
            ("value", self.value_dtype, table.value_dtype),
        ):
            if mine.base_dtype != its:
                raise TypeError(f"Invalid {word} dtype, expected {its} but got {mine}.")


class KeyValueTensorInitializer(TableInitializerBase):
    """Keys and values from two tensors of the same size."""

    def __init__(
        self,
        keys: Any,
        values: Any,
        key_dtype: Any = None,
        value_dtype: Any = None,
        name: str | None = None,
    ) -> None:
        self._keys = convert_to_tensor(keys, dtype=key_dtype, name="keys")
        self._values = convert_to_tensor(values, dtype=value_dtype, name="values")
        self._name = "key_value_init" if name is None else name
        super().__init__(self._keys.dtype, self._values.dtype)

    def initialize(self, table: Any) -> Any:
        """The operation that fills a table.

        Raises:
            TypeError: the table is of other types.
        """
        self._check(table)
        handle = table.resource_handle
        with name_scope(self._name, values=(handle, self._keys, self._values)):
            made = apply("LookupTableImportV2", handle, self._keys, self._values)
        collect(GraphKeys.TABLE_INITIALIZERS, made)
        return made


class TextFileInitializer(TableInitializerBase):
    """Keys and values from a file of text.

    Args:
        filename: of the file.
        key_dtype: of the keys.
        key_index: the column of the keys, or one of TextFileIndex.
        value_dtype: of the values.
        value_index: the column of the values, or one of TextFileIndex.
        vocab_size: how many lines are read; None: all.
        delimiter: between columns.
        name: of the scope.

    Raises:
        ValueError: a type does not fit to the column, or a number is too small.
    """

    def __init__(
        self,
        filename: Any,
        key_dtype: Any,
        key_index: int,
        value_dtype: Any,
        value_index: int,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str | None = None,
    ) -> None:
        if not isinstance(filename, str) and not hasattr(filename, "op"):
            raise ValueError(f"Invalid filename {filename}")
        self._filename_arg = filename
        for word, kind, index in (
            ("Key", dtypes.as_dtype(key_dtype), key_index),
            ("Value", dtypes.as_dtype(value_dtype), value_index),
        ):
            _check_column(word, kind, index)
        if vocab_size is not None and vocab_size <= 0:
            raise ValueError(f"Invalid vocab_size {vocab_size}.")
        self._columns = key_index, value_index
        self._vocab_size = vocab_size
        self._delimiter = delimiter
        self._name = name
        # TF 1.15: the file belongs to the model, and so is converted at once.
        with init_scope(), device("CPU"):
            self._filename = convert_to_tensor(filename, dtypes.string, "asset_path")
        super().__init__(key_dtype, value_dtype)

    @property
    def _shared_name(self) -> str:
        size = f"{self._vocab_size}_" if self._vocab_size else ""
        key, value = self._columns
        return f"hash_table_{self._filename_arg}_{size}{key}_{value}"

    def initialize(self, table: Any) -> Any:
        """The operation that fills a table.

        Raises:
            TypeError: the table is of other types.
        """
        self._check(table)
        handle = table.resource_handle
        with name_scope(self._name, "text_file_init", (handle,)):
            made = apply(
                "InitializeTableFromTextFileV2",
                handle,
                self._filename,
                key_index=self._columns[0],
                value_index=self._columns[1],
                vocab_size=-1 if self._vocab_size is None else self._vocab_size,
                delimiter=self._delimiter,
            )
        collect(GraphKeys.TABLE_INITIALIZERS, made)
        if not defaults.state.eager and constants.is_constant(self._filename):
            collect(GraphKeys.ASSET_FILEPATHS, self._filename)
        return made


def _check_column(word: str, kind: Any, index: int) -> None:
    if index < TextFileIndex.WHOLE_LINE:
        raise ValueError(f"Invalid {word.lower()} index {index}.")
    said = f"Signature mismatch. {word}s must be dtype"
    if index == TextFileIndex.LINE_NUMBER and kind != dtypes.int64:
        raise ValueError(f"{said} {dtypes.int64}, got {kind}.")
    if index != TextFileIndex.WHOLE_LINE or kind == dtypes.string:
        return
    if word == "Value":
        raise ValueError(f"{said} {dtypes.string}, got {kind}.")
    if not kind.is_integer:
        raise ValueError(
            f"Signature mismatch. Keys must be integer or string, got {kind}."
        )


class TextFileStringTableInitializer(TextFileInitializer):
    """Texts by their line's number."""

    def __init__(
        self,
        filename: Any,
        key_column_index: int = TextFileIndex.LINE_NUMBER,
        value_column_index: int = TextFileIndex.WHOLE_LINE,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str = "text_file_string_table_init",
    ) -> None:
        super().__init__(
            filename,
            dtypes.int64,
            key_column_index,
            dtypes.string,
            value_column_index,
            vocab_size=vocab_size,
            delimiter=delimiter,
            name=name,
        )


class TextFileIdTableInitializer(TextFileInitializer):
    """Line numbers by their text."""

    def __init__(
        self,
        filename: Any,
        key_column_index: int = TextFileIndex.WHOLE_LINE,
        value_column_index: int = TextFileIndex.LINE_NUMBER,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str = "text_file_id_table_init",
        key_dtype: Any = dtypes.string,
    ) -> None:
        super().__init__(
            filename,
            key_dtype,
            key_column_index,
            dtypes.int64,
            value_column_index,
            vocab_size=vocab_size,
            delimiter=delimiter,
            name=name,
        )


def collect(key: str, thing: Any) -> None:
    """Puts something into a collection of the default graph; in eager mode, nowhere."""
    if not defaults.state.eager:
        defaults.get_default_graph().add_to_collection(key, thing)
