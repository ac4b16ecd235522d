"""`tf.Module`: names, scopes, what it finds in itself, and what a checkpoint has of it."""

from said import own_folder, tries


def _classes(tf):
  class Dense(tf.Module):
    def __init__(self, n, m, name=None):
      super(Dense, self).__init__(name=name)
      self.w = tf.Variable(tf.zeros([n, m]), name="w")
      self.b = tf.Variable(tf.ones([m]), name="b")

    def __call__(self, x):
      return tf.matmul(x, self.w) + self.b

  class MyMLPNet2(tf.Module):
    def __init__(self, n, sizes, name=None):
      super(MyMLPNet2, self).__init__(name=name)
      self.layers = []
      self.others = {"k": tf.Variable(1.0, trainable=False, name="k"), "a": tf.constant(3.0)}
      with self.name_scope:
        for size in sizes:
          self.layers.append(Dense(n, size))
          n = size

    @tf.Module.with_name_scope
    def __call__(self, x):
      for layer in self.layers:
        x = layer(x)
      return x

  return Dense, MyMLPNet2


def _names(variables):
  return [one.name for one in variables]


def nested_modules(tf):
  Dense, Net = _classes(tf)
  with tf.variable_scope("outer"):
    net = Net(3, [4, 5])
  other = Net(7, [2], name="other")
  y = net(tf.ones([2, 3]))
  paths = [path for path, _ in net._flatten(predicate=lambda leaf: isinstance(leaf, tf.Tensor), with_path=True)]
  backwards = net._flatten(predicate=lambda leaf: isinstance(leaf, tf.Variable), recursive=False,
                           attribute_traversal_key=lambda name: [-ord(one) for one in name])
  return {"y": y, "names": [net.name, other.name, net.layers[1].name], "variables": _names(net.variables),
          "trained": _names(net.trainable_variables), "modules": [one.name for one in net.submodules],
          "scopes": [net.name_scope.name, other.name_scope.name, net.layers[0].name_scope.name], "paths": paths,
          "backwards": _names(backwards), "kinds": [type(found) is tuple for found in (net.variables, net.submodules)],
          "method": Net.__call__.__name__, "empty": [tf.Module().variables, tf.Module().submodules]}


def names_of_modules(tf):
  class HTTPServer(tf.Module):
    pass

  class aB1C(tf.Module):
    pass

  return {"names": [HTTPServer().name, aB1C().name, tf.Module().name, tf.Module("x_1").name], "again": HTTPServer().name_scope.name,
          "errors": tries(*[lambda name=name: tf.Module(name) for name in ("a b", "1", "", "x.y", "a/b", "-")])}


def shared_and_changed(tf):
  Dense, Net = _classes(tf)
  net = Net(2, [3])
  one = Dense(1, 1, name="one")
  net.again, net.twice = one, one
  net.deep = (1, tf.Variable(2.0, name="inside"), [tf.Variable(3.0, name="deeper"), {"x": one.w}])
  before = _names(net.variables)
  paths = [path for path, _ in net._flatten(predicate=lambda leaf: isinstance(leaf, tf.Variable), with_path=True)]
  del net.others
  net.again = None
  one.parent = net
  return {"before": before, "after": _names(net.variables), "paths": paths, "round": [m.name for m in one.submodules],
          "of one": _names(one.variables)}


def trained_modules(tf):
  Dense, Net = _classes(tf)
  net = Net(2, [3, 1])
  loss = tf.reduce_sum(tf.square(net(tf.constant([[1.0, 2.0]])) - 3.0))
  step = tf.train.GradientDescentOptimizer(0.01).minimize(loss, var_list=net.trainable_variables)
  checkpoint = tf.train.Checkpoint(net=net)
  with tf.Session() as session, own_folder() as folder:
    session.run(tf.global_variables_initializer())
    losses = [session.run([loss, step])[0] for _ in range(3)]
    path = checkpoint.save(folder + "/c", session=session)
    kept = sorted(tf.train.NewCheckpointReader(path).get_variable_to_shape_map())
    session.run(net.layers[0].b.initializer)
    checkpoint.restore(path).run_restore_ops(session)
    restored = session.run(net.layers[0].b)
  return {"losses": losses, "kept": kept, "restored": restored}
