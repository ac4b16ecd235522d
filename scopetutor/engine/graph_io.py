"""Graphs to files: `tf.train.write_graph`.

After ``graph.py``, which gives the message; ``formats/graph_files.py`` writes it. The
Supervisor and the hooks that record a training write their graph with it, too.
"""

from __future__ import annotations

import os
from typing import Any

from scopetutor.formats.graph_files import write_message

from . import files
from .graph import Graph


def write_graph(
    graph_or_graph_def: Any, logdir: Any, name: str, as_text: bool = True
) -> str:
    """Writes a graph, or any message, as text or binary; makes the folder.

    Returns:
        The path of the file.
    """
    message = graph_or_graph_def
    if isinstance(message, Graph):
        message = message.as_graph_def()
    path = os.path.join(logdir, name)
    try:
        if logdir:
            os.makedirs(logdir, exist_ok=True)
        write_message(path, message, as_text=as_text)
    except OSError as error:
        raise files.refusal(error, path) from None
    return path
