"""tf.contrib.image: images moved and turned; numbers rounded to a few bits."""

import numpy as np
from said import tries


def _x(*shape, **kwargs):
    return np.random.RandomState(kwargs.get("seed", 0)).rand(*shape).astype(np.float32)


def moved(tf):
    c, x = tf.contrib.image, tf.constant(_x(2, 4, 5, 2))
    y = c.translate(x, [1.3, -0.6], "BILINEAR")
    return {
        "near": c.translate(x, [[1.0, 0], [0, 2]]),
        "y": y,
        "grad": tf.gradients(y**2, x),
        "turned": c.rotate(x, [0.3, -1.2]),
        "smooth": c.rotate(x[0], 0.5, interpolation="BILINEAR", name="turn"),
        "flat": c.rotate(x[0, :, :, 0], 1.4),
        "whole": c.transform(
            tf.cast(x * 99, tf.int32),
            [1, 0.1, 0, 0, 1.2, -1, 0.01, 0.0],
            output_shape=[3, 6],
        ),
        "both": c.compose_transforms(
            [1.0, 0, 2, 0, 1, 3, 0, 0], [[0.5, 0, 0, 0, 2, 0, 0.1, 0]]
        ),
    }


def moves_refused(tf):
    c, x = tf.contrib.image, tf.constant(_x(4, 5, 2))
    return {
        "made": tries(
            lambda: c.rotate(x, [[0.1]]),
            lambda: c.rotate(_x(3), 0.1),
            lambda: c.transform(x, [[[1.0] * 8]]),
            lambda: c.translate(tf.constant(["a"]), [1, 1]),
            lambda: c.transform(x, [1.0] * 8, output_shape=[1, 2, 3]),
            lambda: c.translate(x, 1.0),
            lambda: c.compose_transforms(1.0),
        )
    }


def quantized(tf):
    x = tf.constant((_x(3, 4) - 0.5) * 20)
    low, high = tf.constant(-3.3), tf.constant(5.1)
    lows, highs = (
        tf.constant([-1.0, -2.0, 0.0, -5.5]),
        tf.constant([1.0, 7.0, 0.0, 0.5]),
    )
    a, b, c = (
        tf.fake_quant_with_min_max_args(x),
        tf.fake_quant_with_min_max_vars(x, low, high, num_bits=4),
        tf.fake_quant_with_min_max_vars_per_channel(
            x, lows, highs, narrow_range=True, name="each"
        ),
    )
    q = tf.quantization
    return {
        "a": a,
        "b": b,
        "c": c,
        "narrow": q.fake_quant_with_min_max_args(x, -2, 3, 6, True, name="few"),
        "grads": [
            tf.gradients(a**2, x)[0],
            *tf.gradients(b**2, [x, low, high]),
            *tf.gradients(c**2, [x, lows, highs]),
        ],
    }
