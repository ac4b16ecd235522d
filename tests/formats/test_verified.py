"""TensorFlow 1.15.5 has read what we write: the files are still those it read."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scopetutor.formats.open_checkpoint import open_checkpoint

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder with one of everything, written now."""
    folder = tmp_path_factory.mktemp("written")
    command = [sys.executable, str(HERE / "written.py"), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    subprocess.run(command, check=True, env=environment)
    return folder


def test_the_files_are_those_tensorflow_read(golden, written):
    """Every file has the checksum it had when TensorFlow read it all rightly."""
    verified = golden.json("verified.json")
    found = {
        name: hashlib.sha256((written / name).read_bytes()).hexdigest()
        for name in verified["sha256"]
    }

    assert verified["tensorflow"] == "1.15.5"
    assert found == verified["sha256"]
    assert {"model", "events", "partitioned", "big"} <= set(verified["outcomes"])


def test_tensorflow_2_read_the_same_files(golden):
    """TensorFlow 2.21 restored every one of these very files, too."""
    first, second = golden.json("verified.json"), golden.json("verified_by_2.json")

    assert second["tensorflow"].startswith("2.")
    assert second["sha256"] == first["sha256"]
    assert second["outcomes"] == first["outcomes"]


@pytest.mark.parametrize("name", ["types", "sharded", "many", "big", "packed"])
def test_we_read_them_as_tensorflow_does(written, name):
    """Also from a big-endian machine, and with a compressed index."""
    expected = json.loads((written / "expected.json").read_text())["checkpoints"][name]
    checkpoint = open_checkpoint(written / name)

    assert sorted(expected) == list(checkpoint.names)
    for key, about in expected.items():
        info, values = checkpoint.info(key), checkpoint.read(key)
        found = {"dtype": info.datatype.name, "shape": list(values.shape)}
        if values.dtype == object:
            found["strings"] = [each.hex() for each in values.ravel().tolist()]
        else:
            found["hex"] = values.tobytes().hex()
        assert found == about
