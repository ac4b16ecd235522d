"""Entries of an index: written and read by hand, and the same as by the schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scopetutor.errors import FileFormatError
from scopetutor.formats import bundle_entry, protos
from scopetutor.formats.bundle_entry import BundleEntry
from scopetutor.formats.checkpoint import shape_of
from scopetutor.formats.slices import Slice
from scopetutor.formats.wire import MalformedError

numbers = st.integers(0, 2**31 - 1)
large = st.integers(0, 2**63 - 1)
entries = st.builds(
    BundleEntry,
    numbers,
    st.lists(large, max_size=4).map(tuple),
    numbers,
    large,
    large,
    st.integers(0, 2**32 - 1),
    st.lists(st.builds(lambda n: Slice((n,), (3,)), large), max_size=2).map(tuple),
)


def by_schema(entry: BundleEntry) -> Any:
    """The message with the same content."""
    message: Any = protos.BundleEntryProto(
        dtype=entry.dtype,
        shape={"dim": [{"size": size} for size in entry.shape]},
        shard_id=entry.shard,
        offset=entry.offset,
        size=entry.size,
        crc32c=entry.crc32c,
    )
    message.slices.extend(part.to_proto() for part in entry.slices)
    return message


@given(entries)
def test_an_entry_is_written_as_the_schema_has_it(entry):
    """Byte for byte what the message's own codec writes, and read back the same."""
    data = entry.encode()

    assert data == by_schema(entry).encode()
    assert bundle_entry.decode(data, "m.index") == entry


def read_by_schema(data: bytes) -> BundleEntry:
    """The entry, each field as the message's own codec has it."""
    message: Any = protos.BundleEntryProto.decode(data, path="m.index")
    return BundleEntry(
        message.dtype,
        shape_of(message.shape),
        message.shard_id,
        message.offset,
        message.size,
        message.crc32c,
        tuple(map(Slice.from_proto, message.slices)),
    )


def outcome(read: Callable[[bytes], BundleEntry], data: bytes) -> object:
    """What is read, or the error's class and text."""
    try:
        return read(data)
    except (FileFormatError, MalformedError) as error:
        return type(error), str(error)


@given(st.binary(max_size=40) | entries.map(BundleEntry.encode), st.data())
def test_any_bytes_are_read_as_the_schema_reads_them(data, draw):
    """The same values, or the same error, for right and for changed bytes."""
    raw = bytearray(data)
    for _ in range(draw.draw(st.integers(0, 3)) if raw else 0):
        raw[draw.draw(st.integers(0, len(raw) - 1))] = draw.draw(st.integers(0, 255))

    found = outcome(lambda raw: bundle_entry.decode(raw, "m.index"), bytes(raw))

    assert found == outcome(read_by_schema, bytes(raw))
