"""What programs test themselves with: `tf.test`, and private parts of it."""

import contextlib
import importlib
import io
import os

import numpy as np
from said import tries


def _case(tf):
  class Case(tf.test.TestCase):
    def runTest(self):
      pass
  return Case()


def _holds(check, *args, **kwargs):
  """Whether an assertion holds."""
  try:
    check(*args, **kwargs)
  except AssertionError:
    return False
  return True


def assertions_on_containers(tf):
  case = _case(tf)
  return {name: [_holds(getattr(case, name), *pair) for pair in pairs] for name, pairs in {
      "assertSameElements": [([1, 2, 2], [2, 1]), ([1], [1, 2])],
      "assertContainsSubset": [([1], [1, 2]), ([3], [1, 2])],
      "assertNoCommonElements": [([1], [2]), ([1, 2], [2])],
      "assertContainsSubsequence": [([1, 2, 3], [1, 3]), ([1, 2, 3], [3, 1])],
      "assertContainsInOrder": [(["a", "b"], "a-b"), (["b", "a"], "a-b")],
      "assertSequenceStartsWith": [([1], [1, 2]), ([2], [1, 2]), ([], [1])],
      "assertSequenceAlmostEqual": [([1.0], [1.0 + 1e-9]), ([1.0], [1.1])],
      "assertBetween": [(1, 1, 2), (3, 1, 2)],
      "assertTotallyOrdered": [([1], [2], [3]), ([1, 1], [2]), ([2], [1])],
      "assertRegexMatch": [("abc", ["x", "b"]), ("abc", ["x"])],
      "assertEndsWith": [("abc", "bc"), ("abc", "b")],
      "assertEmpty": [([],), ([1],)],
      "assertNotEmpty": [([],), ([1],)],
      "assertLen": [([1], 1), ([1], 2)],
  }.items()}


def benchmarks(tf):
  class Speed(tf.test.Benchmark):
    def benchmarkThis(self):
      self.report_benchmark(
          iters=3, wall_time=0.5, extras={"a": 1, "b": "text"},
          metrics=[{"name": "m", "value": 2.0, "min_value": 1.0}])

    def benchmarkNamed(self):
      self.report_benchmark(name="other", throughput=2.0)

    def benchmarkRun(self):
      with tf.Session() as session:
        found = self.run_op_benchmark(
            session, tf.constant(1.0), store_memory_usage=False, name="run")
      return sorted(found), found["iters"]

  printed = io.StringIO()
  with contextlib.redirect_stdout(printed):
    Speed().benchmarkThis()
    Speed().benchmarkNamed()
  prefix = os.path.join(tf.test.get_temp_dir(), "benchmark-")
  os.environ["TEST_REPORT_FILE_PREFIX"] = prefix
  try:
    run = Speed().benchmarkRun()
    again = [text.replace(prefix, "PREFIX") for text in tries(Speed().benchmarkRun)]
  finally:
    del os.environ["TEST_REPORT_FILE_PREFIX"]
    os.remove(prefix + "Speed.run")
  return {
      "printed": printed.getvalue(),
      "run": run,
      "again": again,
      "abstract": [tf.test.Benchmark.is_abstract(), Speed.is_abstract()],
      "config": str(tf.test.benchmark_config()),
      "refused": tries(*[
          lambda wrong=wrong: Speed().report_benchmark(name="x", **wrong)
          for wrong in ({"extras": [1]}, {"metrics": 1}, {"metrics": [{"name": "m"}]})]),
  }


def gradients_by_small_steps(tf):
  x = tf.constant([[1.0, 2.0], [3.0, 4.0]], tf.float64)
  y = tf.matmul(x, x, name="y")
  v = tf.Variable(np.ones(3), name="v")
  rows = tf.gather(v, [0, 0, 2])
  z = tf.constant([1 + 2j], tf.complex128)
  start = np.array([[1.0, 2.0], [3.0, 4.0]])
  with tf.Session():
    exact, small = tf.test.compute_gradient(x, [2, 2], y, [2, 2], start)
    pairs = tf.test.compute_gradient(
        [v], [[3]], rows, [3], [np.ones(3)], init_targets=[v.initializer])
    plane = tf.test.compute_gradient(z, [1], z * z, [1], np.array([1 + 2j]))[0]
    error = tf.test.compute_gradient_error(x, [2, 2], y, [2, 2], start, delta=1e-4)
    wrong = tries(lambda: tf.test.compute_gradient(x, [2, 3], y, [2, 2], start))
  return {
      "exact": exact,
      "small": bool(np.allclose(exact, small)),
      "rows": pairs[0][0],
      "steps": bool(np.allclose(*pairs[0])),
      "plane": plane,
      "error": bool(error < 1e-6),
      "wrong": wrong,
  }


def stubs(tf):
  class Parent(object):
    def say(self):
      return "parent"

    @staticmethod
    def still():
      return "still"

  class Child(Parent):
    pass

  put = tf.test.StubOutForTesting()
  seen = []
  put.Set(Parent, "say", lambda self: "set")
  put.Set(Parent, "still", lambda self=None: "moved")
  seen += [Child().say(), Parent.still()]
  put.SmartSet(Child, "say", lambda self: "smart")
  seen += [Child().say(), Parent().say()]
  put.SmartUnsetAll()
  seen.append(Child().say())
  put.CleanUp()
  seen += [Child().say(), Parent.still()]
  with tf.test.StubOutForTesting() as short:
    short.Set(os.path, "exists", lambda path: "always")
    seen.append(os.path.exists("/nowhere"))
  seen.append(os.path.exists("/nowhere"))
  return {"seen": seen, "missing": tries(lambda: put.SmartSet(Child, "nothing", 1))}


def packed_messages(tf):
  meta_graph_pb2 = importlib.import_module("tensorflow.core.protobuf.meta_graph_pb2")
  saver_pb2 = importlib.import_module("tensorflow.core.protobuf.saver_pb2")
  queue_runner_pb2 = importlib.import_module("tensorflow.core.protobuf.queue_runner_pb2")
  packed = meta_graph_pb2.CollectionDef().any_list.value.add()
  packed.Pack(queue_runner_pb2.QueueRunnerDef(queue_name="q"))
  back, other = queue_runner_pb2.QueueRunnerDef(), saver_pb2.SaverDef()
  return {
      "url": packed.type_url,
      "bytes": packed.value.decode(),
      "kind": packed.TypeName(),
      "unpacked": [packed.Unpack(back), back.queue_name, packed.Unpack(other)],
  }
