"""`tf.estimator`: estimators, their configuration, modes and exports.

From ``engine/estimator``; `inputs`, `export` and `tpu` below it list the rest.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.estimator.combined": (
            "DNNLinearCombinedClassifier DNNLinearCombinedRegressor"
        ),
        "engine.estimator.config": "RunConfig WarmStartSettings",
        "engine.estimator.dnn": "DNNClassifier DNNRegressor",
        "engine.estimator.estimator": "Estimator",
        "engine.estimator.exporters": (
            "BestExporter Exporter FinalExporter LatestExporter"
        ),
        "engine.estimator.linear": "LinearClassifier LinearRegressor",
        "engine.estimator.parsing": (
            "classifier_parse_example_spec regressor_parse_example_spec"
        ),
        "engine.estimator.spec": "EstimatorSpec ModeKeys",
        "engine.estimator.training": "EvalSpec TrainSpec train_and_evaluate",
        "tf.train": (
            "CheckpointSaverHook CheckpointSaverListener FeedFnHook FinalOpsHook "
            "GlobalStepWaiterHook LoggingTensorHook NanLossDuringTrainingError "
            "NanTensorHook SecondOrStepTimer SessionRunArgs SessionRunContext "
            "SessionRunHook SessionRunValues StepCounterHook StopAtStepHook "
            "SummarySaverHook VocabInfo"
        ),
    },
    submodules="export inputs tpu",
)
