"""tf.keras.backend: variables, arithmetic, shapes, space, cross entropies, phases, functions, settings."""

import numpy as np
from keras_alone import alone as _alone
from said import tries_whole


def _x(tf, *shape):
  return tf.constant(np.random.RandomState(0).randn(*shape).astype(np.float32))


def variables(tf):
  K = tf.keras.backend
  np.random.seed(2)
  a, b = K.variable(np.arange(6.0).reshape(2, 3), name="a"), K.zeros((2, 3))
  made = {"a": a, "b": b, "ones": K.ones((2,), dtype="float64", name="some"), "eye": K.eye(3), "uniform": K.random_uniform_variable((2, 2), 0, 1, seed=4),
          "normal": K.random_normal_variable((2, 2), 0, 1), "like": K.zeros_like(a), "more": K.ones_like(a, dtype="int32"), "constant": K.constant([1, 2], shape=(2,))}
  feed = [K.placeholder((None, 3)), K.placeholder(ndim=2, dtype="int32"), K.placeholder(sparse=True, shape=(2, 2)), K.placeholder(name="free")]
  made["shapes"] = [str(getattr(p, "shape", None)) for p in feed] + [str(K.int_shape(p)) for p in feed[:2] + [a]]
  made["about"] = [K.ndim(a), K.dtype(a), int(K.count_params(a)), K.is_sparse(feed[2]), K.ndim(feed[3])]
  made["names"] = [(v.name, v.trainable) for v in tf.global_variables()]
  made["updates"] = [K.update(a, b).name, K.update_add(a, b).name, K.update_sub(a, b).name, K.moving_average_update(b, a, 0.9).name]
  made["shape"] = K.shape(a)
  return made


def drawn(tf):
  K = tf.keras.backend
  np.random.seed(2)
  return {"normal": K.random_normal((2, 2)), "uniform": K.random_uniform((2, 2), 1, 2), "binomial": K.random_binomial((3, 3), p=0.5),
          "truncated": K.truncated_normal((2, 2), seed=3), "dropout": K.dropout(_x(tf, 3, 4), 0.4), "seeded": K.dropout(_x(tf, 3, 4), 0.4, noise_shape=(3, 1), seed=3)}


def arithmetic(tf):
  K = tf.keras.backend
  x = _x(tf, 2, 3)
  made = {name: getattr(K, name)(x) for name in "max min sum prod var std mean any all argmax argmin cumsum cumprod square abs sqrt exp log round sign sin cos".split()}
  made.update({name + "1": getattr(K, name)(x, axis=1, keepdims=True) for name in "max min sum prod var std mean any all".split()})
  made.update({name: getattr(K, name)(x, x + 1) for name in "equal not_equal greater greater_equal less less_equal maximum minimum".split()})
  made.update({name: getattr(K, name)(x) for name in "relu elu softmax softplus softsign sigmoid hard_sigmoid tanh".split()})
  made.update(truths=K.mean(x > 0), clip=K.clip(x, -0.5, 0.5), clipped=K.clip(x, 0.5, 0.1), above=K.clip(x, 0.0, None), pow=K.pow(x, 2), cast=K.cast(x, "int32"),
              arange=K.arange(3), between=K.arange(1, 4, dtype="float32"), unit=K.l2_normalize(x, 1), slope=K.relu(x, 0.1, 0.5, 0.2), elu2=K.elu(x, 0.5))
  return made


def products(tf):
  K = tf.keras.backend
  x, cube = _x(tf, 2, 3), _x(tf, 2, 4, 3)
  sparse = tf.SparseTensor([[0, 1], [1, 2]], [1.0, 2.0], [2, 3])
  unknown = tf.placeholder_with_default(np.ones((2, 4, 3), np.float32), [None, None, 3])
  return {"flat": K.dot(x, _x(tf, 3, 2)), "cube": K.dot(cube, _x(tf, 3, 2)), "unknown": K.dot(unknown, _x(tf, 5, 3, 2)), "sparse": K.dot(sparse, _x(tf, 3, 2)),
          "dense": K.to_dense(sparse), "batch": K.batch_dot(cube, _x(tf, 2, 3, 5)), "axes": K.batch_dot(cube, cube, axes=(1, 1)), "one": K.batch_dot(x, x, axes=1),
          "wide": K.batch_dot(cube, x, axes=(2, 1)), "other": K.batch_dot(x, cube, axes=(1, 2)), "turned": K.batch_dot(x, _x(tf, 3, 2), axes=(1, 0))}


def shapes(tf):
  K = tf.keras.backend
  x, cube, image = _x(tf, 2, 3), _x(tf, 2, 4, 3), _x(tf, 1, 2, 3, 2)
  unknown = tf.placeholder_with_default(np.ones((2, 4, 3), np.float32), [None, None, 3])
  return {"reshape": K.reshape(x, (3, 2)), "flatten": K.flatten(cube), "batch": K.batch_flatten(cube), "expand": K.expand_dims(x), "squeeze": K.squeeze(_x(tf, 2, 1), 1),
          "permute": K.permute_dimensions(cube, (0, 2, 1)), "transpose": K.transpose(x), "concat": K.concatenate([x, x]), "concat0": K.concatenate([x, x], axis=0),
          "stack": K.stack([x, x], axis=1), "gather": K.gather(x, [1, 0]), "hot": K.one_hot(tf.constant([0, 2]), 3), "reverse": K.reverse(x, 1), "tile": K.tile(_x(tf, 2), 2),
          "repeat": K.repeat(x, 2), "elements": K.repeat_elements(x, 2, 1), "unknown": K.repeat_elements(unknown, 2, 1), "images": K.resize_images(image, 2, 3, "channels_last"),
          "first": K.resize_images(image, 2, 1, "channels_first", interpolation="bilinear"), "volumes": K.resize_volumes(_x(tf, 1, 2, 2, 2, 1), 1, 2, 1, "channels_last"),
          "pad1": K.temporal_padding(cube), "pad2": K.spatial_2d_padding(image), "pad3": K.spatial_3d_padding(_x(tf, 1, 2, 2, 2, 1), data_format="channels_first"),
          "errors": tries_whole(lambda: K.resize_images(image, 2, 2, "x"), lambda: K.resize_images(image, 2, 2, "channels_last", "cubic"), lambda: K.spatial_2d_padding(image, data_format="x"),
                                lambda: K.resize_volumes(image, 2, 2, 2, "x"))}


def space(tf):
  K = tf.keras.backend
  x, image, volume = _x(tf, 1, 5, 2), _x(tf, 1, 4, 5, 2), _x(tf, 1, 3, 3, 3, 2)
  return {"conv1": K.conv1d(x, _x(tf, 2, 2, 3)), "causal": K.conv1d(x, _x(tf, 2, 2, 3), padding="causal", dilation_rate=2), "conv2": K.conv2d(image, _x(tf, 2, 2, 2, 3), strides=(2, 1), padding="same"),
          "conv3": K.conv3d(volume, _x(tf, 2, 2, 2, 2, 1)), "turned": K.conv2d_transpose(image, _x(tf, 2, 2, 3, 2), (1, 8, 10, 3), strides=(2, 2), padding="same"),
          "unknown": K.conv2d_transpose(image, _x(tf, 2, 2, 3, 2), (None, 8, 10, 3), strides=(2, 2), padding="same"),
          "separable": K.separable_conv2d(image, _x(tf, 2, 2, 2, 2), _x(tf, 1, 1, 4, 3)), "pool": K.pool2d(image, (2, 2), strides=(2, 2)), "mean": K.pool2d(image, (2, 2), pool_mode="avg", padding="same"),
          "pool3": K.pool3d(volume, (2, 2, 2)), "bias": K.bias_add(image, tf.ones([2])), "bias3": K.bias_add(x, tf.ones([2])), "places": K.bias_add(image, tf.ones([4, 5, 2])),
          "first": K.bias_add(image, tf.ones([5, 2, 4]), "channels_first"), "vector": K.bias_add(_x(tf, 2, 3), tf.ones([3])),
          "local": K.local_conv1d(x, _x(tf, 4, 4, 3), (2,), (1,)), "local2": K.local_conv2d(image, _x(tf, 12, 8, 1), (2, 2), (1, 1), (3, 4)),
          "errors": tries_whole(lambda: K.conv2d(image, image, padding="x"), lambda: K.conv2d(image, image, data_format="x"), lambda: K.pool2d(image, (2,)),
                                lambda: K.pool2d(image, (2, 2), pool_mode="x"), lambda: K.bias_add(image, tf.ones([2, 2])))}


def likely(tf):
  K = tf.keras.backend
  x = _x(tf, 2, 3)
  soft, sure = tf.nn.softmax(x), tf.sigmoid(x)
  target, numbers = tf.constant([[0.0, 1, 0], [1, 0, 0]]), tf.constant([1, 0])
  loose = tf.abs(x) / 3
  image = _x(tf, 2, 2, 2, 3)
  mean, var = tf.nn.moments(image, [0, 1, 2])
  return {"soft": K.categorical_crossentropy(target, soft), "loose": K.categorical_crossentropy(target, loose), "logits": K.categorical_crossentropy(target, x, from_logits=True),
          "sparse": K.sparse_categorical_crossentropy(numbers, soft), "sparse_loose": K.sparse_categorical_crossentropy(numbers, loose),
          "axis": K.sparse_categorical_crossentropy(tf.constant([1, 0, 1]), x, from_logits=True, axis=0), "binary": K.binary_crossentropy(target, sure),
          "binary_loose": K.binary_crossentropy(target, loose), "binary_logits": K.binary_crossentropy(target, x, from_logits=True), "top": K.in_top_k(x, numbers, 2),
          "norm": K.batch_normalization(image, mean, var, None, None), "flat": K.batch_normalization(x, 0.5, 2.0, 1.0, 3.0), "train": K.normalize_batch_in_training(image, None, None, [0, 1, 2]),
          "wide": K.normalize_batch_in_training(image, tf.ones([2]), None, [0, 2, 3]), "plain": K.normalize_batch_in_training(x, None, None, [0])}


def labels(tf):
  K = tf.keras.backend
  probabilities = tf.nn.softmax(_x(tf, 2, 5, 4))
  truth, lengths, counts = tf.constant([[1, 2, 0], [0, 1, 1]]), tf.constant([[5], [4]]), tf.constant([[2], [3]])
  sparse = K.ctc_label_dense_to_sparse(truth, tf.constant([2, 3]))
  dense, likely = K.ctc_decode(probabilities, tf.constant([5, 4]))
  return {"cost": K.ctc_batch_cost(truth, probabilities, lengths, counts), "indices": sparse.indices, "values": sparse.values, "dense": dense[0], "likely": likely}


def phases(tf):
  K = tf.keras.backend
  x = _x(tf, 2, 3)
  made = {"unknown": K.in_train_phase(lambda: x + 1, lambda: x), "known": K.in_train_phase(x, x + 1, training=True), "test": K.in_test_phase(lambda: x * 2, x, training=0),
          "switch": K.switch(tf.constant(True), lambda: x, lambda: -x), "each": K.switch(x > 0, x, -x), "rows": K.switch(tf.constant([1, 0]), x, -x),
          "wide": K.switch(tf.constant([[True], [False]]), x, lambda: -x), "phase": K.learning_phase().name}
  with K.learning_phase_scope(1):
    made["inside"] = K.learning_phase()
  made["after"] = K.learning_phase().name
  made["errors"] = tries_whole(lambda: K.set_learning_phase(2), lambda: K.switch(x > 0, tf.ones([2]), tf.ones([2])))
  return made


def rows(tf):
  K = tf.keras.backend
  x = _x(tf, 3, 2)
  steps = K.rnn(lambda x, states: (states[0] + x, [states[0] + x]), _x(tf, 2, 3, 4), [tf.zeros([2, 4])])
  return {"map": K.map_fn(lambda row: row * 2, x), "foldl": K.foldl(lambda a, b: a + b, x), "foldr": K.foldr(lambda a, b: a - b, x), "rnn": [steps[0], steps[1], steps[2][0]],
          "stopped": K.stop_gradient(x), "both": [t.name for t in K.stop_gradient([x, x])], "gradients": K.gradients(tf.reduce_sum(x * x), [x])}


def functions(tf):
  seen = {}
  with _alone(tf, seen) as keras:
    K = keras.backend
    x, v = K.placeholder((None, 2)), K.variable([1.0, 2.0])
    function = K.function([x], [x * v, K.sum(x)], updates=[(v, v + 1.0), K.update_add(v, [1.0, 1.0])])
    seen["first"] = function([np.ones((2, 2))])
    seen["second"] = function([np.array([[1, 2]])])
    seen["single"] = K.function([x], v * K.sum(x))([np.ones((1, 2))])
    seen["fed"] = K.function([x], [v], fetches=[x * 2])([np.ones((1, 2))])
    K.set_value(v, [5.0, 6.0])
    K.batch_set_value([(v, np.array([7.0, 8.0]))])
    seen["values"] = [K.get_value(v), K.eval(v * 2), K.batch_get_value([v]), K.batch_get_value([]), K.get_value(3)]
    seen["session"] = K.get_session() is K.get_session()
    seen["errors"] = tries_whole(lambda: K.function([x], [v], updates=3), lambda: K.function([x], [v], wrong=3))
    seen["uids"] = [K.get_uid("a"), K.get_uid("a"), K.get_uid()]
  return seen


def settings(tf):
  K = tf.keras.backend
  found = [K.backend(), K.epsilon(), K.floatx(), K.image_data_format(), str(K.cast_to_floatx([1]).dtype)]
  try:
    K.set_epsilon(1e-3)
    K.set_floatx("float64")
    K.set_image_data_format("channels_first")
    found += [K.epsilon(), K.floatx(), K.image_data_format(), str(K.cast_to_floatx([1]).dtype), K.variable(1.0).dtype.name, tf.keras.layers.Conv2D(1, 1).data_format]
  finally:
    K.set_epsilon(1e-7)
    K.set_floatx("float32")
    K.set_image_data_format("channels_last")
  return {"found": found, "errors": tries_whole(lambda: K.set_floatx("x"), lambda: K.set_image_data_format("x"), lambda: K.placeholder((2,), sparse=True, ragged=True))}
