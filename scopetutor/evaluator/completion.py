"""What could be typed at a place: names, attributes, arguments, keys, scopes, modules.

The text around the place is cut into tokens, not parsed, since it is unfinished. What
stands before a dot is looked up; nothing of the learner's is run and nothing called.

`workspace.server` asks for `repl.completer`; `lookup` says what stands before a dot.
"""

from __future__ import annotations

import difflib
import inspect
import keyword
import os
import re
import sys
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.scopes import VariableScope
from scopetutor.engine.variables import Variable
from scopetutor.tf import missing

from . import lookup
from .outcome import Candidates, Completion
from .provenance import current_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MOST = 500
# What programs use most of `tf`; the menu begins with it.
USUAL = (
    *("Variable", "variable_scope", "get_variable", "placeholder", "constant"),
    *("Session", "float32", "int32", "global_variables_initializer", "name_scope"),
    *("reduce_mean", "reduce_sum", "matmul", "reshape", "square", "cast", "concat"),
    *("AUTO_REUSE", "Graph", "reset_default_graph", "get_variable_scope"),
    *("trainable_variables", "global_variables", "zeros_initializer", "zeros"),
    *("ones_initializer", "constant_initializer", "assign", "train", "nn", "layers"),
)
_LANGUAGE = "scopetutor.tf"  # as a module is called that programs know as `tf`
_PATH = r"[A-Za-z_]\w*(?:\[(?:\d+|'[^']*'|\"[^\"]*\")\]|\.[A-Za-z_]\w*)*"
_DOTTED = re.compile(rf"({_PATH})\.(\w*)$")
_WORD = re.compile(r"[A-Za-z_]\w*$|$")
_CALLED = re.compile(rf"({_PATH})$")
_FROM = re.compile(r"^\s*from\s+([\w.]+)\s+import\s+(?:\(?[\w\s,]*,)?\s*(\w*)$")
_IMPORT = re.compile(r"^\s*(?:import|from)\s+(?:[\w. ]+,\s*)?([\w.]*)$")
_KEY = re.compile(rf"({_PATH})\[$")
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (ModuleType, "module"),
    (type, "class"),
    (Variable, "variable"),
    (Tensor, "tensor"),
    (Operation, "operation"),
    (VariableScope, "scope"),
    ((FunctionType, BuiltinFunctionType, MethodType), "function"),
)


def complete(text: str, cursor: int, names: Mapping[str, Any]) -> Candidates:
    """What could be typed at a place of a text.

    Args:
        text: of the entry.
        cursor: characters before the place.
        names: the learner's.
    """
    place = _Place.at(text[:cursor])
    if place.is_comment:
        return Candidates()
    called, argument = _call(place, names)
    signature = lookup.signature(called) if called is not None else ""
    if place.string is not None:
        items = _in_string(place, names, called)
    else:
        items = _in_code(place, names, called)
    return Candidates(tuple(items[:MOST]), signature, argument)


# -- where the place is ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Bracket:
    """A bracket that is open: where, and what was typed inside it so far."""

    kind: str
    start: int
    commas: int


@dataclass(frozen=True, slots=True)
class _Place:
    """What surrounds the place.

    Attributes:
        code: everything before it.
        string: where the string it is in begins, inside the quotes; None if in none.
        quote: the string's opening quotes.
        is_comment: whether it is in a comment.
        brackets: the open ones, innermost last.
    """

    code: str
    string: int | None
    quote: str
    is_comment: bool
    brackets: tuple[_Bracket, ...]

    @classmethod
    def at(cls, code: str) -> _Place:
        """Goes through the code up to the place."""
        brackets: list[_Bracket] = []
        index = 0
        while index < len(code):
            character = code[index]
            if character == "#":
                end = code.find("\n", index)
                if end < 0:
                    return cls(code, None, "", True, tuple(brackets))
                index = end
            elif character in "'\"":
                quote = code[index : index + 3]
                quote = quote if quote in ("'''", '"""') else character
                end = _end_of_string(code, index + len(quote), quote)
                if end < 0:
                    start = index + len(quote)
                    return cls(code, start, quote, False, tuple(brackets))
                index = end
                continue
            elif character in "([{":
                brackets.append(_Bracket(character, index, 0))
            elif character in ")]}" and brackets:
                brackets.pop()
            elif character == "," and brackets:
                last = brackets[-1]
                brackets[-1] = _Bracket(last.kind, last.start, last.commas + 1)
            index += 1
        return cls(code, None, "", False, tuple(brackets))


def _end_of_string(code: str, start: int, quote: str) -> int:
    """Where a string that begins at `start` is over; -1 if the place is in it."""
    index = start
    while index < len(code):
        if code[index] == "\\":
            index += 2
        elif code.startswith(quote, index):
            return index + len(quote)
        elif code[index] == "\n" and len(quote) == 1:
            return index
        else:
            index += 1
    return -1


def _call(place: _Place, names: Mapping[str, Any]) -> tuple[Any, int]:
    """What is called around the place, if it can be looked up, and which argument."""
    for bracket in reversed(place.brackets):
        if bracket.kind != "(":
            continue
        found = _CALLED.search(place.code[: bracket.start])
        if found is None or keyword.iskeyword(found[1]):
            return None, 0
        try:
            return lookup.find(found[1], names), bracket.commas
        except lookup.UnknownError:
            return None, 0
    return None, 0


# -- in code -----------------------------------------------------------------------


def _in_code(place: _Place, names: Mapping[str, Any], called: Any) -> list[Completion]:
    line = place.code.rpartition("\n")[2]
    from_module = _FROM.match(line)
    if from_module:
        return _from_module(from_module[1], from_module[2])
    imported = _IMPORT.match(line)
    if imported:
        return _modules(imported[1])
    dotted = _DOTTED.search(place.code)
    if dotted:
        return _attributes(dotted[1], dotted[2], names)
    if re.search(r"[\w.)\]]\.\w*$", place.code):
        return []  # an attribute of something that cannot be looked up
    word = _WORD.search(place.code)
    assert word is not None
    if place.code[: word.start()].rstrip()[-1:].isdigit():
        return []
    return _names(word[0], names, called)


def _names(start: str, names: Mapping[str, Any], called: Any) -> list[Completion]:
    builtins = names.get("__builtins__")
    held = vars(builtins) if isinstance(builtins, ModuleType) else {}
    own = {
        name: value
        for name, value in names.items()
        if type(name) is str and not name.startswith("__")
    }
    items = [
        Completion(f"{name}=", len(start), "argument")
        for name in _parameters(called)
        if name.startswith(start)
    ]
    items += [_completion(name, own[name], start) for name in _matching(own, start)]
    if not start:
        return items
    items += [
        Completion(name, len(start), "keyword")
        for name in _matching(keyword.kwlist, start)
    ]
    others = {name: value for name, value in held.items() if name not in own}
    return items + [
        _completion(name, others[name], start) for name in _matching(others, start)
    ]


def _parameters(called: Any) -> list[str]:
    known = lookup.parameters(called)
    if known is None:
        return []
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [one.name for one in known.parameters.values() if one.kind in named]


def _attributes(owner: str, start: str, names: Mapping[str, Any]) -> list[Completion]:
    try:
        thing = lookup.find(owner, names)
    except lookup.UnknownError:
        return []
    known = lookup.attributes(thing)
    if not start.startswith("_"):
        known = [name for name in known if not name.startswith("_")]
    found = _matching(known, start)
    if lookup.name_of(thing) == _LANGUAGE:
        usual = [name for name in USUAL if name in found]
        found = list(dict.fromkeys([*usual, *found]))
    return [_attribute(thing, name, start) for name in found]


def _attribute(thing: Any, name: str, start: str) -> Completion:
    """A completion for an attribute; of `tf` nothing is loaded for it."""
    if issubclass(type(thing), ModuleType) and name not in vars(thing):
        return _listed(thing, name, start)
    if not issubclass(type(thing), (ModuleType, type)):
        # A property could be slow, so it is looked at where it is stored.
        static = inspect.getattr_static(thing, name, None)
        if isinstance(static, property):
            doc = _first_line(static.__doc__)
            return Completion(name, len(start), "name", doc)
    try:
        return _completion(name, lookup.attribute(thing, name), start)
    except lookup.UnknownError:
        return Completion(name, len(start))


def _listed(module: ModuleType, name: str, start: str) -> Completion:
    """A completion for a name of the language that was not used so far."""
    public = module.__name__.replace("scopetutor.tf", "tf", 1)
    kind, _, rest = missing.symbols().get(f"{public}.{name}", "").partition(" ")
    kind = kind if kind in ("function", "class", "module") else "name"
    return Completion(name, len(start), kind, signature=rest)


def _completion(name: str, value: Any, start: str) -> Completion:
    doc = _first_line(lookup.documentation(value))
    return Completion(name, len(start), _kind(value), doc)


def _kind(value: Any) -> str:
    for types, kind in _KINDS:
        if issubclass(type(value), types):
            return kind
    return "function" if callable(value) else "name"


def _first_line(doc: str | None) -> str:
    return (doc or "").strip().partition("\n")[0]


# -- in strings --------------------------------------------------------------------


def _in_string(
    place: _Place, names: Mapping[str, Any], called: Any
) -> list[Completion]:
    assert place.string is not None
    start = place.code[place.string :]
    before = place.code[: place.string - len(place.quote)]
    key = _KEY.search(before)
    if key:
        return _keys(key[1], start, names)
    source = _NAMED_THINGS.get(lookup.name_of(called))
    if source is None:
        return []
    kind, listed = source
    return [
        Completion(name, len(start), kind)
        for name in _matching(dict.fromkeys(listed()), start)
    ]


def _keys(owner: str, start: str, names: Mapping[str, Any]) -> list[Completion]:
    """The keys of a dictionary that are text."""
    try:
        thing = lookup.find(owner, names)
    except lookup.UnknownError:
        return []
    if type(thing) is not dict:
        return []
    keys = [key for key in thing if type(key) is str]
    return [Completion(key, len(start), "key") for key in _matching(keys, start)]


def _scopes() -> Iterable[str]:
    """The variable scopes below the current one, by the names that lead to them."""
    graph = current_graph()
    record = None if graph is None else graph.__dict__.get("_record")
    if record is None:
        return []
    return _below(_current_scope(graph), record.scopes)


def _variable_keys() -> Iterable[str]:
    """The names by which `get_variable` would find a variable here."""
    graph = current_graph()
    stores = None if graph is None else graph._collections.get(("__variable_store",))
    return _below(_current_scope(graph), stores[0]._vars) if stores else []


def _current_scope(graph: Any) -> str:
    scopes = graph._collections.get(("__varscope",))
    return str(scopes[0].current_scope.name) if scopes else ""


def _below(scope: str, names: Iterable[str]) -> Iterable[str]:
    prefix = f"{scope}/" if scope else ""
    return [
        name[len(prefix) :]
        for name in names
        if name.startswith(prefix) and name != scope
    ]


def _operations() -> Iterable[str]:
    graph = current_graph()
    return [] if graph is None else list(graph._operations)


def _tensors() -> Iterable[str]:
    graph = current_graph()
    if graph is None:
        return []
    return [f"{name}:0" for name, op in graph._operations.items() if op._outputs]


def _collections() -> Iterable[str]:
    graph = current_graph()
    return [] if graph is None else graph.get_all_collection_keys()


# What a string means to the function it is given to.
_NAMED_THINGS: dict[str, tuple[str, Callable[[], Iterable[str]]]] = {
    "variable_scope": ("scope", _scopes),
    "get_variable": ("variable", _variable_keys),
    "get_tensor_by_name": ("tensor", _tensors),
    "get_operation_by_name": ("operation", _operations),
    "get_collection": ("name", _collections),
    "get_collection_ref": ("name", _collections),
}


# -- modules -----------------------------------------------------------------------


def _from_module(module: str, start: str) -> list[Completion]:
    found = _language(module) or sys.modules.get(module)
    if found is None:
        return []
    known = [name for name in lookup.attributes(found) if not name.startswith("_")]
    return [_attribute(found, name, start) for name in _matching(known, start)]


def _modules(start: str) -> list[Completion]:
    """Modules that can be imported: TensorFlow's, loaded ones, the learner's."""
    owner, _, last = start.rpartition(".")
    if owner:
        found = _language(owner) or sys.modules.get(owner)
        names = [] if found is None else _submodules(owner, found)
    else:
        names = ["tensorflow", *_top_modules()]
    return [
        Completion(name, len(last), "module")
        for name in _matching(dict.fromkeys(names), last)
    ]


def _language(name: str) -> ModuleType | None:
    found = sys.modules.get(name)
    if found is None and name.partition(".")[0] == "tensorflow":
        inside = name.replace("tensorflow", "scopetutor.tf", 1)
        found = sys.modules.get(inside)
    return found


def _submodules(owner: str, module: ModuleType) -> list[str]:
    prefix = f"{owner}."
    loaded = [
        name[len(prefix) :].partition(".")[0]
        for name in list(sys.modules)
        if name.startswith(prefix)
    ]
    public = module.__name__.replace("scopetutor.tf", "tf", 1)
    listed = [
        name.rpartition(".")[2]
        for name, rest in missing.symbols().items()
        if rest.startswith("module") and name.rpartition(".")[0] == public
    ]
    return [*loaded, *listed]


def _top_modules() -> list[str]:
    found = [name for name in sys.stdlib_module_names if not name.startswith("_")]
    found += [name for name in sys.modules if "." not in name and name[:1] != "_"]
    for folder in sys.path[-1:]:  # the learner's
        if os.path.isdir(folder):
            found += [
                name.removesuffix(".py")
                for name in os.listdir(folder)
                if name.endswith(".py") and name[:-3].isidentifier()
            ]
    return sorted(found)


# -- which fit ---------------------------------------------------------------------


def _matching(names: Iterable[str], start: str) -> list[str]:
    """The names that begin so; else those that contain it, or nearly begin so."""
    known = list(names)
    low = start.lower()
    found = [name for name in known if name.lower().startswith(low)]
    if found or len(start) < 2:
        return sorted(found, key=lambda name: (not name.startswith(start), name))
    inside = [name for name in known if low in name.lower()]
    return sorted(inside) or difflib.get_close_matches(start, known, 5, 0.7)
