"""Gradients of what layers, cells, attention and losses are made of, and twice where it goes."""

import numpy as np


def _array(*sizes, **options):
  low, high = options.get("low", 0.2), options.get("high", 0.9)
  return np.random.RandomState(7).uniform(low, high, sizes).astype(np.float32)


def _slopes(tf, xs, ys):
  """For each y its gradients, None left out; loops want the scope to be called so."""
  result = {}
  for key, y in sorted(ys.items()):
    with tf.name_scope("d_" + key):
      found = tf.gradients(y, xs)
    result[key] = [grad for grad in found if grad is not None]
    result[key + "_none"] = [grad is None for grad in found]
  return result


def _twice(tf, x, ys):
  result = {}
  for key, y in sorted(ys.items()):
    first = tf.gradients(y ** 2, x, name="d_" + key)[0]
    result[key] = tf.gradients(first ** 2, x, name="dd_" + key)
  return result


def activations(tf):
  x = tf.constant(_array(3, 4, low=-1.5, high=7.0))
  nn = tf.nn
  return _slopes(tf, x, {
    "relu": nn.relu(x), "relu6": nn.relu6(x), "elu": nn.elu(x), "selu": nn.selu(x), "leaky": nn.leaky_relu(x, 0.1),
    "crelu": nn.crelu(x), "softplus": nn.softplus(x), "softsign": nn.softsign(x), "softmax": nn.softmax(x),
    "log_softmax": nn.log_softmax(x), "softmax0": nn.softmax(x, 0), "l2": nn.l2_loss(x), "norm": nn.l2_normalize(x, 1),
    "dropout": nn.dropout(x, 0.5, seed=3), "swish": x * tf.sigmoid(x), "top": nn.top_k(x, 2)[0], "gelu": x * 0.5 * (1.0 + tf.erf(x / np.sqrt(2.0))),
  })


def activations_twice(tf):
  x = tf.constant(_array(3, 4, low=-1.5, high=2.0))
  nn = tf.nn
  return _twice(tf, x, {
    "relu": nn.relu(x), "elu": nn.elu(x), "selu": nn.selu(x), "leaky": nn.leaky_relu(x), "softplus": nn.softplus(x),
    "softmax": nn.softmax(x), "log_softmax": nn.log_softmax(x), "tanh": tf.tanh(x),
    "sigmoid": tf.sigmoid(x), "relu6": nn.relu6(x), "norm": nn.l2_normalize(x, 1), "bias": nn.bias_add(x, tf.ones([4])),
  })


def convolutions(tf):
  x = tf.constant(_array(2, 7, 6, 3))
  k, d = tf.constant(_array(3, 2, 3, 4)), tf.constant(_array(3, 3, 3, 2))
  t, p = tf.constant(_array(3, 3, 5, 3)), tf.constant(_array(1, 1, 6, 4))
  nn = tf.nn
  return _slopes(tf, [x, k, d, t, p], {
    "same": nn.conv2d(x, k, [1, 2, 2, 1], "SAME"), "valid": nn.conv2d(x, k, [1, 1, 1, 1], "VALID"),
    "dilated": nn.atrous_conv2d(x, k, 2, "SAME"), "depthwise": nn.depthwise_conv2d(x, d, [1, 1, 1, 1], "SAME"),
    "separable": nn.separable_conv2d(x, d, p, [1, 2, 2, 1], "VALID"),
    "transpose": nn.conv2d_transpose(x, t, [2, 14, 12, 5], [1, 2, 2, 1], "SAME"),
    "convolution": nn.convolution(x, k, "SAME", dilation_rate=[2, 1]),
  })


def convolutions_of_lines_and_cubes(tf):
  x, k = tf.constant(_array(2, 9, 3)), tf.constant(_array(3, 3, 4))
  v, c = tf.constant(_array(1, 4, 5, 4, 2)), tf.constant(_array(2, 2, 2, 2, 3))
  return dict(_slopes(tf, [x, k], {"one": tf.nn.conv1d(x, k, 2, "SAME")}), **_slopes(tf, [v, c], {
    "three": tf.nn.conv3d(v, c, [1, 1, 1, 1, 1], "VALID"), "pool": tf.nn.max_pool3d(v, [1, 2, 2, 2, 1], [1, 2, 2, 2, 1], "SAME"),
    "average": tf.nn.avg_pool3d(v, [1, 2, 2, 2, 1], [1, 1, 1, 1, 1], "VALID"),
  }))


def convolutions_twice(tf):
  x, k = tf.constant(_array(2, 6, 6, 2)), tf.constant(_array(3, 3, 2, 2))
  d, t = tf.constant(_array(2, 2, 2, 1)), tf.constant(_array(2, 2, 3, 2))
  return _twice(tf, x, {
    "conv": tf.nn.conv2d(x, k, [1, 2, 2, 1], "SAME"), "depthwise": tf.nn.depthwise_conv2d(x, d, [1, 1, 1, 1], "VALID"),
    "transpose": tf.nn.conv2d_transpose(x, t, [2, 12, 12, 3], [1, 2, 2, 1], "SAME"),
    "max": tf.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "VALID"), "average": tf.nn.avg_pool(x, [1, 3, 3, 1], [1, 1, 1, 1], "SAME"),
  })


def poolings(tf):
  x = tf.constant(_array(2, 7, 6, 3))
  return _slopes(tf, x, {
    "max": tf.nn.max_pool(x, [1, 3, 3, 1], [1, 2, 2, 1], "SAME"), "average": tf.nn.avg_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME"),
    "arg": tf.nn.max_pool_with_argmax(x, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")[0],
    "global": tf.reduce_mean(x, [1, 2]), "lrn": tf.nn.local_response_normalization(x, 2, alpha=0.1),
    "layer": tf.layers.average_pooling2d(x, 2, 2), "depth": tf.depth_to_space(tf.concat([x, x[..., :1]], 3), 2),
    "space": tf.space_to_depth(x[:, :6], 2), "nearest": tf.image.resize_nearest_neighbor(x, [14, 12]),
    "bilinear": tf.image.resize_bilinear(x, [5, 9]),
  })


def normalizations(tf):
  x, s, o = tf.constant(_array(4, 3, 3, 2)), tf.constant([1.0, 2.0]), tf.constant([0.1, 0.2])
  mean, variance = tf.nn.moments(x, [0, 1, 2])
  fused = tf.nn.fused_batch_norm
  return _slopes(tf, [x, s, o], {
    "plain": tf.nn.batch_normalization(x, mean, variance, o, s, 1e-3) ** 2, "fused": fused(x, s, o)[0] ** 2,
    "fixed": fused(x, s, o, mean=tf.constant([0.1, 0.3]), variance=tf.constant([1.0, 2.0]), is_training=False)[0] ** 2,
    "moments": mean * variance, "weighted": tf.nn.weighted_moments(x, [0, 1], tf.constant(_array(4, 3, 3, 2)))[1],
    "layer": tf.contrib.layers.layer_norm(x) ** 3, "instance": tf.contrib.layers.instance_norm(x) ** 3,
  })


def losses(tf):
  x, y = tf.constant(_array(4, 3)), tf.constant(_array(4, 3, low=0.0, high=0.5))
  labels, nn, of = tf.constant([0, 2, 1, 1]), tf.nn, tf.losses
  return _slopes(tf, [x, y], {
    "sigmoid": nn.sigmoid_cross_entropy_with_logits(labels=y, logits=x), "softmax": nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=x),
    "stopped": nn.softmax_cross_entropy_with_logits(labels=y, logits=x), "sparse": nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=x),
    "weighted": nn.weighted_cross_entropy_with_logits(y, x, 2.0), "squares": of.mean_squared_error(y, x), "huber": of.huber_loss(y, x, delta=0.2),
    "absolute": of.absolute_difference(y, x, weights=[[1.0], [0.0], [2.0], [1.0]]), "hinge": of.hinge_loss(tf.round(y), x),
    "cosine": of.cosine_distance(y, x, axis=1), "log": of.log_loss(y, x), "pairs": of.mean_pairwise_squared_error(y, x),
    "smooth": of.softmax_cross_entropy(tf.one_hot(labels, 3), x, label_smoothing=0.1), "nothing": nn.log_poisson_loss(y, x),
  })


def losses_twice(tf):
  x, y = tf.constant(_array(4, 3)), tf.constant(_array(4, 3, low=0.0, high=0.5))
  nn = tf.nn
  return _twice(tf, x, {
    "sigmoid": nn.sigmoid_cross_entropy_with_logits(labels=y, logits=x), "squares": tf.losses.mean_squared_error(y, x),
    "softmax": nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=x), "norm": tf.sqrt(tf.reduce_sum(x ** 2, 1)),
  })


def second_of_softsign(tf):
  x = tf.constant(_array(4, 3))
  return {"g": tf.gradients(tf.gradients(tf.nn.softsign(x), x)[0], x)}


def second_of_sparse_softmax(tf):
  x = tf.constant(_array(4, 3))
  y = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, 2, 1, 1], logits=x)
  return {"g": tf.gradients(tf.gradients(y, x)[0], x)}


def sampled_losses(tf):
  w, b, x = _held(tf, "w", [9, 3]), _held(tf, "b", [9]), tf.constant(_array(4, 3))
  y = tf.constant([[1], [3], [8], [0]])
  sampled = (tf.constant([2, 5, 3], tf.int64), tf.constant(_array(4, 1)), tf.constant(_array(3)))
  return _slopes(tf, [w, b, x], {
    "nce": tf.nn.nce_loss(w, b, y, x, 3, 9, sampled_values=sampled),
    "softmax": tf.nn.sampled_softmax_loss(w, b, y, x, 3, 9, sampled_values=sampled, remove_accidental_hits=False),
  })


def _held(tf, name, sizes):
  return tf.get_variable(name, sizes, initializer=tf.constant_initializer(_array(*sizes)))


def cells(tf):
  x = tf.constant(_array(2, 3))
  rnn = tf.nn.rnn_cell
  result = {}
  for name, cell in (("basic", rnn.BasicRNNCell(4)), ("gru", rnn.GRUCell(4)), ("lstm", rnn.BasicLSTMCell(4)),
                     ("peepholes", rnn.LSTMCell(4, use_peepholes=True, num_proj=3, cell_clip=0.5)),
                     ("residual", rnn.ResidualWrapper(rnn.GRUCell(3))), ("dropout", rnn.DropoutWrapper(rnn.GRUCell(4), 0.5, 0.9, seed=3))):
    with tf.variable_scope(name):
      y, state = cell(x, cell.zero_state(2, tf.float32))
    held = tf.trainable_variables(name)
    result.update(_slopes(tf, [x] + held, {name: y}))
  return result


def unrolled(tf):
  x = tf.constant(_array(2, 4, 3))
  cell = tf.nn.rnn_cell.LSTMCell(4)
  ys, _ = tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32, sequence_length=[2, 4])
  return _slopes(tf, [x] + tf.trainable_variables(), {"all": tf.stack(ys)})


def both_ways(tf):
  x = tf.constant(_array(2, 4, 3))
  cells = [tf.nn.rnn_cell.GRUCell(3), tf.nn.rnn_cell.GRUCell(2)]
  ys, states = tf.nn.bidirectional_dynamic_rnn(cells[0], cells[1], x, sequence_length=[2, 4], dtype=tf.float32)
  return _slopes(tf, [x] + tf.trainable_variables(), {"all": tf.concat(ys, 2), "last": tf.concat(states, 1)})


def over_time(tf):
  x = tf.placeholder_with_default(_array(5, 2, 3), [None, None, 3])
  ys, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicRNNCell(4), x, dtype=tf.float32, time_major=True, swap_memory=True)
  return _slopes(tf, [x] + tf.trainable_variables(), {"all": ys[-1]})


def attention(tf):
  memory, query = tf.constant(_array(2, 5, 4)), tf.constant(_array(2, 3, 4))
  scores = tf.matmul(query, memory, transpose_b=True) / 2.0
  mask = tf.sequence_mask([3, 5], 5, tf.float32)
  weights = tf.nn.softmax(scores + (1.0 - mask[:, tf.newaxis]) * -1e9)
  heads = tf.transpose(tf.reshape(memory, [2, 5, 2, 2]), [0, 2, 1, 3])
  return _slopes(tf, [memory, query], {
    "weighted": tf.matmul(weights, memory), "heads": tf.matmul(heads, heads, transpose_b=True),
    "additive": tf.reduce_sum(tf.tanh(query[:, :, None] + memory[:, None]), -1),
  })


def branches(tf):
  x = tf.constant(_array(3))
  yes = tf.placeholder_with_default(True, [])
  either = tf.cond(yes, lambda: x * x, lambda: tf.sin(x))
  nested = tf.cond(yes, lambda: tf.cond(x[0] > 5.0, lambda: x, lambda: x ** 3), lambda: -x)
  chosen = tf.case([(x[0] > 5.0, lambda: x * 2.0), (yes, lambda: tf.exp(x))], default=lambda: x)
  return _slopes(tf, x, {"either": either, "nested": nested, "case": chosen, "pair": tf.where(x > 0.5, x ** 2, -x)})


def loops(tf):
  x, n = tf.constant(_array(3)), tf.placeholder_with_default(4, [])
  w = _held(tf, "w", [3])
  powers = tf.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, y * x + w), [0, x])[1]
  growing = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.concat([y, y[-1:] * 2.0], 0)), [0, x],
                          shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])])[1]
  inner = tf.while_loop(lambda i, y: i < 2, lambda i, y: (i + 1, tf.while_loop(
    lambda j, z: j < 2, lambda j, z: (j + 1, z * w), [0, y])[1]), [0, x])[1]
  cond = tf.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, tf.cond(i < 2, lambda: y * w, lambda: tf.sin(y))), [0, x])[1]
  return _slopes(tf, [x, w], {"powers": powers, "growing": growing, "inner": inner, "cond": cond})


def functional(tf):
  x, w = tf.constant(_array(4, 3)), _held(tf, "w", [3])
  return _slopes(tf, [x, w], {
    "map": tf.map_fn(lambda row: row * row * w, x), "fold": tf.foldl(lambda a, row: a * w + row, x),
    "scan": tf.scan(lambda a, row: a * row + w, x), "scan0": tf.scan(lambda a, row: tf.tanh(a + row * w), x, initializer=tf.zeros([3])),
  })


def arrays(tf):
  x = tf.constant(_array(4, 3))
  rows = tf.TensorArray(tf.float32, 4).unstack(x)
  out = tf.TensorArray(tf.float32, 2).write(0, rows.read(1) * 2.0).write(1, rows.read(3) ** 2)
  pieces = tf.TensorArray(tf.float32, 2, infer_shape=False).split(x, [1, 3])
  return _slopes(tf, x, {"stack": out.stack(), "gather": rows.gather([0, 2]) ** 2, "concat": pieces.concat() ** 2})


def rows(tf):
  x, ids = tf.constant(_array(5, 3)), tf.constant([0, 0, 1, 3, 3])
  any_ids = tf.constant([3, 0, 1, 0, 3])
  return _slopes(tf, x, {
    "segment_sum": tf.segment_sum(x, ids), "segment_mean": tf.segment_mean(x, ids), "segment_max": tf.segment_max(x, ids),
    "unsorted": tf.unsorted_segment_sum(x, any_ids, 4), "most": tf.unsorted_segment_max(x, any_ids, 4),
    "partition": tf.dynamic_partition(x, [0, 1, 0, 1, 1], 2)[1], "stitch": tf.dynamic_stitch([[0, 2], [1, 3, 4]], [x[:2], x[2:]]),
    "reverse": tf.reverse_sequence(x, [1, 2, 3, 1, 2], 1, 0), "scatter": tf.scatter_nd([[1], [0], [1], [4], [2]], x, [6, 3]),
    "update": tf.tensor_scatter_update(x, [[1], [3]], tf.ones([2, 3])), "sort": tf.sort(x, 0), "tile": tf.tile(x[:, None], [1, 2, 1]),
    "lookup": tf.nn.embedding_lookup_sparse(x, tf.SparseTensor([[0, 0], [1, 0], [1, 1]], tf.constant([3, 0, 3], tf.int64), [2, 2]), None, combiner="mean"),
    "sparse": tf.sparse_tensor_dense_matmul(tf.SparseTensor([[0, 1], [2, 4]], [2.0, 3.0], [3, 5]), x),
    "clip": tf.clip_by_value(x, 0.3, 0.7), "norm": tf.clip_by_norm(x, 1.0), "global": tf.clip_by_global_norm([x, x * 2.0], 1.0)[0][0],
    "cumsum": tf.cumsum(x, 0), "meshed": tf.meshgrid(x[0], x[1])[0], "roll": tf.concat([x[-1:], x[:-1]], 0),
  })


def own_gradients(tf):
  @tf.RegisterGradient("Doubled" + str(id(tf) % 1))
  def doubled(op, grad):
    return 2.0 * grad

  x = tf.constant(_array(3))
  with tf.get_default_graph().gradient_override_map({"Identity": "Doubled0"}):
    y = tf.identity(x, name="marked")
  z = tf.stop_gradient(x) * x + tf.identity(x)
  return _slopes(tf, x, {"y": y * 3.0, "z": z})


def custom_gradients(tf):
  @tf.custom_gradient
  def log1pexp(x):
    e = tf.exp(x)
    return tf.log(1 + e), lambda dy: dy * (1 - 1 / (1 + e))

  @tf.custom_gradient
  def clip(x, y):
    return [x * y, x + y], lambda dx, dy: (tf.clip_by_norm(dx, 1.0), dy)

  x = tf.constant(_array(3))
  one, two = clip(x, 2.0 * x)
  return _slopes(tf, x, {"log": log1pexp(x), "pair": one * 3.0 + two})


def custom_gradient_of_a_gradient(tf):
  @tf.custom_gradient
  def leaky(x):
    y = tf.maximum(x, x * 0.2)

    @tf.custom_gradient
    def grad(dy):
      return tf.where(y >= 0, dy, dy * 0.2), lambda ddx: tf.where(y >= 0, ddx, ddx * 0.3)

    return y, grad

  x = tf.constant(_array(3))
  slope = tf.gradients(leaky(x * x - 0.5), x)[0]
  return _slopes(tf, x, {"slope": slope})


def custom_gradient_with_variables(tf):
  def half(x):
    w = tf.get_variable("w", [3], initializer=tf.ones_initializer(), use_resource=True)

    def grad(dy, variables=None):
      return dy * w, [tf.reduce_sum(dy) * tf.ones([3])]

    return x * w, grad

  x = tf.constant(_array(3))
  y = tf.custom_gradient(half)(x)
  return _slopes(tf, [x, tf.trainable_variables()[0]], {"y": y})
