"""The gradient of a transform of images: TF 1.15 transforms back.

After ``projections.py``, which names it. It turns the eight numbers into a matrix with
``contrib/images.py``, inverts that, and applies the same operation.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine.apply import apply
from scopetutor.engine.contrib.images import (
    flat_transforms_to_matrices,
    matrices_to_flat_transforms,
)

from . import array, matrices


def image_projective_transform(op: Any, grad: Any) -> tuple[Any, None, None]:
    images, transforms = op.inputs[:2]
    if len(transforms.get_shape()) == 1:
        transforms = transforms[None]
    inverse = matrices.matrix_inverse(flat_transforms_to_matrices(transforms))
    back = apply(
        "ImageProjectiveTransformV2",
        grad,
        matrices_to_flat_transforms(inverse),
        array.shape(images)[1:3],
        interpolation=op.get_attr("interpolation"),
    )
    return back, None, None
