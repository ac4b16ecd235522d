"""Python functions as operations: `tf.py_func`, `tf.numpy_function`, `tf.py_function`.

A token in the graph stands for the function, which lives as long as its graph does.
TF 1.15: what the function raises becomes an error of the operation, and what it gives
must be of the types that were promised.
"""

from __future__ import annotations

import itertools
import traceback
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import defaults, dtypes, nest
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.deprecation import deprecated
from scopetutor.engine.op_errors import (
    InternalError,
    InvalidArgumentError,
    OpError,
    OutOfRangeError,
    ResourceExhaustedError,
    UnimplementedError,
    UnknownError,
)
from scopetutor.engine.registry import define

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.operation import Operation

_numbers = itertools.count()
_functions: weakref.WeakValueDictionary[str, _Function] = weakref.WeakValueDictionary()

_ERRORS: tuple[tuple[type[BaseException], type[OpError]], ...] = (
    (StopIteration, OutOfRangeError),
    (MemoryError, ResourceExhaustedError),
    (NotImplementedError, UnimplementedError),
    (TypeError, InvalidArgumentError),
    (ValueError, InvalidArgumentError),
)


class _Function:
    """A function behind a token.

    Args:
        call: the function.
        eager: whether it takes and gives eager tensors instead of arrays.
    """

    def __init__(self, call: Callable[..., Any], *, eager: bool) -> None:
        self.call, self.eager = call, eager


def _register(graph: Any, function: _Function) -> str:
    """A token for a function, which the graph keeps alive."""
    token = f"pyfunc_{next(_numbers)}"
    _functions[token] = function
    graph.__dict__.setdefault("_py_functions", []).append(function)
    return token


# -- running ---------------------------------------------------------------------------


def _kernel(op: Operation) -> Callable[..., Any]:
    token = op._attrs["token"]
    token = token.decode() if isinstance(token, bytes) else token
    promised = tuple(op._attrs["Tout"])

    def run(*values: Any) -> Any:
        function = _functions.get(token)
        if function is None:
            said = f"ValueError: callback {token} is not found"
            raise InvalidArgumentError(None, None, said)
        given = _results(function, values, op)
        if len(given) != len(promised):
            raise InvalidArgumentError(
                None,
                None,
                f"{token} returns {len(given)} values, but expects to see "
                f"{len(promised)} values.",
            )
        for place, (value, dtype) in enumerate(zip(given, promised, strict=True)):
            _check(place, token, value, dtype)
        return given[0] if len(given) == 1 else tuple(given)

    return run


def _results(function: _Function, values: Sequence[Any], op: Operation) -> list[Any]:
    """What the function gives, as arrays.

    Raises:
        tf.errors.OpError: it raised something.
    """
    try:
        if function.eager:
            return _called_eagerly(function.call, values, op)
        # TF 1.15: scalars are NumPy's, and text is bytes.
        given = function.call(*(v[()] if np.ndim(v) == 0 else v for v in values))
        if given is None:
            return []
        parts = given if isinstance(given, (list, tuple)) else [given]
        return [_as_array(part) for part in parts]
    except OpError:
        raise
    except Exception as error:
        raise _failure(error) from None


def _failure(error: Exception, where: str = "") -> OpError:
    """What an exception of the function makes of the operation."""
    kind = next((to for of, to in _ERRORS if isinstance(error, of)), UnknownError)
    made: OpError = kind(None, None, _told(error) + where)  # type: ignore[call-arg]
    return made


def _told(error: Exception) -> str:
    """An exception as the operation's error tells it, with the function's own lines."""
    own = error.__traceback__
    while own is not None and own.tb_frame.f_code.co_filename == __file__:
        own = own.tb_next
    lines = "\n".join(traceback.format_tb(own))
    said = f"{type(error).__name__}: {error}"
    return f"{said}\nTraceback (most recent call last):\n\n{lines}\n{said}\n\n"


def _called_eagerly(
    call: Callable[..., Any], values: Sequence[Any], op: Operation
) -> list[Any]:
    """What a function of eager tensors gives."""
    from scopetutor.engine import eager  # noqa: PLC0415 - eager mode is rare

    was_eager, defaults.state.eager = defaults.state.eager, True
    try:
        tensors = [
            eager.EagerTensor(value, tensor.dtype.base_dtype)
            for value, tensor in zip(values, op.inputs, strict=True)
        ]
        given = call(*tensors)
        if given is None:
            return []
        parts = given if isinstance(given, (list, tuple)) else [given]
        return [
            convert_to_tensor(part, dtype=dtype).numpy()
            for part, dtype in zip(parts, op._attrs["Tout"], strict=False)
        ]
    finally:
        defaults.state.eager = was_eager


def _as_array(value: Any) -> Any:
    """A result as an array; text as bytes."""
    array = np.asarray(value, order="C")
    if array.dtype.char == "S" and array is not value:
        return np.asarray(value, order="C", dtype=object)
    if array.dtype.char == "U":
        if array is value:
            return array.astype(np.bytes_).astype(object)
        flat = [text.encode() for text in array.reshape(-1).tolist()]
        texts = np.empty(len(flat), object)
        texts[:] = flat
        return texts.reshape(array.shape)
    return array


def _check(place: int, token: str, value: Any, dtype: Any) -> None:
    """Refuses a result that is not of the type that was promised."""
    if np.asarray(value).dtype == object:
        found = dtypes.string
        flat = np.asarray(value).reshape(-1).tolist()
        strange = next((x for x in flat if not isinstance(x, (bytes, str))), None)
        if strange is not None:
            said = f"Unsupported object type {type(strange).__name__}"
            raise InternalError(None, None, said)
    else:
        found = dtypes.as_dtype(np.asarray(value).dtype)
    if found != dtype:
        raise InvalidArgumentError(
            None,
            None,
            f"{place}-th value returned by {token} is {dtypes.runtime_name(found)}, "
            f"but expects {dtypes.runtime_name(dtype)}",
        )


def _unknown(op: Operation) -> list[None]:
    return [None] * len(op._attrs["Tout"])


for _name in ("PyFunc", "PyFuncStateless", "EagerPyFunc"):
    define(_name, shape=_unknown, build=_kernel, gradient=None)


# -- building ----------------------------------------------------------------------


def _check_callable(func: Any) -> None:
    if not callable(func):
        raise ValueError(f"Expected func to be callable, got func of type {type(func)}")


def _add(
    func: Any, inp: Sequence[Any], Tout: Any, op_type: str, name: str | None
) -> Any:
    _check_callable(func)
    promised = list(Tout) if isinstance(Tout, (list, tuple)) else [Tout]
    function = _Function(func, eager=op_type == "EagerPyFunc")
    token = _register(defaults.get_default_graph(), function)
    given = apply(
        op_type,
        inp,
        name=name,
        token=token,
        Tout=[dtypes.as_dtype(dtype) for dtype in promised],
    )
    if not promised:  # TF 1.15: only what is run for its effect is given as operation
        return [] if op_type == "PyFuncStateless" else given
    if isinstance(Tout, (list, tuple)):
        return given
    return given[0] if isinstance(given, (list, tuple)) else given


def _at_once(func: Callable[..., Any], inp: Sequence[Any]) -> Any:
    """Calls a function of arrays in eager mode."""
    given = nest.flatten(func(*(convert_to_tensor(x).numpy() for x in inp)))
    tensors = [None if part is None else convert_to_tensor(part) for part in given]
    return tensors[0] if len(tensors) == 1 else tensors


def _of_tensors_at_once(func: Any, inp: Sequence[Any], Tout: Any) -> Any:
    """Calls a function of tensors in eager mode."""
    _check_callable(func)
    promised = list(Tout) if isinstance(Tout, (list, tuple)) else [Tout]
    token, where = f"pyfunc_{next(_numbers)}", " [Op:EagerPyFunc]"
    try:
        given = func(*[convert_to_tensor(x) for x in inp])
        parts = list(given) if isinstance(given, (list, tuple)) else [given]
        parts = [] if given is None else parts
        tensors = [
            convert_to_tensor(part, dtype=dtypes.as_dtype(dtype))
            for part, dtype in zip(parts, promised, strict=False)
        ]
    except OpError:
        raise
    except Exception as error:
        raise _failure(error, where) from None
    if len(tensors) < len(promised):
        said = f"{token} returns {len(parts)} values, but expects to see "
        problem = f"{said}{len(promised)} values.{where}"
        raise InvalidArgumentError(None, None, problem)
    return tensors if isinstance(Tout, (list, tuple)) else tensors[0]


def numpy_function(func: Any, inp: Any, Tout: Any, name: str | None = None) -> Any:
    """An operation that calls a function of arrays.

    Args:
        func: takes an array for each input and gives arrays.
        inp: tensors.
        Tout: the type of what it gives, or a list of types.
        name: of the operation.

    Returns:
        A tensor of unknown shape, or a list of them; the Operation if `Tout` is empty.
    """
    return _py_func(func, inp, Tout, True, name)


@deprecated(
    "py_func",
    "tensorflow.python.ops.script_ops",
    "tf.py_func is deprecated in TF V2. Instead, there are two\n"
    "    options available in V2.\n"
    "    - tf.py_function takes a python function which manipulates tf eager\n"
    "    tensors instead of numpy arrays. It's easy to convert a tf eager tensor to\n"
    "    an ndarray (just call tensor.numpy()) but having access to eager tensors\n"
    "    means `tf.py_function`s can use accelerators such as GPUs as well as\n"
    "    being differentiable using a gradient tape.\n"
    "    - tf.numpy_function maintains the semantics of the deprecated tf.py_func\n"
    "    (it is not differentiable, and manipulates numpy arrays). It drops the\n"
    "    stateful argument making all functions stateful.\n"
    "    ",
)
def py_func(
    func: Any, inp: Any, Tout: Any, stateful: bool = True, name: str | None = None
) -> Any:
    """As `numpy_function`; TF 1.15: deprecated.

    Args:
        func: takes an array for each input and gives arrays.
        inp: tensors.
        Tout: the type of what it gives, or a list of types.
        stateful: whether two calls may give different results.
        name: of the operation.
    """
    return _py_func(func, inp, Tout, stateful, name)


def _py_func(func: Any, inp: Any, Tout: Any, stateful: bool, name: str | None) -> Any:
    if defaults.executing_eagerly():
        return _at_once(func, inp)
    op_type = "PyFunc" if stateful else "PyFuncStateless"
    return _add(func, inp, Tout, op_type, name)


def py_function(func: Any, inp: Any, Tout: Any, name: str | None = None) -> Any:
    """An operation that calls a function of eager tensors.

    Args:
        func: takes an eager tensor for each input and gives tensors.
        inp: tensors.
        Tout: the type of what it gives, or a list of types.
        name: of the operation.
    """
    if defaults.executing_eagerly():
        return _of_tensors_at_once(func, inp, Tout)
    return _add(func, inp, Tout, "EagerPyFunc", name)
