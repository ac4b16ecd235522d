"""`:export`, `:graph FILE` and `:config` at the prompt."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from scopetutor.config import load, path

SESSION = (
    "import tensorflow as tf",
    'with tf.variable_scope("enc"):\n    w = tf.get_variable("w", [2, 3])',
    "print('<b>', w.name)",
    "1/0",
    ":tree",
)


def test_markdown(typed, nobody):
    """The file has what was typed and shown, in fenced blocks."""
    typed(*SESSION, f":export {nobody}/session.md")
    text = (nobody / "session.md").read_text(encoding="utf-8")

    assert text.startswith("```text\ntf> import tensorflow as tf\n```\n")
    assert '...     w = tf.get_variable("w", [2, 3])\n  enc/' in text
    assert "ZeroDivisionError: division by zero" in text
    assert ":export" not in text
    assert text.count("```") == 2 * len(SESSION)


def test_notebook(typed, nobody):
    """Entries are cells that run; commands are text; results are kept."""
    typed(*SESSION, f":export {nobody}/session.ipynb")
    book = json.loads((nobody / "session.ipynb").read_text(encoding="utf-8"))
    cells = book["cells"]

    assert book["nbformat"] == 4
    assert cells[0]["source"] == "%load_ext scopetutor"
    assert [cell["source"] for cell in cells[1:5]] == list(SESSION[:4])
    assert cells[5]["cell_type"] == "markdown"
    assert cells[3]["outputs"][0]["text"] == "<b> enc/w:0\n"
    assert len({cell["id"] for cell in cells}) == len(cells)


def test_pictures(typed, nobody):
    """HTML and SVG are whole, say the same, and fetch nothing from afar."""
    typed(*SESSION, f":export {nobody}/a.html", f":export {nobody}/a.svg")
    html = (nobody / "a.html").read_text(encoding="utf-8")
    svg = (nobody / "a.svg").read_text(encoding="utf-8")

    assert "&lt;b&gt; enc/w:0" in html
    words = " ".join(ET.fromstring(svg).itertext()).replace("\xa0", " ")
    assert "float32_ref (2, 3)" in words
    for text in (html, svg):
        assert "src=" not in text
        assert "url(http" not in text
        assert "@import" not in text


@pytest.mark.parametrize(
    ("theme", "paper"), [("auto", "#101010"), ("light", "#ffffff")]
)
def test_pictures_can_be_read(typed, nobody, theme, paper):
    """The colours of a theme stand on what they are made for."""
    typed(f":config theme {theme}", *SESSION, ":why w")
    typed(f":export {nobody}/a.html", f":export {nobody}/a.svg")

    html = (nobody / "a.html").read_text(encoding="utf-8")
    assert f"background-color: {paper}" in html
    assert f'fill="{paper}"' in (nobody / "a.svg").read_text(encoding="utf-8")


def test_python(typed, nobody):
    """The Python file has the entries that lead here and can be run."""
    typed(*SESSION[:3], f":export {nobody}/a.py")

    compile((nobody / "a.py").read_text(encoding="utf-8"), "a.py", "exec")
    assert "w = tf.get_variable" in (nobody / "a.py").read_text(encoding="utf-8")


def test_what_cannot_be_exported(typed, nobody):
    """No file, no known ending, nothing there, no such folder: a sentence each."""
    assert "there is nothing to export yet" in typed(":export a.md")
    typed("1")
    assert "which file?" in typed(":export")
    assert "try  .md, .html" in typed(":export a.docx")
    said = typed(f":export {nobody}/no/such/a.md")
    assert "cannot be written" in " ".join(said.split())


def test_the_graph_as_a_file(typed, nobody):
    """The SVG has a box for each variable and operation, and lines between them."""
    typed("import tensorflow as tf\na = tf.Variable(1., name='a')\nb = a * 2.")
    typed(f":graph {nobody}/net.svg", f":graph mul {nobody}/all.svg all")
    drawing = ET.parse(nobody / "net.svg").getroot()
    words = " ".join(drawing.itertext())

    assert "mul" in words
    assert "a" in words.split()
    assert len(list(drawing.iter("{http://www.w3.org/2000/svg}path"))) > 2
    every = (nobody / "all.svg").read_text(encoding="utf-8")
    assert "a/read" in every
    assert "one name and one file at most" in typed(":graph a b")


def test_config(typed):
    """A setting changes at once and for the next time."""
    assert '"light"' in typed(":config theme light")
    assert load(path()).theme == "light"
    assert typed.loop[0].screen.look.theme == "light"
    typed(":config changes false", "import tensorflow as tf")
    assert "enc" not in typed('tf.variable_scope("enc").__enter__()').split("\n")[-2]
    assert "there is no setting" in typed(":config nosuch 1")
    assert len(typed(":config").split("\n")) > 12
