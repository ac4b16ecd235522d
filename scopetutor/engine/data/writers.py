"""`tf.data.experimental.TFRecordWriter`: a dataset as a file of records.

After dataset; ``ops/dataset_examples.py`` writes.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import dataset_examples  # noqa: F401 - runs it

from . import structure
from .dataset import Dataset
from .readers import given_or

_TEXT = structure.TensorSpec([], dtypes.string)


class TFRecordWriter:
    """Writes datasets of texts into a file.

    Args:
        filename: of the file.
        compression_type: "", "ZLIB" or "GZIP".
    """

    def __init__(self, filename: Any, compression_type: Any = None) -> None:
        self._filename = convert_to_tensor(filename, dtypes.string, name="filename")
        self._compression_type = given_or(
            "compression_type", compression_type, "", dtypes.string
        )

    def write(self, dataset: Any) -> Any:
        """An operation that writes a dataset, each element a record.

        Raises:
            TypeError: it is none, or not of texts.
        """
        if not isinstance(dataset, Dataset):
            raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
        spec = dataset.element_spec
        if not isinstance(spec, structure.TensorSpec) or not spec.is_compatible_with(
            _TEXT
        ):
            raise TypeError(
                "`dataset` must produce scalar `DT_STRING` tensors whereas it produces "
                f"shape {structure.legacy_shapes(spec)} and types "
                f"{structure.legacy_types(spec)}"
            )
        return apply(
            "DatasetToTFRecord",
            dataset._variant_tensor,
            self._filename,
            self._compression_type,
        )
