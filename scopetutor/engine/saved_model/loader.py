"""Reading SavedModels: `tf.saved_model.loader.load`.

``builder.py`` wrote the folder. The graph is imported like a ``.meta`` file, a Saver
restores the values, then what the model keeps to initialize itself is run.
"""

from __future__ import annotations

import os
from typing import Any

from scopetutor.engine import defaults, deprecation, tf_logging
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.ops.control_flow import group, no_op
from scopetutor.engine.surroundings import control_dependencies
from scopetutor.engine.training.saver import Saver, import_with_return_elements
from scopetutor.engine.variable_lists import (
    all_saveable_objects,
    global_variables_initializer,
    local_variables_initializer,
)
from scopetutor.errors import FileFormatError, FileMissingError
from scopetutor.formats import protos
from scopetutor.formats.graph_files import read_saved_model

from . import names
from .signatures import load_op_from_signature_def

_MODULE = "tensorflow.python.saved_model"


def parse_saved_model(export_dir: Any) -> Any:
    """The SavedModel message of a folder.

    Raises:
        OSError: there is none, or it is damaged.
    """
    try:
        return read_saved_model(os.fsdecode(export_dir))
    except FileMissingError:
        raise OSError(
            f"SavedModel file does not exist at: {export_dir}/"
            f"{{{names.SAVED_MODEL_FILENAME_PBTXT}|{names.SAVED_MODEL_FILENAME_PB}}}"
        ) from None
    except FileFormatError as error:
        raise OSError(f"Cannot parse file {error.path}: {error.problem}.") from None


def maybe_saved_model_directory(export_dir: Any) -> bool:
    """Whether a folder looks as if it held a SavedModel."""
    folder = os.fsdecode(export_dir)
    return any(
        os.path.exists(os.path.join(folder, name))
        for name in (names.SAVED_MODEL_FILENAME_PBTXT, names.SAVED_MODEL_FILENAME_PB)
    )


@deprecation.deprecated(
    "load",
    f"{_MODULE}.loader_impl",
    "This function will only be available through the v1 compatibility library as "
    "tf.compat.v1.saved_model.loader.load or tf.compat.v1.saved_model.load. There will "
    "be a new function for importing SavedModels in Tensorflow 2.0.",
)
def load(
    sess: Any,
    tags: Any,
    export_dir: Any,
    import_scope: str | None = None,
    **saver_kwargs: Any,
) -> Any:
    """Adds a saved graph to a session's graph and restores its values.

    Returns:
        The MetaGraphDef, with its signatures.

    Raises:
        OSError: there is no SavedModel in the folder.
        RuntimeError: it has no graph with these tags.
    """
    saved_model = parse_saved_model(export_dir)
    with sess.graph.as_default():
        message = _with_tags(saved_model, tags)
        saver, _ = import_with_return_elements(
            message, import_scope=import_scope, **saver_kwargs
        )
        _restore(sess, saver, os.fsdecode(export_dir), import_scope)
        init_op = _init_op(message, import_scope)
        if init_op is not None:
            assets = _assets(message, os.fsdecode(export_dir), import_scope)
            sess.run([init_op], feed_dict=assets)
    return message


def _with_tags(saved_model: Any, tags: Any) -> Any:
    for message in saved_model.meta_graphs:
        if set(message.meta_info_def.tags) == set(tags):
            return message
    available = [set(message.meta_info_def.tags) for message in saved_model.meta_graphs]
    raise RuntimeError(
        f"MetaGraphDef associated with tags {str(tags).strip('[]')} could not be found "
        "in SavedModel. To inspect available tag-sets in the SavedModel, please use "
        f"the SavedModel CLI: `saved_model_cli`\navailable_tags: {available}"
    )


def _restore(sess: Any, saver: Any, export_dir: str, import_scope: str | None) -> None:
    if isinstance(saver, Saver):
        folder = os.path.join(export_dir, names.VARIABLES_DIRECTORY)
        saver.restore(sess, os.path.join(folder, names.VARIABLES_FILENAME))
    elif all_saveable_objects(scope=import_scope):
        raise ValueError(
            "No tf.train.Saver object was passed to the function "
            "SavedModelLoader.restore_variables. Since there are variables in the "
            "graph, a saver is required."
        )
    else:
        tf_logging.info(
            "The specified SavedModel has no variables; no checkpoints were restored."
        )


def _init_op(message: Any, import_scope: str | None) -> Any:
    """What is to be run after the values are restored, or None."""
    key = names.INIT_OP_SIGNATURE_KEY
    if key in message.signature_def:
        return load_op_from_signature_def(message.signature_def[key], key, import_scope)
    for key in (names.MAIN_OP_KEY, names.LEGACY_INIT_OP_KEY):
        if key in message.collection_def:
            listed = message.collection_def[key].node_list.value
            if len(listed) != 1:
                raise RuntimeError(
                    f"Expected exactly one SavedModel init op. Found: {listed}"
                )
            return defaults.get_default_graph().get_collection(key)[0]
    return None


def _assets(
    message: Any, export_dir: str, import_scope: str | None
) -> dict[str, bytes]:
    """Tensor name -> path of the file that it names now."""
    assets = list(message.asset_file_def)
    if not assets and names.ASSETS_KEY in message.collection_def:
        packed = message.collection_def[names.ASSETS_KEY].any_list.value
        assets = [protos.AssetFileDef.FromString(each.value) for each in packed]
    folder = os.path.join(export_dir, names.ASSETS_DIRECTORY)
    prefix = f"{import_scope}/" if import_scope else ""
    return {
        prefix + asset.tensor_info.name: os.fsencode(
            os.path.join(folder, asset.filename)
        )
        for asset in assets
    }


@deprecation.deprecated(
    "main_op",
    f"{_MODULE}.main_op_impl",
    "This function will only be available through the v1 compatibility library as "
    "tf.compat.v1.saved_model.main_op.main_op.",
)
def main_op() -> Any:
    """An operation that initializes all variables and tables."""
    return _initialize_all()


def _initialize_all() -> Any:
    first, second = global_variables_initializer(), local_variables_initializer()
    tables = defaults.get_default_graph().get_collection(GraphKeys.TABLE_INITIALIZERS)
    name = "init_all_tables"
    third = group(*tables, name=name) if tables else no_op(name=name)
    return group(first, second, third)


@deprecation.deprecated(
    "main_op_with_restore",
    f"{_MODULE}.main_op_impl",
    "This function will only be available through the v1 compatibility library as "
    "tf.compat.v1.saved_model.main_op_with_restore or "
    "tf.compat.v1.saved_model.main_op.main_op_with_restore.",
)
def main_op_with_restore(restore_op_name: Any) -> Any:
    """An operation that initializes everything, then restores."""
    with control_dependencies([_initialize_all()]):
        return group(restore_op_name)
