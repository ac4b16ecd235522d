"""`tf.estimator.export`: what an exported model takes and gives.

From ``engine/estimator``; `export_savedmodel` calls the receiver it is given.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.estimator.export_outputs": (
            "ClassificationOutput ExportOutput PredictOutput RegressionOutput"
        ),
        "engine.estimator.receivers": (
            "ServingInputReceiver TensorServingInputReceiver "
            "build_parsing_serving_input_receiver_fn "
            "build_raw_serving_input_receiver_fn"
        ),
    },
)
