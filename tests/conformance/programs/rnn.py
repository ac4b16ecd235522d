"""Recurrent cells, their wrappers, and the functions that unroll them."""

import numpy as np


def _x(*shape, **kwargs):
  seed = kwargs.get("seed", 0)
  return np.random.RandomState(seed).randn(*shape).astype(np.float32)


def _names(tf):
  return ["%s %s" % (v.name, v.shape) for v in tf.global_variables()]


def basic_rnn_dynamic(tf):
  x = tf.constant(_x(2, 5, 3))
  out, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicRNNCell(4), x, dtype=tf.float32)
  return {"out": out, "state": state, "names": _names(tf), "shape": str(out.shape)}


def lstm_dynamic(tf):
  x = tf.placeholder_with_default(_x(2, 5, 3), [None, 5, 3])
  cell = tf.nn.rnn_cell.BasicLSTMCell(4)
  out, (c, h) = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
  return {"out": out, "c": c, "h": h, "names": _names(tf), "size": str(cell.state_size)}


def lstm_dynamic_lengths(tf):
  x = tf.placeholder_with_default(_x(3, 5, 3), [None, None, 3])
  lengths = tf.placeholder_with_default(np.array([5, 2, 0], np.int32), [None])
  cell = tf.nn.rnn_cell.LSTMCell(4)
  out, state = tf.nn.dynamic_rnn(cell, x, sequence_length=lengths, dtype=tf.float32)
  return {"out": out, "c": state.c, "h": state.h, "names": _names(tf)}


def lstm_initial_state(tf):
  x = tf.constant(_x(2, 5, 3))
  cell = tf.nn.rnn_cell.BasicLSTMCell(4, forget_bias=0.0, name="mine")
  start = cell.zero_state(2, tf.float32)
  with tf.variable_scope("net"):
    out, state = tf.nn.dynamic_rnn(cell, x, initial_state=start)
  return {"out": out, "c": state.c, "names": _names(tf)}


def lstm_time_major(tf):
  x = tf.constant(_x(5, 2, 3))
  out, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), x, dtype=tf.float32,
                                 time_major=True, scope="tm")
  return {"out": out, "state": state, "names": _names(tf)}


def gru_lengths(tf):
  x = tf.constant(_x(3, 4, 2))
  cell = tf.nn.rnn_cell.GRUCell(3, activation=tf.nn.relu,
                                kernel_initializer=tf.orthogonal_initializer())
  out, state = tf.nn.dynamic_rnn(cell, x, sequence_length=[4, 1, 2], dtype=tf.float32)
  return {"out": out, "state": state}


def lstm_settings(tf):
  x = tf.constant(_x(2, 4, 3))
  cell = tf.nn.rnn_cell.LSTMCell(4, use_peepholes=True, cell_clip=0.5, num_proj=2, proj_clip=0.2,
                                 initializer=tf.random_uniform_initializer(-0.1, 0.1))
  out, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
  return {"out": out, "c": state.c, "h": state.h, "names": _names(tf)}


def lstm_joined_state(tf):
  x = tf.constant(_x(2, 4, 3))
  cell = tf.nn.rnn_cell.BasicLSTMCell(4, state_is_tuple=False)
  out, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
  return {"out": out, "state": state, "size": cell.state_size}


def multi_lstm(tf):
  x = tf.constant(_x(2, 4, 3))
  cells = [tf.nn.rnn_cell.BasicLSTMCell(n) for n in (4, 5)]
  stacked = tf.nn.rnn_cell.MultiRNNCell(cells)
  out, state = tf.nn.dynamic_rnn(stacked, x, dtype=tf.float32)
  return {"out": out, "c": state[1].c, "names": _names(tf),
          "zero": stacked.zero_state(2, tf.float32)[0].h}


def multi_same_cell(tf):
  cell = tf.nn.rnn_cell.GRUCell(3)
  stacked = tf.nn.rnn_cell.MultiRNNCell([cell] * 2)
  out, state = tf.nn.dynamic_rnn(stacked, tf.constant(_x(2, 4, 3)), dtype=tf.float32)
  return {"out": out, "names": _names(tf)}


def multi_same_cell_wrong_size(tf):
  cell = tf.nn.rnn_cell.GRUCell(3)
  stacked = tf.nn.rnn_cell.MultiRNNCell([cell] * 2)
  try:
    tf.nn.dynamic_rnn(stacked, tf.constant(_x(2, 4, 5)), dtype=tf.float32)
  except ValueError as error:
    return {"error": str(error).strip().split("\n")[-1].split("ValueError: ")[-1].strip()}


def multi_of_one(tf):
  return {"cell": tf.nn.rnn_cell.MultiRNNCell("cells")}


def wrappers(tf):
  x = tf.constant(_x(2, 4, 3))
  rnn_cell = tf.nn.rnn_cell
  dropped = rnn_cell.DropoutWrapper(rnn_cell.BasicLSTMCell(3), input_keep_prob=0.8,
                                    output_keep_prob=0.5, seed=3)
  residual = rnn_cell.ResidualWrapper(rnn_cell.GRUCell(3))
  placed = rnn_cell.DeviceWrapper(rnn_cell.GRUCell(3), "/cpu:0")
  a, _ = tf.nn.dynamic_rnn(dropped, x, dtype=tf.float32, scope="a")
  b, _ = tf.nn.dynamic_rnn(residual, x, dtype=tf.float32, scope="b")
  c, _ = tf.nn.dynamic_rnn(placed, x, dtype=tf.float32, scope="c")
  return {"a": a, "b": b, "c": c, "names": _names(tf)}


def dropout_by_tensor(tf):
  x = tf.constant(_x(2, 4, 3))
  keep = tf.placeholder_with_default(0.5, [], name="keep")
  cells = [tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.BasicLSTMCell(3), output_keep_prob=keep)
           for _ in range(2)]
  out, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.MultiRNNCell(cells, state_is_tuple=True), x,
                                 dtype=tf.float32)
  return {"out": out, "names": _names(tf)}


def dropout_variational(tf):
  x = tf.constant(_x(2, 4, 3))
  cell = tf.nn.rnn_cell.DropoutWrapper(
    tf.nn.rnn_cell.BasicLSTMCell(3), input_keep_prob=0.9, output_keep_prob=0.7,
    state_keep_prob=0.8, variational_recurrent=True, input_size=3, dtype=tf.float32)
  out, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
  return {"out": out}


def static(tf):
  x = [tf.constant(_x(2, 3, seed=i)) for i in range(3)]
  out, state = tf.nn.static_rnn(tf.nn.rnn_cell.BasicLSTMCell(4), x, dtype=tf.float32)
  return {"out": out, "c": state.c, "names": _names(tf)}


def static_from_unstack(tf):
  x = tf.placeholder_with_default(_x(2, 3, 4), [None, 3, 4])
  steps = tf.unstack(x, 3, 1)
  with tf.variable_scope("rnn_net"):
    out, state = tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(4), steps, dtype=tf.float32)
  return {"last": out[-1], "state": state, "names": _names(tf)}


def static_lengths(tf):
  x = [tf.constant(_x(2, 3, seed=i)) for i in range(3)]
  out, state = tf.nn.static_rnn(tf.nn.rnn_cell.BasicRNNCell(4), x, dtype=tf.float32,
                                sequence_length=tf.constant([1, 3]))
  return {"out": out, "state": state}


def bidirectional_dynamic(tf):
  x = tf.placeholder_with_default(_x(2, 5, 3), [None, 5, 3])
  fw, bw = tf.nn.rnn_cell.LSTMCell(4), tf.nn.rnn_cell.LSTMCell(4)
  outs, states = tf.nn.bidirectional_dynamic_rnn(fw, bw, x, dtype=tf.float32)
  return {"out": tf.concat(outs, 2), "h": states[1].h, "names": _names(tf)}


def bidirectional_lengths(tf):
  x = tf.constant(_x(3, 5, 2))
  fw, bw = tf.nn.rnn_cell.GRUCell(3), tf.nn.rnn_cell.GRUCell(3)
  outs, states = tf.nn.bidirectional_dynamic_rnn(fw, bw, x, sequence_length=[5, 3, 1],
                                                 dtype=tf.float32, scope="bi")
  return {"fw": outs[0], "bw": outs[1], "state": states[1], "names": _names(tf)}


def bidirectional_static(tf):
  x = [tf.constant(_x(2, 3, seed=i)) for i in range(3)]
  outs, fw, bw = tf.nn.static_bidirectional_rnn(
    tf.nn.rnn_cell.BasicLSTMCell(4), tf.nn.rnn_cell.BasicLSTMCell(4), x, dtype=tf.float32)
  return {"out": outs, "fw": fw.h, "bw": bw.c, "names": _names(tf)}


def raw(tf):
  x = tf.TensorArray(tf.float32, size=4).unstack(tf.constant(_x(4, 2, 3)))
  cell = tf.nn.rnn_cell.GRUCell(3)

  def step(time, output, state, loop_state):
    if output is None:
      state = cell.zero_state(2, tf.float32)
    finished = time >= tf.constant([4, 2])
    done = tf.reduce_all(finished)
    value = tf.cond(done, lambda: tf.zeros([2, 3]), lambda: x.read(time))
    return finished, value, state, output, None

  outs, state, _ = tf.nn.raw_rnn(cell, step)
  return {"out": outs.stack(), "state": state}


def by_hand(tf):
  x = tf.constant(_x(4, 2, 3))
  cell = tf.nn.rnn_cell.BasicLSTMCell(3)
  state = cell.zero_state(2, tf.float32)
  outs = []
  with tf.variable_scope("RNN"):
    for i in range(4):
      if i > 0:
        tf.get_variable_scope().reuse_variables()
      out, state = cell(x[i], state)
      outs.append(out)
  return {"outs": outs, "c": state.c, "names": _names(tf)}


def cell_called_in_two_scopes(tf):
  x = tf.constant(_x(2, 3))
  cell = tf.nn.rnn_cell.GRUCell(3)
  with tf.variable_scope("a"):
    one, _ = cell(x, x)
  with tf.variable_scope("b"):
    two, _ = cell(x, x)
  return {"one": one, "two": two, "names": _names(tf)}


def reuse_of_unrolling(tf):
  def net(x, reuse):
    with tf.variable_scope("net", reuse=reuse):
      out, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(3), x, dtype=tf.float32)
      return tf.layers.dense(out[:, -1], 2)

  a = net(tf.constant(_x(2, 4, 3)), False)
  b = net(tf.constant(_x(2, 6, 3)), True)
  return {"a": a, "b": b, "names": _names(tf)}


def twice_without_reuse(tf):
  x = tf.constant(_x(2, 4, 3))
  tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(3), x, dtype=tf.float32)
  tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(3), x, dtype=tf.float32)


def no_dtype(tf):
  tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(3), tf.constant(_x(2, 4, 3)))


def not_a_cell(tf):
  tf.nn.dynamic_rnn(3, tf.constant(_x(2, 4, 3)), dtype=tf.float32)


def wrong_initial_state(tf):
  cell = tf.nn.rnn_cell.BasicLSTMCell(3)
  try:
    tf.nn.dynamic_rnn(cell, tf.constant(_x(2, 4, 3)), initial_state=tf.zeros([2, 3]))
  except TypeError as error:
    return {"error": str(error).split("\n")[0]}


def static_of_tensor(tf):
  tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(3), tf.constant(_x(2, 4, 3)), dtype=tf.float32)


def own_cell(tf):
  class Adder(tf.nn.rnn_cell.RNNCell):
    def __init__(self, units, **kwargs):
      super(Adder, self).__init__(**kwargs)
      self._units = units

    @property
    def state_size(self):
      return self._units

    @property
    def output_size(self):
      return self._units

    def call(self, inputs, state):
      w = tf.get_variable("w", [inputs.get_shape()[1].value, self._units])
      new = tf.tanh(tf.matmul(inputs, w) + state)
      return new, new

  out, state = tf.nn.dynamic_rnn(Adder(4), tf.constant(_x(2, 3, 3)), dtype=tf.float32)
  return {"out": out, "state": state, "names": _names(tf)}


def old_style_cell(tf):
  class Plain(tf.nn.rnn_cell.RNNCell):
    state_size = 3
    output_size = 3

    def __call__(self, inputs, state, scope=None):
      with tf.variable_scope(scope or type(self).__name__):
        w = tf.get_variable("w", [3, 3])
        new = tf.tanh(tf.matmul(inputs, w) + state)
      return new, new

  out, state = tf.nn.dynamic_rnn(Plain(), tf.constant(_x(2, 3, 3)), dtype=tf.float32)
  return {"out": out, "state": state, "names": _names(tf)}


def language_model(tf):
  words = tf.placeholder_with_default(np.arange(12).reshape(3, 4) % 7, [None, 4])
  table = tf.get_variable("embedding", [7, 5])
  x = tf.nn.embedding_lookup(table, words)
  cell = tf.nn.rnn_cell.MultiRNNCell(
    [tf.nn.rnn_cell.LSTMCell(6, state_is_tuple=True) for _ in range(2)], state_is_tuple=True)
  out, last = tf.nn.dynamic_rnn(cell, x, initial_state=cell.zero_state(3, tf.float32))
  flat = tf.reshape(out, [-1, 6])
  w = tf.get_variable("softmax_w", [6, 7])
  b = tf.get_variable("softmax_b", [7], initializer=tf.zeros_initializer())
  logits = tf.nn.xw_plus_b(flat, w, b)
  loss = tf.nn.sparse_softmax_cross_entropy_with_logits(
    labels=tf.reshape(words, [-1]), logits=logits)
  return {"loss": tf.reduce_mean(loss), "names": _names(tf)}


def state_sizes(tf):
  cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.LSTMCell(3, num_proj=2),
                                      tf.nn.rnn_cell.GRUCell(4)])
  zero = cell.zero_state(tf.constant(2), tf.float32)
  return {"size": str(cell.state_size), "out": cell.output_size, "c": zero[0].c, "gru": zero[1]}


def regularized_cell(tf):
  with tf.variable_scope("s", regularizer=tf.contrib.layers.l2_regularizer(0.1),
                         initializer=tf.constant_initializer(0.1)):
    out, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(3), tf.constant(_x(2, 3, 2)),
                               dtype=tf.float32)
  return {"out": out, "losses": tf.losses.get_regularization_losses()}
