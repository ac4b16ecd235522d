"""`AttentionWrapper`: a cell that looks at memories in every step.

After ``attention.py``; before ``decoding.py``, for which it is a cell like others. TF
1.15: its state is a named tuple with the cell's own inside, which a beam search has to
take apart.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from scopetutor.engine import defaults, dtypes, nest
from scopetutor.engine.contrib.shapes import with_same_shape
from scopetutor.engine.layers.dense import Dense
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.checks import assert_equal
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.reshaping import expand_dims, squeeze
from scopetutor.engine.rnn.cell import RNNCell, assert_like_rnncell, zero_state_tensors
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.surroundings import control_dependencies, name_scope
from scopetutor.engine.tensor_arrays import TensorArray

from .attention import AttentionMechanism


class AttentionWrapperState(
    namedtuple(
        "AttentionWrapperState",
        (
            "cell_state",
            "attention",
            "time",
            "alignments",
            "alignment_history",
            "attention_state",
        ),
    )
):
    """The cell's state, what was seen last, and with which weights."""

    __slots__ = ()

    def clone(self, **kwargs: Any) -> AttentionWrapperState:
        """The same with some parts replaced; tensors must have the old ones' shapes.

        Raises:
            ValueError: a shape is another.
        """

        def checked(old: Any, new: Any) -> Any:
            if isinstance(old, Tensor) and isinstance(new, Tensor):
                if not defaults.state.eager:
                    return with_same_shape(old, new)
                if old.shape.as_list() != new.shape.as_list():
                    raise ValueError(
                        "The shape of the AttentionWrapperState is expected to be same "
                        f"as the one to clone. self.shape: {old.shape}, input.shape: "
                        f"{new.shape}"
                    )
            return new

        made: AttentionWrapperState = nest.map_structure(
            checked, self, self._replace(**kwargs)
        )
        return made


def _weighed(
    mechanism: Any, cell_output: Any, attention_state: Any, layer: Any
) -> tuple[Any, Any, Any]:
    """What is seen of a memory, the weights, and what the next step is told."""
    alignments, next_state = mechanism(cell_output, state=attention_state)
    context = math.matmul(expand_dims(alignments, 1), mechanism.values)
    context = squeeze(context, [1])
    if layer is not None:
        context = layer(concat([cell_output, context], 1))
    return context, alignments, next_state


class AttentionWrapper(RNNCell):
    """A cell that looks at memories in every step.

    Args:
        cell: the wrapped cell.
        attention_mechanism: one, or a list.
        attention_layer_size: of a layer over output and context; None: no layer.
        alignment_history: whether the weights of all steps are kept.
        cell_input_fn: (inputs, attention) -> the cell's inputs; None: side by side.
        output_attention: whether the outputs are what was seen, or the cell's.
        initial_cell_state: the state that `zero_state` gives; None: zeros.
        name: of the scope.
        attention_layer: instead of a size, the layer or a list.
        attention_fn: looks at one memory; None: the usual way.
        dtype: of the layers.

    Raises:
        TypeError: something is no mechanism, or no function.
        ValueError: sizes and mechanisms are not equally many.
    """

    def __init__(
        self,
        cell: Any,
        attention_mechanism: Any,
        attention_layer_size: Any = None,
        alignment_history: bool = False,
        cell_input_fn: Any = None,
        output_attention: bool = True,
        initial_cell_state: Any = None,
        name: str | None = None,
        attention_layer: Any = None,
        attention_fn: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        assert_like_rnncell("cell", cell)
        self._is_multi = isinstance(attention_mechanism, (list, tuple))
        self._attention_mechanisms = _mechanisms(attention_mechanism)
        if cell_input_fn is None:
            cell_input_fn = _side_by_side
        elif not callable(cell_input_fn):
            raise TypeError(
                f"cell_input_fn must be callable, saw type: "
                f"{type(cell_input_fn).__name__}"
            )
        if attention_layer_size is not None and attention_layer is not None:
            raise ValueError(
                "Only one of attention_layer_size and attention_layer should be set"
            )
        self._cell = cell
        self._set_layers(attention_layer_size, attention_layer)
        self._attention_fn = attention_fn or _weighed
        self._cell_input_fn = cell_input_fn
        self._output_attention = output_attention
        self._alignment_history = alignment_history
        with name_scope(name, "AttentionWrapperInit"):
            self._initial_cell_state = None
            if initial_cell_state is not None:
                self._initial_cell_state = self._checked_start(initial_cell_state)

    def _set_layers(self, sizes: Any, layers: Any) -> None:
        """The layers over output and context, and the size of what is seen."""
        mechanisms = self._attention_mechanisms
        self._attention_layers: Any = None
        if sizes is not None:
            sizes = tuple(sizes) if isinstance(sizes, (list, tuple)) else (sizes,)
            _check_count("size", "integer", sizes, mechanisms)
            self._attention_layers = tuple(
                Dense(size, name="attention_layer", use_bias=False, dtype=one.dtype)
                for size, one in zip(sizes, mechanisms, strict=True)
            )
            self._attention_layer_size = sum(sizes)
        elif layers is not None:
            layers = tuple(layers) if isinstance(layers, (list, tuple)) else (layers,)
            _check_count("", "layer", layers, mechanisms)
            self._attention_layers = layers
            width = self._cell.output_size
            self._attention_layer_size = sum(
                layer.compute_output_shape(
                    TensorShape([None, width + one.values.shape[-1].value])
                )[-1].value
                for layer, one in zip(layers, mechanisms, strict=True)
            )
        else:
            self._attention_layer_size = sum(
                one.values.shape[-1].value for one in mechanisms
            )

    def _checked_start(self, state: Any) -> Any:
        last = nest.flatten(state)[-1]
        batch_size = last.shape[0].value or array.shape(last)[0]
        message = (
            f"When constructing AttentionWrapper {self._base_name}: Non-matching batch "
            "sizes between the memory (encoder output) and initial_cell_state.  Are "
            "you using the BeamSearchDecoder?  You may need to tile your initial state "
            "via the tf.contrib.seq2seq.tile_batch function with argument "
            "multiple=beam_width."
        )
        with control_dependencies(self._batch_size_checks(batch_size, message)):
            return nest.map_structure(
                lambda s: array.identity(s, name="check_initial_cell_state"), state
            )

    def _batch_size_checks(self, batch_size: Any, message: str) -> list[Any]:
        return [
            assert_equal(batch_size, one.batch_size, message=message)
            for one in self._attention_mechanisms
        ]

    def _item_or_tuple(self, items: Any) -> Any:
        found = tuple(items)
        return found if self._is_multi else found[0]

    @property
    def output_size(self) -> Any:
        """Of what is seen, or of the cell's outputs."""
        if self._output_attention:
            return self._attention_layer_size
        return self._cell.output_size

    @property
    def state_size(self) -> Any:
        """The sizes of the parts of the state."""
        mechanisms = self._attention_mechanisms
        return AttentionWrapperState(
            cell_state=self._cell.state_size,
            time=TensorShape([]),
            attention=self._attention_layer_size,
            alignments=self._item_or_tuple(one.alignments_size for one in mechanisms),
            attention_state=self._item_or_tuple(one.state_size for one in mechanisms),
            alignment_history=self._item_or_tuple(
                one.alignments_size if self._alignment_history else ()
                for one in mechanisms
            ),
        )

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """The first state: the one given, or zeros; nothing was seen."""
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]):
            cell_state = self._initial_cell_state
            if cell_state is None:
                cell_state = self._cell.get_initial_state(
                    batch_size=batch_size, dtype=dtype
                )
            message = (
                f"When calling zero_state of AttentionWrapper {self._base_name}: "
                "Non-matching batch sizes between the memory (encoder output) and the "
                "requested batch size.  Are you using the BeamSearchDecoder?  If so, "
                "make sure your encoder output has been tiled to beam_width via "
                "tf.contrib.seq2seq.tile_batch, and the batch_size= argument passed to "
                "zero_state is batch_size * beam_width."
            )
            with control_dependencies(self._batch_size_checks(batch_size, message)):
                cell_state = nest.map_structure(
                    lambda s: array.identity(s, name="checked_cell_state"), cell_state
                )
            return self._nothing_seen(cell_state, batch_size, dtype)

    def _nothing_seen(self, cell_state: Any, batch_size: Any, dtype: Any) -> Any:
        mechanisms = self._attention_mechanisms
        alignments = [one.initial_alignments(batch_size, dtype) for one in mechanisms]
        time = array.zeros([], dtype=dtypes.int32)
        attention = zero_state_tensors(self._attention_layer_size, batch_size, dtype)
        return AttentionWrapperState(
            cell_state=cell_state,
            time=time,
            attention=attention,
            alignments=self._item_or_tuple(alignments),
            attention_state=self._item_or_tuple(
                one.initial_state(batch_size, dtype) for one in mechanisms
            ),
            alignment_history=self._item_or_tuple(
                self._new_history(dtype, one.shape) for one in alignments
            ),
        )

    def _new_history(self, dtype: Any, shape: Any) -> Any:
        if not self._alignment_history:
            return ()
        return TensorArray(dtype, size=0, dynamic_size=True, element_shape=shape)

    def call(self, inputs: Any, state: Any) -> Any:
        """What is seen or the cell's outputs, and the next state.

        Raises:
            TypeError: the state is no `AttentionWrapperState`.
        """
        if not isinstance(state, AttentionWrapperState):
            raise TypeError(
                "Expected state to be instance of AttentionWrapperState. Received type "
                f"{type(state)} instead."
            )
        cell_inputs = self._cell_input_fn(inputs, state.attention)
        output, cell_state = self._cell(cell_inputs, state.cell_state)
        output = self._checked_output(output)
        told, histories = state.attention_state, state.alignment_history
        if not self._is_multi:
            told, histories = [told], [histories]
        seen, weights, next_told, next_histories = [], [], [], []
        for i, mechanism in enumerate(self._attention_mechanisms):
            layer = self._attention_layers[i] if self._attention_layers else None
            attention, alignments, told_next = self._attention_fn(
                mechanism, output, told[i], layer
            )
            history = ()
            if self._alignment_history:
                history = histories[i].write(state.time, alignments)
            seen.append(attention)
            weights.append(alignments)
            next_told.append(told_next)
            next_histories.append(history)
        attention = concat(seen, 1)
        next_state = AttentionWrapperState(
            time=state.time + 1,
            cell_state=cell_state,
            attention=attention,
            attention_state=self._item_or_tuple(next_told),
            alignments=self._item_or_tuple(weights),
            alignment_history=self._item_or_tuple(next_histories),
        )
        return (attention if self._output_attention else output), next_state

    def _checked_output(self, output: Any) -> Any:
        batch_size = output.shape[0].value or array.shape(output)[0]
        message = (
            f"When applying AttentionWrapper {self.name}: Non-matching batch sizes "
            "between the memory (encoder output) and the query (decoder output).  Are "
            "you using the BeamSearchDecoder?  You may need to tile your memory input "
            "via the tf.contrib.seq2seq.tile_batch function with argument "
            "multiple=beam_width."
        )
        with control_dependencies(self._batch_size_checks(batch_size, message)):
            return array.identity(output, name="checked_cell_output")


def _side_by_side(inputs: Any, attention: Any) -> Any:
    return concat([inputs, attention], -1)


def _mechanisms(given: Any) -> tuple[Any, ...]:
    if isinstance(given, (list, tuple)):
        for one in given:
            if not isinstance(one, AttentionMechanism):
                raise TypeError(
                    "attention_mechanism must contain only instances of "
                    f"AttentionMechanism, saw type: {type(one).__name__}"
                )
        return tuple(given)
    if not isinstance(given, AttentionMechanism):
        raise TypeError(
            "attention_mechanism must be an AttentionMechanism or list of multiple "
            f"AttentionMechanism instances, saw type: {type(given).__name__}"
        )
    return (given,)


def _check_count(suffix: str, what: str, given: Any, mechanisms: Any) -> None:
    if len(given) != len(mechanisms):
        name = f"attention_layer_{suffix}" if suffix else "attention_layer"
        raise ValueError(
            f"If provided, {name} must contain exactly one {what} per "
            f"attention_mechanism, saw: {len(given)} vs {len(mechanisms)}"
        )
