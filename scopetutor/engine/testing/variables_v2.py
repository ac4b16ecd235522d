"""`tensorflow.python.ops.variables.Variable`, which in 1.15 is TensorFlow 2's class.

Calling it makes a resource variable; every variable is an instance of it. Programs that
import from there, and TensorFlow's own tests, get that instead of `tf.Variable`.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.variables import (
    Variable as VariableV1,
)
from scopetutor.engine.variables import (
    VariableAggregation,
    VariableSynchronization,
)


class _Kind(type):
    """What the class does when it is called or asked for its instances."""

    def __call__(
        cls,
        initial_value: Any = None,
        trainable: Any = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: Any = None,
        variable_def: Any = None,
        dtype: Any = None,
        import_scope: Any = None,
        constraint: Any = None,
        synchronization: Any = VariableSynchronization.AUTO,
        aggregation: Any = VariableAggregation.NONE,
        shape: Any = None,
    ) -> Any:
        return VariableV1(
            initial_value,
            trainable=trainable,
            validate_shape=validate_shape,
            caching_device=caching_device,
            name=name,
            variable_def=variable_def,
            dtype=dtype,
            import_scope=import_scope,
            constraint=constraint,
            use_resource=True,
            synchronization=synchronization,
            aggregation=aggregation,
            shape=shape,
        )

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, VariableV1)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, VariableV1)

    def __getattr__(cls, name: str) -> Any:
        return getattr(VariableV1, name)


class Variable(metaclass=_Kind):
    """A variable; a new one is a resource variable."""
