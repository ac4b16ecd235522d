"""A3C's nets: a global one and workers that push gradients and pull variables."""

import numpy as np
import tensorflow as tf

np.random.seed(5)
tf.set_random_seed(5)

GLOBAL_NET_SCOPE = "Global_Net"
N_S, N_A = 4, 2
ENTROPY_BETA = 0.001

SESS = tf.Session()
OPT_A = tf.train.RMSPropOptimizer(0.001, name="RMSPropA")
OPT_C = tf.train.RMSPropOptimizer(0.001, name="RMSPropC")


class ACNet(object):
    def __init__(self, scope, globalAC=None):
        if scope == GLOBAL_NET_SCOPE:
            with tf.variable_scope(scope):
                self.s = tf.placeholder(tf.float32, [None, N_S], "S")
                self.a_params, self.c_params = self._build_net(scope)[-2:]
        else:
            with tf.variable_scope(scope):
                self.s = tf.placeholder(tf.float32, [None, N_S], "S")
                self.a_his = tf.placeholder(tf.int32, [None], "A")
                self.v_target = tf.placeholder(tf.float32, [None, 1], "Vtarget")
                net = self._build_net(scope)
                self.a_prob, self.v, self.a_params, self.c_params = net
                td = tf.subtract(self.v_target, self.v, name="TD_error")
                with tf.name_scope("c_loss"):
                    self.c_loss = tf.reduce_mean(tf.square(td))
                with tf.name_scope("a_loss"):
                    log_prob = tf.reduce_sum(
                        tf.log(self.a_prob + 1e-5)
                        * tf.one_hot(self.a_his, N_A, dtype=tf.float32),
                        axis=1,
                        keep_dims=True,
                    )
                    exp_v = log_prob * tf.stop_gradient(td)
                    entropy = -tf.reduce_sum(
                        self.a_prob * tf.log(self.a_prob + 1e-5), axis=1, keep_dims=True
                    )
                    self.exp_v = ENTROPY_BETA * entropy + exp_v
                    self.a_loss = tf.reduce_mean(-self.exp_v)
                with tf.name_scope("local_grad"):
                    self.a_grads = tf.gradients(self.a_loss, self.a_params)
                    self.c_grads = tf.gradients(self.c_loss, self.c_params)
            with tf.name_scope("sync"):
                with tf.name_scope("pull"):
                    self.pull_a_params_op = [
                        l_p.assign(g_p)
                        for l_p, g_p in zip(self.a_params, globalAC.a_params)
                    ]
                    self.pull_c_params_op = [
                        l_p.assign(g_p)
                        for l_p, g_p in zip(self.c_params, globalAC.c_params)
                    ]
                with tf.name_scope("push"):
                    self.update_a_op = OPT_A.apply_gradients(
                        zip(self.a_grads, globalAC.a_params)
                    )
                    self.update_c_op = OPT_C.apply_gradients(
                        zip(self.c_grads, globalAC.c_params)
                    )

    def _build_net(self, scope):
        w_init = tf.random_normal_initializer(0.0, 0.1)
        with tf.variable_scope("actor"):
            l_a = tf.layers.dense(
                self.s, 20, tf.nn.relu6, kernel_initializer=w_init, name="la"
            )
            a_prob = tf.layers.dense(
                l_a, N_A, tf.nn.softmax, kernel_initializer=w_init, name="ap"
            )
        with tf.variable_scope("critic"):
            l_c = tf.layers.dense(
                self.s, 10, tf.nn.relu6, kernel_initializer=w_init, name="lc"
            )
            v = tf.layers.dense(l_c, 1, kernel_initializer=w_init, name="v")
        a_params = tf.get_collection(
            tf.GraphKeys.TRAINABLE_VARIABLES, scope=scope + "/actor"
        )
        c_params = tf.get_collection(
            tf.GraphKeys.TRAINABLE_VARIABLES, scope=scope + "/critic"
        )
        return a_prob, v, a_params, c_params


with tf.device("/cpu:0"):
    GLOBAL_AC = ACNet(GLOBAL_NET_SCOPE)
    workers = [ACNet("W_%i" % i, GLOBAL_AC) for i in range(2)]

SESS.run(tf.global_variables_initializer())
for step in range(5):
    net = workers[step % 2]
    SESS.run([net.pull_a_params_op, net.pull_c_params_op])
    feed = {
        net.s: np.random.randn(6, N_S),
        net.a_his: np.random.randint(0, N_A, 6),
        net.v_target: np.random.randn(6, 1),
    }
    a_loss, c_loss = SESS.run([net.a_loss, net.c_loss], feed)
    SESS.run([net.update_a_op, net.update_c_op], feed)
    print("step %d a_loss %.7g c_loss %.7g" % (step, a_loss, c_loss))
