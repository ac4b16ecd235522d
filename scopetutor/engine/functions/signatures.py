"""Which arguments a call gives, and which trace of the function they need.

Before traces. Arguments are put in the order of the parameters; NumPy's arrays become
tensors. Tensors need another trace for another type or shape, all else for another
value, unless an input signature says what all calls have in common.
"""

from __future__ import annotations

import functools
import inspect
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, nest
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.data.structure import TensorSpec
from scopetutor.engine.operation import Tensor
from scopetutor.engine.resource_variables import is_resource_variable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_KEYWORDS = (
    "Cannot define a TensorFlow function from a Python function with keyword "
    "arguments when input_signature is provided."
)


class Signature:
    """The parameters of a function.

    Args:
        function: the function.
        input_signature: the TensorSpecs of all its arguments, or None.

    Attributes:
        input_signature: as given, as a tuple.
        flat_input_signature: the TensorSpecs in it.
        arg_names: of the parameters, without `self` of a method.
        vararg_name: of the parameter that takes all others, or None.

    Raises:
        ValueError: there is an input signature and a parameter for keywords only.
        TypeError: the input signature is no list.
    """

    def __init__(self, function: Callable[..., Any], input_signature: Any) -> None:
        self.fullargspec = spec = _parameters_of(function)
        names = spec.args[1:] if inspect.ismethod(function) else spec.args
        self.arg_names: list[str] = names
        self.vararg_name = spec.varargs
        self._places = {name: place for place, name in enumerate(names)}
        defaults = spec.defaults or ()
        first = len(names) - len(defaults)
        self._defaults = {first + i: value for i, value in enumerate(defaults)}
        self.input_signature: tuple[Any, ...] | None = None
        self.flat_input_signature: tuple[Any, ...] = ()
        if input_signature is None:
            return
        if spec.kwonlyargs:
            raise ValueError(_KEYWORDS)
        if not isinstance(input_signature, (tuple, list)):
            raise TypeError(
                "input_signature must be either a tuple or a list, received "
                f"{type(input_signature)}"
            )
        self.input_signature = tuple(input_signature)
        self.flat_input_signature = tuple(nest.flatten(input_signature))

    def canonical(
        self, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments of a call by place, and those that have none.

        Raises:
            TypeError: the input signature does not have an argument.
            ValueError: an argument is of another kind than the input signature says.
        """
        if self.input_signature is not None:
            self._check_known(args, kwargs)
        places = {i: value for i, value in self._defaults.items() if i >= len(args)}
        others = {}
        for name, value in kwargs.items():
            if name in self._places:
                places[self._places[name]] = value
            elif self.input_signature is not None:
                raise ValueError(_KEYWORDS)
            else:
                others[name] = value
        given = args + tuple(value for _, value in sorted(places.items()))
        if self.input_signature is None:
            return _with_tensors(given), others
        return self._converted(given), {}

    def _check_known(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        signature = self.input_signature or ()
        covered = "When input_signature is provided, only pass arguments covered by it."
        if len(args) > len(signature):
            raise TypeError(f"{covered} Received {len(args)} argument(s).")
        for name in kwargs:
            place = self._places.get(name)
            if place is None:
                raise TypeError(f"Function got an unexpected keyword argument {name}")
            if place >= len(signature):
                raise TypeError(f"{covered} Received argument {name}.")

    def _converted(self, given: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments as tensors that fit the input signature."""
        signature = self.input_signature or ()
        shown = given
        try:
            flat = nest.flatten_up_to(signature, given[: len(signature)])
        except ValueError:
            raise ValueError(
                "Structure of Python function inputs does not match input_signature:\n"
                + self._compared(shown)
            ) from None
        for i, (value, spec) in enumerate(
            zip(flat, self.flat_input_signature, strict=True)
        ):
            if not isinstance(value, Tensor):
                try:
                    flat[i] = convert_to_tensor(value, preferred_dtype=spec.dtype)
                except ValueError:
                    raise ValueError(
                        "When input_signature is provided, all inputs to the Python "
                        "function must be convertible to tensors:\n"
                        + self._compared(shown)
                    ) from None
        pairs = zip(self.flat_input_signature, flat, strict=True)
        if any(not spec.is_compatible_with(value) for spec, value in pairs):
            raise ValueError(
                "Python inputs incompatible with input_signature:\n"
                + self._compared(shown)
            )
        packed: tuple[Any, ...] = nest.pack_sequence_as(signature, flat)
        return packed

    def _compared(self, given: Sequence[Any]) -> str:
        inputs = ",\n    ".join(map(str, given))
        signature = ",\n    ".join(map(str, self.input_signature or ()))
        return f"  inputs: (\n    {inputs})\n  input_signature: (\n    {signature})"

    def key(self, args: Any, kwargs: Any, *, ranks_only: bool = False) -> Any:
        """What calls have in common that can use the same trace."""
        if self.input_signature is not None:
            return self.flat_input_signature
        structure = (args, kwargs) if kwargs else args
        leaves = nest.flatten(structure)
        return _shape_of(structure), tuple(_kind(leaf, ranks_only) for leaf in leaves)

    def names(self, count: int) -> list[str]:
        """What the placeholders of some arguments are called."""
        rest = range(count - len(self.arg_names))
        return self.arg_names[:count] + [f"{self.vararg_name}_{i}" for i in rest]


def _parameters_of(function: Callable[..., Any]) -> Any:
    """The parameters that a call can still give."""
    if not isinstance(function, functools.partial):
        return inspect.getfullargspec(inspect.unwrap(function))
    spec = inspect.getfullargspec(function.func)
    names = spec.args[len(function.args) :]
    defaults = dict(
        zip(reversed(spec.args), reversed(spec.defaults or ()), strict=False)
    )
    left = [name for name in names if name not in function.keywords]
    return spec._replace(
        args=left,
        defaults=tuple(defaults[name] for name in left if name in defaults),
        kwonlyargs=[],
        kwonlydefaults=None,
    )


def _with_tensors(given: tuple[Any, ...]) -> tuple[Any, ...]:
    flat = nest.flatten(given)
    if not any(type(value) is np.ndarray for value in flat):
        return given
    made = [constants.constant(v) if type(v) is np.ndarray else v for v in flat]
    packed: tuple[Any, ...] = nest.pack_sequence_as(given, made)
    return packed


def _shape_of(structure: Any) -> Any:
    """A structure without its leaves."""
    if isinstance(structure, dict):
        return "dict", *((key, _shape_of(structure[key])) for key in sorted(structure))
    if isinstance(structure, (list, tuple)):
        return type(structure).__name__, *map(_shape_of, structure)
    return None


def _kind(leaf: Any, ranks_only: bool) -> Any:
    if isinstance(leaf, (Tensor, TensorSpec)):
        dims = leaf.shape.dims
        if ranks_only:
            return leaf.dtype, None if dims is None else len(dims)
        shape = None if dims is None else tuple(leaf.shape.as_list())
        return isinstance(leaf, TensorSpec), leaf.dtype, shape
    if is_resource_variable(leaf):
        return "variable", leaf.handle
    if isinstance(leaf, (int, float, complex, str, bytes, type(None))):
        return leaf
    try:
        return weakref.ref(leaf)
    except TypeError:
        return leaf
