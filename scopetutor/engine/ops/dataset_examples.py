"""What parses Examples in datasets, and writes datasets as files of records.

After parsing and record_files.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.registry import define
from scopetutor.formats.records import RecordWriter

from . import rules
from .datasets import Following, Recipe, define_dataset
from .io import text_of
from .parsing import Where, dense_column, features_of
from .record_files import checked_compression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.engine.operation import Operation

    from .datasets import Element


def _parsing(op: Operation) -> Callable[..., Recipe]:
    attrs = op._attrs
    columns = list(
        zip(attrs["dense_keys"], attrs["Tdense"], attrs["dense_shapes"], strict=True)
    )
    # TF 1.15: an element's parts are in the order of their keys.
    order = sorted(range(len(columns)), key=lambda place: columns[place][0])

    def kernel(recipe: Recipe, _calls: Any, *defaults: Any) -> Recipe:
        given = [np.asarray(default) for default in defaults]

        def parsed(element: Element) -> Element:
            texts = np.asarray(element[0], object).tolist()
            places = map(Where, ["<unknown>"] * len(texts), count())
            examples = [
                (features_of(text, where), where)
                for text, where in zip(texts, places, strict=True)
            ]
            return tuple(
                dense_column(examples, columns[place], given[place]) for place in order
            )

        def follow(following: Following) -> Iterator[Element]:
            return map(parsed, recipe.follow(following))

        return Recipe(follow)

    return kernel


define_dataset("ParseExampleDataset", _parsing)


def _to_records(recipe: Recipe, filename: Any, compression: Any) -> None:
    kind = checked_compression(compression)
    with RecordWriter(text_of(filename), kind) as writer:
        for (text,) in recipe.follow(Following()):
            writer.write(np.asarray(text, object).item())


define("DatasetToTFRecord", shape=rules.no_outputs, kernel=_to_records)
