"""What of `tensorflow.python.ops.template` only TensorFlow's own tests ask for.

After ``templates.py`` and ``functions/defun.py``, for tests of templates that are
traced.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from scopetutor.engine.functions.defun import defun
from scopetutor.engine.templates import Template, make_template

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def make_template_internal(
    name_: Any,
    func_: Callable[..., Any],
    create_scope_now_: bool = False,
    unique_name_: str | None = None,
    custom_getter_: Any = None,
    create_graph_function_: bool = False,
    **kwargs: Any,
) -> Template:
    """`make_template`, whose function may be traced as `defun` does."""
    if kwargs:
        func_ = functools.partial(func_, **kwargs)
    if create_graph_function_:
        func_ = defun(func_)
    return make_template(name_, func_, create_scope_now_, unique_name_, custom_getter_)


def _skip_common_stack_elements(
    stacktrace: Sequence[Any], base_case: Sequence[Any]
) -> Sequence[Any]:
    """What of a stack is not in another one; at least its last element."""
    for index, (one, other) in enumerate(zip(stacktrace, base_case, strict=False)):
        if one != other:
            return stacktrace[index:]
    return stacktrace[-1:]
