"""Endless questions: small random programs whose truth the engine computes.

For `scopetutor drill`. A program is a tree of scopes with variables in them; the topic
says which kinds of scopes and variables it is made of, the level how many. Each
question becomes a `Step` like those of lessons, so `judge` judges it and finds the
belief behind a wrong answer. Nothing here knows the right answers.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from .model import Answer, Code, Head, Lesson, Prose, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scopetutor.workspace.client import Workspace

Ask: TypeAlias = Literal["name", "op name", "count", "same", "fate", "line", "value"]

LEVELS = 5
TRIES = 30  # programs that are drawn until one asks what is wanted
SCOPES = ("net", "enc", "dec", "layer", "block", "head")
VARIABLES = ("w", "b", "kernel", "bias", "scale")


class Topic(msgspec.Struct, frozen=True):
    """What a drill is made of.

    Attributes:
        about: a few words.
        scopes: kinds of `with` blocks it has.
        makers: kinds of variables it has.
        asks: what may be asked.
    """

    about: str
    scopes: tuple[str, ...]
    makers: tuple[str, ...]
    asks: tuple[Ask, ...]


TOPICS: Mapping[str, Topic] = {
    "names": Topic(
        "full names of variables, and names that are taken",
        ("plain",),
        ("get", "Variable"),
        ("name", "op name", "count"),
    ),
    "reuse": Topic(
        "new, found again, or an error?",
        ("plain", "reuse", "auto"),
        ("get",),
        ("fate", "same", "line", "count"),
    ),
    "flags": Topic(
        "how reuse is handed on and where it ends",
        ("plain", "reuse", "auto", "off", "set"),
        ("get",),
        ("fate", "line", "count"),
    ),
    "two-scopes": Topic(
        "variable scopes and name scopes",
        ("plain", "name"),
        ("get", "Variable", "op"),
        ("name", "op name"),
    ),
    "captured": Topic(
        "scopes that are entered again by their object",
        ("plain", "captured"),
        ("get", "op"),
        ("name", "op name", "fate"),
    ),
    "default-name": Topic(
        "scopes that name themselves",
        ("plain", "default"),
        ("get",),
        ("name", "count"),
    ),
    "initializers": Topic(
        "which initializer a variable begins with",
        ("plain", "initializer"),
        ("get", "constant"),
        ("value",),
    ),
}


class Question(msgspec.Struct, frozen=True):
    """A question that has been drawn.

    Attributes:
        topic: of it.
        level: how hard it is, from 1.
        lesson: with the one step that asks it.
        subject: what to explain afterwards: a name of the program, or "" for its error.
    """

    topic: str
    level: int
    lesson: Lesson
    subject: str = ""

    @property
    def step(self) -> Step:
        """What is asked."""
        return self.lesson.steps[0]


def draw(topic: str, level: int, seed: int, workspace: Workspace) -> Question:
    """A question; the same for the same topic, level and seed.

    Args:
        topic: one of `TOPICS`.
        level: from 1 to `LEVELS`.
        seed: of its random choices.
        workspace: where programs are tried, from its beginning; it is left there.
    """
    dice = random.Random(f"{topic} {level} {seed}")
    question: Question | None = None
    for _ in range(TRIES):
        ask = dice.choice(TOPICS[topic].asks)
        program = _Program(dice, TOPICS[topic], level)
        question = _ASKS[ask](_Draft(topic, level, program, workspace, dice))
        workspace.go_to(0)
        if question is not None:
            return question
    fallback = _Program(dice, TOPICS["names"], 1)
    question = _name(_Draft(topic, level, fallback, workspace, dice))
    workspace.go_to(0)
    assert question is not None, "a program with variables has a last one"
    return question


# -- programs -----------------------------------------------------------------------


class _Program:
    """A random program: its lines, and the Python names of what it makes."""

    def __init__(self, dice: random.Random, topic: Topic, level: int) -> None:
        self.dice = dice
        self.topic = topic
        self.lines: list[str] = []
        self.names: list[str] = []
        self.scopes: list[str] = []  # Python names of scope objects
        # Few words, so that they meet again.
        self.words = dice.sample(SCOPES, min(1 + level // 2, 3))
        self.variables = dice.sample(VARIABLES, min(1 + level // 3, 2))
        self.room = 2 + level  # variables at most
        for _ in range(1 + (level + 1) // 2):
            if len(self.names) < self.room:
                self.block(0, 1 + level // 2)
        if not self.names:
            self.make("")

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def block(self, depth: int, deepest: int) -> None:
        """A scope with something in it."""
        indent = "    " * depth
        self.lines.append(indent + self.header())
        inside = indent + "    "
        if "set" in self.topic.scopes and self.dice.random() < 0.2:
            self.lines.append(f"{inside}tf.get_variable_scope().reuse_variables()")
        if depth + 1 < deepest and self.dice.random() < 0.6:
            self.block(depth + 1, deepest)
            if self.dice.random() < 0.5:
                self.make(inside)
        else:
            self.make(inside)
            if self.dice.random() < 0.3:
                self.make(inside)

    def header(self) -> str:
        """The `with` of a block."""
        kind = self.dice.choice(self.topic.scopes)
        word = self.dice.choice(self.words)
        match kind:
            case "reuse" if self.names:
                return f'with tf.variable_scope("{word}", reuse=True):'
            case "auto":
                return f'with tf.variable_scope("{word}", reuse=tf.AUTO_REUSE):'
            case "off":
                return f'with tf.variable_scope("{word}", reuse=False):'
            case "name":
                return f'with tf.name_scope("{word}"):'
            case "default":
                return f'with tf.variable_scope(None, default_name="{word}"):'
            case "initializer":
                number = float(self.dice.randrange(1, 9))
                recipe = f"tf.constant_initializer({number})"
                return f'with tf.variable_scope("{word}", initializer={recipe}):'
            case "captured":
                return self.captured(word)
        return f'with tf.variable_scope("{word}"):'

    def captured(self, word: str) -> str:
        """A scope that is given a Python name, or entered again by it."""
        if self.scopes and self.dice.random() < 0.6:
            reuse = ", reuse=True" if self.dice.random() < 0.4 else ""
            return f"with tf.variable_scope({self.dice.choice(self.scopes)}{reuse}):"
        name = f"scope{len(self.scopes) + 1}"
        self.scopes.append(name)
        return f'with tf.variable_scope("{word}") as {name}:'

    def make(self, indent: str) -> None:
        """A variable or an operation."""
        kind = self.dice.choice(self.topic.makers)
        word = self.dice.choice(self.variables)
        name = f"v{len(self.names) + 1}"
        self.names.append(name)
        number = float(self.dice.randrange(1, 9))
        made = {
            "get": f'tf.get_variable("{word}", [])',
            "Variable": f'tf.Variable({number}, name="{word}")',
            "op": f'tf.add(1.0, {number}, name="{word}")',
            "constant": (
                f'tf.get_variable("{word}", [], '
                f"initializer=tf.constant_initializer({number}))"
            ),
        }
        self.lines.append(f"{indent}{name} = {made[kind]}")


class _Draft(msgspec.Struct, frozen=True):
    """A program, and what is needed to ask something about it."""

    topic: str
    level: int
    program: _Program
    workspace: Workspace
    dice: random.Random

    def error(self, text: str) -> str:
        """The class of the error that a program ends with; "" for none."""
        self.workspace.go_to(0)
        self.workspace.run("import tensorflow as tf\n", origin="lesson")
        ran = self.workspace.run(text, origin="lesson")
        return ran.error.type if ran.error else ""

    def predict(self, task: str, text: str, subject: str) -> Question:
        """A question for what a program prints."""
        return self.question("predict", task, text, subject)

    def question(
        self,
        kind: Literal["predict", "choice", "order"],
        task: str,
        text: str,
        subject: str,
        answer: Answer | None = None,
    ) -> Question:
        """A step that asks about a program, in a lesson of its own."""
        step = Step(
            id="question",
            title=TOPICS[self.topic].about,
            kind=kind,
            line=1,
            parts=(Prose(text=task, line=1), Code(role="show", text=text, line=1)),
            answer=answer or Answer(),
            concepts=(self.topic,),
        )
        head = Head(id=self.topic, title="Drill", format=1)
        return Question(
            self.topic, self.level, Lesson(head=head, steps=(step,)), subject
        )


# -- what is asked ------------------------------------------------------------------


def _name(draft: _Draft) -> Question | None:
    return _printed(draft, "name", "What is printed?")


def _op_name(draft: _Draft) -> Question | None:
    return _printed(draft, "op.name", "What is printed?")


def _printed(draft: _Draft, attribute: str, task: str) -> Question | None:
    program = draft.program
    if draft.error(program.text):
        return None
    name = program.names[-1]
    text = f"{program.text}\nprint({name}.{attribute})"
    return draft.predict(task, text, name)


def _count(draft: _Draft) -> Question | None:
    """How many variables there are; programs that fail are asked about elsewhere."""
    program = draft.program
    if draft.error(program.text) or len(program.names) < 2:
        return None
    text = f"{program.text}\nprint(len(tf.global_variables()))"
    return draft.predict(
        "How many variables are there? Type what is printed.", text, ""
    )


def _same(draft: _Draft) -> Question | None:
    program = draft.program
    if len(program.names) < 2:
        return None
    one, other = draft.dice.sample(program.names, 2)
    text = f"{program.text}\nprint({one} is {other})"
    task = "What is printed? If it fails, type the class of the error."
    return draft.predict(task, text, "")


def _value(draft: _Draft) -> Question | None:
    """What a variable begins with; random values nobody can predict."""
    program = draft.program
    if draft.error(program.text):
        return None
    name = program.names[-1]
    snapshot = draft.workspace.snapshot
    view = snapshot.variables[snapshot.names[name].uid]
    if view.initializer.startswith("glorot"):
        return None
    session = (
        "with tf.Session() as sess:\n"
        "    sess.run(tf.global_variables_initializer())\n"
        f"    print(sess.run({name}))"
    )
    return draft.predict("What is printed?", f"{program.text}\n{session}", name)


def _fate(draft: _Draft) -> Question | None:
    """New, found again, or an error: asked of the last line that makes something."""
    program = draft.program
    made = [n for n, line in enumerate(program.lines) if "get_variable(" in line]
    if len(made) < 2:
        return None
    last = made[-1]
    kept = program.lines[: last + 1]
    text = "\n".join(kept)
    before = "\n".join([*kept[:last], _nothing(kept[last])])
    if draft.error(before):
        return None
    there = len(draft.workspace.snapshot.variables)
    error = draft.error(text)
    new = len(draft.workspace.snapshot.variables) > there
    right = "c" if error else "a" if new else "b"
    answer = Answer(options=FATES, right=(right,), line=1)
    task = f"What does line {last + 1} do?"
    subject = "" if error else kept[last].split("=")[0].strip()
    return draft.question("choice", task, text, subject, answer)


def _nothing(line: str) -> str:
    """A line of the same depth that makes nothing."""
    return " " * (len(line) - len(line.lstrip())) + "pass"


FATES = (
    ("a", "it makes a new variable"),
    ("b", "it finds a variable that is there"),
    ("c", "it raises an error"),
)


def _line(draft: _Draft) -> Question | None:
    """Which line fails; now and then none does."""
    program = draft.program
    fails = bool(draft.error(program.text))
    if len(program.lines) < 4 or (not fails and draft.dice.random() < 0.7):
        return None
    return draft.question("order", "Which line fails, if any?", program.text, "")


_ASKS: Mapping[Ask, Callable[[_Draft], Question | None]] = {
    "name": _name,
    "op name": _op_name,
    "count": _count,
    "same": _same,
    "fate": _fate,
    "line": _line,
    "value": _value,
}


# -- how hard -----------------------------------------------------------------------


def level_after(results: Sequence[tuple[int, bool]]) -> int:
    """How hard the next question should be: two right go up, one wrong goes down.

    Args:
        results: of the questions so far, the oldest first: the level, and whether the
            answer was right.
    """
    if not results:
        return 1
    level, right = results[-1]
    if not right:
        return max(level - 1, 1)
    streak = [one for one in results[-2:] if one == (level, True)]
    return min(level + 1, LEVELS) if len(streak) == 2 else level


def topic_after(
    results: Sequence[tuple[str, bool]], missed: Mapping[str, int], dice: random.Random
) -> str:
    """Which topic comes next: those that go wrong come more often.

    Args:
        results: the topic of each question so far, and whether the answer was right.
        missed: how often beliefs of each topic were met in lessons.
        dice: chooses.
    """
    weights = []
    for topic in TOPICS:
        lately = [right for one, right in results if one == topic][-5:]
        wrong = lately.count(False)
        weights.append(
            1 + 2 * wrong + min(missed.get(topic, 0), 3) - 0.15 * len(lately)
        )
    return dice.choices(list(TOPICS), weights)[0]
