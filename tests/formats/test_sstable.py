"""Sorted tables: what goes in comes out, and hostile ones are refused early."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopetutor.errors import FileFormatError, FileMissingError
from scopetutor.formats import snappy, sstable
from scopetutor.formats.sstable import SortedTable, write_table
from scopetutor.formats.wire import MalformedError, put_varint

tables = st.dictionaries(st.binary(max_size=20), st.binary(max_size=50), max_size=80)


@given(entries=tables, block_size=st.integers(1, 300))
def test_a_table_gives_what_it_got(tmp_path_factory, entries, block_size):
    """Any keys and values, in blocks of any size, are listed in order and found."""
    path = tmp_path_factory.getbasetemp() / "table"
    with pytest.MonkeyPatch.context() as patch, path.open("wb") as file:
        patch.setattr(sstable, "_BLOCK_SIZE", block_size)
        write_table(file, sorted(entries.items()))

    table = SortedTable(str(path))

    assert list(table) == sorted(entries.items())
    assert {key: table.get(key) for key in entries} == entries
    assert table.get(b"\xff" * 21) is None


@pytest.fixture
def written(table_builder, make_block, tmp_path):
    """A function: blocks of entries -> the path of a table of them."""

    def write(*blocks, compression=0, index=None):
        builder = table_builder(compression=compression)
        handles = []
        for block in blocks:
            raw = block if isinstance(block, bytes) else make_block(block)
            handles.append((b"%04d" % len(handles), builder.add(raw)))
        path = tmp_path / "table"
        path.write_bytes(builder.finish(handles if index is None else index(handles)))
        return str(path)

    return write


def test_compressed_blocks_are_read(checkpoints, written):
    """A table whose blocks are Snappy lists the entries of the plain one."""
    plain = list(SortedTable(checkpoints("saver") + ".index"))

    assert list(SortedTable(written(plain[:9], plain[9:], compression=1))) == plain


@given(data=st.binary(max_size=300), times=st.integers(1, 40))
def test_snappy_gives_back_what_was_packed(pack, data, times):
    """Literals and copies, overlapping ones too, unpack to what they came from."""
    assert snappy.decompress(pack(data * times)) == data * times


@pytest.mark.parametrize(
    "raw",
    [
        b"\x05\x0cab",  # five bytes are announced, two are there
        b"\xff\xff\xff\xff\x0f",  # four gigabytes, from nothing
        b"\x04\x01\x01",  # a copy of what came before the beginning
        b"\x04\x00a\x01\x00",  # a copy from no distance
        b"\x04\x00a\x01",  # a copy without its distance
        b"\x02\x00a\x0f\x01\x00\x00\x00",  # more than was announced
        b"\x03\xf8abc",  # a literal whose length is cut off
    ],
)
def test_wrong_snappy_is_refused(raw):
    """Data that refers before its start, or lies about its size, is refused."""
    with pytest.raises((MalformedError, IndexError)):
        snappy.decompress(raw)


def test_a_large_snappy_block_unpacks_fast(pack):
    """A megabyte unpacks within two seconds."""
    data = pack(b"0123456789abcdef" * 64) * 1
    body = data[2:]
    begin = time.process_time()
    size = snappy.decompress(put_varint(1024 * 1000) + body * 1000)

    assert len(size) == 1024 * 1000
    assert time.process_time() - begin < 2


KEYS = [(b"a", b"1"), (b"b", b"2")]


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ([[(b"b", b"1"), (b"a", b"2")]], "keys are not in order"),
        ([[(b"a", b"1"), (b"a", b"2")]], "keys are not in order"),
        ([b""], "ends too early"),
        ([b"\xff\xff\xff\xff"], "more restarts than bytes"),
        ([b"\0\x05\0ab\0\0\0\0"], "reaches beyond its block"),
        ([b"\x02\x01\0a\0\0\0\0"], "reaches beyond its block"),
        ([b"\x80" * 20 + b"\0\0\0\0"], "more than ten bytes"),
    ],
)
def test_wrong_blocks_are_refused(written, blocks, problem):
    """A block that contradicts itself gives one error that says so."""
    path = written(*blocks)
    with pytest.raises(FileFormatError, match=problem) as caught:
        list(SortedTable(path))

    assert caught.value.path == path
    assert caught.value.hint


def test_blocks_that_overlap_are_refused(written):
    """A hundred index entries for one block are refused, not read a hundred times."""
    path = written(KEYS, index=lambda h: [(b"%03d" % i, h[0][1]) for i in range(100)])

    with pytest.raises(FileFormatError, match="blocks overlap"):
        SortedTable(path)


def test_a_block_outside_the_file_is_refused(written):
    """A block announced at the end of the universe names the file's real size."""
    far = put_varint(1 << 62) + put_varint(1 << 62)

    path = written(KEYS, index=lambda _: [(b"z", far)])
    with pytest.raises(FileFormatError, match=r"are announced, the file has \d+"):
        list(SortedTable(path))


def test_keys_that_share_too_much_are_refused(written, make_block):
    """A block of 36 kB that spells out 40 MB of keys is refused at once."""
    long = b"k" * 20_000
    entries = [(long + b"%05d" % i, b"") for i in range(2_000)]
    block = make_block(entries, shared=len(long))
    path = written(block)
    begin = time.process_time()
    with pytest.raises(FileFormatError, match="keys are too long"):
        list(SortedTable(path))

    assert time.process_time() - begin < 0.5


@pytest.mark.parametrize("content", [b"", b"x" * 47, b"x" * 100])
def test_what_is_no_table_is_said_so(tmp_path, content):
    """An empty, a short and a foreign file are each told apart from a table."""
    path = tmp_path / "x"
    path.write_bytes(content)

    with pytest.raises(FileFormatError, match="not the mark of a table"):
        SortedTable(str(path))


def test_a_missing_table_is_missing(tmp_path):
    """No file is FileMissingError, with the hint the caller gave."""
    with pytest.raises(FileMissingError, match=r"there is no such file .take another"):
        SortedTable(str(tmp_path / "no"), missing_hint="take another")


def test_an_unknown_compression_is_named(table_builder, make_block, tmp_path):
    """A block of compression 7 is refused by that number."""
    builder = table_builder(compression=7)
    handle = builder.add(make_block(KEYS))
    path = tmp_path / "x"
    path.write_bytes(builder.finish([(b"b", handle)]))

    with pytest.raises(FileFormatError, match="unknown compression 7"):
        SortedTable(str(path))
