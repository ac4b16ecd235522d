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
    "contrib.layers.python.layers.utils": ("engine.contrib.collecting",),
    "contrib.learn.python.learn.datasets.base": (),
    "contrib.learn.python.learn.datasets.mnist": ("engine.mnist",),
    "contrib.rnn.python.ops.core_rnn_cell": (
        "engine.contrib.rnn.linear: _linear=linear _Linear=Linear",
        "tf.contrib.rnn",
    ),
    **{
        f"contrib.slim.python.slim.{module}": (f"tf.contrib.slim.{module}",)
        for module in (
            "learning",
            "losses",
            "model_analyzer",
            "nets",
            "nets.alexnet",
            "nets.inception",
            "nets.overfeat",
            "nets.resnet_utils",
            "nets.resnet_v1",
            "nets.resnet_v2",
            "nets.vgg",
            "queues",
        )
    },
    **{
        f"contrib.slim.python.slim.nets.{net}": ("tf.contrib.slim.nets.inception",)
        for net in ("inception_v1", "inception_v2", "inception_v3")
    },
}

OF_EFFECT = frozenset({"framework.test_ops"})
"""Paths that are imported for what that does: operations become known."""

PATHS: dict[str, tuple[str, ...]] = {
    "": ("tf",),
    # -- client, eager, platform -------------------------------------------------
    "client.device_lib": ("engine.device_lib",),
    "client.session": ("engine.session", "engine.feeds"),
    "eager.backprop": (),
    "eager.context": (
        "engine.testing.modes: eager_mode graph_mode",
        "engine.defaults: executing_eagerly",
        "engine.testing.eager_context",
    ),
    "eager.def_function": ("engine.functions.tf_function: function Function",),
    "eager.function": (
        "engine.functions.defun",
        "engine.functions.defun: Function=TracedFunction",
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
    "framework.device_spec": ("engine.devices: DeviceSpec DeviceSpecV1=DeviceSpec",),
    "framework.dtypes": ("engine.dtypes", "engine.testing.reference_types"),
    "framework.errors": ("tf.errors", "engine.op_errors"),
    "framework.errors_impl": (
        "tf.errors",
        "engine.op_errors",
        "engine.op_errors: _make_specific_exception=make_specific",
    ),
    "framework.function": (
        "engine.testing.defined_functions",
        "engine.testing.defined_functions: _DefinedFunction=DefinedFunction",
    ),
    "framework.graph_io": ("engine.graph_io",),
    "framework.graph_util": ("tf.graph_util",),
    "framework.importer": ("engine.graph_import",),
    "framework.indexed_slices": ("engine.sparse",),
    "framework.meta_graph": ("engine.meta_graph", "engine.meta_graph_import"),
    "framework.ops": (
        "engine.testing.nodes: Operation",
        "engine.graph",
        "engine.operation",
        "engine.keys",
        "engine.defaults",
        "engine.surroundings",
        "engine.conversions",
        "engine.convert",
        "engine.sparse",
        "engine.gradients",
        "engine.scope_names",
        "engine.default_collections",
        "engine.convert: internal_convert_to_tensor=convert_to_tensor",
        "engine.convert: internal_convert_n_to_tensor=convert_n_to_tensor",
        "engine.testing.eager_context: _default_graph_stack _default_session_stack",
        "engine.eager: EagerTensor",
        "engine.surroundings: name_scope_v1=name_scope",
        "engine.testing.nodes",
        "engine.testing.nodes: _NodeDef=node_def",
        "engine.collection_messages: register_proto_function get_collection_proto_type",
        "engine.collection_messages: get_to_proto_function get_from_proto_function",
    ),
    "framework.random_seed": (
        "engine.random: get_seed=given_seeds",
        "engine.random",
        "tf.random: set_seed=set_random_seed",
    ),
    "framework.smart_cond": ("engine.smart_cond", "engine.ops.cases: smart_case"),
    "framework.sparse_tensor": ("engine.sparse",),
    "framework.tensor_shape": ("engine.shapes", "engine.testing.named_shapes"),
    "framework.tensor_spec": (),
    "framework.tensor_util": (
        "engine.ops.static: constant_value=static_value",
        "engine.convert: is_tensor",
        "engine.testing.tensor_messages",
        "engine.testing.tensor_messages: MakeNdarray=make_ndarray",
    ),
    "framework.test_ops": ("engine.testing.test_ops",),
    "framework.test_util": (
        "engine.testing.graph_parts",
        "engine.testing.modes",
        "engine.testing.case: ErrorLoggingSession=LoggingSession",
        "engine.testing.case: TensorFlowTestCase=TestCase gpu_device_name",
        "engine.testing.case: is_gpu_available IsBuiltWithROCm=is_built_with_rocm",
        "engine.testing.case: IsGoogleCudaEnabled=is_built_with_cuda",
    ),
    "framework.type_spec": (),
    "framework.versions": ("engine.testing.versions",),
    # -- layers, keras -----------------------------------------------------------
    "keras": ("tf.keras",),
    **{
        f"keras.{module}": (f"tf.keras.{module}",)
        for module in (
            "activations", "backend", "callbacks", "constraints", "initializers",
            "layers", "losses", "metrics", "models", "optimizers", "preprocessing",
            "preprocessing.sequence", "preprocessing.text", "regularizers", "utils",
        )
    },
    **{
        f"keras.layers.{module}": ("tf.keras.layers",)
        for module in (
            "advanced_activations", "convolutional", "core", "embeddings", "merge",
            "noise", "normalization", "pooling", "recurrent", "wrappers",
        )
    },
    **{
        f"keras.utils.{module}": ("tf.keras.utils",)
        for module in ("data_utils", "layer_utils", "np_utils")
    },
    "layers.base": ("tf.layers", "engine.layers.base"),
    "layers.convolutional": (
        "tf.layers",
        *(
            f"tf.layers: Convolution{n}D=Conv{n}D convolution{n}d=conv{n}d"
            for n in (1, 2, 3)
        ),
        *(
            f"tf.layers: {word}{n}D=Conv{n}DTranspose {word.lower()}{n}d="
            f"conv{n}d_transpose"
            for n in (2, 3)
            for word in ("Deconvolution", "Deconv")
        ),
        *(
            f"tf.layers: Convolution{n}DTranspose=Conv{n}DTranspose "
            f"convolution{n}d_transpose=conv{n}d_transpose"
            for n in (2, 3)
        ),
        "tf.layers: SeparableConvolution2D=SeparableConv2D",
        "tf.layers: separable_convolution2d=separable_conv2d",
        "engine.layers.convolution",
    ),
    "layers.core": (
        "tf.layers",
        "tf.layers: FullyConnected=Dense fully_connected=dense",
        "engine.layers.core",
        "engine.layers.dense",
    ),
    "layers.layers": ("tf.layers",),
    "layers.normalization": (
        "tf.layers",
        "tf.layers: BatchNorm=BatchNormalization batch_norm=batch_normalization",
        "engine.layers.normalization",
    ),
    "layers.pooling": (
        "tf.layers",
        "tf.layers: AvgPool2D=AveragePooling2D MaxPool2D=MaxPooling2D",
        "tf.layers: avg_pool2d=average_pooling2d max_pool2d=max_pooling2d",
        "engine.layers.pooling",
    ),
    "layers.utils": ("engine.smart_cond", "engine.testing.layer_parts"),
    # -- ops -----------------------------------------------------------------------
    "ops.array_grad": (),
    "ops.array_ops": (
        "engine.ops.array",
        "engine.ops.reshaping",
        "engine.ops.gathering",
        "engine.ops.joining",
        "engine.ops.slicing",
        "tf",
        "raw",
    ),
    "ops.check_ops": ("engine.ops.checks", "engine.ops.rank_checks"),
    "ops.clip_ops": ("engine.ops.clip",),
    "ops.confusion_matrix": ("engine.confusion",),
    "ops.control_flow_ops": (
        "engine.testing.control_parts",
        "engine.ops.control_flow",
        "engine.ops.branches",
        "engine.contexts: ControlFlowContext=Context",
        "engine.contexts",
        "engine.flow",
        "engine.ops.cases",
        "raw: enter loop_cond next_iteration ref_enter ref_exit ref_identity ref_merge",
        "raw: abort control_trigger ref_next_iteration ref_select ref_switch",
    ),
    "ops.control_flow_util": ("engine.testing.forward_compat", "engine.flow"),
    "ops.ctc_ops": ("tf.nn",),
    "ops.custom_gradient": ("engine.gradients",),
    "ops.data_flow_ops": ("engine.ops.dynamic", "tf", "raw"),
    "ops.embedding_ops": ("tf.nn",),
    "ops.functional_ops": ("engine.ops.functional",),
    "ops.gradient_checker": ("tf.test",),
    "ops.gradients": ("engine.gradients", "engine.testing.sliced"),
    "ops.gradients_impl": ("engine.gradients", "engine.testing.sliced"),
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
    "ops.math_ops": (
        "tf.math", "engine.ops.math", "tf", "engine.testing.sliced", "raw",
    ),
    "ops.metrics": ("tf.metrics",),
    "ops.metrics_impl": ("tf.metrics",),
    "ops.nn": ("tf.nn",),
    "ops.nn_grad": (),
    "ops.nn_impl": ("tf.nn",),
    "ops.nn_ops": ("tf.nn", "raw"),
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
    "ops.sparse_ops": (
        "engine.ops.sparse",
        "engine.ops.sparse_math",
        "engine.ops.sparse_shapes",
        "tf.sparse",
    ),
    "ops.standard_ops": ("tf",),
    "ops.state_grad": (),
    "ops.state_ops": (
        "engine.ops.state",
        "engine.ops.variable_parts",
        "engine.variable_lists: is_variable_initialized",
        "engine.testing.variable_ops",
        "raw",
    ),
    "ops.string_ops": ("tf.strings", "engine.ops.strings"),
    "ops.summary_ops_v2": ("tf.summary",),
    "ops.template": ("engine.templates", "engine.testing.template_parts"),
    "ops.tensor_array_ops": ("engine.tensor_arrays",),
    "ops.variable_scope": (
        "engine.scopes",
        "engine.entering",
        "engine.scopes: _get_default_variable_store=default_variable_store",
        "engine.variables: _DEFAULT_USE_RESOURCE=UseResource.default",
        "engine.entering: _pure_variable_scope",
        "engine.scopes: _get_partitioned_variable=get_partitioned_variable",
        "engine.store",
        "engine.store: _VariableStore=VariableStore _ReuseMode",
        "engine.templates: EagerVariableStore",
        "engine.variables: variable=Variable variable_v1=Variable",
        "engine.variables",
        "engine.variable_lists",
        "engine.partitions: _PartitionInfo=PartitionInfo",
        "engine.partitions",
    ),
    "ops.variables": (
        "engine.testing.variables_v2: Variable",
        "engine.variables",
        "engine.ref_variables",
        "engine.variable_lists",
        "engine.variables: VariableV1=Variable",
        ("engine.initial_values: "
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
            ("basic_session_run_hooks",),
            ("checkpoint_management", "engine.training.checkpoint_management"),
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
    # -- what tests import, and rarely use -----------------------------------------
    **{
        f"ops.{family}_grad": ()
        for family in (
            "control_flow", "data_flow", "image", "linalg", "manip", "optional",
            "random", "rnn", "sparse",
        )
    },
    **{
        f"ops.gen_{family}_ops": ("raw",)
        for family in (
            "audio", "batch", "bitwise", "candidate_sampling", "checkpoint", "ctc",
            "dataset", "experimental_dataset", "list", "manip", "rnn", "spectral",
            "stateful_random", "summary",
        )
    },
    **{
        f"ops.linalg.{module}": ("tf.linalg",)
        for module in ("linalg", "linalg_impl", "linear_operator")
    },
    **{
        f"ops.ragged.{module}": ()
        for module in (
            "ragged_array_ops", "ragged_concat_ops", "ragged_conversion_ops",
            "ragged_math_ops", "ragged_tensor", "ragged_tensor_value", "ragged_util",
        )
    },
    **{
        f"ops.distributions.{module}": ("tf.distributions",)
        for module in (
            "bernoulli", "beta", "categorical", "dirichlet", "distribution",
            "distributions", "exponential", "gamma", "kullback_leibler", "laplace",
            "multinomial", "normal", "student_t", "uniform", "util",
        )
    },
    "autograph.core.ag_ctx": ("engine.testing.forward_compat",),
    "client.client_lib": (),
    "client.timeline": (),
    "compat.compat": ("engine.testing.forward_compat",),
    "data.ops.dataset_ops": ("tf.data",),
    "data.ops.iterator_ops": ("tf.data",),
    "distribute.distribute_lib": (),
    "distribute.distribution_strategy_context": (),
    "distribute.mirrored_strategy": (),
    "distribute.reduce_util": (),
    "distribute.values": (),
    "eager.core": (),
    "eager.execute": (),
    "eager.forwardprop": (),
    "eager.imperative_grad": (),
    "eager.remote": (),
    "eager.tape": (),
    "eager.test": ("tf.test",),
    "framework.auto_control_deps": (),
    "framework.c_api_util": (),
    "framework.combinations": (),
    "framework.config": (),
    "framework.convert_to_constants": (),
    "framework.cpp_shape_inference_pb2": ("formats.protos",),
    "framework.error_interpolation": (),
    "framework.framework_lib": (),
    "framework.function_def_to_graph": (),
    "framework.graph_to_function_def": (),
    "framework.graph_util_impl": ("tf.graph_util",),
    "framework.kernels": (),
    "framework.load_library": (),
    "framework.op_def_library": (),
    "framework.op_def_registry": (),
    "framework.python_memory_checker": (),
    "framework.registry": (),
    "framework.subscribe": (),
    "framework.tensor_conversion_registry": ("engine.convert",),
    "framework.tensor_like": (),
    "framework.traceable_stack": (),
    "grappler.tf_optimizer": (),
    "keras.engine.base_layer": ("tf.keras.layers",),
    "keras.engine.base_layer_utils": (),
    "keras.engine.input_layer": ("tf.keras.layers",),
    "keras.engine.input_spec": ("tf.keras.layers",),
    "keras.engine.sequential": ("tf.keras",),
    "keras.engine.training": ("tf.keras",),
    "keras.utils.generic_utils": (),
    "keras.utils.tf_utils": ("engine.smart_cond",),
    "lib.io.file_io": (
        "engine.file_io",
        "engine.gfile: FileIO=GFile file_exists=Exists delete_file=Remove copy=Copy",
        "engine.gfile: get_matching_files=Glob create_dir=MkDir stat=Stat",
        "engine.gfile: recursive_create_dir=MakeDirs walk=Walk",
        "engine.gfile: delete_recursively=DeleteRecursively rename=Rename",
        "engine.gfile: list_directory=ListDirectory is_directory=IsDirectory",
    ),
    "lib.io.python_io": ("tf.python_io",),
    "lib.io.tf_record": ("tf.io",),
    "ops.bitwise_ops": ("tf", "raw"),
    "ops.candidate_sampling_ops": ("tf.nn",),
    "ops.cond_v2": ("engine.branch_functions: cond_v2=cond",),
    "ops.control_flow_state": (),
    "ops.control_flow_util_v2": (),
    "ops.control_flow_v2_func_graphs": (),
    "ops.control_flow_v2_toggles": ("engine.control_flow_v2",),
    "ops.critical_section_ops": (),
    "ops.gradient_checker_v2": ("tf.test",),
    "ops.histogram_ops": (),
    "ops.image_ops_impl": ("tf.image",),
    "ops.initializers_ns": ("tf.initializers",),
    "ops.inplace_ops": ("raw",),
    "ops.linalg_ops_impl": ("tf.linalg",),
    "ops.list_ops": ("raw",),
    "ops.losses.loss_reduction": ("tf.losses",),
    "ops.manip_ops": ("tf.manip",),
    "ops.numerics": (),
    "ops.parallel_for.control_flow_ops": (),
    "ops.parallel_for.gradients": (),
    "ops.ragged.ragged_factory_ops": (),
    "ops.session_ops": (),
    "ops.sets_impl": ("tf.sets",),
    "ops.signal.dct_ops": (),
    "ops.signal.fft_ops": ("raw",),
    "ops.sort_ops": ("engine.ops.sorting",),
    "ops.special_math_ops": ("tf",),
    "ops.spectral_grad": (),
    "ops.stateful_random_ops": ("raw",),
    "ops.stateless_random_ops": ("tf.random", "raw"),
    "ops.summary_op_util": (),
    "ops.tensor_array_grad": (),
    "ops.unconnected_gradients": ("engine.gradients",),
    "ops.while_v2": (),
    "platform.build_info": (),
    "platform.control_imports": (),
    "platform.parameterized": (),
    "platform.resource_loader": (),
    "platform.self_check": (),
    **{
        f"saved_model.{module}": (f"tf.saved_model.{module.removesuffix('_impl')}",)
        for module in ("builder_impl", "loader_impl", "main_op_impl", "utils_impl",
                       "signature_def_utils_impl")
    },
    "saved_model.saved_model": ("tf.saved_model",),
    "saved_model.simple_save": ("tf.saved_model",),
    "summary.summary_iterator": ("tf.train",),
    "summary.writer.event_file_writer": (),
    "training.summary_io": ("tf.train",),
    "pywrap_tensorflow": ("tf.train",),
    "tf2": ("engine.testing.forward_compat",),
    "training.basic_loops": ("tf.train",),
    "training.device_setter": ("tf.train",),
    "training.distribute": (),
    "training.distribution_strategy_context": (),
    "training.saver_test_utils": ("engine.testing.kept_tables",),
    "training.saving.functional_saver": (),
    "training.saving.saveable_object": ("engine.training.saveable",),
    "training.saving.saveable_object_util": ("engine.training.saveable",),
    "training.tracking.base": ("engine.testing.tracking",),
    "training.tracking.data_structures": (),
    "training.tracking.graph_view": (),
    "training.tracking.tracking": ("engine.testing.tracking",),
    "training.tracking.util": (),
    "training.tracking.layer_utils": (),
    "util.compat_internal": ("tf.compat",),
    "util.decorator_utils": (),
    "util.dispatch": (),
    "util.keyword_args": (),
    "util.function_utils": (),
    "util.is_in_graph_mode": (),
    "util.lazy_loader": (),
    "util.memory": (),
    "util.serialization": (),
    "util.tf_should_use": ("engine.testing.forward_compat",),
    "util.tf_stack": (),
    "framework.func_graph": (
        "engine.functions.defun",
        "engine.function_graphs: FuncGraph=FunctionGraph",
    ),
    # -- util ----------------------------------------------------------------------
    "util.all_util": (),
    "util.compat": ("tf.compat",),
    "util.deprecation": ("engine.testing.deprecating", "engine.deprecation"),
    "util.nest": ("engine.nest", "tf.nest"),
    "util.object_identity": (),
    "util.tf_contextlib": ("stdlib.contextlib",),
    "util.tf_decorator": (),
    "util.tf_export": (),
    "util.tf_inspect": ("engine.testing.inspecting", "stdlib.inspect"),
    "util.protobuf.compare": (),
}  # fmt: skip
