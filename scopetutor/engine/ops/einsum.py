"""`tf.einsum`: sums of products, written with a letter for each axis.

After tensordot. TF 1.15 builds them of transposes, reshapes and matrix products, two
tensors at a time; `lbeta` is here because TensorFlow defines it beside it.
"""

from __future__ import annotations

import re
import string
from typing import Any

from scopetutor.engine import tf_logging
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.operation import Tensor
from scopetutor.engine.surroundings import name_scope

from .array import shape
from .math import lgamma, matmul, multiply, reduce_sum
from .matrices import trace
from .reshaping import expand_dims, reshape, transpose


def lbeta(x: Any, name: str | None = None) -> Any:
    """The logarithm of the Beta function along the last axis."""
    with name_scope(name, "lbeta", [x]):
        tensor = convert_to_tensor(x, name="x")
        products = reduce_sum(lgamma(tensor), axis=[-1])
        return products - lgamma(reduce_sum(tensor, axis=[-1]))


def einsum(equation: str, *inputs: Any, **kwargs: Any) -> Any:
    """The sum of products that an equation describes, such as "ij,jk->ik".

    Args:
        equation: the letters of each input's axes, and those of the result's.
        inputs: the tensors.
        kwargs: `name` of the name scope.

    Raises:
        ValueError: the equation does not fit the inputs, or is not supported.
        TypeError: there are other keyword arguments.
    """
    name = kwargs.pop("name", None)
    if kwargs:
        raise TypeError(
            "invalid keyword arguments for this function: " + ", ".join(sorted(kwargs))
        )
    with name_scope(name, "einsum", [equation, inputs]):
        labels, output = _resolved(equation, inputs)
        if _is_trace(labels, equation):
            return trace(inputs[0])
        for axes in labels:
            if len(set(axes)) < len(axes):
                raise ValueError(
                    "Subscript not supported: an axis appears more than once: " + axes
                )
        for axis in sorted(set("".join(labels)) - set(output)):
            if sum(axis in axes for axes in labels) > 2:
                tf_logging.warn(
                    "Falling back to exponential-space implementation of einsum() "
                    'because index "%s" is summed over more than two inputs.',
                    axis,
                )
                return _all_at_once(equation, list(inputs))
        return _two_at_a_time(equation, list(inputs), labels, output)


def _is_trace(labels: list[str], equation: str) -> bool:
    return (
        len(labels) == 1
        and labels[0] == labels[0][::-1]
        and any(labels[0].count(axis) == 2 for axis in labels[0])
        and "->" not in equation
    )


def _two_at_a_time(
    equation: str, inputs: list[Any], labels: list[str], output: str
) -> Any:
    result, axes = inputs[0], labels[0]
    for tensor, others in zip(inputs[1:], labels[1:], strict=True):
        summed = set(axes) & (set(others) - set(output))
        result, axes = _product(result, axes, tensor, others, summed)
    left = [place for place, axis in enumerate(axes) if axis not in output]
    if left:
        result = reduce_sum(result, axis=left)
        axes = "".join(axis for axis in axes if axis in output)
    if sorted(axes) != sorted(output):
        raise ValueError(f"Invalid equation: {equation}")
    return _transposed(result, [axes.index(axis) for axis in output])


# -- equations -------------------------------------------------------------------------


def _resolved(equation: str, inputs: Any) -> tuple[list[str], str]:
    """The letters of each input's axes and of the result's.

    Raises:
        ValueError: the equation is no equation, or not one for these inputs.
    """
    equation = equation.replace(" ", "")
    match = re.match("^([a-zA-Z,.]+)(->[a-zA-Z.]*)?$", equation)
    if not match:
        raise ValueError(f"Indices have incorrect format: {equation}")
    labels = match[1].split(",")
    if len(inputs) != len(labels):
        raise ValueError(
            f'Got {len(inputs)} arguments for equation "{equation}", expecting '
            f"{len(labels)}"
        )
    output = match[2][2:] if match[2] else None
    dots = ""
    if "..." in equation:
        dots = _replace_dots(inputs, labels)
        output = None if output is None else output.replace("...", dots)
        if "." in "".join([*labels, output or ""]):
            raise ValueError('period "." found outside of ellipsis')
    if output is not None:
        return labels, output
    counts = "".join(labels)
    named = sorted(set(counts) - set(dots))
    return labels, dots + "".join(a for a in named if counts.count(a) == 1)


def _replace_dots(inputs: Any, labels: list[str]) -> str:
    """Puts letters for "..." into the labels; gives those of the longest."""
    dots = ""
    unused = "".join(c for c in string.ascii_letters if c not in "".join(labels))
    for place, axes in enumerate(labels):
        if "..." in axes:
            letters = _letters_for(axes, inputs[place], unused)
            labels[place] = axes.replace("...", letters)
            dots = max(dots, letters, key=len)
    return dots


def _letters_for(axes: str, tensor: Any, unused: str) -> str:
    parts = axes.split("...")
    if len(parts) != 2:
        raise ValueError("Unable to resolve ellipsis. Excess number found.")
    rank = tensor.shape.ndims
    if rank is None:
        raise ValueError("Unable to statically infer ellipsis axes.")
    count = rank - len("".join(parts))
    if count < 0:
        raise ValueError("Ellipses lengths do not match.")
    if len(unused) < count:
        raise ValueError("Unable to resolve ellipsis, too many distinct labels.")
    return unused[-count:] if count else ""


# -- products --------------------------------------------------------------------------


def _product(
    a: Any, a_axes: str, b: Any, b_axes: str, summed: set[str]
) -> tuple[Any, str]:
    """The product of two tensors, summed over some axes, and its axes."""
    for word, tensor, axes in (("t0", a, a_axes), ("t1", b, b_axes)):
        if len(axes) != len(tensor.shape):
            raise ValueError(
                f"Tensor {word} of rank {len(tensor.shape)} does not match einsum "
                f"reduction of length {len(axes)}"
            )
    kept = (set(a_axes) & set(b_axes)) - summed
    a_only, b_only = (set(axes) - kept - summed for axes in (a_axes, b_axes))
    # Those that both keep come first; then a's own, the summed ones, and b's own.
    a_order = sorted(a_axes, key=lambda x: (x not in kept, x in summed, x))
    b_order = sorted(b_axes, key=lambda x: (x not in kept, x in b_only, x))
    a = _transposed(a, [a_axes.find(axis) for axis in a_order])
    b = _transposed(b, [b_axes.find(axis) for axis in b_order])
    if summed:
        result = _matrix_product(a, b, len(kept), len(summed), len(b_only))
    else:
        for _ in b_only:
            a = expand_dims(a, -1)
        for _ in a_only:
            b = expand_dims(b, len(kept))
        result = multiply(a, b)
    own = len(kept) + len(a_only)
    return result, "".join([*a_order[:own], *b_order[len(b_order) - len(b_only) :]])


def _matrix_product(a: Any, b: Any, kept: int, summed: int, b_only: int) -> Any:
    """A product of tensors whose axes are in order, as one of matrices."""
    a_sizes = _sizes(a)
    rows, inner = _total(a_sizes[kept:-summed]), _total(a_sizes[-summed:])
    a = _reshaped(a, [*a_sizes[:kept], rows, inner])
    b_sizes = _sizes(b)
    columns = _total(b_sizes[kept + summed :])
    b = _reshaped(b, [*b_sizes[:kept], inner, columns])
    sizes = [*a_sizes[:-summed], *b_sizes[len(b_sizes) - b_only :]]
    return _reshaped(matmul(a, b), sizes)


def _transposed(tensor: Any, places: list[int]) -> Any:
    if places == list(range(len(places))):
        return tensor
    return transpose(tensor, perm=places)


def _reshaped(tensor: Any, sizes: list[Any]) -> Any:
    wanted = [-1 if size is None else size for size in sizes]
    known = tensor.shape.as_list()
    if len(wanted) == len(known) and all(
        not isinstance(new, Tensor) and new in (old, -1)
        for old, new in zip(known, wanted, strict=True)
    ):
        return tensor
    return reshape(tensor, tuple(wanted))


def _sizes(tensor: Any) -> list[Any]:
    """The sizes of a tensor: numbers, and tensors where they are not known."""
    sizes: list[Any] = tensor.shape.as_list()
    if None in sizes:
        found = shape(tensor)
        sizes = [found[i] if size is None else size for i, size in enumerate(sizes)]
    return sizes


def _total(sizes: list[Any]) -> Any:
    total: Any = 1
    for size in sizes:
        total *= size
    return total


def _all_at_once(equation: str, inputs: list[Any]) -> Any:
    """The product of all tensors with all axes, summed at the end."""
    labels, output = _resolved(equation, inputs)
    every = "".join(sorted(set("".join(labels)) | set(output)))
    order = [axis for axis in every if axis not in output] + list(output)
    expanded = []
    for place, (tensor, axes) in enumerate(zip(inputs, labels, strict=True)):
        if tensor.shape.ndims != len(axes):
            raise ValueError(
                f"Input {place} with axes {axes} has incorrect number of dimensions "
                f"(expected {len(axes)}, got {tensor.shape.ndims})"
            )
        inside = sorted(axes, key=order.index)
        ordered = _transposed(tensor, [axes.find(axis) for axis in inside])
        sizes = dict(zip(inside, ordered.shape.as_list(), strict=True))
        expanded.append((ordered, [sizes.get(axis, 1) or -1 for axis in order]))
    for place, axis in enumerate(order):
        known = {sizes[place] for _, sizes in expanded if sizes[place] > 1}
        if len(known) > 1:
            raise ValueError(f"Dimension mismatch on axis: {axis}")
    product: Any = 1
    for tensor in [reshape(tensor, sizes) for tensor, sizes in expanded]:
        product *= tensor
    summed = [place for place, axis in enumerate(order) if axis not in output]
    return reduce_sum(product, summed)
