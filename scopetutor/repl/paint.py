"""The prompt before there is a prompt: on the screen 10 ms after Python itself starts.

`cli.front` calls `paint` first of all. It writes the prompt and keeps the terminal from
echoing keys, which stay in the terminal's own queue. When prompt_toolkit has been
loaded (200 ms later), `prompt` draws the real prompt over the painted one, and reads
the keys that were typed ahead.

The terminal stays quiet until the program ends: keys typed while an entry runs do not
mix with what it prints; they show up at the next prompt.
"""

from __future__ import annotations

import os
import sys

from scopetutor import __version__

TYPE_CHECKING = False  # typing takes longer to load than all of this
if TYPE_CHECKING:
    from typing import Any

PROMPT = "tf> "
GREETING = f"scopetutor {__version__}, TensorFlow 1.15 · :help lists the commands\n"

painted = False
_as_it_was: list[Any] | None = None  # the terminal's settings, to be put back


def paint(greeting: str = GREETING) -> None:
    """Show a prompt, at once; nothing if this is not a terminal for people."""
    global painted  # noqa: PLW0603 -- there is one terminal
    if os.environ.get("TERM") not in {"dumb", "unknown"} and hush():
        sys.stdout.write(greeting + PROMPT)
        sys.stdout.flush()
        painted = True


def erase() -> None:
    """Make room for the real prompt where the painted one is, if there is one."""
    global painted  # noqa: PLW0603 - as above
    if painted:
        sys.stdout.write("\r\x1b[J")
        sys.stdout.flush()
        painted = False


def hush() -> bool:
    """Stop the echo of keys until `restore`; whether this is a terminal that can."""
    global _as_it_was  # noqa: PLW0603 -- the terminal itself is global, and so is its state
    try:
        import termios
    except ImportError:  # Windows echoes a key only when it is read
        return sys.stdin.isatty() and sys.stdout.isatty()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    try:
        settings = termios.tcgetattr(sys.stdin)
        if _as_it_was is None:
            _as_it_was = list(settings)
        # Not canonical: keys are kept one by one and unchanged (Enter stays Enter).
        settings[0] &= ~termios.ICRNL
        settings[3] &= ~(termios.ECHO | termios.ICANON)
        termios.tcsetattr(sys.stdin, termios.TCSANOW, settings)
    except termios.error:
        return False
    return True


def restore() -> None:
    """Give the terminal back as it was."""
    global _as_it_was  # noqa: PLW0603 - as above
    if _as_it_was is None:
        return
    import termios

    try:  # noqa: SIM105 -- contextlib is not loaded here
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, _as_it_was)
    except (termios.error, ValueError):
        pass  # the terminal is gone
    _as_it_was = None
