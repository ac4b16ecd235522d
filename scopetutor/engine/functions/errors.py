"""What an error says that happened in a function in eager mode.

Beside concrete. TF 1.15 puts the places of the operations in, and ends with the
function.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scopetutor.engine.failures import defined_at
from scopetutor.engine.op_errors import OpError

if TYPE_CHECKING:
    from collections.abc import Iterator

_NODE = re.compile(r"\{\{node (\S+?)\}\}")


@contextmanager
def told_of(function: Any) -> Iterator[None]:
    """Has errors in it name a function that is called at once.

    Raises:
        tf.errors.OpError: an operation of the function failed.
    """
    try:
        yield
    except OpError as error:
        graph = function.graph
        text = _NODE.sub(lambda found: _placed(found[1], graph), error.message)
        text = f" {text} [Op:{graph.name}]\n\nFunction call stack:\n{function.short}\n"
        made: OpError = type(error)(None, None, text)  # type: ignore[call-arg]
        raise made from None


def _placed(name: str, graph: Any) -> str:
    op = graph._operations.get(name)
    return f"{{{{node {name}}}}}" if op is None else f"node {name}{defined_at(op)} "
