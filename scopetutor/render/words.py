"""How values are spelt everywhere: shapes, types, places, flags, counts.

TensorFlow's own spelling where it has one. All drawings use these words, so that a
shape or a place looks the same in a tree, a table, an error and a lesson.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from .visible import one_line

if TYPE_CHECKING:
    from scopetutor.snapshot import (
        Reuse,
        ScopeFlag,
        ScopeView,
        Shape,
        Site,
        Snapshot,
        VariableView,
    )

LONG_PATH = 24
REUSE: dict[Reuse, str] = {"no": "reuse no", "yes": "reuse yes", "auto": "reuse auto"}


def shape_text(shape: Shape) -> str:
    """As `str(TensorShape)` has it in TF 1.15: "(2, ?)"; "<unknown>" without a rank."""
    if shape is None:
        return "<unknown>"
    sizes = ["?" if size is None else str(size) for size in shape]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def type_text(variable: VariableView) -> str:
    """Such as "float32_ref (2, 3)"; kinds other than ref say so."""
    kind = "" if variable.kind == "ref" else f" {variable.kind}"
    return f"{variable.dtype} {shape_text(variable.shape)}{kind}"


def short_place(site: Site | None) -> str:
    """Where, in a word or two: "entry 3" or "model.py:12"; "" if nowhere.

    Of a long path, or one from elsewhere, only the file's name is told.
    """
    if site is None:
        return ""
    if not site.file:
        return f"entry {site.entry}"
    path = PurePath(site.file)
    is_short = len(site.file) <= LONG_PATH and not path.is_absolute()
    return f"{one_line(site.file if is_short else path.name)}:{site.line}"


def place(site: Site | None) -> str:
    """Where, in full: "entry 3, line 2" or "model.py:12"; "" if nowhere."""
    if site is None:
        return ""
    if site.file:
        return f"{one_line(site.file)}:{site.line}"
    return f"entry {site.entry}, line {site.line}"


def scope_text(name: str) -> str:
    """A scope's name as people read it: "enc/", or "(root)"."""
    return f"{one_line(name)}/" if name else "(root)"


def reuse_text(view: ScopeView | ScopeFlag) -> str:
    """The flag, and where it comes from if not from the scope itself."""
    name = view.scope if hasattr(view, "scope") else view.name
    words = REUSE[view.reuse]
    if view.flag_from == name or view.reuse == "no":
        return words
    return f"{words}, from {scope_text(view.flag_from)}"


def opening_text(view: ScopeView) -> str:
    """A scope's flag; which opening had it, if there were more than one.

    A flag belongs to an opening: TF 1.15 forgets it when the `with` block ends.
    """
    again = f", {ordinal(view.times)} opening" if view.times > 1 else ""
    return reuse_text(view) + again


def ordinal(number: int) -> str:
    """Such as "2nd" or "11th"."""
    teen = number % 100 in {11, 12, 13}
    ending = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Such as "1 variable", "2,000 variables", "no entries"."""
    many = plural or f"{noun}s"
    if number == 0:
        return f"no {many}"
    return f"{number:,} {noun if number == 1 else many}"


def listed(names: list[str], limit: int, ellipsis: str = "…") -> str:
    """Names with commas, at most `limit`, and how many there are beyond."""
    shown = ", ".join(one_line(name) for name in names[:limit])
    beyond = len(names) - limit
    return f"{shown} {ellipsis} and {beyond:,} more" if beyond > 0 else shown


def session_text(uid: int, snapshot: Snapshot) -> str:
    """Such as " in sess"; "" if there is only one session to mean."""
    sessions = [view for view in snapshot.sessions.values() if not view.closed]
    if len(sessions) < 2:
        return ""
    names = next((view.names for view in sessions if view.uid == uid), ())
    return f" in {one_line(names[0])}" if names else f" in session {uid}"


def graph_text(uid: int, snapshot: Snapshot) -> str:
    """Such as "graph g", or "graph 2" if the learner has no name for it."""
    view = snapshot.graphs.get(uid)
    names = view.names if view else ()
    return f"graph {one_line(names[0])}" if names else f"graph {uid}"
