"""Where each part of a name came from: which `with`, which call, and why the number.

A variable's key is made of variable scopes, an operation's name of name scopes; each
part is explained by what opened it. Used by `story` and `why`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .outcome import Reason

if TYPE_CHECKING:
    from scopetutor.snapshot import ScopeFlag, Site

    from .provenance import GraphRecord, VariableRecord

_COUNTED = re.compile(r"(.+)_\d+$")


def of_key(
    known: VariableRecord, record: GraphRecord
) -> tuple[tuple[str, Reason], ...]:
    """The parts of a variable's key, each with the scope that gave it."""
    found = []
    before = ""
    *scopes, last = known.key.split("/")
    for part in scopes:
        prefix = f"{before}/{part}" if before else part
        flag = _opening(prefix, known.made.scopes)
        found.append((part, _scope_part(prefix, part, flag, record, known)))
        before = prefix
    call = known.made.call or "the call"
    found.append((last, Reason(f"the name that {call} asked for", known.made.site)))
    return tuple(found)


def _opening(prefix: str, scopes: tuple[ScopeFlag, ...]) -> ScopeFlag | None:
    """The innermost of the open scopes that brought a part of a name."""
    opening = [
        flag for flag in scopes
        if flag.scope == prefix or flag.scope.startswith(f"{prefix}/")
    ]  # fmt: skip
    return min(opening, key=lambda flag: len(flag.scope), default=None)


def _scope_part(
    prefix: str,
    part: str,
    flag: ScopeFlag | None,
    record: GraphRecord,
    known: VariableRecord,
) -> Reason:
    if flag is None:
        return Reason(f"part of the name that {known.made.call} asked for")
    scope = record.scopes.get(prefix)
    if scope is None:
        return Reason(f'part of the variable scope "{flag.scope}"', flag.site)
    if not scope.default_name:
        return Reason("the variable scope", flag.site)
    if scope.default_name == part:
        return Reason("a scope's default_name, free at that place", flag.site)
    return Reason(f'default_name="{scope.default_name}", counted on', flag.site)


def of_operation(
    name: str, graph: Any, record: GraphRecord
) -> tuple[tuple[str, Reason], ...]:
    """The parts of an operation's name, each with the name scope that gave it."""
    operation = graph._operations[name]
    found = []
    before = ""
    *scopes, last = name.split("/")
    for part in scopes:
        prefix = f"{before}/{part}" if before else part
        found.append((part, _name_scope_part(prefix, part, graph, record)))
        before = prefix
    taken = taken_by(name, graph, record)
    if taken is None:
        says = "the operation's own name"
    else:
        base, _ = taken
        says = f'"{base.rpartition("/")[2]}" was taken by "{base}", so it was counted'
    found.append((last, Reason(says, operation._site)))
    return tuple(found)


def _name_scope_part(prefix: str, part: str, graph: Any, record: GraphRecord) -> Reason:
    opened = record.name_scopes.get(prefix)
    if opened is None:
        if prefix in graph._operations:
            return Reason(f'the name scope of the operation "{prefix}"')
        return Reason("a name scope that the call opened")
    asked = opened.asked.rstrip("/").rpartition("/")[2]
    if asked == part or not asked:
        return Reason(f"the name scope of {opened.by}", opened.site)
    taken = taken_by(prefix, graph, record)
    where = f" in {_place(taken[1])}" if taken and taken[1] else ""
    return Reason(
        f'{opened.by} asked for "{asked}", which was taken{where}', opened.site
    )


def _place(site: Site) -> str:
    return f"{site.file}:{site.line}" if site.file else f"entry {site.entry}"


def taken_by(
    name: str, graph: Any, record: GraphRecord
) -> tuple[str, Site | None] | None:
    """What made a name be counted on: the one that had it first, and its line.

    TF 1.15 compares names without regard to case.
    """
    counted = _COUNTED.match(name)
    if counted is None:
        return None
    base = counted[1].lower()
    for opened, scope in record.name_scopes.items():
        if opened.lower() == base:
            return opened, scope.site
    for other, operation in graph._operations.items():
        if other.lower() == base:
            return other, operation._site
    return None
