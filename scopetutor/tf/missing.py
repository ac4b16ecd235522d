"""What is said of names that scopetutor's `tf` does not have.

`later` asks it for every name that is not in a table, and the imports of `evaluator`
for modules. What TensorFlow 1.15.5 has is in ``symbols.txt``; what was called otherwise
before 1.0, or came with 2, is known here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

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
}
_SINCE_2 = frozenset(
    [
        "optimizers",
        "summary.create_file_writer",
        "autodiff",
        "types",
    ]
)
_names: dict[str, str] = {}
listener: Callable[[str], Any] | None = None
"""Is told of every name of TensorFlow 1.15 that is asked for and not here, such as
"tf.nn.foo"; what it gives is taken in the name's place, unless it gives None."""


def symbols() -> dict[str, str]:
    """Every public name of TensorFlow 1.15.5 with its kind and signature."""
    if not _names:
        import pkgutil  # noqa: PLC0415 - slow to import, and most programs lack nothing

        # By the loader: we may lie in a zip file.
        found = pkgutil.get_data("scopetutor.tf", "symbols.txt") or b""
        for line in found.decode().splitlines():
            if not line.startswith("#"):
                name, _, rest = line.partition(" ")
                _names[name] = rest
    return _names


def answer(module: str, name: str) -> Any:
    """What somebody gives in the place of a name that is not here.

    Raises:
        AttributeError: that says why `module.name` is not here.
    """
    full = f"{module}.{name}"
    if full not in symbols():
        # TF 1.15's own words; what may have been meant is a note beside them.
        error = AttributeError(_absent(module, name))
        hint = _hint(module, name)
        if hint:
            error.add_note(hint)
        raise error
    given = None if listener is None else listener(full)
    if given is None:
        # With its name, Python does not guess at another one.
        raise AttributeError(reason(module, name), name=name)
    return given


def reason(module: str, name: str) -> str:
    """Why `module.name` is not here."""
    full = f"{module}.{name}"
    if full in symbols():
        return (
            f"{full} is in TensorFlow 1.15, not in scopetutor "
            f"(see `scopetutor coverage {full}`)"
        )
    told, hint = unknown(module, name)
    return told + (f"; {hint[0].lower()}{hint[1:-1]}" if hint else "")


def unknown(module: str, name: str) -> tuple[str, str]:
    """TF 1.15's words for a name it does not have; what may have been meant, or ""."""
    return _absent(module, name), _hint(module, name)


def _absent(module: str, name: str) -> str:
    short = "tensorflow" if module == "tf" else module.replace("tf.", "tensorflow.", 1)
    return f"module '{short}' has no attribute '{name}'"


def _hint(module: str, name: str) -> str:
    """What may have been meant by a name that TensorFlow 1.15 does not have."""
    if name.startswith("__"):
        return ""
    key = f"{module}.{name}".removeprefix("tf.")
    if key in _INSTEAD:
        return f"It is called tf.{_INSTEAD[key]} since 1.0."
    if key in _SINCE_2:
        return "It came with TensorFlow 2."
    return _near(module, name)


def _near(module: str, name: str) -> str:
    """A suggestion, where a name is nearly right."""
    import difflib  # noqa: PLC0415 - a right name never needs it

    prefix = f"{module}."
    known = [
        full.removeprefix(prefix)
        for full in symbols()
        if full.startswith(prefix) and "." not in full.removeprefix(prefix)
    ]
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
    return f"Did you mean {module}.{close[0]}?" if close else ""
