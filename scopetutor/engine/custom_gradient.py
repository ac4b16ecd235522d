"""`tf.custom_gradient`: a function that brings its own gradient.

Beside gradients. TF 1.15: results, arguments and variables go through one IdentityN,
whose type of gradient is overridden by a name made for this call.
"""

from __future__ import annotations

import functools
import inspect
import itertools
from collections import deque
from typing import TYPE_CHECKING, Any

from . import defaults, nest, tf_logging
from .convert import convert_to_tensor
from .eager import recorders
from .gradients import RegisterGradient, is_differentiable
from .keys import GraphKeys
from .ops import array
from .resource_variables import is_resource_variable
from .scopes import get_variable_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .operation import Operation, Tensor

_HOLDERS = frozenset({"VariableV2", "VarHandleOp"})
_numbers = itertools.count(1)


def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: what a function returns beside its result is its gradient.

    Args:
        f: (*tensors) -> (result, gradient function); that one takes the gradients of
            the results and gives those of the arguments. If `f` uses variables, it
            takes `variables=` too, and gives a pair: gradients of the arguments, and a
            list of those of the variables.
    """

    @functools.wraps(f)
    def decorated(*args: Any, **kwargs: Any) -> Any:
        if defaults.state.eager:
            return _at_once(f, args, kwargs)
        if kwargs:
            raise ValueError(
                "The custom_gradient decorator currently supports keywords arguments "
                "only when eager execution is enabled."
            )
        return _in_graph(f, [convert_to_tensor(value) for value in args])

    return decorated


def _at_once(f: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """The result in eager mode; tapes learn the gradient, and not what is in `f`."""
    from .gradient_tape import GradientTape  # noqa: PLC0415 - most programs have none

    with GradientTape() as inner:
        result, gradient = f(*args, **kwargs)
    given = [*args, *kwargs.values()]
    variables = [
        variable
        for variable in inner.watched_variables()
        if not any(variable is item for item in given)
    ]
    if variables:
        _check_signature(gradient, variables)
    results = [array.identity(convert_to_tensor(item)) for item in nest.flatten(result)]
    inputs = [convert_to_tensor(item) for item in args]
    inputs += [variable.handle for variable in variables]
    own = _OwnGradient(f.__name__, gradient, len(args), variables)
    for recorder in recorders:
        recorder.operation_ran(own, {}, inputs, results)
    return nest.pack_sequence_as(result, results)


class _OwnGradient:
    """What a tape takes for a type of operation: a function with a gradient of its own.

    Attributes:
        name: of the function.
    """

    def __init__(
        self,
        name: str,
        gradient: Callable[..., Any],
        count: int,
        variables: Sequence[Any],
    ) -> None:
        self.name = name
        self._count = count
        self._gradient, self._variables = gradient, variables

    def gradient(self, _record: Any, *grads: Any) -> list[Any]:
        """The gradients of the arguments, and then of the variables."""
        of_variables: list[Any] = []
        if self._variables:
            found, of_variables = self._gradient(*grads, variables=self._variables)
        else:
            found = self._gradient(*grads)
        if len(of_variables) != len(self._variables):
            raise ValueError(
                "Must return gradient for each variable from @custom_gradient grad_fn."
            )
        of_inputs = nest.flatten(found)
        if len(of_inputs) != self._count:
            raise ValueError(
                "custom_gradient function expected to return", self._count,
                "gradients but returned", len(of_inputs), "instead.",
            )  # fmt: skip
        return [*of_inputs, *of_variables]


def _in_graph(f: Callable[..., Any], args: list[Tensor]) -> Any:
    graph = defaults.get_default_graph()
    before = _variables_of_scope()
    result, gradient = f(*args)
    _check_kind([v for v in _variables_of_scope() if v not in before])
    variables = _variables_between(args, result)
    _check_signature(gradient, variables)
    results = nest.flatten(result)

    def backwards(_op: Operation, *grads: Any) -> list[Any]:
        given = grads[: len(results)]
        of_variables: list[Any] = []
        if variables:
            found, of_variables = gradient(*given, variables=variables)
            if len(of_variables) != len(variables):
                raise ValueError(
                    "Must return gradient for each variable from @custom_gradient "
                    "grad_fn."
                )
        else:
            found = gradient(*given)
        return [*[None] * len(results), *nest.flatten(found), *of_variables]

    name = f"CustomGradient-{next(_numbers)}"
    RegisterGradient(name)(backwards)
    with graph.gradient_override_map({"IdentityN": name}):
        passed = array.identity_n([*results, *args, *variables])
    for variable in variables:
        convert_to_tensor(variable)  # TF 1.15 reads them once more
    return nest.pack_sequence_as(result, passed[: len(results)])


def _variables_of_scope() -> list[Any]:
    scope = get_variable_scope()
    return scope.global_variables() + scope.local_variables()


def _check_kind(made: list[Any]) -> None:
    if not all(is_resource_variable(variable) for variable in made):
        raise TypeError(
            "All variables used by a function wrapped with @custom_gradient must be "
            "`ResourceVariable`s. Ensure that no `variable_scope` is created with "
            "`use_resource=False`."
        )


def _check_signature(gradient: Callable[..., Any], variables: list[Any]) -> None:
    signature = inspect.getfullargspec(inspect.unwrap(gradient))
    takes = "variables" in (*signature.args, *signature.kwonlyargs) or signature.varkw
    if variables and not takes:
        raise TypeError(
            "If using @custom_gradient with a function that uses variables, then "
            "grad_fn must accept a keyword argument 'variables'."
        )
    if not takes or variables:
        return
    if not get_variable_scope().use_resource:
        raise TypeError(
            "If using @custom_gradient with a function that uses variables, the "
            "enclosing variable scope must have use_resource=True."
        )
    tf_logging.warn(
        "@custom_gradient grad_fn has 'variables' in signature, but no "
        "ResourceVariables were used on the forward pass."
    )


def _variables_between(args: list[Tensor], result: Any) -> list[Any]:
    """The trainable variables that a result depends on, not through the arguments."""
    copies = [array.identity(tensor) for tensor in nest.flatten(result)]
    by_name = {
        variable.op.name: variable
        for variable in defaults.get_default_graph().get_collection(
            GraphKeys.GLOBAL_VARIABLES
        )
        if variable.trainable
    }
    walked = _backwards([tensor.op for tensor in copies], set(args))
    holders = dict.fromkeys(op._name for op in walked if op.type in _HOLDERS)
    return [by_name[name] for name in holders if name in by_name]


def _backwards(ops: list[Operation], stops: set[Tensor]) -> Iterator[Operation]:
    """What operations depend on through what can be differentiated."""
    queue, seen = deque(ops), set(ops)
    while queue:
        op = queue.popleft()
        yield op
        if op._inputs and not is_differentiable(op):
            continue
        for taken in op._inputs:
            if taken not in stops and taken._op not in seen:
                seen.add(taken._op)
                queue.append(taken._op)
