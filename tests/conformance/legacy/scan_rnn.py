"""A recurrent net by tf.scan, orthogonal weights, gradients with respect to inputs."""

import numpy as np
import tensorflow as tf

n_in, n_hidden, n_steps = 3, 5, 6
tf.set_random_seed(23)

inputs = tf.placeholder(tf.float32, [n_steps, None, n_in], name="inputs")
targets = tf.placeholder(tf.float32, [None, 2])
with tf.variable_scope("rnn", initializer=tf.orthogonal_initializer(gain=0.9)):
    Wx = tf.get_variable("Wx", [n_in, n_hidden])
    Wh = tf.get_variable("Wh", [n_hidden, n_hidden])
    bh = tf.get_variable("bh", [n_hidden], initializer=tf.zeros_initializer())
    Wo = tf.get_variable("Wo", [n_hidden, 2])


def step(previous, x):
    return tf.tanh(tf.matmul(x, Wx) + tf.matmul(previous, Wh) + bh)


h0 = tf.zeros([tf.shape(inputs)[1], n_hidden])
states = tf.scan(step, inputs, initializer=h0, name="states")
outputs = tf.map_fn(lambda h: tf.matmul(h, Wo), states, name="outputs")
last = outputs[n_steps - 1]
loss = tf.reduce_mean(tf.square(last - targets))
saliency = tf.gradients(loss, inputs)[0]
decay = tf.add_n(
    [tf.nn.l2_loss(v) for v in tf.trainable_variables() if "b" not in v.op.name]
)
smooth = tf.reduce_mean(tf.abs(states[1:] - states[:-1]))
objective = loss + 1e-3 * decay + 0.1 * smooth
train_op = tf.train.AdadeltaOptimizer(1.0, 0.95, 1e-6).minimize(objective)
total = tf.foldl(lambda a, s: a + tf.reduce_sum(s), states, initializer=0.0)

rng = np.random.RandomState(23)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(5):
        feed = {inputs: rng.randn(n_steps, 4, n_in), targets: rng.randn(4, 2)}
        grad, s = sess.run([saliency, total], feed)
        _, value = sess.run([train_op, objective], feed)
        print(
            "step %d loss %.7g saliency %.5g sum %.5g"
            % (i, value, np.abs(grad).max(), s)
        )
