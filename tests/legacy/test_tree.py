"""`scopetutor tree`: which variables a script makes, and where it stops."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from scopetutor.errors import ScriptError, UsageError, WorkspaceError
from scopetutor.legacy import launch, report
from scopetutor.legacy.order import Order
from scopetutor.render.look import Look
from scopetutor.render.model_tree import model_tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.legacy.report import Report, Variable

MODEL = """import tensorflow as tf
def net(x, reuse=None):
    with tf.variable_scope("net", reuse=reuse):
        w = tf.get_variable("w", [3, 4])
        b = tf.get_variable("b", [4], initializer=tf.zeros_initializer())
        return tf.matmul(x, w) + b
x = tf.placeholder(tf.float32, [None, 3])
a = net(x)
b = net(x, True)
step = tf.train.get_or_create_global_step()
loss = tf.reduce_mean(tf.square(a + b))
train = tf.train.AdamOptimizer().minimize(loss, global_step=step)
with tf.Session() as sess:
    sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    print("before training")
    sess.run(train)
    open("trained", "w").close()
"""


def tree(path: str, *arguments: str, **wishes: Any) -> Report:
    """The report on a script."""
    return launch.tree(Order(path, arguments, **wishes))


def named(found: Report, name: str) -> Variable:
    """A variable of a report."""
    return next(v for v in found.variables if v.name == name)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_tree_stops_before_training(
    script: Callable[..., str], capfd: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    """Initializers are taken for run; the first other fetch ends the script."""
    found = tree(script(MODEL))

    assert (found.stop.kind, found.stop.line) == ("session run", "script.py:16")
    assert not (tmp_path / "trained").exists()
    assert capfd.readouterr() == ("", "before training\n")


def test_variables_have_shapes_sizes_collections_and_lines(
    script: Callable[..., str],
) -> None:
    """Names, shapes and collections as in TensorFlow 1.15; lines of the script."""
    found = tree(script(MODEL))

    w = named(found, "net/w")
    assert (w.shape, w.dtype, w.parameters, w.trainable) == (
        (3, 4),
        "float32",
        12,
        True,
    )
    assert w.collections == ("trainable_variables", "variables")
    assert (w.made_by, w.line) == ("tf.get_variable", "script.py:4")
    assert (w.times_reused, w.reused) == (1, ("script.py:4",))
    assert found.collections["trainable_variables"] == ("net/w", "net/b")


def test_slots_stand_apart_with_the_variable_they_belong_to(
    script: Callable[..., str],
) -> None:
    """Adam's slots and powers are no parameters of the model."""
    found = tree(script(MODEL))

    roles = {v.name: (v.role, v.of) for v in found.variables}
    assert roles == {
        "net/w": ("model", ""),
        "net/b": ("model", ""),
        "global_step": ("bookkeeping", ""),
        "beta1_power": ("bookkeeping", ""),
        "beta2_power": ("bookkeeping", ""),
        "net/w/Adam": ("slot", "net/w"),
        "net/w/Adam_1": ("slot", "net/w"),
        "net/b/Adam": ("slot", "net/b"),
        "net/b/Adam_1": ("slot", "net/b"),
    }
    assert found.totals == report.Totals(2, 16, 64, 2, 16, 7, 35, 0)


def test_a_tree_stops_before_a_line(script: Callable[..., str]) -> None:
    """--until LINE stops before that line, also inside a function."""
    path = script(MODEL)

    before_second = tree(path, until=9)
    inside = tree(path, until=5)
    beyond = tree(path, until=99)

    assert before_second.stop.kind == "until"
    assert [v.name for v in before_second.variables] == ["net/w", "net/b"]
    assert named(before_second, "net/w").times_reused == 0
    assert [v.name for v in inside.variables] == ["net/w"]
    assert beyond.stop.kind == "session run"


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        ("open('data.txt')", "missing data"),
        ("tf.gfile.GFile('data.txt').read()", "missing data"),
        ("tf.train.Saver().restore(tf.Session(), 'm.ckpt')", "missing data"),
        ("raise SystemExit", "exit"),
        ("raise SystemExit(0)", "exit"),
        ("raise SystemExit(3)", "failed exit"),
        ("1 / 0", "error"),
        ("pass", "end"),
        ("v.eval(session=tf.Session())", "session run"),
    ],
)
def test_what_was_made_is_shown_however_a_script_ends(
    script: Callable[..., str], last: str, kind: str
) -> None:
    """A missing file, an exit or an error ends the script, not the tree."""
    text = f"import tensorflow as tf\nv = tf.Variable([1., 2.], name='v')\n{last}\n"

    found = tree(script(text))

    assert found.stop.kind == kind
    assert [v.name for v in found.variables] == ["v"]
    if kind == "error":
        assert "ZeroDivisionError" in found.stop.says
        assert "script.py" in found.stop.says
    if kind == "failed exit":
        assert "exit code 3" in found.stop.says


def test_a_bare_except_does_not_hide_the_end(script: Callable[..., str]) -> None:
    """A script that catches everything is stopped all the same."""
    text = """import tensorflow as tf
v = tf.Variable(1.0)
for _ in range(3):
    try:
        tf.Session().run(v)
    except:
        pass
"""
    found = tree(script(text))

    assert (found.stop.kind, found.stop.line) == ("session run", "script.py:5")


def test_what_is_absent_is_stood_in_for_and_told_with_its_lines(
    script: Callable[..., str],
) -> None:
    """A stand-in keeps type and shape; what may rest on it is marked."""
    text = """import no_such_package.plots as plots
import tensorflow as tf
try:
    import perhaps
except ImportError:
    perhaps = None
x = tf.placeholder(tf.float32, [None, 8])
first = tf.matmul(x, tf.get_variable("first", [8, 4]))
guessed = tf.contrib.specs.eval_spec(first)
second = tf.matmul(guessed, tf.get_variable("second", [4, 2]))
plots.show()
assert perhaps is None
def later():
    return tf.contrib.timeseries.ARRegressor
"""
    found = tree(script(text))

    assert found.stop.kind == "end"
    assert {v.name: v.doubtful for v in found.variables} == {
        "first": False,
        "second": True,
    }
    told = {(m.name, m.kind, m.stood_in) for m in found.missing}
    assert told == {
        ("tf.contrib.specs.eval_spec", "symbol", True),
        ("tf.contrib.timeseries.ARRegressor", "symbol", False),
        ("no_such_package", "package", True),
    }
    assert [m.lines for m in found.missing if m.kind == "package"] == [("script.py:1",)]


def test_stand_ins_take_part_in_whatever_a_script_does(
    script: Callable[..., str],
) -> None:
    """They can be subclassed, entered, decorated with, indexed and calculated with."""
    text = """import tensorflow as tf
import absent_package
class Mine(absent_package.Base):
    def __init__(self):
        super().__init__(1, two=2)
@absent_package.wrap
def f(x):
    return x
with absent_package.open("x") as file:
    n = absent_package.count(file)[0] * 2 + 1
mine = Mine()
mine.anything()
file["x"] = repr(n)
y = tf.add(n, 1.0)
v = tf.get_variable("v", [f(2)])
z = absent_package.blur([v, 1])
assert z.shape == (2,), z.shape
"""
    found = tree(script(text))

    assert (found.stop.kind, found.stop.says) == ("end", "The script came to its end.")
    assert [v.name for v in found.variables] == ["v"]


def test_data_sets_are_made_up_for_a_tree(script: Callable[..., str]) -> None:
    """MNIST need not be there to see the variables; that it was not is said."""
    text = """from tensorflow.examples.tutorials.mnist import input_data
import tensorflow as tf
mnist = input_data.read_data_sets("nowhere", one_hot=True)
v = tf.get_variable("v", [mnist.train.images.shape[1], mnist.test.labels.shape[1]])
"""
    found = tree(script(text))

    assert named(found, "v").shape == (784, 10)
    assert [(m.name, m.kind) for m in found.missing] == [("MNIST", "data")]


def test_several_graphs_are_told_apart(script: Callable[..., str]) -> None:
    """Two graphs may have variables of one name."""
    text = """import tensorflow as tf
graphs = [tf.Graph(), tf.Graph()]
for graph in graphs:
    with graph.as_default():
        tf.Variable(tf.zeros([2]), name="v")
"""
    found = tree(script(text))

    assert [(v.name, v.graph) for v in found.variables] == [("v", 0), ("v", 1)]
    assert "graph 1" in model_tree(found, Look(plain=True)).plain


def test_averages_and_unknown_shapes(script: Callable[..., str]) -> None:
    """Moving averages belong to their variable; an unknown size is no number."""
    text = """import tensorflow as tf
with tf.variable_scope("a"):
    v = tf.get_variable("v", [2])
    tf.train.ExponentialMovingAverage(0.9).apply([v])
u = tf.Variable(tf.placeholder(tf.float32), validate_shape=False, name="u")
"""
    found = tree(script(text))

    average = named(found, "a/a/v/ExponentialMovingAverage")
    assert (average.role, average.of) == ("average", "a/v")
    assert (named(found, "u").shape, named(found, "u").parameters) == (None, None)
    assert found.totals.unknown == 1
    assert "of unknown size" in model_tree(found, Look()).plain


def test_what_cannot_begin_is_refused(script: Callable[..., str]) -> None:
    """No file, Python 2, and a script that ends its own process: each a sentence."""
    with pytest.raises(UsageError, match="no such file"):
        tree("none.py")
    with pytest.raises(ScriptError, match="this is Python 2"):
        tree(script("print 'a'"))
    with pytest.raises(WorkspaceError, match="ended its process"):
        tree(script("import os; os._exit(5)"))


# -- how it is shown -----------------------------------------------------------------


def test_the_drawing(script: Callable[..., str]) -> None:
    """Scopes with their sums, slots apart, totals, and why it stopped."""
    drawn = model_tree(tree(script(MODEL)), Look(width=100)).plain.splitlines()

    rows = [" ".join(line.split()) for line in drawn]
    assert "└── net/ 16 2 variables" in rows
    assert any(row.startswith("├── w float32 (3, 4) 12 script.py:4") for row in rows)
    assert any("shared 1 time by script.py:4" in row for row in rows)
    assert "├── Adam slot of an optimizer 16 of 2 variables" in rows
    assert any("2 variables · 16 parameters · 16 of them trained" in r for r in rows)
    assert any(row.startswith("stopped script.py:16: Session.run") for row in rows)


def test_the_drawing_can_be_folded_and_spread_out(script: Callable[..., str]) -> None:
    """--depth folds scopes; --slots lists what belongs to the optimizer."""
    found = tree(script(MODEL))

    folded = model_tree(found, Look(plain=True), depth=1).plain
    spread = model_tree(found, Look(plain=True), slots=True).plain

    assert "net/" in folded
    assert "float32 (3, 4)" not in folded
    assert "net/w/Adam, float32 (3, 4), 12, not trained" in spread
    assert "of net/w" in spread


def test_the_command_line(
    script: Callable[..., str], scopetutor: Callable[..., Any]
) -> None:
    """A pipe gets lines; --json and --csv get all fields; exit codes are honest."""
    path = script(MODEL)

    plain = scopetutor("tree", path)
    as_json = json.loads(scopetutor("tree", "--json", path).out)
    rows = list(csv.DictReader(io.StringIO(scopetutor("tree", "--csv", path).out)))
    both = scopetutor("tree", "--json", "--csv", path)
    failing = script("1 / 0\n", "failing.py")
    failed = scopetutor("tree", failing)
    failed_table = scopetutor("tree", "--csv", failing)
    left = scopetutor("tree", "--csv", script("raise SystemExit(3)", "leaving.py"))

    assert (plain.code, plain.err) == (0, "before training\n")
    assert "net/, 16, 2 variables" in plain.out
    assert as_json["format"] == report.FORMAT
    assert [v["name"] for v in as_json["variables"]] == [row["name"] for row in rows]
    assert set(rows[0]) == set(report.COLUMNS)
    assert (rows[0]["shape"], rows[0]["trainable"]) == ("3x4", "yes")
    assert both.code == 2
    assert failed.code == 1
    assert "ZeroDivisionError" in failed.out
    assert "ZeroDivisionError" in failed_table.err
    assert len(failed_table.out.splitlines()) == 1
    assert (left.code, left.err.count("exit code 3")) == (1, 1)
