"""Whatever kills a save, the last complete checkpoint reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from scopetutor.errors import FileFormatError
from scopetutor.formats.checkpoint_v2 import CheckpointV2
from scopetutor.formats.checkpoint_writer import TensorToSave, write_checkpoint
from scopetutor.formats.crash_safe import FilesTogether, interrupted

# how often to kill a saving process; 300 takes about a minute
KILLS = int(os.environ.get("SCOPETUTOR_KILLS", "25"))
PROGRAM = Path(__file__).with_name("killed.py")
ROOT = Path(__file__).parents[2]


def run(*arguments: object) -> list:
    """What the killing program prints."""
    command = [sys.executable, str(PROGRAM), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# Four files are created, reach the disk, and take their names, one step each.
RENAMING, STEPS = 8, 13


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("earlier", [0, RENAMING, RENAMING + 1, RENAMING + 3])
def test_killed_at_any_step_the_old_or_the_new_one_reads(tmp_path, earlier):
    """Killed before each file operation, even after another kill: all old or new."""
    outcomes = run("at-every-step", tmp_path, earlier)
    old = 1 if earlier <= RENAMING else 2

    assert [before for before, _, _ in outcomes] == [[old]] * len(outcomes)
    assert [later for _, _, later in outcomes] == [[4]] * len(outcomes)
    found = [after[0] for _, after, _ in outcomes]
    assert set(found) == {old, 3}
    assert found == sorted(found)
    assert len(outcomes) > STEPS


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_time_what_was_promised_is_there(tmp_path):
    """After kill -9 the same prefix and the folder give a whole, recent checkpoint."""
    outcomes = run("at-random", tmp_path, KILLS, 7)

    assert len(outcomes) == KILLS
    assert outcomes[-1][0] > KILLS // 10
    for promised, same, latest in outcomes:
        assert same in ([promised], [promised + 1])
        assert latest in ([promised], [promised + 1])


def test_an_error_while_saving_leaves_what_was_there(tmp_path):
    """A tensor that cannot be saved changes nothing in the folder."""
    good, bad = (TensorToSave(kind, np.zeros(3, kind)) for kind in ("f4", "M8[s]"))
    write_checkpoint(tmp_path / "m", [good])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(TypeError):
        write_checkpoint(tmp_path / "m", [good, bad])

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    """An fsync that fails gives the system's error, and no new file."""

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    write_checkpoint(tmp_path / "m", [TensorToSave("a", np.zeros(3))])
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_checkpoint(tmp_path / "m", [TensorToSave("a", np.ones(3))])

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "m.data-00000-of-00001",
        "m.index",
    ]
    assert CheckpointV2(str(tmp_path / "m")).read("a").tolist() == [0, 0, 0]


def test_leftovers_of_an_unfinished_save_are_not_read(tmp_path):
    """Files of a save that never began to rename are as if they were not there."""
    write_checkpoint(tmp_path / "m", [TensorToSave("a", np.zeros(3))])
    write_checkpoint(tmp_path / "n", [TensorToSave("a", np.ones(3))])
    for ending in (".data-00000-of-00001", ".index"):
        (tmp_path / f"n{ending}").rename(tmp_path / f"m{ending}.saving-12345678")

    assert interrupted(str(tmp_path / "m")) == {}
    assert CheckpointV2(str(tmp_path / "m")).read("a").tolist() == [0, 0, 0]


def test_a_save_killed_between_renamings_is_read_where_it_is(tmp_path):
    """Data renamed, index not: the new one is complete, and is read."""
    write_checkpoint(tmp_path / "m", [TensorToSave("a", np.zeros(3))])
    write_checkpoint(tmp_path / "n", [TensorToSave("a", np.ones(3))])
    data, index = ".data-00000-of-00001", ".index"
    (tmp_path / f"n{data}").replace(tmp_path / f"m{data}")
    (tmp_path / f"n{index}").rename(tmp_path / f"m{index}.saving-12345678")

    assert CheckpointV2(str(tmp_path / "m")).read("a").tolist() == [1, 1, 1]
    (tmp_path / f"m{index}.saving-12345678").unlink()
    with pytest.raises(FileFormatError, match="checksum does not match"):
        CheckpointV2(str(tmp_path / "m")).read("a")


def test_the_next_save_finishes_what_was_interrupted(tmp_path):
    """A save over an interrupted one replaces it, and nothing of it remains."""
    for name, value in (("m", 0), ("n", 1)):
        write_checkpoint(tmp_path / name, [TensorToSave("a", np.full(3, value))])
    (tmp_path / "n.data-00000-of-00001").replace(tmp_path / "m.data-00000-of-00001")
    (tmp_path / "n.index").rename(tmp_path / "m.index.saving-12345678")

    write_checkpoint(tmp_path / "m", [TensorToSave("a", np.full(3, 2))])

    assert CheckpointV2(str(tmp_path / "m")).read("a").tolist() == [2, 2, 2]
    assert len(list(tmp_path.iterdir())) == 2


def test_files_appear_together(tmp_path):
    """Inside the block no name is there; after it all are, with their bytes."""
    paths = [tmp_path / "one", tmp_path / "two"]
    with FilesTogether() as files:
        for path in paths:
            files.create(str(path)).write(path.name.encode())
        assert not any(path.exists() for path in paths)

    assert [path.read_bytes() for path in paths] == [b"one", b"two"]
    assert len(list(tmp_path.iterdir())) == 2
