"""`tf.contrib.image`: images moved, turned and distorted.

After ``ops/projections.py``, which says what a transform is.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import defaults, dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.constants import constant
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.ops import array, math
from scopetutor.engine.ops.joining import concat
from scopetutor.engine.ops.reshaping import reshape
from scopetutor.engine.ops.static import static_value
from scopetutor.engine.surroundings import name_scope

_TYPES = (
    dtypes.uint8,
    dtypes.int32,
    dtypes.int64,
    dtypes.float16,
    dtypes.float32,
    dtypes.float64,
)


def _as_batch(given: Any) -> tuple[Any, Any]:
    """Images as a batch, and how a result goes back into their rank.

    Raises:
        TypeError: they are no images.
    """
    if given.dtype.base_dtype not in _TYPES:
        raise TypeError(f"Invalid dtype {given.dtype}.")
    rank = given.get_shape().ndims
    if rank is None:
        raise TypeError("image_or_images rank must be statically known")
    if rank == 2:
        return given[None, :, :, None], lambda result: result[0, :, :, 0]
    if rank == 3:
        return given[None, :, :, :], lambda result: result[0, :, :, :]
    if rank == 4:
        return given, lambda result: result
    raise TypeError("Images should have rank between 2 and 4.")


def transform(
    images: Any,
    transforms: Any,
    interpolation: str = "NEAREST",
    output_shape: Any = None,
    name: str | None = None,
) -> Any:
    """Images whose pixels come from other places.

    Args:
        images: [batch, height, width, channels], or of rank 3 or 2.
        transforms: eight numbers, or [batch, 8].
        interpolation: "NEAREST" or "BILINEAR".
        output_shape: [height, width]; None: that of the images.
        name: of the name scope.

    Raises:
        TypeError: they are no images, or no transforms.
        ValueError: `output_shape` is not two numbers.
    """
    with name_scope(name, "transform"):
        given = convert_to_tensor(images, name="images")
        moves = convert_to_tensor(transforms, name="transforms", dtype=dtypes.float32)
        batch, restored = _as_batch(given)
        size = _output_size(batch, output_shape)
        rank = len(moves.get_shape())
        if rank not in (1, 2):
            raise TypeError("Transforms should have rank 1 or 2.")
        moved = apply(
            "ImageProjectiveTransformV2",
            batch,
            moves[None] if rank == 1 else moves,
            size,
            interpolation=interpolation.upper(),
        )
        return restored(moved)


def _output_size(batch: Any, wanted: Any) -> Any:
    if wanted is None:
        wanted = array.shape(batch)[1:3]
        known = None if defaults.state.eager else static_value(wanted)
        wanted = wanted if known is None else known
    size = convert_to_tensor(wanted, dtypes.int32, name="output_shape")
    if not size.get_shape().is_compatible_with([2]):
        raise ValueError(
            "output_shape must be a 1-D Tensor of 2 elements: new_height, new_width"
        )
    return size


def rotate(
    images: Any, angles: Any, interpolation: str = "NEAREST", name: str | None = None
) -> Any:
    """Images turned to the left around their middles, by angles in radians."""
    with name_scope(name, "rotate"):
        batch, restored = _as_batch(convert_to_tensor(images))
        sizes = [
            math.cast(array.shape(batch)[axis], dtypes.float32)[None] for axis in (1, 2)
        ]
        turns = angles_to_projective_transforms(angles, *sizes)
        return restored(transform(batch, turns, interpolation=interpolation))


def translate(
    images: Any,
    translations: Any,
    interpolation: str = "NEAREST",
    name: str | None = None,
) -> Any:
    """Images moved to the right and down, by [dx, dy] or one pair for each."""
    with name_scope(name, "translate"):
        moves = translations_to_projective_transforms(translations)
        return transform(images, moves, interpolation=interpolation)


# -- transforms --------------------------------------------------------------------


def angles_to_projective_transforms(
    angles: Any, image_height: Any, image_width: Any, name: str | None = None
) -> Any:
    """The transforms that turn images of a size, [angles, 8]."""
    with name_scope(name, "angles_to_projective_transforms"):
        turns = convert_to_tensor(angles, name="angles", dtype=dtypes.float32)
        rank = len(turns.get_shape())
        if rank not in (0, 1):
            raise TypeError("Angles should have rank 0 or 1.")
        if rank == 0:
            turns = turns[None]
        across = image_width - 1
        x = math.cos(turns) * (image_width - 1)
        x = (across - (x - math.sin(turns) * (image_height - 1))) / 2.0
        down = image_height - 1
        y = math.sin(turns) * (image_width - 1)
        y = (down - (y + math.cos(turns) * (image_height - 1))) / 2.0
        count = array.shape(turns)[0]
        columns = [
            math.cos(turns)[:, None],
            -math.sin(turns)[:, None],
            x[:, None],
            math.sin(turns)[:, None],
            math.cos(turns)[:, None],
            y[:, None],
            array.zeros((count, 2), dtypes.float32),
        ]
        return concat(columns, axis=1)


def translations_to_projective_transforms(
    translations: Any, name: str | None = None
) -> Any:
    """The transforms that move images, [moves, 8]."""
    with name_scope(name, "translations_to_projective_transforms"):
        moves = convert_to_tensor(
            translations, name="translations", dtype=dtypes.float32
        )
        rank = moves.get_shape().ndims
        if rank is None:
            raise TypeError("translation_or_translations rank must be statically known")
        if rank not in (1, 2):
            raise TypeError("Translations should have rank 1 or 2.")
        if rank == 1:
            moves = moves[None]
        count = array.shape(moves)[0]
        columns = [
            array.ones((count, 1), dtypes.float32),
            array.zeros((count, 1), dtypes.float32),
            -moves[:, 0, None],
            array.zeros((count, 1), dtypes.float32),
            array.ones((count, 1), dtypes.float32),
            -moves[:, 1, None],
            array.zeros((count, 2), dtypes.float32),
        ]
        return concat(columns, axis=1)


def compose_transforms(*transforms: Any) -> Any:
    """The transform that does what some do one after the other."""
    assert transforms, "transforms cannot be empty"
    with name_scope("compose_transforms"):
        composed = flat_transforms_to_matrices(transforms[0])
        for following in transforms[1:]:
            composed = math.matmul(composed, flat_transforms_to_matrices(following))
        return matrices_to_flat_transforms(composed)


def flat_transforms_to_matrices(transforms: Any) -> Any:
    """Transforms of eight numbers as [transforms, 3, 3].

    Raises:
        ValueError: they have another rank than 1 or 2.
    """
    with name_scope("flat_transforms_to_matrices"):
        transforms = convert_to_tensor(transforms, name="transforms")
        if transforms.shape.ndims not in (1, 2):
            raise ValueError(f"Transforms should be 1D or 2D, got: {transforms}")
        flat = reshape(transforms, constant([-1, 8]))
        count = array.shape(flat)[0]
        whole = concat([flat, array.ones([count, 1])], axis=1)
        return reshape(whole, constant([-1, 3, 3]))


def matrices_to_flat_transforms(transform_matrices: Any) -> Any:
    """The reverse of `flat_transforms_to_matrices`.

    Raises:
        ValueError: they have another rank than 2 or 3.
    """
    with name_scope("matrices_to_flat_transforms"):
        matrices = convert_to_tensor(transform_matrices, name="transform_matrices")
        if matrices.shape.ndims not in (2, 3):
            raise ValueError(f"Matrices should be 2D or 3D, got: {matrices}")
        flat = reshape(matrices, constant([-1, 9]))
        flat /= flat[:, 8:9]
        return flat[:, :8]
