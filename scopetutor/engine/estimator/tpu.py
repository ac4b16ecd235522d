"""`tf.contrib.tpu.TPUEstimator`, on a machine without TPUs.

After estimator. TF 1.15: with `use_tpu=False` it is an Estimator whose functions are
told the batch size; there are no TPUs here, and it is always that.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NamedTuple

from scopetutor.engine import dtypes, tf_logging
from scopetutor.engine.initializers import Zeros
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.scopes import get_variable
from scopetutor.engine.surroundings import device, name_scope
from scopetutor.engine.training.recording_hooks import StepCounterHook, rate_summary
from scopetutor.engine.training.session_run_hook import SessionRunArgs, SessionRunHook

from .estimator import Estimator, _check_arguments, taken_by
from .spec import EstimatorSpec, ModeKeys
from .tpu_config import RunConfig

if TYPE_CHECKING:
    from collections.abc import Callable

_RESERVED = ["batch_size", "context"]


class _Spec(NamedTuple):
    mode: Any
    predictions: Any
    loss: Any
    train_op: Any
    eval_metrics: Any
    export_outputs: Any
    scaffold_fn: Any
    host_call: Any
    training_hooks: Any
    evaluation_hooks: Any
    prediction_hooks: Any


class TPUEstimatorSpec(_Spec):
    """The tensors and operations of a model in one mode.

    Args:
        mode: one of ModeKeys.
        predictions: tensors by name.
        loss: a scalar.
        train_op: what trains it.
        eval_metrics: a function and the tensors it makes metrics of.
        export_outputs: ExportOutputs by name.
        scaffold_fn: makes a Scaffold.
        host_call: a function and tensors; run at each step.
        training_hooks, evaluation_hooks, prediction_hooks: SessionRunHooks.

    Raises:
        ValueError: a function and its tensors do not fit.
        TypeError: a hook is none.
    """

    __slots__ = ()

    def __new__(
        cls,
        mode: Any,
        predictions: Any = None,
        loss: Any = None,
        train_op: Any = None,
        eval_metrics: Any = None,
        export_outputs: Any = None,
        scaffold_fn: Any = None,
        host_call: Any = None,
        training_hooks: Any = None,
        evaluation_hooks: Any = None,
        prediction_hooks: Any = None,
    ) -> TPUEstimatorSpec:
        """Checks what is given."""
        for name, call in (("eval_metrics", eval_metrics), ("host_call", host_call)):
            _check_call(name, call)
        hooks = [
            tuple(given or ())
            for given in (training_hooks, evaluation_hooks, prediction_hooks)
        ]
        for hook in (one for given in hooks for one in given):
            if not isinstance(hook, SessionRunHook):
                raise TypeError(
                    f"All hooks must be SessionRunHook instances, given: {hook}"
                )
        return super().__new__(
            cls,
            mode,
            predictions,
            loss,
            train_op,
            eval_metrics,
            export_outputs,
            scaffold_fn,
            host_call,
            *hooks,
        )

    def as_estimator_spec(self) -> EstimatorSpec:
        """The same for an Estimator."""
        metrics = None if self.eval_metrics is None else _called(self.eval_metrics)
        every = () if self.host_call is None else (_Call(_called(self.host_call)),)
        return EstimatorSpec(
            mode=self.mode,
            predictions=self.predictions,
            loss=self.loss,
            train_op=self.train_op,
            eval_metric_ops=metrics,
            export_outputs=self.export_outputs,
            scaffold=self.scaffold_fn() if self.scaffold_fn else None,
            training_hooks=self.training_hooks + every,
            evaluation_hooks=self.evaluation_hooks + every,
            prediction_hooks=self.prediction_hooks + every,
        )


def _check_call(name: str, call: Any) -> None:
    if call is None:
        return
    if not isinstance(call, (tuple, list)):
        raise ValueError(f"{name} should be tuple or list")
    if len(call) != 2:
        raise ValueError(f"{name} should have two elements.")
    if not callable(call[0]):
        raise TypeError(f"{name}[0] should be callable.")
    if not isinstance(call[1], (tuple, list, dict)):
        raise ValueError(f"{name}[1] should be tuple or list, or dict.")
    _check_count(name, *call)


def _check_count(name: str, function: Any, tensors: Any) -> None:
    taken = inspect.signature(function).parameters.values()
    if isinstance(tensors, dict) or any(
        one.kind is one.VAR_POSITIONAL for one in taken
    ):
        return
    if len(tensors) != len(taken):
        raise RuntimeError(
            f"In TPUEstimatorSpec.{name}, length of tensors {len(tensors)} does not "
            f"match method args of the function, which takes {len(taken)}."
        )


def _called(call: Any) -> Any:
    function, tensors = call
    return function(**tensors) if isinstance(tensors, dict) else function(*tensors)


class _Call(SessionRunHook):
    """Runs some tensors at each step."""

    def __init__(self, tensors: Any) -> None:
        self._tensors = tensors

    def before_run(self, run_context: Any) -> Any:
        """Asks for them."""
        return SessionRunArgs(self._tensors)


class _ExamplesPerSecond(StepCounterHook):
    """Counts steps and examples in a second."""

    def __init__(self, batch_size: int, output_dir: Any, every_n_steps: int) -> None:
        super().__init__(every_n_steps=every_n_steps, output_dir=output_dir)
        self._batch_size = batch_size

    def _log_and_record(self, elapsed_steps: Any, elapsed_time: Any, step: Any) -> None:
        steps = elapsed_steps / elapsed_time
        rates = {"global_step/sec": steps, "examples/sec": self._batch_size * steps}
        for tag, rate in rates.items():
            if self._summary_writer is not None:
                self._summary_writer.add_summary(rate_summary(tag, rate), step)
            tf_logging.info("%s: %g", tag, rate)


def _every(config: Any) -> int | None:
    """TF 1.15: a step is that of a whole loop on a TPU, also without one."""
    steps = config.log_step_count_steps
    loop = int(config.tpu_config.iterations_per_loop)
    return None if steps is None else -(-steps // loop)


class TPUEstimator(Estimator):
    """An Estimator whose functions are told the batch size.

    Args:
        model_fn: gives a TPUEstimatorSpec or an EstimatorSpec.
        model_dir: the folder of its checkpoints; None: a temporary one.
        config: a RunConfig of this module.
        params: a dictionary that the functions are given, with "batch_size".
        use_tpu: must be False: there are no TPUs here.
        train_batch_size: of a training.
        eval_batch_size: of an evaluation.
        predict_batch_size: of predictions.
        batch_axis, eval_on_tpu, export_to_tpu, export_to_cpu, embedding_config_spec,
        export_saved_model_api_version: of TPUs; not looked at.
        warm_start_from: as for Estimator.

    Raises:
        ValueError: the configuration is another one, or params has "batch_size".
        NotImplementedError: TPUs are wanted.
    """

    def __init__(
        self,
        model_fn: Any = None,
        model_dir: Any = None,
        config: Any = None,
        params: Any = None,
        use_tpu: bool = True,
        train_batch_size: Any = None,
        eval_batch_size: Any = None,
        predict_batch_size: Any = None,
        batch_axis: Any = None,
        eval_on_tpu: bool = True,
        export_to_tpu: bool = True,
        export_to_cpu: bool = True,
        warm_start_from: Any = None,
        embedding_config_spec: Any = None,
        export_saved_model_api_version: Any = None,
    ) -> None:
        if not isinstance(config, RunConfig):
            raise ValueError(
                "`config` must be provided with type `tpu_config.RunConfig`"
            )
        if params is not None and any(key in params for key in _RESERVED):
            raise ValueError(
                f"{_RESERVED} are reserved keys but existed in params {params}."
            )
        if use_tpu:
            raise NotImplementedError(
                "scopetutor has no TPUs; make the TPUEstimator with use_tpu=False."
            )
        _check_arguments(model_fn, params)
        self._own_model_fn = model_fn
        self._every = _every(config)
        self._batch_sizes = {
            ModeKeys.TRAIN: train_batch_size,
            ModeKeys.EVAL: eval_batch_size,
            ModeKeys.PREDICT: predict_batch_size,
        }
        super().__init__(
            self._augmented(),
            model_dir,
            config.replace(log_step_count_steps=None),
            params or {},
            warm_start_from,
        )

    def _augmented(self) -> Callable[..., Any]:
        """The model function, in TensorFlow's form."""

        def model_fn(
            features: Any, labels: Any, mode: str, config: Any, params: Any
        ) -> EstimatorSpec:
            tf_logging.info("Running %s on CPU", mode)
            spec = self._own_spec(features, labels, mode, config, params)
            if self._every is None:
                return spec
            folder = self.model_dir if config.save_summary_steps else None
            counter = _ExamplesPerSecond(
                self._batch_sizes[ModeKeys.TRAIN] or 0, folder, self._every
            )
            return spec._replace(training_hooks=(*spec.training_hooks, counter))

        return model_fn

    def _own_spec(
        self, features: Any, labels: Any, mode: str, config: Any, params: Any
    ) -> EstimatorSpec:
        size = self._batch_sizes[mode]
        if size is not None:
            params = {**params, "batch_size": size}
        given = {"mode": mode, "config": config, "params": {**params, "use_tpu": False}}
        taken = taken_by(self._own_model_fn, labels, given)
        found = self._own_model_fn(features=features, **taken)
        if isinstance(found, TPUEstimatorSpec):
            return found.as_estimator_spec()
        checked: EstimatorSpec = found
        return checked

    def _make_global_step(self, graph: Any) -> None:
        with name_scope(None):
            get_variable(
                GraphKeys.GLOBAL_STEP,
                shape=[],
                dtype=dtypes.int64,
                initializer=Zeros(),
                trainable=False,
                use_resource=True,
                collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
            )

    def _input(self, input_fn: Any, mode: str) -> Any:
        taken = inspect.signature(input_fn).parameters
        if "params" not in taken:
            raise ValueError(
                f"input_fn ({input_fn}) does not include params argument, required by "
                'TPUEstimator to pass batch size as params["batch_size"]'
            )
        params = self.params
        if self._batch_sizes[mode] is not None:
            params = {**params, "batch_size": self._batch_sizes[mode]}
        given = {"params": params, "mode": mode, "config": self.config}
        kwargs = {key: value for key, value in given.items() if key in taken}
        with device("/device:CPU:0"):
            return input_fn(**kwargs)
