"""`tf.function`: a function that may make its variables when it is traced first.

After lifted_variables. The first call traces it, variables and all; if it made some,
the function is traced again, and from then on must use what is there.
"""

from __future__ import annotations

import functools
import weakref
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, machine, nest
from scopetutor.engine.operation import Tensor
from scopetutor.engine.surroundings import init_scope

from .defun import TracedFunction, autograph_options, check_signature
from .lifted_variables import LiftedVariable, initialize
from .signatures import Signature

if TYPE_CHECKING:
    from collections.abc import Callable

    from .concrete import ConcreteFunction


def function(
    func: Any = None,
    input_signature: Any = None,
    autograph: bool = True,
    experimental_autograph_options: Any = None,
    experimental_relax_shapes: bool = False,
    experimental_compile: Any = None,
) -> Any:
    """The function, traced when it is called; also a decorator with settings.

    Args:
        func: the function.
        input_signature: the TensorSpecs of all its arguments.
        autograph: whether AutoGraph rewrites it.
        experimental_autograph_options: Features: what else AutoGraph rewrites.
        experimental_relax_shapes: whether calls with other shapes share a trace.
        experimental_compile: not used: there is no XLA.

    Raises:
        TypeError: the input signature is not made of TensorSpecs.
    """
    if input_signature is not None:
        check_signature(input_signature)
    del experimental_compile

    def decorated(inner: Callable[..., Any]) -> Function:
        return Function(
            inner,
            getattr(inner, "__name__", "function"),
            input_signature=input_signature,
            autograph=autograph,
            experimental_autograph_options=experimental_autograph_options,
            experimental_relax_shapes=experimental_relax_shapes,
        )

    return decorated if func is None else decorated(func)


class Function:
    """What `tf.function` gives: call it as the function.

    Args:
        python_function: the function.
        name: what it is called.
        input_signature: the TensorSpecs of all its arguments, or None.
        autograph: whether AutoGraph rewrites it.
        experimental_autograph_options: what else AutoGraph rewrites.
        experimental_relax_shapes: whether calls with other shapes share a trace.

    Attributes:
        python_function: the function.
        function_spec: its parameters.
    """

    __module__ = "tensorflow.python.eager.def_function"

    def __init__(
        self,
        python_function: Callable[..., Any],
        name: str,
        input_signature: Any = None,
        autograph: bool = True,
        experimental_autograph_options: Any = None,
        experimental_relax_shapes: bool = False,
    ) -> None:
        functools.update_wrapper(self, python_function, updated=())
        self.__module__ = type(self).__module__
        self._name = name
        self.python_function = python_function
        self.function_spec = Signature(python_function, input_signature)
        self._options = autograph_options(autograph, experimental_autograph_options)
        self._relaxes = experimental_relax_shapes
        self._variables: list[weakref.ref[LiftedVariable]] = []
        self._first: TracedFunction | None = None
        self._later: TracedFunction | None = None
        self._methods: weakref.WeakKeyDictionary[Any, Function] = (
            weakref.WeakKeyDictionary()
        )

    @property
    def input_signature(self) -> Any:
        """The TensorSpecs of all arguments, or None."""
        return self.function_spec.input_signature

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        if instance not in self._methods:
            self._methods[instance] = self._bound_to(instance)
        return self._methods[instance]

    def _bound_to(self, instance: Any) -> Function:
        """The method of an object, which has traces and variables of its own."""
        own = Function.__new__(Function)
        own.__dict__.update(self.__dict__)
        method = self.python_function.__get__(instance)
        own.python_function = method
        own.function_spec = Signature(method, self.input_signature)
        own._variables, own._first, own._later = [], None, None
        return own

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function gives.

        Raises:
            ValueError: it makes variables again.
        """
        if machine.runs_functions_eagerly():
            return self.python_function(*args, **kwargs)
        if self._variables and self._later is not None:
            return self._later(*args, **kwargs)
        if self._first is not None:
            results = self._first(*args, **kwargs)
            self._refuse_variables()
            return results
        concrete, args, kwargs = self._trace_first(args, kwargs)
        if self._variables and self._later is not None:
            return self._later(*args, **kwargs)
        return concrete.call_with(args, kwargs)

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """The function as it is traced for such arguments.

        Raises:
            ValueError: it makes variables again.
        """
        if self._first is None:
            signature = self.input_signature
            given = (args, kwargs) if signature is None else (signature, {})
            self._trace_first(*given, initializes=True)
        assert self._first is not None
        if self._variables and self._later is not None:
            return self._later.get_concrete_function(*args, **kwargs)
        concrete = self._first.get_concrete_function(*args, **kwargs)
        self._refuse_variables()
        return concrete

    def _refuse_variables(self) -> None:
        if self._variables:
            raise ValueError(
                "Creating variables on a non-first call to a function decorated with "
                "tf.function."
            )

    def _trace_first(
        self, args: Any, kwargs: Any, *, initializes: bool = False
    ) -> tuple[ConcreteFunction, Any, Any]:
        """Traces it with its variables, and initializes them in eager mode.

        Args:
            args: by place.
            kwargs: by name.
            initializes: whether TF 1.15 calls what initializes variables, of which
                there may be none.
        """
        made: list[LiftedVariable] = []

        def create(_next_creator: Any, **settings: Any) -> LiftedVariable:
            variable = LiftedVariable(**settings)
            made.append(variable)
            self._variables.append(weakref.ref(variable))
            return variable

        first = self._traced(create)
        concrete, args, kwargs = first.trace(args, kwargs)
        self._first, self._later = first, self._traced(_refuse)
        if (made or initializes) and not defaults.state.eager:
            with init_scope():  # TF 1.15: a function that has nothing to do here
                TracedFunction(initialize_variables)()
        elif made:
            leaves = nest.flatten((args, kwargs), expand_composites=True)
            tensors = [leaf for leaf in leaves if isinstance(leaf, Tensor)]
            initialize(made, tensors)
        return concrete, args, kwargs

    def _traced(self, creator: Any) -> TracedFunction:
        """The function, with what makes its variables."""
        return TracedFunction(
            self.python_function,
            self.input_signature,
            self._options,
            relaxes=self._relaxes,
            around=lambda graph: graph._variable_creator_scope(creator, priority=50),
        )


def initialize_variables() -> None:
    """In graphs, variables have initializers of their own."""


def _refuse(*_args: Any, **_settings: Any) -> Any:
    raise ValueError(
        "tf.function-decorated function tried to create variables on non-first call."
    )
