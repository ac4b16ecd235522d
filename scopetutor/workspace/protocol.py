"""What the terminal process and the workspace process say to each other.

Lines of JSON, one message each, through pipes of their own (never through the learner's
stdin, stdout or stderr). A `Request` goes in; any number of `Output`s and one `Reply`
with the request's number come back. What comes from a workspace is hostile: it is
decoded into these types or refused (ProtocolError), never evaluated, limited in size.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from scopetutor.errors import ProtocolError
from scopetutor.snapshot import Delta, Origin, ScopeFlag, Shape, Site

VERSION = 1
MAX_MESSAGE = 64 << 20  # bytes of one line; a longer one is an attack or a bug


class _Message(msgspec.Struct, frozen=True, tag_field="is", omit_defaults=True):
    """A value that can be sent."""


# -- to the workspace ---------------------------------------------------------------


class Run(_Message, frozen=True, tag="run"):
    """Evaluate an entry.

    Attributes:
        id: of the request; the reply carries it.
        text: Python source, any number of lines.
        origin: who wrote it. Entries of "learner" are numbered and make a moment;
            "lesson" code (set-up, checks) is run and makes a moment too, but its lines
            are not the learner's.
        name: what tracebacks call the code, for a file; "" for an entry.
        limit: seconds it may take; 0: the workspace's own limit.
    """

    id: int
    text: str
    origin: Literal["learner", "lesson"] = "learner"
    name: str = ""
    limit: float = 0.0


class Move(_Message, frozen=True, tag="move"):
    """Go to another moment. `to` is its number; moment 0 is the empty workspace."""

    id: int
    to: int


class Fork(_Message, frozen=True, tag="fork"):
    """Make a second workspace that starts at the present moment of this one."""

    id: int


class Complete(_Message, frozen=True, tag="complete"):
    """What could be typed at a place."""

    id: int
    text: str
    cursor: int


class Inspect(_Message, frozen=True, tag="inspect"):
    """Signature, documentation and state of what an expression names.

    Only names, attributes and constant subscripts are looked up; nothing is called.
    """

    id: int
    text: str


class Why(_Message, frozen=True, tag="why"):
    """How a name came about; "" asks for the last error."""

    id: int
    name: str = ""


class Check(_Message, frozen=True, tag="check"):
    """Evaluate the assertions of a lesson against the learner's names, on a copy.

    Attributes:
        asserts: Python statements; each `assert` reports the values of both sides.
    """

    id: int
    asserts: tuple[str, ...]


class Look(_Message, frozen=True, tag="look"):
    """A closer look than a delta gives, such as all operations or a whole value.

    Attributes:
        what: "ops" (of the default graph, from `start`), "value" (of variable `name`),
            "graph" (the default graph as a GraphDef in text form).
    """

    id: int
    what: Literal["ops", "value", "graph"]
    name: str = ""
    start: int = 0


Request: TypeAlias = Run | Move | Fork | Complete | Inspect | Why | Check | Look

# -- from the workspace ----------------------------------------------------------------


class Output(_Message, frozen=True, tag="output"):
    """What the learner's program printed, while it runs."""

    id: int
    text: str
    stream: Literal["out", "err"] = "out"


class FrameView(_Message, frozen=True):
    """One level of a traceback, in the learner's code."""

    site: Site
    function: str = ""


class ErrorView(_Message, frozen=True):
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
    """

    type: str
    message: str
    frames: tuple[FrameView, ...] = ()
    made_at: Site | None = None
    scopes: tuple[ScopeFlag, ...] = ()
    card: str = ""
    source: tuple[int, int] | None = None


Ending: TypeAlias = Literal[
    "ok", "error", "interrupted", "timeout", "memory", "died", "exit", "incomplete"
]


class Ran(_Message, frozen=True, tag="ran"):
    """The reply to Run and Move.

    Attributes:
        id: of the request.
        moment: where the workspace is now.
        ending: how it ended. "died", "timeout", "memory": the workspace was replaced by
            one at the moment before; "exit": the entry asked to leave.
        sentence: for people, if it ended in another way than "ok" or "error".
        shown: the repr of the last expression's value; None for nothing.
        error: what was raised.
        delta: what is new or different. After a Move or a replacement: everything.
        whole: whether the delta is everything there is.
        seconds: how long the learner's code took.
        lost_output: how many characters were printed beyond the limit and dropped.
        code: the exit code for "exit".
    """

    id: int
    moment: int
    ending: Ending
    sentence: str = ""
    shown: str | None = None
    error: ErrorView | None = None
    delta: Delta = Delta()
    whole: bool = False
    seconds: float = 0.0
    lost_output: int = 0
    code: int = 0


class Forked(_Message, frozen=True, tag="forked"):
    """The reply to Fork: where the new workspace listens."""

    id: int
    moment: int


class Completion(_Message, frozen=True):
    """Something that could be typed.

    Attributes:
        text: replaces the last `replaces` characters before the cursor.
        kind: "name", "function", "class", "module", "variable", "tensor", "scope",
            "operation", "keyword", "argument".
        doc: one line.
        signature: of a function.
    """

    text: str
    replaces: int
    kind: str = "name"
    doc: str = ""
    signature: str = ""


class Completions(_Message, frozen=True, tag="completions"):
    """The reply to Complete."""

    id: int
    items: tuple[Completion, ...] = ()
    signature: str = ""
    argument: int = 0


class Inspected(_Message, frozen=True, tag="inspected"):
    """The reply to Inspect."""

    id: int
    found: bool
    type: str = ""
    signature: str = ""
    doc: str = ""
    text: str = ""
    shape: Shape = None
    source: str = ""


class Reason(_Message, frozen=True):
    """One step of an explanation.

    Attributes:
        says: a sentence.
        site: the learner's line it is about.
    """

    says: str
    site: Site | None = None


class Explained(_Message, frozen=True, tag="explained"):
    """The reply to Why.

    Attributes:
        subject: what is explained, such as "variable enc/w" or the error's first line.
        reasons: step by step.
        parts: each part of a name, with what gave it.
        origin: how it was made.
        card: the id of the concept card, or "".
        tries: what to try instead.
    """

    id: int
    subject: str
    reasons: tuple[Reason, ...] = ()
    parts: tuple[tuple[str, Reason], ...] = ()
    origin: Origin | None = None
    card: str = ""
    tries: tuple[str, ...] = ()


class Checked(_Message, frozen=True):
    """How one assertion ended.

    Attributes:
        text: the statement.
        passed: whether it held.
        sides: (source, value) of what it compares, if it does not hold.
        error: what it raised, if something else than AssertionError.
    """

    text: str
    passed: bool
    sides: tuple[tuple[str, str], ...] = ()
    error: ErrorView | None = None


class Checks(_Message, frozen=True, tag="checks"):
    """The reply to Check, in the order of the assertions."""

    id: int
    results: tuple[Checked, ...]


class Looked(_Message, frozen=True, tag="looked"):
    """The reply to Look: `rows` of text; `more` if there are further ones."""

    id: int
    rows: tuple[tuple[str, ...], ...] = ()
    more: bool = False


class Refused(_Message, frozen=True, tag="refused"):
    """A request that cannot be done, and why."""

    id: int
    problem: str
    hint: str = ""


class Hello(_Message, frozen=True, tag="hello"):
    """The first message of a workspace.

    Attributes:
        version: of the protocol.
        pid: of the process.
        protections: the limits that are in force, such as "landlock".
    """

    version: int
    pid: int
    protections: tuple[str, ...] = ()


Reply: TypeAlias = (
    Ran | Forked | Completions | Inspected | Explained | Checks | Looked | Refused
)
Message: TypeAlias = Reply | Output | Hello

_encoder = msgspec.json.Encoder()
_requests = msgspec.json.Decoder(Request)
_messages = msgspec.json.Decoder(Message)


def encode(message: Request | Message) -> bytes:
    """One line of JSON, with its newline."""
    return _encoder.encode(message) + b"\n"


def decode_request(line: bytes) -> Request:
    """What the terminal process asks for; ProtocolError if it is no request."""
    try:
        request: Request = _requests.decode(line)
    except msgspec.MsgspecError as error:
        raise ProtocolError(f"not a request: {error}") from None
    return request


def decode_message(line: bytes) -> Message:
    """What a workspace says; ProtocolError if it is no message of the protocol."""
    if len(line) > MAX_MESSAGE:
        raise ProtocolError(f"a message of {len(line):,} bytes")
    try:
        message: Message = _messages.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(f"not a message of the workspace: {error}") from None
    return message
