"""Graphs to files and back: GraphDef, MetaGraphDef, tf.graph_util, SavedModels."""

import contextlib
import io
import os

import numpy as np
from said import own_folder


def _lines(message):
  """A message as text; without what has an order by chance."""
  if hasattr(message, "collection_def"):
    whole, message = message, type(message)()
    message.CopyFrom(whole)
    for key in ("cond_context", "while_context"):
      message.collection_def.pop(key, None)
  return str(message).split("\n")


def _contexts(tf):
  return [
    str(context.to_proto()).split("\n")
    for key in ("cond_context", "while_context") for context in tf.get_collection(key)]


def _failure(function):
  try:
    return function()
  except Exception as error:
    return "%s: %s" % (type(error).__name__, error)


def _net(tf):
  x = tf.placeholder(tf.float32, [None, 3], name="x")
  with tf.variable_scope("fc"):
    w = tf.get_variable("w", [3, 2], initializer=tf.constant_initializer(0.5))
    b = tf.get_variable("b", [2], use_resource=True, initializer=tf.zeros_initializer())
    y = tf.nn.relu(tf.matmul(x, w) + b, name="y")
  return x, w, b, y


def _imported(tf, message, **kwargs):
  """What a MetaGraphDef is after it was imported into another graph and exported."""
  with tf.Graph().as_default() as graph:
    saver = tf.train.import_meta_graph(message, **kwargs)
    return {
      "saver": str(saver and saver.as_saver_def()),
      "again": _lines(tf.train.export_meta_graph()),
      "contexts": _contexts(tf),
      "names": [(op.name, op._id) for op in graph.get_operations()],
      "collections": {
        key: [getattr(item, "name", str(item)) for item in graph.get_collection(key)]
        for key in sorted(graph.get_all_collection_keys())
      },
      "trainable": [v.trainable for v in tf.global_variables()],
      "shapes": [str(v.shape) for v in tf.global_variables()],
      "initial": [v.initial_value.name for v in tf.global_variables()],
    }


def graph_def(tf):
  _net(tf)
  graph = tf.get_default_graph()
  return {"plain": _lines(graph.as_graph_def()),
          "shapes": _lines(graph.as_graph_def(add_shapes=True)),
          "newer": _lines(graph.as_graph_def(from_version=4))}


def meta_graph(tf):
  x, w, b, y = _net(tf)
  tf.add_to_collection("outputs", y)
  tf.add_to_collection("outputs", y.op)
  tf.add_to_collection("numbers", 3)
  tf.add_to_collection("numbers", 4)
  tf.add_to_collection("floats", 2.5)
  tf.add_to_collection("texts", "one")
  tf.add_to_collection("texts", b"two")
  tf.add_to_collection("things", object())
  tf.add_to_collection(7, "not a text key")
  tf.add_to_collection("empty", None)
  tf.get_collection_ref("emptier")
  tf.train.get_or_create_global_step()
  saver = tf.train.Saver()
  message = saver.export_meta_graph()
  return {"message": _lines(message), "imported": _imported(tf, message),
          "in scope": _imported(tf, message, import_scope="in/side"),
          "without saver": _imported(tf, tf.train.export_meta_graph())}


def meta_graph_in_scopes(tf):
  _net(tf)
  message = tf.train.export_meta_graph()
  with tf.Graph().as_default() as graph:
    with tf.name_scope("outer"):
      saver = tf.train.import_meta_graph(message)
    tf.train.import_meta_graph(message)
    tf.train.import_meta_graph(message, import_scope="outer")
    return {"names": [op.name for op in graph.get_operations()],
            "variables": [v.name for v in tf.global_variables()],
            "def": str(saver.as_saver_def())}


def stripped(tf):
  x, w, b, y = _net(tf)
  with tf.device("/gpu:0"):
    z = tf.identity(y, name="z")
  tf.train.Saver(name="one")
  two = tf.train.Saver(name="two")
  tf.add_to_collection(tf.GraphKeys.SAVERS, two)
  return {
    "attrs": _lines(tf.train.export_meta_graph(strip_default_attrs=True)),
    "devices": _lines(tf.train.export_meta_graph(clear_devices=True)),
    "savers": _lines(two.export_meta_graph(clear_extraneous_savers=True)),
    "listed": _lines(tf.train.export_meta_graph(collection_list=["variables"])),
    "scope": _lines(tf.train.export_meta_graph(export_scope="fc")),
    "unbound": [str(item) for item in tf.get_collection("unbound_inputs")],
  }


def one_scope(tf):
  x, w, b, y = _net(tf)
  message = tf.train.export_meta_graph(export_scope="fc")
  found = {}
  with tf.Graph().as_default():
    found["unbound"] = _failure(lambda: tf.train.import_meta_graph(message))
    new_x = tf.placeholder(tf.float32, [5, 3], name="new_x")
    tf.train.import_meta_graph(
        message, import_scope="copy", input_map={"$unbound_inputs_x": new_x})
    found["names"] = [op.name for op in tf.get_default_graph().get_operations()]
    found["variables"] = [v.name for v in tf.global_variables()]
    found["shape"] = str(tf.get_default_graph().get_tensor_by_name("copy/y:0").shape)
  return found


def with_partitions(tf):
  with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(2)):
    p = tf.get_variable("w", [4, 3], initializer=tf.ones_initializer())
  saver = tf.train.Saver()
  message = saver.export_meta_graph()
  found = {"message": _lines(message), "imported": _imported(tf, message)}
  with own_folder(), tf.Session() as session:
    session.run(tf.global_variables_initializer())
    saver.save(session, "./m")
    with tf.Graph().as_default(), tf.Session() as other:
      tf.train.import_meta_graph("./m.meta").restore(other, "./m")
      found["values"] = other.run(tf.global_variables())
      found["info"] = [v._get_save_slice_info().spec for v in tf.global_variables()]
  return found


def with_branches(tf):
  p = tf.placeholder(tf.bool, [], name="p")
  a, b = tf.constant(1.0, name="a"), tf.constant(2.0, name="b")
  y = tf.cond(p, lambda: tf.cond(p, lambda: a + b, lambda: a), lambda: tf.square(b))
  message = tf.train.export_meta_graph()
  found = {"message": _lines(message), "imported": _imported(tf, message),
           "in scope": _imported(tf, message, import_scope="s"),
           "contexts": _contexts(tf)}
  with tf.Graph().as_default(), tf.Session() as session:
    tf.train.import_meta_graph(message, import_scope="s")
    result = "s/" + y.name
    found["values"] = [session.run(result, {"s/p:0": value}) for value in (True, False)]
  return found


def with_loops(tf):
  x = tf.constant(2.0, name="x")
  limit = tf.placeholder_with_default(5, [], name="limit")

  def body(i, total):
    inner = tf.while_loop(lambda j, t: j < i, lambda j, t: (j + 1, t + x), [0, total])
    return i + 1, inner[1]

  i, total = tf.while_loop(lambda i, t: i < limit, body, [0, 1.0], maximum_iterations=20)
  message = tf.train.export_meta_graph()
  found = {"message": _lines(message), "imported": _imported(tf, message),
           "in scope": _imported(tf, message, import_scope="s"),
           "contexts": _contexts(tf)}
  for scope in (None, "s"):
    with tf.Graph().as_default(), tf.Session() as session:
      tf.train.import_meta_graph(message, import_scope=scope)
      name = total.name if scope is None else "s/" + total.name
      found["value in %s" % scope] = session.run(name)
  return found


def plain_import_of_a_loop(tf):
  i = tf.while_loop(lambda i: i < 5, lambda i: i + 1, [tf.constant(0, name="start")])
  message = tf.get_default_graph().as_graph_def()
  with tf.Graph().as_default() as graph:
    tf.import_graph_def(message, name="copy")
    with tf.Session() as session:
      value = session.run("copy/" + i.name)
    return {"value": value, "shapes": [
        (op.name, [str(t.shape) for t in op.outputs]) for op in graph.get_operations()],
        "contexts": [op._get_control_flow_context() is None
                     for op in graph.get_operations()]}


def trained_loop(tf):
  w = tf.get_variable("w", [], initializer=tf.constant_initializer(1.1))
  _, y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * w), [0, 2.0])
  tf.add_to_collection("y", y)
  message = tf.train.export_meta_graph()
  with tf.Graph().as_default(), tf.Session() as session:
    tf.train.import_meta_graph(message)
    (y,), (w,) = tf.get_collection("y"), tf.trainable_variables()
    (slope,) = tf.gradients(y, [w])
    session.run(tf.global_variables_initializer())
    return {"slope": session.run(slope)}


def import_details(tf):
  graph = tf.get_default_graph()
  a = tf.constant(1.0, name="a")
  b = tf.multiply(a, 2.0, name="b")
  with tf.control_dependencies([b]):
    c = tf.identity(a, name="c")
  message = graph.as_graph_def()
  found = {}
  with tf.Graph().as_default() as other:
    x = tf.constant(5.0, name="x")
    found["elements"] = [str(e) for e in tf.import_graph_def(
        message, input_map={"a:0": x}, return_elements=["b", "c:0", "a:0"])]
    found["mapped control"] = [str(e) for e in tf.import_graph_def(
        message, input_map={"^b": x}, return_elements=["c"], name="q")]
    with tf.device("/cpu:0"), tf.control_dependencies([x]), tf.name_scope("s"):
      tf.import_graph_def(message, name="inner")
    with other.colocate_with(x):
      tf.import_graph_def(message, name="near")
    with other.container("box"):
      tf.import_graph_def(message, name="boxed")
    found["all"] = [
      (op.name, op.type, [i.name for i in op.inputs],
       sorted(i.name for i in op.control_inputs), op.device,
       [g.decode() for g in op.colocation_groups()])
      for op in other.get_operations()]
    with tf.Session() as session:
      found["values"] = session.run(["import/b:0", "import/c:0", "q/c:0"])
  return found


def import_refused(tf):
  def nodes(*made):
    message = tf.GraphDef()
    for name, op, inputs, dtype in made:
      node = message.node.add(name=name, op=op, input=inputs)
      if dtype:
        node.attr["dtype" if op in ("Placeholder", "Const") else "T"].type = dtype
    return message

  p = ("p", "Placeholder", [], 1)
  cases = {
    "unknown input": [("b", "Identity", ["zz"], 1)],
    "unknown control": [p, ("b", "Identity", ["p", "^zz"], 1)],
    "output": [p, ("b", "Identity", ["p:1"], 1)],
    "type": [p, ("b", "Identity", ["p"], 3)],
    "missing attr": [p, ("b", "Identity", ["p"], None)],
    "too few": [("b", "Identity", [], 1)],
    "too many": [p, ("b", "Identity", ["p", "p"], 1)],
    "twice": [p, p],
    "cycle": [("b", "Identity", ["c"], 1), ("c", "Identity", ["b"], 1)],
    "control first": [p, ("b", "Identity", ["^p", "p"], 1)],
    "ref": [p, ("b", "AssignAdd", ["p", "p"], 1)],
    "shape": [("a", "Const", [], 1)],
  }
  found = {}
  for label, made in cases.items():
    with tf.Graph().as_default() as graph:
      found[label] = _failure(lambda made=made: tf.import_graph_def(nodes(*made)))
      found[label + " left"] = len(graph.get_operations())
  extra = nodes(p)
  extra.node[0].attr["zz"].i = 1
  found["extra attr"] = _failure(lambda: tf.import_graph_def(extra))
  producer = tf.OpDef() if hasattr(tf, "OpDef") else None
  newer = tf.GraphDef()
  newer.versions.min_consumer = 9999
  found["newer"] = _failure(lambda: tf.import_graph_def(newer))
  found["text"] = _failure(lambda: tf.import_graph_def("graph"))
  found["map"] = _failure(lambda: tf.import_graph_def(nodes(p), input_map=[1]))
  found["map keys"] = _failure(lambda: tf.import_graph_def(nodes(p), input_map={1: 2}))
  found["map unused"] = _failure(
      lambda: tf.import_graph_def(nodes(p), input_map={"q:0": tf.constant(1.0)}))
  found["elements"] = _failure(
      lambda: tf.import_graph_def(nodes(p), return_elements=["q", "p:3"]))
  return found


def graph_util(tf):
  x, w, b, y = _net(tf)
  z = tf.check_numerics(tf.identity(y, name="passed"), "bad", name="checked")
  with tf.control_dependencies([z]):
    out = tf.identity(z * 2.0, name="out")
  util = tf.graph_util
  graph = tf.get_default_graph().as_graph_def()
  found = {
    "sub": _lines(util.extract_sub_graph(graph, ["fc/y"])),
    "removed": _lines(util.remove_training_nodes(graph)),
    "protected": _lines(util.remove_training_nodes(graph, ["passed", "checked"])),
    "shape": str(util.tensor_shape_from_node_def_name(tf.get_default_graph(), "fc/y")),
    "cpu": [util.must_run_on_cpu(n, pin) for n in graph.node for pin in (True, False)],
    "no list": _failure(lambda: util.extract_sub_graph(graph, "out")),
    "no node": _failure(lambda: util.extract_sub_graph(graph, ["zz"])),
    "no graph": _failure(lambda: util.extract_sub_graph("graph", ["zz"])),
  }
  with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    frozen = util.convert_variables_to_constants(session, graph, ["out"])
    found["frozen"] = _lines(frozen)
    found["some"] = _lines(util.convert_variables_to_constants(
        session, graph, ["out"], variable_names_blacklist=["fc/w"]))
    found["others"] = _lines(util.convert_variables_to_constants(
        session, graph, ["out"], variable_names_whitelist=["fc/w"]))
    feed = np.ones((1, 3), np.float32)
    found["before"] = session.run(out, {x: feed})
  with tf.Graph().as_default(), tf.Session() as session:
    (out,) = tf.import_graph_def(frozen, name="", return_elements=["out:0"])
    found["after"] = session.run(out, {"x:0": feed})
  return found


def write_graph(tf):
  _net(tf)
  with own_folder():
    found = {"path": tf.train.write_graph(tf.get_default_graph(), "a/b", "g.pbtxt"),
             "binary": tf.train.write_graph(
                 tf.get_default_graph().as_graph_def(), ".", "g.pb", as_text=False)}
    with open("a/b/g.pbtxt") as f:
      found["text"] = f.read().split("\n")
    message = tf.GraphDef()
    with open("g.pb", "rb") as f:
      message.ParseFromString(f.read())
    found["same"] = message == tf.get_default_graph().as_graph_def()
    found["meta"] = _lines(tf.train.export_meta_graph("out.meta", as_text=True))
    with open("out.meta") as f:
      found["meta text"] = f.read().split("\n")
    with tf.Graph().as_default():
      tf.train.import_meta_graph("out.meta")
      found["names"] = [op.name for op in tf.get_default_graph().get_operations()]
    with open("bad.meta", "w") as f:
      f.write("nonsense {")
    found["missing"] = _failure(lambda: tf.train.import_meta_graph("none.meta"))
    return found


def saved_model(tf):
  x, w, b, y = _net(tf)
  found = {}
  with own_folder(), tf.Session() as session:
    session.run(tf.global_variables_initializer())
    tf.saved_model.simple_save(session, "one", {"x": x}, {"y": y})
    found["files"] = sorted(
        os.path.join(folder, name) for folder, _, names in os.walk("one") for name in names)
    found["there"] = tf.saved_model.contains_saved_model("one")
    builder = tf.saved_model.builder.SavedModelBuilder("two")
    with open("words.txt", "w") as f:
      f.write("a b c")
    words = tf.constant("words.txt", name="words")
    init = tf.assign(w, tf.ones_like(w), name="at_start").op
    utils = tf.saved_model.signature_def_utils
    signature = utils.build_signature_def(
        inputs={"x": tf.saved_model.utils.build_tensor_info(x)}, method_name="own")
    early = _failure(lambda: builder.add_meta_graph(["late"]))
    builder.add_meta_graph_and_variables(
        session, ["train", "gpu"], signature_def_map={"sig": signature},
        assets_collection=[words], main_op=init, strip_default_attrs=True)
    twice = _failure(lambda: builder.add_meta_graph_and_variables(session, ["x"]))
    found["early"], found["twice"] = early, twice
    found["path"] = builder.save(as_text=True)
    with open("two/saved_model.pbtxt") as f:
      found["text"] = f.read().split("\n")
    with open("two/assets/words.txt") as f:
      found["asset"] = f.read()
    found["not empty"] = _failure(lambda: tf.saved_model.Builder("two"))
    feed = np.ones((1, 3), np.float32)
    for folder, tags in (("one", ["serve"]), ("two", {"gpu", "train"})):
      with tf.Graph().as_default(), tf.Session() as other:
        message = tf.saved_model.loader.load(other, tags, folder)
        found[folder] = other.run("fc/y:0", {"x:0": feed})
        found[folder + " signatures"] = sorted(message.signature_def)
    with tf.Graph().as_default(), tf.Session() as other:
      load = tf.saved_model.load
      load(other, ["serve"], "one", import_scope="s")
      found["scope"] = other.run("s/fc/y:0", {"s/x:0": feed})
      found["tags"] = _failure(lambda: load(other, ["nope"], "one"))
      found["none"] = _failure(lambda: load(other, ["serve"], "three"))
  return found


def inspected(tf):
  try:
    from tensorflow.python.tools import inspect_checkpoint
  except ImportError:
    from scopetutor.engine.training import inspect_checkpoint

  _net(tf)
  found = {}
  with own_folder(), tf.Session() as session:
    session.run(tf.global_variables_initializer())
    tf.train.Saver().save(session, "./m")
    for label, arguments in {
      "list": ("./m", "", False), "one": ("./m", "fc/b", False), "all": ("./m", "", True),
      "names": ("./m", "", False, True), "without": ("./m", "", False, True, "b$"),
      "index": ("./m.index", "", True), "data": ("./m.meta", "", True),
      "none": ("./none", "", True), "missing": ("./m", "zz", False),
    }.items():
      out = io.StringIO()
      with contextlib.redirect_stdout(out):
        inspect_checkpoint.print_tensors_in_checkpoint_file(*arguments)
      found[label] = out.getvalue()
  return found
