"""The table of commands, the first thing a command line meets.

`scopetutor --help` and the completion of a command's name are answered from here,
before anything else is imported (the whole answer takes as long as `python -c pass`).
`app` builds the one command that was asked for.

To add a command, add a line here and a file of that name beside this one. The file has
either a function `command` (its docstring's first line is the summary below) or, for a
command with commands of its own, a `typer.Typer` called `group`.
"""

from __future__ import annotations

SECTIONS = (
    "Learn",
    "Try",
    "Old code",
    "Lessons of your own",
    "scopetutor itself",
)

# name, section (an index), summary: a sentence without its full stop.
COMMANDS = (
    ("learn", 0, "Go on with the lessons, or start them"),
    ("list", 0, "List the lessons, and how far you are"),
    ("progress", 0, "Show what you have done, and take it to another machine"),
    ("review", 0, "Answer again what you got wrong, at growing intervals"),
    ("drill", 0, "Practise with endless small questions"),
    ("notes", 0, "Write your answers and what you learned as Markdown"),
    ("repl", 1, "Try TensorFlow 1.15 at a prompt, with undo and pictures"),
    ("open", 1, "Run what somebody shared, in a strict box, and go on from there"),
    ("explain", 1, "Explain the text of an error, or a rule"),
    ("trace", 1, "Step through a program: scopes, names and decisions"),
    ("submit", 0, "Write your answers to one file for your teacher"),
    ("lesson", 3, "Write lessons, and prove them right"),
    ("course", 3, "Add courses of others; they run in the strict box"),
    ("grade", 3, "Judge the answers of a class again"),
    ("run", 2, "Run a script written for TensorFlow 1, without TensorFlow"),
    ("tree", 2, "Show which variables an old script makes, and how large they are"),
    ("coverage", 2, "Say which names of TensorFlow 1.15 there are, and which not"),
    ("ckpt", 2, "Look into checkpoints, compare them, rename what is in them"),
    ("meta", 2, "Look into graphs in files: .meta, .pb, SavedModel"),
    ("tensorboard", 2, "Show a graph or a log folder in TensorBoard"),
    ("doctor", 4, "Say which protections and speeds this system gives"),
    ("config", 4, "Show the settings, or change one"),
    ("help", 4, "Explain a topic: keys, files, exit codes, JSON, and more"),
    (
        "completion",
        4,
        "Let bash, zsh, fish or PowerShell complete our commands",
    ),
)

NAMES = tuple(name for name, _, _ in COMMANDS)


def summary(name: str) -> str:
    """What a command does, in a few words."""
    return next(words for known, _, words in COMMANDS if known == name)


def near(name: str) -> str:
    """The command someone who typed `name` may have meant, or ""."""
    # Imported here: a right name never needs it.
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, NAMES, n=1, cutoff=0.6)), "")
