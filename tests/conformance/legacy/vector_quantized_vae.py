"""VQ-VAE in the style of the sonnet example, but plain tf 1.x."""

import numpy as np
import tensorflow as tf

slim = tf.contrib.slim


class VectorQuantizer(object):
    def __init__(self, embedding_dim, num_embeddings, commitment_cost, name="vq"):
        self._d = embedding_dim
        self._k = num_embeddings
        self._commitment_cost = commitment_cost
        with tf.variable_scope(name):
            initializer = tf.uniform_unit_scaling_initializer()
            self._w = tf.get_variable(
                "embedding",
                [embedding_dim, num_embeddings],
                initializer=initializer,
                trainable=True,
            )

    def __call__(self, inputs):
        with tf.control_dependencies(
            [tf.Assert(tf.equal(tf.shape(inputs)[-1], self._d), [tf.shape(inputs)])]
        ):
            flat = tf.reshape(inputs, [-1, self._d])
        distances = (
            tf.reduce_sum(flat**2, 1, keepdims=True)
            - 2 * tf.matmul(flat, self._w)
            + tf.reduce_sum(self._w**2, 0, keepdims=True)
        )
        idx = tf.argmax(-distances, 1)
        encodings = tf.one_hot(idx, self._k)
        idx = tf.reshape(idx, tf.shape(inputs)[:-1])
        quantized = self.quantize(idx)
        e_latent = tf.reduce_mean((tf.stop_gradient(quantized) - inputs) ** 2)
        q_latent = tf.reduce_mean((quantized - tf.stop_gradient(inputs)) ** 2)
        loss = q_latent + self._commitment_cost * e_latent
        quantized = inputs + tf.stop_gradient(quantized - inputs)
        avg_probs = tf.reduce_mean(encodings, 0)
        perplexity = tf.exp(-tf.reduce_sum(avg_probs * tf.log(avg_probs + 1e-10)))
        return {
            "quantize": quantized,
            "loss": loss,
            "perplexity": perplexity,
            "encoding_indices": idx,
        }

    def quantize(self, idx):
        with tf.control_dependencies([tf.identity(idx)]):
            w = tf.transpose(self._w, [1, 0])
        return tf.nn.embedding_lookup(w, idx, validate_indices=False)


def residual_stack(h, num_hiddens, num_layers, num_res):
    for i in range(num_layers):
        with tf.variable_scope("res%d" % i):
            h_i = tf.nn.relu(h)
            h_i = slim.conv2d(h_i, num_res, [3, 3], scope="res3x3")
            h_i = slim.conv2d(
                h_i, num_hiddens, [1, 1], activation_fn=None, scope="res1x1"
            )
            h += h_i
    return tf.nn.relu(h)


def encoder(x):
    init = tf.contrib.layers.variance_scaling_initializer()
    with tf.variable_scope("encoder"):
        with slim.arg_scope([slim.conv2d], weights_initializer=init, padding="SAME"):
            h = slim.conv2d(x, 8, [4, 4], 2, scope="enc_1")
            h = slim.conv2d(h, 16, [4, 4], 2, scope="enc_2")
            return residual_stack(h, 16, 2, 8)


def decoder(x):
    with tf.variable_scope("decoder"):
        h = slim.conv2d(x, 16, [3, 3], scope="dec_1")
        h = residual_stack(h, 16, 2, 8)
        h = slim.conv2d_transpose(h, 8, [4, 4], stride=2, scope="dec_2")
        return slim.conv2d_transpose(
            h, 1, [4, 4], stride=2, activation_fn=None, scope="dec_3"
        )


class EMAQuantizer(object):
    def __init__(self, dim, k, decay=0.99):
        with tf.variable_scope("ema_vq"):
            self.w = tf.get_variable(
                "embedding",
                [dim, k],
                trainable=False,
                initializer=tf.random_normal_initializer(),
            )
            self.cluster = tf.get_variable(
                "ema_cluster_size",
                [k],
                initializer=tf.zeros_initializer(),
                trainable=False,
            )
            self.ema_w = tf.get_variable(
                "ema_dw", initializer=self.w.initialized_value(), trainable=False
            )
        self.decay, self.k, self.dim = decay, k, dim

    def __call__(self, flat):
        d = tf.reduce_sum(tf.squared_difference(flat[:, :, None], self.w[None]), 1)
        idx = tf.argmin(d, axis=1, output_type=tf.int32)
        one = tf.one_hot(idx, self.k)
        cluster = tf.assign_sub(
            self.cluster, (1 - self.decay) * (self.cluster - tf.reduce_sum(one, 0))
        )
        dw = tf.matmul(flat, one, transpose_a=True)
        ema_w = tf.assign_sub(self.ema_w, (self.ema_w - dw) * (1 - self.decay))
        n = tf.reduce_sum(cluster)
        cluster = (cluster + 1e-5) / (n + self.k * 1e-5) * n
        return idx, tf.assign(self.w, ema_w / tf.reshape(cluster, [1, -1]))


def main():
    np.random.seed(1)
    tf.set_random_seed(7)
    x = tf.placeholder(tf.float32, [None, 16, 16, 1], name="x")
    z = slim.conv2d(encoder(x), 6, [1, 1], activation_fn=None, scope="to_vq")
    vq = VectorQuantizer(6, 10, 0.25)
    q = vq(z)
    x_hat = decoder(q["quantize"])
    recon = tf.losses.mean_squared_error(x, x_hat)
    loss = recon / 0.06 + q["loss"]
    global_step = tf.train.get_or_create_global_step()
    lr = tf.train.piecewise_constant(global_step, [2, 4], [3e-3, 1e-3, 3e-4])
    train_op = slim.learning.create_train_op(
        loss,
        tf.train.AdamOptimizer(lr),
        clip_gradient_norm=5.0,
        summarize_gradients=True,
    )
    ema = EMAQuantizer(6, 5)
    idx, update = ema(tf.reshape(z, [-1, 6]))
    slim.summarize_collection(tf.GraphKeys.TRAINABLE_VARIABLES)
    slim.model_analyzer.analyze_vars(slim.get_model_variables(), print_info=True)
    data = np.random.rand(8, 16, 16, 1)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i in range(5):
            l, r, p = sess.run([train_op, recon, q["perplexity"]], feed_dict={x: data})
            print("%d train loss: %f recon: %.6f perplexity: %.4f" % (i, l, r, p))
        print(sess.run(lr), sess.run(global_step))
        sess.run(update, {x: data})
        print(np.bincount(sess.run(idx, {x: data}), minlength=5))


main()
