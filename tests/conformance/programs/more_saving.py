"""Savers, saved graphs, import and freezing: refusals and seldom paths."""

import numpy as np
from said import own_folder, tries


def _tries(*makes):
  """What each of some functions gives, or its error."""
  found = []
  for make in makes:
    try:
      made = make()
      found.append(str(made) if hasattr(made, "op") else made)
    except Exception as error:
      lines = [line for line in str(error).split("\n") if not line.startswith("\t [[")]
      text = "\n".join(lines).split("\n\nOriginal stack trace")[0].rstrip()
      found.append("%s: %s" % (type(error).__name__, text))
  return found


def saver_defs(tf):
  tf.get_variable("a", [2])
  missing = tf.train.SaverDef()
  half = tf.train.SaverDef(filename_tensor_name="save/Const:0", save_tensor_name="save/x:0")
  with tf.name_scope("net"):
    inside = tf.train.Saver()
  return {
    "inside": str(inside.to_proto("net")), "outside": str(inside.to_proto("other")), "whole": str(inside.to_proto()),
    "errors": _tries(
      lambda: tf.train.Saver(saver_def=3), lambda: tf.train.Saver(saver_def=missing), lambda: tf.train.Saver(saver_def=half),
      lambda: tf.train.Saver(defer_build=True).as_saver_def(), lambda: tf.train.Saver([])),
  }


def builders(tf):
  a = tf.get_variable("a", [2], initializer=tf.ones_initializer())
  with tf.device("/cpu:0"):
    b = tf.get_variable("b", [3], initializer=tf.ones_initializer(), use_resource=True)
  base = type(tf.train.Saver()._builder).__mro__[1]
  one_by_one = tf.train.Saver(builder=base(), name="single")
  made = base().build([a, b], name="built", filename="f")
  with own_folder(), tf.Session() as session:
    session.run(tf.global_variables_initializer())
    path = one_by_one.save(session, "./m", write_meta_graph=False)
    session.run([a.assign([3.0, 4.0]), b.assign([5.0, 6.0, 7.0])])
    one_by_one.restore(session, path)
    values = session.run([a, b])
  return {"values": values, "def": str(one_by_one.as_saver_def()), "built": str(made)}


def own_saveables(tf):
  a = tf.get_variable("a", [2], initializer=tf.ones_initializer())
  base = type(tf.train.Saver()._builder).SaveableObject
  spec = type(tf.train.Saver()._builder).SaveSpec

  class Doubled(base):
    def __init__(self, name):
      super(Doubled, self).__init__(a, [spec(a * 2.0, "", name)], name)

    def restore(self, tensors, shapes):
      return a.assign(tensors[0] * 10.0)

  class Idle(base):
    def __init__(self):
      super(Idle, self).__init__(a, [spec(a, "", "idle")], "idle")

  saver = tf.train.Saver([Doubled("twice")])
  with own_folder(), tf.Session() as session:
    session.run(tf.global_variables_initializer())
    path = saver.save(session, "./m", write_meta_graph=False)
    names = tf.train.list_variables(path)
    saver.restore(session, path)
    values = session.run(a)
  return {"names": names, "values": values, "optional": Idle().optional_restore, "device": Idle().device,
          "errors": _tries(lambda: Idle().restore(None, None), lambda: tf.train.Saver([Doubled("x"), Doubled("y")]))}


def _text(number, data):
  data = data if isinstance(data, bytes) else data.encode()
  assert len(data) < 128
  return bytes(bytearray([number * 8 + 2, len(data)])) + data


def _write_objects(tf, names):
  """A checkpoint as tf.train.Checkpoint writes it: keys, and which variable has which."""
  nodes, tensors = b"", {}
  with tf.Graph().as_default(), tf.Session() as session:
    for i, name in enumerate(names):
      key = "n%d/.ATTRIBUTES/VARIABLE_VALUE" % i
      attribute = _text(1, "VARIABLE_VALUE") + _text(2, name) + _text(3, key)
      nodes += _text(1, _text(2, attribute))
      tensors[key] = tf.Variable([i + 1.0, i + 2.0])
    tensors["_CHECKPOINTABLE_OBJECT_GRAPH"] = tf.Variable(tf.constant(nodes))
    session.run(tf.global_variables_initializer())
    return tf.train.Saver(tensors).save(session, "./objects", write_meta_graph=False)


def checkpoint_of_objects(tf):
  with own_folder():
    path = _write_objects(tf, ["a", "b"])
    a = tf.get_variable("a", [2], initializer=tf.zeros_initializer())
    b = tf.get_variable("b", [2], initializer=tf.zeros_initializer(), use_resource=True)
    saver = tf.train.Saver()
    with tf.Session() as session:
      saver.restore(session, path)
      first = session.run([a, b])
      session.run(a.assign([0.0, 0.0]))
      saver.restore(session, path)
      again = session.run([a, b])
    tf.get_variable("c", [2])
    with tf.Session() as session:
      errors = _tries(lambda: tf.train.Saver().restore(session, path))
  return {"first": first, "again": again, "errors": errors}


def warm_start_of_objects(tf):
  with own_folder():
    path = _write_objects(tf, ["a", "b"])
    a = tf.get_variable("a", [2], initializer=tf.zeros_initializer())
    with tf.variable_scope("p", partitioner=tf.fixed_size_partitioner(2)):
      tf.get_variable("b", [2], initializer=tf.zeros_initializer())
    errors = _tries(lambda: tf.train.warm_start(path, vars_to_warm_start="p"))
    tf.train.warm_start(path, vars_to_warm_start="a")
    tf.train.warm_start(path, vars_to_warm_start="p", var_name_to_prev_var_name={"p/b": "n1/.ATTRIBUTES/VARIABLE_VALUE"})
    with tf.Session() as session:
      session.run(tf.global_variables_initializer())
      values = session.run(tf.global_variables())
  vocabulary = tf.train.VocabInfo("new.txt", 3, 1, "old.txt")
  return {"values": values, "vocabulary": list(vocabulary), "errors": errors + _tries(
    lambda: tf.train.VocabInfo("n", 1, 0, "o", axis=2), lambda: tf.train.warm_start(path, vars_to_warm_start=[3]),
    lambda: tf.train.init_from_checkpoint("nowhere/m", {"a": "a"}), lambda: tf.train.load_checkpoint("."))}


def checkpoints_awaited(tf):
  with own_folder():
    tf.get_variable("a", [1])
    ticks = []

    def enough():
      ticks.append(1)
      return len(ticks) > 1

    found = list(tf.contrib.training.checkpoints_iterator(".", timeout=0.01, timeout_fn=enough))
    with tf.Session() as session:
      session.run(tf.global_variables_initializer())
      path = tf.train.Saver().save(session, "./m")
    seen = []
    for one in tf.contrib.training.checkpoints_iterator(".", min_interval_secs=0.02, timeout=0.01):
      seen.append(one)
    return {"none": found, "asked": len(ticks), "seen": seen, "path": path}


def global_steps(tf):
  step = tf.train.create_global_step()
  tf.add_to_collection(tf.GraphKeys.GLOBAL_STEP, step)
  several = tf.train.get_global_step()
  return {"several": several is None, "errors": _tries(
    lambda: tf.train.assert_global_step("a"), lambda: tf.train.assert_global_step(tf.constant([1, 2])),
    lambda: tf.train.assert_global_step(tf.constant(1.0)), lambda: tf.train.create_global_step(tf.Graph()).name)}


def averages_twice(tf):
  norm = tf.contrib.layers.batch_norm
  x = tf.constant(np.arange(6.0).reshape(2, 3), tf.float32)
  weights = tf.constant([1.0, 2.0])
  one = norm(x, batch_weights=weights, zero_debias_moving_mean=True, scope="n", updates_collections=None)
  two = norm(x, batch_weights=weights, zero_debias_moving_mean=True, scope="n", reuse=True, updates_collections=None)
  return {"one": one, "two": two}


def optimizers_refuse(tf):
  x = tf.get_variable("x", [2], initializer=tf.ones_initializer())
  r = tf.get_variable("r", [3, 2], use_resource=True, initializer=tf.ones_initializer())

  class Idle(tf.train.Optimizer):
    def __init__(self):
      super(Idle, self).__init__(False, "Idle")

  rows = lambda v: tf.reduce_sum(tf.gather(v, [0, 1]))
  sgd = tf.train.GradientDescentOptimizer(0.1)
  return {"errors": _tries(
    lambda: Idle().minimize(tf.reduce_sum(x)), lambda: Idle().minimize(rows(x), var_list=[x]),
    lambda: Idle().minimize(tf.reduce_sum(r)), lambda: Idle().minimize(rows(r), var_list=[r]),
    lambda: sgd.minimize(x, var_list=[3]), lambda: sgd.compute_gradients(x, var_list=["x"]),
    lambda: sgd.apply_gradients([]), lambda: sgd.apply_gradients([(None, x)]), lambda: sgd.minimize(tf.constant(1.0)), lambda: sgd.minimize(tf.constant(1), var_list=[x]),
    lambda: tf.train.Optimizer(False, ""), lambda: sgd.compute_gradients(x, gate_gradients=9))}


def gradients_refuse(tf):
  x = tf.constant([1.0, 2.0])
  text = tf.constant("a")
  with tf.Graph().as_default() as other:
    alien = tf.constant(1.0)
  number = tf.constant(3)
  z = tf.complex(x, x)
  return {
    "tuple": tf.tuple([x, None, tf.IndexedSlices(x, tf.constant([0, 1]))])[2].values,
    "errors": _tries(
      lambda: tf.gradients(text, [text]), lambda: tf.gradients(z, [x]), lambda: tf.gradients(z, [x], grad_ys=[x])[0],
      lambda: tf.gradients(x * 2.0, [x], grad_ys=[number]), lambda: tf.gradients(x, [x], grad_ys=[None, None]),
      lambda: tf.gradients(x * 1.0, [x], grad_ys=[z]), lambda: tf.gradients(x, "x"), lambda: tf.gradients([], [x]),
      lambda: tf.gradients(x, [x], unconnected_gradients="odd"), lambda: tf.gradients(number * 2, [number]),
      lambda: tf.tuple([]), lambda: tf.tuple([None, None]), lambda: tf.tuple([x], control_inputs=[3]),
      lambda: tf.gradients(tf.floor(x), [x]), lambda: tf.hessians(x, [tf.ones([2, 2])])),
  }


def imports(tf):
  x = tf.placeholder(tf.float32, [2], name="x")
  tf.identity(x, name="y")
  message = tf.get_default_graph().as_graph_def(add_shapes=True)
  near = type(message)()
  near.CopyFrom(message)
  near.node[1].attr["_class"].list.s.append(b"loc:@zz")
  odd = type(message)()
  odd.CopyFrom(message)
  odd.node[1].attr["_mine"].i = 3
  wrong = type(message)()
  wrong.CopyFrom(message)
  wrong.node[1].attr["_output_shapes"].list.shape[0].dim[0].size = 5
  unknown = type(message)()
  unknown.node.add(name="a", op="NoSuchOp")
  load = tf.import_graph_def
  found = {}
  with tf.Graph().as_default():
    found["given"] = [str(e) for e in load(message, input_map={"x:0": [1.0, 2.0]}, return_elements=["y:0", b"y"])]
    load(odd, name="odd")
    op = tf.get_default_graph().get_operation_by_name("odd/y")
    found["own"] = [op.get_attr("_mine"), [g.decode() for g in op.colocation_groups()]]
    load(message, name="taken", op_dict={})
    load(message, name="")
    found["errors"] = _tries(
      lambda: load(message, input_map={"x:0": [1.0, 2.0]}, name=""), lambda: load(message, return_elements=[3]),
      lambda: load(message, return_elements=["zz"]), lambda: load(message, return_elements=["zz:0"]),
      lambda: load(message, return_elements=["y:7"]), lambda: load(near), lambda: load(wrong), lambda: load(unknown),
      lambda: load(message, input_map=3), lambda: load(message, return_elements=3), lambda: load(message, name=""))
    found["names"] = [o.name for o in tf.get_default_graph().get_operations()]
  return found


def frozen_resources(tf):
  ids = tf.placeholder(tf.int32, [None], name="ids")
  table = tf.get_variable("table", [4, 2], use_resource=True, initializer=tf.constant_initializer(np.arange(8.0)))
  w = tf.get_variable("w", [2], use_resource=True, initializer=tf.ones_initializer())
  with tf.colocate_with(table.op):
    rows = tf.nn.embedding_lookup(table, ids, name="rows")
  chosen = tf.cond(tf.reduce_sum(ids) > 0, lambda: rows * w, lambda: rows - w)
  out = tf.identity(chosen, name="out")
  graph = tf.get_default_graph().as_graph_def()
  with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    frozen = tf.graph_util.convert_variables_to_constants(session, graph, ["out"])
    before = session.run(out, {ids: [1, 3]})
  with tf.Graph().as_default(), tf.Session() as session:
    (again,) = tf.import_graph_def(frozen, return_elements=["out:0"], name="")
    after = session.run(again, {"ids:0": [1, 3]})
  counted = tf.constant(3)
  whole = tf.get_default_graph().as_graph_def()
  cpu = [tf.graph_util.must_run_on_cpu(node) for node in whole.node if node.op in ("Const", "Identity")]
  return {"frozen": str(frozen).split("\n"), "before": before, "after": after, "cpu": cpu}


def saved_graphs(tf):
  with tf.device("/cpu:0"):
    v = tf.get_variable("s/v", [1])
    _, y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * 2.0), [0, 1.0], name="s/loop")
  tf.add_to_collection("loop", y)
  tf.add_to_collection(("odd", "key"), y)
  tf.add_to_collection("things", object())
  message = tf.train.export_meta_graph(meta_info_def=tf.MetaGraphDef.MetaInfoDef(tags=["a", "b"]), strip_default_attrs=True)
  scoped = tf.train.export_meta_graph(export_scope="s")
  message.collection_def["empty"].SetInParent()
  found = {"tags": list(message.meta_info_def.tags), "keys": sorted(message.collection_def),
           "frames": sorted(node.attr["frame_name"].s.decode() for node in scoped.graph_def.node if node.op == "Enter")}
  with own_folder():
    with open("text.meta", "w") as f:
      f.write("node {")
    with open("bytes.meta", "wb") as f:
      f.write(b"\xff\xff\xff")
    with tf.Graph().as_default() as graph:
      tf.train.import_meta_graph(message, clear_devices=True)
      found["devices"] = sorted(set(op.device for op in graph.get_operations()))
      found["errors"] = _tries(
        lambda: tf.train.import_meta_graph("none.meta"), lambda: tf.train.export_meta_graph(meta_info_def=3),
        lambda: tf.train.export_meta_graph(graph_def=3), lambda: tf.train.export_meta_graph(saver_def=3),
        lambda: tf.train.export_meta_graph(graph=3))
  return found


def loops_refuse(tf):
  kept = []

  def body(i):
    kept.append(i * 2)
    return i + 1

  out = tf.while_loop(lambda i: i < 3, body, [0])
  inner = kept[0]

  def other(i):
    return i + inner

  return {"out": out, "errors": _tries(
    lambda: tf.identity(inner), lambda: inner + 1, lambda: tf.while_loop(lambda i: i < 3, other, [0]),
    lambda: tf.while_loop(3, body, [0]), lambda: tf.while_loop(lambda i: i < 3, 3, [0]), lambda: tf.while_loop(lambda i: i < 3, body, []),
    lambda: tf.while_loop(lambda i: i < 3, lambda i: None, [0]), lambda: tf.while_loop(lambda i: i < 3, lambda i: [i, i], [0]),
    lambda: tf.while_loop(lambda i: i < 3, body, [0], parallel_iterations=0), lambda: tf.while_loop(lambda i: 3, body, [0]))}


def loops_wait(tf):
  v = tf.Variable(1.0)
  bump = v.assign_add(1.0)
  with tf.control_dependencies([bump]):
    first = tf.while_loop(lambda i: i < 3, lambda i: i + 1, [tf.constant(0)])

  def body(i, total):
    with tf.control_dependencies([bump]):
      return i + 1, total + tf.constant(1.0)

  def nested(i, total):
    def deeper(j, kept):
      with tf.control_dependencies([total]):
        return j + 1, kept * 1.5
    return i + 1, tf.while_loop(lambda j, kept: j < 2, deeper, [0, total])[1]

  second = tf.while_loop(lambda i, t: i < 2, body, [0, 0.0])
  third = tf.while_loop(lambda i, t: i < 2, nested, [0, 1.0])
  return {"first": first, "second": second, "third": third}


def paths_that_are_no_text(tf):
  train, paths = tf.train, (1, [1.5], None, tf.float32, "/nope", b"/nope")
  return {"said": [tries(lambda: train.list_variables(path), lambda: train.load_variable(path, "a"),
                         lambda: train.load_variable(path, 3), lambda: train.load_checkpoint(path),
                         lambda: tf.gfile.IsDirectory(path), lambda: tf.gfile.Exists(path))
                   for path in paths],
          "scopes": tries(*[lambda pair=pair: tf.contrib.framework.get_variables(*pair)
                            for pair in ((1j, "a"), ("w", [1.5]), (None, "a"), (3, "a"), ([1], "b"))])}
