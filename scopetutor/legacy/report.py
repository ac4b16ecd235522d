"""What `scopetutor tree` found in a script: plain values, and their JSON form.

The script's process writes a `Report`, this one reads it; `render.model_tree` draws it
and `--json` prints it as it is. Fields are added, never renamed; `format` counts
changes that a reader must know of.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from scopetutor.errors import ScopetutorError, ScriptError, UsageError

FORMAT = 1

Role: TypeAlias = Literal["model", "slot", "average", "bookkeeping"]
Ending: TypeAlias = Literal[
    "end",
    "session run",
    "missing data",
    "until",
    "exit",
    "failed exit",
    "error",
    "interrupted",
]
EXIT_CODES: dict[Ending, int] = {"failed exit": 1, "error": 1, "interrupted": 130}


class Variable(msgspec.Struct, frozen=True):
    """A variable that the script makes.

    Attributes:
        name: of its operation, such as "conv1/kernel"; with ":0", the tensor's.
        shape: static; a size that is not known is null; null without a rank.
        dtype: such as "float32"; without "_ref".
        parameters: how many numbers it has; null if its shape is not known.
        trainable: whether optimizers train it.
        kind: "ref", "resource" or "eager".
        role: "model"; "slot": an optimizer's memory of another variable; "average": a
            moving average of one; "bookkeeping": steps and powers of optimizers.
        of: for slots and averages, the variable they belong to.
        collections: those it is in.
        initializer: what gives its first value.
        made_by: the call, such as "tf.layers.dense".
        line: of the script, such as "model.py:12".
        reused: the lines that got the same variable again, oldest first; at most 50.
        times_reused: how often.
        graph: counts the script's graphs from 0, in the order they were made.
        doubtful: whether its shape may rest on a stand-in.
    """

    name: str
    shape: tuple[int | None, ...] | None
    dtype: str
    parameters: int | None
    trainable: bool
    kind: str
    role: Role = "model"
    of: str = ""
    collections: tuple[str, ...] = ()
    initializer: str = ""
    made_by: str = ""
    line: str = ""
    reused: tuple[str, ...] = ()
    times_reused: int = 0
    graph: int = 0
    doubtful: bool = False


class Totals(msgspec.Struct, frozen=True):
    """Sums over the variables; those of unknown size are left out of parameters.

    Attributes:
        variables, parameters, bytes: of the model.
        trainable_variables, trainable_parameters: of these, what is trained.
        other_variables, other_parameters: slots, averages and bookkeeping.
        unknown: how many variables have no known size.
    """

    variables: int = 0
    parameters: int = 0
    bytes: int = 0
    trainable_variables: int = 0
    trainable_parameters: int = 0
    other_variables: int = 0
    other_parameters: int = 0
    unknown: int = 0


class Stop(msgspec.Struct, frozen=True):
    """Where the script was stopped.

    Attributes:
        kind: "end": it came to its end; "session run": it was about to compute
            something; "missing data": a file is not there; "until": the line that was
            asked for; "exit": it left; "failed exit": it left with an exit code that
            is not 0; "error": it failed; "interrupted": by Ctrl-C.
        line: such as "train.py:40", or "".
        says: in a sentence, or a traceback for an error.
    """

    kind: Ending
    line: str = ""
    says: str = ""


class Missing(msgspec.Struct, frozen=True):
    """Something the script uses that is not here.

    Attributes:
        name: such as "tf.contrib.seq2seq.BasicDecoder", or a package.
        kind: "symbol" of TensorFlow, "package" of Python, or "data".
        lines: that use it.
        stood_in: whether a stand-in took its place, so the script could go on.
    """

    name: str
    kind: Literal["symbol", "package", "data"] = "symbol"
    lines: tuple[str, ...] = ()
    stood_in: bool = False


class Report(msgspec.Struct, frozen=True, tag=True):
    """All that was found.

    Attributes:
        format: of this report.
        script: its path, as typed.
        stop: where it was stopped.
        variables: in the order they were made.
        totals: sums.
        collections: of variables, the names in each, in the order of the collection.
        missing: what is not here.
        graphs: how many graphs the script made variables in.
    """

    script: str
    stop: Stop
    format: int = FORMAT
    variables: tuple[Variable, ...] = ()
    totals: Totals = Totals()
    collections: dict[str, tuple[str, ...]] = {}
    missing: tuple[Missing, ...] = ()
    graphs: int = 0


class Refusal(msgspec.Struct, frozen=True, tag=True):
    """Why a script could not even begin; what `errors` has, to be raised again."""

    problem: str
    place: str
    hint: str
    is_usage: bool


def refuse(path: str, error: ScopetutorError) -> None:
    """Writes a refusal in the place of a report."""
    refusal = Refusal(
        error.problem, error.place, error.hint, isinstance(error, UsageError)
    )
    Path(path).write_bytes(msgspec.json.encode(refusal))


def write(path: str, report: Report) -> None:
    """Writes a report for `read`."""
    Path(path).write_bytes(msgspec.json.encode(report))


def read(path: str) -> Report:
    """The report in a file.

    Raises:
        UsageError, ScriptError: there is a refusal in its place.
    """
    found = msgspec.json.decode(Path(path).read_bytes(), type=Report | Refusal)
    if isinstance(found, Report):
        return found
    kind = UsageError if found.is_usage else ScriptError
    raise kind(found.problem, place=found.place, hint=found.hint)


COLUMNS = (
    "name", "shape", "dtype", "parameters", "trainable", "role", "of", "collections",
    "initializer", "made_by", "line", "times_reused", "kind", "graph", "doubtful",
)  # fmt: skip
"""Of the CSV form; the shape is written "3x4", a size that is not known "?"."""


def as_json(report: Report) -> str:
    """The report as indented JSON, without a last newline."""
    plain: dict[str, Any] = msgspec.structs.asdict(report)
    return msgspec.json.format(msgspec.json.encode(plain), indent=2).decode()


def as_csv(report: Report) -> str:
    """A heading and a line for each variable."""
    import csv  # noqa: PLC0415 - rarely wanted
    import io  # noqa: PLC0415 - used here only

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for variable in report.variables:
        writer.writerow(_cell(getattr(variable, column)) for column in COLUMNS)
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        if all(isinstance(item, str) for item in value) and value:
            return " ".join(map(str, value))
        return "x".join("?" if size is None else str(size) for size in value)
    return str(value)
