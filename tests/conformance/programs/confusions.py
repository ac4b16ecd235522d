"""What people trip over with variables and scopes: each case, and what is said to it.

What cannot be as in TensorFlow 1.15.5 is left out of the comparison:

- stacks of calls under an error, and "in converted code": TensorFlow's own source;
- names of folders of a run;
- Python's words for wrong arguments, casts and syntax: they are of another Python;
- the order of collections in a graph: there, of a set of texts;
- modules of message classes, the regular expressions of names: insides of TensorFlow;
- a deprecation that is said once in a process: which call says it first.
"""

import os
import re
import tempfile

import numpy as np


def _said(call, *args, **kwargs):
    try:
        result = call(*args, **kwargs)
    except Exception as error:
        text = str(error).split("\n\nOriginal stack")[0].split("\n\t [[")[0]
        text = re.sub(r"(?s)Originally defined at:.*", "Originally defined at:", text)
        return "%s: %s" % (type(error).__name__, text)
    return result.tolist() if hasattr(result, "tolist") else str(result)


def _names(variables):
    return [variable.name for variable in variables]


def _one(tf, name="w", **kwargs):
    return tf.get_variable(name, [2], initializer=tf.ones_initializer(), **kwargs)


# -- making and sharing ----------------------------------------------------------------


def same_name_twice(tf):
    first = _one(tf)
    return {"again": _said(tf.get_variable, "w", [2]), "first": first}


def reuse_of_nothing(tf):
    with tf.variable_scope("critic", reuse=True):
        return {"said": _said(tf.get_variable, "w", [2])}


def plain_variable_is_not_found(tf):
    with tf.variable_scope("s"):
        tf.Variable(1.0, name="w")
    with tf.variable_scope("s", reuse=True):
        said = _said(tf.get_variable, "w", [])
    with tf.variable_scope("s", reuse=tf.AUTO_REUSE):
        second = tf.get_variable("w", [])
        return {"said": said, "second": second.name, "key": second is _get(tf, [])}


def _get(tf, shape):
    return tf.get_variable("w", shape)


def a_cell_run_twice(tf):
    said = []
    for _ in range(3):
        tf.Variable(1.0, name="W")
        tf.layers.dense(tf.ones([1, 2]), 1)
        said.append(_said(_one, tf))
    return {"said": said, "names": _names(tf.global_variables())}


def slots_while_reusing(tf):
    loss = tf.reduce_sum(_one(tf) ** 2)
    tf.get_variable_scope().reuse_variables()
    makers = (
        tf.train.AdamOptimizer(0.1),
        tf.train.MomentumOptimizer(0.1, 0.9),
        tf.train.GradientDescentOptimizer(0.1),
    )
    return {str(i): _said(maker.minimize, loss)[:200] for i, maker in enumerate(makers)}


def a_critic_called_twice(tf):
    def critic(x, **kwargs):
        with tf.variable_scope("critic", **kwargs):
            return tf.layers.dense(tf.layers.dense(x, 3, name="h"), 1)

    real = critic(tf.ones([2, 4]))
    said = _said(critic, tf.zeros([2, 4]))
    fake = critic(tf.zeros([2, 4]), reuse=True)
    return {
        "said": said,
        "variables": _names(tf.trainable_variables()),
        "ops": [real.name, fake.name],
    }


def reuse_with_another_shape_or_type(tf):
    with tf.variable_scope("fc"):
        _one(tf)
    with tf.variable_scope("fc", reuse=True):
        same = tf.get_variable("w")
        return {
            "shape": _said(tf.get_variable, "w", [3]),
            "type": _said(tf.get_variable, "w", [2], tf.float64),
            "partial": _said(tf.get_variable, "w", [None]),
            "rest": same.trainable and _said(_one, tf, trainable=False),
        }


def initializers_and_shapes(tf):
    def given(*args, **kwargs):
        return _said(lambda: tf.get_variable(*args, **kwargs).dtype)

    return {
        "value and shape": given("a", [2], initializer=tf.constant([1.0, 2.0])),
        "no shape": given("b"),
        "class": given("c", [2], initializer=tf.ones_initializer),
        "number": given("d", initializer=1),
        "array": given("e", initializer=np.ones(2)),
        "none in shape": given("f", [None, 2]),
        "complex": given("g", [2], tf.complex64),
        "nothing": _said(tf.Variable),
        "too many": given("h", [2], initializer=tf.constant_initializer([1, 2, 3])),
        "too few": given("i", [4], initializer=tf.constant_initializer([1.0, 2.0])),
    }


def auto_reuse_hides_a_second_layer(tf):
    def layer(x, name):
        with tf.variable_scope(name, reuse=tf.AUTO_REUSE):
            return tf.matmul(x, tf.get_variable("w", [2, 2]))

    out = layer(layer(tf.ones([1, 2]), "fc"), "fc")
    layer(out, "Fc")
    return {"variables": _names(tf.global_variables())}


# -- scopes and names ------------------------------------------------------------------


def a_scope_entered_twice(tf):
    for _ in range(2):
        with tf.variable_scope("layer", reuse=tf.AUTO_REUSE) as scope:
            _one(tf)
            tf.Variable(1.0, name="u")
            tf.constant(1.0, name="c")
    again = tf.variable_scope(scope, auxiliary_name_scope=False)
    with again, tf.name_scope(scope.original_name_scope):
        return {"continued": tf.constant(2.0, name="c").name}


def name_scopes_and_variables(tf):
    with tf.name_scope("a"):
        first = _one(tf)
        plain = tf.Variable(1.0, name="p")
    with tf.name_scope("b"):
        said = _said(tf.get_variable, "w", [2])
        with tf.variable_scope("v"):
            inner = _one(tf)
            sum_ = inner + 1.0
    return {"names": _names([first, plain, inner, sum_]), "said": said}


def strings_nest_and_objects_do_not(tf):
    with tf.variable_scope("foo") as foo:
        _one(tf)
    with tf.variable_scope("bar"):
        with tf.variable_scope("foo"):
            nested = _one(tf).name, tf.constant(1.0).name
        with tf.variable_scope(foo, reuse=True) as again:
            absolute = _one(tf).name, tf.constant(1.0).name
            opened = again.original_name_scope
    return {"nested": nested, "absolute": absolute, "opened": opened}


def reuse_false_means_inherit(tf):
    with tf.variable_scope("free") as free:
        pass
    with tf.variable_scope("a", reuse=True):
        with tf.variable_scope("b", reuse=False) as inner:
            said = _said(tf.get_variable, "w", [2])
        with tf.variable_scope("b", reuse=tf.AUTO_REUSE) as auto:
            pass
        with tf.variable_scope(free) as own:
            pass
    return {
        "flags": [str(scope.reuse) for scope in (inner, auto, own)],
        "said": said,
        "set": _said(setattr, inner, "reuse", False),
    }


def reuse_at_the_root_stays(tf):
    with tf.variable_scope(tf.get_variable_scope()):
        tf.get_variable_scope().reuse_variables()
    kept = tf.get_variable_scope().reuse
    tf.get_variable_scope().reuse_variables()
    return {"kept": kept, "said": _said(tf.layers.dense, tf.ones([1, 2]), 1)}


def default_names_start_again(tf):
    seen = []
    for reuse in (None, True):
        with tf.variable_scope("net", reuse=reuse):
            for _ in range(3):
                with tf.variable_scope(None, "block") as scope:
                    seen.append((scope.name, _one(tf).name))
    with tf.variable_scope("net", reuse=True):
        refused = _said(tf.variable_scope(None, "x", reuse=True).__enter__)
    return {"seen": seen, "refused": refused}


def names_of_layers(tf):
    x = tf.ones([1, 4, 4, 1])
    for _ in range(2):
        x = tf.layers.conv2d(x, 1, 2)
    x = tf.layers.batch_normalization(tf.layers.flatten(x))
    out = tf.layers.Dense(2, name="obj")
    tensors = [tf.layers.dense(x, 2, name="out", reuse=tf.AUTO_REUSE) for _ in "ab"]
    tensors += [out(x), out(x)]
    said = _said(tf.layers.dense, tf.ones([1, 9]), 2, name="out", reuse=True)
    return {
        "variables": _names(tf.global_variables()),
        "ops": _names(tensors),
        "said": said,
    }


def unnamed_layers_while_reusing(tf):
    first = tf.layers.dense(tf.ones([1, 4]), 3)
    said = _said(tf.layers.dense, first, 2, reuse=True)
    with tf.variable_scope(tf.get_variable_scope(), reuse=True):
        also = _said(tf.layers.dense, first, 2)
    return {"said": said, "also": also}


def variables_by_the_start_of_their_names(tf):
    for name in ("gen", "generator", "gen_2", "disc"):
        with tf.variable_scope(name):
            _one(tf)
    found = {p: _names(tf.trainable_variables(p)) for p in ("gen", "gen/", "gen$")}
    collection = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES)
    collection.append(3)
    found["copy"] = len(tf.trainable_variables())
    loss = tf.reduce_sum(tf.trainable_variables()[0])
    step = tf.train.GradientDescentOptimizer(0.1)
    found["none"] = _said(step.minimize, loss, var_list=[])
    return found


def keras_layers_in_scopes(tf):
    for reuse in (None, True):
        with tf.variable_scope("s", reuse=reuse):
            tf.keras.layers.Dense(1)(tf.ones([1, 2]))
    return {"names": _names(tf.global_variables())}


def cells_and_their_scopes(tf):
    x = tf.ones([2, 3, 4])

    def unroll(cell, **kwargs):
        return tf.nn.dynamic_rnn(cell, x, dtype=tf.float32, **kwargs)

    with tf.variable_scope("elsewhere"):
        cell = tf.nn.rnn_cell.BasicLSTMCell(5)
    unroll(cell)
    said = _said(unroll, tf.nn.rnn_cell.BasicLSTMCell(5))
    unroll(tf.nn.rnn_cell.GRUCell(5), scope="enc")
    cells = [tf.nn.rnn_cell.LSTMCell(5, use_peepholes=True) for _ in range(2)]
    unroll(tf.nn.rnn_cell.MultiRNNCell(cells), scope="two")
    return {"said": said, "names": _names(tf.global_variables())}


def variables_inside_of_branches(tf):
    yes, two = tf.constant(True), tf.constant(2.0)
    kept = tf.cond(yes, lambda: _one(tf)[0] * two, lambda: two)
    return {
        "value": _said(tf.cond, yes, lambda: tf.Variable(1.0) * two, lambda: two),
        "function": _said(
            tf.cond, yes, lambda: tf.Variable(lambda: 1.0) * two, lambda: two
        ),
        "loop": _said(
            tf.while_loop, lambda i: i < 3.0, lambda i: i + tf.Variable(1.0), [two]
        ),
        "kept": kept,
    }


# -- the life of a value ---------------------------------------------------------------


def values_that_are_not_there(tf):
    ref, held = _one(tf), _one(tf, "r", use_resource=True)
    early = tf.global_variables_initializer()
    late = tf.Variable(3.0, name="late")
    local = tf.get_local_variable("n", [])
    with tf.Session() as session:
        said = [_said(session.run, v) for v in (ref, held)]
        session.run(early)
        said += [_said(session.run, v) for v in (ref, held, late, local)]
        missing = session.run(tf.report_uninitialized_variables())
    return {"said": said, "missing": missing}


def an_assignment_is_an_operation(tf):
    w = tf.Variable(1.0, name="w")
    more = w.assign(w + 1.0)
    sum_ = w
    sum_ += 1.0
    with tf.Session() as session:
        session.run(w.initializer)
        before = session.run([w, sum_])
        session.run([more, more])
        session.run(more)
        return {
            "before": before,
            "after": session.run(w),
            "kind": _said(getattr, sum_, "assign"),
            "name": sum_.name,
        }


def a_graph_that_grows(tf):
    w = tf.Variable(1.0)
    sizes = []
    for _ in range(3):
        w.assign_add(1.0)
        sizes.append(len(tf.get_default_graph().get_operations()))
    tf.get_default_graph().finalize()
    return {"sizes": sizes, "said": _said(w.assign_add, 1.0)}


def two_graphs(tf):
    a = _one(tf, "a")
    with tf.Graph().as_default():
        b = _one(tf, "b")
        said = {"mixed": _said(lambda: a + b), "empty": ""}
        with tf.Session() as session:
            said["foreign"] = _said(session.run, a)
        said["closed"] = _said(session.run, b)
    with tf.Session(graph=tf.Graph()) as session:
        said["empty"] = _said(session.run, None)
    return said


def values_out_of_tensors(tf):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    w = _one(tf)
    said = {
        "numpy": _said(lambda: w.numpy()),
        "eval": _said(w.eval),
        "truth": _said(bool, x),
        "length": _said(len, x),
        "items": _said(list, x),
        "array": _said(np.array, w + 1.0),
        "equal": w == tf.identity(w),
    }
    with tf.Session() as session:
        session.run(w.initializer)
        said["op"] = _said(session.run, "w")
        said["tensor"] = _said(session.run, "w:0")
        said["key"] = _said(session.run, w, {"x": [[1.0, 2.0]]})
        said["unfed"] = _said(session.run, x + 1.0)
        said["shape"] = _said(session.run, x, {x: [1.0, 2.0, 3.0]})
    return said


def nothing_to_train(tf):
    w, step = _one(tf), tf.train.GradientDescentOptimizer(0.1)
    return {
        "no path": _said(step.minimize, tf.reduce_sum(tf.stop_gradient(w))),
        "none": _said(tf.gradients, tf.constant(1.0), w),
    }


def moving_means_are_not_moved(tf):
    x = tf.constant([[4.0, 8.0], [4.0, 8.0]])
    out = tf.layers.batch_normalization(x, training=True, momentum=0.5)
    mean = next(v for v in tf.global_variables() if "moving_mean" in v.name)
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(out)
        still = session.run(mean)
        session.run([out, updates])
        moved = session.run(mean)
    return {"still": still, "moved": moved, "trained": _names(tf.trainable_variables())}


# -- files -----------------------------------------------------------------------------


def _saved(tf, variables):
    folder = tempfile.mkdtemp()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return tf.train.Saver(variables).save(session, os.path.join(folder, "m"))


def _restored(tf, path, variables):
    with tf.Session() as session:
        tf.train.Saver(variables).restore(session, path)


def restoring_what_does_not_fit(tf):
    path = _saved(tf, [_one(tf)])
    said = {}
    for name, variable in (
        ("missing", {"q": _one(tf, "q")}),
        ("shape", {"w": tf.get_variable("s", [3])}),
        ("type", {"w": tf.get_variable("t", [2], tf.float64)}),
        ("resource", {"w": tf.get_variable("r", [3], use_resource=True)}),
    ):
        said[name] = _said(_restored, tf, path, variable).replace(path, "PATH")
    return said


def savers_without_variables(tf):
    said = {"none": _said(tf.train.Saver)}
    w = _one(tf)
    said["twice"] = _said(tf.train.Saver, [w, w])
    said["two keys"] = _said(tf.train.Saver, {"a": w, "b": w})
    said["tensor"] = _said(tf.train.Saver, [tf.constant(1.0)])
    said["no path"] = _said(_restored, tf, None, [w])
    return said


def keys_of_slots_and_averages(tf):
    with tf.variable_scope("net"):
        w = _one(tf)
    loss = tf.reduce_sum(w**2)
    for maker in (
        tf.train.AdamOptimizer(0.1),
        tf.train.AdamOptimizer(0.1),
        tf.train.RMSPropOptimizer(0.1, momentum=0.9),
        tf.train.AdagradOptimizer(0.1, name="A2"),
    ):
        with tf.name_scope("train"):
            maker.minimize(loss)
    average = tf.train.ExponentialMovingAverage(0.9)
    average.apply([w])
    return {
        "names": _names(tf.global_variables()),
        "restored": sorted(average.variables_to_restore()),
    }


# -- and more --------------------------------------------------------------------------


def parts_of_a_variable(tf):
    with tf.variable_scope("emb", partitioner=tf.fixed_size_partitioner(2)):
        table = tf.get_variable("table", [5, 2], initializer=tf.ones_initializer())
    path = _saved(tf, None)
    return {
        "parts": _names(list(table)),
        "keys": tf.train.list_variables(path),
        "whole": tf.convert_to_tensor(table),
    }


def the_global_step(tf):
    with tf.variable_scope("inner"):
        step = tf.train.get_or_create_global_step()
    return {"name": step.name, "again": _said(tf.train.create_global_step)}


def regularizers_are_not_added_twice(tf):
    for reuse in (None, True):
        with tf.variable_scope("a", reuse=reuse, regularizer=tf.nn.l2_loss):
            _one(tf)
            _said(_one, tf, "b")
    return {"losses": _names(tf.losses.get_regularization_losses())}


def getters_one_in_another(tf):
    calls = []

    def outer(getter, name, *args, **kwargs):
        calls.append("outer " + name)
        return getter(name + "_o", *args, **kwargs)

    def inner(getter, name, *args, **kwargs):
        calls.append("inner " + name)
        return getter(name + "_i", *args, **kwargs)

    with tf.variable_scope("a", custom_getter=outer):
        with tf.variable_scope("b", custom_getter=inner) as scope:
            names = [_one(tf).name]
        names.append(_one(tf, "x", custom_getter=inner).name)
    with tf.variable_scope(scope):
        names.append(_one(tf, "z").name)
        misnamed = _said(_one, tf, "y", custom_getter=lambda g, **kwargs: None)
        misnamed = misnamed.partition(":")[0]
    return {"names": names, "calls": calls, "misnamed": misnamed}


def captured_scopes_keep_their_first_name_scope(tf):
    with tf.variable_scope("a"), tf.variable_scope("b") as scope:
        pass
    seen = []
    for _ in range(2):
        with tf.variable_scope("c"), tf.variable_scope(scope) as scope:
            seen.append((scope.name, scope.original_name_scope, tf.no_op().name))
    with tf.variable_scope(scope, auxiliary_name_scope=False) as again:
        seen.append((again.original_name_scope, tf.no_op().name))
    return {"seen": seen}


def _scope_of(tf, name):
    with tf.variable_scope(name) as scope:
        return scope.name


def bad_names(tf):
    said = {}
    for name in ("a b", "", "_x", "1a", "a/", "/a", "é", None, 42):
        said["scope %r" % (name,)] = _said(_scope_of, tf, name)
        if isinstance(name, str):
            said["op %r" % name] = _said(tf.constant, 1.0, name=name)
            said["variable %r" % name] = _said(tf.Variable, 1.0, name=name)
    return said
