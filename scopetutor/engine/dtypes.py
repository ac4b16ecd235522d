"""Data types: ``tf.float32`` and its relatives.

Comes first: shapes and graphs are built on it. TF 1.15: every type has a twin for
references, ``float32_ref``, which is what a ref variable's tensor is of.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

_REF_OFFSET: Final = 100


BFLOAT16_BITS: Final = np.dtype([("bfloat16", np.uint16)])


def _numpy_bfloat16() -> Any:
    """NumPy's bfloat16 where ml_dtypes is there, else 16 opaque bits."""
    try:
        import ml_dtypes  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        return BFLOAT16_BITS
    _by_numpy[ml_dtypes.bfloat16] = _by_anything[ml_dtypes.bfloat16] = bfloat16
    return ml_dtypes.bfloat16


# name, number in TensorFlow's protocol buffers, NumPy type, other spellings.
_TABLE: Final[tuple[tuple[str, int, Any, tuple[str, ...]], ...]] = (
    ("float32", 1, np.float32, ("float",)),
    ("float64", 2, np.float64, ("double",)),
    ("int32", 3, np.int32, ()),
    ("uint8", 4, np.uint8, ()),
    ("int16", 5, np.int16, ()),
    ("int8", 6, np.int8, ()),
    ("string", 7, object, ()),
    ("complex64", 8, np.complex64, ()),
    ("int64", 9, np.int64, ()),
    ("bool", 10, bool, ()),
    ("qint8", 11, np.dtype([("qint8", np.int8)]), ()),
    ("quint8", 12, np.dtype([("quint8", np.uint8)]), ()),
    ("qint32", 13, np.dtype([("qint32", np.int32)]), ()),
    ("bfloat16", 14, None, ()),
    ("qint16", 15, np.dtype([("qint16", np.int16)]), ()),
    ("quint16", 16, np.dtype([("quint16", np.uint16)]), ()),
    ("uint16", 17, np.uint16, ()),
    ("complex128", 18, np.complex128, ()),
    ("float16", 19, np.float16, ("half",)),
    ("resource", 20, None, ()),
    ("variant", 21, None, ()),
    ("uint32", 22, np.uint32, ()),
    ("uint64", 23, np.uint64, ()),
)
_FLOATING: Final = frozenset({"float16", "float32", "float64", "bfloat16"})
_INTEGER: Final = frozenset(
    {"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}
)
_COMPLEX: Final = frozenset({"complex64", "complex128"})
_QUANTIZED: Final = frozenset({"qint8", "quint8", "qint16", "quint16", "qint32"})
_WITHOUT_LIMITS: Final = _COMPLEX | _QUANTIZED | {"bool", "string"}
_NUMPY_INCOMPATIBLE: Final = frozenset({"resource", "variant"})

_by_number: dict[int, DType] = {}
_by_name: dict[str, DType] = {}
_by_numpy: dict[Any, DType] = {}


class DType:
    """One data type of tensors; there is exactly one object for each.

    Attributes:
        name: ``"float32"``, or ``"float32_ref"`` for a reference.
        base_dtype: the type without its ``_ref``.
        as_datatype_enum: the number TensorFlow's files use for it.
        is_floating, is_integer, is_bool, is_complex, is_quantized, is_unsigned: kinds.
    """

    __slots__ = (
        "_as_numpy",
        "_is_ref_dtype",
        "_ref",
        "as_datatype_enum",
        "base_dtype",
        "is_bool",
        "is_complex",
        "is_floating",
        "is_integer",
        "is_numpy_compatible",
        "is_quantized",
        "name",
    )

    as_datatype_enum: int
    base_dtype: DType
    is_bool: bool
    is_complex: bool
    is_floating: bool
    is_integer: bool
    is_numpy_compatible: bool
    is_quantized: bool
    name: str
    _ref: DType
    _is_ref_dtype: bool
    _as_numpy: Any

    def __new__(cls, type_enum: Any) -> DType:
        """The one object for a number; TF 1.15 accepts ``tf.DType(1)``."""
        number = int(type_enum)
        if number not in _by_number:
            raise TypeError(f"type_enum is not a valid types_pb2.DataType: {number}")
        return _by_number[number]

    __new__.__qualname__ = "DType.__init__"  # what Python's errors call it in TF 1.15

    @property
    def _as_ref(self) -> DType:
        return self._ref

    @property
    def real_dtype(self) -> DType:
        """The type of the real part: float32 for complex64."""
        return _REAL.get(self.base_dtype.name, self)

    @property
    def as_numpy_dtype(self) -> Any:
        """NumPy's type for the values; strings are ``object``."""
        if self._as_numpy is None:
            if self.base_dtype.name != "bfloat16":
                raise KeyError(self.as_datatype_enum)  # TF 1.15: so for variants
            self._as_numpy = _numpy_bfloat16()
        return self._as_numpy

    @property
    def is_unsigned(self) -> bool:
        """Whether it holds no negative numbers."""
        return self.base_dtype.name in {"uint8", "uint16", "uint32", "uint64"}

    @property
    def min(self) -> Any:
        """The lowest value; TypeError for types without an order or limits."""
        return self._limit("min", "minimum")

    @property
    def max(self) -> Any:
        """The highest value; TypeError for types without an order or limits."""
        return self._limit("max", "maximum")

    def _limit(self, which: str, word: str) -> Any:
        base = self.base_dtype
        if base.is_floating and base.name != "bfloat16":
            return getattr(np.finfo(base.as_numpy_dtype), which)
        if base.is_integer:
            return getattr(np.iinfo(base.as_numpy_dtype), which)
        if base.name == "bfloat16":
            largest = float.fromhex("0x1.FEp127")
            return largest if which == "max" else -largest
        raise TypeError(f"Cannot find {word} value of {self}.")

    @property
    def limits(self) -> tuple[Any, Any]:
        """What images of this type hold: (0, 255), or (0, 1) for floats."""
        kind = self.as_numpy_dtype
        if kind in (np.float32, np.float64):
            return 0, 1
        if not self.base_dtype.is_integer:
            raise KeyError(kind)  # TF 1.15: for float16 too
        return 0, self.max

    @property
    def size(self) -> int:
        """Bytes of one value; 1 for handles, which have no size."""
        if self.name in _NUMPY_INCOMPATIBLE:
            return 1
        return int(np.dtype(self.as_numpy_dtype).itemsize)

    def is_compatible_with(self, other: Any) -> bool:
        """Whether a tensor of type `other` may go where this type is wanted."""
        other = as_dtype(other)
        return self is other or self is other.base_dtype

    def __eq__(self, other: object) -> bool:
        """TF 1.15: also equal to whatever would convert to it, such as 'float32'."""
        if self is other:
            return True
        if other is None or type(other) is DType:
            return False
        try:
            return as_dtype(other) is self
        except TypeError:
            return False

    def __ne__(self, other: object) -> bool:
        return not self.__eq__(other)

    def __hash__(self) -> int:
        return self.as_datatype_enum

    def __setattr__(self, name: str, value: Any) -> None:
        """What it is cannot be changed: all programs share it."""
        if not name.startswith("_"):
            raise AttributeError("can't set attribute")
        object.__setattr__(self, name, value)

    def __str__(self) -> str:
        return f"<dtype: '{self.name}'>"

    def __repr__(self) -> str:
        return f"tf.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return as_dtype, (self.name,)


def _make(name: str, number: int, as_numpy: Any) -> DType:
    """Makes the object for one number and enters it into the tables."""
    dtype = object.__new__(DType)
    base = name.removesuffix("_ref")
    for key, value in {
        "name": name,
        "base_dtype": _by_name.get(base, dtype),
        "as_datatype_enum": number,
        "is_floating": base in _FLOATING,
        "is_integer": base in _INTEGER,
        "is_bool": base == "bool",
        "is_complex": base in _COMPLEX,
        "is_quantized": base in _QUANTIZED,
        "is_numpy_compatible": base not in _NUMPY_INCOMPATIBLE,
        "_as_numpy": as_numpy,
        "_is_ref_dtype": name != base,
    }.items():
        object.__setattr__(dtype, key, value)
    _by_number[number] = dtype
    _by_name[name] = dtype
    return dtype


for _name, _number, _numpy, _aliases in _TABLE:
    _plain = _make(_name, _number, _numpy)
    _reference = _make(f"{_name}_ref", _number + _REF_OFFSET, _numpy)
    _plain._ref = _reference._ref = _reference
    for _alias in _aliases:
        _by_name[_alias] = _plain
        _by_name[f"{_alias}_ref"] = _reference
    if _numpy is not None:
        _by_numpy[_numpy] = _plain

float16 = half = _by_name["float16"]
float32 = _by_name["float32"]
float64 = double = _by_name["float64"]
bfloat16 = _by_name["bfloat16"]
int8 = _by_name["int8"]
int16 = _by_name["int16"]
int32 = _by_name["int32"]
int64 = _by_name["int64"]
uint8 = _by_name["uint8"]
uint16 = _by_name["uint16"]
uint32 = _by_name["uint32"]
uint64 = _by_name["uint64"]
complex64 = _by_name["complex64"]
complex128 = _by_name["complex128"]
bool_ = _by_name["bool"]  # TensorFlow calls it `bool`
string = _by_name["string"]
qint8 = _by_name["qint8"]
qint16 = _by_name["qint16"]
qint32 = _by_name["qint32"]
quint8 = _by_name["quint8"]
quint16 = _by_name["quint16"]
resource = _by_name["resource"]
variant = _by_name["variant"]
UNASSIGNED = frozenset({uint32, uint64})
"""TF 1.15: what no operation assigns to a ref variable (see ``unplaceable.py``)."""
float32_ref = _by_name["float32_ref"]

_REAL: Final = {"complex64": float32, "complex128": float64}
QUANTIZED_DTYPES: Final = frozenset(
    d for name in _QUANTIZED for d in (_by_name[name], _by_name[f"{name}_ref"])
)
for _wide in (np.intc, np.uintc, np.int_, np.uint, np.longlong, np.ulonglong):
    _by_numpy[_wide] = _by_name[np.dtype(_wide).name]
_by_numpy[np.bytes_] = _by_numpy[np.str_] = _by_numpy[np.object_] = string
_by_numpy[np.bool_], _by_numpy[BFLOAT16_BITS] = bool_, bfloat16
_by_anything: Final[dict[Any, DType]] = {
    **_by_number,
    **_by_name,
    **_by_numpy,
    float: float32,
}


_RUNTIME_NAMES: Final = {"float32": "float", "float64": "double", "float16": "half"}


def runtime_name(dtype: DType) -> str:
    """What TensorFlow's runtime calls a type in its messages: ``float``."""
    base = dtype.base_dtype.name
    name = _RUNTIME_NAMES.get(base, base)
    return f"{name}_ref" if dtype._is_ref_dtype else name


def as_dtype(type_value: Any) -> DType:
    """The type that something stands for.

    Args:
        type_value: a DType, a number of TensorFlow's, a name, or a NumPy type.

    Raises:
        TypeError: it stands for none. TF 1.15: "Cannot convert value 3.5 to a
            TensorFlow DType."
    """
    if type(type_value) is DType:
        return type_value
    if isinstance(type_value, np.dtype):
        found = _by_numpy.get(type_value.type) or _by_numpy.get(type_value)
    else:
        found = _by_anything.get(type_value)
    if found is None:
        raise TypeError(f"Cannot convert value {type_value!r} to a TensorFlow DType.")
    return found
