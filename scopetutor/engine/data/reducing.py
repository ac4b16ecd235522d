"""`tf.data.experimental.group_by_reducer`: one element of all elements of a key.

After experimental.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scopetutor.engine import dtypes
from scopetutor.engine.ops import dataset_reducing  # noqa: F401 - runs it

from . import functions, structure

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.function_graphs import Function

    from .dataset import Dataset

_NAME = "tf.data.experimental.group_by_reducer()"
_NUMBER = structure.TensorSpec([], dtypes.int64)


class Reducer:
    """How elements are reduced to one.

    Args:
        init_func: gives the state to begin with, of a key.
        reduce_func: (state, element) -> the next state.
        finalize_func: makes an element of the last state.
    """

    def __init__(self, init_func: Any, reduce_func: Any, finalize_func: Any) -> None:
        self._init_func = init_func
        self._reduce_func = reduce_func
        self._finalize_func = finalize_func

    @property
    def init_func(self) -> Any:
        """Gives the state to begin with."""
        return self._init_func

    @property
    def reduce_func(self) -> Any:
        """Gives the next state."""
        return self._reduce_func

    @property
    def finalize_func(self) -> Any:
        """Makes an element of the last state."""
        return self._finalize_func


class _Traced(NamedTuple):
    key: Function
    init: Function
    reduce: Function
    finalize: Function


def group_by_reducer(key_func: Any, reducer: Any) -> Callable[[Dataset], Dataset]:
    """What a `Reducer` makes of all elements of each key, in the order of the keys.

    Args:
        key_func: gives the key of an element, int64.
        reducer: what is made of them.

    Raises:
        ValueError: the key is no int64.
        TypeError: the state changes its types.
    """

    def transform(dataset: Dataset) -> Dataset:
        called = _traced(dataset, key_func, reducer)
        made: Dataset = dataset._next(
            "ExperimentalGroupByReducerDataset",
            *(function.captured for function in called),
            spec=called.finalize.output_spec,
            key_func=called.key,
            init_func=called.init,
            reduce_func=called.reduce,
            finalize_func=called.finalize,
        )
        made._called = list(called)
        return made

    return transform


def _traced(dataset: Dataset, key_func: Any, reducer: Any) -> _Traced:
    element = dataset.element_spec
    key = functions.traced(key_func, _NAME, element)
    given = key.output_spec
    if not isinstance(given, structure.TensorSpec) or not given.is_compatible_with(
        _NUMBER
    ):
        raise ValueError(
            "`key_func` must return a single tf.int64 tensor. Got "
            f"type={structure.legacy_types(given)} and "
            f"shape={structure.legacy_shapes(given)}"
        )
    init = functions.traced(reducer.init_func, _NAME, _NUMBER)
    state, reduce = _stable(init.output_spec, reducer.reduce_func, element)
    finalize = functions.traced(reducer.finalize_func, _NAME, state)
    return _Traced(key, init, reduce, finalize)


def _stable(state: Any, reduce_func: Any, element: Any) -> tuple[Any, Function]:
    """The structure of a state that stays so, and the function that changes it.

    TF 1.15: where the function changes a shape, it is traced again with a weaker one.
    """
    wanted = structure.legacy_types(state)
    while True:
        made = functions.traced(reduce_func, _NAME, (state, element))
        new = made.output_spec
        if structure.legacy_types(new) != wanted:
            raise TypeError(
                "The element types for the new state must match the initial state. "
                f"Expected {wanted}; got {structure.legacy_types(new)}."
            )
        pairs = list(zip(structure.flatten(state), structure.flatten(new), strict=True))
        weaker = [a.shape.most_specific_compatible_shape(b.shape) for a, b in pairs]
        if all(
            str(shape) == str(old.shape)
            for shape, (old, _) in zip(weaker, pairs, strict=True)
        ):
            return state, made
        state = structure.from_legacy(
            wanted, structure.pack(state, weaker), structure.legacy_classes(state)
        )
