"""Learning to learn: gradients through steps of gradients, tasks by map_fn."""

import numpy as np
import tensorflow as tf
from tensorflow.contrib.layers.python import layers as tf_layers
from tensorflow.python.platform import flags

flags.DEFINE_bool("stop_grad", False, "first order")
flags.DEFINE_float("update_lr", 0.1, "inner")
flags.DEFINE_float("meta_lr", 0.01, "outer")
flags.DEFINE_string("norm", "batch_norm", "n")
FLAGS = flags.FLAGS


def normalize(inp, activation, reuse, scope):
    if FLAGS.norm == "batch_norm":
        return tf_layers.batch_norm(
            inp, activation_fn=activation, reuse=reuse, scope=scope
        )
    return tf_layers.layer_norm(inp, activation_fn=activation, reuse=reuse, scope=scope)


def conv_block(inp, cweight, bweight, reuse, scope, activation=tf.nn.relu):
    conv_output = tf.nn.conv2d(inp, cweight, [1, 2, 2, 1], "SAME") + bweight
    return normalize(conv_output, activation, reuse, scope)


def mse(pred, label):
    return tf.reduce_mean(tf.square(tf.reshape(pred, [-1]) - tf.reshape(label, [-1])))


class MAML:
    def __init__(self):
        self.loss_func = mse
        self.update_lr = FLAGS.update_lr

    def weights_(self):
        w = {}
        ci = tf.contrib.layers.xavier_initializer_conv2d(dtype=tf.float32)
        fi = tf.contrib.layers.xavier_initializer(dtype=tf.float32)
        w["conv1"] = tf.get_variable(
            "conv1", [3, 3, 1, 3], initializer=ci, dtype=tf.float32
        )
        w["b1"] = tf.Variable(tf.zeros([3]))
        w["w5"] = tf.get_variable("w5", [3, 1], initializer=fi)
        w["b5"] = tf.Variable(tf.zeros([1]), name="b5")
        return w

    def forward(self, inp, w, reuse=False, scope=""):
        h = conv_block(
            tf.reshape(inp, [-1, 6, 6, 1]), w["conv1"], w["b1"], reuse, scope + "0"
        )
        h = tf.reduce_mean(h, [1, 2])
        return tf.matmul(h, w["w5"]) + w["b5"]

    def construct_model(self, num_updates=2, prefix="metatrain_"):
        self.inputa, self.inputb, self.labela, self.labelb = [
            tf.placeholder(tf.float32) for _ in range(4)
        ]
        with tf.variable_scope("model", reuse=None) as training_scope:
            if "weights" in dir(self):
                training_scope.reuse_variables()
                weights = self.weights
            else:
                self.weights = weights = self.weights_()

            def task_metalearn(inp, reuse=True):
                inputa, inputb, labela, labelb = inp
                outs, losses = [], []
                a = self.forward(inputa, weights, reuse=reuse)
                lossa = self.loss_func(a, labela)
                grads = tf.gradients(lossa, list(weights.values()))
                if FLAGS.stop_grad:
                    grads = [tf.stop_gradient(grad) for grad in grads]
                gradients = dict(zip(weights.keys(), grads))
                fast = dict(
                    zip(
                        weights.keys(),
                        [
                            weights[key] - self.update_lr * gradients[key]
                            for key in weights.keys()
                        ],
                    )
                )
                out = self.forward(inputb, fast, reuse=True)
                outs.append(out)
                losses.append(self.loss_func(out, labelb))
                for j in range(num_updates - 1):
                    loss = self.loss_func(
                        self.forward(inputa, fast, reuse=True), labela
                    )
                    grads = tf.gradients(loss, list(fast.values()))
                    gradients = dict(zip(fast.keys(), grads))
                    fast = dict(
                        zip(
                            fast.keys(),
                            [
                                fast[key] - self.update_lr * gradients[key]
                                for key in fast.keys()
                            ],
                        )
                    )
                    out = self.forward(inputb, fast, reuse=True)
                    outs.append(out)
                    losses.append(self.loss_func(out, labelb))
                return [a, outs, lossa, losses]

            if FLAGS.norm != "None":
                unused = task_metalearn(
                    (self.inputa[0], self.inputb[0], self.labela[0], self.labelb[0]),
                    False,
                )
            result = tf.map_fn(
                task_metalearn,
                elems=(self.inputa, self.inputb, self.labela, self.labelb),
                dtype=[
                    tf.float32,
                    [tf.float32] * num_updates,
                    tf.float32,
                    [tf.float32] * num_updates,
                ],
                parallel_iterations=2,
            )
            _, _, lossesa, lossesb = result
        self.total_loss1 = tf.reduce_sum(lossesa) / tf.to_float(2)
        self.total_losses2 = [
            tf.reduce_sum(lossesb[j]) / tf.to_float(2) for j in range(num_updates)
        ]
        self.pretrain_op = tf.train.AdamOptimizer(FLAGS.meta_lr).minimize(
            self.total_loss1
        )
        optimizer = tf.train.AdamOptimizer(FLAGS.meta_lr)
        self.gvs = gvs = optimizer.compute_gradients(
            self.total_losses2[num_updates - 1]
        )
        gvs = [(tf.clip_by_value(grad, -10, 10), var) for grad, var in gvs]
        self.metatrain_op = optimizer.apply_gradients(gvs)
        tf.summary.scalar(prefix + "Pre-update loss", self.total_loss1)


tf.set_random_seed(45)
rng = np.random.RandomState(45)
m = MAML()
m.construct_model()
summ = tf.summary.merge_all()
sess = tf.InteractiveSession()
tf.global_variables_initializer().run()
tf.train.start_queue_runners()
print(len(m.gvs), [v.op.name for _, v in m.gvs])
for i in range(5):
    f = {
        m.inputa: rng.rand(2, 5, 36),
        m.inputb: rng.rand(2, 5, 36),
        m.labela: rng.rand(2, 5, 1),
        m.labelb: rng.rand(2, 5, 1),
    }
    r = sess.run([m.total_loss1] + m.total_losses2, f)
    sess.run(m.metatrain_op if i else m.pretrain_op, f)
    print(" ".join("%.6g" % v for v in r))
sess.close()
