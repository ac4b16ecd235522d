"""What a checkpoint holds, as a table or a tree: `scopetutor ckpt ls`, `ckpt tree`.

After `checkpoints.contents`, whose entries already say what each tensor is: a weight,
an optimizer's slot, an average. `cli.holding` and `cli.ckpt_look` print it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from scopetutor.checkpoints.contents import Contents, Entry
from scopetutor.checkpoints.roles import ROLES

from .outline import Cell, Row, outline
from .sizes import bytes_text, count_text
from .table import table
from .visible import one_line
from .words import counted, shape_text
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .look import Look

SHORT = {
    "weight": "",
    "statistics": "statistics",
    "average": "average",
    "slot": "slot",
    "optimizer": "optimizer",
    "step": "step",
    "bookkeeping": "TensorFlow 2",
}
"""A role in a word, for tables."""


def listing(contents: Contents, look: Look) -> Text:
    """Every tensor in a row, grouped by what it is, and what they sum up to."""
    parts = [heading(contents, look)]
    if look.plain:
        parts.append(_rows(contents.tensors, look))
    else:
        for role in ROLES:
            of_it = [entry for entry in contents.tensors if entry.role == role]
            if of_it:
                parts += [Text(""), Text(f"  {ROLES[role]}", "quiet")]
                parts.append(_rows(of_it, look))
    return paragraphs([*parts, *_sums(contents, look)])


def heading(contents: Contents, look: Look) -> Text:
    """Which checkpoint it is, and why this one."""
    told = [f"format {contents.version}", bytes_text(contents.files)]
    if contents.step is not None:
        told.append(f"step {contents.step:,}")
    if contents.how:
        told.append(contents.how)
    head = f"{one_line(contents.path)}  "
    text = f" {look.glyphs.dot} ".join(told)
    if len(head) > look.width // 2:  # a long path has a line of its own
        below = hanging("  ", text, look.width, style="quiet")
        return paragraphs([Text(head.rstrip(), "heading"), below])
    return hanging(head, text, look.width, style="quiet", head="heading")


def _rows(entries: Iterable[Entry], look: Look) -> Text:
    headings = ("name", "type", "shape", "size", "what")
    if look.plain:
        headings = ("name", "type", "shape", "bytes", "what")
    return table(headings, [_row(entry, look) for entry in entries], look)


def _row(entry: Entry, look: Look) -> tuple[Cell, ...]:
    size = bytes_text(entry.bytes)
    if look.plain:
        size = "" if entry.bytes is None else str(entry.bytes)
    return (
        Cell(entry.name, "variable"),
        Cell(entry.dtype, "type"),
        Cell(shape_text(entry.shape), "type"),
        Cell(size),
        Cell(_what(entry, plain=look.plain), "quiet"),
    )


def _what(entry: Entry, *, plain: bool) -> str:
    told = [entry.detail or (SHORT[entry.role] if plain else "")]
    if entry.parts:
        told.append(counted(entry.parts, "part"))
    return ", ".join(word for word in told if word)


def _sums(contents: Contents, look: Look) -> list[Text]:
    """What there is of each role, and of all."""
    if not contents.tensors:
        nothing = "no tensor has such a name" if contents.hidden else "it is empty"
        return [Text(f"  {nothing}", "quiet")]
    totals = contents.totals
    rows = [
        _sum(ROLES[role], tensors, elements, size)
        for role, tensors, elements, size in totals
    ]
    if len(totals) > 1:
        sums = (sum(column) for column in list(zip(*totals, strict=True))[1:])
        rows.append(_sum("all", *sums))
    lines = [Text("")]
    lines.append(table(("", "tensors", "elements", "size"), rows, look))
    if contents.hidden:
        hidden = counted(contents.hidden, "further tensor")
        lines.append(Text(f"  {hidden} not listed", "quiet"))
    return lines


def _sum(what: str, tensors: int, elements: int, size: int) -> tuple[Cell, ...]:
    return (
        Cell(what, "heading" if what == "all" else ""),
        Cell(f"{tensors:,}"),
        Cell(count_text(elements)),
        Cell(bytes_text(size)),
    )


# -- the tree --------------------------------------------------------------------------


class _Scope:
    """A scope of names with what is in it; slots hang below their tensor."""

    __slots__ = ("bytes", "elements", "scopes", "tensors")

    def __init__(self) -> None:
        self.scopes: dict[str, _Scope] = {}
        self.tensors: list[Entry] = []
        self.elements = 0
        self.bytes = 0


def holding_tree(contents: Contents, look: Look) -> Text:
    """The tensors below the scopes in their names; slots only counted."""
    slots: dict[str, int] = {}
    root = _Scope()
    names = contents.by_name
    for entry in contents.tensors:
        if entry.of in names:
            slots[entry.of] = slots.get(entry.of, 0) + 1
        else:
            _hang(root, entry)
    rows = [Row(0, Cell("(root)", "scope"), _told(root))]
    rows += _below(root, 1, slots)
    return paragraphs(
        [heading(contents, look), outline(rows, look), *_sums(contents, look)]
    )


def _hang(root: _Scope, entry: Entry) -> None:
    here = root
    path = [root]
    for part in entry.name.split("/")[:-1]:
        here = here.scopes.setdefault(part, _Scope())
        path.append(here)
    here.tensors.append(entry)
    for scope in path:
        scope.elements += entry.elements
        scope.bytes += entry.bytes or 0


def _told(scope: _Scope) -> tuple[Cell, ...]:
    return (
        Cell(f"{count_text(scope.elements)} elements", "quiet"),
        Cell(bytes_text(scope.bytes), "quiet"),
    )


def _below(scope: _Scope, depth: int, slots: dict[str, int]) -> list[Row]:
    rows = []
    for name, inner in sorted(scope.scopes.items()):
        rows.append(Row(depth, Cell(f"{one_line(name)}/", "scope"), _told(inner)))
        rows += _below(inner, depth + 1, slots)
    for entry in scope.tensors:
        more = [_what(entry, plain=True)]
        if own := slots.get(entry.name):
            more.append(f"+ {counted(own, 'slot or average', 'slots and averages')}")
        cells = (
            Cell(f"{entry.dtype} {shape_text(entry.shape)}", "type"),
            Cell(bytes_text(entry.bytes)),
            Cell(", ".join(word for word in more if word), "quiet"),
        )
        name = one_line(entry.name.rpartition("/")[2])
        rows.append(Row(depth, Cell(name, "variable"), cells))
    return rows
