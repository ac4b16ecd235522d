"""The language: what `import tensorflow as tf` gives in a workspace.

Explicit lists of names and nothing else; what they do is in the engine. A name that is
not here answers with what is known of it: part of TensorFlow 1.15 but not of
scopetutor, gone before 1.15, new in TensorFlow 2, or simply misspelt.
"""

# ruff: noqa: F401 - names are all there is

from __future__ import annotations

from scopetutor.engine.constants import constant
from scopetutor.engine.conversions import convert_to_tensor
from scopetutor.engine.convert import (
    is_tensor,
    register_tensor_conversion_function,
)
from scopetutor.engine.default_collections import (
    add_to_collection,
    add_to_collections,
    get_collection,
    get_collection_ref,
)
from scopetutor.engine.defaults import (
    disable_eager_execution,
    enable_eager_execution,
    executing_eagerly,
    get_default_graph,
    get_default_session,
    reset_default_graph,
)
from scopetutor.engine.devices import DeviceSpec
from scopetutor.engine.dtypes import (
    QUANTIZED_DTYPES,
    DType,
    as_dtype,
    bfloat16,
    complex64,
    complex128,
    double,
    float16,
    float32,
    float64,
    half,
    int8,
    int16,
    int32,
    int64,
    qint8,
    qint16,
    qint32,
    quint8,
    quint16,
    resource,
    string,
    uint8,
    uint16,
    uint32,
    uint64,
    variant,
)
from scopetutor.engine.dtypes import bool_ as bool
from scopetutor.engine.entering import (
    variable_creator_scope,
    variable_op_scope,
    variable_scope,
)
from scopetutor.engine.graph import Graph
from scopetutor.engine.initializers import (
    Constant as constant_initializer,
)
from scopetutor.engine.initializers import (
    GlorotNormal as glorot_normal_initializer,
)
from scopetutor.engine.initializers import (
    GlorotUniform as glorot_uniform_initializer,
)
from scopetutor.engine.initializers import (
    Ones as ones_initializer,
)
from scopetutor.engine.initializers import (
    Orthogonal as orthogonal_initializer,
)
from scopetutor.engine.initializers import (
    RandomNormal as random_normal_initializer,
)
from scopetutor.engine.initializers import (
    RandomUniform as random_uniform_initializer,
)
from scopetutor.engine.initializers import (
    TruncatedNormal as truncated_normal_initializer,
)
from scopetutor.engine.initializers import (
    UniformUnitScaling as uniform_unit_scaling_initializer,
)
from scopetutor.engine.initializers import (
    VarianceScaling as variance_scaling_initializer,
)
from scopetutor.engine.initializers import (
    Zeros as zeros_initializer,
)
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.op_errors import OpError
from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.ops import operators as _operators
from scopetutor.engine.ops.array import (
    broadcast_static_shape,
    check_numerics,
    fill,
    identity,
    identity_n,
    ones,
    ones_like,
    placeholder,
    placeholder_with_default,
    rank,
    shape,
    shape_n,
    size,
    sparse_placeholder,
    stop_gradient,
    zeros,
    zeros_like,
)
from scopetutor.engine.ops.branches import cond, while_loop
from scopetutor.engine.ops.control_flow import group, no_op
from scopetutor.engine.ops.control_flow import tuple_ as tuple
from scopetutor.engine.ops.gathering import (
    gather,
    gather_nd,
    one_hot,
    where,
    where_v2,
)
from scopetutor.engine.ops.joining import (
    concat,
    split,
    stack,
    tile,
    unstack,
)
from scopetutor.engine.ops.math import (
    abs,
    accumulate_n,
    acos,
    acosh,
    add,
    add_n,
    angle,
    argmax,
    argmin,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cast,
    ceil,
    complex,
    conj,
    cos,
    cosh,
    count_nonzero,
    cumprod,
    cumsum,
    digamma,
    div,
    div_no_nan,
    divide,
    equal,
    erf,
    erfc,
    exp,
    expm1,
    floor,
    floor_div,
    floordiv,
    floormod,
    greater,
    greater_equal,
    imag,
    is_finite,
    is_inf,
    is_nan,
    less,
    less_equal,
    lgamma,
    linspace,
    log,
    log1p,
    log_sigmoid,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    matmul,
    maximum,
    minimum,
    mod,
    multiply,
    negative,
    not_equal,
    pow,
    real,
    realdiv,
    reciprocal,
    reduce_all,
    reduce_any,
    reduce_logsumexp,
    reduce_max,
    reduce_mean,
    reduce_min,
    reduce_prod,
    reduce_sum,
    rint,
    round,
    rsqrt,
    saturate_cast,
    scalar_mul,
    sigmoid,
    sign,
    sin,
    sinh,
    sqrt,
    square,
    squared_difference,
    subtract,
    tan,
    tanh,
    to_bfloat16,
    to_complex64,
    to_complex128,
    to_double,
    to_float,
    to_int32,
    to_int64,
    truediv,
    truncatediv,
    truncatemod,
)
from scopetutor.engine.ops.math import linspace as lin_space
from scopetutor.engine.ops.math import range_ as range
from scopetutor.engine.ops.random import (
    multinomial,
    random_crop,
    random_normal,
    random_shuffle,
    random_uniform,
    truncated_normal,
)
from scopetutor.engine.ops.reshaping import (
    expand_dims,
    matrix_transpose,
    reshape,
    squeeze,
    transpose,
)
from scopetutor.engine.ops.slicing import (
    boolean_mask,
    slice,
    strided_slice,
)
from scopetutor.engine.ops.state import assign, assign_add, assign_sub, count_up_to
from scopetutor.engine.ops.variable_parts import (
    batch_scatter_update,
    scatter_add,
    scatter_div,
    scatter_max,
    scatter_min,
    scatter_mul,
    scatter_nd_add,
    scatter_nd_sub,
    scatter_nd_update,
    scatter_sub,
    scatter_update,
)
from scopetutor.engine.partitions import (
    fixed_size_partitioner,
    min_max_variable_partitioner,
    variable_axis_size_partitioner,
)
from scopetutor.engine.random import set_random_seed
from scopetutor.engine.scopes import (
    VariableScope,
    disable_resource_variables,
    disable_v2_behavior,
    enable_resource_variables,
    get_local_variable,
    get_variable,
    get_variable_scope,
    no_regularizer,
    resource_variables_enabled,
)
from scopetutor.engine.shapes import (
    Dimension,
    TensorShape,
    dimension_at_index,
    dimension_value,
)
from scopetutor.engine.sparse import (
    IndexedSlices,
    SparseTensor,
    SparseTensorValue,
)
from scopetutor.engine.store import AUTO_REUSE
from scopetutor.engine.surroundings import (
    _colocate_with as colocate_with,
)
from scopetutor.engine.surroundings import (
    container,
    control_dependencies,
    device,
    init_scope,
    name_scope,
    op_scope,
)
from scopetutor.engine.variable_lists import (
    all_variables,
    assert_variables_initialized,
    global_variables,
    global_variables_initializer,
    initialize_all_variables,
    initialize_local_variables,
    initialize_variables,
    is_variable_initialized,
    local_variables,
    local_variables_initializer,
    model_variables,
    moving_average_variables,
    report_uninitialized_variables,
    trainable_variables,
    variables_initializer,
)
from scopetutor.engine.variables import (
    Variable,
    VariableAggregation,
    VariableSynchronization,
)

from .later import later

newaxis = None
__version__ = VERSION = "1.15.5"


__getattr__, __dir__ = later(
    __name__,
    {
        "engine.confusion": "confusion_matrix",
        "engine.custom_gradient": "custom_gradient",
        "engine.gradient_wrappers": "grad_pass_through recompute_grad",
        "engine.data.structure": "TensorSpec",
        "engine.functions.tf_function": "function",
        "engine.gradient_tape": "GradientTape",
        "engine.module": "Module",
        "engine.gradients": "AggregationMethod NoGradient=no_gradient "
        "NotDifferentiable=no_gradient RegisterGradient UnconnectedGradients gradients "
        "hessians no_gradient",
        "engine.branch_functions": "switch_case",
        "engine.control_flow_v2": "control_flow_v2_enabled disable_control_flow_v2 "
        "enable_control_flow_v2",
        "engine.ops.static": "get_static_value=static_value",
        "engine.ops.cases": "case",
        "engine.ops.broadcasting": "broadcast_dynamic_shape broadcast_to",
        "engine.ops.linalg": "cross diag diag_part eye",
        "engine.ops.matrices": "cholesky matrix_band_part matrix_determinant "
        "matrix_diag matrix_diag_part matrix_inverse matrix_set_diag matrix_solve norm "
        "qr trace",
        "engine.ops.decompositions": "cholesky_solve matrix_square_root "
        "matrix_triangular_solve self_adjoint_eig self_adjoint_eigvals svd",
        "engine.ops.matrix_functions": "matrix_solve_ls",
        "engine.ops.reverse_sequence": "reverse_sequence",
        "engine.resources": "initialize_all_tables tables_initializer",
        "engine.tf_logging": "get_logger",
        "engine.ops.einsum": "einsum lbeta",
        "engine.ops.encodings": "decode_base64 decode_compressed encode_base64 "
        "parse_tensor serialize_tensor",
        "engine.ops.histograms": "histogram_fixed_width histogram_fixed_width_bins",
        "engine.ops.repeating": "repeat",
        "engine.ops.padding": "meshgrid pad reverse reverse_v2=reverse sequence_mask",
        "engine.session": "InteractiveSession Session",
        "engine.ops.gamma": "random_gamma random_poisson",
        "engine.ops.hashing": "fingerprint string_to_hash_bucket "
        "string_to_hash_bucket_fast string_to_hash_bucket_strong",
        "engine.ops.tensordot": "tensordot",
        "engine.ops.space_to_batch": "batch_to_space batch_to_space_nd depth_to_space "
        "required_space_to_batch_paddings space_to_batch space_to_batch_nd "
        "space_to_depth",
        "engine.ops.checks": "Assert=watched_assert add_check_numerics_ops "
        "assert_equal assert_greater assert_greater_equal assert_integer assert_less "
        "assert_less_equal assert_near assert_negative assert_non_negative "
        "assert_non_positive assert_none_equal assert_positive assert_proper_iterable "
        "assert_same_float_dtype assert_scalar assert_type ensure_shape "
        "is_non_decreasing is_numeric_tensor is_strictly_increasing "
        "verify_tensor_all_finite",
        "engine.ops.rank_checks": "assert_rank assert_rank_at_least assert_rank_in",
        "engine.ops.clip": "clip_by_average_norm clip_by_global_norm clip_by_norm "
        "clip_by_value global_norm",
        "engine.ops.dynamic": "dynamic_partition dynamic_stitch",
        "engine.accumulators": "ConditionalAccumulator ConditionalAccumulatorBase "
        "SparseConditionalAccumulator",
        "engine.queues": "FIFOQueue PaddingFIFOQueue PriorityQueue QueueBase "
        "RandomShuffleQueue",
        "engine.readers": "FixedLengthRecordReader IdentityReader ReaderBase "
        "TFRecordReader TextLineReader WholeFileReader",
        "engine.ops.fourier": "fft fft2d fft3d ifft ifft2d ifft3d",
        "engine.ops.fake_quantization": "fake_quant_with_min_max_args "
        "fake_quant_with_min_max_args_gradient fake_quant_with_min_max_vars "
        "fake_quant_with_min_max_vars_gradient "
        "fake_quant_with_min_max_vars_per_channel "
        "fake_quant_with_min_max_vars_per_channel_gradient",
        "engine.ops.functional": "foldl foldr map_fn scan",
        "engine.installation": "COMPILER_VERSION CXX11_ABI_FLAG GIT_VERSION "
        "GRAPH_DEF_VERSION GRAPH_DEF_VERSION_MIN_CONSUMER "
        "GRAPH_DEF_VERSION_MIN_PRODUCER MONOLITHIC_BUILD",
        "engine.ops.clock": "guarantee_const timestamp",
        "engine.testing.tensor_messages": "make_ndarray make_tensor_proto",
        "engine.ops.parallel": "parallel_stack",
        "engine.ops.patches": "extract_image_patches extract_volume_patches",
        "engine.ops.printing": "Print print=print_",
        "engine.ops.rolling": "roll",
        "engine.ops.scattering": "scatter_nd tensor_scatter_add "
        "tensor_scatter_nd_add=tensor_scatter_add "
        "tensor_scatter_nd_sub=tensor_scatter_sub "
        "tensor_scatter_nd_update=tensor_scatter_update tensor_scatter_sub "
        "tensor_scatter_update",
        "engine.ops.script": "numpy_function py_func py_function",
        "engine.ops.segment": "segment_max segment_mean segment_min segment_prod "
        "segment_sum sparse_segment_mean sparse_segment_sqrt_n sparse_segment_sum "
        "unsorted_segment_max unsorted_segment_mean unsorted_segment_min "
        "unsorted_segment_prod unsorted_segment_sqrt_n unsorted_segment_sum",
        "engine.ops.sorting": "argsort bincount invert_permutation searchsorted "
        "setdiff1d sort unique unique_with_counts",
        "engine.ops.special": "betainc igamma igammac polygamma zeta",
        "engine.ops.sparse": "sparse_fill_empty_rows sparse_mask sparse_reorder "
        "sparse_retain sparse_tensor_to_dense sparse_to_dense",
        "engine.ops.arg_extremes": "arg_max arg_min unravel_index",
        "engine.ops.batch_gathering": "batch_gather",
        "engine.ops.casting": "bitcast",
        "engine.ops.matmul": "sparse_matmul",
        "engine.ops.edit_distance": "edit_distance",
        "engine.ops.sparse_shapes": "sparse_concat sparse_reshape sparse_slice "
        "sparse_transpose",
        "engine.ops.quantized": "dequantize quantize quantize_v2 quantized_concat",
        "engine.ops.session_tensors": "delete_session_tensor get_session_handle "
        "get_session_tensor",
        "engine.ops.sparse_extremes": "sparse_maximum sparse_minimum",
        "engine.ops.sparse_making": "sparse_reset_shape sparse_to_indicator",
        "engine.ops.sparse_math": "sparse_add sparse_softmax "
        "sparse_tensor_dense_matmul",
        "engine.ops.sparse_messages": "deserialize_many_sparse serialize_many_sparse "
        "serialize_sparse",
        "engine.ops.sparse_reductions": "sparse_reduce_max sparse_reduce_max_sparse "
        "sparse_reduce_sum sparse_reduce_sum_sparse",
        "engine.ops.sparse_split": "sparse_split",
        "engine.conversions": "convert_to_tensor_or_indexed_slices",
        "engine.graph_import": "import_graph_def",
        "engine.partitioned_variables": "create_partitioned_variables",
        "engine.random": "get_seed=given_seeds",
        "engine.ops.io": "matching_files read_file write_file",
        "engine.ops.sparse_merge": "sparse_merge",
        "engine.ops.strings": "reduce_join string_join",
        "engine.sparse": "convert_to_tensor_or_sparse_tensor",
        "engine.ops.text": "as_string regex_replace string_split string_strip "
        "string_to_number substr=substr_deprecated",
        "engine.sequence_parsing": "parse_single_sequence_example",
        "engine.parsing": "FixedLenFeature FixedLenSequenceFeature SparseFeature "
        "VarLenFeature decode_csv decode_raw parse_example parse_single_example",
        "engine.templates": "make_template",
        "engine.tensor_arrays": "TensorArray",
        "formats.protos": "AttrValue ConfigProto Event GPUOptions GraphDef "
        "GraphOptions HistogramProto LogMessage MetaGraphDef NameAttrList NodeDef "
        "OptimizerOptions RunMetadata RunOptions SessionLog Summary SummaryMetadata "
        "TensorInfo",
    },
    submodules="app autograph bitwise compat config contrib data debugging "
    "distributions dtypes errors estimator examples feature_column flags gfile "
    "graph_util image initializers io keras layers linalg logging lookup losses manip "
    "math metrics nest nn python_io quantization queue random raw_ops resource_loader "
    "saved_model sets signal sparse spectral strings summary sysconfig test train "
    "user_ops version",
)
