"""Special functions: the incomplete gamma and beta functions, zeta, Bessel's.

After elementwise. They are computed as float64, whatever the type is, by the series and
fractions of Abramowitz and Stegun, "Handbook of mathematical functions", 1964; a number
in brackets is a formula there.
"""

from __future__ import annotations

import math as numbers
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope

from . import array, math, rules
from .elementwise import digamma_of, log_gamma_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]

_EPSILON = 1e-16
_STEPS = 10_000  # no series below is longer for what it is used for
_TINY = 1e-300


def _wide(function: Callable[..., Array]) -> Callable[..., Array]:
    """The kernel of a function of float64 arrays of one shape."""

    def kernel(*given: Array) -> Array:
        kind = np.result_type(*given)
        wide = np.broadcast_arrays(*(np.asarray(x, np.float64) for x in given))
        with np.errstate(all="ignore"):
            return np.asarray(function(*wide), kind)

    return kernel


# -- incomplete gamma functions ----------------------------------------------------


def _lower_series(a: Array, x: Array) -> Array:
    """The lower function by its series (6.5.29); for x <= a + 1."""
    term = 1 / a
    total = term.copy()
    for n in range(1, _STEPS):
        term = term * x / (a + n)
        total += term
        if not np.any(np.abs(term) > np.abs(total) * _EPSILON):
            break
    result: Array = total * np.exp(a * np.log(x) - x - log_gamma_of(a))
    return result


def _upper_fraction(a: Array, x: Array) -> Array:
    """The upper function by its continued fraction (6.5.31); for x > a + 1."""
    b = x + 1 - a
    c = np.full_like(x, 1 / _TINY)
    d = 1 / b
    result = d.copy()
    for n in range(1, _STEPS):
        factor = -n * (n - a)
        b = b + 2
        d = 1 / _not_zero(factor * d + b)
        c = _not_zero(b + factor / c)
        step = d * c
        result *= step
        if not np.any(np.abs(step - 1) > _EPSILON * 4):
            break
    result *= np.exp(a * np.log(x) - x - log_gamma_of(a))
    return result


def _not_zero(x: Array) -> Array:
    return np.where(np.abs(x) < _TINY, _TINY, x)


def _lower_and_upper(a: Array, x: Array) -> tuple[Array, Array]:
    lower, upper = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    good = (x > 0) & (a > 0) & np.isfinite(x)
    near = good & (x <= a + 1)
    far = good & ~near
    lower[near] = _lower_series(a[near], x[near])
    upper[near] = 1 - lower[near]
    upper[far] = _upper_fraction(a[far], x[far])
    lower[far] = 1 - upper[far]
    ends = (a > 0) & np.isposinf(x)
    lower[ends], upper[ends] = 1, 0
    return lower, upper


def _igamma(a: Array, x: Array) -> Array:
    return np.where(x == 0, 0, _lower_and_upper(a, x)[0])


def _igammac(a: Array, x: Array) -> Array:
    return np.where((x == 0) & (a > 0), 1, _lower_and_upper(a, x)[1])


def _igamma_slope(a: Array, x: Array) -> Array:
    """How the lower function changes with `a`: differences over two distances.

    Together they are right to the fourth power of the distance.
    """
    step = np.minimum(1e-3, a / 4)
    near = _igamma(a + step, x) - _igamma(a - step, x)
    far = _igamma(a + 2 * step, x) - _igamma(a - 2 * step, x)
    return np.where(x == 0, 0, (8 * near - far) / (12 * step))


def _sample_slope(a: Array, x: Array) -> Array:
    density = np.exp((a - 1) * np.log(x) - x - log_gamma_of(a))
    result: Array = -_igamma_slope(a, x) / density
    return result


gamma_sample_slope = _wide(_sample_slope)

# -- the incomplete beta function --------------------------------------------------


def _beta_fraction(a: Array, b: Array, x: Array) -> Array:
    """The continued fraction (26.5.8); it converges fast below the mean."""
    c = np.ones_like(x)
    d = 1 / _not_zero(1 - (a + b) * x / (a + 1))
    result = d.copy()
    for n in range(1, _STEPS):
        twice = a + 2 * n
        even = n * (b - n) * x / ((twice - 1) * twice)
        odd = -(a + n) * (a + b + n) * x / (twice * (twice + 1))
        for factor in (even, odd):
            d = 1 / _not_zero(1 + factor * d)
            c = _not_zero(1 + factor / c)
            result *= d * c
        if not np.any(np.abs(d * c - 1) > _EPSILON * 4):
            break
    return result


def _betainc(a: Array, b: Array, x: Array) -> Array:
    good = (a > 0) & (b > 0) & (x > 0) & (x < 1)
    result = np.full(x.shape, np.nan)
    result[(a > 0) & (b > 0) & (x == 0)] = 0
    result[(a > 0) & (b > 0) & (x == 1)] = 1
    a, b, x = a[good], b[good], x[good]
    scale = np.exp(
        log_gamma_of(a + b)
        - log_gamma_of(a)
        - log_gamma_of(b)
        + a * np.log(x)
        + b * np.log1p(-x)
    )
    turned = x > (a + 1) / (a + b + 2)
    first, second = np.where(turned, b, a), np.where(turned, a, b)
    part = scale * _beta_fraction(first, second, np.where(turned, 1 - x, x)) / first
    result[good] = np.where(turned, 1 - part, part)
    return result


# -- zeta and polygamma ------------------------------------------------------------

# Bernoulli's numbers of even index, from 2 on.
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
_SUMMED = 12  # terms that are added one by one


def _zeta(x: Array, q: Array) -> Array:
    """Hurwitz's zeta function, by Euler and Maclaurin's formula (23.1.30)."""
    total = np.zeros_like(x)
    for k in range(_SUMMED):
        total += np.power(q + k, -x)
    end = q + _SUMMED
    total += np.power(end, 1 - x) / (x - 1) + np.power(end, -x) / 2
    factor, power = x, np.power(end, -x - 1)
    for k, bernoulli in enumerate(_BERNOULLI):
        total += bernoulli * factor * power / numbers.factorial(2 * k + 2)
        factor = factor * (x + 2 * k + 1) * (x + 2 * k + 2)
        power = power / (end * end)
    total = np.where((q <= 0) & (x % 1 != 0), np.nan, total)
    total = np.where((q <= 0) & (q % 1 == 0), np.inf, total)
    return np.where(x == 1, np.inf, np.where(x < 1, np.nan, total))


def _polygamma(a: Array, x: Array) -> Array:
    factorial = np.exp(log_gamma_of(a + 1))
    sign = np.where(a % 2 == 0, -1, 1)
    result = sign * factorial * _zeta(a + 1, x)
    result = np.where(a == 0, digamma_of(x), result)
    return np.where((a % 1 != 0) | (a < 0), np.nan, result)


# -- Bessel functions --------------------------------------------------------------

_FAR = 30.0  # from where on Hankel's series (9.7.1) is exact
_POINTS = 128  # at which the integral (9.6.19) is evaluated: exact for what is nearer


def _bessel(order: int) -> Callable[[Array], Array]:
    """The modified function of the first kind, times e to the power of -|x|."""
    angles = np.arange(_POINTS) * (2 * np.pi / _POINTS)
    waves = np.cos(order * angles)

    def function(x: Array) -> Array:
        size = np.abs(x)
        near = np.minimum(size, _FAR)[..., None]
        integral = (np.exp(near * (np.cos(angles) - 1)) * waves).mean(-1)
        far = np.maximum(size, _FAR)
        term, series = np.ones_like(far), np.ones_like(far)
        for k in range(1, 16):
            term = term * -(4 * order**2 - (2 * k - 1) ** 2) / (8 * k * far)
            series += term
        result = np.where(size < _FAR, integral, series / np.sqrt(2 * np.pi * far))
        return result * np.sign(x) ** order if order else result

    return function


# -- the operations ----------------------------------------------------------------


def _beta_shape(op: Operation) -> list[Dims]:
    dims: Dims = ()
    for given in op._inputs:
        known = given._dims
        if known == ():
            continue
        dims = known if dims == () else rules.merge(dims, known)
    return [dims]


for _type, _function in {
    "Igamma": _igamma,
    "Igammac": _igammac,
    "IgammaGradA": _igamma_slope,
    "Zeta": _zeta,
    "Polygamma": _polygamma,
}.items():
    define(
        _type,
        shape=rules.broadcast_inputs,
        kernel=_wide(_function),
        gradient="" if _type == "IgammaGradA" else f"special_gradients.{_type.lower()}",
    )
define(
    "Betainc",
    shape=_beta_shape,
    kernel=_wide(_betainc),
    gradient="special_gradients.betainc",
)
for _order in (0, 1):
    define(
        f"BesselI{_order}e",
        shape=rules.unchanged,
        kernel=_wide(_bessel(_order)),
        gradient=f"special_gradients.bessel_i{_order}e",
    )


def igamma(a: Any, x: Any, name: str | None = None) -> Any:
    """The lower incomplete gamma function, as a share of the whole."""
    return apply("Igamma", a, x, name=name)


def igammac(a: Any, x: Any, name: str | None = None) -> Any:
    """The upper incomplete gamma function, as a share of the whole."""
    return apply("Igammac", a, x, name=name)


def betainc(a: Any, b: Any, x: Any, name: str | None = None) -> Any:
    """The incomplete beta function, as a share of the whole."""
    return apply("Betainc", a, b, x, name=name)


def zeta(x: Any, q: Any, name: str | None = None) -> Any:
    """Hurwitz's zeta function."""
    return apply("Zeta", x, q, name=name)


def polygamma(a: Any, x: Any, name: str | None = None) -> Any:
    """The derivative number `a` of digamma."""
    return apply("Polygamma", a, x, name=name)


def bessel_i0e(x: Any, name: str | None = None) -> Any:
    """The modified Bessel function of order 0, times e to the power of -|x|."""
    return _scaled_bessel(0, x, name)


def bessel_i1e(x: Any, name: str | None = None) -> Any:
    """The modified Bessel function of order 1, times e to the power of -|x|."""
    return _scaled_bessel(1, x, name)


def _scaled_bessel(order: int, x: Any, name: str | None) -> Any:
    return apply(f"BesselI{order}e", x, name=name)


def bessel_i0(x: Any, name: str | None = None) -> Any:
    """The modified Bessel function of order 0."""
    with name_scope(name, "bessel_i0", [x]):
        return math.exp(math.abs(x)) * bessel_i0e(x)


def bessel_i1(x: Any, name: str | None = None) -> Any:
    """The modified Bessel function of order 1."""
    with name_scope(name, "bessel_i1", [x]):
        return math.exp(math.abs(x)) * bessel_i1e(x)


def polyval(coeffs: Any, x: Any, name: str | None = None) -> Any:
    """A polynomial; the coefficient of the highest power comes first."""
    with name_scope(name, "polyval", [*coeffs, x]) as scope:
        x = convert_to_tensor(x, name="x")
        if len(coeffs) < 1:
            return array.zeros_like(x, name=scope)
        terms = [
            convert_to_tensor(coefficient, name=f"coeff_{i}")
            for i, coefficient in enumerate(coeffs)
        ]
        result = terms[0]
        for term in terms[1:]:
            result = term + result * x
        return result


# -- the next number ---------------------------------------------------------------


define(
    "NextAfter",
    shape=rules.broadcast_inputs,
    kernel=np.nextafter,
    gradient="special_gradients.nextafter",
)


def nextafter(x1: Any, x2: Any, name: str | None = None) -> Any:
    """The number after the first, in the direction of the second."""
    return apply("NextAfter", x1, x2, name=name)


def reciprocal_no_nan(x: Any, name: str | None = None) -> Any:
    """1 / x, but 0 where x is 0."""
    with name_scope(name, "reciprocal_no_nan", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        one = convert_to_tensor(1, dtype=x.dtype.base_dtype, name="one")
        return apply("DivNoNan", one, x, name=scope)


name_functions(globals())
