"""`tf.data.Iterator`: where a program is in a dataset.

After dataset and applied options; ``ops/iterators.py`` runs it.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.deprecation import deprecated
from scopetutor.engine.op_errors import OutOfRangeError
from scopetutor.engine.ops.datasets import Following
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.surroundings import colocate_with, device, name_scope

from . import functions, structure
from .applied_options import applied_options

if TYPE_CHECKING:
    from .dataset import Dataset

_MODULE = "tensorflow.python.data.ops.iterator_ops"
_COLLECTION = "iterators"
_MANY = 32
_TOO_MANY = (
    "An unusually high number of `Iterator.get_next()` calls was detected. This often "
    "indicates that `Iterator.get_next()` is being called inside a training loop, "
    "which will cause gradual slowdown and eventual resource exhaustion. If this is "
    "the case, restructure your code to call `next_element = iterator.get_next()` once "
    "outside the loop, and use `next_element` as the input to some computation that is "
    "invoked inside the loop."
)


class Iterator:
    """An iterator of a graph.

    Args:
        iterator_resource: the tensor that is its handle.
        initializer: the operation that begins it, or None.
        output_types: of the elements' parts.
        output_shapes: of the elements' parts.
        output_classes: of the elements' parts.
    """

    def __init__(
        self,
        iterator_resource: Any,
        initializer: Any,
        output_types: Any,
        output_shapes: Any,
        output_classes: Any,
    ) -> None:
        if output_types is None or output_shapes is None or output_classes is None:
            raise ValueError(
                "If `structure` is not specified, all of `output_types`, "
                "`output_shapes`, and `output_classes` must be specified."
            )
        self._iterator_resource = iterator_resource
        self._initializer = initializer
        self.element_spec = structure.from_legacy(
            output_types, output_shapes, output_classes
        )
        self._string_handle = apply("IteratorToStringHandle", iterator_resource)
        self._calls = 0
        graph = defaults.get_default_graph()
        graph.add_to_collection(_COLLECTION, iterator_resource)

    @classmethod
    def of(cls, resource: Any, initializer: Any, spec: Any) -> Iterator:
        """The iterator of elements of a structure."""
        return cls(
            resource,
            initializer,
            structure.legacy_types(spec),
            structure.legacy_shapes(spec),
            structure.legacy_classes(spec),
        )

    @staticmethod
    def from_structure(
        output_types: Any,
        output_shapes: Any = None,
        shared_name: str | None = None,
        output_classes: Any = None,
    ) -> Iterator:
        """An iterator for any dataset whose elements are like this."""
        spec = _asked(output_types, output_shapes, output_classes)
        shared = "" if shared_name is None else shared_name
        resource = _on_cpu("IteratorV2", spec, container="", shared_name=shared)
        return Iterator.of(resource, None, spec)

    @staticmethod
    def from_string_handle(
        string_handle: Any,
        output_types: Any,
        output_shapes: Any = None,
        output_classes: Any = None,
    ) -> Iterator:
        """The iterator whose handle is fed as text."""
        spec = _asked(output_types, output_shapes, output_classes)
        handle = convert_to_tensor(string_handle, dtype=dtypes.string)
        resource = _on_cpu("IteratorFromStringHandleV2", spec, handle)
        return Iterator.of(resource, None, spec)

    @property
    def initializer(self) -> Any:
        """The operation that begins it.

        Raises:
            ValueError: there is none.
        """
        if self._initializer is None:
            raise ValueError("Iterator does not have an initializer.")
        return self._initializer

    def make_initializer(self, dataset: Any, name: str | None = None) -> Any:
        """An operation that lets it begin with a dataset.

        Raises:
            TypeError: the dataset's elements are of another kind.
        """
        with name_scope(name, "make_initializer") as scope:
            self._check(dataset.element_spec)
        with colocate_with(self._iterator_resource):
            return apply(
                "MakeIterator",
                dataset._variant_tensor,
                self._iterator_resource,
                name=scope,
            )

    def _check(self, spec: Any) -> None:
        types, shapes = (
            structure.legacy_types(self.element_spec),
            structure.legacy_shapes(self.element_spec),
        )
        theirs = structure.legacy_types(spec)
        structure.assert_same_structure(types, theirs)
        if structure.flatten(types) != structure.flatten(theirs):
            raise TypeError(
                f"Expected output types {types!r} but got dataset with output types "
                f"{theirs!r}."
            )
        given = structure.legacy_shapes(spec)
        for mine, other in zip(
            structure.flatten(shapes), structure.flatten(given), strict=True
        ):
            if not mine.is_compatible_with(other):
                raise TypeError(
                    f"Expected output shapes compatible with {shapes!r} but got "
                    f"dataset with output shapes {given!r}."
                )

    def get_next(self, name: str | None = None) -> Any:
        """The next element, as tensors."""
        self._calls += 1
        if self._calls > _MANY:
            warnings.warn(_TOO_MANY, stacklevel=2)
        tensors = apply(
            "IteratorGetNext",
            self._iterator_resource,
            name=name,
            **structure.attributes(self.element_spec),
        )
        return structure.element_of(self.element_spec, tensors)

    def string_handle(self, name: str | None = None) -> Any:
        """The handle as text."""
        if name is None:
            return self._string_handle
        return apply("IteratorToStringHandle", self._iterator_resource, name=name)

    @property
    @deprecated(
        "Iterator.output_types", _MODULE,
        "Use `tf.compat.v1.data.get_output_types(iterator)`.",
    )  # fmt: skip
    def output_types(self) -> Any:
        """The types of an element's parts."""
        return structure.legacy_types(self.element_spec)

    @property
    @deprecated(
        "Iterator.output_shapes", _MODULE,
        "Use `tf.compat.v1.data.get_output_shapes(iterator)`.",
    )  # fmt: skip
    def output_shapes(self) -> Any:
        """The static shapes of an element's parts."""
        return structure.legacy_shapes(self.element_spec)

    @property
    @deprecated(
        "Iterator.output_classes", _MODULE,
        "Use `tf.compat.v1.data.get_output_classes(iterator)`.",
    )  # fmt: skip
    def output_classes(self) -> Any:
        """The classes of an element's parts."""
        return structure.legacy_classes(self.element_spec)


def _asked(types: Any, shapes: Any, classes: Any) -> Any:
    """The structure that a program described."""
    types = structure.map_structure(dtypes.as_dtype, types)
    if shapes is None:
        shapes = structure.map_structure(lambda _: TensorShape(None), types)
    return structure.from_legacy(types, shapes, classes)


def _on_cpu(op_type: str, spec: Any, *inputs: Any, **attrs: Any) -> Any:
    """An iterator's handle; TF 1.15: on the CPU unless a device is asked for."""
    attrs.update(structure.attributes(spec))
    if defaults.get_default_graph()._device_stack:
        return apply(op_type, *inputs, **attrs)
    with device("/cpu:0"):
        return apply(op_type, *inputs, **attrs)


class EagerIterator:
    """An iterator that gives its elements at once.

    Args:
        dataset: whose elements they are.
    """

    def __init__(self, dataset: Any) -> None:
        self.element_spec = dataset.element_spec
        recipe = applied_options(dataset)._variant_tensor._value
        self._elements = recipe.follow(Following())

    def __iter__(self) -> EagerIterator:
        return self

    def __next__(self) -> Any:
        return self.next()

    def next(self) -> Any:
        """The next element.

        Raises:
            StopIteration: there is none.
        """
        from scopetutor.engine.eager import EagerTensor  # noqa: PLC0415 - seldom

        element = next(self._elements)
        leaves = structure.flatten(self.element_spec)
        tensors = [
            EagerTensor(value, leaf.dtype)
            for value, leaf in zip(element, leaves, strict=True)
        ]
        return structure.element_of(self.element_spec, tensors)

    def get_next(self, name: str | None = None) -> Any:
        """The next element.

        Raises:
            tf.errors.OutOfRangeError: there is none.
        """
        try:
            return self.next()
        except StopIteration:
            raise OutOfRangeError(
                None, None, "End of sequence [Op:IteratorGetNextSync]"
            ) from None


def make_one_shot_iterator(dataset: Dataset) -> Any:
    """An iterator that begins by itself, at its first use in a session.

    Raises:
        ValueError: the dataset takes a variable or a placeholder.
    """
    if defaults.state.eager:
        return EagerIterator(dataset)
    try:
        function = functions.by_value(
            lambda: applied_options(dataset)._variant_tensor,
            dataset.operations(),
        )
    except ValueError as error:
        if "Cannot capture a stateful node" not in str(error):
            raise
        raise ValueError(
            "Failed to create a one-shot iterator for a dataset. "
            "`Dataset.make_one_shot_iterator()` does not support datasets that capture "
            "stateful objects, such as a `Variable` or `LookupTable`. In these cases, "
            f"use `Dataset.make_initializable_iterator()`. (Original error: {error})"
        ) from None
    resource = apply(
        "OneShotIterator",
        dataset_factory=function,
        **structure.attributes(dataset.element_spec),
    )
    return Iterator.of(resource, None, dataset.element_spec)


def make_initializable_iterator(
    dataset: Dataset, shared_name: str | None = None
) -> Any:
    """An iterator that begins, and begins anew, when its initializer runs.

    Raises:
        RuntimeError: in eager mode.
    """
    if defaults.state.eager:
        raise RuntimeError(
            "dataset.make_initializable_iterator is not supported when eager execution "
            "is enabled."
        )
    applied = applied_options(dataset)
    resource = apply(
        "IteratorV2",
        container="",
        shared_name="" if shared_name is None else shared_name,
        **structure.attributes(dataset.element_spec),
    )
    with colocate_with(resource):
        initializer = apply("MakeIterator", applied._variant_tensor, resource)
    return Iterator.of(resource, initializer, dataset.element_spec)
