"""tf.image: hues, turns, comparisons, crops, patches, boxes."""

import numpy as np
from said import tries, tries_run


def _x(*shape, **kwargs):
    return np.random.RandomState(kwargs.get("seed", 0)).rand(*shape).astype(np.float32)


def hues(tf):
    x = tf.constant(_x(2, 3, 4, 3))
    edge = tf.constant(
        [
            [0.0, 0, 0],
            [1, 1, 1],
            [0.5, 0.5, 0.5],
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
            [1, 0, 0.5],
            [0, 0.2, 0.2],
        ]
    )
    return {
        "hsv": tf.image.rgb_to_hsv(x),
        "back": tf.image.hsv_to_rgb(tf.image.rgb_to_hsv(x)),
        "edge": tf.image.rgb_to_hsv(edge),
        "edge_back": tf.image.hsv_to_rgb(edge, name="to_rgb"),
        "double": tf.image.rgb_to_hsv(tf.cast(x, tf.float64)),
        "hue": tf.image.adjust_hue(x, 0.3),
        "less": tf.image.adjust_hue(x, -0.9, name="less"),
        "far": tf.image.adjust_hue(x, 7.2),
        "saturation": tf.image.adjust_saturation(x, 2.0),
        "pale": tf.image.adjust_saturation(x, 0.4, name="pale"),
        "hue_edge": tf.image.adjust_hue(edge[None], 0.25),
        "saturation_edge": tf.image.adjust_saturation(edge[None], 0.5),
        "bytes": tf.image.adjust_hue(tf.cast(x * 255, tf.uint8), 0.1),
        "saturated_bytes": tf.image.adjust_saturation(tf.cast(x * 255, tf.uint8), 1.5),
    }


def random_hues(tf):
    x = tf.constant(_x(3, 4, 3))
    return {
        "hue": tf.image.random_hue(x, 0.4, seed=3),
        "saturation": tf.image.random_saturation(x, 0.5, 1.5),
        "crop": tf.image.random_crop(x, [2, 2, 3], seed=1),
    }


def hues_refused(tf):
    x = tf.constant(_x(3, 4, 3))
    unknown = tf.placeholder_with_default(_x(2, 2, 4), None)
    return {
        "made": tries(
            lambda: tf.image.random_hue(x, 0.6),
            lambda: tf.image.random_hue(x, -0.6),
            lambda: tf.image.random_saturation(x, 2, 1),
            lambda: tf.image.random_saturation(x, -1, 1),
            lambda: tf.image.rgb_to_hsv(_x(2, 4)),
            lambda: tf.image.adjust_hue(_x(2, 3), 0.1),
            lambda: tf.image.adjust_gamma(x, -1),
        ),
        "run": tries_run(
            tf,
            lambda: tf.image.adjust_hue(unknown, 0.1),
            lambda: tf.image.adjust_saturation(unknown, 0.1),
        ),
    }


def other_colours(tf):
    x = tf.constant(_x(2, 3, 3))
    return {
        "yiq": tf.image.rgb_to_yiq(x),
        "from_yiq": tf.image.yiq_to_rgb(x),
        "yuv": tf.image.rgb_to_yuv(x[None]),
        "from_yuv": tf.image.yuv_to_rgb(x),
        "gamma": tf.image.adjust_gamma(x, 2),
        "gain": tf.image.adjust_gamma(x, 0.5, 3),
        "bytes": tf.image.adjust_gamma(tf.cast(x * 255, tf.uint8), 1.5),
        "tensor": tf.image.adjust_gamma(x, tf.constant(1.2)),
    }


def turns(tf):
    x, batch = tf.constant(_x(2, 3, 2)), tf.constant(_x(2, 2, 3, 1))
    k = tf.placeholder_with_default(7, [])
    unknown = tf.placeholder_with_default(_x(2, 3, 3), None)
    made = {
        "one": tf.image.rot90(x),
        "two": tf.image.rot90(x, 2),
        "three": tf.image.rot90(x, 3, name="turn"),
        "four": tf.image.rot90(x, 4),
        "batch": tf.image.rot90(batch),
        "late": tf.image.rot90(batch, k),
    }
    made["refused"] = tries(
        lambda: tf.image.rot90(x[0]),
        lambda: tf.image.rot90(x, [1]),
        lambda: tf.image.rot90(x[None, None]),
    )
    made["shapes"] = [str(made[name].shape) for name in ("one", "batch", "late")]
    made["unknown"] = tries(lambda: tf.image.rot90(unknown))
    return made


def fitted(tf):
    x, unknown = (
        tf.constant(_x(2, 5, 7, 3)),
        tf.placeholder_with_default(_x(4, 6, 3), [None, None, 3]),
    )
    return {
        "wide": tf.image.resize_image_with_pad(x, 6, 4),
        "high": tf.image.resize_image_with_pad(x[0], 10, 10),
        "near": tf.image.resize_image_with_pad(
            x, 9, 4, tf.image.ResizeMethod.NEAREST_NEIGHBOR
        ),
        "late": tf.image.resize_image_with_pad(unknown, 8, 8, align_corners=True),
        "refused": tries(
            lambda: tf.image.resize_image_with_pad(x, 0, 4),
            lambda: tf.image.resize_image_with_pad(x[0, 0], 2, 4),
        ),
    }


def compared(tf):
    a, b = (
        tf.constant(_x(2, 16, 15, 3)),
        tf.constant(_x(2, 16, 15, 3, seed=1) * 0.3 + _x(2, 16, 15, 3) * 0.7),
    )
    c = tf.cast(a * 255, tf.uint8)
    return {
        "psnr": tf.image.psnr(a, b, 1.0),
        "bytes": tf.image.psnr(c, tf.cast(b * 255, tf.uint8), 255),
        "ssim": tf.image.ssim(a, b, 1.0),
        "small": tf.image.ssim(a, b, 1.0, filter_size=5, filter_sigma=1.0),
        "unlike": tries(
            lambda: tf.image.ssim(a, b[:, :3], 1.0),
            lambda: tf.image.psnr(a, tf.concat([b, b[:1]], 0), 1.0),
            lambda: tf.image.psnr(a[0, 0], b[0, 0], 1.0),
        ),
        "grad": tf.gradients(tf.reduce_sum(tf.image.ssim(a, b, 1.0)), a),
    }


def compared_at_scales(tf):
    a, b = (
        tf.constant(_x(2, 24, 26, 1)),
        tf.constant(_x(2, 24, 26, 1, seed=1) * 0.3 + _x(2, 24, 26, 1) * 0.7),
    )
    return {
        "two": tf.image.ssim_multiscale(
            a, b, 1.0, power_factors=[0.5, 0.5], filter_size=4
        ),
        "three": tf.image.ssim_multiscale(a, b, 1.0, (0.2, 0.3, 0.5), filter_size=3),
    }


def edges(tf):
    x = tf.constant(_x(2, 4, 5, 2))
    return {
        "sobel": tf.image.sobel_edges(x),
        "gradients": tf.image.image_gradients(x),
        "refused": tries(lambda: tf.image.image_gradients(x[0])),
    }


def crops(tf):
    x = tf.constant(_x(2, 5, 6, 2))
    boxes = tf.constant(
        [
            [0.0, 0, 1, 1],
            [0.1, 0.2, 0.7, 0.9],
            [0.8, 0.9, 0.1, 0.3],
            [-0.3, 0.2, 1.4, 0.5],
        ]
    )
    which = [0, 1, 1, 0]
    made = {
        "linear": tf.image.crop_and_resize(x, boxes, which, [3, 4]),
        "one": tf.image.crop_and_resize(x, boxes, which, [1, 1]),
        "near": tf.image.crop_and_resize(
            x,
            boxes,
            box_indices=which,
            crop_size=[4, 3],
            method="nearest",
            extrapolation_value=0.5,
        ),
        "ints": tf.image.crop_and_resize(
            tf.cast(x * 9, tf.int32), boxes, which, (2, 2), name="cut"
        ),
    }
    made["grads"] = tf.gradients(tf.reduce_sum(made["linear"] ** 2), [x, boxes])
    made["grads_one"] = tf.gradients(tf.reduce_sum(made["one"] ** 2), [x, boxes])
    made["near_grad"] = tf.gradients(tf.reduce_sum(made["near"] ** 2), x)
    return made


def crops_refused(tf):
    x, boxes = tf.constant(_x(1, 3, 3, 1)), [[0.0, 0, 1, 1]]
    return {
        "made": tries(
            lambda: tf.image.crop_and_resize(x[0], boxes, [0], [2, 2]),
            lambda: tf.image.crop_and_resize(x, [[0.0, 1, 1]], [0], [2, 2]),
            lambda: tf.image.crop_and_resize(x, boxes, [0, 0], [2, 2]),
            lambda: tf.image.crop_and_resize(x, boxes, [0], [2, 2, 2]),
            lambda: tf.image.crop_and_resize(x, boxes, [0], [2, 2], method="area"),
        ),
        "run": tries_run(
            tf,
            lambda: tf.image.crop_and_resize(x, boxes, [3], [2, 2]),
            lambda: tf.image.crop_and_resize(
                x, boxes, [0], tf.placeholder_with_default([0, 2], [2])
            ),
        ),
    }


def patches(tf):
    x = tf.constant(_x(2, 6, 7, 2))
    unknown = tf.placeholder_with_default(_x(1, 5, 5, 1), [None, None, None, 1])
    made = {
        "valid": tf.extract_image_patches(
            x, [1, 3, 3, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID"
        ),
        "same": tf.image.extract_image_patches(
            x,
            sizes=[1, 2, 3, 1],
            strides=[1, 1, 2, 1],
            rates=[1, 2, 1, 1],
            padding="SAME",
        ),
        "new": tf.image.extract_patches(
            unknown, [1, 3, 2, 1], [1, 3, 2, 1], [1, 1, 2, 1], "SAME", name="windows"
        ),
        "volume": tf.extract_volume_patches(
            tf.constant(_x(1, 3, 4, 4, 2)), [1, 2, 2, 2, 1], [1, 1, 2, 2, 1], "VALID"
        ),
    }
    made["grads"] = [
        tf.gradients(tf.reduce_sum(made[name] ** 2), source)[0]
        for name, source in (("valid", x), ("same", x), ("new", unknown))
    ]
    made["not"] = {
        "refused": tries(
            lambda: tf.extract_image_patches(
                x, [1, 9, 3, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID"
            ),
            lambda: tf.extract_image_patches(
                x[0], [1, 3, 3, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID"
            ),
            lambda: tf.extract_image_patches(
                x, [1, 3, 3, 1], [1, 2, 2, 1], [1, 1, 1, 1], "FULL"
            ),
        )
    }
    return made


def boxes(tf):
    x = tf.constant(_x(2, 8, 9, 3))
    drawn = np.array(
        [
            [[0.1, 0.2, 0.7, 0.9], [0, 0, 1, 1]],
            [[-0.5, 0.3, 0.5, 1.5], [0.9, 0.9, 0.1, 0.1]],
        ],
        np.float32,
    )
    return {
        "default": tf.image.draw_bounding_boxes(x, drawn),
        "gray": tf.image.draw_bounding_boxes(x[..., :1], drawn),
        "colours": tf.image.draw_bounding_boxes(
            x, drawn, colors=[[0.1, 0.2, 0.3], [0.5, 0.5, 0.5]], name="drawn"
        ),
        "refused": tries_run(
            tf,
            lambda: tf.image.draw_bounding_boxes(x[..., :2], drawn),
            lambda: tf.image.draw_bounding_boxes(x, drawn[0]),
        ),
    }
