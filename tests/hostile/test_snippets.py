"""No snippet can kill, hang or corrupt the prompt, or do anything outside."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scopetutor.workspace import family
from scopetutor.workspace.client import Options, Workspace
from scopetutor.workspace.ways import Forking, Replaying

from .snippets import ALL, Snippet

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the walls that are tested are Linux's"
)
ALL_IN_BOTH = os.environ.get("SCOPETUTOR_HOSTILE") == "all"
LIMIT = 0.4  # for what only ends at the limit
ENOUGH = 6.0  # for what ends before, on a machine that is busy
GRACE = 0.2
SLACK = 3.0
MEMORY = 600 << 20
WAYS = ["fork", "replay"]


class Yard:
    """A workspace with something to lose, and a folder that must not change."""

    def __init__(self, way: str, place: Path) -> None:
        self.way = way
        self.outside = place / "outside"
        self.outside.mkdir()
        (self.outside / "victim").write_text("v")
        self.folder = place / "folder"
        self.folder.mkdir()
        options = Options(
            way=way,  # type: ignore[arg-type]
            folder=self.folder,
            time_limit=ENOUGH,
            grace=GRACE,
            memory_limit=MEMORY,
            output_limit=100_000,
        )
        self.workspace = Workspace(options)
        self.workspace.run("import numpy as np\nx = 41\nv = np.arange(3)")
        self.base = self.workspace.moment

    def state_outside(self) -> list[tuple[str, str, int, float]]:
        """Everything there is where nothing may change."""
        found = []
        for folder in (self.outside, self.folder):
            for path in sorted(folder.iterdir()):
                status = path.stat()
                found.append(
                    (path.name, path.read_text(), status.st_mode, status.st_mtime)
                )
        return found


@pytest.fixture(scope="module", params=WAYS)
def yard(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Yard]:
    """One for all snippets: each finds what the ones before have left of it."""
    made = Yard(str(request.param), tmp_path_factory.mktemp("yard"))
    yield made
    made.workspace.close()


def test_there_are_enough():
    """The set is as large as it should be, and every snippet has its own name."""
    assert len(ALL) >= 80
    assert len({snippet.name for snippet in ALL}) == len(ALL)


@pytest.mark.parametrize("snippet", ALL, ids=lambda snippet: snippet.name)
def test_snippet(yard: Yard, snippet: Snippet):
    """The prompt is back in time, the state is intact, and a sentence says why."""
    if yard.way == "replay" and ALL.index(snippet) % 4 and not ALL_IN_BOTH:
        pytest.skip("a quarter is enough where nothing else is known")
    workspace = yard.workspace
    workspace.go_to(yard.base)
    before = yard.state_outside()
    limit = LIMIT if "timeout" in snippet.endings else ENOUGH
    started = time.monotonic()

    text = snippet.text.replace("OUTSIDE", str(yard.outside))
    ran = workspace.run(text, limit=limit)
    took = time.monotonic() - started
    assert ran.ending in snippet.endings, (ran.ending, ran.sentence, ran.error)
    assert took < limit + GRACE + SLACK
    if ran.ending not in ("ok", "error"):
        assert ran.sentence.endswith(".")
        assert "\n" not in ran.sentence
    if ran.ending == "error":
        assert ran.error is not None
        assert ran.error.message or ran.error.hint

    heard: list[str] = []
    after = workspace.run(
        "print('heard'); x + 1, list(map(int, v))",
        on_output=lambda output: heard.append(output.text),
    )
    assert time.monotonic() - started < limit + GRACE + 2 * SLACK
    if "builtins" not in snippet.name:  # they are the learner's own to break
        assert (after.ending, after.shown) == ("ok", "(42, [0, 1, 2])"), after.sentence
        # A thread that goes on printing may use up what an entry may print.
        assert "heard" in "".join(heard) or after.lost_output
    else:
        workspace.undo(2)
        assert workspace.run("x + 1").shown == "42"
    assert yard.state_outside() == before
    assert not Path("~/evil").expanduser().exists()


@pytest.mark.parametrize("way", WAYS)
def test_a_false_name(way: str, tmp_path: Path):
    """A process that says it is another one does not have that one ended."""
    yard = Yard(way, tmp_path)
    workspace = yard.workspace
    with subprocess.Popen(["sleep", "60"]) as stranger:
        workspace.run(
            "import os, sys\n"
            "server = sys.modules['scopetutor.workspace.server']\n"
            f"os.getpid = server.getpid = lambda: {stranger.pid}"
        )
        for _ in range(2):  # the heads that say so are woken, asked and ended
            workspace.run("x = 42")
            workspace.undo()
        workspace.run("import os; os._exit(0)")
        assert workspace.run("x").shown == "41"
        workspace.close()
        assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize("way", WAYS)
def test_memory_of_many(way: str, tmp_path: Path):
    """Processes that take little each, and too much together, are ended."""
    workspace = Yard(way, tmp_path).workspace
    ran = workspace.run(
        "import os, time\n"
        "for _ in range(3):\n"
        "  if not os.fork(): b = b'x' * (250 << 20); time.sleep(99)\n"
        "time.sleep(99)",
        limit=20,
    )
    assert ran.ending == "memory", ran
    assert "used up all memory" in ran.sentence
    assert workspace.run("x").shown == "41"
    workspace.close()


def test_no_process_is_left(yard: Yard):
    """After all that, only processes that belong to the workspace are there."""
    workspace = yard.workspace
    workspace.run("1")
    way = workspace._head.way
    assert isinstance(way, (Forking, Replaying))

    deadline = time.monotonic() + 5  # moments that were let go are just about to end
    while (left := way.strays()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert left == set()


def test_closing_ends_everything(tmp_path: Path):
    """A closed workspace leaves no process, whatever it was doing."""
    before = family.descendants(os.getpid())
    made = Yard("fork", tmp_path)
    made.workspace.run("import os, time\nif os.fork() == 0: time.sleep(99)")
    made.workspace.close()

    deadline = time.monotonic() + 2
    while family.descendants(os.getpid()) - before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert family.descendants(os.getpid()) <= before
