"""Variables kept in parts: `PartitionedVariable`, and who decides on the parts.

Between variables and the store. TF 1.15: part i of `emb` is the variable `emb/part_i`;
used as a tensor the parts are joined; a checkpoint has one entry `emb`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import dtypes, shapes
from .convert import convert_to_tensor, register_tensor_conversion_function
from .operation import Tensor
from .ops import array, joining, slicing
from .read_only import read_only
from .surroundings import control_dependencies, name_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .dtypes import DType
    from .shapes import TensorShape


class PartitionInfo:
    """Where in a partitioned variable a part is; initializers are told.

    Attributes:
        full_shape: of the whole variable.
        var_offset: where the part begins.
    """

    def __init__(self, full_shape: Any, var_offset: Any) -> None:
        for word, value in (("full_shape", full_shape), ("var_offset", var_offset)):
            if not isinstance(value, (list, tuple)):
                raise TypeError(
                    f"`{word}` must be a sequence (like tuple or list) instead of "
                    f"{type(value).__name__}"
                )
        if len(var_offset) != len(full_shape):
            raise ValueError(
                f"Expected equal length, but `var_offset` is of length "
                f"{len(var_offset)} while full_shape is of length {len(full_shape)}."
            )
        for offset, size in zip(var_offset, full_shape, strict=True):
            if not 0 <= offset < size:
                raise ValueError(
                    f"Expected 0 <= offset < shape but found offset={offset}, "
                    f"shape={size} for var_offset={var_offset}, full_shape={full_shape}"
                )
        self.full_shape = full_shape
        self.var_offset = var_offset

    def single_offset(self, shape: Any) -> int:
        """Where the part begins along the one axis that is divided."""
        axis = self.single_slice_dim(shape)
        return 0 if axis is None else int(self.var_offset[axis])

    def single_slice_dim(self, shape: Any) -> int | None:
        """The one axis along which a part of this shape is smaller, or None."""
        if not isinstance(shape, (list, tuple)):
            raise TypeError(
                "`shape` must be a sequence (like tuple or list) instead of "
                f"{type(shape).__name__}"
            )
        if len(shape) != len(self.full_shape):
            raise ValueError(
                f"Expected equal length, but received shape={shape} of length "
                f"{len(shape)} while self.full_shape={self.full_shape} is of length "
                f"{len(self.full_shape)}."
            )
        for i, size in enumerate(shape):
            if self.var_offset[i] + size > self.full_shape[i]:
                raise ValueError(
                    f"With self.var_offset={self.var_offset}, a partition of "
                    f"shape={shape} would exceed self.full_shape={self.full_shape} in "
                    f"dimension {i}."
                )
        found = None
        for i, size in enumerate(shape):
            if size == self.full_shape[i]:
                continue
            if found is not None:
                raise ValueError(
                    f"Cannot use single_slice_dim() with shape={shape} and "
                    f"self.full_shape={self.full_shape} since slice dim could be "
                    f"either dimension {i} or {found}."
                )
            found = i
        return found


# -- which parts -----------------------------------------------------------------------


def call_partitioner(partitioner: Any, shape: TensorShape, dtype: Any) -> Any:
    """How many parts along each axis; ValueError if that makes no sense."""
    if not shape.is_fully_defined():
        raise ValueError(
            "Shape of a new partitioned variable must be fully defined, but instead "
            f"was {shape}."
        )
    if not shape.ndims:
        raise ValueError(
            f"A partitioned Variable must have rank at least 1, shape: {shape}"
        )
    slicing = partitioner(shape=shape, dtype=dtype)
    if not isinstance(slicing, Sequence):
        raise ValueError(f"Partitioner must return a sequence, but saw: {slicing}")
    if len(slicing) != shape.ndims:
        raise ValueError(
            "Partitioner returned a partition list that does not match the Variable's "
            f"rank: {slicing} vs. {shape}"
        )
    if any(count < 1 for count in slicing):
        raise ValueError(
            f"Partitioner returned zero partitions for some axes: {slicing}"
        )
    if sum(count > 1 for count in slicing) > 1:
        raise ValueError(
            f"Can only slice a variable along one dimension: shape: {shape}, "
            f"partitioning: {slicing}"
        )
    return slicing


def axis_and_count(slicing: Any) -> tuple[int, int]:
    """The axis that is divided and into how many parts; axis 0 and 1 if none."""
    for axis, count in enumerate(slicing):
        if count > 1:
            return axis, count
    return 0, 1


def parts(
    full_shape: list[int], count: int, axis: int
) -> Iterator[tuple[list[int], list[int]]]:
    """Offset and shape of each part; the first ones are larger by one if need be."""
    least, excess = full_shape[axis] // count, full_shape[axis] % count
    offset = [0] * len(full_shape)
    for i in range(count):
        size = list(full_shape)
        size[axis] = least + (i < excess)
        yield list(offset), size
        offset[axis] += size[axis]


def part_initializer(
    initializer: Any,
    offset: list[int],
    size: list[int],
    dtype: Any,
    default: Callable[[], Any],
) -> tuple[Any, Any, Any]:
    """Initializer, shape and type for one part of a variable."""
    if initializer is None:
        return default(), size, dtype
    if callable(initializer):
        return initializer, size, dtype
    if isinstance(initializer, Tensor):
        part = slicing.slice(initializer, offset, size)
        return part, None, part.dtype.base_dtype
    whole = convert_to_tensor(initializer, dtype=dtype)
    return slicing.slice(whole, offset, size), None, dtype


def fixed_size_partitioner(num_shards: int, axis: int = 0) -> Callable[..., list[int]]:
    """A partitioner that always makes as many parts along one axis."""

    def _partitioner(shape: Any, **_unused: Any) -> list[int]:
        counts = [1] * len(shape)
        counts[axis] = min(num_shards, shape.dims[axis].value)
        return counts

    return _partitioner


def variable_axis_size_partitioner(
    max_shard_bytes: int,
    axis: int = 0,
    bytes_per_string_element: int = 16,
    max_shards: int | None = None,
) -> Callable[..., list[int]]:
    """A partitioner whose parts have at most so many bytes.

    Raises:
        ValueError: a number is below 1.
    """
    if max_shard_bytes < 1 or bytes_per_string_element < 1:
        raise ValueError(
            "Both max_shard_bytes and bytes_per_string_element must be positive."
        )
    if max_shards and max_shards < 1:
        raise ValueError("max_shards must be positive.")

    def _partitioner(shape: Any, dtype: Any) -> list[int]:
        if not isinstance(shape, shapes.TensorShape):
            raise ValueError(f"shape is not a TensorShape: {shape}")
        if not shape.is_fully_defined():
            raise ValueError(f"shape is not fully defined: {shape}")
        if not isinstance(dtype, dtypes.DType):
            raise ValueError(f"dtype is not a DType: {dtype}")
        element = bytes_per_string_element if dtype == dtypes.string else dtype.size
        counts = [1] * shape.ndims  # type: ignore[operator]
        row_bytes = max(1, element) * (shape.num_elements() / shape.dims[axis].value)
        rows_per_part = max(1, math.floor(1.0 * max_shard_bytes / row_bytes))
        count = math.ceil(1.0 * shape.dims[axis].value / rows_per_part)
        counts[axis] = min(max_shards, count) if max_shards else count
        return counts

    return _partitioner


def min_max_variable_partitioner(
    max_partitions: int = 1,
    axis: int = 0,
    min_slice_size: int = 256 << 10,
    bytes_per_string_element: int = 16,
) -> Callable[..., list[int]]:
    """A partitioner that makes at most so many parts of at least so many bytes."""

    def _partitioner(shape: Any, dtype: Any) -> list[int]:
        if axis >= len(shape):
            raise ValueError(
                f"Can not partition variable along axis {axis} when shape is only "
                f"{shape}"
            )
        element = (
            bytes_per_string_element
            if dtype.base_dtype == dtypes.string
            else dtype.size
        )
        total = shape.num_elements() * element
        most = math.ceil(total / min_slice_size)
        counts = [1] * len(shape)
        counts[axis] = max(1, min(shape.dims[axis].value, max_partitions, most))
        return counts

    return _partitioner


# -- the variable ----------------------------------------------------------------------


@read_only
class PartitionedVariable:
    """Several variables that are one; used as a tensor, they are joined."""

    def __init__(
        self, name: str, shape: Any, dtype: Any, variable_list: Any, partitions: Any
    ) -> None:
        if not isinstance(variable_list, (list, tuple)):
            raise TypeError(f"variable_list is not a list or tuple: {variable_list}")
        if not isinstance(partitions, (list, tuple)):
            raise TypeError(f"partitions is not a list or tuple: {partitions}")
        if not all(count >= 1 for count in partitions):
            raise ValueError(f"partition values must be positive: {partitions}")
        if not variable_list:
            raise ValueError("variable_list may not be empty")
        for variable in variable_list:
            _check_part(variable, variable_list, shape, partitions)
        self._variable_list = sorted(
            variable_list, key=lambda v: v._get_save_slice_info().var_offset
        )
        self._name = name
        self._shape = shape
        self._dtype = dtype
        self._partitions = partitions

    @property
    def name(self) -> str:
        """The name of the whole, without ":0"."""
        return self._name

    @property
    def dtype(self) -> DType:
        """The type of the values."""
        dtype: DType = self._dtype
        return dtype

    @property
    def shape(self) -> Any:
        """The shape of the whole."""
        return self._shape

    def get_shape(self) -> Any:
        """The shape of the whole."""
        return self._shape

    def __iter__(self) -> Iterator[Any]:
        return iter(self._variable_list)

    def __len__(self) -> int:
        if len(self._axes()) > 1:
            raise ValueError(
                f"Cannot get a length for {len(self._axes())} > 1 partition axes"
            )
        return len(self._variable_list)

    def _axes(self) -> list[int]:
        divided = [i for i, count in enumerate(self._partitions) if count > 1]
        return divided or [0]

    _partition_axes = _axes

    def _get_variable_list(self) -> list[Any]:
        return self._variable_list

    def _get_partitions(self) -> Any:
        return self._partitions

    def _check_fits(self, shape: TensorShape, dtype: Any, wanted: Any) -> None:
        """ValueError unless it has the shape, type and parts that are asked for."""
        prefix = f"Trying to reuse partitioned variable {self._name}, but specified"
        if not shape.is_compatible_with(self._shape):
            raise ValueError(f"{prefix} shape {shape} and found shape {self._shape}.")
        if not dtype.is_compatible_with(self._dtype):
            raise ValueError(
                f"{prefix} dtype {dtype.name} and found dtype {self._dtype.name}."
            )
        if wanted is not None and self._partitions != wanted:
            raise ValueError(
                f"{prefix} partitions {wanted} and found partitions {self._partitions}."
            )

    def as_tensor(self) -> Any:
        """The parts joined."""
        with control_dependencies(None):
            return self._concat()

    def _concat(self) -> Any:
        if len(self._variable_list) == 1:
            with name_scope(None):
                return array.identity(self._variable_list[0], name=self._name)
        axes = self._axes()
        if len(axes) > 1:
            raise NotImplementedError(
                f"Cannot concatenate along more than one dimension: {axes}.  "
                "Multi-axis partition concat is not supported"
            )
        with name_scope(f"{self._name}/ConcatPartitions/"):
            joined = joining.concat(self._variable_list, axes[0])
        with name_scope(None):
            return array.identity(joined, name=self._name)

    def _on_parts(
        self, method: str, value: Any, settings: Any, read_value: bool
    ) -> Any:
        axes = self._axes()
        if len(axes) > 1:
            raise NotImplementedError(
                f"Cannot do assign action along more than one dimension: {axes}.  "
                "Multi-axis partition assign action is not supported "
            )
        if isinstance(value, list):
            assert len(value) == len(self._variable_list)
            values = value
        elif isinstance(value, PartitionedVariable):
            values = list(value)
        else:
            sizes = [
                shapes.dimension_value(v.shape[axes[0]]) for v in self._variable_list
            ]
            values = joining.split(value, sizes, axis=axes[0])
        done = [
            getattr(variable, method)(part, read_value=read_value, **settings)
            for variable, part in zip(self._variable_list, values, strict=True)
        ]
        return done if read_value else [item.op for item in done]

    def assign(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Assigns to every part its part of the value."""
        settings = {"use_locking": use_locking, "name": name}
        return self._on_parts("assign", value, settings, read_value)

    def assign_add(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Adds to every part its part of the value."""
        settings = {"use_locking": use_locking, "name": name}
        return self._on_parts("assign_add", value, settings, read_value)

    def assign_sub(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Subtracts from every part its part of the value."""
        settings = {"use_locking": use_locking, "name": name}
        return self._on_parts("assign_sub", value, settings, read_value)


def _check_part(variable: Any, variables: Any, shape: Any, partitions: Any) -> None:
    info = variable._get_save_slice_info()
    if info is None:
        names = [v.name for v in variables]
        raise ValueError(
            f"All variables must have a save_slice_info available: {names}"
        )
    if len(shape) != len(partitions):
        raise ValueError(f"len(shape) != len(partitions): {shape} vs. {partitions}")
    if shapes.as_shape(shape) != info.full_shape:
        raise ValueError(
            f"All variables' full shapes must match shape: {shape}; but full shapes "
            f"were: {[info.full_shape]}"
        )


def _convert(
    variable: Any, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> Any:
    if dtype is not None and not dtype.is_compatible_with(variable.dtype):
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for "
            f"variable of type '{variable.dtype.name}'"
        )
    if as_ref:
        raise NotImplementedError(
            "PartitionedVariable doesn't support being used as a reference."
        )
    return variable.as_tensor()


register_tensor_conversion_function(PartitionedVariable, _convert)
