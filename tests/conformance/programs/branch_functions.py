"""Branches that are functions: `tf.switch_case`, and conditions as operations."""

import contextlib
import importlib
import re

from said import tries


@contextlib.contextmanager
def _operations(tf):
    """Conditions are operations inside."""
    tf.enable_control_flow_v2()
    try:
        yield
    finally:
        tf.disable_control_flow_v2()


def _chosen(tf, index, result, numbers=range(-1, 5)):
    """What a result is for some values of a placeholder."""
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return [session.run(result, {index: number}) for number in numbers]


def one_of_several(tf):
    index = tf.placeholder(tf.int32, [], name="index")
    x, y = tf.constant([1.0, 2.0], name="x"), tf.constant(3.0, name="y")
    v = tf.get_variable("v", [2], initializer=tf.ones_initializer(), use_resource=True)
    result = tf.switch_case(
        index, [lambda: x * 2, lambda: x + y, lambda: v * x], default=lambda: x * x * y
    )
    slopes = tf.gradients(result, [x, y, v])
    return {"values": _chosen(tf, index, [result, slopes])}


def structures_and_names(tf):
    index = tf.placeholder(tf.int32, [], name="index")
    with tf.variable_scope("outer"):
        result = tf.switch_case(
            index,
            {
                1: lambda: {"a": 1.0, "b": (2, [3.0])},
                0: lambda: {"a": 4.0, "b": (5, [6.0])},
            },
            name="chosen",
        )
    return {
        "a": result["a"].name,
        "b": str(result["b"]),
        "values": _chosen(tf, index, result, (0, 1)),
    }


def variables_made_in_branches(tf):
    index = tf.placeholder(tf.int32, [], name="index")

    def layer():
        return tf.layers.dense(
            tf.ones([1, 2]), 2, kernel_initializer=tf.ones_initializer()
        )

    with tf.variable_scope("model"):
        result = tf.switch_case(index, [layer, lambda: tf.zeros([1, 2])])
    return {
        "variables": [v.name for v in tf.global_variables()],
        "kinds": [type(v).__name__ for v in tf.global_variables()],
        "values": _chosen(tf, index, result, (0, 1)),
    }


def effects(tf):
    index = tf.placeholder(tf.int32, [], name="index")
    v = tf.get_variable("v", [], initializer=tf.zeros_initializer(), use_resource=True)

    def unused():
        v.assign_add(1.0)
        return tf.constant(1.0)

    lost = tf.switch_case(index, [unused, lambda: tf.constant(2.0)])
    kept = tf.switch_case(index, [lambda: v.assign_add(10.0).op, tf.no_op])
    found = []
    with tf.Session() as session:
        session.run(v.initializer)
        for number in (0, 1, 0):
            feeds = {index: number}
            found.append([session.run(t, feeds) for t in (lost, v, kept, v)])
    return {"found": found}


def random_numbers(tf):
    index = tf.placeholder(tf.int32, [], name="index")
    result = tf.switch_case(
        index, [lambda: tf.random_uniform([2], seed=3), lambda: tf.random_normal([2])]
    )
    with tf.Session() as session:
        return {"values": [session.run(result, {index: i}) for i in (0, 0, 1, 1, 0)]}


def rows_of_a_table(tf):
    index = tf.placeholder(tf.int32, [], name="index")
    table = tf.get_variable(
        "table", [3, 2], initializer=tf.ones_initializer(), use_resource=True
    )
    result = tf.switch_case(
        index, [lambda: tf.nn.embedding_lookup(table, [0, 2]), lambda: table[1:] * 2]
    )
    slopes = tf.gradients(result, [table])[0]
    return {
        "kind": type(slopes).__name__,
        "values": _chosen(tf, index, tf.convert_to_tensor(slopes), (0, 1)),
    }


def one_in_another(tf):
    index = tf.placeholder(tf.int32, [], name="index")
    x = tf.constant(2.0, name="x")

    def inner():
        return tf.switch_case(index - 1, [lambda: tf.square(x), lambda: x * x * x])

    result = tf.switch_case(index, [lambda: x, inner])
    slopes = tf.gradients(result, x)
    return {"values": _chosen(tf, index, [result, slopes], (0, 1, 2))}


def conditions_in_branches_are_operations(tf):
    index = tf.placeholder(tf.int32, [], name="index")
    seen = []

    def inner():
        seen.append(tf.control_flow_v2_enabled())
        made = tf.cond(index > 1, lambda: tf.constant(1.0), lambda: tf.constant(2.0))
        seen.append(made.op.inputs[0].op.type)
        return made

    result = tf.switch_case(index, [lambda: tf.constant(3.0), inner])
    return {
        "seen": seen,
        "outside": tf.control_flow_v2_enabled(),
        "values": _chosen(tf, index, result, (0, 1, 2)),
    }


def slopes_of_slopes(tf):
    index = tf.placeholder(tf.int32, [], name="index")
    x = tf.constant(3.0, name="x")
    result = tf.switch_case(index, [lambda: x * x * x, lambda: tf.exp(x) * x])
    first = tf.gradients(result, x)[0]
    second = tf.gradients(first, x)[0]
    return {"values": _chosen(tf, index, [result, first, second], (0, 1))}


def slopes_twice(tf):
    index = tf.placeholder(tf.int32, [], name="index")
    x = tf.constant(3.0, name="x")
    result = tf.switch_case(index, [lambda: x * tf.sin(x), lambda: x * 2.0])
    one, two = tf.gradients(result, x)[0], tf.gradients(result * 2.0, x)[0]
    return {"values": _chosen(tf, index, [one, two], (0, 1))}


def what_it_refuses(tf):
    one = tf.constant(1, name="one")
    leaked = []

    def leak():
        leaked.append(tf.constant(1.0, name="leaked"))
        return leaked[0]

    return {
        "said": tries(
            lambda: tf.switch_case(1, [lambda: 1.0]),
            lambda: tf.switch_case(tf.constant(1.0), [lambda: 1.0]),
            lambda: tf.switch_case(one, []),
            lambda: tf.switch_case(one, 3),
            lambda: tf.switch_case(one, [3]),
            lambda: tf.switch_case(one, [(0, 3)]),
            lambda: tf.switch_case(one, [(1, lambda: 1)]),
            lambda: tf.switch_case(one, {"a": lambda: 1}),
            lambda: tf.switch_case(tf.constant(1, tf.int64), [lambda: 1, lambda: 2]),
            lambda: tf.switch_case(one, [lambda: 1, lambda: 2.0]),
            lambda: tf.switch_case(one, [lambda: (1, 2), lambda: [1, 2]]),
            lambda: tf.switch_case(one, [leak, lambda: leaked[0] + 1.0]),
            lambda: tf.switch_case(one, [lambda: None, lambda: None]),
        )
    }


def what_fails_in_a_branch(tf):
    index = tf.placeholder(tf.int32, [], name="index")
    v = tf.get_variable("v", [], use_resource=True)
    result = tf.switch_case(
        index, [lambda: tf.check_numerics(tf.log(-1.0), "no number"), lambda: v + 1.0]
    )
    with tf.Session() as session:
        return {
            "said": tries(
                lambda: session.run(result, {index: 0}),
                lambda: session.run(result, {index: 1}),
                lambda: session.run(result.op.inputs[0].op, {index: 0}),
            )
        }


def conditions_as_operations(tf):
    with _operations(tf):
        pred = tf.placeholder(tf.bool, [], name="pred")
        x, y = tf.constant([1.0, 2.0], name="x"), tf.constant(3.0, name="y")
        v = tf.get_variable(
            "v", [2], initializer=tf.ones_initializer(), use_resource=True
        )
        result = tf.cond(
            pred, lambda: (x * y, v * v), lambda: (x + y, x), name="chosen"
        )
        slopes = tf.gradients(result, [x, y, v])
        return {
            "enabled": tf.control_flow_v2_enabled(),
            "values": _chosen(tf, pred, [result, slopes], (True, False)),
        }


def case_as_operations(tf):
    with _operations(tf):
        x = tf.placeholder(tf.int32, [], name="x")
        result = tf.case(
            [
                (tf.equal(x, 1), lambda: tf.constant(10.0)),
                (tf.equal(x, 2), lambda: tf.constant(20.0)),
            ],
            default=lambda: tf.constant(0.0),
        )
        return {"values": _chosen(tf, x, result, (0, 1, 2))}


def training_through_a_condition(tf):
    with _operations(tf):
        pred = tf.placeholder(tf.bool, [], name="pred")
        w = tf.get_variable(
            "w", [2], initializer=tf.ones_initializer(), use_resource=True
        )
        loss = tf.reduce_sum(tf.cond(pred, lambda: w * w, lambda: w * 3.0))
        step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
        found = []
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for choice in (True, False, True):
                session.run(step, {pred: choice})
                found.append(session.run(w))
        return {"found": found}


def conditions_refused(tf):
    with _operations(tf):
        yes = tf.constant(True)
        return {
            "said": tries(
                lambda: tf.cond(True, lambda: 1, lambda: 2),
                lambda: tf.cond(yes, lambda: 1, lambda: 2.0),
                lambda: tf.cond(yes, lambda: (1, 2), lambda: 1),
                lambda: tf.cond(yes, lambda: 1, None),
                lambda: str(tf.cond(yes, lambda: [1], lambda: [2])),
                lambda: str(tf.cond(yes, tf.no_op, tf.no_op)),
            )
        }


def frames_entered_by_hand(tf):
    flow = importlib.import_module("tensorflow.python.ops.gen_control_flow_ops")
    fed = tf.placeholder(tf.float32, [])
    one, two = flow.enter(fed, "one", False), flow.enter(fed, "two", False)
    outside = tf.constant(2.0)
    results = [tf.add(one, two), tf.add(one, outside), tf.add(outside, two)]
    with tf.Session() as session:
        return {
            "said": [
                re.sub(r" \(defined at [^)]*\)", "", said)
                for said in tries(
                    *[lambda r=r: session.run(r, {fed: 1.0}) for r in results]
                )
            ]
        }


def cases_that_may_be_known(tf):
    smart_case = tf.contrib.framework.smart_case
    x = tf.placeholder(tf.int32, [], name="x")
    result = smart_case(
        [(tf.equal(x, 1), lambda: tf.constant(1)), (tf.equal(x, 2), lambda: x * 10)],
        default=lambda: tf.constant(3),
        exclusive=True,
    )
    yes = tf.constant(True)
    return {
        "values": _chosen(tf, x, result, (1, 2, 3)),
        "said": tries(
            lambda: smart_case([(False, lambda: 5), (True, lambda: 2)], lambda: 3),
            lambda: smart_case([(False, lambda: 5)], default=lambda: 3),
            lambda: smart_case([(yes, lambda: 5)], default=lambda: 3),
            lambda: smart_case({yes: lambda: 4}, default=lambda: 3, exclusive=True),
            lambda: smart_case([(1, lambda: 5)], default=lambda: 3),
            lambda: smart_case([(True, 3)], default=lambda: 3),
            lambda: smart_case([(x, lambda: 3)], default=lambda: 3),
            lambda: tf.case([(True, lambda: 5)]),
        ),
    }


def branches_in_files(tf):
    index = tf.placeholder(tf.int32, [], name="index")
    x = tf.constant([1.0, 2.0], name="x")
    v = tf.get_variable("v", [2], initializer=tf.ones_initializer(), use_resource=True)

    def inner():
        return tf.switch_case(index - 1, [lambda: x * v, lambda: tf.unstack(x)[1] * x])

    tf.identity(tf.switch_case(index, [lambda: x * 2, inner], name="outer"), "result")
    graph_def = tf.get_default_graph().as_graph_def()
    with tf.Graph().as_default() as graph:
        result, x, v, index = tf.import_graph_def(
            graph_def,
            return_elements=["result:0", "x:0", "v:0", "index:0"],
            name="",
        )
        slopes = tf.gradients(result, [x, v])
        with tf.Session() as session:
            session.run("v/Assign")
            values = [session.run([result, slopes], {index: i}) for i in (0, 1, 2)]
        again = len(graph.as_graph_def().library.function)
    return {
        "functions": len(graph_def.library.function),
        "described": [
            [len(f.node_def), [a.type for a in f.signature.input_arg], f.signature.is_stateful]
            for f in sorted(graph_def.library.function, key=lambda f: f.signature.name)
        ],
        "values": values,
        "more": again > len(graph_def.library.function),
    }
