"""`tf.app.run`: reads the flags, calls `main` and leaves with what it gives.

The last line of many old scripts. After ``flags.py``, which reads the options; what it
does not know is left in the list that `main` gets. TF 1.15: `run` never comes back, and
`--help` leaves with 1.
"""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING, Any, NoReturn

from .flags import FLAGS

if TYPE_CHECKING:
    from collections.abc import Callable

_HELP = frozenset(["--help", "-help", "--helpshort", "-helpshort", "-?", "--helpfull",
                   "-helpfull"])  # fmt: skip


def run(main: Callable[[list[str]], Any] | None = None, argv: Any = None) -> NoReturn:
    """Runs a program.

    Args:
        main: takes the command line without the flags; None: the script's `main`.
        argv: the command line; None: the script's.

    Raises:
        SystemExit: always, with what `main` gave.
    """
    main = main or sys.modules["__main__"].main
    words = list(sys.argv if argv is None else argv)
    ours = words[1 : words.index("--") if "--" in words else None]
    for word in ours:
        if word in _HELP and word.lstrip("-") not in FLAGS:
            _help(full="full" in word)
    left = FLAGS(words, known_only=True)
    sys.exit(main(left))


def _help(*, full: bool) -> NoReturn:
    """Says what the program is and what flags it has, and leaves with 1, as absl."""
    doc = sys.modules["__main__"].__doc__ or f"\nUSAGE: {sys.argv[0]} [flags]\n"
    said = FLAGS.get_help() if full else FLAGS.main_module_help()
    sys.stdout.write(f"{textwrap.dedent(doc).rstrip()}\n\nflags:\n\n{said}\n")
    if not full:
        sys.stdout.write("\nTry --helpfull to get a list of all flags.\n")
    sys.exit(1)
