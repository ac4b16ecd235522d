"""The commands of a lesson, through a pipe."""

from __future__ import annotations

import shlex
import sys

import pytest

WRONG = "counter = tf.Variable(4)"


def test_going_through_a_step(say):
    """Wrong answers are taken back, hints help, right ones pass, Enter goes on."""
    wrong = 'counter = tf.Variable(4, name="counter")'
    right = 'counter = tf.Variable(3, name="counter")'
    said = say("learn", typed=f"\n{wrong}\n{wrong}\nhint\n{right}\n\nsteps\nquit\n")

    assert said.code == 0
    assert said.out.count("Taken back: the state is as it was before.") == 2
    assert "`hint` helps; there are" in said.out.replace("\n", " ")
    assert "ok " in said.out
    assert "Enter goes on." in said.out


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("\nsolution\n", 'counter = tf.Variable(3, name="counter")'),
        ("\ngoal\n", "counter"),
        ("\nhint\nhint\nhint\n", "There are no more hints; `solution` shows"),
        (
            f"\nhint\nhint\n{WRONG}\n{WRONG}\n",
            "`solution` shows the answer; `skip` goes on",
        ),
        ("goal\n", "This step has no state to reach."),
        ("hint\n", "There is no hint for this step."),
        ("\nskip\n", ""),
        ("\nback\n", "A variable"),
        ("\nreset\n", "Make one"),
        ("\nagain\n", "Make one"),
        ("list\n", "here 1 first-variable 0/8 A variable, its names"),
        ("steps\n", "Make one"),
        ("goto 2\n", "Make one"),
        ("goto nowhere\n", "there is no lesson or step 'nowhere'"),
        ("goto unique-names/\n", "x_scalar"),
        ("goto unique-names/7\n", 'name="w") 2 first_name = weights.name 3 weights'),
        ("help\n", "the next hint"),
        ("help hint\n", "hint"),
        (":tree\n", "(root)"),
        (":explain already-exists\n", "keeps one dictionary per graph"),
        (":limits\n", "--time-limit"),
        ("\ntf.Variable?\n", "whether optimizers change it"),
        ("\nskip\ntf.Variable?\n", "whether optimizers change it"),
        ("sandbox\nx = 41\nx + 1\n:quit\nsteps\n", "42"),
        ("1 + 1\n", "2"),
        ("\n\n", "Type an answer; `skip` goes on without one"),
        (":nosuch\n", "there is no command :nosuch"),
    ],
)
def test_commands(say, typed, told):
    """Each command of a lesson does what its help says."""
    said = say("learn", "first-variable", typed=f"{typed}quit\n")

    assert told in " ".join((said.out + said.err).split()) or told in said.out
    assert said.code == 0


def test_coming_back(say):
    """One comes back to the step one left."""
    say("learn", typed="\nquit\n")

    assert "Make one" in say("learn", typed="quit\n").out


def test_the_end_of_a_lesson(say):
    """After the last step there is a summary; Enter begins the next lesson."""
    said = say("learn", "first-variable/8", typed="skip\nskip\n\n\nquit\n")

    assert said.code == 0
    assert "Still open: 1, 2, 3, 4, 5, 6, 7, 8. `goto 1` goes there." in said.out
    assert "1/7  No two things have one name" in said.out


def test_mending_in_an_editor(say, monkeypatch):
    """Where no line can be changed, `edit` opens the program in an editor."""
    mend = "import sys; open(sys.argv[1], 'a').write('\\nw = 1')"
    monkeypatch.setenv("VISUAL", shlex.join([sys.executable, "-c", mend]))
    said = say("learn", "initial-values/mend-it", typed="edit\nquit\n")

    assert "\nw = 1\n" in said.out
    assert "no " in said.out
    said = say("learn", "first-variable", typed="edit\nquit\n")
    assert "There is no program to mend in this step." in said.out


def test_leaving_as_python_does(say):
    """`exit()` leaves; what comes after it is not read."""
    said = say("learn", "first-variable", typed="\nexit()\nsolution\n")

    assert said.code == 0
    assert "Make one" in said.out
    assert "tf.Variable(3" not in said.out
