"""Queues, readers of files, input producers and batches; staging areas."""

import numpy as np
from said import first_line, own_folder, tries


def _fetched(tf, fetches, most=40):
  """What a graph with queue runners gives step by step, and what ends it."""
  found = []
  with tf.Session() as session:
    session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(session, coord)
    try:
      for _ in range(most):
        found.append(session.run(fetches))  # noqa: PERF401 - until one fails
    except tf.errors.OpError as error:
      found.append(first_line(error))
    coord.request_stop()
    coord.join(threads)
  return found


def fifo(tf):
  q = tf.FIFOQueue(3, tf.float32, shapes=[[]])
  x = tf.placeholder(tf.float32)
  put, many = q.enqueue(x), q.enqueue_many([[1.0, 2.0]])
  one, two, some = q.dequeue(), q.dequeue_many(2), q.dequeue_up_to(4)
  size, close, closed = q.size(), q.close(), q.is_closed()
  with tf.Session() as session:
    session.run(many)
    session.run(put, {x: 3})
    seen = [session.run(size), session.run(one), session.run(two), session.run(size), session.run(closed)]
    session.run(many)
    session.run(close)
    seen += [session.run(closed), session.run(some)]
    seen += tries(lambda: session.run(one), lambda: session.run(two), lambda: session.run(some),
                   lambda: session.run(put, {x: 1}), lambda: session.run(q.dequeue_many(0)))
  return {"seen": seen, "name": q.name, "shapes": [str(s) for s in q.shapes], "types": [t.name for t in q.dtypes],
          "static": [str(t.shape) for t in (one, two, some)]}


def several_parts(tf):
  q = tf.FIFOQueue(5, [tf.int32, tf.string], shapes=[[2], []], names=["n", "s"], shared_name="shared", name="q")
  put = q.enqueue({"n": [1, 2], "s": "a"})
  many = q.enqueue_many({"n": [[3, 4], [5, 6]], "s": ["b", "c"]})
  taken, all_ = q.dequeue(), q.dequeue_many(2)
  plain = tf.FIFOQueue(5, [tf.int32, tf.int32])
  free = plain.enqueue([[1, 2], 3])
  back = plain.dequeue()
  with tf.Session() as session:
    session.run([put])
    session.run(many)
    seen = [session.run(taken), session.run(all_)]
    session.run(free)
    seen.append(session.run(back))
    x = tf.placeholder(tf.int32)
    bad = tf.FIFOQueue(5, [tf.int32], shapes=[[2]])
    seen += tries(lambda: session.run(bad.enqueue([x]), {x: 1}))
  return {"seen": seen, "errors": tries(
      lambda: q.enqueue([1, "a"]), lambda: q.enqueue({"n": [1, 2]}), lambda: plain.enqueue({"a": 1}),
      lambda: bad.enqueue([1]), lambda: tf.FIFOQueue(1, [tf.int32], shapes=[[None]]),
      lambda: tf.FIFOQueue(1, [tf.int32], shapes=[[], []]), lambda: tf.FIFOQueue(1, [tf.int32], names=["a", "b"]),
      lambda: tf.PaddingFIFOQueue(1, [tf.int32], shapes=None), lambda: tf.PaddingFIFOQueue(1, [tf.int32], shapes=[[], []]))}


def shuffled(tf):
  q = tf.RandomShuffleQueue(20, 3, [tf.int32], shapes=[[]], seed=4)
  other = tf.RandomShuffleQueue(20, 0, [tf.int32], shapes=[[]])
  fill, refill = q.enqueue_many([list(range(10))]), other.enqueue_many([list(range(6))])
  seen = []
  with tf.Session() as session:
    session.run([fill, refill])
    seen += [session.run(q.dequeue()) for _ in range(3)]
    seen.append(session.run(q.dequeue_many(4)))
    session.run(q.close())
    seen.append(session.run(q.dequeue_up_to(9)))
    seen.append(session.run(other.dequeue_many(6)))
  return {"seen": seen}


def padded(tf):
  q = tf.PaddingFIFOQueue(5, [tf.int32, tf.float32], shapes=[[None], [None, 2]])
  a = q.enqueue([[1, 2, 3], [[1.0, 2.0]]])
  b = q.enqueue([[4], [[3.0, 4.0], [5.0, 6.0]]])
  two = q.dequeue_many(2)
  p = tf.PriorityQueue(5, [tf.string], shapes=[[]])
  with tf.Session() as session:
    session.run(a)
    session.run(b)
    seen = [session.run(two)]
    session.run(p.enqueue_many([np.array([3, 1, 2], np.int64), ["c", "a", "b"]]))
    seen += [session.run(p.dequeue()) for _ in range(3)]
  return {"seen": seen, "shapes": [str(t.shape) for t in two]}


def chosen(tf):
  queues = [tf.FIFOQueue(2, [tf.int32], shapes=[[]]), tf.FIFOQueue(2, [tf.int32], shapes=[[]])]
  i = tf.placeholder(tf.int32, [])
  tf.QueueBase.from_list(i, queues)
  return {"errors": tries(lambda: tf.QueueBase.from_list(0, []), lambda: tf.QueueBase.from_list(0, [queues[0], tf.FIFOQueue(1, [tf.int64])]))}


def slices(tf):
  image, label = tf.train.slice_input_producer(
      [np.arange(6, dtype=np.float32).reshape(3, 2), [10, 11, 12]], num_epochs=2, shuffle=False)
  x, y = tf.train.batch([image, label], batch_size=2)
  return {"seen": _fetched(tf, [x, y]), "shapes": [str(t.shape) for t in (x, y)]}


def smaller_batch(tf):
  with tf.name_scope("input"):
    row, = tf.train.slice_input_producer([[1, 2, 3]], num_epochs=1, shuffle=False, capacity=7)
  taken = tf.train.batch({"r": row}, 2, capacity=9, allow_smaller_final_batch=True, name="b")
  return {"seen": _fetched(tf, taken["r"])}


def shuffled_slices(tf):
  value, = tf.train.slice_input_producer([[1, 2, 3, 4]], num_epochs=2, seed=3)
  return {"seen": _fetched(tf, value)}


def shuffled_batch(tf):
  q = tf.train.input_producer([1, 2, 3, 4, 5, 6], num_epochs=1, shuffle=False)
  taken = tf.train.shuffle_batch([q.dequeue()], 2, capacity=10, min_after_dequeue=4, seed=1)
  many = tf.train.shuffle_batch([[1, 2, 3]], 2, 30, 10, enqueue_many=True, num_threads=2)
  return {"shape": str(taken.shape), "many": str(many.shape), "errors": tries(
      lambda: tf.train.shuffle_batch([[1]], 2, 3, 3), lambda: tf.train.batch([], 2),
      lambda: tf.train.slice_input_producer([]), lambda: tf.train.string_input_producer([]),
      lambda: tf.train.limit_epochs(tf.constant(1), 0),
      lambda: tf.train.batch([tf.placeholder(tf.float32)], 2))}


def joined(tf):
  a = [tf.constant([1, 2]), tf.constant("x")]
  b = [tf.constant([3, 4]), tf.constant("y")]
  taken = tf.train.batch_join([a, b], 3)
  mixed = tf.train.shuffle_batch_join([a, b], 3, 20, 5)
  kept = tf.train.maybe_batch([tf.constant(1)], tf.placeholder(tf.bool, []), 2)
  return {"shapes": [str(t.shape) for t in taken + mixed + [kept]]}


def text_files(tf):
  with own_folder():
    with open("a.csv", "w") as f:
      f.write("x,y\n1,2\n3,4\n")
    with open("b.csv", "w") as f:
      f.write("x,y\n5,6")
    names = tf.train.string_input_producer(["a.csv", "b.csv"], num_epochs=1, shuffle=False)
    reader = tf.TextLineReader(skip_header_lines=1)
    key, value = reader.read(names)
    produced = reader.num_records_produced()
    seen = _fetched(tf, [key, value])
  return {"seen": seen, "produced": produced.name, "kind": reader.supports_serialize}


def other_files(tf):
  with own_folder():
    with open("a.bin", "w") as f:
      f.write("HabcdefT")
    with tf.python_io.TFRecordWriter("r") as writer:
      writer.write(b"one")
      writer.write(b"three")
    seen = {}
    for name, reader, file in (
        ("whole", tf.WholeFileReader(), "a.bin"), ("pieces", tf.FixedLengthRecordReader(2, 1, 1), "a.bin"),
        ("records", tf.TFRecordReader(), "r"), ("itself", tf.IdentityReader(), "z"), ("missing", tf.WholeFileReader(), "z")):
      queue = tf.FIFOQueue(5, [tf.string], shapes=[[]])
      read, more = reader.read(queue), reader.read_up_to(queue, 5)
      with tf.Session() as session:
        session.run(queue.enqueue_many([[file, file]]))
        session.run(queue.close())
        seen[name] = tries(lambda: session.run(read), lambda: session.run(more), lambda: session.run(reader.num_records_produced()))
        session.run(reader.reset())
  return seen


def staging(tf):
  area = tf.contrib.staging.StagingArea([tf.float32, tf.int32], shapes=[[2], []])
  put = area.put([tf.constant([1.0, 2.0]), tf.constant(3)])
  peek, get, size, clear = area.peek(0), area.get(), area.size(), area.clear()
  named = tf.contrib.staging.StagingArea([tf.int32], names=["n"], shared_name="mine", capacity=2)
  with tf.device("/cpu:0"):
    named_put = named.put({"n": tf.constant(1)})
    named_get = named.get()
  with tf.Session() as session:
    session.run(put)
    session.run(put)
    seen = [session.run(size), session.run(peek), session.run(get), session.run(size)]
    session.run(clear)
    seen.append(session.run(size))
    session.run(named_put)
    seen.append(session.run(named_get))
  return {"seen": seen, "name": area.name, "errors": tries(
      lambda: area.put([tf.constant([1.0, 2.0])] * 3), lambda: area.put({"n": 1}), lambda: named.put([tf.constant(1)]),
      lambda: named.put({"m": tf.constant(1)}), lambda: area.put([tf.constant([1, 2]), tf.constant(3)]),
      lambda: tf.contrib.staging.StagingArea([tf.int32], shapes=[[], []]))}
