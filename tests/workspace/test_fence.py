"""Where the kernel gives no wall, Python itself says no, in a sentence."""

from __future__ import annotations

import bdb
import os
import socket
import subprocess
import sys

import pytest

from scopetutor.workspace import limits
from scopetutor.workspace.fence import hook
from scopetutor.workspace.settings import Settings

_WITHOUT_WALLS = """
import sys
from scopetutor.workspace import landlock, limits, seccomp
from scopetutor.workspace.settings import Settings

landlock.restrict = lambda *paths, **how: 0
seccomp.restrict = lambda **how: False
scratch, outside = sys.argv[1:]
print(limits.confine(Settings("", False, 0, scratch, scratch)))
open(scratch + "/mine", "w").close()
try:
    open(outside, "w")
except PermissionError as error:
    print(error.strerror)
"""


@pytest.fixture
def look(tmp_path):
    """The question Python asks, for a workspace with a folder of its own."""
    for name in ("scratch", "given", "read", "other"):
        (tmp_path / name).mkdir()
    settings = Settings(
        "", False, 0, "", str(tmp_path / "scratch"), writable=(str(tmp_path / "given"),)
    )
    return hook(settings, [str(tmp_path / "read")])


@pytest.mark.parametrize(
    ("folder", "mode", "allowed"),
    [
        ("scratch", "w", True),
        ("given", "a", True),
        ("read", "r", True),
        ("read", "w", False),
        ("read", "r+", False),
        ("other", "r", False),
        ("other", "x", False),
    ],
)
def test_files(look, tmp_path, folder, mode, allowed):
    """Scratch and given folders may be written, others read at the most."""
    path = str(tmp_path / folder / "file")
    if allowed:
        look("open", (path, mode, 0))
        return
    with pytest.raises(PermissionError, match="a workspace may not"):
        look("open", (path, mode, 0))


def test_a_way_around_by_links(look, tmp_path):
    """It counts where a path leads, not how it is written."""
    (tmp_path / "scratch" / "way").symlink_to(tmp_path / "other")
    with pytest.raises(PermissionError, match="may not write"):
        look("open", (str(tmp_path / "scratch" / "way" / "file"), "w", 0))
    with pytest.raises(PermissionError, match="may not write"):
        look("open", (str(tmp_path / "scratch" / ".." / "file"), None, os.O_CREAT))


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        ("os.remove", "may not write"),
        ("shutil.rmtree", "may not write"),
        ("subprocess.Popen", "no other programs"),
        ("os.fork", "no other programs"),
        ("socket.connect", "no network"),
        ("os.kill", "no signals"),
    ],
)
def test_deeds(look, tmp_path, event, problem):
    """Changing files, programs, the network and signals are refused by name."""
    with pytest.raises(PermissionError, match=problem):
        look(event, (str(tmp_path / "other" / "file"),))


def test_what_is_no_business_of_it(look):
    """Files that are open already, and everything else, pass."""
    look("open", (3, "w", 0))
    look("import", ("numpy",))
    look("socket.gethostname", (socket,))


def test_confining_without_walls(tmp_path):
    """A system without Landlock and seccomp gets the fence, and says so."""
    (tmp_path / "scratch").mkdir()
    said = subprocess.run(
        [sys.executable, "-c", _WITHOUT_WALLS, tmp_path / "scratch", tmp_path / "out"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    assert "'fence'" in said[0]
    assert said[1] == "a workspace may not write here (--allow-files DIR)"
    assert (tmp_path / "scratch" / "mine").exists()


def test_the_survey_names_everything():
    """Each protection has a name, and says by what it is."""
    survey = limits.survey()

    assert {"files", "network", "memory", "output"} <= {one.name for one in survey}
    assert all(one.how for one in survey)


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (MemoryError(), "--memory-limit"),
        (EOFError("EOF when reading a line"), "Nothing can be typed"),
        (EOFError(), "Nothing can be typed"),
        (EOFError("Ran out of input"), ""),
        (bdb.BdbQuit(), ":movie"),
        (PermissionError(1, "no", "/etc/x"), "--allow-files"),
        (PermissionError(13, "no"), ":limits"),
        (OSError(27, "large"), "256 MB"),
        (OSError(2, "none"), ""),
        (ValueError("x"), ""),
    ],
)
def test_hints(error, hint):
    """A program that met a limit is told how to widen it."""
    settings = Settings("", False, 0, "", "", memory=1 << 30, readable=("/home",))

    assert hint in limits.hint(error, settings)
    assert bool(hint) == bool(limits.hint(error, settings))


def test_a_hint_in_the_strict_box():
    """Where no file may be read, none is promised; sizes are as people write them."""
    settings = Settings("", False, 0, "", "", memory=200 << 20)

    assert "no file of yours" in limits.hint(PermissionError(1, "no", "/x"), settings)
    assert "may take 200 MB" in limits.hint(MemoryError(), settings)


def test_a_hint_names_the_folders(tmp_path):
    """If some folders may be written, the hint says which."""
    settings = Settings("", False, 0, "", "", writable=(str(tmp_path),))

    assert str(tmp_path) in limits.hint(PermissionError(1, "no", "/x"), settings)
