"""What checkpoints, event files and record files hold.

The field names and numbers of TensorFlow 1.15.5, in the notation of
``schema.py``. ``protos.py`` makes classes of them.
"""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # TensorBoard's projector reads these
    "ProjectorConfig": (
        "1 model_checkpoint_path string, 2 embeddings EmbeddingInfo*, "
        "3 model_checkpoint_dir string"
    ),
    "EmbeddingInfo": (
        "1 tensor_name string, 2 metadata_path string, 3 bookmarks_path string, "
        "4 tensor_shape uint32*, 5 sprite SpriteMetadata, 6 tensor_path string"
    ),
    "SpriteMetadata": "1 image_path string, 2 single_image_dim uint32*",
    "CheckpointState": (
        "1 model_checkpoint_path string, 2 all_model_checkpoint_paths string*, "
        "3 all_model_checkpoint_timestamps double*, 4 last_preserved_timestamp double"
    ),
    "BundleHeaderProto": (
        "1 num_shards int32, 2 endianness BundleHeaderProto.Endianness, "
        "3 version VersionDef"
    ),
    "BundleEntryProto": (
        "1 dtype DataType, 2 shape TensorShapeProto, 3 shard_id int32, 4 offset int64, "
        "5 size int64, 6 crc32c fixed32, 7 slices TensorSliceProto*"
    ),
    "TensorSliceProto": "1 extent TensorSliceProto.Extent*",
    "TensorSliceProto.Extent": "1 start int64, 2 length int64 @has_length",
    "SavedTensorSlices": "1 meta SavedTensorSliceMeta, 2 data SavedSlice",
    "SavedTensorSliceMeta": "1 tensor SavedSliceMeta*, 2 versions VersionDef",
    "SavedSliceMeta": (
        "1 name string, 2 shape TensorShapeProto, 3 type DataType, "
        "4 slice TensorSliceProto*"
    ),
    "SavedSlice": "1 name string, 2 slice TensorSliceProto, 3 data TensorProto",
    "Event": (
        "1 wall_time double, 2 step int64, 3 file_version string @what, "
        "4 graph_def bytes @what, 5 summary Summary @what, "
        "6 log_message LogMessage @what, 7 session_log SessionLog @what, "
        "8 tagged_run_metadata TaggedRunMetadata @what, 9 meta_graph_def bytes @what"
    ),
    "LogMessage": "1 level LogMessage.Level, 2 message string",
    "SessionLog": (
        "1 status SessionLog.SessionStatus, 2 checkpoint_path string, 3 msg string"
    ),
    "TaggedRunMetadata": "1 tag string, 2 run_metadata bytes",
    "Summary": "1 value Summary.Value*",
    "Summary.Value": (
        "1 tag string, 2 simple_value float @value, "
        "3 obsolete_old_style_histogram bytes @value, 4 image Summary.Image @value, "
        "5 histo HistogramProto @value, 6 audio Summary.Audio @value, "
        "7 node_name string, 8 tensor TensorProto @value, 9 metadata SummaryMetadata"
    ),
    "Summary.Image": (
        "1 height int32, 2 width int32, 3 colorspace int32, "
        "4 encoded_image_string bytes"
    ),
    "Summary.Audio": (
        "1 sample_rate float, 2 num_channels int64, 3 length_frames int64, "
        "4 encoded_audio_string bytes, 5 content_type string"
    ),
    "SummaryMetadata": (
        "1 plugin_data SummaryMetadata.PluginData, 2 display_name string, "
        "3 summary_description string"
    ),
    "SummaryMetadata.PluginData": "1 plugin_name string, 2 content bytes",
    "SummaryDescription": "1 type_hint string",
    "HistogramProto": (
        "1 min double, 2 max double, 3 num double, 4 sum double, 5 sum_squares double, "
        "6 bucket_limit double*, 7 bucket double*"
    ),
    "Example": "1 features Features",
    "SequenceExample": "1 context Features, 2 feature_lists FeatureLists",
    "Features": "1 feature {string Feature}",
    "FeatureLists": "1 feature_list {string FeatureList}",
    "FeatureList": "1 feature Feature*",
    "Feature": (
        "1 bytes_list BytesList @kind, 2 float_list FloatList @kind, "
        "3 int64_list Int64List @kind"
    ),
    "BytesList": "1 value bytes*",
    "FloatList": "1 value float*",
    "Int64List": "1 value int64*",
}

ENUMS: dict[str, str] = {
    "BundleHeaderProto.Endianness": "LITTLE 0, BIG 1",
    "LogMessage.Level": "UNKNOWN 0, DEBUGGING 10, INFO 20, WARN 30, ERROR 40, FATAL 50",
    "SessionLog.SessionStatus": "STATUS_UNSPECIFIED 0, START 1, STOP 2, CHECKPOINT 3",
}
