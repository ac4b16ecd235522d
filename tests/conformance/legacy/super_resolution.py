"""SRCNN and a sub-pixel layer: depth_to_space, PSNR, decays, several learning rates."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(64)


class ESPCN(object):
    def __init__(self, sess, scale=2, c_dim=1, size=6):
        self.sess = sess
        self.scale, self.c_dim, self.size = scale, c_dim, size
        self.build_model()

    def build_model(self):
        s, c, r = self.size, self.c_dim, self.scale
        self.images = tf.placeholder(tf.float32, [None, s, s, c], name="images")
        self.labels = tf.placeholder(tf.float32, [None, s * r, s * r, c], name="labels")
        with tf.variable_scope("espcn"):
            self.weights = {
                "w1": tf.get_variable(
                    "w1",
                    [5, 5, c, 8],
                    initializer=tf.random_normal_initializer(stddev=np.sqrt(2.0 / 25)),
                ),
                "w2": tf.get_variable(
                    "w2",
                    [3, 3, 8, 6],
                    initializer=tf.random_normal_initializer(stddev=0.1),
                ),
                "w3": tf.get_variable(
                    "w3",
                    [3, 3, 6, c * r * r],
                    initializer=tf.random_normal_initializer(stddev=0.1),
                ),
            }
            self.biases = {
                "b1": tf.Variable(tf.zeros([8]), name="b1"),
                "b2": tf.Variable(tf.zeros([6]), name="b2"),
                "b3": tf.Variable(tf.zeros([c * r * r]), name="b3"),
            }
        self.pred = self.model()
        self.loss = tf.reduce_mean(tf.square(self.labels - self.pred))
        self.psnr = -10.0 * tf.log(self.loss) / tf.log(10.0)
        self.saver = tf.train.Saver()

    def model(self):
        conv1 = tf.nn.tanh(
            tf.nn.conv2d(self.images, self.weights["w1"], [1, 1, 1, 1], "SAME")
            + self.biases["b1"]
        )
        conv2 = tf.nn.tanh(
            tf.nn.conv2d(conv1, self.weights["w2"], [1, 1, 1, 1], "SAME")
            + self.biases["b2"]
        )
        conv3 = (
            tf.nn.conv2d(conv2, self.weights["w3"], [1, 1, 1, 1], "SAME")
            + self.biases["b3"]
        )
        return tf.depth_to_space(conv3, self.scale)

    def train(self):
        global_step = tf.Variable(0, trainable=False, name="global_step")
        rate = tf.train.exponential_decay(0.01, global_step, 2, 0.96)
        first = [v for v in tf.trainable_variables() if not v.op.name.endswith("3")]
        last = [v for v in tf.trainable_variables() if v.op.name.endswith("3")]
        opt1 = tf.train.GradientDescentOptimizer(rate)
        opt2 = tf.train.GradientDescentOptimizer(rate * 0.1)
        grads = tf.gradients(self.loss, first + last, gate_gradients=True)
        grads1, grads2 = grads[: len(first)], grads[len(first) :]
        train_op = tf.group(
            opt1.apply_gradients(zip(grads1, first), global_step=global_step),
            opt2.apply_gradients(zip(grads2, last)),
        )
        self.sess.run(tf.global_variables_initializer())
        rng = np.random.RandomState(64)
        for _ in range(5):
            large = rng.rand(3, 12, 12, 1)
            small = large.reshape(3, 6, 2, 6, 2, 1).mean(axis=(2, 4))
            _, err, psnr, step = self.sess.run(
                [train_op, self.loss, self.psnr, global_step],
                feed_dict={self.images: small, self.labels: large},
            )
            print("step %d loss %.7g psnr %.6g" % (step, err, psnr))


with tf.Session() as sess:
    ESPCN(sess).train()
