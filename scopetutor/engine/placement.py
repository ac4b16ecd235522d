"""Whether the devices that operations ask for are there: this machine has one CPU.

Before a session runs. TF 1.15 places the whole graph, not only what is run, and so one
operation with a device that does not exist stops every run of the graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from . import unplaceable
from .devices import DeviceSpec
from .failures import defined_at
from .op_errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .graph import Graph
    from .operation import Operation


class DeviceAttributes(NamedTuple):
    """A device that operations can run on, as `session.list_devices()` tells of it."""

    name: str
    device_type: str
    memory_limit_bytes: int
    incarnation: int

    def __repr__(self) -> str:
        return f"_DeviceAttributes({', '.join(map(str, self))})"


class Task(NamedTuple):
    """What has devices: a task of a job.

    Attributes:
        job: its name.
        number: which of the job's tasks.
    """

    job: str
    number: int


_HERE = "/job:localhost/replica:0/task:0/device"
DEVICES = (
    DeviceAttributes(f"{_HERE}:CPU:0", "CPU", 268435456, 1),
    DeviceAttributes(f"{_HERE}:XLA_CPU:0", "XLA_CPU", 17179869184, 2),
)
ALONE = (Task("localhost", 0),)


def devices(config: Any, tasks: tuple[Task, ...] = ALONE) -> list[DeviceAttributes]:
    """The devices of a session: the CPUs it asks for, and one under another name."""
    wanted = 1 if config is None else config.device_count.get("CPU", 1)
    first, other = DEVICES
    more = [
        first._replace(name=f"{_HERE}:CPU:{i}", incarnation=i + 2)
        for i in range(1, wanted)
    ]
    return [
        device._replace(name=device.name.replace("localhost/replica:0/task:0", at))
        for at in (f"{task.job}/replica:0/task:{task.number}" for task in tasks)
        for device in [first, *more, other]
    ]


_TYPES = frozenset({None, "CPU", "XLA_CPU"})
_METADATA = frozenset({"Shape", "Size", "Rank"})


def check(
    graph: Graph,
    config: Any,
    tasks: tuple[Task, ...] = ALONE,
    run: Iterable[Operation] | None = None,
) -> None:
    """InvalidArgumentError if an operation asks for a device that is not there.

    Args:
        graph: what is run.
        config: the session's; with `allow_soft_placement` any type of device will do.
        tasks: what has devices.
        run: the operations that are looked at; all of the graph, if this is None.
    """
    soft = bool(getattr(config, "allow_soft_placement", False))
    placed = dict.fromkeys(graph._operations.values() if run is None else run)
    for op in graph._unplaceable:
        if op in placed:
            unplaceable.refuse(op)
    here = devices(config, tasks)
    cpus = len(here) // len(tasks) - 1
    for op in _in_order(placed):
        spec = DeviceSpec.from_string(op._device)
        if not any(_is_there(spec, task, cpus, soft=soft) for task in tasks):
            raise _refusal(op, here)


def _in_order(ops: Iterable[Operation]) -> Iterator[Operation]:
    """The operations that ask for a device, in the order they are placed in."""
    later = []
    for op in ops:
        if op._device:
            if _follows_others(op):
                later.append(op)
            else:
                yield op
    yield from later


def _follows_others(op: Operation) -> bool:
    """TF 1.15: constants and the like are placed where they are used."""
    if op.type in _METADATA:
        return True
    outputs = op._outputs
    return not op._inputs and len(outputs) == 1 and not outputs[0]._dtype._is_ref_dtype


def _is_there(spec: DeviceSpec, task: Task, cpus: int, *, soft: bool) -> bool:
    if spec.job not in (None, task.job) or spec.replica:
        return False
    if spec.task not in (None, task.number):
        return False
    count = cpus if spec.device_type == "CPU" else 1
    return soft or (spec.device_type in _TYPES and (spec.device_index or 0) < count)


def _refusal(op: Operation, here: list[DeviceAttributes]) -> InvalidArgumentError:
    hint = ""
    if "GPU" in op._device.upper():
        hint = " The requested device appears to be a GPU, but CUDA is not enabled."
    return InvalidArgumentError(
        None,
        op,
        f"Cannot assign a device for operation {op._name}: node {op._name}"
        f"{defined_at(op)}  was explicitly assigned to {op._device} but available "
        f"devices are [ {', '.join(device.name for device in here)} ]. Make sure "
        f"the device specification refers to a valid device.{hint}\n\t [[{op._name}]]",
    )
