"""Catalogues of translations: read from .po, written as .mo.

`python tests/language/catalogue.py` compiles every catalogue after its .po was changed.
"""

from __future__ import annotations

import ast
import struct
from importlib import resources
from pathlib import Path

LOCALE = Path(str(resources.files("scopetutor"))) / "locale"
MAGIC = 0x950412DE


def read(file: Path) -> dict[str, str]:
    """The translations of a .po file, without those that are empty."""
    found: dict[str, str] = {}
    texts = {"msgid": "", "msgstr": ""}
    now = ""
    for row in [*file.read_text(encoding="utf-8").splitlines(), ""]:
        word, _, rest = row.partition(" ")
        if word in texts:
            now, texts[word] = word, ast.literal_eval(rest)
        elif row.startswith('"'):
            texts[now] += ast.literal_eval(row)
        elif not row and now:
            found[texts["msgid"]] = texts["msgstr"]
            now, texts = "", {"msgid": "", "msgstr": ""}
    return {key: text for key, text in found.items() if text}


def compiled(texts: dict[str, str]) -> bytes:
    """A .mo file: two tables of (length, offset), then the texts, sorted by id."""
    pairs = sorted((key.encode(), text.encode()) for key, text in texts.items())
    head = 28
    start = head + 16 * len(pairs)
    keys, values, data = b"", b"", b""
    for column in (0, 1):
        for pair in pairs:
            entry = struct.pack("<II", len(pair[column]), start + len(data))
            data += pair[column] + b"\0"
            if column:
                values += entry
            else:
                keys += entry
    tables = struct.pack(
        "<7I", MAGIC, 0, len(pairs), head, head + 8 * len(pairs), 0, start
    )
    return tables + keys + values + data


def catalogues() -> list[Path]:
    """The .po files there are."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/scopetutor.po"))


if __name__ == "__main__":
    for catalogue in catalogues():
        catalogue.with_suffix(".mo").write_bytes(compiled(read(catalogue)))
