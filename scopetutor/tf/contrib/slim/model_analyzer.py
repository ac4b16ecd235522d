"""`tf.contrib.slim.model_analyzer`: how large a model is, printed.

Training scripts of slim print it before they start; `scopetutor tree` shows the same
without running the script to its end.
"""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.model_analyzer import (
    analyze_ops,
    analyze_vars,
    tensor_description,
)
