"""tf.keras layers that merge, activate, reshape, embed and pool, in models."""

import numpy as np
from said import tries_whole


def _x(*shape):
  return np.random.RandomState(0).randn(*shape).astype(np.float32)


def _lines(model):
  lines = []
  model.summary(print_fn=lines.append)
  return lines


def merging(tf):
  k = tf.keras.layers
  a, b = tf.constant(_x(2, 3)), tf.constant(_x(2, 3) + 1)
  wide = tf.constant(_x(2, 4, 3))
  made = {kind: getattr(k, kind)()([a, b]) for kind in
          ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"]}
  made.update({name: getattr(k, name)([a, b, a]) for name in ["add", "multiply", "average", "maximum", "minimum"]})
  made["subtract"] = k.subtract([a, b], name="less")
  made["concatenate"] = k.concatenate([a, b], axis=0)
  made["broadcast"] = k.Add()([a, wide])
  made["shapes"] = [str(k.Add().compute_output_shape([(None, 3), (2, 3)])), str(k.Concatenate().compute_output_shape([(2, 3), (2, 4)]))]
  made["errors"] = tries_whole(
    lambda: k.Add()(a), lambda: k.Add()([a, tf.constant(_x(3, 3))]), lambda: k.Add()([a, tf.constant(_x(2, 4))]),
    lambda: k.Subtract()([a, b, a]), lambda: k.Concatenate()([a, wide]), lambda: k.Concatenate(axis=0)([a, tf.constant(_x(2, 4))]))
  return made


def activations(tf):
  k = tf.keras.layers
  x = tf.constant(_x(3, 4))
  return {"activation": k.Activation("tanh")(x), "relu": k.ReLU()(x), "relu6": k.ReLU(6.0)(x), "slope": k.ReLU(negative_slope=0.2)(x),
          "threshold": k.ReLU(1.0, 0.1, 0.2)(x), "leaky": k.LeakyReLU()(x), "leaky2": k.LeakyReLU(0.1)(x), "elu": k.ELU()(x),
          "elu2": k.ELU(0.5)(x), "thresholded": k.ThresholdedReLU(0.3)(x), "softmax": k.Softmax()(x),
          "config": [k.LeakyReLU().get_config()["alpha"] > 0.29, k.Activation("relu").get_config()["activation"]],
          "errors": tries_whole(lambda: k.ReLU(max_value=-1.0), lambda: k.ReLU(negative_slope=-1.0))}


def reshaping(tf):
  k = tf.keras.layers
  x = tf.constant(_x(2, 6))
  image = tf.placeholder_with_default(_x(2, 3, 4, 2), [None, 3, 4, 2])
  model = tf.keras.Sequential([k.Reshape((2, -1), input_shape=(6,)), k.Permute((2, 1)), k.Flatten(), k.RepeatVector(3)])
  return {"reshape": k.Reshape((3, 2))(x), "model": model(x), "lines": _lines(model), "up": k.UpSampling2D()(image),
          "bilinear": k.UpSampling2D((2, 3), interpolation="bilinear")(image),
          "first": k.UpSampling2D(2, data_format="channels_first")(image), "pad": k.ZeroPadding2D()(image),
          "pad2": k.ZeroPadding2D(((1, 0), (0, 2)))(image), "pad_first": k.ZeroPadding2D(2, data_format="channels_first")(image),
          "shapes": [str(k.ZeroPadding2D((1, 2)).compute_output_shape((None, 3, None, 2))),
                     str(k.UpSampling2D().compute_output_shape((None, 3, None, 2))),
                     str(k.Reshape((-1, 2)).compute_output_shape((None, 6))), str(k.Reshape((-1, 2)).compute_output_shape((None, None)))],
          "errors": tries_whole(lambda: k.Permute((2, 3)), lambda: k.UpSampling2D(interpolation="cubic"), lambda: k.ZeroPadding2D((1, 2, 3)),
                           lambda: k.ZeroPadding2D(1.5), lambda: k.Reshape((4,)).compute_output_shape((2, 6)),
                           lambda: k.Reshape((-1, -1)).compute_output_shape((2, 6)))}


def pooling(tf):
  k = tf.keras.layers
  made = {}
  for rank in (1, 2, 3):
    x = tf.constant(_x(*([2] + [3] * rank + [2])))
    for kind in ("Average", "Max"):
      made["%s%d" % (kind, rank)] = getattr(k, "Global%sPooling%dD" % (kind, rank))()(x)
  made["first"] = k.GlobalAveragePooling2D(data_format="channels_first")(tf.constant(_x(2, 3, 4, 5)))
  made["shape"] = str(k.GlobalMaxPool2D().compute_output_shape((None, 3, 4, 5)))
  return made


def embedding(tf):
  k = tf.keras.layers
  model = tf.keras.Sequential([k.Embedding(10, 4, input_length=3), k.Flatten(), k.Dense(1)])
  loose = k.Embedding(5, 2, embeddings_regularizer=tf.keras.regularizers.l2(0.1), name="loose")
  y = loose(tf.constant([[1, 2], [3, 4]]))
  return {"y": y, "z": model(tf.constant([[1.0, 2.0, 3.0]])), "lines": _lines(model), "losses": [t.name for t in loose.losses],
          "config": sorted(loose.get_config()), "input": model.input.name}


def generator(tf):
  k = tf.keras.layers
  model = tf.keras.Sequential(name="generator")
  model.add(k.Dense(4 * 4 * 8, use_bias=False, input_shape=(5,)))
  model.add(k.BatchNormalization())
  model.add(k.LeakyReLU())
  model.add(k.Reshape((4, 4, 8)))
  model.add(k.Conv2DTranspose(4, 5, strides=2, padding="same", use_bias=False))
  model.add(k.UpSampling2D())
  model.add(k.Conv2D(1, 3, activation="tanh", padding="same"))
  y = model(tf.constant(_x(2, 5)), training=True)
  return {"y": y, "lines": _lines(model), "weights": [v.name for v in model.weights],
          "trainable": [v.name for v in model.trainable_variables], "updates": [u.name for u in model.updates]}


def residual(tf):
  k = tf.keras.layers
  x = tf.keras.Input((8, 8, 3))
  h = k.Conv2D(4, 3, padding="same")(x)
  short = h
  h = k.BatchNormalization()(h)
  h = k.Activation("relu")(h)
  h = k.Conv2D(4, 3, padding="same")(h)
  h = k.add([h, short])
  h = k.ZeroPadding2D()(h)
  model = tf.keras.Model(x, k.Dense(2, activation="softmax")(k.GlobalAveragePooling2D()(h)), name="residual")
  return {"y": model(tf.constant(_x(1, 8, 8, 3))), "lines": _lines(model), "layers": [layer.name for layer in model.layers]}


def masks(tf):
  k = tf.keras.layers
  x = tf.keras.Input((3,))
  h = k.Embedding(10, 4, mask_zero=True)(x)
  d = k.Activation("tanh")(k.Dense(2)(h))
  both = k.Add()([d, d])
  lost = k.Reshape((6,))(both)
  return {"masks": [getattr(getattr(t, "_keras_mask", None), "name", None) for t in (x, h, d, both, lost)],
          "through": tf.keras.Model(x, d)(tf.constant([[1.0, 0.0, 2.0]]))._keras_mask.name}
