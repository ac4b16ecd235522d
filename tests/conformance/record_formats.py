"""Record what TensorFlow 1.15.5 does with files, as golden files for tests/formats.

Run it with a Python 3.7 that has TensorFlow 1.15.5 and protobuf 3.20 with its C++
core (the tests never do):

    python3.7 tests/conformance/record_formats.py            # rewrite golden files
    python3.7 tests/conformance/record_formats.py messages   # only one group
    python3.7 tests/conformance/record_formats.py --verify FOLDER

``--verify`` reads with TensorFlow what ``python -m tests.formats.written FOLDER``
wrote with scopetutor, and records the outcome in ``golden/verified.json``.

Golden files are facts: no result in them is typed in by hand.
"""

import glob
import gzip
import hashlib
import json
import os
import shutil
import sys
import tempfile
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from google.protobuf import text_format  # noqa: E402
from google.protobuf.internal import api_implementation  # noqa: E402

tf.get_logger().setLevel("ERROR")
assert tf.__version__ == "1.15.5" and api_implementation.Type() == "cpp"

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(os.path.dirname(HERE), "formats", "golden")


def save_json(name, value):
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=True)
    save_bytes(name, text.encode())


def save_bytes(name, data):
    """Write a golden file; a name in .gz is compressed, always the same way."""
    path = os.path.join(GOLDEN, name)
    if not os.path.isdir(os.path.dirname(path)):
        os.makedirs(os.path.dirname(path))
    if name.endswith(".gz"):
        data = gzip.compress(data, 9)
        data = data[:4] + b"\0\0\0\0" + data[8:]
    with open(path, "wb") as f:
        f.write(data)


# -- messages ---------------------------------------------------------------


def pb2_modules():
    from tensorflow.core.example import example_pb2
    from tensorflow.core.framework import summary_pb2, variable_pb2
    from tensorflow.core.protobuf import (
        config_pb2,
        control_flow_pb2,
        meta_graph_pb2,
        queue_runner_pb2,
        saved_model_pb2,
        tensor_bundle_pb2,
        trackable_object_graph_pb2,
    )
    from tensorflow.core.util import event_pb2, saved_tensor_slice_pb2
    from tensorflow.python.training import checkpoint_state_pb2

    return [
        meta_graph_pb2, saved_model_pb2, variable_pb2, config_pb2, control_flow_pb2,
        queue_runner_pb2, tensor_bundle_pb2, event_pb2, saved_tensor_slice_pb2,
        example_pb2, checkpoint_state_pb2, trackable_object_graph_pb2, summary_pb2,
    ]


# not in files, and nothing a program of the time builds
LEFT_OUT = {
    "CallableOptions", "TensorConnection", "WatchdogConfig", "WorkerHeartbeatRequest",
    "WorkerHeartbeatResponse",
}


def all_descriptors():
    """Full name -> descriptor of every message the modules reach."""
    found = {}

    def visit(descriptor):
        if descriptor.full_name in found or descriptor.GetOptions().map_entry:
            return
        found[descriptor.full_name] = descriptor
        for field in descriptor.fields:
            inner = field.message_type
            if inner is not None:
                visit(inner)
                for entry_field in inner.fields:
                    if entry_field.message_type is not None:
                        visit(entry_field.message_type)
        for nested in descriptor.nested_types:
            visit(nested)

    for module in pb2_modules():
        for name, descriptor in module.DESCRIPTOR.message_types_by_name.items():
            if name not in LEFT_OUT:
                visit(descriptor)
    return found


KINDS = {
    1: "double", 2: "float", 3: "int64", 4: "uint64", 5: "int32", 7: "fixed32",
    8: "bool", 9: "string", 11: "message", 12: "bytes", 13: "uint32", 14: "enum",
    18: "sint64",
}


def short(name):
    return name.replace("google.protobuf.", "").replace("tensorflow.", "")


def type_of(field):
    inner = field.message_type or field.enum_type
    return short(inner.full_name) if inner else KINDS[field.type]


def describe(field):
    """One field as [number, name, type, many, oneof]."""
    many, kind = "*" if field.label == field.LABEL_REPEATED else "", type_of(field)
    if field.message_type and field.message_type.GetOptions().map_entry:
        pair = field.message_type.fields_by_name
        kind, many = "{%s %s}" % (type_of(pair["key"]), type_of(pair["value"])), ""
    oneof = field.containing_oneof.name if field.containing_oneof else ""
    return [field.number, field.name, kind, many, oneof]


def record_descriptors():
    messages, enums = {}, {}
    for name, descriptor in all_descriptors().items():
        assert descriptor.file.syntax == "proto3", name
        messages[short(name)] = sorted(describe(f) for f in descriptor.fields)
        for field in descriptor.fields:
            if field.enum_type:
                values = [[v.name, v.number] for v in field.enum_type.values]
                enums[short(field.enum_type.full_name)] = values
    save_json("messages/descriptors.json", {"messages": messages, "enums": enums})


# One program a line: statements, the last one an expression. What it gives, or
# the error, is recorded; the test runs the same line with scopetutor's classes.
MESSAGE_PROGRAMS = r"""
NodeDef().name
n = NodeDef(name="a"); n.name = b"x"; n.name
n = NodeDef(); n.name = 3; n
n = NodeDef(); n.name = "\u00e9"; str(n), to_text(n)
n = NodeDef(); n.name = b"\xff"; n
NodeDef(foo=3)
n = NodeDef(); n.foo = 3; n
NodeDef().foo
n = NodeDef(); n.attr = 3; n
n = NodeDef(); n.input = ["a"]; n
a = AttrValue(); a.tensor = 3; a
a = AttrValue(); a.i = 1.5; a
a = AttrValue(); a.i = True; a.i
a = AttrValue(); a.i = 1 << 63; a
a = AttrValue(); a.i = -1 << 63; a
a = AttrValue(); a.i = "3"; a
a = AttrValue(); a.f = "3"; a
a = AttrValue(); a.f = 3; a.f
a = AttrValue(); a.f = 0.1; a.f
a = AttrValue(); a.f = 1e40; a.f
a = AttrValue(); a.f = -0.0; a
a = AttrValue(f=float("nan")); a == a
a = AttrValue(); a.b = 2; a.b
a = AttrValue(); a.b = "x"; a
a = AttrValue(); a.s = "x"; a
a = AttrValue(); a.s = b"\x00\xff'\"\\\n\t"; a
a = AttrValue(); a.type = "DT_FLOAT"; a
a = AttrValue(); a.type = 999; a
a = AttrValue(); a.type = 1; a.i = 2; a
a = AttrValue(); a.type = 0; a.HasField("type"), a
a = AttrValue(); a.HasField("tensor")
a = AttrValue(); a.HasField("foo")
NodeDef().HasField("name")
NodeDef().HasField("attr")
AttrValue().HasField("value")
a = AttrValue(i=0); a.HasField("value"), a.SerializeToString()
a = AttrValue(); a.tensor.dtype; a.HasField("tensor"), a.ByteSize()
a = AttrValue(); a.tensor.dtype = 0; a.HasField("tensor"), a.SerializeToString()
a = AttrValue(); a.tensor.tensor_shape.dim.add(); a.HasField("tensor")
a = AttrValue(); a.tensor.SetInParent(); a.HasField("tensor"), a
a = AttrValue(); t = a.tensor; t.tensor_shape.dim.extend([]); a.HasField("tensor")
a = AttrValue(); x = a.tensor; y = a.tensor; x.dtype = 1; y.dtype
a = AttrValue(); a.tensor.float_val.extend([1, 2]); a
a = AttrValue(); a.tensor.CopyFrom(TensorProto(dtype=3)); a
a = AttrValue(); a.WhichOneof("value")
a = AttrValue(); a.WhichOneof("foo")
a = AttrValue(); a.list.i.append(1); a.WhichOneof("value")
a = AttrValue(); a.i = 3; x = a.list.i; x.append(1); a.WhichOneof("value"), a.i
a = AttrValue(); a.i = 3; x = a.list.i; a.WhichOneof("value")
a = AttrValue(); a.list.i.append(3); a.tensor.dtype = 1; a
a = AttrValue(i=3); a.ClearField("i"); a.WhichOneof("value")
a = AttrValue(i=3); a.ClearField("value"); a.i
a = AttrValue(i=3); a.ClearField("foo")
a = AttrValue(i=3); a.Clear(); a
n = NodeDef(name="a", input=["b"]); n.ClearField("input"); n
AttrValue(i=3) == AttrValue(i=3), AttrValue(i=3) == 3, AttrValue(i=3) != AttrValue(i=4)
a = AttrValue(); t = a.tensor; t.float_val.extend([]); a.HasField("tensor")
AttrValue(i=0) == AttrValue(), AttrValue() == NodeDef()
hash(AttrValue())
bool(NodeDef()), NodeDef() is None
AttrValue(shape=dict(unknown_rank=True))
AttrValue(shape=TensorShapeProto(unknown_rank=True))
AttrValue(shape=TensorShapeProto())
AttrValue(shape=None).WhichOneof("value")
AttrValue(list=dict(i=[1, 2]))
AttrValue(list=AttrValue.ListValue(s=[b"a", b""], f=[0.5], b=[True, False]))
NodeDef(attr={"a": AttrValue(i=3)})
NodeDef(attr={"a": 3})
NodeDef(name=None, attr=None)
NodeDef("a")
NodeDef(input="ab").input
NodeDef(input=[1])
n = NodeDef(); n.attr["a"] = AttrValue(i=3); n
n = NodeDef(); n.attr["a"].i = 3; n.attr["a"].i, "a" in n.attr, len(n.attr)
n = NodeDef(); n.attr["a"]; n
n = NodeDef(); n.attr.get("a"), n
n = NodeDef(); n.attr[3]
n = NodeDef(); n.attr["b"].i = 1; n.attr["a"].i = 2; n
n = NodeDef(); n.attr["b"].i = 1; del n.attr["b"]; len(n.attr)
n = NodeDef(); del n.attr["b"]; n
n = NodeDef(); n.attr["b"].i = 1; n.attr.clear(); len(n.attr)
n = NodeDef(); n.attr["b"].i = 1; n.attr.pop("b")
n = NodeDef(); n.attr["b"].CopyFrom(AttrValue(i=3)); sorted(n.attr.items())
n = NodeDef(); n.attr.get_or_create("z").i = 3; list(n.attr)
n = NodeDef(); n.attr["a"].i = 3; m = NodeDef(); m.attr.MergeFrom(n.attr); m
n = NodeDef(); n.attr["a"].i = 3; m = NodeDef(); m.attr["a"].f = 2; m.MergeFrom(n); m
n = NodeDef(); n.attr["a"].i = 3; [k for k in n.attr], [v.i for v in n.attr.values()]
c = ConfigProto(device_count={"CPU": 2}); c.device_count["CPU"]
c = ConfigProto(); c.device_count["CPU"] = 2; c
c = ConfigProto(); c.device_count["CPU"]; len(c.device_count), c
c = ConfigProto(); c.device_count[""] = 0; c, to_text(c), c.SerializeToString()
c = ConfigProto(); c.device_count["CPU"] = "x"; c
c = ConfigProto(); c.device_count.update({"a": 1}); c
g = GraphDef(); n = g.node.add(); n.name = "a"; g
g = GraphDef(); g.node.add(name="a", op="b"); g
g = GraphDef(); n = NodeDef(name="a"); g.node.extend([n]); n.name = "b"; g
g = GraphDef(); n = NodeDef(name="a"); g.node.append(n); n.name = "b"; g
g = GraphDef(node=[NodeDef(name="a"), dict(name="b")]); g
g = GraphDef(); g.node[0] = NodeDef(); g
g = GraphDef(); g.node.append(3)
g = GraphDef(); g.node = [NodeDef()]; g
g = GraphDef(); g.node.add(name="a"); g.node.add(name="b"); del g.node[:]; len(g.node)
g = GraphDef(); g.node.add(name="a"); g.node.add(name="b"); del g.node[0]; g
g = GraphDef(); x = g.node.add(name="a"); g.node.add(name="b"); g.node.remove(x); g
g = GraphDef(); g.node.add(name="a"); g.node.remove(NodeDef(name="a")); len(g.node)
g = GraphDef(node=[dict(name="b"), dict(name="a")]); g.node.sort(key=lambda n: n.name); g
g = GraphDef(node=[dict(name="b"), dict(name="a")]); x = g.node.pop(); x.name, len(g.node)
g = GraphDef(node=[dict(name="b"), dict(name="a")]); g.node.reverse(); g
g = GraphDef(node=[dict(name="b")]); g.node.insert(0, NodeDef(name="z")); g
g = GraphDef(node=[dict(name="b")]); g.node, g.node[:], g.node[-1]
g = GraphDef(); g.versions.producer = 134; g
g = GraphDef(); g.library.function.add().signature.name = "f"; g
g = GraphDef(); g.HasField("versions"), g.HasField("library")
n = NodeDef(); n.input.append("a"); n.input.extend(["b", "c"]); n.input
n = NodeDef(); n.input.append(3)
n = NodeDef(input=["a", "b"]); n.input[0] = "z"; n.input
n = NodeDef(input=["a", "b"]); n.input[:] = ["q"]; n.input
n = NodeDef(input=["a", "b"]); n.input == ["a", "b"], n.input != ["a"]
n = NodeDef(input=["a", "b"]); n.input.remove("a"); n.input
n = NodeDef(input=["a", "b"]); n.input.insert(0, "x"); n.input
n = NodeDef(input=["a", "b"]); del n.input[:]; n
n = NodeDef(input=["a", "b"]); n.input.pop(), n.input
n = NodeDef(input=["b", "a"]); n.input.sort(); n.input
n = NodeDef(input=["a", "b"]); list(n.input), [*reversed(n.input)], n.input[1:], len(n.input)
n = NodeDef(input=["a", "b"]); m = NodeDef(); m.input.MergeFrom(n.input); m
s = TensorShapeProto(); s.dim.add(size=3); s, s.SerializeToString()
TensorShapeProto(dim=[TensorShapeProto.Dim(size=-1)]).SerializeToString()
a = NodeDef(name="x"); b = NodeDef(op="y"); b.CopyFrom(a); b, b == a
a = NodeDef(name="x", input=["a"]); b = NodeDef(name="y", input=["b"]); b.MergeFrom(a); b
a = NodeDef(name="x"); a.CopyFrom(a); a
a = NodeDef(); a.CopyFrom(AttrValue())
a = NodeDef(); a.MergeFrom(3)
NodeDef.FromString(b"\x0a\x01a")
n = NodeDef(op="b"); n.ParseFromString(b"\x0a\x01a"), n
n = NodeDef(op="b"); n.MergeFromString(b"\x0a\x01a"), n
NodeDef().ParseFromString(b"\x0a\x05a")
NodeDef().ParseFromString(b"\x0a\x01\xff")
NodeDef().ParseFromString(b"\x02\x01a")
NodeDef().ParseFromString(b"\x0f\x01a")
GraphDef.FromString(b"\x0a" * 5)
GraphDef.FromString(b"\x0a\x03\x0a\x02a")
TensorProto.FromString(b"\x38\x07\x3a\x02\x01\x02\x2d\x00\x00\x80\x3f").SerializeToString()
TensorProto.FromString(b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01").dtype
TensorShapeProto.Dim.FromString(b"\x08\x00\x12\x00").SerializeToString()
NodeDef.FromString(b"\x0a\x01a\x0a\x01b").name
AttrValue.FromString(b"\x18\x01\x30\x02")
AttrValue.FromString(b"\x42\x02\x08\x01\x42\x02\x18\x07")
AttrValue.FromString(b"\x42\x02\x08\x01\x18\x07\x42\x02\x18\x07")
sorted(NodeDef.FromString(b"\x2a\x07\x0a\x01a\x12\x02\x18\x01\x2a\x03\x0a\x01a").attr.items())
sorted(NodeDef.FromString(b"\x2a\x02\x12\x00\x2a\x00").attr.items())
n = NodeDef.FromString(b"\xa2\x06\x01a\x0a\x01b"); n.SerializeToString(), n, to_text(n), n.name
n = NodeDef.FromString(b"\xa2\x06\x01a"); n == NodeDef(), n.ByteSize()
n = NodeDef.FromString(b"\xa2\x06\x01a"); n.DiscardUnknownFields(); n.ByteSize()
n = NodeDef.FromString(b"\xa2\x06\x01a"); m = NodeDef(); m.CopyFrom(n); m.SerializeToString()
NodeDef(name="a").IsInitialized(), NodeDef(name="a").SerializePartialToString()
[(f.name, f.number, v) for f, v in NodeDef(op="b", name="a").ListFields()]
[(f.name, v) for f, v in AttrValue(i=0).ListFields()]
n = NodeDef(name="a", input=["b"]); m = copy.deepcopy(n); m.input.append("c"); n
n = NodeDef(name="a"); m = copy.copy(n); m.name = "b"; n
str(NodeDef()), repr(NodeDef(name="a"))
Summary(value=[Summary.Value(tag="a", simple_value=1)])
Summary.Value(tag="a", simple_value=0.0)
v = Summary.Value(tag="a"); v.image.height = 3; v
s = Summary(); s.value.add(tag="x", simple_value=2.5); s.value.add(tag="y").histo.min = 1; s
OptimizerOptions.ON_1, OptimizerOptions.L0, SaverDef.V2, SessionLog.START
OptimizerOptions.Level.Name(0), OptimizerOptions.Level.Value("L0")
OptimizerOptions.Level.Name(7)
OptimizerOptions.Level.Value("L7")
RunOptions(trace_level=RunOptions.FULL_TRACE)
c = ConfigProto(); c.gpu_options.allow_growth = True; c
ConfigProto(allow_soft_placement=True, gpu_options=GPUOptions(allow_growth=True))
c = ConfigProto(); c.gpu_options.per_process_gpu_memory_fraction = 0.1; c
c = ConfigProto(); c.graph_options.optimizer_options.global_jit_level = -1; c, c.ByteSize()
c = ConfigProto(); c.graph_options.rewrite_options.optimizers[:] = ["a", "b"]; c
HistogramProto(min=-0.0).SerializeToString()
HistogramProto(min=1e300, max=-5e-324, num=3, bucket=[0.1, 1e16])
Example(features=Features(feature={"a": Feature(int64_list=Int64List(value=[1, 2]))}))
e = Example(); e.features.feature["x"].bytes_list.value.append(b"v"); e
e = Event(wall_time=1.5, step=-1, file_version="x"); e, e.SerializeToString()
m = MetaGraphDef(); m.collection_def["c"].bytes_list.value.append(b"\n\x01v"); m
m = MetaGraphDef(); m.collection_def["c"].float_list.value.append(0.1); m, to_text(m)
m = MetaGraphDef(); m.collection_def["c"].int64_list.value.append(-3); m
m = MetaGraphDef(); m.meta_info_def.stripped_op_list.op.add(name="A").attr.add(name="T"); m
w = WhileContextDef(); w.nested_contexts.add().cond_ctxt.context_name = "c"; w
q = QueueRunnerDef(queue_closed_exception_types=[11, 1]); q, q.SerializeToString()
f = FunctionDef(); f.arg_attr[3].attr["x"].i = 1; f.ret["a"] = "b"; f
f = FunctionDef(); f.arg_attr[0].attr[""].i = 0; f.ret[""] = ""; f, to_text(f)
isinstance(NodeDef(), NodeDef), NodeDef.__name__, AttrValue.ListValue.__name__
NodeDef(name="a") < NodeDef(name="b")
n = NodeDef(device="/cpu:0"); n.device += "x"; n.device
n = NodeDef(); n.name = None; n
to_text(AttrValue(f=0.1)), str(AttrValue(f=0.1))
to_text(AttrValue(f=16777217)), str(AttrValue(f=123456789))
to_text(AttrValue(f=1e-45)), to_text(AttrValue(f=3.4028235e38)), to_text(AttrValue(f=1e20))
to_text(AttrValue(f=float("inf"))), to_text(AttrValue(f=-float("nan"))), str(AttrValue(f=-1e39))
to_text(TensorProto(float_val=[1/3, 2/3, 1e-7, 12345678, 0.30000001, 5e-5, 1e15, 1e16, 1e17]))
str(TensorProto(double_val=[1/3, 2/3, 1e-7, 1e15, 1e16, 1e17, 5e-324, -0.0, 123456789.0]))
to_text(CollectionDef(any_list=dict(value=[dict(type_url="type.googleapis.com/tensorflow.NodeDef", value=b"\n\x01a")])))
str(CollectionDef(any_list=dict(value=[dict(type_url="type.googleapis.com/tensorflow.NodeDef", value=b"\n\x01a")])))
to_text(CollectionDef(any_list=dict(value=[dict(type_url="type.googleapis.com/a.B", value=b"\n\x01a")])))
merge('name: "a" input: "b" input: "c"', NodeDef())
parse('name: "a" name: "b"', NodeDef())
merge('name: "a" name: "b"', NodeDef())
parse("input: ['a', \"b\"] op: 'x' \"y\"", NodeDef())
parse('foo: 3', NodeDef())
parse('name: 3', NodeDef())
parse('name "a"', NodeDef())
parse('name: "a";op: "b",', NodeDef())
parse('i: 3x', AttrValue())
parse('i: 0x10', AttrValue()).i
parse('i: -0x10', AttrValue()).i
parse('i: - 5', AttrValue()).i
parse('i: 010', AttrValue()).i
parse('i: 08', AttrValue())
parse('i: 1.5', AttrValue())
parse('i: 5 f: 3', AttrValue())
merge('i: 5 f: 3', AttrValue())
merge('i: 5 list {i: 3}', AttrValue())
parse('i: 9223372036854775807', AttrValue()).i
parse('i: 9223372036854775808', AttrValue())
parse('i: -9223372036854775808', AttrValue()).i
parse('f: 3', AttrValue())
parse('f: 3f', AttrValue())
parse('f: .5', AttrValue())
parse('f: 5.', AttrValue())
parse('f: 1e3', AttrValue())
parse('f: -1.5E-3F', AttrValue())
parse('f: inf', AttrValue())
parse('f: -inf', AttrValue())
parse('f: -Infinity', AttrValue())
parse('f: nan', AttrValue())
parse('f: abc', AttrValue())
parse('f: "1"', AttrValue())
parse('b: t', AttrValue())
parse('b: 1', AttrValue())
parse('b: 0', AttrValue())
parse('b: True', AttrValue())
parse('b: 2', AttrValue())
parse('type: DT_FLOAT', AttrValue())
parse('type: 1', AttrValue())
parse('type: DT_FOO', AttrValue())
parse('type: 999', AttrValue())
parse('type: -1', AttrValue())
parse(r's: "\377\x41\n\101\0\"\a\b\f\v"', AttrValue())
parse('s: "\u00e9"', AttrValue())
parse('list < i: 1 >', AttrValue())
parse('list: { i: 1 }', AttrValue())
parse('list { i: [1, 2] i: 3 i: [] }', AttrValue())
parse('list { i: [1, 2, ] }', AttrValue())
parse('list { i: 1', AttrValue())
parse('list { i: 1 >', AttrValue())
parse('list { i: 1 }}', AttrValue())
parse('# hi\nname: "a" # x\n#', NodeDef())
parse('attr {key: "a" value {i: 3}}', NodeDef())
parse('attr {key: "a"}', NodeDef())
parse('attr {value {i: 3}}', NodeDef())
parse('attr: [{key: "a"}, {key: "b"}]', NodeDef())
parse('attr {key: "a" value {i: 3}} attr {key: "a" value {i: 4}}', NodeDef())
parse('device_count {key: "a" value: 3}', ConfigProto())
parse('node {} node { name: "x" }', GraphDef())
parse('versions {}', GraphDef())
parse('tensor {float_val: 0.1 float_val: 1e-40}', AttrValue())
parse('s: "a\nb"', AttrValue())
parse('s: "abc', AttrValue())
parse(b'i: 3', AttrValue())
parse('', AttrValue())
parse('i', AttrValue())
parse('i:', AttrValue())
parse('i: :', AttrValue())
parse('[a.b.c] { }', AttrValue())
parse('i: 1, i: 2', AttrValue())
parse('any_info { [type.googleapis.com/tensorflow.NodeDef] { name: "a" } }', MetaGraphDef.MetaInfoDef())
parse('any_info { [type.googleapis.com/tensorflow.Foo] { name: "a" } }', MetaGraphDef.MetaInfoDef())
parse('any_info { type_url: "x" value: "y" }', MetaGraphDef.MetaInfoDef())
"""


def parse_text(text, message):
    return text_format.Parse(text, message)


def merge_text(text, message):
    return text_format.Merge(text, message)


def run_program(program, names):
    """What the program gives, printed; or the name and the text of its error."""
    import copy

    scope = dict(names, copy=copy)
    statements, _, expression = program.rpartition("; ")
    try:
        exec(statements, scope)
        try:
            return repr(eval(expression, scope))
        except SyntaxError:
            exec(expression, scope)
            return "None"
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


def record_programs():
    names = {"to_text": text_format.MessageToString}
    names.update(parse=parse_text, merge=merge_text)
    for module in pb2_modules():
        for name in module.DESCRIPTOR.message_types_by_name:
            names[name] = getattr(module, name)
    from tensorflow.core.framework import (
        attr_value_pb2, function_pb2, graph_pb2, node_def_pb2, tensor_pb2,
        tensor_shape_pb2,
    )

    for module in (attr_value_pb2, function_pb2, graph_pb2, node_def_pb2, tensor_pb2,
                   tensor_shape_pb2):
        for name in module.DESCRIPTOR.message_types_by_name:
            names[name] = getattr(module, name)
    from tensorflow.core.example import feature_pb2
    from tensorflow.core.framework import summary_pb2
    from tensorflow.core.protobuf import saver_pb2

    for module in (feature_pb2, summary_pb2, saver_pb2):
        for name in module.DESCRIPTOR.message_types_by_name:
            names[name] = getattr(module, name)
    lines = [line for line in MESSAGE_PROGRAMS.splitlines() if line]
    recorded = [[line, run_program(line, names)] for line in lines]
    save_json("messages/programs.json", recorded)


# -- checkpoints --------------------------------------------------------------


def described(value):
    """An array as JSON: shape, and elements as hexadecimal, row by row."""
    value = np.asarray(value)
    if value.dtype.kind in "OSU":
        flat = [e if isinstance(e, bytes) else e.encode() for e in value.ravel()]
        return {"shape": list(value.shape), "strings": [e.hex() for e in flat]}
    return {"shape": list(value.shape), "hex": value.tobytes().hex()}


def copy_checkpoint(prefix, name, compress=False):
    for path in glob.glob(prefix + ".index") + glob.glob(prefix + ".data-*"):
        with open(path, "rb") as f:
            suffix = path[len(prefix):] + (".gz" if compress else "")
            save_bytes("checkpoints/" + name + suffix, f.read())


NUMBERS = {
    "float32": [1.5, -0.0, 3e38, 1e-45], "float64": [1 / 3.0, -1e300],
    "float16": [1.5, 65504, 6e-8], "int8": [-128, 127], "int16": [-32768, 5],
    "int32": [-(1 << 31), 7], "int64": [-(1 << 63), (1 << 63) - 1],
    "uint8": [0, 255], "uint16": [1, 65535], "uint32": [1, 4294967295],
    "uint64": [1, 18446744073709551615], "bool": [True, False, True],
    "complex64": [1 + 2j, -0.5j], "complex128": [1 / 3.0 - 2j],
}
STRINGS = [b"", b"abc", b"a\x00b", b"\xff\xfe", b"x" * 300, b"\x00", "caf\u00e9".encode()]


def every_dtype():
    """Name -> tensor: every type TensorFlow can save, and every odd shape."""
    tensors = {
        "numbers/" + name: tf.constant(np.array(values, name))
        for name, values in NUMBERS.items()
    }
    bits = tf.constant(np.array([0, 1, 0x3F80, 0xFFFF], np.uint16))
    tensors["numbers/bfloat16"] = tf.bitcast(bits, tf.bfloat16)
    for name, size in (("qint8", 1), ("quint8", 1), ("qint16", 2), ("quint16", 2),
                       ("qint32", 4)):
        raw = np.array([[1, -1], [0, 127]]).astype("i%d" % size)
        if name[1] == "u":
            raw = raw.view("u%d" % size)
        tensors["numbers/" + name] = tf.bitcast(tf.constant(raw), getattr(tf, name))
    tensors["shapes/scalar"] = tf.constant(2.5)
    tensors["shapes/empty"] = tf.zeros([0, 5])
    tensors["shapes/empty_strings"] = tf.constant(np.zeros([2, 0], object), tf.string)
    tensors["shapes/cube"] = tf.constant(np.arange(24).reshape(2, 3, 4))
    tensors["shapes/ones"] = tf.ones([1, 1, 1, 1])
    tensors["strings/scalar"] = tf.constant(b"a\x00\xff")
    tensors["strings/empty"] = tf.constant(b"")
    tensors["strings/row"] = tf.constant(STRINGS)
    tensors["strings/table"] = tf.constant([[b"a", b"bc"], [b"", b"d" * 200]])
    tensors["caf\u00e9"] = tf.constant(7)
    tensors["~"] = tf.constant(8)
    return tensors


def readable(tensor):
    """A tensor whose values NumPy can show: odd types as their bits."""
    bits = {"bfloat16": tf.uint16, "qint8": tf.int8, "quint8": tf.uint8,
            "qint16": tf.int16, "quint16": tf.uint16, "qint32": tf.int32}
    kind = bits.get(tensor.dtype.name)
    return tf.bitcast(tensor, kind) if kind else tensor


def record_every_dtype(folder):
    with tf.Graph().as_default(), tf.Session() as session:
        tensors = every_dtype()
        names = sorted(tensors, key=lambda name: name.encode())
        prefix = os.path.join(folder, "dtypes")
        save = tf.raw_ops.SaveV2(
            prefix=prefix, tensor_names=names, shape_and_slices=[""] * len(names),
            tensors=[tensors[name] for name in names],
        )
        session.run(save)
        values = session.run({name: readable(t) for name, t in tensors.items()})
        expected = {
            name: dict(described(values[name]), dtype=tensors[name].dtype.name)
            for name in names
        }
    copy_checkpoint(prefix, "dtypes")
    save_json("checkpoints/dtypes.json", expected)


def small_model():
    """Variables of both kinds, partitioned on either axis, with Adam's slots."""
    tf.set_random_seed(11)
    parts = []
    with tf.variable_scope("rows", partitioner=tf.fixed_size_partitioner(3, axis=0)):
        parts += list(tf.get_variable("w", [7, 5]))
    with tf.variable_scope("columns", partitioner=tf.fixed_size_partitioner(2, axis=1)):
        parts += list(tf.get_variable("w", [3, 5], tf.float64))
    with tf.variable_scope("one", partitioner=tf.fixed_size_partitioner(1)):
        parts += list(tf.get_variable("w", [4]))
    tf.get_variable("plain", [2, 3])
    tf.Variable(["a", "bc", ""], name="words")
    resource = tf.get_variable("resource", [6], use_resource=True)
    step = tf.train.get_or_create_global_step()
    loss = sum(tf.cast(tf.reduce_sum(tf.square(p)), tf.float32) for p in parts)
    loss += tf.reduce_sum(tf.square(resource))
    tf.train.AdamOptimizer().minimize(loss, global_step=step)


def saved_values(session, saved):
    """What every key of the checkpoint holds, from the session, not the file."""
    values = {}
    for variable in saved:
        info = variable._get_save_slice_info()
        value = session.run(variable)
        if info is None:
            name = variable.op.name
            values[name] = dict(described(value), dtype=variable.dtype.base_dtype.name)
            continue
        whole = values.setdefault(info.full_name, {
            "array": np.zeros(info.full_shape, value.dtype),
            "dtype": variable.dtype.base_dtype.name, "parts": [],
        })
        at = tuple(slice(o, o + n) for o, n in zip(info.var_offset, info.var_shape))
        whole["array"][at] = value
        whole["parts"].append(info.spec)
    for entry in values.values():
        if "array" in entry:
            entry.update(described(entry.pop("array")))
            entry["parts"].sort()
    return values


def in_turn(devices):
    """A device function that gives variables the devices in turn."""
    count = [0]

    def choose(op):
        if op.type not in ("VariableV2", "VarHandleOp"):
            return ""
        count[0] += 1
        return "/cpu:%d" % (count[0] % devices)

    return choose


def record_saver(folder, name, sharded=False, version=tf.train.SaverDef.V2):
    config = tf.ConfigProto(device_count={"CPU": 3})
    with tf.Graph().as_default(), tf.Session(config=config) as session:
        with tf.device(in_turn(3 if sharded else 1)):
            small_model()
        saver = tf.train.Saver(sharded=sharded, write_version=version)
        session.run(tf.global_variables_initializer())
        prefix = saver.save(session, os.path.join(folder, name), write_meta_graph=False)
        save_json(
            "checkpoints/%s.json" % name,
            saved_values(session, tf.global_variables()),
        )
    if version == tf.train.SaverDef.V2:
        copy_checkpoint(prefix, name)
    else:
        with open(prefix, "rb") as f:
            save_bytes("checkpoints/" + name, f.read())


def record_v1_dtypes(folder):
    """V1 has an op of its own, which knows fewer types."""
    kinds = ["float32", "float64", "int32", "uint8", "int16", "int8", "complex64",
             "int64", "bool", "float16"]
    with tf.Graph().as_default(), tf.Session() as session:
        values = {"numbers/" + kind: np.array(NUMBERS[kind], kind) for kind in kinds}
        values["strings"] = np.array(STRINGS, object)
        values["scalar"] = np.float32(2.5)
        values["shapes/empty"] = np.zeros([0, 5], "f4")
        values["many"] = np.arange(-150, 150) ** 3
        names = sorted(values)
        path = os.path.join(folder, "v1_dtypes")
        session.run(tf.raw_ops.Save(
            filename=path, tensor_names=names,
            data=[tf.constant(values[name]) for name in names],
        ))
    expected = {
        name: dict(described(values[name]), dtype=tf.constant(values[name]).dtype.name)
        for name in names
    }
    with open(path, "rb") as f:
        save_bytes("checkpoints/v1_dtypes", f.read())
    save_json("checkpoints/v1_dtypes.json", expected)


def record_slices(folder):
    """Parts under every length of key: far starts, a zero byte in a name."""
    total = 20000
    cuts = [0, 1, 63, 64, 127, 128, 8191, 8192, 16384, total]
    pieces = list(zip(cuts, cuts[1:]))
    with tf.Graph().as_default(), tf.Session() as session:
        names, specs, tensors = [], [], []
        for name in ("far", "zero\0byte", "caf\u00e9"):
            for start, end in pieces:
                names.append(name)
                specs.append("%d %d,%d" % (total, start, end - start))
                tensors.append(tf.zeros([end - start], tf.int8))
        names.append("box")
        specs.append("2 3 4 -:1,2:-")
        tensors.append(tf.ones([2, 2, 4]))
        names.append("box")
        specs.append("2 3 4 -:0,1:0,4")
        tensors.append(tf.ones([2, 1, 4]))
        names.append("whole")
        specs.append("2 2 0,2:-")
        tensors.append(tf.ones([2, 2]))
        prefix = os.path.join(folder, "slices")
        session.run(tf.raw_ops.SaveV2(
            prefix=prefix, tensor_names=names, shape_and_slices=specs, tensors=tensors,
        ))
    copy_checkpoint(prefix, "slices", compress=True)
    save_json("checkpoints/slices.json", [names, specs])


def record_specs():
    """What TensorFlow says to right and wrong spellings of shape and slice."""
    outcomes = []
    specs = ["4 0,2", "4 -", "2 3 0,1:-", "2 3 0,1", "4 0,5", "4 0,0", "4 -1,2", "4",
             "", "4 ", "a 0,1", "4 0;1", "4 0,1:", "4 0,", "4  0,1", " ", "4 1,1,1",
             "4 --", "0,1 4", "4 2,3", "4 4,0"]
    with tempfile.TemporaryDirectory() as folder:
        with tf.Graph().as_default(), tf.Session() as session:
            for at, spec in enumerate(specs):
                save = tf.raw_ops.SaveV2(
                    prefix=os.path.join(folder, str(at)), tensor_names=["a"],
                    shape_and_slices=[spec], tensors=[tf.zeros([2])],
                )
                try:
                    session.run(save)
                    outcomes.append([spec, ""])
                except tf.errors.OpError as error:
                    outcomes.append([spec, error.message.splitlines()[0]])
    save_json("checkpoints/specs.json", outcomes)


def record_many(folder):
    """An index of several blocks: long names that share little."""
    names = ["%04d/" % (i * 7919 % 10000) + "x" * 180 + "/%d" % i for i in range(4000)]
    names.sort()
    with tf.Graph().as_default(), tf.Session() as session:
        prefix = os.path.join(folder, "many")
        values = tf.unstack(tf.range(len(names), dtype=tf.int32))
        session.run(tf.raw_ops.SaveV2(
            prefix=prefix, tensor_names=names, shape_and_slices=[""] * len(names),
            tensors=values,
        ))
    copy_checkpoint(prefix, "many", compress=True)


def record_checkpoints():
    folder = tempfile.mkdtemp()
    record_every_dtype(folder)
    record_saver(folder, "saver")
    record_saver(folder, "sharded", sharded=True)
    record_saver(folder, "v1", version=tf.train.SaverDef.V1)
    record_v1_dtypes(folder)
    record_slices(folder)
    record_specs()
    record_many(folder)
    shutil.rmtree(folder)


# -- tensors ------------------------------------------------------------------


def record_tensors():
    """make_tensor_proto of arrays of every type and shape: [type, array, bytes]."""
    arrays = [np.array(values, name) for name, values in sorted(NUMBERS.items())]
    arrays += [array[:1] for array in arrays] + [array[0] for array in arrays]
    arrays += [np.zeros([0, 3], name) for name in sorted(NUMBERS)]
    arrays += [np.arange(6, dtype="f4").reshape(2, 3), np.ones([1, 1], "i4")]
    arrays += [np.array(STRINGS, object), np.array(b"a\x00", object),
               np.array([["a", "b"]], object), np.zeros([0], object)]
    recorded = []
    for array in arrays:
        proto = tf.make_tensor_proto(array)
        name = "string" if array.dtype == object else array.dtype.name
        recorded.append([name, described(array), proto.SerializeToString().hex()])
    filled = []
    for values, kind, shape in (
        ([1.5], "float32", [2, 3]), ([1, 2], "int32", [5]), (7, "int64", [3]),
        (True, "bool", [2]), (b"x", "string", [2, 2]), ([1, 2], "float16", [4]),
        (1 + 2j, "complex64", [2]), ([1, 2, 3], "uint8", [3]), ([1, 2], "int32", [2, 1]),
        (0.0, "float32", [100000, 1000]), (3, "int32", [1]), ([], "float32", [0]),
    ):
        proto = tf.make_tensor_proto(values, getattr(tf, kind), shape)
        entry = {"dtype": kind, "shape": shape, "proto": proto.SerializeToString().hex()}
        entry["values"] = described(np.array(values, object if kind == "string" else kind))
        if np.prod(shape) < 100:
            with tf.Graph().as_default(), tf.Session() as session:
                node = tf.constant(0)
                attrs = {"value": tf.AttrValue(tensor=proto)}
                attrs["dtype"] = tf.AttrValue(type=getattr(tf, kind).as_datatype_enum)
                node = tf.NodeDef(name="c", op="Const", attr=attrs)
                graph = tf.GraphDef(node=[node])
                (result,) = tf.import_graph_def(graph, return_elements=["c:0"])
                entry["result"] = described(session.run(result))
        filled.append(entry)
    save_json("tensors.json", {"arrays": recorded, "filled": filled})


# -- events -------------------------------------------------------------------


HISTOGRAMS = {
    "normal": np.random.RandomState(0).normal(size=500).astype("f4"),
    "zeros": np.zeros(7, "f4"),
    "empty": np.zeros(0, "f4"),
    "one": np.array(3.0, "f4"),
    "signs": np.array([-1e30, -1e-13, -0.0, 1e-13, 1e30, 3e38], "f4"),
    "integers": np.arange(-300, 300, dtype="i4"),
    "bytes": np.arange(256, dtype="u1").reshape(16, 16),
    "halves": np.array([0.1, -0.2, 65504], "f2"),
    "doubles": np.array([1e-300, 1.7e308, 0.1, 0.2, 0.3], "f8"),
    "edges": np.array([1e-12, 1.1e-12, 1.1 * 1.1e-12, 1.0, 1.1]),
    "longs": np.array([1 << 62, -(1 << 62), 3], "i8"),
}


def pictures():
    random = np.random.RandomState(1)
    hole = random.rand(2, 3, 3).astype("f4")
    hole[0, 1, 2] = np.nan
    hole[1, 0, 0] = np.inf
    return {
        "bytes": random.randint(0, 256, [2, 4, 5, 3]).astype("u1"),
        "grey": random.rand(1, 3, 4, 1).astype("f4"),
        "signed": random.normal(size=[2, 4, 3, 4]).astype("f4"),
        "dark": np.full([1, 2, 2, 1], 1e-7, "f4"),
        "zero": np.zeros([1, 2, 2, 3], "f4"),
        "large": random.rand(1, 2, 2, 3).astype("f4") * 1e6,
        "halves": random.rand(1, 2, 3, 1).astype("f2"),
        "doubles": random.normal(size=[1, 3, 3, 1]),
        "signed_halves": random.normal(size=[1, 3, 3, 3]).astype("f2"),
        "hole": hole[None],
    }


def record_summaries():
    recorded = {"scalars": [], "histograms": [], "texts": [], "images": []}
    with tf.Graph().as_default(), tf.Session() as session:
        for value in (0.0, 1.5, 0.1, -3e38, float("nan"), float("inf")):
            tag = "s%d" % len(recorded["scalars"])
            made = session.run(tf.summary.scalar(tag, tf.constant(value)))
            recorded["scalars"].append([tag, value, made.hex()])
        for name, array in sorted(HISTOGRAMS.items()):
            made = session.run(tf.summary.histogram(name, tf.constant(array)))
            about = dict(described(array), dtype=array.dtype.name, name=name)
            recorded["histograms"].append([about, made.hex()])
        for name, text in (("plain", "hello"), ("row", ["a", "caf\u00e9"]),
                           ("table", [["a", "b"], ["c", "d"]])):
            made = session.run(tf.summary.text(name, tf.constant(text)))
            recorded["texts"].append([name, text, made.hex()])
        for name, array in sorted(pictures().items()):
            for count in (1, 3):
                op = tf.summary.image("%s_%d" % (name, count), tf.constant(array), count)
                made = tf.Summary.FromString(session.run(op))
                pixels = [
                    session.run(tf.image.decode_png(value.image.encoded_image_string))
                    for value in made.value
                ]
                for value in made.value:
                    value.image.encoded_image_string = b""
                about = dict(described(array), dtype=array.dtype.name, count=count)
                about["name"] = "%s_%d" % (name, count)
                recorded["images"].append([
                    about, made.SerializeToString().hex(), [p.tobytes().hex() for p in pixels]
                ])
    save_json("events/summaries.json", recorded)


def record_event_file(folder):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.constant(3, name="three")
        scalar = tf.summary.scalar("loss", tf.constant(0.25))
        text = tf.summary.text("note", tf.constant("hello"))
        histogram = tf.summary.histogram("h", tf.constant(HISTOGRAMS["normal"]))
        image = tf.summary.image("i", tf.constant(pictures()["bytes"]))
        merged = tf.summary.merge([scalar, text, histogram, image])
        writer = tf.summary.FileWriter(folder, session.graph, filename_suffix=".end")
        for step in range(3):
            writer.add_summary(session.run(merged), step)
        writer.add_summary(tf.Summary(value=[dict(tag="t", simple_value=2)]), 7)
        metadata = tf.RunMetadata()
        options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
        session.run(merged, options=options, run_metadata=metadata)
        writer.add_run_metadata(metadata, "run", 3)
        writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), 4)
        writer.add_meta_graph(tf.train.export_meta_graph(), 5)
        writer.close()
    (path,) = glob.glob(os.path.join(folder, "events*"))
    with open(path, "rb") as f:
        save_bytes("events/all.tfevents.gz", f.read())
    events = [str(event) for event in tf.train.summary_iterator(path)]
    name = os.path.basename(path).split(".")
    save_json("events/all.json", {"events": [e[:2000] for e in events],
                                  "name": name[:3] + [len(name[3])] + name[-1:]})


def record_record_files(folder):
    records = [b"", b"a", b"x" * 5000, bytes(bytearray(range(256)))]
    save_json("events/records.json", [r.hex() for r in records])
    for kind in ("", "GZIP", "ZLIB"):
        path = os.path.join(folder, "records" + kind)
        kinds = tf.python_io.TFRecordCompressionType
        options = tf.python_io.TFRecordOptions(getattr(kinds, kind or "NONE"))
        with tf.python_io.TFRecordWriter(path, options) as writer:
            for record in records:
                writer.write(record)
        with open(path, "rb") as f:
            save_bytes("events/records" + kind, f.read())


def record_events():
    folder = tempfile.mkdtemp()
    record_summaries()
    record_event_file(os.path.join(folder, "log"))
    record_record_files(folder)
    shutil.rmtree(folder)


# -- the checkpoint state file ------------------------------------------------


STATES = [
    dict(save_dir="d", model_checkpoint_path="d/m-1"),
    dict(save_dir="d", model_checkpoint_path="d/m-2",
         all_model_checkpoint_paths=["d/m-1", "d/m-2"]),
    dict(save_dir="d", model_checkpoint_path="d/m-2", all_model_checkpoint_paths=["d/m-1"]),
    dict(save_dir=".", model_checkpoint_path="./cur"),
    dict(save_dir="", model_checkpoint_path="cur"),
    dict(save_dir="d", model_checkpoint_path="/abs/m-1",
         all_model_checkpoint_paths=["d/m-0", "/abs/m-1"]),
    dict(save_dir="/tmp/formats-d", model_checkpoint_path="/tmp/formats-d/m-1"),
    dict(save_dir="/tmp/formats-d", model_checkpoint_path="/tmp/formats-d/m-1",
         save_relative_paths=True,
         all_model_checkpoint_paths=["/tmp/formats-d/m-0", "/tmp/formats-d/m-1"]),
    dict(save_dir="/tmp/formats-d", model_checkpoint_path="m-1"),
    dict(save_dir="d", model_checkpoint_path="e/m-1", save_relative_paths=True,
         all_model_checkpoint_paths=["e/m-0"]),
    dict(save_dir="d", model_checkpoint_path="d/caf\u00e9 \"q\" 'a' \\ \n\t-1"),
    dict(save_dir="d", model_checkpoint_path="d/m-1",
         all_model_checkpoint_paths=["d/m-0", "d/m-1"],
         all_model_checkpoint_timestamps=[1571123456.789, 1571123457.0],
         last_preserved_timestamp=1571120000.125),
    dict(save_dir="d", model_checkpoint_path="d/m-1",
         all_model_checkpoint_timestamps=[1.0, 2.0]),
]


def record_states():
    """Arguments of update_checkpoint_state, the file it makes, and what is read."""
    from tensorflow.python.training import checkpoint_management as management

    recorded, start = [], os.getcwd()
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    os.makedirs("d")
    os.makedirs("/tmp/formats-d")
    for case in STATES:
        # the function changes the list it is given
        arguments = dict({"all_model_checkpoint_paths": []}, **json.loads(json.dumps(case)))
        try:
            management.update_checkpoint_state_internal(**arguments)
        except ValueError as error:
            recorded.append([case, "", str(error)])
            continue
        with open(os.path.join(case["save_dir"], "checkpoint")) as f:
            text = f.read()
        state = tf.train.get_checkpoint_state(case["save_dir"] or ".")
        recorded.append([case, text, str(state)])
    os.chdir(start)
    shutil.rmtree(folder)
    shutil.rmtree("/tmp/formats-d")
    save_json("states.json", recorded)


# -- graphs -----------------------------------------------------------------


def zoo_graph():
    """A graph with everything a .meta file can hold, over 1,000 nodes."""
    tf.set_random_seed(3)
    x = tf.placeholder(tf.float32, [None, 8, 8, 3], name="x")
    is_training = tf.placeholder_with_default(False, [], name="is_training")
    h = tf.layers.conv2d(x, 4, 3, activation=tf.nn.relu, name="conv")
    h = tf.layers.batch_normalization(h, training=is_training, name="bn")
    h = tf.cond(is_training, lambda: tf.nn.dropout(h, rate=0.5), lambda: h)
    with tf.variable_scope("seq"):
        cells = tf.nn.rnn_cell.LSTMCell(5)
        rows = tf.reshape(h, [-1, 6, 24])
        states, _ = tf.nn.dynamic_rnn(cells, rows, dtype=tf.float32, swap_memory=True)
    split = tf.fixed_size_partitioner(3, axis=0)
    with tf.variable_scope("parts", partitioner=split):
        table = tf.get_variable("table", [7, 5], initializer=tf.zeros_initializer())
    with tf.variable_scope("res", use_resource=True):
        w = tf.get_variable("w", [5, 2], regularizer=tf.nn.l2_loss)
    looked = tf.nn.embedding_lookup(table, tf.constant([1, 2, 6]))
    y = tf.matmul(states[:, -1], w) + tf.reduce_sum(looked)
    loss = tf.reduce_mean(tf.square(y)) + tf.losses.get_regularization_loss()
    step = tf.train.get_or_create_global_step()
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train = tf.train.AdamOptimizer(0.01).minimize(loss, global_step=step)
    tf.summary.scalar("loss", loss)
    tf.summary.histogram("w", w)
    tf.summary.image("x", x)
    tf.summary.merge_all()
    queue = tf.FIFOQueue(3, [tf.int32])
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue([1])]))
    tf.add_to_collection("train_op", train)
    tf.add_to_collection("numbers", 3)
    tf.add_to_collection("rates", 0.1)
    tf.add_to_collection("words", "caf\u00e9")
    tf.constant(["caf\u00e9".encode(), b"\x00\xff'\"\n"], name="words")
    tf.constant([0.1, 1e-10, 3e38, float("inf")], tf.float16, name="halves")
    tf.constant(1 / 3.0, tf.float64, name="third")
    tf.constant(0.1, name="tenth")
    tf.py_func(abs, [tf.constant(-1)], tf.int32, name="called")
    return train


def graph_with_functions():
    @tf.function
    def double(a):
        return a * 2.0

    double(tf.constant(1.0))
    tf.constant(0.1, name="tenth")


def record_graphs():
    folder = tempfile.mkdtemp()
    with tf.Graph().as_default() as graph:
        zoo_graph()
        saver = tf.train.Saver(max_to_keep=3, keep_checkpoint_every_n_hours=2.5)
        meta = saver.export_meta_graph(os.path.join(folder, "zoo.meta"))
        assert len(meta.graph_def.node) > 1000
        with open(os.path.join(folder, "zoo.meta"), "rb") as f:
            save_bytes("graphs/zoo.meta.gz", f.read())
        text = text_format.MessageToString(meta)
        save_bytes("graphs/zoo.meta.pbtxt.gz", text.encode())
        facts = {
            "nodes": [[n.name, n.op, list(n.input)] for n in meta.graph_def.node[:40]],
            "count": len(meta.graph_def.node),
            "collections": {
                key: value.WhichOneof("kind")
                for key, value in meta.collection_def.items()
            },
            "str_sha256": hashlib.sha256(str(meta).encode()).hexdigest(),
        }
        save_json("graphs/zoo.json", facts)
    with tf.Graph().as_default() as graph:
        graph_with_functions()
        for name, as_text in (("functions.pb", False), ("functions.pbtxt", True)):
            tf.train.write_graph(graph, folder, name, as_text=as_text)
            with open(os.path.join(folder, name), "rb") as f:
                save_bytes("graphs/" + name, f.read())
    shutil.rmtree(folder)


def record_messages():
    record_descriptors()
    record_programs()


GROUPS = {
    "tensors": record_tensors,
    "events": record_events,
    "states": record_states,
    "checkpoints": record_checkpoints,
    "graphs": record_graphs,
    "messages": record_messages,
}


def main(arguments):
    for name in arguments or sorted(GROUPS):
        print("recording", name)
        GROUPS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
