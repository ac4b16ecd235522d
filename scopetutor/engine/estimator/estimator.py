"""`tf.estimator.Estimator`: a model function with a folder for its checkpoints.

After spec. Each mode builds the model in a graph of its own. TF 1.15 runs it in a
monitored session with hooks; here it is a plain loop, without hooks of the program's.
"""

from __future__ import annotations

import inspect
import os
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from scopetutor.engine import nest, tf_logging
from scopetutor.engine.data.dataset import Dataset
from scopetutor.engine.file_writer import FileWriterCache
from scopetutor.engine.graph import Graph
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.metrics.means import mean
from scopetutor.engine.op_errors import OutOfRangeError
from scopetutor.engine.ops.control_flow import group
from scopetutor.engine.ops.summaries import merge_all, scalar
from scopetutor.engine.session import Session
from scopetutor.engine.surroundings import device
from scopetutor.engine.training.checkpoint_management import latest_checkpoint
from scopetutor.engine.training.coordinator import Coordinator
from scopetutor.engine.training.global_step import (
    _get_or_create_global_step_read,
    create_global_step,
)
from scopetutor.engine.training.queue_runner import start_queue_runners
from scopetutor.engine.training.saver import Saver
from scopetutor.engine.variables import (
    global_variables_initializer,
    local_variables_initializer,
)

from .spec import EstimatorSpec, ModeKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_EVERY = 100  # steps between two lines of the log


class RunConfig(NamedTuple):
    """How an Estimator runs.

    Attributes:
        model_dir: the folder of its checkpoints; None: a temporary one.
        tf_random_seed: of each graph; None: another one each time.
        save_summary_steps: how many steps lie between two summaries.
        save_checkpoints_steps: kept, and not looked at.
        save_checkpoints_secs: kept, and not looked at.
        session_config: a ConfigProto, or None.
        keep_checkpoint_max: how many checkpoints are kept.
        keep_checkpoint_every_n_hours: kept, and not looked at.
        log_step_count_steps: how many steps lie between two lines of the log.

    The rest speaks of clusters and is kept as it is.
    """

    model_dir: Any = None
    tf_random_seed: int | None = None
    save_summary_steps: int | None = 100
    save_checkpoints_steps: Any = None
    save_checkpoints_secs: Any = 600
    session_config: Any = None
    keep_checkpoint_max: int = 5
    keep_checkpoint_every_n_hours: int = 10000
    log_step_count_steps: int | None = _EVERY
    train_distribute: Any = None
    device_fn: Any = None
    protocol: Any = None
    eval_distribute: Any = None
    experimental_distribute: Any = None
    experimental_max_worker_delay_secs: Any = None
    session_creation_timeout_secs: int = 7200

    def replace(self, **kwargs: Any) -> RunConfig:
        """The same with some values changed."""
        return self._replace(**kwargs)


class Estimator:
    """A model that can be trained, evaluated and asked.

    Args:
        model_fn: (features, labels, mode, params, config) -> EstimatorSpec; may leave
            out all but the features.
        model_dir: the folder of its checkpoints; None: a temporary one.
        config: a RunConfig.
        params: a dictionary that the model function is given.
        warm_start_from: not supported.

    Raises:
        ValueError: the model function takes other arguments.
    """

    def __init__(
        self,
        model_fn: Any,
        model_dir: Any = None,
        config: Any = None,
        params: Any = None,
        warm_start_from: Any = None,
    ) -> None:
        if warm_start_from is not None:
            raise NotImplementedError("scopetutor's Estimator does not warm start")
        if model_fn is None:
            raise ValueError("model_fn must be provided to Estimator.")
        _check_arguments(model_fn, params)
        self._config = RunConfig() if config is None else config
        folder = model_dir or self._config.model_dir
        if not folder:
            folder = tempfile.mkdtemp()
            tf_logging.warning("Using temporary folder as model directory: %s", folder)
        self._config = self._config._replace(model_dir=str(folder))
        self._model_fn = model_fn
        self._params = dict(params or {})

    @property
    def model_dir(self) -> str:
        """The folder of its checkpoints."""
        return str(self._config.model_dir)

    @property
    def config(self) -> RunConfig:
        """How it runs."""
        return self._config

    @property
    def params(self) -> dict[str, Any]:
        """What the model function is given."""
        return dict(self._params)

    @property
    def model_fn(self) -> Callable[..., Any]:
        """The model function, with its parameters and its configuration."""
        return self._call

    def latest_checkpoint(self) -> str | None:
        """The newest checkpoint, or None."""
        found: str | None = latest_checkpoint(self.model_dir)
        return found

    def get_variable_names(self) -> list[str]:
        """The names in the newest checkpoint.

        Raises:
            ValueError: there is none.
        """
        return [name for name, _ in self._variables()]

    def get_variable_value(self, name: str) -> Any:
        """A value in the newest checkpoint.

        Raises:
            ValueError: there is no checkpoint.
        """
        from scopetutor.engine.training.checkpoint_utils import (  # noqa: PLC0415
            load_variable,
        )

        self._variables()
        return load_variable(self.model_dir, name)

    def _variables(self) -> list[Any]:
        from scopetutor.engine.training.checkpoint_utils import (  # noqa: PLC0415
            list_variables,
        )

        self._trained()
        found: list[Any] = list_variables(self.model_dir)
        return found

    def _trained(self) -> str:
        found = self.latest_checkpoint()
        if not found:
            raise ValueError(
                f"Could not find trained model in model_dir: {self.model_dir}."
            )
        return found

    def _latest(self, purpose: str) -> str | None:
        """The newest checkpoint; TF 1.15 goes on without one."""
        found = self.latest_checkpoint()
        if not found:
            tf_logging.info(
                "Could not find trained model in model_dir: %s, running "
                "initialization to %s.",
                self.model_dir,
                purpose,
            )
        return found

    # -- building ----------------------------------------------------------------------

    def _input(self, input_fn: Any, mode: str) -> tuple[Any, Any, list[Any]]:
        """Features, labels, and what is run before they are."""
        given = {"mode": mode, "params": self.params, "config": self._config}
        taken = inspect.signature(input_fn).parameters
        with device("/cpu:0"):
            result = input_fn(**{k: v for k, v in given.items() if k in taken})
        begin = []
        if isinstance(result, Dataset):
            iterator = result.make_initializable_iterator()
            begin.append(iterator.initializer)
            result = iterator.get_next()
        if isinstance(result, (list, tuple)):
            if len(result) != 2:
                raise ValueError(
                    "input_fn should return (features, labels) as a len 2 tuple."
                )
            return (*result, begin)
        return result, None, begin

    def _call(self, features: Any, labels: Any, mode: str, config: Any) -> Any:
        """The model in a mode.

        Raises:
            ValueError: the model function gives no EstimatorSpec.
        """
        taken = inspect.signature(self._model_fn).parameters
        given: dict[str, Any] = {"mode": mode, "params": self.params, "config": config}
        kwargs = {key: value for key, value in given.items() if key in taken}
        if "labels" in taken:
            kwargs["labels"] = labels
        elif labels is not None:
            raise ValueError(
                "model_fn does not take labels, but input_fn returns labels."
            )
        tf_logging.info("Calling model_fn.")
        result = self._model_fn(features=features, **kwargs)
        tf_logging.info("Done calling model_fn.")
        if not isinstance(result, EstimatorSpec):
            raise ValueError("model_fn should return an EstimatorSpec.")
        return result

    @contextmanager
    def _graph(self) -> Iterator[Any]:
        """A graph with the global step."""
        with Graph().as_default() as graph:
            graph.seed = self._config.tf_random_seed
            yield create_global_step(graph)

    @contextmanager
    def _session(self, begin: list[Any], saver: Saver, path: Any) -> Iterator[Session]:
        """A session in which the model has its values and the input comes."""
        init = [global_variables_initializer(), local_variables_initializer()]
        with Session(config=self._config.session_config) as session:
            session.run(init)
            if path:
                saver.restore(session, path)
            session.run(begin)
            coord = Coordinator()
            threads = (
                start_queue_runners(session, coord)
                if session.graph.get_collection(GraphKeys.QUEUE_RUNNERS)
                else []
            )
            try:
                yield session
            except OutOfRangeError:
                coord.request_stop()
            else:
                coord.request_stop()
            coord.join(threads)

    # -- using it ----------------------------------------------------------------------

    def train(
        self,
        input_fn: Any,
        hooks: Any = None,
        steps: int | None = None,
        max_steps: int | None = None,
        saving_listeners: Any = None,
    ) -> Estimator:
        """Trains it from its newest checkpoint, or from the beginning.

        Args:
            input_fn: gives features and labels, or a Dataset of them.
            hooks: not supported.
            steps: how many steps more; None: until the input ends.
            max_steps: up to which step.
            saving_listeners: not supported.

        Raises:
            ValueError: both numbers of steps are given, or one is not positive.
        """
        _check_hooks(hooks, saving_listeners)
        _check_steps(steps, max_steps)
        with self._graph() as global_step:
            _get_or_create_global_step_read(global_step.graph)
            features, labels, begin = self._input(input_fn, ModeKeys.TRAIN)
            spec = self._call(features, labels, ModeKeys.TRAIN, self._config)
            _check_hooks(spec.training_hooks, spec.training_chief_hooks)
            graph = global_step.graph
            if not any(
                kept.op.name == "loss"
                for kept in graph.get_collection(GraphKeys.SUMMARIES)
            ):
                scalar("loss", spec.loss)
            graph.add_to_collection(GraphKeys.LOSSES, spec.loss)
            saver = Saver(max_to_keep=self._config.keep_checkpoint_max)
            summaries = merge_all()
            with self._session(begin, saver, self.latest_checkpoint()) as session:
                first = int(session.run(global_step))
                last = max_steps if steps is None else first + steps
                loop = _Training(self, session, global_step, spec, saver, summaries)
                loop.run(first, last)
        return self

    def evaluate(
        self,
        input_fn: Any,
        steps: int | None = None,
        hooks: Any = None,
        checkpoint_path: Any = None,
        name: str | None = None,
    ) -> dict[str, Any]:
        """The metrics of the model over an input.

        Returns:
            Their values, with "loss" and "global_step".

        """
        del name
        _check_hooks(hooks)
        with self._graph() as global_step:
            features, labels, begin = self._input(input_fn, ModeKeys.EVAL)
            spec = self._call(features, labels, ModeKeys.EVAL, self._config)
            metrics = {**spec.eval_metric_ops, "loss": mean(spec.loss)}
            updates = group(*[update for _, (_, update) in sorted(metrics.items())])
            values = {key: value for key, (value, _) in sorted(metrics.items())}
            values[GraphKeys.GLOBAL_STEP] = global_step
            path = checkpoint_path or self._latest("evaluate")
            with self._session(begin, Saver(), path) as session:
                _repeat(lambda: session.run(updates), steps)
                found: dict[str, Any] = session.run(values)
        return found

    def predict(
        self,
        input_fn: Any,
        predict_keys: Any = None,
        hooks: Any = None,
        checkpoint_path: Any = None,
        yield_single_examples: bool = True,
    ) -> Iterator[Any]:
        """What the model says of an input, row by row.

        Args:
            input_fn: gives features, or a Dataset of them.
            predict_keys: which of the predictions; None: all.
            hooks: not supported.
            checkpoint_path: another checkpoint than the newest.
            yield_single_examples: whether rows are given one by one.
        """
        _check_hooks(hooks)
        with self._graph():
            features, _, begin = self._input(input_fn, ModeKeys.PREDICT)
            if not _ends(features):
                tf_logging.warning(
                    "Input graph does not use tf.data.Dataset or contain a "
                    "QueueRunner. That means predict yields forever. This is probably "
                    "a mistake."
                )
            spec = self._call(features, None, ModeKeys.PREDICT, self._config)
            wanted = spec.predictions
            if predict_keys is not None and isinstance(wanted, dict):
                wanted = {k: v for k, v in wanted.items() if k in predict_keys}
            path = checkpoint_path or self._latest("predict")
            with self._session(begin, Saver(), path) as session:
                while True:
                    found = session.run(wanted)
                    yield from _rows(found) if yield_single_examples else [found]


class _Training:
    """One training: the loop, with its log, summaries and checkpoints."""

    def __init__(
        self,
        estimator: Estimator,
        session: Session,
        global_step: Any,
        spec: EstimatorSpec,
        saver: Saver,
        summaries: Any,
    ) -> None:
        self._folder = estimator.model_dir
        self._config = estimator.config
        self._session, self._step, self._spec = session, global_step, spec
        self._saver, self._summaries = saver, summaries

    def run(self, step: int, last: int | None) -> None:
        """Trains from a step to the last one, or to the end of the input."""
        loss: Any = None
        start = step
        self._save(step)
        try:
            while last is None or step < last:
                loss = self._train(step, begins=step == start)
                step = int(self._session.run(self._step))
        except OutOfRangeError:
            pass
        if step > start:
            self._save(step)
        else:
            tf_logging.warning(
                "Training with estimator made no steps. Perhaps input is empty or "
                "misspecified."
            )
        tf_logging.info("Loss for final step: %s.", loss)

    def _train(self, step: int, *, begins: bool) -> Any:
        every = self._config.save_summary_steps
        fetches = [self._spec.train_op, self._spec.loss]
        summarizes = self._summaries is not None and every and step % every == 0
        if summarizes:
            fetches.append(self._summaries)
        found = self._session.run(fetches)
        if summarizes:
            FileWriterCache.get(self._folder).add_summary(found[2], step + 1)
        if begins or step % (self._config.log_step_count_steps or _EVERY) == 0:
            tf_logging.info("loss = %s, step = %s", found[1], step + 1)
        return found[1]

    def _save(self, step: int) -> None:
        prefix = os.path.join(self._folder, "model.ckpt")
        tf_logging.info("Saving checkpoints for %d into %s.", step, prefix)
        os.makedirs(self._folder, exist_ok=True)
        self._saver.save(self._session, prefix, global_step=step)


def _check_arguments(model_fn: Any, params: Any) -> None:
    names = set(inspect.signature(model_fn).parameters)
    if "features" not in names:
        raise ValueError(f"model_fn ({model_fn}) must include features argument.")
    if params is not None and "params" not in names:
        raise ValueError(
            f"model_fn ({model_fn}) does not include params argument, but params "
            f"({params}) is passed to Estimator."
        )
    unknown = sorted(names - {"features", "labels", "mode", "params", "config", "self"})
    if unknown:
        raise ValueError(
            f"model_fn ({model_fn}) has following not expected args: {unknown}"
        )


def _check_hooks(*given: Any) -> None:
    if any(given):
        raise NotImplementedError(
            "scopetutor's Estimator runs no hooks (see `scopetutor coverage "
            "tf.estimator.Estimator`)"
        )


def _check_steps(steps: int | None, max_steps: int | None) -> None:
    if steps is not None and max_steps is not None:
        raise ValueError("Can not provide both steps and max_steps.")
    for name, number in (("steps", steps), ("max_steps", max_steps)):
        if number is not None and number <= 0:
            raise ValueError(f"Must specify {name} > 0, given: {number}")


def _repeat(act: Callable[[], Any], steps: int | None) -> None:
    """Does something so many times, or until the input ends."""
    done = 0
    try:
        while steps is None or done < steps:
            act()
            done += 1
    except OutOfRangeError:
        pass


def _ends(features: Any) -> bool:
    """Whether features come of a dataset or a queue, and so may end."""
    tensors = [t for t in nest.flatten(features) if hasattr(t, "op")]
    if any(tensor.op.type == "IteratorGetNext" for tensor in tensors):
        return True
    return bool(tensors and tensors[0].graph.get_collection(GraphKeys.QUEUE_RUNNERS))


def _rows(found: Any) -> Iterator[Any]:
    """Predictions of a batch as one for each row."""
    if not isinstance(found, dict):
        yield from found
        return
    count = len(next(iter(found.values())))
    for place in range(count):
        yield {key: value[place] for key, value in found.items()}
