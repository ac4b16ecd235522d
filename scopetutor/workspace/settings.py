"""What the terminal process tells a workspace process when it starts it.

`client` fills it from the user's options, `boot` hands it over, and `server`, `limits`
and `fence` act on it before the learner's first line runs.
"""

from __future__ import annotations

import msgspec


class Settings(msgspec.Struct, frozen=True):
    """How a workspace process is to be.

    Attributes:
        seal: begins every line that the process sends.
        forks: whether moments are kept as sleeping processes.
        entropy: where random numbers without a seed begin, in this workspace.
        folder: where the learner's files are.
        scratch: where anything may be written; it goes when the workspace goes.
        memory: bytes an entry may take; 0: as many as there are.
        writable: folders in which files may be written.
        readable: folders that may be read besides Python's own.
        network: whether sockets are allowed.
        confined: whether the system's protections are used at all.
    """

    seal: str
    forks: bool
    entropy: int
    folder: str
    scratch: str
    memory: int = 0
    writable: tuple[str, ...] = ()
    readable: tuple[str, ...] = ()
    network: bool = False
    confined: bool = True


def size_text(size: int) -> str:
    """Bytes of a limit as people write them: "2 GB", "200 MB"."""
    if size >= 1 << 30:
        return f"{size / (1 << 30):.3g} GB"
    return f"{size / (1 << 20):.3g} MB"
