"""How a TPUEstimator runs: kept, and where TPUs are meant, not looked at.

After config. TF 1.15: `tf.estimator.tpu.RunConfig`, `tf.estimator.tpu.TPUConfig`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .config import RunConfig as PlainRunConfig

if TYPE_CHECKING:
    from collections.abc import Iterator


class InputPipelineConfig:
    """Where input functions run, of TPUs."""

    PER_SHARD_V1 = 1
    PER_HOST_V1 = 2
    PER_HOST_V2 = 3
    BROADCAST = 4
    SLICED = 5


def _per_host(given: Any) -> Any:
    if given is True:
        return InputPipelineConfig.PER_HOST_V1
    return InputPipelineConfig.PER_SHARD_V1 if given is False else given


class _Settings(NamedTuple):
    iterations_per_loop: Any = 2
    num_shards: Any = None
    num_cores_per_replica: Any = None
    per_host_input_for_training: Any = True
    tpu_job_name: Any = None
    initial_infeed_sleep_secs: Any = None
    input_partition_dims: Any = None
    eval_training_input_configuration: Any = InputPipelineConfig.PER_HOST_V1
    experimental_host_call_every_n_steps: int = 1


class TPUConfig(_Settings):
    """How TPUs are used; kept, and not looked at."""

    __slots__ = ()

    def __new__(cls, *args: Any, **kwargs: Any) -> TPUConfig:
        """A truth value for per_host_input_for_training becomes its number.

        Raises:
            ValueError: settings do not fit.
        """
        made = super().__new__(cls, *args, **kwargs)
        for wrong, message in _wrong(made):
            if wrong:
                raise ValueError(message)
        number = _per_host(made.per_host_input_for_training)
        return made._replace(per_host_input_for_training=number)


def _wrong(made: TPUConfig) -> Iterator[tuple[bool, str]]:
    """What may be wrong with settings, in TensorFlow's order."""
    yield _not_positive(made.num_shards, "num_shards")
    parts, cores = made.input_partition_dims, made.num_cores_per_replica
    if parts is not None:
        yield (
            len(parts) not in (1, 2),
            "input_partition_dims must be a list/tuple with one or two elements.",
        )
        yield (
            made.per_host_input_for_training is not InputPipelineConfig.PER_HOST_V2,
            "input_partition_dims is only supported in PER_HOST_V2 mode.",
        )
        yield (
            cores is None,
            "input_partition_dims requires setting num_cores_per_replica.",
        )
    yield (
        cores not in (None, 1, 2, 4, 8, 16, 32, 64, 128),
        f"num_cores_per_replica must be 1, 2, 4, 8, 16, 32, 64, 128; got {cores}",
    )
    got = made.eval_training_input_configuration
    yield (
        got not in (InputPipelineConfig.PER_HOST_V1, InputPipelineConfig.SLICED),
        f"eval_training_input_configuration must be PER_HOST_V1 or SLICED; got {got}",
    )
    yield _not_positive(
        made.initial_infeed_sleep_secs or None, "initial_infeed_sleep_secs"
    )


def _not_positive(value: Any, name: str) -> tuple[bool, str]:
    wrong = value is not None and value <= 0
    return wrong, f"TPUConfig {name} must be positive, got {value}"


class RunConfig(PlainRunConfig):
    """How a TPUEstimator runs.

    Args:
        tpu_config: a TPUConfig.
        evaluation_master, master: kept; there is one process.
        cluster: kept; there is no cluster.
        kwargs: as for `tf.estimator.RunConfig`.

    Attributes:
        tpu_config, cluster: as they were given.
    """

    tpu_config: Any
    cluster: Any

    def __new__(
        cls,
        tpu_config: Any = None,
        evaluation_master: Any = None,
        master: Any = None,
        cluster: Any = None,
        **kwargs: Any,
    ) -> RunConfig:
        """Keeps what is said of TPUs.

        Raises:
            ValueError: both a master and a cluster are given.
        """
        if master is not None and cluster is not None:
            raise ValueError("Both master and cluster are set.")
        made: Any = super().__new__(cls, **kwargs)
        made.tpu_config = tpu_config or TPUConfig()
        made.cluster = cluster
        return made  # type: ignore[no-any-return]

    def _replace(self, **kwargs: Any) -> Any:
        made = super()._replace(**kwargs)
        made.tpu_config, made.cluster = self.tpu_config, self.cluster
        return made

    def replace(self, **kwargs: Any) -> Any:
        """The same with some values changed."""
        tpu_config = kwargs.pop("tpu_config", self.tpu_config)
        made = self._replace(**kwargs)
        made.tpu_config = tpu_config
        return made
