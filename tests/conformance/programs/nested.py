"""Nested structures, and what Python code knows of tensors before a run."""

import collections

from said import tries, tries_whole

Point = collections.namedtuple("Point", ["x", "y"])


def walked(tf):
    nest = tf.contrib.framework.nest
    mixed = {"b": [1, (2, Point(3, {"k": 4}))], "a": range(5, 7)}
    return {
        "flat": nest.flatten(mixed),
        "sequences": [
            nest.is_sequence(value)
            for value in ({1}, range(2), {1: 2}.values(), "a", b"a", [], (), {}, 3)
        ],
        "paths": nest.flatten_with_joined_string_paths(mixed),
        "tuples": [str(path) for path, _ in nest.flatten_with_tuple_paths(mixed)],
        "packed": str(nest.pack_sequence_as([0, (0, {"a": 0})], ["x", "y", "z"])),
        "ranges": nest.map_structure(lambda x: x + 1, range(3)),
        "up to": nest.flatten_up_to({"b": 0, "a": 0}, {"b": [1, 2], "a": (3,)}),
        "mapped": str(
            nest.map_structure_with_paths(
                lambda path, x: "%s=%s" % (path, x), {"b": [1, 2], "a": 3}
            )
        ),
        "wanted": nest.get_traverse_shallow_structure(
            lambda part: not isinstance(part, tuple), [1, [2, (3, 4)]]
        ),
    }


def refused(tf):
    nest = tf.contrib.framework.nest
    same, deep = nest.assert_same_structure, nest.assert_shallow_structure
    return {
        "said": tries_whole(
            lambda: same((((1, 2), 3), 4), ("spam", "eggs", "ham")),
            lambda: same([1, [2]], [1, 2, 3]),
            lambda: same([1, 2], [1, 2, 3]),
            lambda: same(0, [0, 1]),
            lambda: same((0, 1), [0, 1]),
            lambda: same((0, 1), [0, 1], False),
            lambda: same({"a": 1}, {"b": 1}),
            lambda: same(Point(1, 2), collections.namedtuple("Point", "x y")(1, 2)),
            lambda: nest.map_structure(lambda x: x),
            lambda: nest.map_structure(lambda x, y: x, [1], [2], foo=1),
            lambda: nest.map_structure("f", [1]),
            lambda: nest.pack_sequence_as([1, 2], [3]),
            lambda: nest.pack_sequence_as("scalar", [4, 5]),
            lambda: nest.flatten_dict_items({(1, 2): (3, 4, 5)}),
            lambda: deep([1], [1, 2]),
            lambda: deep([[1]], [1]),
            lambda: deep({"a": {"c": 1}}, {"a": {"d": 1}}),
            lambda: deep([1, 2], [1], check_subtrees_length=False),
            lambda: nest.map_structure_up_to([1], lambda x: x),
            lambda: nest.get_traverse_shallow_structure(lambda part: 3, [1]),
            lambda: nest.get_traverse_shallow_structure(lambda part: [3], [1]),
            lambda: nest.get_traverse_shallow_structure(lambda part: part, 1),
        )
    }


def known_before_a_run(tf):
    fed = tf.placeholder(tf.float32, name="fed")
    things = [
        3,
        None,
        "a",
        tf.constant([1, 2]),
        fed,
        tf.shape(tf.zeros([2, 3])),
        tf.stack([fed, 1.0]),
        tf.Variable(1.0),
        tf.SparseTensor([[0]], [1], [1]),
        tf.IndexedSlices([1.0], [0]),
    ]
    return {
        "values": [str(tf.get_static_value(thing)) for thing in things],
        "partly": str(tf.get_static_value(tf.stack([fed, 1.0]), partial=True)),
        "tensors": [tf.is_tensor(thing) for thing in things],
    }


def functions_of_several_types(tf):
    from tensorflow.python.framework import function

    @function.Defun()
    def twice(x):
        return x + x

    @function.Defun(tf.float32, func_name="Named", out_names=["one", "two"])
    def named(x):
        return x

    graph = tf.Graph()  # its operations have names that depend on what they do
    with graph.as_default(), tf.Session() as session:
        floats, integers = twice(tf.constant(1.5)), twice(tf.constant(2))
        return {
            "values": session.run([floats, integers]),
            "several": floats.op.type != integers.op.type,
            "kept": len(graph.as_graph_def().library.function),
            "said": tries(lambda: named(1.0)),
        }
