"""The record of what was learned: events that add up, on one machine and on two."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from scopetutor.errors import ProgressError
from scopetutor.progress import (
    Card,
    Drilled,
    Event,
    Export,
    Place,
    Progress,
    decode_export,
    default_path,
)


def event(step: str = "s", what: str = "passed", **more: object) -> Event:
    """Something that happened in a lesson."""
    more = {"course": "c", "lesson": "l", "digest": "d", **more}
    return Event(step=step, what=what, **more)


@pytest.fixture
def file(tmp_path):
    """Where a record is, in a folder that is not there yet."""
    return tmp_path / "deep" / "progress.sqlite3"


def test_what_is_added_is_there_after_a_new_start(file):
    """Events, the place, drills and cards."""
    with Progress(file) as progress:
        progress.add(event(answer="x = '\"; drop table event'"), Place("l", "s"))
        progress.add_drill(Drilled(topic="names", level=2, was_right=True))
        progress.put_card(Card(idea="i", due=5.0, state="{}"))
    with Progress(file) as progress:
        record = progress.records("c")["l", "s"]
        assert (record.passed, record.answer) == (True, "x = '\"; drop table event'")
        assert progress.place("c").step == "s"
        assert [one.topic for one in progress.drills()] == ["names"]
        assert progress.cards()["i"].due == 5.0


@pytest.mark.parametrize(
    ("whats", "passed", "wrong", "hints", "solution", "skipped"),
    [
        ("passed", True, 0, 0, False, False),
        ("wrong wrong passed", True, 2, 0, False, False),
        ("hint hint solution passed", True, 0, 2, True, False),
        ("passed hint solution", True, 0, 0, False, False),
        ("skipped", False, 0, 0, False, True),
        ("skipped passed", True, 0, 0, False, False),
        ("passed skipped", True, 0, 0, False, False),
        ("read", True, 0, 0, False, False),
        ("aside", False, 0, 0, False, False),
    ],
)
def test_a_record_is_told_from_events(whats, passed, wrong, hints, solution, skipped):
    """What happens after passing does not make passing less."""
    with Progress(None) as progress:
        for what in whats.split():
            progress.add(event(what=what))
        record = progress.records("c")["l", "s"]

    assert (record.passed, record.wrong, record.hints) == (passed, wrong, hints)
    assert (record.solution, record.skipped) == (solution, skipped)


def test_two_terminals_at_once(file):
    """What one writes the other sees, and neither waits for long."""
    with Progress(file) as one, Progress(file) as other:
        one.add(event("a"))
        other.add(event("b"))

        assert (
            set(one.records("c"))
            == set(other.records("c"))
            == {
                ("l", "a"),
                ("l", "b"),
            }
        )


def test_many_terminals_open_a_new_record_at_once(tmp_path):
    """Nobody is refused because another one is making the tables."""

    def add(number: int) -> None:
        with Progress(tmp_path / f"{number // 8}.sqlite3") as progress:
            progress.add(event(str(number)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    kept = 0
    for file in tmp_path.glob("*.sqlite3"):
        with Progress(file) as progress:
            kept += len(progress.events())
    assert kept == 40


def test_a_new_record_that_another_terminal_is_making(tmp_path):
    """SQLite refuses at once to change the journal then; it is tried again."""
    file = tmp_path / "progress.sqlite3"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    other.execute("create table t (a)")
    done = threading.Timer(0.3, lambda: other.execute("commit"))
    done.start()
    with Progress(file) as progress:
        progress.add(event())
        assert len(progress.events()) == 1
    done.join()
    other.close()


def test_records_of_two_machines_add_up():
    """However often and in whichever order they are merged; the later place wins."""
    with Progress(None) as home, Progress(None) as work:
        home.add(event("a", at=1.0), Place("l", "a", at=1.0))
        work.add(event("b", at=2.0), Place("l", "b", at=2.0))
        work.add_drill(Drilled(topic="names", level=1, was_right=False))
        work.put_card(Card(idea="i", due=9.0, state="{}", at=2.0))
        home.put_card(Card(idea="i", due=3.0, state="{}", at=1.0))
        export = decode_export(msgspec.json.encode(work.export()))

        assert home.merge(export) == 1
        assert home.merge(export) == 0
        assert [one.step for one in home.events()] == ["a", "b"]
        assert home.place("c").step == "b"
        assert home.cards()["i"].due == 9.0
        assert len(home.drills()) == 1
        assert work.merge(home.export()) == 1
        assert work.export().events == home.export().events


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b'{"events": 1}',
        b"\xff",
        b"[" * 5000,
        b'{"events": [{"course": "c"}]}',
    ],
)
def test_an_export_that_is_none(data: bytes):
    """Is refused in one sentence."""
    with pytest.raises(ProgressError, match="not an export"):
        decode_export(data)


def test_an_export_of_a_later_version():
    """Is refused whole."""
    with Progress(None) as progress, pytest.raises(ProgressError, match="newer"):
        progress.merge(Export(format=99, events=(event(),)))


def test_forgetting():
    """A step, a lesson, a course, everything; nothing more."""
    with Progress(None) as progress:
        for lesson in ("l", "m"):
            for step in ("s", "t"):
                progress.add(event(step, lesson=lesson), Place(lesson, step))
        progress.add(event(course="other"))
        progress.add_drill(Drilled(topic="names", level=1, was_right=True))

        assert progress.forget("c", "l", "s") == 1
        assert progress.forget("c", "l") == 1
        assert progress.place("c") is not None
        assert progress.forget("c") == 2
        assert progress.place("c") is None
        assert progress.drills()
        assert progress.forget() == 1
        assert not progress.drills()


def test_a_file_that_is_no_record(file):
    """Is left alone, and one sentence says what to do."""
    file.parent.mkdir()
    file.write_bytes(b"no database" * 100)
    with pytest.raises(ProgressError, match="cannot be used") as refusal:
        Progress(file)

    assert "move the file away" in str(refusal.value)
    assert file.read_bytes().startswith(b"no database")


def test_a_record_of_a_later_version(file):
    """Is left alone too."""
    with Progress(file) as progress:
        progress._database.execute("pragma user_version = 99")
    with pytest.raises(ProgressError, match="newer scopetutor"):
        Progress(file)


def test_a_folder_that_cannot_be_made(tmp_path):
    """Is told with its reason."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ProgressError, match="cannot be used"):
        Progress(tmp_path / "file" / "progress.sqlite3")


def test_a_record_in_use(file):
    """A writer that holds the file too long ends in a sentence, not in a traceback."""
    with Progress(file) as one, Progress(file) as other:
        other._database.execute("pragma busy_timeout = 10")
        one._database.execute("begin immediate")
        with pytest.raises(ProgressError, match="locked"):
            other.add(event())
        one._database.execute("rollback")
        other.add(event())


def test_where_the_record_is(monkeypatch, tmp_path):
    """Where $SCOPETUTOR_DATA says, or in the platform's folder."""
    monkeypatch.setenv("SCOPETUTOR_DATA", str(tmp_path))
    assert default_path() == tmp_path / "progress.sqlite3"
    monkeypatch.delenv("SCOPETUTOR_DATA")
    assert default_path().name == "progress.sqlite3"
    assert "scopetutor" in default_path().parts
