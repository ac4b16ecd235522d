"""What the terminal process and the workspace process say to each other.

Lines of JSON, one message each, through pipes of their own (never through the learner's
stdin, stdout or stderr). A `Request` goes in; any number of `Output`s and one `Reply`
with the request's number come back. What comes from a workspace is hostile: it is
decoded into these types or refused (ProtocolError), never evaluated, limited in size.

`client` and `worker` speak it on one side, `server` on the other, over a `channel`.
"""

from __future__ import annotations

import re
from typing import Any, Literal, TypeAlias, TypeVar

import msgspec

from scopetutor.errors import ProtocolError
from scopetutor.evaluator.outcome import (
    Candidates,
    Checked,
    Completion,
    ErrorView,
    Explanation,
    FrameView,
    Inspection,
    Reason,
)
from scopetutor.snapshot import Delta

__all__ = [
    "Check", "Checked", "Checks", "Complete", "Completion", "Completions", "Ending",
    "ErrorView", "Explained", "FrameView", "Hello", "Inspect", "Inspected", "Listen",
    "Look", "Looked", "Message", "Output", "Ran", "Reason", "Refused", "Reply",
    "Request", "Run", "Tell", "Thaw", "Why", "decode_message", "decode_request",
    "encode", "reply", "visible",
]  # fmt: skip
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
        entry: its number, from 1; 0 for a lesson's code.
        moment: the number of the moment it leads to.
        freeze: whether a socket for a frozen copy of that moment comes with it.
        follow: whether each line that runs is noted among the deeds.
    """

    id: int
    text: str
    origin: Literal["learner", "lesson"] = "learner"
    name: str = ""
    limit: float = 0.0
    entry: int = 0
    moment: int = 0
    freeze: bool = False
    follow: bool = False


class Thaw(_Message, frozen=True, tag="thaw"):
    """Go on from a frozen moment: it forks a process that becomes a head.

    The head's own socket and the pipes for its output come with the request.

    Attributes:
        asleep: the new process is to be a second copy of the frozen moment instead.
    """

    id: int
    asleep: bool = False


class Tell(_Message, frozen=True, tag="tell"):
    """Say everything there is, as a delta from nothing; the reply is a `Ran`."""

    id: int


class Listen(_Message, frozen=True, tag="listen"):
    """Let the learner's threads run; the reply is a `Ran`, "died" if they do harm."""

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


LookedAt: TypeAlias = Literal["graph", "shaped graph", "meta graph"]


class Look(_Message, frozen=True, tag="look"):
    """A closer look than a delta gives: the text of the default graph.

    Attributes:
        what: "graph" (as a GraphDef), "shaped graph" (with the shapes of outputs),
            "meta graph" (as a MetaGraphDef).
        start: the line to begin with.
    """

    id: int
    what: LookedAt
    start: int = 0


Request: TypeAlias = (
    Run | Thaw | Tell | Listen | Complete | Inspect | Why | Check | Look
)

# -- from the workspace ----------------------------------------------------------------


class Output(_Message, frozen=True, tag="output"):
    """What the learner's program printed, while it runs."""

    id: int
    text: str
    stream: Literal["out", "err"] = "out"


Ending: TypeAlias = Literal[
    "ok", "error", "interrupted", "timeout", "memory", "died", "exit", "incomplete"
]


class Ran(_Message, frozen=True, tag="ran"):
    """The reply to Run and Move.

    Attributes:
        id: of the request.
        moment: where the workspace is now.
        entry: the number that tracebacks call the entry by; 0 for a lesson's code.
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
        started_processes: whether it started any; they end with the entry.
        threads: that go on. They would be missing in a copy of the process, so the
            moment is not frozen.
    """

    id: int
    moment: int
    ending: Ending
    entry: int = 0
    sentence: str = ""
    shown: str | None = None
    error: ErrorView | None = None
    delta: Delta = Delta()
    whole: bool = False
    seconds: float = 0.0
    lost_output: int = 0
    code: int = 0
    started_processes: bool = False
    threads: int = 0


class Completions(
    Candidates, frozen=True, kw_only=True, tag_field="is", tag="completions"
):
    """The reply to Complete."""

    id: int


class Inspected(Inspection, frozen=True, kw_only=True, tag_field="is", tag="inspected"):
    """The reply to Inspect."""

    id: int


class Explained(
    Explanation, frozen=True, kw_only=True, tag_field="is", tag="explained"
):
    """The reply to Why."""

    id: int


class Checks(_Message, frozen=True, tag="checks"):
    """The reply to Check.

    Attributes:
        id: of the request.
        results: in the order of the assertions.
        changed: whether the statements have changed the program.
        ending: "ok", unless they had to be stopped; then there are no results.
        sentence: for people, if they had to be stopped.
    """

    id: int
    results: tuple[Checked, ...] = ()
    changed: bool = False
    ending: Ending = "ok"
    sentence: str = ""


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


Reply: TypeAlias = Ran | Completions | Inspected | Explained | Checks | Looked | Refused
Message: TypeAlias = Reply | Output | Hello

R = TypeVar("R", bound=msgspec.Struct)


def reply(kind: type[R], number: int, value: msgspec.Struct) -> R:
    """A reply of a kind that has the fields of a value besides the request's number."""
    return kind(id=number, **msgspec.structs.asdict(value))


_encoder = msgspec.json.Encoder()
_requests = msgspec.json.Decoder(Request)
_messages = msgspec.json.Decoder(Message)


def encode(message: Request | Message) -> bytes:
    """One line of JSON, with its newline; lone surrogates are written as escapes."""
    try:
        return _encoder.encode(message) + b"\n"
    except UnicodeEncodeError:
        mended = msgspec.convert(_mended(msgspec.to_builtins(message)), type(message))
        return _encoder.encode(mended) + b"\n"


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_mended(key): _mended(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mended(item) for item in value]
    return value


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
    if _UNSAFE_IN_JSON.search(line):
        line = _UNSAFE_IN_JSON.sub(_visible_in_json, line)
    try:
        message: Message = _messages.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(f"not a message of the workspace: {error}") from None
    return message


# -- what could harm a terminal ------------------------------------------------------

# Control characters but tab, newline and return; marks that reverse the direction of
# writing. JSON has the first kind as \u escapes, unless the backslash is escaped.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_UNSAFE_IN_JSON = re.compile(
    rb"\\\\|\\u00(?:[0189][0-9a-f]|7f)|\\u20(?:2[a-e]|6[6-9])"
    rb"|\x7f|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]",
    re.IGNORECASE,
)


def visible(text: str) -> str:
    """The text with what could harm a terminal made visible: ESC becomes "␛"."""
    return _UNSAFE.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"\\u{code:04x}"


def _visible_in_json(found: re.Match[bytes]) -> bytes:
    part = found[0]
    if part == rb"\\":
        return part
    text = part.decode()
    code = ord(text) if len(text) == 1 else int(text.removeprefix(r"\u"), base=16)
    if code < 0x20:
        return chr(0x2400 + code).encode()
    return "␡".encode() if code == 0x7F else b"\\\\u%04x" % code
