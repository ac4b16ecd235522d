"""tf.contrib.seq2seq: helpers, decoders, attention."""

import numpy as np


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).randn(*shape).astype(np.float32)


def _names(tf):
  return ["%s %s" % (v.name, v.shape) for v in tf.global_variables()]


def training(tf):
  s2s = tf.contrib.seq2seq
  x = tf.placeholder_with_default(_x(3, 4, 2), [None, None, 2])
  helper = s2s.TrainingHelper(x, tf.constant([4, 2, 3]))
  cell = tf.contrib.rnn.GRUCell(5)
  decoder = s2s.BasicDecoder(cell, helper, cell.zero_state(3, tf.float32))
  out, state, lengths = s2s.dynamic_decode(decoder)
  return {"out": out.rnn_output, "ids": out.sample_id, "state": state, "lengths": lengths,
          "names": _names(tf), "shape": str(out.rnn_output.shape)}


def training_projected(tf):
  s2s = tf.contrib.seq2seq
  x = tf.constant(_x(3, 4, 2))
  helper = s2s.TrainingHelper(inputs=x, sequence_length=[4, 2, 3], name="helper")
  cell = tf.contrib.rnn.BasicLSTMCell(5)
  layer = tf.layers.Dense(6, name="projection")
  decoder = s2s.BasicDecoder(cell, helper, cell.zero_state(3, tf.float32), layer)
  out, state, lengths = s2s.dynamic_decode(decoder, impute_finished=True, maximum_iterations=3,
                                           scope="dec")
  return {"out": out.rnn_output, "ids": out.sample_id, "c": state.c, "lengths": lengths,
          "names": _names(tf)}


def training_time_major(tf):
  s2s = tf.contrib.seq2seq
  helper = s2s.TrainingHelper(tf.constant(_x(4, 3, 2)), [4, 2, 3], time_major=True)
  cell = tf.contrib.rnn.GRUCell(5)
  out, _, _ = s2s.dynamic_decode(
    s2s.BasicDecoder(cell, helper, cell.zero_state(3, tf.float32)), output_time_major=True)
  return {"out": out.rnn_output}


def greedy(tf):
  s2s = tf.contrib.seq2seq
  table = tf.get_variable("table", [7, 3])
  helper = s2s.GreedyEmbeddingHelper(table, tf.fill([2], 1), 2)
  cell = tf.contrib.rnn.GRUCell(4)
  decoder = s2s.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32), tf.layers.Dense(7))
  out, _, lengths = s2s.dynamic_decode(decoder, maximum_iterations=5)
  return {"ids": out.sample_id, "lengths": lengths, "names": _names(tf)}


def sampled(tf):
  s2s = tf.contrib.seq2seq
  table = tf.get_variable("table", [7, 3])
  helper = s2s.SampleEmbeddingHelper(table, tf.fill([2], 1), 2, softmax_temperature=0.5, seed=3)
  cell = tf.contrib.rnn.GRUCell(4)
  decoder = s2s.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32), tf.layers.Dense(7))
  out, _, lengths = s2s.dynamic_decode(decoder, maximum_iterations=5)
  return {"ids": out.sample_id, "lengths": lengths}


def training_then_greedy(tf):
  s2s = tf.contrib.seq2seq
  table = tf.get_variable("table", [7, 3])
  layer = tf.layers.Dense(7, use_bias=False)
  with tf.variable_scope("decode"):
    cell = tf.contrib.rnn.BasicLSTMCell(4)
    ids = tf.constant([[1, 3, 4], [1, 5, 6]])
    helper = s2s.TrainingHelper(tf.nn.embedding_lookup(table, ids), [3, 2])
    out, _, _ = s2s.dynamic_decode(
      s2s.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32), layer))
  with tf.variable_scope("decode", reuse=True):
    start = tf.tile(tf.constant([1], dtype=tf.int32), [2], name="start_tokens")
    helper = s2s.GreedyEmbeddingHelper(table, start, 2)
    inferred, _, _ = s2s.dynamic_decode(
      s2s.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32), layer),
      impute_finished=True, maximum_iterations=4)
  loss = s2s.sequence_loss(out.rnn_output, ids, tf.ones([2, 3]))
  return {"loss": loss, "ids": inferred.sample_id, "names": _names(tf)}


def own_helper(tf):
  s2s = tf.contrib.seq2seq
  helper = s2s.CustomHelper(
    initialize_fn=lambda: (tf.constant([False, False]), tf.zeros([2, 3])),
    sample_fn=lambda time, outputs, state: tf.cast(tf.argmax(outputs, 1), tf.int32),
    next_inputs_fn=lambda time, outputs, state, sample_ids: (
      tf.tile([time >= 2], [2]), outputs[:, :3], state))
  cell = tf.contrib.rnn.GRUCell(4)
  out, _, lengths = s2s.dynamic_decode(
    s2s.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32)))
  return {"out": out.rnn_output, "lengths": lengths}


def _attend(tf, make, **settings):
  s2s = tf.contrib.seq2seq
  memory = tf.constant(_x(3, 5, 4))
  mechanism = make(s2s, memory)
  cell = s2s.AttentionWrapper(tf.contrib.rnn.BasicLSTMCell(6), mechanism, **settings)
  helper = s2s.TrainingHelper(tf.constant(_x(3, 4, 2, seed=1)), [4, 2, 3])
  decoder = s2s.BasicDecoder(cell, helper, cell.zero_state(3, tf.float32))
  out, state, _ = s2s.dynamic_decode(decoder)
  return {"out": out.rnn_output, "alignments": state.alignments, "names": _names(tf)}


def luong(tf):
  return _attend(tf, lambda s2s, m: s2s.LuongAttention(6, m), attention_layer_size=5)


def luong_scaled(tf):
  return _attend(tf, lambda s2s, m: s2s.LuongAttention(
    6, m, memory_sequence_length=[5, 2, 3], scale=True), output_attention=False)


def bahdanau(tf):
  return _attend(tf, lambda s2s, m: s2s.BahdanauAttention(
    3, m, memory_sequence_length=tf.constant([5, 2, 3])), attention_layer_size=5)


def bahdanau_normed(tf):
  return _attend(tf, lambda s2s, m: s2s.BahdanauAttention(3, m, normalize=True))


def several_memories(tf):
  found = _attend(tf, lambda s2s, m: [s2s.LuongAttention(6, m), s2s.BahdanauAttention(3, m)],
                  attention_layer_size=[3, 2])
  found["alignments"] = list(found["alignments"])
  return found


def attention_with_state(tf):
  s2s = tf.contrib.seq2seq
  x = tf.placeholder_with_default(_x(3, 5, 4), [None, None, 4])
  lengths = tf.placeholder_with_default(np.array([5, 2, 3], np.int32), [None])
  memory, last = tf.nn.dynamic_rnn(tf.contrib.rnn.LSTMCell(6), x, sequence_length=lengths,
                                   dtype=tf.float32)
  mechanism = s2s.LuongAttention(6, memory, memory_sequence_length=lengths)
  cell = s2s.AttentionWrapper(tf.contrib.rnn.LSTMCell(6), mechanism, attention_layer_size=4,
                              alignment_history=True, name="wrapper")
  batch = tf.shape(x)[0]
  start = cell.zero_state(batch, tf.float32).clone(cell_state=last)
  helper = s2s.TrainingHelper(x, lengths)
  out, state, _ = s2s.dynamic_decode(
    s2s.BasicDecoder(cell, helper, start, tf.layers.Dense(3)), swap_memory=True)
  return {"out": out.rnn_output, "history": state.alignment_history.stack(), "names": _names(tf)}


def no_mechanism(tf):
  tf.contrib.seq2seq.AttentionWrapper(tf.contrib.rnn.GRUCell(3), 5)


def no_helper(tf):
  cell = tf.contrib.rnn.GRUCell(3)
  tf.contrib.seq2seq.BasicDecoder(cell, None, cell.zero_state(2, tf.float32))


def no_decoder(tf):
  tf.contrib.seq2seq.dynamic_decode(3)


def lengths_no_vector(tf):
  tf.contrib.seq2seq.TrainingHelper(tf.constant(_x(3, 4, 2)), 4)


def tiled(tf):
  state = tf.contrib.rnn.LSTMStateTuple(tf.constant(_x(2, 3)), tf.constant(_x(2, 3, seed=1)))
  found = tf.contrib.seq2seq.tile_batch(state, multiplier=3)
  some = tf.placeholder_with_default(_x(2, 3), [None, 3])
  return {"c": found.c, "h": found.h, "some": tf.contrib.seq2seq.tile_batch(some, 2),
          "hard": tf.contrib.seq2seq.hardmax(tf.constant(_x(2, 3)))}


def with_gradients(tf):
  found = _attend(tf, lambda s2s, m: s2s.BahdanauAttention(3, m), attention_layer_size=5)
  grads = tf.gradients(tf.reduce_sum(tf.square(found["out"])), tf.trainable_variables())
  return {"grads": grads}
