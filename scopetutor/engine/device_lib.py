"""`tensorflow.python.client.device_lib`: scripts ask it whether there is a GPU.

What it lists is what ``placement.py`` puts operations on: one CPU. It was never public;
scripts import it from its old path (``evaluator/old_paths.py``).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .placement import DEVICES


class LocalDevice(NamedTuple):
    """A device of this computer, with the names that TensorFlow's message has.

    Attributes:
        name: such as "/device:CPU:0".
        device_type: such as "CPU".
        memory_limit: in bytes.
        physical_device_desc: nothing is known of it.
    """

    name: str
    device_type: str
    memory_limit: int
    physical_device_desc: str = ""


def list_local_devices(session_config: Any = None) -> list[LocalDevice]:
    """The devices there are: the CPU."""
    del session_config
    return [
        LocalDevice(
            f"/device:{device.name.partition('/device:')[2]}",
            device.device_type,
            device.memory_limit_bytes,
        )
        for device in DEVICES
    ]
