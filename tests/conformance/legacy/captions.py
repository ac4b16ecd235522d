"""Captions of images: SequenceExamples in padded batches, a shared LSTM, dropout."""

import numpy as np
import tensorflow as tf


def parse_sequence_example(serialized, image_feature, caption_feature):
    context, sequence = tf.parse_single_sequence_example(
        serialized,
        context_features={image_feature: tf.FixedLenFeature([], dtype=tf.string)},
        sequence_features={
            caption_feature: tf.FixedLenSequenceFeature([], dtype=tf.int64)
        },
    )
    return context[image_feature], sequence[caption_feature]


def batch_with_dynamic_pad(
    images_and_captions, batch_size, queue_capacity, add_summaries=True
):
    enqueue_list = []
    for image, caption in images_and_captions:
        caption_length = tf.shape(caption)[0]
        input_length = tf.expand_dims(tf.subtract(caption_length, 1), 0)
        input_seq = tf.slice(caption, [0], input_length)
        target_seq = tf.slice(caption, [1], input_length)
        indicator = tf.ones(input_length, dtype=tf.int32)
        enqueue_list.append([image, input_seq, target_seq, indicator])
    images, input_seqs, target_seqs, mask = tf.train.batch_join(
        enqueue_list,
        batch_size=batch_size,
        capacity=queue_capacity,
        dynamic_pad=True,
        name="batch_and_pad",
    )
    if add_summaries:
        lengths = tf.add(tf.reduce_sum(mask, 1), 1)
        tf.summary.scalar("caption_length/batch_min", tf.reduce_min(lengths))
        tf.summary.scalar("caption_length/batch_max", tf.reduce_max(lengths))
    return images, input_seqs, target_seqs, mask


rng = np.random.RandomState(83)
records = []
for i in range(12):
    img = rng.rand(4 * 4 * 3).astype("float32")
    ex = tf.train.SequenceExample(
        context=tf.train.Features(
            feature={
                "image/data": tf.train.Feature(
                    bytes_list=tf.train.BytesList(value=[img.tobytes()])
                )
            }
        ),
        feature_lists=tf.train.FeatureLists(
            feature_list={
                "image/caption_ids": tf.train.FeatureList(
                    feature=[
                        tf.train.Feature(int64_list=tf.train.Int64List(value=[v]))
                        for v in rng.randint(0, 9, 3 + i % 4)
                    ]
                )
            }
        ),
    )
    records.append(ex.SerializeToString())


class ShowAndTellModel(object):
    def __init__(self):
        self.initializer = tf.random_uniform_initializer(minval=-0.08, maxval=0.08)
        serialized = tf.train.input_producer(
            tf.constant(records), shuffle=False
        ).dequeue()
        enc, caption = parse_sequence_example(
            serialized, "image/data", "image/caption_ids"
        )
        image = tf.reshape(tf.decode_raw(enc, tf.float32), [4, 4, 3])
        image = tf.multiply(tf.subtract(image, 0.5), 2.0)
        self.images, self.input_seqs, self.target_seqs, self.input_mask = (
            batch_with_dynamic_pad([[image, caption]], 4, 8)
        )
        with tf.variable_scope("cnn"):
            x = tf.contrib.layers.conv2d(
                self.images, 4, 3, weights_initializer=self.initializer, scope="c1"
            )
            inception_output = tf.reduce_mean(x, [1, 2])
        self.inception_variables = tf.get_collection(
            tf.GraphKeys.GLOBAL_VARIABLES, scope="cnn"
        )
        with tf.variable_scope("image_embedding") as scope:
            image_embeddings = tf.contrib.layers.fully_connected(
                inputs=inception_output,
                num_outputs=6,
                activation_fn=None,
                weights_initializer=self.initializer,
                biases_initializer=None,
                scope=scope,
            )
        tf.constant(6, name="embedding_size")
        with tf.variable_scope("seq_embedding"), tf.device("/cpu:0"):
            embedding_map = tf.get_variable(
                name="map", shape=[9, 6], initializer=self.initializer
            )
            seq_embeddings = tf.nn.embedding_lookup(embedding_map, self.input_seqs)
        lstm_cell = tf.contrib.rnn.BasicLSTMCell(num_units=6, state_is_tuple=True)
        lstm_cell = tf.contrib.rnn.DropoutWrapper(
            lstm_cell, input_keep_prob=0.7, output_keep_prob=0.7
        )
        with tf.variable_scope("lstm", initializer=self.initializer) as lstm_scope:
            zero_state = lstm_cell.zero_state(
                batch_size=image_embeddings.get_shape()[0], dtype=tf.float32
            )
            _, initial_state = lstm_cell(image_embeddings, zero_state)
            lstm_scope.reuse_variables()
            sequence_length = tf.reduce_sum(self.input_mask, 1)
            lstm_outputs, _ = tf.nn.dynamic_rnn(
                cell=lstm_cell,
                inputs=seq_embeddings,
                sequence_length=sequence_length,
                initial_state=initial_state,
                dtype=tf.float32,
                scope=lstm_scope,
            )
        lstm_outputs = tf.reshape(lstm_outputs, [-1, lstm_cell.output_size])
        with tf.variable_scope("logits") as logits_scope:
            logits = tf.contrib.layers.fully_connected(
                inputs=lstm_outputs,
                num_outputs=9,
                activation_fn=None,
                weights_initializer=self.initializer,
                scope=logits_scope,
            )
        targets = tf.reshape(self.target_seqs, [-1])
        weights = tf.to_float(tf.reshape(self.input_mask, [-1]))
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=targets, logits=logits
        )
        batch_loss = tf.div(
            tf.reduce_sum(tf.multiply(losses, weights)),
            tf.reduce_sum(weights),
            name="batch_loss",
        )
        tf.losses.add_loss(batch_loss)
        self.total_loss = tf.losses.get_total_loss()
        tf.summary.scalar("losses/total_loss", self.total_loss)
        for var in tf.trainable_variables():
            tf.summary.histogram("parameters/" + var.op.name, var)
        self.global_step = tf.Variable(
            initial_value=0,
            name="global_step",
            trainable=False,
            collections=[tf.GraphKeys.GLOBAL_STEP, tf.GraphKeys.GLOBAL_VARIABLES],
        )


tf.set_random_seed(83)
g = tf.Graph()
with g.as_default():
    tf.set_random_seed(83)
    model = ShowAndTellModel()
    learning_rate = tf.constant(2.0)

    def decay(lr, gs):
        return tf.train.exponential_decay(
            lr, gs, decay_steps=2, decay_rate=0.5, staircase=True
        )

    train_op = tf.contrib.layers.optimize_loss(
        loss=model.total_loss,
        global_step=model.global_step,
        learning_rate=learning_rate,
        optimizer="SGD",
        clip_gradients=5.0,
        learning_rate_decay_fn=decay,
    )
    saver = tf.train.Saver(max_to_keep=5)
    print(
        [v.op.name for v in model.inception_variables],
        len(g.get_collection("summaries")),
    )
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        coord = tf.train.Coordinator()
        t = tf.train.start_queue_runners(sess, coord)
        for i in range(5):
            print("%.6g" % sess.run(train_op))
        coord.request_stop()
        coord.join(t, stop_grace_period_secs=2, ignore_live_threads=True)
