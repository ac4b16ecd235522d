"""`tf.summary`: operations that give bytes for an event file.

After array. A summary's tag is the name its operation gets in the graph; its value is
a ``Summary`` message in bytes. `merge_all` puts all summaries of a graph together;
``file_writer.py`` writes them.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Any

import numpy as np

from scopetutor.engine import constants, defaults, dtypes, tf_logging
from scopetutor.engine.apply import apply
from scopetutor.engine.convert import convert_to_tensor
from scopetutor.engine.keys import GraphKeys
from scopetutor.engine.op_errors import InvalidArgumentError
from scopetutor.engine.operation import dims_text
from scopetutor.engine.registry import define
from scopetutor.engine.surroundings import name_scope
from scopetutor.formats import protos, summaries, tensors
from scopetutor.formats.histogram import histogram as histogram_message

from . import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scopetutor.engine.operation import Operation

Array = np.ndarray[Any, Any]

_Value = protos.message_class("Summary.Value")
_Audio = protos.message_class("Summary.Audio")
# For pixels that are not finite.
_RED = constants.Literal(np.array([255, 0, 0, 255], np.uint8), 4)
_NOT_IN_TAGS = re.compile(r"[^-/\w.]")


# -- the operations ----------------------------------------------------------------


def _bytes(values: Iterable[Any]) -> Array:
    """The bytes of a summary, as a scalar tensor."""
    result = np.empty((), object)
    result[()] = summaries.summary(*values).encode()
    return result


def _text(tag: Any) -> str:
    item = tag.item() if isinstance(tag, np.ndarray) else tag
    return item.decode("utf-8", "surrogateescape") if isinstance(item, bytes) else item


def _scalar_tag(op: Operation, tag: Any, what: str) -> str:
    if np.shape(tag) != ():
        raise InvalidArgumentError(None, op, f"{what} must be scalar")
    return _text(tag)


def _scalar_kernel(op: Operation) -> Callable[[Any, Array], Array]:
    def kernel(tags: Any, values: Array) -> Array:
        names, numbers = np.asarray(tags, object), np.asarray(values)
        if names.shape != numbers.shape:
            single = f" (tag '{_text(names.item())}')" if names.size == 1 else ""
            raise InvalidArgumentError(
                None,
                op,
                f"tags and values not the same shape: {dims_text(names.shape)} != "
                f"{dims_text(numbers.shape)}{single}",
            )
        pairs = zip(names.reshape(-1), numbers.reshape(-1).tolist(), strict=True)
        return _bytes(summaries.scalar_value(_text(tag), value) for tag, value in pairs)

    return kernel


define("ScalarSummary", shape=rules.scalar, build=_scalar_kernel, gradient=None)


def _histogram_kernel(op: Operation) -> Callable[[Any, Array], Array]:
    def kernel(tag: Any, values: Array) -> Array:
        name = _scalar_tag(op, tag, "tags")
        numbers = np.asarray(values)
        if numbers.dtype.kind == "f" and not np.isfinite(numbers).all():
            first = numbers.reshape(-1)[~np.isfinite(numbers.reshape(-1))][0]
            what = "Nan" if np.isnan(first) else "Infinity"
            raise InvalidArgumentError(
                None, op, f"{what} in summary histogram for: {op._name}"
            )
        return _bytes([_Value(tag=name, histo=histogram_message(numbers))])

    return kernel


define("HistogramSummary", shape=rules.scalar, build=_histogram_kernel, gradient=None)


def _image_kernel(op: Operation) -> Callable[[Any, Array], Array]:
    colour = tuple(op._attrs["bad_color"].array.tolist())
    limit = op._attrs["max_images"]

    def kernel(tag: Any, images: Array) -> Array:
        name = _scalar_tag(op, tag, "Tags")
        try:
            values = summaries.image_values(
                name, images, max_outputs=limit, bad_colour=colour
            )
        except ValueError as error:
            raise InvalidArgumentError(None, op, str(error)) from None
        return _bytes(values)

    return kernel


define("ImageSummary", shape=rules.scalar, build=_image_kernel, gradient=None)


def _wav(samples: Array, sample_rate: float) -> bytes:
    """Samples [frames, channels] from -1 to 1 as a file of 16-bit sound."""
    scaled = np.asarray(samples, np.float32) * np.float32(32768)
    # Halves are rounded away from zero, as C's roundf does.
    whole = np.trunc(scaled + np.copysign(np.float32(0.5), scaled))
    data = np.clip(whole, -32768, 32767).astype("<i2").tobytes()
    channels, rate = samples.shape[1], int(sample_rate)
    frame = channels * 2
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * frame, frame, 16)
    return b"".join(
        (
            b"RIFF",
            struct.pack("<I", 36 + len(data)),
            b"WAVEfmt ",
            struct.pack("<I", len(form)),
            form,
            b"data",
            struct.pack("<I", len(data)),
            data,
        )
    )


def _audio_kernel(op: Operation) -> Callable[[Any, Array, Any], Array]:
    limit = op._attrs["max_outputs"]

    def kernel(tag: Any, sounds: Array, sample_rate: Any) -> Array:
        name = _scalar_tag(op, tag, "Tag")
        if sounds.ndim not in (2, 3):
            raise InvalidArgumentError(
                None, op, f"Tensor must be 3-D or 2-D, got: {dims_text(sounds.shape)}"
            )
        batch = sounds if sounds.ndim == 3 else sounds[:, :, None]
        rate = float(sample_rate)
        values = []
        for i, samples in enumerate(batch[:limit]):
            audio = _Audio(
                sample_rate=rate,
                num_channels=samples.shape[1],
                length_frames=samples.shape[0],
                encoded_audio_string=_wav(samples, rate),
                content_type="audio/wav",
            )
            label = f"{name}/audio" if limit == 1 else f"{name}/audio/{i}"
            values.append(_Value(tag=label, audio=audio))
        return _bytes(values)

    return kernel


define("AudioSummaryV2", shape=rules.scalar, build=_audio_kernel, gradient=None)


def _tensor_kernel(op: Operation) -> Callable[[Any, Any, Any], Array]:
    dtype = op._attrs["T"]

    def kernel(tag: Any, value: Any, metadata: Any) -> Array:
        kind = object if dtype is dtypes.string else None
        message = tensors.from_array(np.asarray(value, kind))
        about = protos.SummaryMetadata.decode(np.asarray(metadata, object).item())
        name = _scalar_tag(op, tag, "tag")
        return _bytes([_Value(tag=name, tensor=message, metadata=about)])

    return kernel


define("TensorSummaryV2", shape=rules.scalar, build=_tensor_kernel, gradient=None)


def _merge_kernel(op: Operation) -> Callable[..., Array]:
    def kernel(*inputs: Any) -> Array:
        seen: set[str] = set()
        parts = [
            part
            for given in inputs
            for part in np.asarray(given, object).reshape(-1).tolist()
        ]
        for part in parts:
            for value in protos.Summary.decode(part).value:
                if value.tag in seen:
                    raise InvalidArgumentError(
                        None, op, f"Duplicate tag {value.tag} found in summary inputs"
                    )
                # TF 1.15: values without a tag are not compared.
                if value.tag:
                    seen.add(value.tag)
        # One message after the other is the message of all their values.
        result = np.empty((), object)
        result[()] = b"".join(parts)
        return result

    return kernel


define("MergeSummary", shape=rules.scalar, build=_merge_kernel, gradient=None)


# -- the functions -----------------------------------------------------------------


def clean_tag(name: str | None) -> str | None:
    """A name that may be a tag; what may not be in one becomes "_"."""
    if name is None:
        return None
    cleaned = _NOT_IN_TAGS.sub("_", name).lstrip("/")
    if cleaned != name:
        tf_logging.info(f"Summary name {name} is illegal; using {cleaned} instead.")
    return cleaned


class _SummaryScope:
    """The name scope of a summary; gives its tag and the scope."""

    def __init__(
        self, name: Any, family: Any, values: list[Any], default_name: Any = None
    ) -> None:
        name, self._family = clean_tag(name), clean_tag(family)
        inside = name if self._family is None else f"{self._family}/{name}"
        self._scope = name_scope(inside, default_name, values)

    def __enter__(self) -> tuple[str, str]:
        scope = self._scope.__enter__()
        tag = scope.rstrip("/")
        return (tag if self._family is None else f"{self._family}/{tag}"), scope

    def __exit__(self, *exc: object) -> None:
        self._scope.__exit__(*exc)


def _collected(summary: Any, collections: Any) -> Any:
    """The summary, entered in the collections; None: SUMMARIES."""
    graph = defaults.get_default_graph()
    for name in [GraphKeys.SUMMARIES] if collections is None else collections:
        graph.add_to_collection(name, summary)
    return summary


def scalar(name: str, tensor: Any, collections: Any = None, family: Any = None) -> Any:
    """A number to be seen over time.

    Args:
        name: of the operation, which is its tag.
        tensor: a scalar.
        collections: where it is entered; None: SUMMARIES.
        family: a prefix that groups tags.
    """
    with _SummaryScope(name, family, [tensor]) as (tag, scope):
        return _collected(apply("ScalarSummary", tag, tensor, name=scope), collections)


def image(
    name: str,
    tensor: Any,
    max_outputs: int = 3,
    collections: Any = None,
    family: Any = None,
) -> Any:
    """Pictures to be seen.

    Args:
        name: of the operation, which is its tag.
        tensor: [batch, height, width, 1, 3 or 4].
        max_outputs: how many of the batch.
        collections: where it is entered; None: SUMMARIES.
        family: a prefix that groups tags.
    """
    with _SummaryScope(name, family, [tensor]) as (tag, scope):
        made = apply(
            "ImageSummary",
            tag,
            tensor,
            max_images=max_outputs,
            bad_color=_RED,
            name=scope,
        )
        return _collected(made, collections)


def histogram(
    name: str, values: Any, collections: Any = None, family: Any = None
) -> Any:
    """How numbers are spread, to be seen over time.

    Args:
        name: of the operation, which is its tag.
        values: a tensor.
        collections: where it is entered; None: SUMMARIES.
        family: a prefix that groups tags.
    """
    with _SummaryScope(name, family, [values], "HistogramSummary") as (tag, scope):
        made = apply("HistogramSummary", tag, values, name=scope)
        return _collected(made, collections)


def audio(
    name: str,
    tensor: Any,
    sample_rate: Any,
    max_outputs: int = 3,
    collections: Any = None,
    family: Any = None,
) -> Any:
    """Sounds to be heard.

    Args:
        name: of the operation, which is its tag.
        tensor: [batch, frames, channels] or [batch, frames], from -1 to 1.
        sample_rate: frames in a second.
        max_outputs: how many of the batch.
        collections: where it is entered; None: SUMMARIES.
        family: a prefix that groups tags.
    """
    with _SummaryScope(name, family, [tensor]) as (tag, scope):
        rate = convert_to_tensor(sample_rate, dtypes.float32, name="sample_rate")
        made = apply(
            "AudioSummaryV2", tag, tensor, rate, max_outputs=max_outputs, name=scope
        )
        return _collected(made, collections)


def text(name: str, tensor: Any, collections: Any = None) -> Any:
    """Text to be read."""
    if tensor.dtype != dtypes.string:
        raise ValueError(
            f"Expected tensor {tensor.name} to have dtype string, got {tensor.dtype}"
        )
    about = protos.SummaryMetadata(plugin_data={"plugin_name": "text"})
    return tensor_summary(name, tensor, summary_metadata=about, collections=collections)


def tensor_summary(
    name: str,
    tensor: Any,
    summary_description: str | None = None,
    collections: Any = None,
    summary_metadata: Any = None,
    family: Any = None,
    display_name: str | None = None,
) -> Any:
    """Any tensor, for a plugin of TensorBoard.

    Args:
        name: of the operation, which is its tag.
        tensor: any.
        summary_description: what it is, in Markdown.
        collections: where it is entered; None: SUMMARIES.
        summary_metadata: a SummaryMetadata message.
        family: a prefix that groups tags.
        display_name: what TensorBoard calls it.
    """
    about: Any = summary_metadata
    if about is None:
        about = protos.SummaryMetadata()
    if summary_description is not None:
        about.summary_description = summary_description
    if display_name is not None:
        about.display_name = display_name
    serialized = about.SerializeToString()
    with _SummaryScope(name, family, [tensor]) as (tag, scope):
        made = apply("TensorSummaryV2", tag, tensor, serialized, name=scope)
        return _collected(made, collections)


def _refuse_eager() -> None:
    if defaults.state.eager:
        raise RuntimeError(
            "Merging tf.summary.* ops is not compatible with eager execution. Use "
            "tf.contrib.summary instead."
        )


def merge(inputs: Any, collections: Any = None, name: str | None = None) -> Any:
    """Several summaries as one."""
    _refuse_eager()
    name = clean_tag(name)
    with name_scope(name, "Merge", inputs):
        made = apply("MergeSummary", inputs, name=name)
        return _collected(made, collections or [])


def merge_all(
    key: Any = GraphKeys.SUMMARIES, scope: str | None = None, name: str | None = None
) -> Any:
    """All summaries of a collection as one; None if there are none."""
    _refuse_eager()
    found = defaults.get_default_graph().get_collection(key, scope=scope)
    return merge(found, name=name) if found else None


def all_v2_summary_ops() -> list[Any]:
    """The summaries that write themselves, which are those of tf.contrib.summary."""
    graph = defaults.get_default_graph()
    return graph.get_collection(GraphKeys._SUMMARY_COLLECTION)
