"""tf.keras.layers called on tensors: their names, scopes and variables."""

import numpy as np


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).randn(*shape).astype(np.float32)


def _names(tf):
  return ["%s %s" % (v.name, v.shape) for v in tf.global_variables()]


def dense(tf):
  tf.keras.backend.reset_uids()
  x = tf.constant(_x(2, 3))
  layer = tf.keras.layers.Dense(4, activation="relu")
  a = layer(x)
  b = layer(x * 2.0)
  c = tf.keras.layers.Dense(2)(a)
  d = tf.keras.layers.Dense(2, name="out", use_bias=False)(a)
  return {"a": a, "b": b, "c": c, "d": d, "names": _names(tf)}


def in_variable_scopes(tf):
  tf.keras.backend.reset_uids()
  x = tf.constant(_x(2, 3))
  with tf.variable_scope("vs"):
    a = tf.keras.layers.Dense(4)(x)
  with tf.variable_scope("vs", reuse=True):
    b = tf.keras.layers.Dense(4)(x)
  with tf.name_scope("ns"):
    c = tf.keras.layers.Dense(4)(x)
  return {"a": a, "b": b, "c": c, "names": _names(tf)}


def convolutions(tf):
  tf.keras.backend.reset_uids()
  layers = tf.keras.layers
  x = tf.constant(_x(2, 8, 8, 3))
  a = layers.Conv2D(4, 3, activation="relu", padding="same")(x)
  b = layers.MaxPooling2D()(a)
  c = layers.Conv2DTranspose(2, 3, strides=2)(b)
  d = layers.Flatten()(b)
  e = layers.Conv1D(2, 3)(tf.constant(_x(2, 7, 3)))
  f = layers.SeparableConv2D(4, 3)(x)
  g = layers.AveragePooling2D(2)(x)
  return {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "g": g, "names": _names(tf)}


def batch_norm(tf):
  tf.keras.backend.reset_uids()
  layer = tf.keras.layers.BatchNormalization()
  a = layer(tf.constant(_x(4, 3)), training=True)
  b = layer(tf.constant(_x(4, 3)), training=False)
  return {"a": a, "b": b, "names": _names(tf), "updates": [op.name for op in layer.updates],
          "collected": len(tf.get_collection(tf.GraphKeys.UPDATE_OPS))}


def dropout(tf):
  tf.keras.backend.reset_uids()
  x = tf.constant(_x(4, 3))
  return {"on": tf.keras.layers.Dropout(0.5)(x, training=True),
          "off": tf.keras.layers.Dropout(0.5)(x, training=False)}


def regularized(tf):
  tf.keras.backend.reset_uids()
  layer = tf.keras.layers.Dense(3, kernel_regularizer=tf.keras.regularizers.l2(0.1),
                                kernel_initializer="he_normal")
  y = layer(tf.constant(_x(2, 3)))
  return {"y": y, "losses": layer.losses,
          "collected": len(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))}


def own_layer(tf):
  tf.keras.backend.reset_uids()

  class Linear(tf.keras.layers.Layer):
    def __init__(self, units, **kwargs):
      super(Linear, self).__init__(**kwargs)
      self.units = units

    def build(self, shape):
      self.w = self.add_weight("w", shape=[int(shape[-1]), self.units])
      self.b = self.add_weight("b", shape=[self.units], initializer="zeros", trainable=False)

    def call(self, x):
      return tf.matmul(x, self.w) + self.b

  layer = Linear(2)
  return {"y": layer(tf.constant(_x(2, 3))), "names": _names(tf),
          "trainable": [v.name for v in layer.trainable_variables]}


def simple_rnn_cell(tf):
  tf.keras.backend.reset_uids()
  cell = tf.keras.layers.SimpleRNNCell(4, bias_initializer="ones")
  x = tf.constant(_x(2, 5, 3))
  out, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
  one = tf.keras.layers.SimpleRNNCell(2, activation=None, use_bias=False)
  step, states = one(x[:, 0], [tf.zeros([2, 2])])
  return {"out": out, "state": state, "step": step, "next": states[0], "names": _names(tf)}


def simple_rnn_cell_unrolled(tf):
  tf.keras.backend.reset_uids()
  cell = tf.keras.layers.SimpleRNNCell(4)
  x = tf.unstack(tf.constant(_x(2, 3, 3)), axis=1)
  out, state = tf.nn.static_rnn(cell, x, dtype=tf.float32)
  return {"out": out, "state": state, "names": _names(tf), "size": cell.state_size}
