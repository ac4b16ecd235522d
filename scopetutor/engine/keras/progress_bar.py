"""The lines that keras prints while it trains.

Before fitting. TF 1.15: a bar that is drawn anew at most 20 times in a second, or a
line for each epoch.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np

_WIDTH = 30
_INTERVAL = 0.05  # seconds between two bars
_SMALL = 1e-3  # what is smaller is shown with an exponent


def say(text: str) -> None:
    """Prints a line, as keras does of itself."""
    sys.stdout.write(f"{text}\n")


class ProgressBar:
    """The progress of one epoch.

    Args:
        target: how many samples or steps it has; None: not known.
        verbose: 0: nothing is printed; 1: a bar; 2: a line at the end.
        stateful_metrics: those that are shown as they are; others as means.
        unit_name: "sample" or "step".
    """

    def __init__(
        self, target: int | None, verbose: int, stateful_metrics: Any, unit_name: str
    ) -> None:
        self.target = target
        self._verbose = verbose
        self._stateful = set(stateful_metrics)
        self._unit = unit_name
        self._values: dict[str, list[Any]] = {}
        self._seen = 0
        self._width = 0
        self._start = time.time()
        self._last = 0.0

    def update(self, current: int, values: Any = ()) -> None:
        """So much is done."""
        for name, value in values:
            weight = 1 if name in self._stateful else current - self._seen
            total = self._values.setdefault(name, [0, 0])
            if name in self._stateful:
                total[:] = [value, 1]
            else:
                total[0] += value * weight
                total[1] += weight
        self._seen = current
        now = time.time()
        ends = self.target is not None and current >= self.target
        if self._verbose == 1:
            if ends or self.target is None or now - self._last >= _INTERVAL:
                self._draw(current, now, ends)
        elif self._verbose == 2 and ends:
            count = f"{current:{len(str(self.target))}d}/{self.target}"
            said = f"{count} - {now - self._start:.0f}s"
            sys.stdout.write(said + self._shown(sized=False) + "\n")
            sys.stdout.flush()
        self._last = now

    def _draw(self, current: int, now: float, ends: bool) -> None:
        before = self._width
        bar = self._bar(current)
        spent = now - self._start
        info = self._time(current, spent, ends) + self._shown(sized=True)
        self._width = len(bar) + len(info)
        info += " " * max(0, before - self._width)
        sys.stdout.write("\b" * before + "\r" + bar + info + ("\n" if ends else ""))
        sys.stdout.flush()

    def _bar(self, current: int) -> str:
        if self.target is None:
            return f"{current:7d}/Unknown"
        filled = int(_WIDTH * current / self.target)
        head = ">" if current < self.target else "="
        done = "=" * (filled - 1) + head if filled else ""
        count = f"{current:{len(str(self.target))}d}/{self.target}"
        return f"{count} [{done}{'.' * (_WIDTH - filled)}]"

    def _time(self, current: int, spent: float, ends: bool) -> str:
        each = spent / current if current else 0.0
        if self.target is not None and not ends:
            return f" - ETA: {_span(each * (self.target - current))}"
        said = f" - {spent:.0f}s"
        if each >= 1 or each == 0:
            return f"{said} {each:.0f}s/{self._unit}"
        if each >= 1e-3:
            return f"{said} {each * 1e3:.0f}ms/{self._unit}"
        return f"{said} {each * 1e6:.0f}us/{self._unit}"

    def _shown(self, *, sized: bool) -> str:
        """The values; TF 1.15: in lines, negative ones have an exponent."""
        said = ""
        for name, (total, weight) in self._values.items():
            mean = np.mean(total / max(1, weight))
            large = abs(mean) > _SMALL if sized else mean > _SMALL
            said += f" - {name}: {mean:.4f}" if large else f" - {name}: {mean:.4e}"
        return said


def _span(seconds: float) -> str:
    if seconds > 3600:
        return (
            f"{seconds // 3600:.0f}:{seconds % 3600 // 60:02.0f}:{seconds % 60:02.0f}"
        )
    if seconds > 60:
        return f"{seconds // 60:.0f}:{int(seconds % 60):02d}"
    return f"{int(seconds)}s"
