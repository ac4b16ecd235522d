"""An interactive tutor and REPL for TensorFlow 1.x variables and scopes."""

TYPE_CHECKING = False  # typing takes longer to load than --version takes
if TYPE_CHECKING:
    from typing import Any

__version__ = "0.1.0"


def as_tensorflow() -> None:
    """Make `import tensorflow` mean scopetutor in this process, by every old path.

    For programs and tests of TensorFlow 1 that `scopetutor run` does not start: call it
    first, in a test suite from its `conftest.py`.
    """
    import importlib  # noqa: PLC0415 - as below

    importlib.import_module("scopetutor.legacy.disguise").put_on()


def load_ipython_extension(shell: object) -> None:
    """Take over the cells of a notebook: `%load_ext scopetutor`."""
    _notebook().load(shell)


def unload_ipython_extension(shell: object) -> None:
    """Give the cells back: `%unload_ext scopetutor`."""
    _notebook().unload(shell)


def _notebook() -> "Any":
    # By name: everything imports this file, and it must not depend on anything.
    import importlib  # noqa: PLC0415 - as above

    return importlib.import_module("scopetutor.repl.notebook")
