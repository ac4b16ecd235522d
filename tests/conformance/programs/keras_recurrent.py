"""tf.keras: LSTM, GRU, SimpleRNN, RNN of cells and of stacks, masks, states, dropout."""

import numpy as np
from keras_alone import alone as _alone
from said import tries_whole


def _x(*shape):
  return np.random.RandomState(0).randn(*shape).astype(np.float32)


def _mask(tf):
  return tf.constant([[True, True, False], [True, False, False]])


def layers(tf):
  k = tf.keras.layers
  x = tf.constant(_x(2, 3, 4))
  made = {"lstm": k.LSTM(5)(x), "gru": k.GRU(5, return_sequences=True)(x), "simple": k.SimpleRNN(3, go_backwards=True)(x),
          "lstm_2": k.LSTM(5, implementation=2, return_state=True, use_bias=False, unit_forget_bias=False)(x),
          "gru_2": k.GRU(5, implementation=2)(x), "gru_after": k.GRU(5, reset_after=True)(x),
          "gru_after_2": k.GRU(5, reset_after=True, implementation=2, time_major=True)(x)}
  made["names"] = [(v.name, str(v.shape)) for v in tf.global_variables()]
  return made


def masked(tf):
  k = tf.keras.layers
  x = tf.constant(_x(2, 3, 4))
  return {"lstm": k.LSTM(5, return_sequences=True)(x, mask=_mask(tf)), "gru": k.GRU(5, go_backwards=True)(x, mask=_mask(tf)),
          "unrolled": k.SimpleRNN(3, unroll=True, go_backwards=True)(x, mask=_mask(tf)), "plain": k.LSTM(2, unroll=True)(x),
          "zeros": k.RNN(k.GRUCell(3), return_sequences=True, unroll=True, zero_output_for_mask=True)(x, mask=_mask(tf))}


def dropped(tf):
  np.random.seed(3)
  tf.set_random_seed(1)
  k = tf.keras.layers
  x = tf.constant(_x(2, 3, 4))
  made = {kind: getattr(k, kind)(4, dropout=0.2, recurrent_dropout=0.3)(x, training=True) for kind in ["LSTM", "GRU", "SimpleRNN"]}
  made["phase"] = k.LSTM(4, dropout=0.5)(x)
  made["at_once"] = k.GRU(4, dropout=0.5, recurrent_dropout=0.1, implementation=2)(x, training=True)
  return made


def states(tf):
  seen = {}
  with _alone(tf, seen) as keras:
    k = keras.layers
    x = tf.constant(_x(2, 3, 4))
    kept = k.LSTM(3, stateful=True)
    y = kept(x)
    first, last = tf.keras.Input((7, 4)), tf.keras.Input((5,))
    layer = k.GRU(5, return_state=True)
    model = tf.keras.Model([first, last], layer(first, initial_state=last))
    seen["lines"] = []
    model.summary(print_fn=seen["lines"].append)
    session = keras.backend.get_session()
    runs = [session.run([y] + kept.updates)[0] for _ in range(2)]
    kept.reset_states()
    runs.append(session.run([y] + kept.updates)[0])
    kept.reset_states([np.ones((2, 3)), np.zeros((2, 3))])
    runs.append(session.run(y))
    again = model([tf.constant(_x(1, 7, 4)), tf.ones([1, 5])])
    seen.update(runs=runs, given=k.GRU(5)(x, initial_state=tf.ones([2, 5])).name, again=[t.name for t in again],
                states=[v.name for v in kept.states], updates=[u.name for u in kept.updates])
  return seen


def stacked(tf):
  k = tf.keras.layers
  x = tf.constant(_x(2, 3, 4))
  layer = k.RNN([k.LSTMCell(3), k.GRUCell(4), k.SimpleRNNCell(2)], return_state=True)
  made = {"y": layer(x), "peephole": k.RNN(tf.keras.experimental.PeepholeLSTMCell(3))(x),
          "peephole_2": k.RNN(tf.keras.experimental.PeepholeLSTMCell(3, implementation=2))(x),
          "dynamic": tf.nn.dynamic_rnn(k.LSTMCell(3), x, dtype=tf.float32)}
  made["names"] = [v.name for v in layer.weights]
  made["shapes"] = [str(s) for s in layer.compute_output_shape((None, 3, 4))]
  made["sequences"] = str(k.LSTM(2, return_sequences=True).compute_output_shape((None, 3, 4)))
  made["time_major"] = str(k.LSTM(2, return_sequences=True, time_major=True).compute_output_shape((3, None, 4)))
  made["configs"] = [list(layer.get_config()), list(k.LSTM(2).get_config()), list(k.GRU(2).get_config()), list(k.SimpleRNNCell(2).get_config())]
  return made


def own_cell(tf):
  k = tf.keras.layers

  class Minimal(k.Layer):

    def __init__(self, units, **kwargs):
      self.units = units
      self.state_size = units
      super(Minimal, self).__init__(**kwargs)

    def build(self, input_shape):
      self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer="uniform", name="kernel")
      self.built = True

    def call(self, inputs, states, constants=None):
      total = states[0] + tf.matmul(inputs, self.kernel)
      return (total if constants is None else total + constants[0]), [total]

  tf.set_random_seed(4)
  x = tf.constant(_x(2, 3, 4))
  return {"y": k.RNN(Minimal(3))(x), "two": k.RNN([Minimal(3), Minimal(2)])(x), "told": k.RNN(Minimal(3))(x, constants=tf.ones([2, 3]))}


def trained(tf):
  seen = {}
  with _alone(tf, seen) as keras:
    k = keras.layers
    model = keras.Sequential([k.Embedding(11, 4, mask_zero=True, input_length=5), k.LSTM(6), k.Dense(1, activation="sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    words = np.random.RandomState(1).randint(0, 11, (8, 5))
    seen["losses"] = [model.train_on_batch(words, (words.sum(1) % 2).astype(np.float32)) for _ in range(3)]
    seen["predicted"] = model.predict(words)
  return seen


def refused(tf):
  k = tf.keras.layers
  x = tf.constant(_x(2, 3, 4))
  unknown = tf.placeholder(tf.float32, [None, None, 4])
  return {"errors": tries_whole(
    lambda: k.LSTM(2)(tf.ones([2, 3])), lambda: k.LSTM(2, unroll=True)(unknown), lambda: k.LSTM(2, stateful=True)(unknown),
    lambda: k.GRU(2)(x, initial_state=[tf.ones([2, 2])] * 2), lambda: k.LSTM(2).reset_states(), lambda: k.RNN(k.Dense(2)),
    lambda: k.LSTM(2, implementation=1)(x, initial_state=[tf.ones([2, 3]), tf.ones([2, 3])]))}
