"""`tf.image.decode_jpeg` and its kind: pictures in files.

After ``ops/pictures.py``, which runs them.
"""

from __future__ import annotations

from typing import Any

from scopetutor.engine import dtypes
from scopetutor.engine.apply import apply
from scopetutor.engine.ops.branches import cond
from scopetutor.engine.ops.checks import Assert
from scopetutor.engine.ops.gathering import gather
from scopetutor.engine.ops.math import equal, logical_and, not_equal
from scopetutor.engine.ops.text import substr
from scopetutor.engine.surroundings import control_dependencies, name_scope

from .colors import convert_image_dtype


def decode_jpeg(
    contents: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
    name: str | None = None,
) -> Any:
    """The pixels of a JPEG file: uint8, [height, width, channels].

    Args:
        contents: of the file.
        channels: 1 for grey, 3 for colours; 0: as in the file.
        ratio: by how much it is made smaller: 1, 2, 4 or 8.
        fancy_upscaling: not looked at, as all that follow.
        try_recover_truncated: see fancy_upscaling.
        acceptable_fraction: see fancy_upscaling.
        dct_method: see fancy_upscaling; here it is always "INTEGER_ACCURATE".
        name: of the operation.
    """
    return apply(
        "DecodeJpeg",
        contents,
        channels=channels,
        ratio=ratio,
        fancy_upscaling=fancy_upscaling,
        try_recover_truncated=try_recover_truncated,
        acceptable_fraction=acceptable_fraction,
        dct_method=dct_method,
        name=name,
    )


def decode_and_crop_jpeg(
    contents: Any,
    crop_window: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
    name: str | None = None,
) -> Any:
    """The pixels of a part of a JPEG file; see decode_jpeg.

    Args:
        contents: of the file.
        crop_window: the part: top, left, height and width, int32.
        channels: see decode_jpeg, as all that follow.
        ratio: see channels.
        fancy_upscaling: see channels.
        try_recover_truncated: see channels.
        acceptable_fraction: see channels.
        dct_method: see channels.
        name: of the operation.
    """
    return apply(
        "DecodeAndCropJpeg",
        contents,
        crop_window,
        channels=channels,
        ratio=ratio,
        fancy_upscaling=fancy_upscaling,
        try_recover_truncated=try_recover_truncated,
        acceptable_fraction=acceptable_fraction,
        dct_method=dct_method,
        name=name,
    )


def decode_png(
    contents: Any, channels: int = 0, dtype: Any = dtypes.uint8, name: str | None = None
) -> Any:
    """The pixels of a PNG file: [height, width, channels].

    Args:
        contents: of the file.
        channels: 1 to 4; 0: as in the file.
        dtype: uint8 or uint16.
        name: of the operation.
    """
    return apply("DecodePng", contents, channels=channels, dtype=dtype, name=name)


def decode_gif(contents: Any, name: str | None = None) -> Any:
    """The pictures of a GIF file: uint8, [frames, height, width, 3]."""
    return apply("DecodeGif", contents, name=name)


def decode_bmp(contents: Any, channels: int = 0, name: str | None = None) -> Any:
    """The pixels of a BMP file: uint8, [height, width, channels]."""
    return apply("DecodeBmp", contents, channels=channels, name=name)


def encode_jpeg(
    image: Any,
    format: str = "",
    quality: int = 95,
    progressive: bool = False,
    optimize_size: bool = False,
    chroma_downsampling: bool = True,
    density_unit: str = "in",
    x_density: int = 300,
    y_density: int = 300,
    xmp_metadata: str = "",
    name: str | None = None,
) -> Any:
    """A JPEG file of pixels.

    Args:
        image: uint8, [height, width, 1 or 3].
        format: "grayscale" or "rgb"; "": by the number of channels.
        quality: from 0 to 100.
        progressive: whether it can be shown while it is loaded.
        optimize_size: whether it is made as small as can be.
        chroma_downsampling: whether colours are kept less sharp than brightness.
        density_unit: "in" or "cm", of the densities.
        x_density: pixels per unit.
        y_density: pixels per unit.
        xmp_metadata: not written.
        name: of the operation.
    """
    return apply(
        "EncodeJpeg",
        image,
        format=format,
        quality=quality,
        progressive=progressive,
        optimize_size=optimize_size,
        chroma_downsampling=chroma_downsampling,
        density_unit=density_unit,
        x_density=x_density,
        y_density=y_density,
        xmp_metadata=xmp_metadata,
        name=name,
    )


def encode_png(image: Any, compression: int = -1, name: str | None = None) -> Any:
    """A PNG file of pixels: uint8 or uint16, [height, width, 1 to 4]."""
    return apply("EncodePng", image, compression=compression, name=name)


def extract_jpeg_shape(
    contents: Any, output_type: Any = dtypes.int32, name: str | None = None
) -> Any:
    """Height, width and channels of a JPEG file."""
    return apply("ExtractJpegShape", contents, output_type=output_type, name=name)


def is_jpeg(contents: Any, name: str | None = None) -> Any:
    """Whether contents begin as JPEG files do."""
    with name_scope(name, "is_jpeg"):
        return equal(substr(contents, 0, 3), b"\xff\xd8\xff", name=name)


def _is_png(contents: Any) -> Any:
    with name_scope(None, "is_png"):
        return equal(substr(contents, 0, 3), b"\x89PN")


class _Any:
    """The branches of `decode_image`, each for a format."""

    def __init__(
        self, contents: Any, channels: int | None, dtype: Any, animated: bool
    ) -> None:
        self._contents, self._channels = contents, channels
        self._dtype, self._animated = dtype, animated
        self._known = 0 if channels is None else channels
        self._start = substr(contents, 0, 3)

    def _converted(self, pixels: Any) -> Any:
        return convert_image_dtype(pixels, self._dtype)

    def jpeg(self) -> Any:
        """Of a JPEG file."""
        good = not_equal(self._known, 4, name="check_jpeg_channels")
        check = Assert(
            good, ["Channels must be in (None, 0, 1, 3) when decoding JPEG images"]
        )
        with control_dependencies([check]):
            return self._converted(
                apply("DecodeJpeg", self._contents, channels=self._channels)
            )

    def not_jpeg(self) -> Any:
        """Of another file."""
        return cond(_is_png(self._contents), self._png, self._not_png, name="cond_png")

    def _png(self) -> Any:
        small = self._dtype == dtypes.uint8
        return self._converted(
            apply(
                "DecodePng",
                self._contents,
                channels=self._channels,
                dtype=dtypes.uint8 if small else dtypes.uint16,
            )
        )

    def _not_png(self) -> Any:
        is_gif = equal(self._start, b"GIF", name="is_gif")
        return cond(is_gif, self._gif, self._bmp, name="cond_gif")

    def _gif(self) -> Any:
        good = logical_and(
            not_equal(self._known, 1, name="check_gif_channels"),
            not_equal(self._known, 4, name="check_gif_channels"),
        )
        check = Assert(
            good, ["Channels must be in (None, 0, 3) when decoding GIF images"]
        )
        with control_dependencies([check]):
            frames = self._converted(decode_gif(self._contents))
            return frames if self._animated else gather(frames, 0)

    def _bmp(self) -> Any:
        is_bmp = equal(substr(self._contents, 0, 2), "BM", name="is_bmp")
        known = Assert(is_bmp, ["Unable to decode bytes as JPEG, PNG, GIF, or BMP"])
        good = not_equal(self._known, 1, name="check_channels")
        check = Assert(
            good, ["Channels must be in (None, 0, 3) when decoding BMP images"]
        )
        with control_dependencies([known, check]):
            return self._converted(decode_bmp(self._contents))


def decode_image(
    contents: Any,
    channels: int | None = None,
    dtype: Any = dtypes.uint8,
    name: str | None = None,
    expand_animations: bool = True,
) -> Any:
    """The pixels of a file of any of the formats, found out when it runs.

    Args:
        contents: of the file.
        channels: 1, 3 or 4; None or 0: as in the file.
        dtype: of the result.
        name: of the name scope.
        expand_animations: whether a GIF file gives all its pictures.

    Raises:
        ValueError: there are no such channels.
    """
    with name_scope(name, "decode_image"):
        if channels not in (None, 0, 1, 3, 4):
            raise ValueError("channels must be in (None, 0, 1, 3, 4)")
        formats = _Any(contents, channels, dtype, expand_animations)
        return cond(is_jpeg(contents), formats.jpeg, formats.not_jpeg, name="cond_jpeg")
