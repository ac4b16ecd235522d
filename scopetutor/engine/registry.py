"""How an operation is defined: what it takes and gives, and how it is computed.

What it takes and gives, its *signature*, comes from TensorFlow 1.15.5 (`signatures`).
What scopetutor adds, the rule for shapes, the kernel and the gradient, is one `define`
in ``ops/``. Both come together when such an operation is first made: most programs
make few of the hundreds that are defined. After shapes, before the graph.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .signatures import Argument, Attribute


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

    def __init__(
        self,
        name: str,
        attributes: dict[str, Attribute],
        inputs: tuple[Argument, ...],
        outputs: tuple[Argument, ...],
    ) -> None:
        self.name = name
        self.attributes = attributes
        self.inputs = inputs
        self.outputs = outputs
        self.lists = [
            (place, argument)
            for place, argument in enumerate(self.inputs)
            if argument.number_attr
        ]
        self.ref_places = frozenset(
            place for place, argument in enumerate(self.inputs) if argument.is_ref
        )
        self.is_stateful = False
        self.is_aggregate = False
        self.is_commutative = False
        self.takes_uninitialized = False
        self.removed = 0
        self.removed_because = ""
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


_definitions: dict[str, Definition] = {}
# What `define` was told of those that are not in use yet.
_told: dict[str, dict[str, Any]] = {}


def lookup(op_type: str) -> Definition:
    """The definition of a type of operation.

    Raises:
        KeyError: TensorFlow 1.15.5 has no such operation.
    """
    found = _definitions.get(op_type)
    if found is None:
        if op_type not in _told and not _families_loaded:
            _load_families()
            return lookup(op_type)
        found = _definitions[op_type] = _made(op_type)
    return found


def _made(op_type: str) -> Definition:
    from . import signatures  # noqa: PLC0415 - not needed by an import alone

    definition = signatures.defined(signatures.line_of(op_type))
    for what, value in _told.get(op_type, {}).items():
        setattr(definition, what, value)
    return definition


_families_loaded = False


def _load_families() -> None:
    """Imports every module of ``ops/``, so that all that can be run is defined."""
    global _families_loaded  # noqa: PLW0603 - once in a process
    _families_loaded = True
    import pkgutil  # noqa: PLC0415 - not needed by most programs, and slow to import

    package = importlib.import_module(".ops", __package__)
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def define(
    op_type: str,
    *,
    shape: Callable[[Any], Sequence[Any]] | None = None,
    kernel: Callable[..., Any] | None = None,
    build: Callable[[Any], Callable[..., Any]] | None = None,
    bind: Callable[[Any, Any], Callable[..., Any]] | None = None,
    gradient: Callable[..., Any] | str | None = "",
) -> None:
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
    _told[op_type] = {
        "shape": shape,
        "kernel": kernel,
        "build": build,
        "bind": bind,
        "gradient": gradient,
    }
    _definitions.pop(op_type, None)


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
