"""Names that are moved into a scope on import, and out of one on export.

Beside the graph; variables, control flow and graph files use it. A name may begin with
``^`` (a control input) or ``loc:@`` (a colocation): that stays in front.
"""

from __future__ import annotations

import re


def prepend_name_scope(name: str, import_scope: str | None) -> str:
    """A name inside the scope it is imported into."""
    if not import_scope:
        return name
    scope = import_scope.removesuffix("/")
    for mark in ("^", "loc:@"):
        if name.startswith(mark):
            return f"{mark}{scope}/{name[len(mark) :]}"
    return f"{scope}/{name}"


def strip_name_scope(name: str, export_scope: str | None) -> str:
    """A name without the scope that is exported."""
    if not export_scope:
        return name
    scope = re.escape(export_scope.removesuffix("/"))
    return re.sub(rf"^(\^|loc:@|){scope}/+", r"\1", name, count=1)
