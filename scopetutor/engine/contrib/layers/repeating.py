"""`stack` and `repeat`: the same layer several times.

They take any function of this folder. TF 1.15: the scopes are numbered from 1
(`conv1/conv1_1`), as in the checkpoints of VGG.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope


def _name_of(layer: Any, otherwise: str) -> str:
    """The name of a layer's function, also inside a partial."""
    for named in (layer, getattr(layer, "func", None)):
        name: str | None = getattr(named, "__name__", None)
        if name is not None:
            return name
    return otherwise


def repeat(inputs: Any, repetitions: int, layer: Any, *args: Any, **kwargs: Any) -> Any:
    """A layer so many times one after the other, in scopes `scope/scope_1` and on."""
    scope = kwargs.pop("scope", None)
    with variable_scope(scope, "Repeat", [inputs]):
        outputs = convert_to_tensor(inputs)
        if scope is None:
            scope = _name_of(layer, "repeat")
        for i in range(repetitions):
            kwargs["scope"] = f"{scope}_{i + 1}"
            outputs = layer(outputs, *args, **kwargs)
        return outputs


def stack(inputs: Any, layer: Any, stack_args: Any, **kwargs: Any) -> Any:
    """A layer one after the other, each time with other arguments."""
    scope = kwargs.pop("scope", None)
    if not isinstance(stack_args, (list, tuple)):
        raise ValueError("stack_args need to be a list or tuple")
    with variable_scope(scope, "Stack", [inputs]):
        outputs = convert_to_tensor(inputs)
        if scope is None:
            scope = _name_of(layer, "stack")
        for i, given in enumerate(stack_args):
            args = given if isinstance(given, (list, tuple)) else [given]
            kwargs["scope"] = f"{scope}_{i + 1}"
            outputs = layer(outputs, *args, **kwargs)
        return outputs
