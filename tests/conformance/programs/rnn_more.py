"""Recurrent networks: what is refused, states kept elsewhere, cells' own settings."""

import numpy as np
from said import tries


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).randn(*shape).astype(np.float32)


def refused(tf):
  rnn, cells = tf.nn, tf.nn.rnn_cell
  x = tf.constant(_x(2, 4, 3))
  return {"errors": tries(
    lambda: rnn.static_rnn(cells.GRUCell(3), []),
    lambda: rnn.static_rnn(cells.GRUCell(3), [x[:, 0]]),
    lambda: rnn.dynamic_rnn(cells.GRUCell(3), x, sequence_length=[[1], [2]], dtype=tf.float32),
    lambda: rnn.dynamic_rnn(cells.GRUCell(3), tf.placeholder(tf.float32, [2, 4, None]), dtype=tf.float32),
    lambda: cells.MultiRNNCell([]),
    lambda: cells.MultiRNNCell([cells.BasicLSTMCell(2)], state_is_tuple=False),
    lambda: cells.DropoutWrapper(cells.GRUCell(3), input_keep_prob=1.5),
    lambda: cells.DropoutWrapper(cells.GRUCell(3), output_keep_prob=-0.5),
    lambda: cells.DropoutWrapper(3),
    lambda: cells.DropoutWrapper(cells.GRUCell(3), variational_recurrent=True),
    lambda: cells.DropoutWrapper(cells.GRUCell(3), dropout_state_filter_visitor=3),
    lambda: cells.RNNCell().state_size,
    lambda: cells.RNNCell().output_size,
    lambda: cells.GRUCell(3).get_initial_state(),
    lambda: cells.GRUCell(3, dtype=tf.int32),
    lambda: cells.GRUCell(3)(tf.constant([[1, 2, 3]]), tf.zeros([1, 3])).name,
    lambda: cells.GRUCell(3)(tf.placeholder(tf.float32, [2, None]), tf.zeros([2, 3])).name,
    lambda: rnn.bidirectional_dynamic_rnn(3, cells.GRUCell(3), x, dtype=tf.float32),
    lambda: rnn.static_bidirectional_rnn(cells.GRUCell(3), cells.GRUCell(3), x, dtype=tf.float32),
    lambda: rnn.raw_rnn(cells.GRUCell(3), 5),
    lambda: rnn.raw_rnn(3, lambda *a: a),
    lambda: str(cells.GRUCell(3).get_initial_state(inputs=x).shape),
    lambda: cells.GRUCell(3).get_initial_state(inputs=x, batch_size=5),
    lambda: cells.GRUCell(3).get_initial_state(inputs=x, dtype=tf.float64),
  )}


def configs(tf):
  cells = tf.nn.rnn_cell
  made = [cells.BasicRNNCell(2), cells.GRUCell(2), cells.BasicLSTMCell(2), cells.LSTMCell(2, num_proj=1)]
  found = {type(cell).__name__: sorted(cell.get_config()) for cell in made}
  found["sizes"] = [str((cell.state_size, cell.output_size)) for cell in made]
  return found


def kept_state(tf):
  class Saver(object):
    def __init__(self):
      self.saved = []

    def state(self, name):
      return tf.ones([2, 3], name="kept_" + name)

    def save_state(self, name, value):
      self.saved.append(name)
      return tf.identity(value, name="saved_" + name)

  saver = Saver()
  x = [tf.constant(_x(2, 3, seed=i)) for i in range(2)]
  out, state = tf.nn.static_state_saving_rnn(tf.nn.rnn_cell.GRUCell(3), x, saver, "h")
  pair, both = tf.nn.static_state_saving_rnn(tf.nn.rnn_cell.BasicLSTMCell(3), x, saver, ("c", "h"), scope="two")
  return {"out": out, "state": state, "pair": pair, "c": both.c, "saved": saver.saved,
          "errors": tries(
            lambda: tf.nn.static_state_saving_rnn(tf.nn.rnn_cell.GRUCell(3), x, saver, ("a", "b")),
            lambda: tf.nn.static_state_saving_rnn(tf.nn.rnn_cell.BasicLSTMCell(3), x, saver, ("a", "b", "c")))}


def bidirectional_static_lengths(tf):
  x = [tf.constant(_x(2, 3, seed=i)) for i in range(3)]
  outs, fw, bw = tf.nn.static_bidirectional_rnn(
    tf.nn.rnn_cell.GRUCell(2), tf.nn.rnn_cell.GRUCell(2), x, dtype=tf.float32, sequence_length=[3, 1])
  return {"outs": outs, "fw": fw, "bw": bw}


def lstm_shards(tf):
  x = tf.constant(_x(2, 4, 3))
  cell = tf.nn.rnn_cell.LSTMCell(4, num_unit_shards=2, num_proj=2, num_proj_shards=2)
  out, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
  joined = tf.nn.rnn_cell.LSTMCell(4, state_is_tuple=False, num_proj=2)
  other, both = tf.nn.dynamic_rnn(joined, x, dtype=tf.float32, scope="joined")
  return {"out": out, "other": other, "both": both, "size": joined.state_size}


def joined_states(tf):
  x = tf.constant(_x(2, 4, 3))
  cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(3), tf.nn.rnn_cell.GRUCell(2)], state_is_tuple=False)
  out, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
  return {"out": out, "state": state, "size": cell.state_size, "zero": cell.zero_state(2, tf.float32),
          "trainable": [v.name for v in cell.trainable_weights], "rest": len(cell.non_trainable_weights)}


def nested_inputs(tf):
  class Pair(tf.nn.rnn_cell.RNNCell):
    state_size = 3
    output_size = (3, 2)

    def call(self, inputs, state):
      a, b = inputs
      new = tf.tanh(state + a)
      return (new, b * 2.0), new

  x, y = tf.constant(_x(2, 4, 3)), tf.constant(_x(2, 4, 2))
  out, state = tf.nn.dynamic_rnn(Pair(), (x, y), dtype=tf.float32, sequence_length=[4, 2])
  return {"a": out[0], "b": out[1], "state": state}


def residual_own(tf):
  x = tf.constant(_x(2, 4, 3))
  cell = tf.nn.rnn_cell.ResidualWrapper(tf.nn.rnn_cell.GRUCell(3), residual_fn=lambda i, o: i * 0.5 + o)
  out, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
  placed = tf.nn.rnn_cell.DeviceWrapper(tf.nn.rnn_cell.BasicLSTMCell(3), "/cpu:0")
  return {"out": out, "zero": placed.zero_state(2, tf.float32).c, "size": str(placed.state_size),
          "output": placed.output_size}


def dropped_states(tf):
  x = tf.constant(_x(2, 4, 3))
  cell = tf.nn.rnn_cell.DropoutWrapper(
    tf.nn.rnn_cell.LSTMCell(3), state_keep_prob=0.5, seed=7,
    dropout_state_filter_visitor=lambda s: isinstance(s, tf.nn.rnn_cell.LSTMStateTuple) and True)
  out, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
  return {"out": out, "c": state.c, "h": state.h}


def long_run_with_gradients(tf):
  x = tf.placeholder_with_default(_x(2, 6, 3), [None, None, 3])
  cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.LSTMCell(3, use_peepholes=True), tf.nn.rnn_cell.GRUCell(2)])
  out, state = tf.nn.dynamic_rnn(cell, x, sequence_length=[6, 3], dtype=tf.float32, swap_memory=True,
                                 parallel_iterations=8)
  loss = tf.reduce_sum(tf.square(out)) + tf.reduce_sum(state[1])
  return {"loss": loss, "grads": tf.gradients(loss, tf.trainable_variables() + [x])}
