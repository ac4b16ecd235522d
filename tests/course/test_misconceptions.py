"""The table of false beliefs: complete, true to its lessons, translated in part."""

from __future__ import annotations

import pytest

from scopetutor.course.misconceptions import misconceptions
from scopetutor.course.shelf import own_course
from scopetutor.errors import LessonError


def test_there_are_many():
    """Thirty and more, each with what is so instead, in a few lines."""
    every = misconceptions()

    assert len(every) > 60
    for one in every.values():
        assert one.belief.endswith((".", "?", "`"))
        assert one.truth.strip()
        assert one.topic
        assert len(one.truth) < 400


def test_each_is_met_in_its_lesson():
    """The lesson that is said to treat a belief is in the course."""
    course = own_course()
    lessons = set(course.lessons)
    gone = {one.lesson for one in misconceptions().values()} - lessons

    assert not gone


def test_the_lessons_name_most_of_them():
    """As the belief behind a wrong answer, so that review can bring them back."""
    course = own_course()
    named = set()
    for name in course.lessons:
        try:
            steps = course.lesson(name).steps
        except LessonError:  # `lesson check` tells of it
            continue
        named |= {wrong.misconception for step in steps for wrong in step.wrongs}

    assert len(named & misconceptions().keys()) > len(misconceptions()) / 2


@pytest.mark.parametrize("language", ["zh"])
def test_translations(language: str):
    """Nothing is translated that is not there; the rest stays English."""
    original, translated = misconceptions(), misconceptions(language)
    changed = [key for key in original if original[key] != translated[key]]

    assert translated.keys() == original.keys()
    assert len(changed) > 50
    for key in changed:
        assert translated[key].topic == original[key].topic
    assert misconceptions("xx") == original
