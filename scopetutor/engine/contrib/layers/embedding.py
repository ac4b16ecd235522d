"""`embed_sequence`: rows of a matrix for words.

After `model_variable` and ``ops/embedding.py``; encoders of texts begin with it.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.contrib.variables import model_variable
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.ops import array, embedding, math
from scopetutor.engine.ops.gathering import gather
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.ops.sorting import unique
from scopetutor.engine.surroundings import name_scope


def embed_sequence(
    ids: Any,
    vocab_size: int | None = None,
    embed_dim: int | None = None,
    unique: bool = False,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: Any = True,
    scope: Any = None,
    reuse: Any = None,
) -> Any:
    """A row of `embeddings` for each word: [batch, length, embed_dim].

    Args:
        ids: [batch, length], whole numbers.
        vocab_size: how many words there are.
        embed_dim: how long a row is.
        unique: whether equal words are looked up once.
        initializer: how the matrix begins.
        regularizer: its value is a regularization loss.
        trainable: whether it is entered in TRAINABLE_VARIABLES.
        scope: of the variable; None: `EmbedSequence`, made unique.
        reuse: whether the variable is reused.

    Raises:
        ValueError: sizes are missing.
    """
    if not (reuse or (vocab_size and embed_dim)):
        raise ValueError(
            "Must specify vocab size and embedding dimension when not reusing. Got "
            f"vocab_size={vocab_size} and embed_dim={embed_dim}"
        )
    with variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        shape: Any = [vocab_size, embed_dim]
        if (reuse and vocab_size is None) or embed_dim is None:
            shape = None
        embeddings = model_variable(
            "embeddings",
            shape=shape,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
        )
        if unique:
            return embedding_lookup_unique(embeddings, ids)
        return embedding.embedding_lookup(embeddings, ids)


def embedding_lookup_unique(
    params: Any, ids: Any, partition_strategy: str = "mod", name: str | None = None
) -> Any:
    """Rows of a matrix, equal ones looked up once."""
    with name_scope(name, "EmbeddingLookupUnique", [params, ids]):
        ids = convert_to_tensor(ids)
        shape = array.shape(ids)
        flat = reshape(ids, math.reduce_prod(shape, keepdims=True))
        different, places = unique(flat)
        rows = embedding.embedding_lookup(params, different, partition_strategy)
        found = gather(rows, places)
        sizes = concat([shape, array.shape(rows)[1:]], 0)
        result = reshape(found, sizes)
        result.set_shape(ids.get_shape().concatenate(rows.get_shape()[1:]))
        return result
