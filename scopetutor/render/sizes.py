"""How large things are, in words: bytes, and numbers of parameters.

Before the drawings of what checkpoints hold. `words` spells everything else.
"""

from __future__ import annotations


def bytes_text(count: int | None) -> str:
    """Such as "512 B", "4.7 MiB"; "" if nobody knows."""
    if count is None:
        return ""
    size, unit = float(count), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{count} B" if unit == "B" else f"{size:.3g} {unit}"


def count_text(count: int) -> str:
    """Such as "7,850" or "25.6 M"."""
    if count < 100_000:
        return f"{count:,}"
    for unit, size in (("T", 10**12), ("G", 10**9), ("M", 10**6)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count / 1000:.3g} k"
