"""What happens between a key and an entry: blocks, pastes, menus, history."""

from __future__ import annotations

import io
import time

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory

from scopetutor.repl.commands import REPL
from scopetutor.repl.completer import LiveCompleter
from scopetutor.repl.history import HistorySearch, history_file
from scopetutor.repl.indent import is_complete, next_indent
from scopetutor.repl.meant import instead, meant
from scopetutor.repl.pane import TreePane
from scopetutor.repl.pieces import pieces
from scopetutor.repl.plain_prompt import PlainPrompt
from scopetutor.repl.record import Record
from scopetutor.repl.state import State
from scopetutor.repl.toolbar import signature, toolbar
from scopetutor.repl.transcript import stripped, without_magics
from scopetutor.snapshot import (
    Delta,
    Here,
    Origin,
    ScopeFlag,
    ScopeView,
    Snapshot,
    VariableView,
)


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("x = 1", True),
        ("def f():", False),
        ("def f():\n    return 1", False),
        ("def f():\n    return 1\n", True),
        ("f(1,", False),
        ("f(1,\n  2)", True),
        ("if x:\n    y()\nz()", True),
        ("with a:\n    f(\n", False),
        ("'''one", False),
        (":tree", True),
        ("w?", True),
        ("x = )", True),
        ("", True),
        ("@decorated", False),
        ("for x in y: f(x)", True),
    ],
)
def test_when_enter_runs(text, complete):
    """Whole statements run; open blocks and brackets go on; nonsense runs, too."""
    assert is_complete(text) is complete


@pytest.mark.parametrize(
    ("text", "spaces"),
    [
        ("x = 1", 0),
        ("with a:", 4),
        ("with a:  # said: so", 4),
        ("    if x:", 8),
        ("    return 1", 0),
        ("f(", 4),
        ("f(a,", 2),
        ("x = {'#': 1,", 5),
        ("    y = 1", 4),
    ],
)
def test_indentation(text, spaces):
    """The next line starts where the block or the bracket wants it."""
    assert next_indent(text) == spaces


def test_transcripts():
    """Code pasted from Python, IPython or our own screen loses prompts and results."""
    assert stripped(">>> a = 1\n>>> a\n1\n") == "a = 1\na"
    assert stripped("In [1]: if x:\n   ...:     y\n   ...: \nOut[1]: 3\nIn [2]: z") == (
        "if x:\n    y\n\nz"
    )
    assert stripped("tf> with a:\n...     b\n  enc/   reuse no\n") == "with a:\n    b"
    assert stripped("plain = 1\n>>> not") == "plain = 1\n>>> not"


def test_notebook_cells():
    """Magics and shell lines are left out if the rest is Python, and only then."""
    assert without_magics("%matplotlib inline\nx = 1") == (
        "x = 1",
        ["%matplotlib inline"],
    )
    assert without_magics("x = 7\\\n% 3") == ("x = 7\\\n% 3", [])
    assert without_magics("%time\nx y") == ("%time\nx y", [])


@pytest.mark.parametrize(
    "statement",
    [
        "a = [\n" + "1,\n" * 3000 + "]",
        "a = '''\n" + "it's (so\n" * 3000 + "'''",
        'a = f("""\n' + '\\"\n' * 3000 + '""", "(", # [\n1)',
    ],
)
def test_long_pieces(statement):
    """A statement of thousands of lines is one piece, and found in no time."""
    started = time.monotonic()

    assert list(pieces(f"{statement}\nb = 1")) == [statement, "b = 1"]
    assert time.monotonic() - started < 2


def test_pieces_that_are_wrong():
    """A bracket that was forgotten, or is too many, costs a few lines and not all."""
    forgotten = "a = (1\n" + "b = 2\n" * 5
    strange = "a = 1)\nb = it's\n"

    assert len(list(pieces(forgotten))) > 3
    assert len(list(pieces(strange + "c = [\n1]\nd = 2"))) == 4
    assert list(pieces(":explain f(x\n1\nw(?\n2")) == [":explain f(x", "1", "w(?", "2"]


def test_pieces():
    """A text is cut where somebody typing it would have pressed Enter."""
    text = "import a\n\nif x:\n    y\nelse:\n    z\nf(\n1\n)\n# done\n:tree\ng()\n"

    assert list(pieces(text)) == [
        "import a",
        "if x:\n    y\nelse:\n    z",
        "f(\n1\n)\n# done",
        ":tree",
        "g()",
    ]


# -- the tree pane -------------------------------------------------------------------


def large(count: int) -> Snapshot:
    """A workspace with many variables, fifty to a scope."""
    views = []
    for uid in range(1, count + 1):
        name = f"block{uid // 50}/w{uid}"
        views.append(
            VariableView(
                uid, 1, name, name, f"{name}:0", (2, 3), "float32_ref", "ref",
                True, (), "", "", Origin("tf.get_variable"),
            )
        )  # fmt: skip
    names = dict.fromkeys(view.op_name.partition("/")[0] for view in views)
    scopes = tuple(ScopeView(1, name, "no", "") for name in ("", *names))
    return Snapshot().after(
        Delta(variables=tuple(views), scopes=scopes, here=Here(graph=1))
    )


def drawn(pane: TreePane, rows: int = 20) -> list[str]:
    """The first rows of a pane."""
    content = pane.create_content(40, rows)
    shown = range(min(content.line_count, rows))
    return ["".join(part[1] for part in content.get_line(at)) for at in shown]


@pytest.fixture
def pane(monkeypatch):
    """A pane with five thousand variables."""
    monkeypatch.setattr(TreePane, "has_focus", lambda self: True)
    state = State()
    state.snapshot = large(5000)
    return TreePane(state, shown=True)


def test_a_large_tree_starts_folded(pane):
    """Scopes say how many variables they hold; a key opens the one at the cursor."""
    assert drawn(pane)[0].rstrip() == "▸ block0/  49 variables"
    pane.fold()
    assert drawn(pane)[1].strip().startswith("w1")
    pane.fold(False)
    assert drawn(pane)[1].rstrip() == "▸ block1/  50 variables"


def test_searching_a_large_tree(pane):
    """Typing lists what has it in its name, in opened scopes."""
    for letter in "w4999":
        pane.type(letter)

    assert [line.strip() for line in drawn(pane)] == ["▾ block99/", "w4999  (2, 3)"]
    pane.erase()
    assert len(pane.lines) == 13  # eleven variables, two scopes
    assert "5,000 variables /w499" in pane.title()[0][1]


def test_paging(pane):
    """The cursor stops at both ends."""
    pane.move(10_000)
    assert pane.at == len(pane.lines) - 1
    pane.move(-10_000)
    assert pane.at == 0


def test_redrawing_a_large_tree_is_quick(pane):
    """After an entry, 5,000 variables are on the screen again within 30 ms."""
    times = []
    for moment in range(9):
        assert pane.state.snapshot is not None
        new = pane.state.snapshot.after(Delta(here=Here(graph=1)))
        pane.state.snapshot, pane.state.moment = new, moment
        started = time.perf_counter()
        drawn(pane)
        times.append(time.perf_counter() - started)

    assert min(times) < 0.030


# -- the toolbar ---------------------------------------------------------------------


def test_toolbar():
    """It says where new things would be made, and what the flag comes from."""
    scopes = (ScopeFlag("", "no", ""), ScopeFlag("a/b", "yes", "a"))
    here = Snapshot(here=Here(graph=1, scopes=scopes))

    assert toolbar(None, 0)[0][1] == " starting "
    text = toolbar(here, 3, mode="vi insert")[0][1]
    assert text == (
        " moment 3 · a/b/ reuse yes, from a/ · no variables · graph · vi insert "
    )
    narrow = toolbar(here, 3, mode="vi insert", width=40)[0][1]
    assert narrow == " moment 3 · a/b/ reuse yes, from a/ "


def test_signature_marks_the_argument():
    """The parameter being typed is marked; those far before it make room."""
    text = "f(name, shape=(1, 2), dtype=None)"
    pieces = signature(text, 1, 80)

    assert "".join(piece for _, piece in pieces) == f" {text}"
    assert [t for s, t in pieces if s.endswith("argument")] == ["shape=(1, 2)"]
    assert "…" in "".join(piece for _, piece in signature(text, 2, 30))


# -- menus and history ---------------------------------------------------------------


def offered(completer, text: str) -> list[str]:
    """What the menu has for a text at the Tab key."""
    event = CompleteEvent(completion_requested=True)
    return [c.text for c in completer.get_completions(Document(text), event)]


def test_the_menu(typed, nobody):
    """Names, scopes in quotes, commands, and what may follow a command."""
    typed("import tensorflow as tf", 'with tf.variable_scope("enc"):\n    w = 1')
    typed('tf.get_variable("enc/k", [2])')
    loop = typed.loop[0]
    completer = LiveCompleter(lambda: loop)
    (nobody / "model.py").write_text("")

    assert offered(completer, "tf.get_")[0] == "get_variable"
    assert any("enc" in one for one in offered(completer, 'tf.variable_scope("e'))
    assert offered(completer, ":und") == ["undo"]
    assert offered(completer, ":why e") == ["enc/k", "enc"]
    assert offered(completer, ":config theme d") == ["dark"]
    assert offered(completer, ":config pane ") == ["true", "false"]
    assert offered(completer, ":config nosuch ") == []
    assert offered(completer, ":tree e") == ["enc"]
    assert offered(completer, ":help mo") == ["movie"]
    assert offered(completer, ":config th") == ["theme"]
    assert "enc/k" in offered(completer, ":graph en")
    assert f"{nobody}/model.py" in offered(completer, f":load {nobody}/mo")
    assert offered(completer, ":nosuch x") == []


def test_the_menu_keeps_quiet(typed):
    """While one types, a number or a space opens no menu."""
    typed("import tensorflow as tf")
    completer = LiveCompleter(lambda: typed.loop[0])
    event = CompleteEvent(text_inserted=True)

    for text in ("12", "x = ", "f(1, "):
        assert not list(completer.get_completions(Document(text), event))
    assert list(completer.get_completions(Document("tf.ze"), event))


def test_searching_the_history():
    """Letters may be left out; the closest and newest come first."""
    history = InMemoryHistory(["alpha = 1", "apt install hay", "beta"])
    search = HistorySearch(history)
    history.get_strings()
    list(history.load_history_strings())
    history._loaded_strings = ["beta", "apt install hay", "alpha = 1"]

    assert offered(search, "apha") == ["alpha = 1", "apt install hay"]


def test_the_history_file_is_cut(nobody):
    """A file that has grown far too long keeps its newest entries, for its owner."""
    file = history_file(3)
    assert file is not None
    file.write_text("".join(f"\n# then\n+entry {n} {'x' * 300}\n" for n in range(20)))

    history_file(3)
    kept = file.read_text()
    assert [n for n in range(20) if f"entry {n} " in kept] == [17, 18, 19]


def test_lines_without_an_editor():
    """The plain prompt reads blocks line by line, and ends with the input."""
    prompt = PlainPrompt(State(), io.StringIO("if x:\n    y\n\nz\nf("))

    assert [prompt.read(), prompt.read(), prompt.read()] == ["if x:\n    y", "z", "f("]
    with pytest.raises(EOFError):
        prompt.read()


def test_the_record_forgets_the_oldest(monkeypatch):
    """A session that shows very much does not grow for ever."""
    monkeypatch.setattr("scopetutor.repl.record.MOST_PIECES", 3)
    record = Record()
    record.add("before anything was typed")
    for entry in "abc":
        record.begin(entry)
        record.add("1")
        record.add("2")

    assert [turn.entry for turn in record.turns] == ["c"]


@pytest.mark.parametrize(
    ("line", "names", "done"),
    [
        ("exit", (), ":quit"),
        ("quit()", (), ":quit"),
        ("help", (), ":help"),
        ("help()", (), ":help"),
        ("help(tf.get_variable)", (), "tf.get_variable?"),
        ("help(f(1))", (), "help(f(1))"),
        ("exit", ("exit",), "exit"),
        ("help(x)", ("help",), "help(x)"),
        ("exit_code", (), "exit_code"),
    ],
)
def test_words_of_pythons_prompt(line, names, done):
    """`exit`, `quit` and `help` do what they do in Python, unless they are names."""
    assert instead(line, names) == done


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        ("undo", "NameError", "Did you mean :undo?"),
        ("tree enc", "SyntaxError", "Did you mean :tree enc?"),
        ("scopetutor learn", "SyntaxError", "That is a command of the shell."),
        ("ls", "NameError", "That is a command of the shell."),
        ("clear", "NameError", "Ctrl-L clears the screen."),
        ("undo", "TypeError", ""),
        ("tree\nundo", "NameError", ""),
        ("something else", "SyntaxError", ""),
    ],
)
def test_commands_without_their_colon(text, error, told):
    """What is a command elsewhere is recognized; other errors are left alone."""
    assert meant(text, error, REPL).startswith(told)
    assert bool(meant(text, error, REPL)) is bool(told)
