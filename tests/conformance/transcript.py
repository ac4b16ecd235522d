"""Runs a program statement by statement and writes down everything that can be seen.

The same file serves TensorFlow 1.15.5 (Python 3.7, when golden files are recorded) and
scopetutor (when they are replayed).  A program is Python source that sees `tf`, `np`
and `tmp`, a folder of its own.  Each simple statement is guarded: its exception is written down and the next
statement runs, except inside a `try`, where it travels through the `with` blocks to
that `try`.  A transcript is a list of lines `number: what = text`.
"""

import ast
import re
import shutil
import sys
import tempfile
import warnings

MOST = 30  # items of a list that are looked at

# What differs between machines, runs, Python versions or NumPy versions.
_NOISE = [
    (re.compile(pattern, re.DOTALL), new)
    for pattern, new in [
        (r"\n\nOriginal stack trace for .*", ""),
        (r"\n\nErrors may have originated from an input operation\..*", ""),
        (r"([Oo]riginally defined at:).*", r"\1"),
        (r"\n?\s*\[\[\{*(?:node )?.*?\]\]", ""),
        (r" \(defined at [^)]*\)", ""),
        (r"(variable was uninitialized\.) Not found: .*", r"\1"),
        (r"0x[0-9a-fA-F]+", "0x"),
        (r"(?:[\w<>]+\.)+([\w<>]+) (object )?at 0x", r"\1 at 0x"),
        (r"<class '(?:\w+\.)*(\w+)'>", r"<class '\1'>"),
        (r"^(?:[\w<>]+\.)+([\w<>]+\(\) (?:got|takes|missing))", r"\1"),
        (r"(expected string or bytes-like object), got .*", r"\1"),
        (r"np\.\w+\(([^()]*)\)", r"\1"),
        (r"__init__\(\) (got an unexpected|missing|takes)", r"\1"),
        (r"[\w/.:~\\-]*transcript_\w+", "<tmp>"),
    ]
]


def clean(text):
    for pattern, new in _NOISE:
        text = pattern.sub(new, text)
    return text.rstrip()


class Transcript(object):
    """Runs one program; `lines` is what was seen."""

    def __init__(self, tf):
        import numpy as np

        self.lines = []
        self._tf = tf
        self._folder = tempfile.mkdtemp(prefix="transcript_")
        self._names = {"tf": tf, "np": np, "tmp": self._folder}
        self._known = {}  # id -> (object, where it was seen first)

    def run(self, source):
        self._tf.reset_default_graph()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._block(ast.parse(source).body, True)
                self._look_at_graph()
        finally:
            close_all(self._names)
            shutil.rmtree(self._folder, ignore_errors=True)

    def _say(self, line, what, text):
        self.lines.append("%s: %s = %s" % (line, what, text))

    # -- running -----------------------------------------------------------------------

    def _block(self, body, guarded):
        for node in body:
            if isinstance(node, ast.With):
                self._with(node, guarded)
            elif isinstance(node, ast.For):
                for value in ast.literal_eval(node.iter):
                    self._names[node.target.id] = value
                    self._block(node.body, guarded)
            elif isinstance(node, ast.Try):
                try:
                    self._block(node.body, False)
                except Exception as error:
                    self._error(node.lineno, error)
            else:
                self._statement(node, guarded)

    def _statement(self, node, guarded):
        try:
            if isinstance(node, ast.Expr):
                value = self._value(node.value)
                self._see(node.lineno, "value", value)
                return
            exec(compile(module([node]), "<program>", "exec"), self._names)
        except Exception as error:
            self._error(node.lineno, error)
            if not guarded:
                raise
            return
        if isinstance(node, ast.Assign):
            for target in ast.walk(node.targets[0]):
                if isinstance(target, ast.Name):
                    self._see(node.lineno, target.id, self._names[target.id])

    def _value(self, node):
        return eval(compile(ast.Expression(node), "<program>", "eval"), self._names)

    def _with(self, node, guarded):
        item, line = node.items[0], node.lineno
        try:
            manager = self._value(item.context_expr)
            leave = type(manager).__exit__
            entered = type(manager).__enter__(manager)
        except Exception as error:
            self._error(line, error)
            self._where(line)
            if not guarded:
                raise
            return
        if item.optional_vars is not None:
            self._names[item.optional_vars.id] = entered
        self._see(line, "entered", entered)
        self._where(line)
        try:
            self._block(node.body, guarded)
        except Exception:
            swallowed = leave(manager, *sys.exc_info())
            self._where(line)
            if not swallowed:
                raise
            return
        try:
            leave(manager, None, None, None)
        except Exception as error:
            self._error(line, error)
            if not guarded:
                raise
        self._where(line)

    # -- looking -----------------------------------------------------------------------

    def _error(self, line, error):
        self._say(line, "error", "%s: %s" % (type(error).__name__, clean(str(error))))

    def _where(self, line):
        tf = self._tf
        for what, read in (
            ("scope", lambda: tf.get_variable_scope().name),
            ("reuse", lambda: tf.get_variable_scope().reuse),
            ("names", lambda: tf.get_default_graph().get_name_scope()),
            ("graph", lambda: self._identity(tf.get_default_graph(), "graph")),
        ):
            self._read(line, "in " + what, read)

    def _read(self, line, what, read):
        try:
            text = clean(str(read()))
        except Exception as error:
            text = "raises %s: %s" % (type(error).__name__, clean(str(error)))
        self._say(line, what, text)

    def _identity(self, value, where):
        known = self._known.get(id(value))
        if known is None:
            self._known[id(value)] = (value, where)
            return "new"
        return "the one of " + known[1]

    def _see(self, line, what, value):
        tf = self._tf
        if value is None or isinstance(value, (bool, int, str, bytes)):
            self._say(line, what, clean(repr(value)))
        elif isinstance(value, float):
            self._say(line, what, "%.6g" % value)
        elif isinstance(value, dict):
            for key in list(value)[:MOST]:
                self._see(line, "%s[%r]" % (what, key), value[key])
        elif type(value) in (list, tuple):
            self._say(line, what, "%s of %d" % (type(value).__name__, len(value)))
            for index, item in enumerate(value[:MOST]):
                self._see(line, "%s[%d]" % (what, index), item)
        elif type(value).__module__ == "numpy":
            self._array(line, what, value)
        elif isinstance(value, (tf.TensorShape, tf.Dimension, tf.DType)):
            self._say(line, what, "%s %r" % (value, value))
        else:
            self._object(line, what, value)

    def _array(self, line, what, value):
        flat = value.reshape(-1).tolist()[:MOST]
        shown = " ".join("%.5g" % x if isinstance(x, float) else str(x) for x in flat)
        self._say(line, what, "%s %s: %s" % (value.dtype, tuple(value.shape), shown))

    def _object(self, line, what, value):
        tf = self._tf
        kinds = (
            ("variable", tf.Variable, _VARIABLE),
            ("tensor", tf.Tensor, _TENSOR),
            ("operation", tf.Operation, _OPERATION),
            ("scope", tf.VariableScope, _SCOPE),
            ("graph", tf.Graph, ()),
            ("session", tf.Session, ()),
        )
        for kind, cls, fields in kinds:
            if isinstance(value, cls):
                break
        else:
            kind, fields = "object", ()
        where = "%s %s" % (line, what)
        self._say(line, what, "%s, %s" % (kind, self._identity(value, where)))
        for field, read in fields:
            self._read(line, "%s.%s" % (what, field), lambda read=read: read(value))

    def _look_at_graph(self):
        tf = self._tf
        graph = tf.get_default_graph()
        for op in graph.get_operations():
            self._say("end", op.name, operation_text(op))
        for key in sorted(map(str, graph.get_all_collection_keys())):
            if not key.startswith("("):
                items = [
                    getattr(i, "name", type(i).__name__)
                    for i in graph.get_collection(key)
                ]
                self._say("end", "collection " + key, items)
        self._where("end")


def module(body):
    try:
        return ast.Module(body, [])
    except TypeError:  # Python 3.7
        return ast.Module(body)


def close_all(names):
    """Ends the sessions that a program left open."""
    for value in names.values():
        if hasattr(value, "close") and hasattr(value, "partial_run"):
            value.close()


def operation_text(op):
    controls = sorted(control.name for control in op.control_inputs)
    shown = "%s(%s)" % (op.type, ", ".join(taken.name for taken in op.inputs))
    if controls:
        shown += " after " + ", ".join(controls)
    shown += " -> " + ", ".join("%s %s" % (t.dtype.name, t.shape) for t in op.outputs)
    if op.device:
        shown += " on " + op.device
    groups = sorted(group.decode() for group in op.colocation_groups())
    if groups != ["loc:@" + op.name]:
        shown += " with " + ", ".join(groups)
    for attribute in (
        "container",
        "shared_name",
        "seed",
        "seed2",
        "validate_shape",
        "use_locking",
    ):
        try:
            value = op.get_attr(attribute)
        except ValueError:
            continue
        if value not in (b"", 0):
            shown += " %s=%s" % (attribute, value)
    return shown


def _named(item):
    return None if item is None else item.name


_VARIABLE = (
    ("name", lambda v: v.name),
    ("op", lambda v: "%s %s" % (v.op.name, v.op.type)),
    ("dtype", lambda v: v.dtype),
    ("shape", lambda v: v.shape),
    ("trainable", lambda v: v.trainable),
    ("repr", repr),
    ("device", lambda v: v.device),
    ("initializer", lambda v: _named(v.initializer)),
    ("initial_value", lambda v: _named(v.initial_value)),
    ("value", lambda v: _named(v.value()) if v.op.type == "VariableV2" else ""),
    ("constraint", lambda v: v.constraint is None),
    ("synchronization", lambda v: v.synchronization),
    ("aggregation", lambda v: v.aggregation),
    (
        "collections",
        lambda v: sorted(
            key
            for key in v.graph.get_all_collection_keys()
            if any(item is v for item in v.graph.get_collection(key))
        ),
    ),
)
_TENSOR = (
    ("name", lambda t: t.name),
    ("op", lambda t: "%s %s" % (t.op.name, t.op.type)),
    ("dtype", lambda t: t.dtype),
    ("shape", lambda t: t.shape),
    ("repr", repr),
    ("inputs", lambda t: [taken.name for taken in t.op.inputs]),
)
_OPERATION = (
    ("name", lambda o: o.name),
    ("type", lambda o: o.type),
    ("repr", repr),
    ("inputs", lambda o: [taken.name for taken in o.inputs]),
    ("controls", lambda o: sorted(control.name for control in o.control_inputs)),
)
_SCOPE = (
    ("name", lambda s: s.name),
    ("original_name_scope", lambda s: s.original_name_scope),
    ("reuse", lambda s: s.reuse),
    ("dtype", lambda s: s.dtype),
    ("use_resource", lambda s: s.use_resource),
    ("initializer", lambda s: type(s.initializer).__name__),
    ("regularizer", lambda s: s.regularizer is None),
    ("caching_device", lambda s: s.caching_device),
    ("partitioner", lambda s: s.partitioner is None),
    ("custom_getter", lambda s: s.custom_getter is None),
    ("constraint", lambda s: s.constraint is None),
)


def transcript(tf, source):
    """What a program shows under the module `tf`."""
    found = Transcript(tf)
    found.run(source)
    return found.lines
