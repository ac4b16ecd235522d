"""Does a hint hold the answer? Then it is no hint.

For `lint`. A ladder of hints leads from a nudge to almost everything; the answer itself
has a command of its own.
"""

from __future__ import annotations

import re


def leaks(hint: str, solution: str) -> bool:
    """Whether a hint holds a solution: all of it, or most of its lines.

    Spaces do not count; lines that say nothing (`pass`, an import) do not either.
    """
    packed = "".join(hint.split())
    lines = ["".join(line.split()) for line in solution.splitlines()]
    telling = [line for line in lines if len(line) > 12]
    if not telling:
        return bool(lines) and "".join(lines) in packed
    told = sum(line in packed for line in telling)
    return told == len(telling) or told * 2 > len(telling)


def tells(hint: str, answer: str) -> bool:
    """Whether a hint holds the answer to a prediction, as a word of its own.

    Answers of one sign, True and False stand in too many sentences to count.
    """
    if len(answer) < 2 or answer in ("True", "False", "None"):
        return False
    pattern = rf"(?<![\w/]){re.escape(answer)}(?![\w/])"
    return re.search(pattern, hint) is not None
