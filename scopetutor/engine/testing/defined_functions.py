"""`Defun` of TF 1: a Python function whose name becomes a type of operation.

Beside ``functions/defun.py``, after ``function_graphs.py``. It is traced once, for
arguments of given types, when it is first needed; each call is one operation, and its
gradient is one operation too.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import re
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, nest
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.dtypes import DType, as_dtype, runtime_name
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.function_graphs import (
    ByValueGraph,
    Function,
    FunctionGraph,
    found,
    registered,
    runner,
)
from scopetutor.engine.gradients import gradients
from scopetutor.engine.graph_def import attr_value, attribute_kind
from scopetutor.engine.graph_names import is_op_name
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.ops.array import zeros_like
from scopetutor.engine.registry import define
from scopetutor.engine.resource_variables import BaseResourceVariable
from scopetutor.engine.scopes import get_variable_scope, store_of
from scopetutor.engine.signatures import defined
from scopetutor.engine.surroundings import device

from .function_defs import Description, result_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.registry import Definition


class Defun:
    """A decorator: the function becomes an operation, for arguments of these types.

    Args:
        input_types: of the arguments; without any they are those of each call.
        kwargs: `func_name` is the operation's type. `python_grad_func` makes the
            gradients of a call, `grad_func` is another such function that does.
            `shape_func` tells the shapes of a call's results. `capture_by_value` says
            whether operations outside are copied. All else are attributes of calls.
    """

    def __init__(self, *input_types: Any, **kwargs: Any) -> None:
        self._input_types = [as_dtype(kind) for kind in input_types]
        self._settings = kwargs

    def __call__(self, func: Callable[..., Any]) -> Any:
        """The function as an operation.

        Raises:
            ValueError: it cannot be one, or takes another number of arguments.
        """
        if not callable(func):
            raise ValueError(f"function {func} must be callable")
        spec = inspect.getfullargspec(func)
        if spec.varkw or spec.defaults:
            raise ValueError(
                "function with argument defaults or keywords arguments are not "
                f"supported. {func} has defaults {spec.defaults} and keywords "
                f"{spec.varkw}."
            )
        names = spec.args[1:] if inspect.ismethod(func) else spec.args
        count = len(self._input_types)
        if not self._input_types and (names or spec.varargs):
            return OverloadedFunction(func, names, self._settings)
        if count < len(names) or (count > len(names) and not spec.varargs):
            raise ValueError(
                "The function has fewer arguments than the number of specified input "
                "types."
            )
        return DefinedFunction(func, names, self._input_types, **self._settings)


class DefinedFunction:
    """A function that is an operation, for arguments of certain types."""

    def __init__(
        self,
        func: Callable[..., Any],
        argnames: Sequence[str],
        input_types: Sequence[DType],
        func_name: str | None = None,
        grad_func: DefinedFunction | None = None,
        python_grad_func: Callable[..., Any] | None = None,
        out_names: Sequence[str] | None = None,
        shape_func: Callable[[Operation], Sequence[Any]] | None = None,
        capture_by_value: bool = False,
        whitelisted_stateful_ops: set[Operation] | None = None,
        capture_resource_var_by_value: bool = True,
        **attributes: Any,
    ) -> None:
        self._func = func
        extra = range(len(argnames), len(input_types))
        self._argnames = [*argnames[: len(input_types)], *(f"arg{i}" for i in extra)]
        self.declared_input_types = tuple(input_types)
        self._func_name: str | None = func_name
        self._grad_func = grad_func
        self.python_grad_func = python_grad_func
        self._out_names = out_names
        self._shape_func = shape_func
        self._by_value = capture_by_value
        self._allowed = whitelisted_stateful_ops or set()
        self._reads_variables = capture_resource_var_by_value
        self._attributes = attributes
        functions = defaults.get_default_graph()._device_stack
        self._device = functions[-1].asked if functions else None

    @functools.cached_property
    def function(self) -> Function:
        """The function as it was traced."""
        outer = defaults.get_default_graph()
        store_of(outer)  # known inside and outside, so it must be there before
        name = str(self._func_name or getattr(self._func, "__name__", "f"))
        graph: FunctionGraph
        if self._by_value:
            graph = ByValueGraph(outer, name, self._allowed)
        else:
            graph = _Traced(outer, name)
        with graph.as_default(), device(self._device):
            graph.inputs = [
                apply("Placeholder", dtype=dtype, shape=None, name=argument)
                for argument, dtype in zip(
                    self._argnames, self.declared_input_types, strict=True
                )
            ]
            with variable_scope("", custom_getter=self._getter(outer)):
                results = self._func(*graph.inputs)
            graph.outputs = [
                graph.capture(convert_to_tensor(item))
                for item in self._as_list(name, results)
            ]
        self._check_result_names(graph)
        if self._func_name is None:
            graph.name = self._func_name = f"{name}_{_digest(graph)}"
        return Function(graph, None)

    def _check_result_names(self, graph: FunctionGraph) -> None:
        """InvalidArgumentError if there is not one for each result."""
        names, results = len(self._out_names or ()), len(graph.outputs)
        if names not in (0, results):
            raise InvalidArgumentError(
                None,
                None,
                "output names must be either empty or equal in size to outputs. output "
                f"names size = {names} outputs size = {results}",
            )

    def _getter(self, outer: Any) -> Callable[..., Any]:
        """Variables belong to the graph around the function."""

        def get(getter: Any, name: str, **settings: Any) -> Any:
            del getter  # it would look inside
            wanted = ("shape", "dtype", "initializer", "reuse", "trainable",
                      "collections", "use_resource")  # fmt: skip
            given = {key: settings[key] for key in wanted if key in settings}
            with outer.as_default():
                variable = get_variable_scope().get_variable(
                    store_of(outer), name, **given
                )
                if self._reads_variables and isinstance(variable, BaseResourceVariable):
                    return variable.value()
            return variable

        return get

    @staticmethod
    def _as_list(name: str, results: Any) -> Sequence[Any]:
        if results is None:
            return []
        listed = results if isinstance(results, (list, tuple)) else [results]
        if any(item is None for item in listed):
            raise ValueError(f"Function {name} can not return None.")
        return listed

    @property
    def name(self) -> str:
        """The type of its operations."""
        return self.function.graph.name

    @property
    def captured_inputs(self) -> list[Any]:
        """The tensors it takes of the graph around it."""
        return [] if self._by_value else self.function.captured

    @property
    def stateful_ops(self) -> list[tuple[str, str]]:
        """Names and types of the operations in it that keep something."""
        ops = self.function.graph.get_operations()
        return [(op.name, op.type) for op in ops if op._is_stateful]

    @property
    def grad_func_name(self) -> str | None:
        """The name of the function that makes its gradients."""
        return None if self._grad_func is None else self._grad_func.name

    def set_grad_func(self, grad_func: DefinedFunction) -> None:
        """Says which function makes its gradients, if that was not said."""
        assert not self._grad_func
        assert isinstance(grad_func, DefinedFunction)
        self._grad_func = grad_func

    @functools.cached_property
    def _description(self) -> Description:
        graph = self.function.graph
        return Description(
            self.name,
            [*graph.inputs, *self.function._stand_ins()],
            graph.outputs,
            result_names(graph.outputs, self._out_names),
            list(graph._operations.values()),
        )

    @property
    def definition(self) -> Any:
        """Its description as in TensorFlow's graph files."""
        made = self._description.function_def()
        for key, value in _attributes(self.name, **self._attributes).items():
            made.attr[key].CopyFrom(attr_value(attribute_kind(value), value))
        return made

    @functools.cached_property
    def _definition(self) -> Definition:
        """The type of operation that it is."""
        signature = self._description.signature()
        if not is_op_name(self.name):
            raise ValueError(f"'{self.name}' is not a valid node name")
        taken, given = (
            ", ".join(f"{item.name}: {as_dtype(item.type).name}" for item in items)
            for items in (signature.input_arg, signature.output_arg)
        )
        flags = " |  | stateful" if signature.is_stateful else ""
        made = defined(f"{self.name}({taken}) -> ({given}){flags}")
        made.bind = self._bound
        made.gradient = self.python_grad_func or _symbolic_gradient
        return made

    def _bound(self, op: Operation, _state: Any) -> Callable[..., Any]:
        call = self.function.caller()
        if len(op._outputs) == 1:
            return lambda *values: call(values)[0]
        return lambda *values: tuple(call(values))

    def add_to_graph(self, g: Any) -> None:
        """Makes it known to a graph.

        Raises:
            ValueError: its gradients are made in two ways.
        """
        if self._grad_func is not None and self.python_grad_func is not None:
            raise ValueError(f"Gradient defined twice for function {self.name}")
        g.__dict__.setdefault("_functions", {})[self.name] = self.function
        if self._grad_func is not None:
            self.function.gradient = self._grad_func.function
        registered(self.function)
        g.__dict__.setdefault("_library", {})[self.name] = self
        if self._grad_func is not None:
            self._grad_func.add_to_graph(g)

    def __call__(self, *args: Any, name: str | None = None, **kwargs: Any) -> Any:
        """Adds an operation that calls it; its results.

        Raises:
            ValueError: the number or the types of the arguments are others.
        """
        graph = defaults.get_default_graph()
        self.add_to_graph(graph)
        inputs = [*map(convert_to_tensor, args), *self.captured_inputs]
        definition = self._definition
        if len(inputs) != len(definition.inputs):
            raise ValueError(
                f"Expected number of arguments: {len(definition.inputs)}, received: "
                f"{len(inputs)}"
            )
        types = [tensor.dtype.base_dtype for tensor in self.function.graph.outputs]
        self._check_types(graph.unique_name(name or self.name, False), inputs)
        attributes = _attributes(self.name, **kwargs)
        op = graph.add(definition, tuple(inputs), attributes, types, name or self.name)
        if self._shape_func is not None:
            self._set_shapes(op, self._shape_func(op))
        if not types:
            return op
        return op._outputs[0] if len(types) == 1 else op._outputs

    def _check_types(self, name: str, inputs: Sequence[Tensor]) -> None:
        for taken, argument in zip(inputs, self._definition.inputs, strict=True):
            assert argument.dtype is not None  # it is no attribute
            if taken.dtype.base_dtype != argument.dtype:
                raise ValueError(
                    f"Input '{argument.name}' passed {runtime_name(taken.dtype)} "
                    f"expected {runtime_name(argument.dtype)} while building NodeDef "
                    f"'{name}' using Op<name={self.name}; signature="
                    f"{_signature(self._definition)}>"
                )

    @staticmethod
    def _set_shapes(op: Operation, shapes: Sequence[Any]) -> None:
        if len(shapes) != len(op._outputs):
            raise ValueError(
                f"shape_func produced {len(shapes)} shapes for {len(op._outputs)} "
                "outputs"
            )
        for tensor, shape in zip(op._outputs, shapes, strict=True):
            tensor.set_shape(shape)


class OverloadedFunction:
    """A function that is another operation for each list of types it is called with."""

    def __init__(
        self,
        func: Callable[..., Any],
        argnames: Sequence[str],
        settings: dict[str, Any],
    ) -> None:
        self._func = func
        self._argnames = argnames
        self._settings = settings
        self._made: dict[tuple[DType, ...], DefinedFunction] = {}

    def instantiate(self, input_types: Sequence[DType]) -> DefinedFunction:
        """The operation for arguments of these types."""
        key = tuple(input_types)
        if key not in self._made:
            settings = dict(self._settings)
            if settings.get("func_name"):
                settings["func_name"] += "_" + "".join(map(_short, key))
            gradient = settings.pop("grad_func", None)
            made = DefinedFunction(self._func, self._argnames, key, **settings)
            if gradient is not None:
                outputs = made.function.graph.outputs
                types = [tensor.dtype.base_dtype for tensor in outputs]
                made._grad_func = gradient.instantiate([*key, *types])
            self._made[key] = made
        return self._made[key]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Adds an operation that calls it; its results."""
        tensors = [convert_to_tensor(item) for item in args]
        types = [tensor.dtype.base_dtype for tensor in tensors]
        return self.instantiate(types)(*tensors, **kwargs)


class _Traced(FunctionGraph):
    """The graph of such a function: what it takes of outside has no special names."""

    _share_collections = ByValueGraph._share_collections

    def _stand_in(self, tensor: Tensor) -> Tensor:
        with self.as_default(), self.control_dependencies(None):
            made: Tensor = apply(
                "Placeholder", dtype=tensor.dtype.base_dtype, shape=tensor.shape
            )
        return made


def _attributes(
    name: str, noinline: Any = None, compiled: Any = None,
    separate_compiled_gradients: Any = None, **others: Any,
) -> dict[str, Any]:  # fmt: skip
    """The attributes of a function and of its calls.

    Raises:
        ValueError: it has no such attribute.
    """
    found: dict[str, Any] = {"_disable_call_shape_inference": True}
    if noinline is not None:
        found["_noinline"] = bool(noinline)
    if compiled is not None:
        found["_XlaCompile"] = bool(compiled)
        found["_XlaSeparateCompiledGradients"] = bool(separate_compiled_gradients)
        found["_XlaScope"] = f"function_{name}"
    for key in list(others):
        if key.startswith("experimental_") or key in ("_implements", "_reference"):
            found[key] = others.pop(key)
    if others:
        raise ValueError(f"Unknown keyword arguments: {others.keys()}")
    return found


def _short(dtype: DType) -> str:
    """TF 1.15: a type in the name of a function that takes several."""
    if dtype.name in ("string", "bool"):
        return dtype.name[0]
    if dtype.name == "uint8":
        return "i8"
    kind, bits = re.fullmatch(r"(\D+)(\d+)", dtype.name).groups()  # type: ignore[union-attr]
    beginning = "b" if kind == "bfloat" else "".join(re.findall("^q?u?.", kind)[:1])
    return f"{beginning}{bits}"


def _signature(definition: Definition) -> str:
    """A type of operation as the runtime writes it in errors."""
    taken, given = (
        ", ".join(
            f"{item.name}:{item.dtype and runtime_name(item.dtype)}" for item in items
        )
        for items in (definition.inputs, definition.outputs)
    )
    return f"{taken} -> {given}"


def _digest(graph: FunctionGraph) -> str:
    """What tells functions of one name apart: it depends on what they do."""
    lines = [str(op.node_def) for op in graph.get_operations()]
    lines += [f"{tensor.name} {tensor.dtype.name}" for tensor in graph.outputs]
    return hashlib.sha1("\n".join(lines).encode()).hexdigest()[:8]


# -- the gradient of a call ------------------------------------------------------------


def _symbolic_gradient(op: Operation, *grads: Any) -> list[Any]:
    """TF 1.15: one operation, which knows the function by its name."""
    types = [taken.dtype.base_dtype for taken in op._inputs]
    inputs = [*op._inputs, *grads]
    return list(nest.flatten(apply("SymbolicGradient", inputs, Tout=types, f=op.type)))


def _gradient_shape(op: Operation) -> list[Any]:
    return [taken._dims for taken in op._inputs[: len(op._outputs)]]


def _gradient_kernel(op: Operation, _state: Any) -> Callable[..., Any]:
    function = found(op, "f")
    own = function.gradient
    call = _slopes(function) if own is None else own.caller()
    if len(op._outputs) == 1:
        return lambda *values: call(values)[0]
    return lambda *values: tuple(call(values))


def _slopes(function: Function) -> Callable[[Sequence[Any]], list[Any]]:
    """Computes a function's gradients from its arguments and those of its results."""
    graph = function.graph
    fed = [*graph.inputs, *function._stand_ins()]
    with graph.as_default():
        given = [
            apply("Placeholder", dtype=out.dtype.base_dtype, shape=out.shape)
            for out in graph.outputs
        ]
        slopes = [
            zeros_like(tensor) if slope is None else convert_to_tensor(slope)
            for tensor, slope in zip(
                fed, gradients(graph.outputs, fed, given), strict=True
            )
        ]
    return runner([*fed, *given], slopes, ())


define("SymbolicGradient", shape=_gradient_shape, bind=_gradient_kernel)
