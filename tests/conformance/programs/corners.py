"""Seldom meetings of rules about variables, scopes, graphs and sessions."""

import functools
import itertools

import numpy as np
from said import tries


def _place(tf):
  """Where a new operation would be made, and which scopes are current."""
  probe = tf.no_op(name="probe")
  return [probe.name, probe.device, [c.name for c in probe.control_inputs],
          [group.decode() for group in probe.colocation_groups()],
          tf.get_variable_scope().name, tf.get_default_session() is None]


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
