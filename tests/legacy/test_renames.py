"""Old names are warned of in the words of TensorFlow 1.15.5, if that is asked for.

``record.py`` has written what they are.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Done

HERE = Path(__file__).parent
PROGRAMS = sorted((HERE / "old_names").glob("*.py"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.stem)
def test_warnings_are_those_of_tensorflow(
    program: Path,
    script: Callable[..., str],
    scopetutor: Callable[..., Done],
) -> None:
    """The names, the new ones, the lines, and each once."""
    script(program.read_text(encoding="utf-8"), program.name)
    golden = (HERE / "golden" / f"{program.stem}.warnings.txt").read_text("utf-8")

    done = scopetutor("run", "--warn-renames", program.name)

    assert (done.code, done.err) == (0, golden)


def test_nothing_is_warned_of_unless_it_is_asked_for(
    script: Callable[..., str], scopetutor: Callable[..., Done]
) -> None:
    """Almost every old program would begin with a page of warnings."""
    path = script("import tensorflow as tf\ntf.Session()\n")

    assert scopetutor("run", path).err == ""
