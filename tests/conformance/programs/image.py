"""tf.image: resizing, cropping, flipping, colours."""

import numpy as np


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).rand(*shape).astype(np.float32)


def _bytes(*shape):
  return np.random.RandomState(1).randint(0, 256, shape).astype(np.uint8)


def resize(tf):
  x = tf.constant(_x(2, 5, 7, 3))
  M = tf.image.ResizeMethod
  return {
    "linear": tf.image.resize_images(x, [8, 4]), "near": tf.image.resize_images(x, (9, 3), M.NEAREST_NEIGHBOR),
    "cubic": tf.image.resize_images(x, [8, 9], method=M.BICUBIC), "area": tf.image.resize_images(x, [3, 4], M.AREA),
    "up": tf.image.resize_images(x, [10, 14], align_corners=True), "same": tf.image.resize_images(x, [5, 7]),
    "one": tf.image.resize_images(x[0], [6, 6]), "ratio": tf.image.resize_images(x, [10, 10], preserve_aspect_ratio=True),
    "area_up": tf.image.resize_images(x, [7, 10], M.AREA),
  }


def resize_ops(tf):
  x = tf.constant(_x(1, 4, 4, 2))
  ints = tf.constant(_bytes(1, 4, 4, 2))
  return {
    "linear": tf.image.resize_bilinear(x, [7, 7], name="up"), "near": tf.image.resize_nearest_neighbor(x, [8, 8]),
    "near3": tf.image.resize_nearest_neighbor(x, [7, 3], align_corners=True),
    "cubic": tf.image.resize_bicubic(x, [7, 7]), "cubic_corner": tf.image.resize_bicubic(x, [7, 6], align_corners=True),
    "area": tf.image.resize_area(x, [2, 3]), "ints": tf.image.resize_bilinear(ints, [3, 3]),
    "near_ints": tf.image.resize_nearest_neighbor(ints, [6, 6]),
    "middle": tf.image.resize_bilinear(x, [7, 3], half_pixel_centers=True),
    "near_middle": tf.image.resize_nearest_neighbor(x, [7, 3], half_pixel_centers=True),
    "cubic_middle": tf.image.resize_bicubic(x, [7, 3], half_pixel_centers=True),
  }


def resize_unknown(tf):
  x = tf.placeholder_with_default(_x(2, 4, 4, 3), [None, None, None, 3])
  size = tf.placeholder_with_default(np.array([6, 5], np.int32), [2])
  a = tf.image.resize_images(x, size)
  b = tf.image.resize_nearest_neighbor(x, tf.shape(x)[1:3] * 2)
  c = tf.image.resize_bilinear(x, (2 * tf.shape(x)[1], 8))
  return {"a": a, "b": b, "c": c, "shapes": [str(t.shape) for t in (a, b, c)]}


def resize_gradients(tf):
  x = tf.constant(_x(1, 4, 5, 2))
  unknown = tf.placeholder_with_default(_x(1, 3, 3, 2), [None, None, None, 2])
  a = tf.gradients(tf.reduce_sum(tf.square(tf.image.resize_bilinear(x, [7, 3]))), x)[0]
  b = tf.gradients(tf.reduce_sum(tf.square(tf.image.resize_nearest_neighbor(x, [8, 10]))), x)[0]
  c = tf.gradients(tf.reduce_sum(tf.square(tf.image.resize_bicubic(x, [7, 3]))), x)[0]
  d = tf.gradients(tf.reduce_sum(tf.square(tf.image.resize_nearest_neighbor(unknown, [6, 6]))), unknown)[0]
  e = tf.gradients(tf.reduce_sum(tf.square(tf.image.resize_images(x, [7, 7], align_corners=True))), x)[0]
  return {"a": a, "b": b, "c": c, "d": d, "e": e}


def upsampling_layer(tf):
  x = tf.constant(_x(2, 4, 4, 3))
  h = tf.image.resize_nearest_neighbor(x, (8, 8))
  h = tf.layers.conv2d(h, 2, 3, padding="same")
  h = tf.image.resize_images(h, [16, 16], tf.image.ResizeMethod.NEAREST_NEIGHBOR)
  loss = tf.reduce_mean(tf.square(h))
  return {"loss": loss, "grads": tf.gradients(loss, tf.trainable_variables())}


def resize_wrong_rank(tf):
  tf.image.resize_images(tf.constant(_x(5, 7)), [3, 3])


def resize_wrong_size(tf):
  tf.image.resize_images(tf.constant(_x(5, 7, 3)), [3, 3, 3])


def resize_unknown_method(tf):
  tf.image.resize_images(tf.constant(_x(5, 7, 3)), [3, 3], method=9)


def crops(tf):
  x = tf.constant(_x(6, 8, 3))
  batch = tf.constant(_x(2, 6, 8, 3))
  unknown = tf.placeholder_with_default(_x(6, 8, 3), [None, None, 3])
  return {
    "crop": tf.image.crop_to_bounding_box(x, 1, 2, 3, 4), "batch": tf.image.crop_to_bounding_box(batch, 0, 0, 2, 2),
    "pad": tf.image.pad_to_bounding_box(x, 1, 2, 9, 12), "fit": tf.image.resize_image_with_crop_or_pad(x, 4, 10),
    "fit_batch": tf.image.resize_image_with_crop_or_pad(batch, 7, 5),
    "central": tf.image.central_crop(x, 0.5), "central_batch": tf.image.central_crop(batch, 0.6),
    "unknown": tf.image.resize_image_with_crop_or_pad(unknown, 5, 9),
    "unknown_crop": tf.image.crop_to_bounding_box(unknown, 1, 2, 3, 4),
    "unknown_central": tf.image.central_crop(unknown, 0.5),
  }


def crop_outside(tf):
  tf.image.crop_to_bounding_box(tf.constant(_x(6, 8, 3)), 4, 0, 3, 3)


def crop_wrong_rank(tf):
  tf.image.crop_to_bounding_box(tf.constant(_x(6, 8)), 4, 0, 3, 3)


def flips(tf):
  x = tf.constant(_x(3, 4, 2))
  batch = tf.constant(_x(2, 3, 4, 2))
  return {
    "lr": tf.image.flip_left_right(x), "ud": tf.image.flip_up_down(x), "t": tf.image.transpose_image(x),
    "lr_batch": tf.image.flip_left_right(batch), "t_batch": tf.image.transpose_image(batch),
    "maybe": tf.image.random_flip_left_right(x, seed=3), "maybe_ud": tf.image.random_flip_up_down(x),
    "maybe_batch": tf.image.random_flip_left_right(batch, seed=3),
  }


def colours(tf):
  x = tf.constant(_x(3, 4, 3))
  ints = tf.constant(_bytes(3, 4, 3))
  return {
    "gray": tf.image.rgb_to_grayscale(x), "gray_ints": tf.image.rgb_to_grayscale(ints),
    "rgb": tf.image.grayscale_to_rgb(x[:, :, :1]), "float": tf.image.convert_image_dtype(ints, tf.float32),
    "ints": tf.image.convert_image_dtype(x, tf.uint8, saturate=True), "wide": tf.image.convert_image_dtype(ints, tf.int32),
    "narrow": tf.image.convert_image_dtype(tf.constant([[[70000]]], tf.int32), tf.uint8),
    "bright": tf.image.adjust_brightness(x, 0.2), "bright_ints": tf.image.adjust_brightness(ints, 0.2),
    "contrast": tf.image.adjust_contrast(x, 1.5), "contrast_ints": tf.image.adjust_contrast(ints, 0.5),
    "random": tf.image.random_brightness(x, 0.3, seed=2), "random_contrast": tf.image.random_contrast(x, 0.5, 1.5, seed=2),
    "standard": tf.image.per_image_standardization(x), "standard_ints": tf.image.per_image_standardization(ints),
    "variation": tf.image.total_variation(x), "variations": tf.image.total_variation(tf.constant(_x(2, 3, 4, 3))),
  }


def contrast_not_in_order(tf):
  tf.image.random_contrast(tf.constant(_x(3, 4, 3)), 0.5, 0.2)
