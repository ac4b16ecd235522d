"""`tf.keras.optimizers`: SGD, Adam and others whose numbers are variables.

Before compiling. TF 1.15: learning rates and the like are variables beside the slots,
all made when the first gradients are applied.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes, nest, tf_logging
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.gradients import gradients
from scopetutor.engine.initializers import Constant, Zeros
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.clip import clip_by_norm, clip_by_value
from scopetutor.engine.ops.control_flow import group
from scopetutor.engine.ops.gathering import gather
from scopetutor.engine.ops.segment import unsorted_segment_sum
from scopetutor.engine.ops.sorting import unique
from scopetutor.engine.sparse import IndexedSlices
from scopetutor.engine.surroundings import (
    colocate_with,
    control_dependencies,
    init_scope,
    name_scope,
)
from scopetutor.engine.training.optimizer import Optimizer as TrainOptimizer
from scopetutor.engine.variables import Variable, VariableAggregation

from . import assignments

_EPSILON = 1e-7
_KNOWN = frozenset({"clipnorm", "clipvalue", "lr", "decay"})


class Optimizer:
    """What changes variables by gradients.

    Attributes:
        iterations: the variable that counts the steps.
        weights: it, then the slots.
    """

    _hyper: dict[str, Any]

    def __init__(self, name: str, **kwargs: Any) -> None:
        for key, value in kwargs.items():
            if key not in _KNOWN:
                raise TypeError(
                    f"Unexpected keyword argument passed to optimizer: {key}"
                )
            if value is not None and value < 0:
                raise ValueError(f"Expected {key} >= 0, received: {value}")
        object.__setattr__(self, "_hyper", {})
        self._name = name
        self._initial_decay = kwargs.pop("decay", 0.0)
        self._clips: dict[str, Any] = {
            key: kwargs[key] for key in ("clipnorm", "clipvalue") if key in kwargs
        }
        self._slots: dict[tuple[str, str], Any] = {}
        self._weights: list[Any] = []
        self._iterations: Any = None
        self._made = False

    # -- its numbers -------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        hyper = self.__dict__.get("_hyper", {})
        key = "learning_rate" if name == "lr" else name
        if key in hyper:
            return self._number(key)
        raise AttributeError(
            f"'{type(self).__name__}' object has no attribute '{name}'"
        )

    def __setattr__(self, name: str, value: Any) -> None:
        key = "learning_rate" if name == "lr" else name
        if key not in self._hyper:
            object.__setattr__(self, name, value)
        elif self._made and isinstance(self._hyper[key], Variable):
            assignments.assign([(self._hyper[key], value)])
        else:
            self._hyper[key] = value

    def _set(self, given: dict[str, Any], learning_rate: Any, **numbers: Any) -> None:
        """Says which numbers it has, and their first values; "lr" is an old name."""
        rate = given.get("lr", learning_rate)
        self._hyper.update(learning_rate=rate, decay=self._initial_decay, **numbers)

    def _number(self, name: str, dtype: Any = None) -> Any:
        self._make_numbers_once()
        value = self._hyper[name]
        value = (
            value() if callable(value) and not isinstance(value, Variable) else value
        )
        return math.cast(value, dtype) if dtype else value

    def _make_numbers(self) -> None:
        for name, value in sorted(self._hyper.items()):
            if isinstance(value, Variable) or hasattr(value, "op") or callable(value):
                continue
            self._hyper[name] = self._variable(name, value, dtypes.float32)
        self._made = True

    def _variable(self, name: str, value: Any, dtype: Any) -> Any:
        made = Variable(
            initial_value=value,
            name=name,
            dtype=dtype,
            trainable=False,
            use_resource=True,
            aggregation=VariableAggregation.ONLY_FIRST_REPLICA,
        )
        assignments.track(made)
        return made

    @property
    def iterations(self) -> Any:
        """The variable that counts the steps."""
        if self._iterations is None:
            zeros = Zeros()
            self._iterations = self._variable(
                "iter", lambda: zeros((), dtype=dtypes.int64), dtypes.int64
            )
            self._weights.append(self._iterations)
        return self._iterations

    @property
    def weights(self) -> list[Any]:
        """The counter, then the slots."""
        return self._weights

    def variables(self) -> list[Any]:
        """The counter, then the slots."""
        return self._weights

    def get_weights(self) -> Any:
        """Their values, in the session of keras."""
        return assignments.values_of(self._weights)

    # -- slots -------------------------------------------------------------------------

    def add_slot(self, var: Any, slot_name: str, initializer: Any = None) -> Any:
        """A variable beside a variable, made if it is not there."""
        key = var.op.name, slot_name
        if key not in self._slots:
            initializer = initializer or Zeros()
            with colocate_with(var.op):
                self._slots[key] = Variable(
                    lambda: initializer(var.shape, dtype=var.dtype.base_dtype),
                    name=f"{var.op.name}/{slot_name}",
                    dtype=var.dtype.base_dtype,
                    trainable=False,
                    use_resource=True,
                )
            assignments.track(self._slots[key])
            self._weights.append(self._slots[key])
        return self._slots[key]

    def get_slot(self, var: Any, slot_name: str) -> Any:
        """A variable beside a variable."""
        return self._slots[var.op.name, slot_name]

    @property
    def _slot_names(self) -> list[str]:
        """Those of the slots that it makes for each variable."""
        return []

    def _first_of_slots(self) -> Any:
        """What the slots begin with; None: zeros."""
        return None

    def _create_slots(self, var_list: list[Any]) -> None:
        for name in self._slot_names:
            for var in var_list:
                self.add_slot(var, name, self._first_of_slots())

    # -- steps -------------------------------------------------------------------------

    def get_gradients(self, loss: Any, params: Any) -> list[Any]:
        """The gradients of a loss.

        Raises:
            ValueError: a variable has none.
        """
        params = nest.flatten(params)
        with name_scope(f"{self._name}/gradients"):
            grads = gradients(loss, params)
            for grad, param in zip(grads, params, strict=True):
                if grad is None:
                    raise ValueError(
                        f"Variable {param} has `None` for gradient. Please make sure "
                        "that all of your ops have a gradient defined (i.e. are "
                        "differentiable). Common ops without gradient: K.argmax, "
                        "K.round, K.eval."
                    )
            return self._clipped(grads)

    def _clipped(self, grads: Any) -> list[Any]:
        found = list(grads)
        if "clipnorm" in self._clips:
            found = [clip_by_norm(g, self._clips["clipnorm"]) for g in found]
        if "clipvalue" in self._clips:
            most = self._clips["clipvalue"]
            found = [clip_by_value(g, -most, most) for g in found]
        return found

    def get_updates(self, loss: Any, params: Any) -> list[Any]:
        """The operations of one step."""
        grads = self.get_gradients(loss, params)
        return [self.apply_gradients(list(zip(grads, params, strict=True)))]

    def apply_gradients(self, grads_and_vars: Any, name: str | None = None) -> Any:
        """The operation of one step with some gradients.

        Raises:
            ValueError: no variable has a gradient.
        """
        pairs = _with_gradients(grads_and_vars)
        variables = [var for _, var in pairs]
        with name_scope(self._name):
            with init_scope():
                _ = self.iterations
                self._make_numbers_once()
                self._create_slots(variables)
            state = self._prepare(variables[0].dtype.base_dtype)
            updates = []
            with name_scope(name or self._name):
                for grad, var in pairs:
                    scope = f"update_{var.op.name}"
                    with name_scope(scope), colocate_with(var.op):
                        updates.append(self._update(grad, var, state))
                with control_dependencies(updates):
                    return self._iterations.assign_add(1).op

    def _make_numbers_once(self) -> None:
        if not self._made:
            self._make_numbers()

    def _update(self, grad: Any, var: Any, state: dict[str, Any]) -> Any:
        if isinstance(grad, IndexedSlices):
            if var.constraint is not None:
                raise RuntimeError(
                    "Cannot use a constraint function on a sparse variable."
                )
            return self._apply_rows(grad, var, state)
        update = self._apply(grad, var, state)
        if var.constraint is None:
            return update
        with control_dependencies([update]):
            return var.assign(var.constraint(var))

    def _prepare(self, dtype: Any) -> dict[str, Any]:
        """The numbers of this step."""
        return {"lr": array.identity(self._decayed(dtype))}

    def _decayed(self, dtype: Any) -> Any:
        rate = self._number("learning_rate", dtype)
        if self._initial_decay > 0.0:
            step = math.cast(self.iterations, dtype)
            decay = self._number("decay", dtype)
            rate = rate / (1.0 + decay * step)
        return rate

    def _apply(self, grad: Any, var: Any, state: dict[str, Any]) -> Any:
        """The operation that changes a variable."""
        return self._kernel(var, state, "", grad)

    def _apply_rows(self, grad: Any, var: Any, state: dict[str, Any]) -> Any:
        """The operation that changes some rows of a variable."""
        values, rows = _summed(grad.values, grad.indices)
        return self._apply_summed(values, rows, var, state)

    def _apply_summed(
        self, values: Any, rows: Any, var: Any, state: dict[str, Any]
    ) -> Any:
        return self._kernel(var, state, "Sparse", values, rows)

    def _kernel(self, var: Any, state: dict[str, Any], sparse: str, *given: Any) -> Any:
        """TensorFlow's own operation for all of a step, if there is one."""
        raise NotImplementedError

    # -- making another one like it ----------------------------------------------------

    _numbers = "learning_rate decay"
    _plain = ""

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another one like it."""
        config: dict[str, Any] = {"name": self._name, **self._clips}
        for name in self._numbers.split():
            value = self._hyper[name]
            if isinstance(value, Variable):
                (value,) = assignments.values_of([value])
            config[name] = value
        config.update({name: getattr(self, name) for name in self._plain.split()})
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """An optimizer of what `get_config` gave."""
        del custom_objects
        if "lr" in config:
            config["learning_rate"] = config.pop("lr")
        return cls(**config)


def _with_gradients(grads_and_vars: Any) -> list[Any]:
    given = list(grads_and_vars)
    found = [(grad, var) for grad, var in given if grad is not None]
    if given and not found:
        names = [var.name for _, var in given]
        raise ValueError(f"No gradients provided for any variable: {names}.")
    missing = [var.name for grad, var in given if grad is None]
    if missing:
        tf_logging.warning(
            "Gradients do not exist for variables %s when minimizing the loss.", missing
        )
    return found


def _summed(values: Any, rows: Any) -> tuple[Any, Any]:
    """Gradients of rows, each row once."""
    found, places = unique(rows)
    count = array.shape(found)[0]
    return unsorted_segment_sum(values, places, count), found


def _scatter_add(var: Any, rows: Any, values: Any) -> Any:
    with control_dependencies([apply("ResourceScatterAdd", var.handle, rows, values)]):
        return var.value()


# -- rules -----------------------------------------------------------------------------


def _check_momentum(momentum: Any) -> bool:
    """Whether there is a momentum."""
    if isinstance(momentum, (int, float)) and (momentum < 0 or momentum > 1):
        raise ValueError("`momentum` must be between [0, 1].")
    return callable(momentum) or hasattr(momentum, "op") or momentum > 0


class SGD(Optimizer):
    """Steps down the gradient, with a momentum if it is given one."""

    _numbers = "learning_rate decay momentum"
    _plain = "nesterov"

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: Any = 0.0,
        nesterov: bool = False,
        name: str = "SGD",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self._has_momentum = _check_momentum(momentum)
        self._set(kwargs, learning_rate, momentum=momentum)
        self.nesterov = nesterov

    @property
    def _slot_names(self) -> list[str]:
        return ["momentum"] if self._has_momentum else []

    def _prepare(self, dtype: Any) -> dict[str, Any]:
        momentum = {"lr": array.identity(self._decayed(dtype))}
        momentum["momentum"] = array.identity(self._number("momentum", dtype))
        return momentum

    def _apply(self, grad: Any, var: Any, state: dict[str, Any]) -> Any:
        if self._has_momentum:
            return super()._apply(grad, var, state)
        return apply(
            "ResourceApplyGradientDescent",
            var.handle,
            state["lr"],
            grad,
            use_locking=True,
        )

    def _apply_rows(self, grad: Any, var: Any, state: dict[str, Any]) -> Any:
        if self._has_momentum:
            return super()._apply_rows(grad, var, state)
        step = -grad.values * state["lr"]
        return apply("ResourceScatterAdd", var.handle, grad.indices, step)

    def _kernel(self, var: Any, state: dict[str, Any], sparse: str, *given: Any) -> Any:
        return apply(
            f"Resource{sparse}ApplyKerasMomentum",
            var.handle,
            self.get_slot(var, "momentum").handle,
            state["lr"],
            *given,
            state["momentum"],
            use_locking=True,
            use_nesterov=self.nesterov,
        )


class Adam(Optimizer):
    """Steps of the size of the rate, by means of gradients and of their squares."""

    _numbers = "learning_rate decay beta_1 beta_2"
    _plain = "epsilon amsgrad"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: Any = 0.9,
        beta_2: Any = 0.999,
        epsilon: Any = _EPSILON,
        amsgrad: bool = False,
        name: str = "Adam",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self._set(kwargs, learning_rate, beta_1=beta_1, beta_2=beta_2)
        self.epsilon = epsilon or _EPSILON
        self.amsgrad = amsgrad

    @property
    def _slot_names(self) -> list[str]:
        return ["m", "v", *(["vhat"] if self.amsgrad else [])]

    def _prepare(self, dtype: Any) -> dict[str, Any]:
        rate = array.identity(self._decayed(dtype))
        step = math.cast(self.iterations + 1, dtype)
        beta_1 = array.identity(self._number("beta_1", dtype))
        beta_2 = array.identity(self._number("beta_2", dtype))
        power_1, power_2 = math.pow(beta_1, step), math.pow(beta_2, step)
        return {
            "lr_of_rows": rate * (math.sqrt(1 - power_2) / (1 - power_1)),
            "lr": rate,
            "epsilon": convert_to_tensor(self.epsilon, dtype),
            "beta_1": beta_1,
            "power_1": power_1,
            "rest_1": 1 - beta_1,
            "beta_2": beta_2,
            "power_2": power_2,
            "rest_2": 1 - beta_2,
        }

    def _apply(self, grad: Any, var: Any, state: dict[str, Any]) -> Any:
        slots = [self.get_slot(var, name).handle for name in self._slot_names]
        kind = "ResourceApplyAdamWithAmsgrad" if self.amsgrad else "ResourceApplyAdam"
        names = "power_1 power_2 lr beta_1 beta_2 epsilon"
        numbers = [state[name] for name in names.split()]
        return apply(kind, var.handle, *slots, *numbers, grad, use_locking=True)

    def _apply_summed(
        self, values: Any, rows: Any, var: Any, state: dict[str, Any]
    ) -> Any:
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        scaled = values * state["rest_1"]
        m_t = m.assign(m * state["beta_1"], use_locking=True)
        with control_dependencies([m_t]):
            m_t = _scatter_add(m, rows, scaled)
        scaled = (values * values) * state["rest_2"]
        v_t = v.assign(v * state["beta_2"], use_locking=True)
        with control_dependencies([v_t]):
            v_t = _scatter_add(v, rows, scaled)
        changed = [m_t, v_t]
        largest = v_t
        if self.amsgrad:
            vhat = self.get_slot(var, "vhat")
            largest = math.maximum(vhat, v_t)
            with control_dependencies([largest]):
                largest = vhat.assign(largest, use_locking=True)
            changed.append(largest)
        size = math.sqrt(largest)
        step = state["lr_of_rows"] * m_t / (size + state["epsilon"])
        return group(var.assign_sub(step, use_locking=True), *changed)


class RMSprop(Optimizer):
    """Steps by gradients that are divided by their recent size."""

    _numbers = "learning_rate decay rho momentum"
    _plain = "epsilon centered"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: Any = 0.9,
        momentum: Any = 0.0,
        epsilon: Any = _EPSILON,
        centered: bool = False,
        name: str = "RMSprop",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self._has_momentum = _check_momentum(momentum)
        self._set(kwargs, learning_rate, rho=rho, momentum=momentum)
        self.epsilon = epsilon or _EPSILON
        self.centered = centered

    @property
    def _slot_names(self) -> list[str]:
        momentum = ["momentum"] if self._has_momentum else []
        return ["rms", *momentum, *(["mg"] if self.centered else [])]

    def _prepare(self, dtype: Any) -> dict[str, Any]:
        rate = array.identity(self._decayed(dtype))
        rho = array.identity(self._number("rho", dtype))
        return {
            "lr": rate,
            "negative_lr": -rate,
            "epsilon": convert_to_tensor(self.epsilon, dtype),
            "rho": rho,
            "momentum": array.identity(self._number("momentum", dtype)),
            "rest": 1.0 - rho,
        }

    def _kernel(self, var: Any, state: dict[str, Any], sparse: str, *given: Any) -> Any:
        slots = ["rms", "momentum"]
        kind = f"Resource{sparse}ApplyRMSProp"
        if self.centered:
            slots, kind = ["mg", *slots], f"Resource{sparse}ApplyCenteredRMSProp"
        handles = [self.get_slot(var, name).handle for name in slots]
        names = ("lr", "rho", "momentum", "epsilon")
        numbers = [state[name] for name in names]
        return apply(kind, var.handle, *handles, *numbers, *given, use_locking=True)

    def _apply(self, grad: Any, var: Any, state: dict[str, Any]) -> Any:
        if self._has_momentum:
            return super()._apply(grad, var, state)
        rms = self.get_slot(var, "rms")
        rms_t = state["rho"] * rms + state["rest"] * math.square(grad)
        size = rms_t = rms.assign(rms_t, use_locking=True)
        if self.centered:
            mg = self.get_slot(var, "mg")
            mg_t = state["rho"] * mg + state["rest"] * grad
            mg_t = mg.assign(mg_t, use_locking=True)
            size = rms_t - math.square(mg_t)
        step = state["lr"] * grad / (math.sqrt(size) + state["epsilon"])
        return var.assign(var - step, use_locking=True).op

    def _apply_summed(
        self, values: Any, rows: Any, var: Any, state: dict[str, Any]
    ) -> Any:
        if self._has_momentum:
            return super()._apply_summed(values, rows, var, state)
        rms = self.get_slot(var, "rms")
        scaled = (values * values) * state["rest"]
        rms_t, size = self._moved(rms, rows, scaled, state)
        changed = [rms_t]
        if self.centered:
            mg = self.get_slot(var, "mg")
            mg_t, mean = self._moved(mg, rows, values * state["rest"], state)
            changed.append(mg_t)
            size = size - math.square(mean)
        step = state["negative_lr"] * values / (math.sqrt(size) + state["epsilon"])
        return group(_scatter_add(var, rows, step), *changed)

    def _moved(self, slot: Any, rows: Any, values: Any, state: dict[str, Any]) -> Any:
        """A slot that forgets a little, and learns of some rows; and these rows."""
        forgotten = slot.assign(slot * state["rho"], use_locking=True)
        with control_dependencies([forgotten]):
            moved = _scatter_add(slot, rows, values)
            return moved, gather(moved, rows)


class Adagrad(Optimizer):
    """Steps by gradients that are divided by the size of all before them."""

    _plain = "initial_accumulator_value epsilon"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: Any = _EPSILON,
        name: str = "Adagrad",
        **kwargs: Any,
    ) -> None:
        if initial_accumulator_value < 0.0:
            raise ValueError(
                "initial_accumulator_value must be non-negative: "
                f"{initial_accumulator_value}"
            )
        super().__init__(name, **kwargs)
        self._set(kwargs, learning_rate)
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon or _EPSILON

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """An optimizer of what `get_config` gave; TF 1.15: it begins at 0."""
        config = {"initial_accumulator_value": 0.0, **config}
        return super().from_config(config, custom_objects)

    @property
    def _slot_names(self) -> list[str]:
        return ["accumulator"]

    def _first_of_slots(self) -> Any:
        return Constant(self.initial_accumulator_value)

    def _prepare(self, dtype: Any) -> dict[str, Any]:
        rate = array.identity(self._decayed(dtype))
        epsilon = convert_to_tensor(self.epsilon, dtype)
        # TF 1.15: two more operations that nothing needs.
        _ = -rate, array.zeros((), dtype=dtypes.int64)
        return {"lr": rate, "epsilon": epsilon}

    def _kernel(self, var: Any, state: dict[str, Any], sparse: str, *given: Any) -> Any:
        return apply(
            f"Resource{sparse}ApplyAdagradV2",
            var.handle,
            self.get_slot(var, "accumulator").handle,
            state["lr"],
            state["epsilon"],
            *given,
            use_locking=True,
        )


class Adadelta(Optimizer):
    """Steps by gradients that are divided by their size and times that of steps."""

    _numbers = "learning_rate decay rho"
    _plain = "epsilon"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: Any = 0.95,
        epsilon: Any = _EPSILON,
        name: str = "Adadelta",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self._set(kwargs, learning_rate, rho=rho)
        self.epsilon = epsilon or _EPSILON

    @property
    def _slot_names(self) -> list[str]:
        return ["accum_grad", "accum_var"]

    def _prepare(self, dtype: Any) -> dict[str, Any]:
        return {
            "lr": array.identity(self._decayed(dtype)),
            "epsilon": convert_to_tensor(self.epsilon, dtype),
            "rho": array.identity(self._number("rho", dtype)),
        }

    def _kernel(self, var: Any, state: dict[str, Any], sparse: str, *given: Any) -> Any:
        slots = [self.get_slot(var, name).handle for name in self._slot_names]
        numbers = [state[name] for name in ("lr", "rho", "epsilon")]
        return apply(
            f"Resource{sparse}ApplyAdadelta",
            var.handle,
            *slots,
            *numbers,
            *given,
            use_locking=True,
        )


class TFOptimizer:
    """An optimizer of `tf.train`, for models of keras.

    Attributes:
        optimizer: it.
        iterations: the variable that counts the steps.
    """

    def __init__(self, optimizer: Any) -> None:
        self.optimizer = optimizer
        assignments.track_optimizer(optimizer)
        with name_scope("TFOptimizer"):
            self.iterations = Variable(
                0, name="iterations", dtype=dtypes.int64, use_resource=True
            )
        assignments.track(self.iterations)

    def get_updates(self, loss: Any, params: Any) -> list[Any]:
        """The operations of one step."""
        pairs = self.optimizer.compute_gradients(loss, params)
        return [self.optimizer.apply_gradients(pairs, global_step=self.iterations)]


_BY_NAME: dict[str, Any] = {
    "adadelta": Adadelta,
    "adagrad": Adagrad,
    "adam": Adam,
    "rmsprop": RMSprop,
    "sgd": SGD,
}


def get(identifier: Any) -> Any:
    """The optimizer of a name or a configuration; optimizers stay.

    Raises:
        ValueError: there is none.
    """
    if isinstance(identifier, (Optimizer, TFOptimizer)):
        return identifier
    if isinstance(identifier, TrainOptimizer):
        return TFOptimizer(identifier)
    if isinstance(identifier, str):
        identifier = {"class_name": identifier, "config": {}}
    if isinstance(identifier, dict):
        name = str(identifier.get("class_name", ""))
        if name.lower() not in _BY_NAME:
            raise ValueError(f"Unknown optimizer: {name}")
        return _BY_NAME[name.lower()].from_config(dict(identifier["config"]))
    raise ValueError("Could not interpret optimizer identifier:", identifier)
