# ruff: noqa: N802 - programs call Google's methods by Google's names
"""The message `Any`: another message of whatever kind, packed with its kind's name.

After ``message.py``; ``protos.py`` makes the class.
"""

from __future__ import annotations

from typing import Any

from .message import Message


class Packed(Message):
    """What only the message `Any` can do."""

    def Pack(
        self,
        msg: Message,
        type_url_prefix: str = "type.googleapis.com/",
        deterministic: bool | None = None,
    ) -> None:
        """Become the packed form of a message."""
        del deterministic  # it always is
        before = type_url_prefix and type_url_prefix.rstrip("/") + "/"
        self.type_url = f"{before}tensorflow.{msg.schema.name}"
        self.value = msg.encode()

    def Unpack(self, msg: Message) -> bool:
        """Make a message what is packed; False if it is of another kind."""
        if not self.Is(msg):
            return False
        msg.ParseFromString(self.value)
        return True

    def TypeName(self) -> str:
        """The kind of what is packed."""
        name: str = self.type_url.rpartition("/")[2]
        return name

    def Is(self, kind: Any) -> bool:
        """Whether a message of this kind is packed."""
        name = kind.schema.name if hasattr(kind, "schema") else kind.full_name
        return "/" in self.type_url and self.TypeName() in (name, f"tensorflow.{name}")
