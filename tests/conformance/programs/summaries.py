"""tf.summary: tags, families, merging, and the bytes of a summary."""

import numpy as np


def _x(*shape):
  return np.random.RandomState(0).rand(*shape).astype(np.float32)


def scalars(tf):
  a = tf.summary.scalar("loss", tf.constant(0.5))
  b = tf.summary.scalar("loss", 1.5)
  with tf.name_scope("train"):
    c = tf.summary.scalar("loss", tf.constant(2))
    d = tf.summary.scalar("acc", 0.25, family="fam")
  e = tf.summary.scalar("bad name: x", 1.0)
  f = tf.summary.scalar("off", 1.0, collections=["mine"])
  return {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f,
          "kept": [t.name for t in tf.get_collection(tf.GraphKeys.SUMMARIES)]}


def bad_name(tf):
  tf.summary.scalar("bad name: é", 1.0)


def histograms(tf):
  w = tf.get_variable("w", [3], initializer=tf.constant_initializer([0.0, 1.0, -2.5]))
  return {"w": tf.summary.histogram("w", w), "named": tf.summary.histogram(w.op.name, w),
          "ints": tf.summary.histogram("n", tf.constant([1, 2, 2]))}


def images(tf):
  return {"shape": tf.summary.image("pictures", tf.constant(_x(4, 3, 3, 1)), max_outputs=2).name,
          "rgb": tf.summary.image("rgb", tf.constant(_x(1, 2, 2, 3))).name}


def audio(tf):
  return {"name": tf.summary.audio("a", tf.constant(_x(2, 8)), 8000.0).name}


def text(tf):
  return {"t": tf.summary.text("note", tf.constant("hello"))}


def tensors(tf):
  return {"t": tf.summary.tensor_summary("t", tf.constant([1.0, 2.0]))}


def merged(tf):
  a = tf.summary.scalar("a", 1.0)
  b = tf.summary.histogram("b", [1.0, 2.0])
  return {"all": tf.summary.merge_all(), "two": tf.summary.merge([a, b], name="pair"),
          "one": tf.summary.merge([a])}


def nothing_merged(tf):
  return {"all": tf.summary.merge_all() is None}


def merged_by_scope(tf):
  with tf.name_scope("d"):
    tf.summary.scalar("a", 1.0)
  with tf.name_scope("g"):
    tf.summary.scalar("a", 2.0)
  return {"d": tf.summary.merge_all(scope="d"), "key": tf.summary.merge_all("none") is None}


def in_scopes(tf):
  with tf.variable_scope("net"):
    w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
    with tf.name_scope("summaries"):
      mean = tf.reduce_mean(w)
      tf.summary.scalar("mean", mean)
      tf.summary.scalar("stddev", tf.sqrt(tf.reduce_mean(tf.square(w - mean))))
      tf.summary.scalar("max", tf.reduce_max(w))
      tf.summary.histogram("histogram", w)
  return {"all": tf.summary.merge_all()}
