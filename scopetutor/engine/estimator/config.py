"""How an Estimator runs, and where it begins: `RunConfig`, `WarmStartSettings`.

Before estimator, which saves, logs and keeps checkpoints as it says; a model function
that takes `config` is given it.
"""

from __future__ import annotations

import os
import tempfile
from typing import Any, NamedTuple

from scopetutor.engine import tf_logging
from scopetutor.engine.saved_model import names
from scopetutor.engine.training.cluster import ClusterSpec

_EVERY = 100  # steps between two lines of the log
_USE_DEFAULT = object()


class _Fields(NamedTuple):
    model_dir: Any
    tf_random_seed: Any
    save_summary_steps: Any
    save_checkpoints_steps: Any
    save_checkpoints_secs: Any
    session_config: Any
    keep_checkpoint_max: Any
    keep_checkpoint_every_n_hours: Any
    log_step_count_steps: Any
    train_distribute: Any
    device_fn: Any
    protocol: Any
    eval_distribute: Any
    experimental_distribute: Any
    experimental_max_worker_delay_secs: Any
    session_creation_timeout_secs: Any


class RunConfig(_Fields):
    """How an Estimator runs: here, in one process.

    Args:
        model_dir: the folder of its checkpoints; None: a temporary one.
        tf_random_seed: of each graph; None: another one each time.
        save_summary_steps: how many steps lie between two summaries.
        save_checkpoints_steps: between two checkpoints; None: seconds decide.
        save_checkpoints_secs: between two checkpoints; 600 if nothing else is said.
        session_config: a ConfigProto, or None.
        keep_checkpoint_max: how many checkpoints are kept.
        keep_checkpoint_every_n_hours: one of them for ever, every so many hours.
        log_step_count_steps: how many steps lie between two lines of the log.
        train_distribute, protocol, eval_distribute, experimental_distribute,
        experimental_max_worker_delay_secs, session_creation_timeout_secs: of clusters;
            kept and not looked at.
        device_fn: says where the operations of a training are.

    Raises:
        ValueError: both a number of steps and one of seconds lie between checkpoints.
    """

    def __new__(
        cls,
        model_dir: Any = None,
        tf_random_seed: int | None = None,
        save_summary_steps: int | None = 100,
        save_checkpoints_steps: Any = _USE_DEFAULT,
        save_checkpoints_secs: Any = _USE_DEFAULT,
        session_config: Any = None,
        keep_checkpoint_max: int = 5,
        keep_checkpoint_every_n_hours: int = 10000,
        log_step_count_steps: int | None = _EVERY,
        train_distribute: Any = None,
        device_fn: Any = None,
        protocol: Any = None,
        eval_distribute: Any = None,
        experimental_distribute: Any = None,
        experimental_max_worker_delay_secs: Any = None,
        session_creation_timeout_secs: int = 7200,
    ) -> RunConfig:
        """Chooses between steps and seconds."""
        steps, secs = _between(save_checkpoints_steps, save_checkpoints_secs)
        return super().__new__(
            cls,
            None if model_dir is None else os.fspath(model_dir),
            tf_random_seed,
            save_summary_steps,
            steps,
            secs,
            session_config,
            keep_checkpoint_max,
            keep_checkpoint_every_n_hours,
            log_step_count_steps,
            train_distribute,
            device_fn,
            protocol,
            eval_distribute,
            experimental_distribute,
            experimental_max_worker_delay_secs,
            session_creation_timeout_secs,
        )

    def replace(self, **kwargs: Any) -> RunConfig:
        """The same with some values changed."""
        if kwargs.get("save_checkpoints_steps"):
            kwargs.setdefault("save_checkpoints_secs", None)
        elif kwargs.get("save_checkpoints_secs"):
            kwargs.setdefault("save_checkpoints_steps", None)
        return RunConfig(**{**self._asdict(), **kwargs})

    # -- of clusters: there is one process ---------------------------------------------

    master = evaluation_master = ""
    is_chief = True
    num_ps_replicas, num_worker_replicas = 0, 1
    task_type, task_id, global_id_in_cluster = "worker", 0, 0
    service = None

    @property
    def cluster_spec(self) -> ClusterSpec:
        """An empty cluster."""
        return ClusterSpec({})


def _between(steps: Any, secs: Any) -> tuple[Any, Any]:
    """Steps and seconds between two checkpoints, of which one is None."""
    if steps is _USE_DEFAULT:
        if secs is _USE_DEFAULT:
            secs = 600
        return None, secs
    if secs is _USE_DEFAULT:
        return steps, None
    if steps is not None and secs is not None:
        raise ValueError(
            "`save_checkpoints_steps` and `save_checkpoints_secs` cannot be both set."
        )
    return steps, secs


def with_model_dir(config: Any, model_dir: Any) -> RunConfig:
    """A configuration that has a folder.

    Raises:
        ValueError: it is no RunConfig, or two different folders are given.
    """
    if config is None:
        config = RunConfig()
        tf_logging.info("Using default config.")
    if not isinstance(config, RunConfig):
        raise ValueError(
            f"config must be an instance of `RunConfig`, but provided {config}."
        )
    model_dir = None if model_dir is None else os.fspath(model_dir)
    if model_dir is not None and config.model_dir not in (None, model_dir):
        raise ValueError(
            "`model_dir` are set both in constructor and `RunConfig`, but with "
            f"different values. In constructor: '{model_dir}', in `RunConfig`: "
            f"'{config.model_dir}' "
        )
    if model_dir or config.model_dir is not None:
        return config._replace(model_dir=model_dir or config.model_dir)
    folder = tempfile.mkdtemp()
    tf_logging.warning("Using temporary folder as model directory: %s", folder)
    return config._replace(model_dir=folder)


class _Start(NamedTuple):
    ckpt_to_initialize_from: Any
    vars_to_warm_start: Any
    var_name_to_vocab_info: Any
    var_name_to_prev_var_name: Any


class WarmStartSettings(_Start):
    """Which variables of a new model begin with the values of an old one.

    Raises:
        ValueError: there is no checkpoint.
    """

    __slots__ = ()

    def __new__(
        cls,
        ckpt_to_initialize_from: Any,
        vars_to_warm_start: Any = ".*",
        var_name_to_vocab_info: Any = None,
        var_name_to_prev_var_name: Any = None,
    ) -> WarmStartSettings:
        """Checks that there is a checkpoint."""
        if not ckpt_to_initialize_from:
            raise ValueError(
                "`ckpt_to_initialize_from` MUST be set in WarmStartSettings"
            )
        return super().__new__(
            cls,
            ckpt_to_initialize_from,
            vars_to_warm_start,
            var_name_to_vocab_info or {},
            var_name_to_prev_var_name or {},
        )


def warm_start_settings(given: Any) -> WarmStartSettings | None:
    """What a model begins with: of settings, a checkpoint or a SavedModel.

    Raises:
        ValueError: it is none of these.
    """
    if given is None or isinstance(given, WarmStartSettings):
        return given
    if not isinstance(given, (str, bytes)):
        raise ValueError(
            "warm_start_from must be a string or a WarmStartSettings, instead got "
            f"{type(given)}"
        )
    path = os.fsdecode(given)
    values = os.path.join(path, names.VARIABLES_DIRECTORY, names.VARIABLES_FILENAME)
    if os.path.exists(f"{values}.index"):
        tf_logging.info("Warm-starting from a SavedModel")
        return WarmStartSettings(values)
    return WarmStartSettings(given)
