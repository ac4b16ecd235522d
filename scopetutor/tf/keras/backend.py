"""`tf.keras.backend`, mostly imported as `K`: keras's own functions on tensors.

From the files ``engine/keras/backend*.py``. Custom layers and losses are written with
them, since old Keras had other engines than TensorFlow below it.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.keras.activations": (
            "elu hard_sigmoid relu sigmoid softplus softsign tanh"
        ),
        "engine.keras.assignments": "manual_variable_initialization set_session=use",
        "engine.keras.backend": (
            "backend batch_get_value batch_set_value clear_session eval=evaluated "
            "get_session get_value set_value"
        ),
        "engine.keras.backend_function": (
            "function gradients print_tensor stop_gradient"
        ),
        "engine.keras.backend_math": (
            "abs all any arange argmax argmin batch_dot cast clip cos cumprod cumsum "
            "dot equal exp greater greater_equal l2_normalize less less_equal log max "
            "maximum mean min minimum not_equal pow prod round sign sin sqrt square "
            "std sum var"
        ),
        "engine.keras.backend_nn": (
            "batch_normalization binary_crossentropy categorical_crossentropy "
            "ctc_batch_cost ctc_decode ctc_label_dense_to_sparse dropout foldl foldr "
            "in_top_k map_fn normalize_batch_in_training softmax "
            "sparse_categorical_crossentropy"
        ),
        "engine.keras.backend_shaping": (
            "batch_flatten concatenate expand_dims flatten gather one_hot "
            "permute_dimensions repeat repeat_elements reshape resize_images "
            "resize_volumes reverse spatial_2d_padding spatial_3d_padding squeeze "
            "stack temporal_padding tile transpose"
        ),
        "engine.keras.backend_space": (
            "bias_add conv1d conv2d conv2d_transpose conv3d local_conv1d local_conv2d "
            "pool2d pool3d separable_conv2d"
        ),
        "engine.keras.backend_tensors": (
            "constant count_params dtype eye int_shape is_sparse "
            "moving_average_update ndim ones placeholder random_binomial "
            "random_normal random_normal_variable random_uniform "
            "random_uniform_variable shape to_dense truncated_normal update "
            "update_add update_sub variable zeros"
        ),
        "engine.keras.learning_phase": (
            "in_test_phase in_train_phase learning_phase learning_phase_scope "
            "set_learning_phase switch"
        ),
        "engine.keras.names": "get_uid reset_uids",
        "engine.keras.settings": (
            "cast_to_floatx epsilon floatx image_data_format set_epsilon set_floatx "
            "set_image_data_format"
        ),
        "engine.keras.unrolling": "rnn",
        "engine.ops.array": "ones_like zeros_like",
        "engine.surroundings": "name_scope",
    },
)
