"""Writes the signatures of TensorFlow 1.15.5's operations, one line each.

    python3.7 tests/conformance/record_signatures.py > scopetutor/engine/signatures.txt
    python3.7 tests/conformance/record_signatures.py --of-tests \
        > scopetutor/engine/testing/test_ops.txt

Run it under Python 3.7 with TensorFlow 1.15.5.  A line reads

    Name(input: type, ...) -> (output: type, ...) | attr: kind = default, ... | flags

where a type is a name of a data type (`float`), of an attribute (`T`), `N * T` for a
list whose length is the attribute N, or `Ref(...)` for something an operation changes in
place.  An attribute's kind is followed by `{allowed values}` and `>= minimum` where it
has them.  Flags: `stateful`, `aggregate`, `commutative`, `uninitialized` (takes a
variable that has no value yet), `removed N: why` (no longer available from GraphDef
version N).
"""

import sys

from tensorflow.core.framework import types_pb2
from tensorflow.python.framework import op_def_registry


def type_name(number):
    return types_pb2.DataType.Name(number)[3:].lower()


def argument(arg):
    if arg.type_list_attr:
        text = arg.type_list_attr
    else:
        text = arg.type_attr or type_name(arg.type)
        if arg.number_attr:
            text = "%s * %s" % (arg.number_attr, text)
    return "%s: %s" % (arg.name, "Ref(%s)" % text if arg.is_ref else text)


def value(kind, v):
    """A default value or a list of allowed ones, as a Python literal."""
    if kind.startswith("list("):
        inner = kind[5:-1]
        field = {
            "string": "s",
            "type": "type",
            "int": "i",
            "float": "f",
            "bool": "b",
            "shape": "shape",
            "tensor": "tensor",
        }[inner]
        return "[%s]" % ", ".join(scalar(inner, x) for x in getattr(v.list, field))
    field = {
        "string": "s",
        "type": "type",
        "int": "i",
        "float": "f",
        "bool": "b",
        "shape": "shape",
        "func": "func",
        "tensor": "tensor",
    }[kind]
    return scalar(kind, getattr(v, field))


def scalar(kind, x):
    if kind == "string":
        return repr(x.decode("utf-8"))
    if kind == "type":
        return type_name(x)
    if kind == "shape":
        return "?" if x.unknown_rank else "[%s]" % ", ".join(str(d.size) for d in x.dim)
    if kind == "func":
        return repr(x.name)
    if kind == "tensor":
        return repr(x.SerializeToString())
    return repr(x)


def attribute(attr):
    text = "%s: %s" % (attr.name, attr.type)
    if attr.HasField("allowed_values"):
        kind = attr.type if attr.type.startswith("list(") else "list(%s)" % attr.type
        text += " {%s}" % value(kind, attr.allowed_values)[1:-1]
    if attr.has_minimum:
        text += " >= %d" % attr.minimum
    if attr.HasField("default_value"):
        text += " = " + value(attr.type, attr.default_value)
    return text


def signature(op):
    flags = ["aggregate"] * op.is_aggregate + ["stateful"] * op.is_stateful
    flags += ["commutative"] * op.is_commutative
    flags += ["uninitialized"] * op.allows_uninitialized_input
    if op.deprecation.version:
        removed = op.deprecation.version, op.deprecation.explanation
        flags.append("removed %d: %s" % removed)
    return "%s(%s) -> (%s) | %s | %s" % (
        op.name,
        ", ".join(argument(a) for a in op.input_arg),
        ", ".join(argument(a) for a in op.output_arg),
        "; ".join(attribute(a) for a in op.attr),
        ", ".join(flags),
    )


def operations_of_tests(others):
    """Those that TensorFlow's own tests have for themselves."""
    from tensorflow.python.framework import test_ops  # registers them

    assert test_ops
    ops = op_def_registry.get_registered_ops()
    return {name: ops[name] for name in ops if name not in others}


def main():
    import tensorflow as tf  # registers the operations

    assert tf.__version__ == "1.15.5", tf.__version__
    assert tf.contrib.rnn  # contrib's operations of its own
    what = "The operations"
    ops = dict(op_def_registry.get_registered_ops())
    if "--of-tests" in sys.argv:
        what = "The operations of the tests"
        ops = operations_of_tests(ops)
    sys.stdout.write(
        "# %s of TensorFlow 1.15.5; written by "
        "tests/conformance/record_signatures.py, which explains a line.\n" % what
    )
    for name in sorted(ops):
        line = signature(ops[name]).rstrip(" |")
        sys.stdout.write(line + "\n")


main()
