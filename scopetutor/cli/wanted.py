"""What a script or a graph wants of a checkpoint: the other side of `ckpt diff`.

`ckpt_look` and `ckpt_change` hold it against what a file has. A script is run by
`legacy` until it begins to compute, a graph is read by `checkpoints.graphs`.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scopetutor.checkpoints.contents import Contents, Entry

    Dims = tuple[int | None, ...] | None

_SCRIPTS = (".py",)
_GRAPHS = (".meta", ".pb", ".pbtxt")
_PART = re.compile(r"(.+)/part_(\d+)")
_SAVED = "variables"
"""The collection of what a Saver saves if it is not told otherwise."""


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


def wanted(path: str, held: Contents) -> Side:
    """The tensors that the script, graph or checkpoint at `path` has.

    Args:
        path: of the script, graph or checkpoint.
        held: what they are compared with; where a script's shape is not known, it is
            taken to be the file's.

    Raises:
        FileFormatError: it cannot be read.
        UsageError, ScriptError: the script is no such file, or failed too early.
    """
    if path.endswith(_SCRIPTS):
        return Side(_of_script(path, held), path, "script")
    if path.endswith(_GRAPHS):
        return Side(_of_graph(path, held), path, "script")
    from scopetutor.checkpoints.contents import read_contents

    contents = read_contents(path)
    return Side(contents.tensors, contents.path, "checkpoint")


def _of_script(path: str, held: Contents) -> tuple[Entry, ...]:
    """The variables that a Saver made at the end of the script would restore.

    The script runs in a process of its own, as far as making its variables takes.
    """
    from scopetutor.errors import ScriptError
    from scopetutor.legacy import launch
    from scopetutor.legacy.order import Order

    report = launch.tree(Order(path, aim="tree"))
    saved = [each for each in report.variables if _SAVED in each.collections]
    if not saved:
        ended = report.stop.says.strip().rpartition("\n")[2]
        raise ScriptError(
            f"the script made no variable that is saved: {ended}",
            place=report.stop.line or path,
            hint=f"scopetutor tree {path}",
        )
    # Of several graphs the one that is meant is most likely the largest.
    counts = Counter(variable.graph for variable in saved)
    largest = max(counts, key=lambda graph: counts[graph])
    found = {
        each.name: (each.dtype, None if each.doubtful else each.shape)
        for each in saved
        if each.graph == largest
    }
    return _described(*_joined(found, held), held)


def _joined(
    found: Mapping[str, tuple[str, Dims]], held: Contents
) -> tuple[dict[str, tuple[str, Dims]], dict[str, int]]:
    """The same with partitioned variables whole, and how many parts each has.

    TF 1.15 calls the parts of ``table`` ``table/part_0``, ``table/part_1``, ….
    """
    whole: dict[str, tuple[str, Dims]] = {}
    parts: dict[str, list[Dims]] = {}
    for name, (dtype, shape) in found.items():
        part = _PART.fullmatch(name)
        if part is None or f"{part[1]}/part_0" not in found:
            whole[name] = dtype, shape
        else:
            whole[part[1]] = dtype, None
            parts.setdefault(part[1], []).append(shape)
    for name, shapes in parts.items():
        whole[name] = whole[name][0], _whole(name, shapes, held)
    return whole, {name: len(shapes) for name, shapes in parts.items()}


def _whole(name: str, parts: list[Dims], held: Contents) -> Dims:
    """The shape that parts have together.

    Parts of one size do not tell along which axis they were cut; then it is the one
    that gives the shape of a tensor in the file with that last name, or the first one.
    """
    known = [part for part in parts if part is not None and None not in part]
    if len(known) < len(parts):
        return None
    first = known[0]
    together = [
        (*first[:axis], sum(part[axis] or 0 for part in known), *first[axis + 1 :])
        for axis in range(len(first))
        if all(
            part[:axis] + part[axis + 1 :] == first[:axis] + first[axis + 1 :]
            for part in known
        )
    ]
    last = name.rpartition("/")[2]
    there = {e.shape for e in held.tensors if e.name.rpartition("/")[2] == last}
    return next((shape for shape in together if shape in there), (*together, None)[0])


def _of_graph(path: str, held: Contents) -> tuple[Entry, ...]:
    """The variables that a Saver of this graph would restore."""
    from scopetutor.checkpoints.graphs import read_graph_file

    found, parts = {}, Counter[str]()
    for variable in read_graph_file(path).variables:
        # Without collections, a graph does not say which of them are saved.
        if variable.collections and _SAVED not in variable.collections:
            continue
        if variable.kind != "constant":
            found[variable.key] = (variable.dtype, variable.saved)
            parts[variable.key] += variable.name != f"{variable.key}:0"
    return _described(found, parts, held)


def _described(
    found: Mapping[str, tuple[str, Dims]], parts: Mapping[str, int], held: Contents
) -> tuple[Entry, ...]:
    from scopetutor.checkpoints.contents import described

    there = held.by_name
    known = {
        name: (dtype, _known(shape, there[name].shape if name in there else ()))
        for name, (dtype, shape) in found.items()
    }
    return described(known, parts)


def _known(shape: Dims, held: Iterable[int]) -> tuple[int, ...]:
    """A shape with what is not known taken from the file."""
    file = tuple(held)
    if shape is None:
        return file
    if len(shape) != len(file):
        return tuple(size or 0 for size in shape)
    pairs = zip(shape, file, strict=True)
    return tuple(there if size is None else size for size, there in pairs)
