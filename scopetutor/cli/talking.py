"""Starts a conversation with a tutor: lessons, a review, a drill.

The commands `learn`, `review` and `drill` say who asks; the rest is the same for all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.config import Config
    from scopetutor.repl.learn import LessonLoop
    from scopetutor.repl.loop import Loop
    from scopetutor.repl.screen import Screen
    from scopetutor.tutor import Here, Tutor
    from scopetutor.workspace.client import Workspace

    AnyTutor = TypeVar("AnyTutor", bound=Tutor)


def talk(
    make_tutor: Callable[[Workspace], AnyTutor],
    loop: Callable[[AnyTutor, Screen, Config, Callable[[Loop], None]], LessonLoop],
    *,
    begin: Callable[[AnyTutor], Here] = lambda tutor: tutor.resume(),
    strict: bool = False,
    plain: bool = False,
) -> int:
    """Talk until the learner leaves; the exit code.

    Args:
        make_tutor: gives the tutor for a workspace.
        loop: the kind of conversation.
        begin: goes to the first step.
        strict: whether the programs are somebody else's: they may read no file.
        plain: lines instead of drawings.
    """
    from scopetutor.repl import paint
    from scopetutor.repl.screen import Screen
    from scopetutor.repl.start import Behind, make_prompt, make_workspace, read_config
    from scopetutor.workspace.client import Workspace

    settings = read_config()
    options = make_workspace(settings).options
    workspace = Workspace(replace(options, strict=strict))
    try:
        workspace.start()
        screen = Screen(settings, plain=plain)
        tutor = make_tutor(workspace)
        talking = loop(tutor, screen, settings, sandbox)
        talking.begin(begin(tutor))
        prompt = make_prompt(Behind(lambda: talking), settings, plain=screen.look.plain)
        return talking.talk(prompt)
    finally:
        workspace.close()
        paint.restore()


def sandbox(lesson: Loop) -> None:
    """A prompt on a workspace of its own, until its user leaves.

    The program that a question is about stands on its first line.
    """
    from scopetutor.repl.learn import LessonLoop
    from scopetutor.repl.loop import Loop
    from scopetutor.repl.start import Behind, make_prompt

    assert isinstance(lesson, LessonLoop)
    workspace = lesson.tutor.sandbox()
    try:
        inner = Loop(workspace, lesson.screen, lesson.config)
        step = lesson.tutor.step
        if step.typed and step.shows:
            inner.begin_with = step.shows[-1].text.rstrip()
        plain = lesson.screen.look.plain
        inner.talk(make_prompt(Behind(lambda: inner), lesson.config, plain=plain))
    finally:
        workspace.close()
