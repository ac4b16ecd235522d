"""`tf.math`: arithmetic, most of which `tf` has too, and a few functions it has not.

From ``engine/ops``. `tf.math.bessel_i0e` and `tf.math.polyval` are examples of what is
only here.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.ops.einsum": "lbeta",
        "engine.confusion": "confusion_matrix",
        "engine.ops.cumulative": "cumulative_logsumexp",
        "engine.ops.checks": "is_non_decreasing is_strictly_increasing",
        "engine.ops.math": (
            "abs accumulate_n acos acosh add add_n angle argmax argmin asin asinh "
            "atan atan2 atanh ceil conj cos cosh count_nonzero cumprod cumsum digamma "
            "divide divide_no_nan=div_no_nan equal erf erfc exp expm1 floor floordiv "
            "floormod greater greater_equal imag is_finite is_inf is_nan less "
            "less_equal lgamma log log1p log_sigmoid logical_and logical_not "
            "logical_or logical_xor maximum minimum mod multiply multiply_no_nan "
            "negative not_equal pow real reciprocal reduce_all reduce_any "
            "reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod "
            "reduce_std reduce_sum reduce_variance rint round rsqrt scalar_mul "
            "sigmoid sign sin sinh sqrt square squared_difference subtract tan tanh "
            "truediv xdivy xlogy"
        ),
        "engine.ops.nn": "softplus softsign zero_fraction",
        "engine.ops.normalize": "l2_normalize",
        "engine.ops.reductions": "reduce_euclidean_norm",
        "engine.ops.segment": (
            "segment_max segment_mean segment_min segment_prod segment_sum "
            "unsorted_segment_max unsorted_segment_mean unsorted_segment_min "
            "unsorted_segment_prod unsorted_segment_sqrt_n unsorted_segment_sum"
        ),
        "engine.ops.special": (
            "bessel_i0 bessel_i0e bessel_i1 bessel_i1e betainc igamma igammac "
            "nextafter polygamma polyval reciprocal_no_nan zeta"
        ),
        "engine.ops.softmax": "log_softmax softmax",
        "engine.ops.sorting": "bincount in_top_k invert_permutation top_k",
    },
)
