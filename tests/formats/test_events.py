"""Event files: TensorFlow's are read to the last field, ours are like them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from scopetutor.formats import protos, summaries
from scopetutor.formats.events import EventWriter, event_files, read_events
from scopetutor.formats.records import frame


@pytest.fixture
def recorded(golden, tmp_path):
    """A file of TensorFlow's FileWriter with every kind of event."""
    path = tmp_path / "events.out.tfevents.1.recorded"
    path.write_bytes(golden.data("events/all.tfevents"))
    return path


def test_tensorflows_events_are_read(golden, recorded):
    """Graph, meta graph, summaries, run metadata and session log print as in TF."""
    events = list(read_events(recorded))

    assert [str(e)[:2000] for e in events] == golden.json("events/all.json")["events"]
    assert {event.WhichOneof("what") for event in events} == {
        "file_version",
        "graph_def",
        "meta_graph_def",
        "summary",
        "tagged_run_metadata",
        "session_log",
    }


def test_tensorflows_events_are_written_back_byte_for_byte(recorded):
    """Events decoded, encoded and framed again are the same file."""
    again = b"".join(frame(event.encode()) for event in read_events(recorded))

    assert again == recorded.read_bytes()


def test_inner_messages_are_written_back_byte_for_byte(recorded):
    """Graphs and run metadata, bytes inside events, decode and encode alike."""
    kinds = {
        "graph_def": protos.GraphDef,
        "meta_graph_def": protos.MetaGraphDef,
    }
    for event in read_events(recorded):
        for field, kind in kinds.items():
            data = getattr(event, field)
            assert kind.decode(data).encode() == data
        data = event.tagged_run_metadata.run_metadata
        assert protos.RunMetadata.decode(data).encode() == data


def test_our_writer_makes_the_events_of_tensorflows(recorded, tmp_path):
    """The same calls with the same clock give TensorFlow's file, byte for byte."""
    events = list(read_events(recorded))
    times = itertools.chain(
        [events[0].wall_time], (event.wall_time for event in events[1:])
    )
    with EventWriter(tmp_path / "log", clock=lambda: next(times), host="h") as writer:
        for event in events[1:]:
            step = event.step
            kind = event.WhichOneof("what")
            if kind == "graph_def":
                writer.add_graph(protos.GraphDef.decode(event.graph_def))
            elif kind == "meta_graph_def":
                graph = protos.MetaGraphDef.decode(event.meta_graph_def)
                writer.add_meta_graph(graph, step or None)
            elif kind == "summary":
                writer.add_summary(event.summary.encode(), step)
            elif kind == "session_log":
                writer.add_session_log(event.session_log, step)
            else:
                metadata = event.tagged_run_metadata
                writer.add(protos.Event(tagged_run_metadata=metadata), step)

    with open(writer.path, "rb") as file:
        assert file.read() == recorded.read_bytes()


def test_the_name_of_the_file_is_tensorflows(golden, tmp_path):
    """events.out.tfevents, ten digits of seconds, the host, the suffix."""
    expected = golden.json("events/all.json")["name"]
    writer = EventWriter(tmp_path, ".end", clock=lambda: 12.75, host="host")
    writer.close()

    (path,) = event_files(tmp_path)
    name = path.rpartition("/")[2].split(".")
    assert path == writer.path
    assert name == ["events", "out", "tfevents", "0000000012", "host", "end"]
    assert [*name[:3], len(name[3]), name[-1]] == expected


def test_a_version_is_readable_at_once(tmp_path):
    """A file that was only opened tells its version, with whole seconds."""
    with EventWriter(tmp_path, clock=lambda: 12.75) as writer:
        (event,) = read_events(writer.path)

    assert (event.file_version, event.wall_time) == ("brain.Event:2", 12.0)


def test_metadata_is_written_the_first_time_only(tmp_path):
    """TF 1.15's FileWriter drops the metadata of a tag it has described."""
    text = summaries.summary(summaries.text_value("note", "hello"))
    with EventWriter(tmp_path) as writer:
        writer.add_summary(text, 1)
        writer.add_summary(text, 2)
    _, first, second = read_events(writer.path)

    assert first.summary.value[0].HasField("metadata")
    assert not second.summary.value[0].HasField("metadata")
    assert text.value[0].HasField("metadata")


def test_a_second_writer_of_the_same_second_appends(tmp_path):
    """Two writers in one second share a file, and nothing is lost."""
    for step in (1, 2):
        with EventWriter(tmp_path, clock=lambda: 5.0, host="h") as writer:
            value = summaries.scalar_value("loss", np.float32(0.5))
            writer.add_summary(summaries.summary(value), step)

    steps = [event.step for event in read_events(writer.path)]
    assert steps == [0, 1, 0, 2]
    assert event_files(tmp_path) == [writer.path]
