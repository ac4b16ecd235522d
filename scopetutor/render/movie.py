"""`:movie` and `scopetutor trace`: a program line by line, with what each line decides.

A frame is a line that made, found, opened or set something: the program around it, the
scopes that were open, and what happened, in TensorFlow's words. Lines that do none of
this have no frame. `repl.movie` makes the frames and steps through them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from rich.text import Text

from scopetutor.snapshot import Deed, Origin, ScopeFlag, Site, Snapshot

from .visible import one_line, visible
from .words import REUSE, place, scope_text
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scopetutor.evaluator.outcome import ErrorView

    from .look import Look

AROUND = 5  # lines of the program before and after the one that runs
MOST_SAID = 8


class Frame(msgspec.Struct, frozen=True):
    """One line as it runs.

    Attributes:
        source: the program it is part of.
        site: the line.
        scopes: the variable scopes that are open at it, the root first.
        says: what it does, in sentences.
    """

    source: str
    site: Site
    scopes: tuple[ScopeFlag, ...]
    says: tuple[str, ...]


def frames(
    source: str,
    deeds: Sequence[Deed],
    after: Snapshot,
    error: ErrorView | None = None,
) -> Iterator[Frame]:
    """The frames of one program that has been run.

    Args:
        source: the program.
        deeds: what it did.
        after: what there is behind it.
        error: how it ended, if it failed.
    """
    for site, group in _by_line(deeds):
        scopes = next(filter(None, (_scopes(deed, after) for deed in group)), ())
        says = tuple(dict.fromkeys(_sentence(deed, after) for deed in group))
        yield Frame(source, site, scopes, says)
    if error is not None and error.frames:
        name = error.type.rpartition(".")[2]
        said = f"raises {name}: {error.message.partition(chr(10))[0]}"
        yield Frame(source, error.frames[-1].site, error.scopes, (said,))


def frame(view: Frame, number: int, count: int, look: Look) -> Text:
    """Draw a frame.

    Args:
        view: which.
        number: its number, from 1.
        count: of all frames.
        look: how.
    """
    head = Text(f"  {number} of {count}", "heading")
    head.append(f"   {place(view.site)}", "place")
    parts = [head, *_program(view, look)]
    if view.scopes:
        stack = "  ".join(
            f"{scope_text(flag.scope)} {REUSE[flag.reuse]}" for flag in view.scopes
        )
        parts.append(hanging("  open  ", stack, look.width, head="quiet"))
    arrow = f"  {look.glyphs.arrow} "
    said = map(one_line, view.says[:MOST_SAID])
    parts.extend(hanging(arrow, sentence, look.width) for sentence in said)
    if (beyond := len(view.says) - MOST_SAID) > 0:
        parts.append(Text(f"    {look.glyphs.ellipsis} {beyond} more", "quiet"))
    return paragraphs(parts)


def _program(view: Frame, look: Look) -> Iterator[Text]:
    """The lines around the one that runs, which is marked."""
    lines = visible(view.source).split("\n")
    at = view.site.line
    margin = len(str(len(lines)))
    for number in range(max(at - AROUND, 1), min(at + AROUND, len(lines)) + 1):
        runs = number == at
        mark = look.glyphs.arrow if runs else " " * len(look.glyphs.arrow)
        line = Text(f"  {mark} {number:>{margin}}  ", "here" if runs else "quiet")
        yield line.append(lines[number - 1], "code" if runs else "quiet")


def _by_line(deeds: Iterable[Deed]) -> Iterator[tuple[Site, list[Deed]]]:
    """The deeds in their order, those of one line that follow each other together."""
    site: Site | None = None
    group: list[Deed] = []
    for deed in deeds:
        if deed.site is None:
            continue
        if deed.site != site and group and site is not None:
            yield site, group
            group = []
        site = deed.site
        group.append(deed)
    if group and site is not None:
        yield site, group


def _scopes(deed: Deed, after: Snapshot) -> tuple[ScopeFlag, ...]:
    origin = _origin(deed, after)
    if origin is not None:
        return origin.scopes
    if deed.kind != "scope opened":
        return ()
    names = ["", *_prefixes(deed.subject)]
    graph = after.here.graph
    views = [after.scopes.get((graph, name)) for name in names]
    return tuple(ScopeFlag(v.name, v.reuse, v.flag_from) for v in views if v)


def _prefixes(name: str) -> Iterator[str]:
    """Such as "a", "a/b", "a/b/c"."""
    parts = name.split("/")
    for end in range(1, len(parts) + 1):
        yield "/".join(parts[:end])


def _origin(deed: Deed, after: Snapshot) -> Origin | None:
    """How the variable of a deed was asked for there."""
    variable = after.variables.get(deed.uid)
    if variable is None or deed.kind not in {"created", "reused"}:
        return None
    if deed.kind == "created":
        return variable.made
    return next((o for o in reversed(variable.reused) if o.site == deed.site), None)


def _sentence(deed: Deed, after: Snapshot) -> str:
    variable = after.variables.get(deed.uid)
    name = variable.tensor_name if variable else deed.subject
    origin = _origin(deed, after)
    flag = REUSE[origin.scopes[-1].reuse] if origin and origin.scopes else ""
    told = {
        "created": f"{origin.call if origin else 'it'} makes {name}",
        "reused": f"{origin.call if origin else 'it'} finds {name}, made before",
        "initialized": f"{name} gets its first value",
        "assigned": f"{name} gets another value",
        "scope opened": f"opens the variable scope {scope_text(deed.subject)}",
        "flag set": f"sets the reuse flag of {scope_text(deed.subject)}",
        "graph made": "makes a graph",
        "graph reset": "starts with a new, empty default graph",
        "session opened": "opens a session",
        "session closed": "closes a session",
    }[deed.kind]
    if deed.kind == "created" and variable and not variable.key:
        return f"{told} (get_variable does not know it)"
    return f"{told} ({flag})" if flag else told


if __name__ == "__main__":
    from .demo import PROGRAM, W, show

    SCENE = Frame(PROGRAM, W.made.site or Site(1, 1, ""), W.made.scopes, ("makes w",))
    show(lambda look: frame(SCENE, 1, 3, look))
