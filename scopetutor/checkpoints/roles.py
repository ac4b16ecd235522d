"""What a tensor of a checkpoint is: told from its name, its shape and its neighbours.

TensorFlow 1 saves no roles, only names; but the names of optimizers' slots, moving
averages and statistics are made by rule. ``contents.py`` asks here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, TypeAlias

Role: TypeAlias = Literal[
    "weight", "statistics", "average", "slot", "optimizer", "step", "bookkeeping"
]
Shape: TypeAlias = tuple[int, ...]

ROLES: dict[Role, str] = {
    "weight": "weights of the model",
    "statistics": "moving statistics of batch normalization",
    "average": "moving averages of weights",
    "slot": "an optimizer's slots",
    "optimizer": "an optimizer's own numbers",
    "step": "training steps",
    "bookkeeping": "what TensorFlow 2 notes about its objects",
}
"""Every role in the order of listings, and what to call tensors that have it."""


class Meaning(NamedTuple):
    """What is known of one tensor.

    Attributes:
        role: what it is.
        of: the tensor it belongs to; empty if none.
        detail: such as "Adam, second moment"; empty if nothing more is known.
    """

    role: Role
    of: str = ""
    detail: str = ""


# TF 1.15: Optimizer._zeros_slot names a slot after its variable and the optimizer,
# and uniquifies: the second slot gets _1. A second optimizer goes on counting.
_SLOTS: dict[str, tuple[str, ...]] = {
    "Adam": ("first moment", "second moment"),
    "AdamW": ("first moment", "second moment"),
    "LazyAdam": ("first moment", "second moment"),
    "NadamOptimizer": ("first moment", "second moment"),
    "AdaMax": ("first moment", "largest gradient"),
    "RMSProp": ("mean square", "momentum", "momentum, after the mean of gradients"),
    "Momentum": ("accumulated gradient",),
    "Adagrad": ("accumulated squares",),
    "AdagradDA": ("accumulated gradient", "accumulated squares"),
    "Adadelta": ("accumulated squares", "accumulated updates"),
    "Ftrl": ("accumulated squares", "linear term"),
    "ProximalAdagrad": ("accumulated squares",),
    "GradientDescent": (),
}
# Optimizers of well-known repositories, which give their slots names of their own.
_OWN_SLOTS: dict[str, str] = {
    "adam_m": "BERT's Adam, first moment",
    "adam_v": "BERT's Adam, second moment",
    "lamb_m": "LAMB, first moment",
    "lamb_v": "LAMB, second moment",
    "_slot_vr": "Adafactor, row averages",
    "_slot_vc": "Adafactor, column averages",
    "_slot_v": "Adafactor, second moment",
    "_slot_m": "Adafactor, first moment",
}
_AVERAGE = "ExponentialMovingAverage"
_PARTS_OF_AVERAGE = {"biased": "its biased sum", "local_step": "its own step"}
_STATISTICS = {"moving_mean": "mean", "moving_variance": "variance"}
_POWER = re.compile(r"beta([12])_power(_\d+)?")
_STEP = re.compile(r"(global_step|local_step|iter|step|epoch)(_\d+)?")
_NUMBERED = re.compile(r"(.+?)_(\d+)")
_OBJECT = "/.ATTRIBUTES/VARIABLE_VALUE"
_OBJECT_SLOT = re.compile(r"(.+)/\.OPTIMIZER_SLOT/(.+)/([^/]+)")


def meanings(
    shapes: Mapping[str, Shape], integers: Callable[[str], bool]
) -> dict[str, Meaning]:
    """What each tensor is.

    Args:
        shapes: name -> shape, of all tensors of the checkpoint.
        integers: whether a tensor holds integers; a step does.
    """
    known = {name: _known(name, shapes, integers) for name in shapes}
    # A last part that stands behind several other tensors, with their shape, is the
    # name somebody gave an optimizer or an average.
    behind = Counter(
        _without_number(last)
        for name in shapes
        if known[name] is None
        and (last := name.rpartition("/")[2])
        and _owner(name, shapes, alike=True)
    )
    return {
        name: told or _guessed(name, shapes, behind) for name, told in known.items()
    }


def _known(
    name: str, shapes: Mapping[str, Shape], integers: Callable[[str], bool]
) -> Meaning | None:
    """What the name alone says; None if nothing."""
    last = name.rpartition("/")[2]
    if name.endswith(_OBJECT) or name.startswith(("_CHECKPOINTABLE", "save_counter")):
        return _of_object(name, shapes)
    if last == _AVERAGE or re.fullmatch(rf"{_AVERAGE}_\d+", last):
        return Meaning("average", _owner(name, shapes), "moving average")
    if last in _PARTS_OF_AVERAGE and _AVERAGE in name:
        return Meaning("average", "", _PARTS_OF_AVERAGE[last])
    if last in _STATISTICS:
        return Meaning("statistics", "", f"moving {_STATISTICS[last]}")
    if power := _POWER.fullmatch(last):
        return Meaning(
            "optimizer", "", f"Adam, beta{power[1]} to the power of the step"
        )
    if last in _OWN_SLOTS and (owner := _owner(name, shapes)):
        return Meaning("slot", owner, _OWN_SLOTS[last])
    if _STEP.fullmatch(last) and shapes[name] == () and integers(name):
        return Meaning("step")
    return _slot(name, last, shapes)


def _slot(name: str, last: str, shapes: Mapping[str, Shape]) -> Meaning | None:
    """A slot of one of TensorFlow's optimizers, if it is one."""
    numbered = _NUMBERED.fullmatch(last)
    optimizer, number = (numbered[1], int(numbered[2])) if numbered else (last, 0)
    names = _SLOTS.get(optimizer)
    owner = _owner(name, shapes)
    if not names or not owner:
        return None
    which = names[number % len(names)]
    again = "" if number < len(names) else f", optimizer {number // len(names) + 1}"
    return Meaning("slot", owner, f"{optimizer}, {which}{again}")


def _guessed(name: str, shapes: Mapping[str, Shape], behind: Counter[str]) -> Meaning:
    """A slot of an optimizer with a name of its own, or a weight."""
    last = _without_number(name.rpartition("/")[2])
    owner = _owner(name, shapes, alike=True)
    if owner and behind[last] > 1:
        return Meaning("slot", owner, f"{last}, by its name")
    return Meaning("weight")


def _owner(name: str, shapes: Mapping[str, Shape], *, alike: bool = False) -> str:
    """The tensor whose slot or average `name` would be; empty if there is none.

    In ``variable_scope("train")`` the slot of ``net/w`` is ``train/net/w/Adam``, so
    scopes are taken off the front until there is a tensor of the rest.

    Args:
        name: of the slot.
        shapes: all tensors.
        alike: whether it must have the slot's shape.
    """
    rest = name.rpartition("/")[0]
    while rest:
        if rest in shapes and not (alike and shapes[rest] != shapes[name]):
            return rest
        rest = rest.partition("/")[2]
    return ""


def _without_number(last: str) -> str:
    numbered = _NUMBERED.fullmatch(last)
    return numbered[1] if numbered else last


def _of_object(name: str, shapes: Mapping[str, Shape]) -> Meaning:
    """A tensor that TensorFlow 2 saved with its objects."""
    path = name.removesuffix(_OBJECT)
    if path == name or path.startswith("save_counter"):
        return Meaning("bookkeeping")
    if slot := _OBJECT_SLOT.fullmatch(path):
        owner = f"{slot[1]}{_OBJECT}"
        return Meaning("slot", owner if owner in shapes else "", f"slot {slot[3]}")
    last = path.rpartition("/")[2]
    if last in _STATISTICS:
        return Meaning("statistics", "", f"moving {_STATISTICS[last]}")
    if "optimizer" in path.split("/"):
        return Meaning("step" if last == "iter" else "optimizer", "", last)
    return Meaning("weight")
