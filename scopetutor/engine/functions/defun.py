"""`defun`: a function and its traces.

After concrete; programs reach it as `tf.contrib.eager.defun`, and ``tf_function.py`` is
built on it.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, nest
from scopetutor.engine.autograph.calls import REQUESTED
from scopetutor.engine.autograph.options import Options, options_of
from scopetutor.engine.data.structure import TensorSpec
from scopetutor.engine.function_graphs import graph_around
from scopetutor.engine.operation import Tensor

from .concrete import ConcreteFunction
from .signatures import Signature
from .traces import traced

if TYPE_CHECKING:
    from collections.abc import Callable


def defun(
    func: Any = None,
    input_signature: Any = None,
    autograph: bool = True,
    experimental_autograph_options: Any = None,
    experimental_relax_shapes: bool = False,
) -> Any:
    """The function, traced when it is called; also a decorator with settings.

    Args:
        func: the function.
        input_signature: the TensorSpecs of all its arguments.
        autograph: whether AutoGraph rewrites it.
        experimental_autograph_options: Features: what else AutoGraph rewrites.
        experimental_relax_shapes: whether calls with other shapes share a trace.
    """
    if input_signature is not None:
        check_signature(input_signature)

    def decorated(function: Callable[..., Any]) -> TracedFunction:
        return TracedFunction(
            function,
            input_signature,
            autograph_options(autograph, experimental_autograph_options),
            relaxes=experimental_relax_shapes,
        )

    return decorated if func is None else decorated(func)


def check_signature(signature: Any) -> None:
    """TypeError unless it is made of TensorSpecs."""
    if any(not isinstance(spec, TensorSpec) for spec in nest.flatten(signature)):
        raise TypeError(
            f"Invalid input_signature {signature}; input_signature must be a possibly "
            "nested sequence of TensorSpec objects."
        )


def autograph_options(autograph: bool, features: Any) -> Options | None:
    """How AutoGraph rewrites a function; None: not at all."""
    if not autograph:
        return None
    if features is None:
        return REQUESTED
    return options_of(recursive=True, user_requested=True, optional_features=features)


class TracedFunction:
    """What `defun` gives: call it as the function.

    Args:
        function: the function.
        input_signature: the TensorSpecs of all its arguments, or None.
        options: how AutoGraph rewrites it; None: not at all.
        relaxes: whether calls with other shapes share a trace.
        around: makes a context manager that the function is traced in.

    Attributes:
        python_function: the function.
        function_spec: its parameters.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        input_signature: Any = None,
        options: Options | None = REQUESTED,
        *,
        relaxes: bool = False,
        around: Callable[[Any], Any] | None = None,
    ) -> None:
        functools.update_wrapper(self, function, updated=())
        self.python_function = function
        self.function_spec = Signature(function, input_signature)
        self._options = options
        self._relaxes = relaxes
        self._around = around
        self._name = getattr(function, "__name__", "function")
        self._traces: dict[Any, ConcreteFunction] = {}
        self._missed: set[Any] = set()
        self._relaxed: dict[Any, tuple[list[Any], ConcreteFunction]] = {}

    @property
    def input_signature(self) -> Any:
        """The TensorSpecs of all arguments, or None."""
        return self.function_spec.input_signature

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else functools.partial(self, instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function gives."""
        concrete, args, kwargs = self.trace(args, kwargs)
        return concrete.call_with(args, kwargs)

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """The function as it is traced for such arguments.

        Raises:
            ValueError: they are not those of the input signature.
        """
        signature = self.input_signature
        if signature is not None:
            self._check_specs(args, kwargs)
            args, kwargs = signature, {}
        concrete, args, kwargs = self.trace(args, kwargs)
        concrete.arg_names = _argument_names(concrete)
        return concrete

    def _check_specs(self, args: Any, kwargs: Any) -> None:
        spec = self.function_spec
        if kwargs:
            raise ValueError(
                "Cannot define a TensorFlow function from a Python function with "
                "keyword arguments when input_signature is provided."
            )
        if not args:
            return
        try:
            nest.assert_same_structure(spec.input_signature, args, check_types=False)
        except ValueError:
            raise ValueError(
                "Structure of Python function inputs does not match input_signature."
            ) from None
        flat = nest.flatten(args)
        if any(not isinstance(arg, (Tensor, TensorSpec)) for arg in flat):
            raise ValueError(
                "When input_signature is provided, all inputs to the Python function "
                "must be Tensors or tf.TensorSpec objects."
            )
        pairs = zip(spec.flat_input_signature, flat, strict=True)
        if any(not known.is_compatible_with(given) for known, given in pairs):
            raise ValueError(
                "Python inputs incompatible with input_signature: inputs "
                f"({args}), input_signature ({spec.input_signature})"
            )

    # -- traces ------------------------------------------------------------------------

    def trace(self, args: Any, kwargs: Any) -> tuple[ConcreteFunction, Any, Any]:
        """The trace for some arguments, and those in their places.

        Raises:
            TypeError: an argument has no hash.
        """
        spec = self.function_spec
        specs = args is spec.input_signature and args is not None
        if not specs:
            args, kwargs = spec.canonical(args, kwargs)
        context = _context()
        key = context, spec.key(args, kwargs)
        try:
            hash(key)
        except TypeError as error:
            raise TypeError(
                "Arguments supplied to `defun`-generated functions must be hashable.  "
                f"Original error: {error}"
            ) from None
        concrete = self._traces.get(key)
        if concrete is None:
            if self._relaxes and spec.input_signature is None:
                if context in self._missed:
                    return self._relaxed_trace(context, args, kwargs), args, kwargs
                self._missed.add(context)
            concrete = self._traces[key] = self._traced(args, kwargs)
        return concrete, args, kwargs

    def _traced(
        self, args: Any, kwargs: Any, shapes: list[Any] | None = None
    ) -> ConcreteFunction:
        spec = self.function_spec
        given = args if spec.input_signature is None else spec.input_signature
        graph = traced(
            self.python_function,
            self._name,
            (tuple(given), kwargs),
            spec.names(len(given)),
            options=self._options,
            shapes=shapes,
            around=self._around,
        )
        return ConcreteFunction(graph, self._name, (args, kwargs))

    def _relaxed_trace(self, context: Any, args: Any, kwargs: Any) -> ConcreteFunction:
        """A trace for all shapes that were seen so far."""
        key = context, self.function_spec.key(args, kwargs, ranks_only=True)
        leaves = nest.flatten((args, kwargs), expand_composites=True)
        shapes = [getattr(leaf, "shape", None) for leaf in leaves]
        known = self._relaxed.get(key)
        if known is not None:
            before, concrete = known
            pairs = list(zip(before, shapes, strict=True))
            if all(old is None or old.is_compatible_with(new) for old, new in pairs):
                return concrete
            shapes = [
                None if old is None else old.most_specific_compatible_shape(new)
                for old, new in pairs
            ]
        concrete = self._traced(args, kwargs, shapes)
        self._relaxed[key] = shapes, concrete
        return concrete


def _context() -> Any:
    """What of the surroundings another trace is needed for."""
    graph = graph_around()
    while getattr(graph, "outer", None) is not None:
        graph = graph.outer
    return None if defaults.state.eager else graph


def _argument_names(concrete: ConcreteFunction) -> list[str]:
    return [tensor.op.name for tensor in concrete.graph.inputs]
