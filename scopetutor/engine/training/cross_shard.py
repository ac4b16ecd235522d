"""The optimizer that adds up the gradients of TPUs.

After optimizer. TF 1.15: `tf.contrib.tpu.CrossShardOptimizer`.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import tf_logging
from scopetutor.engine.apply import apply
from scopetutor.engine.losses import Reduction
from scopetutor.engine.ops import rules
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import colocate_with

from .optimizer import Optimizer

define("CrossReplicaSum", shape=rules.unchanged, gradient=None)

_ONE_SHARD = (
    "%s should be used within a tpu_shard_context, but got unset number_of_shards. "
    "Assuming 1."
)


def _check_groups(groups: Any) -> None:
    if not groups:
        return
    if not (isinstance(groups, list) and all(isinstance(one, list) for one in groups)):
        raise ValueError(f"group_assignment must be a list of list. Got {groups}")
    if {replica for group in groups for replica in group} != {0}:
        raise ValueError(
            "group_assignment must be a permutation of range(1). "
            f"Got group_assignment={groups}"
        )


def _summed(grad: Any, groups: Any) -> Any:
    if groups is None:
        tf_logging.warning(_ONE_SHARD, "cross_replica_sum")
        groups = [[0]]
    return apply("CrossReplicaSum", grad, groups)


class CrossShardOptimizer(Optimizer):
    """An optimizer that adds up the gradients of all TPUs; the graph can be made only.

    Args:
        opt: an optimizer.
        reduction: how the losses of TPUs become one.
        name: of it.
        group_assignment: which TPUs belong together.

    Raises:
        ValueError: there is no such reduction.
    """

    def __init__(
        self,
        opt: Any,
        reduction: str = Reduction.MEAN,
        name: str = "CrossShardOptimizer",
        group_assignment: Any = None,
    ) -> None:
        if reduction not in (Reduction.SUM, Reduction.MEAN):
            raise ValueError(f"Unsupported reduction: {reduction}.")
        super().__init__(False, name)
        self._opt = opt
        self._groups = group_assignment

    def compute_gradients(  # type: ignore[override]
        self, loss: Any, var_list: Any = None, **kwargs: Any
    ) -> Any:
        """The gradients, as the optimizer's own.

        Raises:
            ValueError: the groups are not those of one replica.
        """
        tf_logging.warning(_ONE_SHARD, "CrossShardOptimizer")
        _check_groups(self._groups)
        return self._opt.compute_gradients(loss, var_list=var_list, **kwargs)

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        """The operation of one step, with the sums of the gradients."""
        summed = []
        for grad, var in grads_and_vars:
            if grad is not None:
                with colocate_with(grad):
                    summed.append((_summed(grad, self._groups), var))
            else:
                summed.append((grad, var))
        return self._opt.apply_gradients(summed, global_step, name)

    def get_slot(self, *args: Any, **kwargs: Any) -> Any:
        """The optimizer's slot."""
        return self._opt.get_slot(*args, **kwargs)

    def get_slot_names(self, *args: Any, **kwargs: Any) -> Any:
        """The names of the optimizer's slots."""
        return self._opt.get_slot_names(*args, **kwargs)

    def variables(self) -> Any:
        """The optimizer's variables."""
        return self._opt.variables()
