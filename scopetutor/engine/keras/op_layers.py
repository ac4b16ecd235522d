"""Operations between layers that are no layers: `x * 2` in a model becomes one.

After layer.py and backend_function.py. TF 1.15: when a layer is called on a tensor that
comes from an `Input` by way of plain operations, or a model ends in one, each of these
operations becomes a TensorFlowOpLayer. Its other inputs are computed once, at that
moment, and are constants from then on.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import constants as engine_constants
from scopetutor.engine import nest
from scopetutor.engine.surroundings import init_scope

from . import nodes
from .backend_function import function
from .layer import Layer


class TensorFlowOpLayer(Layer):
    """An operation that is a layer.

    Args:
        node_def: the operation that is made again on other inputs.
        name: of the operation.
        constants: the values of inputs that come from no layer, by their numbers.
        trainable: kept for TensorFlow's sake.
        dtype: kept for TensorFlow's sake.
    """

    def __init__(
        self,
        node_def: Any,
        name: str,
        constants: Any = None,
        trainable: bool = True,
        dtype: Any = None,
    ) -> None:
        super().__init__(name=f"tf_op_layer_{name}", trainable=trainable, dtype=dtype)
        self._op = node_def
        self.constants = dict(constants or {})
        self.built = True

    def call(self, inputs: Any) -> Any:
        """What the operation makes of some inputs."""
        given, op = list(nest.flatten(inputs)), self._op
        graph = given[0].graph
        for index, value in self.constants.items():
            name = op.node_def.input[index]
            given.insert(index, engine_constants.constant(value, name=name))
        made = graph.add(
            op._definition,
            tuple(given),
            op._attrs,
            [output.dtype for output in op.outputs],
            op.name,
        )
        return made.outputs[0] if len(made.outputs) == 1 else made.outputs

    def get_config(self) -> dict[str, Any]:
        """Refuses: an operation is described by its graph, not by arguments."""
        raise NotImplementedError(
            f"scopetutor cannot write down the operation {self._op.name} between the "
            "layers of a model; put it into a tf.keras.layers.Lambda."
        )


def complete_history(tensors: Any) -> None:
    """Makes layers of the operations that lead from inputs of models to tensors."""
    _follow(nest.flatten(tensors), set())


def _follow(tensors: list[Any], done: set[Any]) -> None:
    for tensor in tensors:
        op = tensor.op
        if hasattr(tensor, "_keras_history") or op in done:
            continue
        constants, given = {}, []
        for i, one in enumerate(op.inputs):
            if comes_from_input(one):
                given.append(one)
            else:
                with init_scope():
                    constants[i] = function([], one)([])
        _follow(given, done)
        layer = TensorFlowOpLayer(op, name=op.name, constants=constants)
        nodes.record(layer, given, list(op.outputs), {})
        done.add(op)


def comes_from_input(tensor: Any) -> bool:
    """Whether a tensor is computed from the output of a layer.

    What was looked at in vain is not looked at again.
    """
    todo, seen = [tensor], set()
    while todo:
        one = todo.pop()
        if hasattr(one, "_keras_history"):
            return True
        if id(one) in seen or getattr(one, "_keras_history_checked", False):
            continue
        seen.add(id(one))
        todo.extend(one.op.inputs)
    tensor._keras_history_checked = True
    return False
