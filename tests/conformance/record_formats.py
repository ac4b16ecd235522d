# ruff: noqa: C408, E402, RUF005, RUF007, SIM117 - Python 3.7, and TensorFlow's imports
"""Record what TensorFlow 1.15.5 does with files, as golden files for tests/formats.

Run it with a Python 3.7 that has TensorFlow 1.15.5 and protobuf 3.20 with its C++
core (the tests never do):

    python3.7 tests/conformance/record_formats.py            # rewrite golden files
    python3.7 tests/conformance/record_formats.py messages   # only one group
    python3.7 tests/conformance/record_formats.py --verify FOLDER

``--verify`` reads with TensorFlow what ``python tests/formats/written.py FOLDER``
wrote with scopetutor, and records the outcome in ``golden/verified.json``; with
TensorFlow 2 (any Python it runs on) in ``golden/verified_by_2.json``.

Golden files are facts: no result in them is typed in by hand.
"""

import copy
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

import numpy as np
import tensorflow as tf
from google.protobuf import text_format
from google.protobuf.internal import api_implementation

tf.get_logger().setLevel("ERROR")
VERSION = tf.__version__
if VERSION.startswith("2."):
    assert sys.argv[1:2] == ["--verify"], "golden files come from TensorFlow 1.15.5"
    import tensorflow.compat.v1 as tf

    tf.disable_v2_behavior()
else:
    assert VERSION == "1.15.5"
    assert api_implementation.Type() == "cpp"

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
    from tensorflow.contrib.tensorboard.plugins.projector import projector_config_pb2
    from tensorflow.core.example import example_pb2
    from tensorflow.core.framework import summary_pb2, variable_pb2
    from tensorflow.core.protobuf import (
        config_pb2,
        control_flow_pb2,
        meta_graph_pb2,
        queue_runner_pb2,
        saved_model_pb2,
        tensor_bundle_pb2,
        tensorflow_server_pb2,
        trackable_object_graph_pb2,
    )
    from tensorflow.core.util import event_pb2, saved_tensor_slice_pb2, test_log_pb2
    from tensorflow.python.training import checkpoint_state_pb2

    return [
        meta_graph_pb2,
        saved_model_pb2,
        variable_pb2,
        config_pb2,
        control_flow_pb2,
        queue_runner_pb2,
        tensor_bundle_pb2,
        tensorflow_server_pb2,
        event_pb2,
        saved_tensor_slice_pb2,
        example_pb2,
        checkpoint_state_pb2,
        trackable_object_graph_pb2,
        summary_pb2,
        projector_config_pb2,
        test_log_pb2,
    ]


# not in files, and nothing a program of the time builds
LEFT_OUT = {
    "CallableOptions",
    "TensorConnection",
    "WatchdogConfig",
    "WorkerHeartbeatRequest",
    "WorkerHeartbeatResponse",
    # what a benchmark says of the machine
    "AvailableDeviceInfo",
    "BuildConfiguration",
    "CPUInfo",
    "CommitId",
    "GPUInfo",
    "MachineConfiguration",
    "MemoryInfo",
    "PlatformInfo",
    "RunConfiguration",
    "TestResults",
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
    1: "double",
    2: "float",
    3: "int64",
    4: "uint64",
    5: "int32",
    7: "fixed32",
    8: "bool",
    9: "string",
    11: "message",
    12: "bytes",
    13: "uint32",
    14: "enum",
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


def run_program(program, names):
    """What the program gives, printed; or the name and the text of its error."""
    scope = dict(names, copy=copy, np=np)
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
    """What each line of message_programs.txt gives with Google's classes."""
    names = {"to_text": text_format.MessageToString}
    names.update(parse=text_format.Parse, merge=text_format.Merge)
    for descriptor in all_descriptors().values():
        if descriptor.containing_type is None:
            names[descriptor.name] = descriptor._concrete_class
    with open(os.path.join(GOLDEN, "..", "message_programs.txt"), encoding="utf8") as f:
        lines = [line.rstrip("\n") for line in f if not line.startswith("#")]
    recorded = [[line, run_program(line, names)] for line in lines]
    save_json("messages/programs.json", recorded)


# -- checkpoints --------------------------------------------------------------


def described(value):
    """An array as JSON: shape, and elements as hexadecimal, row by row."""
    # NumPy's own strings would lose zeros at their ends
    value = np.array(value, object) if isinstance(value, bytes) else np.asarray(value)
    if value.dtype.kind in "OSU":
        flat = [e if isinstance(e, bytes) else e.encode() for e in value.ravel()]
        return {"shape": list(value.shape), "strings": [e.hex() for e in flat]}
    return {"shape": list(value.shape), "hex": value.tobytes().hex()}


def copy_checkpoint(prefix, name, compress=False):
    for path in glob.glob(prefix + ".index") + glob.glob(prefix + ".data-*"):
        with open(path, "rb") as f:
            suffix = path[len(prefix) :] + (".gz" if compress else "")
            save_bytes("checkpoints/" + name + suffix, f.read())


NUMBERS = {
    "float32": [1.5, -0.0, 3e38, 1e-45],
    "float64": [1 / 3.0, -1e300],
    "float16": [1.5, 65504, 6e-8],
    "int8": [-128, 127],
    "int16": [-32768, 5],
    "int32": [-(1 << 31), 7],
    "int64": [-(1 << 63), (1 << 63) - 1],
    "uint8": [0, 255],
    "uint16": [1, 65535],
    "uint32": [1, 4294967295],
    "uint64": [1, 18446744073709551615],
    "bool": [True, False, True],
    "complex64": [1 + 2j, -0.5j],
    "complex128": [1 / 3.0 - 2j],
}
STRINGS = [
    b"",
    b"abc",
    b"a\x00b",
    b"\xff\xfe",
    b"x" * 300,
    b"\x00",
    "caf\u00e9".encode(),
]


def every_dtype():
    """Name -> tensor: every type TensorFlow can save, and every odd shape."""
    tensors = {
        "numbers/" + name: tf.constant(np.array(values, name))
        for name, values in NUMBERS.items()
    }
    bits = tf.constant(np.array([0, 1, 0x3F80, 0xFFFF], np.uint16))
    tensors["numbers/bfloat16"] = tf.bitcast(bits, tf.bfloat16)
    for name, size in (
        ("qint8", 1),
        ("quint8", 1),
        ("qint16", 2),
        ("quint16", 2),
        ("qint32", 4),
    ):
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
    bits = {
        "bfloat16": tf.uint16,
        "qint8": tf.int8,
        "quint8": tf.uint8,
        "qint16": tf.int16,
        "quint16": tf.uint16,
        "qint32": tf.int32,
    }
    kind = bits.get(tensor.dtype.name)
    return tf.bitcast(tensor, kind) if kind else tensor


def record_every_dtype(folder):
    with tf.Graph().as_default(), tf.Session() as session:
        tensors = every_dtype()
        names = sorted(tensors, key=lambda name: name.encode())
        prefix = os.path.join(folder, "dtypes")
        save = tf.raw_ops.SaveV2(
            prefix=prefix,
            tensor_names=names,
            shape_and_slices=[""] * len(names),
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
        whole = values.setdefault(
            info.full_name,
            {
                "array": np.zeros(info.full_shape, value.dtype),
                "dtype": variable.dtype.base_dtype.name,
                "parts": [],
            },
        )
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
    kinds = [
        "float32",
        "float64",
        "int32",
        "uint8",
        "int16",
        "int8",
        "complex64",
        "int64",
        "bool",
        "float16",
    ]
    with tf.Graph().as_default(), tf.Session() as session:
        values = {"numbers/" + kind: np.array(NUMBERS[kind], kind) for kind in kinds}
        values["strings"] = np.array(STRINGS, object)
        values["scalar"] = np.float32(2.5)
        values["shapes/empty"] = np.zeros([0, 5], "f4")
        values["many"] = np.arange(-150, 150) ** 3
        names = sorted(values)
        path = os.path.join(folder, "v1_dtypes")
        session.run(
            tf.raw_ops.Save(
                filename=path,
                tensor_names=names,
                data=[tf.constant(values[name]) for name in names],
            )
        )
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
        session.run(
            tf.raw_ops.SaveV2(
                prefix=prefix,
                tensor_names=names,
                shape_and_slices=specs,
                tensors=tensors,
            )
        )
    copy_checkpoint(prefix, "slices", compress=True)
    save_json("checkpoints/slices.json", [names, specs])


def record_specs():
    """What TensorFlow says to right and wrong spellings of shape and slice."""
    outcomes = []
    specs = [
        "4 0,2",
        "4 -",
        "2 3 0,1:-",
        "2 3 0,1",
        "4 0,5",
        "4 0,0",
        "4 -1,2",
        "4",
        "",
        "4 ",
        "a 0,1",
        "4 0;1",
        "4 0,1:",
        "4 0,",
        "4  0,1",
        " ",
        "4 1,1,1",
        "4 --",
        "0,1 4",
        "4 2,3",
        "4 4,0",
    ]
    with tempfile.TemporaryDirectory() as folder:
        with tf.Graph().as_default(), tf.Session() as session:
            for at, spec in enumerate(specs):
                save = tf.raw_ops.SaveV2(
                    prefix=os.path.join(folder, str(at)),
                    tensor_names=["a"],
                    shape_and_slices=[spec],
                    tensors=[tf.zeros([2])],
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
        session.run(
            tf.raw_ops.SaveV2(
                prefix=prefix,
                tensor_names=names,
                shape_and_slices=[""] * len(names),
                tensors=values,
            )
        )
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
    arrays += [
        np.array(STRINGS, object),
        np.array(b"a\x00", object),
        np.array([["a", "b"]], object),
        np.zeros([0], object),
    ]
    recorded = []
    for array in arrays:
        proto = tf.make_tensor_proto(array)
        name = "string" if array.dtype == object else array.dtype.name
        recorded.append([name, described(array), proto.SerializeToString().hex()])
    filled = []
    for values, kind, shape in (
        ([1.5], "float32", [2, 3]),
        ([1, 2], "int32", [5]),
        (7, "int64", [3]),
        (True, "bool", [2]),
        (b"x", "string", [2, 2]),
        ([1, 2], "float16", [4]),
        (1 + 2j, "complex64", [2]),
        ([1, 2, 3], "uint8", [3]),
        ([1, 2], "int32", [2, 1]),
        (0.0, "float32", [100000, 1000]),
        (3, "int32", [1]),
        ([], "float32", [0]),
    ):
        proto = tf.make_tensor_proto(values, getattr(tf, kind), shape)
        entry = {
            "dtype": kind,
            "shape": shape,
            "proto": proto.SerializeToString().hex(),
        }
        entry["values"] = described(
            np.array(values, object if kind == "string" else kind)
        )
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
        for name, text in (
            ("plain", "hello"),
            ("row", ["a", "caf\u00e9"]),
            ("table", [["a", "b"], ["c", "d"]]),
        ):
            made = session.run(tf.summary.text(name, tf.constant(text)))
            recorded["texts"].append([name, text, made.hex()])
        for name, array in sorted(pictures().items()):
            for count in (1, 3):
                op = tf.summary.image(
                    "%s_%d" % (name, count), tf.constant(array), count
                )
                made = tf.Summary.FromString(session.run(op))
                pixels = [
                    session.run(tf.image.decode_png(value.image.encoded_image_string))
                    for value in made.value
                ]
                for value in made.value:
                    value.image.encoded_image_string = b""
                about = dict(described(array), dtype=array.dtype.name, count=count)
                about["name"] = "%s_%d" % (name, count)
                recorded["images"].append(
                    [
                        about,
                        made.SerializeToString().hex(),
                        [p.tobytes().hex() for p in pixels],
                    ]
                )
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
    save_json(
        "events/all.json",
        {
            "events": [e[:2000] for e in events],
            "name": name[:3] + [len(name[3])] + name[-1:],
        },
    )


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
    dict(
        save_dir="d",
        model_checkpoint_path="d/m-2",
        all_model_checkpoint_paths=["d/m-1", "d/m-2"],
    ),
    dict(
        save_dir="d",
        model_checkpoint_path="d/m-2",
        all_model_checkpoint_paths=["d/m-1"],
    ),
    dict(save_dir=".", model_checkpoint_path="./cur"),
    dict(save_dir="", model_checkpoint_path="cur"),
    dict(
        save_dir="d",
        model_checkpoint_path="/abs/m-1",
        all_model_checkpoint_paths=["d/m-0", "/abs/m-1"],
    ),
    dict(save_dir="{folder}", model_checkpoint_path="{folder}/m-1"),
    dict(
        save_dir="{folder}",
        model_checkpoint_path="{folder}/m-1",
        save_relative_paths=True,
        all_model_checkpoint_paths=["{folder}/m-0", "{folder}/m-1"],
    ),
    dict(save_dir="{folder}", model_checkpoint_path="m-1"),
    dict(
        save_dir="d",
        model_checkpoint_path="e/m-1",
        save_relative_paths=True,
        all_model_checkpoint_paths=["e/m-0"],
    ),
    dict(save_dir="d", model_checkpoint_path="d/caf\u00e9 \"q\" 'a' \\ \n\t-1"),
    dict(
        save_dir="d",
        model_checkpoint_path="d/m-1",
        all_model_checkpoint_paths=["d/m-0", "d/m-1"],
        all_model_checkpoint_timestamps=[1571123456.789, 1571123457.0],
        last_preserved_timestamp=1571120000.125,
    ),
    dict(
        save_dir="d",
        model_checkpoint_path="d/m-1",
        all_model_checkpoint_timestamps=[1.0, 2.0],
    ),
]


def record_states():
    """Arguments of update_checkpoint_state, the file it makes, and what is read."""
    from tensorflow.python.training import checkpoint_management as management

    recorded, start = [], os.getcwd()
    folder, other = tempfile.mkdtemp(), tempfile.mkdtemp()
    os.chdir(folder)
    os.makedirs("d")
    for case in STATES:
        # the function changes the list it is given
        arguments = {"all_model_checkpoint_paths": []}
        arguments.update(json.loads(json.dumps(case).replace("{folder}", other)))
        try:
            management.update_checkpoint_state_internal(**arguments)
        except ValueError as error:
            recorded.append([case, "", str(error)])
            continue
        save_dir = arguments["save_dir"]
        with open(os.path.join(save_dir, "checkpoint")) as f:
            text = f.read()
        state = tf.train.get_checkpoint_state(save_dir or ".")
        outcome = [
            text.replace(other, "{folder}"),
            str(state).replace(other, "{folder}"),
        ]
        recorded.append([case] + outcome)
    os.chdir(start)
    shutil.rmtree(folder)
    shutil.rmtree(other)
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


# -- what scopetutor wrote ------------------------------------------------------


def same_values(value, about):
    """Whether TensorFlow read what was written."""
    found = described(value)
    return all(found[key] == about[key] for key in found)


def restored(prefix, names, abouts):
    """The tensors as RestoreV2 gives them, odd types as their bits."""
    kinds = [getattr(tf, about["dtype"]) for about in abouts]
    with tf.Graph().as_default(), tf.Session() as session:
        tensors = tf.raw_ops.RestoreV2(
            prefix=prefix,
            tensor_names=names,
            shape_and_slices=[""] * len(names),
            dtypes=kinds,
        )
        return session.run([readable(tensor) for tensor in tensors])


def verify_checkpoint(prefix, expected):
    """Names, types, shapes by the reader; values by RestoreV2."""
    names = sorted(expected)
    abouts = [expected[name] for name in names]
    reader = tf.train.NewCheckpointReader(prefix)
    shapes, kinds = (
        reader.get_variable_to_shape_map(),
        reader.get_variable_to_dtype_map(),
    )
    assert sorted(shapes) == names == [n for n, _ in tf.train.list_variables(prefix)]
    for name, about in expected.items():
        assert shapes[name] == about["shape"], name
        assert kinds[name].name == about["dtype"], name
    for name, about, value in zip(names, abouts, restored(prefix, names, abouts)):
        assert same_values(value, about), name
    return "%d tensors listed and restored" % len(names)


def verify_partitioned(folder, expected):
    """Saver.restore of a variable saved in three files, whole and in other parts."""
    about = expected["checkpoints"]["sharded"]["table"]
    for parts in (1, 4):
        with tf.Graph().as_default(), tf.Session() as session:
            split = tf.fixed_size_partitioner(parts) if parts > 1 else None
            table = tf.get_variable("table", [14, 5], partitioner=split)
            tf.train.Saver().restore(session, os.path.join(folder, "sharded"))
            assert same_values(session.run(tf.convert_to_tensor(table)), about)
    return "restored whole and in 4 parts"


def verify_model(folder, expected):
    """import_meta_graph, restore by the state file, run and take a training step."""
    prefix = tf.train.latest_checkpoint(folder)
    assert prefix == os.path.join(folder, "zoo-7"), prefix
    with tf.Graph().as_default(), tf.Session() as session:
        saver = tf.train.import_meta_graph(meta_for_import(prefix + ".meta"))
        saver.restore(session, prefix)
        for variable in tf.global_variables():
            value = session.run(variable)
            assert same_values(value, expected["model"][variable.name]), variable.name
        feed = {"x:0": np.ones([2, 8, 8, 3]), "is_training:0": True}
        session.run(tf.get_collection("train_op")[0], feed)
        count = len(tf.global_variables())
    with open(os.path.join(folder, "zoo.pbtxt")) as f:
        parsed = text_format.Parse(f.read(), tf.GraphDef())
    assert parsed == meta_of(prefix + ".meta").graph_def
    return "%d variables restored, one training step run, pbtxt parsed" % count


def meta_of(path):
    from tensorflow.core.protobuf import meta_graph_pb2

    with open(path, "rb") as f:
        return meta_graph_pb2.MetaGraphDef.FromString(f.read())


def meta_for_import(path):
    """The file, or what TensorFlow 2 takes: it infers other shapes than 1.15 noted."""
    if not VERSION.startswith("2."):
        return path
    meta = meta_of(path)
    for node in meta.graph_def.node:
        node.attr.pop("_output_shapes", None)
    return meta


def verify_events(folder, expected):
    """summary_iterator, decode_png and tf_record_iterator read what was written."""
    expected = expected["events"]
    events = list(tf.train.summary_iterator(os.path.join(folder, expected["log"])))
    # The text of a message is not the same in every release of protobuf.
    for event, text in zip(events, expected["events"]):
        assert event == text_format.Parse(text, tf.Event()), text
    assert len(events) == len(expected["events"])
    pictures = tf.train.summary_iterator(os.path.join(folder, expected["pictures"]))
    with tf.Graph().as_default(), tf.Session() as session:
        pixels = [
            session.run(tf.image.decode_png(value.image.encoded_image_string))
            for event in pictures
            for value in event.summary.value
        ]
    assert [p.tobytes().hex() for p in pixels] == expected["pixels"]
    kinds = tf.python_io.TFRecordCompressionType
    for kind in ("NONE", "GZIP", "ZLIB"):
        path = os.path.join(folder, "records" + kind.replace("NONE", ""))
        options = tf.python_io.TFRecordOptions(getattr(kinds, kind))
        records = list(tf.python_io.tf_record_iterator(path, options))
        assert [r.hex() for r in records] == expected["records"]
    return "%d events, %d pictures, 3 files of records read" % (
        len(events),
        len(pixels),
    )


def checksums(folder):
    """Of every file whose bytes no compression library decides."""
    sums = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.relpath(os.path.join(parent, name), folder)
            if not path.startswith(("pictures", "recordsGZIP", "recordsZLIB")):
                with open(os.path.join(folder, path), "rb") as f:
                    sums[path] = hashlib.sha256(f.read()).hexdigest()
    return sums


def verify(folder):
    """Read everything in a folder and record that, with the files' checksums."""
    folder = os.path.abspath(folder)
    with open(os.path.join(folder, "expected.json")) as f:
        expected = json.load(f)
    outcomes = {
        name: verify_checkpoint(os.path.join(folder, name), values)
        for name, values in expected["checkpoints"].items()
    }
    outcomes["partitioned"] = verify_partitioned(folder, expected)
    outcomes["model"] = verify_model(folder, expected)
    outcomes["events"] = verify_events(folder, expected)
    save_json(
        "verified_by_2.json" if VERSION.startswith("2.") else "verified.json",
        {
            "tensorflow": VERSION,
            "outcomes": outcomes,
            "sha256": checksums(folder),
        },
    )
    print(json.dumps(outcomes, indent=1))


GROUPS = {
    "tensors": record_tensors,
    "events": record_events,
    "states": record_states,
    "checkpoints": record_checkpoints,
    "graphs": record_graphs,
    "messages": record_messages,
}


def main(arguments):
    if arguments[:1] == ["--verify"]:
        verify(arguments[1])
        return
    for name in arguments or sorted(GROUPS):
        print("recording", name)
        GROUPS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
