"""`scopetutor tensorboard`: a graph, or a folder of event files, in the browser.

A script is run by `legacy` until it begins to compute, a file is read by `checkpoints`;
`formats.events` writes the graph as TensorBoard wants it, `checkpoints.board` starts
it.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from .meta import TAGS

WHAT = Annotated[
    str,
    typer.Argument(
        metavar="WHAT",
        help="A script, a graph (.meta, .pb, .pbtxt, SavedModel), or a log folder.",
        show_default=False,
    ),
]
LOGDIR = Annotated[
    Path | None,
    typer.Option(help="Keep the event file in this folder; default: a temporary one."),
]
PORT = Annotated[
    int, typer.Option(min=0, max=65535, help="Of the page; 0: 6006, or any free one.")
]


def command(
    what: WHAT,
    logdir: LOGDIR = None,
    port: PORT = 0,
    serve: Annotated[
        bool, typer.Option(help="Start TensorBoard, or only write the event file.")
    ] = True,
    show: Annotated[
        bool, typer.Option("--open", help="Open the page in a browser.")
    ] = False,
    tags: TAGS = "",
) -> None:
    r"""Show a graph in TensorBoard, without TensorFlow.

    Writes the graph as an event file, starts TensorBoard on this machine's loopback and
    prints its address; Ctrl-C ends it. TensorBoard itself is an extra:
    pip install 'scopetutor[tensorboard]'.

    \b
    Examples:
      scopetutor tensorboard train.py
      scopetutor tensorboard model.ckpt-1000.meta
      scopetutor tensorboard frozen.pb --logdir logs --no-serve
      scopetutor tensorboard logs/
    """
    import tempfile

    from scopetutor.errors import UsageError

    if not serve and logdir is None:
        raise UsageError("without serving there must be a folder", hint="--logdir logs")
    with tempfile.TemporaryDirectory(prefix="scopetutor-") as scratch:
        folder = what
        if not _has_events(what):
            folder = os.fspath(logdir or scratch)
            _write(_graph(what, tags), folder)
        if serve:
            _serve(folder, port, show=show)


def _has_events(path: str) -> bool:
    """Whether a path is a folder with event files in it or below it."""
    return any("tfevents" in name for _, _, names in os.walk(path) for name in names)


def _graph(what: str, tags: str) -> Any:
    """The `GraphDef` of a script or a file."""
    from scopetutor.checkpoints.graphs import read_graph_def

    if what.endswith(".py"):
        return _of_script(what)
    return read_graph_def(what, tags=tags)


def _of_script(script: str) -> Any:
    """The graph that a script builds before it computes anything.

    Raises:
        ScriptError: it builds none; says how far it came.
    """
    import tempfile

    from scopetutor.errors import ScriptError
    from scopetutor.formats.graph_files import read_graph
    from scopetutor.legacy import launch
    from scopetutor.legacy.order import Order

    with tempfile.TemporaryDirectory(prefix="scopetutor-") as folder:
        file = os.path.join(folder, "graph.pb")
        report = launch.tree(Order(script, graph=file))
        if os.path.exists(file):
            return read_graph(file)
    ended = report.stop.says.strip().rpartition("\n")[2]
    raise ScriptError(
        f"the script built no graph: {ended}", place=report.stop.line or script
    )


def _write(graph: Any, folder: str) -> None:
    from scopetutor.errors import UsageError
    from scopetutor.formats.events import EventWriter

    try:
        with EventWriter(folder) as writer:
            writer.add_graph(graph)
    except OSError as error:
        problem = f"{folder} cannot be written: {error.strerror}"
        raise UsageError(problem, hint="another --logdir") from error
    sys.stdout.write(f"{len(graph.node):,} operations in {writer.path}\n")


def _leave(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def _serve(folder: str, port: int, *, show: bool) -> None:
    """Until Ctrl-C."""
    from scopetutor.checkpoints.board import start

    # Whoever ends this command also ends what it has started.
    signal.signal(signal.SIGTERM, _leave)
    with start(folder, port=port) as board:
        address = f"{board.address}#graphs"
        sys.stdout.write(f"TensorBoard is at {address}  Ctrl-C ends it\n")
        sys.stdout.flush()
        if show:
            import webbrowser

            webbrowser.open(address)
        board.wait()
