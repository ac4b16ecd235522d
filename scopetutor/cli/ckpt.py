"""`scopetutor ckpt`: look into checkpoints, compare them, change them."""

from __future__ import annotations

import typer

from . import ckpt_change, ckpt_look

group = typer.Typer(
    help="Look into TensorFlow's checkpoints, compare and change them.",
    no_args_is_help=True,
)

# In the order of the help.
_COMMANDS = (
    ("ls", ckpt_look.ls),
    ("tree", ckpt_look.tree),
    ("show", ckpt_look.show_tensors),
    ("diff", ckpt_look.diff),
    ("verify", ckpt_look.verify),
    ("layout", ckpt_look.layout),
    ("rename", ckpt_change.rename),
    ("strip", ckpt_change.strip),
    ("to-npz", ckpt_change.to_npz),
    ("from-npz", ckpt_change.from_npz),
    ("to-safetensors", ckpt_change.to_safetensors),
)
for name, function in _COMMANDS:
    group.command(name)(function)
