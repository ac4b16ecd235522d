"""What sessions share that are connected to one cluster: `tf.train.Server` makes it.

Before session. There are no clusters of processes here: a process plays all tasks of
its clusters, and their sessions share the values of variables.
"""

from __future__ import annotations

from typing import NamedTuple

from .placement import Task
from .state import State


class Served(NamedTuple):
    """What a session finds at a target.

    Attributes:
        state: the values, shared by all sessions of the cluster.
        tasks: all tasks of the cluster, the server's own first.
    """

    state: State
    tasks: tuple[Task, ...]


by_target: dict[str, Served] = {}
"""The servers of this process, by target such as "grpc://localhost:2222"."""
