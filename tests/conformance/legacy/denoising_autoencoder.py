"""A convolutional denoising autoencoder: noise in the graph, resize and deconvolution."""

import numpy as np
import tensorflow as tf

tf.set_random_seed(50)
learning_rate = 0.01

inputs_ = tf.placeholder(tf.float32, (None, 8, 8, 1), name="inputs")
noisy = inputs_ + 0.5 * tf.random_normal(tf.shape(inputs_))
noisy = tf.clip_by_value(noisy, 0.0, 1.0, name="noisy")

# Encoder
conv1 = tf.layers.conv2d(noisy, 6, (3, 3), padding="same", activation=tf.nn.relu)
maxpool1 = tf.layers.max_pooling2d(conv1, (2, 2), (2, 2), padding="same")
conv2 = tf.layers.conv2d(maxpool1, 4, (3, 3), padding="same", activation=tf.nn.relu)
encoded = tf.layers.max_pooling2d(conv2, (2, 2), (2, 2), padding="same")

# Decoder
upsample1 = tf.layers.conv2d_transpose(
    encoded, 4, (3, 3), strides=(2, 2), padding="same", activation=tf.nn.relu
)
shape = tf.shape(inputs_)
filters = tf.Variable(tf.truncated_normal([3, 3, 6, 4], stddev=0.1), name="up_filters")
upsample2 = tf.nn.conv2d_transpose(
    upsample1, filters, tf.stack([shape[0], 8, 8, 6]), [1, 2, 2, 1], padding="SAME"
)
upsample2.set_shape([None, 8, 8, 6])
conv5 = tf.layers.conv2d(
    tf.nn.leaky_relu(upsample2),
    6,
    (3, 3),
    padding="same",
    activation=tf.nn.relu,
    kernel_regularizer=tf.contrib.layers.l2_regularizer(1e-3),
)
logits = tf.layers.conv2d(conv5, 1, (3, 3), padding="same", activation=None)
decoded = tf.nn.sigmoid(logits, name="decoded")

loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=inputs_, logits=logits)
cost = tf.reduce_mean(loss) + tf.losses.get_regularization_loss()
opt = tf.train.AdadeltaOptimizer(learning_rate=0.5, rho=0.9).minimize(cost)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
rng = np.random.RandomState(50)
for e in range(5):
    imgs = (rng.rand(4, 64) > 0.7).astype(np.float32).reshape((-1, 8, 8, 1))
    batch_cost, _ = sess.run([cost, opt], feed_dict={inputs_: imgs})
    print("Epoch: {}/{}... Training loss: {:.7g}".format(e + 1, 5, batch_cost))
sess.close()
