"""What a lesson is: plain frozen values.

`load` makes them from files; `bench` runs them; the tutor and the screen read them.
Every field of the lesson format is here, with what it means.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import msgspec

FORMAT = 1
"""The version of the lesson format that this program reads."""

Kind: TypeAlias = Literal["read", "predict", "code", "fix", "choice", "order"]
Mode: TypeAlias = Literal["graph", "eager"]
Axis: TypeAlias = Literal[
    "error",
    "names",
    "shapes",
    "dtypes",
    "trainable",
    "kinds",
    "starts",
    "initializers",
    "collections",
    "keys",
    "sharing",
    "reuse",
    "scopes",
    "ops",
    "values",
    "bound",
    "output",
]

AXES: tuple[Axis, ...] = get_args(Axis)
"""What an attempt can be compared on, in the order in which it is compared."""

PRELUDE = {
    "graph": "import tensorflow as tf\n",
    "eager": "import tensorflow as tf\ntf.enable_eager_execution()\n",
}
"""What has been run before a step begins, by mode."""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen part of a lesson."""


class Code(Value, frozen=True):
    """A block of Python.

    Attributes:
        role: "show" (to read, and run where that makes sense), "setup" (has been run
            when the step begins), "starter" (what the learner begins with) or
            "solution".
        text: the source.
        line: of the source's first line, in the lesson's file.
        name: of a solution, if there are several.
        note: what to say when the code has been seen through: below a solution, once
            the step is passed; below the program of a prediction, once it is known.
        runs: whether it is run; a signature or a program for another TensorFlow is not.
        raises: the class of the error it ends with, or "".
    """

    role: Literal["show", "setup", "starter", "solution"]
    text: str
    line: int
    name: str = ""
    note: str = ""
    runs: bool = True
    raises: str = ""


class Prose(Value, frozen=True):
    """Markdown for people; `line` is where it begins."""

    text: str
    line: int


class Wrong(Value, frozen=True):
    """A wrong answer that people give, and what to say to it.

    Attributes:
        line: where it stands.
        code: the answer of a `code` or `fix` step; "" in the other kinds.
        answers: the typed answers it stands for, in the other kinds.
        misconception: the id of the belief behind it, or "".
        say: the message; "" leaves it to the misconception.
    """

    line: int
    code: str = ""
    answers: tuple[str, ...] = ()
    misconception: str = ""
    say: str = ""


class Assertion(Value, frozen=True):
    """A plain `assert` line, and which text it comes from, such as "001 B6"."""

    text: str
    line: int
    source: str = ""


class Check(Value, frozen=True):
    """What counts in a `code`, `fix` or `order` step.

    Attributes:
        compare: the axes on which the state must be the solution's, in fixed order.
        same: groups of the learner's names that must stand for one object.
        different: groups of which no two may.
        bound: the learner's names that must stand for what they stand for in the
            solution.
        forbid: names that may not be used, such as "tf.Variable".
        require: names that must be used.
        line: of the block; 0 if there is none.
    """

    compare: tuple[Axis, ...] = ()
    same: tuple[tuple[str, ...], ...] = ()
    different: tuple[tuple[str, ...], ...] = ()
    bound: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    line: int = 0


class Answer(Value, frozen=True):
    """How a typed answer is found right.

    Attributes:
        options: of a `choice`: (letter, text).
        right: of a `choice`: the letters of the right ones.
        of: of a `predict`: the expression whose value is asked for; "" asks for what
            the program prints.
        note: what to say once the answer is known.
        line: of the block.
    """

    options: tuple[tuple[str, str], ...] = ()
    right: tuple[str, ...] = ()
    of: str = ""
    note: str = ""
    line: int = 0


class Step(Value, frozen=True):
    """One thing to read, to predict or to do.

    Attributes:
        id: unique in the lesson, and never changed once released.
        title: a few words.
        kind: what the learner does.
        line: of its heading.
        mode: whether operations build a graph or run at once.
        continues: the id of the step whose solution this one starts from, or "".
        parts: prose and code in the order of the file, as the learner reads them.
        solutions: the first one makes the goal; the others must reach it too.
        wrongs: answers that must be refused, each with its message.
        check: what counts.
        asserts: lines that must hold.
        answer: of a `predict` or `choice`.
        hints: from a nudge to almost everything.
        sources: what it covers of the texts the course grew from, such as "001 B6".
        concepts: the ideas it practises; those of the lesson if it names none.
        digest: tells whether what is asked has changed.
    """

    id: str
    title: str
    kind: Kind
    line: int
    mode: Mode = "graph"
    continues: str = ""
    parts: tuple[Prose | Code, ...] = ()
    solutions: tuple[Code, ...] = ()
    wrongs: tuple[Wrong, ...] = ()
    check: Check = Check()
    asserts: tuple[Assertion, ...] = ()
    answer: Answer = Answer()
    hints: tuple[Prose, ...] = ()
    sources: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    digest: str = ""

    @property
    def active(self) -> bool:
        """Whether the learner has to do something."""
        return self.kind != "read"

    @property
    def typed(self) -> bool:
        """Whether the answer is a few words rather than a program."""
        return self.kind in ("predict", "choice") or (
            self.kind == "order" and not self.starter
        )

    @property
    def shows(self) -> tuple[Code, ...]:
        """The programs to read."""
        return self._code("show")

    @property
    def setup(self) -> str:
        """What has been run when the step begins, without the prelude."""
        return "\n".join(code.text for code in self._code("setup"))

    @property
    def starter(self) -> str:
        """What the learner begins with, or ""."""
        return "\n".join(code.text for code in self._code("starter"))

    @property
    def pieces(self) -> tuple[str, ...]:
        """Of an `order` step: what is to be put in order; blank lines part them."""
        return tuple(filter(None, (p.strip("\n") for p in self.starter.split("\n\n"))))

    def _code(self, role: str) -> tuple[Code, ...]:
        return tuple(
            part for part in self.parts if isinstance(part, Code) and part.role == role
        )


class Head(Value, frozen=True):
    """What a lesson's front matter says.

    Attributes:
        id: unique in the course, and never changed once released.
        title: a few words.
        after: what one can do after it, a sentence that begins with a verb.
        needs: the ids of the lessons one should have done before.
        concepts: the ideas it teaches.
        minutes: how long it takes, about.
        mode: of its steps, unless a step says otherwise.
        format: the version of the format it is written in.
    """

    id: str
    title: str
    format: int
    after: str = ""
    needs: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    minutes: int = 15
    mode: Mode = "graph"


class Lesson(Value, frozen=True):
    """A lesson: its head, what is said first, and its steps.

    Attributes:
        head: what the front matter says.
        intro: what is said before the first step.
        steps: in the order of the file.
        file: its name, for messages.
        untranslated: ids of steps without a translation, in a translated lesson.
    """

    head: Head
    steps: tuple[Step, ...]
    intro: str = ""
    file: str = ""
    untranslated: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Its id."""
        return self.head.id

    @property
    def title(self) -> str:
        """Its title."""
        return self.head.title

    def step(self, step_id: str) -> Step | None:
        """The step of this id."""
        return next((step for step in self.steps if step.id == step_id), None)


class Part(Value, frozen=True):
    """Some lessons that belong together.

    Attributes:
        id: of the part.
        title: a few words.
        lessons: their ids, in order.
        titles: the title in other languages, such as "zh".
    """

    id: str
    title: str
    lessons: tuple[str, ...]
    titles: dict[str, str] = {}

    def title_in(self, language: str) -> str:
        """The title, in a language if it is translated to it."""
        return self.titles.get(language, self.title)


class Outline(Value, frozen=True):
    """What course.toml says.

    Attributes:
        id: of the course; progress is kept under it.
        title: a few words.
        parts: in order.
        about: a sentence or two.
        author, license, version: for people.
        engine: the TensorFlow it is about.
        format: the version of the format it is written in.
    """

    id: str
    title: str
    parts: tuple[Part, ...]
    about: str = ""
    author: str = ""
    license: str = ""
    version: str = ""
    engine: str = "1.15"
    format: int = FORMAT

    @property
    def lessons(self) -> tuple[str, ...]:
        """The ids of all lessons, in order."""
        return tuple(lesson for part in self.parts for lesson in part.lessons)
