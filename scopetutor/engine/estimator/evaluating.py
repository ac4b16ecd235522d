"""What an evaluation computes, and the results it writes.

Called by `Estimator.evaluate`: the metrics come from the model function's spec, the
results go into an event file and back to the program.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from scopetutor.engine import dtypes, tf_logging
from scopetutor.engine.file_writer import FileWriterCache
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.metrics.means import mean
from scopetutor.engine.ops.control_flow import group
from scopetutor.engine.training.evaluation import (
    get_or_create_eval_step,
)
from scopetutor.engine.training.scaffold import Scaffold
from scopetutor.formats import protos

# -- evaluation ------------------------------------------------------------------------


def metrics_of(spec: Any) -> tuple[Any, dict[str, Any]]:
    """The operation that updates the metrics, and their values by name."""
    metrics = dict(spec.eval_metric_ops)
    if "loss" in metrics:
        raise ValueError(
            'Metric with name "loss" is not allowed, because Estimator already defines '
            "a default metric with the same name."
        )
    metrics["loss"] = mean(spec.loss)
    if GraphKeys.GLOBAL_STEP in metrics:
        raise ValueError(
            "Metric with name `global_step` is not allowed, because Estimator already "
            "defines a default metric with the same name."
        )
    ordered = sorted(metrics.items())
    return group(*[update for _, (_, update) in ordered]), {
        key: value for key, (value, _) in ordered
    }


def scaffold_for_evaluation(scaffold: Any) -> Any:
    """A scaffold that also counts the steps of the evaluation."""
    if not scaffold.local_init_op:
        return scaffold
    get_or_create_eval_step()
    both = group(scaffold.local_init_op, Scaffold.default_local_init_op())
    return Scaffold(local_init_op=both, copy_from_scaffold=scaffold)


def write_results(folder: str, results: Any, checkpoint_path: Any) -> None:
    """Writes what an evaluation found as summaries."""
    step = results[GraphKeys.GLOBAL_STEP]
    said = ", ".join(
        f"{key} = {value}"
        for key, value in sorted(results.items())
        if not isinstance(value, bytes)
    )
    tf_logging.info("Saving dict for global step %d: %s", step, said)
    summary = protos.Summary()
    for key, value in results.items():
        if key != GraphKeys.GLOBAL_STEP:
            _add_result(summary, key, value)
    writer = FileWriterCache.get(folder)
    writer.add_summary(summary, step)
    if checkpoint_path:
        tf_logging.info(
            "Saving 'checkpoint_path' summary for global step %d: %s",
            step,
            checkpoint_path,
        )
        kept = protos.Summary()
        tensor = kept.value.add(tag="checkpoint_path").tensor
        tensor.dtype = dtypes.string.as_datatype_enum
        tensor.tensor_shape.SetInParent()
        tensor.string_val.append(os.fsencode(checkpoint_path))
        writer.add_summary(kept, step)
    writer.flush()


def _add_result(summary: Any, key: str, value: Any) -> None:
    if isinstance(value, (float, np.floating, int, np.integer)):
        summary.value.add(tag=key, simple_value=float(value))
    elif isinstance(value, bytes):
        parts = protos.Summary.FromString(value)
        for number, part in enumerate(parts.value):
            part.tag = f"{key}/{number}"
        summary.value.extend(parts.value)
    elif value is not None and not isinstance(value, np.ndarray):
        tf_logging.warning(
            "Skipping summary for %s, must be a float, np.float32, np.int64, np.int32 "
            "or int or np.ndarray or a serialized string of Summary.",
            key,
        )
