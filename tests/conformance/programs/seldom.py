"""What is seldom used of layers, metrics, distributions and slices of rows."""

import numpy as np
from said import tries


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).randn(*shape).astype(np.float32)


def end_points(tf):
  slim = tf.contrib.slim
  x = tf.constant(_x(2, 8, 8, 3))
  with tf.variable_scope("vgg", "vgg", [x]) as sc:
    name = sc.original_name_scope + "_end_points"
    with slim.arg_scope([slim.conv2d, slim.fully_connected, slim.max_pool2d], outputs_collections=name):
      net = slim.conv2d(x, 4, 3, scope="conv1")
      net = slim.max_pool2d(net, 2, scope="pool1")
      net = slim.fully_connected(slim.flatten(net), 3, scope="fc")
    points = slim.utils.convert_collection_to_dict(name)
    aliases = slim.utils.gather_tensors_aliases([net, x])
    cleared = slim.utils.convert_collection_to_dict(name, clear_collection=True)
  utils = slim.utils
  return {"points": sorted(points), "aliases": aliases, "left": tf.get_collection(name), "count": len(cleared),
          "errors": tries(
            lambda: utils.two_element_tuple([1, 2]),
            lambda: utils.two_element_tuple(5), lambda: utils.two_element_tuple(5.5),
            lambda: utils.last_dimension(tf.TensorShape(None)), lambda: utils.last_dimension(tf.TensorShape([2, None])),
            lambda: utils.last_dimension(tf.TensorShape([2]), min_rank=3), lambda: utils.channel_dimension(tf.TensorShape([1, 2, 3]), "channels_first"),
            lambda: utils.constant_value(None), lambda: utils.constant_value(True), lambda: utils.static_cond(True, 1, 2),
            lambda: utils.static_cond(False, lambda: 1, lambda: 2))}


def summaries_of_weights(tf):
  slim = tf.contrib.slim
  slim.fully_connected(tf.constant(_x(2, 3)), 2, scope="fc", variables_collections=[tf.GraphKeys.WEIGHTS])
  return {"weights": [t.op.name for t in slim.summarize_weights()], "biases": len(slim.summarize_biases()),
          "all": [t.op.name for t in slim.summarize_variables()]}


def indexed_slices(tf):
  s = tf.IndexedSlices(tf.constant(_x(2, 3)), tf.constant([1, 4]), tf.constant([6, 3]))
  bare = tf.IndexedSlices(tf.constant(_x(2, 3)), tf.constant([1, 4]))
  return {"dense": tf.convert_to_tensor(s), "negative": (-s).values, "text": str(s), "bare": str(bare), "name": s.name,
          "device": s.device, "op": s.op.name, "dtype": s.dtype.name, "same": s.graph is tf.get_default_graph(),
          "slices": s, "is": tf.contrib.framework.is_tensor(s),
          "errors": tries(lambda: tf.convert_to_tensor(bare), lambda: tf.convert_to_tensor(s, tf.int32))}


def sparse_tensors(tf):
  s = tf.SparseTensor([[0, 1], [2, 0]], [1.0, 2.0], [3, 4])
  value = tf.SparseTensorValue([[0, 1]], [1.0], [3, 4])
  with tf.Session().as_default():
    evaluated = s.eval()
  return {"text": str(s), "shape": str(s.shape), "static": str(s.get_shape()), "op": s.op.name, "dtype": s.dtype.name,
          "from": tf.SparseTensor.from_value(value).dense_shape, "same": tf.SparseTensor.from_value(s) is s,
          "evaluated": [evaluated.indices.tolist(), evaluated.values.tolist()], "graph": s.graph is tf.get_default_graph(),
          "errors": tries(lambda: tf.SparseTensor.from_value(3), lambda: tf.SparseTensor([1], [1.0], [3]))}


def metrics_of_unknown_rank(tf):
  labels = tf.placeholder_with_default(np.array([1, 0, 1]), None)
  found = tf.placeholder_with_default(np.array([1, 1, 1]), None)
  weights = tf.placeholder_with_default(np.array([1.0, 2.0, 0.0], np.float32), None)
  value, update = tf.metrics.accuracy(labels, found, weights)
  mean, mean_update = tf.metrics.mean(tf.cast(found, tf.float32), weights)
  column, column_update = tf.metrics.accuracy([[1], [0]], [[1], [1]], weights=[1.0, 0.5])
  return {"value": value, "update": update, "mean": mean_update, "column": column_update}


def metrics_more(tf):
  m = tf.metrics
  labels, scores = tf.constant([1, 0, 1, 1]), tf.constant([0.9, 0.4, 0.35, 0.8])
  made = {
    "specificity": m.specificity_at_sensitivity(labels, scores, 0.5, num_thresholds=20),
    "minoring": m.auc(labels, scores, num_thresholds=20, summation_method="minoring"),
    "majoring": m.auc(labels, scores, num_thresholds=20, summation_method="majoring"),
    "negatives": m.true_negatives_at_thresholds(labels, scores, [0.3]),
    "falsely": m.false_positives_at_thresholds(labels, scores, [0.3]),
    "weighted": m.precision(labels, [1, 1, 0, 1], weights=[1.0, 0.5, 1.0, 1.0]),
    "iou": m.mean_iou(tf.constant([0, 1]), tf.constant([0, 1]), 2, weights=[1.0, 2.0]),
  }
  found = {name: update for name, (_, update) in made.items()}
  found["errors"] = tries(
    lambda: m.specificity_at_sensitivity(labels, scores, 2.0), lambda: m.sensitivity_at_specificity(labels, scores, -1.0),
    lambda: m.auc(labels, scores, curve="nonsense"), lambda: m.auc(labels, scores, summation_method="nonsense"),
    lambda: m.auc(labels, scores, curve="ROC", summation_method="careful_interpolation")[0].name)
  return found


def distributions_said_little(tf):
  class Own(tf.distributions.Distribution):
    def __init__(self):
      super(Own, self).__init__(dtype=tf.float32, reparameterization_type=tf.distributions.NOT_REPARAMETERIZED,
                                validate_args=False, allow_nan_stats=True, name="own")

    def _prob(self, value):
      return tf.exp(-value)

    def _log_cdf(self, value):
      return -value

    def _variance(self):
      return tf.constant(4.0)

  own = Own()
  return {"log_prob": own.log_prob(2.0), "cdf": own.cdf(1.0), "stddev": own.stddev(), "text": str(own), "repr": repr(own),
          "above": own.survival_function(1.0), "log_above": own.log_survival_function(1.0),
          "type": repr(own.reparameterization_type), "nan": own.allow_nan_stats, "checked": own.validate_args,
          "errors": tries(
            lambda: own.sample(), lambda: own.mean(), lambda: own.mode(), lambda: own.entropy(), lambda: own.covariance(),
            lambda: own.quantile(0.5), lambda: own.batch_shape_tensor(), lambda: own.event_shape_tensor(),
            lambda: tf.distributions.Uniform(0.0, 1.0).mode(), lambda: tf.distributions.Bernoulli(0.5).cdf(1),
            lambda: tf.distributions.Categorical(logits=[1, 2]), lambda: tf.distributions.Categorical(probs=[1, 2]),
            lambda: tf.distributions.Bernoulli(probs=0.5).covariance(),
            lambda: tf.distributions.RegisterKL(tf.distributions.Normal, tf.distributions.Normal)(3),
            lambda: tf.distributions.Distribution(tf.float32, None, False, True, graph_parents=[3]))}


def distributions_checked(tf):
  d = tf.distributions
  b = d.Bernoulli(probs=[0.2, 0.5])
  u = d.Uniform([0.0, 1.0], [1.0, 3.0], validate_args=True)
  scalar = d.Normal(0.0, 1.0)
  unknown = d.Normal(tf.placeholder_with_default(np.zeros(2, np.float32), None), 1.0)
  return {"b": b.log_prob([1.0, 0.0]), "u": u.sample(seed=3), "scalar": scalar.is_scalar_batch(), "event": scalar.is_scalar_event(),
          "unknown": unknown.sample([2]), "batch": unknown.batch_shape_tensor(), "is": unknown.is_scalar_batch(),
          "shape": scalar.sample(tf.placeholder_with_default(np.array([2], np.int32), [1])),
          "by_float": d.Categorical(logits=[[1.0, 2.0]]).log_prob([1.0]), "cross": scalar.cross_entropy(scalar)}


def keras_style(tf):
  x = tf.constant(_x(2, 3))
  with tf.layers.experimental.keras_style_scope():
    layer = tf.layers.Dense(4)
    y = layer(x)
    errors = tries(lambda: tf.layers.Dense(4, _reuse=True), lambda: tf.layers.Dense(4, _scope="a"),
                    lambda: layer(x, scope="b"))
  return {"y": y, "names": [v.name for v in layer.weights], "errors": errors}


def layers_seldom(tf):
  x = tf.constant(_x(2, 3))
  with tf.variable_scope("given") as scope:
    pass
  one = tf.layers.Dense(2, _scope=scope, name=scope)
  y = one(x)
  z = tf.layers.dense(x, 2, name="re", reuse=tf.AUTO_REUSE)
  return {"y": y, "again": one(x), "scope": one.scope_name, "z": z,
          "errors": tries(lambda: tf.layers.Dense(2).add_weight("w", [2], nonsense=3),
                           lambda: tf.layers.Dense(2, nonsense=3),
                           lambda: one.graph,
                           lambda: tf.layers.conv2d(tf.placeholder(tf.float32, [1, 8, 8, None]), 2, 3),
                           lambda: tf.layers.max_pooling2d(x, 2, 2),
                           lambda: tf.layers.separable_conv2d(tf.placeholder(tf.float32, [1, 8, 8, None]), 2, 3),
                           lambda: tf.layers.batch_normalization(tf.placeholder(tf.float32, [2, None])),
                           lambda: tf.layers.batch_normalization(tf.placeholder(tf.float32)))}


def callables_of_another_default_graph(tf):
  graph = tf.Graph()
  with graph.as_default():
    a, p = tf.constant(1.0, name="a"), tf.placeholder(tf.float32, name="p")
    b, nothing = p * 2.0, tf.no_op(name="nothing")
  other = tf.constant(5.0, name="other")
  session = tf.Session(graph=graph)
  return {
      "refused": tries(
          lambda: session.make_callable(other), lambda: session.make_callable([a, other]),
          lambda: session.make_callable("other:0"), lambda: session.make_callable(b, 3),
          lambda: session.make_callable(b, [p])(), lambda: session.make_callable(3)),
      "given": tries(
          lambda: session.make_callable(b, [p])(3.0),
          lambda: session.make_callable({"a": a, "b": [b]}, [p])(3.0),
          lambda: session.make_callable(nothing)(),
          lambda: session.make_callable("mul:0", ["p:0"])(4.0)),
  }


def creators_of_things_without_names(tf):
  class Thing(object):
    pass

  class Named(object):
    name = "named"

  def made(give, key):
    with tf.variable_creator_scope(lambda next_creator, **kwargs: give):
      return type(tf.get_variable(key, [])).__name__

  named = Named()
  found = tries(lambda: made(7, "v"), lambda: made(Thing(), "w"), lambda: made(None, "x"),
                lambda: made(named, "y"), lambda: made(7, "v"))
  with tf.variable_scope("", reuse=True):
    again = tries(lambda: type(tf.get_variable("v", [])).__name__,
                  lambda: tf.get_variable("y", []) is named)
  return {"found": found, "again": again}
