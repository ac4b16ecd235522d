"""What `Model.compile` makes: targets, a loss, metrics, and the steps of a session.

After losses, metrics and optimizers; before training, which runs it. TF 1.15: targets
and metrics are made at once, the optimizer's operations when training begins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from scopetutor.engine import constants, dtypes, nest
from scopetutor.engine.ops.array import placeholder, placeholder_with_default
from scopetutor.engine.ops.math import add_n
from scopetutor.engine.surroundings import init_scope, name_scope

from . import losses, metrics, optimizers
from .backend_function import GraphExecutionFunction
from .learning_phase import learning_phase

if TYPE_CHECKING:
    from collections.abc import Callable


class Output:
    """An output of a model that is being trained.

    Attributes:
        tensor: it.
        name: of it.
        loss: a Loss, a function of truth and predictions, or None.
        weight: how much its loss counts.
        target: the placeholder of the truth, or None if it has no loss.
        sample_weight: the placeholder of the examples' weights, or None.
        loss_metric: the mean of its loss, if there are several outputs.
    """

    def __init__(self, tensor: Any, name: str, loss: Any) -> None:
        self.tensor, self.name, self.loss = tensor, name, loss
        self.weight = 1.0
        self.sample_weight: Any = None
        self.loss_metric: Any = None
        self.target: Any = None
        if loss is not None:
            sizes = [None] * tensor.shape.ndims
            kind = tensor.dtype.base_dtype
            self.target = placeholder(kind, shape=sizes, name=f"{name}_target")

    @property
    def loss_name(self) -> str:
        """Of the scope of its loss, and of its mean."""
        return f"{self.name}_loss"

    def make_sample_weight(self) -> None:
        """Makes the placeholder of the examples' weights."""
        self.sample_weight = placeholder_with_default(
            constants.constant([1.0], dtype=dtypes.float32),
            shape=[None],
            name=f"{self.name}_sample_weights",
        )

    def computed_loss(self) -> Any:
        """The loss as one number; with several outputs, its mean is kept."""
        with name_scope(self.loss_name):
            weight = self.sample_weight
            mask = getattr(self.tensor, "_keras_mask", None)
            if mask is not None:
                weight = _masked(mask, self.tensor, weight)
            if isinstance(self.loss, losses.Loss):
                each = self.loss.call(self.target, self.tensor)
                each = losses.weighed(each, weight)
                return losses.reduced(each, self.loss._way())
            return self.loss(self.target, self.tensor, sample_weight=weight)


def _masked(mask: Any, tensor: Any, weight: Any) -> Any:
    from scopetutor.engine.ops.math import cast  # noqa: PLC0415 - masks are rare

    mask = cast(mask, tensor.dtype)
    return mask if weight is None else weight * mask


class Compiled:
    """A model with a loss, metrics and an optimizer.

    Attributes:
        optimizer: what trains it.
        outputs: of the model.
        names: "loss", then the names of the metrics.
        total_loss: the loss of all outputs.
    """

    def __init__(
        self,
        model: Any,
        optimizer: Any,
        loss: Any,
        given_metrics: Any,
        loss_weights: Any,
        weighted_metrics: Any,
    ) -> None:
        self.optimizer = optimizers.get(optimizer)
        self._model = model
        names = model.output_names
        functions = _losses_of(loss or {}, names)
        self.outputs = [
            Output(*one) for one in zip(model.outputs, names, functions, strict=True)
        ]
        weights = _weights_of(loss_weights, names)
        for output, weight in zip(self.outputs, weights, strict=True):
            output.weight = weight
        self._several = len(self.outputs) > 1
        self._chosen = [one for one in self.outputs if one.loss is not None]
        own = self._collected(given_metrics, weighted=False)
        weighed = self._collected(weighted_metrics, weighted=True)
        self._metrics = self._named(own, weighed)
        if self._several:
            for one in self._chosen:
                one.loss_metric = metrics.Mean(name=one.loss_name)
        self._update_metrics(own)
        self._weighed = weighed
        trained = {id(one): one for one in model.trainable_weights}
        self._trained = list(trained.values())
        self._steps: dict[str, GraphExecutionFunction] = {}
        self._make_loss()

    # -- metrics -----------------------------------------------------------------------

    def _collected(self, given: Any, *, weighted: bool) -> list[dict[str, Any]]:
        """The metrics of each output, by name."""
        names = [one.name for one in self.outputs]
        lists = _metrics_of(given, names)
        return [
            _as_metrics(wanted, one, "weighted_" if weighted else "")
            if one.loss is not None
            else {}
            for wanted, one in zip(lists, self.outputs, strict=True)
        ]

    def _named(self, *groups: list[dict[str, Any]]) -> list[Any]:
        """Gives the metrics names of their own; all of them in order."""
        found: list[Any] = []
        for number, output in enumerate(self.outputs):
            for group_ in groups:
                renamed = {}
                for name, metric in group_[number].items():
                    metric._name = self._unique(name, output, found)
                    renamed[metric._name] = metric
                    found.append(metric)
                group_[number] = renamed
        return found

    def _unique(self, name: str, output: Output, known: list[Any]) -> str:
        name = f"{output.name}_{name}" if self._several else name
        taken = {"loss", *(metric.name for metric in known)}
        found, number = name, 1
        while found in taken:
            found = f"{name}_{number}"
            number += 1
        return found

    def _update_metrics(
        self, groups: list[dict[str, Any]], *, weighted: bool = False
    ) -> None:
        with name_scope("metrics"):
            for output, wanted in zip(self.outputs, groups, strict=True):
                mask = getattr(output.tensor, "_keras_mask", None)
                weight = output.sample_weight if weighted else None
                if mask is not None:
                    weight = _masked(mask, output.tensor, weight)
                for name, metric in wanted.items():
                    with name_scope(name):
                        metric(output.target, output.tensor, sample_weight=weight)

    @property
    def metrics(self) -> list[Any]:
        """The means of the outputs' losses if there are several, then the metrics."""
        means = [one.loss_metric for one in self._chosen if one.loss_metric is not None]
        return means + self._metrics

    @property
    def names(self) -> list[str]:
        """The names of the loss and of the metrics."""
        return ["loss", *(metric.name for metric in self.metrics)]

    def reset_metrics(self) -> None:
        """Begins to gather again."""
        for metric in self.metrics:
            metric.reset_states()

    # -- the loss ----------------------------------------------------------------------

    def _make_loss(self) -> None:
        self._update_metrics(self._weighed, weighted=True)
        total: Any = None
        with name_scope("loss"):
            for output in self._chosen:
                loss = output.computed_loss()
                if output.loss_metric is not None:
                    output.loss_metric(loss)
                part = output.weight * loss
                total = part if total is None else total + part
            others = self._model.get_losses_for(None)
            others += self._model.get_losses_for(self._model.inputs)
            if total is None:
                if not others:
                    raise ValueError(
                        "The model cannot be compiled because it has no loss to "
                        "optimize."
                    )
                total = 0.0
            if others:
                total = total + add_n(others)
        self.total_loss = total

    def weigh_samples(self, kind: str) -> None:
        """From now on, examples may be weighed: the loss is made anew.

        TF 1.15: of the two steps, only the one that is run now takes the new loss.
        """
        if all(one.sample_weight is not None for one in self._chosen):
            return
        for output in self._chosen:
            output.make_sample_weight()
        self._make_loss()
        self._steps.pop(kind, None)

    # -- steps -------------------------------------------------------------------------

    @property
    def targets(self) -> list[Any]:
        """The placeholders of the truth."""
        return [one.target for one in self._chosen]

    @property
    def sample_weights(self) -> list[Any]:
        """The placeholders of the examples' weights."""
        found = [one.sample_weight for one in self._chosen]
        return [one for one in found if one is not None]

    @property
    def trained_outputs(self) -> list[Output]:
        """The outputs that have a loss."""
        return self._chosen

    def train_step(self) -> GraphExecutionFunction:
        """What trains it with a batch."""
        return self._step("train", "training", self._training)

    def test_step(self) -> GraphExecutionFunction:
        """What evaluates a batch."""
        return self._step("test", "evaluation", list)

    def _training(self) -> list[Any]:
        """The operations of one step of training."""
        with name_scope("training"):
            loss, variables = self.total_loss, self._trained
            updates = list(self.optimizer.get_updates(loss, variables))
            updates += self._model.get_updates_for(None)
            updates += self._model.get_updates_for(self._model.inputs)
        return updates

    def _step(
        self, kind: str, scope: str, updates: Callable[[], list[Any]]
    ) -> GraphExecutionFunction:
        if kind not in self._steps:
            fed = [*self._model.inputs, *self.targets, *self.sample_weights]
            if kind == "train":
                fed.append(learning_phase())
            made = updates()
            fetched = [self.total_loss, *(one._call_result for one in self.metrics)]
            with name_scope(scope):
                self._steps[kind] = GraphExecutionFunction(fed, fetched, made)
        return self._steps[kind]


# -- what the program says -------------------------------------------------------------


def _losses_of(loss: Any, names: list[str]) -> list[Any]:
    """The loss of each output.

    Raises:
        ValueError: there are more or fewer, or of other outputs.
    """
    if isinstance(loss, Mapping):
        _check_keys("loss", loss, names)
        return [_as_loss(loss.get(name)) for name in names]
    if isinstance(loss, Sequence) and not isinstance(loss, str):
        if len(loss) != len(names):
            raise ValueError(
                "When passing a list as loss, it should have one entry per model "
                f"outputs. The model has {len(names)} outputs, but you passed "
                f"loss={loss}"
            )
        return [_as_loss(one) for one in loss]
    return [_as_loss(loss) for _ in names]


def _as_loss(given: Any) -> Any:
    if given is None or isinstance(given, losses.Loss):
        return given
    found = losses.get(given)
    if isinstance(found, losses.Loss) or not hasattr(found, "__name__"):
        return found
    return losses.LossFunctionWrapper(
        found,
        name=found.__name__,
        reduction=losses.Reduction.SUM_OVER_BATCH_SIZE,
    )


def _weights_of(given: Any, names: list[str]) -> list[float]:
    """How much the loss of each output counts.

    Raises:
        ValueError: there are more or fewer, or of other outputs.
        TypeError: they are no list or dictionary.
    """
    if given is None:
        return [1.0] * len(names)
    if isinstance(given, Mapping):
        _check_keys("loss_weights", given, names)
        return [given.get(name, 1.0) for name in names]
    if not isinstance(given, list):
        raise TypeError(
            f"Could not interpret loss_weights argument: {given} - expected a list of "
            "dicts."
        )
    if len(given) != len(names):
        raise ValueError(
            "When passing a list as loss_weights, it should have one entry per model "
            f"output. The model has {len(names)} outputs, but you passed "
            f"loss_weights={given}"
        )
    return given


def _check_keys(what: str, given: Any, names: list[str]) -> None:
    unknown = set(given) - set(names)
    if unknown:
        raise ValueError(
            f"Unknown entries in {what} dictionary: {sorted(unknown)}. Only expected "
            f"following keys: {names}"
        )


def _metrics_of(given: Any, names: list[str]) -> list[list[Any]]:
    """The metrics of each output.

    Raises:
        ValueError: there are more or fewer lists, or of other outputs.
        TypeError: they are no list or dictionary.
    """
    if not given:
        return [[] for _ in names]
    if isinstance(given, Mapping):
        _check_keys("metrics", given, names)
        return [_listed(given.get(name, [])) for name in names]
    if not isinstance(given, list):
        raise TypeError(
            "Type of `metrics` argument not understood. Expected a list or dictionary, "
            f"found: {given}"
        )
    if any(isinstance(one, list) for one in given):
        if len(given) != len(names):
            raise ValueError(
                "When passing a list of lists as `metrics`, it should have one entry "
                f"per model output. The model has {len(names)} outputs, but you passed "
                f"metrics={given}"
            )
        return [_listed(one) for one in given]
    if len(names) == 1:
        return [given]
    return [[_copy_of(metric) for metric in given] for _ in names]


def _listed(one: Any) -> list[Any]:
    return one if isinstance(one, list) else [one]


def _copy_of(metric: Any) -> Any:
    if not isinstance(metric, metrics.Metric):
        return metric
    with init_scope():
        return type(metric).from_config(metric.get_config())


def _as_metrics(wanted: list[Any], output: Output, prefix: str) -> dict[str, Any]:
    found = {}
    for one in nest.flatten(wanted):
        name = prefix + _metric_name(one)
        function = _metric_function(one, output)
        if not isinstance(function, metrics.Metric):
            function = metrics.MeanMetricWrapper(function, name=name)
        found[name] = function
    return found


_ACCURACY, _ENTROPY = ("accuracy", "acc"), ("crossentropy", "ce")


def _metric_name(given: Any) -> str:
    if given in _ACCURACY:
        return "acc"
    if given in _ENTROPY:
        return "ce"
    found = metrics.get(given)
    return str(getattr(found, "name", None) or found.__name__)


def _metric_function(given: Any, output: Output) -> Any:
    """The function of a metric; that of "accuracy" depends on the loss."""
    if given not in (*_ACCURACY, *_ENTROPY):
        found = metrics.get(given)
        return found() if isinstance(found, type) else found
    loss = getattr(output.loss, "fn", None)
    single = output.tensor.shape[-1].value == 1
    right: Any = metrics.categorical_accuracy
    entropy: Any = losses.categorical_crossentropy
    if single or loss is losses.binary_crossentropy:
        right, entropy = metrics.binary_accuracy, losses.binary_crossentropy
    elif loss is losses.sparse_categorical_crossentropy:
        right, entropy = metrics.sparse_categorical_accuracy, loss
    return right if given in _ACCURACY else entropy
