"""Generates programs about variables, scopes, names, collections and sessions.

    python tests/conformance/generator.py SEED     # prints the program of a seed

A program is a tree of blocks; each statement is drawn from a table of its theme with
arguments that are sometimes odd.  The same seed gives the same program on every Python.
"""

import random
import re
import sys

from rules import RULES

NAMES = ["a", "b", "w", "x", "A", "a/b", "w_1", "v", "net", "a/w"]
ODD_NAMES = ["a b", "", "/", "a/", "_x", "1a", "a.b-c", "a//b", "x:0", "W", "a/b/"]
SCOPES = ["a", "b", "net", "a/b", "A", "c", "a_1"]
SHAPES = [
    "[]",
    "[2]",
    "[3]",
    "[2, 3]",
    "(2, 2)",
    "[1]",
    "2",
    "None",
    "tf.TensorShape([2])",
]
ODD_SHAPES = [
    "[None, 2]",
    "[-1]",
    "'x'",
    "[2.5]",
    "[tf.Dimension(2)]",
    "[0]",
    "np.array([2, 2])",
    "tf.TensorShape(None)",
    "[[2]]",
    "[True]",
    "['a']",
]
DTYPES = ["tf.float32", "tf.float64", "tf.int32", "tf.int64", "tf.bool", "tf.string"]
ODD_DTYPES = [
    "'float32'",
    "np.float32",
    "float",
    "tf.float16",
    "tf.complex64",
    "tf.uint8",
    "'nope'",
    "tf.qint8",
    "3",
    "tf.float32_ref",
    "tf.resource",
    "int",
]
INITIALIZERS = [
    "tf.zeros_initializer()",
    "tf.ones_initializer()",
    "tf.constant_initializer(3.0)",
    "tf.constant_initializer([1.0, 2.0])",
    "tf.zeros_initializer",
    "tf.random_uniform_initializer(seed=3)",
    "tf.glorot_uniform_initializer(seed=1)",
    "tf.truncated_normal_initializer(seed=5)",
    "tf.variance_scaling_initializer(seed=2)",
    "init1",
    "tf.constant_initializer(7)",
    "tf.random_normal_initializer(stddev=0.5)",
]
VALUES = [
    "1.0",
    "[1.0, 2.0]",
    "[[1.0, 2.0], [3.0, 0.5]]",
    "2",
    "[1, 2]",
    "True",
    "'text'",
    "tf.constant([1.0, 2.0])",
    "tf.ones([2, 3])",
    "lambda: tf.constant([2.0])",
    "np.array([1, 2], np.int64)",
    "np.float64(2.0)",
    "tf.zeros([2])",
    "lambda: 1.0",
]
ODD_VALUES = [
    "None",
    "[]",
    "[1, 2.5]",
    "[1, 'a']",
    "object()",
    "tf.zeros_initializer()",
    "{}",
    "tf.placeholder(tf.float32)",
    "[[1, 2], [3]]",
    "lambda x: x",
    "1j",
    "b'x'",
    "np.zeros([0])",
]
REUSE = ["True", "tf.AUTO_REUSE", "False", "None"]
GETTERS = ["get1", "get2", "get3", "get4", "get5"]
REGULARIZERS = ["reg1", "reg2", "reg3", "tf.no_regularizer"]
PARTITIONERS = [
    "tf.fixed_size_partitioner(1)",
    "tf.fixed_size_partitioner(2)",
    "tf.fixed_size_partitioner(3, axis=1)",
    "tf.variable_axis_size_partitioner(8)",
    "tf.min_max_variable_partitioner(3, min_slice_size=4)",
    "lambda shape, dtype: [1, 1]",
]
ODD_PARTITIONERS = ["3", "lambda shape, dtype: [2, 2]", "lambda **k: 'x'"]
DEVICES = ["'/gpu:0'", "'/job:a'", "None", "'/cpu:0'", "lambda op: '/job:b'", "''"]
COLLECTIONS = [
    "tf.GraphKeys.GLOBAL_VARIABLES",
    "tf.GraphKeys.TRAINABLE_VARIABLES",
    "tf.GraphKeys.LOCAL_VARIABLES",
    "'mine'",
    "tf.GraphKeys.REGULARIZATION_LOSSES",
    "tf.GraphKeys.MODEL_VARIABLES",
    "tf.GraphKeys.WEIGHTS",
]
PATTERNS = ["'a'", "'a/'", "'.*w'", "'^net'", "''", "'b|w'", "'('"]

HEADER = """
calls = []
def init1(shape, dtype=None, partition_info=None):
  return tf.fill(shape, tf.cast(3, dtype))
def reg1(w):
  return tf.reduce_sum(w) * 0.5
def reg2(w):
  return tf.constant(0.25, name='penalty')
def reg3(w):
  return None
def con1(w):
  return tf.maximum(w, 0.0)
def get1(getter, name, *args, **kwargs):
  calls.append((name, kwargs['reuse'], kwargs['trainable'], kwargs['use_resource']))
  return getter(name, *args, **kwargs)
def get2(getter, name, *args, **kwargs):
  return getter(name + '_g', *args, **kwargs)
def get3(getter, name, *args, **kwargs):
  return tf.identity(getter(name, *args, **kwargs), name='got')
def get4(getter, name, *args, **kwargs):
  kwargs['trainable'] = False
  return getter(name, *args, **kwargs)
def get5(getter, name, shape=None, *args, **kwargs):
  calls.append((name, shape, kwargs['partitioner'] is None))
  return getter('five/' + name, shape, *args, **kwargs)
def net0(x):
  with tf.variable_scope('in', reuse=tf.AUTO_REUSE):
    tf.get_variable('u', [1], trainable=False)
  return x * tf.get_variable('w', [2], initializer=tf.ones_initializer())
def make1(next_creator, **kwargs):
  kwargs['trainable'] = False
  return next_creator(**kwargs)
def make2(next_creator, **kwargs):
  calls.append((kwargs['name'], kwargs['trainable'], sorted(kwargs)))
  return next_creator(**kwargs)
def make3(next_creator, **kwargs):
  kwargs['use_resource'] = True
  return next_creator(**kwargs)
def make4(next_creator, **kwargs):
  kwargs['name'] = 'made'
  return tf.identity(next_creator(**kwargs))
""".strip().split("\n")


class Program(object):
    """One program while it is written."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.oddness = self.random.choice([0.0, 0.02, 0.05, 0.15])
        self.rules = self.random.choice([0.0, 0.3, 0.6, 0.9])
        self.lines = list(HEADER)
        self.counts = {}
        self.known = {kind: [] for kind in [*FIRST, "n", "net", "f"]}
        self.depth = 0

    # -- drawing ---------------------------------------------------------------------

    def chance(self, share):
        return self.random.random() < share

    def pick(self, usual, odd=()):
        if odd and self.chance(self.oddness):
            return self.random.choice(odd)
        return self.random.choice(usual)

    def new(self, kind):
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return "%s%d" % (kind, self.counts[kind])

    def bind(self, kind, source):
        name = self.new(kind)
        self.say("%s = %s" % (name, source))
        self.known[kind].append(name)
        return name

    def old(self, kind, otherwise):
        """Something made before, mostly something new."""
        known = self.known[kind]
        if not known:
            return otherwise
        return known[-1] if self.chance(0.5) else self.random.choice(known)

    def say(self, line):
        for part in line.split("\n"):
            self.lines.append("  " * self.depth + part)

    def name(self):
        return repr(self.pick(NAMES, ODD_NAMES))

    def shape(self):
        return self.pick(SHAPES, ODD_SHAPES)

    def dtype(self):
        return self.pick(DTYPES[:1] * 4 + DTYPES, ODD_DTYPES)

    def value(self):
        return self.pick(VALUES, ODD_VALUES)

    def variable(self):
        return self.old("v", "tf.Variable(1.0)")

    def tensor(self):
        return self.old("t", "tf.constant(1.0)")

    def session(self):
        if not self.known["sess"]:
            self.bind("sess", "tf.Session()")
            self.say(
                "%s.run(tf.global_variables_initializer())" % self.known["sess"][-1]
            )
        return self.old("sess", "")

    def arguments(self, table):
        """Some keyword arguments of a table {name: (share, how)}."""
        chosen = []
        for key, (share, how) in table:
            if self.chance(share):
                chosen.append("%s=%s" % (key, how(self)))
        return chosen

    # -- blocks ----------------------------------------------------------------------

    def block(self, count):
        for _ in range(count):
            if self.depth < 4 and self.chance(0.28):
                self.with_block(count)
            else:
                self.statement()

    def with_block(self, count):
        kind, source = self.random.choice(MANAGERS)(self)
        if kind:
            name = self.new(kind)
            self.say("with %s as %s:" % (source, name))
            self.known[kind].append(name)
        else:
            self.say("with %s:" % source)
        self.indented(max(1, count // 2))

    def indented(self, count):
        self.depth += 1
        self.block(self.random.randint(1, count))
        self.depth -= 1

    def statement(self):
        draw = self.random.random()
        if self.chance(self.rules):
            rule(self)
        elif draw < 0.03 and self.depth < 3:
            self.say("for i%d in [0, 1]:" % self.depth)
            self.indented(3)
        elif draw < 0.05 and self.depth < 3:
            self.say("try:")
            self.indented(3)
            self.say("except Exception:\n  pass")
        else:
            self.random.choices(*STATEMENTS)[0](self)

    def text(self):
        return "\n".join(self.lines) + "\n"


# -- statements ------------------------------------------------------------------------

GET_VARIABLE = [
    ("dtype", (0.2, Program.dtype)),
    ("initializer", (0.45, lambda p: p.pick(INITIALIZERS, VALUES))),
    (
        "regularizer",
        (0.1, lambda p: p.pick(REGULARIZERS, ["3"])),
    ),
    ("trainable", (0.15, lambda p: p.pick(["True", "False"], ["None", "1"]))),
    (
        "collections",
        (
            0.08,
            lambda p: "[%s]" % p.pick(COLLECTIONS) if not p.chance(0.1) else "'abc'",
        ),
    ),
    ("caching_device", (0.03, lambda p: "'/cpu:0'")),
    (
        "partitioner",
        (
            0.06,
            lambda p: p.pick(PARTITIONERS, ODD_PARTITIONERS),
        ),
    ),
    ("validate_shape", (0.04, lambda p: "False")),
    ("use_resource", (0.15, lambda p: p.pick(["True", "False"]))),
    ("custom_getter", (0.06, lambda p: p.pick(GETTERS, ["3"]))),
    ("constraint", (0.05, lambda p: p.pick(["con1"], ["3"]))),
    (
        "synchronization",
        (
            0.03,
            lambda p: p.pick(
                [
                    "tf.VariableSynchronization.ON_READ",
                    "tf.VariableSynchronization.NONE",
                ],
                ["'auto'"],
            ),
        ),
    ),
    (
        "aggregation",
        (
            0.03,
            lambda p: p.pick(
                ["tf.VariableAggregation.MEAN", "tf.VariableAggregation.SUM"],
                ["'mean'"],
            ),
        ),
    ),
]


def get_variable(p):
    call = p.pick(["tf.get_variable"] * 12 + ["tf.get_local_variable"])
    parts = [p.name()]
    from_value = p.chance(0.12)
    if from_value:
        parts.append("initializer=" + p.value())
    elif p.chance(0.93):
        parts.append(p.shape())
    parts += [
        a
        for a in p.arguments(GET_VARIABLE)
        if not (from_value and a.startswith("initializer"))
        and not (
            call.endswith("local_variable")
            and a.startswith("trainable")
            and p.chance(0.5)
        )
    ]
    p.bind("v", "%s(%s)" % (call, ", ".join(parts)))


VARIABLE = [
    ("name", (0.4, Program.name)),
    ("dtype", (0.12, Program.dtype)),
    ("trainable", (0.12, lambda p: p.pick(["True", "False"]))),
    ("collections", (0.06, lambda p: "[%s]" % p.pick(COLLECTIONS))),
    ("caching_device", (0.02, lambda p: "'/cpu:0'")),
    ("validate_shape", (0.05, lambda p: "False")),
    ("use_resource", (0.15, lambda p: p.pick(["True", "False"]))),
    ("constraint", (0.04, lambda p: "con1")),
    ("expected_shape", (0.02, lambda p: p.shape())),
    ("shape", (0.03, lambda p: p.shape())),
]


def make_variable(p):
    value = p.pick(
        [p.value()] * 6
        + [
            "%s.initialized_value()" % p.variable(),
            "%s * 2.0" % p.variable(),
            p.tensor(),
        ]
    )
    p.bind("v", "tf.Variable(%s)" % ", ".join([value, *p.arguments(VARIABLE)]))


def make_tensor(p):
    a, b = p.old("v", p.tensor()), p.tensor()
    if p.chance(0.5):
        a, b = b, a
    name = ", name=%s" % p.name() if p.chance(0.4) else ""
    p.bind(
        "t",
        p.pick(
            [
                "tf.constant(%s%s)"
                % (
                    p.pick(["1.0", "[0.5, 2.0]", "[[1.0]]", "3", "'s'"], ODD_VALUES),
                    name,
                ),
                "%s + %s" % (a, b),
                "%s * 2.0" % a,
                "2.0 - %s" % a,
                "-%s" % a,
                "%s / %s" % (a, b),
                "%s[0]" % a,
                "tf.add(%s, %s%s)" % (a, b, name),
                "tf.multiply(%s, %s%s)" % (a, a, name),
                "tf.matmul(%s, %s%s)" % (a, b, name),
                "tf.identity(%s%s)" % (a, name),
                "tf.reduce_sum(%s%s)" % (a, name),
                "tf.reshape(%s, [-1]%s)" % (a, name),
                "tf.zeros(%s%s)" % (p.shape(), name),
                "tf.ones(%s%s)" % (p.shape(), name),
                "tf.fill(%s, 2.0%s)" % (p.shape(), name),
                "tf.range(3%s)" % name,
                "tf.convert_to_tensor(%s%s)" % (p.pick([a, p.value()]), name),
                "tf.cast(%s, %s)" % (a, p.dtype()),
                "tf.stack([%s, %s])" % (a, a),
                "tf.concat([%s, %s], 0)" % (a, b),
                "tf.zeros_like(%s)" % a,
                "tf.shape(%s)" % a,
                "tf.tanh(%s%s)" % (a, name),
                "tf.maximum(%s, 1.0%s)" % (a, name),
                "tf.transpose(%s)" % a,
                "tf.cond(tf.constant(True), lambda: %s, lambda: %s)" % (a, b),
                "tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0])",
                "tf.expand_dims(%s, %s)" % (a, p.pick(["0", "1", "-1"])),
                "tf.placeholder(tf.float32%s)" % name,
                "tf.is_variable_initialized(%s)" % p.variable(),
                "tf.equal(%s, %s)" % (a, b),
                "tf.squeeze(%s)" % a,
                "tf.tile(%s, [2])" % a,
                "tf.add_n([%s, %s])" % (a, a),
                "tf.get_variable_scope().name"
                if p.chance(0.02)
                else "tf.square(%s%s)" % (a, name),
                "tf.nn.relu(%s%s)" % (a, name),
                "tf.slice(%s, [0], [1])" % a,
                "tf.where(tf.less(%s, 2.0))" % a,
                "tf.random_uniform([2], seed=%d%s)" % (p.random.randint(0, 3), name),
                "tf.random_normal([2], seed=1)",
                "tf.unstack(%s)[0]" % a,
                "tf.split(%s, 2)[0]" % a,
            ]
        ),
    )


def assign(p):
    v = p.variable()
    value = p.pick([p.value()] * 3 + [p.tensor(), v, "0.5", "[1.0, 1.0]"])
    p.bind(
        "t",
        p.pick(
            [
                "tf.assign(%s, %s)" % (v, value),
                "%s.assign(%s)" % (v, value),
                "%s.assign_add(%s)" % (v, value),
                "%s.assign_sub(%s)" % (v, value),
                "tf.assign_add(%s, %s)" % (v, value),
                "tf.assign_sub(%s, %s, name=%s)" % (v, value, p.name()),
                "tf.assign(%s, %s, validate_shape=False)" % (v, value),
                "tf.assign(%s, %s, use_locking=%s)"
                % (v, value, p.pick(["True", "False"])),
                "tf.scatter_update(%s, [0], [5.0])" % v,
                "tf.scatter_add(%s, 0, 1.0)" % v,
                "%s.assign(%s, read_value=False)" % (v, value),
                "%s.count_up_to(3)" % v,
                "%s.scatter_sub(tf.IndexedSlices([1.0], [0]))" % v,
                "%s[0].assign(2.0)" % v,
                "%s.read_value()" % v,
                "%s.value()" % v,
                "%s.initialized_value()" % v,
                "tf.scatter_nd_update(%s, [[0]], [2.0])" % v,
            ]
        ),
    )


def look(p):
    v, t, s = p.variable(), p.tensor(), p.old("s", "tf.get_variable_scope()")
    key, pattern = p.pick(COLLECTIONS, ["None", "3"]), p.pick(PATTERNS)
    p.say(
        p.pick(
            [
                "[v.name for v in tf.global_variables()]",
                "[v.name for v in tf.trainable_variables()]",
                "[v.name for v in tf.local_variables()]",
                "[v.name for v in tf.model_variables()]",
                "[v.name for v in tf.global_variables(%s)]" % pattern,
                "tf.get_collection(%s)" % key,
                "tf.get_collection(%s, scope=%s)" % (key, pattern),
                "[v.name for v in %s.global_variables()]" % s,
                "[v.name for v in %s.trainable_variables()]" % s,
                "tf.get_variable_scope()",
                s,
                v,
                t,
                "%s.get_collection(%s)" % (s, key),
                "list(calls)",
                "tf.get_default_session()",
                "tf.losses.get_regularization_losses()",
                "tf.losses.get_regularization_loss()",
                "%s.initializer.type" % v,
                "%s.initial_value" % v,
                "%s.constraint" % v,
                "%s.op.control_inputs" % v,
                "%s.shape.as_list()" % v,
                "%s.get_shape().ndims" % v,
                "%s.dtype.base_dtype" % v,
                "%s.graph" % v,
                "%s == %s" % (v, p.variable()),
                "%s.op.get_attr('shape')" % v
                if p.chance(0.1)
                else "len(%s.op.inputs)" % v,
                "[o.name for o in %s.consumers()]" % t,
                "%s.device" % t,
                "str(%s)" % t,
                "str(%s)" % v,
                "tf.get_default_graph().get_operation_by_name(%s)" % p.name(),
                "tf.get_default_graph().get_tensor_by_name(%s)"
                % p.pick([p.name(), "%s.name" % v]),
                "tf.get_default_graph().as_graph_element(%s)"
                % p.pick([v, t, p.name(), "3", "%s.op.name" % v, "%s.op" % t]),
                "tf.get_default_graph().unique_name(%s)" % p.name(),
                "tf.get_default_graph().unique_name(%s, mark_as_used=False)" % p.name(),
                "tf.get_default_graph().version",
                "len(tf.get_default_graph().get_operations())",
                "tf.get_default_graph().is_feedable(%s)" % t,
                "tf.get_default_graph().is_fetchable(%s)" % t,
                "sorted(map(str, tf.get_default_graph().get_all_collection_keys()))",
                "%s.to_proto()" % v if p.chance(0.1) else "%s.trainable" % v,
                "%s.colocation_groups()" % ("%s.op" % v),
                "tf.report_uninitialized_variables()",
                "tf.report_uninitialized_variables([%s])" % v,
                "tf.assert_variables_initialized()",
                "tf.variables_initializer([%s])" % v,
                "tf.global_variables_initializer()",
                "tf.local_variables_initializer()",
                "tf.train.get_global_step()",
                "tf.train.get_or_create_global_step()",
                "tf.train.create_global_step()",
                "tf.get_variable_scope().original_name_scope",
                "%s.synchronization" % v,
                "hash(%s) == id(%s)" % (v, v),
                "tf.get_default_graph().seed",
                "tf.get_default_graph().finalized",
                "%s is %s" % (v, p.variable()),
                "bool(%s)" % v,
                "len(%s)" % t,
                "iter(%s)" % v,
                "%s.set_shape(%s)" % (t, p.shape()),
                "%s.op.type" % t,
                "isinstance(%s, tf.Variable)" % v,
                "tf.moving_average_variables()",
                "tf.all_variables()",
                "tf.initialize_all_variables()",
                "%s._shared_name" % v,
                "tf.add_check_numerics_ops"
                if p.chance(0.01)
                else "tf.global_variables() is tf.global_variables()",
            ]
        )
    )


def change(p):
    v, s = p.variable(), p.old("s", "tf.get_variable_scope()")
    key = p.pick(COLLECTIONS)
    p.say(
        p.pick(
            [
                "tf.get_variable_scope().reuse_variables()",
                "%s.reuse_variables()" % s,
                "tf.add_to_collection(%s, %s)" % (key, v),
                "tf.add_to_collections([%s, 'mine'], %s)" % (key, v),
                "tf.get_collection_ref(%s).append(%s)" % (key, v),
                "tf.get_default_graph().clear_collection(%s)" % key,
                "%s.set_initializer(%s)" % (s, p.pick(INITIALIZERS)),
                "%s.set_dtype(%s)" % (s, p.dtype()),
                "%s.set_use_resource(%s)" % (s, p.pick(["True", "False"])),
                "%s.set_regularizer(reg1)" % s,
                "%s.set_custom_getter(%s)" % (s, p.pick(GETTERS)),
                "%s.set_partitioner(tf.fixed_size_partitioner(2))" % s,
                "tf.set_random_seed(%d)" % p.random.randint(0, 9),
                "tf.reset_default_graph()" if p.chance(0.3) else "1 / 0",
                "raise ValueError('stop')",
                "tf.no_op(name=%s)" % p.name(),
                "%s.set_caching_device('/cpu:0')" % s,
                "tf.get_default_graph().finalize()"
                if p.chance(0.15)
                else "tf.group(%s)" % p.tensor(),
                "tf.get_default_graph().prevent_feeding(%s)" % p.tensor(),
                "%s.set_constraint(con1)" % s if p.chance(0.2) else "None",
            ]
        )
    )


def run(p):
    s, v, t = p.session(), p.variable(), p.tensor()
    p.say(
        p.pick(
            [
                "%s.run(%s)" % (s, v),
                "%s.run(%s)" % (s, t),
                "%s.run([%s, %s])" % (s, v, t),
                "%s.run({'k': %s})" % (s, v),
                "%s.run(tf.global_variables_initializer())" % s,
                "%s.run(tf.local_variables_initializer())" % s,
                "%s.run(%s.initializer)" % (s, v),
                "%s.eval(session=%s)" % (v, s),
                "%s.eval(session=%s)" % (t, s),
                "%s.eval()" % t,
                "%s.load(%s, %s)" % (v, p.pick(["1.0", "[1.0, 2.0]"], VALUES[:5]), s),
                "%s.run(%s.name)" % (s, v),
                "%s.run(%s, {%s: %s})"
                % (s, t, t, p.pick(["3.0", "[1.0, 2.0]"], ODD_VALUES[:7])),
                "%s.run(%s.op)" % (s, t),
                "%s.run(None)" % s,
                "%s.run([])" % s,
                "%s.run('nope:0')" % s,
                "%s.run(tf.report_uninitialized_variables())" % s,
                "%s.close()" % s if p.chance(0.3) else "%s.graph" % s,
                "%s.op.run(session=%s)" % (v, s),
                "%s.run((%s, (%s,)))" % (s, v, t),
                "%s.run(%s, feed_dict={%s: 2.0})" % (s, v, v),
                "%s.run(tf.is_variable_initialized(%s))" % (s, v),
                "%s.run(%s + 1.0)" % (s, v),
            ]
        )
    )


def define(p):
    name = p.new("net")
    inner = p.pick(
        [
            "w = tf.get_variable('w', [2], initializer=tf.ones_initializer())",
            "w = tf.get_variable('w', [2], initializer=tf.zeros_initializer(), trainable=False)",
            "w = tf.Variable([1.0, 2.0], name='w')",
            "with tf.variable_scope('a'):\n    w = tf.get_variable('w', [2])",
            "with tf.variable_scope(None, 'a'):\n    w = tf.get_variable('w', [2], initializer=tf.ones_initializer())",
            "with tf.variable_scope('a', reuse=tf.AUTO_REUSE):\n    w = tf.get_variable('w', [2], initializer=init1)",
            "w = tf.get_local_variable('w', [2])",
        ]
    )
    p.say("def %s(x):\n  %s\n  return x * w" % (name, inner))
    p.known["net"].append(name)
    if p.chance(0.6):
        parts = [repr(p.pick(["t", "a"], ODD_NAMES)), name]
        for more, share in (
            ("create_scope_now_=True", 0.3),
            ("unique_name_='u'", 0.2),
            ("custom_getter_=get1", 0.1),
        ):
            if p.chance(share):
                parts.append(more)
        p.bind("tmpl", "tf.make_template(%s)" % ", ".join(parts))


def call(p):
    kind = p.pick(["net", "tmpl"])
    if not p.known[kind]:
        return define(p)
    name = p.old(kind, "")
    if kind == "tmpl" and p.chance(0.3):
        return p.say(
            p.pick(
                [
                    "[v.name for v in %s.variables]",
                    "%s.variable_scope.name",
                    "%s.name",
                    "[v.name for v in %s.trainable_variables]",
                    "%s.var_scope.reuse",
                    "[v.name for v in %s.global_variables]",
                ]
            )
            % name
        )
    return p.bind(
        "t", "%s(%s)" % (name, p.pick(["[1.0, 2.0]", "2.0", "tf.ones([2])"], VALUES))
    )


def shapes(p):
    a, b = p.shape(), p.shape()
    p.say(
        p.pick(
            [
                "tf.TensorShape(%s)" % a,
                "tf.TensorShape(%s).merge_with(%s)" % (a, b),
                "tf.Dimension(%s)" % p.pick(["2", "None"], ["-1", "'3'", "2.5"]),
                "tf.TensorShape(%s).is_compatible_with(%s)" % (a, b),
                "tf.TensorShape(%s).concatenate(%s)" % (a, b),
                "tf.TensorShape(%s).with_rank(%d)" % (a, p.random.randint(0, 3)),
                "tf.TensorShape(%s)[0]" % a,
                "tf.TensorShape(%s)[1:]" % a,
                "tf.TensorShape(%s).as_list()" % a,
                "tf.TensorShape(%s) == tf.TensorShape(%s)" % (a, b),
                "tf.Dimension(6) // %s" % p.pick(["2", "None", "tf.Dimension(None)"]),
                "tf.Dimension(2) + %s" % p.pick(["2", "None"]),
                "tf.TensorShape(%s).num_elements()" % a,
                "tf.TensorShape(%s).assert_is_compatible_with(%s)" % (a, b),
                "tf.as_dtype(%s)" % p.dtype(),
                "%s.is_floating" % p.pick(DTYPES),
                "%s.max" % p.pick(DTYPES),
                "%s.as_numpy_dtype" % p.pick(DTYPES),
                "tf.Dimension(2) < %s" % p.pick(["3", "None"]),
                "bool(tf.TensorShape(%s))" % a,
                "tf.TensorShape(%s).dims" % a,
                "tf.broadcast_static_shape(tf.TensorShape(%s), tf.TensorShape(%s))"
                % (a, b),
            ]
        )
    )


STATEMENTS = [
    [
        get_variable,
        make_variable,
        make_tensor,
        assign,
        look,
        change,
        run,
        define,
        call,
        shapes,
    ],
    [26, 9, 12, 6, 16, 6, 9, 2, 5, 2],
]

# -- statements of single rules --------------------------------------------------------

# What stands for a thing of a kind while the program has made none.
FIRST = {
    "v": "tf.get_variable('first', [2])",
    "t": "tf.constant([1.0, 2.0])",
    "s": "tf.get_variable_scope()",
    "sess": "tf.Session()",
    "g": "tf.Graph()",
    "tmpl": "tf.make_template('t', net0)",
    "p": "tf.placeholder(tf.float32)",
    "o": "tf.train.Saver([tf.Variable([1.0, 2.0])])",
}
DRAWN = {
    "name": Program.name,
    "scope": lambda p: repr(p.pick(SCOPES, ODD_NAMES)),
    "shape": Program.shape,
    "dtype": Program.dtype,
    "value": Program.value,
    "init": lambda p: p.pick(INITIALIZERS, VALUES),
    "reg": lambda p: p.pick(REGULARIZERS, ["3"]),
    "partitioner": lambda p: p.pick(PARTITIONERS, ODD_PARTITIONERS),
    "getter": lambda p: p.pick(GETTERS, ["3"]),
    "reuse": lambda p: p.pick(REUSE, ["'yes'", "1", "0"]),
    "key": lambda p: p.pick(COLLECTIONS, ["None", "3"]),
    "pattern": lambda p: p.pick(PATTERNS),
    "bool": lambda p: p.pick(["True", "False"], ["None", "'no'"]),
    "device": lambda p: p.pick(DEVICES),
}
PLACE = re.compile(r"\{(new_)?([a-z]+)\}")


def rule(p):
    """Says one of the templates of ``rules.py``."""
    group = p.random.choices(*RULES)[0]
    template = p.random.choice(group)
    for new, kind in PLACE.findall(template):
        if not new and kind in FIRST and not p.known[kind]:
            p.bind(kind, FIRST[kind])
    for line in template.split("\n"):
        made = []

        def fill(place, made=made):
            kind = place.group(2)
            if place.group(1):
                made.append((kind, p.new(kind)))
                return made[-1][1]
            return p.old(kind, "") if kind in FIRST else DRAWN[kind](p)

        p.say(PLACE.sub(fill, line).replace("{{", "{").replace("}}", "}"))
        for kind, name in made:
            p.known[kind].append(name)


# -- context managers ------------------------------------------------------------------

SCOPE_ARGUMENTS = [
    ("reuse", (0.35, lambda p: p.pick(REUSE, ["'yes'", "1", "0"]))),
    ("initializer", (0.12, lambda p: p.pick(INITIALIZERS, ["2.0"]))),
    ("regularizer", (0.08, lambda p: p.pick(["reg1", "reg2", "tf.no_regularizer"]))),
    ("caching_device", (0.02, lambda p: "'/cpu:0'")),
    ("partitioner", (0.05, lambda p: "tf.fixed_size_partitioner(2)")),
    ("custom_getter", (0.07, lambda p: p.pick(GETTERS))),
    ("dtype", (0.08, Program.dtype)),
    ("use_resource", (0.1, lambda p: p.pick(["True", "False"]))),
    ("constraint", (0.04, lambda p: "con1")),
    ("auxiliary_name_scope", (0.07, lambda p: p.pick(["False", "True"], ["None"]))),
]


def variable_scope(p):
    kind = p.random.random()
    if kind < 0.6:
        first = [repr(p.pick(SCOPES, ODD_NAMES))]
    elif kind < 0.75:
        first = [p.old("s", "tf.get_variable_scope()")]
    elif kind < 0.85:
        first = ["None", p.pick(["'b'", "default_name='a'", "'a/b'"], ["None", "''"])]
    elif kind < 0.93:
        first = ["tf.get_variable_scope()"]
    else:
        first = [
            p.pick(["'a', 'b'", "'a', values=[%s]" % p.tensor()], ["3", "None", "b'a'"])
        ]
    return ("s" if p.chance(0.7) else None), "tf.variable_scope(%s)" % ", ".join(
        first + p.arguments(SCOPE_ARGUMENTS)
    )


def name_scope(p):
    t = p.tensor()
    return ("n" if p.chance(0.5) else None), p.pick(
        [
            "tf.name_scope(%s)" % repr(p.pick(SCOPES, ODD_NAMES)),
            "tf.name_scope(%s)" % repr(p.pick(SCOPES)),
            "tf.name_scope(None, 'd')",
            "tf.name_scope(%s, 'd', [%s])" % (p.pick(["'a'", "None"]), t),
            "tf.name_scope(None)",
            "tf.name_scope(%s.original_name_scope)"
            % p.old("s", "tf.get_variable_scope()"),
            "tf.name_scope('')",
            "tf.name_scope(%s)" % p.old("n", "'q/'"),
            "tf.get_default_graph().name_scope(%s)" % repr(p.pick(SCOPES, ODD_NAMES)),
        ]
    )


def other_manager(p):
    v, t = p.variable(), p.tensor()
    return None, p.pick(
        [
            "tf.control_dependencies([%s])" % t,
            "tf.control_dependencies([%s.op, %s])" % (v, t),
            "tf.control_dependencies(None)",
            "tf.device('/cpu:0')",
            "tf.device(None)",
            "tf.device('/job:localhost')",
            "tf.device(lambda op: '/cpu:0')",
            "tf.colocate_with(%s)" % v,
            "tf.colocate_with(None, ignore_existing=True)",
            "tf.init_scope()",
            "tf.container('box')",
            "tf.variable_creator_scope(%s)" % p.pick(["make1", "make2", "make3"]),
            "tf.get_default_graph().as_default()",
            "tf.get_default_graph().colocate_with(%s)" % t,
            "tf.control_dependencies([%s])" % p.pick(["3", "'a'", "None"]),
            "tf.device('/device:CPU:0')",
        ]
    )


def graph(p):
    if p.known["g"] and p.chance(0.5):
        return None, "%s.as_default()" % p.old("g", "")
    if p.chance(0.5):
        p.bind("g", "tf.Graph()")
        return None, "%s.as_default()" % p.known["g"][-1]
    return None, "tf.Graph().as_default()"


def session(p):
    if p.chance(0.6):
        p.session()
        return None, "%s.as_default()" % p.old("sess", "")
    return "sess", "tf.Session()"


MANAGERS = (
    [variable_scope] * 12 + [name_scope] * 4 + [other_manager] * 4 + [graph, session]
)


def program(seed):
    """The program of a seed."""
    made = Program(seed)
    if made.chance(0.3):
        made.say("tf.set_random_seed(%d)" % made.random.randint(0, 99))
    while len(made.lines) < len(HEADER) + 24:
        made.block(4)
    return made.text()


if __name__ == "__main__":
    sys.stdout.write(program(int(sys.argv[1])))
