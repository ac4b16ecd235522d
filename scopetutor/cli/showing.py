"""What the commands that answer and end have in common: options, and how they print.

The Typer side of `printing`, which does the printing and can do without Typer: `front`
answers some commands with it alone.
"""

from __future__ import annotations

from typing import Annotated

import typer

from .printing import show, show_json

__all__ = ["JSON", "PLAIN", "show", "show_json"]

JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]
PLAIN = Annotated[
    bool, typer.Option("--plain", help="Lines instead of drawings, no colours.")
]
