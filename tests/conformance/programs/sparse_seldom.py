"""tf.sparse: what is seldom used: extremes, splits, crosses, messages."""

import numpy as np
from said import tries, tries_run


def _sparse(tf):
    places = [[0, 0, 1], [0, 2, 0], [1, 0, 1], [1, 1, 1]]
    return tf.SparseTensor(places, [1.0, -2.0, -3.0, 4.0], [2, 3, 2])


def reductions(tf):
    x = _sparse(tf)
    made = {}
    for name in ("reduce_max", "reduce_max_sparse", "reduce_sum_sparse", "reduce_sum"):
        reduce = getattr(tf.sparse, name)
        for i, axis in enumerate((None, 0, [0, 1], [1], [-1, 0], [0, 1, 2])):
            for keep in (False, True):
                made["%s %d %s" % (name, i, keep)] = reduce(x, axis=axis, keepdims=keep)
    empty = tf.SparseTensor(np.zeros([0, 2], np.int64), np.zeros(0, np.float32), [2, 3])
    made["empty"] = [
        tf.sparse_reduce_max(empty),
        tf.sparse_reduce_max(empty, 0),
        tf.sparse_reduce_sum(empty, reduction_axes=0, keep_dims=True),
    ]
    made["ints"] = tf.sparse.reduce_max(tf.cast(x, tf.int32), axis=1)
    return made


def reductions_late(tf):
    x = _sparse(tf)
    known = tf.placeholder_with_default(np.array([2, 3, 2], np.int64), [3])
    unknown = tf.placeholder_with_default(np.array([2, 3, 2], np.int64), None)
    made = {}
    for name, shape in (("known", known), ("unknown", unknown)):
        y = tf.SparseTensor(x.indices, x.values, shape)
        made[name] = [
            tf.sparse.reduce_max(y, axis=1),
            tf.sparse.reduce_max_sparse(y),
            tf.sparse.reduce_sum_sparse(y, axis=[0, 2]),
        ]
    made["refused"] = tries_run(
        tf,
        lambda: tf.sparse.reduce_max(x, axis=5),
        lambda: tf.sparse.reduce_max(x, axis=[[0]]),
        lambda: tf.sparse.reduce_max_sparse(x, axis=-4),
    )
    return made


def extremes(tf):
    x = _sparse(tf)
    y = tf.SparseTensor([[0, 0, 1], [1, 1, 0], [1, 2, 1]], [3.0, -1.0, 2.0], [2, 3, 2])
    flat = tf.SparseTensor([[0, 1]], [3.0], [2, 3])
    other = tf.SparseTensor([[0, 0, 1]], [3.0], [2, 4, 2])
    late = tf.sparse_placeholder(tf.float32)
    return {
        "largest": tf.sparse.maximum(x, y),
        "smallest": tf.sparse_minimum(x, y, name="least"),
        "ints": tf.sparse.maximum(tf.cast(x, tf.int64), tf.cast(y, tf.int64)),
        "static": str(tf.sparse.maximum(late, late).indices.shape),
        "refused": tries(
            lambda: tf.gradients(tf.sparse.maximum(x, y).values, x.values)
        ),
        "run": tries_run(
            tf, lambda: tf.sparse.maximum(x, flat), lambda: tf.sparse.minimum(x, other)
        ),
    }


def splits(tf):
    x = _sparse(tf)
    split = tf.sparse.split
    made = {
        "%d by %d" % (axis, count): split(sp_input=x, num_split=count, axis=axis)
        for axis, count in ((0, 2), (1, 2), (1, 3), (2, 1))
    }
    known = tf.placeholder_with_default(np.array([2, 3, 2], np.int64), [3])
    made["late"] = tf.sparse_split(
        sp_input=tf.SparseTensor(x.indices, x.values, known),
        num_split=2,
        axis=2,
        name="cut",
    )
    made["made"] = tries(
        lambda: split(sp_input=x, num_split=2),
        lambda: split(3, sp_input=x, num_split=2, axis=1),
        lambda: split(num_split=2, axis=1),
        lambda: split(sp_input=x, axis=1),
        lambda: split(sp_input=3, num_split=2, axis=1),
        lambda: split(sp_input=x, num_split=0, axis=1),
    )
    made["run"] = tries_run(
        tf,
        lambda: split(sp_input=x, num_split=2, axis=-1),
        lambda: split(sp_input=x, num_split=4, axis=1),
        lambda: split(sp_input=x, num_split=2, axis=3),
    )
    return made


def making(tf):
    x = _sparse(tf)
    late = tf.placeholder_with_default(3, [])
    dense = np.array([[0, 1.5, 0], [2, 0, 0]], np.float32)
    ids = tf.SparseTensor([[0, 0], [0, 1], [2, 0]], tf.constant([3, 1, 0]), [3, 2])
    return {
        "eye": tf.sparse.eye(3),
        "wide": tf.sparse.eye(2, 4, tf.int32, name="wide"),
        "late": tf.sparse.eye(late, tf.constant(2, tf.int64)),
        "of": tf.sparse.from_dense(dense),
        "of_texts": tries(lambda: tf.sparse.from_dense([["a", ""]])),
        "of_late": tf.sparse.from_dense(
            tf.placeholder_with_default([0, 2], None), name="of"
        ),
        "last": tf.sparse.expand_dims(x),
        "first": tf.sparse.expand_dims(x, 0, name="front"),
        "inside": tf.sparse.expand_dims(x, tf.constant(-3)),
        "indicator": tf.sparse.to_indicator(ids, 4),
        "indicator_named": tf.sparse_to_indicator(
            tf.cast(ids, tf.int64), vocab_size=5, name="has"
        ),
        "merged": tf.sparse.merge(ids, tf.cast(ids, tf.float32), 4),
        "refused": tries(
            lambda: tf.sparse.eye(2.5),
            lambda: tf.sparse.eye(2, "3"),
            lambda: tf.sparse.expand_dims(x, 1.5),
            lambda: tf.sparse.to_indicator(3, 4),
            lambda: tf.sparse.to_indicator(ids, 2.5),
        ),
    }


def new_shapes(tf):
    x = _sparse(tf)
    known = tf.placeholder_with_default(np.array([2, 3, 2], np.int64), [3])
    late = tf.SparseTensor(x.indices, x.values, known)
    reset = tf.sparse.reset_shape
    return {
        "least": reset(x),
        "larger": reset(x, [3, 4, 5]),
        "late": tf.sparse_reset_shape(late, [3, 4, 5]),
        "by_tensor": reset(x, tf.placeholder_with_default([4, 4, 4], [3])),
        "of_value": reset(tf.SparseTensorValue([[0, 1]], [2.0], [5, 5])),
        "made": tries(
            lambda: reset(x, [1, 4, 5]),
            lambda: reset(x, [4, 5]),
            lambda: reset(x, 4),
            lambda: reset(3),
        ),
        "run": tries_run(tf, lambda: reset(late, [1, 4, 5])),
    }


def crosses(tf):
    a = tf.SparseTensor([[0, 0], [1, 2]], ["a", "b"], [2, 3])
    b = tf.constant([["x", "y"], ["z", "w"]])
    c = tf.SparseTensor([[0, 0], [0, 1], [1, 2]], tf.constant([1, 2, 3]), [2, 3])
    made = {}
    for name, inputs in (
        ("both", [a, b]),
        ("mixed", [a, c]),
        ("dense", [b, b]),
        ("numbers", [c, c]),
        ("three", [b, a, c]),
    ):
        made[name] = tf.sparse.cross(inputs)
        made[name + " hashed"] = tf.sparse.cross_hashed(inputs, num_buckets=100)
    made["key"] = tf.sparse.cross_hashed([a, b], hash_key=956888297470, name="keyed")
    made["refused"] = tries(
        lambda: tf.sparse.cross((a, b)),
        lambda: tf.sparse.cross([a, 3]),
        lambda: tf.sparse.cross_hashed([a, "b"]),
    )
    return made


def messages(tf):
    x = _sparse(tf)
    texts = tf.SparseTensor([[0, 1], [1, 0]], ["ab", ""], [3, 2])
    one, many = tf.io.serialize_sparse(x), tf.serialize_many_sparse(x, name="many")
    read = tf.deserialize_many_sparse
    unknown = tf.placeholder_with_default([["a", "b"]], None)
    return {
        "one": one,
        "many": many,
        "texts": tf.serialize_sparse(texts, name="t"),
        "back": read(many, tf.float32),
        "texts_back": tf.io.deserialize_many_sparse(
            tf.io.serialize_many_sparse(texts), tf.string, rank=2, name="back"
        ),
        "stacked": read(tf.stack([one, one]), tf.float32, rank=4),
        "different": read(
            tf.stack(
                [
                    tf.serialize_sparse(tf.sparse_reset_shape(x, s))
                    for s in ([2, 3, 4], [5, 3, 2])
                ]
            ),
            tf.float32,
        ),
        "variants": str(tf.serialize_sparse(x, out_type=tf.variant).shape),
        "made": tries(
            lambda: tf.serialize_sparse(3),
            lambda: read(one, tf.float32),
            lambda: read(many[:, :2], tf.float32),
            lambda: tf.serialize_sparse(x, out_type=tf.int32),
        ),
        "run": tries_run(
            tf,
            lambda: read(many, tf.int32),
            lambda: read(unknown, tf.int32),
            lambda: read([["a", "b", "c"]], tf.int32),
            lambda: tf.serialize_many_sparse(tf.SparseTensor([[0]], [1], [2])),
        ),
    }
