"""TensorProto and arrays: the bytes TensorFlow makes, the values it reads."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopetutor.errors import FileFormatError
from scopetutor.formats import arrays, protos, tensors
from scopetutor.formats.datatypes import BY_NAME
from scopetutor.formats.wire import MalformedError, put_varint


def array_of(name: str, recorded: dict) -> np.ndarray:
    """The array a recording describes."""
    if "strings" in recorded:
        strings = [bytes.fromhex(each) for each in recorded["strings"]]
        return arrays.string_array(strings, tuple(recorded["shape"]))
    data = np.frombuffer(bytes.fromhex(recorded["hex"]), BY_NAME[name].layout)
    return data.reshape(recorded["shape"])


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two arrays are alike in type, shape and bits."""
    if one.dtype == object:
        return one.shape == other.shape and one.tolist() == other.tolist()
    return (one.dtype, one.shape, one.tobytes()) == (
        other.dtype,
        other.shape,
        other.tobytes(),
    )


def test_arrays_become_the_bytes_of_make_tensor_proto(golden):
    """Every type, as array, one element, scalar and empty, gives TF's bytes."""
    cases = golden.json("tensors.json")["arrays"]
    for name, recorded, expected in cases:
        array = array_of(name, recorded)
        assert tensors.from_array(array).encode().hex() == expected
        assert same(
            tensors.to_array(protos.TensorProto.FromString(bytes.fromhex(expected))),
            array,
        )

    assert len(cases) > 50


def test_a_last_value_stands_for_the_rest(golden):
    """Protos with fewer values than elements read as TensorFlow reads them."""
    for case in golden.json("tensors.json")["filled"]:
        proto = protos.TensorProto.decode(bytes.fromhex(case["proto"]))
        values = array_of(case["dtype"], case["values"])
        found = tensors.to_array(proto)
        assert list(found.shape) == case["shape"]
        if "result" in case:
            assert same(found, array_of(case["dtype"], case["result"]))
        if values.size <= np.prod(case["shape"]):
            shape = tuple(case["shape"])
            assert tensors.from_array(values, shape=shape).encode() == proto.encode()


def test_a_constant_of_one_value_takes_no_memory():
    """A proto of 20 bytes that says 400 GB of zeros is an array that costs nothing."""
    proto = protos.TensorProto(dtype=1, float_val=[0.5])
    proto.tensor_shape.dim.extend([{"size": 10**6}, {"size": 10**5}])
    tracemalloc.start()
    array = tensors.to_array(proto)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert array.shape == (10**6, 10**5)
    assert array[-1, -1] == 0.5
    assert peak < 1 << 16


@given(
    st.sampled_from(["int64", "uint64", "int32", "bool", "uint32"]),
    st.lists(st.integers(0, (1 << 64) - 1), max_size=40),
    st.booleans(),
)
def test_packed_and_single_numbers_read_alike(name, numbers, packed):
    """Varints of any length, packed or one by one, give NumPy's values."""
    home = tensors._HOMES[name]
    if packed:
        body = b"".join(map(put_varint, numbers))
        data = put_varint(home.number << 3 | 2) + put_varint(len(body)) + body
    else:
        tag = put_varint(home.number << 3)
        data = b"".join(tag + put_varint(number) for number in numbers)
    found = tensors.array_from(data, BY_NAME[name], (len(numbers),), exact=True)

    expected = np.array(numbers, "u8").astype(BY_NAME[name].layout)
    assert found.tolist() == expected.tolist()


def shaped(dtype: int, sizes: list[int], **fields) -> object:
    """A TensorProto of this type and shape."""
    proto = protos.TensorProto(dtype=dtype, **fields)
    proto.tensor_shape.dim.extend({"size": size} for size in sizes)
    return proto


@pytest.mark.parametrize(
    ("proto", "problem"),
    [
        (shaped(1, [-1]), "no array has the shape"),
        (shaped(1, [1] * 40), "no array has the shape"),
        (shaped(1, [0, 1 << 62]), "no array has the shape"),
        (shaped(1, [1 << 40, 1 << 40], float_val=[1]), "no array has the shape"),
        (shaped(1, [3], tensor_content=b"abc"), "needs 12 bytes, there are 3"),
        (shaped(1, [1 << 40], float_val=[1, 2]), "too many to fill"),
        (shaped(7, [1 << 40], string_val=[b"a", b"b"]), "too many to fill"),
        (shaped(20, [1]), "a resource tensor is a handle"),
        (shaped(21, []), "a variant tensor is a handle"),
        (shaped(0, []), "there is no data type 0"),
        (shaped(101, []), "there is no data type 101"),
    ],
)
def test_what_is_no_array_is_refused(proto, problem):
    """Impossible shapes, missing bytes and handles each give one error."""
    with pytest.raises(FileFormatError, match=problem) as caught:
        tensors.to_array(proto, path="graph.pb")

    assert caught.value.path == "graph.pb"


def test_an_unknown_rank_is_refused():
    """A shape that is not known gives no array."""
    proto = protos.TensorProto(dtype=1, tensor_shape={"unknown_rank": True})
    with pytest.raises(FileFormatError, match="its rank is not known"):
        tensors.to_array(proto)


@pytest.mark.parametrize(
    "data", [b"\x2a\x03abc", b"\x3a\x01\x80", b"\x3a\x0b" + b"\x80" * 11]
)
def test_numbers_cut_off_are_refused(data):
    """Packed numbers that end within one are refused."""
    kind = "float32" if data[0] == 0x2A else "int32"
    with pytest.raises((ValueError, IndexError)):
        tensors.array_from(data, BY_NAME[kind], (1,))


TOO_LONG = b"\x3a\x0c" + b"\x80" * 11 + b"\x01"


@pytest.mark.parametrize("data", [TOO_LONG, b"\x1d\x01\x02", b"\x3a\x05\x01"])
def test_broken_protos_are_refused(data):
    """Numbers of eleven bytes, and fields longer than the data, are refused."""
    with pytest.raises(MalformedError):
        tensors.array_from(data, BY_NAME["int32"], (1,))


def test_exactly_as_many_values_as_elements_can_be_asked_for():
    """A V1 checkpoint has every value: two for three elements are refused."""
    with pytest.raises(MalformedError, match="needs 3 values, there are 2"):
        tensors.array_from(b"\x3a\x02\x01\x02", BY_NAME["int32"], (3,), exact=True)


def test_two_gigabytes_are_no_constant(monkeypatch):
    """An array over the limit is refused in TensorFlow's words."""
    monkeypatch.setattr(tensors, "_CONTENT_LIMIT", 100)
    with pytest.raises(ValueError, match="whose content is larger than 2GB"):
        tensors.from_array(np.zeros(100))


def test_too_many_elements_are_refused_in_tensorflows_words():
    """More values than the shape has is the ValueError of tf.constant."""
    with pytest.raises(ValueError, match=r"Needed at most 2, but received 3"):
        tensors.from_array(np.zeros(3), shape=(2,))


def test_a_large_array_of_varints_is_read_fast():
    """200,000 int64 values in varints take less than half a second."""
    values = np.arange(-100_000, 100_000)
    proto = protos.TensorProto(dtype=9, int64_val=values.tolist())
    data = proto.encode()
    begin = time.process_time()
    found = tensors.array_from(data, BY_NAME["int64"], values.shape, exact=True)

    assert time.process_time() - begin < 0.5
    assert np.array_equal(found, values)
