"""Eager mode says what TensorFlow 1.15.5 was recorded to say.

``record_eager.py`` made the golden file of the lines of ``eager_lines.py``.
"""

import gzip
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_eager_mode_says_what_tensorflow_said():
    """Line for line: tensors, variables, templates, tapes, and all error messages."""
    packed = (HERE / "golden" / "eager_lines.json.gz").read_bytes()
    expected = json.loads(gzip.decompress(packed))

    ran = subprocess.run(
        [sys.executable, HERE / "eager_lines.py", "scopetutor"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert [line for line, _ in found] == [line for line, _ in expected]
    for (line, text), (_, wanted) in zip(found, expected, strict=True):
        assert text == wanted, line
