"""TFRecord files: TensorFlow's are read, ours are the same, wrong ones refused."""

from __future__ import annotations

import gzip
import struct
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopetutor.errors import FileFormatError, FileMissingError
from scopetutor.formats.checksum import crc32c, mask
from scopetutor.formats.records import RecordWriter, frame, read_records

KINDS = ["", "GZIP", "ZLIB"]


@pytest.mark.parametrize("kind", KINDS)
def test_tensorflows_records_are_read(golden, tmp_path, kind):
    """Plain and compressed files of TensorFlow give the records that went in."""
    path = tmp_path / "records"
    path.write_bytes(golden.data(f"events/records{kind}"))

    expected = [bytes.fromhex(record) for record in golden.json("events/records.json")]
    assert list(read_records(path, kind)) == expected


def test_plain_records_are_written_byte_for_byte(golden, tmp_path):
    """A plain file of records is the file TensorFlow writes."""
    path = tmp_path / "records"
    with RecordWriter(path) as writer:
        for record in golden.json("events/records.json"):
            writer.write(bytes.fromhex(record))

    assert path.read_bytes() == golden.data("events/records")


@pytest.mark.parametrize("kind", KINDS)
@given(records=st.lists(st.binary(max_size=100), max_size=10))
def test_what_is_written_is_read(tmp_path_factory, kind, records):
    """Any records come back, in any compression, also from a flushed open file."""
    path = tmp_path_factory.getbasetemp() / f"records{kind}"
    with RecordWriter(path, kind) as writer:
        for record in records:
            writer.write(record)
        writer.flush()
        assert list(read_records(path, kind)) == records
    writer.close()

    assert list(read_records(path, kind)) == records


def test_large_records_come_back_compressed(tmp_path):
    """A record of five megabytes survives packing in small pieces."""
    record = bytes(range(256)) * 20_000
    for kind in KINDS:
        with RecordWriter(tmp_path / "r", kind) as writer:
            writer.write(record)
        assert list(read_records(tmp_path / "r", kind)) == [record]


@pytest.mark.parametrize("cut", [1, 4, 5, 10, 16])
def test_a_file_that_ends_within_a_record_gives_those_before(tmp_path, cut):
    """The records before the cut are given, then the byte where it broke."""
    path = tmp_path / "records"
    path.write_bytes((frame(b"first") + frame(b"second"))[:-cut])
    records = read_records(path)

    assert next(records) == b"first"
    with pytest.raises(FileFormatError, match="record at byte 21 is damaged") as caught:
        next(records)
    assert "still be being written" in caught.value.hint


@pytest.mark.parametrize("at", [0, 9, 13, 17])
def test_a_changed_bit_is_noticed(tmp_path, at):
    """Length, data and checksums are all covered."""
    raw = bytearray(frame(b"first"))
    raw[at] ^= 1
    (tmp_path / "r").write_bytes(raw)

    with pytest.raises(FileFormatError, match="checksum it should have"):
        list(read_records(tmp_path / "r"))


def test_a_length_with_a_right_checksum_takes_no_memory(tmp_path):
    """A record that says it has 2**62 bytes is refused before any is taken."""
    length = struct.pack("<Q", 1 << 62)
    raw = length + struct.pack("<I", mask(crc32c(length))) + b"x" * 20
    (tmp_path / "r").write_bytes(raw)
    tracemalloc.start()
    with pytest.raises(FileFormatError, match="ends too early"):
        list(read_records(tmp_path / "r"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 1 << 20


@pytest.mark.parametrize("kind", ["GZIP", "ZLIB"])
def test_a_plain_file_read_as_packed_is_refused(golden, tmp_path, kind):
    """Reading with the wrong compression is an error of the file, not of zlib."""
    (tmp_path / "r").write_bytes(golden.data("events/records"))
    with pytest.raises(FileFormatError, match="cannot be unpacked"):
        list(read_records(tmp_path / "r", kind))
    (tmp_path / "r").write_bytes(golden.data(f"events/records{kind}")[:-20])
    with pytest.raises(FileFormatError, match="ends too early"):
        list(read_records(tmp_path / "r", kind))


@pytest.mark.parametrize("size", [1, 11, 12, 15])
def test_a_packed_file_that_holds_half_a_record_is_refused(tmp_path, size):
    """A whole gzip stream of a part of a record ends too early."""
    (tmp_path / "r").write_bytes(gzip.compress(frame(b"")[:size]))
    with pytest.raises(FileFormatError, match="ends too early"):
        list(read_records(tmp_path / "r", "GZIP"))


def test_missing_files_and_unknown_compressions(tmp_path):
    """No file is FileMissingError, a folder FileFormatError, SNAPPY ValueError."""
    with pytest.raises(FileMissingError):
        list(read_records(tmp_path / "no"))
    with pytest.raises(FileFormatError, match="this is a folder"):
        list(read_records(tmp_path))
    with pytest.raises(ValueError, match="there are none, ZLIB, GZIP"):
        RecordWriter(tmp_path / "r", "SNAPPY")
