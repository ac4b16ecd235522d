"""What TF 1.15 says of every distribution: the library has moved.

Before all others here: it decorates what warns. TF 1.15 says so once for each place in
a program that calls it (``deprecation.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import deprecation

if TYPE_CHECKING:
    from collections.abc import Callable


def moved(function: str, module: str) -> Callable[..., Any]:
    """The decorator of what moved to TensorFlow Probability.

    Args:
        function: TensorFlow's name of it, such as "Normal.__init__".
        module: where TensorFlow has it, below `tensorflow.python.ops.distributions`.
    """
    return deprecation.deprecated(
        function,
        f"tensorflow.python.ops.distributions.{module}",
        "The TensorFlow Distributions library has moved to TensorFlow Probability "
        "(https://github.com/tensorflow/probability). You should update all references "
        "to use `tfp.distributions` instead of `tf.distributions`.",
        "2019-01-01",
    )
