"""`tf.debugging.assert_shapes`: sizes of several tensors that must go together.

After rank_checks. A size is a number, a name that stands for one size wherever it is
used, or None or "." for any; a shape that begins with `...` or "*" is that of the last
axes only.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from scopetutor.engine import defaults
from scopetutor.engine.constants import constant
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.surroundings import control_dependencies, name_scope

from . import array, math
from .branches import cond
from .checks import Assert
from .control_flow import group
from .rank_checks import assert_rank, assert_rank_at_least, assert_rank_in

_ANY_SIZE = (None, ".")
_ANY_AXES = (Ellipsis, "*")


class _Sizes(NamedTuple):
    """What is known of a tensor, and what is said of it.

    Attributes:
        tensor: of which it is said.
        last_axes: whether it is said of the last axes only.
        found: its sizes, numbers or tensors.
        wanted: numbers and names.
    """

    tensor: Any
    last_axes: bool
    found: Any
    wanted: tuple[Any, ...]


class _Told(NamedTuple):
    """What `assert_shapes` is given beside the shapes."""

    data: Any
    summarize: Any
    message: str
    name: str | None


def assert_shapes(
    shapes: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Any:
    """An operation that fails unless tensors have shapes that go together.

    Args:
        shapes: pairs of a tensor and its shape, or a dictionary of them.
        data: what the error shows.
        summarize: how many elements of these.
        message: how the error begins.
        name: of the scope of the operations.

    Raises:
        ValueError: it is known already that they do not.
    """
    pairs = shapes.items() if isinstance(shapes, dict) else shapes
    told = _Told(data, summarize, message or "", name)
    with name_scope(name, "assert_shapes", [shapes, data]):
        given = [(convert_to_tensor(x), s) for x, s in pairs if s is not None]
        sizes = [_sizes_of(x, shape, told) for x, shape in given]
        ranks = [_rank_check(one, told) for one in sizes]
        checks = _size_checks(sizes, told)
        with control_dependencies([check for check in ranks if check is not None]):
            return group(checks)


def _called(tensor: Any) -> str:
    if defaults.state.eager:
        return f"shape={tensor.shape} dtype={tensor.dtype.name}"
    name: str = tensor.name
    return name


def _sizes_of(tensor: Any, shape: Any, told: _Told) -> _Sizes:
    if not hasattr(shape, "__iter__") and not hasattr(shape, "__getitem__"):
        raise ValueError(
            f"{told.message}.  Tensor {_called(tensor)}.  Specified shape must be an "
            "iterable.  An iterable has the attribute `__iter__` or `__getitem__`.  "
            f"Received specified shape: {shape}"
        )
    symbols = tuple(shape)
    last_axes = False
    for place, symbol in enumerate(symbols):
        if symbol not in _ANY_AXES:
            continue
        if place:
            raise ValueError(
                f"{told.message}.  Tensor {_called(tensor)} specified shape index "
                f"{place}.  Symbol `...` or `*` for a variable number of unspecified "
                "dimensions is only allowed as the first entry"
            )
        last_axes = True
    wanted = symbols[1:] if last_axes else symbols
    return _Sizes(tensor, last_axes, _found_sizes(tensor), wanted or (1,))


def _found_sizes(tensor: Any) -> Any:
    """The sizes as far as they are known; TF 1.15: a scalar has one of 1."""
    late = array.shape(tensor)
    rank = tensor.get_shape().ndims
    if rank == 0:
        return (1,)
    if rank is None:
        is_scalar = math.equal(array.rank(tensor), 0)
        return cond(is_scalar, lambda: constant([1]), lambda: late)
    return [
        late[place] if size is None else size
        for place, size in enumerate(tensor.get_shape().as_list())
    ]


def _rank_check(sizes: _Sizes, told: _Told) -> Any:
    rank = len(sizes.wanted)
    if sizes.last_axes:
        if rank <= 1:
            return None
        return assert_rank_at_least(sizes.tensor, rank, *told)
    if rank <= 1:
        return assert_rank_in(sizes.tensor, [0, 1], *told)
    return assert_rank(sizes.tensor, rank, *told)


def _number(size: Any) -> int | None:
    """A size as a number, if it is one."""
    try:
        return int(size)
    except (ValueError, TypeError):
        return None


def _size_checks(all_sizes: list[_Sizes], told: _Told) -> list[Any]:
    """What must be checked when the graph runs.

    Raises:
        ValueError: a size is wrong already.
    """
    checks = []
    meanings: dict[Any, tuple[Any, str]] = {}  # of a name: a size, and who says so
    for sizes in all_sizes:
        for place, symbol in enumerate(sizes.wanted):
            if symbol in _ANY_SIZE:
                continue
            axis = place - len(sizes.wanted) if sizes.last_axes else place
            number, found = _number(symbol), sizes.found[axis]
            if number is not None:
                wanted, why = number, "Specified explicitly"
            elif symbol in meanings:
                wanted, why = meanings[symbol]
            else:
                said = f"Specified by tensor {_called(sizes.tensor)} dimension {axis}"
                meanings[symbol] = found, said
                continue
            check = _size_check(sizes.tensor, axis, found, wanted, why, told)
            if check is not None:
                checks.append(check)
    return checks


def _size_check(
    tensor: Any, axis: int, found: Any, wanted: Any, why: str, told: _Told
) -> Any:
    known, needed = _number(found), _number(wanted)
    if known is not None and needed is not None:
        if known != needed:
            raise ValueError(
                f"{told.message}.  {why}.  Tensor {_called(tensor)} dimension {axis} "
                f"must have size {needed}.  Received size {known}, shape "
                f"{tensor.get_shape()}"
            )
        return None
    condition = math.equal(convert_to_tensor(found), convert_to_tensor(wanted))
    data = told.data
    if data is None:
        data = [
            told.message,
            why,
            f"Tensor {_called(tensor)} dimension",
            axis,
            "must have size",
            wanted,
            "Received shape: ",
            array.shape(tensor),
        ]
    return Assert(condition, data, summarize=told.summarize)
