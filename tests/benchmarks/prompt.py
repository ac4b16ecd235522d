"""How fast the prompt is, beside IPython, ptpython and Python's own, in one run.

    python -m tests.benchmarks.prompt [--runs 10] [--json]

Every program runs in a pseudo terminal. What it writes is time-stamped as it arrives
and put on a screen (pyte) afterwards, so that measuring costs nothing while it counts.
Programs that are not installed are left out. Medians, in milliseconds.
"""

from __future__ import annotations

import argparse
import fcntl
import importlib.util
import json
import os
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyte

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS, ROWS = 100, 50
SESSIONS = 3  # of each program, in turn: a busy moment must not meet one alone
PATIENCE = 15.0
AT_ONCE = 0.01
ROOT = Path(__file__).parents[2]

# name: (what to run, its first prompt, its later prompts)
PEERS: dict[str, tuple[list[str], str]] = {
    "scopetutor": (["-m", "scopetutor", "repl"], "tf> "),
    "ipython": (["-m", "IPython", "--no-banner"], "In ["),
    "ptpython": (["-m", "ptpython"], ">>> "),
    "python": (["-q"], ">>> "),
}
PASTE = "\n".join(
    ["def pasted():", *(f"    x{n} = {n}" for n in range(38)), "    return 1"]
)


class Terminal:
    """A program in a pseudo terminal, with the time of each piece it writes."""

    def __init__(self, arguments: list[str], home: str) -> None:
        self.pieces: list[tuple[float, bytes]] = []
        self.started = time.perf_counter()
        self.pid, self.fd = os.forkpty()
        if self.pid == 0:
            size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            environment = {
                **os.environ,
                "HOME": home,
                "TERM": "xterm-256color",
                "PYTHONPATH": str(ROOT),
                "XDG_STATE_HOME": home,
                "XDG_CONFIG_HOME": home,
                "XDG_DATA_HOME": home,
                "IPYTHONDIR": home,
            }
            os.chdir(home)
            os.execve(sys.executable, [sys.executable, *arguments], environment)

    def send(self, text: str) -> float:
        """Type something; when."""
        now = time.perf_counter()
        os.write(self.fd, text.encode())
        return now

    def until(self, seen: Callable[[list[str]], bool], quiet: float = 0.25) -> float:
        """Read until a screen satisfies `seen`; when that screen was complete."""
        end = time.perf_counter() + PATIENCE
        asked = False  # whether the program wants to know where the cursor is
        while time.perf_counter() < end:
            # Finding that out takes long: what comes at once is read and timed before.
            wait = AT_ONCE if asked else quiet
            ready, _, _ = select.select([self.fd], [], [], wait)
            if ready:
                try:
                    piece = os.read(self.fd, 65536)
                except OSError:
                    break
                self.pieces.append((time.perf_counter(), piece))
                asked |= b"\x1b[6n" in piece
            elif asked:
                row, column = self._cursor()
                os.write(self.fd, f"\x1b[{row};{column}R".encode())
                asked = False
            elif (found := self._first(seen)) is not None:
                return found
        found = self._first(seen)
        if found is None:
            raise TimeoutError("\n".join(self.screen()))
        return found

    def screen(self) -> list[str]:
        """The screen now."""
        return [line.rstrip() for line in self._replayed().display]

    def _cursor(self) -> tuple[int, int]:
        cursor = self._replayed().cursor
        return cursor.y + 1, cursor.x + 1

    def _replayed(self) -> pyte.Screen:
        screen = pyte.Screen(COLUMNS, ROWS)
        stream = pyte.ByteStream(screen)
        for _, piece in self.pieces:
            stream.feed(piece)
        return screen

    def _first(self, seen: Callable[[list[str]], bool]) -> float | None:
        screen = pyte.Screen(COLUMNS, ROWS)
        stream = pyte.ByteStream(screen)
        for when, piece in self.pieces:
            stream.feed(piece)
            if when >= self.mark and seen([line.rstrip() for line in screen.display]):
                return when
        return None

    mark = 0.0  # only what is written after this counts

    def close(self) -> None:
        """End the program."""
        os.close(self.fd)
        for _ in range(50):
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                return
            time.sleep(0.02)
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)


def _shows(text: str) -> Callable[[list[str]], bool]:
    return lambda lines: any(text in line for line in lines)


def measure_start(arguments: list[str], prompt: str, home: str) -> dict[str, float]:
    """From exec to the first prompt, and to the first key on the screen."""
    terminal = Terminal(arguments, home)
    try:
        visible = terminal.until(_shows(prompt.rstrip()), quiet=0.005)
        terminal.mark = terminal.send("q")
        shown = terminal.until(_shows(f"{prompt.rstrip()}"), quiet=0.3)
        shown = terminal.until(
            lambda lines: any(_after_prompt(line, prompt, "q") for line in lines)
        )
        return {
            "first prompt": (visible - terminal.started) * 1e3,
            "first key": (shown - terminal.started) * 1e3,
        }
    finally:
        terminal.close()


def _after_prompt(line: str, prompt: str, text: str) -> bool:
    """Whether a line has a prompt and, right behind it, a text."""
    at = line.find(prompt.rstrip())
    rest = line[at + len(prompt.rstrip()) :] if at >= 0 else ""
    if prompt.startswith("In ["):
        rest = rest.partition("]:")[2]
    return at >= 0 and rest.strip().startswith(text)


def measure_session(
    arguments: list[str], prompt: str, home: str
) -> dict[str, list[float]]:
    """Answers, keys and pastes in one session."""
    terminal = Terminal(arguments, home)
    found: dict[str, list[float]] = {"1+1": [], "key": [], "paste": []}
    try:
        terminal.until(_shows(prompt.rstrip()))
        time.sleep(1.0)
        terminal.until(lambda _: True)
        for number in range(12):
            terminal.send(f"{number}+100")
            terminal.until(
                lambda lines, n=number: any(
                    _after_prompt(line, prompt, f"{n}+100") for line in lines
                )
            )
            terminal.mark = terminal.send("\r")
            answer = terminal.until(
                lambda lines, n=number: _answered(lines, prompt, str(n + 100))
            )
            if number > 1:
                found["1+1"].append((answer - terminal.mark) * 1e3)
        found["key"] = _keys(terminal, prompt)
        found["paste"] = _pastes(terminal)
    finally:
        terminal.close()
    return found


def _answered(lines: list[str], prompt: str, answer: str) -> bool:
    """Whether the answer stands there with a new prompt below it."""
    said = [n for n, line in enumerate(lines) if line.strip().endswith(answer)]
    asked = [n for n, line in enumerate(lines) if line.startswith(prompt.rstrip())]
    lone = [n for n in said if f"+{100}" not in lines[n]]
    return bool(lone and asked) and asked[-1] > lone[-1]


def _keys(terminal: Terminal, prompt: str) -> list[float]:
    times = []
    typed = ""
    for letter in "value_of_the_model":
        typed += letter
        terminal.mark = terminal.send(letter)
        shown = terminal.until(
            lambda lines, t=typed: any(
                _after_prompt(line, prompt, t) for line in lines
            ),
            quiet=0.1,
        )
        times.append((shown - terminal.mark) * 1e3)
    terminal.send("\x03")
    terminal.until(lambda _: True)
    return times


def _pastes(terminal: Terminal) -> list[float]:
    times = []
    for _ in range(3):
        terminal.mark = terminal.send(f"\x1b[200~{PASTE}\x1b[201~")
        try:
            shown = terminal.until(_shows("x37 = 37"))
        except TimeoutError:
            break  # some peers never settle: what was measured counts
        times.append((shown - terminal.mark) * 1e3)
        terminal.send("\x03")
        terminal.until(lambda _: True)
        terminal.send("\x0c")
        terminal.until(lambda _: True)
    return times


def measure_command(arguments: list[str], runs: int) -> float:
    """How long a command takes, in all."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, *arguments],
            stdout=subprocess.DEVNULL,
            check=True,
            cwd=ROOT,
        )
        times.append((time.perf_counter() - started) * 1e3)
    return statistics.median(times)


def measure(runs: int) -> dict[str, dict[str, float]]:
    """Everything, by program."""
    results: dict[str, dict[str, float]] = {}
    home = tempfile.mkdtemp(prefix="prompt-bench-")
    try:
        peers = {n: p for n, p in PEERS.items() if _installed(p[0])}
        starts: dict[str, list[dict[str, float]]] = {name: [] for name in peers}
        for number in range(runs + 1):  # the first warms the disk up
            for name, (arguments, prompt) in peers.items():
                found = measure_start(arguments, prompt, home)
                if number:
                    starts[name].append(found)
        sessions: dict[str, list[dict[str, list[float]]]] = {name: [] for name in peers}
        for _ in range(SESSIONS):
            for name, (arguments, prompt) in peers.items():
                sessions[name].append(measure_session(arguments, prompt, home))
        for name in peers:
            results[name] = {
                what: statistics.median(one[what] for one in starts[name])
                for what in starts[name][0]
            } | {
                what: statistics.median(times)
                for what in sessions[name][0]
                if (times := [time for one in sessions[name] for time in one[what]])
            }
    finally:
        shutil.rmtree(home, ignore_errors=True)
    results["commands"] = {
        "python -c pass": measure_command(["-c", "pass"], runs),
        "--version": measure_command(["-m", "scopetutor", "--version"], runs),
        "--help": measure_command(["-m", "scopetutor", "--help"], runs),
        "list": measure_command(["-m", "scopetutor", "list"], runs),
        "alone": measure_command(["-m", "scopetutor"], runs),
    }
    return results


def _installed(arguments: list[str]) -> bool:
    return "-m" not in arguments or importlib.util.find_spec(arguments[1]) is not None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    results = measure(arguments.runs)
    if arguments.json:
        sys.stdout.write(json.dumps(results, indent=2) + "\n")
        return
    for name, figures in results.items():
        told = "  ".join(f"{what} {figure:.1f}" for what, figure in figures.items())
        sys.stdout.write(f"{name:<12}{told}\n")


if __name__ == "__main__":
    main()
