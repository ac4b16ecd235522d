"""The process in which a script runs: nothing in it but the script, as `__main__`.

`launch` starts it with an `Order`. It has the terminal's own stdin, stdout and stderr,
so a script reads, prints, shows progress and is interrupted as under plain Python; and
`import tensorflow` leads to scopetutor. What it leaves with is the script's exit code.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import warnings
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from scopetutor.errors import ScopetutorError

from . import disguise, python2, report, script
from .order import Order

if TYPE_CHECKING:
    from scopetutor.evaluator.sources import Sources

    from .script import Script

OURS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")
FINE, FAILED, INTERRUPTED, BROKEN_PIPE = 0, 1, 130, 141
_INSTALLED_AS = {
    "Image": "pillow", "PIL": "pillow", "bs4": "beautifulsoup4",
    "cv2": "opencv-python", "dateutil": "python-dateutil", "skimage": "scikit-image",
    "sklearn": "scikit-learn", "yaml": "pyyaml",
}  # fmt: skip
"""What a package is called where it is installed from, if not as it is imported."""
AT_ONCE = 2.0
"""Seconds in which a second Ctrl-C ends a script that minded the first one little."""


def main() -> NoReturn:
    """Carries out the order that is the last word of the command line."""
    order = msgspec.json.decode(sys.argv.pop(), type=Order)
    try:
        code = carry_out(order)
    except ScopetutorError as error:
        if order.reply:
            report.refuse(order.reply, error)
        else:
            sys.stderr.write(f"scopetutor: {error}\n")
        code = FAILED
    sys.exit(code)


def carry_out(order: Order) -> int:
    """Runs the script of an order; the exit code."""
    found = script.read(order.script, py2=order.py2)
    signal.signal(signal.SIGINT, Interrupts())
    stage(found, order)
    if order.aim == "tree":
        from .tree import grow  # noqa: PLC0415 - `run` does without

        return grow(found, order)
    return run(found)


class Interrupts:
    """What Ctrl-C does: what Python does; and the second time the end at once."""

    def __init__(self) -> None:
        self._last = -AT_ONCE

    def __call__(self, *_: object) -> None:
        """Ctrl-C was pressed."""
        now = time.monotonic()
        if now - self._last < AT_ONCE:
            os._exit(INTERRUPTED)
        self._last = now
        raise KeyboardInterrupt


def stage(found: Script, order: Order) -> None:
    """Makes this process look to the script as Python does to any script."""
    if order.confined:
        _confine(found)
    disguise.put_on(warns_of_renames=order.warn_renames)
    warnings.filterwarnings("ignore", category=SyntaxWarning)
    sys.argv[:] = [found.path, *order.arguments]
    sys.path.insert(0, found.folder)
    if order.py2:
        python2.Rewriting(found.folder).install()
    if order.fake_data:
        from scopetutor.engine import mnist  # noqa: PLC0415 - as NumPy

        mnist.make_up_data()


def _confine(found: Script) -> None:
    """Lets the script write in its folder, in the current one, and nowhere else."""
    import tempfile  # noqa: PLC0415

    from scopetutor.workspace import limits  # noqa: PLC0415
    from scopetutor.workspace.settings import Settings  # noqa: PLC0415

    folders = (found.folder, os.getcwd())
    scratch = tempfile.mkdtemp(prefix="scopetutor-")
    os.environ["TMPDIR"] = scratch
    limits.confine(
        Settings(
            seal="",
            forks=False,
            entropy=0,
            folder=found.folder,
            scratch=scratch,
            writable=folders,
            readable=folders,
        )
    )


def run(found: Script) -> int:
    """Runs a script to its end; the exit code.

    Raises:
        SystemExit: the script asks to leave.
    """
    from scopetutor.evaluator.sources import Sources  # noqa: PLC0415

    from .absent import Absent  # noqa: PLC0415

    sources = Sources(found.folder)
    absent = Absent(sources, found)
    absent.listen()
    sources.add(found.text, file=found.path)
    try:
        exec(found.code, main_module(found).__dict__)
    except KeyboardInterrupt as error:
        where = found.place(sources.here(innermost(error)))
        _flush()
        sys.stderr.write(f"\nStopped at {where}.\n" if where else "\nStopped.\n")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; Python would complain once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return BROKEN_PIPE
    except Exception as error:
        _flush()
        tell(error, sources)
        sys.stderr.write(absent.report())
        return FAILED
    return FINE


def main_module(found: Script) -> ModuleType:
    """A new `__main__` for a script."""
    module = ModuleType("__main__")
    module.__dict__.update(__file__=found.path, __builtins__=__builtins__)
    sys.modules["__main__"] = module
    return module


def tell(error: BaseException, sources: Sources) -> None:
    """Prints the traceback of an exception, and what can be done about it."""
    from . import traceback  # noqa: PLC0415

    sys.stderr.write(traceback.lines(error, sources))
    if advice := hint(error):
        sys.stderr.write(f"  try  {advice}\n")


def hint(error: BaseException) -> str:
    """What to try after an exception, or ""."""
    if advice := python2.hint(error):
        return advice
    if isinstance(error, ModuleNotFoundError) and error.name:
        package = error.name.partition(".")[0]
        if package not in ("tensorflow", "tensorflow_core"):
            wanted = _INSTALLED_AS.get(package, package)
            return f"{sys.executable} -m pip install {wanted}"
    elif isinstance(error, ImportError) and "no known parent package" in str(error):
        return (
            "a script in the folder above, with  import runpy; "
            'runpy.run_module("package.module", run_name="__main__")'
        )
    return ""


def innermost(error: BaseException) -> Any:
    """The frame in which an exception was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return None if trace is None else trace.tb_frame


def _flush() -> None:
    """Lets what was printed come before what is said of it."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):  # closed by the script, or by who reads it
        return
