"""`scopetutor tree`: the variables a script makes, their sizes, and what is missing.

Drawn from the `Report` of `legacy`. Scopes are the parts of names between slashes; each
says how many numbers are in it. What belongs to optimizers stands apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from rich.text import Text

from .outline import Cell, Row, outline
from .sizes import bytes_text
from .visible import one_line, visible
from .words import counted, shape_text
from .wrap import hanging, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scopetutor.legacy.report import Missing, Report, Totals, Variable

    from .look import Look

MOST_LINES = 5


class Branch(msgspec.Struct):
    """A scope: what is right in it, and the scopes in it, in the order of making."""

    name: str = ""
    branches: dict[str, Branch] = {}
    variables: list[Variable] = []
    numbers: int = 0
    count: int = 0


def model_tree(
    report: Report, look: Look, *, depth: int = 0, slots: bool = False
) -> Text:
    """Draw what a script makes.

    Args:
        report: of the script.
        look: how.
        depth: scopes deeper than this are one row; 0: all are open.
        slots: whether the optimizers' variables are listed one by one.
    """
    parts: list[Text] = []
    model = [v for v in report.variables if v.role == "model"]
    others = [v for v in report.variables if v.role != "model"]
    for graph in range(max(report.graphs, 1)):
        drawn = [v for v in model if v.graph == graph]
        title = (
            report.script if report.graphs < 2 else f"{report.script}, graph {graph}"
        )
        parts.append(outline(list(_tree(title, drawn, depth)), look))
    if others:
        parts.append(outline(list(_others(others, slots)), look))
    if report.variables:
        parts.append(_totals(report.totals, look))
        parts.append(_collections(report, look))
    parts.extend(_ending(report, look))
    parts.extend(_missing(report.missing, look))
    return paragraphs([part for part in parts if part.plain])


# -- the tree ------------------------------------------------------------------------


def _tree(title: str, variables: Sequence[Variable], depth: int) -> Iterator[Row]:
    root = grown(variables)
    yield Row(0, Cell(one_line(title), "scope"), _sums(root))
    if not variables:
        yield Row(1, Cell("no variables", "quiet"))
    yield from _below(root, 1, depth)


def grown(variables: Sequence[Variable]) -> Branch:
    """The variables as a tree of scopes."""
    root = Branch()
    for variable in variables:
        branch = root
        _count(branch, variable)
        *scopes, _ = variable.name.split("/")
        for scope in scopes:
            if scope not in branch.branches:
                branch.branches[scope] = Branch(scope)
            branch = branch.branches[scope]
            _count(branch, variable)
        branch.variables.append(variable)
    return root


def _count(branch: Branch, variable: Variable) -> None:
    branch.count += 1
    branch.numbers += variable.parameters or 0


def _below(branch: Branch, level: int, depth: int) -> Iterator[Row]:
    """The rows of what is in a scope."""
    for variable in branch.variables:
        yield _variable(variable, level, variable.name.rpartition("/")[2])
    for name, inner in branch.branches.items():
        folded = bool(depth) and level >= depth
        row = Row(level, Cell(f"{one_line(name)}/", "scope"), _sums(inner))
        if not folded:
            yield row
            yield from _below(inner, level + 1, depth)
        else:
            yield msgspec.structs.replace(row, mark="folded")


def _sums(branch: Branch) -> tuple[Cell, ...]:
    return (
        Cell(""),
        Cell(f"{branch.numbers:,}", "quiet"),
        Cell(counted(branch.count, "variable"), "quiet"),
    )


def _variable(variable: Variable, level: int, name: str) -> Row:
    kind = "" if variable.kind == "ref" else f" {variable.kind}"
    size = "?" if variable.parameters is None else f"{variable.parameters:,}"
    return Row(
        level,
        Cell(one_line(name), "variable"),
        (
            Cell(f"{variable.dtype} {shape_text(variable.shape)}{kind}", "type"),
            Cell(size),
            Cell("" if variable.trainable else "not trained"),
            Cell(one_line(variable.line), "place"),
            Cell(_shared(variable), "reused"),
            Cell("its shape rests on a stand-in" if variable.doubtful else "", "error"),
        ),
    )


def _shared(variable: Variable) -> str:
    if not variable.times_reused:
        return ""
    lines = list(dict.fromkeys(line for line in variable.reused if line))
    times = counted(variable.times_reused, "time")
    return f"shared {times}" + (f" by {_lines(lines)}" if lines else "")


def _lines(lines: Sequence[str]) -> str:
    """Lines of a script: "model.py:3, 9, 12 and 4 more"."""
    file = lines[0].rpartition(":")[0]
    told = [
        line.rpartition(":")[2] if n and line.rpartition(":")[0] == file else line
        for n, line in enumerate(lines[:MOST_LINES])
    ]
    beyond = len(lines) - MOST_LINES
    return ", ".join(map(one_line, told)) + (
        f" and {beyond:,} more" if beyond > 0 else ""
    )


# -- what is not the model's -------------------------------------------------------


def _others(variables: Sequence[Variable], one_by_one: bool) -> Iterator[Row]:
    numbers = sum(variable.parameters or 0 for variable in variables)
    told = (
        Cell(""),
        Cell(f"{numbers:,}", "quiet"),
        Cell(counted(len(variables), "variable"), "quiet"),
    )
    yield Row(0, Cell("made for training", "scope"), told)
    if one_by_one:
        for variable in variables:
            row = _variable(variable, 1, variable.name)
            if variable.of:
                of = Cell(f"of {one_line(variable.of)}", "quiet")
                row = msgspec.structs.replace(row, cells=(*row.cells, of))
            yield row
        return
    groups: dict[tuple[str, str], list[Variable]] = {}
    for variable in variables:
        last = variable.name.rpartition("/")[2]
        groups.setdefault((variable.role, last), []).append(variable)
    for (role, name), members in groups.items():
        size = sum(variable.parameters or 0 for variable in members)
        yield Row(
            1,
            Cell(one_line(name), "variable"),
            (Cell(_WHAT[role]), Cell(f"{size:,}"), Cell(_of(members), "quiet")),
        )


_WHAT = {
    "slot": "slot of an optimizer",
    "average": "moving average",
    "bookkeeping": "bookkeeping",
}


def _of(members: Sequence[Variable]) -> str:
    owners = sum(1 for variable in members if variable.of)
    if owners == 1:
        return f"of {one_line(members[0].of)}"
    return f"of {counted(owners, 'variable')}" if owners else ""


# -- sums, the end, what is missing --------------------------------------------------


def _totals(totals: Totals, look: Look) -> Text:
    told = [
        counted(totals.variables, "variable"),
        f"{totals.parameters:,} parameters",
        f"{totals.trainable_parameters:,} of them trained",
        bytes_text(totals.bytes),
    ]
    if totals.other_variables:
        told.append(f"{totals.other_parameters:,} more numbers for training")
    if totals.unknown:
        told.append(f"{counted(totals.unknown, 'variable')} of unknown size")
    between = f" {look.glyphs.dot} "
    return hanging("  ", between.join(told), look.width, style="heading")


def _collections(report: Report, look: Look) -> Text:
    told = [
        f"{one_line(name)} {len(members):,}"
        for name, members in report.collections.items()
    ]
    if not told:
        return Text("")
    return hanging("  collections  ", ", ".join(told), look.width, head="quiet")


def _ending(report: Report, look: Look) -> Iterator[Text]:
    stop = report.stop
    if stop.kind == "error":
        yield Text(visible(stop.says).rstrip("\n"), "error")
        return
    where = f"{one_line(stop.line)}: " if stop.line else ""
    if stop.kind == "missing data":
        where += "a file is missing: "
    if stop.kind != "end":
        yield hanging(
            "  stopped  ", where + visible(stop.says), look.width, head="quiet"
        )


def _missing(missing: Sequence[Missing], look: Look) -> Iterator[Text]:
    for kind, words in (
        ("symbol", "not in scopetutor"),
        ("package", "not installed"),
        ("data", "made up"),
    ):
        for item in missing:
            if item.kind != kind:
                continue
            told = one_line(item.name)
            if item.lines:
                told += f" ({_lines(item.lines)})"
            if item.stood_in and kind != "data":
                told += ": a stand-in took its place"
            elif kind == "symbol":
                told += ": not reached"
            yield hanging(f"  {words}  ", told, look.width, head="error")


if __name__ == "__main__":
    from scopetutor.legacy.report import Report, Stop, Totals, Variable

    from .demo import show

    made = (
        Variable("enc/w", (3, 4), "float32", 12, True, "ref", line="m.py:3"),
        Variable("enc/w/Adam", (3, 4), "float32", 12, False, "ref", "slot", "enc/w"),
    )
    stop = Stop("session run", "m.py:9", "Session.run was about to compute loss.")
    told = Report("m.py", stop, variables=made, totals=Totals(1, 12, 48), graphs=1)
    show(lambda look: model_tree(told, look))
