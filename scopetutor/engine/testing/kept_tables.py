"""A table that a Saver keeps, as TensorFlow's own tests of Savers make one.

After ``training/saveable.py``. It is a thing that a Saver can save without its being a
variable; `saver_test_utils` is where tests import it from.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.training.saveable import SaveableObject, SaveSpec


class CheckpointedOp:
    """A table from texts to numbers; a Saver finds it in its collection.

    Attributes:
        table_ref: the handle of the table.
    """

    def __init__(self, name: str, table_ref: Any = None) -> None:
        self.table_ref = table_ref
        if table_ref is None:
            self.table_ref = apply(
                "MutableHashTableV2",
                key_dtype=dtypes.string,
                value_dtype=dtypes.float32,
                name=name,
            )
        self._name = name
        if not defaults.state.eager:
            self._saveable = CustomSaveable(self, name)
            defaults.get_default_graph().add_to_collection(
                GraphKeys.SAVEABLE_OBJECTS, self._saveable
            )

    @property
    def name(self) -> str:
        """The name it was given."""
        return self._name

    @property
    def saveable(self) -> CustomSaveable:
        """What a Saver saves of it."""
        if defaults.state.eager:
            return CustomSaveable(self, self.name)
        return self._saveable

    def insert(self, keys: Any, values: Any) -> Any:
        """Adds keys with their values."""
        return apply("LookupTableInsertV2", self.table_ref, keys, values)

    def lookup(self, keys: Any, default: Any) -> Any:
        """The values of keys."""
        return apply("LookupTableFindV2", self.table_ref, keys, default)

    def keys(self) -> Any:
        """All keys."""
        return self._export()[0]

    def values(self) -> Any:
        """The values of all keys."""
        return self._export()[1]

    def _export(self) -> Any:
        return apply(
            "LookupTableExportV2",
            self.table_ref,
            Tkeys=dtypes.string,
            Tvalues=dtypes.float32,
        )


class CustomSaveable(SaveableObject):
    """Saves the keys and the values of a table."""

    def __init__(self, table: CheckpointedOp, name: str) -> None:
        keys, values = table._export()
        specs = [
            SaveSpec(keys, "", f"{name}-keys"),
            SaveSpec(values, "", f"{name}-values"),
        ]
        super().__init__(table, specs, name)

    def restore(self, restored_tensors: Any, restored_shapes: Any) -> Any:
        """The operation that fills the table."""
        del restored_shapes
        return apply("LookupTableImportV2", self.op.table_ref, *restored_tensors)
