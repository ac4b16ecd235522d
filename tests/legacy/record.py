"""Records what programs print under TensorFlow 1.15.5.

    python3.7 tests/legacy/record.py

Run it under Python 3.7 with TensorFlow 1.15.5. Each program of ``programs`` is run once
for each of its lines ``# args: ...`` (once, if it has none); what it prints on stdout
and how it ends go to ``golden``. ``test_programs.py`` compares. What the programs of
``old_names`` are warned of goes there, too, for ``test_renames.py``.
"""

import glob
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    """Run all programs and write what they print."""
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3")
    record_warnings(environment)
    for path in sorted(glob.glob(os.path.join(HERE, "programs", "*.py"))):
        name = os.path.basename(path)
        told = []
        for words in arguments(path):
            done = subprocess.run(
                [sys.executable, "-W", "ignore", name, *words.split()],
                cwd=os.path.dirname(path),
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            told.append("== %s" % words)
            told.append(done.stdout.decode().rstrip("\n"))
            told.append("-> %d" % done.returncode)
        golden = os.path.join(HERE, "golden", name[:-3] + ".txt")
        with open(golden, "w") as file:
            file.write("\n".join(told) + "\n")


def record_warnings(environment):
    """Run the programs with old names and write what they print on stderr."""
    for path in sorted(glob.glob(os.path.join(HERE, "old_names", "*.py"))):
        name = os.path.basename(path)
        done = subprocess.run(
            [sys.executable, "-W", "ignore", name],
            cwd=os.path.dirname(path),
            env=environment,
            stderr=subprocess.PIPE,
        )
        golden = os.path.join(HERE, "golden", name[:-3] + ".warnings.txt")
        with open(golden, "wb") as file:
            file.write(done.stderr)


def arguments(path):
    """The command lines of a program."""
    with open(path) as file:
        lines = file.read().split("\n")
    mark = "# args:"
    return [line[len(mark) :].strip() for line in lines if line.startswith(mark)] or [
        ""
    ]


if __name__ == "__main__":
    main()
