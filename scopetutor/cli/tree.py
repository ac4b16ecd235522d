"""`scopetutor tree`: the variables an old script makes, without its training.

`legacy` runs the script until it begins to compute, and reports the variables it has
made; `render.model_tree` draws the report.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from .run import ARGUMENTS, CONFINED, PY2, SCRIPT
from .showing import JSON, PLAIN


def command(
    script: SCRIPT,
    arguments: ARGUMENTS = None,
    until: Annotated[
        int, typer.Option(min=0, metavar="LINE", help="Stop before this line.")
    ] = 0,
    depth: Annotated[
        int, typer.Option(min=0, help="Fold scopes deeper than this; 0: none.")
    ] = 0,
    slots: Annotated[
        bool, typer.Option("--slots", help="List optimizers' variables one by one.")
    ] = False,
    json: JSON = False,
    csv: Annotated[
        bool, typer.Option("--csv", help="Print a table of all variables.")
    ] = False,
    py2: PY2 = False,
    confined: CONFINED = False,
    plain: PLAIN = False,
) -> None:
    r"""Show which variables a script makes, name by name, and how large they are.

    The script is run until it begins to compute: the first Session.run that is no
    initializer, a file that is not there, or the line you name. What scopetutor or this
    Python does not have is stood in for where that is possible, and listed at the end.
    What the script prints goes to stderr. Options of scopetutor come before SCRIPT, all
    that follows is the script's.

    \b
    Examples:
      scopetutor tree model.py
      scopetutor tree --until 120 --depth 2 train.py --layers 12
      scopetutor tree --csv model.py > variables.csv
      scopetutor tree --json model.py

    The JSON has one object: format (1), script, stop {kind, line, says}, variables
    [{name, shape, dtype, parameters, trainable, kind, role, of, collections,
    initializer, made_by, line, reused, times_reused, graph, doubtful}], totals,
    collections {name: [variables]}, missing [{name, kind, lines, stood_in}], graphs.
    The exit code is 1 if the script failed, or left with an exit code of its own that
    is not 0, before it came so far.
    """
    from scopetutor.errors import UsageError
    from scopetutor.legacy import launch, report
    from scopetutor.legacy.order import Order

    if json and csv:
        raise UsageError("--json and --csv are two forms", hint="one of them")
    order = Order(
        script, tuple(arguments or ()), "tree", until, py2=py2, confined=confined
    )
    found = launch.tree(order)
    if json:
        sys.stdout.write(report.as_json(found) + "\n")
    elif csv:
        sys.stdout.write(report.as_csv(found))
        if found.stop.kind in report.EXIT_CODES:  # a table has no place for it
            sys.stderr.write(found.stop.says.rstrip("\n") + "\n")
    else:
        from scopetutor.render.model_tree import model_tree

        from .showing import show

        show(
            lambda look: model_tree(found, look, depth=depth, slots=slots), plain=plain
        )
    raise typer.Exit(report.EXIT_CODES.get(found.stop.kind, 0))


settings = {"allow_interspersed_args": False}
