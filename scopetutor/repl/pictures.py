"""`:graph`: the data flow, on the screen or as an SVG file.

`commands` has it in its table. The operations come from the snapshot, `render.graph`
and `render.graph_svg` draw them; here it is said which ones, and a file is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scopetutor.errors import UsageError

from .keeping import write

if TYPE_CHECKING:
    from scopetutor.snapshot import Snapshot

    from .loop import Loop


def graph(loop: Loop, words: str) -> None:
    """Draw the graph, or what is around a name, on the screen or into a file."""
    from scopetutor.render.graph import graph as drawn
    from scopetutor.render.graph_svg import graph_svg

    given = words.split()
    files = [word for word in given if word.endswith(".svg")]
    every = "all" in given
    names = [word for word in given if word not in (*files, "all")]
    if len(names) > 1 or len(files) > 1:
        raise UsageError("one name and one file at most", hint=":graph loss loss.svg")
    snapshot = loop.workspace.snapshot
    around = _operation(names[0], snapshot) if names else ""
    if files:
        file = Path(files[0]).expanduser()
        write(file, graph_svg(snapshot, around=around, every=every))
        loop.say(f"the graph is in {file}")
    else:
        look = loop.screen.look
        loop.screen.show(drawn(snapshot, look, around=around, every=every))


def _operation(name: str, snapshot: Snapshot) -> str:
    """The operation that is called so, or that a name of the learner's stands for.

    Raises:
        UsageError: there is none.
    """
    graph = snapshot.here.graph
    named = snapshot.names.get(name)
    meant = [name]
    if named is not None:
        variables = snapshot.variables.values()
        meant += [named.op, *(v.op_name for v in variables if v.uid == named.uid)]
    for one in meant:
        around = one.partition(":")[0]
        if (graph, around) in snapshot.ops:
            return around
    raise UsageError(f"there is no operation {name!r}", hint=":graph")
