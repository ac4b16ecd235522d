"""`scopetutor meta`: what is in a graph's file.

`checkpoints.graphs` reads the file without TensorFlow, `render.graph_file` draws what
it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .ckpt_look import FILTER
from .showing import JSON, PLAIN, show, show_json

if TYPE_CHECKING:
    from scopetutor.checkpoints.graphs import GraphFile, GraphNode

group = typer.Typer(
    help="Look into graphs in files: .meta, frozen .pb, .pbtxt, SavedModel.",
    no_args_is_help=True,
)

PATH = Annotated[
    str,
    typer.Argument(
        metavar="PATH",
        help="A .meta, .pb or .pbtxt file, a checkpoint's prefix, or a folder.",
        show_default=False,
    ),
]
TAGS = Annotated[
    str, typer.Option(help="Which graph of a SavedModel, such as serve or train,gpu.")
]
TYPE = Annotated[
    list[str] | None,
    typer.Option("--type", "-t", help="Only operations of this type; again for more."),
]


@group.command(short_help="Tell what is in it")
def ls(path: PATH, tags: TAGS = "", plain: PLAIN = False, json: JSON = False) -> None:
    r"""Tell what is in it: who wrote it, types of operations, variables, collections.

    \b
    Examples:
      scopetutor meta ls model.ckpt-1000.meta
      scopetutor meta ls export/ --tags serve
    """
    from scopetutor.render.graph_file import overview

    graph = _read(path, tags)
    if json:
        show_json(graph)
    else:
        show(lambda look: overview(graph, look), plain=plain)


@group.command(short_help="Draw the operations as a tree of scopes")
def tree(
    path: PATH,
    pattern: FILTER = "",
    depth: Annotated[
        int, typer.Option(min=0, help="Fold scopes deeper than this; 0: none.")
    ] = 2,
    tags: TAGS = "",
    plain: PLAIN = False,
) -> None:
    r"""Draw the operations as a tree of scopes.

    \b
    Examples:
      scopetutor meta tree model.ckpt-1000.meta
      scopetutor meta tree frozen.pb --depth 0 --filter '^conv1/'
    """
    from scopetutor.render.graph_file import node_tree

    nodes = _nodes(_read(path, tags), pattern)
    show(lambda look: node_tree(nodes, look, depth=depth), plain=plain)


@group.command("vars", short_help="List the variables and their keys")
def variables(
    path: PATH,
    pattern: FILTER = "",
    tags: TAGS = "",
    plain: PLAIN = False,
    json: JSON = False,
) -> None:
    r"""List the variables: types, shapes, whether they train, keys in a checkpoint.

    \b
    Examples:
      scopetutor meta vars model.ckpt-1000.meta
    """
    import msgspec

    from scopetutor.checkpoints.contents import regex
    from scopetutor.render.graph_file import variables as drawing

    graph, asked = _read(path, tags), regex(pattern)
    found = tuple(v for v in graph.variables if asked.search(v.name))
    if json:
        show_json(found)
        return
    graph = msgspec.structs.replace(graph, variables=found)
    show(lambda look: drawing(graph, look), plain=plain)


@group.command(short_help="List the operations and their inputs")
def ops(
    path: PATH,
    pattern: FILTER = "",
    kind: TYPE = None,
    tags: TAGS = "",
    plain: PLAIN = False,
    json: JSON = False,
) -> None:
    r"""List the operations: names, types, inputs, devices.

    \b
    Examples:
      scopetutor meta ops frozen.pb --type Conv2D
      scopetutor meta ops model.meta --filter 'gradients/' --json
    """
    from scopetutor.render.graph_file import operations

    nodes = _nodes(_read(path, tags), pattern, kind)
    if json:
        show_json(nodes)
    else:
        show(lambda look: operations(nodes, look), plain=plain)


def _read(path: str, tags: str) -> GraphFile:
    from scopetutor.checkpoints.graphs import read_graph_file

    return read_graph_file(path, tags=tags)


def _nodes(
    graph: GraphFile, pattern: str, kinds: list[str] | None = None
) -> list[GraphNode]:
    """The operations that were asked for.

    Raises:
        UsageError: there is no operation of such a type, or the pattern is wrong.
    """
    from difflib import get_close_matches

    from scopetutor.checkpoints.contents import regex
    from scopetutor.errors import UsageError

    there = [name for name, _ in graph.types]
    for kind in kinds or ():
        if kind not in there:
            near = get_close_matches(kind, there, n=1)
            raise UsageError(
                f"it has no operation of type {kind}",
                place=graph.path,
                hint=f"did you mean {near[0]}?" if near else "scopetutor meta ls PATH",
            )
    asked = regex(pattern)
    return [
        node
        for node in graph.nodes
        if asked.search(node.name) and (not kinds or node.op in kinds)
    ]
