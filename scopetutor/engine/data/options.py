"""`tf.data.Options`: how datasets are optimized, before they are followed.

Beside dataset, which asks them what to add. Most of them change how fast TensorFlow is
and nothing that a program sees; they are kept as they were given.
"""

from __future__ import annotations

from typing import Any, ClassVar


class _Settings:
    """Named settings, each None until it is set."""

    names: ClassVar[dict[str, Any]] = {}

    def __init__(self) -> None:
        values = {
            name: kind() if isinstance(kind, type) and issubclass(kind, _Settings)
            else None
            for name, kind in self.names.items()
        }  # fmt: skip
        object.__setattr__(self, "_values", values)

    def __getattr__(self, name: str) -> Any:
        values = self.__dict__.get("_values", {})
        if name in values:
            return values[name]
        raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.names:
            raise AttributeError(
                f"Cannot set the property {name} on {type(self).__name__}."
            )
        kind = self.names[name]
        if not isinstance(value, kind):
            raise TypeError(
                f"property {name} must be of type {kind!r}, got: {value!r} (type: "
                f"{type(value)!r})"
            )
        self._values[name] = value

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def merge(self, other: _Settings) -> Any:
        """These, with what others set.

        Raises:
            ValueError: both set something, and not the same.
        """
        merged = type(self)()
        for name, mine in self._values.items():
            theirs = getattr(other, name)
            if isinstance(mine, _Settings):
                merged._values[name] = mine.merge(theirs)
                continue
            if mine is not None and theirs is not None and mine != theirs:
                raise ValueError(
                    f"Cannot merge incompatible values ({mine!r} and {theirs!r}) of "
                    f"option: {name}"
                )
            merged._values[name] = mine if theirs is None else theirs
        return merged


class OptimizationOptions(_Settings):
    """Which rewritings of a dataset are wanted."""

    rewritings: ClassVar[tuple[str, ...]] = (
        "filter_fusion",
        "filter_with_random_uniform_fusion",
        "hoist_random_uniform",
        "map_and_batch_fusion",
        "map_and_filter_fusion",
        "map_fusion",
        "map_parallelization",
        "noop_elimination",
        "parallel_batch",
        "shuffle_and_repeat_fusion",
    )
    by_default: ClassVar[tuple[str, ...]] = (
        "map_and_batch_fusion",
        "noop_elimination",
        "shuffle_and_repeat_fusion",
    )
    names: ClassVar[dict[str, Any]] = {
        "apply_default_optimizations": bool,
        "autotune": bool,
        "autotune_algorithm": int,
        "autotune_buffers": bool,
        "autotune_cpu_budget": int,
        **dict.fromkeys(rewritings, bool),
    }

    def rewriting_names(self) -> list[str]:
        """Those that are wanted, as TF 1.15 lists them."""
        wanted = {name for name in self.rewritings if getattr(self, name)}
        if self.apply_default_optimizations is not False:
            wanted.update(n for n in self.by_default if getattr(self, n) is not False)
        return sorted(wanted)


class ThreadingOptions(_Settings):
    """How many threads there may be."""

    names: ClassVar[dict[str, Any]] = {
        "max_intra_op_parallelism": int,
        "private_threadpool_size": int,
    }


class DistributeOptions(_Settings):
    """How elements are given to several machines."""

    names: ClassVar[dict[str, Any]] = {
        "auto_shard": bool,
        "auto_shard_policy": object,
        "num_devices": int,
    }


class Options(_Settings):
    """Everything that may be asked of a dataset beside its elements."""

    names: ClassVar[dict[str, Any]] = {
        "experimental_deterministic": bool,
        "experimental_distribute": DistributeOptions,
        "experimental_optimization": OptimizationOptions,
        "experimental_slack": bool,
        "experimental_stats": object,
        "experimental_threading": ThreadingOptions,
        "experimental_stateful_whitelist": list,
    }
