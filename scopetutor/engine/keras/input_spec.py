"""What a layer asks of its inputs, and the messages when they do not fit.

Before ``layer.py``, which compares it with the inputs at every call. `build` of most
layers narrows it: from then on the last size has to be the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import dtypes, nest

if TYPE_CHECKING:
    from collections.abc import Sequence


class InputSpec:
    """The rank, type and sizes that an input must have; None: any.

    Attributes:
        dtype: name of the type.
        shape: sizes, None where any is fine.
        ndim, max_ndim, min_ndim: of the rank.
        axes: sizes by axis.

    Raises:
        ValueError: an axis is beyond the rank.
        TypeError: an axis is no number.
    """

    def __init__(
        self,
        dtype: Any = None,
        shape: Any = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: dict[int, Any] | None = None,
    ) -> None:
        self.dtype = None if dtype is None else dtypes.as_dtype(dtype).name
        self.ndim = ndim if shape is None else len(shape)
        self.shape = shape
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        try:
            self.axes = {int(axis): size for axis, size in (axes or {}).items()}
        except (ValueError, TypeError):
            raise TypeError("The keys in axes must be integers.") from None
        if self.axes and (self.ndim is not None or max_ndim is not None):
            last = (self.ndim or max_ndim or 0) - 1
            if max(self.axes) > last:
                raise ValueError(
                    f"Axis {max(self.axes)} is greater than the maximum allowed value: "
                    f"{last}"
                )

    def __repr__(self) -> str:
        names = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
        said = ((name, getattr(self, name)) for name in names)
        return f"InputSpec({', '.join(f'{n}={v}' for n, v in said if v)})"

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        return {
            "dtype": self.dtype,
            "shape": self.shape,
            "ndim": self.ndim,
            "max_ndim": self.max_ndim,
            "min_ndim": self.min_ndim,
            "axes": self.axes,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> InputSpec:
        """One of what `get_config` gave."""
        return cls(**config)


def assert_input_compatibility(input_spec: Any, inputs: Any, layer_name: str) -> None:
    """ValueError unless the inputs are as a layer asks."""
    if not input_spec:
        return
    found = nest.flatten(inputs)
    specs = nest.flatten(input_spec)
    if len(found) != len(specs):
        raise ValueError(
            f"Layer {layer_name} expects {len(specs)} inputs, but it received "
            f"{len(found)} input tensors. Inputs received: {found}"
        )
    for index, (value, spec) in enumerate(zip(found, specs, strict=True)):
        if spec is not None:
            _check(value, spec, index, layer_name)


def _check(value: Any, spec: InputSpec, index: int, layer_name: str) -> None:
    problem = _rank_problem(value.shape, spec)
    if not problem and spec.dtype is not None and value.dtype != spec.dtype:
        problem = f"expected dtype={spec.dtype}, found dtype={value.dtype}"
    if not problem and spec.axes and value.shape.ndims is not None:
        problem = _axis_problem(value.shape.as_list(), spec)
    if problem:
        raise ValueError(
            f"Input {index} of layer {layer_name} is incompatible with the layer: "
            f"{problem}"
        )
    if spec.shape is not None and value.shape.ndims is not None:
        sizes = value.shape.as_list()
        for wanted, size in zip(spec.shape, sizes, strict=False):
            if None not in (wanted, size) and wanted != size:
                raise ValueError(
                    f"Input {index} is incompatible with layer {layer_name}: expected "
                    f"shape={spec.shape}, found shape={sizes}"
                )


def _rank_problem(shape: Any, spec: InputSpec) -> str:
    """What is wrong with a rank, or ""."""
    rank = shape.ndims
    if spec.ndim is spec.min_ndim is spec.max_ndim is None:
        return ""
    if rank is None:
        return "its rank is undefined, but the layer requires a defined rank."
    if spec.ndim is not None and rank != spec.ndim:
        return (
            f"expected ndim={spec.ndim}, found ndim={rank}. Full shape received: "
            f"{shape.as_list()}"
        )
    if spec.max_ndim is not None and rank > spec.max_ndim:
        return f"expected max_ndim={spec.max_ndim}, found ndim={rank}"
    if spec.min_ndim is not None and rank < spec.min_ndim:
        return (
            f": expected min_ndim={spec.min_ndim}, found ndim={rank}. Full shape "
            f"received: {shape.as_list()}"
        )
    return ""


def _axis_problem(sizes: Sequence[int | None], spec: InputSpec) -> str:
    """What is wrong with the sizes of single axes, or ""."""
    for axis, value in spec.axes.items():
        wanted = getattr(value, "value", value)
        if wanted is not None and sizes[axis] not in (wanted, None):
            return (
                f"expected axis {axis} of input shape to have value {wanted} but "
                f"received input with shape {sizes}"
            )
    return ""
