"""Tables of keys and values: `tf.lookup`, `tf.contrib.lookup`.

After ``ops/tables.py``, which runs them. A table is made with what fills it; TF 1.15:
the operation that does is in the collection TABLE_INITIALIZERS.
"""

from __future__ import annotations

import functools
import uuid
from typing import Any, NamedTuple

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array
from scopetutor.engine.ops.control_flow import no_op
from scopetutor.engine.ops.gathering import where_v2
from scopetutor.engine.ops.hashing import (
    string_to_hash_bucket,
    string_to_hash_bucket_fast,
    string_to_hash_bucket_strong,
)
from scopetutor.engine.ops.math import add, cast, not_equal
from scopetutor.engine.ops.ranges import range_
from scopetutor.engine.ops.text import as_string
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.sparse import SparseTensor
from scopetutor.engine.surroundings import init_scope, name_scope

from .table_initializers import (
    KeyValueTensorInitializer,
    TextFileIdTableInitializer,
    TextFileIndex,
    TextFileStringTableInitializer,
    Typed,
)


class HasherSpec(NamedTuple):
    """How keys that a table does not have are hashed.

    Attributes:
        hasher: "fasthash", "stronghash" or "legacy".
        key: of a strong hash: two numbers.
    """

    hasher: Any
    key: Any


FastHashSpec = HasherSpec("fasthash", None)


class StrongHashSpec(HasherSpec):
    """Hashing with a key of two numbers.

    Raises:
        ValueError: they are not two.
        TypeError: they are no integers.
    """

    def __new__(cls, key: Any) -> StrongHashSpec:
        """Checks the key."""
        if len(key) != 2:
            raise ValueError(f"key must have size 2, got {len(key)}.")
        if not all(isinstance(part, int) for part in key):
            raise TypeError(f"Invalid key {key}. Must be unsigned integer values.")
        return super().__new__(cls, "stronghash", key)


# -- tables that are filled once -------------------------------------------------------


class LookupInterface(Typed):
    """A table of keys and values."""

    @property
    def resource_handle(self) -> Any:
        """The tensor that stands for the table."""
        return self._resource_handle

    _resource_handle: Any = None
    _table_name: str | None = None

    @property
    def name(self) -> Any:
        """Of its operation, without scopes."""
        return self._table_name

    def _made(self, handle: Any) -> Any:
        """Remembers the tensor that stands for it, and its name."""
        self._resource_handle = handle
        if not defaults.state.eager:
            self._table_name = handle.op.name.split("/")[-1]
        return handle

    def _check_keys(self, keys: Any) -> None:
        if keys.dtype.base_dtype != self._key_dtype:
            raise TypeError(
                f"Signature mismatch. Keys must be dtype {self._key_dtype}, got "
                f"{keys.dtype}."
            )


class InitializableLookupTableBase(LookupInterface):
    """A table that is filled once, by an initializer."""

    _initializer: Any

    def __init__(self, default_value: Any, initializer: Any) -> None:
        super().__init__(initializer.key_dtype, initializer.value_dtype)
        self._default_value = convert_to_tensor(default_value, dtype=self._value_dtype)
        self._default_value.shape.merge_with(TensorShape([]))
        self._initializer = initializer
        with init_scope():
            self._made(self._create_resource())
        self._init_op = initializer.initialize(self)

    def _create_resource(self) -> Any:
        raise NotImplementedError

    @property
    def default_value(self) -> Any:
        """What keys have that are not in it."""
        return self._default_value

    @property
    def initializer(self) -> Any:
        """The operation that fills it."""
        return self._init_op

    def size(self, name: str | None = None) -> Any:
        """How many keys it has."""
        with name_scope(name, f"{self.name}_Size", [self.resource_handle]):
            return apply("LookupTableSizeV2", self.resource_handle)

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The values of some keys, dense or sparse.

        Raises:
            TypeError: they are of another type.
        """
        tensor = keys.values if isinstance(keys, SparseTensor) else keys
        self._check_keys(keys)
        used = (self.resource_handle, tensor, self._default_value)
        with name_scope(name, f"{self.name}_Lookup", used):
            values = apply("LookupTableFindV2", *used)
        values.set_shape(tensor.shape)
        return _like(keys, values)

    def export(self, name: str | None = None) -> Any:
        """All keys, and their values."""
        handle = self.resource_handle
        with name_scope(name, f"{self.name}_Export", [handle]) as scope:
            keys, values = _exported(self, scope if self._exports_as_scope else None)
        values.set_shape(keys.shape.concatenate(self._default_value.shape))
        return keys, values

    _exports_as_scope = False


def _exported(table: Any, name: str | None = None) -> Any:
    keys, values = apply(
        "LookupTableExportV2",
        table.resource_handle,
        Tkeys=table.key_dtype,
        Tvalues=table.value_dtype,
        name=name,
    )
    return keys, values


class StaticHashTable(InitializableLookupTableBase):
    """A table that is filled once.

    Args:
        initializer: gives it its keys and values.
        default_value: of keys that are not in it.
        name: None: "hash_table".
    """

    def __init__(
        self, initializer: Any, default_value: Any, name: str | None = None
    ) -> None:
        self._shared_name = initializer._shared_name or f"hash_table_{uuid.uuid4()}"
        self._name = name or "hash_table"
        super().__init__(default_value, initializer)

    def _create_resource(self) -> Any:
        return apply(
            "HashTableV2",
            shared_name=self._shared_name or "",
            key_dtype=self._initializer.key_dtype,
            value_dtype=self._initializer.value_dtype,
            name=self._name,
        )


class HashTable(StaticHashTable):
    """`tf.contrib.lookup.HashTable`: one that may be shared by name."""

    def __init__(
        self,
        initializer: Any,
        default_value: Any,
        shared_name: str | None = None,
        name: str | None = None,
    ) -> None:
        self._shared_name = shared_name or ""
        self._name = name or "hash_table"
        InitializableLookupTableBase.__init__(self, default_value, initializer)

    _exports_as_scope = True

    @property
    def init(self) -> Any:
        """The operation that fills it."""
        return self._init_op


def _like(keys: Any, values: Any) -> Any:
    """Values at the places of keys."""
    if isinstance(keys, SparseTensor):
        return SparseTensor(keys.indices, values, keys.dense_shape)
    return values


# -- tables with buckets for what they do not have -------------------------------------


class IdTableWithHashBuckets(LookupInterface):
    """Ids by keys; keys that the table does not have are hashed to further ids.

    Raises:
        TypeError: keys or values are of types that ids cannot be made of.
        ValueError: there is no table, and there are no buckets.
    """

    def __init__(
        self,
        table: Any,
        num_oov_buckets: int,
        hasher_spec: Any = FastHashSpec,
        name: str | None = None,
        key_dtype: Any = None,
    ) -> None:
        if table:
            key_dtype = table.key_dtype if key_dtype is None else key_dtype
            _check_table(table, key_dtype)
        elif num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0 if no table is supplied.")
        key_dtype = dtypes.string if key_dtype is None else dtypes.as_dtype(key_dtype)
        if not key_dtype.is_integer and key_dtype != dtypes.string:
            raise TypeError(
                f"Invalid key_dtype, expected integer or string, got {key_dtype}."
            )
        if not isinstance(hasher_spec, HasherSpec):
            raise TypeError(
                f"hasher_spec must be of type HasherSpec, got {hasher_spec}"
            )
        self._table = table or None
        self._num_oov_buckets = num_oov_buckets
        self._hasher_spec = hasher_spec
        known = (name or "").rstrip("/") or (table.name if table else "hash_bucket")
        self._table_name = known.split("/")[-1]
        super().__init__(key_dtype, dtypes.int64)

    @property
    def initializer(self) -> Any:
        """The operation that fills the table."""
        if self._table is not None:
            return self._table.initializer
        with name_scope(None, "init"):
            return no_op()

    @property
    def init(self) -> Any:
        """The operation that fills the table."""
        return self.initializer

    @property
    def resource_handle(self) -> Any:
        """The tensor that stands for the table, or None."""
        return None if self._table is None else self._table.resource_handle

    def size(self, name: str | None = None) -> Any:
        """How many ids there are."""
        with name_scope(name, f"{self.name}_Size"):
            known = (
                convert_to_tensor(0, dtype=dtypes.int64)
                if self._table is None
                else self._table.size()
            )
            return known + self._num_oov_buckets

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The ids of some keys, dense or sparse.

        Raises:
            TypeError: they are of another type.
        """
        self._check_keys(keys)
        values = keys.values if isinstance(keys, SparseTensor) else keys
        if self._table is not None and self._table.key_dtype == dtypes.int64:
            values = cast(values, dtypes.int64)
        if self._num_oov_buckets == 0 and self._table is not None:
            return _like(keys, self._table.lookup(values, name=name))
        with name_scope(name, f"{self.name}_Lookup"):
            return _like(keys, self._ids(values))

    def _ids(self, values: Any) -> Any:
        texts = values if values.dtype == dtypes.string else as_string(values)
        hashing = _hasher(self._hasher_spec)
        buckets = hashing(texts, num_buckets=self._num_oov_buckets, name="hash_bucket")
        if self._table is None:
            return buckets
        ids = self._table.lookup(values)
        buckets = add(buckets, self._table.size())
        known = not_equal(ids, self._table.default_value)
        return where_v2(known, ids, buckets)


def _check_table(table: Any, key_dtype: Any) -> None:
    allowed = (dtypes.int64, dtypes.string)
    if table.key_dtype not in allowed:
        raise TypeError(
            f"Invalid key dtype, expected one of {allowed}, but got {key_dtype}."
        )
    if table.key_dtype.is_integer != key_dtype.is_integer:
        wanted = "integer" if key_dtype.is_integer else "non-integer"
        raise TypeError(
            f"Invalid key dtype, expected {wanted} but got {table.key_dtype}."
        )
    if table.value_dtype != dtypes.int64:
        raise TypeError(
            f"Invalid value dtype, expected {dtypes.int64} but got {table.value_dtype}."
        )


def _hasher(spec: Any) -> Any:
    if spec.hasher == "stronghash":
        return functools.partial(string_to_hash_bucket_strong, key=spec.key)
    known = {"fasthash": string_to_hash_bucket_fast, "legacy": string_to_hash_bucket}
    if spec.hasher not in known:
        raise ValueError(f"Unknown hasher {spec.hasher}")
    return known[spec.hasher]


class StaticVocabularyTable(IdTableWithHashBuckets):
    """Ids by keys, with buckets for keys that are not known.

    Raises:
        ValueError: there are no buckets.
    """

    def __init__(
        self,
        initializer: Any,
        num_oov_buckets: int,
        lookup_key_dtype: Any = None,
        name: str | None = None,
    ) -> None:
        if num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0.")
        table = StaticHashTable(initializer, default_value=-1) if initializer else None
        super().__init__(table, num_oov_buckets, name=name, key_dtype=lookup_key_dtype)


# -- tables of vocabularies ------------------------------------------------------------


def index_table_from_file(
    vocabulary_file: Any = None,
    num_oov_buckets: int = 0,
    vocab_size: int | None = None,
    default_value: int = -1,
    hasher_spec: Any = FastHashSpec,
    key_dtype: Any = dtypes.string,
    name: str | None = None,
    key_column_index: int = TextFileIndex.WHOLE_LINE,
    value_column_index: int = TextFileIndex.LINE_NUMBER,
    delimiter: str = "\t",
) -> Any:
    """Line numbers by a file's lines.

    Raises:
        ValueError: there is no file, or a number is too small.
        TypeError: keys are neither texts nor integers.
    """
    _check_file(vocabulary_file)
    _check_buckets(num_oov_buckets)
    if vocab_size is not None and vocab_size < 1:
        raise ValueError(
            f"vocab_size must be greater than 0, got {vocab_size}. vocabulary_file: "
            f"{vocabulary_file}"
        )
    _check_key_type(key_dtype)
    with name_scope(name, "string_to_index"):
        with name_scope(None, "hash_table"):
            init = TextFileIdTableInitializer(
                vocabulary_file,
                vocab_size=vocab_size,
                key_dtype=dtypes.int64 if key_dtype.is_integer else key_dtype,
                name="table_init",
                key_column_index=key_column_index,
                value_column_index=value_column_index,
                delimiter=delimiter,
            )
            table = StaticHashTable(init, default_value)
        return _with_buckets(table, num_oov_buckets, hasher_spec, key_dtype)


def index_table_from_tensor(
    vocabulary_list: Any,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: Any = FastHashSpec,
    dtype: Any = dtypes.string,
    name: str | None = None,
) -> Any:
    """Places in a list by its items.

    Raises:
        ValueError: there is no list, or it is of another type.
        TypeError: keys are neither texts nor integers.
    """
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    _check_buckets(num_oov_buckets)
    _check_key_type(dtype)
    with name_scope(name, "string_to_index"):
        keys = convert_to_tensor(vocabulary_list)
        if keys.dtype.is_integer != dtype.is_integer:
            wanted = "integer" if dtype.is_integer else "non-integer"
            raise ValueError(f"Expected {wanted}, got {keys.dtype}.")
        if not dtype.is_integer and keys.dtype.base_dtype != dtype:
            raise ValueError(f"Expected {dtype}, got {keys.dtype}.")
        values = cast(range_(array.size(keys)), dtypes.int64)
        with name_scope(None, "hash_table"):
            keys = cast(keys, dtypes.int64) if keys.dtype.is_integer else keys
            kind = keys.dtype.base_dtype
            init = KeyValueTensorInitializer(
                keys, values, kind, dtypes.int64, name="table_init"
            )
            table = StaticHashTable(init, default_value)
        return _with_buckets(table, num_oov_buckets, hasher_spec, dtype)


def _with_buckets(table: Any, buckets: int, hasher_spec: Any, kind: Any) -> Any:
    if not buckets:
        return table
    return IdTableWithHashBuckets(
        table, num_oov_buckets=buckets, hasher_spec=hasher_spec, key_dtype=kind
    )


def index_to_string_table_from_file(
    vocabulary_file: Any,
    vocab_size: int | None = None,
    default_value: str = "UNK",
    name: str | None = None,
    key_column_index: int = TextFileIndex.LINE_NUMBER,
    value_column_index: int = TextFileIndex.WHOLE_LINE,
    delimiter: str = "\t",
) -> Any:
    """A file's lines by their numbers.

    Raises:
        ValueError: there is no file, or the size is too small.
    """
    _check_file(vocabulary_file)
    if vocab_size is not None and vocab_size < 1:
        raise ValueError(f"vocab_size must be greater than 0, got {vocab_size}.")
    with name_scope(name, "index_to_string"):
        init = TextFileStringTableInitializer(
            vocabulary_file,
            vocab_size=vocab_size,
            name="table_init",
            key_column_index=key_column_index,
            value_column_index=value_column_index,
            delimiter=delimiter,
        )
        return StaticHashTable(init, default_value)


def index_to_string_table_from_tensor(
    vocabulary_list: Any, default_value: str = "UNK", name: str | None = None
) -> Any:
    """The items of a list by their places.

    Raises:
        ValueError: there is no list.
    """
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    with name_scope(name, "index_to_string"):
        texts = convert_to_tensor(vocabulary_list, dtypes.string)
        keys = cast(range_(array.size(texts)), dtypes.int64)
        init = KeyValueTensorInitializer(
            keys, texts, dtypes.int64, dtypes.string, name="table_init"
        )
        return StaticHashTable(init, default_value)


def _check_file(path: Any) -> None:
    if path is None or (isinstance(path, str) and not path):
        raise ValueError("vocabulary_file must be specified and must not be empty.")


def _check_buckets(count: int) -> None:
    if count < 0:
        raise ValueError(
            f"num_oov_buckets must be greater or equal than 0, got {count}."
        )


def _check_key_type(kind: Any) -> None:
    if not kind.is_integer and kind.base_dtype != dtypes.string:
        raise TypeError("Only integer and string keys are supported.")
