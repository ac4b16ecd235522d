"""`scopetutor ckpt`: look into checkpoints, compare them, change them.

The table of its commands: `ckpt_look` has those that only read, `ckpt_change` those
that write. `checkpoints` does the work, `render` draws what comes out.
"""

from __future__ import annotations

import typer

from . import ckpt_change, ckpt_look

group = typer.Typer(
    help="Look into TensorFlow's checkpoints, compare and change them.",
    no_args_is_help=True,
)

# In the order of the help, with what the help of the whole group says of each.
_COMMANDS = (
    ("ls", ckpt_look.ls, "List the tensors, and what each one is"),
    ("tree", ckpt_look.tree, "Draw the tensors as a tree of scopes"),
    ("show", ckpt_look.show_tensors, "Show tensors with statistics and values"),
    ("diff", ckpt_look.diff, "Compare with a script, a graph or a checkpoint"),
    ("verify", ckpt_look.verify, "Read every byte, compare all checksums"),
    ("layout", ckpt_look.layout, "Names and axes in PyTorch and Flax"),
    ("rename", ckpt_change.rename, "Write one with other names"),
    ("strip", ckpt_change.strip, "Write one without what only training needs"),
    ("to-npz", ckpt_change.to_npz, "Write a NumPy .npz file"),
    ("from-npz", ckpt_change.from_npz, "Write a checkpoint from a .npz file"),
    ("to-safetensors", ckpt_change.to_safetensors, "Write a .safetensors file"),
)
for name, function, summary in _COMMANDS:
    group.command(name, short_help=summary)(function)
