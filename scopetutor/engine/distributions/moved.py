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
    place = f"tensorflow.python.ops.distributions.{module}"
    return _moved(function, place, "tf.distributions", "2019-01-01")


def moved_from_contrib(function: str, module: str) -> Callable[..., Any]:
    """The same for what TF 1.15 has in `tf.contrib.distributions`."""
    place = f"tensorflow.contrib.distributions.python.ops.{module}"
    return _moved(function, place, "tf.contrib.distributions", "2018-10-01")


def _moved(function: str, place: str, public: str, date: str) -> Callable[..., Any]:
    return deprecation.deprecated(
        function,
        place,
        "The TensorFlow Distributions library has moved to TensorFlow Probability "
        "(https://github.com/tensorflow/probability). You should update all references "
        f"to use `tfp.distributions` instead of `{public}`.",
        date,
    )
