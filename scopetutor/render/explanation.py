"""`:why NAME`: how a name came about, step by step, each part with what gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from .outline import Cell, Row, outline
from .visible import visible
from .words import place, scope_text
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from scopetutor.evaluator.outcome import Explanation, Reason
    from scopetutor.snapshot import Origin

    from .look import Look


def explanation(view: Explanation, look: Look) -> Text:
    """Draw an explanation.

    Args:
        view: the workspace's answer.
        look: how.
    """
    parts = [Text(visible(view.subject), "heading")]
    parts += [_reason(reason, look) for reason in view.reasons]
    if view.parts:
        rows = [
            Row(0, Cell(part, "variable"), (Cell(_told(reason)),))
            for part, reason in view.parts
        ]
        parts.append(outline(rows, look))
    if view.origin is not None:
        parts.extend(_origin(view.origin, look))
    offers = [*view.tries, *([f":explain {view.card}"] if view.card else [])]
    if offers:
        between = f" {look.glyphs.dot} "
        text = between.join(map(visible, offers))
        parts.append(hanging("  try  ", text, look.width, head="try"))
    return paragraphs(parts)


def _reason(reason: Reason, look: Look) -> Text:
    text = hanging("  ", visible(reason.says), look.width)
    if reason.site is not None:
        where = f"{place(reason.site)}:  {visible(reason.site.text.strip())}"
        text.append("\n").append(hanging("    ", where, look.width, style="place"))
    return text


def _told(reason: Reason) -> str:
    where = f"  ({place(reason.site)})" if reason.site is not None else ""
    return visible(reason.says) + where


def _origin(origin: Origin, look: Look) -> list[Text]:
    """The call, and the scopes that were open around it, from the root inwards."""
    made = f"{visible(origin.call)} made it"
    if origin.site is not None:
        made += f" in {place(origin.site)}:  {visible(origin.site.text.strip())}"
    told = [hanging("  ", made, look.width)]
    rows = [
        Row(
            depth,
            Cell(scope_text(flag.scope), "scope"),
            (
                Cell(f"reuse {flag.reuse}", f"reuse.{flag.reuse}"),
                Cell(place(flag.site), "place"),
            ),
        )
        for depth, flag in enumerate(origin.scopes)
    ]
    if rows:
        told.append(outline(rows, look))
    return told


if __name__ == "__main__":
    from .demo import EXPLAINED, show

    show(lambda look: explanation(EXPLAINED, look))
