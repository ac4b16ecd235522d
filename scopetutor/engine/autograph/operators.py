"""What rewritten code knows as `ag__`.

After calls, conditions, loops and logic, which it gathers; ``rewriting.py`` gives it to
the code that it makes.
"""

from __future__ import annotations

import functools
import types

from . import calls, conditions, function_scopes, logic, loops, undefined
from .options import STANDARD, Feature, options_of


@functools.cache
def operators() -> types.SimpleNamespace:
    """All of it."""
    return types.SimpleNamespace(
        STD=STANDARD,
        ConversionOptions=options_of,
        Feature=Feature,
        FunctionScope=function_scopes.FunctionScope,
        with_function_scope=function_scopes.with_function_scope,
        Undefined=undefined.Undefined,
        UndefinedReturnValue=undefined.UndefinedReturnValue,
        retval=undefined.retval,
        and_=logic.and_,
        or_=logic.or_,
        not_=logic.not_,
        eq=logic.eq,
        not_eq=logic.not_eq,
        assert_stmt=logic.assert_stmt,
        match_staging_level=logic.match_staging_level,
        if_stmt=conditions.if_stmt,
        while_stmt=loops.while_stmt,
        for_stmt=loops.for_stmt,
        converted_call=calls.converted_call,
        do_not_convert_internal=calls.do_not_convert_internal,
    )
