"""`scopetutor run`: an old script, unchanged, on the engine.

`legacy.launch` starts a process for the script and passes on what it prints and its
exit code. `tree` and `tensorboard` run scripts the same way, but not to their end.
"""

from __future__ import annotations

from typing import Annotated

import typer

SCRIPT = Annotated[str, typer.Argument(metavar="SCRIPT", help="A Python file.")]
ARGUMENTS = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ARGUMENTS]...", help="Of the script.", show_default=False),
]
FAKE_DATA = Annotated[
    bool,
    typer.Option("--fake-data", help="Make MNIST up where its files are not there."),
]
PY2 = Annotated[
    bool, typer.Option("--py2", help="Rewrite it from Python 2 first (not on disk).")
]
CONFINED = Annotated[
    bool,
    typer.Option(
        "--confined",
        help="Let it write only in its folder and the current one, without network.",
    ),
]
WARN_RENAMES = Annotated[
    bool,
    typer.Option(
        "--warn-renames",
        help="Warn of names to change for TensorFlow 2, as TensorFlow 1.15 does.",
    ),
]


def command(
    script: SCRIPT,
    arguments: ARGUMENTS = None,
    fake_data: FAKE_DATA = False,
    py2: PY2 = False,
    confined: CONFINED = False,
    warn_renames: WARN_RENAMES = False,
) -> None:
    r"""Run a script written for TensorFlow 1, without TensorFlow.

    The script runs as under `python SCRIPT`: as __main__, with its arguments, its own
    folder on the path, your terminal and your rights; `import tensorflow` leads to
    scopetutor's engine. Options of scopetutor come before SCRIPT, all that follows is
    the script's. The exit code is the script's; 1 after an exception, 130 after Ctrl-C
    (twice ends a script that does not mind it).

    \b
    Examples:
      scopetutor run train.py
      scopetutor run --fake-data mnist.py --epochs 2
      scopetutor run --py2 old.py
      scopetutor run --confined downloaded.py
      scopetutor run --warn-renames train.py
    """
    from scopetutor.legacy import launch
    from scopetutor.legacy.order import Order

    order = Order(
        script,
        tuple(arguments or ()),
        fake_data=fake_data,
        py2=py2,
        confined=confined,
        warn_renames=warn_renames,
    )
    raise typer.Exit(launch.run(order))


# What follows the script is the script's, even if it looks like an option of ours.
settings = {"allow_interspersed_args": False}
