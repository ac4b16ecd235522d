"""A small workspace to draw: what the demos at the foot of each drawable show.

Two moments of one program, `BEFORE` and `AFTER` its second entry, as plain values.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.text import Text

from scopetutor.course.checks import AxisResult, Difference, Outcome
from scopetutor.course.verdict import Verdict
from scopetutor.evaluator.outcome import (
    ErrorView,
    Explanation,
    FrameView,
    Inspection,
    Reason,
)
from scopetutor.snapshot import (
    Delta,
    GraphView,
    Here,
    NameView,
    OpView,
    Origin,
    ScopeFlag,
    ScopeView,
    SessionView,
    Site,
    Snapshot,
    ValueView,
    VariableView,
)
from scopetutor.tutor import StepMark, Summary
from scopetutor.workspace.timeline import Moment

from .look import Look, console

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

GRAPH = 1
ROOT = ScopeFlag("", "no", "")


def site(entry: int, line: int, text: str) -> Site:
    """A place in the sample program."""
    return Site(entry, line, text)


def variable(
    uid: int,
    name: str,
    shape: tuple[int | None, ...] | None,
    made: Site,
    *scopes: ScopeFlag,
    values: tuple[ValueView, ...] = (),
    call: str = "tf.get_variable",
    reused: tuple[Origin, ...] = (),
) -> VariableView:
    """A trainable float32 variable of the sample program."""
    return VariableView(
        uid=uid,
        graph=GRAPH,
        key=name if call == "tf.get_variable" else "",
        op_name=name,
        tensor_name=f"{name}:0",
        shape=shape,
        dtype="float32_ref",
        kind="ref",
        trainable=True,
        collections=("variables", "trainable_variables"),
        initializer="glorot_uniform (default)",
        device="",
        made=Origin(call, made, (ROOT, *scopes)),
        reused=reused,
        times_reused=len(reused),
        values=values,
    )


ENC = ScopeFlag("enc", "no", "", site(1, 1, 'with tf.variable_scope("enc"):'))
ENC_AGAIN = ScopeFlag(
    "enc", "yes", "enc", site(2, 1, 'with tf.variable_scope("enc", reuse=True):')
)
W = variable(1, "enc/w", (2, 3), site(1, 2, 'w = tf.get_variable("w", [2, 3])'), ENC)
B = variable(2, "enc/b", (3,), site(1, 3, 'b = tf.get_variable("b", [3])'), ENC)

BEFORE = Snapshot().after(
    Delta(
        variables=(W, B),
        scopes=(
            ScopeView(GRAPH, "", "no", ""),
            ScopeView(GRAPH, "enc", "no", "", times=1, opened=ENC.site),
        ),
        graphs=(GraphView(GRAPH, operations=14),),
        names=(
            NameView("w", "RefVariable", uid=1),
            NameView("b", "RefVariable", uid=2),
        ),
        here=Here(GRAPH),
    )
)
SECOND = Delta(
    variables=(
        variable(
            1,
            "enc/w",
            (2, 3),
            site(1, 2, 'w = tf.get_variable("w", [2, 3])'),
            ENC,
            reused=(
                Origin(
                    "tf.get_variable",
                    site(2, 2, 'again = tf.get_variable("w", [2, 3])'),
                    (ROOT, ENC_AGAIN),
                ),
            ),
            values=(
                ValueView(
                    1,
                    "[[ 0.5 -0.1  1. ]\n [-1.   0.2  0.1]]",
                    True,
                    -1.0,
                    1.0,
                    0.117,
                    (1, 0, 1, 2, 1, 1),
                ),
            ),
        ),
        variable(
            3,
            "dec/out/w",
            (3, 10),
            site(2, 4, 'tf.get_variable("w", [3, 10])'),
            ScopeFlag("dec", "auto", "dec"),
            ScopeFlag("dec/out", "auto", "dec"),
        ),
        variable(
            4,
            "counter",
            (),
            site(2, 5, 'tf.Variable(0., name="counter")'),
            call="tf.Variable",
        ),
    ),
    scopes=(
        ScopeView(GRAPH, "enc", "yes", "enc", times=2, opened=ENC.site),
        ScopeView(GRAPH, "dec", "auto", "dec", 1, site(2, 3, "with …")),
        ScopeView(GRAPH, "dec/out", "auto", "dec", 1, site(2, 3, "with …")),
    ),
    ops=(
        OpView(
            GRAPH,
            "MatMul",
            "MatMul",
            ("x:0", "enc/w/read:0"),
            outputs=(("float32", (None, 3)),),
            site=site(2, 6, "y = tf.matmul(x, w)"),
        ),
    ),
    sessions=(SessionView(1, GRAPH, names=("sess",)),),
    graphs=(GraphView(GRAPH, operations=40),),
    names=(NameView("y", "Tensor", op="MatMul:0"),),
    here=Here(GRAPH, session=1),
)
AFTER = BEFORE.after(SECOND)

FAILED = ErrorView(
    type="ValueError",
    message=(
        "Variable enc/w already exists, disallowed. Did you mean to set reuse=True or "
        "reuse=tf.AUTO_REUSE in VarScope?"
    ),
    frames=(FrameView(site(2, 2, '    v = tf.get_variable("w", [2, 3])')),),
    made_at=W.made.site,
    scopes=(ROOT, ENC),
    card="already-exists",
)


def _op(
    name: str, kind: str, *inputs: str, shape: tuple[int | None, ...] = (None, 3)
) -> OpView:
    return OpView(GRAPH, name, kind, inputs, outputs=(("float32", shape),))


NETWORK = BEFORE.after(
    Delta(
        ops=(
            _op("x", "Placeholder", shape=(None, 2)),
            _op("enc/w", "VariableV2", shape=(2, 3)),
            _op("enc/w/read", "Identity", "enc/w:0", shape=(2, 3)),
            _op("enc/b", "VariableV2", shape=(3,)),
            _op("enc/b/read", "Identity", "enc/b:0", shape=(3,)),
            _op("MatMul", "MatMul", "x:0", "enc/w/read:0"),
            _op("add", "AddV2", "MatMul:0", "enc/b/read:0"),
            _op("Relu", "Relu", "add:0"),
            _op("loss", "Mean", "Relu:0", "x:0", shape=()),
        ),
        here=Here(GRAPH),
    )
)
EXPLAINED = Explanation(
    subject="variable enc/w",
    reasons=(
        Reason(
            "get_variable made it: the name was free and reuse was no.", W.made.site
        ),
    ),
    parts=(
        ("enc/", Reason('the variable scope "enc"', ENC.site)),
        ("w", Reason("the name that was asked for", W.made.site)),
        (":0", Reason("the first output of the operation enc/w")),
    ),
    origin=W.made,
    tries=("tf.get_variable_scope().reuse",),
)
INSPECTED = Inspection(
    found=True,
    type="function",
    signature="(name, shape=None, dtype=None, initializer=None)",
    doc="Gets the variable of that name, or makes it.",
)
WRONG = Verdict(
    step="create-and-name/make-one",
    status="wrong",
    sentence="You made `w:0`; `layer1/weights:0` was asked for.",
    message="The variable was made outside of any scope, so it has no prefix.",
    outcome=Outcome(BEFORE),
    goal=AFTER,
    results=(
        AxisResult("error", "pass"),
        AxisResult(
            "names",
            "fail",
            (
                Difference("names", "missing", "layer1/weights:0", goal="(3, 4)"),
                Difference("names", "extra", "w:0", own="(3, 4)"),
            ),
        ),
    ),
)
ENDED = Summary(
    lesson="A variable, its names and its value",
    after="make a variable, tell its two names apart, and ask a session for its value",
    steps=(
        StepMark("make-one", "Make one", "code", "passed"),
        StepMark("two-names", "Two names", "predict", "helped"),
        StepMark("numpy", "A line from a tutorial", "predict", "skipped"),
    ),
    beliefs=(("op-name-has-index", 2), ("variable-is-a-tensor", 1)),
    next_lesson="unique-names",
    next_title="No two things have one name",
    finished=1,
    lessons=43,
)
PROGRAM = """\
with tf.variable_scope("enc", reuse=True):  # look it up
    v = tf.get_variable("w", [2, 3])
print(v.name, 1.5, None)"""
PROSE = """\
`tf.variable_scope` puts a prefix before the names of **all** the variables that are
made inside; the prefix ends with a slash. 变量作用域给里面创建的每个变量名加上前缀。

* One point, which is long enough to need a second line on a narrow screen.
* Another `point`.

```python
v = tf.get_variable("v", [2])
```

> A word of *warning*, see [the guide](https://example.org/guide).
"""
MOMENTS = (
    Moment(0),
    Moment(1, 0, "import tensorflow as tf", 1),
    Moment(2, 1, 'with tf.variable_scope("enc"):\n    w = …', 2),
    Moment(3, 2, 'v = tf.get_variable("w", [2, 3])', 3, ending="error"),
    Moment(4, 2, "x = 1", 4),
)


def show(draw: Callable[[Look], RenderableType]) -> None:
    """Print a drawing for a wide screen, for a narrow one, and as plain lines."""
    for width, plain in ((80, False), (40, False), (80, True)):
        look = Look(width=width, plain=plain, color=not plain and sys.stdout.isatty())
        sys.stdout.write(f"\n-- {width} columns{', plain' if plain else ''}\n")
        drawing = draw(look)
        if look.color or not isinstance(drawing, Text):
            console(sys.stdout, look).print(drawing)
        else:
            sys.stdout.write(f"{drawing.plain}\n")
