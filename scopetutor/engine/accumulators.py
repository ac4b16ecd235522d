"""`tf.ConditionalAccumulator` and its kind: gradients of several workers as one.

After the operations in ``ops/accumulators.py``, before ``training/sync_replicas.py``.
"""

from __future__ import annotations

from typing import Any

from . import defaults, dtypes
from .apply import apply
from .convert import convert_to_tensor
from .ops.casting import cast
from .shapes import TensorShape
from .sparse import IndexedSlices


def _step(value: Any) -> Any:
    return cast(convert_to_tensor(value), dtypes.int64)


class ConditionalAccumulatorBase:
    """Collects gradients until there are enough of them.

    Args:
        dtype: of the gradients.
        shape: of the gradients, as far as it is known.
        accumulator_ref: the tensor that is its handle.
    """

    _kind = "ResourceAccumulator"  # how the names of its operations begin

    def __init__(self, dtype: Any, shape: Any, accumulator_ref: Any) -> None:
        self._dtype = dtype
        self._shape = TensorShape(shape)
        self._accumulator_ref = accumulator_ref
        self._name = "" if defaults.state.eager else self._short_name()

    def _short_name(self) -> str:
        name: str = self._accumulator_ref.op.name
        return name.rsplit("/", maxsplit=1)[-1]

    @property
    def accumulator_ref(self) -> Any:
        """The tensor that is its handle."""
        return self._accumulator_ref

    @property
    def name(self) -> str:
        """The last part of its operation's name."""
        return self._name

    @property
    def dtype(self) -> Any:
        """Of the gradients."""
        return self._dtype

    def num_accumulated(self, name: str | None = None) -> Any:
        """How many gradients were collected since some were taken, int32."""
        name = f"{self._name}_NumAccumulated" if name is None else name
        return apply(f"{self._kind}NumAccumulated", self._accumulator_ref, name=name)

    def set_global_step(self, new_global_step: Any, name: str | None = None) -> Any:
        """An operation that says which step it is."""
        step = _step(new_global_step)
        op_type = f"{self._kind}SetGlobalStep"
        return apply(op_type, self._accumulator_ref, step, name=name)


class ConditionalAccumulator(ConditionalAccumulatorBase):
    """Collects gradients that are whole.

    Args:
        dtype: of the gradients.
        shape: of the gradients, as far as it is known.
        shared_name: of what it is in a session; None: its own.
        name: of its operation.
        reduction_type: "MEAN" or "SUM", of what is taken.
    """

    def __init__(
        self,
        dtype: Any,
        shape: Any = None,
        shared_name: str | None = None,
        name: str = "conditional_accumulator",
        reduction_type: str = "MEAN",
    ) -> None:
        ref = apply(
            "ResourceConditionalAccumulator",
            dtype=dtype,
            shape=shape,
            shared_name=shared_name,
            reduction_type=reduction_type,
            name=name,
        )
        super().__init__(dtype, shape, ref)

    def apply_grad(
        self, grad: Any, local_step: Any = 0, name: str | None = None
    ) -> Any:
        """An operation that collects a gradient, unless its step is over.

        Raises:
            ValueError: its shape does not fit.
        """
        grad = convert_to_tensor(grad, self._dtype)
        grad.get_shape().assert_is_compatible_with(self._shape)
        step = _step(local_step)
        return apply(
            "ResourceAccumulatorApplyGradient",
            self._accumulator_ref,
            step,
            grad,
            name=name,
        )

    def take_grad(self, num_required: Any, name: str | None = None) -> Any:
        """The mean of the gradients; it waits until there are `num_required`."""
        taken = apply(
            "ResourceAccumulatorTakeGradient",
            self._accumulator_ref,
            num_required,
            dtype=self._dtype,
            name=name,
        )
        taken.set_shape(self._shape)
        return taken


class SparseConditionalAccumulator(ConditionalAccumulatorBase):
    """Collects gradients of some rows; see ConditionalAccumulator."""

    _kind = "Accumulator"

    def __init__(
        self,
        dtype: Any,
        shape: Any = None,
        shared_name: str | None = None,
        name: str = "sparse_conditional_accumulator",
        reduction_type: str = "MEAN",
    ) -> None:
        ref = apply(
            "SparseConditionalAccumulator",
            dtype=dtype,
            shape=shape,
            shared_name=shared_name,
            reduction_type=reduction_type,
            name=name,
        )
        super().__init__(dtype, shape, ref)

    def apply_indexed_slices_grad(
        self, grad: Any, local_step: Any = 0, name: str | None = None
    ) -> Any:
        """An operation that collects a gradient, unless its step is over."""
        return self.apply_grad(
            grad.indices, grad.values, grad.dense_shape, local_step, name
        )

    def apply_grad(
        self,
        grad_indices: Any,
        grad_values: Any,
        grad_shape: Any = None,
        local_step: Any = 0,
        name: str | None = None,
    ) -> Any:
        """The same of the parts of a gradient.

        Args:
            grad_indices: which rows it has.
            grad_values: the rows.
            grad_shape: of all rows, if it is known.
            local_step: the step it is of.
            name: of the operation.
        """
        step = _step(local_step)
        indices = cast(grad_indices, dtypes.int64)
        shape = cast([] if grad_shape is None else grad_shape, dtypes.int64)
        return apply(
            "SparseAccumulatorApplyGradient",
            self._accumulator_ref,
            step,
            indices,
            grad_values,
            shape,
            has_known_shape=grad_shape is not None,
            name=name,
        )

    def take_grad(self, num_required: Any, name: str | None = None) -> Any:
        """Indices, values and shape of the mean of the gradients.

        It waits until there are `num_required`.
        """
        return apply(
            "SparseAccumulatorTakeGradient",
            self._accumulator_ref,
            num_required,
            dtype=self._dtype,
            name=name,
        )

    def take_indexed_slices_grad(
        self, num_required: Any, name: str | None = None
    ) -> IndexedSlices:
        """The same as one object."""
        taken = self.take_grad(num_required, name)
        return IndexedSlices(taken.values, taken.indices, taken.shape)
