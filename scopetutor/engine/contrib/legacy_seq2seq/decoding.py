"""Decoders: a cell run over a list of inputs, or over its own last output.

After attention and the cells of `rnn`; before models. A loop function makes the next
input of the last output: for translating, where there is no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.ops import array, math, nn
from scopetutor.engine.ops.embedding import embedding_lookup
from scopetutor.engine.scopes import get_variable, get_variable_scope

from .attention import Attention

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Tensor

    LoopFunction = Callable[[Any, int], Any]


def embedded_argmax(
    embedding: Any, output_projection: Any = None, update_embedding: bool = True
) -> LoopFunction:
    """A loop function: the embedding of the likeliest symbol of the last output.

    Args:
        embedding: [symbols, size].
        output_projection: (weights, biases) from outputs to symbols; None: outputs are
            logits already.
        update_embedding: whether gradients flow into the embedding here.
    """

    def loop_function(prev: Any, _: int) -> Any:
        if output_projection is not None:
            prev = nn.xw_plus_b(prev, output_projection[0], output_projection[1])
        embedded = embedding_lookup(embedding, math.argmax(prev, 1))
        return embedded if update_embedding else array.stop_gradient(embedded)

    return loop_function


def check_projection(projection: Any, num_symbols: int, dtype: Any) -> None:
    """ValueError unless (weights, biases) give as many symbols as there are."""
    weights = convert_to_tensor(projection[0], dtype=dtype)
    weights.get_shape().assert_is_compatible_with([None, num_symbols])
    biases = convert_to_tensor(projection[1], dtype=dtype)
    biases.get_shape().assert_is_compatible_with([num_symbols])


def _from_last(
    loop_function: LoopFunction | None, prev: Any, i: int, given: Any
) -> Any:
    """The input of a step: what the loop function makes of the last output."""
    if loop_function is None or prev is None:
        return given
    with variable_scope("loop_function", reuse=True):
        return loop_function(prev, i)


def rnn_decoder(
    decoder_inputs: Any,
    initial_state: Any,
    cell: Any,
    loop_function: LoopFunction | None = None,
    scope: Any = None,
) -> tuple[list[Tensor], Any]:
    """Runs a cell over a list of inputs.

    Args:
        decoder_inputs: [batch, size] each; with a loop function, the first one counts.
        initial_state: the first state.
        cell: one step.
        loop_function: (last output, step) -> the next input; None: the inputs given.
        scope: of the variables; None: `rnn_decoder`.

    Returns:
        The list of outputs, and the last state.
    """
    with variable_scope(scope or "rnn_decoder"):
        state, outputs, prev = initial_state, [], None
        for i, given in enumerate(decoder_inputs):
            current = _from_last(loop_function, prev, i, given)
            if i > 0:
                get_variable_scope().reuse_variables()
            prev, state = cell(current, state)
            outputs.append(prev)
    return outputs, state


def embedding_rnn_decoder(
    decoder_inputs: Any,
    initial_state: Any,
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    output_projection: Any = None,
    feed_previous: bool = False,
    update_embedding_for_previous: bool = True,
    scope: Any = None,
) -> tuple[list[Tensor], Any]:
    """As `rnn_decoder`, over symbols that the variable `embedding` gives rows for.

    Args:
        decoder_inputs: [batch] each, whole numbers.
        initial_state: the first state.
        cell: one step.
        num_symbols: how many symbols there are.
        embedding_size: of one row.
        output_projection: (weights, biases) from outputs to symbols.
        feed_previous: whether the likeliest symbol of each step is the next input.
        update_embedding_for_previous: whether gradients flow through that.
        scope: of the variables; None: `embedding_rnn_decoder`.
    """
    with variable_scope(scope or "embedding_rnn_decoder") as opened:
        if output_projection is not None:
            check_projection(output_projection, num_symbols, opened.dtype)
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        loop_function = None
        if feed_previous:
            loop_function = embedded_argmax(
                embedding, output_projection, update_embedding_for_previous
            )
        embedded = (embedding_lookup(embedding, ids) for ids in decoder_inputs)
        return rnn_decoder(embedded, initial_state, cell, loop_function=loop_function)


def attention_decoder(
    decoder_inputs: Any,
    initial_state: Any,
    attention_states: Any,
    cell: Any,
    output_size: int | None = None,
    num_heads: int = 1,
    loop_function: LoopFunction | None = None,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> tuple[list[Tensor], Any]:
    """As `rnn_decoder`, each step looking at the states of an encoder.

    Args:
        decoder_inputs: [batch, size] each.
        initial_state: the first state.
        attention_states: [batch, steps, size].
        cell: one step.
        output_size: of the outputs; None: the cell's.
        num_heads: how often each step looks.
        loop_function: (last output, step) -> the next input; None: the inputs given.
        dtype: None: the scope's.
        scope: of the variables; None: `attention_decoder`.
        initial_state_attention: whether the first state looks too; False: it sees 0.

    Raises:
        ValueError: no inputs, no heads, or sizes that are not known.
    """
    if not decoder_inputs:
        raise ValueError("Must provide at least 1 input to attention decoder.")
    if num_heads < 1:
        raise ValueError("With less than 1 heads, use a non-attention decoder.")
    shape = attention_states.get_shape()
    if shape[2].value is None:
        raise ValueError(f"Shape[2] of attention_states must be known: {shape}")
    if output_size is None:
        output_size = cell.output_size
    with variable_scope(scope or "attention_decoder", dtype=dtype) as opened:
        batch_size = array.shape(decoder_inputs[0])[0]
        attention = Attention(attention_states, num_heads, opened.dtype)
        seen = attention.nothing(batch_size)
        if initial_state_attention:
            seen = attention(initial_state)
        state, outputs, prev = initial_state, [], None
        for i, given in enumerate(decoder_inputs):
            if i > 0:
                get_variable_scope().reuse_variables()
            current = _from_last(loop_function, prev, i, given)
            cell_output, state = cell(attention.with_input(current, seen), state)
            if i == 0 and initial_state_attention:
                with variable_scope(get_variable_scope(), reuse=True):
                    seen = attention(state)
            else:
                seen = attention(state)
            prev = attention.output(cell_output, seen, output_size)
            outputs.append(prev)
    return outputs, state


def embedding_attention_decoder(
    decoder_inputs: Any,
    initial_state: Any,
    attention_states: Any,
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    num_heads: int = 1,
    output_size: int | None = None,
    output_projection: Any = None,
    feed_previous: bool = False,
    update_embedding_for_previous: bool = True,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> tuple[list[Tensor], Any]:
    """As `attention_decoder`, over symbols; see `embedding_rnn_decoder`."""
    if output_size is None:
        output_size = cell.output_size
    if output_projection is not None:
        biases = convert_to_tensor(output_projection[1], dtype=dtype)
        biases.get_shape().assert_is_compatible_with([num_symbols])
    with variable_scope(scope or "embedding_attention_decoder", dtype=dtype):
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        loop_function = None
        if feed_previous:
            loop_function = embedded_argmax(
                embedding, output_projection, update_embedding_for_previous
            )
        return attention_decoder(
            [embedding_lookup(embedding, ids) for ids in decoder_inputs],
            initial_state,
            attention_states,
            cell,
            output_size=output_size,
            num_heads=num_heads,
            loop_function=loop_function,
            initial_state_attention=initial_state_attention,
        )
