"""What is still done in a run after an operation of it has failed."""

import said


def _done(tf, make, *changes):
    """The error of a run, and what the variables are after it."""
    failing = make()
    with tf.Session() as session:
        session.run([tf.variables_initializer(tf.global_variables()[1:])])
        found = said.tries(lambda: session.run([failing, *[c.op for c in changes]]))
        values = session.run(tf.global_variables()[1:])
    return {"found": found, "values": [value.tolist() for value in values]}


def _variables(tf):
    """One without a value, and two that have one."""
    kinds = [("none", 0.0), ("first", 1.0), ("second", 2.0)]
    return [tf.get_variable(name, initializer=value) for name, value in kinds]


def beside_a_condition(tf):
    none, first, second = _variables(tf)
    chosen = tf.cond(second > 1.0, lambda: second * 2.0, lambda: second)
    changed = first.assign_add(chosen)
    lost = second.assign_add(none)
    return _done(tf, lambda: tf.identity(none), changed, lost)


def in_a_condition(tf):
    none, first, second = _variables(tf)
    chosen = tf.cond(second > 1.0, lambda: none + 1.0, lambda: second)
    changed = first.assign_add(3.0)
    lost = second.assign_add(chosen)
    return _done(tf, lambda: chosen, changed, lost)


def condition_that_fails(tf):
    none, first, second = _variables(tf)
    chosen = tf.cond(none > 1.0, lambda: first * 2.0, lambda: second)
    changed = first.assign_add(3.0)
    lost = second.assign_add(chosen)
    return _done(tf, lambda: chosen, changed, lost)


def beside_a_loop(tf):
    none, first, second = _variables(tf)
    total = tf.while_loop(lambda i: i < 3.0, lambda i: i + 1.0, [0.0])
    changed = first.assign_add(total)
    with tf.control_dependencies([tf.identity(none)]):
        lost = second.assign_add(1.0)
    return _done(tf, lambda: tf.identity(none), changed, lost)


def in_a_loop(tf):
    none, first, second = _variables(tf)
    total = tf.while_loop(lambda i: i < 3.0, lambda i: i + none, [0.0])
    changed = first.assign_add(3.0)
    lost = second.assign_add(total)
    return _done(tf, lambda: total, changed, lost)
