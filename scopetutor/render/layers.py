"""Where the nodes of a graph go: in layers, with few crossings and short edges.

The terminal drawing (`graph`) and the SVG (`graph_svg`) share this layout; each says
how wide its nodes are. The steps are those of Sugiyama, Tagawa and Toda (1981): break
cycles, choose layers, bend long edges, order each layer, give each node its place.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Edge: TypeAlias = tuple[str, str]

SWEEPS = 8


class Layout(msgspec.Struct, frozen=True):
    """The layers of a graph.

    Attributes:
        layers: the nodes of each layer from left to right, the first layer on top. A
            node that is no node of the graph is a bend of a long edge.
        paths: each edge as the nodes it goes through: itself, bends, and its end.
        loops: the edges that would close a cycle; they have no path.
        center: the middle of each node and bend.
        width: of the whole drawing.
    """

    layers: tuple[tuple[str, ...], ...]
    paths: Mapping[Edge, tuple[str, ...]]
    loops: tuple[Edge, ...]
    center: Mapping[str, float]
    width: float


def layout(
    nodes: Sequence[str],
    edges: Sequence[Edge],
    width: Callable[[str], float],
    gap: float,
) -> Layout:
    """Lay a graph out.

    Args:
        nodes: their names, in the order they were made.
        edges: (from, to), both among the nodes.
        width: of a node, and of a bend (which has a name no node has).
        gap: the least room between two nodes of a layer.
    """
    forward, loops = _without_cycles(nodes, list(dict.fromkeys(edges)))
    rank = _ranks(nodes, forward)
    paths = _bent(forward, rank)
    layers = _ordered(_filled(nodes, paths, rank), _steps(paths))
    center, total = _placed(layers, _steps(paths), width, gap)
    return Layout(tuple(map(tuple, layers)), paths, tuple(loops), center, total)


def _without_cycles(
    nodes: Sequence[str], edges: Sequence[Edge]
) -> tuple[list[Edge], list[Edge]]:
    """The edges that lead on, and those that lead back to where one came from."""
    leaving: dict[str, list[str]] = {node: [] for node in nodes}
    for start, end in edges:
        leaving[start].append(end)
    state: dict[str, int] = {}  # 1: on the way, 2: done
    loops: set[Edge] = set()
    for node in nodes:
        if node in state:
            continue
        state[node] = 1
        stack = [(node, iter(leaving[node]))]
        while stack:
            here, below = stack[-1]
            step = next(below, None)
            if step is None:
                state[here] = 2
                stack.pop()
            elif state.get(step) == 1:
                loops.add((here, step))
            elif step not in state:
                state[step] = 1
                stack.append((step, iter(leaving[step])))
    return [e for e in edges if e not in loops], [e for e in edges if e in loops]


def _ranks(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """The layer of each node: below all it needs, and close to what needs it."""
    above: dict[str, list[str]] = {node: [] for node in nodes}
    below: dict[str, list[str]] = {node: [] for node in nodes}
    for start, end in edges:
        above[end].append(start)
        below[start].append(end)
    rank: dict[str, int] = {}
    for node in _in_order(nodes, above, below):
        rank[node] = max((rank[up] + 1 for up in above[node]), default=0)
    for node in nodes:
        if not above[node] and below[node]:
            rank[node] = min(rank[down] for down in below[node]) - 1
    return rank


def _in_order(
    nodes: Sequence[str], above: Mapping[str, list[str]], below: Mapping[str, list[str]]
) -> list[str]:
    waiting = {node: len(above[node]) for node in nodes}
    ready = [node for node in nodes if not waiting[node]]
    for node in ready:
        for down in below[node]:
            waiting[down] -= 1
            if not waiting[down]:
                ready.append(down)
    return ready


def _bent(
    edges: Sequence[Edge], rank: Mapping[str, int]
) -> dict[Edge, tuple[str, ...]]:
    """Each edge with a bend on every layer it passes."""
    return {
        (start, end): (
            start,
            # A line break is in no name of TensorFlow's, so bends are told from nodes.
            *(
                f"{start}\n{end}\n{level}"
                for level in range(rank[start] + 1, rank[end])
            ),
            end,
        )
        for start, end in edges
    }


def _filled(
    nodes: Sequence[str],
    paths: Mapping[Edge, tuple[str, ...]],
    rank: Mapping[str, int],
) -> list[list[str]]:
    layers: list[list[str]] = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for node in nodes:
        layers[rank[node]].append(node)
    for (start, _), path in paths.items():
        for level, bend in enumerate(path[1:-1], rank[start] + 1):
            layers[level].append(bend)
    return layers


def _steps(paths: Mapping[Edge, tuple[str, ...]]) -> list[Edge]:
    """The paths cut into pieces that go from one layer to the next."""
    steps = [step for path in paths.values() for step in itertools.pairwise(path)]
    return list(dict.fromkeys(steps))


def _ordered(layers: list[list[str]], steps: Sequence[Edge]) -> list[list[str]]:
    """The layers with their nodes so arranged that few steps cross."""
    above, below = _neighbours(steps)
    best, fewest = layers, _crossings(layers, above)
    current = [list(layer) for layer in layers]
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 0
        order = range(1, len(current)) if downward else range(len(current) - 2, -1, -1)
        for level in order:
            fixed = current[level - 1 if downward else level + 1]
            known = above if downward else below
            current[level] = _by_middle(current[level], fixed, known)
        count = _crossings(current, above)
        if count < fewest:
            best, fewest = [list(layer) for layer in current], count
    return best


def _neighbours(
    steps: Sequence[Edge],
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for start, end in steps:
        above.setdefault(end, []).append(start)
        below.setdefault(start, []).append(end)
    return above, below


def _by_middle(
    layer: list[str], fixed: list[str], known: Mapping[str, list[str]]
) -> list[str]:
    """The layer ordered by where the middle of each node's neighbours is."""
    at = {node: index for index, node in enumerate(fixed)}

    def middle(item: tuple[int, str]) -> float:
        places = [at[node] for node in known.get(item[1], ())]
        return sum(places) / len(places) if places else item[0]

    return [node for _, node in sorted(enumerate(layer), key=middle)]


def _crossings(layers: list[list[str]], above: Mapping[str, list[str]]) -> int:
    """How many pairs of steps cross."""
    count = 0
    for upper, lower in itertools.pairwise(layers):
        at = {node: index for index, node in enumerate(upper)}
        ends = [sorted(at[start] for start in above.get(node, ())) for node in lower]
        passed: list[int] = []
        for starts in ends:
            count += sum(seen > start for start in starts for seen in passed)
            passed.extend(starts)
    return count


def _placed(
    layers: list[list[str]],
    steps: Sequence[Edge],
    width: Callable[[str], float],
    gap: float,
) -> tuple[dict[str, float], float]:
    """The middle of each node: near the middle of its neighbours, none overlapping."""
    above, below = _neighbours(steps)
    center: dict[str, float] = {}
    for layer in layers:
        edge = 0.0
        for node in layer:
            center[node] = edge + width(node) / 2
            edge += width(node) + gap
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 0
        known = above if downward else below
        for layer in layers if downward else reversed(layers):
            wished = []
            for node in layer:
                near = [center[other] for other in known.get(node, ())]
                wished.append(sum(near) / len(near) if near else center[node])
            places = _apart(layer, wished, width, gap)
            center.update(zip(layer, places, strict=True))
    left = min((center[n] - width(n) / 2 for n in center), default=0.0)
    right = max((center[n] + width(n) / 2 for n in center), default=0.0)
    return {node: place - left for node, place in center.items()}, right - left


def _apart(
    layer: Sequence[str],
    wished: Sequence[float],
    width: Callable[[str], float],
    gap: float,
) -> list[float]:
    """The places nearest to the wished ones that keep order and distance.

    With the distances taken away this is isotonic regression: neighbours in the wrong
    order are pooled and share their mean.
    """
    offsets = [0.0]
    for left, right in itertools.pairwise(layer):
        offsets.append(offsets[-1] + (width(left) + width(right)) / 2 + gap)
    pools: list[tuple[float, int]] = []
    for wish, offset in zip(wished, offsets, strict=True):
        mean, size = wish - offset, 1
        while pools and pools[-1][0] > mean:
            before, count = pools.pop()
            mean = (before * count + mean * size) / (count + size)
            size += count
        pools.append((mean, size))
    places = [mean for mean, size in pools for _ in range(size)]
    return [place + offset for place, offset in zip(places, offsets, strict=True)]
