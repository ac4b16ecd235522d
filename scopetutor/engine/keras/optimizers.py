"""`tf.keras.optimizers`: SGD, Adam and others whose numbers are variables.

After optimizer, which handles gradients; before compiling, which asks `get` for the one
that is meant. TF 1.15: those of `tf.train` are wrapped and serve as well.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.initializers import Constant
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.control_flow import group
from scopetutor.engine.ops.gathering import gather
from scopetutor.engine.ops.variable_parts import with_rows_added
from scopetutor.engine.surroundings import control_dependencies, name_scope
from scopetutor.engine.training.optimizer import Optimizer as TrainOptimizer
from scopetutor.engine.variables import Variable

from . import assignments
from .optimizer import EPSILON, Optimizer


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
        epsilon: Any = EPSILON,
        amsgrad: bool = False,
        name: str = "Adam",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self._set(kwargs, learning_rate, beta_1=beta_1, beta_2=beta_2)
        self.epsilon = epsilon or EPSILON
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
            m_t = with_rows_added(m, rows, scaled)
        scaled = (values * values) * state["rest_2"]
        v_t = v.assign(v * state["beta_2"], use_locking=True)
        with control_dependencies([v_t]):
            v_t = with_rows_added(v, rows, scaled)
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


class Adamax(Optimizer):
    """Adam that divides by the largest of the last gradients."""

    _numbers = "learning_rate decay beta_1 beta_2"
    _plain = "epsilon"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: Any = 0.9,
        beta_2: Any = 0.999,
        epsilon: Any = EPSILON,
        name: str = "Adamax",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self._set(kwargs, learning_rate, beta_1=beta_1, beta_2=beta_2)
        self.epsilon = epsilon or EPSILON

    @property
    def _slot_names(self) -> list[str]:
        return ["m", "v"]

    def _prepare(self, dtype: Any) -> dict[str, Any]:
        rate = array.identity(self._decayed(dtype))
        step = math.cast(self.iterations + 1, dtype)
        beta_1 = array.identity(self._number("beta_1", dtype))
        beta_2 = array.identity(self._number("beta_2", dtype))
        power = math.pow(beta_1, step)
        return {
            "lr": rate,
            "lr_of_rows": -rate / (1 - power),
            "epsilon": convert_to_tensor(self.epsilon, dtype),
            "beta_1": beta_1,
            "power": power,
            "rest_1": 1 - beta_1,
            "beta_2": beta_2,
            "zero": array.zeros((), dtype=dtypes.int64),
        }

    def _apply(self, grad: Any, var: Any, state: dict[str, Any]) -> Any:
        slots = [self.get_slot(var, name).handle for name in self._slot_names]
        names = "power lr beta_1 beta_2 epsilon"
        numbers = [state[name] for name in names.split()]
        kind = "ResourceApplyAdaMax"
        return apply(kind, var.handle, *slots, *numbers, grad, use_locking=True)

    def _apply_summed(
        self, values: Any, rows: Any, var: Any, state: dict[str, Any]
    ) -> Any:
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        old = gather(m, rows, axis=state["zero"])
        new_m = old * state["beta_1"] + values * state["rest_1"]
        with control_dependencies([new_m]):
            m_t = _with_rows_replaced(m, rows, new_m)
        old = gather(v, rows, axis=state["zero"])
        new_v = math.maximum(old * state["beta_2"], math.abs(values))
        with control_dependencies([new_v]):
            v_t = _with_rows_replaced(v, rows, new_v)
        step = state["lr_of_rows"] * (new_m / (new_v + state["epsilon"]))
        with control_dependencies([step]):
            changed = with_rows_added(var, rows, step)
        return group(changed, m_t, v_t)


def _with_rows_replaced(variable: Any, rows: Any, values: Any) -> Any:
    """The value of a variable after rows of it got other values."""
    done = apply("ResourceScatterUpdate", variable.handle, rows, values)
    with control_dependencies([done]):
        return variable.value()


class RMSprop(Optimizer):
    """Steps by gradients that are divided by their recent size."""

    _numbers = "learning_rate decay rho momentum"
    _plain = "epsilon centered"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: Any = 0.9,
        momentum: Any = 0.0,
        epsilon: Any = EPSILON,
        centered: bool = False,
        name: str = "RMSprop",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self._has_momentum = _check_momentum(momentum)
        self._set(kwargs, learning_rate, rho=rho, momentum=momentum)
        self.epsilon = epsilon or EPSILON
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
        return group(with_rows_added(var, rows, step), *changed)

    def _moved(self, slot: Any, rows: Any, values: Any, state: dict[str, Any]) -> Any:
        """A slot that forgets a little, and learns of some rows; and these rows."""
        forgotten = slot.assign(slot * state["rho"], use_locking=True)
        with control_dependencies([forgotten]):
            moved = with_rows_added(slot, rows, values)
            return moved, gather(moved, rows)


class Adagrad(Optimizer):
    """Steps by gradients that are divided by the size of all before them."""

    _plain = "initial_accumulator_value epsilon"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: Any = EPSILON,
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
        self.epsilon = epsilon or EPSILON

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
        epsilon: Any = EPSILON,
        name: str = "Adadelta",
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self._set(kwargs, learning_rate, rho=rho)
        self.epsilon = epsilon or EPSILON

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

    def _checkpoint_dependencies(self) -> list[tuple[str, Any]]:
        return [("optimizer", self.optimizer), ("global_step", self.iterations)]

    def get_updates(self, loss: Any, params: Any) -> list[Any]:
        """The operations of one step."""
        pairs = self.optimizer.compute_gradients(loss, params)
        return [self.optimizer.apply_gradients(pairs, global_step=self.iterations)]


_BY_NAME: dict[str, Any] = {
    "adadelta": Adadelta,
    "adagrad": Adagrad,
    "adam": Adam,
    "adamax": Adamax,
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
