"""What a refused call leaves behind: TF 1.15 looks whether an argument is ragged.

Before the operations. Functions that could also take ragged tensors catch their own
refusal, make tensors of lists among their arguments to see what they are, and then let
the refusal go on; the constants stay in the graph.
"""

from __future__ import annotations

import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from .convert import convert_to_tensor
from .operation import Tensor
from .sparse import SparseTensor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Function = TypeVar("Function", bound="Callable[..., Any]")

# What is known to be no ragged tensor without a conversion.
_PLAIN = (Tensor, np.ndarray, int, float, str, type(None))


def takes_ragged(
    *names: str, generated: bool = False
) -> Callable[[Function], Function]:
    """Marks a function whose refused arguments of these names are looked at again.

    Args:
        names: of the arguments; of "[values]" and "*values" each element is looked at.
        generated: whether TF 1.15 makes the function from the operation's description:
            then it looks only at arguments that are all there.
    """

    def mark(function: Function) -> Function:
        known = function.__code__.co_varnames
        bare = [name.strip("[]*") for name in names]
        order = [
            (known.index(name), name, given[0])
            for name, given in zip(bare, names, strict=True)
        ]

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except (TypeError, ValueError):
                if not generated or _are_all_there(function, args, kwargs):
                    _look(order, args, kwargs)
                raise

        return call  # type: ignore[return-value]

    return mark


def _are_all_there(
    function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> bool:
    try:
        inspect.signature(function).bind(*args, **kwargs)
    except TypeError:
        return False
    return True


def _look(
    order: Iterable[tuple[int, str, str]], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    """Makes tensors of the arguments until one cannot be one.

    Raises:
        TypeError: what should have elements has none; TF 1.15 does not ask before.
    """
    for place, name, mark in order:
        value = args[place] if place < len(args) else kwargs.get(name)
        if mark == "[" and not isinstance(value, (list, tuple)):
            return
        elements = value if mark in "[*" and value is not None else [value]
        if not all(map(_is_convertible, elements)):
            return


def _is_convertible(value: Any) -> bool:
    from .variables import Variable  # noqa: PLC0415 - it is built on the operations

    if isinstance(value, (*_PLAIN, Variable)):
        return True
    if isinstance(value, SparseTensor):
        return False
    try:
        convert_to_tensor(value)
    except (TypeError, ValueError):
        return False
    return True
