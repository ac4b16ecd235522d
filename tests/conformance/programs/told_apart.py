"""What once told scopetutor from TensorFlow, found by generated programs and by hand."""

import functools

from said import tries


def _named(operations):
    return [operation.name for operation in operations]


def tensors_of_another_graph_unseen(tf):
    """What tells whether a variable is initialized does not say where an operation is made."""
    with tf.Graph().as_default():
        ref = tf.get_variable("ref", [2])
        held = tf.get_variable("held", [2], use_resource=True)
        known, reported = (
            tf.is_variable_initialized(ref),
            tf.report_uninitialized_variables(),
        )
        tf.assert_variables_initialized()
    found = []
    for make in (
        lambda: tf.identity(known),
        lambda: tf.cond(known, lambda: 1, lambda: 2),
        lambda: tf.Variable(ref.initialized_value()),
        lambda: tf.Variable(held.initialized_value()),
        lambda: tf.get_variable("v", initializer=lambda: ref.initialized_value()),
        lambda: tf.size(reported),
        lambda: tf.group(tf.identity(known)),
    ):
        with tf.Graph().as_default() as graph:
            one = tf.constant(1.0)
            found.append(
                tries(
                    make,
                    lambda: tf.Session().run(one),
                    lambda: _named(graph.get_operations()),
                    lambda: [
                        [taken.name for taken in op.inputs]
                        for op in graph.get_operations()
                    ],
                )
            )
    return {"found": found}


def namesake_of_a_stranger(tf):
    """An operation that takes an unseen tensor of another graph finds one of that name here."""
    with tf.Graph().as_default():
        known = tf.is_variable_initialized(tf.get_variable("v", [2]))
    here = tf.is_variable_initialized(tf.get_variable("w", [2]))
    turned = tf.logical_not(known)
    last = tf.logical_or(turned, here)
    return {
        "found": tries(
            lambda: [taken.name for taken in turned.op.inputs],
            lambda: tf.Session().run(last),
            lambda: tf.Session().run(here),
        )
    }


def variables_of_no_elements(tf):
    """A ref variable without elements has a value from the start."""
    made = [
        tf.get_variable("v%d" % i, shape, kind, use_resource=held)
        for i, (shape, kind, held) in enumerate(
            [
                ([0], tf.float32, False),
                ([2, 0], tf.float64, False),
                ([0], tf.float32, True),
            ]
        )
    ]
    session = tf.Session()
    return {
        "found": [
            tries(
                lambda: str(session.run(v)),
                lambda: bool(session.run(tf.is_variable_initialized(v))),
                lambda: session.run(v.assign(v)).shape,
            )
            for v in made
        ],
        "left": session.run(tf.report_uninitialized_variables()).tolist(),
    }


def loops_whose_gradient_never_changes(tf):
    """What closes them stands under no name of the gradients."""
    with tf.variable_scope("s"):
        w = tf.get_variable("w", [], initializer=tf.ones_initializer())
        looped = tf.while_loop(lambda i: i < 3.0, lambda i: tf.assign_add(w, i), [0.0])
        grads = tf.gradients(looped, w)
    return {"values": {"grads": [grad is None for grad in grads]}}


def refused_and_left_as_they_were(tf):
    parts = tf.get_variable("p", [4], partitioner=tf.fixed_size_partitioner(2))
    held = tf.constant(1.0)

    def inside():
        with tf.device("/cpu:0"):
            try:
                with tf.colocate_with(parts):
                    tf.no_op()
            except ValueError as error:
                found.append(str(error))
            found.append(tf.no_op(name="placed").device)

    found = []
    found += tries(inside)
    files = tf.get_default_graph().as_graph_def()
    with tf.Graph().as_default() as graph:
        for given in (
            dict(return_elements=["Const:0:0"]),
            dict(input_map={"q:0": held}),
            dict(return_elements=["Const"]),
        ):
            found += tries(lambda: str(tf.import_graph_def(files, name="x", **given)))
            found.append(graph.unique_name("x", mark_as_used=False))
    return {"found": found}


def odd_arguments(tf):
    rows = tf.IndexedSlices([1.0], [0], [3])
    shape, none = tf.TensorShape([2]), tf.TensorShape(None)
    session, options = tf.Session(), tf.RunOptions()
    one = tf.constant(1.0)
    most = tf.variable_axis_size_partitioner(8, max_shards=0)
    makes = (
        lambda: tf.get_variable("u", [4], partitioner=most).name,
        lambda: tf.broadcast_static_shape([2], [2]),
        lambda: str(tf.broadcast_static_shape(shape, none)),
        lambda: tf.convert_to_tensor(rows).name,
        lambda: tf.convert_to_tensor(1, dtype_hint=tf.float32).dtype.name,
        lambda: tf.convert_to_tensor(
            1, preferred_dtype=tf.int64, dtype_hint=tf.float32
        ),
        lambda: tf.convert_to_tensor_or_indexed_slices([1]).name,
        lambda: tf.convert_to_tensor_or_indexed_slices(rows) is rows,
        lambda: session.run(one, options=3),
        lambda: session.run(one, run_metadata=3),
        lambda: float(session.run(one, options=options, run_metadata=tf.RunMetadata())),
        lambda: tf.constant("text", dtype=tf.int32, shape=2),
        lambda: tf.constant(1, shape=2),
    )
    found = tries(*makes)
    p = tf.placeholder(tf.float32)
    handles = tries(
        *[
            functools.partial(session.partial_run_setup, *given)
            for given in (([p + 1.0], [p]), ([], []), ([p + 2.0], [p]))
        ]
    )
    return {"found": found, "handles": handles}


def lists_of_another_graph(tf):
  """What an operation takes from a list is made in the list's graph, and missed here."""
  with tf.Graph().as_default():
    far = tf.constant(1.0, name="far")
  with tf.Graph().as_default() as graph:
    near = tf.constant(2.0, name="near")
    found = tries(lambda: tf.concat([[far], [near]], 0), lambda: tf.add([far], [near]),
                  lambda: str(tf.convert_to_tensor([far, 2.0]).graph is far.graph),
                  lambda: tf.Session().run(near))
  return {"found": found, "made": _named(graph.get_operations())}


def eager_mode_refused(tf):
  return {"found": tries(lambda: tf.enable_eager_execution(3), lambda: tf.enable_eager_execution(device_policy=9),
                         lambda: tf.enable_eager_execution(execution_mode=9))}


def containers_of_odd_names(tf):
  with tf.container(3):
    found = tries(lambda: tf.Variable(1.0), lambda: tf.constant(1.0).name)
  with tf.container(b"box"):
    found.append(tf.Variable(2.0).op.get_attr("container").decode())
  return {"found": found, "made": _named(tf.get_default_graph().get_operations())}


def gradients_of_nothing(tf):
  w = tf.get_variable("w", [2])
  return {"found": tries(lambda: tf.gradients(w, None), lambda: tf.gradients(None, w),
                         lambda: tf.gradients(w * 2.0, [w, None]), lambda: tf.gradients([w, None], w)),
          "made": _named(tf.get_default_graph().get_operations())}


def shapes_that_vary_in_loops(tf):
  """Each belongs to one variable of the loop, in the same structure."""
  one, none = tf.TensorShape([]), tf.TensorShape([None])
  def looped(variables, shapes, most):
    return tf.while_loop(lambda *given: True, lambda *given: given[0] if len(given) == 1 else given, variables,
                         shape_invariants=shapes, maximum_iterations=most)
  given = (([0], [one]), ([0], (one,)), ((0,), [one]), ([0, [1]], [one, (one,)]), ([0], one), ([{"a": 0}], [{"a": one}]),
           ([0], [None]), ([tf.constant(0)], [None]), ([0], ["x"]), ([0, 1], [one]), ([(0, 1)], [one]), ([0], [none]))
  return {"found": [str(said) for said in tries(*[functools.partial(looped, *each, most)
                                                  for each in given for most in (None, 2)])]}


def splits_of_scalars(tf):
  session, text = tf.Session(), tf.placeholder_with_default("x", None)
  found = tries(lambda: tf.split(text, 2)[0].shape.ndims, lambda: session.run(tf.split(text, 2)[0]),
                lambda: session.run(tf.split(tf.placeholder_with_default([1.0], None), 2, axis=3)))
  return {"found": [str(said) for said in found]}


def sizes_of_what_is_no_tensor(tf):
  """What has no known shape is converted twice: once to look, once to use it."""
  p = tf.placeholder(tf.float32)
  held = tf.Variable([1.0], shape=tf.TensorShape(None), use_resource=True)
  ref = tf.Variable(p, validate_shape=False)
  return {"found": [measure(value, name=name).name for measure in (tf.shape, tf.size, tf.rank)
                    for value in (p, held, ref, [p, p], [held, 1.0], [1, 2]) for name in (None, "nm")]}
