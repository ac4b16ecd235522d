"""Assertions: what is known while the graph is built, and what fails when it runs."""

import numpy as np


def _words(error):
    lines = []
    for line in str(error).split("\n"):
        if line.startswith(("\t [[", "Errors may", "Original stack")) or not line:
            break
        lines.append(line)
    return "%s: %s" % (type(error).__name__, "\n".join(lines))


def _said(call, *args, **kwargs):
    try:
        result = call(*args, **kwargs)
    except Exception as error:
        return _words(error)
    return "nothing" if result is None else getattr(result, "name", str(result))


def _ran(tf, op, feed=None):
    with tf.Session() as session:
        return _said(lambda: session.run([op], feed)[:0] or None)


def compared_now(tf):
    a, b = tf.constant([1, 2, 3]), tf.constant([1, 5, 3])
    said = {}
    for word in (
        "equal",
        "none_equal",
        "less",
        "less_equal",
        "greater",
        "greater_equal",
    ):
        check = getattr(tf, "assert_" + word)
        said[word] = _said(check, a, b)
        said[word + " turned"] = _said(check, b, a, message="turned")
        said[word + " itself"] = _said(check, a, a)
        said[word + " numbers"] = _said(check, 1, 2, data=["why", a], name="named")
    return said


def compared_later(tf):
    a = tf.placeholder(tf.float32, [None], name="a")
    b = tf.placeholder_with_default([1.0, 2.0], [2], name="b")
    feed = {a: [1.0, 3.0]}
    said = {}
    for word in (
        "equal",
        "none_equal",
        "less",
        "less_equal",
        "greater",
        "greater_equal",
    ):
        check = getattr(tf, "assert_" + word)
        said[word] = _ran(tf, check(a, b), feed)
        said[word + " told"] = _ran(tf, check(b, a, message="told", summarize=1), feed)
        said[word + " data"] = _ran(tf, check(b, a, data=["x", a, b]), feed)
    return said


def near(tf):
    a = tf.placeholder_with_default([1.0, 2.0], [2], name="a")
    wide = tf.constant([1.0, 2.5], tf.float64)
    return {
        "same": _ran(tf, tf.assert_near(a, [1.0, 2.0])),
        "almost": _ran(tf, tf.assert_near(a, [1.0, 2.1], rtol=0.1)),
        "wide": _ran(tf, tf.assert_near(wide, [1.0, 2.4], atol=0.2, name="n")),
        "data": _ran(tf, tf.assert_near(a, [1.0, 2.1], data=["far", a], summarize=1)),
        "type": _said(lambda: tf.assert_near(a, wide)),
    }


def signs(tf):
    some = tf.placeholder_with_default([1.0, 0.0, -1.0], [3], name="some")
    said = {}
    for word in ("negative", "positive", "non_negative", "non_positive"):
        check = getattr(tf, "assert_" + word)
        said[word] = _ran(tf, check(some))
        said[word + " message"] = _ran(tf, check(some, message="m", summarize=1))
        said[word + " data"] = _ran(tf, check(some, data=["seen", some]))
        said[word + " now"] = _said(check, tf.constant([1, 0, -1]))
        said[word + " ints"] = _said(check, [2, 1] if "pos" in word else [-2, -1])
    return said


def types_and_scalars(tf):
    one, word, many = tf.constant(1), tf.constant("w"), tf.constant([1.0])
    unknown = tf.placeholder(tf.float32, name="unknown")
    return {
        "integer": _said(lambda: tf.assert_integer(one)),
        "no integer": _said(lambda: tf.assert_integer(many, message="whole")),
        "type": _said(lambda: tf.assert_type(word, tf.string)),
        "other type": _said(lambda: tf.assert_type(word, tf.int32)),
        "other type told": _said(lambda: tf.assert_type(one, tf.string, message="so")),
        "scalar": _said(lambda: tf.assert_scalar(one)),
        "number": _said(lambda: tf.assert_scalar(3.0)),
        "no scalar": _said(lambda: tf.assert_scalar(many)),
        "no scalar told": _said(lambda: tf.assert_scalar(many, message="one. ")),
        "unknown": _said(lambda: tf.assert_scalar(unknown)),
    }


def ranks_now(tf):
    flat, deep = tf.constant([1, 2]), tf.zeros([2, 3])
    odd = tf.constant([1, 2])
    return {
        "is": _said(lambda: tf.assert_rank(flat, 1)),
        "is not": _said(lambda: tf.assert_rank(flat, 2)),
        "is not told": _said(lambda: tf.assert_rank(flat, 2, message="flat", name="r")),
        "odd": _said(lambda: tf.assert_rank(flat, odd)),
        "type": _said(lambda: tf.assert_rank(flat, 1.5)),
        "least": _said(lambda: tf.assert_rank_at_least(deep, 1)),
        "less": _said(lambda: tf.assert_rank_at_least(flat, 2)),
        "in": _said(lambda: tf.assert_rank_in(deep, [1, 2])),
        "not in": _said(lambda: tf.assert_rank_in(deep, (0, 3), message="no")),
        "data": _said(lambda: tf.assert_rank_in(deep, [3], data=["d", deep])),
    }


def ranks_later(tf):
    x = tf.placeholder(tf.float32, name="x")
    rank = tf.placeholder(tf.int32, [], name="rank")
    loose = tf.placeholder(tf.int32, name="loose")
    value = np.ones([2, 3], np.float32)
    feed = {x: value, rank: 1, loose: 2}
    return {
        "is": _ran(tf, tf.assert_rank(x, 2), feed),
        "is not": _ran(tf, tf.assert_rank(x, 1, message="m"), feed),
        "rank": _ran(tf, tf.assert_rank(x, rank), feed),
        "least": _ran(tf, tf.assert_rank_at_least(x, 3, summarize=5), feed),
        "in": _ran(tf, tf.assert_rank_in(x, [1, 2]), feed),
        "not in": _ran(tf, tf.assert_rank_in(x, [1, 3], data=["d", x]), feed),
        "in fed": _ran(tf, tf.assert_rank_in(x, [rank, loose]), feed),
        "fed known": _ran(tf, tf.assert_rank_at_least(tf.zeros([1]), rank), feed),
    }


def plain_asserts(tf):
    flag = tf.placeholder(tf.bool, [], name="flag")
    words = tf.constant(["a", "it's", "c\n", "d"])
    floats = tf.constant([[1.5, 2.0], [3.25, 1e-9]])
    big = tf.constant(np.arange(12, dtype=np.int64).reshape(2, 3, 2))
    off = {flag: False}
    return {
        "words": _ran(tf, tf.Assert(flag, [words]), off),
        "words, holds": _ran(tf, tf.Assert(flag, [words]), {flag: True}),
        "floats": _ran(tf, tf.Assert(flag, [floats, words]), off),
        "floats, holds": _ran(tf, tf.Assert(flag, [floats]), {flag: True}),
        "all": _ran(tf, tf.Assert(flag, [floats, big], summarize=-1), off),
        "five": _ran(tf, tf.Assert(flag, [big, floats], summarize=5, name="five"), off),
        "none": _ran(tf, tf.Assert(flag, [tf.zeros([0]), tf.zeros([0, 2])]), off),
        "known": _ran(tf, tf.Assert(False, ["known"])),
        "types": _ran(
            tf,
            tf.Assert(
                flag,
                [
                    flag,
                    tf.constant(0.1, tf.float64),
                    tf.constant(1 + 2j),
                    tf.constant(3, tf.uint8),
                    tf.constant(0.1, tf.float16),
                    tf.constant(1 / 3.0),
                    tf.constant(float("nan")),
                ],
            ),
            off,
        ),
    }


def waiting(tf):
    x = tf.placeholder_with_default([1.0, -2.0], [2])
    with tf.control_dependencies([tf.assert_positive(x)]):
        guarded = tf.sqrt(x)
    checked = tf.ensure_shape(tf.placeholder_with_default([1.0, 2.0], None), [3])
    return {"run": _ran(tf, guarded), "shape": _ran(tf, checked)}


def ensured_shapes(tf):
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    y = tf.ensure_shape(tf.identity(x, name="same"), [3, None])
    rows = np.ones([3, 2], np.float32)
    return {
        "fits": _ran(tf, y, {x: rows}),
        "short": _ran(tf, y, {x: rows[:1]}),
        "any": _said(lambda: tf.ensure_shape(x, None)),
        "unknown": _ran(
            tf, tf.ensure_shape(tf.placeholder_with_default(rows, None), None)
        ),
        "never": _said(lambda: tf.ensure_shape(x, [3, 3])),
        "rank": _said(lambda: tf.ensure_shape(x, [3])),
        "shape": str(y.shape),
    }


def ensured_shape_gradient(tf):
    x = tf.constant([1.0, 2.0])
    return {"grad": tf.gradients(tf.ensure_shape(x, [2]) * 3.0, x)[0]}


def iterables(tf):
    sparse = tf.SparseTensor([[0]], [1], [2])
    fine = tf.assert_proper_iterable
    return {
        "list": _said(lambda: fine([1, 2])),
        "generator": _said(lambda: fine(x for x in [1])),
        "text": _said(lambda: fine("text")),
        "bytes": _said(lambda: fine(b"text"))[:60],
        "number": _said(lambda: fine(3)),
        "array": _said(lambda: fine(np.zeros(2)))[:70],
        "tensor": _said(lambda: fine(tf.zeros([2])))[:60],
        "sparse": _said(lambda: fine(sparse))[:60],
    }


def float_types(tf):
    same = (
        tf.debugging.assert_same_float_dtype
        if hasattr(tf.debugging, "assert_same_float_dtype")
        else tf.contrib.framework.assert_same_float_dtype
    )
    f32, f64 = tf.constant(1.0, name="a"), tf.constant(1.0, tf.float64, name="b")
    return {
        "none": str(same()),
        "tensors": str(same([None, f32, f32])),
        "wide": str(same([f64])),
        "type": str(same(dtype=tf.float16)),
        "two": _said(lambda: same([f32, f64])),
        "not the type": _said(lambda: same([f32], tf.float64)),
        "ints": _said(lambda: same([tf.constant(1)])),
        "int type": _said(lambda: same(dtype=tf.int32)),
    }


def orders(tf):
    up, flat, down = [1, 2, 3], [1, 1, 2], [2.0, 1.0]
    found = {}
    for word in ("is_non_decreasing", "is_strictly_increasing"):
        check = getattr(tf, word)
        found[word + " up"] = check(tf.constant(up))
        found[word + " flat"] = check(tf.constant(flat), name="n")
        found[word + " down"] = check(tf.constant(down))
        found[word + " one"] = check(tf.constant([1.0]))
        found[word + " matrix"] = check(tf.constant([[1, 2], [3, 3]]))
        found[word + " fed"] = check(tf.placeholder_with_default([3, 4], [None]))
    found["words"] = _said(lambda: tf.is_non_decreasing(tf.constant(["a", "b"])))
    found["numeric"] = [
        tf.is_numeric_tensor(x)
        for x in (
            tf.constant(1),
            tf.constant("a"),
            tf.constant(True),
            3,
            tf.constant(1j),
        )
    ]
    return found


def finite(tf):
    x = tf.placeholder_with_default([1.0, 0.0], [2], name="x")
    safe = tf.verify_tensor_all_finite(x, "safe")
    unsafe = tf.verify_tensor_all_finite(1.0 / x, msg="unsafe", name="v")
    undefined = tf.debugging.assert_all_finite(tf.log(x - 1.0), "undefined")
    return {
        "safe": safe,
        "unsafe": _ran(tf, unsafe),
        "undefined": _ran(tf, undefined),
        "both": _ran(tf, tf.check_numerics(tf.stack([1.0 / x, tf.log(-x)]), "both")),
        "half": _ran(tf, tf.check_numerics(tf.cast(1.0 / x, tf.float16), "half")),
        "twice": _said(lambda: tf.verify_tensor_all_finite(x, "a", x=x)),
    }


def everything_finite(tf):
    x = tf.placeholder_with_default([1.0, 0.0], [2], name="x")
    tf.divide(1.0, x, name="d")
    v = tf.get_variable("v", [2], tf.float64, tf.ones_initializer())
    tf.constant(3)
    check = tf.add_check_numerics_ops()
    with tf.Session() as session:
        session.run(v.initializer)
        fails = _said(lambda: session.run(check))
        holds = _said(lambda: session.run(check, {x: [1.0, 2.0]}))
    return {"fails": fails, "holds": holds}


def everything_finite_with_branches(tf):
    flag = tf.placeholder_with_default(True, [])
    tf.cond(flag, lambda: tf.constant(1.0), lambda: tf.constant(2.0))
    tf.add_check_numerics_ops()


def everything_finite_of_nothing(tf):
    return {"op": tf.add_check_numerics_ops()}


def in_branches(tf):
    x = tf.placeholder_with_default([1.0, -2.0], [2], name="x")
    flag = tf.placeholder(tf.bool, [], name="flag")

    def checked():
        with tf.control_dependencies([tf.assert_positive(x, message="inside")]):
            return tf.identity(x)

    y = tf.cond(flag, checked, lambda: x + 1.0)
    return {
        "on": _ran(tf, y, {flag: True}),
        "off": _ran(tf, tf.reduce_sum(y) > 9.0, {flag: False}),
    }


def eagerly_named(tf):
    x = tf.constant([1, 2], name="given")
    return {
        "data": _said(
            lambda: tf.assert_equal(x, 3, data=["a", x, "b"], message="first")
        ),
        "arrays": _said(lambda: tf.assert_less(np.array([[3, 4]]), x)),
        "shapes": _said(lambda: tf.assert_equal(x, [1, 2, 3])),
        "types": _said(lambda: tf.assert_equal(x, 1.5)),
    }
