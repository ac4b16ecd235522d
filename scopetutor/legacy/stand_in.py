"""Stand-ins: what takes the place of something that is not here, while a tree grows.

A stand-in can be called, subclassed, entered, calculated with and asked for anything.
Where a tensor goes into a call, a tensor of the same type and shape comes out, which is
a guess; otherwise another stand-in does. Nothing of it is ever run.
"""

from __future__ import annotations

import importlib.machinery
import re
import sys
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from scopetutor.engine import convert, dtypes
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops.array import placeholder
from scopetutor.engine.variables import Variable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PREFIX = "stand_in"
"""Of the operations that stand-ins make."""


class StandIn(ModuleType):
    """Stands for something of a name: a function, a class, a package, a result."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []  # modules below it can be imported

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # what the engine asks of tensors, and Python of all
            raise AttributeError(name)
        made = StandIn(f"{self.__name__}.{name}")
        setattr(self, name, made)
        return made

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What may come out: a tensor like the first one, or another stand-in."""
        if len(args) == 1 and not kwargs and isinstance(args[0], (FunctionType, type)):
            return args[0]  # as a decorator
        tensor = _first_tensor([*args, *kwargs.values()])
        if tensor is not None:
            return _like(self.__name__, tensor)
        return StandIn(f"{self.__name__}(…)")

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (_Base,)

    def __getitem__(self, key: Any) -> StandIn:
        return StandIn(f"{self.__name__}[…]")

    def __setitem__(self, key: Any, value: Any) -> None:
        """Nothing is kept."""

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, *_exc: object) -> None:
        """Nothing was opened."""

    def __repr__(self) -> str:
        return f"<stand-in for {self.__name__}>"

    def _calculated(self, _other: Any = None) -> StandIn:
        return StandIn(self.__name__)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _calculated
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = _calculated
    __mod__ = __rmod__ = __pow__ = __rpow__ = __neg__ = __abs__ = _calculated


class _Base:
    """The base of a class whose own base is a stand-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Takes anything."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return StandIn(f"{type(self).__name__}.{name}")


def _first_tensor(values: Sequence[Any]) -> Any:
    """The first tensor among some values, or None."""
    for value in values:
        if isinstance(value, Tensor):
            return value
        if isinstance(value, Variable):
            return value.value()
        if isinstance(value, (list, tuple)):
            found = _first_tensor(value)
            if found is not None:
                return found
    return None


def _like(name: str, tensor: Tensor) -> Any:
    return placeholder(tensor.dtype.base_dtype, tensor.shape, name=_label(name))


def _label(name: str) -> str:
    """What an operation of a stand-in is called."""
    return f"{PREFIX}/{re.sub(r'[^A-Za-z0-9_]', '_', name).strip('_')}"


def _converted(
    value: StandIn, dtype: Any = None, name: Any = None, as_ref: bool = False
) -> Any:
    del name, as_ref
    return placeholder(dtype or dtypes.float32, name=_label(value.__name__))


def register() -> None:
    """Lets operations take stand-ins for tensors, of whatever shape."""
    convert.register_tensor_conversion_function(StandIn, _converted, 50)


class Packages:
    """Finds stand-ins for packages that are not installed, for the script's imports.

    Args:
        is_wanted: whether the import that runs is one that a stand-in may satisfy.

    Attributes:
        found: the packages that were stood in for.
    """

    def __init__(self, is_wanted: Callable[[str], bool]) -> None:
        self._is_wanted = is_wanted
        self.found: list[str] = []

    def install(self) -> None:
        """Puts it after Python's own finders."""
        sys.meta_path.append(self)

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of a stand-in; None if Python should say that it is missing."""
        del path, target
        package = name.partition(".")[0]
        if package in self.found:
            pass
        elif "." in name or not self._is_wanted(name):
            return None
        else:
            self.found.append(package)
        loader: Any = self
        return importlib.machinery.ModuleSpec(name, loader, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """A stand-in for the package."""
        return StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""
