"""Deep Interest Network (after zhougr1993), with Dice, AUC and summaries."""

import os
import shutil
import tempfile

import numpy as np
import tensorflow as tf


def dice(_x, axis=-1, epsilon=0.000000001, name=""):
    with tf.variable_scope(name, reuse=tf.AUTO_REUSE):
        alphas = tf.get_variable(
            "alpha" + name,
            _x.get_shape()[-1],
            initializer=tf.constant_initializer(0.0),
            dtype=tf.float32,
        )
        input_shape = list(_x.get_shape())
        reduction_axes = list(range(len(input_shape)))
        del reduction_axes[axis]
        broadcast_shape = [1] * len(input_shape)
        broadcast_shape[axis] = input_shape[axis]
    mean = tf.reduce_mean(_x, axis=reduction_axes)
    brodcast_mean = tf.reshape(mean, broadcast_shape)
    std = tf.reduce_mean(tf.square(_x - brodcast_mean) + epsilon, axis=reduction_axes)
    std = tf.sqrt(std)
    brodcast_std = tf.reshape(std, broadcast_shape)
    x_normed = tf.layers.batch_normalization(
        _x, center=False, scale=False, name=name, reuse=tf.AUTO_REUSE
    )
    x_p = tf.sigmoid(x_normed)
    return alphas * (1.0 - x_p) * _x + x_p * _x


class Model(object):
    def __init__(self, user_count, item_count, cate_count, cate_list):
        self.u = tf.placeholder(
            tf.int32,
            [
                None,
            ],
        )
        self.i = tf.placeholder(
            tf.int32,
            [
                None,
            ],
        )
        self.j = tf.placeholder(
            tf.int32,
            [
                None,
            ],
        )
        self.y = tf.placeholder(
            tf.float32,
            [
                None,
            ],
        )
        self.hist_i = tf.placeholder(tf.int32, [None, None])
        self.sl = tf.placeholder(
            tf.int32,
            [
                None,
            ],
        )
        self.lr = tf.placeholder(tf.float64, [])
        hidden_units = 8
        item_emb_w = tf.get_variable("item_emb_w", [item_count, hidden_units // 2])
        item_b = tf.get_variable(
            "item_b", [item_count], initializer=tf.constant_initializer(0.0)
        )
        cate_emb_w = tf.get_variable("cate_emb_w", [cate_count, hidden_units // 2])
        cate_list = tf.convert_to_tensor(cate_list, dtype=tf.int64)
        ic = tf.gather(cate_list, self.i)
        i_emb = tf.concat(
            values=[
                tf.nn.embedding_lookup(item_emb_w, self.i),
                tf.nn.embedding_lookup(cate_emb_w, ic),
            ],
            axis=1,
        )
        i_b = tf.gather(item_b, self.i)
        jc = tf.gather(cate_list, self.j)
        j_emb = tf.concat(
            [
                tf.nn.embedding_lookup(item_emb_w, self.j),
                tf.nn.embedding_lookup(cate_emb_w, jc),
            ],
            axis=1,
        )
        j_b = tf.gather(item_b, self.j)
        hc = tf.gather(cate_list, self.hist_i)
        h_emb = tf.concat(
            [
                tf.nn.embedding_lookup(item_emb_w, self.hist_i),
                tf.nn.embedding_lookup(cate_emb_w, hc),
            ],
            axis=2,
        )
        hist_i = attention(i_emb, h_emb, self.sl)
        hist_i = tf.layers.batch_normalization(inputs=hist_i)
        hist_i = tf.reshape(hist_i, [-1, hidden_units], name="hist_bn")
        hist_i = tf.layers.dense(hist_i, hidden_units, name="hist_fcn")
        hist_j = attention(j_emb, h_emb, self.sl)
        hist_j = (
            tf.layers.batch_normalization(inputs=hist_j, reuse=True)
            if False
            else tf.layers.batch_normalization(inputs=hist_j)
        )
        hist_j = tf.reshape(hist_j, [-1, hidden_units], name="hist_bn")
        hist_j = tf.layers.dense(hist_j, hidden_units, name="hist_fcn", reuse=True)
        din_i = tf.concat([hist_i, i_emb, hist_i * i_emb], axis=-1)
        din_i = tf.layers.batch_normalization(inputs=din_i, name="b1")
        d1 = dice(tf.layers.dense(din_i, 8, activation=None, name="f1"), name="dice_1")
        d2 = tf.layers.dense(d1, 4, activation=tf.nn.sigmoid, name="f2")
        d3_i = tf.layers.dense(d2, 1, activation=None, name="f3")
        din_j = tf.concat([hist_j, j_emb, hist_j * j_emb], axis=-1)
        din_j = tf.layers.batch_normalization(inputs=din_j, name="b1", reuse=True)
        e1 = dice(
            tf.layers.dense(din_j, 8, activation=None, name="f1", reuse=True),
            name="dice_1",
        )
        e2 = tf.layers.dense(e1, 4, activation=tf.nn.sigmoid, name="f2", reuse=True)
        d3_j = tf.layers.dense(e2, 1, activation=None, name="f3", reuse=True)
        d3_i = tf.reshape(d3_i, [-1])
        d3_j = tf.reshape(d3_j, [-1])
        x = i_b - j_b + d3_i - d3_j
        self.logits = i_b + d3_i
        self.mf_auc = tf.reduce_mean(tf.to_float(x > 0))
        self.score = tf.concat(
            [
                tf.expand_dims(tf.sigmoid(self.logits), -1),
                tf.expand_dims(tf.sigmoid(j_b + d3_j), -1),
            ],
            axis=-1,
        )
        self.global_step = tf.Variable(0, trainable=False, name="global_step")
        self.global_epoch_step = tf.Variable(
            0, trainable=False, name="global_epoch_step"
        )
        self.global_epoch_step_op = tf.assign(
            self.global_epoch_step, self.global_epoch_step + 1
        )
        self.loss = tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(logits=self.logits, labels=self.y)
        )
        self.auc, self.auc_op = tf.metrics.auc(
            self.y, tf.sigmoid(self.logits), num_thresholds=50
        )
        trainable_params = tf.trainable_variables()
        self.opt = tf.train.GradientDescentOptimizer(learning_rate=self.lr)
        gradients = tf.gradients(self.loss, trainable_params)
        clip_gradients, _ = tf.clip_by_global_norm(gradients, 5)
        self.train_op = self.opt.apply_gradients(
            zip(clip_gradients, trainable_params), global_step=self.global_step
        )


def attention(queries, keys, keys_length):
    queries_hidden_units = queries.get_shape().as_list()[-1]
    queries = tf.tile(queries, [1, tf.shape(keys)[1]])
    queries = tf.reshape(queries, [-1, tf.shape(keys)[1], queries_hidden_units])
    din_all = tf.concat([queries, keys, queries - keys, queries * keys], axis=-1)
    d1 = tf.layers.dense(
        din_all, 8, activation=tf.nn.sigmoid, name="f1_att", reuse=tf.AUTO_REUSE
    )
    d3 = tf.layers.dense(d1, 1, activation=None, name="f3_att", reuse=tf.AUTO_REUSE)
    outputs = tf.reshape(d3, [-1, 1, tf.shape(keys)[1]])
    key_masks = tf.expand_dims(tf.sequence_mask(keys_length, tf.shape(keys)[1]), 1)
    paddings = tf.ones_like(outputs) * (-(2**32) + 1)
    outputs = tf.where(key_masks, outputs, paddings)
    outputs = outputs / (keys.get_shape().as_list()[-1] ** 0.5)
    return tf.matmul(tf.nn.softmax(outputs), keys)


tf.set_random_seed(1234)
rng = np.random.RandomState(1234)
folder = tempfile.mkdtemp()
model = Model(10, 20, 5, rng.randint(0, 5, 20).tolist())
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(tf.local_variables_initializer())
    writer = tf.summary.FileWriter(os.path.join(folder, "log"), sess.graph)
    feed = {
        model.u: rng.randint(0, 10, 6),
        model.i: rng.randint(0, 20, 6),
        model.j: rng.randint(0, 20, 6),
        model.y: rng.randint(0, 2, 6),
        model.hist_i: rng.randint(0, 20, (6, 4)),
        model.sl: [1, 4, 2, 3, 4, 2],
        model.lr: 1.0,
    }
    for step in range(4):
        loss, _, auc = sess.run([model.loss, model.train_op, model.auc_op], feed)
        writer.add_summary(
            tf.Summary(
                value=[tf.Summary.Value(tag="eval_auc", simple_value=float(auc))]
            ),
            global_step=step,
        )
        print("step %d\tloss %.6f\tauc %.6f" % (model.global_step.eval(), loss, auc))
    model.global_epoch_step_op.eval()
    scores = sess.run([model.mf_auc, model.auc], feed)
    print("Epoch %d DONE" % model.global_epoch_step.eval(), "%.5f %.5f" % tuple(scores))
    saver = tf.train.Saver()
    path = saver.save(
        sess, os.path.join(folder, "ckpt"), global_step=model.global_step.eval()
    )
    print(os.path.basename(tf.train.latest_checkpoint(folder)))
    sess.run(tf.global_variables_initializer())
    saver.restore(sess, path)
    print("restored %.6f" % sess.run(model.loss, feed))
    writer.close()
shutil.rmtree(folder)
