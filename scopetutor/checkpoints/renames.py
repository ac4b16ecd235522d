"""Which missing name is which extra one: guesses with a confidence and a reason.

People move a model into a scope, take `tf.layers` instead of slim, or load a file of
an older TensorFlow; then restore says "Key … not found" of one name. Here all names are
looked at together: a change that explains many is believed more than one that explains
a single one. ``spellings.py`` comes before, ``compare.py`` after.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

import msgspec

from .contents import Entry
from .spellings import Rule, spelling, unnumbered

NEAREST = 24
"""Candidates that are looked at for one name."""

LEAST = 0.3
"""Guesses less sure than this are not made."""

_HOPELESS = 0.1
"""Below this, being the only one that fits is chance."""

_ALMOST = 0.03
"""Two guesses this near each other are equally good."""


class Rename(msgspec.Struct, frozen=True):
    """A guess: the tensor `old` of the file is the wanted `new`.

    Attributes:
        old: the name in the file.
        new: the name that is wanted.
        confidence: between 0 and 1.
        reasons: why.
    """

    old: str
    new: str
    confidence: float
    reasons: tuple[str, ...]


class _Change(NamedTuple):
    """How a name of the file becomes a wanted one.

    Attributes:
        heads: (parts before the common end in the file, the same in the wanted name).
        shifts: (part, its number in the file less the wanted one) where these differ.
        rules: spellings only one of the two has.
        common: how many parts at the end agree.
    """

    heads: tuple[tuple[str, ...], tuple[str, ...]]
    shifts: tuple[tuple[str, int], ...]
    rules: frozenset[Rule]
    common: int


class _Guess(NamedTuple):
    confidence: float
    old: Entry
    new: Entry
    reasons: tuple[str, ...]


def propose(missing: Sequence[Entry], extra: Sequence[Entry]) -> list[Rename]:
    """The likeliest renames, best first; no name is used twice.

    Args:
        missing: tensors that are wanted and are not in the file.
        extra: tensors of the file that are not wanted by their names.
    """
    pairs = list(_pairs(missing, extra))
    heads, shifts = _votes(pairs)
    alike = Counter(_kind(entry) for entry in extra)
    guesses = []
    for new, old, change in pairs:
        confidence, reasons = _judge(change, old, new, heads, shifts, len(missing))
        if alike[_kind(new)] == 1 and new.elements > 1 and confidence > _HOPELESS:
            # Nothing else in the file would fit.
            confidence = 1 - (1 - confidence) * 0.5
            reasons = (*reasons, "the only one of this shape")
        guesses.append(_Guess(confidence, old, new, reasons))
    guesses.sort(key=lambda guess: (-guess.confidence, guess.new.name, guess.old.name))
    return list(_chosen(guesses))


def _kind(entry: Entry) -> tuple[tuple[int, ...], str]:
    """What must agree for two tensors to be one."""
    return entry.shape, entry.dtype


# -- who could be whom -----------------------------------------------------------------


def _pairs(
    missing: Sequence[Entry], extra: Sequence[Entry]
) -> Iterator[tuple[Entry, Entry, _Change]]:
    """Every pair worth a look: (wanted, of the file, what changed)."""
    by_kind = defaultdict(list)
    by_end: dict[object, list[Entry]] = defaultdict(list)
    for old in extra:
        by_kind[_kind(old)].append(old)
        for end in _ends(old):
            by_end[_kind(old), end].append(old)
    for new in missing:
        same = by_kind[_kind(new)]
        if len(same) > NEAREST:
            same = _nearest(new, by_end)
        for old in same:
            yield new, old, _change(old, new)


def _nearest(new: Entry, by_end: dict[object, list[Entry]]) -> list[Entry]:
    """Of many candidates those whose ends agree most."""
    found: dict[str, Entry] = {}
    for end in _ends(new):
        for old in by_end.get((_kind(new), end), ())[:NEAREST]:
            found.setdefault(old.name, old)
        if len(found) >= NEAREST:
            break
    return list(found.values())[:NEAREST]


def _ends(entry: Entry) -> Iterator[tuple[bool, tuple[str, ...]]]:
    """The ends of a name, longest first; each also without its numbers."""
    parts = spelling(entry.name).parts
    plain = tuple(unnumbered(part)[0] for part in parts)
    for start in range(len(parts)):
        yield False, parts[start:]
        yield True, plain[start:]


def _change(old: Entry, new: Entry) -> _Change:
    one, other = spelling(old.name), spelling(new.name)
    shifts, common = [], 0
    for a, b in zip(reversed(one.parts), reversed(other.parts), strict=False):
        if a != b:
            (stem, number), (other_stem, other_number) = unnumbered(a), unnumbered(b)
            if stem != other_stem:
                break
            shifts.append((stem, number - other_number))
        common += 1
    heads = (
        one.parts[: len(one.parts) - common],
        other.parts[: len(other.parts) - common],
    )
    return _Change(heads, tuple(shifts), one.rules ^ other.rules, common)


# -- how sure --------------------------------------------------------------------------


def _votes(
    pairs: Sequence[tuple[Entry, Entry, _Change]],
) -> tuple[Counter[object], Counter[object]]:
    """How many wanted names each change of scope, and of number, would explain."""
    heads: dict[object, set[str]] = defaultdict(set)
    shifts: dict[object, set[str]] = defaultdict(set)
    for new, _, change in pairs:
        if change.common:
            heads[change.heads].add(new.name)
        for shift in change.shifts:
            shifts[shift].add(new.name)
    return (
        Counter({key: len(names) for key, names in heads.items()}),
        Counter({key: len(names) for key, names in shifts.items()}),
    )


def _judge(
    change: _Change,
    old: Entry,
    new: Entry,
    heads: Counter[object],
    shifts: Counter[object],
    wanted: int,
) -> tuple[float, tuple[str, ...]]:
    """(confidence, reasons) of one pair, the other candidates not considered."""
    if not change.common:
        ratio = SequenceMatcher(None, old.name, new.name).ratio()
        fits = old.role == new.role and old.elements > 1
        return (0.6 * ratio if fits else 0.0), (f"names {ratio:.0%} alike",)
    confidence, reasons = 0.98, []
    for rule in sorted(change.rules, key=lambda rule: -rule.trust):
        confidence *= rule.trust
        reasons.append(rule.reason)
    if any(change.heads):
        explained = heads[change.heads]
        # One name alone proves little about a scope.
        support = explained / max(wanted, 2)
        confidence *= 0.7 + 0.28 * support
        reasons.insert(0, _told(change.heads, explained))
        if all(change.heads):
            longest = change.common + max(map(len, change.heads))
            confidence *= 1 - 0.5 * (1 - change.common / longest) * (1.1 - support)
    for shift in change.shifts:
        confidence *= 0.75 + 0.2 * shifts[shift] / max(wanted, 2)
        reasons.append(f"{shift[0]} numbered {abs(shift[1])} apart")
    if old.role != new.role and not change.rules:
        confidence *= 0.5
    return confidence, tuple(dict.fromkeys(reasons))


def _told(heads: tuple[tuple[str, ...], tuple[str, ...]], explained: int) -> str:
    before, after = ("/".join(head) for head in heads)
    names = f" ({explained} names)" if explained > 1 else ""
    if not before:
        return f"moved into {after}/{names}"
    if not after:
        return f"moved out of {before}/{names}"
    return f"{before}/ became {after}/{names}"


def _chosen(guesses: Sequence[_Guess]) -> Iterator[Rename]:
    """The best guesses that do not contradict each other."""
    taken: set[tuple[str, str]] = set()
    rivals: dict[tuple[str, str], list[_Guess]] = defaultdict(list)
    for guess in guesses:
        rivals["new", guess.new.name].append(guess)
        rivals["old", guess.old.name].append(guess)
    for guess in guesses:
        sides = (("new", guess.new.name), ("old", guess.old.name))
        if taken.intersection(sides):
            continue
        others = [
            rival
            for side in sides
            for rival in rivals[side]
            if rival is not guess
            and not taken.intersection(
                (("new", rival.new.name), ("old", rival.old.name))
            )
            and guess.confidence - rival.confidence < _ALMOST
        ]
        taken.update(sides)
        confidence, reasons = guess.confidence, guess.reasons
        if others:
            confidence *= 0.6
            reasons = (*reasons, f"{len(others)} others would fit as well")
        if confidence >= LEAST:
            yield Rename(guess.old.name, guess.new.name, round(confidence, 2), reasons)
