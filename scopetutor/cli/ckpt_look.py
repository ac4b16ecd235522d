"""The commands of `scopetutor ckpt` that look: ls, tree, show, diff, verify, layout.

`ckpt` has them in its table; `holding` opens what a path names. `checkpoints` answers
with plain values, which are drawn by a file of `render` or printed as JSON.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .holding import contents_of, list_tensors
from .showing import JSON, PLAIN, show, show_json

if TYPE_CHECKING:
    from scopetutor.checkpoints.compare import Comparison

PATH = Annotated[
    str,
    typer.Argument(
        metavar="PATH",
        help="A checkpoint: its prefix, any of its files, or its folder.",
        show_default=False,
    ),
]
FILTER = Annotated[
    str,
    typer.Option("--filter", "-f", help="Only names with this pattern in them."),
]


def ls(
    path: PATH,
    pattern: FILTER = "",
    role: Annotated[
        list[str] | None,
        typer.Option(
            help="Only weight, slot, average, statistics, … ; again for more."
        ),
    ] = None,
    plain: PLAIN = False,
    json: JSON = False,
) -> None:
    r"""List the tensors: names, types, shapes, sizes, and what each one is.

    Optimizers' slots, moving averages, batch normalization's statistics and the
    training step are told from their names. Only the index is read: a checkpoint of
    gigabytes answers as fast as a small one.

    \b
    Examples:
      scopetutor ckpt ls model.ckpt-1000
      scopetutor ckpt ls runs/ --filter '^encoder/.*kernel$'
      scopetutor ckpt ls model.ckpt --role weight --json
    """
    list_tensors(path, pattern, role, plain=plain, json=json)


def tree(path: PATH, pattern: FILTER = "", plain: PLAIN = False) -> None:
    r"""Draw the tensors as a tree of scopes, with the size of each.

    \b
    Examples:
      scopetutor ckpt tree model.ckpt-1000
      scopetutor ckpt tree runs/ --filter '^encoder/'
    """
    from scopetutor.render.checkpoint import holding_tree

    contents = contents_of(path, pattern)
    show(lambda look: holding_tree(contents, look), plain=plain)


def show_tensors(
    path: PATH,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", show_default=False)],
    full: Annotated[bool, typer.Option("--all", help="Every value.")] = False,
    plain: PLAIN = False,
    json: JSON = False,
) -> None:
    r"""Show tensors with statistics, a histogram and values.

    \b
    Examples:
      scopetutor ckpt show model.ckpt-1000 fc1/kernel
      scopetutor ckpt show model.ckpt-1000 global_step --json
    """
    from scopetutor.checkpoints.statistics import measure
    from scopetutor.formats.open_checkpoint import open_checkpoint
    from scopetutor.render.tensor import tensor
    from scopetutor.render.wrap import paragraphs

    contents = contents_of(path)
    checkpoint = open_checkpoint(contents.path)
    entries = contents.by_name
    for name in names:
        checkpoint.info(name)  # says what is near if there is no such tensor
    seen = [measure(checkpoint, entries[name], full=full) for name in names]
    if json:
        show_json(seen)
        return
    show(lambda look: paragraphs([tensor(one, look) for one in seen]), plain=plain)


def diff(
    first: Annotated[
        str,
        typer.Argument(
            metavar="A", help="A checkpoint or a script.", show_default=False
        ),
    ],
    second: Annotated[
        str,
        typer.Argument(
            metavar="B", help="A checkpoint, a script or a graph.", show_default=False
        ),
    ],
    values: Annotated[
        bool, typer.Option("--values", help="Compare the values, too.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--map", help="Write the likely renames to this file."),
    ] = None,
    plain: PLAIN = False,
    json: JSON = False,
) -> None:
    r"""Compare a checkpoint with a script, a graph or another checkpoint.

    Against a script, or the .meta or .pb file of a graph: every key that restore would
    not find, every shape and type that does not fit, all at once; which tensor of the
    file is likely meant, how sure that is and why; and the Saver, or the renaming, that
    mends it. The exit code is 1 if tf.train.Saver() would not restore the file, or if
    two checkpoints differ.

    \b
    Examples:
      scopetutor ckpt diff train.py model.ckpt-1000
      scopetutor ckpt diff model.ckpt-1000 model.ckpt-2000 --values
      scopetutor ckpt diff old.ckpt model.meta --map names.txt
    """
    from scopetutor.checkpoints.name_maps import as_map, write_map

    found = compared(first, second, values=values)
    if out is not None:
        write_map(out, as_map(found.renames))
    if json:
        show_json(found)
    else:
        _show_comparison(found, plain=plain)
    fine = found.equal if found.kind == "checkpoint" else found.restores
    raise typer.Exit(0 if fine else 1)


def _show_comparison(found: Comparison, *, plain: bool) -> None:
    from scopetutor.checkpoints.name_maps import saver_code
    from scopetutor.render.checkpoint_diff import comparison

    code, advice = "", []
    if found.renames:
        advice.append(
            f"scopetutor ckpt rename {_word(found.held)} NEW "
            f"--from-diff {_word(found.wanted)}"
        )
    if found.kind == "script" and not found.restores and (found.same or found.renames):
        code = saver_code(found)
    show(lambda look: comparison(found, look, code=code, advice=advice), plain=plain)


def compared(first: str, second: str, *, values: bool = False) -> Comparison:
    """Compare what two paths mean; the checkpoint may be either of them.

    Raises:
        UsageError: neither is a checkpoint.
        FileFormatError: one of them cannot be read.
    """
    import msgspec

    from scopetutor.checkpoints.compare import compare
    from scopetutor.errors import UsageError

    from .wanted import is_graph, wanted

    if is_graph(first):
        first, second = second, first
    if is_graph(first):
        raise UsageError(
            "one of the two has to be a checkpoint",
            hint="scopetutor ckpt diff train.py model.ckpt-1000",
        )
    held = contents_of(first)
    side = wanted(second, held)
    found = compare(held, side.entries, path=side.path, kind=side.kind)
    if values and side.kind == "checkpoint":
        from scopetutor.checkpoints.statistics import value_changes

        changes = tuple(value_changes(held.path, side.path, found.same))
        return msgspec.structs.replace(found, values=changes)
    return found


def verify(path: PATH, plain: PLAIN = False, json: JSON = False) -> None:
    r"""Read every byte and compare all checksums; exit code 1 if anything is wrong.

    \b
    Examples:
      scopetutor ckpt verify model.ckpt-1000
    """
    from scopetutor.checkpoints.verify import verify as check
    from scopetutor.render.verification import verification

    from .ticker import Ticker

    contents = contents_of(path)
    with Ticker(len(contents.tensors), quiet=json) as ticker:
        found = check(contents, lambda entry: ticker.tick(entry.name))
    if json:
        show_json(found)
    else:
        show(lambda look: verification(found, look), plain=plain)
    raise typer.Exit(0 if found.sound else 1)


def layout(
    path: PATH,
    pattern: FILTER = "",
    flax: Annotated[
        bool, typer.Option("--flax", help="For Flax, not PyTorch.")
    ] = False,
    plain: PLAIN = False,
    json: JSON = False,
) -> None:
    r"""Show what becomes of each tensor in PyTorch or Flax: names, axes, gates.

    \b
    Examples:
      scopetutor ckpt layout model.ckpt-1000
      scopetutor ckpt layout model.ckpt-1000 --flax --filter '^encoder/'
    """
    from scopetutor.checkpoints.porting import sheet
    from scopetutor.render.porting import porting

    contents = contents_of(path, pattern)
    found = sheet(contents.path, contents.tensors)
    if json:
        show_json(found)
        return
    show(lambda look: porting(found, look, flax=flax), plain=plain)


def _word(path: str) -> str:
    """A path as one types it in a shell."""
    import shlex

    return shlex.quote(os.path.relpath(path) if os.path.isabs(path) else path)
