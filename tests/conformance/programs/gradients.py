"""tf.gradients: of each operation, through branches and loops, and its arguments."""

import numpy as np


def _matrix(*sizes):
  return np.random.RandomState(7).uniform(0.2, 0.9, sizes).astype(np.float32)


def _slopes(tf, x, ys):
  """For each y its own gradient, under a scope of its name."""
  return {key: tf.gradients(y, x, name="d_" + key) for key, y in sorted(ys.items())}


def example(tf):
  x = tf.get_variable("x", [2, 3], initializer=tf.ones_initializer())
  w = tf.get_variable("w", [3, 2], initializer=tf.constant_initializer(0.5))
  b = tf.get_variable("b", [2], initializer=tf.zeros_initializer())
  loss = tf.reduce_mean(tf.square(tf.matmul(x, w) + b))
  return {"g": tf.gradients(loss, [x, w, b])}


def of_one_number(tf):
  x = tf.constant(_matrix(2, 3))
  return _slopes(tf, x, {
    "abs": tf.abs(x), "neg": -x, "inv": tf.reciprocal(x), "exp": tf.exp(x),
    "expm1": tf.math.expm1(x), "log": tf.log(x), "log1p": tf.log1p(x), "sqrt": tf.sqrt(x),
    "rsqrt": tf.rsqrt(x), "square": tf.square(x), "sign": tf.sign(x), "sin": tf.sin(x),
    "cos": tf.cos(x), "tan": tf.tan(x), "asin": tf.asin(x), "acos": tf.acos(x),
    "atan": tf.atan(x), "sinh": tf.sinh(x), "cosh": tf.cosh(x), "tanh": tf.tanh(x),
    "asinh": tf.asinh(x), "acosh": tf.acosh(x + 2), "atanh": tf.atanh(x),
    "sigmoid": tf.sigmoid(x), "erf": tf.math.erf(x), "erfc": tf.math.erfc(x),
    "lgamma": tf.lgamma(x), "cast": tf.cast(x, tf.float64), "ceil": tf.ceil(x),
    "floor": tf.floor(x), "round": tf.round(x), "log_sigmoid": tf.math.log_sigmoid(x),
  })


def second_of_one_number(tf):
  x = tf.constant(_matrix(4))
  ys = {
    "abs": tf.abs(x), "inv": tf.reciprocal(x), "exp": tf.exp(x), "log": tf.log(x),
    "sqrt": tf.sqrt(x), "rsqrt": tf.rsqrt(x), "square": tf.square(x), "sin": tf.sin(x),
    "cos": tf.cos(x), "tan": tf.tan(x), "asin": tf.asin(x), "atan": tf.atan(x),
    "tanh": tf.tanh(x), "sigmoid": tf.sigmoid(x), "erf": tf.math.erf(x),
    "softplus": tf.nn.softplus(x), "relu": tf.nn.relu(x), "elu": tf.nn.elu(x - 0.5),
    "selu": tf.nn.selu(x - 0.5), "leaky": tf.nn.leaky_relu(x - 0.5),
    "relu6": tf.nn.relu6(x),
  }
  return {
    key: tf.gradients(tf.gradients(y, x)[0], x, name="d_" + key)
    for key, y in sorted(ys.items())
  }


def of_two_numbers(tf):
  x, y = tf.constant(_matrix(2, 3)), tf.constant(_matrix(3))
  s = tf.constant(0.7)
  pairs = {
    "add": x + y, "sub": x - y, "mul": x * y, "div": x / y, "pow": x ** y,
    "maximum": tf.maximum(x, y), "minimum": tf.minimum(x, y), "mod": tf.floormod(x, y),
    "squared": tf.squared_difference(x, y), "atan2": tf.atan2(x, y),
    "div_no_nan": tf.div_no_nan(x, y), "xlogy": tf.math.xlogy(x, y),
    "xdivy": tf.math.xdivy(x, y), "floordiv": x // y, "truediv": tf.truediv(x, y),
    "mul_no_nan": tf.math.multiply_no_nan(x, y),
  }
  result = _slopes(tf, [x, y], pairs)
  result.update(_slopes(tf, [x, s], {
    "add_s": x + s, "sub_s": s - x, "mul_s": x * s, "div_s": s / x, "pow_s": x ** s,
    "max_s": tf.maximum(x, s), "mod_s": tf.floormod(x, s),
    "squared_s": tf.squared_difference(s, x), "xlogy_s": tf.math.xlogy(s, x),
  }))
  result.update(_slopes(tf, [x], {"square": x ** 2, "twice": x * 2.0, "x_x": x * x}))
  return result


def of_two_numbers_of_unknown_sizes(tf):
  x = tf.placeholder_with_default(_matrix(2, 3), [None, 3])
  y = tf.placeholder_with_default(_matrix(2, 3), None)
  z = tf.placeholder_with_default(_matrix(2, 1), [2, None])
  result = _slopes(tf, [x, y], {"add": x + y, "mul": x * y, "div": x / y, "sub": x - y,
                                "pow": x ** y, "max": tf.maximum(x, y)})
  result.update(_slopes(tf, [x, z], {"add_z": x + z, "mul_z": x * z, "sq": tf.squared_difference(x, z)}))
  return result


def second_of_two_numbers(tf):
  x, y = tf.constant(_matrix(2, 3)), tf.constant(_matrix(3))
  pairs = {"mul": x * y, "div": x / y, "pow": x ** y, "sq": tf.squared_difference(x, y),
           "xlogy": tf.math.xlogy(x, y), "atan2": tf.atan2(x, y)}
  result = {}
  for key, z in sorted(pairs.items()):
    first = tf.gradients(z, [x, y], name="d_" + key)
    result[key] = [tf.gradients(g, [x, y], name="dd_" + key) for g in first]
  return result


def of_complex_numbers(tf):
  x, y = tf.constant(_matrix(2)), tf.constant(_matrix(2) + 1)
  z = tf.complex(x, y)
  return _slopes(tf, [x, y], {
    "real": tf.real(z), "imag": tf.imag(z), "abs": tf.abs(z), "angle": tf.angle(z),
    "square": tf.real(z * tf.conj(z)), "exp": tf.imag(tf.exp(z)), "div": tf.real(1 / z),
  })


def complex_ys(tf):
  z = tf.complex([1.0], [2.0])
  return {"g": tf.gradients(z * z, z)}


def complex_ys_given(tf):
  z = tf.complex([1.0], [2.0])
  return {"g": tf.gradients(z * z, z, grad_ys=tf.complex([1.0], [0.5]))}


def reductions(tf):
  x = tf.constant(_matrix(2, 3, 4))
  return _slopes(tf, x, {
    "sum": tf.reduce_sum(x), "sum1": tf.reduce_sum(x, 1), "sum02": tf.reduce_sum(x, [0, 2]),
    "keep": tf.reduce_sum(x, 1, keepdims=True), "mean": tf.reduce_mean(x),
    "mean1": tf.reduce_mean(x, -1), "max": tf.reduce_max(x, 1), "min": tf.reduce_min(x),
    "prod": tf.reduce_prod(x, 1), "prod_all": tf.reduce_prod(x),
    "logsumexp": tf.reduce_logsumexp(x, 1), "norm": tf.norm(x, axis=1),
    "std": tf.math.reduce_std(x, 0), "var": tf.math.reduce_variance(x),
  })


def reductions_of_unknown_sizes(tf):
  x = tf.placeholder_with_default(_matrix(2, 3), [None, 3])
  y = tf.placeholder_with_default(_matrix(2, 3), None)
  result = _slopes(tf, x, {
    "sum": tf.reduce_sum(x), "sum1": tf.reduce_sum(x, 1), "mean": tf.reduce_mean(x),
    "mean0": tf.reduce_mean(x, 0), "max": tf.reduce_max(x, 1), "prod": tf.reduce_prod(x, 0),
  })
  result.update(_slopes(tf, y, {
    "y_sum": tf.reduce_sum(y), "y_mean": tf.reduce_mean(y, 1), "y_max": tf.reduce_max(y),
    "y_mean_all": tf.reduce_mean(y),
  }))
  return result


def second_of_reductions(tf):
  x = tf.constant(_matrix(2, 3))
  ys = {"sum": tf.reduce_sum(x * x, 1), "mean": tf.reduce_mean(x * x), "max": tf.reduce_max(x * x, 1),
        "prod": tf.reduce_prod(x, 1)}
  return {key: tf.gradients(tf.gradients(y, x)[0], x, name="d_" + key) for key, y in sorted(ys.items())}


def cumulative(tf):
  x = tf.constant(_matrix(2, 3))
  return _slopes(tf, x, {
    "sum": tf.cumsum(x), "sum1": tf.cumsum(x, 1, exclusive=True, reverse=True),
    "prod": tf.cumprod(x, 1), "prod0": tf.cumprod(x, 0, reverse=True),
  })


def products(tf):
  a, b = tf.constant(_matrix(2, 3)), tf.constant(_matrix(3, 4))
  ys = {
    "plain": tf.matmul(a, b), "ta": tf.matmul(tf.transpose(a), b, transpose_a=True),
    "tb": tf.matmul(a, tf.transpose(b), transpose_b=True),
    "both": tf.matmul(tf.transpose(a), tf.transpose(b), transpose_a=True, transpose_b=True),
    "matvec": tf.linalg.matvec(a, tf.reduce_sum(b, 1)),
  }
  return _slopes(tf, [a, b], ys)


def sparse_products(tf):
  a, b = tf.constant(_matrix(2, 3)), tf.constant(_matrix(3, 4))
  return _slopes(tf, [a, b], {
    "a": tf.matmul(a, b, a_is_sparse=True), "b": tf.matmul(a, b, b_is_sparse=True),
    "relu": tf.matmul(tf.nn.relu(a), b, a_is_sparse=True),
  })


def batch_products(tf):
  a, b = tf.constant(_matrix(2, 2, 3)), tf.constant(_matrix(2, 3, 4))
  c = tf.constant(_matrix(3, 4))
  result = _slopes(tf, [a, b], {
    "plain": tf.matmul(a, b), "adjoint": tf.matmul(a, tf.transpose(b, [0, 2, 1]), adjoint_b=True),
    "ta": tf.matmul(tf.transpose(a, [0, 2, 1]), b, transpose_a=True),
  })
  return result


def tensordots(tf):
  a, b = tf.constant(_matrix(2, 3, 4)), tf.constant(_matrix(4, 3))
  return _slopes(tf, [a, b], {"one": tf.tensordot(a, b, 1), "two": tf.tensordot(a, b, [[1, 2], [1, 0]])})


def shapes(tf):
  x = tf.constant(_matrix(2, 3))
  return _slopes(tf, x, {
    "reshape": tf.reshape(x, [3, 2]), "expand": tf.expand_dims(x, 1),
    "squeeze": tf.squeeze(tf.expand_dims(x, 0), [0]), "transpose": tf.transpose(x),
    "perm": tf.transpose(x, [1, 0], name="t"), "tile": tf.tile(x, [2, 3]),
    "pad": tf.pad(x, [[1, 0], [0, 2]]), "pad2": tf.pad(x, [[1, 0], [0, 2]], constant_values=3.0),
    "mirror": tf.pad(x, [[1, 0], [0, 1]], "REFLECT"),
    "symmetric": tf.pad(x, [[1, 1], [2, 0]], "SYMMETRIC"), "reverse": tf.reverse(x, [1]),
    "identity": tf.identity(x), "stop": tf.stop_gradient(x) + x,
    "flatten": tf.reshape(x, [-1]), "numerics": tf.check_numerics(x, "x"),
    "broadcast": tf.broadcast_to(x, [4, 2, 3]),
    "identity_n": tf.identity_n([x, x])[1],
  })


def shapes_of_unknown_sizes(tf):
  x = tf.placeholder_with_default(_matrix(2, 3), [None, 3])
  return _slopes(tf, x, {
    "reshape": tf.reshape(x, [-1]), "expand": tf.expand_dims(x, 1), "tile": tf.tile(x, [2, 1]),
    "transpose": tf.transpose(x), "pad": tf.pad(x, [[1, 0], [0, 2]]),
  })


def parts(tf):
  x = tf.constant(_matrix(4, 3))
  one, two = tf.split(x, 2)
  rows = tf.unstack(x)
  return _slopes(tf, x, {
    "slice": tf.slice(x, [1, 0], [2, 2]), "index": x[1], "strided": x[::2, 1:],
    "column": x[:, 1], "new": x[tf.newaxis, 1:3], "ellipsis": x[..., 0],
    "split_one": one, "split_both": one + two, "split_v": tf.split(x, [1, 3])[1],
    "unstack": rows[0] * rows[2], "stack": tf.stack([x, x], 1), "concat": tf.concat([x, 2 * x], 1),
    "concat0": tf.concat([x, x[:1]], 0), "unstack1": tf.unstack(x, axis=1)[1],
  })


def parts_of_unknown_sizes(tf):
  x = tf.placeholder_with_default(_matrix(4, 3), [None, 3])
  n = tf.placeholder_with_default(1, [])
  return _slopes(tf, x, {
    "slice": tf.slice(x, [1, 0], [2, 2]), "index": x[n], "strided": x[n:, 1:],
    "concat": tf.concat([x, 2 * x], 1), "concat0": tf.concat([x, x[:1]], 0),
    "split": tf.split(x, 3, 1)[1], "concat_n": tf.concat([x, x], n),
  })


def second_of_parts(tf):
  x = tf.constant(_matrix(4, 3))
  ys = {"index": x[1] ** 2, "slice": tf.slice(x, [1, 0], [2, 2]) ** 2, "concat": tf.concat([x, x], 0) ** 2,
        "pad": tf.pad(x, [[1, 0], [0, 2]]) ** 2, "tile": tf.tile(x, [2, 1]) ** 2}
  return {key: tf.gradients(tf.gradients(y, x)[0], x, name="d_" + key) for key, y in sorted(ys.items())}


def gathers(tf):
  x = tf.constant(_matrix(4, 3))
  i = tf.constant([1, 3, 1])
  return _slopes(tf, x, {
    "gather": tf.gather(x, i), "axis": tf.gather(x, [0, 2, 2], axis=1), "nd": tf.gather_nd(x, [[1, 2], [0, 0]]),
    "rows": tf.gather_nd(x, [[1], [1]]), "two": tf.gather(x, i) + tf.gather(x, [0, 0, 0]),
    "both": tf.reduce_sum(tf.gather(x, i)) + tf.reduce_sum(x),
    "where": tf.where(x > 0.5, x, 2 * x), "mask": tf.boolean_mask(x, [True, False, True, False]),
    "scalar": tf.gather(x, 2),
  })


def gathers_of_variables(tf):
  v = tf.get_variable("v", [4, 3], initializer=tf.constant_initializer(_matrix(4, 3)))
  r = tf.get_variable("r", [4, 3], initializer=tf.constant_initializer(_matrix(4, 3)), use_resource=True)
  ids = tf.constant([[1, 3], [1, 0]])
  return {
    "v": tf.gradients(tf.nn.embedding_lookup(v, ids), v), "r": tf.gradients(tf.nn.embedding_lookup(r, ids), r),
    "r2": tf.gradients(tf.nn.embedding_lookup(r, ids) * 3.0 + tf.reduce_sum(r), r),
    "v2": tf.gradients(tf.nn.embedding_lookup(v, ids) * 3.0 + tf.reduce_sum(v), v),
    "g": tf.gradients(tf.gather(r, [2, 2]) ** 2, r), "n": tf.gradients(tf.gather_nd(r, [[2, 1]]) ** 2, r),
    "p": tf.gradients(tf.nn.embedding_lookup([v, v * 2.0], ids), v),
  }


def gather_of_gather(tf):
  v = tf.get_variable("v", [4, 3], initializer=tf.constant_initializer(_matrix(4, 3)))
  picked = tf.gather(tf.gather(v, [0, 2, 3]), [1, 1])
  return {"g": tf.gradients(picked, v)}


def concat_of_gathers(tf):
  v = tf.get_variable("v", [4, 3], initializer=tf.constant_initializer(_matrix(4, 3)))
  rows = tf.gather(v * 2.0, [0, 2])
  return {"g": tf.gradients(tf.concat([rows, rows], 0), v), "h": tf.gradients(tf.concat([v, v], 0)[2], v),
          "i": tf.gradients(tf.gather(tf.concat([v, v], 1), [0, 1]), v),
          "j": tf.gradients(tf.gather(tf.concat([v, v], 0), [0, 5, 5]), v)}


def diagonals(tf):
  x, m = tf.constant(_matrix(3)), tf.constant(_matrix(3, 3))
  b = tf.constant(_matrix(2, 3, 3))
  result = _slopes(tf, x, {"diag": tf.diag(x) * m, "matrix_diag": tf.matrix_diag(x) * m,
                           "set": tf.matrix_set_diag(m, x)})
  result.update(_slopes(tf, m, {"part": tf.diag_part(m), "trace": tf.trace(m), "band": tf.matrix_band_part(m, 1, 0),
                                "mset": tf.matrix_set_diag(m, x)}))
  result.update(_slopes(tf, b, {"mpart": tf.matrix_diag_part(b)}))
  return result


def sums_of_many(tf):
  x, y = tf.constant(_matrix(2)), tf.constant(_matrix(2))
  return _slopes(tf, [x, y], {
    "add_n": tf.add_n([x, y, x]), "four": x + x * y + x * x + tf.sin(x),
    "accumulate": tf.accumulate_n([x, y, x * 2.0]),
  })


def aggregation_methods(tf):
  x = tf.constant(_matrix(2))
  y = x * 2.0 + x * x + tf.sin(x) + tf.exp(x)
  return {
    "add_n": tf.gradients(y, x, aggregation_method=tf.AggregationMethod.ADD_N),
    "tree": tf.gradients(y, x, aggregation_method=tf.AggregationMethod.EXPERIMENTAL_TREE),
    "accumulate": tf.gradients(y, x, aggregation_method=tf.AggregationMethod.EXPERIMENTAL_ACCUMULATE_N),
  }


def wrong_aggregation_method(tf):
  x = tf.constant(1.0)
  return {"g": tf.gradients(x * x, x, aggregation_method=7)}


def arguments(tf):
  x, y = tf.constant(_matrix(2, 3)), tf.constant(_matrix(2, 3))
  z = x * y + tf.sin(x)
  return {
    "lists": tf.gradients([z, x * 2.0], [x, y]), "grad_ys": tf.gradients(z, x, grad_ys=tf.ones([2, 3]) * 3.0),
    "grad_arrays": tf.gradients([z, x], [x], grad_ys=[np.full((2, 3), 2, np.float32), None]),
    "gated": tf.gradients(z, [x, y], gate_gradients=True, name="gated"),
    "colocated": tf.gradients(z, [x, y], colocate_gradients_with_ops=True, name="beside"),
    "stop": tf.gradients(z, [x, y], stop_gradients=[x]), "self": tf.gradients(x, x),
    "none": tf.gradients(tf.sin(x), [x, y])[0],
    "zero": tf.gradients(tf.sin(x), [x, y], unconnected_gradients=tf.UnconnectedGradients.ZERO),
    "zero_text": tf.gradients(tf.sin(x), [x, y], unconnected_gradients="zero"),
    "nothing": repr(tf.gradients(tf.sin(x), [y])), "tuple": tf.gradients((z,), (x,)),
  }


def zero_for_a_resource(tf):
  r = tf.get_variable("r", [2], use_resource=True, initializer=tf.ones_initializer())
  x = tf.constant(1.0)
  return {"g": tf.gradients(x * x, r, unconnected_gradients="zero")}


def unknown_unconnected(tf):
  x = tf.constant(1.0)
  return {"g": tf.gradients(x * x, x, unconnected_gradients="nothing")}


def wrong_number_of_grad_ys(tf):
  x = tf.constant(1.0)
  return {"g": tf.gradients([x * x, x], x, grad_ys=[1.0])}


def wrong_type_of_grad_ys(tf):
  x = tf.constant(1.0)
  return {"g": tf.gradients(x * x, x, grad_ys=tf.constant("a"))}


def of_a_string(tf):
  return {"g": tf.gradients(tf.constant("a"), tf.constant(1.0))}


def of_integers(tf):
  x = tf.constant(3)
  return {"g": repr(tf.gradients(x * x, x)), "h": repr(tf.gradients(tf.cast(x, tf.float32), x))}


def no_gradient_defined(tf):
  x = tf.constant([[1.0, 2.0]])
  q, _ = tf.qr(tf.concat([x, x], 0))
  return {"g": tf.gradients(tf.is_nan(x), x)}


def no_gradient_digamma(tf):
  x = tf.constant([1.0, 2.0])
  return {"g": tf.gradients(tf.nn.l2_loss(tf.unique(x)[0]), x)}


def variables(tf):
  v = tf.get_variable("v", [2], initializer=tf.constant_initializer([1.0, 2.0]))
  r = tf.get_variable("r", [2], initializer=tf.constant_initializer([1.0, 2.0]), use_resource=True)
  y = tf.reduce_sum(v * r * v)
  return {"g": tf.gradients(y, [v, r]), "read": tf.gradients(y, [v.value()]),
          "handle": tf.gradients(r.read_value() * 2.0, r.handle)}


def with_colocation_of_variables(tf):
  v = tf.get_variable("v", [2], initializer=tf.constant_initializer([1.0, 2.0]))
  with tf.device("/cpu:0"):
    r = tf.get_variable("r", [2], initializer=tf.constant_initializer([1.0, 2.0]), use_resource=True)
  y = tf.reduce_sum(tf.nn.softmax(v * r) * v)
  return {"g": tf.gradients(y, [v, r], colocate_gradients_with_ops=True)}


def in_name_scopes(tf):
  with tf.name_scope("net"):
    x = tf.constant(2.0, name="x")
    y = tf.multiply(x, x, name="y")
  with tf.name_scope("train"):
    a = tf.gradients(y, x)
    b = tf.gradients(y, x)
    c = tf.gradients(y, x, name="back")
  return {"a": a, "b": b, "c": c}


def hessian(tf):
  x = tf.constant(_matrix(3))
  m = tf.constant(_matrix(3, 3))
  return {"h": tf.hessians(tf.reduce_sum(x * tf.linalg.matvec(m, x)), x)}


def hessians_of_two(tf):
  x, y = tf.constant(_matrix(2)), tf.constant(_matrix(2, 2))
  z = tf.reduce_sum(x * x) + tf.reduce_sum(y * y * y)
  return {"h": tf.hessians(z, [x, y])}
