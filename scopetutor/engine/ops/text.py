"""Parts of texts, and texts as numbers: `tf.substr`, `tf.string_split` and others.

After strings. Elements are ``bytes``, as in TensorFlow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import deprecation, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import define
from scopetutor.engine.sparse import SparseTensor
from scopetutor.engine.surroundings import name_scope

from . import rules
from .reshaping import expand_dims

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def each(function: Callable[[bytes], Any], values: Any, kind: Any = object) -> Array:
    """What a function gives for each text."""
    array = np.asarray(values, object)
    made = np.empty(array.shape, kind)
    made.reshape(-1)[:] = [function(item) for item in array.reshape(-1).tolist()]
    return made


# -- parts -----------------------------------------------------------------------------


def _substr(values: Any, starts: Any, lengths: Any) -> Array:
    texts, begins, counts = np.broadcast_arrays(
        np.asarray(values, object), starts, lengths
    )
    made = np.empty(texts.shape, object)
    flat = made.reshape(-1)
    parts = zip(texts.flat, begins.flat, counts.flat, strict=True)
    for place, (text, begin, count) in enumerate(parts):
        if not -len(text) <= begin <= len(text):
            raise InvalidArgumentError(
                None,
                None,
                f"pos {begin} out of range for string b'{text.decode()}' at index "
                f"{place}",
            )
        first = int(begin) if begin >= 0 else len(text) + int(begin)
        flat[place] = text[first : first + int(count)]
    return made


define("Substr", shape=rules.broadcast_inputs, kernel=_substr, gradient=None)


def substr(
    input: Any, pos: Any, len: Any, name: str | None = None, unit: str = "BYTE"
) -> Any:
    """The part of each text from `pos` on, `len` bytes long."""
    return apply("Substr", input, pos, len, unit=unit, name=name)


@deprecation.deprecated(
    "substr_deprecated", "string_ops", "Use `tf.strings.substr` instead of `tf.substr`."
)
def substr_deprecated(
    input: Any, pos: Any, len: Any, name: str | None = None, unit: str = "BYTE"
) -> Any:
    """As `tf.strings.substr`; TF 1.15: deprecated."""
    return substr(input, pos, len, name=name, unit=unit)


def _length_kernel(op: Operation) -> Callable[[Any], Array]:
    if op._attrs["unit"] == "BYTE":
        return lambda values: each(len, values, np.int32)
    return lambda values: each(lambda text: len(text.decode()), values, np.int32)


define("StringLength", shape=rules.unchanged, build=_length_kernel, gradient=None)


def string_length(input: Any, name: str | None = None, unit: str = "BYTE") -> Any:
    """How many bytes, or characters, each text has."""
    return apply("StringLength", input, unit=unit, name=name)


def _pieces_shape(_: Operation) -> list[Dims]:
    return [(None, 2), (None,), (2,)]


def _indexed(rows: list[list[bytes]]) -> tuple[Array, Array, Array]:
    """Lists of texts as a sparse matrix."""
    places = [(i, j) for i, row in enumerate(rows) for j in range(len(row))]
    values = np.empty(len(places), object)
    values[:] = [item for row in rows for item in row]
    widest = max(map(len, rows), default=0)
    indices = np.array(places, np.int64).reshape(-1, 2)
    return indices, values, np.array([len(rows), widest], np.int64)


def _split_kernel(op: Operation) -> Callable[[Any, Any], Any]:
    skips = op._attrs["skip_empty"]

    def kernel(values: Any, delimiter: Any) -> Any:
        marks = _item(delimiter)
        # TF 1.15: any of the delimiter's bytes ends a part; without one, every byte.
        pattern = b"[" + re.escape(marks) + b"]" if marks else None
        rows = []
        for text in np.asarray(values, object).tolist():
            parts = (
                [text[i : i + 1] for i in range(len(text))]
                if pattern is None
                else re.split(pattern, text)
            )
            rows.append([part for part in parts if part or not skips])
        return _indexed(rows)

    return kernel


def _split_v2_kernel(op: Operation) -> Callable[[Any, Any], Any]:
    most = op._attrs["maxsplit"]

    def kernel(values: Any, separator: Any) -> Any:
        mark = _item(separator) or None
        texts = np.asarray(values, object).tolist()
        return _indexed([text.split(mark, most) for text in texts])

    return kernel


def _item(value: Any) -> bytes:
    found: bytes = value.item() if isinstance(value, np.ndarray) else value
    return found


define("StringSplit", shape=_pieces_shape, build=_split_kernel, gradient=None)
define("StringSplitV2", shape=_pieces_shape, build=_split_v2_kernel, gradient=None)


def _split(op_type: str, source: Any, mark: Any, **attrs: Any) -> SparseTensor:
    separator = convert_to_tensor(mark, dtype=dtypes.string)
    texts = convert_to_tensor(source, dtype=dtypes.string)
    return SparseTensor(*apply(op_type, texts, separator, **attrs))


def string_split(
    source: Any,
    sep: Any = None,
    skip_empty: bool = True,
    delimiter: Any = None,
    result_type: str = "SparseTensor",
    name: str | None = None,
) -> SparseTensor:
    """The parts of each of a list of texts, as a sparse matrix.

    Args:
        source: a vector of texts.
        sep: each of its bytes ends a part; None: a space; "": every byte is a part.
        skip_empty: whether empty parts are left out.
        delimiter: the former name of `sep`.
        result_type: "SparseTensor"; there are no ragged tensors here.
        name: of the name scope.

    Raises:
        ValueError: another kind of result is asked for.
    """
    mark = deprecation.either("sep", sep, "delimiter", delimiter)
    _check_kind(result_type)
    with name_scope(name, "StringSplit", [source]):
        mark = " " if mark is None else mark
        return _split("StringSplit", source, mark, skip_empty=skip_empty)


def _check_kind(result_type: str) -> None:
    if result_type != "SparseTensor":
        raise ValueError("result_type must be 'RaggedTensor' or 'SparseTensor'.")


def string_split_v2(source: Any, sep: Any = None, maxsplit: int = -1) -> SparseTensor:
    """The parts of each of a list of texts between separators, as Python splits."""
    return _split(
        "StringSplitV2", source, "" if sep is None else sep, maxsplit=maxsplit
    )


def strings_split(
    input: Any = None,
    sep: Any = None,
    maxsplit: int = -1,
    result_type: str = "SparseTensor",
    source: Any = None,
    name: str | None = None,
) -> SparseTensor:
    """As `string_split_v2`, also of one text.

    Raises:
        ValueError: another kind of result is asked for.
    """
    texts = deprecation.either("input", input, "source", source)
    with name_scope(name, "StringSplit", [texts]):
        tensor = convert_to_tensor(texts, dtype=dtypes.string, name="input")
        if tensor.shape.ndims == 0:
            tensor = expand_dims(tensor, 0)
        _check_kind(result_type)
        return string_split_v2(tensor, sep=sep, maxsplit=maxsplit)


# -- other forms -----------------------------------------------------------------------


def _replace_kernel(op: Operation) -> Callable[..., Array]:
    count = 0 if op._attrs["replace_global"] else 1
    static = [op._attrs.get(name, "").encode() for name in ("pattern", "rewrite")]

    def kernel(values: Any, *given: Any) -> Array:
        pattern, rewrite = map(_item, given) if given else static
        found = re.compile(pattern)
        return each(lambda text: found.sub(rewrite, text, count=count), values)

    return kernel


for _name in ("RegexReplace", "StaticRegexReplace"):
    define(_name, shape=rules.unchanged, build=_replace_kernel, gradient=None)


def _match_kernel(op: Operation) -> Callable[..., Array]:
    static = op._attrs.get("pattern", "").encode()

    def kernel(values: Any, *given: Any) -> Array:
        pattern = _item(given[0]) if given else static
        try:
            found = re.compile(pattern)
        except re.error as error:
            raise InvalidArgumentError(
                None, None, f"Invalid pattern: {pattern.decode()}, error: {error}"
            ) from None
        return each(lambda text: found.fullmatch(text) is not None, values, np.bool_)

    return kernel


def _match_shape(op: Operation) -> list[Dims]:
    if len(op._inputs) > 1:
        rules.with_rank(op._inputs[1]._dims, 0)
    return [op._inputs[0]._dims]


for _name in ("RegexFullMatch", "StaticRegexFullMatch"):
    define(_name, shape=_match_shape, build=_match_kernel)


def regex_full_match(input: Any, pattern: Any, name: str | None = None) -> Any:
    """Which texts a pattern matches, from their beginning to their end."""
    if isinstance(pattern, (str, bytes)):
        return apply("StaticRegexFullMatch", input, pattern=pattern, name=name)
    return apply("RegexFullMatch", input, pattern, name=name)


def regex_replace(
    input: Any,
    pattern: Any,
    rewrite: Any,
    replace_global: bool = True,
    name: str | None = None,
) -> Any:
    """Texts in which what a pattern matches is replaced."""
    if isinstance(pattern, (str, bytes)) and isinstance(rewrite, (str, bytes)):
        return apply(
            "StaticRegexReplace",
            input,
            pattern=pattern,
            rewrite=rewrite,
            replace_global=replace_global,
            name=name,
        )
    return apply(
        "RegexReplace",
        input,
        pattern,
        rewrite,
        replace_global=replace_global,
        name=name,
    )


for _name, _change in (
    ("StringStrip", bytes.strip),
    ("StringLower", bytes.lower),
    ("StringUpper", bytes.upper),
):
    define(
        _name, shape=rules.unchanged, gradient=None,
        kernel=lambda values, change=_change: each(change, values),
    )  # fmt: skip


def string_strip(input: Any, name: str | None = None) -> Any:
    """Texts without the white space around them."""
    return apply("StringStrip", input, name=name)


def string_lower(input: Any, encoding: str = "", name: str | None = None) -> Any:
    """Texts in small letters."""
    return apply("StringLower", input, encoding=encoding, name=name)


def string_upper(input: Any, encoding: str = "", name: str | None = None) -> Any:
    """Texts in capital letters."""
    return apply("StringUpper", input, encoding=encoding, name=name)


# -- numbers ---------------------------------------------------------------------------


def number_of(text: bytes, kind: Any) -> Any:
    """The number that a text is, or None."""
    try:
        return kind(float(text) if issubclass(kind, np.floating) else int(text))
    except (ValueError, OverflowError):
        return None


def _to_number_kernel(op: Operation) -> Callable[[Any], Array]:
    kind = op._attrs["out_type"].as_numpy_dtype

    def one(text: bytes) -> Any:
        number = number_of(text, kind)
        if number is None:
            raise InvalidArgumentError(
                None,
                None,
                "StringToNumberOp could not correctly convert string: "
                f"{text.decode(errors='replace')}",
            )
        return number

    return lambda values: each(one, values, kind)


define("StringToNumber", shape=rules.unchanged, build=_to_number_kernel, gradient=None)


def string_to_number(
    string_tensor: Any = None,
    out_type: Any = dtypes.float32,
    name: str | None = None,
    input: Any = None,
) -> Any:
    """The numbers that texts are.

    Raises:
        tf.errors.InvalidArgumentError: when it runs, if one is none.
    """
    texts = deprecation.either("input", input, "string_tensor", string_tensor)
    return apply("StringToNumber", texts, out_type=out_type, name=name)


def _as_string_kernel(op: Operation) -> Callable[[Any], Array]:
    attrs = op._attrs
    letter = "e" if attrs["scientific"] else "g" if attrs["shortest"] else "f"
    if attrs["T"].is_integer:
        letter = "d"
    form = f"%{attrs['fill']}{attrs['width'] if attrs['width'] >= 0 else ''}"
    if attrs["precision"] >= 0 and letter != "d":
        form += f".{attrs['precision']}"
    form += letter

    def one(value: Any) -> bytes:
        if isinstance(value, bool):
            return b"true" if value else b"false"
        text: str = form % value
        return text.encode()

    def kernel(values: Any) -> Array:
        array = np.asarray(values)
        made = np.empty(array.shape, object)
        made.reshape(-1)[:] = [one(item) for item in array.reshape(-1).tolist()]
        return made

    return kernel


define("AsString", shape=rules.unchanged, build=_as_string_kernel, gradient=None)


def as_string(
    input: Any,
    precision: int = -1,
    scientific: bool = False,
    shortest: bool = False,
    width: int = -1,
    fill: str = "",
    name: str | None = None,
) -> Any:
    """Numbers as texts.

    Args:
        input: the numbers.
        precision: how many digits after the point; -1: six.
        scientific: whether with an exponent.
        shortest: whether whichever form is shorter.
        width: how many characters at least; -1: any.
        fill: what is put before them.
        name: of the operation.
    """
    return apply(
        "AsString",
        input,
        precision=precision,
        scientific=scientific,
        shortest=shortest,
        width=width,
        fill=fill,
        name=name,
    )


name_functions(
    globals(), string_to_number="string_to_number_v1", strings_split="strings_split_v1"
)
