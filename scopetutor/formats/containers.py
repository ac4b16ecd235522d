"""What a message holds many of: lists and dictionaries that check and copy.

They behave as Google's containers do in the ways programs of TensorFlow 1's
time rely on: ``graph_def.node.add()``, ``.extend(nodes)`` copies its messages,
``node.attr["T"].type = 1`` makes the entry. ``fields.py`` comes next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, SupportsIndex

if TYPE_CHECKING:
    from .message import Message


class ScalarList(list[Any]):
    """The values of a repeated scalar field; each is checked as it comes in."""

    __slots__ = ("_check", "_owner")

    def __init__(self, owner: Message | None, check: Callable[[Any], Any]) -> None:
        super().__init__()
        self._owner = owner
        self._check = check

    def _checked(self, values: Iterable[Any]) -> list[Any]:
        checked = [self._check(value) for value in values]
        if self._owner is not None:
            self._owner.SetInParent()
        return checked

    def append(self, value: Any) -> None:
        """Add one value at the end."""
        super().extend(self._checked((value,)))

    def extend(self, values: Iterable[Any] | None) -> None:
        """Add values at the end; None adds nothing, as in Google's library."""
        super().extend(self._checked(() if values is None else values))

    MergeFrom = extend

    def insert(self, position: SupportsIndex, value: Any) -> None:
        """Put a value before ``position``."""
        super().insert(position, *self._checked((value,)))

    def __setitem__(self, at: Any, value: Any) -> None:
        if isinstance(at, slice):
            super().__setitem__(at, self._checked(value))
        else:
            super().__setitem__(at, *self._checked((value,)))

    def __iadd__(self, values: Iterable[Any]) -> ScalarList:  # type: ignore[misc]
        self.extend(values)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)


class MessageList(list[Any]):
    """The messages of a repeated field; what is added is a copy."""

    __slots__ = ("_make", "_owner")

    def __init__(self, owner: Message | None, make: Callable[[], Message]) -> None:
        super().__init__()
        self._owner = owner
        self._make = make

    def add(self, **fields: Any) -> Any:
        """Add a new message with these fields, and return it."""
        message = self._make()
        message.set_fields(fields)
        if self._owner is not None:
            self._owner.SetInParent()
        super().append(message)
        return message

    def _copies(self, messages: Iterable[Any]) -> list[Message]:
        copies = []
        for message in messages:
            copies.append(self._make())
            if isinstance(message, dict):
                copies[-1].set_fields(message)
            else:
                copies[-1].MergeFrom(message)
        if self._owner is not None:
            self._owner.SetInParent()
        return copies

    def append(self, message: Any) -> None:
        """Add a copy of ``message`` at the end."""
        super().extend(self._copies((message,)))

    def extend(self, messages: Iterable[Any]) -> None:
        """Add a copy of each message at the end."""
        super().extend(self._copies(messages))

    MergeFrom = extend

    def insert(self, position: SupportsIndex, message: Any) -> None:
        """Put a copy of ``message`` before ``position``."""
        super().insert(position, *self._copies((message,)))

    def __setitem__(self, at: Any, value: Any) -> None:
        raise TypeError("does not support assignment")

    def __iadd__(self, messages: Iterable[Any]) -> MessageList:  # type: ignore[misc]
        self.extend(messages)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)


class ScalarMap(dict[Any, Any]):
    """A map field with scalar values; reading a missing key makes its default."""

    __slots__ = ("_check_key", "_check_value", "_default", "_owner")

    def __init__(
        self,
        owner: Message | None,
        check_key: Callable[[Any], Any],
        check_value: Callable[[Any], Any],
        default: Any,
    ) -> None:
        super().__init__()
        self._owner = owner
        self._check_key = check_key
        self._check_value = check_value
        self._default = default

    def __missing__(self, key: Any) -> Any:
        self[key] = self._default
        return self._default

    def __setitem__(self, key: Any, value: Any) -> None:
        if self._owner is not None:
            self._owner.SetInParent()
        super().__setitem__(self._check_key(key), self._check_value(value))

    def update(self, other: Any = (), /, **more: Any) -> None:
        """Set every key of ``other``."""
        for key, value in dict(other, **more).items():
            self[key] = value

    MergeFrom = update

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)


class MessageMap(dict[Any, Any]):
    """A map field with messages; reading a missing key makes an empty message."""

    __slots__ = ("_check_key", "_make", "_owner")

    def __init__(
        self,
        owner: Message | None,
        check_key: Callable[[Any], Any],
        make: Callable[[], Message],
    ) -> None:
        super().__init__()
        self._owner = owner
        self._check_key = check_key
        self._make = make

    def __missing__(self, key: Any) -> Message:
        message = self._make()
        self._adopt(key, message)
        return message

    def get_or_create(self, key: Any) -> Any:
        """The message under ``key``, made now if there was none."""
        return self[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        raise ValueError("Direct assignment of submessage not allowed")

    def _adopt(self, key: Any, message: Message) -> None:
        if self._owner is not None:
            self._owner.SetInParent()
        super().__setitem__(self._check_key(key), message)

    def update(self, other: Mapping[Any, Any], /) -> None:  # type: ignore[override]
        """Copy every message of ``other``, replacing those of the same key."""
        for key, message in other.items():
            copy = self._make()
            copy.MergeFrom(message)
            self._adopt(key, copy)

    MergeFrom = update

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)
