"""What the evaluator says of an entry, a name or an assertion: plain values.

The evaluator makes them, the workspace sends them, the screen draws them; so nothing
here knows the engine, and both processes import it.

`run`, `why`, `completion` and `inspection` make these values; `workspace.protocol`
sends them, `render` draws them.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from scopetutor.snapshot import Origin, ScopeFlag, Shape, Site


class _Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value that travels as an object, without what is as usual."""


# -- how an entry ended -------------------------------------------------------------


class FrameView(_Value, frozen=True):
    """One level of a traceback, in the learner's code.

    Attributes:
        site: the line.
        function: in which it is; "" for the entry itself.
        repeated: how many further levels are the same, for a recursion.
    """

    site: Site
    function: str = ""
    repeated: int = 0


class ErrorView(_Value, frozen=True):
    """What went wrong in the learner's program.

    Attributes:
        type: the exception's class, such as "ValueError" or
            "tensorflow.python.framework.errors_impl.FailedPreconditionError".
        message: its text, as TensorFlow has it.
        frames: the learner's own lines, outermost first; none of ours.
        made_at: where the thing the message speaks of was made (for "already exists").
        scopes: the variable scopes that were open.
        card: the id of the concept card that explains it, or "".
        source: for a SyntaxError, where the caret points: (column, end column), from 1.
        hint: what to do about it, such as "Did you mean print?", or "".
        notes: lines that were added to the exception.
        cause: the error it was raised from, or that was being handled.
        direct: whether it was raised from its cause.
    """

    type: str
    message: str
    frames: tuple[FrameView, ...] = ()
    made_at: Site | None = None
    scopes: tuple[ScopeFlag, ...] = ()
    card: str = ""
    source: tuple[int, int] | None = None
    hint: str = ""
    notes: tuple[str, ...] = ()
    cause: ErrorView | None = None
    direct: bool = False


Ended: TypeAlias = Literal["ok", "error", "interrupted", "exit", "incomplete"]
"""The ways in which the evaluator itself can see an entry end."""


class Outcome(_Value, frozen=True):
    """What came of an entry.

    Attributes:
        ending: how it ended.
        shown: the repr of the last expression's value; None for nothing.
        error: what was raised.
        seconds: how long the learner's code took.
        code: the exit code for "exit".
    """

    ending: Ended
    shown: str | None = None
    error: ErrorView | None = None
    seconds: float = 0.0
    code: int = 0


# -- what can be asked of names -----------------------------------------------------


class Reason(_Value, frozen=True):
    """One step of an explanation.

    Attributes:
        says: a sentence.
        site: the learner's line it is about.
    """

    says: str
    site: Site | None = None


class Explanation(_Value, frozen=True):
    """Why a name is what it is, or why an error happened.

    Attributes:
        subject: what is explained, such as "variable enc/w" or the error's first line.
        reasons: step by step.
        parts: each part of a name, with what gave it.
        origin: how it was made.
        card: the id of the concept card, or "".
        tries: what to try instead.
    """

    subject: str
    reasons: tuple[Reason, ...] = ()
    parts: tuple[tuple[str, Reason], ...] = ()
    origin: Origin | None = None
    card: str = ""
    tries: tuple[str, ...] = ()


class Completion(_Value, frozen=True):
    """Something that could be typed.

    Attributes:
        text: replaces the last `replaces` characters before the cursor.
        kind: "name", "function", "class", "module", "variable", "tensor", "scope",
            "operation", "keyword", "argument", "key", "file".
        doc: one line.
        signature: of a function.
    """

    text: str
    replaces: int
    kind: str = "name"
    doc: str = ""
    signature: str = ""


class Candidates(_Value, frozen=True):
    """What could be typed at a place.

    Attributes:
        items: best first.
        signature: of the call the cursor is in, or "".
        argument: which of its parameters is being typed, from 0.
    """

    items: tuple[Completion, ...] = ()
    signature: str = ""
    argument: int = 0


class Inspection(_Value, frozen=True):
    """What is known of what an expression names.

    Attributes:
        found: whether there is such a thing.
        type: its type's name.
        signature: of a function or class.
        doc: its documentation.
        text: its repr, shortened.
        shape: of a tensor, variable or array.
        source: of the learner's own functions and classes.
    """

    found: bool
    type: str = ""
    signature: str = ""
    doc: str = ""
    text: str = ""
    shape: Shape = None
    source: str = ""


class Checked(_Value, frozen=True):
    """How one assertion ended.

    Attributes:
        text: the statement.
        passed: whether it held.
        sides: (source, value) of what it compares, if it does not hold.
        error: what it raised, if something else than AssertionError.
        message: what the assertion itself says, if it does not hold.
    """

    text: str
    passed: bool
    sides: tuple[tuple[str, str], ...] = ()
    error: ErrorView | None = None
    message: str = ""
