"""tf.keras models: sequential, functional and subclassed ones, and their summaries."""

import numpy as np
from said import tries_whole


def _x(*shape):
  return np.random.RandomState(0).randn(*shape).astype(np.float32)


def _seen(model):
  """What a model says of itself."""
  lines = []
  if model.built:
    model.summary(print_fn=lines.append)
  return {"name": model.name, "summary": lines, "layers": [layer.name for layer in model.layers],
          "weights": [v.name for v in model.weights], "trainable": [v.name for v in model.trainable_weights],
          "fixed": [v.name for v in model.non_trainable_weights], "built": model.built,
          "inputs": [t.name for t in model.inputs], "outputs": [t.name for t in model.outputs]}


def sequential(tf):
  k = tf.keras
  model = k.Sequential([k.layers.Dense(4, activation="relu", input_shape=(3,)), k.layers.Dropout(0.5), k.layers.Dense(2)])
  seen = _seen(model)
  y = model(tf.constant(_x(2, 3)))
  z = model(tf.placeholder(tf.float32, [None, 3]), training=True)
  return {"seen": seen, "y": y, "z": z.name, "again": _seen(model), "input": model.input.name, "output": model.output.name,
          "shapes": [str(model.input_shape), str(model.output_shape)], "params": model.count_params(),
          "layer": model.get_layer("dense_1").name, "by_index": model.get_layer(index=0).name,
          "first": [model.layers[0].input.name, model.layers[0].output.name, str(model.layers[0].output_shape)],
          "at": model.layers[0].get_output_at(1).name, "shape_at": str(model.layers[0].get_input_shape_at(0)),
          "errors": tries_whole(lambda: model.get_layer("nothing"), lambda: model.get_layer(index=7), model.get_layer,
                           lambda: model.layers[0].get_output_at(9).name)}


def deferred(tf):
  k = tf.keras
  model = k.models.Sequential(name="late")
  model.add(k.layers.Dense(4))
  model.add(k.layers.Dense(2, name="last"))
  before = tries_whole(model.summary, lambda: model.input, lambda: model.output, model.build, lambda: len(model.weights),
                  lambda: model.layers[0].count_params())
  y = model(tf.constant(_x(2, 3)))
  seen = _seen(model)
  other = k.Sequential([k.layers.Dense(3), k.layers.Activation("tanh")])
  other.build((None, 5))
  return {"before": before, "y": y, "seen": seen, "other": [v.name for v in other.weights], "names": _seen(other)["summary"],
          "z": other(tf.constant(_x(2, 5)))}


def added_and_taken(tf):
  k = tf.keras
  model = k.Sequential()
  model.add(k.layers.InputLayer((4,)))
  model.add(k.layers.Dense(3))
  model.add(k.layers.Dense(2))
  full = _seen(model)
  model.pop()
  less = _seen(model)
  model.add(k.layers.Dense(5, use_bias=False))
  return {"full": full, "less": less, "then": _seen(model), "y": model(tf.constant(_x(2, 4))),
          "errors": tries_whole(lambda: model.add(3), lambda: model.add("dense"), k.Sequential().pop,
                           lambda: k.Sequential([k.Sequential(), k.layers.Dense(1)]).name)}


def convolutions(tf):
  k = tf.keras
  model = k.Sequential([
    k.layers.Conv2D(4, 3, padding="same", input_shape=(8, 8, 1), name="c"), k.layers.BatchNormalization(),
    k.layers.MaxPooling2D(), k.layers.Flatten(), k.layers.Dense(10, activation="softmax")])
  y = model(tf.constant(_x(2, 8, 8, 1)))
  train = model(tf.constant(_x(2, 8, 8, 1)), training=True)
  seen = _seen(model)
  model.trainable = False
  return {"seen": seen, "y": y, "train": train.name, "frozen": [v.name for v in model.trainable_weights],
          "all": [v.name for v in model.non_trainable_weights], "lines": _seen(model)["summary"][-6:]}


def functional(tf):
  k = tf.keras
  a = k.Input((3,), name="a")
  b = k.layers.Input(shape=[3])
  shared = k.layers.Dense(4, name="shared", kernel_regularizer=k.regularizers.l2(0.1))
  left, right = shared(a), shared(b)
  joined = k.layers.Concatenate()([left, right])
  summed = k.layers.Add()([left, right])
  head = k.layers.Dense(2, activation="tanh")(joined)
  model = k.Model(inputs=[a, b], outputs=[head, summed])
  y, z = model([tf.constant(_x(2, 3)), tf.constant(_x(2, 3))])
  return {"seen": _seen(model), "y": y, "z": z, "names": [model.input_names, model.output_names],
          "shapes": [str(model.input_shape), str(model.output_shape)], "losses": [t.name for t in model.losses],
          "input": [t.name for t in model.input], "shared": [shared.get_output_at(0).name, shared.get_output_at(1).name],
          "nodes": len(shared.inbound_nodes), "shared_shape": str(shared.output_shape)}


def refused(tf):
  k = tf.keras
  a, b = k.Input((3,)), k.Input((3,))
  y = k.layers.Dense(2)(a)
  plain = tf.placeholder(tf.float32, [None, 3])
  same = k.layers.Dense(1, name="same")
  return {"errors": tries_whole(
    lambda: k.Model([a, a], y), lambda: k.Model(plain, y), lambda: k.Model(b, y), lambda: k.Model(a, y, other=1),
    lambda: k.Model(other=1), lambda: k.Model(a, k.layers.Dense(1, name="same")(same(a))),
    lambda: k.Input(), lambda: k.Input((3,), batch_shape=(2, 3)), lambda: k.Input((3,), unknown=1),
    lambda: k.layers.Dense(2).output, lambda: k.layers.Dense(2).input_shape, lambda: k.layers.Dense(2).get_input_at(0),
    lambda: k.Model()(plain), lambda: k.Model().build(None), lambda: k.Model().build(3),
    lambda: same(plain).name, lambda: k.layers.Concatenate()(a), lambda: k.layers.Add()([a]))}


def subclassed(tf):
  k = tf.keras

  class Net(k.Model):
    def __init__(self):
      super(Net, self).__init__(name="net")
      self.first = k.layers.Dense(4, activation="relu")
      self.blocks = [k.layers.Dense(3), k.layers.Dense(2, name="end")]
      self.norm = k.layers.BatchNormalization()

    def call(self, inputs, training=None):
      x = self.norm(self.first(inputs), training=training)
      for block in self.blocks:
        x = block(x)
      return x

  net = Net()
  before = tries_whole(net.summary, lambda: len(net.weights))
  y = net(tf.constant(_x(2, 3)), training=True)
  again = net(tf.constant(_x(2, 3)))
  built = Net()
  built.build((None, 5))
  return {"before": before, "y": y, "again": again.name, "seen": _seen(net), "updates": [u.name for u in net.updates],
          "built": [v.name for v in built.weights], "lines": _seen(built)["summary"]}


def forgotten(tf):
  k = tf.keras

  class Net(k.Model):
    def __init__(self):
      self.first = k.layers.Dense(4)

  class Needy(k.Model):
    def call(self, inputs, other):
      return inputs

  return {"errors": tries_whole(Net, lambda: Needy().build((None, 2)), lambda: k.Model().summary())}


def nested(tf):
  k = tf.keras
  inner = k.Sequential([k.layers.Dense(3, input_shape=(4,)), k.layers.Dense(2)], name="inner")
  x = k.Input((4,))
  h = k.layers.Dense(4)(x)
  model = k.Model(x, k.layers.Dense(1)(inner(h)))
  tower = k.Sequential([inner, k.layers.Dense(6)])
  y = model(tf.constant(_x(2, 4)))
  return {"y": y, "seen": _seen(model), "tower": _seen(tower), "inner": _seen(inner), "nodes": len(inner.inbound_nodes)}


def weights(tf):
  k = tf.keras
  # One weight: TensorFlow asks about several in the order of their addresses.
  model = k.Sequential([k.layers.Dense(2, use_bias=False, input_shape=(3,))])
  with tf.Session().as_default():
    model.set_weights([_x(3, 2)])
    got = model.get_weights()
  return {"got": got, "shapes": [list(w.shape) for w in got], "errors": tries_whole(lambda: model.set_weights([1]))}


def names(tf):
  k = tf.keras
  made = [k.Sequential().name, k.Sequential().name, k.Sequential(name="mine").name, k.Sequential(name="mine").name]
  x = k.Input((2,))
  made += [k.Model(x, k.layers.Dense(1)(x)).name, k.Model(x, k.layers.Dense(1)(x)).name, k.Input((1,)).name]
  with tf.name_scope("outer"):
    y = k.Sequential([k.layers.Dense(2, input_shape=(3,))])
  with tf.variable_scope("scope"):
    z = k.Sequential([k.layers.Dense(2)])
    z(tf.placeholder(tf.float32, [1, 3]))
  return {"made": made, "outer": [v.name for v in y.weights], "scope": [v.name for v in z.weights]}
