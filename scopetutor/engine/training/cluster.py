"""`tf.train.ClusterSpec` and the devices that a cluster's variables are put on.

Stands alone. There is no cluster here: it can be described, and graphs built for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine import tf_logging
from scopetutor.engine.devices import DeviceSpec
from scopetutor.formats import protos

if TYPE_CHECKING:
    from collections.abc import Callable


class ClusterSpec:
    """The tasks of a cluster: for each job, the addresses of its tasks.

    Args:
        cluster: a dictionary from jobs to lists of addresses (or to dictionaries from
            numbers to addresses), a ClusterDef message, or another ClusterSpec.

    Raises:
        TypeError: it is none of these.
    """

    def __init__(self, cluster: Any) -> None:
        if isinstance(cluster, ClusterSpec):
            cluster = cluster.as_cluster_def()
        if isinstance(cluster, dict):
            self._jobs = {job: _tasks(job, tasks) for job, tasks in cluster.items()}
        elif isinstance(cluster, protos.ClusterDef):
            self._jobs = {job.name: dict(job.tasks.items()) for job in cluster.job}
        else:
            raise TypeError(
                "`cluster` must be a dictionary mapping one or more job names to lists "
                "of network addresses, or a `ClusterDef` protocol buffer"
            )
        self._message = _message(self._jobs)

    def __bool__(self) -> bool:
        return bool(self._jobs)

    def __eq__(self, other: object) -> bool:
        theirs = other._jobs if isinstance(other, ClusterSpec) else other
        return self._jobs == theirs

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        jobs = self.as_dict()
        shown = ", ".join(f"{job!r}: {jobs[job]!r}" for job in sorted(jobs))
        return f"ClusterSpec({{{shown}}})"

    def as_dict(self) -> dict[str, Any]:
        """The addresses of each job: a list, or a dictionary if numbers are missing."""
        return {
            job: [tasks[i] for i in sorted(tasks)]
            if tasks and max(tasks) + 1 == len(tasks)
            else dict(sorted(tasks.items()))
            for job, tasks in self._jobs.items()
        }

    def as_cluster_def(self) -> Any:
        """The cluster as a message."""
        return self._message

    @property
    def jobs(self) -> list[str]:
        """The names of the jobs."""
        return list(self._jobs)

    def _job(self, job_name: str) -> dict[int, str]:
        if job_name not in self._jobs:
            raise ValueError(f"No such job in cluster: {job_name!r}")
        return self._jobs[job_name]

    def num_tasks(self, job_name: str) -> int:
        """How many tasks a job has."""
        return len(self._job(job_name))

    def task_indices(self, job_name: str) -> list[int]:
        """The numbers of a job's tasks."""
        return sorted(self._job(job_name))

    def task_address(self, job_name: str, task_index: int) -> str:
        """Where a task is.

        Raises:
            ValueError: there is no such task.
        """
        job = self._job(job_name)
        if task_index not in job:
            raise ValueError(f"No task with index {task_index!r} in job {job_name!r}")
        return job[task_index]

    def job_tasks(self, job_name: str) -> list[Any]:
        """The addresses of a job's tasks by number, None where there is none."""
        job = self._job(job_name)
        return [job.get(i) for i in range(max(job) + 1)]


def _tasks(job: str, tasks: Any) -> dict[int, str]:
    if isinstance(tasks, (list, tuple)):
        return dict(enumerate(tasks))
    if isinstance(tasks, dict):
        return dict(tasks)
    raise TypeError(
        f"The tasks for job {job!r} must be a list or a dictionary from integers to "
        "strings."
    )


def _message(jobs: dict[str, dict[int, str]]) -> Any:
    made = protos.ClusterDef()
    for job, tasks in sorted(jobs.items()):
        if not isinstance(job, (str, bytes)):
            raise TypeError(f"Job name {job!r} must be bytes or unicode")
        entry = made.job.add()
        entry.name = job
        for number, address in sorted(tasks.items()):
            if not isinstance(address, (str, bytes)):
                raise TypeError(f"Task address {address!r} must be bytes or unicode")
            entry.tasks[number] = address
    return made


# -- devices ---------------------------------------------------------------------------

# TF 1.15: what is put on the parameter servers.
STANDARD_PS_OPS = (
    "Variable",
    "VariableV2",
    "AutoReloadVariable",
    "MutableHashTable",
    "MutableHashTableV2",
    "MutableHashTableOfTensors",
    "MutableHashTableOfTensorsV2",
    "MutableDenseHashTable",
    "MutableDenseHashTableV2",
    "VarHandleOp",
    "BoostedTreesEnsembleResourceHandleOp",
    "BoostedTreesQuantileStreamResourceHandleOp",
    "ResourceConditionalAccumulator",
)


class _InTurn:
    """One task after the other."""

    def __init__(self, tasks: int) -> None:
        self._tasks, self._next = tasks, 0

    def __call__(self, _op: Any) -> int:
        task, self._next = self._next, (self._next + 1) % self._tasks
        return task


def replica_device_setter(
    ps_tasks: int = 0,
    ps_device: str = "/job:ps",
    worker_device: str = "/job:worker",
    merge_devices: bool = True,
    cluster: Any = None,
    ps_ops: Any = None,
    ps_strategy: Any = None,
) -> Callable[[Any], str] | None:
    """A function for `tf.device` that spreads variables over parameter servers.

    Args:
        ps_tasks: how many servers there are.
        ps_device: where variables go.
        worker_device: where everything else goes.
        merge_devices: whether what operations ask for is kept.
        cluster: a ClusterSpec, or what makes one; says how many servers there are.
        ps_ops: the types of operations that go to servers; None: those of variables.
        ps_strategy: (operation) -> the number of its server; None: in turn.

    Returns:
        The function; None if there are no servers.

    Raises:
        TypeError: the strategy is no function.
    """
    if cluster is not None:
        jobs = ClusterSpec(cluster).as_dict()
        ps_tasks = len(jobs.get(DeviceSpec.from_string(ps_device).job or "", ()))
    if ps_tasks == 0:
        return None
    if not merge_devices:
        tf_logging.warning(
            "DEPRECATION: It is recommended to set merge_devices=true in "
            "replica_device_setter"
        )
    strategy = _InTurn(ps_tasks) if ps_strategy is None else ps_strategy
    if not callable(strategy):
        raise TypeError("ps_strategy must be callable")
    on_servers = STANDARD_PS_OPS if ps_ops is None else ps_ops

    def device_function(op: Any) -> str:
        if not merge_devices and op.device:
            return str(op.device)
        current = DeviceSpec.from_string(op.device or "")
        if ps_device and op.type in on_servers:
            server = DeviceSpec.from_string(ps_device)
            if server.job and current.job in (None, server.job):
                server = server.replace(task=strategy(op))
            return server.make_merged_spec(current).to_string()
        worker = DeviceSpec.from_string(worker_device or "")
        return worker.make_merged_spec(current).to_string()

    return device_function
