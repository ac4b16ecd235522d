"""A section of a lesson file read into a `Step`: each role of block has its method.

Called by `load` for each heading; `rules` then says what the step lacks.
"""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from typing import TYPE_CHECKING, Literal

import msgspec

from .faults import meant
from .misconceptions import misconceptions
from .model import AXES, Answer, Assertion, Axis, Check, Code, Prose, Step, Wrong
from .pieces import Fence, Heading, Piece, Quote, as_prose
from .roles import HEADING, KINDS, PLAIN_FENCES, ROLES
from .rules import check_step
from .tables import read_table

if TYPE_CHECKING:
    from .faults import Faults
    from .model import Head

SHORT_AXES: dict[str, tuple[Axis, ...]] = {
    "variables": ("names", "shapes", "dtypes", "trainable"),
}
"""Names for several axes together."""

_ATTRIBUTE = re.compile(
    r'(?P<key>[A-Za-z_]\w*)=(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]*))|(?P<word>\S+)'
)
_NESTED = re.compile(r"^(?:\s+|.*>\s*)(?:`{3,}|~{3,})\s*\w+ +(?P<role>\w+)")
_CURLY = re.compile("[\u2018\u2019\u201c\u201d\u2013\u2014]")


class Section(msgspec.Struct):
    """A step's heading, what it says, and the pieces below it."""

    heading: Heading
    title: str
    id: str
    attributes: dict[str, str]
    pieces: list[Piece]


class _Block(msgspec.Struct):
    """A fenced block whose info line has been read."""

    role: str
    language: str
    attributes: dict[str, str]
    text: str
    line: int


class _CheckTable(msgspec.Struct):
    compare: list[str] = []
    same: list[list[str]] = []
    different: list[list[str]] = []
    bound: list[str] = []
    forbid: list[str] = []
    require: list[str] = []


class _AnswerTable(msgspec.Struct):
    options: dict[str, str] = {}
    right: str | list[str] = ""
    of: str = ""


class _When(msgspec.Struct, forbid_unknown_fields=True):
    text: str | list[str]


class _WrongTable(msgspec.Struct):
    when: _When
    misconception: str = ""
    say: str = ""


def attributes_of(
    text: str, line: int, faults: Faults
) -> tuple[dict[str, str], list[str]]:
    """The key=value pairs and the other words of an info line or heading."""
    pairs: dict[str, str] = {}
    words: list[str] = []
    for found in _ATTRIBUTE.finditer(text):
        if found["word"]:
            words.append(found["word"])
        elif found["key"] in pairs:
            faults.add(line, f"{found['key']!r} twice")
        else:
            quoted = found["quoted"]
            pairs[found["key"]] = found["bare"] if quoted is None else quoted
    return pairs, words


class StepReader:
    """Reads one step: each role has the method that bears its name."""

    def __init__(self, section: Section, head: Head | None, faults: Faults) -> None:
        self.section = section
        self.head = head
        self.faults = faults
        self.parts: list[Prose | Code] = []
        self.solutions: list[Code] = []
        self.wrongs: list[Wrong] = []
        self.check = Check()
        self.asserts: list[Assertion] = []
        self.answer = Answer()
        self.hints: list[Prose] = []
        self.seen: dict[str, int] = {}

    def read(self) -> Step | None:
        """The step; None if its kind cannot be told."""
        attributes, line = self.section.attributes, self.section.heading.line
        for key in attributes:
            if key not in HEADING:
                self.faults.add(line, f"unknown attribute {key!r}", meant(key, HEADING))
        kind = attributes.get("kind", "")
        if kind not in KINDS:
            problem = f"unknown kind {kind!r}" if kind else "a step without a kind"
            self.faults.add(line, problem, meant(kind, KINDS))
            return None
        mode = attributes.get("mode") or (self.head.mode if self.head else "graph")
        if mode not in ("graph", "eager"):
            self.faults.add(line, f"unknown mode {mode!r}", "graph or eager")
            return None
        self._read_pieces(kind)
        step = Step(
            id=self.section.id,
            title=self.section.title,
            kind=kind,  # type: ignore[arg-type]  # in KINDS, as Kind is
            line=line,
            mode=mode,  # type: ignore[arg-type]  # checked above
            continues=attributes.get("continues", ""),
            parts=tuple(self.parts),
            solutions=tuple(self.solutions),
            wrongs=tuple(self.wrongs),
            check=self.check,
            asserts=tuple(self.asserts),
            answer=self.answer,
            hints=tuple(self.hints),
            sources=_listed(attributes.get("source", "")),
            concepts=_listed(attributes.get("concepts", "")) or self._concepts(),
        )
        check_step(step, self.faults)
        return msgspec.structs.replace(step, digest=digest(step))

    def _concepts(self) -> tuple[str, ...]:
        return self.head.concepts if self.head else ()

    def _read_pieces(self, kind: str) -> None:
        before: Piece | None = None
        for piece in self.section.pieces:
            if isinstance(piece, Fence) and piece.info not in PLAIN_FENCES:
                self._read_block(piece, kind)
            elif not (isinstance(piece, Quote) and self._note(before, piece.text)):
                self._prose(piece)
            before = piece

    def _prose(self, piece: Piece) -> None:
        text = as_prose(piece)
        for number, row in enumerate(text.split("\n")):
            nested = _NESTED.match(row)
            if nested and nested["role"] in ROLES and not isinstance(piece, Fence):
                self.faults.add(
                    piece.line + number,
                    f"a {nested['role']} block inside a list or a quote",
                    "begin it at the left edge",
                )
        self.parts.append(Prose(text=text, line=piece.line))

    def _note(self, before: Piece | None, text: str) -> bool:
        """Gives a quote to the block right above it, if that takes one."""
        if not isinstance(before, Fence):
            return False
        role = _role_of(before.info)
        if role == "wrong" and self.wrongs:
            if self.wrongs[-1].say:
                self.faults.add(before.line, "a wrong block with two messages")
            self.wrongs[-1] = msgspec.structs.replace(self.wrongs[-1], say=text)
        elif role == "solution" and self.solutions:
            noted = msgspec.structs.replace(self.solutions[-1], note=text)
            self.solutions[-1] = noted
        elif role == "answer":
            self.answer = msgspec.structs.replace(self.answer, note=text)
        elif role == "show" and self.parts and isinstance(self.parts[-1], Code):
            self.parts[-1] = msgspec.structs.replace(self.parts[-1], note=text)
        else:
            return False
        return True

    def _read_block(self, fence: Fence, kind: str) -> None:
        attributes, words = attributes_of(fence.info, fence.line, self.faults)
        add = self.faults.add
        role = words[-1] if words else ""
        if not fence.closed:
            add(fence.line, "a fenced block without its closing fence")
        elif role == "python":
            add(fence.line, "a Python block without a role", "as in ```python show")
        elif len(words) > 2 or role not in ROLES:
            add(fence.line, f"unknown block {fence.info!r}", meant(role, ROLES))
        else:
            language = words[0] if len(words) == 2 else ""
            block = _Block(role, language, attributes, fence.text, fence.line)
            if self._allowed(block, kind) and self._parses(block):
                getattr(self, f"_{role}")(block)

    def _allowed(self, block: _Block, kind: str) -> bool:
        """Whether the format has such a block here; if not, says why."""
        rule, line, role = ROLES[block.role], block.line, block.role
        add = self.faults.add
        for key in block.attributes:
            if key not in rule.attributes:
                add(line, f"unknown attribute {key!r}", meant(key, rule.attributes))
        languages = rule.languages.get(kind)
        if languages is None:
            kinds = " ".join(rule.languages)
            add(line, f"no {role} in kind={kind}", f"kinds that have one: {kinds}")
        elif block.language not in languages:
            want = " or ".join("```" + f"{one} {role}".strip() for one in languages)
            add(line, f"a {role} block in {block.language or 'no language'!r}", want)
        elif rule.once and role in self.seen:
            add(line, f"a second {role}: the first is in line {self.seen[role]}")
        elif not block.text.strip():
            add(line, f"an empty {role} block")
        else:
            self.seen.setdefault(role, line)
            return True
        return False

    def _parses(self, block: _Block) -> bool:
        """Whether the code of a block is Python, where it has to be."""
        attributes = block.attributes
        broken = block.role in ("starter", "wrong")  # mistakes may be of any kind
        if block.language != "python" or broken or attributes.get("run") == "no":
            return True
        error = syntax_error(block.text)
        if error is None or attributes.get("raises") == "SyntaxError":
            return True
        line, problem = error
        curly = _CURLY.search(block.text.split("\n")[line - 1])
        hint = "a typographic quote or dash" if curly else ""
        self.faults.add(block.line + line, f"not Python: {problem}", hint)
        return False

    # the roles, in the order of the table

    def _show(self, block: _Block) -> None:
        run = block.attributes.get("run", "yes")
        if run not in ("yes", "no"):
            self.faults.add(block.line, f"run={run}", "yes or no")
        code = Code(
            role="show",
            text=block.text,
            line=block.line + 1,
            runs=run == "yes",
            raises=block.attributes.get("raises", ""),
        )
        self.parts.append(code)

    def _setup(self, block: _Block) -> None:
        self._part("setup", block)

    def _starter(self, block: _Block) -> None:
        self._part("starter", block)

    def _part(self, role: Literal["setup", "starter"], block: _Block) -> None:
        self.parts.append(Code(role=role, text=block.text, line=block.line + 1))

    def _solution(self, block: _Block) -> None:
        name = block.attributes.get("name", "")
        if any(one.name == name for one in self.solutions):
            problem = f"two solutions named {name!r}" if name else "a second solution"
            self.faults.add(block.line, problem, "give it a name=")
        code = Code(role="solution", text=block.text, line=block.line + 1, name=name)
        self.solutions.append(code)

    def _wrong(self, block: _Block) -> None:
        if block.language == "python":
            belief = block.attributes.get("misconception", "")
            wrong = Wrong(line=block.line, code=block.text, misconception=belief)
        else:
            table = read_table(
                block.text,
                _WrongTable,
                self.faults,
                first_line=block.line + 1,
                what="wrong",
            )
            if table is None:
                return
            wrong = Wrong(
                line=block.line,
                answers=_several(table.when.text),
                misconception=table.misconception,
                say=table.say,
            )
        if wrong.misconception and wrong.misconception not in misconceptions():
            hint = meant(wrong.misconception, misconceptions())
            problem = f"unknown misconception {wrong.misconception!r}"
            self.faults.add(block.line, problem, hint)
        self.wrongs.append(wrong)

    def _check(self, block: _Block) -> None:
        if block.language == "python":
            self._asserts(block, block.attributes.get("source", ""))
            return
        if self.check.line:
            problem = f"a second comparison: the first is in line {self.check.line}"
            self.faults.add(block.line, problem)
            return
        if "source" in block.attributes:
            self.faults.add(block.line, "only assert lines have a source")
        table = read_table(
            block.text,
            _CheckTable,
            self.faults,
            first_line=block.line + 1,
            what="check",
        )
        if table is None:
            return
        self.check = Check(
            compare=self._axes(table.compare, block.line),
            same=self._groups(table.same, block.line),
            different=self._groups(table.different, block.line),
            bound=tuple(table.bound),
            forbid=tuple(table.forbid),
            require=tuple(table.require),
            line=block.line,
        )

    def _asserts(self, block: _Block, source: str) -> None:
        for node in ast.parse(block.text).body:
            line = block.line + node.lineno
            if not isinstance(node, ast.Assert):
                self.faults.add(line, "a check in Python holds assert lines only")
                continue
            text = ast.get_source_segment(block.text, node) or ast.unparse(node)
            self.asserts.append(Assertion(text=text, line=line, source=source))

    def _axes(self, names: list[str], line: int) -> tuple[Axis, ...]:
        known = {*AXES, *SHORT_AXES}
        chosen: set[str] = set()
        for name in names:
            if name not in known:
                self.faults.add(line, f"unknown axis {name!r}", meant(name, known))
            chosen.update(SHORT_AXES.get(name, (name,)))
        return tuple(axis for axis in AXES if axis in chosen)

    def _groups(
        self, groups: list[list[str]], line: int
    ) -> tuple[tuple[str, ...], ...]:
        for group in groups:
            if len(group) < 2:
                self.faults.add(line, f"a group of {len(group)}", "two names or more")
        return tuple(tuple(group) for group in groups)

    def _answer(self, block: _Block) -> None:
        table = read_table(
            block.text,
            _AnswerTable,
            self.faults,
            first_line=block.line + 1,
            what="answer",
        )
        if table is not None:
            self.answer = Answer(
                options=tuple(table.options.items()),
                right=_several(table.right) if table.right else (),
                of=table.of,
                line=block.line,
            )

    def _hint(self, block: _Block) -> None:
        self.hints.append(Prose(text=block.text.strip(), line=block.line))


def _role_of(info: str) -> str:
    words = [word for word in info.split() if "=" not in word]
    return words[-1] if words else ""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (item.strip() for item in text.split(","))))


def _several(one_or_more: str | list[str]) -> tuple[str, ...]:
    return (one_or_more,) if isinstance(one_or_more, str) else tuple(one_or_more)


def syntax_error(code: str) -> tuple[int, str] | None:
    """The line and the reason why a text is not Python; None if it is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a lesson may show `x is 3`
            ast.parse(code)
    except SyntaxError as error:
        return error.lineno or 1, error.msg
    except (ValueError, RecursionError, MemoryError):  # NUL, or nested too deeply
        return 1, "it cannot be parsed"
    return None


def digest(step: Step) -> str:
    """What tells whether a step still asks the same.

    Hints and messages may be mended without anybody having to do a step again.
    """
    asked = (
        step.kind,
        step.mode,
        step.continues,
        [(type(part).__name__, part.text) for part in step.parts],
        [one.text for one in step.solutions],
        [getattr(step.check, field) for field in step.check.__struct_fields__[:-1]],
        [one.text for one in step.asserts],
        (step.answer.options, step.answer.right, step.answer.of),
    )
    return hashlib.blake2b(msgspec.json.encode(asked), digest_size=8).hexdigest()
