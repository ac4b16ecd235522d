"""A capsule layer with dynamic routing, margin loss and reconstruction."""

import numpy as np
import tensorflow as tf

tf.reset_default_graph()
np.random.seed(42)
tf.set_random_seed(42)

X = tf.placeholder(shape=[None, 12, 12, 1], dtype=tf.float32, name="X")
y = tf.placeholder(shape=[None], dtype=tf.int64, name="y")

caps1_n_maps, caps1_n_dims = 2, 4
caps1_n_caps = caps1_n_maps * 2 * 2
caps2_n_caps, caps2_n_dims = 3, 6

conv1 = tf.layers.conv2d(
    X,
    name="conv1",
    filters=8,
    kernel_size=5,
    strides=1,
    padding="valid",
    activation=tf.nn.relu,
)
conv2 = tf.layers.conv2d(
    conv1,
    name="conv2",
    filters=caps1_n_maps * caps1_n_dims,
    kernel_size=5,
    strides=2,
    padding="valid",
    activation=tf.nn.relu,
)
caps1_raw = tf.reshape(conv2, [-1, caps1_n_caps, caps1_n_dims], name="caps1_raw")


def squash(s, axis=-1, epsilon=1e-7, name=None):
    with tf.name_scope(name, default_name="squash"):
        squared_norm = tf.reduce_sum(tf.square(s), axis=axis, keep_dims=True)
        safe_norm = tf.sqrt(squared_norm + epsilon)
        squash_factor = squared_norm / (1.0 + squared_norm)
        unit_vector = s / safe_norm
        return squash_factor * unit_vector


def safe_norm(s, axis=-1, epsilon=1e-7, keep_dims=False, name=None):
    with tf.name_scope(name, default_name="safe_norm"):
        squared_norm = tf.reduce_sum(tf.square(s), axis=axis, keep_dims=keep_dims)
        return tf.sqrt(squared_norm + epsilon)


caps1_output = squash(caps1_raw, name="caps1_output")
W_init = tf.random_normal(
    shape=(1, caps1_n_caps, caps2_n_caps, caps2_n_dims, caps1_n_dims),
    stddev=0.1,
    dtype=tf.float32,
    name="W_init",
)
W = tf.Variable(W_init, name="W")
batch_size = tf.shape(X)[0]
W_tiled = tf.tile(W, [batch_size, 1, 1, 1, 1], name="W_tiled")
caps1_output_expanded = tf.expand_dims(caps1_output, -1, name="caps1_output_expanded")
caps1_output_tile = tf.expand_dims(caps1_output_expanded, 2, name="caps1_output_tile")
caps1_output_tiled = tf.tile(
    caps1_output_tile, [1, 1, caps2_n_caps, 1, 1], name="caps1_output_tiled"
)
caps2_predicted = tf.matmul(W_tiled, caps1_output_tiled, name="caps2_predicted")

raw_weights = tf.zeros(
    [batch_size, caps1_n_caps, caps2_n_caps, 1, 1], dtype=np.float32, name="raw_weights"
)
for i in range(2):
    routing_weights = tf.nn.softmax(raw_weights, dim=2, name="routing_weights")
    weighted_predictions = tf.multiply(routing_weights, caps2_predicted)
    weighted_sum = tf.reduce_sum(weighted_predictions, axis=1, keep_dims=True)
    caps2_output = squash(weighted_sum, axis=-2, name="caps2_output")
    if i == 0:
        caps2_tiled = tf.tile(caps2_output, [1, caps1_n_caps, 1, 1, 1])
        agreement = tf.matmul(caps2_predicted, caps2_tiled, transpose_a=True)
        raw_weights = tf.add(raw_weights, agreement)

y_proba = safe_norm(caps2_output, axis=-2, name="y_proba")
y_pred = tf.squeeze(tf.argmax(y_proba, axis=2), axis=[1, 2], name="y_pred")
T = tf.one_hot(y, depth=caps2_n_caps, name="T")
caps2_norm = safe_norm(caps2_output, axis=-2, keep_dims=True, name="caps2_norm")
present_error = tf.reshape(
    tf.square(tf.maximum(0.0, 0.9 - caps2_norm)), shape=(-1, caps2_n_caps)
)
absent_error = tf.reshape(
    tf.square(tf.maximum(0.0, caps2_norm - 0.1)), shape=(-1, caps2_n_caps)
)
L = tf.add(T * present_error, 0.5 * (1.0 - T) * absent_error, name="L")
margin_loss = tf.reduce_mean(tf.reduce_sum(L, axis=1), name="margin_loss")

mask_with_labels = tf.placeholder_with_default(False, shape=(), name="mask_with_labels")
reconstruction_targets = tf.cond(
    mask_with_labels, lambda: y, lambda: y_pred, name="reconstruction_targets"
)
mask = tf.reshape(
    tf.one_hot(reconstruction_targets, depth=caps2_n_caps), [-1, 1, caps2_n_caps, 1, 1]
)
masked = tf.reshape(tf.multiply(caps2_output, mask), [-1, caps2_n_caps * caps2_n_dims])
with tf.name_scope("decoder"):
    hidden1 = tf.layers.dense(masked, 16, activation=tf.nn.relu, name="hidden1")
    decoder_output = tf.layers.dense(
        hidden1, 144, activation=tf.nn.sigmoid, name="decoder_output"
    )
X_flat = tf.reshape(X, [-1, 144], name="X_flat")
reconstruction_loss = tf.reduce_mean(tf.square(X_flat - decoder_output))
loss = tf.add(margin_loss, 0.0005 * reconstruction_loss, name="loss")
training_op = tf.train.AdamOptimizer().minimize(loss, name="training_op")

init = tf.global_variables_initializer()
saver = tf.train.Saver()
with tf.Session() as sess:
    init.run()
    for iteration in range(5):
        _, loss_train = sess.run(
            [training_op, loss],
            feed_dict={
                X: np.random.rand(4, 12, 12, 1),
                y: np.random.randint(0, 3, 4),
                mask_with_labels: True,
            },
        )
        print("Iteration: {} Loss: {:.7g}".format(iteration, loss_train))
