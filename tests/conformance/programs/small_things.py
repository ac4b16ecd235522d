"""Bits, sums of products, clusters' devices, and what TensorBoard draws of embeddings."""

import importlib
import os
import shutil
import tempfile

import numpy as np
from said import tries


def bits(tf):
  b = tf.bitwise
  x, y = tf.constant([5, 12, -7, 0]), tf.constant([3, 10, 2, 1])
  small = tf.constant([255, 128], tf.uint8)
  return {"and": b.bitwise_and(x, y), "or": b.bitwise_or(x, y), "xor": b.bitwise_xor(x, 1), "not": b.invert(x),
          "left": b.left_shift(x, y), "right": b.right_shift(x, y), "small": b.right_shift(small, tf.constant([1, 7], tf.uint8)),
          "inverted": b.invert(small, name="i"), "slope": str(tf.gradients(tf.cast(b.bitwise_and(x, y), tf.float32), x))}


def beta(tf):
  x = tf.placeholder_with_default(np.array([[1.0, 2.0], [3.0, 0.5]], np.float32), [None, 2])
  return {"b": tf.lbeta(x), "one": tf.lbeta([1.0, 2.0, 3.0], name="n")}


def _x(*shape):
  return np.random.RandomState(sum(shape)).rand(*shape).astype(np.float32)


def products(tf):
  a, b, c = tf.constant(_x(2, 3)), tf.constant(_x(3, 4)), tf.constant(_x(2, 3, 5))
  square = tf.constant(_x(3, 3))
  free = tf.placeholder_with_default(_x(2, 3), [None, 3])
  e = tf.einsum
  found = {"matrix": e("ij,jk->ik", a, b), "turned": e("ij->ji", a), "summed": e("ij->", a), "rows": e("ij->i", a),
           "trace": e("ii", square), "outer": e("i,j->ij", a[0], b[0]), "batch": e("bij,bjk->bik", c, tf.constant(_x(2, 5, 4))),
           "implicit": e("ij,jk", a, b), "times": e("ij,ij->ij", a, a), "chain": e("ij,jk,kl->il", a, b, tf.constant(_x(4, 2))),
           "free": e("ij,jk->ik", free, b, name="named"), "dots": e("...ij,jk->...ik", c, tf.constant(_x(5, 2))),
           "heads": e("bfd,dnh->bfnh", c, tf.constant(_x(5, 2, 3))), "order": e("ijk,jl->kil", c, b),
           "three": e("i,i,i->", a[:, 0], a[:, 1], a[:, 2])}
  found["slopes"] = tf.gradients(found["heads"], c)[0]
  return found


def bad_products(tf):
  a = tf.constant(_x(2, 3))
  e = tf.einsum
  return {"errors": str(tries(
      lambda: e("ij-jk", a, a), lambda: e("ij,jk->ik", a), lambda: e("iij->j", tf.constant(_x(2, 2, 3))),
      lambda: e("ij,jk->ik", a, a), lambda: e("ij->ijk", a), lambda: e("ij->i", a, axis=1), lambda: e("i.j->j", a),
      lambda: e("ijk->i", a), lambda: e("...ij...->i", a), lambda: e("ab,cd->abcd", a, a).shape.as_list(),
      lambda: e("...ijk->i", a)))}


def clusters(tf):
  spec = tf.train.ClusterSpec({"ps": ["a:1", "b:1"], "worker": {2: "c:1", 0: "d:1"}})
  again = tf.train.ClusterSpec(spec.as_cluster_def())
  with tf.device(tf.train.replica_device_setter(cluster=spec)):
    w = tf.get_variable("w", [2], initializer=tf.zeros_initializer())
    b = tf.get_variable("b", [2], initializer=tf.zeros_initializer(), use_resource=True)
    c = tf.Variable([1.0], name="c")
    with tf.device("/gpu:0"):
      total = w + 1.0
  with tf.device(tf.train.replica_device_setter(ps_tasks=1, worker_device="/job:worker/task:3", merge_devices=False)):
    tf.get_variable("d", [1])
    with tf.device("/cpu:0"):
      tf.constant(1)
  return {"text": str(spec), "dict": sorted(spec.as_dict()["worker"].items()), "ps": spec.job_tasks("ps"), "worker": spec.job_tasks("worker"),
          "tasks": [spec.num_tasks("ps"), spec.task_indices("worker"), spec.task_address("worker", 2)],
          "same": [again == spec, again != spec, bool(tf.train.ClusterSpec({})), sorted(again.jobs)],
          "devices": [w.device, b.device, c.device, total.device], "none": tf.train.replica_device_setter() is None,
          "no ps": tf.train.replica_device_setter(cluster={"worker": ["a"]}) is None,
          "errors": tries(lambda: tf.train.ClusterSpec(3), lambda: tf.train.ClusterSpec({"a": "b"}), lambda: spec.num_tasks("x"),
                           lambda: spec.task_address("ps", 5), lambda: tf.train.ClusterSpec({"a": [3]}),
                           lambda: tf.train.replica_device_setter(1, ps_strategy=3))}


def projector(tf):
  plugin = importlib.import_module(tf.contrib.__name__ + ".tensorboard.plugins.projector")
  folder = tempfile.mkdtemp()
  try:
    writer = tf.summary.FileWriter(folder)
    config = plugin.ProjectorConfig()
    config.model_checkpoint_path = "model.ckpt"
    embedding = config.embeddings.add()
    embedding.tensor_name = "emb/w:0"
    embedding.metadata_path = "labels.tsv"
    embedding.sprite.image_path = "digits.png"
    embedding.sprite.single_image_dim.extend([28, 28])
    config.embeddings.add(tensor_name="other", tensor_shape=[3, 2])
    plugin.visualize_embeddings(writer, config)
    writer.close()
    with open(os.path.join(folder, "projector_config.pbtxt")) as f:
      text = f.read()
  finally:
    shutil.rmtree(folder)
  return {"text": text, "again": plugin.ProjectorConfig.FromString(config.SerializeToString()) == config}


def axes_that_cannot_be_reversed(tf):
  x, axes = np.arange(6).reshape(1, 2, 3), tf.placeholder(tf.int32)
  with tf.Session() as session:
    return {
        "built": tries(*[lambda axis=axis: tf.reverse(x, axis).shape.as_list()
                         for axis in ([0, -3], [1, 1], [3], [-30], [[0]], 0, [2, 0, -1], [0, 1])]),
        "run": tries(*[lambda axis=axis: session.run(tf.reverse(x, axes), {axes: axis})
                       for axis in ([0, -3], [1, 1], [3], [-30], [-1])])}


def nearly_equal(tf):
  math_ops = importlib.import_module("tensorflow.python.ops.math_ops")
  x = tf.constant([1.0, 1.0, float("nan")])
  return {"small": math_ops.approximate_equal(x, [1.00001, 1.1, 1.0], tolerance=0.001),
          "large": math_ops.approximate_equal(x, [1.00001, 1.1, 1.0], tolerance=0.5),
          "integers": math_ops.approximate_equal([1, 2], [1, 3]),
          "said": tries(lambda: math_ops.approximate_equal([1.0], [1.0, 2.0]))}


def callables_and_parts(tf):
  p, q = tf.placeholder(tf.float32, [], name="p"), tf.placeholder(tf.float32, [2], name="q")
  doubled, nothing, constant = p * 2, tf.no_op(), tf.constant(3.0)
  with tf.Session() as session:
    make = session.make_callable
    parts = session.partial_run_setup([doubled], [p, q])
    return {
        "called": tries(lambda: make(3, [p])(1.0), lambda: make(3), lambda: make(doubled, p),
                        lambda: make(doubled, [p])(2.0), lambda: make(doubled, (p, q))(2.0),
                        lambda: make(constant)(), lambda: make([constant, {"a": nothing}])(),
                        lambda: make(constant, accept_options=True)(options=tf.RunOptions()),
                        lambda: make(doubled)()),
        "late": callable(make(3, [p])),
        "refused": [said.split("() ")[1] for said in tries(
            lambda: make(constant)(options=None), lambda: make(constant)(1))],
        "parts": tries(lambda: session.partial_run(parts, "zz", 3),
                       lambda: session.partial_run(parts, doubled, [1]),
                       lambda: session.partial_run(parts, doubled, {p: [1, 2]}),
                       lambda: session.partial_run(parts, doubled, {"z:0": 1}),
                       lambda: session.partial_run(parts, doubled, {p: constant}),
                       lambda: session.partial_run(parts, doubled, {p: 4.0}))}


def types_that_are_nothing(tf):
  return {"said": [tries(*[lambda value=value: tf.constant(value, kind).dtype.name
                           for value in (np.array([1]), np.array(1.5), [1], 1, np.float32(1), "a")])
                   for kind in (0, "", (), False)]}
