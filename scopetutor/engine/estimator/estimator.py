"""`tf.estimator.Estimator`: a model function with a folder for its checkpoints.

After spec, config and input. Each mode builds the model in a graph of its own and runs
it in a monitored session.
"""

from __future__ import annotations

import copy
import inspect
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, tf_logging
from scopetutor.engine.graph import Graph
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops.summaries import scalar
from scopetutor.engine.training.basic_session_run_hooks import (
    LoggingTensorHook,
    NanTensorHook,
    StopAtStepHook,
)
from scopetutor.engine.training.checkpoint_management import latest_checkpoint
from scopetutor.engine.training.checkpoint_utils import list_variables, load_variable
from scopetutor.engine.training.evaluation import (
    StopAfterNEvalsHook,
    evaluate_once,
)
from scopetutor.engine.training.global_step import (
    _get_or_create_global_step_read,
    create_global_step,
    get_global_step,
)
from scopetutor.engine.training.monitored_session import (
    MonitoredSession,
    MonitoredTrainingSession,
)
from scopetutor.engine.training.recording_hooks import (
    CheckpointSaverHook,
    CheckpointSaverListener,
)
from scopetutor.engine.training.saver import Saver
from scopetutor.engine.training.scaffold import ChiefSessionCreator
from scopetutor.engine.training.session_run_hook import SessionRunHook
from scopetutor.engine.training.warm_start import warm_start

from .config import RunConfig, warm_start_settings, with_model_dir
from .evaluating import metrics_of, scaffold_for_evaluation, write_results
from .input import call_input_fn, features_and_labels, may_end
from .spec import EstimatorSpec, ModeKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Estimator:
    """A model that can be trained, evaluated and asked.

    Args:
        model_fn: (features, labels, mode, params, config) -> EstimatorSpec; may leave
            out all but the features.
        model_dir: the folder of its checkpoints; None: a temporary one.
        config: a RunConfig.
        params: a dictionary that the model function is given.
        warm_start_from: a checkpoint, a SavedModel or WarmStartSettings, whose values a
            new model begins with.

    Raises:
        ValueError: the model function takes other arguments, or something else does not
            fit.
    """

    def __init__(
        self,
        model_fn: Any,
        model_dir: Any = None,
        config: Any = None,
        params: Any = None,
        warm_start_from: Any = None,
    ) -> None:
        self._config = with_model_dir(config, model_dir)
        if model_fn is None:
            raise ValueError("model_fn must be provided to Estimator.")
        _check_arguments(model_fn, params)
        self._model_fn = model_fn
        self._params = copy.deepcopy(params or {})
        self._warm_start_settings = warm_start_settings(warm_start_from)

    @property
    def model_dir(self) -> str:
        """The folder of its checkpoints."""
        return str(self._config.model_dir)

    @property
    def config(self) -> RunConfig:
        """How it runs."""
        return self._config

    @property
    def params(self) -> Any:
        """What the model function is given."""
        return copy.deepcopy(self._params)

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
        self._check_trained()
        return [name for name, _ in list_variables(self.model_dir)]

    def get_variable_value(self, name: str) -> Any:
        """A value in the newest checkpoint.

        Raises:
            ValueError: there is no checkpoint.
        """
        self._check_trained()
        return load_variable(self.model_dir, name)

    def eval_dir(self, name: str | None = None) -> str:
        """The folder of the summaries of evaluations."""
        return os.path.join(self.model_dir, f"eval_{name}" if name else "eval")

    def _check_trained(self) -> None:
        if not self.latest_checkpoint():
            raise ValueError(
                f"Could not find trained model in model_dir: {self.model_dir}."
            )

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

    def _input(self, input_fn: Any, mode: str) -> Any:
        return call_input_fn(input_fn, mode, self.params, self._config)

    def _call(self, features: Any, labels: Any, mode: str, config: Any) -> Any:
        """The model in a mode.

        Raises:
            ValueError: the model function gives no EstimatorSpec.
        """
        given: dict[str, Any] = {"mode": mode, "params": self.params, "config": config}
        taken = taken_by(self._model_fn, labels, given)
        tf_logging.info("Calling model_fn.")
        result = self._model_fn(features=features, **taken)
        tf_logging.info("Done calling model_fn.")
        if not isinstance(result, EstimatorSpec):
            raise ValueError("model_fn should return an EstimatorSpec.")
        return result

    @contextmanager
    def _graph(self, device_fn: Any = None) -> Iterator[Any]:
        """A graph with the global step."""
        with Graph().as_default() as graph, graph.device(device_fn):
            graph.seed = self._config.tf_random_seed
            self._make_global_step(graph)
            yield graph

    def _make_global_step(self, graph: Any) -> None:
        create_global_step(graph)

    def _warm_start(self, checkpoint_path: Any = None) -> None:
        settings = self._warm_start_settings
        if settings and not checkpoint_path:
            tf_logging.info("Warm-starting with WarmStartSettings: %s", (settings,))
            warm_start(*settings)

    # -- training ----------------------------------------------------------------------

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
            hooks: SessionRunHooks.
            steps: how many steps more; None: until the input ends.
            max_steps: up to which step.
            saving_listeners: CheckpointSaverListeners.

        Raises:
            ValueError: both numbers of steps are given, or one is not positive.
            TypeError: a hook or listener is none.
        """
        _check_steps(steps, max_steps)
        if max_steps is not None and max_steps <= self._steps_done():
            tf_logging.info("Skipping training since max_steps has already saved.")
            return self
        given = _checked_hooks(hooks)
        if steps is not None or max_steps is not None:
            given.append(StopAtStepHook(steps, max_steps))
        listeners = _checked_listeners(saving_listeners)
        with self._graph(self._config.device_fn) as graph:
            _get_or_create_global_step_read(graph)
            result = self._input(input_fn, ModeKeys.TRAIN)
            features, labels, input_hooks = features_and_labels(result)
            spec = self._call(features, labels, ModeKeys.TRAIN, self._config)
            loss = self._train(spec, [*input_hooks, *given], listeners)
        tf_logging.info("Loss for final step: %s.", loss)
        return self

    def _steps_done(self) -> int:
        path = self.latest_checkpoint()
        return int(load_variable(path, GraphKeys.GLOBAL_STEP)) if path else 0

    def _train(self, spec: Any, hooks: list[Any], listeners: list[Any]) -> Any:
        """Runs the training operation until a hook or the input ends it."""
        self._warm_start()
        graph = defaults.get_default_graph()
        summaries = graph.get_collection(GraphKeys.SUMMARIES)
        if not any(kept.op.name == "loss" for kept in summaries):
            scalar("loss", spec.loss)
        graph.add_to_collection(GraphKeys.LOSSES, spec.loss)
        config = self._config
        hooks.append(NanTensorHook(spec.loss))
        if config.log_step_count_steps is not None:
            shown = {"loss": spec.loss, "step": get_global_step(graph)}
            every = config.log_step_count_steps
            hooks.append(LoggingTensorHook(shown, every_n_iter=every))
        hooks.extend(spec.training_hooks)
        self._provide_saver(spec)
        savers = self._saver_hooks(spec, hooks, listeners)
        with MonitoredTrainingSession(
            checkpoint_dir=self.model_dir,
            scaffold=spec.scaffold,
            hooks=hooks,
            chief_only_hooks=(*savers, *spec.training_chief_hooks),
            save_checkpoint_secs=0,
            save_summaries_steps=config.save_summary_steps,
            config=config.session_config,
            log_step_count_steps=config.log_step_count_steps,
        ) as session:
            loss = None
            while not session.should_stop():
                _, loss = session.run([spec.train_op, spec.loss])
        if loss is None:
            tf_logging.warning(
                "Training with estimator made no steps. Perhaps input is empty or "
                "misspecified."
            )
        return loss

    def _provide_saver(self, spec: Any) -> None:
        graph = defaults.get_default_graph()
        if spec.scaffold.saver or graph.get_collection(GraphKeys.SAVERS):
            return
        saver = Saver(
            sharded=True,
            max_to_keep=self._config.keep_checkpoint_max,
            keep_checkpoint_every_n_hours=self._config.keep_checkpoint_every_n_hours,
            defer_build=True,
            save_relative_paths=True,
        )
        graph.add_to_collection(GraphKeys.SAVERS, saver)

    def _saver_hooks(
        self, spec: Any, hooks: list[Any], listeners: list[Any]
    ) -> list[Any]:
        """The hook that writes checkpoints, unless the program has one."""
        made: list[Any] = []
        known = [*hooks, *spec.training_chief_hooks]
        found = [hook for hook in known if isinstance(hook, CheckpointSaverHook)]
        secs = self._config.save_checkpoints_secs
        steps = self._config.save_checkpoints_steps
        if (secs or steps) and not found:
            found = made = [
                CheckpointSaverHook(
                    self.model_dir,
                    save_secs=secs,
                    save_steps=steps,
                    scaffold=spec.scaffold,
                )
            ]
        if listeners and not found:
            raise ValueError(
                "There should be a CheckpointSaverHook to use saving_listeners. Please "
                "set one of the RunConfig.save_checkpoints_steps or "
                "RunConfig.save_checkpoints_secs."
            )
        for listener in listeners:
            if listener not in found[0]._listeners:
                found[0]._listeners.append(listener)
        return made

    # -- evaluating --------------------------------------------------------------------

    def evaluate(
        self,
        input_fn: Any,
        steps: int | None = None,
        hooks: Any = None,
        checkpoint_path: Any = None,
        name: str | None = None,
    ) -> Any:
        """The metrics of the model over an input.

        Args:
            input_fn: gives features and labels, or a Dataset of them.
            steps: how many batches; None: until the input ends.
            hooks: SessionRunHooks.
            checkpoint_path: another checkpoint than the newest.
            name: of the folder of summaries.

        Returns:
            Their values, with "loss" and "global_step".

        Raises:
            ValueError: the number of steps is not positive.
            TypeError: a hook is none.
        """
        hooks = _checked_hooks(hooks)
        if steps is not None:
            if steps <= 0:
                raise ValueError(f"Must specify steps > 0, given: {steps}")
            hooks.append(StopAfterNEvalsHook(num_evals=steps))
        path = checkpoint_path or self._latest("evaluate")
        with self._graph() as graph:
            result = self._input(input_fn, ModeKeys.EVAL)
            features, labels, input_hooks = features_and_labels(result)
            spec = self._call(features, labels, ModeKeys.EVAL, self._config)
            update, values = metrics_of(spec)
            self._warm_start(path)
            values[GraphKeys.GLOBAL_STEP] = get_global_step(graph)
            found = evaluate_once(
                checkpoint_path=path,
                scaffold=scaffold_for_evaluation(spec.scaffold),
                eval_ops=update,
                final_ops=values,
                hooks=[*input_hooks, *hooks, *spec.evaluation_hooks],
                config=self._config.session_config,
            )
        write_results(self.eval_dir(name), found, path)
        return found

    # -- asking ------------------------------------------------------------------------

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
            hooks: SessionRunHooks.
            checkpoint_path: another checkpoint than the newest.
            yield_single_examples: whether rows are given one by one.

        Raises:
            ValueError: there are no predictions of those keys.
            TypeError: a hook is none.
        """
        hooks = _checked_hooks(hooks)
        path = checkpoint_path or self._latest("predict")
        with self._graph():
            result = self._input(input_fn, ModeKeys.PREDICT)
            features, _, input_hooks = features_and_labels(result)
            if not may_end(features):
                tf_logging.warning(
                    "Input graph does not use tf.data.Dataset or contain a "
                    "QueueRunner. That means predict yields forever. This is probably "
                    "a mistake."
                )
            spec = self._call(features, None, ModeKeys.PREDICT, self._config)
            self._warm_start(path)
            wanted = _with_keys(spec.predictions, predict_keys)
            creator = ChiefSessionCreator(
                checkpoint_filename_with_path=path,
                scaffold=spec.scaffold,
                config=self._config.session_config,
            )
            all_hooks = [*input_hooks, *hooks, *spec.prediction_hooks]
            with MonitoredSession(session_creator=creator, hooks=all_hooks) as session:
                while not session.should_stop():
                    found = session.run(wanted)
                    yield from _rows(found) if yield_single_examples else [found]

    # -- exporting ---------------------------------------------------------------------

    def export_saved_model(
        self,
        export_dir_base: Any,
        serving_input_receiver_fn: Any,
        assets_extra: Any = None,
        as_text: bool = False,
        checkpoint_path: Any = None,
        experimental_mode: str = ModeKeys.PREDICT,
    ) -> bytes:
        """Writes it as a SavedModel into a folder named by the time.

        Args:
            export_dir_base: where that folder is made.
            serving_input_receiver_fn: gives the features, and the tensors that are fed.
            assets_extra: paths in "assets.extra", and the files that are copied there.
            as_text: whether the graph is written as text.
            checkpoint_path: another checkpoint than the newest.
            experimental_mode: what the graph is for: predictions.

        Returns:
            The folder.

        Raises:
            ValueError: there is no function, or no checkpoint.
        """
        if experimental_mode != ModeKeys.PREDICT:
            raise NotImplementedError("scopetutor exports models for predictions only.")
        return self._export(
            export_dir_base,
            serving_input_receiver_fn,
            assets_extra,
            as_text,
            checkpoint_path,
        )

    def export_savedmodel(
        self,
        export_dir_base: Any,
        serving_input_receiver_fn: Any,
        assets_extra: Any = None,
        as_text: bool = False,
        checkpoint_path: Any = None,
        strip_default_attrs: bool = False,
    ) -> bytes:
        """As `export_saved_model`, which is its new name."""
        return self._export(
            export_dir_base,
            serving_input_receiver_fn,
            assets_extra,
            as_text,
            checkpoint_path,
            strip_default_attrs,
        )

    def _export(self, folder: Any, receiver_fn: Any, *settings: Any) -> bytes:
        from .exporting import export  # noqa: PLC0415 - few programs export

        if not receiver_fn:
            raise ValueError("An input_receiver_fn must be defined.")
        return export(self, folder, receiver_fn, *settings)


# -- checking --------------------------------------------------------------------------


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


def taken_by(model_fn: Any, labels: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Those of the given arguments, and the labels, that a model function takes.

    Raises:
        ValueError: there are labels, and it takes none.
    """
    names = inspect.signature(model_fn).parameters
    taken = {name: value for name, value in given.items() if name in names}
    if "labels" in names:
        taken["labels"] = labels
    elif labels is not None:
        raise ValueError("model_fn does not take labels, but input_fn returns labels.")
    return taken


def _checked_hooks(hooks: Any) -> list[Any]:
    found = list(hooks or [])
    for hook in found:
        if not isinstance(hook, SessionRunHook):
            raise TypeError(f"Hooks must be a SessionRunHook, given: {hook}")
    return found


def _checked_listeners(listeners: Any) -> list[Any]:
    found = list(listeners or [])
    for listener in found:
        if not isinstance(listener, CheckpointSaverListener):
            raise TypeError(
                "saving_listeners must be a list of CheckpointSaverListener, given: "
                f"{listener}"
            )
    return found


def _check_steps(steps: int | None, max_steps: int | None) -> None:
    if steps is not None and max_steps is not None:
        raise ValueError("Can not provide both steps and max_steps.")
    for name, number in (("steps", steps), ("max_steps", max_steps)):
        if number is not None and number <= 0:
            raise ValueError(f"Must specify {name} > 0, given: {number}")


# -- predictions -----------------------------------------------------------------------


def _with_keys(predictions: Any, keys: Any) -> Any:
    """Those of the predictions that are wanted."""
    if not keys:
        return predictions
    if not isinstance(predictions, dict):
        raise ValueError(
            "predict_keys argument is not valid in case of non-dict predictions."
        )
    wanted = {key: value for key, value in predictions.items() if key in keys}
    if not wanted:
        raise ValueError(
            f"Expected to run at least one output from {predictions.keys()}, provided "
            f"{keys}."
        )
    return wanted


def _rows(found: Any) -> Iterator[Any]:
    """Predictions of a batch as one for each row."""
    if not isinstance(found, dict):
        yield from found
        return
    count = None
    for key, value in found.items():
        count = count or value.shape[0]
        if value.shape[0] != count:
            raise ValueError(
                f"Batch length of predictions should be same. {key} has different "
                "batch length than others."
            )
    for place in range(count or 0):
        yield {key: value[place] for key, value in found.items()}
