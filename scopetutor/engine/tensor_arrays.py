"""`tf.TensorArray`: what loops write their results to, one element per iteration.

After ops/tensor_array. Every write gives a new TensorArray with a new flow: what is
read from that one comes after the write.
"""

from __future__ import annotations

import inspect
from contextlib import nullcontext
from typing import Any

from . import defaults, dtypes, shapes, tf_logging
from .apply import apply
from .convert import convert_to_tensor
from .operation import Tensor
from .ops import array, math
from .ops.static import static_value
from .should_use import should_use_result
from .surroundings import colocate_with, control_dependencies, device, name_scope


def _check_arguments(
    size: Any,
    dynamic_size: Any,
    clear_after_read: Any,
    tensor_array_name: Any,
    handle: Any,
    element_shape: Any,
) -> None:
    if handle is None:
        if size is None:
            raise ValueError("Size must be provided if handle is not provided")
        return
    if tensor_array_name:
        raise ValueError("Cannot construct with both handle and tensor_array_name")
    if not isinstance(handle, Tensor):
        raise TypeError("Handle must be a Tensor")
    for given, what in (
        (size, "size"),
        (element_shape, "element_shape"),
        (dynamic_size, "dynamic_size"),
        (clear_after_read, "clear_after_read"),
    ):
        if given is not None:
            raise ValueError(
                f"Cannot provide both a handle and {what} at the same time"
            )


class TensorArray:
    """An array of tensors that is written to and read from, mostly in loops.

    Every write gives a new TensorArray with a new flow: use that one from there on.

    Attributes:
        handle: what stands for the array; shape [2].
        flow: passed on by every write.
        dtype: of the elements.
        element_shape: what is known of the elements' shape.
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """In eager mode, one of ``eager_tensor_arrays.py``."""
        if not defaults.state.eager:
            return super().__new__(cls)
        from .eager_tensor_arrays import EagerTensorArray  # noqa: PLC0415 - as said

        given = inspect.signature(cls.__init__).bind(None, *args, **kwargs).arguments
        known = inspect.signature(EagerTensorArray).parameters
        return EagerTensorArray(**{k: v for k, v in given.items() if k in known})

    def __init__(
        self,
        dtype: Any,
        size: Any = None,
        dynamic_size: Any = None,
        clear_after_read: Any = None,
        tensor_array_name: str | None = None,
        handle: Any = None,
        flow: Any = None,
        infer_shape: bool = True,
        element_shape: Any = None,
        colocate_with_first_write_call: bool = True,
        name: str | None = None,
    ) -> None:
        _check_arguments(
            size,
            dynamic_size,
            clear_after_read,
            tensor_array_name,
            handle,
            element_shape,
        )
        self._dynamic_size = dynamic_size or False
        self._dtype = dtypes.as_dtype(dtype).base_dtype
        self._infer_shape = infer_shape
        # Shared by all TensorArrays of one array: what the first write was placed
        # with, and what is known of the elements.
        self._first_write: list[Any] | None = (
            [] if colocate_with_first_write_call else None
        )
        self._element_shape = [shapes.as_shape(element_shape)]
        with name_scope(name, "TensorArray", [handle, size, flow]) as scope:
            if handle is not None:
                if flow is None:
                    raise ValueError("flow must not be None if handle is not None.")
                self._handle, self._flow = handle, flow
                return
            apart = colocate_with_first_write_call
            with (
                device(None) if apart else nullcontext(),
                colocate_with(None, ignore_existing=True) if apart else nullcontext(),
            ):
                self._handle, self._flow = apply(
                    "TensorArrayV3",
                    size,
                    dtype=dtype,
                    element_shape=element_shape,
                    identical_element_shapes=infer_shape,
                    dynamic_size=self._dynamic_size,
                    clear_after_read=True
                    if clear_after_read is None
                    else clear_after_read,
                    tensor_array_name=tensor_array_name,
                    name=scope,
                )

    @property
    def flow(self) -> Any:
        """The scalar that every write passes on."""
        return self._flow

    @property
    def dtype(self) -> dtypes.DType:
        """The type of the elements."""
        return self._dtype

    @property
    def handle(self) -> Any:
        """What stands for the array."""
        return self._handle

    @property
    def element_shape(self) -> shapes.TensorShape:
        """What is known of the elements' shape."""
        return self._element_shape[0]

    @property
    def dynamic_size(self) -> bool:
        """Whether it grows when something is written behind its end."""
        return self._dynamic_size

    def with_flow(self, flow: Any) -> TensorArray:
        """The same array after what gave the flow."""
        new = TensorArray(
            dtype=self._dtype,
            handle=self._handle,
            flow=flow,
            infer_shape=self._infer_shape,
            colocate_with_first_write_call=self._first_write is not None,
        )
        new._dynamic_size = self._dynamic_size
        new._first_write = self._first_write
        new._element_shape = self._element_shape
        return new

    def _check_element(self, shape: shapes.TensorShape) -> None:
        if not shape.is_compatible_with(self.element_shape):
            raise ValueError(
                f"Inconsistent shapes: saw {shape} but expected {self.element_shape} "
            )
        if self._infer_shape:
            self._element_shape[0] = self.element_shape.merge_with(shape)

    def _placed(self, value: Any) -> Any:
        """Context manager: writes are placed with the first value written."""
        if self._first_write is None:
            return nullcontext()
        if not self._first_write:
            self._first_write.append(value)
        return colocate_with(self._first_write[0])

    def identity(self) -> TensorArray:
        """The same array, behind a new operation."""
        return self.with_flow(array.identity(self._flow))

    def grad(self, source: str, flow: Any = None, name: str | None = None) -> Any:
        """The array of gradients for one call of `tf.gradients`."""
        flow = self._flow if flow is None else flow
        with (
            name_scope(name, "TensorArrayGrad", [self._handle]),
            colocate_with(self._handle),
        ):
            handle, _ = apply(
                "TensorArrayGradV3", self._handle, flow, source=source, name=name
            )
            with control_dependencies([handle]):
                flow = array.identity(flow, name="gradient_flow")
            gradients = TensorArray(
                dtype=self._dtype,
                handle=handle,
                flow=flow,
                infer_shape=self._infer_shape,
                colocate_with_first_write_call=False,
            )
            gradients._element_shape = self._element_shape
            return gradients

    def read(self, index: Any, name: str | None = None) -> Any:
        """The element at an index."""
        value = apply(
            "TensorArrayReadV3",
            self._handle,
            index,
            self._flow,
            dtype=self._dtype,
            name=name,
        )
        value.set_shape(self.element_shape)
        return value

    @should_use_result
    def write(self, index: Any, value: Any, name: str | None = None) -> TensorArray:
        """The array with a value at an index."""
        with name_scope(name, "TensorArrayWrite", [self._handle, index, value]):
            value = self._converted(value)
            self._check_element(value.shape)
            with self._placed(value):
                flow = apply(
                    "TensorArrayWriteV3",
                    self._handle,
                    index,
                    value,
                    self._flow,
                    name=name,
                )
            return self.with_flow(flow)

    def _converted(self, value: Any) -> Any:
        value = convert_to_tensor(value, preferred_dtype=self._dtype, name="value")
        if value.dtype != self._dtype:
            tf_logging.error(
                f"Error: Input value {value} has dtype {value.dtype}, but expected "
                f"dtype {self._dtype}.  This leads to undefined behavior and will be "
                "an error in future versions of TensorFlow."
            )
        return value

    def stack(self, name: str | None = None) -> Any:
        """All elements as the rows of one tensor."""
        with (
            colocate_with(self._handle),
            name_scope(name, "TensorArrayStack", [self._handle]),
        ):
            return self.gather(math.range_(0, self.size()), name=name)

    def gather(self, indices: Any, name: str | None = None) -> Any:
        """Some elements as the rows of one tensor."""
        value = apply(
            "TensorArrayGatherV3",
            self._handle,
            indices,
            self._flow,
            dtype=self._dtype,
            element_shape=self.element_shape,
            name=name,
        )
        if self.element_shape.dims is not None:
            value.set_shape([None, *self.element_shape.dims])
        return value

    def concat(self, name: str | None = None) -> Any:
        """All elements, joined along their first axis."""
        value, _ = apply(
            "TensorArrayConcatV3",
            self._handle,
            self._flow,
            dtype=self._dtype,
            element_shape_except0=self.element_shape[1:],
            name=name,
        )
        if self.element_shape.dims is not None:
            value.set_shape([None, *self.element_shape.dims[1:]])
        return value

    @should_use_result
    def unstack(self, value: Any, name: str | None = None) -> TensorArray:
        """The array with the rows of a tensor as its elements."""
        with name_scope(name, "TensorArrayUnstack", [self._handle, value]):
            count = array.shape(value)[0]
            return self.scatter(indices=math.range_(0, count), value=value, name=name)

    @should_use_result
    def scatter(self, indices: Any, value: Any, name: str | None = None) -> TensorArray:
        """The array with the rows of a tensor at some indices."""
        with name_scope(name, "TensorArrayScatter", [self._handle, value, indices]):
            value = self._converted(value)
            self._check_element(value.shape[1:])
            with self._placed(value):
                flow = apply(
                    "TensorArrayScatterV3",
                    self._handle,
                    indices,
                    value,
                    self._flow,
                    name=name,
                )
            return self.with_flow(flow)

    @should_use_result
    def split(self, value: Any, lengths: Any, name: str | None = None) -> TensorArray:
        """The array with parts of a tensor, of some lengths, as its elements."""
        with name_scope(name, "TensorArraySplit", [self._handle, value, lengths]):
            value = convert_to_tensor(value, dtype=self._dtype, name="value")
            with self._placed(value):
                lengths = math.cast(lengths, dtypes.int64)
                self._check_parts(value, static_value(lengths))
                flow = apply(
                    "TensorArraySplitV3",
                    self._handle,
                    value,
                    lengths,
                    self._flow,
                    name=name,
                )
            return self.with_flow(flow)

    def _check_parts(self, value: Any, lengths: Any) -> None:
        """Learns the elements' shape from parts that are all of one length."""
        if value.shape.dims is None or lengths is None or not lengths.shape:
            return
        if lengths.max() == lengths.min():
            part = shapes.TensorShape([lengths[0]])
            self._check_element(part.concatenate(value.shape[1:]))

    def size(self, name: str | None = None) -> Any:
        """How many elements it has."""
        return apply("TensorArraySizeV3", self._handle, self._flow, name=name)

    @should_use_result
    def close(self, name: str | None = None) -> Any:
        """Ends the array when it is run."""
        return apply("TensorArrayCloseV3", self._handle, name=name)
