"""The names of TensorFlow that a program uses, read from its text.

`absent` asks which of them scopetutor does not have. Nothing is run: names are followed
through imports and plain assignments (`slim = tf.contrib.slim`), as far as these go.
"""

from __future__ import annotations

import ast
import re

_ROOTS = ("tensorflow.compat.v1", "tensorflow_core", "tensorflow")
_PRIVATE = "tensorflow.python"


def used(tree: ast.Module) -> dict[str, list[int]]:
    """Every name with the lines that use it, such as "tf.nn.relu": [3, 8].

    A name of `tensorflow.python` keeps that spelling.
    """
    reader = _Reader()
    reader.read(tree)
    return {name: sorted(lines) for name, lines in reader.found.items()}


_IMPORT = re.compile(r"^[ \t]*((?:from|import)[ \t]+tensorflow\b[^\n]*)", re.MULTILINE)
_ALIAS = re.compile(r"^[ \t]*(\w+)[ \t]*=[ \t]*(\w+(?:\.\w+)+)[ \t]*$", re.MULTILINE)


def mentioned(text: str) -> set[str] | None:
    """The names that a text may use, found much faster than by `used`.

    Comments and strings count as well. None: the text has to be read in earnest.
    """
    reader = _Reader()
    for line in _IMPORT.findall(text):
        try:
            reader.read(ast.parse(line.strip()))
        except SyntaxError:  # it goes on in the next line
            return None
    known = reader.stands_for
    for name, meant in _ALIAS.findall(text):
        first, _, rest = meant.partition(".")
        if first in known:
            known[name] = f"{known[first]}.{rest}"
    if not known:
        return set()
    roots = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    chain = re.compile(rf"(?<![\w.])({roots})((?:\.\w+)+)")
    found = {_shortened(known[root] + rest) for root, rest in set(chain.findall(text))}
    return found | {name for name in known.values() if name != "tf"}


class _Reader:
    """Goes through a program, first what is outside, then what is inside."""

    def __init__(self) -> None:
        self.found: dict[str, dict[int, None]] = {}
        self.stands_for: dict[str, str] = {}

    def read(self, tree: ast.Module) -> None:
        """Notes all that is used."""
        inner: set[ast.expr] = set()  # parts of longer names
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                if node not in inner:
                    self._read_attribute(node, inner)
            elif isinstance(node, ast.Name):
                if node not in inner:
                    self._read_name(node)
            elif isinstance(node, ast.Assign):
                self._read_assignment(node)
            elif isinstance(node, ast.Import):
                self._read_import(node)
            elif isinstance(node, ast.ImportFrom):
                self._read_import_from(node)

    def _note(self, name: str, line: int) -> None:
        if name != "tf":
            self.found.setdefault(name, {})[line] = None

    def _read_import(self, node: ast.Import) -> None:
        for item in node.names:
            name = _public(item.name)
            if name is None:
                continue
            if item.asname:
                self.stands_for[item.asname] = name
            else:
                self.stands_for[item.name.partition(".")[0]] = "tf"
            self._note(name, node.lineno)

    def _read_import_from(self, node: ast.ImportFrom) -> None:
        if node.level or _public(node.module or "") is None:
            return
        for item in node.names:
            if item.name != "*":
                name = _public(f"{node.module}.{item.name}") or ""
                self.stands_for[item.asname or item.name] = name
                self._note(name, node.lineno)

    def _read_assignment(self, node: ast.Assign) -> None:
        name = self._name(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                if name is not None:
                    self.stands_for[target.id] = name
                else:
                    self.stands_for.pop(target.id, None)

    def _read_attribute(self, node: ast.Attribute, inner: set[ast.expr]) -> None:
        name = self._name(node)
        if name is not None:
            self._note(name, node.lineno)
            part: ast.expr = node
            while isinstance(part, ast.Attribute):
                part = part.value
                inner.add(part)

    def _read_name(self, node: ast.Name) -> None:
        name = self.stands_for.get(node.id)
        if name is not None and isinstance(node.ctx, ast.Load):
            self._note(name, node.lineno)

    def _name(self, node: ast.expr) -> str | None:
        """The name that an expression spells, if it is one of TensorFlow's."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.stands_for:
            return None
        root = self.stands_for[node.id]
        return _shortened(".".join([root, *reversed(parts)]))


def _public(module: str) -> str | None:
    """A module's name as people write it, with "tf"; None if it is another's."""
    if module == _PRIVATE or module.startswith(f"{_PRIVATE}."):
        return module
    for root in _ROOTS:
        if module == root:
            return "tf"
        if module.startswith(f"{root}."):
            return f"tf.{module[len(root) + 1 :]}"
    return None


def _shortened(name: str) -> str:
    """The name without a detour through `tf.compat.v1`."""
    return (
        "tf" + name[len("tf.compat.v1") :] if name.startswith("tf.compat.v1") else name
    )
