"""What drawings are made of: words, lines, characters, colours."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from scopetutor.evaluator.outcome import Inspection
from scopetutor.render.demo import AFTER
from scopetutor.render.inspection import inspection
from scopetutor.render.look import Look, console, detect
from scopetutor.render.nodes import Tree, unfolded
from scopetutor.render.outline import Cell
from scopetutor.render.table import table
from scopetutor.render.theme import BACKGROUNDS, STYLES, THEMES, rich_theme, styles
from scopetutor.render.values import values
from scopetutor.render.visible import one_line, visible
from scopetutor.render.words import (
    counted,
    listed,
    ordinal,
    place,
    shape_text,
    short_place,
)
from scopetutor.render.wrap import hanging, wrap
from scopetutor.snapshot import Site


class Stream(io.StringIO):
    """A stream that may be a terminal, with an encoding."""

    def __init__(self, encoding: str = "utf-8", *, terminal: bool = True) -> None:
        super().__init__()
        self._encoding = encoding
        self._terminal = terminal

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """What characters it can write."""
        return self._encoding

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._terminal


@pytest.mark.parametrize(
    ("environ", "terminal", "plain", "color"),
    [
        ({"TERM": "xterm"}, True, False, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, False, False),
        ({"TERM": "dumb"}, True, True, False),
        ({"TERM": "xterm"}, False, True, False),
        ({"TERM": "xterm", "FORCE_COLOR": "1"}, False, True, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False, False),
    ],
)
def test_look_follows_the_terminal(environ, terminal, plain, color):
    """Pipes and dumb terminals get plain lines; NO_COLOR wins over FORCE_COLOR."""
    look = detect(Stream(terminal=terminal), environ)

    assert (look.plain, look.color) == (plain, color)


def test_characters_follow_the_encoding():
    """A terminal that cannot write box characters gets ASCII."""
    assert detect(Stream("ascii"), {}).ascii
    assert detect(Stream("latin-1"), {}).ascii
    assert not detect(Stream("utf-8"), {}).ascii


def test_columns_can_be_given():
    """COLUMNS decides the width; nothing is narrower than 20."""
    assert detect(Stream(), {"COLUMNS": "132"}).width == 132
    assert detect(Stream(), {"COLUMNS": "3"}).width == 20
    assert detect(Stream(), {"COLUMNS": "no"}).width == 80


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("\u202eabc", "\\u202eabc"),
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\\rb"),
        ("变量\té", "变量\té"),
        ("\ud800", "\\ud800"),
    ],
)
def test_control_characters_are_spelt_out(text, shown):
    """What a terminal would obey is shown instead; all else stays."""
    assert visible(text) == shown


def test_one_line_is_cut():
    """A long line ends in an ellipsis at its limit; newlines are spelt out."""
    assert one_line("a\nb") == "a\\nb"
    assert one_line("abcdef", 4) == "abc…"


@settings(max_examples=100, deadline=None)
@given(st.text("ab ,变。(é\u0301", max_size=60), st.integers(4, 40))
def test_wrapping_loses_nothing(text, width):
    """Lines fit unless a word does not, and all characters but spaces are there."""
    lines = wrap(text, width)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert cell_len(line) <= width or " " not in line.strip()


def test_wide_characters_count_twice():
    """Ten cells hold five Chinese characters; no line begins with a full stop."""
    assert wrap("变量作用域变量作用域", 10) == ["变量作用域", "变量作用域"]
    assert wrap("变量作用域。变", 10)[1][0] != "。"


def test_hanging_lines_stand_below_their_text():
    """The second line begins where the text of the first began."""
    drawn = hanging("  try  ", "one two three four five six", 27)

    assert drawn.plain.split("\n")[1] == " " * 7 + "five six"


def test_words():
    """Shapes, places and counts are spelt in one way."""
    assert shape_text((2, None)) == "(2, ?)"
    assert shape_text((3,)) == "(3,)"
    assert shape_text(None) == "<unknown>"
    assert place(Site(2, 3, "")) == "entry 2, line 3"
    assert place(Site(0, 3, "", "m.py")) == "m.py:3"
    assert place(None) == ""
    assert short_place(Site(0, 3, "", "nets/small.py")) == "nets/small.py:3"
    assert short_place(Site(0, 3, "", "a/folder/far/away/small.py")) == "small.py:3"
    assert short_place(Site(0, 3, "", str(Path("small.py").resolve()))) == "small.py:3"
    assert [counted(n, "entry", "entries") for n in (0, 1, 2000)] == [
        "no entries", "1 entry", "2,000 entries",
    ]  # fmt: skip
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 101)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "101st",
    ]  # fmt: skip
    assert listed(["a", "b", "c"], 2) == "a, b … and 1 more"


# -- colours -------------------------------------------------------------------------


def luminance(color: str) -> float:
    """WCAG's relative luminance of #rrggbb."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


# Brettel, Viénot and Mollon's simplification by Viénot (1999): what red-green blind
# eyes see of linear RGB.
BLIND = {
    "protan": ((0.1124, 0.8876, 0), (0.1124, 0.8876, 0), (0.004, -0.004, 1)),
    "deutan": ((0.2928, 0.7073, 0), (0.2928, 0.7073, 0), (-0.0223, 0.0223, 1)),
}


def seen(color: str, matrix) -> list[float]:
    """A colour as somebody who is red-green blind sees it, each part 0 to 1."""
    parts = [(int(color[at : at + 2], 16) / 255) ** 2.2 for at in (1, 3, 5)]
    mixed = (sum(a * b for a, b in zip(row, parts, strict=True)) for row in matrix)
    return [max(value, 0.0) ** (1 / 2.2) for value in mixed]


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
def test_colours_can_be_read(theme):
    """Each colour has a contrast of at least 4.5 to its background (WCAG AA)."""
    background = BACKGROUNDS[theme]
    for meaning, style in styles(theme).items():
        color = style.split()[-1]
        assert contrast(color, background) >= 4.5, meaning
        if theme == "contrast":
            assert contrast(color, background) >= 7, meaning


@pytest.mark.parametrize("eyes", BLIND)
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_colours_differ_for_the_colour_blind(theme, eyes):
    """What was created, reused, assigned or refused differs for red-green blind."""
    table = styles(theme)
    told = ["created", "reused", "assigned", "error"]
    colors = [seen(table[name].split()[-1], BLIND[eyes]) for name in told]
    for index, one in enumerate(colors):
        for other in colors[index + 1 :]:
            assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) > 0.01


def test_every_theme_has_every_meaning():
    """No meaning is missing in a theme, and Rich understands each style."""
    for theme in THEMES:
        assert set(rich_theme(theme).styles) >= set(STYLES)


def test_console_adds_nothing():
    """No markup is read, no colours where there are to be none."""
    stream = Stream()
    console(stream, Look(width=80)).print("[bold]w[/bold] 12 :smile:")

    assert stream.getvalue() == "[bold]w[/bold] 12 :smile:\n"


def test_a_last_column_goes_on_below_itself():
    """If it has room for a few words; else it stands below its row, with its name."""
    rows = [(Cell("already-exists"), Cell("The same name twice, in one graph, is too"))]
    headings = ("card", "about")

    assert table(headings, rows, Look(width=50)).plain.split("\n") == [
        "  card            about",
        "  already-exists  The same name twice, in one",
        "                  graph, is too",
    ]
    assert "    about The same" in table(headings, rows, Look(width=40)).plain


def test_documentation_is_wrapped_anew():
    """What goes on below itself is joined first: no line is left with one word."""
    doc = (
        "It makes one, as long as nothing of that name is there, and else finds it;\n"
        "or it fails.\n\nRaises:\n    ValueError: the scope is reusing and there is\n"
        "        none."
    )
    drawn = inspection("f", Inspection(found=True, doc=doc), Look(width=60)).plain

    assert drawn.split("\n") == [
        "  It makes one, as long as nothing of that name is there,",
        "  and else finds it; or it fails.",
        "",
        "  Raises:",
        "      ValueError: the scope is reusing and there is none.",
    ]


def test_scopes_of_the_program_open_first():
    """Where not all have room, those that are only part of a name stay folded."""
    tree = Tree()
    for name in ("a", "b", "c"):
        tree.node(name).variables = [AFTER.variables[1]]
    root = tree.root
    root.scopes["c"].is_prefix = False

    assert unfolded(root, 5) == {"", "c"}
    assert unfolded(root, 6) == {"", "c", "a"}


def test_values_beyond_the_screen_are_counted():
    """As many as fit are shown, and how to see the others."""
    view = next(view for view in AFTER.variables.values() if view.values)
    many = {uid: replace(view, uid=uid) for uid in range(3)}
    shown = values(replace(AFTER, variables=many), Look(), most=2).plain

    assert shown.count(view.tensor_name) == 2
    assert shown.endswith("\n  the first 2 of 3 (:values all, :values TEXT)")
    assert "first" not in values(replace(AFTER, variables=many), Look()).plain
