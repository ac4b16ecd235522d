"""Gradients through loops and branches: look-ups inside, sizes that are not known, loops in loops."""

import numpy as np


def _array(*sizes):
  return np.random.RandomState(7).uniform(0.2, 0.9, sizes).astype(np.float32)


def _held(tf, name, sizes, **options):
  return tf.get_variable(name, sizes, initializer=tf.constant_initializer(_array(*sizes)), **options)


def _loop(tf, body, start, times=3, **options):
  return tf.while_loop(lambda i, *_: i < times, lambda i, *rest: (i + 1,) + tuple(body(i, *rest)), [0] + start, **options)[1:]


def look_ups(tf):
  table = _held(tf, "table", [4, 3])
  y, = _loop(tf, lambda i, y: [y * tf.gather(table, [i, 0])], [tf.ones([2, 3])])
  return {"g": tf.gradients(y, table), "sum": tf.gradients(tf.reduce_sum(y) + tf.reduce_sum(tf.gather(table, [1])), table)}


def look_ups_of_resources(tf):
  table = _held(tf, "table", [4, 3], use_resource=True)
  y, = _loop(tf, lambda i, y: [y + tf.nn.embedding_lookup(table, [[i, 2]])[0]], [tf.zeros([2, 3])])
  return {"g": tf.gradients(y ** 2, table)}


def look_ups_of_unknown_sizes(tf):
  table = tf.placeholder_with_default(_array(4, 3), [None, 3])
  ids = tf.placeholder_with_default([1, 3], [None])
  y, = _loop(tf, lambda i, y: [y * tf.reduce_sum(tf.gather(table, ids))], [tf.constant(1.0)])
  return {"g": tf.gradients(y, table)}


def look_ups_trained(tf):
  table, w = _held(tf, "table", [5, 3]), _held(tf, "w", [3, 3])
  ids = tf.constant([[0, 2, 1], [4, 4, 3]])
  h, = _loop(tf, lambda i, h: [tf.tanh(tf.matmul(h, w) + tf.nn.embedding_lookup(table, ids[:, i]))], [tf.zeros([2, 3])])
  loss = tf.reduce_mean(h ** 2)
  step = tf.train.AdamOptimizer(0.05).minimize(loss)
  losses = []
  with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for _ in range(6):
      losses.append(session.run(loss))
      session.run(step)
    return {"losses": np.array(losses), "table": session.run(table), "w": session.run(w)}


def of_unknown_sizes(tf):
  x = tf.placeholder_with_default(_array(2, 3), [None, 3])
  w = tf.placeholder_with_default(_array(3), None)
  y, = _loop(tf, lambda i, y: [tf.sin(y) * tf.reduce_sum(w)], [x], 2)
  z, = _loop(tf, lambda i, z: [tf.reduce_sum(x * z, 1, keepdims=True) + z], [x * 2.0], 2)
  return {"y": tf.gradients(y, [x, w]), "z": tf.gradients(z, x)}


def several_results(tf):
  x, w = tf.constant(_array(3)), _held(tf, "w", [3])
  a, b, c = _loop(tf, lambda i, a, b, c: [a * w, b + a, c + 1], [x, x * 2.0, tf.constant(1)])
  used, unused = _loop(tf, lambda i, u, v: [u * x, v * w], [w, x])
  return {"both": tf.gradients(a + b, [x, w]), "one": tf.gradients(b, [x, w]), "used": tf.gradients(used, [x, w])}


def loops_in_loops(tf):
  x, w = tf.constant(_array(3)), tf.placeholder_with_default(_array(3), [None])
  rows = _held(tf, "rows", [3, 3])

  def inner(i, y):
    z, k = _loop(tf, lambda j, z, k: [z * w + tf.gather(rows, j), k + tf.reduce_sum(z)], [y, tf.constant(0.0)], 2)
    return [z + k]

  y, = _loop(tf, inner, [x], 2)
  return {"g": tf.gradients(y, [x, w, rows])}


def branches_in_loops(tf):
  x, w = tf.constant(_array(3)), tf.placeholder_with_default(_array(3), [None])
  v = _held(tf, "v", [3])

  def body(i, y):
    return [tf.cond(tf.equal(i % 2, 0), lambda: y * w + v, lambda: tf.cond(i > 2, lambda: y * y, lambda: tf.sin(y) + v))]

  y, = _loop(tf, body, [x], 4)
  return {"g": tf.gradients(y, [x, w, v])}


def loops_in_branches(tf):
  x, w = tf.constant(_array(3)), _held(tf, "w", [3])
  flag = tf.placeholder_with_default(True, [])
  y = tf.cond(flag, lambda: _loop(tf, lambda i, y: [y * w], [x])[0], lambda: x * 2.0)
  z = tf.cond(flag, lambda: x * w, lambda: _loop(tf, lambda i, y: [y * w], [x])[0])
  return {"y": tf.gradients(y, [x, w]), "z": tf.gradients(z, [x, w])}


def inside_of_loops(tf):
  x, w = tf.constant(_array(3)), _held(tf, "w", [3])
  y, = _loop(tf, lambda i, y: [y - 0.1 * tf.gradients(tf.reduce_sum((y * w) ** 2), y)[0]], [x])
  return {"y": y}


def inside_of_loops_by_the_start(tf):
  x = tf.constant(_array(3))
  start = x * 2.0
  return {"y": _loop(tf, lambda i, y: [tf.gradients(y * y, start)[0]], [start])}


def twice(tf):
  x, w = tf.constant(_array(3)), _held(tf, "w", [3])
  y, = _loop(tf, lambda i, y: [y * w], [x])
  return {"g": tf.gradients(tf.gradients(y, w)[0], w)}


def without_back_prop(tf):
  x = tf.constant(_array(3))
  y, = _loop(tf, lambda i, y: [y * x], [x], back_prop=False)
  return {"g": repr(tf.gradients(y, x)), "h": tf.gradients(y * x, x)}


def short_memory(tf):
  x, w = tf.constant(_array(3)), _held(tf, "w", [3])
  y = tf.while_loop(lambda y: tf.reduce_sum(y) > 0.1, lambda y: y * w, [x], parallel_iterations=2, swap_memory=True, maximum_iterations=5)
  return {"g": tf.gradients(y, [x, w])}


def branches_of_unknown_sizes(tf):
  x = tf.placeholder_with_default(_array(2, 3), [None, 3])
  r = _held(tf, "r", [3], use_resource=True)
  flag = tf.placeholder_with_default(False, [])
  y = tf.cond(flag, lambda: x * r, lambda: tf.reduce_sum(x, 0, keepdims=True) + r)
  z = tf.cond(flag, lambda: tf.gather(r, [0, 0]) * 2.0, lambda: tf.gather(r, [1, 2]))
  return {"y": tf.gradients(y, [x, r]), "z": tf.gradients(z, r)}


def given_slices(tf):
  v = _held(tf, "v", [4, 3])
  rows = tf.gather(v, [1, 1])
  given = tf.IndexedSlices(tf.ones([1, 3]), tf.constant([1]), tf.constant([2, 3]))
  return {"g": tf.gradients(rows, v, grad_ys=given)}


def complex_given_for_real(tf):
  x = tf.constant(_array(2))
  return {"g": tf.gradients(x * x, x, grad_ys=tf.complex([1.0, 1.0], [0.0, 1.0]))}


def real_given_for_complex(tf):
  z = tf.complex([1.0], [2.0])
  return {"g": tf.gradients(z * z, z, grad_ys=tf.constant([1.0]))}


def registered_twice(tf):
  try:
    tf.RegisterGradient("Mul")(lambda op, grad: None)
  except KeyError as error:
    return {"text": error.args[0].partition(" (Previous")[0]}


def registered_by_number(tf):
  tf.RegisterGradient(3)


def not_differentiable_by_number(tf):
  tf.NotDifferentiable(3)


def wrong_number_of_gradients(tf):
  tf.RegisterGradient("OnlyOne")(lambda op, grad: grad)
  x = tf.constant(_array(2))
  with tf.get_default_graph().gradient_override_map({"Mul": "OnlyOne"}):
    y = x * x
  return {"g": tf.gradients(y, x)}


def of_wrong_shape(tf):
  tf.RegisterGradient("OfWrongShape")(lambda op, grad: tf.ones([7]))
  x = tf.constant(_array(2))
  with tf.get_default_graph().gradient_override_map({"Sin": "OfWrongShape"}):
    y = tf.sin(x)
  return {"g": tf.gradients(y, x)}


def switched_off(tf):
  tf.NotDifferentiable("SwitchedOff")
  x = tf.constant(_array(2))
  with tf.get_default_graph().gradient_override_map({"Sin": "SwitchedOff"}):
    y = tf.sin(x) + x
  return {"g": tf.gradients(y, x)}
