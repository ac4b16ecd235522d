"""Embeddings: rows of tables, looked up by their numbers.

After gathering and scattering. TF 1.15: a table may be cut into parts, over which the
rows are dealt out ("mod") or which hold them one after the other ("div").
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import constants, dtypes, tf_logging
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.partitions import PartitionedVariable
from scopetutor.engine.resource_variables import ResourceVariable
from scopetutor.engine.shapes import Dimension, unknown_shape
from scopetutor.engine.sparse import SparseTensor, to_tensor_or_indexed_slices
from scopetutor.engine.surroundings import colocate_with, name_scope

from . import array, gathering, joining, math, reshaping, segment, slicing, sparse
from .clip import clip_by_norm
from .dynamic import dynamic_partition, parallel_dynamic_stitch
from .sorting import unique
from .sparse_shapes import sparse_reshape


def _clipped(params: Any, ids: Any, max_norm: Any) -> Any:
    """Rows no longer than max_norm."""
    if max_norm is None:
        return params
    (start, known_start), (end, known_end) = (_rank(x) for x in (ids, params))
    known = known_start and known_end
    axes = list(range(start, end)) if known else math.range_(start, end)
    return clip_by_norm(params, max_norm, axes=axes)


def _rank(x: Any) -> tuple[Any, bool]:
    rank = convert_to_tensor(x).shape.ndims
    return (rank, True) if rank else (array.rank(x), False)


def _parts(params: Any) -> list[Any]:
    if isinstance(params, PartitionedVariable):
        return list(params)
    return params if isinstance(params, list) else [params]


def embedding_lookup(
    params: Any,
    ids: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    validate_indices: bool = True,
    max_norm: Any = None,
) -> Any:
    """The rows of a table whose numbers are given.

    Args:
        params: a table [rows, ...], or a list of parts of one.
        ids: numbers of rows, of any shape.
        partition_strategy: "mod" or "div": which rows a part has.
        name: of the operation.
        validate_indices: not used.
        max_norm: rows longer than this are cut to it.

    Returns:
        [*ids, ...].

    Raises:
        ValueError: there is no table, or no such strategy.
    """
    if params is None:
        raise ValueError("params must be specified")
    if isinstance(params, (list, tuple)) and not params:
        raise ValueError("Need at least one param")
    params = _parts(params)
    with name_scope(name, "embedding_lookup", [*params, ids]) as scope:
        if not any(isinstance(part, ResourceVariable) for part in params):
            params = [
                None  # TF 1.15: refused only where something is placed with it
                if part is None
                else to_tensor_or_indexed_slices(part, name=f"params_{i}")
                for i, part in enumerate(params)
            ]
        ids = convert_to_tensor(ids, name="ids")
        if len(params) == 1:
            with colocate_with(params[0]):
                rows = gathering.gather(params[0], ids, name=scope)
                rows = _clipped(rows, ids, max_norm)
            return array.identity(rows)
        return _from_parts(params, ids, partition_strategy, max_norm, scope)


def _from_parts(
    params: list[Any], ids: Any, strategy: str, max_norm: Any, scope: str
) -> Any:
    flat = reshaping.reshape(ids, [-1])
    places = math.range_(array.size(flat))
    if strategy == "mod":
        part, row = flat % len(params), flat // len(params)
    elif strategy == "div":
        part, row = _divided(params, flat)
    else:
        raise ValueError(f"Unrecognized partition strategy: {strategy}")
    part = math.cast(part, dtypes.int32)
    rows = dynamic_partition(row, part, len(params))
    places = dynamic_partition(places, part, len(params))
    found = []
    for table, wanted in zip(params, rows, strict=True):
        with colocate_with(table):
            found.append(gathering.gather(table, wanted))
    result = parallel_dynamic_stitch(places, found, name=scope)
    inner = params[0].shape[1:]
    for table in params[1:]:
        inner = inner.merge_with(table.shape[1:])
    sizes: Any = inner
    if not inner.is_fully_defined():
        with colocate_with(params[0]):
            whole = array.shape(params[0])
        sizes = whole[1:]
    result = reshaping.reshape(result, joining.concat([array.shape(ids), sizes], 0))
    result.set_shape(ids.shape.concatenate(inner))
    return _clipped(result, ids, max_norm)


def _divided(params: list[Any], flat: Any) -> tuple[Any, Any]:
    """The part and the row in it, where parts hold rows one after the other."""
    total = Dimension(params[0].shape[0].value)
    for table in params[1:]:
        total = total + Dimension(table.shape[0].value)
    if total.value:
        count: Any = constants.constant(total.value, flat.dtype)
    else:
        sizes = []
        for table in params:
            size = table.shape[0].value
            if size is None:
                with colocate_with(table):
                    size = array.shape(table)[0]
            sizes.append(size)
        count = math.reduce_sum(math.cast(joining.stack(sizes), flat.dtype))
    each = count // len(params)
    extra = count % len(params)
    part = math.maximum(flat // (each + 1), (flat - extra) // each)
    row = gathering.where_no_warning(
        part < extra, flat % (each + 1), (flat - extra) % each
    )
    return part, row


def embedding_lookup_sparse(
    params: Any,
    sp_ids: Any,
    sp_weights: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    combiner: str | None = None,
    max_norm: Any = None,
) -> Any:
    """For each row of a sparse matrix of ids, a combination of their embeddings.

    Args:
        params: a table, or a list of parts of one.
        sp_ids: [rows, ids of a row]; every row has at least one.
        sp_weights: of the ids; None: all are 1.
        partition_strategy: as in embedding_lookup.
        name: of the operation.
        combiner: "mean" (if None), "sum" or "sqrtn".
        max_norm: as in embedding_lookup.

    Raises:
        TypeError: ids or weights are not sparse.
        ValueError: there is no such combiner.
    """
    if combiner is None:
        tf_logging.warn(
            'The default value of combiner will change from "mean" to "sqrtn" after '
            "2016/11/01."
        )
        combiner = "mean"
    if combiner not in ("mean", "sqrtn", "sum"):
        raise ValueError("combiner must be one of 'mean', 'sqrtn' or 'sum'")
    params = _parts(params)
    if not isinstance(sp_ids, SparseTensor):
        raise TypeError("sp_ids must be SparseTensor")
    if sp_weights is not None:
        if not isinstance(sp_weights, SparseTensor):
            raise TypeError("sp_weights must be either None or SparseTensor")
        for part in ("values", "indices", "dense_shape"):
            getattr(sp_ids, part).shape.assert_is_compatible_with(
                getattr(sp_weights, part).shape
            )
    with name_scope(name, "embedding_lookup_sparse", [*params, sp_ids.values]) as scope:
        rows = sp_ids.indices[:, 0]
        if rows.dtype != dtypes.int32:
            rows = math.cast(rows, dtypes.int32)
        ids, index = unique(sp_ids.values)
        embeddings = embedding_lookup(
            params, ids, partition_strategy=partition_strategy, max_norm=max_norm
        )
        if embeddings.dtype in (dtypes.float16, dtypes.bfloat16):
            embeddings = math.cast(embeddings, dtypes.float32)
        if sp_weights is None:
            op_type = {"sum": "Sum", "mean": "Mean", "sqrtn": "SqrtN"}[combiner]
            return apply(f"SparseSegment{op_type}", embeddings, index, rows, name=scope)
        return _weighted(embeddings, index, rows, sp_weights.values, combiner, scope)


def _weighted(
    embeddings: Any, index: Any, rows: Any, weights: Any, combiner: str, scope: str
) -> Any:
    if weights.dtype != embeddings.dtype:
        weights = math.cast(weights, embeddings.dtype)
    embeddings = gathering.gather(embeddings, index)
    ones = array.fill(reshaping.expand_dims(array.rank(embeddings) - 1, 0), 1)
    wide = joining.concat([array.shape(weights), ones], 0)
    known = weights.shape
    weights = reshaping.reshape(weights, wide)
    if embeddings.shape.ndims is not None:
        weights.set_shape(known.concatenate([1] * (embeddings.shape.ndims - 1)))
    embeddings = embeddings * weights
    if combiner == "sum":
        return segment.segment_sum(embeddings, rows, name=scope)
    embeddings = segment.segment_sum(embeddings, rows)
    if combiner == "mean":
        return math.div_python2(
            embeddings, segment.segment_sum(weights, rows), name=scope
        )
    squares = segment.segment_sum(math.pow(weights, 2), rows)
    return math.div_python2(embeddings, math.sqrt(squares), name=scope)


def safe_embedding_lookup_sparse(
    embedding_weights: Any,
    sparse_ids: Any,
    sparse_weights: Any = None,
    combiner: str = "mean",
    default_id: int | None = None,
    name: str | None = None,
    partition_strategy: str = "div",
    max_norm: Any = None,
) -> Any:
    """As embedding_lookup_sparse; ids below 0 and empty rows are allowed."""
    kind = sparse_weights.dtype if sparse_weights is not None else None
    tables = _tables_of_type(embedding_weights, kind)
    around = [*tables, sparse_ids, sparse_weights]
    with name_scope(name, "embedding_lookup", around) as scope:
        shape = sparse_ids.dense_shape
        known_rank = shape.shape[0].value
        rank = array.size(shape) if known_rank is None else known_rank
        rows = math.reduce_prod(slicing.slice(shape, [0], [rank - 1]))
        sparse_ids = sparse_reshape(
            sparse_ids, [rows, gathering.gather(shape, rank - 1)]
        )
        if sparse_weights is not None:
            sparse_weights = SparseTensor(
                sparse_ids.indices, sparse_weights.values, sparse_ids.dense_shape
            )
        sparse_ids, sparse_weights = _valid(sparse_ids, sparse_weights, combiner)
        sparse_ids, empty = sparse.sparse_fill_empty_rows(sparse_ids, default_id or 0)
        if sparse_weights is not None:
            sparse_weights, _ = sparse.sparse_fill_empty_rows(sparse_weights, 1.0)
        result = embedding_lookup_sparse(
            tables,
            sparse_ids,
            sparse_weights,
            combiner=combiner,
            partition_strategy=partition_strategy,
            name=None if default_id is None else scope,
            max_norm=max_norm,
        )
        if default_id is None:
            result = _zero_rows(result, empty, scope)
        outer = slicing.slice(math.cast(shape, dtypes.int32), [0], [rank - 1])
        inner = slicing.slice(array.shape(result), [1], [-1])
        final = reshaping.reshape(result, joining.concat([outer, inner], 0))
        batch = (Dimension(known_rank) - 1).value
        final.set_shape(unknown_shape(batch).concatenate(result.shape[1:]))
        return final


def _tables_of_type(embedding_weights: Any, kind: Any) -> list[Any]:
    """The tables, of the type of the weights if there are some."""
    if embedding_weights is None:
        raise ValueError(f"Missing embedding_weights {embedding_weights}.")
    tables = _parts(embedding_weights)
    if not tables:
        raise ValueError(f"Missing embedding_weights {tables}.")
    return [
        table
        if isinstance(table, ResourceVariable) and kind in (None, table.dtype)
        else convert_to_tensor(table, dtype=kind)
        for table in tables
    ]


def _zero_rows(result: Any, empty: Any, name: str) -> Any:
    """The result, with zeros in the rows that had no ids."""
    empty = joining.tile(
        reshaping.reshape(empty, [-1, 1]),
        joining.stack([1, array.shape(result)[1]]),
    )
    return gathering.where_no_warning(
        empty, array.zeros_like(result), result, name=name
    )


def _valid(ids: Any, weights: Any, combiner: str) -> tuple[Any, Any]:
    """Only the ids that are not negative, and whose weights are positive."""
    keep = math.greater_equal(ids.values, 0)
    if weights is not None:
        ones = array.ones_like(weights.values, dtype=dtypes.bool_)
        keep = math.logical_and(keep, ones)
    ids = sparse.sparse_retain(ids, keep)
    if weights is None:
        return ids, None
    weights = sparse.sparse_retain(weights, keep)
    if combiner != "sum":
        keep = math.greater(weights.values, 0)
        ids = sparse.sparse_retain(ids, keep)
        weights = sparse.sparse_retain(weights, keep)
    return ids, weights
