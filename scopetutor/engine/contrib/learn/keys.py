"""`ModeKeys` and other names that `tf.contrib.learn` gives to strings and numbers.

Stands alone. Model functions of 2016 ask for `ModeKeys.TRAIN`; the strings are those of
`tf.estimator.ModeKeys`, which calls `INFER` `PREDICT`.
"""

from __future__ import annotations


class ModeKeys:
    """What a model is made for."""

    TRAIN = "train"
    EVAL = "eval"
    INFER = "infer"

    @classmethod
    def validate(cls, key: str) -> None:
        """ValueError unless it is one of them."""
        if key not in (cls.TRAIN, cls.EVAL, cls.INFER):
            raise ValueError(f"Invalid mode {key}.")


class PredictionKey:
    """The names of what a model predicts."""

    CLASSES = "classes"
    PROBABILITIES = "probabilities"
    LOGITS = "logits"
    LOGISTIC = "logistic"
    SCORES = "scores"
    TOP_K = "top_k"
    GENERIC = "output"


class ProblemType:
    """What is to be learned."""

    UNSPECIFIED = 0
    CLASSIFICATION = 1
    LINEAR_REGRESSION = 2
    LOGISTIC_REGRESSION = 3


class TaskType:
    """What a process does in a cluster."""

    MASTER = "master"
    PS = "ps"
    WORKER = "worker"


class NotFittedError(ValueError, AttributeError):
    """A model was asked before it learned anything."""
