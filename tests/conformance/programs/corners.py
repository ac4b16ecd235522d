"""Seldom meetings of rules about variables, scopes, graphs and sessions."""

import functools
import itertools
import re

import numpy as np
from said import tries


def _place(tf):
  """Where a new operation would be made, and which scopes are current."""
  probe = tf.no_op(name="probe")
  return [probe.name, probe.device, [c.name for c in probe.control_inputs],
          [group.decode() for group in probe.colocation_groups()],
          tf.get_variable_scope().name, tf.get_default_session() is None]


def _told(*makes):
  """What each of some functions gives, or its error, as text."""
  return {"found": [str(said) for said in tries(*makes)]}


def _managers(tf, op):
  graph, session = tf.get_default_graph(), tf.Session()
  return [
    tf.Graph().as_default, session.as_default, lambda: tf.name_scope("n"),
    lambda: graph.name_scope("m"), lambda: tf.device("/cpu:0"),
    lambda: tf.colocate_with(op), lambda: tf.container("c"),
    lambda: tf.variable_scope("v"), tf.init_scope,
    lambda: tf.variable_creator_scope(lambda make, **given: make(**given)),
    lambda: tf.op_scope([op], "o"), lambda: tf.variable_op_scope([op], "o"),
    lambda: graph.gradient_override_map({}), lambda: tf.control_dependencies([op])]


def forgotten_managers(tf):
  """Entered by hand and not kept: most are left at once."""
  found = []
  for manager in _managers(tf, tf.constant(1)):
    manager().__enter__()
    found.append(_place(tf))
  return {"found": found}


def managers_left_by_hand(tf):
  found = []
  for manager in _managers(tf, tf.constant(1))[:-1]:
    entered = manager()
    entered.__enter__()
    inside = _place(tf)
    found.append([inside, entered.__exit__(None, None, None), _place(tf)])
  return {"found": found}


def managers_entered_within_themselves(tf):
  """Only those that TensorFlow did not write as generators allow it."""
  found = []
  for manager in _managers(tf, tf.constant(1)):
    entered = manager()
    try:
      with entered:
        found.append(_place(tf))
        with entered:
          found.append(_place(tf))
        found.append(_place(tf))
    except Exception as error:
      found.append(type(error).__name__)
    found.append(_place(tf))
  return {"found": found}


def slices_assigned(tf):
  """The shape of the slice and of the value must be the same, and is looked at in a run."""
  made = [tf.get_variable(name, initializer=[[1., 2.], [3., 4.]], use_resource=name == "held")
          for name in ("ref", "held")]
  tf.Variable(0.0)
  def run(make):
    with tf.Session() as session:
      session.run([v.initializer for v in made])
      value = session.run(make())
      return np.asarray(value).tolist()
  def changed(variable, place, value):
    return run(lambda: variable[place].assign(value))
  values = ([5., 6.], 7., [[5., 6.]], [1., 2., 3.], [], "a", [1, 2])
  places = ((0,), (slice(None), 0), (0, 1), (slice(0, 0),), (Ellipsis, None), (0, slice(1, None)), (5,))
  return {"found": tries(*[functools.partial(changed, *given)
                           for given in itertools.product(made, places, values)])}


def names_in_errors(tf):
  """Python says a function's own name when it is called with wrong arguments."""
  v = tf.get_variable("v", [2])
  held = tf.get_variable("held", [2], use_resource=True)
  functions = [
    tf.constant, tf.Variable, tf.random_normal, tf.truncated_normal, tf.reduce_sum, tf.reduce_mean,
    tf.reduce_all, tf.add, tf.negative, tf.mod, tf.range, tf.linspace, tf.tuple, tf.reverse, tf.to_float,
    tf.global_variables, tf.trainable_variables, tf.initializers.he_normal, tf.scatter_add, tf.cumsum,
    tf.get_seed, tf.variable_creator_scope, tf.nn.relu, tf.nn.log_softmax, tf.segment_sum, tf.DType,
    tf.unsorted_segment_sum, tf.confusion_matrix, tf.fixed_size_partitioner, tf.string_to_number,
    v.scatter_add, v.scatter_nd_update, held.scatter_sub, v.__add__, v.__radd__, v.__lt__, v.__iadd__,
    held.__isub__, v.__getitem__, tf.identity(v).__and__]
  def said(function):
    try:
      return str(function(unknown_=1))
    except TypeError as error:
      return re.sub(r"^(?:[\w<>]+\.)+(\w+\(\))", r"\1", str(error))
  return {"found": [said(function) for function in functions]}


def types_of_numpy(tf):
  kinds = [tf.float16, tf.float32, tf.int32, tf.uint8, tf.bool, tf.string, tf.complex64]
  return {"found": tries(*[functools.partial(read, kind) for kind in kinds for read in (
    lambda kind: str(kind.as_numpy_dtype), lambda kind: kind.limits)])}


def bfloat16(tf):
  """In a graph of its own: how NumPy shows such constants is another matter."""
  with tf.Graph().as_default():
    made = [tf.Variable(value, dtype=tf.bfloat16) for value in (1, 1.5, [0.1, -3.3], True)]
    made.append(tf.get_variable("w", [2], tf.bfloat16, use_resource=True, initializer=tf.ones_initializer()))
    refused = tries(lambda: tf.Variable("a", dtype=tf.bfloat16))
  return {"found": [repr(variable) for variable in made] + refused}


def sizes_of_nothing(tf):
  size, shape = tf.Dimension(3), tf.TensorShape([2, None])
  array = np.zeros((2, 3))
  return {"found": tries(
    lambda: str(size.is_compatible_with("x")), lambda: str(size.merge_with(object)), lambda: tf.Dimension(1j),
    lambda: str(size.__div__(2)), lambda: size.__rdiv__(2), lambda: tf.Dimension(array),
    lambda: tf.TensorShape([tf.get_variable("r", [1], use_resource=True)]),
    lambda: shape.with_rank(True), lambda: shape.with_rank_at_least(2.5), lambda: shape.with_rank_at_most(0.5),
    lambda: shape.assert_has_rank(1.5), lambda: str(shape.with_rank(2.0)))}


def arguments_of_odd_kinds(tf):
  v = tf.get_variable("v", [2])
  text, flags = tf.placeholder(tf.string, name="s"), tf.constant([True, False])
  slices = tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]), tf.constant([3]))
  session = tf.Session()
  def after_slices():
    with tf.control_dependencies([slices]):
      return [c.name for c in tf.no_op().control_inputs]
  def entered(device):
    with tf.device(device):
      return tf.no_op().device
  def seeded(seed):
    tf.set_random_seed(seed)
    return tf.random_normal([1]).op.name
  return _told(
    lambda: flags | {}, lambda: flags | [None], lambda: flags | int, lambda: flags | "a", lambda: flags & {},
    after_slices, lambda: entered([]), lambda: entered({}), lambda: entered(np.zeros(2)).__class__,
    lambda: tf.group(np.zeros(2)), lambda: tf.group(np.float32(1)),
    lambda: tf.diag(1.0), lambda: tf.identity_n([]), lambda: tf.identity_n(tf.constant(1)), lambda: tf.eye(2.5),
    lambda: tf.eye("a", 2), lambda: tf.Print(1.0, 2.0), lambda: tf.Print(1.0, 2.0, message=3),
    lambda: tf.report_uninitialized_variables(0).op.type, lambda: session.run(text, {text: 3}),
    lambda: session.run(text, {text: True}), lambda: session.make_callable(2.5, 3), lambda: session.reset(3),
    lambda: tf.get_variable("held", [2, 2], tf.int32, use_resource=True).count_up_to(3),
    lambda: tf.get_variable("m", initializer=v.initialized_value), lambda: tf.Variable(variable_def="v"),
    lambda: tf.Variable(tf.IndexedSlices([1.0], [0])).name, lambda: tf.Variable(0.0).name,
    lambda: v.scatter_add((1, 2)), lambda: v.scatter_add(()), lambda: v.op.get_attr(3), lambda: v.op.inputs[3],
    lambda: tf.import_graph_def(tf.GraphDef(), return_elements="a:b"), lambda: seeded("x"), lambda: seeded(2.5),
    lambda: tf.get_default_graph().is_feedable(tf.TensorShape([2])))


def refused_while_made(tf):
  """What is left behind of variables and loops that are refused in their making."""
  def getter(name, **given):
    return lambda: tf.get_variable(name, [2], **given)
  return _told(
    getter("number", regularizer=lambda w: 0.5), getter("text", regularizer=lambda w: "a"),
    getter("none", regularizer=lambda w: None), getter("flag", validate_shape="a"),
    getter("number"), lambda: tf.Variable(1.0, validate_shape=2), lambda: tf.get_variable("of_no_size", initializer=float),
    lambda: tf.while_loop(lambda i: i < 3, lambda i: i, [tf.ones([1])]),
    lambda: tf.transpose(tf.ones([2, 3]), [-1, 0]), lambda: tf.transpose(tf.ones([2, 3]), [2, 0]),
    lambda: [v.name for v in tf.global_variables()])
