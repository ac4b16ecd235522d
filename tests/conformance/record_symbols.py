"""Writes the public names of TensorFlow 1.15.5, one line each.

    python3.7 tests/conformance/record_symbols.py > scopetutor/tf/symbols.txt

Run it under Python 3.7 with TensorFlow 1.15.5.  A line reads `name kind signature`; kind
is module, class, function or value.  `tf.compat` repeats the rest and is left out, and
of `tf.contrib` only the packages that programs of the time used are taken.
"""

import inspect
import sys
import types

CONTRIB = [
    "layers",
    "slim",
    "rnn",
    "framework",
    "seq2seq",
    "legacy_seq2seq",
    "losses",
    "metrics",
    "opt",
    "training",
    "eager",
    "distributions",
    "data",
    "summary",
    "cudnn_rnn",
    "staging",
    "tensorboard",
    "tpu",
    "learn",
    "image",
    "crf",
    "lookup",
    "util",
    "memory_stats",
    "quantize",
    "checkpoint",
    "copy_graph",
    "grid_rnn",
    "integrate",
    "signal",
    "specs",
    "sparsemax",
    "timeseries",
]


def public_names(module):
    names = getattr(module, "__all__", None)
    if names is None:
        names = [n for n in dir(module) if not n.startswith("_")]
    return sorted(set(names))


def signature(value):
    try:
        return str(inspect.signature(value))
    except (TypeError, ValueError):
        return ""


def describe(value):
    if isinstance(value, types.ModuleType):
        return "module", ""
    if inspect.isclass(value):
        return "class", signature(value)
    if callable(value):
        return "function", signature(value)
    return "value", ""


def is_tensorflow(module):
    return "tensorflow" in module.__name__ or "tensorflow" in str(
        getattr(module, "__file__", "")
    )


def walk(module, prefix, seen, lines, depth=0):
    for name in public_names(module):
        try:
            value = getattr(module, name)
        except Exception:  # a lazy module that cannot be loaded here
            continue
        full = "%s.%s" % (prefix, name)
        kind, sig = describe(value)
        if kind == "module":
            if not is_tensorflow(value) or id(value) in seen or depth > 4:
                continue
            if full in (
                "tf.compat",
                "tf.contrib",
                "tf.python",
                "tf.core",
                "tf.tools",
                "tf.raw_ops",
                "tf.pywrap_tensorflow",
            ):
                continue
            seen = seen | {id(value)}
            lines.append((full, kind, ""))
            walk(value, full, seen, lines, depth + 1)
        else:
            lines.append((full, kind, sig))


def main():
    import tensorflow as tf

    assert tf.__version__ == "1.15.5", tf.__version__
    lines = []
    walk(tf, "tf", {id(tf)}, lines)
    lines.append(("tf.contrib", "module", ""))
    for package in CONTRIB:
        module = getattr(tf.contrib, package, None)
        if module is None:
            continue
        lines.append(("tf.contrib." + package, "module", ""))
        for name in public_names(module):
            value = getattr(module, name, None)
            kind, sig = describe(value)
            if kind != "module":
                lines.append(("tf.contrib.%s.%s" % (package, name), kind, sig))
    sys.stdout.write(
        "# The public names of TensorFlow 1.15.5; written by "
        "tests/conformance/record_symbols.py.\n"
    )
    for full, kind, sig in sorted(set(lines)):
        sys.stdout.write(
            ("%s %s %s" % (full, kind, " ".join(sig.split()))).rstrip() + "\n"
        )


main()
