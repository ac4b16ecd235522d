"""group_by_window and bucket_by_sequence_length, of tf.data.experimental and tf.contrib.data."""

from said import first_line, tries


def _elements(tf, dataset):
  """All elements, or those before an error, and the error."""
  iterator = dataset.make_initializable_iterator()
  following, found = iterator.get_next(), []
  with tf.Session() as session:
    session.run(iterator.initializer)
    try:
      while True:
        found.append(tf.contrib.framework.nest.map_structure(lambda part: part.tolist(), session.run(following)))
    except tf.errors.OutOfRangeError:
      return found
    except tf.errors.InvalidArgumentError as error:
      return found + [first_line(error)]


def _rows(tf):
  rows = tf.data.Dataset.from_tensor_slices([[1, 1, 2], [2, 5, 2], [1, 3, 1], [4, 4, 4]])
  return rows.map(lambda row: (tf.ones([row[1]], tf.int32) * row[0], row[2]))


def windows(tf):
  numbers, three, e = tf.data.Dataset.range(11), tf.constant(3, tf.int64), tf.data.experimental
  pairs = numbers.apply(e.group_by_window(lambda x: x % three, lambda key, d: d.batch(2), window_size=2))
  odd = numbers.apply(tf.contrib.data.group_by_window(
      lambda x: x % 2, lambda key, d: d.map(lambda v: v + key * 100).batch(10), window_size_func=lambda key: key + 2))
  none = numbers.apply(e.group_by_window(lambda x: x % 2, lambda key, d: d.batch(2), window_size=0))
  return {"shapes": str(pairs), "found": [_elements(tf, one) for one in (pairs, odd, none)]}


def buckets(tf):
  e, size = tf.data.experimental, lambda s, _: tf.size(s)
  made = [
      _rows(tf).apply(e.bucket_by_sequence_length(size, [3, 5], [2, 2, 1])),
      _rows(tf).apply(tf.contrib.data.bucket_by_sequence_length(
          size, [3, 7], [2, 2, 1], pad_to_bucket_boundary=True, padding_values=(-1, 0))),
      _rows(tf).map(lambda _, n: n).apply(e.bucket_by_sequence_length(
          lambda n: n, [2, 4], [1, 2, 1], no_padding=True, drop_remainder=True))]
  return {"shapes": [str(one) for one in made], "found": [_elements(tf, one) for one in made]}


def refused(tf):
  numbers, e = tf.data.Dataset.range(3), tf.data.experimental
  window = e.group_by_window
  return {"made": tries(
      lambda: window(lambda x: x, lambda k, d: d), lambda: window(lambda x: x, lambda k, d: d, 2, lambda k: 2),
      lambda: numbers.apply(window(lambda x: x, lambda k, d: k, 2)),
      lambda: numbers.apply(window(lambda x: [x, x], lambda k, d: d, 2)),
      lambda: e.bucket_by_sequence_length(lambda n: n, [2, 4], [1, 2]))}
