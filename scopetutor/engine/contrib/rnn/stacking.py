"""Layers of cells for both directions; each layer sees both of the one before.

After ``rnn/static.py`` and ``rnn/dynamic.py``, which run one layer both ways; here its
outputs are joined and given to the next. TF 1.15: the scopes are `cell_0`, `cell_1`, ….
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.entering import variable_scope
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.rnn.dynamic import bidirectional_dynamic_rnn
from scopetutor.engine.rnn.static import static_bidirectional_rnn


def _check(cells_fw: Any, cells_bw: Any, states_fw: Any, states_bw: Any) -> None:
    """ValueError unless there are as many cells and states for both directions."""
    for way, cells in (("fw", cells_fw), ("bw", cells_bw)):
        if not cells:
            raise ValueError(
                f"Must specify at least one {way} cell for BidirectionalRNN."
            )
    for way, cells in (("fw", cells_fw), ("bw", cells_bw)):
        if not isinstance(cells, list):
            raise ValueError(f"cells_{way} must be a list of RNNCells (one per layer).")
    if len(cells_fw) != len(cells_bw):
        raise ValueError("Forward and Backward cells must have the same depth.")
    for way, states in (("fw", states_fw), ("bw", states_bw)):
        if states is not None and (
            not isinstance(states, list) or len(states) != len(cells_fw)
        ):
            raise ValueError(
                f"initial_states_{way} must be a list of state tensors (one per layer)."
            )


def _first(states: Any, i: int) -> Any:
    return states[i] if states else None


def stack_bidirectional_rnn(
    cells_fw: Any,
    cells_bw: Any,
    inputs: Any,
    initial_states_fw: Any = None,
    initial_states_bw: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[Any, tuple[Any, ...], tuple[Any, ...]]:
    """Layers of `static_bidirectional_rnn`, over a list of inputs.

    Args:
        cells_fw: a list of cells, one for each layer.
        cells_bw: as many, for the other direction.
        inputs: a list of [batch, size], one for each step.
        initial_states_fw: a list, one for each layer; None: zeros.
        initial_states_bw: the same for the other direction.
        dtype: of the states; must be given without initial states.
        sequence_length: [batch]; beyond it, outputs are 0 and the state stays.
        scope: None: `stack_bidirectional_rnn`; the layers are `cell_0`, `cell_1`, …

    Returns:
        The outputs, and the last states of both directions by layer.
    """
    _check(cells_fw, cells_bw, initial_states_fw, initial_states_bw)
    outputs, states_fw, states_bw = inputs, [], []
    with variable_scope(scope or "stack_bidirectional_rnn"):
        for i, (cell_fw, cell_bw) in enumerate(zip(cells_fw, cells_bw, strict=True)):
            with variable_scope(f"cell_{i}") as layer:
                outputs, state_fw, state_bw = static_bidirectional_rnn(
                    cell_fw,
                    cell_bw,
                    outputs,
                    initial_state_fw=_first(initial_states_fw, i),
                    initial_state_bw=_first(initial_states_bw, i),
                    sequence_length=sequence_length,
                    dtype=dtype,
                    scope=layer,
                )
            states_fw.append(state_fw)
            states_bw.append(state_bw)
    return outputs, tuple(states_fw), tuple(states_bw)


def stack_bidirectional_dynamic_rnn(
    cells_fw: Any,
    cells_bw: Any,
    inputs: Any,
    initial_states_fw: Any = None,
    initial_states_bw: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    parallel_iterations: Any = None,
    time_major: bool = False,
    scope: Any = None,
    swap_memory: bool = False,
) -> tuple[Any, tuple[Any, ...], tuple[Any, ...]]:
    """Layers of `bidirectional_dynamic_rnn`, over [batch, time, size].

    The further arguments are those of `dynamic_rnn` and `stack_bidirectional_rnn`.

    Returns:
        The outputs, and the last states of both directions by layer.
    """
    _check(cells_fw, cells_bw, initial_states_fw, initial_states_bw)
    outputs, states_fw, states_bw = inputs, [], []
    with variable_scope(scope or "stack_bidirectional_rnn"):
        for i, (cell_fw, cell_bw) in enumerate(zip(cells_fw, cells_bw, strict=True)):
            with variable_scope(f"cell_{i}"):
                both, (state_fw, state_bw) = bidirectional_dynamic_rnn(
                    cell_fw,
                    cell_bw,
                    outputs,
                    initial_state_fw=_first(initial_states_fw, i),
                    initial_state_bw=_first(initial_states_bw, i),
                    sequence_length=sequence_length,
                    parallel_iterations=parallel_iterations,
                    dtype=dtype,
                    swap_memory=swap_memory,
                    time_major=time_major,
                )
                outputs = concat(both, 2)
            states_fw.append(state_fw)
            states_bw.append(state_bw)
    return outputs, tuple(states_fw), tuple(states_bw)
