"""`model.save_weights` and `load_weights`: a model's weights as a checkpoint.

After model.py. The files are those of a `tf.train.Checkpoint` whose root is the model.
"""

from __future__ import annotations

import os
import weakref
from typing import Any

from scopetutor.engine import defaults
from scopetutor.engine.training.checkpoint_management import update_state
from scopetutor.engine.training.object_saver import ObjectSaver

from . import assignments

_HDF5 = (".h5", ".keras", ".hdf5")
_FORMATS = {
    "tensorflow": "tf",
    "tf": "tf",
    "hdf5": "h5",
    "h5": "h5",
    "keras": "h5",
}


def _saver_of(model: Any) -> ObjectSaver:
    """The saver of a model, which keeps its operations."""
    if "_weight_saver" not in model.__dict__:
        object.__setattr__(model, "_weight_saver", ObjectSaver(weakref.ref(model)))
    found: ObjectSaver = model._weight_saver
    return found


def refuse_hdf5(function: str) -> None:
    """Says that there are no HDF5 files here."""
    raise NotImplementedError(
        f"scopetutor's `{function}` does not read or write HDF5 files (.h5, .hdf5, "
        '.keras). Give a path without such an ending, or save_format="tf": then the '
        "weights are a checkpoint of TensorFlow."
    )


def save_weights(
    model: Any, filepath: str, overwrite: bool, save_format: str | None
) -> None:
    """Writes a model's weights."""
    filepath = os.fspath(filepath)
    is_hdf5 = filepath.endswith(_HDF5)
    wanted = "h5" if is_hdf5 else "tf"
    if save_format is not None:
        if save_format.lower().strip() not in _FORMATS:
            raise ValueError(
                f'Unknown format "{save_format}". Was expecting one of {{"tf", "h5"}}.'
            )
        wanted = _FORMATS[save_format.lower().strip()]
    if wanted == "tf" and is_hdf5:
        raise ValueError(
            'save_weights got save_format="tf"/"tensorflow", but the filepath '
            f'("{filepath}") looks like an HDF5 file. Omit the ".h5"/".keras" when '
            "saving in TensorFlow format."
        )
    if wanted == "h5":
        refuse_hdf5("save_weights")
    if not overwrite and os.path.isfile(f"{filepath}.index"):
        raise FileExistsError(
            f"{filepath}.index is there already, and overwrite is False; nothing was "
            "saved."
        )
    session = None if defaults.state.eager else assignments.session()
    _saver_of(model).save(filepath, session=session)
    update_state(
        os.path.dirname(filepath),
        filepath,
        all_model_checkpoint_paths=[filepath],
        save_relative_paths=True,
    )


def load_weights(model: Any, filepath: str, by_name: bool) -> Any:
    """Gives a model's weights the values of a checkpoint."""
    filepath = os.fspath(filepath)
    if filepath.endswith(_HDF5):
        refuse_hdf5("load_weights")
    status = _saver_of(model).restore(filepath)
    if by_name:
        raise NotImplementedError(
            "Weights may only be loaded based on topology into Models when loading "
            "TensorFlow-formatted weights (got by_name=True to load_weights)."
        )
    if not defaults.state.eager:
        status.run_as_they_come(assignments.session())
    status.assert_nontrivial_match()
    return status
