"""What kernels refuse where shapes are known only in a run."""

import numpy as np
from said import tries


def _fed(tf, made, names, feeds):
    """What an operation gives, or refuses, for each of some feeds.

    Args:
        tf: TensorFlow.
        made: from placeholders, what is run.
        names: what the placeholders hold: "f" floats, "i" whole numbers.
        feeds: a shape for each "f", the numbers for each "i".
    """
    kinds = {"f": tf.float32, "i": tf.int32}
    places = [tf.placeholder(kinds[name]) for name in names]
    operation = made(*places)

    def value(name, given):
        if name == "i":
            return np.array(given, np.int32)
        return np.arange(np.prod(given), dtype=np.float32).reshape(given)

    def run(session, given):
        feed = {p: value(*each) for p, each in zip(places, zip(names, given))}
        (found,) = tries(lambda: session.run(operation, feed))
        return [each.tolist() for each in found] if isinstance(found, list) else found

    with tf.Session() as session:
        return {"found": [[str(given), run(session, given)] for given in feeds]}


def cross(tf):
    shapes = (
        ((2, 3), (2, 3)),
        ((2, 2), (2, 2)),
        ((2, 2), (2, 3)),
        ((3,), (3, 3)),
        ((), ()),
    )
    return _fed(tf, tf.cross, "ff", shapes)


def reshape(tf):
    feeds = (
        ((2, 3), 6),
        ((2, 3), [[6]]),
        ((2, 3), [0, -1]),
        ((2, 3), [-1, 4]),
        ((0,), [0, -1]),
        ((0, 3), [-1, 0]),
        ((0, 4), [0, 3, -1]),
        ((0, 3), [-1, 2]),
        ((2, 0, 3), [0, -1]),
        ((0, 4), [4]),
        ((), [-1]),
    )
    return _fed(tf, tf.reshape, "fi", feeds)


def bands(tf):
    numbers = (2, 3), (3, 3), (2, 4), (-1, 9), (9, -1), (-5, -5), ([1], 1), (1, [1])
    feeds = [((2, 3), *pair) for pair in numbers]
    return _fed(tf, tf.matrix_band_part, "fii", feeds)


def diagonals(tf):
    shapes = (1,), (2, 2), (2, 3), (2, 2, 2), (2, 3, 2, 3), (2, 3, 3, 2), (0, 0)
    return _fed(tf, tf.diag_part, "f", [(shape,) for shape in shapes])


def linspace(tf):
    feeds = ((), (), 2), ((2,), (3,), 2), ((), (2,), 2), ((), (), [2]), ((), (), -1)
    return _fed(tf, tf.linspace, "ffi", feeds)


def argmax(tf):
    feeds = [((2, 3), axis) for axis in (0, 2, -3, [0], [], [[1]])]
    return _fed(tf, tf.argmax, "fi", feeds)


def dynamic_partition(tf):
    feeds = (
        ((3, 2), [0, 1, 2]),
        ((3, 2), [0, 1]),
        ((3, 2), [[0], [1], [2]]),
        ((3, 2), [[0, 3], [1, 0], [2, 2]]),
        ((3, 2), []),
        ((), 0),
        ((), 3),
    )
    return _fed(tf, lambda x, parts: tf.dynamic_partition(x, parts, 3), "fi", feeds)


def dynamic_stitch(tf):
    feeds = (
        ((2, 2), [0, 1], [2, 3]),
        ((2, 2), [0, -1], [2, 3]),
        ((2, 2), [-1, 0], [2, 3]),
        ((2, 2), [0, 1], [2]),
        ((2, 2), [[0, 1]], [2, 3]),
    )
    return _fed(tf, lambda x, i, j: tf.dynamic_stitch([i, j], [x, x]), "fii", feeds)


def split(tf):
    sizes = [-1, -1], [-1, 4], [-1, 3], [3, -1], [4, 0], [1, 2]
    feeds = [((2, 3), each, 1) for each in sizes]
    feeds += [((2, 3), [1, 2], axis) for axis in (2, -3, [1], -1)]
    return _fed(tf, lambda x, i, axis: tf.split(x, i, axis, 2), "fii", feeds)


def segments(tf):
    ids = [0, 0, 1], [0, 1], 0, [[0], [0], [1]], [1, 0, 1], [0, 2, 2]
    feeds = [((3, 2), each) for each in ids] + [((), [0])]
    return _fed(tf, tf.segment_max, "fi", feeds)


def unsorted_segments(tf):
    ids = [0, 0, 1], [0, 1], 0, [[0, 1], [0, 1], [1, 1]], [0, 5, 1]
    feeds = [((3, 2), each, 2) for each in ids]
    return _fed(tf, tf.unsorted_segment_sum, "fii", feeds)


def sparse_segments(tf):
    feeds = (
        ((3, 2), [0, 2], [0, 0]),
        ((3, 2), [0, 3], [0, 0]),
        ((3, 2), [0, -1], [0, 0]),
        ((3, 2), [0, 1], [0]),
        ((3, 2), 0, 0),
        ((3, 2), [[0]], [0]),
    )
    return _fed(tf, tf.sparse_segment_sum, "fii", feeds)


def invert_permutation(tf):
    feeds = [(order,) for order in ([1, 0], [1, 1], [2, 0], 1, [[0]])]
    return _fed(tf, tf.invert_permutation, "i", feeds)


def histogram(tf):
    feeds = [((3,), count) for count in (2, 0, [2])]
    ends = [0.0, 1.0]
    return _fed(tf, lambda x, i: tf.histogram_fixed_width(x, ends, i), "fi", feeds)


def gather(tf):
    feeds = [((0, 2), [[0, 1, 2]]), ((2, 0), [0]), ((2, 0), [5]), ((2, 2), [5])]
    return _fed(tf, lambda x, i: tf.gather(x, i, axis=1), "fi", feeds)


def matrix_set_diag(tf):
    feeds = (
        ((2, 2), (2,)),
        ((2, 3), (3,)),
        ((2, 2), ()),
        ((2, 2, 2), (3, 2)),
        ((3,), (3,)),
    )
    return _fed(tf, tf.matrix_set_diag, "ff", feeds)


def determinants(tf):
    return _fed(tf, tf.matrix_determinant, "f", [((2, 3),), ((3,),), ((),)])


def images(tf):
    """Operations of images, of which something has another rank or size."""

    def depthwise(x, filters):
        return tf.nn.depthwise_conv2d(x, filters, [1, 1, 1, 1], "SAME")

    def normalized(x, scale):
        return tf.nn.fused_batch_norm(x, scale, [0.0, 0.0], is_training=True)[0]

    one, other = (2, 2, 2, 3), ((3, 4, 1), (1, 3, 4, 1), (1, 4, 4, 1))
    return {
        "depthwise": _fed(
            tf, depthwise, "ff", (((4, 4, 2), one), ((1, 4, 4, 2), one[1:]))
        ),
        "normalized": _fed(
            tf, normalized, "ff", (((2, 2), (2,)), ((1, 2, 2, 2), (2, 1)))
        ),
        "response": _fed(tf, tf.nn.lrn, "f", [((2, 3),)]),
        "to depth": _fed(
            tf, lambda x: tf.space_to_depth(x, 2), "f", [(shape,) for shape in other]
        ),
        "to space": _fed(
            tf, lambda x: tf.depth_to_space(x, 2), "f", [(shape,) for shape in other]
        ),
        "resized": _fed(
            tf, lambda x: tf.image.resize_bilinear(x, [2, 2]), "f", [((3, 3, 2),)]
        ),
    }
