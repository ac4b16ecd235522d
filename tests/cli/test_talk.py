"""`repl` through a pipe, `trace`, `config` and `help`."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

from scopetutor.cli.help import topics
from scopetutor.config import Config
from scopetutor.repl.report import Failure, Reported

PROGRAM = """\
import tensorflow as tf
with tf.variable_scope("enc"):
    w = tf.get_variable("w", [2, 3])
print("made", w.name)
with tf.variable_scope("enc", reuse=True):
    v = tf.get_variable("w", [2, 3])
v is w
"""


def test_piped(say):
    """Each statement of a pipe is an entry; results are plain lines; all well is 0."""
    said = say("repl", typed=PROGRAM)

    assert said.code == 0
    assert "made enc/w:0\n" in said.out
    assert said.out.endswith("True\n")
    assert "tf>" not in said.out
    assert "\x1b" not in said.out


def test_piped_error(say):
    """An error goes to stderr, the other entries run, and the exit code is 1."""
    said = say("repl", typed="1/0\nprint('after')\n")

    assert said.code == 1
    assert "ZeroDivisionError: division by zero" in said.err
    assert said.out == "after\n"


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [("1", 0), ("1/0", 1), ("raise SystemExit(7)", 7), (":quit 5", 5), (":nosuch", 1)],
)
def test_code(say, code, exit_code):
    """-c runs an entry; its end decides the exit code."""
    assert say("repl", "-c", code).code == exit_code


def test_input_file(say, tmp_path):
    """-i runs files first, each under its own name."""
    file = tmp_path / "model.py"
    file.write_text("x = 41\n")
    assert say("repl", "-i", str(file), "-c", "x + 1").out == "42\n"

    file.write_text("x = 1\n1/0\n")
    said = say("repl", "-i", str(file), "-c", "x")
    assert f"{file}:2" in said.err.replace("\n", "")
    assert said.code == 1
    assert "there is no such file" in say("repl", "-i", "nowhere.py", "-c", "1").err


def test_json(say):
    """--json gives a line for each entry, with the fields that are documented."""
    said = say("repl", "--json", typed=f"{PROGRAM}1/0\n")
    reports = [json.loads(line) for line in said.out.splitlines()]

    assert said.code == 1
    assert len(reports) == 6
    assert list(reports[0]) == list(Reported.__struct_fields__)
    assert reports[1]["created"] == ["enc/w:0"]
    assert reports[2]["printed"] == "made enc/w:0\n"
    assert reports[3]["reused"] == ["enc/w:0"]
    assert reports[4]["shown"] == "True"
    assert reports[5]["error"] == {
        "type": "ZeroDivisionError",
        "message": "division by zero",
        "line": 1,
        "card": "",
    }


def test_json_is_documented(say):
    """`help json` names every field there is."""
    text = say("help", "json").out
    for kind in (Reported, Failure):
        for field in kind.__struct_fields__:
            assert f"`{field}`" in text


def test_json_of_commands(say):
    """What a command shows is not mixed with reports."""
    said = say("repl", "--json", typed="x = 1\n:log\n")

    assert len(said.out.splitlines()) == 1
    assert "nothing yet" in said.err


def test_trace(say, tmp_path):
    """Each line that runs is shown with what it decides and the scopes it opens."""
    file = tmp_path / "model.py"
    file.write_text(PROGRAM)
    said = say("trace", str(file))

    assert said.code == 0
    lines = [line.split()[0] for line in said.out.split("\n") if ".py:" in line]
    assert lines[0] == "model.py:1"
    assert len(lines) > 4
    assert "tf.get_variable makes enc/w:0 (reuse no)" in said.out
    assert "tf.get_variable finds enc/w:0, made before (reuse yes)" in said.out

    file.write_text("import tensorflow as tf\nwith tf.variable_scope('a'):\n    1/0\n")
    said = say("trace", str(file))
    assert said.code == 1
    assert "raises ZeroDivisionError: division by zero" in said.out

    file.write_text("x = 1\n")
    assert "x is 1" in say("trace", str(file)).out
    file.write_text("# nothing\n")
    assert "There is no line to run." in say("trace", str(file)).out


def test_config(say, tmp_path):
    """A setting is shown, changed, and kept beside the comments in its file."""
    file = Path(say("config", "--path").out.strip())
    file.write_text("# mine\nhistory = 5  # few\n")

    assert json.loads(say("config", "--json").out)["history"] == 5
    assert say("config", "theme", "light").code == 0
    assert say("config", "suggest", "off").code == 0
    assert file.read_text().startswith("# mine\nhistory = 5  # few\n")
    assert json.loads(say("config", "theme", "--json").out) == {"theme": "light"}
    assert json.loads(say("config", "suggest", "--json").out) == {"suggest": False}
    assert len(say("config").out.splitlines()) == 1 + len(Config._fields)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("theme = pink\n", "config.toml:1: this is not TOML"),
        ("a = 1\n", "config.toml:1: there is no setting 'a'"),
        (
            "\nhistory = 'x'\n",
            "config.toml:2: history is a whole number from 0 on",
        ),
        ("seconds = nan\n", "config.toml:1: seconds is a number from 0 on, not nan"),
        ("keys = 'vim'\n", "config.toml:1: keys is emacs or vi, not 'vim'"),
    ],
)
def test_config_with_a_mistake(say, text, told):
    """A mistake is told with its line; the prompt starts with the defaults."""
    Path(say("config", "--path").out.strip()).write_text(text)

    assert told in say("config").err.replace("\n", " ")
    said = say("repl", "-c", "1 + 1")
    assert said.out == "2\n"
    assert told.partition(": ")[2] in said.err


def test_config_mends_a_mistake(say):
    """The very setting that is wrong can be changed; another one cannot."""
    file = Path(say("config", "--path").out.strip())
    file.write_text("history = 'x'\ntheme = 'dark'\n")

    assert "config.toml:1: history is" in say("config", "theme", "light").err
    assert say("config", "history", "7").code == 0
    assert file.read_text() == "history = 7\ntheme = 'dark'\n"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("history", "abc", "history is a whole number from 0 on, not 'abc'"),
        ("history", "-5", "history is a whole number from 0 on, not -5"),
        ("plain", "maybe", "plain is true or false, not 'maybe'"),
        ("seconds", "nan", "seconds is a number from 0 on, not nan"),
        ("theme", "blue", "theme is auto or dark or light or contrast, not 'blue'"),
        ("--blue", "", "there is no setting '--blue'"),
    ],
)
def test_what_a_setting_cannot_be(say, name, value, told):
    """The sentence is about the setting, and nothing is written."""
    file = Path(say("config", "--path").out.strip())
    said = say("config", name, value)

    assert said.code == 2
    assert said.err.startswith(f"scopetutor: {told}")
    assert not file.exists()


@pytest.mark.parametrize("topic", ["", *topics()])
def test_topics(say, topic):
    """Every topic has a text, in 80 columns."""
    said = say("help", topic) if topic else say("help")

    assert said.code == 0
    assert len(said.out.splitlines()) > 4
    if topic not in {"", "keys", "commands"}:
        assert max(map(len, said.out.splitlines())) <= 80


LIGHT = """
import sys
had = set(sys.modules)  # measuring coverage loads some
from scopetutor.cli.front import answer
answer({argv})
heavy = [m for m in ("numpy", "typer", "rich", "prompt_toolkit", "msgspec", "sqlite3")
         if m in sys.modules and m not in had]
sys.stderr.write(",".join(heavy))
"""


@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["lern"]])
def test_answers_load_nothing(argv):
    """Version, help and a mistyped command are answered with the table alone."""
    code = LIGHT.format(argv=argv)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stderr.rpartition("\n")[2] == ""


@pytest.mark.parametrize(
    "argv",
    [["repl", "-c", "import tensorflow as tf; tf.get_variable('w', [2])"], ["learn"]],
)
def test_the_terminal_process_never_loads_numpy(argv, nobody):
    """NumPy and the engine are in the workspace's process alone."""
    code = inspect.cleandoc(LIGHT).format(argv=argv) + (
        "\nassert 'numpy' not in sys.modules"
        "\nassert not any(m.startswith('scopetutor.engine') for m in sys.modules)"
    )
    subprocess.run(
        [sys.executable, "-c", code], input="\n", text=True, capture_output=True,
        check=True,
    )  # fmt: skip
