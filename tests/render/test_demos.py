"""Every drawing looks as it was judged to look: its demo is a recorded screen.

A demo shows its drawing for 80 columns, for 40, and as plain lines.
"""

from __future__ import annotations

import io
import runpy
import sys
import warnings
from pathlib import Path

import pytest
from rich.cells import cell_len

from scopetutor import render

FOLDER = Path(render.__file__).parent
DEMOS = sorted(
    file.stem
    for file in FOLDER.glob("*.py")
    if "show(lambda" in file.read_text(encoding="utf-8") and file.stem != "demo"
)
# A new drawing is recorded with --golden; until then only its shape is judged.
RECORDED = [
    name
    for name in DEMOS
    if "--golden" in sys.argv
    or (Path(__file__).parent / "golden" / f"{name}.txt").exists()
]


def shown(name: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a demo prints."""
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    with warnings.catch_warnings():
        # The module has been imported before; here it is run as a program.
        warnings.simplefilter("ignore", RuntimeWarning)
        runpy.run_module(f"scopetutor.render.{name}", run_name="__main__")
    return out.getvalue()


@pytest.mark.parametrize("name", RECORDED)
def test_demo(name, golden, monkeypatch):
    """The drawing is what it was."""
    golden(name, shown(name, monkeypatch))


@pytest.mark.parametrize("name", DEMOS)
def test_width(name, monkeypatch):
    """Lines fit on the screen, unless they are one long word or a line of code."""
    text = shown(name, monkeypatch)
    width = 80
    for line in text.split("\n"):
        if line.startswith("-- "):
            width = 0 if "plain" in line else int(line.split()[1])
        elif width and cell_len(line) > width:
            longest = max(map(cell_len, line.split()))
            code = name == "code" or "  " in line.strip() or " = " in line
            assert code or longest > width - 12, f"{cell_len(line)} > {width}: {line}"


@pytest.mark.parametrize("name", DEMOS)
def test_no_trailing_spaces(name, monkeypatch):
    """No line ends in spaces: they would be copied and read aloud."""
    for line in shown(name, monkeypatch).split("\n"):
        assert line == line.rstrip(" ")
