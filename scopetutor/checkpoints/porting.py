"""What becomes of each tensor in PyTorch and in Flax: names, axes, order of gates.

Told from names and shapes alone, so a model that names its tensors freely gets
"as it is". `scopetutor ckpt layout` shows the sheet; ``contents.py`` comes before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from .contents import Entry

Shape = tuple[int, ...]


class Kind(msgspec.Struct, frozen=True):
    """One kind of tensor.

    Attributes:
        what: what it is, in words.
        torch: what PyTorch calls its last part; empty: as here.
        torch_code: NumPy that turns the TensorFlow array ``w`` into PyTorch's.
        flax: what Flax calls its last part; empty: as here.
        flax_code: NumPy for Flax.
        note: what else there is to know, told once for the whole sheet.
    """

    what: str
    torch: str
    torch_code: str
    flax: str
    flax_code: str
    note: str = ""


class Ported(msgspec.Struct, frozen=True):
    """A row of the sheet.

    Attributes:
        name: the tensor.
        shape: its shape here.
        what: what it is.
        torch: its name in PyTorch, with dots.
        torch_code: how its array is made; ``w`` is TensorFlow's.
        flax: its name in Flax.
        flax_code: how its array is made.
    """

    name: str
    shape: Shape
    what: str
    torch: str
    torch_code: str
    flax: str
    flax_code: str


class Sheet(msgspec.Struct, frozen=True):
    """The whole sheet; what ``ckpt layout --json`` prints.

    Attributes:
        path: the checkpoint.
        rows: the tensors of the model, sorted by name.
        notes: what holds for several rows.
        left_out: role -> how many tensors a model does not need.
    """

    path: str
    rows: tuple[Ported, ...]
    notes: tuple[str, ...]
    left_out: dict[str, int]


_NORM = (
    "batch normalization: TensorFlow's epsilon is 0.001, PyTorch's 1e-05; TensorFlow's "
    "momentum 0.99 is PyTorch's 0.01"
)
_LSTM = (
    "LSTM cells of tf.nn.rnn_cell: the gates are i, j, f, o in TensorFlow and i, f, g, "
    "o in PyTorch (j is g); the first rows are for the input, the last for the state; "
    "TensorFlow adds forget_bias (1.0) to f when it runs, so add it to the bias. "
    "bias_hh_l0 is zero"
)
_GRU = (
    "GRU cells of tf.nn.rnn_cell: the gates are r, u, then the candidate; PyTorch's "
    "are r, z, n. PyTorch multiplies with r after the state's matrix, TensorFlow "
    "before, so nn.GRU cannot give the same numbers: write the cell out"
)
_KERAS_LSTM = (
    "LSTM layers of tf.keras: the gates are i, f, c, o, as PyTorch's i, f, g, o"
)
_TRANSPOSED = (
    "transposed convolution: padding SAME of TensorFlow is output_padding in PyTorch"
)
_SAME = (
    "convolution: padding SAME of TensorFlow pads more at the end; PyTorch's "
    "padding=1 is the same only for odd kernels and stride 1"
)

DENSE = Kind("dense kernel", "weight", "w.T", "kernel", "w")
BIAS = Kind("bias", "bias", "w", "bias", "w")
EMBEDDING = Kind("embedding", "weight", "w", "embedding", "w")
CONV_1D = Kind(
    "1-D convolution", "weight", "w.transpose(2, 1, 0)", "kernel", "w", _SAME
)
CONV_2D = Kind(
    "2-D convolution", "weight", "w.transpose(3, 2, 0, 1)", "kernel", "w", _SAME
)
CONV_3D = Kind(
    "3-D convolution", "weight", "w.transpose(4, 3, 0, 1, 2)", "kernel", "w", _SAME
)
TRANSPOSED = Kind(
    "transposed convolution",
    "weight",
    "w.transpose(3, 2, 0, 1)",
    "kernel",
    "w.transpose(0, 1, 3, 2)[::-1, ::-1]",
    _TRANSPOSED,
)
DEPTHWISE = Kind(
    "depthwise convolution",
    "weight",
    "w.transpose(2, 3, 0, 1).reshape(-1, 1, *w.shape[:2])",
    "kernel",
    "w.reshape(*w.shape[:2], 1, -1)",
    "depthwise convolution: groups (feature_group_count) is the number of channels",
)
GAMMA = Kind("batch norm scale", "weight", "w", "scale", "w", _NORM)
BETA = Kind("batch norm offset", "bias", "w", "bias", "w", _NORM)
MEAN = Kind("batch norm mean", "running_mean", "w", "mean", "w", _NORM)
VARIANCE = Kind("batch norm variance", "running_var", "w", "var", "w", _NORM)
LAYER_GAMMA = Kind("layer norm scale", "weight", "w", "scale", "w")
LAYER_BETA = Kind("layer norm offset", "bias", "w", "bias", "w")
OTHER = Kind("as it is", "", "w", "", "w")

_LSTM_REORDER = (
    "numpy.concatenate([numpy.split({0}, 4, axis=-1)[g] for g in (0, 2, 1, 3)], -1)"
)
_LSTM_KERNEL = Kind(
    "LSTM kernel",
    "weight_ih_l0, weight_hh_l0",
    "numpy.split({}.T, [inputs], 1)".format(_LSTM_REORDER.format("w")),
    "ii if ig io, hi hf hg ho",
    "numpy.split(w, 4, axis=1), each: [:inputs], [inputs:]; order i g f o",
    _LSTM,
)
_LSTM_BIAS = Kind(
    "LSTM bias",
    "bias_ih_l0",
    _LSTM_REORDER.format("w"),
    "hi hf hg ho",
    "numpy.split(w, 4); order i g f o",
    _LSTM,
)
_GRU_KERNEL = Kind("GRU kernel", "", "w", "", "w", _GRU)
_KERAS_KERNEL = Kind("LSTM kernel", "weight_ih_l0", "w.T", "", "w", _KERAS_LSTM)
_KERAS_RECURRENT = Kind(
    "LSTM recurrent kernel", "weight_hh_l0", "w.T", "", "w", _KERAS_LSTM
)
_KERAS_BIAS = Kind("LSTM bias", "bias_ih_l0", "w", "", "w", _KERAS_LSTM)

_KERNELS = frozenset({"kernel", "weights", "weight", "w", "W", "filter", "filters"})
_BIASES = frozenset({"bias", "biases", "b", "B"})
_LSTM_CELL = re.compile(r"(basic_)?lstm_cell(_\d+)?")
_GRU_CELL = re.compile(r"gru_cell(_\d+)?")


class _Seen(msgspec.Struct, frozen=True):
    """A tensor with its surroundings, as the rules below look at it."""

    scopes: tuple[str, ...]
    last: str
    shape: Shape
    beside: frozenset[str]

    @property
    def rank(self) -> int:
        return len(self.shape)

    def inside(self, pattern: re.Pattern[str]) -> bool:
        """Whether one of its scopes is called so."""
        return any(pattern.fullmatch(scope) for scope in self.scopes)

    def spelt(self, *words: str) -> bool:
        """Whether its name has one of these words in it."""
        name = "/".join((*self.scopes, self.last)).lower()
        return any(word in name for word in words)


# The first that holds is the kind.
_RULES: tuple[tuple[Callable[[_Seen], bool], Kind], ...] = (
    (lambda t: t.last == "moving_mean", MEAN),
    (lambda t: t.last == "moving_variance", VARIANCE),
    (lambda t: t.last == "gamma" and "moving_mean" in t.beside, GAMMA),
    (lambda t: t.last == "beta" and "moving_mean" in t.beside, BETA),
    (lambda t: t.last == "gamma", LAYER_GAMMA),
    (lambda t: t.last == "beta", LAYER_BETA),
    (lambda t: t.inside(_LSTM_CELL) and _is_kernel(t), _LSTM_KERNEL),
    (lambda t: t.inside(_LSTM_CELL) and t.last in _BIASES, _LSTM_BIAS),
    (lambda t: t.inside(_GRU_CELL), _GRU_KERNEL),
    (lambda t: t.last == "recurrent_kernel" and _four_fold(t), _KERAS_RECURRENT),
    (lambda t: "recurrent_kernel" in t.beside and _is_kernel(t), _KERAS_KERNEL),
    (lambda t: "recurrent_kernel" in t.beside and t.last in _BIASES, _KERAS_BIAS),
    (lambda t: t.rank == 2 and t.spelt("embed"), EMBEDDING),
    (lambda t: t.rank == 4 and t.spelt("depthwise"), DEPTHWISE),
    (lambda t: t.rank == 4 and t.spelt("transpose", "deconv"), TRANSPOSED),
    (lambda t: t.rank == 5 and t.last in _KERNELS, CONV_3D),
    (lambda t: t.rank == 4 and (t.last in _KERNELS or t.spelt("conv")), CONV_2D),
    (lambda t: t.rank == 3 and t.spelt("conv"), CONV_1D),
    (lambda t: t.rank == 2 and t.last in _KERNELS, DENSE),
    (lambda t: t.rank == 1 and t.last in _BIASES, BIAS),
)


def _is_kernel(seen: _Seen) -> bool:
    return seen.last in _KERNELS and seen.rank == 2


def _four_fold(seen: _Seen) -> bool:
    return seen.rank == 2 and seen.shape[1] == 4 * seen.shape[0]


def sheet(path: str, entries: Iterable[Entry]) -> Sheet:
    """The porting sheet of a checkpoint."""
    kept, left_out = [], dict[str, int]()
    for entry in entries:
        if entry.role in {"weight", "statistics"}:
            kept.append(entry)
        else:
            left_out[entry.role] = left_out.get(entry.role, 0) + 1
    rows, notes = [], dict[str, None]()
    for entry, kind in zip(kept, _kinds(kept), strict=True):
        rows.append(_row(entry, kind))
        if kind.note:
            notes[kind.note] = None
    return Sheet(path, tuple(rows), tuple(notes), left_out)


def _kinds(entries: list[Entry]) -> Iterator[Kind]:
    beside: dict[str, set[str]] = {}
    for entry in entries:
        scope, _, last = entry.name.rpartition("/")
        beside.setdefault(scope, set()).add(last)
    for entry in entries:
        scope, _, last = entry.name.rpartition("/")
        seen = _Seen(
            tuple(scope.split("/")), last, entry.shape, frozenset(beside[scope])
        )
        yield next((kind for holds, kind in _RULES if holds(seen)), OTHER)


def _row(entry: Entry, kind: Kind) -> Ported:
    scope, _, last = entry.name.rpartition("/")
    torch = (scope.replace("/", "."), kind.torch or last)
    flax = (scope, kind.flax or last)
    return Ported(
        name=entry.name,
        shape=entry.shape,
        what=kind.what,
        torch=".".join(part for part in torch if part),
        torch_code=kind.torch_code,
        flax="/".join(part for part in flax if part),
        flax_code=kind.flax_code,
    )
