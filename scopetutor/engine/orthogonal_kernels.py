"""Initializers of convolutions that keep the length of what they are given.

After initializers. A delta-orthogonal kernel is an orthogonal matrix in the middle and
zero elsewhere (Xiao et al., 2018); an orthogonal kernel is a product of small kernels
made of projections (Kautsky and Turcajova, 1994, for several dimensions).
"""

from __future__ import annotations

import itertools
from typing import Any

from . import dtypes
from .apply import apply
from .initializers import TypedInitializer
from .ops import array, joining, linalg, random, reshaping, scattering
from .ops import math as math_ops

_Blocks = dict[tuple[int, ...], Any]


class _OfConvolutions(TypedInitializer):
    """What both kinds are told."""

    def __init__(
        self, gain: Any = 1.0, seed: int | None = None, dtype: Any = dtypes.float32
    ) -> None:
        self.gain, self.seed = gain, seed
        self._set_dtype(dtype, floats_only=True)

    def get_config(self) -> dict[str, Any]:
        return {"gain": self.gain, "seed": self.seed, "dtype": self.dtype.name}


def _check_filters(shape: Any) -> None:
    if shape[-2] > shape[-1]:
        raise ValueError("In_filters cannot be greater than out_filters.")


def _with_positive_diagonal(q: Any, r: Any) -> Any:
    return q * math_ops.sign(apply("DiagPart", r))


class ConvolutionDeltaOrthogonal(_OfConvolutions):
    """An orthogonal matrix in the middle of the kernel, zeros elsewhere."""

    def __call__(
        self, shape: Any, dtype: Any = None, partition_info: Any = None
    ) -> Any:
        """A kernel of the shape; ValueError if it has more inputs than outputs."""
        kind = self.dtype if dtype is None else dtype
        if len(shape) < 3 or len(shape) > 5:
            raise ValueError(
                "The tensor to initialize must be at least three-dimensional and at "
                "most five-dimensional"
            )
        _check_filters(shape)
        outputs = shape[-1]
        drawn = random.random_normal([outputs, outputs], dtype=kind, seed=self.seed)
        q, r = apply("Qr", drawn, full_matrices=False)
        q = _with_positive_diagonal(q, r)
        q = q[: shape[-2], :]
        q *= math_ops.cast(self.gain, dtype=kind)
        middle = [[(size - 1) // 2 for size in shape[:-2]]]
        return scattering.scatter_nd(middle, reshaping.expand_dims(q, 0), shape)


class ConvolutionOrthogonal(_OfConvolutions):
    """A kernel that is a product of orthogonal ones; `_rank` says of what rank."""

    _rank = 0
    _rank_in_words = ""

    def __call__(
        self, shape: Any, dtype: Any = None, partition_info: Any = None
    ) -> Any:
        """A kernel of the shape; ValueError if it has more inputs than outputs."""
        if not self._rank:
            raise NotImplementedError
        kind = self.dtype if dtype is None else dtype
        if len(shape) != self._rank + 2:
            raise ValueError(
                f"The tensor to initialize must be {self._rank_in_words}-dimensional"
            )
        _check_filters(shape)
        if any(size != shape[0] for size in shape[1:-2]):
            raise ValueError("Kernel sizes must be equal.")
        kernel = self._kernel(shape[0], shape[-2], shape[-1])
        kernel *= math_ops.cast(self.gain, dtype=kind)
        return kernel

    def _kernel(self, size: int, inputs: int, outputs: int) -> Any:
        matrix = self._matrix(outputs)[0:inputs, :]
        if size == 1:
            for _ in range(self._rank):
                matrix = reshaping.expand_dims(matrix, 0)
            return matrix
        product = self._blocks(*self._projections(outputs))
        for _ in range(size - 2):
            product = self._convolved(
                product, self._blocks(*self._projections(outputs))
            )
        for index in itertools.product(range(size), repeat=self._rank):
            product[index] = math_ops.matmul(matrix, product[index])
        return _stacked(product, size, self._rank)

    def _matrix(self, size: int) -> Any:
        drawn = random.random_normal([size, size], dtype=self.dtype, seed=self.seed)
        self._next_seed()
        return _with_positive_diagonal(*apply("Qr", drawn))

    def _next_seed(self) -> None:
        if self.seed:
            self.seed += 1

    def _projections(self, size: int) -> list[Any]:
        """A random projection for each dimension of the kernel."""
        return [self._projection(size) for _ in range(self._rank)]

    def _projection(self, size: int) -> Any:
        q = self._matrix(size)
        drawn = random.random_normal([size], seed=self.seed)
        mask = math_ops.cast(drawn > 0, self.dtype)
        self._next_seed()
        kept = math_ops.multiply(q, mask)
        return math_ops.matmul(kept, reshaping.matrix_transpose(kept))

    def _blocks(self, *projections: Any) -> _Blocks:
        """The kernel of size two that projections make."""
        raise NotImplementedError

    def _convolved(self, one: _Blocks, other: _Blocks) -> _Blocks:
        """Two kernels one after the other."""
        size = other[(0,) * self._rank].shape.as_list()[0]
        sizes = [max(one)[0] + 1, max(other)[0] + 1]
        result: _Blocks = {}
        for at in itertools.product(range(sum(sizes) - 1), repeat=self._rank):
            result[at] = array.zeros([size, size], self.dtype)
            for first in itertools.product(*(range(min(sizes[0], i + 1)) for i in at)):
                second = tuple(i - j for i, j in zip(at, first, strict=True))
                if max(second) < sizes[1]:
                    result[at] += math_ops.matmul(one[first], other[second])
        return result


def _stacked(blocks: _Blocks, size: int, rank: int, at: tuple[int, ...] = ()) -> Any:
    if len(at) == rank:
        return blocks[at]
    return joining.stack([_stacked(blocks, size, rank, (*at, i)) for i in range(size)])


class ConvolutionOrthogonal1D(ConvolutionOrthogonal):
    """An orthogonal kernel [size, inputs, outputs]."""

    _rank, _rank_in_words = 1, "three"

    def _blocks(self, *projections: Any) -> _Blocks:
        (p,) = projections
        eye = linalg.eye(p.shape.as_list()[0], dtype=self.dtype)
        return {(0,): p, (1,): eye - p}


class ConvolutionOrthogonal2D(ConvolutionOrthogonal):
    """An orthogonal kernel [size, size, inputs, outputs]."""

    _rank, _rank_in_words = 2, "four"

    def _blocks(self, *projections: Any) -> _Blocks:
        p, q = projections
        eye = linalg.eye(p.shape.as_list()[0], dtype=self.dtype)
        return {
            (0, 0): math_ops.matmul(p, q),
            (0, 1): math_ops.matmul(p, eye - q),
            (1, 0): math_ops.matmul(eye - p, q),
            (1, 1): math_ops.matmul(eye - p, eye - q),
        }


class ConvolutionOrthogonal3D(ConvolutionOrthogonal):
    """An orthogonal kernel [size, size, size, inputs, outputs]."""

    _rank, _rank_in_words = 3, "five"

    def _blocks(self, *projections: Any) -> _Blocks:
        eye = linalg.eye(projections[0].shape.as_list()[0], dtype=self.dtype)
        made: _Blocks = {}
        for index in itertools.product((0, 1), repeat=3):
            chosen = [
                i * p + (1 - i) * (eye - p)
                for i, p in zip(index, projections, strict=True)
            ]
            made[index] = math_ops.matmul(math_ops.matmul(*chosen[:2]), chosen[2])
        return made
