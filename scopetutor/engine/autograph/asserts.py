"""`assert` of tensors becomes an operation, if ASSERT_STATEMENTS is asked for.

After breaks; ``continues.py`` comes next.
"""

from __future__ import annotations

import ast
from typing import Any

from .templates import statements


class Asserts(ast.NodeTransformer):
    """Rewrites `assert`."""

    def visit_Assert(self, node: ast.Assert) -> Any:
        """A condition and a message that is a text.

        Raises:
            NotImplementedError: the message is something else.
        """
        message: Any = node.msg or ast.Constant("Assertion error")
        if not (isinstance(message, ast.Constant) and isinstance(message.value, str)):
            raise NotImplementedError("can only convert string messages for now.")
        return statements(
            "ag__.assert_stmt(test, lambda: message)",
            node,
            test=node.test,
            message=message,
        )
