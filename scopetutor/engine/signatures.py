"""The signatures of operations: what TensorFlow 1.15.5 says each takes and gives.

They were recorded from it and lie in ``signatures.txt``, a line for each of its 1284
types of operation. A line is parsed when such an operation is first made: then the
registry asks for its definition here.
"""

from __future__ import annotations

import ast
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from . import dtypes
from .dtypes import DType
from .registry import Definition

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.abc import ResourceLoader


class Argument(NamedTuple):
    """An input or output of an operation.

    Attributes:
        name: as TensorFlow calls it.
        dtype: its fixed type, or None if an attribute says it.
        type_attr: the attribute that says its type, or "".
        number_attr: the attribute that says how many tensors it is, or "".
        type_list_attr: the attribute that lists the types of its tensors, or "".
        is_ref: whether the operation changes it in place.
    """

    name: str
    dtype: DType | None
    type_attr: str
    number_attr: str
    type_list_attr: str
    is_ref: bool

    @property
    def is_list(self) -> bool:
        """Whether it is a list of tensors."""
        return bool(self.number_attr or self.type_list_attr)


class Attribute(NamedTuple):
    """An attribute of an operation, fixed when the operation is made.

    Attributes:
        name: as TensorFlow calls it.
        kind: "type", "int", "float", "bool", "string", "shape", "tensor", "func", or
            "list(...)" of one of these.
        default: what it is if nobody says.
        has_default: whether there is a default; else somebody must say.
        allowed: the values it may have, or None.
        minimum: the least number, or the least length of a list, or None.
    """

    name: str
    kind: str
    default: Any
    has_default: bool
    allowed: tuple[Any, ...] | None
    minimum: int | None


_HEAD = re.compile(r"(\w+)\((.*)\) -> \((.*)\)")
_ATTRIBUTE = re.compile(
    r"(\w+): ([\w()]+)(?: \{(.*?)\})?(?: >= (-?\d+))?(?: = (.*))?", re.DOTALL
)


def defined(line: str) -> Definition:
    """The definition of the operation of a line; nothing computes it yet."""
    head, _, rest = line.partition(" | ")
    match = _HEAD.fullmatch(head)
    assert match is not None, line
    name, taken, given = match.groups()
    attributes = _attributes(rest.partition(" | ")[0])
    made = Definition(
        name, attributes, _arguments(taken, attributes), _arguments(given, attributes)
    )
    flags = rest.partition(" | ")[2].partition("removed")[0]
    made.is_stateful = "stateful" in flags
    made.is_aggregate = "aggregate" in flags
    made.is_commutative = "commutative" in flags
    made.takes_uninitialized = "uninitialized" in flags
    removed = re.search(r"removed (\d+): (.*)", rest)
    if removed is not None:
        made.removed, made.removed_because = int(removed[1]), removed[2]
    return made


def _arguments(text: str, attributes: dict[str, Attribute]) -> tuple[Argument, ...]:
    return tuple(
        _argument(part.strip(), attributes) for part in text.split(",") if part
    )


def _argument(text: str, attributes: dict[str, Attribute]) -> Argument:
    name, _, kind = text.partition(": ")
    is_ref = kind.startswith("Ref(")
    if is_ref:
        kind = kind[4:-1]
    number, star, kind = kind.rpartition(" * ")
    dtype, type_attr, type_list_attr = None, "", ""
    if kind not in attributes:
        dtype = dtypes.as_dtype(kind)
    elif attributes[kind].kind == "list(type)":
        type_list_attr = kind
    else:
        type_attr = kind
    return Argument(
        name, dtype, type_attr, number if star else "", type_list_attr, is_ref
    )


def _attributes(text: str) -> dict[str, Attribute]:
    found = {}
    for part in text.split("; ") if text else ():
        match = _ATTRIBUTE.fullmatch(part)
        assert match is not None, part
        name, kind, allowed, minimum, default = match.groups()
        item = kind[5:-1] if kind.startswith("list(") else kind
        found[name] = Attribute(
            name,
            kind,
            None if default is None else _default(default, kind),
            default is not None,
            None if allowed is None else tuple(_literals(allowed, item)),
            None if minimum is None else int(minimum),
        )
    return found


def _default(text: str, kind: str) -> Any:
    if kind.startswith("list("):
        return list(_literals(text[1:-1], kind[5:-1]))
    return _literals(text, kind)[0]


def _literals(text: str, kind: str) -> list[Any]:
    """The values of a comma-separated list."""
    if not text:
        return []
    if kind == "type":
        return [dtypes.as_dtype(name) for name in text.split(", ")]
    if kind == "shape":
        return [_shape(part) for part in re.findall(r"\?|\[[^]]*\]", text)]
    if kind == "float":
        return [float(number) for number in text.split(", ")]
    return list(ast.literal_eval(f"[{text}]"))


def _shape(text: str) -> tuple[int | None, ...] | None:
    if text == "?":
        return None
    sizes = [int(size) for size in text[1:-1].split(",") if size]
    return tuple(None if size == -1 else size for size in sizes)


def _read_signatures() -> dict[str, str]:
    # By the loader: we may lie in a zip file. (pkgutil asks it, too, and takes as long
    # to import as ten modules of ours.)
    loader = cast("ResourceLoader", __spec__.loader)
    path = os.path.join(os.path.dirname(__file__), "signatures.txt")
    lines = loader.get_data(path).decode().splitlines()
    return {line[: line.index("(")]: line for line in lines if line[0] != "#"}


_lines: dict[str, str] = {}


def line_of(op_type: str) -> str:
    """The line of a type of operation; KeyError if there is no such type."""
    if not _lines:
        _lines.update(_read_signatures())
    return _lines[op_type]


def add(lines: list[str]) -> None:
    """Knows more operations: those of TensorFlow's tests."""
    op_types()
    _lines.update({line[: line.index("(")]: line for line in lines if line[0] != "#"})


def op_types() -> list[str]:
    """The names of all operations of TensorFlow 1.15.5."""
    if not _lines:
        _lines.update(_read_signatures())
    return list(_lines)


def summary(definition: Definition) -> str:
    """A signature as TensorFlow's runtime writes it in messages."""
    parts = [
        f"Op<name={definition.name}",
        f"signature={_listed(definition.inputs)} -> {_listed(definition.outputs)}",
    ]
    for attribute in definition.attributes.values():
        text = f"attr={attribute.name}:{attribute.kind}"
        if attribute.has_default:
            text += f",default={_shown(attribute.default)}"
        if attribute.minimum is not None:
            text += f",min={attribute.minimum}"
        if attribute.allowed is not None:
            text += f",allowed={_shown(list(attribute.allowed))}"
        parts.append(text)
    flags = {
        "is_commutative": definition.is_commutative,
        "is_aggregate": definition.is_aggregate,
        "is_stateful": definition.is_stateful,
        "allows_uninitialized_input": definition.takes_uninitialized,
    }
    parts.extend(f"{flag}=true" for flag, holds in flags.items() if holds)
    return "; ".join(parts) + ">"


def _listed(arguments: Sequence[Argument]) -> str:
    return ", ".join(_typed(argument) for argument in arguments)


def _typed(argument: Argument) -> str:
    if argument.dtype is not None:
        kind = dtypes.runtime_name(argument.dtype)
    else:
        kind = argument.type_attr or argument.type_list_attr
    if argument.number_attr:
        kind = f"{argument.number_attr}*{kind}"
    return f"{argument.name}:{f'Ref({kind})' if argument.is_ref else kind}"


def _shown(value: Any) -> str:
    """An attribute's value as the runtime writes it."""
    if isinstance(value, list):
        items = [_shown(item) for item in value]
        if len(items) > 10:
            items[5:-5] = ["..."]
        return f"[{', '.join(items)}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, DType):
        return f"DT_{dtypes.runtime_name(value).upper()}"
    return f'"{value}"' if isinstance(value, str) else str(value)
