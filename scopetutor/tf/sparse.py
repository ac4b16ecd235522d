"""`tf.sparse`: names that `tf` has as well.

The operations are in the files ``engine/ops/sparse*.py``. `tf.sparse.to_dense` is
`tf.sparse_tensor_to_dense`: what is shorter came later.
"""

from __future__ import annotations

from .later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "tf": (
            "SparseTensor add=sparse_add concat=sparse_concat "
            "fill_empty_rows=sparse_fill_empty_rows mask=sparse_mask "
            "matmul=sparse_tensor_dense_matmul placeholder=sparse_placeholder "
            "reduce_sum=sparse_reduce_sum reorder=sparse_reorder "
            "reshape=sparse_reshape retain=sparse_retain "
            "segment_mean=sparse_segment_mean "
            "segment_sqrt_n=sparse_segment_sqrt_n segment_sum=sparse_segment_sum "
            "slice=sparse_slice softmax=sparse_softmax "
            "sparse_dense_matmul=sparse_tensor_dense_matmul "
            "to_dense=sparse_tensor_to_dense transpose=sparse_transpose"
        ),
    },
)
