"""`scopetutor doctor` tries what it says."""

from __future__ import annotations

import json
import sys

import pytest

from scopetutor.workspace import checkup


def test_what_is_found(say):
    """Every limit was tried; on Linux with Landlock and seccomp all of them hold."""
    said = say("doctor", "--json")
    found = {row["what"]: row for row in json.loads(said.out)}

    assert said.code == 0
    assert found["workspace"]["state"] == "yes"
    assert found["keeping sessions"]["state"] == "yes"
    assert found["limit on time"]["state"] == "yes"
    if sys.platform == "linux" and "Landlock" in found["limit on writing files"]["how"]:
        limits = [row for what, row in found.items() if what.startswith("limit on")]
        assert [row for row in limits if row["state"] != "yes"] == []


def test_a_system_where_nothing_starts(say, monkeypatch, tmp_path):
    """It says why, and the exit code is 3."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    monkeypatch.setenv("SCOPETUTOR_DATA", "/proc/nowhere")
    said = say("doctor")

    assert said.code == 3
    assert "workspace\tno\tthe workspace process could not start" in said.out
    assert "keeping sessions\tno\t" in said.out


@pytest.mark.parametrize("ending", ["ok", "timeout"])
def test_what_is_not_stopped_is_said(ending):
    """A program that was not stopped is a "no"."""
    finding = checkup._endless("limit on time", checkup.Ran(0, 0, ending))

    assert finding.state == ("yes" if ending == "timeout" else "no")
