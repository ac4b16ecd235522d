"""The source of a function, as a tree.

Before rewriting. Python keeps the lines of programs, of entries at the prompt too, in
``linecache``; a function knows in which of them it begins.
"""

from __future__ import annotations

import ast
import copy
import inspect
import linecache
from typing import Any

from .activity import arguments_of

_trees: dict[str, tuple[list[str], dict[int, list[Any]]]] = {}


def source_of(function: Any) -> Any:
    """A copy of the definition of a function, or of the lambda that it is.

    Raises:
        ValueError: two lambdas in a line may be meant.
        OSError: there is no source.
    """
    code = function.__code__
    nodes = _definitions(code.co_filename, function).get(code.co_firstlineno, [])
    is_lambda = code.co_name == "<lambda>"
    found = [
        node
        for node in nodes
        if isinstance(node, ast.Lambda) is is_lambda
        and (is_lambda or node.name == code.co_name)
    ]
    if is_lambda:
        found = [node for node in found if _has_arguments_of(node, function)]
    if not found:
        raise OSError("could not get source code")
    if is_lambda and len(found) > 1:
        line = linecache.getline(code.co_filename, code.co_firstlineno)
        raise ValueError(
            f"Unable to identify source code of lambda function {function}. It was "
            f"defined on this line: {line}, which must contain a single lambda with "
            "matching signature. To avoid ambiguity, define each lambda in a separate "
            "expression."
        )
    return copy.deepcopy(found[-1])


def _definitions(file: str, function: Any) -> dict[int, list[Any]]:
    """The functions of a file, by the line that they begin in."""
    lines = linecache.getlines(file, function.__globals__)
    if not lines:
        raise OSError("could not get source code")
    known = _trees.get(file)
    if known is not None and known[0] is lines:
        return known[1]
    found: dict[int, list[Any]] = {}
    for node in ast.walk(ast.parse("".join(lines))):
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            decorators = getattr(node, "decorator_list", ())
            first = decorators[0].lineno if decorators else node.lineno
            found.setdefault(first, []).append(node)
    _trees[file] = lines, found
    return found


def _has_arguments_of(node: ast.Lambda, function: Any) -> bool:
    names = [argument.arg for argument in arguments_of(node.args)]
    known = inspect.signature(function, follow_wrapped=False).parameters
    return names == list(known)
