"""REINFORCE on a made-up world: multinomial actions, discounted rewards."""

import numpy as np
import tensorflow as tf

np.random.seed(1)
tf.set_random_seed(1)


class PolicyGradient:
    def __init__(self, n_actions, n_features, learning_rate=0.01, reward_decay=0.95):
        self.n_actions = n_actions
        self.n_features = n_features
        self.lr = learning_rate
        self.gamma = reward_decay
        self.ep_obs, self.ep_as, self.ep_rs = [], [], []
        self._build_net()
        self.sess = tf.Session()
        self.sess.run(tf.global_variables_initializer())

    def _build_net(self):
        with tf.name_scope("inputs"):
            self.tf_obs = tf.placeholder(
                tf.float32, [None, self.n_features], name="observations"
            )
            self.tf_acts = tf.placeholder(tf.int32, [None], name="actions_num")
            self.tf_vt = tf.placeholder(tf.float32, [None], name="actions_value")
        layer = tf.layers.dense(
            inputs=self.tf_obs,
            units=10,
            activation=tf.nn.tanh,
            kernel_initializer=tf.random_normal_initializer(mean=0, stddev=0.3),
            bias_initializer=tf.constant_initializer(0.1),
            name="fc1",
        )
        all_act = tf.layers.dense(
            inputs=layer,
            units=self.n_actions,
            activation=None,
            kernel_initializer=tf.random_normal_initializer(mean=0, stddev=0.3),
            bias_initializer=tf.constant_initializer(0.1),
            name="fc2",
        )
        self.all_act_prob = tf.nn.softmax(all_act, name="act_prob")
        self.sample = tf.squeeze(tf.multinomial(all_act, 1), axis=1)
        with tf.name_scope("loss"):
            neg_log_prob = tf.reduce_sum(
                -tf.log(self.all_act_prob) * tf.one_hot(self.tf_acts, self.n_actions),
                axis=1,
            )
            self.loss = tf.reduce_mean(neg_log_prob * self.tf_vt)
        with tf.name_scope("train"):
            self.train_op = tf.train.AdamOptimizer(self.lr).minimize(self.loss)

    def choose_action(self, observation):
        return self.sess.run(
            self.sample, feed_dict={self.tf_obs: observation[np.newaxis, :]}
        )[0]

    def store_transition(self, s, a, r):
        self.ep_obs.append(s)
        self.ep_as.append(a)
        self.ep_rs.append(r)

    def learn(self):
        discounted = np.zeros_like(self.ep_rs)
        running_add = 0
        for t in reversed(range(0, len(self.ep_rs))):
            running_add = running_add * self.gamma + self.ep_rs[t]
            discounted[t] = running_add
        discounted -= np.mean(discounted)
        discounted /= np.std(discounted)
        _, loss = self.sess.run(
            [self.train_op, self.loss],
            feed_dict={
                self.tf_obs: np.vstack(self.ep_obs),
                self.tf_acts: np.array(self.ep_as),
                self.tf_vt: discounted,
            },
        )
        self.ep_obs, self.ep_as, self.ep_rs = [], [], []
        return loss


RL = PolicyGradient(n_actions=3, n_features=4, learning_rate=0.02)
for i_episode in range(5):
    observation = np.random.randn(4)
    taken = []
    for _ in range(8):
        action = RL.choose_action(observation)
        taken.append(int(action))
        reward = float(observation[action] - 0.1 * action)
        RL.store_transition(observation, action, reward)
        observation = np.random.randn(4)
    print("episode:", i_episode, "actions", taken, "loss %.7g" % RL.learn())
