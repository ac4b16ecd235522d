"""tf.nn: activations, losses, convolution, pooling, normalization, embeddings."""

import numpy as np


def _images(n, h, w, c, seed=0):
  return np.random.RandomState(seed).randn(n, h, w, c).astype(np.float32)


def activations(tf):
  x = tf.constant([-30.0, -2.0, -0.5, 0.0, 0.5, 3.0, 7.0, 30.0])
  nn = tf.nn
  return {
    "relu": nn.relu(x), "relu6": nn.relu6(x), "elu": nn.elu(x), "selu": nn.selu(x),
    "softplus": nn.softplus(x), "softsign": nn.softsign(x), "leaky": nn.leaky_relu(x),
    "leaky3": nn.leaky_relu(x, alpha=0.3, name="leak"), "crelu": nn.crelu(x),
    "sigmoid": nn.sigmoid(x, name="s"), "tanh": nn.tanh(x), "named": nn.relu(x, name="r"),
    "int": nn.leaky_relu(tf.constant([-1, 2])), "zero": nn.zero_fraction(nn.relu(x)),
  }


def biases(tf):
  x = tf.placeholder_with_default(np.arange(6, dtype=np.float32).reshape(2, 3), [None, 3])
  images = tf.constant(_images(2, 2, 2, 3))
  b = tf.get_variable("b", [3], initializer=tf.constant_initializer([1.0, 2.0, 3.0]))
  w = tf.get_variable("w", [3, 3], initializer=tf.ones_initializer())
  return {
    "x": tf.nn.bias_add(x, b), "named": tf.nn.bias_add(x, b, name="add"),
    "images": tf.nn.bias_add(images, b),
    "first": tf.nn.bias_add(tf.transpose(images, [0, 3, 1, 2]), b, data_format="NCHW"),
    "xw": tf.nn.xw_plus_b(x, w, b), "relu_layer": tf.nn.relu_layer(x, w, b, name="rl"),
  }


def bias_of_wrong_size(tf):
  return {"x": tf.nn.bias_add(tf.ones([2, 3]), tf.ones([2]))}


def bias_of_wrong_rank(tf):
  return {"x": tf.nn.bias_add(tf.ones([3]), tf.ones([3]))}


def softmaxes(tf):
  x = tf.constant(np.arange(12, dtype=np.float32).reshape(2, 3, 2))
  unknown = tf.placeholder_with_default(np.ones((2, 3), np.float32), [None, None])
  return {
    "last": tf.nn.softmax(x), "named": tf.nn.softmax(x, name="s"),
    "middle": tf.nn.softmax(x, axis=1), "log": tf.nn.log_softmax(x),
    "log_first": tf.nn.log_softmax(x, 0, name="ls"), "unknown": tf.nn.softmax(unknown),
    "negative": tf.nn.softmax(x, axis=-2),
  }


def softmax_axis_out_of_range(tf):
  return {"x": tf.nn.softmax([[1.0, 2.0]], axis=4)}


def cross_entropies(tf):
  logits = tf.constant([[1.0, 2.0, 3.0], [0.0, -1.0, 4.0]])
  labels = tf.constant([[0.0, 1.0, 0.0], [0.2, 0.3, 0.5]])
  unknown = tf.placeholder_with_default(np.ones((2, 3), np.float32), [None, 3])
  v2 = tf.nn.softmax_cross_entropy_with_logits_v2
  return {
    "v1": tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits),
    "named": tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xent"),
    "v2": v2(labels=labels, logits=logits), "unknown": v2(labels=labels, logits=unknown),
    "axis": v2(labels=labels, logits=logits, axis=0),
    "cube": v2(labels=tf.ones([2, 2, 3]) / 3.0, logits=tf.ones([2, 2, 3])),
    "sparse": tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1, 2], logits=logits),
    "sparse_named": tf.nn.sparse_softmax_cross_entropy_with_logits(
      labels=tf.constant([1, 2], tf.int64), logits=unknown, name="sp"),
    "sparse_cube": tf.nn.sparse_softmax_cross_entropy_with_logits(
      labels=[[1, 2], [0, 1]], logits=tf.ones([2, 2, 3])),
    "sigmoid": tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits),
    "sigmoid_named": tf.nn.sigmoid_cross_entropy_with_logits(
      labels=labels, logits=unknown, name="sg"),
    "weighted": tf.nn.weighted_cross_entropy_with_logits(labels, logits, 2.0),
    "poisson": tf.nn.log_poisson_loss(labels, logits, compute_full_loss=True),
    "l2": tf.nn.l2_loss(logits),
  }


def sparse_cross_entropy_of_unknown_rank(tf):
  logits = tf.placeholder_with_default(np.ones((2, 2, 3), np.float32), [None, None, 3])
  labels = tf.placeholder_with_default(np.array([[0, 1], [2, 1]]), [None, None])
  return {"x": tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)}


def label_out_of_range(tf):
  logits = tf.zeros([3, 3])
  return {"x": tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1, 5, 2], logits=logits)}


def labels_of_wrong_shape(tf):
  return {"x": tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1, 2], logits=tf.zeros([3, 3]))}


def labels_of_wrong_rank(tf):
  return {"x": tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[[1]], logits=tf.zeros([3, 3]))}


def logits_by_place(tf):
  return {"x": tf.nn.softmax_cross_entropy_with_logits([1.0], [2.0])}


def shapes_of_sigmoid(tf):
  return {"x": tf.nn.sigmoid_cross_entropy_with_logits(labels=[1.0, 2.0], logits=[1.0])}


def dropouts(tf):
  x = tf.ones([4, 5])
  unknown = tf.placeholder_with_default(np.ones((2, 3), np.float32), [None, 3])
  keep = tf.placeholder_with_default(0.5, [])
  return {
    "keep": tf.nn.dropout(x, 0.8), "rate": tf.nn.dropout(x, rate=0.25, name="d"),
    "seed": tf.nn.dropout(x, 0.5, seed=3), "tensor": tf.nn.dropout(unknown, keep),
    "noise": tf.nn.dropout(x, 0.5, noise_shape=[4, 1]), "none": tf.nn.dropout(x, 1.0),
    "noise_unknown": tf.nn.dropout(x, 0.5, noise_shape=[None, 1]),
  }


def dropout_of_nothing_left(tf):
  return {"x": tf.nn.dropout(tf.ones([2]), rate=1.0)}


def dropout_of_integers(tf):
  return {"x": tf.nn.dropout(tf.constant([1, 2]), 0.5)}


def convolutions(tf):
  x = tf.constant(_images(2, 7, 6, 3))
  w = tf.get_variable("w", [3, 3, 3, 4])
  one = tf.get_variable("one", [1, 1, 3, 2])
  unknown = tf.placeholder_with_default(_images(1, 5, 5, 3), [None, None, None, 3])
  conv = tf.nn.conv2d
  return {
    "same": conv(x, w, [1, 1, 1, 1], "SAME"), "valid": conv(x, w, [1, 1, 1, 1], "VALID"),
    "stride": conv(x, w, strides=[1, 2, 2, 1], padding="SAME", name="c"),
    "short": conv(x, w, 2, "VALID"), "one": conv(x, one, [1, 1, 1, 1], "SAME"),
    "dilated": conv(x, w, 1, "VALID", dilations=2),
    "explicit": conv(x, w, 1, [[0, 0], [1, 2], [0, 1], [0, 0]]),
    "unknown": conv(unknown, w, [1, 2, 1, 1], "SAME"),
  }


def convolution_1d_and_3d(tf):
  x = tf.constant(np.random.RandomState(1).randn(2, 8, 3).astype(np.float32))
  w = tf.get_variable("w", [3, 3, 4])
  v = tf.constant(np.random.RandomState(2).randn(2, 4, 5, 6, 2).astype(np.float32))
  f = tf.get_variable("f", [2, 3, 2, 2, 3])
  return {
    "one": tf.nn.conv1d(x, w, 1, "SAME"), "stride": tf.nn.conv1d(x, w, 2, "VALID", name="c1"),
    "three": tf.nn.conv3d(v, f, [1, 1, 1, 1, 1], "SAME"),
    "three_strided": tf.nn.conv3d(v, f, strides=[1, 2, 2, 2, 1], padding="VALID"),
  }


def transposed_convolutions(tf):
  x = tf.constant(_images(2, 4, 4, 3))
  w = tf.get_variable("w", [5, 5, 2, 3])
  batch = tf.shape(x)[0]
  y = tf.nn.conv2d_transpose(x, w, [2, 8, 8, 2], [1, 2, 2, 1])
  z = tf.nn.conv2d_transpose(x, w, tf.stack([batch, 8, 8, 2]), [1, 2, 2, 1], name="up")
  v = tf.nn.conv2d_transpose(x, w, [2, 8, 8, 2], [1, 1, 1, 1], padding="VALID")
  s = tf.constant(np.random.RandomState(1).randn(2, 4, 3).astype(np.float32))
  f = tf.get_variable("f", [3, 2, 3])
  one = tf.nn.conv1d_transpose(s, f, [2, 8, 2], 2)
  return {"y": y, "z": z, "v": v, "one": one}


def convolution_backprops(tf):
  x = tf.constant(_images(2, 6, 6, 9))
  w = tf.get_variable("w", [3, 3, 9, 4])
  dy = tf.constant(_images(2, 6, 6, 4, seed=1))
  half = tf.constant(_images(2, 3, 3, 4, seed=2))
  return {
    "x": tf.nn.conv2d_backprop_input([2, 6, 6, 9], w, dy, [1, 1, 1, 1], "SAME"),
    "w": tf.nn.conv2d_backprop_filter(x, [3, 3, 9, 4], dy, [1, 1, 1, 1], "SAME"),
    "x2": tf.nn.conv2d_backprop_input([2, 6, 6, 9], w, half, [1, 2, 2, 1], "SAME"),
    "w2": tf.nn.conv2d_backprop_filter(x, [3, 3, 9, 4], half, [1, 2, 2, 1], "SAME"),
  }


def convolution_of_wrong_depth(tf):
  return {"x": tf.nn.conv2d(tf.ones([1, 4, 4, 3]), tf.ones([2, 2, 2, 1]), 1, "SAME")}


def convolution_too_small(tf):
  return {"x": tf.nn.conv2d(tf.ones([1, 2, 2, 1]), tf.ones([3, 3, 1, 1]), 1, "VALID")}


def convolution_of_bad_strides(tf):
  return {"x": tf.nn.conv2d(tf.ones([1, 2, 2, 1]), tf.ones([1, 1, 1, 1]), [1, 2, 3, 4, 5], "VALID")}


def depthwise_and_separable(tf):
  x = tf.constant(_images(2, 6, 5, 3))
  d = tf.get_variable("d", [3, 3, 3, 2])
  p = tf.get_variable("p", [1, 1, 6, 4])
  return {
    "depthwise": tf.nn.depthwise_conv2d(x, d, [1, 1, 1, 1], "SAME"),
    "native": tf.nn.depthwise_conv2d_native(x, d, [1, 2, 2, 1], "VALID"),
    "rate": tf.nn.depthwise_conv2d(x, d, [1, 1, 1, 1], "SAME", rate=[2, 2], name="holes"),
    "separable": tf.nn.separable_conv2d(x, d, p, [1, 1, 1, 1], "SAME"),
  }


def atrous(tf):
  x = tf.constant(_images(2, 7, 6, 3))
  w = tf.get_variable("w", [3, 3, 3, 4])
  unknown = tf.placeholder_with_default(_images(1, 8, 8, 3), [None, None, None, 3])
  return {
    "same": tf.nn.atrous_conv2d(x, w, 2, "SAME"),
    "valid": tf.nn.atrous_conv2d(x, w, 2, "VALID", name="a"),
    "unknown": tf.nn.atrous_conv2d(unknown, w, 2, "SAME"),
    "one": tf.nn.atrous_conv2d(x, w, 1, "SAME"),
    "convolution": tf.nn.convolution(x, w, "SAME", strides=[2, 1]),
    "dilated": tf.nn.convolution(x, w, "VALID", dilation_rate=[1, 2]),
    "transposed": tf.nn.atrous_conv2d_transpose(
      tf.ones([1, 6, 6, 4]), w, [1, 6, 6, 3], rate=2, padding="SAME"),
  }


def space_and_batch_and_depth(tf):
  x = tf.constant(np.arange(32, dtype=np.float32).reshape(1, 4, 4, 2))
  b = tf.space_to_batch(x, [[0, 0], [1, 1]], 2)
  return {
    "batch": b, "back": tf.batch_to_space(b, [[0, 0], [1, 1]], 2),
    "depth": tf.space_to_depth(x, 2), "space": tf.depth_to_space(tf.space_to_depth(x, 2), 2),
    "nd": tf.space_to_batch_nd(x, [2, 1], [[0, 0], [0, 0]]),
  }


def pooling(tf):
  x = tf.constant(_images(2, 7, 6, 3))
  s = tf.constant(np.random.RandomState(1).randn(2, 8, 3).astype(np.float32))
  v = tf.constant(np.random.RandomState(2).randn(2, 4, 5, 6, 2).astype(np.float32))
  unknown = tf.placeholder_with_default(_images(1, 5, 5, 3), [None, None, None, 3])
  k, st = [1, 2, 2, 1], [1, 2, 2, 1]
  nn = tf.nn
  return {
    "max": nn.max_pool(x, k, st, "SAME"), "max_valid": nn.max_pool(x, k, st, "VALID", name="m"),
    "avg": nn.avg_pool(x, k, st, "SAME"), "overlap": nn.max_pool(x, [1, 3, 3, 1], [1, 1, 1, 1], "SAME"),
    "avg_overlap": nn.avg_pool(x, 3, 1, "SAME", name="a"), "unknown": nn.max_pool(unknown, k, st, "SAME"),
    "one": nn.max_pool1d(s, 2, 2, "VALID"), "avg_one": nn.avg_pool1d(s, 2, 2, "SAME"),
    "three": nn.max_pool3d(v, 2, 2, "SAME"), "avg_three": nn.avg_pool3d(v, 2, 2, "VALID"),
    "pool": nn.pool(x, [2, 2], "MAX", "VALID"), "pool1": nn.pool(s, [2], "AVG", "SAME", strides=[2]),
    "pool_holes": nn.pool(x, [2, 2], "MAX", "VALID", dilation_rate=[2, 2]),
    "argmax": nn.max_pool_with_argmax(x, k, st, "SAME"), "v2": nn.max_pool_v2(x, 2, 2, "SAME"),
    "pool2d": nn.max_pool2d(x, 2, 2, "VALID"),
  }


def pooling_too_small(tf):
  return {"x": tf.nn.max_pool(tf.ones([1, 1, 1, 1]), [1, 2, 2, 1], [1, 2, 2, 1], "VALID")}


def normalization(tf):
  x = tf.constant(_images(4, 3, 3, 2))
  mean, variance = tf.nn.moments(x, [0, 1, 2])
  kept = tf.nn.moments(x, [0], keep_dims=True, name="mo")
  scale = tf.get_variable("scale", [2], initializer=tf.ones_initializer())
  offset = tf.get_variable("offset", [2], initializer=tf.zeros_initializer())
  return {
    "mean": mean, "variance": variance, "kept": kept,
    "batch": tf.nn.batch_normalization(x, mean, variance, offset, scale, 1e-3),
    "plain": tf.nn.batch_normalization(x, mean, variance, None, None, 1e-3, name="bn"),
    "lrn": tf.nn.lrn(x, 1, 1.0, 0.1, 0.75), "lrn_default": tf.nn.local_response_normalization(x),
    "l2": tf.nn.l2_normalize(x, 3), "l2_dim": tf.nn.l2_normalize(x, dim=[1, 2], name="l2"),
    "weighted": tf.nn.weighted_moments(x, [0, 1, 2], tf.ones([4, 1, 1, 1])),
    "statistics": list(tf.nn.sufficient_statistics(x, [0, 1, 2]))[:3],
    "normalized": tf.nn.normalize_moments(tf.constant(4.0), tf.constant(2.0), tf.constant(8.0), None),
  }


def moments_of_unknown_shape(tf):
  x = tf.placeholder_with_default(np.ones((2, 3), np.float32), [None, 3])
  return {"m": tf.nn.moments(x, [0]), "s": tf.nn.sufficient_statistics(x, [0])[:3]}


def fused_batch_norm(tf):
  x = tf.constant(_images(4, 3, 3, 2))
  scale = tf.get_variable("scale", [2], initializer=tf.constant_initializer([1.0, 2.0]))
  offset = tf.get_variable("offset", [2], initializer=tf.constant_initializer([0.5, 0.0]))
  training = tf.nn.fused_batch_norm(x, scale, offset)
  testing = tf.nn.fused_batch_norm(x, scale, offset, tf.zeros([2]), tf.ones([2]), is_training=False,
                                   epsilon=1e-7, name="test")
  return {"training": training, "testing": testing[0], "all": list(training[0].op.outputs)[:5]}


def fused_batch_norm_with_moments(tf):
  return {"x": tf.nn.fused_batch_norm(tf.ones([1, 1, 1, 1]), [1.0], [1.0], mean=[1.0])}


def embeddings(tf):
  table = tf.get_variable("table", [5, 3])
  resource = tf.get_variable("resource", [5, 3], use_resource=True)
  ids = tf.placeholder_with_default(np.array([[1, 2], [4, 0]]), [None, 2])
  return {
    "rows": tf.nn.embedding_lookup(table, [0, 3, 3]), "ids": tf.nn.embedding_lookup(table, ids, name="e"),
    "resource": tf.nn.embedding_lookup(resource, ids),
    "short": tf.nn.embedding_lookup(table, ids, max_norm=0.5),
    "tensor": tf.nn.embedding_lookup(tf.ones([4, 2]), [1]),
  }


def embeddings_in_parts(tf):
  part = tf.fixed_size_partitioner(2)
  table = tf.get_variable("table", [5, 3], partitioner=part)
  lists = [tf.get_variable("a", [3, 2]), tf.get_variable("b", [2, 2])]
  return {
    "mod": tf.nn.embedding_lookup(lists, [0, 1, 4]),
    "div": tf.nn.embedding_lookup(table, [[0, 4], [3, 1]], partition_strategy="div", name="d"),
  }


def sparse_embeddings(tf):
  table = tf.get_variable("table", [5, 3])
  ids = tf.SparseTensor([[0, 0], [0, 1], [1, 0], [2, 3]], tf.constant([1, 3, 0, 2], tf.int64), [3, 4])
  weights = tf.SparseTensor([[0, 0], [0, 1], [1, 0], [2, 3]], [2.0, 0.5, 1.0, 3.0], [3, 4])
  look = tf.nn.embedding_lookup_sparse
  return {
    "mean": look(table, ids, None, combiner="mean"), "sum": look(table, ids, None, combiner="sum"),
    "sqrtn": look(table, ids, None, combiner="sqrtn", name="sq"),
    "weighted": look(table, ids, weights, combiner="mean"),
    "weighted_sum": look(table, ids, weights, combiner="sum"),
    "weighted_sqrtn": look(table, ids, weights, combiner="sqrtn"),
  }


def safe_sparse_embeddings(tf):
  table = tf.get_variable("table", [5, 3])
  ids = tf.SparseTensor([[0, 0], [0, 1], [2, 0], [2, 3]], tf.constant([1, 3, -1, 2], tf.int64), [4, 4])
  return {"safe": tf.nn.safe_embedding_lookup_sparse(table, ids)}


def top_and_order(tf):
  x = tf.constant([[3.0, 1.0, 2.0, 3.0], [0.0, 5.0, 5.0, -1.0]])
  return {
    "top": tf.nn.top_k(x, 2), "one": tf.nn.top_k(x), "in": tf.nn.in_top_k(x, [3, 0], 2),
    "sort": tf.sort(x), "down": tf.sort(x, direction="DESCENDING"), "argsort": tf.argsort(x, axis=0),
    "search": tf.searchsorted([1.0, 3.0, 5.0], [0.0, 3.0, 9.0]),
    "unique": tf.unique(tf.constant([4, 1, 4, 2, 1])), "counts": tf.unique_with_counts([4, 1, 4]),
    "inverse": tf.invert_permutation([2, 0, 1]), "difference": tf.setdiff1d([1, 2, 3, 4], [2, 4]),
    "bincount": tf.bincount([1, 1, 3]), "weighted": tf.bincount([1, 1, 3], [0.5, 0.5, 2.0]),
  }


def top_k_of_too_few(tf):
  return {"x": tf.nn.top_k([1.0, 2.0], 5)}


def sampled_losses(tf):
  weights = tf.get_variable("weights", [50, 4])
  biases = tf.get_variable("biases", [50], initializer=tf.zeros_initializer())
  labels = tf.constant([[1], [7], [30]], tf.int64)
  inputs = tf.ones([3, 4])
  return {
    "nce": tf.nn.nce_loss(weights, biases, labels, inputs, 8, 50),
    "sampled": tf.nn.sampled_softmax_loss(weights, biases, labels, inputs, 8, 50),
    "kept": tf.nn.nce_loss(weights, biases, labels, inputs, 8, 50, remove_accidental_hits=True, name="n"),
  }


def samplers(tf):
  true = tf.constant([[1, 2], [3, 0]], tf.int64)
  return {
    "log": list(tf.nn.log_uniform_candidate_sampler(true, 2, 6, True, 20)),
    "log_repeated": list(tf.nn.log_uniform_candidate_sampler(true, 2, 6, False, 20, seed=4)),
    "uniform": list(tf.nn.uniform_candidate_sampler(true, 2, 6, True, 20)),
    "uniform_pow": list(tf.nn.uniform_candidate_sampler(true, 2, 6, False, 16, name="u")),
    "all": list(tf.nn.all_candidate_sampler(true, 2, 4, True)),
  }


def sampler_range_too_small(tf):
  return {"x": list(tf.nn.uniform_candidate_sampler(tf.constant([[1]], tf.int64), 1, 6, True, 3))}


def clipping(tf):
  x = tf.constant([[3.0, -4.0], [0.5, 0.0]])
  y = tf.constant([1.0, 1.0])
  slices = tf.IndexedSlices(tf.ones([2, 2]), tf.constant([0, 1]), tf.constant([3, 2]))
  many, norm = tf.clip_by_global_norm([x, None, y, slices], 2.0)
  return {
    "value": tf.clip_by_value(x, -1.0, 1.0), "norm": tf.clip_by_norm(x, 2.0),
    "axes": tf.clip_by_norm(x, 2.0, axes=[1], name="c"), "global": norm, "first": many[0],
    "third": many[2], "slices": many[3].values, "global_norm": tf.global_norm([x, y]),
    "given": tf.clip_by_global_norm([x], 1.0, use_norm=tf.constant(10.0))[0],
    "average": tf.clip_by_average_norm(x, 0.1), "value_slices": tf.clip_by_value(slices, 0.0, 0.5).values,
  }


def drawn_by_counts(tf):
  true, n = tf.constant([[1], [3], [5]], tf.int64), tf.nn
  fixed, learned = n.fixed_unigram_candidate_sampler, n.learned_unigram_candidate_sampler
  drawn = [
      fixed(true, 1, 8, False, 20, distortion=0.75, unigrams=list(range(1, 21)), seed=5),
      fixed(true, 1, 4, True, 20, unigrams=[float(i % 5) for i in range(20)], seed=6),
      fixed(true, 1, 4, True, 12, num_reserved_ids=2, unigrams=[i % 5 + 1.0 for i in range(10)], seed=6),
      learned(true, 1, 6, False, 20, seed=7), learned(true, 1, 6, True, 20, seed=8)]
  with tf.Session() as session:
    runs = [session.run([list(one) for one in drawn]) for _ in range(3)]
  return {"runs": [[[part.tolist() for part in one] for one in run] for run in runs]}
