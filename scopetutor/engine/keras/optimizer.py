"""`tf.keras.optimizers.Optimizer`: what all of them do with gradients.

Before optimizers. TF 1.15: learning rates and the like are variables beside the slots,
all made when the first gradients are applied.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults, dtypes, nest, tf_logging
from scopetutor.engine.gradients import gradients
from scopetutor.engine.initializers import Zeros
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.clip import clip_by_norm, clip_by_value
from scopetutor.engine.ops.segment import unsorted_segment_sum
from scopetutor.engine.ops.sorting import unique
from scopetutor.engine.resource_variables import was_eager
from scopetutor.engine.sparse import IndexedSlices
from scopetutor.engine.surroundings import (
    colocate_with,
    control_dependencies,
    init_scope,
    name_scope,
)
from scopetutor.engine.training.trackable import attribute_was_set, slot_was_made
from scopetutor.engine.variables import Variable, VariableAggregation

from . import assignments

EPSILON = 1e-7
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
        attribute_was_set(self, name, made)
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
        key = _key(var), slot_name
        if key not in self._slots:
            initializer = initializer or Zeros()
            with colocate_with(var):
                self._slots[key] = Variable(
                    lambda: initializer(var.shape, dtype=var.dtype.base_dtype),
                    name=f"{var.name.removesuffix(':0')}/{slot_name}",
                    dtype=var.dtype.base_dtype,
                    trainable=False,
                    use_resource=True,
                )
            assignments.track(self._slots[key])
            slot_was_made(self)
            self._weights.append(self._slots[key])
        return self._slots[key]

    def get_slot_names(self) -> list[str]:
        """The names of the slots that there are."""
        return list(dict.fromkeys(name for _, name in self._slots))

    def _checkpoint_dependencies(self) -> list[tuple[str, Any]]:
        """The counter and the numbers, by name."""
        found = [("iter", self._iterations)] if self._iterations is not None else []
        return found + [
            (name, value)
            for name, value in self._hyper.items()
            if isinstance(value, Variable)
        ]

    def get_slot(self, var: Any, slot_name: str) -> Any:
        """A variable beside a variable."""
        return self._slots[_key(var), slot_name]

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
                    scope = "update" if was_eager(var) else f"update_{var.op.name}"
                    with name_scope(scope), colocate_with(var):
                        updates.append(self._update(grad, var, state))
                with control_dependencies(updates):
                    done = self._iterations.assign_add(1)
                    return done if defaults.state.eager else done.op

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


def _key(var: Any) -> Any:
    """What a slot is found by."""
    return id(var) if was_eager(var) else var.op.name
