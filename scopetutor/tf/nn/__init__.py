"""`tf.nn`: activations, convolutions, pooling, losses of logits, recurrent networks.

From many files of ``engine/ops`` and from ``engine/rnn``; the cells are below it, in
`tf.nn.rnn_cell`.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.ops.atrous": "atrous_conv2d atrous_conv2d_transpose convolution pool "
        "with_space_to_batch",
        "engine.ops.space_to_batch": "depth_to_space space_to_batch space_to_depth",
        "engine.ops.conv": "conv1d conv1d_transpose conv2d conv2d_backprop_filter "
        "conv2d_backprop_input conv2d_transpose conv3d conv3d_backprop_filter "
        "conv3d_backprop_filter_v2=conv3d_backprop_filter conv3d_transpose "
        "conv_transpose",
        "engine.ops.ctc": "ctc_greedy_decoder ctc_loss",
        "engine.ops.ctc_labels": "collapse_repeated ctc_loss_v2 ctc_unique_labels",
        "engine.ops.ctc_beams": "ctc_beam_search_decoder ctc_beam_search_decoder_v2",
        "engine.ops.depthwise": "depthwise_conv2d "
        "depthwise_conv2d_backprop_filter=depthwise_conv2d_native_backprop_filter "
        "depthwise_conv2d_backprop_input=depthwise_conv2d_native_backprop_input "
        "depthwise_conv2d_native depthwise_conv2d_native_backprop_filter "
        "depthwise_conv2d_native_backprop_input separable_conv2d",
        "engine.ops.fractional_pool": "fractional_avg_pool fractional_max_pool",
        "engine.ops.morphology": "dilation2d erosion2d",
        "engine.ops.embedding": "embedding_lookup embedding_lookup_sparse "
        "safe_embedding_lookup_sparse",
        "engine.ops.math": "sigmoid tanh",
        "engine.ops.nn": "bias_add crelu dropout elu leaky_relu relu relu6 relu_layer "
        "selu softplus softsign xw_plus_b zero_fraction",
        "engine.ops.normalize": "batch_norm_with_global_normalization "
        "batch_normalization fused_batch_norm l2_normalize "
        "local_response_normalization lrn=local_response_normalization moments "
        "normalize_moments sufficient_statistics weighted_moments",
        "engine.ops.pool": "avg_pool avg_pool1d avg_pool2d=avg_pool avg_pool3d "
        "avg_pool_v2 max_pool max_pool1d max_pool2d max_pool3d max_pool_v2 "
        "max_pool_with_argmax",
        "engine.ops.sampling": "all_candidate_sampler compute_accidental_hits "
        "fixed_unigram_candidate_sampler learned_unigram_candidate_sampler "
        "log_uniform_candidate_sampler nce_loss sampled_softmax_loss "
        "uniform_candidate_sampler",
        "engine.ops.softmax": "l2_loss log_poisson_loss log_softmax "
        "sigmoid_cross_entropy_with_logits softmax softmax_cross_entropy_with_logits "
        "softmax_cross_entropy_with_logits_v2 sparse_softmax_cross_entropy_with_logits "
        "weighted_cross_entropy_with_logits",
        "engine.ops.sorting": "in_top_k top_k",
        "engine.ops.swish": "swish",
        "engine.rnn.dynamic": "bidirectional_dynamic_rnn dynamic_rnn raw_rnn",
        "engine.rnn.static": "static_bidirectional_rnn static_rnn "
        "static_state_saving_rnn",
    },
    submodules="rnn_cell",
)
