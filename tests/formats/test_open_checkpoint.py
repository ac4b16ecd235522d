"""Any spelling people try finds the checkpoint, or says what is there instead."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from scopetutor.errors import FileFormatError, FileMissingError
from scopetutor.formats.checkpoint_state import (
    make_checkpoint_state,
    write_checkpoint_state,
)
from scopetutor.formats.open_checkpoint import find_checkpoint, open_checkpoint


@pytest.fixture
def folder(checkpoints, tmp_path):
    """A training folder: three steps, a .meta, a state file, a V1 file."""
    run = tmp_path / "run"
    run.mkdir()
    golden = Path(checkpoints("saver"))
    for step, age in ((100, 300), (200, 100), (300, 200)):
        for ending in (".index", ".data-00000-of-00001"):
            path = run / f"model.ckpt-{step}{ending}"
            shutil.copy(f"{golden}{ending}", path)
            os.utime(path, (1e9 - age, 1e9 - age))
    (run / "model.ckpt-100.meta").write_bytes(b"")
    shutil.copy(checkpoints("v1"), run / "old.ckpt")
    state = make_checkpoint_state(str(run), str(run / "model.ckpt-300"))
    write_checkpoint_state(str(run), state)
    return run


@pytest.mark.parametrize(
    ("spelling", "prefix", "version"),
    [
        ("model.ckpt-100", "model.ckpt-100", "V2"),
        ("model.ckpt-100.index", "model.ckpt-100", "V2"),
        ("model.ckpt-100.meta", "model.ckpt-100", "V2"),
        ("model.ckpt-100.data-00000-of-00001", "model.ckpt-100", "V2"),
        ("model.ckpt-100.data-?????-of-?????", "model.ckpt-100", "V2"),
        ("model.ckpt-200.meta", "model.ckpt-200", "V2"),  # there is no such file
        (" model.ckpt-100 ", "model.ckpt-100", "V2"),
        ("checkpoint", "model.ckpt-300", "V2"),
        ("", "model.ckpt-300", "V2"),
        ("old.ckpt", "old.ckpt", "V1"),
        ("old.ckpt.meta", "old.ckpt", "V1"),
    ],
)
def test_a_spelling_finds_it(folder, monkeypatch, spelling, prefix, version):
    """Prefix, any of its files, the folder and the state file lead to it."""
    monkeypatch.chdir(folder)
    found = find_checkpoint(spelling or ".")
    absolute = find_checkpoint(folder / spelling.strip())

    assert os.path.abspath(found.prefix) == str(folder / prefix)
    assert absolute.prefix == str(folder / prefix)
    assert (found.version, absolute.version) == (version, version)
    assert open_checkpoint(folder / spelling.strip()).read("plain").shape == (2, 3)


def test_what_is_found_says_more(folder):
    """The step, the .meta file and the way there come with it."""
    named, guessed = find_checkpoint(folder / "model.ckpt-100"), find_checkpoint(folder)

    assert (named.step, named.meta, named.how) == (
        100,
        str(folder / "model.ckpt-100.meta"),
        "",
    )
    assert (guessed.step, guessed.meta) == (300, "")
    assert guessed.how == f"the latest that {folder}/checkpoint names"
    assert find_checkpoint(folder / "old.ckpt").step is None


def test_without_a_state_file_the_newest_is_taken(folder):
    """A folder of checkpoints alone gives the newest, and says so."""
    (folder / "checkpoint").unlink()
    found = find_checkpoint(folder)

    assert found.step == 200
    assert found.how == "the newest of the 3 in the folder"


def test_a_folder_with_one_checkpoint_needs_no_words(folder):
    """Where there is nothing to choose nothing is said."""
    for path in [folder / "checkpoint", *folder.glob("model.ckpt-[12]00.*")]:
        path.unlink()
    found = find_checkpoint(folder)

    assert (found.step, found.how) == (300, "")


def test_a_moved_folder_is_found_by_names(folder, tmp_path):
    """A state file with another machine's paths finds the files beside itself."""
    state = make_checkpoint_state("/home/bob/run", "/home/bob/run/model.ckpt-200")
    write_checkpoint_state(str(folder), state)
    moved = folder.rename(tmp_path / "moved")

    found = find_checkpoint(moved)

    assert found.prefix == str(moved / "model.ckpt-200")
    assert "which names /home/bob/run/model.ckpt-200" in found.how


def test_a_saved_model_is_found_by_its_folder(folder):
    """The variables of a SavedModel are its checkpoint."""
    variables = folder.parent / "export" / "variables"
    variables.mkdir(parents=True)
    for path in folder.glob("model.ckpt-100.*"):
        shutil.copy(path, variables / f"variables{path.name[14:]}")

    assert find_checkpoint(folder.parent / "export").prefix == str(
        variables / "variables"
    )


def test_a_sharded_v1_checkpoint_is_found(folder):
    """All files of a V1 checkpoint in shards are one; with one gone it is none."""
    shutil.copy(folder / "old.ckpt", folder / "s-00000-of-00002")
    with pytest.raises(FileMissingError):
        find_checkpoint(folder / "s")
    shutil.copy(folder / "old.ckpt", folder / "s-00001-of-00002")

    assert find_checkpoint(folder / "s").version == "V1"
    assert find_checkpoint(folder / "s-00001-of-00002").prefix == str(
        folder / "s-00001-of-00002"
    )


@pytest.mark.parametrize(
    ("spelling", "hint"),
    [
        ("model.ckpt", "there is DIR/model.ckpt-100, DIR/model.ckpt-200, DIR/model.ck"),
        ("model.ckpt-101", "there is DIR/model.ckpt-100, DIR/model.ckpt-200"),
        ("model", "there is DIR/model.ckpt-100"),
        ("modle.ckpt-100", "there is DIR/model.ckpt-"),
        ("nothing", "give the path without .index"),
        ("gone/model.ckpt", "give the path without .index"),
        ("half", "its .data file is there, its .index file is not"),
        ("half.data-00000-of-00001", "must lie in one folder"),
        ("half.index", "its .data file is there, its .index file is not"),
        ("empty", "give the path without .index"),
        ("above", "there is DIR/above/below/m"),
    ],
)
def test_a_near_miss_is_named(folder, spelling, hint):
    """What is not found is answered with what is there and what to try."""
    (folder / "half.data-00000-of-00001").write_bytes(b"")
    (folder / "empty").mkdir()
    (folder / "above" / "below").mkdir(parents=True)
    (folder / "above" / "below" / "m.index").write_bytes(b"")
    with pytest.raises(FileMissingError) as caught:
        open_checkpoint(folder / spelling)

    assert hint.replace("DIR", str(folder)) in caught.value.hint
    assert caught.value.path == str(folder / spelling)
    assert caught.value.problem


@pytest.mark.parametrize(
    ("start", "hint"),
    [
        (b"\x89HDF\r\n", "HDF5"),
        (b"PK\x03\x04", "zip"),
        (b"\x1f\x8b", "gzip"),
        (b"hello", "a checkpoint has an .index file"),
        (b"", "a checkpoint has an .index file"),
    ],
)
def test_a_file_of_another_kind_is_named(tmp_path, start, hint):
    """HDF5, NumPy's and packed files are told from checkpoints."""
    path = tmp_path / "weights"
    path.write_bytes(start)
    with pytest.raises(FileFormatError, match=r"this is not a checkpoint") as caught:
        open_checkpoint(path)

    assert hint in caught.value.hint


def test_a_state_file_that_names_nothing_here_lists_what_is(folder):
    """A state file whose checkpoint was deleted is answered with those left."""
    for path in folder.glob("model.ckpt-300.*"):
        path.unlink()
    with pytest.raises(FileMissingError, match=r"names .*300, which is not there") as e:
        open_checkpoint(folder)

    assert f"{folder}/model.ckpt-200" in e.value.hint


def test_a_damaged_state_file_is_said_so(folder):
    """A folder whose state file is damaged is not guessed about."""
    (folder / "checkpoint").write_text("model_checkpoint_path")
    with pytest.raises(FileFormatError, match=r"not the text of a CheckpointState"):
        open_checkpoint(folder)


def test_a_path_with_a_zero_is_refused(folder):
    """No path has a zero byte in it."""
    with pytest.raises(FileMissingError, match="no path has a zero"):
        open_checkpoint("a\0b")
