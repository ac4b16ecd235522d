"""What is answered before anything is loaded, and how commands end."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys

import pytest

from scopetutor import __version__
from scopetutor.cli import glance
from scopetutor.cli.completion import SCRIPTS
from scopetutor.cli.front import help_text, wrapped
from scopetutor.cli.greeting import greeting
from scopetutor.cli.table import COMMANDS, NAMES, SECTIONS
from scopetutor.progress import default_path


def test_version(say):
    """--version and -V say which version this is."""
    assert say("--version").out == f"scopetutor {__version__}\n"
    assert say("-V").out == say("--version").out


def test_help(say):
    """--help lists every command with its summary, in 80 columns."""
    said = say("--help")

    assert said.code == 0
    for name, _, summary in COMMANDS:
        assert f"  {name} " in said.out
        assert summary.split(" ")[0] in said.out
    assert max(map(len, said.out.split("\n"))) <= 80


def test_narrow_help():
    """In 40 columns the summaries are wrapped beside the names."""
    assert all(len(line) <= 44 for line in help_text(40, False).split("\n"))
    assert wrapped("a bb ccc", 4) == ["a bb", "ccc"]


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help(say, name):
    """Each command's help begins with what the list says of it, and has examples."""
    said = say(name, "--help")

    assert said.code == 0
    assert f"Usage: scopetutor {name}" in said.out
    module = importlib.import_module(f"scopetutor.cli.{name.replace('-', '_')}")
    assert hasattr(module, "group") or "Examples:" in said.out


def test_help_of_a_command(say):
    """`help NAME` is `NAME --help`."""
    assert say("help", "repl").out == say("repl", "--help").out


def test_sections():
    """Each command is in a section that exists."""
    assert {section for _, section, _ in COMMANDS} <= set(range(len(SECTIONS)))


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["lern"], "try  scopetutor learn"),
        (["zzzzzz"], "try  scopetutor --help"),
        (["--nosuch"], "is an option of a command, or of nothing"),
        (["repl", "--nosuch"], "No such option"),
        (["repl", "model.py"], "to run a file, say -i model.py"),
        (["config", "theme", "pink"], "theme is auto or dark or light or contrast"),
        (["config", "thme"], "try  theme"),
        (["help", "jsno"], "try  scopetutor help json"),
        (["trace", "nowhere.py"], "nowhere.py: there is no such file"),
    ],
)
def test_wrong_usage(say, argv, told):
    """What cannot be done is said in a sentence on stderr, with what to try."""
    said = say(*argv)

    assert told in said.err
    assert said.out == ""
    assert said.code in {1, 2}


def test_first_impression(say):
    """`scopetutor` alone says what it is and the one thing to do first."""
    said = say()

    assert said.code == 0
    assert said.out.startswith("Learn TensorFlow 1.x variables and scopes")
    assert "scopetutor learn    the first lesson" in said.out


def test_coming_back(say):
    """Who has been here before is told where they are, and how to go on."""
    sharing = glance.lessons()[8]
    sharing.done = 7
    text = greeting((sharing, 9, 43), True, 80, True)

    assert "“Reuse: the same variable again” (lesson 9 of 43, step 8 of 9)." in text
    assert "\x1b[1mscopetutor learn\x1b[0m           go on" in text
    assert "scopetutor repl --resume" in text
    narrow = greeting((sharing, 9, 43), True, 40, False)
    assert max(map(len, narrow.split("\n"))) <= 40
    sharing.done = 9
    assert "again” (lesson 9 of 43)." in greeting((sharing, 9, 43), False, 80, False)


def test_what_was_missed_is_called_to_mind(say):
    """As many ideas as `review` has questions for; none, and nothing is said."""
    say("learn", "first-variable/3", typed="my_variable:0\nquit\n")
    one = say().out
    say("learn", "first-variable/4", typed="weights\nquit\n")
    two, asked = say().out, say("review", typed="quit\n").out
    say("review", typed="solution\n\nsolution\nquit\n")

    assert "scopetutor review   an idea you missed, once more" in one
    assert "scopetutor review   2 ideas you missed, once more" in two
    assert "1/2 " in asked
    assert "scopetutor review" not in say().out


def test_coming_back_for_real(say):
    """What a lesson has written down is what the greeting and the list tell."""
    say("learn", typed="\nskip\n")
    begun, listed = say().out, say("list").out

    assert "names and its value” (lesson 1 of 43, step 2 of 8)." in begun
    assert "here  1  first-variable           1/8  A variable, its names" in listed
    assert listed.endswith("  scopetutor learn first-variable\n")


@pytest.mark.parametrize("language", ["", "zh_CN.UTF-8"])
def test_the_glance_is_true(say, monkeypatch, language):
    """Without reading a lesson, `list` says what reading them all says."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", language)
    say("learn", "reuse", typed="\nskip\nsolution\n\n")
    glimpsed = [
        {name: getattr(lesson, name) for name in glance.Lesson.__slots__}
        for lesson in glance.lessons()
    ]

    assert json.loads(say("list", "--json").out) == glimpsed
    assert say("list", "--language", language[:2]).out == say("list").out


def test_where_the_record_is(monkeypatch, tmp_path):
    """The glance looks where the record is kept, on Linux and elsewhere."""
    monkeypatch.delenv("SCOPETUTOR_DATA", raising=False)
    for home in (str(tmp_path), " "):
        monkeypatch.setenv("XDG_DATA_HOME", home)
        assert glance._data() == str(default_path().parent)
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(glance, "_IS_LINUX", False)
            assert glance._data() == str(default_path().parent)


def test_a_record_that_is_none(say, monkeypatch, tmp_path):
    """What is wrong with the record is no matter for a greeting."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / glance.FILE).write_text("no database")

    assert "the first lesson" in say().out
    assert "0 of 43 lessons done" in say("list").out


def test_a_course_in_a_zip(say, monkeypatch):
    """Where the lessons' files cannot be looked at, they are read."""
    monkeypatch.setattr(glance, "_course_folder", lambda: "/nowhere")

    assert "the first lesson" in say().out
    assert "1  first-variable           0/8" in say("list").out


@pytest.mark.parametrize("shell", SCRIPTS)
def test_completion_scripts(say, shell):
    """Each shell's script asks us for the answers."""
    said = say("completion", shell.value)

    assert "scopetutor --complete" in said.out


def test_bash_understands_the_script(say, tmp_path):
    """Bash runs the script and completes a command's name with it."""
    script = tmp_path / "complete.sh"
    script.write_text(
        say("completion", "bash").out
        + f'scopetutor() {{ {sys.executable} -m scopetutor "$@"; }}\n'
        + "COMP_WORDS=(scopetutor tra) COMP_CWORD=1; _scopetutor; echo ${COMPREPLY[@]}"
    )
    done = subprocess.run(
        ["bash", str(script)], capture_output=True, text=True, check=False
    )

    assert done.stdout == "trace\n"


def test_installing_completion(say, monkeypatch, tmp_path):
    """--install writes the script where the shell looks, if it looks anywhere."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    said = say("completion", "bash", "--install")
    file = tmp_path / "bash-completion" / "completions" / "scopetutor"

    assert str(file) in said.out
    assert file.read_text() == SCRIPTS["bash"]
    assert "has no folder" in say("completion", "powershell", "--install").err
    file.unlink()
    file.mkdir()
    said = say("completion", "bash", "--install")
    assert (said.code, f"{file}: cannot be written" in said.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ([""], "learn\t"),
        (["--v"], "--version\t"),
        (["completion", "z"], "zsh\t"),
        (["learn", "first"], "first-variable\tA variable"),
        (["learn", "first-variable/nu"], "first-variable/numpy\tA line from a"),
        (["notes", "five"], "five-bugs\tCapstone"),
        (["lesson", "preview", "five"], "five-bugs\tCapstone"),
        (["progress", "forget", "five"], "five-bugs\tCapstone"),
        (["explain", "already"], "already-exists\tThe same name twice\n"),
        (["coverage", "tf.layers.dens"], "tf.layers.dense\tfunction\n"),
        (["config", "theme", ""], "auto\t\ndark\t\nlight\t\ncontrast\t\n"),
        (["repl", "--pl"], "--plain\t"),
        (["config", "the"], "theme\tcolours"),
        (["config", "theme", "li"], "light\t"),
        (["help", "jso"], "json\tJSON for programs"),
        (["nosuch", ""], ""),
    ],
)
def test_completing(say, words, offered):
    """Commands, options, lessons, settings and topics are offered to the shell."""
    assert say("--complete", *words).out.startswith(offered)


def test_what_cannot_be_written_is_escaped():
    """An old locale, or a pipe on Windows, has no Chinese; that is no fault."""
    command = [sys.executable, "-m", "scopetutor", "list", "--language", "zh"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    said = subprocess.run(command, capture_output=True, env=environment, check=False)

    assert said.returncode == 0
    assert said.stdout.isascii()
    assert rb"\u53d8\u91cf" in said.stdout
