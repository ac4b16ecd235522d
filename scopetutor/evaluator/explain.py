"""From the text of an error, also one from a real TensorFlow's log, to its card.

What a log adds is taken away: the C++ prefixes with dates and files, the traceback
around the message, and "[[{{node …}}]]" behind it.

`cards` has the cards; `repl.keeping` and `cli.explain` draw what comes of it.
"""

from __future__ import annotations

import difflib
import re

from .cards import Card, all_cards, card, find
from .outcome import Explanation, Reason

# 2019-05-01 10:20:30.123456: W tensorflow/core/framework/op_kernel.cc:1651] OP_REQUIRES
# failed at save_restore_v2_ops.cc:184 : Not found: Key w not found in checkpoint
_LOG_LINE = re.compile(
    r"^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*: )?[IWEF]?\s*"
    r"(?:tensorflow|external)/\S+\.(?:cc|h|cu):\d+\]\s*"
    r"(?:\(\d+\)\s*)?(?:OP_REQUIRES failed at \S+ : )?"
)
_STATUS = re.compile(
    r"^(?:Cancelled|Unknown|Invalid argument|Deadline exceeded|Not found|"
    r"Already exists|Permission denied|Resource exhausted|Failed precondition|"
    r"Aborted|Out of range|Unimplemented|Internal|Unavailable|Data loss): "
)
_EXCEPTION = re.compile(r"^(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception|Warning): ")
_NODE = re.compile(r"\s*\[\[(?:\{\{)?node .*$", re.DOTALL)


def explain(text: str) -> Explanation:
    """What is known of an error's text, or of a card's id.

    Never fails: of a text that fits no card, it says so and what to try.
    """
    named = card(text.strip())
    if named is not None:
        return of_card(named)
    found = card_for(text)
    if found is None:
        return _unknown(text)
    return of_card(found[0], subject=found[2], name=found[1])


def card_for(text: str) -> tuple[Card, str, str] | None:
    """The card for an error's text, the name it speaks of, the line that says so."""
    for line in _candidates(text):
        found = find(line)
        if found is not None:
            return *found, line
    return None


def of_card(
    found: Card, *, subject: str = "", name: str = "", reasons: tuple[Reason, ...] = ()
) -> Explanation:
    """A card as an explanation, after what is known of the case."""
    speaks = (Reason(f"It speaks of {name}."),) if name and not reasons else ()
    return Explanation(
        subject=subject or found.title,
        reasons=(*reasons, *speaks, Reason(found.rule), Reason(found.why)),
        card=found.id,
        tries=found.tries,
    )


def _candidates(text: str) -> list[str]:
    """The lines that may be the message, without what a log adds.

    The last line of a traceback is the likeliest; the whole comes last, for messages
    that are broken over lines.
    """
    lines = [_bare(line) for line in text.splitlines()]
    lines = [line for line in lines if line]
    marked = [line for line in lines if _EXCEPTION.match(line)]
    plain = [_EXCEPTION.sub("", line) for line in (*reversed(marked), *reversed(lines))]
    return [*dict.fromkeys(plain), " ".join(lines)]


def _bare(line: str) -> str:
    line = _NODE.sub("", line.strip())
    line = _LOG_LINE.sub("", line)
    return _STATUS.sub("", line).strip()


def _unknown(text: str) -> Explanation:
    """What to say of a text that fits no card."""
    first = text.strip().partition("\n")[0][:200]
    near = difflib.get_close_matches(first.lower(), all_cards(), 3)
    tries = tuple(f":explain {name}" for name in near)
    return Explanation(
        subject=first,
        reasons=(Reason("This text fits none of the cards."),),
        tries=tries or ("paste the last line of the error", ":explain lists all cards"),
    )
