"""The table of operations: what it names is there."""

from __future__ import annotations

from scopetutor.engine import registry, signatures


def test_every_gradient_that_is_named_is_there() -> None:
    """An operation may name a function that is only loaded when it is wanted."""
    known = [registry.lookup(op_type) for op_type in signatures.op_types()]
    differentiable = [definition for definition in known if definition.gradient]

    assert len(differentiable) > 200
    for definition in differentiable:
        assert callable(registry.gradient_of(definition)), definition.name


def test_whatever_is_defined_is_an_operation_of_tensorflow() -> None:
    """A definition is put together late: a misspelt type would never be missed."""
    types = signatures.op_types()
    registry.lookup("NoOp")

    assert set(registry._told) <= set(types)
    assert len(registry._told) > 500
