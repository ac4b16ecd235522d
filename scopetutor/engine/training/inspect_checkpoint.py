"""`tensorflow.python.tools.inspect_checkpoint`: what a checkpoint holds, printed.

After ``checkpoint_reader.py``. Old notebooks import it by this path to see what they
have to restore (``evaluator/old_paths.py``); `scopetutor ckpt ls` shows the same.
"""

from __future__ import annotations

import re
import sys
from math import prod

from scopetutor.engine.checkpoint_reader import CheckpointReader, NewCheckpointReader

_PREFIX_WANTED = """
It's likely that this is a V2 checkpoint and you need to provide the filename
*prefix*.  Try removing the '.' and extension.  Try:
inspect checkpoint --file_name = {}
"""


def print_tensors_in_checkpoint_file(
    file_name: str,
    tensor_name: str,
    all_tensors: bool,
    all_tensor_names: bool = False,
    count_exclude_pattern: str = "",
) -> None:
    """Prints the names, and the values if wanted, of the tensors in a checkpoint.

    Args:
        file_name: the prefix of the checkpoint.
        tensor_name: the only one to print, with its values; "" for the names of all.
        all_tensors: whether to print all with their values.
        all_tensor_names: whether to print all names.
        count_exclude_pattern: what not to count in the total of parameters.
    """
    try:
        reader = NewCheckpointReader(file_name)
        if all_tensors or all_tensor_names:
            for name in sorted(reader.get_variable_to_shape_map()):
                _say("tensor_name:  " + name)
                if all_tensors:
                    _say(reader.get_tensor(name))
        elif not tensor_name:
            _say(reader.debug_string().decode())
        else:
            _say("tensor_name:  " + tensor_name)
            _say(reader.get_tensor(tensor_name))
        total = _count(reader, count_exclude_pattern)
        _say(f"# Total number of params: {total}")
    except Exception as error:  # TF 1.15: whatever it is, it is printed
        _say(error)
        is_file = any(end in file_name for end in (".index", ".meta", ".data"))
        if "Data loss" in str(error) and is_file:
            _say(_PREFIX_WANTED.format(file_name.rpartition(".")[0]).rstrip("\n"))


def _say(value: object) -> None:
    sys.stdout.write(f"{value}\n")


def _count(reader: CheckpointReader, exclude: str) -> int:
    sizes = {
        name: prod(shape) for name, shape in reader.get_variable_to_shape_map().items()
    }
    if exclude:
        left_out = [name for name in sizes if re.search(exclude, name)]
        params = sum(sizes.pop(name) for name in left_out)
        _say(
            f"# Excluding {len(left_out)} tensors ({params} params) that match "
            f"{exclude} when counting."
        )
    return sum(sizes.values())
