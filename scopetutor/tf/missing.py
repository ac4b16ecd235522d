"""What is said of names that scopetutor's `tf` does not have."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

_INSTEAD = {
    "mul": "multiply",
    "sub": "subtract",
    "neg": "negative",
    "pack": "stack",
    "unpack": "unstack",
    "select": "where",
    "batch_matmul": "matmul",
    "concat_v2": "concat",
    "merge_all_summaries": "summary.merge_all",
    "merge_summary": "summary.merge",
    "scalar_summary": "summary.scalar",
    "histogram_summary": "summary.histogram",
    "image_summary": "summary.image",
    "audio_summary": "summary.audio",
    "train.SummaryWriter": "summary.FileWriter",
    "nn.deconv2d": "nn.conv2d_transpose",
    "nn.rnn": "nn.static_rnn",
    "nn.bidirectional_rnn": "nn.static_bidirectional_rnn",
    "nn.seq2seq": "contrib.legacy_seq2seq",
    "complex_abs": "abs",
    "listdiff": "setdiff1d",
    "inv": "reciprocal",
    "batch_matrix_diag": "matrix_diag",
    "python_io.tf_record_iterator": "data.TFRecordDataset",
}
_SINCE_2 = frozenset(
    [
        "function",
        "Module",
        "GradientTape",
        "keras.Input",
        "optimizers",
        "summary.create_file_writer",
        "TensorArraySpec",
        "autodiff",
        "types",
        "experimental",
        "raw_ops",
        "ensure_shape",
    ]
)
_names: dict[str, str] = {}


def symbols() -> dict[str, str]:
    """Every public name of TensorFlow 1.15.5 with its kind and signature."""
    if not _names:
        path = Path(__file__).with_name("symbols.txt")
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                name, _, rest = line.partition(" ")
                _names[name] = rest
    return _names


def refuse(module: str, name: str) -> NoReturn:
    """AttributeError that says why `module.name` is not here."""
    short = "tensorflow" if module == "tf" else module.replace("tf.", "tensorflow.", 1)
    plain = f"module '{short}' has no attribute '{name}'"
    if name.startswith("__"):
        raise AttributeError(plain)
    full = f"{module}.{name}"
    key = full.removeprefix("tf.")
    if full in symbols():
        raise AttributeError(
            f"{full} is in TensorFlow 1.15, not in scopetutor "
            f"(see `scopetutor coverage {full}`)"
        )
    if key in _INSTEAD:
        raise AttributeError(f"{plain}; it is called tf.{_INSTEAD[key]} since 1.0")
    if key in _SINCE_2:
        raise AttributeError(f"{plain}; it came with TensorFlow 2")
    raise AttributeError(plain + _near(module, name))


def _near(module: str, name: str) -> str:
    """A suggestion, where a name is nearly right."""
    import difflib

    prefix = f"{module}."
    known = [
        full.removeprefix(prefix)
        for full in symbols()
        if full.startswith(prefix) and "." not in full.removeprefix(prefix)
    ]
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
    return f"; did you mean {module}.{close[0]}?" if close else ""
