"""What the documents promise is done as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = ("README.md", "scopetutor/README.md", ".github/CONTRIBUTING.md")


def entries(transcript: str) -> list[str]:
    """What is typed in a transcript."""
    found: list[str] = []
    for line in transcript.split("\n"):
        if line.startswith("tf> "):
            found.append(line[4:])
        elif line.startswith("... "):
            found[-1] += f"\n{line[4:]}"
    return found


def test_transcript(typed):
    """The session in the README is what the prompt shows, character by character."""
    (told,) = re.findall(r"```text\n(tf> .*?)```", README, re.DOTALL)

    assert typed(*entries(told)) == told


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links(name):
    """Every file that a document links to exists."""
    text = (ROOT / name).read_text(encoding="utf-8")

    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (ROOT / name).parent.joinpath(target).exists(), target


@pytest.mark.parametrize("name", ["scopetutor/README.md", ".github/CONTRIBUTING.md"])
def test_paths(name):
    """Every file and folder of ours that a document names is there."""
    text = (ROOT / name).read_text(encoding="utf-8")
    rooms = (ROOT, ROOT / "scopetutor", ROOT / "scopetutor/engine")
    told = re.findall(
        r"`(?:python3\.7 )?(\w[\w.]*(?:/[\w.]+)*\.(?:py|txt|toml))\b", text
    )

    assert told
    for path in told:
        inside = any((ROOT / "scopetutor").rglob(path)) if "/" not in path else False
        assert inside or any((room / path).exists() for room in rooms), path


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands(name):
    """Every `scopetutor …` and `make …` that a document names exists."""
    from scopetutor.cli.table import NAMES  # noqa: PLC0415

    text = (ROOT / name).read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for command in re.findall(r"`scopetutor ([a-z]+)", text):
        assert command in NAMES
    for target in re.findall(r"(?:`|\$ )make ([a-z]+)", text):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
