"""What a file lacks of what is wanted, and what mends it: `scopetutor ckpt diff`.

After `checkpoints.compare`, which has paired the names and guessed at renames.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from .outline import Cell
from .sizes import bytes_text
from .table import table
from .visible import one_line
from .words import counted, shape_text
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scopetutor.checkpoints.compare import Comparison, Mismatch
    from scopetutor.checkpoints.contents import Entry

    from .look import Look

MOST = 40
"""Rows of a kind; what is beyond is counted. `--json` has everything."""


def comparison(
    seen: Comparison, look: Look, *, code: str = "", advice: Sequence[str] = ()
) -> Text:
    """Draw a comparison.

    Args:
        seen: what was found.
        look: how.
        code: Python that mends it.
        advice: commands to try.
    """
    parts = [_verdict(seen, look)]
    renamed = {one.new for one in seen.renames}
    found = {one.old for one in seen.renames}
    parts += _renames(seen, look)
    parts += _entries(
        _side(seen, wanted=True),
        [entry for entry in seen.missing if entry.name not in renamed],
        "gone",
        look,
    )
    parts += _mismatches("other shapes", seen.shapes, look)
    parts += _mismatches("other types", seen.dtypes, look)
    parts += _values(seen, look)
    parts += _entries(
        _side(seen, wanted=False),
        [entry for entry in seen.extra if entry.name not in found],
        "created",
        look,
    )
    if code:
        parts += [Text(""), Text("  a Saver that finds them:", "quiet")]
        parts += [Text(f"    {line}", "code") for line in code.split("\n")]
    if advice:
        parts.append(Text(""))
        parts += [
            hanging("  try  ", line, look.width, style="code.inline", head="try")
            for line in advice
        ]
    return paragraphs(parts)


def _side(seen: Comparison, *, wanted: bool) -> str:
    if seen.kind == "checkpoint":
        return f"only in {one_line(seen.wanted if wanted else seen.held)}"
    if wanted:
        return "variables of the script that the file does not have"
    return "in the file, and not in the script (a Saver does not mind)"


def _verdict(seen: Comparison, look: Look) -> Text:
    same = f"{counted(len(seen.same), 'tensor')} the same"
    if seen.kind == "checkpoint":
        if seen.equal:
            return _marked(f"no difference: {same}", "passed", look)
        differing = [
            counted(len(seen.missing) + len(seen.extra), "name"),
            counted(len(seen.shapes), "shape"),
            counted(len(seen.dtypes), "type"),
        ]
        told = [word for word in differing if not word.startswith("no ")]
        if seen.values:
            told.append(f"the values of {counted(len(seen.values), 'tensor')}")
        return _marked(f"{', '.join(told)} differ; {same}", "failed", look)
    if seen.restores:
        return _marked(f"tf.train.Saver() restores it: {same}", "passed", look)
    faults = [
        f"{counted(len(seen.missing), 'key')} not found" if seen.missing else "",
        counted(len(seen.shapes), "other shape") if seen.shapes else "",
        counted(len(seen.dtypes), "other type") if seen.dtypes else "",
    ]
    told = [fault for fault in faults if fault]
    text = f"tf.train.Saver() cannot restore it: {', '.join(told)}; {same}"
    return _marked(text, "failed", look)


def _marked(sentence: str, style: str, look: Look) -> Text:
    plain = look.ascii or look.plain
    signs = {"passed": ("✓", "ok"), "failed": ("✗", "no")}
    sign = signs[style][plain]
    return hanging(f"{sign} ", sentence, look.width, head=style)


def _renames(seen: Comparison, look: Look) -> list[Text]:
    if not seen.renames:
        return []
    rows = [
        (
            Cell(one.old, "variable"),
            Cell(look.glyphs.arrow),
            Cell(one.new, "variable"),
            Cell(f"{one.confidence:.0%}", "type"),
            Cell(", ".join(one.reasons), "quiet"),
        )
        for one in seen.renames[:MOST]
    ]
    title = "likely the same under another name"
    headings = ("in the file", "", "wanted", "sure", "because")
    drawn = [Text(""), Text(f"  {title}", "quiet"), table(headings, rows, look)]
    return drawn + _beyond(len(seen.renames))


def _entries(
    title: str, entries: Sequence[Entry], style: str, look: Look
) -> list[Text]:
    if not entries:
        return []
    rows = [
        (
            Cell(entry.name, style),
            Cell(f"{entry.dtype} {shape_text(entry.shape)}", "type"),
            Cell(bytes_text(entry.bytes)),
            Cell(entry.detail, "quiet"),
        )
        for entry in entries[:MOST]
    ]
    drawn = [Text(""), Text(f"  {title}", "quiet")]
    drawn.append(table(("name", "type", "size", "what"), rows, look))
    return drawn + _beyond(len(entries))


def _mismatches(title: str, pairs: Sequence[Mismatch], look: Look) -> list[Text]:
    if not pairs:
        return []
    rows = [
        (
            Cell(pair.held.name, "variable"),
            Cell(_type(pair.held), "type"),
            Cell(_type(pair.wanted), "type"),
        )
        for pair in pairs[:MOST]
    ]
    drawn = [Text(""), Text(f"  {title}", "quiet")]
    drawn.append(table(("name", "in the file", "wanted"), rows, look))
    return drawn + _beyond(len(pairs))


def _values(seen: Comparison, look: Look) -> list[Text]:
    if not seen.values:
        return []
    rows = [
        (
            Cell(change.name, "variable"),
            Cell(f"{change.differing:,} of {change.elements:,}"),
            Cell("" if change.largest is None else f"{change.largest:.3g}"),
        )
        for change in seen.values[:MOST]
    ]
    drawn = [Text(""), Text("  other values", "quiet")]
    drawn.append(table(("name", "elements", "largest difference"), rows, look))
    return drawn + _beyond(len(seen.values))


def _beyond(count: int) -> list[Text]:
    beyond = count - MOST
    return (
        [Text(f"  and {beyond:,} more; --json has all", "quiet")] if beyond > 0 else []
    )


def _type(entry: Entry) -> str:
    return f"{entry.dtype} {shape_text(entry.shape)}"
