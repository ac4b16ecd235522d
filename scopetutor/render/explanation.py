"""`:why NAME`: how a name came about, step by step, each part with what gave it.

`evaluator.why` has put it together in the workspace, or `evaluator.explain` of a card;
drills and `scopetutor explain` draw theirs with it, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from .error import ELSEWHERE
from .outline import Cell, Row, outline
from .visible import visible
from .words import place, scope_text
from .wrap import hanging, paragraphs, wrap

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
    subject = visible(view.subject).partition(ELSEWHERE)[0]
    parts = [Text("\n".join(wrap(subject, look.width)), "heading")]
    parts += [_reason(reason, look) for reason in view.reasons]
    if view.parts:
        rows = [
            Row(0, Cell(part, "variable"), (Cell(_told(reason)),))
            for part, reason in view.parts
        ]
        parts.append(outline(rows, look))
    if view.origin is not None:
        told = any(reason.site == view.origin.site for reason in view.reasons)
        parts.extend(_origin(view.origin, look, told=told))
    offers = [*view.tries, *([f":explain {view.card}"] if view.card else [])]
    head = "  try  "
    for offer in offers:
        parts.append(hanging(head, visible(offer), look.width, head="try"))
        head = " " * len(head)
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


def _origin(origin: Origin, look: Look, *, told: bool) -> list[Text]:
    """The call, and the scopes that were open around it, from the root inwards.

    If the call has been told, only the scopes.
    """
    made = f"{visible(origin.call)} made it"
    if origin.site is not None:
        made += f" in {place(origin.site)}:  {visible(origin.site.text.strip())}"
    parts = [Text("  open then:")] if told else [hanging("  ", made, look.width)]
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
        parts.append(outline(rows, look))
    return parts


if __name__ == "__main__":
    from .demo import EXPLAINED, show

    show(lambda look: explanation(EXPLAINED, look))
