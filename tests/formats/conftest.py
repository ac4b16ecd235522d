"""What the tests of ``scopetutor/formats`` share: the golden files."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scopetutor.formats.checksum import crc32c, mask
from scopetutor.formats.wire import put_varint

GOLDEN = Path(__file__).parent / "golden"


class Golden:
    """The files TensorFlow 1.15.5 wrote, and what it said about them."""

    def data(self, name: str) -> bytes:
        """The bytes of a golden file, compressed or not."""
        path = GOLDEN / name
        if path.exists():
            return path.read_bytes()
        return gzip.decompress((GOLDEN / f"{name}.gz").read_bytes())

    def text(self, name: str) -> str:
        """A golden file as text."""
        return self.data(name).decode()

    def json(self, name: str) -> Any:
        """A golden file's value."""
        return json.loads(self.data(name))


def packed(data: bytes) -> bytes:
    """Data as Snappy: a copy where the next four bytes came before, else itself."""
    output, at = put_varint(len(data)), 0
    while at < len(data):
        back = data.rfind(data[at : at + 4], 0, at + 3) if at + 4 <= len(data) else -1
        size, distance = 4, at - back
        if back < 0:
            size = 1
            output += bytes((0, data[at]))
        elif distance < 2048:
            output += bytes((1 | distance >> 8 << 5, distance & 255))
        else:
            output += bytes((3 | 3 << 2,)) + struct.pack("<I", distance)
        at += size
    return output


def block_of(entries: list[tuple[bytes, bytes]], shared: int = 0) -> bytes:
    """A block that spells every key in full, or shares as much as it is told."""
    body = b""
    for number, (key, value) in enumerate(entries):
        same = shared if number else 0
        for size in (same, len(key) - same, len(value)):
            body += put_varint(size)
        body += key[same:] + value
    return body + struct.pack("<II", 0, 1)


class TableBuilder:
    """A table from blocks as they are given: right, wrong or compressed."""

    def __init__(self, *, compression: int = 0) -> None:
        self._compression = compression
        self.data = b""

    def add(self, block: bytes) -> bytes:
        """Append a block and its trailer; the handle that finds it."""
        body = packed(block) if self._compression else block
        handle = put_varint(len(self.data)) + put_varint(len(body))
        body += bytes((self._compression,))
        self.data += body + struct.pack("<I", mask(crc32c(body)))
        return handle

    def finish(self, index: list[tuple[bytes, bytes]]) -> bytes:
        """The table, given the last key and the handle of each block."""
        empty = self.add(block_of([]))
        handles = empty + self.add(block_of(index))
        mark = bytes.fromhex("57fb808b247547db")
        return self.data + handles.ljust(40, b"\0") + mark


@pytest.fixture(scope="session")
def table_builder() -> type[TableBuilder]:
    """The class that builds tables block by block."""
    return TableBuilder


@pytest.fixture(scope="session")
def make_block() -> Callable[..., bytes]:
    """The function that makes a block of entries."""
    return block_of


@pytest.fixture(scope="session")
def pack() -> Callable[[bytes], bytes]:
    """The function that packs bytes as Snappy."""
    return packed


@pytest.fixture(scope="session")
def golden() -> Golden:
    """The golden files."""
    return Golden()


@pytest.fixture(scope="session")
def checkpoints(
    golden: Golden, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """A function: name of a golden checkpoint -> prefix of a copy to read."""
    folder = tmp_path_factory.mktemp("checkpoints")
    for path in (GOLDEN / "checkpoints").iterdir():
        name = path.name.removesuffix(".gz")
        if not name.endswith(".json"):
            (folder / name).write_bytes(golden.data(f"checkpoints/{name}"))
    return lambda name: str(folder / name)
