"""What programs and tests reach by `tensorflow.python`: settings, inner workings, functions."""

import importlib
import logging as standard_logging
import re

import numpy as np


def _private(path):
  return importlib.import_module("tensorflow.python." + path)


def _said(function, *args, **kwargs):
  """What a call gives, or what it says when it is refused."""
  try:
    return str(function(*args, **kwargs))
  except Exception as error:
    return "%s: %s" % (type(error).__name__, str(error).split("\n")[0])


def default_of_resources_is_a_setting(tf):
  variable_scope = _private("ops.variable_scope")
  before = variable_scope._DEFAULT_USE_RESOURCE
  kinds = [type(tf.Variable(1.0)).__name__]
  tf.enable_resource_variables()
  seen = [before, variable_scope._DEFAULT_USE_RESOURCE]
  variable_scope._DEFAULT_USE_RESOURCE = before
  kinds.append(type(tf.Variable(1.0)).__name__)
  variable_scope._DEFAULT_USE_RESOURCE = True
  kinds.append(type(tf.get_variable("v", [])).__name__)
  tf.disable_resource_variables()
  return {"kinds": kinds, "seen": seen, "after": variable_scope._DEFAULT_USE_RESOURCE}


def types_by_private_names(tf):
  dtypes = _private("framework.dtypes")
  types_pb2 = importlib.import_module("tensorflow.core.framework.types_pb2")
  return {
      "refs": [getattr(dtypes, n + "_ref").name for n in ("float32", "int64", "string", "bool")],
      "plain": dtypes.float32_ref.base_dtype.name,
      "strings": [dtypes._TYPE_TO_STRING[i] for i in (1, 3, 107)],
      "numbers": sorted(types_pb2.DataType.values())[:5],
      "constant": types_pb2.DT_RESOURCE,
      "values": len(dtypes.TF_VALUE_DTYPES),
  }


def shapes_by_old_names(tf):
  shapes, common = _private("framework.tensor_shape"), _private("framework.common_shapes")
  shape = tf.TensorShape
  return {
      "made": [str(s) for s in (shapes.scalar(), shapes.vector(3), shapes.matrix(2, None),
                                shapes.unknown_shape(), shapes.unknown_shape(ndims=2))],
      "refused": _said(shapes.unknown_shape, size=3),
      "together": [_said(common.broadcast_shape, shape(a), shape(b)) for a, b in (
          ([3, 1], [2]), ([None, 2], [4, 1]), ([None], [1]), ([2], [3]), (None, [1]))],
  }


def operations_of_tests(tf):
  ops, test_ops = _private("framework.ops"), _private("framework.test_ops")
  g = tf.get_default_graph()
  scratch = tf.Graph()
  with scratch.as_default():
    x = test_ops.float_output(name="x")
    default = test_ops.default_attrs()
  with g._kernel_label_map({"KernelLabel": "overload_1"}):
    labelled = test_ops.kernel_label()
  made = ops.Operation(ops._NodeDef("TwoFloatOutputs", "by_hand"), scratch, [], [tf.float32, tf.float32])
  pair = scratch.create_op("TwoFloatInputsFloatOutput", [x, made.outputs[1]], [tf.float32], name="pair")
  return {
      "label": labelled, "plain_label": test_ops.kernel_label(),
      "version": test_ops.graph_def_version(),
      "attrs": [str(default.get_attr(n)) for n in ("string_val", "int_list_val", "type_list_val")],
      "values": [t.name for t in made.values()],
      "inputs": [t.name for t in pair.inputs],
      "old": _said(test_ops.old), "required": _said(test_ops.kernel_label_required, 1),
      "bad": _said(ops.Operation, ops._NodeDef("None", "_x"), g),
  }


def an_older_producer(tf):
  test_ops, test_util = _private("framework.test_ops"), _private("framework.test_util")
  g = tf.get_default_graph()
  test_util.set_producer_version(g, 7)
  test_ops.old(name="old")
  return {"version": g.graph_def_versions.producer, "seen": test_ops.graph_def_version()}


def inputs_exchanged(tf):
  x, y, z = tf.constant(1), tf.constant(2), tf.constant([1, 2])
  total = x + x
  total.op._update_input(0, y)
  matrix = tf.placeholder(tf.int32, [3, 1]) + 1
  with tf.Graph().as_default(), tf.Session() as session:
    text = tf.constant("", name="text")
    mixed = tf.constant(1) + 2
    mixed.op._update_input(1, text)
    refused = _said(session.run, mixed)
  return {
      "total": total, "consumers": [op.name for op in x.consumers()],
      "shape": _said(matrix.op._update_input, 0, z), "place": _said(x.op._update_input, 1, y),
      "type": refused, "index": [total.op.outputs[0]._value_index, len(y.op._control_outputs)],
  }


def cycles_of_control(tf):
  a, b, c = (tf.constant(i, name="c%d" % i) for i in range(3))
  a.op._add_control_input(b.op)
  b.op._add_control_inputs([a.op, c.op, c.op])
  with tf.Session() as session:
    refused = _said(session.run, a)
  b.op._remove_all_control_inputs()
  return {"refused": refused, "a": a, "left": [op.name for op in a.op.control_inputs]}


def resources_of_a_session(tf):
  resources, test_ops = _private("ops.resources"), _private("framework.test_ops")
  empty = resources.report_uninitialized_resources()
  handle = test_ops.stub_resource_handle_op(shared_name="r")
  resources.register_resource(handle, test_ops.resource_create_op(handle),
                              test_ops.resource_initialized_op(handle))
  missing = resources.report_uninitialized_resources(name="missing")
  make = resources.initialize_resources(resources.shared_resources())
  with tf.Session() as session:
    seen = [len(session.run(missing))]
    session.run(make)
    seen.append(len(session.run(missing)))
  return {"empty": empty, "seen": seen, "local": resources.local_resources()}


def out_of_functions(tf):
  ops = _private("framework.ops")
  outer, inner = tf.get_default_graph(), tf.Graph()
  inner._building_function = True
  with tf.name_scope("around"), inner.as_default(), tf.name_scope("in"), tf.device("/cpu:0"):
    tf.constant(1.0, name="stays")
    with ops.init_scope():
      lifted = tf.constant(2.0, name="lifted")
    with tf.init_scope():
      v = tf.get_variable("v", [2], initializer=tf.ones_initializer())
    w = tf.Variable(3.0, name="w")
  return {"lifted": [lifted.name, lifted.device], "inside": [op.name for op in inner.get_operations()],
          "v": v.name, "w": w.graph is outer, "eager": ops.executing_eagerly_outside_functions()}


def traced_in_a_graph(tf):
  function = _private("eager.function")
  log = []

  @function.defun
  def scaled(x, factor=2.0):
    log.append(x.shape.as_list())
    return {"y": x * factor, "n": None}

  @function.defun
  def silent():
    tf.constant(1.0)

  with tf.Graph().as_default() as graph, tf.Session() as session:
    a, b = scaled(tf.constant([1.0, 2.0])), scaled(tf.constant([3.0, 4.0]))
    c = scaled(tf.constant([[1.0]]), factor=3.0)
    silent()
    return {"values": [v.tolist() for v in session.run([a["y"], b["y"], c["y"]])],
            "n": a["n"], "log": log, "shapes": [str(t["y"].shape) for t in (a, c)],
            "made": [[op.name, op.type] for op in graph.get_operations()]}


def traced_at_once(tf):
  context, function = _private("eager.context"), _private("eager.function")
  ops = _private("framework.ops")
  calls = []
  with context.eager_mode():
    made = []

    @function.defun
    def step(x):
      calls.append(1)
      if not made:
        made.append(tf.Variable(lambda: tf.ones([]), name="v"))
      made[0].assign_add(x)
      with tf.name_scope("inside"):
        name = ops.get_name_scope()
      assert name == "inside", name
      return made[0] * x

    with tf.GradientTape() as tape:
      results = [step(tf.constant(2.0)), step(tf.constant(5.0))]
    slopes = tape.gradient(results[1], made)
    return {"results": [float(r.numpy()) for r in results], "calls": len(calls),
            "kind": type(made[0]).__name__, "slope": float(slopes[0].numpy()),
            "value": float(made[0].numpy())}


def pickled_at_once(tf):
  import pickle
  context = _private("eager.context")
  with context.eager_mode():
    v = tf.Variable([1.0, 2.0], name="kept", trainable=False)
    w = pickle.loads(pickle.dumps(v))
    v.assign_add([1.0, 1.0])
    return {"name": w.name, "value": [float(x) for x in w.numpy()], "trainable": w.trainable}


def another_type_at_once(tf):
  context, raw = _private("eager.context"), _private("ops.resource_variable_ops")
  with context.eager_mode():
    handle = raw.var_handle_op(dtype=tf.int32, shape=[1], name="h")
    raw.assign_variable_op(handle, tf.constant([1]))
    return {"read": _said(raw.read_variable_op, handle, dtype=tf.float32),
            "assign": _said(raw.assign_variable_op, handle, tf.constant([1.0]))}


def templates_within_templates(tf):
  template = _private("ops.template")
  def leaf():
    return tf.get_variable("w", [1], initializer=tf.zeros_initializer())
  def branch():
    return [tf.make_template("leaf", leaf)() for _ in range(2)] + [tf.get_variable("b", [])]
  tree = tf.make_template("tree", branch)
  first, second = tree(), tree()
  with tf.Graph().as_default():
    traced = template.make_template_internal("traced", lambda: [leaf(), None][1], create_graph_function_=True)
    traced()
    kept = [v.name for v in traced.variables]
  return {"names": [v.name for v in first], "same": first == second,
          "parts": [d.name for d in tree._checkpoint_dependencies if d.name.startswith("leaf")],
          "traced": kept,
          "stack": list(template._skip_common_stack_elements("abcd", "abx"))}


def partitioned_of_old(tf):
  whole = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
  with tf.variable_scope("s") as scope:
    parts = tf.create_partitioned_variables([2, 3], [1, 2], whole)
    tf.create_partitioned_variables([4], [3], tf.ones_initializer(), name="named", trainable=False)
  with tf.variable_scope(scope, reuse=True):
    again = tf.create_partitioned_variables([2, 3], [1, 2], whole)
  return {"parts": tf.concat(parts, 1), "same": again == parts,
          "spec": [v._save_slice_info.spec for v in parts],
          "refused": [_said(tf.create_partitioned_variables, s, p, whole)
                      for s, p in (([2], [1, 1]), ([], []), ([2, 3], [2, 3]), ([2, 3], [5, 1]))]}


def kernels_that_keep_lengths(tf):
  framework = tf.contrib.framework
  made = {}
  for name, shape in (("convolutional_delta_orthogonal", [3, 3, 2, 4]), ("convolutional_orthogonal_1d", [3, 2, 4]),
                      ("convolutional_orthogonal_2d", [2, 2, 2, 3]), ("convolutional_orthogonal_3d", [2, 2, 2, 2, 2])):
    kind = getattr(framework, name)
    made[name] = tf.reduce_sum(kind(gain=2.0, seed=3)(shape) ** 2)
    made[name + "_refused"] = [_said(kind(), s) for s in ([2], shape[:-2] + [5, 4], [2] + shape[1:])
                               if name != "convolutional_orthogonal_1d" or len(s) != 3 or s[-2] > s[-1]]
    made[name + "_config"] = kind(seed=1).get_config()
    made[name + "_type"] = _said(kind, dtype=tf.int32)
  return made


def ends_of_ranges(tf):
  return {"float": tf.linspace(0.0, 1.0, 42), "double": tf.linspace(np.float64(0.0), 0.1, 12)}


def weighted_averages(tf):
  averages = _private("training.moving_averages")
  value, weight = tf.constant([2.0, 4.0]), tf.constant(0.5)
  with tf.variable_scope("around"):
    mean = averages.weighted_moving_average(value, 0.9, weight)
  return {"mean": mean, "names": [v.name for v in tf.global_variables()]}


def reads_of_the_step(tf):
  training_util = _private("training.training_util")
  before = _said(training_util._increment_global_step, 1)
  tf.train.create_global_step()
  read = training_util._get_or_create_global_step_read()
  return {"before": before, "read": read, "more": training_util._increment_global_step(2),
          "same": training_util._get_global_step_read() is read}


def variables_as_plain_tensors(tf):
  state_ops, raw = _private("ops.state_ops"), _private("ops.gen_state_ops")
  old = state_ops.variable_op([2], tf.float32)
  unknown = state_ops.variable_op([2], tf.float32, set_shape=False)
  new = state_ops.variable_op_v2([2], tf.float32, container="c")
  started = state_ops.init_variable(old, [1.0, 2.0])
  filled = state_ops.init_variable(new, tf.ones_initializer())
  scratch = tf.assign_add(tf.assign(raw.temporary_variable([2], tf.float32, var_name="t"), started), filled)
  wrong = raw.destroy_temporary_variable(raw.temporary_variable([2], tf.float32, var_name="u"), var_name="v")
  with tf.Session() as session:
    refused = _said(session.run, wrong)
    nameless = _said(session.run, raw.destroy_temporary_variable(raw.temporary_variable([], tf.float32), var_name=""))
  return {"shapes": [str(t.shape) for t in (old, unknown, new)], "refused": re.sub("step_[0-9]+", "step", refused),
          "nameless": nameless, "result": raw.destroy_temporary_variable(scratch, var_name="t")}


def messages_of_tensors(tf):
  tensor_util = _private("framework.tensor_util")
  make = tensor_util.make_tensor_proto
  message = make([[1, 2], [3, 4]])
  with tf.Graph().as_default(), tf.Session() as session:
    empty = session.run(tf.zeros([0], tf.string)).shape
  return {"texts": [str(make(v, **k)) for v, k in ((1.5, {}), ("a", {"shape": [2]}), (7, {"shape": [2, 2]}),
                                                  ([True], {}), ([1, 2], {"dtype": tf.int64}))],
          "as_shape": str(tensor_util.constant_value_as_shape(tf.shape(tf.placeholder(tf.float32, [None, 8])))),
          "shape": tensor_util.ShapeEquals(message, [2, 2]), "sizes": tensor_util.TensorShapeProtoToList(message.tensor_shape),
          "refused": _said(make, [1, 2], shape=[1], verify_shape=True), "empty": empty}


def runs_in_parts(tf):
  a, b, c = (tf.placeholder(tf.float32, [], name=n) for n in "abc")
  total = a + b
  product = total * c
  with tf.Session() as session:
    part = session.partial_run
    handle = session.partial_run_setup([total, product], [a, b, c])
    first = float(part(handle, total, {a: 1, b: 2}))
    refused = [_said(part, handle, *rest) for rest in (
        (total, {a: 1}), (total,), (product,), (a.op,))]
    last = float(part(handle, product, {c: first + 1}))
    over = _said(part, handle, product, {c: 1})
    small = session.partial_run_setup([total], [a, b])
    refused += [_said(part, small, product), _said(part, small, total, {c: 1}),
                _said(session.partial_run_setup, [], [a]), _said(part, "none", total)]
  return {"first": first, "last": last, "over": over, "refused": refused, "kind": isinstance(handle, str)}


def objects_that_are_run(tf):
  session_module = _private("client.session")

  class Pair(object):
    def __init__(self, tensor):
      self.parts = [tensor, tensor * 2]

  functions = (lambda pair: (pair.parts, lambda values: sum(values)),
               lambda pair, value: [(pair.parts[0], value), (pair.parts[1], -value)],
               lambda pair: pair.parts)
  session_module.register_session_run_conversion_functions(Pair, *functions)
  pair = Pair(tf.constant(1.0))
  with tf.Session() as session:
    values = [float(session.run(pair)), float(session.run([pair, pair.parts[0]])[0]),
              float(session.run(pair.parts[1] * 3, {pair: np.float32(5.0)}))]
    callables = [_said(session.make_callable, [pair.parts[0], None]), session.make_callable({"p": pair})()]
  again = _said(session_module.register_session_run_conversion_functions, Pair, *functions)
  return {"values": values, "again": again.split(" ", 3)[-1], "refused": callables[0], "made": float(callables[1]["p"])}


def one_scope_entered_twice(tf):
  ops = _private("framework.ops")
  scope = ops.name_scope_v2("s")
  seen = []
  with scope as outer, scope as inner:
    seen += [outer, inner]
  return {"seen": seen, "refused": _said(ops.name_scope_v2, None), "stripped": ops.strip_name_scope("a/a/b", "a")}


def figures_of_operations(tf):
  ops = _private("framework.ops")

  @ops.RegisterStatistics("a_kind_of_scopetutor", "flops")
  def _count(graph, node):
    return ops.OpStats("flops", 20)

  g, node = tf.get_default_graph(), ops._NodeDef("a_kind_of_scopetutor", "n")
  total = ops.OpStats("flops")
  total += ops.get_stats_for_node_def(g, node, "flops")
  return {"total": total.value, "none": ops.get_stats_for_node_def(g, node, "weights").value,
          "refused": [_said(ops.RegisterStatistics, "a,b", "flops"), _said(total.__iadd__, ops.OpStats("other"))]}


def aggregation_of_both_kinds(tf):
  variables = _private("ops.variables")
  old, new = variables.VariableAggregation, variables.VariableAggregationV2
  v = tf.Variable(1.0, aggregation=new.SUM)
  w = tf.get_variable("w", [], aggregation=2)
  return {"equal": [old.SUM == new.SUM, new.SUM == old.SUM, old.MEAN == new.SUM, new.NONE == 0],
          "hash": hash(old.MEAN) == hash(new.MEAN), "names": [str(v.aggregation), str(w.aggregation)],
          "named": tf.Variable.__add__.__name__ == tf.Tensor.__add__.__name__}


def helpers_of_layers(tf):
  utils = _private("layers.utils")
  return {"formats": [_said(utils.convert_data_format, *a) for a in (("channels_last", 4), ("channels_first", 5), ("x", 4), ("channels_last", 2))],
          "tuples": [_said(utils.normalize_tuple, v, 2, "strides") for v in (3, (1, 2), (1,), None, "ab")],
          "words": [_said(utils.normalize_data_format, "CHANNELS_LAST"), _said(utils.normalize_data_format, "x"),
                    _said(utils.normalize_padding, "SAME"), _said(utils.normalize_padding, "full")],
          "lengths": [utils.conv_output_length(7, 3, p, 2, d) for p in ("same", "valid", "full") for d in (1, 2)]
                     + [utils.conv_input_length(3, 3, p, 2) for p in ("same", "valid", "full")]
                     + [utils.deconv_output_length(3, 3, p, 2) for p in ("same", "valid", "full")]}


def threads_of_their_own(tf):
  import threading
  g = tf.Graph()
  with g.as_default(), g.device("/job:around"):
    g.switch_to_thread_local()
    base = tf.constant(0.0, name="base")
    ready, go = [threading.Event() for _ in range(2)], threading.Event()

    def work(index):
      with g.as_default(), g.device("/cpu:%d" % index), g.control_dependencies([base]):
        ready[index].set()
        go.wait()
        with g.colocate_with(base) if index else g.name_scope("first"):
          tf.no_op(name="made_%d" % index)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]
    for thread, event in zip(threads, ready):
      thread.start()
      event.wait()
    go.set()
    for thread in threads:
      thread.join()
    tf.no_op(name="after")
  found = sorted((op.name, op.device, len(op.control_inputs)) for op in g.get_operations())
  return {"found": [list(row) for row in found]}


def devices_left_in_another_order(tf):
  context = _private("eager.context")
  with context.eager_mode():
    outer = tf.device("/cpu:0")
    outer.__enter__()
    with tf.device(None):
      refused = _said(outer.__exit__, None, None, None)
    left = _said(outer.__exit__, None, None, None)
  graph_scope = tf.device("/cpu:0")
  graph_scope.__enter__()
  with tf.device("/cpu:1"):
    in_graph = _said(graph_scope.__exit__, None, None, None)
  graph_scope.__exit__(None, None, None)
  return {"refused": refused, "left": left.partition(":")[0], "in_graph": in_graph}


def private_settings_of_scopes(tf):
  names = ("_initializer", "_regularizer", "_dtype", "_reuse", "_partitioner",
           "_custom_getter", "_use_resource", "_constraint", "_caching_device", "_name")
  regularizer = lambda value: tf.reduce_sum(value)
  with tf.variable_scope("a", dtype=tf.float64, regularizer=regularizer, reuse=True) as scope:
    said = {name: repr(getattr(scope, name)).split(" at ")[0] for name in names}
  said["_regularizer"] = scope._regularizer is regularizer
  said["absent"] = _said(getattr, scope, "_setting")
  return said


def templates_named_by_numbers(tf):
  found = []
  for name in (1, 3.5):
    with tf.Graph().as_default():
      found.append(_said(tf.make_template, "a", None, True, name))
  return {"found": found}


def what_operations_know_of_their_scopes(tf):
  first = tf.constant(0.0, name="first")
  with tf.device("/cpu"):
    with tf.device(None), tf.device(lambda op: "/cpu:*"):
      inner = tf.constant(1.0)
      v = tf.Variable(1.0, name="v")
    outer = tf.constant(2.0)
  with tf.colocate_with(first.op):
    one = tf.constant(3.0)
    with tf.colocate_with(outer):
      both = tf.constant(4.0)
  ops = [first.op, inner.op, v.op, v.initializer, outer.op, one.op, both.op]
  return {
      "devices": [[re.sub("<.*", "<place>", said.obj.partition(" ")[0])
                   for said in op._device_assignments] for op in ops],
      "colocated": [[(name, said.obj) for name, said in op._colocation_dict.items()]
                    for op in ops],
  }


def functions_that_are_operations(tf):
  function = _private("framework.function")
  v = tf.get_variable("v", initializer=3.0)

  @function.Defun(tf.float32, func_name="Twice")
  def twice(x):
    return x * 2.0 + 1.0

  @function.Defun(tf.float32, tf.float32, func_name="Parts")
  def parts(x, y):
    first, second = tf.split(x, 2, name="halves")
    with tf.control_dependencies([first]):
      return first * second + y, second, x

  @function.Defun(tf.float32, func_name="Weighted")
  def weighted(x):
    return x * v + tf.get_variable("w", [], initializer=tf.ones_initializer())

  @function.Defun(tf.float32, func_name="ByValue", capture_by_value=True)
  def by_value(x):
    return x * c

  @function.Defun(tf.float32, func_name="OwnSlope",
                  python_grad_func=lambda op, slope: slope * 100.0)
  def own_slope(x):
    return x * 3.0

  @function.Defun(tf.float32, tf.float32, func_name="SlopeOf")
  def slope_of(x, slope):
    return slope * 50.0

  @function.Defun(tf.float32, func_name="Sloped", grad_func=slope_of,
                  shape_func=lambda op: [op.inputs[0].shape], noinline=True)
  def sloped(x):
    return x * 3.0

  @function.Defun(func_name="Any")
  def of_any(x):
    return x + x

  @function.Defun(func_name="Nothing")
  def nothing():
    tf.Print(1.0, [])

  c = tf.constant(7.0)
  x = tf.constant([1.0, 2.0], name="x")
  results = [twice(x), twice(x, name="named"), *parts(x, c), weighted(x), by_value(x),
             own_slope(x), sloped(x), of_any(x), of_any(tf.constant(3))]
  results[1].set_shape([2])
  library = tf.get_default_graph().as_graph_def().library
  files = sorted(str(f) for f in library.function if f.signature.name in ("Twice", "Parts"))
  return {
      "results": [result for result in results],
      "slopes": [tf.gradients(results[i], x)[0] for i in (0, 5, 6, 7, 8)],
      "of variables": tf.gradients(results[5], [v])[0],
      "shapes": [str(result.shape) for result in results],
      "nothing": nothing().type,
      "captured": [t.name for t in weighted.captured_inputs],
      "told": [twice.name, twice.grad_func_name, sloped.grad_func_name,
               str(twice.declared_input_types), twice.stateful_ops,
               twice.definition.signature.name],
      "library": sorted(f.signature.name for f in library.function),
      "gradients": [str(g) for g in library.gradient],
      "files": files,
      "refused": [_said(twice, x, x), _said(twice, tf.constant(1)),
                  _said(function.Defun(tf.float32), 3),
                  _said(function.Defun(tf.float32, tf.float32), lambda x: x),
                  _said(function.Defun(tf.float32)(lambda x: [x, None]), x),
                  _said(twice, x, unknown=3)],
  }


def switches_and_merges_by_hand(tf):
  control = _private("ops.control_flow_ops")
  x, yes = tf.constant([1.0, 2.0], name="x"), tf.constant(True)
  off, on = control.switch(x, yes)
  slices = tf.IndexedSlices(tf.constant([1.0]), tf.constant([3]))
  sparse = tf.SparseTensor([[0, 1]], [5.0], [2, 3])
  rows, cells = control.switch(slices, yes), control.switch(sparse, yes)
  v = tf.Variable([1.0, 2.0], name="v")
  refs = control._SwitchRefOrTensor(v._ref(), yes)
  merged = control.merge([tf.identity(off), on])
  merged_rows, which = control.merge(rows)
  merged_cells, _ = control.merge(cells)
  entered = control._Enter(x, "frame", is_constant=True)
  again = control.exit(control._Identity(entered))
  parts = control.exit(control._Enter(sparse, "parts"))
  selected = [control.ref_select(0, [v._ref(), tf.Variable(second)._ref()])
              for second in ([3.0, 4.0], [3.0])]
  found = []
  with tf.Session() as session:
    for fetched in (on, [on, tf.identity(off, name="dead")], [tf.identity(off, name="a"), on]):
      found.append(_said(session.run, fetched))
  return {
      "found": [re.sub("[ ,.]+", " ", text) for text in found],
      "merged": merged[0], "index": merged[1],
      "rows": merged_rows.values, "which": which, "cells": merged_cells.values,
      "again": again, "parts": parts.indices,
      "refs": [t.dtype.name for t in refs],
      "selected": [str(t.shape) for t in selected],
      "identity": control._Identity(slices).indices,
      "refused": [_said(control.merge, [None, x]), _said(control.merge, [slices, sparse])],
  }


def loops_by_hand(tf):
  control = _private("ops.control_flow_ops")
  gen = _private("ops.gen_control_flow_ops")

  def turns(limit, constant):
    start = gen.enter(tf.constant(0), "frame%d" % limit)
    end = gen.enter(tf.constant(limit), "frame%d" % limit, is_constant=constant)
    one = gen.enter(tf.constant(1), "frame%d" % limit, is_constant=True)
    merged = control.merge([start, start])[0]
    go = control.loop_cond(tf.less(merged, end))
    done, on = control.switch(merged, go)
    merged.op._update_input(1, control.next_iteration(on + one))
    return control.exit(done)

  inputs = [gen.enter(tf.constant(7), "short"), gen.enter(tf.constant(False), "short")]
  merged = control.merge([inputs[0], inputs[0]])[0]
  done, _ = control.switch(merged, inputs[1])
  merged.op._update_input(1, control.next_iteration(done))
  return {"ten": turns(10, True), "none": turns(0, True), "short": control.exit(done)}


def contexts_of_operations(tf):
  control = _private("ops.control_flow_ops")
  util = _private("ops.control_flow_util")
  tf.cond(tf.constant(True), lambda: tf.add(1, 2, name="sum"), lambda: 3)
  tf.while_loop(lambda i: i < 3, lambda i: tf.add(i, 1, name="step"), [0])
  graph = tf.get_default_graph()
  seen = []
  for name in ("cond/sum", "while/step", "Const"):
    context = graph.get_operation_by_name(name)._get_control_flow_context()
    if context is None:
      seen.append(None)
      continue
    loop = context.GetWhileContext()
    seen.append([context.name, context.IsWhileContext(), context.IsCondContext(),
                 loop and loop.name,
                 str(type(context).from_proto(context.to_proto()).to_proto())
                 == str(context.to_proto())])
  around = control.XLAControlFlowContext()
  around.Enter()
  inner = tf.identity(tf.constant(1.0), name="inner")
  around.Exit()
  return {"seen": seen, "version 2": [util.ENABLE_CONTROL_FLOW_V2,
                                      util.EnableControlFlowV2(graph)],
          "inner": inner, "kind": isinstance(around, control.ControlFlowContext)}


def slices_of_all_rows(tf):
  math_ops, gradients = _private("ops.math_ops"), _private("ops.gradients_impl")
  array_ops = _private("ops.array_ops")
  x = tf.constant([[1.0, 2.0], [3.0, 4.0]], name="x")
  rows = math_ops._as_indexed_slices(x)
  found = math_ops._as_indexed_slices(tf.placeholder_with_default(x, [None, 2]), optimize=False)
  second = gradients._hessian_vector_product([tf.reduce_sum(x ** 3)], [x], [x])
  return {
      "rows": rows.values, "indices": rows.indices, "shape": rows.dense_shape,
      "found": found.indices, "dense": tf.multiply(rows, 2.0), "second": second[0],
      "same": math_ops._as_indexed_slices(rows) is rows,
      "refused": [_said(math_ops._as_indexed_slices, [1]),
                  _said(gradients._hessian_vector_product, [x], [x], []),
                  _said(tf.gradients, array_ops.prevent_gradient(x), x)],
  }


def graphs_of_other_versions(tf):
  _private("framework.test_ops")

  def imported(nodes, **versions):
    graph_def = tf.GraphDef()
    bad = versions.pop("bad", ())
    graph_def.versions.bad_consumers.extend(bad)
    for key, value in versions.items():
      setattr(graph_def.versions, key, value)
    for name, op, inputs in nodes:
      graph_def.node.add(name=name, op=op, input=inputs)
    with tf.Graph().as_default():
      return tf.import_graph_def(graph_def)

  return {
      "inputs": [_said(imported, [("B", "IntInput", [name])], producer=134)
                 for name in ("A:0", "A", "^A", "A:1", "^A:0", "A:x", "A:-1", ":0", "A:0:1")],
      "versions": [_said(imported, [], producer=-1), _said(imported, [], producer=5),
                   _said(imported, [], producer=134, min_consumer=1 << 30),
                   _said(imported, [], producer=134, bad=[134])],
  }


def warnings_of_deprecated_functions(tf):
  deprecation, logging = _private("util.deprecation"), _private("platform.tf_logging")
  said = []

  @deprecation.deprecated("2016-07-04", "Use another.", warn_once=False)
  def old(x):
    """Doubles.

    A number.
    """
    return x * 2

  def run(*functions):
    del said[:]
    listener = standard_logging.Handler()
    listener.emit = lambda record: said.append(record.getMessage())
    logging.get_logger().addHandler(listener)
    level = logging.get_verbosity()
    logging.set_verbosity(logging.WARN)
    try:
      for function in functions:
        function(1)
    finally:
      logging.get_logger().removeHandler(listener)
      logging.set_verbosity(level)
    return [re.sub("From .*: .*old", "From here: old", text) for text in said]

  found = {"doc": old.__doc__, "wanted": run(old, old)}
  deprecation._PRINT_DEPRECATION_WARNINGS = False
  found["unwanted"] = run(old, tf.to_int32, tf.to_bfloat16)
  deprecation._PRINT_DEPRECATION_WARNINGS = True
  with deprecation.silence():
    found["silent"] = run(old)
  found["again"] = run(old)
  found["refused"] = [
    _said(deprecation.deprecated, "July 4", "x"),
    _said(deprecation.deprecated, None, ""),
    _said(deprecation.deprecated_argument_lookup, "a", 1, "b", 2),
  ]
  return found


def errors_of_codes(tf):
  errors = _private("framework.errors_impl")
  made = [
    errors._make_specific_exception(None, None, "said", code)
    for code in (1, 3, 11, 15, 37)
  ]
  return {
    "kinds": [type(error).__name__ for error in made],
    "codes": [error.error_code for error in made],
    "messages": [error.message for error in made],
  }


def shapes_and_messages(tf):
  tensor_util = _private("framework.tensor_util")
  spec = tf.TensorSpec([2], tf.int32, "a")
  message = tensor_util.make_tensor_proto([1.0, 2.0])
  own = tensor_util.MakeNdarray(message)
  own[0] = 5.0
  return {
    "own": own,
    "kept": tensor_util.MakeNdarray(message),
    "spec": [
      str(tf.TensorSpec.from_spec(spec)),
      str(tf.TensorSpec.from_spec(spec, "b")),
    ],
    "v1": _private("framework.device_spec").DeviceSpecV1(job="a").to_string(),
  }
