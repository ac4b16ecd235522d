"""What a program does, as plain data: the same for TensorFlow and for scopetutor.

A program is a function of a file in ``programs/``: it takes `tf`, builds a graph, and
returns a dict.  Tensors in it are run in a new session after all variables were
initialized, plain values are kept as they are.  `observe` gives the operations that
were made (names, types, inputs, control inputs, attributes, types, shapes, devices,
colocation), the collections, the values, or the error.  Runs on Python 3.7 and later.
"""

import importlib.util
import inspect
import json
import math
import os
import re
import sys
import warnings

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
if HERE not in sys.path:
    sys.path.append(HERE)  # what programs share is in said.py
PROGRAMS = os.path.join(HERE, "programs")
GOLDEN = os.path.join(HERE, "golden")
LONGEST = 60  # elements of an array that are kept one by one


def areas():
    """The names of the files of programs."""
    return sorted(
        name[:-3]
        for name in os.listdir(PROGRAMS)
        if name.endswith(".py") and not name.startswith("_")
    )


def programs(area):
    """The programs of a file, by name."""
    path = os.path.join(PROGRAMS, area + ".py")
    spec = importlib.util.spec_from_file_location("programs_" + area, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {
        name: function
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and not name.startswith("_")
        and function.__module__ == module.__name__
    }


def observe(tf, program):
    """What a program does in a graph of its own, with the graph's seed set."""
    graph = tf.Graph()
    seen = {}
    with graph.as_default(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tf.set_random_seed(11)
        try:
            result = program(tf)
        except Exception as error:
            seen["error"] = failure(error)
            result = None
        seen["operations"] = [operation_line(op) for op in graph.get_operations()]
        seen["collections"] = {
            str(key): [item_text(item) for item in graph.get_collection(key)]
            for key in sorted(graph.collections, key=str)
            if isinstance(key, str)
        }
        if result is not None:
            try:
                seen["values"] = values_of(tf, result)
            except Exception as error:
                seen["error"] = failure(error)
    return without_chance(seen)


def without_chance(seen):
    """The same without names that are random, or counted in a process.

    Those of savers' temporary files, of the functions of datasets, of tables, and of
    queues.
    """
    text = json.dumps(seen)
    text = re.sub(r"_temp_[0-9a-f]{32}", "_temp_(random)", text)
    text = re.sub(r"hash_table_[0-9a-f]{8}-[-0-9a-f]{27}", "hash_table_(random)", text)
    text = re.sub(r"(__inference___backward_[\w<>]+?)_\d+_\d+", r"\1_(number)", text)
    text = re.sub(r"(__(?:inference|forward)_[\w<>]+)_\d+", r"\1_(number)", text)
    text = re.sub(r"config_proto='[^']*'", "config_proto='(settings)'", text)
    text = re.sub(r"'PartitionedCall-\d+'", "'PartitionedCall-(number)'", text)
    text = re.sub(r"Queue '_\d+_", "Queue '_(number)_", text)
    return json.loads(re.sub(r"_make_dataset_\w+", "_make_dataset_(hash)", text))


def failure(error):
    text = str(error).split("\n\nOriginal stack trace")[0]
    text = re.sub(r"TensorArray_\d+", "TensorArray_*", text)  # counted in a process
    return "%s: %s" % (type(error).__name__, first_lines(text))


def first_lines(text):
    """An error's own words: TensorFlow appends stacks and notes about devices."""
    lines = []
    for line in text.split("\n"):
        if (
            line.startswith(("\t [[", "Errors may have originated", "Input Source"))
            or not line
        ):
            break
        lines.append(line)
    return "\n".join(lines)


def values_of(tf, result):
    tensors = {k: value for k, value in result.items() if is_graph_element(tf, value)}
    values = {}
    if tensors:
        with tf.Session() as session:
            session.run(
                [tf.global_variables_initializer(), tf.local_variables_initializer()]
            )
            values = session.run(tensors)
    return {key: plain(values.get(key, result[key])) for key in sorted(result, key=str)}


def is_graph_element(tf, value):
    if isinstance(value, (list, tuple)):
        return any(is_graph_element(tf, item) for item in value)
    return isinstance(
        value, (tf.Tensor, tf.Operation, tf.SparseTensor, tf.IndexedSlices, tf.Variable)
    )


def plain(value):
    """A value that JSON can hold; long arrays as a summary."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in sorted(value.items(), key=str)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return array(np.asarray(value))
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, float):
        return number(value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return str(value)


def array(value):
    kind = value.dtype.name
    if value.dtype == object or value.dtype.kind in "SU":
        kind, flat = "string", [plain(item) for item in value.reshape(-1)]
    elif value.dtype.kind == "c":
        flat = [
            str(complex(round(x.real, 6), round(x.imag, 6))) for x in value.reshape(-1)
        ]
    elif value.dtype.kind == "f":
        flat = [number(float(x)) for x in value.reshape(-1)]
    else:
        flat = value.reshape(-1).tolist()
    seen = {"dtype": kind, "shape": list(value.shape)}
    if len(flat) <= LONGEST or kind == "string":
        seen["values"] = flat
    else:
        step = max(1, len(flat) // LONGEST)
        seen["some"] = flat[::step]
        if value.dtype.kind in "fiu":
            wide = value.astype(np.float64)
            seen["sums"] = [
                number(float(wide.sum())),
                number(float(np.abs(wide).sum())),
            ]
    return seen


def number(value):
    if math.isnan(value):
        return "nan"
    if value in (float("inf"), float("-inf")):
        return str(value)
    return float("%.9g" % value)


def item_text(item):
    name = getattr(item, "name", None)
    return "%s %s" % (kind_of(item), name) if name is not None else kind_of(item)


def kind_of(item):
    """What an item of a collection is: TensorFlow's own classes have private names."""
    kind = type(item).__name__
    if "Variable" in kind:
        return "Variable"
    return {"ABCMeta": "class", "EagerTensor": "Tensor"}.get(kind, kind)


def operation_line(op):
    inputs = ", ".join(t.op.name if t.value_index == 0 else t.name for t in op.inputs)
    text = "%s = %s(%s)" % (op.name, op.type, inputs)
    controls = sorted(c.name for c in op.control_inputs)
    if controls:
        text += " ^[%s]" % ", ".join(controls)
    text += " {%s}" % ", ".join("%s=%s" % item for item in attributes(op))
    text = re.sub(r"CustomGradient-\d+", "CustomGradient-*", text)  # counted, too
    outputs = ", ".join(
        "%s%s" % (t.dtype.name, shape_text(t.get_shape())) for t in op.outputs
    )
    text += " -> " + outputs
    if op.device:
        text += " @" + op.device
    groups = [group.decode() for group in op.colocation_groups()]
    if groups != ["loc:@" + op.name]:
        text += " #" + ",".join(sorted(groups))
    return text


def shape_text(shape):
    if shape.ndims is None:
        return "?"
    return "[%s]" % ",".join(
        "?" if d.value is None else str(d.value) for d in shape.dims
    )


# -- attributes: of TensorFlow's messages, and of scopetutor's plain values ------------


def attributes(op):
    if hasattr(op, "_attrs"):
        found = plain_attributes(op)
    else:
        found = {key: message_text(value) for key, value in op.node_def.attr.items()}
    return sorted(
        (key, text)
        for key, text in found.items()
        if key not in ("_class", "T", "Tidx", "dtype", "N")
    )


def message_text(value):
    from tensorflow.python.framework import dtypes, tensor_util

    kind = value.WhichOneof("value")
    if kind is None:
        return "[]"
    if kind == "list":
        return "[%s]" % ", ".join(list_texts(value.list))
    one = getattr(value, kind)
    if kind == "type":
        return dtypes.as_dtype(one).name
    if kind == "shape":
        return proto_shape(one)
    if kind == "tensor":
        return tensor_text(tensor_util.MakeNdarray(one))
    if kind == "func":
        return function_text(one.name)
    return scalar_text(kind, one)


def list_texts(message):
    from tensorflow.python.framework import dtypes

    for field in ("s", "i", "f", "b"):
        if getattr(message, field):
            return [scalar_text(field, item) for item in getattr(message, field)]
    if message.type:
        return [dtypes.as_dtype(item).name for item in message.type]
    if message.func:
        return [function_text(item.name) for item in message.func]
    return [proto_shape(item) for item in message.shape]


def proto_shape(shape):
    if shape.unknown_rank:
        return "?"
    return "[%s]" % ",".join("?" if d.size < 0 else str(d.size) for d in shape.dim)


def function_text(name):
    """The name of a function; those of branches and loops are counted in a process."""
    return re.sub(r"_(true|false|branch\d+|cond|body|grad)_\d+", r"_\1_(number)", name)


def scalar_text(kind, value):
    if kind == "s":
        return repr(value.decode("latin-1"))
    if kind == "f":
        return "%.8g" % float(np.float32(value))
    if kind == "b":
        return str(bool(value))
    return str(value)


def tensor_text(value):
    seen = array(np.asarray(value))
    values = seen["values"] if "values" in seen else seen["some"]
    return "%s%s %s" % (seen["dtype"], seen["shape"], values)


def plain_attributes(op):
    kinds = {key: item.kind for key, item in op._definition.attributes.items()}
    return {
        key: plain_text(kinds.get(key, undeclared_kind(value)), value)
        for key, value in op._attrs.items()
    }


def undeclared_kind(value):
    """The kind of an attribute that the type of operation does not speak of."""
    if isinstance(value, bool):
        return "bool"
    return "int" if isinstance(value, int) else "string"


def plain_text(kind, value):
    if kind.startswith("list("):
        return "[%s]" % ", ".join(plain_text(kind[5:-1], item) for item in value)
    if kind == "type":
        return value.name
    if kind == "shape":
        if value is None:
            return "?"
        return "[%s]" % ",".join("?" if size is None else str(size) for size in value)
    if kind == "tensor":
        return tensor_text(value.array)
    if kind == "func":
        return function_text(str(value))
    letter = {"string": "s", "float": "f", "bool": "b", "int": "i"}[kind]
    if letter == "s":
        value = value if isinstance(value, bytes) else str(value).encode("utf-8")
    return scalar_text(letter, value)
