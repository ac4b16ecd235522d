"""Pictures in files: decoding and encoding, and what is refused."""

import base64

import numpy as np
from said import tries_run

_BMP = base64.b64decode(
    "Qk1GAAAAAAAAADYAAAAoAAAAAgAAAAIAAAABABgAAAAAABAAAAATCwAAEwsAAAAAAAAAAAAAAQIDBAUGAAAHCAkKCwwAAA==")


def _picture():
  y, x = np.mgrid[0:20, 0:24]
  return np.stack([x * 10, y * 12, (x + y) * 5], -1).astype(np.uint8)


def png(tf):
  image = tf.image
  rgb = np.random.RandomState(1).randint(0, 255, (3, 4, 3)).astype(np.uint8)
  rgba = np.random.RandomState(2).randint(0, 255, (2, 3, 4)).astype(np.uint8)
  wide = np.random.RandomState(3).randint(0, 65535, (2, 2, 1)).astype(np.uint16)
  found = {}
  for name, pixels in (("rgb", rgb), ("rgba", rgba), ("grey", rgb[..., :1]), ("two", rgba[..., :2])):
    data = image.encode_png(pixels)
    found[name] = [image.decode_png(data, channels=c) for c in (0, 1, 3, 4)]
  data = image.encode_png(tf.constant(wide))
  found["wide"] = [image.decode_png(data), image.decode_png(data, dtype=tf.uint16), image.decode_png(data, channels=3)]
  found["deep"] = image.decode_png(image.encode_png(rgb), dtype=tf.uint16)
  return found


def jpeg(tf):
  image = tf.image
  data = image.encode_jpeg(_picture(), quality=90)
  small = image.encode_jpeg(_picture()[..., :1], format="grayscale", density_unit="cm", x_density=5)
  exact = dict(dct_method="INTEGER_ACCURATE")
  return {"data": data, "rgb": image.decode_jpeg(data, **exact), "grey": image.decode_jpeg(data, channels=1, **exact),
          "three": image.decode_jpeg(small, channels=3, **exact), "shape": image.extract_jpeg_shape(data),
          "is": [image.is_jpeg(data), image.is_jpeg("abc", name="no")], "static": str(image.decode_jpeg(data, channels=3).shape),
          "as png": image.decode_png(image.encode_jpeg(np.zeros((2, 2, 3), np.uint8)))}


def any_format(tf):
  image = tf.image
  return {"png": image.decode_image(image.encode_png(_picture()[:2, :2])), "bmp": image.decode_image(_BMP),
          "float": image.decode_image(_BMP, dtype=tf.float32, name="f"),
          "plain": image.decode_bmp(_BMP, channels=3), "shape": str(image.decode_image("x", channels=3).shape)}


def refused(tf):
  image = tf.image
  grey = np.zeros((2, 2, 1), np.uint8)
  two = np.zeros((2, 2, 2), np.uint8)
  colours = np.zeros((2, 2, 3), np.uint8)
  return {"found": tries_run(
      tf,
      lambda: image.encode_jpeg(np.zeros((2, 2), np.uint8)), lambda: image.encode_png(np.zeros((2, 2), np.uint8)),
      lambda: image.decode_jpeg(b"abc"), lambda: image.decode_png(b"abc"), lambda: image.decode_gif(b"abc"),
      lambda: image.decode_bmp(b"abc"), lambda: image.encode_jpeg(two), lambda: image.encode_jpeg(np.zeros((0, 2, 3), np.uint8)),
      lambda: image.encode_png(np.zeros((2, 2, 5), np.uint8)), lambda: image.decode_image(b"abc"),
      lambda: image.encode_jpeg(colours, quality=101), lambda: image.encode_jpeg(colours, format="grayscale"),
      lambda: image.encode_jpeg(grey, format="rgb"), lambda: image.decode_image(b"", channels=2),
      lambda: image.decode_png(b"\x89PNG\r\n\x1a\n123"), lambda: image.decode_bmp(_BMP, channels=4)),
          "shapes": [str(image.decode_gif("").shape), str(image.decode_png("", channels=2).shape)]}
