"""`tf.dtypes`: names that `tf` has as well.

Types are made in ``engine/dtypes.py``; `tf` has them at its top. `cast` and other
functions that change types are here too.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "tf": (
            "DType QUANTIZED_DTYPES as_dtype as_string bfloat16 bool cast complex "
            "complex128 complex64 double float16=half float32 float64=double half "
            "int16 int32 int64 int8 qint16 qint32 qint8 quint16 quint8 resource "
            "saturate_cast string uint16 uint32 uint64 uint8 variant"
        ),
    },
)
