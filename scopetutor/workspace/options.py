"""What a workspace is allowed, and the way to its moments that follows from it.

`repl` and `cli` fill the options from what the user wishes; `client` asks here for a
way when it starts. What the process itself has to know of them are its `settings`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from . import scratch, transport
from .settings import Settings
from .ways import Forking, Nest, Replaying, Way


@dataclass(frozen=True, slots=True)
class Options:
    """What a workspace is allowed, and where it is.

    Attributes:
        time_limit: seconds an entry may take; None or 0: any number.
        memory_limit: bytes an entry may take; 0: as many as there are.
        output_limit: characters of an entry's output that are passed on.
        grace: seconds between asking an entry to stop and ending it.
        allow_files: folders in which files may be written.
        allow_network: whether sockets may be opened.
        strict: whether the code is somebody else's: it may read no file of the folder.
        folder: where the learner's files are.
        journal: the file that entries are written to; None: none.
        way: how moments are come by; "auto": the best the system can do.
        entropy: where random numbers without a seed begin; None: the system's.
        confined: whether the system's protections are used.
        follow: whether each line that runs is noted among the deeds of its entry.
    """

    time_limit: float | None = 60.0
    memory_limit: int = 2 << 30
    output_limit: int = 1_000_000
    grace: float = 1.0
    allow_files: tuple[Path, ...] = ()
    allow_network: bool = False
    strict: bool = False
    folder: Path = field(default_factory=Path.cwd)
    journal: Path | None = None
    way: Literal["auto", "fork", "replay"] = "auto"
    entropy: int | None = None
    confined: bool = True
    follow: bool = False


def way_for(options: Options, entropy: int) -> Way:
    """The best way to come by moments that the system has, or the one wanted.

    Args:
        options: of the workspace.
        entropy: where its random numbers without a seed begin.
    """
    sleeps = transport.moments_can_sleep()
    forks = options.way == "fork" or (options.way == "auto" and sleeps)
    settings = Settings(
        seal=secrets.token_hex(16),
        forks=forks,
        entropy=entropy,
        folder=str(options.folder),
        scratch=scratch.make(),
        memory=options.memory_limit,
        writable=tuple(str(folder) for folder in options.allow_files),
        readable=() if options.strict else (str(options.folder),),
        network=options.allow_network,
        confined=options.confined,
    )
    hash_seed = entropy % 4294967295 + 1
    if forks:
        return Forking(Nest(settings, hash_seed))
    return Replaying(settings, hash_seed)
