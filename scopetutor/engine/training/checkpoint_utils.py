"""Looking into checkpoints without a Saver, and initializing variables from one.

`tf.train.list_variables`, `load_variable`, `init_from_checkpoint`. Paths may be a
folder here: then its latest checkpoint is meant.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from scopetutor.engine import tf_logging
from scopetutor.engine.checkpoint_reader import CheckpointReader, NewCheckpointReader
from scopetutor.engine.files import text_path
from scopetutor.engine.ops import io
from scopetutor.engine.scopes import default_variable_store
from scopetutor.engine.surroundings import device
from scopetutor.engine.variables import Variable

from .checkpoint_management import latest_checkpoint
from .saveable import op_list_to_dict, saveable_objects_for_op

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


def checkpoint_of(ckpt_dir_or_file: Any) -> Any:
    """The prefix that is meant: of a folder, its latest checkpoint or None."""
    if os.path.isdir(text_path(ckpt_dir_or_file)):
        return latest_checkpoint(ckpt_dir_or_file)
    return ckpt_dir_or_file


def load_checkpoint(ckpt_dir_or_file: Any) -> CheckpointReader:
    """A reader of a checkpoint.

    Raises:
        ValueError: the folder has no checkpoint.
        NotFoundError: there is none with this prefix.
    """
    filename = checkpoint_of(ckpt_dir_or_file)
    if filename is None:
        raise ValueError(
            "Couldn't find 'checkpoint' file or checkpoints in given directory "
            f"{ckpt_dir_or_file}"
        )
    return NewCheckpointReader(filename)


def load_variable(ckpt_dir_or_file: Any, name: str) -> Any:
    """The value of one tensor; TF 1.15: a final ":0" of its name is ignored."""
    if not hasattr(name, "endswith"):  # TF 1.15 asks that before all else
        raise AttributeError(
            f"{type(name).__name__!r} object has no attribute 'endswith'"
        )
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name.removesuffix(":0"))


def list_variables(ckpt_dir_or_file: Any) -> list[tuple[str, list[int]]]:
    """(name, shape) of every tensor, sorted by name."""
    return sorted(load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map().items())


def wait_for_new_checkpoint(
    checkpoint_dir: Any,
    last_checkpoint: str | None = None,
    seconds_to_sleep: float = 1,
    timeout: float | None = None,
) -> str | None:
    """The next checkpoint of a folder other than the last one; None if it is late."""
    tf_logging.info("Waiting for new checkpoint at %s", checkpoint_dir)
    stop = None if timeout is None else time.time() + timeout
    while True:
        path: str | None = latest_checkpoint(checkpoint_dir)
        if path is not None and path != last_checkpoint:
            tf_logging.info("Found new checkpoint at %s", path)
            return path
        if stop is not None and time.time() + seconds_to_sleep > stop:
            return None
        time.sleep(seconds_to_sleep)


def checkpoints_iterator(
    checkpoint_dir: Any,
    min_interval_secs: float = 0,
    timeout: float | None = None,
    timeout_fn: Callable[[], bool] | None = None,
) -> Iterator[str]:
    """The checkpoints of a folder as they appear.

    Args:
        checkpoint_dir: the folder.
        min_interval_secs: how long to wait between two.
        timeout: how long to wait for one, in seconds; None: for ever.
        timeout_fn: asked after a timeout whether to stop; None: stop.
    """
    path: str | None = None
    while True:
        found = wait_for_new_checkpoint(checkpoint_dir, path, timeout=timeout)
        if found is None:
            if timeout_fn is None:
                tf_logging.info("Timed-out waiting for a checkpoint.")
                return
            if timeout_fn():
                return
            continue
        start, path = time.time(), found
        yield found
        rest = start + min_interval_secs - time.time()
        if rest > 0:
            time.sleep(rest)


# -- initializing from a checkpoint ----------------------------------------------------


def is_variable(value: Any) -> bool:
    """Whether something is a variable."""
    return isinstance(value, Variable)


def init_from_checkpoint(ckpt_dir_or_file: Any, assignment_map: Any) -> None:
    """Makes variables get their initial values from a checkpoint.

    Args:
        ckpt_dir_or_file: the checkpoint.
        assignment_map: name or scope in the checkpoint -> variable, its parts, its
            name, or a scope of the graph; scopes end in "/".

    Raises:
        ValueError: a tensor is not in the checkpoint, or has another shape.
    """
    path = checkpoint_of(ckpt_dir_or_file)
    stored = load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map()
    known = default_variable_store()._vars
    source = _Source(ckpt_dir_or_file, path, stored, known)
    for name, target in sorted(assignment_map.items()):
        variable = source.variable(target)
        if variable is None:
            source.init_scope(name, target)
        else:
            source.init_variable(name, variable)


class _Source:
    """A checkpoint that variables are initialized from."""

    def __init__(
        self,
        given: Any,
        path: Any,
        stored: Mapping[str, list[int]],
        known: Mapping[str, Any],
    ) -> None:
        self._given = given  # as the program named it, for messages
        self._path = path
        self._stored = stored
        self._known = known

    def variable(self, target: Any) -> Any:
        """The variable or list of parts that is meant; None if it is a scope."""
        if is_variable(target):
            return target
        if isinstance(target, list) and all(map(is_variable, target)):
            return target
        return self._known_as(target)

    def _known_as(self, name: str) -> Any:
        found = self._known.get(name)
        if found is not None:
            return found
        parts: list[Any] = []
        while name + f"/part_{len(parts)}" in self._known:
            parts.append(self._known[name + f"/part_{len(parts)}"])
        return parts or None

    def init_variable(self, name: str, variable: Any) -> None:
        """Initializes one variable from the tensor of a name."""
        if name not in self._stored:
            raise ValueError(
                f"Tensor {name} is not found in {self._given} checkpoint {self._stored}"
            )
        if is_variable(variable):
            shape = variable.get_shape()
            if not shape.is_compatible_with(self._stored[name]):
                raise ValueError(
                    f"Shape of variable {variable.name} ({shape}) doesn't match with "
                    f"shape of tensor {name} ({self._stored[name]}) from checkpoint "
                    "reader."
                )
        self._set(variable, name)

    def init_scope(self, name: str, target: str) -> None:
        """Initializes every variable of a scope from the same name in another one."""
        scope = target.rpartition("/")[0]
        if not name.endswith("/"):
            raise ValueError(
                f"Assignment map with scope only name {scope} should map to scope only "
                f"{name}. Should be 'scope/': 'other_scope/'."
            )
        inside = {
            each.partition("/part_")[0]
            for each in self._known
            if not scope or each.startswith(f"{scope}/")
        }
        for each in sorted(inside):
            rest = each[len(scope) :]
            if target != "/":
                rest = rest[1:]
            key = (rest if name == "/" else name + rest).removesuffix("/")
            if key not in self._stored:
                raise ValueError(
                    f"Tensor {key} ({each[len(scope) + 1 :]} in {name}) is not found "
                    f"in {self._given} checkpoint"
                )
            self._set(self._known_as(each), key)

    def _set(self, variable: Any, key: str) -> None:
        if not isinstance(variable, (list, tuple)):
            _set_initializer(variable, self._path, key, "")
            shown = variable.name
        else:
            whole = variable[0]._save_slice_info.full_name
            for part in variable:
                info = part._save_slice_info
                if info.full_name != whole:
                    raise ValueError(
                        "Slices must all be from the same tensor: "
                        f"{whole} != {info.full_name}"
                    )
                _set_initializer(part, self._path, key, info.spec)
            shown = ",".join(part.name for part in variable)
        tf_logging.debug(
            "Initialize variable %s from checkpoint %s with %s", shown, self._given, key
        )


def _set_initializer(variable: Any, path: Any, key: str, slice_spec: str) -> None:
    """Makes a variable's initializer restore a tensor."""
    with device(variable.device), device("/cpu:0"):
        restored = io.restore_v2(
            path,
            [key],
            [slice_spec],
            [variable.dtype.base_dtype],
            name="checkpoint_initializer",
        )[0]
        (item,) = op_list_to_dict([variable]).items()
        (saveable,) = saveable_objects_for_op(item[1], item[0])
    # Outside of these devices, as in TF 1.15.
    variable._initializer_op = saveable.restore([restored], None)
    restored.set_shape(variable.shape)
    variable._initial_value = restored
