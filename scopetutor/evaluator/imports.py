"""`import tensorflow` inside a workspace: every spelling leads to scopetutor's modules.

    import tensorflow as tf                          scopetutor.tf
    import tensorflow.compat.v1 as tf                scopetutor.tf
    from tensorflow.contrib import layers            scopetutor.tf.contrib.layers
    from tensorflow.python.framework import ops      a module put together by the table

An installed TensorFlow is never loaded, and nothing outside the workspace is changed.
What is not here says why: absent from scopetutor, new in TensorFlow 2, or unknown.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from scopetutor.tf import missing

if TYPE_CHECKING:
    from collections.abc import Sequence

_LANGUAGE = "scopetutor.tf"
_SAME = ("tensorflow.compat.v1", "tensorflow_core", "tensorflow")
"""What stands for the whole language; the longest spelling first."""

_ENGINE = "scopetutor.engine"
PRIVATE: dict[str, tuple[str, ...]] = {
    # Paths that programs of TF 1 import though they were never public, below
    # `tensorflow.python`; and the modules that have what is looked for there.
    "client.session": ("engine.session", "tf"),
    "framework.constant_op": ("engine.constants", "tf"),
    "framework.dtypes": ("engine.dtypes", "tf"),
    "framework.errors": ("engine.op_errors", "tf.errors"),
    "framework.errors_impl": ("engine.op_errors", "tf.errors"),
    "framework.ops": (
        "engine.graph",
        "engine.operation",
        "engine.keys",
        "engine.defaults",
        "engine.surroundings",
        "engine.convert",
        "engine.sparse",
        "tf",
    ),
    "framework.random_seed": ("engine.random", "tf"),
    "framework.sparse_tensor": ("engine.sparse", "tf"),
    "framework.tensor_shape": ("engine.shapes", "tf"),
    "framework.tensor_util": ("engine.constants", "tf"),
    "ops.array_ops": ("tf",),
    "ops.check_ops": ("tf",),
    "ops.clip_ops": ("tf",),
    "ops.control_flow_ops": ("engine.ops.control_flow", "engine.ops.branches", "tf"),
    "ops.embedding_ops": ("tf.nn", "tf"),
    "ops.gen_array_ops": ("tf",),
    "ops.gen_math_ops": ("tf",),
    "ops.gradients": ("tf",),
    "ops.init_ops": ("engine.initializers", "tf.initializers", "tf"),
    "ops.linalg_ops": ("tf.linalg", "tf"),
    "ops.logging_ops": ("tf",),
    "ops.losses.losses": ("tf.losses",),
    "ops.math_ops": ("tf.math", "tf"),
    "ops.nn": ("tf.nn",),
    "ops.nn_ops": ("tf.nn", "tf"),
    "ops.nn_impl": ("tf.nn",),
    "ops.partitioned_variables": ("engine.partitions", "tf"),
    "ops.random_ops": ("tf.random", "tf"),
    "ops.resource_variable_ops": ("engine.resource_variables",),
    "ops.rnn": ("tf.nn",),
    "ops.rnn_cell": ("tf.nn.rnn_cell",),
    "ops.rnn_cell_impl": ("tf.nn.rnn_cell",),
    "ops.state_ops": ("engine.ops.state", "tf"),
    "ops.string_ops": ("tf.strings", "tf"),
    "ops.template": ("engine.templates", "tf"),
    "ops.tensor_array_ops": ("tf",),
    "ops.variable_scope": (
        "engine.scopes",
        "engine.store",
        "engine.variables",
        "engine.partitions",
        "tf",
    ),
    "ops.variables": ("engine.variables", "tf"),
    "layers.base": ("tf.layers",),
    "layers.core": ("tf.layers",),
    "layers.layers": ("tf.layers",),
    "platform.app": ("tf.app",),
    "platform.flags": ("tf.flags",),
    "platform.gfile": ("tf.gfile",),
    "platform.tf_logging": ("engine.tf_logging", "tf.logging"),
    "saved_model.tag_constants": ("tf.saved_model.tag_constants",),
    "summary.summary": ("tf.summary",),
    "training.adam": ("tf.train",),
    "training.checkpoint_utils": ("tf.train",),
    "training.moving_averages": ("engine.training.moving_averages", "tf.train"),
    "training.optimizer": ("tf.train",),
    "training.saver": ("tf.train",),
    "training.slot_creator": ("engine.training.slots",),
    "training.training": ("tf.train",),
    "training.training_util": ("engine.training.global_step", "tf.train"),
    "util.nest": ("engine.nest", "tf.nest"),
    "util.tf_export": ("tf",),
}


class Language:
    """Finds the modules that a workspace imports as TensorFlow.

    `install` puts it before all other finders of Python's import.
    """

    def install(self) -> None:
        """Makes `import tensorflow` mean scopetutor from now on."""
        sys.meta_path.insert(0, self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of a module of TensorFlow; None for everything else.

        Raises:
            ModuleNotFoundError: TensorFlow or scopetutor has no such module.
        """
        del path, target
        if name.partition(".")[0] not in ("tensorflow", "tensorflow_core"):
            return None
        loader: Any = self  # it is one by what it does
        return importlib.machinery.ModuleSpec(name, loader, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Lets Python make an empty module, which `exec_module` replaces."""

    def exec_module(self, module: ModuleType) -> None:
        """Puts scopetutor's module where Python will look for the imported one."""
        name = module.__name__
        sys.modules[name] = _found(name)


def _found(name: str) -> ModuleType:
    """Scopetutor's module for one of TensorFlow's.

    Raises:
        ModuleNotFoundError: there is none.
    """
    inside = _below_language(name)
    if inside == "compat":
        return _Namespace(name, ())
    if inside == "python" or inside.startswith("python."):
        return _private(name, inside.removeprefix("python").lstrip("."))
    module = _language_module(inside)
    if module is not None:
        return module
    raise ModuleNotFoundError(_why_missing(inside), name=name)


def _below_language(name: str) -> str:
    """The module's name below `tensorflow`, such as "contrib.layers"."""
    for same in _SAME:
        if name == same:
            return ""
        if name.startswith(f"{same}."):
            return name[len(same) + 1 :]
    raise AssertionError(name)


def _language_module(inside: str) -> ModuleType | None:
    """`scopetutor.tf` itself, a module below it, or what plays a module there."""
    module: Any = importlib.import_module(_LANGUAGE)
    for part in filter(None, inside.split(".")):
        try:
            module = getattr(module, part)
        except AttributeError:
            return None
    return module if isinstance(module, ModuleType) else None


def _private(name: str, inside: str) -> ModuleType:
    """A module below `tensorflow.python`, put together by the table.

    Raises:
        ModuleNotFoundError: the table does not have it.
    """
    if inside in PRIVATE:
        return _Namespace(name, PRIVATE[inside])
    if inside == "" or any(key.startswith(f"{inside}.") for key in PRIVATE):
        return _Namespace(name, ())
    raise ModuleNotFoundError(
        f"No module named '{name}': it is private to TensorFlow, and scopetutor does "
        "not have it. Import from `tensorflow` itself",
        name=name,
    )


class _Namespace(ModuleType):
    """A module whose names come from some of ours, when they are asked for."""

    def __init__(self, name: str, places: tuple[str, ...]) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self._places = places

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        for place in self._places:
            try:
                found = getattr(importlib.import_module(f"scopetutor.{place}"), name)
            except (ImportError, AttributeError):
                continue
            setattr(self, name, found)
            return found
        full = f"{self.__name__}.{name}"
        if full == "tensorflow.compat.v1":
            return importlib.import_module(_LANGUAGE)
        raise AttributeError(
            f"module '{self.__name__}' has no attribute '{name}' in scopetutor"
        )


def _why_missing(inside: str) -> str:
    """Which of three reasons there is for a module to be missing."""
    module, _, name = inside.rpartition(".")
    why = missing.reason(f"tf.{module}" if module else "tf", name)
    return why.replace("module 'tensorflow' has no attribute", "No module")
