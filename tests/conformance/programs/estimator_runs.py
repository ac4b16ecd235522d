"""tf.estimator: what an Estimator adds to a graph, its hooks, warm starts, exports, training with evaluations."""

import os
import re

import numpy as np
from said import own_folder, tries


def _data():
  rs = np.random.RandomState(0)
  x = rs.rand(40, 3).astype(np.float32)
  return x, (x.sum(1) > 1.5).astype(np.int32)


def _model_fn(tf):
  def model_fn(features, labels, mode):
    logits = tf.layers.dense(features["x"], 2, name="out")
    classes = tf.argmax(logits, 1)
    if mode == tf.estimator.ModeKeys.PREDICT:
      return tf.estimator.EstimatorSpec(mode, predictions={"c": classes, "p": tf.nn.softmax(logits)})
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train = tf.train.GradientDescentOptimizer(0.5).minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train, eval_metric_ops={"accuracy": tf.metrics.accuracy(labels, classes)})

  return model_fn


def _graph():
  import tensorflow as tf

  graph = tf.get_default_graph()
  lines = ["%s %s %s %s %s" % (o.name, o.type, [t.name for t in o.inputs], sorted(c.name for c in o.control_inputs), o.device)
           for o in graph.get_operations()]
  return [re.sub("_temp_[0-9a-f]{32}", "_temp", line) for line in lines]


def _watch(tf, seen):
  class Watch(tf.train.SessionRunHook):
    def begin(self):
      seen.append("begin")

    def after_create_session(self, session, coord):
      seen.append(["created"] + _graph())

    def before_run(self, run_context):
      return tf.train.SessionRunArgs(tf.train.get_global_step())

    def after_run(self, run_context, run_values):
      seen.append(int(run_values.results))

    def end(self, session):
      seen.append("end")

  return Watch()


def _rows(tf, x, y=None, **kwargs):
  return tf.estimator.inputs.numpy_input_fn({"x": x}, y, shuffle=False, **kwargs)


def hooks(tf):
  x, y = _data()
  seen = []
  with own_folder():
    config = tf.estimator.RunConfig(tf_random_seed=1, save_checkpoints_steps=4, keep_checkpoint_max=2, save_summary_steps=3)
    model = tf.estimator.Estimator(_model_fn(tf), "of_hooks", config)
    model.train(_rows(tf, x, y, batch_size=8, num_epochs=None), hooks=[_watch(tf, seen)], steps=10)
    kept = sorted(name for name in os.listdir("of_hooks") if name.endswith(".index"))
    result = model.evaluate(_rows(tf, x, y, batch_size=16), steps=2, hooks=[_watch(tf, seen)], name="test")
    folders = sorted(name for name in os.listdir("of_hooks") if os.path.isdir(os.path.join("of_hooks", name)))
    rows = list(model.predict(_rows(tf, x[:2], batch_size=1), hooks=[_watch(tf, seen)]))
    skipped = model.train(_rows(tf, x, y), max_steps=3) is model
    state = open("of_hooks/checkpoint").read()
  return {"seen": seen, "kept": kept, "result": result, "folders": folders, "rows": rows, "skipped": skipped, "state": state,
          "config": [config.save_checkpoints_secs, config.master, config.is_chief, config.num_ps_replicas, config.task_type, config.task_id]}


def summaries(tf):
  x, y = _data()
  with own_folder():
    model = tf.estimator.Estimator(_model_fn(tf), "of_summaries", tf.estimator.RunConfig(tf_random_seed=1, save_summary_steps=2))
    model.train(_rows(tf, x, y, batch_size=8, num_epochs=None), steps=5)
    model.evaluate(_rows(tf, x, y))
    found = []
    for folder in ("of_summaries", "of_summaries/eval"):
      for name in sorted(os.listdir(folder)):
        if "tfevents" in name:
          for event in tf.train.summary_iterator(os.path.join(folder, name)):
            for value in event.summary.value:
              if value.tag != "global_step/sec" and not value.tag.startswith("enqueue_input"):
                found.append([folder, event.step, value.tag, value.simple_value])
  return {"found": found}


def warm(tf):
  x, y = _data()
  with own_folder():
    old = tf.estimator.Estimator(_model_fn(tf), "old", tf.estimator.RunConfig(tf_random_seed=1))
    old.train(_rows(tf, x, y, batch_size=8, num_epochs=None), steps=3)
    settings = tf.estimator.WarmStartSettings("old", vars_to_warm_start="out/kernel")
    new = tf.estimator.Estimator(_model_fn(tf), "new", tf.estimator.RunConfig(tf_random_seed=2), warm_start_from=settings)
    new.train(_rows(tf, x, y, batch_size=40, num_epochs=1), steps=1)
    whole = tf.estimator.Estimator(_model_fn(tf), "whole", warm_start_from="old")
    whole.train(_rows(tf, x, y, batch_size=40, num_epochs=1), steps=1)
    found = [model.get_variable_value("out/kernel") for model in (old, new, whole)] + [new.get_variable_value("out/bias")]
  return {"found": found, "settings": list(settings), "errors": tries(lambda: tf.estimator.WarmStartSettings(""))}


def in_turn(tf):
  x, y = _data()
  exports = tf.estimator.export.build_raw_serving_input_receiver_fn({"x": tf.placeholder(tf.float32, [None, 3], name="fed")})
  with own_folder():
    model = tf.estimator.Estimator(_model_fn(tf), "of_in_turn", tf.estimator.RunConfig(tf_random_seed=1, save_checkpoints_steps=4))
    train = tf.estimator.TrainSpec(_rows(tf, x, y, batch_size=8, num_epochs=None), max_steps=10)
    exporters = [tf.estimator.FinalExporter("last", exports), tf.estimator.BestExporter("best", exports), tf.estimator.LatestExporter("new", exports, exports_to_keep=1)]
    evaluate = tf.estimator.EvalSpec(_rows(tf, x, y), steps=None, throttle_secs=0, exporters=exporters)
    results, exported = tf.estimator.train_and_evaluate(model, train, evaluate)
    folders = {name: len(os.listdir("of_in_turn/export/" + name)) for name in sorted(os.listdir("of_in_turn/export"))}
    again = tf.estimator.train_and_evaluate(model, train, evaluate)
  return {"results": results, "exported": [path is not None for path in exported], "folders": sorted(folders), "one": folders["new"],
          "again": again}


def exported(tf):
  x, y = _data()
  spec = {"x": tf.FixedLenFeature([3], tf.float32)}
  with own_folder():
    model = tf.estimator.Estimator(_model_fn(tf), "of_exported", tf.estimator.RunConfig(tf_random_seed=1))
    model.train(_rows(tf, x, y, batch_size=8, num_epochs=None), steps=2)
    with open("note.txt", "w") as file:
      file.write("a note")
    path = model.export_saved_model("out", tf.estimator.export.build_parsing_serving_input_receiver_fn(spec), assets_extra={"more/note.txt": "note.txt"})
    files = sorted(os.path.relpath(os.path.join(folder, name), path.decode()) for folder, _, names in os.walk(path.decode()) for name in names)
    example = tf.train.Example()
    example.features.feature["x"].float_list.value.extend([0.1, 0.2, 0.3])
    with tf.Graph().as_default(), tf.Session() as session:
      meta = tf.saved_model.loader.load(session, ["serve"], path.decode())
      signatures = {key: [value.method_name, {k: v.name for k, v in value.inputs.items()}, {k: v.name for k, v in value.outputs.items()}]
                    for key, value in meta.signature_def.items()}
      found = session.run(signatures["serving_default"][2]["p"], {signatures["serving_default"][1]["examples"]: [example.SerializeToString()]})
      graph = _graph()
    errors = tries(lambda: model.export_savedmodel("out", None), lambda: tf.estimator.Estimator(_model_fn(tf), "none").export_saved_model("out", lambda: 1))
  return {"files": files, "signatures": signatures, "found": found, "graph": graph, "errors": errors, "is_bytes": isinstance(path, bytes)}


def refused_runs(tf):
  e = tf.estimator
  one, text = tf.constant([1.0]), tf.constant(["a"])
  model = e.Estimator(_model_fn(tf), "not-made")
  function = lambda: 1  # noqa: E731 - an input function
  return {"errors": [error.split("<")[0].split(" at 0x")[0] if isinstance(error, str) else error for error in tries(
      lambda: e.TrainSpec(3), lambda: e.TrainSpec(function, 0), lambda: e.TrainSpec(function, hooks=[3]), lambda: e.EvalSpec(3), lambda: e.EvalSpec(function, 0),
      lambda: e.EvalSpec(function, name=3), lambda: e.EvalSpec(function, exporters=3), lambda: e.EvalSpec(function, exporters=[3]), lambda: e.EvalSpec(function, throttle_secs=-1),
      lambda: e.EvalSpec(function, start_delay_secs=-1), lambda: e.EvalSpec(function, exporters=[e.FinalExporter("a", function), e.FinalExporter("a", function)]),
      lambda: e.EvalSpec(function, exporters=e.FinalExporter("", function)),
      lambda: e.train_and_evaluate(model, e.TrainSpec(function), 3), lambda: e.train_and_evaluate(3, e.TrainSpec(function), e.EvalSpec(function)),
      lambda: e.train_and_evaluate(model, 3, e.EvalSpec(function)), lambda: e.RunConfig(save_checkpoints_steps=3, save_checkpoints_secs=4),
      lambda: e.Estimator(_model_fn(tf), "one", e.RunConfig("two")), lambda: e.Estimator(_model_fn(tf), config=3),
      lambda: e.export.ClassificationOutput(), lambda: e.export.ClassificationOutput(text), lambda: e.export.ClassificationOutput(classes=one), lambda: e.export.RegressionOutput(text),
      lambda: e.export.PredictOutput({3: one}), lambda: e.export.PredictOutput({"a": 3}), lambda: e.export.ServingInputReceiver(None, one),
      lambda: e.export.ServingInputReceiver({"a": 3}, one), lambda: e.export.ServingInputReceiver(one, {3: one}), lambda: e.export.ServingInputReceiver(one, one, 3),
      lambda: e.export.TensorServingInputReceiver(None, one), lambda: e.export.TensorServingInputReceiver(one, text).receiver_tensors["input"].name,
      lambda: e.LatestExporter("a", function, exports_to_keep=0), lambda: e.BestExporter(compare_fn=None), lambda: e.BestExporter(compare_fn=lambda a: 1),
      lambda: e.BestExporter(exports_to_keep=-1), lambda: e.BestExporter(compare_fn=lambda best_eval_result, current_eval_result, c: 1),
      lambda: model.evaluate(function, steps=0), lambda: model.evaluate(function, hooks=[3]), lambda: model.train(function, saving_listeners=[3]))]}
