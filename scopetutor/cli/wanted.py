"""What a script or a graph wants of a checkpoint: the other side of `ckpt diff`."""

from __future__ import annotations

import os
from collections import Counter
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
    from scopetutor.checkpoints.contents import described
    from scopetutor.checkpoints.graphs import read_graph_file

    found, parts = {}, Counter[str]()
    for variable in read_graph_file(path).variables:
        # Without collections, a graph does not say which of them are saved.
        if variable.collections and "variables" not in variable.collections:
            continue
        if variable.kind != "constant":
            shape = tuple(size or 0 for size in variable.saved or ())
            found[variable.key] = (variable.dtype, shape)
            parts[variable.key] += variable.name != f"{variable.key}:0"
    return described(found, parts)
