"""What an entry made, reused or changed is told, and nothing else."""

from __future__ import annotations

import gc

import pytest

from scopetutor.evaluator import observe
from scopetutor.snapshot import Snapshot, compare


def kinds(typed) -> list[tuple[str, str]]:
    """What the last entry did, in order."""
    return [(deed.kind, deed.subject) for deed in typed.delta.deeds]


@pytest.fixture
def begun(typed):
    """A program that has imported TensorFlow."""
    typed("import tensorflow as tf")
    return typed


def test_a_variable(begun):
    """Everything that is known of a variable is in its view."""
    begun(
        "with tf.variable_scope('enc', reuse=tf.AUTO_REUSE):\n"
        "  w = tf.get_variable('w', [2, 3], initializer=tf.zeros_initializer())"
    )
    [view] = begun.delta.variables

    assert (view.key, view.op_name, view.tensor_name) == ("enc/w", "enc/w", "enc/w:0")
    assert (view.shape, view.dtype, view.kind) == ((2, 3), "float32_ref", "ref")
    assert view.trainable
    assert view.collections == ("trainable_variables", "variables")
    assert view.initializer == "zeros"
    assert (view.made.call, view.made.site.line) == ("tf.get_variable", 2)
    assert [(f.scope, f.reuse) for f in view.made.scopes] == [
        ("", "no"),
        ("enc", "auto"),
    ]
    assert ("created", "enc/w") in kinds(begun)
    assert begun.snapshot.names["w"].uid == view.uid


def test_a_variable_made_by_text(begun):
    """What is given to `exec` is passed over: it says who was called, and where."""
    begun("exec('tf.get_variable(\"w\", [2])')")

    made = begun.snapshot.variable("w").made
    assert (made.call, made.site.line) == ("tf.get_variable", 1)


def test_only_what_is_new_is_told(begun):
    """An entry that does nothing makes an empty delta, however much there is."""
    begun("for i in range(50): tf.get_variable(f'v{i}', [1])")
    assert len(begun.delta.variables) == 50
    begun("1 + 1")

    delta = begun.delta
    assert (delta.variables, delta.ops, delta.scopes, delta.names) == ((), (), (), ())
    begun("x = tf.get_variable('x', [1])")
    assert [view.key for view in begun.delta.variables] == ["x"]


def test_reuse(begun):
    """Finding a variable again is a deed and counts."""
    begun("a = tf.get_variable('w', [2])")
    begun("with tf.variable_scope('', reuse=True): b = tf.get_variable('w')")
    [view] = begun.delta.variables

    assert ("reused", "w") in kinds(begun)
    assert view.times_reused == 1
    assert view.reused[0].scopes[-1].reuse == "yes"


def test_values(begun):
    """Initializing and assigning are told apart; values are summarized."""
    begun("w = tf.get_variable('w', [4])\ns = tf.Session()")
    begun("s.run(w.initializer)")
    assert ("initialized", "w") in kinds(begun)
    begun("s.run(w.assign([1., 2., 3., 6.]))")
    assert ("assigned", "w") in kinds(begun)
    [value] = begun.delta.variables[0].values

    assert (value.low, value.high, value.mean) == (1.0, 6.0, 3.0)
    assert sum(value.bins) == 4
    begun("s.run(w)")
    assert begun.delta.variables == ()


def test_sessions(begun):
    """Opening, closing and being the default one are seen; values go with it."""
    begun("w = tf.get_variable('w', [])\ns = tf.InteractiveSession()")
    begun("s.run(w.initializer)")
    [view] = begun.snapshot.sessions.values()
    assert (view.is_default, view.names) == (True, ("s",))
    begun("s.close()")

    assert next(iter(begun.snapshot.sessions.values())).closed
    assert begun.snapshot.variable("w").values == ()
    begun("del s")
    gc.collect()
    begun("1")
    assert begun.snapshot.sessions == {}


def test_graphs_come_and_go(begun):
    """A reset leaves nothing of the old graph."""
    begun("w = tf.get_variable('w', [])")
    begun("del w; tf.reset_default_graph()\nv = tf.get_variable('v', [])")

    assert [view.key for view in begun.snapshot.variables.values()] == ["v"]
    assert len(begun.snapshot.graphs) == 1


def test_graphs_that_are_kept(begun):
    """A second graph is there beside the first as long as somebody has it."""
    begun("a = tf.get_variable('a', [])\ng = tf.Graph()")
    begun("with g.as_default(): b = tf.get_variable('b', [])")

    assert len(begun.snapshot.graphs) == 2
    assert [g.names for g in begun.snapshot.graphs.values()] == [(), ("g",)]
    begun("del g, b")
    begun("tf.reset_default_graph()")
    assert "b" not in [view.key for view in begun.snapshot.variables.values()]


def test_scopes(begun):
    """A scope's flag, where it is from, and how often it was open."""
    begun(
        "with tf.variable_scope('a', reuse=True):\n  with tf.variable_scope('b'): pass"
    )
    begun("with tf.variable_scope('a'): pass")
    scopes = {name: view for (_, name), view in begun.snapshot.scopes.items()}

    assert (scopes["a"].reuse, scopes["a"].times) == ("no", 2)
    assert (scopes["a/b"].reuse, scopes["a/b"].flag_from) == ("yes", "a")
    assert scopes["a/b"].opened.line == 2


def test_scopes_of_layers(begun):
    """What a layer opens inside one call is not counted as the learner's opening."""
    begun("x = tf.placeholder(tf.float32, [1, 2])\ny = tf.layers.dense(x, 2)")
    (view,) = [v for (_, name), v in begun.snapshot.scopes.items() if name == "dense"]

    assert (view.times, view.opened.line) == (0, 2)


def test_where_one_is(begun):
    """Scopes, device and session that are open between entries are told."""
    begun("scope = tf.variable_scope('a'); scope.__enter__()")
    begun("device = tf.device('/cpu:0'); device.__enter__()")
    here = begun.snapshot.here

    assert [flag.scope for flag in here.scopes] == ["", "a"]
    assert here.name_scope == "a"
    assert here.device == "/device:CPU:0"
    begun("device.__exit__(None, None, None); scope.__exit__(None, None, None)")
    assert [flag.scope for flag in begun.snapshot.here.scopes] == [""]


def test_names(begun):
    """The learner's names with short texts; deleted ones are gone."""
    begun("a = 1; b = 'x'; c = [1, a]; w = tf.constant(1., name='k')")
    names = begun.snapshot.names
    assert (names["a"].text, names["c"].text, names["w"].op) == ("1", "[1, 1]", "k:0")
    begun("c.append(2); del a")

    assert begun.snapshot.names["c"].text == "[1, 1, 2]"
    assert begun.delta.gone_names == ("a",)


def test_collections(begun):
    """Other collections are listed; variables that join one are noted."""
    begun("w = tf.get_variable('w', [])\ntf.add_to_collection('mine', w)")
    begun("tf.add_to_collection('losses', tf.constant(1.))")
    [graph] = begun.snapshot.graphs.values()

    assert "mine" in begun.snapshot.variable("w").collections
    assert ("losses", ("Const:0",)) in graph.collections
    begun("del tf.get_collection_ref('mine')[:]")
    assert "mine" not in begun.snapshot.variable("w").collections


def test_imported_graphs(begun, tmp_path):
    """Variables that come with a file are seen, too."""
    begun(f"p = r'{tmp_path}/m'\nw = tf.get_variable('w', [])\ns = tf.Session()")
    begun("s.run(w.initializer); tf.train.Saver().save(s, p)")
    begun("tf.reset_default_graph(); saver = tf.train.import_meta_graph(p + '.meta')")
    view = begun.snapshot.variable("w")

    assert (view.key, view.made.call) == ("", "tf.train.import_meta_graph")


def test_partitions(begun):
    """The parts of a variable say what they are parts of."""
    begun(
        "with tf.variable_scope('s', partitioner=tf.fixed_size_partitioner(2)):\n"
        "  w = tf.get_variable('w', [4])"
    )

    assert {view.part_of for view in begun.delta.variables} == {"s/w"}


def test_eager_mode(begun):
    """Variables without a graph live as long as somebody has them."""
    begun("tf.enable_eager_execution()")
    begun("v = tf.Variable([1., 2.])")
    [view] = begun.snapshot.variables.values()
    assert (view.kind, view.values[0].text) == ("eager", "[1. 2.]")
    begun("v.assign_add([1., 1.])")
    assert next(iter(begun.snapshot.variables.values())).values[0].text == "[2. 3.]"
    begun("del v; _ = None; import gc; gc.collect()")
    begun("1")

    assert begun.snapshot.variables == {}
    assert begun.snapshot.here.eager


def test_too_much_is_counted(begun, monkeypatch):
    """Beyond a limit only the number is told."""
    monkeypatch.setattr(observe, "MOST_VARIABLES", 3)
    monkeypatch.setattr(observe, "MOST_OPERATIONS", 20)
    begun("for i in range(10): tf.get_variable(f'v{i}', [1])")

    assert len(begun.snapshot.variables) == 3
    assert begun.snapshot.hidden_variables == 7
    assert len(begun.snapshot.ops) == 20
    assert begun.snapshot.hidden_ops > 20


def test_everything_is_what_all_deltas_made(begun):
    """The whole, told at once, is the same as what was told bit by bit."""
    begun("w = tf.get_variable('w', [2]); s = tf.Session(); s.run(w.initializer)")
    begun("with tf.variable_scope('a'): v = tf.Variable(1.)")
    begun("g = tf.Graph()\nwith g.as_default(): tf.constant(1.)")
    whole = Snapshot().after(begun.program.everything())

    assert whole == begun.snapshot
    assert not compare(begun.snapshot, whole)


def test_many_deeds_are_counted(begun, monkeypatch):
    """An entry that does very much says how much more."""
    begun("for i in range(1200): tf.Variable(0.)")

    assert len(begun.delta.deeds) >= 1000
    assert begun.delta.more_deeds >= 200
