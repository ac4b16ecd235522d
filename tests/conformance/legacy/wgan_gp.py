"""WGAN with gradient penalty: gradients of gradients, two nets, several critic steps."""

import numpy as np
import tensorflow as tf

MODE_DIM, Z_DIM, H, LAMBDA, CRITIC_ITERS = 6, 3, 12, 10, 2
tf.set_random_seed(1001)
np.random.seed(1001)


def xavier_init(size):
    in_dim = size[0]
    xavier_stddev = 1.0 / tf.sqrt(in_dim / 2.0)
    return tf.random_normal(shape=size, stddev=xavier_stddev)


X = tf.placeholder(tf.float32, shape=[None, MODE_DIM])
D_W1 = tf.Variable(xavier_init([MODE_DIM, H]))
D_b1 = tf.Variable(tf.zeros(shape=[H]))
D_W2 = tf.Variable(xavier_init([H, 1]))
D_b2 = tf.Variable(tf.zeros(shape=[1]))
theta_D = [D_W1, D_W2, D_b1, D_b2]

z = tf.placeholder(tf.float32, shape=[None, Z_DIM])
G_W1 = tf.Variable(xavier_init([Z_DIM, H]))
G_b1 = tf.Variable(tf.zeros(shape=[H]))
G_W2 = tf.Variable(xavier_init([H, MODE_DIM]))
G_b2 = tf.Variable(tf.zeros(shape=[MODE_DIM]))
theta_G = [G_W1, G_W2, G_b1, G_b2]


def generator(z):
    G_h1 = tf.nn.relu(tf.matmul(z, G_W1) + G_b1)
    G_log_prob = tf.matmul(G_h1, G_W2) + G_b2
    return tf.nn.sigmoid(G_log_prob)


def discriminator(x):
    D_h1 = tf.tanh(tf.matmul(x, D_W1) + D_b1)
    return tf.matmul(D_h1, D_W2) + D_b2


G_sample = generator(z)
D_real = discriminator(X)
D_fake = discriminator(G_sample)

eps = tf.random_uniform([8, 1], minval=0.0, maxval=1.0)
X_inter = eps * X + (1.0 - eps) * G_sample
grad = tf.gradients(discriminator(X_inter), [X_inter])[0]
grad_norm = tf.sqrt(tf.reduce_sum((grad) ** 2, axis=1))
grad_pen = LAMBDA * tf.reduce_mean((grad_norm - 1) ** 2)

D_loss = tf.reduce_mean(D_fake) - tf.reduce_mean(D_real) + grad_pen
G_loss = -tf.reduce_mean(D_fake)

D_solver = tf.train.AdamOptimizer(learning_rate=1e-2, beta1=0.5).minimize(
    D_loss, var_list=theta_D
)
G_solver = tf.train.AdamOptimizer(learning_rate=1e-2, beta1=0.5).minimize(
    G_loss, var_list=theta_G
)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for it in range(5):
    for _ in range(CRITIC_ITERS):
        X_mb = np.random.rand(8, MODE_DIM)
        z_mb = np.random.uniform(-1.0, 1.0, size=[8, Z_DIM])
        _, D_loss_curr = sess.run([D_solver, D_loss], feed_dict={X: X_mb, z: z_mb})
    _, G_loss_curr = sess.run([G_solver, G_loss], feed_dict={z: z_mb})
    print(
        "Iter: {}; D loss: {:.7g}; G_loss: {:.7g}".format(it, D_loss_curr, G_loss_curr)
    )
sess.close()
