"""What tf.keras layers are made of: activations, initializers, constraints, their API."""

import numpy as np
from said import tries


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).randn(*shape).astype(np.float32)


def activations(tf):
  a = tf.keras.activations
  x = tf.constant(_x(3, 4))
  return {
    "softmax": a.softmax(x), "softmax3": a.softmax(tf.constant(_x(2, 3, 4))), "elu": a.elu(x), "elu2": a.elu(x, 0.5),
    "selu": a.selu(x), "softplus": a.softplus(x), "softsign": a.softsign(x), "relu": a.relu(x),
    "relu_leaky": a.relu(x, alpha=0.1), "relu_max": a.relu(x, max_value=0.5), "relu_from": a.relu(x, threshold=0.2),
    "relu_all": a.relu(x, alpha=0.1, max_value=0.6, threshold=0.1), "relu6": a.relu(x, max_value=6),
    "tanh": a.tanh(x), "sigmoid": a.sigmoid(x), "exponential": a.exponential(x), "hard": a.hard_sigmoid(x),
    "linear": a.linear(x), "got": a.get("tanh")(x), "none": a.get(None)(x), "name": a.serialize(a.get("relu")),
    "back": a.deserialize("selu")(x),
    "errors": tries(lambda: a.get("nonsense"), lambda: a.get(3), lambda: a.softmax(tf.constant([1.0]))),
  }


def initializers(tf):
  k = tf.keras.initializers
  made = {}
  for name in ("zeros", "ones", "uniform", "normal", "glorot_uniform", "he_normal", "lecun_uniform", "orthogonal",
               "truncated_normal", "random_uniform"):
    made[name] = tf.get_variable(name, [3, 3], initializer=k.get(name))
  made["seeded"] = tf.get_variable("seeded", [2, 2], initializer=k.RandomNormal(0.1, 0.2, seed=3))
  made["bounds"] = tf.get_variable("bounds", [2, 2], initializer=k.RandomUniform(-1.0, 1.0, seed=3))
  made["config"] = str(sorted(k.serialize(k.RandomNormal(seed=1))["config"]))
  made["from"] = tf.get_variable("from", [2], initializer=k.deserialize({"class_name": "Constant", "config": {"value": 2.0}}))
  made["none"] = k.get(None) is None
  made["errors"] = tries(lambda: k.get("nonsense"), lambda: k.get(3.5))
  return made


def regularizers(tf):
  r = tf.keras.regularizers
  x = tf.constant(_x(3, 4))
  return {"l1": r.l1(0.1)(x), "l2": r.l2(0.1)(x), "both": r.l1_l2(0.1, 0.2)(x), "none": r.get(None) is None,
          "nothing": r.l1_l2(0.0, 0.0)(x), "config": sorted(r.serialize(r.l2(0.5))["config"]),
          "from": r.deserialize({"class_name": "L1L2", "config": {"l1": 0.5, "l2": 0.0}})(x),
          "got": r.get(r.l1(0.3))(x), "errors": tries(lambda: r.get("nonsense"), lambda: r.get(3))}


def constraints(tf):
  c = tf.keras.constraints
  x = tf.constant(_x(3, 4))
  return {"max": c.max_norm(1.0)(x), "unit": c.unit_norm(axis=1)(x), "positive": c.non_neg()(x),
          "between": c.min_max_norm(0.5, 1.0, rate=0.5)(x), "none": c.get(None) is None,
          "config": sorted(c.serialize(c.max_norm(2.0))["config"]), "named": c.get("NonNeg")(x),
          "other": sorted(c.UnitNorm().get_config()), "range": sorted(c.MinMaxNorm().get_config()),
          "errors": tries(lambda: c.get("nonsense"), lambda: c.get(3))}


def learning_phase(tf):
  tf.keras.backend.reset_uids()
  x = tf.constant(_x(4, 3))
  y = tf.keras.layers.Dropout(0.5, seed=3)(x)
  z = tf.keras.layers.BatchNormalization()(x)
  return {"y": y, "z": z, "phase": tf.keras.backend.learning_phase().name}


def learning_phase_set(tf):
  tf.keras.backend.reset_uids()
  tf.keras.backend.set_learning_phase(1)
  y = tf.keras.layers.Dropout(0.5, seed=3, noise_shape=[4, 1])(tf.constant(_x(4, 3)))
  return {"y": y, "phase": tf.keras.backend.learning_phase(),
          "errors": tries(lambda: tf.keras.backend.set_learning_phase(3))}


def layer_api(tf):
  tf.keras.backend.reset_uids()
  layers = tf.keras.layers
  dense = layers.Dense(3, name="d", activation="relu")
  before = tries(lambda: dense.count_params(), lambda: dense.weights)
  x = tf.constant(_x(2, 4))
  y = dense(x)
  with tf.Session().as_default() as session:
    session.run(tf.global_variables_initializer())
    dense.set_weights([np.ones((4, 3), np.float32), np.zeros(3, np.float32)])
    values = dense.get_weights()
    wrong = tries(lambda: dense.set_weights([]),
                   lambda: dense.set_weights([np.ones((4, 4)), np.zeros(3)]))
  again = layers.Dense.from_config(dense.get_config())
  conv = layers.Conv2D(2, 3, strides=2)
  pool = layers.MaxPooling2D(2)
  norm = layers.BatchNormalization(axis=[1])
  return {
    "before": before, "y": y, "count": dense.count_params(), "values": values, "wrong": wrong,
    "config": sorted(dense.get_config()), "again": again.name, "units": again.units,
    "conv_config": sorted(conv.get_config()), "pool_config": sorted(pool.get_config()),
    "norm_config": sorted(norm.get_config()), "drop_config": sorted(layers.Dropout(0.5).get_config()),
    "flat_config": sorted(layers.Flatten().get_config()),
    "shapes": [str(dense.compute_output_shape([2, 4])), str(conv.compute_output_shape([1, 9, 9, 3])),
               str(pool.compute_output_shape([1, 8, 8, 3])), str(norm.compute_output_shape([1, 8])),
               str(layers.Flatten().compute_output_shape([2, 3, 4])),
               str(layers.Conv2DTranspose(2, 3, strides=2).compute_output_shape([1, 4, 4, 3])),
               str(layers.Conv1D(2, 3, padding="causal").compute_output_shape([1, 9, 3])),
               str(layers.AveragePooling1D(2).compute_output_shape([1, 8, 3])),
               str(layers.MaxPooling3D(2).compute_output_shape([1, 8, 8, 8, 3]))],
  }


def layer_errors(tf):
  tf.keras.backend.reset_uids()
  layers = tf.keras.layers
  x = tf.constant(_x(2, 8, 8, 3))
  return {"errors": tries(
    lambda: layers.Dense(3)(tf.placeholder(tf.float32, [None, None])),
    lambda: layers.Dense(3)(tf.placeholder(tf.float32, [4])),
    lambda: layers.Conv2D(3, 3)(tf.placeholder(tf.float32, [2, 8, 3])),
    lambda: layers.Conv2D(3, 3)(tf.placeholder(tf.float32, [2, 8, 8, None])),
    lambda: layers.Conv2D(3, 3, padding="nonsense"),
    lambda: layers.Conv2D(3, 3, data_format="nonsense"),
    lambda: layers.Conv2D(3, (3, 3, 3)),
    lambda: layers.Conv2D(3, "a"),
    lambda: layers.Conv2D(3, 3, padding="causal"),
    lambda: layers.MaxPooling2D((2, 2, 2)),
    lambda: layers.BatchNormalization(axis="a"),
    lambda: layers.BatchNormalization(axis=7)(x),
    lambda: layers.BatchNormalization(nonsense=3),
    lambda: layers.Dense(3, nonsense=2),
    lambda: layers.Dense(3, input_shape=(4,)).units,
    lambda: layers.Dense(3)(None),
    lambda: layers.Layer(name="a").compute_mask(x, x),
  )}


def own_layers(tf):
  tf.keras.backend.reset_uids()

  class Block(tf.keras.layers.Layer):
    def __init__(self):
      super(Block, self).__init__(name="block")
      self.first = tf.keras.layers.Dense(4, kernel_regularizer=tf.keras.regularizers.l2(0.1))
      self.norm = tf.keras.layers.BatchNormalization()

    def call(self, x, training=False):
      y = self.norm(self.first(x), training=training)
      self.add_loss(tf.reduce_sum(y), inputs=True)
      return y

  block = Block()
  x = tf.constant(_x(2, 3))
  y = block(x, training=True)
  block.trainable = False
  frozen = [v.name for v in block.trainable_weights]
  block.trainable = True
  return {"y": y, "weights": [v.name for v in block.weights],
          "trainable": [v.name for v in block.trainable_weights],
          "rest": [v.name for v in block.non_trainable_weights], "frozen": frozen,
          "losses": [t.name for t in block.losses], "updates": len(block.updates),
          "updates_for": len(block.get_updates_for(x)), "name": block.name, "dtype": str(block.dtype),
          "variables": len(block.variables), "dynamic": block.dynamic, "stateful": block.stateful}


def channels_first(tf):
  tf.keras.backend.reset_uids()
  layers = tf.keras.layers
  x = tf.placeholder(tf.float32, [2, 3, 8, 8])
  a = layers.Conv2D(4, 3, data_format="channels_first")(x)
  b = layers.MaxPooling2D(data_format="channels_first")(x)
  c = layers.Flatten(data_format="channels_first")(x)
  d = layers.BatchNormalization(axis=1)(x)
  e = layers.Conv3D(2, 2, data_format="channels_first")(tf.placeholder(tf.float32, [1, 2, 4, 4, 4]))
  f = layers.Conv1D(2, 3, padding="causal")(tf.placeholder(tf.float32, [1, 7, 2]))
  g = layers.SeparableConv1D(2, 3, padding="causal")(tf.placeholder(tf.float32, [1, 7, 2]))
  return {"shapes": [str(t.shape) for t in (a, b, c, d, e, f, g)]}


def transposed_with_padding(tf):
  tf.keras.backend.reset_uids()
  layers = tf.keras.layers
  x = tf.constant(_x(1, 4, 4, 2))
  a = layers.Conv2DTranspose(2, 3, strides=2, output_padding=1)(x)
  b = layers.Conv3DTranspose(1, 2, strides=2, padding="same", activation="relu")(tf.constant(_x(1, 2, 2, 2, 2)))
  c = layers.SeparableConv2D(3, 3, depth_multiplier=2, dilation_rate=2, activation="tanh")(tf.constant(_x(1, 8, 8, 2)))
  return {"a": a, "b": b, "c": c,
          "errors": tries(lambda: layers.Conv2DTranspose(2, 3, strides=1, output_padding=1))}


def renorm(tf):
  tf.keras.backend.reset_uids()
  x = tf.constant(_x(6, 3))
  layer = tf.keras.layers.BatchNormalization(renorm=True, renorm_clipping={"rmax": 2.0, "dmax": 1.0})
  virtual = tf.layers.BatchNormalization(virtual_batch_size=3)
  return {"y": layer(x, training=True), "z": layer(x, training=False),
          "virtual": virtual(x, training=True), "names": [v.name for v in layer.weights],
          "errors": tries(
            lambda: tf.keras.layers.BatchNormalization(renorm=True, renorm_clipping={"a": 1})(x, training=True),
            lambda: tf.layers.BatchNormalization(virtual_batch_size=-1).virtual_batch_size,
            lambda: tf.layers.BatchNormalization(virtual_batch_size=2, renorm=True).renorm)}


def by_names(tf):
  tf.keras.backend.reset_uids()
  layer = tf.keras.layers.Dense(3, activation=tf.nn.relu, kernel_constraint="non_neg",
                                bias_initializer="ones", kernel_regularizer=tf.keras.regularizers.l1(0.1),
                                activity_regularizer=tf.keras.regularizers.l2(0.1))
  y = layer(tf.constant(_x(2, 4)))
  return {"y": y, "losses": layer.losses, "constraint": type(layer.kernel.constraint).__name__,
          "input_spec": layer.input_spec.min_ndim}
