"""What a session is asked for, and how the values go back into its structure.

After feeds, before session, which runs the list. TF 1.15: whatever the structure, each
tensor is fetched once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import defaults
from .doubles import itself
from .feeds import conversions
from .sparse import IndexedSlices, IndexedSlicesValue, SparseTensor, SparseTensorValue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Build = Callable[[list[Any]], Any]


class Fetches:
    """A structure of fetches as a list of graph elements, and the way back.

    Attributes:
        elements: tensors and operations, each once.
    """

    def __init__(self, fetches: Any) -> None:
        self.elements: list[Any] = []
        self._places: dict[Any, int] = {}
        self.build = self._builder(fetches)

    def _place(self, element: Any) -> int:
        place = self._places.get(element)
        if place is None:
            place = self._places[element] = len(self.elements)
            self.elements.append(element)
        return place

    def _builder(self, fetch: Any) -> Build:
        """Makes the result of a fetch from the values of all elements."""
        if fetch is None:
            raise TypeError(
                f"Fetch argument {fetch!r} has invalid type {type(fetch)!r}"
            )
        if isinstance(fetch, (list, tuple)):
            builders = [self._builder(item) for item in fetch]
            kind = type(fetch)
            if issubclass(kind, list):
                return lambda values: [build(values) for build in builders]
            if kind is tuple:
                return lambda values: tuple(build(values) for build in builders)
            return lambda values: kind(*[build(values) for build in builders])
        if isinstance(fetch, Mapping):
            return self._mapping_builder(fetch)
        if hasattr(type(fetch), "__attrs_attrs__"):
            names = [field.name for field in type(fetch).__attrs_attrs__]
            builders = [self._builder(getattr(fetch, name)) for name in names]
            return lambda values: type(fetch)(*[build(values) for build in builders])
        if isinstance(fetch, SparseTensor):
            return self._parts_builder(
                (fetch.indices, fetch.values, fetch.dense_shape), SparseTensorValue
            )
        if isinstance(fetch, IndexedSlices):
            parts = (fetch.values, fetch.indices, fetch.dense_shape)
            given = [part for part in parts if part is not None]
            return self._parts_builder(given, _indexed_slices_value)
        for kind, convert, *_ in conversions:
            if isinstance(fetch, kind):
                return self._converted_builder(*convert(fetch))
        place = self._place(_element(fetch))
        return lambda values: values[place]

    def _converted_builder(self, parts: Any, contract: Callable[[Any], Any]) -> Build:
        builders = [self._builder(part) for part in parts]
        return lambda values: contract([build(values) for build in builders])

    def _mapping_builder(self, fetch: Mapping[Any, Any]) -> Build:
        builders = {key: self._builder(value) for key, value in fetch.items()}

        def build(values: list[Any]) -> Any:
            result = type(fetch)()
            for key, inner in builders.items():
                result[key] = inner(values)  # type: ignore[index]
            return result

        return build

    def _parts_builder(self, parts: Sequence[Any], make: Callable[..., Any]) -> Build:
        places = [self._place(_element(part)) for part in parts]
        return lambda values: make(*[values[place] for place in places])


def _indexed_slices_value(values: Any, indices: Any, dense_shape: Any = None) -> Any:
    return IndexedSlicesValue(values, indices, dense_shape)


def _element(fetch: Any) -> Any:
    """The tensor or operation that a fetch stands for, with TF 1.15's messages."""
    try:
        return itself(defaults.get_default_graph().as_graph_element(fetch))
    except TypeError as error:
        raise TypeError(
            f"Fetch argument {fetch!r} has invalid type {type(fetch)!r}, must be a "
            f"string or Tensor. ({error})"
        ) from None
    except (ValueError, KeyError) as error:
        raise ValueError(
            f"Fetch argument {fetch!r} cannot be interpreted as a Tensor. ({error})"
        ) from None
