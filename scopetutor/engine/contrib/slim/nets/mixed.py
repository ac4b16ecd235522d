"""Nets of layers and joined branches, as `inception.txt` writes them.

Before `inception`, which gives them heads. The text is read once, when a net is built.
"""

from __future__ import annotations

import functools
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from scopetutor.engine.contrib.layers import convolution, pooling
from scopetutor.engine.entering import variable_scope
from scopetutor.engine.initializers import TruncatedNormal
from scopetutor.engine.ops.joining import concat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TEXT = os.path.join(os.path.dirname(__file__), "inception.txt")
_STEP = re.compile(r"(\w+)\(([^)]*)\)|\[([^\]]*)\]")
_CHANNELS = 3  # the axis that branches are joined by


class Layer(NamedTuple):
    """One layer: its scope, its settings, and how many channels it makes, if any."""

    scope: str
    settings: tuple[str, ...]

    def build(self, net: Any, depth: Callable[[int], int]) -> Any:
        """The layer's output for an input."""
        options: dict[str, Any] = {}
        numbers = [text for text in self.settings if text[0].isdigit()]
        for text in self.settings:
            if text.startswith("/"):
                options["stride"] = int(text[1:])
            elif text.startswith("~"):
                deviation = float(text[1:])
                options["weights_initializer"] = TruncatedNormal(0.0, deviation)
            elif text == "VALID":
                options["padding"] = text
        size = [int(length) for length in numbers[-1].split("x")]
        if len(numbers) == 1:
            pool = _POOLS[self.scope.partition("_")[0]]
            return pool(net, size, scope=self.scope, **options)
        channels = depth(int(numbers[0]))
        if "separable" in self.settings:
            options["depth_multiplier"] = min(channels // 3, 8)
            made = convolution.separable_convolution2d
        else:
            made = convolution.convolution2d
        return made(net, channels, size, scope=self.scope, **options)


class Joined(NamedTuple):
    """Layers of the same input, joined by their channels."""

    layers: tuple[Layer, ...]

    def build(self, net: Any, depth: Callable[[int], int]) -> Any:
        """What they make, side by side."""
        return concat([layer.build(net, depth) for layer in self.layers], _CHANNELS)


class Mixed(NamedTuple):
    """Branches, each of some steps, joined by their channels."""

    scope: str
    branches: list[list[Layer | Joined]]

    def build(self, net: Any, depth: Callable[[int], int]) -> Any:
        """What the branches make, side by side."""
        with variable_scope(self.scope):
            made = []
            for i, steps in enumerate(self.branches):
                with variable_scope(f"Branch_{i}"):
                    branch = net
                    for step in steps:
                        branch = step.build(branch, depth)
                made.append(branch)
            return concat(made, _CHANNELS)


_POOLS = {"MaxPool": pooling.max_pool2d, "AvgPool": pooling.avg_pool2d}


def end_points(
    name: str, inputs: Any, final: str, depth: Callable[[int], int]
) -> tuple[Any, dict[str, Any]]:
    """The net up to an end point, and all end points up to it.

    Args:
        name: of the net in the text.
        inputs: images, of shape (batch, height, width, channels).
        final: the end point that is wanted.
        depth: how many channels are made for those of the text.

    Raises:
        ValueError: there is no such end point.
    """
    net, made = inputs, {}
    for part in _nets()[name]:
        net = part.build(net, depth)
        made[part.scope] = net
        if part.scope == final:
            return net, made
    raise ValueError(f"Unknown final endpoint {final}")


@functools.cache
def _nets() -> dict[str, list[Layer | Mixed]]:
    """The nets of the text, by name."""
    nets: dict[str, list[Layer | Mixed]] = {}
    with open(_TEXT, encoding="utf-8") as file:
        lines = [line for line in file.read().splitlines() if line[:1] not in ("", "#")]
    for line in lines:
        if line.startswith("net "):
            parts = nets[line[4:]] = []
        elif line.startswith(" "):
            mixed: Any = parts[-1]
            mixed.branches.append([*_steps(line)])
        elif "(" in line:
            parts.extend(step for step in _steps(line) if isinstance(step, Layer))
        else:
            parts.append(Mixed(line, []))
    return nets


def _steps(line: str) -> Iterator[Layer | Joined]:
    for scope, settings, joined in _STEP.findall(line):
        if joined:
            layers = _steps(joined)
            yield Joined(tuple(one for one in layers if isinstance(one, Layer)))
        else:
            yield Layer(scope, tuple(settings.split(",")))
