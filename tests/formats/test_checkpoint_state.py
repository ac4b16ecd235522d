"""The file ``checkpoint`` is written and read as TensorFlow 1.15.5 does."""

from __future__ import annotations

import json

import pytest

from scopetutor.errors import FileFormatError, FileMissingError
from scopetutor.formats.checkpoint_state import (
    make_checkpoint_state,
    read_checkpoint_state,
    write_checkpoint_state,
)

ARGUMENTS = {
    "save_dir": "folder",
    "model_checkpoint_path": "latest",
    "all_model_checkpoint_paths": "every",
    "all_model_checkpoint_timestamps": "timestamps",
}


def test_the_file_is_the_one_tensorflow_writes(golden, tmp_path, monkeypatch):
    """Every recorded call gives TensorFlow's file, and reads as it reads there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d").mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    recording = golden.text("states.json").replace("{folder}", str(elsewhere))
    for case, text, read in json.loads(recording):
        arguments = {ARGUMENTS.get(name, name): value for name, value in case.items()}
        if not text:
            with pytest.raises(ValueError, match=r"must match") as caught:
                make_checkpoint_state(**arguments)
            assert str(caught.value) == read
            continue
        folder = arguments["folder"]
        write_checkpoint_state(folder, make_checkpoint_state(**arguments))
        assert (tmp_path / folder / "checkpoint").read_text() == text
        assert str(read_checkpoint_state(folder or ".")) == read


def test_a_name_of_ones_own_is_used(tmp_path):
    """``latest_filename`` names the file, as in tf.train.Saver.save."""
    state = make_checkpoint_state(str(tmp_path), str(tmp_path / "m-1"))
    write_checkpoint_state(str(tmp_path), state, "latest")

    assert [path.name for path in tmp_path.iterdir()] == ["latest"]
    again = read_checkpoint_state(str(tmp_path), "latest")
    assert again.model_checkpoint_path == str(tmp_path / "m-1")


def test_a_checkpoint_of_the_same_name_is_refused(tmp_path):
    """A checkpoint saved as ``checkpoint`` conflicts with the state file."""
    state = make_checkpoint_state(str(tmp_path), str(tmp_path / "checkpoint"))
    with pytest.raises(RuntimeError, match="conflicts with path used for checkpoint"):
        write_checkpoint_state(str(tmp_path), state)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('model_checkpoint_path: "a', "line 1, column 24"),
        ('model_checkpoint_path "a"', 'expected ":"'),
        ('path: "a"', 'no field named "path"'),
        ("", "names no checkpoint"),
        ('all_model_checkpoint_paths: "a"', "names no checkpoint"),
        ('model_checkpoint_path: "a\\000b"', "names no checkpoint"),
        ("\x00\xff", "not the text"),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong(tmp_path, text, problem):
    """A damaged state file gives one error with its place and a hint."""
    (tmp_path / "checkpoint").write_text(text, encoding="latin-1")
    with pytest.raises(FileFormatError, match=problem) as caught:
        read_checkpoint_state(str(tmp_path))

    assert caught.value.path == str(tmp_path / "checkpoint")
    assert caught.value.hint


def test_a_file_of_megabytes_is_no_state(tmp_path):
    """Twenty megabytes are refused before they are read."""
    with (tmp_path / "checkpoint").open("wb") as file:
        file.truncate(20 << 20)
    with pytest.raises(FileFormatError, match="too many for a checkpoint state"):
        read_checkpoint_state(str(tmp_path))


def test_a_missing_file_is_missing(tmp_path):
    """A folder without the file says that a Saver would have written it."""
    with pytest.raises(FileMissingError, match="a Saver writes it"):
        read_checkpoint_state(str(tmp_path))
