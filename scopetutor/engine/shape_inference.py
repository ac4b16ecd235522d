"""What a rule for shapes may know of values, and what is said when shapes do not fit.

Between constants and the rules in ``ops/``. TF 1.15 infers a shape in rounds: first
from the shapes of the inputs alone, then with the values the rule asked for. An error
of the first round therefore mentions no values, a later one lists them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import constants
from .operation import dims_text
from .registry import ShapeError

if TYPE_CHECKING:
    from .operation import Operation
    from .shapes import Dims


class _Round:
    """How a rule is run to find the words of its error.

    Attributes:
        known: the inputs whose values it may see.
        asked: for each input that was asked for, whether as a shape.
    """

    def __init__(self, known: set[int]) -> None:
        self.known = known
        self.asked: dict[int, bool] = {}


_round: _Round | None = None


def value(op: Operation, index: int) -> Any:
    """The value of an input if it is known before the graph runs, else None."""
    if _round is not None:
        _round.asked.setdefault(index, False)
        if index not in _round.known:
            return None
    return constants.value_of(op._inputs[index])


def sizes(op: Operation, index: int) -> Dims:
    """The shape that the value of an input describes, as far as it is known.

    Raises:
        ValueError: the value describes no shape.
    """
    taken = op._inputs[index]
    if _round is not None:
        _round.asked[index] = True
        if index not in _round.known:
            _check_describes_shape(taken._dims)
            return constants.unknown_sizes(taken)
    _check_describes_shape(taken._dims)
    return constants.shape_of_value(taken)


def _check_describes_shape(dims: Dims) -> None:
    if dims is not None and len(dims) != 1:
        raise ShapeError(f"Shape must be rank 1 but is rank {len(dims)}")


def explained(op: Operation, error: ValueError) -> ValueError:
    """The error of a rule in the words of TF 1.15.

    Args:
        op: the operation whose rule failed.
        error: what the rule raised; said as it is, unless it is a ShapeError or the
            first round fails already.
    """
    known: set[int] = set()
    while True:
        found, asked = _again(op, known)
        if found is not None:
            seen = {index: how for index, how in asked.items() if index in known}
            return ValueError(f"{found}{_context(op)}{_values(op, seen)}.")
        if known.issuperset(asked):
            return error
        known.update(asked)


def _again(op: Operation, known: set[int]) -> tuple[ShapeError | None, dict[int, bool]]:
    """The error of a round in which some values are known, and what it asked for."""
    global _round  # noqa: PLW0603 - restored at once; rules have no other way to know
    this = _round = _Round(known)
    try:
        op._definition.shape(op)  # type: ignore[misc]
    except ShapeError as error:
        return error, this.asked
    except ValueError:
        return None, this.asked
    finally:
        _round = None
    return None, this.asked


def _context(op: Operation) -> str:
    shapes = ", ".join(dims_text(taken._dims) for taken in op._inputs)
    return f" for '{op._name}' (op: '{op.type}') with input shapes: {shapes}"


def _values(op: Operation, asked: dict[int, bool]) -> str:
    plain, as_shapes = [], []
    for index, as_shape in sorted(asked.items()):
        taken = op._inputs[index]
        dims = constants.shape_of_value(taken) if as_shape else None
        known = constants.value_of(taken)
        if dims is not None:
            as_shapes.append(f"input[{index}] = {dims_text(dims)}")
        elif known is not None:
            plain.append(f"input[{index}] = <{_listed(known)}>")
    text = ""
    if plain:
        text += f" and with computed input tensors: {', '.join(plain)}"
    if as_shapes:
        listed = ",".join(as_shapes)
        text += f" and with input tensors computed as partial shapes: {listed}"
    return text


def _listed(value: Any) -> str:
    """The elements of a value; rows in brackets."""
    if value.ndim > 1:
        return "".join(f"[{_listed(row)}]" for row in value)
    return " ".join(_element(item) for item in value.reshape(-1).tolist())


def _element(item: Any) -> str:
    """A value as the runtime prints it."""
    if isinstance(item, bool):
        return str(int(item))
    if isinstance(item, bytes):
        return item.decode(errors="replace")
    return f"{item:.6g}" if isinstance(item, float) else str(item)
