"""`tf.config`: the devices of this machine, and settings of the process.

From ``engine/machine.py``; three modules below it hold the rest.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.machine": (
            "experimental_list_devices experimental_run_functions_eagerly "
            "get_soft_device_placement set_soft_device_placement"
        ),
    },
    submodules="experimental optimizer threading",
)
