"""Datasets whose elements come from several others: by chance, or as one says.

After experimental: `sample_from_datasets`, `choose_from_datasets`,
`rejection_resample`, and what they are made of: random numbers and counters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.constants import value_of as static_value
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, dataset_choices, math  # noqa: F401 - the last runs it
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.gathering import gather, one_hot
from scopetutor.engine.ops.joining import tile
from scopetutor.engine.ops.printing import Print
from scopetutor.engine.ops.random import random_uniform
from scopetutor.engine.ops.reshaping import expand_dims, squeeze
from scopetutor.engine.surroundings import name_scope

from . import functions, structure
from .arguments import seeds
from .dataset import Dataset, DatasetV1Adapter
from .experimental import scan

if TYPE_CHECKING:
    from collections.abc import Callable

    Transformation = Callable[[Dataset], Dataset]

_NUMBER = structure.TensorSpec([], dtypes.int64)
_FLOATS = (dtypes.float32, dtypes.float64)


# -- numbers without end ---------------------------------------------------------------


class RandomDatasetV1(DatasetV1Adapter):
    """Random numbers of 32 bits, int64, without end.

    Args:
        seed: of the numbers.
    """

    def __init__(self, seed: Any = None) -> None:
        variant = apply("RandomDataset", *seeds(seed), **structure.attributes(_NUMBER))
        super().__init__(variant, _NUMBER)


def CounterV1(  # noqa: N802 - TensorFlow's name
    start: Any = 0, step: Any = 1, dtype: Any = dtypes.int64
) -> Dataset:
    """Numbers from `start` on, without end."""
    with name_scope("counter"):
        start = convert_to_tensor(start, dtype=dtype, name="start")
        step = convert_to_tensor(step, dtype=dtype, name="step")
        count = scan(start, lambda state, _: (state + step, state))
        return Dataset.from_tensors(0).repeat(None).apply(count)


# -- choosing --------------------------------------------------------------------------


def mapped(dataset: Dataset, function: Any) -> Dataset:
    """As `Dataset.map`, and TF 1.15 calls the function in the same thread."""
    traced = functions.traced(function, "Dataset.map()", dataset.element_spec)
    made: Dataset = dataset._calling(
        "MapDataset",
        traced,
        spec=traced.output_spec,
        f=traced,
        use_inter_op_parallelism=False,
        preserve_cardinality=False,
    )
    return made


def _drawn(logits: Any, seed: Any) -> Any:
    number = apply("StatelessMultinomial", logits, 1, seed)
    return squeeze(number, axis=[0, 1])


def sample_from_datasets(
    datasets: Any, weights: Any = None, seed: int | None = None
) -> Dataset:
    """Elements of several datasets, each from one that is drawn.

    Args:
        datasets: with elements of one structure.
        weights: how likely each of them is; a vector, or a dataset of vectors; None:
            all are equally likely.
        seed: of the random numbers.

    Raises:
        TypeError: the weights are no floats, or the datasets do not go together.
        ValueError: there are not as many weights as datasets.
    """
    if isinstance(weights, Dataset):
        logits_of = weights.map(lambda *p: math.log(p, name="logits"))
        numbers = RandomDatasetV1(seed).batch(2)

        def select_dataset_varying_logits(logits: Any, seed: Any) -> Any:
            return _drawn(logits, seed)

        together = Dataset.zip((logits_of, numbers))
        return _directed(mapped(together, select_dataset_varying_logits), datasets)
    logits: Any = [[1.0] * len(datasets)]
    if weights is not None:
        logits = _logits(weights, len(datasets))
    if len(datasets) == 1:
        return DatasetV1Adapter(
            datasets[0]._variant_tensor, datasets[0].element_spec, [datasets[0]]
        )

    def select_dataset_constant_logits(seed: Any) -> Any:
        return _drawn(logits, seed)

    numbers = RandomDatasetV1(seed).batch(2)
    return _directed(mapped(numbers, select_dataset_constant_logits), datasets)


def _logits(weights: Any, count: int) -> Any:
    weights = convert_to_tensor(weights, name="weights")
    if weights.dtype not in _FLOATS:
        raise TypeError(
            "`weights` must be convertible to a tensor of `tf.float32` or `tf.float64` "
            "elements."
        )
    if not weights.shape.is_compatible_with([count]):
        raise ValueError("`weights` must be a vector of length `len(datasets)`.")
    return expand_dims(math.log(weights, name="logits"), 0)


def choose_from_datasets(datasets: Any, choice_dataset: Dataset) -> Dataset:
    """Elements of several datasets, each from the one that another dataset says.

    Raises:
        TypeError: the choices are no int64, or the datasets do not go together.
    """
    spec = choice_dataset.element_spec
    if not isinstance(spec, structure.TensorSpec) or not spec.is_compatible_with(
        _NUMBER
    ):
        raise TypeError(
            "`choice_dataset` must be a dataset of scalar `tf.int64` tensors."
        )
    return _directed(choice_dataset, datasets)


def _directed(choices: Dataset, given: Any) -> Dataset:
    datasets = list(given)
    specs = [dataset.element_spec for dataset in datasets]
    for parts in (structure.legacy_types, structure.legacy_classes):
        if any(parts(spec) != parts(specs[0]) for spec in specs[1:]):
            raise TypeError("All datasets must have the same type and class.")
    spec = _common_spec(specs)
    variant = apply(
        "DirectedInterleaveDataset",
        choices._variant_tensor,
        [dataset._variant_tensor for dataset in datasets],
        **structure.attributes(spec),
    )
    return DatasetV1Adapter(variant, spec, [choices, *datasets])


def _common_spec(specs: list[Any]) -> Any:
    columns = zip(*map(structure.flatten, specs), strict=True)
    shapes = []
    for leaves in columns:
        shape = leaves[0].shape
        for leaf in leaves[1:]:
            shape = shape.most_specific_compatible_shape(leaf.shape)
        shapes.append(shape)
    return structure.from_legacy(
        structure.legacy_types(specs[0]),
        structure.pack(specs[0], shapes),
        structure.legacy_classes(specs[0]),
    )


# -- another distribution --------------------------------------------------------------

_ESTIMATED_FROM = 32  # elements at a time
_SMOOTHING = 10  # elements of each class that count as seen before the first


def rejection_resample(
    class_func: Any,
    target_dist: Any,
    initial_dist: Any = None,
    seed: int | None = None,
) -> Transformation:
    """Pairs of a class and an element, the classes as often as is wanted.

    Args:
        class_func: gives the class of an element, int32 or int64.
        target_dist: how often each class is wanted, a vector of floats.
        initial_dist: how often it is there; None: that is estimated.
        seed: of the random numbers.
    """

    def transform(dataset: Dataset) -> Dataset:
        target = convert_to_tensor(target_dist, name="target_dist")
        classes = dataset.map(class_func)
        initial = None
        if initial_dist is not None:
            initial = convert_to_tensor(initial_dist, name="initial_dist")
            parts = (initial, *_acceptance(initial, target))
            there, accepted, kept = (
                Dataset.from_tensors(part).repeat() for part in parts
            )
        else:
            there = _estimated(target, classes)
            both = there.map(lambda initial: _acceptance(initial, target))
            accepted = both.map(lambda accept_prob, _: accept_prob)
            kept = both.map(lambda _, prob_original: prob_original)
        filtered = _filtered(dataset, accepted, there, classes, seed).prefetch(3)
        known = None if initial is None else _known_share(initial, target)
        if known == 1:
            return Dataset.zip((classes, dataset))
        if known == 0:
            return filtered
        original = Dataset.zip((classes, dataset))
        weights = kept.map(lambda prob: [(prob, 1.0 - prob)])
        return sample_from_datasets([original, filtered], weights=weights, seed=seed)

    return transform


def _ratio(initial: Any, target: Any) -> Any:
    return target / (initial + np.finfo(initial.dtype.as_numpy_dtype).tiny)


def _acceptance(initial: Any, target: Any) -> tuple[Any, Any]:
    """How often elements of each class are taken, and how often any are."""
    ratio = _ratio(initial, target)
    most, least = math.reduce_max(ratio), math.reduce_min(ratio)
    return (ratio - least) / (most - least), least


def _known_share(initial: Any, target: Any) -> Any:
    there, wanted = static_value(initial), static_value(target)
    return None if there is None or wanted is None else np.min(wanted / there)


def _filtered(
    dataset: Dataset, accepted: Dataset, there: Dataset, classes: Dataset, seed: Any
) -> Dataset:
    def maybe_warn_on_large_rejection(accept_dist: Any, initial_dist: Any) -> Any:
        rejected = math.reduce_sum((1 - accept_dist) * initial_dist)
        return cond(
            math.less(rejected, 0.5),
            lambda: accept_dist,
            lambda: Print(
                accept_dist,
                [rejected, initial_dist, accept_dist],
                message="Proportion of examples rejected by sampler is high: ",
                summarize=100,
                first_n=10,
            ),
        )

    def _gather_and_copy(class_val: Any, acceptance_prob: Any, data: Any) -> Any:
        return class_val, gather(acceptance_prob, class_val), data

    accepted = Dataset.zip((accepted, there)).map(maybe_warn_on_large_rejection)
    together = Dataset.zip((classes, accepted, dataset)).map(_gather_and_copy)
    taken = together.filter(lambda _1, p, _2: random_uniform([], seed=seed) < p)
    return taken.map(lambda class_value, _, data: (class_value, data))


def _estimated(target: Any, classes: Dataset) -> Dataset:
    """How often each class is there, as far as it was seen."""
    count = target.shape[0].value or array.shape(target)[0]
    seen = array.fill([count], np.int64(_SMOOTHING))

    def update_estimate_and_tile(seen: Any, c: Any) -> Any:
        count = seen.get_shape()[0].value
        new = math.reduce_sum(one_hot(c, count, dtype=dtypes.int64), 0)
        seen = math.add(seen, new)
        shares = math.cast(math.truediv(seen, math.reduce_sum(seen)), dtypes.float32)
        return seen, tile(expand_dims(shares, 0), [_ESTIMATED_FROM, 1])

    batches = classes.batch(_ESTIMATED_FROM)
    return batches.apply(scan(seen, update_estimate_and_tile)).unbatch()
