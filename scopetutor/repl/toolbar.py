"""The line below the prompt: where new things would be made, and how much there is.

After `state`, whose snapshot it counts; `prompt` shows it. The signature of the call
that is being typed stands there, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopetutor.render.words import counted, reuse_text, scope_text

if TYPE_CHECKING:
    from scopetutor.snapshot import Snapshot

    from .state import State

Fragments = list[tuple[str, str]]


def toolbar(
    snapshot: Snapshot | None,
    moment: int,
    *,
    mode: str = "",
    note: str = "",
    dot: str = "·",
    width: int = 80,
) -> Fragments:
    """The toolbar's text, as prompt_toolkit takes it.

    Args:
        snapshot: of the workspace; None: it is still starting.
        moment: its number.
        mode: of the editor, such as "vi insert"; "" for emacs.
        note: what else is to be said, such as the step of a lesson.
        dot: what stands between the parts.
        width: of the screen; parts that have no room are left out, the last first.
    """
    if snapshot is None:
        return [("class:toolbar", " starting ")]
    here = snapshot.here
    scope = here.scopes[-1]
    parts = [
        note or f"moment {moment}",
        f"{scope_text(scope.scope)} {reuse_text(scope)}",
        counted(_variables(snapshot), "variable"),
        "eager" if here.eager else "graph",
        mode,
    ]
    told = [part for part in parts if part]
    between = f" {dot} "
    while len(told) > 1 and len(between.join(told)) + 2 > width:
        told.pop()
    return [("class:toolbar", f" {between.join(told)} ")]


class Toolbar:
    """The toolbar of a prompt; it is asked at every key, and counts once per entry.

    Args:
        state: what it tells of.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._told: tuple[Snapshot | None, tuple[object, ...], Fragments] | None = None

    def __call__(self, mode: str, width: int) -> Fragments:
        """What it says now; `mode` is the editor's, `width` the screen's."""
        state = self._state
        rest = (state.moment, state.note, mode, width)
        told = self._told
        if told is None or told[0] is not state.snapshot or told[1] != rest:
            text = toolbar(
                state.snapshot, state.moment, mode=mode, note=state.note, width=width
            )
            self._told = told = (state.snapshot, rest, text)
        return told[2]


def _variables(snapshot: Snapshot) -> int:
    graph = snapshot.here.graph
    listed = sum(view.graph == graph for view in snapshot.variables.values())
    return listed + snapshot.hidden_variables


def signature(text: str, argument: int, width: int) -> Fragments:
    """The call the cursor is in, with the parameter being typed marked.

    Args:
        text: such as "get_variable(name, shape=None)".
        argument: which of its parameters is being typed, from 0.
        width: of the screen; parameters far from that one are left out.
    """
    head, bracket, tail = text.partition("(")
    parameters = _split(tail.rpartition(")")[0])
    first = 0
    room = width - len(head) - 8
    while first < argument and len(", ".join(parameters[first : argument + 1])) > room:
        first += 1
    fragments: Fragments = [("class:signature", f" {head}{bracket}")]
    if first:
        fragments.append(("class:signature", "…, "))
    for index, parameter in enumerate(parameters[first:], first):
        style = "class:signature.argument" if index == argument else "class:signature"
        fragments.append((style, parameter))
        comma = ", " if index < len(parameters) - 1 else ")"
        fragments.append(("class:signature", comma))
    return fragments


def _split(parameters: str) -> list[str]:
    """The parameters; commas inside brackets of a default do not count."""
    parts, depth = [""], 0
    for character in parameters:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]
