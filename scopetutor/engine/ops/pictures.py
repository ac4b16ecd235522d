"""Pictures in files: decoding and encoding PNG, JPEG, GIF and BMP.

After io. PNG and BMP are read here; JPEG and GIF by Pillow, if it is installed. TF
1.15: each operation reads the other formats as well, by how the contents begin.
"""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import shape_inference
from scopetutor.engine.op_errors import (
    InternalError,
    InvalidArgumentError,
    UnimplementedError,
)
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import ShapeError, define
from scopetutor.formats.png import png
from scopetutor.formats.png_reader import pixels_of
from scopetutor.formats.wire import MalformedError

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from scopetutor.engine.operation import Operation
    from scopetutor.engine.shapes import Dims

Array = np.ndarray[Any, Any]


def _refused(text: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, text)


def _bytes(contents: Any) -> bytes:
    item = contents.item() if hasattr(contents, "item") else contents
    return item if isinstance(item, bytes) else str(item).encode()


def _text(data: bytes) -> Array:
    array = np.empty((), object)
    array[()] = data
    return array


def _pillow(kind: str) -> Any:
    """Pillow's module of images.

    Raises:
        tf.errors.UnimplementedError: it is not installed.
    """
    try:
        from PIL import Image  # noqa: PLC0415 - not everybody has it
    except ImportError:
        raise UnimplementedError(
            None,
            None,
            f"scopetutor needs Pillow for {kind} pictures: pip install "
            "'scopetutor[images]'",
        ) from None
    return Image


# -- decoding --------------------------------------------------------------------------


def _decoded_jpeg(data: bytes, channels: int, ratio: int) -> Array:
    pillow = _pillow("JPEG")
    try:
        image = pillow.open(BytesIO(data))
        mode = {0: image.mode, 1: "L", 3: "RGB"}.get(channels, image.mode)
        image.draft(mode, tuple(-(-side // ratio) for side in image.size))
        found = np.asarray(image if image.mode == mode else image.convert(mode))
    except OSError:
        raise _refused(
            f"Invalid JPEG data or crop window, data size {len(data)}"
        ) from None
    return found if found.ndim == 3 else found[..., None]


def _decoded_png(data: bytes) -> Array:
    try:
        return pixels_of(data)
    except MalformedError:
        raise _refused(f"Invalid PNG header, data size {len(data)}") from None


def _decoded_gif(data: bytes) -> Array:
    image = _pillow("GIF").open(BytesIO(data))
    frames = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        frames.append(np.asarray(image.convert("RGB")))
    return np.stack(frames)


# libpng's weights of red, green and blue in grey, of 32768.
_GREY = np.array([9797, 19234, 3737], np.int64)


def _with_channels(pixels: Array, channels: int) -> Array:
    """The pixels with another number of channels, as libpng makes them."""
    given = pixels.shape[-1]
    if channels in (0, given):
        return pixels
    colours, alpha = pixels, None
    if given in (2, 4):
        colours, alpha = pixels[..., :-1], pixels[..., -1:]
    wanted = 1 if channels <= 2 else 3
    if colours.shape[-1] == 3 and wanted == 1:
        grey = (colours.astype(np.int64) @ _GREY) >> 15
        colours = grey.astype(pixels.dtype)[..., None]
    elif colours.shape[-1] < wanted:
        colours = np.repeat(colours, wanted, axis=-1)
    if channels in (2, 4):
        if alpha is None:
            most = np.iinfo(pixels.dtype).max
            alpha = np.full((*colours.shape[:-1], 1), most, pixels.dtype)
        colours = np.concatenate([colours, alpha], axis=-1)
    return colours


def _of_type(pixels: Array, kind: Any) -> Array:
    """The pixels as numbers of eight or sixteen bits."""
    if pixels.dtype == kind:
        return pixels
    if kind == np.uint16:
        return pixels.astype(np.uint16) * 257
    return (pixels >> 8).astype(np.uint8)


def _decode_kernel(op: Operation) -> Callable[[Any], Array]:
    attrs = op._attrs
    channels, ratio = attrs.get("channels", 0), attrs.get("ratio", 1)
    kind = attrs["dtype"].as_numpy_dtype if "dtype" in attrs else np.uint8
    frames = op.type == "DecodeGif"

    def kernel(contents: Any, window: Array | None = None) -> Array:
        data = _bytes(contents)
        if data.startswith(b"\xff\xd8\xff"):
            pixels = _decoded_jpeg(data, channels, ratio)
            if window is not None:
                pixels = _cropped(pixels, window, data)
        elif data.startswith(b"\x89PN"):
            pixels = _decoded_png(data)
        elif data.startswith(b"GIF"):
            pixels = _decoded_gif(data)
            pixels = pixels if frames or len(pixels) > 1 else pixels[0]
        else:
            raise _refused(
                "Expected image (JPEG, PNG, or GIF), got unknown format starting with "
                f"'{data[:16].decode('latin-1')}'"
            )
        return _of_type(_with_channels(pixels, channels), kind)

    return kernel


def _cropped(pixels: Array, window: Array, data: bytes) -> Array:
    """The part of a picture that a window says: top, left, height and width."""
    if window.ndim != 1:
        raise _refused(f"crop_window must be 1-D, got shape {dims_text(window.shape)}")
    if len(window) != 4:
        raise _refused(f"crop_size must have four elements {dims_text(window.shape)}")
    top, left, height, width = window.tolist()
    part = pixels[max(top, 0) : top + height, max(left, 0) : left + width]
    if part.shape[:2] != (height, width) or not part.size:
        raise _refused(f"Invalid JPEG data or crop window, data size {len(data)}")
    return part


_BMP_HEADER = 32


def _decode_bmp_kernel(op: Operation) -> Callable[[Any], Array]:
    channels = op._attrs["channels"]

    def kernel(contents: Any) -> Array:
        data = _bytes(contents)
        if len(data) < _BMP_HEADER:
            raise _refused(
                f"Incomplete bmp content, requires at least {_BMP_HEADER} bytes to "
                "find the header size, width, height, and bpp, got "
                f"{len(data)} bytes"
            )
        start, _, width, height = struct.unpack_from("<IIii", data, 10)
        found = struct.unpack_from("<H", data, 28)[0] // 8
        if channels not in (0, found):
            raise _refused(
                f"channels attribute {channels} does not match bits per pixel from file"
                f" {found}"
            )
        stride = -(-width * found // 4) * 4
        rows = np.frombuffer(data, np.uint8, abs(height) * stride, start)
        pixels = rows.reshape(abs(height), stride)[:, : width * found]
        pixels = pixels.reshape(abs(height), width, found)
        if height > 0:  # then the lowest row comes first
            pixels = pixels[::-1]
        order = {1: [0], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[found]
        return np.ascontiguousarray(pixels[..., order])

    return kernel


def _decoded_shape(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[0]._dims, 0)
    channels = op._attrs.get("channels", 0)
    if channels < 0:
        raise ShapeError(f"channels must be non-negative, got {channels}")
    return [(None, None, channels or None)]


def _frames_shape(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[0]._dims, 0)
    return [(None, None, None, 3)]


def _cropped_shape(op: Operation) -> list[Dims]:
    channels = _decoded_shape(op)[0][2]  # type: ignore[index]
    rules.with_size(rules.with_rank(op._inputs[1]._dims, 1)[0], 4)
    sizes = shape_inference.value(op, 1)
    height, width = (None, None) if sizes is None else sizes.tolist()[2:4]
    return [(height, width, channels)]


for _name in ("DecodeJpeg", "DecodePng"):
    define(_name, shape=_decoded_shape, build=_decode_kernel, gradient=None)
define("DecodeAndCropJpeg", shape=_cropped_shape, build=_decode_kernel, gradient=None)
define("DecodeGif", shape=_frames_shape, build=_decode_kernel, gradient=None)
define("DecodeBmp", shape=_decoded_shape, build=_decode_bmp_kernel, gradient=None)


def _jpeg_shape_kernel(op: Operation) -> Callable[[Any], Array]:
    kind = op._attrs["output_type"].as_numpy_dtype

    def kernel(contents: Any) -> Array:
        image = _pillow("JPEG").open(BytesIO(_bytes(contents)))
        sizes = image.height, image.width, len(image.getbands())
        return np.array(sizes, kind)

    return kernel


def _three(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[0]._dims, 0)
    return [(3,)]


define("ExtractJpegShape", shape=_three, build=_jpeg_shape_kernel, gradient=None)


# -- encoding --------------------------------------------------------------------------


def _encoded_shape(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[0]._dims, 3)
    return [()]


def _encode_png(image: Array) -> Array:
    channels = image.shape[-1]
    if channels not in (1, 2, 3, 4):
        raise _refused(f"image must have 1, 2, 3, or 4 channels, got {channels}")
    return _text(png(image))


_UNITS = {"in": 1, "cm": 2}
_CHROMA_HALVED, _CHROMA_KEPT = 2, 0  # as Pillow numbers them
_FORMATS = {"grayscale": 1, "rgb": 3}


def _encode_jpeg_kernel(op: Operation) -> Callable[[Array], Array]:
    attrs = op._attrs
    quality = attrs["quality"]
    if not 0 <= quality <= 100:
        raise _refused(f"quality must be in [0,100], got {quality}")
    wanted = _FORMATS.get(attrs["format"])

    def kernel(image: Array) -> Array:
        channels = image.shape[-1]
        if wanted is not None and channels != wanted:
            raise _refused(
                f"format {attrs['format']} expects {wanted} channels, got "
                f"{dims_text(image.shape).replace(' ', '')}"
            )
        if channels not in (1, 3):
            raise _refused(
                "image must have 1 or 3 channels, got "
                f"{dims_text(image.shape).replace(' ', '')}"
            )
        if not image.size:
            raise InternalError(None, None, "JPEG encoding failed")
        return _text(_as_jpeg(image, attrs))

    return kernel


def _as_jpeg(image: Array, attrs: dict[str, Any]) -> bytes:
    pillow = _pillow("JPEG")
    picture = pillow.fromarray(image[..., 0] if image.shape[-1] == 1 else image)
    halves = attrs["chroma_downsampling"] and image.shape[-1] == 3
    file = BytesIO()
    picture.save(
        file,
        "JPEG",
        quality=attrs["quality"],
        progressive=attrs["progressive"],
        optimize=attrs["optimize_size"],
        subsampling=_CHROMA_HALVED if halves else _CHROMA_KEPT,
        dpi=(attrs["x_density"], attrs["y_density"]),
    )
    data = bytearray(file.getvalue())
    data[13] = _UNITS[attrs["density_unit"]]  # Pillow writes inches
    return bytes(data)


def _encode_at_quality(image: Array, quality: Array) -> Array:
    if quality.ndim:
        raise _refused(f"quality must be scalar: {dims_text(quality.shape)}")
    if image.ndim != 3:
        raise _refused(f"image must be 3-dimensional{dims_text(image.shape)}")
    if image.shape[-1] not in (1, 3):
        raise _refused(
            "image must have 1 or 3 channels, got "
            f"{dims_text(image.shape).replace(' ', '')}"
        )
    return _text(
        _as_jpeg(image, {**_PLAIN_JPEG, "quality": min(max(int(quality), 1), 100)})
    )


_PLAIN_JPEG: dict[str, Any] = {
    "progressive": False,
    "optimize_size": False,
    "chroma_downsampling": True,
    "density_unit": "in",
    "x_density": 300,
    "y_density": 300,
}


def _encoded_at_quality_shape(op: Operation) -> list[Dims]:
    rules.with_rank(op._inputs[1]._dims, 0)
    return _encoded_shape(op)


define(
    "EncodeJpegVariableQuality",
    shape=_encoded_at_quality_shape,
    kernel=_encode_at_quality,
    gradient=None,
)
define("EncodePng", shape=_encoded_shape, kernel=_encode_png, gradient=None)
define("EncodeJpeg", shape=_encoded_shape, build=_encode_jpeg_kernel, gradient=None)
