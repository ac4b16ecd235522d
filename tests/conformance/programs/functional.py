"""Loops and arrays of tensors: map_fn, scan, fold, TensorArray."""

import numpy as np


def tensor_array_by_hand(tf):
  ta = tf.TensorArray(tf.float32, size=3, clear_after_read=False, name="steps")
  ta = ta.write(0, [1.0, 2.0])
  ta = ta.write(1, [3.0, 4.0])
  ta = ta.write(2, [5.0, 6.0])
  return {
    "read": ta.read(1), "stack": ta.stack(), "size": ta.size(), "flow": ta.flow,
    "gather": ta.gather([2, 0]), "concat": ta.concat(),
  }


def tensor_array_unstack_and_split(tf):
  x = tf.placeholder_with_default(np.arange(6, dtype=np.float32).reshape(3, 2), [None, 2])
  ta = tf.TensorArray(tf.float32, size=3).unstack(x)
  parts = tf.TensorArray(tf.float32, size=2, infer_shape=False).split(x, [1, 2])
  even = tf.TensorArray(tf.float32, size=3).split(tf.ones([6, 2]), [2, 2, 2])
  return {"row": ta.read(2), "part": parts.read(1), "even": even.stack(),
          "identity": ta.identity().read(0)}


def tensor_array_dynamic(tf):
  ta = tf.TensorArray(tf.int32, size=0, dynamic_size=True, element_shape=[])
  ta = ta.write(3, 7).scatter([0, 1], [5, 6])
  return {"stack": ta.stack(), "size": ta.size()}


def tensor_array_in_while_loop(tf):
  ta = tf.TensorArray(tf.float32, size=5, tensor_array_name="out")
  w = tf.get_variable("w", [], initializer=tf.constant_initializer(2.0))

  def body(i, total, ta):
    total = total * w + 1.0
    return i + 1, total, ta.write(i, total)

  i, total, ta = tf.while_loop(lambda i, *_: i < 5, body, [0, 1.0, ta])
  return {"i": i, "total": total, "all": ta.stack()}


def tensor_array_colocated(tf):
  with tf.device("/cpu:0"):
    a = tf.constant([1.0, 2.0], name="a")
  ta = tf.TensorArray(tf.float32, size=2)
  ta = ta.write(0, a).write(1, tf.constant([3.0, 4.0]))
  tb = tf.TensorArray(tf.float32, size=2, colocate_with_first_write_call=False)
  tb = tb.write(0, a)
  return {"a": ta.stack(), "b": tb.read(0)}


def tensor_array_read_twice(tf):
  ta = tf.TensorArray(tf.float32, size=2).write(0, 1.0)
  first = ta.read(0)
  with tf.control_dependencies([first]):
    return {"x": [first, ta.read(0)]}


def tensor_array_inconsistent(tf):
  return {"x": tf.TensorArray(tf.float32, size=2).write(0, [1.0]).write(1, [1.0, 2.0]).flow}


def map_over_rows(tf):
  x = tf.constant(np.arange(6, dtype=np.float32).reshape(3, 2))
  return {"y": tf.map_fn(lambda row: row * row + 1.0, x)}


def map_unknown_length(tf):
  x = tf.placeholder_with_default([1.0, 2.0, 3.0], [None])
  return {"y": tf.map_fn(lambda v: v * 2, x, name="double")}


def map_structures(tf):
  a = tf.constant([1.0, 2.0, 3.0])
  b = tf.constant([4, 5, 6])
  y = tf.map_fn(lambda ab: (ab[0] * 2, {"s": ab[1] + 1}), (a, b),
                dtype=(tf.float32, {"s": tf.int32}))
  z = tf.map_fn(lambda ab: ab[0] * tf.cast(ab[1], tf.float32), (a, b), dtype=tf.float32)
  return {"y0": y[0], "y1": y[1]["s"], "z": z}


def map_makes_variable(tf):
  def fn(v):
    w = tf.get_variable("w", [], initializer=tf.constant_initializer(3.0))
    return v * w
  return {"y": tf.map_fn(fn, tf.constant([1.0, 2.0]))}


def map_scalar(tf):
  return {"y": tf.map_fn(lambda v: v, tf.constant(1.0))}


def fold_left(tf):
  x = tf.constant([1.0, 2.0, 3.0])
  return {"sum": tf.foldl(lambda a, v: a + v, x),
          "from": tf.foldl(lambda a, v: a * 2 + v, x, initializer=tf.constant(1.0))}


def fold_right(tf):
  x = tf.constant([1.0, 2.0, 3.0])
  return {"sum": tf.foldr(lambda a, v: a - v, x),
          "from": tf.foldr(lambda a, v: a * 2 + v, x, initializer=tf.constant(1.0))}


def scan_running_sum(tf):
  x = tf.constant([1.0, 2.0, 3.0, 4.0])
  return {"sum": tf.scan(lambda a, v: a + v, x),
          "back": tf.scan(lambda a, v: a + v, x, reverse=True)}


def scan_with_initializer(tf):
  x = tf.constant(np.arange(6, dtype=np.float32).reshape(3, 2))
  y = tf.scan(lambda a, v: (a[0] + tf.reduce_sum(v), a[1] * v), x,
              initializer=(tf.constant(0.0), tf.constant([1.0, 1.0])))
  return {"y0": y[0], "y1": y[1]}


def scan_unknown_length(tf):
  x = tf.placeholder_with_default([1.0, 2.0, 3.0], [None])
  return {"y": tf.scan(lambda a, v: a * v, x, initializer=1.0)}


def fibonacci_scan(tf):
  return {"y": tf.scan(lambda a, _: (a[1], a[0] + a[1]), np.zeros(6),
                       initializer=(np.array(0), np.array(1)))[1]}


def conditions_give_arrays_of_tensors(tf):
  ta = tf.TensorArray(tf.float32, size=1, name="ta")
  x = tf.placeholder_with_default(2.0, [])
  found = tf.cond(x > 1.0, lambda: ta.write(0, x), lambda: ta.write(0, -x))
  tb = tf.TensorArray(tf.float32, size=1, name="tb")
  both = tf.cond(x > 1.0, lambda: [tb.write(0, x), x], lambda: [tb.write(0, -x), 0.0])
  return {"read": found.read(0), "kind": type(found).__name__, "two": both[0].read(0),
          "other": both[1]}
