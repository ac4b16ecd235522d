"""From what the evaluator saw of a script's variables to the rows of its report.

After `tree`: which variables are the model's and which an optimizer's, to which
variable a slot belongs, and the sums.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from .report import Role, Totals, Variable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scopetutor.snapshot import Delta, Site, VariableView

# What optimizers of TF 1.15 call their slots; a second one of a name gets a number.
_SLOT = re.compile(
    r"(?:Adam|Momentum|RMSProp|Adagrad|Adadelta|Ftrl|AdaMax|Nadam|LARSOptimizer|"
    r"AddSign|PowerSign|ProximalAdagrad|gradient_accumulator|"
    r"gradient_squared_accumulator|accum_grad|vector|adam_m|adam_v)(?:_\d+)?"
)
_AVERAGE = re.compile(r"ExponentialMovingAverage(?:_\d+)?")
_POWER = re.compile(r"(?:.*/)?beta[12]_power(?:_\d+)?")
_BYTES = {
    "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8, "int8": 1, "uint8": 1,
    "int16": 2, "uint16": 2, "int32": 4, "uint32": 4, "int64": 8, "uint64": 8,
    "bool": 1, "complex64": 8, "complex128": 16,
}  # fmt: skip


def listed(
    seen: Delta, doubtful: Mapping[int, set[str]], place: Callable[[Site | None], str]
) -> tuple[tuple[Variable, ...], dict[str, tuple[str, ...]]]:
    """The variables in the order they were made, and their collections.

    Args:
        seen: all there is.
        doubtful: by graph's uid, the names of variables that rest on stand-ins.
        place: spells a line.
    """
    views = sorted(seen.variables, key=lambda view: view.uid)
    graphs = {uid: n for n, uid in enumerate(sorted({view.graph for view in views}))}
    names = {(view.graph, view.op_name): view for view in views}
    variables = []
    collections: dict[str, list[str]] = {}
    for view in views:
        role, primary = _role(view, names)
        variables.append(
            Variable(
                name=view.op_name,
                shape=view.shape,
                dtype=view.dtype.removesuffix("_ref"),
                parameters=_size(view),
                trainable=view.trainable,
                kind=view.kind,
                role=role,
                of=primary,
                collections=view.collections,
                initializer=view.initializer,
                made_by=view.made.call,
                line=place(view.made.site),
                reused=tuple(place(origin.site) for origin in view.reused),
                times_reused=view.times_reused,
                graph=graphs[view.graph],
                doubtful=view.op_name in doubtful.get(view.graph, ()),
            )
        )
        for name in view.collections:
            collections.setdefault(name, []).append(view.op_name)
    return tuple(variables), {name: tuple(n) for name, n in collections.items()}


def _size(view: VariableView) -> int | None:
    if view.shape is None or None in view.shape:
        return None
    return math.prod(size for size in view.shape if size is not None)


def _role(
    view: VariableView, names: Mapping[tuple[int, str], VariableView]
) -> tuple[Role, str]:
    """What a variable is for, and the variable it belongs to."""
    if view.trainable:
        return "model", ""
    *before, last = view.op_name.split("/")
    if last == "global_step" or "global_step" in view.collections:
        return "bookkeeping", ""
    if _POWER.fullmatch(view.op_name):
        return "bookkeeping", ""
    primary = _primary(view.graph, before, names)
    if primary and _AVERAGE.fullmatch(last):
        return "average", primary
    made_by = view.made.call.rpartition(".")[2]
    if primary and (
        _SLOT.fullmatch(last) or made_by in ("minimize", "apply_gradients")
    ):
        return "slot", primary
    if made_by in ("minimize", "apply_gradients"):
        return "bookkeeping", ""
    return "model", ""


def _primary(
    graph: int, before: list[str], names: Mapping[tuple[int, str], VariableView]
) -> str:
    """The variable whose name a slot's goes on from; scopes may stand before it."""
    for start in range(len(before)):
        name = "/".join(before[start:])
        if (graph, name) in names:
            return name
    return ""


def totals(variables: tuple[Variable, ...]) -> Totals:
    """The sums over some variables."""
    model = [v for v in variables if v.role == "model"]
    others = [v for v in variables if v.role != "model"]
    trained = [v for v in model if v.trainable]

    def count(some: list[Variable]) -> int:
        return sum(v.parameters or 0 for v in some)

    return Totals(
        variables=len(model),
        parameters=count(model),
        bytes=sum((v.parameters or 0) * _BYTES.get(v.dtype, 0) for v in model),
        trainable_variables=len(trained),
        trainable_parameters=count(trained),
        other_variables=len(others),
        other_parameters=count(others),
        unknown=sum(1 for v in variables if v.parameters is None),
    )
