"""DDPG: target nets through a custom getter of moving averages, gradients through Q."""

import numpy as np
import tensorflow as tf

np.random.seed(1)
tf.set_random_seed(1)

LR_A, LR_C, GAMMA, TAU = 0.001, 0.002, 0.9, 0.01
MEMORY_CAPACITY, BATCH_SIZE = 50, 8


class DDPG(object):
    def __init__(self, a_dim, s_dim, a_bound):
        self.memory = np.random.randn(MEMORY_CAPACITY, s_dim * 2 + a_dim + 1)
        self.memory = self.memory.astype(np.float32)
        self.sess = tf.Session()
        self.a_dim, self.s_dim, self.a_bound = a_dim, s_dim, a_bound
        self.S = tf.placeholder(tf.float32, [None, s_dim], "s")
        self.S_ = tf.placeholder(tf.float32, [None, s_dim], "s_")
        self.R = tf.placeholder(tf.float32, [None, 1], "r")

        self.a = self._build_a(self.S)
        q = self._build_c(self.S, self.a)
        a_params = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="Actor")
        c_params = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="Critic")
        ema = tf.train.ExponentialMovingAverage(decay=1 - TAU)

        def ema_getter(getter, name, *args, **kwargs):
            return ema.average(getter(name, *args, **kwargs))

        self.target_update = [ema.apply(a_params), ema.apply(c_params)]
        a_ = self._build_a(self.S_, reuse=True, custom_getter=ema_getter)
        q_ = self._build_c(self.S_, a_, reuse=True, custom_getter=ema_getter)

        self.a_loss = -tf.reduce_mean(q)
        self.atrain = tf.train.AdamOptimizer(LR_A).minimize(
            self.a_loss, var_list=a_params
        )
        q_target = self.R + GAMMA * q_
        self.td_error = tf.losses.mean_squared_error(labels=q_target, predictions=q)
        self.ctrain = tf.train.AdamOptimizer(LR_C).minimize(
            self.td_error, var_list=c_params
        )
        self.sess.run(tf.global_variables_initializer())

    def choose_action(self, s):
        return self.sess.run(self.a, {self.S: s[np.newaxis, :]})[0]

    def learn(self):
        self.sess.run(self.target_update)
        indices = np.random.choice(MEMORY_CAPACITY, size=BATCH_SIZE)
        bt = self.memory[indices, :]
        bs = bt[:, : self.s_dim]
        ba = bt[:, self.s_dim : self.s_dim + self.a_dim]
        br = bt[:, -self.s_dim - 1 : -self.s_dim]
        bs_ = bt[:, -self.s_dim :]
        _, a_loss = self.sess.run([self.atrain, self.a_loss], {self.S: bs})
        _, td = self.sess.run(
            [self.ctrain, self.td_error],
            {self.S: bs, self.a: ba, self.R: br, self.S_: bs_},
        )
        return a_loss, td

    def _build_a(self, s, reuse=None, custom_getter=None):
        trainable = True if reuse is None else False
        with tf.variable_scope("Actor", reuse=reuse, custom_getter=custom_getter):
            net = tf.layers.dense(
                s, 12, activation=tf.nn.relu, name="l1", trainable=trainable
            )
            a = tf.layers.dense(
                net, self.a_dim, activation=tf.nn.tanh, name="a", trainable=trainable
            )
            return tf.multiply(a, self.a_bound, name="scaled_a")

    def _build_c(self, s, a, reuse=None, custom_getter=None):
        trainable = True if reuse is None else False
        with tf.variable_scope("Critic", reuse=reuse, custom_getter=custom_getter):
            n_l1 = 12
            w1_s = tf.get_variable("w1_s", [self.s_dim, n_l1], trainable=trainable)
            w1_a = tf.get_variable("w1_a", [self.a_dim, n_l1], trainable=trainable)
            b1 = tf.get_variable("b1", [1, n_l1], trainable=trainable)
            net = tf.nn.relu(tf.matmul(s, w1_s) + tf.matmul(a, w1_a) + b1)
            return tf.layers.dense(net, 1, trainable=trainable)


ddpg = DDPG(1, 3, 2.0)
for j in range(5):
    a_loss, td = ddpg.learn()
    action = ddpg.choose_action(np.linspace(-1, 1, 3))
    print("step %d a_loss %.7g td_error %.7g action %.6g" % (j, a_loss, td, action[0]))
