"""How an operation is defined: what it takes and gives, and how it is computed.

The *signatures* of all 1284 operations of TensorFlow 1.15.5 were recorded from it
and lie in ``signatures.txt``; a line is parsed when its operation is first used. What
scopetutor adds, the rule for shapes, the kernel and the gradient, is one `define` in
``ops/``. After shapes, before the graph.
"""

from __future__ import annotations

import ast
import importlib
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from . import dtypes
from .dtypes import DType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
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


class Definition:
    """Everything known about one type of operation.

    Attributes:
        name: the type, such as "MatMul".
        inputs, outputs: its arguments in order.
        lists: the inputs that are lists of tensors, with their places.
        ref_places: the inputs that are references, to be changed in place.
        attributes: by name, in order.
        is_stateful: whether running it twice may give two results.
        is_aggregate, is_commutative: whether inputs may be grouped, or change places.
        takes_uninitialized: whether it takes a variable that has no value yet.
        removed: the GraphDef version from which it is not available, or 0.
        removed_because: what TensorFlow says of that.
        shape: (operation) -> the static shape of each output; None: unknown.
        kernel: computes the outputs from the inputs' values.
        build: (operation) -> such a kernel, for those that need attributes.
        bind: (operation, state) -> such a kernel, for those that live in a session.
        gradient: (operation, *gradients of outputs) -> gradients of inputs; or where
            that function is; None if no gradient flows; "" if nobody said.
    """

    __slots__ = (
        "attributes",
        "bind",
        "build",
        "gradient",
        "inferred",
        "inputs",
        "is_aggregate",
        "is_commutative",
        "is_stateful",
        "kernel",
        "lists",
        "name",
        "outputs",
        "ref_places",
        "removed",
        "removed_because",
        "resolved",
        "shape",
        "takes_uninitialized",
    )

    def __init__(self, line: str) -> None:
        head, _, rest = line.partition(" | ")
        match = _HEAD.fullmatch(head)
        assert match is not None, line
        name, inputs, outputs = match.groups()
        attributes, _, flags = rest.partition(" | ")
        flags = flags.partition("removed")[0]
        self.name: str = name
        self.attributes = _attributes(attributes)
        self.inputs = _arguments(inputs, self.attributes)
        self.outputs = _arguments(outputs, self.attributes)
        self.lists = [
            (place, argument)
            for place, argument in enumerate(self.inputs)
            if argument.number_attr
        ]
        self.ref_places = frozenset(
            place for place, argument in enumerate(self.inputs) if argument.is_ref
        )
        self.is_stateful = "stateful" in flags
        self.is_aggregate = "aggregate" in flags
        self.is_commutative = "commutative" in flags
        self.takes_uninitialized = "uninitialized" in flags
        removed = re.search(r"removed (\d+): (.*)", rest)
        self.removed = int(removed[1]) if removed else 0
        self.removed_because = removed[2] if removed else ""
        self.inferred = frozenset(
            attr
            for arg in self.inputs
            for attr in (arg.type_attr, arg.number_attr, arg.type_list_attr)
            if attr
        )
        self.shape: Callable[[Any], Sequence[Any]] | None = None
        self.kernel: Callable[..., Any] | None = None
        self.build: Callable[[Any], Callable[..., Any]] | None = None
        self.bind: Callable[[Any, Any], Callable[..., Any]] | None = None
        self.gradient: Callable[..., Any] | str | None = ""
        # What apply() found out for one combination of types and attributes.
        self.resolved: dict[Any, Any] = {}

    @property
    def runs(self) -> bool:
        """Whether scopetutor can compute it."""
        return (self.kernel or self.build or self.bind) is not None

    @property
    def is_pure(self) -> bool:
        """Whether it gives the same for the same, and does nothing else."""
        return not (self.is_stateful or self.ref_places or self.bind is not None)


_HEAD = re.compile(r"(\w+)\((.*)\) -> \((.*)\)")
_ATTRIBUTE = re.compile(
    r"(\w+): ([\w()]+)(?: \{(.*?)\})?(?: >= (-?\d+))?(?: = (.*))?", re.DOTALL
)


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
_definitions: dict[str, Definition] = {}


def lookup(op_type: str) -> Definition:
    """The definition of a type of operation.

    Raises:
        KeyError: TensorFlow 1.15.5 has no such operation.
    """
    found = _definitions.get(op_type)
    if found is None:
        if not _families_loaded:
            _load_families()
            return lookup(op_type)
        found = _definitions[op_type] = _parsed(op_type)
    return found


def _parsed(op_type: str) -> Definition:
    if not _lines:
        _lines.update(_read_signatures())
    return Definition(_lines[op_type])


_families_loaded = False


def _load_families() -> None:
    """Imports every module of ``ops/``, so that all that can be run is defined."""
    global _families_loaded  # noqa: PLW0603 - once in a process
    _families_loaded = True
    import pkgutil  # noqa: PLC0415 - not needed by most programs, and slow to import

    package = importlib.import_module(".ops", __package__)
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def add(lines: list[str]) -> None:
    """Knows more operations: those of TensorFlow's tests."""
    op_types()
    _lines.update({line[: line.index("(")]: line for line in lines if line[0] != "#"})


def op_types() -> list[str]:
    """The names of all operations of TensorFlow 1.15.5."""
    if not _lines:
        _lines.update(_read_signatures())
    return list(_lines)


def define(
    op_type: str,
    *,
    shape: Callable[[Any], Sequence[Any]] | None = None,
    kernel: Callable[..., Any] | None = None,
    build: Callable[[Any], Callable[..., Any]] | None = None,
    bind: Callable[[Any, Any], Callable[..., Any]] | None = None,
    gradient: Callable[..., Any] | str | None = "",
) -> Definition:
    """Says how operations of a type are shaped, computed and differentiated.

    Args:
        op_type: such as "MatMul".
        shape: see Definition.
        kernel: see Definition.
        build: see Definition.
        bind: see Definition.
        gradient: a function, or where it is: "matmul_gradients.mat_mul" in ``ops/``,
            loaded when first wanted; None: no gradient flows through it; "": asking
            for one is an error.
    """
    definition = _definitions[op_type] = _parsed(op_type)
    definition.shape = shape
    definition.kernel = kernel
    definition.build = build
    definition.bind = bind
    definition.gradient = gradient
    return definition


def gradient_of(definition: Definition) -> Callable[..., Any] | None:
    """The function that gives the gradients of inputs; None if none flows.

    Raises:
        LookupError: nobody said what it is.
    """
    found = definition.gradient
    if isinstance(found, str):
        if not found:
            raise LookupError(definition.name)
        module, _, function = found.partition(".")
        loaded = importlib.import_module(f".ops.{module}", __package__)
        found = definition.gradient = getattr(loaded, function)
    return found


class ShapeError(ValueError):
    """Shapes that do not go together; the operation adds its name and inputs."""


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
