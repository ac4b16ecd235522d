"""Device names, such as ``/job:ps/task:0/device:GPU:1``, and how they are merged.

Before the graph. Operations are only ever computed here, on the CPU; what device they
ask for is kept, shown and written as TensorFlow would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .compat import as_text

if TYPE_CHECKING:
    from collections.abc import Callable


class DeviceSpec:
    """The parts of a device's name; None where a part is not said."""

    def __init__(
        self,
        job: Any = None,
        replica: Any = None,
        task: Any = None,
        device_type: Any = None,
        device_index: Any = None,
    ) -> None:
        self.job = None if job is None else str(job)
        self.replica = None if replica is None else int(replica)
        self.task = None if task is None else int(task)
        if device_type in ("cpu", "gpu"):
            device_type = device_type.upper()
        self.device_type = None if device_type is None else str(device_type)
        self.device_index = None if device_index is None else int(device_index)

    @classmethod
    def from_string(cls, spec: str | None) -> DeviceSpec:
        """The parts of a name; ValueError if it is no device's name."""
        return cls(**_parse(spec or ""))

    def parse_from_string(self, spec: str | None) -> DeviceSpec:
        """Takes over the parts of a name."""
        self.__init__(**_parse(spec or ""))  # type: ignore[misc]
        return self

    def merge_from(self, other: DeviceSpec) -> None:
        """Takes over what `other` says."""
        for part in _PARTS:
            value = getattr(other, part)
            if value is not None:
                setattr(self, part, value)

    def make_merged_spec(self, other: DeviceSpec) -> DeviceSpec:
        """This spec, overridden by what `other` says."""
        merged = DeviceSpec(**self._parts())
        merged.merge_from(other)
        return merged

    def replace(self, **parts: Any) -> DeviceSpec:
        """This spec with some parts replaced."""
        return DeviceSpec(**{**self._parts(), **parts})

    def to_string(self) -> str:
        """The name, with ``/device:GPU:*`` for any index."""
        named = [
            f"/{part}:{getattr(self, part)}"
            for part in ("job", "replica", "task")
            if getattr(self, part) is not None
        ]
        if self.device_type is not None:
            index = "*" if self.device_index is None else self.device_index
            named.append(f"/device:{self.device_type}:{index}")
        return "".join(named)

    def _parts(self) -> dict[str, Any]:
        return {part: getattr(self, part) for part in _PARTS}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DeviceSpec) and self.to_string() == other.to_string()

    def __hash__(self) -> int:
        return hash(self.to_string())


_PARTS = ("job", "replica", "task", "device_type", "device_index")


def _parse(spec: str) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for words in (piece.split(":") for piece in spec.split("/")):
        kind = words[0]
        if len(words) == 2 and kind in ("job", "replica", "task"):
            parts[kind] = words[1]
        elif len(words) <= 2 and kind.upper() in ("CPU", "GPU"):
            _parse_type(parts, spec, kind.upper(), words[1:])
        elif len(words) == 3 and kind == "device":
            _parse_type(parts, spec, words[1], words[2:])
        elif kind:
            raise ValueError(f"Unknown attribute: '{kind}' in '{spec}'")
    return parts


def _parse_type(
    parts: dict[str, Any], spec: str, device_type: str, index: list[str]
) -> None:
    if "device_type" in parts:
        raise ValueError(f"Cannot specify multiple device types: {spec}")
    parts["device_type"] = device_type
    if index and index[0] != "*":
        parts["device_index"] = int(index[0])


class DeviceFunction:
    """One `tf.device(...)`: what it does to the device of a new operation.

    Attributes:
        resets: whether it ignores the devices around it (`tf.device(None)`).
        does_nothing: whether it changes no device (`tf.device('')`).
        asked: what the program gave.
        site: where in the program, if that is known.
    """

    __slots__ = (
        "_function", "_merged", "_spec", "asked", "does_nothing", "resets", "site",
    )  # fmt: skip

    def __init__(self, device: Any, site: Any = None) -> None:
        self.asked, self.site = device, site
        self._function: Callable[[Any], Any] | None = None
        self._spec = DeviceSpec()
        self._merged: dict[str, str] = {}
        self.resets = device is None
        if callable(device):
            self._function = device
        elif isinstance(device, DeviceSpec):
            self._spec = DeviceSpec.from_string(device.to_string())
        elif device is not None:
            hash(device)  # TypeError for a list. TF 1.15 looks for it among those known
            self._spec = DeviceSpec.from_string(device)
        self.does_nothing = (
            not self.resets and not callable(device) and not self._spec.to_string()
        )

    @property
    def display_name(self) -> str:
        """What was given as a text; a function with its place."""
        if self._function is None:
            return str(self.asked)
        code = getattr(self._function, "__code__", None)
        file, line = (
            (code.co_filename, code.co_firstlineno) if code else ("unknown", -1)
        )
        name = getattr(self._function, "__name__", str(self._function))
        return f"{name}<{file}, {line}>"

    def apply(self, operation: Any) -> str:
        """The operation's new device; what it already says wins over this one."""
        if self._function is not None:
            return device_text(self._function(operation))
        current = operation.device
        merged = self._merged.get(current)
        if merged is None:
            inner = DeviceSpec.from_string(current)
            merged = self._spec.make_merged_spec(inner).to_string()
            self._merged[current] = merged
        return merged


def device_text(device: Any) -> str:
    """What an operation is placed on, as text.

    Raises:
        TypeError: it is neither a DeviceSpec nor text.
    """
    return as_text(device.to_string() if isinstance(device, DeviceSpec) else device)


def merge_device(spec: Any) -> Callable[[Any], DeviceSpec]:
    """A device function that merges a spec into what an operation says."""
    outer = spec if isinstance(spec, DeviceSpec) else DeviceSpec.from_string(spec)
    return lambda operation: outer.make_merged_spec(
        DeviceSpec.from_string(operation.device)
    )


def canonical_name(device: Any) -> str:
    """The full spelling of a device's name; "" for None."""
    if device is None:
        return ""
    if isinstance(device, DeviceSpec):
        return device.to_string()
    return DeviceSpec.from_string(device).to_string()
