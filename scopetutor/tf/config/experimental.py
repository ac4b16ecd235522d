"""`tf.config.experimental`: which devices there are, and how their memory may grow.

From ``engine/machine.py``. Scripts that were half way to TensorFlow 2 ask it for GPUs
at their beginning; here there is one CPU.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.machine": (
            "VirtualDeviceConfiguration get_device_policy get_memory_growth "
            "get_synchronous_execution get_virtual_device_configuration "
            "get_visible_devices list_logical_devices list_physical_devices "
            "set_device_policy set_memory_growth set_synchronous_execution "
            "set_virtual_device_configuration set_visible_devices"
        ),
    },
)
