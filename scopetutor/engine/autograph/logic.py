"""`and`, `or`, `not`, `==` and `assert` of rewritten code.

Beside conditions; rewritten code calls these as it runs. Where a tensor is on the left,
what is on the right is built as a branch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.apply import apply
from scopetutor.engine.constants import constant
from scopetutor.engine.convert import is_tensor
from scopetutor.engine.ops import elementwise
from scopetutor.engine.ops.branches import cond as tf_cond
from scopetutor.engine.ops.checks import Assert

if TYPE_CHECKING:
    from collections.abc import Callable


def not_(value: Any) -> Any:
    """`not`."""
    return elementwise.logical_not(value) if is_tensor(value) else not value


def and_(left: Callable[[], Any], right: Callable[[], Any]) -> Any:
    """`and`."""
    first = left()
    if is_tensor(first):
        return tf_cond(first, right, lambda: first)
    return first and right()


def or_(left: Callable[[], Any], right: Callable[[], Any]) -> Any:
    """`or`."""
    first = left()
    if is_tensor(first):
        return tf_cond(first, lambda: first, right)
    return first or right()


def eq(left: Any, right: Any) -> Any:
    """`==`."""
    if is_tensor(left) or is_tensor(right):
        return apply("Equal", left, right)
    return left == right


def not_eq(left: Any, right: Any) -> Any:
    """`!=`."""
    return not_(eq(left, right))


def assert_stmt(condition: Any, message: Callable[[], Any]) -> Any:
    """`assert`.

    Raises:
        AssertionError: it does not hold.
    """
    if is_tensor(condition):
        return Assert(condition, [message()])
    if not condition:
        raise AssertionError(message())
    return None


def match_staging_level(value: Any, like: Any) -> Any:
    """A value, as a tensor where something else is one."""
    if is_tensor(like):
        return constant(value)
    return value
