"""What errors say that come out of code which AutoGraph converts.

TensorFlow's own levels between those of the program are left out, and folders.
"""

import os
import re

import said

_LEVEL = re.compile(r"    (\S+):(\d+) (\w+)(  \*)?\n        .*\n")


def _told(error):
  """What an error says, in lines; of the levels in it, those of this file."""

  def own(found):
    name = os.path.basename(found.group(1))
    return name + found.group(0).split(found.group(1))[1] if name == OWN else ""

  text = re.sub(r"    relative to .*\n", "", said.whole(error))
  text = _LEVEL.sub(own, text)
  return re.sub(r"\n{3,}", "\n\n", text).split("\n")


OWN = os.path.basename(__file__)


class Own(Exception):
  pass


class Joined(Exception):

  def __init__(self, first, second):
    Exception.__init__(self, first + second)


def _layer(tf):

  class Calls(tf.keras.layers.Layer):

    def __init__(self, function):
      super(Calls, self).__init__()
      self.function = function

    def call(self, x):
      return self.function(x)

  return Calls


def _raises(error):

  def function(x):
    raise error

  return function


def classes(tf):
  x, layer = tf.zeros([2, 3]), _layer(tf)
  errors = [
      ValueError(),
      ValueError("a\nb"),
      Own("o"),
      Joined("p", "q"),
      ZeroDivisionError("z"),
      IndexError("i"),
      KeyError("k"),
      NotImplementedError("n"),
      StopIteration("s"),
      AssertionError("a"),
      TypeError("t"),
      RuntimeError("r"),
      AttributeError("at"),
      tf.errors.InvalidArgumentError(None, None, "ia"),
      tf.errors.OutOfRangeError(None, None, "oo"),
  ]
  return {"said": said.tries(
      *[lambda e=e: layer(_raises(e))(x) for e in errors], told=_told)}


def _inner(tf):

  def deeper(x):
    return tf.matmul(x, x)

  def inner(x):
    return deeper(x)

  return inner


def levels(tf):
  x, layer, inner = tf.zeros([2, 3]), _layer(tf), _inner(tf)

  class Listed(tf.keras.layers.Layer):

    def call(self, x):
      return [inner(each) for each in [x]]

  class Builds(tf.keras.layers.Layer):

    def build(self, shape):
      raise ValueError("in build")

    def call(self, x):
      return x

  class Made(object):

    def __init__(self, x):
      self.x = inner(x)

  def branch(x):
    return tf.cond(tf.constant(True), lambda: inner(x), lambda: x)

  return {"said": said.tries(
      lambda: layer(inner)(x),
      lambda: layer(layer(inner))(x),
      lambda: layer(branch)(x),
      lambda: layer(Made)(x),
      lambda: layer(lambda y: y.absent)(x),
      lambda: layer(lambda y: tf.layers.conv2d(y, 3, 3))(tf.zeros([1, 2, 2, 1])),
      lambda: Listed()(x),
      lambda: Builds()(x),
      lambda: layer(Builds())(x),
      told=_told)}


def layers_of_tensorflow(tf):
  small = tf.zeros([1, 2, 2, 1])
  return {"said": said.tries(
      lambda: tf.layers.conv2d(small, 3, 3),
      lambda: tf.layers.max_pooling2d(small, 3, 3),
      lambda: tf.keras.layers.MaxPooling2D(3)(small),
      lambda: tf.layers.dense(tf.zeros([3]), 2),
      lambda: tf.nn.rnn_cell.BasicLSTMCell(4)(
          tf.zeros([2, 3]), (tf.zeros([2, 3]), tf.zeros([2, 3]))),
      told=_told)}


def cells(tf):

  class Cell(tf.nn.rnn_cell.RNNCell):
    state_size = output_size = 3

    def call(self, x, state):
      tf.get_variable("w", [2])
      with tf.variable_scope("again"):
        tf.get_variable("w", [2])
      with tf.variable_scope("again"):
        tf.get_variable("w", [2, 2])
      return x, state

  class Plain(tf.nn.rnn_cell.RNNCell):
    state_size = output_size = 3

    def __call__(self, x, state, scope=None):
      raise ValueError("plain")

  def brief(error):
    return [line for line in _told(error) if line.strip()][:4]

  x = tf.zeros([2, 3])
  return {"said": said.tries(
      lambda: Cell()(x, x),
      lambda: tf.nn.static_rnn(Cell(), [x, x], dtype=tf.float32),
      lambda: tf.nn.dynamic_rnn(Cell(), tf.zeros([2, 4, 3]), dtype=tf.float32),
      lambda: Plain()(x, x),
      told=brief)}


def datasets(tf):
  numbers = tf.data.Dataset.range(3)
  return {"said": said.tries(
      lambda: numbers.map(lambda x: x.absent),
      lambda: numbers.map(lambda x: 1 / 0),
      lambda: numbers.filter(lambda x: x.absent),
      lambda: numbers.flat_map(lambda x: x.absent),
      lambda: numbers.map(_inner(tf)),
      told=_told)}
