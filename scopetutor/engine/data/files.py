"""The files that a dataset lists: those that match a pattern.

Before dataset, for `Dataset.list_files`. TF 1.15: whether there are files is asked when
the dataset begins, not when it is made.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.surroundings import control_dependencies


def matching_files(file_pattern: Any) -> Any:
    """The files that match; an error when it runs, if there are none."""
    from scopetutor.engine.ops.array import identity, shape  # noqa: PLC0415 - seldom
    from scopetutor.engine.ops.checks import Assert  # noqa: PLC0415 - used here only
    from scopetutor.engine.ops.math import add, greater  # noqa: PLC0415 - used here only
    from scopetutor.engine.ops.strings import reduce_join  # noqa: PLC0415 - used here only

    pattern = convert_to_tensor(file_pattern, dtype=dtypes.string, name="file_pattern")
    found = apply("MatchingFiles", pattern)
    some = greater(shape(found)[0], 0, name="match_not_empty")
    message = add(
        "No files matched pattern: ",
        reduce_join(pattern, separator=", "),
        name="message",
    )
    check = Assert(some, [message], summarize=1, name="assert_not_empty")
    with control_dependencies([check]):
        return identity(found)
