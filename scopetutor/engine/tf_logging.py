"""TensorFlow's log: `tf.logging`, one line per message on stderr.

TF 1.15: warnings and errors are shown, `set_verbosity` changes that; the logger is
Python's, called "tensorflow".
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    import logging

DEBUG, INFO, WARN, ERROR, FATAL = 10, 20, 30, 40, 50
_NAMES = {DEBUG: "DEBUG", INFO: "INFO", WARN: "WARN", ERROR: "ERROR", FATAL: "FATAL"}
_logger: logging.Logger | None = None
_counts: dict[tuple[str, int], int] = {}


class _Stderr:
    """Wherever stderr is at the moment of writing, as a stream."""

    def write(self, text: str) -> None:
        """Writes to the present stderr."""
        sys.stderr.write(text)

    def flush(self) -> None:
        """Flushes the present stderr."""
        sys.stderr.flush()


def get_logger() -> logging.Logger:
    """Python's logger called "tensorflow"."""
    global _logger  # noqa: PLW0603 - made when first needed: logging is slow to load
    if _logger is None:
        import logging  # noqa: PLC0415 - as above

        _logger = logging.getLogger("tensorflow")
        _logger.setLevel(WARN)
        if not _logger.handlers and not logging.getLogger().handlers:
            handler = logging.StreamHandler(_Stderr())
            handler.setFormatter(logging.Formatter(logging.BASIC_FORMAT))
            _logger.addHandler(handler)
    return _logger


def log(level: int, msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs at a level."""
    get_logger().log(level, msg, *args, **kwargs)


def debug(msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs what only a developer wants to know."""
    log(DEBUG, msg, *args, **kwargs)


def info(msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs what happens."""
    log(INFO, msg, *args, **kwargs)


def warn(msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs what may be a mistake."""
    log(WARN, msg, *args, **kwargs)


warning = warn


def error(msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs what went wrong."""
    log(ERROR, msg, *args, **kwargs)


def fatal(msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs what cannot be mended."""
    log(FATAL, msg, *args, **kwargs)


def vlog(level: int, msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs at a level given as a number."""
    log(level, msg, *args, **kwargs)


def log_if(level: int, msg: str, condition: bool, *args: Any) -> None:
    """Logs if a condition holds."""
    if condition:
        log(level, msg, *args)


def log_every_n(level: int, msg: str, n: int, *args: Any) -> None:
    """Logs every n-th time this line is reached."""
    log_if(level, msg, not _count() % n, *args)


def log_first_n(level: int, msg: str, n: int, *args: Any) -> None:
    """Logs the first n times this line is reached."""
    log_if(level, msg, _count() < n, *args)


def _count() -> int:
    """How often the line that called our caller was reached before."""
    frame = sys._getframe(2)
    place = frame.f_code.co_filename, frame.f_lineno
    before = _counts.get(place, 0)
    _counts[place] = before + 1
    return before


def get_verbosity() -> int:
    """The least level that is shown."""
    return get_logger().getEffectiveLevel()


def set_verbosity(v: int) -> None:
    """Shows only messages of at least this level."""
    get_logger().setLevel(v)


def flush() -> NoReturn:
    """TF 1.15 has not written it."""
    raise NotImplementedError


def TaskLevelStatusMessage(msg: str) -> None:  # noqa: N802 - TensorFlow's name
    """Logs as an error, as TF 1.15 does."""
    error(msg)
