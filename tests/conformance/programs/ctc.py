"""tf.nn.ctc_loss, the decoders beside it, and tf.edit_distance."""

import numpy as np
from said import tries, tries_run


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


def _beams(tf, steps, batch, classes, **kwargs):
  labels, logs = tf.nn.ctc_beam_search_decoder(
      tf.constant(2 * _x(steps, batch, classes)), [steps] * (batch - 1) + [steps - 2], **kwargs)
  parts = [[one.indices, one.values, one.dense_shape] for one in labels]
  with tf.Session() as session:
    found = session.run(parts)
  return {"labels": [[part.tolist() for part in one] for one in found], "logs": logs,
          "shapes": [str(one.values.shape) for one in labels]}


def beams(tf):
  return _beams(tf, 5, 2, 4)


def beams_without_merging(tf):
  return _beams(tf, 7, 3, 3, beam_width=5, top_paths=3, merge_repeated=False)


def beams_of_two(tf):
  return _beams(tf, 6, 2, 5, beam_width=2, top_paths=2)


def beams_driven_out(tf):
  return _beams(tf, 12, 2, 6, beam_width=10, top_paths=4)


def many_beams(tf):
  return _beams(tf, 20, 1, 3, top_paths=5, merge_repeated=False)


def refused_beams(tf):
  logits = tf.constant(_x(2, 1, 3))
  found = [tf.nn.ctc_beam_search_decoder(logits, [2], beam_width=w, top_paths=p)[1]
           for w, p in [(2, 3), (100, 50)]]
  return {"found": tries_run(tf, *[lambda one=one: one for one in found]),
          "made": tries(lambda: tf.nn.ctc_beam_search_decoder(logits, [2], beam_width=0),
                        lambda: tf.nn.ctc_beam_search_decoder(logits[0], [2]))}


def distances(tf):
  h = tf.SparseTensor([[0, 0], [0, 1], [1, 0], [3, 1]], [1, 2, 3, 9], [4, 3])
  r = tf.SparseTensor([[0, 0], [1, 0], [1, 1], [2, 0]], [1, 3, 4, 5], [3, 2])
  a = tf.SparseTensor([[0, 0, 0], [0, 0, 1]], ["a", "b"], [1, 2, 2])
  b = tf.SparseTensor([[0, 1, 0], [0, 0, 1]], ["a", "b"], [1, 2, 2])
  given = tf.sparse_placeholder(tf.int32)
  unknown = tf.edit_distance(given, tf.sparse_placeholder(tf.int32, [2, None]))
  return {"share": tf.edit_distance(h, r), "steps": tf.edit_distance(h, r, normalize=False),
          "of_rank_3": tf.edit_distance(a, b), "unknown": str(unknown.shape),
          "refused": tries(lambda: tf.edit_distance(h, tf.SparseTensor([[0]], [1], [2])),
                           lambda: tf.edit_distance(3, h), lambda: tf.edit_distance(h, 3))}


def older_extremes(tf):
  x = tf.constant([[3, 1], [0, 2]])
  return {"least": tf.arg_min(x, 1), "largest": tf.arg_max(x, 0, tf.int32)}
