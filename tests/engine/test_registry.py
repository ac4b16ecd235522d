"""The table of operations: what it names is there."""

from __future__ import annotations

from scopetutor.engine import registry


def test_every_gradient_that_is_named_is_there() -> None:
    """An operation may name a function that is only loaded when it is wanted."""
    known = [registry.lookup(op_type) for op_type in registry.op_types()]
    differentiable = [definition for definition in known if definition.gradient]

    assert len(differentiable) > 200
    for definition in differentiable:
        assert callable(registry.gradient_of(definition)), definition.name
