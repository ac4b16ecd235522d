"""Arrays at their edges: shapes unknown until a run, odd axes, values refused, slopes."""

import re

import numpy as np


def _x(*shape, **kwargs):
  return np.random.RandomState(kwargs.get("seed", 0)).randn(*shape).astype(np.float32)


def _later(tf, value, shape=None):
  """A tensor whose value is known in a run only, with a static shape or none."""
  value = np.asarray(value)
  value = value.astype(np.float32) if value.dtype == np.float64 else value
  return tf.placeholder_with_default(value, shape)


def _outcomes(tf, **makes):
  """What each of some functions makes: its static shape and value, or the first line of its error."""
  found = {}
  with tf.Session() as session:
    for name in sorted(makes):
      try:
        made = makes[name]()
        tensors = made if isinstance(made, (list, tuple)) else [made]
        found[name] = [str(t.shape) if hasattr(t, "shape") else str(t) for t in tensors]
        if all(isinstance(t, (tf.Tensor, tf.IndexedSlices, tf.SparseTensor)) for t in tensors):
          found[name] = [found[name], session.run(made)]
      except Exception as error:
        text = re.sub(r"TensorArray(_\d+)+", "TensorArray_*", str(error))  # counted in a process
        found[name] = "%s: %s" % (type(error).__name__, text.split("\n")[0])
  return found


def norms(tf):
  x = tf.constant(_x(2, 3, 4))
  return _outcomes(
    tf, p1=lambda: tf.norm(x, 1), inf=lambda: tf.norm(x, np.inf, axis=1), p3=lambda: tf.norm(x, 3, axis=-1, keepdims=True),
    matrix1=lambda: tf.norm(x, 1, axis=[1, 2]), matrix_inf=lambda: tf.norm(x, np.inf, axis=(0, 2)), fro=lambda: tf.norm(x, "fro", axis=[-2, -1]),
    same=lambda: tf.norm(x, 1, axis=[1, 1]), floats=lambda: tf.norm(x, 1, axis=[1, 2.0]), three=lambda: tf.norm(x, 1, axis=[0, 1, 2]),
    nonsense=lambda: tf.norm(x, "nonsense"), negative=lambda: tf.norm(x, -1), matrix3=lambda: tf.norm(x, 3, axis=[0, 1]))


def linear_algebra(tf):
  a = np.array([[4.0, 1.0], [1.0, 3.0]], np.float32)
  wide, unknown, singular = tf.constant(_x(2, 3)), _later(tf, a), _later(tf, np.zeros((2, 2)))
  return _outcomes(
    tf, inverse=lambda: tf.matrix_inverse(a), adjoint=lambda: tf.linalg.inv(np.array([[1, 2], [0, 1j]], np.complex64), adjoint=True),
    det=lambda: tf.matrix_determinant(np.stack([a, 2 * a])), solve=lambda: tf.matrix_solve(a, _x(2, 2)),
    solve_adjoint=lambda: tf.matrix_solve(a, _x(2, 1), adjoint=True), cholesky=lambda: tf.cholesky(a),
    unknown=lambda: tf.matrix_inverse(unknown), unknown_det=lambda: tf.matrix_determinant(unknown), unknown_solve=lambda: tf.matrix_solve(unknown, _x(2, 1)),
    singular=lambda: tf.matrix_inverse(singular), singular_solve=lambda: tf.matrix_solve(singular, _x(2, 1)), indefinite=lambda: tf.cholesky(-a),
    not_square=lambda: tf.matrix_inverse(wide), not_square_det=lambda: tf.matrix_determinant(wide), vector=lambda: tf.cholesky([1.0, 2.0]),
    solve_odd=lambda: tf.matrix_solve(a, _x(3, 1)), solve_vector=lambda: tf.matrix_solve(a, _x(2)),
    diag_part=lambda: tf.matrix_diag_part(unknown), qr=lambda: tf.qr(unknown)[1],
    eye=lambda: tf.eye(_later(tf, np.int32(2)), 3), eyes=lambda: tf.eye(2, batch_shape=tf.constant([2])), eye_wide=lambda: tf.eye(2, 3, batch_shape=[2]),
    eye_tall=lambda: tf.eye(_later(tf, np.int32(3), []), _later(tf, np.int32(2), []), batch_shape=[2]), eye_square=lambda: tf.eye(_later(tf, np.int32(3), [])))


def linear_algebra_slopes(tf):
  a = tf.constant(np.array([[4.0, 1.0], [1.5, 3.0]], np.float32))
  b = tf.constant(_x(2, 2))
  unknown, rows = _later(tf, _x(2, 3)), tf.constant(_x(2))
  both = lambda adjoint: tf.gradients(tf.matrix_solve(a, b, adjoint=adjoint), [a, b])
  return _outcomes(
    tf, inverse=lambda: tf.gradients(tf.matrix_inverse(a) * b, a), det=lambda: tf.gradients(tf.matrix_determinant(a), a),
    solve=lambda: both(False), adjoint=lambda: both(True), diag_part=lambda: tf.gradients(tf.matrix_diag_part(unknown) * [1.0, 2.0], unknown),
    set_diag=lambda: tf.gradients(tf.matrix_set_diag(unknown, rows) * _x(2, 3), [unknown, rows]))


def draws(tf):
  rows = tf.constant(np.arange(12).reshape(6, 2))
  return _outcomes(
    tf, ints=lambda: tf.random_uniform([5], 1, 100, tf.int32, seed=3), longs=lambda: tf.random.uniform([5], -9, 10 ** 12, tf.int64, seed=3),
    empty_range=lambda: tf.random_uniform([5], 3, 3, tf.int32), no_maximum=lambda: tf.random_uniform([5], dtype=tf.int32),
    negative=lambda: tf.random_normal(_later(tf, np.array([2, -1]))), shuffle=lambda: tf.random_shuffle(rows, seed=4),
    shuffle_one=lambda: tf.random.shuffle([7], seed=4), shuffle_scalar=lambda: tf.random_shuffle(7, seed=4),
    crop=lambda: tf.random_crop(rows, [2, 1], seed=5), crop_too_large=lambda: tf.random_crop(rows, [7, 1], seed=5),
    categorical=lambda: tf.random.categorical([[1.0, 2.0, 3.0]], 6, seed=6), multinomial=lambda: tf.multinomial([[1.0, 2.0, 3.0]], 6, seed=6))


def special_functions(tf):
  x = np.array([-2.0, -1.5, 0.0, 0.5, 3.0], np.float32)
  return _outcomes(tf, digamma=lambda: tf.digamma(x), lgamma=lambda: tf.lgamma(x), lgamma64=lambda: tf.lgamma(x.astype(np.float64)))


def integer_division(tf):
  x, y = np.array([7, -7, 7, -7], np.int32), np.array([2, 2, -2, -2], np.int32)
  zero = _later(tf, np.zeros(4, np.int32))
  return _outcomes(
    tf, div=lambda: tf.div(x, y), floor=lambda: tf.floordiv(x, y), true=lambda: tf.truediv(x, y), cut=lambda: tf.truncatediv(x, y),
    cut_mod=lambda: tf.truncatemod(x, y), mod=lambda: tf.mod(x, y), by_zero=lambda: tf.floordiv(x, zero), cut_by_zero=lambda: tf.truncatediv(x, zero),
    mod_by_zero=lambda: tf.truncatemod(x, zero), power=lambda: tf.pow(x, [2, 1, 0, 3]), power_negative=lambda: tf.pow(x, y), cut_mod_floats=lambda: tf.truncatemod([7.5, -7.5], [2.0, 2.0]),
    bytes=lambda: tf.truediv(np.array([1], np.int8), np.array([3], np.int8)), kinds=lambda: tf.truediv(tf.constant([1]), tf.constant([1.0])),
    floats=lambda: tf.realdiv([1.0], [4.0]))


def elementwise(tf):
  ones, slices = tf.constant([1.0, 2.0]), tf.IndexedSlices(tf.constant(_x(2, 2)), tf.constant([0, 2]), tf.constant([3, 2]))
  sparse = tf.SparseTensor([[0, 1]], [1.5], [2, 2])
  return _outcomes(
    tf, xor=lambda: tf.logical_xor([True, False], [True, True]), angle=lambda: tf.angle([1j]), angle_real=lambda: tf.angle([1.0, -1.0]),
    real=lambda: tf.real(ones), imag=lambda: tf.imag(ones), conj=lambda: tf.conj(ones), conj_text=lambda: tf.conj("a"), conj_bool=lambda: tf.conj([True]),
    complex=lambda: tf.complex(1.0, [2.0, 3.0]), complex_kinds=lambda: tf.complex(tf.constant(1.0), tf.constant(1.0, tf.float64)), complex_ints=lambda: tf.complex(1, 2),
    to_real=lambda: tf.cast([1 + 2j], tf.float32), cast_slices=lambda: tf.cast(slices, tf.float64).values, cast_sparse=lambda: tf.cast(sparse, tf.int32),
    scalar_mul=lambda: tf.scalar_mul(2, slices).values, not_scalar=lambda: tf.scalar_mul([1, 2], ones))


def reductions(tf):
  empty, ints = np.zeros((0, 2), np.float32), np.array([[1, -4], [2, -3]], np.int32)
  cube = tf.constant(_x(2, 3, 4))
  return _outcomes(
    tf, mean=lambda: tf.reduce_mean(ints), mean_rows=lambda: tf.reduce_mean(ints, 0), largest=lambda: tf.reduce_max(empty, 0), least=lambda: tf.reduce_min(empty, 0),
    largest_int=lambda: tf.reduce_max(empty.astype(np.int32), 0), least_int=lambda: tf.reduce_min(empty.astype(np.int32), 0),
    logsumexp=lambda: tf.reduce_logsumexp(_later(tf, _x(2, 3))), argmax=lambda: tf.argmax(cube, axis=_later(tf, np.int32(1), [])), argmin_old=lambda: tf.argmin(cube, dimension=2),
    argmax_out=lambda: tf.argmax(cube, 3), argmax_late=lambda: tf.argmax(cube, _later(tf, np.int32(5))), axis_out=lambda: tf.reduce_sum(cube, 3), axis_late=lambda: tf.reduce_sum(cube, _later(tf, np.int32(-4))),
    twice=lambda: tf.reduce_sum(cube, [0, 0]), twice_late=lambda: tf.reduce_sum(cube, _later(tf, np.array([1, -2]))))


def ranges(tf):
  return _outcomes(
    tf, up=lambda: tf.range(3, 1), down=lambda: tf.range(1, 3, -1), none=lambda: tf.range(1, 3, 0), vector=lambda: tf.range([1, 2]),
    up_late=lambda: tf.range(_later(tf, np.int32(3)), 1), down_late=lambda: tf.range(_later(tf, np.int32(1)), 3, -1), none_late=lambda: tf.range(1, 3, _later(tf, np.int32(0))),
    floats=lambda: tf.range(0.5, 2.0, 0.5), linspace=lambda: tf.linspace(0.0, 1.0, 3), one=lambda: tf.linspace(0.0, 1.0, 1), linspace_none=lambda: tf.linspace(0.0, 1.0, 0), linspace_late=lambda: tf.linspace(0.0, 1.0, _later(tf, np.int32(-1), [])))


def sums_of_lists(tf):
  a, b = tf.constant([1.0, 2.0]), tf.constant([3.0, 4.0])
  slices = tf.IndexedSlices(tf.constant([1.0]), tf.constant([1]), tf.constant([3]))
  return _outcomes(
    tf, one_slices=lambda: tf.add_n([slices]), one=lambda: tf.add_n([a], name="only"), none=lambda: tf.add_n([]), sparse=lambda: tf.add_n([tf.SparseTensor([[0]], [1.0], [2]), a]),
    accumulated=lambda: tf.accumulate_n([a, b]), accumulated_none=lambda: tf.accumulate_n([]), mixed=lambda: tf.accumulate_n([a, tf.constant([1, 2])]),
    accumulated_one=lambda: tf.accumulate_n([a]), accumulated_named=lambda: tf.accumulate_n([a], name="named"), wrong_type=lambda: tf.accumulate_n([a, b], tensor_dtype=tf.int32),
    wrong_shape=lambda: tf.accumulate_n([a, b], shape=[3]), single=lambda: tf.accumulate_n(a))


def products(tf):
  a, c = tf.constant(_x(2, 3)), tf.constant(np.array([[1, 2j], [3, 4 - 1j]]))
  unknown, cube = _later(tf, _x(2, 3)), _later(tf, _x(2, 3, 4))
  return _outcomes(
    tf, late=lambda: tf.matmul(unknown, _later(tf, _x(3, 2))), late_odd=lambda: tf.matmul(unknown, _later(tf, _x(2, 2), [2, 2])), odd=lambda: tf.matmul(a, a),
    odd_mat=lambda: tf.matmul(a, _later(tf, _x(2, 3), [None, None])), odd_turned=lambda: tf.matmul(_later(tf, _x(3, 2), [None, None]), _later(tf, _x(2, 2), [None, None]), transpose_a=True),
    adjoint_a=lambda: tf.matmul(c, c, adjoint_a=True), adjoint_b=lambda: tf.matmul(c, c, adjoint_b=True), both=lambda: tf.matmul(a, a, transpose_a=True, adjoint_a=True),
    both_b=lambda: tf.matmul(a, a, transpose_b=True, adjoint_b=True), batch=lambda: tf.matmul(cube, _later(tf, _x(2, 4, 1))), vector=lambda: tf.matmul(a, [1.0, 2.0, 3.0]),
    batch_adjoint=lambda: tf.matmul(tf.stack([c, c]), tf.stack([c, c]), adjoint_a=True))


def stacks(tf):
  a, b = tf.constant([1, 2]), tf.constant([3, 4])
  late, cube = _later(tf, np.array([1, 2, 3])), _later(tf, np.arange(6).reshape(2, 3))
  return _outcomes(
    tf, late=lambda: tf.stack([_later(tf, np.array([1, 2])), _later(tf, np.array([3, 4]))]), odd=lambda: tf.stack([a, tf.constant([1, 2, 3])]), odd_late=lambda: tf.stack([late, _later(tf, np.array([1]))]),
    axis=lambda: tf.stack([a, b], 2), axis_late=lambda: tf.stack([late, late], 3), unstack=lambda: tf.unstack(late, 3), unstack_axis=lambda: tf.unstack(cube, 3, axis=1),
    wrong_count=lambda: tf.unstack(late, 2), wrong_static=lambda: tf.unstack(a, 3), wrong_axis=lambda: tf.unstack(a, 2, axis=1), unknown=lambda: tf.unstack(late), unknown_first=lambda: tf.unstack(_later(tf, np.zeros(2), [None])))


def joins(tf):
  a, late = tf.constant(_x(2, 3)), _later(tf, _x(2, 3))
  return _outcomes(
    tf, single=lambda: tf.concat(a, 0), late=lambda: tf.concat([late, late], 1), half=lambda: tf.concat([a, late], 1), half_first=lambda: tf.concat([late, a], 0), odd=lambda: tf.concat([a, tf.constant(_x(3, 3))], 1),
    odd_late=lambda: tf.concat([late, _later(tf, _x(3, 3))], 1), ranks=lambda: tf.concat([a, tf.constant(_x(2))], 0), ranks_late=lambda: tf.concat([late, _later(tf, _x(3))], 0), axis=lambda: tf.concat([a, a], 2),
    axis_late=lambda: tf.concat([a, a], _later(tf, np.int32(1), [])), scalars=lambda: tf.concat([1.0, 2.0], 0), one_vector=lambda: tf.concat([a], [0]))


def splits(tf):
  x, late = tf.constant(_x(4, 6)), _later(tf, _x(4, 6))
  return _outcomes(
    tf, late=lambda: tf.split(late, 2, 1), sizes=lambda: tf.split(x, [1, -1], 1), sizes_late=lambda: tf.split(late, [1, 5], 1), rest_late=lambda: tf.split(late, [-1, 5], 1),
    lengths_late=lambda: tf.split(x, _later(tf, np.array([1, 3], np.int32), [2]), 0), odd=lambda: tf.split(x, 4, 1), odd_late=lambda: tf.split(late, 4, 1), two_rests=lambda: tf.split(x, [-1, -1], 1),
    too_many=lambda: tf.split(x, [3, 4], 1), too_few=lambda: tf.split(x, [1, 2], 1), too_few_late=lambda: tf.split(late, [1, 2], 1), negative=lambda: tf.split(x, [7, -1], 1), wrong_count=lambda: tf.split(x, [2, 2, 2], 1, num=2),
    scalar=lambda: tf.split(x, tf.constant(2)), no_count=lambda: tf.split(x, _later(tf, np.array([1, 3], np.int32), [None])), axis=lambda: tf.split(x, 2, 2), of_scalar=lambda: tf.split(1.0, 2), axis_vector=lambda: tf.split(x, 2, [0, 1]))


def reshapes(tf):
  x, late = tf.constant(_x(2, 3)), _later(tf, _x(2, 3))
  shape = lambda *sizes: _later(tf, np.array(sizes, np.int32))
  return _outcomes(
    tf, odd=lambda: tf.reshape(x, [4, 2]), odd_rest=lambda: tf.reshape(x, [-1, 4]), late=lambda: tf.reshape(late, [4, 2]), rest_late=lambda: tf.reshape(late, [-1, 4]), two_rests=lambda: tf.reshape(x, shape(-1, -1)), size_late=lambda: tf.reshape(x, shape(4, 2)),
    negative=lambda: tf.reshape(x, shape(-2, 3)), expand=lambda: tf.expand_dims(x, [0, 1]), expand_old=lambda: tf.expand_dims(x, dim=1), expand_out=lambda: tf.expand_dims(x, 3), expand_late=lambda: tf.expand_dims(late, _later(tf, np.int32(4), [])),
    squeeze=lambda: tf.squeeze(x, [0]), squeeze_out=lambda: tf.squeeze(x, [2]), squeeze_old=lambda: tf.squeeze(tf.constant(_x(1, 3)), squeeze_dims=[0]),
    transpose=lambda: tf.transpose(late, _later(tf, np.array([1, 0], np.int32))), transpose_late=lambda: tf.transpose(late), transpose_count=lambda: tf.transpose(x, [0]), transpose_out=lambda: tf.transpose(x, [0, 2]), transpose_twice=lambda: tf.transpose(x, [0, 0]), one_late=lambda: tf.transpose(late, [0]),
    conjugate=lambda: tf.transpose([[1j, 2], [3, 4j]], conjugate=True), matrix=lambda: tf.matrix_transpose(late), matrix_vector=lambda: tf.matrix_transpose([1, 2]), conjugate_slope=lambda: tf.gradients(tf.real(tf.transpose(tf.cast(x, tf.complex64) * 1j, conjugate=True)), x))


def slices(tf):
  x, late = tf.constant(_x(3, 4)), _later(tf, _x(3, 4))
  def there(*values):
    return _later(tf, np.array(values, np.int32), [len(values)])
  return _outcomes(
    tf, by_mask=lambda: x[np.array([True, False, True])], by_tensor=lambda: x[x > 0], longs=lambda: x[tf.constant(1, tf.int64):2], mixed=lambda: x[tf.constant(1, tf.int64):2, 1], nothing=lambda: x[()], text=lambda: x["a"], floats=lambda: x[1.5], vector=lambda: x[tf.constant([1, 2])],
    out=lambda: x[3], out_late=lambda: late[3], step=lambda: x[::0], deep=lambda: x[0, 0, 0], deep_late=lambda: late[0, 0, 0], dots_late=lambda: late[..., 1], axis=lambda: late[tf.newaxis],
    slice_late=lambda: tf.slice(late, [0, 1], [2, -1]), begin_late=lambda: tf.slice(x, there(1, 1), [-1, 2]), sizes_late=lambda: tf.slice(x, [1, 1], there(1, 2)), both_late=lambda: tf.slice(late, there(1, 1), there(1, 2)),
    begin_out=lambda: tf.slice(x, [4, 0], [1, 1]), size_out=lambda: tf.slice(x, [1, 0], [3, 1]), begin_out_late=lambda: tf.slice(late, there(4, 0), [1, 1]), size_out_late=lambda: tf.slice(late, there(1, 0), [3, 1]), begin_rest=lambda: tf.slice(x, [4, 0], [-1, 1]),
    assign=lambda: x[0].assign(1.0), mask_scalar=lambda: tf.boolean_mask(x, True), mask_unknown=lambda: tf.boolean_mask(x, _later(tf, np.array([True, False, True]))), mask_odd=lambda: tf.boolean_mask(x, [True, False]), mask_axis=lambda: tf.boolean_mask(x, [True, False, True, True], axis=1))


def gathers(tf):
  x, late = tf.constant(_x(3, 4)), _later(tf, _x(3, 4))
  cube, rows = tf.constant(_x(2, 3, 4)), tf.constant([[0, 2], [1, 1]])
  return _outcomes(
    tf, late=lambda: tf.gather(late, [0, 2]), axis_late=lambda: tf.gather(x, [0, 2], axis=_later(tf, np.int32(1), [])), out=lambda: tf.gather(x, [0, 3]), out_axis=lambda: tf.gather(x, [0, -1], axis=1),
    batch=lambda: tf.gather(cube, rows, batch_dims=1), batch_axis=lambda: tf.gather(cube, rows, axis=2, batch_dims=1), batch_negative=lambda: tf.gather(cube, rows, axis=1, batch_dims=-1), batch_slope=lambda: tf.gradients(tf.gather(cube, rows, batch_dims=1) * _x(2, 2, 4), cube), batch_axis_slope=lambda: tf.gradients(tf.gather(cube, rows, axis=2, batch_dims=1), cube),
    nd_late=lambda: tf.gather_nd(late, [[0, 1]]), nd_out=lambda: tf.gather_nd(x, [[0, 1], [3, 0]]), nd_row=lambda: tf.gather_nd(x, [[2], [0]]), where_v2=lambda: tf.where_v2([[True], [False]], x[:2], 0.0),
    where_slope=lambda: tf.gradients(tf.where_v2([[True], [False], [True]], x, x[0]), x), one_hot_late=lambda: tf.one_hot(_later(tf, np.array([1, 2])), 3), nd_slope=lambda: tf.gradients(tf.gather_nd(late, [[0, 1], [0, 1]]), late))


def paddings(tf):
  x, late = tf.constant(_x(2, 3)), _later(tf, _x(2, 3))
  around = _later(tf, np.array([[1, 0], [0, 1]], np.int32), [2, 2])
  return _outcomes(
    tf, three=lambda: tf.pad(x, [[1, 1, 1], [0, 0, 0]]), mode=lambda: tf.pad(x, [[1, 1], [0, 0]], "nonsense"), late=lambda: tf.pad(late, [[1, 0], [0, 1]]), around=lambda: tf.pad(x, around), around_mirror=lambda: tf.pad(x, around, "REFLECT"),
    mirror_late=lambda: tf.pad(late, [[1, 0], [0, 2]], "SYMMETRIC"), mirror_large=lambda: tf.pad(x, [[2, 0], [0, 0]], "REFLECT"), mirror_larger=lambda: tf.pad(x, [[0, 3], [0, 0]], "SYMMETRIC"), unknown=lambda: tf.pad(x, _later(tf, np.array([[1, 0], [0, 1]], np.int32))),
    slope=lambda: tf.gradients(tf.pad(late, [[1, 0], [0, 2]], "SYMMETRIC"), late), slope_around=lambda: tf.gradients(tf.pad(x, around, "REFLECT"), x), slope_twice=lambda: tf.gradients(tf.gradients(tf.square(tf.pad(x, [[1, 0], [0, 2]], "REFLECT")), x), x), grid=lambda: tf.meshgrid([1, 2], [3, 4, 5], indexing="ij"), grid_word=lambda: tf.meshgrid([1, 2], nonsense=1), grid_index=lambda: tf.meshgrid([1, 2], indexing="yx"),
    mask=lambda: tf.sequence_mask([1, 3]), mask_vector=lambda: tf.sequence_mask([1, 3], maxlen=[4, 5]), mask_late=lambda: tf.sequence_mask(_later(tf, np.array([1, 3])), dtype=tf.float32))


def slopes_of_arrays(tf):
  x, y, late = tf.constant(_x(2, 3)), tf.constant(_x(2, 3, seed=1)), _later(tf, _x(2, 3))
  table = tf.constant(_x(5, 3))
  return _outcomes(
    tf, fill=lambda: tf.gradients(tf.fill([2, 3], x[0, 0]) * y, x), concat_negative=lambda: tf.gradients(tf.gather(tf.concat([table, table * 2.0], -2), [1, 7]), table), concat_one=lambda: tf.gradients(tf.identity(tf.concat([x], 0)) * y, x), concat_many=lambda: tf.gradients(tf.concat([x * float(i) for i in range(18)], 1), x),
    concat_rows=lambda: tf.gradients(tf.gather(tf.concat([table, table * 2.0], 0), [1, 7]), table), concat_columns=lambda: tf.gradients(tf.gather(tf.concat([table, table * 2.0], 1), [1, 3]), table), tile=lambda: tf.gradients(tf.gather(tf.tile(x, [2, 1]), [0, 3]), x),
    int_cast=lambda: tf.gradients(tf.cast(tf.cast(x, tf.int32), tf.float32), x), constant_minus=lambda: tf.gradients(x - 2.0, x), no_nan=lambda: tf.gradients(tf.div_no_nan(x, y), [x, y]), mul_no_nan=lambda: tf.gradients(tf.math.multiply_no_nan(x, y), [x, y]), mul_no_nan_row=lambda: tf.gradients(tf.math.multiply_no_nan(x, y[0]), [x, y]),
    floor_mod=lambda: tf.gradients(tf.floormod(x, y), [x, y]), xlogy=lambda: tf.gradients(tf.math.xlogy(x, tf.abs(y)), [x, y]), xdivy=lambda: tf.gradients(tf.math.xdivy(x, y[0]), [x, y]), floor_div=lambda: tf.gradients(tf.floordiv(x, y), [x, y]), late_mul=lambda: tf.gradients(late * y[0], [late, y]),
    sparse_product=lambda: tf.gradients(tf.matmul(x, y, transpose_b=True, a_is_sparse=True), [x, y]), rows_of_columns=lambda: tf.gradients(tf.gather(table, [1, 1], axis=1), table))


def conditions_refused(tf):
  one, two = tf.constant(1.0), tf.constant(2.0)
  yes = tf.constant(True)
  late = _later(tf, np.zeros(2))
  return _outcomes(
    tf, old=lambda: tf.cond(yes, fn1=lambda: one, fn2=lambda: two), both=lambda: tf.cond(yes, lambda: one, lambda: two, fn1=lambda: one), missing=lambda: tf.cond(yes, lambda: one), not_callable=lambda: tf.cond(yes, one, two), not_callable_false=lambda: tf.cond(yes, lambda: one, two),
    plain_bool=lambda: tf.cond(True, lambda: one, lambda: two), nothing=lambda: tf.cond(yes, lambda: None, lambda: two), empty=lambda: tf.cond(yes, lambda: [], lambda: []),
    kinds=lambda: tf.cond(yes, lambda: one, lambda: tf.constant(1)), strict=lambda: tf.cond(yes, lambda: [one], lambda: [two], strict=True)[0],
    loop_cond=lambda: tf.while_loop(one, lambda i: i, [one]), loop_body=lambda: tf.while_loop(lambda i: i < 3.0, one, [one]), loop_none=lambda: tf.while_loop(lambda: yes, lambda: one, []),
    loop_parallel=lambda: tf.while_loop(lambda i: i < 3.0, lambda i: i + 1.0, [one], parallel_iterations=0), loop_limit=lambda: tf.while_loop(lambda i: i < 3.0, lambda i: i + 1.0, [one], maximum_iterations=[1, 2]))


def loops_refused(tf):
  one = tf.constant(1.0)
  return _outcomes(
    tf, grows=lambda: tf.while_loop(lambda i, x: i < 3.0, lambda i, x: [i + 1.0, tf.concat([x, x], 0)], [one, tf.constant([1.0])]))


def loop_counts(tf):
  one = tf.constant(1.0)
  return _outcomes(tf, counts=lambda: tf.while_loop(lambda i: i < 3.0, lambda i: [i, i], [one]))


def loop_invariants(tf):
  one = tf.constant(1.0)
  return _outcomes(
    tf, invariant=lambda: tf.while_loop(lambda i, x: i < 3.0, lambda i, x: [i + 1.0, x], [one, tf.constant([1.0])], shape_invariants=[tf.TensorShape([]), tf.TensorShape([2])]))


def loop_shapes(tf):
  one = tf.constant(1.0)
  return _outcomes(
    tf, unknown=lambda: tf.while_loop(lambda i, x: i < 3.0, lambda i, x: [i + 1.0, tf.concat([x, x], 0)], [one, tf.constant([1.0])], shape_invariants=[tf.TensorShape([]), tf.TensorShape(None)]),
    limited=lambda: tf.while_loop(lambda i, x: i < 9.0, lambda i, x: [i + 1.0, tf.concat([x, x], 0)], [one, tf.constant([1.0])], shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])], maximum_iterations=2))


def arrays_refused(tf):
  make = tf.TensorArray
  x = tf.constant([1.0, 2.0, 3.0])
  late = _later(tf, np.array([1.0, 2.0]))
  return _outcomes(
    tf, outside=lambda: make(tf.float32, 2, infer_shape=False).write(2, 1.0).flow, below=lambda: make(tf.float32, 2).write(-1, 1.0).flow, read_outside=lambda: make(tf.float32, 2).write(0, 1.0).read(2), twice=lambda: make(tf.float32, 2).write(0, 1.0).write(0, 1.0).flow, never=lambda: make(tf.float32, 2, infer_shape=False).read(0),
    zeros=lambda: make(tf.float32, 2, element_shape=[2]).read(0), negative=lambda: make(tf.float32, -1).size(), odd=lambda: make(tf.float32, 2, infer_shape=False).write(0, [1.0]).write(1, [1.0, 2.0]).stack(), shape=lambda: make(tf.float32, 2, element_shape=[3]).write(0, late).flow,
    empty=lambda: make(tf.float32, 0, element_shape=[3]).stack(), empty_unknown=lambda: make(tf.float32, 0, infer_shape=False).stack(), scatter=lambda: make(tf.float32, 2).scatter([0, 3], x[:2]).flow, scalars=lambda: make(tf.float32, 2, infer_shape=False).write(0, 1.0).write(1, 2.0).concat(),
    concat_odd=lambda: make(tf.float32, 2, infer_shape=False).write(0, _x(1, 2)).write(1, _x(1, 3)).concat(), split=lambda: make(tf.float32, 2).split(x, [1, 2]).read(1), split_count=lambda: make(tf.float32, 3).split(x, [1, 2]).flow, closed=lambda: make(tf.float32, 2).write(0, 1.0).close())


def array_slopes(tf):
  x = tf.constant([1.0, 2.0])
  array = tf.TensorArray(tf.float32, 3, clear_after_read=False).write(0, x).write(1, x * x).write(2, x)
  return {"twice": tf.gradients(array.read(1) * array.read(1) + array.read(0), x), "stack": tf.gradients(array.stack() * _x(3, 2), x), "gather": tf.gradients(array.gather([0, 1]), x)}


def shapes_of_sizes(tf):
    """What is known of a shape that is computed from another one's sizes."""
    x, ids = tf.placeholder(tf.float32, [None, 8]), tf.placeholder(tf.int32, [None, 4])
    sizes = tf.shape(x)
    wide = tf.shape(x, out_type=tf.int64)
    made = [
        sizes, wide, tf.cast(wide, tf.int32), tf.cast(sizes, tf.int64)[1:],
        tf.concat([sizes[1:], [3]], 0), tf.concat([tf.cast(wide, tf.int32)[1:], [3]], 0),
        tf.stack([sizes[0], 3]), tf.cast(tf.stack([sizes[0], 3]), tf.int64),
        tf.identity(sizes), tf.cast(tf.shape(tf.ones([2, 3]))[1:], tf.int64),
    ]  # fmt: skip
    rows = tf.gather(tf.reshape(tf.reshape(x, [-1, 2, 4]), [-1, 4]), ids)
    slope = tf.gradients(tf.reduce_sum(rows), [x])[0]
    return {
        "filled": [str(tf.fill(shape, 1.0).shape) for shape in made],
        "slope": str(slope.shape),
    }
