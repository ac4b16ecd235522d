"""`tf.contrib.predictor`: a saved graph, or an estimator's, as a function of arrays.

After ``saved_model`` and ``estimator``: it loads what they wrote, once, and keeps the
session for all calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scopetutor.engine.estimator.spec import ModeKeys
from scopetutor.engine.graph import Graph
from scopetutor.engine.saved_model import names
from scopetutor.engine.saved_model.loader import load
from scopetutor.engine.session import Session
from scopetutor.engine.training.monitored_session import MonitoredSession
from scopetutor.engine.training.scaffold import ChiefSessionCreator

if TYPE_CHECKING:
    from collections.abc import Mapping


class Predictor:
    """Predictions for arrays.

    Args:
        graph: where it computes.
        session: what it computes with.
        inputs: by key, the tensors' names.
        outputs: by key, the tensors' names.
    """

    def __init__(
        self,
        graph: Graph,
        session: Any,
        inputs: Mapping[str, str],
        outputs: Mapping[str, str],
    ) -> None:
        self._graph, self._session = graph, session
        find = graph.get_tensor_by_name
        self._feed_tensors = {key: find(name) for key, name in inputs.items()}
        self._fetch_tensors = {key: find(name) for key, name in outputs.items()}

    @property
    def graph(self) -> Graph:
        """Where it computes."""
        return self._graph

    @property
    def session(self) -> Any:
        """What it computes with."""
        return self._session

    @property
    def feed_tensors(self) -> dict[str, Any]:
        """By key, what may be given."""
        return self._feed_tensors

    @property
    def fetch_tensors(self) -> dict[str, Any]:
        """By key, what is given back."""
        return self._fetch_tensors

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__} with feed tensors {self._feed_tensors} and "
            f"fetch_tensors {self._fetch_tensors}"
        )

    def __call__(self, input_dict: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs for some inputs, by key; what is None is not fed.

        Raises:
            ValueError: there is no such input.
        """
        known = set(self._feed_tensors)
        unexpected = set(input_dict) - known
        if unexpected:
            raise ValueError(
                f"Got unexpected keys in input_dict: {unexpected}\nexpected: {known}"
            )
        feed = {
            tensor: input_dict[key]
            for key, tensor in self._feed_tensors.items()
            if input_dict.get(key) is not None
        }
        found: dict[str, Any] = self._session.run(self._fetch_tensors, feed)
        return found


class SavedModelPredictor(Predictor):
    """Predictions of a SavedModel."""


class CoreEstimatorPredictor(Predictor):
    """Predictions of an estimator."""


def from_saved_model(
    export_dir: Any,
    signature_def_key: str | None = None,
    signature_def: Any = None,
    input_names: Mapping[str, str] | None = None,
    output_names: Mapping[str, str] | None = None,
    tags: str | None = None,
    graph: Graph | None = None,
    config: Any = None,
) -> Predictor:
    """A predictor of a SavedModel.

    Args:
        export_dir: the folder that has it.
        signature_def_key: which of its signatures; None: "serving_default".
        signature_def: a signature itself.
        input_names: by key, the inputs' names; with `output_names`, for no signature.
        output_names: by key, the outputs' names.
        tags: of the graph, separated by commas; None: "serve".
        graph: where it is loaded; None: one of its own.
        config: of the session.

    Raises:
        ValueError: too much of it is given.
    """
    if (input_names is None) != (output_names is None):
        raise ValueError(
            "input_names and output_names must both be specified or both be "
            "unspecified."
        )
    ways = (signature_def_key, signature_def, input_names)
    if sum(way is not None for way in ways) > 1:
        raise ValueError(
            "You must specify at most one of signature_def_key OR signature_def OR"
            "(input_names AND output_names)."
        )
    graph = graph or Graph()
    with graph.as_default():
        session = Session(config=config)
        message = load(session, (tags or "serve").split(","), export_dir)
    if input_names is None or output_names is None:
        signature = signature_def or _signature(message, signature_def_key)
        input_names, output_names = _names(signature.inputs), _names(signature.outputs)
    return SavedModelPredictor(graph, session, input_names, output_names)


def _signature(message: Any, key: str | None) -> Any:
    """One of a saved graph's signatures.

    TF 1.15: a key that is not there gives an empty one, and a predictor of nothing.
    """
    signatures = message.signature_def
    return signatures[key or names.DEFAULT_SERVING_SIGNATURE_DEF_KEY]


def _names(described: Mapping[str, Any]) -> dict[str, str]:
    """The names of a signature's tensors, by key."""
    return {key: info.name for key, info in described.items()}


def from_estimator(
    estimator: Any,
    serving_input_receiver_fn: Any,
    output_key: str | None = None,
    graph: Graph | None = None,
    config: Any = None,
) -> Predictor:
    """A predictor of an estimator, with the values of its latest checkpoint.

    Args:
        estimator: a `tf.estimator.Estimator`.
        serving_input_receiver_fn: makes its inputs.
        output_key: which of its export outputs; None: "serving_default".
        graph: where it is made; None: one of its own.
        config: of the session.

    Raises:
        KeyError: there is no such output.
    """
    graph = graph or Graph()
    with graph.as_default():
        receiver = serving_input_receiver_fn()
        signature = _of_model(estimator, receiver, output_key)
        creator = ChiefSessionCreator(config=config, checkpoint_dir=estimator.model_dir)
        session = MonitoredSession(session_creator=creator)
    inputs, outputs = _names(signature.inputs), _names(signature.outputs)
    return CoreEstimatorPredictor(graph, session, inputs, outputs)


def _of_model(estimator: Any, receiver: Any, key: str | None) -> Any:
    """The signature of what an estimator predicts."""
    key = key or names.DEFAULT_SERVING_SIGNATURE_DEF_KEY
    spec = estimator.model_fn(
        receiver.features, None, ModeKeys.PREDICT, estimator.config
    )
    output = spec.export_outputs.get(key)
    if output is None:
        raise KeyError(
            f"output_key must be one of {spec.export_outputs.keys()}; got {key}"
        )
    return output.as_signature_def(receiver.receiver_tensors)
