"""`tf.train`: optimizers, savers, sessions that watch over a training, queues' threads.

From ``engine/training`` and some beside it. What checkpoints, events and Examples are
as messages is from ``formats``.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.training.coordinator": "Coordinator LooperThread",
        "engine.training.queue_runner": (
            "QueueRunner add_queue_runner start_queue_runners"
        ),
        "engine.training.cluster": "ClusterSpec replica_device_setter",
        "engine.training.input": "input_producer limit_epochs match_filenames_once "
        "range_input_producer slice_input_producer string_input_producer",
        "engine.training.input_batches": "batch batch_join maybe_batch "
        "maybe_batch_join maybe_shuffle_batch maybe_shuffle_batch_join shuffle_batch "
        "shuffle_batch_join",
        "engine.training.global_step": (
            "assert_global_step create_global_step get_global_step "
            "get_or_create_global_step global_step"
        ),
        "engine.training.optimizer": "Optimizer",
        "engine.training.gradient_descent": (
            "GradientDescentOptimizer ProximalGradientDescentOptimizer"
        ),
        "engine.training.momentum": "MomentumOptimizer",
        "engine.training.adam": "AdamOptimizer",
        "engine.training.rmsprop": "RMSPropOptimizer",
        "engine.training.adagrad": (
            "AdagradDAOptimizer AdagradOptimizer ProximalAdagradOptimizer"
        ),
        "engine.training.adadelta": "AdadeltaOptimizer",
        "engine.training.ftrl": "FtrlOptimizer",
        "engine.training.moving_averages": "ExponentialMovingAverage",
        "engine.training.learning_rate_decay": (
            "cosine_decay cosine_decay_restarts exponential_decay inverse_time_decay "
            "linear_cosine_decay natural_exp_decay noisy_linear_cosine_decay "
            "piecewise_constant piecewise_constant_decay=piecewise_constant "
            "polynomial_decay"
        ),
        "engine.training.sync_replicas": "SyncReplicasOptimizer",
        "engine.training.saver": "Saver export_meta_graph import_meta_graph",
        "engine.training.checkpoint": "Checkpoint",
        "engine.training.checkpoint_manager": "CheckpointManager",
        "engine.training.checkpoint_management": (
            "checkpoint_exists generate_checkpoint_state_proto get_checkpoint_mtimes "
            "get_checkpoint_state latest_checkpoint remove_checkpoint "
            "update_checkpoint_state"
        ),
        "engine.training.checkpoint_utils": (
            "checkpoints_iterator init_from_checkpoint list_variables load_checkpoint "
            "load_variable"
        ),
        "engine.training.session_run_hook": (
            "SessionRunArgs SessionRunContext SessionRunHook SessionRunValues"
        ),
        "engine.training.hook_timer": "SecondOrStepTimer",
        "engine.training.basic_session_run_hooks": (
            "FeedFnHook FinalOpsHook GlobalStepWaiterHook LoggingTensorHook "
            "NanLossDuringTrainingError NanTensorHook StopAtStepHook"
        ),
        "engine.training.recording_hooks": (
            "CheckpointSaverHook CheckpointSaverListener StepCounterHook "
            "SummarySaverHook"
        ),
        "engine.training.session_manager": "SessionManager",
        "engine.training.scaffold": (
            "ChiefSessionCreator Scaffold SessionCreator WorkerSessionCreator"
        ),
        "engine.training.monitored_session": (
            "MonitoredSession MonitoredTrainingSession SingularMonitoredSession"
        ),
        "engine.training.server": "Server",
        "engine.training.supervisor": "Supervisor",
        "engine.training.basic_loops": "basic_train_loop",
        "engine.training.warm_start": "VocabInfo warm_start",
        "engine.checkpoint_reader": "NewCheckpointReader",
        "engine.graph_io": "write_graph",
        "engine.file_writer": "summary_iterator",
        "formats.protos": (
            "BytesList ClusterDef Example Feature FeatureList FeatureLists Features "
            "FloatList Int64List JobDef SaverDef SequenceExample ServerDef"
        ),
    },
    submodules="queue_runner",
)
