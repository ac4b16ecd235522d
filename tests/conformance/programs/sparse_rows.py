"""Sparse tensors, sets, segments, rows of tables; orders, joined texts, checkpoints."""

import numpy as np


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).randn(*shape).astype(np.float32)


def _told(error):
  return "%s: %s" % (type(error).__name__, str(error).split("\n")[0])


def _tries(*makes):
  """What each of some functions gives, or the first line of its error."""
  found = []
  for make in makes:
    try:
      found.append(str(make()))
    except Exception as error:
      found.append(_told(error))
  return found


def _runs(tf, *tensors):
  """The errors of running tensors, one by one."""
  found = []
  with tf.Session() as session:
    for tensor in tensors:
      try:
        found.append(np.asarray(session.run(tensor)).tolist())
      except tf.errors.OpError as error:
        found.append(_told(error))
  return found


def _any(tf, value, shape=None):
  """A tensor whose value is not known when the graph is built."""
  return tf.placeholder_with_default(np.asarray(value), shape)


def _sparse(tf, seed=0):
  return tf.SparseTensor([[0, 1], [1, 0], [1, 2], [3, 1]], tf.constant(_x(4, seed=seed)), [4, 3])


def _unknown(tf, seed=0):
  """A sparse tensor of which only the rank is known."""
  return tf.SparseTensor(_any(tf, [[0, 1], [1, 0], [1, 2], [3, 1]], [None, 2]), _any(tf, _x(4, seed=seed), [None]),
                         _any(tf, np.array([4, 3]), [2]))


def to_dense(tf):
  s = _sparse(tf)
  dense = tf.sparse.to_dense(s, default_value=0.5)
  old = tf.sparse_to_dense([1, 3], [5], [1.0, 2.0], -1.0)
  one = tf.sparse_to_dense(2, [4], 7)
  bad = [tf.sparse_to_dense(places, [2, 2], [1, 2]) for places in
         ([[0, 0], [0, 2]], [[1, 0], [0, 1]], [[0, 1], [0, 1]], [[-1, 0], [0, 1]])]
  unordered = tf.sparse_to_dense([[1, 0], [0, 1]], [2, 2], [1, 2], validate_indices=False)
  value = tf.SparseTensorValue([[0, 1]], [2.0], [1, 2])
  return {"dense": dense, "old": old, "one": one, "unordered": unordered, "slopes": tf.gradients(dense * _x(4, 3), s.values),
          "value": tf.sparse.to_dense(value), "bad": _runs(tf, *bad),
          "errors": _tries(lambda: tf.sparse.to_dense(tf.constant([1.0])), lambda: tf.sparse.reorder([1.0]))}


def masked(tf):
  slices = tf.IndexedSlices(tf.constant(_x(3, 2)), tf.constant([1, 4, 6]), tf.constant([8, 2]))
  return {"left": tf.sparse_mask(slices, [4, 5])}


def reordered(tf):
  mixed = tf.SparseTensor([[3, 1], [0, 1], [1, 2], [1, 0]], tf.constant(_x(4)), [4, 3])
  ordered = tf.sparse.reorder(mixed)
  later = tf.sparse.reorder(_unknown(tf), name="later")
  return {"ordered": ordered, "later": later, "slopes": tf.gradients(ordered.values * _x(4, seed=1), mixed.values)}


def retained(tf):
  return {"known": tf.sparse.retain(_sparse(tf), [True, False, False, True]),
          "unknown": tf.sparse.retain(_unknown(tf), [True, False, False, True]),
          "errors": _tries(lambda: tf.sparse.retain(_sparse(tf), [True, False]),
                           lambda: tf.sparse.retain(_sparse(tf), True))}


def filled(tf):
  s = _sparse(tf)
  default = tf.constant(2.0)
  full, empty = tf.sparse.fill_empty_rows(s, default)
  nothing = tf.SparseTensor(np.zeros([0, 2], np.int64), np.zeros([0], np.float32), [2, 2])
  both, _ = tf.sparse.fill_empty_rows(nothing, 1.0)
  return {"full": full, "empty": empty, "slopes": tf.gradients(full.values * _x(5), [s.values, default]), "both": both}


def reshaped(tf):
  s, unknown = _sparse(tf), _unknown(tf)
  return {"known": tf.sparse.reshape(s, [2, -1]), "whole": tf.sparse.reshape(s, [3, 4]),
          "later": tf.sparse.reshape(unknown, [2, -1]), "by_later": tf.sparse.reshape(s, _any(tf, [2, 6], [2])),
          "bad": _runs(tf, tf.sparse.reshape(unknown, [5, 2]).indices),
          "errors": _tries(lambda: tf.sparse.reshape(s, [-1, -1]), lambda: tf.sparse.reshape(s, [5, 2]))}


def transposed(tf):
  s, unknown = _sparse(tf), _unknown(tf)
  turned = tf.sparse.transpose(s)
  return {"known": turned, "later": tf.sparse.transpose(unknown, [1, 0]), "same": tf.sparse.transpose(s, [0, 1]),
          "slopes": tf.gradients(turned.values * _x(4), s.values)}


def joined(tf):
  a, b, wide = _sparse(tf), _sparse(tf, 1), tf.SparseTensor([[0, 4]], [1.0], [4, 5])
  low = tf.SparseTensor([[0, 1]], [1.0], [1, 3])
  return {"down": tf.sparse.concat(0, [a, b]), "side": tf.sparse.concat(1, [a, b, wide]), "last": tf.sparse.concat(-1, [a, wide]),
          "later": tf.sparse.concat(0, [_unknown(tf), a]),
          "wider": tf.sparse.concat(0, [a, wide], expand_nonconcat_dim=True),
          "higher": tf.sparse.concat(-1, [a, low], expand_nonconcat_dim=True),
          "second": tf.sparse.concat(-2, [a, wide], expand_nonconcat_dim=True),
          "one": tf.sparse.concat(1, [a]) is a, "errors": _tries(lambda: tf.sparse.concat(0, [a, [1.0]]),
                                                               lambda: tf.sparse.concat(0, [a, a], expand_nonconcat_dims=True))}


def sliced(tf):
  s = _sparse(tf)
  part = tf.sparse.slice(s, [1, 0], [3, 2])
  return {"part": part, "slopes": tf.gradients(part.values * _x(2), s.values),
          "later": tf.sparse.slice(_unknown(tf), [0, 1], [9, 9])}


def products(tf):
  found = {}
  for turned_a in (False, True):
    for turned_b in (False, True):
      s = _sparse(tf)
      rows = 4 if turned_a else 3
      b = tf.constant(_x(2, rows) if turned_b else _x(rows, 2))
      y = tf.sparse.matmul(s, b, adjoint_a=turned_a, adjoint_b=turned_b)
      found["%s %s" % (turned_a, turned_b)] = [y] + tf.gradients(y * y, [s.values, b])
  found["errors"] = _tries(lambda: tf.sparse.matmul(_sparse(tf), _x(4, 2)))
  return found


def sums(tf):
  a, b = _sparse(tf), tf.SparseTensor([[0, 1], [2, 2]], [1.0, -2.0], [4, 3])
  both = tf.sparse.add(a, b)
  later = tf.sparse.add(_unknown(tf), _unknown(tf, 1), threshold=0.5)
  dense = tf.constant(_x(4, 3))
  mixed, turned = tf.sparse.add(a, dense), tf.sparse_add(dense, tf.SparseTensorValue([[0, 1]], np.float32([2.0]), [4, 3]))
  cells = both.values
  return {"both": both, "later": later, "mixed": mixed, "turned": turned,
          "slopes": tf.gradients(cells * cells, [a.values, b.values]), "dense": tf.gradients(mixed * mixed, [a.values, dense]),
          "errors": _tries(lambda: tf.sparse.add(dense, dense))}


def reduced(tf):
  s = _sparse(tf)
  rows, whole = tf.sparse.reduce_sum(s, axis=1), tf.sparse.reduce_sum(s)
  kept = tf.sparse_reduce_sum(s, axis=[0], keepdims=True)
  old = tf.sparse_reduce_sum(s, reduction_axes=-1, keep_dims=True)
  return {"rows": rows, "whole": whole, "kept": kept, "old": old, "later": tf.sparse.reduce_sum(_unknown(tf)),
          "slopes": tf.gradients(rows * rows, s.values), "whole slopes": tf.gradients(whole * whole, s.values)}


def softmax(tf):
  s = _sparse(tf)
  y = tf.sparse.softmax(s)
  return {"y": y, "slopes": tf.gradients(y.values * _x(4, seed=2), s.values)}


def sets_of_rows(tf):
  sets = tf.sets
  a, b = tf.constant([[1, 2, 2], [3, 4, 5]]), tf.constant([[2, 9, 9], [5, 5, 3]])
  s = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [2, 8, 4], [2, 3])
  t = tf.SparseTensor([[0, 0], [1, 0], [1, 1]], [2, 4, 6], [2, 3])
  found = {"size": sets.size(s), "words": sets.union(tf.constant([["a", "b"]]), tf.constant([["b", "c"]]))}
  for name, one, other in (("dense", a, b), ("mixed", a, s), ("turned", s, a), ("sparse", s, t)):
    found[name] = [sets.intersection(one, other).values, sets.union(one, other).indices, sets.union(one, other).values,
                   sets.difference(one, other).values, sets.difference(one, other, aminusb=False).dense_shape]
  return found


def sets_refused(tf):
  sets = tf.sets
  a, floats = tf.constant([[1, 2]]), tf.constant([[1.0]])
  s = tf.SparseTensor([[0, 0]], [1.0], [1, 1])
  unknown = sets.union(_any(tf, [[1, 2]]), _any(tf, [[2, 3]]))
  half = sets.union(_any(tf, [[1, 2]]), tf.constant([[2, 3]], tf.int64))
  later = tf.SparseTensor(_any(tf, [[0, 0]]), _any(tf, [1]), _any(tf, [1, 1]))
  return {"unknown": unknown, "half": half, "mixed": sets.union(_any(tf, [[1, 2]]), later), "bad": _runs(tf, sets.union(_any(tf, [[1], [2]]), _any(tf, [[2]])).values), "sparse": sets.union(later, later),
          "errors": _tries(lambda: sets.union(floats, floats), lambda: sets.union(a, floats), lambda: sets.size(s), lambda: sets.size(a),
                           lambda: sets.union([1], [2]), lambda: sets.union(a, [[[1, 2]]]), lambda: sets.union(a, [[1], [2]]))}


def segments(tf):
  found = {}
  ids = tf.constant([0, 0, 2, 2])
  for name in ("sum", "mean", "max", "min", "prod"):
    x = tf.constant(_x(4, 2))
    y = getattr(tf.math, "segment_" + name)(x, ids)
    found[name] = [y] if name == "prod" else [y, tf.gradients(y * y, x)[0]]
    found["whole " + name] = getattr(tf.math, "segment_" + name)([[5, 1], [3, 2], [7, 7], [8, 9]], ids)
  return found


def segments_anywhere(tf):
  found = {}
  ids = tf.constant([2, 0, 2, -1])
  for name in ("sum", "max", "min", "prod", "mean", "sqrt_n"):
    x = tf.constant(np.float32([[1, 0], [2, 3], [4, 0], [6, 5]]))
    y = getattr(tf.math, "unsorted_segment_" + name)(x, ids, 4)
    found[name] = [y] + tf.gradients(tf.where(tf.abs(y) < 99, y * y, tf.zeros_like(y)), x)
  found["whole"] = tf.math.unsorted_segment_max([3, 1, 2], [0, 0, 2], 3)
  found["least"] = tf.math.unsorted_segment_min([3, 1, 2], [0, 0, 2], 3)
  found["later"] = tf.math.unsorted_segment_sum(_any(tf, [3, 1, 2]), [0, 0, 2], 3)
  found["empty"] = tf.math.unsorted_segment_sum(np.zeros([0, 2], np.float32), np.zeros([0], np.int32), 2)
  return found


def segments_of_chosen(tf):
  found = {}
  for name in ("sum", "mean", "sqrt_n"):
    function = getattr(tf.sparse, "segment_" + name)
    x = tf.constant(_x(4, 2))
    y = function(x, [3, 0, 3, 1], [0, 0, 1, 1])
    found[name] = [y, function(x, [3, 0], [0, 2], num_segments=4)] + tf.gradients(y * y, x)
  return found


def segments_refused(tf):
  x = tf.constant(_x(3, 2))
  empty = tf.math.segment_sum(np.zeros([0, 2], np.float32), np.zeros([0], np.int32))
  return {"empty": empty,
          "bad": _runs(tf, tf.math.unsorted_segment_sum(x, [0, 1, 5], 3), tf.math.segment_sum(x, [0, 2, 1]),
                       tf.math.segment_sum(x, _any(tf, [0, 0])), tf.math.segment_sum(x, [-1, 0, 1])),
          "errors": _tries(lambda: tf.math.segment_sum(x, [[0]]), lambda: tf.math.unsorted_segment_sum(x, tf.constant([0, 1]), 2))}


def rows_of_parts(tf):
  found = {}
  tables = [tf.constant(_x(rows, 2, seed=rows)) for rows in (3, 2, 2)]
  ids = tf.constant([[0, 6], [3, 5]])
  for strategy in ("mod", "div"):
    y = tf.nn.embedding_lookup(tables, ids, partition_strategy=strategy, name=strategy)
    found[strategy] = [y] + [tf.convert_to_tensor(g) for g in tf.gradients(y * y, tables)]
  later = [_any(tf, _x(rows, 2), [None, None]) for rows in (3, 2)]
  found["later"] = tf.nn.embedding_lookup(later, [4, 0], partition_strategy="div")
  found["half"] = tf.nn.embedding_lookup([tables[0], later[1]], [4, 0], partition_strategy="div")
  found["short"] = tf.nn.embedding_lookup(tables, ids, max_norm=0.5)
  found["short one"] = tf.nn.embedding_lookup(tables[0], 1, max_norm=0.5)
  split = tf.get_variable("split", [5, 2], partitioner=tf.fixed_size_partitioner(2))
  found["split"] = tf.shape(tf.nn.embedding_lookup(split, [4, 0], partition_strategy="div"))
  found["errors"] = _tries(lambda: tf.nn.embedding_lookup(None, [1]), lambda: tf.nn.embedding_lookup([], [1]),
                           lambda: tf.nn.embedding_lookup(tables, [1], partition_strategy="other"))
  return found


def _ids(tf):
  return tf.SparseTensor([[0, 0], [0, 1], [1, 0], [2, 0]], tf.constant([3, 0, 3, 1], tf.int64), [3, 2])


def rows_added_up(tf):
  found = {}
  table = tf.constant(_x(4, 2))
  ids = _ids(tf)
  weights = tf.SparseTensor(ids.indices, [1.0, 2.0, 0.5, 3.0], ids.dense_shape)
  for combiner in ("sum", "mean", "sqrtn"):
    plain = tf.nn.embedding_lookup_sparse(table, ids, None, combiner=combiner)
    weighted = tf.nn.embedding_lookup_sparse(table, ids, weights, combiner=combiner)
    found[combiner] = [plain, weighted] + [tf.convert_to_tensor(g) for g in tf.gradients(plain + weighted, table)]
  found["default"] = tf.nn.embedding_lookup_sparse(table, ids, None)
  doubles = tf.SparseTensor(ids.indices, tf.constant([1.0, 2.0, 0.5, 3.0], tf.float64), ids.dense_shape)
  found["cast"] = tf.nn.embedding_lookup_sparse(table, ids, doubles, combiner="sum")
  found["half"] = tf.nn.embedding_lookup_sparse(tf.cast(table, tf.float16), ids, None, combiner="sum")
  found["errors"] = _tries(lambda: tf.nn.embedding_lookup_sparse(table, ids, None, combiner="max"),
                           lambda: tf.nn.embedding_lookup_sparse(table, [1], None, combiner="sum"),
                           lambda: tf.nn.embedding_lookup_sparse(table, ids, [1.0], combiner="sum"))
  return found


def rows_safely(tf):
  table = tf.constant(_x(4, 2))
  lookup = tf.nn.safe_embedding_lookup_sparse
  ids = tf.SparseTensor(_any(tf, [[0, 0], [0, 1], [2, 0], [3, 0]], [4, 2]), tf.constant([3, -1, 2, 1], tf.int64), [4, 2])
  weights = tf.SparseTensor(ids.indices, [1.0, 2.0, 0.5, 0.0], ids.dense_shape)
  cube = tf.SparseTensor([[0, 0, 0], [1, 1, 0]], tf.constant([3, 1], tf.int64), [2, 2, 2])
  return {"plain": lookup(table, ids), "weighted": lookup(table, ids, weights), "sum": lookup(table, ids, weights, combiner="sum"),
          "default": lookup(table, ids, default_id=2), "cube": lookup([table, table], cube, partition_strategy="div"),
          "errors": _tries(lambda: lookup(None, ids), lambda: lookup([], ids))}


def dealt(tf):
  x = tf.constant(_x(4, 2))
  parts = tf.dynamic_partition(x, [1, 0, 1, 0], 2)
  whole = tf.dynamic_stitch([[0, 1], [3, 2]], parts)
  wide = tf.dynamic_stitch([tf.constant([1, 0]), _any(tf, np.int32([2]), [None])], [x[:2], x[2:3]])
  later = tf.dynamic_partition(_any(tf, _x(3)), _any(tf, np.int32([0, 1, 0])), 2)
  rows = tf.gradients(tf.gather(whole, [1, 1]), x)
  return {"parts": parts, "whole": whole, "wide": wide, "later": later, "rows": rows,
          "slopes": tf.gradients(parts[0] * parts[0], x), "one": tf.dynamic_partition(x, [0, 0, 0, 0], 1),
          "bad": _runs(tf, tf.dynamic_partition(x, [0, 5, 0, 0], 2)[0])}


def largest(tf):
  x = tf.constant(_x(3, 4))
  found = {"later": tf.nn.top_k(_any(tf, _x(4)), 2)[0],
           "bad": _runs(tf, tf.nn.top_k(_any(tf, np.float32(1)), 1)[0], tf.nn.top_k(_any(tf, _x(2)), 3)[0]),
           "errors": _tries(lambda: tf.nn.top_k(x, 5), lambda: tf.nn.top_k(1.0, 1))}
  for axis in (0, 1, -2):
    found["sorted %d" % axis] = [tf.sort(x, axis), tf.sort(x, axis, "DESCENDING")]
    found["places %d" % axis] = tf.argsort(x, axis)
  found["unknown"] = [tf.sort(_any(tf, _x(2, 3)), 0), tf.sort(_any(tf, _x(2, 3)), -2)]
  found["sort errors"] = _tries(lambda: tf.sort(x, direction="UP"), lambda: tf.sort(x, axis=_any(tf, np.int32(0))))
  return found


def bounds(tf):
  rows = tf.constant([[1, 3, 5, 5], [2, 4, 6, 8]])
  return {"left": tf.searchsorted(rows, [[5, 0], [9, 4]]), "right": tf.searchsorted(rows, [[5, 0], [9, 4]], side="right", out_type=tf.int64),
          "errors": _tries(lambda: tf.searchsorted(rows, [[1], [2]], side="middle"))}


def values_that_occur(tf):
  left = tf.setdiff1d([1, 2, 3, 2], [2])
  return {"counts": tf.unique_with_counts([4, 2, 4, 9]), "left": [left.out, left.idx],
          "undone": tf.invert_permutation([2, 0, 1]),
          "bad": _runs(tf, tf.unique(_any(tf, [[1, 2]])).y, tf.invert_permutation([0, 3, 1]), tf.invert_permutation([0, 1, 1])),
          "errors": _tries(lambda: tf.unique([[1]]), lambda: tf.invert_permutation([[0]]))}


def counted(tf):
  x = tf.constant([1, 3, 1, 0])
  return {"plain": tf.bincount(x), "long": tf.bincount(x, minlength=6), "short": tf.bincount(x, maxlength=2),
          "weighted": tf.bincount(x, weights=[0.5, 1.0, 2.0, 4.0]), "floats": tf.bincount(x, dtype=tf.float32),
          "bad": _runs(tf, tf.bincount([1, -1]))}


def texts_joined(tf):
  a, b = tf.constant(["a", "b"]), tf.constant(["c", "d"])
  later = _any(tf, np.array(["x", "y"], object))
  return {"all": tf.strings.join([a, "-", b]), "commas": tf.string_join([a, b], separator=","), "scalars": tf.strings.join(["p", "q"]),
          "later": tf.strings.join([later, "s"]), "both": tf.strings.join([later, a]),
          "bad": _runs(tf, tf.strings.join([_any(tf, np.array(["x"], object)), a])),
          "errors": _tries(lambda: tf.strings.join([a, tf.constant(["c"])]))}


def times_dense(tf):
  x = tf.SparseTensor([[0, 1], [1, 2], [2, 0]], tf.constant([1.0, 2.0, 3.0]), [3, 4])
  row, whole = tf.constant([1.0, 2.0, 3.0, 4.0]), tf.constant(_x(3, 4))
  found = {"integers": (tf.SparseTensor([[0]], [3], [1]) / tf.constant(2)).values}
  for name, y in (("row", row), ("number", tf.constant(2.0)), ("all", whole), ("plain", 3.0)):
    found[name] = [(x * y).values, (x / y).values, x.__div__(y).values]
  product, quotient = whole * x, x / row
  found["gradients"] = [tf.gradients(product.values, [x.values, whole]),
                        tf.gradients(quotient.values, [x.values, row])]
  found["errors"] = _tries(lambda: (x / tf.constant(1)).values)
  return found


def padded_by_what_is_known(tf):
  n = tf.placeholder_with_default(1, [])
  found = {}
  for i, x in enumerate((tf.placeholder_with_default(_x(2, 3, 4), [2, None, 4]), tf.constant(_x(2, 3, 4)))):
    for j, paddings in enumerate(([[0, 0], [0, n], [0, 0]], [[0, n], [n, 0], [1, 2]], tf.stack([[0, n, 0], [0, n, 0]], 1))):
      found["%d by %d" % (i, j)] = [tf.pad(x, paddings), tf.pad(x, paddings, "REFLECT"), tf.pad(x, paddings, constant_values=2)]
  return found
