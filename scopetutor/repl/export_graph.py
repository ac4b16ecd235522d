"""`:export graph.pbtxt`, `.pb`, `.meta` or `events`: the default graph in a file.

The workspace gives the graph as text, as TensorFlow writes it; here it becomes what the
file's name says. `export` comes before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.errors import UsageError
from scopetutor.render.words import counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scopetutor.workspace.protocol import LookedAt

    from .loop import Loop

EVENTS = "events"


def is_graph(file: Path) -> bool:
    """Whether a file's name means a graph."""
    return file.suffix.lower() in KINDS or file.name == EVENTS


def export_graph(loop: Loop, file: Path) -> None:
    """Write the default graph to a file, or to an event file in a folder.

    Raises:
        UsageError: there is no operation in it, or the file cannot be written.
    """
    what, write = KINDS[file.suffix.lower() or EVENTS]
    try:
        graph, where = write(_text(loop, what), file)
    except OSError as error:
        problem = f"{file} cannot be written: {error.strerror or error}"
        raise UsageError(problem) from None
    loop.say(f"{counted(len(graph.node), 'operation')} in {where}")


def _text(loop: Loop, what: LookedAt) -> str:
    """The graph's text, page by page."""
    lines: list[str] = []
    more = True
    while more:
        page = loop.workspace.look(what, start=len(lines))
        lines += [line for (line,) in page.rows]
        more = page.more and bool(page.rows)
    if not any(line.lstrip().startswith("node {") for line in lines):
        raise UsageError("there is no operation in the default graph to export")
    return "\n".join(lines)


# -- one kind after the other: (text, file) -> (GraphDef, where it is) -----------------


def _as_text(text: str, file: Path) -> tuple[Any, str]:
    from scopetutor.formats.crash_safe import FilesTogether

    with FilesTogether() as files:
        files.create(str(file)).write(f"{text}\n".encode())
    return _parsed(text, "GraphDef"), str(file)


def _as_graph(text: str, file: Path) -> tuple[Any, str]:
    from scopetutor.formats.graph_files import write_message

    graph = _parsed(text, "GraphDef")
    write_message(file, graph, as_text=False)
    return graph, str(file)


def _as_meta_graph(text: str, file: Path) -> tuple[Any, str]:
    from scopetutor.formats.graph_files import write_message

    meta = _parsed(text, "MetaGraphDef")
    write_message(file, meta, as_text=False)
    return meta.graph_def, str(file)


def _as_events(text: str, folder: Path) -> tuple[Any, str]:
    from scopetutor.formats.events import EventWriter

    graph = _parsed(text, "GraphDef")
    with EventWriter(folder) as writer:
        writer.add_graph(graph)
    return graph, writer.path


def _parsed(text: str, kind: str) -> Any:
    from scopetutor.formats import protos
    from scopetutor.formats.pbtxt_reader import merge

    message = protos.message_class(kind)()
    merge(text.encode(), message, path="the graph")
    return message


KINDS: dict[str, tuple[LookedAt, Callable[[str, Path], tuple[Any, str]]]] = {
    ".pbtxt": ("graph", _as_text),
    ".pb": ("graph", _as_graph),
    ".meta": ("meta graph", _as_meta_graph),
    EVENTS: ("shaped graph", _as_events),
}
"""The ending of a file's name: what the workspace is asked for, what writes it."""
