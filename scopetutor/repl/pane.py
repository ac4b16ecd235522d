"""The tree beside the prompt: live, foldable, searchable, quick with thousands of rows.

F2 shows and hides it, F3 goes into it and back. Only the rows on the screen are drawn;
the list of what could be drawn is made anew when the snapshot or a fold changes.

`prompt` opens it, `layout` gives it its place, and `state` has the snapshot it shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.application import get_app
from prompt_toolkit.data_structures import Point
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout.controls import UIContent, UIControl

from scopetutor.render.marks import SIGNS
from scopetutor.render.nodes import Node, grow, last_part
from scopetutor.render.visible import one_line
from scopetutor.render.words import REUSE, counted, shape_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.key_binding import KeyBindingsBase, KeyPressEvent
    from prompt_toolkit.layout import Layout

    from scopetutor.snapshot import VariableView

    from .state import State

Fragments = list[tuple[str, str]]
PAGE = 10
MANY = 200  # rows, above which scopes start folded


class Line:
    """A row of the pane: a scope or a variable, and how deep it lies."""

    __slots__ = ("depth", "scope", "variable")

    def __init__(
        self,
        depth: int,
        scope: Node | None = None,
        variable: VariableView | None = None,
    ) -> None:
        self.depth = depth
        self.scope = scope
        self.variable = variable


class TreePane(UIControl):
    """The rows of the tree, for a window of prompt_toolkit's.

    Args:
        state: what the prompt knows of the workspace.

    Attributes:
        shown: whether it is on the screen.
        search: only what has this in its name is listed.
        at: the row the cursor is on.
    """

    def __init__(self, state: State, *, shown: bool = False) -> None:
        self.state = state
        self.shown = shown
        self.search = ""
        self.at = 0
        self._toggled: set[str] = set()  # scopes folded or opened by hand
        self._made_for: tuple[object, ...] = ()
        self._lines: list[Line] = []

    # -- what there is ---------------------------------------------------------------

    @property
    def lines(self) -> list[Line]:
        """All rows that could be shown."""
        snapshot = self.state.snapshot
        if snapshot is None:
            return []
        made_for = (snapshot, self.search, frozenset(self._toggled))
        if made_for != self._made_for and not self._same(made_for):
            root = grow(snapshot, self.search)
            self._lines = list(self._within(root, 0, root.size > MANY))
            self.at = min(self.at, max(len(self._lines) - 1, 0))
        self._made_for = made_for
        return self._lines

    def _same(self, made_for: tuple[object, ...]) -> bool:
        """Compared by identity: two snapshots are never equal by chance."""
        old = self._made_for
        return bool(old) and old[0] is made_for[0] and old[1:] == made_for[1:]

    def _within(self, scope: Node, depth: int, folded: bool) -> Iterator[Line]:
        for variable in scope.variables:
            yield Line(depth, variable=variable)
        for below in scope.scopes.values():
            yield Line(depth, scope=below)
            if self._is_open(below, folded):
                yield from self._within(below, depth + 1, folded)

    def _is_open(self, scope: Node, folded: bool) -> bool:
        """A search opens everything; a large tree starts folded; a key changes it."""
        if self.search:
            return True
        return folded == (scope.name in self._toggled)

    @property
    def _count(self) -> int:
        snapshot = self.state.snapshot
        return 0 if snapshot is None else len(snapshot.variables)

    def title(self) -> Fragments:
        """The line above the rows."""
        count = counted(self._count, "variable")
        asked = f" /{self.search}" if self.search else ""
        hint = "type to search, F3 back" if self.has_focus() else "F3 folds, searches"
        return [("class:pane.title", f" {count}{asked} · {hint} ")]

    # -- what prompt_toolkit asks ----------------------------------------------------

    def is_focusable(self) -> bool:
        """The keys can go to the pane."""
        return True

    def has_focus(self) -> bool:
        """Whether they do."""
        return get_app().layout.current_control is self

    def preferred_height(self, *_measures: object) -> int:
        """As many rows as there are, within reason."""
        return min(len(self.lines), PAGE)

    def create_content(self, width: int, height: int) -> UIContent:  # noqa: ARG002 - prompt_toolkit's signature
        """The rows, drawn when they are looked at: the window asks for those it has."""
        lines = self.lines
        return UIContent(
            get_line=lambda index: self._drawn(lines[index], index, width),
            line_count=len(lines),
            cursor_position=Point(0, self.at),
            show_cursor=False,
        )

    def get_key_bindings(self) -> KeyBindingsBase:
        """The keys while the pane has the focus."""
        return _keys(self)

    def _drawn(self, line: Line, index: int, width: int) -> StyleAndTextTuples:
        current = index == self.at and self.has_focus()
        style = "class:pane.current" if current else ""
        pieces = self._scope(line) if line.scope else self._variable(line)
        text = "  " * line.depth + "".join(text for _, text in pieces)
        if current:
            return [(style, text[:width].ljust(width))]
        return [("", "  " * line.depth), *pieces]

    def _scope(self, line: Line) -> Fragments:
        scope = line.scope
        assert scope is not None
        folded = self._count > MANY
        sign = "▾" if self._is_open(scope, folded) else "▸"
        pieces = [("class:scope", f"{sign} {last_part(scope.name)}/")]
        if scope.view and scope.view.reuse != "no":
            pieces.append(("class:reuse", f"  {REUSE[scope.view.reuse]}"))
        if sign == "▸" and scope.size:
            pieces.append(("class:quiet", f"  {counted(scope.size, 'variable')}"))
        return pieces

    def _variable(self, line: Line) -> Fragments:
        view = line.variable
        assert view is not None
        mark = self.state.marks.get(view.uid, "")
        sign = SIGNS[mark] or " "
        pieces = [
            (f"class:{mark}", f"{sign} "),
            ("class:variable", one_line(view.op_name.rpartition("/")[2])),
            ("class:type", f"  {shape_text(view.shape)}"),
        ]
        if view.times_reused:
            pieces.append(("class:reused", f"  ={view.times_reused + 1} calls"))
        if any(value.initialized for value in view.values):
            pieces.append(("class:initialized", "  has a value"))
        return pieces

    # -- what the keys do ------------------------------------------------------------

    def move(self, step: int) -> None:
        """Go up or down so many rows."""
        self.at = max(0, min(self.at + step, len(self.lines) - 1))

    def fold(self, opened: bool | None = None) -> None:
        """Open or fold the scope at the cursor; None: the other of the two."""
        if not self.lines:
            return
        scope = self.lines[self.at].scope
        if scope is None or self.search:
            return
        folded = self._count > MANY
        if opened is None or self._is_open(scope, folded) != opened:
            self._toggled ^= {scope.name}

    def type(self, text: str) -> None:
        """Add to the search; keys that are no letters do nothing.

        Who begins with "/", as elsewhere, has begun a search, and no more.
        """
        typed = self.search + text
        self.search = typed.lstrip("/") if typed.isprintable() else self.search
        self.at = 0

    def erase(self) -> None:
        """Take the last letter of the search back."""
        self.search = self.search[:-1]

    def leave(self, layout: Layout) -> None:
        """End the search; without one, give the keys back to the prompt."""
        if self.search:
            self.search = ""
        else:
            layout.focus_last()


def _keys(pane: TreePane) -> KeyBindings:
    keys = KeyBindings()

    def on(*names: str) -> Callable[[Callable[[KeyPressEvent], None]], object]:
        def add(deed: Callable[[KeyPressEvent], None]) -> object:
            for name in names:
                keys.add(name)(deed)
            return deed

        return add

    on("up")(lambda _: pane.move(-1))
    on("down")(lambda _: pane.move(1))
    on("pageup")(lambda _: pane.move(-PAGE))
    on("pagedown")(lambda _: pane.move(PAGE))
    on("home")(lambda _: pane.move(-len(pane.lines)))
    on("end")(lambda _: pane.move(len(pane.lines)))
    on("left")(lambda _: pane.fold(False))
    on("right")(lambda _: pane.fold(True))
    on("enter", "space")(lambda _: pane.fold())
    on("backspace")(lambda _: pane.erase())
    on("f3", "c-c")(lambda event: event.app.layout.focus_last())
    on("escape")(lambda event: pane.leave(event.app.layout))
    on(Keys.Any)(
        lambda event: pane.type(event.data if event.data.isprintable() else "")
    )
    return keys
