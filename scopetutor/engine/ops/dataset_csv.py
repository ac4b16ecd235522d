"""What reads CSV files as datasets.

After record_files and parsing, which read the bytes and the fields.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from .datasets import as_component, define_dataset, source
from .io import text_of, texts_of
from .parsing import field_value, fields_of, refused
from .record_files import checked_compression, contents, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scopetutor.engine.operation import Operation

    from .datasets import Element, Recipe


def _build(op: Operation) -> Callable[..., Recipe]:
    types = op._attrs["output_types"]

    def kernel(
        names: Any,
        packed: Any,
        _buffer_size: Any,
        header: Any,
        delimiter: Any,
        quotes: Any,
        missing: Any,
        chosen: Any,
        *defaults: Any,
    ) -> Recipe:
        kind, mark = checked_compression(packed), text_of(delimiter)
        if len(mark) != 1:
            raise refused("field_delim should be only 1 char")
        absent, places = text_of(missing), chosen.reshape(-1).tolist()

        def element(text: str) -> Element:
            fields = fields_of(text, mark, bool(quotes))
            if places:
                fields = [fields[i] for i in places if i < len(fields)]
            found = [
                as_component(
                    field_value(field, types[i], defaults[i], absent, (i, "record"))
                )
                for i, field in enumerate(fields[: len(types)])
            ]
            _check_count(len(fields), len(types))
            return tuple(found)

        def rows(name: str) -> Iterator[Element]:
            texts = lines(contents(name, kind))[bool(header) :]
            return map(element, _records(texts, bool(quotes)))

        def elements() -> Iterator[Element]:
            # No generator: after a bad line, the next one may be asked for.
            return itertools.chain.from_iterable(
                map(rows, texts_of(as_component(names)))
            )

        return source(elements)

    return kernel


def _check_count(found: int, wanted: int) -> None:
    if found != wanted:
        more = "more" if found > wanted else str(found)
        raise refused(f"Expect {wanted} fields but have {more} in record")


def _records(texts: list[bytes], quotes: bool) -> Iterator[str]:
    """Lines; those that end within quotes go on in the next one."""
    record = ""
    for text in texts:
        record += text.decode(errors="surrogateescape")
        if quotes and record.count('"') % 2:
            record += "\n"
            continue
        yield record
        record = ""
    if record:
        raise refused("Reached end of file without closing quoted field in record")


define_dataset("CSVDataset", _build)
