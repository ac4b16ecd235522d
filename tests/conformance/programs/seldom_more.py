"""What is seldom used: joined segments, patterns, encodings, shapes, few bits."""

import numpy as np
from said import tries, tries_run


def joined(tf):
    join = tf.strings.unsorted_segment_join
    texts = tf.constant(["a", "b", "c", "d"])
    table = tf.constant([["a", "b"], ["c", "d"], ["e", "f"]])
    unknown = tf.placeholder_with_default([1, 0, 1, 1], None)
    late = tf.placeholder_with_default(3, [])
    return {
        "plain": join(texts, [1, 0, 1, 0], 3),
        "marked": join(texts, [2, 2, 1, 0], 3, separator=", ", name="j"),
        "rows": join(table, [1, 1, 0], 2, "+"),
        "all": join(table, [[0, 1], [1, 0], [0, 0]], 2),
        "late": join(texts, unknown, late, "-"),
        "made": tries(
            lambda: join(texts, [0, 1], 2),
            lambda: join(texts, [0, 1, 0, 1], [2]),
            lambda: join(texts, [0, 1, 0, 1], -2),
        ),
        "run": tries_run(
            tf,
            lambda: join(texts, [0, 1, 5, 1], 2),
            lambda: join(texts, unknown[:2], 2),
            lambda: join(texts, tf.placeholder_with_default([0, 1, -1, 1], None), 2),
        ),
    }


def matched(tf):
    match = tf.strings.regex_full_match
    texts = tf.constant([["ab", "abc"], ["", "xab"]])
    pattern = tf.placeholder_with_default("a.*", [])
    return {
        "static": match(texts, "ab?c?"),
        "late": match(texts, pattern, name="m"),
        "bytes": match(texts, b".*"),
        "made": tries(
            lambda: match(texts, ["a"]),
            lambda: match([1], "a"),
        ),
    }


def transcoded(tf):
    code = tf.strings.unicode_transcode
    texts = tf.constant(["h\u00e9", b"a\xffb", "\U0001f600", "", "x\x01y"])
    return {
        "wide": code(texts, "UTF-8", "UTF-16-BE"),
        "widest": code(texts, "UTF-8", "UTF-32-BE", name="w"),
        "same": code(texts, "UTF-8", "UTF-8", errors="ignore"),
        "marked": code(texts, "UTF-8", "UTF-8", replacement_char=42),
        "controls": code(texts, "UTF-8", "UTF-8", replace_control_characters=True),
        "back": code(code(texts, "UTF-8", "UTF-16-BE"), "UTF-16-BE", "UTF-8"),
        "old": code([b"caf\xe9"], "ISO-8859-1", "UTF-8"),
        "made": tries(
            lambda: code(texts, "UTF-8", "latin"),
            lambda: code(texts, "UTF-8", "UTF-8", errors="no"),
        ),
        "run": tries_run(
            tf, lambda: code(texts, "UTF-8", "UTF-8", errors="strict")
        ),
    }


def shapes(tf):
    check = tf.debugging.assert_shapes
    x, y = tf.constant(np.zeros([2, 3])), tf.constant(np.zeros([3, 4, 2]))
    scalar, vector = tf.constant(1), tf.constant([1, 2])
    late = tf.placeholder_with_default(np.zeros([2, 3]), [None, 3])
    unknown = tf.placeholder_with_default(np.zeros([2, 3]), None)
    made = {
        "fits": check([(x, ("N", "D")), (y, ("D", None, "N")), (vector, ("N",))]),
        "last": check({x: ("*", "D"), y: (Ellipsis, 4, "N")}),
        "scalar": check([(scalar, ()), (scalar, (1,)), (vector, (2,)), (x, None)]),
        "late": check([(late, ("N", 3)), (x, ("N", "D"))], message="Hm", name="sizes"),
        "unknown": check([(unknown, ("N", "D")), (late, ("N", "D"))], summarize=2),
        "any": check([(x, ("*",)), (y, (None, ".", 2))]),
    }
    made["made"] = tries(
        lambda: check([(x, ("N", "N"))]),
        lambda: check([(x, (2, 4))], message="Bad"),
        lambda: check([(x, 3)]),
        lambda: check([(x, ("N", "*"))]),
        lambda: check([(x, ("N", "D", "Q"))]),
        lambda: check([(x, ("N",))]),
        lambda: check([(vector, ("*", "A", "B"))]),
    )
    made["run"] = tries_run(
        tf,
        lambda: check([(late, (4, 3))]),
        lambda: check([(unknown, ("N", "N"))], data=["a", unknown]),
        lambda: check([(unknown, ("N", "D", "Q"))]),
    )
    return made


def few_bits(tf):
    x = tf.constant([-3.0, -1.26, -0.5, 0.0, 0.3, 0.5, 1.5, 2.0])
    few = tf.quantization.quantize_and_dequantize
    made = {
        "given": few(x, -2.0, 2.0, range_given=True),
        "own": few(x, 0.0, 0.0, num_bits=3),
        "positive": few(x, 0.0, 2.0, signed_input=False, num_bits=4, range_given=True),
        "up": few(x, -1.0, 3.0, num_bits=3, range_given=True, round_mode="HALF_UP"),
        "narrow": few(x, -2.0, 1.0, num_bits=4, range_given=True, narrow_range=True),
        "double": few(tf.cast(x, tf.float64), 0.0, 0.0, name="d"),
    }
    made["grad"] = tf.gradients(made["given"] * x, x)
    made["made"] = tries(
        lambda: few(x, [0.0], 1.0), lambda: few(x, 0.0, 1.0, round_mode="DOWN")
    )
    made["run"] = tries_run(
        tf,
        lambda: few(x, 2.0, 1.0, range_given=True),
        lambda: few(x, 0.0, 1.0, num_bits=70),
    )
    return made


def dense_table(tf):
    Table = tf.lookup.experimental.DenseHashTable
    table = Table(tf.int64, tf.float32, -1.0, empty_key=0, deleted_key=-1)
    with tf.Session() as session:
        session.run(table.insert([3, 5], [0.5, 2.5]))
        session.run(table.erase(tf.constant([3], tf.int64)))
        session.run(table.insert_or_assign([7], [1.5]))
        found = session.run([table.size(), table.lookup([3, 5, 7])])
    return {"found": found, "name": table.name}


def gradients_of_functions(tf):
    x = tf.constant([1.0, -2.0, 3.0])
    w = tf.get_variable("w", [3], initializer=tf.ones_initializer(), use_resource=True)

    @tf.recompute_grad
    def squared(a, b):
        return tf.reduce_sum(a * a * b * w)

    passed = tf.grad_pass_through(lambda a: tf.cast(a > 0, tf.float32) * w)
    rounded = tf.grad_pass_through(tf.round)
    y = squared(x, 2 * x)
    return {
        "recomputed": [y] + tf.gradients(y, [x, w]),
        "passed": [passed(x)] + tf.gradients(passed(x) * 3, x),
        "rounded": [rounded(x / 2)] + tf.gradients(rounded(x / 2), x),
        "name": rounded.__name__,
    }


def _sequence(tf, words, numbers, label):
    train = tf.train
    parts = []
    context = train.Feature(int64_list=train.Int64List(value=[label]))
    parts.append(train.SequenceExample(context=train.Features(feature={"label": context})))
    lists = {
        "words": [train.Feature(bytes_list=train.BytesList(value=w)) for w in words],
        "numbers": [train.Feature(float_list=train.FloatList(value=n)) for n in numbers],
    }
    for key in sorted(lists):
        one = train.FeatureLists(feature_list={key: train.FeatureList(feature=lists[key])})
        parts.append(train.SequenceExample(feature_lists=one))
    return b"".join(part.SerializeToString() for part in parts)


def sequences(tf):
    parse = tf.io.parse_sequence_example
    texts = [
        _sequence(tf, [[b"a"], [b"b", b"c"]], [[1.0, 2.0], [3.0, 4.0]], 5),
        _sequence(tf, [], [[7.0, 8.0]], 6),
    ]
    context = {
        "label": tf.FixedLenFeature([], tf.int64),
        "other": tf.FixedLenFeature([2], tf.float32, [0.5, 1.5]),
        "tags": tf.VarLenFeature(tf.string),
    }
    lists = {
        "words": tf.VarLenFeature(tf.string),
        "numbers": tf.FixedLenSequenceFeature([2], tf.float32),
        "none": tf.FixedLenSequenceFeature([], tf.int64, allow_missing=True),
    }
    found = parse(texts, context, lists)
    one = parse(tf.constant(texts[:1]), sequence_features=lists, name="one")
    made = {}
    for i, part in enumerate(found + one[1:]):
        for key in part:
            made["%s %d" % (key, i)] = part[key]
    made["made"] = tries(
        lambda: parse(texts),
        lambda: parse(texts[0], context),
        lambda: parse(texts, {"x": tf.FixedLenSequenceFeature([], tf.int64)}),
        lambda: parse(texts, {"x": 3}),
    )
    return made


def session_tensors(tf):
    """Tensors that stay in a session between runs."""
    twice = tf.constant([10.0, 2.5]) * 2
    keep = tf.get_session_handle(twice)
    session = tf.Session()
    handle = session.run(keep)
    told = [type(handle).__name__, str(handle), handle.handle]
    found = [handle.eval(), handle.eval()]
    holder, tensor = tf.get_session_tensor(handle.handle, tf.float32, name="kept")
    tenfold = tensor * 10
    found.append(session.run(tenfold, {holder: handle.handle}))
    gone, delete = tf.delete_session_tensor(handle.handle)
    other = session.run([keep])[0]
    raw = other.get_raw_handle()
    session.run(delete, {gone: raw})
    return {
        "told": told + [raw],
        "found": found,
        "refused": tries(
            lambda: session.run(tenfold, {holder: raw}),
            lambda: session.run(delete, {gone: raw}),
            lambda: session.run(tenfold, {holder: raw.replace(";1;", ";9;")}),
            lambda: tf.get_session_handle(3),
            lambda: other.eval(),
            lambda: other.delete(),
            lambda: handle.delete(),
            lambda: handle.eval(),
            lambda: session.run(tenfold, {holder: handle.handle}),
        ),
        "shapes": [str(keep.shape), str(tensor.shape)],
    }


def quantized(tf):
    """Numbers of few bits: what they stand for, and joined."""
    x = tf.constant([-3.0, -1.26, -0.5, 0.0, 0.3, 0.5, 1.5, 2.0, 9.0])
    made = {}
    for kind in (tf.quint8, tf.qint8, tf.quint16, tf.qint16):
        for mode in ("MIN_COMBINED", "MIN_FIRST", "SCALED"):
            for low, high in ((-2.0, 2.0), (0.0, 1.5), (-3.0, -1.0)):
                found = tf.quantization.quantize(x, low, high, kind, mode)
                name = "%s %s %s" % (kind.name, mode, low)
                made[name] = list(found) + [
                    tf.dequantize(found.output, found[1], found[2], mode)
                ]
    made["even"] = list(tf.quantize(x, -1.0, 2.0, tf.qint8, "SCALED", "HALF_TO_EVEN"))
    made["old"] = list(tf.quantize_v2(x, -1.0, 2.0, tf.qint8, "MIN_FIRST", name="old"))
    made["refused"] = tries(
        lambda: tf.quantize(x, -1.0, 2.0, tf.uint8),
        lambda: tf.quantize(x, [-1.0], 2.0, tf.qint8),
        lambda: tf.quantize(x, -1.0, 2.0, tf.qint8, "MAX"),
        lambda: tf.dequantize(x, -1.0, 2.0),
    )
    made["run"] = tries_run(
        tf,
        lambda: tf.quantize(x, 3.0, 2.0, tf.qint8).output,
        lambda: tf.quantize(x, 1.0, 2.0, tf.qint8, round_mode="HALF_TO_EVEN").output,
    )
    return made


def quantized_and_joined(tf):
    x = tf.constant([[0.0, 0.3], [0.5, 1.5]])
    made = {}
    parts = [
        tf.quantize(x - shift, -2.0, high, tf.quint8, "MIN_FIRST")
        for shift, high in ((0.0, 2.0), (1.0, 2.0), (0.5, 1.0))
    ]
    for name, some in (("same", parts[:2]), ("different", parts)):
        made[name] = list(
            tf.quantized_concat(1, *[[part[i] for part in some] for i in range(3)])
        )
    whole = [tf.bitcast(x, tf.qint32), tf.bitcast(x + 1, tf.qint32)]
    made["whole"] = list(tf.quantized_concat(0, whole, [-4.0, -2.0], [2.0, 6.0]))[1:]
    part = parts[0]
    made["refused"] = tries(
        lambda: tf.quantized_concat(0, [part[0]], [part[1]], [part[2]]),
        lambda: tf.quantized_concat(0, [part[0], part[0][0]], [0.0, 0.0], [1.0, 1.0]),
        lambda: tf.quantized_concat(0, [part[0]] * 2, [0.0], [1.0, 1.0]),
    )
    return made
