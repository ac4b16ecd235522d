"""What a script or a graph wants of a checkpoint: the other side of `ckpt diff`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from scopetutor.checkpoints.contents import Entry

_SCRIPTS = (".py",)
_GRAPHS = (".meta", ".pb", ".pbtxt")


class Side(NamedTuple):
    """What is wanted.

    Attributes:
        entries: the tensors.
        path: where they come from.
        kind: "script" or "checkpoint"; a graph counts as the script that made it.
    """

    entries: tuple[Entry, ...]
    path: str
    kind: str


def is_graph(path: str) -> bool:
    """Whether a path means a script or a graph, and no checkpoint."""
    return path.endswith(_SCRIPTS + _GRAPHS) and not os.path.isdir(path)


def wanted(path: str) -> Side:
    """The tensors that the program, graph or checkpoint at `path` has.

    Raises:
        FileFormatError: it cannot be read, or the script failed.
    """
    if path.endswith(_GRAPHS):
        return Side(_of_graph(path), path, "script")
    from scopetutor.checkpoints.contents import read_contents

    contents = read_contents(path)
    return Side(contents.tensors, contents.path, "checkpoint")


def _of_graph(path: str) -> tuple[Entry, ...]:
    """The variables a Saver of this graph would restore."""
    from scopetutor.checkpoints.graphs import read_graph_file

    found = {
        variable.key: (variable.dtype, variable.shape)
        for variable in read_graph_file(path).variables
        if variable.kind != "constant"
        and (not variable.collections or "variables" in variable.collections)
    }
    return entries(found)


def entries(
    found: dict[str, tuple[str, tuple[int | None, ...] | None]],
) -> tuple[Entry, ...]:
    """Variables as a checkpoint would hold them, each with its role."""
    from scopetutor.checkpoints.contents import described

    return described(
        {
            key: (dtype, tuple(size or 0 for size in shape or ()))
            for key, (dtype, shape) in found.items()
        }
    )
