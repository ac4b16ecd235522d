"""`slim.model_analyzer`: the sizes of a graph's outputs, and of variables.

After a model is built: it walks the graph and prints, and changes nothing.
"""

# ruff: noqa: T201 - printing is what these functions are for

from __future__ import annotations

from typing import Any

_RULE = "---------"


def tensor_description(var: Any) -> str:
    """Type and shape: ``(float32 1x8x8x1024)``."""
    sizes = "x".join(str(size) for size in var.get_shape())
    return f"({var.dtype.name} {sizes})"


def analyze_ops(graph: Any, print_info: bool = False) -> int:
    """How many elements all outputs of a graph have; unknown sizes count as 0."""
    if print_info:
        print(_RULE, "Operations: name -> (type shapes) [size]", _RULE, sep="\n")
    total = 0
    for op in graph.get_operations():
        sizes = [output.get_shape().num_elements() or 0 for output in op.outputs]
        if print_info:
            shapes = [tensor_description(t) for t in op.outputs if t.get_shape()]
            print(op.name, "\t->", ", ".join(shapes), f"[{sum(sizes)}]")
        total += sum(sizes)
    return total


def analyze_vars(variables: Any, print_info: bool = False) -> tuple[int, int]:
    """How many elements and bytes variables have together."""
    if print_info:
        print(_RULE, "Variables: name (type shape) [size]", _RULE, sep="\n")
    elements = size = 0
    for var in variables:
        own = var.get_shape().num_elements() or 0
        own_bytes = own * var.dtype.size
        elements += own
        size += own_bytes
        if print_info:
            print(var.name, tensor_description(var), f"[{own}, bytes: {own_bytes}]")
    if print_info:
        print(f"Total size of variables: {elements}")
        print(f"Total bytes of variables: {size}")
    return elements, size
