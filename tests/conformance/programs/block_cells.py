"""Recurrent cells and networks whose steps are one operation, with their gradients."""

import numpy as np
import said


def _x(*shape):
  return np.random.RandomState(0).randn(*shape).astype(np.float32)


def _trained(tf, out, state):
  """Outputs and state, and how the variables would change."""
  variables = tf.trainable_variables()
  loss = tf.reduce_sum(tf.square(out))
  return {"out": out, "state": str(state), "grads": tf.gradients(loss, variables),
          "names": ["%s %s" % (v.name, v.shape) for v in variables]}


def _in_a_loop(tf, cell, depth=3):
  lengths = tf.constant([3, 1])
  return _trained(tf, *tf.nn.dynamic_rnn(
    cell, tf.constant(_x(2, 3, depth)), sequence_length=lengths, dtype=tf.float32))


def lstm(tf):
  return _in_a_loop(tf, tf.contrib.rnn.LSTMBlockCell(4))


def lstm_with_peepholes(tf):
  return _in_a_loop(tf, tf.contrib.rnn.LSTMBlockCell(
    4, forget_bias=0.5, cell_clip=0.1, use_peephole=True, name="own"))


def gru(tf):
  return _in_a_loop(tf, tf.contrib.rnn.GRUBlockCell(4))


def gru_with_other_names(tf):
  return _in_a_loop(tf, tf.contrib.rnn.GRUBlockCellV2(num_units=4))


def cudnn_lstm(tf):
  return _in_a_loop(tf, tf.contrib.cudnn_rnn.CudnnCompatibleLSTMCell(4))


def cudnn_gru(tf):
  return _in_a_loop(tf, tf.contrib.cudnn_rnn.CudnnCompatibleGRUCell(4))


def layers(tf):
  cells = [tf.contrib.rnn.LSTMBlockCell(n) for n in (4, 3)]
  return _in_a_loop(tf, tf.contrib.rnn.MultiRNNCell(cells))


def unknown_batch(tf):
  x = tf.placeholder_with_default(_x(2, 3), [None, 3])
  cell = tf.contrib.rnn.LSTMBlockCell(4)
  state = cell.zero_state(tf.shape(x)[0], tf.float32)
  return _trained(tf, *cell(x, state))


def _fused(tf, sequence, **kwargs):
  cell = tf.contrib.rnn.LSTMBlockFusedCell(4, **kwargs)
  return _trained(tf, *cell(sequence, dtype=tf.float32))


def fused(tf):
  return _fused(tf, tf.constant(_x(3, 2, 3)))


def fused_with_peepholes(tf):
  return _fused(tf, tf.constant(_x(3, 2, 3)), use_peephole=True, cell_clip=0.2, forget_bias=2.)


def fused_to_lengths(tf):
  cell = tf.contrib.rnn.LSTMBlockFusedCell(4)
  first = (tf.ones([2, 4]), tf.zeros([2, 4]))
  x = tf.placeholder_with_default(_x(3, 2, 3), [None, None, 3])
  return _trained(tf, *cell(x, initial_state=first, sequence_length=[2, 3]))


def both_directions(tf):
  rnn = tf.contrib.rnn
  x, lengths = tf.constant(_x(3, 2, 3)), tf.constant([2, 3])
  forth, back = rnn.LSTMBlockFusedCell(4), rnn.TimeReversedFusedRNN(rnn.LSTMBlockFusedCell(3))
  with tf.variable_scope("forth"):
    a, _ = forth(x, dtype=tf.float32, sequence_length=lengths)
  with tf.variable_scope("back"):
    b, state = back(x, dtype=tf.float32, sequence_length=lengths)
  c, _ = rnn.TimeReversedFusedRNN(rnn.FusedRNNCellAdaptor(rnn.GRUBlockCell(2)))(
    tf.unstack(x), dtype=tf.float32)
  return _trained(tf, tf.concat([a, b, tf.stack(c)], 2), state)


def adapted(tf):
  rnn = tf.contrib.rnn
  x = tf.constant(_x(3, 2, 3))
  a, _ = rnn.FusedRNNCellAdaptor(rnn.GRUBlockCell(2), use_dynamic_rnn=True)(
    tf.unstack(x), dtype=tf.float32, scope="listed")
  b, state = rnn.FusedRNNCellAdaptor(rnn.GRUBlockCell(2))(x, dtype=tf.float32, scope="not")
  return _trained(tf, tf.concat([tf.stack(a), b], 2), state)


def _told(error):
  """What an error says; TensorFlow adds where its converted code raised it."""
  return "%s: %s" % (type(error).__name__, str(error).strip().split("Error: ")[-1])


def refused(tf):
  rnn = tf.contrib.rnn

  def shaped(*shape):
    return tf.placeholder(tf.float32, shape)

  def fused_cell(*args, **kwargs):
    return rnn.LSTMBlockFusedCell(4)(*args, **kwargs)

  state = (shaped(2, 4), shaped(2, 4))
  return said.tries(
    lambda: rnn.LSTMBlockCell(4)(shaped(2, None), state),
    lambda: rnn.LSTMBlockCell(4)(shaped(2, 3), state + state),
    lambda: rnn.LSTMBlockCell(4)(shaped(2, 3, 3), state),
    lambda: rnn.GRUBlockCell(4)(shaped(2, 3), shaped(2, 5)),
    lambda: rnn.GRUBlockCell(4)(shaped(2, None), shaped(2, 4)),
    lambda: rnn.GRUBlockCell(4, cell_size=3),
    lambda: rnn.GRUBlockCell(),
    lambda: fused_cell(shaped(2, 3, 4)),
    lambda: fused_cell(shaped(2, 3), dtype=tf.float32),
    lambda: fused_cell(shaped(2, 3, 4), initial_state=(shaped(3, 4),)),
    lambda: fused_cell([shaped(3, 4), shaped(3, 4)], dtype=tf.float32),
    told=_told)
