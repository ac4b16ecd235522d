"""`tf.contrib.lookup`: the tables of `tf.lookup` by the names they had before.

After ``engine/lookup.py``, which has the tables; here are the functions whose arguments
are called otherwise, or that make a table and look up at once.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import deprecation, dtypes, lookup
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.lookup import FastHashSpec
from scopetutor.engine.surroundings import name_scope

_MODULE = "tensorflow.contrib.lookup.lookup_ops"
_REMOVED = (
    "This op will be removed after the deprecation date. Please switch to {} and call "
    "the lookup method of the returned table."
)


def index_table_from_tensor(
    mapping: Any,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: Any = FastHashSpec,
    dtype: Any = dtypes.string,
    name: str | None = None,
) -> Any:
    """Places in a list by its items.

    Raises:
        ValueError: there is no list, or it is of another type.
    """
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return lookup.index_table_from_tensor(
        mapping, num_oov_buckets, default_value, hasher_spec, dtype, name
    )


def index_to_string_table_from_tensor(
    mapping: Any, default_value: str = "UNK", name: str | None = None
) -> Any:
    """The items of a list by their places.

    Raises:
        ValueError: there is no list.
    """
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return lookup.index_to_string_table_from_tensor(mapping, default_value, name)


@deprecation.deprecated(
    "string_to_index_table_from_file",
    _MODULE,
    "Use `index_table_from_file`.",
    date="2017-04-10",
)
def string_to_index_table_from_file(
    vocabulary_file: Any = None,
    num_oov_buckets: int = 0,
    vocab_size: int | None = None,
    default_value: int = -1,
    hasher_spec: Any = FastHashSpec,
    name: str | None = None,
) -> Any:
    """Line numbers by a file's lines."""
    return lookup.index_table_from_file(
        vocabulary_file,
        num_oov_buckets,
        vocab_size,
        default_value,
        hasher_spec,
        name=name,
    )


@deprecation.deprecated(
    "string_to_index_table_from_tensor",
    _MODULE,
    "Use `index_table_from_tensor`.",
    date="2017-04-10",
)
def string_to_index_table_from_tensor(
    mapping: Any,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: Any = FastHashSpec,
    name: str | None = None,
) -> Any:
    """Places in a list of texts by its items.

    Raises:
        ValueError: they are no texts.
    """
    with name_scope(name, "string_to_index") as scope:
        mapping = convert_to_tensor(mapping)
    if mapping.dtype.base_dtype != dtypes.string:
        raise ValueError("string_to_index_table_from_tensor requires string.")
    return index_table_from_tensor(
        mapping, num_oov_buckets, default_value, hasher_spec, name=scope
    )


@deprecation.deprecated(
    "string_to_index",
    _MODULE,
    _REMOVED.format("index_table_from_tensor"),
    date="2017-01-07",
)
def string_to_index(
    tensor: Any, mapping: Any, default_value: int = -1, name: str | None = None
) -> Any:
    """The places of texts in a list."""
    table = index_table_from_tensor(mapping, default_value=default_value, name=name)
    return table.lookup(tensor)


@deprecation.deprecated(
    "index_to_string",
    _MODULE,
    _REMOVED.format("index_to_string_table_from_tensor"),
    date="2017-01-07",
)
def index_to_string(
    tensor: Any, mapping: Any, default_value: str = "UNK", name: str | None = None
) -> Any:
    """The texts at places of a list."""
    table = index_to_string_table_from_tensor(mapping, default_value, name)
    return table.lookup(tensor)
