"""People are spoken to in their language, as far as there is a translation."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from scopetutor import language
from scopetutor.course import judge, sentences
from scopetutor.render import step, verdict

from .catalogue import LOCALE, catalogues, compiled, read

PACKAGE = LOCALE.parent
ENOUGH = 0.8  # of the sentences, for a language that is offered


@pytest.fixture(autouse=True)
def english():
    """Whatever a test does, the next one begins in English."""
    yield
    language.use("")


def said() -> set[str]:
    """Every sentence that the program says through `say`."""
    found = {*sentences._SENTENCES.values(), *sentences._ENDINGS.values()}
    found |= {*step.TASKS.values(), *step.MARKS.values(), *verdict.WAYS.values()}
    found |= {*verdict.COMPARED.values()}
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(node, "func", None)
            if isinstance(name, ast.Name) and name.id == "say":
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant):
                    found.add(first.value)
    return found - {""}


@pytest.mark.parametrize("file", catalogues(), ids=lambda file: file.parts[-3])
def test_the_compiled_catalogue_is_the_written_one(file: Path):
    """`python tests/language/catalogue.py` was run after the last change."""
    assert file.with_suffix(".mo").read_bytes() == compiled(read(file))


@pytest.mark.parametrize("file", catalogues(), ids=lambda file: file.parts[-3])
def test_a_language_that_is_offered_is_spoken(file: Path):
    """Most sentences are translated; the rest is said in English."""
    texts = read(file)
    sentences_said = said()

    assert len(sentences_said & texts.keys()) >= ENOUGH * len(sentences_said), sorted(
        sentences_said - texts.keys()
    )


@pytest.mark.parametrize("file", catalogues(), ids=lambda file: file.parts[-3])
def test_translations_have_the_same_blanks(file: Path):
    """A name in braces that is missing or misspelt would end in an error."""

    def blanks(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for original, translation in read(file).items():
        if original:
            assert blanks(translation) == blanks(original), original


def test_chinese():
    """Sentences with their values; what is not translated stays English."""
    language.use("zh")

    assert language.current() == "zh"
    assert language.say("Hint {number} of {count}", number=1, count=2) == "提示 1/2"
    assert (
        language.say("Nobody translated {this}.", this="me") == "Nobody translated me."
    )


def test_verdicts_in_chinese():
    """The judge's sentences are in the catalogue."""
    language.use("zh")
    unready = sentences.of_unready(judge.Unready("blank", 3))

    assert unready == "第 3 行有空白没有填。"


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, ""),
        ({"LANG": "C"}, ""),
        ({"LANG": "en_US.UTF-8"}, ""),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "en_US", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN", "LANGUAGE": "xx:zh"}, "zh"),
        ({"LANG": "zh_CN", "LC_ALL": "C"}, ""),
        ({"LANG": "../../etc"}, ""),
    ],
)
def test_the_environment_is_asked_in_the_usual_order(environment, wanted: str):
    """LANGUAGE, LC_ALL, LC_MESSAGES, LANG."""
    assert language.preferred(environment) == wanted


@pytest.mark.parametrize("wish", ["zh", "zh-Hans", "zh_CN.UTF-8", "zh@x"])
def test_wishes_are_understood(wish: str):
    """However they are written."""
    assert language.known(wish) == "zh"
    assert language.known("xx") == ""
