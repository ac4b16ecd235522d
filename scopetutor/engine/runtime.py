"""What TensorFlow's runtime tells of the machine: one CPU."""

from __future__ import annotations

from typing import NamedTuple


class DeviceAttributes(NamedTuple):
    """A device that operations can run on."""

    name: str
    device_type: str
    memory_limit_bytes: int = 268435456
    incarnation: int = 0
