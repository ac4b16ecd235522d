"""tf.layers: functions and classes, names, reuse, and what they leave behind."""

import numpy as np


def _x(*shape, **kwargs):
  seed = kwargs.get("seed", 0)
  return np.random.RandomState(seed).randn(*shape).astype(np.float32)


def _about(layer):
  return {
    "name": layer.name, "built": layer.built,
    "weights": [v.name for v in layer.weights],
    "trainable": [v.name for v in layer.trainable_weights],
    "losses": [t.name for t in layer.losses],
    "updates": [op.name for op in layer.updates],
  }


def dense_names(tf):
  x = tf.constant(_x(2, 3))
  a = tf.layers.dense(x, 4)
  b = tf.layers.dense(a, 4, activation=tf.nn.relu)
  c = tf.layers.dense(b, 2, name="out", use_bias=False)
  with tf.variable_scope("net"):
    d = tf.layers.dense(x, 2)
    e = tf.layers.dense(d, 2, tf.nn.sigmoid, name="last")
  with tf.variable_scope("net"):
    f = tf.layers.dense(x, 2, name="third")
  with tf.variable_scope("net", reuse=True):
    g = tf.layers.dense(x, 2)
    h = tf.layers.dense(g, 2, name="last")
  return {k: v for k, v in zip("abcdefgh", [a, b, c, d, e, f, g, h])}


def dense_reuse_by_name(tf):
  x = tf.constant(_x(2, 3))
  one = tf.layers.dense(x, 4, name="d")
  two = tf.layers.dense(x + 1.0, 4, name="d", reuse=True)
  three = tf.layers.dense(x, 4, name="e", reuse=tf.AUTO_REUSE)
  four = tf.layers.dense(x, 4, name="e", reuse=tf.AUTO_REUSE)
  return {"one": one, "two": two, "three": three, "four": four}


def dense_name_taken(tf):
  x = tf.constant(_x(2, 3))
  tf.layers.dense(x, 4, name="d")
  tf.layers.dense(x, 4, name="d")


def dense_reuse_of_nothing(tf):
  tf.layers.dense(tf.constant(_x(2, 3)), 4, name="d", reuse=True)


def dense_reuse_unnamed(tf):
  tf.layers.dense(tf.constant(_x(2, 3)), 4, reuse=True)


def dense_other_shape(tf):
  tf.layers.dense(tf.constant(_x(2, 3)), 4, name="d")
  tf.layers.dense(tf.constant(_x(2, 5)), 4, name="d", reuse=True)


def dense_rank_3(tf):
  x = tf.placeholder_with_default(_x(2, 3, 4), [None, 3, 4])
  y = tf.layers.dense(x, 5, activation=tf.tanh)
  z = tf.layers.dense(tf.constant(_x(2, 3, 4)), 2, name="z")
  return {"y": y, "z": z, "shape": str(y.shape)}


def dense_settings(tf):
  x = tf.constant(_x(2, 3))
  y = tf.layers.dense(
    x, 4, kernel_initializer=tf.random_normal_initializer(stddev=0.1),
    bias_initializer=tf.constant_initializer(0.5),
    kernel_regularizer=tf.contrib.layers.l2_regularizer(0.1),
    bias_regularizer=tf.contrib.layers.l1_regularizer(0.2),
    activity_regularizer=tf.contrib.layers.l2_regularizer(0.3),
    kernel_constraint=lambda w: tf.clip_by_norm(w, 1.0), trainable=False)
  return {"y": y, "losses": tf.losses.get_regularization_losses()}


def dense_scope_initializer(tf):
  x = tf.constant(_x(2, 3))
  with tf.variable_scope("s", initializer=tf.constant_initializer(0.25),
                         regularizer=tf.contrib.layers.l2_regularizer(0.5)):
    y = tf.layers.dense(x, 4)
    z = tf.layers.conv1d(tf.constant(_x(2, 5, 3)), 2, 3)
  return {"y": y, "z": z, "loss": tf.losses.get_regularization_loss()}


def dense_unknown_depth(tf):
  tf.layers.dense(tf.placeholder(tf.float32, [None, None]), 3)


def dense_of_integers(tf):
  return {"y": tf.layers.dense(tf.constant([[1, 2]]), 3)}


def dense_float64(tf):
  return {"y": tf.layers.dense(tf.constant(_x(2, 3).astype(np.float64)), 3)}


def dense_class(tf):
  x = tf.constant(_x(2, 3))
  layer = tf.layers.Dense(4, activation=tf.nn.relu,
                          kernel_regularizer=tf.contrib.layers.l2_regularizer(0.1))
  before = _about(layer)
  one = layer(x)
  two = layer.apply(x * 2.0)
  other = tf.layers.Dense(4)
  three = other(x)
  with tf.variable_scope("s"):
    four = tf.layers.Dense(2, name="named")(x)
    five = layer(x)
  return {"one": one, "two": two, "three": three, "four": four, "five": five,
          "before": before, "about": _about(layer), "scope": layer.scope_name,
          "units": layer.units, "kernel": layer.kernel.name, "bias": layer.bias.name}


def dense_class_built_first(tf):
  layer = tf.layers.Dense(4)
  layer.build([None, 3])
  y = layer(tf.constant(_x(2, 3)))
  return {"y": y, "about": _about(layer),
          "out": str(layer.compute_output_shape([2, 3]))}


def scope_name_too_early(tf):
  return {"name": tf.layers.Dense(3).scope_name}


def two_graphs_count_apart(tf):
  first = tf.layers.dense(tf.constant(_x(2, 3)), 4)
  with tf.Graph().as_default():
    other = tf.layers.dense(tf.constant(_x(2, 3)), 4)
    name = other.name
  return {"first": first, "name": name, "next": tf.layers.dense(first, 2).name}


def convolutions(tf):
  x = tf.constant(_x(2, 8, 8, 3))
  a = tf.layers.conv2d(x, 4, 3)
  b = tf.layers.conv2d(x, 4, [3, 3], strides=(2, 2), padding="same", activation=tf.nn.relu)
  c = tf.layers.conv2d(x, 2, 5, padding="SAME", dilation_rate=2, name="dilated")
  d = tf.layers.conv2d(x, 2, (1, 3), use_bias=False, name="thin")
  e = tf.layers.conv1d(tf.constant(_x(2, 7, 3)), 4, 3, padding="same")
  f = tf.layers.conv3d(tf.constant(_x(1, 4, 4, 4, 2)), 3, 2)
  g = tf.layers.separable_conv2d(x, 5, 3, depth_multiplier=2)
  h = tf.layers.separable_conv1d(tf.constant(_x(2, 7, 3)), 4, 3)
  return {k: v for k, v in zip("abcdefgh", [a, b, c, d, e, f, g, h])}


def convolutions_of_unknown_size(tf):
  x = tf.placeholder_with_default(_x(2, 8, 8, 3), [None, None, None, 3])
  a = tf.layers.conv2d(x, 4, 3, padding="same")
  b = tf.layers.conv2d_transpose(a, 2, 3, strides=2, padding="same")
  c = tf.layers.max_pooling2d(b, 2, 2)
  d = tf.layers.conv2d_transpose(x, 2, 3)
  return {"a": a, "b": b, "c": c, "d": d, "shapes": [str(t.shape) for t in (a, b, c, d)]}


def transposed(tf):
  x = tf.constant(_x(2, 4, 4, 3))
  a = tf.layers.conv2d_transpose(x, 2, 5, strides=2, padding="same")
  b = tf.layers.conv2d_transpose(x, 2, 3, activation=tf.nn.tanh, name="up")
  c = tf.layers.conv2d_transpose(x, 2, [4, 4], (2, 2), "same", use_bias=False)
  d = tf.layers.conv3d_transpose(tf.constant(_x(1, 2, 2, 2, 2)), 3, 2)
  return {"a": a, "b": b, "c": c, "d": d}


def channels_first(tf):
  x = tf.placeholder(tf.float32, [2, 3, 8, 8])
  a = tf.layers.conv2d(x, 4, 3, data_format="channels_first")
  b = tf.layers.max_pooling2d(a, 2, 2, data_format="channels_first")
  c = tf.layers.flatten(b, data_format="channels_first")
  e = tf.layers.batch_normalization(x, axis=1)
  return {"shapes": [str(t.shape) for t in (a, b, c, e)]}


def conv_wrong_rank(tf):
  tf.layers.conv2d(tf.constant(_x(2, 8, 3)), 4, 3)


def conv_too_large(tf):
  try:
    tf.layers.conv2d(tf.constant(_x(2, 2, 2, 3)), 4, 3)
  except ValueError as error:
    return {"error": str(error).strip().split("\n")[-1].split("ValueError: ")[-1].strip()}


def conv_wrong_padding(tf):
  tf.layers.conv2d(tf.constant(_x(2, 8, 8, 3)), 4, 3, padding="some")


def conv_kernel_size(tf):
  tf.layers.conv2d(tf.constant(_x(2, 8, 8, 3)), 4, (3, 3, 3))


def conv_class(tf):
  x = tf.constant(_x(2, 6, 6, 3))
  layer = tf.layers.Conv2D(4, 3, name="c", kernel_regularizer=tf.contrib.layers.l2_regularizer(0.1))
  a, b = layer(x), layer(x)
  up = tf.layers.Conv2DTranspose(3, 3)
  c = up(a)
  return {"a": a, "b": b, "c": c, "about": _about(layer), "up": _about(up)}


def pooling(tf):
  x = tf.constant(_x(2, 7, 7, 3))
  a = tf.layers.max_pooling2d(x, 2, 2)
  b = tf.layers.max_pooling2d(x, [3, 3], strides=2, padding="same", name="pool")
  c = tf.layers.average_pooling2d(x, 2, 2)
  d = tf.layers.average_pooling2d(x, pool_size=3, strides=1, padding="SAME")
  e = tf.layers.max_pooling1d(tf.constant(_x(2, 7, 3)), 2, 2)
  f = tf.layers.average_pooling1d(tf.constant(_x(2, 7, 3)), 3, 1)
  g = tf.layers.max_pooling3d(tf.constant(_x(1, 4, 4, 4, 2)), 2, 2)
  h = tf.layers.AveragePooling3D(2, 2)(tf.constant(_x(1, 4, 4, 4, 2)))
  return {k: v for k, v in zip("abcdefgh", [a, b, c, d, e, f, g, h])}


def flatten(tf):
  x = tf.constant(_x(2, 3, 4))
  y = tf.placeholder_with_default(_x(2, 3, 4), [None, 3, 4])
  z = tf.placeholder_with_default(_x(2, 3, 4), [None, None, 4])
  w = tf.placeholder_with_default(_x(2, 3, 4), None)
  v = tf.constant(_x(5))
  outs = [tf.layers.flatten(t) for t in (x, y, z, v)] + [tf.layers.Flatten(name="f")(y)]
  return {"outs": [str(o.shape) for o in outs], "x": outs[0], "y": outs[1], "z": outs[2], "v": outs[3]}


def dropout(tf):
  x = tf.constant(_x(4, 5))
  training = tf.placeholder_with_default(True, [])
  return {
    "default": tf.layers.dropout(x),
    "on": tf.layers.dropout(x, 0.3, training=True),
    "seeded": tf.layers.dropout(x, rate=0.4, seed=7, training=True, name="drop"),
    "tensor": tf.layers.dropout(x, 0.5, training=training),
    "rows": tf.layers.dropout(x, 0.5, noise_shape=[4, 1], training=True),
    "rate": tf.layers.dropout(x, tf.constant(0.25), training=True),
    "zero": tf.layers.dropout(x, 0.0, training=True),
  }


def batch_norm_training(tf):
  x = tf.constant(_x(8, 4))
  y = tf.layers.batch_normalization(x, training=True)
  updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
  with tf.control_dependencies(updates):
    z = tf.identity(y)
  return {"z": z, "updates": [op.name for op in updates],
          "trainable": [v.name for v in tf.trainable_variables()]}


def batch_norm_inference(tf):
  x = tf.constant(_x(8, 4))
  return {"y": tf.layers.batch_normalization(x),
          "z": tf.layers.batch_normalization(x, center=False, scale=False, name="plain")}


def batch_norm_images(tf):
  x = tf.constant(_x(2, 4, 4, 3))
  y = tf.layers.batch_normalization(x, training=True, momentum=0.9, epsilon=1e-5)
  z = tf.layers.batch_normalization(x, training=False)
  w = tf.layers.batch_normalization(x, training=True, fused=False, name="slow")
  return {"y": y, "z": z, "w": w}


def batch_norm_by_tensor(tf):
  training = tf.placeholder_with_default(True, [], name="training")
  x = tf.constant(_x(8, 4))
  images = tf.constant(_x(2, 4, 4, 3))
  y = tf.layers.batch_normalization(x, training=training)
  z = tf.layers.batch_normalization(images, training=training)
  return {"y": y, "z": z,
          "updates": [op.name for op in tf.get_collection(tf.GraphKeys.UPDATE_OPS)]}


def batch_norm_reuse(tf):
  x = tf.constant(_x(8, 4))
  with tf.variable_scope("net"):
    a = tf.layers.batch_normalization(x, training=True)
  with tf.variable_scope("net", reuse=True):
    b = tf.layers.batch_normalization(x, training=True)
  return {"a": a, "b": b,
          "updates": [op.name for op in tf.get_collection(tf.GraphKeys.UPDATE_OPS)]}


def batch_norm_settings(tf):
  x = tf.constant(_x(4, 3, 5))
  a = tf.layers.batch_normalization(x, axis=1, training=True)
  b = tf.layers.batch_normalization(x, renorm=True, training=True)
  c = tf.layers.batch_normalization(
    x, training=True, trainable=False, name="frozen",
    gamma_initializer=tf.constant_initializer(2.0),
    beta_regularizer=tf.contrib.layers.l2_regularizer(0.1))
  return {"a": a, "b": b, "c": c}


def batch_norm_class(tf):
  x = tf.constant(_x(2, 4, 4, 3))
  layer = tf.layers.BatchNormalization(momentum=0.8)
  a = layer(x, training=True)
  b = layer(x, training=False)
  return {"a": a, "b": b, "about": _about(layer)}


def auto_reuse_unnamed(tf):
  x = tf.constant(_x(2, 3))
  with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
    a = tf.layers.dense(x, 4)
    b = tf.layers.dense(x, 4)
  with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
    c = tf.layers.dense(x, 4)
    d = tf.layers.dense(x, 4)
  return {"a": a, "b": b, "c": c, "d": d}


def layers_in_name_scopes(tf):
  x = tf.constant(_x(2, 3))
  with tf.name_scope("ns"):
    a = tf.layers.dense(x, 4)
    with tf.variable_scope("vs"):
      b = tf.layers.dense(a, 2, name="inner")
  with tf.name_scope("ns"):
    c = tf.layers.dense(x, 2)
  with tf.name_scope(None):
    d = tf.layers.dropout(c, training=True)
  return {"a": a, "b": b, "c": c, "d": d}


def resource_layers(tf):
  x = tf.constant(_x(2, 4, 4, 3))
  with tf.variable_scope("r", use_resource=True):
    y = tf.layers.conv2d(x, 2, 3)
    z = tf.layers.batch_normalization(y, training=True)
    w = tf.layers.dense(tf.layers.flatten(z), 2)
  return {"w": w}


def partitioned_layer(tf):
  x = tf.constant(_x(2, 4))
  with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(2)):
    y = tf.layers.dense(x, 3)
  return {"y": y, "names": [v.name for v in tf.global_variables()]}


def under_control_flow(tf):
  x = tf.constant(_x(2, 3))
  flag = tf.placeholder_with_default(True, [])
  y = tf.cond(flag, lambda: tf.layers.dense(x, 2, name="d"), lambda: x[:, :2])
  return {"y": y, "name": y.name}


def gan_by_layers(tf):
  def generator(z, reuse=None):
    with tf.variable_scope("G", reuse=reuse):
      h = tf.layers.dense(z, 8, activation=tf.nn.relu)
      return tf.layers.dense(h, 4, activation=tf.nn.tanh)

  def discriminator(x, reuse=None):
    with tf.variable_scope("D", reuse=reuse):
      h = tf.layers.dense(x, 8, activation=tf.nn.leaky_relu)
      return tf.layers.dense(h, 1)

  fake = generator(tf.constant(_x(2, 3)))
  real = discriminator(tf.constant(_x(2, 4, seed=1)))
  judged = discriminator(fake, reuse=True)
  return {"real": real, "judged": judged,
          "D": [v.name for v in tf.trainable_variables("D")],
          "G": [v.name for v in tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="G")]}


def own_layer(tf):
  class Scale(tf.layers.Layer):
    def build(self, shape):
      self.scale = self.add_variable("scale", [int(shape[-1])], initializer=tf.ones_initializer())
      self.shift = self.add_weight("shift", [int(shape[-1])], trainable=False,
                                   initializer=tf.zeros_initializer())
      super(Scale, self).build(shape)

    def call(self, inputs, bonus=0.0):
      self.add_loss(tf.reduce_sum(self.scale), inputs=True)
      return inputs * self.scale + self.shift + bonus

  x = tf.constant(_x(2, 3))
  layer = Scale()
  a, b = layer(x), layer(x, bonus=1.0)
  c = Scale(name="other")(x)
  return {"a": a, "b": b, "c": c, "about": _about(layer)}


def losses_of_layers(tf):
  x = tf.constant(_x(2, 3))
  l2 = tf.contrib.layers.l2_regularizer(0.5)
  with tf.variable_scope("a"):
    tf.layers.dense(x, 2, kernel_regularizer=l2)
  with tf.variable_scope("a", reuse=True):
    tf.layers.dense(x, 2, kernel_regularizer=l2)
  return {"all": tf.losses.get_regularization_losses(),
          "sum": tf.losses.get_regularization_loss(),
          "names": [t.name for t in tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)]}


def layer_of_wrong_thing(tf):
  tf.layers.dense(None, 3)
