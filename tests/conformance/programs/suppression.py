"""tf.image.non_max_suppression and the like: which boxes are left."""

import numpy as np


def _boxes(n, seed=0):
  rs = np.random.RandomState(seed)
  boxes = rs.rand(n, 4).astype(np.float32)
  boxes[:, 2:] = boxes[:, :2] + 0.6 * boxes[:, 2:]
  boxes[::3] = boxes[::3][:, [2, 3, 0, 1]]
  return boxes, rs.rand(n).astype(np.float32)


def _tries(tf, *makes):
  found = []
  with tf.Session() as session:
    for make in makes:
      try:
        found.append(session.run(make()))
      except Exception as error:
        found.append("%s: %s" % (type(error).__name__, str(error).split("\n")[0].split(" for '")[0]))
  return found


def hard(tf):
  boxes, scores = _boxes(40)
  nms = tf.image.non_max_suppression
  return {"all": nms(boxes, scores, 40), "few": nms(boxes, scores, 5), "none": nms(boxes, scores, 0),
          "strict": nms(boxes, scores, 40, 0.0), "loose": nms(boxes, scores, 40, 1.0),
          "scores": nms(boxes, scores, 40, 0.2, 0.5, name="better"), "empty": nms(np.zeros([0, 4], "f"), np.zeros(0, "f"), 3),
          "half": nms(tf.constant(boxes, tf.float16), tf.constant(scores, tf.float16), 40, tf.constant(0.3, tf.float16), tf.constant(0.1, tf.float16)),
          "points": nms(np.zeros([3, 4], "f"), np.arange(3).astype("f"), 3)}


def equal_scores(tf):
  found = {}
  for n in (2, 3, 4, 5, 8, 13, 30):
    apart = np.array([[i, i, i + 1, i + 1] for i in range(n)], np.float32)
    found["apart%d" % n] = tf.image.non_max_suppression(apart, np.ones(n, np.float32), n)
    boxes, _ = _boxes(n, n)
    scores = np.random.RandomState(n).randint(0, 3, n).astype(np.float32)
    found["mixed%d" % n] = tf.image.non_max_suppression(boxes, scores, n, 0.3)
    found["soft%d" % n] = list(tf.image.non_max_suppression_with_scores(boxes, scores, n, 0.3, 0.01, 0.5))
  return found


def soft(tf):
  boxes, scores = _boxes(30, 3)
  nms = tf.image.non_max_suppression_with_scores
  found = {}
  for sigma in (0.0, 0.2, 1.0):
    for least in (0.1, 0.5):
      found["%s %s" % (sigma, least)] = list(nms(boxes, scores, 30, 0.4, least, sigma))
  return found


def on_the_edge(tf):
  boxes = np.array([[0, 0, 1, 1], [0, 0, 1, 0.5], [0, 0, 0.5, 1], [0, 2, 1, 3], [0, 2.25, 1, 3]], np.float32)
  scores = np.array([0.5, 0.75, 0.25, 1, 0.125], np.float32)
  found = {}
  for limit in (0.0, 0.25, 0.5, 0.75, 1.0):
    found["hard %s" % limit] = tf.image.non_max_suppression(boxes, scores, 9, limit)
    found["soft %s" % limit] = list(tf.image.non_max_suppression_with_scores(boxes, scores, 9, limit, 0.01, 0.5))
    found["any %s" % limit] = list(tf.image.non_max_suppression_with_scores(boxes, scores, 7, limit, soft_nms_sigma=0.5))
  return found


def padded(tf):
  boxes, scores = _boxes(20, 5)
  size = tf.placeholder_with_default(8, [])
  nms = tf.image.non_max_suppression_padded
  return {"plain": list(nms(boxes, scores, 8, 0.1)), "filled": list(nms(boxes, scores, 20, 0.1, 0.3, True)),
          "unknown": list(nms(boxes, scores, size, 0.1, 0.3, pad_to_max_output_size=True))}


def refused(tf):
  boxes, scores = _boxes(6)
  nms = tf.image.non_max_suppression
  any_boxes, any_scores = tf.placeholder_with_default(boxes[:, :3], None), tf.placeholder_with_default(scores[None], None)
  return {"refused": _tries(
      tf, lambda: nms(boxes[:, :3], scores, 3), lambda: nms(boxes[:4], scores, 3), lambda: nms(boxes[0], scores, 3),
      lambda: nms(boxes, scores[None], 3), lambda: nms(boxes, scores, [3]), lambda: nms(boxes, scores, 3, [0.5]),
      lambda: nms(boxes, scores, 3, -0.1), lambda: nms(boxes, scores, 3, 1.1), lambda: nms(any_boxes, scores, 3),
      lambda: nms(boxes, any_scores, 3), lambda: nms(any_boxes[0], scores, 3), lambda: nms(any_scores[:, :4], scores, 3))}
