"""Changes of variables, and the errors of those that cannot be made."""

import numpy as np


def _said(call, *args, **kwargs):
    try:
        result = call(*args, **kwargs)
    except Exception as error:
        text = str(error).split("\n\nOriginal stack")[0].split("\n\t [[")[0]
        return "%s: %s" % (type(error).__name__, text.split("\n")[0])
    return result.tolist() if hasattr(result, "tolist") else str(result)


def _variables(tf):
    ref = tf.Variable([[1.0, 2.0], [3.0, 4.0]], name="ref")
    held = tf.Variable([[1.0, 2.0], [3.0, 4.0]], name="held", use_resource=True)
    return ref, held


def scattered_wrongly(tf):
    said = {}
    places = tf.placeholder(tf.int32, name="places")
    rows = tf.placeholder(tf.float32, name="rows")
    for variable in _variables(tf):
        name = variable.op.name
        change = tf.scatter_add(variable, places, rows)
        deep = tf.scatter_nd_update(variable, places, rows)
        with tf.Session() as session:
            session.run(variable.initializer)
            said[name + " far"] = _said(
                session.run, change, {places: [0, 2], rows: np.ones([2, 2])}
            )
            said[name + " nd far"] = _said(
                session.run, deep, {places: [[0, 5]], rows: [1.0]}
            )
            session.run(variable.initializer)
            session.run(change, {places: [1, 1], rows: np.ones([2, 2])})
            said[name] = _said(session.run, variable)
    return said


def gathered_wrongly(tf):
    said = {}
    places = tf.placeholder(tf.int32, name="places")
    for variable in _variables(tf):
        name = variable.op.name
        rows = tf.gather(variable, places)
        cells = tf.gather_nd(variable, places)
        with tf.Session() as session:
            session.run(variable.initializer)
            said[name] = _said(session.run, rows, {places: [1, 0]})
            said[name + " far"] = _said(session.run, rows, {places: [[0, -1]]})
            said[name + " nd"] = _said(session.run, cells, {places: [[1, 0]]})
    return said


def counted_up(tf):
    said = {}
    for resource in (False, True):
        step = tf.Variable(0, name="step", use_resource=resource)
        count = tf.count_up_to(step, 2)
        with tf.Session() as session:
            key = "resource" if resource else "ref"
            session.run(step.initializer)
            said[key] = [_said(session.run, count) for _ in range(3)]
    return said


def assigned_wrongly(tf):
    said = {}
    value = tf.placeholder(tf.float32, name="value")
    for variable in _variables(tf):
        name = variable.op.name
        give, add = tf.assign(variable, value), tf.assign_add(variable, value)
        take = tf.assign_sub(variable, value)
        ready = tf.is_variable_initialized(variable)
        with tf.Session() as session:
            said[name + " ready"] = _said(session.run, ready)
            session.run(variable.initializer)
            said[name + " ready now"] = _said(session.run, ready)
            said[name + " other shape"] = _said(session.run, give.op, {value: [1.0]})
            session.run(variable.initializer)
            said[name + " add"] = _said(session.run, add, {value: np.ones([2, 2])})
            said[name + " take"] = _said(session.run, take, {value: np.ones([2, 2])})
        said[name + " never"] = _said(tf.assign, variable, [1.0, 2.0, 3.0])
    return said


def integers_divided(tf):
    ref = tf.Variable([7, -7, 9], name="ref")
    held = tf.Variable([7.0, -7.0, 9.0], name="held", use_resource=True)
    said = {}
    for variable, by in ((ref, [2, 4]), (held, [2.0, 4.0])):
        divided = tf.scatter_div(variable, [0, 2], by)
        with tf.Session() as session:
            session.run(variable.initializer)
            said[variable.op.name] = _said(session.run, divided)
    return said


def batches_of_rows(tf):
    said = {}
    ref = tf.Variable(np.arange(6.0).reshape(2, 3), name="ref")
    wide = tf.constant([[2, 0], [1, 2]], tf.int64)
    changed = tf.batch_scatter_update(ref, wide, np.ones([2, 2]) * 9.0)
    with tf.Session() as session:
        session.run(ref.initializer)
        said["rows"] = _said(session.run, changed)
    unknown = tf.placeholder(tf.int32)
    said["unknown"] = _said(tf.batch_scatter_update, ref, unknown, [1.0])
    return said
