"""tf.train.Server: sessions at its target share variables, on devices of its cluster."""

import re

from said import tries


def _number(text):
  return re.sub(r"localhost:\d+", "localhost:*", text)


def local(tf):
  server = tf.train.Server.create_local_server()
  v = tf.get_variable("v", [2], initializer=tf.constant_initializer(3.0))
  with tf.device("/job:local/task:0/cpu:0"):
    total = v.assign_add([1.0, 2.0])
  with tf.Session(server.target) as session:
    session.run(v.initializer)
    found = [session.run(total)]
    devices = [device.name for device in session.list_devices()]
  with tf.Session(server.target) as session:
    found.append(session.run(v))
  with tf.Graph().as_default(), tf.Session(server.target) as session:
    found.append(session.run(tf.get_variable("v", [2])))
  return {"found": found, "devices": devices, "target": _number(server.target), "definition": str(server.server_def), "kind": type(server.target).__name__}


def cluster(tf):
  spec = tf.train.ClusterSpec({"ps": ["localhost:22431"], "worker": ["localhost:22432", "localhost:22433"]})
  servers = [tf.train.Server(spec, "ps", 0), tf.train.Server(spec, "worker", 0), tf.train.Server(spec.as_cluster_def(), "worker", 1)]
  with tf.device(tf.train.replica_device_setter(cluster=spec, worker_device="/job:worker/task:0")):
    x = tf.get_variable("x", [], initializer=tf.zeros_initializer())
    step = tf.train.get_or_create_global_step()
    train = tf.train.GradientDescentOptimizer(0.1).minimize(tf.square(x - 1.0), global_step=step)
  with tf.Session(servers[1].target) as one, tf.Session(servers[2].target) as other:
    one.run(tf.global_variables_initializer())
    found = [one.run(train), other.run(train), one.run([x, step])]
  with tf.train.MonitoredTrainingSession(master=servers[1].target, is_chief=True) as session:
    session.run(train)
    found.append(session.run(x))
  return {"found": found[2:], "devices": [x.device, train.device], "target": servers[2].target,
          "definition": str(servers[2].server_def)}


def refused(tf):
  make = tf.train.Server
  with tf.device("/job:ps/task:0"):
    x = tf.placeholder_with_default(1, []) + 1

  def run():
    with tf.Session(make.create_local_server().target) as session:
      session.run(x)

  return {"errors": [re.sub(r" ?\(defined at [^)]*\)", "", error) for error in tries(
      lambda: make(3), lambda: make({"a": ["x:1"], "b": ["x:2"]}), lambda: make({"a": ["localhost:1", "x:2"]}), lambda: make({"a": ["localhost:0"]}, "b", 0),
      lambda: make({"a": ["localhost:0"]}, "a", 4), lambda: make({"a": ["nowhere"]}), run)]}
