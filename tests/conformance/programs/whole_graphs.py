"""What a session refuses because of operations that it is not asked to run."""

import re

import numpy as np
import said


def _words(error):
    """What an error says, without places in files and the order of attributes."""
    text = re.sub(r" \(defined at [^)]*\)", "", said.whole(error))
    text = text.split("\n\nOriginal stack trace")[0].rstrip()
    text = re.sub(r"<[^<>]*>", "<place>", text)
    return re.sub(
        r"attrs: \[(.*?)\]\n",
        lambda found: "attrs: %s\n" % sorted(found.group(1).split(", ")),
        text,
    )


def _chain(tf, *names):
    """Operations that take each other's values, and one that takes nobody's."""
    value = tf.constant(1.0, name="first")
    ops = []
    for name in names:
        value = tf.identity(value, name=name)
        ops.append(value.op)
    return ops, tf.constant(5, name="other")


def _runs(tf, *fetches):
    """What a new session gives for each of some fetches, or its error."""
    with tf.Session() as session:
        runs = [lambda fetch=fetch: session.run(fetch) for fetch in fetches]
        return {"found": said.tries(*runs, told=_words)}


def cycle_of_control_inputs(tf):
    (b, c), other = _chain(tf, "b", "c")
    b._add_control_input(c)
    return _runs(tf, other, c.outputs[0], [], [[]])


def cycle_of_inputs(tf):
    (b, _, d, _), other = _chain(tf, "b", "c", "d", "e")
    b._update_input(0, d.outputs[0])
    return _runs(tf, other, d.outputs[0])


def exchanged_input_of_another_type(tf):
    (b, c), other = _chain(tf, "b", "c")
    b._update_input(0, other)
    return _runs(tf, other, b.outputs[0], c.outputs[0])


def exchanged_input_that_fits(tf):
    (b, c), other = _chain(tf, "b", "c")
    c._update_input(0, tf.constant(7.0))
    c._add_control_input(b)
    return _runs(tf, other, c.outputs[0])


def rewired_beside_a_loop(tf):
    (b, c), other = _chain(tf, "b", "c")
    loop = tf.while_loop(lambda i: i < 3.0, lambda i: i + c.outputs[0], [0.0])
    later = tf.no_op(name="later")
    b._add_control_input(later)
    return _runs(tf, other, loop)


def cycle_made_after_a_run(tf):
    (b, c), other = _chain(tf, "b", "c")
    with tf.Session() as session:
        first = [session.run(other)]
        b._add_control_input(c)
        first.append(session.run(other))
    return {"first": first, "second": _runs(tf, other)}


def refused_before_or_after(tf):
    (b, c), other = _chain(tf, "b", "c")
    b._add_control_input(c)
    fed = tf.placeholder(tf.float32, [2])
    with tf.Session() as session:
        found = said.tries(
            lambda: session.run("nothing"),
            lambda: session.run(other, {fed: np.ones(3)}),
            lambda: session.run(other, {fed: np.ones(2)}),
            told=_words,
        )
    return {"found": found}


def unsigned_ref_variables(tf):
    with tf.Graph().as_default():  # TensorFlow cannot write such values out
        v = tf.get_variable("v", [2], tf.uint32, initializer=tf.zeros_initializer())
        other = tf.constant(5, name="other")
        return _runs(tf, other, v.initializer, v, [])


def unsigned_variables_of_values(tf):
    with tf.Graph().as_default():  # TensorFlow cannot write such values out
        tf.Variable(np.array([1, 2], np.uint64), name="v")
        return _runs(tf, tf.constant(5, name="other"))


def unsigned_variables_are_not_stamped(tf):
    with tf.Graph().as_default():
        tf.get_variable("a", [2], tf.uint64, initializer=tf.ones_initializer())
    with tf.Graph().as_default():
        v = tf.get_variable("b", [2], tf.uint64, initializer=tf.ones_initializer())
        return _runs(tf, v)


def unsigned_resource_variables(tf):
    with tf.Graph().as_default():  # TensorFlow cannot write such values out
        v = tf.get_variable(
            "v", [2], tf.uint32, initializer=tf.zeros_initializer(), use_resource=True
        )
        return _runs(tf, tf.constant(5, name="other"), v.initializer)


def unsigned_resource_variables_in_a_device(tf):
    with tf.Graph().as_default():  # TensorFlow cannot write such values out
        with tf.device("/cpu:0"):
            tf.get_variable(
                "v",
                [2],
                tf.uint64,
                initializer=tf.ones_initializer(),
                use_resource=True,
            )
        return _runs(tf, tf.constant(5, name="other"))


def unsigned_resource_variables_of_values(tf):
    with tf.Graph().as_default():  # TensorFlow cannot write such values out
        v = tf.get_variable(
            "v", initializer=tf.constant([1, 2], tf.uint32), use_resource=True
        )
        return _runs(tf, v.initializer, v.assign([3, 4]).op)


def small_unsigned_variables(tf):
    made = [
        tf.get_variable(kind.name, [2], kind, initializer=tf.ones_initializer())
        for kind in (tf.uint8, tf.uint16)
    ]
    return {"values": made}
