"""Seldom operations on arrays: bitcasts, crosses, histograms, repeats, encodings."""

import zlib

import numpy as np
from said import tries, tries_run


def _x(*shape, **kwargs):
    return np.random.RandomState(kwargs.get("seed", 0)).rand(*shape).astype(np.float32)


def bitcasts(tf):
    late = tf.placeholder_with_default(np.zeros((3, 5), np.uint8), None)
    return {
        "same": tf.bitcast([1.0, -2.5], tf.int32),
        "wider": tf.bitcast(np.arange(12, dtype=np.uint8).reshape(3, 4), tf.int32),
        "narrower": tf.bitcast(np.array([1, -2], np.int64), tf.int16, name="bits"),
        "refused": tries(
            lambda: tf.bitcast(np.zeros((3, 5), np.uint8), tf.int32),
            lambda: tf.bitcast(np.uint8(1), tf.int32),
        ),
        "run": tries_run(tf, lambda: tf.bitcast(late, tf.int32)),
    }


def crosses(tf):
    a, b = tf.constant(_x(4, 3)), tf.constant(_x(4, 3, seed=1))
    y = tf.cross(a, b)
    return {
        "y": y,
        "one": tf.linalg.cross([1, 2, 3], [3, 2, 1], name="at_right"),
        "grads": tf.gradients(tf.reduce_sum(y**2), [a, b]),
        "refused": tries(
            lambda: tf.cross([1.0, 2], [1.0, 2]), lambda: tf.cross(a, b[0])
        ),
    }


def histograms(tf):
    late = tf.placeholder_with_default([2.0, 1.0], [2])
    nbins = tf.placeholder_with_default(3, [])
    x = [-1.0, 0.1, 0.5, 5, 0.99]
    return {
        "counts": tf.histogram_fixed_width(x, [0.0, 1.0], nbins=3),
        "many": tf.histogram_fixed_width(
            _x(20), [0.1, 0.9], dtype=tf.int64, name="counted"
        ),
        "bins": tf.histogram_fixed_width_bins(x, [0.0, 1.0], nbins=3),
        "bins_of": tf.histogram_fixed_width_bins(_x(2, 3), [0.1, 0.9], name="places"),
        "late": tf.histogram_fixed_width(x, [0.0, 1.0], nbins),
        "refused": tries(lambda: tf.histogram_fixed_width(x, [0.0, 1.0], 0)),
        "run": tries_run(tf, lambda: tf.histogram_fixed_width(x, late)),
    }


def places(tf):
    x = tf.constant(_x(2, 3))
    return {
        "many": tf.unravel_index([5, 7, 0], [3, 3]),
        "one": tf.unravel_index(5, [2, 3], name="place"),
        "three": tf.unravel_index(np.array([23, 4]), np.array([2, 3, 4])),
        "max": tf.arg_max(x, 1),
        "min": tf.arg_min(x, 0, tf.int32, name="least"),
        "turned": tf.reverse_v2(x, [1]),
        "print": tf.fingerprint([b"abc", b"d"]),
        "rows": tf.fingerprint(x, name="marks"),
        "texts": tf.fingerprint([[b"a", b"b"]]),
        "refused": tries(lambda: tf.fingerprint(x, "md5")),
    }


def repeats(tf):
    x, late = tf.constant(_x(2, 3)), tf.placeholder_with_default(_x(2, 3), None)
    n = tf.placeholder_with_default([1, 2], [2])
    y = tf.repeat(x, [2, 0, 1], axis=1)
    return {
        "flat": tf.repeat(x, 2),
        "scalar": tf.repeat(3, 4),
        "rows": tf.repeat(x, [1, 3], axis=0),
        "columns": y,
        "late": tf.repeat(late, 2, axis=0),
        "late_times": tf.repeat(x, n, axis=-2, name="again"),
        "grad": tf.gradients(tf.reduce_sum(y**2), x),
        "shapes": [str(tf.repeat(x, 2, axis=1).shape), str(y.shape)],
        "refused": tries(
            lambda: tf.repeat(x, 2, axis=2),
            lambda: tf.repeat(x, 1.5),
            lambda: tf.repeat(x, 2, axis="a"),
            lambda: tf.repeat(x, [1, 2, 3], axis=0),
            lambda: tf.repeat(late, 2, axis=-1),
        ),
    }


def gathers(tf):
    x = tf.constant(_x(2, 3, 4))
    y = tf.batch_gather(x, [[0, 2], [1, 1]])
    return {
        "y": y,
        "one": tf.batch_gather(_x(4), [1, 3], name="picked"),
        "deep": tf.batch_gather(x, np.array([[[3], [0], [1]], [[0], [0], [2]]])),
        "grad": tf.gradients(y, x),
        "refused": tries(
            lambda: tf.batch_gather(x, tf.constant(1)),
            lambda: tf.batch_gather(tf.constant(_x(4)), tf.constant([[1]])),
            lambda: tf.batch_gather(x, tf.placeholder(tf.int32)),
        ),
    }


def sums_of_logarithms(tf):
    x = tf.constant(_x(2, 4) * 5)
    f = tf.math.cumulative_logsumexp
    y = f(x, 1)
    return {
        "y": y,
        "rows": f(x),
        "back": f(x, 1, reverse=True),
        "without": f(x, 1, exclusive=True, name="before"),
        "both": f(x, -1, True, True),
        "grad": tf.gradients(tf.reduce_sum(y * [1.0, -2, 3, 1]), x),
    }


def sparse_products(tf):
    a, b = tf.constant(_x(2, 3)), tf.constant(_x(3, 4))
    y = tf.sparse_matmul(a, b, a_is_sparse=True)
    z = tf.sparse_matmul(b, a, transpose_a=True, transpose_b=True, name="turned")
    w = tf.matmul(a, b, b_is_sparse=True)
    return {
        "y": y,
        "z": z,
        "w": w,
        "grads": tf.gradients(tf.reduce_sum(y**2), [a, b]),
        "turned": tf.gradients(tf.reduce_sum(z**2), [a, b]),
        "third": tf.gradients(tf.reduce_sum(w**2), [a, b]),
    }


def encodings(tf):
    packed = [
        bytes(
            bytearray(
                [
                    31,
                    139,
                    8,
                    0,
                    0,
                    0,
                    0,
                    0,
                    2,
                    255,
                    75,
                    76,
                    74,
                    78,
                    76,
                    74,
                    6,
                    0,
                    76,
                    153,
                    110,
                    114,
                    6,
                    0,
                    0,
                    0,
                ]
            )
        )
    ]
    return {
        "plain": tf.encode_base64([b"hello?>", b"", b"\xff\xfe\xfd"]),
        "padded": tf.io.encode_base64([[b"hello?>"], [b"a"]], pad=True, name="written"),
        "decoded": tf.decode_base64([b"aGVsbG8_Pg", b"YQ=="]),
        "raw": tf.decode_compressed([b"abc"]),
        "gzip": tf.io.decode_compressed(packed, "GZIP"),
        "zlib": tf.decode_compressed(zlib.compress(b"abc"), "ZLIB", name="unpacked"),
        "run": tries_run(
            tf,
            lambda: tf.decode_base64([b"aGVsbG8/Pg"]),
            lambda: tf.decode_base64([b"a"]),
            lambda: tf.decode_base64([b"aG=VsbG8_Pg"]),
            lambda: tf.decode_compressed([b"abc"], "GZIP"),
            lambda: tf.decode_compressed([b"abc"], "X"),
        ),
    }


def messages(tf):
    values = [
        _x(2, 2),
        np.array([b"a", b"bcd"], object),
        np.array([1, 300, -1]),
        np.array([True, False]),
        np.float16(1.5),
        np.array([1j]),
    ]
    texts = [tf.serialize_tensor(tf.constant(value)) for value in values]
    back = [
        tf.parse_tensor(text, tf.as_dtype(value.dtype))
        for text, value in zip(texts[:5], values)
        if value.dtype != object
    ]
    return {
        "texts": texts,
        "back": back,
        "named": tf.io.parse_tensor(
            tf.io.serialize_tensor(["x"], name="kept"), tf.string, name="read"
        ),
        "run": tries_run(
            tf,
            lambda: tf.parse_tensor(tf.serialize_tensor([1, 2]), tf.float32),
            lambda: tf.parse_tensor([b"xx"], tf.float32),
            lambda: tf.parse_tensor(b"xx", tf.float32),
        ),
    }
