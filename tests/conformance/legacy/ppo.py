"""PPO: a new and an old policy, a clipped objective, a Kullback-Leibler penalty."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(3)
np.random.seed(3)
S_DIM, A_DIM = 3, 2


class PPO(object):
    def __init__(self):
        self.sess = tf.Session()
        self.tfs = tf.placeholder(tf.float32, [None, S_DIM], "state")
        with tf.variable_scope("critic"):
            l1 = tf.layers.dense(self.tfs, 16, tf.nn.relu)
            self.v = tf.layers.dense(l1, 1)
            self.tfdc_r = tf.placeholder(tf.float32, [None, 1], "discounted_r")
            self.advantage = self.tfdc_r - self.v
            self.closs = tf.reduce_mean(tf.square(self.advantage))
            self.ctrain_op = tf.train.AdamOptimizer(0.002).minimize(self.closs)
        pi, pi_params = self._build_anet("pi", trainable=True)
        oldpi, oldpi_params = self._build_anet("oldpi", trainable=False)
        with tf.variable_scope("sample_action"):
            self.sample_op = tf.squeeze(pi.sample(1), axis=0)
        with tf.variable_scope("update_oldpi"):
            self.update_oldpi_op = [
                oldp.assign(p) for p, oldp in zip(pi_params, oldpi_params)
            ]
        self.tfa = tf.placeholder(tf.float32, [None, A_DIM], "action")
        self.tfadv = tf.placeholder(tf.float32, [None, 1], "advantage")
        with tf.variable_scope("loss"):
            with tf.variable_scope("surrogate"):
                ratio = pi.prob(self.tfa) / (oldpi.prob(self.tfa) + 1e-5)
                surr = ratio * self.tfadv
            self.tflam = tf.placeholder(tf.float32, None, "lambda")
            kl = tf.distributions.kl_divergence(oldpi, pi)
            self.kl_mean = tf.reduce_mean(kl)
            clipped = tf.clip_by_value(ratio, 0.8, 1.2) * self.tfadv
            self.aloss = -tf.reduce_mean(tf.minimum(surr, clipped))
            self.aloss += self.tflam * self.kl_mean
        with tf.variable_scope("atrain"):
            self.atrain_op = tf.train.AdamOptimizer(0.001).minimize(self.aloss)
        self.sess.run(tf.global_variables_initializer())

    def _build_anet(self, name, trainable):
        with tf.variable_scope(name):
            l1 = tf.layers.dense(self.tfs, 16, tf.nn.relu, trainable=trainable)
            mu = 2 * tf.layers.dense(l1, A_DIM, tf.nn.tanh, trainable=trainable)
            sigma = tf.layers.dense(l1, A_DIM, tf.nn.softplus, trainable=trainable)
            norm_dist = tf.distributions.Normal(loc=mu, scale=sigma)
        params = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope=name)
        return norm_dist, params

    def update(self, s, a, r):
        self.sess.run(self.update_oldpi_op)
        adv = self.sess.run(self.advantage, {self.tfs: s, self.tfdc_r: r})
        for _ in range(3):
            _, kl, aloss = self.sess.run(
                [self.atrain_op, self.kl_mean, self.aloss],
                {self.tfs: s, self.tfa: a, self.tfadv: adv, self.tflam: 0.5},
            )
        _, closs = self.sess.run(
            [self.ctrain_op, self.closs], {self.tfs: s, self.tfdc_r: r}
        )
        return kl, aloss, closs


ppo = PPO()
for ep in range(5):
    s = np.random.randn(8, S_DIM)
    a = np.clip(ppo.sess.run(ppo.sample_op, {ppo.tfs: s}), -2, 2)
    kl, aloss, closs = ppo.update(s, a, np.random.randn(8, 1))
    print("Ep: %d a %.5g aloss %.6g closs %.7g" % (ep, a.mean(), aloss, closs))
