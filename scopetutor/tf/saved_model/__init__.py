"""`tf.saved_model`: models in folders; writing, reading, signatures.

From ``engine/saved_model``. TF 1.15 has most names here and once more in a module
below, as old programs write them.
"""

from __future__ import annotations

from scopetutor.tf.later import later

_NAMES = (
    "ASSETS_DIRECTORY ASSETS_KEY CLASSIFY_INPUTS CLASSIFY_METHOD_NAME "
    "CLASSIFY_OUTPUT_CLASSES CLASSIFY_OUTPUT_SCORES DEFAULT_SERVING_SIGNATURE_DEF_KEY "
    "GPU LEGACY_INIT_OP_KEY MAIN_OP_KEY PREDICT_INPUTS PREDICT_METHOD_NAME "
    "PREDICT_OUTPUTS REGRESS_INPUTS REGRESS_METHOD_NAME REGRESS_OUTPUTS "
    "SAVED_MODEL_FILENAME_PB SAVED_MODEL_FILENAME_PBTXT SAVED_MODEL_SCHEMA_VERSION "
    "SERVING TPU TRAINING VARIABLES_DIRECTORY VARIABLES_FILENAME"
)

__getattr__, __dir__ = later(
    __name__,
    {
        "engine.saved_model.names": _NAMES,
        "engine.saved_model.builder": "Builder=SavedModelBuilder simple_save",
        "engine.saved_model.loader": (
            "contains_saved_model=maybe_saved_model_directory load "
            "main_op_with_restore maybe_saved_model_directory"
        ),
        "engine.saved_model.signatures": (
            "build_signature_def build_tensor_info classification_signature_def "
            "get_tensor_from_tensor_info is_valid_signature predict_signature_def "
            "regression_signature_def"
        ),
    },
    submodules=(
        "builder constants loader main_op signature_constants signature_def_utils "
        "tag_constants utils"
    ),
)
