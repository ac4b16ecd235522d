"""A deep Q network: an evaluated and a target net, collections, copies by assign."""

import numpy as np
import tensorflow as tf

np.random.seed(1)
tf.set_random_seed(1)


class DeepQNetwork:
    def __init__(
        self,
        n_actions,
        n_features,
        learning_rate=0.01,
        reward_decay=0.9,
        replace_target_iter=2,
        memory_size=40,
        batch_size=8,
    ):
        self.n_actions = n_actions
        self.n_features = n_features
        self.lr = learning_rate
        self.gamma = reward_decay
        self.replace_target_iter = replace_target_iter
        self.memory_size = memory_size
        self.batch_size = batch_size
        self.learn_step_counter = 0
        self.memory = np.random.randn(memory_size, n_features * 2 + 2)
        self.memory[:, n_features] = np.random.randint(0, n_actions, memory_size)
        self._build_net()
        t_params = tf.get_collection("target_net_params")
        e_params = tf.get_collection("eval_net_params")
        self.replace_target_op = [tf.assign(t, e) for t, e in zip(t_params, e_params)]
        self.sess = tf.Session()
        self.sess.run(tf.global_variables_initializer())

    def _net(self, s, c_names):
        w_initializer = tf.random_normal_initializer(0.0, 0.3)
        b_initializer = tf.constant_initializer(0.1)
        with tf.variable_scope("l1"):
            w1 = tf.get_variable(
                "w1",
                [self.n_features, 10],
                initializer=w_initializer,
                collections=c_names,
            )
            b1 = tf.get_variable(
                "b1", [1, 10], initializer=b_initializer, collections=c_names
            )
            l1 = tf.nn.relu(tf.matmul(s, w1) + b1)
        with tf.variable_scope("l2"):
            w2 = tf.get_variable(
                "w2",
                [10, self.n_actions],
                initializer=w_initializer,
                collections=c_names,
            )
            b2 = tf.get_variable(
                "b2",
                [1, self.n_actions],
                initializer=b_initializer,
                collections=c_names,
            )
            return tf.matmul(l1, w2) + b2

    def _build_net(self):
        self.s = tf.placeholder(tf.float32, [None, self.n_features], name="s")
        self.q_target = tf.placeholder(
            tf.float32, [None, self.n_actions], name="Q_target"
        )
        with tf.variable_scope("eval_net"):
            names = ["eval_net_params", tf.GraphKeys.GLOBAL_VARIABLES]
            self.q_eval = self._net(self.s, names)
        with tf.variable_scope("loss"):
            self.loss = tf.reduce_mean(
                tf.squared_difference(self.q_target, self.q_eval)
            )
        with tf.variable_scope("train"):
            self._train_op = tf.train.RMSPropOptimizer(self.lr).minimize(
                self.loss, var_list=tf.get_collection("eval_net_params")
            )
        self.s_ = tf.placeholder(tf.float32, [None, self.n_features], name="s_")
        with tf.variable_scope("target_net"):
            names = ["target_net_params", tf.GraphKeys.GLOBAL_VARIABLES]
            self.q_next = self._net(self.s_, names)

    def learn(self):
        if self.learn_step_counter % self.replace_target_iter == 0:
            self.sess.run(self.replace_target_op)
        rows = np.random.choice(self.memory_size, size=self.batch_size)
        batch = self.memory[rows, :]
        q_next, q_eval = self.sess.run(
            [self.q_next, self.q_eval],
            feed_dict={
                self.s_: batch[:, -self.n_features :],
                self.s: batch[:, : self.n_features],
            },
        )
        q_target = q_eval.copy()
        index = np.arange(self.batch_size, dtype=np.int32)
        action = batch[:, self.n_features].astype(int)
        reward = batch[:, self.n_features + 1]
        q_target[index, action] = reward + self.gamma * np.max(q_next, axis=1)
        _, cost = self.sess.run(
            [self._train_op, self.loss],
            feed_dict={self.s: batch[:, : self.n_features], self.q_target: q_target},
        )
        self.learn_step_counter += 1
        return cost


RL = DeepQNetwork(4, 3)
for step in range(5):
    print("step %d cost %.7g" % (step, RL.learn()))
