"""LSTM cells of `tf.contrib.rnn`: normalized, coupled, phased, in groups.

After the cells of ``engine/rnn/cells.py``; unlike those they get their variables with
`get_variable`, when they are called.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults, dtypes, tf_logging
from scopetutor.engine.contrib.layers.normalization import layer_norm as normalize
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import Constant, RandomUniform, Zeros
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops import array, math, nn, random
from scopetutor.engine.ops.clip import clip_by_value
from scopetutor.engine.ops.gathering import where
from scopetutor.engine.ops.joining import concat, split
from scopetutor.engine.ops.slicing import slice as slice_of
from scopetutor.engine.rnn.cell import RNNCell
from scopetutor.engine.rnn.cells import LSTMStateTuple
from scopetutor.engine.scopes import get_variable, get_variable_scope

from .linear import Linear


class _LSTMCell(RNNCell):
    """What the cells below share: a memory and outputs, projected or not."""

    def __init__(
        self, num_units: int, num_proj: int | None, reuse: Any, **kwargs: Any
    ) -> None:
        super().__init__(_reuse=reuse, **kwargs)
        self._num_units = num_units
        self._num_proj = num_proj

    @property
    def state_size(self) -> Any:
        """The sizes of memory and outputs."""
        return LSTMStateTuple(self._num_units, self.output_size)

    @property
    def output_size(self) -> Any:
        """The size of the outputs."""
        return self._num_proj or self._num_units


def depth_of(inputs: Any) -> int:
    """The last size of a cell's inputs, of rank 2.

    Raises:
        ValueError: it is not known, or the rank is another.
    """
    depth: int | None = inputs.get_shape().with_rank(2)[1].value
    if depth is None:
        raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
    return depth


def _normalized(gain: Any, shift: Any, x: Any, scope: str, **kwargs: Any) -> Any:
    """`layer_norm` with `gamma` and `beta` that begin as wanted."""
    shape = x.get_shape()[-1:]
    gamma, beta = Constant(gain), Constant(shift)
    with variable_scope(scope):
        get_variable("gamma", shape=shape, initializer=gamma, **kwargs)
        get_variable("beta", shape=shape, initializer=beta, **kwargs)
    return normalize(x, reuse=True, scope=scope)


class LayerNormBasicLSTMCell(_LSTMCell):
    """A cell whose gates and memory are normalized, with dropout of new values.

    Args:
        num_units: the size of memory and outputs.
        forget_bias: added to the forget gate, so that it begins open.
        input_size: does nothing.
        activation: of new values and outputs.
        layer_norm: whether anything is normalized; if not, there is a bias.
        norm_gain: how the `gamma` begin.
        norm_shift: how the `beta` begin.
        dropout_keep_prob: how likely a new value is kept.
        dropout_prob_seed: of the random numbers.
        reuse: whether the scope's variables are reused.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        input_size: Any = None,
        activation: Any = math.tanh,
        layer_norm: bool = True,
        norm_gain: float = 1.0,
        norm_shift: float = 0.0,
        dropout_keep_prob: Any = 1.0,
        dropout_prob_seed: int | None = None,
        reuse: Any = None,
    ) -> None:
        super().__init__(num_units, None, reuse)
        if input_size is not None:
            tf_logging.warning("%s: The input_size parameter is deprecated.", self)
        self._activation = activation
        self._forget_bias = forget_bias
        self._keep_prob = dropout_keep_prob
        self._seed = dropout_prob_seed
        self._layer_norm = layer_norm
        self._norm_gain = norm_gain
        self._norm_shift = norm_shift

    def _norm(self, x: Any, scope: str, dtype: Any) -> Any:
        if not self._layer_norm:
            return x
        return _normalized(self._norm_gain, self._norm_shift, x, scope, dtype=dtype)

    def _linear(self, args: Any) -> Any:
        size, dtype = 4 * self._num_units, args.dtype
        kernel = get_variable("kernel", [args.get_shape()[-1], size], dtype=dtype)
        product = math.matmul(args, kernel)
        if self._layer_norm:
            return product
        return nn.bias_add(product, get_variable("bias", [size], dtype=dtype))

    def call(self, inputs: Any, state: Any) -> Any:
        """Outputs and next state; the gates are input, new, forget, out."""
        c, h = state
        args = concat([inputs, h], 1)
        parts = split(value=self._linear(args), num_or_size_splits=4, axis=1)
        names = ("input", "transform", "forget", "output")
        i, j, f, o = (
            self._norm(part, name, args.dtype)
            for part, name in zip(parts, names, strict=True)
        )
        g = self._activation(j)
        if not isinstance(self._keep_prob, float) or self._keep_prob < 1:
            g = nn.dropout(g, self._keep_prob, seed=self._seed)
        new_c = c * math.sigmoid(f + self._forget_bias) + math.sigmoid(i) * g
        new_c = self._norm(new_c, "state", args.dtype)
        new_h = self._activation(new_c) * math.sigmoid(o)
        return new_h, LSTMStateTuple(new_c, new_h)


def _in_shards(name: str, shape: list[int], dtype: Any, shards: int) -> Any:
    """A matrix of several variables, which TF 1.15 puts together once in a scope.

    Raises:
        ValueError: there are more variables than rows.
    """
    if shards > shape[0]:
        raise ValueError(f"Too many shards: shape={shape}, num_shards={shards}")
    rows, more = divmod(shape[0], shards)
    parts = [
        get_variable(f"{name}_{i}", [rows + (i < more), *shape[1:]], dtype=dtype)
        for i in range(shards)
    ]
    if shards == 1:
        return parts[0]
    joined = f"{name}/concat"
    full = f"{get_variable_scope().name}/{joined}:0"
    graph = defaults.get_default_graph()
    for value in graph.get_collection(GraphKeys.CONCATENATED_VARIABLES):
        if value.name == full:
            return value
    matrix = concat(parts, 0, name=joined)
    graph.add_to_collection(GraphKeys.CONCATENATED_VARIABLES, matrix)
    return matrix


class CoupledInputForgetGateLSTMCell(_LSTMCell):
    """A cell that takes in as much as it forgets.

    Args:
        num_units: the size of the memory.
        use_peepholes: whether the gates see the memory.
        initializer: does nothing in TF 1.15.
        num_proj: the size of the outputs, if they are projected.
        proj_clip: the projected outputs' largest size.
        num_unit_shards: how many variables make up `W`.
        num_proj_shards: how many variables make up `W_P`.
        forget_bias: added to the forget gate, so that it begins open.
        state_is_tuple: whether the state is an LSTMStateTuple, or one tensor.
        activation: of new values and outputs.
        reuse: whether the scope's variables are reused.
        layer_norm: whether gates and memory are normalized.
        norm_gain: how the `gamma` begin.
        norm_shift: how the `beta` begin.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: Any = None,
        num_unit_shards: int = 1,
        num_proj_shards: int = 1,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Any = math.tanh,
        reuse: Any = None,
        layer_norm: bool = False,
        norm_gain: float = 1.0,
        norm_shift: float = 0.0,
    ) -> None:
        super().__init__(num_units, num_proj, reuse)
        if not state_is_tuple:
            tf_logging.warn(
                "%s: Using a concatenated state is slower and will soon be "
                "deprecated.  Use state_is_tuple=True.",
                self,
            )
        self._use_peepholes = use_peepholes
        self._proj_clip = proj_clip
        self._num_unit_shards = num_unit_shards
        self._num_proj_shards = num_proj_shards
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        self._activation = activation
        self._layer_norm = layer_norm
        self._norm_gain = norm_gain
        self._norm_shift = norm_shift

    @property
    def state_size(self) -> Any:
        """The sizes of memory and outputs."""
        sizes = super().state_size
        return sizes if self._state_is_tuple else sum(sizes)

    def _norm(self, x: Any, scope: str) -> Any:
        if not self._layer_norm:
            return x
        return _normalized(self._norm_gain, self._norm_shift, x, scope)

    def _split_state(self, state: Any) -> Any:
        if self._state_is_tuple:
            return state
        size = self._num_units if self._num_proj is None else self._num_proj
        memory = slice_of(state, [0, 0], [-1, self._num_units])
        return memory, slice_of(state, [0, self._num_units], [-1, size])

    def _gates(self, inputs: Any, m_prev: Any) -> Any:
        """New values, forgetting and output, before their activations."""
        depth, units, dtype = depth_of(inputs), self._num_units, inputs.dtype
        size = units if self._num_proj is None else self._num_proj
        w = _in_shards("W", [depth + size, 3 * units], dtype, self._num_unit_shards)
        b = get_variable("B", shape=[3 * units], initializer=Zeros(), dtype=dtype)
        product = math.matmul(concat([inputs, m_prev], 1), w)
        if not self._layer_norm:
            product = nn.bias_add(product, b)
        parts = split(value=product, num_or_size_splits=3, axis=1)
        names = ("transform", "forget", "output")
        return [self._norm(x, name) for x, name in zip(parts, names, strict=True)]

    def call(self, inputs: Any, state: Any) -> Any:
        """Outputs and next state."""
        c_prev, m_prev = self._split_state(state)
        dtype, units = inputs.dtype, [self._num_units]
        j, f, o = self._gates(inputs, m_prev)
        if self._use_peepholes:
            w_f = get_variable("W_F_diag", shape=units, dtype=dtype)
            w_o = get_variable("W_O_diag", shape=units, dtype=dtype)
            forget = math.sigmoid(f + self._forget_bias + w_f * c_prev)
        else:
            forget = math.sigmoid(f + self._forget_bias)
        c = forget * c_prev + (1 - forget) * self._activation(j)
        c = self._norm(c, "state")
        seen = o + w_o * c if self._use_peepholes else o
        m = self._projected(math.sigmoid(seen) * self._activation(c), dtype)
        if self._state_is_tuple:
            return m, LSTMStateTuple(c, m)
        return m, concat([c, m], 1)

    def _projected(self, m: Any, dtype: Any) -> Any:
        if self._num_proj is None:
            return m
        shape = [self._num_units, self._num_proj]
        m = math.matmul(m, _in_shards("W_P", shape, dtype, self._num_proj_shards))
        if self._proj_clip is not None:
            m = clip_by_value(m, -self._proj_clip, self._proj_clip)
        return m


class PhasedLSTMCell(_LSTMCell):
    """A cell that is open at times only; its inputs are (time, values).

    Args:
        num_units: the size of memory and outputs.
        use_peepholes: whether the gates see the memory.
        leak: how far it is open when it is closed.
        ratio_on: which part of a period it is open.
        trainable_ratio_on: whether `ratio_on` is learned.
        period_init_min: the shortest period at first.
        period_init_max: the longest period at first.
        reuse: whether the scope's variables are reused.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        leak: float = 0.001,
        ratio_on: float = 0.1,
        trainable_ratio_on: bool = True,
        period_init_min: float = 1.0,
        period_init_max: float = 1000.0,
        reuse: Any = None,
    ) -> None:
        super().__init__(num_units, None, reuse, autocast=False)
        self._use_peepholes = use_peepholes
        self._leak = leak
        self._ratio_on = ratio_on
        self._trainable_ratio_on = trainable_ratio_on
        self._period_init_min = period_init_min
        self._period_init_max = period_init_max
        self._linears: dict[str, Linear] = {}

    def _linear(self, name: str, args: Any, columns: int) -> Any:
        with variable_scope(name):
            if name not in self._linears:
                self._linears[name] = Linear(args, columns, True)
            activation = math.tanh if name == "new_input" else math.sigmoid
            result = activation(self._linears[name](args))
            if name == "mask_gates":
                return split(axis=1, num_or_size_splits=2, value=result)
            return result

    def call(self, inputs: Any, state: Any) -> Any:
        """Outputs and next state."""
        c_prev, h_prev = state
        time, x = inputs
        units, peeps = self._num_units, self._use_peepholes
        seen = [x, h_prev, c_prev] if peeps else [x, h_prev]
        input_gate, forget_gate = self._linear("mask_gates", seen, 2 * units)
        new_input = self._linear("new_input", [x, h_prev], units)
        new_c = c_prev * forget_gate + input_gate * new_input
        seen = [x, h_prev, new_c] if peeps else [x, h_prev]
        output_gate = self._linear("output_gate", seen, units)
        new_h = math.tanh(new_c) * output_gate
        k = self._openness(time)
        new_c = k * new_c + (1 - k) * c_prev
        new_h = k * new_h + (1 - k) * h_prev
        return new_h, LSTMStateTuple(new_c, new_h)

    def _openness(self, time: Any) -> Any:
        """How far the cell is open at a time, from 0 to 1."""
        units = [self._num_units]
        period = get_variable("period", units, initializer=self._random_period)
        phase = get_variable(
            "phase", units, initializer=RandomUniform(0.0, period.initial_value)
        )
        ratio_on = get_variable(
            "ratio_on",
            units,
            initializer=Constant(self._ratio_on),
            trainable=self._trainable_ratio_on,
        )
        cycle = _cycle_ratio(time, phase, period)
        rising = 2 * cycle / ratio_on
        falling = 2 - rising
        closed = self._leak * cycle
        k = where(cycle < ratio_on, falling, closed)
        return where(cycle < 0.5 * ratio_on, rising, k)

    def _random_period(
        self, shape: Any, dtype: Any = dtypes.float32, partition_info: Any = None
    ) -> Any:
        """An initializer: numbers whose logarithms are uniform."""
        low = math.log(self._period_init_min)
        high = math.log(self._period_init_max)
        return math.exp(random.random_uniform(shape, low, high, dtype, seed=None))


def _cycle_ratio(time: Any, phase: Any, period: Any) -> Any:
    """Which part of its period has gone by; its gradient is that of the time."""
    phase = math.cast(phase, dtype=time.dtype)
    period = math.cast(period, dtype=time.dtype)
    shifted = time - phase
    rest = array.stop_gradient(math.mod(shifted, period) - shifted) + shifted
    return math.cast(rest / period, dtype=dtypes.float32)


class GLSTMCell(_LSTMCell):
    """A cell of several small ones, each of which sees its part of the inputs.

    Args:
        num_units: the size of the memory.
        initializer: how the variables begin.
        num_proj: the size of the outputs, if they are projected.
        number_of_groups: how many small cells there are.
        forget_bias: added to the forget gate, so that it begins open.
        activation: of the outputs.
        reuse: whether the scope's variables are reused.

    Raises:
        ValueError: a size cannot be divided by the number of groups.
    """

    def __init__(
        self,
        num_units: int,
        initializer: Any = None,
        num_proj: int | None = None,
        number_of_groups: int = 1,
        forget_bias: float = 1.0,
        activation: Any = math.tanh,
        reuse: Any = None,
    ) -> None:
        super().__init__(num_units, num_proj, reuse)
        self._initializer = initializer
        self._forget_bias = forget_bias
        self._activation = activation
        self._number_of_groups = number_of_groups
        if num_units % number_of_groups:
            raise ValueError("num_units must be divisible by number_of_groups")
        if num_proj and num_proj % number_of_groups:
            raise ValueError("num_proj must be divisible by number_of_groups")
        self._linears: dict[int, Linear] = {}
        self._projection: Any = None

    def call(self, inputs: Any, state: Any) -> Any:
        """Outputs and next state."""
        c_prev, m_prev = state
        batch = inputs.shape[0].value or array.shape(inputs)[0]
        depth = inputs.shape[1].value
        if depth is None:
            raise ValueError("input size must be statically known")
        groups = self._number_of_groups
        if depth % groups:
            raise ValueError(
                f"input size ({depth}) must be divisible by number_of_groups ({groups})"
            )
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            parts = [self._group(i, inputs, m_prev, batch) for i in range(groups)]
            i, j, f, o = self._biased(parts, inputs.dtype)
        c = math.sigmoid(f + self._forget_bias) * c_prev + math.sigmoid(i) * math.tanh(
            j
        )
        m = math.sigmoid(o) * self._activation(c)
        if self._num_proj is not None:
            with variable_scope("projection"):
                if self._projection is None:
                    self._projection = Linear(m, self._num_proj, False)
                m = self._projection(m)
        return m, LSTMStateTuple(c, m)

    def _group(self, i: int, inputs: Any, m_prev: Any, batch: Any) -> Any:
        """The four gates of one of the small cells."""

        def part(x: Any, total: int) -> Any:
            size = total // self._number_of_groups
            return slice_of(
                x, [0, i * size], [batch, size], name=f"GLSTM_group{i}_input_generation"
            )

        with variable_scope(f"group{i}"):
            seen = concat(
                [part(inputs, inputs.shape[1].value), part(m_prev, self.output_size)],
                axis=1,
            )
            if i not in self._linears:
                size = self._num_units // self._number_of_groups
                self._linears[i] = Linear(seen, 4 * size, False)
            return split(self._linears[i](seen), 4, 1)

    def _biased(self, parts: Any, dtype: Any) -> Any:
        """The gates of all small cells side by side, plus their biases."""
        biases = [
            get_variable(
                name=f"bias_{gate}",
                shape=[self._num_units],
                dtype=dtype,
                initializer=Constant(0.0, dtype=dtype),
            )
            for gate in "ijfo"
        ]
        gates = zip(zip(*parts, strict=True), biases, strict=True)
        return [nn.bias_add(concat(list(gate), axis=1), bias) for gate, bias in gates]
