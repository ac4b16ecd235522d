"""Signatures of SavedModels, other ways to build and load them, and what Savers offer."""

import os


from said import own_folder


def _attempt(function):
  try:
    found = function()
  except Exception as error:
    return "%s: %s" % (type(error).__name__, str(error).split("\n")[0])
  return str(found).split("\n")


def signatures(tf):
  utils = tf.saved_model.signature_def_utils
  text = tf.placeholder(tf.string, [None], name="examples")
  score = tf.placeholder(tf.float32, [None, 2], name="score")
  number = tf.placeholder(tf.int32, [], name="number")
  label = tf.placeholder(tf.string, [None, 2], name="label")
  cases = {
    "regress": lambda: utils.regression_signature_def(text, score),
    "regress none": lambda: utils.regression_signature_def(None, score),
    "regress no output": lambda: utils.regression_signature_def(text, None),
    "regress number": lambda: utils.regression_signature_def(number, score),
    "regress output": lambda: utils.regression_signature_def(text, number),
    "classify": lambda: utils.classification_signature_def(text, label, score),
    "classify scores": lambda: utils.classification_signature_def(text, None, score),
    "classify classes": lambda: utils.classification_signature_def(text, label, None),
    "classify neither": lambda: utils.classification_signature_def(text, None, None),
    "classify none": lambda: utils.classification_signature_def(None, label, score),
    "classify wrong": lambda: utils.classification_signature_def(text, score, score),
    "classify wrong scores": lambda: utils.classification_signature_def(text, label, label),
    "classify number": lambda: utils.classification_signature_def(number, label, score),
    "predict": lambda: utils.predict_signature_def({"a": score}, {"b": number}),
    "predict nothing": lambda: utils.predict_signature_def({}, {"b": number}),
    "predict no output": lambda: utils.predict_signature_def({"a": score}, None),
    "empty": lambda: utils.build_signature_def(),
  }
  found = {key: _attempt(case) for key, case in cases.items()}
  for key in ("regress", "classify", "classify scores", "predict", "empty"):
    found["valid " + key] = utils.is_valid_signature(cases[key]())
  swapped = cases["regress"]()
  swapped.method_name = "tensorflow/serving/classify"
  found["valid swapped"] = utils.is_valid_signature(swapped)
  for key in ("inputs", "outputs"):
    less = cases["classify"]()
    getattr(less, key).clear()
    found["valid without " + key] = utils.is_valid_signature(less)
  return found


def tensor_infos(tf):
  utils = tf.saved_model.utils
  sparse = tf.sparse_placeholder(tf.float32, [None, 3], name="sparse")
  dense = tf.placeholder(tf.int64, [2, None], name="dense")
  infos = [utils.build_tensor_info(tensor) for tensor in (sparse, dense)]
  other = tf.Graph()
  with other.as_default():
    with tf.name_scope("in"):
      tf.placeholder(tf.int64, [2, None], name="dense")
    found = utils.get_tensor_from_tensor_info(infos[1], import_scope="in")
    missing = _attempt(lambda: utils.get_tensor_from_tensor_info(infos[1]))
  again = utils.get_tensor_from_tensor_info(infos[0])
  return {
    "infos": [str(info).split("\n") for info in infos], "found": found.name,
    "missing": missing, "sparse": [again.indices.name, again.values.name]}


def loading(tf):
  found = {}
  with own_folder():
    with tf.Graph().as_default(), tf.Session() as session:
      w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
      session.run(tf.global_variables_initializer())
      builder = tf.saved_model.Builder("m")
      builder.add_meta_graph_and_variables(session, ["a", "b"], legacy_init_op=tf.no_op())
      builder.add_meta_graph(["c"], clear_devices=True)
      found["path"] = builder.save()
      again = tf.saved_model.Builder("n")
      found["not an op"] = _attempt(
          lambda: again.add_meta_graph_and_variables(session, ["x"], main_op=3))
      found["two ops"] = _attempt(lambda: again.add_meta_graph_and_variables(
          session, ["x"], main_op=tf.no_op(), legacy_init_op=tf.no_op()))
      found["no assets"] = _attempt(lambda: again.add_meta_graph_and_variables(
          session, ["x"], assets_collection=[w]))
      found["bad signature"] = _attempt(lambda: again.add_meta_graph_and_variables(
          session, ["x"], signature_def_map={"s": tf.saved_model.build_signature_def(
              {"i": tf.TensorInfo()})}))
      found["bad saver"] = _attempt(lambda: again.add_meta_graph_and_variables(
          session, ["x"], saver=3))
    for tags in (["a", "b"], ["c"], ["a"], []):
      with tf.Graph().as_default(), tf.Session() as session:
        key = "loaded " + ",".join(tags)
        found[key] = _attempt(lambda: sorted(
            tf.saved_model.loader.load(session, tags, "m").collection_def))
        if tags == ["a", "b"]:
          found["value"] = session.run("w:0")
    found["maybe"] = tf.saved_model.loader.maybe_saved_model_directory("m")
    found["not"] = tf.saved_model.loader.maybe_saved_model_directory("none")
  return found


def savers(tf):
  found = {}
  with own_folder(), tf.Session() as session:
    a = tf.get_variable("s/a", [2], initializer=tf.ones_initializer())
    tf.get_variable("b", [2], initializer=tf.zeros_initializer())
    saver = tf.train.Saver(max_to_keep=2, name="keep")
    session.run(tf.global_variables_initializer())
    for step in range(3):
      saver.save(session, "m", global_step=step, write_meta_graph=False)
    found["last"] = saver.last_checkpoints
    found["proto"] = str(saver.to_proto()).split("\n")
    found["scoped"] = str(saver.to_proto("other"))
    found["times"] = len(saver.last_checkpoints), len(
        tf.train.get_checkpoint_mtimes(saver.last_checkpoints))
    other = tf.train.Saver(saver_def=saver.as_saver_def())
    other.set_last_checkpoints(["m-1"])
    other.recover_last_checkpoints(["m-1", "m-2", "m-7"])
    found["recovered"] = other.last_checkpoints
    found["set"] = _attempt(lambda: other.set_last_checkpoints("m"))
    found["from proto"] = _attempt(
        lambda: type(tf.train.Saver.from_proto(saver.to_proto())).__name__)
    session.run(a.assign([5.0, 6.0]))
    saver.restore(session, "m-2")
    found["restored"] = session.run(a)
    found["suffix"] = saver.save(session, "q", meta_graph_suffix="graph")
    tf.train.remove_checkpoint("m-1")
    found["files"] = sorted(os.listdir("."))
    found["no path"] = _attempt(lambda: saver.save(session, "a/b/c"))
    found["latest name"] = _attempt(lambda: saver.save(session, "x/", latest_filename="y/z"))
    found["closed"] = _attempt(lambda: saver.save(3, "m"))
    found["defer"] = _attempt(
        lambda: tf.train.Saver(defer_build=True).save(session, "m"))
    found["both"] = _attempt(lambda: tf.train.Saver(
        {"a": a}, saver_def=saver.as_saver_def(), defer_build=True))
    # This changes the saver's own message, so it comes last.
    found["import scope"] = str(tf.train.Saver.from_proto(
        saver.to_proto(), import_scope="in").saver_def).split("\n")
  return found


def meta_graph_scopes(tf):
  found = {}
  with own_folder(), tf.Session() as session:
    x = tf.placeholder(tf.float32, [2], name="x")
    with tf.variable_scope("inner"):
      w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
      y = tf.multiply(x, w, name="y")
    tf.add_to_collection("outputs", y)
    tf.add_to_collection("numbers", 3)
    tf.add_to_collection("odd", {"not": "kept"})
    meta = tf.train.export_meta_graph("m.meta", export_scope="inner", clear_devices=True)
    found["exported"] = [node.name for node in meta.graph_def.node]
    found["collections"] = sorted(meta.collection_def)
    whole = tf.train.export_meta_graph(as_text=True, filename="w.pbtxt")
    found["whole"] = sorted(whole.collection_def)
    session.run(tf.global_variables_initializer())
    for name in ("m.meta", "w.pbtxt"):
      for key in ("$unbound_inputs_x", "$unbound_inputs_x:0", "x"):
        with tf.Graph().as_default():
          new = tf.placeholder(tf.float32, [2], name="new")
          found[name + " " + key] = _attempt(lambda: type(tf.train.import_meta_graph(
              name, import_scope="at", input_map={key: new})).__name__)
          found[name + " " + key + " has"] = [
            sorted(op.name for op in tf.get_default_graph().get_operations()),
            [v.name for v in tf.global_variables()]]
    with tf.Graph().as_default():
      found["unbound"] = _attempt(lambda: tf.train.import_meta_graph("m.meta"))
      found["no file"] = _attempt(lambda: tf.train.import_meta_graph("none.meta"))
      found["wrong"] = _attempt(lambda: tf.train.export_meta_graph(graph_def=3))
  return found


def predictors(tf):
  import importlib

  predictor = importlib.import_module(tf.contrib.__name__ + ".predictor")
  with own_folder():
    with tf.Session() as session:
      x = tf.placeholder(tf.float32, [None, 2], name="x")
      y = tf.identity(x * tf.get_variable("w", [2], initializer=tf.constant_initializer(3.0)), name="y")
      session.run(tf.global_variables_initializer())
      tf.saved_model.simple_save(session, "saved", {"x": x}, {"y": y})
    plain = predictor.from_saved_model("saved")
    named = predictor.from_saved_model("saved", input_names={"a": "x:0"}, output_names={"b": "y:0", "c": "x:0"})
    found = {
      "plain": plain({"x": [[1.0, 2.0]]}), "named": named({"a": [[1.0, 0.5]]}),
      "text": _attempt(lambda: plain), "graph": plain.graph is plain.session.graph,
      "keys": [sorted(plain.feed_tensors), sorted(named.fetch_tensors)],
    }
    refused = (
      lambda: plain({"z": 1.0}),
      lambda: predictor.from_saved_model("saved", signature_def_key="other"),
      lambda: predictor.from_saved_model("saved", input_names={"a": "x:0"}),
      lambda: predictor.from_saved_model("saved", "a", input_names={}, output_names={}),
      lambda: predictor.from_saved_model("saved", tags="train"),
    )
    found["refused"] = [_attempt(one) for one in refused]
  return found


def predictor_of_an_estimator(tf):
  import importlib

  predictor = importlib.import_module(tf.contrib.__name__ + ".predictor")

  def model(features, labels, mode):
    doubled = features["x"] * tf.get_variable("w", [], initializer=tf.constant_initializer(2.0))
    outputs = {"double": tf.estimator.export.PredictOutput({"y": doubled})}
    step = tf.train.get_or_create_global_step().assign_add(1)
    return tf.estimator.EstimatorSpec(mode, {"y": doubled}, tf.reduce_sum(doubled), step, export_outputs=outputs)

  def inputs():
    x = tf.placeholder(tf.float32, [None], name="given")
    return tf.estimator.export.ServingInputReceiver({"x": x}, {"in": x})

  with own_folder() as folder:
    estimator = tf.estimator.Estimator(model, folder)
    estimator.train(lambda: {"x": tf.constant([1.0])}, steps=1)
    predict = predictor.from_estimator(estimator, inputs, output_key="double")
    return {"value": predict({"in": [1.0, 2.5]}), "text": _attempt(lambda: predict), "other": _attempt(lambda: predictor.from_estimator(estimator, inputs, output_key="x"))}
