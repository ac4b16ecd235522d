"""tf.contrib.rnn cells whose units see no other units: IndRNN, IndyGRU, IndyLSTM, SRU."""

import numpy as np
from said import tries


def steps(tf):
  r = tf.contrib.rnn
  x = tf.constant(np.random.RandomState(0).randn(2, 3).astype(np.float32))
  made = {}
  for kind in ["IndRNNCell", "IndyGRUCell", "IndyLSTMCell", "SRUCell"]:
    cell = getattr(r, kind)(4)
    state = cell.zero_state(2, tf.float32)
    y, state = cell(x, state)
    made[kind] = [y, state, cell(y[:, :3], state)[0]]
    made[kind + "_sizes"] = [str(cell.state_size), cell.output_size, [v.name for v in cell.weights]]
  return made


def settings(tf):
  r = tf.contrib.rnn
  x = tf.constant(np.random.RandomState(0).randn(2, 3).astype(np.float32))
  ones = tf.ones_initializer()
  cells = [r.IndRNNCell(2, activation=tf.nn.relu, name="plain"), r.IndyGRUCell(2, kernel_initializer=ones, bias_initializer=ones),
           r.IndyLSTMCell(2, forget_bias=0.5, bias_initializer=ones, name="memory"), r.SRUCell(2, activation=tf.sigmoid)]
  made = {"y%d" % i: cell(x, cell.zero_state(2, tf.float32))[0] for i, cell in enumerate(cells)}
  unknown = tf.placeholder(tf.float32, [2, None])
  made["errors"] = tries(*[lambda kind=kind: getattr(r, kind)(2)(unknown, tf.zeros([2, 2])) for kind in ["IndRNNCell", "IndyGRUCell", "SRUCell"]])
  return made


def sequences(tf):
  r = tf.contrib.rnn
  x = tf.constant(np.random.RandomState(0).randn(2, 3, 4).astype(np.float32))
  with tf.variable_scope("a"):
    first = tf.nn.dynamic_rnn(r.IndyLSTMCell(3), x, dtype=tf.float32)
  with tf.variable_scope("b"):
    second = tf.nn.dynamic_rnn(r.MultiRNNCell([r.IndRNNCell(3), r.IndyGRUCell(2)]), x, dtype=tf.float32, sequence_length=[3, 1])
  return {"first": first, "second": second, "gradients": tf.gradients(tf.reduce_sum(first[0]), tf.trainable_variables("a"))}
