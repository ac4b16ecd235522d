"""Graphs, sessions, values and control flow: what hunts by hand found otherwise."""

import re

import numpy as np
from said import first_line, tries, tries_run


def _names(operations):
    return [operation.name for operation in operations]


def _anywhere(error):
    """An error without the place in TensorFlow's own files."""
    return re.sub(r" \(defined at [^)]*\)", "", first_line(error))


def devices_that_are_no_text(tf):
    """What a device function gives is a DeviceSpec or text, and nothing else."""
    operation = tf.no_op()

    def made_on(device):
        with tf.device(device):
            return tf.no_op().device

    def placed(device):
        operation._set_device(device)
        return operation.device

    return {
        "made": tries(
            lambda: made_on(lambda op: 3),
            lambda: made_on(lambda op: None),
            lambda: made_on(lambda op: b"/cpu:0"),
            lambda: made_on(lambda op: tf.DeviceSpec(job="ps", task=3)),
        ),
        "placed": tries(*[lambda d=d: placed(d) for d in (None, 3, b"/cpu:0", "/gpu:1")]),
        "read": tries(
            lambda: tf.DeviceSpec(job="a").parse_from_string(None).to_string(),
            lambda: tf.DeviceSpec(job="a").parse_from_string("").to_string(),
        ),
    }


def parts_of_operations(tf):
    """Types of inputs and outputs, attributes set by hand, and where it was made."""
    made = tf.matmul(tf.ones([2, 2]), tf.ones([2, 2])).op
    counted = tf.get_variable("v", [], tf.int32).assign_add(1).op
    return {
        "types": [(str(op._input_types), op._output_types) for op in (made, counted)],
        "set": tries(lambda: made._set_attr("foo", 3)),
        "traced": [
            isinstance(made.traceback, tuple),
            isinstance(made.traceback_with_start_lines, tuple),
        ],
        "operators": sorted(tf.Tensor.OVERLOADABLE_OPERATORS),
        "old": tries(
            lambda: made.outputs[0].__nonzero__(),
            lambda: tf.TensorShape(None).__nonzero__(),
            lambda: tf.TensorShape([]).__nonzero__(),
        ),
    }


def consumers_of_parts(tf):
    """Bundles of tensors know who takes one of them; slices have no shape."""
    sparse = tf.SparseTensor([[0]], [1.0], [2])
    slices = tf.IndexedSlices(tf.ones([1]), tf.constant([0]))
    before = sparse.consumers(), slices.consumers()
    tf.identity(sparse.values), tf.identity(sparse.indices), tf.identity(slices.values)
    return {
        "before": before,
        "after": [sorted(_names(taken.consumers())) for taken in (sparse, slices)],
        "refused": tries(lambda: slices.shape),
        "grouped": sorted(_names(tf.group(sparse, [slices]).control_inputs)),
    }


def types_that_stay(tf):
    """A type cannot be changed; handles have no type of NumPy's."""

    def change(name):
        setattr(tf.float32, name, 3)

    handles = [tf.resource, tf.variant, tf.as_dtype("resource_ref")]
    return {
        "changed": tries(*[lambda n=n: change(n) for n in ("name", "size", "is_bool")]),
        "arrays": tries(*[lambda d=d: d.as_numpy_dtype for d in handles]),
        "sizes": tries(*[lambda d=d: d.size for d in handles]),
        "floats": tries(lambda: float(tf.Dimension(3))),
    }


def texts_in_uneven_lists(tf):
    """Where NumPy makes an array of lists, their texts are taken one by one."""
    values = [["a", ["b"]], ["a", ["b", "c"]], ["a", []], ["a", [["b"]]], [1, [2]],
              [1, [2, 3]], [[1], [[2]]], [["a"], "b"], ["a", ["b", 3]]]
    types = tf.float32, tf.float16, tf.int32
    with tf.Graph().as_default():  # NumPy cannot read all of these attributes again
        return {
            "found": tries_run(tf, *[lambda v=v: tf.constant(v) for v in values]),
            "text": tries_run(
                tf, *[lambda v=v: tf.constant(v, tf.string) for v in values]
            ),
            "filled": tries_run(
                tf,
                lambda: tf.constant(["a", ["b"]], shape=[3]),
                lambda: tf.constant(["a", ["b"], ["c"]], shape=[2]),
            ),
            "large": tries(*[lambda d=d: tf.constant(10**400, d) for d in types]),
        }


def versions_of_what_was_read(tf):
    """A graph is as old as the oldest that was read into it."""
    message = tf.GraphDef()
    message.node.add(name="a", op="NoOp")
    message.versions.producer, message.versions.min_consumer = 21, 3
    with tf.Graph().as_default() as young:
        tf.no_op()
        before = str(young.graph_def_versions)
        tf.import_graph_def(message)
    message.versions.producer = 50
    with tf.Graph().as_default() as finished:
        finished.finalize()
        after = tries(
            lambda: tf.import_graph_def(tf.GraphDef()), lambda: tf.import_graph_def(message)
        )
    return {
        "before": before,
        "after": str(young.as_graph_def().versions),
        "exported": str(
            tf.train.export_meta_graph(graph=young).graph_def.versions
        ),
        "finished": after,
    }


def sessions_that_place_what_they_run(tf):
    """Of an interactive session, other operations may ask for devices not there."""
    first = tf.constant(1.0, name="first")
    with tf.device("/gpu:0"):
        second = tf.add(first, 1.0, name="second")
    third = tf.identity(second, name="third")
    variable = tf.Variable(1.0)
    configured = tf.ConfigProto()
    makes = [
        lambda: tf.InteractiveSession(),
        lambda: tf.Session(),
        lambda: tf.InteractiveSession(config=configured),
        lambda: tf.Session(config=configured),
    ]
    found = []
    for make in makes:
        session = make()
        found.append(
            tries(
                lambda: session.run(first),
                lambda: session.run(third),
                lambda: session.run(third, {second: 3.0}),
                lambda: session.run(second.op),
                lambda: session.run(variable.initializer),
                told=_anywhere,
            )
        )
        session.close()
    return {
        "found": found,
        "configuration": str(configured),
        "refused": tries(
            lambda: tf.InteractiveSession(config=3),
            lambda: tf.InteractiveSession("nowhere"),
            lambda: tf.InteractiveSession("grpc://nowhere"),
            lambda: tf.Session("grpc://"),
        ),
    }


def callables_and_closed_sessions(tf):
    """A callable without feeds is run by the runtime, which says errors shortly."""
    fed = tf.placeholder(tf.float32, [], name="fed")
    twice = tf.multiply(fed, 2.0, name="twice")
    session = tf.Session()
    plain, given = session.make_callable(twice), session.make_callable(twice, [fed])
    open_ = tries(plain, lambda: given(3.0), given)
    session.close()
    return {
        "open": open_,
        "closed": tries(plain, lambda: given(3.0), session.list_devices),
    }


def parts_of_a_run(tf):
    """One feed needs no list; without a handle, all is run at once."""
    fed = tf.placeholder(tf.float32, [], name="fed")
    twice = tf.multiply(fed, 2.0, name="twice")
    session = tf.Session()
    handle = session.partial_run_setup(twice, fed)
    return {
        "handle": handle,
        "found": tries(
            lambda: session.partial_run(handle, twice, {fed: 3.0}),
            lambda: session.partial_run(None, twice, {fed: 4.0}),
            lambda: session.partial_run_setup(twice, [3]),
            lambda: session.partial_run_setup(twice, [fed.op]),
        ),
    }


def fed_handles(tf):
    """Nothing of the program's can be fed for a handle."""
    variable = tf.Variable(1.0, use_resource=True)
    hole = tf.placeholder(tf.resource)
    session = tf.Session()
    session.run(variable.initializer)
    return {
        "found": tries(
            *[
                lambda v=v, h=h: session.run(variable.read_value(), {h: v})
                for v in (3, "a", np.zeros(2))
                for h in (hole, variable.handle)
            ]
        )
    }
