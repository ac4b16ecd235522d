"""Damaged and hostile files end in one error: no hang, no crash, no flood of memory.

``SCOPETUTOR_FUZZ=100000`` makes that many changed files in all instead of a few
hundred; the seed of a case is its number, so a failure repeats.
"""

from __future__ import annotations

import os
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from scopetutor.errors import FileFormatError
from scopetutor.formats import graph_files, protos, snappy, tensors
from scopetutor.formats.checkpoint_v1 import CheckpointV1
from scopetutor.formats.checkpoint_v2 import CheckpointV2
from scopetutor.formats.events import read_events
from scopetutor.formats.open_checkpoint import open_checkpoint
from scopetutor.formats.pbtxt_reader import merge
from scopetutor.formats.records import frame, read_records
from scopetutor.formats.sstable import SortedTable, write_table
from scopetutor.formats.wire import MalformedError, put_varint

# seconds of the processor: other programs do not count
SLOWEST = 1.0
MEMORY = 64 << 20
# tracing memory makes everything slow, so not every case is traced
TRACED = 10

STATE = b'model_checkpoint_path: "m-1"\nall_model_checkpoint_paths: "m-0"\n'
INTERESTING = (0, 1, 127, 128, 255, 0x0A, 0x12, 0x22, 0x7B)


def changed(data: bytes, random: Random) -> bytes:
    """The data with a few bytes flipped, set, cut, doubled or moved."""
    raw = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 5))):
        at = random.randrange(len(raw) + 1)
        end = min(len(raw), at + random.choice((1, 2, 8, 50)))
        kind = random.randrange(7)
        if kind == 0 and at < len(raw):
            raw[at] ^= 1 << random.randrange(8)
        elif kind == 1 and at < len(raw):
            raw[at] = random.choice(INTERESTING)
        elif kind == 2:
            raw[at:end] = random.randbytes(end - at)
        elif kind == 3:
            del raw[at:end]
        elif kind == 4:
            raw[at:at] = raw[at:end] * random.choice((1, 3, 200))
        elif kind == 5:
            raw[at:at] = b"\xff" * random.randrange(10)
        else:
            del raw[at if random.random() < 0.3 else len(raw) - 1 :]
    return bytes(raw)


def read_all(checkpoint) -> None:
    """Everything a checkpoint has, as far as it can be read; then the last error."""
    problem = None
    for name in checkpoint.names:
        try:
            checkpoint.info(name)
            checkpoint.read(name)
        except FileFormatError as error:
            problem = error
    if problem is not None:
        raise problem


Use = Callable[[bytes, Path], None]


@pytest.fixture
def targets(golden, checkpoints, table_builder, make_block, pack):
    """Name -> (bytes of a good file, what is done with changed ones)."""
    saver = {
        path.suffix: path.read_bytes()
        for path in Path(checkpoints("saver")).parent.glob("saver.*")
    }
    (data_name,) = (suffix for suffix in saver if suffix.startswith(".data"))
    entries = list(SortedTable(checkpoints("saver") + ".index"))
    strings = [entry for entry in entries if b"words" in entry[0] or not entry[0]]
    v1_entries = list(SortedTable(checkpoints("v1")))

    def v2(index: bytes, data: bytes, folder: Path) -> None:
        (folder / "m.index").write_bytes(index)
        (folder / f"m{data_name}").write_bytes(data)
        read_all(CheckpointV2(str(folder / "m")))

    def table(blocks: list[bytes]) -> bytes:
        builder = table_builder()
        handles = [(b"%c" % (i * 9), builder.add(b)) for i, b in enumerate(blocks, 5)]
        return builder.finish([*handles[:-1], (b"\xff", handles[-1][1])])

    def v1(raw: bytes, folder: Path) -> None:
        (folder / "m").write_bytes(raw)
        read_all(CheckpointV1(str(folder / "m")))

    def state(raw: bytes, folder: Path) -> None:
        (folder / "checkpoint").write_bytes(raw)
        read_all(open_checkpoint(folder))

    def file_of(read: Callable[[Path], object]) -> Use:
        def use(raw: bytes, folder: Path) -> None:
            (folder / "f").write_bytes(raw)
            read(folder / "f")

        return use

    def proto(raw: bytes, folder: Path) -> None:
        tensors.to_array(protos.TensorProto.decode(raw))

    def graph(raw: bytes, folder: Path) -> None:
        decoded = protos.MetaGraphDef.decode(raw)
        assert protos.MetaGraphDef.decode(decoded.encode()) == decoded
        merge(str(decoded), protos.MetaGraphDef())

    meta = protos.MetaGraphDef.decode(golden.data("graphs/zoo.meta"))
    del meta.graph_def.node[25:]
    meta.ClearField("meta_info_def")
    for key in ("variables", "while_context"):
        del meta.collection_def[key].bytes_list.value[2:]
    text = golden.text("graphs/functions.pbtxt").encode()
    event = golden.data("events/all.tfevents")
    some_events = list(read_records(_written(checkpoints, event)))[3:4]
    proto_bytes = tensors.from_array(
        tensors.to_array(protos.TensorProto(dtype=3, int_val=range(-9, 9)))
    ).encode()

    return {
        "index": (saver[".index"], lambda raw, f: v2(raw, saver[data_name], f)),
        "data": (saver[data_name], lambda raw, f: v2(saver[".index"], raw, f)),
        "block of an index": (
            make_block(entries),
            lambda raw, f: v2(table([raw]), saver[data_name], f),
        ),
        "block with strings": (
            make_block(strings),
            lambda raw, f: v2(table([raw]), saver[data_name], f),
        ),
        "v1": (Path(checkpoints("v1_dtypes")).read_bytes(), v1),
        "block of v1": (make_block(v1_entries), lambda raw, f: v1(table([raw]), f)),
        "meta": (meta.encode(), graph),
        "pbtxt": (text, file_of(graph_files.read_graph)),
        "state": (
            b'model_checkpoint_path: "m-1"\nall_model_checkpoint_paths: "m"',
            state,
        ),
        "events": (event[:600], file_of(lambda path: list(read_events(path)))),
        "event": (
            some_events[0],
            lambda raw, f: file_of(lambda p: list(read_events(p)))(frame(raw), f),
        ),
        "tensor": (proto_bytes + b"\x38\x05\x28\x07\x08\x03", proto),
        "snappy": (pack(make_block(entries)), lambda raw, f: snappy.decompress(raw)),
    }


def _written(checkpoints: Callable[[str], str], data: bytes) -> Path:
    path = Path(checkpoints("fuzz.tfevents"))
    path.write_bytes(data)
    return path


NAMES = (
    *("index", "data", "block of an index", "block with strings", "v1", "block of v1"),
    *("meta", "pbtxt", "state", "events", "event", "tensor", "snappy"),
)


CASES = max(1, int(os.environ.get("SCOPETUTOR_FUZZ", "1500")) // len(NAMES))


@pytest.mark.parametrize("name", NAMES)
def test_changed_files_are_refused_or_read(targets, tmp_path, name):
    """Every change is read or ends in FileFormatError, soon and in little memory."""
    good, use = targets[name]
    refusals = (MalformedError, IndexError) if name == "snappy" else (FileFormatError,)
    refused = 0
    for case in range(CASES):
        raw = changed(good, Random(f"{name} {case}"))
        traced = case % TRACED == 0
        if traced:
            tracemalloc.start()
        begin = time.process_time()
        try:
            use(raw, tmp_path)
        except refusals:
            refused += 1
        finally:
            taken = time.process_time() - begin
            peak = tracemalloc.get_traced_memory()[1] if traced else 0
            tracemalloc.stop()
        assert taken < SLOWEST, f"case {case} took {taken} s"
        assert peak < len(raw) + MEMORY, f"case {case} took {peak} bytes"

    assert refused > 0


def test_the_good_files_are_not_refused(targets, tmp_path):
    """What is changed above is right before it is changed, so changes matter."""
    for name in NAMES:
        good, use = targets[name]
        if name not in ("events", "state"):
            use(good, tmp_path)


def flood_of_unknown_fields(tmp_path: Path) -> None:
    """Two hundred thousand fields nobody knows are kept, all of them."""
    raw = b"\xa0\x06\x01" * 200_000
    assert protos.GraphDef.decode(raw).encode() == raw


def flood_of_merged_messages(tmp_path: Path) -> None:
    """One message in a hundred thousand pieces, each with an unknown field."""
    raw = b"\x22\x03\xa0\x06\x01" * 100_000
    assert len(protos.GraphDef.decode(raw).encode()) > 300_000


def flood_of_strings(tmp_path: Path) -> None:
    """A string of two hundred thousand pieces is put together."""
    node = protos.NodeDef()
    merge("name:" + "'a'" * 200_000, node)
    assert len(node.name) == 200_000


def flood_of_one_name(tmp_path: Path) -> None:
    """A V1 file that lists one tensor fifteen thousand times is read or refused."""
    listed = protos.SavedTensorSliceMeta()
    listed.tensor.add(name="a", type=1).slice.add().extent.add(start=1, length=1)
    raw = listed.encode() * 15_000
    value = b"\x0a" + put_varint(len(raw)) + raw
    with (tmp_path / "m").open("wb") as file:
        write_table(file, [(b"", value)])
    with pytest.raises(FileFormatError):
        CheckpointV1(str(tmp_path / "m")).read("a")


def a_pipe_nobody_writes_to(tmp_path: Path) -> None:
    """A pipe in the place of a file is refused, not waited for."""
    os.mkfifo(tmp_path / "pipe")
    for read in (graph_files.read_graph, CheckpointV1, read_events):
        with pytest.raises(FileFormatError, match="not a file"):
            list(read(str(tmp_path / "pipe")))


def a_long_wrong_name(tmp_path: Path) -> None:
    """A wrong name of a megabyte gives an error of a sentence."""
    with pytest.raises(FileFormatError) as caught:
        merge("x" * 1_000_000 + ": 1", protos.NodeDef())
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    "attack",
    [
        flood_of_unknown_fields,
        flood_of_merged_messages,
        flood_of_strings,
        flood_of_one_name,
        a_pipe_nobody_writes_to,
        a_long_wrong_name,
    ],
)
def test_an_attack_on_time_fails(tmp_path, attack):
    """Files made so that careless code takes minutes are done within a second."""
    begin = time.process_time()
    attack(tmp_path)

    assert time.process_time() - begin < SLOWEST
