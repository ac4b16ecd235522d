"""Texts that hold packed bytes or tensors: base64, gzip, messages.

After text. Elements are ``bytes``, as in TensorFlow.
"""

from __future__ import annotations

import binascii
import gzip
import re
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.op_errors import DataLossError, InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.errors import FileFormatError
from scopetutor.formats import arrays, protos, tensors
from scopetutor.formats.datatypes import STRING

from . import rules
from .text import each

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation

Array = np.ndarray[Any, Any]


def _refused(problem: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, problem)


# -- base64, as it stands in the addresses of pages ------------------------------------

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9_-]")


def _decoded(text: bytes) -> bytes:
    bare = text[:-2] + text[-2:].rstrip(b"=") if len(text) % 4 == 0 else text
    if len(bare) % 4 == 1:
        raise _refused("Base64 string length cannot be 1 modulo 4.")
    if _NOT_BASE64.search(bare):
        raise _refused("Invalid character found in base64.")
    plain = bare.replace(b"-", b"+").replace(b"_", b"/")
    return binascii.a2b_base64(plain + b"=" * (-len(plain) % 4))


def _encoded(pad: bool) -> Callable[[bytes], bytes]:
    def encode(text: bytes) -> bytes:
        found = binascii.b2a_base64(text, newline=False)
        found = found.replace(b"+", b"-").replace(b"/", b"_")
        return found if pad else found.rstrip(b"=")

    return encode


def _encode_kernel(op: Operation) -> Callable[[Array], Array]:
    encode = _encoded(op._attrs["pad"])
    return lambda texts: each(encode, texts)


define(
    "DecodeBase64", shape=rules.unchanged, kernel=lambda texts: each(_decoded, texts)
)
define("EncodeBase64", shape=rules.unchanged, build=_encode_kernel)


def decode_base64(input: Any, name: str | None = None) -> Any:
    """The bytes that base64 texts stand for; padding may be left out."""
    return apply("DecodeBase64", input, name=name)


def encode_base64(input: Any, pad: bool = False, name: str | None = None) -> Any:
    """Bytes as base64 texts, for addresses of pages: with - and _."""
    return apply("EncodeBase64", input, pad=pad, name=name)


# -- packed bytes ----------------------------------------------------------------------

_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    "GZIP": gzip.decompress,
    "ZLIB": zlib.decompress,
}


def _unpack_kernel(op: Operation) -> Callable[[Array], Array]:
    unpack = _UNPACK.get(op._attrs["compression_type"])

    def one(data: bytes) -> bytes:
        assert unpack is not None
        try:
            return unpack(data)
        except (zlib.error, OSError, EOFError):
            problem = "inflate() failed with error -3: incorrect header check"
            raise DataLossError(None, None, problem) from None

    def kernel(texts: Array) -> Array:
        if unpack is None:
            raise _refused("Only ZLIB, GZIP or NONE are supported compressions")
        return each(one, texts)

    return kernel


define("DecodeCompressed", shape=rules.unchanged, build=_unpack_kernel)


def decode_compressed(
    bytes: Any, compression_type: str = "", name: str | None = None
) -> Any:
    """Bytes unpacked: "GZIP", "ZLIB", or "" for those that are not packed."""
    return apply(
        "DecodeCompressed", bytes, compression_type=compression_type, name=name
    )


# -- tensors as messages ---------------------------------------------------------------


def serialized(array: Array) -> bytes:
    """TF 1.15: numbers always as plain memory; the shape is there even if empty."""
    datatype = arrays.datatype_of(array)
    proto = protos.TensorProto(dtype=datatype.number)
    proto.tensor_shape.dim.extend({"size": size} for size in array.shape)
    proto.tensor_shape.SetInParent()
    if datatype is STRING:
        proto.string_val.extend(arrays.as_strings(array))
    else:
        proto.tensor_content = arrays.as_bytes(array).tobytes()
    found: bytes = proto.SerializeToString()
    return found


def _parse_kernel(op: Operation) -> Callable[[Any], Array]:
    wanted = op._attrs["out_type"]

    def kernel(text: Any) -> Array:
        if np.ndim(text):
            shape = dims_text(np.shape(text))
            raise _refused(f"Expected `serialized` to be a scalar, got shape: {shape}")
        data = np.asarray(text, object).item()
        try:
            proto = protos.TensorProto.FromString(data)
            array = tensors.to_array(proto)
        except (ValueError, FileFormatError):
            raise _refused("Cannot parse tensor from proto: ") from None
        found = dtypes.as_dtype(proto.dtype)
        if found != wanted:
            raise _refused(
                f"Type mismatch between parsed tensor ({dtypes.runtime_name(found)}) "
                f"and dtype ({dtypes.runtime_name(wanted)})"
            )
        return array

    return kernel


define(
    "SerializeTensor",
    shape=rules.scalar,
    kernel=lambda x: np.asarray(serialized(np.asarray(x)), object),
    gradient=None,
)
define("ParseTensor", shape=rules.unknown, build=_parse_kernel, gradient=None)


def serialize_tensor(tensor: Any, name: str | None = None) -> Any:
    """A tensor as a text: a TensorProto."""
    return apply("SerializeTensor", tensor, name=name)


def parse_tensor(serialized: Any, out_type: Any, name: str | None = None) -> Any:
    """The tensor that a text of `serialize_tensor` stands for."""
    return apply("ParseTensor", serialized, out_type=out_type, name=name)
