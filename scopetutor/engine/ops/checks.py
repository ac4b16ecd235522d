"""Assertions: operations that fail when a condition does not hold.

After branches and printing. TF 1.15: what is known already is checked at once; the
rest when it runs, and only if something waits for the assertion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import defaults, deprecation, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_n_to_tensor, convert_to_tensor
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import Tensor, dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.shapes import as_shape
from scopetutor.engine.should_use import should_use_result
from scopetutor.engine.sparse import SparseTensor
from scopetutor.engine.surroundings import (
    colocate_with,
    control_dependencies,
    name_scope,
)

from . import array, math, reshaping, rules, slicing
from .branches import cond
from .control_flow import group, no_op, with_dependencies
from .printing import summarized
from .static import static_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.state import State

Array = np.ndarray[Any, Any]


def _assert_kernel(op: Operation) -> Callable[..., None]:
    limit = op._attrs["summarize"]

    def kernel(condition: Array, *data: Array) -> None:
        if not condition:
            texts = " ".join(f"[{summarized(item, limit)}]" for item in data)
            raise InvalidArgumentError(None, op, f"assertion failed: {texts}")

    return kernel


define("Assert", shape=rules.no_outputs, build=_assert_kernel, gradient=None)


def Assert(  # noqa: N802 - TensorFlow's name
    condition: Any, data: Any, summarize: int | None = None, name: str | None = None
) -> Any:
    """An operation that fails unless a condition holds.

    Args:
        condition: a bool.
        data: a list of tensors that the message shows.
        summarize: how many elements of each; 3, if None; all, if negative.
        name: of the name scope.
    """
    if defaults.state.eager:
        if not condition:
            texts = [_said_of(x.numpy(), summarize) for x in convert_n_to_tensor(data)]
            raise InvalidArgumentError(
                None,
                None,
                f"Expected '{condition!s}' to be true. Summarized data: "
                + "\n".join(texts),
            )
        return None
    with name_scope(name, "Assert", [condition, data]):
        kinds = {tensor.dtype for tensor in convert_n_to_tensor(data)}

        def make() -> Any:
            return apply("Assert", condition, data, summarize=summarize, name="Assert")

        if kinds <= {dtypes.string, dtypes.int32}:
            return make()
        condition = convert_to_tensor(condition, name="Condition")
        return cond(condition, no_op, make, name="AssertGuard").op


watched_assert = should_use_result(Assert)
"""`tf.Assert`: one that a program makes and never runs is logged."""


def _said_of(value: Any, limit: int | None) -> str:
    """A value as TF 1.15 shows it in eager mode."""
    flat = np.asarray(value).reshape(-1)
    limit = 3 if limit is None else limit if limit >= 0 else flat.size
    texts = [str(element) for element in flat[:limit].tolist()]
    if np.ndim(value) and len(texts) < flat.size:
        texts.append("...")
    return ", ".join(texts)


# -- two tensors -------------------------------------------------------------------


def _differing(symbol: str, x: Any, y: Any, holds: Any, summarize: int | None) -> Any:
    """What TF 1.15 says in eager mode where two tensors are compared."""
    limit = 3 if summarize is None else summarize if summarize >= 0 else 10**9
    said: list[Any] = [f"Condition x {symbol} y did not hold."]
    if limit == 0:
        return said
    left, right = x.numpy(), y.numpy()
    if left.shape == right.shape and left.ndim:
        wrong = ~holds.numpy()
        places = np.argwhere(wrong)[:limit]
        said += [f"Indices of first {len(places)} different values:", places]
        for name, values in (("x", left), ("y", right)):
            said += [f"Corresponding {name} values:", values[wrong][:limit]]
    for name, values in (("x", left), ("y", right)):
        first = values.reshape(-1)[:limit]
        said += [f"First {first.size} elements of {name}:", first]
    return said


def _fail_at_once(data: Any) -> None:
    texts = []
    for item in data:
        value = static_value(item) if isinstance(item, Tensor) else item
        if defaults.state.eager and isinstance(item, Tensor) and np.ndim(value):
            value = [str(element) for element in np.asarray(value).reshape(-1)]
        texts.append(str(item if value is None else value))
    raise InvalidArgumentError(None, None, "\n".join(texts))


def _compare(
    symbol: str,
    function: str,
    op_type: str,
    test: Callable[[Any, Any], Any],
    x: Any,
    y: Any,
    data: Any,
    summarize: int | None,
    message: str | None,
    name: str | None,
) -> Any:
    with name_scope(name, function, [x, y, data]):
        x, y = convert_to_tensor(x, name="x"), convert_to_tensor(y, name="y")
        if defaults.state.eager:
            holds = apply(op_type, x, y)
            if not math.reduce_all(holds):
                data = data or _differing(symbol, x, y, holds, summarize)
                _fail_at_once([*([message] if message else []), *data])
            return None
        if data is None:
            data = [
                f"Condition x {symbol} y did not hold element-wise:",
                f"x ({x.name}) = ",
                x,
                f"y ({y.name}) = ",
                y,
            ]
        if message is not None:
            data = [message, *data]
        condition = math.reduce_all(apply(op_type, x, y))
        known_x, known_y = static_value(x), static_value(y)
        known = known_x is not None and known_y is not None
        if known and not np.all(test(known_x, known_y)):
            _fail_at_once(data)
        return Assert(condition, data, summarize=summarize)


def _comparison(
    symbol: str, function: str, op_type: str, test: Callable[[Any, Any], Any]
) -> Callable[..., Any]:
    def check(
        x: Any,
        y: Any,
        data: Any = None,
        summarize: int | None = None,
        message: str | None = None,
        name: str | None = None,
    ) -> Any:
        return _compare(
            symbol, function, op_type, test, x, y, data, summarize, message, name
        )

    check.__name__ = check.__qualname__ = function
    check.__doc__ = f"An operation that fails unless x {symbol} y for each element."
    return check


_assert_equal = _comparison("==", "assert_equal", "Equal", np.equal)
assert_none_equal = _comparison("!=", "assert_none_equal", "NotEqual", np.not_equal)
assert_less = _comparison("<", "assert_less", "Less", np.less)
assert_less_equal = _comparison("<=", "assert_less_equal", "LessEqual", np.less_equal)
assert_greater = _comparison(">", "assert_greater", "Greater", np.greater)
assert_greater_equal = _comparison(
    ">=", "assert_greater_equal", "GreaterEqual", np.greater_equal
)


def assert_equal(
    x: Any,
    y: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Any:
    """An operation that fails unless x == y for each element."""
    with name_scope(name, "assert_equal", [x, y, data]):
        if x is y:
            return None if defaults.state.eager else no_op()
    return _assert_equal(x, y, data, summarize, message, name)


def assert_near(
    x: Any,
    y: Any,
    rtol: Any = None,
    atol: Any = None,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Any:
    """An operation that fails unless |x - y| <= atol + rtol * |y| everywhere."""
    with name_scope(name, "assert_near", [x, y, rtol, atol, data]):
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y", dtype=x.dtype)
        eps = np.finfo(x.dtype.as_numpy_dtype).eps
        rtol = convert_to_tensor(
            10 * eps if rtol is None else rtol, name="rtol", dtype=x.dtype
        )
        atol = convert_to_tensor(
            10 * eps if atol is None else atol, name="atol", dtype=x.dtype
        )
        if data is None:
            data = [
                message or "",
                f"x and y not equal to tolerance rtol = {rtol}, atol = {atol}",
                f"x ({_name_of(x)}) = ",
                x,
                f"y ({_name_of(y)}) = ",
                y,
            ]
        tolerance = atol + rtol * math.abs(y)
        difference = math.abs(x - y)
        condition = math.reduce_all(math.less(difference, tolerance))
        return Assert(condition, data, summarize=summarize)


# -- one tensor --------------------------------------------------------------------


def _name_of(tensor: Any) -> str:
    if defaults.state.eager:
        return f"shape={tensor.shape} dtype={tensor.dtype.name}"
    return str(tensor.name)


def rank_name(tensor: Any) -> str:
    """What an error about a rank calls a tensor; nothing in eager mode."""
    return "" if defaults.state.eager else str(tensor.name)


def _sign(
    function: str, symbol: str, compare: Callable[..., Any], *, zero_first: bool
) -> Callable[..., Any]:
    def check(
        x: Any,
        data: Any = None,
        summarize: int | None = None,
        message: str | None = None,
        name: str | None = None,
    ) -> Any:
        with name_scope(name, function, [x, data]):
            x = convert_to_tensor(x, name="x")
            if data is None:
                said = f"Condition x {symbol} 0 did not hold element-wise:"
                what = f"x ({_name_of(x)}) = "
                # TF 1.15: a comma is missing in one of the four.
                joined = function == "assert_non_positive"
                data = [message or "", *([said + what] if joined else [said, what]), x]
            zero = convert_to_tensor(0, dtype=x.dtype)
            pair = (zero, x) if zero_first else (x, zero)
            return compare(*pair, data=data, summarize=summarize)

    check.__name__ = check.__qualname__ = function
    check.__doc__ = f"An operation that fails unless x {symbol} 0 for each element."
    return check


assert_negative = _sign("assert_negative", "<", assert_less, zero_first=False)
assert_positive = _sign("assert_positive", ">", assert_less, zero_first=True)
assert_non_negative = _sign(
    "assert_non_negative", ">=", assert_less_equal, zero_first=True
)
assert_non_positive = _sign(
    "assert_non_positive", "<=", assert_less_equal, zero_first=False
)


def assert_integer(x: Any, message: str | None = None, name: str | None = None) -> Any:
    """TypeError unless a tensor is of an integer type."""
    with name_scope(name, "assert_integer", [x]):
        x = convert_to_tensor(x, name="x")
        if not x.dtype.is_integer:
            what = "tensor" if defaults.state.eager else x.name
            raise TypeError(
                f'{message or ""}  Expected "x" to be integer type.  Found: {what} of '
                f"dtype {x.dtype}"
            )
        return no_op("statically_determined_was_integer")


def assert_type(
    tensor: Any, tf_type: Any, message: str | None = None, name: str | None = None
) -> Any:
    """TypeError unless a tensor is of a type."""
    with name_scope(name, "assert_type", [tensor]):
        tensor = convert_to_tensor(tensor, name="tensor")
        if tensor.dtype != tf_type:
            what = "tensor" if defaults.state.eager else f" {tensor.name}"
            raise TypeError(f"{message or ''} {what} must be of type {tf_type}")
        return no_op("statically_determined_correct_type")


def assert_scalar(
    tensor: Any, name: str | None = None, message: str | None = None
) -> Any:
    """The tensor; ValueError unless it is a scalar."""
    with name_scope(name, "assert_scalar", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name=scope)
        shape = tensor.shape
        if shape.ndims != 0:
            where = "" if defaults.state.eager else f" for {tensor.name}"
            raise ValueError(
                f"{message or ''}Expected scalar shape{where}, saw shape: {shape}."
            )
        return tensor


# -- without operations ------------------------------------------------------------


def assert_proper_iterable(values: Any) -> None:
    """TypeError unless it is a list or the like: tensors and text are not."""
    if isinstance(values, (Tensor, SparseTensor, np.ndarray, bytes, str)):
        raise TypeError(
            'Expected argument "values" to be a "proper" iterable.  Found: '
            f"{type(values)}"
        )
    if not hasattr(values, "__iter__"):
        raise TypeError(
            f'Expected argument "values" to be iterable.  Found: {type(values)}'
        )


def assert_same_float_dtype(tensors: Any = None, dtype: Any = None) -> Any:
    """The one float type of several tensors; float32 if nothing says.

    Raises:
        ValueError: they are of several types, or of no float type.
    """
    expected, first = dtype, None
    for item in tensors or ():
        if item is None:
            continue
        kind = item.dtype.base_dtype
        if not expected:
            expected, first = kind, getattr(item, "name", str(item))
        elif expected != kind:
            like = f" as {first}" if first else ""
            raise ValueError(
                f"{getattr(item, 'name', item)}, type={kind}, must be of the same type "
                f"({expected}){like}."
            )
    if not expected:
        return dtypes.float32
    if not expected.is_floating:
        raise ValueError(f"Expected floating point type, got {expected}.")
    return expected


_NUMERIC = frozenset(
    kind
    for kind in (
        dtypes.float32, dtypes.float64, dtypes.int8, dtypes.int16, dtypes.int32,
        dtypes.int64, dtypes.uint8, dtypes.qint8, dtypes.qint32, dtypes.quint8,
        dtypes.complex64,
    )
)  # fmt: skip


def is_numeric_tensor(tensor: Any) -> bool:
    """Whether it is a tensor of numbers."""
    return isinstance(tensor, Tensor) and tensor.dtype in _NUMERIC


def _steps(x: Any) -> Any:
    """How much each element is more than the one before."""
    x = reshaping.reshape(x, [-1])
    if not is_numeric_tensor(x):
        raise TypeError(f"Expected x to be numeric, instead found: {x}")
    short = math.less(array.size(x), 2)
    last = array.shape(x) - 1

    def differences() -> Any:
        later = slicing.strided_slice(x, [1], [1] + last)  # noqa: RUF005 - adds to a tensor
        return later - slicing.strided_slice(x, [0], last)

    return cond(short, lambda: convert_to_tensor([], dtype=x.dtype), differences)


def is_non_decreasing(x: Any, name: str | None = None) -> Any:
    """Whether no element is less than the one before, as a tensor."""
    with name_scope(name, "is_non_decreasing", [x]):
        steps = _steps(x)
        zero = convert_to_tensor(0, dtype=steps.dtype)
        return math.reduce_all(math.less_equal(zero, steps))


def is_strictly_increasing(x: Any, name: str | None = None) -> Any:
    """Whether each element is more than the one before, as a tensor."""
    with name_scope(name, "is_strictly_increasing", [x]):
        steps = _steps(x)
        zero = convert_to_tensor(0, dtype=steps.dtype)
        return math.reduce_all(math.less(zero, steps))


# -- shapes and numbers that must hold on the way --------------------------------------


def _ensure_shape_shape(op: Operation) -> list[Any]:
    dims, wanted = op._inputs[0]._dims, op._attrs["shape"]
    if dims is None:
        return [wanted]
    if wanted is None:  # TF 1.15: only for a tensor whose rank is not known either
        raise ShapeError(f"Shape must be rank -1 but is rank {len(dims)}")
    return [rules.merge(wanted, rules.with_rank(dims, len(wanted)))]


def _ensure_kernel(op: Operation, state: State) -> Callable[[Array], Array]:
    dims = op._attrs["shape"]
    name = state.input_name(op._inputs[0])

    def kernel(x: Array) -> Array:
        shape = np.shape(x)
        fits = dims is None or (
            len(dims) == len(shape)
            and all(d in (None, s) for d, s in zip(dims, shape, strict=True))
        )
        if not fits:
            raise InvalidArgumentError(
                None,
                op,
                f"Shape of tensor {name} {dims_text(shape)} is not compatible with "
                f"expected shape {dims_text(dims)}.",
            )
        return x

    return kernel


define(
    "EnsureShape",
    shape=_ensure_shape_shape,
    bind=_ensure_kernel,
    gradient=lambda op, grad: grad,
)


def ensure_shape(x: Any, shape: Any, name: str | None = None) -> Any:
    """The same tensor; running it fails if it does not have a shape."""
    return apply("EnsureShape", x, shape=as_shape(shape), name=name)


def verify_tensor_all_finite(
    t: Any = None,
    msg: str | None = None,
    name: str | None = None,
    x: Any = None,
    message: str | None = None,
) -> Any:
    """The same tensor; running it fails if there is an Inf or NaN in it."""
    x = deprecation.either("x", x, "t", t)
    message = deprecation.either("message", message, "msg", msg)
    with name_scope(name, "VerifyFinite", [x]):
        x = convert_to_tensor(x, name="x")
        with colocate_with(x):
            checked = array.check_numerics(x, message=message)
            return with_dependencies([checked], x)


def add_check_numerics_ops() -> Any:
    """One operation that fails if any tensor of the graph has an Inf or NaN in it.

    Raises:
        RuntimeError: in eager mode.
        ValueError: the graph has branches or loops.
    """
    if defaults.state.eager:
        raise RuntimeError(
            "add_check_numerics_ops() is not compatible with eager execution. To check "
            "for Inf's and NaN's under eager execution, call "
            "tfe.seterr(inf_or_nan='raise') once before executing the checked "
            "operations."
        )
    checked: list[Any] = []
    for op in defaults.get_default_graph().get_operations():
        for output in op.outputs:
            if output.dtype not in _FLOATS:
                continue
            if op._context is not None:
                raise ValueError(
                    "`tf.add_check_numerics_ops() is not compatible with TensorFlow "
                    "control flow operations such as `tf.cond()` or `tf.while_loop()`."
                )
            message = f"{op.name}:{output.value_index}"
            with control_dependencies(checked):
                checked = [array.check_numerics(output, message=message)]
    return group(*checked)


_FLOATS = (dtypes.float16, dtypes.float32, dtypes.float64)
