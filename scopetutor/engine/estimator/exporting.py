"""An Estimator as a SavedModel: `Estimator.export_saved_model`.

Called by the Estimator. A receiver says what is fed, the model function is built once
more to predict, and its export outputs become signatures.
"""

from __future__ import annotations

import os
import shutil
import time
from typing import Any

from scopetutor.engine import defaults, tf_logging
from scopetutor.engine.graph import Graph
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.op_errors import NotFoundError
from scopetutor.engine.saved_model import names
from scopetutor.engine.saved_model.builder import SavedModelBuilder
from scopetutor.engine.saved_model.signatures import is_valid_signature
from scopetutor.engine.session import Session
from scopetutor.engine.training.global_step import create_global_step
from scopetutor.engine.training.saver import Saver
from scopetutor.engine.training.scaffold import Scaffold

from .spec import ModeKeys

_ATTEMPTS = 10
_METHODS = {
    names.CLASSIFY_METHOD_NAME: "Classify",
    names.REGRESS_METHOD_NAME: "Regress",
    names.PREDICT_METHOD_NAME: "Predict",
    "tensorflow/supervised/training": "Train",
    "tensorflow/supervised/eval": "Eval",
}


def export(
    estimator: Any,
    export_dir_base: Any,
    input_receiver_fn: Any,
    assets_extra: Any = None,
    as_text: bool = False,
    checkpoint_path: Any = None,
    strip_default_attrs: bool = True,
) -> bytes:
    """Writes the graph that predicts and its values; the folder.

    Raises:
        ValueError: there is no checkpoint, or it lacks variables.
    """
    path = checkpoint_path or estimator.latest_checkpoint()
    if not path:
        raise ValueError(f"Couldn't find trained model at {estimator.model_dir}.")
    folder = _folder_of_now(os.fsdecode(export_dir_base))
    base, last = os.path.split(folder)
    temporary = os.path.join(base, f"temp-{last}")
    builder = SavedModelBuilder(temporary)
    _add_graph(builder, estimator, input_receiver_fn, path, strip_default_attrs)
    builder.save(as_text)
    for wanted, source in (assets_extra or {}).items():
        target = os.path.join(temporary, "assets.extra", os.fsdecode(wanted))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(os.fsdecode(source), target)
    os.rename(temporary, folder)
    return os.fsencode(folder)


def _folder_of_now(base: str) -> str:
    """A folder that is not there, named by the seconds since 1970."""
    for attempt in range(_ATTEMPTS):
        folder = os.path.join(base, str(int(time.time())))
        if not os.path.exists(folder):
            return folder
        time.sleep(1)
        tf_logging.warning(
            "Directory %s already exists; retrying (attempt %d/%d)",
            os.fsencode(folder),
            attempt + 1,
            _ATTEMPTS,
        )
    raise RuntimeError(
        f"Failed to obtain a unique export directory name after {_ATTEMPTS} attempts."
    )


def _add_graph(
    builder: Any, estimator: Any, input_receiver_fn: Any, path: Any, strip: bool
) -> None:
    config = estimator.config
    with Graph().as_default() as graph:
        create_global_step(graph)
        graph.seed = config.tf_random_seed
        received = input_receiver_fn()
        spec = estimator._call(received.features, None, ModeKeys.PREDICT, config)
        outputs = spec.export_outputs
        signatures = _signatures(received, outputs)
        with Session(config=config.session_config) as session:
            local = spec.scaffold.local_init_op or Scaffold.default_local_init_op()
            saver = spec.scaffold.saver or Saver(sharded=True)
            _restore(saver, session, path)
            collection = defaults.get_default_graph().get_collection
            builder.add_meta_graph_and_variables(
                session,
                tags=[names.SERVING],
                signature_def_map=signatures,
                assets_collection=collection(GraphKeys.ASSET_FILEPATHS),
                main_op=local,
                saver=saver,
                strip_default_attrs=strip,
            )


def _restore(saver: Any, session: Any, path: Any) -> None:
    try:
        saver.restore(session, path)
    except NotFoundError as error:
        raise ValueError(
            "Could not load all requested variables from checkpoint. Please make sure "
            "your model_fn does not expect variables that were not saved in the "
            "checkpoint.\n\nEncountered error with mode `infer` while restoring "
            f"checkpoint from: `{path}`. Full Traceback:\n\n{error}"
        ) from None


def _signatures(received: Any, outputs: dict[str, Any]) -> dict[str, Any]:
    """The signatures by name; what cannot be served is left out, and said."""
    found: dict[str, Any] = {}
    excluded: dict[str, str] = {}
    ways = {"": received.receiver_tensors, **(received[2] or {})}
    for way, tensors in ways.items():
        for key, output in outputs.items():
            name = f"{way}:{key}" if way else str(key or "None")
            try:
                found[name] = output.as_signature_def(tensors)
            except ValueError as error:
                excluded[name] = str(error)
    _report(found, excluded)
    return {name: one for name, one in found.items() if is_valid_signature(one)}


def _report(found: dict[str, Any], excluded: dict[str, str]) -> None:
    for method, said in _METHODS.items():
        included = [n for n, one in found.items() if one.method_name == method]
        tf_logging.info(
            "Signatures INCLUDED in export for %s: %s", said, included or "None"
        )
    if excluded:
        tf_logging.info(
            "Signatures EXCLUDED from export because they cannot be be served via "
            "TensorFlow Serving APIs:"
        )
        for name, message in excluded.items():
            tf_logging.info("'%s' : %s", name, message)
    if not found:
        tf_logging.warning("Export includes no signatures!")
    elif names.DEFAULT_SERVING_SIGNATURE_DEF_KEY not in found:
        tf_logging.warning("Export includes no default signature!")
