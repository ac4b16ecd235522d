"""`tf.train.Server`: a task of a cluster that this process plays alone.

After cluster. TF 1.15: a process for each task, connected by gRPC. Here, a session that
is connected to a server's target runs in its own process, on devices of all tasks, and
shares its variables with the other sessions of that cluster.
"""

from __future__ import annotations

import socket
from typing import Any

from scopetutor.engine import tf_logging
from scopetutor.engine.op_errors import InternalError, InvalidArgumentError
from scopetutor.engine.placement import Task
from scopetutor.engine.served import Served, by_target
from scopetutor.engine.state import State
from scopetutor.formats import protos

from .cluster import ClusterSpec

_states: dict[str, State] = {}
"""What the sessions of a cluster share, by its description."""


class Server:
    """A task of a cluster.

    Args:
        server_or_cluster_def: a ServerDef, or what ClusterSpec takes.
        job_name: the task's job; None: the only one.
        task_index: which of the job's tasks; None: the only one.
        protocol: None: "grpc".
        config: a ConfigProto for its sessions.
        start: whether it starts at once.

    Raises:
        TypeError: the cluster is none.
        ValueError: job or task are not clear.
        tf.errors.InternalError: there is no such job.
        tf.errors.InvalidArgumentError: there is no such task, or its address has no
            port.
    """

    def __init__(
        self,
        server_or_cluster_def: Any,
        job_name: Any = None,
        task_index: Any = None,
        protocol: Any = None,
        config: Any = None,
        start: bool = True,
    ) -> None:
        self._server_def = _definition(
            server_or_cluster_def, job_name, task_index, protocol, config
        )
        cluster = ClusterSpec(self._server_def.cluster)
        own = Task(self._server_def.job_name, self._server_def.task_index)
        self._target = f"grpc://localhost:{_port(cluster, own)}"
        tasks = [
            Task(job, i) for job in cluster.jobs for i in cluster.task_indices(job)
        ]
        tasks.sort(key=lambda task: task != own)
        alone = len(tasks) == 1
        shared = self._target if alone else str(cluster)
        self._served = Served(_states.setdefault(shared, State()), tuple(tasks))
        if start:
            self.start()

    def start(self) -> None:
        """From now on, sessions can be connected to its target."""
        by_target[self._target] = self._served

    def join(self) -> None:
        """Returns at once: no other process can ask for anything."""
        tf_logging.warning(
            "scopetutor runs no clusters: each process plays all tasks of its cluster "
            "itself, and nobody else asks this server for anything. It ends here."
        )

    @property
    def server_def(self) -> Any:
        """What it is, as a message."""
        return self._server_def

    @property
    def target(self) -> str:
        """What sessions are connected to."""
        return self._target

    @staticmethod
    def create_local_server(config: Any = None, start: bool = True) -> Server:
        """A cluster of one task, in this process."""
        cluster = {"local": ["localhost:0"]}
        return Server(cluster, protocol="grpc", config=config, start=start)


def _definition(
    given: Any, job_name: Any, task_index: Any, protocol: Any, config: Any
) -> Any:
    """A ServerDef of what the program says."""
    if isinstance(given, protos.ServerDef):
        message = protos.ServerDef()
        message.CopyFrom(given)
    else:
        message = _of_cluster(given, job_name, task_index)
    for field, value in (
        ("job_name", job_name),
        ("task_index", task_index),
        ("protocol", protocol),
    ):
        if value is not None:
            setattr(message, field, value)
    if config is not None:
        message.default_session_config.CopyFrom(config)
    return message


def _of_cluster(given: Any, job_name: Any, task_index: Any) -> Any:
    try:
        cluster = ClusterSpec(given)
    except TypeError:
        raise TypeError(
            "Could not convert `server_or_cluster_def` to a `tf.train.ServerDef` or "
            "`tf.train.ClusterSpec`."
        ) from None
    if job_name is None:
        if len(cluster.jobs) != 1:
            raise ValueError("Must specify an explicit `job_name`.")
        job_name = cluster.jobs[0]
    if task_index is None:
        known = cluster.task_indices(job_name)
        if len(known) != 1:
            raise ValueError("Must specify an explicit `task_index`.")
        task_index = known[0]
    return protos.ServerDef(
        cluster=cluster.as_cluster_def(),
        job_name=job_name,
        task_index=task_index,
        protocol="grpc",
    )


def _port(cluster: ClusterSpec, task: Task) -> int:
    """The port of a task; 0 is any that is free."""
    if task.job not in cluster.jobs:
        raise InternalError(None, None, f'Job "{task.job}" was not defined in cluster')
    if task.number not in cluster.task_indices(task.job):
        raise InvalidArgumentError(
            None, None, f'Task {task.number} was not defined in job "{task.job}"'
        )
    address = cluster.task_address(task.job, task.number)
    port = address.rpartition(":")[2]
    if ":" not in address or not port.isdigit():
        raise InvalidArgumentError(
            None, None, f'Could not parse port for local server from "{address}".'
        )
    return int(port) or _free_port()


def _free_port() -> int:
    """A port that nobody listens to; nobody does afterwards, either."""
    with socket.socket() as probe:
        try:
            probe.bind(("localhost", 0))
        except OSError:
            return _least_free()
        found: int = probe.getsockname()[1]
    return _least_free() if f"grpc://localhost:{found}" in by_target else found


def _least_free() -> int:
    """A number that no server of this process has."""
    taken = {int(target.rpartition(":")[2]) for target in by_target}
    return next(port for port in range(2222, 1 << 16) if port not in taken)
