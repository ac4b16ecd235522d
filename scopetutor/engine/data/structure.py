"""The structure of a dataset's elements: nests of tensors' types and shapes.

Before functions and datasets. TF 1.15: in `tf.data`, tuples and dictionaries are
structures and a list is not: it stands for the tensor that its items make.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from scopetutor.engine import constants, dtypes, nest
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.operation import Tensor
from scopetutor.engine.shapes import Dimension, TensorShape
from scopetutor.engine.sparse import SparseTensor, SparseTensorValue
from scopetutor.engine.surroundings import name_scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scopetutor.engine.dtypes import DType


class TensorSpec:
    """The type and static shape of a tensor.

    Args:
        shape: its shape.
        dtype: its type.
        name: what it is called, or None.
    """

    __module__ = "tensorflow.python.framework.tensor_spec"
    __slots__ = ("_dtype", "_name", "_shape")

    def __init__(
        self, shape: Any, dtype: Any = dtypes.float32, name: str | None = None
    ) -> None:
        self._shape = TensorShape(shape)
        self._dtype = dtypes.as_dtype(dtype)
        self._name = name

    @classmethod
    def from_tensor(cls, tensor: Any, name: str | None = None) -> TensorSpec:
        """The type and shape of a tensor."""
        return cls(tensor.shape, tensor.dtype, name or tensor.op.name)

    @classmethod
    def from_spec(cls, spec: Any, name: str | None = None) -> TensorSpec:
        """The same, perhaps with another name."""
        return cls(spec.shape, spec.dtype, name or spec.name)

    @property
    def shape(self) -> TensorShape:
        """The static shape."""
        return self._shape

    @property
    def dtype(self) -> DType:
        """The type."""
        return self._dtype

    @property
    def name(self) -> str | None:
        """What it is called, or None."""
        return self._name

    def is_compatible_with(self, spec_or_tensor: Any) -> bool:
        """Whether something may have both types and shapes."""
        return self._dtype.is_compatible_with(
            spec_or_tensor.dtype
        ) and self._shape.is_compatible_with(spec_or_tensor.shape)

    def batched(self, size: int | None) -> TensorSpec:
        """The spec of many such tensors in one."""
        return TensorSpec(TensorShape([size]).concatenate(self._shape), self._dtype)

    def unbatched(self) -> TensorSpec:
        """The spec of the rows."""
        return TensorSpec(self._shape[1:], self._dtype)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TensorSpec) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[Any, ...]:
        return str(self._shape), self._dtype, self._name

    def __repr__(self) -> str:
        return (
            f"TensorSpec(shape={self._shape}, dtype={self._dtype!r}, "
            f"name={self._name!r})"
        )


class DatasetSpec:
    """The structure of a dataset that is itself an element.

    Args:
        element_spec: the structure of its elements.
        dataset_shape: of a tensor of datasets; () for one.
    """

    def __init__(self, element_spec: Any, dataset_shape: Any = ()) -> None:
        self.element_spec = element_spec
        self._dataset_shape = TensorShape(dataset_shape)

    shape = TensorShape([])
    dtype = dtypes.variant

    @property
    def value_type(self) -> Any:
        """The class of such elements."""
        from .dataset import Dataset  # noqa: PLC0415 - built on this module

        return Dataset

    @staticmethod
    def from_value(value: Any) -> DatasetSpec:
        """The structure of a dataset."""
        return DatasetSpec(value.element_spec)

    def is_compatible_with(self, other: Any) -> bool:
        """Whether the elements may be the same."""
        return isinstance(other, DatasetSpec)

    def batched(self, size: int | None) -> DatasetSpec:
        """The structure of a tensor of datasets."""
        return DatasetSpec(
            self.element_spec, TensorShape([size]).concatenate(self._dataset_shape)
        )


def known_value(tensor: Any) -> Any:
    """A tensor's value, if it is known while the graph is built."""
    if hasattr(tensor, "_value"):  # in eager mode
        return tensor.numpy()
    return constants.value_of(tensor)


# -- nests -----------------------------------------------------------------------------


def _children(value: Any) -> list[Any] | None:
    """What is directly inside a structure; None if it is none."""
    if isinstance(value, tuple) and not isinstance(value, SparseTensorValue):
        return list(value)
    if isinstance(value, Mapping):
        return [value[key] for key in sorted(value)]
    return None


def flatten(structure: Any) -> list[Any]:
    """What is in a structure and no structure itself."""
    children = _children(structure)
    if children is None:
        return [structure]
    return [leaf for child in children for leaf in flatten(child)]


def map_structure(function: Callable[..., Any], *structures: Any) -> Any:
    """The structure of what a function gives for each element."""
    children = [_children(structure) for structure in structures]
    if children[0] is None:
        return function(*structures)
    mapped = [map_structure(function, *parts) for parts in zip(*children, strict=True)]
    return nest._like(structures[0], mapped)


def pack(structure: Any, flat: Sequence[Any]) -> Any:
    """A structure of the same kind with other elements.

    Raises:
        ValueError: their number differs.
    """
    wanted = len(flatten(structure))
    if wanted != len(flat):
        raise ValueError(f"Expected {wanted} tensors but got {len(flat)}.")
    elements = iter(flat)
    return map_structure(lambda _: next(elements), structure)


def flatten_up_to(shallow: Any, deep: Any) -> list[Any]:
    """The parts of a structure that stand where another one has its elements.

    Raises:
        TypeError: they are of different kinds.
        ValueError: they have different lengths.
    """
    if _children(shallow) is None:
        return [deep]
    if _children(deep) is None:
        raise TypeError(
            "If shallow structure is a sequence, input must also be a sequence. Input "
            f"has type: '{type(deep).__name__}'."
        )
    if len(shallow) != len(deep):
        raise ValueError(
            "The two structures don't have the same sequence length. Input structure "
            f"has length {len(deep)}, while shallow structure has length "
            f"{len(shallow)}."
        )
    pairs = zip(_children(shallow) or (), _children(deep) or (), strict=True)
    return [leaf for a, b in pairs for leaf in flatten_up_to(a, b)]


def assert_same_structure(first: Any, second: Any) -> None:
    """Raises unless two structures are nested in the same way.

    Raises:
        ValueError: the numbers of elements differ.
        TypeError: the kinds differ.
    """
    a, b = len(flatten(first)), len(flatten(second))
    if a != b:
        raise ValueError(
            "The two structures don't have the same number of elements. First "
            f"structure: {first}, second structure: {second}."
        )
    _assert_same_kinds(first, second)


def _assert_same_kinds(first: Any, second: Any) -> None:
    parts_a, parts_b = _children(first), _children(second)
    if (parts_a is None) != (parts_b is None):
        raise ValueError(
            "The two structures don't have the same nested structure. First structure: "
            f"{first}, second structure: {second}."
        )
    if parts_a is None or parts_b is None:
        return
    if type(first) is not type(second):
        raise TypeError(
            "The two structures don't have the same sequence type. First structure has "
            f"type {type(first)}, while second structure has type {type(second)}."
        )
    for a, b in zip(parts_a, parts_b, strict=True):
        _assert_same_kinds(a, b)


# -- specs -----------------------------------------------------------------------------


def normalized(element: Any) -> Any:
    """An element with tensors in it."""
    flat = flatten(element)
    with name_scope("normalize_element"):
        made = [_component(value, f"component_{i}") for i, value in enumerate(flat)]
    return pack(element, made)


def _component(value: Any, name: str) -> Any:
    if hasattr(value, "element_spec"):
        return value
    if isinstance(value, (SparseTensor, SparseTensorValue)):
        raise NotImplementedError(
            "scopetutor's datasets hold no sparse tensors (see `scopetutor coverage "
            "tf.data.Dataset`)"
        )
    return convert_to_tensor(value, name=name)


def spec_of(element: Any) -> Any:
    """The structure of an element.

    Raises:
        TypeError: there is something in it that is no tensor.
    """
    children = _children(element)
    if children is not None:
        return nest._like(element, [spec_of(child) for child in children])
    if hasattr(element, "element_spec"):
        return DatasetSpec(element.element_spec)
    try:
        tensor = element if isinstance(element, Tensor) else convert_to_tensor(element)
    except (TypeError, ValueError):
        raise TypeError(
            f"Could not build a TypeSpec for {element!r} with type "
            f"{type(element).__name__}"
        ) from None
    return TensorSpec(tensor.shape, tensor.dtype)


def tensors_of(element: Any) -> list[Any]:
    """The tensors of an element; a dataset is its variant."""
    return [
        value._variant_tensor if hasattr(value, "element_spec") else value
        for value in flatten(element)
    ]


def element_of(spec: Any, tensors: Sequence[Any]) -> Any:
    """The element that tensors make up."""
    from .dataset import VariantDataset  # noqa: PLC0415 - built on this module

    flat = [
        VariantDataset(tensor, leaf.element_spec)
        if isinstance(leaf, DatasetSpec)
        else tensor
        for leaf, tensor in zip(flatten(spec), tensors, strict=True)
    ]
    return pack(spec, flat)


def attributes(spec: Any) -> dict[str, Any]:
    """The attributes by which operations say what elements are like."""
    flat = flatten(spec)
    return {
        "output_types": [leaf.dtype for leaf in flat],
        "output_shapes": [leaf.shape for leaf in flat],
    }


def from_legacy(types: Any, tensor_shapes: Any, classes: Any = None) -> Any:
    """The structure with these types and shapes."""
    flat_shapes = flatten_up_to(types, tensor_shapes)
    flat_classes = [Tensor] * len(flat_shapes) if classes is None else flatten(classes)
    made = [
        kind if isinstance(kind, DatasetSpec) else TensorSpec(shape, dtype)
        for dtype, shape, kind in zip(
            flatten(types), flat_shapes, flat_classes, strict=True
        )
    ]
    return pack(types, made)


def legacy_types(spec: Any) -> Any:
    """The types of a structure, nested as it is."""
    return map_structure(_legacy("dtype"), spec)


def legacy_shapes(spec: Any) -> Any:
    """The shapes of a structure, nested as it is."""
    return map_structure(_legacy("shape"), spec)


def legacy_classes(spec: Any) -> Any:
    """The classes of a structure's elements, nested as it is."""
    return map_structure(lambda s: s if isinstance(s, DatasetSpec) else Tensor, spec)


def _legacy(part: str) -> Callable[[Any], Any]:
    return lambda s: s if isinstance(s, DatasetSpec) else getattr(s, part)


def check_rows(element: Any) -> None:
    """ValueError if a tensor of an element has no rows."""
    for tensor in flatten(element):
        if tensor.shape.ndims == 0:
            raise ValueError(f"Value {tensor} has insufficient rank for batching.")


def common_batch(specs: Sequence[Any]) -> None:
    """ValueError unless the first sizes of some shapes can be the same."""
    first = Dimension(specs[0].shape.dims[0] if specs[0].shape.dims else None)
    for spec in specs[1:]:
        size = Dimension(spec.shape.dims[0] if spec.shape.dims else None)
        first.assert_is_compatible_with(size)
