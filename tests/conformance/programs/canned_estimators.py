"""tf.estimator: ready-made linear and deep models, their graphs, metrics and predictions."""

import re

import numpy as np
from said import own_folder, tries


def _data():
  rs = np.random.RandomState(0)
  x = rs.rand(40, 3).astype(np.float32)
  return x, rs.randint(0, 3, 40), np.array(["abc"[i] for i in rs.randint(0, 3, 40)])


def _graph():
  import tensorflow as tf

  graph = tf.get_default_graph()
  lines = ["%s %s %s %s" % (o.name, o.type, [t.name for t in o.inputs], sorted(c.name for c in o.control_inputs)) for o in graph.get_operations()]
  return [re.sub("_temp_[0-9a-f]{32}", "_temp", line) for line in lines]


def _watch(tf, seen, whole=True):
  """Keeps a graph's operations, or how many there are of each type."""
  def summed(lines):
    types = [line.split(" ")[1] for line in lines]
    return {kind: types.count(kind) for kind in sorted(set(types))}

  class Watch(tf.train.SessionRunHook):
    def after_create_session(self, session, coord):
      seen.append(_graph() if whole else summed(_graph()))

  return Watch()


def _life(tf, make, labels, features=None, whole=False, **kwargs):
  """The graphs of a model, and what it finds."""
  x, _, words = _data()
  features = features or {"x": x, "word": words}
  rows = tf.estimator.inputs.numpy_input_fn
  seen = []
  config = tf.estimator.RunConfig(tf_random_seed=1)
  with own_folder():
    model = make(config=config, model_dir="model", **kwargs)
    model.train(rows(features, labels, batch_size=8, num_epochs=None, shuffle=False), steps=6, hooks=[_watch(tf, seen)])
    result = model.evaluate(rows(features, labels, batch_size=16, shuffle=False), hooks=[_watch(tf, seen, whole)])
    few = {key: value[:3] for key, value in features.items()}
    rows_ = list(model.predict(rows(few, shuffle=False), hooks=[_watch(tf, seen, whole)]))
    names = model.get_variable_names()
    values = {name: model.get_variable_value(name) for name in names if "/Ada" not in name and "Ftrl" not in name}
  return {"graphs": seen, "result": result, "rows": rows_, "names": names, "values": values}


def deep_classes(tf):
  _, y, _ = _data()
  c = tf.feature_column
  return _life(tf, tf.estimator.DNNClassifier, y, hidden_units=[4, 3], feature_columns=[c.numeric_column("x", shape=[3])], n_classes=3, whole=True)


def deep_binary(tf):
  _, y, _ = _data()
  c = tf.feature_column
  word = c.categorical_column_with_vocabulary_list("word", ["a", "b", "c"])
  columns = [c.numeric_column("x", shape=3), c.embedding_column(word, 2), c.indicator_column(word)]
  return _life(tf, tf.estimator.DNNClassifier, (y > 1).astype(np.int64), hidden_units=[4], feature_columns=columns, dropout=0.5, batch_norm=True,
               optimizer=lambda: tf.train.AdamOptimizer(0.01), activation_fn=tf.nn.tanh, loss_reduction=tf.losses.Reduction.SUM_OVER_BATCH_SIZE)


def deep_numbers(tf):
  x, _, _ = _data()
  c = tf.feature_column
  return _life(tf, tf.estimator.DNNRegressor, np.stack([x.sum(1), x[:, 0]], 1), hidden_units=[4], feature_columns=[c.numeric_column("x", shape=[3])],
               label_dimension=2, optimizer="SGD")


def linear_binary(tf):
  x, y, words = _data()
  c = tf.feature_column
  columns = [c.numeric_column("x", shape=[3]), c.categorical_column_with_hash_bucket("word", 5)]
  features = {"x": x, "word": words, "w": (y + 1).astype(np.float32)}
  return _life(tf, tf.estimator.LinearClassifier, (y > 1).astype(np.int64), features, feature_columns=columns, weight_column="w", whole=True)


def linear_names(tf):
  x, _, words = _data()
  c = tf.feature_column
  return _life(tf, tf.estimator.LinearClassifier, words, {"x": x}, feature_columns=[c.numeric_column("x", shape=[3])], n_classes=3,
               label_vocabulary=["a", "b", "c"], optimizer=tf.train.GradientDescentOptimizer(0.1))


def linear_numbers(tf):
  x, y, words = _data()
  c = tf.feature_column
  crossed = c.crossed_column(["word", c.bucketized_column(c.numeric_column("one"), [0.3, 0.6])], 10)
  features = {"word": words, "one": x[:, 0], "w": x[:, 1]}
  return _life(tf, tf.estimator.LinearRegressor, x.sum(1), features, feature_columns=[crossed, c.numeric_column("one")], weight_column="w")


def both(tf):
  x, y, words = _data()
  c = tf.feature_column
  word = c.categorical_column_with_hash_bucket("word", 5)
  return _life(tf, tf.estimator.DNNLinearCombinedClassifier, (y > 0).astype(np.int64), linear_feature_columns=[word],
               dnn_feature_columns=[c.numeric_column("x", shape=[3]), c.embedding_column(word, 2)], dnn_hidden_units=[4])


def both_numbers(tf):
  x, y, words = _data()
  c = tf.feature_column
  return _life(tf, tf.estimator.DNNLinearCombinedRegressor, x.sum(1), linear_feature_columns=[c.numeric_column("x", shape=[3])])


def exported(tf):
  x, y, _ = _data()
  c = tf.feature_column
  columns = [c.numeric_column("x", shape=[3])]
  spec = tf.estimator.classifier_parse_example_spec(columns, "y", weight_column="w")
  other = tf.estimator.regressor_parse_example_spec(columns, "y", label_dimension=2)
  with own_folder():
    model = tf.estimator.DNNClassifier([4], columns, "exported", config=tf.estimator.RunConfig(tf_random_seed=1))
    model.train(tf.estimator.inputs.numpy_input_fn({"x": x}, (y > 1).astype(np.int64), batch_size=8, num_epochs=None, shuffle=False), steps=2)
    features = c.make_parse_example_spec(columns)
    path = model.export_savedmodel("out", tf.estimator.export.build_parsing_serving_input_receiver_fn(features))
    with tf.Graph().as_default(), tf.Session() as session:
      meta = tf.saved_model.loader.load(session, ["serve"], path.decode())
      signatures = {key: [value.method_name, {k: v.name for k, v in value.inputs.items()}, {k: v.name for k, v in value.outputs.items()}]
                    for key, value in meta.signature_def.items()}
      example = tf.train.Example()
      example.features.feature["x"].float_list.value.extend([0.1, 0.2, 0.3])
      inputs = {signatures["predict"][1]["examples"]: [example.SerializeToString()]}
      found = session.run(signatures["predict"][2], inputs)
  return {"signatures": signatures, "found": found, "specs": [{key: repr(value) for key, value in one.items()} for one in (spec, other)]}


def refused(tf):
  e, c = tf.estimator, tf.feature_column
  x, y, words = _data()
  columns = [c.numeric_column("x", shape=[3])]
  rows = e.inputs.numpy_input_fn

  def trained(labels, make=e.LinearClassifier, features=None, **kwargs):
    with own_folder():
      make(feature_columns=columns, model_dir="none", **kwargs).train(rows(features or {"x": x}, labels, shuffle=False), steps=1)

  def first(error):
    return re.sub("<class '[^>]*>|0x[0-9a-f]+", "*", "%s: %s" % (type(error).__name__, error)).split("\n")[0]

  return {"errors": tries(
      lambda: e.DNNClassifier([2], columns, "none", n_classes=1), lambda: e.DNNClassifier([2], columns, "none", label_vocabulary="abc"),
      lambda: e.DNNClassifier([2], columns, "none", n_classes=3, label_vocabulary="abc"), lambda: e.LinearRegressor(columns, "none", label_dimension=0),
      lambda: e.LinearRegressor(columns, "none", loss_reduction="no"), lambda: e.DNNLinearCombinedClassifier("none"),
      lambda: trained(words), lambda: trained(words, n_classes=3), lambda: trained(y, n_classes=3, label_vocabulary=["a", "b", "c"]),
      lambda: trained(np.stack([y, y], 1)), lambda: trained(y, optimizer="Best"), lambda: trained(y, optimizer=lambda: 3), lambda: trained(y > 1, weight_column=3),
      lambda: trained(y > 1, weight_column="w"), lambda: trained(y), lambda: e.classifier_parse_example_spec(columns, "x"),
      lambda: e.classifier_parse_example_spec(columns, "y", weight_column=3), lambda: e.classifier_parse_example_spec(columns, "y", weight_column="x"), told=first)}
