"""Printing values while a graph runs: `tf.Print`, `tf.print`, `tf.strings.format`.

After array. Values look as TensorFlow's runtime prints them, in its two styles: that of
`tf.Print` and assertions (the first few elements), and that of `tf.print` (the first
and last few along each axis).
"""

from __future__ import annotations

import itertools
import os
import pprint
import random as python_random
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, dtypes, nest, tf_logging
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor, is_tensor
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import SparseTensor

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.state import State

Array = np.ndarray[Any, Any]

# -- how values look ---------------------------------------------------------------


def _shortest(value: float, digits: int, kind: Any) -> str:
    """A number with few digits if they are enough to read it back, else with all."""
    short = f"{value:.{digits}g}"
    if np.isfinite(value) and kind(short) != kind(value):
        return f"{value:.{digits + (3 if kind is np.float32 else 2)}g}"
    return short


_ESCAPES = {9: r"\t", 10: r"\n", 13: r"\r", 34: r"\"", 39: r"\'", 92: r"\\"}


def escaped(text: bytes) -> str:
    """Text as C would write it."""
    return "".join(
        _ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}")
        for byte in text
    )


def element_text(value: Any) -> str:
    """One element as the runtime prints it."""
    if isinstance(value, bytes):
        return escaped(value)
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    if isinstance(value, np.float64):
        return _shortest(float(value), 15, np.float64)
    if isinstance(value, (np.float32, np.float16)):
        return _shortest(float(value), 6, np.float32)
    return str(value)


def summarized(array: Array, limit: int | None = None) -> str:
    """The first elements of a value in the style of `tf.Print`; all if negative."""
    array = np.asarray(array)
    limit = 3 if limit is None else limit
    if limit < 0:
        limit = array.size
    if array.dtype.kind == "c":
        return _unprintable(array, limit)
    flat = [element_text(value) for value in array.reshape(-1)[:limit]]
    if not array.ndim:
        return flat[0] if flat else "..."
    parts: list[str] = []
    _print_axis(flat, array.shape, 0, 0, limit, parts)
    if array.size > limit:
        parts.append("...")
    return "".join(parts)


def _unprintable(array: Array, limit: int) -> str:
    """Values as TF 1.15 prints those of a type that it has no text for."""
    marks = " ".join("?" * min(array.size, limit))
    return f"{marks}..." if array.size > limit else marks


def _print_axis(
    flat: list[str],
    shape: tuple[int, ...],
    axis: int,
    done: int,
    limit: int,
    parts: list[str],
) -> int:
    """Prints the elements along an axis and gives how many are done by then."""
    if done >= limit:
        return done
    if axis == len(shape) - 1:
        for i in range(shape[axis]):
            if done >= limit:
                if axis:
                    parts.append("...")
                return done
            parts.append(f" {flat[done]}" if i else flat[done])
            done += 1
        return done
    for _ in range(shape[axis]):
        opened = done < limit
        if opened:
            parts.append("[")
        done = _print_axis(flat, shape, axis + 1, done, limit, parts)
        if opened or done < limit:
            parts.append("]")
    return done


def framed(array: Array, around: int) -> str:
    """A value in the style of `tf.print`: the ends of each axis, in rows.

    Args:
        array: the value.
        around: how many elements at each end; all if negative.
    """
    array = np.asarray(array)
    if array.dtype.kind == "c":
        return f"[{_unprintable(array, around if around >= 0 else array.size)}]"
    if not array.ndim:
        return _quoted(array[()]) if around else "..."
    return _frame(array, around, 0)


def _quoted(value: Any) -> str:
    text = element_text(value)
    return f'"{text}"' if isinstance(value, bytes) else text


def _frame(array: Array, around: int, depth: int) -> str:
    gap = "\n" * (array.ndim - 1) + " " * (depth + 1)
    if not array.size or not around:  # TF 1.15: no more than the first axis
        return f"[{gap}...]" if array.shape[0] else "[]"
    items: list[str] = []
    count = array.shape[0]
    cut = around >= 0 and count > 2 * around
    places = [*range(around), *range(count - around, count)] if cut else [*range(count)]
    for place in places:
        inner = array[place]
        if array.ndim == 1:
            items.append(_quoted(inner))
        else:
            items.append(_frame(inner, around, depth + 1))
    if cut:
        items.insert(around, "...")
    if array.ndim == 1:
        return f"[{' '.join(items)}]"
    return f"[{gap.join(items)}]"


# -- tf.Print ----------------------------------------------------------------------


def _print_kernel(op: Operation, state: State) -> Callable[..., Any]:
    message, limit = op._attrs["message"], op._attrs["summarize"]
    first_n = op._attrs["first_n"]
    calls = state.resource(op, itertools.count)

    def kernel(value: Array, *data: Array) -> Any:
        if first_n < 0 or next(calls) < first_n:
            texts = "".join(f"[{summarized(item, limit)}]" for item in data)
            print(f"{message}{texts}", file=sys.stderr)  # noqa: T201 - its purpose
        return value

    return kernel


def _print_gradient(op: Operation, grad: Any) -> list[Any]:
    return [grad] + [None] * (len(op._inputs) - 1)


define("Print", shape=rules.unchanged, bind=_print_kernel, gradient=_print_gradient)


@deprecation.deprecated(
    "Print",
    "logging_ops",
    "Use tf.print instead of tf.Print. Note that tf.print returns a no-output operator "
    "that directly prints the output. Outside of defuns or eager mode, this operator "
    "will not be executed unless it is directly specified in session.run or used as a "
    "control dependency for other operators. This is only a concern in graph mode. "
    "Below is an example of how to ensure tf.print executes in graph mode:\n",
    date="2018-08-20",
)
def Print(  # noqa: N802 - TensorFlow's name
    input_: Any,
    data: Any,
    message: str | None = None,
    first_n: int | None = None,
    summarize: int | None = None,
    name: str | None = None,
) -> Any:
    """The same tensor; running it prints some values.

    Args:
        input_: the tensor.
        data: a list of tensors to print.
        message: printed before them.
        first_n: how often to print; always, if None.
        summarize: how many elements of each are printed; 3, if None.
        name: of the operation.
    """
    return apply(
        "Print",
        input_,
        data,
        message=message,
        first_n=first_n,
        summarize=summarize,
        name=name,
    )


# -- tf.print ----------------------------------------------------------------------


def _format_kernel(op: Operation) -> Callable[..., Any]:
    template, mark = op._attrs["template"], op._attrs["placeholder"]
    around = op._attrs["summarize"]

    def kernel(*inputs: Array) -> bytes:
        pieces = template.split(mark)
        text: str = pieces[0]
        for value, piece in zip(inputs, pieces[1:], strict=True):
            text += framed(value, around) + piece
        return text.encode()

    return kernel


define("StringFormat", shape=rules.scalar, build=_format_kernel)

_LEVELS: dict[str, Callable[[str], None]] = {
    "log(info)": tf_logging.info,
    "log(warning)": tf_logging.warn,
    "log(error)": tf_logging.error,
}


def _output_kernel(op: Operation) -> Callable[[Any], None]:
    stream, end = op._attrs["output_stream"], op._attrs["end"]

    def kernel(text: Any) -> None:
        line = (text if isinstance(text, bytes) else text[()]).decode() + end
        if stream in _LEVELS:
            _LEVELS[stream](line.rstrip("\n"))
        elif stream.startswith("file://"):
            with open(stream[7:], "a", encoding="utf-8") as file:
                file.write(line)
        else:
            target = sys.stdout if stream == "stdout" else sys.stderr
            target.write(line)

    return kernel


define("PrintV2", shape=rules.no_outputs, build=_output_kernel)


def _stream_name(output_stream: Any) -> str:
    """What an operation calls where it prints to.

    Raises:
        ValueError: it cannot print there.
    """
    known = {sys.stdout: "stdout", sys.stderr: "stderr"}
    known |= {level: name for name, level in _LEVELS.items()}
    if isinstance(output_stream, str) and output_stream.startswith("file://"):
        return output_stream
    if output_stream not in known:
        raise ValueError(
            "Unsupported output stream, logging level, or file."
            f"{output_stream}. Supported streams are sys.stdout, sys.stderr, "
            "tf.logging.info, tf.logging.warning, tf.logging.error. File needs to be "
            "in the form of 'file://<filepath>'."
        )
    return known[output_stream]


def print_(*inputs: Any, **kwargs: Any) -> Any:
    """An operation that prints values when it is run.

    Args:
        *inputs: tensors, structures of tensors, or anything else.
        **kwargs: output_stream (sys.stderr), summarize (3 at each end), sep, end, name.

    Raises:
        ValueError: an argument is unknown, or it cannot print there.
    """
    stream = kwargs.pop("output_stream", sys.stderr)
    name = kwargs.pop("name", None)
    summarize = kwargs.pop("summarize", 3)
    sep, end = kwargs.pop("sep", " "), kwargs.pop("end", os.linesep)
    if kwargs:
        raise ValueError(f"Unrecognized keyword arguments for tf.print: {kwargs}")
    where = _stream_name(stream)
    inner = f"{name}_format" if name else None
    if len(inputs) == 1 and _is_text(inputs[0]):
        text = inputs[0]
    else:
        template, tensors, mark = _template(inputs, sep)
        text = string_format(template, tensors, mark, summarize, inner)
    return apply("PrintV2", text, output_stream=where, end=end, name=name)


def _is_text(value: Any) -> bool:
    """Whether a value is a tensor of one string."""
    if not is_tensor(value) or isinstance(value, SparseTensor):
        return False
    return bool(value.dtype == dtypes.string and value.shape.ndims == 0)


def _placeholder(text: str) -> str:
    """What stands for a tensor in a text: "{}", or longer if that is in it."""
    mark, numbers = "{}", python_random.Random(5)
    while mark in text:
        mark += str(numbers.randint(0, 9))
    return mark


def _template(inputs: Any, sep: str) -> tuple[str, list[Any], str]:
    """What is printed with a mark for each tensor, the tensors, and the mark."""
    without = nest.map_structure(lambda x: "" if is_tensor(x) else x, inputs)
    mark = _placeholder(" ".join(pprint.pformat(value) for value in without))
    pieces: list[str] = []
    tensors: list[Any] = []
    for value in inputs:
        leaves = []
        for leaf in nest.flatten(value):
            if isinstance(leaf, SparseTensor):
                tensors.extend([leaf.indices, leaf.values, leaf.dense_shape])
                leaves.append(
                    f"SparseTensor(indices={mark}, values={mark}, shape={mark})"
                )
            elif is_tensor(leaf):
                tensors.append(leaf)
                leaves.append(mark)
            else:
                leaves.append(leaf)
        text = isinstance(value, str)
        packed = nest.pack_sequence_as(value, leaves)
        pieces.append(value if text else pprint.pformat(packed))
    template = sep.join(pieces)
    return template.replace(f"'{mark}'", mark), tensors, mark


def string_format(
    template: str,
    inputs: Any,
    placeholder: str = "{}",
    summarize: int = 3,
    name: str | None = None,
) -> Any:
    """A text with the values of tensors in it.

    Raises:
        ValueError: there are not as many marks in the template as tensors.
    """
    if is_tensor(inputs):
        inputs = [inputs]
    marks = template.count(placeholder)
    if marks != len(inputs):
        raise ValueError(
            f"{marks} placeholder(s) in template does not match {len(inputs)} "
            "tensor(s) provided as input"
        )
    tensors = [convert_to_tensor(value) for value in inputs]
    return apply(
        "StringFormat",
        tensors,
        template=template,
        placeholder=placeholder,
        summarize=summarize,
        name=name,
    )
