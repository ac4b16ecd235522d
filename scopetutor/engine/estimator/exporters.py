"""What `train_and_evaluate` exports, and when: `tf.estimator.LatestExporter` and kin.

After estimator, which exports; `train_and_evaluate` (training.py) calls one after each
evaluation.
"""

from __future__ import annotations

import inspect
import os
import shutil
from typing import Any

from scopetutor.engine import tf_logging
from scopetutor.engine.file_writer import summary_iterator
from scopetutor.engine.gfile import Glob

_DIGITS = 10  # of the seconds since 1970, which folders are named by


class Exporter:
    """Exports a model after an evaluation."""

    @property
    def name(self) -> str:
        """Of its folder in "export"."""
        raise NotImplementedError

    def export(
        self,
        estimator: Any,
        export_path: Any,
        checkpoint_path: Any,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> Any:
        """Exports it, or not; the folder, or None."""
        raise NotImplementedError


class _Exports(Exporter):
    """Exports SavedModels, and keeps the newest of them."""

    def __init__(
        self, name: Any, receiver_fn: Any, assets_extra: Any, as_text: Any, keep: Any
    ) -> None:
        self._name, self._receiver_fn = name, receiver_fn
        self._assets_extra, self._as_text = assets_extra, as_text
        self._keep = keep

    @property
    def name(self) -> str:
        """Of its folder in "export"."""
        return str(self._name)

    def _export(self, estimator: Any, export_path: Any, checkpoint_path: Any) -> Any:
        found = estimator.export_saved_model(
            export_path,
            self._receiver_fn,
            assets_extra=self._assets_extra,
            as_text=self._as_text,
            checkpoint_path=checkpoint_path,
        )
        if self._keep is not None:
            self._remove_old(os.fsdecode(export_path))
        return found

    def _remove_old(self, base: str) -> None:
        known = [
            name for name in os.listdir(base) if len(name) == _DIGITS and name.isdigit()
        ]
        for name in sorted(known)[: -self._keep]:
            shutil.rmtree(os.path.join(base, name), ignore_errors=True)


class FinalExporter(_Exports):
    """Exports the model once, at the end of the training."""

    def __init__(
        self,
        name: Any,
        serving_input_receiver_fn: Any,
        assets_extra: Any = None,
        as_text: bool = False,
    ) -> None:
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, None)

    def export(
        self,
        estimator: Any,
        export_path: Any,
        checkpoint_path: Any,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> Any:
        """Exports it at the end; the folder, or None."""
        if not is_the_final_export:
            return None
        tf_logging.info("Performing the final export in the end of training.")
        return self._export(estimator, export_path, checkpoint_path)


class LatestExporter(_Exports):
    """Exports the model after each evaluation, and keeps some.

    Raises:
        ValueError: none should be kept.
    """

    def __init__(
        self,
        name: Any,
        serving_input_receiver_fn: Any,
        assets_extra: Any = None,
        as_text: bool = False,
        exports_to_keep: Any = 5,
    ) -> None:
        super().__init__(
            name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep
        )
        if exports_to_keep is not None and exports_to_keep <= 0:
            raise ValueError("`exports_to_keep`, if provided, must be positive number")

    def export(
        self,
        estimator: Any,
        export_path: Any,
        checkpoint_path: Any,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> Any:
        """Exports it; the folder."""
        return self._export(estimator, export_path, checkpoint_path)


def _loss_smaller(best_eval_result: Any, current_eval_result: Any) -> bool:
    """Whether the second of two results has the smaller loss.

    Raises:
        ValueError: one has none.
    """
    for name, result in (
        ("best_eval_result", best_eval_result),
        ("current_eval_result", current_eval_result),
    ):
        if not result or "loss" not in result:
            raise ValueError(f"{name} cannot be empty or no loss is found in it.")
    return bool(best_eval_result["loss"] > current_eval_result["loss"])


class BestExporter(_Exports):
    """Exports the model whenever an evaluation was better than all before it.

    Raises:
        ValueError: the function that compares takes other arguments, or none should
            be kept.
    """

    def __init__(
        self,
        name: Any = "best_exporter",
        serving_input_receiver_fn: Any = None,
        event_file_pattern: Any = "eval/*.tfevents.*",
        compare_fn: Any = _loss_smaller,
        assets_extra: Any = None,
        as_text: bool = False,
        exports_to_keep: Any = 5,
    ) -> None:
        super().__init__(
            name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep
        )
        _check_comparing(compare_fn)
        self._compare_fn = compare_fn
        self._pattern = event_file_pattern
        self._model_dir: Any = None
        self._best: Any = None
        if exports_to_keep is not None and exports_to_keep <= 0:
            raise ValueError(
                "`exports_to_keep`, if provided, must be a positive number. Got "
                f"{exports_to_keep}"
            )

    def export(
        self,
        estimator: Any,
        export_path: Any,
        checkpoint_path: Any,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> Any:
        """Exports it if it is the best; the folder, or None."""
        if self._model_dir != estimator.model_dir and self._pattern:
            tf_logging.info("Loading best metric from event files.")
            self._model_dir = estimator.model_dir
            self._best = self._best_of_files()
        if self._best is not None and not self._compare_fn(
            best_eval_result=self._best, current_eval_result=eval_result
        ):
            return None
        tf_logging.info("Performing best model export.")
        self._best = eval_result
        return self._export(estimator, export_path, checkpoint_path)

    def _best_of_files(self) -> Any:
        """The best result that earlier evaluations wrote."""
        best = None
        for path in Glob(os.path.join(self._model_dir, self._pattern)):
            for event in summary_iterator(path):
                values = event.summary.value if event.HasField("summary") else ()
                result = {
                    one.tag: one.simple_value
                    for one in values
                    if one.HasField("simple_value")
                }
                if result and (best is None or self._compare_fn(best, result)):
                    best = result
        return best


def _check_comparing(function: Any) -> None:
    if function is None:
        raise ValueError("`compare_fn` must not be None.")
    wanted = ["best_eval_result", "current_eval_result"]
    taken = list(inspect.signature(function).parameters)
    for name in wanted:
        if name not in taken:
            raise ValueError(f"compare_fn ({function}) must include {name} argument.")
    others = [name for name in taken if name not in wanted]
    if others:
        raise ValueError(
            f"compare_fn ({function}) has following not expected args: {others}"
        )
