"""Optimizers, averages and decays: their nodes, slots, messages, and what they learn."""

import numpy as np


def _matrix(*sizes):
  return np.random.RandomState(7).uniform(0.2, 0.9, sizes)


def _held(tf, name, sizes, dtype="float32", **options):
  value = _matrix(*sizes).astype(dtype)
  return tf.get_variable(
    name, sizes, dtype=dtype, initializer=tf.constant_initializer(value), **options
  )


def _four_kinds(tf, dtype="float32"):
  """A loss of variables of both kinds, whole and looked up."""
  table, w = _held(tf, "table", [5, 3], dtype), _held(tf, "w", [3, 2], dtype)
  with tf.variable_scope("resource", use_resource=True):
    rows, scale = _held(tf, "rows", [5, 3], dtype), _held(tf, "scale", [2], dtype)
  ids = tf.constant([[1, 3], [1, 0]])
  words = tf.nn.embedding_lookup(table, ids) * tf.nn.embedding_lookup(rows, ids)
  return tf.reduce_mean(tf.square(tf.matmul(tf.reshape(words, [4, 3]), w) * scale - 1))


def _run(tf, step, loss, steps=4, every=1, variables=None):
  """The losses on the way, and variables at the end.

  The loss is computed by itself: in one run with the step, TensorFlow's threads race.
  """
  result, losses = {}, []
  with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for i in range(steps):
      if i % every == 0:
        losses.append(session.run(loss))
      session.run(step)
    for variable in variables or tf.global_variables():
      result[variable.name] = session.run(variable)
  result["losses"] = np.array(losses)
  return result


def _trained(tf, make, dtype="float32"):
  loss = _four_kinds(tf, dtype)
  global_step = tf.train.get_or_create_global_step()
  optimizer = make(global_step)
  step = optimizer.minimize(loss, global_step=global_step)
  result = _run(tf, step, loss)
  result["slots"] = optimizer.get_slot_names()
  result["own"] = [v.name for v in optimizer.variables()]
  result["name"] = optimizer.get_name()
  result["step"] = step.name
  return result


def gradient_descent(tf):
  return _trained(tf, lambda _: tf.train.GradientDescentOptimizer(0.1))


def momentum(tf):
  return _trained(tf, lambda _: tf.train.MomentumOptimizer(0.1, 0.9))


def nesterov(tf):
  return _trained(tf, lambda _: tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True))


def adam(tf):
  return _trained(tf, lambda _: tf.train.AdamOptimizer(0.1))


def adam_with_settings(tf):
  return _trained(tf, lambda _: tf.train.AdamOptimizer(0.1, 0.5, 0.9, 1e-4, True, "A2"))


def rmsprop(tf):
  return _trained(tf, lambda _: tf.train.RMSPropOptimizer(0.1, 0.8, 0.5, 1e-3))


def rmsprop_centered(tf):
  return _trained(tf, lambda _: tf.train.RMSPropOptimizer(0.1, momentum=0.2, centered=True))


def adagrad(tf):
  return _trained(tf, lambda _: tf.train.AdagradOptimizer(0.1, 0.2))


def adagrad_da(tf):
  return _trained(tf, lambda step: tf.train.AdagradDAOptimizer(
    0.5, step, l1_regularization_strength=0.01, l2_regularization_strength=0.02))


def adagrad_da_plain(tf):
  return _trained(tf, lambda step: tf.train.AdagradDAOptimizer(0.5, step))


def adadelta(tf):
  return _trained(tf, lambda _: tf.train.AdadeltaOptimizer(1.0, 0.9, 1e-3))


def ftrl(tf):
  return _trained(tf, lambda _: tf.train.FtrlOptimizer(0.1))


def ftrl_with_powers(tf):
  return _trained(tf, lambda _: tf.train.FtrlOptimizer(
    0.1, learning_rate_power=-0.3, l1_regularization_strength=0.01,
    l2_regularization_strength=0.02, accum_name="A", linear_name="B"))


def ftrl_with_shrinkage(tf):
  return _trained(tf, lambda _: tf.train.FtrlOptimizer(
    0.1, l1_regularization_strength=0.3, l2_shrinkage_regularization_strength=0.1))


def proximal_gradient_descent(tf):
  return _trained(tf, lambda _: tf.train.ProximalGradientDescentOptimizer(
    0.1, l1_regularization_strength=0.3, l2_regularization_strength=0.1))


def proximal_gradient_descent_plain(tf):
  return _trained(tf, lambda _: tf.train.ProximalGradientDescentOptimizer(0.1))


def proximal_adagrad(tf):
  return _trained(tf, lambda _: tf.train.ProximalAdagradOptimizer(
    0.1, l1_regularization_strength=0.3, l2_regularization_strength=0.1))


def gradient_descent_of_doubles(tf):
  loss = _held(tf, "w", [2], "float64") ** 2
  return _run(tf, tf.train.GradientDescentOptimizer(0.1).minimize(loss), loss)


def momentum_of_doubles(tf):
  return _trained(tf, lambda _: tf.train.MomentumOptimizer(0.1, 0.9), "float64")


def adam_of_doubles(tf):
  return _trained(tf, lambda _: tf.train.AdamOptimizer(0.1), "float64")


def rmsprop_of_doubles(tf):
  return _trained(tf, lambda _: tf.train.RMSPropOptimizer(0.1, centered=True), "float64")


def ftrl_of_doubles(tf):
  return _trained(tf, lambda _: tf.train.FtrlOptimizer(0.1), "float64")


def adadelta_of_doubles(tf):
  return _trained(tf, lambda _: tf.train.AdadeltaOptimizer(0.1), "float64")


def adagrad_da_of_doubles(tf):
  return _trained(tf, lambda step: tf.train.AdagradDAOptimizer(0.1, step), "float64")


def proximal_of_doubles(tf):
  return _trained(tf, lambda _: tf.train.ProximalAdagradOptimizer(0.1), "float64")


def sparse_descent_of_resource_doubles(tf):
  return _trained(tf, lambda _: tf.train.GradientDescentOptimizer(0.1), "float64")


def adam_of_halves(tf):
  w = _held(tf, "w", [2], "float16")
  loss = tf.reduce_sum(w * w)
  step = tf.train.AdamOptimizer(0.1, epsilon=1e-3).minimize(loss)
  return {"names": [v.name for v in tf.global_variables()], "step": step.name}


def settings_that_are_tensors(tf):
  rate = tf.placeholder_with_default(0.1, [], name="rate")
  return _trained(tf, lambda _: tf.train.MomentumOptimizer(rate, tf.constant(0.5)))


def settings_that_are_functions(tf):
  return _trained(tf, lambda _: tf.train.AdamOptimizer(lambda: 0.1, beta1=lambda: tf.constant(0.8)))


def settings_that_are_variables(tf):
  rate = tf.get_variable("rate", initializer=0.1, trainable=False)
  return _trained(tf, lambda _: tf.train.RMSPropOptimizer(rate, decay=rate * 2))


def of_scalars(tf):
  x, y = tf.get_variable("x", initializer=0.3), tf.get_variable("y", initializer=0.7, use_resource=True)
  loss = (x * y - 1.0) ** 2
  optimizers = [tf.train.GradientDescentOptimizer(0.1), tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
                tf.train.AdamOptimizer(0.1), tf.train.RMSPropOptimizer(0.1), tf.train.RMSPropOptimizer(0.1, centered=True),
                tf.train.AdagradOptimizer(0.1), tf.train.AdadeltaOptimizer(0.1), tf.train.FtrlOptimizer(0.1),
                tf.train.ProximalAdagradOptimizer(0.1, l1_regularization_strength=0.1),
                tf.train.ProximalGradientDescentOptimizer(0.1, l1_regularization_strength=0.1)]
  result = {}
  for i, optimizer in enumerate(optimizers):
    for key, value in _run(tf, optimizer.minimize(loss), loss).items():
      result["%d %s" % (i, key)] = value
  return result


# -- names -------------------------------------------------------------------------------

_SLOTTED = ("Adam", "RMSProp", "Adagrad", "Adadelta", "Ftrl")


def _make(tf, name):
  return getattr(tf.train, name + "Optimizer")(0.1)


def in_scopes(tf):
  with tf.variable_scope("net"):
    w = _held(tf, "w", [2])
  loss = tf.reduce_sum(w ** 2)
  steps = []
  with tf.variable_scope("train"):
    steps += [_make(tf, name).minimize(loss) for name in _SLOTTED]
  with tf.name_scope("again"):
    steps += [_make(tf, name).minimize(loss) for name in _SLOTTED]
  with tf.variable_scope("train"), tf.name_scope("inner"):
    steps += [_make(tf, name).minimize(loss, name="step") for name in _SLOTTED]
  return {"steps": [step.name for step in steps], "names": [v.name for v in tf.global_variables()]}


def two_of_one_kind(tf):
  w = _held(tf, "w", [2])
  loss = tf.reduce_sum(w ** 2)
  first, second = tf.train.AdamOptimizer(), tf.train.AdamOptimizer()
  steps = [first.minimize(loss), second.minimize(loss), first.minimize(loss, name="third")]
  return {"steps": [step.name for step in steps], "names": [v.name for v in tf.global_variables()],
          "slots": [first.get_slot(w, "m").name, second.get_slot(w, "v").name],
          "none": [str(first.get_slot(w, "momentum")), str(first.get_slot(tf.Variable(1.0), "m"))]}


def of_a_gan(tf):
  def generator(z):
    with tf.variable_scope("generator"):
      return tf.layers.dense(tf.layers.dense(z, 4, tf.nn.relu), 2)

  def discriminator(x, reuse=None):
    with tf.variable_scope("discriminator", reuse=reuse):
      return tf.layers.dense(tf.layers.dense(x, 4, tf.nn.leaky_relu, name="h"), 1)

  z, real = tf.random_normal([3, 5]), tf.random_normal([3, 2])
  on_real, on_fake = discriminator(real), discriminator(generator(z), reuse=True)
  d_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(logits=on_real, labels=tf.ones_like(on_real)))
  d_loss += tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(logits=on_fake, labels=tf.zeros_like(on_fake)))
  g_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(logits=on_fake, labels=tf.ones_like(on_fake)))
  d_step = tf.train.AdamOptimizer(0.01, beta1=0.5).minimize(d_loss, var_list=tf.trainable_variables("discriminator"))
  g_step = tf.train.AdamOptimizer(0.01, beta1=0.5).minimize(g_loss, var_list=tf.trainable_variables("generator"))
  result = _run(tf, d_step, d_loss, 3)
  result["generator"] = _run(tf, g_step, g_loss, 3)["losses"]
  return result


def under_reuse(tf):
  loss = tf.reduce_sum(_held(tf, "w", [2]))
  tf.get_variable_scope().reuse_variables()
  return {"step": tf.train.AdamOptimizer(0.1).minimize(loss)}


def under_reuse_in_a_scope(tf):
  with tf.variable_scope("m"):
    loss = tf.reduce_sum(_held(tf, "w", [2]))
  with tf.variable_scope("m", reuse=tf.AUTO_REUSE):
    step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
  return {"step": step.name, "names": [v.name for v in tf.global_variables()]}


def of_a_divided_variable(tf):
  with tf.variable_scope("net", partitioner=tf.fixed_size_partitioner(2)):
    w = tf.get_variable("w", [4, 2], initializer=tf.ones_initializer())
    step = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(tf.convert_to_tensor(w) ** 2))
  return {"step": step.name, "names": [v.name for v in tf.global_variables()],
          "parts": [v._get_save_slice_info().spec for v in tf.global_variables() if v._get_save_slice_info()]}


def _of_unknown_shape(tf, use_resource=False):
  return tf.Variable(tf.placeholder_with_default(np.ones((2, 2), np.float32), None), validate_shape=False,
                     name="u", use_resource=use_resource)


def slots_of_unknown_shape(tf):
  loss = tf.reduce_sum(_of_unknown_shape(tf) ** 2)
  steps = [_make(tf, name).minimize(loss) for name in ("Adam", "RMSProp", "Adagrad", "Adadelta")]
  return {"steps": [step.name for step in steps]}


def on_devices(tf):
  with tf.device("/cpu:0"):
    w = _held(tf, "w", [2])
    r = _held(tf, "r", [2], use_resource=True)
  loss = tf.reduce_sum(w * r)
  with tf.device("/device:CPU:0"):
    step = tf.train.AdamOptimizer(0.1).minimize(loss, colocate_gradients_with_ops=True,
                                                global_step=tf.train.get_or_create_global_step())
  return {"step": step.name}


# -- minimize, compute_gradients, apply_gradients ----------------------------------------


def global_steps(tf):
  w = _held(tf, "w", [2])
  loss = tf.reduce_sum(w ** 2)
  narrow = tf.Variable(0, trainable=False, name="narrow")
  resource = tf.Variable(0, trainable=False, name="resource", use_resource=True, dtype=tf.int64)
  steps = [tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=s) for s in
           (tf.train.get_or_create_global_step(), narrow, resource)]
  return _run(tf, steps, loss)


def gates(tf):
  x, y = _held(tf, "x", [2]), _held(tf, "y", [2])
  loss = tf.reduce_sum(x * y + x)
  optimizer = tf.train.GradientDescentOptimizer(0.1)
  return {str(gate): [g for g, _ in optimizer.compute_gradients(loss, gate_gradients=gate)]
          for gate in (optimizer.GATE_NONE, optimizer.GATE_OP, optimizer.GATE_GRAPH)}


def wrong_gate(tf):
  return {"g": tf.train.GradientDescentOptimizer(0.1).compute_gradients(_held(tf, "x", []), gate_gradients=5)}


def arguments_of_gradients(tf):
  x, y = _held(tf, "x", [2]), _held(tf, "y", [2], use_resource=True)
  loss = x * y + x * x + tf.sin(x)
  optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
  sums = tf.AggregationMethod.EXPERIMENTAL_ACCUMULATE_N
  pairs = optimizer.compute_gradients(loss, var_list=[[x], (y,)], grad_loss=tf.constant([1.0, 3.0]), aggregation_method=sums)
  only = optimizer.compute_gradients(loss, var_list={"x": x})
  seen = optimizer.compute_gradients(loss, var_list=x)
  return {"pairs": [g for g, _ in pairs], "names": [v.name for _, v in pairs], "only": [g for g, _ in only],
          "seen": [g for g, _ in seen], "step": optimizer.apply_gradients(pairs, name="go").name}


def clipped(tf):
  loss = _four_kinds(tf)
  optimizer = tf.train.AdamOptimizer(0.1)
  grads, held = zip(*optimizer.compute_gradients(loss))
  grads, norm = tf.clip_by_global_norm(grads, 0.5)
  result = _run(tf, optimizer.apply_gradients(zip(grads, held)), loss)
  result["norm"] = norm
  return result


def clipped_one_by_one(tf):
  x, y, unused = _held(tf, "x", [2]), _held(tf, "y", [2]), _held(tf, "z", [2])
  loss = tf.reduce_sum(x * y)
  optimizer = tf.train.RMSPropOptimizer(0.1)
  pairs = optimizer.compute_gradients(loss)
  pairs = [(None if g is None else tf.clip_by_value(g, -0.1, 0.1), v) for g, v in pairs]
  return _run(tf, optimizer.apply_gradients(pairs), loss)


def gradients_that_are_arrays(tf):
  x = _held(tf, "x", [2])
  step = tf.train.GradientDescentOptimizer(0.1).apply_gradients([(np.array([1, 2], np.float32), x)])
  return _run(tf, step, x)


def with_updates(tf):
  x = tf.constant(_matrix(4, 2), tf.float32)
  y = tf.layers.batch_normalization(x, training=True, momentum=0.5)
  loss = tf.reduce_sum(y ** 2)
  with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    step = tf.train.AdamOptimizer(0.1).minimize(loss, global_step=tf.train.get_or_create_global_step())
  return _run(tf, step, loss)


def with_constraints(tf):
  def positive(x):
    return tf.maximum(x, 0.0)

  x = _held(tf, "x", [2], constraint=positive)
  y = _held(tf, "y", [2], constraint=positive, use_resource=True)
  loss = tf.reduce_sum(x * x + y * y) + 3.0 * tf.reduce_sum(x - y)
  return _run(tf, tf.train.AdamOptimizer(0.5).minimize(loss), loss)


def constrained_rows(tf):
  x = _held(tf, "x", [2, 2], constraint=lambda x: x)
  return {"s": tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(tf.gather(x, [1])))}


def no_variables(tf):
  return {"s": tf.train.AdamOptimizer().minimize(tf.constant(1.0))}


def no_gradients(tf):
  x, y = _held(tf, "x", [2]), _held(tf, "y", [2], use_resource=True)
  return {"s": tf.train.AdamOptimizer().minimize(tf.reduce_sum(tf.round(tf.constant(2.0))))}


def no_gradients_to_apply(tf):
  x, y = _held(tf, "x", [2]), _held(tf, "y", [2], use_resource=True)
  return {"s": tf.train.AdamOptimizer().apply_gradients([(None, x), (None, y)])}


def nothing_to_apply(tf):
  return {"s": tf.train.AdamOptimizer().apply_gradients([])}


def a_gradient_that_is_none(tf):
  return {"s": tf.train.AdamOptimizer().apply_gradients([(object, _held(tf, "x", [2]))])}


def a_loss_of_integers(tf):
  x = _held(tf, "x", [2])
  return {"s": tf.train.AdamOptimizer().minimize(tf.cast(x[0], tf.int32))}


def variables_of_integers(tf):
  x, n = _held(tf, "x", [2]), tf.get_variable("n", initializer=3)
  return {"s": tf.train.AdamOptimizer().minimize(tf.reduce_sum(x) * tf.cast(n, tf.float32)).name}


def a_tensor_as_variable(tf):
  x = _held(tf, "x", [2]) * 2.0
  return {"s": tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(x * x), var_list=[x])}


def text_as_variable(tf):
  return {"s": tf.train.GradientDescentOptimizer(0.1).minimize(_held(tf, "x", []), var_list=["x"])}


def no_name(tf):
  return {"s": tf.train.AdamOptimizer(name="")}


def wrong_accumulator(tf):
  return {"s": tf.train.AdagradOptimizer(0.1, initial_accumulator_value=0.0)}


def wrong_power(tf):
  return {"s": tf.train.FtrlOptimizer(0.1, learning_rate_power=0.5)}


def wrong_strength(tf):
  return {"s": tf.train.FtrlOptimizer(0.1, l1_regularization_strength=-0.5)}


def gradients_of_another_shape(tf):
  x = _held(tf, "x", [2])
  return {"s": tf.train.GradientDescentOptimizer(0.1).apply_gradients([(tf.ones([3]), x)])}


def gradients_of_another_shape_when_run(tf):
  x = _held(tf, "x", [2])
  grad = tf.placeholder_with_default(np.ones(3, np.float32), None)
  return _run(tf, tf.train.AdamOptimizer(0.1).apply_gradients([(grad, x)]), x)


def before_initialization(tf):
  x = _held(tf, "x", [2])
  step = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(tf.stop_gradient(x) * 0.0 + x))
  with tf.Session() as session:
    session.run(step)


def of_ones_own(tf):
  class Halving(tf.train.Optimizer):
    def __init__(self):
      super(Halving, self).__init__(False, "Halving")

    def _create_slots(self, var_list):
      for v in var_list:
        self._zeros_slot(v, "seen", self._name)

    def _prepare(self):
      self._half = tf.convert_to_tensor(0.5, name="half")

    def _apply_dense(self, grad, var):
      seen = self.get_slot(var, "seen")
      return tf.group(seen.assign_add(grad), var.assign_sub(grad * self._half))

    def _resource_apply_dense(self, grad, var):
      return self._apply_dense(grad, var)

    def _apply_sparse(self, grad, var):
      return tf.scatter_sub(var, grad.indices, grad.values * self._half)

    def _resource_apply_sparse(self, grad, var, indices):
      return var.scatter_sub(tf.IndexedSlices(grad * self._half, indices)).op

  return _trained(tf, lambda _: Halving())


def of_nobody(tf):
  class Idle(tf.train.Optimizer):
    pass

  return {"s": Idle(False, "Idle").minimize(_held(tf, "x", []))}


# -- averages ----------------------------------------------------------------------------


def averages(tf):
  w, r = _held(tf, "w", [2]), _held(tf, "r", [2], use_resource=True)
  with tf.variable_scope("net"):
    b = tf.get_variable("b", [2], initializer=tf.zeros_initializer())
  average = tf.train.ExponentialMovingAverage(0.9)
  move = average.apply()
  change = tf.group(w.assign_add([1.0, 1.0]), r.assign_add([1.0, 1.0]), b.assign_add([1.0, 1.0]))
  result = _run(tf, move, change)
  result["names"] = [average.average(v).name for v in (w, r, b)] + [average.average_name(w), average.name]
  result["restore"] = sorted((key, v.name) for key, v in average.variables_to_restore().items())
  result["again"] = average.apply([w]).name
  return result


def averages_of_tensors(tf):
  x = tf.constant([1.0, 3.0], name="x")
  y = tf.square(x, name="y")
  plain, fair = tf.train.ExponentialMovingAverage(0.9), tf.train.ExponentialMovingAverage(0.9, zero_debias=True, name="fair")
  result = _run(tf, [plain.apply([x, y]), fair.apply([x, y])], x)
  result["restore"] = sorted((key, v.name) for key, v in fair.variables_to_restore([x]).items())
  result["name"] = fair.average_name(x)
  return result


def averages_that_start_fast(tf):
  w = _held(tf, "w", [2])
  step = tf.train.get_or_create_global_step()
  average = tf.train.ExponentialMovingAverage(0.999, num_updates=step)
  train = tf.train.GradientDescentOptimizer(0.5).minimize(tf.reduce_sum(w ** 2), global_step=step)
  with tf.control_dependencies([train]):
    move = average.apply(tf.trainable_variables())
  return _run(tf, move, w)


def averages_in_scopes(tf):
  with tf.variable_scope("a"):
    w = _held(tf, "w", [2])
    average = tf.train.ExponentialMovingAverage(0.9)
    one = average.apply([w])
  with tf.name_scope("b"):
    two = tf.train.ExponentialMovingAverage(0.9).apply([w])
  other = tf.train.ExponentialMovingAverage(0.5, name="shadow")
  unmade = other.average_name(w)
  return {"names": [v.name for v in tf.global_variables()], "ops": [one.name, two.name], "unmade": unmade,
          "none": str(other.average(w))}


def averages_of_integers(tf):
  return {"m": tf.train.ExponentialMovingAverage(0.9).apply([tf.get_variable("n", initializer=3)])}


def averages_in_eval(tf):
  with tf.variable_scope("m"):
    w = _held(tf, "w", [2])
  average = tf.train.ExponentialMovingAverage(0.9)
  average.apply([w])
  shadow = average.average(w)

  def shadowed(getter, name, *args, **kwargs):
    variable = getter(name, *args, **kwargs)
    return average.average(variable) or variable

  with tf.variable_scope("m", reuse=True, custom_getter=shadowed):
    found = tf.get_variable("w", [2])
  return {"found": found.name, "same": found is shadow}


def contrib_batch_norm(tf):
  x = tf.constant(_matrix(4, 2), tf.float32)
  y = tf.contrib.layers.batch_norm(x, decay=0.5, is_training=True, zero_debias_moving_mean=True, scale=True)
  loss = tf.reduce_sum((y - 1.0) ** 2 * tf.constant([1.0, 3.0]))
  with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
  return _run(tf, step, loss)


# -- decays ------------------------------------------------------------------------------


def _decayed(tf, make):
  step = tf.placeholder_with_default(0, [], name="step")
  rates = [make(step), make(tf.train.get_or_create_global_step())]
  found = []
  with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for i in (0, 1, 3, 5, 8, 10, 11, 17, 25):
      found.append(session.run(rates[0], {step: i}))
  return {"rates": np.array(found), "names": [rate.name for rate in rates]}


def exponential_decay(tf):
  return _decayed(tf, lambda step: tf.train.exponential_decay(0.5, step, 5, 0.7))


def exponential_decay_in_stairs(tf):
  return _decayed(tf, lambda step: tf.train.exponential_decay(0.5, step, 5, 0.7, staircase=True, name="rate"))


def natural_exp_decay(tf):
  return _decayed(tf, lambda step: tf.train.natural_exp_decay(0.5, step, 5, 0.7, staircase=True))


def inverse_time_decay(tf):
  return _decayed(tf, lambda step: tf.train.inverse_time_decay(0.5, step, 5, 0.7))


def inverse_time_decay_in_stairs(tf):
  return _decayed(tf, lambda step: tf.train.inverse_time_decay(tf.constant(0.5), step, 5, 0.7, staircase=True))


def polynomial_decay(tf):
  return _decayed(tf, lambda step: tf.train.polynomial_decay(0.5, step, 10, 0.01, power=2.0))


def polynomial_decay_in_cycles(tf):
  return _decayed(tf, lambda step: tf.train.polynomial_decay(0.5, step, 10, 0.01, cycle=True))


def piecewise_constant(tf):
  def make(step):
    kind = step.dtype.base_dtype.as_numpy_dtype
    return tf.train.piecewise_constant(step, [kind(3), kind(10)], [1.0, 0.5, 0.1])

  return _decayed(tf, make)


def piecewise_constant_of_plain_numbers(tf):
  return _decayed(tf, lambda step: tf.train.piecewise_constant_decay(step, [3, 10, 12], [1.0, 0.5, 0.1, 0.05], name="p"))


def piecewise_constant_wrong_types(tf):
  return {"r": tf.train.piecewise_constant(tf.constant(3), [1.0], [0.1, 0.2])}


def piecewise_constant_wrong_values(tf):
  return {"r": tf.train.piecewise_constant(tf.constant(3), [1], [tf.constant(0.1), tf.constant(0.2, tf.float64)])}


def piecewise_constant_wrong_count(tf):
  return {"r": tf.train.piecewise_constant(tf.constant(3), [1], [0.1])}


def cosine_decay(tf):
  return _decayed(tf, lambda step: tf.train.cosine_decay(0.5, step, 10, alpha=0.1))


def cosine_decay_restarts(tf):
  return _decayed(tf, lambda step: tf.train.cosine_decay_restarts(0.5, step, 4, alpha=0.1))


def cosine_decay_restarts_of_one_length(tf):
  return _decayed(tf, lambda step: tf.train.cosine_decay_restarts(0.5, step, 4, t_mul=1.0, m_mul=0.9))


def linear_cosine_decay(tf):
  return _decayed(tf, lambda step: tf.train.linear_cosine_decay(0.5, step, 10))


def noisy_linear_cosine_decay(tf):
  rate = tf.train.noisy_linear_cosine_decay(0.5, tf.constant(3), 10)
  return {"rate": rate}


def decayed_training(tf):
  loss = _four_kinds(tf)
  step = tf.train.get_or_create_global_step()
  rate = tf.train.exponential_decay(0.2, step, 2, 0.5, staircase=True)
  return _run(tf, tf.train.AdamOptimizer(rate).minimize(loss, global_step=step), loss, 6)


# -- fifty steps -------------------------------------------------------------------------


def _images(count=8):
  random = np.random.RandomState(3)
  return random.uniform(0, 1, (count, 8, 8, 2)).astype(np.float32), random.randint(0, 4, count)


def _fifty(tf, loss, optimizer):
  step = optimizer.minimize(loss, global_step=tf.train.get_or_create_global_step())
  return _run(tf, step, loss, 50, 7, tf.trainable_variables())


def mixed_net(tf):
  images, labels = _images()
  x = tf.constant(images)
  x = tf.nn.conv2d(x, tf.get_variable("k", [3, 3, 2, 6]), [1, 1, 1, 1], "SAME")
  x = tf.nn.max_pool(tf.nn.relu(x), [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
  one, two = tf.split(x, 2, 3)
  x = tf.concat([one * two, tf.square(one)], 3)
  flat = tf.reshape(x, [8, -1])
  table = tf.get_variable("table", [5, 4])
  logits = tf.matmul(flat, tf.get_variable("w", [96, 4])) + tf.gather(table, [0, 1, 1, 2, 3, 4, 0, 0])
  loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=labels))
  loss += 0.01 * tf.nn.l2_loss(table) + 0.1 * tf.reduce_mean(tf.reduce_max(logits, 1)[::2] ** 2)
  loss += tf.reduce_mean(tf.pow(tf.nn.softmax(logits), 3.0))
  return _fifty(tf, loss, tf.train.AdamOptimizer(0.01))


def perceptron(tf):
  images, labels = _images(16)
  x = tf.reshape(tf.constant(images), [16, -1])
  for size in (20, 10):
    x = tf.layers.dense(x, size, tf.nn.tanh, kernel_regularizer=tf.contrib.layers.l2_regularizer(0.01))
  logits = tf.layers.dense(x, 4)
  loss = tf.losses.sparse_softmax_cross_entropy(labels, logits) + tf.losses.get_regularization_loss()
  return _fifty(tf, loss, tf.train.MomentumOptimizer(0.1, 0.9))


def convolutional(tf):
  images, labels = _images()
  x = tf.layers.conv2d(tf.constant(images), 4, 3, padding="same", use_bias=False)
  x = tf.nn.relu(tf.layers.batch_normalization(x, training=True))
  x = tf.layers.max_pooling2d(x, 2, 2)
  x = tf.layers.conv2d(x, 6, 3, strides=2, activation=tf.nn.elu)
  x = tf.layers.conv2d_transpose(x, 3, 2, strides=2, activation=tf.nn.leaky_relu)
  x = tf.layers.average_pooling2d(x, 2, 1)
  logits = tf.layers.dense(tf.layers.flatten(x), 4)
  loss = tf.losses.softmax_cross_entropy(tf.one_hot(labels, 4), logits)
  with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    step = tf.train.RMSPropOptimizer(0.005).minimize(loss)
  return _run(tf, step, loss, 50, 7, tf.trainable_variables())


def recurrent(tf):
  x = tf.constant(_matrix(4, 6, 3), tf.float32)
  cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.LSTMCell(5), tf.nn.rnn_cell.GRUCell(4)])
  outputs, _ = tf.nn.dynamic_rnn(cell, x, sequence_length=[6, 3, 1, 5], dtype=tf.float32)
  loss = tf.reduce_mean(tf.square(outputs[:, -1] - 0.3)) + tf.reduce_mean(outputs ** 2)
  return _fifty(tf, loss, tf.train.AdagradOptimizer(0.2))


def words(tf):
  table = tf.get_variable("table", [20, 4])
  ids = tf.constant(np.random.RandomState(1).randint(0, 20, (6, 5)))
  x = tf.nn.embedding_lookup(table, ids)
  keys, queries = tf.layers.dense(x, 4, use_bias=False), tf.layers.dense(x, 4, use_bias=False)
  weights = tf.nn.softmax(tf.matmul(queries, keys, transpose_b=True) / 2.0)
  x = tf.contrib.layers.layer_norm(tf.matmul(weights, x) + x)
  logits = tf.layers.dense(tf.reduce_mean(x, 1), 3)
  loss = tf.losses.sparse_softmax_cross_entropy([0, 1, 2, 0, 1, 2], logits)
  return _fifty(tf, loss, tf.train.AdamOptimizer(0.02))


def penalty_on_gradients(tf):
  images, _ = _images(4)
  x = tf.constant(images)

  def critic(x):
    with tf.variable_scope("critic", reuse=tf.AUTO_REUSE):
      x = tf.layers.conv2d(x, 4, 3, strides=2, padding="same", activation=tf.nn.leaky_relu)
      x = tf.layers.conv2d(x, 5, 2, activation=tf.nn.relu)
      return tf.layers.dense(tf.layers.flatten(x), 1)

  between = x * 0.3 + 0.2
  slopes = tf.gradients(critic(between), [between])[0]
  norm = tf.sqrt(tf.reduce_sum(tf.square(slopes), [1, 2, 3]))
  loss = tf.reduce_mean(critic(x)) + 10.0 * tf.reduce_mean((norm - 1.0) ** 2)
  return _fifty(tf, loss, tf.train.AdamOptimizer(0.001, 0.0, 0.9))


def penalty_through_batch_norm(tf):
  x = tf.constant(_matrix(6, 4, 4, 2), tf.float32)
  y = tf.layers.conv2d(x, 3, 3, padding="same", use_bias=False)
  y = tf.nn.tanh(tf.layers.batch_normalization(y, training=True))
  y = tf.reduce_sum(tf.layers.max_pooling2d(y, 2, 2), [1, 2, 3])
  slopes = tf.gradients(y, x)[0]
  loss = tf.reduce_sum(y ** 2) + tf.reduce_mean(slopes ** 2)
  return _fifty(tf, loss, tf.train.GradientDescentOptimizer(0.01))


def penalty_through_frozen_batch_norm(tf):
  x = tf.constant(_matrix(6, 4, 4, 2), tf.float32)
  y = tf.nn.tanh(tf.layers.batch_normalization(tf.layers.conv2d(x, 3, 3), training=False))
  slopes = tf.gradients(y, x)[0]
  loss = tf.reduce_sum(y ** 2) + tf.reduce_mean(slopes ** 2)
  return _fifty(tf, loss, tf.train.GradientDescentOptimizer(0.01))
