"""`tf.config`: the devices there are, and settings of the whole process.

TF 1.15: settings are of what runs eagerly; sessions have a ConfigProto of their own.
Here they are kept and given back, and change nothing: there is one CPU, kernels run one
after the other, and no optimizer of graphs can be seen at work.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from . import defaults
from .placement import DEVICES


class PhysicalDevice(NamedTuple):
    """A device of this computer."""

    name: str
    device_type: str


class LogicalDevice(NamedTuple):
    """A device as the runtime uses it."""

    name: str
    device_type: str


class VirtualDeviceConfiguration(
    NamedTuple("VirtualDeviceConfiguration", [("memory_limit", Any)])
):
    """How much memory, in megabytes, a part of a device has."""

    __slots__ = ()

    def __new__(cls, memory_limit: Any = None) -> VirtualDeviceConfiguration:
        """The limit; None: all that there is."""
        return super().__new__(cls, memory_limit)


class _Process:
    """What was set.

    Attributes:
        is_running: whether the runtime was started: much cannot be set any more.
    """

    def __init__(self) -> None:
        self.visible = [d for d in list_physical_devices() if d.device_type == "CPU"]
        self.virtual: dict[PhysicalDevice, Any] = {}
        self.policy = "silent"
        self.is_synchronous = True
        self.soft_placement = self.logs_placement = self.jit = False
        self.inter_op = self.intra_op = 0
        self.options: dict[str, Any] = {}
        self.runs_functions_eagerly = False
        self.was_started = False

    @property
    def is_running(self) -> bool:
        return self.was_started or defaults.state.eager


# -- devices -----------------------------------------------------------------------


def list_physical_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """The devices of this computer, or those of one type."""
    found = [
        PhysicalDevice(f"/physical_device:{device.device_type}:0", device.device_type)
        for device in DEVICES
    ]
    return [d for d in found if device_type in (None, d.device_type)]


def list_logical_devices(device_type: str | None = None) -> list[LogicalDevice]:
    """The devices that the runtime uses; it is started."""
    _process.was_started = True
    found = [LogicalDevice(device.name, device.device_type) for device in DEVICES]
    return [d for d in found if device_type in (None, d.device_type)]


def experimental_list_devices() -> list[str]:
    """The names of the devices that the runtime uses; it is started."""
    return [device.name for device in list_logical_devices()]


def get_visible_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """The devices that the runtime may use."""
    return [d for d in _process.visible if device_type in (None, d.device_type)]


def set_visible_devices(devices: Any, device_type: str | None = None) -> None:
    """Says which devices the runtime may use.

    Raises:
        ValueError: there is no such device.
        RuntimeError: the runtime was started already.
    """
    several = [devices] if isinstance(devices, PhysicalDevice) else devices
    for device in several:
        _check_device(device)
    kept = [] if device_type is None else _process.visible
    visible = [d for d in kept if d.device_type != device_type] + list(several)
    _process.visible = _unless_running(
        _process.visible, visible, "Visible devices cannot be modified after being"
        " initialized",
    )  # fmt: skip


def _check_device(device: Any) -> None:
    if device not in list_physical_devices():
        raise ValueError(f"Unrecognized device: {device!r}")


def _unless_running(before: Any, after: Any, refusal: str) -> Any:
    """The new value of a setting; RuntimeError if it is too late for it."""
    if before != after and _process.is_running:
        raise RuntimeError(refusal)
    return after


def get_memory_growth(device: Any) -> bool:
    """Whether a GPU takes memory as it needs it; KeyError: there are no GPUs."""
    _check_device(device)
    raise KeyError(device)


def set_memory_growth(device: Any, enable: bool) -> None:
    """Whether a GPU is to take memory as it needs it; ValueError: there is none."""
    del enable
    _check_device(device)
    raise ValueError("Cannot set memory growth on non-GPU devices")


def get_virtual_device_configuration(device: Any) -> Any:
    """The parts of a device; None: it has none."""
    _check_device(device)
    return _process.virtual.get(device)


def set_virtual_device_configuration(device: Any, virtual_devices: Any) -> None:
    """Divides a device into parts; they are remembered, and not made.

    Raises:
        ValueError: there is no such device, or a CPU is given a limit of memory.
        RuntimeError: the runtime was started already.
    """
    _check_device(device)
    if any(part.memory_limit is not None for part in virtual_devices):
        raise ValueError("Setting memory limit on CPU virtual devices is currently "
                         "not supported")  # fmt: skip
    _process.virtual[device] = _unless_running(
        _process.virtual.get(device), virtual_devices,
        "Virtual devices cannot be modified after being initialized",
    )  # fmt: skip


# -- settings ----------------------------------------------------------------------

_POLICIES = ("silent", "silent_for_int32", "warn", "explicit")


def get_device_policy() -> str:
    """What happens to inputs that lie on another device."""
    return _process.policy


def set_device_policy(device_policy: str | None) -> None:
    """Says what happens to inputs that lie on another device.

    Raises:
        ValueError: there is no such policy.
    """
    if device_policy not in (None, *_POLICIES):
        raise ValueError(f"Not a valid device policy: {device_policy!r}")
    _process.policy = device_policy or "silent"


def get_synchronous_execution() -> bool:
    """Whether operations are computed before the next one begins."""
    return _process.is_synchronous


def set_synchronous_execution(enable: bool) -> None:
    """Says whether operations are to be computed before the next one begins."""
    _process.is_synchronous = enable


def get_soft_device_placement() -> bool:
    """Whether operations go to another device if theirs cannot compute them."""
    return _process.soft_placement


def set_soft_device_placement(enabled: bool) -> None:
    """Says whether operations go to another device if theirs cannot compute them."""
    _process.soft_placement = enabled


def get_log_device_placement() -> bool:
    """Whether the devices of operations are logged."""
    return _process.logs_placement


def set_log_device_placement(enabled: bool) -> None:
    """Says whether the devices of operations are logged."""
    _process.logs_placement = enabled


def get_inter_op_parallelism_threads() -> int:
    """How many threads compute operations; 0: as many as there are processors."""
    return _process.inter_op


def set_inter_op_parallelism_threads(num_threads: int) -> None:
    """Says how many threads compute operations.

    Raises:
        RuntimeError: the runtime was started already.
    """
    _process.inter_op = _unless_running(
        _process.inter_op, num_threads,
        "Inter op parallelism cannot be modified after initialization.",
    )  # fmt: skip


def get_intra_op_parallelism_threads() -> int:
    """How many threads compute one operation; 0: as many as there are processors."""
    return _process.intra_op


def set_intra_op_parallelism_threads(num_threads: int) -> None:
    """Says how many threads compute one operation.

    Raises:
        RuntimeError: the runtime was started already.
    """
    _process.intra_op = _unless_running(
        _process.intra_op, num_threads,
        "Intra op parallelism cannot be modified after initialization.",
    )  # fmt: skip


def get_jit() -> bool:
    """Whether XLA compiles operations."""
    return _process.jit


def set_jit(enabled: bool) -> None:
    """Says whether XLA compiles operations."""
    _process.jit = enabled


def get_experimental_options() -> dict[str, Any]:
    """The settings of the optimizer of graphs that were set, and two more."""
    always = {"disable_model_pruning": False, "disable_meta_optimizer": False}
    return {**always, **_process.options}


def set_experimental_options(options: dict[str, Any]) -> None:
    """Sets the optimizer of graphs."""
    _process.options.update(options)


def experimental_run_functions_eagerly(run_eagerly: bool) -> None:
    """Says whether functions of `tf.function` are run as Python has them."""
    _process.runs_functions_eagerly = bool(run_eagerly)


def runs_functions_eagerly() -> bool:
    """Whether functions of `tf.function` are run as Python has them."""
    return _process.runs_functions_eagerly


_process = _Process()
