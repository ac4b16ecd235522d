"""Features and labels from an input function, and what must run before they come.

Before estimator: it hands what comes out to the model function. TF 1.15: a dataset gets
its iterator here, and a hook that initializes it in every new session.
"""

from __future__ import annotations

import inspect
from typing import Any

from scopetutor.engine import defaults, nest
from scopetutor.engine.data.dataset import Dataset
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.surroundings import device
from scopetutor.engine.training.session_run_hook import SessionRunHook


class DatasetInitializerHook(SessionRunHook):
    """Begins a dataset in each new session."""

    def __init__(self, iterator: Any) -> None:
        self._iterator = iterator

    def begin(self) -> None:
        """Remembers the operation."""
        self._initializer = self._iterator.initializer

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Begins it."""
        session.run(self._initializer)


def call_input_fn(input_fn: Any, mode: str, params: Any, config: Any) -> Any:
    """What an input function gives, of what it takes."""
    given = {"mode": mode, "params": params, "config": config}
    taken = inspect.signature(input_fn).parameters
    with device("/cpu:0"):
        return input_fn(**{k: v for k, v in given.items() if k in taken})


def features_and_labels(result: Any) -> tuple[Any, Any, list[Any]]:
    """Features, labels, and hooks of what an input function gave.

    Raises:
        ValueError: it is a tuple of another length than two.
    """
    hooks: list[Any] = []
    if isinstance(result, Dataset):
        iterator = result.make_initializable_iterator()
        hooks.append(DatasetInitializerHook(iterator))
        result = iterator.get_next()
    if not isinstance(result, (list, tuple)):
        return result, None, hooks
    if len(result) != 2:
        raise ValueError("input_fn should return (features, labels) as a len 2 tuple.")
    return result[0], result[1], hooks


def may_end(features: Any) -> bool:
    """Whether features come of a dataset or a queue."""
    tensors = [t for t in nest.flatten(features) if hasattr(t, "op")]
    if any(tensor.op.type == "IteratorGetNext" for tensor in tensors):
        return True
    return bool(defaults.get_default_graph().get_collection(GraphKeys.QUEUE_RUNNERS))
