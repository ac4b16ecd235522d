"""What a layer's `call` can be told, and which layers are being called.

Before layer.py, which asks it at every call: whether to hand `mask` and `training` on,
and whether an outer layer has said what they are.
"""

from __future__ import annotations

import inspect
import threading
from typing import Any, NamedTuple


class CallSignature(NamedTuple):
    """What a layer's `call` can be told.

    Attributes:
        names: of its arguments, without self.
        training, mask: whether it takes this argument.
    """

    names: tuple[str, ...]
    training: bool
    mask: bool


_signatures: dict[Any, CallSignature] = {}


def signature_of(call: Any) -> CallSignature:
    """What a layer's `call` can be told; looked at once for each function."""
    function = getattr(call, "__func__", call)
    found = _signatures.get(function)
    if found is None:
        spec = inspect.getfullargspec(function)
        names = tuple(spec.args)
        if names[:1] == ("self",):
            names = names[1:]
        any_name = spec.varkw is not None
        found = _signatures[function] = CallSignature(
            names, any_name or "training" in names, any_name or "mask" in names
        )
    return found


class Calls(threading.local):
    """The layers that are being called in this thread, innermost last."""

    def __init__(self) -> None:
        self.stack: list[tuple[Any, Any, Any]] = []

    @property
    def inputs(self) -> Any:
        """The inputs of the innermost call, or None."""
        return self.stack[-1][1] if self.stack else None

    @property
    def training(self) -> Any:
        """What the innermost call was told of training, or None."""
        return self.stack[-1][2] if self.stack else None


calls = Calls()


def is_in_call() -> bool:
    """Whether a layer is being called."""
    return bool(calls.stack)
