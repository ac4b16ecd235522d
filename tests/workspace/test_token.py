"""A token holds a workspace's source, and nothing else gets in through one."""

from __future__ import annotations

import base64
import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scopetutor.errors import TokenError, UsageError
from scopetutor.workspace.timeline import Moment
from scopetutor.workspace.token import MOST_SOURCE, Shared, opened, token

ENTRIES = [Moment(1, 0, "x = 1", 1), Moment(2, 1, "y = 'é'\nx + 1", 2)]


def test_there_and_back():
    """What was shared is what is opened, also when mail has broken the lines."""
    made = token(ENTRIES, 7)
    broken = "\n".join(made[at : at + 20] for at in range(0, len(made), 20))

    assert made.startswith("sct1-")
    assert opened(broken) == Shared(7, ("x = 1", "y = 'é'\nx + 1"))


@given(st.lists(st.text(min_size=1), min_size=1), st.integers(0, 2**64 - 1))
def test_any_source(texts, entropy):
    """Every text survives."""
    path = [
        Moment(n, n - 1, text.encode("utf-8", "replace").decode(), n)
        for n, text in enumerate(texts, 1)
    ]

    assert opened(token(path, entropy)) == Shared(entropy, tuple(m.text for m in path))


def test_what_is_left_out():
    """Lessons' code and entries that were stopped are not shared."""
    path = [
        Moment(1, 0, "setup()", 0, "lesson"),
        Moment(2, 1, "while True: pass", 1, ending="interrupted"),
        Moment(3, 2, "1/0", 2, ending="error"),
    ]

    assert opened(token(path, 0)).entries == ("1/0",)


def test_nothing_and_too_much():
    """An empty workspace and a huge one cannot be shared, and say so."""
    with pytest.raises(UsageError, match="nothing to share"):
        token([], 0)
    with pytest.raises(UsageError, match="too much for a token"):
        token([Moment(1, 0, "x" * (MOST_SOURCE + 1), 1)], 0)


@given(st.integers(5, 60), st.sampled_from("abcXYZ019-_"))
def test_a_changed_letter_is_noticed(place, letter):
    """A damaged token never opens as something else."""
    made = token(ENTRIES, 7)
    place %= len(made)
    changed = made[:place] + letter + made[place + 1 :]
    try:
        found = opened(changed)
    except TokenError:
        return
    assert found == Shared(7, tuple(moment.text for moment in ENTRIES))


def made_of(source: bytes) -> str:
    """A token of any bytes, as somebody else may make one."""
    packed = hashlib.sha256(source).digest()[:6] + zlib.compress(source)
    return f"sct1-{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no token"),
        ("hello", "no token"),
        ("sct1-", "no token"),
        ("sct2-AAAA", "newer scopetutor"),
        ("sct1-AAAA", "damaged"),
        (f"sct{'9' * 5000}-AAAA", "no token"),
        ("sct1-" + "A" * (2 << 20), "too long"),
        (token(ENTRIES, 7)[:-4], "damaged"),
        (made_of(b"[]"), "damaged"),
        (made_of(b'{"entropy":1,"entries":[5]}'), "damaged"),
        (made_of(b'{"entropy":1,"entries":["\\ud800"]}'), "damaged"),
        (made_of(b" " * (MOST_SOURCE + 9)), "damaged"),
    ],
)
def test_what_is_no_token(text, problem):
    """Each gets its own sentence; a small token cannot become a huge text."""
    with pytest.raises(TokenError, match=problem):
        opened(text)
