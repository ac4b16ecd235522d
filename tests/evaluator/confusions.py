"""The programs of ``confusions.txt``: what they are, and what must be said of them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_SAVED = """\
import tempfile
p = tempfile.mkdtemp() + '/m'
with tf.Graph().as_default():
  with tf.variable_scope('net'):
    tf.get_variable('w', [2], initializer=tf.constant_initializer(7.))
  with tf.Session() as s:
    s.run(tf.global_variables_initializer())
    tf.train.Saver().save(s, p)"""


class Confusion(NamedTuple):
    """A program, a question, and what the answer must name.

    Attributes:
        number: of the confusion, with a letter if it shows in several ways.
        card: the id of the rule.
        asked: the name that is asked for; "": the last error.
        entries: the program.
    """

    number: str
    card: str
    asked: str
    entries: tuple[str, ...]

    @property
    def line(self) -> tuple[int, int]:
        """The entry and the line with the first mark, both from 1."""
        for number, text in enumerate(self.entries, 1):
            for line, code in enumerate(text.split("\n"), 1):
                if "#!" in code:
                    return number, line
        raise AssertionError(f"{self.number} has no mark")


def _read() -> list[Confusion]:
    text = Path(__file__).with_name("confusions.txt").read_text(encoding="utf-8")
    found = []
    for section in text.split("\n== ")[1:]:
        head, _, body = section.strip("\n").partition("\n")
        number, card, asked = (word.strip() for word in f"{head} ".split(": ", 2))
        entries = body.split("\n--\n")
        program = tuple(_SAVED if one == "SAVED" else one for one in entries)
        found.append(Confusion(number, card, asked, program))
    return found


CONFUSIONS = _read()
