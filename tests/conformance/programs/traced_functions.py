"""`tf.function` in graphs: traces, signatures, variables, conditions, loops, gradients."""

import numpy as np
import said


def _operations(graph):
  """The operations of a function, as far as they say what it does."""
  return ["%s %s %s" % (op.name, op.type, [t.name for t in op.inputs])
          for op in graph.get_operations()]


def calls(tf):
  @tf.function
  def scaled(x, y=2.0):
    return x * y

  x = tf.placeholder_with_default([1.0, 2.0], [None])
  first, second = scaled(x), scaled(x, 3.0)
  concrete = scaled.get_concrete_function(x)
  return {
      "first": first,
      "second": second,
      "graph": _operations(concrete.graph),
      "signature": str(concrete.structured_input_signature),
      "inputs": [t.name for t in concrete.inputs],
      "outputs": [t.name for t in concrete.outputs],
      "own": [scaled.__name__, str(scaled.input_signature),
              scaled.python_function.__name__],
      "concrete": concrete(x),
      "shapes": [str(concrete.output_shapes), str(concrete.output_dtypes)],
  }


def retraced(tf):
  seen = []

  def noted(x, flag=None):
    seen.append([str(getattr(x, "shape", x)), str(flag)])
    return x

  made = tf.function(noted)
  for value in (1, 2, 1.0, [1], [2, 3]):
    made(tf.constant(value))
  for flag in (True, 3, "a", None, 3):
    made(tf.constant(1), flag)
  made(4), made(4), made(np.float32(2)), made(np.ones(2))
  relaxed = tf.function(noted, experimental_relax_shapes=True)
  for size in range(1, 5):
    relaxed(tf.ones([size]))
  return {"seen": seen}


def structures(tf):
  @tf.function
  def made(pair, named, *rest, **more):
    return {"sum": pair[0] + pair[1], "all": (named["a"] + more["z"], None)}, rest[0]

  one = tf.constant(1)
  found = made((one, one), {"a": one}, tf.constant(2.0), z=one)
  return {"sum": found[0]["sum"], "all": found[0]["all"][0],
          "none": str(found[0]["all"][1]), "rest": found[1]}


def sparse(tf):
  @tf.function
  def dense(x):
    return tf.sparse.to_dense(x), x

  found, again = dense(tf.SparseTensor([[0, 1]], [5.0], [2, 2]))
  return {"dense": found, "kind": type(again).__name__}


def signatures(tf):
  spec = tf.TensorSpec([None], tf.float32)

  @tf.function(input_signature=[spec])
  def half(x):
    return x / 2.0

  @tf.function(input_signature=[tf.TensorSpec([2], tf.float32, name="left"), spec])
  def added(x, y):
    return x + y

  one = tf.constant([1.0])
  return {
      "half": half([2.0, 4.0]),
      "names": _operations(added.get_concrete_function().graph),
      "added": added(tf.constant([1.0, 2.0]), tf.constant([3.0, 4.0])),
      "own": str(half.input_signature),
      "refused": said.tries_whole(
          lambda: half(tf.constant([[1.0]])), lambda: half(one, one),
          lambda: half(tf.constant([1])), lambda: half(y=one), lambda: half(),
          lambda: half.get_concrete_function(one, one),
          lambda: half.get_concrete_function(tf.constant(1.0)),
          lambda: half.get_concrete_function([3.0]),
          lambda: half.get_concrete_function(x=one),
          lambda: tf.function(lambda: 1, input_signature=[3]),
          lambda: tf.function(half.python_function, input_signature=spec),
          lambda: tf.function(_keywords, input_signature=[spec]),
      )[1:],
  }


def _keywords(x, *, y=1):
  return x


def refused(tf):
  @tf.function
  def returns(what):
    return what

  def changed(items):
    items.append(tf.constant(1))
    return items[0]

  concrete = tf.function(_added).get_concrete_function(
      tf.constant(1), tf.constant(2))
  one = tf.constant(1)
  without = tf.function(_chosen, autograph=False)
  return {"said": [text.replace(str(object), "") for text in said.tries_whole(
      lambda: tf.function(changed)([one]),
      lambda: concrete(one), lambda: concrete(one, one, one),
      lambda: concrete(one, z=one), lambda: concrete(1, 2),
      lambda: concrete(one, x=one),
      lambda: without(one),
  )], "kinds": [text.split("function ")[0] for text in said.tries(
      lambda: returns(object()))]}


def _added(x, y):
  return x + y


def _chosen(x):
  if x > 0:
    y = x * 2
  else:
    y = -x
  return y


def conditions(tf):
  made = tf.function(_chosen)
  return {
      "values": [made(tf.constant(v)) for v in (3, -3)],
      "graph": _operations(made.get_concrete_function(tf.constant(1)).graph),
  }


def loops(tf):
  @tf.function
  def grown(x):
    while x < 10:
      x = x * 2
    return x

  @tf.function
  def summed(n):
    s = 0
    for i in tf.range(n):
      s += i * i
    return s

  @tf.function
  def limited(x):
    return tf.while_loop(
        lambda i: i < 100, lambda i: i + x, [0], maximum_iterations=3)

  @tf.function
  def widened(n):
    return tf.while_loop(
        lambda v: tf.size(v) < n, lambda v: tf.concat([v, v], 0), [tf.ones([1])],
        shape_invariants=[tf.TensorShape([None])])

  @tf.function
  def arrays(n):
    array = tf.TensorArray(tf.float32, size=n)
    for i in tf.range(n):
      array = array.write(i, tf.cast(i, tf.float32) * 2.0)
    return array.stack()

  return {
      "grown": grown(tf.constant(3)),
      "graph": _operations(grown.get_concrete_function(tf.constant(1)).graph),
      "summed": summed(tf.constant(5)),
      "limited": limited(tf.constant(2)),
      "widened": widened(tf.constant(5)),
      "arrays": arrays(tf.constant(3)),
  }


def loops_refused(tf):
  @tf.function
  def shapes(n):
    return tf.while_loop(
        lambda v: tf.size(v) < n, lambda v: tf.concat([v, v], 0), [tf.ones([1])])

  @tf.function
  def types(n):
    return tf.while_loop(lambda i: i < n, lambda i: tf.cast(i, tf.float32), [0])

  @tf.function
  def lengths(n):
    return tf.while_loop(lambda i, j: i < n, lambda i, j: [i + 1], (0, 1))

  five = tf.constant(5)
  texts = said.tries_whole(
      lambda: shapes(five), lambda: types(five), lambda: lengths(five))
  return {"said": [text.strip().split("Error: ")[-1] for text in texts]}


def variables(tf):
  kept = {}

  @tf.function
  def uses(x):
    if "v" not in kept:
      kept["v"] = tf.Variable(tf.ones([2]) * 3.0, name="w")
    return kept["v"] * x

  @tf.function
  def wrong(x):
    return tf.Variable(1.0) * x

  later = []

  @tf.function
  def late(x):
    if later:
      return tf.Variable(2.0) * x
    later.append(1)
    return x

  one = tf.constant(1.0)
  late(one)
  v = tf.Variable(1.0, use_resource=True, name="v")

  @tf.function
  def counts():
    v.assign_add(1.0)

  counted = counts()
  with tf.control_dependencies([counted]):
    read = v.read_value()
  return {
      "first": uses(tf.constant(2.0)),
      "again": uses(tf.constant([1.0, 2.0])),
      "graph": _operations(uses.get_concrete_function(tf.constant(2.0)).graph),
      "refused": [text.strip().split("\n")[-1].strip() for text in said.tries_whole(
          lambda: wrong(one), lambda: late(tf.constant([1.0])))],
      "counted": [type(counted).__name__, counted.type],
      "counts": _operations(counts.get_concrete_function().graph),
      "read": read,
  }


def methods(tf):
  class Scales(object):

    def __init__(self, by):
      self.by = by
      self.v = None

    @tf.function
    def __call__(self, x):
      if self.v is None:
        self.v = tf.Variable(1.0)
      return x * self.by + self.v

    @tf.function(autograph=False)
    def twice(self, x):
      return self(x) + self(x)

  two, three = Scales(2.0), Scales(3.0)
  one = tf.constant(1.0)
  return {"two": two(one), "three": three(one), "twice": two.twice(one),
          "same": two.twice is two.twice}


def effects(tf):
  v = tf.Variable(1.0, use_resource=True)

  @tf.function
  def reads():
    v.assign(10.0)
    a = v + 1.0
    v.assign(20.0)
    return a, v + 1.0

  @tf.function
  def chosen(x):
    if x > 0:
      v.assign_add(x)
    else:
      v.assign_sub(x)
    return v.read_value()

  first = reads()
  with tf.control_dependencies(list(first)):
    second = chosen(tf.constant(5.0))
  with tf.control_dependencies([second]):
    third = chosen(tf.constant(-5.0))
  return {"first": list(first)[0], "second": second, "third": third}


def gradients(tf):
  """What TensorFlow keeps for gradients comes in an order of its own."""
  with tf.Graph().as_default():
    found = _gradients(tf)
    with tf.Session() as session:
      session.run(tf.global_variables_initializer())
      return {name: np.asarray(session.run(value)).tolist()
              for name, value in found.items()}


def linear_gradient(tf):
  @tf.function
  def scaled(x):
    return x * 2.0

  x = tf.constant([1.0, 2.0])
  return {"x": tf.gradients(scaled(x), x)[0]}


def _gradients(tf):
  w = tf.Variable([[0.5, 0.25], [0.25, 0.5]], use_resource=True)

  @tf.function
  def net(x):
    return tf.matmul(x, w) * x

  @tf.function
  def powered(x, n):
    r = x
    while n > 0:
      r = r * x
      n -= 1
    return r

  @tf.function
  def chosen(x):
    r = x
    for i in tf.range(4):
      if r > 1.0:
        r = r * x
      else:
        r = tf.exp(r)
    return r

  @tf.function
  def nested(x):
    r = x
    for i in tf.range(3):
      for j in tf.range(i + 1):
        r = r * x + tf.sin(r)
    return r

  @tf.function
  def inside(x):
    return tf.gradients(powered(x, tf.constant(2)), x)[0]

  @tf.function
  def arrays(x):
    array = tf.TensorArray(tf.float32, size=3)
    for i in tf.range(3):
      array = array.write(i, x * tf.cast(i, tf.float32))
    return tf.reduce_sum(array.stack() ** 2)

  @tf.function
  def rows(table, i):
    return tf.reduce_sum(tf.gather(table, i) ** 2)

  @tf.function
  def unused(x, y):
    return x * 2.0

  x = tf.constant([[1.0, 2.0]])
  half = tf.constant(0.5)
  found = tf.gradients(net(x), [x, w])
  return {
      "x": found[0], "w": found[1],
      "powered": tf.gradients(powered(half, tf.constant(3)), half)[0],
      "chosen": tf.gradients(chosen(half), half)[0],
      "nested": tf.gradients(nested(half), half)[0],
      "inside": inside(tf.constant(3.0)),
      "arrays": tf.gradients(arrays(half), half)[0],
      "rows": tf.convert_to_tensor(tf.gradients(rows(w, [1, 1]), w)[0]),
      "unused": tf.constant(
          [str(g is None) for g in tf.gradients(unused(half, x), [half, x])]),
  }


def trained(tf):
  v = tf.Variable(1.0, use_resource=True)
  optimizer = tf.train.MomentumOptimizer(0.125, 0.5)

  @tf.function
  def loss(x):
    e = v * x - 3.0
    return e * e

  step = optimizer.minimize(loss(tf.constant(2.0)))
  with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    values = []
    for _ in range(3):
      session.run(step)
      values.append(float(session.run(v)))
  return {"values": values}


def run_eagerly(tf):
  made = tf.function(_chosen)
  tf.config.experimental_run_functions_eagerly(True)
  try:
    return {"said": said.tries(lambda: made(tf.constant(1)).op.type),
            "python": made(3)}
  finally:
    tf.config.experimental_run_functions_eagerly(False)


def nested_functions(tf):
  @tf.function
  def inner(x):
    return x * 2

  @tf.function
  def outer(x):
    return inner(x) + inner(x + 1)

  return {"y": outer(tf.constant(3)),
          "graph": _operations(outer.get_concrete_function(tf.constant(3)).graph)}


def failing(tf):
  @tf.function
  def shaped(x, n):
    if n > 0:
      y = tf.reshape(x, [n, n])
    else:
      y = x
    return y

  @tf.function
  def around(x, n):
    return shaped(x, n) * 2.0

  three, two = tf.placeholder_with_default([1.0, 2.0, 3.0], [None]), tf.constant(2)
  return {"said": said.tries_run(tf, lambda: around(three, two))}


def in_datasets(tf):
  @tf.function
  def doubled(x):
    if x > 1:
      y = x * 2
    else:
      y = x
    return y

  @tf.function
  def total(n):
    s = tf.constant(0, tf.int64)
    for x in tf.data.Dataset.range(n):
      s += x
    return s

  item = tf.data.Dataset.range(4).map(doubled).batch(4)
  return {"mapped": item.make_one_shot_iterator().get_next(),
          "total": total(tf.constant(5, tf.int64))}


def layers(tf):
  class Own(tf.keras.layers.Layer):

    def build(self, shape):
      self.w = self.add_weight("w", [int(shape[-1]), 2], initializer="ones")

    def call(self, x):
      if tf.reduce_sum(x) > 0:
        y = tf.matmul(x, self.w)
      else:
        y = tf.matmul(x, self.w) * 2.0
      return y

  layer = Own()
  layer.build([1, 3])
  made = tf.function(lambda x: layer(x))
  return {"y": made(tf.ones([1, 3])), "z": made(-tf.ones([1, 3]))}


def python_names(tf):
  from tensorflow.python.eager import def_function, function
  defun = function.defun(_added)
  return {
      "y": defun(tf.constant(1), tf.constant(2)),
      "same": [tf.function is def_function.function,
               isinstance(tf.function(_added), def_function.Function)],
      "eager": tf.contrib.eager.function(_added)(tf.constant(1), tf.constant(2)),
      "defun": tf.contrib.eager.defun(autograph=False)(_added)(
          tf.constant(1), tf.constant(2)),
  }


def loops_of_graphs(tf):
  """What `tf.enable_control_flow_v2` makes of loops, of their gradients and files."""
  from tensorflow.python.ops import control_flow_util
  before = control_flow_util.ENABLE_CONTROL_FLOW_V2
  tf.enable_control_flow_v2()
  try:
    x = tf.placeholder_with_default(2.0, [], name="x")
    found = tf.while_loop(
        lambda i, a: i < 3, lambda i, a: [i + 1, a * x], [0, 1.0])
    y = tf.identity(found[1], name="y")
    slope = tf.gradients(y, x)[0]
    chosen = tf.cond(
        x > 0, lambda: tf.while_loop(lambda a: a < 10.0, lambda a: a * x, [x]),
        lambda: x)
    chosen_slope = tf.gradients(chosen, x)[0]
    file = tf.get_default_graph().as_graph_def()
    with tf.Graph().as_default():
      tf.import_graph_def(file, name="")
      with tf.Session() as session:
        again = float(session.run("y:0", {"x:0": 3.0}))
    return {"y": y, "slope": slope, "chosen": chosen, "chosen_slope": chosen_slope,
            "again": again}
  finally:
    if not before:
      tf.disable_control_flow_v2()
