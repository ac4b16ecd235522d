"""`tf.contrib.seq2seq.tile_batch`: each sequence several times, one after the other.

Before ``beam_search.py``: whatever an encoder gave must be there once for each beam.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import nest
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array
from scopetutor.engine.ops.joining import concat, tile
from scopetutor.engine.ops.reshaping import expand_dims, reshape
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.surroundings import name_scope


def tile_batch(t: Any, multiplier: int, name: str | None = None) -> Any:
    """Tensors with each entry of the batch `multiplier` times.

    Args:
        t: [batch, …], one or several.
        multiplier: how often.
        name: of the operations.

    Raises:
        ValueError: a rank is not known.
    """
    with name_scope(name, "tile_batch", [*nest.flatten(t), multiplier]):
        return nest.map_structure(lambda one: _tiled(one, multiplier), t)


def _tiled(tensor: Any, multiplier: int) -> Any:
    tensor = convert_to_tensor(tensor, name="t")
    sizes = array.shape(tensor)
    rank = tensor.shape.ndims
    if not rank:
        raise ValueError("t must have statically known rank")
    tiling = [1] * (rank + 1)
    tiling[1] = multiplier
    batch = tensor.shape[0].value
    tiled = tile(expand_dims(tensor, 1), tiling)
    tiled = reshape(tiled, concat(([sizes[0] * multiplier], sizes[1:]), 0))
    known = None if batch is None else batch * multiplier
    tiled.set_shape(TensorShape([known]).concatenate(tensor.shape[1:]))
    return tiled
