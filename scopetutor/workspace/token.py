"""A workspace as one word: `:share` prints it, `scopetutor open` replays it.

``sct1-`` and base64 letters: the deflated entries of the line that leads to the present
moment, with where their random numbers begin, and a checksum. It is source and nothing
else: nothing in a token is unpickled, and whoever opens it runs it in the strict box.

`repl.keeping` makes it of a `timeline`; `cli.open` gives its entries to a new `client`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib
from typing import TYPE_CHECKING

import msgspec

from scopetutor.errors import TokenError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .timeline import Moment

VERSION = 1
MOST_CHARACTERS = 1 << 20
MOST_SOURCE = 4 << 20
_CHECKSUM = 6  # bytes
_FORM = re.compile(r"sct(\d{1,4})-([A-Za-z0-9_-]+)$")


class Shared(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a token holds.

    Attributes:
        entropy: where random numbers without a seed began.
        entries: the source of each, in order.
    """

    entropy: int
    entries: tuple[str, ...]


def token(path: Iterable[Moment], entropy: int) -> str:
    """The token of the moments that lead to one.

    Entries that were stopped are left out: they do not do the same again.

    Raises:
        UsageError: there is nothing to share, or too much.
    """
    entries = tuple(m.text for m in path if m.entry and m.can_be_repeated)
    if not entries:
        raise UsageError("there is nothing to share yet")
    source = msgspec.json.encode(Shared(entropy, entries))
    if len(source) > MOST_SOURCE:
        raise UsageError(
            f"{len(source) >> 20} MB of source are too much for a token",
            hint=":save FILE writes them to a file",
        )
    packed = _deflated(source)
    return f"sct{VERSION}-{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def opened(text: str) -> Shared:
    """What a token holds. Line breaks and spaces in it, as mail makes them, do no harm.

    Raises:
        TokenError: it is no token, it is damaged, or from a newer scopetutor.
    """
    text = "".join(text.split())
    if len(text) > MOST_CHARACTERS:
        raise TokenError("this is too long to be a token")
    form = _FORM.match(text)
    if form is None:
        raise TokenError("this is no token", hint="a token begins with sct1-")
    if int(form[1]) > VERSION:
        raise TokenError(
            "this token is from a newer scopetutor", hint="update scopetutor"
        )
    letters = form[2]
    try:
        packed = base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
        shared = msgspec.json.decode(_inflated(packed), type=Shared)
    except (binascii.Error, zlib.error, ValueError, msgspec.MsgspecError):
        raise TokenError(
            "this token is damaged", hint="copy all of it, from sct1- on"
        ) from None
    return shared


def _deflated(source: bytes) -> bytes:
    return hashlib.sha256(source).digest()[:_CHECKSUM] + zlib.compress(source, 9)


def _inflated(packed: bytes) -> bytes:
    """The source; ValueError if it is more than there may be, or another one."""
    inflate = zlib.decompressobj()
    source = inflate.decompress(packed[_CHECKSUM:], MOST_SOURCE)
    if not inflate.eof:
        raise ValueError("too large, or cut")
    if hashlib.sha256(source).digest()[:_CHECKSUM] != packed[:_CHECKSUM]:
        raise ValueError("checksum")
    return source
