"""`tf.keras.layers.BatchNormalization`: outputs of mean 0 and variance 1.

While it trains it takes mean and variance of the batch, and moves its own towards them:
two operations that training must run (`updates`, the collection UPDATE_OPS). Otherwise
it takes its own. Images go through one fused operation.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import constants, dtypes
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math, nn, normalize, state
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.shapes import TensorShape
from scopetutor.engine.smart_cond import smart_cond, smart_constant_value
from scopetutor.engine.surroundings import (
    colocate_with,
    control_dependencies,
    name_scope,
)
from scopetutor.engine.variables import VariableAggregation, VariableSynchronization

from . import constraints, initializers, lookup, regularizers
from .input_spec import InputSpec
from .layer import Layer
from .learning_phase import learning_phase


class BatchNormalization(Layer):
    """Outputs of mean 0 and variance 1 along an axis, then scaled and moved.

    Args:
        axis: whose elements are treated apart, usually the channels; or several.
        momentum: how slowly the moving mean and variance follow the batch's.
        epsilon: added to the variance.
        center, scale: whether there are `beta` and `gamma`.
        beta_initializer, gamma_initializer, moving_mean_initializer,
            moving_variance_initializer: how they begin.
        beta_regularizer, gamma_regularizer: added to the losses.
        beta_constraint, gamma_constraint: applied after each training step.
        renorm: whether the batch's numbers are corrected towards the moving ones.
        renorm_clipping: limits of the correction, by "rmin", "rmax", "dmax".
        renorm_momentum: as momentum, for the correction.
        fused: whether images go through one operation; None: if possible.
        trainable: whether optimizers change `beta` and `gamma`.
        virtual_batch_size: how many examples are normalized together; None: all.
        adjustment: makes a scale and a bias of the inputs' shape, while it trains.
        name: of the layer.
        kwargs: as for every layer.
    """

    gamma: Any
    beta: Any

    def __init__(
        self,
        axis: Any = -1,
        momentum: Any = 0.99,
        epsilon: Any = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: Any = None,
        renorm_momentum: Any = 0.99,
        fused: bool | None = None,
        trainable: bool = True,
        virtual_batch_size: int | None = None,
        adjustment: Any = None,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        if not isinstance(axis, (list, int)):
            raise TypeError(f"axis must be int or list, type given: {type(axis)}")
        self.axis: Any = axis[:] if isinstance(axis, list) else axis
        self.momentum = momentum
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.renorm = renorm
        self.virtual_batch_size = virtual_batch_size
        self.adjustment = adjustment
        self.fused = True if fused is None else fused
        self.supports_masking = True
        self.trainable = trainable
        if renorm:
            self.renorm_clipping = renorm_clipping or {}
            self.renorm_momentum = renorm_momentum
            keys = ["rmax", "rmin", "dmax"]
            if set(self.renorm_clipping) - set(keys):
                raise ValueError(
                    f"renorm_clipping {renorm_clipping} contains keys not in {keys}"
                )

    def _can_be_fused(self) -> bool:
        axes = [self.axis] if isinstance(self.axis, int) else self.axis
        return (
            not self.renorm
            and len(axes) == 1
            and axes[0] in (-3, -1, 1, 3)
            and self.virtual_batch_size is None
            and self.adjustment is None
        )

    @property
    def _param_dtype(self) -> Any:
        half = self.dtype in ("float16", "bfloat16")
        return dtypes.float32 if half else (self.dtype or dtypes.float32)

    # -- weights -------------------------------------------------------------------

    def build(self, input_shape: Any) -> None:
        """Makes `gamma`, `beta`, `moving_mean` and `moving_variance`."""
        shape = TensorShape(input_shape)
        if not shape.ndims:
            raise ValueError("Input has undefined rank:", shape)
        self._set_axes(shape.ndims)
        if self.fused:
            self.fused = shape.ndims == 4 and self._can_be_fused()
        if self.fused:
            self._data_format = {1: "NCHW", 3: "NHWC"}.get(self.axis[0], "")
            if not self._data_format:
                raise ValueError(
                    "Unsupported axis, fused batch norm only supports axis == [1] or "
                    "axis == [3]"
                )
        sizes = {axis: shape[axis].value for axis in self.axis}
        if None in sizes.values():
            raise ValueError(
                "Input has undefined `axis` dimension. Input shape: ", shape
            )
        self.input_spec = InputSpec(ndim=shape.ndims, axes=sizes)
        self._add_weights(self._param_shape(sizes, shape.ndims))
        self.built = True

    def _set_axes(self, ndims: int) -> None:
        axes = [self.axis] if isinstance(self.axis, int) else self.axis
        self.axis = [ndims + axis if axis < 0 else axis for axis in axes]
        for axis in self.axis:
            if not 0 <= axis < ndims:
                raise ValueError(f"Invalid axis: {axis}")
        if len(self.axis) != len(set(self.axis)):
            raise ValueError(f"Duplicate axis: {self.axis}")
        if self.virtual_batch_size is None:
            return
        if self.virtual_batch_size <= 0:
            raise ValueError(
                "virtual_batch_size must be a positive integer that divides the true "
                "batch size of the input Tensor"
            )
        if 0 in self.axis:
            raise ValueError(
                "When using virtual_batch_size, the batch dimension must be 0 and thus "
                "axis cannot include 0"
            )
        if self.adjustment is not None:
            raise ValueError(
                "When using virtual_batch_size, adjustment cannot be specified"
            )

    def _param_shape(self, sizes: dict[int, Any], ndims: int) -> Any:
        if len(sizes) == 1 and self.virtual_batch_size is None:
            return tuple(sizes.values())
        shape = [sizes.get(axis, 1) for axis in range(ndims)]
        if self.virtual_batch_size is not None:
            shape.insert(1, 1)
            self.axis = [axis + 1 for axis in self.axis]
        return shape

    def _add_weights(self, shape: Any) -> None:
        self.gamma = self.beta = None
        if self.scale:
            self.gamma = self._add_trained("gamma", shape)
        elif self.fused:
            self._gamma_const = constants.constant(1.0, self._param_dtype, shape)
        if self.center:
            self.beta = self._add_trained("beta", shape)
        elif self.fused:
            self._beta_const = constants.constant(0.0, self._param_dtype, shape)
        scope: Any = getattr(self, "_scope", None)
        partitioner = scope.partitioner if scope else None
        if scope:
            scope.set_partitioner(None)
        try:
            self._add_moving(shape)
        finally:
            if partitioner:
                scope.set_partitioner(partitioner)

    def _add_trained(self, name: str, shape: Any) -> Any:
        return self.add_weight(
            name=name,
            shape=shape,
            dtype=self._param_dtype,
            initializer=getattr(self, f"{name}_initializer"),
            regularizer=getattr(self, f"{name}_regularizer"),
            constraint=getattr(self, f"{name}_constraint"),
            trainable=True,
            experimental_autocast=False,
        )

    def _add_moved(self, name: str, shape: Any, initializer: Any) -> Any:
        return self.add_weight(
            name=name,
            shape=shape,
            dtype=self._param_dtype,
            initializer=initializer,
            synchronization=VariableSynchronization.ON_READ,
            trainable=False,
            aggregation=VariableAggregation.MEAN,
            experimental_autocast=False,
        )

    def _add_moving(self, shape: Any) -> None:
        mean, variance = self.moving_mean_initializer, self.moving_variance_initializer
        self.moving_mean = self._add_moved("moving_mean", shape, mean)
        self.moving_variance = self._add_moved("moving_variance", shape, variance)
        if not self.renorm:
            return

        def stddev(*args: Any, **kwargs: Any) -> Any:
            return math.sqrt(variance(*args, **kwargs))

        with colocate_with(self.moving_variance):
            self.moving_stddev = self._add_moved("moving_stddev", shape, stddev)
        with colocate_with(self.moving_mean):
            self.renorm_mean = self._add_moved("renorm_mean", shape, mean)
        with colocate_with(self.moving_stddev):
            self.renorm_stddev = self._add_moved("renorm_stddev", shape, stddev)

    # -- updates -------------------------------------------------------------------

    def _assign_moving_average(self, variable: Any, value: Any, momentum: Any) -> Any:
        """Moves a variable towards a value."""
        with name_scope("AssignMovingAvg") as scope, colocate_with(variable):
            decay = convert_to_tensor(1.0 - momentum, name="decay")
            if decay.dtype != variable.dtype.base_dtype:
                decay = math.cast(decay, variable.dtype.base_dtype)
            delta = (variable - math.cast(value, variable.dtype)) * decay
            return state.assign_sub(variable, delta, name=scope)

    def _assign_new_value(self, variable: Any, value: Any) -> Any:
        with name_scope("AssignNewValue") as scope, colocate_with(variable):
            return state.assign(variable, value, name=scope)

    # -- operations ----------------------------------------------------------------

    def call(self, inputs: Any, training: Any = None) -> Any:
        """The inputs, normalized by the batch if `training`."""
        if training is None:
            training = learning_phase()
        if self.virtual_batch_size is None:
            if self.fused:
                return self._fused(inputs, training)
            return self._unfused(inputs, training)
        original = [-1, *inputs.shape.as_list()[1:]]
        groups = [self.virtual_batch_size, -1, *original[1:]]
        outputs = self._unfused(reshape(inputs, groups), training)
        return reshape(outputs, original)

    def _fused(self, inputs: Any, training: Any) -> Any:
        beta = self.beta if self.center else self._beta_const
        gamma = self.gamma if self.scale else self._gamma_const

        def of_batch() -> Any:
            return normalize.fused_batch_norm(
                inputs,
                gamma,
                beta,
                epsilon=self.epsilon,
                data_format=self._data_format,
            )

        def of_moving() -> Any:
            return normalize.fused_batch_norm(
                inputs,
                gamma,
                beta,
                mean=self.moving_mean,
                variance=self.moving_variance,
                epsilon=self.epsilon,
                is_training=False,
                data_format=self._data_format,
            )

        output, mean, variance = smart_cond(training, of_batch, of_moving)
        known = smart_constant_value(training)
        if known is None:
            momentum = smart_cond(training, lambda: self.momentum, lambda: 1.0)
        else:
            momentum = convert_to_tensor(self.momentum)
        if known or known is None:
            self.add_update(
                lambda: self._assign_moving_average(self.moving_mean, mean, momentum)
            )
            self.add_update(
                lambda: self._assign_moving_average(
                    self.moving_variance, variance, momentum
                )
            )
        return output

    def _unfused(self, inputs: Any, training: Any) -> Any:
        shape = inputs.shape
        axes = [axis for axis in range(shape.ndims) if axis not in self.axis]
        if self.virtual_batch_size is not None:
            del axes[1]
        broadcast = _Broadcast(shape, self.axis[0], axes)
        scale, offset = broadcast(self.gamma), broadcast(self.beta)
        if smart_constant_value(training) is False:
            mean, variance = self.moving_mean, self.moving_variance
        else:
            if self.adjustment:
                scale, offset = self._adjusted(inputs, training, scale, offset)
            mean, variance = self._moments(inputs, axes, training)
            scale, offset = self._update(
                mean, variance, training, scale, offset, broadcast
            )
        mean = math.cast(mean, inputs.dtype)
        variance = math.cast(variance, inputs.dtype)
        if offset is not None:
            offset = math.cast(offset, inputs.dtype)
        if scale is not None:
            scale = math.cast(scale, inputs.dtype)
        outputs = normalize.batch_normalization(
            inputs, broadcast(mean), broadcast(variance), offset, scale, self.epsilon
        )
        outputs.set_shape(shape)
        return outputs

    def _moments(self, inputs: Any, axes: list[int], training: Any) -> tuple[Any, Any]:
        """Mean and variance: of the batch if `training`, else the moving ones."""
        keep = self.virtual_batch_size is not None or len(self.axis) > 1
        mean, variance = normalize.moments(
            math.cast(inputs, self._param_dtype), axes, keep_dims=keep
        )
        moving_mean, moving_variance = self.moving_mean, self.moving_variance
        return (
            smart_cond(training, lambda: mean, lambda: convert_to_tensor(moving_mean)),
            smart_cond(
                training, lambda: variance, lambda: convert_to_tensor(moving_variance)
            ),
        )

    def _adjusted(self, inputs: Any, training: Any, scale: Any, offset: Any) -> Any:
        by, plus = self.adjustment(array.shape(inputs))
        by = smart_cond(training, lambda: by, lambda: array.ones_like(by))
        plus = smart_cond(training, lambda: plus, lambda: array.zeros_like(plus))
        return _composed(by, plus, scale, offset)

    def _update(
        self,
        mean: Any,
        variance: Any,
        training: Any,
        scale: Any,
        offset: Any,
        broadcast: _Broadcast,
    ) -> tuple[Any, Any]:
        """Adds the updates; gives scale and offset, corrected if `renorm`."""
        new_mean, new_variance = mean, variance
        if self.virtual_batch_size is not None:
            new_mean = math.reduce_mean(mean, axis=1, keepdims=True)
            new_variance = math.reduce_mean(variance, axis=1, keepdims=True)
        if self.renorm:
            r, d, new_mean, new_variance = self._renorm(
                new_mean, new_variance, training
            )
            r = broadcast(array.stop_gradient(r, name="renorm_r"))
            d = broadcast(array.stop_gradient(d, name="renorm_d"))
            scale, offset = _composed(r, d, scale, offset)

        def move(variable: Any, value: Any) -> Any:
            return self._assign_moving_average(variable, value, self.momentum)

        def move_variance() -> Any:
            if not self.renorm:
                return move(self.moving_variance, new_variance)
            stddev = move(self.moving_stddev, math.sqrt(new_variance + self.epsilon))
            value = nn.relu(stddev * stddev - self.epsilon)
            return self._assign_new_value(self.moving_variance, value)

        self.add_update(
            lambda: smart_cond(
                training,
                lambda: move(self.moving_mean, new_mean),
                lambda: self.moving_mean,
            )
        )
        self.add_update(
            lambda: smart_cond(training, move_variance, lambda: self.moving_variance)
        )
        return scale, offset

    def _renorm(self, mean: Any, variance: Any, training: Any) -> tuple[Any, ...]:
        """The correction (r, d), and mean and variance once its averages moved."""
        stddev = math.sqrt(variance + self.epsilon)
        renorm_stddev = math.maximum(self.renorm_stddev, math.sqrt(self.epsilon))
        r = stddev / renorm_stddev
        d = (mean - self.renorm_mean) / renorm_stddev
        with control_dependencies([r, d]):
            mean = array.identity(mean)
            stddev = array.identity(stddev)
        rmin, rmax, dmax = map(self.renorm_clipping.get, ("rmin", "rmax", "dmax"))
        if rmin is not None:
            r = math.maximum(r, rmin)
        if rmax is not None:
            r = math.minimum(r, rmax)
        if dmax is not None:
            d = math.minimum(math.maximum(d, -dmax), dmax)
        clipped_r, clipped_d = r, d
        r = smart_cond(training, lambda: clipped_r, lambda: array.ones_like(clipped_r))
        d = smart_cond(training, lambda: clipped_d, lambda: array.zeros_like(clipped_d))
        moved = [
            self._move_renorm(self.renorm_mean, mean, training),
            self._move_renorm(self.renorm_stddev, stddev, training),
        ]
        with control_dependencies(moved):
            return r, d, array.identity(mean), array.identity(variance)

    def _move_renorm(self, variable: Any, value: Any, training: Any) -> Any:
        value = array.identity(value)
        return smart_cond(
            training,
            lambda: self._assign_moving_average(variable, value, self.renorm_momentum),
            lambda: array.identity(variable),
        )

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The inputs' shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it; not the adjustment."""
        config = {
            **super().get_config(),
            "axis": self.axis,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            **lookup.serialized(
                self,
                "beta_initializer gamma_initializer moving_mean_initializer "
                "moving_variance_initializer beta_regularizer gamma_regularizer "
                "beta_constraint gamma_constraint",
            ),
        }
        if self.renorm:
            config["renorm"] = True
            config["renorm_clipping"] = self.renorm_clipping
            config["renorm_momentum"] = self.renorm_momentum
        if self.virtual_batch_size is not None:
            config["virtual_batch_size"] = self.virtual_batch_size
        return config


class _Broadcast:
    """Gives parameters of one axis the rank of the inputs, where that is needed."""

    def __init__(self, shape: TensorShape, axis: int, reduced: list[int]) -> None:
        assert shape.ndims is not None
        self._ndims = shape.ndims
        self._shape = [1] * shape.ndims
        self._shape[axis] = shape[axis].value
        self._is_last = reduced == list(range(shape.ndims - 1))

    def __call__(self, value: Any) -> Any:
        if value is None or value.shape.ndims == self._ndims or self._is_last:
            return value
        return reshape(value, self._shape)


def _composed(scale: Any, offset: Any, then_scale: Any, then_offset: Any) -> Any:
    """Two scalings one after the other, as one."""
    if then_scale is not None:
        scale *= then_scale
        offset *= then_scale
    if then_offset is not None:
        offset += then_offset
    return scale, offset
