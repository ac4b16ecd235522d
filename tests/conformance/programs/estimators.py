"""tf.estimator: model functions trained, evaluated and asked, with their graphs."""

import os
import shutil
import tempfile

import numpy as np


def _data():
  rs = np.random.RandomState(0)
  x = rs.rand(40, 3).astype(np.float32)
  return x, (x.sum(1) > 1.5).astype(np.int32)


def _tries(*makes):
  found = []
  for make in makes:
    try:
      found.append(make())
    except Exception as error:
      text = str(error).split("\n")[0]
      found.append("%s: %s" % (type(error).__name__, text.split(" at 0x")[0].split("<")[0]))
  return found


def _model(tf, graphs):
  def model_fn(features, labels, mode, params):
    h = tf.layers.dense(features["x"], params["n"], activation=tf.nn.relu, name="h")
    logits = tf.layers.dense(h, 2)
    classes = tf.argmax(logits, 1)
    graphs.append([mode] + ["%s %s %s" % (o.name, o.type, o.device) for o in tf.get_default_graph().get_operations()])
    if mode == tf.estimator.ModeKeys.PREDICT:
      return tf.estimator.EstimatorSpec(mode, predictions={"c": classes, "p": tf.nn.softmax(logits)})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train = tf.train.AdamOptimizer(0.1).minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train,
                                      eval_metric_ops={"accuracy": tf.metrics.accuracy(labels, classes)})

  return model_fn


def whole_life(tf):
  x, y = _data()
  graphs, folder = [], tempfile.mkdtemp()
  rows = tf.estimator.inputs.numpy_input_fn

  def dataset(ends):
    made = tf.data.Dataset.from_tensor_slices(({"x": x}, y))
    return (made if ends else made.repeat()).batch(10)

  try:
    model = tf.estimator.Estimator(_model(tf, graphs), folder, params={"n": 4}, config=tf.estimator.RunConfig(tf_random_seed=1))
    seen = [_tries(lambda: model.get_variable_names())[0].split(": /")[0], model.latest_checkpoint()]
    model.train(rows({"x": x}, y, batch_size=8, num_epochs=None, shuffle=False), steps=7)
    once = rows({"x": x}, y, batch_size=16, num_epochs=1, shuffle=False)
    seen.append(model.evaluate(once))
    seen.append(list(model.predict(rows({"x": x[:5]}, shuffle=False))))
    model.train(lambda: dataset(False), max_steps=12)
    seen.append(model.evaluate(lambda: dataset(True), steps=2))
    model.train(once)
    seen.append(model.evaluate(once))
    forever = model.predict(lambda: {"x": tf.constant(x[:2])}, predict_keys=["p"])
    seen.append([next(forever) for _ in range(3)])
    forever.close()
    one = lambda: tf.data.Dataset.from_tensor_slices({"x": x}).batch(30)  # noqa: E731 - names the functions
    seen.append([p["c"].tolist() for p in model.predict(one, yield_single_examples=False)])
    seen += [sorted(model.get_variable_names()), model.get_variable_value("global_step"), os.path.basename(model.latest_checkpoint())]
    seen.append(sorted(name for name in os.listdir(folder) if name.endswith(".index")))
  finally:
    shutil.rmtree(folder)
  return {"seen": seen, "graphs": graphs, "params": model.params, "folder": model.model_dir == folder}


def arrays(tf):
  x, y = _data()
  rows = tf.estimator.inputs.numpy_input_fn
  alone = rows(x, batch_size=4, shuffle=False)()
  both = rows({"a": x, "b": x[:, 0]}, {"l": y, "m": y}, shuffle=True, queue_capacity=20, num_threads=2)()
  return {"alone": str(alone.shape), "both": [sorted(part) for part in both],
          "runners": len(tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS))}


def refused(tf):
  x, y = _data()
  estimator, rows = tf.estimator, tf.estimator.inputs.numpy_input_fn
  spec = estimator.EstimatorSpec
  model = estimator.Estimator(_model(tf, []), "not-made", params={"n": 4})
  one = tf.constant(1.0)
  return {"errors": str(_tries(
      lambda: rows(x), lambda: rows(3, shuffle=True)(), lambda: rows({}, shuffle=True)(), lambda: rows(x[:0], shuffle=True)(),
      lambda: rows({"x": x}, y[:3], shuffle=True)(), lambda: rows({"x": x}, {"x": y}, shuffle=True)(), lambda: rows(x, {}, shuffle=True)(),
      lambda: model.train(None, steps=0), lambda: model.train(None, steps=1, max_steps=2), lambda: model.train(None, max_steps=-1),
      lambda: estimator.Estimator(lambda f: 1), lambda: estimator.Estimator(lambda features, other: 1),
      lambda: estimator.Estimator(lambda features: 1, params={}), lambda: estimator.Estimator(None),
      lambda: spec("train"), lambda: spec("eval"), lambda: spec("infer"), lambda: spec("train", loss=one), lambda: spec("train", loss=one, train_op=3),
      lambda: spec("eval", loss=3), lambda: spec("eval", loss=tf.constant([1.0, 2.0])), lambda: spec("eval", loss=one, eval_metric_ops={"a": 3}),
      lambda: spec("eval", loss=one, eval_metric_ops=3), lambda: str(spec("eval", loss=tf.constant([1.0])).loss.shape)))}
