"""This process as old programs know it: TensorFlow 1.15 is installed in it.

`scopetutor.as_tensorflow()` is the public way; `host` takes it before a script.
Python's import finds scopetutor by the name of TensorFlow, what came with it besides,
and the names that NumPy had.
"""

from __future__ import annotations

_put_on = False


def put_on(*, warns_of_renames: bool = False) -> None:
    """Makes `import tensorflow` mean scopetutor from now on; once is enough.

    Args:
        warns_of_renames: whether names that are others in TensorFlow 2 are warned of.
    """
    global _put_on  # noqa: PLW0603 - once in a process
    if _put_on:
        return
    _put_on = True
    import numpy as np  # noqa: PLC0415 - a script that cannot be read does without

    from scopetutor.engine import trace  # noqa: PLC0415
    from scopetutor.evaluator import class_names  # noqa: PLC0415
    from scopetutor.evaluator.imports import Language  # noqa: PLC0415

    from . import companions, old_numpy  # noqa: PLC0415
    from .places import Places  # noqa: PLC0415

    trace.locate = Places().here  # operations know where they were made
    Language(warns_of_renames=warns_of_renames).install()
    class_names.install()
    companions.Companions().install()
    old_numpy.restore()
    # Numbers print as in the NumPy of TensorFlow 1.15: 4.0, not np.float32(4.0).
    np.set_printoptions(legacy="1.25")
