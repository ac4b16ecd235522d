"""A typed answer against the truth: the same thing may be written in several ways.

Before `judge`. A learner who knows the answer should never lose to a bracket or a
quote: `(2, 3)`, `[2,3]` and `2, 3` are one shape; `a/w:0` and `'a/w:0'` one name. What
tells a right name from a wrong one (a slash, an index, a capital) is never smoothed
away.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Canon: TypeAlias = tuple[object, ...]

_ERROR_NAME = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Warning|Interrupt|Exit)")
_FAILS = frozenset(
    (
        *("error", "an error", "exception", "an exception", "raises an error"),
        *("fails", "it fails", "raises", "it raises", "crash", "crashes"),
        *("报错", "错误", "出错", "异常", "抛出异常"),
    )
)
_YES_NO = {
    **dict.fromkeys(("true", "yes", "y", "是", "对"), True),
    **dict.fromkeys(("false", "no", "n", "否", "不", "错"), False),
}
_NOTHING = frozenset(("none", "nothing", "无", "没有"))
_ARRAY = re.compile(r"[\s\[\](),]+")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)


def same_answer(answer: str, truth: str) -> bool:
    """Whether a typed answer says what the truth says.

    Args:
        answer: as typed.
        truth: what the program prints, the repr of a value, or the class of the error
            it raises, such as "ValueError".
    """
    given, true = answer.strip(), truth.strip()
    if given == true:
        return True
    if is_error(true):
        named = _error_named(given)
        return named == _last(true).lower() if named else says_error(given)
    return _canon(given) == _canon(true)


def is_error(text: str) -> bool:
    """Whether a text is the name of an exception's class."""
    return _ERROR_NAME.fullmatch(text.strip()) is not None


def says_error(answer: str) -> bool:
    """Whether an answer says that the program fails, by class or in plain words."""
    words = answer.strip().rstrip(".!。").lower()
    return words in _FAILS or bool(_error_named(answer))


def _error_named(answer: str) -> str:
    """The class of error that an answer names, in small letters; "" for none."""
    found = re.fullmatch(_ERROR_NAME.pattern, answer.strip(), re.IGNORECASE)
    return _last(answer).lower() if found else ""


def _last(name: str) -> str:
    return name.strip().rpartition(".")[2]


def _canon(text: str) -> Canon:
    """What an answer comes down to: a kind and a value."""
    bare = _unquoted(text)
    lowered = bare.lower()
    if lowered in _YES_NO:
        return ("bool", _YES_NO[lowered])
    if lowered in _NOTHING:
        return ("none",)
    numbers = _numbers(bare)
    if numbers is not None:
        return ("numbers", *numbers)
    return ("text", " ".join(bare.split()))


def _unquoted(text: str) -> str:
    for quote in ("'", '"', "`"):
        if len(text) >= 2 and text.startswith(quote) and text.endswith(quote):
            return text[1:-1]
    return text


def _numbers(text: str) -> Canon | None:
    """A number, shape or array as (depth, numbers); None if it is something else.

    The depth tells `[[1, 2]]` from `[1, 2]`; round and square brackets are alike, and a
    bare `2, 3` is a list of depth 1.
    """
    words = [word for word in _ARRAY.split(text) if word]
    if not all(_NUMBER.fullmatch(word) or word in ("?", "None") for word in words):
        return None
    if not words and not re.search(r"[\[(]", text):
        return None
    depth = _depth(text)
    if depth == 0 and (len(words) > 1 or "," in text):
        depth = 1
    return (depth, tuple(_number(word) for word in words))


def _depth(text: str) -> int:
    depth = deepest = 0
    for char in text:
        depth += (char in "[(") - (char in "])")
        deepest = max(deepest, depth)
    if deepest == 1 and re.fullmatch(r"\(\s*[^,\s()]+\s*\)", text):
        return 0  # (3) is a number in brackets, not a shape
    return deepest


def _number(word: str) -> object:
    """2, 2.0 and 2. are one number; float32 values are compared as printed."""
    if word in ("?", "None"):
        return "?"
    return round(float(word), 6)


def chosen(answer: str, letters: Iterable[str]) -> frozenset[str] | None:
    """The letters of the options that were picked; None if they cannot be told.

    `a`, `A`, `a)`, `a, c`, `ac` and `1` (the first) are understood.
    """
    known = list(letters)
    picked: set[str] = set()
    for word in re.findall(r"[^\W\d_]+|\d+", answer.lower()):
        if word.isdecimal():
            number = int(word)
            if not 1 <= number <= len(known):
                return None
            picked.add(known[number - 1])
        elif word in known:
            picked.add(word)
        elif word in ("and", "和"):
            continue
        elif all(letter in known for letter in word):
            picked.update(word)
        else:
            return None
    return frozenset(picked) or None


def numbered(answer: str, count: int) -> tuple[int, ...] | None:
    """An order of `count` pieces, counted from 1; None if it is no order of them.

    `2 1 3`, `2,1,3` and, below ten pieces, `213` are understood.
    """
    words = re.findall(r"\d+", answer)
    if len(words) == 1 and count < 10 and len(words[0]) == count:
        words = list(words[0])
    order = tuple(int(word) for word in words)
    return order if sorted(order) == list(range(1, count + 1)) else None


def line_number(answer: str) -> int | None:
    """The line that is named: `3`, `line 3`, `L3`, `第 3 行`; 0 for "none fails"."""
    if answer.strip().lower() in ("none", "no line", "nothing", "no", "没有", "无"):
        return 0
    words = re.findall(r"\d+", answer)
    return int(words[0]) if len(words) == 1 else None


def literal(text: str) -> object:
    """The Python value a text writes; the text itself if it writes none."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
