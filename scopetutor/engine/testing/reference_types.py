"""What of `tensorflow.python.framework.dtypes` is not public.

Every type of a reference, such as `float32_ref`; and the tables by which TensorFlow
1.15 finds types, which its own tests look at.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scopetutor.engine import dtypes

_IN_FILES = dtypes._by_number.items()
TF_VALUE_DTYPES = frozenset(
    dtype
    for _, dtype in _IN_FILES
    if not dtype._is_ref_dtype and dtype.is_numpy_compatible
)
_INTERN_TABLE = dict(_IN_FILES)
_TYPE_TO_STRING = {number: dtype.name for number, dtype in _IN_FILES}
_STRING_TO_TF = dict(dtypes._by_name)
_PYTHON_TO_TF = {kind: dtypes.as_dtype(kind) for kind in (float, bool, object)}
_TF_TO_NP = {
    number: dtype.as_numpy_dtype
    for number, dtype in _IN_FILES
    if dtype.base_dtype.name not in ("resource", "variant")
}


def __getattr__(name: str) -> Any:
    base, ending = name.removesuffix("_ref"), name.endswith("_ref")
    if ending and base in dtypes._by_name:
        return dtypes.as_dtype(base)._as_ref
    if name.startswith("_np_") and name[4:] in dtypes._by_name:
        return dtypes.as_dtype(name[4:]).as_numpy_dtype
    if name == "np_resource":
        return np.dtype([("resource", np.ubyte)])
    raise AttributeError(name)
