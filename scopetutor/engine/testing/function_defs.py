"""A function that is an operation, as TensorFlow's graph files describe it.

After ``defined_functions.py``. TF 1.15: the results have the names of the operations
they come from; these, and arguments of the same name, get other names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scopetutor.engine.graph_def import node_def
from scopetutor.formats import protos

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scopetutor.engine.operation import Operation, Tensor


class _Names:
    """Names that are all different."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def unique(self, wanted: str) -> str:
        """The name, or the name with a number."""
        name, number = wanted, 0
        while name in self._taken:
            name = f"{wanted}_{number}"
            number += 1
        self._taken.add(name)
        return name


def result_names(outputs: Sequence[Tensor], names: Sequence[str] | None) -> list[str]:
    """The names of a function's results, unless the program gave them."""
    known = _Names()
    return list(names or [known.unique(_word(out.op.name)) for out in outputs])


def _word(name: str) -> str:
    return re.sub(r"\W", "_", name.lower())


class Description:
    """A function on its way into a file.

    Args:
        name: of the function.
        arguments: the placeholders of what it takes.
        outputs: what it gives.
        names: of what it gives.
        ops: all operations of its graph.
    """

    def __init__(
        self,
        name: str,
        arguments: Sequence[Tensor],
        outputs: Sequence[Tensor],
        names: Sequence[str],
        ops: Sequence[Operation],
    ) -> None:
        self._name, self._outputs, self._result_names = name, outputs, names
        known = _Names()
        for result in names:
            known.unique(result)
        self._arguments = {t: known.unique(_word(t.op.name)) for t in arguments}
        inside = {tensor.op for tensor in arguments}
        self._nodes = {op: known.unique(op.name) for op in ops if op not in inside}

    def node_name(self, op: Operation) -> str:
        """What an operation is called there."""
        return self._nodes[op]

    def function_def(self) -> Any:
        """The FunctionDef."""
        made = protos.FunctionDef(signature=self.signature())
        for op in self._nodes:
            made.node_def.append(self._node(op))
        for name, tensor in zip(self._result_names, self._outputs, strict=True):
            made.ret[name] = self._input(tensor)
        for place in range(len(self._arguments)):
            made.arg_attr[place].SetInParent()
        return made

    def signature(self) -> Any:
        """Its OpDef."""
        made = protos.OpDef(name=self._name)
        for tensor, name in self._arguments.items():
            made.input_arg.add(name=name, type=tensor.dtype.as_datatype_enum)
        for name, tensor in zip(self._result_names, self._outputs, strict=True):
            made.output_arg.add(name=name, type=tensor.dtype.as_datatype_enum)
        made.is_stateful = any(op._is_stateful for op in self._nodes)
        return made

    def _node(self, op: Operation) -> Any:
        made = node_def(op)
        made.name = self._nodes[op]
        del made.input[:]
        made.input.extend([self._input(tensor) for tensor in op._inputs])
        made.input.extend([f"^{self._nodes[c]}" for c in op._control_inputs])
        return made

    def _input(self, tensor: Tensor) -> str:
        """A tensor as the nodes of a function name it."""
        if tensor in self._arguments:
            return self._arguments[tensor]
        at = tensor.value_index
        for argument in tensor.op._definition.outputs:
            count = 1
            if argument.number_attr:
                count = tensor.op._attrs[argument.number_attr]
            elif argument.type_list_attr:
                count = len(tensor.op._attrs[argument.type_list_attr])
            if at < count:
                break
            at -= count
        return f"{self._nodes[tensor.op]}:{argument.name}:{at}"
