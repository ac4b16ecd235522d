"""The program as people get it: one file that Python runs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipapp
from pathlib import Path

ROOT = Path(__file__).parents[1]


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
