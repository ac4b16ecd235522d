"""`tf.contrib.seq2seq`: decoders in a loop, with attention and beam search.

From ``engine/contrib/seq2seq``. What it replaced is `tf.contrib.legacy_seq2seq`, where
each step is in the graph by itself.
"""

from __future__ import annotations

from scopetutor.tf.later import later

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.contrib.seq2seq.attention": (
            "AttentionMechanism BahdanauAttention LuongAttention hardmax"
        ),
        "engine.contrib.seq2seq.beam_scores": (
            "BeamSearchDecoderOutput BeamSearchDecoderState"
        ),
        "engine.contrib.seq2seq.beam_search": (
            "BeamSearchDecoder FinalBeamSearchDecoderOutput"
        ),
        "engine.contrib.seq2seq.decoding": (
            "BasicDecoder BasicDecoderOutput Decoder dynamic_decode"
        ),
        "engine.contrib.seq2seq.helpers": (
            "CustomHelper GreedyEmbeddingHelper Helper SampleEmbeddingHelper "
            "TrainingHelper"
        ),
        "engine.contrib.seq2seq.loss": "sequence_loss",
        "engine.contrib.seq2seq.tiling": "tile_batch",
        "engine.contrib.seq2seq.wrapper": "AttentionWrapper AttentionWrapperState",
        "engine.ops.beams": "gather_tree",
    },
)
