"""Messages behave as Google's do in programs of TensorFlow 1's time."""

from __future__ import annotations

import copy
import math
import pickle
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopetutor.errors import FileFormatError
from scopetutor.formats import message as message_module
from scopetutor.formats import pbtxt, protos
from scopetutor.formats.fields import DEEPEST, Field, MapField
from scopetutor.formats.message import Message
from scopetutor.formats.pbtxt_reader import merge
from scopetutor.formats.wire import put_varint

ALL = {name: protos.message_class(name) for name in protos.MESSAGES}


def describe(field: Field) -> list[Any]:
    """A field in the words of the recording script."""
    if isinstance(field, MapField):
        key, value = field.key, field.value
        kind = f"{{{key.type_name or key.kind} {value.type_name or value.kind}}}"
        return [field.number, field.name, kind, "", field.oneof]
    many = "*" if field.repeated else ""
    kind = field.type_name or field.kind
    return [field.number, field.name, kind, many, field.oneof]


def test_tables_are_tensorflows(golden):
    """Every message has the fields, numbers, types and choices of TF 1.15.5."""
    expected = golden.json("messages/descriptors.json")

    assert expected["messages"] == {
        name: sorted(describe(field) for field in kind.schema.fields)
        for name, kind in ALL.items()
    }
    assert expected["enums"] == {
        name: [[value, number] for value, number in enum.items()]
        for name, enum in protos.ENUMS.items()
    }


def test_no_field_hides_behind_a_method():
    """No field has the name of something every message has."""
    fields = {field.name for kind in ALL.values() for field in kind.schema.fields}

    assert not fields & set(dir(Message))


def outcome(program: str) -> str:
    """What a program gives, printed; or its error. As in the recording script."""

    def parse(text: Any, message: Message) -> Message:
        merge(text, message, repeats=False)
        return message

    def merge_text(text: Any, message: Message) -> Message:
        merge(text, message)
        return message

    scope: dict[str, Any] = {n: k for n, k in ALL.items() if "." not in n}
    scope |= {"to_text": pbtxt.write, "parse": parse, "merge": merge_text}
    scope |= {"copy": copy, "np": np}
    statements, _, expression = program.rpartition("; ")
    try:
        exec(statements, scope)
        try:
            return repr(eval(expression, scope))
        except SyntaxError:
            exec(expression, scope)
            return "None"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


# Google's errors for what cannot be read, and for a missing key, are worded by it.
OWN_WORDS = {
    "DecodeError": "FileFormatError",
    "ParseError": "FileFormatError",
    "KeyError": "KeyError",
}


def test_programs_give_what_googles_library_gives(golden):
    """Hundreds of small programs end as with protobuf, errors and texts included."""
    programs = golden.json("messages/programs.json")
    different = []
    for program, recorded in programs:
        got, kind = outcome(program), recorded.partition(":")[0]
        if kind in OWN_WORDS:
            same = got.partition(":")[0] == OWN_WORDS[kind]
        else:
            same = got == recorded
        if not same:
            different.append((program, recorded, got))

    assert len(programs) > 200
    assert different == []


NUMBERS = {
    "int32": (-(1 << 31), (1 << 31) - 1),
    "enum": (-(1 << 31), (1 << 31) - 1),
    "int64": (-(1 << 63), (1 << 63) - 1),
    "sint64": (-(1 << 63), (1 << 63) - 1),
    "uint32": (0, (1 << 32) - 1),
    "fixed32": (0, (1 << 32) - 1),
    "uint64": (0, (1 << 64) - 1),
    "bool": (0, 1),
}
FLOATS = (0.0, -0.0, 1.5, 1e-45, -3e38, math.inf, 0.1, 1 / 3, 5e-324, 1e300)


def random_value(field: Field, random: Random, depth: int) -> Any:
    """One value such a field can be given."""
    if field.kind == "message":
        return random_message(field.make(), random, depth - 1)
    if field.kind in NUMBERS:
        low, high = NUMBERS[field.kind]
        return random.choice([0, low, high, random.randint(low, high)])
    if field.kind in ("float", "double"):
        return random.choice(FLOATS)
    text = "".join(random.choices("ab\0\n\"'\\\x7fé\U0001f600", k=random.randrange(5)))
    return text if field.kind == "string" else text.encode("utf-16")


def random_message(kind: type[Message], random: Random, depth: int = 6) -> Message:
    """Any message of a kind, nested at most ``depth`` deep."""
    message = kind()
    fields = [
        f for f in kind.schema.fields if depth or f.kind not in ("message", "map")
    ]
    for field in random.sample(fields, min(len(fields), random.randrange(4))):
        if isinstance(field, MapField):
            values: Any = {
                random_value(field.key, random, depth): random_value(
                    field.value, random, depth
                )
                for _ in range(random.randrange(3))
            }
        elif field.repeated:
            values = [
                random_value(field, random, depth) for _ in range(random.randrange(3))
            ]
        else:
            values = random_value(field, random, depth)
        message.set_fields({field.name: values})
    return message


@given(seed=st.integers(0, 1 << 32))
def test_bytes_and_text_keep_everything(seed):
    """Encoded and decoded, printed and parsed, copied: the same message."""
    random = Random(seed)
    message = random_message(random.choice(list(ALL.values())), random)
    data = message.encode()
    decoded = type(message).decode(data)
    parsed, shown = type(message)(), type(message)()
    merge(pbtxt.write(message), parsed)
    merge(str(message), shown)

    assert message == decoded == parsed == shown == copy.deepcopy(message)
    assert data == decoded.encode()


def test_a_message_can_be_pickled():
    """A message goes through pickle, maps and lists included."""
    node = protos.NodeDef(name="a", input=["b"])
    node.attr["T"].type = 1

    again = pickle.loads(pickle.dumps(node))

    assert node == again
    assert pickle.loads(pickle.dumps(node.input)) == ["b"]


def test_chosen_fields_are_the_only_ones_read(golden):
    """With ``only`` the other fields are passed over, even if they are wrong."""
    meta = protos.MetaGraphDef(graph_def={"version": 3}, saver_def={"version": 2})
    meta.collection_def["c"].int64_list.value.append(5)
    data = b"\x12\x03abc" + meta.encode()

    chosen = protos.MetaGraphDef.decode(data, only=("collection_def",))

    assert {"c": meta.collection_def["c"]} == chosen.collection_def
    assert [field.name for field, _ in chosen.ListFields()] == ["collection_def"]
    with pytest.raises(FileFormatError):
        protos.MetaGraphDef.decode(data)


def nested(levels: int) -> bytes:
    """The bytes of a function nested in attributes, so many levels deep."""
    data = b""
    for _ in range(levels):
        data = b"\x52" + put_varint(len(data)) + data
        entry = b"\x12" + put_varint(len(data)) + data
        data = b"\x12" + put_varint(len(entry)) + entry
    return data


def test_nesting_is_bounded():
    """A message nested a thousand deep is refused, ten deep it is read."""
    assert protos.NameAttrList.decode(nested(10)).attr[""].func.attr
    with pytest.raises(FileFormatError, match=f"more than {DEEPEST} deep"):
        protos.NameAttrList.decode(nested(1000))


@pytest.mark.parametrize("opening", ["list{func{attr{value{", "node{"])
def test_nesting_of_text_is_bounded(opening):
    """Text nested ten thousand deep is refused."""
    with pytest.raises(FileFormatError, match=r"this is not the text of a AttrValue"):
        merge(opening * 10_000, protos.AttrValue())


def test_errors_say_what_where_and_what_to_try():
    """An unreadable message and text name the file, the place and a remedy."""
    with pytest.raises(FileFormatError) as binary:
        protos.GraphDef.decode(b"\x0a\x05abc", path="x.pb")
    with pytest.raises(FileFormatError) as text:
        merge('node {\n  nme: "a"\n}', protos.GraphDef(), path="x.pbtxt")

    assert "x.pb: this is not a GraphDef message: 5 bytes are announced" in str(
        binary.value
    )
    assert str(text.value).startswith(
        "x.pbtxt: this is not the text of a GraphDef: line 2, column 3: "
        'message type "NodeDef" has no field named "nme"'
    )
    assert binary.value.hint
    assert text.value.hint


def test_completion_offers_fields():
    """``dir`` of a message has its fields and Google's methods."""
    assert {"node", "versions", "CopyFrom"} <= set(dir(protos.GraphDef()))


def test_lists_check_and_copy_when_added_to():
    """``+=`` on a list of a message does what extend does."""
    node = protos.NodeDef()
    inputs = node.input
    inputs += ["a"]
    graph = protos.GraphDef()
    nodes = graph.node
    nodes += [node]
    inputs += ["b"]

    assert graph.node[0].input == ["a"]
    assert node.input == ["a", "b"]
    with pytest.raises(TypeError, match="expected one of"):
        inputs += [3]


def test_containers_copy_as_plain_ones():
    """A copied list or map of a message is a list or dict of its own."""
    graph = protos.GraphDef(node=[{"name": "a"}])
    config = protos.ConfigProto(device_count={"CPU": 2})

    nodes, devices = copy.copy(graph.node), copy.copy(config.device_count)
    nodes.append(protos.NodeDef())
    devices["GPU"] = 1

    assert (type(nodes), type(devices)) == (list, dict)
    assert (len(graph.node), config.device_count) == (1, {"CPU": 2})
    assert copy.copy(protos.NodeDef(attr={}).attr) == {}


def test_a_map_in_a_message_only_looked_at_makes_it_count():
    """Setting an entry of a map sets the message the map is part of."""
    run = protos.RewriterConfig()
    events = protos.Example()
    events.features.feature["a"].int64_list.value.append(1)
    stats = protos.StepStats()
    device = stats.dev_stats.add()
    device.thread_names[3] = "x"
    graph = protos.AttrValue()
    graph.func.attr["a"].i = 3

    assert events.HasField("features")
    assert graph.WhichOneof("value") == "func"
    assert stats.dev_stats[0].thread_names == {3: "x"}
    assert not run.ListFields()


def test_an_any_that_cannot_be_read_is_printed_as_it_is():
    """An ``Any`` with broken contents prints its bytes; Google's library raises."""
    url = "type.googleapis.com/tensorflow.NodeDef"
    packed = protos.Any(type_url=url, value=b"\n\x05a")

    assert pbtxt.write(packed) == f'type_url: "{url}"\nvalue: "\\n\\005a"\n'


def test_two_gigabytes_are_too_many(monkeypatch):
    """A message larger than Google's limit is refused before it is read."""
    monkeypatch.setattr(message_module, "LARGEST", 10)
    with pytest.raises(FileFormatError, match="cannot be larger than 2 GiB"):
        protos.GraphDef.decode(b"\x0a\x09" + bytes(9))
