"""What TensorFlow's own tests build loops and branches by hand with.

Of `control_flow_ops`, after ``contexts.py`` and ``branches.py``. These also take
tensors in parts, which are sparse tensors and slices, and treat each part by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import context_messages, contexts, nest
from scopetutor.engine.apply import apply
from scopetutor.engine.contexts import Context
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import branches
from scopetutor.engine.ops.control_flow import identity_of
from scopetutor.engine.sparse import IndexedSlices, SparseTensor
from scopetutor.engine.surroundings import colocate_with, name_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_IN_PARTS = (SparseTensor, IndexedSlices)


def _parts(thing: Any) -> list[Any]:
    """The tensors that a tensor in parts is made of."""
    if isinstance(thing, SparseTensor):
        return [thing.indices, thing.values, thing.dense_shape]
    shape = [] if thing.dense_shape is None else [thing.dense_shape]
    return [thing.values, thing.indices, *shape]


def _each(thing: Any, make: Callable[..., Any], name: str | None) -> Any:
    """The same of every part, or of the tensor itself."""
    if isinstance(thing, _IN_PARTS):
        return type(thing)(*[make(part, None) for part in _parts(thing)])
    return make(thing, name)


def _Identity(data: Any, name: str | None = None) -> Any:
    """A tensor or reference, passed on."""
    return _each(data, identity_of, name)


def _NextIteration(data: Any, name: str | None = None) -> Any:
    """A value on its way into the next turn of a loop."""

    def following(tensor: Any, name: str | None) -> Any:
        tensor = convert_to_tensor(tensor, as_ref=True)
        ref = "Ref" if tensor.dtype._is_ref_dtype else ""
        return apply(f"{ref}NextIteration", tensor, name=name)

    return _each(data, following, name)


def _Enter(
    data: Any,
    frame_name: str,
    is_constant: bool = False,
    parallel_iterations: int = 10,
    use_ref: bool = True,
    use_input_shape: bool = True,
    name: str | None = None,
) -> Any:
    """A value inside a loop of a name."""
    settings = (
        frame_name, is_constant, parallel_iterations, use_ref, use_input_shape,
    )  # fmt: skip
    return _each(
        data, lambda part, name: contexts.enter(part, *settings, name=name), name
    )


def exit(data: Any, name: str | None = None) -> Any:
    """A value outside of the loop that it was computed in."""
    return _each(data, branches.leave, name)


def switch(data: Any, pred: Any, dtype: Any = None, name: str | None = None) -> Any:
    """A tensor as two: the second is there if `pred` is True, else the first."""
    if not isinstance(data, _IN_PARTS):
        if dtype is not None:
            data = convert_to_tensor(data, dtype=dtype, name="data", as_ref=True)
        return contexts.switch(data, pred, name)
    with name_scope(name, "Switch", [data, pred]):
        pred = convert_to_tensor(pred, name="pred")
        pairs = [apply("Switch", part, pred) for part in _parts(data)]
        return tuple(type(data)(*side) for side in zip(*pairs, strict=True))


def _SwitchRefOrTensor(data: Any, pred: Any, name: str = "Switch") -> Any:
    """As `switch`; references stay references."""
    if not isinstance(data, _IN_PARTS):
        return contexts.switch_ref_or_tensor(data, pred, name)
    with colocate_with(data, ignore_existing=True):
        return switch(data, pred, name=name)


def merge(inputs: Sequence[Any], name: str | None = None) -> Any:
    """The value of a list that is there, and which of them it was."""
    kind = type(inputs[0])
    if not any(isinstance(item, _IN_PARTS) for item in inputs):
        return branches.merge(inputs, name)
    for item in inputs:
        if not isinstance(item, _IN_PARTS):
            raise TypeError(f"Type {type(item)} not supported")
        nest.assert_same_structure(inputs[0], item, expand_composites=True)
    with name_scope(name, "Merge", inputs):
        merged = [
            apply("Merge", list(same))
            for same in zip(*map(_parts, inputs), strict=True)
        ]
    return kind(*[tensor for tensor, _ in merged]), merged[0][1]


# -- contexts --------------------------------------------------------------------------


class XLAControlFlowContext(Context):
    """Around operations that TensorFlow compiles; here it only lies around them."""

    def __init__(self) -> None:
        super().__init__("XLAControlFlowContext")

    def add_value(self, value: Any) -> Any:
        """The tensor itself."""
        return value

    def add_op(self, op: Any) -> None:
        """Nothing is special about operations in it."""

    def add_inner_op(self, op: Any) -> None:
        """Nothing is special about operations in contexts in it."""


def from_control_flow_context_def(context_def: Any, import_scope: Any = None) -> Any:
    """The context of a message.

    Raises:
        NotImplementedError: the message holds none.
    """
    for field in ("cond_ctxt", "while_ctxt"):
        if context_def.HasField(field):
            return context_messages.from_proto(
                getattr(context_def, field), import_scope
            )
    raise NotImplementedError(
        f"Unknown ControlFlowContextDef field: {context_def.WhichOneof('ctxt')}"
    )
