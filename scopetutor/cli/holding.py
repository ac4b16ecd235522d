"""What a checkpoint holds, as the commands of `scopetutor ckpt` ask for it.

`front` lists a checkpoint with this alone, without Typer: the question people ask most
is answered in half the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scopetutor.checkpoints.contents import Contents


def list_tensors(
    path: str,
    pattern: str = "",
    roles: Sequence[str] | None = None,
    *,
    plain: bool = False,
    json: bool = False,
) -> int:
    """Print what a checkpoint holds; the exit code."""
    from .printing import show, show_json

    contents = contents_of(path, pattern, roles)
    if json:
        show_json(contents)
    else:
        from scopetutor.render.checkpoint import listing

        show(lambda look: listing(contents, look), plain=plain)
    return 0


def contents_of(
    path: str, pattern: str = "", roles: Sequence[str] | None = None
) -> Contents:
    """What a checkpoint holds, as far as it was asked for.

    Raises:
        UsageError: there is no such role, or the pattern is wrong.
        FileFormatError: there is no checkpoint, or it is damaged.
    """
    from scopetutor.checkpoints.contents import matching, read_contents
    from scopetutor.checkpoints.roles import ROLES
    from scopetutor.errors import UsageError

    for role in roles or ():
        if role not in ROLES:
            raise UsageError(f"there is no role {role!r}", hint=" ".join(ROLES))
    holds = matching(pattern)
    contents = read_contents(path)
    return contents.only(
        lambda entry: holds(entry) and (not roles or entry.role in roles)
    )
