"""What programs test themselves with: `tf.test`, and private parts of it."""

import contextlib
import importlib
import io
import os

import numpy as np
from said import own_folder, tries


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


def parts_of_test_util(tf):
  test_util = importlib.import_module("tensorflow.python.framework.test_util")
  graph_util = importlib.import_module("tensorflow.python.framework.ops")
  graph = tf.Graph()
  with graph.as_default():
    x = tf.zeros([2, 3, 4, 8], name="x")
    moved = [test_util.NHWCToNCHW(x), test_util.NCHWToNHWC(x), test_util.NHWCToNCHW_VECT_C(x)]
    moved.append(test_util.NCHW_VECT_CToNHWC(moved[2]))
    with test_util.device(use_gpu=False):
      there = tf.constant(1.0).device
  found = graph.as_graph_def()
  graph_util.register_proto_function("own things", proto_type=int, to_proto=str)
  return {
      "shapes": [t.shape.as_list() for t in moved],
      "names": [op.name for op in graph.get_operations()],
      "sizes": [test_util.NHWCToNCHW([1, 2, 3, 4]), test_util.NCHWToNHWC([1, 2, 3, 4, 5]),
                test_util.NHWCToNCHW_VECT_C([1, 2, 3, 8]),
                test_util.NCHW_VECT_CToNHWC([1, 2, 3, 5, 4])],
      "refused": tries(lambda: test_util.NHWCToNCHW_VECT_C([1, 2, 3, 7]),
                       lambda: test_util.NCHW_VECT_CToNHWC([1, 2, 3, 5, 3])),
      "there": there,
      "node": [test_util.get_node_def_from_graph("x", found).op,
               test_util.get_node_def_from_graph("y", found)],
      "combinations": [list(one.items()) for one in
                       test_util.generate_combinations_with_testcase_name(a=[1, 2], b=["x"], c=3.5)],
      "protos": [graph_util.get_collection_proto_type("own things").__name__,
                 graph_util.get_to_proto_function("own things").__name__,
                 graph_util.get_from_proto_function("own things"),
                 graph_util.get_collection_proto_type("trainable_variables").__name__],
      "wrong": tries(
          lambda: graph_util.register_proto_function("a", int, 3),
          lambda: graph_util.register_proto_function("a", int, int, 3)),
  }


def meta_graphs_are_equal(tf):
  test_util = importlib.import_module("tensorflow.python.framework.test_util")
  case = _case(tf)

  def made(value):
    with tf.Graph().as_default():
      tf.get_variable("v", initializer=value)
      tf.add_to_collection("numbers", 3)
      return tf.train.export_meta_graph()

  same = made(1.0), made(1.0)
  return {
      "same": _holds(test_util.assert_meta_graph_protos_equal, case, *same),
      "emptied": [str(message.graph_def) for message in same],
      "other": _holds(test_util.assert_meta_graph_protos_equal, case, made(1.0), made(2.0)),
      "versions": [_holds(test_util.assert_equal_graph_def_v1, made(1.0).graph_def,
                          made(1.0).graph_def),
                   _holds(test_util.assert_equal_graph_def_v2, made(1.0).graph_def,
                          made(2.0).graph_def)],
  }


def scopes_of_graphs_are_copied(tf):
  meta_graph = importlib.import_module("tensorflow.python.framework.meta_graph")
  with tf.name_scope("a"):
    v = tf.Variable([1.0], name="v")
    tf.add(v, 1.0, name="sum")
  found = meta_graph.copy_scoped_meta_graph("a", "b")
  other = tf.Graph()
  more = meta_graph.copy_scoped_meta_graph("a", "a", to_graph=other)
  return {
      "found": [sorted(found), found["v:0"].name],
      "other": [sorted(more), [op.name for op in other.get_operations()]],
      "refused": tries(lambda: meta_graph.copy_scoped_meta_graph("a", "a")),
  }


def saver_of_a_table_and_of_objects(tf):
  utils = importlib.import_module("tensorflow.python.training.saver_test_utils")
  base = importlib.import_module("tensorflow.python.training.tracking.base")

  class Owner(base.Trackable):
    def __init__(self):
      self.v = tf.get_variable("inner", initializer=6.0, use_resource=True)
      self.name = "owner"

    def _gather_saveables_for_checkpoint(self):
      return {base.VARIABLE_VALUE_KEY: self.v}

  table, owner = utils.CheckpointedOp("t"), Owner()
  saver = tf.train.Saver({"table": table.saveable, "owner": owner})
  path = os.path.join(tf.test.get_temp_dir(), "table")
  with tf.Session() as session:
    session.run(owner.v.initializer)
    session.run(table.insert("k", 3.0))
    saver.save(session, path, write_state=False)
  with tf.Session() as session:
    saver.restore(session, path)
    back = session.run([table.keys(), table.values(), table.lookup("x", -1.0), owner.v])
  collected = tf.get_collection(tf.GraphKeys.SAVEABLE_OBJECTS)
  return {"back": back, "collected": [one.name for one in collected],
          "listed": sorted(name for name, _ in tf.train.list_variables(path))}


def files_by_old_names(tf):
  file_io = importlib.import_module("tensorflow.python.lib.io.file_io")
  with own_folder():
    file_io.write_string_to_file("a", "text")
    file_io.atomic_write_string_to_file("b", b"text")
    file_io.recursive_create_dir("deep/er")
    file_io.copy("a", "deep/a")
    seen = [file_io.read_file_to_string("a"), file_io.read_file_to_string("b", True),
            file_io.filecmp("a", "b"), sorted(file_io.list_directory(".")),
            file_io.is_directory("deep"), file_io.stat("a").length,
            sorted(file_io.get_matching_files("deep/*"))]
    file_io.write_string_to_file("b", "other")
    refused = tries(lambda: file_io.atomic_write_string_to_file("a", "new", overwrite=False),
                    lambda: file_io.read_file_to_string("none"))
    seen += [file_io.filecmp("a", "b"), file_io.read_file_to_string("a"),
             sorted(file_io.list_directory("."))]
    file_io.rename("a", "c")
    file_io.delete_file("b")
    file_io.delete_recursively("deep")
    seen.append(sorted(file_io.list_directory(".")))
  return {"seen": [str(one) for one in seen], "refused": refused}


def more_processors(tf):
  def runs(place, **settings):
    with tf.Graph().as_default(), tf.device(place):
      config = tf.ConfigProto(**settings)
      with tf.Session(config=config) as session:
        return session.run(tf.Variable(1.0).initializer)
  return {"runs": [text and text.partition("explicitly")[2] for text in tries(
      lambda: runs("/cpu:1", device_count={"CPU": 2}),
      lambda: runs("/cpu:2", device_count={"CPU": 2}),
      lambda: runs("/cpu:1"),
      lambda: runs("/gpu:0", device_count={"CPU": 3}),
      lambda: runs("/cpu:5", device_count={"CPU": 2}, allow_soft_placement=True))]}
