"""`scopetutor tensorboard`: the event file, and a TensorBoard that is started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from scopetutor.formats import protos
from scopetutor.formats.events import event_files, read_events

# Stands in for TensorBoard: serves a page, and says what it was asked for.
STAND_IN = """\
import argparse, http.server, os, sys
parser = argparse.ArgumentParser()
parser.add_argument("--logdir")
parser.add_argument("--host")
parser.add_argument("--port", type=int)
parser.add_argument("--reload_interval")
asked = parser.parse_args()
if os.environ.get("BREAK"):
    sys.exit("it is broken")

class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(os.path.abspath(asked.logdir).encode())

    def log_message(self, *_):
        pass

http.server.HTTPServer((asked.host, asked.port), Page).serve_forever()
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A folder with a graph of two operations, and one with the stand-in."""
    monkeypatch.chdir(tmp_path)
    graph = protos.GraphDef()
    graph.node.add(name="a", op="Const")
    graph.node.add(name="b", op="Identity", input=["a"])
    Path("graph.pb").write_bytes(graph.encode())
    package = tmp_path / "packages" / "tensorboard"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "main.py").write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", f"{package.parent}{os.pathsep}{ROOT}")
    return tmp_path


def test_a_graph_becomes_an_event_file(say):
    """Without serving, the event file is all; it holds every operation."""
    said = say("tensorboard", "graph.pb", "--logdir", "logs", "--no-serve")

    assert said.code == 0
    assert said.out.startswith("2 operations in logs")
    (path,) = event_files("logs")
    (event,) = [event for event in read_events(path) if event.graph_def]
    graph = protos.GraphDef.decode(event.graph_def)
    assert [node.name for node in graph.node] == ["a", "b"]


@pytest.mark.parametrize(
    ("argv", "code", "problem"),
    [
        (["graph.pb", "--no-serve"], 2, "--logdir"),
        (["none.pb"], 1, "no such file"),
        (["graph.pb", "--logdir", "graph.pb/x", "--no-serve"], 2, "cannot be written"),
    ],
)
def test_what_is_wrong_is_said(say, argv, code, problem):
    """A sentence and an exit code."""
    said = say("tensorboard", *argv)

    assert said.code == code
    assert problem in said.err


def test_without_tensorboard_it_says_how_to_get_it(say, monkeypatch):
    """The extra that brings it is named."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    said = say("tensorboard", "graph.pb", "--logdir", "logs")

    assert said.code == 2
    assert "pip install 'scopetutor[tensorboard]'" in said.err


def test_a_port_that_is_taken(say, monkeypatch):
    """Another one is asked for before anything is started."""
    monkeypatch.syspath_prepend("packages")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        said = say("tensorboard", "graph.pb", "--port", port)

    assert said.code == 2
    assert f"port {port} is taken" in said.err


def started(*argv, **environ):
    """The command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "scopetutor", "tensorboard", *argv],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environ},
    )


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
)
def test_it_serves_until_it_is_ended(number, code):
    """The address answers; ending the command ends TensorBoard and its folder."""
    with started("graph.pb") as process:
        assert process.stdout.readline().startswith("2 operations in ")
        address = process.stdout.readline().split()[3].partition("#")[0]
        with urllib.request.urlopen(address) as page:
            folder = Path(page.read().decode())
        assert event_files(folder)

        process.send_signal(number)

        assert process.wait(20) == code
    assert not folder.exists()
    assert is_gone(address)


def is_gone(address):
    """Whether nobody answers any more, soon."""
    for _ in range(50):
        try:
            urllib.request.urlopen(address).close()
        except OSError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_a_log_folder_is_served_as_it_is(say):
    """Event files that are there are shown; nothing is written."""
    say("tensorboard", "graph.pb", "--logdir", "logs/run", "--no-serve")

    with started("logs") as process:
        address = process.stdout.readline().split()[3].partition("#")[0]
        with urllib.request.urlopen(address) as page:
            assert Path(page.read().decode()) == Path("logs").absolute()
        process.terminate()
        process.wait(20)

    assert len(event_files("logs/run")) == 1
    assert not event_files("logs")


def test_a_broken_tensorboard_is_told_in_its_own_words():
    """What it said last is in the sentence."""
    with started("graph.pb", BREAK="yes") as process:
        _, said = process.communicate()

    assert process.returncode == 3
    assert "TensorBoard ended at once: it is broken" in said


def test_a_script_is_run_as_far_as_its_graph_takes():
    """Its graph is written, and nothing of it is computed."""
    Path("train.py").write_text(
        "import tensorflow as tf\n"
        "w = tf.get_variable('w', [2])\n"
        "with tf.Session() as session:\n"
        "    session.run(w)\n"
        "    raise SystemExit('computed')\n"
    )

    with started("train.py", "--logdir", "logs", "--no-serve") as process:
        said, complaint = process.communicate()

    assert (process.returncode, complaint) == (0, "")
    assert said.startswith("10 operations in logs")


def test_a_script_without_a_graph():
    """The sentence says how far it came."""
    Path("none.py").write_text("print('nothing')\n")

    with started("none.py", "--logdir", "logs", "--no-serve") as process:
        _, complaint = process.communicate()

    assert process.returncode == 1
    assert "built no graph: The script came to its end." in complaint
