"""`scopetutor list`: the lessons, and how far one is in each.

Alone it is answered by `front`; here are its help, and other courses and languages.
"""

from __future__ import annotations

import sys

import typer

from .courses import COURSE, LANGUAGE, learned
from .glance import Lesson
from .listing import listing
from .printing import show_json
from .showing import JSON


def command(
    course: COURSE = None, language: LANGUAGE = None, json: JSON = False
) -> None:
    r"""List the lessons, and how far you are.

    \b
    Examples:
      scopetutor list
      scopetutor list --language zh
      scopetutor list --course ./my-course
      scopetutor list --json
    """
    from scopetutor.tutor import course_map

    from .front import terminal

    with learned(course, language, goes_on=True) as (found, progress):
        place = progress.place(found.id)
        lessons = [
            Lesson(**{name: getattr(mark, name) for name in Lesson.__slots__})
            for mark in course_map(found, progress, place.lesson if place else "")
        ]
    if json:
        show_json(
            [{name: getattr(one, name) for name in Lesson.__slots__} for one in lessons]
        )
    else:
        sys.stdout.write(listing(lessons, *terminal()))
    raise typer.Exit(0)
