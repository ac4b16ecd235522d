"""The names of TensorFlow that a program uses, read from its text.

`absent` asks which of them scopetutor does not have. Nothing is run: names are followed
through imports and plain assignments (`slim = tf.contrib.slim`), as far as these go.
"""

from __future__ import annotations

import ast

_ROOTS = ("tensorflow.compat.v1", "tensorflow_core", "tensorflow")
_PRIVATE = "tensorflow.python"


def used(tree: ast.Module) -> dict[str, list[int]]:
    """Every name with the lines that use it, such as "tf.nn.relu": [3, 8].

    A name of `tensorflow.python` keeps that spelling.
    """
    reader = _Reader()
    for statement in tree.body:
        reader.visit(statement)
    return reader.found


class _Reader(ast.NodeVisitor):
    """Goes through a program in the order of its lines."""

    def __init__(self) -> None:
        self.found: dict[str, list[int]] = {}
        self._stands_for: dict[str, str] = {}

    def _note(self, name: str, line: int) -> None:
        lines = self.found.setdefault(name, [])
        if line not in lines:
            lines.append(line)

    def visit_Import(self, node: ast.Import) -> None:
        for item in node.names:
            name = _public(item.name)
            if name is None:
                continue
            if item.asname:
                self._stands_for[item.asname] = name
            else:
                self._stands_for[item.name.partition(".")[0]] = "tf"
            if name != "tf":
                self._note(name, node.lineno)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = _public(node.module or "") if not node.level else None
        if base is None:
            return
        for item in node.names:
            if item.name == "*":
                continue
            name = _public(f"{node.module}.{item.name}") or base
            self._stands_for[item.asname or item.name] = name
            if name != "tf":
                self._note(name, node.lineno)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        name = self._name(node.value)
        for target in node.targets:
            if isinstance(target, ast.Name):
                if name is not None:
                    self._stands_for[target.id] = name
                else:
                    self._stands_for.pop(target.id, None)
            else:
                self.visit(target)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        name = self._name(node)
        if name is None:
            self.visit(node.value)
        elif name != "tf":
            self._note(name, node.lineno)

    def visit_Name(self, node: ast.Name) -> None:
        name = self._stands_for.get(node.id)
        if name is not None and name != "tf" and isinstance(node.ctx, ast.Load):
            self._note(name, node.lineno)

    def _name(self, node: ast.expr) -> str | None:
        """The name that an expression spells, if it is one of TensorFlow's."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self._stands_for:
            return None
        root = self._stands_for[node.id]
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
