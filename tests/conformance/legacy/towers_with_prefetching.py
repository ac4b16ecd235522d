"""Two towers share variables and a prefetched queue; averages of what is learned."""

import re

import numpy as np
import tensorflow as tf

slim = tf.contrib.slim
SIZE, BATCH, CLASSES = 24, 4, 10


def with_decay(name, shape, stddev, decay):
    with tf.device("/cpu:0"):
        start = tf.truncated_normal_initializer(stddev=stddev)
        var = tf.get_variable(name, shape, initializer=start)
    if decay is not None:
        loss = tf.multiply(tf.nn.l2_loss(var), decay, name="weight_loss")
        tf.add_to_collection("losses", loss)
    return var


def summarize(x):
    name = re.sub("tower_[0-9]*/", "", x.op.name)
    tf.summary.histogram(name + "/activations", x)
    tf.summary.scalar(name + "/sparsity", tf.nn.zero_fraction(x))


def inference(images):
    with tf.variable_scope("conv1") as scope:
        kernel = with_decay("weights", [5, 5, 3, 4], 5e-2, None)
        conv = tf.nn.conv2d(images, kernel, [1, 1, 1, 1], padding="SAME")
        bias = tf.get_variable("biases", [4], initializer=tf.zeros_initializer())
        conv1 = tf.nn.relu(tf.nn.bias_add(conv, bias), name=scope.name)
        summarize(conv1)
    pool = tf.nn.max_pool(conv1, [1, 3, 3, 1], [1, 2, 2, 1], "SAME", name="pool1")
    norm = tf.nn.lrn(pool, 4, bias=1.0, alpha=0.001 / 9.0, beta=0.75, name="norm1")
    with tf.variable_scope("local2") as scope:
        flat = tf.reshape(norm, [BATCH, -1])
        weights = with_decay("weights", [flat.get_shape()[1].value, 8], 0.04, 0.004)
        bias = tf.get_variable("biases", [8], initializer=tf.constant_initializer(0.1))
        local = tf.nn.relu(tf.matmul(flat, weights) + bias, name=scope.name)
        summarize(local)
    with tf.variable_scope("softmax_linear") as scope:
        weights = with_decay("weights", [8, CLASSES], 1 / 8.0, None)
        bias = tf.get_variable("biases", [CLASSES], initializer=tf.zeros_initializer())
        return tf.add(tf.matmul(local, weights), bias, name=scope.name)


def tower_loss(scope, images, labels):
    entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=labels, logits=inference(images)
    )
    tf.add_to_collection("losses", tf.reduce_mean(entropy, name="cross_entropy"))
    return tf.add_n(tf.get_collection("losses", scope), name="total_loss")


def average(tower_grads):
    averages = []
    for pairs in zip(*tower_grads):
        stacked = tf.concat([tf.expand_dims(g, 0) for g, _ in pairs], axis=0)
        averages.append((tf.reduce_mean(stacked, 0), pairs[0][1]))
    return averages


def batches(rng):
    raw = (rng.rand(12, 1 + 3 * 26 * 26) * 255).astype("uint8")
    raw[:, 0] %= CLASSES
    records = tf.constant([row.tobytes() for row in raw])
    record = tf.train.input_producer(records, shuffle=False).dequeue()
    values = tf.decode_raw(record, tf.uint8)
    label = tf.cast(tf.strided_slice(values, [0], [1]), tf.int32)
    image = tf.reshape(tf.strided_slice(values, [1], [1 + 3 * 26 * 26]), [3, 26, 26])
    image = tf.cast(tf.transpose(image, [1, 2, 0]), tf.float32)
    image = tf.image.resize_image_with_crop_or_pad(image, SIZE, SIZE)
    image = tf.image.per_image_standardization(image)
    label.set_shape([1])
    images, labels = tf.train.batch([image, label], BATCH, num_threads=1, capacity=20)
    return images, tf.reshape(labels, [BATCH])


with tf.Graph().as_default(), tf.device("/cpu:0"):
    tf.set_random_seed(41)
    step = tf.train.create_global_step()
    rate = tf.train.exponential_decay(0.1, step, 2, 0.1, staircase=True)
    optimizer = tf.train.GradientDescentOptimizer(rate)
    tensors = list(batches(np.random.RandomState(41)))
    queue = slim.prefetch_queue.prefetch_queue(tensors, capacity=4)
    named = slim.prefetch_queue.prefetch_queue(
        {"image": tensors[0], "label": tensors[1]}, dynamic_pad=True, name="named"
    )
    image_batch, label_batch = queue.dequeue()
    print(queue.name, sorted(named.names), len(tf.get_collection("queue_runners")))
    tower_grads = []
    with tf.variable_scope(tf.get_variable_scope()):
        for i in range(2):
            with tf.device("/gpu:%d" % i), tf.name_scope("tower_%d" % i) as scope:
                loss = tower_loss(scope, image_batch, label_batch)
                tf.get_variable_scope().reuse_variables()
                summaries = tf.get_collection(tf.GraphKeys.SUMMARIES, scope)
                tower_grads.append(optimizer.compute_gradients(loss))
    apply_grads = optimizer.apply_gradients(average(tower_grads), global_step=step)
    averages = tf.train.ExponentialMovingAverage(0.9999, step)
    train = tf.group(apply_grads, averages.apply(tf.trainable_variables()))
    tf.get_collection_ref("queue_runners").pop()  # the last queue is only looked at
    config = tf.ConfigProto(allow_soft_placement=True)
    with tf.Session(config=config) as sess:
        sess.run(tf.global_variables_initializer())
        with slim.queues.QueueRunners(sess):
            for i in range(5):
                value, _ = sess.run([loss, train])
                print("step %d loss %.6g" % (i, value))
            try:
                with slim.queues.QueueRunners(sess):
                    pass
            except slim.queues.NestedQueueRunnerError as error:
                print(error)
