"""Fourier transforms, over the last one, two or three dimensions.

After math. TF 1.15: those of real numbers are of float32 only, and are given the length
they transform as an input; what is shorter is filled with zeros first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import dtypes, shape_inference
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.naming import name_functions
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.registry import ShapeError, define
from scopetutor.engine.surroundings import name_scope

from . import array, joining, math, padding, reshaping, rules
from .matmul import matmul
from .static import static_shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims, TensorShape

Array = np.ndarray[Any, Any]


# -- the operations ----------------------------------------------------------------


def _complex_shape(rank: int) -> rules.Rule:
    return lambda op: [rules.at_least_rank(op._inputs[0]._dims, rank)]


def _complex_kernel(rank: int, inverse: bool) -> Callable[[Array], Array]:
    transform: Any = np.fft.ifftn if inverse else np.fft.fftn
    axes = range(-rank, 0)
    return lambda x: transform(x, axes=axes).astype(x.dtype, copy=False)


def _real_shape(rank: int, inverse: bool) -> rules.Rule:
    def rule(op: Operation) -> list[Dims]:
        dims = rules.at_least_rank(op._inputs[0]._dims, rank)
        (count,) = rules.with_rank(op._inputs[1]._dims, 1)
        if count not in (None, rank):
            raise ShapeError(f"Dimension must be {rank} but is {count}")
        if dims is None:
            return [None]
        lengths = shape_inference.value(op, 1)
        if lengths is None:
            return [(*dims[:-rank], *[None] * rank)]
        sizes = [int(length) for length in lengths]
        if not inverse and sizes[-1] > 0:
            sizes[-1] = sizes[-1] // 2 + 1
        return [(*dims[:-rank], *sizes)]

    return rule


def _real_kernel(rank: int, inverse: bool) -> Callable[[Array, Array], Array]:
    transform: Any = np.fft.irfftn if inverse else np.fft.rfftn
    kind = np.float32 if inverse else np.complex64
    axes = range(-rank, 0)

    def kernel(x: Array, lengths: Array) -> Array:
        wanted = lengths.tolist()
        least = [*wanted[:-1], wanted[-1] // 2 + 1] if inverse else wanted
        for i, (size, length) in enumerate(zip(x.shape[-rank:], least, strict=True)):
            if size < length and x.size:
                text = f"Input dimension {x.ndim - rank + i} must have length of at "
                raise InvalidArgumentError(
                    None, None, f"{text}least {length} but got: {size}"
                )
        if not x.size or 0 in wanted:
            last = wanted[-1] if inverse or not wanted[-1] else wanted[-1] // 2 + 1
            return np.zeros((*x.shape[:-rank], *wanted[:-1], last), kind)
        result: Array = transform(x, s=wanted, axes=axes).astype(kind, copy=False)
        return result

    return kernel


for _rank, _suffix in ((1, ""), (2, "2D"), (3, "3D")):
    for _inverse, _prefix in ((False, ""), (True, "I")):
        define(
            f"{_prefix}FFT{_suffix}",
            shape=_complex_shape(_rank),
            kernel=_complex_kernel(_rank, _inverse),
            gradient=f"fourier.{_prefix.lower()}fft{_suffix.lower()}_grad",
        )
        define(
            f"{_prefix}RFFT{_suffix}",
            shape=_real_shape(_rank, _inverse),
            kernel=_real_kernel(_rank, _inverse),
            gradient=f"fourier.{_prefix.lower()}rfft{_suffix.lower()}_grad"
            if _rank < 3
            else "",
        )


# -- as functions ------------------------------------------------------------------


def _complex(op_type: str) -> Callable[..., Any]:
    def transform(input: Any, name: str | None = None) -> Any:
        """The transform of complex numbers."""
        return apply(op_type, input, name=name)

    return transform


fft, fft2d, fft3d = (_complex(op) for op in ("FFT", "FFT2D", "FFT3D"))
ifft, ifft2d, ifft3d = (_complex(op) for op in ("IFFT", "IFFT2D", "IFFT3D"))


def _real(op_type: str, rank: int, *, inverse: bool) -> Callable[..., Any]:
    dtype = dtypes.complex64 if inverse else dtypes.float32

    def transform(
        input_tensor: Any, fft_length: Any = None, name: str | None = None
    ) -> Any:
        """The transform between real numbers and the first half of their spectrum."""
        values = [input_tensor, fft_length]
        with name_scope(name, op_type.lower(), values) as scope:
            x = convert_to_tensor(input_tensor, dtype)
            x.shape.with_rank_at_least(rank)
            if fft_length is None:
                lengths = _lengths(x, rank, inverse=inverse)
            else:
                lengths = convert_to_tensor(fft_length, dtypes.int32)
            x = _long_enough(x, rank, lengths, inverse=inverse)
            return apply(op_type, x, lengths, name=scope)

    return transform


rfft = _real("RFFT", 1, inverse=False)
rfft2d = _real("RFFT2D", 2, inverse=False)
rfft3d = _real("RFFT3D", 3, inverse=False)
irfft = _real("IRFFT", 1, inverse=True)
irfft2d = _real("IRFFT2D", 2, inverse=True)
irfft3d = _real("IRFFT3D", 3, inverse=True)


def _lengths(x: Any, rank: int, *, inverse: bool) -> Any:
    """How long the real numbers are, if nobody says."""
    known = x.get_shape()[-rank:]
    if known.is_fully_defined():
        sizes = known.as_list()
        if inverse and sizes:
            sizes[-1] = max(0, 2 * (sizes[-1] - 1))
        return convert_to_tensor(sizes, dtypes.int32)
    late = array.shape(x)[-rank:]
    if not inverse:
        return late
    parts = joining.unstack(late)
    parts[-1] = math.maximum(0, 2 * (parts[-1] - 1))
    return joining.stack(parts)


def _long_enough(x: Any, rank: int, lengths: Any, *, inverse: bool) -> Any:
    """Fills up with zeros what is shorter than it is said to be."""
    wanted = static_shape(lengths)
    known = x.shape
    if known.ndims is not None and any(size == 0 for size in known.as_list()):
        return x
    if wanted.is_fully_defined() and known.ndims is not None:
        given = known[-(wanted.ndims or 0) :]
        if given.is_fully_defined():
            return _filled(x, given, wanted.as_list(), inverse=inverse)
    rank_of_x = array.rank(x)
    given = array.shape(x)[-rank:]
    outer = array.zeros([math.maximum(0, rank_of_x - rank)], lengths.dtype)
    if inverse:
        lengths = joining.concat([lengths[:-1], lengths[-1:] // 2 + 1], 0)
    missing = math.maximum(0, lengths - given)
    after = joining.concat([outer, missing], 0)
    return padding.pad(x, joining.stack([array.zeros_like(after), after], axis=1))


def _filled(x: Any, given: TensorShape, sizes: list[Any], *, inverse: bool) -> Any:
    if inverse:
        sizes = [*sizes[:-1], sizes[-1] // 2 + 1]
    pairs = zip(sizes, given.as_list(), strict=False)
    after = [[0, max(size - had, 0)] for size, had in pairs]
    if not any(more for _, more in after):
        return x
    outer = [[0, 0]] * max(x.shape.ndims - len(sizes), 0)
    return padding.pad(x, outer + after)


# -- gradients ---------------------------------------------------------------------


def _count(x: Any, rank: int) -> Any:
    return math.reduce_prod(array.shape(x)[-rank:])


def _gradient(rank: int, back: Callable[..., Any]) -> Callable[..., Any]:
    def gradient(_: Operation, grad: Any) -> Any:
        size = math.cast(_count(grad, rank), grad.dtype)
        return back(grad) * size

    return gradient


def _inverse_gradient(rank: int, back: Callable[..., Any]) -> Callable[..., Any]:
    def gradient(_: Operation, grad: Any) -> Any:
        size = math.cast(_count(grad, rank), grad.dtype.real_dtype)
        share = math.cast(1.0 / size, grad.dtype)
        return back(grad) * share

    return gradient


fft_grad, ifft_grad = _gradient(1, ifft), _inverse_gradient(1, fft)
fft2d_grad, ifft2d_grad = _gradient(2, ifft2d), _inverse_gradient(2, fft2d)
fft3d_grad, ifft3d_grad = _gradient(3, ifft3d), _inverse_gradient(3, fft3d)


def rfft_grad(op: Operation, grad: Any) -> tuple[Any, None]:
    """The inverse transform counts the inner frequencies twice; the ends are added."""
    shape, is_even = _lengths_of(op)
    first = grad[..., 0:1]
    last = grad[..., -1:]
    extra = first + is_even * last * _signs(shape[-1])
    return _half(op, grad, irfft, 1, extra), None


def rfft2d_grad(op: Operation, grad: Any) -> tuple[Any, None]:
    """As `rfft_grad`; the first and last column are transformed back by themselves."""
    shape, is_even = _lengths_of(op)
    first = grad[..., 0:1]
    waves = _waves(shape[-2])
    tiled = _tiled_like(waves, first)
    extra = matmul(tiled, math.conj(first))
    last = grad[..., -1:]
    columns = matmul(tiled, math.conj(last))
    width = shape[-1]
    ones = array.ones([array.rank(grad) - 1], dtypes.int32)
    columns = joining.tile(columns, joining.concat([ones, [width]], 0)) * _signs(width)
    extra += is_even * columns
    return _half(op, grad, irfft2d, 2, extra), None


def _lengths_of(op: Operation) -> tuple[Any, Any]:
    """The shape of what was transformed, and 1 if its length is even, else 0."""
    lengths = op.inputs[1]
    shape = array.shape(op.inputs[0])
    return shape, math.cast(1 - (lengths[-1] % 2), dtypes.complex64)


def _half(
    op: Operation, grad: Any, back: Callable[..., Any], rank: int, extra: Any
) -> Any:
    size = math.cast(_count(op.inputs[0], rank), dtypes.float32)
    inverse = back(grad, op.inputs[1])
    return 0.5 * (inverse * size + math.real(extra))


def _signs(length: Any) -> Any:
    """1, -1, 1, -1, ..."""
    return math.cast(1 - 2 * (math.range_(length) % 2), dtypes.complex64)


def _waves(length: Any) -> Any:
    """The matrix that transforms a column."""
    row = reshaping.expand_dims(math.range_(length), 0)
    across = joining.tile(row, (length, 1))
    down = reshaping.transpose(across, [1, 0])
    turn = -2j * np.pi * math.cast(across * down, dtypes.complex64)
    return math.exp(turn / math.cast(length, dtypes.complex64))


def _tiled_like(matrix: Any, batch: Any) -> Any:
    ones = array.ones([array.rank(batch) - 2], dtypes.int32)
    shape = joining.concat([ones, array.shape(matrix)], 0)
    expanded = reshaping.reshape(matrix, shape)
    return joining.tile(expanded, joining.concat([array.shape(batch)[:-2], [1, 1]], 0))


def _irfft_gradient(rank: int, back: Callable[..., Any]) -> Callable[..., Any]:
    def gradient(op: Operation, grad: Any) -> tuple[Any, None]:
        lengths = op.inputs[1]
        is_odd = math.mod(lengths[-1], 2)
        count = array.shape(op.inputs[0])[-1]
        inner = 2.0 * array.ones([count - 2 + is_odd])
        weights = joining.concat([[1.0], inner, array.ones([1 - is_odd])], 0)
        share = math.reciprocal(math.cast(_count(grad, rank), dtypes.float32))
        spectrum = back(grad, lengths)
        return spectrum * math.cast(share * weights, dtypes.complex64), None

    return gradient


irfft_grad, irfft2d_grad = _irfft_gradient(1, rfft), _irfft_gradient(2, rfft2d)


name_functions(globals())
