"""`tf.train.SyncReplicasOptimizer`: steps of the mean gradient of several workers.

After optimizer, accumulators and queue_runner. Each worker puts its gradients into
accumulators and waits for a token; the chief's queue runner takes the means when there
are enough, makes the step and gives out the tokens of the next one.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes, tf_logging
from scopetutor.engine.accumulators import (
    ConditionalAccumulator,
    SparseConditionalAccumulator,
)
from scopetutor.engine.deprecation import deprecated
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.operation import Tensor
from scopetutor.engine.ops import array, state
from scopetutor.engine.ops.control_flow import group, no_op
from scopetutor.engine.queues import FIFOQueue
from scopetutor.engine.sparse import IndexedSlices
from scopetutor.engine.surroundings import (
    colocate_with,
    control_dependencies,
    device,
    name_scope,
)
from scopetutor.engine.variable_lists import (
    global_variables,
    report_uninitialized_variables,
)
from scopetutor.engine.variables import Variable

from .optimizer import Optimizer
from .queue_runner import QueueRunner
from .session_manager import missing_values
from .session_run_hook import SessionRunHook


class SyncReplicasOptimizer(Optimizer):
    """Makes the steps of another optimizer with the mean gradients of several workers.

    Args:
        opt: the other optimizer.
        replicas_to_aggregate: of how many gradients a step is.
        total_num_replicas: how many workers there are; None: as many.
        variable_averages: an ExponentialMovingAverage, kept after each step.
        variables_to_average: of which variables.
        use_locking: not looked at.
        name: of the scope of its operations.
    """

    @deprecated(
        "SyncReplicasOptimizer.__init__",
        "tensorflow.python.training.sync_replicas_optimizer",
        "The `SyncReplicaOptimizer` class is deprecated. For synchrononous training, "
        "please use [Distribution Strategies](https://github.com/tensorflow/tensorflow/"
        "tree/master/tensorflow/contrib/distribute).",
    )
    def __init__(
        self,
        opt: Any,
        replicas_to_aggregate: int,
        total_num_replicas: int | None = None,
        variable_averages: Any = None,
        variables_to_average: Any = None,
        use_locking: bool = False,
        name: str = "sync_replicas",
    ) -> None:
        total = total_num_replicas
        if total is None:
            total = replicas_to_aggregate
        super().__init__(use_locking, name)
        tf_logging.info(
            "SyncReplicasV2: replicas_to_aggregate=%s; total_num_replicas=%s",
            replicas_to_aggregate,
            total,
        )
        self._opt = opt
        self._replicas_to_aggregate, self._total_num_replicas = (
            replicas_to_aggregate,
            total,
        )
        self._tokens_per_step = max(total, replicas_to_aggregate)
        self._variable_averages = variable_averages
        self._variables_to_average = variables_to_average
        self._gradients_applied = False
        self._global_step: Any = None
        self._sync_token_queue: Any = None
        self._chief_queue_runner: Any = None
        self._accumulator_list: list[tuple[Any, str]] = []

    # -- as the other optimizer --------------------------------------------------------

    def compute_gradients(self, *args: Any, **kwargs: Any) -> Any:
        """See Optimizer.compute_gradients."""
        return self._opt.compute_gradients(*args, **kwargs)

    def get_slot(self, *args: Any, **kwargs: Any) -> Any:
        """See Optimizer.get_slot."""
        return self._opt.get_slot(*args, **kwargs)

    def variables(self) -> list[Any]:
        """The variables of the other optimizer."""
        found: list[Any] = self._opt.variables()
        return found

    def get_slot_names(self, *args: Any, **kwargs: Any) -> Any:
        """See Optimizer.get_slot_names."""
        return self._opt.get_slot_names(*args, **kwargs)

    # -- a step ------------------------------------------------------------------------

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        """An operation that puts in gradients and waits until the step is made.

        Args:
            grads_and_vars: pairs of gradients and variables.
            global_step: a variable that is counted up with each step.
            name: not looked at.

        Raises:
            ValueError: there is no variable or no global step.
        """
        if not grads_and_vars:
            raise ValueError("Must supply at least one variable")
        if global_step is None:
            raise ValueError("Global step is required to check staleness")
        self._global_step = global_step
        self._make_local_step()
        with name_scope(None, self._name):
            puts, means = self._collected(grads_and_vars)
            with device(global_step.device), name_scope(""):
                update = self._opt.apply_gradients(means, global_step)
            with device(global_step.device), name_scope(""):
                dummy = self._make_queues()
            with device(global_step.device), name_scope(""):
                train_op = self._waiting_for_token(puts)
                sync_op = self._giving_tokens(update)
                self._chief_queue_runner = QueueRunner(dummy, [sync_op])
            inits = [self.local_step_init_op]
            for accumulator, place in self._accumulator_list:
                with device(place):
                    inits.append(
                        accumulator.set_global_step(global_step, name="SetGlobalStep")
                    )
            self.chief_init_op = group(*inits)
            self._gradients_applied = True
            return train_op

    def _make_local_step(self) -> None:
        """The worker's own step: gradients made before it are left out."""
        with colocate_with(no_op()):
            self._local_step = Variable(
                initial_value=0,
                trainable=False,
                collections=[GraphKeys.LOCAL_VARIABLES],
                dtype=self._global_step.dtype.base_dtype,
                name="sync_rep_local_step",
            )
        self.local_step_init_op = state.assign(self._local_step, self._global_step)
        self.ready_for_local_init_op = report_uninitialized_variables(
            global_variables()
        )

    def _collected(self, pairs: Any) -> tuple[list[Any], list[tuple[Any, Any]]]:
        """Operations that put in gradients, and pairs of mean gradients and variables.

        Raises:
            ValueError: a gradient is neither a tensor nor some rows of one.
        """
        puts, means = [], []
        for grad, variable in pairs:
            with device(variable.device):
                if grad is None:
                    means.append((None, variable))
                    continue
                put, mean = self._accumulated(grad, variable)
                puts.append(put)
                means.append((mean, variable))
        return puts, means

    def _accumulated(self, grad: Any, variable: Any) -> tuple[Any, Any]:
        shared, enough = f"{variable.name}/grad_accum", self._replicas_to_aggregate
        accumulator: Any
        if isinstance(grad, Tensor):
            accumulator = ConditionalAccumulator(
                grad.dtype, shape=variable.get_shape(), shared_name=shared
            )
            put = accumulator.apply_grad(grad, local_step=self._local_step)
            mean = accumulator.take_grad(enough)
        elif isinstance(grad, IndexedSlices):
            accumulator = SparseConditionalAccumulator(
                grad.dtype, shape=(), shared_name=shared
            )
            put = accumulator.apply_indexed_slices_grad(
                grad, local_step=self._local_step
            )
            mean = accumulator.take_indexed_slices_grad(enough)
        else:
            raise ValueError("Unknown grad type!")
        self._accumulator_list.append((accumulator, variable.device))
        return put, mean

    def _make_queues(self) -> FIFOQueue:
        """The queue of tokens, and one that is there for the queue runner only."""
        self._sync_token_queue = FIFOQueue(
            -1,
            self._global_step.dtype.base_dtype,
            shapes=(),
            name="sync_token_q",
            shared_name="sync_token_q",
        )
        return FIFOQueue(
            1, dtypes.int32, shapes=(), name="dummy_queue", shared_name="dummy_queue"
        )

    def _waiting_for_token(self, puts: list[Any]) -> Any:
        with control_dependencies(puts):
            token = self._sync_token_queue.dequeue()
        return state.assign(self._local_step, token)

    def _giving_tokens(self, update: Any) -> Any:
        with control_dependencies([update]):
            tokens = array.fill([self._tokens_per_step], self._global_step)
            sync_op = self._sync_token_queue.enqueue_many((tokens,))
        if self._variable_averages is not None:
            with control_dependencies([sync_op]), name_scope(""):
                sync_op = self._variable_averages.apply(self._variables_to_average)
        return sync_op

    # -- the chief's part --------------------------------------------------------------

    def get_chief_queue_runner(self) -> QueueRunner:
        """What makes the steps.

        Raises:
            ValueError: there are no gradients yet.
        """
        if self._gradients_applied is False:
            raise ValueError("Should be called after apply_gradients().")
        runner: QueueRunner = self._chief_queue_runner
        return runner

    def get_init_tokens_op(self, num_tokens: int = -1) -> Any:
        """An operation that gives out the first tokens.

        Args:
            num_tokens: how many; -1: one for each gradient of a step.

        Raises:
            ValueError: there are no gradients yet, or these tokens are too few.
        """
        if self._gradients_applied is False:
            raise ValueError(
                "get_init_tokens_op() should be called after apply_gradients()."
            )
        needed = self._replicas_to_aggregate - self._total_num_replicas
        if num_tokens == -1:
            num_tokens = self._replicas_to_aggregate
        elif num_tokens < needed:
            raise ValueError(
                "Too few tokens to finish the first step: "
                f"{num_tokens} (given) vs {needed} (needed)"
            )
        if num_tokens <= 0:
            return no_op(name="no_init_tokens")
        with device(self._global_step.device), name_scope(""):
            tokens = array.fill([num_tokens], self._global_step)
            return self._sync_token_queue.enqueue_many((tokens,))

    def make_session_run_hook(
        self, is_chief: bool, num_tokens: int = -1
    ) -> SessionRunHook:
        """A hook that makes a session ready for this optimizer."""
        return _Hook(self, is_chief, num_tokens)


class _Hook(SessionRunHook):
    """Initializes steps, gives out tokens and starts the chief's queue runner."""

    def __init__(
        self, optimizer: SyncReplicasOptimizer, is_chief: bool, num_tokens: int
    ) -> None:
        self._optimizer = optimizer
        self._is_chief = is_chief
        self._num_tokens = num_tokens

    def begin(self) -> None:
        """Makes what is missing in the graph."""
        optimizer = self._optimizer
        if optimizer._gradients_applied is False:
            raise ValueError(
                "SyncReplicasOptimizer.apply_gradient should be called before using "
                "the hook."
            )
        self._local_init_op = optimizer.local_step_init_op
        self._runner = self._tokens = None
        if self._is_chief:
            self._local_init_op = optimizer.chief_init_op
            self._runner = optimizer.get_chief_queue_runner()
            self._tokens = optimizer.get_init_tokens_op(self._num_tokens)

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Runs what initializes, and starts the threads."""
        lacking = missing_values(
            self._optimizer.ready_for_local_init_op,
            session,
            "Model is not ready for SyncReplicasOptimizer local init.",
        )
        if lacking is not None:
            raise RuntimeError(
                "Init operations did not make model ready for SyncReplicasOptimizer "
                f"local_init. Init op: {self._local_init_op.name}, error: {lacking}"
            )
        session.run(self._local_init_op)
        if self._tokens is not None:
            session.run(self._tokens)
        if self._runner is not None:
            self._runner.create_threads(session, coord=coord, daemon=True, start=True)
