"""Functions of Python that rewritten code calls on tensors.

Beside conditions; ``calls.py`` looks here when a program calls `len`, `range` or
`print` on a tensor.
"""

from __future__ import annotations

import builtins
from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import is_tensor
from scopetutor.engine.ops import array, casting, elementwise
from scopetutor.engine.ops.branches import cond as tf_cond

_UNSPECIFIED: Any = object()


def abs_(x: Any) -> Any:
    """`abs`."""
    return elementwise.abs(x) if is_tensor(x) else abs(x)


def float_(x: Any = 0) -> Any:
    """`float`: of a text, the number it says."""
    return _number(x, dtypes.float32) if is_tensor(x) else float(x)


def int_(x: Any = 0, base: Any = _UNSPECIFIED) -> Any:
    """`int`: of a text, the number it says.

    Raises:
        NotImplementedError: a base other than 10 is asked for, of a tensor.
    """
    if not is_tensor(x):
        return int(x) if base is _UNSPECIFIED else int(x, base)
    if base not in (10, _UNSPECIFIED):
        raise NotImplementedError(f"base {base} not supported for int")
    return _number(x, dtypes.int32)


def _number(x: Any, dtype: Any) -> Any:
    if x.dtype == dtypes.string:
        return apply("StringToNumber", x, out_type=dtype)
    return casting.cast(x, dtype)


def len_(s: Any) -> Any:
    """`len`: of a tensor, how many rows it has.

    Raises:
        ValueError: the tensor is a scalar.
    """
    if type(s).__name__ == "TensorArray":
        return s.size()
    if not is_tensor(s):
        return len(s)
    if s.shape.ndims and s.shape.dims[0].value is not None:
        return s.shape.dims[0].value
    shape = array.shape(s)
    assert shape.shape, f"shape tensor of zero size? {shape}"
    if shape.shape[0] == 0:
        raise ValueError(f"len requires a non-scalar tensor, got one of shape {shape}")
    if shape.shape.dims[0].value is not None:
        return array.shape(s)[0]
    rank = array.rank(s)
    return tf_cond(rank > 0, lambda: array.shape(s)[0], lambda: _no_rows(rank))


def _no_rows(rank: Any) -> Any:
    from scopetutor.engine.constants import constant  # noqa: PLC0415 - for errors
    from scopetutor.engine.ops.checks import Assert  # noqa: PLC0415 - for errors
    from scopetutor.engine.surroundings import (  # noqa: PLC0415 - for errors
        control_dependencies,
    )

    parts = ["len requires non-zero rank, got ", apply("AsString", rank)]
    message = apply("StringJoin", parts)
    with control_dependencies([Assert(False, [message])]):
        return constant(0, dtype=dtypes.int32)


def print_(*objects: Any, **kwargs: Any) -> Any:
    """`print`: of tensors, when the graph runs.

    Raises:
        ValueError: an argument is none of `print`.
    """
    unknown = tuple(set(kwargs) - {"sep", "end", "file", "flush"})
    if unknown:
        raise ValueError(f"invalid keyword arguments: {unknown}")
    if not any(map(is_tensor, objects)):
        print(*objects, **kwargs)  # noqa: T201 - the program's own
        return None
    from scopetutor.engine.ops.script import py_function  # noqa: PLC0415 - rare

    settings = {"flush": True, **kwargs}

    def shown(*tensors: Any) -> int:
        values = iter(tensors)
        texts = [next(values).numpy() if is_tensor(o) else o for o in objects]
        texts = [t.decode() if isinstance(t, bytes) else t for t in texts]
        print(*texts, **settings)  # noqa: T201 - the program's own
        return 1

    return py_function(shown, list(filter(is_tensor, objects)), dtypes.int32)


def range_(first: Any, stop: Any = _UNSPECIFIED, step: Any = _UNSPECIFIED) -> Any:
    """`range`: of tensors, `tf.range`."""
    given = [item for item in (first, stop, step) if item is not _UNSPECIFIED]
    if not any(map(is_tensor, given)):
        return range(*given)
    from scopetutor.engine.ops import ranges  # noqa: PLC0415 - rare

    if step is not _UNSPECIFIED:
        return ranges.range_(first, stop, step)
    if stop is not _UNSPECIFIED:
        return ranges.range_(first, elementwise.maximum(first, stop))
    return ranges.range_(elementwise.maximum(first, 0))


def enumerate_(s: Any, start: int = 0) -> Any:
    """`enumerate`: of a dataset, its own."""
    return s.enumerate(start) if _is_dataset(s) else enumerate(s, start)


def zip_(*iterables: Any) -> Any:
    """`zip`: of datasets, theirs."""
    if all(map(_is_dataset, iterables)) and iterables:
        return type(iterables[0]).zip(tuple(iterables))
    return zip(*iterables)  # noqa: B905 - the program's own


def _is_dataset(value: Any) -> bool:
    from scopetutor.engine.data.dataset import Dataset  # noqa: PLC0415 - large

    return isinstance(value, Dataset)


OVERLOADS: dict[Any, Any] = {
    builtins.abs: abs_,
    builtins.float: float_,
    builtins.int: int_,
    builtins.len: len_,
    builtins.print: print_,
    builtins.range: range_,
    builtins.enumerate: enumerate_,
    builtins.zip: zip_,
}
