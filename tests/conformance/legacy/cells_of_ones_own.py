"""Cells of one's own: layer norm LSTM, IndRNN, zoneout, residual wrapper; _linear of the library."""

import numpy as np
import tensorflow as tf
from tensorflow.contrib.rnn import LSTMStateTuple, RNNCell
from tensorflow.contrib.rnn.python.ops import core_rnn_cell
from tensorflow.python.ops import init_ops, math_ops, rnn_cell_impl
from tensorflow.python.ops import variable_scope as vs

_linear = core_rnn_cell._linear


def ln(tensor, scope=None, epsilon=1e-5):
    """Layer normalizes a 2D tensor along its second axis"""
    assert len(tensor.get_shape()) == 2
    m, v = tf.nn.moments(tensor, [1], keep_dims=True)
    if not isinstance(scope, str):
        scope = ""
    with tf.variable_scope(scope + "layer_norm"):
        scale = tf.get_variable(
            "scale",
            shape=[tensor.get_shape()[1]],
            initializer=tf.constant_initializer(1),
        )
        shift = tf.get_variable(
            "shift",
            shape=[tensor.get_shape()[1]],
            initializer=tf.constant_initializer(0),
        )
    LN_initial = (tensor - m) / tf.sqrt(v + epsilon)
    return LN_initial * scale + shift


class LayerNormLSTM(RNNCell):
    def __init__(self, num_units, forget_bias=1.0, activation=tf.nn.tanh):
        self._num_units, self._forget_bias, self._activation = (
            num_units,
            forget_bias,
            activation,
        )

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self):
        return self._num_units

    def __call__(self, inputs, state, scope=None):
        with tf.variable_scope(scope or type(self).__name__):
            c, h = state
            concat = _linear([inputs, h], 4 * self._num_units, False)
            i, j, f, o = tf.split(value=concat, num_or_size_splits=4, axis=1)
            i = ln(i, scope="i/")
            j = ln(j, scope="j/")
            f = ln(f, scope="f/")
            o = ln(o, scope="o/")
            new_c = c * tf.nn.sigmoid(f + self._forget_bias) + tf.nn.sigmoid(
                i
            ) * self._activation(j)
            new_h = self._activation(ln(new_c, scope="new_h/")) * tf.nn.sigmoid(o)
            return new_h, LSTMStateTuple(new_c, new_h)


class IndRNNCell(rnn_cell_impl.LayerRNNCell):
    def __init__(
        self,
        num_units,
        recurrent_max_abs=None,
        recurrent_kernel_initializer=None,
        activation=None,
        reuse=None,
        name=None,
    ):
        super(IndRNNCell, self).__init__(_reuse=reuse, name=name)
        self._num_units = num_units
        self._recurrent_max_abs = recurrent_max_abs
        self._recurrent_initializer = recurrent_kernel_initializer
        self._activation = activation or tf.nn.relu

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        if inputs_shape[1].value is None:
            raise ValueError(
                "Expected inputs.shape[-1] to be known, saw shape: %s" % inputs_shape
            )
        input_depth = inputs_shape[1].value
        self._input_kernel = self.add_variable(
            "input_kernel",
            shape=[input_depth, self._num_units],
            initializer=init_ops.random_normal_initializer(mean=0.0, stddev=0.2),
        )
        if self._recurrent_initializer is None:
            self._recurrent_initializer = init_ops.constant_initializer(1.0)
        self._recurrent_kernel = self.add_variable(
            "recurrent_kernel",
            shape=[self._num_units],
            initializer=self._recurrent_initializer,
        )
        if self._recurrent_max_abs:
            self._recurrent_kernel = tf.clip_by_value(
                self._recurrent_kernel,
                -self._recurrent_max_abs,
                self._recurrent_max_abs,
            )
        self._bias = self.add_variable(
            "bias",
            shape=[self._num_units],
            initializer=init_ops.zeros_initializer(dtype=self.dtype),
        )
        self.built = True

    def call(self, inputs, state):
        gate_inputs = math_ops.matmul(inputs, self._input_kernel)
        recurrent_update = math_ops.multiply(state, self._recurrent_kernel)
        gate_inputs = math_ops.add(gate_inputs, recurrent_update)
        gate_inputs = tf.nn.bias_add(gate_inputs, self._bias)
        output = self._activation(gate_inputs)
        return output, output


class ZoneoutWrapper(tf.nn.rnn_cell.RNNCell):
    def __init__(self, cell, zoneout_prob, is_training=True, seed=None):
        if not isinstance(cell, tf.nn.rnn_cell.RNNCell):
            raise TypeError("The parameter cell is not an RNNCell.")
        self._cell, self._zoneout_prob, self._seed, self.is_training = (
            cell,
            zoneout_prob,
            seed,
            is_training,
        )

    @property
    def state_size(self):
        return self._cell.state_size

    @property
    def output_size(self):
        return self._cell.output_size

    def __call__(self, inputs, state, scope=None):
        output, new_state = self._cell(inputs, state, scope)
        if self.is_training:
            new_state = (1 - self._zoneout_prob) * tf.nn.dropout(
                new_state - state, (1 - self._zoneout_prob), seed=self._seed
            ) + state
        else:
            new_state = (
                self._zoneout_prob * state + (1 - self._zoneout_prob) * new_state
            )
        return output, new_state


x = tf.placeholder(tf.float32, [4, 6, 3], name="x")
y = tf.placeholder(tf.float32, [4], name="y")
tf.set_random_seed(4)
with tf.variable_scope("rnn_ln", initializer=tf.orthogonal_initializer()):
    out, state = tf.nn.dynamic_rnn(LayerNormLSTM(5), x, dtype=tf.float32)
with vs.variable_scope("ind"):
    cells = tf.nn.rnn_cell.MultiRNNCell(
        [
            IndRNNCell(5, recurrent_max_abs=1.2, name="a"),
            tf.nn.rnn_cell.ResidualWrapper(IndRNNCell(5, name="b")),
        ]
    )
    out, state2 = tf.nn.dynamic_rnn(cells, out, dtype=tf.float32, scope="layers")
with tf.variable_scope("zone") as scope:
    cell = ZoneoutWrapper(
        tf.nn.rnn_cell.GRUCell(4, bias_initializer=tf.constant_initializer(1.0)),
        0.2,
        seed=9,
    )
    outs, last = tf.nn.static_rnn(cell, tf.unstack(out, axis=1), dtype=tf.float32)
pred = (
    tf.squeeze(core_rnn_cell._linear(last, 1, True), 1)
    if False
    else tf.squeeze(tf.layers.dense(last, 1), 1)
)
loss = tf.reduce_mean(tf.square(pred - y))
opt = tf.train.AdamOptimizer(0.01)
gvs = opt.compute_gradients(loss)
train = opt.apply_gradients([(tf.clip_by_norm(g, 1.0), v) for g, v in gvs])
sess = tf.Session()
sess.run(tf.global_variables_initializer())
rng = np.random.RandomState(0)
for i in range(5):
    fd = {x: rng.randn(4, 6, 3), y: rng.randn(4)}
    print("%.7g" % sess.run(loss, fd))
    sess.run(train, fd)
for v in tf.trainable_variables():
    print(v.name, v.shape)
