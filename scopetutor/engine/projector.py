"""`tf.contrib.tensorboard.plugins.projector`: what TensorBoard draws of embeddings.

Stands alone: a message, written beside the event files.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from scopetutor.formats import protos
from scopetutor.formats.pbtxt import write

from . import files

if TYPE_CHECKING:
    from scopetutor.formats.message import Message

ProjectorConfig = protos.ProjectorConfig
EmbeddingInfo = protos.EmbeddingInfo
SpriteMetadata = protos.SpriteMetadata


def visualize_embeddings(summary_writer: Any, config: Message) -> None:
    """Writes ``projector_config.pbtxt`` into a writer's folder.

    Raises:
        ValueError: the writer has no folder.
        tf.errors.OpError: the file cannot be written.
    """
    folder = summary_writer.get_logdir()
    if folder is None:
        raise ValueError("Summary writer must have a logdir")
    path = os.path.join(files.text_path(folder), "projector_config.pbtxt")
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(write(config))
    except OSError as error:
        raise files.refusal(error, path) from None
