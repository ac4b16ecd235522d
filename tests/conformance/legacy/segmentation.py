"""A fully convolutional net: skips, bilinear upsampling, class weights, IoU."""

import numpy as np
import tensorflow as tf

flags = tf.app.flags
FLAGS = flags.FLAGS
flags.DEFINE_integer("classes", 3, "number of classes")
flags.DEFINE_float("rate", 0.05, "learning rate")
flags.DEFINE_boolean("augment", True, "flip images")


def conv_block(x, filters, name, training):
    with tf.variable_scope(name):
        for i in range(2):
            x = tf.layers.conv2d(
                x,
                filters,
                3,
                padding="same",
                activation=None,
                use_bias=False,
                kernel_initializer=tf.glorot_normal_initializer(),
                kernel_regularizer=tf.contrib.layers.l2_regularizer(1e-4),
                name="conv%d" % i,
            )
            x = tf.layers.batch_normalization(
                x, training=training, momentum=0.9, name="bn%d" % i
            )
            x = tf.nn.relu(x)
        return x


def model(images, training):
    c1 = conv_block(images, 4, "down1", training)
    p1 = tf.layers.max_pooling2d(c1, 2, 2)
    c2 = conv_block(p1, 6, "down2", training)
    p2 = tf.layers.max_pooling2d(c2, 2, 2)
    c3 = conv_block(p2, 8, "bottom", training)
    u2 = tf.image.resize_bilinear(c3, tf.shape(c2)[1:3], name="up2")
    u2 = conv_block(tf.concat([u2, c2], -1), 6, "up2_block", training)
    u1 = tf.image.resize_nearest_neighbor(u2, [12, 12])
    u1 = conv_block(tf.concat([u1, c1], -1), 4, "up1_block", training)
    return tf.layers.conv2d(u1, FLAGS.classes, 1, name="logits")


def main(_):
    tf.set_random_seed(55)
    images = tf.placeholder(tf.float32, [None, 12, 12, 3])
    labels = tf.placeholder(tf.int32, [None, 12, 12])
    training = tf.placeholder(tf.bool, name="training")
    x = tf.map_fn(tf.image.per_image_standardization, images)
    logits = model(x, training)
    class_weights = tf.constant([[0.2, 1.0, 2.0]])
    onehot = tf.one_hot(labels, FLAGS.classes)
    weights = tf.reduce_sum(class_weights * onehot, axis=-1)
    xent = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    loss = tf.reduce_mean(xent * weights) + tf.add_n(
        tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    )
    predictions = tf.argmax(logits, -1, output_type=tf.int32)
    iou, iou_op = tf.metrics.mean_iou(labels, predictions, FLAGS.classes)
    step = tf.train.create_global_step()
    rate = tf.train.polynomial_decay(FLAGS.rate, step, 10, 0.001, power=0.9)
    optimizer = tf.train.MomentumOptimizer(rate, 0.9)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = optimizer.minimize(loss, global_step=step)
    tf.summary.image("input", images, max_outputs=1)
    tf.summary.scalar("iou", iou)
    rng = np.random.RandomState(55)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(tf.local_variables_initializer())
        for i in range(5):
            feed = {
                images: rng.rand(2, 12, 12, 3),
                labels: rng.randint(0, 3, (2, 12, 12)),
                training: True,
            }
            _, value, _ = sess.run([train_op, loss, iou_op], feed)
            print("step %d loss %.7g iou %.4f" % (i, value, sess.run(iou)))


if __name__ == "__main__":
    main([])
