"""The data types a file can name: number, TensorFlow's name, NumPy's layout.

A plain table, without NumPy, so that listing a checkpoint stays cheap.
``arrays.py`` turns its layouts into NumPy dtypes.
"""

from __future__ import annotations

from dataclasses import dataclass

from .wire import MalformedError


@dataclass(frozen=True, slots=True)
class DataType:
    """One value of TensorFlow's ``DataType`` enum.

    Attributes:
        number: as in files.
        name: as in ``tf.float32.name``.
        layout: one element in NumPy's spelling, little endian; empty where an
            element is no fixed number of bytes.
    """

    number: int
    name: str
    layout: str = ""

    @property
    def size(self) -> int:
        """Bytes of one element; 0 where that is not fixed."""
        return int(self.layout[2:] or 0)


DATATYPES: dict[int, DataType] = {
    datatype.number: datatype
    for datatype in (
        DataType(1, "float32", "<f4"),
        DataType(2, "float64", "<f8"),
        DataType(3, "int32", "<i4"),
        DataType(4, "uint8", "|u1"),
        DataType(5, "int16", "<i2"),
        DataType(6, "int8", "|i1"),
        DataType(7, "string"),
        DataType(8, "complex64", "<c8"),
        DataType(9, "int64", "<i8"),
        DataType(10, "bool", "|b1"),
        DataType(11, "qint8", "|i1"),
        DataType(12, "quint8", "|u1"),
        DataType(13, "qint32", "<i4"),
        DataType(14, "bfloat16", "<u2"),
        DataType(15, "qint16", "<i2"),
        DataType(16, "quint16", "<u2"),
        DataType(17, "uint16", "<u2"),
        DataType(18, "complex128", "<c16"),
        DataType(19, "float16", "<f2"),
        DataType(20, "resource"),
        DataType(21, "variant"),
        DataType(22, "uint32", "<u4"),
        DataType(23, "uint64", "<u8"),
    )
}


def datatype_numbered(number: int) -> DataType:
    """The type with this number.

    Raises:
        MalformedError: there is none.
    """
    if number not in DATATYPES:
        raise MalformedError(f"there is no data type {number}")
    return DATATYPES[number]


BY_NAME: dict[str, DataType] = {each.name: each for each in DATATYPES.values()}
STRING = BY_NAME["string"]
