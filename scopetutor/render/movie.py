"""`:movie` and `scopetutor trace`: a program line by line, with what each line decides.

A frame is a line as it runs: the program around it, the scopes that are open, and what
it makes, finds, opens and gives a name to, in TensorFlow's words. `repl.movie` makes
the frames and steps through them; without somebody to press keys, `program` draws all.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from rich.text import Text

from scopetutor.snapshot import Deed, Origin, ScopeFlag, Site, Snapshot

from .visible import one_line, visible
from .words import REUSE, counted, listed, place, scope_text
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scopetutor.evaluator.outcome import ErrorView

    from .look import Look

AROUND = 5  # lines of the program before and after the one that runs
MOST_SAID = 8
MOST_MADE = 3


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


class Line(NamedTuple):
    """A line that ran: the scopes that were open before it, and what it did."""

    site: Site
    scopes: tuple[ScopeFlag, ...]
    deeds: list[Deed]


def frames(
    source: str,
    deeds: Sequence[Deed],
    after: Snapshot,
    error: ErrorView | None = None,
) -> list[Frame]:
    """The frames of one program that has been run.

    Args:
        source: the program.
        deeds: what it did.
        after: what there is behind it.
        error: how it ended, if it failed.
    """
    lines = list(_by_line(deeds))
    found = [
        _frame(source, line, then, after)
        for line, then in itertools.zip_longest(lines, lines[1:])
    ]
    if error is not None and error.frames:
        site = error.frames[-1].site
        before = found.pop().says if found and found[-1].site == site else ()
        name = error.type.rpartition(".")[2]
        said = f"raises {name}: {error.message.partition(chr(10))[0]}"
        found.append(Frame(source, site, error.scopes, (*before, said)))
    return found


def _frame(source: str, line: Line, then: Line | None, after: Snapshot) -> Frame:
    """The frame of a line; the line that runs next shows what it left open."""
    opens = then is not None and then.scopes[: len(line.scopes)] == line.scopes
    scopes = then.scopes if then is not None and opens else line.scopes
    if not scopes:  # a program that was not followed
        scopes = next(filter(None, (_scopes(deed, after) for deed in line.deeds)), ())
    kept = {flag.scope for flag in scopes}
    deeds = [d for d in line.deeds if d.kind != "scope opened" or d.subject in kept]
    says = list(dict.fromkeys(_sentence(deed, after) for deed in deeds))
    made = [deed for deed in deeds if deed.kind == "created"]
    if len(made) > MOST_MADE:
        says = [
            said
            for said in says
            if said not in {_sentence(deed, after) for deed in made}
        ]
        says.insert(0, _made(made, after))
    if not says and line.scopes and line.scopes[-1].site == line.site:
        says = [f"leaves {scope_text(line.scopes[-1].scope)}"]  # a `with`, once more
        scopes = line.scopes[:-1]
    return Frame(source, line.site, scopes, tuple(says))


def _made(deeds: Sequence[Deed], after: Snapshot) -> str:
    """Many variables of one line, in one sentence."""
    views = [after.variables[deed.uid] for deed in deeds if deed.uid in after.variables]
    names = listed([view.tensor_name for view in views], MOST_MADE)
    call = views[0].made.call if views else "it"
    return f"{call} makes {counted(len(deeds), 'variable')}: {names}"


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
        parts.append(hanging("  open  ", _stack(view), look.width, head="quiet"))
    parts.extend(_said(view, look))
    return paragraphs(parts)


def program(views: Sequence[Frame], look: Look) -> Text:
    """Draw all frames below each other: each line with what it does.

    The open scopes are told where they become others.
    """
    parts: list[Text] = []
    width = max(len(_spot(view.site)) for view in views)
    known = ""
    for view in views:
        head = Text(f"{_spot(view.site):>{width}}  ", "place")
        lines = visible(view.source).split("\n")
        parts.append(head.append(lines[view.site.line - 1], "code"))
        indent = " " * (width + 2)
        parts.extend(_said(view, look, indent))
        stack = _stack(view)
        if stack and stack != known:
            told = hanging(f"{indent}open  ", stack, look.width, style="quiet")
            parts.append(told)
            known = stack
    return paragraphs(parts)


def _spot(site: Site) -> str:
    """The place without folders, which are the same on all lines."""
    return place(site).rpartition("/")[2]


def _stack(view: Frame) -> str:
    """The open scopes with their flags, the root first."""
    return "  ".join(
        f"{scope_text(flag.scope)} {REUSE[flag.reuse]}" for flag in view.scopes
    )


def _said(view: Frame, look: Look, indent: str = "  ") -> Iterator[Text]:
    arrow = f"{indent}{look.glyphs.arrow} "
    for sentence in view.says[:MOST_SAID]:
        yield hanging(arrow, one_line(sentence), look.width)
    if (beyond := len(view.says) - MOST_SAID) > 0:
        yield Text(f"{indent}  {look.glyphs.ellipsis} {beyond} more", "quiet")


def _program(view: Frame, look: Look) -> Iterator[Text]:
    """The lines around the one that runs, which is marked."""
    lines = visible(view.source).split("\n")
    at = view.site.line
    margin = len(str(len(lines)))
    for number in range(max(at - AROUND, 1), min(at + AROUND, len(lines)) + 1):
        runs = number == at
        mark = look.glyphs.arrow if runs else " " * len(look.glyphs.arrow)
        line = Text(f"  {mark} {number:>{margin}}  ", "here" if runs else "quiet")
        line.append(lines[number - 1], "code" if runs else "quiet")
        if not runs:  # what runs is shown whole
            line.truncate(look.width, overflow="ellipsis")
        yield line


def _by_line(deeds: Iterable[Deed]) -> Iterator[Line]:
    """The deeds in their order, those of a line together.

    A line that calls a function comes back, behind the lines of the function, if it did
    something more then.
    """
    scopes: dict[Site, tuple[ScopeFlag, ...]] = {}
    site: Site | None = None
    group: list[Deed] = []
    for deed in deeds:
        if deed.site is None:
            continue
        if site is not None and (deed.kind == "line" or deed.site != site):
            yield Line(site, scopes.get(site, ()), group)
            group = []
        site = deed.site
        if deed.kind == "line":
            scopes[site] = deed.scopes
        else:
            group.append(deed)
    if site is not None:
        yield Line(site, scopes.get(site, ()), group)


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
        "name set": deed.subject,
        "operations made": f"makes {deed.subject}",
    }[deed.kind]
    if deed.kind == "created" and variable and not variable.key:
        return f"{told} (get_variable does not know it)"
    return f"{told} ({flag})" if flag else told


if __name__ == "__main__":
    from .demo import PROGRAM, W, show

    SCENE = Frame(PROGRAM, W.made.site or Site(1, 1, ""), W.made.scopes, ("makes w",))
    show(lambda look: frame(SCENE, 1, 3, look))
