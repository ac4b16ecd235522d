"""`%load_ext scopetutor`: cells of Jupyter and IPython run on the engine.

Each cell is turned into one call of `Notebook.run`; what the loop shows goes to the
page as HTML, and as plain text for readers that have no HTML. Cells that start with a
magic (`%`) or a shell command (`!`) stay IPython's own. `notebook_help` answers Tab.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from scopetutor.config import Config

from .loop import Loop
from .notebook_help import Helper
from .screen import Screen

if TYPE_CHECKING:
    from rich.console import RenderableType

CALL = "_run_on_scopetutor"
WIDTH = 100
# Pages are light or dark, and nobody tells us: colours that can be read on both.
COLORS = {
    "red": (224, 53, 43),
    "green": (19, 136, 80),
    "yellow": (149, 113, 21),
    "blue": (29, 122, 207),
    "magenta": (201, 30, 216),
    "cyan": (21, 132, 147),
}
PAGE = (
    '<pre style="line-height:1.3;margin:0;font-family:ui-monospace,Menlo,Consolas,'
    'monospace;color:inherit;background:none">{code}</pre>'
)


class Page(Screen):
    """A screen that is a notebook's page."""

    def __init__(self) -> None:
        super().__init__(Config(), out=io.StringIO(), environ={}, plain=False)

    def show(self, drawing: RenderableType, *, to: object = None) -> None:  # noqa: ARG002 - as `Screen.show`
        """Show a drawing below the cell."""
        from IPython.display import display

        html, text = _both(drawing)
        display({"text/html": html, "text/plain": text}, raw=True)  # type: ignore[no-untyped-call]

    def write(self, text: str, stream: str = "out") -> None:
        """Show what the program printed."""
        import sys

        from scopetutor.render.visible import visible

        target = sys.stderr if stream == "err" else sys.stdout
        target.write(visible(text))
        target.flush()

    def notice(self, text: str) -> None:
        """A page has no line that goes away again."""

    @property
    def look(self) -> Any:
        """A wide page, with colours for light and dark pages alike."""
        from scopetutor.render.look import Look

        return Look(width=WIDTH, height=60, color=True)


def _both(drawing: RenderableType) -> tuple[str, str]:
    """A drawing as HTML and as text."""
    from rich.console import Console
    from rich.terminal_theme import TerminalTheme

    from scopetutor.render.theme import rich_theme

    console = Console(
        file=io.StringIO(),
        record=True,
        width=WIDTH,
        force_terminal=True,
        force_jupyter=False,
        color_system="standard",
        theme=rich_theme("auto"),
        highlight=False,
        markup=False,
    )
    console.print(drawing, soft_wrap=True)
    text = console.export_text(clear=False).rstrip("\n")
    black, white = (0, 0, 0), (255, 255, 255)
    colors = TerminalTheme(white, black, [black, *COLORS.values(), white])
    html = console.export_html(inline_styles=True, code_format=PAGE, theme=colors)
    return html, text


class Notebook:
    """The workspace behind a notebook.

    Args:
        shell: IPython's.
    """

    def __init__(self, shell: Any) -> None:
        from scopetutor.workspace.client import Workspace

        self.shell = shell
        workspace = Workspace()
        workspace.start()
        self.loop = Loop(workspace, Page(), Config())
        self.helper = Helper(shell, self.loop, _is_ours)

    def load(self) -> None:
        """Take the cells over."""
        self.shell.user_ns[CALL] = self.run
        self.shell.input_transformers_cleanup.append(self.transform)
        self.helper.install()

    def unload(self) -> None:
        """Give the cells back, and end the workspace."""
        self.shell.input_transformers_cleanup.remove(self.transform)
        self.shell.user_ns.pop(CALL, None)
        self.helper.remove()
        self.loop.workspace.close()

    def transform(self, lines: list[str]) -> list[str]:
        """A cell as a call of `run`, unless it is IPython's own business."""
        cell = "".join(lines)
        return [f"{CALL}({cell!r})\n"] if _is_ours(cell) else lines

    def run(self, cell: str) -> None:
        """Run a cell."""
        from .commands import Leave

        try:
            self.loop.submit(cell.rstrip("\n"))
        except Leave:
            self.loop.say("%unload_ext scopetutor gives the cells back to Python.")


def _is_ours(cell: str) -> bool:
    """Whether a cell runs on the engine."""
    first = cell.lstrip()[:1]
    return bool(first) and first not in "%!" and not cell.startswith(CALL)


_loaded: Notebook | None = None


def load(shell: Any) -> None:
    """What `%load_ext scopetutor` does."""
    global _loaded  # noqa: PLW0603 -- IPython loads an extension once
    if _loaded is None:
        _loaded = Notebook(shell)
        _loaded.load()


def unload(_shell: Any) -> None:
    """What `%unload_ext scopetutor` does."""
    global _loaded  # noqa: PLW0603 - as above
    if _loaded is not None:
        _loaded.unload()
        _loaded = None
