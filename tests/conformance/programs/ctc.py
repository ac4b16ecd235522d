"""tf.nn.ctc_loss and tf.nn.ctc_greedy_decoder."""

import numpy as np


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).randn(*shape).astype(np.float32)


def _labels(tf, *rows):
  places = [[i, j] for i, row in enumerate(rows) for j in range(len(row))]
  values = [value for row in rows for value in row]
  return tf.SparseTensor(np.array(places, np.int64).reshape(-1, 2), np.array(values, np.int32),
                         [len(rows), max(map(len, rows))])


def _lost(tf, labels, lengths, **kwargs):
  logits = tf.constant(_x(6, len(labels), 4))
  loss = tf.nn.ctc_loss(_labels(tf, *labels), logits, lengths, **kwargs)
  return {"loss": loss, "slope": tf.gradients(tf.reduce_sum(loss * loss), logits)[0]}


def lost(tf):
  return _lost(tf, [[0, 1], [2, 2, 1]], [6, 5])


def lost_without_labels(tf):
  return _lost(tf, [[], [2, 0]], [6, 0])


def lost_with_repeats(tf):
  return _lost(tf, [[0, 0, 1], [2, 2, 1]], [6, 6], preprocess_collapse_repeated=True)


def lost_without_merging(tf):
  return _lost(tf, [[0, 0, 1], [2, 1]], [6, 4], ctc_merge_repeated=False)


def lost_without_a_way(tf):
  return {"loss": tf.nn.ctc_loss(_labels(tf, [1, 1, 1]), tf.constant(_x(6, 1, 4)), [4])}


def lost_without_time(tf):
  return _lost(tf, [[0, 1, 2], [2, 1]], [2, 4])


def lost_without_time_ignored(tf):
  return _lost(tf, [[0, 1, 2], [2, 1]], [2, 4], ignore_longer_outputs_than_inputs=True)


def lost_by_batch(tf):
  loss = tf.nn.ctc_loss(_labels(tf, [0], [1, 2]), logits=tf.constant(_x(2, 6, 4)),
                        sequence_length=[6, 6], time_major=False)
  return {"loss": loss}


def lost_of_unknown_shape(tf):
  logits = tf.placeholder_with_default(_x(6, 2, 4), [None, None, 4])
  return {"loss": tf.nn.ctc_loss(_labels(tf, [0], [1, 2]), logits, [6, 3])}


def lost_with_a_blank_label(tf):
  return _lost(tf, [[0, 3], [2]], [6, 6])


def lost_after_the_end(tf):
  return _lost(tf, [[0], [2]], [7, 6])


def lost_of_another_batch(tf):
  logits = tf.placeholder_with_default(_x(6, 2, 4), None)
  return {"loss": tf.nn.ctc_loss(_labels(tf, [0], [1, 2]), logits, [6, 3, 1])}


def lost_of_dense_labels(tf):
  tf.nn.ctc_loss(tf.constant([[1]]), tf.constant(_x(6, 1, 4)), [6])


def slope_of_a_slope(tf):
  logits = tf.constant(_x(6, 1, 4))
  loss = tf.nn.ctc_loss(_labels(tf, [0]), logits, [6])
  tf.gradients(tf.gradients(loss, logits), logits)


def _said(tf, lengths, **kwargs):
  (found,), scores = tf.nn.ctc_greedy_decoder(tf.constant(_x(9, 3, 3, seed=4)), lengths, **kwargs)
  return {"indices": found.indices, "values": found.values, "shape": found.dense_shape,
          "scores": scores, "shapes": str([found.indices.shape, scores.shape])}


def said(tf):
  return _said(tf, [9, 5, 0])


def said_with_repeats(tf):
  return _said(tf, [9, 8, 7], merge_repeated=False)


def said_after_the_end(tf):
  return _said(tf, [9, 10, 0])


def said_in_another_batch(tf):
  logits = tf.placeholder_with_default(_x(9, 3, 3), None)
  return {"scores": tf.nn.ctc_greedy_decoder(logits, [9, 9])[1]}


def said_of_a_matrix(tf):
  logits = tf.placeholder_with_default(_x(9, 3), None)
  return {"scores": tf.nn.ctc_greedy_decoder(logits, [9, 9])[1]}


def lost_without_labels_and_time(tf):
  return _lost(tf, [[], [2, 0]], [0, 6])


def lost_with_a_label_after_a_blank(tf):
  return _lost(tf, [[0, 3, 1], [2]], [6, 6])


def lost_with_a_large_label(tf):
  return _lost(tf, [[0, 5], [2]], [6, 6])


def lost_with_a_negative_label(tf):
  return _lost(tf, [[0, -1, 1], [2]], [6, 6])


def lost_with_labels_and_no_time(tf):
  return _lost(tf, [[1], [2]], [6, 0])
