"""`tf.distributions.Distribution`: shapes, samples, densities, from what a class says.

A class says what it can in methods that begin with an underscore; the public ones give
them name scopes and fill the gaps: `prob` is exp of `_log_prob`, and the like.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from scopetutor.engine import dtypes
from scopetutor.engine.convert import convert_to_tensor, is_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.gathering import where_no_warning
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.ops.static import static_value
from scopetutor.engine.shapes import TensorShape, as_shape
from scopetutor.engine.surroundings import name_scope

from . import divergence
from .moved import moved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class ReparameterizationType:
    """Whether gradients flow through samples into the parameters."""

    @moved("ReparameterizationType.__init__", "distribution")
    def __init__(self, rep_type: str) -> None:
        self._rep_type = rep_type

    @classmethod
    def _quietly(cls, rep_type: str) -> ReparameterizationType:
        made = cls.__new__(cls)
        made._rep_type = rep_type
        return made

    def __repr__(self) -> str:
        return f"<Reparameteriation Type: {self._rep_type}>"


FULLY_REPARAMETERIZED = ReparameterizationType._quietly("FULLY_REPARAMETERIZED")
NOT_REPARAMETERIZED = ReparameterizationType._quietly("NOT_REPARAMETERIZED")


class Distribution:
    """What can be sampled.

    Args:
        dtype: of samples.
        reparameterization_type: whether gradients flow through samples.
        validate_args: whether arguments are checked when the graph runs.
        allow_nan_stats: whether a statistic that does not exist is NaN, or an error.
        parameters: the arguments it was made with.
        graph_parents: the tensors it depends on.
        name: of its operations; with a slash at the end it is taken as it is.

    Raises:
        ValueError: a graph parent is no tensor.
    """

    @moved("Distribution.__init__", "distribution")
    def __init__(
        self,
        dtype: Any,
        reparameterization_type: Any,
        validate_args: bool,
        allow_nan_stats: bool,
        parameters: dict[str, Any] | None = None,
        graph_parents: Sequence[Any] | None = None,
        name: str | None = None,
    ) -> None:
        parents = [] if graph_parents is None else list(graph_parents)
        for i, parent in enumerate(parents):
            if parent is None or not is_tensor(parent):
                raise ValueError(f"Graph parent item {i} is not a Tensor; {parent}.")
        scope: Any = name
        if not name or name[-1] != "/":
            with name_scope(name or type(self).__name__) as scope:
                pass
        self._dtype = dtype
        self._reparameterization_type = reparameterization_type
        self._allow_nan_stats = allow_nan_stats
        self._validate_args = validate_args
        self._parameters = parameters or {}
        self._graph_parents = parents
        self._name = scope

    @property
    def name(self) -> Any:
        """Of its operations, with a slash at the end."""
        return self._name

    @property
    def dtype(self) -> Any:
        """Of samples."""
        return self._dtype

    @property
    def parameters(self) -> dict[str, Any]:
        """The arguments it was made with."""
        return {
            name: value
            for name, value in self._parameters.items()
            if not name.startswith("__") and name != "self"
        }

    @property
    def reparameterization_type(self) -> Any:
        """Whether gradients flow through samples."""
        return self._reparameterization_type

    @property
    def allow_nan_stats(self) -> bool:
        """Whether a statistic that does not exist is NaN, or an error."""
        return self._allow_nan_stats

    @property
    def validate_args(self) -> bool:
        """Whether arguments are checked when the graph runs."""
        return self._validate_args

    def copy(self, **override_parameters_kwargs: Any) -> Any:
        """One like it, with some arguments changed."""
        make: Any = type(self)
        return make(**{**self.parameters, **override_parameters_kwargs})

    @contextmanager
    def _name_scope(self, name: Any, values: Sequence[Any] = ()) -> Iterator[Any]:
        with (
            name_scope(self.name),
            name_scope(name, values=[*values, *self._graph_parents]) as scope,
        ):
            yield scope

    # -- shapes --------------------------------------------------------------------

    @property
    def batch_shape(self) -> Any:
        """How many independent distributions there are, as far as known."""
        return as_shape(self._batch_shape())

    @property
    def event_shape(self) -> Any:
        """The shape of one sample of one distribution, as far as known."""
        return as_shape(self._event_shape())

    def batch_shape_tensor(self, name: str = "batch_shape_tensor") -> Any:
        """`batch_shape` as a tensor."""
        return self._shape_tensor(
            name, "batch_shape", self.batch_shape, self._batch_shape_tensor
        )

    def event_shape_tensor(self, name: str = "event_shape_tensor") -> Any:
        """`event_shape` as a tensor."""
        return self._shape_tensor(
            name, "event_shape", self.event_shape, self._event_shape_tensor
        )

    def _shape_tensor(
        self, name: str, what: str, known: Any, make: Callable[[], Any]
    ) -> Any:
        with self._name_scope(name):
            if known.is_fully_defined():
                return convert_to_tensor(known.as_list(), dtype=dtypes.int32, name=what)
            return make()

    def is_scalar_batch(self, name: str = "is_scalar_batch") -> Any:
        """Whether there is one distribution, as a tensor."""
        return self._is_scalar(name, self.batch_shape, self.batch_shape_tensor)

    def is_scalar_event(self, name: str = "is_scalar_event") -> Any:
        """Whether one sample is a number, as a tensor."""
        return self._is_scalar(name, self.event_shape, self.event_shape_tensor)

    def _is_scalar(self, name: str, known: Any, make: Callable[[], Any]) -> Any:
        with self._name_scope(name):
            found: Any
            if known.ndims is not None:
                found = known.ndims == 0
            else:
                found = math.equal(array.shape(make())[0], 0)
            return convert_to_tensor(found, name=name)

    # -- samples -------------------------------------------------------------------

    def sample(
        self, sample_shape: Any = (), seed: int | None = None, name: str = "sample"
    ) -> Any:
        """Samples.

        Args:
            sample_shape: how many; they come before `batch_shape` and `event_shape`.
            seed: of the operation.
            name: of the operations.
        """
        with self._name_scope(name, [sample_shape]):
            wanted = convert_to_tensor(
                sample_shape, dtype=dtypes.int32, name="sample_shape"
            )
            wanted, n = _as_vector(wanted, "sample_shape")
            samples = self._sample_n(n, seed)
            shape = concat([wanted, array.shape(samples)[1:]], 0)
            return self._with_static_shape(reshape(samples, shape), wanted)

    def _with_static_shape(self, samples: Any, sample_shape: Any) -> Any:
        """The samples, with what is known of their shape."""
        known = TensorShape(static_value(sample_shape))
        whole = known.concatenate(self.batch_shape).concatenate(self.event_shape)
        samples.set_shape(samples.get_shape().merge_with(whole))
        return samples

    # -- of a value ----------------------------------------------------------------

    def _of_value(self, name: str, value: Any, *ways: Callable[[Any], Any]) -> Any:
        """The first of several ways that the class knows."""
        with self._name_scope(name, [value]):
            value = convert_to_tensor(value, name="value", preferred_dtype=self.dtype)
            return _first_known(ways, value)

    def log_prob(self, value: Any, name: str = "log_prob") -> Any:
        """The logarithm of how likely a value is."""
        return self._of_value(
            name, value, self._log_prob, lambda x: math.log(self._prob(x))
        )

    def prob(self, value: Any, name: str = "prob") -> Any:
        """How likely a value is."""
        return self._of_value(
            name, value, self._prob, lambda x: math.exp(self._log_prob(x))
        )

    def log_cdf(self, value: Any, name: str = "log_cdf") -> Any:
        """The logarithm of how likely samples are not above a value."""
        return self._of_value(
            name, value, self._log_cdf, lambda x: math.log(self._cdf(x))
        )

    def cdf(self, value: Any, name: str = "cdf") -> Any:
        """How likely samples are not above a value."""
        return self._of_value(
            name, value, self._cdf, lambda x: math.exp(self._log_cdf(x))
        )

    def log_survival_function(
        self, value: Any, name: str = "log_survival_function"
    ) -> Any:
        """The logarithm of how likely samples are above a value."""
        return self._of_value(
            name,
            value,
            self._log_survival_function,
            lambda x: math.log1p(-self.cdf(x)),
        )

    def survival_function(self, value: Any, name: str = "survival_function") -> Any:
        """How likely samples are above a value."""
        return self._of_value(
            name, value, self._survival_function, lambda x: 1.0 - self.cdf(x)
        )

    def quantile(self, value: Any, name: str = "quantile") -> Any:
        """Below which value so many of the samples are."""
        return self._of_value(name, value, self._quantile)

    # -- statistics ----------------------------------------------------------------

    def _statistic(self, name: str, *ways: Callable[[], Any]) -> Any:
        with self._name_scope(name):
            return _first_known(ways)

    def entropy(self, name: str = "entropy") -> Any:
        """In nats."""
        return self._statistic(name, self._entropy)

    def mean(self, name: str = "mean") -> Any:
        """The expected value."""
        return self._statistic(name, self._mean)

    def mode(self, name: str = "mode") -> Any:
        """The likeliest value."""
        return self._statistic(name, self._mode)

    def variance(self, name: str = "variance") -> Any:
        """The expected square of the difference to the mean."""
        return self._statistic(
            name, self._variance, lambda: math.square(self._stddev())
        )

    def stddev(self, name: str = "stddev") -> Any:
        """The square root of the variance."""
        return self._statistic(name, self._stddev, lambda: math.sqrt(self._variance()))

    def covariance(self, name: str = "covariance") -> Any:
        """Of events that are vectors."""
        return self._statistic(name, self._covariance)

    def cross_entropy(self, other: Any, name: str = "cross_entropy") -> Any:
        """The entropy, plus the divergence from another distribution."""
        with self._name_scope(name):
            return divergence.cross_entropy(
                self, other, allow_nan_stats=self.allow_nan_stats
            )

    def kl_divergence(self, other: Any, name: str = "kl_divergence") -> Any:
        """The Kullback-Leibler divergence from another distribution."""
        with self._name_scope(name):
            return divergence.kl_divergence(
                self, other, allow_nan_stats=self.allow_nan_stats
            )

    # -- what a class says ---------------------------------------------------------

    def _absent(self, what: str) -> NoReturn:
        raise NotImplementedError(f"{what} is not implemented: {type(self).__name__}")

    def _batch_shape(self) -> Any:
        return TensorShape(None)

    def _event_shape(self) -> Any:
        return TensorShape(None)

    def _batch_shape_tensor(self) -> Any:
        self._absent("batch_shape_tensor")

    def _event_shape_tensor(self) -> Any:
        self._absent("event_shape_tensor")

    def _sample_n(self, n: Any, seed: int | None = None) -> Any:
        self._absent("sample_n")

    def _log_prob(self, value: Any) -> Any:
        self._absent("log_prob")

    def _prob(self, value: Any) -> Any:
        self._absent("prob")

    def _log_cdf(self, value: Any) -> Any:
        self._absent("log_cdf")

    def _cdf(self, value: Any) -> Any:
        self._absent("cdf")

    def _log_survival_function(self, value: Any) -> Any:
        self._absent("log_survival_function")

    def _survival_function(self, value: Any) -> Any:
        self._absent("survival_function")

    def _quantile(self, value: Any) -> Any:
        self._absent("quantile")

    def _entropy(self) -> Any:
        self._absent("entropy")

    def _mean(self) -> Any:
        self._absent("mean")

    def _mode(self) -> Any:
        self._absent("mode")

    def _variance(self) -> Any:
        self._absent("variance")

    def _stddev(self) -> Any:
        self._absent("stddev")

    def _covariance(self) -> Any:
        self._absent("covariance")

    def __str__(self) -> str:
        batch = event = ""
        if self.batch_shape.ndims is not None:
            batch = f", batch_shape={self.batch_shape}"
        if self.event_shape.ndims is not None:
            event = f", event_shape={self.event_shape}"
        return (
            f'tfp.distributions.{type(self).__name__}("{self.name}"{batch}{event}, '
            f"dtype={dtypes.as_dtype(self.dtype).name})"
        )

    def __repr__(self) -> str:
        return (
            f"<tfp.distributions.{type(self).__name__} '{self.name}' "
            f"batch_shape={self.batch_shape} event_shape={self.event_shape} "
            f"dtype={dtypes.as_dtype(self.dtype).name}>"
        )


def _first_known(ways: Sequence[Callable[..., Any]], *values: Any) -> Any:
    """What the first way gives that is implemented; the first refusal if none is."""
    refusal: NotImplementedError | None = None
    for way in ways:
        try:
            return way(*values)
        except NotImplementedError as error:
            refusal = refusal or error
    assert refusal is not None
    raise refusal


def _as_vector(shape: Any, name: str) -> tuple[Any, Any]:
    """A shape of rank 0 or 1 as one of rank 1, and its product."""
    known = static_value(shape)
    product: Any
    if known is None:
        product = math.reduce_prod(shape)
    else:
        product = np.prod(known, dtype=np.int32)
    rank = shape.get_shape().ndims
    if rank is None:
        scalar = math.equal(array.rank(shape), 0)
        wanted = where_no_warning(scalar, np.array([1], np.int32), array.shape(shape))
        return reshape(shape, wanted), product
    if rank == 0:
        if known is None:
            return reshape(shape, [1]), product
        return convert_to_tensor(np.array([known], np.int32), name=name), product
    if rank != 1:
        raise ValueError("Input is neither scalar nor vector.")
    return shape, product
