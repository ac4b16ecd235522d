"""`tf.contrib.framework`: `arg_scope`, variables by name, values from checkpoints.

slim is built on it, and `tf.contrib.slim` lists most of these again; `nest` was reached
from here before `tf.nest` was there.
"""

from __future__ import annotations

from scopetutor.tf.later import later

NAMES = {
    "engine.contrib.arg_scope": (
        "add_arg_scope arg_scope arg_scope_func_key arg_scoped_arguments "
        "current_arg_scope has_arg_scope"
    ),
    "engine.contrib.shapes": "with_same_shape with_shape",
    "engine.contrib.tensors": (
        "assert_scalar_int get_graph_from_inputs get_name_scope get_placeholders "
        "reduce_sum_n remove_squeezable_dimensions"
    ),
    "engine.contrib.variables": (
        "add_model_variable assert_global_step assert_or_get_global_step "
        "assign_from_checkpoint assign_from_checkpoint_fn assign_from_values "
        "assign_from_values_fn create_global_step filter_variables "
        "get_global_step get_local_variables get_model_variables "
        "get_or_create_global_step get_trainable_variables get_unique_variable "
        "get_variable_full_name get_variables get_variables_by_name "
        "get_variables_by_suffix get_variables_to_restore global_variable "
        "local_variable model_variable variable VariableDeviceChooser"
    ),
    "engine": "nest",
    "engine.ops.checks": "assert_same_float_dtype assert_scalar",
    "engine.ops.sorting": "argsort sort",
    "engine.ops.zero_initializers": "zero_initializer",
    "engine.data.structure": "TensorSpec",
    "engine.scope_names": "prepend_name_scope strip_name_scope",
    "engine.sparse": "convert_to_tensor_or_sparse_tensor",
    "engine.convert": "is_tensor",
    "engine.orthogonal_kernels": (
        "convolutional_delta_orthogonal=ConvolutionDeltaOrthogonal "
        "convolutional_orthogonal_1d=ConvolutionOrthogonal1D "
        "convolutional_orthogonal_2d=ConvolutionOrthogonal2D "
        "convolutional_orthogonal_3d=ConvolutionOrthogonal3D"
    ),
    "engine.ops.cases": "smart_case",
    "engine.smart_cond": "smart_cond smart_constant_value",
    "engine.training.checkpoint_utils": (
        "init_from_checkpoint list_variables load_checkpoint load_variable"
    ),
}

__getattr__, __dir__ = later(__name__, NAMES)
