"""tf.image: what is seldom used: random parts, glimpses, the quality of JPEG files."""

import numpy as np
from said import tries, tries_run


def _x(*shape, **kwargs):
    return np.random.RandomState(kwargs.get("seed", 0)).rand(*shape).astype(np.float32)


def distorted_boxes(tf):
    rs = np.random.RandomState(0)
    made = {}
    for k in range(20):
        sizes = [int(size) for size in rs.randint(2, 300, 2)] + [3]
        boxes = np.sort(rs.rand(1 + k % 3, 2, 2), 1).reshape(1, -1, 4)
        options = {}
        if k % 2:
            options = {"aspect_ratio_range": [0.75, 1.33], "area_range": [0.05, 1.0]}
        if k % 5 == 4:
            options["area_range"] = [0.3, 0.9]
        if k % 7 == 3:
            options.update(max_attempts=3, min_object_covered=0.7)
        made["%d" % k] = list(
            tf.image.sample_distorted_bounding_box(
                sizes, boxes.astype(np.float32), seed=k + 1, seed2=k % 4, **options
            )
        )
    return made


def distorted_boxes_again(tf):
    found = tf.image.sample_distorted_bounding_box(
        tf.constant([90, 120, 3], tf.int64),
        tf.placeholder_with_default(np.zeros([1, 0, 4], np.float32), [1, None, 4]),
        seed=5,
        use_image_if_no_bounding_boxes=True,
        min_object_covered=0.1,
        name="part",
    )
    with tf.Session() as session:
        runs = [session.run(list(found)) for _ in range(4)]
    image = tf.slice(tf.constant(_x(90, 120, 3)), found[0], found[1])
    return {"runs": runs, "shape": str(image.shape), "all": list(found)}


def distorted_boxes_refused(tf):
    part = tf.image.sample_distorted_bounding_box
    boxes = [[[0.1, 0.2, 0.7, 0.9]]]
    unknown = tf.placeholder_with_default([2, 3], None)
    return {
        "made": tries(
            lambda: part([9, 9], boxes).begin,
            lambda: part([9, 9, 3], boxes[0]).begin,
            lambda: part([9, 9, 3], [[[0.1, 0.2, 0.7]]]).begin,
        ),
        "run": tries_run(
            tf,
            lambda: part(unknown, boxes).begin,
            lambda: part([9, 9, 3], [[[0.1, 0.2, 0.7, 1.5]]]).begin,
            lambda: part([9, 9, 3], np.zeros([1, 0, 4], np.float32)).begin,
            lambda: part([9, 9, 3], boxes, area_range=[0.5]).begin,
            lambda: part([9, 9, 3], boxes, area_range=[0.5, 1.5]).begin,
            lambda: part([9, 9, 3], boxes, area_range=[-0.5, 0.5]).begin,
            lambda: part([9, 9, 3], boxes, aspect_ratio_range=[0.0, 1.0]).begin,
            lambda: part([9, 9, 3], boxes, aspect_ratio_range=[1.0]).begin,
            lambda: part([9, 9, 3], boxes, max_attempts=0).begin,
            lambda: part([9, 9, 3], boxes, min_object_covered=-1.0).begin,
        ),
    }


def glimpses(tf):
    x = tf.constant(_x(3, 8, 9, 2))
    middle = [[0.0, 0.0], [0.1, -0.2], [-0.25, 0.3]]
    late = tf.placeholder_with_default([2, 3], [2])
    glimpse = tf.image.extract_glimpse
    return {
        "middle": glimpse(x, [4, 4], middle),
        "first": glimpse(
            x, [3, 2], [[0.2, 0.3], [0.4, 0.5], [0.6, 0.2]], centered=False
        ),
        "pixels": glimpse(
            x, [3, 3], [[0.0, 0], [-2, -3], [0, 1]], normalized=False, name="look"
        ),
        "both": glimpse(
            x, [2, 2], [[2.0, 2], [5, 6], [1, 2]], centered=False, normalized=False
        ),
        "late": glimpse(x, late, middle, uniform_noise=False),
        "static": str(glimpse(x, late, middle).shape),
    }


def glimpses_outside(tf):
    """Where noise is, all pixels are the same: so is the noise."""
    x = tf.constant(
        np.ones([2, 4, 5, 1], np.float32) * [[[[2.0]]], [[[3.0]]]], tf.float32
    )
    glimpse = tf.image.extract_glimpse
    return {
        "before": glimpse(x, [3, 3], [[-1.0, -1.0], [-0.9, 0.9]]),
        "behind": glimpse(x, [6, 7], [[0.0, 0.0], [0.5, 0.5]], uniform_noise=False),
        "away": glimpse(x, [2, 2], [[5.0, 5.0], [-5.0, -5.0]]),
    }


def glimpses_refused(tf):
    x, unknown = (
        tf.constant(_x(2, 4, 4, 1)),
        tf.placeholder_with_default(_x(2, 3), None),
    )
    glimpse = tf.image.extract_glimpse
    return {
        "made": tries(
            lambda: glimpse(x[0], [2, 2], [[0.0, 0.0]]),
            lambda: glimpse(x, [2, 2, 2], [[0.0, 0.0]] * 2),
            lambda: glimpse(x, [2, 2], [[0.0, 0.0]]),
            lambda: glimpse(x, [2, 2], [[0.0, 0.0, 0.0]] * 2),
        ),
        "run": tries_run(
            tf,
            lambda: glimpse(unknown, [2, 2], [[0.0, 0.0]] * 2),
            lambda: glimpse(x, [2, 2], unknown),
        ),
    }


def jpeg_quality(tf):
    """The operations; the pixels are those of another way to decode."""
    x = tf.constant(_x(8, 8, 3))
    made = [
        tf.image.adjust_jpeg_quality(x, 75),
        tf.image.adjust_jpeg_quality(tf.cast(x * 255, tf.uint8), tf.constant(50)),
        tf.image.adjust_jpeg_quality(x, 20, name="worse"),
        tf.image.random_jpeg_quality(x, 10, 90, seed=3),
    ]
    return {
        "shapes": [str(image.shape) for image in made],
        "refused": tries(
            lambda: tf.image.random_jpeg_quality(x, -1, 90),
            lambda: tf.image.random_jpeg_quality(x, 10, 101),
            lambda: tf.image.random_jpeg_quality(x, 90, 10),
        ),
        "run": tries_run(
            tf,
            lambda: tf.shape(tf.image.adjust_jpeg_quality(x, 101)),
            lambda: tf.image.adjust_jpeg_quality(x[..., :2], 50),
        ),
    }


def cropped_jpeg(tf):
    y, x = np.mgrid[0:20, 0:24]
    grey = (x * 5 + y * 3).astype(np.uint8)[..., None]
    data = tf.image.encode_jpeg(grey)
    crop = tf.image.decode_and_crop_jpeg
    exact = {"dct_method": "INTEGER_ACCURATE"}
    late = tf.placeholder_with_default([1, 2, 3, 4], [4])
    return {
        "part": crop(data, [2, 3, 5, 7], **exact),
        "three": crop(data, [8, 8, 12, 16], channels=3, **exact),
        "late": crop(data, late, name="cut", **exact),
        "static": [str(crop(data, w, channels=1).shape) for w in ([1, 2, 3, 4], late)],
        "io": tf.io.decode_and_crop_jpeg is tf.image.decode_and_crop_jpeg,
        "refused": tries_run(
            tf,
            lambda: crop(data, [2, 3, 25, 7]),
            lambda: crop(data, [-2, 3, 5, 7]),
            lambda: crop(data, [2, 3, 0, 7]),
            lambda: crop(data, tf.placeholder_with_default([2, 3], None)),
            lambda: crop(data, [[2, 3, 5, 7]]),
        ),
    }


def overlaps(tf):
    rs = np.random.RandomState(3)
    shares = rs.rand(12, 12).astype(np.float32)
    scores = rs.rand(12).astype(np.float32)
    nms = tf.image.non_max_suppression_overlaps
    edge = np.full([3, 3], 0.5, np.float32)
    unknown = tf.placeholder_with_default(shares, None)
    return {
        "all": nms(shares, scores, 12),
        "few": nms(shares, scores, 3, 0.9, name="few"),
        "scores": nms(shares, scores, 12, 0.7, 0.4),
        "edge": [nms(edge, [3.0, 2.0, 1.0], 3, limit) for limit in (0.4, 0.5, 0.6)],
        "made": tries(
            lambda: nms(shares[:4], scores, 3),
            lambda: nms(shares[:, :4], scores, 3),
            lambda: nms(shares[0], scores, 3),
            lambda: nms(shares, scores[None], 3),
        ),
        "run": tries_run(
            tf,
            lambda: nms(unknown[0], scores, 3),
            lambda: nms(unknown[:4], scores[:4], 3),
            lambda: nms(unknown, scores[:4], 3),
        ),
    }


def combined(tf):
    rs = np.random.RandomState(5)
    boxes = rs.rand(2, 9, 3, 4).astype(np.float32)
    boxes[..., 2:] = boxes[..., :2] + 0.6 * boxes[..., 2:]
    scores = rs.rand(2, 9, 3).astype(np.float32)
    nms = tf.image.combined_non_max_suppression
    edge = np.array([[0, 0, 1, 1], [0, 0, 1, 0.5]], np.float32)[None, :, None]
    unknown = tf.placeholder_with_default(boxes, None)
    return {
        "each": list(nms(boxes, scores, 3, 6)),
        "shared": list(nms(boxes[:, :, :1], scores, 9, 40, 0.2, name="shared")),
        "scores": list(nms(boxes, scores, 2, 20, 0.4, 0.6, True)),
        "whole": list(nms(boxes, scores, 2, 5, pad_per_class=True, clip_boxes=False)),
        "edge": [nms(edge, [[[0.9], [0.8]]], 2, 2, 0.5).valid_detections],
        "late": list(nms(unknown, scores, 2, tf.placeholder_with_default(4, []))),
        "made": tries(
            lambda: nms(boxes[0], scores, 3, 6),
            lambda: nms(boxes, scores[0], 3, 6),
            lambda: nms(boxes[..., :3], scores, 3, 6),
            lambda: nms(boxes[:1], scores, 3, 6),
            lambda: nms(boxes[:, :3], scores, 3, 6),
            lambda: nms(boxes, scores, 3, 0),
            lambda: nms(boxes, scores, [3], 6),
        ),
        "run": tries_run(
            tf,
            lambda: nms(boxes[:, :, :2], scores, 3, 6).nmsed_boxes,
            lambda: nms(boxes, scores, 3, 6, 1.5).nmsed_boxes,
            lambda: nms(unknown[:1], scores, 3, 6).nmsed_boxes,
            lambda: nms(unknown[:, :4], scores, 3, 6).nmsed_boxes,
        ),
    }
