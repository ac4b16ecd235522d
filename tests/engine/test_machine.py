"""What `tf.config` keeps of a process, and what it refuses once the runtime runs."""

import os

import pytest

from scopetutor import tf
from scopetutor.engine import machine


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """A process in which nothing was set, and nothing has run."""
    monkeypatch.setattr(machine, "_process", machine._Process())


@pytest.mark.parametrize("kind", ["inter", "intra"])
def test_threads_are_set_until_the_runtime_runs(kind):
    """A number of threads is given back, and refused once devices were listed."""
    threading = tf.config.threading
    give = getattr(threading, f"set_{kind}_op_parallelism_threads")
    told = getattr(threading, f"get_{kind}_op_parallelism_threads")

    give(3)
    tf.config.experimental.list_logical_devices("CPU")
    give(3)

    assert told() == 3
    with pytest.raises(RuntimeError, match="cannot be modified after initialization"):
        give(4)


def test_visible_devices_of_a_type_are_replaced():
    """Devices of other types stay visible."""
    experimental = tf.config.experimental
    cpu, other = experimental.list_physical_devices()

    experimental.set_visible_devices([other], other.device_type)

    assert experimental.get_visible_devices() == [cpu, other]
    assert experimental.get_visible_devices(other.device_type) == [other]


def test_parts_of_a_device_are_kept():
    """They are given back; a CPU's memory has no limit."""
    experimental = tf.config.experimental
    cpu = experimental.list_physical_devices("CPU")[0]
    part = experimental.VirtualDeviceConfiguration

    experimental.set_virtual_device_configuration(cpu, [part(), part()])

    assert experimental.get_virtual_device_configuration(cpu) == [part(), part()]
    with pytest.raises(ValueError, match="memory limit on CPU"):
        experimental.set_virtual_device_configuration(cpu, [part(memory_limit=9)])


def test_log_of_placement_is_a_setting():
    """It is given back."""
    tf.debugging.set_log_device_placement(True)

    assert tf.debugging.get_log_device_placement()


def test_files_beside_a_script_are_found():
    """Paths begin at the caller's folder."""
    here = os.path.dirname(__file__)

    assert tf.resource_loader.get_data_files_path() == here
    assert tf.resource_loader.get_path_to_datafile("x") == os.path.join(here, "x")


def test_files_of_tensorflow_are_read():
    """They are those of the package."""
    root = tf.resource_loader.get_root_dir_with_all_resources()

    assert tf.resource_loader.load_resource("py.typed") == b""
    assert os.path.isdir(root)
