"""tf.train.Checkpoint and CheckpointManager, model.save_weights and load_weights: keys, operations, values, what is refused."""

import os

import numpy as np
from keras_alone import alone as _alone
from said import own_folder, tries


def _keys(path):
  import tensorflow as tf
  return sorted(tf.train.NewCheckpointReader(path).get_variable_to_shape_map().items())


def _x(*shape):
  return np.random.RandomState(0).randn(*shape).astype(np.float32)


def saved(tf):
  """Variables of both kinds, an optimizer and a model, saved twice."""
  seen = {}
  with own_folder(), _alone(tf, seen) as keras:
    v, w = tf.Variable([1.0, 2.0], name="v"), tf.Variable(3.0, name="w", use_resource=True)
    optimizer = tf.train.AdamOptimizer(0.1)
    train = optimizer.minimize(tf.reduce_sum(v * v) + w)
    model = keras.Sequential([keras.layers.Dense(2, input_shape=(3,)), keras.layers.Dense(1)])
    checkpoint = tf.train.Checkpoint(b=v, a=w, opt=optimizer, model=model)
    with tf.Session() as session:
      session.run(tf.global_variables_initializer())
      session.run(train)
      seen["paths"] = [checkpoint.save("x"), checkpoint.save("x"), checkpoint.write("y")]
    seen["files"] = sorted(os.listdir("."))
    seen["keys"] = _keys("x-1")
    seen["latest"] = tf.train.latest_checkpoint(".")
    with tf.Session() as session:
      status = checkpoint.restore("x-1")
      status.assert_consumed().assert_existing_objects_matched().run_restore_ops()
      seen["values"] = session.run([v, w, checkpoint.save_counter, optimizer.get_slot(v, "m")])
      session.run(train)
      again = checkpoint.restore("x-2")
      again.initialize_or_restore(session)
      seen["again"] = session.run([v, w, checkpoint.save_counter])
  return seen


def managed(tf):
  seen = {}
  with own_folder(), _alone(tf, seen):
    v = tf.Variable(1.0)
    checkpoint = tf.train.Checkpoint(v=v)
    manager = tf.train.CheckpointManager(checkpoint, "kept", max_to_keep=2)
    seen["before"] = [manager.latest_checkpoint, manager.checkpoints]
    with tf.Session() as session:
      session.run(v.initializer)
      seen["paths"] = [manager.save(), manager.save(), manager.save(), manager.save(checkpoint_number=10)]
    seen["kept"] = [manager.checkpoints, manager.latest_checkpoint, sorted(os.listdir("kept"))]
    other = tf.train.CheckpointManager(checkpoint, "kept", max_to_keep=3, checkpoint_name="other")
    seen["other"] = [other.checkpoints, other.latest_checkpoint, tf.train.latest_checkpoint("kept")]
    with tf.Session() as session:
      checkpoint.restore(None).initialize_or_restore()
      checkpoint.restore(other.latest_checkpoint).run_restore_ops()
      seen["values"] = session.run([v, checkpoint.save_counter])
  return seen


def parts(tf):
  """Some of a checkpoint, and objects that it does not have."""
  seen = {}
  with own_folder(), _alone(tf, seen):
    v, w = tf.Variable(1.0, name="v"), tf.Variable(2.0, name="w")
    with tf.Session() as session:
      session.run([v.initializer, w.initializer])
      path = tf.train.Checkpoint(v=v, inner=tf.train.Checkpoint(w=w)).save("x", session)
      tf.train.Saver([v]).save(session, "named")
    seen["keys"] = _keys(path)
    fresh = tf.train.Checkpoint(v=tf.Variable(0.0), more=tf.Variable(5.0))
    status = fresh.restore(path)
    with tf.Session() as session:
      status.initialize_or_restore(session)
      seen["values"] = session.run([fresh.v, fresh.more])
    seen["errors"] = tries(
      lambda: tf.train.Checkpoint(a=3), lambda: tf.train.CheckpointManager(fresh, "ck", 0), lambda: fresh.restore("none"), lambda: fresh.restore(None).assert_consumed(),
      lambda: fresh.restore(None).run_restore_ops(), lambda: status.assert_existing_objects_matched(), lambda: tf.train.Checkpoint(v=v).restore(path).assert_consumed(),
      lambda: tf.train.Checkpoint(q=v).restore(path).assert_nontrivial_match() is None)
    seen["kind"] = [type(status).__name__, status.expect_partial() is status]
  return seen


def weights(tf):
  seen = {}
  with own_folder(), _alone(tf, seen) as keras:
    k = keras.layers

    class Net(keras.Model):

      def __init__(self):
        super(Net, self).__init__()
        self.first = k.Dense(2)
        self.blocks = [k.Dense(3), k.Dense(2)]
        self._own = k.Dense(1)
        self.named = {"a": k.Dense(1)}

      def call(self, x):
        return self._own(self.named["a"](self.blocks[0](self.first(x))))

    model = keras.Sequential([k.Dense(2, input_shape=(3,)), k.Dense(1)])
    model.compile("adam", "mse")
    model.fit(_x(4, 3), _x(4, 1), verbose=0)
    model.save_weights("w")
    with open("checkpoint") as file:
      seen["state"] = file.read()
    seen["files"] = sorted(os.listdir("."))
    seen["keys"] = _keys("w")
    before = model.predict(_x(4, 3))
    model.fit(_x(4, 3), _x(4, 1), verbose=0)
    status = model.load_weights("w")
    seen["same"] = [bool((model.predict(_x(4, 3)) == before).all()), type(status).__name__]
    net = Net()
    net(tf.ones([2, 3]))
    net.save_weights("folder/n")
    seen["net"] = _keys("folder/n")
    words = keras.Input((5,))
    rnn = keras.Model(words, k.Bidirectional(k.LSTM(2))(k.Embedding(4, 3)(words)))
    rnn.compile(tf.train.RMSPropOptimizer(0.1), "mse")
    rnn.fit(np.ones((4, 5)), _x(4, 4), verbose=0)
    rnn.save_weights("r", save_format="tf")
    seen["rnn"] = _keys("r")
    seen["errors"] = tries(lambda: model.save_weights("w", save_format="x"), lambda: model.save_weights("w.h5", save_format="tf"), lambda: model.load_weights("none"),
                           lambda: model.load_weights("w", by_name=True))
  seen.pop("graph")  # in which order keras asks about variables is by chance
  return seen


def later(tf):
  """Weights that are made after they were loaded."""
  seen = {}
  with own_folder(), _alone(tf, seen) as keras:
    model = keras.Sequential([keras.layers.Dense(2, input_shape=(3,)), keras.layers.Dense(1)])
    model.save_weights("w")
    before = model.predict(_x(4, 3))

    class Two(keras.Model):

      def __init__(self):
        super(Two, self).__init__()
        self.a = keras.layers.Dense(2)

      def call(self, x):
        return self.a(x)

    first = Two()
    first(tf.constant(_x(4, 3)))
    first.save_weights("t")
    second = Two()
    second.load_weights("t")
    y = second(tf.constant(_x(4, 3)))
    session = keras.backend.get_session()
    seen["same"] = [bool(np.all(session.run(first.a.kernel) == session.run(second.a.kernel))), before.shape]
    seen["names"] = [y.name, [w.name for w in second.weights]]
  seen.pop("graph")
  return seen
