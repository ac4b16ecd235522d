"""Tables that keys can be added to: `tf.contrib.lookup.MutableHashTable`.

After ``lookup.py``. A Saver keeps what is in them.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.surroundings import colocate_with, name_scope
from scopetutor.engine.training.saveable import SaveableObject, SaveSpec

from .lookup import LookupInterface, _exported
from .table_initializers import collect


class _Changing(LookupInterface):
    """What tables have in common that keys can be added to."""

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        name: str,
        checkpoint: bool,
    ) -> None:
        super().__init__(key_dtype, value_dtype)
        self._default_value = convert_to_tensor(
            default_value, dtype=value_dtype, name=self._default_name
        )
        self._checkpoint = checkpoint
        self._made(self._create_resource(name))
        if checkpoint:
            collect(GraphKeys.SAVEABLE_OBJECTS, _Saveable(self, name))

    _default_name: str | None = None

    def _create_resource(self, name: str) -> Any:
        raise NotImplementedError

    def _attributes(self) -> dict[str, Any]:
        return {
            "use_node_name_sharing": self._checkpoint,
            "value_dtype": self.value_dtype,
        }

    def size(self, name: str | None = None) -> Any:
        """How many keys it has."""
        handle = self.resource_handle
        with name_scope(name, f"{self.name}_Size", [handle]), colocate_with(handle):
            return apply("LookupTableSizeV2", handle)

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The values of some keys."""
        handle = self.resource_handle
        with name_scope(name, f"{self.name}_lookup_table_find", [handle, keys]):
            keys = convert_to_tensor(keys, dtype=self.key_dtype, name="keys")
            with colocate_with(handle):
                return apply("LookupTableFindV2", handle, keys, self._default_value)

    def insert(self, keys: Any, values: Any, name: str | None = None) -> Any:
        """An operation that gives some keys values."""
        handle = self.resource_handle
        used = [handle, keys, values]
        with name_scope(name, f"{self.name}_lookup_table_insert", used):
            keys = convert_to_tensor(keys, self.key_dtype, name="keys")
            values = convert_to_tensor(values, self.value_dtype, name="values")
            with colocate_with(handle):
                return apply("LookupTableInsertV2", handle, keys, values)

    def remove(self, keys: Any, name: str | None = None) -> Any:
        """An operation that removes some keys.

        Raises:
            TypeError: they are of another type.
        """
        self._check_keys(keys)
        used = (self.resource_handle, keys, self._default_value)
        with name_scope(name, f"{self.name}_lookup_table_remove", used):
            return apply("LookupTableRemoveV2", self.resource_handle, keys)

    def export(self, name: str | None = None) -> Any:
        """All keys, and their values."""
        handle = self.resource_handle
        scope = f"{self.name}_lookup_table_export_values"
        with name_scope(name, scope, [handle]), colocate_with(handle):
            return _exported(self)


class _Saveable(SaveableObject):
    """What a Saver keeps of a table."""

    def __init__(self, table: Any, name: str) -> None:
        keys, values = table.export()
        specs = [
            SaveSpec(keys, "", f"{name}-keys"),
            SaveSpec(values, "", f"{name}-values"),
        ]
        super().__init__(table, specs, name)
        self._table = table

    def restore(self, restored_tensors: Any, restored_shapes: Any) -> Any:
        """The operation that gives the table what was kept."""
        del restored_shapes
        handle = self._table.resource_handle
        with name_scope(f"{self.name}_table_restore"), colocate_with(handle):
            return apply("LookupTableImportV2", handle, *restored_tensors)


class MutableHashTable(_Changing):
    """A table that keys can be added to.

    Args:
        key_dtype: of the keys.
        value_dtype: of the values.
        default_value: of keys that are not in it; its shape is that of all values.
        name: of its operation.
        checkpoint: whether savers keep it.
    """

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        name: str = "MutableHashTable",
        checkpoint: bool = True,
    ) -> None:
        super().__init__(key_dtype, value_dtype, default_value, name, checkpoint)

    def _create_resource(self, name: str) -> Any:
        attrs = {**self._attributes(), "key_dtype": self.key_dtype}
        if self._default_value.shape.ndims == 0:
            return apply("MutableHashTableV2", name=name, **attrs)
        shape = self._default_value.shape
        return apply(
            "MutableHashTableOfTensorsV2", value_shape=shape, name=name, **attrs
        )


class MutableDenseHashTable(_Changing):
    """A table that keys can be added to, with two keys that none of them may be."""

    _default_name = "default_value"

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        empty_key: Any,
        deleted_key: Any,
        initial_num_buckets: int | None = None,
        name: str = "MutableDenseHashTable",
        checkpoint: bool = True,
    ) -> None:
        self._reserved = key_dtype, empty_key, deleted_key
        self._buckets = initial_num_buckets
        super().__init__(key_dtype, value_dtype, default_value, name, checkpoint)

    def _create_resource(self, name: str) -> Any:
        kind, empty, deleted = self._reserved
        attrs = self._attributes()
        if self._buckets is not None:
            attrs["initial_num_buckets"] = self._buckets
        return apply(
            "MutableDenseHashTableV2",
            convert_to_tensor(empty, dtype=kind, name="empty_key"),
            convert_to_tensor(deleted, dtype=kind, name="deleted_key"),
            value_shape=self._default_value.shape,
            name=name,
            **attrs,
        )

    def insert_or_assign(self, keys: Any, values: Any, name: Any = None) -> Any:
        """An operation that gives some keys values."""
        return self.insert(keys, values, name)

    def erase(self, keys: Any, name: str | None = None) -> Any:
        """An operation that removes some keys."""
        return self.remove(keys, name)
