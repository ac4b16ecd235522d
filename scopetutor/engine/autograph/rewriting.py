"""A function becomes one that builds graphs.

After all that rewrites; ``calls.py`` asks. The code that is made counts as written
where the program's own was, under the name of the program's function, so that errors
and steps name lines of the program.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import types
from typing import TYPE_CHECKING, Any

from scopetutor.engine import converted

from .activity import arguments_of, names_read
from .asserts import Asserts
from .blocks import Blocks
from .breaks import Breaks
from .call_trees import Calls, Scopes
from .continues import Continues
from .directives import Directives
from .expressions import Choices, Logic
from .liveness import Facts
from .options import Feature, Options
from .returns import with_one_return
from .sources import source_of
from .symbols import Namer

if TYPE_CHECKING:
    from types import CodeType

_cache: dict[tuple[CodeType, str, Options], tuple[ast.stmt, str, CodeType]] = {}
_FUTURE = sum(
    getattr(__future__, name).compiler_flag for name in __future__.all_feature_names
)


def rewritten(function: Any, options: Options, operators: Any) -> Any:
    """The function that is called instead of one.

    Args:
        function: a function, or a method.
        options: what is rewritten.
        operators: what the new code knows as `ag__`.

    Raises:
        NotImplementedError: it has something that AutoGraph does not know.
        OSError: it has no source.
    """
    function = getattr(function, "__func__", function)
    key = function.__code__, function.__code__.co_filename, options
    if key not in _cache:
        _cache[key] = _made(function, options)
    tree, name, code = _cache[key]
    free = function.__code__.co_freevars
    cells = dict(zip(free, function.__closure__ or (), strict=True))
    factory = types.FunctionType(
        code,
        function.__globals__,
        code.co_name,
        (),
        tuple(cells[symbol] for symbol in code.co_freevars),
    )
    made = factory(operators)
    made.__defaults__ = function.__defaults__
    made.__kwdefaults__ = function.__kwdefaults__
    made.__name__ = made.__qualname__ = name
    made.autograph_info__ = {}
    made.autograph_tree__ = tree
    return made


def _made(function: Any, options: Options) -> tuple[ast.stmt, str, CodeType]:
    """The new definition, what it is called, and the code that makes the function."""
    node = source_of(function)
    _check(node)
    taken = {
        *function.__globals__,
        *vars(builtins),
        *function.__code__.co_freevars,
        "ag__",
    }
    namer = Namer(taken, names_read(node))
    is_lambda = isinstance(node, ast.Lambda)
    name = namer.new("tf__lambda" if is_lambda else f"tf__{function.__name__}")
    definition: Any = _transformed(node, namer, options, taken, function)
    if is_lambda:
        target = ast.Name(name, ast.Store())
        definition = ast.copy_location(ast.Assign([target], definition), node)
    else:
        definition.name = name
    definition = ast.fix_missing_locations(definition)
    return definition, name, _compiled(definition, namer.made, name, function)


def _check(node: ast.AST) -> None:
    """NotImplementedError if AutoGraph does not know what it does."""
    for part in ast.walk(node):
        if isinstance(part, (ast.Yield, ast.YieldFrom)):
            raise NotImplementedError("Generators are not supported by AutoGraph")
        if (
            isinstance(part, ast.Attribute)
            and part.attr.startswith("__")
            and not part.attr.endswith("__")
        ):
            raise NotImplementedError(
                "Mangled names are not yet supported by AutoGraph"
            )


def _transformed(
    node: Any, namer: Namer, options: Options, taken: set[str], function: Any
) -> Any:
    """The definition, step by step in the order of TF 1.15."""
    scopes = Scopes(namer, options.as_code())
    node = scopes.visit(node)
    _without_defaults(node)
    directives = Directives(function)
    node = directives.visit(node)
    breaks = Breaks(namer)
    node = breaks.visit(node)
    if options.uses(Feature.ASSERT_STATEMENTS):
        node = Asserts().visit(node)
    node = Continues(namer).visit(node)
    if not isinstance(node, ast.Lambda):
        with_one_return(node, namer, breaks.extra_tests)
    prints = options.uses(Feature.BUILTIN_FUNCTIONS)
    node = Calls(scopes.names, converts_print=prints).visit(node)
    if not isinstance(node, ast.Lambda):
        facts = Facts(node)
        node = Blocks(namer, facts, breaks.extra_tests).visit(node)
    node = Choices().visit(node)
    return Logic(equality=options.uses(Feature.EQUALITY_OPERATORS)).visit(node)


def _without_defaults(node: Any) -> None:
    """Defaults and annotations are those of the function itself."""
    none = ast.copy_location(ast.Constant(None), node)
    for argument in arguments_of(node.args):
        argument.annotation = None
    node.returns = None
    node.args.defaults = [none for _ in node.args.defaults]
    node.args.kw_defaults = [d and none for d in node.args.kw_defaults]


def _compiled(
    definition: ast.stmt, generated: set[str], name: str, function: Any
) -> CodeType:
    """The code that makes the function, given the operators."""
    outer = ast.parse(
        f"def outer():\n def factory(ag__):\n  return {name}\n return factory"
    )
    maker: Any = outer.body[0]
    factory = maker.body[0]
    factory.body.insert(0, definition)
    free = function.__code__.co_freevars
    maker.body[:0] = [
        ast.Assign([ast.Name(symbol, ast.Store())], ast.Constant(None))
        for symbol in free
    ]
    module = ast.fix_missing_locations(outer)
    code = compile(
        module,
        function.__code__.co_filename,
        "exec",
        function.__code__.co_flags & _FUTURE,
        dont_inherit=True,
    )
    found = _code_in(_code_in(code, "outer"), "factory")
    old = _code_in(found, None)
    inside = _renamed(old, function.__code__.co_name, generated | {old.co_name})
    constants = tuple(
        inside if isinstance(item, types.CodeType) else item for item in found.co_consts
    )
    _note(inside, inside)
    return found.replace(co_consts=constants)


def _code_in(code: CodeType, name: str | None) -> CodeType:
    """The code of a function in another one."""
    return next(
        item
        for item in code.co_consts
        if isinstance(item, types.CodeType) and name in (None, item.co_name)
    )


def _renamed(code: CodeType, around: str, generated: set[str]) -> CodeType:
    """The code, and all that is in it, under the names of the program's functions."""
    nameless = code.co_name in generated or code.co_name == "<lambda>"
    name = around if nameless else code.co_name
    constants = tuple(
        _renamed(item, name, generated) if isinstance(item, types.CodeType) else item
        for item in code.co_consts
    )
    return code.replace(co_name=name, co_consts=constants)


def _note(code: CodeType, outermost: CodeType) -> None:
    converted.made_codes[code] = outermost
    for item in code.co_consts:
        if isinstance(item, types.CodeType):
            _note(item, outermost)
