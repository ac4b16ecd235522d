"""`tf.keras.backend.function`: inputs, outputs and updates of a graph as a function.

After assignments.py. Training (compiling.py) runs its batches with these, too.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from scopetutor.engine import defaults, nest
from scopetutor.engine import gradients as engine_gradients
from scopetutor.engine.convert import is_tensor
from scopetutor.engine.ops import array
from scopetutor.engine.ops.control_flow import group
from scopetutor.engine.ops.printing import print_
from scopetutor.engine.ops.state import assign
from scopetutor.engine.surroundings import control_dependencies
from scopetutor.engine.variables import Variable

from . import assignments

_KNOWN = ("fetches", "feed_dict", "options", "run_metadata")


class GraphExecutionFunction:
    """What is run for some inputs, in keras's session.

    Args:
        inputs: what is fed: a list of placeholders, or a structure of them.
        outputs: what is given.
        updates: operations that are run after the first output, or pairs of a variable
            and its new value.
        name: kept, and not looked at.
        session_kwargs: `fetches` and `feed_dict` are run and fed as well.

    Raises:
        TypeError: the updates are no list.
        ValueError: a further argument is not known.
    """

    def __init__(
        self,
        inputs: Any,
        outputs: Any,
        updates: Any = None,
        name: Any = None,
        **session_kwargs: Any,
    ) -> None:
        updates = updates or []
        if not isinstance(updates, (list, tuple)):
            raise TypeError(
                "`updates` in a Keras backend function should be a list or tuple."
            )
        self.name = name
        self.inputs = nest.flatten(inputs)
        self._structure = outputs
        self.outputs = [_as_tensor(one) for one in nest.flatten(outputs)]
        with control_dependencies([self.outputs[0]]):
            made = [assign(*one) if isinstance(one, tuple) else one for one in updates]
            self.updates_op = group(*made)
        self.feed_dict = session_kwargs.pop("feed_dict", None)
        fetches = session_kwargs.pop("fetches", [])
        fetches = fetches if isinstance(fetches, list) else [fetches]
        self.fetches = [array.identity(one) for one in fetches]
        self.fetch_callbacks: dict[Any, Any] = {}
        session_kwargs.pop("options", None)
        session_kwargs.pop("run_metadata", None)
        if session_kwargs:
            raise ValueError(
                "Some keys in session_kwargs are not supported at this time: "
                f"{session_kwargs.keys()}"
            )

    def __call__(self, inputs: Any) -> Any:
        """The outputs for some inputs; None feeds nothing."""
        session = assignments.session()
        fed = dict(self.feed_dict or {})
        for tensor, value in zip(self.inputs, nest.flatten(inputs), strict=False):
            if value is not None:
                given = session.run(value) if is_tensor(value) else value
                fed[tensor] = np.asarray(given, dtype=tensor.dtype.as_numpy_dtype)
        found = session.run([self.outputs, self.fetches, self.updates_op], fed)
        for fetch, value in zip(self.fetches, found[1], strict=True):
            if fetch in self.fetch_callbacks:
                self.fetch_callbacks[fetch](value)
        return nest.pack_sequence_as(self._structure, found[0])


def _as_tensor(output: Any) -> Any:
    return array.identity(output) if isinstance(output, Variable) else output


def function(
    inputs: Any, outputs: Any, updates: Any = None, name: Any = None, **kwargs: Any
) -> Any:
    """A function that feeds inputs and gives outputs.

    Args:
        inputs: placeholders.
        outputs: tensors.
        updates: what is run as well.
        name: kept, and not looked at.
        kwargs: `fetches` and `feed_dict`, as for `Session.run`.

    Raises:
        ValueError: a further argument is not known.
        NotImplementedError: in eager mode, which has no placeholders.
    """
    if defaults.state.eager:
        raise NotImplementedError(
            "scopetutor has tf.keras.backend.function in graphs only; in eager mode, "
            "call the layers or the model on tensors."
        )
    for key in kwargs:
        if key not in _KNOWN:
            raise ValueError(
                f'Invalid argument "{key}" passed to K.function with TensorFlow backend'
            )
    return GraphExecutionFunction(inputs, outputs, updates=updates, **kwargs)


def gradients(loss: Any, variables: Any) -> Any:
    """The derivatives of a loss with respect to variables."""
    return engine_gradients.gradients(loss, variables, colocate_gradients_with_ops=True)


def stop_gradient(variables: Any) -> Any:
    """Tensors that gradients do not flow through."""
    if isinstance(variables, (list, tuple)):
        return map(array.stop_gradient, variables)
    return array.stop_gradient(variables)


def print_tensor(x: Any, message: str = "") -> Any:
    """The tensor, which is printed when it is computed."""
    printed = print_(message, x, output_stream=sys.stdout)
    if defaults.state.eager:
        return x
    with control_dependencies([printed]):
        return array.identity(x)
