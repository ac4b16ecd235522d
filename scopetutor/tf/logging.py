"""`tf.logging`: lines on stderr, and how many of them.

From ``engine/tf_logging.py``. `tf.logging.set_verbosity(tf.logging.ERROR)` is in the
first lines of many scripts; it silences warnings of the engine too.
"""

# ruff: noqa: F401

from scopetutor.engine.tf_logging import (
    DEBUG,
    ERROR,
    FATAL,
    INFO,
    WARN,
    TaskLevelStatusMessage,
    debug,
    error,
    fatal,
    flush,
    get_verbosity,
    info,
    log,
    log_every_n,
    log_first_n,
    log_if,
    set_verbosity,
    vlog,
    warn,
    warning,
)
