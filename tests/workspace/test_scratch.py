"""The folder that a program may write to is bounded, and goes whatever is in it."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from scopetutor.workspace import scratch


def test_a_folder_that_is_hard_to_remove(tmp_path, monkeypatch):
    """Folders deeper than any path may be, locked ones, and links to elsewhere."""
    (tmp_path / "victim").write_text("v")
    folder = Path(scratch.make())
    monkeypatch.chdir(folder)
    for _ in range(1100):
        os.mkdir("deep" * 4)
        os.chdir("deep" * 4)
    locked = folder / "locked" / "inside"
    locked.mkdir(parents=True)
    (locked / "file").write_text("f")
    (folder / "link").symlink_to(tmp_path)
    locked.chmod(0)
    locked.parent.chmod(0)
    os.chdir(tmp_path)
    scratch.remove(str(folder))

    assert not folder.exists()
    assert (tmp_path / "victim").read_text() == "v"
    scratch.remove(str(folder))  # there is none any more: nothing happens


def test_what_may_be_written(tmp_path, monkeypatch):
    """What was there before does not count; bytes and files do."""
    monkeypatch.setattr(scratch, "MOST_WRITTEN", 50_000)
    monkeypatch.setattr(scratch, "MOST_FILES", 5)
    (tmp_path / "before").write_bytes(bytes(90_000))
    bytes_written = scratch.Budget(str(tmp_path))
    files_written = scratch.Budget(str(tmp_path))

    assert not bytes_written.is_spent(os.getpid())
    assert not files_written.is_spent(os.getpid())
    (tmp_path / "folder").mkdir()
    for number in range(5):
        assert not files_written.is_spent(os.getpid())
        (tmp_path / "folder" / str(number)).touch()
    assert files_written.is_spent(os.getpid())
    (tmp_path / "large").write_bytes(bytes(60_000))
    assert bytes_written.is_spent(os.getpid())


def test_files_without_a_name(tmp_path, monkeypatch):
    """What is in a file counts as long as the file is open, and only once."""
    monkeypatch.setattr(scratch, "MOST_WRITTEN", 50_000)
    budget = scratch.Budget(str(tmp_path))
    with tempfile.TemporaryFile(dir=tmp_path) as before:
        before.write(bytes(90_000))
        before.flush()
        assert not budget.is_spent(os.getpid())
        with tempfile.TemporaryFile(dir=tmp_path) as nameless:
            nameless.write(bytes(40_000))
            nameless.flush()
            again = os.dup(nameless.fileno())
            assert not budget.is_spent(os.getpid())
            nameless.write(bytes(20_000))
            nameless.flush()
            assert budget.is_spent(os.getpid())
            os.close(again)
        assert not budget.is_spent(os.getpid())


def test_an_entry_that_fills_the_disk(make, monkeypatch):
    """It is ended and said why, and the next one is not blamed for what it left."""
    monkeypatch.setattr(scratch, "MOST_WRITTEN", 1 << 20)
    workspace = make()
    workspace.run("import tempfile, time")
    fill = (
        "with open(tempfile.mkstemp()[1], 'wb') as f:\n"
        "  while True: f.write(bytes(1 << 16)); f.flush(); time.sleep(0.001)"
    )
    started = time.monotonic()
    ran = workspace.run(fill)

    assert ran.ending == "died"
    assert "wrote far too much into files" in ran.sentence
    assert time.monotonic() - started < 10
    assert workspace.run("time.sleep(0.4)").ending == "ok"


def test_nothing_is_left_of_it(make):
    """With the workspace its folder goes, also one full of folders."""
    workspace = make()
    shown = workspace.run("import tempfile; tempfile.gettempdir()").shown
    workspace.run(
        "import os; os.chdir(tempfile.gettempdir())\n"
        "for _ in range(1100): os.mkdir('d'); os.chdir('d')"
    )
    folder = Path(shown.strip("'"))
    assert folder.is_dir()
    workspace.close()

    deadline = time.monotonic() + 5
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not folder.exists()
