"""`tf.train.Saver`: variables to files and back.

After ``saver_builder.py``, which makes its operations. A save runs one operation,
writes the file ``checkpoint`` beside the result, and the graph as ``.meta``.
"""

from __future__ import annotations

import operator
import os
import time
from typing import TYPE_CHECKING, Any

from scopetutor.engine import defaults, meta_graph, tf_logging
from scopetutor.engine.checkpoint_reader import NewCheckpointReader
from scopetutor.engine.meta_graph_import import (
    import_scoped_meta_graph_with_return_elements,
    read_meta_graph_file,
)
from scopetutor.engine.op_errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
    OpError,
)
from scopetutor.engine.scope_names import prepend_name_scope, strip_name_scope
from scopetutor.engine.session import BaseSession
from scopetutor.engine.variable_lists import all_saveable_objects
from scopetutor.formats import protos
from scopetutor.formats.message import Message

from . import checkpoint_management
from .global_step import global_step as step_of
from .saveable import validate_and_slice_inputs
from .saver_builder import V2, BaseSaverBuilder, BulkSaverBuilder

if TYPE_CHECKING:
    from collections.abc import Mapping

_OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"
_NAMES = ("filename_tensor_name", "save_tensor_name", "restore_op_name")

# What TF 1.15 logs at each save in the old format.
_V1_WARNING = (
    "*******************************************************",
    "TensorFlow's V1 checkpoint format has been deprecated.",
    "Consider switching to the more efficient V2 format:",
    "   `tf.train.Saver(write_version=tf.train.SaverDef.V2)`",
    "now on by default.",
    "*******************************************************",
)


class Saver:
    """Saves variables under their names and restores them by their names.

    Attributes:
        saver_def: the names of its operations; None before it is built.
        last_checkpoints: the paths of the checkpoints it keeps, oldest first.
    """

    def __init__(
        self,
        var_list: Any = None,
        reshape: bool = False,
        sharded: bool = False,
        max_to_keep: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000.0,
        name: str | None = None,
        restore_sequentially: bool = False,
        saver_def: Any = None,
        builder: BaseSaverBuilder | None = None,
        defer_build: bool = False,
        allow_empty: bool = False,
        write_version: int = V2,
        pad_step_number: bool = False,
        save_relative_paths: bool = False,
        filename: str | None = None,
    ) -> None:
        if defer_build and var_list:
            raise ValueError(
                "If `var_list` is provided then build cannot be deferred. Either set "
                "defer_build=False or var_list=None."
            )
        eager = defaults.state.eager
        if eager:
            _check_eager(var_list)
        self._var_list = var_list
        self._reshape = reshape
        self._sharded = sharded
        self._max_to_keep = max_to_keep
        self._keep_checkpoint_every_n_hours = keep_checkpoint_every_n_hours
        self._name = name
        self._restore_sequentially = restore_sequentially
        self.saver_def = saver_def
        self._builder = builder
        self._is_built = False
        self._allow_empty = allow_empty
        self._is_empty: bool | None = None
        self._write_version = write_version
        self._pad_step_number = pad_step_number
        self._filename = filename
        self._last_checkpoints: list[tuple[str, float]] = []
        self._checkpoints_to_be_deleted: list[tuple[str, float]] = []
        if eager:
            self._next_checkpoint_time = _later(keep_checkpoint_every_n_hours)
        elif not defer_build:
            self.build()
        if self.saver_def:
            self._check_saver_def()
            self._write_version = self.saver_def.version
        self._save_relative_paths = save_relative_paths
        self._object_restore_saver: Saver | None = None

    # -- its operations -------------------------------------------------------------

    def build(self) -> None:
        """Adds its operations to the default graph, unless that is done."""
        if defaults.state.eager:
            raise RuntimeError("Use save/restore instead of build in eager mode.")
        self._build(self._filename, build_save=True, build_restore=True)

    def _build(
        self, checkpoint_path: str | None, *, build_save: bool, build_restore: bool
    ) -> None:
        eager = defaults.state.eager
        if not eager:
            if self._is_built:
                return
            self._is_built = True
        if not self.saver_def or eager:
            if not self._has_variables():
                return
            self.saver_def = self._builder._build_internal(  # type: ignore[union-attr]
                self._var_list,
                reshape=self._reshape,
                sharded=self._sharded,
                max_to_keep=self._max_to_keep,
                keep_checkpoint_every_n_hours=self._keep_checkpoint_every_n_hours,
                name=self._name,
                restore_sequentially=self._restore_sequentially,
                filename=checkpoint_path,
                build_save=build_save,
                build_restore=build_restore,
            )
        elif self._name:
            for field in _NAMES:
                name = prepend_name_scope(getattr(self.saver_def, field), self._name)
                setattr(self.saver_def, field, name)
        self._check_saver_def()
        if not eager:
            self._next_checkpoint_time = _later(
                self.saver_def.keep_checkpoint_every_n_hours
            )

    def _has_variables(self) -> bool:
        """Whether there is anything to save; ValueError if there must be."""
        if self._builder is None:
            self._builder = BulkSaverBuilder(self._write_version)
        if self._var_list is None:
            self._var_list = all_saveable_objects()
        self._is_empty = not self._var_list
        if self._is_empty and not self._allow_empty:
            raise ValueError("No variables to save")
        return not self._is_empty

    def _check_saver_def(self) -> None:
        if not _is_message(self.saver_def, "SaverDef"):
            raise ValueError(
                f"saver_def must be a saver_pb2.SaverDef: {self.saver_def}"
            )
        if defaults.state.eager:
            return
        for field in _NAMES[1:]:
            if not getattr(self.saver_def, field):
                raise ValueError(
                    f"saver_def must specify the {field}: {self.saver_def}"
                )

    # -- as a message ----------------------------------------------------------------

    def as_saver_def(self) -> Any:
        """The names of its operations, as in TensorFlow's graph files."""
        return self.saver_def

    def to_proto(self, export_scope: str | None = None) -> Any:
        """Its SaverDef; None if it is outside the scope that is exported."""
        if export_scope is None:
            return self.saver_def
        names = {field: getattr(self.saver_def, field) for field in _NAMES}
        if not all(name.startswith(export_scope) for name in names.values()):
            return None
        saver_def = protos.SaverDef()
        saver_def.CopyFrom(self.saver_def)
        for field, name in names.items():
            setattr(saver_def, field, strip_name_scope(name, export_scope))
        return saver_def

    @staticmethod
    def from_proto(saver_def: Any, import_scope: str | None = None) -> Saver:
        """The Saver whose operations a graph file names."""
        return Saver(saver_def=saver_def, name=import_scope)

    # -- which checkpoints it keeps ----------------------------------------------------

    @property
    def last_checkpoints(self) -> list[str]:
        """The paths of the checkpoints it keeps, oldest first."""
        return [path for path, _ in self._last_checkpoints]

    def set_last_checkpoints(self, last_checkpoints: list[str]) -> None:
        """Says which checkpoints it keeps, without when they were made."""
        assert isinstance(last_checkpoints, list)
        self._last_checkpoints = [(path, float("inf")) for path in last_checkpoints]

    def set_last_checkpoints_with_time(
        self, last_checkpoints_with_time: list[tuple[str, float]]
    ) -> None:
        """Says which checkpoints it keeps: (path, seconds) of each."""
        assert isinstance(last_checkpoints_with_time, list)
        self._last_checkpoints = last_checkpoints_with_time

    def recover_last_checkpoints(self, checkpoint_paths: Any) -> None:
        """Says which checkpoints it keeps, as far as they are there."""
        times = [
            (path, checkpoint_management.modification_times([path]))
            for path in checkpoint_paths
        ]
        self.set_last_checkpoints_with_time(
            [(path, found[0]) for path, found in times if found]
        )

    def _record_checkpoint(self, path: str) -> None:
        if not self.saver_def.max_to_keep:
            return
        kept = [entry for entry in self._last_checkpoints if entry[0] != path]
        kept.append((path, time.time()))
        self._last_checkpoints = kept
        if len(kept) > self.saver_def.max_to_keep:
            self._checkpoints_to_be_deleted.append(kept.pop(0))

    def _delete_old_checkpoint(self, meta_graph_suffix: str) -> None:
        """Deletes the oldest one, unless it is to be kept for good."""
        if not self._checkpoints_to_be_deleted:
            return
        path, made = self._checkpoints_to_be_deleted.pop(0)
        if made > self._next_checkpoint_time:
            hours = self.saver_def.keep_checkpoint_every_n_hours
            self._next_checkpoint_time += hours * 3600
            return
        try:
            checkpoint_management.delete_checkpoint(
                path, self.saver_def.version, meta_graph_suffix
            )
        except OpError as error:
            tf_logging.warning("Ignoring: %s", str(error))

    # -- saving ----------------------------------------------------------------------

    def save(
        self,
        sess: Any,
        save_path: str,
        global_step: Any = None,
        latest_filename: str | None = None,
        meta_graph_suffix: str = "meta",
        write_meta_graph: bool = True,
        write_state: bool = True,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> str | None:
        """Saves the variables of a session.

        Args:
            sess: the session.
            save_path: the prefix of the files.
            global_step: a number, or a tensor of one, to append to the prefix.
            latest_filename: of the file that lists the checkpoints; "checkpoint".
            meta_graph_suffix: of the file with the graph.
            write_meta_graph: whether the file with the graph is written.
            write_state: whether the file that lists the checkpoints is.
            strip_default_attrs: whether the graph leaves out what is the default.
            save_debug_info: accepted; nothing more is written.

        Returns:
            The prefix to give to `restore`; None if there is nothing to save.

        Raises:
            RuntimeError: it is not built yet.
            TypeError: `sess` is no session.
            ValueError: the folder is not there, or two files have one name.
            FailedPreconditionError: a variable has no value.
        """
        eager = defaults.state.eager
        if not self._is_built and not eager:
            raise RuntimeError(
                "`build()` should be called before save if defer_build==True"
            )
        latest_filename = latest_filename or "checkpoint"
        if self._write_version != V2:
            for line in _V1_WARNING:
                tf_logging.warning(line)
        if os.path.split(latest_filename)[0]:
            raise ValueError("'latest_filename' must not contain path components")
        prefix = self._prefix(sess, save_path, global_step, latest_filename)
        if not eager and not isinstance(sess, BaseSession):
            raise TypeError(f"'sess' must be a Session; {sess}")
        saved = None
        if not self._is_empty:
            saved = self._save(
                sess, prefix, save_path, latest_filename, meta_graph_suffix, write_state
            )
        if write_meta_graph and not eager:
            path = checkpoint_management.meta_graph_filename(prefix, meta_graph_suffix)
            with sess.graph.as_default():
                self.export_meta_graph(
                    path,
                    strip_default_attrs=strip_default_attrs,
                    save_debug_info=save_debug_info,
                )
        return saved

    def _prefix(
        self, sess: Any, save_path: str, global_step: Any, latest_filename: str
    ) -> str:
        """The prefix with the step in it."""
        if global_step is None:
            if os.path.basename(save_path) == latest_filename and not self._sharded:
                raise ValueError(
                    f"'latest_filename' collides with 'save_path': '{latest_filename}' "
                    f"and '{save_path}'"
                )
            return save_path
        try:
            step = operator.index(global_step)
        except TypeError:
            step = step_of(sess, global_step)
        return (
            f"{save_path}-{step:08d}"
            if self._pad_step_number
            else f"{save_path}-{step}"
        )

    def _save(
        self,
        sess: Any,
        prefix: str,
        save_path: str,
        latest_filename: str,
        meta_graph_suffix: str,
        write_state: bool,
    ) -> str:
        folder = os.path.dirname(save_path)
        try:
            saved = self._run_save(sess, prefix)
            if write_state:
                self._record_checkpoint(saved)
                checkpoint_management.update_state(
                    folder,
                    saved,
                    self.last_checkpoints,
                    latest_filename,
                    self._save_relative_paths,
                )
                self._delete_old_checkpoint(meta_graph_suffix)
        except (FailedPreconditionError, NotFoundError):
            if os.path.isdir(folder):
                raise
            raise ValueError(
                f"Parent directory of {save_path} doesn't exist, can't save."
            ) from None
        return saved

    def _run_save(self, sess: Any, prefix: str) -> str:
        if defaults.state.eager:
            self._build(prefix, build_save=True, build_restore=False)
            saved = self.saver_def.save_tensor_name
        else:
            saved = sess.run(
                self.saver_def.save_tensor_name,
                {self.saver_def.filename_tensor_name: prefix},
            )
        return saved.decode() if isinstance(saved, bytes) else str(saved)

    def export_meta_graph(
        self,
        filename: str | None = None,
        collection_list: Any = None,
        as_text: bool = False,
        export_scope: str | None = None,
        clear_devices: bool = False,
        clear_extraneous_savers: bool = False,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> Any:
        """Writes the default graph with its collections; the MetaGraphDef."""
        return export_meta_graph(
            filename=filename,
            graph_def=defaults.get_default_graph().as_graph_def(add_shapes=True),
            saver_def=self.saver_def,
            collection_list=collection_list,
            as_text=as_text,
            export_scope=export_scope,
            clear_devices=clear_devices,
            clear_extraneous_savers=clear_extraneous_savers,
            strip_default_attrs=strip_default_attrs,
            save_debug_info=save_debug_info,
        )

    # -- restoring -------------------------------------------------------------------

    def restore(self, sess: Any, save_path: Any) -> None:
        """Gives the variables of a session the values of a checkpoint.

        Raises:
            ValueError: there is no checkpoint with this prefix.
            NotFoundError: it has no tensor of a variable's name.
            InvalidArgumentError: a tensor has another shape or type.
            DataLossError: it is damaged, or no checkpoint.
        """
        if self._is_empty:
            return
        if save_path is None:
            raise ValueError("Can't load save_path when it is None.")
        prefix = _as_text(save_path)
        if not checkpoint_management.prefix_exists(prefix):
            raise ValueError(
                f"The passed save_path is not a valid checkpoint: {prefix}"
            )
        tf_logging.info("Restoring parameters from %s", prefix)
        try:
            self._run_restore(sess, prefix)
        except NotFoundError as error:
            try:
                keys = object_graph_key_mapping(prefix)
            except NotFoundError:
                raise _wrapped(
                    error, "a Variable name or other graph key that is missing"
                ) from None
            self._restore_objects(sess, prefix, keys)
        except InvalidArgumentError as error:
            raise _wrapped(
                error, "a mismatch between the current graph and the graph"
            ) from None

    def _run_restore(self, sess: Any, prefix: str) -> None:
        if defaults.state.eager:
            self._build(prefix, build_save=False, build_restore=True)
        else:
            sess.run(
                self.saver_def.restore_op_name,
                {self.saver_def.filename_tensor_name: prefix},
            )

    def _restore_objects(self, sess: Any, prefix: str, keys: Mapping[str, str]) -> None:
        tf_logging.warning(
            "Restoring an object-based checkpoint using a name-based saver. This may "
            "be somewhat fragile, and will re-build the Saver. Instead, consider "
            "loading object-based checkpoints using tf.train.Checkpoint()."
        )
        self._object_restore_saver = saver_from_object_based_checkpoint(
            prefix, self._var_list, self._builder, keys, self._object_restore_saver
        )
        self._object_restore_saver.restore(sess, prefix)


def _as_text(path: Any) -> str:
    if not isinstance(path, (str, bytes)):
        raise TypeError(f"Expected binary or unicode string, got {path!r}")
    return os.fsdecode(path)


def _later(hours: float) -> float:
    return time.time() + hours * 3600


def _is_message(value: Any, name: str) -> bool:
    return isinstance(value, Message) and value.schema.name == name


def _check_eager(var_list: Any) -> None:
    tf_logging.warning(
        "Saver is deprecated, please switch to tf.train.Checkpoint or "
        "tf.keras.Model.save_weights for training checkpoints. When executing eagerly "
        "variables do not necessarily have unique names, and so the "
        "variable.name-based lookups Saver performs are error-prone."
    )
    if var_list is None:
        raise RuntimeError(
            "When eager execution is enabled, `var_list` must specify a list or dict "
            "of variables to save"
        )


def _wrapped(error: OpError, cause: str) -> OpError:
    """The error of a restore, with what is likely to be wrong before it."""
    message = (
        f"Restoring from checkpoint failed. This is most likely due to {cause} from "
        "the checkpoint. Please ensure that you have not altered the graph expected "
        f"based on the checkpoint. Original error:\n\n{error.message}"
    )
    made: OpError = type(error)(error._node_def, error.op, message)  # type: ignore[call-arg]
    return made


# -- checkpoints of objects ------------------------------------------------------------


def object_graph_key_mapping(checkpoint_path: str) -> dict[str, str]:
    """Variable name -> key, of a checkpoint that `tf.train.Checkpoint` wrote.

    Raises:
        NotFoundError: it is another kind of checkpoint.
    """
    text = NewCheckpointReader(checkpoint_path).get_tensor(_OBJECT_GRAPH)
    graph = protos.TrackableObjectGraph.decode(text, path=checkpoint_path)
    return {
        attribute.full_name: attribute.checkpoint_key
        for node in graph.nodes
        for attribute in node.attributes
    }


def saver_from_object_based_checkpoint(
    checkpoint_path: str,
    var_list: Any = None,
    builder: BaseSaverBuilder | None = None,
    names_to_keys: Mapping[str, str] | None = None,
    cached_saver: Saver | None = None,
) -> Saver:
    """A Saver that finds variables in a checkpoint of objects by their old names.

    Raises:
        ValueError: it is another kind of checkpoint.
        NotFoundError: a variable is not in it.
    """
    if names_to_keys is None:
        try:
            names_to_keys = object_graph_key_mapping(checkpoint_path)
        except NotFoundError:
            raise ValueError(
                f"Checkpoint in {checkpoint_path} not an object-based checkpoint."
            ) from None
    if var_list is None:
        var_list = all_saveable_objects()
    saveables = validate_and_slice_inputs(var_list)
    specs = [spec for saveable in saveables for spec in saveable.specs]
    _check_names({spec.name for spec in specs}, set(names_to_keys))
    for spec in specs:
        spec.name = names_to_keys[spec.name]
    return Saver(saveables) if cached_saver is None else cached_saver


def _check_names(current: set[str], previous: set[str]) -> None:
    missing = current - previous
    if not missing:
        return
    raise NotFoundError(
        None,
        None,
        "\n\nExisting variables not in the checkpoint: "
        f"{', '.join(sorted(missing))}\n\nVariables names when this checkpoint was "
        "written which don't exist now: "
        f"{', '.join(sorted(previous - current))}\n\n({len(previous & current)} "
        "variable name(s) did match)\n\nCould not find some variables in the "
        "checkpoint (see names above). Saver was attempting to load an object-based "
        "checkpoint (saved using tf.train.Checkpoint or tf.keras.Model.save_weights) "
        "using variable names. If the checkpoint was written with eager execution "
        "enabled, it's possible that variable names have changed (for example missing "
        "a '_1' suffix). It's also possible that there are new variables which did "
        "not exist when the checkpoint was written. You can construct a "
        "Saver(var_list=...) with only the variables which previously existed, and if "
        "variable names have changed you may need to make this a dictionary with the "
        "old names as keys. If you're using an Estimator, you'll need to return a "
        "tf.train.Saver inside a tf.train.Scaffold from your model_fn.",
    )


# -- graphs with their Saver -----------------------------------------------------------


def import_meta_graph(
    meta_graph_or_file: Any,
    clear_devices: bool = False,
    import_scope: str | None = None,
    **kwargs: Any,
) -> Saver | None:
    """Adds a saved graph to the default graph.

    Returns:
        The Saver that was saved with it; a new one if there was none; None if the
        graph has no variables.

    Raises:
        OSError: there is no such file, or it is no meta graph.
    """
    return import_with_return_elements(
        meta_graph_or_file, clear_devices, import_scope, **kwargs
    )[0]


def import_with_return_elements(
    meta_graph_or_file: Any,
    clear_devices: bool = False,
    import_scope: str | None = None,
    return_elements: Any = None,
    **kwargs: Any,
) -> tuple[Saver | None, Any]:
    """As `import_meta_graph`; also gives some of what was imported."""
    if defaults.state.eager:
        raise RuntimeError(_NOT_IN_EAGER)
    message = meta_graph_or_file
    if not _is_message(message, "MetaGraphDef"):
        message = read_meta_graph_file(message)
    variables, elements = import_scoped_meta_graph_with_return_elements(
        message,
        clear_devices=clear_devices,
        import_scope=import_scope,
        return_elements=return_elements,
        **kwargs,
    )
    return _imported_saver(message, import_scope, variables), elements


def _imported_saver(
    message: Any, import_scope: str | None, variables: Mapping[str, Any]
) -> Saver | None:
    if message.HasField("saver_def"):
        scope = import_scope
        for key, variable in variables.items():
            scope = variable.name.removesuffix(key)
            break
        return Saver(saver_def=message.saver_def, name=scope)
    if all_saveable_objects(scope=import_scope):
        return Saver()
    tf_logging.info(
        "Saver not created because there are no variables in the graph to restore"
    )
    return None


_NOT_IN_EAGER = (
    "Exporting/importing meta graphs is not supported when eager execution is enabled. "
    "No graph exists when eager execution is enabled."
)


def export_meta_graph(
    filename: str | None = None,
    meta_info_def: Any = None,
    graph_def: Any = None,
    saver_def: Any = None,
    collection_list: Any = None,
    as_text: bool = False,
    graph: Any = None,
    export_scope: str | None = None,
    clear_devices: bool = False,
    clear_extraneous_savers: bool = False,
    strip_default_attrs: bool = False,
    save_debug_info: bool = False,
    **kwargs: Any,
) -> Any:
    """A graph with its collections and Saver, as a MetaGraphDef and as a file."""
    if defaults.state.eager and (graph_def is None or graph is None):
        raise RuntimeError(_NOT_IN_EAGER)
    message, _ = meta_graph.export_scoped_meta_graph(
        filename=filename,
        meta_info_def=meta_info_def,
        graph_def=graph_def,
        saver_def=saver_def,
        collection_list=collection_list,
        as_text=as_text,
        graph=graph,
        export_scope=export_scope,
        clear_devices=clear_devices,
        clear_extraneous_savers=clear_extraneous_savers,
        strip_default_attrs=strip_default_attrs,
        save_debug_info=save_debug_info,
        **kwargs,
    )
    return message
