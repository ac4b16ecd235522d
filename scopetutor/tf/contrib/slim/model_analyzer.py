"""`tf.contrib.slim.model_analyzer`."""

# ruff: noqa: F401

from scopetutor.engine.contrib.slim.model_analyzer import (
    analyze_ops,
    analyze_vars,
    tensor_description,
)
