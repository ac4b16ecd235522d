"""tf.contrib.opt, tf.contrib.util and small functions beside them."""

import numpy as np


def _trained(tf, optimizer, **kwargs):
  """Three steps over a dense variable and one whose rows are looked up."""
  use_resource = kwargs.pop("use_resource", False)
  w = tf.get_variable("w", initializer=np.array([[1.0, -2.0], [3.0, 0.5], [0.1, 4.0]], np.float32),
                      use_resource=use_resource)
  b = tf.get_variable("b", initializer=[0.5, -0.5], use_resource=use_resource)
  rows = tf.nn.embedding_lookup(w, [2, 0])
  loss = tf.reduce_sum(tf.square(rows + b))
  step = optimizer.minimize(loss, **{k: v(w, b) for k, v in kwargs.items()})
  with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for _ in range(3):
      session.run(step)
    found = {"w": session.run(w).tolist(), "b": session.run(b).tolist()}
    found["others"] = {v.op.name: session.run(v).tolist() for v in tf.global_variables()}
  return found


def _decayed(tf, optimizer, **kwargs):
  """The graph of a step of both; and two steps with gradients that read no variable.

  In the former the decay and the reading of the variable may come in either order.
  """
  use_resource = kwargs.pop("use_resource", False)
  w = tf.get_variable("w", initializer=np.array([[1.0, -2.0], [3.0, 0.5], [0.1, 4.0]], np.float32),
                      use_resource=use_resource)
  b = tf.get_variable("b", initializer=[0.5, -0.5], use_resource=use_resource)
  loss = tf.reduce_sum(tf.square(tf.nn.embedding_lookup(w, [2, 0]) + b))
  lists = {k: v(w, b) for k, v in kwargs.items()}
  optimizer.minimize(loss, **lists)
  rows = tf.IndexedSlices(tf.constant([[1.0, 2.0], [3.0, -1.0]]), tf.constant([2, 0]), tf.constant([3, 2]))
  step = optimizer.apply_gradients([(rows, w), (tf.constant([0.3, -0.2]), b)], **lists)
  with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for _ in range(2):
      session.run(step)
    return {v.op.name: session.run(v).tolist() for v in tf.global_variables()}


def adam_w(tf):
  return _decayed(tf, tf.contrib.opt.AdamWOptimizer(0.1, learning_rate=0.01))


def adam_w_of_resources(tf):
  return _decayed(tf, tf.contrib.opt.AdamWOptimizer(0.1), use_resource=True)


def adam_w_of_some(tf):
  return _decayed(tf, tf.contrib.opt.AdamWOptimizer(0.1), decay_var_list=lambda w, b: [b])


def adam_w_of_some_gradients(tf):
  w, b = tf.Variable([1.0, 2.0]), tf.Variable([3.0])
  optimizer = tf.contrib.opt.AdamWOptimizer(0.1)
  pairs = optimizer.compute_gradients(tf.reduce_sum(tf.square(w) * b))
  optimizer.apply_gradients(pairs, decay_var_list=[b])
  return {}


def momentum_w(tf):
  return _decayed(tf, tf.contrib.opt.MomentumWOptimizer(0.1, 0.01, 0.9, use_nesterov=True))


def momentum_w_of_resources(tf):
  return _decayed(tf, tf.contrib.opt.MomentumWOptimizer(0.1, 0.01, 0.9), use_resource=True)


def extended(tf):
  made = tf.contrib.opt.extend_with_decoupled_weight_decay(tf.train.AdagradOptimizer)
  return _decayed(tf, made(weight_decay=0.1, learning_rate=0.5))


def extended_by_place(tf):
  made = tf.contrib.opt.extend_with_decoupled_weight_decay(tf.train.AdagradOptimizer)
  try:
    made(0.1, 0.5)
  except TypeError as error:
    return {"refused": type(error).__name__}


def nadam(tf):
  return _trained(tf, tf.contrib.opt.NadamOptimizer(0.1))


def nadam_of_resources(tf):
  return _trained(tf, tf.contrib.opt.NadamOptimizer(0.1), use_resource=True)


def lazy_adam(tf):
  return _trained(tf, tf.contrib.opt.LazyAdamOptimizer(0.1))


def lazy_adam_of_resources(tf):
  return _trained(tf, tf.contrib.opt.LazyAdamOptimizer(0.1, beta1=0.5), use_resource=True)


def ada_max(tf):
  return _trained(tf, tf.contrib.opt.AdaMaxOptimizer(0.1))


def ada_max_of_resources(tf):
  return _trained(tf, tf.contrib.opt.AdaMaxOptimizer(0.1), use_resource=True)


def averaged(tf):
  optimizer = tf.contrib.opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(0.1), 0.5)
  found = _trained(tf, optimizer)
  optimizer.swapping_saver()
  return found


def averaged_beside(tf):
  optimizer = tf.contrib.opt.MovingAverageOptimizer(
    tf.train.MomentumOptimizer(0.1, 0.9), average_decay=0.9, num_updates=3, sequential_update=False)
  w = tf.Variable([1.0, 2.0], name="w")
  optimizer.minimize(tf.reduce_sum(tf.square(w)), global_step=tf.train.create_global_step())
  optimizer.swapping_saver(name="swapped", max_to_keep=2)
  return {}


def averaged_and_not_saved(tf):
  optimizer = tf.contrib.opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(0.1))
  w = tf.Variable([1.0, 2.0], name="w")
  optimizer.minimize(tf.reduce_sum(tf.square(w)))
  optimizer.swapping_saver([w])


def swapped_too_early(tf):
  tf.contrib.opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(0.1)).swapping_saver()


def _said(function, *args):
  try:
    return str(function(*args))
  except (TypeError, ValueError) as error:
    return "%s: %s" % (type(error).__name__, error)


def positive_integers(tf):
  wanted = tf.contrib.slim.utils.n_positive_integers
  cases = [(2, 3), (2, [1, 2]), (2, "4"), (2, [1]), (0, 3), (1.5, 3), (2, [1, "x"]), (2, [1, 0]),
           (3, (1, 2, 3)), (2, 0), (2, "ab")]
  return {"said": [_said(wanted, *case) for case in cases]}


def messages(tf):
  util = tf.contrib.util
  arrays = [np.array([[1, 2], [3, 4]], np.int32), np.array([1.5, -2.0], np.float16), np.array(3.0),
            np.zeros([2, 3], np.float32), np.array([True, False]), np.array([1 + 2j], np.complex64),
            np.array([[b"a", b"bc"]], object), np.array([], np.int64), np.array([200], np.uint8)]
  made = [util.make_tensor_proto(a) for a in arrays]
  filled = util.make_tensor_proto(7, dtype=tf.float32, shape=[2, 2])
  back = [util.make_ndarray(m) for m in made + [filled]]
  return {"made": [str(m) for m in made], "back": [[b.dtype.name, list(b.shape), str(b.tolist())] for b in back],
          "known": str(util.constant_value(tf.constant([1, 2]) + 0)), "two": str(util.constant_value(tf.fill([2], 3)))}


def swished(tf):
  x = tf.constant([[-2.0, -0.5], [0.0, 3.0]])
  y = tf.nn.swish(x)
  return {"y": y, "slope": tf.gradients(y, x)[0]}


def swished_twice(tf):
  x = tf.placeholder_with_default(np.array([1.0, -1.0], np.float32), [None])
  y = tf.nn.swish(tf.nn.swish(x))
  return {"y": y, "slope": tf.gradients(tf.reduce_sum(y), x)[0]}


def stacked_in_parallel(tf):
  return {"a": tf.parallel_stack([tf.constant([1, 2]), tf.constant([3, 4])]),
          "b": tf.parallel_stack([1.0, 2.0, 3.0], name="three")}


def stacked_of_unknown_shape(tf):
  tf.parallel_stack([tf.placeholder(tf.float32, [None]), tf.constant([1.0])])


def stacked_of_other_shapes(tf):
  tf.parallel_stack([tf.constant([1.0, 2.0]), tf.constant([1.0])])


def no_new_checkpoint(tf):
  training = tf.contrib.training
  return {"none": str(training.wait_for_new_checkpoint("/nowhere/at/all", seconds_to_sleep=0.01, timeout=0.02)),
          "all": list(training.checkpoints_iterator("/nowhere/at/all", timeout=0.0))}


def _multiplied(tf, a, b):
  a, b = (tf.placeholder_with_default(np.array(x, np.float32), None) for x in (a, b))
  return {"y": tf.matmul(a, b)}


def vectors_multiplied(tf):
  return _multiplied(tf, [1.0, 2.0], [3.0, 4.0])


def matrix_and_vector_multiplied(tf):
  return _multiplied(tf, [[1.0, 2.0]], [3.0, 4.0])


def numbers_multiplied(tf):
  return _multiplied(tf, 2.0, 3.0)


def norms(tf):
  norm = tf.math.reduce_euclidean_norm
  x = tf.constant(np.array([[3.0, 4.0], [-5.0, 12.0]], np.float32))
  return {"all": norm(x), "rows": norm(x, 1, keepdims=True, name="rows"), "columns": norm(x, [0]),
          "whole": norm(tf.constant([[3, 4]])), "none": str(tf.gradients(norm(x), x)),
          "unknown": norm(tf.placeholder_with_default(np.float32([1, 2]), None))}
