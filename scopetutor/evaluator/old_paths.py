"""Paths below `tensorflow.python` that programs and tests of TF 1 import from.

They were never public. For each one the table says which of our modules have what is
looked for there; `imports` puts the modules together from it. A place reads

    engine.scopes                all its names
    tf.train                     all names of that part of the language
    engine.store: A _b=c         the name A, and `_b`, which is called `c` there
    engine.store: _d=C.e         and `_d`, which is what C there has by the name `e`
    raw                          a function for each operation, such as `assign_add`

Earlier places win; what none of them has is asked of `tf` itself at last.
"""

from __future__ import annotations

CONTRIB: dict[str, tuple[str, ...]] = {
    # The same below `tensorflow`, for what a package of contrib itself does not have.
    "contrib.learn.python.learn.datasets.base": (),
    "contrib.learn.python.learn.datasets.mnist": ("engine.mnist",),
    "contrib.rnn.python.ops.core_rnn_cell": (
        "engine.contrib.rnn.linear: _linear=linear _Linear=Linear",
        "tf.contrib.rnn",
    ),
}

OF_EFFECT = frozenset({"framework.test_ops"})
"""Paths that are imported for what that does: operations become known."""

PATHS: dict[str, tuple[str, ...]] = {
    "": ("tf",),
    # -- client, eager, platform -------------------------------------------------
    "client.device_lib": ("engine.device_lib",),
    "client.session": ("engine.session",),
    "eager.backprop": (),
    "eager.context": (
        "engine.testing.modes: eager_mode graph_mode",
        "engine.defaults: executing_eagerly",
        "engine.testing.eager_context",
    ),
    "eager.def_function": ("engine.testing.functions: function=defun",),
    "eager.function": (
        "engine.testing.functions",
        "engine.testing.functions: Function=TracedFunction",
    ),
    "eager.wrap_function": ("engine.testing.wrapping: wrap_function",),
    "platform.app": ("tf.app",),
    "platform.benchmark": ("tf.test",),
    "platform.flags": ("tf.flags",),
    "platform.gfile": ("tf.gfile",),
    "platform.googletest": ("tf.test", "engine.testing.case: GetTempDir=get_temp_dir"),
    "platform.sysconfig": (),
    "platform.test": ("tf.test", "engine.testing.case: mock"),
    "platform.tf_logging": ("tf.logging",),
    # -- framework ---------------------------------------------------------------
    "framework.common_shapes": ("engine.testing.static_shapes",),
    "framework.composite_tensor": (),
    "framework.constant_op": ("engine.constants",),
    "framework.device": (
        "engine.devices: DeviceSpec canonical_name merge_device",
    ),
    "framework.device_spec": ("engine.devices: DeviceSpec",),
    "framework.dtypes": ("engine.dtypes", "engine.testing.reference_types"),
    "framework.errors": ("tf.errors", "engine.op_errors"),
    "framework.errors_impl": ("tf.errors", "engine.op_errors"),
    "framework.function": (),
    "framework.graph_io": ("engine.graph_io",),
    "framework.graph_util": ("tf.graph_util",),
    "framework.importer": ("engine.graph_import",),
    "framework.indexed_slices": ("engine.sparse",),
    "framework.meta_graph": ("engine.meta_graph",),
    "framework.ops": (
        "engine.testing.nodes: Operation",
        "engine.graph",
        "engine.operation",
        "engine.keys",
        "engine.defaults",
        "engine.surroundings",
        "engine.convert",
        "engine.sparse",
        "engine.gradients",
        "engine.scope_names",
        "tf.collections",
        "engine.convert: internal_convert_to_tensor=convert_to_tensor",
        "engine.convert: internal_convert_n_to_tensor=convert_n_to_tensor",
        "engine.testing.eager_context: _default_graph_stack",
        "engine.eager: EagerTensor",
        "engine.surroundings: name_scope_v1=name_scope",
        "engine.testing.nodes",
        "engine.testing.nodes: _NodeDef=node_def",
    ),
    "framework.random_seed": (
        "engine.random: get_seed=given_seeds",
        "engine.random",
        "tf.random: set_seed=set_random_seed",
    ),
    "framework.smart_cond": ("engine.smart_cond",),
    "framework.sparse_tensor": ("engine.sparse",),
    "framework.tensor_shape": ("engine.shapes", "engine.testing.named_shapes"),
    "framework.tensor_spec": (),
    "framework.tensor_util": (
        "engine.constants: constant_value=value_of",
        "engine.constants: constant_value_as_shape=shape_of_value",
        "engine.convert: is_tensor",
        "formats.tensors: MakeNdarray=to_array",
        "engine.testing.tensor_messages",
    ),
    "framework.test_ops": ("engine.testing.test_ops",),
    "framework.test_util": (
        "engine.testing.modes",
        "engine.testing.case: TensorFlowTestCase=TestCase gpu_device_name",
        "engine.testing.case: is_gpu_available IsBuiltWithROCm=is_built_with_rocm",
        "engine.testing.case: IsGoogleCudaEnabled=is_built_with_cuda",
    ),
    "framework.type_spec": (),
    "framework.versions": ("engine.testing.versions",),
    # -- layers, keras -----------------------------------------------------------
    "keras.activations": ("tf.keras.activations",),
    "keras.backend": ("tf.keras.backend",),
    "keras.initializers": ("tf.keras.initializers",),
    "keras.layers": ("tf.keras.layers",),
    "keras.regularizers": ("tf.keras.regularizers",),
    "layers.base": ("tf.layers", "engine.layers.base"),
    "layers.convolutional": ("tf.layers", "engine.layers.convolution"),
    "layers.core": ("tf.layers", "engine.layers.core", "engine.layers.dense"),
    "layers.layers": ("tf.layers",),
    "layers.normalization": ("tf.layers", "engine.layers.normalization"),
    "layers.pooling": ("tf.layers", "engine.layers.pooling"),
    "layers.utils": ("engine.smart_cond",),
    # -- ops -----------------------------------------------------------------------
    "ops.array_grad": (),
    "ops.array_ops": (
        "engine.ops.array",
        "engine.ops.reshaping",
        "engine.ops.gathering",
        "engine.ops.joining",
        "engine.ops.slicing",
        "tf",
    ),
    "ops.check_ops": ("engine.ops.checks",),
    "ops.clip_ops": ("engine.ops.clip",),
    "ops.confusion_matrix": ("engine.confusion",),
    "ops.control_flow_ops": (
        "engine.ops.control_flow",
        "engine.ops.branches",
        "engine.contexts",
        "engine.flow",
    ),
    "ops.control_flow_util": ("engine.flow",),
    "ops.ctc_ops": ("tf.nn",),
    "ops.custom_gradient": ("engine.gradients",),
    "ops.data_flow_ops": ("engine.ops.dynamic", "tf", "raw"),
    "ops.embedding_ops": ("tf.nn",),
    "ops.functional_ops": ("engine.ops.functional",),
    "ops.gradient_checker": ("tf.test",),
    "ops.gradients": ("engine.gradients",),
    "ops.gradients_impl": ("engine.gradients",),
    "ops.gradients_util": ("engine.gradients",),
    "ops.image_ops": ("tf.image",),
    "ops.init_ops": (
        "engine.initializers",
        "engine.initializers: identity_initializer=Identity",
        "engine.orthogonal_kernels",
        ("engine.orthogonal_kernels: convolutional_delta_orthogonal="
        "ConvolutionDeltaOrthogonal convolutional_orthogonal_1d="
        "ConvolutionOrthogonal1D convolutional_orthogonal_2d=ConvolutionOrthogonal2D "
        "convolutional_orthogonal_3d=ConvolutionOrthogonal3D"),
        "tf.initializers",
    ),
    "ops.init_ops_v2": ("tf.initializers",),
    "ops.io_ops": ("engine.ops.io", "tf.io"),
    "ops.linalg_ops": ("tf.linalg",),
    "ops.logging_ops": ("engine.ops.printing",),
    "ops.lookup_ops": (),
    "ops.losses.losses": ("tf.losses",),
    "ops.losses.losses_impl": ("tf.losses",),
    "ops.losses.util": ("tf.losses",),
    "ops.map_fn": ("engine.ops.functional",),
    "ops.math_grad": (),
    "ops.math_ops": ("tf.math", "engine.ops.math", "tf"),
    "ops.metrics": ("tf.metrics",),
    "ops.metrics_impl": ("tf.metrics",),
    "ops.nn": ("tf.nn",),
    "ops.nn_grad": (),
    "ops.nn_impl": ("tf.nn",),
    "ops.nn_ops": ("tf.nn",),
    "ops.parsing_ops": ("tf.io",),
    "ops.partitioned_variables": (
        "engine.partitions",
        "engine.partitioned_variables",
    ),
    "ops.random_ops": ("engine.ops.random", "tf.random"),
    "ops.resource_variable_ops": (
        "engine.resource_variables",
        "engine.variables",
        "raw",
    ),
    "ops.resources": ("engine.resources",),
    "ops.rnn": ("tf.nn",),
    "ops.rnn_cell": ("tf.nn.rnn_cell", "engine.rnn.cells", "engine.rnn.cell"),
    "ops.rnn_cell_impl": ("tf.nn.rnn_cell", "engine.rnn.cells", "engine.rnn.cell"),
    "ops.script_ops": ("engine.ops.script",),
    "ops.sets": ("tf.sets",),
    "ops.sparse_ops": ("engine.ops.sparse", "tf.sparse"),
    "ops.standard_ops": ("tf",),
    "ops.state_grad": (),
    "ops.state_ops": (
        "engine.ops.state",
        "engine.variables: is_variable_initialized",
        "engine.testing.variable_ops",
        "raw",
    ),
    "ops.string_ops": ("tf.strings", "engine.ops.strings"),
    "ops.summary_ops_v2": ("tf.summary",),
    "ops.template": ("engine.templates", "engine.testing.template_parts"),
    "ops.tensor_array_ops": ("engine.tensor_arrays",),
    "ops.variable_scope": (
        "engine.scopes",
        "engine.scopes: _get_default_variable_store=default_variable_store",
        "engine.variables: _DEFAULT_USE_RESOURCE=UseResource.default",
        "engine.scopes: _pure_variable_scope=_VariableScopeOnly",
        "engine.scopes: _get_partitioned_variable=get_partitioned_variable",
        "engine.store",
        "engine.store: _VariableStore=VariableStore _ReuseMode",
        "engine.templates: EagerVariableStore",
        "engine.variables: variable=Variable variable_v1=Variable",
        "engine.variables",
        "engine.partitions: _PartitionInfo=PartitionInfo",
        "engine.partitions",
    ),
    "ops.variables": (
        "engine.testing.variables_v2: Variable",
        "engine.variables",
        "engine.variables: VariableV1=Variable RefVariable",
        ("engine.variables: "
        "_try_guard_against_uninitialized_dependencies=guard_against_uninitialized"),
        "engine.partitions: PartitionedVariable",
    ),
    "ops.weights_broadcast_ops": ("engine.weights_broadcast",),
    **{
        f"ops.gen_{family}_ops": ("raw",)
        for family in (
            "array", "control_flow", "data_flow", "functional", "image", "io", "linalg",
            "logging", "lookup", "math", "nn", "parsing", "random", "resource_variable",
            "script", "set", "sparse", "state", "stateless_random", "string", "user",
        )
    },
    # -- saved_model, summary, training --------------------------------------------
    "saved_model.builder": ("tf.saved_model.builder",),
    "saved_model.constants": ("tf.saved_model.constants",),
    "saved_model.loader": ("tf.saved_model.loader",),
    "saved_model.main_op": ("tf.saved_model.main_op",),
    "saved_model.signature_constants": ("tf.saved_model.signature_constants",),
    "saved_model.signature_def_utils": ("tf.saved_model.signature_def_utils",),
    "saved_model.tag_constants": ("tf.saved_model.tag_constants",),
    "saved_model.utils": ("tf.saved_model.utils",),
    "summary.summary": ("tf.summary",),
    "summary.writer.writer": ("tf.summary",),
    "summary.writer.writer_cache": ("tf.summary",),
    **{
        f"training.{module}": ("tf.train", *more)
        for module, *more in (
            ("adadelta",), ("adagrad",), ("adagrad_da",), ("adam",),
            ("basic_session_run_hooks",), ("checkpoint_management",),
            ("checkpoint_ops",),
            ("checkpoint_utils", "engine.training.checkpoint_utils"),
            ("checkpoint_state_pb2",), ("coordinator",), ("evaluation",), ("ftrl",),
            ("gradient_descent",), ("input",), ("learning_rate_decay",), ("momentum",),
            ("monitored_session",),
            ("moving_averages", "engine.training.moving_averages"),
            ("optimizer", "engine.training.optimizer"), ("proximal_adagrad",),
            ("proximal_gradient_descent",), ("queue_runner",), ("queue_runner_impl",),
            ("rmsprop",), ("saver", "engine.training.saver",
                           "engine.training.checkpoint_management"),
            ("server_lib",), ("session_manager",), ("session_run_hook",),
            ("slot_creator", "engine.training.slot_creator"), ("supervisor",),
            ("sync_replicas_optimizer",), ("training",), ("warm_starting_util",),
            ("training_util", "engine.training.global_step"),
            ("training_ops", "raw"), ("gen_training_ops", "raw"),
        )
    },
    "tools.inspect_checkpoint": ("engine.training.inspect_checkpoint",),
    # -- util ----------------------------------------------------------------------
    "util.all_util": (),
    "util.compat": ("tf.compat",),
    "util.deprecation": ("engine.deprecation",),
    "util.nest": ("engine.nest", "tf.nest"),
    "util.object_identity": (),
    "util.tf_contextlib": ("stdlib.contextlib",),
    "util.tf_decorator": (),
    "util.tf_export": (),
    "util.tf_inspect": ("engine.testing.inspecting", "stdlib.inspect"),
    "util.protobuf.compare": (),
}  # fmt: skip
