"""Encoders with decoders: from a list of inputs to a list of outputs.

After decoding. TF 1.15: `feed_previous` may be a tensor, and then both ways of decoding
are built, inside a cond.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from scopetutor.engine import dtypes, nest
from scopetutor.engine.contrib.rnn.projections import (
    EmbeddingWrapper,
    OutputProjectionWrapper,
)
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.ops import array
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.embedding import embedding_lookup
from scopetutor.engine.ops.functional import packed
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.rnn.cell import RNNCell
from scopetutor.engine.rnn.static import static_rnn
from scopetutor.engine.scopes import get_variable, get_variable_scope

from .decoding import (
    check_projection,
    embedded_argmax,
    embedding_attention_decoder,
    embedding_rnn_decoder,
    rnn_decoder,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Decoded = tuple[Any, Any]


def basic_rnn_seq2seq(
    encoder_inputs: Any,
    decoder_inputs: Any,
    cell: Any,
    dtype: Any = dtypes.float32,
    scope: Any = None,
) -> Decoded:
    """A cell over the first list, and the same kind of cell over the second.

    Args:
        encoder_inputs: [batch, size] each.
        decoder_inputs: [batch, size] each.
        cell: one step; the encoder has a copy of it.
        dtype: of the states.
        scope: of the variables; None: `basic_rnn_seq2seq`.

    Returns:
        The list of outputs, and the last state.
    """
    with variable_scope(scope or "basic_rnn_seq2seq"):
        _, state = static_rnn(copy.deepcopy(cell), encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


def tied_rnn_seq2seq(
    encoder_inputs: Any,
    decoder_inputs: Any,
    cell: Any,
    loop_function: Any = None,
    dtype: Any = dtypes.float32,
    scope: Any = None,
) -> Decoded:
    """As `basic_rnn_seq2seq`, encoder and decoder sharing their variables."""
    with variable_scope("combined_tied_rnn_seq2seq"):
        scope = scope or "tied_rnn_seq2seq"
        _, state = static_rnn(cell, encoder_inputs, dtype=dtype, scope=scope)
        get_variable_scope().reuse_variables()
        return rnn_decoder(
            decoder_inputs, state, cell, loop_function=loop_function, scope=scope
        )


def _fed_by_tensor(
    feed_previous: Any, decode: Callable[[bool], Decoded], length: int
) -> tuple[list[Any], list[Any]]:
    """Decodes both ways in a cond; the second shares the variables of the first.

    Returns:
        The outputs, and the parts of the last state.
    """

    def branch(fed: bool) -> list[Any]:
        with variable_scope(get_variable_scope(), reuse=None if fed else True):
            outputs, state = decode(fed)
            return [*outputs, *nest.flatten(state)]

    both = cond(feed_previous, lambda: branch(True), lambda: branch(False))
    return both[:length], both[length:]


def embedding_rnn_seq2seq(
    encoder_inputs: Any,
    decoder_inputs: Any,
    cell: Any,
    num_encoder_symbols: int,
    num_decoder_symbols: int,
    embedding_size: int,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> Decoded:
    """From symbols to symbols, each side with its own embedding.

    Args:
        encoder_inputs: [batch] each, whole numbers.
        decoder_inputs: [batch] each, whole numbers.
        cell: one step; the encoder has a copy of it.
        num_encoder_symbols: how many there are.
        num_decoder_symbols: how many there are.
        embedding_size: of one row.
        output_projection: (weights, biases) from outputs to symbols; None: the cell
            gets a projection, and the outputs are logits.
        feed_previous: whether the likeliest symbol of each step is the next input; a
            flag, or a tensor.
        dtype: None: the scope's.
        scope: of the variables; None: `embedding_rnn_seq2seq`.

    Returns:
        The list of outputs, and the last state.
    """
    with variable_scope(scope or "embedding_rnn_seq2seq") as opened:
        if dtype is not None:
            opened.set_dtype(dtype)
        else:
            dtype = opened.dtype
        encoder_cell = EmbeddingWrapper(
            copy.deepcopy(cell), num_encoder_symbols, embedding_size
        )
        _, encoder_state = static_rnn(encoder_cell, encoder_inputs, dtype=dtype)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)

        def decode(fed: bool, update: bool = False) -> Decoded:
            return embedding_rnn_decoder(
                decoder_inputs,
                encoder_state,
                cell,
                num_decoder_symbols,
                embedding_size,
                output_projection=output_projection,
                feed_previous=fed,
                update_embedding_for_previous=update,
            )

        if isinstance(feed_previous, bool):
            return decode(feed_previous, True)
        outputs, parts = _fed_by_tensor(feed_previous, decode, len(decoder_inputs))
        return outputs, packed(encoder_state, parts)


def embedding_tied_rnn_seq2seq(
    encoder_inputs: Any,
    decoder_inputs: Any,
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    num_decoder_symbols: int | None = None,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> Decoded:
    """From symbols to symbols, with one embedding and one cell for both sides."""
    with variable_scope(scope or "embedding_tied_rnn_seq2seq", dtype=dtype) as opened:
        dtype = opened.dtype
        if output_projection is not None:
            check_projection(output_projection, num_symbols, dtype)
        embedding = get_variable(
            "embedding", [num_symbols, embedding_size], dtype=dtype
        )
        encoded = [embedding_lookup(embedding, ids) for ids in encoder_inputs]
        decoded = [embedding_lookup(embedding, ids) for ids in decoder_inputs]
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols or num_symbols)

        def decode(fed: bool, update: bool = False) -> Decoded:
            loop_function = None
            if fed:
                loop_function = embedded_argmax(embedding, output_projection, update)
            return tied_rnn_seq2seq(
                encoded, decoded, cell, loop_function=loop_function, dtype=dtype
            )

        if isinstance(feed_previous, bool):
            return decode(feed_previous, True)
        outputs, parts = _fed_by_tensor(feed_previous, decode, len(decoder_inputs))
        batch_size = encoder_inputs[0].get_shape()[0].value
        if batch_size is None:
            batch_size = array.shape(encoder_inputs[0])[0]
        return outputs, packed(cell.zero_state(batch_size, dtype), parts)


def embedding_attention_seq2seq(
    encoder_inputs: Any,
    decoder_inputs: Any,
    cell: Any,
    num_encoder_symbols: int,
    num_decoder_symbols: int,
    embedding_size: int,
    num_heads: int = 1,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> Decoded:
    """As `embedding_rnn_seq2seq`, the decoder looking at the encoder's outputs."""
    with variable_scope(scope or "embedding_attention_seq2seq", dtype=dtype) as opened:
        encoder_cell = EmbeddingWrapper(
            copy.deepcopy(cell), num_encoder_symbols, embedding_size
        )
        encoder_outputs, encoder_state = static_rnn(
            encoder_cell, encoder_inputs, dtype=opened.dtype
        )
        size = cell.output_size
        states = concat([reshape(e, [-1, 1, size]) for e in encoder_outputs], 1)
        output_size = None
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)
            output_size = num_decoder_symbols

        def decode(fed: bool, update: bool = False) -> Decoded:
            return embedding_attention_decoder(
                decoder_inputs,
                encoder_state,
                states,
                cell,
                num_decoder_symbols,
                embedding_size,
                num_heads=num_heads,
                output_size=output_size,
                output_projection=output_projection,
                feed_previous=fed,
                update_embedding_for_previous=update,
                initial_state_attention=initial_state_attention,
            )

        if isinstance(feed_previous, bool):
            return decode(feed_previous, True)
        outputs, parts = _fed_by_tensor(feed_previous, decode, len(decoder_inputs))
        return outputs, packed(encoder_state, parts)


def one2many_rnn_seq2seq(
    encoder_inputs: Any,
    decoder_inputs_dict: Any,
    enc_cell: Any,
    dec_cells_dict: Any,
    num_encoder_symbols: int,
    num_decoder_symbols_dict: Any,
    embedding_size: int,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """One encoder with several decoders, by name.

    Returns:
        The outputs and the last states, by name.

    Raises:
        TypeError: something is no cell.
        ValueError: cells and inputs have other names.
    """
    if not isinstance(enc_cell, RNNCell):
        raise TypeError(f"enc_cell is not an RNNCell: {type(enc_cell)}")
    if set(dec_cells_dict) != set(decoder_inputs_dict):
        raise ValueError("keys of dec_cells_dict != keys of decodre_inputs_dict")
    for cell in dec_cells_dict.values():
        if not isinstance(cell, RNNCell):
            raise TypeError(f"dec_cell is not an RNNCell: {type(cell)}")
    outputs, states = {}, {}
    with variable_scope(scope or "one2many_rnn_seq2seq", dtype=dtype) as opened:
        wrapped = EmbeddingWrapper(enc_cell, num_encoder_symbols, embedding_size)
        _, start = static_rnn(wrapped, encoder_inputs, dtype=opened.dtype)
        for name, inputs in decoder_inputs_dict.items():
            symbols = num_decoder_symbols_dict[name]
            with variable_scope(f"one2many_decoder_{name}"):
                cell = OutputProjectionWrapper(dec_cells_dict[name], symbols)
                outputs[name], states[name] = _one_of_many(
                    inputs, start, cell, symbols, embedding_size, feed_previous
                )
    return outputs, states


def _one_of_many(
    inputs: Any,
    start: Any,
    cell: Any,
    symbols: int,
    embedding_size: int,
    feed_previous: Any,
) -> Decoded:
    def decode(fed: bool) -> Decoded:
        return embedding_rnn_decoder(
            inputs, start, cell, symbols, embedding_size, feed_previous=fed
        )

    if isinstance(feed_previous, bool):
        return decode(feed_previous)
    outputs, parts = _fed_by_tensor(feed_previous, decode, len(inputs))
    return outputs, packed(start, parts)
