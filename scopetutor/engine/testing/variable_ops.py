"""What of `tensorflow.python.ops.state_ops` makes variables as plain tensors.

After ``apply.py``: the operation alone, with no `Variable` around it, no collection and
no initializer but the one that is asked for.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.surroundings import colocate_with, name_scope


def variable_op(
    shape: Any,
    dtype: Any,
    name: str = "Variable",
    set_shape: bool = True,
    container: str = "",
    shared_name: str = "",
) -> Any:
    """The reference of a new variable; without `set_shape` its shape is not known."""
    made = apply(
        "Variable",
        shape=shape if set_shape else None,
        dtype=dtype,
        name=name,
        container=container,
        shared_name=shared_name,
    )
    if set_shape:
        made.set_shape(shape)
    return made


def variable_op_v2(
    shape: Any,
    dtype: Any,
    name: str = "Variable",
    container: str = "",
    shared_name: str = "",
) -> Any:
    """The reference of a new variable."""
    return apply(
        "VariableV2",
        shape=shape,
        dtype=dtype,
        name=name,
        container=container,
        shared_name=shared_name,
    )


def init_variable(v: Any, init: Any, name: str = "init") -> Any:
    """The assignment of an initial value, or of what an initializer gives."""
    with (
        name_scope(None, f"{v.op.name}/", [v, init]),
        name_scope(name) as scope,
        colocate_with(v),
    ):
        word = "init"
        if callable(init):
            assert v.get_shape().is_fully_defined(), "Variable shape unknown."
            init, word = init(v.get_shape().as_list(), v.dtype.base_dtype), "value"
        return apply("Assign", v, convert_to_tensor(init, name=word), name=scope)
