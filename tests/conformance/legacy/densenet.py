"""Dense blocks with contrib layers, global step decay, several learning phases."""

import numpy as np
import tensorflow as tf
from tensorflow.contrib.framework import arg_scope
from tensorflow.contrib.layers import batch_norm, flatten

growth_k = 3
nb_block = 2


def conv_layer(input, filter, kernel, stride=1, layer_name="conv"):
    with tf.name_scope(layer_name):
        return tf.layers.conv2d(
            inputs=input,
            filters=filter,
            kernel_size=kernel,
            strides=stride,
            padding="SAME",
        )


def Batch_Normalization(x, training, scope):
    with arg_scope(
        [batch_norm],
        scope=scope,
        updates_collections=None,
        decay=0.9,
        center=True,
        scale=True,
        zero_debias_moving_mean=True,
    ):
        return tf.cond(
            training,
            lambda: batch_norm(inputs=x, is_training=training, reuse=None),
            lambda: batch_norm(inputs=x, is_training=training, reuse=True),
        )


class DenseNet(object):
    def __init__(self, x, filters, training):
        self.filters = filters
        self.training = training
        self.model = self.build(x)

    def bottleneck_layer(self, x, scope):
        with tf.name_scope(scope):
            x = Batch_Normalization(x, training=self.training, scope=scope + "_batch1")
            x = tf.nn.relu(x)
            x = conv_layer(
                x, filter=2 * self.filters, kernel=[1, 1], layer_name=scope + "_conv1"
            )
            x = tf.layers.dropout(inputs=x, rate=0.2, training=self.training)
            x = Batch_Normalization(x, training=self.training, scope=scope + "_batch2")
            x = tf.nn.relu(x)
            return conv_layer(x, self.filters, [3, 3], layer_name=scope + "_conv2")

    def dense_block(self, input_x, nb_layers, layer_name):
        with tf.name_scope(layer_name):
            layers_concat = [input_x]
            x = self.bottleneck_layer(input_x, scope=layer_name + "_bottleN_0")
            layers_concat.append(x)
            for i in range(nb_layers - 1):
                x = tf.concat(layers_concat, axis=3)
                x = self.bottleneck_layer(
                    x, scope=layer_name + "_bottleN_" + str(i + 1)
                )
                layers_concat.append(x)
            return tf.concat(layers_concat, axis=3)

    def build(self, input_x):
        x = conv_layer(input_x, 2 * self.filters, [3, 3], 2, "conv0")
        x = self.dense_block(x, nb_block, "dense_1")
        x = tf.layers.average_pooling2d(x, 2, 2)
        x = Batch_Normalization(x, training=self.training, scope="linear_batch")
        x = tf.nn.relu(x)
        x = tf.reduce_mean(x, [1, 2])
        x = flatten(x)
        return tf.layers.dense(inputs=x, units=4, name="linear")


tf.set_random_seed(29)
x = tf.placeholder(tf.float32, shape=[None, 8, 8, 1])
label = tf.placeholder(tf.float32, shape=[None, 4])
training_flag = tf.placeholder(tf.bool)
learning_rate = tf.placeholder(tf.float32, name="learning_rate")
logits = DenseNet(x=x, filters=growth_k, training=training_flag).model
cost = tf.reduce_mean(
    tf.nn.softmax_cross_entropy_with_logits(labels=label, logits=logits)
)
train = tf.train.AdamOptimizer(learning_rate=learning_rate, epsilon=1e-4).minimize(cost)
tf.summary.scalar("loss", cost)
saver = tf.train.Saver(tf.global_variables())

rng = np.random.RandomState(29)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    merged = tf.summary.merge_all()
    for i in range(5):
        feed = {
            x: rng.rand(4, 8, 8, 1),
            label: np.eye(4)[rng.randint(0, 4, 4)],
            training_flag: True,
            learning_rate: 0.01,
        }
        _, loss = sess.run([train, cost], feed_dict=feed)
        print("Step:", i, "Loss: %.7g" % loss)
