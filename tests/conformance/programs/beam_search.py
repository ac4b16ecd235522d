"""tf.contrib.seq2seq.BeamSearchDecoder and gather_tree."""

import numpy as np


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).randn(*shape).astype(np.float32)


def _decoded(tf, cell, state, **kwargs):
  embedding = tf.get_variable("embedding", initializer=_x(5, 3))
  steps = kwargs.pop("steps", 4)
  impute = kwargs.pop("impute", False)
  decoder = tf.contrib.seq2seq.BeamSearchDecoder(
    cell, kwargs.pop("embedding", embedding), kwargs.pop("start", tf.fill([2], 1)), 2, state, 3, **kwargs)
  outputs, state, lengths = tf.contrib.seq2seq.dynamic_decode(
    decoder, maximum_iterations=steps, impute_finished=impute)
  return {"ids": outputs.predicted_ids, "lengths": lengths, "final": state.lengths,
          "scores": outputs.beam_search_decoder_output.scores,
          "parents": outputs.beam_search_decoder_output.parent_ids,
          "log_probs": state.log_probs, "finished": state.finished,
          "shapes": str([outputs.predicted_ids.shape, state.log_probs.shape])}


def searched(tf):
  cell = tf.contrib.rnn.GRUCell(4)
  state = tf.contrib.seq2seq.tile_batch(tf.constant(_x(2, 4)), 3)
  return _decoded(tf, cell, state, output_layer=tf.layers.Dense(5))


def searched_with_layers(tf):
  cell = tf.contrib.rnn.MultiRNNCell([tf.contrib.rnn.BasicLSTMCell(4) for _ in range(2)])
  return _decoded(tf, cell, cell.zero_state(6, tf.float32), steps=6,
                  output_layer=tf.layers.Dense(5, use_bias=False), length_penalty_weight=0.8)


def searched_by_a_function(tf):
  cell = tf.contrib.rnn.GRUCell(4)
  return _decoded(tf, cell, cell.zero_state(6, tf.float32), embedding=lambda ids: tf.one_hot(ids, 4))


def searched_until_the_end(tf):
  cell = tf.contrib.rnn.GRUCell(5)
  bias = tf.constant_initializer([0.0, 0.0, 0.7, 0.0, 0.0])
  return _decoded(tf, cell, cell.zero_state(6, tf.float32), steps=None,
                  output_layer=tf.layers.Dense(5, bias_initializer=bias))


def _attending(tf, **kwargs):
  memory = tf.contrib.seq2seq.tile_batch(tf.constant(_x(2, 6, 4)), 3)
  attention = tf.contrib.seq2seq.LuongAttention(4, memory)
  cell = tf.contrib.seq2seq.AttentionWrapper(tf.contrib.rnn.GRUCell(4), attention,
                                             attention_layer_size=4,
                                             alignment_history=kwargs.pop("history", False))
  return _decoded(tf, cell, cell.zero_state(6, tf.float32), output_layer=tf.layers.Dense(5),
                  **kwargs)


def searched_with_attention(tf):
  return _attending(tf)


def searched_with_coverage(tf):
  return _attending(tf, coverage_penalty_weight=0.5, length_penalty_weight=1.0)


def searched_with_history(tf):
  return _attending(tf, history=True)


def searched_with_history_left(tf):
  return _attending(tf, history=True, reorder_tensor_arrays=False)


def coverage_without_attention(tf):
  cell = tf.contrib.rnn.GRUCell(4)
  return _decoded(tf, cell, cell.zero_state(6, tf.float32), coverage_penalty_weight=0.5)


def state_of_another_batch(tf):
  cell = tf.contrib.rnn.GRUCell(4)
  return _decoded(tf, cell, cell.zero_state(2, tf.float32), output_layer=tf.layers.Dense(5))


def starts_of_rank_0(tf):
  cell = tf.contrib.rnn.GRUCell(4)
  tf.contrib.seq2seq.BeamSearchDecoder(cell, lambda ids: ids, 1, 2, cell.zero_state(6, tf.float32), 3)


def ends_of_rank_1(tf):
  cell = tf.contrib.rnn.GRUCell(4)
  tf.contrib.seq2seq.BeamSearchDecoder(cell, lambda ids: ids, [1], [2], cell.zero_state(6, tf.float32), 3)


def layer_that_is_none(tf):
  cell = tf.contrib.rnn.GRUCell(4)
  tf.contrib.seq2seq.BeamSearchDecoder(cell, lambda ids: ids, [1], 2, cell.zero_state(6, tf.float32), 3,
                                       output_layer=7)


def tree(tf):
  steps = np.random.RandomState(1).randint(0, 9, (5, 2, 3)).astype(np.int32)
  parents = np.random.RandomState(2).randint(0, 3, (5, 2, 3)).astype(np.int32)
  gather_tree = tf.contrib.seq2seq.gather_tree
  return {"a": gather_tree(steps, parents, [5, 3], 7), "b": gather_tree(steps, parents, [9, 0], 2)}


def tree_of_no_parents(tf):
  steps, parents = np.ones((5, 2, 3), np.int32), np.zeros((5, 2, 3), np.int32)
  parents[2, 0, 0], parents[3, 1, 0] = -1, 7
  return {"tree": tf.contrib.seq2seq.gather_tree(steps, parents, [5, 4], 10)}


def _tree_of(tf, *values):
  given = [tf.placeholder_with_default(np.array(v, np.int32), None) for v in values]
  return {"tree": tf.contrib.seq2seq.gather_tree(*given)}


def tree_of_another_rank(tf):
  return _tree_of(tf, np.zeros([2, 3]), np.zeros([2, 3, 1]), [1, 1, 1], 0)


def tree_of_another_shape(tf):
  return _tree_of(tf, np.zeros([2, 3, 2]), np.zeros([2, 3, 1]), [1, 1, 1], 0)


def tree_of_other_lengths(tf):
  return _tree_of(tf, np.zeros([2, 3, 1]), np.zeros([2, 3, 1]), [1, 1], 0)


def tree_of_many_ends(tf):
  return _tree_of(tf, np.zeros([2, 3, 1]), np.zeros([2, 3, 1]), [1, 1, 1], [0])


def tree_known_to_be_wrong(tf):
  tf.contrib.seq2seq.gather_tree(np.zeros([2, 3, 1], np.int32), np.zeros([2, 3, 2], np.int32), [1, 1, 1], 0)


def tree_of_lengths_known_to_be_wrong(tf):
  tf.contrib.seq2seq.gather_tree(np.zeros([2, 3, 1], np.int32), np.zeros([2, 3, 1], np.int32), [1, 1], 0)


def _remembering(tf, shape, **kwargs):
  """A cell that keeps all its outputs, in a TensorArray of elements of a shape."""

  class Cell(tf.contrib.rnn.RNNCell):
    state_size = (4, tf.TensorShape([]), tf.TensorShape([]))
    output_size = 4

    def call(self, inputs, state):
      values, time, kept = state
      values = tf.tanh(values + tf.reduce_sum(inputs, 1, keepdims=True))
      return values, (values, time + 1, kept.write(time, values))

  kept = tf.TensorArray(tf.float32, 0, dynamic_size=True, element_shape=shape)
  state = (tf.constant(_x(6, 4)), tf.constant(0), kept)
  found = _decoded(tf, Cell(), state, output_layer=tf.layers.Dense(5), **kwargs)
  found["operations"] = len(tf.get_default_graph().get_operations())
  return found


def remembered_in_order(tf):
  return _remembering(tf, [6, 4])


def remembered_of_unknown_batch(tf):
  return _remembering(tf, [None, 4])


def remembered_of_unknown_rank(tf):
  return _remembering(tf, None)


def remembered_in_order_of_unknown_batch(tf):
  start = tf.placeholder_with_default(np.array([1, 1], np.int32), [None])
  return _remembering(tf, [6, 4], start=start)
