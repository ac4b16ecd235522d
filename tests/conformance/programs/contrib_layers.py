"""tf.contrib.layers, arg scopes, regularizers and tf.contrib.framework's variables."""

import numpy as np


def _x(*shape, **kwargs):
  seed = kwargs.get("seed", 0)
  return np.random.RandomState(seed).randn(*shape).astype(np.float32)


def fully_connected(tf):
  layers = tf.contrib.layers
  x = tf.constant(_x(2, 3))
  a = layers.fully_connected(x, 4)
  b = layers.fully_connected(a, 4, activation_fn=None)
  c = layers.fully_connected(b, 2, scope="out")
  d = layers.fully_connected(b, 2, scope="out", reuse=True)
  e = layers.linear(x, 3)
  f = layers.relu(x, 3, scope="r")
  g = layers.fully_connected(tf.constant(_x(2, 3, 4)), 5, tf.nn.tanh)
  h = layers.elu(x, 2)
  return {k: v for k, v in zip("abcdefgh", [a, b, c, d, e, f, g, h])}


def fully_connected_settings(tf):
  layers = tf.contrib.layers
  x = tf.constant(_x(4, 3))
  a = layers.fully_connected(
    x, 4, normalizer_fn=layers.batch_norm, normalizer_params={"is_training": True},
    weights_regularizer=layers.l2_regularizer(0.1),
    variables_collections=["mine"], outputs_collections="outs")
  b = layers.fully_connected(x, 4, biases_initializer=None, trainable=False,
                             weights_initializer=tf.truncated_normal_initializer(stddev=0.02))
  c = layers.fully_connected(
    x, 2, biases_regularizer=layers.l1_regularizer(0.2), scope="reg",
    variables_collections={"weights": ["ws"], "biases": ["bs"]})
  return {"a": a, "b": b, "c": c, "mine": [v.name for v in tf.get_collection("mine")],
          "outs": [t.name for t in tf.get_collection("outs")],
          "loss": tf.losses.get_regularization_loss()}


def fully_connected_wrong_count(tf):
  tf.contrib.layers.fully_connected(tf.constant(_x(2, 3)), "4")


def fully_connected_taken(tf):
  tf.contrib.layers.fully_connected(tf.constant(_x(2, 3)), 4, scope="f")
  tf.contrib.layers.fully_connected(tf.constant(_x(2, 3)), 4, scope="f")


def fully_connected_in_scopes(tf):
  x = tf.constant(_x(2, 3))
  fc = tf.contrib.layers.fully_connected
  with tf.variable_scope("net"):
    a = fc(x, 2)
    b = fc(a, 2)
  with tf.variable_scope("net", reuse=True):
    c = fc(x, 2)
  with tf.variable_scope("net2", reuse=tf.AUTO_REUSE) as scope:
    d = fc(x, 2)
  with tf.variable_scope(scope):
    e = fc(x, 2)
  with tf.name_scope("ns"):
    f = fc(x, 2, scope="q")
  return {k: v for k, v in zip("abcdef", [a, b, c, d, e, f])}


def convolutions(tf):
  layers = tf.contrib.layers
  x = tf.constant(_x(2, 8, 8, 3))
  a = layers.conv2d(x, 4, 3)
  b = layers.conv2d(x, 4, [3, 3], stride=2, padding="VALID", scope="conv")
  c = layers.conv2d(x, 4, 3, rate=2, activation_fn=None)
  d = layers.convolution2d(x, 2, [1, 1], normalizer_fn=layers.batch_norm)
  e = layers.conv2d_transpose(x, 2, 5, stride=2)
  f = layers.separable_conv2d(x, 6, 3, depth_multiplier=1)
  g = layers.separable_conv2d(x, None, 3, 2)
  h = layers.convolution1d(tf.constant(_x(2, 7, 3)), 4, 3)
  i = layers.conv3d(tf.constant(_x(1, 4, 4, 4, 2)), 3, 2)
  j = layers.conv2d_in_plane(x, 3)
  return {k: v for k, v in zip("abcdefghij", [a, b, c, d, e, f, g, h, i, j])}


def convolutions_settings(tf):
  layers = tf.contrib.layers
  x = tf.constant(_x(2, 8, 8, 3))
  l2 = layers.l2_regularizer(0.01)
  a = layers.conv2d(x, 4, 3, weights_regularizer=l2, biases_initializer=None)
  b = layers.conv2d_transpose(x, 4, 3, normalizer_fn=layers.batch_norm,
                              normalizer_params={"scale": True, "decay": 0.9},
                              weights_initializer=layers.variance_scaling_initializer())
  c = layers.separable_conv2d(x, 5, [3, 3], 2, normalizer_fn=layers.batch_norm,
                              weights_regularizer=l2)
  d = layers.conv2d(x, 2, 3, data_format="NHWC", trainable=False, outputs_collections="o")
  return {"a": a, "b": b, "c": c, "d": d, "loss": tf.losses.get_regularization_loss()}


def pooling(tf):
  layers = tf.contrib.layers
  x = tf.constant(_x(2, 7, 7, 3))
  a = layers.max_pool2d(x, 2)
  b = layers.max_pool2d(x, [3, 3], stride=1, padding="SAME", scope="pool")
  c = layers.avg_pool2d(x, 2, 2)
  d = layers.avg_pool2d(x, [7, 7], scope="global")
  e = layers.max_pool3d(tf.constant(_x(1, 4, 4, 4, 2)), 2)
  return {"a": a, "b": b, "c": c, "d": d, "e": e}


def batch_norm(tf):
  layers = tf.contrib.layers
  x = tf.constant(_x(8, 4))
  images = tf.constant(_x(2, 4, 4, 3))
  flag = tf.placeholder_with_default(True, [])
  a = layers.batch_norm(x)
  b = layers.batch_norm(x, is_training=False, scale=True)
  c = layers.batch_norm(images, decay=0.9, activation_fn=tf.nn.relu, scope="bn")
  d = layers.batch_norm(images, updates_collections=None, scale=True)
  e = layers.batch_norm(x, is_training=flag)
  f = layers.batch_norm(images, fused=False, center=False)
  g = layers.batch_norm(images, is_training=flag, fused=True, updates_collections=None)
  return {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "g": g,
          "updates": [op.name for op in tf.get_collection(tf.GraphKeys.UPDATE_OPS)]}


def batch_norm_reused(tf):
  x = tf.constant(_x(8, 4))
  bn = tf.contrib.layers.batch_norm
  a = bn(x, scope="bn", is_training=True)
  b = bn(x, scope="bn", is_training=False, reuse=True)
  c = bn(x, zero_debias_moving_mean=True, scope="zd")
  d = bn(x, param_initializers={"beta": tf.constant_initializer(0.5)}, trainable=False)
  return {"a": a, "b": b, "c": c, "d": d}


def other_norms(tf):
  layers = tf.contrib.layers
  x = tf.constant(_x(4, 6))
  images = tf.constant(_x(2, 4, 4, 4))
  a = layers.layer_norm(x)
  b = layers.layer_norm(images, activation_fn=tf.nn.relu, scope="ln")
  c = layers.layer_norm(tf.constant(_x(2, 3, 4)), begin_norm_axis=-1, begin_params_axis=-1)
  d = layers.instance_norm(images)
  e = layers.group_norm(images, groups=2)
  f = layers.layer_norm(x, center=False, scale=False)
  g = layers.unit_norm(x, 1)
  return {k: v for k, v in zip("abcdefg", [a, b, c, d, e, f, g])}


def shaping(tf):
  layers = tf.contrib.layers
  x = tf.constant(_x(2, 3, 4))
  y = tf.placeholder_with_default(_x(2, 3, 4), [None, 3, 4])
  return {
    "flat": layers.flatten(x), "some": layers.flatten(y), "named": layers.flatten(y, scope="f"),
    "one_hot": layers.one_hot_encoding([0, 2], 3), "bias": layers.bias_add(x),
    "softmax": layers.softmax(x), "maxout": layers.maxout(tf.constant(_x(2, 6)), 3),
    "spatial": layers.spatial_softmax(tf.constant(_x(2, 4, 4, 3))),
  }


def dropout(tf):
  layers = tf.contrib.layers
  x = tf.constant(_x(4, 5))
  flag = tf.placeholder_with_default(True, [])
  return {
    "default": layers.dropout(x), "off": layers.dropout(x, 0.8, is_training=False),
    "seeded": layers.dropout(x, 0.8, seed=3, scope="drop"),
    "flag": layers.dropout(x, 0.7, is_training=flag),
  }


def embedding(tf):
  layers = tf.contrib.layers
  ids = tf.constant([[0, 1, 2], [2, 2, 4]])
  a = layers.embed_sequence(ids, vocab_size=5, embed_dim=3)
  b = layers.embed_sequence(ids, 5, 3, unique=True, scope="e")
  c = layers.embed_sequence(ids, 5, 3, scope="e", reuse=True)
  return {"a": a, "b": b, "c": c}


def initializers(tf):
  layers = tf.contrib.layers
  found = {}
  for i, made in enumerate([
      layers.xavier_initializer(), layers.xavier_initializer(uniform=False),
      layers.xavier_initializer_conv2d(seed=5), layers.variance_scaling_initializer(),
      layers.variance_scaling_initializer(factor=1.0, mode="FAN_AVG", uniform=True),
      layers.variance_scaling_initializer(mode="FAN_OUT", seed=3)]):
    found["m%d" % i] = tf.get_variable("m%d" % i, [4, 3], initializer=made)
    found["c%d" % i] = tf.get_variable("c%d" % i, [3, 3, 2, 4], initializer=made)
  return found


def regularizers(tf):
  layers = tf.contrib.layers
  w = tf.get_variable("w", [2, 3], regularizer=layers.l2_regularizer(0.1))
  v = tf.get_variable("v", [2], regularizer=layers.l1_l2_regularizer(0.1, 0.2))
  u = tf.get_variable("u", [2], regularizer=layers.sum_regularizer(
    [layers.l1_regularizer(0.3), layers.l2_regularizer(0.4)]))
  n = tf.get_variable("n", [2], regularizer=layers.l2_regularizer(0.0))
  total = layers.apply_regularization(layers.l2_regularizer(0.5), [w, v])
  weights = layers.apply_regularization(layers.l1_regularizer(0.5), tf.trainable_variables())
  return {"losses": tf.losses.get_regularization_losses(), "total": total, "all": weights,
          "kept": [t.name for t in tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)]}


def regularizer_negative(tf):
  tf.contrib.layers.l2_regularizer(-1.0)


def regularizer_integer(tf):
  tf.contrib.layers.l2_regularizer(1)


def stacks(tf):
  layers = tf.contrib.layers
  x = tf.constant(_x(2, 3))
  images = tf.constant(_x(2, 8, 8, 3))
  a = layers.stack(x, layers.fully_connected, [4, 5], scope="fc")
  b = layers.repeat(images, 2, layers.conv2d, 4, [3, 3], scope="conv1")
  c = layers.repeat(images, 2, layers.conv2d, 4, 3)
  d = layers.stack(images, layers.conv2d, [(4, [3, 3]), (5, [1, 1])])
  return {"a": a, "b": b, "c": c, "d": d}


def arg_scopes(tf):
  layers = tf.contrib.layers
  arg_scope = tf.contrib.framework.arg_scope
  x = tf.constant(_x(2, 8, 8, 3))
  with arg_scope([layers.conv2d, layers.fully_connected], activation_fn=tf.nn.elu,
                 weights_regularizer=layers.l2_regularizer(0.01)):
    with arg_scope([layers.conv2d], stride=2, padding="VALID") as inner:
      a = layers.conv2d(x, 4, 3)
      b = layers.conv2d(x, 4, 3, stride=1, scope="own")
    c = layers.fully_connected(layers.flatten(a), 2)
  with arg_scope(inner):
    d = layers.conv2d(x, 2, 3)
  e = layers.conv2d(x, 2, 3)
  return {"a": a, "b": b, "c": c, "d": d, "e": e}


def arg_scope_of_undecorated(tf):
  def plain(x, name=None):
    return x

  with tf.contrib.framework.arg_scope([plain], name="x"):
    pass


def own_arg_scope(tf):
  @tf.contrib.framework.add_arg_scope
  def block(x, width, rate=1.0, bias=True):
    return x * width * rate + (1.0 if bias else 0.0)

  with tf.contrib.framework.arg_scope([block], rate=3.0):
    a = block(tf.constant(2.0), 5.0)
    b = block(tf.constant(2.0), 5.0, bias=False)
  return {"a": a, "b": b}


def framework_variables(tf):
  framework = tf.contrib.framework
  a = framework.variable("a", [2], initializer=tf.ones_initializer())
  with tf.variable_scope("m"):
    b = framework.model_variable("b", [2, 2], regularizer=tf.contrib.layers.l2_regularizer(0.1))
    c = framework.model_variable("c", [3], trainable=False, collections=["mine"])
  d = framework.local_variable(tf.zeros([2]), name="d")
  step = framework.get_or_create_global_step()
  return {
    "all": [v.name for v in framework.get_variables()],
    "m": [v.name for v in framework.get_variables("m")],
    "model": [v.name for v in framework.get_model_variables()],
    "local": [v.name for v in framework.get_local_variables()],
    "by_name": [v.name for v in framework.get_variables_by_name("b")],
    "by_suffix": [v.name for v in framework.get_variables_by_suffix("c")],
    "restore": [v.name for v in framework.get_variables_to_restore(exclude=["m"])],
    "full": framework.get_variable_full_name(b), "step": step.name,
    "filter": [v.name for v in framework.filter_variables(
      tf.global_variables(), include_patterns=["m/"], exclude_patterns=["c"])],
    "unique": framework.get_unique_variable("m/b").name,
    "same_step": framework.get_global_step() is step,
  }


def no_global_step(tf):
  return {"step": tf.contrib.framework.get_global_step() is None}


def deprecated_names(tf):
  framework = tf.contrib.framework
  step = framework.create_global_step()
  framework.assert_global_step(step)
  return {"again": framework.assert_or_get_global_step() is step, "name": step.name}


def small_conv_net(tf):
  layers = tf.contrib.layers
  x = tf.placeholder_with_default(_x(2, 28, 28, 1), [None, 28, 28, 1], name="x")
  net = layers.conv2d(x, 6, 5, scope="conv1")
  net = layers.max_pool2d(net, 2, scope="pool1")
  net = layers.conv2d(net, 8, 5, scope="conv2", normalizer_fn=layers.batch_norm)
  net = layers.max_pool2d(net, 2, scope="pool2")
  net = layers.flatten(net)
  net = layers.fully_connected(net, 16, scope="fc3")
  net = layers.dropout(net, 0.5)
  logits = layers.fully_connected(net, 10, activation_fn=None, scope="fc4")
  return {"logits": logits, "names": [v.name for v in tf.trainable_variables()]}


def summaries_of_layers(tf):
  layers = tf.contrib.layers
  w = tf.get_variable("w", [2, 3])
  act = tf.nn.relu(tf.matmul(tf.constant(_x(2, 2)), w), name="act")
  layers.summarize_activation(act)
  layers.summarize_tensor(w)
  layers.summarize_tensor(tf.reduce_sum(act), tag="total")
  tf.add_to_collection(tf.GraphKeys.ACTIVATIONS, act)
  layers.summarize_activations()
  layers.summarize_collection("mine", name_filter="nothing")
  tf.add_to_collection("mine", act)
  layers.summarize_collection("mine")
  return {"names": [t.op.name for t in tf.get_collection(tf.GraphKeys.SUMMARIES)]}


def inner_scopes(tf):
  images = tf.constant(_x(2, 8, 8, 3))

  def unit(x, depth, scope=None):
    with tf.variable_scope(scope, "unit", [x]):
      y = tf.contrib.layers.conv2d(x, depth, 3, scope="conv1")
      y = tf.contrib.layers.conv2d(y, depth, 3, activation_fn=None, scope="conv2")
      return tf.nn.relu(y + tf.contrib.layers.conv2d(x, depth, 1, scope="short"))

  a = unit(images, 4)
  b = unit(a, 4)
  c = unit(b, 2, scope="last")
  return {"a": a, "b": b, "c": c}
