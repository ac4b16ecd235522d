"""What is refused: the words of the error, and the operations that are left behind."""

import re

import numpy as np


def _later(tf, value, shape=None):
  """A tensor whose value is known in a run only, with a static shape or none."""
  value = np.asarray(value)
  value = value.astype(np.float32) if value.dtype == np.float64 else value
  return tf.placeholder_with_default(value, shape)


def _words(error):
  """An error's class and own words, without what is counted in a process."""
  text = re.split(r"\n\n|\n\t \[\[|\nErrors may", str(error))[0]
  text = re.sub(r"TensorArray(_\d+)+", "TensorArray_*", text)
  text = re.sub(r"0x[0-9a-f]+", "0x*", text)
  return "%s: %s" % (type(error).__name__, text)


def _outcomes(tf, *makes):
  """What each of some functions makes: its static shape and value, or its error."""
  found = []
  with tf.Session() as session:
    for make in makes:
      try:
        made = make()
        tensors = made if isinstance(made, (list, tuple)) else [made]
        seen = [str(t.shape) if hasattr(t, "shape") else str(t) for t in tensors]
        if all(isinstance(t, (tf.Tensor, tf.IndexedSlices, tf.SparseTensor)) for t in tensors):
          seen = [seen, session.run(made)]
        found.append(seen)
      except Exception as error:
        found.append(_words(error))
  return {"found": found}


def imported_groups(tf):
  message = tf.GraphDef()
  node = message.node.add(name="a", op="NoOp")
  node.attr["_class"].list.s.append(b"held")
  other = message.node.add(name="b", op="NoOp")
  other.attr["_class"].list.s.extend([b"loc:@a", b"held"])
  tf.import_graph_def(message, name="")
  graph = tf.get_default_graph()
  return _outcomes(tf, lambda: str(graph.get_operation_by_name("a").colocation_groups()),
                   lambda: str(graph.get_operation_by_name("b").colocation_groups()),
                   lambda: str(graph.get_operation_by_name("b").get_attr("_class")))


def meta_graphs(tf):
  tf.Variable(1.0, name="v")
  message = tf.get_default_graph().as_graph_def()
  return _outcomes(tf, lambda: tf.train.import_meta_graph(3), lambda: tf.train.import_meta_graph(None),
    lambda: tf.train.import_meta_graph("/nowhere/file"),
                   lambda: type(tf.train.export_meta_graph(graph_def=message, export_scope="v")).__name__,
                   lambda: [n.name for n in tf.train.export_meta_graph(graph_def=message).graph_def.node],
                   lambda: tf.train.export_meta_graph(graph=3),
                   lambda: tf.train.export_meta_graph(graph_def=3),
                   lambda: [n.name for n in tf.train.export_meta_graph(export_scope="v").graph_def.node],
                   lambda: tf.train.Saver(write_version=7), lambda: tf.train.Saver(write_version=1).saver_def.version,
                   lambda: tf.train.Saver(write_version="x"), lambda: tf.train.Saver(max_to_keep="x"),
                     lambda: tf.train.Saver(max_to_keep=-1)._max_to_keep if 0 else 1, lambda: tf.train.Saver(max_to_keep=2.5).last_checkpoints)


def applied_gradients(tf):
  v = tf.Variable([1.0, 2.0], name="v")
  r = tf.get_variable("r", [2], use_resource=True)
  sgd = tf.train.GradientDescentOptimizer(0.1)
  g = tf.ones([2])
  return _outcomes(
    tf, lambda: sgd.apply_gradients([]), lambda: sgd.apply_gradients([(None, v)]), lambda: sgd.apply_gradients([("a", v)]),
    lambda: sgd.apply_gradients([(g, None)]), lambda: sgd.apply_gradients([(g, g)]), lambda: sgd.apply_gradients([(1.0, v)]),
    lambda: sgd.apply_gradients([(None, g)]), lambda: sgd.apply_gradients([(None, 3)]), lambda: sgd.apply_gradients([g]),
      lambda: sgd.apply_gradients(3), lambda: sgd.apply_gradients(None),
    lambda: sgd.apply_gradients([(g, 3)]), lambda: sgd.apply_gradients([(g, "v")]), lambda: sgd.apply_gradients([(g, v), (g, v)]),
    lambda: sgd.apply_gradients([(tf.ones([3]), v)]), lambda: sgd.apply_gradients([(tf.ones([2], tf.int32), v)]),
      lambda: sgd.apply_gradients([(tf.ones([3]), r)]),
    lambda: sgd.apply_gradients([(g, v), (None, r)]), lambda: sgd.apply_gradients([(object(), v)]),
      lambda: sgd.apply_gradients([(None, v), ("a", r)]),
    lambda: sgd.apply_gradients([(g, v)], global_step=3),
    lambda: sgd.minimize(3.0), lambda: sgd.minimize(g, var_list=[g]), lambda: sgd.minimize(tf.constant(1)), lambda: sgd.minimize(g),
    lambda: sgd.minimize(v, var_list=[]), lambda: sgd.minimize(v, grad_loss=tf.ones([3])), lambda: sgd.minimize(v, gate_gradients=7),
    lambda: sgd.compute_gradients(v, [3]), lambda: sgd.compute_gradients(v, [None]),  lambda: sgd.minimize(tf.constant("a"), [v]),
      lambda: sgd.get_slot(3, "x"), lambda: sgd.get_slot(v, 3))


def resources_refused(tf):
  r = tf.get_variable("held", [2], use_resource=True, initializer=tf.zeros_initializer())
  late = _later(tf, np.ones((2, 2), np.float32))
  n = tf.get_variable("count", [], tf.int32, use_resource=True, initializer=tf.zeros_initializer())
  u = tf.Variable(0.0, name="ref")
  def fresh(make):
    made = make()
    with tf.Session() as session:
      return session.run(made)
  def begun(make):
    made = make()
    with tf.Session() as session:
      session.run([r.initializer, n.initializer])
      return session.run(made).tolist()
  wrong = tf.get_variable("wrong", [1], use_resource=True, initializer=tf.zeros_initializer())
  def placed(make):
    made = make()
    with tf.Session() as session:
      session.run(wrong.initializer)
      return session.run(made)
  from_raw = tf.raw_ops
  return _outcomes(
    tf, lambda: placed(lambda: from_raw.AssignAddVariableOp(resource=wrong.handle, value=late)),
    lambda: placed(lambda: from_raw.AssignSubVariableOp(resource=wrong.handle, value=late)),
    lambda: placed(lambda: wrong.assign_add(late)), lambda: placed(lambda: wrong.assign(late)), lambda: begun(lambda: r.assign(late)),
      lambda: wrong.assign_add(tf.ones([3])),
    lambda: fresh(lambda: r.assign_add([1.0, 1.0])), lambda: fresh(lambda: r.assign_sub([1.0, 1.0])),
      lambda: fresh(lambda: r.scatter_add(tf.IndexedSlices(tf.constant([1.0]), tf.constant([0])))),
    lambda: fresh(lambda: n.count_up_to(3)), lambda: fresh(lambda: n.read_value()), lambda: fresh(lambda: r.sparse_read([0])),
      lambda: fresh(lambda: tf.gather(r, [0])),
    lambda: fresh(lambda: r.scatter_nd_add([[0]], [1.0])), lambda: fresh(lambda: tf.scatter_update(r, [0], [1.0])),
      lambda: fresh(lambda: u.assign_add(1.0)), lambda: fresh(lambda: tf.scatter_nd_update(r, [[0]], [1.0])),
    lambda: fresh(lambda: r.is_initialized()), lambda: fresh(lambda: from_raw.VariableShape(input=r.handle)),
      lambda: fresh(lambda: from_raw.DestroyResourceOp(resource=r.handle, ignore_lookup_error=False)),
    lambda: fresh(lambda: from_raw.ResourceApplyGradientDescent(var=r.handle, alpha=1.0, delta=[1.0, 1.0])),
      lambda: fresh(lambda: from_raw.ResourceApplyAdam(var=r.handle, m=r.handle, v=r.handle, beta1_power=1.0, beta2_power=1.0, lr=1.0, beta1=1.0, beta2=1.0, epsilon=1.0, grad=[1.0, 1.0])),
    lambda: fresh(lambda: from_raw.ResourceStridedSliceAssign(ref=r.handle, begin=[0], end=[1], strides=[1], value=[1.0])),
      lambda: begun(lambda: n.count_up_to(0)), lambda: begun(lambda: tf.raw_ops.ResourceCountUpTo(resource=n.handle, limit=3, T=tf.int64)))


def shapes_ensured(tf):
  x = tf.placeholder(tf.float32, None, name="x")
  late = _later(tf, np.ones((2, 2), np.float32))
  y = tf.ensure_shape(x, [2])
  z = tf.ensure_shape(x + 1.0, [2], name="z")
  w = tf.ensure_shape(late, [3, None], name="w")
  def fed(tensor):
    with tf.Session() as session:
      return session.run(tensor, {x: np.ones([3])})
  def fed_inner():
    with tf.Session() as session:
      inner = y.op.inputs[0]
      return session.run([y, z], {inner: np.ones([3]), z: np.ones(3)})
  def fed_late():
    with tf.Session() as session:
      return session.run(w, {late: np.ones([3])})
  return _outcomes(tf, lambda: fed(y), lambda: fed(z), lambda: fed(w), fed_inner, fed_late, lambda: tf.ensure_shape(tf.ones([2]), [3]),
    lambda: tf.ensure_shape(tf.ones([2]), [2, 2]), lambda: tf.ensure_shape(x, 3), lambda: tf.ensure_shape(x, "a"),
    lambda: tf.ensure_shape([1, 2], None))


def scatter_partly(tf):
  found = {}
  for name, use in (("ref", False), ("resource", True)):
    v = tf.get_variable(name, [3, 2], initializer=tf.zeros_initializer(), use_resource=use)
    late = _later(tf, [0, 7, 1])
    nd = _later(tf, [[0], [7], [1]])
    made = [tf.scatter_update(v, late, np.ones((3, 2), np.float32)), tf.scatter_add(v, late, np.ones((3, 2), np.float32)), tf.scatter_div(v, late, np.ones((3, 2), np.float32)), tf.scatter_nd_update(v, nd, np.ones((3, 2), np.float32)), tf.scatter_nd_add(v, nd, np.ones((3, 2), np.float32))]
    with tf.Session() as session:
      for i, one in enumerate(made):
        session.run(v.initializer)
        try:
          session.run(one)
        except Exception as error:
          found["%s%d" % (name, i)] = [_words(error), session.run(v)]
  for indices in ([0, 5], [-1, 0]):
    late = _later(tf, indices)
    nd = _later(tf, [[i] for i in indices])
    found[str(indices)] = _outcomes(tf, lambda: tf.scatter_nd(nd, [1.0, 2.0], [3]), lambda: tf.tensor_scatter_update(tf.zeros([3]), nd, [1.0, 2.0]),
      lambda: tf.tensor_scatter_add(tf.zeros([3]), nd, [1.0, 2.0]),
      lambda: tf.gather(tf.zeros([3]), late), lambda: tf.gather_nd(tf.zeros([3]), nd))["found"]
  return found


def formats(tf):
  x = tf.constant([1, 2, 3, 4, 5, 6, 7])
  return _outcomes(tf, *[lambda s=s: tf.strings.format("{}", x, summarize=s) for s in (0, 1, 2, 3, -1, -2, 7, 8)],
     lambda: tf.strings.format("{} {}", x), lambda: tf.strings.format("{}", [x, x]), lambda: tf.strings.format("a", []),
       lambda: tf.strings.format("%s", x, placeholder="%s"), lambda: tf.strings.format("{}", 3), lambda: tf.strings.format(3, x),
       lambda: tf.strings.format("{}", tf.constant([[1.5, 2], [3, 4]]), summarize=0), lambda: tf.strings.format("{}", tf.constant("a")),
       lambda: tf.strings.format("{}", tf.zeros([0])), lambda: tf.strings.format("{}", tf.zeros([2, 0])))


def slices_refused(tf):
  x = tf.constant(np.arange(6.0).reshape(2, 3).astype(np.float32), name="x")
  zero, one = _later(tf, np.int32(0), []), _later(tf, np.int32(5), [])
  v = tf.Variable([1.0, 2.0], name="v")
  return _outcomes(tf, lambda: x[..., ...], lambda: x[..., 0, ...], lambda: x[::0], lambda: x[::zero], lambda: x[one], lambda: x[:, one],
    lambda: x[0, 0, 0], lambda: x["a"], lambda: x[None, None, ..., 0], lambda: x[1.5], lambda: x[[0, 1]], lambda: x[tf.constant([0, 1])],
    lambda: x[tf.constant(0.5)], lambda: x[True], lambda: x[x > 1], lambda: x[object()],
    lambda: x[5], lambda: x[-3], lambda: x[:, 7:9], lambda: x[0:1, "b"], lambda: v[..., ...], lambda: v[5], lambda: v[::0],
      lambda: tf.strided_slice(x, [0, 0], [1], [1, 1]), lambda: tf.strided_slice(x, [0], [1], [0]), lambda: tf.strided_slice(x, [[0]], [[1]]),
      lambda: tf.strided_slice(x, 0, 1), lambda: tf.strided_slice(x, [0], [1], ellipsis_mask=3),
      lambda: tf.strided_slice(x, [0, 0, 0], [1, 1, 1], ellipsis_mask=5), lambda: tf.strided_slice(x, [0, 0, 0], [1, 1, 1]),
    lambda: tf.slice(x, [0], [1]), lambda: tf.slice(x, [0, 0], [3, 1]), lambda: tf.slice(x, [0, 0], [-2, 1]), lambda: tf.slice(x, [-1, 0], [1, 1]),
      lambda: tf.slice(x, [0, 0], [one, 1]), lambda: tf.slice(x, [one, 0], [1, 1]), lambda: tf.slice(x, [0, 4], [1, -1]),
      lambda: tf.slice(_later(tf, np.ones([2, 2])), [0], [1]),
    lambda: x[np.int64(1)], lambda: x[::-1, 1:0], lambda: x[None:1], lambda: x[1:None, tf.newaxis, 0], lambda: x[2**31], lambda: x[2**40:],
      lambda: x[zero:one:zero])


def sparse_steps(tf):
  found=[]
  for use in (False, True):
   for kind in ("GradientDescentOptimizer(0.1)","AdagradOptimizer(0.1)","MomentumOptimizer(0.1,0.9)","FtrlOptimizer(0.1)","RMSPropOptimizer(0.1)","AdadeltaOptimizer(0.1)","ProximalAdagradOptimizer(0.1)","ProximalGradientDescentOptimizer(0.1)","RMSPropOptimizer(0.1,centered=True)", "AdagradDAOptimizer(0.1, tf.train.get_or_create_global_step())"):
    for bad in ([0,7,1],[-1,0,1]):
      v = tf.get_variable("v%d"%len(found), [3, 2], initializer=tf.ones_initializer(), use_resource=use)
      w = tf.get_variable("w%d"%len(found), [3, 2], initializer=tf.ones_initializer(), use_resource=use)
      opt=eval("tf.train."+kind)
      idx=tf.placeholder_with_default(np.array(bad),[3])
      g=tf.IndexedSlices(tf.constant(np.ones((3,2),np.float32)),idx,tf.constant([3,2]))
      t=opt.apply_gradients([(g,v)])
      with tf.Session() as s:
        s.run(tf.global_variables_initializer())
        try: s.run(t); found.append("ok")
        except Exception as e: found.append([use,kind,_words(e), s.run(v), [s.run(opt.get_slot(v,n)) for n in opt.get_slot_names()]])
  return {"found":found}


def paddings(tf):
  x = tf.constant(np.arange(6.0).reshape(2, 3).astype(np.float32), name="x")
  late = _later(tf, [[1, -1], [0, 0]])
  return _outcomes(tf, lambda: tf.pad(x, [[-1, 0], [0, 0]]), lambda: tf.pad(x, late), lambda: tf.pad(x, [[1, 1]]), lambda: tf.pad(x, [1, 1]),
    lambda: tf.pad(x, [[1, 1, 1], [1, 1, 1]]), lambda: tf.pad(x, [[1, 1], [1, 1]], "nonsense"),
    lambda: tf.pad(x, [[2, 2], [1, 1]], "REFLECT"), lambda: tf.pad(x, [[3, 0], [1, 1]], "SYMMETRIC"),
      lambda: tf.pad(x, _later(tf, [[2, 2], [1, 1]]), "REFLECT"), lambda: tf.pad(x, _later(tf, [[3, 0], [1, 1]]), "SYMMETRIC"),
      lambda: tf.pad(x, late, "REFLECT"), lambda: tf.pad(x, [[-1, 0], [0, 0]], "REFLECT"),
    lambda: tf.pad(x, [[1, 1], [1, 1]], constant_values="a"), lambda: tf.pad(x, [[1, 1], [1, 1]], constant_values=[1.0]),
      lambda: tf.pad(x, [[1.0, 1], [1, 1]]), lambda: tf.pad("a", [[1, 1]]), lambda: tf.pad(x, None), lambda: tf.pad(None, [[1, 1]]),
      lambda: tf.pad(_later(tf, np.ones((2,))), [[1, 1], [1, 1]]), lambda: tf.pad(x, _later(tf, [[1, 1]])), lambda: tf.pad(x, _later(tf, [1, 1])),
      lambda: tf.pad(x, [[1, 1], [1, 1]], mode=3), lambda: tf.pad(x, late, constant_values=1.0))


def cases(tf):
  t, f = tf.constant(True), tf.constant(False)
  one, two = lambda: tf.constant(1), lambda: tf.constant(2)
  return _outcomes(tf, lambda: tf.case([]), lambda: tf.case([(t, one)]), lambda: tf.case([(f, one)]),
    lambda: tf.case([(t, one), (t, two)], exclusive=True), lambda: tf.case([(f, one), (f, two)], exclusive=True),
   lambda: tf.case({t: one}), lambda: tf.case([(t, 1)]), lambda: tf.case([(t, one)], default=3), lambda: tf.case([(1, one)]),
     lambda: tf.case([t, one]), lambda: tf.case([(t, one, two)]), lambda: tf.case(3), lambda: tf.case([(t, one)], default=lambda: tf.constant(2.0)),
   lambda: tf.case([(t, one)], default=lambda: [tf.constant(2), tf.constant(3)]), lambda: tf.case([(tf.constant(1), one)]),
     lambda: tf.case([(tf.constant([True, False]), one)], default=two), lambda: tf.case([(True, one)], default=two),
     lambda: tf.case([(f, one), (t, two)], strict=True), lambda: tf.case([(t, lambda: None)]), lambda: tf.case([(t, one)], default=lambda: None),
     lambda: tf.case([(_later(tf, False), one)]), lambda: tf.case([(_later(tf, True), one), (_later(tf, True), two)], exclusive=True),
     lambda: tf.case([(_later(tf, True), one), (_later(tf, True), two)], exclusive=True, default=one))


def conditions(tf):
  t = _later(tf, True, [])
  c = tf.constant
  return _outcomes(tf, lambda: tf.cond(t, lambda: [c(1), c(2)], lambda: [c(1)]), lambda: tf.cond(t, lambda: c(1), lambda: c(1.0)), lambda: tf.cond(t,
    lambda: c(1), lambda: None), lambda: tf.cond(t, lambda: None, lambda: None), lambda: tf.cond(True, lambda: c(1), lambda: c(2)), lambda: tf.cond(1,
    lambda: c(1), lambda: c(2)), lambda: tf.cond(c(1), lambda: c(1), lambda: c(2)), lambda: tf.cond(c([True]), lambda: c(1), lambda: c(2)),
    lambda: tf.cond(c("a"), lambda: c(1), lambda: c(2)),
    lambda: tf.cond(t, 1, 2), lambda: tf.cond(t, lambda: c(1)), lambda: tf.cond(t), lambda: tf.cond(t, lambda: c(1), 3), lambda: tf.cond(t,
      lambda: [c(1)], lambda: c(1)), lambda: tf.cond(t, lambda: (c(1), c(2)), lambda: [c(1), c(2)]), lambda: tf.cond(t, lambda: {"a": c(1)},
      lambda: {"b": c(1)}), lambda: tf.cond(t, lambda: {"a": c(1)}, lambda: {"a": c(2)}), lambda: tf.cond(t, lambda: object(), lambda: c(1)),
      lambda: tf.cond(t, lambda: "a", lambda: c(1)), lambda: tf.cond(t, lambda: [], lambda: c(1)), lambda: tf.cond(None, lambda: c(1), lambda: c(2)),
      lambda: tf.cond(_later(tf, [True, False]), lambda: c(1), lambda: c(2)),
    lambda: tf.cond(t, lambda: 1 / 0, lambda: c(1)), lambda: tf.cond(t, fn1=lambda: c(1), fn2=lambda: c(2)), lambda: tf.cond(t, lambda: c(1),
      lambda: c(2), fn1=lambda: c(3)), lambda: tf.cond(t, lambda: [c(1), [c(2)]], lambda: [c(1), c(2)]), lambda: tf.cond(t,
      lambda: tf.SparseTensor([[0]], [1], [1]), lambda: c(1)), lambda: tf.cond(t, lambda: [[c(1)]], lambda: [[c(2)]], strict=True), lambda: tf.cond(t,
      lambda: [], lambda: []))


def leftovers(tf):
  x = tf.constant([1.0, 2.0, 3.0], name="x")
  m = tf.constant(np.ones((2, 2), np.float32), name="m")
  return _outcomes(tf, lambda: tf.gather(x, "a"), lambda: tf.gather(x, [0.5]), lambda: tf.gather(x, None), lambda: tf.gather(None, [0]),
    lambda: tf.gather(x, [0], axis=2), lambda: tf.gather(x, [0], axis=-2), lambda: tf.gather(x, [0], axis="a"), lambda: tf.gather(x, [0], axis=0.5),
    lambda: tf.gather(x, [3]), lambda: tf.gather(x, [-1]), lambda: tf.gather(m, [[0, 5]], axis=1), lambda: tf.gather(m, [0], batch_dims=3),
    lambda: tf.gather(m, [0], batch_dims=1), lambda: tf.gather(m, [[0], [1]], batch_dims=-1), lambda: tf.gather(m, [0], axis=[0]),
    lambda: tf.gather(x, [0], axis=_later(tf, np.int32(3), [])), lambda: tf.gather(1.0, [0]), lambda: tf.gather_nd(x, [0.5]),
    lambda: tf.gather_nd(x, [[0, 0]]), lambda: tf.gather_nd(x, 0), lambda: tf.gather_nd(x, [[5]]), lambda: tf.gather_nd(m, [[0, 5]]),
    lambda: tf.gather_nd(x, _later(tf, [[0, 0]])), lambda: tf.gather_nd(m, [[0]], batch_dims=1),
    lambda: tf.one_hot("a", 3), lambda: tf.one_hot([0.5], 3), lambda: tf.one_hot([1], None), lambda: tf.one_hot([1], -1),
      lambda: tf.one_hot([1], [3]), lambda: tf.one_hot([1], 3, "a"), lambda: tf.one_hot([1], 3, 1, 2.0), lambda: tf.one_hot([1], 3, axis=5),
      lambda: tf.one_hot([1], 3, axis=-2), lambda: tf.one_hot([1], 3, on_value=1, dtype=tf.float32),
      lambda: tf.one_hot([1], 3, on_value="a", off_value="b"), lambda: tf.one_hot([1], 3, dtype=tf.string), lambda: tf.one_hot([1], 2.5),
      lambda: tf.one_hot([1], _later(tf, np.int32(-2), [])), lambda: tf.one_hot([1], _later(tf, [3])), lambda: tf.one_hot([5, -1], 3),
      lambda: tf.one_hot([1], 3, axis="a"), lambda: tf.one_hot(None, 3), lambda: tf.one_hot([1], 3, on_value=[1, 2]),
      lambda: tf.one_hot([1], 3, on_value=True, off_value=None),
    lambda: tf.where([True], [1.0, 2.0], [1.0, 3.0]), lambda: tf.where(True, 1, 2.0), lambda: tf.where([1], [1], [2]), lambda: tf.where([True], [1]),
      lambda: tf.where(None), lambda: tf.where("a"), lambda: tf.where([True, False], m, [1.0, 2.0]), lambda: tf.where(m > 1, [1.0, 2.0], [1.0, 2.0]),
      lambda: tf.where([True, False], x, x), lambda: tf.where(_later(tf, [True, False]), x, x),
      lambda: tf.where(_later(tf, [[True, False, True]]), x, x), lambda: tf.where(True, [1], [1, 2]), lambda: tf.where([True], "a", 1),
      lambda: tf.where([[True]], None, None), lambda: tf.where([True], None, [1]), lambda: tf.where([True, False, True], [1, 2, 3], [4, 5, 6.5]))


def arrays_of_tensors(tf):
  def concat_empty():
    a = tf.TensorArray(tf.float32, 0, dynamic_size=True)
    return a.concat()
  def concat_shaped():
    return tf.TensorArray(tf.float32, 0, dynamic_size=True, element_shape=[2, 3]).concat()
  def concat_unwritten():
    return tf.TensorArray(tf.float32, 2).concat()
  def concat_scalars():
    return tf.TensorArray(tf.float32, 2).unstack([1.0, 2.0]).concat()
  def concat_uneven():
    a = tf.TensorArray(tf.float32, 2, infer_shape=False)
    return a.write(0, [[1.0, 2.0]]).write(1, [[1.0]]).concat()
  def stack_empty():
    return tf.TensorArray(tf.float32, 0).stack()
  def stack_known():
    return tf.TensorArray(tf.float32, 0, element_shape=[2]).stack()
  def split_wrong():
    return tf.TensorArray(tf.float32, 2).split([1.0, 2.0, 3.0], [1, 1]).stack()
  def split_lengths():
    return tf.TensorArray(tf.float32, 3).split([1.0, 2.0], [1, 1]).stack()
  def split_scalar():
    return tf.TensorArray(tf.float32, 1).split(1.0, [1]).stack()
  def gather_bad():
    return tf.TensorArray(tf.float32, 2).unstack([1.0, 2.0]).gather([0, 5])
  def scatter_bad():
    return tf.TensorArray(tf.float32, 2).scatter([0, 5], [1.0, 2.0]).stack()
  def wrong_type():
    return tf.TensorArray(tf.float32, 2).write(0, 1).stack()
  def wrong_shape():
    return tf.TensorArray(tf.float32, 2, element_shape=[2]).write(0, [1.0]).stack()
  def wrong_index():
    return tf.TensorArray(tf.float32, 2).write(5, [1.0]).stack()
  def negative():
    return tf.TensorArray(tf.float32, 2).write(-1, [1.0]).stack()
  def read_unwritten():
    return tf.TensorArray(tf.float32, 2).read(0)
  def negative_size():
    return tf.TensorArray(tf.float32, -1).stack()
  def size_text():
    return tf.TensorArray(tf.float32, "a").stack()
  def no_type():
    return tf.TensorArray(None, 2).stack()
  return _outcomes(tf, concat_empty, concat_shaped, concat_unwritten, concat_scalars, concat_uneven, stack_empty, stack_known, split_wrong, split_lengths, split_scalar, gather_bad, scatter_bad, wrong_type, wrong_shape, wrong_index, negative, read_unwritten, negative_size, size_text, no_type)


def parts(tf):
  x = tf.constant(np.arange(6.0).reshape(2, 3).astype(np.float32), name="x")
  axis = _later(tf, np.int32(1), [])
  far = _later(tf, np.int32(4), [])
  return _outcomes(tf, lambda: tf.split(x, 3, axis), lambda: tf.split(x, 2, axis), lambda: tf.split(x, 3, far), lambda: tf.split(x, [1, 2], axis),
    lambda: tf.split(x, 3, 5), lambda: tf.split(x, 3), lambda: tf.split(x, 0), lambda: tf.split(x, -1), lambda: tf.split(x, None),
    lambda: tf.split(x, [1, 2], 0), lambda: tf.split(x, [3, -1], 0), lambda: tf.split(x, [-1, -1], 0), lambda: tf.split(x, [1, -1], 1),
    lambda: tf.split(x, [1, 1], -3), lambda: tf.split(x, 1.0), lambda: tf.split(x, _later(tf, [1, 1])),
    lambda: tf.split(x, _later(tf, [1, 1]), num=2), lambda: tf.split(x, _later(tf, [1, 1], [2]), num=3),
    lambda: tf.split(x, _later(tf, [1, 3], [2]), 1), lambda: tf.split(x, [1, 1], num=3), lambda: tf.split(1.0, 1), lambda: tf.split(x, "a"),
    lambda: tf.split(x, 3, "a"), lambda: tf.split(x, 3, [1]), lambda: tf.split(x, 3, [1, 2]), lambda: tf.split(x, tf.constant(3), 1),
    lambda: tf.split(_later(tf, np.ones((2, 3))), 2, 1), lambda: tf.split(_later(tf, np.ones((2, 3))), 3, 1),
    lambda: tf.split(_later(tf, np.ones((2, 3))), [1, 1], 1), lambda: tf.split(_later(tf, np.ones((2, 3)), [None, 3]), 4, 1),
    lambda: tf.split(None, 2))


def tops(tf):
  x = tf.constant([[1.0, 3.0, 2.0]], name="x")
  return _outcomes(tf, lambda: tf.nn.top_k(x, [1]), lambda: tf.nn.top_k(x, 4), lambda: tf.nn.top_k(x, -1), lambda: tf.nn.top_k(x, 0),
    lambda: tf.nn.top_k(1.0, 1), lambda: tf.nn.top_k(x, "a"), lambda: tf.nn.top_k(x, 1.5), lambda: tf.nn.top_k("a", 1),
    lambda: tf.nn.top_k(x, _later(tf, np.int32(7), [])), lambda: tf.nn.top_k(x, _later(tf, np.int32(-7), [])),
    lambda: tf.nn.top_k(x, _later(tf, [1])), lambda: tf.nn.top_k(_later(tf, 1.0), 1), lambda: tf.nn.in_top_k(x, [1], 2),
    lambda: tf.nn.in_top_k(x, [5], 2), lambda: tf.nn.in_top_k(x, [1, 2], 2), lambda: tf.nn.in_top_k(x, [[1]], 2),
    lambda: tf.nn.in_top_k([1.0], [1], 2), lambda: tf.nn.in_top_k(x, [1], -2), lambda: tf.nn.in_top_k(x, [0.5], 1), lambda: tf.nn.top_k(None, 1),
    lambda: tf.nn.top_k(x, None), lambda: tf.nn.top_k(tf.constant([True]), 1))


def embeddings(tf):
  w = tf.get_variable("w", [4, 2], initializer=tf.ones_initializer())
  ids = tf.SparseTensor([[0, 0], [2, 0]], tf.constant([1, 2], tf.int64), [3, 2])
  late = tf.SparseTensor(_later(tf, np.array([[0, 0], [2, 0]])), _later(tf, np.array([1, 2])), _later(tf, np.array([3, 2])))
  safe = tf.nn.safe_embedding_lookup_sparse
  look = tf.nn.embedding_lookup_sparse
  def shapes(make):
    return str(make().shape)
  return _outcomes(tf, lambda: shapes(lambda: safe(w, ids)), lambda: shapes(lambda: safe(w, late)), lambda: shapes(lambda: safe([w, w], ids)),
    lambda: shapes(lambda: safe(w, ids, default_id=3)), lambda: shapes(lambda: look(w, ids, None)), lambda: shapes(lambda: look(w, late, None)),
    lambda: safe(None, ids), lambda: safe([], ids), lambda: safe(w, [1, 2]), lambda: safe(w, ids, 3), lambda: safe(w, ids, combiner="nonsense"),
    lambda: look(w, [1], None), lambda: look(w, ids, 3), lambda: look(w, ids, None, combiner="nonsense"), lambda: look(None, ids, None),
    lambda: look([], ids, None), lambda: tf.nn.embedding_lookup(None, [1]), lambda: tf.nn.embedding_lookup([], [1]),
    lambda: tf.nn.embedding_lookup(w, None), lambda: tf.nn.embedding_lookup(w, ["a"]), lambda: tf.nn.embedding_lookup(w, [0.5]),
    lambda: tf.nn.embedding_lookup([w, w], [1], partition_strategy="nonsense"), lambda: tf.nn.embedding_lookup(w, [1], max_norm="a"),
    lambda: tf.nn.embedding_lookup([w, 3], [1]), lambda: look(w, ids, tf.SparseTensor([[0, 0]], [1.0], [3, 2])),
    lambda: look(w, ids, tf.SparseTensor([[0, 0], [2, 0]], [1, 2], [3, 2])), lambda: safe(tf.zeros([4]), ids),
    lambda: safe(w, tf.SparseTensor([[0, 0]], tf.constant([9], tf.int64), [1, 1])).op.name,
    lambda: look(w, tf.SparseTensor([[0, 0]], [0.5], [1, 1]), None))


def chosen_late(tf):
  l = lambda v: _later(tf, np.asarray(v))
  f = lambda *s: _later(tf, np.ones(s))
  b = lambda *s: _later(tf, np.ones(s, bool))
  return _outcomes(tf, *[lambda s=s: tf.where(b(*s[0]), f(*s[1]), f(*s[2])) for s in (
    [(), (2,), (3,)], [(), (2,), (2,)], [(2,), (2, 3), (2, 3)], [(3,), (2, 3), (2, 3)], [(2,), (2, 3), (2, 4)], [(2,), (2, 3), (2,)],
      [(2, 3), (2, 3), (2,)], [(2, 3), (2,), (2,)], [(2,), (2,), (3,)], [(2,), (3,), (3,)], [(2,), (), ()], [(1,), (), ()], [(2, 1), (2, 3), (2, 3)],
      [(2,), (2,), (2, 1)], [(0,), (0, 2), (0, 2)])],
    *[lambda s=s: tf.where_v2(b(*s[0]), f(*s[1]), f(*s[2])) for s in ([(), (2,), (3,)], [(2,), (2, 3), (1,)], [(2, 1), (3,), ()])])


def gathered_late(tf):
  f = lambda *s: _later(tf, np.arange(float(np.prod(s))).reshape(s))
  i = lambda v: _later(tf, np.asarray(v, np.int32))
  return _outcomes(tf, *([lambda a=a: tf.gather(f(2, 3), i([0]), axis=i(a)) for a in (0, 1, 2, -2, -3)] + [lambda s=s: tf.gather(f(*s[0]), i(s[1]), axis=s[2], batch_dims=s[3]) for s in (
    ((2, 3), [[0], [1]], 1, 1), ((2, 3), [[0], [1]], 1, 2), ((2, 3), [[0], [1]], 1, -1), ((2, 3), [[0], [1]], 0, 1), ((2,), [[0], [1]], 0, 1),
      ((2, 3), [[[0]], [[1]]], 1, 2), ((2, 3), [[0], [5]], 1, 1), ((2, 3), [[0], [1]], None, 1), ((2, 3), 1, 0, 0), ((2, 3), 7, 0, 0),
      ((2, 3, 2), [[0, 1], [1, 0]], 2, 1))]
   + [lambda s=s: tf.gather_nd(f(*s[0]), i(s[1])) for s in (((2, 3), [[0, 1]]), ((2, 3), [[0, 1, 2]]), ((2, 3), 0), ((), [[0]]), ((0, 3), [[0]]),
     ((2, 3), [[[0], [5]]]), ((2, 3), [[-1, 0]]))]
   + [lambda: tf.gather(f(), i([0])), lambda: tf.gather(f(0), i([0])), lambda: tf.gather(f(0), i([])), lambda: tf.gather_nd(1.0, [[]]),
     lambda: tf.gather_nd([[1.0, 2.0], [3.0, 4.0]], [[[0], [1]]], batch_dims=1),
     lambda: tf.gather_nd([[1.0, 2.0], [3.0, 4.0]], [[0], [1]], batch_dims=1), lambda: tf.gather_nd(f(2, 2), [[[0], [1]]], batch_dims=1),
     lambda: tf.gather_nd([[1.0, 2.0], [3.0, 4.0]], [[0], [1]], batch_dims=3),
     lambda: tf.gather_nd([[[1.0], [2.0]], [[3.0], [4.0]]], i([[[0], [1]], [[1], [0]]]), batch_dims=1),
     lambda: tf.gather_nd([[1.0, 2.0], [3.0, 4.0]], [[0], [1]], batch_dims=-1),
     lambda: tf.gather_nd([[1.0, 2.0], [3.0, 4.0]], [[0], [1]], batch_dims=tf.constant(1)),
     lambda: tf.gather_nd([[1.0, 2.0], [3.0, 4.0]], [[0], [1]], batch_dims=2)]))


def hot_late(tf):
  i = lambda v: _later(tf, np.asarray(v, np.int32))
  f = lambda v: _later(tf, np.asarray(v, np.float32))
  return _outcomes(tf, *[lambda s=s: tf.one_hot(i(s[0]), i(s[1]), f(s[2]), f(s[3]), axis=s[4]) for s in (([1], 3, 1, 0, -1), ([1], 3, 1, 0, 1), ([1], 3, 1, 0, 2), ([1], [3], 1, 0, 0), ([1], -1, 1, 0, 0), ([1], 3, [1], 0, 0), ([1], 3, 1, [0], 0), ([1], 0, 1, 0, 0), ([1], -1, [1], [0], 7), (1, 3, 1, 0, 0), (1, 3, 1, 0, 1), ([], 3, 1, 0, 0))])


def padded_late(tf):
  f = lambda *s: _later(tf, np.arange(float(np.prod(s))).reshape(s))
  i = lambda v: _later(tf, np.asarray(v, np.int32))
  v = lambda v: _later(tf, np.asarray(v, np.float32))
  out = []
  for mode in ("CONSTANT", "REFLECT", "SYMMETRIC"):
    out += [lambda s=s, m=mode: tf.pad(f(*s[0]), i(s[1]), m) for s in (((2,), [[1, 1]]), ((2,), [1, 1]), ((2,), [[1, 1], [1, 1]]),
      ((2,), [[1, 1, 1]]), ((2,), [[-1, 0]]), ((2,), [[0, -1]]), ((2, 2), [[1, 0], [0, -3]]), ((), np.zeros((0, 2))), ((), [[1, 1]]),
      ((0,), [[1, 1]]), ((2,), [[5, 0]]), ((2,), [[0, 5]]), ((2,), 3), ((2,), [[[1, 1]]]), ((2,), [[0, 0]]))]
  return _outcomes(tf, *(out + [lambda: tf.pad(f(2), [[1, 1]], constant_values=v([1])), lambda: tf.pad(f(2), [[-1, 1]], constant_values=v([1])),
    lambda: tf.pad(f(2), i([[-1, 1]]), constant_values=v([1])), ]))


def looked_at_again(tf):
  x = tf.constant([1.0, 2.0, 3.0], name="x")
  bad = [1, "a"]
  return _outcomes(tf, lambda: tf.add_n(3), lambda: tf.add_n([]), lambda: tf.add_n([[1], [2.0]]), lambda: tf.add_n([[1], x, bad, [1]]),
    lambda: tf.add_n(None), lambda: tf.add_n("ab"), lambda: tf.add_n([x, [1, 2]]), lambda: tf.string_join(3), lambda: tf.string_join([[1], [2]]),
    lambda: tf.string_join([["a"], 3]), lambda: tf.strings.join(None),
    lambda: tf.concat([[1], [2.0]], 0), lambda: tf.concat([[1], [[2]]], 0), lambda: tf.concat([[1], bad], 0), lambda: tf.concat([[1], [2]], [0, 1]),
      lambda: tf.concat([[1], [2]], 5), lambda: tf.concat(3, 0), lambda: tf.concat([1, 2], 0), lambda: tf.concat([], 0), lambda: tf.concat(None, 0),
      lambda: tf.concat([[1]], 7), lambda: tf.concat([[1], [2]], "a"), lambda: tf.concat([[1], None], 0),
    lambda: tf.stack([[1], [2.0]]), lambda: tf.stack([[1], [1, 2]]), lambda: tf.stack([[1], [2]], 5), lambda: tf.stack([[1], bad]),
      lambda: tf.stack(3), lambda: tf.stack([]), lambda: tf.stack(None), lambda: tf.stack([x, [1, 2]]), lambda: tf.stack([[1], x]),
      lambda: tf.stack([x, "a"]), lambda: tf.stack([x, x], axis="a"), lambda: tf.stack([x, x], axis=-3),
    lambda: tf.expand_dims([1], 5), lambda: tf.expand_dims([1], None), lambda: tf.expand_dims([1], "a"), lambda: tf.expand_dims(bad, 0),
      lambda: tf.expand_dims([1], [0, 1]), lambda: tf.expand_dims(None, 0), lambda: tf.expand_dims([1], 1.5), lambda: tf.expand_dims([1], 0, dim=0),
      lambda: tf.expand_dims(x, -3), lambda: tf.expand_dims(_later(tf, 1.0), 3),
    lambda: tf.squeeze([1, 2], 0), lambda: tf.squeeze([1], 5), lambda: tf.squeeze(bad), lambda: tf.squeeze([[1]], [0, -3]), lambda: tf.squeeze(None),
      lambda: tf.squeeze([1], [0.5]), lambda: tf.squeeze([1], 0, squeeze_dims=0), lambda: tf.squeeze(x, -5),
    lambda: tf.tile([1], 2), lambda: tf.tile([1], [2, 2]), lambda: tf.tile([1], [-1]), lambda: tf.tile([1], "a"), lambda: tf.tile([1], [1.5]),
      lambda: tf.tile(bad, [1]), lambda: tf.tile(None, [1]), lambda: tf.tile(_later(tf, [1.0]), [2, 2]),
      lambda: tf.tile([1], _later(tf, np.array([-1], np.int32))), lambda: tf.tile([1], _later(tf, np.array([[1]], np.int32))),
    lambda: tf.rank(bad), lambda: tf.size(bad), lambda: tf.rank(None), lambda: tf.size(None), lambda: tf.size([1], out_type=tf.float32),
      lambda: tf.size([1], out_type="a"), lambda: tf.shape(bad), lambda: tf.shape(None), lambda: tf.shape([1], out_type=tf.float32))


def reduced_again(tf):
  bad = [1, "a"]
  return _outcomes(tf, *([lambda f=f: f(["a"]) for f in (tf.reduce_sum, tf.reduce_mean, tf.reduce_prod, tf.reduce_max, tf.reduce_min, tf.reduce_all, tf.reduce_any)] + [lambda a=a: tf.reduce_sum([[1.0]], a) for a in (5, -3, [0, 5], "a", 0.5, [0.5], [[0]], None, [], [0, 0], [0, -2], True, [None])] + [lambda: tf.reduce_sum(bad),
    lambda: tf.reduce_sum(None), lambda: tf.reduce_sum([1.0], keepdims="a"), lambda: tf.reduce_sum([1.0], keepdims=None),
    lambda: tf.reduce_sum([1.0], 0, reduction_indices=0), lambda: tf.reduce_sum([1.0], keepdims=True, keep_dims=True), lambda: tf.reduce_all([1.0]),
    lambda: tf.reduce_mean([True]), lambda: tf.reduce_sum([1.0], _later(tf, np.array([0, 0], np.int32))),
    lambda: tf.reduce_sum([1.0], _later(tf, np.array([[0]], np.int32))), lambda: tf.reduce_logsumexp(["a"]), lambda: tf.reduce_logsumexp([1.0], 3),
    lambda: tf.argmax([1.0], 3), lambda: tf.argmax([1.0], "a"), lambda: tf.argmax("a"), lambda: tf.argmax([1.0], 0, output_type=tf.float32),
    lambda: tf.argmax(1.0, 0), lambda: tf.argmax([1.0], _later(tf, np.int32(3), [])), lambda: tf.argmax(_later(tf, np.zeros((0, 2))), 0),
    lambda: tf.argmax([[1.0]], [0]), lambda: tf.count_nonzero(["a"]), lambda: tf.count_nonzero([1], 3), lambda: tf.cumsum([1.0], 3),
    lambda: tf.cumsum("a"), lambda: tf.cumsum([1.0], [0]), lambda: tf.cumsum([1.0], _later(tf, np.int32(3), [])), lambda: tf.cumprod([1.0], -2),
    lambda: tf.reduce_join([1]), lambda: tf.reduce_join(["a"], 3), lambda: tf.reduce_join(["a"], [0, 0])]))


def segments_again(tf):
  return _outcomes(tf, lambda: tf.unsorted_segment_sum([1.0, 2.0], [0], 2), lambda: tf.unsorted_segment_sum([1.0, 2.0], [0, 5], 2),
    lambda: tf.unsorted_segment_sum([1.0, 2.0], [0, 1], -2), lambda: tf.unsorted_segment_sum(["a"], [0], 2),
    lambda: tf.unsorted_segment_sum([1.0], [0.5], 2), lambda: tf.unsorted_segment_mean([1.0], [0.5], 2),
    lambda: tf.unsorted_segment_mean([1.0, 2.0], [0], 2), lambda: tf.unsorted_segment_max([1.0], [[0]], 2),
    lambda: tf.unsorted_segment_sum([1.0], [0], [2]), lambda: tf.unsorted_segment_sum([1.0], _later(tf, np.array([7], np.int32)), 2),
    lambda: tf.segment_sum([1.0], [0, 1]), lambda: tf.segment_sum([1.0, 2.0], [1, 0]), lambda: tf.segment_sum([1.0, 2.0], [-1, 0]),
    lambda: tf.segment_sum([1.0], [[0]]), lambda: tf.segment_sum(["a"], [0]), lambda: tf.segment_mean([1.0], [0.5]),
    lambda: tf.dynamic_partition([1.0, 2.0], [0], 2), lambda: tf.dynamic_partition([1.0, 2.0], [0, 5], 2),
    lambda: tf.dynamic_partition([1.0, 2.0], [0, 1], 0), lambda: tf.dynamic_partition([1.0], ["a"], 2),
    lambda: tf.dynamic_stitch([[0]], [[1.0], [2.0]]), lambda: tf.dynamic_stitch([[0, 1]], [[1.0]]), lambda: tf.dynamic_stitch([], []))


def kernels_late(tf):
  f = lambda *s: _later(tf, np.arange(float(np.prod(s))).reshape(s) + 1)
  i = lambda v: _later(tf, np.asarray(v, np.int32))
  nn = tf.nn
  return _outcomes(tf, lambda: tf.concat([f(2), f(2)], i(3)), lambda: tf.concat([f(2), f(2)], i(-2)), lambda: tf.concat([f(2), f(2, 2)], 0),
    lambda: tf.concat([f(2, 3), f(3, 2)], 0),
    lambda: tf.add_n([f(2), f(3)]), lambda: tf.accumulate_n([f(2), f(3)], shape=[2]), lambda: nn.bias_add(f(2, 2), f(1)),
      lambda: nn.bias_add(f(2), f(2)), lambda: nn.bias_add(f(2, 2), f(2, 2)), lambda: nn.conv2d(f(2, 2), f(1, 1, 1, 1), [1, 1, 1, 1], "SAME"),
      lambda: nn.conv2d(f(1, 2, 2, 1), f(1, 1), [1, 1, 1, 1], "SAME"),
    lambda: tf.matrix_inverse(f(2, 3)), lambda: tf.matrix_determinant(f(2, 3)), lambda: tf.cholesky(f(2, 3)),
      lambda: tf.matrix_solve(f(2, 3), f(2, 1)), lambda: tf.matmul(f(2, 3), f(2, 3)), lambda: tf.matmul(f(2), f(2, 2)),
      lambda: tf.matmul(f(2, 2, 3), f(3, 3, 2)), lambda: tf.matmul(f(2, 2), f(2, 2, 2)), lambda: tf.squeeze(f(2, 1), 0),
      lambda: tf.transpose(f(2, 3), i([0])), lambda: tf.transpose(f(2, 3), i([0, 0])), lambda: tf.transpose(f(2, 3), i([0, 5])),
      lambda: tf.transpose(f(2, 3), i([[0, 1]])),
    lambda: tf.reshape(f(2, 3), i([4])), lambda: tf.reshape(f(2, 3), i([-1, -1])), lambda: tf.reshape(f(2, 3), i([-2])),
      lambda: tf.reshape(f(2, 3), i([4, -1])), lambda: tf.expand_dims(f(2), i(5)), lambda: tf.expand_dims(f(2), i([0])),
      lambda: tf.expand_dims(f(2), i([0, 1])), lambda: tf.fill(i([2, -1]), 1.0), lambda: tf.fill(i(2), 1.0), lambda: tf.fill(i([2]), f(1)),
      lambda: tf.range(i(0), i(3), i(0)), lambda: tf.range(i(3), i(0)), lambda: tf.range(i([0]), 3), lambda: tf.linspace(f(), f(), i(0)),
      lambda: tf.broadcast_to(f(2), i([3])), lambda: tf.broadcast_to(f(2), i([-1, 2])), lambda: tf.broadcast_to(f(2, 2), i([2])),
    lambda: f(2) + f(3), lambda: f(2, 3) * f(2), lambda: tf.maximum(f(2), f(3)), lambda: tf.equal(f(2), f(3)),
      lambda: tf.squared_difference(f(2), f(3)), lambda: tf.unstack(f(3), num=2), lambda: tf.unstack(f(), num=2), lambda: tf.stack([f(2), f(3)]),
      lambda: tf.reverse(f(2, 3), i([2])), lambda: tf.reverse(f(2, 3), i([0, 0])), lambda: tf.reverse(f(2, 3), i(0)),
      lambda: tf.reverse_sequence(f(2, 3), i([5, 1]), 1), lambda: tf.diag(f()), lambda: tf.matrix_diag(f()), lambda: tf.matrix_diag_part(f(2)),
      lambda: tf.matrix_band_part(f(2), 0, 0), lambda: tf.trace(f(2)), lambda: tf.tensordot(f(2, 3), f(2, 3), 1))


def losses_late(tf):
  f = lambda *s: _later(tf, np.arange(float(np.prod(s))).reshape(s) + 1)
  i = lambda v: _later(tf, np.asarray(v, np.int32))
  nn = tf.nn
  return _outcomes(tf, lambda: nn.softmax(f()), lambda: nn.log_softmax(f()),
    lambda: nn.softmax_cross_entropy_with_logits_v2(labels=f(2, 2), logits=f(3, 2)),
    lambda: nn.softmax_cross_entropy_with_logits_v2(labels=f(2), logits=f(2, 2)),
    lambda: nn.sparse_softmax_cross_entropy_with_logits(labels=i([0, 5]), logits=f(2, 2)),
    lambda: nn.sparse_softmax_cross_entropy_with_logits(labels=i([0]), logits=f(2, 2)),
    lambda: nn.sparse_softmax_cross_entropy_with_logits(labels=i([[0]]), logits=f(2, 2)), lambda: nn.in_top_k(f(2, 3), i([0]), 1),
    lambda: nn.in_top_k(f(2), i([0]), 1), lambda: nn.l2_loss(f(0)), lambda: nn.l2_normalize(f(2), 3), lambda: nn.moments(f(2), [3]),
    lambda: nn.batch_normalization(f(2, 2), f(3), f(3), None, None, 0.1), lambda: nn.relu(f(0)), lambda: nn.dropout(f(2), f(2)),
    lambda: nn.xw_plus_b(f(2, 3), f(2, 3), f(3)), lambda: nn.bias_add(f(2, 2), f(3), data_format="NCHW"),
    lambda: nn.fused_batch_norm(f(2, 2), f(2), f(2)), lambda: nn.depthwise_conv2d(f(1, 2, 2, 1), f(1, 1, 2, 1), [1, 1, 1, 1], "SAME"),
    lambda: nn.conv1d(f(1, 3, 1), f(1, 2, 1), 1, "SAME"), lambda: nn.top_k(f(), 1),
    lambda: tf.losses.mean_squared_error(f(2), f(2), weights=f(3)), lambda: tf.losses.absolute_difference(f(2), f(2), weights=f(2, 2)),
      lambda: tf.losses.softmax_cross_entropy(f(2, 2), f(3, 2)), lambda: tf.losses.sparse_softmax_cross_entropy(i([0]), f(2, 2)),
      lambda: tf.losses.cosine_distance(f(2), f(2), axis=3), lambda: tf.clip_by_norm(f(2), -1.0),
      lambda: tf.clip_by_global_norm([f(2)], f(2)), lambda: tf.boolean_mask(f(2), _later(tf, np.array([True]), [None])),
      lambda: tf.sequence_mask(i([1, 2]), i(1)), lambda: tf.confusion_matrix(i([0, 5]), i([0, 1]), 2), lambda: tf.bincount(i([-1])),
      lambda: tf.unique(f(2, 2)), lambda: tf.setdiff1d(f(2, 2), f(2)), lambda: tf.invert_permutation(i([0, 0])),
      lambda: tf.invert_permutation(i([0, 5])), lambda: tf.string_to_number(_later(tf, np.array(["a"]))),
      lambda: tf.strings.substr(_later(tf, np.array(["ab"])), 5, 1), lambda: tf.decode_raw(_later(tf, np.array(["abc"])), tf.int32),
      lambda: tf.random.uniform(i([-1])), lambda: tf.random.normal(i([[1]])), lambda: tf.multinomial(f(2), 1), lambda: tf.multinomial(f(2, 2), i(-1)),
      lambda: tf.random_uniform(i([2]), i(3), i(1), tf.int32))
