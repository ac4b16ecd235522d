"""`tf.quantization`: numbers as if they were stored in few bits.

From ``engine/ops/fake_quantization.py``; `tf` has the functions at its top. What really
stores fewer bits is not here.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.ops.fake_quantization": (
            "fake_quant_with_min_max_args fake_quant_with_min_max_args_gradient "
            "fake_quant_with_min_max_vars fake_quant_with_min_max_vars_gradient "
            "fake_quant_with_min_max_vars_per_channel "
            "fake_quant_with_min_max_vars_per_channel_gradient"
        ),
        "engine.ops.quantized": "dequantize quantize quantized_concat",
        "engine.ops.rounding_to_bits": "quantize_and_dequantize",
    },
)
