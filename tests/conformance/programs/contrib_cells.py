"""The further cells of tf.contrib.rnn, in loops and step by step."""

import numpy as np


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).randn(*shape).astype(np.float32)


def _run(tf, make, **kwargs):
  """A cell in a loop, and another one step by step, with a gradient."""
  x = tf.constant(_x(2, 3, 4))
  out, state = tf.nn.dynamic_rnn(make(), x, dtype=tf.float32, scope="loop")
  steps, last = tf.nn.static_rnn(make(), tf.unstack(x, 3, 1), dtype=tf.float32, scope="steps")
  if kwargs.get("gradient"):
    tf.gradients(tf.reduce_sum(steps[-1]), tf.trainable_variables("steps"))
  return {"out": out, "state": str(state), "steps": steps, "last": str(last),
          "names": ["%s %s" % (v.name, v.shape) for v in tf.global_variables()]}


def _refused(tf, make):
  """What an error says; TensorFlow adds where its converted code raised it."""
  try:
    _run(tf, make)
  except ValueError as error:
    return {"said": str(error).strip().split("ValueError: ")[-1]}


def normalized(tf):
  return _run(tf, lambda: tf.contrib.rnn.LayerNormBasicLSTMCell(4), gradient=True)


def normalized_with_dropout(tf):
  return _run(tf, lambda: tf.contrib.rnn.LayerNormBasicLSTMCell(
    3, forget_bias=0.5, layer_norm=False, dropout_keep_prob=0.5, dropout_prob_seed=3))


def normalized_with_gain(tf):
  return _run(tf, lambda: tf.contrib.rnn.LayerNormBasicLSTMCell(
    3, norm_gain=0.5, norm_shift=0.1, activation=tf.nn.relu, dropout_keep_prob=0.9))


def coupled(tf):
  return _run(tf, lambda: tf.contrib.rnn.CoupledInputForgetGateLSTMCell(4), gradient=True)


def coupled_with_everything(tf):
  return _run(tf, lambda: tf.contrib.rnn.CoupledInputForgetGateLSTMCell(
    4, use_peepholes=True, num_proj=3, proj_clip=0.5, num_unit_shards=3, num_proj_shards=2,
    state_is_tuple=False))


def coupled_and_normalized(tf):
  return _run(tf, lambda: tf.contrib.rnn.CoupledInputForgetGateLSTMCell(4, layer_norm=True))


def coupled_in_too_many_shards(tf):
  return _refused(tf, lambda: tf.contrib.rnn.CoupledInputForgetGateLSTMCell(4, num_unit_shards=20))


def _phased(tf, **kwargs):
  cell = tf.contrib.rnn.PhasedLSTMCell(3, **kwargs)
  inputs = (tf.constant(_x(2, 1)), tf.constant(_x(2, 4)))
  out, state = cell(inputs, cell.zero_state(2, tf.float32))
  out2, state = cell(inputs, state)
  tf.gradients(tf.reduce_sum(out2), tf.trainable_variables())
  return {"names": ["%s %s" % (v.name, v.shape) for v in tf.trainable_variables()]}


def phased(tf):
  return _phased(tf)


def phased_with_peepholes(tf):
  return _phased(tf, use_peepholes=True, trainable_ratio_on=False, ratio_on=0.5, leak=0.1)


def grouped(tf):
  return _run(tf, lambda: tf.contrib.rnn.GLSTMCell(4, number_of_groups=2))


def grouped_and_projected(tf):
  return _run(tf, lambda: tf.contrib.rnn.GLSTMCell(
    6, number_of_groups=2, num_proj=2, initializer=tf.constant_initializer(0.1)))


def grouped_unevenly(tf):
  tf.contrib.rnn.GLSTMCell(5, number_of_groups=2)


def projected_unevenly(tf):
  tf.contrib.rnn.GLSTMCell(4, number_of_groups=2, num_proj=3)


def inputs_grouped_unevenly(tf):
  return _refused(tf, lambda: tf.contrib.rnn.GLSTMCell(3, number_of_groups=3))


def update_gate(tf):
  return _run(tf, lambda: tf.contrib.rnn.UGRNNCell(3, forget_bias=0.5), gradient=True)


def intersection(tf):
  return _run(tf, lambda: tf.contrib.rnn.IntersectionRNNCell(4), gradient=True)


def intersection_projected(tf):
  return _run(tf, lambda: tf.contrib.rnn.IntersectionRNNCell(3, num_in_proj=3))


def intersection_of_another_size(tf):
  return _refused(tf, lambda: tf.contrib.rnn.IntersectionRNNCell(3))


def searched(tf):
  return _run(tf, lambda: tf.contrib.rnn.NASCell(3), gradient=True)


def searched_and_projected(tf):
  return _run(tf, lambda: tf.contrib.rnn.NASCell(3, num_proj=2, use_bias=True))


def convolved_pictures(tf):
  cell = tf.contrib.rnn.Conv2DLSTMCell(
    input_shape=[5, 4, 2], output_channels=3, kernel_shape=[3, 3])
  out, state = tf.nn.dynamic_rnn(cell, tf.constant(_x(2, 3, 5, 4, 2)), dtype=tf.float32)
  return {"out": out, "c": state.c, "size": str(cell.state_size) + str(cell.output_size)}


def convolved_rows(tf):
  cell = tf.contrib.rnn.Conv1DLSTMCell(
    input_shape=[5, 2], output_channels=3, kernel_shape=[3], use_bias=False)
  out, state = cell(tf.constant(_x(2, 5, 2)), cell.zero_state(2, tf.float32))
  return {"out": out, "c": state.c}


def convolved_spaces(tf):
  cell = tf.contrib.rnn.ConvLSTMCell(
    conv_ndims=3, input_shape=[2, 3, 2, 1], output_channels=2, kernel_shape=[1, 2, 1],
    skip_connection=True)
  out, state = cell(tf.constant(_x(1, 2, 3, 2, 1)), cell.zero_state(1, tf.float32))
  return {"out": out, "c": state.c, "size": str(cell.output_size)}


def convolved_otherwise(tf):
  tf.contrib.rnn.ConvLSTMCell(2, [3, 2], 2, [2, 2])


def attending(tf):
  return _run(tf, lambda: tf.contrib.rnn.AttentionCellWrapper(
    tf.contrib.rnn.BasicLSTMCell(3), 2), gradient=True)


def attending_with_one_state(tf):
  return _run(tf, lambda: tf.contrib.rnn.AttentionCellWrapper(
    tf.contrib.rnn.GRUCell(3), 3, attn_size=4, attn_vec_size=2, input_size=5,
    state_is_tuple=False))


def attending_to_nothing(tf):
  tf.contrib.rnn.AttentionCellWrapper(tf.contrib.rnn.GRUCell(3), 0)


def attending_with_states(tf):
  tf.contrib.rnn.AttentionCellWrapper(
    tf.contrib.rnn.BasicLSTMCell(3), 2, state_is_tuple=False)


def highway(tf):
  return _run(tf, lambda: tf.contrib.rnn.HighwayWrapper(tf.contrib.rnn.GRUCell(4)), gradient=True)


def highway_of_two_gates(tf):
  return _run(tf, lambda: tf.contrib.rnn.HighwayWrapper(
    tf.contrib.rnn.GRUCell(4), couple_carry_transform_gates=False, carry_bias_init=0.5))


def stacked(tf):
  return _run(tf, lambda: tf.contrib.rnn.MultiRNNCell(
    [tf.contrib.rnn.LayerNormBasicLSTMCell(4), tf.contrib.rnn.HighwayWrapper(tf.contrib.rnn.NASCell(4))]))
