"""`tf.test`: test cases with a graph and a session, and numeric gradients.

From ``engine/testing``, which also has what TensorFlow's own tests import by other
paths.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.testing.benchmarks": "Benchmark benchmark_config",
        "engine.testing.gradient_checking": "compute_gradient compute_gradient_error",
        "engine.testing.stubs": "StubOutForTesting",
        "engine.testing.case": (
            "TestCase get_temp_dir gpu_device_name is_built_with_cuda "
            "is_built_with_gpu_support is_built_with_rocm is_gpu_available main "
            "test_src_dir_path"
        ),
        "engine.testing.modes": "assert_equal_graph_def",
    },
)
