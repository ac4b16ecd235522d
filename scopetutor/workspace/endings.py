"""What is said of an entry that was stopped or has ended its process, in sentences.

`client` and `head` find out what has happened; the sentences travel in a `Ran`, below
which `repl` shows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .settings import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .options import Options
    from .protocol import Ending
    from .story import Story
    from .timeline import Moment
    from .worker import Cause, DiedError

NOT_BEGUN = "Stopped before it began."
_DEATHS: dict[Cause, tuple[Ending, str]] = {
    "timeout": ("timeout", ""),
    "interrupted": ("interrupted", "; it did not stop by itself"),
    "output": ("interrupted", ": it printed far too much"),
    "files": ("died", ": it wrote far too much into files"),
    "processes": ("died", ": it started too many processes"),
    "memory": ("memory", ": it used up all memory there is for it"),
    "threads": ("died", ": a thread that it left lets nothing else run"),
}


def left_out(told: Story) -> Iterator[str]:
    """What a journal no longer tells, in sentences."""
    if told.in_flight is not None:
        yield f"{called(told.in_flight)} had not ended, so it is left out."
    if told.damaged:
        yield f"Damaged lines of the journal that are left out: {told.damaged}."
    if told.began is None:
        yield (
            "The first line is one of them: random numbers that were drawn without a "
            "seed are others now."
        )


def called(moment: Moment) -> str:
    """What to call the entry of a moment at the beginning of a sentence."""
    return f"Entry {moment.entry}" if moment.entry else "A lesson's code"


def on_the_way(moment: int, left: int) -> str:
    """What is said if somebody did not want to wait for a moment."""
    if moment == left:
        return "Stopped; the next entry comes back here first."
    return f"Stopped on the way; this is moment {left} still."


def ended_processes(count: int) -> str:
    """What is said of processes that an entry has left."""
    if count == 1:
        return "A process that it had started was ended."
    return f"{count} processes that it had started were ended."


def stopped(cause: Cause | None, limit: float) -> tuple[Ending, str]:
    """How an entry ended that minded being asked to stop, and had `limit` seconds."""
    kept = "What it did until then stays done."
    if cause == "timeout":
        return "timeout", f"Stopped after {limit:g} s, the limit. {kept}"
    if cause == "output":
        return "interrupted", f"Stopped: it printed far too much. {kept}"
    return "interrupted", f"Stopped. {kept}"


def ended(died: DiedError, options: Options, limit: float) -> tuple[Ending, str]:
    """How an entry ended whose process is gone, and which had `limit` seconds."""
    back = "The workspace is as it was before the entry."
    ending, why = _DEATHS.get(died.cause, ("died", ""))
    if died.cause == "timeout":
        took = f"Ended after {limit:g} s, the limit"
        return ending, f"{took}; it did not stop by itself. {back}"
    if died.cause == "memory" and options.memory_limit:
        why += f" ({size_text(options.memory_limit)}, --memory-limit)"
    if why:
        return ending, f"Ended{why}. {back}"
    if died.last_words:
        return ending, f"The entry crashed Python ({died.last_words}). {back}"
    return ending, f"The entry ended the process it ran in. {back}"
