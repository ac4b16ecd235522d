"""Graphs, sessions, values and control flow: what hunts by hand found otherwise."""

import re
import threading

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


def _loop(tf, of, invariant=None, change=lambda x: x):
    """What two iterations make of something, with the shape it is said to keep."""
    said = None if invariant is None else [tf.TensorShape([]), invariant]
    return tf.while_loop(
        lambda i, x: i < 2,
        lambda i, x: (i + 1, change(x)),
        [tf.constant(0), of],
        shape_invariants=said,
    )[1]


def sparse_tensors_in_loops(tf):
    """Of a SparseTensor, a loop keeps the rank, and not the number of elements."""
    of, shape = tf.SparseTensor([[0, 1]], [1.0], [2, 2]), tf.TensorShape
    invariants = shape([2]), shape([None]), shape([2, 2]), shape([3]), "x"
    doubled = _loop(tf, of, None, lambda s: tf.sparse.add(s, s))
    return {
        "values": doubled.values,
        "refused": tries(*[lambda v=v: _loop(tf, of, v) and 1 for v in invariants]),
        "nothing": tries(lambda: _loop(tf, None)),
    }


def slices_in_loops(tf):
    """The number of rows may change if the program says so."""

    def more(s):
        return tf.IndexedSlices(
            tf.concat([s.values, s.values], 0), tf.tile(s.indices, [2]), s.dense_shape
        )

    of = tf.IndexedSlices(tf.ones([1, 3]), tf.constant([0]), tf.constant([2, 3]))
    free = tf.TensorShape([None, 3])
    return {
        "values": _loop(tf, of, free, more).values,
        "refused": tries(lambda: _loop(tf, of, None, more)),
        "without": _loop(tf, tf.IndexedSlices(tf.ones([1, 3]), tf.constant([0]))).values,
    }


def variables_that_change_their_type(tf):
    """A loop whose variable comes back as another type stops every run of the graph."""
    tf.while_loop(lambda i: i < 3, lambda i: tf.cast(i, tf.float32), [0])
    apart = tf.constant(1.0)
    return {
        "found": tries(
            lambda: tf.Session().run(apart),
            lambda: tf.Session().run(tf.global_variables_initializer()),
        )
    }


def shapes_of_what_is_broadcast(tf):
    """`broadcast_to` knows beforehand what does not fit."""
    shapes = [2], [1], [], [3, 1], [2, 3], None, [None], [None, 3], [0]
    wanted = [3, 3], [2], [], [1, 3], [0], [-1], [2, 0], [2, 2, 3], [2, 3]

    def made(shape, sizes):
        with tf.Graph().as_default():
            return str(tf.broadcast_to(tf.placeholder(tf.float32, shape), sizes).shape)

    return {
        "found": tries(*[lambda a=a, b=b: made(a, b) for a in shapes for b in wanted])
    }


def limits_that_are_no_scalars(tf):
    """Random whole numbers have one limit; the number of samples is one, too."""
    hole = tf.placeholder(tf.int32, [1])
    return {
        "found": tries(
            lambda: tf.random_uniform([2], [0], 5, tf.int32),
            lambda: tf.random_uniform([2], 0, [5, 6], tf.int64),
            lambda: tf.random_uniform([2], hole, 5, tf.int32),
            lambda: tf.random.stateless_uniform([2], [1, 2], [0, 1], [3, 4], tf.int32),
            lambda: tf.multinomial([[1.0]], [2]),
        )
    }


def calls_with_too_few_arguments(tf):
    """Some functions look at what they got before they find that something is missing."""

    def left(call):
        with tf.Graph().as_default() as graph:
            return [*tries(call), _names(graph.get_operations())]

    return {
        "found": [
            left(lambda: tf.tile([1, 2])),
            left(lambda: tf.tile([1, 2], object)),
            left(lambda: tf.batch_gather([1.0])),
            left(lambda: tf.concat([1.0])),
            left(lambda: tf.unsorted_segment_sum([1.0], [1])),
            left(lambda: tf.dynamic_partition([1.0], [1])),
            left(lambda: tf.atan2([1.0])),
        ]
    }


def rows_that_do_not_fit(tf):
    """What a stitch says of rows and places that do not fit together."""
    places = [tf.placeholder(tf.int32), tf.placeholder(tf.int32)]
    kinds = tf.float32, tf.int32
    rows = {kind: [tf.placeholder(kind), tf.placeholder(kind)] for kind in kinds}
    made = {kind: tf.dynamic_stitch(places, rows[kind]) for kind in kinds}
    session = tf.Session()

    def run(kind, *values):
        return session.run(made[kind], dict(zip(places + rows[kind], values)))

    given = [
        ([0], [1], [1, 2], [3]), ([0], [1], [1], [[3]]), ([0], [1], [[1]], [[3, 4]]),
        ([-1], [1], [1], [3]), (0, [1], [1, 2], [[3, 4]]), ([], [], [], []),
    ]  # fmt: skip
    return {
        "found": tries(
            *[lambda k=k, v=v: run(k, *v).tolist() for k in kinds for v in given]
        ),
        "unknown": tries(
            lambda: tf.get_default_graph().create_op("NoSuch", [], []),
            tf.logging.flush,
            told=lambda error: type(error).__name__,
        ),
    }


def functions_that_keep_zeros(tf):
    """They take SparseTensors, once they were refused as tensors."""
    sparse = tf.SparseTensor([[0, 1], [1, 0]], [-1.0, 4.0], [2, 3])
    named = tf.sqrt(sparse, name="root").values.name, tf.abs(x=sparse).values.name
    functions = tf.abs, tf.negative, tf.sign, tf.square, tf.tanh, tf.erf
    hole = tf.sparse_placeholder(tf.float32)
    return {
        "values": [f(sparse).values for f in functions],
        "named": named,
        "refused": tries(
            lambda: tf.exp(sparse),
            lambda: tf.negative(tf.IndexedSlices([1.0], [0])),
            lambda: tf.abs("a"),
            told=lambda error: type(error).__name__,
        ),
        "axes": [
            tf.sparse_reduce_sum(s).op.inputs[3].op.type for s in (sparse, hole)
        ],
    }


def interactive_sessions_closed_out_of_order(tf):
    """An earlier one cannot be closed before a later one, and is the default again."""

    def close():
        first, second = tf.InteractiveSession(), tf.InteractiveSession()
        found.extend(
            tries(
                lambda: first.close(),
                lambda: tf.get_default_session() is second,
                lambda: second.close(),
                lambda: tf.get_default_session() is first,
                told=lambda error: type(error).__name__,
            )
        )

    found = []
    apart = threading.Thread(target=close)  # which has a default session of its own
    apart.start()
    apart.join()
    return {"found": found}


def tensor_arrays_of_text(tf):
    """Text can be stacked; lengths are a vector."""
    texts = tf.TensorArray(tf.string, 2).unstack(["a", "b"])
    return {
        "stacked": texts.stack(),
        "refused": tries(lambda: tf.TensorArray(tf.float32, 2).split([1.0], 1)),
        "handle": tf.Session().partial_run_setup(
            [tf.constant(1, name="later"), tf.constant(2, name="early")]
        ),
    }


def branches_of_other_sequences(tf):
    """One result may come alone, in a list or in a tuple; indices become int64."""
    constant, slices = tf.constant, tf.IndexedSlices
    results = [
        (lambda: [constant(1)], lambda: (constant(2),)),
        (lambda: (constant(1),), lambda: constant(2)),
        (lambda: [[constant(1)]], lambda: [constant(2)]),
        (lambda: [constant(1), constant(2)], lambda: (constant(1), constant(2))),
        (
            lambda: slices(constant([1.0]), constant([0])),
            lambda: slices(constant([2.0]), constant([0], tf.int64)),
        ),
    ]
    yes = tf.placeholder_with_default(True, [])
    return {
        "found": tries(
            *[lambda a=a, b=b: tf.cond(yes, a, b).dtype.name for a, b in results]
        )
    }


def constants_without_elements(tf):
    """They are of float32, whatever is given for their value."""
    shapes, values = ([0], [2, 0]), (1, "a", [], [1, 2], np.array([]), np.array([1]))
    return {
        "types": tries(
            *[
                lambda v=v, s=s: tf.constant(v, shape=s).dtype.name
                for v in values
                for s in shapes
            ]
        )
    }


def sessions_that_were_reset(tf):
    """A reset ends all sessions of a target; later ones know nothing of it."""
    variable, one = tf.Variable(1.0), tf.constant(1.0)
    session = tf.Session()
    session.run(variable.initializer)
    tf.Session.reset("")
    later = tf.Session()
    return {
        "ended": tries(
            lambda: session.run(variable),
            lambda: session.run([]),
            session.make_callable(one),
            lambda: session.partial_run_setup([one]),
            lambda: session.run("nothing:0"),
        ),
        "later": tries(lambda: later.run(one), lambda: tf.Session.reset("", ["a"])),
        "nowhere": tries(
            lambda: tf.Session.reset("nowhere"),
            lambda: tf.Session.reset(
                "nowhere", config=tf.ConfigProto(log_device_placement=True)
            ),
        ),
        "nameless": tries(lambda: one.op.get_attr(None)),
    }


def loops_that_write_nothing(tf):
    """What a loop would have written says the shape of nothing."""
    count = tf.placeholder_with_default(0, [])

    def written(value, array):
        return tf.while_loop(
            lambda i, _: i < count, lambda i, a: (i + 1, a.write(i, value(i))), [0, array]
        )[1]

    grows = tf.TensorArray(tf.int32, 0, dynamic_size=True)
    return {
        "scalars": written(lambda i: i * i, grows).stack(),
        "rows": written(
            lambda i: [1.0], tf.TensorArray(tf.float32, count, element_shape=[1])
        ).stack(),
    }
