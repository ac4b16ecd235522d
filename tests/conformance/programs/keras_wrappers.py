"""tf.keras layers: around others, with noise, at the edges of images, of attention; masks."""

import numpy as np
from said import tries_whole


def _x(tf, *shape):
  return tf.constant(np.random.RandomState(0).randn(*shape).astype(np.float32))


def _image(tf):
  return _x(tf, 2, 4, 5, 2)


def bidirectional(tf):
  k = tf.keras.layers
  x = _x(tf, 2, 3, 4)
  kept = tf.constant([[True, False, True]] * 2)
  made = {"concat": k.Bidirectional(k.LSTM(3, return_sequences=True))(x), "sum": k.Bidirectional(k.GRU(3, return_state=True), merge_mode="sum")(x),
          "both": k.Bidirectional(k.SimpleRNN(3), merge_mode=None)(x, mask=kept), "ave": k.Bidirectional(k.SimpleRNN(2), merge_mode="ave")(x),
          "mul": k.Bidirectional(k.SimpleRNN(2), merge_mode="mul", backward_layer=k.SimpleRNN(2, go_backwards=True))(x),
          "given": k.Bidirectional(k.GRU(2))(x, initial_state=[tf.ones([2, 2])] * 2)}
  layer = k.Bidirectional(k.RNN([k.GRUCell(2), k.LSTMCell(3)], return_sequences=True, return_state=True))
  first, a, b = tf.keras.Input((3, 4)), tf.keras.Input((2,)), tf.keras.Input((2,))
  model = tf.keras.Model([first, a, b], k.Bidirectional(k.GRU(2))(first, initial_state=[a, b]))
  made.update(stack=layer(x), model=model([x, tf.ones([2, 2]), tf.zeros([2, 2])]), names=[v.name for v in tf.global_variables()])
  made["shapes"] = [str(k.Bidirectional(k.LSTM(3)).compute_output_shape((2, 3, 4))), str(k.Bidirectional(k.LSTM(3), merge_mode=None).compute_output_shape((2, 3, 4)))]
  made["config"] = sorted(layer.get_config())
  made["masks"] = str(layer.compute_mask(x, [None])) + str(k.Bidirectional(k.LSTM(3), merge_mode=None).compute_mask(x, None))
  return made


def time_distributed(tf):
  k = tf.keras.layers

  class Doubled(k.Layer):

    def call(self, x):
      return x * 2

    def compute_output_shape(self, shape):
      return shape

  x = _x(tf, 2, 3, 4)
  unknown = tf.placeholder_with_default(np.ones((2, 3, 4), np.float32), [None, None, 4])
  words = tf.keras.Input((3, 4))
  lines = []
  model = tf.keras.Model(words, k.TimeDistributed(k.LSTM(2))(k.TimeDistributed(k.Embedding(9, 3, mask_zero=True))(words)))
  model.summary(print_fn=lines.append)
  return {"dense": k.TimeDistributed(k.Dense(3))(x), "unknown": k.TimeDistributed(k.Dense(3))(unknown), "loop": k.TimeDistributed(Doubled())(x),
          "conv": k.TimeDistributed(k.Conv2D(2, 2))(_x(tf, 2, 3, 4, 4, 1)), "shape": str(k.TimeDistributed(k.Dense(2)).compute_output_shape((2, 3, 4))),
          "config": sorted(k.TimeDistributed(k.Dense(2)).get_config()["layer"]), "lines": lines, "inner": k.TimeDistributed(tf.keras.Sequential([k.Dense(3, input_shape=(4,)), k.Dense(2)]))(x), "drop": k.TimeDistributed(k.Dropout(0.5))(x, training=False)}


def functions(tf):
  k = tf.keras.layers
  x = _x(tf, 2, 3)

  def scaled(t, factor=1.0, training=None):
    return t * factor

  layer = k.Lambda(lambda t: t ** 2)
  again = k.Lambda.from_config(layer.get_config())
  return {"square": layer(x), "again": again(x), "told": k.Lambda(scaled, arguments={"factor": 3.0}, name="scaled")(x, training=True),
          "config": sorted(layer.get_config()), "shape": str(k.Lambda(scaled, output_shape=(4,)).compute_output_shape((2, 3))),
          "named": [k.Lambda(scaled).get_config()[key] for key in ["function_type", "output_shape", "output_shape_type", "arguments"]]}


def edges(tf):
  k = tf.keras.layers
  x, image, volume = _x(tf, 2, 3, 4), _image(tf), _x(tf, 1, 3, 3, 4, 2)
  unknown = tf.placeholder_with_default(np.ones((2, 3, 4), np.float32), [None, None, 4])
  return {"up1": k.UpSampling1D(3)(x), "up1u": k.UpSampling1D(2)(unknown), "up3": k.UpSampling3D((1, 2, 1))(volume), "pad1": k.ZeroPadding1D(2)(x),
          "up3f": k.UpSampling3D(2, data_format="channels_first")(volume), "pad3": k.ZeroPadding3D((1, 2, 1))(volume), "crop1": k.Cropping1D(1)(x),
          "crop1e": k.Cropping1D((1, 0))(x), "crop2": k.Cropping2D(((1, 0), (1, 2)))(image), "crop3": k.Cropping3D(((1, 0), (0, 1), 1))(volume),
          "first": k.Cropping2D(1, data_format="channels_first")(image),
          "shapes": [str(k.ZeroPadding3D(((1, 2), (0, 1), (1, 1))).compute_output_shape((2, 3, 4, 5, 6))), str(k.Cropping2D(1).compute_output_shape((2, None, 4, 5))),
                     str(k.UpSampling1D(3).compute_output_shape((2, 3, 4))), str(k.UpSampling3D().compute_output_shape((2, 3, 4, None, 1)))],
          "configs": [str(sorted(layer.get_config().items(), key=str)) for layer in
                      [k.ZeroPadding1D((1, 2)), k.Cropping1D(1), k.Cropping3D(2), k.UpSampling1D(), k.UpSampling3D(), k.ZeroPadding3D(1)]],
          "errors": tries_whole(lambda: k.Cropping2D(1.5), lambda: k.Cropping3D((1, 2)), lambda: k.ZeroPadding3D(1.5), lambda: k.Cropping2D((1, 2, 3)),
                                lambda: k.ZeroPadding1D((1, 2, 3)))}


def noise(tf):
  np.random.seed(1)
  k = tf.keras.layers
  x, image, volume = _x(tf, 2, 3, 4), _image(tf), _x(tf, 1, 3, 3, 4, 2)
  made = {"noise": k.GaussianNoise(0.3)(x, training=True), "phase": k.GaussianNoise(0.3)(x), "gauss": k.GaussianDropout(0.3)(x, training=True),
          "alpha": k.AlphaDropout(0.2)(x, training=True), "alpha_seed": k.AlphaDropout(0.2, seed=4, noise_shape=(2, 3, 1))(x, training=True),
          "none": k.GaussianDropout(0.0)(x), "one": k.SpatialDropout1D(0.3, seed=3)(x, training=True),
          "two": k.SpatialDropout2D(0.3, seed=2)(image, training=True), "config": sorted(k.SpatialDropout2D(0.3).get_config()),
          "three": k.SpatialDropout3D(0.3, seed=3, data_format="channels_first")(volume, training=True)}
  layer = k.ActivityRegularization(l1=0.1)
  made.update(same=layer(x), losses=layer.losses, errors=tries_whole(lambda: k.SpatialDropout2D(0.1, data_format="x")))
  return made


def weights(tf):
  k = tf.keras.layers
  x, image = _x(tf, 2, 3, 4), _image(tf)
  made = {"prelu": k.PReLU("ones")(x), "shared": k.PReLU(shared_axes=[1, 2])(image), "norm": k.LayerNormalization()(x),
          "two": k.LayerNormalization(axis=[1, 2])(image), "one": k.LayerNormalization(axis=1, scale=False)(image),
          "depth": k.DepthwiseConv2D(2, depth_multiplier=2, activation="relu")(image), "same": k.DepthwiseConv2D(2, padding="same", use_bias=False)(image),
          "shape": str(k.DepthwiseConv2D(3, depth_multiplier=2).compute_output_shape((2, 3, 4, 5)))}
  made["configs"] = [str(sorted(layer.get_config())) for layer in [k.PReLU(), k.LayerNormalization(), k.DepthwiseConv2D(3)]]
  made["errors"] = tries_whole(lambda: k.LayerNormalization(axis="a"), lambda: k.LayerNormalization(axis=5)(x), lambda: k.LayerNormalization(axis=[1, 1])(x),
                               lambda: k.DepthwiseConv2D(2)(tf.placeholder(tf.float32, [None, 3, 3, None])))
  return made


def dots(tf):
  k = tf.keras.layers
  x = _x(tf, 2, 3, 4)
  return {"one": k.Dot(1)([x, x]), "two": k.Dot((1, 2), normalize=True)([x, _x(tf, 2, 4, 3)]), "flat": k.dot([_x(tf, 2, 3), _x(tf, 2, 3)], 1),
          "wide": k.Dot(-1)([_x(tf, 2, 3), _x(tf, 2, 5, 3)]), "shape": str(k.Dot(1).compute_output_shape([(2, 3), (2, 3)])), "config": sorted(k.Dot(1).get_config()),
          "errors": tries_whole(lambda: k.Dot("a"), lambda: k.Dot((1,)), lambda: k.Dot((1, "a")), lambda: k.Dot(1)([x, _image(tf)]), lambda: k.Dot(1)(x))}


def attention(tf):
  k = tf.keras.layers
  x = _x(tf, 2, 3, 4)
  kept = tf.constant([[True, True, False]] * 2)
  layer = k.Attention(use_scale=True, causal=True)
  return {"plain": k.Attention()([x, _x(tf, 2, 5, 4)]), "causal": layer([x, x], mask=[kept, kept]), "sum": k.AdditiveAttention()([x, x, _x(tf, 2, 3, 4)]),
          "unscaled": k.AdditiveAttention(use_scale=False)([x, x]), "config": sorted(layer.get_config()), "mask": layer.compute_mask([x, x], [kept, None]),
          "errors": tries_whole(lambda: k.Attention()(x), lambda: k.Attention()([x]), lambda: k.Attention()([x, x], mask=kept), lambda: k.Attention()([x, x], mask=[kept]))}


def masks(tf):
  k = tf.keras.layers
  x = _x(tf, 2, 3, 4)
  masked = k.Masking()(x)
  words = tf.keras.Input((3,))
  one, other = k.Embedding(5, 4, mask_zero=True)(words), k.Embedding(5, 3)(words)
  both, mixed = k.Concatenate()([one, one]), k.Concatenate()([one, other])
  mean = k.GlobalAveragePooling1D()(both)
  return {"masked": masked, "mask": masked._keras_mask, "lstm": k.LSTM(2)(masked), "masks": [t._keras_mask.name for t in (both, mixed)],
          "mean": mean.name, "model": tf.keras.Model(words, mean)(tf.constant([[1.0, 0.0, 2.0]])), "computed": k.Masking(1.0).compute_mask(x)}


def features(tf):
  fc = tf.feature_column
  columns = [fc.numeric_column("a"), fc.embedding_column(fc.categorical_column_with_identity("b", 5), 3)]
  layer = tf.keras.layers.DenseFeatures(columns)
  given = {"a": tf.constant([[1.0], [2.0]]), "b": tf.constant([[1], [2]])}
  model = tf.keras.Sequential([tf.keras.layers.DenseFeatures(columns[:1]), tf.keras.layers.Dense(2)])
  return {"y": layer(given), "weights": [w.name for w in layer.weights], "model": model({"a": given["a"]})}


def refused(tf):
  k = tf.keras.layers
  x = _x(tf, 2, 3, 4)
  return {"errors": tries_whole(
    lambda: k.Bidirectional(3), lambda: k.Bidirectional(k.LSTM(2), merge_mode="x"), lambda: k.TimeDistributed(3), lambda: k.TimeDistributed(k.Dense(3))(_x(tf, 2, 3)),
    lambda: k.Bidirectional(k.LSTM(2), backward_layer=k.LSTM(2)), lambda: k.Bidirectional(k.LSTM(2), backward_layer=3),
    lambda: k.Bidirectional(k.LSTM(2), backward_layer=k.LSTM(2, go_backwards=True, return_sequences=True)))}
