"""Graphs in files: ``graph.pb``, ``graph.pbtxt``, ``model.ckpt.meta``, a SavedModel.

Whether a file is text its first bytes tell, not its name.
``protos.py`` comes before; the engine's import and export after.
"""

from __future__ import annotations

import os
import re
from typing import Any

from scopetutor.errors import FileFormatError, FileMissingError

from . import pbtxt, protos
from .crash_safe import FilesTogether
from .file_ranges import FileRanges
from .message import LARGEST, Message
from .pbtxt_reader import merge

# a comment, then a name; a binary message could begin so, but not with a field's
_FIRST_NAME = re.compile(rb"(?:\s|#[^\n]*\n)*([a-z_]+)\s*[:{<]")


def read_graph(path: str | os.PathLike[str]) -> Any:
    """The ``GraphDef`` in a ``.pb`` or ``.pbtxt`` file.

    Raises:
        FileMissingError: there is no such file.
        FileFormatError: it is damaged, or of another kind.
    """
    return read_message(path, protos.GraphDef)


def read_meta_graph(path: str | os.PathLike[str], only: tuple[str, ...] = ()) -> Any:
    """The ``MetaGraphDef`` in a ``.meta`` file.

    Args:
        path: the file, or the prefix of its checkpoint.
        only: the fields to read; ``("collection_def",)`` of a large file takes
            a hundredth of the time of all.

    Raises:
        FileMissingError: there is no such file.
        FileFormatError: it is damaged, or of another kind.
    """
    spelled = os.fspath(path)
    if not os.path.isfile(spelled) and os.path.isfile(f"{spelled}.meta"):
        spelled = f"{spelled}.meta"
    return read_message(spelled, protos.MetaGraphDef, only)


def read_saved_model(folder: str | os.PathLike[str]) -> Any:
    """The ``SavedModel`` of a folder: its ``saved_model.pb`` or ``.pbtxt``.

    Raises:
        FileMissingError: the folder has neither.
        FileFormatError: it is damaged.
    """
    for name in ("saved_model.pb", "saved_model.pbtxt"):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return read_message(path, protos.SavedModel)
    raise FileMissingError(
        "there is no SavedModel in this folder",
        path=os.fspath(folder),
        hint="a SavedModel's folder has a file saved_model.pb",
    )


def read_message(
    path: str | os.PathLike[str],
    kind: type[Message],
    only: tuple[str, ...] = (),
) -> Any:
    """A message of any kind from a binary or text file.

    Args:
        path: the file; it is text if it begins with the name of a field.
        kind: the class of the message.
        only: the fields to read of a binary file; empty reads all.

    Raises:
        FileMissingError: there is no such file.
        FileFormatError: it is no such message.
    """
    file = FileRanges(os.fspath(path))
    if file.size > LARGEST:
        raise FileFormatError(
            f"a {kind.schema.name} cannot have {file.size} bytes",
            path=file.path,
            hint="TensorFlow writes no message over 2 GiB",
        )
    data = file.read(0, file.size)
    first = _FIRST_NAME.match(data)
    if first is None or first[1].decode() not in kind.schema.by_name:
        return kind.decode(data, path=file.path, only=only)
    message = kind()
    merge(data, message, path=file.path)
    return message


def write_message(
    path: str | os.PathLike[str], message: Message, *, as_text: bool
) -> None:
    """Write a message as ``tf.train.write_graph`` does, at once or not at all.

    Raises:
        OSError: the folder is not there, or the disk is full.
    """
    data = pbtxt.write(message, floats=repr).encode() if as_text else message.encode()
    with FilesTogether() as files:
        files.create(os.fspath(path)).write(data)
