"""Maps of names: from a file, from patterns or from guesses; and what one would do.

A map says, for tensors of a checkpoint, what they should be called. ``plan`` makes of
it the whole list of names, or says why it cannot be carried out. ``compare.py`` comes
before, ``rewrite.py`` after.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import msgspec

from scopetutor.errors import FileFormatError, UsageError

from .compare import Comparison
from .contents import regex
from .renames import Rename

MOST_LINES = 24
"""Names that a Saver in code spells out."""

_LINE = re.compile(r"\s*(\S.*?)\s*(?:\t|->)\s*(\S.*?)\s*")


def read_map(path: Path) -> dict[str, str]:
    """A map from a file: a JSON object, or lines ``old -> new`` (or a tab between).

    Raises:
        FileFormatError: there is no such file, or it is no such map.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise FileFormatError(
            f"the map cannot be read: {reason}", path=path, hint="scopetutor ckpt diff"
        ) from error
    found = _object(text, path) if text.lstrip().startswith("{") else _lines(text, path)
    if not found:
        raise FileFormatError(
            "the map is empty", path=path, hint='lines like "old -> new", or JSON'
        )
    return found


def _object(text: str, path: Path) -> dict[str, str]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise FileFormatError(
            f"line {error.lineno} is no JSON: {error.msg}",
            path=path,
            hint='an object like {"old": "new"}',
        ) from error
    # What `ckpt diff --json` prints is a map, too.
    renames = found.get("renames")
    if isinstance(renames, list):
        found = {
            one.get("old"): one.get("new") for one in renames if isinstance(one, dict)
        }
    wrong = [key for key, value in found.items() if not isinstance(value, str)]
    if wrong:
        raise FileFormatError(
            f"the new name of {wrong[0]!r} is no text",
            path=path,
            hint='an object like {"old": "new"}',
        )
    return dict(found)


def _lines(text: str, path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None or match[1] in found:
            problem = "names a tensor twice" if match else 'has no "->" or tab'
            raise FileFormatError(
                f"line {number} of the map {problem}",
                path=path,
                hint='lines like "old -> new"',
            )
        found[match[1]] = match[2]
    return found


class Substitution(msgspec.Struct, frozen=True):
    r"""Every name changed by a pattern, as ``s/^model\///``.

    Attributes:
        pattern: a regular expression.
        replacement: may have ``\1`` for what a group found.
    """

    pattern: str
    replacement: str

    @classmethod
    def parse(cls, text: str) -> Substitution:
        """Read sed's spelling; any character may stand for the slash.

        Raises:
            UsageError: it is not that, or the pattern is no regular expression.
        """
        mark = text[1:2]
        pieces = re.split(rf"(?<!\\){re.escape(mark)}", text[2:]) if mark else []
        if text[:1] != "s" or mark.isalnum() or len(pieces) != 3 or pieces[2]:
            raise UsageError(
                f"{text!r} is no substitution",
                hint="s/PATTERN/REPLACEMENT/ or s|PATTERN|REPLACEMENT|",
            )
        before, after = (piece.replace(f"\\{mark}", mark) for piece in pieces[:2])
        compiled = regex(before)
        try:
            compiled.sub(after, "")
            re.sub(f"(?:{before})|", after, "")
        except (re.error, IndexError) as error:
            raise UsageError(
                f"{after!r} is no replacement for {before!r}: {error}",
                hint=r"\1 is what the first pair of brackets found",
            ) from error
        return cls(before, after)

    def __call__(self, name: str) -> str:
        """The name after it."""
        return re.sub(self.pattern, self.replacement, name)


class Plan(msgspec.Struct, frozen=True):
    """What a renaming would do; what ``ckpt rename --dry-run --json`` prints.

    Attributes:
        names: old name -> new name, of every tensor, in the order of the old ones.
    """

    names: dict[str, str]

    @property
    def changed(self) -> dict[str, str]:
        """Only those that get another name."""
        return {old: new for old, new in self.names.items() if old != new}


def plan(
    names: Sequence[str],
    mapped: Mapping[str, str],
    substitutions: Iterable[Substitution] = (),
) -> Plan:
    """Work out the new name of every tensor: first the map, then the patterns.

    Raises:
        UsageError: the map names a tensor that is not there, two tensors would have
            one name, a name would be empty, or nothing would change.
    """
    unknown = [name for name in mapped if name not in set(names)]
    if unknown:
        near = get_close_matches(unknown[0], names[:5000], n=1)
        more = f" (and {len(unknown) - 1} more of the map)" if len(unknown) > 1 else ""
        raise UsageError(
            f"the checkpoint has no tensor {unknown[0]}{more}",
            hint=f"did you mean {near[0]}?" if near else "scopetutor ckpt ls PATH",
        )
    substitutions = tuple(substitutions)
    found = {}
    for name in names:
        new = mapped.get(name, name)
        for substitution in substitutions:
            new = substitution(new)
        found[name] = new
    _check(found)
    return Plan(found)


def _check(names: Mapping[str, str]) -> None:
    """Refuse a plan that cannot be carried out, or does nothing."""
    times = Counter(names.values())
    for new, count in times.items():
        if count > 1:
            both = [old for old, name in names.items() if name == new]
            raise UsageError(
                f"{both[0]} and {both[1]} would both be called {new}",
                hint="rename the second one, too, or strip it first",
            )
        if not new or new.startswith("\0"):
            old = next(old for old, name in names.items() if name == new)
            raise UsageError(f"{old} would have no name", hint="a narrower pattern")
    if all(old == new for old, new in names.items()):
        raise UsageError(
            "no tensor would get another name",
            hint="scopetutor ckpt ls PATH, to see the names there are",
        )


def write_map(path: Path, mapped: Mapping[str, str]) -> None:
    """Write a map in the form people edit: lines ``old -> new``.

    Raises:
        FileFormatError: it cannot be written.
    """
    lines = "".join(f"{old} -> {new}\n" for old, new in mapped.items())
    try:
        path.write_text(f"# in the file -> wanted\n{lines}", encoding="utf-8")
    except OSError as error:
        raise FileFormatError(
            f"the map cannot be written: {error.strerror}",
            path=path,
            hint="another folder",
        ) from error


def as_map(renames: Iterable[Rename], *, least: float = 0.0) -> dict[str, str]:
    """The guesses that are sure enough, as a map."""
    return {one.old: one.new for one in renames if one.confidence >= least}


def saver_code(seen: Comparison) -> str:
    """Python that makes a Saver which restores what can be restored.

    Args:
        seen: variables beside a file's tensors.

    Returns:
        the code; "" where a renamed file is the simpler way: a Saver's dict of
        partitioned variables needs lists of their parts.
    """
    if seen.partitioned or len(seen.renames) > MOST_LINES:
        return ""
    one_head = _common_head(seen.renames)
    if one_head is not None and seen.mends and not seen.same:
        old, new = one_head
        key = f'v.op.name[len("{new}"):]' if new else "v.op.name"
        key = f'"{old}" + {key}' if old else key
        return (
            "saver = tf.train.Saver({\n"
            f"    {key}: v for v in tf.global_variables()\n"
            "})"
        )
    lines = ["by_name = {v.op.name: v for v in tf.global_variables()}"]
    if seen.same:
        path = _quoted(seen.held)
        lines.append(f"held = {{name for name, _ in tf.train.list_variables({path})}}")
    unfit = [pair.held.name for pair in (*seen.shapes, *seen.dtypes)]
    if unfit and seen.same:
        lines.append(f"held -= {{{', '.join(map(_quoted, unfit))}}}")
    lines.append("saver = tf.train.Saver({")
    if seen.same:
        lines.append("    **{name: by_name[name] for name in held & by_name.keys()},")
    lines += [
        f"    {_quoted(one.old)}: by_name[{_quoted(one.new)}]," for one in seen.renames
    ]
    lines.append("})")
    if not seen.mends:
        lines.append("# run tf.global_variables_initializer() first: it sets the rest")
    return "\n".join(lines)


def _common_head(renames: Sequence[Rename]) -> tuple[str, str] | None:
    """(before, after) if all guesses only change one beginning, at a slash."""
    found: set[tuple[str, str]] = set()
    for one in renames:
        old, new = one.old.split("/"), one.new.split("/")
        while old and new and old[-1] == new[-1]:
            old.pop()
            new.pop()
        found.add(tuple("".join(f"{part}/" for part in x) for x in (old, new)))  # type: ignore[arg-type]
    return found.pop() if len(found) == 1 else None


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)
