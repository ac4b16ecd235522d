"""Whole files at once: what `tensorflow.python.lib.io.file_io` has, and `tf.gfile` not.

After ``gfile.py``; old programs use these. All else there is `tf.gfile` by other names.
"""

from __future__ import annotations

import os
from typing import Any

from . import files, gfile


def read_file_to_string(filename: Any, binary_mode: bool = False) -> str | bytes:
    """All that is in a file, as text or as bytes."""
    with gfile.GFile(filename, mode="rb" if binary_mode else "r") as file:
        content: str | bytes = file.read()
        return content


def write_string_to_file(filename: Any, file_content: str | bytes) -> None:
    """Makes a text, or bytes, all that is in a file."""
    with gfile.GFile(filename, mode="w") as file:
        file.write(file_content)


def atomic_write_string_to_file(
    filename: Any, contents: str | bytes, overwrite: bool = True
) -> None:
    """`write_string_to_file`; others see the file as it was or as it will be."""
    beside = f"{files.text_path(filename)}.tmp{os.urandom(16).hex()}"
    write_string_to_file(beside, contents)
    try:
        gfile.Rename(beside, filename, overwrite)
    except Exception:
        gfile.Remove(beside)
        raise


def filecmp(filename_a: Any, filename_b: Any) -> bool:
    """Whether the same is in two files."""
    if gfile.Stat(filename_a).length != gfile.Stat(filename_b).length:
        return False
    one, other = (
        read_file_to_string(name, binary_mode=True) for name in (filename_a, filename_b)
    )
    return one == other
