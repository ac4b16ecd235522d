"""Corners of variables, their parts, initializers and templates."""

import re

import numpy as np
from said import tries, tries_whole


def parts_by_bytes(tf):
    """What `min_max_variable_partitioner` says of sizes that do not divide."""
    found = {}
    for most, least in ((4, 16), (9, 7), (3, 0.5), (2, 1000)):
        partitioner = tf.min_max_variable_partitioner(
            max_partitions=most, min_slice_size=least
        )
        for size in (1, 3, 5, 8, 13):
            key = "%s %s %s" % (most, least, size)
            found[key] = partitioner(shape=tf.TensorShape([size, 1]), dtype=tf.float32)
    partitioner = tf.min_max_variable_partitioner(4, min_slice_size=16)
    whole = tf.get_variable("whole", [5], partitioner=partitioner)
    return {"found": found, "parts": [part.name for part in whole]}


def parts_by_dimensions(tf):
    """A partitioner may count parts with a `Dimension`."""
    whole = tf.get_variable(
        "whole", [4, 6], partitioner=lambda **_: [tf.Dimension(2), 1]
    )
    return {"parts": [part.name for part in whole], "whole": tf.shape(whole)}


_RECIPES = (
    "glorot_uniform",
    "glorot_normal",
    "he_normal",
    "lecun_uniform",
    "identity",
    "orthogonal",
    "uniform_unit_scaling",
    "zeros",
)


def initializers_called_by_hand(tf):
    """Initializers take a `TensorShape`, but for one."""

    def called(recipe):
        return tries(
            lambda: str(recipe(tf.TensorShape([2, 3]))),
            lambda: str(recipe(tf.TensorShape([2, 3, 4]))),
            lambda: str(recipe(tf.TensorShape([2, None]))),
        )

    return {"found": [called(getattr(tf.initializers, name)()) for name in _RECIPES]}


def templates_tell_where_they_are_from(tf):
    """An error in a template names the lines of the program that made it."""

    def function(size):
        return tf.get_variable("v", [size])

    template = tf.make_template("t", function)
    template(2)
    told = tries_whole(lambda: template(3), lambda: template("x"))
    own = [re.sub(r'File ".*?[/\\]tensorflow_core.*\n.*\n?', "", text) for text in told]
    lines = [re.sub(r'File ".*[/\\]|line \d+', "", text).split("\n") for text in own]
    return {
        "last": [[line.strip() for line in each if line.strip()][-2:] for each in lines]
    }


_PLACES = (
    ([[0]], (1, 2)),
    ([[0]], (2,)),
    ([[0]], (1, 1)),
    ([[0, 0]], (1,)),
    ([[0, 0]], ()),
    ([[0, 0, 0]], (1,)),
    ([0], (2,)),
    ([1], (1, 2)),
    ([4], (1, 2)),
    ([0, 2], (2, 2)),
    ([[]], (1, 3, 2)),
    ([[5]], (1, 2)),
    ([[0], [-1]], (2, 2)),
    ([[[0, 1]]], (1, 1)),
    ([[[0, 9]]], (1, 1)),
    ([[0], [0]], (2, 2)),
)
_ROWS = (
    ([0, 1], (2, 2)),
    ([0, 1], ()),
    ([[0, 1]], (1, 2, 2)),
    ([3], (1, 2)),
    ([0, 5, 9], (3, 2)),
    (2, (2,)),
    ([], (0, 2)),
)
_REF_ROWS = (*_ROWS, ([0, 1], (2,)), ([0], (2,)), ([0, 1], (1, 2)), ([0], (1, 1, 2)))
_RESOURCE_ROWS = (*_ROWS, ([0], (1, 1, 2)), ([[0, 1]], (2, 2)), ([0, 1], (1,)))


def _run_with(tf, made, fed, initial=()):
    """What each operation gives, or refuses, for each feed of indices and updates."""
    indices, updates = fed

    def run(operation, feed):
        return tries(lambda: session.run(operation, feed).tolist())

    found = {}
    with tf.Session() as session:
        for name, operation, feeds in made:
            for given, shape in feeds:
                session.run(list(initial))
                feed = {
                    indices: np.array(given, np.int32),
                    updates: np.full(shape, 2.0),
                }
                found["%s %s %s" % (name, given, shape)] = run(operation, feed)
    return found


def updates_found_wrong_in_a_run(tf):
    """Where shapes are not known before, kernels look whether updates fit."""
    indices, updates = tf.placeholder(tf.int32), tf.placeholder(tf.float32)
    made, variables = [], []
    for kind in (False, True):
        variable = tf.get_variable("v%d" % kind, [3, 2], use_resource=kind)
        variables.append(variable.assign(tf.ones([3, 2])).op)
        for name in ("scatter_update", "scatter_add", "scatter_mul", "scatter_max"):
            operation = getattr(tf, name)(variable, indices, updates)
            rows = _RESOURCE_ROWS if kind else _REF_ROWS
            made.append(("%s %s" % (name, kind), operation, rows))
        for name in ("scatter_nd_update", "scatter_nd_add", "scatter_nd_sub"):
            operation = getattr(tf, name)(variable, indices, updates)
            made.append(("%s %s" % (name, kind), operation, _PLACES))
    return {"found": _run_with(tf, made, (indices, updates), variables)}


def places_found_wrong_in_a_run(tf):
    """The same of what is put into tensors, and of what is gathered."""
    indices, updates = tf.placeholder(tf.int32), tf.placeholder(tf.float32)
    made = []
    for sizes in ([3, 2], [], [0, 2], [6]):
        tensor = tf.placeholder_with_default(tf.ones(sizes), None)
        text = str(sizes)
        shape = tf.placeholder_with_default(tf.constant(sizes, tf.int32), None)
        put = tf.tensor_scatter_update(tensor, indices, updates)
        made.append(("put" + text, put, _PLACES))
        made.append(("new" + text, tf.scatter_nd(indices, updates, shape), _PLACES))
        made.append(("nd" + text, tf.gather_nd(tensor, indices), _PLACES))
        variable = tf.get_variable("v%d" % len(made), sizes, use_resource=True)
        made.append(("held" + text, variable.gather_nd(indices), _PLACES))
        made.append(("row" + text, tf.gather(tensor, indices, axis=-1), _ROWS))
    ready = [tf.global_variables_initializer()]
    return {"found": _run_with(tf, made, (indices, updates), ready)}


def filled_with_zeros(tf):
    """`zero_initializer` fills what is not initialized, once."""
    zero_initializer = tf.contrib.framework.zero_initializer
    variables = [
        tf.get_variable("ref", [2]),
        tf.get_variable("whole", [2], tf.int64),
        tf.get_variable("held", [2], use_resource=True),
        tf.Variable(tf.placeholder(tf.float32), validate_shape=False, name="unknown"),
    ]
    made = [zero_initializer(variable) for variable in variables]

    def filled(variable, filler):
        with tf.Session() as session:
            return tries(
                lambda: session.run(filler.op),
                lambda: session.run(variable).tolist(),
                lambda: session.run(filler.op),
            )

    return {
        "found": [filled(*pair) for pair in zip(variables, made)],
        "refused": tries(
            lambda: zero_initializer(3),
            lambda: zero_initializer(tf.get_variable("text", [1], tf.string)),
            lambda: zero_initializer(variables[0].value(), name="again"),
        ),
    }


def contrib_framework(tf):
    """Small functions of `tf.contrib.framework`."""
    framework = tf.contrib.framework
    one, two = tf.constant([1, 2]), tf.constant([[3], [4]])
    fed = tf.placeholder(tf.float32)
    with tf.name_scope("a"), tf.name_scope("b"):
        scope = framework.get_name_scope()
    return {
        "scope": scope,
        "sum": framework.reduce_sum_n([one, two]),
        "one": framework.reduce_sum_n([one], name="only"),
        "squeezed": framework.remove_squeezable_dimensions(two, one),
        "unknown": [t.name for t in framework.remove_squeezable_dimensions(fed, one)],
        "placeholders": [t.name for t in framework.get_placeholders(one.graph)],
        "graph": framework.get_graph_from_inputs([one, two]) is one.graph,
        "names": [
            framework.prepend_name_scope("x:0", "a"),
            framework.strip_name_scope("a/x:0", "a"),
        ],
        "refused": tries(
            lambda: framework.reduce_sum_n([]),
            lambda: framework.assert_scalar_int(tf.constant(1.0)),
            lambda: framework.assert_scalar_int(one),
            lambda: framework.assert_scalar_int(3).name,
            lambda: framework.get_placeholders(3),
        ),
    }


def scopes_without_name_scopes(tf):
    """What `make_template` enters, and old code by its private name."""
    from tensorflow.python.ops import variable_scope

    pure = variable_scope._pure_variable_scope
    with pure("pure") as first:
        made = tf.get_variable("v", [1]), tf.constant(1.0)
        with pure("inner", dtype=tf.int32, use_resource=True):
            made += (tf.get_variable("v", [1]),)
    with pure(first, reuse=True) as second:
        same = tf.get_variable("v", [1]) is made[0]
    whole = variable_scope._get_partitioned_variable(
        "whole", [4], partitioner=tf.fixed_size_partitioner(2)
    )
    return {
        "names": [each.name for each in made],
        "scopes": [first.name, first.original_name_scope, second.name, second.reuse],
        "same": same,
        "whole": [part.name for part in whole],
    }


def attributes_that_no_type_has(tf):
    """Text of an attribute is bytes, whoever gave it."""
    graph = tf.get_default_graph()
    with graph.gradient_override_map({"Identity": "other"}):
        changed = tf.identity(1.0).op
    with graph._kernel_label_map({"Identity": "label"}):
        labelled = tf.identity(1.0).op
    return {
        "found": tries(
            lambda: str(changed.get_attr("_gradient_op_type")),
            lambda: str(labelled.get_attr("_kernel")),
            lambda: labelled.get_attr("_gradient_op_type"),
        )
    }


_GRADIENTS = (
    ([0], (1, 2)),
    ([0, 1], (1, 2)),
    ([0], (2,)),
    ([0], (1, 3)),
    ([0], (1, 1, 2)),
    ([[0]], (1, 2)),
    ([5], (1, 2)),
    ([1], ()),
    ([], (0, 2)),
)


def gradients_found_wrong_in_a_run(tf):
    """Optimizers look whether rows of gradients fit a variable."""
    indices, updates = tf.placeholder(tf.int32), tf.placeholder(tf.float32)
    rows = tf.IndexedSlices(updates, indices, tf.constant([3, 2]))
    made, variables = [], []
    for kind in (False, True):
        for optimizer in (
            tf.train.MomentumOptimizer(0.5, 0.9),
            tf.train.AdagradOptimizer(0.5),
            tf.train.RMSPropOptimizer(0.5),
            tf.train.ProximalGradientDescentOptimizer(0.5),
        ):
            name = "%s_%d" % (optimizer.get_name(), kind)
            ones = tf.ones_initializer()
            variable = tf.get_variable(name, [3, 2], None, ones, use_resource=kind)
            done = optimizer.apply_gradients([(rows, variable)])
            with tf.control_dependencies([done]):
                made.append((name, variable.read_value(), _GRADIENTS))
    variables.append(tf.global_variables_initializer())
    return {"found": _run_with(tf, made, (indices, updates), variables)}


_BOUNDS = (
    ([0], [2], [1]),
    ([0], [2, 2], [1]),
    ([[0]], [[2]], [[1]]),
    (0, 2, 1),
)


def bounds_found_wrong_in_a_run(tf):
    """Begin, end and strides of a slice have one dimension and one size."""
    begin, end, strides = (tf.placeholder(tf.int32) for _ in range(3))
    variable = tf.get_variable("v", [3, 2], initializer=tf.ones_initializer())
    held = tf.get_variable("held", [3, 2], use_resource=True)
    made = [tf.strided_slice(variable, begin, end, strides)]
    for each in (variable, held):
        bounds = {"begin": begin, "end": end, "strides": strides}
        masks = "begin_mask end_mask ellipsis_mask new_axis_mask shrink_axis_mask"
        bounds.update((mask, 0) for mask in masks.split(" "))
        done = each._strided_slice_assign(value=tf.ones([2, 2]), name="put", **bounds)
        made.append(done.op)
    found = []
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for values in _BOUNDS:
            feed = dict(zip((begin, end, strides), values))
            found.append([_tried(session, each, feed) for each in made])
    return {"found": found}


def _tried(session, fetched, feed=None):
    return tries(lambda: str(session.run(fetched, feed)))


def handles_that_share(tf):
    """A resource is named by what it is shared by, not by its operation."""
    with tf.Graph().as_default() as graph:
        tf.get_variable("v", [2], use_resource=True)
        described = tf.train.export_meta_graph(graph=graph)
    tf.train.import_meta_graph(described, import_scope="a")
    tf.train.import_meta_graph(described, import_scope="b")
    one, other = tf.global_variables()
    with tf.Session() as session:
        before = _tried(session, one)
        session.run(one.assign([1.0, 2.0]))
        return {"before": before, "same": _tried(session, other)}


def references(tf):
    """References compare by what they are to, and say it."""
    variable = tf.get_variable("v", [2])
    reference = variable.experimental_ref()
    return {
        "said": [repr(reference), repr(tf.constant(1).experimental_ref())],
        "same": reference == variable.experimental_ref(),
        "wrapped": reference.deref() is variable,
    }


def rows_applied_by_hand(tf):
    """The kernels of optimizers look at what optimizers have added up before."""
    indices, updates = tf.placeholder(tf.int32), tf.placeholder(tf.float32)
    variable = tf.get_variable("v", [3, 2], use_resource=True)
    slot = tf.get_variable("slot", [3, 2], use_resource=True)
    given = {"grad": updates, "indices": indices, "lr": 0.5, "use_locking": False}
    applied = tf.raw_ops.ResourceSparseApplyAdagrad(
        var=variable.handle, accum=slot.handle, update_slots=True, **given
    )
    ones = tf.ones([3, 2])
    ready = [variable.assign(ones).op, slot.assign(ones).op]
    with tf.control_dependencies([applied]):
        made = [("adagrad", variable.read_value(), _GRADIENTS)]
    return {"found": _run_with(tf, made, (indices, updates), ready)}
