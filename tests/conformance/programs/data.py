"""tf.data: what datasets and iterators add to the graph, and the elements they give."""

import collections

import numpy as np
from said import first_line, own_folder, tries

Pair = collections.namedtuple("Pair", "a b")


def _all(tf, dataset, rounds=1, most=60):
  """The elements of a dataset, and what ends them, each round begun anew."""
  iterator = dataset.make_initializable_iterator()
  element = iterator.get_next()
  found = []
  with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for _ in range(rounds):
      session.run(iterator.initializer)
      try:
        for _ in range(most):
          found.append(session.run(element))  # noqa: PERF401 - until one fails
      except tf.errors.OpError as error:
        found.append(first_line(error))
  return found


def pipeline(tf):
  dataset = tf.data.Dataset.from_tensor_slices(
      (np.arange(6, dtype=np.float32).reshape(3, 2), np.arange(3)))
  dataset = dataset.map(lambda x, y: (x * 2, y)).shuffle(10).repeat(2).batch(2).prefetch(1)
  iterator = dataset.make_one_shot_iterator()
  features, labels = iterator.get_next()
  named = iterator.get_next(name="again")
  return {"repr": str(dataset), "features": features, "labels": labels, "named": named[0].name,
          "types": str(dataset.output_types), "shapes": str(dataset.output_shapes),
          "kept": [t.name for t in tf.get_collection("iterators")]}


def structures(tf):
  Dataset = tf.data.Dataset
  return {
      "dict": _all(tf, Dataset.from_tensors({"x": 1, "y": [1.0, 2.0]}).repeat(2)),
      "tuple": _all(tf, Dataset.from_tensor_slices(Pair([1, 2], ["u", "v"])).map(lambda p: Pair(p.b, p.a * 2))),
      "nested": _all(tf, Dataset.zip((Dataset.range(3), (Dataset.range(4), Dataset.range(2))))),
      "strings": _all(tf, Dataset.from_tensor_slices((["a", "bb"], [[1], [2]])).batch(2)),
      "classes": str([k.__name__ for k in Dataset.zip((Dataset.range(3), Dataset.range(2))).output_classes]),
      "specs": str(tf.data.get_output_shapes(Dataset.zip({"a": Dataset.range(3).batch(2)}))),
      "rows": _all(tf, Dataset.from_tensor_slices([[1, 2], [3, 4]]).apply(tf.data.experimental.unbatch()).batch(3)),
  }


def counting(tf):
  Dataset = tf.data.Dataset
  return {
      "ranges": [_all(tf, Dataset.range(*args)) for args in ((3,), (2, 5), (5, 0, -2))],
      "taken": _all(tf, Dataset.range(9).skip(2).take(5).shard(2, 1)),
      "ends": _all(tf, Dataset.range(3).take(-1).skip(-1)) + _all(tf, Dataset.range(0).repeat()),
      "joined": _all(tf, Dataset.range(20).filter(lambda x: tf.equal(x % 3, 0)).concatenate(Dataset.range(2))),
      "counted": _all(tf, Dataset.range(3).enumerate(5)),
      "cached": _all(tf, Dataset.range(3).cache().repeat(2)),
      "endless": _all(tf, Dataset.range(3).repeat(), most=7),
      "repeated": _all(tf, Dataset.range(2).repeat(0)) + _all(tf, Dataset.range(2).repeat(3)),
      "windows": _all(tf, Dataset.range(7).window(3, shift=2, drop_remainder=True).flat_map(lambda w: w.batch(3))),
      "apart": _all(tf, Dataset.range(7).window(3, shift=4, stride=2).flat_map(lambda w: w.batch(3))),
  }


def batches(tf):
  Dataset = tf.data.Dataset
  lengths = Dataset.range(5).map(lambda i: tf.range(i))
  return {
      "all": _all(tf, Dataset.range(10).batch(3)),
      "whole": _all(tf, Dataset.range(10).batch(3, drop_remainder=True)),
      "padded": _all(tf, lengths.padded_batch(2, [None])),
      "wide": _all(tf, lengths.padded_batch(2, [6], padding_values=tf.constant(-1, tf.int64))),
      "dropped": _all(tf, lengths.padded_batch(2, [-1], drop_remainder=True)),
      "narrow": _all(tf, lengths.padded_batch(2, [2])),
      "uneven": _all(tf, lengths.batch(2)),
      "text": _all(tf, Dataset.from_tensor_slices(["ab", "c"]).map(lambda s: {"s": tf.expand_dims(s, 0), "n": 1}).padded_batch(2, {"s": [2], "n": []})),
      "none": _all(tf, Dataset.range(3).map(lambda x: x + 1).batch(2, drop_remainder=True).repeat(2)),
      "fused": _all(tf, Dataset.range(5).apply(tf.data.experimental.map_and_batch(lambda x: x * 2, 3))),
      "contrib": _all(tf, Dataset.range(4).apply(tf.contrib.data.batch_and_drop_remainder(3))),
      "both": _all(tf, Dataset.range(4).apply(tf.contrib.data.map_and_batch(lambda x: (x, x), 3, drop_remainder=True))),
  }


def shuffles(tf):
  Dataset = tf.data.Dataset
  plain = tf.data.Options()
  plain.experimental_optimization.apply_default_optimizations = False
  seen = {}
  for name, options in (("optimized", None), ("plain", plain)):
    made = [
        Dataset.range(6).shuffle(4, seed=7).repeat(3),
        Dataset.range(6).shuffle(4, seed=7, reshuffle_each_iteration=False).repeat(3),
        Dataset.range(6).shuffle(4, seed=7).shuffle(10, seed=3, reshuffle_each_iteration=False).repeat(3),
        Dataset.range(6).shuffle(4, seed=7).batch(3).repeat(3),
        Dataset.range(3).flat_map(lambda i: Dataset.range(5).shuffle(5, seed=3).repeat(2)),
        Dataset.range(6).shuffle(4),
        Dataset.range(6).apply(tf.data.experimental.shuffle_and_repeat(3, 2, seed=5)),
    ]
    seen[name] = [_all(tf, d if options is None else d.with_options(options), 2) for d in made]
  return seen


def random_functions(tf):
  Dataset = tf.data.Dataset

  def draw(x):
    return tf.random_uniform([], seed=1)

  return {
      "repeated": _all(tf, Dataset.range(4).map(draw).repeat(2), 2),
      "inside": _all(tf, Dataset.range(3).flat_map(lambda i: Dataset.range(2).map(draw)).repeat(2)),
      "flipped": _all(tf, Dataset.range(4).map(lambda x: tf.random_shuffle([1, 2, 3], seed=4)).batch(2)),
  }


def functions(tf):
  Dataset = tf.data.Dataset
  w = tf.get_variable("w", [3], initializer=tf.constant_initializer([1.0, 2.0, 3.0]))
  r = tf.get_variable("r", [], initializer=tf.constant_initializer(5.0), use_resource=True)
  return {
      "ref": _all(tf, Dataset.range(3).map(lambda i: tf.gather(w, i))),
      "resource": _all(tf, Dataset.range(3).map(lambda i: tf.cast(i, tf.float32) * r)),
      "cond": _all(tf, Dataset.range(3).map(lambda x: tf.cond(x > 1, lambda: x * 10, lambda: -x))),
      "loop": _all(tf, Dataset.range(3).map(lambda x: tf.while_loop(lambda i: i < 10, lambda i: i + 3, [x]))),
      "python": _all(tf, Dataset.range(3).map(lambda x: tf.py_func(lambda v: v + 1, [x], tf.int64))),
      "parallel": _all(tf, Dataset.range(3).map(lambda x: x * x, num_parallel_calls=2)),
      "list": _all(tf, Dataset.range(3).map(lambda x: [x, 2 * x])),
      "flat": _all(tf, Dataset.range(4).flat_map(lambda x: Dataset.from_tensors(x).repeat(2))),
      "bad": _all(tf, Dataset.range(4).map(lambda i: tf.gather([1, 2], i))),
      "numbers": _all(tf, Dataset.from_tensor_slices([1.0, 0.0]).map(lambda x: tf.check_numerics(1 / x, "bad"))),
      "ignored": _all(tf, Dataset.from_tensor_slices([1.0, 0.0, 2.0]).map(lambda x: tf.check_numerics(1 / x, "bad")).apply(tf.data.experimental.ignore_errors())),
      "while": _all(tf, Dataset.range(9).apply(tf.data.experimental.take_while(lambda x: x < 3))),
  }


def interleaved(tf):
  Dataset = tf.data.Dataset
  count = Dataset.range(5)
  return {
      "blocks": _all(tf, Dataset.range(4).interleave(lambda x: Dataset.from_tensors(x).repeat(3), cycle_length=2, block_length=2)),
      "short": _all(tf, count.interleave(lambda x: Dataset.range(x), cycle_length=3, block_length=1)),
      "growing": _all(tf, count.interleave(lambda x: Dataset.range(x + 1), cycle_length=2, block_length=2)),
      "exact": _all(tf, count.interleave(lambda x: Dataset.range(x), cycle_length=2, block_length=2)),
      "long": _all(tf, count.interleave(lambda x: Dataset.range(x + 1), cycle_length=2, block_length=3, num_parallel_calls=2)),
      "parallel": _all(tf, Dataset.range(6).apply(tf.data.experimental.parallel_interleave(lambda x: Dataset.from_tensors(x).repeat(2), cycle_length=2))),
  }


def generators(tf):
  Dataset = tf.data.Dataset

  def lists():
    for i in range(3):
      yield i, [i] * i

  def fails():
    yield 1
    raise ValueError("boom")

  def words(n):
    for i in range(n):
      yield "word %d" % i

  return {
      "padded": _all(tf, Dataset.from_generator(lists, (tf.int64, tf.float32), ([], [None])).padded_batch(2, ([], [None]))),
      "words": _all(tf, Dataset.from_generator(words, tf.string, [], args=(3,)).repeat(2)),
      "shapes": str(Dataset.from_generator(lists, (tf.int64, tf.float32)).output_shapes),
      "failures": [_all(tf, d) for d in (
          Dataset.from_generator(lambda: iter([1, "a"]), tf.int32),
          Dataset.from_generator(lambda: iter([1, (1, 2)]), tf.int32, []),
          Dataset.from_generator(lambda: iter([(1,), 3]), (tf.int32,)),
          Dataset.from_generator(fails, tf.int32, []))],
  }


def reduced(tf):
  Dataset = tf.data.Dataset
  pair = Dataset.range(4).reduce((np.int64(0), np.int64(1)), lambda s, x: (s[0] + x, s[1] * 2))
  return {"sum": Dataset.range(5).reduce(np.int64(0), lambda s, x: s + x), "first": pair[0], "second": pair[1],
          "only": tf.data.experimental.get_single_element(Dataset.range(3).batch(3)),
          "errors": tries(lambda: Dataset.range(3).reduce(0, lambda s, x: x))}


def from_structure(tf):
  Dataset = tf.data.Dataset
  iterator = tf.data.Iterator.from_structure((tf.int64, tf.float32), ([None], []))
  two = Dataset.from_tensors((np.array([1, 2]), np.float32(3)))
  three = Dataset.from_tensors((np.array([1, 2, 3]), np.float32(4)))
  train, test = iterator.make_initializer(two), iterator.make_initializer(three, name="test")
  element = iterator.get_next()
  with tf.device("/cpu:0"):
    other = tf.data.Iterator.from_structure(tf.int64)
  handle = tf.placeholder(tf.string, [])
  fed = tf.data.Iterator.from_string_handle(handle, two.output_types, iterator.output_shapes)
  by_handle = fed.get_next()
  found = []
  with tf.Session() as session:
    found += tries(lambda: session.run(element))
    for op in (train, test):
      session.run(op)
      found.append(session.run(element))
      found += tries(lambda: session.run(element))
    session.run(test)
    text = session.run(iterator.string_handle())
    found.append(session.run(by_handle, {handle: text}))
  return {"found": found, "names": [train.name, test.name, other.string_handle("h").name],
          "errors": tries(
              lambda: iterator.make_initializer(Dataset.from_tensors((np.array([1, 2]), 1))),
              lambda: iterator.make_initializer(Dataset.from_tensors((np.array([[1, 2]]), np.float32(1)))),
              lambda: iterator.initializer,
              lambda: tf.data.Iterator(iterator.string_handle(), None, None, None, None))}


def readers(tf):
  with own_folder():
    with open("a.txt", "w") as f:
      f.write("one\r\ntwo\n\nthree")
    with open("b.txt", "w") as f:
      f.write("four\n")
    for name, options in (("r", None), ("z", tf.python_io.TFRecordOptions(tf.python_io.TFRecordCompressionType.GZIP))):
      with tf.python_io.TFRecordWriter(name, options) as writer:
        for record in (b"x", b"yy", b""):
          writer.write(record)
    with open("broken", "wb") as f, open("r", "rb") as g:
      f.write(g.read()[:20])
    data = tf.data
    return {
        "lines": _all(tf, data.TextLineDataset(["a.txt", "b.txt"]).skip(1)),
        "records": _all(tf, data.TFRecordDataset("r")),
        "packed": _all(tf, data.TFRecordDataset(["z"], compression_type="GZIP")),
        "several": _all(tf, data.TFRecordDataset(data.Dataset.from_tensor_slices(["r", "r"]))),
        "parallel": _all(tf, data.TFRecordDataset(["r", "r"], num_parallel_reads=2)),
        "pieces": _all(tf, data.FixedLengthRecordDataset("a.txt", 3, 1, 3)),
        "repr": [str(data.TextLineDataset("a.txt")), str(data.TFRecordDataset("r"))],
        "missing": _all(tf, data.TextLineDataset("not-here"))[:1],
        "not there": _all(tf, data.TFRecordDataset("not-here"))[:1],
        "broken": _all(tf, data.TFRecordDataset("broken"), most=4),
        "again": list(tf.python_io.tf_record_iterator("r")),
        "errors": tries(lambda: data.TFRecordDataset(data.Dataset.range(3)),
                         lambda: tf.python_io.TFRecordOptions("LZ4"))}


def refused(tf):
  Dataset = tf.data.Dataset
  w = tf.Variable([1.0, 2.0], name="w")
  p = tf.placeholder(tf.float32, [3])
  three = Dataset.range(3)
  return {"errors": tries(
      lambda: Dataset.from_tensor_slices(3),
      lambda: Dataset.from_tensor_slices(([1, 2], [1, 2, 3])),
      lambda: Dataset.zip([three]), lambda: Dataset.zip((three, 1)), lambda: Dataset.range(),
      lambda: three.filter(lambda x: x), lambda: iter(three),
      lambda: three.concatenate(Dataset.from_tensors(1.0)),
      lambda: Dataset.from_generator(3, tf.int32), lambda: three.apply(lambda d: 3),
      lambda: Dataset.from_tensors([1, 2, 3]).padded_batch(2, [2]),
      lambda: three.padded_batch(2, [], padding_values=0.5),
      lambda: tf.data.get_output_shapes(3),
      lambda: three.map(lambda i: tf.gather(w, i)).make_one_shot_iterator(),
      lambda: Dataset.from_tensor_slices(p).make_one_shot_iterator(),
      lambda: tf.data.make_one_shot_iterator(Dataset.from_tensors(w)))
      + [_all(tf, d)[:1] for d in (three.batch(0), three.shuffle(0), three.shard(2, 3))]}
