"""TensorBoard as a process: started, answering, stopped; a small program stands in."""

from __future__ import annotations

import threading
import urllib.request

import pytest

from scopetutor.checkpoints import board
from scopetutor.errors import ScopetutorError, UsageError

SERVES = """\
import http.server, sys
asked = dict(zip(sys.argv[1::2], sys.argv[2::2]))
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(asked["--logdir"].encode())
    def log_message(self, *_):
        pass
http.server.HTTPServer((asked["--host"], int(asked["--port"])), Page).serve_forever()
"""


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A function: what `tensorboard.main` is to be."""
    package = tmp_path / "tensorboard"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return (package / "main.py").write_text


def test_it_answers_and_is_stopped(program):
    """On loopback, with the folder it was given; nobody answers afterwards."""
    program(SERVES)

    with board.start("logs") as running:
        with urllib.request.urlopen(running.address) as page:
            assert page.read() == b"logs"
        assert running.address.startswith("http://127.0.0.1:")

    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(running.address)


def test_it_can_be_waited_for(program):
    """When it ends by itself, waiting ends."""
    ends = "import os, threading; threading.Timer(0.5, lambda: os._exit(0)).start()"
    program(SERVES.replace("def do_GET(self):", f"def do_GET(self):\n        {ends}"))

    with board.start("logs") as running:
        running.wait()


def test_what_it_said_last_is_told(program):
    """A TensorBoard that cannot start says why."""
    program("import sys; sys.exit('no module protobuf')")

    with pytest.raises(ScopetutorError, match="at once: no module protobuf"):
        board.start("logs")


def test_one_that_never_answers_is_ended(program, monkeypatch):
    """Patience has an end, and nothing is left running."""
    program("import time; time.sleep(600)")
    monkeypatch.setattr(board, "PATIENCE", 0.3)

    with pytest.raises(ScopetutorError, match="does not answer"):
        board.start("logs")


def test_a_taken_port_is_refused(program):
    """Before anything is started; without a wish another port is taken."""
    program(SERVES)
    with board.start("logs") as first:
        port = int(first.address.rpartition(":")[2].rstrip("/"))

        with pytest.raises(UsageError, match="is taken"):
            board.start("logs", port=port)


def test_two_that_start_at_once_have_their_own(program):
    """The second takes another port, though the first has not opened its own yet."""
    program(f"import time; time.sleep(0.5)\n{SERVES}")
    pages: dict[str, bytes] = {}

    def serve(folder: str) -> None:
        with board.start(folder) as running:
            met.wait(60)
            with urllib.request.urlopen(running.address) as page:
                pages[folder] = page.read()

    met = threading.Barrier(2)
    threads = [threading.Thread(target=serve, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pages == {"a": b"a", "b": b"b"}


def test_it_has_to_be_installed(monkeypatch):
    """The extra that brings it is the hint."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(UsageError) as caught:
        board.start("logs")

    assert caught.value.hint == "pip install 'scopetutor[tensorboard]'"
