"""Eager mode: operations that run at once, and tensors that have values.

Beside apply, loaded when `tf.enable_eager_execution()` was called. The kernels are
those of sessions. TF 1.15: there is no graph, so shapes and types are checked by the
kernels, tensors have no names, and variables are always resource variables.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from . import apply as building
from . import constants, convert, dtypes, shapes
from .dtypes import runtime_name
from .failures import KERNEL_ERRORS, translated
from .graph_names import VALID_OP_NAME
from .op_errors import InvalidArgumentError, OpError
from .operation import Tensor
from .signatures import summary
from .state import Cell, State
from .surroundings import name_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .dtypes import DType
    from .registry import Definition
    from .shapes import Dims
    from .signatures import Argument

DEVICE = "/job:localhost/replica:0/task:0/device:CPU:0"
_ids = itertools.count()
_uids = itertools.count()

recorders: list[Any] = []
"""The tapes that are recording."""


class EagerTensor(Tensor):
    """A tensor with a value."""

    __slots__ = ("_id", "_value")

    def __init__(self, value: Any, dtype: DType) -> None:
        self._value = value
        self._id = next(_ids)
        self._index = 0
        self._dtype = dtype
        self._shape = None
        self._dims: Dims = () if isinstance(value, Cell) else np.shape(value)

    def numpy(self) -> Any:
        """The value: an array, or a NumPy scalar; text as bytes."""
        value = self._value
        if isinstance(value, Cell):
            raise ValueError(
                "Cannot convert a Tensor of dtype resource to a NumPy array."
            )
        array = np.asarray(value)
        if array.ndim:
            return array.copy()
        return array[()]

    @property
    def device(self) -> str:
        """Where the value is."""
        return DEVICE

    backing_device = device

    @property
    def ndim(self) -> int:
        """How many dimensions it has."""
        return np.ndim(self._value)

    def set_shape(self, shape: Any) -> None:
        """Checks the shape.

        Raises:
            ValueError: it is another one.
        """
        if not self.shape.is_compatible_with(shape):
            raise ValueError(
                f"Tensor's shape {self.shape} is not compatible with supplied shape "
                f"{shape}"
            )

    def eval(self, feed_dict: Any = None, session: Any = None) -> NoReturn:
        """TF 1.15: not in eager mode."""
        raise NotImplementedError(
            "eval is not supported when eager execution is enabled, is .numpy() what "
            "you're looking for?"
        )

    def consumers(self) -> NoReturn:
        """TF 1.15: not in eager mode."""
        raise NotImplementedError(
            "Tensor.consumers is meaningless when eager execution is enabled."
        )

    def cpu(self) -> EagerTensor:
        """The same value, in another tensor."""
        return EagerTensor(self._value, self._dtype)

    def gpu(self, gpu_index: int = 0) -> NoReturn:
        """TF 1.15: refused where there is no such device."""
        raise RuntimeError(f"GPU:{gpu_index} unknown device.")

    def __bool__(self) -> bool:
        """TF 1.15: that of its value; one without elements is False."""
        return bool(0 not in (self._dims or ()) and self.numpy())

    def __int__(self) -> int:
        return int(self.numpy())

    def __float__(self) -> float:
        return float(self.numpy())

    def __index__(self) -> int:
        return int(self.numpy())

    def __complex__(self) -> complex:
        return complex(self.numpy())

    def __len__(self) -> int:
        if not self._dims:
            raise TypeError("Scalar tensor has no `len()`")
        return int(self._dims[0] or 0)

    def __iter__(self) -> Iterator[Any]:
        return self._rows()

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array(self.numpy(), dtype=dtype or self._dtype.as_numpy_dtype)

    def __format__(self, format_spec: str) -> str:
        return format(self.numpy(), format_spec)

    def __reduce__(self) -> Any:
        return constants.constant, (self.numpy(),)

    def __copy__(self) -> EagerTensor:
        return self

    def __deepcopy__(self, _memo: Any) -> EagerTensor:
        return self

    def __str__(self) -> str:
        text = value_text(self)
        return f"tf.Tensor({text}, shape={self.shape}, dtype={self._dtype.name})"

    def __repr__(self) -> str:
        text = value_text(self, is_repr=True)
        return (
            f"<tf.Tensor: id={self._id}, shape={self.shape}, dtype={self._dtype.name}, "
            f"numpy={text}>"
        )


def _without_meaning(name: str) -> property:
    def refuse(_self: EagerTensor) -> NoReturn:
        raise AttributeError(
            f"Tensor.{name} is meaningless when eager execution is enabled."
        )

    return property(refuse, doc=f"TF 1.15: `{name}` has no meaning in eager mode.")


for _name in ("name", "op", "graph", "value_index"):
    setattr(EagerTensor, _name, _without_meaning(_name))


def value_text(tensor: EagerTensor, *, is_repr: bool = False) -> str:
    """A value as TF 1.15 prints it; on lines of its own if it needs several."""
    if isinstance(tensor._value, Cell):
        return "<unprintable>"
    value = tensor.numpy()
    # NumPy 2 writes np.float32(1.0) where TF 1.15's wrote 1.0.
    scalar = isinstance(value, np.generic)
    text = str(value) if scalar or not is_repr else repr(value)
    return f"\n{text}" if "\n" in text else text


# -- operations ------------------------------------------------------------------------


class _Ran:
    """Stands for the operation while its kernel is made."""

    def __init__(
        self, definition: Definition, inputs: Sequence[Tensor], attrs: dict[str, Any]
    ) -> None:
        self._definition = definition
        self._inputs = tuple(inputs)
        self._attrs = attrs
        types = building.output_types(definition, attrs)
        self._outputs = [_Output(self, dtype) for dtype in types]
        # What a kernel keeps between two runs belongs to its type and attributes.
        self._name = f"{definition.name}{sorted(attrs.items(), key=str)}"
        self._site: Any = None
        self._device = ""

    @property
    def type(self) -> str:
        """What it computes."""
        return self._definition.name

    @property
    def name(self) -> str:
        """What its state is kept under."""
        return self._name

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """The tensors it takes."""
        return self._inputs

    @property
    def outputs(self) -> list[Any]:
        """Of its results, what is known before."""
        return self._outputs


class _Output:
    """The type of a result; its shape is not known before."""

    _dims: Dims = None

    def __init__(self, op: _Ran, dtype: DType) -> None:
        self._op = op
        self._dtype = self.dtype = dtype


_state = State()


def forget_kernels() -> None:
    """TF 1.15: a new random seed starts every random operation anew."""
    _state.resources.clear()


def apply(
    definition: Definition, inputs: tuple[Any, ...], attrs: dict[str, Any], name: Any
) -> Any:
    """Computes an operation at once.

    Raises:
        tf.errors.OpError: the operation failed.
        TypeError: an input is of the wrong type, or belongs to a graph.
    """
    building.check_lists(definition, inputs)
    chosen = building._checked_attributes(definition, attrs)
    tensors, known = _Inputs(definition, chosen, name).convert(inputs)
    op = _Ran(definition, tensors, known)
    if definition.name == "VarHandleOp":
        return EagerTensor(
            Cell(known["shared_name"], known["shape"] or (), _state.container("")),
            dtypes.resource,
        )
    values = [tensor._value for tensor in tensors]
    if definition.name in _OF_HELD_TYPE:
        _check_held_type(op, values[0], name)
    results = _run(op, values, name)
    outputs = [
        EagerTensor(value, output._dtype)
        for value, output in zip(results, op._outputs, strict=True)
    ]
    for recorder in recorders:
        recorder.operation_ran(definition, known, tensors, outputs)
    arguments = definition.outputs
    if not arguments:
        return None
    if len(arguments) == 1 and not arguments[0].is_list:
        return outputs[0]
    return building.restructure(definition, known, outputs)


_OF_HELD_TYPE = {"ReadVariableOp": "read", "AssignVariableOp": "assign"}


def _check_held_type(op: _Ran, cell: Cell, name: Any) -> None:
    """InvalidArgumentError if a variable holds values of another type."""
    given = op._attrs["dtype"]
    if cell.value is None or cell.value.dtype == np.dtype(given.as_numpy_dtype):
        return
    held = dtypes.as_dtype(cell.value.dtype)
    deed = _OF_HELD_TYPE[op.type]
    wanted, got = (given, held) if deed == "read" else (held, given)
    message = (
        f"Trying to {deed} variable with wrong dtype. Expected "
        f"{dtypes.runtime_name(wanted)} got {dtypes.runtime_name(got)}"
    )
    raise _located(InvalidArgumentError(None, None, message), op, name)


def _run(op: _Ran, values: list[Any], name: Any) -> list[Any]:
    kernel = _kernel(op)
    try:
        with np.errstate(all="ignore"):
            result = kernel(*values)
    except OpError as error:
        raise _located(error, op, name) from None
    except KERNEL_ERRORS as error:
        raise _located(translated(error, op, values), op, name) from error
    if len(op._outputs) == 1:
        return [result]
    return list(result) if op._outputs else []


def _kernel(op: _Ran) -> Callable[..., Any]:
    definition = op._definition
    if definition.kernel is not None:
        return definition.kernel
    if definition.build is not None:
        return definition.build(op)
    if definition.bind is not None:
        return definition.bind(op, _state)
    raise NotImplementedError(
        f"scopetutor cannot run operations of type {definition.name} (see `scopetutor "
        "coverage`)"
    )


def _located(error: OpError, op: _Ran, name: Any) -> OpError:
    """The error as TF 1.15 words it in eager mode."""
    message = error.message.replace(op.name, op.type) + f" [Op:{op.type}]"
    if name is not None:
        message += f" name: {name}"
    made: OpError = type(error)(None, None, message)  # type: ignore[call-arg]
    return made


class _Inputs:
    """The inputs of an operation while they are converted.

    TF 1.15: the first tensor among inputs that share a type decides it; the kernel
    refuses a tensor of another one, and there has to be a kernel for the type.
    """

    def __init__(
        self, definition: Definition, attrs: dict[str, Any], name: Any
    ) -> None:
        self._definition = definition
        self._attrs = dict(attrs)
        self._name = name
        self._refused: OpError | None = None  # the kernel's, if there is one

    def convert(
        self, inputs: tuple[Any, ...]
    ) -> tuple[list[EagerTensor], dict[str, Any]]:
        """The tensors, and all attributes in the order of the signature."""
        definition = self._definition
        pairs = list(zip(definition.inputs, inputs, strict=True))
        for argument, value in pairs:
            for item in value if argument.is_list else [value]:
                self._look_at(argument, item)
        tensors: list[EagerTensor] = []
        for argument, value in pairs:
            tensors.extend(self._tensors(argument, value, len(tensors)))
        for attr, attribute in definition.attributes.items():
            if attr not in self._attrs and attribute.has_default:
                self._attrs[attr] = attribute.default
            if attribute.kind == "type" and attribute.allowed is not None:
                self._check_kernel(attribute.name, attribute.allowed)
        if self._refused is not None:
            raise self._refused
        return tensors, {attr: self._attrs[attr] for attr in definition.attributes}

    def _look_at(self, argument: Argument, value: Any) -> None:
        """Takes the type of an input that has one already."""
        if isinstance(value, Tensor) and not isinstance(value, EagerTensor):
            raise TypeError(_GRAPH_TENSOR.format(value.name))
        dtype = getattr(value, "dtype", None)
        if argument.type_attr and isinstance(dtype, dtypes.DType):
            self._attrs.setdefault(argument.type_attr, dtype.base_dtype)

    def _tensors(self, argument: Argument, value: Any, at: int) -> list[EagerTensor]:
        if not argument.is_list:
            return [self._tensor(argument, value, at)]
        tensors = [self._tensor(argument, item, at + i) for i, item in enumerate(value)]
        if argument.number_attr:
            self._attrs.setdefault(argument.number_attr, len(tensors))
        if argument.type_list_attr:
            types = [tensor._dtype for tensor in tensors]
            self._attrs.setdefault(argument.type_list_attr, types)
        return tensors

    def _tensor(self, argument: Argument, value: Any, at: int) -> EagerTensor:
        wanted = argument.dtype or self._attrs.get(argument.type_attr)
        try:
            tensor: EagerTensor = convert.convert_to_tensor(value, wanted)
        except (TypeError, ValueError):
            if wanted is None or not hasattr(value, "dtype"):
                raise
            tensor = convert.convert_to_tensor(value)
        if argument.type_attr and wanted is None:
            attribute = self._definition.attributes[argument.type_attr]
            default = attribute.default if attribute.has_default else None
            if default is not None and not isinstance(value, Tensor):
                tensor = convert.convert_to_tensor(value, preferred_dtype=default)
            self._attrs[argument.type_attr] = tensor._dtype
        elif wanted is not None and tensor._dtype is not wanted:
            self._refused = self._refused or self._refusal(tensor, wanted, at)
        return tensor

    def _check_kernel(self, attr: str, allowed: tuple[Any, ...]) -> None:
        """Raises if there is no kernel for a type.

        TF 1.15 lists the kernels that there are; here it ends before that list.
        """
        definition, dtype = self._definition, self._attrs[attr]
        if dtype in allowed:
            return
        from .op_errors import (  # noqa: PLC0415 - only for errors
            InvalidArgumentError,
            NotFoundError,
        )

        node = f"{{{{node {definition.name}}}}}"
        if definition.is_stateful:
            found = runtime_name(dtype)
            known = [runtime_name(t) for t in allowed]
            raise InvalidArgumentError(
                None,
                None,
                f"Value for attr '{attr}' of {found} is not in the list of "
                f"allowed values: {', '.join(known)}\n\t; NodeDef: {node}; "
                f"{summary(definition)} {self._suffix()}",
            )
        raise NotFoundError(
            None,
            None,
            f"Could not find valid device for node.\nNode:{node}\nAll kernels "
            f"registered for op {definition.name} :\n {self._suffix()}",
        )

    def _suffix(self) -> str:
        name = "" if self._name is None else f" name: {self._name}"
        return f"[Op:{self._definition.name}]{name}"

    def _refusal(self, tensor: EagerTensor, wanted: Any, at: int) -> OpError:
        from .op_errors import InvalidArgumentError  # noqa: PLC0415 - only for errors

        want = runtime_name(wanted)
        found = runtime_name(tensor._dtype)
        name = self._definition.name
        return InvalidArgumentError(
            None,
            None,
            f"cannot compute {name} as input #{at}(zero-based) was expected to be a "
            f"{want} tensor but is a {found} tensor {self._suffix()}",
        )


_GRAPH_TENSOR = (
    "An op outside of the function building code is being passed\n"
    'a "Graph" tensor. It is possible to have Graph tensors\n'
    "leak out of the function building context by including a\n"
    "tf.init_scope in your function building code.\n"
    "For example, the following function will fail:\n"
    "  @tf.function\n"
    "  def has_init_scope():\n"
    "    my_constant = tf.constant(1.)\n"
    "    with tf.init_scope():\n"
    "      added = my_constant * 2\n"
    "The graph tensor has name: {}"
)


# -- variables -------------------------------------------------------------------------


def _check_handle_name(name: str) -> None:
    """TF 1.15: a handle is also made in a graph, to see its shape."""
    if not name:
        raise ValueError("'' is not a valid node name")
    if not VALID_OP_NAME(name):
        raise ValueError(f"'{name}/' is not a valid scope name")


def init_variable(
    variable: Any, initial_value: Any, name: Any, dtype: Any, shape: Any
) -> None:
    """Makes a resource variable and gives it its initial value at once."""
    from_function = callable(initial_value)
    around = [] if from_function else [initial_value]
    with name_scope(name, "Variable", around) as scope:
        handle_name = scope.removesuffix("/")
        with name_scope("Initializer"):
            value = convert.convert_to_tensor(
                initial_value() if from_function else initial_value, dtype
            )
        shape = shapes.said_or_found(shape, value.shape)
        _check_handle_name(handle_name)
        variable._handle = building.apply(
            "VarHandleOp",
            shape=shape,
            dtype=value.dtype.base_dtype,
            shared_name=f"{handle_name}_{next(_uids)}",
            name=scope,
        )
    variable._handle_name = f"{handle_name}:0"
    variable._shape = shapes.as_shape(shape)
    variable._dtype = value.dtype.base_dtype
    variable._initial_value = variable._initializer_op = None
    variable._is_initialized_op = variable._graph_element = None
    building.apply("AssignVariableOp", variable._handle, value)
