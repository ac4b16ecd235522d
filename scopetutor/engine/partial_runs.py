"""Runs in several parts: `session.partial_run`, each with some of the feeds.

Beside session, which runs the parts. TF 1.15: a handle is text; a run is over when all
that was asked for was fetched and all feeds were fed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .op_errors import InvalidArgumentError
from .operation import Operation, Tensor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def _refused(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, message)


class PartialRuns:
    """The runs of a session that were set up and are not over."""

    def __init__(self) -> None:
        self._runs: dict[str, _PartialRun] = {}
        self._count = 0

    def set_up(self, fetches: Sequence[Any], feeds: Sequence[Tensor]) -> str:
        """The handle of a new run.

        Args:
            fetches: the tensors and operations that its parts may ask for.
            feeds: the tensors that its parts may feed.

        Raises:
            InvalidArgumentError: nothing is asked for.
        """
        number = self._count
        self._count += 1
        if not fetches:
            raise _refused("Must specify at least one target to fetch or execute.")
        tensors = ",".join(sorted(f.name for f in fetches if isinstance(f, Tensor)))
        targets = ",".join(sorted(f.name for f in fetches if isinstance(f, Operation)))
        fed = ",".join(sorted(feed.name for feed in feeds))
        handle = f"{fed}->{tensors}/{targets}/1/;{number}"
        self._runs[handle] = _PartialRun(fetches, feeds)
        return handle

    def part(
        self, handle: Any, fetches: Sequence[Any], feeds: dict[Tensor, Any]
    ) -> dict[Any, Any]:
        """All that was fed by now, for the next part of a run.

        Raises:
            InvalidArgumentError: there is no such run, or it has no such part.
        """
        if handle not in self._runs:
            raise _refused("Must run 'setup' before performing partial runs!")
        run = self._runs[handle]
        run.take(fetches, feeds)
        if run.is_over():
            del self._runs[handle]
        return run.fed


class _PartialRun:
    """One run: what is left to feed and to fetch."""

    def __init__(self, fetches: Sequence[Any], feeds: Sequence[Tensor]) -> None:
        self._fetches = dict.fromkeys(fetches, False)
        self._feeds = dict.fromkeys(feeds, False)
        self.fed: dict[Any, Any] = {}

    def take(self, fetches: Sequence[Any], feeds: dict[Tensor, Any]) -> None:
        """Notes a part, which must be one of this run."""
        _check(self._feeds, feeds, "feed", "fed")
        _check(self._fetches, fetches, "fetch", "fetched")
        missing = self._missing(fetches, {*self.fed, *feeds})
        if missing is not None:
            raise _refused(
                f"Fetch {missing.name} can't be computed from the feeds that have been "
                "fed so far."
            )
        self._feeds.update(dict.fromkeys(feeds, True))
        self._fetches.update(dict.fromkeys(fetches, True))
        self.fed.update(feeds)

    def _missing(self, fetches: Iterable[Any], fed: set[Tensor]) -> Tensor | None:
        """A tensor that has to be fed before the fetches can be computed."""
        stack, seen = list(fetches), set(fed)
        while stack:
            item = stack.pop()
            if item in seen:
                continue
            seen.add(item)
            if item in self._feeds:
                found: Tensor = item
                return found
            op = item.op if isinstance(item, Tensor) else item
            stack.extend(op._inputs)
            stack.extend(op._control_inputs)
        return None

    def is_over(self) -> bool:
        """Whether nothing is left."""
        return all(self._feeds.values()) and all(self._fetches.values())


def _check(known: dict[Any, bool], asked: Iterable[Any], what: str, past: str) -> None:
    for item in asked:
        if item not in known:
            raise _refused(
                f"The {what} {item.name} was not specified in partial_run_setup."
            )
        if known[item]:
            raise _refused(f"The {what} {item.name} has already been {past}.")
