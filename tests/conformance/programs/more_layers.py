"""Layers: what they refuse, and their less common arguments (keras, tf.layers, contrib)."""

import numpy as np


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).randn(*shape).astype(np.float32)


def _tries(*makes):
  """What each of some functions gives, or the first line of its error."""
  found = []
  for make in makes:
    try:
      made = make()
      found.append("of shape %s" % made.shape if hasattr(made, "op") else made)
    except Exception as error:
      found.append("%s: %s" % (type(error).__name__, str(error).split("\n")[0]))
  return found


def _shape(tensor):
  return str(tensor.shape)


def _plain_config(layer):
  return {key: value if isinstance(value, (int, float, str, bool)) else str(type(value).__name__)
          for key, value in layer.get_config().items()}


# -- keras: a layer of one's own -------------------------------------------------------


def own_layers(tf):
  keras = tf.keras.layers

  class Same(keras.Layer):
    pass

  class Nothing(keras.Layer):
    def call(self, inputs):
      return None

  class Weights(keras.Layer):
    def build(self, shape):
      self.count = self.add_weight("count", [], dtype=tf.int32, trainable=False)
      self.kernel = self.add_weight("kernel", [int(shape[-1])], initializer=tf.ones_initializer)
      super(Weights, self).build(shape)

    def call(self, inputs, training=None):
      return inputs * self.kernel

  x = tf.constant(_x(2, 3))
  same = Same(name="same", activity_regularizer=tf.keras.regularizers.l2(0.1))
  same.activity_regularizer = tf.keras.regularizers.l1(0.1)
  weights = Weights(input_shape=(3,), name="mine")
  y = weights(x)
  frozen = Weights(name="frozen", trainable=False)
  frozen(x)
  return {
    "same": same(x), "y": y,
    "losses": [loss for loss in same.losses], "for": same.get_losses_for(x), "always": same.get_losses_for(None),
    "config": weights.get_config(), "trained": [v.name for v in weights.trainable_variables],
    "others": [v.name for v in weights.non_trainable_variables],
    "frozen": [v.name for v in frozen.non_trainable_weights], "frozen_trained": len(frozen.trainable_weights),
    "mask": same.compute_mask(x) is None,
    "errors": _tries(
      lambda: Nothing()(x), lambda: same.compute_output_shape((2, 3)),
      lambda: Weights().add_weight("x", [], dtype=tf.string), lambda: Weights().add_weight("x", [2], odd=1),
      lambda: setattr(same, "input_spec", 3), lambda: Same(odd=1),
      lambda: weights.add_weight("z", [1], trainable=True, synchronization=tf.VariableSynchronization.ON_READ),
      lambda: same.compute_mask(x, mask=x)[:0],
      lambda: weights.set_weights([1])),
  }


def masks(tf):
  keras = tf.keras.layers

  class Passing(keras.Layer):
    def __init__(self, **kwargs):
      super(Passing, self).__init__(**kwargs)
      self.supports_masking = True

    def call(self, inputs, mask=None):
      return inputs if mask is None else inputs * tf.cast(mask, tf.float32)

  x = tf.constant(_x(2, 3))
  x._keras_mask = tf.constant([[True, False, True], [False, True, True]])
  layer = Passing()
  y = layer(x)
  given = layer(tf.constant(_x(2, 3)), mask=tf.ones([2, 3]))
  return {"y": y, "mask": y._keras_mask, "given": given,
          "refused": _tries(lambda: _shape(keras.Dense(2)(x)))}


def initial_weights(tf):
  layer = tf.keras.layers.Dense(2, input_dim=3, weights=[np.ones((3, 2)), np.array([1.0, 2.0])])
  with tf.Session():
    y = layer(tf.constant(_x(2, 3)))
    return {"values": layer.get_weights(), "y": y.eval(), "config": _plain_config(layer)}


def training_argument(tf):
  keras = tf.keras.layers

  class Inner(keras.Layer):
    def call(self, inputs, training=None):
      return inputs * 2.0 if training else inputs

  class Outer(keras.Layer):
    def __init__(self):
      super(Outer, self).__init__()
      self.inner = Inner()

    def call(self, inputs, training=None):
      return self.inner(inputs)

  x = tf.constant(_x(2, 3))
  return {"on": Outer()(x, training=True), "off": Outer()(x, training=False), "none": Outer()(x),
          "tensor": keras.BatchNormalization()(x, training=tf.placeholder_with_default(True, []))}


def updates(tf):
  layer = tf.keras.layers.BatchNormalization()
  x = tf.constant(_x(4, 3))
  y = layer(x, training=True)
  own = tf.keras.layers.Layer(name="own")
  v = tf.Variable(1.0)
  own.add_update(v.assign_add(1.0), inputs=x)
  own.add_update(lambda: v.assign_add(2.0))
  return {"for": [u.name for u in layer.get_updates_for(x)], "always": len(layer.get_updates_for(None)),
          "own": len(own.updates), "own_always": len(own.get_updates_for(None)), "y": y}


def input_specs(tf):
  spec = tf.keras.layers.InputSpec
  dense = tf.keras.layers.Layer

  class Wants(dense):
    def __init__(self, **kwargs):
      super(Wants, self).__init__(name="wants")
      self.input_spec = spec(**kwargs)

    def call(self, inputs):
      return inputs[0] if isinstance(inputs, list) else inputs

  x = tf.constant(_x(2, 3))
  unknown = tf.placeholder(tf.float32)
  return {
    "texts": [str(spec(ndim=3)), str(spec(shape=(None, 2))), str(spec(min_ndim=2, axes={-1: 3})), str(spec(dtype="float32"))],
    "config": spec(ndim=2).get_config(), "back": str(spec.from_config(spec(ndim=2, axes={1: 4}).get_config())),
    "errors": _tries(
      lambda: _shape(Wants(ndim=3)(x)), lambda: _shape(Wants(max_ndim=1)(x)), lambda: _shape(Wants(min_ndim=3)(x)),
      lambda: _shape(Wants(shape=(2, 4))(x)), lambda: _shape(Wants(shape=(None, 3))(x)),
      lambda: _shape(Wants(dtype="int32")(x)), lambda: _shape(Wants(axes={-1: 4})(x)), lambda: _shape(Wants(axes={1: 3})(x)),
      lambda: _shape(Wants(ndim=2)([x, x])), lambda: _shape(Wants(ndim=2)(unknown)), lambda: _shape(Wants(dtype="float32")(unknown)),
      lambda: str(spec(ndim=2, axes={5: 1})), lambda: str(spec(axes={"a": 1}))),
  }


def keras_images(tf):
  keras = tf.keras.layers
  x = tf.constant(_x(1, 4, 4, 2))
  first = tf.constant(_x(1, 2, 4, 4))
  line = tf.constant(_x(1, 2, 5))
  up = keras.Conv2DTranspose(3, 2, strides=2, data_format="channels_first")
  with tf.Graph().as_default():  # a process's first makes a session, to see the devices
    keras.Conv2DTranspose(1, 1, data_format="channels_first")(tf.ones([1, 1, 2, 2]))
  return {
    "bias": _shape(keras.Conv1D(3, 2, data_format="channels_first")(line)),
    "causal": _shape(keras.Conv1D(3, 2, padding="causal")(tf.constant(_x(1, 5, 2)))),
    "up": up(first), "dilated": keras.Conv2DTranspose(3, 2, dilation_rate=2)(x),
    "valid": _shape(keras.Conv2DTranspose(3, 3, padding="valid", output_padding=None)(tf.placeholder(tf.float32, [None, None, None, 2]))),
    "configs": [_plain_config(up), _plain_config(keras.SeparableConv2D(3, 2))],
    "sizes": [str(keras.Conv2D(3, 2, padding=p, strides=s).compute_output_shape((None, 7, None, 2)))
              for p in ("valid", "same") for s in (1, 2)],
    "errors": _tries(
      lambda: _shape(keras.Conv2DTranspose(3, 2)(tf.constant(_x(1, 4, 2)))),
      lambda: keras.Conv2D(3, (1, 2, 3)), lambda: keras.Conv2D(3, "a"), lambda: keras.Conv2D(3, None),
      lambda: keras.Conv2D(3, 2, padding="odd"), lambda: keras.Conv2D(3, 2, data_format="odd"),
      lambda: keras.MaxPooling2D(2, data_format="odd"),
      lambda: _shape(keras.Conv2D(3, 2)(tf.placeholder(tf.float32, [1, 4, 4, None]))),
      lambda: _shape(keras.Dense(3)(tf.placeholder(tf.float32, [1, None]))),
      lambda: keras.Dense(3).compute_output_shape((2, None)),
      lambda: str(keras.Dense(3).compute_output_shape((2, 4)))),
  }


def keras_parts(tf):
  r, a, c = tf.keras.regularizers, tf.keras.activations, tf.keras.constraints
  x = tf.constant(_x(3, 2))
  return {
    "base": r.Regularizer()(x), "made": r.Regularizer.from_config({})(x), "l1": r.get("l1_l2")(x),
    "l2": r.L1L2.from_config({"l1": 0.5, "l2": 0.25})(x),
    "errors": _tries(lambda: r.get({"odd": 1}), lambda: r.serialize(3), lambda: a.get("zz"), lambda: c.get({"class_name": "zz", "config": {}})),
  }


def batch_normalization(tf):
  layer = tf.keras.layers.BatchNormalization
  v1 = tf.layers.BatchNormalization
  x, images = tf.constant(_x(4, 3)), tf.constant(_x(2, 3, 3, 2))
  adjusted = v1(virtual_batch_size=None, adjustment=lambda shape: (
    tf.ones([shape[0], 1]) * 1.5, tf.zeros([shape[0], 1]) + 0.5))(x, training=True)
  partitioned = None
  with tf.variable_scope("parts", partitioner=tf.fixed_size_partitioner(1)):
    partitioned = tf.layers.batch_normalization(x, training=True)
  return {
    "adjusted": adjusted, "partitioned": partitioned,
    "renorm": v1(renorm=True, renorm_clipping={"rmin": 0.5, "rmax": 2.0, "dmax": 1.0})(x, training=True),
    "plain": v1(center=False, scale=False)(images, training=True),
    "double": layer(dtype=tf.float64)(tf.constant(_x(4, 3), tf.float64), training=True),
    "configs": [sorted(v1(renorm=True, renorm_momentum=0.5).get_config()), sorted(v1(virtual_batch_size=2).get_config())],
    "errors": _tries(
      lambda: _shape(v1(axis=[1, 1])(x)), lambda: _shape(v1(axis=7)(x)), lambda: v1(axis="a"),
      lambda: _shape(v1(virtual_batch_size=0)(x)), lambda: _shape(v1(virtual_batch_size=2, axis=0)(x)),
      lambda: _shape(v1(virtual_batch_size=2, adjustment=lambda s: (1.0, 0.0))(x)),
      lambda: _shape(v1(fused=True, axis=2)(images)), lambda: _shape(v1(fused=True)(x)),
      lambda: _shape(v1(fused=True, renorm=True)(images)), lambda: _shape(v1()(tf.placeholder(tf.float32))),
      lambda: _shape(v1()(tf.placeholder(tf.float32, [2, None]))),
      lambda: v1(renorm_clipping={"odd": 1}, renorm=True)),
  }


def sparse_dense(tf):
  sparse = tf.SparseTensor([[0, 1], [1, 0]], [1.0, 2.0], [2, 3])
  layer = tf.keras.layers.Dense(2, kernel_initializer="ones")
  layer.build((2, 3))
  return {"errors": _tries(lambda: _shape(layer.call(sparse)))}


def simple_rnn_cell(tf):
  cell = tf.keras.layers.SimpleRNNCell(3)
  return {"from": cell.get_initial_state(inputs=tf.zeros([2, 4, 5])), "sizes": cell.get_initial_state(batch_size=2, dtype=tf.float32),
          "errors": _tries(lambda: cell.get_initial_state(batch_size=2), lambda: cell.get_initial_state())}


# -- losses ----------------------------------------------------------------------------


def losses_of_unknown_ranks(tf):
  labels, logits = tf.constant([1, 0]), tf.constant(_x(2, 3))
  some = tf.placeholder_with_default(np.ones((2, 1), np.float32), None)
  sparse = tf.losses.sparse_softmax_cross_entropy
  return {
    "unknown": sparse(labels, logits, weights=some), "column": sparse(labels, logits, weights=tf.ones([2, 1])),
    "labels": sparse(tf.placeholder_with_default(np.array([1, 0]), None), logits, weights=tf.ones([2])),
    "number": tf.losses.absolute_difference(tf.ones([2, 3]), logits, weights=2.0),
    "none": tf.losses.compute_weighted_loss(logits, weights=0.0),
    "errors": _tries(lambda: sparse(labels, logits, weights=None), lambda: tf.losses.cosine_distance(logits, logits),
                     lambda: _shape(tf.losses.cosine_distance(logits, logits, dim=1)),
                     lambda: tf.losses.huber_loss(None, logits), lambda: tf.losses.log_loss(labels, None),
                     lambda: tf.losses.compute_weighted_loss(logits, reduction="odd")),
  }


# -- contrib.layers --------------------------------------------------------------------


def contrib_batch_norm(tf):
  norm = tf.contrib.layers.batch_norm
  x, images = tf.constant(_x(4, 3)), tf.constant(_x(2, 3, 4, 4))
  anything, rank2 = tf.placeholder(tf.float32), tf.placeholder(tf.float32, [2, None])
  weights = tf.constant([1.0, 2.0, 0.0, 1.0])
  return {
    "first": norm(images, data_format="NCHW", fused=False, zero_debias_moving_mean=True, scale=True),
    "weighted": norm(x, batch_weights=weights, updates_collections=None),
    "asked": norm(x, batch_weights=weights, updates_collections=None, is_training=tf.placeholder_with_default(False, [])),
    "known": norm(x, batch_weights=weights, is_training=False, scale=True),
    "columns": norm(x, fused=True, zero_debias_moving_mean=True),
    "errors": _tries(
      lambda: norm(images, data_format="odd"), lambda: norm(images, data_format="odd", fused=True),
      lambda: norm(x, renorm=True, batch_weights=weights), lambda: norm(x, fused=True, batch_weights=weights),
      lambda: norm(x, fused=True, renorm=True),
      lambda: norm(anything, fused=True, updates_collections=None), lambda: norm(anything, batch_weights=weights),
      lambda: norm(tf.ones([2, 3, 4]), fused=True, updates_collections=None),
      lambda: norm(rank2, fused=True, updates_collections=None), lambda: norm(rank2, batch_weights=weights),
      lambda: norm(tf.placeholder(tf.float32, [1, 2, 2, None]), fused=True, updates_collections=None)),
  }


def contrib_norms(tf):
  layers = tf.contrib.layers
  images, anything = tf.constant(_x(2, 4, 4, 4)), tf.placeholder(tf.float32)
  blank = tf.placeholder(tf.float32, [2, 3, 3, None])
  return {
    "near_zero": layers.group_norm(images, groups=2, mean_close_to_zero=True),
    "bare": layers.group_norm(images, groups=2, center=False, scale=False),
    "first": layers.group_norm(images, groups=2, channels_axis=1, reduction_axes=(2, 3)),
    "layer": layers.layer_norm(images, center=False, scale=False, activation_fn=tf.nn.relu),
    "instance": layers.instance_norm(images, data_format="NCHW", center=False, scale=False),
    "errors": _tries(
      lambda: layers.layer_norm(anything), lambda: layers.layer_norm(blank), lambda: layers.layer_norm(images, begin_norm_axis=5),
      lambda: layers.instance_norm(anything), lambda: layers.instance_norm(images, data_format="odd"),
      lambda: layers.instance_norm(blank), lambda: layers.group_norm(anything), lambda: layers.group_norm(images, channels_axis=4),
      lambda: layers.group_norm(blank, groups=1), lambda: layers.group_norm(images, groups=2, reduction_axes=(5,)),
      lambda: layers.group_norm(images, groups=2, reduction_axes=(-1,)),
      lambda: layers.group_norm(images, groups=3), lambda: layers.group_norm(images, groups=9),
      lambda: layers.group_norm(tf.placeholder(tf.float32, [2, None, 3, 4]), groups=2)),
  }


def contrib_convolutions(tf):
  layers = tf.contrib.layers
  images = tf.constant(_x(1, 4, 4, 2))
  return {
    "up3": layers.conv3d_transpose(tf.constant(_x(1, 2, 2, 2, 2)), 2, 2),
    "in_plane": layers.conv2d_in_plane(images, 2, normalizer_fn=layers.layer_norm),
    "bare": layers.conv2d_in_plane(images, 2, biases_initializer=None, activation_fn=None),
    "errors": _tries(
      lambda: layers.conv2d(tf.ones([1, 2, 3]), 2, 2), lambda: layers.conv1d(images, 2, 2), lambda: layers.convolution(tf.ones([2, 3]), 2, 2),
      lambda: layers.conv2d(images, 2, 2, data_format="odd"), lambda: layers.conv2d_transpose(images, 2, 2, data_format="odd"),
      lambda: layers.max_pool2d(images, 2, data_format="odd"), lambda: layers.avg_pool2d(images, 2, data_format="odd")),
  }


def contrib_shaping(tf):
  layers = tf.contrib.layers
  images, anything = tf.constant(_x(2, 3, 4, 2)), tf.placeholder(tf.float32)
  x = tf.constant(_x(3, 4) * 2)
  return {
    "unit_first": layers.unit_norm(x, 0), "unit_middle": layers.unit_norm(images, 1), "unit_last": layers.unit_norm(x, 1),
    "bias": layers.bias_add(x, activation_fn=tf.nn.relu),
    "softmax": layers.spatial_softmax(images, temperature=1.5),
    "softmax_first": layers.spatial_softmax(images, data_format="NCHW", trainable=False),
    "embedded": layers.embed_sequence(tf.constant([[1, 2]]), 5, 3, scope="e"),
    "again": layers.embed_sequence(tf.constant([[0, 4]]), 5, 3, scope="e", reuse=True),
    "errors": _tries(
      lambda: layers.bias_add(anything), lambda: layers.bias_add(x, data_format="NCHW"), lambda: layers.bias_add(tf.placeholder(tf.float32, [2, None])),
      lambda: layers.bias_add(x, data_format="odd"), lambda: layers.unit_norm(anything, 0), lambda: layers.unit_norm(x, 3),
      lambda: layers.spatial_softmax(images, data_format="odd"), lambda: layers.spatial_softmax(tf.placeholder(tf.float32, [1, 2, 2, None])),
      lambda: layers.embed_sequence(tf.constant([[1]])), lambda: layers.stack(x, layers.fully_connected, 3),
      lambda: layers.one_hot_encoding(x, None), lambda: layers.flatten(anything),
      lambda: layers.fully_connected(anything, 3), lambda: layers.fully_connected(tf.placeholder(tf.float32, [1, None]), 3),
      lambda: layers.fully_connected(x, "a"), lambda: layers.linear(tf.ones([2]), 3)),
  }


def contrib_repeating(tf):
  layers = tf.contrib.layers
  x = tf.constant(_x(2, 3))

  class Doubling(object):
    def __call__(self, inputs, scope=None):
      return inputs * 2.0

  return {"repeated": layers.repeat(x, 2, Doubling()), "one": layers.repeat(x, 1, layers.fully_connected, 3, scope="r"),
          "stacked": layers.stack(x, layers.fully_connected, [(2,), [3]], scope="s")}


def contrib_regularizers(tf):
  layers = tf.contrib.layers
  x = tf.constant(_x(2, 3))
  return {
    "l1_only": layers.l1_l2_regularizer(0.5, 0.0)(x), "l2_only": layers.l1_l2_regularizer(0.0, 0.5)(x),
    "none": [layers.l1_regularizer(0.0)(x), layers.l2_regularizer(0.0)(x)],
    "sum": layers.sum_regularizer([layers.l1_regularizer(0.5), None, layers.l2_regularizer(0.5)])(x),
    "applied": layers.apply_regularization(layers.l2_regularizer(0.1), [x, x]),
    "errors": _tries(
      lambda: layers.l1_regularizer(1), lambda: layers.l2_regularizer(-1.0), lambda: layers.l1_l2_regularizer(0.5, 1),
      lambda: layers.l1_l2_regularizer(1, 0.5), lambda: layers.apply_regularization(lambda w: w, [x]),
      lambda: layers.apply_regularization(layers.l2_regularizer(0.1), [])),
  }


def contrib_initializers(tf):
  make = tf.contrib.layers.variance_scaling_initializer
  return {"errors": _tries(
            lambda: make(mode="odd"), lambda: make(dtype=tf.int32), lambda: make()([2, 3], dtype=tf.int32)),
          "one": make(seed=1)([5]), "average": make(mode="FAN_AVG", uniform=True, seed=1)([2, 3]), "none": make(seed=1)([])}


# -- contrib.framework -----------------------------------------------------------------


def contrib_variables(tf):
  framework = tf.contrib.framework
  with tf.variable_scope("s") as s:
    a = tf.get_variable("a", [2])
    b = tf.get_variable("b", [2], trainable=False)
  with tf.variable_scope("t"):
    c = tf.get_variable("a", [2])
  framework.add_model_variable(a)
  framework.add_model_variable(a)
  step = tf.train.create_global_step()
  names = lambda found: [v.op.name for v in found]
  return {
    "in": names(framework.get_variables(s)), "trained": names(framework.get_trainable_variables("s")),
    "model": names(framework.get_model_variables()), "suffix": names(framework.get_variables_by_suffix("a")),
    "named": names(framework.get_variables_by_name("a", "t")), "unique": framework.get_unique_variable("s/a").name,
    "restored": names(framework.get_variables_to_restore(["s"], ["s/a"])),
    "step": framework.assert_or_get_global_step(None, step).name, "found": framework.assert_or_get_global_step().name,
    "errors": _tries(
      lambda: framework.get_variables_to_restore("s"), lambda: framework.get_variables_to_restore(None, "s"),
      lambda: framework.get_unique_variable("a"), lambda: framework.get_unique_variable("s"),
      lambda: framework.assert_or_get_global_step(None, tf.constant(1.0)), lambda: framework.assert_global_step(tf.constant([1])),
      lambda: framework.assert_global_step("a"), lambda: framework.assign_from_values({"a": np.ones(2)}),
      lambda: framework.assert_scalar(tf.ones([2])), lambda: framework.with_shape([3], tf.SparseTensor([[0]], [1], [2]))),
    "shaped": [framework.with_shape([], tf.placeholder_with_default(2.0, None)), framework.with_shape([2, 1], tf.ones([2, 1]))],
  }


def contrib_arg_scope(tf):
  framework = tf.contrib.framework
  layers = tf.contrib.layers

  @framework.add_arg_scope
  def mine(x, a=1, b=2):
    return [x, a, b]

  def plain(x):
    return x

  with framework.arg_scope([mine], a=5) as outer:
    first = mine(0)
    with framework.arg_scope([mine], b=6) as inner:
      second, third = mine(0), mine(0, a=7)
  with framework.arg_scope(outer):
    again = mine(1)
  with framework.arg_scope([]):
    empty = mine(2)
  return {
    "calls": [first, second, third, again, empty], "known": sorted(framework.arg_scoped_arguments(mine)),
    "has": [framework.has_arg_scope(mine), framework.has_arg_scope(plain)],
    "errors": _tries(
      lambda: framework.arg_scope(outer, a=1).__enter__(), lambda: framework.arg_scope(3).__enter__(),
      lambda: framework.arg_scope(mine, a=1).__enter__(),
      lambda: framework.arg_scoped_arguments(plain)),
  }


def contrib_collecting(tf):
  tools = tf.contrib.slim.utils
  x = tf.constant(_x(2, 3))
  tools.append_tensor_alias(x, "one/")
  tools.append_tensor_alias(x, "two")
  tools.collect_named_outputs("things", "three", x)
  return {
    "aliases": x.aliases, "all": tools.get_tensor_aliases(x), "points": sorted(tools.convert_collection_to_dict("things")),
    "gathered": sorted(tools.gather_tensors_aliases([x])) if hasattr(tools, "gather_tensors_aliases") else None,
    "static": [tools.constant_value(True), tools.constant_value(tf.constant(3)), tools.static_cond(True, lambda: 1, lambda: 2)],
    "pairs": [list(tools.two_element_tuple(3)), list(tools.two_element_tuple([1, 2])), [int(s) for s in tools.two_element_tuple(tf.TensorShape([4, 5]))]],
    "smart": tools.smart_cond(tf.placeholder_with_default(True, []), lambda: x, lambda: -x),
    "errors": _tries(
      lambda: tools.two_element_tuple([1, 2, 3]), lambda: tools.two_element_tuple("a"), lambda: tools.constant_value(None),
      lambda: tools.constant_value(tf.constant(1.0), dtype=tf.int32), lambda: tools.smart_cond(3, 1, lambda: 2),
      lambda: tools.static_cond(3, lambda: 1, lambda: 2), lambda: tools.last_dimension(tf.TensorShape([2, None]), min_rank=2)),
  }


def contrib_cells(tf):
  rnn = tf.contrib.rnn
  cell = lambda: rnn.BasicRNNCell(2)
  x = [tf.constant(_x(2, 3))]
  static = rnn.stack_bidirectional_rnn
  whole = rnn.stack_bidirectional_dynamic_rnn
  projected = rnn.InputProjectionWrapper(cell(), 3, input_size=3)
  return {
    "projected": projected(x[0], tf.zeros([2, 2]))[0],
    "errors": _tries(
      lambda: static(cell(), [cell()], x), lambda: static([cell()], cell(), x), lambda: static([cell()], [cell(), cell()], x),
      lambda: static([], [cell()], x), lambda: static([cell()], [], x),
      lambda: static([cell()], [cell()], x, initial_states_fw=3, dtype=tf.float32),
      lambda: static([cell()], [cell()], x, initial_states_bw=[], dtype=tf.float32),
      lambda: whole(cell(), [cell()], x), lambda: whole([cell()], [cell()], x, initial_states_fw=[1, 2]),
      lambda: rnn.OutputProjectionWrapper(cell(), 0), lambda: rnn.EmbeddingWrapper(cell(), 0, 0),
      lambda: rnn.OutputProjectionWrapper(3, 2)),
  }


def contrib_decoders(tf):
  s = tf.contrib.seq2seq
  memory = tf.constant(_x(2, 3, 4))
  luong = s.LuongAttention(4, memory)
  helper = s.TrainingHelper(tf.constant(_x(2, 3, 4)), [3, 2])
  logits, targets, weights = tf.constant(_x(2, 3, 4)), tf.constant([[1, 2, 0], [0, 1, 3]]), tf.constant([[1.0, 1.0, 0.0], [1.0, 0.5, 1.0]])
  cell = tf.nn.rnn_cell.BasicRNNCell(4)
  return {
    "hard": s.hardmax(tf.constant(_x(2, 3))), "hard_unknown": s.hardmax(tf.placeholder_with_default(_x(2, 3), [2, None])),
    "keys": luong.keys, "layer": luong.memory_layer.name, "lengths": helper.sequence_length, "inputs": helper.inputs,
    "sums": [s.sequence_loss(logits, targets, weights, average_across_timesteps=False, average_across_batch=False,
                             sum_over_timesteps=t, sum_over_batch=b) for t, b in ((True, False), (False, True), (True, True))],
    "errors": _tries(
      lambda: s.sequence_loss(logits, targets, weights, sum_over_timesteps=True), lambda: s.sequence_loss(logits, targets, weights, average_across_timesteps=False, sum_over_batch=True),
      lambda: s.BasicDecoder(cell, helper, None, output_layer=3), lambda: s.BasicDecoder(cell, 3, None),
      lambda: luong(tf.ones([2, 3]), luong.initial_alignments(2, tf.float32)),
      lambda: s.LuongAttention(4, memory)(tf.ones([2, 3]), None)),
  }
