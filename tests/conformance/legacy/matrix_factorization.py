"""Matrix factorization for ratings: lookups, sparse gradients, Adagrad, regularizers."""

import numpy as np
import tensorflow as tf


def inference_svd(user_batch, item_batch, user_num, item_num, dim=5):
    with tf.device("/cpu:0"):
        bias_global = tf.get_variable("bias_global", shape=[])
        w_bias_user = tf.get_variable("embd_bias_user", shape=[user_num])
        w_bias_item = tf.get_variable("embd_bias_item", shape=[item_num])
        bias_user = tf.nn.embedding_lookup(w_bias_user, user_batch, name="bias_user")
        bias_item = tf.nn.embedding_lookup(w_bias_item, item_batch, name="bias_item")
        w_user = tf.get_variable(
            "embd_user",
            shape=[user_num, dim],
            initializer=tf.truncated_normal_initializer(stddev=0.02),
        )
        w_item = tf.get_variable(
            "embd_item",
            shape=[item_num, dim],
            initializer=tf.truncated_normal_initializer(stddev=0.02),
        )
        embd_user = tf.nn.embedding_lookup(w_user, user_batch, name="embedding_user")
        embd_item = tf.nn.embedding_lookup(w_item, item_batch, name="embedding_item")
    with tf.device("/cpu:0"):
        infer = tf.reduce_sum(tf.multiply(embd_user, embd_item), 1)
        infer = tf.add(infer, bias_global)
        infer = tf.add(infer, bias_user)
        infer = tf.add(infer, bias_item, name="svd_inference")
        regularizer = tf.add(
            tf.nn.l2_loss(embd_user), tf.nn.l2_loss(embd_item), name="svd_regularizer"
        )
    return infer, regularizer


def optimization(infer, regularizer, rate_batch, learning_rate=0.1, reg=0.1):
    global_step = tf.train.get_global_step()
    assert global_step is not None
    with tf.device("/cpu:0"):
        cost_l2 = tf.nn.l2_loss(tf.subtract(infer, rate_batch))
        penalty = tf.constant(reg, dtype=tf.float32, shape=[], name="l2")
        cost = tf.add(cost_l2, tf.multiply(regularizer, penalty))
        train_op = tf.train.AdagradOptimizer(learning_rate).minimize(
            cost, global_step=global_step
        )
    return cost, train_op


def clip(x):
    return np.clip(x, 1.0, 5.0)


tf.set_random_seed(13575)
rng = np.random.RandomState(13575)
user_batch = tf.placeholder(tf.int32, shape=[None], name="id_user")
item_batch = tf.placeholder(tf.int32, shape=[None], name="id_item")
rate_batch = tf.placeholder(tf.float32, shape=[None])
infer, regularizer = inference_svd(user_batch, item_batch, 20, 30)
global_step = tf.contrib.framework.get_or_create_global_step()
cost, train_op = optimization(infer, regularizer, rate_batch)

# The same by squared residuals of whole matrices, with FTRL.
with tf.variable_scope("full"):
    P = tf.get_variable("P", [6, 3], initializer=tf.random_uniform_initializer(0, 0.5))
    Q = tf.get_variable("Q", [3, 7], initializer=tf.random_uniform_initializer(0, 0.5))
    R = tf.placeholder(tf.float32, [6, 7])
    known = tf.cast(tf.greater(R, 0.0), tf.float32)
    error = tf.reduce_sum(tf.square((R - tf.matmul(P, Q)) * known))
    full_train = tf.train.FtrlOptimizer(0.1).minimize(error)

init_op = tf.global_variables_initializer()
with tf.Session() as sess:
    sess.run(init_op)
    for _ in range(5):
        feed = {
            user_batch: rng.randint(0, 20, 10),
            item_batch: rng.randint(0, 30, 10),
            rate_batch: rng.randint(1, 6, 10),
        }
        _, pred, value = sess.run([train_op, infer, cost], feed_dict=feed)
        ratings = rng.randint(0, 6, (6, 7))
        _, whole = sess.run([full_train, error], {R: ratings})
        rmse = np.sqrt(np.mean(np.power(clip(pred) - feed[rate_batch], 2)))
        print("cost %.7g train_error %.6g whole %.7g" % (value, rmse, whole))
