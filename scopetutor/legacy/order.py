"""What the command line asks of the process in which a script runs.

`launch` sends an order; `host` carries it out.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Order(msgspec.Struct, frozen=True):
    """A script to run, and how.

    Attributes:
        script: its path, as typed.
        arguments: what follows it on the command line.
        aim: "run" it to its end, or as far as the "tree" of its variables needs.
        until: for a tree, the line before which to stop; 0: none.
        fake_data: whether data sets that are not there are made up.
        py2: whether it is rewritten from Python 2 first.
        confined: whether it may write only in its folder, and use no network.
        warn_renames: whether names that are others in TensorFlow 2 are warned of.
        reply: for a tree, the file to which the report is written.
        graph: for a tree, the file to which the largest graph is written; "": none.
    """

    script: str
    arguments: tuple[str, ...] = ()
    aim: Literal["run", "tree"] = "run"
    until: int = 0
    fake_data: bool = False
    py2: bool = False
    confined: bool = False
    warn_renames: bool = False
    reply: str = ""
    graph: str = ""
