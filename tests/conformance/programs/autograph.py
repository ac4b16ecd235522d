"""Python's own control flow on tensors, which AutoGraph rewrites.

TensorFlow puts the variables of a block in an order of chance.  Where there are several,
the graph is another one, and what is compared is what it gives and how many operations
of each type it has.
"""

import collections

import numpy as np
import said


def _graph_of(tf, function, *values, **settings):
  """What a rewritten function gives, and the types of the operations it makes."""
  with tf.Graph().as_default() as graph:
    try:
      made = tf.autograph.to_graph(function, **settings)(
          *[tf.constant(v) if isinstance(v, (int, float, list)) else v
            for v in values])
      with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        made = np.asarray(session.run(made)).tolist() if made is not None else None
    except Exception as error:
      made = said.whole(error)
    types = collections.Counter(op.type for op in graph.get_operations())
    return [made, sorted(types.items())]


def _doubled(x):
  if x > 0:
    y = x * 2
  else:
    y = -x
  return y


def _helped(x):
  y = _doubled(x)
  return y + 1


def condition(tf):
  x = tf.placeholder_with_default(3.0, [])
  return {"y": tf.autograph.to_graph(_doubled)(x)}


def called(tf):
  made = tf.autograph.to_graph(_helped)
  return {"y": made(tf.constant(-3)), "name": made.__name__}


def not_recursive(tf):
  def run():
    return tf.autograph.to_graph(_helped, recursive=False)(tf.constant(1))
  return {"said": said.tries(run)}


def python_stays(tf):
  made = tf.autograph.to_graph(_doubled)
  return {"y": [made(2), made(-2.5)], "helped": tf.autograph.to_graph(_helped)(4)}


def over_range(tf):
  def total(values):
    found = 0.0
    for i in tf.range(5):
      found += values[i]
    return found
  return {"t": tf.autograph.to_graph(total)(tf.constant([1.0, 2.0, 3.0, 4.0, 5.0]))}


def over_rows(tf):
  def total(rows):
    found = tf.zeros([2])
    for row in rows:
      found = found + row
    return found
  return {"t": tf.autograph.to_graph(total)(tf.constant([[1.0, 2.0], [3.0, 4.0]]))}


def over_dataset(tf):
  def total(dataset):
    found = tf.constant(0, tf.int64)
    for x in dataset:
      found += x
    return found
  return {"t": tf.autograph.to_graph(total)(tf.data.Dataset.range(5))}


def halved(tf):
  def halves(x):
    while x > 1.0:
      x = x / 2.0
    return x
  return {"x": tf.autograph.to_graph(halves)(tf.constant(37.0))}


def choices(tf):
  def sign(x):
    return 1 if x > 0 else -1

  def both(a, b):
    return a > 0 and b > 0

  def either(a, b):
    return a > 0 or not b > 0

  nearer = lambda x: x + 1 if x > 0 else x - 1
  convert = tf.autograph.to_graph
  one, two = tf.constant(1), tf.constant(-2)
  return {
      "sign": convert(sign)(two),
      "both": convert(both)(one, two),
      "either": convert(either)(two, one),
      "lambda": convert(nearer)(one),
      "python": [convert(both)(1, 2), convert(either)(0, 1)],
  }


def jumps(tf):
  def odd_ones(n):
    s = 0
    i = 0
    while i < n:
      i += 1
      if i % 2 == 0:
        continue
      s += i
      if s > 20:
        break
    return s

  def even_ones(n):
    s = 0
    for i in tf.range(n):
      if tf.equal(i % 2, 0):
        continue
      if i > 6:
        break
      s += i
    return s

  def first(n):
    if n > 10:
      return 1
    if n > 5:
      return 2
    return 3

  def in_loop(n):
    while n > 0:
      n -= 1
      if n < 3:
        return n
    return n

  def until(dataset):
    t = tf.constant(0, tf.int64)
    for x in dataset:
      if x > 3:
        break
      t += x
    return t

  def counted(n):
    k = 0
    while n > 1:
      if n % 2 > 0:
        n = 3 * n + 1
      else:
        n = n // 2
      k = k + 1
    return k

  return {
      "odd": [_graph_of(tf, odd_ones, n) for n in (0, 3, 20)],
      "even": [_graph_of(tf, even_ones, n) for n in (0, 4, 20)],
      "first": [_graph_of(tf, first, n) for n in (11, 6, 0)],
      "in_loop": _graph_of(tf, in_loop, 7),
      "counted": _graph_of(tf, counted, 27),
      "python": [tf.autograph.to_graph(odd_ones)(9), tf.autograph.to_graph(first)(7)],
      "dataset": _in_graph(tf, lambda: tf.autograph.to_graph(until)(
          tf.data.Dataset.range(9))),
  }


def _in_graph(tf, make):
  with tf.Graph().as_default():
    made = make()
    with tf.Session() as session:
      return np.asarray(session.run(made)).tolist()


def refused(tf):
  def undefined(x):
    if x > 0:
      y = 1
    return y

  def undefined_in_other(x):
    if x > 0:
      z = 1
    else:
      y = 2
    return y

  def returns_once(x):
    if x > 0:
      return x

  def types(x):
    if x > 0:
      y = 1
    else:
      y = 1.0
    return y

  def structures(x):
    if x > 0:
      y = (1, 2)
    else:
      y = 1
    return y

  def type_of_loop(x):
    i = 0
    while x > 0:
      i = 0.5
      x -= 1
    return i

  def shape_of_loop(x):
    v = tf.zeros([2])
    while x > 0:
      v = tf.concat([v, v], 0)
      x -= 1
    return v

  def structure_of_loop(x):
    v = (1, 2)
    while x > 0:
      v = 1
      x -= 1
    return v

  def defined_in_loop(x):
    while x > 0:
      y = x
      x -= 1
    return y

  def rows(x):
    for i in x:
      y = i
    return y

  found = {}
  for function in (
      undefined, undefined_in_other, returns_once, types, structures, type_of_loop,
      shape_of_loop, structure_of_loop, defined_in_loop):
    found[function.__name__] = _graph_of(tf, function, 1.0)[0]
  found["rows"] = _graph_of(tf, rows, [1.0])[0]
  return found


def features(tf):
  feature = tf.autograph.experimental.Feature

  def equal(x):
    if x == 1:
      return 2
    return 3

  def unequal(x):
    return 1 if x != 2 < 5 else 0

  def asserted(x):
    assert x > 0, "not positive"
    return x

  def bare(x):
    assert x > 0
    return x

  def lost(x):
    assert x > 0, "not %s" % x
    return x

  def run(function, value, features):
    return _graph_of(
        tf, function, value, experimental_optional_features=features)

  return {
      "identity": run(equal, 1, None)[0],
      "equal": run(equal, 1, feature.EQUALITY_OPERATORS),
      "unequal": run(unequal, 1, feature.EQUALITY_OPERATORS),
      "asserted": run(asserted, 1, feature.ASSERT_STATEMENTS),
      "bare": run(bare, 1, (feature.ASSERT_STATEMENTS, feature.NAME_SCOPES)),
      "all": run(_helped, 1, feature.ALL),
      "python": [tf.autograph.to_graph(
          f, experimental_optional_features=feature.ALL)(2)
                 for f in (equal, asserted)],
      "refused": said.tries(
          lambda: tf.autograph.to_graph(
              asserted, experimental_optional_features=feature.ALL)(-2)),
      "names": sorted(f.name for f in feature.all_but(feature.LISTS)),
      "count": len(feature.all()),
      "many": sorted(f.name for f in feature.all_but([feature.LISTS, feature.ALL])),
  }


def named(tf):
  made = tf.autograph.to_graph(
      _helped,
      experimental_optional_features=tf.autograph.experimental.Feature.NAME_SCOPES)
  return {"y": made(tf.constant(3))}


class _Box(object):

  def __init__(self, x):
    self.x = x

  def added(self, y):
    return self.x + y if y > 0 else self.x - y


def state(tf):
  def changed(n):
    box = _Box(n)
    if n > 0:
      box.x = n * 2
    else:
      box.x = n * 3
    return box.x

  def grown(n):
    box = _Box(n)
    while box.x < 10:
      box.x = box.x * 3
    return box.x

  def element(n):
    table = {"a": n}
    if n > 0:
      table["a"] = n + 1
    else:
      table["a"] = n - 1
    return table["a"]

  return {
      "changed": [_graph_of(tf, changed, n) for n in (2, -2)],
      "grown": _graph_of(tf, grown, 1),
      "element": [_graph_of(tf, element, n)[0] for n in (1, -1)],
      "method": _graph_of(tf, _Box(5).added, -2),
  }


def builtins(tf):
  def lengths(v):
    t = 0
    for i in range(len(v)):
      t += int(v[i])
    return t

  def ranged(k):
    t = 0
    for i in range(k):
      t += i
    return t

  def numbers(x):
    return abs(x) + float(3) + float(x)

  def texts(x):
    return float(x) + int(tf.constant("3")) * 1.0 if len(x.shape) < 1 else x

  def zipped(v):
    return [a + b for a, b in zip(v, [1, 2])] + [i for i, _ in enumerate(v)]

  def unknown(x):
    return len(x)

  stepped = lambda a: sum([1 for _ in range(0, 4, 2)]) + a
  unknowns = [tf.placeholder(tf.float32, s) for s in (None, [None], [])]
  return {
      "lengths": _graph_of(tf, lengths, [1.0, 2.0]),
      "ranged": _graph_of(tf, ranged, 4),
      "numbers": _graph_of(tf, numbers, -1.5),
      "zipped": tf.autograph.to_graph(zipped)([3, 4]),
      "refused": said.tries(
          *[lambda x=x: tf.autograph.to_graph(unknown)(x).op.type for x in unknowns]),
      "steps": [_graph_of(tf, stepped, 1)[0]],
  }


def datasets(tf):
  def chosen(x):
    if x > 2:
      return x * 10
    return x

  def kept(x):
    if x > 2:
      return x < 5
    return tf.constant(True)

  def grown(x):
    while x < 20:
      x = x * 3 + 1
    return x

  numbers = tf.data.Dataset.range(6)

  def elements(dataset):
    item = dataset.make_one_shot_iterator().get_next()
    with tf.Session() as session:
      found = []
      try:
        while True:
          found.append(session.run(item).tolist())
      except tf.errors.OutOfRangeError:
        return found

  def unwanted(x):
    if x > 2:
      y = x
    return y

  summed = numbers.reduce(
      np.int64(0), lambda s, x: _doubled(s + x) if x > 3 else s)
  plain = tf.autograph.experimental.do_not_convert(_doubled)
  return {
      "map": elements(numbers.map(chosen)),
      "filter": elements(numbers.filter(kept)),
      "grown": elements(numbers.map(grown)),
      "flat_map": elements(numbers.flat_map(
          lambda x: tf.data.Dataset.range(_doubled(x)))),
      "summed": summed,
      "refused": [error.split("\n")[0] for error in said.tries_whole(
          lambda: numbers.map(unwanted), lambda: numbers.map(plain))],
  }


def layers(tf):
  class Chooses(tf.keras.layers.Layer):

    def call(self, x, training=False):
      if tf.reduce_sum(x) > 0:
        y = x * 2
      else:
        y = x * 3
      return y

  return {
      "chosen": [Chooses()(tf.constant([v])) for v in (1.0, -1.0)],
      "name": Chooses(name="own")(tf.ones([1])).op.name,
  }


def code(tf):
  text = tf.autograph.to_code(_helped)
  return {"calls": "ag__.converted_call(_doubled" in text, "name": "tf__helped" in text
          or "def tf___helped(x):" in text}


def defaults(tf):
  def taken(x, y=3, *rest, k=2, **others):
    if x > 0:
      z = x + y * k
    else:
      z = y + 0
    for r in rest:
      z = z + r
    return z + sum(others.values())

  made = tf.autograph.to_graph(taken)
  one = tf.constant(1)
  return {
      "defaults": made(one),
      "named": made(one, k=5),
      "rest": made(one, 1, 2, 3, other=7),
  }


def several_branches(tf):
  def letter(x):
    if x > 10:
      r = "a"
    elif x > 5:
      r = "b"
    elif x > 2:
      r = "c"
    else:
      r = "d"
    return r

  made = tf.autograph.to_graph(letter)
  return {str(n): made(tf.constant(n)) for n in (11, 6, 3, 0)}


def nested_functions(tf):
  def outer(x):
    def inner(y):
      if y > 0:
        z = y * 2
      else:
        z = y
      return z

    with tf.name_scope("scope"):
      t = inner(x)
    try:
      u = inner(-x)
    finally:
      t = t + 1
    return t + u

  return {"t": _graph_of(tf, outer, 3)}


def unconverted(tf):
  import functools

  def twice(f, x):
    return f(f(x))

  half = functools.partial(twice, lambda x: x / 2.0)

  def calls(x):
    if x > 1.0:
      y = half(x)
    else:
      y = twice(_doubled, x)
    return y

  def generator(x):
    yield x

  def uses(x):
    return list(generator(x)) + [x]

  return {
      "calls": [_graph_of(tf, calls, v) for v in (8.0, -1.0)],
      "uses": [t.op.type for t in tf.autograph.to_graph(uses)(tf.constant(1))],
      "traced": tf.autograph.trace("traced"),
      "refused": [e.split(": ")[0] for e in said.tries(
          lambda: tf.autograph.to_graph(generator))],
      "options": [e[:60] for e in said.tries(lambda: tf.autograph.to_graph(
          _options(tf))(tf.constant(3)).op.type)],
  }


def _options(tf):
  def looped(n):
    s = 0
    for i in tf.range(n):
      tf.autograph.experimental.set_loop_options(parallel_iterations=2)
      s += i
    return s
  return looped
