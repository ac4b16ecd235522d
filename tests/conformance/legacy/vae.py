"""A variational autoencoder as a class; encoder and decoder by scopes."""

import numpy as np
import tensorflow as tf


class VAE(object):
    def __init__(self, input_dim=30, latent_dim=4, hidden=16, lr=1e-3):
        self.input_dim = input_dim
        self.latent_dim = latent_dim
        self.hidden = hidden
        self.lr = lr
        self.build()

    def encoder(self, x):
        with tf.variable_scope("encoder"):
            h = tf.layers.dense(x, self.hidden, activation=tf.nn.elu, name="h1")
            h = tf.layers.dense(h, self.hidden, activation=tf.nn.tanh, name="h2")
            mu = tf.layers.dense(h, self.latent_dim, name="mu")
            sigma = 1e-6 + tf.nn.softplus(
                tf.layers.dense(h, self.latent_dim, name="sigma")
            )
        return mu, sigma

    def decoder(self, z, reuse=False):
        with tf.variable_scope("decoder", reuse=reuse):
            h = tf.layers.dense(z, self.hidden, tf.nn.tanh, name="h1")
            h = tf.layers.dense(h, self.hidden, tf.nn.elu, name="h2")
            y = tf.layers.dense(h, self.input_dim, tf.nn.sigmoid, name="out")
        return tf.clip_by_value(y, 1e-8, 1 - 1e-8)

    def build(self):
        self.x = tf.placeholder(tf.float32, [None, self.input_dim], name="x")
        mu, sigma = self.encoder(self.x)
        eps = tf.random_normal(tf.shape(mu), 0, 1, dtype=tf.float32)
        self.z = mu + sigma * eps
        self.y = self.decoder(self.z)
        marginal_likelihood = tf.reduce_sum(
            self.x * tf.log(self.y) + (1 - self.x) * tf.log(1 - self.y), 1
        )
        KL_divergence = 0.5 * tf.reduce_sum(
            tf.square(mu) + tf.square(sigma) - tf.log(1e-8 + tf.square(sigma)) - 1, 1
        )
        self.marginal_likelihood = tf.reduce_mean(marginal_likelihood)
        self.KL_divergence = tf.reduce_mean(KL_divergence)
        ELBO = self.marginal_likelihood - self.KL_divergence
        self.loss = -ELBO
        self.train_op = tf.train.AdamOptimizer(self.lr).minimize(self.loss)
        self.z_in = tf.placeholder(tf.float32, [None, self.latent_dim], name="z_in")
        self.sampled = self.decoder(self.z_in, reuse=True)


if __name__ == "__main__":
    tf.set_random_seed(42)
    np.random.seed(42)
    model = VAE()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for epoch in range(5):
            batch = (np.random.rand(8, 30) > 0.5).astype(np.float32)
            _, loss, lik, div = sess.run(
                [
                    model.train_op,
                    model.loss,
                    model.marginal_likelihood,
                    model.KL_divergence,
                ],
                feed_dict={model.x: batch},
            )
            print(
                "epoch %d: L_tot %.7g L_likelihood %.7g L_divergence %.6g"
                % (epoch, loss, lik, div)
            )
        out = sess.run(model.sampled, {model.z_in: np.zeros((2, 4))})
        print("sampled", out.shape, "%.6g" % out.mean())
