"""`scopetutor list` as text: the lessons, and how far one is in each.

`front` shows it from a `glance`; with options, `list` reads the course for it.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # typing's own would be loaded sooner than needed
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .glance import Lesson


def glimpse(width: int, bold: bool) -> bool:
    """Show our own course, if its files can be looked at without reading them."""
    from .glance import lessons

    found = lessons()
    if found:
        sys.stdout.write(listing(found, width, bold))
    return bool(found)


def listing(lessons: Sequence[Lesson], width: int, bold: bool) -> str:
    """The lessons, part by part.

    Args:
        lessons: in order.
        width: of the screen.
        bold: whether it can show bold text.
    """
    return "\n".join(_lines(lessons, width, bold)) + "\n"


def _lines(lessons: Sequence[Lesson], width: int, bold: bool) -> Iterator[str]:
    from .front import wrapped

    ids = max(len(lesson.id) for lesson in lessons)
    part = ""
    for number, lesson in enumerate(lessons, 1):
        if lesson.part != part:
            part = lesson.part
            if number > 1:
                yield ""
            yield f"\x1b[1m{part}\x1b[0m" if bold else part
        sign = "done" if lesson.finished else "here" if lesson.here else ""
        done = f"{lesson.done}/{lesson.steps}"
        head = f"  {sign:4} {number:2}  {lesson.id:{ids}}  {done:>5}  "
        first, *more = wrapped(lesson.title, max(width - len(head), 16))
        yield head + first
        yield from (" " * len(head) + line for line in more)
    finished = sum(lesson.finished for lesson in lessons)
    yield f"\n{finished} of {len(lessons)} lessons done; name one, or its number:"
    here = next((one for one in lessons if one.here), None)
    open_ = next((one for one in lessons if not one.finished), lessons[0])
    yield f"  scopetutor learn {(here or open_).id}"
