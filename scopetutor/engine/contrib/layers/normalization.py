"""`tf.contrib.layers.layer_norm`, `instance_norm` and `group_norm`.

Outputs of mean 0 and variance 1 over some axes of each example. For `batch_norm`, which
is over a batch and keeps averages, see ``batch_norm.py``.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.contrib.arg_scope import add_arg_scope
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import Ones
from scopetutor.engine.ops import array, math, normalize
from scopetutor.engine.ops.reshaping import reshape

from .making import ZEROS, finish, weight

ONES = Ones()


@add_arg_scope
def layer_norm(
    inputs: Any,
    center: bool = True,
    scale: bool = True,
    activation_fn: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: Any = True,
    begin_norm_axis: int = 1,
    begin_params_axis: int = -1,
    scope: Any = None,
) -> Any:
    """Normalized over all axes from `begin_norm_axis` on.

    Args:
        inputs: a tensor.
        center: whether `beta` is added.
        scale: whether it is multiplied by `gamma`.
        activation_fn: None: none.
        reuse: whether the scope's variables are reused.
        variables_collections: for both variables, or by "beta" and "gamma".
        outputs_collections: where the result is entered.
        trainable: whether the variables are entered in TRAINABLE_VARIABLES.
        begin_norm_axis: the first axis of what is normalized together.
        begin_params_axis: the first axis of `beta` and `gamma`.
        scope: of the variables; None: `LayerNorm`, made unique.
    """
    with variable_scope(scope, "LayerNorm", [inputs], reuse=reuse) as sc:
        inputs = convert_to_tensor(inputs)
        shape = inputs.shape
        if shape.ndims is None:
            raise ValueError(f"Inputs {inputs.name} has undefined rank.")
        dtype = inputs.dtype.base_dtype
        if begin_norm_axis < 0:
            begin_norm_axis += shape.ndims
        if begin_params_axis >= shape.ndims or begin_norm_axis >= shape.ndims:
            raise ValueError(
                f"begin_params_axis ({begin_params_axis}) and begin_norm_axis "
                f"({begin_norm_axis}) must be < rank(inputs) ({shape.ndims})"
            )
        params = shape[begin_params_axis:]
        if not params.is_fully_defined():
            raise ValueError(
                f"Inputs {inputs.name}: shape(inputs)[{begin_params_axis}:] is not "
                f"fully defined: {shape}"
            )
        made = _Parameters(params, dtype, {}, variables_collections, trainable)
        beta = made.beta() if center else None
        gamma = made.gamma() if scale else None
        axes = list(range(begin_norm_axis, shape.ndims))
        mean, variance = normalize.moments(inputs, axes, keep_dims=True)
        outputs = normalize.batch_normalization(
            inputs,
            mean,
            variance,
            offset=beta,
            scale=gamma,
            variance_epsilon=1e-3 if dtype == dtypes.float16 else 1e-12,
        )
        outputs.set_shape(shape)
        return finish(outputs, activation_fn, outputs_collections, sc.name)


class _Parameters:
    """Makes `beta` and `gamma`."""

    def __init__(
        self,
        shape: Any,
        dtype: Any,
        initializers: Any,
        variables_collections: Any,
        trainable: Any,
    ) -> None:
        self._shape = shape
        self._dtype = dtype
        self._initializers = initializers or {}
        self._collections = variables_collections
        self._trainable = trainable

    def beta(self) -> Any:
        """What is added."""
        return self._make("beta", ZEROS)

    def gamma(self) -> Any:
        """What it is multiplied by."""
        return self._make("gamma", ONES)

    def _make(self, name: str, initializer: Any) -> Any:
        initializer = self._initializers.get(name, initializer)
        return weight(
            name,
            self._shape,
            self._dtype,
            initializer,
            self._collections,
            self._trainable,
        )


@add_arg_scope
def instance_norm(
    inputs: Any,
    center: bool = True,
    scale: bool = True,
    epsilon: float = 1e-6,
    activation_fn: Any = None,
    param_initializers: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: Any = True,
    data_format: str = "NHWC",
    scope: Any = None,
) -> Any:
    """Normalized over space, for each example and channel.

    `epsilon` is added to the variance, `param_initializers` is by "beta" and "gamma";
    the other arguments are those of `layer_norm`.
    """
    inputs = convert_to_tensor(inputs)
    shape = inputs.shape
    if shape.ndims is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank.")
    if data_format not in ("NCHW", "NHWC"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    with variable_scope(scope, "InstanceNorm", [inputs], reuse=reuse) as sc:
        channel = 1 if data_format == "NCHW" else shape.ndims - 1
        axes = [axis for axis in range(1, shape.ndims) if axis != channel]
        params = shape[channel : channel + 1]
        if not params.is_fully_defined():
            raise ValueError(
                f"Inputs {inputs.name} has undefined channels dimension {params}."
            )
        spread = [1, params[0].value, *[1] * (shape.ndims - 2)]
        made = _Parameters(
            params,
            inputs.dtype.base_dtype,
            param_initializers,
            variables_collections,
            trainable,
        )
        beta = gamma = None
        if center:
            beta = made.beta()
            beta = reshape(beta, spread) if channel == 1 else beta
        if scale:
            gamma = made.gamma()
            gamma = reshape(gamma, spread) if channel == 1 else gamma
        mean, variance = normalize.moments(inputs, axes, keep_dims=True)
        outputs = normalize.batch_normalization(
            inputs, mean, variance, beta, gamma, epsilon, name="instancenorm"
        )
        return finish(outputs, activation_fn, outputs_collections, sc.name)


@add_arg_scope
def group_norm(
    inputs: Any,
    groups: int = 32,
    channels_axis: int = -1,
    reduction_axes: Any = (-3, -2),
    center: bool = True,
    scale: bool = True,
    epsilon: float = 1e-6,
    activation_fn: Any = None,
    param_initializers: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: Any = True,
    scope: Any = None,
    mean_close_to_zero: bool = False,
) -> Any:
    """Normalized over space and a group of channels, for each example.

    Args:
        inputs: a tensor.
        groups: into how many the channels are divided.
        channels_axis: which axis they are.
        reduction_axes: the axes of space.
        center: whether `beta` is added.
        scale: whether it is multiplied by `gamma`.
        epsilon: added to the variance.
        activation_fn: None: none.
        param_initializers: by "beta" and "gamma".
        reuse: whether the scope's variables are reused.
        variables_collections: for both variables, or by "beta" and "gamma".
        outputs_collections: where the result is entered.
        trainable: whether the variables are entered in TRAINABLE_VARIABLES.
        scope: of the variables; None: `GroupNorm`, made unique.
        mean_close_to_zero: whether mean and square are computed in one go.
    """
    inputs = convert_to_tensor(inputs)
    grouping = _Grouping(inputs, groups, channels_axis, list(reduction_axes))
    inputs = reshape(inputs, grouping.shape)
    with variable_scope(scope, "GroupNorm", [inputs], reuse=reuse) as sc:
        made = _Parameters(
            [grouping.channels],
            inputs.dtype.base_dtype,
            param_initializers,
            variables_collections,
            trainable,
        )
        beta = reshape(made.beta(), grouping.spread) if center else None
        gamma = reshape(made.gamma(), grouping.spread) if scale else None
        if mean_close_to_zero:
            counts, means, variances, _ = normalize.sufficient_statistics(
                inputs, grouping.axes, keep_dims=True
            )
            mean, variance = normalize.normalize_moments(
                counts, means, variances, shift=None
            )
        else:
            mean, variance = normalize.moments(inputs, grouping.axes, keep_dims=True)
        gain = math.rsqrt(variance + epsilon)
        offset = -mean * gain
        if gamma is not None:
            gain *= gamma
            offset *= gamma
        if beta is not None:
            offset += beta
        outputs = reshape(inputs * gain + offset, grouping.original)
        return finish(outputs, activation_fn, outputs_collections, sc.name)


class _Grouping:
    """How channels are divided into groups.

    Attributes:
        channels: how many there are.
        original: the sizes of the inputs; tensors where they are not known.
        shape: the same, with the channels as [groups, channels of a group].
        spread: the shape of `beta` and `gamma` that goes with it.
        axes: what is normalized together.
    """

    def __init__(
        self, inputs: Any, groups: int, channels_axis: int, reduction_axes: list[int]
    ) -> None:
        rank = inputs.shape.ndims
        if rank is None:
            raise ValueError(f"Inputs {inputs.name} has undefined rank.")
        if channels_axis > rank - 1:
            raise ValueError("Axis is out of bounds.")
        sizes = array.shape(inputs)
        self.original = [
            sizes[i] if size.value is None else size
            for i, size in enumerate(inputs.shape)
        ]
        if channels_axis < 0:
            channels_axis += rank
        self.channels = inputs.shape[channels_axis].value
        if self.channels is None:
            raise ValueError(
                f"Inputs {inputs.name} has undefined channel dimension: "
                f"{channels_axis}."
            )
        space = [axis + rank if axis < 0 else axis for axis in reduction_axes]
        self._check(inputs, groups, channels_axis, space)
        before = self.original[:channels_axis]
        after = self.original[channels_axis + 1 :]
        divided = [groups, self.channels // groups]
        self.shape = [*before, *divided, *after]
        self.spread = [*[1] * len(before), *divided, *[1] * len(after)]
        self.axes = [channels_axis + 1]
        self.axes += [axis + 1 if axis > channels_axis else axis for axis in space]

    def _check(
        self, inputs: Any, groups: int, channels_axis: int, space: list[int]
    ) -> None:
        for axis in space:
            if axis > inputs.shape.ndims:
                raise ValueError("Axis is out of bounds.")
            if inputs.shape[axis].value is None:
                raise ValueError(
                    f"Inputs {inputs.name} has undefined dimensions {axis}."
                )
            if channels_axis == axis:
                raise ValueError(
                    "reduction_axis must be mutually exclusive with channels_axis"
                )
        if groups > self.channels:
            raise ValueError(f"Invalid groups {groups} for {self.channels} channels.")
        if self.channels % groups != 0:
            raise ValueError(
                f"{self.channels} channels is not commensurate with {groups} groups."
            )
