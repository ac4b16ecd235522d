"""Write one of everything with scopetutor, for TensorFlow to read.

    PYTHONPATH=. python tests/formats/written.py FOLDER
    python3.7 tests/conformance/record_formats.py --verify FOLDER

Beside the files lies ``expected.json``: what was put into them. The same files
come out each time, so the outcome recorded from TensorFlow holds for as long as
``test_verified.py`` finds their checksums unchanged.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
from conftest import GOLDEN, TableBuilder, block_of

from scopetutor.formats import graph_files, protos, summaries, tensors
from scopetutor.formats.arrays import datatype_of, numpy_dtype
from scopetutor.formats.checkpoint_state import (
    make_checkpoint_state,
    write_checkpoint_state,
)
from scopetutor.formats.checkpoint_writer import Part, TensorToSave, write_checkpoint
from scopetutor.formats.checksum import crc32c, mask
from scopetutor.formats.datatypes import BY_NAME
from scopetutor.formats.events import EventWriter, read_events
from scopetutor.formats.records import RecordWriter
from scopetutor.formats.slices import Slice
from scopetutor.formats.sstable import SortedTable

STRINGS = [b"", b"abc", b"a\x00b", b"\xff\xfe", b"x" * 300, "é".encode()]


def described(array: np.ndarray) -> dict[str, Any]:
    """An array in the words of the recording script."""
    about: dict[str, Any] = {
        "dtype": datatype_of(array).name,
        "shape": list(array.shape),
    }
    if array.dtype == object:
        return about | {"strings": [each.hex() for each in array.ravel().tolist()]}
    return about | {"hex": array.tobytes().hex()}


def every_type() -> dict[str, np.ndarray]:
    """An array of every type, and odd shapes."""
    random = np.random.RandomState(5)
    values = {}
    for name, datatype in BY_NAME.items():
        if datatype.layout:
            raw = random.bytes(12 * datatype.size)
            if name == "bool":
                raw = bytes(byte & 1 for byte in raw)
            values[f"type/{name}"] = np.frombuffer(raw, numpy_dtype(datatype)).reshape(
                3, 4
            )
    values["strings"] = np.array(STRINGS, object)
    values["string"] = np.array(b"a\x00", object)
    values["scalar"] = np.array(7, "i8")
    values["empty"] = np.zeros([0, 5], "f4")
    return values


def parts_of(name: str, values: np.ndarray, cuts: list[int]) -> list[TensorToSave]:
    """A variable cut into pieces along its first axis."""
    pieces = []
    for start, end in itertools.pairwise(cuts):
        rest = tuple(values.shape[1:])
        box = Slice((start,) + (0,) * len(rest), (end - start, *rest))
        pieces.append(TensorToSave(name, values[start:end], Part(values.shape, box)))
    return pieces


def write_types(folder: Path) -> dict[str, Any]:
    """All types in one file, partitioned variables in three, thousands of names."""
    types = every_type()
    write_checkpoint(
        folder / "types",
        [TensorToSave(name, types[name]) for name in sorted(types)],
    )
    table = np.arange(70, dtype="f4").reshape(14, 5)
    pieces = parts_of("table", table, [0, 1, 9, 14])
    write_checkpoint(folder / "sharded", *([piece] for piece in pieces))
    many = {f"{i * 7919 % 10007:05d}/" + "n" * 150: np.int32(i) for i in range(4000)}
    write_checkpoint(
        folder / "many",
        [TensorToSave(name, np.asarray(many[name])) for name in sorted(many)],
    )
    return {
        "types": {name: described(value) for name, value in types.items()},
        "sharded": {"table": described(table)},
        "many": {name: described(np.asarray(value)) for name, value in many.items()},
    }


def write_other_layouts(folder: Path) -> dict[str, Any]:
    """The same types from a big-endian machine, and with a compressed index."""
    types = {n: v for n, v in every_type().items() if v.dtype.names is None}
    data, builder, entries = b"", TableBuilder(), []
    for name in sorted(types):
        values = types[name]
        if values.dtype == object:
            raw, checksum = big_endian_strings(values.ravel().tolist())
        else:
            raw = values.byteswap().tobytes()
            checksum = crc32c(raw)
        entry = protos.BundleEntryProto(
            dtype=datatype_of(values).number,
            shape={"dim": [{"size": size} for size in values.shape]},
            offset=len(data),
            size=len(raw),
            crc32c=mask(checksum),
        )
        entries.append((name.encode(), entry.encode()))
        data += raw
    header = protos.BundleHeaderProto(num_shards=1, endianness=1)
    header.version.producer = 1
    handle = builder.add(block_of([(b"", header.encode()), *entries]))
    (folder / "big.index").write_bytes(builder.finish([(b"~", handle)]))
    (folder / "big.data-00000-of-00001").write_bytes(data)

    packed, plain = (
        TableBuilder(compression=1),
        SortedTable(str(folder / "types.index")),
    )
    handle = packed.add(block_of(list(plain)))
    (folder / "packed.index").write_bytes(packed.finish([(b"~", handle)]))
    (folder / "packed.data-00000-of-00001").write_bytes(
        (folder / "types.data-00000-of-00001").read_bytes()
    )
    every = {name: described(value) for name, value in every_type().items()}
    return {"big": {name: every[name] for name in types}, "packed": every}


def big_endian_strings(strings: list[bytes]) -> tuple[bytes, int]:
    """Strings as a big-endian machine's checkpoint has them."""
    lengths = b"".join(struct.pack(">I", len(each)) for each in strings)
    body = struct.pack(">I", mask(crc32c(lengths))) + b"".join(strings)
    varints = b"".join(
        bytes((len(s),)) if len(s) < 128 else bytes((len(s) & 127 | 128, len(s) >> 7))
        for s in strings
    )
    return varints + body, crc32c(body, crc32c(lengths))


def write_model(folder: Path) -> dict[str, Any]:
    """A .meta file, values for all its variables, and the state file."""
    meta = protos.MetaGraphDef.decode(
        gzip.decompress((GOLDEN / "graphs" / "zoo.meta.gz").read_bytes())
    )
    graph_files.write_message(folder / "zoo-7.meta", meta, as_text=False)
    graph_files.write_message(folder / "zoo.pbtxt", meta.graph_def, as_text=True)
    nodes = {node.name: node for node in meta.graph_def.node}
    random, saved, expected = np.random.RandomState(9), [], {}
    for raw in meta.collection_def["variables"].bytes_list.value:
        variable = protos.VariableDef.decode(raw)
        name = variable.variable_name.rpartition(":")[0]
        attributes = nodes[name].attr
        shape = [dim.size for dim in attributes["shape"].shape.dim]
        dtype = {1: "f4", 9: "i8"}[attributes["dtype"].type]
        values = random.normal(size=shape).astype(dtype)
        expected[variable.variable_name] = described(values)
        part, key = None, name
        if variable.HasField("save_slice_info_def"):
            info = variable.save_slice_info_def
            key = info.full_name
            box = Slice(tuple(info.var_offset), tuple(info.var_shape))
            part = Part(tuple(info.full_shape), box)
        saved.append(TensorToSave(key, values, part))
    write_checkpoint(folder / "zoo-7", sorted(saved, key=lambda tensor: tensor.name))
    state = make_checkpoint_state(str(folder), "zoo-7", save_relative_paths=True)
    write_checkpoint_state(str(folder), state)
    return expected


def write_events(folder: Path) -> dict[str, Any]:
    """An event file, a file of pictures, and records in every compression."""
    clock = itertools.count(1_500_000_000, 0.25).__next__
    random = np.random.RandomState(2)
    with EventWriter(folder / "log", clock=clock, host="host") as writer:
        graph = protos.GraphDef(versions={"producer": 134})
        node = graph.node.add(name="c", op="Const")
        node.attr["dtype"].type = 1
        node.attr["value"].tensor.CopyFrom(tensors.from_array(np.float32([1, 2])))
        writer.add_graph(graph)
        for step in range(3):
            values = (
                summaries.scalar_value("loss", 1 / (step + 3)),
                summaries.histogram_value("w", random.normal(size=99)),
                summaries.text_value("note", np.array([["a", "é"]], object)),
            )
            writer.add_summary(summaries.summary(*values), step)
        writer.add_session_log(protos.SessionLog(status=1), 3)
    pixels = {c: random.randint(0, 256, [1, 5, 7, c]).astype("u1") for c in (1, 3, 4)}
    with EventWriter(folder / "pictures", clock=clock, host="host") as pictures:
        for channels, image in pixels.items():
            made = summaries.image_values("p", image, max_outputs=1)
            pictures.add_summary(summaries.summary(*made), channels)
    for kind in ("", "GZIP", "ZLIB"):
        with RecordWriter(folder / f"records{kind}", kind) as records:
            for each in STRINGS:
                records.write(each * 1000)
    return {
        "log": os.path.relpath(writer.path, folder),
        "pictures": os.path.relpath(pictures.path, folder),
        "events": [str(event) for event in read_events(writer.path)],
        "pixels": [image.tobytes().hex() for image in pixels.values()],
        "records": [(each * 1000).hex() for each in STRINGS],
    }


def write_all(folder: Path) -> None:
    """Write everything into an empty folder."""
    expected = {
        "checkpoints": write_types(folder) | write_other_layouts(folder),
        "model": write_model(folder),
        "events": write_events(folder),
    }
    (folder / "expected.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
