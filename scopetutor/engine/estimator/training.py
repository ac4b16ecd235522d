"""`tf.estimator.train_and_evaluate`: training with evaluations in between.

After estimator and exporters. There are no clusters: it runs in one process.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from scopetutor.engine import tf_logging
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.training.hook_timer import SecondOrStepTimer
from scopetutor.engine.training.recording_hooks import CheckpointSaverListener
from scopetutor.engine.training.session_run_hook import SessionRunHook

from .estimator import Estimator
from .exporters import Exporter


class _Train(NamedTuple):
    input_fn: Any
    max_steps: Any
    hooks: Any


class TrainSpec(_Train):
    """What is trained, and how long.

    Raises:
        TypeError: the input function or a hook is none.
        ValueError: the number of steps is not positive.
    """

    __slots__ = ()

    def __new__(
        cls, input_fn: Any, max_steps: Any = None, hooks: Any = None
    ) -> TrainSpec:
        """Checks what is given."""
        _check_input_fn(input_fn)
        if max_steps is not None and max_steps <= 0:
            raise ValueError(f"Must specify max_steps > 0, given: {max_steps}")
        return super().__new__(cls, input_fn, max_steps, _checked_hooks(hooks))


class _Eval(NamedTuple):
    input_fn: Any
    steps: Any
    name: Any
    hooks: Any
    exporters: Any
    start_delay_secs: Any
    throttle_secs: Any


class EvalSpec(_Eval):
    """What is evaluated, how often, and what is exported then.

    Raises:
        TypeError: the input function, the name, a hook or an exporter is none.
        ValueError: a number is too small, or exporters have no names of their own.
    """

    __slots__ = ()

    def __new__(
        cls,
        input_fn: Any,
        steps: Any = 100,
        name: Any = None,
        hooks: Any = None,
        exporters: Any = None,
        start_delay_secs: Any = 120,
        throttle_secs: Any = 600,
    ) -> EvalSpec:
        """Checks what is given."""
        _check_input_fn(input_fn)
        if steps is not None and steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {steps}")
        if name is not None and not isinstance(name, str):
            raise TypeError(f"`name` must be string, given: {name}")
        hooks = _checked_hooks(hooks)
        exporters = _checked_exporters(exporters)
        for said, secs in (
            ("start_delay_secs", start_delay_secs),
            ("throttle_secs", throttle_secs),
        ):
            if secs < 0:
                raise ValueError(f"Must specify {said} >= 0, given: {secs}")
        return super().__new__(
            cls,
            input_fn,
            steps,
            name,
            hooks,
            exporters,
            start_delay_secs,
            throttle_secs,
        )


def _check_input_fn(input_fn: Any) -> None:
    if not callable(input_fn):
        raise TypeError(f"`input_fn` must be callable, given: {input_fn}")


def _checked_hooks(hooks: Any) -> tuple[Any, ...]:
    found = tuple(hooks or ())
    for hook in found:
        if not isinstance(hook, SessionRunHook):
            raise TypeError(
                f"All hooks must be `SessionRunHook` instances, given: {hook}"
            )
    return found


def _checked_exporters(exporters: Any) -> tuple[Any, ...]:
    if not exporters:
        return ()
    found = [exporters] if isinstance(exporters, Exporter) else exporters
    said = (
        "`exporters` must be an Exporter, an iterable of Exporter, or `None`, found "
        f"{found}."
    )
    try:
        found = tuple(found)
    except TypeError:
        raise TypeError(said) from None
    if not all(isinstance(one, Exporter) for one in found):
        raise TypeError(said)
    names = [one.name for one in found]
    if not all(names):
        raise ValueError(
            "An Exporter cannot have a name that is `None` or empty. All exporter "
            f"names: {names}"
        )
    if len(set(names)) < len(names):
        raise ValueError(
            "`exporters` must have unique names. Such a name cannot be `None`. All "
            f"exporter names: {names}"
        )
    return found


def train_and_evaluate(estimator: Any, train_spec: Any, eval_spec: Any) -> Any:
    """Trains, and evaluates after each checkpoint, but not too often.

    Args:
        estimator: an Estimator.
        train_spec: a TrainSpec.
        eval_spec: an EvalSpec.

    Returns:
        The results of the last evaluation, and what was exported; None and None if
        there was no evaluation.

    Raises:
        TypeError: an argument is of another class.
    """
    if not isinstance(eval_spec, EvalSpec):
        raise TypeError(
            "`eval_spec` must have type `tf.estimator.EvalSpec`. Got: "
            f"{type(eval_spec)}"
        )
    if not isinstance(estimator, Estimator):
        raise TypeError(
            "`estimator` must have type `tf.estimator.Estimator`. Got: "
            f"{type(estimator)}"
        )
    if not isinstance(train_spec, TrainSpec):
        raise TypeError(
            "`train_spec` must have type `tf.estimator.TrainSpec`. Got: "
            f"{type(train_spec)}"
        )
    tf_logging.info("Running training and evaluation locally (non-distributed).")
    config = estimator.config
    tf_logging.info(
        "Start train and evaluate loop. The evaluate will happen after every "
        "checkpoint. Checkpoint frequency is determined based on RunConfig arguments: "
        "save_checkpoints_steps %s or save_checkpoints_secs %s.",
        config.save_checkpoints_steps,
        config.save_checkpoints_secs,
    )
    evaluations = _Evaluations(estimator, eval_spec, train_spec.max_steps)
    estimator.train(
        input_fn=train_spec.input_fn,
        max_steps=train_spec.max_steps,
        hooks=list(train_spec.hooks),
        saving_listeners=[evaluations],
    )
    return evaluations.results, evaluations.exported


class _Evaluations(CheckpointSaverListener):
    """Evaluates after each checkpoint but the first, and at the end.

    Attributes:
        results: of the last evaluation, or None.
        exported: what was exported after it, or None.
    """

    def __init__(self, estimator: Any, spec: EvalSpec, max_steps: Any) -> None:
        self._estimator, self._spec, self._max_steps = estimator, spec, max_steps
        self._last_step = 0
        self.results: Any = None
        self.exported: Any = None

    def begin(self) -> None:
        """A training begins."""
        self._timer = SecondOrStepTimer(every_secs=self._spec.throttle_secs)
        self._is_first = True

    def after_save(self, session: Any, global_step_value: Any) -> Any:
        """Evaluates, unless it did so a short time ago."""
        if self._is_first:
            self._is_first = False
            return
        if self._timer.should_trigger_for_step(global_step_value):
            self._evaluate(global_step_value)
        else:
            tf_logging.info(
                "Skip the current checkpoint eval due to throttle secs (%s secs).",
                self._spec.throttle_secs,
            )

    def end(self, session: Any, global_step_value: Any) -> None:
        """Evaluates what was not evaluated yet."""
        if global_step_value != self._timer.last_triggered_step():
            self._evaluate(global_step_value)

    def _evaluate(self, step: Any) -> None:
        self._timer.update_last_triggered_step(step)
        path = self._estimator.latest_checkpoint()
        self.results = self._estimator.evaluate(
            input_fn=self._spec.input_fn,
            steps=self._spec.steps,
            name=self._spec.name,
            checkpoint_path=path,
            hooks=self._spec.hooks,
        )
        now = self.results[GraphKeys.GLOBAL_STEP]
        is_last = bool(self._max_steps and now >= self._max_steps)
        folder = os.path.join(self._estimator.model_dir, "export")
        self.exported = [
            exporter.export(
                estimator=self._estimator,
                export_path=os.path.join(folder, exporter.name),
                checkpoint_path=path,
                eval_result=self.results,
                is_the_final_export=is_last,
            )
            for exporter in self._spec.exporters
        ]
