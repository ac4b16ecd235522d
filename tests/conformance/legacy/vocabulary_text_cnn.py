"""Sentences through a VocabularyProcessor into a small CNN, with a saved vocabulary."""

import os
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow.contrib import learn

tf.set_random_seed(11)
texts = [
    "a fine film with great heart",
    "dull and lifeless",
    "it's a charming, witty movie !",
    "i hated every minute of it",
    "great great fun",
    "a mess of a movie with no heart",
]
labels = np.array([1, 0, 1, 0, 1, 0])

longest = max(len(text.split(" ")) for text in texts)
processor = learn.preprocessing.VocabularyProcessor(longest)
rows = np.array(list(processor.fit_transform(texts)))
print("words:", len(processor.vocabulary_), "first row:", rows[0].tolist())
print(list(processor.reverse(rows[1:2])))

frequent = learn.preprocessing.VocabularyProcessor(4, min_frequency=1)
print([row.tolist() for row in frequent.fit_transform(texts)][:3])
print(sorted(frequent.vocabulary_._mapping.items(), key=lambda item: item[1]))
byte_rows = learn.preprocessing.ByteProcessor(5).transform(["abc", "abcdefg"])
print([row.tolist() for row in byte_rows], learn.ModeKeys.TRAIN)

x = tf.placeholder(tf.int32, [None, longest], name="x")
y = tf.placeholder(tf.int64, [None], name="y")
with tf.name_scope("embedding"):
    table = tf.Variable(tf.random_uniform([len(processor.vocabulary_), 6], -1.0, 1.0))
    embedded = tf.expand_dims(tf.nn.embedding_lookup(table, x), -1)
pooled = []
for width in (2, 3):
    with tf.variable_scope("conv%d" % width):
        h = tf.layers.conv2d(embedded, 4, (width, 6), activation=tf.nn.relu)
        pooled.append(tf.reduce_max(h, axis=[1, 2]))
logits = tf.layers.dense(tf.concat(pooled, 1), 2, name="logits")
loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
optimizer = tf.train.AdamOptimizer(0.01)
grads_and_vars = optimizer.compute_gradients(loss)
for grad, var in grads_and_vars:
    if isinstance(grad, tf.Tensor):
        tf.summary.histogram(var.op.name + "/grad", grad)
train = optimizer.apply_gradients(grads_and_vars)
summaries = tf.summary.merge_all()

folder = tempfile.mkdtemp()
processor.save(os.path.join(folder, "vocab"))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(5):
        _, value, _ = sess.run([train, loss, summaries], {x: rows, y: labels})
        print("step %d loss %.6g" % (step, value))

again = learn.preprocessing.VocabularyProcessor.restore(os.path.join(folder, "vocab"))
print([row.tolist() for row in again.transform(["a great unknown film"])])
