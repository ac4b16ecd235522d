"""The operators of tensors: `a + b`, `-a`, `a[0]`, `a < b`, `a @ b`.

After math and array. TF 1.15: `x + y` makes an operation called "add" of type AddV2,
while `tf.add(x, y)` makes "Add" of type Add; the right side becomes a tensor of the
left side's type inside the operation's own name scope.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import rename
from scopetutor.engine.operation import Tensor
from scopetutor.engine.sparse import SparseTensor
from scopetutor.engine.surroundings import name_scope

from . import math, slicing

if TYPE_CHECKING:
    from collections.abc import Callable

    Function = Callable[..., Any]


def _add(x: Any, y: Any, name: str | None = None) -> Any:
    op_type = "Add" if x.dtype.base_dtype is dtypes.string else "AddV2"
    return apply(op_type, x, y, name=name)


def _raw(op_type: str, function: str) -> Function:
    def raw(x: Any, y: Any, name: str | None = None) -> Any:
        return apply(op_type, x, y, name=name)

    rename(raw, function)
    return raw


def _mul(x: Any, y: Any, name: str | None = None) -> Any:
    if not isinstance(y, SparseTensor):
        return apply("Mul", x, y, name=name)
    parts = y.indices, y.values, y.dense_shape
    values = apply("SparseDenseCwiseMul", *parts, x, name=name)
    return SparseTensor(y.indices, values, y.dense_shape)


_TWO_SIDED: dict[str, Function] = {
    "add": _add,
    "sub": _raw("Sub", "sub"),
    "mul": _mul,
    "div": math.div_python2,
    "truediv": math.truediv,
    "floordiv": math.floordiv,
    "mod": _raw("FloorMod", "floor_mod"),
    "pow": math.pow,
    "and": _raw("LogicalAnd", "logical_and"),
    "or": _raw("LogicalOr", "logical_or"),
    "xor": lambda x, y, name=None: math.logical_xor(x, y, name or "LogicalXor"),
    "matmul": math.matmul,
}
_ONE_SIDED = {
    "lt": ("Less", "less"),
    "le": ("LessEqual", "less_equal"),
    "gt": ("Greater", "greater"),
    "ge": ("GreaterEqual", "greater_equal"),
}


def _has_right(kind: type, operator: str) -> bool:
    """Whether a type has `x <operator> y` of its own.

    Python's own had no `|` in 3.7; types as such, which have it now, are not looked at.
    """
    method = f"__r{operator}__"
    owners = [base for base in kind.__mro__ if base not in (dict, type)]
    return any(method in vars(base) for base in owners)


def _left(operator: str, function: Function) -> Function:
    """`x <operator> y` where x is a tensor."""

    def run(x: Any, y: Any) -> Any:
        with name_scope(None, operator, [x, y]) as scope:
            if not isinstance(y, (Tensor, SparseTensor)):
                try:
                    y = convert_to_tensor(
                        y, preferred_dtype=x.dtype.base_dtype, name="y"
                    )
                except TypeError:
                    if _has_right(type(y), operator):
                        return NotImplemented
                    raise
            return function(x, y, name=scope)

    run.__doc__ = f"tf.Tensor.__{operator}__."
    rename(run, "binary_op_wrapper")
    return run


def _right(operator: str, function: Function) -> Function:
    """`x <operator> y` where y is a tensor and x is not."""

    def run(y: Any, x: Any) -> Any:
        with name_scope(None, operator, [x, y]) as scope:
            x = convert_to_tensor(x, dtype=y.dtype.base_dtype, name="x")
            return function(x, y, name=scope)

    run.__doc__ = f"tf.Tensor.__r{operator}__."
    rename(run, "r_binary_op_wrapper")
    return run


def _not_equal(x: Any, y: Any) -> bool:
    return x is not y


rename(_not_equal, "tensor_not_equals")
rename(slicing.slice_helper, "_slice_helper")


OPERATORS: dict[str, Function] = {
    "__neg__": math.negative,
    "__abs__": math.abs,
    "__invert__": math.logical_not,
    "__getitem__": slicing.slice_helper,
    "__ne__": _not_equal,
}
for _operator, _function in _TWO_SIDED.items():
    OPERATORS[f"__{_operator}__"] = _left(_operator, _function)
    OPERATORS[f"__r{_operator}__"] = _right(_operator, _function)
for _operator, _names in _ONE_SIDED.items():
    OPERATORS[f"__{_operator}__"] = _raw(*_names)

for _name, _function in OPERATORS.items():
    setattr(Tensor, _name, _function)
Tensor.OVERLOADABLE_OPERATORS.update(OPERATORS, {"__eq__"})


def _sparse_quotient(
    indices: Any, values: Any, shape: Any, y: Any, name: str | None = None
) -> Any:
    with name_scope(name, "truediv", [indices, values, shape, y]) as scope:
        values, y = math.quotient_types(values, y)
        return apply("SparseDenseCwiseDiv", indices, values, shape, y, name=scope)


_OF_SPARSE: dict[str, Function] = {
    "div": lambda *parts, name: apply("SparseDenseCwiseDiv", *parts, name=name),
    "truediv": _sparse_quotient,
    "mul": lambda *parts, name: apply("SparseDenseCwiseMul", *parts, name=name),
}


def _sparse_left(operator: str, function: Function) -> Function:
    """`x <operator> y` where x is sparse: of its elements only."""

    def run(x: Any, y: Any) -> Any:
        with name_scope(None, operator, [x, y]) as scope:
            y = convert_to_tensor(y, dtype=x.dtype.base_dtype, name="y")
            values = function(x.indices, x.values, x.dense_shape, y, name=scope)
            return SparseTensor(x.indices, values, x.dense_shape)

    run.__doc__ = f"tf.SparseTensor.__{operator}__."
    return run


for _operator, _function in _OF_SPARSE.items():
    setattr(SparseTensor, f"__{_operator}__", _sparse_left(_operator, _function))


def overload(cls: Any) -> None:
    """Gives a class the operators of tensors, on what its `value()` gives.

    TF 1.15: `==` and `!=` stay what they are, so that variables can be put in sets.
    """
    for name, function in OPERATORS.items():
        if name != "__ne__":
            setattr(cls, name, _on_value(function))
    cls.__array_priority__ = 100


def _on_value(function: Function) -> Function:
    # TF 1.15: named as the operator of tensors, without leading to it.
    def run(self: Any, *args: Any, **kwargs: Any) -> Any:
        return function(self.value(), *args, **kwargs)

    functools.update_wrapper(run, function)
    del run.__wrapped__  # type: ignore[attr-defined]
    return run
