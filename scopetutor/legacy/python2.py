"""Python 2 in old scripts: what of it there is, what to write instead, and rewriting.

`script` asks when a file is not Python 3, `host` when a program fails on a name that
was Python 2's. Rewriting is the business of fissix, which goes on with Python's own
2to3; it is an optional package.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import re
import sys
import tokenize
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from scopetutor.errors import ScriptError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_LINES = 3
"""Lines that are named of each thing."""


class Idiom(NamedTuple):
    """A way of writing that Python 3 does not read.

    Attributes:
        called: what it is, for people.
        instead: how Python 3 has it.
        pattern: of a line with it.
    """

    called: str
    instead: str
    pattern: re.Pattern[str]


def _idiom(called: str, instead: str, pattern: str) -> Idiom:
    return Idiom(called, instead, re.compile(pattern))


IDIOMS = (
    _idiom("print without brackets", "print(…)", r"(^|[;:])\s*print\s+[^(\s=>]"),
    _idiom("print >>", "print(…, file=…)", r"(^|[;:])\s*print\s*>>"),
    _idiom("except X, e", "except X as e", r"^\s*except\s+[^:]+,\s*\w+\s*:"),
    _idiom("raise X, text", "raise X(text)", r"^\s*raise\s+[\w.]+\s*,"),
    _idiom("exec without brackets", "exec(…)", r"^\s*exec\s+[^(\s=]"),
    _idiom("<>", "!=", r"<>"),
    _idiom("`…`", "repr(…)", r"`[^`]+`"),
    _idiom("whole numbers like 1L", "1", r"\b\d+[lL]\b"),
    _idiom("octal numbers like 0777", "0o777", r"(?<![\w.])0[0-7]+(?![\w.])"),
    _idiom("ur'…'", "r'…'", r"\b[uU][rR]['\"]"),
    _idiom(
        "arguments in brackets of their own", "one name, taken apart inside",
        r"^\s*def\s+\w+\((?:[^()]*,)?\s*\(|\blambda\s*\(",
    ),
)  # fmt: skip

NAMES = {
    "xrange": "range", "unicode": "str", "basestring": "str", "raw_input": "input",
    "long": "int", "unichr": "chr", "reduce": "functools.reduce", "file": "open",
    "execfile": "exec(open(…).read())", "cmp": "(a > b) - (a < b)",
    "reload": "importlib.reload", "intern": "sys.intern", "apply": "f(*args)",
    "buffer": "memoryview", "coerce": "nothing",
}  # fmt: skip
ATTRIBUTES = {
    "iteritems": "items", "itervalues": "values", "iterkeys": "keys",
    "viewitems": "items", "has_key": "key in …", "izip": "zip", "imap": "map",
    "ifilter": "filter", "izip_longest": "zip_longest", "maxint": "maxsize",
    "letters": "ascii_letters", "lowercase": "ascii_lowercase", "getcwdu": "getcwd",
    "uppercase": "ascii_uppercase", "maketrans": "str.maketrans", "next": "next(…)",
    "urlopen": "urllib.request.urlopen", "urlretrieve": "urllib.request.urlretrieve",
    "urlencode": "urllib.parse.urlencode", "quote": "urllib.parse.quote",
}  # fmt: skip
MODULES = {
    "cPickle": "pickle", "StringIO": "io", "cStringIO": "io", "Queue": "queue",
    "urllib2": "urllib.request", "urlparse": "urllib.parse", "httplib": "http.client",
    "ConfigParser": "configparser", "commands": "subprocess", "Tkinter": "tkinter",
    "HTMLParser": "html.parser", "__builtin__": "builtins", "thread": "_thread",
    "cookielib": "http.cookiejar", "SocketServer": "socketserver", "sets": "set",
    "BaseHTTPServer": "http.server", "md5": "hashlib", "copy_reg": "copyreg",
    "anydbm": "dbm", "xmlrpclib": "xmlrpc.client", "exceptions": "builtins",
}  # fmt: skip


# -- what keeps a file from being read ---------------------------------------------


def found(text: str) -> list[tuple[Idiom, list[int]]]:
    """The idioms of Python 2 in a text, each with its lines, the first one first."""
    lines: dict[Idiom, list[int]] = {}
    for number, line in enumerate(_without_strings(text), 1):
        for idiom in IDIOMS:
            if idiom.pattern.search(line):
                lines.setdefault(idiom, []).append(number)
    return sorted(lines.items(), key=lambda item: item[1][0])


def refusal(error: SyntaxError, text: str, path: str) -> ScriptError:
    """What is said of a file that is not Python 3."""
    place = f"{path}:{error.lineno}" if error.lineno else path
    if isinstance(error, TabError):
        return ScriptError(
            "tabs and spaces are mixed, which Python 2 allowed",
            place=place,
            hint="--py2, or an editor that turns tabs into spaces",
        )
    idioms = found(text)
    if not idioms:
        line = (error.text or "").strip()
        said = f"{error.msg}: {line}" if line else str(error.msg)
        return ScriptError(said, place=place)
    told = ", ".join(f"{idiom.called} ({_listed(at)})" for idiom, at in idioms)
    fixes = ", ".join(f"{idiom.called} is {idiom.instead}" for idiom, _ in idioms)
    return ScriptError(
        f"this is Python 2: {told}", place=place, hint=f"--py2 ({fixes})"
    )


def _listed(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:MOST_LINES]))
    more = len(lines) - MOST_LINES
    word = "line" if len(lines) == 1 else "lines"
    return f"{word} {shown} and {more} more" if more > 0 else f"{word} {shown}"


def _without_strings(text: str) -> Iterator[str]:
    """The lines without their comments, and with strings emptied."""
    lines = text.splitlines()
    kept = [list(line) for line in lines]
    for kind, start, end in _tokens(lines):
        if kind not in (tokenize.STRING, tokenize.COMMENT):
            continue
        for row in range(start[0], end[0] + 1):
            first = start[1] + 1 if row == start[0] else 0
            last = end[1] - 1 if row == end[0] else len(kept[row - 1])
            for column in range(first, last):
                kept[row - 1][column] = " "
    return ("".join(line) for line in kept)


def _tokens(
    lines: Sequence[str],
) -> Iterator[tuple[int, tuple[int, int], tuple[int, int]]]:
    """Strings and comments with their places, as far as Python 3 can tell."""
    source = iter([f"{line}\n" for line in lines])
    try:
        for token in tokenize.generate_tokens(lambda: next(source, "")):
            yield token.type, token.start, token.end
    except (tokenize.TokenError, SyntaxError):
        return


# -- what a program fails on ---------------------------------------------------------


def hint(error: BaseException) -> str:
    """What to write for a name of Python 2 that a program failed on, or ""."""
    name = getattr(error, "name", None) or ""
    if isinstance(error, ModuleNotFoundError):
        table, what = MODULES, "module"
    elif isinstance(error, NameError):
        table, what = NAMES, "name"
    elif isinstance(error, AttributeError):
        table, what = ATTRIBUTES, "attribute"
    elif isinstance(error, SyntaxError) and found(error.text or ""):
        return "that line is Python 2; --py2 rewrites it"
    else:
        return ""
    if name not in table:
        return ""
    return f"{name} is a {what} of Python 2; Python 3 has {table[name]}; or use --py2"


# -- rewriting -----------------------------------------------------------------------

# Not these: they are a matter of taste, or make modules into packages.
_LEFT_OUT = frozenset(
    ["buffer", "future", "idioms", "import", "set_literal", "ws_comma"]
)


def rewritten(text: str, path: str) -> str:
    """A program of Python 2 as one of Python 3.

    Whole numbers divide as in Python 3 all the same: which ones are whole is not known
    before the program runs.

    Raises:
        UsageError: the package that does it is not installed.
        ScriptError: the text is not Python 2 either.
    """
    text = "".join(line.expandtabs(8) for line in text.splitlines(keepends=True))
    if not text.endswith("\n"):
        text += "\n"
    line = 0
    for print_is_a_function in (False, True):
        tool = _refactoring_tool(print_is_a_function)
        try:
            return str(tool.refactor_string(text, path))
        except Exception as error:  # its parser and its fixers have many
            line = getattr(error, "context", ("", (0, 0)))[1][0]
    raise ScriptError(
        "this is neither Python 2 nor Python 3",
        place=f"{path}:{line}" if line else path,
    )


@cache
def _refactoring_tool(print_is_a_function: bool) -> Any:
    """What rewrites; its tables take a while to load.

    Raises:
        UsageError: it is not installed.
    """
    try:
        refactor = importlib.import_module("fissix.refactor")
    except ImportError:
        raise UsageError(
            "--py2 needs the package fissix", hint="pip install 'scopetutor[py2]'"
        ) from None
    left_out = {f"fissix.fixes.fix_{name}" for name in _LEFT_OUT}
    fixers = refactor.get_fixers_from_package("fissix.fixes")
    return refactor.RefactoringTool(
        [fixer for fixer in fixers if fixer not in left_out],
        {"print_function": print_is_a_function},
    )


class Rewriting:
    """Finds the modules beside a script, and rewrites them as they are loaded.

    Args:
        folder: of the script.
    """

    def __init__(self, folder: str) -> None:
        self._finder = importlib.machinery.FileFinder(folder, (_Loader, [".py"]))

    def install(self) -> None:
        """Puts it before Python's own finders."""
        sys.meta_path.insert(0, self)

    def find_spec(
        self, name: str, path: Iterable[str] | None = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of a module beside the script, or of one in a folder there."""
        del target
        if path is None:
            return self._finder.find_spec(name)
        for folder in path:
            if folder.startswith(self._finder.path):
                below = importlib.machinery.FileFinder(folder, (_Loader, [".py"]))
                return below.find_spec(name)
        return None


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module from its rewritten source, and never from compiled code."""

    def path_stats(self, path: str) -> Any:
        raise OSError(path)

    def get_data(self, path: str) -> bytes:
        data = super().get_data(path)
        text = importlib.util.decode_source(data)
        return rewritten(text, path).encode()
