"""`tf.autograph`: functions rewritten when the program asks for it.

After calls; ``tf/autograph`` lists these names, `to_graph` first of all.
"""

from __future__ import annotations

import ast
import builtins
import textwrap
from typing import Any

from scopetutor.engine import tf_logging

from .operators import operators
from .options import options_of
from .rewriting import rewritten


class AutoGraphError(Exception):
    """An error of AutoGraph's."""

    __module__ = "tensorflow.python.autograph.impl.api"


class ConversionError(AutoGraphError):
    """A function could not be rewritten."""

    __module__ = "tensorflow.python.autograph.impl.api"


_EXPECTED = (ValueError, AttributeError, KeyError, NameError, AssertionError)


def to_graph(
    entity: Any,
    recursive: bool = True,
    arg_values: Any = None,
    arg_types: Any = None,
    experimental_optional_features: Any = None,
) -> Any:
    """A function that builds the graph of another one.

    Args:
        entity: the function.
        recursive: whether the functions it calls are rewritten, too.
        arg_values: not used.
        arg_types: not used.
        experimental_optional_features: a Feature or several: what else is rewritten.

    Raises:
        ConversionError: it could not be rewritten.
    """
    del arg_values, arg_types
    options = options_of(
        recursive=recursive,
        user_requested=True,
        optional_features=experimental_optional_features,
    )
    try:
        return rewritten(entity, options, operators())
    except _EXPECTED as error:
        raise ConversionError(
            f"converting {entity}: {type(error).__name__}: {error}"
        ) from None


def to_code(
    entity: Any,
    recursive: bool = True,
    arg_values: Any = None,
    arg_types: Any = None,
    indentation: str = "  ",
    experimental_optional_features: Any = None,
) -> str:
    """The code of what `to_graph` gives.

    Args:
        entity: the function.
        recursive: whether the functions it calls are rewritten, too.
        arg_values: not used.
        arg_types: not used.
        indentation: not used.
        experimental_optional_features: what else is rewritten.
    """
    del indentation
    made = to_graph(
        entity,
        recursive,
        arg_values,
        arg_types,
        experimental_optional_features,
    )
    lines: list[str] = []
    for line in ast.unparse(made.autograph_tree__).splitlines():
        text = line.lstrip()
        if text.startswith("def ") and lines:
            lines.append("")
        lines.append(" " * ((len(line) - len(text)) // 2) + text)
    return textwrap.dedent("\n".join(lines)) + "\n"


def set_verbosity(level: int, alsologtostdout: bool = False) -> None:
    """How much AutoGraph says of what it does; here, only its warnings are said."""
    del alsologtostdout
    tf_logging.debug("AutoGraph's verbosity is %s.", level)


def trace(*args: Any) -> None:
    """Prints its arguments while the function is traced."""
    builtins.print(*args)  # noqa: T201 - as asked
