"""`tf.debugging`: names that `tf` has as well.

`tf.assert_equal` is `tf.debugging.assert_equal`: TF 1.15 has both, and so old and new
programs run. What checks is in ``engine/ops/checks.py``.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.machine": "get_log_device_placement set_log_device_placement",
        "engine.ops.shape_checks": "assert_shapes",
        "tf": (
            "Assert assert_all_finite=verify_tensor_all_finite assert_equal "
            "assert_greater assert_greater_equal assert_integer assert_less "
            "assert_less_equal assert_near assert_negative assert_non_negative "
            "assert_non_positive assert_none_equal assert_positive "
            "assert_proper_iterable assert_rank assert_rank_at_least "
            "assert_rank_in assert_same_float_dtype assert_scalar assert_type "
            "check_numerics is_finite is_inf is_nan is_non_decreasing "
            "is_numeric_tensor is_strictly_increasing"
        ),
    },
)
