"""Writing SavedModels: `tf.saved_model.Builder` and `simple_save`.

A folder with ``saved_model.pb`` (graphs with tags and signatures), ``variables/`` (a
checkpoint) and ``assets/`` (other files the graph reads).
"""

from __future__ import annotations

import filecmp
import os
import shutil
from typing import Any

from scopetutor.engine import defaults, deprecation, dtypes, tf_logging
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.operation import Operation, Tensor
from scopetutor.engine.training.saver import Saver
from scopetutor.engine.variable_lists import all_saveable_objects
from scopetutor.formats import protos
from scopetutor.formats.crash_safe import FilesTogether

from . import names
from .signatures import predict_signature_def

_MODULE = "tensorflow.python.saved_model"


class SavedModelBuilder:
    """Collects graphs and values, then writes the folder."""

    def __init__(self, export_dir: Any) -> None:
        self._export_dir = os.fsdecode(export_dir)
        self._saved_model = protos.SavedModel(
            saved_model_schema_version=names.SAVED_MODEL_SCHEMA_VERSION
        )
        self._has_saved_variables = False
        if os.path.exists(self._export_dir):
            if os.listdir(self._export_dir):
                raise AssertionError(
                    "Export directory already exists, and isn't empty. Please choose a "
                    "different export directory, or delete all the contents of the "
                    f"specified directory: {export_dir}"
                )
        else:
            os.makedirs(self._export_dir)

    def add_meta_graph_and_variables(
        self,
        sess: Any,
        tags: Any,
        signature_def_map: Any = None,
        assets_collection: Any = None,
        legacy_init_op: Any = None,
        clear_devices: bool = False,
        main_op: Any = None,
        strip_default_attrs: bool = False,
        saver: Any = None,
    ) -> None:
        """Adds the default graph and saves the values of a session.

        Raises:
            AssertionError: values were saved already, or a signature is not complete.
        """
        if self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has already been saved. "
                "Please invoke `add_meta_graph()` instead."
            )
        _warn_legacy("add_meta_graph_and_variables", legacy_init_op)
        signatures = signature_def_map or {}
        _check_signatures(signatures)
        self._add_collections(assets_collection, main_op or legacy_init_op)
        folder = os.path.join(self._export_dir, names.VARIABLES_DIRECTORY)
        os.makedirs(folder, exist_ok=True)
        saver = saver or _default_saver()
        path = os.path.join(folder, names.VARIABLES_FILENAME)
        saver.save(sess, path, write_meta_graph=False, write_state=False)
        self._add_graph(saver, tags, signatures, clear_devices, strip_default_attrs)
        self._has_saved_variables = True

    def add_meta_graph(
        self,
        tags: Any,
        signature_def_map: Any = None,
        assets_collection: Any = None,
        legacy_init_op: Any = None,
        clear_devices: bool = False,
        main_op: Any = None,
        strip_default_attrs: bool = False,
        saver: Any = None,
    ) -> None:
        """Adds the default graph as another one with the same values.

        Raises:
            AssertionError: no values were saved yet, or a signature is not complete.
        """
        if not self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has not been saved yet. "
                "Please invoke `add_meta_graph_and_variables()` first."
            )
        _warn_legacy("add_meta_graph", legacy_init_op)
        signatures = signature_def_map or {}
        _check_signatures(signatures)
        self._add_collections(assets_collection, main_op or legacy_init_op)
        saver = saver or _default_saver()
        self._add_graph(saver, tags, signatures, clear_devices, strip_default_attrs)

    def save(self, as_text: bool = False) -> bytes:
        """Writes the graphs; the path of their file."""
        os.makedirs(self._export_dir, exist_ok=True)
        name = names.SAVED_MODEL_FILENAME_PB
        data = self._saved_model.SerializeToString()
        if as_text:
            name = names.SAVED_MODEL_FILENAME_PBTXT
            data = str(self._saved_model).encode()
        path = os.path.join(self._export_dir, name)
        with FilesTogether() as files:
            files.create(path).write(data)
        tf_logging.info("SavedModel written to: %s", path)
        return os.fsencode(path)

    def _add_graph(
        self,
        saver: Any,
        tags: Any,
        signatures: Any,
        clear_devices: bool,
        strip_default_attrs: bool,
    ) -> None:
        message = saver.export_meta_graph(
            clear_devices=clear_devices, strip_default_attrs=strip_default_attrs
        )
        message.meta_info_def.tags.extend(tags)
        for key, signature in signatures.items():
            message.signature_def[key].CopyFrom(signature)
        self._saved_model.meta_graphs.append(message)

    def _add_collections(self, assets: Any, main_op: Any) -> None:
        self._save_assets(assets)
        if main_op is None:
            return
        if not isinstance(main_op, Operation):
            raise TypeError(f"main_op needs to be an Operation: {main_op!r}")
        graph = defaults.get_default_graph()
        for key in (names.MAIN_OP_KEY, names.LEGACY_INIT_OP_KEY):
            if graph.get_collection(key):
                raise ValueError(
                    "Graph already contains one or more main ops under the collection "
                    f"{key}."
                )
        graph.add_to_collection(names.MAIN_OP_KEY, main_op)

    def _save_assets(self, assets: Any) -> None:
        """Copies the files that constants name; notes which constant names which."""
        copies: dict[str, str] = {}
        graph = defaults.get_default_graph()
        for tensor in assets or ():
            source = _asset_path(tensor)
            name = _asset_name(source, copies)
            asset = protos.AssetFileDef(filename=name)
            asset.tensor_info.name = tensor.name
            packed = protos.Any(
                type_url="type.googleapis.com/tensorflow.AssetFileDef",
                value=asset.SerializeToString(),
            )
            graph.add_to_collection(names.ASSETS_KEY, packed)
            copies[name] = source
        folder = os.path.join(self._export_dir, names.ASSETS_DIRECTORY)
        if copies:
            os.makedirs(folder, exist_ok=True)
        for name, source in copies.items():
            target = os.path.join(folder, name)
            if not os.path.exists(target):
                shutil.copyfile(source, target)


def _warn_legacy(method: str, legacy_init_op: Any) -> None:
    if legacy_init_op is not None:
        deprecation.warn_argument(
            f"SavedModelBuilder.{method}",
            f"{_MODULE}.builder_impl",
            "legacy_init_op",
            "Pass your op to the equivalent parameter main_op instead.",
            depth=3,
        )


def _default_saver() -> Saver:
    return Saver(all_saveable_objects(), sharded=True, allow_empty=True)


def _check_signatures(signatures: Any) -> None:
    """AssertionError or KeyError for a signature that cannot be used."""
    for signature in signatures.values():
        for info in (*signature.inputs.values(), *signature.outputs.values()):
            if info.WhichOneof("encoding") is None:
                raise AssertionError(
                    "All TensorInfo protos used in the SignatureDefs must have one of "
                    f"the 'encoding' fields (e.g., name or coo_sparse) set: {info}"
                )
            if info.dtype == 0:
                raise AssertionError(
                    "All TensorInfo protos used in the SignatureDefs must have the "
                    f"dtype field set: {info}"
                )
    for key, what in (
        (names.INIT_OP_SIGNATURE_KEY, "initialization"),
        (names.TRAIN_OP_SIGNATURE_KEY, "the train op"),
    ):
        if key in signatures:
            raise KeyError(
                f'SignatureDef map key "{key}" is reserved for {what}. Please use a '
                "different key."
            )


def _asset_path(tensor: Any) -> str:
    """The file that a constant names."""
    if not isinstance(tensor, Tensor):
        raise TypeError("Asset path tensor must be a Tensor.")
    if tensor.op.type != "Const":
        raise TypeError("Asset path tensor must be of type constant.")
    if tensor.dtype != dtypes.string:
        raise TypeError("Asset path tensor must be of dtype string.")
    values = tensor.op._attrs["value"].array.reshape(-1)
    if len(values) != 1:
        raise TypeError("Asset path tensor must be a scalar.")
    path = os.fsdecode(values[0])
    if not path:
        raise ValueError(f"Invalid asset filepath tensor {tensor}")
    return path


def _asset_name(source: str, copies: dict[str, str]) -> str:
    """The name of the copy; another one if another file has it."""
    name = os.path.basename(source)
    other = copies.get(name)
    if other is None or other == source or filecmp.cmp(source, other, shallow=False):
        return name
    count = 1
    while f"{name}_{count}" in copies:
        count += 1
    return f"{name}_{count}"


@deprecation.deprecated(
    "simple_save",
    f"{_MODULE}.simple_save",
    "This function will only be available through the v1 compatibility library as "
    "tf.compat.v1.saved_model.simple_save.",
)
def simple_save(
    session: Any, export_dir: Any, inputs: Any, outputs: Any, legacy_init_op: Any = None
) -> None:
    """Writes the default graph and the values of a session, for serving."""
    builder = SavedModelBuilder(export_dir)
    graph = defaults.get_default_graph()
    builder.add_meta_graph_and_variables(
        session,
        tags=[names.SERVING],
        signature_def_map={
            names.DEFAULT_SERVING_SIGNATURE_DEF_KEY: predict_signature_def(
                inputs, outputs
            )
        },
        assets_collection=graph.get_collection(GraphKeys.ASSET_FILEPATHS),
        main_op=legacy_init_op,
        clear_devices=True,
    )
    builder.save()
