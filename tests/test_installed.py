"""The program as people get it: a wheel for pip, and one file that Python runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipapp
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_wheel(tmp_path, nobody):
    """A wheel brings the command, the lessons, the engine and its tables."""
    build = (
        "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    )
    subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=ROOT, check=True, text=True
    )
    (wheel,) = tmp_path.glob("scopetutor-*.whl")
    place = tmp_path / "place"
    options = ["--no-deps", "--no-index", "--no-compile", "--quiet", "--target"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, str(place), str(wheel)],
        check=True,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    environ = {**os.environ, "PYTHONPATH": str(place)}

    def run(*argv: str) -> str:
        return subprocess.run(
            [str(place / "bin" / "scopetutor"), *argv],
            text=True, capture_output=True, check=True, cwd=tmp_path, env=environ,
        ).stdout  # fmt: skip

    where = "import scopetutor; print(scopetutor.__file__)"
    assert run("--version").startswith("scopetutor 0.")
    assert "A variable, its names and its value" in run("list")
    assert run("repl", "-c", where).startswith(str(place))
    entry = "import tensorflow as tf; tf.get_variable('w', [2])"
    assert run("repl", "-c", entry).startswith("<tf.Variable 'w:0' shape=(2,)")
    assert (place / "scopetutor" / "py.typed").exists()


def test_zipapp(tmp_path, nobody):
    """From a zip file, lessons, topics, the engine and its tables are found."""
    tree = tmp_path / "tree"
    no_caches = shutil.ignore_patterns("__pycache__", "_lessons")
    shutil.copytree(ROOT / "scopetutor", tree / "scopetutor", ignore=no_caches)
    shutil.copytree(ROOT / "lessons", tree / "scopetutor" / "_lessons")
    program = tmp_path / "scopetutor.pyz"
    zipapp.create_archive(tree, program, main="scopetutor.__main__:main")

    def run(*argv: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", str(program), *argv],
            input=typed, text=True, capture_output=True, check=False, cwd=tmp_path,
        )  # fmt: skip

    entry = "import tensorflow as tf; tf.get_variable('w', [2])"
    made = run("repl", "-c", entry)
    assert made.stdout.startswith("<tf.Variable 'w:0' shape=(2,)"), made.stderr
    assert "A variable" in run("learn", typed="\n").stdout
    assert run("help", "json").stdout.startswith("Commands that show something")
