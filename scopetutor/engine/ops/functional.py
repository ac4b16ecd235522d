"""Functions over the rows of tensors: `map_fn`, `scan`, `foldl`, `foldr`.

After branches and tensor_arrays, of which they are made: the rows become an array, a
while loop reads one per iteration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import constants, defaults, nest
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.scopes import get_variable_scope
from scopetutor.engine.shapes import Dimension, TensorShape
from scopetutor.engine.sparse import SparseTensor
from scopetutor.engine.surroundings import name_scope
from scopetutor.engine.tensor_arrays import TensorArray

from . import array
from .branches import while_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Function = Callable[..., Any]


class _Caching:
    """Variables made inside are cached where they are read, as TF 1.15 has it."""

    def __enter__(self) -> None:
        self._scope = None if defaults.state.eager else get_variable_scope()
        if self._scope is not None and self._scope.caching_device is not None:
            self._scope = None
        if self._scope is not None:
            self._scope.set_caching_device(lambda op: op.device)

    def __exit__(self, *error: object) -> None:
        # TF 1.15 leaves the scope as it is when the function fails.
        if self._scope is not None and error[0] is None:
            self._scope.set_caching_device(None)


def _flat(structure: Any) -> list[Any]:
    return nest.flatten(structure) if nest.is_sequence(structure) else [structure]


def packed(structure: Any, flat: Sequence[Any]) -> Any:
    """As `nest.pack_sequence_as`; the only part where there is no structure."""
    if nest.is_sequence(structure):
        return nest.pack_sequence_as(structure, flat)
    return flat[0]


def _converted(elems: Any) -> list[Any]:
    return [convert_to_tensor(elem, name="elem") for elem in _flat(elems)]


def _row_count(tensor: Any) -> Any:
    """How many rows there are; a tensor if that is not known, or zero."""
    return tensor.shape[0].value or array.shape(tensor)[0]


def _check_function(fn: Any) -> None:
    if not callable(fn):
        raise TypeError("fn must be callable.")


def _stacked(arrays: Sequence[Any], elems: Sequence[Any]) -> list[Any]:
    """The arrays as tensors with as many rows as there are elements."""
    results = [one.stack() for one in arrays]
    count = Dimension(elems[0].shape.with_rank_at_least(1)[0].value)
    for elem in elems[1:]:
        count.merge_with(elem.shape.with_rank_at_least(1)[0])
    for result in results:
        result.set_shape(TensorShape([count]).concatenate(result.shape[1:]))
    return results


def map_fn(
    fn: Function,
    elems: Any,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    name: str | None = None,
) -> Any:
    """What a function gives for each row, as the rows of a tensor.

    Args:
        fn: takes what `elems` is, without its first axis.
        elems: a tensor [n, ...] or a structure of such tensors.
        dtype: of what fn gives; None if as that of elems.
        parallel_iterations: kept as an attribute of the loop.
        back_prop: whether there are gradients.
        swap_memory: kept as an attribute of the loop.
        infer_shape: whether all results have one shape.
        name: of the name scope; "map" by default.

    Raises:
        TypeError: fn is no function, or elems is sparse.
        ValueError: elems has no rows.
    """
    _check_function(fn)
    if isinstance(elems, SparseTensor):
        raise TypeError(
            "To perform a map on the values of a sparse tensor use either  "
            "SparseTensor(input.indices, fn(input.values), input.dense_shape) or  "
            "SparseTensor(input.indices, map_fn(fn, input.values), input.dense_shape)"
        )
    given = _flat(elems)
    with name_scope(name, "map", given), _Caching():
        flat = _converted(elems)
        dtype = dtype or packed(elems, [elem.dtype for elem in flat])
        if flat[0].shape.ndims == 0:
            problem = (
                "elems must be a 1+ dimensional Tensor, not a scalar"
                if len(flat) == 1
                else "elements in elems must be 1+ dimensional Tensors, not scalars"
            )
            raise ValueError(problem)
        count = _row_count(flat[0])
        rows = [
            TensorArray(elem.dtype, size=count, dynamic_size=False) for elem in flat
        ]
        rows = [row.unstack(elem) for row, elem in zip(rows, flat, strict=True)]
        start = constants.constant(0)
        results = [
            TensorArray(kind, size=count, dynamic_size=False, infer_shape=infer_shape)
            for kind in _flat(dtype)
        ]

        def compute(i: Any, arrays: Any) -> Any:
            values = fn(packed(elems, [row.read(i) for row in rows]))
            nest.assert_same_structure(dtype, values)
            written = [
                one.write(i, value)
                for one, value in zip(arrays, _flat(values), strict=True)
            ]
            return i + 1, written

        _, results = while_loop(
            lambda i, _: i < count,
            compute,
            (start, results),
            parallel_iterations=parallel_iterations or 10,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=count,
        )
        return packed(dtype, _stacked(results, flat))


def _rows_of(elems: Any, count: Any) -> Any:
    def rows(elem: Any) -> Any:
        return TensorArray(elem.dtype, size=count, dynamic_size=False).unstack(elem)

    return nest.map_structure(rows, elems)


def foldl(
    fn: Function,
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """What a function makes of all rows, from the first to the last.

    Args:
        fn: takes what came of the rows before, and the next row.
        elems: a tensor [n, ...] or a structure of such tensors.
        initializer: what comes before the first row; None: begin with that row.
        parallel_iterations: as in map_fn.
        back_prop: as in map_fn.
        swap_memory: as in map_fn.
        name: of the name scope.
    """
    _check_function(fn)
    with name_scope(name, "foldl", [elems]), _Caching():
        flat = [convert_to_tensor(e, name="elem") for e in nest.flatten(elems)]
        count = _row_count(flat[0])
        rows = _rows_of(elems, count)
        if initializer is None:
            result = nest.map_structure(lambda row: row.read(0), rows)
            start = constants.constant(1)
        else:
            result = initializer
            start = constants.constant(0)

        def compute(i: Any, result: Any) -> Any:
            row = nest.map_structure(lambda row: row.read(i), rows)
            result = fn(result, row)
            return [i + 1, result]

        _, result = while_loop(
            lambda i, _: i < count,
            compute,
            [start, result],
            parallel_iterations=parallel_iterations,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=count,
        )
        return result


def foldr(
    fn: Function,
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """What a function makes of all rows, from the last to the first; see foldl."""
    _check_function(fn)
    with name_scope(name, "foldr", [elems]), _Caching():
        flat = [convert_to_tensor(e, name="elem") for e in nest.flatten(elems)]
        count = _row_count(flat[0])
        rows = _rows_of(elems, count)
        if initializer is None:
            start = count - 1
            result = nest.map_structure(lambda row: row.read(start), rows)
        else:
            start, result = count, initializer

        def compute(i: Any, result: Any) -> Any:
            i -= 1
            row = nest.map_structure(lambda row: row.read(i), rows)
            return [i, fn(result, row)]

        _, result = while_loop(
            lambda i, _: i > 0,
            compute,
            [start, result],
            parallel_iterations=parallel_iterations,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=count,
        )
        return result


def scan(
    fn: Function,
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    reverse: bool = False,
    name: str | None = None,
) -> Any:
    """What a function makes of the rows so far, for each row.

    Args:
        fn: takes what came of the rows before, and the next row.
        elems: a tensor [n, ...] or a structure of such tensors.
        initializer: what comes before the first row; None: begin with that row.
        parallel_iterations: as in map_fn.
        back_prop: as in map_fn.
        swap_memory: as in map_fn.
        infer_shape: whether all results have one shape.
        reverse: whether to go from the last row to the first.
        name: of the name scope.
    """
    _check_function(fn)
    form = elems if initializer is None else initializer
    given = _flat(elems)
    with name_scope(name, "scan", given), _Caching():
        flat = _converted(elems)
        count = flat[0].shape[0].value
        count = array.shape(flat[0])[0] if count is None else count
        rows = _row_arrays(flat, count)
        if initializer is None:
            results = [row.read(count - 1 if reverse else 0) for row in rows]
            begin = 1
        else:
            results = [convert_to_tensor(value) for value in _flat(initializer)]
            begin = 0
        arrays = _result_arrays(results, count, infer_shape)
        if initializer is None:
            arrays = [
                one.write(count - 1 if reverse else 0, value)
                for one, value in zip(arrays, results, strict=True)
            ]

        def compute(i: Any, results: Any, arrays: Any) -> Any:
            row = packed(elems, [one.read(i) for one in rows])
            given = fn(packed(form, results), row)
            nest.assert_same_structure(form, given)
            values = _flat(given)
            written = [
                one.write(i, value) for one, value in zip(arrays, values, strict=True)
            ]
            return (i - 1 if reverse else i + 1), values, written

        def goes_on(i: Any, _results: Any, _arrays: Any) -> Any:
            return i >= 0 if reverse else i < count

        _, _, arrays = while_loop(
            goes_on,
            compute,
            (count - 1 - begin if reverse else begin, results, arrays),
            parallel_iterations=parallel_iterations,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=count,
        )
        return packed(form, _stacked(arrays, flat))


def _row_arrays(flat: Any, count: Any) -> list[TensorArray]:
    """The rows of tensors, to be read one by one."""
    rows = [
        TensorArray(
            elem.dtype, size=count, dynamic_size=False, element_shape=elem.shape[1:]
        )
        for elem in flat
    ]
    return [row.unstack(elem) for row, elem in zip(rows, flat, strict=True)]


def _result_arrays(results: Any, count: Any, infer_shape: bool) -> list[TensorArray]:
    """Where the results are written, one row for each of them in each round."""
    return [
        TensorArray(
            value.dtype,
            size=count,
            element_shape=value.shape if infer_shape else None,
            dynamic_size=False,
            infer_shape=infer_shape,
        )
        for value in results
    ]
